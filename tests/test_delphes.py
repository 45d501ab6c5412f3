"""Files of Delphes: a real one against plain loops over what uproot reads, and single items stored as lists of one."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import pytest
import uproot
from run_command import hepsel
from test_formats import fitted

from hepsel.formats.loader import load_format

FILE = "delphes/delphes.root"

PROGRAM = """\
hepsel 1
analysis "Jets and missing transverse momentum"
  source paper "arXiv:1307.6346"

object jets
  take Jet
  select pt > 30 GeV
  select |eta| < 4.5

object fresh_charm  # not radiated by charm
  take GenParticle
  select |pdg_id| == 4
  select |mother.pdg_id| != 4

object forward
  take GenParticle
  select |eta| > 8

region dijets
  weight generator = event.weight
  select count(jets) >= 2
  select MET.pt < 20 GeV
  select not any(j.is_b_tagged for j in jets)
  select ScalarHT.ht > 200 GeV
  histogram met = MET.pt  bins 10 from 0 GeV to 20 GeV
  save mjj = (jets[0] + jets[1]).mass
  save dphi = |dphi(jets[0], MET)|
  save n_constituents = jets[0].n_charged + jets[0].n_neutral
  save tau1 = jets[0].tau1
  save tau3 = jets[0].tau3
  save charm = count(fresh_charm)
  save forward = count(forward)
  save tracks = count(Track)
