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
    return 0.5 * np.log((energy + pz) / (energy - pz))


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
    """Return the value of the first row of a table whose half-open ranges hold the arguments."""
    known = ~np.logical_or.reduce([np.isnan(argument) for argument in arguments])
    found = np.where(known, otherwise, np.nan)
    for value, ranges in reversed(rows):
        pairs = zip(arguments, ranges, strict=True)
        held = [(low <= x) & (x < high) for x, (low, high) in pairs]
        found = np.where(np.logical_and.reduce(held), value, found)
    return found
