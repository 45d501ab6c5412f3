"""Rows reduced to one value for each row of the table above; a value that is NaN is passed over, except by `product`."""

from __future__ import annotations

import numpy as np
from hepsel.backends.awkward.runtime.axes import (
    Array,
    Axis,
    first_of_runs,
    is_best,
    offsets,
)
from hepsel.backends.awkward.runtime.values import exact, unwrapped


def count(axis: Axis, mask: Array | None = None) -> Array:
    """Return the number of rows (for which a condition is true)."""
    if mask is None:
        return np.diff(axis.starts)
    return np.bincount(axis.parent[mask], minlength=axis.above)


def any_of(axis: Axis, mask: Array) -> Array:
    """Return whether a condition is true in any row."""
    return count(axis, mask) > 0


def all_of(axis: Axis, mask: Array) -> Array:
    """Return whether a condition is true in all rows."""
    none: Array = count(axis, ~mask) == 0
    return none


def total(axis: Axis, values: Array) -> Array:
    """Return the sum, added row after row."""
    if values.dtype.kind != "f":
        sums = offsets(values)
        about = np.bincount(axis.parent, weights=values, minlength=axis.above)
        found: Array = unwrapped(sums[axis.starts[1:]] - sums[axis.starts[:-1]], about)
        return found
    known = np.where(np.isnan(values), 0.0, values)
    sums = np.bincount(axis.parent, weights=known, minlength=axis.above)
    # Without any row, numpy counts: it returns integers.
    return sums.astype(np.float64, copy=False)


def product(axis: Axis, values: Array) -> Array:
    """Return the product, multiplied row after row; missing where a value is."""
    counts = np.diff(axis.starts)
    found = np.ones(axis.above, values.dtype)
    for k in range(int(counts.max(initial=0))):
        some = np.flatnonzero(counts > k)
        factors = found[some], values[axis.starts[some] + k]
        found[some] = (
            np.multiply(*factors)
            if values.dtype.kind == "f"
            else exact(np.multiply, *factors)
        )
    return found


def mean(axis: Axis, values: Array) -> Array:
    """Return the mean; missing where there is nothing."""
    return total(axis, values) / count(axis, ~np.isnan(values))


def best_row(axis: Axis, keys: Array, k: int = 1, *, highest: bool) -> Array:
    """Return the row with the k-th lowest (or highest) key, the earlier of equals; -1 where there is none."""
    rows = np.flatnonzero(~np.isnan(keys))
    best = first_best(keys[rows], axis.parent[rows], highest=highest)
    for _ in range(k - 1):
        rows = np.delete(rows, best)
        best = first_best(keys[rows], axis.parent[rows], highest=highest)
    found = np.full(axis.above, -1, dtype=np.int64)
    found[axis.parent[rows[best]]] = rows[best]
    return found


def first_best(keys: Array, parent: Array, *, highest: bool) -> Array:
    """Return for each parent that has rows the place of the first of its lowest (or highest) keys."""
    best = np.flatnonzero(is_best(keys, parent, highest=highest))
    return best[first_of_runs(parent[best])]


def smallest(axis: Axis, values: Array, k: int = 1) -> Array:
    """Return the k-th smallest value; missing (an integer: 0) where there are fewer."""
    return extreme(axis, values, k, highest=False)


def largest(axis: Axis, values: Array, k: int = 1) -> Array:
    """Return the k-th largest value; missing (an integer: 0) where there are fewer."""
    return extreme(axis, values, k, highest=True)


def extreme(axis: Axis, values: Array, k: int, *, highest: bool) -> Array:
    """Return the k-th smallest or largest value."""
    row = best_row(axis, values, k, highest=highest)
    found = np.full(axis.above, np.nan if values.dtype.kind == "f" else 0, values.dtype)
    found[row >= 0] = values[row[row >= 0]]
    return found
