"""One criterion of a program exchanged for its counterpart in another one, all else staying what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hepsel.compare.blockwise import FILLS
from hepsel.compare.drafts import CannotExchange, Draft, Pairing, Said, Source, draft
from hepsel.compare.entries import Entry, Kind
from hepsel.compare.order import matters
from hepsel.compare.transplant import Transplant, retype
from hepsel.compare.variants import with_the_others
from hepsel.compare.verdicts import Comparison, Row
from hepsel.semantics import program as typed
from hepsel.semantics.ranges import overlapping

Side = Literal[0, 1]

FILLED: tuple[Kind, ...] = ("histogram", "column", "bins")
"""What events are put into, and depend on in nothing."""

_SEES_P4: frozenset[Kind] = frozenset(["p4", "criterion", "sort", "keep"])


@dataclass(frozen=True, slots=True)
class Exchange:
    """A version of a program with one criterion exchanged.

    Attributes
    ----------
    version
        The version.
    blocks
        The objects and composites in which the criterion stands, before and after.
    """

    version: Draft
    blocks: tuple[str, ...]


class Exchanger:
    """Exchanges criteria between the two programs of a comparison."""

    def __init__(self, comparison: Comparison, drafts: tuple[Draft, Draft]) -> None:
        self._comparison = comparison
        self._drafts = drafts
        self._rows = [unit for row in comparison.rows for unit in row.places]

    @classmethod
    def of(cls, comparison: Comparison) -> Exchanger:
        """Take the programs of a comparison apart."""
        programs = comparison.first, comparison.second
        first, second = (draft(p, b) for p, b in zip(programs, comparison.blocks, strict=True))
        return cls(comparison, (first, second))

    @property
    def drafts(self) -> tuple[Draft, Draft]:
        """The programs as they are."""
        return self._drafts

    def exchange(self, row: Row, host: Side) -> Exchange:
        """Put what the other program says into one of the programs, in the place of what it says itself.

        Parameters
        ----------
        row
            The difference.
        host
            The program that is changed: 0 is the first.

        Raises
        ------
        CannotExchange
            When that is not possible with this criterion alone.
        """
        if row.kind == "variant":
            return self._variant(row, host)
        operation = _Operation(self._comparison, self._rows, self._drafts, host)
        return operation.exchange(row)

    def _variant(self, row: Row, host: Side) -> Exchange:
        """Let a variant say what that of the other program does."""
        comparison = self._comparison
        if row.pair is None:
            raise CannotExchange(_only(row, comparison))
        programs = comparison.first, comparison.second
        pairs = comparison.matching.pairs
        names = {pair[1 - host]: pair[host] for pair in pairs}
        pair = row.pair[host], row.pair[1 - host]
        found = with_the_others(programs[host], programs[1 - host], pair, names)
        if found is None:
            raise CannotExchange(f"{comparison.names[host]} has not all that it names")
        return Exchange(*found)


@dataclass
class _Place:
    """Where a statement stands: in a block, and how many-eth there."""

    block: str
    index: int


class _Operation:
    def __init__(self, comparison: Comparison, rows: Sequence[Row], drafts: tuple[Draft, Draft], host: Side) -> None:
        self._comparison = comparison
        self._rows = rows
        self._side = host
        self._guest = drafts[1 - host]
        self._host = drafts[host].copy()
        self._touched: list[str] = []
        self._mark = f" of {comparison.names[1 - host]}"
        pairs = comparison.matching.pairs
        self._counterparts = {pair[1 - host]: pair[host] for pair in pairs}
        below = {
            block: pair[host]
            for pair, blocks in comparison.together.items()
            for block in blocks[1 - host]
            if block not in self._counterparts
        }
        slots = _slots(comparison, host, self._counterparts)
        self._transplant = Transplant(self._guest, self._host, self._counterparts, below, slots, self._mark)

    def exchange(self, row: Row) -> Exchange:
        for unit in row.places:
            self._unit(unit)
        self._check_tables()
        return Exchange(self._host, tuple(dict.fromkeys(self._touched)))

    # ---------------------------------------------------------------- the two sides of a row

    def _ours(self, row: Row) -> tuple[Entry, ...]:
        return row.first if self._side == 0 else row.second

    def _theirs(self, row: Row) -> tuple[Entry, ...]:
        return row.second if self._side == 0 else row.first

    def _unit(self, unit: Row) -> None:
        if unit.pair is None:
            raise CannotExchange(_only(unit, self._comparison))
        if unit.kind == "row":
            self._table(unit)
            return
        if max(len(unit.first), len(unit.second)) > 1:
            raise CannotExchange("only several criteria together say what others say")
        if unit.kind in ("source", "pairing") and not self._is_whole(unit):
            raise CannotExchange("a slot is neither added nor left out without what uses it")
        before = self._sequence(unit)
        old = [place for entry in self._ours(unit) if (place := self._remove(entry)) is not None]
        if self._theirs(unit):
            self._insert(unit, before, old)
        if unit.kind == "source":
            self._check_sources(unit)
            retype(self._host)

    def _is_whole(self, unit: Row) -> bool:
        """Whether the number of slots stays the same; an object may take from more or fewer collections."""
        composite = (unit.first or unit.second)[0].block
        side = 0 if unit.first else 1
        block = (self._comparison.first, self._comparison.second)[side].collections[composite]
        return isinstance(block, typed.ObjectBlock) or len(unit.first) == len(unit.second)

    def _check_sources(self, unit: Row) -> None:
        assert unit.pair is not None
        blocks = self._host.collections()
        for name in self._blocks(unit.pair, self._side):
            if not blocks[name].sources:
                raise CannotExchange(f"{name} would take from nothing")
        block = blocks[unit.pair[self._side]]
        if isinstance(block, typed.ObjectBlock) and len({typed.is_composite(blocks, s) for s in block.sources}) > 1:
            raise CannotExchange("items and candidates do not go together")

    def _remove(self, entry: Entry) -> _Place | None:
        said = self._host.said[entry.block]
        index = _index(said, entry)
        if index is None:
            return None  # a copy of a statement that was removed before
        self._host.said[entry.block] = said[:index] + said[index + 1 :]
        self._touch(entry.block)
        return _Place(entry.block, index)

    def _touch(self, block: str) -> None:
        if block in self._host.program.collections:
            self._touched.append(block)

    # ---------------------------------------------------------------- the place

    def _blocks(self, pair: tuple[str, str], side: int) -> tuple[str, ...]:
        return self._comparison.together[pair][side]

    def _sequence(self, unit: Row) -> list[tuple[_Place, Said]]:
        assert unit.pair is not None
        return [
            (_Place(block, index), said)
            for block in self._blocks(unit.pair, self._side)
            for index, said in enumerate(self._host.said[block])
        ]

    def _insert(self, unit: Row, before: list[tuple[_Place, Said]], old: list[_Place]) -> None:
        assert unit.pair is not None
        (theirs,) = self._theirs(unit)
        said = self._guest.said[theirs.block]
        index = _index(said, theirs)
        assert index is not None, f"{theirs.id} is said nowhere"
        statement = said[index].statement
        place = self._place(unit, theirs, before, old)
        if isinstance(statement, Source):
            ours = {id(entry) for entry in self._ours(unit)}
            removed = [s.statement for _, s in before if any(id(entry) in ours for entry in s.entries)]
            slots = [source.slot for source in removed if isinstance(source, Source)]
            statement = replace(statement, slot=slots[0] if slots else None)
        this = (theirs.block, place.block) if place.block in self._host.program.collections else None
        inside = self._host.said[place.block]
        behind_p4 = any(map(_is_p4, inside[: place.index]))
        length = len(inside)
        carried = self._transplant.statement(statement, this, behind_p4=behind_p4)
        if isinstance(carried, typed.HistogramFill | typed.SavedColumn | typed.GridBins):
            (kept,) = self._ours(unit)  # what is filled keeps its name
            assert kept.name is not None
            carried = replace(carried, name=kept.name)
        # What came along stands before it.
        index = place.index + len(self._host.said[place.block]) - length
        inside = self._host.said[place.block]
        self._host.said[place.block] = (*inside[:index], Said(carried, (theirs,)), *inside[index:])
        self._touch(place.block)

    def _place(self, unit: Row, theirs: Entry, before: list[tuple[_Place, Said]], old: list[_Place]) -> _Place:
        """Find where a statement of the guest goes: the same side of everything that its place matters to."""
        assert unit.pair is not None
        partner = self._partners(unit)
        places = {id(entry): n for n, (_, said) in enumerate(before) for entry in said.entries}
        low, high, near = -1, len(before), -1
        filled = low, high  # the same side of what is filled, too
        passed = False
        for other in self._guest_entries(unit.pair):
            if other is theirs:
                passed = True
                continue
            mine = places.get(id(partner.get(id(other))))
            if mine is None:
                continue
            if not passed:
                near = mine
            if matters(theirs.kind, other.kind):
                filled = (filled[0], min(filled[1], mine)) if passed else (max(filled[0], mine), filled[1])
            if _place_matters(theirs.kind, other.kind):
                low, high = (low, min(high, mine)) if passed else (max(low, mine), high)
        within = max(low, filled[0]), min(high, filled[1])
        low, high = within if within[0] < within[1] else (low, high)
        if low >= high:
            raise CannotExchange("its place cannot be told from that of others, which stand in another order")
        removed = {id(entry) for entry in self._ours(unit)}
        for n, (place, said) in enumerate(before):
            if low < n <= high and any(id(e) in removed for e in said.entries):
                return _now(place, old) if old else place
        for _, said in before[low + 1 : high]:
            unclear = [e for e in said.entries if id(e) not in removed and _place_matters(theirs.kind, e.kind)]
            if unclear:
                raise CannotExchange(f"it may stand on either side of {unclear[0].id}")
            if theirs.kind == "p4" and isinstance(said.statement, typed.LetItem):
                raise CannotExchange(f"it may stand on either side of let {said.statement.name}")
        heads = [n for n, (_, said) in enumerate(before) if isinstance(said.statement, Source | Pairing)]
        if theirs.kind not in ("source", "pairing") and heads:
            low = max(low, heads[-1])
        n = min(max(near, low) + 1, high)
        top = self._blocks(unit.pair, self._side)[-1]
        place = before[n][0] if n < len(before) else _Place(top, len([p for p, _ in before if p.block == top]))
        return _now(place, old)

    def _partners(self, unit: Row) -> dict[int, Entry]:
        """Return the entries of the host that correspond to those of the guest, in the same counterparts."""
        return {
            id(self._theirs(row)[0]): self._ours(row)[0]
            for row in self._rows
            if row.pair == unit.pair and len(row.first) == len(row.second) == 1
        }

    def _guest_entries(self, pair: tuple[str, str]) -> list[Entry]:
        blocks = self._blocks(pair, 1 - self._side)
        return [entry for block in blocks for said in self._guest.said[block] for entry in said.entries]

    # ---------------------------------------------------------------- tables

    def _table(self, unit: Row) -> None:
        assert unit.pair is not None
        ours, theirs = self._ours(unit), self._theirs(unit)
        host = self._host.tables[unit.pair[self._side]]
        guest = self._guest.tables[unit.pair[1 - self._side]]
        rows = list(host.rows)
        numbers = [entry.place for entry in (*ours, *theirs)]
        if 0 in numbers:
            if set(numbers) != {0}:
                raise CannotExchange("a row stands against the value of all other arguments")
            self._host.tables[host.name] = replace(host, otherwise=guest.otherwise)
            return
        if ours and theirs:
            rows[ours[0].place - 1] = guest.rows[theirs[0].place - 1]
        elif ours:
            del rows[ours[0].place - 1]
        else:
            rows.append(guest.rows[theirs[0].place - 1])
        self._host.tables[host.name] = replace(host, rows=tuple(rows))

    def _check_tables(self) -> None:
        for table in self._host.tables.values():
            if overlapping([row.ranges for row in table.rows]):
                raise CannotExchange("its ranges overlap with those of another row")


def _only(row: Row, comparison: Comparison) -> str:
    """Say which of two programs alone has the block of a verdict."""
    return f"only {comparison.names[0 if row.first else 1]} has {(row.first or row.second)[0].block}"


def _slots(comparison: Comparison, host: Side, counterparts: dict[str, str]) -> dict[tuple[str, str], str]:
    theirs, ours = comparison.slots[1 - host], comparison.slots[host]
    found = {(block, name): slot for (block, slot), name in ours.items()}
    return {
        (block, slot): found[counterparts[block], name]
        for (block, slot), name in theirs.items()
        if block in counterparts and (counterparts[block], name) in found
    }


def _index(said: Sequence[Said], entry: Entry) -> int | None:
    """Return which statement says an entry, and nothing else."""
    for index, one in enumerate(said):
        if any(other is entry for other in one.entries):
            if len(one.entries) > 1:
                others = ", ".join(other.id for other in one.entries if other is not entry)
                raise CannotExchange(f"it is one condition with {others}")
            return index
    return None


def _place_matters(kind: Kind, other: Kind) -> bool:
    """Whether the place of a statement matters to what is selected, and not only to what fills a bin."""
    if other in FILLS and kind not in FILLS:
        return False
    return matters(kind, other) or ("p4" in (kind, other) and {kind, other} <= _SEES_P4)


def _is_p4(said: Said) -> bool:
    return isinstance(said.statement, typed.LetItem) and said.statement.name == "p4"


def _now(place: _Place, removed: Sequence[_Place]) -> _Place:
    """Return where a place is after some statements were removed."""
    earlier = sum(other.block == place.block and other.index < place.index for other in removed)
    return _Place(place.block, place.index - earlier)
