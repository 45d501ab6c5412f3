"""Tells of thresholds that rise from the leading item to the next ones: `mu[0].pt > 25 GeV` and `mu[1].pt > 40 GeV`."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import pairwise
from operator import attrgetter

from hepsel.quick_dataclass import dataclass
from hepsel.semantics import program as typed
from hepsel.semantics.constraints import Constraints
from hepsel.semantics.symbols import Symbols
from hepsel.syntax.tree import Span


@dataclass(frozen=True, slots=True)
class _Ranked:
    """One of several quantities of which each is never below the next one, and its lower bound.

    Attributes
    ----------
    of
        What the quantities have in common.
    rank
        The place of this one: that of rank 0 is never below that of rank 1.
    text
        What it is called.
    low
        Its bound, in base units.
    by
        The cut that has it.
    """

    of: Hashable
    rank: int
    text: str
    low: float
    by: Span


def tell_of_rising_thresholds(symbols: Symbols, block: str, constraints: Constraints, span: Span) -> None:
    """Tell of two lower bounds of which the lower one asks for nothing, since it is that of what is never the smaller.

    So of the pT of two items at places of a collection that is sorted by it, or in slots; and of the largest numbers of
    a list.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    block
        The name of the block of the criterion.
    constraints
        What is known behind the criterion.
    span
        Where the criterion stands.
    """
    families: dict[Hashable, list[_Ranked]] = {}
    for quantity, low, by in constraints.lower_bounds():
        ranked = _ranked(symbols, block, quantity, low, by)
        if ranked is not None:
            families.setdefault(ranked.of, []).append(ranked)
    for family in families.values():
        for greater, smaller in pairwise(sorted(family, key=attrgetter("rank"))):
            if greater.low < smaller.low and span in (greater.by, smaller.by):
                _report(symbols, greater, smaller, span)


def _report(symbols: Symbols, greater: _Ranked, smaller: _Ranked, span: Span) -> None:
    other = smaller.by if greater.by == span else greater.by
    where = "" if other == span else f"the other bound is in line {other.line}; "
    symbols.report(
        "H719",
        f"`{greater.text}` is never below `{smaller.text}`: its bound is the smaller one, and asks for nothing",
        span,
        f"{where}are they exchanged? if not, leave it",
        related=None if other == span else other,
    )


def _ranked(symbols: Symbols, block: str, quantity: typed.Expr, low: float, by: Span) -> _Ranked | None:
    match quantity:
        case typed.Attribute(item, "pt") | typed.Component(typed.VectorOf(item), "pt"):
            return _of_item(symbols, block, item, low, by)
        case typed.At(
            typed.Comprehension(typed.Attribute(typed.Variable(), "pt"), (typed.Loop(_, items),), None), place
        ):
            return _of_item(symbols, block, typed.At(items, place, type=quantity.type), low, by)
        case typed.Reduce("largest" | "max", items, k):
            return _Ranked(("largest", items), k, f"largest(..., {k})", low, by)
        case typed.Reduce("smallest" | "min", items, k):
            return _Ranked(("smallest", items), -k, f"smallest(..., {k})", low, by)
    return None


def _of_item(symbols: Symbols, block: str, item: typed.Expr, low: float, by: Span) -> _Ranked | None:
    match item:
        case typed.At(typed.CollectionRef(name), typed.Constant(int() as place)) if place >= 0:
            order = _order_by_pt(symbols, name)
            return _Ranked(name, order * place, f"{name}[{place}].pt", low, by) if order else None
        case typed.Attribute(typed.This(), slot):
            pairs = symbols.collections.get(block)
            if isinstance(pairs, typed.CompositeBlock) and not pairs.ordered:
                for place, one in enumerate(pairs.slots):
                    order = _order_by_pt(symbols, one.collection) if one.name == slot else 0
                    if order:
                        return _Ranked(("slot", one.collection), order * place, f"{slot}.pt", low, by)
    return None


def _order_by_pt(symbols: Symbols, collection: str) -> int:
    """Return 1 where items stand in the order of their pT, as they do in files as a rule; -1 in the reverse, else 0."""
    for block in symbols.blocks(collection):
        for statement in reversed(block.statements):
            match statement:
                case typed.Sort(((typed.Attribute(_, "pt") | typed.Component(_, "pt"), descending), *_)):
                    return 1 if descending else -1
                case typed.Sort() | typed.LetItem("p4"):
                    return 0
    return int(symbols.origin(collection) in symbols.format.collections)
