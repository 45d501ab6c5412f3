"""`hepsel inspect` and `hepsel formats`, on real files and on small ones made here; and the tutorial built on them."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import awkward as ak
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import run_command
import uproot
from data_files import REPOSITORY, data_file

from hepsel.errors import DataError, ExitCode
from hepsel.formats.contents import Column, Contents, Kind, Tree, first_values, read_contents
from hepsel.formats.fit import best_fit, fit
from hepsel.formats.loader import builtin_formats, load_format, read_format
from hepsel.formats.source import FormatError
from hepsel.formats.template import template

DOCS = REPOSITORY / "docs"
RARE_TREES = REPOSITORY / "tests" / "files" / "rare_trees.root"


def hepsel(*arguments: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hepsel", *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": "140", "NO_COLOR": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A ROOT file with a TTree that no built-in format fits, and a second, smaller tree."""
    path = tmp_path / "small.root"
    with uproot.recreate(path) as file:
        tree = file.mktree(
            "ntuple",
            {
                "RunNumber": "int32",
                "mu_pt": "var * float32",
                "mu_q": "var * int32",
                "mu_tight": "var * bool",
                "mu_d0": "var * float32",
                "met_et": "float32",
                "met_phi": "float32",
                "if": "float64",
            },
        )
        tree.extend(
            {
                "RunNumber": np.array([7, 7], np.int32),
                "mu_pt": ak.values_astype(ak.Array([[30.5, 20.0], []]), np.float32),
                "mu_q": ak.values_astype(ak.Array([[1, -1], []]), np.int32),
                "mu_tight": ak.Array([[True, False], []]),
                "mu_d0": ak.values_astype(ak.Array([[0.5, 0.25], []]), np.float32),
                "met_et": np.array([40, 50], np.float32),
                "met_phi": np.array([0.5, 1.5], np.float32),
                "if": np.array([1.0, 2.0]),
            }
        )
        file.mktree("other", {"x": "int32"}).extend({"x": np.array([1], np.int32)})
    return path


# ------------------------------------------------------------------ real files


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "name", "events"),
    [
        ("physlite/zee_mc20_100ev.root", "physlite", 100),
        ("physlite/rntuple_100ev.root", "physlite", 100),
        ("nanoaod/nano_dy.root", "nanoaod", 40),
        ("nanoaod/nano_tt_v12.root", "nanoaod", 200),
        ("atlas_open_data_4l/data_D.4lep.root", "atlas_open_data", 400),
        ("adl_benchmark/Run2012B_SingleMu_1000.root", "cms_open_data_2012", 1000),
        ("adl_benchmark/Run2012B_SingleMu-restructured-1000.parquet", "cms_open_data_2012", 1000),
    ],
)
def test_the_format_that_fits_is_found(file: str, name: str, events: int, shared_data: Path) -> None:
    formats = [load_format(known) for known in builtin_formats()]
    trees = {tree for known in formats for tree in known.trees}
    found = best_fit(formats, read_contents(shared_data / file, trees))
    assert found is not None
    assert found.format.name == name
    assert found.fits
    assert found.tree.events == events


def test_a_skim_is_not_taken_for_a_smaller_format_that_has_the_same_names() -> None:
    """Of NanoAOD, with two thirds of the names that files of the CMS Open Data of 2012 have, and a few others."""
    kept = {
        "Electron": "pt eta phi mass charge pfRelIso03_all dxy dxyErr dz dzErr jetIdx genPartIdx cutBased sip3d",
        "Muon": "pt eta phi mass charge pfRelIso03_all pfRelIso04_all tightId softId dxy dxyErr dz dzErr jetIdx",
        "Tau": "pt eta phi mass charge decayMode jetIdx genPartIdx",
        "Photon": "pt eta phi mass pfRelIso03_all jetIdx genPartIdx cutBased",
        "Jet": "pt eta phi mass puId jetId btagDeepFlavB",
    }
    columns = {
        name: Column(name, "float", "real", 0) for name in ("run", "luminosityBlock", "event", "MET_pt", "MET_phi")
    }
    columns |= {
        name: Column(name, "float[]", "real", 1)
        for of, names in kept.items()
        for name in (f"{of}_{x}" for x in names.split())
    }
    skim = Contents(Path("skim.root"), (Tree("Events", "TTree", 1, columns),))
    formats = [load_format(known) for known in builtin_formats()]
    small = fit(load_format("cms_open_data_2012"), skim)
    assert small is not None
    assert small.fits
    found = best_fit(formats, skim)
    assert found is not None
    assert (found.format.name, found.fits) == ("nanoaod", False)


