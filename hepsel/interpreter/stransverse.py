"""The stransverse mass: two equal parents that each decay to something visible and something invisible."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hepsel.interpreter.values import call, divide

HALVINGS = 55
_MOST_STEPS = 500
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


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a parent mass lets the momentum of what is not seen reach along a direction.

    Attributes
    ----------
    distance
        How far.
    growth
        How much further for each square of a mass that the square of the parent's mass is larger.
    turn
        How much further for each radian that the direction turns.
    """

    distance: float
    growth: float
    turn: float


def _reach(seen: Visible, unseen: float, square: float, nx: float, ny: float) -> Reach:
    """Return the reach for the square of a parent mass.

    In the rest frame of what is visible the momenta are those in a disc; seen from here, in an ellipse.
    """
    mass = abs(seen.mass)
    shared = square - mass * mass - unseen * unseen
    radius = call(np.sqrt, (square - (mass + unseen) * (mass + unseen)) * (square - (mass - unseen) * (mass - unseen)))
    momentum = seen.px * nx + seen.py * ny
    energy = call(np.sqrt, momentum * momentum + mass * mass)
    if momentum < 0:  # the form below would divide differences by a mass that may be none
        cross = 4 * unseen * unseen * momentum * momentum
        distance = divide(radius * radius - cross, 2 * (radius * energy - shared * momentum))
        rate = divide(shared * shared + cross, 2 * (shared * energy - radius * momentum))
    else:
        twice = 2 * mass * mass
        distance = divide(shared * momentum + radius * energy, twice)
        rate = divide(shared * energy + radius * momentum, twice)
    across = seen.py * nx - seen.px * ny
    return Reach(distance, divide(rate, radius), divide(across * rate, energy))


def stransverse_mass_of(a: Visible, b: Visible, missing: float, unseen_a: float, unseen_b: float) -> float:
    """Return the smallest mass of two equal parents, of `a` and of `b`, whose invisible particles have masses.

    The definition is that of `stransverse_mass`, and so is the way: the momenta that a parent mass allows to each of
    the two are convex sets, which have none in common exactly if a line separates them. How far they reach along a
    direction is no longer to be solved for the mass, but as a function of its square it bends downwards only. So
    Newton's steps from below never go too far, and where they end, the slope says which way a larger mass is.

    A line that separates them leaves on its two sides what remains of each at the least mass of its parent: the
    invisible particle goes along with what is visible, or without a mass of that nowhere but along it.
    """
    unseen_a, unseen_b, mass_a, mass_b = abs(unseen_a), abs(unseen_b), abs(a.mass), abs(b.mass)
    if mass_a == 0 or mass_b == 0:
        centre = (a if mass_a == 0 else b).angle + math.pi
    else:
        part, rest = divide(unseen_a, mass_a), divide(unseen_b, mass_b)
        centre = call(np.arctan2, -part * a.py - rest * b.py, missing - part * a.px - rest * b.px)
    left, right = centre - math.pi / 2, centre + math.pi / 2
    least = _larger(mass_a + unseen_a, mass_b + unseen_b)
    largest = least * least
    square = _larger(largest * (1 + 1e-12), 1e-20)  # at the least mass itself, a step would lead nowhere
    turns = 0
    for _ in range(_MOST_STEPS):
        if turns == HALVINGS:
            break
        middle = (left + right) / 2
        nx, ny = call(np.cos, middle), call(np.sin, middle)
        one, other = _reach(a, unseen_a, square, nx, ny), _reach(b, unseen_b, square, nx, ny)
        gap = missing * nx - one.distance - other.distance
        better = square + divide(gap, one.growth + other.growth)
        on = gap > 0 and better > square * (1 + 1e-14)
        if gap > 0 and better >= square:
            square = largest = better
        if on:
            continue
        if -missing * ny - one.turn - other.turn > 0:
            left = middle
        else:
            right = middle
        turns += 1
    size = abs(a.px) + abs(a.py) + abs(b.px) + abs(b.py) + missing
    return call(np.sqrt, largest) if size < math.inf else size


def _larger(x: float, y: float) -> float:
    return call(np.maximum, x, y)
