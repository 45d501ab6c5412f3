"""The eight IRIS-HEP ADL benchmark queries as plain loops, checked against their references.

This is an independent calculation: it reads the rows of the Parquet file as Python dictionaries
and uses neither hepsel nor array combinatorics. Run it as a script to compare every bin of the
published histograms, flow bins included::

    python tests/oracles/adl_queries.py
"""

from __future__ import annotations

import csv
import math
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "adl_benchmark"
EVENTS = DATA / "Run2012B_SingleMu-restructured-1000.parquet"

N_BINS = 100
AXES: dict[str, tuple[float, float]] = {
    "query1": (0.0, 2000.0),
    "query2": (15.0, 60.0),
    "query3": (15.0, 60.0),
    "query4": (0.0, 2000.0),
    "query5": (0.0, 2000.0),
    "query6-1": (15.0, 40.0),
    "query6-2": (0.0, 1.0),
    "query7": (15.0, 200.0),
    "query7_no_empty": (15.0, 200.0),
    "query8": (15.0, 250.0),
}
"""Axis limits of each histogram (GeV, except the b-tag of query 6-2)."""

REFERENCES: dict[str, str] = {
    "query1": "ref-query-1.csv",
    "query2": "ref-query-2.csv",
    "query3": "ref-query-3.csv",
    "query4": "ref-query-4.csv",
    "query5": "ref-query-5.csv",
    "query6-1": "ref-query-6-1.csv",
    "query6-2": "ref-query-6-2.csv",
    "query7_no_empty": "ref-query-7.csv",
    "query8": "ref-query-8.csv",
}
"""Published reference of each histogram; `query7` with the empty events has none."""

Particle = dict[str, Any]
Event = dict[str, Any]
Real = type[np.float64] | type[np.float32]
Number = Any
"""A numpy scalar of the chosen precision; all arithmetic stays in that precision."""


def read_events(path: Path = EVENTS) -> list[Event]:
    """Read the events as nested dictionaries.

    Parameters
    ----------
    path : Path
        Parquet file with the restructured CMS Open Data events.

    Returns
    -------
    list of dict
        One dictionary per event.
    """
    rows: list[Event] = pq.read_table(path, columns=["MET", "Muon", "Electron", "Jet"]).to_pylist()
    return rows


def four_vector(particle: Particle, real: Real) -> tuple[Number, Number, Number, Number]:
    """Cartesian four-momentum (px, py, pz, E) of a particle, all in the precision `real`."""
    pt, eta, phi, mass = (real(particle[k]) for k in ("pt", "eta", "phi", "mass"))
    px = pt * np.cos(phi)
    py = pt * np.sin(phi)
    pz = pt * np.sinh(eta)
    return px, py, pz, np.sqrt(px * px + py * py + pz * pz + mass * mass)


def add(particles: list[Particle], real: Real) -> tuple[Number, Number]:
    """Mass and transverse momentum of the sum of some particles."""
    px = py = pz = energy = real(0)
    for particle in particles:
        x, y, z, e = four_vector(particle, real)
        px, py, pz, energy = px + x, py + y, pz + z, energy + e
    m2 = energy * energy - px * px - py * py - pz * pz
    return np.sqrt(max(m2, real(0))), np.sqrt(px * px + py * py)


def delta_phi(a: Particle, b: Particle, real: Real) -> Number:
    """Azimuthal separation of two particles, folded to the range 0 to pi."""
    difference = abs(real(a["phi"]) - real(b["phi"]))
    return real(2 * math.pi) - difference if difference > math.pi else difference


def delta_r(a: Particle, b: Particle, real: Real) -> Number:
    """Separation of two particles in eta and phi."""
    d_eta = real(a["eta"]) - real(b["eta"])
    d_phi = delta_phi(a, b, real)
    return np.sqrt(d_eta * d_eta + d_phi * d_phi)


def query5(event: Event, real: Real) -> bool:
    """Whether an opposite-sign muon pair has a mass between 60 and 120 GeV."""
    for a, b in combinations(event["Muon"], 2):
        if a["charge"] != b["charge"] and 60 < add([a, b], real)[0] < 120:
            return True
    return False


def query6(event: Event, real: Real) -> tuple[Number, Number] | None:
    """Transverse momentum and largest b-tag of the trijet with the mass closest to 172.5 GeV."""
    best: tuple[Number, Number, Number] | None = None
    for jets in combinations(event["Jet"], 3):
        mass, pt = add(list(jets), real)
        distance = abs(mass - real(172.5))
        if best is None or distance < best[0]:
            best = (distance, pt, max(real(jet["btag"]) for jet in jets))
    return None if best is None else best[1:]


def query7(event: Event, real: Real) -> tuple[Number, int]:
    """Sum of pT of the jets away from leptons, and how many such jets there are."""
    leptons = [x for name in ("Muon", "Electron") for x in event[name] if x["pt"] > 10]
    total, n_jets = real(0), 0
    for jet in event["Jet"]:
        if jet["pt"] > 30 and not any(delta_r(jet, x, real) < 0.4 for x in leptons):
            total, n_jets = total + real(jet["pt"]), n_jets + 1
    return total, n_jets