def test_nanoaod_as_rntuple_fits_as_it_does_as_tree() -> None:
    """The lists in its fields are of the type `RVec`."""
    nanoaod = load_format("nanoaod")
    tree, fields = (
        best_fit([nanoaod], read_contents(data_file(f"nanoaod/{name}.root"), nanoaod.trees))
        for name in ("nano_dy", "nano_dy_rntuple")
    )
    assert tree is not None
    assert fields is not None
    assert (tree.tree.kind, fields.tree.kind) == ("TTree", "RNTuple")
    assert fields.fits
    assert [one.state for one in fields.attributes] == [one.state for one in tree.attributes]


@pytest.mark.shared
def test_what_is_missing_is_told_by_collection(shared_data: Path) -> None:
    """The newer PHYSLITE file has no `topoetcone20` of muons, and no `ptcone30`."""
    told = hepsel("inspect", "--json", shared_data / "physlite/mc23_601229_50ev.root")
    assert told.returncode == ExitCode.OK, told.stderr
    report = json.loads(told.stdout)
    assert (report["tree"], report["events"], report["format"]) == ("CollectionTree", 50, "physlite")
    assert set(report["collections"]["Muon"]["missing"]) == {
        "ptcone30",
        "ptvarcone20",
        "topoetcone20",
        "topoetcone30",
    }
    assert report["collections"]["Muon"]["found"]["ptcone20"]["branch"].endswith("_MaxWeightTTVA_pt1000")


@pytest.mark.shared
def test_values_are_those_that_uproot_reads(shared_data: Path) -> None:
    path = shared_data / "atlas_open_data_4l/data_A.4lep.root"
    report = json.loads(hepsel("inspect", "--json", "--events", "2", path).stdout)
    with uproot.open(path) as file:
        expected = file["mini"]["lep_pt"].array(entry_stop=2).to_list()
    assert report["collections"]["Lepton"]["found"]["pt"] == {
        "branch": "lep_pt",
        "unit": "MeV",
        "values": expected,
    }


@pytest.mark.shared
def test_parquet_and_root_give_the_same_values_of_one_event(shared_data: Path) -> None:
    path = shared_data / "adl_benchmark/Run2012B_SingleMu-restructured-1000.parquet"
    (table,) = read_contents(path, ()).trees
    values = first_values(path, table, ["Jet.pt", "MET.pt", "run"], 2)
    with pq.ParquetFile(path) as file:
        rows = file.read_row_group(0, columns=["Jet", "MET", "run"]).slice(0, 2).to_pylist()
    assert values == {
        "Jet.pt": [[jet["pt"] for jet in row["Jet"]] for row in rows],
        "MET.pt": [row["MET"]["pt"] for row in rows],
        "run": [row["run"] for row in rows],
    }


@pytest.mark.shared
def test_a_format_for_other_trees_is_refused(shared_data: Path) -> None:
    path = shared_data / "atlas_open_data_4l/data_A.4lep.root"
    told = hepsel("inspect", "--format", "nanoaod", path)
    assert told.returncode == ExitCode.DATA
    assert "format nanoaod reads Events: it has mini" in told.stderr


# ------------------------------------------------------------------ a file of one's own


