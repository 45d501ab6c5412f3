"""Tells of numbers far beyond where a quantity lies: a pT of 25 TeV for one of 25 GeV, or 2.5 without its point."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from hepsel.semantics import program as typed
from hepsel.semantics.statements import Parts
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import ENERGY, REAL, ItemType, RealType
from hepsel.semantics.with_number import with_number
from hepsel.syntax.tree import Span

_ANY_COLLIDER = 1e8
"""100 TeV, in MeV, where a program does not say what the energy of its collisions is."""

_SLOW = 100.0
"""In MeV: tracks may have less, but nothing that was found to be of some kind."""

_FORWARD = 15.0
"""More than the pseudorapidity of what can be told from the beam."""

_RATIO = 5.0
"""More than an isolation over the momentum is ever asked to be: 0.15 is 15 percent."""

_NO_PERCENT = "a percentage, where a ratio is meant"

_ANGLES = {
    **dict.fromkeys(("eta", "eta_sc", "rapidity", "deta", "dr", "dr_rapidity"), _FORWARD),
    "phi": 2 * math.pi,
}


def tell_of_scale(
    symbols: Symbols, program: typed.Program, parts: Iterable[tuple[Span, Parts]], energy: float | None
) -> None:
    """Tell of a number with which a quantity is compared, or up to which an axis goes, that it can never be near.

    Parameters
    ----------
    symbols
        Where it is reported.
    program
        A program without errors.
    parts
        Of each of its expressions, and where its statement stands.
    energy
        That of the collisions, in MeV, if the program says it.
    """
    most = _ANY_COLLIDER if energy is None else energy
    for quantity, number, span in (*_compared(symbols, parts), *_axes(program)):
        why = _out_of_reach(symbols, quantity, number, most)
        # Of a comparison that nothing or everything passes by itself, that is told.
        if why is not None and not symbols.told(span, "W601", "W602", alone=True):
            symbols.report("W615", f"the number is {why}", span, "is another number or unit meant?")


def _compared(symbols: Symbols, parts: Iterable[tuple[Span, Parts]]) -> Iterator[tuple[typed.Expr, float, Span]]:
    for statement, each in parts:
        for part in each:
            found = with_number(symbols, part) if isinstance(part, typed.Compare) else None
            if found is not None:
                yield found[0], found[2], part.span if part.span.begins_in(statement) else statement


def _axes(program: typed.Program) -> Iterator[tuple[typed.Expr, float, Span]]:
    for region in program.regions.values():
        for step in region.statements:
            if isinstance(step, typed.HistogramFill):
                for axis in step.axes:
                    value = axis.value.body if isinstance(axis.value, typed.Comprehension) else axis.value
                    yield value, axis.edges[-1], step.span


def _out_of_reach(symbols: Symbols, quantity: typed.Expr, number: float, most: float) -> str | None:
    """Say why a quantity is never near a number, if so."""
    if quantity.type == RealType(ENERGY) and abs(number) > most:
        return "more than the energy of the collisions"
    match quantity:
        case typed.Function("abs", (inner,)):
            return _out_of_reach(symbols, inner, number, most)
        case typed.Function(name) | typed.Attribute(_, name) | typed.Component(_, name) if name in _ANGLES:
            if abs(number) > _ANGLES[name]:
                return (
                    "more than a full turn in rad" if name == "phi" else "farther from the centre than anything is seen"
                )
        case typed.Attribute(item, "pt") if 0 < number < _SLOW and _is_of_some_kind(symbols, item):
            return "a momentum at which nothing of this kind is found"
        case typed.Attribute(_, name) if "iso" in name and abs(number) >= _RATIO and quantity.type == REAL:
            return _NO_PERCENT
        case typed.Arithmetic("/", typed.Attribute(one, name), typed.Attribute(other, "pt")):
            if one == other and name not in typed.COMPONENTS and abs(number) >= _RATIO:
                return _NO_PERCENT
    return None


def _is_of_some_kind(symbols: Symbols, item: typed.Expr) -> bool:
    """Whether an item is of a kind, such as an electron or a jet, or the only one of its collection."""
    if isinstance(item, typed.Single):
        return True
    if not isinstance(item.type, ItemType):
        return False
    spec = symbols.format.collections.get(symbols.origin(item.type.collection))
    return spec is not None and "flavour" in spec.attributes
