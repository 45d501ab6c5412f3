"""Four-vectors: the one set of formulas. Inside a four-vector, NaN stands for a missing component."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from hepsel.interpreter.stransverse import Visible, stransverse_mass, stransverse_mass_of
from hepsel.interpreter.values import call, divide


class FourVector(ABC):
    """A four-vector with a charge."""

    @abstractmethod
    def component(self, name: str) -> float:
        """Return one of `hepsel.semantics.program.COMPONENTS`."""

    @abstractmethod
    def cartesian(self) -> Cartesian:
        """Return the components that arithmetic works on."""


@dataclass(frozen=True, slots=True)
class Cartesian(FourVector):
    """A four-vector that was computed, and so has nothing but its components.

    The charge is computed when it is asked for: where nothing asks for it, it need not have been read.
    """

    px: float
    py: float
    pz: float
    energy: float
    charge: Callable[[], float]

    def component(self, name: str) -> float:
        """Return a component, by its formula."""
        return _FORMULAS[name](self)

    def cartesian(self) -> Cartesian:
        """Return this vector."""
        return self

    def exists(self) -> bool:
        """Whether no component of momentum and energy is missing."""
        return not any(map(math.isnan, (self.px, self.py, self.pz, self.energy)))

    def __add__(self, other: Cartesian) -> Cartesian:
        return Cartesian(
            self.px + other.px,
            self.py + other.py,
            self.pz + other.pz,
            self.energy + other.energy,
            lambda: self.charge() + other.charge(),
        )

    def __sub__(self, other: Cartesian) -> Cartesian:
        return Cartesian(
            self.px - other.px,
            self.py - other.py,
            self.pz - other.pz,
            self.energy - other.energy,
            lambda: self.charge() - other.charge(),
        )

    def scaled(self, operation: Callable[[float, float], float], factor: float) -> Cartesian:
        """Return the vector with momentum and energy multiplied or divided by a number."""
        return Cartesian(
            operation(self.px, factor),
            operation(self.py, factor),
            operation(self.pz, factor),
            operation(self.energy, factor),
            self.charge,
        )

    def __neg__(self) -> Cartesian:
        return Cartesian(-self.px, -self.py, -self.pz, -self.energy, lambda: -self.charge())


MISSING = Cartesian(math.nan, math.nan, math.nan, math.nan, lambda: math.nan)


def from_mass(px: float, py: float, pz: float, *, mass: float, charge: Callable[[], float]) -> Cartesian:
    """Return the four-vector of an item whose mass is known, and not its energy."""
    return Cartesian(px, py, pz, call(np.sqrt, px * px + py * py + pz * pz + mass * mass), charge)


def from_polar(pt: float, eta: float, phi: float) -> tuple[float, float, float]:
    """Return px, py and pz."""
    return pt * call(np.cos, phi), pt * call(np.sin, phi), pt * call(np.sinh, eta)


def total(vectors: Iterable[Cartesian]) -> Cartesian:
    """Add up a list from zero, in order, passing over vectors that do not exist and charges that are missing."""
    px = py = pz = energy = 0.0
    there = [vector for vector in vectors if vector.exists()]
    for vector in there:
        px, py, pz = px + vector.px, py + vector.py, pz + vector.pz
        energy += vector.energy

    def charge() -> float:
        total = 0.0
        for vector in there:
            one = vector.charge()
            total += 0.0 if math.isnan(one) else one
        return total

    return Cartesian(px, py, pz, energy, charge)


def _pt(v: Cartesian) -> float:
    return call(np.sqrt, v.px * v.px + v.py * v.py)


def _mass(v: Cartesian) -> float:
    square = v.energy * v.energy - (v.px * v.px + v.py * v.py + v.pz * v.pz)
    return call(np.sqrt, 0.0 if square < 0 else square)


_FORMULAS: dict[str, Callable[[Cartesian], float]] = {
    "px": lambda v: v.px,
    "py": lambda v: v.py,
    "pz": lambda v: v.pz,
    "energy": lambda v: v.energy,
    "charge": lambda v: v.charge(),
    "pt": _pt,
    "phi": lambda v: call(np.arctan2, v.py, v.px),
    "eta": lambda v: call(np.arcsinh, divide(v.pz, _pt(v))),
    "mass": _mass,
    "rapidity": lambda v: 0.5 * call(np.log, divide(v.energy + v.pz, v.energy - v.pz)),
}


def dphi_signed(a: FourVector, b: FourVector) -> float:
    """Return the difference in azimuth, from -pi to pi."""
    difference = a.component("phi") - b.component("phi")
    turns = call(np.floor, (difference + math.pi) / (2 * math.pi))
    return difference - 2 * math.pi * turns


def dphi(a: FourVector, b: FourVector) -> float:
    """Return the absolute difference in azimuth, from 0 to pi."""
    return abs(dphi_signed(a, b))


def deta(a: FourVector, b: FourVector) -> float:
    """Return the absolute difference in pseudorapidity."""
    return abs(a.component("eta") - b.component("eta"))


def dr(a: FourVector, b: FourVector) -> float:
    """Return the distance in pseudorapidity and azimuth."""
    return _hypotenuse(deta(a, b), dphi(a, b))


def dr_rapidity(a: FourVector, b: FourVector) -> float:
    """Return the distance in rapidity and azimuth."""
    return _hypotenuse(abs(a.component("rapidity") - b.component("rapidity")), dphi(a, b))


def _hypotenuse(x: float, y: float) -> float:
    return call(np.sqrt, x * x + y * y)


def mt(a: FourVector, b: FourVector) -> float:
    """Return the transverse mass of two massless particles."""
    product = 2 * a.component("pt") * b.component("pt")
    return call(np.sqrt, product * (1 - call(np.cos, dphi(a, b))))


def perp(a: FourVector, axis: FourVector) -> float:
    """Return the momentum of `a` across the direction of `axis`: |a x axis| / |axis|."""
    p, q = a.cartesian(), axis.cartesian()
    x = p.py * q.pz - p.pz * q.py
    y = p.pz * q.px - p.px * q.pz
    z = p.px * q.py - p.py * q.px
    return divide(_length(x, y, z), _length(q.px, q.py, q.pz))


def _length(x: float, y: float, z: float) -> float:
    return call(np.sqrt, x * x + y * y + z * z)


def mt2(a: FourVector, b: FourVector, missing: FourVector, *unseen: float) -> float:
    """Return the stransverse mass of two four-vectors, for unseen particles without mass or with two masses."""
    sides, momentum = (_visible(a, missing), _visible(b, missing)), missing.component("pt")
    return stransverse_mass_of(*sides, momentum, *unseen) if unseen else stransverse_mass(*sides, momentum)


def _visible(vector: FourVector, missing: FourVector) -> Visible:
    pt, angle = vector.component("pt"), dphi_signed(vector, missing)
    return Visible(pt * call(np.cos, angle), pt * call(np.sin, angle), angle, vector.component("mass"))


FUNCTIONS: dict[str, Callable[..., float]] = {
    function.__name__: function for function in (dphi, dphi_signed, deta, dr, dr_rapidity, mt, mt2, perp)
}
"""Functions of four-vectors, by name."""