"""


NAMES = ("PT", "Eta", "Phi", "Mass", "BTag", "Tau[5]", "NCharged", "NNeutrals")


def vector(pt: float, eta: float, phi: float, mass: float) -> Any:
    """Return energy and momentum; negative masses are those of spacelike vectors, as in ROOT."""
    x, y, z = pt * math.cos(phi), pt * math.sin(phi), pt * math.sinh(eta)
    squares = x * x + y * y + z * z + math.copysign(mass * mass, mass)
    return np.array([math.sqrt(squares), x, y, z])


def by_hand(path: Path) -> tuple[list[int], list[dict[str, float]], list[float]]:
    """Return the events behind each criterion, what is saved of the last ones, and their weights."""
    with uproot.open(path) as file:
        tree = file["Delphes"]
        names = [
            *("Event.Number", "Event.Weight", "MissingET.MET", "MissingET.Phi", "ScalarHT.HT", "Track.PT"),
            *(f"Jet.{name}" for name in NAMES),
            *(f"Particle.{name}" for name in ("PID", "M1", "PT", "Pz")),
        ]
        columns = [tree[name].array().to_list() for name in names]
        events = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
    counts = [len(events), 0, 0, 0, 0]
    saved, weights = [], []
    for event in events:
        jets = [
            jet
            for jet in zip(*(event[f"Jet.{name}"] for name in NAMES), strict=True)
            if jet[0] > 30 and abs(jet[1]) < 4.5
        ]
        (met,), (met_phi,) = event["MissingET.MET"], event["MissingET.Phi"]
        passed = [len(jets) >= 2, met < 20, not any(jet[4] & 1 for jet in jets), event["ScalarHT.HT"][0] > 200]
        for k in range(4):
            counts[k + 1] += all(passed[: k + 1])
        if not all(passed):
            continue
        energy, x, y, z = vector(*jets[0][:4]) + vector(*jets[1][:4])
        pids = event["Particle.PID"]
        saved.append(
            {
                "mjj": 1000 * math.sqrt(energy**2 - x**2 - y**2 - z**2),
                "dphi": abs(math.remainder(jets[0][2] - met_phi, 2 * math.pi)),
                "n_constituents": jets[0][6] + jets[0][7],
                "tau1": jets[0][5][0],
                "tau3": jets[0][5][2],
                "charm": sum(
                    abs(pid) == 4 and mother >= 0 and abs(pids[mother]) != 4
                    for pid, mother in zip(pids, event["Particle.M1"], strict=True)
                ),
                "forward": sum(
                    pt > 0 and 8 < abs(math.asinh(pz / pt)) < 18  # beyond, the cosine of the angle is 1
                    for pt, pz in zip(event["Particle.PT"], event["Particle.Pz"], strict=True)
                ),
                "tracks": len(event["Track.PT"]),
            }
        )
        weights.append(event["Event.Weight"][0])
    return counts, saved, weights


@pytest.mark.parametrize("options", [[], ["--interpreter"]])
def test_a_real_file_against_plain_loops(options: list[str], data_file: Callable[[str], Path], tmp_path: Path) -> None:
    path, out = data_file(FILE), tmp_path / "out"
    (tmp_path / "p.hepsel").write_text(PROGRAM)
    command = ("run", str(tmp_path / "p.hepsel"), str(path), "--format", "delphes", "--out", str(out))
    code, _, err = hepsel(*command, *options)
    assert code == 0, err
    counts, saved, weights = by_hand(path)
    (region,) = json.loads((out / "cutflow.json").read_text())["regions"]
    rows = region["rows"]
    assert [row["events"] for row in rows] == counts
    assert counts[0] == 25
    assert len(set(counts)) == 5
    assert rows[-1]["sumw"] == pytest.approx(sum(weights), rel=1e-12)
    columns = ak.from_parquet(out / "columns_dijets.parquet")
    for name in saved[0]:
        assert columns[name].to_list() == pytest.approx([row[name] for row in saved], rel=1e-6), name
    assert sum(row["charm"] for row in saved) > 0
    assert sum(row["forward"] for row in saved) > 0


def test_stored_attributes_are_in_a_real_file(data_file: Callable[[str], Path]) -> None:
    """All but large-radius jets, which the card of this file has not."""
    found = fitted("delphes", data_file(FILE))
    assert {item.collection for item in found.attributes if item.state != "found"} == {"FatJet"}
    fat_jet, jet = (
        {item.spec.name: item.spec.branches[0].partition(".")[2] for item in found.of(name)}
        for name in ("FatJet", "Jet")
    )
    unlike = {name for name, branch in fat_jet.items() if jet.get(name, branch) != branch}
    assert not unlike, "both are of Delphes's class Jet"


# ------------------------------------------------------------------ single items that are lists of one

FORMAT = """\
name = "lists"
description = "A single item, stored as a list"
trees = ["t"]
[collections.event]
single = true
list_of_one = true
attributes.number = { branch = "number", type = "int" }
[collections.MET]
single = true
list_of_one = true
attributes.pt = { branch = "met", unit = "GeV" }
"""
ONE = 'hepsel 1\nanalysis "one"\n  source paper "arXiv:1"\nregion r\n  select MET.pt > 20 GeV\n'


def write(folder: Path, met: Any, data_format: str = FORMAT) -> tuple[str, ...]:
    """Write a program, a format and a file, and return how they are run."""
    (folder / "p.hepsel").write_text(ONE)
    (folder / "f.toml").write_text(data_format)
    with uproot.recreate(folder / "d.root") as file:
        tree = file.mktree("t", {"number": "var * int64", "met": str(ak.type(met).content)})
        tree.extend({"number": ak.Array([[1], [2], [3]]), "met": met})
    return "run", str(folder / "p.hepsel"), str(folder / "d.root"), "--format", str(folder / "f.toml")


def test_the_one_element_is_the_value(tmp_path: Path) -> None:
    command = write(tmp_path, ak.Array([[10.0], [30.0], [40.0]]))
    code, _, err = hepsel(*command, "--out", str(tmp_path / "out"))
    assert code == 0, err
    assert (tmp_path / "out" / "events_r.csv").read_text().split() == ["event", "2", "3"]


@pytest.mark.parametrize(
    ("met", "told"),
    [
        (ak.Array([[10.0], [], [40.0]]), "MET.pt: 0 values in an event, and the format expects one"),
        (ak.Array([[10.0], [30.0, 31.0], [40.0]]), "MET.pt: 2 values in an event, and the format expects one"),
        (
            np.array([10.0, 30.0, 40.0]),
            "MET.pt: branch met holds real numbers, and the format expects lists of numbers",
        ),
    ],
)
@pytest.mark.parametrize("options", [[], ["--interpreter"]])
def test_anything_but_one_element_is_refused(met: Any, told: str, options: list[str], tmp_path: Path) -> None:
    code, _, err = hepsel(*write(tmp_path, met), *options)
    assert code == 3
    assert told in " ".join(err.split())


def test_queries_refuse_them_by_name(tmp_path: Path) -> None:
    _, program, _, *options = write(tmp_path, ak.Array([[10.0], [30.0], [40.0]]))
    code, out, err = hepsel("compile", program, *options, "--backend", "func_adl")
    assert code != 0
    assert not out
    assert "event.number is stored in a list of one element" in " ".join(err.split())


def test_only_single_items_can_be_stored_so(tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text(FORMAT.replace("[collections.MET]\nsingle = true", "[collections.MET]"))
    code, _, err = hepsel("formats", "check", str(tmp_path / "f.toml"))
    assert code == 1
    assert "f.toml:9: only a single item" in err


def test_the_format_is_described() -> None:
    single = {name for name, spec in load_format("delphes").collections.items() if spec.list_of_one}
    assert single == {"event", "MET", "GenMET", "ScalarHT"}
    code, out, _ = hepsel("formats", "show", "delphes", "--json")
    assert code == 0
    assert {c["name"] for c in json.loads(out)["collections"] if c["list_of_one"]} == single
    code, out, _ = hepsel("formats", "check", "delphes")
    assert (code, out.partition(" (")[0]) == (0, "delphes: no errors")
