"""Layouts of other people's files: what a format of one's own says of them, against plain loops."""

from __future__ import annotations

import cmath
import itertools
import math
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
import uproot
from data_files import data_file
from results import differences, plain
from run_command import hepsel

from hepsel.backends.func_adl import generate_python
from hepsel.backends.func_adl import load as load_script
from hepsel.check import check_text, load_program
from hepsel.errors import DataError
from hepsel.formats.loader import read_format
from hepsel.formats.schema import Format
from hepsel.plan import lower, optimise
from hepsel.run.execute import Settings, run_program
from hepsel.semantics.format_types import derived_types

HEAD = 'name = "own"\ndescription = "One\'s own"\ntrees = ["Events"]\n'
START = 'hepsel 1\nanalysis "own"\n  source paper "nowhere"\n'
BOTH = pytest.mark.parametrize("interpreter", [True, False], ids=["interpreter", "awkward"])


def own(text: str) -> Format:
    return read_format(HEAD + text, "own.toml")


def columns(program: str, data_format: Format, file: Path, *, interpreter: bool, chunk: int = 50_000) -> Any:
    """Return the saved columns of region `r`."""
    loaded = load_program(START + program, data_format)
    return plain(run_program(loaded, [file], Settings(interpreter=interpreter, chunk=chunk))["columns"]["r"])


def same(expected: Any, found: Any) -> bool:
    return not list(differences(expected, found, relative=1e-12))


# ------------------------------------------------------------------ px, py, pz

PARTICLES = own("""
[collections.Particle.attributes]
px = { branch = "p_px", unit = "GeV" }
py = { branch = "p_py", unit = "GeV" }
pz = { branch = "p_pz", unit = "GeV" }
energy = { branch = "p_e", unit = "GeV" }
charge = { branch = "p_q", type = "int" }
[collections.Massive.attributes]
px = { branch = "p_px", unit = "GeV" }
py = { branch = "p_py", unit = "GeV" }
pz = { branch = "p_pz", unit = "GeV" }
energy = { branch = "p_e", unit = "GeV" }
mass = { branch = "p_m", unit = "GeV" }
pt = { branch = "p_pt", unit = "GeV" }
""")

BEAMS = [[0.0, 0.0, 120.0, 120.0], [0.0, 0.0, -120.0, 120.0]]
"""They have no pT and no finite eta, and are in sums all the same."""


def particles(folder: Path) -> tuple[Path, list[list[list[float]]]]:
    """Write beams and others, and return px, py, pz, E in GeV of each event."""
    random = np.random.default_rng(3)
    events = []
    for number in (0, 3, 1, 5):
        momenta = random.normal(0, 20, (number, 3)).astype(np.float32).astype(float)
        others = [[*p, float(np.float32(math.hypot(*p, 2.0)))] for p in momenta.tolist()]
        events.append([*BEAMS, *others])
    counts = [len(event) for event in events]
    flat = np.array([particle for event in events for particle in event])
    masses, charges = np.full(len(flat), 0.5), np.arange(len(flat)) % 3 - 1
    stored = {f"p_{name}": flat[:, place] for place, name in enumerate(("px", "py", "pz", "e"))}
    stored |= {"p_m": masses, "p_pt": np.full(len(flat), 7.0), "p_q": charges}
    arrays = {name: ak.unflatten(values, counts) for name, values in stored.items()}
    file = folder / "particles.root"
    with uproot.recreate(file) as root:
        root.mktree("Events", {name: array.type.content for name, array in arrays.items()}).extend(arrays)
    return file, events


