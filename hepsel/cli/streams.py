"""The standard streams, such that no command has to think of what is wrong with them."""

from __future__ import annotations

import codecs
import errno
import io
import json
import os
import sys
from typing import TYPE_CHECKING

from hepsel.errors import ExitCode
from hepsel.syntax.diagnostics import printable_lines

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_ESCAPED = "hepsel.escaped"


class OutputError(Exception):
    """Standard output cannot be written; no `OSError`, of which libraries think that they know what it means.

    Attributes
    ----------
    exit_code
        The code that the command ends with.
    message
        What is to be said of it: nothing where the reader has gone, as with `hepsel ... | head`.
    """

    def __init__(self, error: OSError) -> None:
        is_left = error.errno == errno.EPIPE
        self.exit_code = ExitCode.READER_GONE if is_left else ExitCode.DATA
        self.message = None if is_left else f"hepsel: standard output: {error.strerror}"
        super().__init__(self.message)


def prepare_streams() -> None:
    """Make up for output streams that are closed or break, and for characters that their encodings lack."""
    codecs.register_error(_ESCAPED, _escaped)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
        elif stream is getattr(sys, f"__{name}__"):
            raw = _Output(stream.fileno(), is_heard=name == "stdout")
            replaced = io.TextIOWrapper(
                io.BufferedWriter(raw), stream.encoding, _ESCAPED, line_buffering=stream.line_buffering
            )
            setattr(sys, name, replaced)


def tell(message: str) -> None:
    """Print a message of several lines to standard error, such that no name in it can steer the terminal."""
    print(printable_lines(message), file=sys.stderr)


class _Output(io.FileIO):
    """A stream of which only the first failure is heard: what is still in buffers then goes nowhere."""

    def __init__(self, descriptor: int, *, is_heard: bool) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self._is_heard = is_heard

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            if self._is_heard:
                self._is_heard = False
                raise OutputError(error) from error
            return memoryview(data).nbytes


def _escaped(error: UnicodeError) -> tuple[str, int]:
    r"""Return `\u00e9` and the like, which JSON understands."""
    assert isinstance(error, UnicodeEncodeError)
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end
