"""Where lines may break, and where they do: the part of the formatter that knows about tokens and widths.

A statement becomes a document: tokens, spaces, and groups that are written on one line if they fit,
and otherwise broken at all of their break points (as in Wadler's "A prettier printer"). Groups
follow the binding strength of the signs: a statement breaks at `or` before it breaks at `and`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from lark import Token

WIDTH = 100
_CONTINUATION = 4  # further indentation of what does not fit on a statement's first line
_NESTED = 2  # and of a part of such a line


@dataclass(frozen=True, slots=True)
class Space:
    """White space that never breaks."""

    width: int


@dataclass(frozen=True, slots=True)
class Break:
    """A line's end in a broken group; otherwise white space."""

    width: int


@dataclass(frozen=True, slots=True)
class Group:
    """What is written on one line or else broken at each of its own breaks; `first` and `last` are its tokens."""

    parts: Sequence[Document]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Indented:
    """What is indented further where it begins a line."""

    parts: Sequence[Document]
    by: int


# An integer is the number of a token.
Document = int | Space | Break | Group | Indented | Sequence["Document"]

_ANNOTATION_GAP = 2
NEW_LINE = Break(0)  # outside groups, which is always broken


# How loosely the parts around a break point are bound, loosest first.
_CLAUSE, _COMMA, _FOR, _ELSE, _THEN, _OR, _AND, _COMPARISON, _SUM, _PRODUCT = range(10)

_BREAK_BEFORE = {
    **dict.fromkeys(("bins", "edges", "vs", "fold", "title", "without", "with", "otherwise"), _CLAUSE),
    "for": _FOR,
    "else": _ELSE,
    "then": _THEN,
    "or": _OR,
    "and": _AND,
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!=", "in"), _COMPARISON),
    **dict.fromkeys(("+", "-", "+-"), _SUM),
    **dict.fromkeys(("*", "/"), _PRODUCT),
}
_WIDE = ("bins", "edges", "vs", "fold", "title")  # set off by two spaces, as is the `with` of a weight
_FILLED = ("edges", "save", "take")  # whose lists put as much as fits on each line

_VARIABLE = ("NAME", "NUMBER", "STRING")  # terminals that are not spelled in the grammar


