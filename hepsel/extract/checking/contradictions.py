"""Where a paper says different things of one quantity: `>` here and `>=` there, or another number in a table.

Only what is reliable is reported. Two bounds are of one thing if they are of the same quantity and objects, in the same
direction and under the same restrictions (`calo-tagged`, `leading`), and if each of the two places has only one such
bound. Papers state several bounds of a quantity for several purposes; other values are therefore reported only between
a sentence and a row of a table, of a symbol with a number as its index, such as `m_{12}`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from hepsel.extract.checking.clauses import quantities
from hepsel.extract.checking.folding import fold
from hepsel.extract.checking.model import Contradiction, Statement
from hepsel.extract.checking.numbers import TextNumber
from hepsel.extract.checking.passages import Library
from hepsel.extract.checking.wording import Site
from hepsel.extract.choosing.cuts import cuts

_SYMBOL = re.compile(r"[A-Za-z][a-z]*_\{?\w*\d\w*\}?(?=\s*[<>≤≥]?=?\s*$)")


@dataclass(frozen=True, slots=True)
class _About:
    """What a bound is of, and in which direction."""

    quantities: frozenset[str]
    objects: frozenset[str]
    restrictions: frozenset[str]
    place: int | None
    dimension: str
    lower: bool


@dataclass(frozen=True, slots=True)
class _Bound:
    site: Site
    number: TextNumber
    symbol: str


def contradictions(source: str, library: Library) -> Iterator[Contradiction]:
    """Yield the pairs of places of a paper that contradict each other, in reading order."""
    stated: dict[_About, dict[str, list[_Bound]]] = defaultdict(lambda: defaultdict(list))
    for cut in cuts(library.document):
        site = Site(library, library.whole(library.places[cut.where.id]))
        for number in site.passage.numbers:
            about = _about(site, number)
            if about is not None:
                symbol = _SYMBOL.search(site.window(number))
                bound = _Bound(site, number, fold(symbol[0]).text if symbol else "")
                stated[about][cut.where.id].append(bound)
    for about, by_passage in stated.items():
        single = [bounds[0] for bounds in by_passage.values() if len(bounds) == 1]
        for first, second in combinations(single, 2):
            if _contradict(first, second):
                name = ", ".join(sorted(about.quantities))
                yield Contradiction(source, name, _statement(first), _statement(second))


def _about(site: Site, number: TextNumber) -> _About | None:
    """Return what a bound is of; `None` where that is not clear."""
    if number.sense in (None, "==", "!=") or number.alternative:
        return None
    named = quantities(site.window(number))
    objects = site.subject(number)
    if not named or not objects:
        return None
    lower = number.sense in (">", ">=")
    return _About(named, objects, site.restrictions(number), site.place(number), str(number.dimension), lower)


def _contradict(first: _Bound, second: _Bound) -> bool:
    if first.number.value == second.number.value:
        loose = first.number.loose or second.number.loose
        return first.number.sense != second.number.sense and not loose and first.symbol == second.symbol
    rows = first.site.passage.is_row, second.site.passage.is_row
    return bool(first.symbol) and first.symbol == second.symbol and rows[0] != rows[1]


def _statement(bound: _Bound) -> Statement:
    passage = bound.site.passage
    return Statement(passage.id, passage.pages[0], bound.site.said(bound.number), passage.text)
