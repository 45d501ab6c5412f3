"""A document as one row of passages, its sentences and table rows, in which quotations are looked for."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from hepsel.extract.checking.folding import Folded, fold
from hepsel.extract.checking.numbers import TextNumber, numbers_in, unit_of_head
from hepsel.extract.reading.model import DIVIDER, Box, Boxes, Document, Sentence, Table, TableRow, lines_of

# What is no bound alone: a word or symbol, other than those of a range.
_NAMES = re.compile(r"(?!(?:to|and|or|any)\b)(?<![^\W\d_])[^\W\d_]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence or a row of a table.

    Attributes
    ----------
    id
        The id of the sentence or row.
    pages
        The pages on which it stands.
    section
        The heading that it stands under.
    text
        Its text; the cells of a row are divided by ` | `.
    header
        Of a row: the texts of the row that names the columns, most often the first of the table, by column.
    caption
        Of a row: the caption of the table.
    columns
        Of a row: where each cell begins in `text`, and its column.
    spans
        Of a row: over how many columns each cell goes.
    units
        Of a row: the parts of its text whose numbers have a unit in the head of the column, or of the row.
    boxes
        The place of every character.
    """

    id: str
    pages: tuple[int, ...]
    section: str
    text: str
    header: tuple[str, ...] = ()
    caption: str = ""
    columns: tuple[tuple[int, int], ...] = ()
    spans: tuple[int, ...] = ()
    units: tuple[tuple[int, int, str], ...] = ()
    boxes: Boxes = field(default=(), repr=False)

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return bool(self.columns)

    @property
    def numbers(self) -> tuple[TextNumber, ...]:
        """The numbers of its text."""
        return numbers_in(self.text, self.units)

    @property
    def cells(self) -> list[tuple[int, int]]:
        """The ranges of the cells of a row in its text."""
        starts = [start for start, _ in self.columns]
        ends = [*(start - len(DIVIDER) for start in starts[1:]), len(self.text)]
        return list(zip(starts, ends, strict=True))

    def places(self, start: int, end: int) -> tuple[Box, ...]:
        """Return the rectangles of a part of the text."""
        return lines_of(self.boxes[start:end])


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a passage, by its place in `Library.passages`."""

    index: int
    start: int
    end: int


class Library:
    """The passages of a document, and their folded text as a whole."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.passages = tuple(_passages(document))
        self.places = {passage.id: index for index, passage in enumerate(self.passages)}
        self.folded: tuple[Folded, ...] = tuple(fold(passage.text) for passage in self.passages)
        self.text = "".join(folded.text for folded in self.folded)
        starts = [0]
        for folded in self.folded:
            starts.append(starts[-1] + len(folded.text))
        self._starts = starts
        self.clauses: dict[tuple[int, TextNumber], tuple[int, int]] = {}
        """The statement to which each number belongs, by its passage, so that each is looked for once."""
        self.windows: dict[tuple[int, TextNumber], str] = {}
        """The words that name the quantity of each number, likewise."""
        self.cones: tuple[TextNumber, ...] | None = None
        """The sizes of the cones of isolations, likewise."""

    def whole(self, index: int) -> Part:
        """Return all of a passage."""
        return Part(index, 0, len(self.passages[index].text))

    def parts(self, start: int, end: int) -> tuple[Part, ...]:
        """Return what a range of the folded text is in the passages."""
        found = []
        index = bisect_right(self._starts, start) - 1
        while index < len(self.passages) and self._starts[index] < end:
            first = max(start, self._starts[index]) - self._starts[index]
            last = min(end, self._starts[index + 1]) - self._starts[index]
            if last > first:
                found.append(Part(index, *self.folded[index].range(first, last)))
            index += 1
        return tuple(found)

    def stretches(self, page: int | None) -> Iterator[tuple[int, int]]:
        """Yield the ranges of the folded text that stand on a page, or page by page where it is `None`."""
        start = None
        current: int | None = None
        for index, passage in enumerate(self.passages):
            inside = page in passage.pages if page is not None else True
            if start is not None and (not inside or (page is None and passage.pages[0] != current)):
                yield start, self._starts[index]
                start = None
            if inside and start is None:
                start, current = self._starts[index], passage.pages[0]
        if start is not None:
            yield start, self._starts[-1]

    def pages(self, parts: tuple[Part, ...]) -> tuple[int, ...]:
        """Return the pages on which parts stand, by their places on the page where these are known."""
        pages: dict[int, None] = {}
        for part in parts:
            passage = self.passages[part.index]
            boxes = passage.boxes[part.start : part.end]
            pages |= dict.fromkeys([box.page for box in boxes if box is not None] or passage.pages)
        return tuple(pages)


def _passages(document: Document) -> Iterator[Passage]:
    for page in document.pages:
        yield from map(_sentence, page.sentences)
    for table in document.tables:
        header: tuple[str, ...] = ()
        names = 0
        for index, row in enumerate(table.rows):
            if index == 0 or _is_new_head(row, names):
                header, names = row.texts(table.columns), len(row.cells)
            yield _row(row, table, header)


def _is_new_head(row: TableRow, names: int) -> bool:
    """Whether a row within a table names more columns than its head: the names of regions under what they share."""
    named = [cell for cell in row.cells if cell.text]
    beside = bool(named) and named[0].column > 0  # nothing stands in the column of what is required
    return beside and len(named) > max(names, 2) and not any(numbers_in(cell.text) for cell in named)


def _sentence(sentence: Sentence) -> Passage:
    pages = dict.fromkeys([sentence.page, *(box.page for box in sentence.boxes if box is not None)])
    return Passage(sentence.id, tuple(pages), sentence.section, sentence.text, boxes=sentence.boxes)


def _row(row: TableRow, table: Table, header: tuple[str, ...]) -> Passage:
    columns: list[tuple[int, int]] = []
    boxes: list[Box | None] = []
    length = 0
    for cell in row.cells:
        if columns:
            length += len(DIVIDER)
            boxes += [None] * len(DIVIDER)
        columns.append((length, cell.column))
        length += len(cell.text)
        boxes += cell.boxes or [None] * len(cell.text)
    units = tuple(_units(row, tuple(columns), header))
    spans = tuple(cell.span for cell in row.cells)
    return Passage(
        row.id, (row.page,), table.section, row.text, header, table.caption, tuple(columns), spans, units, tuple(boxes)
    )  # fmt: skip


def _units(
    row: TableRow, columns: tuple[tuple[int, int], ...], header: tuple[str, ...]
) -> Iterator[tuple[int, int, str]]:
    """Yield where numbers stand of which the head of the column or of the row has the unit: `H_T [GeV]`."""
    first = unit_of_head(row.cells[0].text) if row.cells else None
    for cell, (start, column) in zip(row.cells, columns, strict=True):
        unit = (unit_of_head(header[column]) if column < len(header) else None) or first
        if unit is not None and not _NAMES.search(cell.text):
            yield start, start + len(cell.text), unit


def cells_of(text: str) -> list[str]:
    """Return the cells of a row as a quotation has them."""
    return [cell.strip() for cell in re.split(r"\s\|\s", text)]
