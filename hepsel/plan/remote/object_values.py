"""Turns columns of a plan into expressions of a query on objects.

A row of an axis is an object, for which a variable stands, or is made of such rows (an item of a union, a candidate).
What a link or a place in a list leads to is looked for: a condition on it is true if it is true of an object with that
place. So nothing has to stand for a missing number, which no comparison would be true of.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from hepsel.plan import nodes
from hepsel.plan.nodes import ColumnRead, Const, Definition, Kind, Operand, Plan, Ref
from hepsel.plan.remote.logic import FALSE, TRUE, both, choice, either, opposite, parts_of
from hepsel.plan.remote.object_lists import Lists, compared, is_missing, number_of, variable
from hepsel.plan.remote.objects import Counted, First, Formula, Length, Named, Place, Stored
from hepsel.plan.remote.query import LARGEST, VERY_LONG, Call, Expr, Number, has_more_parts, within
from hepsel.plan.remote.rounding import Near
from hepsel.plan.remote.rows import WORDS, EventRow, FixedRow, Inexpressible, ItemRow, Nowhere, Row, no_function
from hepsel.plan.remote.values import conversion
from hepsel.syntax.comparisons import RELATIONS

ARITHMETIC = frozenset(("+", "-", "*", "/", "neg", "abs", "real"))
MATHEMATICS = frozenset((
    "sqrt", "sin", "cos", "tanh", "atan", "sinh", "cosh", "asinh", "transverse", "energy", "mass", "delta_phi",
    "delta_r", "transverse_mass",
))  # fmt: skip
"""Functions that a query has from C++ alone."""

SIGNED = ("short", "int", "int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "char", "bool")
"""C++ types that keep their value where they are compared with a negative number."""

MOST_CHOICES = 8
"""Most choices in one comparison, each of which may double what is written."""

Key = TypeVar("Key")
Value = TypeVar("Value")


class Unbound(Exception):
    """A row that has to be looked for, and for which no variable stands yet."""

    def __init__(self, element: nodes.ElementAt, row: Row) -> None:
        super().__init__()
        self.element = element
        self.row = row


class Undecided(Exception):
    """A choice between values of which one may be missing."""

    def __init__(self, condition: Operand, row: Row) -> None:
        super().__init__()
        self.condition = condition
        self.row = row


class Objects(Lists):
    """Says what columns are, seen from a row.

    Parameters
    ----------
    plan, by_name
        The plan, and its definitions, with those that are added for a query.
    absent
        Stored columns that the files do not have.
    """

    def __init__(self, plan: Plan, by_name: Mapping[str, Definition], absent: Container[str]) -> None:
        super().__init__(plan, by_name)
        self.absent = absent
        self._rows: dict[tuple[nodes.ElementAt, Row], Row] = {}
        self._choices: dict[tuple[Operand, Row], bool] = {}
        self._known: dict[tuple[object, ...], Expr] = {}

    def _once(self, what: str, operand: Ref, row: Row, make: Callable[[Ref, Row], Expr]) -> Expr:
        """Return what is made of a column and a row, which is made once as long as the same variables are known."""
        state = (self.taken, tuple(self._rows.items()), tuple(self._choices.items()))
        key = (what, operand, row, state)
        if key not in self._known:
            value = make(operand, row)
            if has_more_parts(value, LARGEST):
                raise Inexpressible(VERY_LONG)
            self._known[key] = value
        return self._known[key]

    # -------------------------------------------------------------- truth values

    def boolean(self, operand: Operand, row: Row) -> Expr:
        """Return whether a column is true in a row; missing is false."""
        if isinstance(operand, Const):
            return Number(bool(operand.value))
        if isinstance(row, Nowhere):
            return FALSE
        return self._once("boolean", operand, row, self._boolean)

    def _boolean(self, operand: Ref, row: Row) -> Expr:
        definition = self.by_name[operand.name]
        match definition.op:
            case nodes.Map() as op:
                return self.test(op, row, re.sub(r"_alone(_\d+)?$", "", operand.name))
            case Near() as near:
                return self._sought(lambda: self._near(near, row))
            case nodes.Take(value=value, index=index):
                return self._sought(lambda: self.boolean(value, self.follow(index, row)))
            case nodes.Read(column=column):
                return Call("!=", (self._stored(self.plan.reads[column], row), Number(0)))
            case nodes.ReadValid(column=column):
                self._stored(self.plan.reads[column], row)
                return TRUE  # a number that is no real one is always there
            case nodes.Reduce(kind="any", axis=axis, value=Ref() | Const() as value):
                return compared(">", self.counted(axis.name, row, partial(self.boolean, value), value), Number(0))
            case nodes.Reduce(kind="all", axis=axis, value=Ref() | Const() as value):
                failing = self.counted(axis.name, row, partial(self._fails, value), value)
                return compared("==", failing, Number(0))
        elsewhere = self._elsewhere(definition, row)
        return self.boolean(*elsewhere)

    def _fails(self, operand: Operand, row: Row) -> Expr:
        return opposite(self.boolean(operand, row))

    def test(self, op: nodes.Map, row: Row, name: str = "test") -> Expr:
        """Return whether something is true of the values of a row; `name` is what it may be called."""
        function, arguments = op.function, op.arguments
        if function == "and":
            return both(*(self.boolean(argument, row) for argument in arguments))
        if function == "or":
            return either(*(self.boolean(argument, row) for argument in arguments))
        if function == "not":
            return opposite(self.boolean(arguments[0], row))
        if function == "where":
            condition, value, otherwise = (self.boolean(argument, row) for argument in arguments)
            return either(both(condition, value), both(opposite(condition), otherwise))
        kind = nodes.kind_of(arguments[0], self.by_name)
        if function == "exists":
            return self._sought(lambda: self._exists(arguments[0], kind, row, name))
        if kind == "enum":
            return self._sought(lambda: self._members_compared(function, arguments, row))
        if kind == "item":
            return self._items_compared(function, arguments, row)
        return self._sought(lambda: self._numbers_compared(op, row, name))

    def _exists(self, operand: Operand, kind: Kind, row: Row, name: str) -> Expr:
        if kind == "item":
            return FALSE if isinstance(self._item(operand, row), Nowhere) else TRUE
        if kind == "enum":
            member = self._member(operand, row)
            if isinstance(member, Const):
                return Number(member.value >= 0)
            read, stored = member
            return _is_one_of(stored, [n for numbers in read.spec.values.values() for n in numbers])
        if kind != "real":
            raise Inexpressible("whether there is such a value")
        value = self.number(operand, row)
        return _formula(name, compared("==", value, value))

    def _items_compared(self, function: str, operands: tuple[Operand, ...], row: Row) -> Expr:
        try:
            one, other = (self._item(operand, row) for operand in operands)
        except Unbound:
            raise Inexpressible("which item it is") from None
        same = self.same(one, other)
        return same if function == "==" else opposite(same)

    def _item(self, operand: Operand, row: Row) -> Row:
        if isinstance(operand, Ref) and self.by_name[operand.name].target is None:
            raise Inexpressible("items of several collections")
        return self.follow(operand, row)

    def _numbers_compared(self, op: nodes.Map, row: Row, name: str) -> Expr:
        self._check_integers(op)
        left, right = (self.number(argument, row) for argument in op.arguments)
        return _formula(name, compared(op.function, left, right))

    def _near(self, near: Near, row: Row) -> Expr:
        values = [self.number(operand, row) for operand in (near.left, near.right, near.error)]
        return FALSE if any(map(is_missing, values[:2])) else Formula("in_doubt", Call("near", tuple(values)))

    # -------------------------------------------------------------- rows that are looked for

    def _sought(self, ask: Callable[[], Expr]) -> Expr:
        """Return whether something is true that may need rows which are looked for; without them it is false."""
        try:
            return ask()
        except Unbound as need:
            return self._sought(partial(self._found, need.element, need.row, ask))
        except Undecided as need:
            return self._sought(partial(self._decided, need.condition, need.row, ask))

    def _found(self, element: nodes.ElementAt, row: Row, ask: Callable[[], Expr]) -> Expr:
        """Return whether something is true of a row of a list that has a given place."""
        axis = element.axis.name
        if not self.is_list(axis):
            return self._first(element, row, ask)
        found = []
        for loop in self.loops(axis, self.event):
            with self.within(loop), _set(self._rows, (element, row), loop.row):
                condition = both(self._is_at(element, row, loop.row), self._sought(ask))
            number = self.event_value(f"n_{axis}", number_of(loop, condition))
            found.append(compared(">", number, Number(0)))
        return either(*found)

    def _is_at(self, element: nodes.ElementAt, row: Row, found: Row) -> Expr:
        """Return whether a row that was found has the place that is looked for."""
        place, axis = element.index, element.axis.name
        if isinstance(place, Ref):
            if element.from_end or not isinstance(found, ItemRow) or not self.is_stored(axis):
                raise Inexpressible("an item by a computed place")
            return compared("==", Place(variable(found)), self.number(place, row))
        number = int(place.value)
        if number < 0 and not element.from_end:
            return FALSE
        earlier = number >= 0

        def is_between(other: Row) -> Expr:
            return self.is_before(other, found) if earlier else self.is_before(found, other)

        return compared("==", self.counted(axis, self.event, is_between), Number(number if earlier else -number - 1))

    def _first(self, element: nodes.ElementAt, row: Row, ask: Callable[[], Expr]) -> Expr:
        """Return whether something is true of the first element of a list that an object has."""
        op = self.by_name[element.axis.name].op
        home = row if element.parent is None else self.follow(element.parent, row)
        if isinstance(home, Nowhere):
            return FALSE
        if not isinstance(op, nodes.Stored):
            raise Inexpressible("lists of lists")
        if element.index != Const("int", 0) or not isinstance(home, ItemRow | EventRow):
            raise Inexpressible("an item by its place")
        there = Call(">", (Length(variable(home), op.column), Number(0)))
        with _set(self._rows, (element, row), FixedRow(element.axis.name, home, ())):
            return both(there, self._sought(ask))

    def _decided(self, condition: Operand, row: Row, ask: Callable[[], Expr]) -> Expr:
        """Return whether something is true, once for each outcome of a condition."""
        if len(self._choices) == MOST_CHOICES:
            raise Inexpressible("many choices in one comparison")
        holds = self.boolean(condition, row)
        cases = []
        for outcome, there in ((True, holds), (False, opposite(holds))):
            if there != FALSE:
                with _set(self._choices, (condition, row), outcome):
                    answer = self._sought(ask)
                cases.append(answer if _implies(answer, there) else both(there, answer))
        return either(*cases)

    def _element(self, op: nodes.ElementAt, row: Row) -> Row:
        if (op, row) not in self._rows:
            raise Unbound(op, row)
        return self._rows[op, row]

    def _best(self, op: nodes.ArgBest) -> Row:
        raise Inexpressible(WORDS[type(op)])

    # -------------------------------------------------------------- numbers

    def number(self, operand: Operand, row: Row) -> Expr:
        """Return a number in a row of its axis."""
        if isinstance(operand, Const):
            if math.isinf(operand.value):
                raise Inexpressible("an infinite number")
            return Number(operand.value)
        if isinstance(row, Nowhere):
            return Number(math.nan)
        return self._once("number", operand, row, self._number)

    def _number(self, operand: Ref, row: Row) -> Expr:
        definition = self.by_name[operand.name]
        match definition.op:
            case nodes.Map() as op:
                return self._function(op, row)
            case nodes.Take(value=value, index=index):
                return self.number(value, self.follow(index, row))
            case nodes.Read(column=column):
                read = self.plan.reads[column]
                stored = self._stored(read, row)
                if definition.kind != "real":
                    return stored
                operator, number = conversion(read)
                return Call(operator, (stored, Number(number)))
            case nodes.Reduce(kind="count", axis=axis, value=None):
                return self.counted(axis.name, row, lambda _: TRUE)
            case nodes.Reduce(kind="count", axis=axis, value=value) if value is not None:
                return self.counted(axis.name, row, partial(self.boolean, value), value)
            case nodes.Reduce(kind=kind):
                raise Inexpressible(f"`{kind}`")
        return self.number(*self._elsewhere(definition, row))

    def _elsewhere(self, definition: Definition, row: Row) -> tuple[Operand, Row]:
        """Return the column and the row that a value is taken from."""
        match definition.op:
            case nodes.Spread(value=value) if isinstance(row, FixedRow):
                return value, row.parent
            case nodes.Spread(value=value) if isinstance(row, ItemRow):
                return value, self.event
            case nodes.Spread(value=value):  # of a constant
                return value, row
            case nodes.View(value=value) if isinstance(row, FixedRow):
                return value, row.below[0]
            case nodes.Merge(values=values) if isinstance(row, FixedRow):
                return values[row.source], row.below[0]
            case nodes.Fill(value=value):
                return value, row
        raise Inexpressible(WORDS.get(type(definition.op), "lists of lists"))

    def _function(self, op: nodes.Map, row: Row) -> Expr:
        function, arguments = op.function, op.arguments
        if function == "where":
            return self._chosen(op, row)
        self._check_integers(op)
        if function == "^":
            if arguments[1] not in (Const("real", 2.0), Const("int", 2)):
                raise Inexpressible("a power")
            base = self.number(arguments[0], row)
            return _called("*", base, base)
        if function not in ARITHMETIC | MATHEMATICS:
            raise no_function(function)
        return _called(function, *(self.number(argument, row) for argument in arguments))

    def _chosen(self, op: nodes.Map, row: Row) -> Expr:
        condition, value, otherwise = op.arguments
        outcome = self._choices.get((condition, row))
        if outcome is not None:
            return self.number(value if outcome else otherwise, row)
        asked = self.boolean(condition, row)
        if isinstance(asked, Number):
            return self.number(value if asked.value else otherwise, row)
        try:
            values = [self.number(one, row) for one in (value, otherwise)]
        except (Unbound, Undecided):  # what only one of the two needs is of no matter to the other
            raise Undecided(condition, row) from None
        is_real = nodes.kind_of(value, self.by_name) == "real"
        if not is_real or any(map(is_missing, values)) or any(map(_searches, within(asked))):
            raise Undecided(condition, row)
        return choice(asked, *values)

    # -------------------------------------------------------------- what is stored

    def _stored(self, read: ColumnRead, row: Row) -> Expr:
        reason = self.why_not_stored(read)
        if reason is not None:
            raise Inexpressible(reason)
        if isinstance(row, FixedRow) and not row.below and read.spec.is_list:
            return First(variable(row.parent), read.name)
        if read.spec.is_list:
            raise Inexpressible("lists of lists")
        return Stored(variable(row), read.name)

    def why_not_stored(self, read: ColumnRead) -> str | None:
        """Return why a stored value cannot be a part of a condition."""
        if read.name in self.absent:
            return "a branch that the files do not have"
        if read.collection not in self.plan.header.xaod or read.spec.xaod is None:
            return "an attribute without `xaod` in the format"
        return "bits of a number" if read.spec.mask is not None else None

    def _check_integers(self, op: nodes.Map) -> None:
        """Refuse whole numbers as they are stored, which may have no sign, where that could matter."""
        stored = [read for argument in op.arguments if (read := self._integer(argument)) is not None]
        if not stored:
            return
        given = [argument.value for argument in op.arguments if isinstance(argument, Const)]
        if op.function not in RELATIONS or not given or abs(given[0]) >= 2**53:
            raise Inexpressible("arithmetic with stored whole numbers")
        if given[0] < 0 and any(read.spec.xaod not in SIGNED for read in stored):
            raise Inexpressible("a negative bound of a number that may have no sign")

    def _integer(self, operand: Operand) -> ColumnRead | None:
        """Return the stored column of a whole number, if it is one."""
        if isinstance(operand, Const):
            return None
        definition = self.by_name[operand.name]
        if isinstance(definition.op, nodes.Take | nodes.Spread | nodes.View):
            return self._integer(definition.op.value)
        is_stored = isinstance(definition.op, nodes.Read) and definition.kind == "int"
        return self.plan.reads[definition.op.column] if is_stored else None  # type: ignore[attr-defined]

    # -------------------------------------------------------------- enumerations

    def _member(self, operand: Operand, row: Row) -> Const | tuple[ColumnRead, Expr]:
        """Return an enumeration value: one that is given, or what is stored."""
        if isinstance(operand, Const):
            return operand
        if isinstance(row, Nowhere):
            return Const("enum", -1)
        definition = self.by_name[operand.name]
        match definition.op:
            case nodes.Take(value=value, index=index):
                return self._member(value, self.follow(index, row))
            case nodes.Read(column=column):
                read = self.plan.reads[column]
                return read, self._stored(read, row)
            case nodes.Map(function="where", arguments=(condition, value, otherwise)):
                if (condition, row) not in self._choices:
                    raise Undecided(condition, row)
                return self._member(value if self._choices[condition, row] else otherwise, row)
            case nodes.Map():
                raise Inexpressible("an enumeration")
        return self._member(*self._elsewhere(definition, row))

    def _members_compared(self, function: str, operands: tuple[Operand, ...], row: Row) -> Expr:
        left, right = (self._member(operand, row) for operand in operands)
        if isinstance(left, Const) and isinstance(right, Const):
            return Number(RELATIONS[function](left.value, right.value))
        if isinstance(left, Const):
            left, right = right, left
        if isinstance(left, Const) or not isinstance(right, Const):
            raise Inexpressible("an enumeration")
        read, stored = left
        names = self.plan.enumerations[read.spec.enumeration or ""]
        numbers = read.spec.values.get(names[int(right.value)], ()) if right.value >= 0 else ()
        equal = _is_one_of(stored, numbers)
        return opposite(equal) if function == "!=" else equal

    def asked(self, test: Ref | nodes.Map, axis: str) -> Iterator[Expr]:
        """Yield whether something is true of a row of an axis, for each kind of rows that it has."""
        if self.is_event(axis):
            yield self._tested(test, self.event)
            return
        for loop in self.loops(axis, self.event):
            with self.within(loop):
                yield self._tested(test, loop.row)

    def _tested(self, test: Ref | nodes.Map, row: Row) -> Expr:
        return self.boolean(test, row) if isinstance(test, Ref) else self.test(test, row)

    def some(self, axis: str, test: nodes.Map) -> Expr:
        """Return whether something is true of a row of an axis of the event."""
        return compared(">", self.counted(axis, self.event, partial(self.test, test)), Number(0))


@contextmanager
def _set(values: dict[Key, Value], key: Key, value: Value) -> Iterator[None]:
    values[key] = value
    try:
        yield
    finally:
        del values[key]


def _searches(expr: Expr) -> bool:
    return isinstance(expr, Counted | Length)


def _called(function: str, *arguments: Expr) -> Expr:
    return Number(math.nan) if any(map(is_missing, arguments)) else Call(function, arguments)


def _formula(name: str, compared: Expr) -> Expr:
    """Return a comparison, as a formula if it needs functions of C++."""
    stack, needed = [compared], False
    while stack:
        part = stack.pop()
        if isinstance(part, Call):
            stack.extend(part.arguments)
            needed |= part.function in MATHEMATICS
    return Formula(name, compared) if needed else compared


def _is_one_of(stored: Expr, numbers: Iterable[int]) -> Expr:
    return either(*(Call("==", (stored, Number(number))) for number in numbers))


def _implies(answer: Expr, condition: Expr) -> bool:
    """Whether an answer is true only where a condition is, which may look for the same object and ask less of it."""
    parts = parts_of(answer, "and")
    return all(part in parts or any(_asks_more(one, part) for one in parts) for part in parts_of(condition, "and"))


def _asks_more(answer: Expr, condition: Expr) -> bool:
    more, less = _only_counted(answer), _only_counted(condition)
    return (
        more is not None
        and less is not None
        and (more.collection, more.item) == (less.collection, less.item)
        and _implies(more.condition, less.condition)
    )


def _only_counted(expr: Expr) -> Counted | None:
    match expr:
        case Named(value=value):
            return _only_counted(value)
        case Call(function=">", arguments=(Counted() as counted, Number(value=0))) if counted.number is None:
            return counted
    return None
