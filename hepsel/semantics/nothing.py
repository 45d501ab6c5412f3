"""Tells of cuts on the least or greatest of some values that drop what has none of them."""

from __future__ import annotations

from hepsel.semantics import program as typed
from hepsel.semantics.intervals import Constraints
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.walk import joined_by
from hepsel.syntax.comparisons import SWAPPED

_EACH = {("min", ">"), ("min", ">="), ("max", "<"), ("max", "<=")}
"""Comparisons that ask for something of each value."""


def tell_of_nothing(symbols: Symbols, block: str, condition: typed.Expr, constraints: Constraints) -> None:
    """Tell of a `select` that asks for something of each value, and drops what has no values.

    Nothing is told where the cuts show that there are some.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    block
        What the criterion is of.
    condition
        Its condition.
    constraints
        What is known behind it.
    """
    for part in joined_by("and", condition):
        if not isinstance(part, typed.Compare):
            continue
        for side, operator in ((part.left, part.operator), (part.right, SWAPPED[part.operator])):
            value = _meant(symbols, block, side)
            if (
                isinstance(value, typed.Reduce)
                and (value.kind, operator) in _EACH
                and not _is_something(value.list, constraints)
            ):
                dropped = "an item" if block in symbols.collections else "an event"
                symbols.report(
                    "H709",
                    f"`{value.kind}` of nothing is missing, and no comparison with it true: "
                    f"{dropped} is dropped where there are none",
                    part.span,
                    f"write `all(... {operator} ...)`, which is true of nothing, "
                    "or ask for one first, `count(...) >= 1`; if this is meant, leave it",
                )
                return


def _meant(symbols: Symbols, block: str, expr: typed.Expr) -> typed.Expr:
    """Return what a name stands for, of the event or of the item."""
    while True:
        match expr:
            case typed.ValueRef(name):
                expr = symbols.values[name].expr
            case typed.Attribute(typed.This(), name) if block in symbols.collections:
                lets = (each for each in symbols.collections[block].statements if isinstance(each, typed.LetItem))
                value = next((let.value for let in lets if let.name == name), None)
                if value is None:
                    return expr
                expr = value
            case _:
                return expr


def _is_something(values: typed.Expr, constraints: Constraints) -> bool:
    """Whether the cuts show that a list has an element; of a part of a collection, that the collection has."""
    if not isinstance(values, typed.Comprehension):
        return False
    for loop in values.loops:
        items = loop.list.list if isinstance(loop.list, typed.SliceOf) else loop.list
        if isinstance(items, typed.Attribute) and items.name == "parts":
            continue  # a candidate is made of something
        if not isinstance(items, typed.CollectionRef) or not constraints.show(items.name, len(loop.variables)):
            return False
    return True
