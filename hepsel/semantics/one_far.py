"""Tells of `any(dr(this, l) > 0.4 for l in leptons)`, where one lepton far away is enough, and `all` was meant."""

from __future__ import annotations

from hepsel.semantics import program as typed
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.walk import joined_by
from hepsel.semantics.with_number import with_number
from hepsel.vocabulary.functions import DISTANCES

_NEAR = 1.0
"""Larger distances are asked for of one of several, too: of a jet opposite to the missing transverse momentum."""


def tell_of_one_far(symbols: Symbols, condition: typed.Expr, *, negated: bool) -> None:
    """Tell of a criterion that asks of one of several to be away from something, by the size of a cone.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    condition
        Of the criterion.
    negated
        Whether it drops what it is true of.
    """
    for part in joined_by("or" if negated else "and", condition):
        opposite = negated
        while isinstance(part, typed.Not):
            part, opposite = part.operand, not opposite
        match part:
            case typed.Reduce("any" | "all" as kind, typed.Comprehension(body)) if (kind == "all") == opposite:
                if any(_is_far(symbols, one, negated=opposite) for one in joined_by("or" if opposite else "and", body)):
                    symbols.report(
                        "H716",
                        "of several, one far away passes this, however near the others are",
                        part.span,
                        "to ask it of each, write `all(... > ...)` or `reject any(... < ...)`; "
                        "if this is meant, leave it",
                    )


def _is_far(symbols: Symbols, part: typed.Expr, *, negated: bool) -> bool:
    """Whether a condition asks for a distance above the size of a cone."""
    match with_number(symbols, part, negated=negated):
        case typed.Function(name), ">" | ">=", number:
            return name in DISTANCES and 0 < number <= _NEAR
    return False
