"""The numbers of lines that drafts and notes have in their margins: no part of the text that they stand beside."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from hepsel.extract.reading.lines import Segment

_FEWEST = 6  # numbers that make a row of them
_REGULAR = 0.8  # the share of them that follow each other in the same step
_STRAY = 0.05  # the share of the page that may stand further out, such as a stamp
_ALIGNED = 3.0  # points


def without_line_numbers(found: Sequence[Segment]) -> list[Segment]:
    """Return the segments of a page without the numbers that count its lines.

    These are whole numbers one below the other, left of everything or right of everything, that count on regularly.
    """
    numbers = [segment for segment in found if len(segment.glyphs) <= 4 and _text(segment).isdecimal()]
    others = [segment for segment in found if len(segment.glyphs) > 4]
    dropped: set[int] = set()
    for edge in ("x1", "x0"):  # they end, or begin, at one place
        rows: dict[int, list[Segment]] = defaultdict(list)
        for segment in numbers:
            rows[round(getattr(segment, edge) / _ALIGNED)].append(segment)
        for place in list(rows):
            row = rows[place] + rows.get(place + 1, [])
            if len(row) >= _FEWEST and _is_outside(row, others) and _counts_on(row):
                dropped |= set(map(id, row))
    return [segment for segment in found if id(segment) not in dropped]


def _text(segment: Segment) -> str:
    return "".join(glyph.text for glyph in segment.glyphs).strip()


def _is_outside(row: Sequence[Segment], others: Sequence[Segment]) -> bool:
    """Whether a row stands left or right of all the text."""
    left, right = min(segment.x0 for segment in row), max(segment.x1 for segment in row)
    allowed = _STRAY * len(others)
    further_left = sum(1 for segment in others if segment.x0 < right)
    further_right = sum(1 for segment in others if segment.x1 > left)
    return min(further_left, further_right) <= allowed


def _counts_on(row: Sequence[Segment]) -> bool:
    values = [int(_text(segment)) for segment in sorted(row, key=lambda segment: segment.base)]
    steps = Counter(after - before for before, after in pairwise(values))
    step, often = steps.most_common(1)[0]
    return step > 0 and often >= _REGULAR * (len(values) - 1)
