"""Events of nothing but jets, for what is made of lists of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import uproot
from run_command import hepsel

HEAD = 'hepsel 1\nanalysis "test"\n'


def jets(sizes: Sequence[int]) -> list[list[tuple[float, float, float, float, int]]]:
    """Return pt, eta, phi, mass and a whole number of some jets; short numbers, which 32 bits hold."""
    random = np.random.default_rng(7)

    def jet() -> tuple[float, float, float, float, int]:
        pt, eta, phi, mass = (
            random.integers(20, 300),
            random.integers(-24, 24),
            random.integers(-12, 12),
            random.integers(0, 30),
        )
        return float(pt), float(eta / 8), float(phi / 4), float(mass / 2), int(random.integers(-9, 9))

    return [[jet() for _ in range(size)] for size in sizes]


def written(path: Path, events: list[list[tuple[Any, ...]]]) -> Path:
    """Write events of jets as NanoAOD."""
    names, kinds = ("pt", "eta", "phi", "mass", "nElectrons"), (*(np.float32,) * 4, np.int32)
    counts = [len(event) for event in events]
    flat = [np.array([jet[k] for event in events for jet in event], dtype=kind) for k, kind in enumerate(kinds)]
    items = ak.zip({name: ak.unflatten(values, counts) for name, values in zip(names, flat, strict=True)})
    numbers = np.arange(len(events), dtype=np.uint64)
    single = {"run": numbers.astype(np.uint32), "luminosityBlock": numbers.astype(np.uint32), "event": numbers}
    with uproot.recreate(path) as file:
        file.mktree("Events", {**{name: values.dtype for name, values in single.items()}, "Jet": items.type.content})
        file["Events"].extend({**single, "Jet": items})
    return path


def run(program: str, folder: Path, data: Path, *options: str) -> Any:
    """Return the columns that a region r saves."""
    (folder / "p.hepsel").write_text(HEAD + program)
    out = folder / f"out{len(list(folder.glob('out*')))}"
    code, _, err = hepsel(
        "run", str(folder / "p.hepsel"), str(data), "--format", "nanoaod", "--out", str(out), *options
    )
    assert code == 0, err
    return ak.from_parquet(out / "columns_r.parquet")


def momentum(jet: tuple[float, ...]) -> np.ndarray[Any, Any]:
    """Return px, py, pz and energy in MeV."""
    pt, eta, phi, mass, *_ = jet
    space = np.array([pt * math.cos(phi), pt * math.sin(phi), pt * math.sinh(eta)]) * 1000.0
    return np.array([*space, math.sqrt(float(space @ space) + (1000.0 * mass) ** 2)])
