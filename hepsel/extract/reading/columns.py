"""Which columns a page has, found from where its lines begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from hepsel.extract.reading.lines import Segment

_LONG = 15  # characters: a shorter segment says nothing about columns
_FEWEST = 5  # segments that a column needs


def gutters(found: Sequence[Segment], low: float, high: float) -> list[float]:
    """Return the left edges of all columns between two places but the first."""
    gutter = _gutter(found, low, high)
    if gutter is None:
        return []
    left = [segment for segment in found if segment.x1 <= gutter + 4]
    right = [segment for segment in found if segment.x0 >= gutter - 4]
    return [*gutters(left, low, gutter), gutter, *gutters(right, gutter, high)]


def _gutter(found: Sequence[Segment], low: float, high: float) -> float | None:
    """Return the left edge of a column that begins between two places, or `None` where there is only one."""
    long = [segment for segment in found if len(segment.glyphs) >= _LONG]
    first, last = low + 0.3 * (high - low), low + 0.7 * (high - low)
    starts = Counter(round(segment.x0) for segment in long if first < segment.x0 < last)
    if not starts:
        return None
    edge = max(starts, key=lambda place: (starts[place - 1] + starts[place] + starts[place + 1], -place))
    right = sum(1 for segment in long if abs(segment.x0 - edge) < 2)
    left = sum(1 for segment in long if segment.x0 < edge - 40 and edge - 40 < segment.x1 < edge - 2)
    across = sum(1 for segment in long if segment.x0 < edge - 20 and segment.x1 > edge + 20)
    return edge - 2.0 if min(left, right) >= _FEWEST and 2 * across < left + right else None


def by_column(found: Iterable[Segment], edges: Sequence[float]) -> list[list[Segment]]:
    """Return what stands over several columns (or in the only one), and in each of several."""
    columns: list[list[Segment]] = [[] for _ in range(len(edges) + 2)]
    for segment in found:
        if not edges or any(segment.x0 < gutter - 4 and segment.x1 > gutter + 4 for gutter in edges):
            columns[0].append(segment)
        else:
            columns[1 + sum(segment.x1 > gutter + 4 for gutter in edges)].append(segment)
    return columns
