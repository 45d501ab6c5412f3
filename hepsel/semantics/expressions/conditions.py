"""Comparisons, and what is made of conditions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from hepsel.semantics import program as typed
from hepsel.semantics.attributes import is_number
from hepsel.semantics.expressions.part import Part, unknown
from hepsel.semantics.expressions.quantities import dimension, element_of
from hepsel.semantics.types import (
    BOOL,
    INT,
    PURE,
    UNKNOWN,
    BoolType,
    EnumType,
    IntType,
    ItemType,
    ListType,
    RealType,
    Type,
    UnknownType,
    VectorType,
)
from hepsel.semantics.units import UNITS
from hepsel.syntax import tree
from hepsel.syntax.printer import print_expression, print_unit
from hepsel.vocabulary import foreign

_UNLIKE = {
    "replace": "the default is of another type: {1}, not {0}",
    "combine": "the branches are of different types: {} and {}",
}


class Conditions(Part):
    """Types comparisons, `and`, `or`, `in` and `if`."""

    def truth(self, expr: tree.Expr) -> typed.Expr:
        """Type an operand of `and`, `or`, `not`: a condition, or a list of conditions."""
        result = self.check(expr)
        if isinstance(result.type, ListType) and isinstance(result.type.element, BoolType):
            return result
        if isinstance(result.type, BoolType | UnknownType):
            return result
        return self.checker.condition(expr)

    def logical(self, expr: tree.Logical) -> typed.Expr:
        """Type `and` and `or`."""
        operands: list[typed.Expr] = []
        before: tree.Expr | None = None
        stack: list[tree.Expr] = [expr]
        while stack:
            part = stack.pop()
            if isinstance(part, tree.Logical) and part.operator == expr.operator:
                stack.extend(reversed(part.operands))
            else:
                operands.append(self._repeated(part, before) or self.truth(part))
                before = part if isinstance(part, tree.Comparison) else before
        return self.checker.lists.together(
            operands, expr, lambda parts: typed.Logical(expr.operator, tuple(parts), type=BOOL, span=expr.span)
        )

    def _repeated(self, part: tree.Expr, before: tree.Expr | None) -> typed.Expr | None:
        """Report `type == combined or standalone`, where the value is to be compared as the one before it is."""
        if not isinstance(before, tree.Comparison) or before.operators not in (("==",), ("!=",)):
            return None
        of_enumeration = isinstance(part, tree.Name) and any(self.symbols.enumerations_with(part.name))
        if not isinstance(part, tree.Number) and not (of_enumeration and self._is_enumeration_value(part)):
            return None
        value = self.check(part, self.check(before.operands[0]).type)
        if isinstance(value.type, BoolType | UnknownType):
            return value
        text = f"{print_expression(before.operands[0])} {before.operators[0]} {print_expression(part)}"
        return self.report(
            "E301",
            f"a condition is true or false, and this is of type {value.type}",
            part,
            f"each value is compared by itself: write `{text}`",
            text,
        )

    def comparison(self, expr: tree.Comparison) -> typed.Expr:
        """Type a comparison, chained or not."""
        if (told := self._exclusive(expr)) is not None:
            return told
        outer, self.checker.calls.compared = self.checker.calls.compared, expr
        operands = self._operands(expr)
        self.checker.calls.compared = outer
        parts = [
            self._compare(expr, operator, operands[i], operands[i + 1], expr.operands[i], expr.operands[i + 1])
            for i, operator in enumerate(expr.operators)
        ]
        if len(parts) == 1:
            return parts[0]
        return self.checker.lists.together(
            parts, expr, lambda each: typed.Logical("and", tuple(each), type=BOOL, span=expr.span)
        )

    def _exclusive(self, expr: tree.Comparison) -> typed.Expr | None:
        """Report `count(a) == 1 ^ count(b) == 1`, where another language has one of two conditions, and not both."""
        if len(expr.operators) != 2:
            return None
        match expr.operands:
            # A power of 1 says nothing, and neither do two equations; `10 < 2 ^ n < 100` is a range.
            case (left, tree.Binary("^", tree.Number(base, None) as one, other) as power, right) if not isinstance(
                other, tree.Number
            ) and (base in ("0", "1") or set(expr.operators) == {"=="}):
                sides = ((left, expr.operators[0], one), (other, expr.operators[1], right))
                first, second = (f"({print_expression(a)} {sign} {print_expression(b)})" for a, sign, b in sides)
                text = f"{first} != {second}"
                return self.report(
                    "E110",
                    "`^` is a power, and is computed before anything is compared",
                    power,
                    f"where one of two conditions is meant, and not both, write `{text}`",
                )
        return None

    def _operands(self, expr: tree.Comparison) -> list[typed.Expr]:
        """Type the operands; values of enumerations are told apart by what they are compared with."""
        enumerated = {i for i, operand in enumerate(expr.operands) if self._is_enumeration_value(operand)}
        known: dict[int, typed.Expr] = {
            i: self.check(operand) for i, operand in enumerate(expr.operands) if i not in enumerated
        }
        expected: Type | None = next(
            (element for e in known.values() if isinstance(element := element_of(e.type), EnumType)), None
        )
        if not known and len(enumerated) == 2:
            # `type == combined` in a format that has neither: `type` is told, and the other depends on it.
            first = self.check(expr.operands[0])
            told = isinstance(first.type, UnknownType)
            return [first, unknown(expr.operands[1].span) if told else self.check(expr.operands[1], first.type)]
        return [known[i] if i in known else self.check(operand, expected) for i, operand in enumerate(expr.operands)]

    def _is_enumeration_value(self, expr: tree.Expr) -> bool:
        if not isinstance(expr, tree.Name):
            return False
        scope = self.scope
        if expr.name in scope.variables or expr.name in scope.lets or expr.name == "this":
            return False
        if scope.program_names and expr.name in self.symbols.kinds:
            return False
        if scope.this and self.attributes.has(scope.this, expr.name, own_p4=scope.own_p4):
            return False
        # An unknown name counts too: beside an enumeration it is a misspelt value.
        return expr.name not in self.symbols.format.collections and expr.name != "pi"

    def _compare(
        self,
        expr: tree.Comparison,
        operator: tree.ComparisonOperator,
        left: typed.Expr,
        right: typed.Expr,
        left_node: tree.Expr,
        right_node: tree.Expr,
    ) -> typed.Expr:
        if isinstance(left.type, ItemType) and isinstance(right.type, ItemType):
            if operator in ("==", "!="):
                self._warn_of_strangers(left.type, right.type, expr)
                return typed.Identity(left, right, operator == "!=", type=BOOL, span=expr.span)
            return self.report(
                "E303", f"items have no order: `{operator}`", expr, "compare an attribute, such as `.pt`"
            )

        def build(parts: list[typed.Expr]) -> typed.Expr:
            a, b = parts
            if is_number(a.type) and is_number(b.type):
                if dimension(a.type) != dimension(b.type):
                    return self.checker.arithmetic.dimensions(expr, a, b, left_node, right_node, "compare")
                for value, other, node in ((a, b, left_node), (b, a, right_node)):
                    if (told := self._angle_beside(value, node, other)) is not None:
                        return told
                    self.checker.habits.warn_of_turn(value, node.span)
                    if dimension(value.type) != PURE:
                        self.checker.habits.warn_of_conversion(value, node.span, other)
                return typed.Compare(operator, a, b, type=BOOL, span=expr.span)
            same_enum = isinstance(a.type, EnumType) and a.type == b.type
            if same_enum or (isinstance(a.type, BoolType) and isinstance(b.type, BoolType)):
                if operator in ("==", "!="):
                    return typed.Compare(operator, a, b, type=BOOL, span=expr.span)
                return self.report("E303", f"{a.type} has no order: `{operator}`", expr, "use `==` or `!=`")
            return self._unlike(expr, a, b, left_node, right_node)

        return self.checker.lists.together([left, right], expr, build)

    def _angle_beside(self, angle: typed.Expr, node: tree.Expr, other: typed.Expr) -> typed.Expr | None:
        """Report a number of degrees beside what is a pure number, and no angle: it would be another number."""
        if isinstance(node, tree.Unary):
            node = node.operand
        if not isinstance(node, tree.Number) or node.unit is None or not isinstance(angle, typed.Constant):
            return None
        unit = UNITS.get(print_unit(node.unit))
        # `rad` is 1: it makes no other number of it.
        if unit is None or unit.dimension != PURE or unit.factor == 1 or not self._is_no_angle(other):
            return None
        size = abs(float(angle.value))
        return self.report(
            "E401",
            f"`{node.text} {unit.name}` is an angle, {size:.4g} rad, and is compared with a pure number",
            node,
            f"leave the unit out: `{node.text}`",
            node.text,
        )

    def _is_no_angle(self, value: typed.Expr) -> bool:
        """Whether a number is made of what is no angle alone."""
        todo, seen = [value], set[str]()
        while todo:
            match todo.pop():
                case typed.Expr(type=IntType()) | typed.Component(_, "eta" | "rapidity"):
                    pass
                case typed.Attribute(typed.Expr(type=ItemType(collection)), name) if (
                    self.checker.arithmetic.is_stored_without_unit(collection, name)
                ):
                    pass
                case typed.Function("dr" | "dr_rapidity" | "deta"):
                    pass
                case typed.Function("abs" | "min" | "max", arguments):
                    todo += arguments
                case typed.Negate(operand):
                    todo.append(operand)
                case typed.Arithmetic("+" | "-", left, right):
                    todo += (left, right)
                case typed.Reduce("min" | "max" | "mean" | "largest" | "smallest", typed.Comprehension(body)):
                    todo.append(body)
                case typed.ValueRef(name):
                    if name not in seen:
                        seen.add(name)
                        todo.append(self.symbols.values[name].expr)
                case _:
                    return False
        return True

    def _unlike(
        self,
        expr: tree.Node,
        a: typed.Expr,
        b: typed.Expr,
        left_node: tree.Expr,
        right_node: tree.Expr,
    ) -> typed.Expr:
        for value, node, other in ((b, right_node, a), (a, left_node, b)):
            if isinstance(other.type, EnumType) and isinstance(value, typed.Constant):
                near = foreign.nearest(str(value.value), other.type.values)
                hint = f"did you mean {foreign.listed(near)}? " if near else ""
                return self.report(
                    "E207",
                    f"`{value.value}` is not a value of the enumeration {other.type.name}",
                    node,
                    f"{hint}its values are {', '.join(other.type.values)}",
                )
        proposal = self._attribute_compared(a, b, left_node, right_node)
        if {BOOL, INT} == {a.type, b.type}:
            proposal = "a condition needs no `== 1`: write it alone, or with `not`"
        return self.report("E303", f"cannot compare {a.type} with {b.type}", expr, proposal)

    def _attribute_compared(
        self, a: typed.Expr, b: typed.Expr, left_node: tree.Expr, right_node: tree.Expr
    ) -> str | None:
        """Say what to compare of an item or four-vector that is compared with a number."""
        for value, node, other in ((a, left_node, b), (b, right_node, a)):
            if not is_number(other.type) or not isinstance(value.type, ItemType | VectorType):
                continue
            text = print_expression(node)
            text = text if isinstance(node, tree.Name | tree.Attribute | tree.Index | tree.Call) else f"({text})"
            if isinstance(value, typed.Single):
                return f"compare an attribute of it: `{text}.pt`"
            return f"compare an attribute of it, such as `{text}.pt` or `{text}.mass`"
        return None

    def membership(self, expr: tree.Membership) -> typed.Expr:
        """Type `item in collection`."""
        item, collection = self.check(expr.item), self.checker.lists.list_of(expr.collection, "`in`")
        if UNKNOWN in (item.type, collection.type):
            return unknown(expr.span)
        assert isinstance(collection.type, ListType)
        if not isinstance(item.type, ItemType) or not isinstance(collection.type.element, ItemType):
            return self.report(
                "E306",
                "`in` asks whether an item is in a collection, by identity",
                expr,
                "write a range as `a < x < b`, and a list of values with `or`",
            )
        self._warn_of_strangers(item.type, collection.type.element, expr)
        return typed.Membership(item, collection, expr.negated, type=BOOL, span=expr.span)

    def _warn_of_strangers(self, left: ItemType, right: ItemType, expr: tree.Expr) -> None:
        """Warn of items that are never the same, as they have their identity in different collections."""
        bases = [
            typed.identity_bases(self.symbols.format, self.symbols.collections, side.collection)
            for side in (left, right)
        ]
        if set(bases[0]) & set(bases[1]):
            return
        candidates = [
            side.collection for side in (left, right) if typed.is_composite(self.symbols.collections, side.collection)
        ]
        self.symbols.report(
            "W602",
            f"an item of {left.collection} is never one of {right.collection}: that asks for one and the same item",
            expr.span,
            f"look into the candidates: `any(item in candidate.parts for candidate in {candidates[0]})`"
            if len(candidates) == 1
            else "compare attributes, or ask whether they are near: `dr(a, b) < 0.1`",
        )

    def choice(
        self,
        expr: tree.Expr,
        value: tuple[typed.Expr, tree.Expr],
        otherwise: tuple[typed.Expr, tree.Expr],
        verb: Literal["replace", "combine"],
        make: Callable[[typed.Expr, typed.Expr, Type], typed.Expr],
    ) -> typed.Expr:
        """Make a choice between two values, as what both are: unlike items as four-vectors, unlike numbers as reals."""
        (a, a_node), (b, b_node) = value, otherwise
        if {type(a.type), type(b.type)} <= {ItemType, VectorType} and a.type != b.type:
            a, b = self.checker.members.vector(a, a_node), self.checker.members.vector(b, b_node)
        if UNKNOWN in (a.type, b.type):
            return unknown(expr.span)
        if a.type == b.type:
            return make(a, b, a.type)
        if not (is_number(a.type) and is_number(b.type)):
            return self.report("E312", _UNLIKE[verb].format(a.type, b.type), expr)
        if dimension(a.type) != dimension(b.type):
            return self.checker.arithmetic.dimensions(expr, a, b, a_node, b_node, verb)
        return make(a, b, RealType(dimension(a.type)))

    def conditional(self, expr: tree.Conditional, expected: Type | None) -> typed.Expr:
        """Type `if ... then ... else`."""
        condition = self.truth(expr.condition)
        value = self.check(expr.value, expected)
        otherwise = self.check(expr.otherwise, expected or value.type)

        def build(parts: list[typed.Expr]) -> typed.Expr:
            c, first, second = parts

            def make(a: typed.Expr, b: typed.Expr, kind: Type) -> typed.Expr:
                return typed.Conditional(c, a, b, type=kind, span=expr.span)

            return self.choice(expr, (first, expr.value), (second, expr.otherwise), "combine", make)

        if isinstance(value.type, ItemType) or isinstance(otherwise.type, ItemType):
            if UNKNOWN in (condition.type, value.type, otherwise.type):
                return unknown(expr.span)
            return build([condition, value, otherwise])
        return self.checker.lists.together([condition, value, otherwise], expr, build)
