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
        """Return the name of an item of which a four-vector is made, and that has no eta of its own."""
        for part in self.symbols.meant(vector, _vectors):
            if isinstance(part, typed.Single) and self._has_no_eta(part.name):
                return part.name
        return None

    def _has_no_eta(self, single: str) -> bool:
        spec = self.symbols.format.collections[single]
        along = "pz" if "pz" in (typed.four_vector(self.symbols.format, single) or ()) else "eta"
        if along not in spec.attributes or spec.attributes[along].expression is None:
            return False
        value = self.checker.of_format.derived(single, along)
        return isinstance(value, typed.Constant) and value.value == 0


def _vectors(expr: typed.Expr) -> tuple[typed.Expr, ...]:
    """Return the items and four-vectors that one is made of."""
    match expr:
        case typed.VectorOf(item) | typed.VectorNegate(item) | typed.VectorScale(_, item):
            return (item,)
        case typed.VectorArithmetic(_, one, other) | typed.Conditional(_, one, other) | typed.Default(one, other):
            return (one, other)
    return ()
