"""Format files: the built-in ones against real files, and what the loader refuses."""

from __future__ import annotations

import contextlib
import functools
import json
import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import awkward as ak
import numpy as np
import pytest
import uproot
from data_files import EXAMPLES, data_file, kept_open

from hepsel.check import check_text, load_program
from hepsel.errors import DataError, ExitCode, HepselError
from hepsel.formats.branches import resolve_branch
from hepsel.formats.contents import first_values, read_contents
from hepsel.formats.describe import describe, stored_as
from hepsel.formats.fit import Fit, fit
from hepsel.formats.loader import builtin_formats, derived_expressions, load_format, read_format
from hepsel.formats.schema import Format
from hepsel.formats.source import FormatError, key_lines
from hepsel.interpreter import interpret
from hepsel.run.execute import Settings, run_program
from hepsel.semantics.format_types import derived_types
from hepsel.semantics.program import StoredAttribute
from hepsel.semantics.types import LUMINOSITY
from hepsel.semantics.units import UNITS, parse_unit

FILES = {
    "physlite": [
        "physlite/zee_mc20_100ev.root",
        "physlite/ttbar_22.2.110_100ev.root",
        "physlite/mc23_601229_50ev.root",
        "physlite/rntuple_100ev.root",
    ],
    "nanoaod": ["nanoaod/nano_dy.root", "nanoaod/nano_tt_v12.root", "nanoaod/nano_tt_v15.root"],
    "atlas_open_data": ["atlas_open_data_4l/data_A.4lep.root"],
    "cms_open_data_2012": [
        "adl_benchmark/Run2012B_SingleMu-restructured-1000.parquet",
        "adl_benchmark/Run2012B_SingleMu_1000.root",
    ],
}

# Documented branches that none of these files has.
UNSEEN = {
    "nanoaod": {  # of versions 8 and 9 only, or of Run 2
        *(f"event.prefiring_weight{name}" for name in ("", "_up", "_down")),
        *(f"FatJet.particlenet_md_{name}" for name in ("xbb", "xcc", "xqq", "qcd")),
    },
    "cms_open_data_2012": {  # collision data has no generated particles
        f"GenParticle.{name}" for name in ("pt", "eta", "phi", "mass", "pdg_id", "status")
    },
}

HEAD = 'name = "f"\ndescription = "d"\n'
JET = '[collections.Jet.attributes]\npt = { branch = "jet_pt", unit = "GeV" }\n'


# ------------------------------------------------------------------ built-in formats


@pytest.fixture(scope="module")
def physlite_trees(shared_data: Path) -> Iterator[None]:
    """Keep open what is looked into and then read."""
    with contextlib.ExitStack() as stack:
        for file in FILES["physlite"]:
            stack.enter_context(kept_open(shared_data / file, load_format("physlite").trees))
        yield


@functools.cache
def fitted(name: str, file: Path) -> Fit:
    data_format = load_format(name)
    found = fit(data_format, read_contents(file, data_format.trees))
    assert found is not None, file
    return found


def test_the_formats_that_come_with_hepsel() -> None:
    assert builtin_formats() == ("atlas_open_data", "cms_open_data_2012", "delphes", "nanoaod", "physlite")


@pytest.mark.xdist_group("files of formats")  # which take long to look into: once, in one process
@pytest.mark.usefixtures("physlite_trees")
@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(FILES))
def test_every_stored_attribute_is_in_a_real_file_or_listed_as_unseen(name: str) -> None:
    seen, stored = set(), set()
    for file in FILES[name]:
        for item in fitted(name, data_file(file)).attributes:
            stored.add(f"{item.collection}.{item.spec.name}")
            if item.branches:
                seen.add(f"{item.collection}.{item.spec.name}")
    assert stored - seen == UNSEEN.get(name, set())


@pytest.mark.xdist_group("files of formats")
@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(FILES))
def test_stored_kinds_agree_with_what_the_files_hold(name: str) -> None:
    """Whole numbers are not read as real ones, and lists of lists only where the format says so."""
    data_format = load_format(name)
    for file in FILES[name]:
        found = fitted(name, data_file(file))
        for item in found.attributes:
            if not item.branches:
                continue
            column = found.tree.columns[item.branches[0]]
            where = f"{file}: {item.collection}.{item.spec.name} from {column}"
            collection = data_format.collections[item.collection]
            assert column.depth == (not collection.single) + item.spec.is_list, where
            if item.spec.kind == "real":
                assert column.kind == "real", where
            else:
                assert column.kind in ("int", "bool"), where


@pytest.mark.parametrize("name", builtin_formats())
def test_derived_attributes_of_built_in_formats_have_types(name: str) -> None:
    types, problems = derived_types(load_format(name))
    assert problems == []
    assert len(types) == sum(a is not None for _, a, _ in derived_expressions(load_format(name)))


@pytest.mark.parametrize("name", builtin_formats())
def test_standard_names_have_their_dimension(name: str) -> None:
    names = {
        "energy": "pt mass energy px py pz sumet ptcone20 ptcone30 ptvarcone20 ptvarcone30 topoetcone20 topoetcone30",
        "length": "d0 z0 z0_sin_theta dxy dz",
        "number": "eta phi d0_significance sip3d pfreliso03 pfreliso04 minireliso btag jvt significance",
        "true or false": "is_very_loose is_loose is_medium is_tight is_trigger_matched is_tight_id",
        "flavour": "flavour",
    }
    dimensions = {name: told for told, listed in names.items() for name in listed.split()}
    for collection in describe(load_format(name))["collections"]:
        for attribute in collection["attributes"]:
            wanted = dimensions.get(attribute["name"])
            where = f"{collection['name']}.{attribute['name']}"
            assert wanted is None or attribute["type"] == wanted, where
            if wanted in ("energy", "length"):
                assert attribute["unit"], where


@pytest.mark.xdist_group("files of formats")
@pytest.mark.usefixtures("physlite_trees")
@pytest.mark.shared
@pytest.mark.parametrize("file", FILES["physlite"])
def test_keys_of_physlite_links_are_those_of_their_targets(file: str, shared_data: Path) -> None:
    """Each link has its target's key, none (0), or that of the forward tracks, which no file holds."""
    forward_tracks = 339503174
    found = fitted("physlite", shared_data / file)
    links = [item.spec for item in found.attributes if item.spec.kind == "link"]
    assert len(links) == 5
    branches = {
        link.name: resolve_branch(found.tree.columns, link.key_branches, found.format.separators) or ""
        for link in links
    }
    values = first_values(shared_data / file, found.tree, list(branches.values()), found.tree.events)
    for link in links:
        keys = set(flat(values[branches[link.name]]))
        assert link.key in keys, link.name
        assert keys <= {0, forward_tracks, link.key}, link.name


