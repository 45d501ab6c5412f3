"""Goes through lists of objects, for queries on objects: which there are, how many, and where they stand."""

from __future__ import annotations

import keyword
import math
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sized
from contextlib import contextmanager
from dataclasses import dataclass, replace

from hepsel.plan import nodes
from hepsel.plan.nodes import CutTexts, Definition, Operand, Plan, Ref
from hepsel.plan.remote.conditions import criteria_in
from hepsel.plan.remote.logic import FALSE, both, opposite, parts_of
from hepsel.plan.remote.objects import Counted, Named, Place, items_in
from hepsel.plan.remote.paths import Steps
from hepsel.plan.remote.query import Call, Expr, Number
from hepsel.plan.remote.rows import MOST_LISTS, WORDS, EventRow, FixedRow, Inexpressible, ItemRow, Row
from hepsel.syntax.comparisons import RELATIONS

Test = Callable[[Row], Expr]


@dataclass(frozen=True, slots=True)
class Loop:
    """Goes through rows of an axis.

    Attributes
    ----------
    name
        What they are.
    items
        Collections whose objects it goes through, one within the other, each with the variable of an object.
    row
        The row that these objects are.
    conditions
        Conditions without which there is no such row.
    criteria
        The criteria on items among them.
    """

    name: str
    items: tuple[tuple[str, str], ...]
    row: Row
    conditions: tuple[Expr, ...] = ()
    criteria: tuple[CutTexts, ...] = ()