def test_branches_are_listed_when_no_format_fits(small: Path) -> None:
    told = hepsel("inspect", small)
    assert told.returncode == ExitCode.OK, told.stderr
    assert "tree ntuple, 2 events" in told.stdout
    assert "other trees: other (1)" in told.stdout
    assert "no format fits" in told.stdout
    assert re.search(r"^mu_pt +float\[\]", told.stdout, re.MULTILINE)


def test_a_format_of_which_the_file_has_some_is_named() -> None:
    """The sample that the README begins with lacks half of what its format stores: its program asks for no more."""
    told = hepsel("inspect", DOCS.parent / "examples/h4l/h4l_sample.root")
    assert told.returncode == ExitCode.OK, told.stderr
    assert "`--format physlite` shows what is here" in told.stdout


def test_lists_of_packed_numbers_cannot_be_used() -> None:
    """They are listed as what they are, are no part of a template, and the file counts as whole."""
    code, out, err = run_command.hepsel("inspect", str(RARE_TREES))
    assert (code, err) == (0, "")
    assert "Jet_packed  Double32_t[nJet][0,100,16]" in out
    template_of = run_command.hepsel("inspect", "--template", str(RARE_TREES))[1]
    assert re.findall(r'branch = "(\w+)"', template_of) == ["MET_pt", "MET_half", "Jet_pt"]


def test_fields_of_four_vectors_are_listed_and_placed() -> None:
    out = run_command.hepsel("inspect", "--branches", f"{RARE_TREES}:vectors")[1]
    listed = dict(line.split()[:2] for line in out.splitlines() if line.startswith(("jets", "met")))
    assert listed["jets.fP.fX"] == "float64[]"
    assert listed["met.fE"] == "float64"
    made = read_format(
        run_command.hepsel("inspect", "--template", f"{RARE_TREES}:vectors")[1].replace('"?"', '"GeV"'), "o"
    )
    for collection, branch in {"Jet": "jets", "MET": "met"}.items():
        stored = {
            name: spec.branches for name, spec in made.collections[collection].attributes.items() if spec.branches
        }
        momentum = {f"p{axis.lower()}": (f"{branch}.fP.f{axis}",) for axis in "XYZ"}
        assert stored == momentum | {"energy": (f"{branch}.fE",)}


def test_the_tree_can_be_chosen(small: Path) -> None:
    assert json.loads(hepsel("inspect", "--tree", "other", "--json", small).stdout)["events"] == 1
    told = hepsel("inspect", "--tree", "absent", small)
    assert told.returncode == ExitCode.DATA
    assert "no tree absent: it has ntuple, other" in told.stderr


def test_the_tree_can_stand_behind_a_colon(small: Path) -> None:
    named = small.rename(small.with_name("at 12:30.root"))
    for arguments, events in {
        (str(named),): 2,
        (f"{named}:other",): 1,
        (f"{named}:other", "--tree", "other"): 1,
    }.items():
        code, out, err = run_command.hepsel("inspect", "--json", *arguments)
        assert (code, err) == (0, "")
        assert json.loads(out)["events"] == events
    code, _, err = run_command.hepsel("inspect", f"{named}:absent")
    assert (code, err) == (3, f"hepsel: {named}: no tree absent: it has ntuple, other\n")
    assert run_command.hepsel("inspect", f"{named}:other", "--tree", "ntuple")[0] == ExitCode.USAGE


