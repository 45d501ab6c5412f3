"""The stransverse mass: two equal parents that each decay to something visible and something invisible."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hepsel.interpreter.values import call, divide

HALVINGS = 55
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Along:
    """What is visible of a parent, seen along a direction in the transverse plane.

    Attributes
    ----------
    energy
        Its energy without what it moves across the direction.
    lag
        That energy less the momentum along the direction.
    across
        Its momentum across the direction.
    """

    energy: float
    lag: float
    across: float


@dataclass(frozen=True, slots=True)
class Visible:
    """What is visible of a parent.

    Attributes
    ----------
    px, py
        Its momentum along the missing transverse momentum, and across it.
    angle
        The angle between the two, from -pi to pi.
    mass
        Its mass.
    """

    px: float
    py: float
    angle: float
    mass: float

    def along(self, nx: float, ny: float) -> Along:
        """Return it as seen along a direction."""
        momentum = self.px * nx + self.py * ny
        energy = call(np.sqrt, momentum * momentum + self.mass * self.mass)
        # The difference of two large numbers would lose what is left of them.
        lag = divide(self.mass * self.mass, energy + momentum) if momentum > 0 else energy - momentum
        return Along(energy, lag, self.py * nx - self.px * ny)


def stransverse_mass(a: Visible, b: Visible, missing: float) -> float:
    """Return the smallest mass of two equal parents, of `a` and of `b`, each with a massless invisible particle.

    It is the smallest value, over all ways to split the missing transverse momentum w into the momenta q and w - q of
    the two invisible particles, of the larger of the transverse masses of (a, q) and (b, w - q): C. G. Lester and
    D. J. Summers, Phys. Lett. B 463 (1999) 99.

    The momenta that a parent mass M allows to each of the two are convex sets. They have none in common exactly if a
    line separates them, and the furthest that they reach along a direction n is (M^2 - m^2) / (2 lag), so M is
    reached where n . w is the sum of both, and the stransverse mass is the largest such M of all directions. The
    directions that separate the sets of one M lie side by side: which way a larger M is, the slope says.
    """
    squares = a.mass * a.mass, b.mass * b.mass
    least = largest = _larger(*squares)
    left, right = -math.pi / 2, math.pi / 2
    for visible in (a, b):
        if visible.mass == 0 and visible.angle >= 0:  # it allows everything along its own momentum
            right = min(right, visible.angle - math.pi / 2)
        elif visible.mass == 0:
            left = max(left, visible.angle + math.pi / 2)
    for _ in range(HALVINGS):
        middle = (left + right) / 2
        nx, ny = call(np.cos, middle), call(np.sin, middle)
        one, other = a.along(nx, ny), b.along(nx, ny)
        both = 2 * (missing * nx) * one.lag * other.lag + squares[0] * other.lag + squares[1] * one.lag
        reached = divide(both, _larger(one.lag + other.lag, _TINY))
        largest = _larger(largest, reached)
        reached = _larger(reached, least)
        slope = (
            -missing * ny
            - divide((reached - squares[0]) * one.across, 2 * one.lag * one.energy)
            - divide((reached - squares[1]) * other.across, 2 * other.lag * other.energy)
        )
        if slope > 0:
            left = middle
        else:
            right = middle
    return call(np.sqrt, largest)


def _larger(x: float, y: float) -> float:
    return call(np.maximum, x, y)
