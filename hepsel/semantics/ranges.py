"""Half-open ranges, of which a row of a table has one for each parameter."""

from __future__ import annotations

from collections.abc import Sequence

Ranges = tuple[tuple[float, float], ...]


def overlapping(rows: Sequence[Ranges]) -> list[int]:
    """Return which rows overlap with one before them.

    The rows are gone through from low to high along the parameter of which they have most different ranges, and each is
    compared with those alone that reach it there: a table may have thousands.

    Examples
    --------
    >>> overlapping([((0, 10),), ((20, 30),), ((10, 20),), ((5, 6),)])
    [3]
    """
    if not rows:
        return []
    along = max(range(len(rows[0])), key=lambda place: len({ranges[place] for ranges in rows}))
    found: set[int] = set()
    reaching: list[int] = []
    for new in sorted(range(len(rows)), key=lambda number: rows[number][along][0]):
        begins = rows[new][along][0]
        reaching = [old for old in reaching if rows[old][along][1] > begins]
        for old in reaching:
            if max(old, new) not in found and _overlap(rows[old], rows[new]):
                found.add(max(old, new))
        reaching.append(new)
    return sorted(found)


def _overlap(a: Ranges, b: Ranges) -> bool:
    # No generator, which would take three times as long.
    for (low, high), (here, there) in zip(a, b, strict=True):  # noqa: SIM110
        if low >= there or here >= high:
            return False
    return True
