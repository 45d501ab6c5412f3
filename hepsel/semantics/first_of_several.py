"""Tells of `Muon[0]` or `pairs[0]`, the first of several, where another one is meant or nothing says which one is.

And of `sum(Jet.pt)`, of all of them, where some are meant.
"""

from __future__ import annotations

from hepsel.semantics import program as typed
from hepsel.semantics.constraints import Constraints
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.walk import distinct, joined_by
from hepsel.syntax.tree import Span

_MEANT = "if this is meant, leave it"


def tell_of_first(symbols: Symbols, value: typed.Expr, constraints: Constraints, span: Span) -> None:
    """Tell of an item by its place, where that is not the one that is meant.

    So of one in a collection of the format, of which the cuts ask for those alone that an object has chosen, and of a
    sum over such a collection; and of a candidate, of a composite that neither sorts nor keeps the best.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    value
        A criterion of a region, or what it defines, fills or saves.
    constraints
        What the cuts before have established.
    span
        Where the value stands.
    """
    parts = list(joined_by("and", value))
    is_told = False  # of one stored item: the others are of the same mistake
    for part in parts:
        others = [other for other in parts if other is not part]
        for each in distinct(part):
            where = each.span if each.span.end > each.span.start else span
            match symbols.defined(each):
                case typed.Reduce("sum", typed.Comprehension(_, (typed.Loop(_, typed.CollectionRef(name)),), None)):
                    is_told = is_told or _told_of_all(symbols, name, constraints.beside(others), where)
            match each:
                case typed.At(typed.CollectionRef(name), typed.Constant(int() as place)):
                    if name in symbols.format.collections:
                        is_told = is_told or _told_of_stored(symbols, name, place, constraints.beside(others), where)
                    elif name not in symbols.told_of_order and _has_no_order(symbols, name):
                        _tell_of_formed(symbols, name, place, constraints.beside(others), where)


def _told_of_stored(symbols: Symbols, name: str, place: int, known: Constraints, span: Span) -> bool:
    """Tell of a stored item, and return whether there was something to tell."""
    chosen = None if place < 0 or known.asks_for(name) else known.selected_from(name, place + 1)
    if chosen is None:
        return False
    symbols.report(
        "H715",
        f"`{name}[{place}]` is of all that are stored, and the cuts ask for items of `{chosen}`",
        span,
        f"write `{chosen}[{place}]`; {_MEANT}",
    )
    return True


def _told_of_all(symbols: Symbols, name: str, known: Constraints, span: Span) -> bool:
    """Tell of a sum over all stored items, and return whether there was something to tell."""
    chosen = None if name not in symbols.format.collections or known.asks_for(name) else known.selected_from(name, 1)
    if chosen is None:
        return False
    symbols.report(
        "H715",
        f"the sum is of all `{name}` that are stored, and the cuts ask for items of `{chosen}`",
        span,
        f"write it of `{chosen}`; {_MEANT}",
    )
    return True


def _tell_of_formed(symbols: Symbols, name: str, place: int, known: Constraints, span: Span) -> None:
    if known.one_at_most(name):
        return
    symbols.told_of_order.add(name)
    symbols.report(
        "H717",
        f"`{name}[{place}]` is one of several candidates in the order in which they are formed",
        span,
        f"say which one is meant, by `keep lowest ...` or `sort by ...` in {name}, "
        f"or ask for one, `count({name}) == 1`; {_MEANT}",
    )


def _has_no_order(symbols: Symbols, name: str) -> bool:
    """Whether a collection is of candidates, and no block says which of them come first."""
    return isinstance(symbols.collections.get(symbols.origin(name)), typed.CompositeBlock) and not any(
        isinstance(statement, typed.Sort | typed.KeepBest)
        for block in symbols.blocks(name)
        for statement in block.statements
    )
