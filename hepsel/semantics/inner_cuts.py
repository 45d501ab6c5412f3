"""Tells of comparisons within expressions that nothing passes, or all: `count(j for j in Jet if j.btag > 77)`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hepsel.semantics import program as typed
from hepsel.semantics.intervals import bounded
from hepsel.semantics.stated import Stated, stated
from hepsel.semantics.statements import Parts, conditions
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.walk import joined_by
from hepsel.syntax.tree import Span


def tell_of_inner_cuts(symbols: Symbols, parts: Iterable[tuple[Span, Parts]]) -> None:
    """Tell of a comparison that is never true, wherever it stands, and of one on items that is true of all.

    Of a range one end may well be where no values are, and bins may be for all: nothing is told of these.

    Parameters
    ----------
    symbols
        Where it is reported.
    parts
        Of each expression of a program without errors, and where its statement stands.
    """
    for statement, each in parts:
        alone = {id(condition) for condition in _alone(each)}
        for part in each:
            # A function may be for values of all kinds.
            if not isinstance(part, typed.Compare) or not part.span.begins_in(statement):
                continue
            outcome = _outcome(symbols, part)
            if outcome is None or symbols.told(part.span, "W601", "W602", "W612"):
                continue
            holds, lies, quantity = outcome
            if not holds:
                symbols.report("W602", "this is never true", part.span, lies.why(quantity))
            elif id(part) in alone:
                symbols.report("W601", "this is true wherever the quantity exists", part.span, lies.why(quantity))


def _outcome(symbols: Symbols, condition: typed.Compare) -> tuple[bool, Stated, typed.Expr] | None:
    """Return what a comparison with a number always is, where its quantity lies, and that; else nothing."""
    found = bounded(condition)
    if found is None:
        return None
    quantity, allowed = found
    lies = stated(symbols, quantity)
    if lies.interval.meet(allowed).empty:
        return False, lies, quantity
    return (True, lies, quantity) if lies.interval.within(allowed) else None


def _alone(parts: Parts) -> Iterator[typed.Compare]:
    """Yield the comparisons in conditions on items that alone ask for something of their quantity."""
    for condition in conditions(parts):
        compared = [part for part in joined_by("and", condition) if isinstance(part, typed.Compare)]
        quantities = [(bounded(part) or (None,))[0] for part in compared]
        yield from (
            part for part, quantity in zip(compared, quantities, strict=True) if quantities.count(quantity) == 1
        )
