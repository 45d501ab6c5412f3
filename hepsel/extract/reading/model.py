"""What was understood of a paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

SentenceKind = Literal["body", "caption", "footnote"]
DocumentKind = Literal["pdf", "html", "latex", "markdown", "text"]
DIVIDER = " | "
"""What stands between the cells of a row in its text."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points (1/72 inch) from the page's upper left corner, as it is displayed."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float

    def as_json(self) -> dict[str, Any]:
        """Return the rectangle as plain data, to a hundredth of a point."""
        return {"page": self.page, "box": [round(side, 2) for side in (self.x0, self.y0, self.x1, self.y1)]}


# One per character of a text; None for what is not printed (a space, the `_` of a subscript). Empty where the
# source has no pages.
Boxes = tuple[Box | None, ...]


def lines_of(boxes: Boxes) -> tuple[Box, ...]:
    """Return one rectangle for each printed line that the characters stand on, to be highlighted."""
    lines: list[Box] = []
    page: int | None = None
    x0 = y0 = x1 = y1 = 0.0  # the line so far, without a new box for each character
    for box in boxes:
        if box is None:
            continue
        overlap = min(y1, box.y1) - max(y0, box.y0)
        height = max(y1 - y0, box.y1 - box.y0)
        # A script stands beside its base; the next line of the text starts again at the left.
        if page == box.page and overlap > 0 and box.x0 > x0 - 1 and box.x0 - x1 < 4 * height:
            x0, y0, x1, y1 = min(x0, box.x0), min(y0, box.y0), max(x1, box.x1), max(y1, box.y1)
            continue
        if page is not None:
            lines.append(Box(page, x0, y0, x1, y1))
        page, x0, y0, x1, y1 = box.page, box.x0, box.y0, box.x1, box.y1
    if page is not None:
        lines.append(Box(page, x0, y0, x1, y1))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence.

    Attributes
    ----------
    id
        Page and place, such as `p4.s12`.
    text
        One line, with `x_y` for a subscript and `x^y` for a superscript, braces around more than one character.
    kind
        Whether it stands in the running text, in a caption or in a footnote.
    section
        The heading that it stands under, empty before the first one.
    page
        The page on which it starts, from 1.
    boxes
        The place of every character of `text`; on another page where the sentence continues there.
    """

    id: str
    text: str
    kind: SentenceKind
    section: str
    page: int
    boxes: Boxes = ()

    def places(self, start: int = 0, end: int | None = None) -> tuple[Box, ...]:
        """Return the rectangles, one per printed line, of a part of the text."""
        return lines_of(self.boxes[start:end])


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its text, and the columns (from 0) that it covers."""

    text: str
    column: int
    span: int = 1
    boxes: Boxes = ()

    def places(self) -> tuple[Box, ...]:
        """Return the rectangles, one per printed line, of the cell."""
        return lines_of(self.boxes)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table; empty cells are left out. Its id names page, table and row: `p9.t2.r3`."""

    id: str
    page: int
    cells: tuple[Cell, ...]

    @property
    def text(self) -> str:
        """The cells in one line, divided by ` | `."""
        return DIVIDER.join(cell.text for cell in self.cells)

    def texts(self, columns: int) -> tuple[str, ...]:
        """Return the text of every column, empty where there is none; that of a wide cell stands in its first."""
        texts = [""] * columns
        for cell in self.cells:
            texts[cell.column] = cell.text
        return tuple(texts)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its id (`p9.t2`, the second table of page 9), caption, number of columns and rows."""

    id: str
    page: int
    caption: str
    section: str
    columns: int
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section, as printed, number included."""

    text: str
    page: int


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of the reference list: the key by which the text cites it, and its text."""

    key: str
    text: str
    page: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its size in points (zero where the source has none), sentences and tables in reading order."""

    number: int
    width: float
    height: float
    sentences: tuple[Sentence, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A paper.

    Attributes
    ----------
    name
        The name of the file, without its folder.
    kind
        What it was read from.
    sha256
        The digest of the file's bytes.
    pages
        All pages; a source without pages is one.
    headings
        The sections, in order.
    references
        The reference list, in order.
    """

    name: str
    kind: DocumentKind
    sha256: str
    pages: tuple[Page, ...]
    headings: tuple[Heading, ...]
    references: tuple[Reference, ...]

    @property
    def has_pages(self) -> bool:
        """Whether it is known on which page of the paper something stands: a LaTeX or HTML source does not tell."""
        return self.kind == "pdf" or len(self.pages) > 1

    @property
    def sentences(self) -> Iterator[Sentence]:
        """All sentences, in reading order."""
        return (sentence for page in self.pages for sentence in page.sentences)

    @property
    def tables(self) -> Iterator[Table]:
        """All tables, in reading order."""
        return (table for page in self.pages for table in page.tables)