def query8(event: Event, real: Real) -> Number | None:
    """Transverse mass of MET and the leading lepton outside the pair closest to 91.2 GeV."""
    leptons = [(name, x) for name in ("Muon", "Electron") for x in event[name]]
    best: tuple[Number, int, int] | None = None
    for i, j in combinations(range(len(leptons)), 2):
        (kind_a, a), (kind_b, b) = leptons[i], leptons[j]
        if kind_a == kind_b and a["charge"] + b["charge"] == 0:
            distance = abs(add([a, b], real)[0] - real(91.2))
            if best is None or distance < best[0]:
                best = (distance, i, j)
    if len(leptons) < 3 or best is None:
        return None
    others = [x for k, (_, x) in enumerate(leptons) if k not in best[1:]]
    lead = others[0]
    for other in others[1:]:
        if other["pt"] > lead["pt"]:
            lead = other
    met = event["MET"]
    cosine = np.cos(delta_phi(lead, met, real))
    return np.sqrt(real(2) * real(lead["pt"]) * real(met["pt"]) * (real(1) - cosine))


def values(events: list[Event], real: Real = np.float64) -> dict[str, list[float]]:
    """Compute what each histogram is filled with.

    Parameters
    ----------
    events : list of dict
        The events of `read_events`.
    real : numpy floating type
        Precision of all four-vector arithmetic.

    Returns
    -------
    dict of str to list of float
        The values, in the order of the events.
    """
    out: dict[str, list[float]] = {name: [] for name in AXES}
    for event in events:
        met, jets = event["MET"]["pt"], event["Jet"]
        out["query1"].append(met)
        out["query2"] += [jet["pt"] for jet in jets]
        out["query3"] += [jet["pt"] for jet in jets if abs(jet["eta"]) < 1]
        if sum(jet["pt"] > 40 for jet in jets) >= 2:
            out["query4"].append(met)
        if query5(event, real):
            out["query5"].append(met)
        trijet = query6(event, real)
        if trijet is not None:
            out["query6-1"].append(float(trijet[0]))
            out["query6-2"].append(float(trijet[1]))
        total, n_jets = query7(event, real)
        out["query7"].append(float(total))
        if n_jets > 0:
            out["query7_no_empty"].append(float(total))
        transverse_mass = query8(event, real)
        if transverse_mass is not None:
            out["query8"].append(float(transverse_mass))
    return out


def fill(data: list[float], low: float, high: float) -> tuple[list[float], list[int]]:
    """Histogram of some values, in which a bin holds its lower edge and not its upper one.

    Parameters
    ----------
    data : list of float
        The values.
    low, high : float
        The limits of the `N_BINS` equal bins.

    Returns
    -------
    edges : list of float
        The bin edges.
    counts : list of int
        Underflow, the bins in order, overflow.
    """
    edges = [low + (high - low) * i / N_BINS for i in range(N_BINS + 1)]
    counts = [0] * (N_BINS + 2)
    for value in data:
        counts[sum(value >= edge for edge in edges)] += 1
    return edges, counts


def histograms(real: Real = np.float64) -> dict[str, tuple[list[float], list[int]]]:
    """Compute all histograms of the benchmark.

    Parameters
    ----------
    real : numpy floating type
        Precision of all four-vector arithmetic.

    Returns
    -------
    dict of str to tuple
        Edges and counts (underflow, bins, overflow) of each histogram of `AXES`.
    """
    filled = values(read_events(), real)
    return {name: fill(filled[name], *axis) for name, axis in AXES.items()}


def reference(name: str) -> list[int]:
    """Read a published reference histogram.

    Parameters
    ----------
    name : str
        A key of `REFERENCES`.

    Returns
    -------
    list of int
        Underflow, the bins in order, overflow.
    """
    low, high = AXES[name]
    width = (high - low) / N_BINS
    counts = [0] * (N_BINS + 2)
    with (DATA / REFERENCES[name]).open(newline="") as file:
        for row in csv.DictReader(file):
            position = (float(row["x"]) - low) / width + 0.5
            index = round(position)
            if not 0 <= index <= N_BINS + 1 or abs(position - index) > 0.01:
                raise ValueError(f"{REFERENCES[name]}: {row['x']} is not the centre of a bin")
            if counts[index]:
                raise ValueError(f"{REFERENCES[name]}: the bin at {row['x']} stands twice")
            counts[index] = int(row["y"])
    return counts


def main() -> int:
    """Compare with the references, in double and in single precision.

    Returns
    -------
    int
        The number of histograms that differ from their reference in double precision.
    """
    double, single = histograms(np.float64), histograms(np.float32)
    n_wrong = 0
    for name in AXES:
        counts = double[name][1]
        line = f"{name:16} {sum(counts):5d} entries, {counts[0]:4d} under, {counts[-1]:4d} over"
        if name in REFERENCES:
            pairs = zip(counts, reference(name), strict=True)
            different = [i for i, (ours, theirs) in enumerate(pairs) if ours != theirs]
            n_wrong += bool(different)
            line += f"; differs in bins {different}" if different else "; equals the reference"
        n_moved = sum(a != b for a, b in zip(counts, single[name][1], strict=True))
        print(f"{line}; single precision changes {n_moved} bins")
    return n_wrong


if __name__ == "__main__":
    sys.exit(main())
