"""The best one-to-one pairing of two small sets."""

from __future__ import annotations

from collections.abc import Sequence

_EPSILON = 1e-9


def best_pairs(scores: Sequence[Sequence[float]], least: float) -> list[tuple[int, int]]:
    """Pair rows with columns so that the sum of the scores is as large as possible.

    Parameters
    ----------
    scores
        Score of every row with every column, not negative.
    least
        Pairs with a smaller score are not made.

    Returns
    -------
    list of (row, column)
        In order of the rows.
    """
    if not scores or not scores[0]:
        return []
    wide = [[score if score >= least else 0.0 for score in row] for row in scores]
    flipped = len(wide) > len(wide[0])
    if flipped:
        wide = [list(column) for column in zip(*wide, strict=True)]
    pairs = _hungarian([[-score for score in row] for row in wide])
    found = [(row, column) for row, column in pairs if wide[row][column] > 0]
    return sorted((column, row) for row, column in found) if flipped else sorted(found)


def _hungarian(cost: list[list[float]]) -> list[tuple[int, int]]:
    """Return the cheapest assignment of each row to its own column (no more rows than columns), in O(n^2 m).

    The method of shortest augmenting paths with potentials; row and column 0 are sentinels.
    """
    import numpy as np

    costs = np.array(cost)
    rows, columns = costs.shape
    row_potential, column_potential = np.zeros(rows + 1), np.zeros(columns + 1)
    row_of = np.zeros(columns + 1, int)
    for row in range(1, rows + 1):
        row_of[0] = row
        at, nearest = 0, np.full(columns + 1, np.inf)
        before, done = np.zeros(columns + 1, int), np.zeros(columns + 1, bool)
        while row_of[at] != 0:
            done[at] = True
            here = row_of[at]
            reduced = np.append(np.inf, costs[here - 1] - row_potential[here] - column_potential[1:])
            nearer = ~done & (reduced < nearest)
            nearest[nearer], before[nearer] = reduced[nearer], at
            following = int(np.argmin(np.where(done, np.inf, nearest)))
            step = nearest[following]
            row_potential[row_of[done]] += step
            column_potential[done] -= step
            nearest[~done] -= step
            at = following
        while at != 0:
            row_of[at] = row_of[before[at]]
            at = before[at]
    return [(int(row_of[column]) - 1, column - 1) for column in range(1, columns + 1) if row_of[column] != 0]


def ties(scores: Sequence[Sequence[float]], pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pairs that could as well be other ones: two of them exchange partners, or one takes a free one.

    Each is given as (row, the column that fits it as well).
    """
    found = []
    taken = {column for _, column in pairs}
    free = [column for column in range(len(scores[0]) if scores else 0) if column not in taken]
    for row, column in pairs:
        for other_row, other in pairs:
            together = scores[row][column] + scores[other_row][other]
            if other_row != row and scores[row][other] + scores[other_row][column] >= together - _EPSILON:
                found.append((row, other))
        found += [(row, other) for other in free if scores[row][other] >= scores[row][column] - _EPSILON]
    return found
