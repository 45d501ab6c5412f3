"""The files that an extraction leaves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hepsel.errors import DataError


def report_path(draft: Path) -> Path:
    """Return where the report of a draft stands: `draft.report.json` beside `draft.hepsel`."""
    return draft.with_name(f"{draft.stem}.report.json")


def page_path(draft: Path) -> Path:
    """Return where the report for a browser stands: `draft.report.html` beside `draft.hepsel`."""
    return draft.with_name(f"{draft.stem}.report.html")


def check_free(paths: Mapping[Path, object] | list[Path], *, force: bool) -> None:
    """Refuse to overwrite files, and folders that do not exist, before any work is done.

    Raises
    ------
    DataError
        When a file is there and `force` is not given, or cannot be written at all.
    """
    for path in paths:
        if path.is_dir():
            raise DataError(f"{path}: this is a directory")
        if not path.absolute().parent.is_dir():
            raise DataError(f"{path}: the directory {path.absolute().parent} does not exist")
        if path.exists() and not force:
            raise DataError(f"{path}: this file exists; name another one with -o, or overwrite it with --force")
