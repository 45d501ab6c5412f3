"""What each difference between two programs does to events: which versions are run, and what is asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from hepsel.compare.drafts import CannotExchange
from hepsel.compare.entries import Entry
from hepsel.compare.exchange import FILLED, Exchange, Exchanger, Side
from hepsel.compare.fills import FillChange, FillColumns
from hepsel.compare.verdicts import Comparison, Row
from hepsel.compare.versions import Fill, Version, Versions, differing
from hepsel.errors import DataError
from hepsel.semantics import program as typed
from hepsel.semantics.passing import conjunction
from hepsel.semantics.program import Expr, Program
from hepsel.semantics.types import BOOL

_NEVER = typed.Constant(False, type=BOOL)


@dataclass(frozen=True, slots=True)
class Change:
    """A set of events before and after a criterion was exchanged: columns that say which events are in it.

    Attributes
    ----------
    name
        Of the region, or of the bin of a region.
    before, after
        Names of columns.
    """

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ItemChange:
    """Columns with the number of items of a block that an exchange adds, and of those that it takes away."""

    block: str
    gained: str
    lost: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What is asked of one exchange.

    Attributes
    ----------
    reason
        Why it cannot be made, or why no event depends on it; `None` when it is made.
    possible
        Whether the criterion can be exchanged alone.
    events
        The sets of events that it may change; what is not listed stays the same for all events.
    items
        The same for the items of objects and composites.
    weights
        Names of columns: whether the weight of an event that is selected with and without it changes.
    fills
        Histograms, bins and columns in which events may put something else.
    sums
        Whether the cutflow counts events with other weights, though they have the same in the end.
    """

    reason: str | None = None
    possible: bool = True
    events: tuple[Change, ...] = ()
    items: tuple[ItemChange, ...] = ()
    weights: tuple[str, ...] = ()
    fills: tuple[FillChange, ...] = ()
    sums: bool = False


@dataclass(frozen=True, slots=True)
class RegionPair:
    """Two regions that are counterparts; the columns say which events they select, the traces where events fail."""

    first: str
    second: str
    columns: tuple[str, str]
    traces: tuple[str, str]


