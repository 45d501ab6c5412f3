"""Axes of histograms and bins."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace
from itertools import pairwise

from hepsel.semantics import program as typed
from hepsel.semantics.attributes import is_number
from hepsel.semantics.blocks.missed import tell_of_missed
from hepsel.semantics.constraints import Constraints
from hepsel.semantics.expressions import ExpressionChecker, a_quantity, dimension
from hepsel.semantics.expressions.quantities import exact_decimal
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import PURE, UNKNOWN, Dimension, ItemType, ListType, Type, VectorType
from hepsel.semantics.units import parse_unit
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.printer import print_unit

_MAX_BINS = 1_000_000


class Axes:
    """Checks axes."""

    def __init__(self, symbols: Symbols, expressions: ExpressionChecker, source: SourceText) -> None:
        self.symbols = symbols
        self.expressions = expressions
        self._source = source

    def axes(
        self, statement: tree.Histogram | tree.Bins, constraints: Constraints, *, lists: bool
    ) -> tuple[typed.BinAxis, ...]:
        """Check the axes of a histogram or of bins; none where one is wrong."""
        result: list[typed.BinAxis] = []
        if lists and self._open_ends(statement):
            return ()
        for value, axis in zip(statement.values, statement.axes, strict=True):
            expr = value or tree.Name(statement.name, span=statement.name_span)
            checked = self.expressions.check(expr)
            kind = checked.type
            if kind == UNKNOWN:
                return ()
            element: Type = kind.element if isinstance(kind, ListType) else kind
            if not is_number(element):
                what = "a histogram is filled with numbers" if lists else "bins are of a number"
                proposal = None
                if isinstance(kind, ListType) and isinstance(element, ItemType):
                    each = "an attribute of each, such as `.pt`, or " if lists else ""
                    proposal = f"take {each}how many there are: `count(...)`"
                elif isinstance(element, ItemType | VectorType):
                    proposal = "take an attribute of it, such as `.pt`"
                self.symbols.report("E302", f"{what}, and this is of type {kind}", expr.span, proposal)
                return ()
            if isinstance(kind, ListType) and not lists:
                message, only = (
                    "an event is in one bin, and this is a list of values",
                    self.expressions.members.the_only_one,
                )
                self.symbols.report("E305", message, expr.span, only(checked))
                return ()
            checked_axis = self._axis(checked, element, axis, expr)
            if checked_axis is None:
                return ()
            result.append(checked_axis)
            tell_of_missed(self.symbols, checked_axis, constraints, axis.span)
        values = [axis.value for axis in result if isinstance(axis.value.type, ListType)]
        if len(values) == 2 and not self.fill_in_step(*values, node=statement):
            return ()
        return tuple(result)

    def fill_in_step(self, first: typed.Expr, second: typed.Expr, *, node: tree.Node) -> bool:
        """Whether two lists come from one collection, so that a histogram is filled with them in step; or report it."""
        otherwise = (
            "take both from one collection: an `object` or `composite` of what is meant, with `let` for the second"
        )
        together = self.expressions.lists.together([first, second], node, lambda parts: parts[0], otherwise)
        return together.type != UNKNOWN

    def _open_ends(self, statement: tree.Histogram | tree.Bins) -> bool:
        """Report the ends of the axes of a histogram that are at infinity."""
        found = [end for axis in statement.axes for end in tree.children(axis) if isinstance(end, tree.Infinity)]
        for end in found:
            self.symbols.report(
                "E503",
                "the axes of a histogram end at numbers",
                end.span,
                "leave it out: a histogram keeps what is beyond its edges as under- and overflow, "
                "which `fold` adds to the outer bins",
            )
        return bool(found)

    def _axis(self, value: typed.Expr, kind: Type, axis: tree.Axis, expr: tree.Expr) -> typed.BinAxis | None:
        symbols = self.symbols
        ends = (axis.low, axis.high) if isinstance(axis, tree.UniformAxis) else axis.edges
        numbers: list[float] = []
        unit = ""
        wanted = dimension(kind)
        given: list[Dimension] = []
        for end in ends:
            found = self.expressions.literals.end(end)
            if found is None:
                return None
            numbers.append(found[0])
            given.append(wanted if found[1] is None else found[1])
            unit = unit or _unit_text(end)
        wrong = [(end, one) for end, one in zip(ends, given, strict=True) if one != wanted]
        if wrong:
            largest = max(abs(number) for number in numbers if math.isfinite(number))
            likely, note = self.expressions.arithmetic.likely_unit(value, largest)
            if (written := parse_unit(unit)) is not None and written.dimension == wanted:
                likely, note = unit, ""  # that of the other end
            factor = self.expressions.arithmetic.conversion(value)
            if factor is not None:
                note, likely = f", and leave out `{factor}` from the value: quantities have their units with them", None
            if isinstance(axis, tree.EdgesAxis) and likely and len(wrong) > 1 and {one for _, one in wrong} == {PURE}:
                self._edges_without_unit(axis, [end for end, _ in wrong], wanted, likely, note)
                return None
            for end, one in wrong:
                self._axis_unit(end, one, wanted, likely, note)
            return None
        self.expressions.habits.warn_of_turn(value, expr.span)
        if wanted != PURE:
            self.expressions.habits.warn_of_conversion(value, expr.span)
        label = self._source.text[expr.span.start : expr.span.end]
        if isinstance(axis, tree.EdgesAxis):
            if len(numbers) < 2 or any(a >= b for a, b in pairwise(numbers)):
                proposal = None if all(map(math.isfinite, numbers)) else "`-inf` is the first edge, `inf` the last"
                symbols.report("E503", "edges are at least two, in increasing order", axis.span, proposal)
                return None
            return typed.BinAxis(value, tuple(numbers), None, unit, label)
        low, high = numbers
        if not 1 <= axis.bins <= _MAX_BINS or not low < high:
            symbols.report("E503", "an axis has from one to a million bins, from a lower to a higher end", axis.span)
            return None
        edges = uniform_edges(axis.bins, low, high)
        if any(a >= b for a, b in pairwise(edges)):
            symbols.report("E503", "the bins are narrower than numbers are told apart", axis.span, "use fewer bins")
            return None
        return typed.BinAxis(value, edges, (axis.bins, low, high), unit, label)

    def _edges_without_unit(
        self, axis: tree.EdgesAxis, without: Collection[tree.End], wanted: Dimension, unit: str, note: str
    ) -> None:
        """Report edges of which several have no unit: once, with all of them as they are written."""
        edges = [
            f"{self._source.text[edge.span.start : edge.span.end]}{f' {unit}' if edge in without else ''}"
            for edge in axis.edges
        ]
        self.symbols.report(
            "E400",
            f"edges have no unit, and the value on this axis is {a_quantity(wanted)}",
            replace(axis.edges[0].span, end=axis.edges[-1].span.end),
            f"write the unit of each: `[{', '.join(edges)}]`{note}",
            ", ".join(edges),
        )

    def _axis_unit(self, end: tree.End, given: Dimension, wanted: Dimension, unit: str | None, note: str) -> None:
        text = self._source.text[end.span.start : end.span.end]
        if given != PURE:
            self.symbols.report(
                "E401", f"the value is {a_quantity(wanted)}, and this end {a_quantity(given)}", end.span
            )
            return
        mended = f"{text} {unit}" if unit else None
        self.symbols.report(
            "E400",
            f"`{text}` has no unit, and the value on this axis is {a_quantity(wanted)}",
            end.span,
            f"write the unit: `{mended}`{note}" if mended else f"write the unit{note}",
            mended,
        )


def uniform_edges(bins: int, low: float, high: float) -> tuple[float, ...]:
    """Return the edges of bins of one width between two decimal numbers, each rounded once.

    An edge is then the double that its decimal literal gives, which sums of rounded widths are not.
    """
    first, last = exact_decimal(repr(low)), exact_decimal(repr(high))
    denominator = math.lcm(first.denominator, last.denominator)
    a, b = int(first * denominator), int(last * denominator)
    # Division of whole numbers of any size rounds once.
    return tuple((a * (bins - i) + b * i) / (denominator * bins) for i in range(bins + 1))


def _unit_text(expr: tree.End) -> str:
    while isinstance(expr, tree.Unary):
        expr = expr.operand
    if not isinstance(expr, tree.Number) or expr.unit is None:
        return ""
    return print_unit(expr.unit)
