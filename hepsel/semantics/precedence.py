"""Tells of `a and x == 1 or x == 2`, which is `(a and x == 1) or x == 2`, where `a` was meant for both."""

from __future__ import annotations

from itertools import pairwise

from hepsel.semantics import program as typed
from hepsel.semantics.intervals import Interval, bounded
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.walk import joined_by
from hepsel.syntax.tree import Span


def tell_of_precedence(symbols: Symbols, condition: typed.Expr, span: Span, text: str) -> None:
    """Tell of an alternative to the neighbouring one of several conditions, of which the others say something else.

    Nothing is told where the several stand in brackets.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    condition
        Of a criterion.
    span, text
        Where it is written, and in which text.
    """
    for one, other in pairwise(joined_by("or", condition)):
        for several, alone, beside in ((one, other, -1), (other, one, 0)):
            if not isinstance(several, typed.Logical) or isinstance(alone, typed.Logical):
                continue
            bounds = [bounded(part) for part in joined_by("and", several)]
            neighbour, alternative = bounds[beside], bounded(alone)
            if neighbour is None or alternative is None or neighbour[0] != alternative[0]:
                continue
            elsewhere = any(bound is None or bound[0] != neighbour[0] for bound in bounds)
            in_brackets = text[: several.span.start].rstrip().endswith("(")
            if elsewhere and _apart(neighbour[1], alternative[1]) and not in_brackets:
                symbols.report(
                    "H712",
                    "`and` binds before `or`: what it joins is asked for in one alternative, and not in the other",
                    span,
                    "write `... and (... or ...)` to ask for them in both; if this is meant, `(... and ...) or ...`",
                )
                return


def _apart(one: Interval, other: Interval) -> bool:
    """Whether no value is in both."""
    return one.meet(other).empty