@BOTH
def test_four_vectors_are_made_of_the_components_of_the_momentum(tmp_path: Path, *, interpreter: bool) -> None:
    program = """
    composite pairs
      take Particle a, Particle b
    region r
      save pt = Particle.pt, eta = Particle.eta, phi = Particle.phi, mass = Particle.mass, rapidity = Particle.rapidity
      save total = sum(Particle).energy, along = sum(Particle).pz, all_mass = sum(Particle).mass, pairs = pairs.mass
      save dr = dr(Particle[2], Particle[3]), charge = sum(Particle).charge
    """
    file, events = particles(tmp_path)
    found = columns(program, PARTICLES, file, interpreter=interpreter)

    def mass(*vectors: list[float]) -> float:
        px, py, pz, energy = (math.fsum(component) for component in zip(*vectors, strict=True))
        return 1000 * math.sqrt(max(energy**2 - px**2 - py**2 - pz**2, 0))

    def eta(px: float, py: float, pz: float, _: float) -> float:
        return math.copysign(math.inf, pz) if px == py == 0 else math.asinh(pz / math.hypot(px, py))

    def rapidity(_px: float, _py: float, pz: float, energy: float) -> float:
        return math.copysign(math.inf, pz) if abs(pz) == energy else math.atanh(pz / energy)

    def distance(a: list[float], b: list[float]) -> float:
        turn = cmath.phase(complex(*a[:2]) / complex(*b[:2]))
        return math.hypot(eta(*a) - eta(*b), turn)

    expected = {
        "pt": [[1000 * math.hypot(*p[:2]) for p in event] for event in events],
        "eta": [[eta(*p) for p in event] for event in events],
        "phi": [[math.atan2(p[1], p[0]) for p in event] for event in events],
        "rapidity": [[rapidity(*p) for p in event] for event in events],
        "total": [1000 * math.fsum(p[3] for p in event) for event in events],
        "along": [1000 * math.fsum(p[2] for p in event) for event in events],
        "dr": [distance(event[2], event[3]) if len(event) > 3 else None for event in events],
    }
    for name, values in expected.items():
        assert not list(differences(values, found[name], relative=1e-9)), name
    for name, values in {
        "mass": [[mass(p) for p in event] for event in events],
        "pairs": [[mass(a, b) for a, b in itertools.combinations(event, 2)] for event in events],
        "all_mass": [mass(*event) for event in events],
    }.items():
        assert np.allclose(ak.flatten(found[name], axis=None), ak.flatten(values, axis=None), rtol=1e-9, atol=0.1)
    assert found["charge"] == [sum(charges) for charges in ak.unflatten(np.arange(17) % 3 - 1, [2, 5, 3, 7])]


@BOTH
def test_the_mass_prevails_and_what_is_stored_is_kept(tmp_path: Path, *, interpreter: bool) -> None:
    program = """
    region r
      save pt = Massive[2].pt, energy = Massive[2].energy
      save total = sum(Massive[2:3]).energy, sum_pt = sum(Massive[2:3]).pt
    """
    file, events = particles(tmp_path)
    found = columns(program, PARTICLES, file, interpreter=interpreter)
    third = [event[2] if len(event) > 2 else None for event in events]
    assert same([p and 7000.0 for p in third], found["pt"])
    assert same([p and 1000 * p[3] for p in third], found["energy"])
    assert same([p and 1000 * math.hypot(*p[:3], 0.5) for p in third], [e or None for e in found["total"]])
    assert same([p and 1000 * math.hypot(*p[:2]) for p in third], [pt or None for pt in found["sum_pt"]])


def test_components_that_do_not_make_a_vector_are_refused() -> None:
    text = """
    [collections.Particle.attributes]
    px = { branch = "p_px", unit = "GeV" }
    pz = { branch = "p_pz", unit = "GeV" }
    energy = { branch = "p_e", unit = "GeV" }
    mass = { branch = "p_m", unit = "GeV" }
    """
    errors = check_text(START + "region r\n  save e = sum(Particle).energy\n", own(text)).errors
    assert [error.code for error in errors] == ["E307"]


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ('eta = { branch = "a" }\nphi = { branch = "b" }\nmass = { value = "0 GeV" }\npt = { value = "px" }', "pt"),
        (
            'px = { branch = "a", unit = "GeV" }\npy = { branch = "b", unit = "GeV" }\nmass = { value = "0 GeV" }\n'
            'pz = { value = "pt" }',
            "pz",
        ),
        (
            'pt = { branch = "a", unit = "GeV" }\neta = { branch = "b" }\nphi = { branch = "c" }\n'
            'mass = { value = "(this + Jet[0]).mass" }',
            "mass",
        ),
    ],
)
def test_a_component_that_its_own_vector_is_needed_for_is_computed_from_itself(lines: str, name: str) -> None:
    _, problems = derived_types(own(f"[collections.Jet.attributes]\n{lines}\n"))
    assert [problem.message for problem in problems] == [f"`Jet.{name}` is computed from itself"]


