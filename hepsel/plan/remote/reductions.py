"""Turns reductions of lists into expressions of a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hepsel.plan import nodes
from hepsel.plan.nodes import Const, Operand, Ref
from hepsel.plan.remote.logic import FALSE, both, choice, either, opposite
from hepsel.plan.remote.query import AnyOther, Call, Expr, Items, Number, Size, SumOther, Total, within
from hepsel.plan.remote.rows import ChosenRow, EventRow, FixedRow, Inexpressible, ItemRow, Row, check_varies
from hepsel.syntax.comparisons import SWAPPED

if TYPE_CHECKING:
    from hepsel.plan.remote.builder import Builder
    from hepsel.plan.remote.values import Values

EXTREMES = ("min", "max", "largest", "smallest")


class Reductions:
    """Says what the rows of an axis add up to, seen from a row of its parent."""

    def __init__(self, builder: Builder, values: Values) -> None:
        self.builder = builder
        self.values = values

    def value(self, op: nodes.Reduce, row: Row) -> Expr:
        """Return a reduction."""
        if isinstance(row, EventRow) and self.builder.paths.is_list(op.axis.name):
            return self._of_list(op)
        rows = self.builder.paths.inner(op.axis.name, row)
        match op.kind:
            case "any":
                return either(*(self._any(one, self._true(op.value, one)) for one in rows))
            case "all":
                return opposite(either(*(self._any(one, opposite(self._true(op.value, one))) for one in rows)))
            case "count":
                return _sum([self._number(one, self._true(op.value, one)) for one in rows])
            case "sum":
                return _sum([self._term(one, op) for one in rows])
        raise Inexpressible(f"`{op.kind}`")

    def _true(self, operand: Operand | None, row: Row) -> Expr:
        return Number(True) if operand is None else self.values.value(operand, row)

    def _any(self, row: FixedRow, condition: Expr) -> Expr:
        there = both(*row.present, condition)
        return there if row.loop is None or there == FALSE else AnyOther(*row.loop, _not_nested(there))

    def _number(self, row: FixedRow, condition: Expr) -> Expr:
        there = both(*row.present, condition)
        if isinstance(there, Number) and row.loop is None:
            return Number(int(there.value))
        number = Call("*", (there, Number(1)))
        return number if row.loop is None else SumOther(*row.loop, _not_nested(number))

    def _term(self, row: FixedRow, op: nodes.Reduce) -> Expr:
        assert op.value is not None
        value = self.values.value(op.value, row)
        there = both(*row.present, Call("==", (value, value)))
        term = choice(there, value, Number(0.0))
        return term if row.loop is None else SumOther(*row.loop, _not_nested(term))

    # -------------------------------------------------------------- lists of the event

    def _of_list(self, op: nodes.Reduce) -> Expr:
        lists = self.builder.lists
        axis = op.axis.name
        if op.value is None:
            if op.kind != "count":
                raise Inexpressible(f"`{op.kind}`")
            return Size(Items(lists.get(axis).axis))
        if op.kind in EXTREMES:
            return self._extreme(op)
        items, name = Items(axis), lists.get(axis).row
        value = self.values.value(op.value, ItemRow(axis, name))
        match op.kind:
            case "any":
                return Call(">", (lists.count(items, name, value), Number(0)))
            case "all":
                return Call("==", (lists.count(items, name, value), Size(items)))
            case "count":
                return lists.count(items, name, value)
        total = Total(items, name, choice(Call("==", (value, value)), value, Number(0.0)))
        check_varies(value)
        if op.kind == "sum":
            return total
        if op.kind != "mean":
            raise Inexpressible(f"`{op.kind}`")
        return Call("/", (total, lists.count(items, name, Call("==", (value, value)))))

    def _extreme(self, op: nodes.Reduce) -> Expr:
        """Return the value of the item that has the highest or lowest one."""
        assert op.value is not None
        if isinstance(op.value, Const) or self.builder.by_name[op.value.name].kind != "real":
            raise Inexpressible(f"`{op.kind}` of whole numbers")
        best = nodes.ArgBest(op.axis, op.value, highest=op.kind in ("max", "largest"), k=op.k)
        row = self.builder.lists.best(best)
        return self.values.value(op.value, row)

    def ranked(self, op: nodes.Map, row: Row) -> Expr | None:
        """Return a comparison of one of the highest or lowest of a given number of values, by counting these."""
        if isinstance(row, ChosenRow):
            return None
        for place, argument in enumerate(op.arguments):
            if isinstance(argument, Const):
                continue
            reduced = self.builder.by_name[argument.name].op
            if not (isinstance(reduced, nodes.Reduce) and reduced.kind in EXTREMES):
                continue
            if isinstance(row, EventRow) and self.builder.paths.is_list(reduced.axis.name):
                continue
            function = op.function if place == 0 else SWAPPED[op.function]
            other = self.values.value(op.arguments[1 - place], row)
            return self._ranked(reduced, function, other, row)
        return None

    def _ranked(self, op: nodes.Reduce, function: str, other: Expr, row: Row) -> Expr:
        assert op.value is not None
        if not isinstance(op.value, Ref) or self.builder.by_name[op.value.name].kind != "real":
            raise Inexpressible(f"`{op.kind}` of whole numbers")
        rows = self.builder.paths.inner(op.axis.name, row)
        values = [self.values.value(op.value, one) for one in rows]

        def number(comparison: str) -> Expr:
            """Count the values that compare so."""
            tests = [Call(comparison, (value, value if comparison == "==" else other)) for value in values]
            return _sum([self._number(one, test) for one, test in zip(rows, tests, strict=True)])

        def enough(comparison: str) -> Expr:
            return Call(">=", (number(comparison), Number(op.k)))

        def fewer(comparison: str) -> Expr:
            known = Call("==", (other, other))
            return both(enough("=="), known, Call("<", (number(comparison), Number(op.k))))

        highest = op.kind in ("max", "largest")
        towards, away = (">", "<") if highest else ("<", ">")
        if function == towards or function == f"{towards}=":
            return enough(function)
        if function == away:
            return fewer(f"{towards}=")
        if function == f"{away}=":
            return fewer(towards)
        if function == "==":
            return both(enough(f"{towards}="), fewer(towards))
        raise Inexpressible(f"`{op.kind}`")


def _not_nested(value: Expr) -> Expr:
    """Refuse what asks each item of another list about yet another: awkward fails where their lengths differ."""
    if any(isinstance(part, AnyOther | SumOther) for part in within(value)):
        raise Inexpressible("lists in lists of lists")
    return value


def _sum(terms: list[Expr]) -> Expr:
    total: Expr = Number(0)
    for term in terms:
        if term == Number(0) or term == Number(0.0):
            continue
        total = term if total == Number(0) else Call("+", (total, term))
    return total
