"""Texts that commands are given: files, pipes such as the shell's `<(...)`, and standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

from hepsel.errors import DataError

STDIN = "-"
STDIN_NAME = "<stdin>"

_MOST = 100_000_000


def read_bytes(path: str | Path, what: str, most: int = _MOST) -> bytes:
    """Read a file as a whole, but not without end, as devices and pipes may have it.

    Parameters
    ----------
    path
        The file.
    what
        What it is meant to be, for messages: "good-run list".
    most
        Bytes that it may have.

    Raises
    ------
    DataError
        When it cannot be read, or is larger.
    """
    try:
        with open(path, "rb") as stream:
            return _bounded(stream, str(path), what, most)
    except OSError as error:
        hint = "; standard input is /dev/stdin here" if str(path) == STDIN else ""
        raise DataError(f"{path}: cannot read the {what}: {error.strerror or error}{hint}") from None


def read_stdin(what: str, most: int) -> bytes:
    """Read standard input as a whole; see `read_bytes`."""
    if sys.stdin is None:
        raise DataError(f"{STDIN_NAME}: cannot read the {what}: standard input is closed")
    try:
        return _bounded(sys.stdin.buffer, STDIN_NAME, what, most)
    except OSError as error:
        raise DataError(f"{STDIN_NAME}: cannot read the {what}: {error.strerror or error}") from None


def _bounded(stream: BinaryIO, name: str, what: str, most: int) -> bytes:
    data = stream.read(most + 1)
    if len(data) > most:
        raise DataError(f"{name}: larger than {most // 1_000_000} MB; this is not a {what}")
    return data


def as_text(data: bytes, name: str) -> str:
    """Return the text that bytes are, without a byte-order mark.

    Raises
    ------
    DataError
        When they are not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{name}: not a text in UTF-8 (byte {error.start})") from None


def read_text(path: str | Path, what: str, most: int = _MOST) -> str:
    """Read a text in UTF-8; see `read_bytes` and `as_text`."""
    return as_text(read_bytes(path, what, most), str(path))