def flat(values: object) -> list[int]:
    if isinstance(values, list):
        return [number for inner in values for number in flat(inner)]
    assert isinstance(values, int)
    return [values]


def test_physlite_follows_the_track_that_belongs_to_the_type_of_muon() -> None:
    muon = load_format("physlite").collections["Muon"]
    assert muon.attributes["type"].values == {
        "combined": (0,),
        "standalone": (1,),
        "segment_tagged": (2,),
        "calo_tagged": (3,),
        "forward": (4,),
    }
    assert (muon.attributes["combined_track"].key, muon.attributes["combined_track"].target) == (
        873304470,
        "CombinedMuonTrack",
    )


ISOLATED = """hepsel 1
analysis "What was not computed passes no cut"
object isolated
  take Muon
  select pfreliso04 < 0.15
object displaced
  take Muon
  select |dxy / dxy_error| < 3 and dz < 1 cm
object electrons
  take Electron
  select pfreliso03 < 0.1
region r
  save iso = count(isolated), near = count(displaced), el = count(electrons)
"""


@pytest.mark.shared
@pytest.mark.parametrize("interpreter", [False, True])
def test_what_reduced_files_of_2012_did_not_compute_is_missing(shared_data: Path, *, interpreter: bool) -> None:
    """A quarter of their muons have -999 for their isolation and impact parameters."""
    path = shared_data / "adl_benchmark/Run2012B_SingleMu_1000.root"
    with uproot.open(path) as file:
        stored = file["Events"].arrays(filter_name=["Muon_*", "Electron_pfRelIso03_all"])
    muon_iso, electron_iso = stored["Muon_pfRelIso04_all"], stored["Electron_pfRelIso03_all"]
    dxy, error, dz = stored["Muon_dxy"], stored["Muon_dxyErr"], stored["Muon_dz"]
    assert ak.sum(muon_iso == -999) > 200
    near = (dxy != -999) & (dz != -999) & (abs(dxy) < 3 * error) & (dz < 1)
    result = run_program(load_program(ISOLATED, "cms_open_data_2012"), [path], Settings(interpreter=interpreter))
    columns = result["columns"]["r"]
    assert columns["iso"].to_list() == ak.sum((muon_iso >= 0) & (muon_iso < np.float32(0.15)), axis=1).to_list()
    assert columns["near"].to_list() == ak.sum(near, axis=1).to_list()
    assert columns["el"].to_list() == ak.sum((electron_iso >= 0) & (electron_iso < 0.1), axis=1).to_list()


NANO_JETS = """hepsel 1
analysis "Identification of jets as JME mends it"
region r
  save tight = Jet.is_tight_id_v12, veto = Jet.is_tight_lepton_veto_id_v12
"""


def test_bits_of_jets_in_nanoaod_version_12_are_mended_as_jme_asks() -> None:
    jets = [  # eta, bits, fractions: neutral hadrons, photons, muons, electrons; tight, with lepton veto
        (1.0, 6, 0.995, 0.9, 0.1, 0.1, True, True),
        (-2.7, 6, 0.5, 0.5, 0.8, 0.1, True, False),
        (2.7, 2, 0.5, 0.5, 0.1, 0.9, True, False),
        (2.0, 4, 0.5, 0.1, 0.1, 0.1, False, False),
        (2.8, 2, 0.98, 0.9, 0.9, 0.9, True, True),
        (-2.8, 6, 0.99, 0.1, 0.1, 0.1, False, False),
        (3.0, 6, 0.995, 0.1, 0.1, 0.1, False, False),
        (-4.0, 6, 0.995, 0.39, 0.1, 0.1, True, True),
        (4.0, 6, 0.1, 0.4, 0.1, 0.1, False, False),
        (4.0, 0, 0.1, 0.1, 0.1, 0.1, False, False),
    ]
    fractions = [f"{of}_fraction" for of in ("neutral_hadron", "neutral_em", "muon", "charged_em")]
    eta, bits, *parts, tight, veto = map(list, zip(*jets, strict=True))
    event: dict[str, object] = {"Jet.eta": eta, "Jet.is_tight_id": bits}
    event |= {"event.run": 1, "event.luminosity_block": 1, "event.number": 1}
    event |= {f"Jet.{name}": part for name, part in zip(fractions, parts, strict=True)}
    columns = interpret(load_program(NANO_JETS, "nanoaod"), [event])["columns"]["r"]
    assert (columns["tight"], columns["veto"]) == ([tight], [veto])


NANO_JETS_13 = """hepsel 1
analysis "Identification of jets that is not stored"
region r
  save tight = Jet.is_tight_id_v13, veto = Jet.is_tight_lepton_veto_id_v13
  save fat_tight = FatJet.is_tight_id_v15, fat_veto = FatJet.is_tight_lepton_veto_id_v15
"""
FRACTIONS = ("neHEF", "neEmEF", "chHEF", "muEF", "chEmEF")


def is_tight(eta: float, fractions: tuple[float, ...], charged: int, neutral: int) -> tuple[bool, bool]:
    """Return whether a jet is tight, and whether it is with lepton veto, by the table of JME for 13.6 TeV."""
    hadrons, photons, charged_hadrons, muons, electrons = fractions
    eta = abs(eta)
    if eta > 3.0:
        passes = photons < 0.4 and neutral >= 2
    elif eta > 2.7:
        passes = hadrons < 0.99
    elif eta > 2.6:
        passes = hadrons < 0.9 and photons < 0.99
    else:
        passes = hadrons < 0.99 and photons < 0.9 and charged_hadrons > 0.01 and charged > 0 and charged + neutral > 1
    return passes, passes and (eta > 2.7 or (muons < 0.8 and electrons < 0.8))


