"""The canonical layout of a program.

The formatter moves tokens and never changes them: parentheses, numbers and strings stay as they were
written, and only the white space between them is new. What the layout depends on (the tokens, which
comments stand between them and whether on lines of their own, where a line was left blank) is left
alone by the layout; therefore formatting twice is formatting once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lark import Token

from hepsel.syntax import tree
from hepsel.syntax.diagnostics import ProgramError, SourceText
from hepsel.syntax.layout import NEW_LINE, WIDTH, Chunks, Document, Space, Writer
from hepsel.syntax.parser import comments, parse, tokens

_HEADER_LINES = ("EXPERIMENT", "ENERGY", "LUMINOSITY", "SOURCE")
_HEADER_COLUMN = len("luminosity") + 1
_BODY = 2  # indentation of what stands in a block
_WIDEST_ALIGNED = (40, 60)  # what stands before aligned annotations; what is wider keeps to itself


def format_source(text: str, name: str = "<program>") -> str:
    """Return a program in its canonical layout.

    Parameters
    ----------
    text
        The program.
    name
        How it is called in error messages.

    Returns
    -------
    str
        The same program: same tokens, same comments. Lines end as the first one of `text` does.

    Raises
    ------
    ProgramError
        When it has syntax errors.
    """
    source = SourceText(text, name)
    program, diagnostics, _ = parse(source)
    if program is None or diagnostics:
        raise ProgramError(diagnostics, source)
    formatted = _Formatter(text, program).run()
    first_line = text[: text.find("\n") + 1]
    return formatted.replace("\n", "\r\n") if first_line.endswith("\r\n") else formatted


@dataclass(frozen=True, slots=True)
class _Item:
    """What gets a line of its own: a statement, a line of the header, or the first line of a block.

    Attributes
    ----------
    first, last
        The range of its tokens, both included.
    annotations
        The first token of each of its annotations.
    body
        Whether it stands in a block rather than at the margin.
    has_body
        Whether it is the first line of a block in which others may stand.
    define
        Whether it is a `define`; these may stand together without blank lines.
    """

    first: int
    last: int
    annotations: tuple[int, ...] = ()
    body: bool = False
    has_body: bool = False
    define: bool = False


class _Formatter:
    def __init__(self, text: str, program: tree.Program) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._starts = {_start(token): index for index, token in enumerate(self._tokens)}
        self._comments = tuple(comments(text))
        self._trailing, self._own_line = self._place_comments()
        self._items = tuple(self._find_items(program))
        chunks = Chunks(
            self._tokens,
            self._trailing,
            {index: [comment for _, comment in found] for index, found in self._own_line.items()},
            {index for item in self._items for index in item.annotations},
        )
        self._align_header(chunks)
        self._chunks = chunks
        for place in (0, 1):
            self._align_annotations(place)
        self._writer = Writer(chunks)

    # ------------------------------------------------------------ reading

    def _place_comments(self) -> tuple[dict[int, str], dict[int, list[tuple[int, str]]]]:
        """Tell comments behind a token of their line from those on lines of their own, before a token or the end."""
        trailing: dict[int, str] = {}
        own_line: dict[int, list[tuple[int, str]]] = {}
        behind = 0  # the number of tokens that stand before the comment
        for position, comment in self._comments:
            while behind < len(self._tokens) and _start(self._tokens[behind]) < position:
                behind += 1
            end = _end(self._tokens[behind - 1]) if behind else 0
            if behind and "\n" not in self._text[end:position]:
                trailing[behind - 1] = comment
            else:
                own_line.setdefault(behind, []).append((position, comment))
        return trailing, own_line

    def _find_items(self, program: tree.Program) -> Iterator[_Item]:
        firsts: dict[int, tree.Node | None] = {0: None}
        if program.analysis is not None:
            self._find_header_lines(program, firsts)
        for block in program.blocks:
            firsts[self._starts[block.span.start]] = block
            if isinstance(block, tree.Body):
                for statement in block.statements:
                    firsts[self._starts[statement.span.start]] = statement
        ordered = sorted(firsts)
        for first, behind in zip(ordered, [*ordered[1:], len(self._tokens)], strict=True):
            node = firsts[first]
            annotations: Sequence[tree.Annotation] = ()
            if isinstance(node, tree.Statement | tree.Block | tree.Analysis):
                annotations = node.annotations
            yield _Item(
                first,
                behind - 1,
                tuple(self._starts[annotation.span.start] for annotation in annotations),
                body=isinstance(node, tree.Statement) or self._tokens[first].type in _HEADER_LINES,
                has_body=isinstance(node, tree.Analysis | tree.Body),
                define=isinstance(node, tree.Define),
            )

    def _find_header_lines(self, program: tree.Program, firsts: dict[int, tree.Node | None]) -> None:
        assert program.analysis is not None
        first = self._starts[program.analysis.span.start]
        firsts[first] = program.analysis
        end = program.blocks[0].span.start if program.blocks else len(self._text)
        for index in range(first + 1, len(self._tokens)):
            if _start(self._tokens[index]) >= end:
                break
            if self._tokens[index].type in _HEADER_LINES:
                firsts[index] = None

    def _align_header(self, chunks: Chunks) -> None:
        lines = [item.first for item in self._items if self._tokens[item.first].type in _HEADER_LINES]
        sources = [first for first in lines if self._tokens[first].type == "SOURCE"]
        for first in lines:
            chunks.gaps[first + 1] = _HEADER_COLUMN - len(self._tokens[first])
        widest = max((len(self._tokens[first + 1]) for first in sources), default=0)
        for first in sources:
            chunks.gaps[first + 2] = widest + 2 - len(self._tokens[first + 1])

    def _align_annotations(self, place: int) -> None:
        """Give the first annotations of successive statements a common column; then what follows labels another one."""
        for run in self._runs():
            widths = {item: self._width_before(item, place) for item in run if self._can_align(item, place)}
            column = max(widths.values(), default=0)
            for item, width in widths.items():
                if self._chunks.fits_flat(item.first, self._end_of_line(item), self._room(item) - (column - width)):
                    self._chunks.gaps[item.annotations[place]] += column - width
        self._chunks.measure()

    def _can_align(self, item: _Item, place: int) -> bool:
        if len(item.annotations) <= place or item.annotations[place] >= self._end_of_line(item):
            return False
        narrow = all(self._width_before(item, before) <= _WIDEST_ALIGNED[before] for before in range(place + 1))
        return narrow and (place == 0 or self._tokens[item.annotations[0]].type == "AS")

    def _width_before(self, item: _Item, place: int) -> int:
        return self._chunks.width(item.first, item.annotations[place])

    def _end_of_line(self, item: _Item) -> int:
        """Return the token behind the annotations that stand beside the statement, not on lines of their own."""
        chunks, room = self._chunks, self._room(item)
        if chunks.fits_flat(item.first, item.last + 1, room):
            return item.last + 1
        first, *rest = [*item.annotations, item.last + 1]
        # A label stays with its criterion while there is room.
        labelled = rest and self._tokens[first].type == "AS" and chunks.fits_flat(item.first, rest[0], room)
        return rest[0] if labelled else first

    def _room(self, item: _Item) -> int:
        return WIDTH - (_BODY if item.body else 0)

    def _runs(self) -> Iterator[list[_Item]]:
        """Yield the statements between which nothing stands, neither blank lines nor comments."""
        run: list[_Item] = []
        behind = 0
        for item in self._items:
            start = _start(self._tokens[item.first])
            if item.first in self._own_line or self._text.count("\n", behind, start) > 1 or not item.body:
                yield run
                run = []
            if item.body:
                run.append(item)
            behind = _end(self._tokens[item.last])
        yield run

    # ------------------------------------------------------------ writing

    def run(self) -> str:
        previous: _Item | None = None
        for item in self._items:
            self._write_between(previous, item)
            self._write_item(item)
            previous = item
        self._write_between(previous, None)
        return self._writer.text()

    def _write_between(self, previous: _Item | None, item: _Item | None) -> None:
        """Write the comments before `item` (before the end, if it is `None`) and the blank lines around them."""
        index = len(self._tokens) if item is None else item.first
        found = self._own_line.get(index, [])
        at = 0 if previous is None else _end(self._tokens[previous.last])
        places = [position for position, _ in found]
        if item is not None:
            places.append(_start(self._tokens[index]))
        blanks = [
            self._text.count("\n", before, place) > 1 for before, place in zip([at, *places], places, strict=False)
        ]
        if previous is not None and previous.has_body and blanks:
            blanks[0] = False
        tail = self._tail(previous, item, places[: len(found)])
        if tail < len(places) and (item is None or not item.body):
            blanks[tail] = previous is not None and (
                blanks[tail] if previous.define and (item is None or item.define) else True
            )
        for place, (_, comment) in enumerate(found):
            if blanks[place]:
                self._writer.blank_line()
            self._writer.comment_line(comment, _BODY if place < tail else 0)
        if item is not None and blanks[-1]:
            self._writer.blank_line()

    def _tail(self, previous: _Item | None, item: _Item | None, places: list[int]) -> int:
        """Return how many of the comments before `item` are part of the block in which `previous` stands."""
        if item is not None and item.body:
            return len(places)
        if previous is None or not (previous.body or previous.has_body):
            return 0
        at_margin = (place == 0 or self._text[place - 1] == "\n" for place in places)
        return next((number for number, found in enumerate(at_margin) if found), len(places))

    def _write_item(self, item: _Item) -> None:
        self._writer.line(_BODY if item.body else 0, self._document(item))

    def _document(self, item: _Item) -> Document:
        chunks = self._chunks
        stop = item.last + 1
        table = self._tokens[item.first].type == "TABLE"
        if not table and chunks.fits_flat(item.first, stop, self._room(item)):
            return chunks.flat(item.first, stop)
        end_of_line = self._end_of_line(item)
        bounds = [*item.annotations, stop]
        parts: list[Document] = [(chunks.table if table else chunks.sequence)(item.first, bounds[0])]
        for first, behind in pairwise(bounds):
            beside = first < end_of_line and not table
            parts += [Space(chunks.gaps[first]) if beside else NEW_LINE, chunks.flat(first, behind)]
        return parts


def _start(token: Token) -> int:
    assert token.start_pos is not None
    return token.start_pos


def _end(token: Token) -> int:
    assert token.end_pos is not None
    return token.end_pos
