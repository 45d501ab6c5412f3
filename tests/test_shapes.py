"""`sphericity` and `aplanarity`, against singular values of the momenta and known shapes."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from jet_events import jets, momentum, run, written

SIZES = (0, 1, 2, 3, 4, 5, 7, 11, 2, 0, 3, 6, 25)
SAVED = """region r
  save s = sphericity({0}), a = aplanarity({0})
  save t = 1 - sqrt((sum(j.px^2 for j in Jet) - sum(j.py^2 for j in Jet))^2
      + 4 * sum(j.px * j.py for j in Jet)^2) / sum(j.pt^2 for j in Jet)
"""


@pytest.mark.parametrize("options", [[], ["--interpreter"], ["--chunk", "3"]])
@pytest.mark.parametrize("items", ["Jet", "x - Jet[0] for x in Jet"])
def test_shapes_are_those_of_the_singular_values(tmp_path: Path, options: list[str], items: str) -> None:
    events = jets(SIZES)
    found = run(SAVED.format(items), tmp_path, written(tmp_path / "x.root", events), *options)
    for event, row in zip(events, found.to_list(), strict=True):
        momenta = np.array([momentum(jet)[:3] for jet in event]).reshape(-1, 3)
        flat = momenta[:, :2]
        if items != "Jet":
            momenta = momenta - momenta[:1]
        if not momenta.any():
            assert math.isnan(row["s"])
            assert math.isnan(row["a"])
            continue
        # Of no more momenta than dimensions, some of the values are not told: these are zero.
        values = np.zeros(3)
        singular = np.linalg.svd(momenta, compute_uv=False) ** 2
        values[: len(singular)] = singular / singular.sum()
        assert row["s"] == pytest.approx(1.5 * (values[1] + values[2]), rel=1e-9, abs=1e-12)
        assert row["a"] == pytest.approx(1.5 * values[2], rel=1e-9, abs=1e-12)
        across = np.linalg.svd(flat, compute_uv=False) ** 2
        assert row["t"] == pytest.approx(2 * across[1] / across.sum() if len(event) > 1 else 0.0, abs=1e-9)


@pytest.mark.parametrize("options", [[], ["--interpreter"]])
def test_known_shapes(tmp_path: Path, options: list[str]) -> None:
    """Back to back, three in a plane at equal angles, and the corners of a tetrahedron."""

    def jet(phi: float, eta: float = 0.0, p: float = 90.0) -> tuple[float, float, float, float, int]:
        return p / math.cosh(eta), eta, phi, 0.0, 0

    third = 2 * math.pi / 3
    back = [jet(0.0), jet(math.pi)]
    star = [jet(0.0), jet(third), jet(-third)]
    up = math.atanh(1 / 3)
    corners = [*(jet(phi, -up) for phi in (0.0, third, -third)), (90.0 / math.cosh(12.0), 12.0, 0.0, 0.0, 0)]
    found = run(SAVED.format("Jet"), tmp_path, written(tmp_path / "x.root", [back, star, corners]), *options)
    assert found["s"].to_list() == pytest.approx([0.0, 0.75, 1.0], abs=1e-4)
    assert found["a"].to_list() == pytest.approx([0.0, 0.0, 0.5], abs=1e-4)