def test_the_template_is_a_format_but_for_its_units(small: Path) -> None:
    (tree, _) = read_contents(small, {"ntuple"}).trees
    text = template(tree)
    with pytest.raises(FormatError) as raised:
        read_format(text, "own.toml")
    lines = text.splitlines()
    assert all("`?` is not a unit" in problem.message for problem in raised.value.problems)
    assert sorted(lines[problem.line - 1].split()[0] for problem in raised.value.problems) == ["d0", "pt", "pt"]
    own = read_format(text.replace('"?"', '"GeV"'), "own.toml")
    assert own.trees == ("ntuple",)
    muon = own.collections["Muon"].attributes
    assert {name: spec.branches for name, spec in muon.items() if spec.branches} == {
        "pt": ("mu_pt",),
        "charge": ("mu_q",),
        "tight": ("mu_tight",),
        "d0": ("mu_d0",),
    }
    assert [muon[name].kind for name in ("pt", "charge", "tight")] == ["real", "int", "bool"]
    assert muon["flavour"].expression == "muon"
    assert own.collections["MET"].single
    assert own.collections["MET"].attributes["phi"].unit == "rad"
    event = own.collections["event"].attributes
    assert {name: spec.branches for name, spec in event.items()} == {
        "run": ("RunNumber",),
        "if_": ("if",),
    }


def test_the_template_of_nested_data(tmp_path: Path) -> None:
    table = pa.table({"event": [1], "Jet": [[{"pt": 1.0, "ids": [1, 2]}]], "name": ["x"]})
    pq.write_table(table, tmp_path / "t.parquet")
    (tree,) = read_contents(tmp_path / "t.parquet", ()).trees
    own = read_format(template(tree).replace('"?"', '"GeV"'), "own.toml")
    jet = own.collections["Jet"].attributes
    assert (jet["pt"].branches, jet["ids"].is_list, jet["ids"].kind) == (("Jet.pt",), True, "int")
    assert own.collections["event"].attributes["number"].branches == ("event",)
    assert own.trees == ()


def columns(depth: int, kind: Kind, type_: str, *names: str) -> dict[str, Column]:
    return {name: Column(name, type_, kind, depth) for name in names}


def written(*parts: dict[str, Column]) -> str:
    """Return the template for some columns, with units filled in; it is a format."""
    text = template(Tree("t", "TTree", 1, {name: column for part in parts for name, column in part.items()}))
    read_format(text.replace('"?"', '"GeV"'), "own.toml")
    return text


def test_the_template_of_arrays_of_a_fixed_size() -> None:
    """All of their values would count as items: the number of those that are there belongs to them."""
    arrays = columns(1, "real", "float[20]", "jet_pt", "jet_eta", "mu_pt", "vec")
    text = written(columns(0, "int", "int32_t", "njet"), arrays)
    assert '[collections.Jet]\ncount = "njet"\n' in text
    assert "[collections.Muon]\n# equally many are stored in every event: `count` is the branch that says" in text
    assert 'vec = { branch = "vec", list = true }' in text
    assert "njet = " not in text
    assert "count" not in written(columns(0, "int", "int32_t", "njet"), columns(1, "real", "float[]", "jet_pt"))


def test_the_template_of_numbered_branches() -> None:
    names = [f"lep{place}_{name}" for place in (1, 2, 3) for name in ("pt", "eta", "phi", "m")]
    text = written(columns(0, "real", "float", *names, "lep1_only", "mva1_x", "mva2_x"))
    assert '[collections.Lepton]\nitems = ["lep1", "lep2", "lep3"]\n# equally many' in text
    assert 'mass = { branch = "{item}_m", unit = "?" }' in text
    assert 'lep1_only = { branch = "lep1_only" }' in text
    assert 'mva2_x = { branch = "mva2_x" }' in text
    text = written(
        columns(0, "real", "float", *(f"{name}_{place}" for place in (1, 2) for name in ("pt", "eta", "phi")))
    )
    assert '[collections.Item]\nitems = ["1", "2"]' in text
    assert 'pt = { branch = "pt_{item}", unit = "?" }' in text


