"""Tells of axes on which the cuts leave nothing, or all in one bin: one up to 50 GeV for masses above 60 GeV."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

from hepsel.semantics import program as typed
from hepsel.semantics.constraints import Constraints
from hepsel.semantics.intervals import Interval
from hepsel.semantics.stated import stated
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import IntType, ListType
from hepsel.syntax.tree import Span


def tell_of_missed(symbols: Symbols, axis: typed.BinAxis, constraints: Constraints, span: Span) -> None:
    """Tell of an axis that has no bin for what passes the cuts before it, or one of several bins for all of it.

    The latter is told of a quantity that the cuts, or the format, bound on both sides, and of bins of one width.

    Parameters
    ----------
    symbols
        Where it is reported.
    axis
        The axis.
    constraints
        What the cuts say.
    span
        Where the axis is written.
    """
    kind = axis.value.type.element if isinstance(axis.value.type, ListType) else axis.value.type
    asked = constraints.asked_of(axis.value)
    lies = stated(symbols, axis.value)
    for values, by in ([] if asked is None else [asked]) + [(lies.interval, None)]:
        said = _said(axis, values.whole() if isinstance(kind, IntType) else values)
        if said is not None:
            why = lies.why(axis.value) if by is None else f"line {by.line} says where `{axis.label}` lies"
            symbols.report("W612", said, span, why, related=by)
            return


def _said(axis: typed.BinAxis, values: Interval) -> str | None:
    """Say what is wrong with an axis for some values, if so."""
    if values.empty:
        return None
    if _bin(axis.edges[0], axis.edges[-1]).meet(values).empty:
        return "all that passes is beyond this axis"
    if (
        axis.uniform is not None
        and axis.uniform[0] > 1
        and values.low < values.high
        and _are_in_one_bin(values, axis.edges)
    ):
        return "all that passes is in one bin of this axis"
    return None


def _are_in_one_bin(values: Interval, edges: Sequence[float]) -> bool:
    place = bisect_right(edges, values.low)
    return 0 < place < len(edges) and values.within(_bin(edges[place - 1], edges[place]))


def _bin(low: float, high: float) -> Interval:
    return Interval(low, high, high_open=not math.isinf(high))
