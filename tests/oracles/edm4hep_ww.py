"""W candidates in an EDM4hep file as plain loops in double precision: uproot reads the branches, the rest is Python."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any

import uproot

Vector = tuple[float, float, float, float]


def vectors(event: dict[str, Any], collection: str) -> list[Vector]:
    """Return px, py, pz and energy of all particles of a collection, in GeV."""
    names = ("momentum.x", "momentum.y", "momentum.z", "mass")
    stored = zip(*(event[f"{collection}.{name}"] for name in names), strict=True)
    return [(px, py, pz, math.sqrt(px * px + py * py + pz * pz + mass * mass)) for px, py, pz, mass in stored]


def total(*parts: Vector) -> Vector:
    px, py, pz, energy = (math.fsum(component) for component in zip(*parts, strict=True))
    return px, py, pz, energy


def mass(vector: Vector) -> float:
    px, py, pz, energy = vector
    return math.sqrt(max(energy * energy - px * px - py * py - pz * pz, 0.0))


def is_jet(vector: Vector) -> bool:
    pt = math.hypot(vector[0], vector[1])
    return pt > 5 and abs(math.asinh(vector[2] / pt)) < 3


def calculate(path: Path) -> list[dict[str, Any]]:
    """Return what is saved of each event with two jets, in GeV."""
    collections = ("ReconstructedParticles", "Jet", "Particle")
    names = [f"{of}.{name}" for of in collections for name in ("momentum.x", "momentum.y", "momentum.z", "mass")]
    names += ["ReconstructedParticles.charge", "Muon_objIdx.index", "Particle.generatorStatus"]
    with uproot.open(path) as file:
        branches = {name: file["events"][name].array().to_list() for name in names}
        numbers = [number for (number,) in file["events"]["EventHeader.eventNumber"].array().to_list()]
    rows = []
    for place, number in enumerate(numbers):
        event = {name: values[place] for name, values in branches.items()}
        particles, jets, generated = (vectors(event, collection) for collection in collections)
        pairs = [total(a, b) for a, b in itertools.combinations(filter(is_jet, jets), 2)]
        if not pairs:
            continue
        best = min(pairs, key=lambda pair: abs(mass(pair) - 80.4))
        beams = total(*generated[:2])
        charges = event["ReconstructedParticles.charge"]
        muons = [(math.hypot(*particles[at][:2]), charges[at]) for at in event["Muon_objIdx.index"]]
        muons = [muon for muon in muons if muon[0] > 2]
        stable = zip(event["Particle.generatorStatus"], generated, strict=True)
        x, y, z, energy = (beam - one for beam, one in zip(beams, best, strict=True))
        rows.append(
            {
                "event": number,
                "m_w": mass(best),
                "m_recoil": mass((x, y, z, energy)),
                "e_visible": total(*particles)[3],
                "m_beams": mass(beams),
                "muon_pt": [pt for pt, _ in muons],
                "muon_charge": [charge for _, charge in muons],
                "n_charged": sum(charge != 0 for charge in charges),
                "e_stable": math.fsum(vector[3] for status, vector in stable if status == 1),
            }
        )
    return rows
