"""The H->ZZ*->4l selection by hand: a plain loop over events, as one would write it in C++.

This script is the reference for every execution path of hepsel, so it shares nothing with it: it
has its own formulas, no array combinatorics and no four-vector library. The numbers in the
comments are those of the selection table (arXiv:2604.14696, Table 3). Where the table leaves a
choice open:

* Bounds are strict. A value that is missing (no such track, no primary vertex, NaN) fails.
* A primary vertex is one of type 1; the first of them is the one that z0 refers to.
* 3.1: muons at abs(eta) < 0.1 must be segment- or calo-tagged, between 0.1 and 2.5 combined,
  between 2.4 and 2.7 stand-alone; exactly 0.1 belongs to neither. Forward muons (type 4), which
  the table does not name, are not taken.
* 4.5 and 4.6 hold for every pair among the four leptons.
* Of the two dileptons of a quadruplet, m12 is the one with the mass closer to the Z.
* The quadruplet is chosen among those that pass 4.2 to 4.8: smallest abs(m12 - m_Z), then
  smallest abs(m34 - m_Z).

Criteria that the data cannot express (1.1, 1.2, 4.7, 4.9) are not applied. Energies are in MeV.

Examples
--------
::

    python baseline.py FILE... --out selected.csv
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import uproot

GEV = 1000.0
Z_MASS = 91187.6
ELECTRON_MASS = 0.51099895
MUON_MASS = 105.6583755

COMBINED, STANDALONE, SEGMENT_TAGGED, CALO_TAGGED, FORWARD = range(5)

# Store of the tracks that each link points to, with the key by which the link names it.
ELECTRON_TRACKS = ("GSFTrackParticles", 776133387)
INNER_TRACKS = ("InDetTrackParticles", 490246363)
COMBINED_TRACKS = ("CombinedMuonTrackParticles", 873304470)
OUTER_TRACKS = ("ExtrapolatedMuonTrackParticles", 350445215)
TRACK_STORES = (ELECTRON_TRACKS, INNER_TRACKS, COMBINED_TRACKS, OUTER_TRACKS)

# Every release that has these quantities has them under these names; the other cones that are
# there (other track momenta, shrinking radius) are other quantities and no substitutes.
ELECTRON_PTCONE20 = "ptcone20_Nonprompt_All_MaxWeightTTVALooseCone_pt1000"
ELECTRON_TOPOETCONE20 = "topoetcone20"
MUON_PTCONE30 = "ptcone30"
MUON_TOPOETCONE20 = "topoetcone20"

STEPS = (
    "all events",
    "1.3 primary vertex",
    "4.1 two SFOS pairs",
    "two disjoint SFOS pairs",
    "4.2 50 < m12 < 106 GeV",
    "4.3 12 < m34 < 115 GeV",
    "4.4 pT > 20, 15, 10 GeV",
    "4.5 dR(l, l)",
    "4.6 m(SFOS) > 5 GeV",
    "4.8 three combined muons in 4mu",
)


class MissingColumnError(Exception):
    """A file lacks a column that the selection needs."""


@dataclass(frozen=True)
class Lepton:
    """An electron or a muon that passed the object selection."""

    flavour: str
    charge: float
    pt: float
    eta: float
    phi: float
    mass: float
    muon_type: int | None

    def four_vector(self) -> tuple[float, float, float, float]:
        """Return the components px, py, pz, E."""
        px = self.pt * math.cos(self.phi)
        py = self.pt * math.sin(self.phi)
        pz = self.pt * math.sinh(self.eta)
        return px, py, pz, math.sqrt(px * px + py * py + pz * pz + self.mass * self.mass)


@dataclass(frozen=True)
class Quadruplet:
    """Two ordered dileptons without a common lepton."""

    leptons: tuple[Lepton, Lepton, Lepton, Lepton]
    m12: float
    m34: float


@dataclass(frozen=True)
class Selected:
    """A selected event, as a line of the output."""

    file: str
    run: int
    event: int
    channel: str
    m4l: float
    m12: float
    m34: float


class Reader:
    """Reads PHYSLITE columns as Python lists, from a TTree or an RNTuple.

    Parameters
    ----------
    path
        The ROOT file.
    """

    def __init__(self, path: Path) -> None:
        file = uproot.open(path)
        self.is_rntuple = "EventData" in file
        self.tree: Any = file["EventData" if self.is_rntuple else "CollectionTree"]
        self.path = path

    def column(self, store: str, name: str) -> list[Any]:
        """Return a column; `MissingColumnError` if the file does not have it."""
        full_name = f"{store}AuxDyn{':' if self.is_rntuple else '.'}{name}"
        if full_name not in self.tree:
            raise MissingColumnError(f"{self.path}: no column {full_name}")
        values: list[Any] = self.tree[full_name].array().to_list()
        return values

    def links(self, store: str, name: str) -> list[list[tuple[int, int]]]:
        """Return (key, index) of one link per item."""
        if self.is_rntuple:
            return [[(link["m_persKey"], link["m_persIndex"]) for link in event] for event in self.column(store, name)]
        keys = self.column(store, f"{name}.m_persKey")
        indices = self.column(store, f"{name}.m_persIndex")
        return [list(zip(*event, strict=True)) for event in zip(keys, indices, strict=True)]

    def first_links(self, store: str, name: str) -> list[list[tuple[int, int]]]:
        """Return (key, index) of the first of several links per item; key 0 if there is none."""
        return [
            [(item[0]["m_persKey"], item[0]["m_persIndex"]) if item else (0, 0) for item in event]
            for event in self.column(store, name)
        ]


class EventData:
    """All columns of a file that the selection needs; `event` then picks one event."""

    def __init__(self, path: Path) -> None:
        reader = Reader(path)
        self.run = reader.column("EventInfo", "runNumber")
        self.number = reader.column("EventInfo", "eventNumber")
        self.beam = [reader.column("EventInfo", f"beamPosSigma{axes}") for axes in ("X", "Y", "XY")]
        self.vertex_type = reader.column("PrimaryVertices", "vertexType")
        self.vertex_z = reader.column("PrimaryVertices", "z")
        self.electrons = {
            **{name: reader.column("AnalysisElectrons", name) for name in ("pt", "eta", "phi")},
            "charge": reader.column("AnalysisElectrons", "charge"),
            "loose": reader.column("AnalysisElectrons", "DFCommonElectronsLHLoose"),
            "ptcone": reader.column("AnalysisElectrons", ELECTRON_PTCONE20),
            "etcone": reader.column("AnalysisElectrons", ELECTRON_TOPOETCONE20),
            "track": reader.first_links("AnalysisElectrons", "trackParticleLinks"),
        }
        try:
            self.electrons["m"] = reader.column("AnalysisElectrons", "m")
        except MissingColumnError:
            self.electrons["m"] = [[ELECTRON_MASS] * len(pt) for pt in self.electrons["pt"]]
        self.muons = {
            **{name: reader.column("AnalysisMuons", name) for name in ("pt", "eta", "phi")},
            "charge": reader.column("AnalysisMuons", "charge"),
            "type": reader.column("AnalysisMuons", "muonType"),
            "ptcone": reader.column("AnalysisMuons", MUON_PTCONE30),
            "etcone": reader.column("AnalysisMuons", MUON_TOPOETCONE20),
            "inner": reader.links("AnalysisMuons", "inDetTrackParticleLink"),
            "combined": reader.links("AnalysisMuons", "combinedTrackParticleLink"),
            "outer": reader.links("AnalysisMuons", "extrapolatedMuonSpectrometerTrackParticleLink"),
        }
        self.tracks = {
            store: {
                **{name: reader.column(store, name) for name in ("d0", "z0", "vz", "phi", "theta")},
                "variances": reader.column(store, "definingParametersCovMatrixDiag"),
            }
            for store, _ in TRACK_STORES
        }

    def __len__(self) -> int:
        return len(self.run)

    def count_primary_vertices(self, i: int) -> int:
        """Count the vertices of type 1 in event `i`."""
        return sum(1 for vertex_type in self.vertex_type[i] if vertex_type == 1)

    def primary_vertex_z(self, i: int) -> float:
        """Return z of the first vertex of type 1, or NaN."""
        for vertex_type, z in zip(self.vertex_type[i], self.vertex_z[i], strict=True):
            if vertex_type == 1:
                return float(z)
        return math.nan

    def impact_parameters(self, i: int, target: tuple[str, int], link: tuple[int, int]) -> tuple[float, float, float]:
        """Return abs(d0), its significance and abs(z0 sin theta) of the track behind a link."""
        store, key = target
        columns = {name: values[i] for name, values in self.tracks[store].items()}
        if link[0] != key or link[1] >= len(columns["d0"]):
            return math.nan, math.nan, math.nan
        track = {name: values[link[1]] for name, values in columns.items()}
        d0 = abs(track["d0"])
        z0 = track["z0"] + track["vz"] - self.primary_vertex_z(i)
        sigma_x, sigma_y, sigma_xy = (values[i] for values in self.beam)
        sine, cosine = math.sin(track["phi"]), math.cos(track["phi"])
        beam_variance = sine * (sine * sigma_x * sigma_x - cosine * sigma_xy) + cosine * (
            cosine * sigma_y * sigma_y - sine * sigma_xy
        )
        variance = beam_variance + (track["variances"][0] if track["variances"] else math.nan)
        significance = d0 / math.sqrt(variance) if variance > 0.0 else math.nan
        return d0, significance, abs(z0 * math.sin(track["theta"]))


def select_electrons(data: EventData, i: int) -> Iterator[Lepton]:
    """Yield the electrons of event `i` that pass 2.1 to 2.7."""
    columns = {name: values[i] for name, values in data.electrons.items()}
    for k in range(len(columns["pt"])):
        electron = {name: values[k] for name, values in columns.items()}
        pt, eta = electron["pt"], electron["eta"]
        if not electron["loose"]:  # 2.1
            continue
        if not pt > 7.0 * GEV:  # 2.2
            continue
        if not abs(eta) < 2.47:  # 2.3
            continue
        if not electron["ptcone"] / pt < 0.15:  # 2.4
            continue
        if not electron["etcone"] / pt < 0.20:  # 2.5
            continue
        _, significance, z0 = data.impact_parameters(i, ELECTRON_TRACKS, electron["track"])
        if not z0 < 0.5:  # 2.6
            continue
        if not significance < 5.0:  # 2.7
            continue
        charge, phi, mass = electron["charge"], electron["phi"], electron["m"]
        yield Lepton("e", charge, pt, eta, phi, mass, None)


def muon_region(abs_eta: float, muon_type: int) -> bool:
    """Tell whether a muon of this type is taken at this abs(eta) (3.1)."""
    if muon_type in (SEGMENT_TAGGED, CALO_TAGGED):
        return abs_eta < 0.1
    if muon_type == COMBINED:
        return 0.1 < abs_eta < 2.5
    if muon_type == STANDALONE:
        return 2.4 < abs_eta < 2.7
    return False


def select_muons(data: EventData, i: int) -> Iterator[Lepton]:
    """Yield the muons of event `i` that pass 3.1 to 3.7."""
    columns = {name: values[i] for name, values in data.muons.items()}
    for k in range(len(columns["pt"])):
        muon = {name: values[k] for name, values in columns.items()}
        pt, eta, muon_type = muon["pt"], muon["eta"], muon["type"]
        if not (abs(eta) < 2.7 and muon_region(abs(eta), muon_type)):  # 3.1
            continue
        if not pt > (15.0 * GEV if muon_type == CALO_TAGGED else 5.0 * GEV):  # 3.2
            continue
        if not muon["ptcone"] / pt < 0.15:  # 3.3
            continue
        if not muon["etcone"] / pt < 0.30:  # 3.4
            continue
        if muon_type in (COMBINED, FORWARD):
            target, link = COMBINED_TRACKS, muon["combined"]
        elif muon_type in (SEGMENT_TAGGED, CALO_TAGGED):
            target, link = INNER_TRACKS, muon["inner"]
        else:
            target, link = OUTER_TRACKS, muon["outer"]
        d0, significance, z0 = data.impact_parameters(i, target, link)
        if not z0 < 0.5:  # 3.5
            continue
        if not significance < 3.0:  # 3.6
            continue
        if not d0 < 1.0:  # 3.7
            continue
        yield Lepton("mu", muon["charge"], pt, eta, muon["phi"], MUON_MASS, muon_type)


def invariant_mass(*leptons: Lepton) -> float:
    """Return the mass of the sum of the four-vectors."""
    px, py, pz, energy = (sum(parts) for parts in zip(*(lep.four_vector() for lep in leptons), strict=True))
    return math.sqrt(max(0.0, energy * energy - px * px - py * py - pz * pz))


def delta_r(a: Lepton, b: Lepton) -> float:
    """Return the distance of two leptons in eta and phi."""
    phi = abs(a.phi - b.phi)
    if phi > math.pi:
        phi = 2.0 * math.pi - phi
    return math.hypot(a.eta - b.eta, phi)


def is_sfos(a: Lepton, b: Lepton) -> bool:
    """Tell whether two leptons have the same flavour and opposite charges."""
    return a.flavour == b.flavour and a.charge + b.charge == 0.0


def passed_cuts(quadruplet: Quadruplet) -> int:
    """Return how many of the cuts 4.2, 4.3, 4.4, 4.5, 4.6, 4.8 are passed before one fails."""
    leptons = quadruplet.leptons
    pairs = [(leptons[a], leptons[b]) for a in range(4) for b in range(a + 1, 4)]
    if not 50.0 * GEV < quadruplet.m12 < 106.0 * GEV:  # 4.2
        return 0
    if not 12.0 * GEV < quadruplet.m34 < 115.0 * GEV:  # 4.3
        return 1
    first, second, third, _ = sorted((lep.pt for lep in leptons), reverse=True)
    if not (first > 20.0 * GEV and second > 15.0 * GEV and third > 10.0 * GEV):  # 4.4
        return 2
    for a, b in pairs:  # 4.5
        if not delta_r(a, b) > (0.1 if a.flavour == b.flavour else 0.2):
            return 3
    for a, b in pairs:  # 4.6
        if is_sfos(a, b) and not invariant_mass(a, b) > 5.0 * GEV:
            return 4
    muons = [lep for lep in leptons if lep.flavour == "mu"]
    combined = [lep for lep in muons if lep.muon_type == COMBINED]
    if len(muons) == 4 and len(combined) < 3:  # 4.8
        return 5
    return 6


def make_quadruplets(leptons: list[Lepton], pairs: list[tuple[int, int]]) -> list[Quadruplet]:
    """Return every two dileptons that have no lepton in common, the one closer to the Z first."""
    masses = [invariant_mass(leptons[a], leptons[b]) for a, b in pairs]
    return [
        Quadruplet((leptons[a], leptons[b], leptons[c], leptons[d]), masses[first], masses[second])
        for first, (a, b) in enumerate(pairs)
        for second, (c, d) in enumerate(pairs)
        if not {a, b} & {c, d} and abs(masses[first] - Z_MASS) <= abs(masses[second] - Z_MASS)
    ]


def select_event(data: EventData, i: int) -> tuple[int, Quadruplet | None]:
    """Select one event.

    Parameters
    ----------
    data
        The columns of the file.
    i
        Place of the event.

    Returns
    -------
    tuple
        The number of `STEPS` that the event passes, and its quadruplet if it passes them all.
    """
    if not data.count_primary_vertices(i) > 0:  # 1.3
        return 1, None
    leptons = [*select_electrons(data, i), *select_muons(data, i)]
    pairs = [(a, b) for a in range(len(leptons)) for b in range(a + 1, len(leptons)) if is_sfos(leptons[a], leptons[b])]
    if not len(pairs) >= 2:  # 4.1
        return 2, None
    best: Quadruplet | None = None
    steps = 3
    for quadruplet in make_quadruplets(leptons, pairs):
        reached = 4 + passed_cuts(quadruplet)
        steps = max(steps, reached)
        if reached == len(STEPS) and (best is None or distances(quadruplet) < distances(best)):
            best = quadruplet
    return steps, best


def distances(quadruplet: Quadruplet) -> tuple[float, float]:
    """Return how far the two masses are from the Z: the smaller pair is the better quadruplet."""
    return abs(quadruplet.m12 - Z_MASS), abs(quadruplet.m34 - Z_MASS)


def select_file(path: Path) -> tuple[list[int], list[Selected]]:
    """Select the events of one file.

    Parameters
    ----------
    path
        A PHYSLITE file, TTree or RNTuple.

    Returns
    -------
    tuple
        Events left after each of `STEPS`, and the selected events in file order.

    Raises
    ------
    MissingColumnError
        If the file lacks something that the selection needs.
    """
    data = EventData(path)
    cutflow = [0] * len(STEPS)
    selected = []
    for i in range(len(data)):
        steps, quadruplet = select_event(data, i)
        for step in range(steps):
            cutflow[step] += 1
        if quadruplet is not None:
            z1, z2 = quadruplet.leptons[0].flavour, quadruplet.leptons[2].flavour
            selected.append(
                Selected(
                    file=path.name,
                    run=data.run[i],
                    event=data.number[i],
                    channel=f"4{z1}" if z1 == z2 else f"2{z1}2{z2}",
                    m4l=invariant_mass(*quadruplet.leptons),
                    m12=quadruplet.m12,
                    m34=quadruplet.m34,
                )
            )
    return cutflow, selected


def main() -> int:
    """Run the command line; the exit status is 1 if a file could not be used."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, help="CSV file for the selected events (MeV)")
    arguments = parser.parse_args()
    rows: list[Selected] = []
    status = 0
    for path in arguments.files:
        try:
            cutflow, selected = select_file(path)
        except MissingColumnError as error:
            print(f"skipped: {error}", file=sys.stderr)
            status = 1
            continue
        print(path)
        for name, count in zip(STEPS, cutflow, strict=True):
            print(f"  {name:<32} {count:>9}")
        rows += selected
    if arguments.out:
        with arguments.out.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(field.name for field in fields(Selected))
            writer.writerows(vars(row).values() for row in rows)
    else:
        for row in rows:
            print(row.file, row.run, row.event)
    return status


if __name__ == "__main__":
    sys.exit(main())
