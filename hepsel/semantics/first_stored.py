"""Tells of `Muon[0]`, the first of all that are stored, where the cuts ask for muons that an object has chosen."""

from __future__ import annotations

from hepsel.semantics import program as typed
from hepsel.semantics.intervals import Constraints
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.walk import distinct, joined_by
from hepsel.syntax.tree import Span


def tell_of_first_stored(symbols: Symbols, value: typed.Expr, constraints: Constraints, span: Span) -> None:
    """Tell of an item by its place in a collection of the format, of which the cuts ask for chosen ones only.

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
                    place >= 0 and name in symbols.format.collections
                ):
                    known = constraints.beside([other for other in parts if other is not part])
                    chosen = None if known.asks_for(name) else known.selected_from(name, place + 1)
                    if chosen is not None:
                        symbols.report(
                            "H715",
                            f"`{name}[{place}]` is of all that are stored, and the cuts ask for items of `{chosen}`",
                            each.span if each.span.end > each.span.start else span,
                            f"write `{chosen}[{place}]`; if this is meant, leave it",
                        )
                        return
