"""Places of a text as the protocol counts them: lines, and units of an encoding in the line."""

from __future__ import annotations

import re
from bisect import bisect_right

from lsprotocol.types import Position, PositionEncodingKind, Range

from hepsel.syntax.tree import Span

_LINE_END = re.compile(r"\r\n|\n|\r")
_UNITS = {
    PositionEncodingKind.Utf8: ("utf-8", 1),
    PositionEncodingKind.Utf16: ("utf-16-le", 2),
    PositionEncodingKind.Utf32: ("utf-32-le", 4),
}
"""The encoding of each kind, and the bytes of one of its units."""


class Positions:
    """Converts between places in a text, counted in characters, and positions of the protocol.

    A line ends where the protocol says, which is neither where this language nor where Python has it.
    """

    def __init__(self, text: str, encoding: PositionEncodingKind | str | None) -> None:
        self._text = text
        self._encoding, self._size = _UNITS[PositionEncodingKind(encoding or PositionEncodingKind.Utf16)]
        ends = [match.span() for match in _LINE_END.finditer(text)]
        self._starts = [0, *(end for _, end in ends)]
        self._ends = [*(start for start, _ in ends), len(text)]

    def position(self, offset: int) -> Position:
        """Return the position of a place."""
        line = bisect_right(self._starts, offset) - 1
        return Position(line, len(self._encoded(self._text[self._starts[line] : offset])) // self._size)

    def offset(self, position: Position) -> int:
        """Return the place of a position; one behind the end of a line is that end."""
        if position.line >= len(self._starts):
            return len(self._text)
        start, end = self._starts[position.line], self._ends[position.line]
        before = self._encoded(self._text[start:end])[: position.character * self._size]
        return start + len(before.decode(self._encoding, "ignore"))

    def range(self, span: Span) -> Range:
        """Return the range of a span."""
        return Range(self.position(span.start), self.position(span.end))

    def _encoded(self, text: str) -> bytes:
        return text.encode(self._encoding, "surrogatepass")