def test_jets_of_nanoaod_from_version_13_are_identified_as_jme_asks() -> None:
    """Numbers on both sides of each limit, around a jet that passes everywhere."""
    good = (0.5, 0.3, 0.5, 0.1, 0.1)
    limits = (0.9, 0.99), (0.4, 0.9, 0.99), (0.01,), (0.8,), (0.8,)
    jets = []
    for eta in (0.0, -2.6, 2.65, 2.7, -2.9, 3.0, -3.1, 4.7):
        jets += [(eta, good, charged, neutral) for charged in (0, 1, 2) for neutral in (0, 1, 2)]
        for place, values in enumerate(limits):
            for near in (limit + step for limit in values for step in (-0.005, 0.0, 0.005)):
                jets.append((eta, (*good[:place], near, *good[place + 1 :]), 5, 5))
    expected = [is_tight(*jet) for jet in jets]
    assert len({(passes, abs(jet[0])) for passes, jet in zip(expected, jets, strict=True)}) > 16
    names = [f"{of}_fraction" for of in ("neutral_hadron", "neutral_em", "charged_hadron", "muon", "charged_em")]
    event: dict[str, object] = {"event.run": 1, "event.luminosity_block": 1, "event.number": 1}
    for of in ("Jet", "FatJet"):
        event |= {f"{of}.{name}": [jet[1][place] for jet in jets] for place, name in enumerate(names)}
        event |= {
            f"{of}.{name}": [jet[k] for jet in jets] for name, k in (("eta", 0), ("n_charged", 2), ("n_neutral", 3))
        }
    columns = interpret(load_program(NANO_JETS_13, "nanoaod"), [event])["columns"]["r"]
    for prefix in ("", "fat_"):
        found = zip(*(columns[f"{prefix}{name}"][0] for name in ("tight", "veto")), strict=True)
        assert list(found) == expected


def test_jets_of_a_real_file_of_version_15() -> None:
    path = data_file("nanoaod/nano_tt_v15.root")
    with kept_open(path, ["Events"]), uproot.open(path) as file:
        names = ("eta", *FRACTIONS, "chMultiplicity", "neMultiplicity")
        stored = {of: [file["Events"][f"{of}_{name}"].array().to_list() for name in names] for of in ("Jet", "FatJet")}
        columns = run_program(load_program(NANO_JETS_13, "nanoaod"), [path])["columns"]["r"]
    for prefix, values in (("", stored["Jet"]), ("fat_", stored["FatJet"])):
        jets = [list(zip(*event, strict=True)) for event in zip(*values, strict=True)]
        expected = [[is_tight(jet[0], jet[1:6], jet[6], jet[7]) for jet in event] for event in jets]
        assert columns[f"{prefix}tight"].to_list() == [[tight for tight, _ in event] for event in expected]
        assert columns[f"{prefix}veto"].to_list() == [[veto for _, veto in event] for event in expected]
        assert np.mean([tight for event in expected for tight, _ in event]) > 0.9


def test_who_asks_for_what_is_no_longer_stored_reads_what_is_there_instead() -> None:
    program = load_program(NANO_JETS.replace("_v12", ""), "nanoaod")
    with pytest.raises(DataError, match=r"tried Jet_jetId .*; Jet\.is_tight\w+: .*to version 14.* see .*_v13\)$"):
        run_program(program, [data_file("nanoaod/nano_tt_v15.root")])


DEEPTAU = """hepsel 1
analysis "Working points of DeepTau 2017"
region r
  save jet = Tau.deeptau_2017_vs_jet_v9, electron = Tau.deeptau_2017_vs_electron_v9, muon = Tau.deeptau_2017_vs_muon_v9
"""


@pytest.mark.parametrize("version", [9, 10])
def test_working_points_of_deeptau_2017_are_read_of_bits_alone(version: int, tmp_path: Path) -> None:
    """The numbers 1, 3 and 7 of later versions, which have DeepTau 2018 as well, are bits of looser working points."""
    points = {"jet": range(9), "e": range(9), "mu": range(5)}
    event = {"run": [1], "luminosityBlock": [1], "event": [1]}
    for of, grades in points.items():
        stored = list(grades) if version > 9 else [2**grade - 1 for grade in grades]
        event[f"Tau_idDeepTau2017v2p1VS{of}"] = ak.Array([stored + [0] * (9 - len(stored))])
    if version > 9:
        event["Tau_idDeepTau2018v2p5VSjet"] = ak.Array([[0] * 9])
    with uproot.recreate(tmp_path / "nano.root") as file:
        file["Events"] = event
    columns = run_program(load_program(DEEPTAU, "nanoaod"), [tmp_path / "nano.root"])["columns"]["r"]
    for name, grades in zip(("jet", "electron", "muon"), points.values(), strict=True):
        expected = [*grades, *[0] * (9 - len(grades))] if version == 9 else [math.nan] * 9
        found = [math.nan if value is None else value for value in columns[name].to_list()[0]]
        assert found == pytest.approx(expected, nan_ok=True), name


NANO_FAT_JETS = """hepsel 1
analysis "What was not computed passes no cut"
object narrow
  take FatJet
  select n2b1 < 0.3
region r
  save narrow = count(narrow), light = count(j for j in FatJet if j.mass_softdrop < 50 GeV)
"""


@pytest.mark.shared
def test_what_nanoaod_did_not_compute_is_missing(shared_data: Path) -> None:
    """It is stored as -99968, and as -1."""
    path = shared_data / "nanoaod/nano_tt_v12.root"
    with uproot.open(path) as file:
        n2, mass = (file["Events"][f"FatJet_{name}"].array() for name in ("n2b1", "msoftdrop"))
    assert ak.any(n2 < -1000)
    assert ak.any(mass == -1)
    columns = run_program(load_program(NANO_FAT_JETS, "nanoaod"), [path])["columns"]["r"]
    assert columns["narrow"].to_list() == ak.sum((n2 >= 0) & (n2 < 0.3), axis=1).to_list()
    assert columns["light"].to_list() == ak.sum((mass >= 0) & (mass < 50), axis=1).to_list()


def test_a_part_of_a_collection_shows_the_attributes_of_the_whole() -> None:
    described = describe(load_format("atlas_open_data"))
    electron = next(c for c in described["collections"] if c["name"] == "Electron")
    assert electron["base"] == "Lepton"
    attributes = {attribute["name"]: attribute for attribute in electron["attributes"]}
    assert attributes["ptcone30"]["branches"] == ["lep_ptcone30"]
    assert attributes["pdg_id"]["value"] == "if flavour == electron then -11 * charge else -13 * charge"


def test_the_range_of_an_attribute_is_shown() -> None:
    described = describe(load_format("nanoaod"))
    jets = next(c for c in described["collections"] if c["name"] == "Jet")["attributes"]
    shown = {
        name: next(each for each in jets if each["name"] == name) for name in ("phi", "btag_csvv2", "n_muons", "eta")
    }
    assert [each["range"] for each in shown.values()] == [[-3.2, 3.2], [None, 1], [0, None], None]
    assert [stored_as(each).partition("; ")[2] for each in shown.values()] == [
        "from -3.2 to 3.2", "never above 1", "never below 0", "",
    ]  # fmt: skip


