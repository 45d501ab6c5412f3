"""Turns columns of a plan into expressions of a query."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from hepsel.plan import nodes
from hepsel.plan.nodes import ColumnRead, Const, Definition, Kind, Operand, Ref
from hepsel.plan.remote import query
from hepsel.plan.remote.logic import FALSE, MISSING, TRUE, both, choice, either, opposite
from hepsel.plan.remote.query import (
    LARGEST,
    VERY_LONG,
    Branch,
    Call,
    Expr,
    Field,
    Items,
    Number,
    Size,
    Total,
    has_more_parts,
)
from hepsel.plan.remote.reductions import Reductions
from hepsel.plan.remote.rows import (
    WORDS,
    ChosenRow,
    EventRow,
    FixedRow,
    Inexpressible,
    ItemRow,
    Nowhere,
    PartRow,
    Row,
    no_function,
    seen_from,
)
from hepsel.syntax.comparisons import RELATIONS

if TYPE_CHECKING:
    from hepsel.plan.remote.builder import Builder

FUNCTIONS = frozenset((
    *RELATIONS, "+", "-", "*", "/", "neg", "abs", "and", "or", "not", "real", "min", "max", "sqrt", "exp", "log",
    "log10", "sin", "cos", "tan", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "floor", "ceil", "transverse",
    "energy", "mass", "delta_phi", "delta_r", "transverse_mass",
))  # fmt: skip
"""Functions of a plan that the dialect has, besides squares, choices and `exists`."""


def widened(read: ColumnRead, kind: Kind) -> Expr:
    """Return a stored number as 64 bits in base units, whatever the version of numpy; NaN stays NaN."""
    stored = Branch(read.name)
    operator, number = conversion(read) if kind == "real" else ("*", 1)
    return Call(operator, (stored, Call("*", (Call("==", (stored, stored)), Number(number)))))


def _in_range(argument: Expr, low: float, high: float) -> Iterator[Expr]:
    """Yield what is true together of an argument in a range; a missing one is in none, and infinity in one to there."""
    if math.isinf(low) and math.isinf(high):
        yield Call("==", (argument, argument))
    if math.isfinite(low):
        yield Call("<=", (Number(low), argument))
    if math.isfinite(high):
        yield Call("<", (argument, Number(high)))


def conversion(read: ColumnRead) -> tuple[Literal["*", "/"], float]:
    """Return what is done to a stored real for it to be in base units, and with which number."""
    return ("*", read.factor) if read.divisor == 1.0 else ("/", read.divisor)


def _item_of(row: Row) -> ItemRow | None:
    """Return the item that a row of a given number of rows belongs to."""
    while isinstance(row, FixedRow) and row.loop is None:
        row = row.parent
    return row if isinstance(row, ItemRow) else None


class Values:
    """Says what columns are, seen from a row."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.plan = builder.plan
        self.by_name = builder.by_name
        self.paths = builder.paths
        self.reductions = Reductions(builder, self)
        self._known: dict[tuple[str, Row], Expr] = {}

    def value(self, operand: Operand, row: Row) -> Expr:
        """Return the value of a column in a row of its axis."""
        if isinstance(operand, Const):
            return Number(operand.value)
        key = (operand.name, row)
        if key not in self._known:
            value = self._value(operand, row)
            if has_more_parts(value, LARGEST):
                raise Inexpressible(VERY_LONG)
            self._known[key] = value
        return self._known[key]

    def _value(self, operand: Ref, row: Row) -> Expr:
        definition = self.by_name[operand.name]
        if definition.axis is None:
            raise Inexpressible("a constant")
        op = definition.op
        if isinstance(row, Nowhere):
            return MISSING[definition.kind]
        if isinstance(row, ChosenRow):
            return self._chosen(definition, row)
        if definition.kind == "item" and definition.target is not None:
            return self.place(self.paths.follow(operand, row))
        if isinstance(op, nodes.Take):
            return self.value(op.value, self.paths.follow(op.index, row))
        if isinstance(row, PartRow):
            return self.builder.lists.part(row, operand)
        match op:
            case nodes.Read(column=column) | nodes.ReadValid(column=column):
                return self._read(self.plan.reads[column], definition, row)
            case nodes.Map():
                if isinstance(row, ItemRow) and definition.kind in ("real", "bool"):
                    return self.builder.lists.computed(row, operand)
                value = self.map(op, row)
                if isinstance(row, EventRow) and definition.kind in ("real", "bool"):
                    return self.builder.lists.of_event(operand, value)
                item = _item_of(row)
                if item is None or definition.kind != "real":
                    return value
                return self.builder.lists.shared(item, value, op.function)
            case nodes.Fill(value=value):
                return Number(value.value)
            case nodes.Spread(value=value) if isinstance(row, FixedRow):
                return self.value(value, row.parent)
            case nodes.Spread():
                # Lists of a fixed length would be broadcast otherwise.
                raise Inexpressible("a value of the event in a condition on items")
            case nodes.View(value=value) if isinstance(row, FixedRow):
                return self.value(value, row.below[0])
            case nodes.Merge(values=values) if isinstance(row, FixedRow):
                return self.value(values[row.source], row.below[0])
            case nodes.Merge() if isinstance(row, ItemRow):
                return self.builder.lists.merged(row, operand)
            case nodes.Reduce():
                return self.reductions.value(op, row)
            case nodes.Lookup():
                return self._lookup(op, row)
            case nodes.Position() if isinstance(row, ItemRow):
                return self.place(row)
            case nodes.Position() | nodes.GroupOf() | nodes.IsFirst():
                raise Inexpressible(WORDS[type(op)])
        raise Inexpressible("an item of another list")

    def _chosen(self, definition: Definition, row: ChosenRow) -> Expr:
        """Return a value of the item of a list that has one or none."""
        items = Items(row.items)
        name = self.builder.lists.get(row.items).row
        inner = self.value(Ref(definition.name), seen_from(row.inner, name))
        if definition.kind == "bool":
            return Call(">", (self.builder.lists.count(items, name, inner), Number(0)))
        if definition.kind in ("enum", "item"):
            return Call("-", (self._sum(items, name, Call("+", (inner, Number(1)))), Number(1)))
        total = self._sum(items, name, inner)
        return total if definition.kind == "int" else Call("/", (total, Size(items)))

    def _sum(self, items: Expr, name: str, value: Expr) -> Expr:
        if any(isinstance(part, Field) for part in query.within(value)):
            return Total(items, name, value)
        return Call("*", (Size(items), value))

    # -------------------------------------------------------------- what is stored

    def _read(self, read: ColumnRead, definition: Definition, row: Row) -> Expr:
        if read.name in self.builder.absent:
            raise Inexpressible("a branch that the files do not have")
        if read.name in self.builder.identifiers:
            raise Inexpressible("the number of an event or run")
        if read.spec.is_list:
            raise Inexpressible("lists of lists")
        if read.role != "value":
            raise Inexpressible("a link")
        if read.spec.mask is not None:
            raise Inexpressible("bits of a number")
        if isinstance(definition.op, nodes.ReadValid):
            stored = self.builder.lists.stored(row, read, Branch(read.name), " as stored")
            return Call("==", (stored, stored))
        if definition.kind == "enum":
            return self._code(read, row)
        if definition.kind == "bool":
            stored = self.builder.lists.stored(row, read, Branch(read.name), " as stored")
            # Of a NaN: neither.
            return Call("or", (Call(">", (stored, Number(0))), Call("<", (stored, Number(0)))))
        return self.builder.lists.stored(row, read, widened(read, definition.kind))

    def _code(self, read: ColumnRead, row: Row) -> Expr:
        """Return the place of a stored enumeration value among the names, -1 where it is none of them."""
        code: Expr = Number(-1)
        for place in range(len(self.plan.enumerations[read.spec.enumeration or ""])):
            code = Call("+", (code, Call("*", (Number(place + 1), self._is_member(read, place, row)))))
        return code

    def _is_member(self, read: ColumnRead, place: int, row: Row) -> Expr:
        numbers = [number for some in read.spec.values.values() for number in some]
        if len(set(numbers)) < len(numbers):
            raise Inexpressible("an enumeration")
        stored = self.builder.lists.stored(row, read, Branch(read.name), " as stored")
        name = self.plan.enumerations[read.spec.enumeration or ""][place]
        tests = [Call("==", (stored, Number(number))) for number in read.spec.values.get(name, ())]
        return either(*tests) if tests else Call("!=", (stored, stored))

    # -------------------------------------------------------------- functions

    def map(self, op: nodes.Map, row: Row) -> Expr:
        """Return a function of the values of a row."""
        function, arguments = op.function, op.arguments
        if function == "exists":
            return self._exists(arguments[0], row)
        if function in ("==", "!="):
            members = self._member_test(function, arguments, row)
            if members is not None:
                return members
        if function in RELATIONS:
            ranked = self.reductions.ranked(op, row)
            if ranked is not None:
                return ranked
        if function in ("and", "or"):
            parts = [self.value(argument, row) for argument in arguments]
            return both(*parts) if function == "and" else either(*parts)
        if function == "not":
            return opposite(self.value(arguments[0], row))
        if function == "where":
            condition, value, otherwise = (self.value(argument, row) for argument in arguments)
            return choice(condition, value, otherwise)
        if function == "^":
            if arguments[1] not in (Const("real", 2.0), Const("int", 2)):
                raise Inexpressible("a power")
            base = self._wide(arguments[0], row)
            return Call("*", (base, base))
        if function not in FUNCTIONS:
            raise no_function(function)
        given = any(isinstance(a, Const) and abs(a.value) < 2**53 for a in arguments)
        if function in RELATIONS and given:
            return Call(function, tuple(self.value(argument, row) for argument in arguments))
        return Call(function, tuple(self._wide(argument, row) for argument in arguments))

    def _wide(self, operand: Operand, row: Row) -> Expr:
        """Return a number for arithmetic; stored whole numbers are made reals, which have those below 2^53 exactly."""
        value = self.value(operand, row)
        is_whole = isinstance(operand, Ref) and self.by_name[operand.name].kind == "int"
        return Call("real", (value,)) if is_whole and not isinstance(value, Number) else value

    def _exists(self, operand: Operand, row: Row) -> Expr:
        if isinstance(operand, Const):
            return Number(
                operand.value == operand.value and (operand.kind not in ("enum", "item") or operand.value >= 0)
            )
        kind = self.by_name[operand.name].kind
        if kind == "item" and self.by_name[operand.name].target is not None:
            return self.exists(self.paths.follow(operand, row))
        value = self.value(operand, row)
        if isinstance(value, Number):
            return self._exists(Const(kind, value.value), row)
        return Call(">=", (value, Number(0))) if kind in ("enum", "item") else Call("==", (value, value))

    def exists(self, row: Row) -> Expr:
        """Return whether there is a row."""
        match row:
            case Nowhere():
                return FALSE
            case ChosenRow(items=items, inner=inner):
                name = self.builder.lists.get(items).row
                there = self.exists(seen_from(inner, name))
                counted = Size(Items(items)) if there == TRUE else self.builder.lists.count(Items(items), name, there)
                return Call(">", (counted, Number(0)))
            case PartRow(is_source=True):
                return Call(">=", (self.place(row), Number(0)))
            case PartRow() if self.exists(row.inner) != TRUE:
                return Call(">=", (self.place(row), Number(0)))
        return TRUE

    def place(self, row: Row) -> Expr:
        """Return the place of a row among those of its axis, -1 where there is none."""
        match row:
            case Nowhere():
                return MISSING["item"]
            case EventRow():
                return Number(0)
            case ItemRow():
                return self.builder.lists.place(row)
            case PartRow():
                return self.builder.lists.part(row, None)
            case ChosenRow(items=items, inner=inner):
                name = self.builder.lists.get(items).row
                there = self.place(seen_from(inner, name))
                return Call("-", (self._sum(Items(items), name, Call("+", (there, Number(1)))), Number(1)))
        raise Inexpressible("the place of an item")

    def _member_test(self, function: str, arguments: tuple[Operand, ...], row: Row) -> Expr | None:
        """Return a comparison of a stored enumeration value with one that is given."""
        for place, argument in enumerate(arguments):
            other = arguments[1 - place]
            if isinstance(argument, Const) or not (isinstance(other, Const) and other.kind == "enum"):
                continue
            at, definition = row, self.by_name[argument.name]
            while isinstance(definition.op, nodes.Take) and isinstance(definition.op.value, Ref):
                at = self.paths.follow(definition.op.index, at)
                definition = self.by_name[definition.op.value.name]
            if isinstance(definition.op, nodes.Read) and isinstance(at, ItemRow | EventRow):
                self._read(self.plan.reads[definition.op.column], definition, at)
                test = self._is_member(self.plan.reads[definition.op.column], int(other.value), at)
                return opposite(test) if function == "!=" else test
        return None

    def _lookup(self, op: nodes.Lookup, row: Row) -> Expr:
        table = self.plan.tables[op.table]
        arguments = [self._wide(argument, row) for argument in op.arguments]
        there = both(*(Call("==", (argument, argument)) for argument in arguments))
        found: Expr = (
            MISSING["real"] if table.otherwise is None else choice(there, Number(table.otherwise), MISSING["real"])
        )
        for value, ranges in reversed(table.rows):
            pairs = zip(arguments, ranges, strict=True)
            tests = (test for argument, held in pairs for test in _in_range(argument, *held))
            found = choice(both(*tests), Number(value), found)
        return found
