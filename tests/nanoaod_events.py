"""Events as in NanoAOD, with H -> ZZ* -> 4l among them, made from random numbers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import uproot
from numpy.typing import NDArray

Array = NDArray[np.float64]

MASSES = {11: 0.000511, 13: 0.10566}


def boosted(p: Array, frame: Array) -> Array:
    """Return four-vectors (rows of px, py, pz, E), given in the rest frame of others, as seen where these move."""
    beta = frame[:, :3] / frame[:, 3:]
    b2 = np.sum(beta * beta, axis=1)
    gamma = 1 / np.sqrt(1 - b2)
    along = np.sum(beta * p[:, :3], axis=1)
    momentum = p[:, :3] + ((gamma - 1) * along / b2 + gamma * p[:, 3])[:, None] * beta
    return np.column_stack([momentum, gamma * (p[:, 3] + along)])


def decay(mother: Array, mass_a: Array, mass_b: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Let particles decay into two, in any direction."""
    m = np.sqrt(mother[:, 3] ** 2 - np.sum(mother[:, :3] ** 2, axis=1))
    p = np.sqrt(np.maximum((m**2 - (mass_a + mass_b) ** 2) * (m**2 - (mass_a - mass_b) ** 2), 0)) / (2 * m)
    cos, phi = rng.uniform(-1, 1, len(m)), rng.uniform(-np.pi, np.pi, len(m))
    sin = np.sqrt(1 - cos**2)
    n = np.column_stack([sin * np.cos(phi), sin * np.sin(phi), cos]) * p[:, None]
    return (
        boosted(np.column_stack([n, np.hypot(p, mass_a)]), mother),
        boosted(np.column_stack([-n, np.hypot(p, mass_b)]), mother),
    )


def four_leptons(number: int, rng: np.random.Generator) -> list[list[dict[str, float]]]:
    """Return the leptons of decays H -> ZZ* -> 4l."""
    momentum = np.column_stack([rng.normal(0, 25, (number, 2)), rng.normal(0, 150, number)])
    higgs = np.column_stack([momentum, np.sqrt(125.0**2 + np.sum(momentum**2, axis=1))])
    m12 = np.clip(91.19 + 2.5 * rng.standard_cauchy(number), 45, 110)
    m34 = rng.uniform(8, np.minimum(60, 124.9 - m12))
    found: list[list[dict[str, float]]] = [[] for _ in range(number)]
    for z in decay(higgs, m12, m34, rng):
        code = rng.choice([11, 13], number)
        mass = np.where(code == 11, MASSES[11], MASSES[13])
        for sign, lepton in zip((1, -1), decay(z, mass, mass, rng), strict=True):
            pt = np.hypot(lepton[:, 0], lepton[:, 1])
            for event, values in enumerate(
                zip(pt, np.arcsinh(lepton[:, 2] / pt), np.arctan2(lepton[:, 1], lepton[:, 0]), code, strict=True)
            ):
                found[event].append(dict(zip(("pt", "eta", "phi", "code"), values, strict=True)) | {"charge": sign})
    return found


def other_lepton(rng: np.random.Generator) -> dict[str, float]:
    """Return a lepton that belongs to nothing."""
    return {
        "pt": 4 + rng.exponential(15),
        "eta": rng.uniform(-2.7, 2.7),
        "phi": rng.uniform(-np.pi, np.pi),
        "code": float(rng.choice([11, 13])),
        "charge": float(rng.choice([-1, 1])),
    }


def nanoaod_events(number: int, seed: int) -> dict[str, ak.Array | Array]:
    """Return the branches of some events.

    A third are decays of a Higgs boson with up to three more leptons, the others have up to six leptons that belong to
    nothing. In some a lepton stands twice, so that candidates are equally good.
    """
    rng = np.random.default_rng(seed)
    leptons = four_leptons(number // 3, rng) + [[] for _ in range(number - number // 3)]
    for event in leptons:
        event += [other_lepton(rng) for _ in range(rng.integers(0, 4 if event else 7))]
        if event and rng.uniform() < 0.1:
            event.append(dict(event[rng.integers(len(event))]))
    order = rng.permutation(number)
    events = [sorted(leptons[k], key=lambda lepton: -lepton["pt"]) for k in order]
    branches: dict[str, ak.Array | Array] = {
        "run": np.ones(number, dtype=np.uint32),
        "luminosityBlock": (np.arange(number) // 100 + 1).astype(np.uint32),
        "event": np.arange(1, number + 1, dtype=np.uint64),
        "genWeight": rng.choice([-1.5, 1.5, 2.25], number, p=[0.1, 0.8, 0.1]).astype(np.float32),
        "HLT_IsoMu24": rng.uniform(size=number) < 0.7,
        "HLT_Ele32_WPTight_Gsf": rng.uniform(size=number) < 0.7,
        "PV_npvsGood": rng.integers(0, 40, number).astype(np.int32),
    }
    for name, code in (("Electron", 11), ("Muon", 13)):
        chosen = [[lepton for lepton in event if lepton["code"] == code] for event in events]
        counts = np.array([len(event) for event in chosen])
        flat = [lepton for event in chosen for lepton in event]
        size = len(flat)

        def column(values: object, kind: type = np.float32, counts: Array = counts) -> ak.Array:
            return ak.unflatten(np.asarray(values, dtype=kind), counts)

        charge = np.array([lepton["charge"] for lepton in flat])
        columns = {key: column([lepton[key] for lepton in flat]) for key in ("pt", "eta", "phi")}
        columns |= {
            "mass": column(np.full(size, MASSES[code])),
            "charge": column(charge, np.int32),
            "pdgId": column(-charge * code, np.int32),
            "dxy": column(rng.normal(0, 0.003, size)),
            "dxyErr": column(rng.uniform(0.001, 0.004, size)),
            "dz": column(rng.normal(0, 0.02, size)),
            "sip3d": column(np.abs(rng.normal(0, 1.5, size))),
        }
        good = rng.uniform(size=size) < 0.95
        if name == "Electron":
            columns |= {
                "mvaNoIso_WP90": column(good, bool),
                "pfRelIso03_all": column(rng.exponential(0.04, size)),
            }
        else:
            columns |= {
                "looseId": column(good, bool),
                "isGlobal": column(rng.uniform(size=size) < 0.9, bool),
                "isTracker": column(rng.uniform(size=size) < 0.9, bool),
                "isStandalone": column(rng.uniform(size=size) < 0.9, bool),
                "pfRelIso03_all": column(rng.exponential(0.08, size)),
            }
        branches[name] = ak.zip(columns)
    return branches


def write_nanoaod(path: Path, number: int, seed: int) -> None:
    """Write events to a file."""
    write_branches(path, nanoaod_events(number, seed))


def write_branches(path: Path, events: Mapping[str, Any]) -> None:
    """Write the branches of a tree `Events`: arrays, and lists of records."""
    with uproot.recreate(path) as file:
        tree = file.mktree(
            "Events", {k: v.type.content if isinstance(v, ak.Array) else v.dtype for k, v in events.items()}
        )
        tree.extend(events)
