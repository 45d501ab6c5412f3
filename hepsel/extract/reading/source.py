"""Papers that are not PDFs: their blocks, and the document that these make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hepsel.extract.reading.glyphs import normal_text
from hepsel.extract.reading.model import (
    Cell,
    Document,
    DocumentKind,
    Heading,
    Page,
    Reference,
    Sentence,
    SentenceKind,
    Table,
    TableRow,
)
from hepsel.extract.reading.sentences import LONGEST, sentence_spans

# What stands in the columns over which a cell goes on; it is white space, and no text has it.
CONTINUED = "\x1f"

BlockKind = Literal["text", "heading", "caption", "footnote", "table", "reference", "page"]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a text: its kind and words; the rows of a table; the key of a reference. `page` begins a new page."""

    kind: BlockKind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    key: str = ""


def document_of(name: str, kind: DocumentKind, sha256: str, blocks: Iterable[Block]) -> Document:
    """Return the document that blocks make, in their order."""
    return _Builder(blocks).document(name, kind, sha256)


class _Builder:
    def __init__(self, blocks: Iterable[Block]) -> None:
        self._section = ""
        self._pages: list[Page] = []
        self._headings: list[Heading] = []
        self._references: list[Reference] = []
        self._sentences: list[Sentence] = []
        self._tables: list[Table] = []
        self._caption = ""
        for block in blocks:
            self._add(block)
        self._end_page()

    @property
    def _number(self) -> int:
        return len(self._pages) + 1

    def _add(self, block: Block) -> None:
        if block.kind == "table" and _is_layout(block.rows):
            block = Block("text", " ".join(cell for row in block.rows for cell in row))
        text = normal_text(block.text)
        if block.kind == "page":
            self._end_page()
        elif block.kind == "heading":
            self._section = text
            self._headings.append(Heading(text, self._number))
        elif block.kind == "reference":
            self._references.append(Reference(block.key, text, self._number))
        elif block.kind == "table":
            self._table(block.rows)
        else:
            kind: SentenceKind = "body" if block.kind == "text" else block.kind
            if kind == "caption":
                self._caption = text
                self._name_last_table(text)
            for start, end in sentence_spans(text):
                name = f"p{self._number}.s{len(self._sentences) + 1}"
                self._sentences.append(Sentence(name, text[start:end], kind, self._section, self._number))

    def _table(self, rows: Sequence[Sequence[str]]) -> None:
        name = f"p{self._number}.t{len(self._tables) + 1}"
        made = []
        for number, row in enumerate(rows, start=1):
            cells = [
                Cell(text, column, _span(row, column)) for column, cell in enumerate(row) if (text := normal_text(cell))
            ]
            made.append(TableRow(f"{name}.r{number}", self._number, tuple(cells)))
        columns = max((len(row) for row in rows), default=0)
        self._tables.append(Table(name, self._number, self._caption, self._section, columns, tuple(made)))
        self._caption = ""

    def _name_last_table(self, text: str) -> None:
        """Give a caption that stands below to the table above it."""
        if self._tables and not self._tables[-1].caption and text.lower().startswith("tab"):
            self._tables[-1] = replace(self._tables[-1], caption=text)
            self._caption = ""

    def _end_page(self) -> None:
        self._pages.append(Page(self._number, 0.0, 0.0, tuple(self._sentences), tuple(self._tables)))
        self._sentences, self._tables = [], []

    def document(self, name: str, kind: DocumentKind, sha256: str) -> Document:
        return Document(name, kind, sha256, tuple(self._pages), tuple(self._headings), tuple(self._references))


def _span(row: Sequence[str], column: int) -> int:
    """Return over how many columns a cell of a row goes."""
    behind = row[column + 1 :]
    return 1 + next((index for index, cell in enumerate(behind) if cell != CONTINUED), len(behind))


def _is_layout(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table only arranges text on a page, as old web pages do: a row is longer than any sentence."""
    return any(sum(map(len, row)) > LONGEST for row in rows)
