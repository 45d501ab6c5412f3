"""Finding a quotation in its source: exactly, up to spaces and notation, and else nearly, with the same numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from hepsel.extract.checking.folding import fold
from hepsel.extract.checking.numbers import TextNumber, numbers_in
from hepsel.extract.checking.passages import Library, Part, cells_of
from hepsel.semantics.types import Dimension

LEAST_SCORE = 88
_SHORTEST = 3  # folded characters of a quotation that says anything
_LONGEST = 4000  # folded characters of one that is looked for other than exactly
_MOST_PLACES = 24  # at which one quotation is looked at
_ELLIPSIS = re.compile(r"\s*(?:\[?\.\.\.\]?|\[?…\]?)\s*")


@dataclass(frozen=True, slots=True)
class Match:
    """A place where a source has a quotation."""

    parts: tuple[Part, ...]
    pages: tuple[int, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Search:
    """What became of looking for a quotation.

    Attributes
    ----------
    result
        `found` on the cited page, or on any where none is cited; on an `other` page; `numbers` if something like it was
        found that has other numbers; `missing`.
    matches
        The places, in reading order; for `numbers` the nearest one.
    """

    result: Literal["found", "other", "numbers", "missing"]
    matches: tuple[Match, ...] = ()


def find(library: Library, quote: str, page: int | None) -> Search:
    """Look for a quotation, first on its page."""
    pieces = [piece for piece in _ELLIPSIS.split(quote) if piece]
    if len(pieces) > 1:
        return _all_of([_find(library, piece, page) for piece in pieces])
    return _find(library, quote, page)


def _all_of(searches: list[Search]) -> Search:
    """Join what was found for the parts of a quotation with gaps: the first place of each."""
    for result in ("missing", "numbers", "other"):
        for search in searches:
            if search.result == result:
                return search
    parts = tuple(part for search in searches for part in search.matches[0].parts)
    score = min(search.matches[0].score for search in searches)
    pages = dict.fromkeys(page for search in searches for page in search.matches[0].pages)
    return Search("found", (Match(parts, tuple(pages), score),))


def _find(library: Library, quote: str, page: int | None) -> Search:
    folded = fold(quote).text
    if len(folded) < _SHORTEST:
        return Search("missing")
    exact = [*_exact(library, folded), *_by_cells(library, quote)]
    if exact:
        return _on_page(exact, page)
    nearest: Match | None = None
    found: list[Match] = []
    for first, last in library.stretches(page):
        match, same = _near(library, quote, folded, first, last)
        if match is not None and same:
            found.append(match)
        elif match is not None and (nearest is None or match.score > nearest.score):
            nearest = match
    if found:
        best = max(found, key=lambda match: match.score)
        return Search("found", (best,))
    if page is not None:
        elsewhere = _find(library, quote, None)
        if elsewhere.result == "found":
            return Search("other", elsewhere.matches)
        nearest = nearest or (elsewhere.matches[0] if elsewhere.matches else None)
    return Search("numbers", (nearest,)) if nearest is not None else Search("missing")


def _on_page(matches: list[Match], page: int | None) -> Search:
    if page is None:
        return Search("found", tuple(matches[:_MOST_PLACES]))
    # A sentence belongs to the pages that its quoted part stands on.
    here = [match for match in matches if page in match.pages]
    return Search("found", tuple(here[:_MOST_PLACES])) if here else Search("other", tuple(matches[:_MOST_PLACES]))


def _exact(library: Library, folded: str) -> list[Match]:
    found: list[Match] = []
    start = library.text.find(folded)
    while start >= 0 and len(found) < 40 * _MOST_PLACES:
        end = start + len(folded)
        parts = library.parts(start, end)
        if _whole_numbers(library, parts):
            found.append(Match(parts, library.pages(parts), 100.0))
        start = library.text.find(folded, start + 1)
    return found


def _whole_numbers(library: Library, parts: tuple[Part, ...]) -> bool:
    """Whether a range begins and ends beside a number and not within one: `> 5` is not in `> 50`."""
    first, last = parts[0], parts[-1]
    before = library.passages[first.index].text[: first.start + 1]
    behind = library.passages[last.index].text[last.end - 1 :]
    return not re.search(r"\d\.?\d$", before) and not re.match(r"\d\.?\d", behind)


def _by_cells(library: Library, quote: str) -> list[Match]:
    """Find a row by some of its cells, in their order."""
    wanted = [fold(cell).text for cell in cells_of(quote)]
    if len(wanted) < 2:
        return []
    found = []
    for index, passage in enumerate(library.passages):
        if not passage.is_row:
            continue
        left = iter(passage.cells)
        chosen = [next((c for c in left if fold(passage.text[slice(*c)]).text == cell), None) for cell in wanted]
        if all(chosen):
            parts = tuple(Part(index, *cell) for cell in chosen if cell is not None)
            found.append(Match(parts, library.pages(parts), 100.0))
    return found


def _near(library: Library, quote: str, folded: str, first: int, last: int) -> tuple[Match | None, bool]:
    """Return what is most like a quotation in a stretch, and whether its numbers are the same."""
    from rapidfuzz import fuzz

    text = library.text[first:last]
    if len(folded) > min(len(text), _LONGEST):
        return None, False
    aligned = fuzz.partial_ratio_alignment(folded, text, score_cutoff=LEAST_SCORE)
    if aligned is None:
        return None, False
    start, end = first + aligned.dest_start, first + aligned.dest_end
    # The alignment may cut through a number; its digits belong together.
    while end < last and library.text[end - 1].isdigit() and not _whole_numbers(library, library.parts(end - 1, end)):
        end += 1
    while start > first and not _whole_numbers(library, library.parts(start, start + 1)):
        start -= 1
    parts = library.parts(start, end)
    match = Match(parts, library.pages(parts), round(aligned.score, 1))
    there = (
        number
        for part in parts
        for number in numbers_in(library.passages[part.index].text)
        if part.start <= number.start < part.end
    )
    return match, _values(numbers_in(quote)) == _values(there)


def _values(numbers: Iterable[TextNumber]) -> Counter[tuple[Fraction, Dimension]]:
    return Counter((number.value, number.dimension) for number in numbers)
