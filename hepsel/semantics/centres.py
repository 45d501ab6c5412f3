"""Tells of two nearly equal numbers for one mass: `|m - 91.2 GeV|` here and `|m - 91.1876 GeV|` there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hepsel.semantics import program as typed
from hepsel.semantics.statements import Parts
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import ENERGY, RealType
from hepsel.syntax.tree import Span

_NEAR = 0.005
"""Masses that differ by less than this part are those of one particle, as 80.4 GeV and 80.379 GeV are."""

_LEAST = 10_000.0
"""In MeV: below, two hadrons may be as near, such as B0 and B+, or D0 and D+."""

_PER_GEV = 1000

_NO_MASSES = tuple(name for name in typed.COMPONENTS if name != "mass")


def tell_of_centres(symbols: Symbols, parts: Iterable[tuple[Span, Parts]]) -> None:
    """Tell of a number from which the distance of a mass is asked for, where another one is nearly the same.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    parts
        Of each expression of a program without errors, and where its statement stands.
    """
    centres = {span: number for _, each in parts for part in each for span, number in _centres(symbols, part)}
    seen: dict[float, Span] = {}
    for span, number in sorted(centres.items(), key=lambda item: item[0].start):
        if number in seen:
            continue
        other = next((other for other in seen if abs(number / other - 1) < _NEAR), None)
        if other is not None:
            symbols.report(
                "H727",
                f"the distance is from {_in_gev(number)}, and from {_in_gev(other)} in line {seen[other].line}",
                span,
                "if it is one mass, define it once and write its name; if not, leave it",
                related=seen[other],
            )
        seen[number] = span


def _centres(symbols: Symbols, part: typed.Expr) -> Iterator[tuple[Span, float]]:
    """Yield the number from which the distance of a mass is asked for, by its absolute value or its square."""
    match part:
        case typed.Function("abs", (distance,)) | typed.Arithmetic("^", distance, typed.Constant(2)):
            pass
        case _:
            return
    if isinstance(distance, typed.Arithmetic) and distance.operator == "/":
        distance = distance.left
    if isinstance(distance, typed.Arithmetic) and distance.operator == "-" and distance.type == RealType(ENERGY):
        sides = [symbols.defined(side) for side in (distance.left, distance.right)]
        numbers = [side for side in sides if isinstance(side, typed.Constant)]
        if any(isinstance(side, typed.Attribute | typed.Component) and side.name in _NO_MASSES for side in sides):
            return
        if len(numbers) == 1 and float(numbers[0].value) >= _LEAST:
            yield part.span, float(numbers[0].value)


def _in_gev(number: float) -> str:
    return f"{number / _PER_GEV:.10g} GeV"