@pytest.mark.parametrize("name", builtin_formats())
def test_descriptions_are_json(name: str) -> None:
    described = describe(load_format(name))
    assert json.loads(json.dumps(described))["name"] == name
    for collection in described["collections"]:
        for attribute in collection["attributes"]:
            assert attribute["description"], f"{collection['name']}.{attribute['name']}"


# ------------------------------------------------------------------ units and branches


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("eV", Fraction(1, 1_000_000)),
        ("GeV", 1000),
        ("TeV", 1_000_000),
        ("um", Fraction(1, 1000)),
        ("cm", 10),
        ("m", 1000),
        ("mrad", Fraction(1, 1000)),
        ("pb", 1000),
        ("ub", 10**9),
        ("pb^-1", Fraction(1, 1000)),
        ("fb^-1", 1),
        ("GeV^2", 1_000_000),
        ("GeV^-2", Fraction(1, 1_000_000)),
    ],
)
def test_factors_of_units_are_exact(unit: str, factor: Fraction | int) -> None:
    found = parse_unit(unit)
    assert found is not None
    assert isinstance(found.factor, Fraction)
    assert found.factor == factor


def test_powers_of_units() -> None:
    root, inverse = parse_unit("GeV^(1/2)"), parse_unit("fb^-1")
    assert root is not None
    assert inverse is not None
    assert root.factor == pytest.approx(math.sqrt(1000), rel=1e-15)
    assert root.dimension.energy == Fraction(1, 2)
    assert inverse.dimension == LUMINOSITY
    assert UNITS["deg"].factor == pytest.approx(3.141592653589793 / 180, rel=1e-15)
    assert [parse_unit(text) for text in ("gev", "GeV^", "GeV2", "GeV^(1/0)", "")] == [None] * 5


def test_a_branch_is_found_as_written_before_other_spellings() -> None:
    assert resolve_branch({"A.x", "A_x", "B.x"}, ["A.x"], ["_"]) == "A.x"
    assert resolve_branch({"A_x.y", "B"}, ["C", "A.x.y"], [":", "_"]) == "A_x.y"
    assert resolve_branch({"A_x_y"}, ["A.x.y"], ["_"]) is None
    assert resolve_branch({"old", "new"}, ["new", "old"], []) == "new"


# ------------------------------------------------------------------ loading


def test_an_unknown_format_is_told_with_the_near_ones() -> None:
    with pytest.raises(HepselError, match=r"no format is called `physlight`.*`physlite`") as raised:
        load_format("physlight")
    assert raised.value.exit_code == ExitCode.PROBLEMS


def test_a_format_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        load_format(str(tmp_path / "absent.toml"))
    with pytest.raises(DataError, match="Is a directory"):
        load_format(str(tmp_path))
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="not a text in UTF-8"):
        load_format(str(tmp_path / "binary.toml"))
    (tmp_path / "marked.toml").write_text(HEAD + JET, encoding="utf-8-sig")  # as some editors write it
    assert load_format(str(tmp_path / "marked.toml")).name == "f"


def test_every_key_is_read(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        HEAD
        + """
trees = "t"
separators = ["_"]
style = "CMS"
enumerations.kind = ["good", "bad"]
[collections.trigger]
single = true
pattern = "HLT_{name}"
[collections.Thing]
description = "All"
[collections.Thing.attributes]
kind = { branch = "k", enum = "kind", values = { good = [1, 2], bad = 0 }, mask = 3, default = "bad" }
other = { branch = ["a", "b"], to = "Thing", list = true, key_branch = "c", key = 7 }
sizes = { branch = "s", unit = "cm", list = true, default = [], range = [-0.5, inf], description = "Sizes" }
n = { branch = "n", type = "int", default = 0, range = [0, 7] }
half = { value = "sizes[0] / 2" }
[collections.Numbered]
items = ["one", "two"]
count = ["n_numbered", "numbered_n"]
attributes.size = { branch = "{item}_size" }
[collections.Part]
base = "Thing"
where = "kind == good"
""",
        encoding="utf-8",
    )
    own = load_format(str(file))
    assert (own.trees, own.separators, own.style) == (("t",), ("_",), "CMS")
    assert own.collections["trigger"].pattern == "HLT_{name}"
    numbered = own.collections["Numbered"]
    assert (numbered.items, numbered.count) == (("one", "two"), ("n_numbered", "numbered_n"))
    thing = own.collections["Thing"].attributes
    assert thing["kind"].values == {"good": (1, 2), "bad": (0,)}
    assert (thing["kind"].kind, thing["kind"].mask, thing["kind"].default) == ("enum", 3, "bad")
    assert (thing["other"].kind, thing["other"].branches) == ("link", ("a", "b"))
    assert (thing["other"].key_branches, thing["other"].key) == (("c",), 7)
    assert (thing["sizes"].unit, thing["sizes"].default, thing["sizes"].is_list) == ("cm", (), True)
    assert thing["n"].default == 0
    assert [thing[name].range for name in ("kind", "sizes", "n")] == [None, (-0.5, math.inf), (0, 7)]
    assert derived_expressions(own) == [
        ("Thing", "half", "sizes[0] / 2"),
        ("Part", None, "kind == good"),
    ]
    assert derived_types(own)[1] == []


def documented_extension() -> str:
    page = (Path(__file__).resolve().parent.parent / "docs/formats.md").read_text(encoding="utf-8")
    return page.split('```toml\nname = "our_nanoaod"', 1)[1].split("```", 1)[0].join(('name = "our_nanoaod"', ""))


EXTENDED = """hepsel 1
analysis "What a built-in format does not list"
region r
  save hcal = Electron.hcal_isolation, relative = Electron.relative_hcal_isolation, pt = Electron.pt
  save bit = Muon.is_of_the_global_fit, number = Muon.high_pt_id, z = OtherVertex.z, fired = trigger.IsoMu24
"""