class Lists(Steps):
    """Says what goes through the rows of axes, and how many there are.

    Parameters
    ----------
    plan, by_name
        The plan, and its definitions, with those that are added for a query.
    """

    def __init__(self, plan: Plan, by_name: Mapping[str, Definition]) -> None:
        super().__init__(by_name)
        self.plan = plan
        self.event = EventRow(next(name for name, d in by_name.items() if isinstance(d.op, nodes.Events)))
        self.taken: tuple[str, ...] = ()
        """Variables that stand for objects in what is asked of them."""

    @abstractmethod
    def boolean(self, operand: Operand, row: Row) -> Expr:
        """Return whether a column is true in a row; missing is false."""

    def loops(self, axis: str, row: Row) -> list[Loop]:
        """Return what goes through the rows of an axis that belong to a row, in any order."""
        found = self._loops(axis, row)
        _check_number(found)
        return found

    def _loops(self, axis: str, row: Row) -> list[Loop]:
        op = self.by_name[axis].op
        match op:
            case nodes.Stored(column=column) if isinstance(row, EventRow):
                read = self.plan.reads[column]
                if read.depth - read.spec.is_list != 1:  # how many items there are may be read off a list of theirs
                    raise Inexpressible("lists of lists")
                if read.collection not in self.plan.header.xaod:
                    raise Inexpressible("a collection without `xaod` in the format")
                name = self._variable_of(read.collection)
                return [Loop(axis, ((read.collection, name),), ItemRow(axis, name))]
            case nodes.Where(source=source, mask=mask):
                return [self._filtered(axis, loop, mask) for loop in self.loops(source.name, row)]
            case nodes.Sorted(source=source):
                return [replace(loop, name=axis, row=_renamed(loop.row, axis)) for loop in self.loops(source.name, row)]
            case nodes.Concat(sources=sources):
                return [
                    replace(loop, row=FixedRow(axis, row, (loop.row,), number))
                    for number, source in enumerate(sources)
                    for loop in self.loops(source.name, row)
                ]
            case nodes.Combine():
                return self._combined(axis, op, row)
            case nodes.Expand(source=source, key=key) if self.is_event(self.by_name[key.name].target):
                return [
                    replace(loop, name=axis, row=FixedRow(axis, row, (loop.row,)))
                    for loop in self.loops(source.name, self.event)
                ]
        raise Inexpressible(WORDS.get(type(op), "lists of lists"))

    def _filtered(self, axis: str, loop: Loop, mask: Operand) -> Loop:
        with self.within(loop):
            condition = self.boolean(mask, loop.row)
        criteria = tuple(dict.fromkeys((*loop.criteria, *criteria_in(mask, self.by_name))))
        row = _renamed(loop.row, axis)
        return replace(loop, name=axis, row=row, conditions=(*loop.conditions, condition), criteria=criteria)

    def _combined(self, axis: str, op: nodes.Combine, row: Row) -> list[Loop]:
        groups: list[tuple[Loop, ...]] = [()]
        for slot in op.slots:
            wider = []
            for group in groups:
                with self.within(*group):
                    loops = self.loops(slot.name, row)
                if any(len(loop.items) > 1 for loop in loops):
                    raise Inexpressible("candidates of candidates")
                wider += [(*group, loop) for loop in loops]
                _check_number(wider)
            groups = wider
        found = []
        for group in groups:
            rows = tuple(loop.row for loop in group)
            relations = []
            for relation in op.relations:
                earlier, later = rows[relation.earlier], rows[relation.later]
                apart = self.is_before if relation.operator == "<" else self._is_other
                relations.append(apart(earlier, later))
            if FALSE not in relations:
                items = tuple(item for loop in group for item in loop.items)
                conditions = (*(one for loop in group for one in loop.conditions), *relations)
                criteria = tuple(dict.fromkeys(texts for loop in group for texts in loop.criteria))
                found.append(Loop(axis, items, FixedRow(axis, row, rows), conditions, criteria))
        return found

    # -------------------------------------------------------------- which item it is

    def same(self, one: Row, other: Row) -> Expr:
        """Return whether two rows of an axis are one and the same."""
        match one, other:
            case ItemRow(), ItemRow() if one.axis == other.axis:
                return compared("==", Place(variable(one)), Place(variable(other)))
            case FixedRow(), FixedRow() if one.axis == other.axis and one.below and other.below:
                if one.source != other.source:
                    return FALSE
                return both(*(self.same(a, b) for a, b in zip(one.below, other.below, strict=True)))
        raise Inexpressible("which item it is")

    def _is_other(self, one: Row, other: Row) -> Expr:
        return opposite(self.same(one, other))

    def is_before(self, one: Row, other: Row) -> Expr:
        """Return whether a row of an axis stands before another of it."""
        match one, other:
            case ItemRow(axis=axis), ItemRow() if axis == other.axis:
                if self._is_sorted(axis):
                    raise Inexpressible("sorting")
                return compared("<", Place(variable(one)), Place(variable(other)))
            case FixedRow(axis=axis, below=(a,)), FixedRow(below=(b,)) if axis == other.axis:
                if isinstance(self.by_name[axis].op, nodes.Sorted):
                    raise Inexpressible("sorting")
                if one.source != other.source:
                    return Number(one.source < other.source)
                return self.is_before(a, b)
        raise Inexpressible("candidates of candidates")

    def _is_sorted(self, axis: str) -> bool:
        op = self.by_name[axis].op
        if isinstance(op, nodes.Where | nodes.Sorted):
            return isinstance(op, nodes.Sorted) or self._is_sorted(op.source.name)
        return False

    def is_list(self, axis: str) -> bool:
        """Whether the rows of an axis are items of a list of the event, and no elements of a stored list."""
        definition = self.by_name[axis]
        if isinstance(definition.op, nodes.Stored):
            read = self.plan.reads[definition.op.column]
            return self.is_event(definition.axis) and read.depth > read.spec.is_list
        return self.is_event(definition.axis)

    def is_stored(self, axis: str) -> bool:
        """Whether the rows of an axis are all objects of a collection, in their order."""
        return isinstance(self.by_name[axis].op, nodes.Stored)

    # -------------------------------------------------------------- counts

    def counted(self, axis: str, row: Row, test: Test, asked: Operand | None = None) -> Expr:
        """Return the number of rows of an axis for which something is true."""
        more = () if asked is None else tuple(criteria_in(asked, self.by_name))
        total: Expr = Number(0)
        for loop in self.loops(axis, row):
            with self.within(loop):
                condition = test(loop.row)
            counted = number_of(loop, condition)
            if counted != Number(0):
                criteria = tuple(dict.fromkeys((*loop.criteria, *more)))
                counted = self.event_value(f"n_{loop.name}", counted, criteria)
                total = counted if total == Number(0) else Call("+", (total, counted))
        return total

    def count(self, axis: str, tests: tuple[str, ...] = ()) -> Expr:
        """Return the number of rows of an axis of the event of which some columns are true."""
        more = tuple(texts for name in tests for texts in criteria_in(Ref(name), self.by_name))
        counted = self.counted(axis, self.event, lambda row: both(*(self.boolean(Ref(name), row) for name in tests)))
        return _with_criteria(counted, more)

    def event_value(self, name: str, value: Expr, criteria: tuple[CutTexts, ...] = ()) -> Expr:
        """Return a value with a name, if it is one of the event."""
        return value if self.taken or isinstance(value, Number) else Named(name, value, criteria)

    # -------------------------------------------------------------- variables

    def _variable_of(self, collection: str) -> str:
        """Return a variable for an object of a collection that nothing else has in what is asked of it."""
        return nodes.new_name(row_name(collection), self.taken)

    @contextmanager
    def within(self, *loops: Loop) -> Iterator[None]:
        """Let the variables of some loops stand for objects."""
        before = self.taken
        self.taken = (*before, *(name for loop in loops for _, name in loop.items))
        try:
            yield
        finally:
            self.taken = before


