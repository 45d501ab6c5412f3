"""The selection of the ATLAS Open Data four-lepton note as plain loops, against what it prints.

This is an independent calculation of Table IV and Fig. 3 on the collision data data_A to data_D:
uproot reads the branches, the rest is Python. It uses neither hepsel nor array combinatorics. Run
it as a script to see every row::

    python tests/oracles/open_data_4l.py
"""

from __future__ import annotations

import math
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import uproot

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "atlas_open_data_4l"
FILES = tuple(DATA / f"data_{period}.4lep.root" for period in "ABCD")

PUBLISHED = (832, 827, 827, 679, 656, 311, 286, 285, 225, 166)
"""Column "Data" of Table IV (page 5), cuts 1 to 10."""

PUBLISHED_M4L = (
    *(0, 2, 3, 2, 0, 0, 0, 2, 6, 2, 2, 1, 1, 0, 2, 0, 3),
    *(1, 1, 5, 5, 7, 5, 5, 5, 4, 7, 4, 8, 3, 4, 6, 4),
)
"""Points of Fig. 3 (page 4), read off the drawing: 33 bins from 80 to 250 GeV."""

M_Z = 91.1876
"""Z mass in GeV; the note prints no value."""

ELECTRON, MUON = 11, 13
GEV = 1000.0

BRANCHES = {
    "lep_pt": "pt",
    "lep_eta": "eta",
    "lep_phi": "phi",
    "lep_E": "energy",
    "lep_z0": "z0",
    "lep_trackd0pvunbiased": "d0",
    "lep_charge": "charge",
    "lep_type": "type",
    "lep_isTightID": "tight",
    "lep_ptcone30": "ptcone30",
}

Lepton = dict[str, Any]
Event = list[Lepton]
Pairing = tuple[tuple[int, int], tuple[int, int]]

PAIRINGS: tuple[Pairing, ...] = (
    ((0, 1), (2, 3)),
    ((0, 2), (1, 3)),
    ((0, 3), (1, 2)),
    ((1, 2), (0, 3)),
    ((1, 3), (0, 2)),
    ((2, 3), (0, 1)),
)
"""Every way to name one pair of four leptons the first and the other the second."""


def read_events() -> list[Event]:
    """Read the leptons of all events.

    Returns
    -------
    list of list of dict
        For each event its leptons in the order of falling pT, in MeV and mm.
    """
    events: list[Event] = []
    for path in FILES:
        with uproot.open(path) as file:
            arrays = file["mini"].arrays(list(BRANCHES), library="np")
        for i in range(len(arrays["lep_pt"])):
            columns = {name: arrays[branch][i].tolist() for branch, name in BRANCHES.items()}
            n = len(columns["pt"])
            leptons = [{name: columns[name][k] for name in columns} for k in range(n)]
            events.append(sorted(leptons, key=lambda lepton: -float(lepton["pt"])))
    return events


def mass(leptons: Event) -> float:
    """Invariant mass of some leptons in GeV, from pt, eta, phi and the stored energy."""
    px = sum(x["pt"] * math.cos(x["phi"]) for x in leptons)
    py = sum(x["pt"] * math.sin(x["phi"]) for x in leptons)
    pz = sum(x["pt"] * math.sinh(x["eta"]) for x in leptons)
    energy = sum(x["energy"] for x in leptons)
    return math.sqrt(max(energy**2 - px**2 - py**2 - pz**2, 0.0)) / GEV


def delta_r(a: Lepton, b: Lepton) -> float:
    """Separation of two leptons in eta and phi."""
    d_phi = abs(a["phi"] - b["phi"])
    if d_phi > math.pi:
        d_phi = 2 * math.pi - d_phi
    return math.hypot(a["eta"] - b["eta"], d_phi)


def separated(event: Event) -> bool:
    """Cut 5: all pairs apart by 0.1, or by 0.2 if they differ in flavour."""
    return all(delta_r(a, b) > (0.1 if a["type"] == b["type"] else 0.2) for a, b in combinations(event, 2))


def in_acceptance(lepton: Lepton) -> bool:
    """Cut 3: the range in eta, by flavour."""
    limit = 2.47 if lepton["type"] == ELECTRON else 2.7
    return bool(abs(lepton["eta"]) < limit)


def m_min(m4l: float) -> float:
    """Lower bound of m34: from 17.5 GeV at 120 GeV to 50 GeV at 190 GeV, constant outside."""
    if m4l < 120:
        return 17.5
    if m4l > 190:
        return 50.0
    return 17.5 + (50 - 17.5) * (m4l - 120) / (190 - 120)


