"""What a server answers about an event, as expressions of a query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hepsel.plan import nodes
from hepsel.plan.nodes import Operand, Ref
from hepsel.plan.remote.builder import Builder
from hepsel.plan.remote.conditions import AtLeast, Condition, Doubt, Holds, Some, counted_in, names_of
from hepsel.plan.remote.logic import both, either
from hepsel.plan.remote.query import Call, Expr, Items, Number, Size, added
from hepsel.plan.remote.rows import EventRow, ItemRow
from hepsel.plan.remote.steps import LONGEST, before_places

if TYPE_CHECKING:
    from hepsel.plan.remote.uproot import Uproot


def condition(asked: Condition, builder: Builder, events: str) -> Expr:
    """Return whether an event fulfils a condition; of `Doubt`, when everything else has been asked for."""
    match asked:
        case Holds(name=name):
            return builder.values.value(Ref(name), EventRow(events))
        case AtLeast(axes=axes, count=count, tests=tests):
            numbers = [
                _size(axis, names, builder) for axis, names in zip(axes, tests or ((),) * len(axes), strict=True)
            ]
            return Call(">=", (added(numbers), Number(count)))
        case Some(axis=axis, test=test):
            row = builder.lists.get(axis).row
            there = builder.values.map(test, ItemRow(axis, row))
            return Call(">", (builder.lists.count(Items(axis), row, there), Number(0)))
        case Doubt(columns=columns, lists=lists):
            values = [builder.values.value(Ref(name), EventRow(events)) for name in columns]
            known = [builder.lists.get(axis) for axis in lists]
            names = [one.axis if one.place is None else before_places(one.axis) for one in known]
            return either(*values, *(Call(">", (Size(Items(name)), Number(LONGEST))) for name in names))


def number(row: nodes.ItemRow, dialect: Uproot, builder: Builder) -> Expr:
    """Return how many items of an event are in a row of an item-level cutflow."""
    if row.mask is not None:
        items = builder.lists.get(row.axis.name)
        mask: Operand = row.mask
        return builder.lists.count(
            Items(items.axis), items.row, builder.values.value(mask, ItemRow(items.axis, items.row))
        )
    return added([_size(axis, (), builder) for axis in _counted(row, dialect)])


def _counted(row: nodes.ItemRow, dialect: Uproot) -> tuple[str, ...]:
    """Return the definitions that a number of items depends on: how they are sorted is none of them."""
    if row.mask is not None:
        return (counted_in(row),)
    parts = dialect.parts(row.axis.name)
    assert not isinstance(parts, str), parts
    return parts


def _size(axis: str, tests: tuple[str, ...], builder: Builder) -> Expr:
    """Return how many items of a list there are of which some columns are true."""
    items = builder.lists.get(axis)
    row = ItemRow(items.axis, items.row)
    there = both(*(builder.values.value(Ref(name), row) for name in tests))
    return builder.lists.count(Items(items.axis), items.row, there)


def doubt(conditions: Iterable[Condition], rows: Iterable[nodes.ItemRow], dialect: Uproot) -> Doubt | None:
    """Return what says that a server cannot decide for certain, if that can be."""
    builder = dialect.builder()
    columns: dict[str, None] = {}
    for asked in conditions:
        condition(asked, builder, dialect.events)
        for name in names_of(asked):
            columns.update(dict.fromkeys(dialect.doubts(name)))
    for row in rows:
        number(row, dialect, builder)
        for name in _counted(row, dialect):
            columns.update(dict.fromkeys(dialect.doubts(name)))
    for name in columns:
        builder.values.value(Ref(name), EventRow(dialect.events))
    lists = tuple(name for name, items in builder.lists.all.items() if items.place is not None)
    return Doubt(tuple(columns), lists) if columns or lists else None