def _check_number(lists: Sized) -> None:
    if len(lists) > MOST_LISTS:
        raise Inexpressible("a union of very many lists")


def row_name(collection: str) -> str:
    """Return the name of an object of a collection in a lambda."""
    name = "".join(c if c.isascii() and c.isalnum() else "_" for c in collection).lower()
    return f"{name}_" if keyword.iskeyword(name) or name in ("e", "row") or not name.isidentifier() else name


def variable(row: Row) -> str:
    """Return the variable that stands for the object that a row is; of the event, it is empty."""
    match row:
        case ItemRow(name=str(name)):
            return name
        case EventRow():
            return ""
    raise Inexpressible("a link")


def _renamed(row: Row, axis: str) -> Row:
    """Return a row of an axis that is a part of another, whose row is given."""
    if isinstance(row, ItemRow):
        return ItemRow(axis, row.name)
    assert isinstance(row, FixedRow)
    return FixedRow(axis, row.parent, (row,))


def is_missing(expr: Expr) -> bool:
    """Whether a number is certainly missing."""
    return isinstance(expr, Number) and isinstance(expr.value, float) and math.isnan(expr.value)


def compared(function: str, left: Expr, right: Expr) -> Expr:
    """Return a comparison of two numbers; with what is missing it is false."""
    if is_missing(left) or is_missing(right):
        return FALSE
    if isinstance(left, Number) and isinstance(right, Number):
        return Number(RELATIONS[function](left.value, right.value))
    if isinstance(left, Place) and isinstance(right, Number) and right.value < 0:
        return FALSE  # in C++, a place has no sign
    return Call(function, (left, right))


def number_of(loop: Loop, condition: Expr) -> Expr:
    """Return the number of rows of a loop for which something is true.

    What is asked is asked as soon as all objects are there that it is about.
    """
    whole = both(*loop.conditions, condition)
    if whole == FALSE:
        return Number(0)
    variables = [name for _, name in loop.items]
    asked: list[list[Expr]] = [[] for _ in variables]
    for part in parts_of(whole, "and"):
        used = set(items_in(part))
        asked[max((k for k, name in enumerate(variables) if name in used), default=0)].append(part)
    number: Expr | None = None
    for (collection, name), conditions in zip(reversed(loop.items), reversed(asked), strict=True):
        number = Counted(collection, name, both(*conditions), number)
    assert number is not None
    return number


def _with_criteria(counted: Expr, more: tuple[CutTexts, ...]) -> Expr:
    match counted:
        case Named(criteria=criteria):
            return replace(counted, criteria=tuple(dict.fromkeys((*criteria, *more))))
        case Call(function="+", arguments=arguments):
            return Call("+", tuple(_with_criteria(argument, more) for argument in arguments))
    return counted