def pair_allowed(event: Event, pair: tuple[int, int], same_flavour: bool) -> bool:
    """Whether two leptons have opposite charge and, if asked for, the same flavour."""
    a, b = (event[k] for k in pair)
    opposite = a["charge"] + b["charge"] == 0
    return bool(opposite and (a["type"] == b["type"] or not same_flavour))


def z_candidates(event: Event, same_flavour: bool, ramp: bool, only_closest: bool) -> bool:
    """Cut 10, in one of its readings.

    Parameters
    ----------
    event : list of dict
        The four leptons.
    same_flavour : bool
        Whether the leptons of a pair must have the same flavour, besides opposite charge.
    ramp : bool
        Whether the lower bound of m34 rises with m4l; otherwise it is 17.5 GeV throughout.
    only_closest : bool
        Whether only the pairing with m12 closest to the Z mass counts; otherwise any pairing
        that passes is enough.

    Returns
    -------
    bool
        Whether the event passes.
    """
    allowed = [
        (mass([event[k] for k in first]), mass([event[k] for k in second]))
        for first, second in PAIRINGS
        if pair_allowed(event, first, same_flavour) and pair_allowed(event, second, same_flavour)
    ]
    if only_closest:
        allowed = sorted(allowed, key=lambda masses: abs(masses[0] - M_Z))[:1]
    low = m_min(mass(event)) if ramp else 17.5
    return any(50 < m12 < 106 and low < m34 < 115 for m12, m34 in allowed)


def cutflow(events: list[Event]) -> tuple[list[int], list[Event]]:
    """Cuts 1 to 9.

    Parameters
    ----------
    events : list of list of dict
        The events of `read_events`.

    Returns
    -------
    counts : list of int
        Number of events after each of the nine cuts.
    survivors : list of list of dict
        The events after cut 9.
    """
    cuts = (
        lambda e: len(e) == 4,
        lambda e: all(in_acceptance(x) for x in e),
        lambda e: all(x["pt"] > cut * GEV for x, cut in zip(e, (20, 15, 10, 7), strict=True)),
        separated,
        lambda e: all(x["tight"] for x in e),
        lambda e: all(abs(x["z0"]) < 10 for x in e),
        lambda e: all(abs(x["d0"]) < 1 for x in e if x["type"] == MUON),
        lambda e: all(x["ptcone30"] / x["pt"] < 0.15 for x in e),
    )
    counts = [len(events)]
    for cut in cuts:
        events = [event for event in events if cut(event)]
        counts.append(len(events))
    return counts, events


READINGS: dict[str, tuple[bool, bool, bool]] = {
    "as the text says": (True, True, True),
    "any pairing that passes": (True, True, False),
    "m_min 17.5 GeV throughout": (True, False, True),
    "any pairing, m_min 17.5 GeV throughout": (True, False, False),
    "pairs of any flavour": (False, True, True),
    "pairs of any flavour, any pairing that passes": (False, True, False),
}
"""Readings of cut 10: same flavour required, m_min depends on m4l, only the closest pairing."""


def m4l_histogram(events: list[Event], n_bins: int = 33) -> list[int]:
    """Count events in equal bins of m4l from 80 to 250 GeV, without under- and overflow."""
    counts = [0] * n_bins
    for event in events:
        m4l = mass(event)
        if 80 <= m4l < 250:
            counts[int((m4l - 80) / (170 / n_bins))] += 1
    return counts


def main() -> int:
    """Print every row beside the published one.

    Returns
    -------
    int
        0 if cuts 1 to 9 equal Table IV and the reading by opposite charge alone equals its last row
        and Fig. 3, else 1.
    """
    counts, events = cutflow(read_events())
    for number, (ours, published) in enumerate(zip(counts, PUBLISHED, strict=False), start=1):
        print(f"cut {number:2d}  {ours:4d}  published {published:4d}")
    good = counts == list(PUBLISHED[:9])
    for name, reading in READINGS.items():
        passed = [event for event in events if z_candidates(event, *reading)]
        histogram = m4l_histogram(passed)
        distance = sum(abs(a - b) for a, b in zip(histogram, PUBLISHED_M4L, strict=True))
        figure = "equals Fig. 3" if distance == 0 else f"off Fig. 3 by {distance} entries"
        print(f"cut 10  {len(passed):4d}  published {PUBLISHED[9]:4d}  {figure:24}  {name}")
        if name == "pairs of any flavour, any pairing that passes":
            good = good and len(passed) == PUBLISHED[9] and distance == 0
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
