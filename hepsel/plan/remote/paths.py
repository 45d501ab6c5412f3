"""Follows the items of a plan, from one row to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hepsel.plan import nodes
from hepsel.plan.nodes import Const, Definition, Operand, Ref
from hepsel.plan.remote.query import Number
from hepsel.plan.remote.rows import (
    HERE,
    ChosenRow,
    EventRow,
    FixedRow,
    Inexpressible,
    ItemRow,
    Nowhere,
    PartRow,
    Row,
)

if TYPE_CHECKING:
    from hepsel.plan.remote.builder import Builder


class Steps:
    """Says which row an item of the plan is, seen from another row, where one step leads to the other.

    Parameters
    ----------
    by_name
        The definitions of the plan.
    """

    def __init__(self, by_name: Mapping[str, Definition]) -> None:
        self.by_name = by_name

    def is_event(self, axis: str | None) -> bool:
        """Whether an axis is that of the events."""
        return axis is not None and isinstance(self.by_name[axis].op, nodes.Events)

    def follow(self, operand: Operand, row: Row) -> Row:
        """Return the row that a column of items leads to from a row."""
        if isinstance(operand, Const):
            return Nowhere("")
        definition = self.by_name[operand.name]
        assert definition.target is not None
        if isinstance(row, Nowhere):
            return Nowhere(definition.target)
        if isinstance(row, PartRow | ChosenRow):
            inner = self.follow(operand, row.inner)
            return inner if isinstance(inner, Nowhere | EventRow) else replace(row, axis=inner.axis, inner=inner)
        match definition.op:
            case nodes.Index(axis=axis, slot=slot):
                return self._index(axis.name, slot, row)
            case nodes.Take(value=value, index=index):
                return self.follow(value, self.follow(index, row))
            case nodes.Rows():
                return row
            case nodes.Parent() if isinstance(row, ItemRow):
                return EventRow(definition.target)
            case nodes.Parent() if isinstance(row, FixedRow):
                return row.parent
            case nodes.Spread(value=value) if isinstance(row, FixedRow):
                return self.follow(value, row.parent)
            case nodes.View(value=value) if isinstance(row, FixedRow):
                return self.follow(value, row.below[0])
            case nodes.Merge(values=values) if isinstance(row, FixedRow):
                return self.follow(values[row.source], row.below[0])
            case nodes.ElementAt() as op:
                return self._element(op, row)
            case nodes.ArgBest() as op if isinstance(row, EventRow):
                return self._best(op)
        raise Inexpressible("an item of another list")

    def _index(self, axis: str, slot: int, row: Row) -> Row:
        op = self.by_name[axis].op
        if isinstance(row, FixedRow):
            if isinstance(op, nodes.Concat):
                return row.below[0] if slot == row.source else Nowhere(op.sources[slot].name)
            return row.below[slot]
        assert isinstance(row, ItemRow)
        match op:
            case nodes.Where(source=source) | nodes.Sorted(source=source) | nodes.Best(source=source):
                return ItemRow(source.name, row.name)
            case nodes.Combine(slots=parts) | nodes.Concat(sources=parts):
                source = parts[slot]
                inner = ItemRow(source.name, HERE)
                return PartRow(source.name, row, slot, inner, isinstance(op, nodes.Concat))
        raise Inexpressible("a list in a list")

    def _element(self, op: nodes.ElementAt, row: Row) -> Row:
        raise NotImplementedError

    def _best(self, op: nodes.ArgBest) -> Row:
        raise NotImplementedError


class Paths(Steps):
    """Says which row an item of the plan is, seen from another row of a query with lists."""

    def __init__(self, builder: Builder) -> None:
        super().__init__(builder.by_name)
        self.builder = builder
        self._are_lists: dict[str, bool] = {}

    def _best(self, op: nodes.ArgBest) -> Row:
        return self.builder.lists.best(op)

    def _element(self, op: nodes.ElementAt, row: Row) -> Row:
        if not isinstance(op.index, Const):
            raise Inexpressible("an item by a computed place")
        place = int(op.index.value)
        home = row if op.parent is None else self.follow(op.parent, row)
        if isinstance(home, EventRow) and self.is_list(op.axis.name):
            if not isinstance(row, EventRow):
                raise Inexpressible("an item of the event in a condition on items")
            return self.builder.lists.element(op.axis.name, place if op.from_end or place >= 0 else None)
        rows = self.inner(op.axis.name, home)
        if any(one.present or one.loop for one in rows):
            raise Inexpressible("an item by its place")
        at = place + len(rows) if place < 0 and op.from_end else place
        return rows[at] if 0 <= at < len(rows) else Nowhere(op.axis.name)

    # -------------------------------------------------------------- lists

    def is_list(self, axis: str) -> bool:
        """Whether the rows of an axis are items of a list of the event."""
        if axis not in self._are_lists:
            self._are_lists[axis] = self._is_list(axis)
        return self._are_lists[axis]

    def _is_list(self, axis: str) -> bool:
        definition = self.by_name[axis]
        match definition.op:
            case nodes.Stored():
                return self.is_event(definition.axis)
            case nodes.Where(source=source) | nodes.Sorted(source=source) | nodes.Best(source=source):
                return self.is_list(source.name)
            case nodes.Combine(context=context, slots=parts) | nodes.Concat(context=context, sources=parts):
                return self.is_event(context.name) and all(self.is_list(part.name) for part in parts)
        return False

    def inner(self, axis: str, row: Row) -> list[FixedRow]:
        """Return the rows of an inner axis that belong to a row."""
        match self.by_name[axis].op:
            case nodes.Each():
                return [FixedRow(axis, row, (row,))]
            case nodes.Concat(sources=sources):
                return [
                    FixedRow(axis, row, (one,), number, one.present, one.loop)
                    for number, source in enumerate(sources)
                    for one in self.inner(source.name, row)
                ]
            case nodes.Expand(source=source, key=key):
                return self._expanded(axis, source.name, key, row)
            case nodes.Where(source=source, mask=mask):
                return self._filtered(axis, source.name, mask, row)
            case nodes.Combine() as op:
                return self._combined(axis, op, row)
            case nodes.Flatten(source=source):
                above = self.by_name[source.name].axis
                assert above is not None
                outers = self.inner(above, row)
                if any(outer.loop is not None for outer in outers):
                    raise Inexpressible("pairs of items of other lists")
                return [
                    FixedRow(axis, row, (one,), 0, (*outer.present, *one.present), one.loop)
                    for outer in outers
                    for one in self.inner(source.name, outer)
                ]
        raise Inexpressible("a list in a list")

    def _expanded(self, axis: str, source: str, key: Ref, row: Row) -> list[FixedRow]:
        home = self.follow(key, row)
        if isinstance(home, Nowhere):
            return []
        if isinstance(home, EventRow) and self.is_list(source):
            if not isinstance(row, ItemRow):
                raise Inexpressible("lists in lists of lists")
            name = f"other_{self.builder.lists.get(source).row}"
            return [FixedRow(axis, row, (ItemRow(source, name),), loop=(source, name))]
        there = self.builder.values.exists(home)
        present = () if there == Number(True) else (there,)
        return [FixedRow(axis, row, (one,), 0, (*present, *one.present), one.loop) for one in self.inner(source, home)]

    def _filtered(self, axis: str, source: str, mask: Operand, row: Row) -> list[FixedRow]:
        found = []
        for one in self.inner(source, row):
            condition = self.builder.values.value(mask, one)
            if condition != Number(False):
                present = one.present if condition == Number(True) else (*one.present, condition)
                found.append(FixedRow(axis, row, (one,), 0, present, one.loop))
        return found

    def _combined(self, axis: str, op: nodes.Combine, row: Row) -> list[FixedRow]:
        groups: list[tuple[tuple[int, FixedRow], ...]] = [()]
        for slot in op.slots:
            rows = self.inner(slot.name, row)
            if any(one.loop is not None for one in rows):
                raise Inexpressible("pairs of items of another list")
            groups = [(*group, numbered) for group in groups for numbered in enumerate(rows)]
        found = []
        for group in groups:
            places = [place for place, _ in group]
            if all(
                places[r.earlier] < places[r.later] if r.operator == "<" else places[r.earlier] != places[r.later]
                for r in op.relations
            ):
                present = tuple(dict.fromkeys(condition for _, one in group for condition in one.present))
                found.append(FixedRow(axis, row, tuple(one for _, one in group), present=present))
        return found
