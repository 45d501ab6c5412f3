"""Numbers and their units."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from hepsel.semantics import program as typed
from hepsel.semantics.expressions.part import Part, unknown
from hepsel.semantics.expressions.quantities import LONGEST_NUMBER, exact_decimal
from hepsel.semantics.types import INT, PURE, REAL, Dimension, RealType, UnknownType
from hepsel.semantics.units import MAX_POWER, UNITS, Unit
from hepsel.syntax import tree
from hepsel.vocabulary import foreign


class Literals(Part):
    """Types numbers."""

    def literal(self, expr: tree.Number) -> typed.Expr:
        """Type a number, in base units."""
        if expr.unit is None:
            if expr.text.isdigit():
                if len(expr.text) > 19 or int(expr.text) >= 2**63:
                    return self.report("E313", "a whole number of this size does not fit into 64 bits", expr)
                return typed.Constant(int(expr.text), type=INT, span=expr.span)
            value = float(expr.text)
            if math.isinf(value):
                return self._too_large(expr)
            return typed.Constant(value, type=REAL, span=expr.span)
        unit = self._unit(expr.unit, expr.text)
        if unit is None:
            return unknown(expr.span)
        zero = not expr.text.lower().partition("e")[0].strip("0.")
        if len(expr.text) > LONGEST_NUMBER or (not zero and not 1e-300 < float(expr.text) < 1e300):
            return self._too_large(expr)
        # Exact in decimal: 0.1 GeV is 100 MeV, whatever 0.1 is in binary.
        exact = Fraction(0) if zero else exact_decimal(expr.text)
        try:
            value = float(exact * unit.factor) if isinstance(unit.factor, Fraction) else float(exact) * unit.factor
        except OverflowError:
            return self._too_large(expr)
        return typed.Constant(value, type=RealType(unit.dimension), span=expr.span)

    def constant(self, expr: tree.Expr) -> tuple[float, Dimension] | None:
        """Evaluate a literal, possibly with a minus sign, in base units."""
        sign = 1.0
        while isinstance(expr, tree.Unary) and expr.operator == "-":
            sign, expr = -sign, expr.operand
        assert isinstance(expr, tree.Number)
        result = self.literal(expr)
        if not isinstance(result, typed.Constant) or isinstance(result.type, UnknownType):
            return None
        dimension = result.type.dimension if isinstance(result.type, RealType) else PURE
        return sign * float(result.value), dimension

    def end(self, expr: tree.End) -> tuple[float, Dimension | None] | None:
        """Evaluate an end of a bin or range, in base units; infinity is one of any dimension."""
        if isinstance(expr, tree.Infinity):
            return (-math.inf if expr.negative else math.inf), None
        return self.constant(expr)

    def uncertainties(
        self, written: tuple[tree.Uncertainty, ...]
    ) -> tuple[tuple[typed.Uncertainty, ...], tuple[Dimension, ...]] | None:
        """Evaluate errors, in base units, and return the dimensions of their numbers with them."""
        errors: list[typed.Uncertainty] = []
        dimensions: list[Dimension] = []
        for one in written:
            up = self.constant(one.up)
            down = up if one.down is one.up else self.constant(one.down)
            if up is None or down is None:
                return None
            errors.append((up[0], down[0], one.kind))
            dimensions += [up[1], down[1]]
        return tuple(errors), tuple(dimensions)

    def _unit(self, ref: tree.UnitRef, number: str) -> Unit | None:
        if ref.name in self.symbols.collections or ref.name in self.symbols.format.collections:
            from hepsel.syntax.papers import advice_on_count  # which a sound program does not need

            advice = advice_on_count("", number, ref.name)
            self.symbols.report("E402", f"`{ref.name}` is not a unit", ref.span, advice)
            return None
        if ref.name not in UNITS:
            known = foreign.UNITS.get(ref.name)
            near = foreign.nearest(ref.name, UNITS) if known is None else [known]
            proposal = f"did you mean {foreign.listed(near)}?" if near else f"units are {', '.join(UNITS)}"
            name_only = replace(ref.span, end=ref.span.start + len(ref.name))
            mended = near[0] if len(near) == 1 else None
            self.symbols.report("E402", f"`{ref.name}` is not a unit", name_only, proposal, mended)
            return None
        numerator, denominator = ref.power
        if numerator == 0 or not (0 < denominator <= MAX_POWER and abs(numerator) <= MAX_POWER):
            message = f"the power of a unit is a whole number or a fraction of two, not 0, and at most {MAX_POWER}"
            self.symbols.report("E402", message, ref.span, "write for example `fb^-1`, or `GeV^(1/2)` for a root")
            return None
        return UNITS[ref.name].to_power(Fraction(numerator, denominator))

    def _too_large(self, expr: tree.Number) -> typed.Expr:
        return self.report("E313", "a number of this size does not fit into 64 bits", expr)
