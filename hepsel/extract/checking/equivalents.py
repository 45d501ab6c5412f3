"""Other ways to write a condition, which mean the same: `|m - 85 GeV| < 15 GeV` is `70 GeV < m < 100 GeV`.

Papers state an interval by its ends or by its middle, and programs as they like. All is computed in exact decimal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product

from hepsel.extract.checking.literals import decimal, literal, number_of
from hepsel.extract.checking.scope import Scope
from hepsel.semantics.types import PURE
from hepsel.syntax import tree
from hepsel.syntax.comparisons import SWAPPED

_DEEPEST = 40
_Operator = tree.ComparisonOperator


def equivalents(condition: tree.Expr, scope: Scope) -> Iterator[tree.Expr]:
    """Yield a condition with its distances, or its numbers of things, as ranges, and with its ranges as distances."""
    for rewritten in (_by_ends, _by_middle, _by_first_and_last, _by_number, _by_case, _by_sign):
        made = _Rewriting(scope, rewritten).of(condition)
        if made != condition:
            yield made


@dataclass(frozen=True, slots=True)
class _Side:
    """What is compared with a number, how, the number in base units, and the unit in which the program has it."""

    compared: tree.Expr
    operator: _Operator
    value: Fraction
    unit: tree.UnitRef | None

    @property
    def is_lower(self) -> bool:
        return self.operator[0] == ">"

    def at(self, value: Fraction, operator: _Operator | None = None) -> tree.Comparison:
        """Return the comparison with another number of the same unit."""
        return _comparison(self.compared, operator or self.operator, value, self.unit)


@dataclass(frozen=True, slots=True)
class _Rewriting:
    """Writes each part of a condition anew for which `rewritten` knows how."""

    scope: Scope
    rewritten: Callable[[tree.Expr, Scope], tree.Expr | None]

    def of(self, node: tree.Expr, depth: int = 0, *, named: bool = True) -> tree.Expr:
        """Return a condition rewritten; values with a name where `named`, not in sums of them, which may be endless."""
        if depth > _DEEPEST:
            return node
        if (made := self.rewritten(node, self.scope)) is not None:
            return made
        match node:
            case tree.Logical(_, operands):
                return replace(node, operands=tuple(self.of(operand, depth + 1, named=False) for operand in operands))
            case tree.Unary("not", operand):
                return replace(node, operand=self.of(operand, depth + 1, named=named))
            case tree.Name(name) if named and name in self.scope.values:
                value = self.scope.values[name]
                made = self.of(value, depth + 1)
                return node if made == value else made
            case tree.Call("any" | "all", (tree.Generator() as generator,)):
                inner = _Rewriting(self.scope.inside(generator), self.rewritten)
                body = inner.of(generator.body, depth + 1, named=named)
                return replace(node, arguments=(replace(generator, body=body),))
            case _:
                return node


def _by_ends(node: tree.Expr, scope: Scope) -> tree.Expr | None:
    """Write `|x - a| < b` as `a - b < x < a + b`, and `x - a < b` as `x < a + b`."""
    side = _single(node, scope)
    if side is None:
        return None
    match side.compared:
        case tree.Absolute(tree.Binary("-" | "+") as difference) | tree.Call(
            "abs", (tree.Binary("-" | "+") as difference,)
        ) if side.value > 0:
            inner = _shifted(_Side(difference, "<", Fraction(0), side.unit), scope)
            if inner is None:
                return None
            low, high = (inner.at(inner.value + sign * side.value).operands[1] for sign in (-1, 1))
            below, above = SWAPPED[side.operator], side.operator
            if not side.is_lower:
                return tree.Comparison((low, inner.compared, high), (above, above), span=node.span)
            ends = ((inner.compared, below, low), (inner.compared, above, high))
            parts = tuple(tree.Comparison((x, end), (operator,), span=node.span) for x, operator, end in ends)
            return tree.Logical("or", parts, span=node.span)
        case tree.Binary("-" | "+"):
            moved = _shifted(side, scope)
            return None if moved is None else moved.at(moved.value)
        case _:
            return None


def _shifted(side: _Side, scope: Scope) -> _Side | None:
    """Bring the number of `x - a`, `x + a` or `a - x` to the other side; the unit is that of the sum."""
    difference = side.compared
    assert isinstance(difference, tree.Binary)
    right, left = _number(difference.right, scope), _number(difference.left, scope)
    if (right is None) == (left is None):
        return None
    if right is not None:
        sign = 1 if difference.operator == "-" else -1
        return _Side(difference.left, side.operator, side.value + sign * right[0], right[1] or side.unit)
    assert left is not None
    if difference.operator == "+":
        return _Side(difference.right, side.operator, side.value - left[0], left[1] or side.unit)
    return _Side(difference.right, SWAPPED[side.operator], left[0] - side.value, left[1] or side.unit)


def _by_middle(node: tree.Expr, scope: Scope) -> tree.Expr | None:
    """Write `a < x < b` as `|x - (a + b) / 2| < (b - a) / 2`, and `x < a or x > b` likewise."""
    match node:
        case tree.Comparison((low, middle, high), (first, second)) if first == second:
            below, above = _side(middle, SWAPPED[first], low, scope), _side(middle, second, high, scope)
            return _distance(node, "and", below, above, scope) if below is not None and above is not None else None
        case tree.Logical(operator, operands):
            sides = [(operand, side) for operand in operands if (side := _single(operand, scope)) is not None]
            for (begin, one), (end, two) in combinations(sides, 2):
                if (made := _distance(node, operator, one, two, scope)) is not None:
                    left = [operand for operand in operands if operand is not begin and operand is not end]
                    return replace(node, operands=(made, *left)) if left else made
            return None
        case _:
            return None


def _by_first_and_last(node: tree.Expr, scope: Scope) -> tree.Expr | None:
    """Write `n == 2 or n == 3` of a number of things as `2 <= n <= 3`."""
    if not isinstance(node, tree.Logical) or node.operator != "or":
        return None
    alone = [one for one in node.operands if isinstance(one, tree.Comparison) and one.operators == ("==",)]
    found = [number for one in alone if (number := _number(one.operands[1], scope)) is not None]
    if len(found) < len(node.operands):
        return None
    compared = alone[0].operands[0]
    values = sorted(value for value, _ in found)
    one_by_one = values == [values[0] + step for step in range(len(values))]
    if not one_by_one or not scope.counts(compared) or any(one.operands[0] != compared for one in alone):
        return None
    low, high = (decimal(value, None, node.span) for value in (values[0], values[-1]))
    return tree.Comparison((low, compared, high), ("<=", "<="), span=node.span)


def _by_number(node: tree.Expr, scope: Scope) -> tree.Expr | None:
    """Write `jets[1].pt > 30 GeV` as `count(i for i in jets if i.pt > 30 GeV) >= 2`: lists are in order of momenta."""
    side = _single(node, scope)
    if side is None or not side.is_lower:
        return None
    match side.compared:
        # Of the first one a text says too much that is meant of one by order, and of any other.
        case tree.Attribute(tree.Index(tree.Name() as items, tree.Number(text, None)), "pt") if text.strip(
            "0"
        ).isdigit():
            one = tree.Name("_item", span=node.span)
            passes = replace(side, compared=tree.Attribute(one, "pt", span=node.span)).at(side.value)
            clause = tree.Clause(("_item",), items, span=node.span)
            counted = tree.Call("count", (tree.Generator(one, (clause,), passes, span=node.span),), span=node.span)
            return _comparison(counted, ">=", Fraction(int(text) + 1), None)
        case _:
            return None


def _by_case(node: tree.Expr, scope: Scope) -> tree.Expr | None:
    """Write `(y < c and x > a) or (y >= c and x > b)` as `x > (if y < c then a else b)`."""
    if not isinstance(node, tree.Logical) or node.operator != "or" or len(node.operands) != 2:
        return None
    first, second = (tuple(_conjuncts(operand)) for operand in node.operands)
    for begin, end in product(first, second):
        one, two = _single(begin, scope), _single(end, scope)
        parts = one is not None and two is not None and (one.compared, one.value) == (two.compared, two.value)
        left = [part for part in first if part is not begin]
        if not parts or one is None or two is None or one.is_lower == two.is_lower or len(left) != 1:
            continue
        mine = _single(left[0], scope)
        for other in second:
            theirs = _single(other, scope)
            if mine is None or theirs is None or other is end:
                continue
            if (mine.compared, mine.operator) == (theirs.compared, theirs.operator):
                values = mine.at(mine.value).operands[1], theirs.at(theirs.value).operands[1]
                chosen = tree.Conditional(begin, *values, span=node.span)
                made = tree.Comparison((mine.compared, chosen), (mine.operator,), span=node.span)
                more = tuple(part for part in second if part is not end and part is not other)
                return tree.Logical("and", (made, *more), span=node.span) if more else made
    return None


def _by_sign(node: tree.Expr, scope: Scope) -> tree.Expr | None:
    """Write `x.charge > 0` as `x.is_positive_charge`, which is how papers say it."""
    side = _single(node, scope)
    if side is None or side.value != 0 or side.operator not in ("<", ">"):
        return None
    match side.compared:
        case tree.Attribute(_, "charge") as charge:
            return replace(charge, name=f"is_{'positive' if side.is_lower else 'negative'}_charge")
        case tree.Name("charge") as charge:
            return replace(charge, name=f"is_{'positive' if side.is_lower else 'negative'}_charge")
        case _:
            return None


def _conjuncts(node: tree.Expr) -> Iterator[tree.Expr]:
    """Yield the comparisons of two that have to hold together."""
    if isinstance(node, tree.Logical) and node.operator == "and":
        for operand in node.operands:
            yield from _conjuncts(operand)
    elif isinstance(node, tree.Comparison) and len(node.operators) == 2:
        low, middle, high = node.operands
        yield tree.Comparison((middle, low), (SWAPPED[node.operators[0]],), span=node.span)
        yield tree.Comparison((middle, high), node.operators[1:], span=node.span)
    else:
        yield node


def _distance(node: tree.Expr, joined: str, one: _Side, two: _Side, scope: Scope) -> tree.Expr | None:
    """Return the distance from a middle that two bounds of one value are: `and` is the inside, `or` the outside."""
    if one.compared != two.compared or SWAPPED[one.operator] != two.operator:
        return None
    low, high = sorted((one, two), key=lambda side: side.value)
    inside = low.is_lower
    if low.value == -high.value or low.value == high.value or inside != (joined == "and"):
        return None
    middle, half = (low.value + high.value) / 2, (high.value - low.value) / 2
    number = _constant(middle, scope) or high.at(middle).operands[1]
    away = tree.Absolute(tree.Binary("-", low.compared, number, span=node.span), span=node.span)
    return _comparison(away, high.operator, half, high.unit)


def _constant(value: Fraction, scope: Scope) -> tree.Expr | None:
    """Return the constant of the program that has a value, such as `m_Z`: the paper may call it so, too."""
    for name, stands_for in scope.values.items():
        found = literal(stands_for)
        if found is not None and found[0] == value and found[1] != PURE:
            return tree.Name(name)
    return None


def _single(node: tree.Expr, scope: Scope) -> _Side | None:
    """Return a comparison of one value with one number."""
    if not isinstance(node, tree.Comparison) or len(node.operators) != 1:
        return None
    (left, right), (operator,) = node.operands, node.operators
    return _side(left, operator, right, scope) or _side(right, SWAPPED[operator], left, scope)


def _side(compared: tree.Expr, operator: _Operator, bound: tree.Expr, scope: Scope) -> _Side | None:
    number = _number(bound, scope)
    if number is None or operator in ("==", "!=") or _number(compared, scope) is not None:
        return None
    return _Side(compared, operator, *number)


def _number(node: tree.Expr, scope: Scope) -> tuple[Fraction, tree.UnitRef | None] | None:
    """Return the value of a number in base units, and a unit in which it is written."""
    found = number_of(node, scope)
    if found is None:
        return None
    written = (scope.values.get(part.name, part) if isinstance(part, tree.Name) else part for part in tree.walk(node))
    units = (part.unit for one in written for part in tree.walk(one) if isinstance(part, tree.Number))
    return found[0], next((unit for unit in units if unit is not None), None)


def _comparison(
    compared: tree.Expr, operator: _Operator, value: Fraction, unit: tree.UnitRef | None
) -> tree.Comparison:
    return tree.Comparison((compared, decimal(value, unit, compared.span)), (operator,), span=compared.span)
