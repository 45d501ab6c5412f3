"""Comparisons with a number, whichever side it stands on."""

from __future__ import annotations

from hepsel.semantics import program as typed
from hepsel.semantics.symbols import Symbols
from hepsel.syntax.comparisons import OPPOSITE, SWAPPED


def with_number(
    symbols: Symbols, condition: typed.Expr, *, negated: bool = False
) -> tuple[typed.Expr, str, float] | None:
    """Return the quantity of a comparison with a number, what it is to the number, and that; of others nothing.

    Names of either are looked up. With `negated`, it is said of what fails the comparison.
    """
    if not isinstance(condition, typed.Compare):
        return None
    left, operator, right = symbols.defined(condition.left), condition.operator, symbols.defined(condition.right)
    if isinstance(left, typed.Constant):
        left, operator, right = right, SWAPPED[operator], left
    if not isinstance(right, typed.Constant) or not isinstance(right.value, int | float):
        return None
    return left, OPPOSITE[operator] if negated else operator, right.value