def test_what_is_known_in_the_transverse_plane_alone_is_warned_of() -> None:
    text = """
    [collections.MET]
    single = true
    [collections.MET.attributes]
    px = { branch = "met_px", unit = "GeV" }
    py = { branch = "met_py", unit = "GeV" }
    pz = { value = "0 GeV" }
    mass = { value = "0 GeV" }
    """
    found = check_text(START + "region r\n  save eta = MET.eta, pt = MET.pt\n", own(text))
    assert [item.code for item in found.diagnostics] == ["W606"]


LEPTONS = own("""
[collections.Lepton.attributes]
raw = { branch = "pt", unit = "GeV" }
pt = { value = "raw" }
eta = { branch = "eta" }
phi = { branch = "phi" }
pdg_id = { branch = "id", type = "int" }
charge = { value = "if pdg_id > 0 then -1 else 1" }
[collections.Electron]
base = "Lepton"
where = "abs(pdg_id) == 11"
attributes.mass = { value = "0.511 MeV" }
[collections.Muon]
base = "Lepton"
where = "abs(pdg_id) == 13"
attributes.mass = { value = "105.66 MeV" }
[collections.Scaled]
base = "Muon"
where = "raw > 0 GeV"
attributes.pt = { value = "2 * raw" }
""")


@BOTH
def test_a_part_has_the_four_vector_of_its_own_attributes(tmp_path: Path, *, interpreter: bool) -> None:
    """Leptons without a mass, of which each flavour has another one; and a part of a part with another pT."""
    program = """
    composite ee
      take Electron a, Electron b
    composite scaled
      take Scaled a, Scaled b
    region r
      save ee = ee[0].mass, scaled = scaled[0].mass, all_mu = sum(Muon).energy, px = Scaled.px, own = Scaled.mass
      save charge = sum(Muon).charge
    """
    leptons = [(30.0, 0.5, 0.1, 11), (20.0, -0.5, 2.5, -13), (25.0, 0.0, -2.0, -11), (10.0, 1.5, -1.0, 13)]
    named = zip(("pt", "eta", "phi", "id"), zip(*leptons, strict=True), strict=True)
    arrays = {name: ak.Array([list(values)]) for name, values in named}
    file = tmp_path / "leptons.root"
    with uproot.recreate(file) as root:
        root.mktree("Events", {name: array.type.content for name, array in arrays.items()}).extend(arrays)
    found = columns(program, LEPTONS, file, interpreter=interpreter)

    def vector(pt: float, eta: float, phi: float, mass: float) -> list[float]:
        pt *= 1000
        momentum = [pt * math.cos(phi), pt * math.sin(phi), pt * math.sinh(eta)]
        return [*momentum, math.hypot(*momentum, mass)]

    def mass(*vectors: list[float]) -> float:
        px, py, pz, energy = map(sum, zip(*vectors, strict=True))
        return math.sqrt(energy**2 - px**2 - py**2 - pz**2)

    first, second, third, fourth = (lepton[:3] for lepton in leptons)
    twice = [vector(2 * pt, eta, phi, 105.66) for pt, eta, phi in (second, fourth)]
    expected = {
        "ee": [mass(vector(*first, 0.511), vector(*third, 0.511))],
        "scaled": [mass(*twice)],
        "all_mu": [vector(*second, 105.66)[3] + vector(*fourth, 105.66)[3]],
        "px": [[momentum[0] for momentum in twice]],
        "own": [[105.66, 105.66]],
        "charge": [0.0],
    }
    assert not list(differences(expected, found, relative=1e-9))


# ------------------------------------------------------------------ numbers of items

FIXED = own("""
[collections.Jet]
count = ["njets", "njet"]
[collections.Jet.attributes]
pt = { branch = "jet_pt", unit = "GeV" }
cells = { branch = "jet_cells", list = true }
is_good = { branch = "jet_good", type = "bool", default = true }
mass = { branch = "jet_mass", unit = "GeV", default = 4.5 }
length = { branch = "jet_length", unit = "um", default = 9 }
tracks = { branch = "jet_tracks", type = "int", default = -3 }
""")
NUMBERS = [2, 0, 4, 1]
STORED = np.arange(16, dtype=np.float32).reshape(4, 4)
CELLS = np.arange(32, dtype=np.float32).reshape(4, 4, 2)


