"""Which sentences and table rows look as if they state a cut, and which parts of a paper are full of them.

The score is a sum of points for what a cut is made of: a comparison, a number with a unit, a requirement, an object,
a quantity; and it takes points off for what else numbers are used for in a paper. It depends on the words alone and
is the same on every run. The words are data: `cuts.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from hepsel.extract.reading.model import Document, Sentence, Table, TableRow

_TEXT = files("hepsel.extract.choosing").joinpath("cuts.toml").read_text(encoding="utf-8")
_DATA = tomllib.loads(_TEXT)

THRESHOLD: int = _DATA["threshold"]


def _pattern(text: str) -> re.Pattern[str]:
    # `<count>` is made of `<number>`
    for part in ("count", "number", "unit"):
        text = text.replace(f"<{part}>", _DATA["parts"][part])
    return re.compile(text, re.IGNORECASE)


_SIGNS = tuple((name, sign["points"], _pattern(sign["words"])) for name, sign in _DATA["signs"].items())
_FOR_SECTION, _AGAINST_SECTION = (_pattern(_DATA["sections"][name]) for name in ("more", "fewer"))


@dataclass(frozen=True, slots=True)
class Cut:
    """A sentence or table row that looks like a cut, its score, and the names of what the score is made of."""

    where: Sentence | TableRow
    score: int
    signs: tuple[str, ...]


@lru_cache(8192)  # every sentence of a paper, for every draft
def score(text: str, section: str = "") -> tuple[int, tuple[str, ...]]:
    """Return how much a text looks like a cut, and by which signs."""
    signs = []
    total = 0
    for name, points, pattern in _SIGNS:
        if pattern.search(text):
            total += points
            signs.append(name)
    if _FOR_SECTION.search(section):
        total += 1
    elif _AGAINST_SECTION.search(section):
        total -= 1
    return total, tuple(signs)


def cuts(document: Document) -> Iterator[Cut]:
    """Yield what looks like a cut, in reading order, the rows of a page's tables after its sentences."""
    for page in document.pages:
        yield from _cuts(page.sentences, page.tables)


def _cuts(sentences: tuple[Sentence, ...], tables: tuple[Table, ...]) -> Iterator[Cut]:
    for sentence in sentences:
        total, signs = score(sentence.text, sentence.section)
        if total >= THRESHOLD:
            yield Cut(sentence, total, signs)
    for table in tables:
        for row in table.rows:
            total, signs = score(row.text, table.section)
            if total >= THRESHOLD:
                yield Cut(row, total, signs)


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a paper, or a section where it is not known on which page something stands."""

    page: int
    sentences: tuple[Sentence, ...]
    tables: tuple[Table, ...]


def parts_of(document: Document) -> tuple[Part, ...]:
    """Return the parts of a paper that can be shown by themselves, in their order."""
    if document.has_pages:
        return tuple(Part(page.number, page.sentences, page.tables) for page in document.pages)
    (page,) = document.pages
    sections = dict.fromkeys(
        (*(sentence.section for sentence in page.sentences), *(table.section for table in page.tables))
    )
    return tuple(
        Part(
            page.number,
            tuple(sentence for sentence in page.sentences if sentence.section == section),
            tuple(table for table in page.tables if table.section == section),
        )
        for section in sections
    )


def kind_of_parts(document: Document) -> str:
    """Say what the parts of a paper are."""
    return "pages" if document.has_pages else "sections"


def dense_parts(document: Document, count: int) -> tuple[Part, ...]:
    """Return the parts of a paper with most of what looks like cuts, at most `count`, in their order."""
    parts = parts_of(document)
    weights = [sum(cut.score for cut in _cuts(part.sentences, part.tables)) for part in parts]
    best = sorted((place for place, weight in enumerate(weights) if weight), key=lambda place: -weights[place])
    return tuple(parts[place] for place in sorted(best[:count]))
