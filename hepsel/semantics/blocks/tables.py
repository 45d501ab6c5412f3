"""Tables of numbers."""

from __future__ import annotations

import math

from hepsel.semantics import program as typed
from hepsel.semantics.expressions import ExpressionChecker
from hepsel.semantics.ranges import overlapping
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import Dimension, RealType
from hepsel.syntax import tree


class Tables:
    """Checks tables and adds them to the symbols."""

    def __init__(self, symbols: Symbols, expressions: ExpressionChecker) -> None:
        self.symbols = symbols
        self.expressions = expressions

    def check(self, block: tree.Table) -> None:
        """Check a table."""
        symbols, constant, end = self.symbols, self.expressions.literals.constant, self.expressions.literals.end
        symbols.kinds[block.name] = "table"
        rows: list[typed.TableRow] = []
        value_dims: list[Dimension] = []
        axis_dims: list[list[Dimension]] = [[] for _ in block.parameters]
        good = True
        symbols.tell_apart(block.parameters, block.name_span)
        for row in block.rows:
            if len(row.ranges) != len(block.parameters):
                symbols.report(
                    "E506",
                    f"the table has {len(block.parameters)} parameter(s), and this row {len(row.ranges)} range(s)",
                    row.span,
                    "write one `LO to HI` for each parameter, joined by `and`",
                )
                good = False
                continue
            value = constant(row.value)
            errors = self.expressions.literals.uncertainties(row.uncertainties)
            bounds = [(end(low), end(high)) for low, high in row.ranges]
            if value is None or errors is None or any(None in pair for pair in bounds):
                good = False
                continue
            value_dims += [value[1], *errors[1]]
            ranges: list[tuple[float, float]] = []
            for i, (low, high) in enumerate(bounds):
                assert low is not None
                assert high is not None
                axis_dims[i] += [one[1] for one in (low, high) if one[1] is not None]
                ranges.append((low[0], high[0]))
                if not low[0] < high[0]:
                    infinite = math.inf in (abs(low[0]), abs(high[0]))
                    proposal = "a range begins at `-inf` or ends at `inf`" if infinite else "write the lower end first"
                    symbols.report("E506", "the range is empty", row.span, proposal)
                    good = False
            rows.append(typed.TableRow(value[0], errors[0], tuple(ranges), row.span))
        otherwise = None
        if block.otherwise is not None:
            value = constant(block.otherwise)
            if value is not None:
                otherwise = value[0]
                value_dims.append(value[1])
        for dims in (value_dims, *axis_dims):
            if len(set(dims)) > 1:
                symbols.report(
                    "E401",
                    "the table mixes quantities of different dimension: " + ", ".join(sorted({str(d) for d in dims})),
                    block.name_span,
                    "give every number of a column its unit",
                )
                good = False
        if all(len(set(dims)) <= 1 for dims in axis_dims):
            self._overlaps(rows)
        for parameter, dims in zip(block.parameters, axis_dims, strict=True):
            if rows and not dims:
                symbols.report(
                    "E506",
                    f"every range of `{parameter}` is from -inf to inf, so that no value depends on it",
                    block.name_span,
                    "leave the parameter out; what depends on none is a `define`",
                )
        if not good or not all(axis_dims):
            symbols.kinds[block.name] = "lost"
            return
        axes = tuple(RealType(dims[0]) for dims in axis_dims)
        symbols.tables[block.name] = typed.Table(
            block.name, block.parameters, axes, tuple(rows), otherwise, RealType(value_dims[0])
        )

    def _overlaps(self, rows: list[typed.TableRow]) -> None:
        for number in overlapping([row.ranges for row in rows]):
            self.symbols.report(
                "E506",
                "the range overlaps with that of a row before",
                rows[number].span,
                "ranges are half-open: `0 to 10` and `10 to 20` do not overlap",
            )