def fixed(folder: Path, numbers: list[int]) -> Path:
    """Write arrays of a fixed size, of which the first items are there."""
    file = folder / "fixed.root"
    with uproot.recreate(file) as root:
        branches = {"njet": "int32", "jet_pt": (np.float32, (4,)), "jet_cells": (np.float32, (4, 2))}
        tree = root.mktree("Events", branches)
        tree.extend({"njet": np.array(numbers, np.int32), "jet_pt": STORED, "jet_cells": CELLS})
    return file


@BOTH
@pytest.mark.parametrize("chunk", [1, 3, 100])
def test_items_behind_their_number_are_none(tmp_path: Path, chunk: int, *, interpreter: bool) -> None:
    program = """
    region r
      save n = count(Jet), pt = Jet.pt, cells = sum(c for j in Jet for c in j.cells), good = Jet.is_good
      save mass = Jet.mass, length = Jet.length, tracks = Jet.tracks
    """
    found = columns(program, FIXED, fixed(tmp_path, NUMBERS), interpreter=interpreter, chunk=chunk)
    assert found == {
        "n": NUMBERS,
        "pt": [(1000.0 * STORED[event, :number]).tolist() for event, number in enumerate(NUMBERS)],
        "cells": [float(CELLS[event, :number].sum()) for event, number in enumerate(NUMBERS)],
        "good": [[True] * number for number in NUMBERS],
        "mass": [[4500.0] * number for number in NUMBERS],
        "length": [[0.009] * number for number in NUMBERS],
        "tracks": [[-3] * number for number in NUMBERS],
    }


@BOTH
@pytest.mark.parametrize("wrong", [5, -1])
def test_a_number_of_items_that_are_not_stored_is_refused(tmp_path: Path, wrong: int, *, interpreter: bool) -> None:
    file = fixed(tmp_path, [2, wrong, 0, 0])
    with pytest.raises(DataError, match=rf"Jet\.count: {wrong} items in an event, of which 4 are stored"):
        columns("region r\n  save n = count(Jet)\n", FIXED, file, interpreter=interpreter)


def test_a_file_without_the_number_of_items_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "no.root"
    with uproot.recreate(file) as root:
        root.mktree("Events", {"jet_pt": (np.float32, (4,))}).extend({"jet_pt": STORED})
    with pytest.raises(DataError, match=r"no branch for Jet\.count; tried njets, njet$"):
        columns("region r\n  save n = count(Jet)\n", FIXED, file, interpreter=False)


# ------------------------------------------------------------------ items with branches of their own

NUMBERED = """
[collections.Slot]
items = ["lep1", "lep2", "lep3"]
[collections.Slot.attributes]
pt = { branch = ["{item}_PT", "{item}_pt"], unit = "GeV" }
charge = { branch = "{item}_q", type = "int", default = 0 }
cells = { branch = "{item}_cells", list = true, default = [] }
is_good = { branch = "{item}_good", type = "bool" }
[collections.Lepton]
base = "Slot"
where = "pt > 0 GeV"
"""
PT = np.array([[30.5, 20.25, -999.0], [-999.0, -999.0, -999.0], [12.0, 11.0, 10.0]], np.float32)
GOOD = [[True, False, True], [False, False, False], [False, True, True]]


def numbered(folder: Path, name: str = "numbered.root") -> Path:
    """Write three leptons, each in branches of its own; the last has no charge, the first alone has cells."""
    arrays: dict[str, Any] = {"n_lep": np.array([2, 0, 3], np.int32), "lep1_q": [1, 1, -1], "lep2_q": [-1, 1, -1]}
    for place in range(3):
        arrays[f"lep{place + 1}_pt"] = PT[:, place]
        arrays[f"lep{place + 1}_good"] = [event[place] for event in GOOD]
    arrays["lep1_cells"] = [[1.0, 2.0], [], [4.0]]
    file = folder / name
    if name.endswith(".parquet"):
        pyarrow.parquet.write_table(pa.table(arrays), file)
        return file
    with uproot.recreate(file) as root:
        made = {name: ak.Array(values) for name, values in arrays.items()}
        root.mktree("Events", {name: array.type.content for name, array in made.items()}).extend(made)
    return file


