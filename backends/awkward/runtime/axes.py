"""Rows of a table that belong to the rows of the table above: items to events, elements to items."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from functools import cached_property
from typing import Any

import awkward as ak
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MOST_ROWS = ContextVar("most rows of one axis", default=500_000)
MOST_ROWS_OF_ONE_EVENT = 50_000_000


class Refused(Exception):
    """Data that a selection cannot be computed from."""


class TooManyRows(Refused):
    """Some events have together more candidates than may be in memory at a time."""


class Axis:
    """The rows of one table.

    Parameters
    ----------
    above
        Number of rows of the table above.
    parent
        For each row, the row of the table above that it belongs to; in order.
    index
        For each row, the rows that it stands for in the tables that it was made from.
    """

    def __init__(self, above: int, parent: Array, *index: Array) -> None:
        self.above = above
        self.parent = parent
        self.index = index
        self.size = len(parent)

    @cached_property
    def starts(self) -> Array:
        """First row of each parent, and at the end the number of rows."""
        return offsets(np.bincount(self.parent, minlength=self.above))

    @property
    def place(self) -> Array:
        """Place of each row among those of its parent, from 0."""
        return np.arange(self.size) - self.starts[self.parent]


class Lists(Axis):
    """The items of lists, given where each list starts, and at the end how many items there are."""

    def __init__(self, starts: Array) -> None:
        self.above = len(starts) - 1
        self.index = ()
        self.size = int(starts[-1])
        self.starts = starts

    @cached_property
    def parent(self) -> Array:  # type: ignore[override]  # computed once, as it is set once
        """The list of each item: of long lists that are only looked into, nobody asks for it."""
        return np.repeat(np.arange(self.above), np.diff(self.starts))


def offsets(counts: Array) -> Array:
    """Return where each of some groups starts, and at the end how long they are together."""
    starts = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def room(counts: Array) -> Array:
    """Return how many candidates there are for each row, if all of them may be in memory."""
    rows, most = int(counts.sum()), MOST_ROWS.get()
    if rows > most:
        raise TooManyRows(f"{rows} candidates at a time, and at most {most} can be")
    return counts


def stored(array: ak.Array, depth: int = 1) -> Axis:
    """Return the axis of the items of a column of lists (or, at depth 2, of the elements of their lists)."""
    layout = array.layout
    starts = np.zeros(1, dtype=np.int64)
    for _ in range(depth):
        layout, starts = below(layout)
    return Lists(starts)


def below(layout: Any) -> tuple[Any, Array]:
    """Return the elements of lists one after the other; where each list starts, and how many there are at the end."""
    there = None
    if layout.is_option:
        there = np.asarray(layout.mask_as_bool(valid_when=True))
        layout = layout.project()
    elif layout.is_indexed:
        layout = layout.project()
    if layout.is_numpy:
        layout = layout.to_RegularArray()
    if not isinstance(layout, ak.contents.ListOffsetArray):
        layout = layout.to_ListOffsetArray64(True)
    starts = np.asarray(layout.offsets, dtype=np.int64)
    inside = layout.content[starts[0] : starts[-1]]
    starts = starts - starts[0] if starts[0] else starts
    if there is not None:
        counts = np.zeros(len(there), dtype=np.int64)
        counts[there] = np.diff(starts)
        starts = offsets(counts)
    return inside, starts


def where(source: Axis, mask: Array) -> Axis:
    """Return the rows for which a condition is true."""
    index = np.flatnonzero(mask)
    return Axis(source.above, source.parent[index], index)


def sort(source: Axis, *keys: tuple[Array, bool]) -> Axis:
    """Return the rows of each parent in the order of keys (downwards, where that is true), of which the first decides.

    The order is stable. A missing key stands behind all others, as NaN does for numpy, and is equal to other missing ones.
    """
    order = np.lexsort(
        (
            *(reversed_if(key, descending) for key, descending in reversed(keys)),
            source.parent,
        )
    )
    return Axis(source.above, source.parent, order)


def reversed_if(key: Array, descending: bool) -> Array:
    """Return a key whose order is that of another one, or the opposite."""
    if not descending:
        return key
    # The negative of the lowest whole number would be itself.
    turned: Array = -key if key.dtype.kind == "f" else ~key
    return turned


def best(source: Axis, *keys: tuple[Array, bool]) -> Axis:
    """Return for each parent the row with the lowest keys (highest, where that is true).

    The first key decides, then the second, and so on, and last the order of the rows; a row that misses a key
    does not take part.
    """
    rows = np.flatnonzero(~np.logical_or.reduce([np.isnan(key) for key, _ in keys]))
    for key, highest in keys:
        rows = rows[is_best(key[rows], source.parent[rows], highest=highest)]
    first = rows[first_of_runs(source.parent[rows])]
    return Axis(source.above, source.parent[first], first)


def is_best(keys: Array, parent: Array, *, highest: bool) -> Array:
    """Return which rows have the lowest (or highest) key of their parent; rows of one parent stand together."""
    starts = np.flatnonzero(first_of_runs(parent))
    extremes = (np.maximum if highest else np.minimum).reduceat(keys, starts)
    equal: Array = keys == np.repeat(extremes, np.diff(starts, append=len(keys)))
    return equal


def first_of_runs(values: Array) -> Array:
    """Return where a new value begins."""
    starts = np.ones(len(values), dtype=bool)
    starts[1:] = values[1:] != values[:-1]
    return starts


class Joined(Axis):
    """The rows of several axes with one parent: `order` has their places in the plain concatenation."""

    def __init__(
        self, above: int, parent: Array, order: Array, sizes: list[int]
    ) -> None:
        super().__init__(above, parent)
        self.order = order
        self.sizes = sizes

    def source(self, number: int) -> Array:
        """Return the rows in one of the sources, -1 for rows of the others."""
        start = sum(self.sizes[:number])
        row = self.order - start
        return np.where((row >= 0) & (row < self.sizes[number]), row, -1)


def concatenate(*sources: Axis) -> Joined:
    """Return the rows of several axes: for each parent one source after the other."""
    parents = np.concatenate([source.parent for source in sources])
    order = np.argsort(parents, kind="stable")
    sizes = [source.size for source in sources]
    return Joined(sources[0].above, parents[order], order, sizes)


def interleave(axis: Joined, *values: Any) -> Array:
    """Return the values of several sources in the order of their concatenation."""
    columns = [
        value if isinstance(value, np.ndarray) else np.full(size, value)
        for value, size in zip(values, axis.sizes, strict=True)
    ]
    return np.concatenate(columns)[axis.order]


def combine(slots: Sequence[Axis], relations: Sequence[tuple[int, str, int]]) -> Axis:
    """Return every combination of one row of each slot within a parent.

    A relation `(i, "<", j)` asks that slot `i` has the earlier row of the two, `(i, "!=", j)` that they differ.
    """
    index = [np.arange(slots[0].size)]
    parent = slots[0].parent
    for number, slot in enumerate(slots[1:], start=1):
        first = slot.starts[parent]
        stop = slot.starts[parent + 1]
        asked = [(i, relation) for i, relation, j in relations if j == number]
        for i, relation in asked:
            if relation == "<":
                first = np.maximum(first, index[i] + 1)
        counts = room(np.maximum(stop - first, 0))
        left = np.repeat(np.arange(len(parent)), counts)
        row = np.arange(len(left)) + np.repeat(first - offsets(counts)[:-1], counts)
        index = [column[left] for column in index]
        different = [index[i] != row for i, relation in asked if relation == "!="]
        if different:
            keep = np.flatnonzero(np.logical_and.reduce(different))
            left, row = left[keep], row[keep]
            index = [column[keep] for column in index]
        index.append(row)
        parent = parent[left]
    return Axis(slots[0].above, parent, *index)


def bounds(axis: Axis, parent: Array) -> tuple[Array, Array]:
    """Return the first row of some parents, and the row behind the last (-1 has none)."""
    if not axis.above:
        nothing = np.zeros(len(parent), dtype=np.int64)
        return nothing, nothing
    known = np.maximum(parent, 0)
    first = axis.starts[known]
    return first, np.where(parent >= 0, axis.starts[known + 1], first)


def expand(source: Axis, key: Array) -> Axis:
    """Return for each key the rows of an axis that belong to that parent (none to -1)."""
    first, stop = bounds(source, key)
    counts = room(stop - first)
    parent = np.repeat(np.arange(len(key)), counts)
    row = np.arange(len(parent)) + np.repeat(first - offsets(counts)[:-1], counts)
    return Axis(len(key), parent, row)


def each(size: int) -> Axis:
    """Return an axis with one row for each row of a table."""
    rows = np.arange(size)
    return Axis(size, rows, rows)


def flatten(source: Axis, above: Axis) -> Axis:
    """Return the rows as belonging to the parents of their parents."""
    return Axis(above.above, above.parent[source.parent])


def take(values: Any, index: Array, missing: Any) -> Array:
    """Return the values in some rows; `missing` in row -1."""
    if not isinstance(values, np.ndarray):
        chosen: Array = np.where(index >= 0, values, missing)
        return chosen
    if not len(values):
        return np.full(len(index), missing, dtype=values.dtype)
    taken: Array = values[index]
    absent = index < 0
    if absent.any():
        taken[absent] = missing
    return taken


def element(
    axis: Axis, place: Any, parent: Array | None = None, *, from_end: bool = False
) -> Array:
    """Return the row at a place among those of a parent, -1 where there is none.

    Without `parent`, for each row of the table above; a place below 0 counts `from_end`, or is none.
    """
    if parent is None:
        first, stop = axis.starts[:-1], axis.starts[1:]
    else:
        first, stop = bounds(axis, parent)
    row = np.where(place < 0, stop, first) + place if from_end else first + place
    there = (row >= first) & (row < stop)
    found: Array = np.where(there if from_end else there & (place >= 0), row, -1)
    return found


def is_first(axis: Axis, values: Array) -> Array:
    """Return whether a value is the first of its kind among the rows of its parent."""
    order = np.lexsort((values, axis.parent))
    same = ~(first_of_runs(values[order]) | first_of_runs(axis.parent[order]))
    first = np.ones(axis.size, dtype=bool)
    first[order[same]] = False
    return first