def test_the_template_of_single_particles() -> None:
    """As of LHCb and Belle II: the names of one value in each event make four-vectors."""
    names = [f"{particle}_{name}" for particle in ("mup", "mum") for name in ("PX", "PY", "PZ", "PE", "IPCHI2")]
    text = written(columns(0, "real", "double", *names, "Jpsi_M"))
    for particle in ("mup", "mum"):
        assert f"[collections.{particle}]\nsingle = true\n" in text
        assert f'energy = {{ branch = "{particle}_PE", unit = "?" }}' in text
        assert f'ipchi2 = {{ branch = "{particle}_IPCHI2" }}' in text
    assert 'jpsi_m = { branch = "Jpsi_M", unit = "?" }' in text


def test_the_template_of_records_in_records() -> None:
    edm4hep = columns(1, "real", "float", *(f"Muons.momentum.{axis}" for axis in "xyz"), "Muons.energy")
    treemaker = columns(1, "real", "double", *(f"Jets.fCoordinates.f{name}" for name in ("Pt", "Eta", "Phi", "E")))
    text = written(edm4hep, treemaker, columns(1, "int", "int32_t", "_Muons_tracks.index"))
    assert 'px = { branch = "Muons.momentum.x", unit = "?" }' in text
    assert 'energy = { branch = "Jets.fCoordinates.fE", unit = "?" }' in text
    assert 'phi = { branch = "Jets.fCoordinates.fPhi", unit = "rad" }' in text
    assert "[collections.Muons_tracks]\n\n[collections.Muons_tracks.attributes]\nindex = " in text


def test_names_in_a_template_mean_one_thing() -> None:
    """Attributes are no collections and no flavours, and `event` is a single item, whatever branches are called."""
    names = {"jet_pt": 1, "trig_jet": 0, "vtx_x": 1, "vtx": 0, "event_x": 1, "electron.x": 1, "flavour_y": 1, "jet": 1}
    columns = {name: Column(name, "float", "real", depth) for name, depth in names.items()}
    own = read_format(template(Tree("t", "TTree", 1, columns)).replace('"?"', '"GeV"'), "own.toml")
    found = {spec.branches for held in own.collections.values() for spec in held.attributes.values()}
    assert found >= {(name,) for name in names}


def test_an_rntuple_has_the_depth_of_its_lists(tmp_path: Path) -> None:
    with uproot.recreate(tmp_path / "n.root") as file:
        file["n"] = {
            "x": ak.Array([[1.0], []]),
            "mu": ak.Array([[{"pt": 1.0, "hits": [1, 2]}], []]),
            "run": np.array([1, 2], np.int32),
        }
    (tree,) = read_contents(tmp_path / "n.root", {"n"}).trees
    assert tree.kind == "RNTuple"
    assert {name: (column.kind, column.depth) for name, column in tree.columns.items() if column.kind != "other"} == {
        "x": ("real", 1),
        "mu.pt": ("real", 1),
        "mu.hits": ("int", 2),
        "run": ("int", 0),
    }
    assert first_values(tmp_path / "n.root", tree, ["mu.hits"], 2) == {"mu.hits": [[[1, 2]], []]}


# ------------------------------------------------------------------ bad files


def test_files_that_cannot_be_inspected(tmp_path: Path, small: Path) -> None:
    (tmp_path / "empty.root").touch()
    (tmp_path / "text.root").write_text("not a file of events")
    (tmp_path / "cut.root").write_bytes(small.read_bytes()[:300])
    with uproot.recreate(tmp_path / "bare.root"):
        pass
    for name, reason in {
        "absent.root": "No such file",
        "": "is a directory",
        "empty.root": r"the file is empty \(0 bytes\)",
        "text.root": "neither a ROOT nor a Parquet file",
        "cut.root": "seems to be damaged: it ends too early$",
    }.items():
        with pytest.raises(DataError, match=reason):
            read_contents(tmp_path / name, ())
    told = hepsel("inspect", tmp_path / "bare.root")
    assert told.returncode == ExitCode.DATA
    assert "it has no tree at all" in told.stderr
    assert "Traceback" not in told.stderr


