"""Arithmetic of numbers and four-vectors."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from hepsel.semantics import program as typed
from hepsel.semantics.attributes import is_number
from hepsel.semantics.expressions.part import Part, unknown
from hepsel.semantics.expressions.quantities import a_quantity, dimension, element_of, folded, usual_unit
from hepsel.semantics.types import (
    BOOL,
    ENERGY,
    INT,
    LUMINOSITY,
    PURE,
    REAL,
    UNKNOWN,
    VECTOR,
    BoolType,
    Dimension,
    ItemType,
    ListType,
    RealType,
    Type,
    UnknownType,
    VectorType,
)
from hepsel.semantics.units import MAX_POWER, UNITS, parse_unit
from hepsel.semantics.walk import walk
from hepsel.syntax import tree
from hepsel.syntax.printer import print_expression
from hepsel.syntax.tree import Span
from hepsel.vocabulary import foreign

if TYPE_CHECKING:
    from hepsel.semantics.expressions.checker import ExpressionChecker

LARGE_IN_GEV = 1000.0
"""A threshold of so many GeV is rather one in MeV."""

_CONVERSIONS = {Fraction(10) ** power for power in (-6, -3, 3, 6)}

# What is being done to two numbers of different dimension: to one that has no unit, and to any two.
_NO_UNIT = {
    "compare": "compared with",
    "add": "in a sum with",
    "subtract": "in a difference with",
    "replace": "the default of",
    "combine": "in an `if` with",
}
_MIXED = {
    "compare": "cannot compare {} with {}",
    "add": "cannot add {} and {}",
    "subtract": "cannot subtract from {} {}",
    "replace": "the default of {} cannot be {}",
    "combine": "the branches of an `if` cannot be {} and {}",
}


def _split_power(expr: tree.Binary) -> tuple[str, Span] | None:
    """Return what was meant with `36.1 fb-1`, in products too: to the parser, a difference with a cross section."""
    left, right = expr.left, expr.right
    while isinstance(left, tree.Binary) and left.operator in ("*", "/"):
        left = left.right
    while isinstance(right, tree.Binary) and right.operator in ("*", "/", "^"):
        right = right.left
    if expr.operator != "-" or not isinstance(left, tree.Number) or not isinstance(right, tree.Number):
        return None
    if left.unit is None or right.unit is not None or left.unit.name not in UNITS:
        return None
    if left.unit.power != (1, 1) or UNITS[left.unit.name].dimension != LUMINOSITY**-1:
        return None
    return f"{left.text} {left.unit.name}^-{right.text}", left.span.to(right.span)


def _bare_numbers(node: tree.Node) -> tuple[float, ...]:
    """Return the numbers without a unit that a value is made of; nothing if it is made of anything else."""
    match node:
        case tree.Number(text, None):
            return (float(text),)
        case tree.Unary("-", operand):
            return _bare_numbers(operand)
        case tree.Binary("+" | "-", one, other) | tree.Conditional(_, one, other):
            first, second = _bare_numbers(one), _bare_numbers(other)
            return first + second if first and second else ()
    return ()


def _bare_numerator(node: tree.Node) -> tree.Number | None:
    """Return the number without a unit that something is divided into, as in `10 / pt`; of `1 / pt` none is meant."""
    match node:
        case tree.Binary("/", tree.Number(text, None) as number, _) if float(text) != 1:
            return number
    return None


class Arithmetic(Part):
    """Types sums, differences, products, ratios and powers."""

    def __init__(self, checker: ExpressionChecker) -> None:
        super().__init__(checker)
        self._conversions: dict[str, str | None] = {}  # of the values of definitions

    def unary(self, expr: tree.Unary) -> typed.Expr:
        """Type `-x` and `not x`."""
        if expr.operator == "not":
            operand = self.checker.conditions.truth(expr.operand)
            return self.checker.lists.together(
                [operand], expr, lambda parts: typed.Not(parts[0], type=BOOL, span=expr.span)
            )
        operand = self.check(expr.operand)
        if isinstance(operand.type, ItemType | VectorType):
            vector = self.checker.members.vector(operand, expr.operand)
            if isinstance(vector.type, UnknownType):
                return vector
            return typed.VectorNegate(vector, type=VECTOR, span=expr.span)

        def negate(parts: list[typed.Expr]) -> typed.Expr:
            part = parts[0]
            if not is_number(part.type):
                return self.report("E302", f"`-` needs a number, and this is of type {part.type}", expr)
            if isinstance(part, typed.Constant):
                return replace(part, value=-part.value, span=expr.span)  # type: ignore[operator]
            return typed.Negate(part, type=part.type, span=expr.span)

        return self.checker.lists.together([operand], expr, negate)

    def _foreign_unit(self, expr: tree.Binary) -> typed.Expr | None:
        """Explain `36.1 / fb` and `7 GeV/c`, which are ratios to the parser."""
        left, right = expr.left, expr.right
        if isinstance(right, tree.Binary) and right.operator == "^":
            right = right.left
        if not isinstance(left, tree.Number):
            return None
        if expr.operator == "*" and isinstance(right, tree.Name) and right.name in UNITS and left.unit is None:
            if right is expr.right and right.name not in self.symbols.kinds:
                text = f"{left.text} {right.name}"
                return self.report("E114", "a unit stands behind its number", expr, f"write `{text}`", text)
        elif expr.operator == "/" and isinstance(right, tree.Name) and right.name not in self.symbols.kinds:
            if right.name in UNITS and left.unit is None:
                text = f"{left.text} {right.name}^-1"
                return self.report("E114", "an inverse unit is written as a power", expr, f"write `{text}`", text)
            if right.name == "c" and left.unit is not None:
                text = f"{left.text} {left.unit.name}"
                message = "energies, momenta and masses have the same units here (c = 1)"
                return self.report("E114", message, expr, f"write `{text}`", text)
        return None

    def _foreign_symbol(self, expr: tree.Binary) -> typed.Expr | None:
        """Explain `E_T^miss`, which is a power to the parser."""
        match expr:
            case tree.Binary("^", tree.Name(base), tree.Name(above)) if above not in self.symbols.value_names():
                here = foreign.called_here(base + above, foreign.NAMES)
                if here is not None:
                    text = f"{base}^{above}"
                    return self.report("E200", f"`{text}` is not defined", expr, f"did you mean `{here}`?", here)
        return None

    @staticmethod
    def _left_over(name: str, without: str) -> str:
        """Say how what is left of a collection is written."""
        return f"what is left of `{name}` is an `object`: `take {name}`, and in the next line `reject this {without}`"

    def arithmetic(self, expr: tree.Binary) -> typed.Expr:
        """Type what stands between two numbers or four-vectors."""
        explained = self._foreign_unit(expr) or self._foreign_symbol(expr)
        if explained is not None:
            return explained
        left, right = self.check(expr.left), self.check(expr.right)
        kinds = (left.type, right.type)
        if isinstance(left, typed.CollectionRef) and isinstance(right, typed.CollectionRef):
            proposal = (
                f"for all items of both, define an `object` with `take {left.name}, {right.name}`, and write its name"
            )
            if expr.operator == "-":
                proposal = self._left_over(left.name, f"in {right.name}")
            if expr.operator in ("+", "-"):
                return self.report("E305", "collections are not added and subtracted", expr, proposal)
        if any(isinstance(kind, ItemType | VectorType) for kind in kinds):
            if UNKNOWN in kinds:
                return unknown(expr.span)
            if expr.operator in ("*", "/") and is_number(kinds[1]):
                return self._scaled(expr, (left, expr.left), (right, expr.right))
            if expr.operator == "*" and is_number(kinds[0]):
                return self._scaled(expr, (right, expr.right), (left, expr.left))
            if expr.operator not in ("+", "-") or not all(isinstance(kind, ItemType | VectorType) for kind in kinds):
                proposal = (
                    "items and four-vectors add and subtract, and are multiplied by pure numbers; "
                    "for a number take an attribute, such as `.pt`"
                )
                if any(isinstance(kind, ListType) for kind in kinds):
                    proposal = "of a collection take one item, `[0]`, or the sum of all, `sum(...)`"
                if expr.operator == "-" and isinstance(left, typed.CollectionRef) and isinstance(kinds[1], ItemType):
                    whole = typed.is_composite(self.symbols.collections, kinds[1].collection)
                    text = print_expression(expr.right)
                    proposal = self._left_over(left.name, f"in {text}.parts" if whole else f"== {text}")
                return self.report(
                    "E302", f"`{expr.operator}` between {left.type} and {right.type} means nothing", expr, proposal
                )
            a, b = self.checker.members.vector(left, expr.left), self.checker.members.vector(right, expr.right)
            if UNKNOWN in (a.type, b.type):
                return unknown(expr.span)
            operator = "+" if expr.operator == "+" else "-"
            return typed.VectorArithmetic(operator, a, b, type=VECTOR, span=expr.span)  # type: ignore[arg-type]
        return self.checker.lists.together([left, right], expr, lambda parts: self._numbers(expr, parts[0], parts[1]))

    def _scaled(
        self, expr: tree.Binary, scaled: tuple[typed.Expr, tree.Expr], by: tuple[typed.Expr, tree.Expr]
    ) -> typed.Expr:
        factor, node = by
        if dimension(factor.type) != PURE:
            message = f"four-vectors are multiplied by pure numbers, and this is {a_quantity(dimension(factor.type))}"
            four_vector = print_expression(scaled[1])
            proposal = f"for a number take an attribute of the other, such as `{four_vector}.pt`"
            if expr.operator == "/" and isinstance(node, tree.Attribute) and node.item == scaled[1]:
                proposal += (
                    f"; for its direction divide by a pure number, `{four_vector} / ({print_expression(node)} / 1 GeV)`"
                )
            plain = isinstance(scaled[1], tree.Name | tree.Attribute | tree.Index)
            return self.report("E401", message, node, proposal if plain else None)
        vector = self.checker.members.vector(*scaled)
        if isinstance(vector.type, UnknownType):
            return vector
        operator: Literal["*", "/"] = "*" if expr.operator == "*" else "/"
        return typed.VectorScale(operator, vector, factor, type=VECTOR, span=expr.span)

    def _numbers(self, expr: tree.Binary, left: typed.Expr, right: typed.Expr) -> typed.Expr:
        operator = expr.operator
        for part, node in ((left, expr.left), (right, expr.right)):
            if not is_number(part.type):
                proposal = None
                if isinstance(part.type, BoolType):
                    proposal = "write `if c then 1 else 0` to count with a condition"
                return self.report(
                    "E302", f"`{operator}` needs numbers, and this is of type {part.type}", node, proposal
                )
        result: Type
        a, b = dimension(left.type), dimension(right.type)
        if operator == "^":
            return self._power(expr, left, right)
        if operator in ("+", "-"):
            if a != b:
                if split := _split_power(expr):
                    text, span = split
                    return self.report("E114", "the power of a unit needs `^`", span, f"write `{text}`", text)
                return self.dimensions(
                    expr, left, right, expr.left, expr.right, "add" if operator == "+" else "subtract"
                )
            result = RealType(a)
        else:
            result = RealType(a * b if operator == "*" else a / b)
        if operator != "/" and left.type == INT and right.type == INT:
            result = INT
        return typed.Arithmetic(operator, left, right, type=result, span=expr.span)

    def _power(self, expr: tree.Binary, left: typed.Expr, right: typed.Expr) -> typed.Expr:
        if dimension(right.type) != PURE:
            return self.report("E404", "an exponent is a pure number", expr.right)
        self.checker.habits.warn_of_turn(left, expr.left.span)
        base = dimension(left.type)
        if base == PURE:
            return typed.Arithmetic("^", left, right, type=REAL, span=expr.span)
        power = folded(right)
        if power is None or max(abs(power.numerator), power.denominator) > MAX_POWER:
            return self.report(
                "E404",
                f"the exponent of a quantity with a unit ({base}) is a whole number or simple fraction, as written",
                expr.right,
                "write for example `x^2` or `x^(1/2)`",
            )
        return typed.Arithmetic("^", left, right, type=RealType(base**power), span=expr.span)

    def dimensions(
        self,
        node: tree.Node,
        left: typed.Expr,
        right: typed.Expr,
        left_node: tree.Node,
        right_node: tree.Node,
        verb: str,
    ) -> typed.Expr:
        """Report two numbers of different dimension."""
        a, b = dimension(left.type), dimension(right.type)
        for kind, ratio, other_kind in ((a, left_node, b), (b, right_node, a)):
            if other_kind == PURE and (numerator := _bare_numerator(ratio)) is not None:
                unit = usual_unit(kind**-1)
                if unit is not None and "^" not in unit:
                    message = f"`{numerator.text}` has no unit, and is divided by {a_quantity(kind**-1)}"
                    text = f"{numerator.text} {unit}"
                    return self.report("E400", message, numerator, f"write the unit: `{text}`", text)
        for literal, literal_node, other in ((right, right_node, left), (left, left_node, right)):
            wanted = dimension(other.type)
            if dimension(literal.type) != PURE or not isinstance(literal, typed.Constant):
                continue
            unit, note = self.likely_unit(other, float(literal.value))
            text = f"{literal.value:.12g}"
            if unit is not None and (factor := self.conversion(other)) is not None:
                # With the unit alone the comparison would be right in its dimensions, and wrong by this factor.
                return self.report(
                    "E400",
                    f"`{text}` has no unit, and is {_NO_UNIT[verb]} {a_quantity(wanted)}",
                    literal_node,
                    f"quantities have their units with them: leave out `{factor}`, and write `{text} {unit}`",
                )
            return self.report(
                "E400",
                f"`{text}` has no unit, and is {_NO_UNIT[verb]} {a_quantity(wanted)}",
                literal_node,
                f"write the unit: `{text} {unit}`{note}" if unit else f"write the unit{note}",
                f"{text} {unit}" if unit else None,
            )
        proposal = None
        if PURE in (a, b):
            pure, pure_node, other = (left, left_node, right) if a == PURE else (right, right_node, left)
            if numbers := _bare_numbers(pure_node):
                wanted = dimension(other.type)
                unit, _ = self.likely_unit(other, max(numbers))
                return self.report(
                    "E400",
                    f"the numbers here have no unit, and are {_NO_UNIT[verb]} {a_quantity(wanted)}",
                    pure_node,
                    f"give each of them its unit, such as `{unit}`" if unit else "give each of them its unit",
                )
            defined = self.symbols.values[pure.name] if isinstance(pure, typed.ValueRef) else None
            if defined is not None and isinstance(defined.expr, typed.Constant):
                proposal = f"give the number a unit where `{defined.name}` is defined, in line {defined.span.line}"
            elif isinstance(other, typed.Constant):
                proposal = f"a {'whole' if pure.type == INT else 'pure'} number has no unit: leave it out"
            elif ENERGY in (a, b):
                proposal = "is one of them a ratio? divide by a momentum, or give a unit"
        elif {a, b} == {ENERGY, ENERGY ** Fraction(1, 2)}:
            proposal = "a number in front of a square root has a unit here, as in `5 GeV^(1/2) * sqrt(HT)`"
        elif {a, b} == {ENERGY, ENERGY**2}:
            proposal = "one of them is a square: take its root, `sqrt(...)`, or square the other one, `(...)^2`"
        return self.report("E401", _MIXED[verb].format(a_quantity(a), a_quantity(b)), node, proposal)

    def conversion(self, expr: typed.Expr) -> str | None:
        """Return the factor by which a quantity was probably to be converted into another unit, as `* 0.001`."""
        names: list[str] = []  # definitions of definitions may be of any number: each is looked at once
        while isinstance(expr, typed.ValueRef | typed.Comprehension | typed.Reduce | typed.Arithmetic):
            match expr:
                case typed.ValueRef(name):
                    if name in self._conversions:
                        return self._converted(names, self._conversions[name])
                    names.append(name)
                    expr = self.symbols.values[name].expr
                case typed.Comprehension(inner) | typed.Reduce(_, inner):
                    expr = inner
                case typed.Arithmetic("*" | "/" as operator, left, right):
                    for factor in (right, left) if operator == "*" else (right,):
                        value = folded(factor)
                        if value in _CONVERSIONS:
                            text = f"{operator} {float(value):g}" if factor is right else f"{float(value):g} *"
                            return self._converted(names, text)
                    expr = left
                case _:
                    break
        return self._converted(names, None)

    def _converted(self, names: list[str], conversion: str | None) -> str | None:
        self._conversions.update(dict.fromkeys(names, conversion))
        return conversion

    def likely_unit(self, expr: typed.Expr, number: float) -> tuple[str | None, str]:
        """Return the unit that a number beside an expression probably has, and what to say of it."""
        wanted = dimension(element_of(expr.type))
        stored = self._stored_unit(expr, wanted)
        # Of energies people think in GeV, unless the number is one of MeV; of all else as it is stored.
        as_stored = wanted != ENERGY or (stored == "MeV" and abs(number) >= LARGE_IN_GEV)
        unit = stored if stored and as_stored else usual_unit(wanted)
        return unit, f" ({self.symbols.format.name} stores {stored})" if stored else ""

    def _stored_unit(self, expr: typed.Expr, wanted: Dimension) -> str | None:
        """Return the unit in which the format stores an attribute of this dimension that `expr` is computed from."""
        for part in walk(expr):
            if isinstance(part, typed.ValueRef):
                found = self._stored_unit(self.symbols.values[part.name].expr, wanted)
            elif isinstance(part, typed.Attribute | typed.VectorOf) and isinstance(part.item.type, ItemType):
                name = part.name if isinstance(part, typed.Attribute) else "pt"
                found = self._unit_of(part.item.type.collection, name)
            else:
                continue
            known = parse_unit(found) if found is not None else None
            if known is not None and known.dimension == wanted:
                return found
        return None

    def _unit_of(self, collection: str, name: str) -> str | None:
        found = self._found(collection, name)
        if isinstance(found, typed.VectorComponent) and name != "pt":
            return self._unit_of(collection, "pt")
        return found.spec.unit if isinstance(found, typed.StoredAttribute) else None

    def is_stored_without_unit(self, collection: str, name: str) -> bool:
        """Whether an attribute is as the format has it, and has no unit there, as `eta`."""
        match self._found(collection, name):
            case typed.VectorComponent():
                return name in ("eta", "rapidity")
            case typed.StoredAttribute(spec):
                return spec.unit is None
        return False

    def _found(self, collection: str, name: str) -> typed.Resolution | None:
        """Return what an attribute is where it comes from; of a union, in its first collection."""
        for _ in range(20):
            found = typed.resolve(self.symbols.format, self.symbols.collections, collection, name)
            if not isinstance(found, typed.FromSource):
                return found
            collection = found.sources[0]
        return None
