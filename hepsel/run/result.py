"""Results of a run: what they hold, and how those of parts of the events become those of all.

The generated code, which imports nothing of hepsel, and the interpreter both give plain dictionaries of this shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, TypeVar, cast

if TYPE_CHECKING:
    import awkward as ak
    import hist

GOOD_RUNS = "good runs"
"""Identity and label of the cutflow row that a good-run list gives."""


class CutflowRow(TypedDict):
    """Events that pass the criterion and all before it; a row that was not applied repeats the one before it."""

    id: str
    label: str
    applied: bool
    events: int
    sumw: float
    sumw2: float


class ItemRow(TypedDict):
    """Items that pass the criterion and all before it, over all events."""

    id: str
    label: str
    applied: bool
    items: int


class BinRow(TypedDict):
    """Events of a named bin, or of one cell of a grid."""

    name: str
    events: int
    sumw: float
    sumw2: float


class Result(TypedDict):
    """What a program yields.

    Dictionaries are keyed by region, `items` by block, `missing_weights` (events at the weight) and
    `missing_in_selected` (those of them that pass the region) by `region.weight`, and `histograms` by `region/name`.
    `first_failed` and `identifiers` (of every event that was read) are there when a trace was asked for.
    """

    events: int
    cutflow: dict[str, list[CutflowRow]]
    items: dict[str, list[ItemRow]]
    bins: dict[str, list[BinRow]]
    overlaps: dict[str, int]
    missing_weights: dict[str, int]
    missing_in_selected: dict[str, int]
    histograms: dict[str, hist.Hist[Any]]
    columns: dict[str, dict[str, ak.Array]]
    selected: dict[str, dict[str, ak.Array]]
    first_failed: NotRequired[dict[str, list[str | None]]]
    identifiers: NotRequired[dict[str, ak.Array]]


def standard(raw: Mapping[str, Any]) -> Result:
    """Return the result of either execution path with histograms as `hist.Hist` and columns as awkward arrays."""
    import awkward as ak

    def arrays(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, ak.Array]]:
        return {key: {name: ak.Array(column) for name, column in table.items()} for key, table in tables.items()}

    result = dict(raw)
    result["histograms"] = {key: _histogram(value) for key, value in raw["histograms"].items()}
    result["columns"] = arrays(raw["columns"])
    result["selected"] = arrays(raw["selected"])
    if raw.get("first_failed") is None:
        result.pop("first_failed", None)
    else:
        result["first_failed"] = {key: list(ids) for key, ids in raw["first_failed"].items()}
    return cast(Result, result)


def _histogram(value: Any) -> hist.Hist[Any]:
    """Return `value` with variable axes, whatever gave it: all parts then add."""
    if isinstance(value, Mapping):
        return make_histogram(**value)
    view = value.view(flow=True)
    return make_histogram([axis.edges for axis in value.axes], view["value"], view["variance"])


def make_histogram(edges: Sequence[Sequence[float]], values: Any, variances: Any) -> hist.Hist[Any]:
    """Return a histogram of weights from its edges, and its contents with under- and overflow."""
    import hist
    import numpy as np

    axes = [hist.axis.Variable([float(edge) for edge in axis]) for axis in edges]
    histogram: hist.Hist[Any] = hist.Hist(*axes, storage=hist.storage.Weight())
    view: Any = histogram.view(flow=True)
    view["value"] = np.asarray(values, dtype=float)
    view["variance"] = np.asarray(variances, dtype=float)
    return histogram


# ------------------------------------------------------------------ from parts to the whole


def merge(parts: Sequence[Result]) -> Result:
    """Return the result of all events from those of consecutive parts.

    Sums add one after the other in the order of `parts`: the same parts in the same order give the same bits.

    Parameters
    ----------
    parts
        At least one result of the same program.
    """
    import awkward as ak
    import numpy as np

    from hepsel.backends.awkward.runtime.output import joined

    def columns(arrays: Sequence[ak.Array]) -> ak.Array:
        filled = [array for array in arrays if len(array)]  # an empty one may not know its type
        if len(filled) > 1:
            return ak.concatenate(filled)
        return filled[0] if filled else arrays[0]

    def numbers(arrays: Sequence[ak.Array]) -> ak.Array:
        filled = [np.asarray(array) for array in arrays if len(array)]
        return ak.Array(joined(filled)) if filled else arrays[0]

    first = parts[0]
    if len(parts) == 1:
        return first
    whole: Result = {
        "events": sum(part["events"] for part in parts),
        "cutflow": _rows([part["cutflow"] for part in parts], ("events", "sumw", "sumw2")),
        "items": _rows([part["items"] for part in parts], ("items",)),
        "bins": _rows([part["bins"] for part in parts], ("events", "sumw", "sumw2")),
        "overlaps": _each([part["overlaps"] for part in parts], sum),
        "missing_weights": _each([part["missing_weights"] for part in parts], sum),
        "missing_in_selected": _each([part["missing_in_selected"] for part in parts], sum),
        "histograms": _each([part["histograms"] for part in parts], _added),
        "columns": _tables([part["columns"] for part in parts], columns),
        "selected": _tables([part["selected"] for part in parts], numbers),
    }
    if "first_failed" in first:
        whole["first_failed"] = _each(
            [part["first_failed"] for part in parts], lambda lists: [id_ for ids in lists for id_ in ids]
        )
    if "identifiers" in first:
        whole["identifiers"] = _each([part["identifiers"] for part in parts], numbers)
    return whole


_Value = TypeVar("_Value")


def _each(parts: Sequence[dict[str, _Value]], combine: Callable[[Sequence[_Value]], _Value]) -> dict[str, _Value]:
    return {key: combine([part[key] for part in parts]) for key in parts[0]}


def _tables(
    parts: Sequence[dict[str, dict[str, _Value]]], combine: Callable[[Sequence[_Value]], _Value]
) -> dict[str, dict[str, _Value]]:
    return _each(parts, lambda tables: _each(tables, combine))


def _rows(parts: Sequence[Mapping[str, Iterable[Any]]], counts: Sequence[str]) -> dict[str, Any]:
    return {
        key: [
            rows[0] | {name: sum(row[name] for row in rows) for name in counts}
            for rows in zip(*(part[key] for part in parts), strict=True)
        ]
        for key in parts[0]
    }


def _added(histograms: Sequence[hist.Hist[Any]]) -> hist.Hist[Any]:
    total = histograms[0].copy()
    for histogram in histograms[1:]:
        total += histogram
    return total


# ------------------------------------------------------------------ good runs


def with_good_runs(result: Result, good: Any) -> Result:
    """Return the result of the events in good runs as one of all events, with a row for the good runs.

    Parameters
    ----------
    result
        Result of the events for which `good` is true.
    good
        For each event that was read whether it lies in a good run.
    """
    cutflow: dict[str, list[CutflowRow]] = {}
    for region, (everything, *rows) in result["cutflow"].items():
        count = float(len(good))
        row: CutflowRow = {**everything, "id": GOOD_RUNS, "label": GOOD_RUNS}
        first: CutflowRow = {**everything, "events": len(good), "sumw": count, "sumw2": count}
        cutflow[region] = [first, row, *rows]
    changed: Result = {**result, "events": len(good), "cutflow": cutflow}
    if "first_failed" in result:
        changed["first_failed"] = {region: _reinserted(ids, good) for region, ids in result["first_failed"].items()}
    return changed


def _reinserted(ids: Iterable[str | None], good: Iterable[bool]) -> list[str | None]:
    of_good = iter(ids)
    return [next(of_good) if passes else GOOD_RUNS for passes in good]
