"""How the momenta of an event lie in space."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from hepsel.interpreter.values import divide, in_order
from hepsel.interpreter.vectors import Cartesian


def sphericity(vectors: Iterable[Cartesian]) -> float:
    """Return 3/2 of the sum of the two smaller eigenvalues of the momentum tensor (Bjorken and Brodsky, 1970)."""
    smallest, middle, _ = _eigenvalues(vectors)
    return 1.5 * (smallest + middle)


def aplanarity(vectors: Iterable[Cartesian]) -> float:
    """Return 3/2 of the smallest eigenvalue of the momentum tensor."""
    return 1.5 * _eigenvalues(vectors)[0]


def _eigenvalues(vectors: Iterable[Cartesian]) -> tuple[float, float, float]:
    """Return the eigenvalues of the sum of p_a p_b over the sum of p^2, the smallest first; NaN without momenta."""
    momenta = [(v.px, v.py, v.pz) for v in vectors if not any(map(math.isnan, (v.px, v.py, v.pz)))]
    tensor = [[in_order(p[a] * p[b] for p in momenta) for b in range(3)] for a in range(3)]
    trace = tensor[0][0] + tensor[1][1] + tensor[2][2]
    shares = [[divide(element, trace) for element in row] for row in tensor]
    if not all(math.isfinite(share) for row in shares for share in row):
        return math.nan, math.nan, math.nan
    found = [max(float(value), 0.0) for value in np.linalg.eigvalsh(np.array(shares))]
    return found[0], found[1], found[2]
