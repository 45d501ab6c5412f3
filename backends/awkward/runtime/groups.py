"""Divisions of the rows of each parent into two groups, and the best one: every division is tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from hepsel.backends.awkward.runtime.axes import Array, Axis, Refused

MOST_IN_GROUPS = 20
NUMBERS_AT_A_TIME = 250_000


class TooManyToDivide(Refused):
    """A list with more divisions than can be tried."""


def imbalance(axis: Axis, values: Array) -> Array:
    """Return the smallest difference of the sums of two groups, of which one may be empty."""
    known = ~np.isnan(values)
    rows = Axis(axis.above, axis.parent[known])
    found = np.zeros(axis.above)
    for parents, _, (sums,) in divisions(rows, [values[known]]):
        found[parents] = np.fmin.reduce(np.abs(sums[0] - sums[1]), axis=1)
    return found


def group_of(axis: Axis, *momentum: Array) -> Array:
    """Return in which of two groups each row is, where the squared masses of both have the least sum.

    It is 1 for the first row, and 0 where a part of the momentum is missing: px, py, pz and energy.
    """
    known = np.flatnonzero(~np.isnan(momentum).any(axis=0))
    rows = Axis(axis.above, axis.parent[known])
    found = np.zeros(axis.size, dtype=np.int64)
    for parents, groups, sums in divisions(rows, [part[known] for part in momentum]):
        size = groups.shape[1]
        best = np.zeros(len(parents), dtype=np.int64)
        if size > 1:  # in the division before all others, one group is empty
            x, y, z, e = (each[:, :, 1:] for each in sums)
            squares = e * e - (x * x + y * y + z * z)
            cost = np.where(squares < 0, 0.0, squares).sum(axis=0)
            best = np.where(np.isnan(cost), np.inf, cost).argmin(axis=1) + 1
        places = rows.starts[parents][:, None] + np.arange(size)
        found[known[places]] = np.where(groups[best], 1, 2)
    return found


def divisions(
    axis: Axis, columns: Sequence[Array]
) -> Iterator[tuple[Array, Array, list[Array]]]:
    """Yield some parents with as many rows, which rows each division has in its first group, and the sums of both.

    Sums are of group, parent and division, added row after row.
    """
    counts = np.diff(axis.starts)
    if counts.max(initial=0) > MOST_IN_GROUPS:
        raise TooManyToDivide(
            f"{counts.max()} elements of one list are to be divided into two groups, "
            f"and at most {MOST_IN_GROUPS} can be: select fewer"
        )
    for size in range(1, int(counts.max(initial=0)) + 1):
        alike = np.flatnonzero(counts == size)
        numbers = np.arange(2 ** (size - 1))
        digits = [np.zeros(len(numbers), dtype=np.int64)]
        digits += [numbers >> place & 1 for place in range(size - 1)]
        groups = np.stack(digits, axis=1) == 0
        step = max(1, NUMBERS_AT_A_TIME // len(numbers))
        for first in range(0, len(alike), step):
            parents = alike[first : first + step]
            rows = axis.starts[parents]
            sums = [np.zeros((2, len(parents), len(numbers))) for _ in columns]
            for place in range(size):
                inside = groups[:, place]
                for whole, values in zip(sums, columns, strict=True):
                    value = values[rows + place][:, None]
                    whole[0] += np.where(inside, value, 0.0)
                    whole[1] += np.where(inside, 0.0, value)
            yield parents, groups, sums