@dataclass
class Questions:
    """All that is asked of the events, as one program.

    Attributes
    ----------
    comparison
        The two programs and how they differ.
    pairs
        Regions that are counterparts.
    effects
        For each difference what it does to the first program alone, and put back, to the second.
    labels
        What the criteria of the regions are called, by side and identity.
    """

    comparison: Comparison
    pairs: list[RegionPair] = field(default_factory=list)
    effects: list[tuple[Effect, Effect]] = field(default_factory=list)
    labels: tuple[dict[str, str], dict[str, str]] = field(default_factory=lambda: ({}, {}))

    def __post_init__(self) -> None:
        programs = self.comparison.first, self.comparison.second
        if programs[0].format != programs[1].format:
            raise DataError("the programs are for different formats: the same files cannot be read by both")
        self._versions = Versions(programs)
        self._exchanger = Exchanger.of(self.comparison)
        drafts = self._exchanger.drafts
        self._base = self._versions.version(drafts[0]), self._versions.version(drafts[1])
        self._columns: dict[Expr, str] = {}
        for first, second in self.comparison.matching.pairs:
            if first in programs[0].regions:
                self._pair(first, second)
        for row in self.comparison.differences:
            self.effects.append((self._effect(row, 0), self._effect(row, 1)))

    @cached_property
    def program(self) -> Program:
        """The one program that answers all of it."""
        return self._versions.program()

    def _pair(self, first: str, second: str) -> None:
        columns, traces = [], []
        for side, (version, region) in enumerate(zip(self._base, (first, second), strict=True)):
            cuts = version.cuts(region)
            self.labels[side].update({cut.criterion.id: cut.criterion.label for cut in cuts})
            trace = f"{self.comparison.names[side]}: {region}"
            self._versions.trace(trace, cuts)
            columns.append(self._column(version.passes(region)))
            traces.append(trace)
        self.pairs.append(RegionPair(first, second, (columns[0], columns[1]), (traces[0], traces[1])))

    def _column(self, expr: Expr) -> str:
        if expr not in self._columns:
            self._columns[expr] = f"column{len(self._columns)}"
            self._versions.observe(self._columns[expr], expr)
        return self._columns[expr]

    # ---------------------------------------------------------------- one exchange

    def _effect(self, row: Row, host: Side) -> Effect:
        if row.kind == "external":
            return Effect("it is never applied")
        if row.kind in FILLED and not (row.first and row.second):
            return Effect(f"only {self.comparison.names[0 if row.first else 1]} fills it like this")
        try:
            exchange = self._exchanger.exchange(row, host)
        except CannotExchange as error:
            return Effect(str(error), possible=False)
        base, version = self._base[host], self._versions.version(exchange.version)
        items, weights = self._items(exchange, base, version), self._weights(host, base, version)
        fills = self._fills(row, host, base, version)
        if row.kind == "bin":
            return Effect(events=self._bins(row, host, version), items=items, weights=weights, fills=fills)
        events = self._regions(host, base, version)
        sums = self._sums(host, base, version)
        return Effect(events=events, items=items, weights=weights, fills=fills, sums=sums)

    def _regions(self, host: Side, base: Version, version: Version) -> tuple[Change, ...]:
        found = []
        for region in self._program(host).regions:
            before, after = base.passes(region), version.passes(region)
            if before != after:
                found.append(Change(region, self._column(before), self._column(after)))
        return tuple(found)

    def _bins(self, row: Row, host: Side, version: Version) -> tuple[Change, ...]:
        found = []
        for unit in row.places:
            assert unit.pair is not None
            ours, theirs = (unit.first, unit.second) if host == 0 else (unit.second, unit.first)
            region = unit.pair[host]
            names = self._bin_name(ours, host), self._bin_name(theirs, 1 - host)
            before = self._base[host].bins(region).get(names[0], _NEVER)
            after = version.bins(region).get(names[1], _NEVER)
            name = f"bin {names[0] or names[1]} of {region}"
            found.append(Change(name, self._column(before), self._column(after)))
        return tuple(found)

    def _bin_name(self, entries: Sequence[Entry], side: int) -> str:
        for entry in entries:
            for statement in self._program(side).regions[entry.block].statements:
                if isinstance(statement, typed.NamedBin) and statement.criterion.id == entry.id:
                    return statement.criterion.label
        return ""

    def _weights(self, host: Side, base: Version, version: Version) -> tuple[str, ...]:
        found = []
        for region in self._program(host).regions:
            before, after = base.weight(region), version.weight(region)
            if before != after:
                selected = base.passes(region), version.passes(region)
                found.append(self._column(conjunction([*dict.fromkeys(selected), differing(before, after)])))
        return tuple(found)

    def _sums(self, host: Side, base: Version, version: Version) -> bool:
        for region in self._program(host).regions:
            before, after = base.sums(region), version.sums(region)
            moved = any(after.get(cut, weight) != weight for cut, weight in before.items())
            if moved and base.weight(region) == version.weight(region):
                return True
        return False

    def _fills(self, row: Row, host: Side, base: Version, version: Version) -> tuple[FillChange, ...]:
        found = []
        for region in self._program(host).regions:
            before, after = base.fills(region), version.fills(region)
            for (kind, name), fill in before.items():
                new = after.get((kind, name), fill)
                if fill != new and not kind == row.kind == "bin":  # what a `bin` gains and loses is told as such
                    names = self._fill_columns(fill), self._fill_columns(new)
                    selected, weight = (
                        (self._column(one), self._column(other))
                        for one, other in (
                            (base.passes(region), version.passes(region)),
                            (base.weight(region), version.weight(region)),
                        )
                    )
                    found.append(FillChange(f"{region}/{name}", *names, selected, weight))
        return tuple(found)

    def _fill_columns(self, fill: Fill) -> FillColumns:
        return FillColumns(
            fill.kind,
            self._column(fill.inside),
            self._column(fill.weight),
            tuple(self._column(axis.value) for axis in fill.axes),
            tuple(axis.edges for axis in fill.axes),
            None if fill.factor is None else self._column(fill.factor),
            fill.fold,
        )

    def _items(self, exchange: Exchange, base: Version, version: Version) -> tuple[ItemChange, ...]:
        found = []
        for block in exchange.blocks:
            before, after = base.block(block), version.block(block)
            paths = base.leaves(block)
            if before != after and paths and paths == version.leaves(block):
                gained = self._column(self._versions.items_only_in(after, before, paths))
                lost = self._column(self._versions.items_only_in(before, after, paths))
                found.append(ItemChange(block, gained, lost))
        return tuple(found)

    def _program(self, side: int) -> Program:
        return self.comparison.second if side else self.comparison.first