def test_the_extension_in_the_documentation_reads_a_real_file(tmp_path: Path) -> None:
    path = data_file("nanoaod/nano_tt_v15.root")
    own = tmp_path / "our_nanoaod.toml"
    own.write_text(documented_extension(), encoding="utf-8")
    columns = run_program(load_program(EXTENDED, str(own)), [path])["columns"]["r"]
    with uproot.open(path) as file:
        names = ("Electron_dr03HcalDepth1TowerSumEt", "Electron_pt", "Muon_highPtId", "OtherPV_z", "HLT_IsoMu24")
        hcal, pt, number, z, fired = (file["Events"][name].array() for name in names)
    assert columns["hcal"].to_list() == (1000 * ak.values_astype(hcal, np.float64)).to_list()
    assert columns["pt"].to_list() == (1000 * ak.values_astype(pt, np.float64)).to_list()
    assert ak.all(ak.isclose(columns["relative"], hcal / pt))
    assert columns["bit"].to_list() == (number == 2).to_list()
    assert columns["number"].to_list() == number.to_list()
    assert columns["z"].to_list() == (10 * ak.values_astype(z, np.float64)).to_list()
    assert columns["fired"].to_list() == fired.to_list()
    jets = load_program(EXTENDED.split("  save")[0] + "  save m = (Jet[0] + Jet[1]).mass\n", str(own))
    with pytest.raises(DataError, match="Jet_pt_nom"):  # from which the mass follows now
        run_program(jets, [path])


def test_what_extends_a_format_has_all_of_it_and_changes_nothing_of_it() -> None:
    head = 'name = "own"\ndescription = "d"\nextends = "atlas_open_data"\n'
    base, same = load_format("atlas_open_data"), read_format(head, "own.toml")
    assert (same.name, same.description) == ("own", "d")
    assert (same.collections, same.enumerations, same.trees, same.style) == (
        base.collections, base.enumerations, base.trees, base.style,
    )  # fmt: skip
    more = read_format(
        head
        + 'trees = "nominal"\nenumerations.quality = ["good"]\n'
        + '[collections.Lepton]\ndescription = "Ours"\n[collections.Lepton.attributes]\n'
        + 'pt = { branch = "lep_pt_syst", unit = "GeV" }\n'
        + 'q = { branch = "lep_q", enum = "quality", values = { good = 1 } }\n'
        + '[collections.Good]\nbase = "Electron"\nwhere = "pt > 1 GeV and q == good"\n',
        "own.toml",
    )
    lepton = more.collections["Lepton"]
    assert (more.trees, lepton.description) == (("nominal",), "Ours")
    assert list(more.enumerations) == ["flavour", "quality"]
    assert (lepton.attributes["pt"].branches, lepton.attributes["pt"].unit) == (("lep_pt_syst",), "GeV")
    assert lepton.attributes["pt"].description == ""
    assert lepton.attributes["eta"] == base.collections["Lepton"].attributes["eta"]
    assert derived_types(more)[1] == []
    assert load_format("atlas_open_data") == base