@BOTH
@pytest.mark.parametrize("name", ["numbered.root", "numbered.parquet"])
@pytest.mark.parametrize("chunk", [2, 100])
def test_items_that_have_branches_of_their_own(tmp_path: Path, name: str, chunk: int, *, interpreter: bool) -> None:
    program = """
    region r
      save n = count(Lepton), slots = count(Slot), pt = Lepton.pt, charge = Slot.charge, good = Slot.is_good
      save cells = sum(c for s in Slot for c in s.cells), none = count(Slot[2].cells)
    """
    found = columns(program, own(NUMBERED), numbered(tmp_path, name), interpreter=interpreter, chunk=chunk)
    assert found == {
        "n": [2, 0, 3],
        "slots": [3, 3, 3],
        "pt": [[1000.0 * float(pt) for pt in event if pt > 0] for event in PT],
        "charge": [[1, -1, 0], [1, 1, 0], [-1, -1, 0]],
        "good": GOOD,
        "cells": [3.0, 0.0, 4.0],
        "none": [0, 0, 0],
    }


@BOTH
def test_of_items_with_branches_of_their_own_the_first_may_be_there(tmp_path: Path, *, interpreter: bool) -> None:
    counted = own(NUMBERED.replace('"lep3"]', '"lep3"]\ncount = "n_lep"', 1))
    found = columns("region r\n  save good = Slot.is_good\n", counted, numbered(tmp_path), interpreter=interpreter)
    assert found["good"] == [[True, False], [], [False, True, True]]


def test_an_item_without_its_branch_is_told(tmp_path: Path) -> None:
    four = own(NUMBERED.replace('"lep3"]', '"lep4"]', 1))
    with pytest.raises(DataError, match=r"no branch for Slot\.pt of lep4; tried lep4_PT, lep4_pt \("):
        columns("region r\n  save n = Slot.pt\n", four, numbered(tmp_path), interpreter=False)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (NUMBERED, "Slot.pt is stored in a branch for each item"),
        (
            '[collections.Slot]\ncount = "n"\nattributes.pt = { branch = "pt", unit = "GeV" }\n',
            "Slot.pt is stored beside the number of items, n",
        ),
    ],
)
def test_queries_refuse_them_by_name(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "f.toml").write_text(HEAD + text)
    (tmp_path / "p.hepsel").write_text(START + "region r\n  select any(Slot.pt > 20 GeV)\n")
    command = ("compile", str(tmp_path / "p.hepsel"), "--format", str(tmp_path / "f.toml"), "--backend", "func_adl")
    code, _, err = hepsel(*command)
    assert code != 0
    assert f"{told}, which no query reads: `--transport python` does" in " ".join(err.split())
    code, out, err = hepsel(*command, "--transport", "python")
    assert (code, err) == (0, "")
    assert "Slot.pt" in out


def test_python_in_place_of_queries_reads_them(tmp_path: Path) -> None:
    data_format = own(NUMBERED.replace('"lep3"]', '"lep3"]\ncount = "n_lep"', 1))
    program = load_program(START + "region r\n  save pt = Slot.pt, good = Slot.is_good\n", data_format)
    module = load_script(generate_python(optimise(lower(program)), chunk=2))
    ak.to_parquet(module.run_query(str(numbered(tmp_path))), tmp_path / "result.parquet")
    found = plain(module.select_from([tmp_path / "result.parquet"]))["columns"]["r"]
    numbers = (2, 0, 3)
    assert found["pt"] == [[1000.0 * float(pt) for pt in PT[event, :n]] for event, n in enumerate(numbers)]
    assert found["good"] == [GOOD[event][:n] for event, n in enumerate(numbers)]


def test_inspect_shows_the_items_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text(HEAD + NUMBERED.replace('"lep3"]', '"lep3"]\ncount = "n_lep"', 1))
    code, out, err = hepsel("inspect", str(numbered(tmp_path)), "--format", str(tmp_path / "f.toml"))
    assert code == 0, err
    assert "pt       GeV  lep1_pt, lep2_pt, lep3_pt        [30.5, 20.25]; []; [12, 11, 10]" in out
    assert "charge        absent, default" in out
    (tmp_path / "f.toml").write_text(HEAD + NUMBERED.replace('"lep3"]', '"lep4"]', 1))
    code, out, err = hepsel("inspect", str(numbered(tmp_path)), "--format", str(tmp_path / "f.toml"))
    assert "missing: lep4_PT or lep4_pt" in out
    (tmp_path / "f.toml").write_text(HEAD + NUMBERED.replace('"lep3"]', '"lep3"]\ncount = "nlep"', 1))
    code, out, err = hepsel("inspect", str(numbered(tmp_path)), "--format", str(tmp_path / "f.toml"))
    assert "missing: nlep" in out


