"""What is known in the transverse plane only, such as the missing transverse momentum."""

from __future__ import annotations

from hepsel.semantics import program as typed
from hepsel.semantics.expressions.part import Part
from hepsel.syntax.tree import Span

LONGITUDINAL = frozenset({"eta", "rapidity", "pz", "mass", "energy"})
"""Components of a four-vector that change with an eta that is only set to 0."""


_IN_THE_PLANE = "in the transverse plane there are `dphi` and `mt`, and `pt` and `phi` of sums"


class Transverse(Part):
    """Warns of longitudinal quantities of single items whose eta the format sets to 0, as formats do for `MET`."""

    def warn(self, vector: typed.Expr, what: str, span: Span, proposal: str = _IN_THE_PLANE) -> None:
        """Warn of a longitudinal quantity of a four-vector that such an item is in."""
        name = self._without_eta(vector)
        if name is not None:
            self.symbols.report(
                "W606",
                f"the eta of {name} is not measured, and set to 0: {what} takes it for the true one",
                span,
                proposal,
            )

    def warn_of_single(self, item: typed.Expr, name: str, span: Span) -> None:
        """Warn of an attribute of such an item itself: formats may use them, programs have little to ask."""
        single = self._without_eta(item) if self.scope.program_names else None
        if single is None:
            return
        proposal = "write `pt` or `phi`, which are measured"
        if name in ("eta", "mass"):
            self.symbols.report("W606", f"the {name} of {single} is not measured, and set to 0", span, proposal)
        else:
            self.warn(item, f"`{name}`", span, proposal)

    def _without_eta(self, vector: typed.Expr) -> str | None:
        """Return the name of the item of a four-vector that has no eta of its own."""
        match vector:
            case typed.Single(name):
                spec = self.symbols.format.collections[name]
                made_of = typed.four_vector(self.symbols.format, name) or ()
                along = "pz" if "pz" in made_of else "eta"
                if along not in spec.attributes or spec.attributes[along].expression is None:
                    return None
                value = self.checker.of_format.derived(name, along)
                return name if isinstance(value, typed.Constant) and value.value == 0 else None
            case typed.ValueRef(name):
                return self._without_eta(self.symbols.values[name].expr)
            case typed.VectorOf(item) | typed.VectorNegate(item) | typed.VectorScale(_, item):
                return self._without_eta(item)
            case typed.VectorArithmetic(_, one, other) | typed.Conditional(_, one, other) | typed.Default(one, other):
                return self._without_eta(one) or self._without_eta(other)
        return None