BAD = [
    ("syntax", HEAD + "[collections.Jet\n", 3, "not valid TOML"),
    ("twice", HEAD + 'name = "g"\n' + JET, 3, "not valid TOML: Cannot overwrite"),
    ("nothing", "", 1, "a format needs `name`"),
    ("no collections", HEAD, 1, "a format needs `collections`"),
    ("unknown key", HEAD + 'tres = ["t"]\n' + JET, 3, "unknown key `tres` (did you mean `trees`?)"),
    (
        "unknown key of a collection",
        HEAD + "[collections.Jet]\nsingel = true\n" + JET,
        4,
        "unknown key `singel` (did you mean `single`?)",
    ),
    (
        "unknown key of an attribute",
        HEAD + JET + 'm = { branch = "m", units = "GeV" }\n',
        5,
        "unknown key `units` (did you mean `unit`?)",
    ),
    ("wrong type", HEAD + "trees = 3\n" + JET, 3, "`trees` must be a text or a list of texts"),
    ("true for text", HEAD + "style = true\n" + JET, 3, "`style` must be a text, not true or false"),
    ("empty text", 'name = ""\ndescription = "d"\n' + JET, 1, "`name` is empty"),
    ("no branch", HEAD + JET + 'mass = { unit = "GeV" }\n', 5, "`mass` needs `branch`"),
    ("empty branch", HEAD + JET + "mass = { branch = [] }\n", 5, "`branch` is empty"),
    ("attribute as text", HEAD + JET + 'mass = "jet_m"\n', 5, "`mass` must be a table, not a text"),
    (
        "unit",
        HEAD + JET + 'mass = { branch = "m", unit = "Gev" }\n',
        5,
        "`Gev` is not a unit (did you mean `GeV`",
    ),
    (
        "unit of an integer",
        HEAD + JET + 'n = { branch = "n", type = "int", unit = "GeV" }\n',
        5,
        "an attribute of type int cannot have `unit`",
    ),
    (
        "type",
        HEAD + JET + 'n = { branch = "n", type = "float" }\n',
        5,
        "`float` is not a type; types are real, int, bool, enum, link",
    ),
    (
        "branch of a derived attribute",
        HEAD + JET + 'm = { value = "1", branch = "m" }\n',
        5,
        "a derived attribute (it has `value`) cannot have `branch`",
    ),
    *(
        (
            f"{key} of a derived attribute",
            HEAD + JET + f'm_jet = {{ value = "1", {key} = {value} }}\n',
            5,
            f"a derived attribute (it has `value`) cannot have `{key}`",
        )
        for key, value in {
            "type": '"int"',
            "list": "true",
            "default": "1",
            "xaod": '"pt()"',
            "unit": '"GeV"',
            "mask": "1",
            "enum": '"kind"',
            "values": "{}",
            "to": '"Jet"',
            "key": "1",
            "key_branch": '"k"',
        }.items()
    ),
    *(
        (
            f"value {number}",
            HEAD
            + 'enumerations.kind = ["good"]\n'
            + JET
            + f'k = {{ branch = "k", enum = "kind", values = {{ good = {number} }} }}\n',
            6,
            "value `good` must be a whole number or a list of whole numbers",
        )
        for number in ("1.5", "[1, 2.5]", "true", "[]", '"1"')
    ),
    *(
        (f"enumeration {name} of {values}", HEAD + f"enumerations.{name} = {values}\n" + JET, 3, message)
        for name, values, message in (
            ("kind", '["good", "Jet"]', "value `Jet` has the name of a collection"),
            ("kind", '["good", "good"]', "value `good` stands twice in `kind`"),
            ("Jet", '["good"]', "enumeration `Jet` has the name of a collection"),
        )
    ),
    (
        "unknown enumeration",
        HEAD + 'enumerations.kind = ["good"]\n' + JET + 'k = { branch = "k", enum = "kin", values = {} }\n',
        6,
        "there is no enumeration `kin` (did you mean `kind`?)",
    ),
    (
        "unknown value of an enumeration",
        HEAD
        + 'enumerations.kind = ["good"]\n'
        + JET
        + '[collections.Jet.attributes.k]\nbranch = "k"\nenum = "kind"\n'
        + "[collections.Jet.attributes.k.values]\ngod = 1\n",
        10,
        "`god` is not a value of `kind` (did you mean `good`?)",
    ),
    (
        "one number for two values",
        HEAD
        + 'enumerations.kind = ["good", "bad"]\n'
        + JET
        + 'k = { branch = "k", enum = "kind", values = { good = 1, bad = [0, 1] } }\n',
        6,
        "the number 1 stands for both `good` and `bad`",
    ),
    (
        "enumeration without values",
        HEAD + 'enumerations.kind = ["good"]\n' + JET + 'k = { branch = "k", enum = "kind" }\n',
        6,
        "attribute `k` needs `values`",
    ),
    (
        "a value that is an attribute",
        HEAD + 'enumerations.kind = ["good", "pt"]\n' + JET,
        3,
        "value `pt` has the name of an attribute",
    ),
    (
        "a value in two enumerations",
        HEAD + 'enumerations.a = ["good"]\nenumerations.b = ["good"]\n' + JET,
        4,
        "value `good` is in both `a` and `b`",
    ),
    (
        "link to nowhere",
        HEAD + JET + 'other = { branch = "i", to = "Jets" }\n',
        5,
        "there is no collection `Jets` (did you mean `Jet`?)",
    ),
    (
        "link to a single item",
        HEAD + JET + 'up = { branch = "i", to = "E" }\n[collections.E]\nsingle = true\npattern = "{name}"\n',
        5,
        "a link must go to a stored collection, and `E` is not one",
    ),
    (
        "link to a part",
        HEAD + JET + 'other = { branch = "i", to = "B" }\n[collections.B]\nbase = "Jet"\nwhere = "pt > 1 GeV"\n',
        5,
        "a link must go to a stored collection, and `B` is not one",
    ),
    (
        "half a key",
        HEAD + JET + 'other = { branch = "i", to = "Jet", key = 3 }\n',
        5,
        "link `other` needs both `key` and `key_branch`, or neither",
    ),
    (
        "base that is not there",
        HEAD + JET + '[collections.B]\nbase = "Jets"\nwhere = "pt > 1 GeV"\n',
        6,
        "there is no collection `Jets` (did you mean `Jet`?)",
    ),
    (
        "base in a circle",
        HEAD + '[collections.A]\nbase = "B"\nwhere = "true"\n[collections.B]\nbase = "A"\nwhere = "true"\n',
        4,
        "`A` is a part of itself: A -> B -> A",
    ),
    (
        "base without where",
        HEAD + JET + '[collections.B]\nbase = "Jet"\n',
        6,
        "`B` has `base` and no `where`: they go together",
    ),
    (
        "stored attribute of a part",
        HEAD + JET + '[collections.B]\nbase = "Jet"\nwhere = "true"\nattributes.m = { branch = "m" }\n',
        8,
        "`m` can only be derived here",
    ),
    *(
        (what, HEAD + JET + text, line, message)
        for what, text, line, message in (
            (
                "a part that is a single item",
                '[collections.B]\nsingle = true\nbase = "Jet"\nwhere = "true"\n',
                7,
                "`B` is a single item",
            ),
            (
                "a part of a single item",
                '[collections.E]\nsingle = true\npattern = "{name}"\n[collections.B]\nbase = "E"\nwhere = "true"\n',
                9,
                "`E` is a single item: only a collection has parts",
            ),
            (
                "a part of ATLAS objects",
                '[collections.B]\nbase = "Jet"\nwhere = "true"\nxaod = "Bs()"\n',
                8,
                "`B` is a part of `Jet`, where `xaod` belongs",
            ),
            (
                "a pattern of items",
                '[collections.E]\npattern = "{name}"\n',
                6,
                "only a single item (`single = true`) has",
            ),
            (
                "items that are one",
                '[collections.E]\nlist_of_one = true\nattributes.m = { branch = "m" }\n',
                6,
                "only a single item (`single = true`) is stored as",
            ),
            ("an enumeration without a name", 'k = { branch = "k", type = "enum", values = {} }\n', 5, "needs `enum`"),
            ("a link without a target", 'k = { branch = "k", type = "link" }\n', 5, "link `k` needs `to`"),
        )
    ),
    (
        "items of a single item",
        HEAD + '[collections.B]\nsingle = true\nitems = ["b1"]\nattributes.m = { branch = "{item}_m" }\n',
        5,
        "`B` is a single item: only a collection has `items`",
    ),
    (
        "number of items of a part",
        HEAD + JET + '[collections.B]\nbase = "Jet"\nwhere = "true"\ncount = "n"\n',
        8,
        "`B` is a part of `Jet`, where `count` belongs",
    ),
    (
        "number of ATLAS objects",
        HEAD + '[collections.B]\nxaod = "Bs()"\ncount = "n"\nattributes.m = { branch = "m" }\n',
        5,
        "a collection of ATLAS objects (it has `xaod`) cannot have `count`",
    ),
    (
        "an item twice",
        HEAD + '[collections.B]\nitems = ["b1", "b1"]\nattributes.m = { branch = "{item}_m" }\n',
        4,
        "item `b1` stands twice",
    ),
    (
        "one branch for all items",
        HEAD + '[collections.B]\nitems = ["b1", "b2"]\nattributes.m = { branch = "b_m" }\n',
        5,
        "the branches of `B` are those of its `items`: `b_m` must have `{item}` in it",
    ),
    (
        "a branch for each of no items",
        HEAD + '[collections.B]\nattributes.m = { branch = "{item}_m" }\n',
        4,
        "`{item}` stands for one of the `items` of a collection, and `B` has none",
    ),
    (
        "keyword",
        HEAD + '[collections.select.attributes]\npt = { branch = "x" }\n',
        3,
        "`select` cannot name a collection: it is a word of the language",
    ),
    (
        "unit as a name",
        HEAD + JET + 'm = { branch = "m" }\n',
        5,
        "`m` cannot name an attribute: it is a unit",
    ),
    (
        "function as a name",
        HEAD + JET + 'count = { branch = "n" }\n',
        5,
        "`count` cannot name an attribute: it is a function or constant of the language",
    ),
    (
        "no name at all",
        HEAD + JET + '"n-1" = { branch = "n" }\n',
        5,
        "`n-1` cannot name an attribute: a name has letters, digits and `_`",
    ),
    (
        "default",
        HEAD + JET + 'n = { branch = "n", type = "int", default = 0.5 }\n',
        5,
        "`default` of `n` must be a whole number",
    ),
    (
        "default of a list",
        HEAD + JET + "n = { branch = 'n', list = true, default = 0 }\n",
        5,
        "`default` of `n` must be [] (an empty list)",
    ),
    *(
        (f"default {value}", HEAD + JET + f'x = {{ branch = "x", default = {value} }}\n', 5, "must be a finite number")
        for value in ("nan", "inf", "-inf", "true", '"1"')
    ),
    *(
        (
            f"default of {kind}",
            HEAD + 'enumerations.kind = ["good"]\n' + JET + f'x = {{ branch = "x", {kind}, default = {value} }}\n',
            6,
            f"`default` of `x` must be {message}",
        )
        for kind, value, message in (
            ('type = "bool"', "1", "true or false"),
            ('type = "int"', "true", "a whole number"),
            ('enum = "kind", values = { good = 1 }', '"bad"', "one of good"),
            ('to = "Jet"', "1", "left out: a link has no default"),
            ('to = "Jet", list = true', "[]", "left out: a link has no default"),
        )
    ),
    ("mask", HEAD + JET + 'n = { branch = "n", type = "int", mask = 0 }\n', 5, "must be above 0"),
    *(
        (
            f"{number} behind a mask",
            HEAD + 'enumerations.kind = ["good"]\n' + JET + line,
            6,
            f"the number {number} has bits",
        )
        for number, line in (
            (15, 'n = { branch = "n", type = "int", mask = 6, default = 15 }\n'),
            (-2, 'n = { branch = "n", type = "int", mask = 6, default = -2 }\n'),
            (8, 'k = { branch = "k", enum = "kind", values = { good = [0, 6, 8] }, mask = 6 }\n'),
        )
    ),
    *(
        (f"{key} of more than 64 bits", HEAD + JET + line, 5, f"`{name}` does not fit into 64 bits")
        for key, name, line in (
            ("mask", "mask", f'n = {{ branch = "n", type = "int", mask = {2**63} }}\n'),
            ("default", "default", f'x = {{ branch = "x", default = 1{"0" * 400} }}\n'),
            ("value", "good", f'k = {{ branch = "k", enum = "kind", values = {{ good = [1, {-(2**63) - 1}] }} }}\n'),
        )
    ),
    ("an integer of thousands of digits", HEAD + f"style = 1{'0' * 5000}\n" + JET, 6, "not valid TOML"),
    ("lists in lists", HEAD + JET + f"x = {{ value = {'[' * 5000}{']' * 5000} }}\n", 1, "levels deep"),
    ("tables in tables", HEAD + JET + f"[{'.'.join('a' * 500)}]\n", 5, "nested more than 20 levels deep"),
    ("extends", HEAD + 'extends = "nanoad"\n', 3, "and not `nanoad` (did you mean `nanoaod`?)"),
    ("extends nothing", HEAD + "extends = 1\n" + JET, 3, "`extends` must be a text, not a whole number"),
    ("what another format is called", 'extends = "nanoaod"\n', 1, "a format needs `name`"),
    (
        "unit in an extension",
        HEAD + 'extends = "nanoaod"\n[collections.Jet.attributes]\npt = { branch = "p", unit = "Gev" }\n',
        5,
        "`Gev` is not a unit",
    ),
    ("extended by a number", HEAD + 'extends = "nanoaod"\ncollections.Jet = 1\n', 4, "`Jet` must be a table"),
    (
        "attributes that are none",
        HEAD + 'extends = "nanoaod"\n[collections.Jet]\nattributes = 1\n',
        5,
        "`attributes` must be a table",
    ),
    ("style", HEAD + 'style = "cms"\n' + JET, 3, "`style` must be `ATLAS` or `CMS`, and not `cms`"),
    (
        "pattern",
        HEAD + '[collections.trigger]\nsingle = true\npattern = "HLT"\n',
        5,
        "a `pattern` holds `{name}` once",
    ),
    *(
        (
            f"pattern {pattern}",
            HEAD + f'[collections.trigger]\nsingle = true\npattern = "{pattern}"\n',
            5,
            "a `pattern` holds `{name}` once and no other braces",
        )
        for pattern in ("{name}}", "{0}_{name}", "{name}_{name.__class__}")
    ),
    (
        "parts of parts",
        HEAD + JET + "".join(f'[collections.J{k}]\nbase = "J{k - 1}"\nwhere = "true"\n' for k in range(1, 40)),
        63 + 3,
        "`J21` is a part of parts, more than 20 times over",
    ),
    *(
        (
            f"{name} as the name of a {what}",
            HEAD + text + JET,
            3,
            f"`{name}` cannot {'be a value' if what == 'value' else f'name {article} {what}'}: it is {reason}",
        )
        for what, article, name, text, reason in (
            ("collection", "a", "this", '[collections.this.attributes]\nx = { branch = "x" }\n', "a word of"),
            ("collection", "a", "parts", '[collections.parts.attributes]\nx = { branch = "x" }\n', "a word of"),
            ("collection", "a", "pz", '[collections.pz.attributes]\nx = { branch = "x" }\n', "an attribute of every"),
            ("value", "a", "rapidity", 'enumerations.kind = ["rapidity"]\n', "an attribute of every four-vector"),
            ("attribute", "an", "Jet", 'collections.E.attributes.Jet = { branch = "x" }\n', "a collection"),
            ("enumeration", "an", "GeV", 'enumerations.GeV = ["good"]\n', "a unit"),
        )
    ),
    *(
        (f"{name} stored as {kind}", HEAD + JET + f'{name} = {{ branch = "x"{stored} }}\n', 5, f"is of type {kind}")
        for name, stored, kind in (
            ("mass", "", "number"),
            ("energy", ', unit = "mm"', "length"),
            ("px", ', type = "int"', "integer"),
            ("eta", ', unit = "GeV"', "energy"),
            ("charge", ', type = "bool"', "true or false"),
            ("phi", ", list = true", "list (number)"),
        )
    ),
    *(
        (f"event numbers that are {what}", HEAD + f"[collections.event]\n{text}" + JET, line, message)
        for what, text, line, message in (
            ("in a list", 'attributes.run = { branch = "run", type = "int" }\n', 3, "`event` must be a single item"),
            ("real", 'single = true\nattributes.run = { branch = "run" }\n', 5, "`event.run` must be a stored whole"),
            ("derived", 'single = true\nattributes.number = { value = "1" }\n', 5, "must be a stored whole number"),
            (
                "a list",
                'single = true\nattributes.number = { branch = "n", type = "int", list = true }\n',
                5,
                "must be a stored whole number",
            ),
        )
    ),
    *(
        (f"range that is {what}", HEAD + JET + f'r = {{ branch = "r", {keys} }}\n', 5, message)
        for what, keys, message in (
            ("turned round", "range = [1, 0]", "`range` must be a list of the smallest and the largest number"),
            ("one number", "range = 1", "`range` must be a list of the smallest and the largest number"),
            ("three numbers", "range = [0, 1, 2]", "`range` must be a list of the smallest and the largest number"),
            ("no number", "range = [0, nan]", "`range` must be a list of the smallest and the largest number"),
            ("of truth values", "range = [false, true]", "`range` must be a list of the smallest and the largest"),
            ("of all numbers", "range = [-inf, inf]", "`range` must be a list of the smallest and the largest number"),
            ("of a bit", 'type = "bool", range = [0, 1]', "an attribute of type bool cannot have `range`"),
            ("without its default", "range = [0, 1], default = -999", "`default` of `r` is not in its `range`"),
        )
    ),
    (
        "range of a derived attribute",
        HEAD + JET + 'r = { value = "pt / (1 GeV)", range = [0, 1] }\n',
        5,
        "a derived attribute (it has `value`) cannot have `range`",
    ),
    ("no attributes", HEAD + "[collections.Jet]\n", 3, "collection `Jet` has no attributes"),
]


