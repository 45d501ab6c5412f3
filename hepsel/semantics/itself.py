"""Tells of `any(dr(this, j) < 0.4 for j in Jet)` in an object of jets: each of them is at no distance from itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hepsel.semantics import program as typed
from hepsel.semantics.statements import Parts
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import ItemType
from hepsel.semantics.walk import distinct, joined_by, substitute
from hepsel.semantics.with_number import with_number
from hepsel.syntax.tree import Span
from hepsel.vocabulary.functions import DISTANCES

_DISTANCES = (*DISTANCES, "deta")
_OF_THE_NEAREST = ("min", "smallest")


def tell_of_itself(symbols: Symbols, value: typed.Expr) -> None:
    """Tell of generators that meet the item of the block itself where they ask for what is near it.

    Nothing is told where something else, as `j != this` or `j.pt > this.pt`, can part the two.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    value
        A criterion or value of an object.
    """
    for part in distinct(value):
        match part:
            case typed.Reduce(
                kind, typed.Comprehension(body, (typed.Loop((variable,), typed.CollectionRef(name)),)) as items
            ):
                near = _meets(symbols, kind, items, variable)
            case typed.ArgBest(
                typed.Comprehension(body, (typed.Loop((variable,), typed.CollectionRef(name)),)) as items
            ):
                near = not part.highest and items.condition is None and _is_between(body, variable)
            case _:
                continue
        this = next((one for one in distinct(items) if isinstance(one, typed.This)), None)
        if near and this is not None and isinstance(this.type, ItemType) and name in symbols.line(this.type.collection):
            symbols.report(
                "H718",
                f"the item itself is one of {name}, at no distance from itself",
                part.span,
                f"leave it out: `... for {variable.name} in {name} if {variable.name} != this`",
            )


def tell_of_pairs(symbols: Symbols, parts: Iterable[tuple[Span, Parts]]) -> None:
    """Tell of two loops over one collection, which pair each item with itself, where they ask what is near.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    parts
        Of each expression of a program without errors, and where its statement stands.
    """
    for _, each in parts:
        for part in each:
            match part:
                case typed.Reduce(
                    kind, typed.Comprehension(loops=(typed.Loop((one,), first), typed.Loop((other,), second)))
                ) if first == second and isinstance(first, typed.CollectionRef):
                    _tell_of_pairs(symbols, part, kind, one, other, first.name)


def _tell_of_pairs(
    symbols: Symbols, pairs: typed.Reduce, kind: str, one: typed.Variable, other: typed.Variable, name: str
) -> None:
    of_this = substitute(pairs.list, one, typed.This(type=one.type))
    assert isinstance(of_this, typed.Comprehension)
    if _meets(symbols, kind, replace(of_this, loops=of_this.loops[1:]), other):
        symbols.report(
            "H718",
            f"`{one.name}` and `{other.name}` are the same item, too, at no distance from itself",
            pairs.span,
            f"write `for {one.name}, {other.name} in {name}` for pairs of different items",
        )


def _meets(symbols: Symbols, kind: str, items: typed.Comprehension, variable: typed.Variable) -> bool:
    """Whether the item itself counts for what a generator is reduced to."""
    if kind in _OF_THE_NEAREST and items.condition is None:
        return _is_between(items.body, variable)
    if kind == "all":
        return items.condition is None and _holds_at_zero(symbols, items.body, variable) is False
    asked = [] if items.condition is None else [*joined_by("and", items.condition)]
    if kind == "any":
        asked += joined_by("and", items.body)
    found = [_holds_at_zero(symbols, part, variable) for part in asked if _asks_for_both(part, variable)]
    return bool(found) and all(found)


def _holds_at_zero(symbols: Symbols, part: typed.Expr, variable: typed.Variable) -> bool | None:
    """Whether a bound on a distance from the item holds at 0; `None` of what is no such bound."""
    match with_number(symbols, part):
        case quantity, operator, number if _is_between(quantity, variable):
            return operator in ("<", "<=") and number > 0
    return None


def _is_between(expr: typed.Expr, variable: typed.Variable) -> bool:
    """Whether this is the distance of the item from what the variable stands for."""
    match expr:
        case typed.Function(name, (typed.VectorOf(one), typed.VectorOf(other))) if name in _DISTANCES:
            return _are(one, other, variable) or _are(other, one, variable)
    return False


def _are(one: typed.Expr, other: typed.Expr, variable: typed.Variable) -> bool:
    return isinstance(one, typed.This) and isinstance(other, typed.Variable) and other.uid == variable.uid


def _asks_for_both(part: typed.Expr, variable: typed.Variable) -> bool:
    parts = list(distinct(part))
    has_variable = any(isinstance(one, typed.Variable) and one.uid == variable.uid for one in parts)
    return has_variable and any(isinstance(one, typed.This) for one in parts)
