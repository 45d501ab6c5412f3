"""The Z peak of the CMS Open Data dimuon file as plain loops in double precision.

This is an independent calculation: uproot reads the branches, the rest is Python. It uses neither
hepsel nor array combinatorics. Run it as a script on the file (see examples/cms_dimuon/README.md)::

    python tests/oracles/cms_dimuon.py zmumu_skim.root
"""

from __future__ import annotations

import hashlib
import math
import sys
from pathlib import Path

import uproot

SHA256 = "132f2bff422a5f1df6a6299d06ef325a7177016b857782cba7baaeadab7167a7"
"""Checksum of zmumu_skim.root."""

N_BINS, LOW, HIGH = 60, 60.0, 120.0
"""Axis of the mass histogram, in GeV."""

CUTFLOW = (83343, 11983, 10420, 8589)
"""All events; two muons; of opposite charge; with a mass between 60 and 120 GeV."""


def checksum(path: Path) -> str:
    """Compute the SHA-256 checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def mass(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Compute the mass in GeV of two muons, each (pt, eta, phi, mass, charge)."""
    px = py = pz = energy = 0.0
    for pt, eta, phi, m, _ in (a, b):
        x, y, z = pt * math.cos(phi), pt * math.sin(phi), pt * math.sinh(eta)
        px, py, pz = px + x, py + y, pz + z
        energy += math.sqrt(x * x + y * y + z * z + m * m)
    return math.sqrt(max(energy * energy - px * px - py * py - pz * pz, 0.0))


def calculate(path: Path, stop: int | None = None) -> tuple[list[int], list[int]]:
    """Select events with exactly two muons of opposite charge, pT > 20 GeV and abs(eta) < 2.4.

    Parameters
    ----------
    path : Path
        The file zmumu_skim.root.
    stop : int, optional
        How many of its events to read.

    Returns
    -------
    cutflow : list of int
        All events; two muons; of opposite charge; with a mass between 60 and 120 GeV.
    counts : list of int
        Mass histogram: underflow, 60 bins from 60 to 120 GeV, overflow.
    """
    names = ("pt", "eta", "phi", "mass", "charge")
    with uproot.open(path) as file:
        arrays = file["Events"].arrays([f"Muon_{name}" for name in names], library="np", entry_stop=stop)
    cutflow = [0, 0, 0, 0]
    counts = [0] * (N_BINS + 2)
    width = (HIGH - LOW) / N_BINS
    for columns in zip(*(arrays[f"Muon_{name}"] for name in names), strict=True):
        cutflow[0] += 1
        muons = [
            muon
            for muon in zip(*(column.tolist() for column in columns), strict=True)
            if muon[0] > 20 and abs(muon[1]) < 2.4
        ]
        if len(muons) != 2:
            continue
        cutflow[1] += 1
        if muons[0][4] + muons[1][4] != 0:
            continue
        cutflow[2] += 1
        m = mass(*muons)
        cutflow[3] += 60 < m < 120
        counts[min(max(math.floor((m - LOW) / width) + 1, 0), N_BINS + 1)] += 1
    return cutflow, counts


def main() -> int:
    """Print the cutflow and the mass histogram of the file named on the command line.

    Returns
    -------
    int
        0 if the file is the right one and the cutflow is the recorded one, else 1.
    """
    if len(sys.argv) != 2:
        print("usage: cms_dimuon.py zmumu_skim.root")
        return 1
    path = Path(sys.argv[1])
    if checksum(path) != SHA256:
        print(f"{path}: not the expected file (its checksum differs)")
        return 1
    cutflow, counts = calculate(path)
    print("cutflow  ", cutflow)
    print("histogram", counts)
    return 0 if tuple(cutflow) == CUTFLOW else 1


if __name__ == "__main__":
    sys.exit(main())
