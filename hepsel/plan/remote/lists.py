"""The lists of items that a query makes, with the fields that their items need."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hepsel.plan import nodes
from hepsel.plan.builder import identifier
from hepsel.plan.nodes import ColumnRead, CutTexts, Operand, Ref, SortKey
from hepsel.plan.remote.conditions import criteria_in
from hepsel.plan.remote.logic import MISSING, TRUE, both, choice
from hepsel.plan.remote.query import (
    AnyOther,
    Call,
    Expr,
    Field,
    Filter,
    Items,
    Member,
    Number,
    Ordered,
    Size,
    Slice,
    SumOther,
    has_more_parts,
    varies,
    within,
)
from hepsel.plan.remote.rows import (
    HERE,
    ChosenRow,
    EventRow,
    Inexpressible,
    ItemRow,
    PartRow,
    Row,
    check_varies,
    seen_from,
)

if TYPE_CHECKING:
    from hepsel.plan.remote.builder import Builder

GROUP = "group"
CHEAP = frozenset(("abs", "neg", "real", "+", "-", "*", "/", "where", "min", "max", "^"))
"""Functions that are written where they are needed, unless of many parts; the value of any other becomes a field."""

MANY = 5
LONG = 300
"""Values of events, and conditions on items, with more parts than this get a name."""

END = 2**31 - 1

INFINITY = float("inf")


@dataclass
class ItemList:
    """A list of items.

    Attributes
    ----------
    axis
        Its axis, or the name of a list that is no axis of the plan.
    row
        What an item is called in its expressions.
    op
        How it is made.
    source
        The list that its items are from, with their fields.
    parts
        Of candidates and unions: the lists that they are made from, each with what an item of it is called.
    chain
        How it is made from its source, where it has one: the last `Items` stands for that.
    apart
        Of pairs: what says that they are not of an item with itself.
    criteria
        What is decided by `chain`.
    fields
        What its fields are called, those of its source not among them.
    made
        Fields that its items get where they are made: one expression, or one for each list of a union.
    computed
        Fields that are computed from other fields of the same item, with how many such steps that takes.
    place
        Field that holds the place of the item in the list.
    taken
        What the fields are called of all lists that come from the same one, so that no name stands for two of them.
    """

    axis: str
    row: str
    op: nodes.Op | None
    source: ItemList | None = None
    parts: tuple[tuple[str, str | Member], ...] = ()
    chain: Expr | None = None
    apart: Expr | None = None
    criteria: tuple[CutTexts, ...] = ()
    fields: dict[Hashable, str] = field(default_factory=dict)
    made: dict[str, tuple[Expr, ...]] = field(default_factory=dict)
    computed: dict[str, tuple[int, Expr]] = field(default_factory=dict)
    place: str | None = None
    taken: set[str] = field(default_factory=set)

    def all_fields(self) -> Iterator[str]:
        """Yield the fields of an item."""
        if self.source is not None:
            yield from self.source.all_fields()
        yield from self.made
        if self.place is not None:
            yield self.place
        yield from self.computed

    def new_field(self, key: Hashable, hint: str) -> str:
        """Give a field a name."""
        name = nodes.new_name(identifier(hint), self.taken)
        self.taken.add(name)
        self.fields[key] = name
        return name


class Lists:
    """Makes lists when they are first asked for, and their fields likewise."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.by_name = builder.by_name
        self.all: dict[str, ItemList] = {}
        self.event_values: dict[str, Expr] = {}
        self.of_events: dict[str, tuple[int, Expr]] = {}
        """Values of events that are computed, with how many such steps that takes."""
        self._event_names: dict[Expr, str] = {}

    def get(self, axis: str) -> ItemList:
        """Return the list of an axis."""
        if axis not in self.all:
            if not self.builder.paths.is_list(axis):
                raise Inexpressible("a list in a list")
            self.all[axis] = self._new(axis)
        return self.all[axis]

    def _new(self, axis: str) -> ItemList:
        definition = self.by_name[axis]
        match definition.op:
            case nodes.Stored(column=column) as op:
                read = self.builder.plan.reads[column]
                if read.spec.is_list or read.depth != 1:
                    raise Inexpressible("lists of lists")
                if read.name in self.builder.absent:
                    raise Inexpressible("a branch that the files do not have")
                return ItemList(axis, self._row(read.collection), op)
            case nodes.Where(source=source, mask=mask):
                below = self.get(source.name)
                condition = self.builder.values.value(mask, ItemRow(below.axis, below.row))
                return self._filtered(axis, below, condition, tuple(dict.fromkeys(criteria_in(mask, self.by_name))))
            case nodes.Sorted(source=source, keys=keys):
                below = self.get(source.name)
                chain = self._ordered(below, keys)
                return ItemList(axis, below.row, definition.op, below, chain=chain, taken=below.taken)
            case nodes.Best(source=source, keys=keys):
                criteria = () if definition.texts is None else (definition.texts,)
                return self._best(axis, self.get(source.name), keys, 1, criteria)
            case nodes.Concat(sources=sources) as op:
                lists = [self.get(source.name) for source in sources]
                return ItemList(axis, self._row(axis), op, parts=tuple((one.axis, one.row) for one in lists))
            case nodes.Combine() as op:
                return self._combined(axis, op)
        raise Inexpressible("a list in a list")

    def _row(self, name: str) -> str:
        """Return what an item of a collection is called."""
        return nodes.new_name(identifier(name).lower(), {one.row for one in self.all.values()} | {GROUP, "e", "row"})

    def _filtered(self, axis: str, below: ItemList, condition: Expr, criteria: tuple[CutTexts, ...]) -> ItemList:
        check_varies(condition)
        chain = Filter(Items(below.axis), below.row, condition)
        return ItemList(
            axis, below.row, self.by_name[axis].op, below, chain=chain, criteria=criteria, taken=below.taken
        )

    def _combined(self, axis: str, op: nodes.Combine) -> ItemList:
        lists = [self.get(slot.name) for slot in op.slots]
        later = {relation.later for relation in op.relations if relation.operator == "<"}
        if len({one.axis for one in lists}) == 1 and later == set(range(1, len(lists))):
            parts = tuple((one.axis, Member(GROUP, place)) for place, one in enumerate(lists))
            return ItemList(axis, self._row(axis), op, parts=parts)
        if len(lists) != 2 or later:
            raise Inexpressible("candidates of several lists")
        found = ItemList(axis, self._row(axis), op, parts=((lists[0].axis, "one"), (lists[1].axis, "other")))
        if op.relations:
            places = [self.builder.values.place(ItemRow(one.axis, name)) for one, name in
                      zip(lists, ("one", "other"), strict=True)]  # fmt: skip
            for name, place in zip(("one_place", "other_place"), places, strict=True):
                found.made[found.new_field(name, name)] = (place,)
            found.apart = Call("!=", (Field(found.row, "one_place"), Field(found.row, "other_place")))
        return found

    # -------------------------------------------------------------- order

    def _key(self, below: ItemList, key: SortKey) -> tuple[Expr, Expr]:
        """Return a number to order by, lowest first, and whether it exists."""
        value = self.builder.values.value(key.value, ItemRow(below.axis, below.row))
        check_varies(value)
        kind = nodes.kind_of(key.value, self.by_name)
        there: Expr = TRUE if kind != "real" else Call("==", (value, value))
        number: Expr = value
        if kind == "bool":
            number = Call("*", (value, Number(1)))
        elif kind == "int":
            number = Call("real", (value,))
        return Call("neg", (number,)) if key.descending else number, there

    def _ordered(self, below: ItemList, keys: Sequence[SortKey]) -> Expr:
        items: Expr = Items(below.axis)
        for key in reversed(keys):
            number, there = self._key(below, key)
            if there == TRUE:
                items = Ordered(items, below.row, number)
                continue
            filled = choice(there, number, Number(INFINITY))
            missing = Call("*", (Call("not", (there,)), Number(1)))
            items = Ordered(Ordered(items, below.row, filled), below.row, missing)
        return items

    def _best(
        self, name: str, below: ItemList, keys: Sequence[SortKey], rank: int, criteria: tuple[CutTexts, ...] = ()
    ) -> ItemList:
        numbers = [self._key(below, key) for key in keys]
        there = both(*(exists for _, exists in numbers))
        chain: Expr = Items(below.axis)
        if there != TRUE:
            chain = Filter(chain, below.row, there)
        for number, _ in reversed(numbers):
            chain = Ordered(chain, below.row, number)
        chain = Slice(chain, rank - 1, rank)
        op = self.by_name[name].op if name in self.by_name else None
        return ItemList(name, below.row, op, below, chain=chain, criteria=criteria, taken=below.taken)

    # -------------------------------------------------------------- one item of a list

    def element(self, axis: str, place: int | None) -> Row:
        """Return the row at some place of a list; negative places count from the end, `None` is no place."""
        below = self.get(axis)
        if place is None:
            return self._one(below, f"no_{axis}", Slice(Items(axis), 0, 0))
        stop = END if place == -1 else place + 1
        name = f"{axis}_{place}" if place >= 0 else f"{axis}_last_{-place}"
        return self._one(below, name, Slice(Items(axis), place, stop))

    def _one(self, below: ItemList, name: str, chain: Expr) -> Row:
        name = f"{name} of {below.axis}"
        if name not in self.all:
            self.all[name] = ItemList(name, below.row, None, below, chain=chain, taken=below.taken)
        return ChosenRow(below.axis, name, ItemRow(below.axis, HERE))

    def best(self, op: nodes.ArgBest) -> Row:
        """Return the row with the best key."""
        below = self.get(op.axis.name)
        assert isinstance(op.key, Ref)
        name = f"{'highest' if op.highest else 'lowest'}_{op.k} {op.key.name} of {below.axis}"
        if name not in self.all:
            self.all[name] = self._best(name, below, (SortKey(op.key, op.highest),), op.k)
        return ChosenRow(below.axis, name, ItemRow(below.axis, HERE))

    def count(self, items: Expr, row: str, condition: Expr) -> Expr:
        """Return the number of items for which a condition holds."""
        if isinstance(condition, Number):
            return Size(items) if condition.value else Number(0)
        check_varies(condition)
        return Size(Filter(items, row, condition))

    # -------------------------------------------------------------- fields

    def stored(self, row: Row, read: ColumnRead, value: Expr, suffix: str = "") -> Expr:
        """Return what is stored of an item, or of the event."""
        if isinstance(row, EventRow):
            if value not in self._event_names:
                name = nodes.new_name(identifier(f"{read.name}{suffix}"), (*self.event_values, *self.of_events))
                self._event_names[value] = name
                self.event_values[name] = value
            return Field("", self._event_names[value])
        assert isinstance(row, ItemRow)
        items = self.get(row.axis)
        key = (read.name, suffix)
        if key not in items.fields:
            items.made[items.new_field(key, f"{read.name.partition('.')[2]}{suffix}")] = (value,)
        return Field(row.name, items.fields[key])

    def of_event(self, operand: Ref, value: Expr) -> Expr:
        """Return a value of the event, by a name if it is long: each that needs it would repeat all of it."""
        if not has_more_parts(value, LONG) or not varies(value):
            return value
        name = nodes.new_name(identifier(f"{operand.name} of event"), (*self.event_values, *self.of_events))
        fields = [part.name for part in within(value) if isinstance(part, Field) and part.of == ""]
        level = 1 + max((self.of_events[field][0] for field in fields if field in self.of_events), default=0)
        self.of_events[name] = (level, value)
        return Field("", name)

    def computed(self, row: ItemRow, operand: Ref) -> Expr:
        """Return a function of the fields of an item, as a field if it is dear, or a condition that is long."""
        items = self.get(row.axis)
        if operand.name not in items.fields:
            definition = self.by_name[operand.name]
            op = definition.op
            assert isinstance(op, nodes.Map)
            value = self.builder.values.map(op, ItemRow(row.axis, items.row))
            is_short = definition.kind == "bool" and not has_more_parts(value, LONG)
            if is_short or not _is_dear(value, op.function):
                return value if row.name == items.row else self.builder.values.map(op, row)
            hint = op.function if operand.name.startswith(("value", "scale")) else operand.name
            self._compute(items, operand.name, value, hint)
        return Field(row.name, items.fields[operand.name])

    def shared(self, row: ItemRow, value: Expr, function: str) -> Expr:
        """Return a value of an item as a field if it is dear: it may be asked for again."""
        items = self.get(row.axis)
        if row.name != items.row or not _is_dear(value, function):
            return value
        if value not in items.fields:
            self._compute(items, value, value, function)
        return Field(row.name, items.fields[value])

    def _compute(self, items: ItemList, key: Hashable, value: Expr, hint: str) -> None:
        fields = [part.name for part in within(value) if isinstance(part, Field)]
        level = 1 + max((items.computed[name][0] for name in fields if name in items.computed), default=0)
        items.computed[items.new_field(key, hint)] = (level, value)

    def merged(self, row: ItemRow, operand: Ref) -> Expr:
        """Return the value that an item of a union has in its source."""
        items = self.get(row.axis)
        if operand.name not in items.fields:
            op = self.by_name[operand.name].op
            assert isinstance(op, nodes.Merge)
            made = tuple(
                self.builder.values.value(value, ItemRow(axis, name))
                for value, (axis, name) in zip(op.values, items.parts, strict=True)
            )
            items.made[items.new_field(operand.name, operand.name)] = made
        return Field(row.name, items.fields[operand.name])

    def part(self, row: PartRow, operand: Operand | None) -> Expr:
        """Return a value of a part of an item; without an operand its place, -1 if there is no such part."""
        items = self.get(row.owner.axis)
        key = (row.slot, row.inner, operand)
        if key not in items.fields:
            axis, name = items.parts[row.slot]
            inner = seen_from(row.inner, name)
            values = self.builder.values
            value = values.place(inner) if operand is None else values.value(operand, inner)
            kind = "item" if operand is None else nodes.kind_of(operand, self.by_name)
            made: tuple[Expr, ...] = (value,)
            if row.is_source:
                made = tuple(value if k == row.slot else MISSING[kind] for k in range(len(items.parts)))
            elif any(isinstance(one, AnyOther | SumOther) for one in within(value)):
                raise Inexpressible("lists in lists of lists")
            what = f"{axis}_place" if operand is None else getattr(operand, "name", "constant")
            prefix = "" if row.is_source else f"{_letters(row.slot)}_"
            items.made[items.new_field(key, f"{prefix}{what}")] = made
        return Field(row.owner.name, items.fields[key])

    def place(self, row: ItemRow) -> Expr:
        """Return the place of an item in its list."""
        items = self.get(row.axis)
        if items.place is None:
            items.place = items.new_field("place", f"{items.axis}_place")
        return Field(row.name, items.place)


def _is_dear(value: Expr, function: str) -> bool:
    if isinstance(value, Number) or any(isinstance(part, AnyOther | SumOther) for part in within(value)):
        return False
    return function not in CHEAP or sum(isinstance(part, Call) for part in within(value)) > MANY


def _letters(slot: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[slot]
