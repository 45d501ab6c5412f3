"""The files that an extraction leaves: all of them, whole, or none."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
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


def write_all(contents: Mapping[Path, str]) -> None:
    """Write files beside their places and rename them at the end, so that none is ever half written.

    Raises
    ------
    DataError
        When a file cannot be written.
    """
    with contextlib.ExitStack() as stack:
        drafts: list[tuple[Path, Path]] = []
        try:
            for path, text in contents.items():
                target = Path(os.path.realpath(path))
                drafts.append((stack.enter_context(_written(target, text)), target))
            for draft, target in drafts:
                draft.replace(target)
        except OSError as error:
            raise DataError(f"{error.filename or next(iter(contents))}: {error.strerror or error}") from None


@contextlib.contextmanager
def _written(target: Path, text: str) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    draft = Path(name)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        umask = os.umask(0)
        os.umask(umask)
        draft.chmod(0o666 & ~umask)
        yield draft
    finally:
        draft.unlink(missing_ok=True)
