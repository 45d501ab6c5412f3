"""Writing files that commands are asked for."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from hepsel.errors import DataError


def write_whole(path: Path, text: str) -> None:
    """Write a file as a whole or not at all; a link stays a link.

    Parameters
    ----------
    path
        The file; one that exists is replaced and keeps its mode.
    text
        Its content. Line ends are written as they are.

    Raises
    ------
    DataError
        When it cannot be written.
    """
    target = Path(os.path.realpath(path))
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        try:
            draft.write_text(text, encoding="utf-8", newline="")
            if target.exists():
                shutil.copymode(target, draft)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror or error}") from None