class Chunks:
    """The tokens of a program: how far apart they stand, and where a line may end between them."""

    def __init__(
        self,
        tokens: Sequence[Token],
        trailing: Mapping[int, str],
        own_line: Mapping[int, Sequence[str]],
        annotations: Collection[int],
    ) -> None:
        self.texts = [str(token) for token in tokens]
        self.trailing = trailing
        self.own_line = own_line
        self._kinds = [t.type if t.type in _VARIABLE else str(t) for t in tokens]
        self._closing: dict[int, int] = {}  # of each opening bracket
        self._closes: set[int] = set()
        self._match_brackets()
        self._ranks = self._find_ranks()
        self.gaps = [self._gap(index) for index in range(len(tokens))]  # before each token
        for index in annotations:
            self.gaps[index] = _ANNOTATION_GAP
        self.measure()
        # Number of tokens before each one behind which a comment keeps the next from standing on the same line.
        broken = (index in trailing or index + 1 in own_line for index in range(len(tokens)))
        self._broken = list(accumulate(broken, initial=0))

    def measure(self) -> None:
        """Take note of changed gaps."""
        widths = (gap + len(text) for gap, text in zip(self.gaps, self.texts, strict=True))
        self._widths = list(accumulate(widths, initial=0))

    # ------------------------------------------------------------ what the tokens are

    def _ends_operand(self, index: int) -> bool:
        kind = self._kinds[index]
        return kind in ("NAME", "NUMBER", "true", "false") or index in self._closes

    def _match_brackets(self) -> None:
        opened: list[int] = []
        for index, kind in enumerate(self._kinds):
            closing_bar = kind == "|" and index > 0 and self._ends_operand(index - 1)
            if kind in ("(", "[") or (kind == "|" and not closing_bar):
                opened.append(index)
            elif kind in (")", "]") or closing_bar:
                self._closing[opened.pop()] = index
                self._closes.add(index)

    def _is_sign(self, index: int) -> bool:
        """Tell the sign of a number from the operator."""
        return self._kinds[index] == "-" and not self._ends_operand(index - 1)

    def _is_unit_power(self, opening: int) -> bool:
        """Tell the bracket of `GeV^(1/2)` from others."""
        return opening >= 3 and [*self._kinds[opening - 3 : opening]] == ["NUMBER", "NAME", "^"]

    def _find_ranks(self) -> list[int | None]:
        """Return for each token how loosely it is bound to the one before it, `None` where no line ends."""
        ranks: list[int | None] = []
        naming = False  # between `for` and `in` of a generator
        for index, kind in enumerate(self._kinds):
            rank = _BREAK_BEFORE.get(kind)
            if kind == "for" and self._kinds[index + 1] == "NAME":
                naming = True
            elif kind == "in" and naming:
                naming, rank = False, None
            elif kind == "if" and self._ends_operand(index - 1):
                rank = _FOR
            elif kind == "not" and self._ends_operand(index - 1):
                rank = _COMPARISON
            if index and ((kind == "in" and self._kinds[index - 1] == "not") or (kind == "-" and self._is_sign(index))):
                rank = None
            if index and self._kinds[index - 1] == "," and not naming:
                rank = _COMMA
            ranks.append(rank)
        return ranks

    def _gap(self, index: int) -> int:
        if index == 0:
            return 0
        before, kind = self._kinds[index - 1], self._kinds[index]
        if before == "NUMBER" and kind == ".":
            return 1  # `5.pt` would read as `5.` and a unit
        glued = (
            kind in (",", ")", "]", ".", ":", "^")
            or before in ("(", "[", ".", ":", "^")
            or (kind == "|" and index in self._closes)
            or (before == "|" and index - 1 in self._closing)
            or (before == "-" and self._is_sign(index - 1))
            or (kind == "(" and before == "NAME")
            or (kind == "[" and self._ends_operand(index - 1))
            or self._in_unit_power(index)
        )
        if glued:
            return 0
        is_wide = kind in _WIDE or (kind == "with" and self._kinds[index + 1] == "weight")
        return 2 if is_wide and self._ranks[index] is not None else 1

    def _in_unit_power(self, index: int) -> bool:
        return any(
            self._is_unit_power(opening)
            for opening in range(max(0, index - 4), index)
            if index <= self._closing.get(opening, -1)
        )

    # ------------------------------------------------------------ documents

    def fits_flat(self, start: int, stop: int, width: int) -> bool:
        """Return whether a range of tokens can stand on one line."""
        return not self.is_broken(start, stop - 1) and self.width(start, stop) <= width

    def width(self, start: int, stop: int) -> int:
        """Return how wide a range of tokens is on one line."""
        return self._widths[stop] - self._widths[start] - self.gaps[start]

    def is_broken(self, first: int, last: int) -> bool:
        """Return whether a comment stands between two tokens."""
        return self._broken[last] > self._broken[first]

    def flat(self, start: int, stop: int) -> Document:
        """Return the document of a range of tokens, without break points."""
        parts: list[Document] = [start]
        for index in range(start + 1, stop):
            parts += [Space(self.gaps[index]), index]
        return parts

    def table(self, start: int, stop: int) -> Document:
        """Return the document of a table without its annotations: each row on its own line."""
        head = self._closing[start + 2] + 1
        rows = [head]
        for index in range(head + 1, stop):
            if self._ranks[index] in (_COMMA, _CLAUSE):
                rows.append(index)
        parts: list[Document] = [self.flat(start, head)]
        for row, behind in zip(rows, [*rows[1:], stop], strict=True):
            # Rows stand at the place of a block's statements.
            parts.append(Indented([Break(1), self.sequence(row, behind)], _NESTED - _CONTINUATION))
        return parts

    def sequence(self, start: int, stop: int) -> Document:
        """Return the document of a range of tokens."""
        return self._sequence(start, stop, outermost=True)

    def _sequence(self, start: int, stop: int, *, outermost: bool) -> Document:
        ranks = [(rank, index) for index in self._top_level(start, stop) if (rank := self._ranks[index]) is not None]
        if not ranks:
            return self._unbreakable(start, stop)
        loosest = min(rank for rank, _ in ranks)
        cuts = [start, *(index for rank, index in ranks if rank == loosest), stop]
        head = self._sequence(cuts[0], cuts[1], outermost=False)
        filled = loosest == _COMMA and self._is_filled(start)
        rest: list[Document] = []
        for first, behind in pairwise(cuts[1:]):
            piece: list[Document] = [Break(self.gaps[first])]
            if loosest >= _ELSE and behind > first + 1:
                # The sign stays outside, so that a comment behind it does not break its operand.
                piece += [first, Space(self.gaps[first + 1])]
                piece.append(self._sequence(first + 1, behind, outermost=False))
            else:
                piece.append(self._sequence(first, behind, outermost=False))
            rest.append(Group(piece, first - 1, behind - 1) if filled else piece)
        parts = [head, *rest] if outermost else [head, Indented(rest, _NESTED)]
        return parts if filled else Group(parts, start, stop - 1)

    def _is_filled(self, start: int) -> bool:
        before = self._kinds[start - 2] if start > 1 and self._kinds[start - 1] == "[" else ""
        return self._kinds[start] in _FILLED or before in _FILLED

    def _top_level(self, start: int, stop: int) -> list[int]:
        """Return the tokens of a range that are not in brackets, without the first one."""
        found = []
        index = start
        while index < stop:
            if index > start:
                found.append(index)
            index = self._closing.get(index, index) + 1
        return found

    def _unbreakable(self, start: int, stop: int) -> Document:
        parts: list[Document] = []
        index = start
        while index < stop:
            if index > start:
                parts.append(Space(self.gaps[index]))
            parts.append(index)
            closing = self._closing.get(index)
            if closing is not None:
                if closing > index + 1:
                    inner = self._sequence(index + 1, closing, outermost=True)
                    parts += [Space(self.gaps[index + 1]), Indented([inner], _CONTINUATION)]
                parts += [Space(self.gaps[closing]), closing]
                index = closing
            index += 1
        return parts


