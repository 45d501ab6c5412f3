"""Tells of bounds on quantities with a sign, such as `eta < 2.4` or `d0 > 2 mm`, where an absolute value is usual."""

from __future__ import annotations

from collections.abc import Sequence

from hepsel.semantics import program as typed
from hepsel.semantics.constraints import Constraints
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import IntType
from hepsel.semantics.walk import joined_by
from hepsel.syntax.comparisons import OPPOSITE, SWAPPED

_IMPACT = ("d0", "z0", "z0_sin_theta", "dxy", "dz")
SIGNED = ("eta", "eta_sc", "rapidity", *_IMPACT)
_BELOW = ("<", "<=")
_ABOVE = (">", ">=")
_POSITIONS = ("eta", "eta_sc", "rapidity")


def tell_of_one_end(
    symbols: Symbols, condition: typed.Expr, constraints: Constraints | None = None, *, negated: bool = False
) -> None:
    """Tell of an upper bound above zero on a quantity that may be far below zero, and has no lower bound.

    So of an impact parameter that is to be large, and only above zero.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    condition
        What is asked for.
    constraints
        What is known behind it, where it is a criterion.
    negated
        Whether it drops what it is true of.
    """
    _look(symbols, condition, constraints, (), negated=negated)
    for part in joined_by("or" if negated else "and", condition):
        if isinstance(part, typed.Compare):
            quantity = _bounded(symbols, part, _ABOVE, negated=negated)
            name = None if quantity is None else _name(symbols, quantity)
            if name in _IMPACT and _is_above_zero(symbols, part):
                symbols.report(
                    "H710",
                    f"`{name}` may be far below zero as well as above, and only the latter is asked for",
                    part.span,
                    f"write `|{name}|`, the absolute value, to have both sides; if one side is meant, leave it",
                )


def _look(
    symbols: Symbols,
    condition: typed.Expr,
    constraints: Constraints | None,
    around: Sequence[typed.Compare],
    *,
    negated: bool,
) -> None:
    parts = list(joined_by("or" if negated else "and", condition))
    together = [*around, *(part for part in parts if isinstance(part, typed.Compare))]
    for part in parts:
        match part:
            case typed.Compare():
                quantity = _bounded(symbols, part, _BELOW, negated=negated)
                name = None if quantity is None else _name(symbols, quantity)
                if (
                    quantity is not None
                    and name is not None
                    and all(_bounded(symbols, other, _ABOVE, negated=negated) != quantity for other in together)
                    and (constraints is None or not constraints.bound_below(quantity))
                ):
                    it = f"`{name}`" if name else "this difference"
                    symbols.report(
                        "H710",
                        f"{it} may be far below zero, and has no lower bound here",
                        part.span,
                        f"write `|{name or '... - ...'}|`, the absolute value, to bound both sides; "
                        "if one side is meant, leave it",
                    )
            case typed.Logical(_, operands):
                for operand in operands:
                    _look(symbols, operand, constraints, together, negated=negated)
            case typed.Not(operand):
                _look(symbols, operand, constraints, (), negated=not negated)
            case typed.Conditional(_, value, otherwise):
                for branch in (value, otherwise):
                    _look(symbols, branch, constraints, together, negated=negated)


def _bounded(symbols: Symbols, part: typed.Compare, operators: tuple[str, ...], *, negated: bool) -> typed.Expr | None:
    """Return what is bounded by a number, from above or below; from above, by one above zero."""
    left, operator, right = part.left, part.operator, symbols.defined(part.right)
    if isinstance(left, typed.Constant):
        left, operator, right = right, SWAPPED[operator], left
    if negated:
        operator = OPPOSITE[operator]
    if operator not in operators or not isinstance(right, typed.Constant) or not isinstance(right.value, int | float):
        return None
    return left if operators == _ABOVE or right.value > 0 else None


def _is_above_zero(symbols: Symbols, part: typed.Compare) -> bool:
    """Whether a quantity is compared with a number above zero."""
    sides = (symbols.defined(side) for side in (part.left, part.right))
    return any(isinstance(side, typed.Constant) and float(side.value) > 0 for side in sides)


def _name(symbols: Symbols, quantity: typed.Expr) -> str | None:
    """Return the name of a quantity that usually stands between bars, empty for a difference; of others, none."""
    match symbols.defined(quantity):
        case typed.Attribute(_, name) | typed.Component(_, name) if name in SIGNED:
            return name
        case typed.Function("dphi_signed"):
            return "dphi_signed(...)"
        case typed.Arithmetic("-", left, right) if not isinstance(quantity.type, IntType):
            sides = [symbols.defined(side) for side in (left, right)]
            constant = [isinstance(side, typed.Constant) for side in sides]
            if constant[0] != constant[1] or all(_is_position(side) for side in sides):
                return ""
    return None


def _is_position(expr: typed.Expr) -> bool:
    return isinstance(expr, typed.Attribute | typed.Component) and expr.name in _POSITIONS
