"""Truth values and choices of queries, without what is decided already."""

from __future__ import annotations

import math

from hepsel.plan.nodes import Kind
from hepsel.plan.remote.query import Call, Expr, Number

TRUE, FALSE = Number(True), Number(False)
MISSING: dict[Kind, Number] = {
    "real": Number(math.nan), "int": Number(0), "bool": FALSE, "enum": Number(-1), "item": Number(-1),
}  # fmt: skip


def parts_of(condition: Expr, function: str) -> tuple[Expr, ...]:
    """Return the parts that a condition joins with `and` or `or`, or it alone."""
    return condition.arguments if isinstance(condition, Call) and condition.function == function else (condition,)


def both(*conditions: Expr) -> Expr:
    """Return whether all of some conditions hold."""
    parts = tuple(dict.fromkeys(part for one in conditions if one != TRUE for part in parts_of(one, "and")))
    if FALSE in parts:
        return FALSE
    return TRUE if not parts else parts[0] if len(parts) == 1 else Call("and", parts)


def either(*conditions: Expr) -> Expr:
    """Return whether one of some conditions holds."""
    parts = tuple(dict.fromkeys(part for one in conditions if one != FALSE for part in parts_of(one, "or")))
    if TRUE in parts:
        return TRUE
    return FALSE if not parts else parts[0] if len(parts) == 1 else Call("or", parts)


def opposite(condition: Expr) -> Expr:
    """Return whether a condition does not hold."""
    return Number(not condition.value) if isinstance(condition, Number) else Call("not", (condition,))


def choice(condition: Expr, value: Expr, otherwise: Expr) -> Expr:
    """Return one of two values."""
    if isinstance(condition, Number):
        return value if condition.value else otherwise
    if value == otherwise:
        return value
    # Truth values are not chosen: a constant one becomes a number in a choice, which no criterion may be.
    if _is_truth(value):
        return either(condition, otherwise) if value == TRUE else both(opposite(condition), otherwise)
    if _is_truth(otherwise):
        return either(opposite(condition), value) if otherwise == TRUE else both(condition, value)
    return Call("where", (condition, value, otherwise))


def _is_truth(value: Expr) -> bool:
    return isinstance(value, Number) and isinstance(value.value, bool)
