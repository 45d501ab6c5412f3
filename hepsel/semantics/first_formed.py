"""Tells of `pairs[0]`, the first pair that is formed, where there may be several and nothing says which is meant."""

from __future__ import annotations

from hepsel.semantics import program as typed
from hepsel.semantics.intervals import Constraints
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.walk import distinct, joined_by
from hepsel.syntax.tree import Span


def tell_of_first_formed(symbols: Symbols, value: typed.Expr, constraints: Constraints, span: Span) -> None:
    """Tell of a candidate by its place, of a composite that neither sorts nor keeps the best.

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
    for part in parts:
        for each in distinct(part):
            match each:
                case typed.At(typed.CollectionRef(name), typed.Constant(int() as place)) if (
                    name not in symbols.told_of_order
                    and _has_no_order(symbols, name)
                    and not constraints.beside([other for other in parts if other is not part]).one_at_most(name)
                ):
                    symbols.told_of_order.add(name)
                    symbols.report(
                        "H717",
                        f"`{name}[{place}]` is one of several candidates in the order in which they are formed",
                        each.span if each.span.end > each.span.start else span,
                        f"say which one is meant, by `keep lowest ...` or `sort by ...` in {name}, "
                        f"or ask for one, `count({name}) == 1`; if this is meant, leave it",
                    )


def _has_no_order(symbols: Symbols, name: str) -> bool:
    """Whether a collection is of candidates, and no block says which of them come first."""
    while True:
        block = symbols.collections.get(name)
        if block is None or any(isinstance(each, typed.Sort | typed.KeepBest) for each in block.statements):
            return False
        if isinstance(block, typed.CompositeBlock):
            return True
        if len(block.sources) != 1:
            return False
        (name,) = block.sources