@pytest.mark.parametrize(("text", "line", "message"), [case[1:] for case in BAD], ids=[c[0] for c in BAD])
def test_a_bad_format_file_is_refused_with_line_and_reason(text: str, line: int, message: str) -> None:
    with pytest.raises(FormatError) as raised:
        read_format(text, "own.toml")
    told = [(problem.line, problem.message) for problem in raised.value.problems]
    assert any(at == line and message in said for at, said in told), told
    assert f"own.toml:{line}: " in str(raised.value)
    assert raised.value.exit_code == ExitCode.PROBLEMS


def test_all_problems_of_a_file_are_told_at_once_in_order() -> None:
    text = HEAD + "style = 1\n" + JET + 'm = { branch = "m" }\nn = { branch = "n", unit = "kg" }\n'
    with pytest.raises(FormatError) as raised:
        read_format(text, "own.toml")
    assert [problem.line for problem in raised.value.problems] == [3, 6, 7]


def test_derived_expressions_are_checked() -> None:
    own = read_format(HEAD + JET + 'a = { value = "b" }\nb = { value = "a" }\nc = { value = "pt + 1" }\n', "own.toml")
    _, problems = derived_types(own)
    assert [problem.attribute for problem in problems] == ["a", "b", "c"]
    assert "is computed from itself" in problems[0].message
    assert "`1` has no unit" in problems[2].message


