"""Whether entries that correspond stand in the same order, where order matters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hepsel.compare.blockwise import BARRIERS, FILLS
from hepsel.compare.entries import Entry, Kind
from hepsel.compare.show import listed
from hepsel.compare.verdicts import Row, Verdict

_LISTED = 3  # statements past which one moved, and that are named

_MATTERS: frozenset[tuple[Kind, Kind]] = frozenset(
    [
        *((kind, barrier) for kind in ("criterion", "sort") for barrier in BARRIERS),
        *((one, other) for one in BARRIERS for other in BARRIERS),
        ("source", "source"),
        ("sort", "sort"),
        *((kind, fill) for kind in ("criterion", "weight") for fill in FILLS),
        *(("weight", kind) for kind in ("criterion", "external")),  # the cutflow counts with the weights so far
    ]
)


def with_order(rows: Sequence[Row], first: Sequence[Entry], second: Sequence[Entry]) -> list[Row]:
    """Change the verdict on entries that moved past one another.

    Of every two that changed places only one is said to have moved: those that explain the most. What says the same
    only together has moved past whatever stands between.
    """
    result = list(rows)
    of_kind = defaultdict[Kind, list[int]](list)
    for i, row in enumerate(result):
        if row.first and row.second:
            of_kind[row.kind].append(i)
    places = {id(entry): place for entries in (first, second) for place, entry in enumerate(entries)}
    swapped = {
        (min(i, j), max(i, j))
        for one, other in _MATTERS
        for i in of_kind[one]
        for j in of_kind[other]
        if i != j and _swapped(result[i], result[j], places)
    }
    while swapped:
        counts = Counter(place for pair in swapped for place in pair)
        moved = max(counts, key=lambda place: (counts[place], result[place].kind == "criterion", -place))
        past = [result[i if j == moved else j].first[0] for i, j in sorted(swapped) if moved in (i, j)]
        swapped = {pair for pair in swapped if moved not in pair}
        row = result[moved]
        details = (*row.details, f"moved past {listed([entry.id for entry in past], _LISTED)}")
        verdict = Verdict.ORDER if row.verdict.same else row.verdict
        result[moved] = replace(row, verdict=verdict, details=details)
    return result


def _swapped(one: Row, other: Row, places: Mapping[int, int]) -> bool:
    """Whether some of what one row is about stands before some of what the other is about, and some behind it."""
    sides = (_placed(one.first), _placed(other.first)), (_placed(one.second), _placed(other.second))
    return len({places[id(a)] < places[id(b)] for ours, theirs in sides for a in ours for b in theirs}) > 1


def _placed(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Leave out sorts that say no more than what is kept behind them: they may stand anywhere before that."""
    return [entry for entry in entries if entry.kind != "sort"] or entries


def matters(a: Kind, b: Kind) -> bool:
    """Whether it matters which of two statements, of these kinds, stands first."""
    return (a, b) in _MATTERS or (b, a) in _MATTERS
