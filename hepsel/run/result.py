"""Results of a run: what they hold, and how those of parts of the events become those of all.

The generated code, which imports nothing of hepsel, and the interpreter both give plain dictionaries of this shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, cast

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
    `missing_in_selected` (those of them that pass the region) by `region.weight`, or for the entries of a histogram by
    `region/name`, as are `histograms`.
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
    """Return the result of either execution path with histograms as `hist.Hist` and tables as `standard_tables`."""
    sums, tables = _divided(raw)
    histograms = {key: _histogram(value) for key, value in raw["histograms"].items()}
    return cast(Result, {**sums, "histograms": histograms, **standard_tables(tables)})


def standard_tables(raw: Mapping[str, Any]) -> Tables:
    """Return the tables of either execution path with columns as awkward arrays, without those not asked for."""
    import awkward as ak

    def arrays(table: Mapping[str, Any]) -> dict[str, ak.Array]:
        return {name: ak.Array(column) for name, column in table.items()}

    result = {key: value for key, value in raw.items() if value is not None}
    for kind in ("columns", "selected"):
        if kind in result:
            result[kind] = {region: arrays(table) for region, table in result[kind].items()}
    if "first_failed" in result:
        result["first_failed"] = {region: list(ids) for region, ids in result["first_failed"].items()}
    return result


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


Tables = Mapping[str, Any]
"""What a result has of each event; the rest are sums, as many for few events as for many."""


@dataclass(frozen=True, slots=True)
class Part:
    """The result of some events, of which what it has of each event need not be in memory.

    Attributes
    ----------
    sums
        The result without its tables.
    pieces
        Give the tables, those of consecutive events, whenever they are asked.
    """

    sums: Result
    pieces: tuple[Callable[[], Tables], ...]

    @classmethod
    def of(cls, result: Result, piece: Callable[[], Tables] | None = None) -> Part:
        """Return a result as one part; its tables are kept, unless something else gives them."""
        sums, tables = _divided(result)
        return cls(sums, (piece or (lambda: tables),))

    def tables(self) -> Iterator[Tables]:
        """Yield the tables of consecutive events."""
        return (piece() for piece in self.pieces)

    def result(self) -> Result:
        """Return the whole of it, in memory."""
        from hepsel.backends.awkward.runtime.output import end_to_end

        return cast(Result, {**self.sums, **end_to_end([*self.tables()])})


class Sum:
    """The result of all events from those of their parts, which may come in any order.

    Sums add one after the other in the order of the parts: the same parts give the same bits, whichever comes first.
    Sums of a part are not kept when they have been added.
    """

    def __init__(self) -> None:
        self._sums: Result | None = None
        self._pieces: list[Callable[[], Tables]] = []
        self._early: dict[int, Part | None] = {}
        self._next = 0

    def add(self, number: int, part: Part | None) -> None:
        """Take the part of this number, counted from 0; `None` if there is none."""
        from hepsel.backends.awkward.runtime.output import plus

        self._early[number] = part
        while self._next in self._early:
            following = self._early.pop(self._next)
            self._next += 1
            if following is not None:
                self._sums = following.sums if self._sums is None else plus(self._sums, following.sums)
                self._pieces += following.pieces

    @property
    def part(self) -> Part:
        """The parts that were taken, of which there is at least one, as one."""
        assert self._sums is not None
        assert not self._early
        return Part(self._sums, tuple(self._pieces))


def merge(parts: Iterable[Result]) -> Result:
    """Return the result of all events from those of consecutive parts, of which there is at least one."""
    whole = Sum()
    for number, part in enumerate(parts):
        whole.add(number, Part.of(part))
    return whole.part.result()


def _divided(result: Mapping[str, Any]) -> tuple[Result, Tables]:
    """Return the sums of a result, and its tables."""
    from hepsel.backends.awkward.runtime.output import TABLES

    tables = {key: value for key, value in result.items() if key in TABLES}
    return cast(Result, {key: value for key, value in result.items() if key not in TABLES}), tables


def tables_of(result: Result) -> Tables:
    """Return what a result has of each event."""
    return _divided(result)[1]


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
