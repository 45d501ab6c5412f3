"""Whether entries that correspond stand in the same order, where order matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hepsel.compare.blockwise import BARRIERS
from hepsel.compare.entries import Entry, Kind
from hepsel.compare.verdicts import Row, Verdict

FILLS: tuple[Kind, ...] = ("bin", "bins", "histogram")
"""What holds the events that have passed so far."""

_MATTERS: frozenset[tuple[Kind, Kind]] = frozenset(
    [
        *((kind, barrier) for kind in ("criterion", "sort") for barrier in BARRIERS),
        *((one, other) for one in BARRIERS for other in BARRIERS),
        ("source", "source"),
        ("sort", "sort"),
        *((kind, fill) for kind in ("criterion", "weight") for fill in FILLS),
    ]
)


def with_order(rows: Sequence[Row], first: Sequence[Entry], second: Sequence[Entry]) -> list[Row]:
    """Change the verdict on entries that moved past one another.

    Of every two that changed places only one is said to have moved: those that explain the most.
    """
    result = list(rows)
    paired = [i for i, row in enumerate(result) if len(row.first) == len(row.second) == 1]
    before = {id(entry): place for place, entry in enumerate([*first])}
    after = {id(entry): place for place, entry in enumerate([*second])}
    swapped = {
        (i, j)
        for i in paired
        for j in paired
        if i < j
        and matters(result[i].kind, result[j].kind)
        and (before[id(result[i].first[0])] < before[id(result[j].first[0])])
        is not (after[id(result[i].second[0])] < after[id(result[j].second[0])])
    }
    while swapped:
        counts = Counter(place for pair in swapped for place in pair)
        moved = max(counts, key=lambda place: (counts[place], result[place].kind == "criterion", -place))
        past = [result[i if j == moved else j].first[0] for i, j in sorted(swapped) if moved in (i, j)]
        swapped = {pair for pair in swapped if moved not in pair}
        row = result[moved]
        details = (*row.details, f"moved past {', '.join(entry.id for entry in past)}")
        verdict = Verdict.ORDER if row.verdict.same else row.verdict
        result[moved] = replace(row, verdict=verdict, details=details)
    return result


def matters(a: Kind, b: Kind) -> bool:
    """Whether it matters which of two statements, of these kinds, stands first."""
    return (a, b) in _MATTERS or (b, a) in _MATTERS
