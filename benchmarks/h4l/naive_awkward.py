"""The H->ZZ*->4l selection with awkward and vector over whole arrays.

This is what a competent analyst writes without further thought for speed: it reads only the
columns that it needs, masks the objects, and makes all combinations in all events. It selects the
same events as ``baseline.py``, where the choices that the selection table leaves open are listed.

Examples
--------
::

    python naive_awkward.py FILE... --out selected.csv
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import uproot
import vector

vector.register_awkward()

GEV = 1000.0
Z_MASS = 91187.6
MUON_MASS = 105.6583755
COMBINED, STANDALONE, SEGMENT_TAGGED, CALO_TAGGED, FORWARD = range(5)
CHANNELS = ("4e", "2e2mu", "2mu2e", "4mu")

KINEMATICS = ("pt", "eta", "phi", "charge")
TRACK_COLUMNS = ("d0", "z0", "vz", "phi", "theta", "definingParametersCovMatrixDiag")
CONTAINER_KEYS = {
    "GSFTrackParticles": 776133387,
    "InDetTrackParticles": 490246363,
    "CombinedMuonTrackParticles": 873304470,
    "ExtrapolatedMuonTrackParticles": 350445215,
}
MUON_LINKS = {
    "inDetTrackParticleLink": "InDetTrackParticles",
    "combinedTrackParticleLink": "CombinedMuonTrackParticles",
    "extrapolatedMuonSpectrometerTrackParticleLink": "ExtrapolatedMuonTrackParticles",
}
COLUMNS = {
    "EventInfo": (
        *("runNumber", "eventNumber"),
        *("beamPosSigmaX", "beamPosSigmaY", "beamPosSigmaXY"),
    ),
    "PrimaryVertices": ("z", "vertexType"),
    "AnalysisElectrons": (
        *KINEMATICS,
        *("m", "DFCommonElectronsLHLoose", "topoetcone20", "trackParticleLinks"),
        "ptcone20_Nonprompt_All_MaxWeightTTVALooseCone_pt1000",
    ),
    "AnalysisMuons": (*KINEMATICS, "muonType", "ptcone30", "topoetcone20"),
    **dict.fromkeys(CONTAINER_KEYS, TRACK_COLUMNS),
}


def read(path: Path) -> dict[str, dict[str, ak.Array]]:
    """Read the columns that the selection needs.

    Parameters
    ----------
    path
        A PHYSLITE file, TTree or RNTuple.

    Returns
    -------
    dict
        Store -> name -> column; floating-point numbers are 64 bits wide.
    """
    file = uproot.open(path)
    is_rntuple = "EventData" in file
    tree: Any = file["EventData" if is_rntuple else "CollectionTree"]

    def column(store: str, name: str) -> ak.Array:
        array = tree[f"{store}AuxDyn{':' if is_rntuple else '.'}{name}"].array()
        return array if "Link" in name or store == "EventInfo" else _widen(array)

    stores = {store: {n: column(store, n) for n in names} for store, names in COLUMNS.items()}
    for name in MUON_LINKS:
        stores["AnalysisMuons"][name] = (
            column("AnalysisMuons", name)
            if is_rntuple
            else ak.zip({field: column("AnalysisMuons", f"{name}.{field}") for field in ("m_persKey", "m_persIndex")})
        )
    return stores


def _widen(array: ak.Array) -> ak.Array:
    return ak.values_astype(array, np.float64)


def select(stores: dict[str, dict[str, ak.Array]]) -> ak.Array:
    """Select events.

    Parameters
    ----------
    stores
        What `read` returns.

    Returns
    -------
    ak.Array
        One record per selected event: run, event, channel, m4l, m12, m34.
    """
    vertices = stores["PrimaryVertices"]
    primary_z = vertices["z"][vertices["vertexType"] == 1]
    first_z = ak.fill_none(ak.firsts(primary_z), np.nan)
    leptons = ak.concatenate([electrons(stores, first_z), muons(stores, first_z)], axis=1)
    leptons = ak.with_name(leptons, "Momentum4D")

    pairs = ak.argcombinations(leptons, 2)
    first, second = leptons[pairs["0"]], leptons[pairs["1"]]
    pairs = pairs[sfos(first, second)]
    left, right = ak.unzip(ak.cartesian([pairs, pairs]))
    disjoint = (
        (left["0"] != right["0"]) & (left["0"] != right["1"]) & (left["1"] != right["0"]) & (left["1"] != right["1"])
    )
    left, right = left[disjoint], right[disjoint]
    parts = [leptons[left["0"]], leptons[left["1"]], leptons[right["0"]], leptons[right["1"]]]
    m12, m34 = (parts[0] + parts[1]).mass, (parts[2] + parts[3]).mass
    good = abs(m12 - Z_MASS) <= abs(m34 - Z_MASS)
    good = good & (m12 > 50 * GEV) & (m12 < 106 * GEV) & (m34 > 12 * GEV) & (m34 < 115 * GEV)
    good = good & _momenta(parts) & _combined_muons(parts)
    for a in range(4):
        for b in range(a + 1, 4):
            i, j = parts[a], parts[b]
            same = i.is_muon == j.is_muon
            good = good & (i.deltaR(j) > ak.where(same, 0.1, 0.2))
            good = good & (~sfos(i, j) | ((i + j).mass > 5 * GEV))

    quadruplets = ak.zip(
        {
            "m4l": (parts[0] + parts[1] + parts[2] + parts[3]).mass,
            "m12": m12,
            "m34": m34,
            "z1_is_muon": parts[0].is_muon,
            "z2_is_muon": parts[2].is_muon,
        }
    )[good]
    for mass in ("m12", "m34"):
        distance = abs(quadruplets[mass] - Z_MASS)
        quadruplets = quadruplets[distance == ak.min(distance, axis=1)]
    best = ak.firsts(quadruplets)
    passed = ~ak.is_none(best) & (ak.num(primary_z) > 0)
    best = ak.drop_none(best[passed])
    channel = 2 * ak.to_numpy(best.z1_is_muon) + ak.to_numpy(best.z2_is_muon)
    info = stores["EventInfo"]
    return ak.zip(
        {
            "run": info["runNumber"][passed],
            "event": info["eventNumber"][passed],
            "channel": np.array(CHANNELS)[channel],
            "m4l": best.m4l,
            "m12": best.m12,
            "m34": best.m34,
        },
        depth_limit=1,
    )


def electrons(stores: dict[str, dict[str, ak.Array]], primary_z: ak.Array) -> ak.Array:
    """Select electrons.

    Parameters
    ----------
    stores
        What `read` returns.
    primary_z
        Position of the primary vertex, or NaN, per event.

    Returns
    -------
    ak.Array
        Leptons, a list per event.
    """
    column = stores["AnalysisElectrons"]
    link = ak.firsts(column["trackParticleLinks"], axis=2)
    track = linked_tracks(stores, "GSFTrackParticles", link)
    _, significance, z0 = impact_parameters(stores, track, primary_z)
    pt = column["pt"]
    cone = column["ptcone20_Nonprompt_All_MaxWeightTTVALooseCone_pt1000"]
    good = (
        (column["DFCommonElectronsLHLoose"] != 0)
        & (pt > 7 * GEV)
        & (abs(column["eta"]) < 2.47)
        & (cone / pt < 0.15)
        & (column["topoetcone20"] / pt < 0.20)
        & (z0 < 0.5)
        & (significance < 5)
    )
    return _leptons(column, column["m"], ak.zeros_like(pt), is_muon=False)[good]


def muons(stores: dict[str, dict[str, ak.Array]], primary_z: ak.Array) -> ak.Array:
    """Select muons; parameters and result as for `electrons`."""
    column = stores["AnalysisMuons"]
    kind = column["muonType"]
    inner, combined, outer = (linked_tracks(stores, store, column[name]) for name, store in MUON_LINKS.items())
    is_tagged = (kind == SEGMENT_TAGGED) | (kind == CALO_TAGGED)
    d0, significance, z0 = (
        ak.where(is_tagged, of_inner, ak.where(kind == STANDALONE, of_outer, of_combined))
        for of_inner, of_outer, of_combined in zip(
            impact_parameters(stores, inner, primary_z),
            impact_parameters(stores, outer, primary_z),
            impact_parameters(stores, combined, primary_z),
            strict=True,
        )
    )
    pt, abs_eta = column["pt"], abs(column["eta"])
    in_region = (
        (is_tagged & (abs_eta < 0.1))
        | ((kind == COMBINED) & (abs_eta > 0.1) & (abs_eta < 2.5))
        | ((kind == STANDALONE) & (abs_eta > 2.4) & (abs_eta < 2.7))
    )
    good = (
        in_region
        & (pt > ak.where(kind == CALO_TAGGED, 15 * GEV, 5 * GEV))
        & (column["ptcone30"] / pt < 0.15)
        & (column["topoetcone20"] / pt < 0.30)
        & (z0 < 0.5)
        & (significance < 3)
        & (d0 < 1)
    )
    mass = ak.full_like(pt, MUON_MASS)
    return _leptons(column, mass, kind == COMBINED, is_muon=True)[good]


def _leptons(column: dict[str, ak.Array], mass: ak.Array, is_combined: ak.Array, *, is_muon: bool) -> ak.Array:
    return ak.zip(
        {
            **{name: column[name] for name in KINEMATICS},
            "mass": mass,
            "is_muon": ak.full_like(mass, is_muon, dtype=bool),
            "is_combined": ak.values_astype(is_combined, bool),
        }
    )


def linked_tracks(stores: dict[str, dict[str, ak.Array]], store: str, link: ak.Array) -> dict[str, ak.Array]:
    """Follow one link per object.

    Parameters
    ----------
    stores
        What `read` returns.
    store
        The tracks to look up; a link with another key leads nowhere.
    link
        Records of m_persKey and m_persIndex, or None.

    Returns
    -------
    dict
        The columns of the tracks; None where a link leads nowhere.
    """
    columns = stores[store]
    index = ak.values_astype(link["m_persIndex"], np.int64)
    leads_there = (link["m_persKey"] == CONTAINER_KEYS[store]) & (index < ak.num(columns["d0"]))
    index = ak.mask(index, ak.fill_none(leads_there, False, axis=1))
    first_variance = ak.firsts(columns["definingParametersCovMatrixDiag"], axis=2)
    return {
        **{name: columns[name][index] for name in ("d0", "z0", "vz", "phi", "theta")},
        "variance": first_variance[index],
    }


def impact_parameters(
    stores: dict[str, dict[str, ak.Array]], track: dict[str, ak.Array], primary_z: ak.Array
) -> tuple[ak.Array, ak.Array, ak.Array]:
    """Compute abs(d0), its significance and abs(z0 sin theta); NaN where there is no value."""
    info = stores["EventInfo"]
    sigma_x = _widen(info["beamPosSigmaX"])
    sigma_y = _widen(info["beamPosSigmaY"])
    sigma_xy = _widen(info["beamPosSigmaXY"])
    sine, cosine = np.sin(track["phi"]), np.cos(track["phi"])
    beam_variance = sine * (sine * sigma_x**2 - cosine * sigma_xy) + cosine * (cosine * sigma_y**2 - sine * sigma_xy)
    d0 = abs(track["d0"])
    significance = d0 / np.sqrt(track["variance"] + beam_variance)
    z0 = abs((track["z0"] + track["vz"] - primary_z) * np.sin(track["theta"]))
    d0, significance, z0 = (ak.fill_none(value, np.nan, axis=1) for value in (d0, significance, z0))
    return d0, significance, z0


def sfos(a: ak.Array, b: ak.Array) -> ak.Array:
    """Tell whether leptons have the same flavour and opposite charges."""
    return (a.is_muon == b.is_muon) & (a.charge + b.charge == 0)


def _momenta(parts: list[ak.Array]) -> ak.Array:
    momenta = ak.sort(ak.concatenate([part.pt[..., np.newaxis] for part in parts], axis=2), axis=2)
    return (momenta[..., -1] > 20 * GEV) & (momenta[..., -2] > 15 * GEV) & (momenta[..., -3] > 10 * GEV)


def _combined_muons(parts: list[ak.Array]) -> ak.Array:
    is_4mu = parts[0].is_muon & parts[2].is_muon
    combined = sum(ak.values_astype(part.is_combined, np.int64) for part in parts)
    return ~is_4mu | (combined >= 3)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, help="CSV file for the selected events (MeV)")
    arguments = parser.parse_args()
    rows = []
    for path in arguments.files:
        start = time.perf_counter()
        stores = read(path)
        have_read = time.perf_counter()
        selected = select(stores)
        done = time.perf_counter()
        events = len(stores["EventInfo"]["eventNumber"])
        print(
            f"{path}: {len(selected)} of {events} events selected; "
            f"read {have_read - start:.3f} s, compute {done - have_read:.3f} s"
        )
        rows += [{"file": path.name, **row} for row in selected.to_list()]
    if arguments.out:
        with arguments.out.open("w", newline="") as file:
            writer = csv.DictWriter(file, ["file", "run", "event", "channel", "m4l", "m12", "m34"])
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
