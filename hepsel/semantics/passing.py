"""What the cuts of a region ask for, as one condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hepsel.semantics.program import Constant, Expr, Filter, Logical, Not, Region, statements_of
from hepsel.semantics.types import BOOL


def passing(regions: Mapping[str, Region], name: str) -> Expr:
    """Return the condition that an event passes all cuts of a region, those of its bases among them."""
    return conjunction([passed(cut) for cut in statements_of(regions, name) if isinstance(cut, Filter)])


def passed(cut: Filter) -> Expr:
    """Return the condition that a cut asks for."""
    return Not(cut.condition, type=BOOL) if cut.negated else cut.condition


def conjunction(conditions: Sequence[Expr]) -> Expr:
    """Return the condition that all of some hold; it is never missing."""
    if not conditions:
        return Constant(True, type=BOOL)
    if len(conditions) == 1:
        return Not(Not(conditions[0], type=BOOL), type=BOOL)
    return Logical("and", tuple(conditions), type=BOOL)