# ------------------------------------------------------------------ records in records

NESTED = own("""
[collections.Jet.attributes]
pt = { branch = "jets.p4.pt", unit = "GeV" }
x = { branch = "jets.vertex.at.x", unit = "mm" }
[collections.MET]
single = true
attributes.pt = { branch = "met.p4.pt", unit = "GeV" }
""")


@BOTH
@pytest.mark.parametrize("kind", ["parquet", "rntuple"])
def test_records_in_records(tmp_path: Path, kind: str, *, interpreter: bool) -> None:
    jets = [
        [{"p4": {"pt": 10.0 * i + j}, "vertex": {"at": {"x": 0.5 * j}}, "tag": j} for j in range(i)] for i in range(4)
    ]
    met = [{"p4": {"pt": 5.0 * i}} for i in range(4)]
    file = tmp_path / "nested.root"
    if kind == "parquet":
        pyarrow.parquet.write_table(pa.table({"jets": jets, "met": met}), file)
    else:
        with uproot.recreate(file) as root:
            array = ak.Array({"jets": jets, "met": met})
            root.mkrntuple("Events", array)
    found = columns("region r\n  save pt = Jet.pt, x = Jet.x, met = MET.pt\n", NESTED, file, interpreter=interpreter)
    assert found == {
        "pt": [[1000.0 * (10 * i + j) for j in range(i)] for i in range(4)],
        "x": [[0.5 * j for j in range(i)] for i in range(4)],
        "met": [5000.0 * i for i in range(4)],
    }
    code, out, err = hepsel("inspect", str(file))
    assert code == 0, err
    assert "jets.vertex.at.x  double" in out


# ------------------------------------------------------------------ bits


@BOTH
def test_bits_of_numbers_that_are_too_large_themselves(tmp_path: Path, *, interpreter: bool) -> None:
    """Triggers fill all 64 bits of a number without a sign."""
    words = [2**64 - 1, 2**63 + 5, 6]
    with uproot.recreate(tmp_path / "bits.root") as root:
        root.mktree("Events", {"word": "uint64"}).extend({"word": np.array(words, np.uint64)})
    data_format = own(
        """
        [collections.trigger]
        single = true
        [collections.trigger.attributes]
        prescale = { branch = "word", type = "int", mask = 255 }
        passed = { branch = "word", type = "bool", mask = 2 }
        """
    )
    program = "region r\n  save n = trigger.prescale + 1, passed = trigger.passed\n"
    found = columns(program, data_format, tmp_path / "bits.root", interpreter=interpreter)
    assert found == {"n": [word % 256 + 1 for word in words], "passed": [True, False, True]}


# ------------------------------------------------------------------ branches of one name


VERSIONS = """name = "versions"
description = "What wrote a file"
trees = ["podio_metadata"]
[collections.podio]
single = true
attributes.minor = { branch = "PodioBuildVersion/minor", type = "int" }
[collections.model]
single = true
attributes.minor = { branch = "edm4hep___Version/minor", type = "int" }
"""


@BOTH
def test_branches_of_one_name_are_told_apart_by_their_paths(tmp_path: Path, *, interpreter: bool) -> None:
    """ROOT puts the members of an object into branches of their names, whatever other objects there are."""
    file = data_file("edm4hep/edm4hep.root")
    program = "region r\n  save podio = podio.minor, model = model.minor\n"
    data_format = read_format(VERSIONS, "versions.toml")
    with uproot.open(file) as root:
        tree = root["podio_metadata"]
        expected = {
            name: tree[f"{branch}/minor"].array().to_list()
            for name, branch in {"podio": "PodioBuildVersion", "model": "edm4hep___Version"}.items()
        }
    assert expected["podio"] != expected["model"]
    assert columns(program, data_format, file, interpreter=interpreter) == expected
    either = read_format(VERSIONS.replace("PodioBuildVersion/", ""), "versions.toml")
    several = r"no branch for podio\.minor; tried minor; several are called so: PodioBuildVersion/minor, edm4hep___V"
    with pytest.raises(DataError, match=several):
        columns(program, either, file, interpreter=interpreter)
    (tmp_path / "f.toml").write_text(VERSIONS)
    code, out, err = hepsel("inspect", str(file), "--format", str(tmp_path / "f.toml"))
    assert code == 0, err
    assert f"PodioBuildVersion/minor  {expected['podio'][0]}" in out
