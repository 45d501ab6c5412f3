"""Formulas of four-vectors and other numbers, in the one form that every execution path has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def transverse(px: Any, py: Any) -> Any:
    """Return the transverse momentum."""
    return np.sqrt(px * px + py * py)


def energy(px: Any, py: Any, pz: Any, mass: Any) -> Any:
    """Return the energy."""
    return np.sqrt(px * px + py * py + pz * pz + mass * mass)


def invariant_mass(px: Any, py: Any, pz: Any, energy: Any) -> Any:
    """Return the mass; 0 where rounding has made its square negative."""
    return np.sqrt(np.maximum(energy * energy - (px * px + py * py + pz * pz), 0.0))


def rapidity(pz: Any, energy: Any) -> Any:
    """Return the rapidity."""
    return 0.5 * np.log(np.divide(energy + pz, energy - pz))  # of plain numbers too


def delta_phi(phi_a: Any, phi_b: Any) -> Any:
    """Return the difference in azimuth, from -pi to pi."""
    difference = phi_a - phi_b
    turns = np.floor((difference + np.pi) / (2 * np.pi))
    return difference - 2 * np.pi * turns


def delta_r(eta_a: Any, phi_a: Any, eta_b: Any, phi_b: Any) -> Any:
    """Return the distance in (pseudo)rapidity and azimuth."""
    deta = abs(eta_a - eta_b)
    dphi = abs(delta_phi(phi_a, phi_b))
    return np.sqrt(deta * deta + dphi * dphi)


def transverse_mass(pt_a: Any, phi_a: Any, pt_b: Any, phi_b: Any) -> Any:
    """Return the transverse mass of two massless particles."""
    dphi = abs(delta_phi(phi_a, phi_b))
    return np.sqrt(2 * pt_a * pt_b * (1 - np.cos(dphi)))


def seen_along(pt: Any, phi: Any, axis: Any) -> tuple[Any, Any, Any]:
    """Return the angle to a direction in azimuth, and the momentum along and across it."""
    angle = delta_phi(phi, axis)
    return angle, pt * np.cos(angle), pt * np.sin(angle)


def stransverse_mass(
    pt_a: Any,
    phi_a: Any,
    mass_a: Any,
    pt_b: Any,
    phi_b: Any,
    mass_b: Any,
    missing: Any,
    phi: Any,
) -> Any:
    """Return the smallest mass of two equal parents of a and b, each with a massless particle unseen.

    That is the smallest value, over all ways to split the missing transverse momentum w in
    two, of the larger of the transverse masses of a with one and b with the other (C. G.
    Lester and D. J. Summers, Phys. Lett. B 463 (1999) 99). The momenta that a mass M allows
    to each of the two are convex, and apart exactly if a line separates them: it is the
    largest of the M that are reached along all directions n, and the slope says on which
    side of a direction that is.
    """

    def along(nx: Any, ny: Any, px: Any, py: Any, square: Any) -> tuple[Any, Any, Any]:
        """Return energy, energy less momentum, and momentum across."""
        momentum = px * nx + py * ny
        energy = np.sqrt(momentum * momentum + square)
        forward = square / (energy + momentum)
        lag = np.where(momentum > 0, forward, energy - momentum)
        return energy, lag, py * nx - px * ny

    angle_a, ax, ay = seen_along(pt_a, phi_a, phi)
    angle_b, bx, by = seen_along(pt_b, phi_b, phi)
    square_a, square_b = mass_a * mass_a, mass_b * mass_b
    least = largest = np.maximum(square_a, square_b)
    left: Any = -np.pi / 2
    right: Any = np.pi / 2
    for angle, mass in ((angle_a, mass_a), (angle_b, mass_b)):
        # What has no mass allows everything along its own momentum.
        below, above = (
            np.minimum(right, angle - np.pi / 2),
            np.maximum(left, angle + np.pi / 2),
        )
        right = np.where((mass == 0) & (angle >= 0), below, right)
        left = np.where((mass == 0) & ~(angle >= 0), above, left)
    for _ in range(55):
        middle = (left + right) / 2
        nx, ny = np.cos(middle), np.sin(middle)
        energy_a, lag_a, across_a = along(nx, ny, ax, ay, square_a)
        energy_b, lag_b, across_b = along(nx, ny, bx, by, square_b)
        both = 2 * (missing * nx) * lag_a * lag_b + square_a * lag_b + square_b * lag_a
        reached = both / np.maximum(lag_a + lag_b, 1e-300)
        largest = np.maximum(largest, reached)
        reached = np.maximum(reached, least)
        slope = (
            -missing * ny
            - (reached - square_a) * across_a / (2 * lag_a * energy_a)
            - (reached - square_b) * across_b / (2 * lag_b * energy_b)
        )
        further = slope > 0
        left, right = np.where(further, middle, left), np.where(further, right, middle)
    return np.sqrt(largest)


def stransverse_mass_of(
    pt_a: Any,
    phi_a: Any,
    mass_a: Any,
    pt_b: Any,
    phi_b: Any,
    mass_b: Any,
    missing: Any,
    phi: Any,
    unseen_a: Any,
    unseen_b: Any,
) -> Any:
    """Return the smallest mass of two equal parents, where what is unseen of them has masses.

    It is defined as without masses, and found in the same way. But how far the momenta that
    a mass allows reach along a direction, an ellipse, has to be solved for the mass: by
    Newton's steps from below, which never go too far. Where they end, the slope says on
    which side of the direction a larger mass is.
    """

    def reach(px: Any, py: Any, mass: Any, unseen: Any) -> tuple[Any, Any, Any]:
        """Return how far it is, and how that grows with the square and the direction."""
        shared = square - mass * mass - unseen * unseen
        heaviest, lightest = mass + unseen, mass - unseen
        radius = np.sqrt(
            (square - heaviest * heaviest) * (square - lightest * lightest)
        )
        momentum = px * nx + py * ny
        energy = np.sqrt(momentum * momentum + mass * mass)
        cross, twice = 4 * unseen * unseen * momentum * momentum, 2 * mass * mass
        behind = (radius * radius - cross) / (2 * (radius * energy - shared * momentum))
        before = (shared * momentum + radius * energy) / twice
        slower = (shared * shared + cross) / (2 * (shared * energy - radius * momentum))
        faster = (shared * energy + radius * momentum) / twice
        rate = np.where(momentum < 0, slower, faster)
        across = py * nx - px * ny
        return (
            np.where(momentum < 0, behind, before),
            rate / radius,
            across * rate / energy,
        )

    angle_a, ax, ay = seen_along(pt_a, phi_a, phi)
    angle_b, bx, by = seen_along(pt_b, phi_b, phi)
    mass_a, mass_b = abs(mass_a), abs(mass_b)
    unseen_a, unseen_b = abs(unseen_a), abs(unseen_b)
    # At the least mass of a parent, what is unseen goes along with what is visible.
    part, rest = np.divide(unseen_a, mass_a), np.divide(unseen_b, mass_b)
    centre = np.arctan2(-part * ay - rest * by, missing - part * ax - rest * bx)
    centre = np.where(mass_b == 0, angle_b + np.pi, centre)
    centre = np.where(mass_a == 0, angle_a + np.pi, centre)
    left, right = centre - np.pi / 2, centre + np.pi / 2
    least = np.maximum(mass_a + unseen_a, mass_b + unseen_b)
    largest = least * least
    square = np.maximum(largest * (1 + 1e-12), 1e-20)
    turns: Any = 0
    for _ in range(500):
        middle = (left + right) / 2
        nx, ny = np.cos(middle), np.sin(middle)
        reach_a, growth_a, turn_a = reach(ax, ay, mass_a, unseen_a)
        reach_b, growth_b, turn_b = reach(bx, by, mass_b, unseen_b)
        gap = missing * nx - reach_a - reach_b
        better = square + gap / (growth_a + growth_b)
        short = (gap > 0) & (turns < 55)
        on = short & (better > square * (1 + 1e-14))
        short = short & (better >= square)
        square, largest = (
            np.where(short, better, square),
            np.where(short, better, largest),
        )
        further = -missing * ny - turn_a - turn_b > 0
        left = np.where(~on & further, middle, left)
        right = np.where(~on & ~further, middle, right)
        turns = turns + ~on
        if np.all(turns >= 55):
            break
    size = abs(ax) + abs(ay) + abs(bx) + abs(by) + missing
    return np.where(size < np.inf, np.sqrt(largest), size)


def across(ax: Any, ay: Any, az: Any, bx: Any, by: Any, bz: Any) -> Any:
    """Return the momentum of a across the direction of b."""
    cx = ay * bz - az * by
    cy = az * bx - ax * bz
    cz = ax * by - ay * bx
    return np.sqrt(cx * cx + cy * cy + cz * cz) / np.sqrt(bx * bx + by * by + bz * bz)


def power(base: Any, exponent: Any) -> Any:
    """Return a power, missing where one of the numbers is; squares and square roots are computed as such."""
    plain = np.power(base, exponent)
    root = np.where(exponent == 0.5, np.sqrt(base), plain)
    known = np.where(exponent == 2, base * base, root)
    return np.where(
        np.isnan(base) | np.isnan(exponent), np.nan, known
    )  # numpy: nan^0 is 1, and so is 1^nan


def lookup(
    rows: Sequence[tuple[float, Sequence[tuple[float, float]]]],
    otherwise: float,
    *arguments: Any,
) -> Any:
    """Return the value of the first row of a table whose ranges hold the arguments.

    Ranges are half-open; one to infinity holds infinity too.
    """
    known = ~np.logical_or.reduce([np.isnan(argument) for argument in arguments])
    found = np.where(known, otherwise, np.nan)
    for value, ranges in reversed(rows):
        pairs = zip(arguments, ranges, strict=True)
        held = [
            (low <= x) & ((x < high) | (high == np.inf)) for x, (low, high) in pairs
        ]
        found = np.where(np.logical_and.reduce(held), value, found)
    return found


def sphericity(*tensor: Any) -> Any:
    """Return 3/2 of the sum of the two smaller eigenvalues of a momentum tensor."""
    values = eigenvalues(*tensor)
    return 1.5 * (values[:, 0] + values[:, 1])


def aplanarity(*tensor: Any) -> Any:
    """Return 3/2 of the smallest eigenvalue of a momentum tensor."""
    return 1.5 * eigenvalues(*tensor)[:, 0]


def eigenvalues(xx: Any, yy: Any, zz: Any, xy: Any, xz: Any, yz: Any) -> Any:
    """Return the eigenvalues of tensors, each divided by the sum of its own, the smallest first."""
    rows = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]) / (xx + yy + zz)
    shares = np.moveaxis(rows, -1, 0)
    known = np.isfinite(shares).all(axis=(1, 2))
    found = np.full((len(shares), 3), np.nan)
    found[known] = np.maximum(np.linalg.eigvalsh(shares[known]), 0.0)
    return found