def told_by_types(text: str) -> list[tuple[str, str | None, str]]:
    _, problems = derived_types(read_format(HEAD + JET + text, "own.toml"))
    return [(problem.collection, problem.attribute, problem.message) for problem in problems]


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("pt", "a condition is true or false, and this is of type energy"),
        ("Jet", "a condition is true or false, and this is a collection of items of Jet"),
        ("any(b.pt > 1 GeV for b in B)", "the condition of `B` depends on itself"),
        ("n > 0", "Jet.n: the condition of `B` depends on itself"),
        ("nothing", "`nothing` is not defined and not an attribute of Jet"),
    ],
)
def test_the_condition_of_a_part_is_checked_as_one(where: str, message: str) -> None:
    text = f'n = {{ value = "count(B)" }}\n[collections.B]\nbase = "Jet"\nwhere = "{where}"\n'
    assert ("B", None, message) in told_by_types(text)


def test_a_warning_is_no_mistake_of_the_format() -> None:
    trigger = '[collections.trigger]\nsingle = true\npattern = "HLT_{name}"\n'
    assert told_by_types('a = { value = "exists(trigger.X)" }\n' + trigger) == []


def test_a_pattern_has_attributes_beside_it() -> None:
    """As of triggers that only some files have, for which the language has no `default`."""
    listed = '[collections.trigger.attributes]\nX = { branch = "HLT_X", type = "bool", default = false }\n'
    own = read_format(
        HEAD + JET + '[collections.trigger]\nsingle = true\npattern = "HLT_{name}"\n' + listed, "own.toml"
    )
    text = 'hepsel 1\nanalysis "t"\nregion r\n  select default(trigger.X, false) or trigger.Y\n'
    checked = check_text(text, own)
    assert checked.diagnostics == ()
    assert checked.program is not None
    found = [checked.program.resolve("trigger", name) for name in ("X", "Y")]
    assert [(one.spec.branches, one.spec.default) for one in found if isinstance(one, StoredAttribute)] == [
        (("HLT_X",), False),
        (("HLT_Y",), None),
    ]


def test_derived_components_of_four_vectors_have_their_dimension() -> None:
    assert told_by_types('px = { value = "1.0 mm" }\neta = { value = "1" }\n') == [
        ("Jet", "px", "`px` is a component of four-vectors: it must be of type energy, and is of type length")
    ]


@pytest.mark.parametrize("backwards", [False, True])
def test_attributes_that_lead_to_each_other_many_times_over(*, backwards: bool) -> None:
    """Each is typed once where they stand in order, and recursive code walks all of them nevertheless."""
    lines = ['a0 = { value = "pt" }\n', *(f'a{k} = {{ value = "a{k - 1}" }}\n' for k in range(1, 500))]
    assert told_by_types("".join(lines[:50])) == []
    told = told_by_types("".join(reversed(lines) if backwards else lines))
    assert all(message.endswith("attributes lead to each other more than 120 levels deep") for *_, message in told)
    assert len(told) == 500 - 60


def test_lines_of_keys_over_several_lines() -> None:
    text = 'a = """\nb = 1\n"""\nc = [\n  1, # [d]\n  2,\n]\n\n["x y".z]\ne.f = { g = 1 }\n'
    lines = key_lines(text)
    assert key_lines("a = 'x\u2028y'\nb = 1\n")["b",] == 2
    assert lines["a",] == 1
    assert ("b",) not in lines
    assert lines["c",] == 4
    assert lines["x y", "z"] == 9
    assert lines["x y", "z", "e", "f", "g"] == 10


@pytest.mark.parametrize("kind", [str, Path, load_format])
def test_a_program_takes_a_format_by_its_path(kind: Callable[[str], str | Path | Format]) -> None:
    folder = EXAMPLES / "cms_dimuon"
    program = load_program(folder / "z_peak.hepsel", kind(str(folder / "format.toml")))
    assert program.format == load_format(str(folder / "format.toml"))
