"""Tells of upper bounds on quantities with a sign, such as `eta < 2.4`, where an absolute value is usual."""

from __future__ import annotations

from collections.abc import Sequence

from hepsel.semantics import program as typed
from hepsel.semantics.intervals import Constraints
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.walk import joined_by
from hepsel.syntax.comparisons import OPPOSITE, SWAPPED

_Quantity = typed.Attribute | typed.Component

_SIGNED = ("eta", "eta_sc", "rapidity", "d0", "z0", "z0_sin_theta", "dxy", "dz")
_BELOW = ("<", "<=")
_ABOVE = (">", ">=")


def tell_of_one_end(
    symbols: Symbols, condition: typed.Expr, constraints: Constraints | None = None, *, negated: bool = False
) -> None:
    """Tell of an upper bound above zero on a quantity that may be far below zero, and has no lower bound.

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
                quantity = _bounded(part, _BELOW, negated=negated)
                if (
                    quantity is not None
                    and all(_bounded(other, _ABOVE, negated=negated) != quantity for other in together)
                    and (constraints is None or not constraints.bound_below(quantity))
                ):
                    name = quantity.name
                    symbols.report(
                        "H710",
                        f"`{name}` may be far below zero, and has no lower bound here",
                        part.span,
                        f"write `|{name}|`, the absolute value, to bound both sides; if one side is meant, leave it",
                    )
            case typed.Logical(_, operands):
                for operand in operands:
                    _look(symbols, operand, constraints, together, negated=negated)
            case typed.Not(operand):
                _look(symbols, operand, constraints, (), negated=not negated)
            case typed.Conditional(_, value, otherwise):
                for branch in (value, otherwise):
                    _look(symbols, branch, constraints, together, negated=negated)


def _bounded(part: typed.Compare, operators: tuple[str, ...], *, negated: bool) -> _Quantity | None:
    """Return what is bounded by a number, from above or below; from above, by one above zero."""
    left, operator, right = part.left, part.operator, part.right
    if isinstance(left, typed.Constant):
        left, operator, right = right, SWAPPED[operator], left
    if negated:
        operator = OPPOSITE[operator]
    if not isinstance(left, typed.Attribute | typed.Component) or left.name not in _SIGNED or operator not in operators:
        return None
    if not isinstance(right, typed.Constant) or not isinstance(right.value, int | float):
        return None
    return left if operators == _ABOVE or right.value > 0 else None