def test_no_events(tmp_path: Path) -> None:
    with uproot.recreate(tmp_path / "none.root") as file:
        file.mktree("mini", {"lep_pt": "var * float32"})
    told = hepsel("inspect", "--format", "atlas_open_data", tmp_path / "none.root")
    assert told.returncode == ExitCode.OK, told.stderr
    assert "tree mini, 0 events" in told.stdout


def test_branches_that_a_run_would_refuse_are_of_no_use(tmp_path: Path) -> None:
    table = pa.table({"lep_pt": [1.0], "lep_eta": [["text"]], "met_et": [[2.0]], "lep_phi": [[0.5]], "runNumber": [1]})
    pq.write_table(table, tmp_path / "odd.parquet")
    told = hepsel("inspect", "--format", "atlas_open_data", tmp_path / "odd.parquet")
    assert told.returncode == ExitCode.OK, told.stderr
    for line in (
        r"atlas_open_data: 2 of 68 stored attributes",  # of which nobody says that it fits
        r"pt +of no use: lep_pt is stored as double, and not as a list in each event",
        r"eta +of no use: lep_eta is stored as list<element: string>, and not as a list in each event",
        r"pt +of no use: met_et is stored as list<element: double>, and not as one value in each event",
        r"phi +rad +lep_phi +\[0.5\]",
        r"Jet: none of its 8 branches",
    ):
        assert re.search(f"^{line}", told.stdout, re.MULTILINE), line


# ------------------------------------------------------------------ hepsel formats


def test_formats_are_listed() -> None:
    told = hepsel("formats", "--json")
    assert list(json.loads(told.stdout)) == list(builtin_formats())
    assert all(name in hepsel("formats").stdout for name in builtin_formats())


def test_a_format_is_shown() -> None:
    told = hepsel("formats", "show", "physlite", "Muon")
    assert told.returncode == ExitCode.OK, told.stderr
    assert re.search(r"^pt +energy +MeV +Transverse momentum +AnalysisMuonsAuxDyn.pt", told.stdout, re.MULTILINE)
    assert "AnalysisMuonsAuxDyn.quality & 7" in told.stdout
    assert "AnalysisElectronsAuxDyn" not in told.stdout
    wrong = hepsel("formats", "show", "physlite", "Muons")
    assert wrong.returncode == ExitCode.USAGE
    assert "physlite has no Muons; it has " in wrong.stderr


def test_a_format_file_is_checked_with_its_expressions(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    head = 'name = "own"\ndescription = "d"\n[collections.Jet.attributes]\npt = { branch = "x", unit = "GeV" }\n'
    file.write_text(head + 'half = { value = "pt / 2" }\n')
    told = hepsel("formats", "check", file)
    assert (told.returncode, told.stdout) == (
        ExitCode.OK,
        f"{file}: no errors (1 stored attributes, 1 derived)\n",
    )
    file.write_text(head + 'more = { value = "pt + 1" }\n')
    told = hepsel("formats", "check", file)
    assert told.returncode == ExitCode.PROBLEMS
    assert told.stderr.startswith(f"{file}:5: ")
    assert "`1` has no unit" in told.stderr


# ------------------------------------------------------------------ the tutorial


def test_the_tutorial_does_what_it_shows(tmp_path: Path) -> None:
    """Python blocks run, named files are written, and commands print what the page shows, in its order."""
    page = (DOCS / "tutorial_own_format.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^(?:`([\w.]+)`:\n\n)?```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    commands = 0
    for file, language, text in blocks:
        if language == "python":
            subprocess.run([sys.executable, "-c", text], cwd=tmp_path, check=True)
        elif file:
            (tmp_path / file).write_text(text, encoding="utf-8")
        elif language == "console":
            for command, shown in re.findall(r"^\$ hepsel (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
                told = hepsel(*shlex.split(command), folder=tmp_path)
                assert stripped(told.stdout + told.stderr) == stripped(shown), command
                commands += 1
    assert commands >= 5


def stripped(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]
