"""The text of the papers as a prompt shows it: one line for each sentence and table row, with its id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from hepsel.extract.choosing.cuts import Part, dense_parts, parts_of
from hepsel.extract.choosing.delegation import Delegation, delegations
from hepsel.extract.reading import Document, Sentence
from hepsel.extract.reading.model import DIVIDER, TableRow
from hepsel.syntax.diagnostics import printable

PAPER = "paper"

_NO_SELECTION = re.compile(r"references|bibliography|acknowledg|author list|the \w+ collaboration", re.IGNORECASE)
_LONGEST_NAME = 100


@dataclass(frozen=True)
class Paper:
    """A paper under the name by which a program cites it.

    Attributes
    ----------
    source
        `paper`, or `ref1`, `ref2`, ... for the papers that it refers to.
    document
        What was read.
    key
        The key in the reference list of the paper, where it is known.
    """

    source: str
    document: Document
    key: str | None = None

    @cached_property
    def passages(self) -> dict[str, tuple[int | None, str]]:
        """The page, if it is known, and the text of every sentence and table row, by its id."""
        found = [(one.id, one.page, one.text) for one in self.document.sentences]
        found += [(row.id, row.page, row.text) for table in self.document.tables for row in table.rows]
        has_pages = self.document.has_pages
        return {name: (page if has_pages else None, printable(text)) for name, page, text in found}

    @property
    def description(self) -> str:
        """What the header of a program says about it: the name and the digest of its file."""
        return f"{printable(self.document.name)[:_LONGEST_NAME]} (sha256 {self.document.sha256[:16]})"


@dataclass(frozen=True)
class Unresolved:
    """A sentence that leaves something to a paper that was not given: key and, where known, entry of the list."""

    key: str
    entry: str | None
    sentence: str


def resolve_references(document: Document, given: Sequence[tuple[str | None, Document]]) -> tuple[Paper, ...]:
    """Return the paper and those that it refers to; keys that the user did not give are found by the title.

    Parameters
    ----------
    document
        The paper.
    given
        The other papers, with their keys in its reference list where the user gave them.
    """
    papers = [Paper(PAPER, document)]
    for number, (key, cited) in enumerate(given, start=1):
        papers.append(Paper(f"ref{number}", cited, key if key is not None else _key_by_title(document, cited)))
    return tuple(papers)


def unresolved(papers: Sequence[Paper]) -> Iterator[Unresolved]:
    """Yield what the first paper leaves to others that were not given, in reading order."""
    keys = {paper.key for paper in papers}
    seen = set()
    found: Delegation
    for found in delegations(papers[0].document):
        for citation in found.citations:
            if citation.key not in keys and (citation.key, found.sentence.id) not in seen:
                seen.add((citation.key, found.sentence.id))
                entry = None if citation.entry is None else printable(citation.entry.text)
                yield Unresolved(citation.key, entry, found.sentence.id)


def _key_by_title(document: Document, cited: Document) -> str | None:
    titles = [_letters(heading.text) for heading in cited.headings[:1]]
    matching = [
        entry.key for entry in document.references if any(len(t) > 15 and t in _letters(entry.text) for t in titles)
    ]
    return matching[0] if len(matching) == 1 else None


def _letters(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def shown_parts(paper: Paper, most: int | None) -> tuple[Part, ...]:
    """Return the pages or sections of a paper that are shown: all, or of as many as that those with most cuts."""
    return parts_of(paper.document) if most is None else dense_parts(paper.document, most)


def lines(parts: Sequence[Part]) -> list[str]:
    """Return the lines of parts of a paper."""
    shown: list[str] = []
    section = ""
    for part in parts:
        for sentence in part.sentences:
            if _NO_SELECTION.search(sentence.section) and sentence.kind == "body":
                continue
            if sentence.section != section and not _NO_SELECTION.search(sentence.section):
                section = sentence.section
                shown.append(f"## {printable(section)}")
            shown.append(_sentence(sentence))
        shown += _tables(part)
    return shown


def _sentence(sentence: Sentence) -> str:
    mark = "" if sentence.kind == "body" else f"({sentence.kind}) "
    return f"[{sentence.id}] {mark}{printable(sentence.text)}"


def _tables(part: Part) -> Iterator[str]:
    for table in part.tables:
        yield f"[{table.id}] {printable(table.caption) or 'table without a caption'}"
        for row in table.rows:
            yield f"[{row.id}] {printable(DIVIDER.join(_columns(row)).strip())}"


def _columns(row: TableRow) -> Iterator[str]:
    """Yield what a row has in each column, so that a value behind an empty cell is not taken for that of another one.

    A lone value behind the name of its row may be for all columns, in the middle of which it stands.
    """
    if len(row.cells) < 3 and not (row.cells and row.cells[0].column):
        yield from (cell.text for cell in row.cells)
        return
    column = 0
    for cell in row.cells:
        yield from [""] * (cell.column - column)
        column = cell.column + cell.span
        yield cell.text if cell.span == 1 else f"{cell.text} (columns {cell.column + 1}-{column})"