_Command = tuple[int, bool, "Document"]  # indentation, whether it is on one line, what


@dataclass(slots=True)
class Writer:
    """Writes documents, line by line."""

    chunks: Chunks
    _pieces: list[str] = field(default_factory=list)
    _column: int | None = None  # where the line ends so far; `None` where none has begun
    _gap: int = 0  # white space that is written if something follows on the line

    def text(self) -> str:
        """Return what was written."""
        return "".join(self._pieces)

    def blank_line(self) -> None:
        """Leave a line blank."""
        self._pieces.append("\n")

    def comment_line(self, comment: str, indentation: int) -> None:
        """Write a comment on a line of its own."""
        self._write(comment, indentation)
        self._end_line()

    def line(self, indentation: int, document: Document) -> None:
        """Write a document, from the beginning of a line to the end of one."""
        self._column, self._gap = 0, indentation
        self._run(indentation + _CONTINUATION, document)
        self._end_line()

    def _run(self, indentation: int, document: Document) -> None:
        commands: list[_Command] = [(indentation, False, document)]
        first = True
        while commands:
            indent, flat, part = commands.pop()
            match part:
                case int():
                    if not first:
                        self._own_line_comments(part, indent)
                    first = False
                    self._token(part, indent)
                case Space(width):
                    self._space(width)
                case Break(width):
                    if flat:
                        self._space(width)
                    else:
                        self._end_line()
                case Indented(parts, by):
                    commands += ((indent + by, flat, inner) for inner in reversed(parts))
                case Group(parts, first_token, last_token):
                    flat = flat or not self.chunks.is_broken(first_token, last_token)
                    flat = flat and self._fits(part, indent, commands)
                    commands += ((indent, flat, inner) for inner in reversed(parts))
                case _:
                    commands += ((indent, flat, inner) for inner in reversed(part))

    def _fits(self, group: Group, indent: int, behind: Sequence[_Command]) -> bool:
        """Return whether a group fits on the line, with what must stand behind it."""
        left = WIDTH - (indent if self._column is None else self._column + self._gap)
        commands: list[tuple[bool, Document]] = [(True, group)]
        place = len(behind)
        while left >= 0:
            if not commands:
                if place == 0:
                    return True
                place -= 1
                commands.append((behind[place][1], behind[place][2]))
            flat, part = commands.pop()
            match part:
                case int():
                    if part > group.last and part in self.chunks.own_line:
                        return True
                    left -= len(self.chunks.texts[part])
                    if part >= group.last and part in self.chunks.trailing:
                        return left >= 0
                case Space(width):
                    left -= width
                case Break(width):
                    if not flat:
                        return True
                    left -= width
                case Group(parts) | Indented(parts):
                    commands += ((flat, inner) for inner in reversed(parts))
                case _:
                    commands += ((flat, inner) for inner in reversed(part))
        return False

    def _token(self, index: int, indent: int) -> None:
        self._write(self.chunks.texts[index], indent)
        if index in self.chunks.trailing:
            self._pieces.append(f"  {self.chunks.trailing[index]}")
            self._end_line()

    def _own_line_comments(self, index: int, indent: int) -> None:
        for comment in self.chunks.own_line.get(index, ()):
            self._end_line()
            self.comment_line(comment, indent)

    def _write(self, text: str, indent: int) -> None:
        if self._column is None:
            self._column, self._gap = 0, indent
        self._pieces.append(" " * self._gap + text)
        self._column += self._gap + len(text)
        self._gap = 0

    def _space(self, width: int) -> None:
        if self._column is not None:
            self._gap = width

    def _end_line(self) -> None:
        if self._column is not None:
            self._pieces.append("\n")
            self._column, self._gap = None, 0
