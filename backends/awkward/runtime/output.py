"""Regions, and what they yield: cutflows, histograms, columns, lists of events."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import awkward as ak
import hist
import numpy as np
from hepsel.backends.awkward.runtime.axes import (
    MOST_ROWS,
    MOST_ROWS_OF_ONE_EVENT,
    Array,
    Axis,
    TooManyRows,
)

Result = dict[str, Any]
Sink = Callable[[Result], object]
"""Takes what results have of each event, chunk after chunk."""


class Region:
    """The events of a region, step by step.

    Parameters
    ----------
    name
        Its name.
    events
        Number of events.
    """

    def __init__(self, name: str, events: int) -> None:
        self.name = name
        self.passed = np.ones(events, dtype=bool)
        self.weight: Array | None = None
        self.failed = np.full(events, -1)
        self.criteria: list[str] = []
        self.cutflow: list[dict[str, Any]] = []
        self.bins: list[dict[str, Any]] = []
        self.in_bins = np.zeros(events, dtype=np.int64)
        self.missing: dict[str, Array] = {}
        self.histograms: dict[str, Any] = {}
        self.saved: list[tuple[str, Any, Axis | None, Array | None]] = []
        self.report(f"{name}.0", "all events", applied=True)

    def sums(self, mask: Array) -> dict[str, Any]:
        """Return the number of events, and the sums of their weights and of the squares of these."""
        events = int(np.count_nonzero(mask))
        if self.weight is None:
            return {"events": events, "sumw": float(events), "sumw2": float(events)}
        weight = self.weight[mask]
        return {
            "events": events,
            "sumw": added(weight),
            "sumw2": added(weight * weight),
        }

    def report(self, identity: str, label: str, *, applied: bool) -> None:
        """Add a row to the cutflow."""
        row = {"id": identity, "label": label, "applied": applied}
        self.cutflow.append({**row, **self.sums(self.passed)})

    def select(self, identity: str, label: str, condition: Array) -> None:
        """Keep the events for which a condition is true."""
        self.failed[self.passed & ~condition] = len(self.criteria)
        self.criteria.append(identity)
        self.passed = self.passed & condition
        self.report(identity, label, applied=True)

    def external(self, identity: str, label: str) -> None:
        """Report a criterion that cannot be applied."""
        self.report(identity, label, applied=False)

    def weigh(self, name: str, factor: Array) -> None:
        """Multiply the event weight; a product that is missing counts as 0, whatever it is multiplied by later."""
        product = factor if self.weight is None else self.weight * factor
        missing = np.isnan(product)
        self.missing[f"{self.name}.{name}"] = self.passed & missing
        self.weight = np.where(missing, 0.0, product)
        if len(self.cutflow) == 1:  # before the first criterion
            self.cutflow[0].update(self.sums(self.passed))

    def bin(self, name: str, condition: Array) -> None:
        """Report the events of a named part of the region."""
        mask = self.passed & condition
        self.in_bins += mask
        self.bins.append({"name": name, **self.sums(mask)})

    def grid(self, name: str, *axes: tuple[Array, Array]) -> None:
        """Report the events in each cell of a grid, given by values and edges."""
        shape = tuple(len(edges) - 1 for _, edges in axes)
        places = [cell(values, edges) for values, edges in axes]
        inside = [
            self.passed & (found >= 0) & (found < bins)
            for found, bins in zip(places, shape, strict=True)
        ]
        mask = np.logical_and.reduce(inside)
        place = np.ravel_multi_index(tuple(found[mask] for found in places), shape)
        size = int(np.prod(shape))
        events = np.bincount(place, minlength=size)
        sumw = sumw2 = events.astype(float)
        if self.weight is not None:
            # In each cell added in the order of the events, as everywhere.
            weight = self.weight[mask]
            sumw = np.bincount(place, weight, size)
            sumw2 = np.bincount(place, weight * weight, size)
        for number, sides in enumerate(np.ndindex(*shape)):
            self.bins.append(
                {
                    "name": f"{name}[{','.join(map(str, sides))}]",
                    "events": int(events[number]),
                    "sumw": float(sumw[number]),
                    "sumw2": float(sumw2[number]),
                }
            )

    def histogram(
        self,
        name: str,
        *axes: tuple[Array, Array, str],
        rows: Axis | None = None,
        weight: Array | None = None,
        fold: bool = False,
        title: str | None = None,
    ) -> None:
        """Fill a histogram of values with these edges, event by event or `rows` by row.

        A `weight` multiplies that of the event; a product that is missing counts as 0.
        """
        keep = self.passed if rows is None else self.passed[rows.parent]
        for values, _, _ in axes:
            keep = keep & ~np.isnan(values)
        place: Any = 0
        shape: list[int] = []
        for values, edges, _ in axes:
            found = bin_of(values[keep], edges)
            if fold:
                found = np.clip(found, 1, len(edges) - 1)
            place = place * (len(edges) + 1) + found if shape else found
            shape.append(len(edges) + 1)
        size = int(np.prod(shape))
        product = self.weight
        if product is not None and rows is not None:
            product = product[rows.parent]
        if weight is not None:
            product = weight if product is None else product * weight
            missing = keep & np.isnan(product)
            product = np.where(missing, 0.0, product)
            without = np.zeros_like(self.passed)
            without[missing if rows is None else rows.parent[missing]] = True
            self.missing[f"{self.name}/{name}"] = without
        if product is None:
            sumw = sumw2 = np.bincount(place, minlength=size)
        else:
            filled = product[keep]
            sumw = np.bincount(place, filled, size)
            sumw2 = np.bincount(place, filled * filled, size)
        self.histograms[f"{self.name}/{name}"] = binned(
            [(edges, label) for _, edges, label in axes],
            sumw.reshape(shape),
            sumw2.reshape(shape),
            title,
        )

    def save(
        self,
        name: str,
        values: Any,
        *,
        rows: Axis | None = None,
        valid: Array | None = None,
    ) -> None:
        """Keep a column for the selected events."""
        self.saved.append((name, values, rows, valid))

    def columns(self) -> dict[str, Any]:
        """Return the saved columns of the selected events."""
        found: dict[str, Any] = {}
        for name, values, rows, valid in self.saved:
            column = values
            if valid is not None:
                column = ak.mask(ak.Array(values), valid)
            if rows is None:
                found[name] = column[self.passed]
            else:
                # Lists that are chosen after they are made would keep all the others in memory.
                inside = ak.Array(column)[self.passed[rows.parent]]
                counts = np.diff(rows.starts)[self.passed]
                found[name] = ak.unflatten(inside, counts)
        return found

    def first_failed(self) -> list[str | None]:
        """Return for each event the first criterion that it failed."""
        return [None if place < 0 else self.criteria[place] for place in self.failed]


def binned(
    axes: Sequence[tuple[Array, str]],
    values: Array,
    variances: Array,
    title: str | None,
) -> Any:
    """Return a histogram of weights, given edges and labels, and its contents with under- and overflow."""
    filled = hist.Hist(
        *(hist.axis.Variable(edges, label=label) for edges, label in axes),
        storage=hist.storage.Weight(),
        label=title,
    )
    view: Any = filled.view(flow=True)
    view["value"] = values
    view["variance"] = variances
    return filled


def added(values: Array) -> float:
    """Return a sum, added in order."""
    return float(np.cumsum(values)[-1]) if len(values) else 0.0


def cell(values: Array, edges: Array) -> Array:
    """Return the bin of each value, -1 or the number of bins where it is outside or missing.

    A bin to infinity holds infinity too.
    """
    passed = np.searchsorted(edges, values, side="right")
    return np.where((values == np.inf) & (edges[-1] == np.inf), passed - 2, passed - 1)


MANY = 2_000
"""Of fewer values, a search is quicker than a guess."""


def bin_of(values: Array, edges: Array) -> Array:
    """Return the bin of each value, 0 where it is below the edges, as a search finds it.

    Between even edges it can be guessed: only values that lie elsewhere, by the edges themselves, are searched for.
    """
    steps = np.diff(edges)
    if len(values) < MANY or not np.ptp(steps) <= 1e-6 * steps[0]:
        return np.searchsorted(edges, values, side="right")
    about = (values - edges[0]) / steps[0] + 1.0
    found: Array = np.clip(about, 0, len(edges)).astype(np.int64)
    low, high = np.append(-np.inf, edges), np.append(edges, np.inf)
    wrong = np.flatnonzero((values < low.take(found)) | (values >= high.take(found)))
    found[wrong] = np.searchsorted(edges, values[wrong], side="right")
    return found


@cache  # each chunk has the same
def uniform(bins: int, low: float, high: float) -> Array:
    """Return the edges of bins of one width between two decimal numbers, each rounded once."""
    first, last = Fraction(repr(low)), Fraction(repr(high))
    denominator = math.lcm(first.denominator, last.denominator)
    a, b = int(first * denominator), int(last * denominator)
    # Division of whole numbers of any size rounds once.
    return np.array(
        [(a * (bins - k) + b * k) / (denominator * bins) for k in range(bins + 1)]
    )


def edges(*values: float) -> Array:
    """Return the edges of bins."""
    return np.array(values)


def named(codes: Array, *names: str) -> ak.Array:
    """Return the names of enumeration values; None for missing ones."""
    # A name stands behind the mask: if there is none in a column, awkward cannot write it as Parquet.
    return ak.mask(ak.Array(names)[np.maximum(codes, 0)], codes >= 0)


def row(
    identity: str, label: str, items: Any, *, applied: bool = True
) -> dict[str, Any]:
    """Return a row of an item-level cutflow."""
    return {"id": identity, "label": label, "applied": applied, "items": int(items)}


def results(
    events: int,
    items: Mapping[str, Any],
    regions: Sequence[Region],
    identifiers: Mapping[str, Array],
    *,
    trace: bool,
) -> Result:
    """Return what some events yield."""
    found: Result = {
        "events": events,
        "cutflow": {region.name: region.cutflow for region in regions},
        "items": dict(items),
        "bins": {region.name: region.bins for region in regions},
        "overlaps": {
            region.name: int(np.count_nonzero(region.in_bins > 1)) for region in regions
        },
        "missing_weights": {
            name: int(np.count_nonzero(missing))
            for region in regions
            for name, missing in region.missing.items()
        },
        "missing_in_selected": {
            name: int(np.count_nonzero(missing & region.passed))
            for region in regions
            for name, missing in region.missing.items()
        },
        "histograms": {
            name: filled
            for region in regions
            for name, filled in region.histograms.items()
        },
        "columns": {region.name: region.columns() for region in regions},
        "selected": {
            region.name: {
                name: values[region.passed] for name, values in identifiers.items()
            }
            for region in regions
        },
    }
    if trace:
        found["first_failed"] = {
            region.name: region.first_failed() for region in regions
        }
    return found


TABLES = ("columns", "selected", "first_failed", "identifiers")
"""What a result has of each event; the rest are numbers, as many for few events as for many."""


def merge_results(parts: Iterable[Result], into: Sink | None = None) -> Result:
    """Add up the results of sets of events as they come.

    What they have of each event goes into a sink. Without one, it is joined at the end, and once, as that copies it.
    """
    numbers: Any = None
    tables: list[Result] = []
    take = tables.append if into is None else into
    for part in parts:
        take({key: part[key] for key in TABLES if key in part})
        rest = {key: value for key, value in part.items() if key not in TABLES}
        numbers = rest if numbers is None else plus(numbers, rest)
    return {**numbers, **end_to_end(tables)}


def plus(a: Any, b: Any) -> Any:
    """Add numbers, histograms and rows of some events to those of others."""
    if isinstance(a, dict):
        return {key: plus(a[key], b[key]) for key in a}
    if isinstance(a, list):
        return [merged_row(x, y) for x, y in zip(a, b, strict=True)]
    return a + b


def end_to_end(parts: Sequence[Any]) -> Any:
    """Return tables one after the other; of none, an empty one."""
    if not parts:
        return {}
    first = parts[0]
    if isinstance(first, dict):
        return {key: end_to_end([part[key] for part in parts]) for key in first}
    if isinstance(first, list):
        return [value for part in parts for value in part]
    # One that is empty may not know its type.
    filled = [part for part in parts if len(part)] or [first]
    if len(filled) == 1:
        return filled[0]
    if all(isinstance(part, np.ndarray) for part in filled):
        return joined(filled)
    if all(ak.to_layout(part).is_numpy for part in filled):
        return ak.Array(joined([np.asarray(part) for part in filled]))
    return ak.concatenate(filled)


def joined(parts: Sequence[Array]) -> Array:
    """Return values one after the other: whole numbers stay whole, also with and without a sign, of which numpy makes reals."""
    whole = np.concatenate(parts)
    if whole.dtype.kind != "f" or any(part.dtype.kind == "f" for part in parts):
        return whole
    # Beside numbers of 2^63 and more, one below 0 is another of these, stored with a sign.
    large = any(int(part.max(initial=0)) >= 2**63 for part in parts)
    kind = np.uint64 if large else np.int64
    return np.concatenate([part.astype(kind) for part in parts])


def merged_row(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any]:
    """Add the numbers of a row to those of another: only in rows do these keys not name something of the program."""
    same = ("id", "label", "name", "applied")
    return {key: a[key] if key in same else a[key] + b[key] for key in a}


def in_parts(
    select: Callable[[dict[str, ak.Array], int, bool], Result],
    columns: dict[str, ak.Array],
    events: int,
    trace: bool,
) -> Result:
    """Return what a selection yields; events with too many candidates for one go are halved until they fit.

    A single event cannot be halved, and may have more.
    """
    limit = MOST_ROWS.set(MOST_ROWS_OF_ONE_EVENT) if events == 1 else None
    try:
        return select(columns, events, trace)
    except TooManyRows:
        if events == 1:
            raise
    finally:
        if limit is not None:
            MOST_ROWS.reset(limit)
    half = events // 2
    first = {name: column[:half] for name, column in columns.items()}
    rest = {name: column[half:] for name, column in columns.items()}
    halves = (first, half), (rest, events - half)
    return merge_results(in_parts(select, part, count, trace) for part, count in halves)
