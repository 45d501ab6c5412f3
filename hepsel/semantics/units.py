"""Units: what they measure, and how many base units (MeV, mm, ns, rad, fb^-1) each is, exactly."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from hepsel.semantics.types import ENERGY, LENGTH, LUMINOSITY, PURE, TIME, Dimension, power_of


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit, or a power of one.

    Attributes
    ----------
    name
        As written in a program.
    dimension
        What it measures.
    factor
        Number of base units in it: exact, except where that is irrational (`deg`, half powers).
    """

    name: str
    dimension: Dimension
    factor: Fraction | float

    def to_power(self, power: Fraction) -> Unit:
        """Return this unit raised to a power."""
        if power == 1:
            return self
        return Unit(power_of(self.name, power), self.dimension**power, self.factor**power)

    def scale(self) -> tuple[float, float]:
        """Return by what a number in this unit is multiplied, and then divided, to be in base units.

        One of them is 1. A thousandth is not exact in binary, and a thousand is: 9 um divided by it is 0.009 mm.
        """
        if isinstance(self.factor, Fraction) and self.factor.numerator == 1:
            return 1.0, float(self.factor.denominator)
        return float(self.factor), 1.0


def _decimal(name: str, dimension: Dimension, exponent: int) -> Unit:
    return Unit(name, dimension, Fraction(10) ** exponent)


UNITS: dict[str, Unit] = {
    unit.name: unit
    for unit in (
        _decimal("eV", ENERGY, -6),
        _decimal("keV", ENERGY, -3),
        _decimal("MeV", ENERGY, 0),
        _decimal("GeV", ENERGY, 3),
        _decimal("TeV", ENERGY, 6),
        _decimal("um", LENGTH, -3),
        _decimal("mm", LENGTH, 0),
        _decimal("cm", LENGTH, 1),
        _decimal("m", LENGTH, 3),
        _decimal("ns", TIME, 0),
        _decimal("rad", PURE, 0),
        _decimal("mrad", PURE, -3),
        Unit("deg", PURE, math.pi / 180),
        _decimal("fb", LUMINOSITY**-1, 0),
        _decimal("pb", LUMINOSITY**-1, 3),
        _decimal("nb", LUMINOSITY**-1, 6),
        _decimal("ub", LUMINOSITY**-1, 9),
    )
}

MAX_POWER = 20
"""Largest numerator or denominator of a unit's power."""

_POWER = re.compile(
    r"(?P<name>[A-Za-z]+)"
    r"(\^(?P<whole>-?\d\d?)|\^\((?P<numerator>-?\d\d?)/(?P<denominator>[1-9]\d?)\))?"
)


def parse_unit(text: str) -> Unit | None:
    """Read a unit such as `GeV`, `mm^2`, `fb^-1` or `GeV^(1/2)`.

    Returns
    -------
    Unit or None
        `None` when it is no such thing.
    """
    match = _POWER.fullmatch(text.strip())
    if match is None or match["name"] not in UNITS:
        return None
    unit = UNITS[match["name"]]
    if match["whole"] is not None:
        return unit.to_power(Fraction(int(match["whole"])))
    if match["numerator"] is not None:
        return unit.to_power(Fraction(int(match["numerator"]), int(match["denominator"])))
    return unit
