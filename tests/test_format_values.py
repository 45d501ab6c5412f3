"""Every attribute of the built-in formats, on every real file, against what uproot reads from the branch.

Units, bits and the numbers of enumerations stand here a second time, from the documentation of the experiments and not
from the format files: the titles of branches that CMS writes, PhysicsTools/NanoAOD/python of CMSSW, the xAOD classes of
Athena (lengths in mm, energies in MeV), and the programs that wrote the open data.
"""

from __future__ import annotations

import contextlib
import functools
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import pytest
import uproot
from data_files import data_file, kept_open

from hepsel.check import load_program
from hepsel.formats.loader import load_format
from hepsel.run.execute import run_program
from hepsel.semantics import program as typed
from hepsel.semantics.expressions import ExpressionChecker
from hepsel.semantics.intervals import Interval
from hepsel.semantics.stated import stated
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import UNKNOWN, ItemType
from hepsel.semantics.walk import walk

FILES = [
    ("physlite", "physlite/zee_mc20_100ev.root"),
    ("physlite", "physlite/ttbar_22.2.110_100ev.root"),
    ("physlite", "physlite/mc23_601229_50ev.root"),
    ("physlite", "physlite/rntuple_100ev.root"),
    ("nanoaod", "nanoaod/nano_dy.root"),
    ("nanoaod", "nanoaod/nano_dy_rntuple.root"),
    ("nanoaod", "nanoaod/nano_tt_v12.root"),
    ("nanoaod", "nanoaod/nano_tt_v15.root"),
    ("atlas_open_data", "atlas_open_data_4l/data_D.4lep.root"),
    ("cms_open_data_2012", "adl_benchmark/Run2012B_SingleMu_1000.root"),
    ("cms_open_data_2012", "adl_benchmark/Run2012B_SingleMu-restructured-1000.parquet"),
    ("delphes", "delphes/delphes.root"),
]

TREES = {"physlite": ["CollectionTree", "EventData"], "atlas_open_data": ["mini"], "delphes": ["Delphes"]}

# ------------------------------------------------------------------ what the documentation says

# Base units are MeV, mm, ns and fb: what a value in the documented unit of its branch is multiplied with. A branch that
# is not listed is a pure number, an angle, or in a base unit.
FACTORS: dict[str, list[tuple[str, float]]] = {
    "physlite": [],
    "atlas_open_data": [(r"XSection", 1e3)],  # pb
    "cms_open_data_2012": [
        (r".*[._](pt|mass|sumet|idIsoRaw)", 1e3),
        (r"MET[._]Cov(XX|XY|YY)", 1e6),
        (r"PV[._][xyz]|.*[._](dxy|dz)(Err)?", 10),
    ],
    "delphes": [
        (r".*\.(PT|Mass|MET|HT|ScalePDF)", 1e3),
        (r"Event\.CrossSection", 1e3),  # pb
    ],
    "nanoaod": [
        (r".*_(pt|mass|msoftdrop|sumEt|HT|Vpt|energyErr|ptErr|tuneP_pterr|rawIso|ptUnclustered(Up|Down))", 1e3),
        (r"(Rho_)?fixedGridRhoFastjetAll", 1e3),
        (r"PV_score|(PF)?MET_cov(XX|XY|YY)", 1e6),
        (r"Electron_eInvMinusPInv", 1e-3),
        (r"FsrPhoton_dROverEt2", 1e-6),
        (r"(PV|SV)_[xyz]|.*_(dxy|dz)(Err)?|.*_(ip3d|dxybs|dlen)", 10),
    ],
}

BITS = {  # from the lowest, 0
    "GenPart_statusFlags": {
        "is_prompt": 0, "is_decayed_lepton_hadron": 1, "is_tau_decay_product": 2, "is_prompt_tau_decay_product": 3,
        "is_direct_tau_decay_product": 4, "is_direct_prompt_tau_decay_product": 5, "is_direct_hadron_decay_product": 6,
        "is_hard_process": 7, "is_from_hard_process": 8, "is_hard_process_tau_decay_product": 9,
        "is_direct_hard_process_tau_decay_product": 10, "is_from_hard_process_before_fsr": 11, "is_first_copy": 12,
        "is_last_copy": 13, "is_last_copy_before_fsr": 14,
    },
    "Jet_jetId": {"is_tight_id": 1, "is_tight_lepton_veto_id": 2},
    "FatJet_jetId": {"is_tight_id": 1, "is_tight_lepton_veto_id": 2},
    "AnalysisMuonsAuxDyn.quality": {"passes_id_cuts": 3, "passes_high_pt_cuts": 4},
    "EventInfoAuxDyn.eventTypeBitmask": {"is_simulation": 0},
    "Jet.BTag": {"is_b_tagged": 0, "is_b_tagged_1": 1, "is_b_tagged_2": 2}, "Jet.TauTag": {"is_tau_tagged": 0},
}  # fmt: skip
MUON_QUALITY = 7  # the lowest three bits hold the number

NUMBERS = {
    ("physlite", "Vertex", "type"): {
        0: "no_vertex", 1: "primary_vertex", 2: "secondary_vertex", 3: "pileup_vertex", 4: "conversion_vertex",
        5: "v0_vertex", 6: "kink_vertex",
    },
    ("physlite", "Muon", "type"): {
        0: "combined", 1: "standalone", 2: "segment_tagged", 3: "calo_tagged", 4: "forward",
    },
    ("atlas_open_data", "Lepton", "flavour"): {11: "electron", 13: "muon"},
}  # fmt: skip

# The last part of the branch that a name of the standard vocabulary may stand for.
STANDARD = {
    "pt": "pt et PT MET", "eta": "eta Eta", "phi": "phi Phi", "mass": "mass m Mass", "energy": "E e",
    "px": "px", "py": "py", "pz": "pz",
    "charge": "charge Charge", "pdg_id": "pdgId PID", "sumet": "sumEt sumet", "significance": "significance",
    "dxy": "dxy", "dz": "dz DZ", "sip3d": "sip3d", "ip3d": "ip3d", "x": "x X", "y": "y Y", "z": "z Z",
    "d0": "d0 trackd0pvunbiased D0", "z0": "z0",
    "pfreliso03": "pfRelIso03_all pfRelIso03_all_Fall17V2 pfRelIso03_all_quadratic relIso03",
    "pfreliso04": "pfRelIso04_all", "minireliso": "miniPFRelIso_all", "run": "run runNumber",
    "luminosity_block": "luminosityBlock lumiBlock", "number": "event eventNumber Number",
    "status": "status Status",
}  # fmt: skip


# ------------------------------------------------------------------ reading without hepsel


@dataclass(frozen=True, eq=False)
class Held:
    """A file, by uproot or pyarrow alone."""

    format: str
    path: Path
    tree: Any
    cache: dict[str, ak.Array] = field(default_factory=dict)

    def find(self, branches: str | list[str]) -> str | None:
        for branch in [branches] if isinstance(branches, str) else branches:
            for name in (branch, branch.replace(".", ":", 1), branch.replace(".", "_", 1)):
                with contextlib.suppress(KeyError):
                    self.raw(name)
                    return name
        return None

    def raw(self, name: str) -> ak.Array:
        if name not in self.cache:
            self.cache[name] = self._read(name)
        return self.cache[name]

    def _read(self, name: str) -> ak.Array:
        if isinstance(self.tree, uproot.TTree):
            records, _, field = name.rpartition(".")
            if name not in self._branches and records in self._branches:  # lists of lists of links
                return self.raw(records)[field]
            return self._branches[name].array()
        if self.path.suffix != ".parquet":
            if name.partition(".")[0] not in self._branches:
                raise KeyError(name)
            return self.tree[name].array()
        top, _, inner = name.partition(".")
        if top not in self.tree.fields or (inner and inner not in self.tree[top].fields):
            raise KeyError(name)
        return ak.Array((self.tree[top][inner] if inner else self.tree[top]).to_list())

    @functools.cached_property
    def _branches(self) -> dict[str, Any]:
        """The branches of a ROOT file, the first of each name; of an RNTuple, the fields that are in no other.

        For one that is not there, uproot looks at all of them.
        """
        branches = self.tree.values(recursive=isinstance(self.tree, uproot.TTree))
        return {branch.name: branch for branch in reversed(branches)}

    def real(self, name: str) -> ak.Array:
        found = ak.values_astype(self.raw(name), np.float64)
        factors = [f for pattern, f in FACTORS[self.format] if re.fullmatch(pattern, name)]
        return found * (factors[0] if factors else 1.0)


def tables(name: str) -> dict[str, Any]:
    text = resources.files("hepsel.formats").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["collections"]


@pytest.fixture(scope="module")  # the tests of one file read it once
def held(request: pytest.FixtureRequest) -> Iterator[Held]:
    name, file = request.param
    path = data_file(file)
    if path.suffix == ".parquet":
        yield Held(name, path, ak.from_parquet(path))
        return
    trees = TREES.get(name, ["Events"])
    with kept_open(path, trees), uproot.open(path) as directory:
        yield Held(name, path, next(directory[tree] for tree in trees if tree in directory))


def on_files(*formats: str) -> Callable[..., Any]:
    chosen = [(name, file) for name, file in FILES if name in formats]
    marks = [pytest.mark.shared, pytest.mark.xdist_group("files of formats")]

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for mark in marks:
            function = mark(function)
        return pytest.mark.parametrize("held", chosen, indirect=True, ids=[file for _, file in chosen])(function)

    return decorate


def saved(held: Held, values: dict[str, str], blocks: str = "") -> dict[str, ak.Array]:
    """Return what `hepsel run` saves of some expressions, by their keys."""
    names = {f"v{place}": key for place, key in enumerate(values)}
    lines = ",\n    ".join(f"{name} = {values[key]}" for name, key in names.items())
    program = load_program(f'hepsel 1\nanalysis "t"\n{blocks}region r\n  save {lines}\n', held.format)
    columns = run_program(program, [held.path])["columns"]["r"]
    return {key: columns[name] for name, key in names.items()}


def same(found: ak.Array, expected: ak.Array) -> bool:
    """Whether two columns agree to the last digit but one; what is missing is NaN or None."""
    counts = [ak.num(array).to_list() if array.ndim > 1 else len(array) for array in (found, expected)]
    flat = [ak.to_numpy(ak.fill_none(ak.flatten(array, axis=None), np.nan, axis=0)) for array in (found, expected)]
    if flat[1].dtype.kind not in "biuf":
        return counts[0] == counts[1] and found.to_list() == expected.to_list()
    return counts[0] == counts[1] and np.allclose(*(a.astype(float) for a in flat), rtol=4e-16, atol=0, equal_nan=True)


# ------------------------------------------------------------------ stored attributes


def expected_value(held: Held, collection: str, name: str, entry: dict[str, Any], branch: str) -> ak.Array:
    bits = BITS.get(branch.replace(":", "."), {})
    if (held.format, collection, name) in NUMBERS:
        meaning = NUMBERS[held.format, collection, name]
        return ak.Array([[meaning.get(int(n)) for n in event] for event in held.raw(branch).to_list()])
    if name in bits:
        return (held.raw(branch) >> bits[name]) & 1 == 1
    if name == "quality":
        return held.raw(branch) & MUON_QUALITY
    if entry.get("type") == "bool":
        return held.raw(branch) != 0
    return held.real(branch)


@on_files("physlite", "nanoaod", "atlas_open_data", "cms_open_data_2012", "delphes")
def test_every_stored_attribute_is_its_branch_times_the_documented_unit(held: Held) -> None:
    values, expected, blocks = {}, {}, ""
    for collection, table in tables(held.format).items():
        lists = not table.get("single")
        for name, entry in table.get("attributes", {}).items():
            if "branch" not in entry or "to" in entry or (branch := held.find(entry["branch"])) is None:
                continue
            key = f"{collection}.{name}"
            column = expected_value(held, collection, name, entry, branch)
            column = ak.firsts(column) if table.get("list_of_one") else column
            if lists and entry.get("list"):
                blocks += f"object all_{collection}_{name}\n  take {collection}\n"
                for place in range(ak.max(ak.num(column, axis=2))):
                    blocks += f"  let element{place} = {name}[{place}]\n"
                    values[f"{key}[{place}]"] = f"all_{collection}_{name}.element{place}"
                    expected[f"{key}[{place}]"] = ak.pad_none(column, place + 1, axis=2)[:, :, place]
            else:
                values[key], expected[key] = key, column
            assert ("mask" in entry) == (name in BITS.get(branch.replace(":", "."), {}) or name == "quality"), key
            if name in STANDARD:
                last = re.split(r"AuxDyn[.:]|[._]", branch, maxsplit=1)[-1]
                assert last in STANDARD[name].split(), key
    # branches without an entry in an event, on collision data
    empty = {
        key for key, array in expected.items() if key.endswith(("truth_matched", "true_label")) and not ak.any(array)
    }
    if held.format == "atlas_open_data":
        for key in empty:
            del values[key], expected[key]
    assert len(values) > 60
    found = saved(held, values, blocks)
    assert [key for key in values if not same(found[key], expected[key])] == []


def on_all_files() -> Callable[..., Any]:
    """Run a test on each file, those of collision data that are too much for others among them."""
    more = [("atlas_open_data", f"atlas_open_data_4l/data_{period}.4lep.root") for period in "ABC"]
    cases = pytest.mark.parametrize("held", FILES + more, indirect=True, ids=[file for _, file in FILES + more])
    return lambda function: cases(pytest.mark.shared(pytest.mark.xdist_group("files of formats")(function)))


def outside(values: ak.Array, low: float, high: float) -> int:
    """Return how many of some numbers are not in a range; what is no number is in none, and in no file."""
    return int(ak.sum((values < low) | (values > high), axis=None))


@on_all_files()
def test_every_stored_number_is_in_the_range_that_its_format_states(held: Held) -> None:
    """If not, `hepsel check` tells of a cut that nothing passes where something does."""
    seen, wrong = [], []
    for collection, table in tables(held.format).items():
        for name, entry in table.get("attributes", {}).items():
            if "range" not in entry or (branch := held.find(entry["branch"])) is None:
                continue
            stored = held.raw(branch)
            if "mask" in entry:
                stored = stored & entry["mask"]
            seen.append(f"{collection}.{name}")
            if outside(ak.values_astype(stored, np.float64), *entry["range"]):
                wrong.append(seen[-1])
    assert wrong == []
    assert len(seen) >= {"physlite": 25, "nanoaod": 60, "delphes": 10}.get(held.format, 7)


def stored_for(symbols: Symbols, value: typed.Expr) -> Iterator[tuple[str, ...]]:
    """Yield the spellings of each branch that a value of the format is made of."""
    for part in walk(value):
        if isinstance(part, typed.Attribute) and isinstance(part.item.type, ItemType):
            match typed.resolve(symbols.format, {}, part.item.type.collection, part.name):
                case typed.StoredAttribute(spec):
                    yield from (branches for branches in (spec.branches, spec.key_branches) if branches)
                case typed.DerivedAttribute(owner, name):
                    yield from stored_for(symbols, symbols.derived[owner, name])
                case typed.FromSource((base,)):
                    yield from stored_for(symbols, replace(part, item=typed.This(type=ItemType(base))))


@on_all_files()
def test_every_number_of_a_program_is_where_the_checker_puts_it(held: Held) -> None:
    """Derived ones as well, by the ranges of those that they are made of."""
    symbols = Symbols(load_format(held.format))
    attributes = ExpressionChecker(symbols).attributes
    ranges: dict[str, Interval] = {}
    for collection in symbols.format.collections:
        for name in attributes.names(collection):
            kind = attributes.type_of(collection, name)
            quantity = typed.Attribute(typed.This(type=ItemType(collection)), name, type=kind or UNKNOWN)
            lies = stated(symbols, quantity).interval
            if lies != Interval() and all(held.find([*one]) for one in stored_for(symbols, quantity)):
                ranges[f"{collection}.{name}"] = lies
    assert len(ranges) >= {"physlite": 40, "nanoaod": 80}.get(held.format, 15)
    found = saved(held, {key: key for key in ranges})
    assert [key for key, lies in ranges.items() if outside(found[key], lies.low, lies.high)] == []


@on_files("physlite", "nanoaod", "cms_open_data_2012", "delphes")
def test_every_link_leads_to_the_item_whose_place_is_stored(held: Held) -> None:
    known = tables(held.format)
    values, expected, blocks = {}, {}, ""
    for collection, table in known.items():
        for name, entry in table.get("attributes", {}).items():
            if "to" not in entry or (branch := held.find(entry["branch"])) is None:
                continue
            target = next(
                (
                    (goal, found)
                    for goal, of in known[entry["to"]]["attributes"].items()
                    if "branch" in of
                    and not {"type", "to", "list", "enum"} & of.keys()
                    and (found := held.find(of["branch"]))
                ),
                None,
            )
            if target is None:
                continue
            place = ak.values_astype(held.raw(branch), np.int64)
            of_target = held.real(target[1])
            key = f"{collection}.{name}"
            if entry.get("list"):
                blocks += f"object first_{collection}\n  take {collection}\n  let linked = {name}[0].{target[0]}\n"
                values[key], place = f"first_{collection}.linked", ak.firsts(place, axis=2)
            else:
                values[key] = f"{key}.{target[0]}"
            there = (place >= 0) & (place < ak.num(of_target))
            if "key" in entry:
                stored = held.raw(held.find(entry["key_branch"]) or "")
                there = there & ((ak.firsts(stored, axis=2) if entry.get("list") else stored) == entry["key"])
            there = ak.fill_none(there, value=False)
            padded = ak.fill_none(ak.pad_none(of_target, 1), np.nan)  # so that each event has a place 0
            expected[key] = ak.where(there, padded[ak.fill_none(ak.where(there, place, 0), 0)], np.nan)
    assert values
    found = saved(held, values, blocks)
    assert [key for key in values if not same(found[key], expected[key])] == []


# ------------------------------------------------------------------ derived attributes


def missing_below_zero(array: ak.Array) -> ak.Array:
    return ak.where(array >= 0, array, np.nan)


def missing_if_not_positive(array: ak.Array) -> ak.Array:
    return ak.where(array > 0, array, np.nan)


def deeptau(bits: ak.Array, working_points: int) -> ak.Array:
    """Return the number of the tightest working point, of bits each of which comes with all looser ones."""
    nested = ak.zeros_like(bits, dtype=np.float64) * np.nan
    for k in range(working_points + 1):
        nested = ak.where(bits == 2**k - 1, float(k), nested)
    return nested


def nano_derived() -> dict[str, tuple[list[str], Callable[..., ak.Array]]]:
    derived: dict[str, tuple[list[str], Callable[..., ak.Array]]] = {
        "Electron.eta_sc": (["Electron_eta", "Electron_deltaEtaSC"], lambda eta, delta: eta + delta),
        "FatJet.mass_softdrop": (["FatJet_msoftdrop"], missing_below_zero),
        "FatJet.n2b1": (["FatJet_n2b1"], missing_below_zero),
        "FatJet.tau21": (["FatJet_tau2", "FatJet_tau1"], lambda two, one: two / one),
        "FatJet.tau32": (["FatJet_tau3", "FatJet_tau2"], lambda three, two: three / two),
        "Jet.quark_gluon_likelihood": (["Jet_qgl"], missing_below_zero),
        "Tau.iso_raw": (["Tau_rawIso"], missing_below_zero),
        "Jet.particlenet_regression": (["Jet_PNetRegPtRawCorr"], missing_if_not_positive),
        "Jet.particlenet_regression_neutrino": (["Jet_PNetRegPtRawCorrNeutrino"], missing_if_not_positive),
        "Jet.particlenet_regression_resolution": (["Jet_PNetRegPtRawRes"], missing_if_not_positive),
        "FatJet.particlenet_mass_correction": (["FatJet_particleNet_massCorr"], missing_if_not_positive),
        "Jet.btag": (["Jet_btagDeepFlavB"], lambda btag: btag),
        "GenDressedLepton.charge": (["GenDressedLepton_pdgId"], lambda code: ak.where(code > 0, -1, 1)),
        "Tau.deeptau_2017_vs_jet_v9": (["Tau_idDeepTau2017v2p1VSjet"], functools.partial(deeptau, working_points=8)),
        "Tau.deeptau_2017_vs_electron_v9": (["Tau_idDeepTau2017v2p1VSe"], functools.partial(deeptau, working_points=8)),
        "Tau.deeptau_2017_vs_muon_v9": (["Tau_idDeepTau2017v2p1VSmu"], functools.partial(deeptau, working_points=4)),
    }
    for of, points in (("Electron", "very_loose loose medium tight"), ("Photon", "loose medium tight")):
        for number, point in enumerate(points.split(), start=1):
            derived[f"{of}.is_{point}"] = (
                [f"{of}_cutBased"],
                functools.partial(lambda n, least: n >= least, least=number),
            )
    for of in ("Jet", "FatJet"):
        for name in ("pt", "mass"):
            derived[f"{of}.{name}_raw"] = ([f"{of}_{name}", f"{of}_rawFactor"], lambda x, factor: x * (1 - factor))
    return derived


@on_files("nanoaod")
def test_derived_attributes_of_nanoaod(held: Held) -> None:
    expected = {}
    for key, (branches, function) in nano_derived().items():
        if all(held.find(branch) for branch in branches):
            expected[key] = function(*(held.real(branch) for branch in branches))
    assert len(expected) > 8
    found = saved(held, {key: key for key in expected})
    assert [key for key in expected if not close(found[key], expected[key])] == []


@on_files("nanoaod")
def test_tracker_isolation_is_over_the_pt_of_the_tunep_fit_in_all_versions(held: Held) -> None:
    """Version 15 stores it over another pT: cms-sw/cmssw#45635."""
    stored, expected = held.real("Muon_tkRelIso"), held.real("Muon_tkRelIso")
    if "v15" in held.path.name:
        expected = expected / held.real("Muon_tunepRelPt")
        assert ak.any(abs(expected - stored) > 0.1)
    assert close(saved(held, {"found": "Muon.tkreliso"})["found"], expected)


@on_files("physlite")
def test_derived_attributes_of_physlite(held: Held) -> None:

    def real(name: str) -> ak.Array:
        return held.real(held.find(name) or name)

    def raw(name: str) -> ak.Array:
        return held.raw(held.find(name) or name)

    quality = raw("AnalysisMuonsAuxDyn.quality") & MUON_QUALITY
    points = ["is_tight", "is_medium", "is_loose", "is_very_loose"]
    expected = {f"Muon.{point}": quality <= number for number, point in enumerate(points)}
    primary = ak.firsts(real("PrimaryVerticesAuxDyn.z")[raw("PrimaryVerticesAuxDyn.vertexType") == 1])
    width = [real(f"EventInfoAuxDyn.beamPosSigma{axis}") for axis in ("X", "Y", "XY")]
    for collection, branch in (
        ("Track", "InDetTrackParticlesAuxDyn."),
        ("GSFTrack", "GSFTrackParticlesAuxDyn."),
        ("CombinedMuonTrack", "CombinedMuonTrackParticlesAuxDyn."),
        ("ExtrapolatedMuonTrack", "ExtrapolatedMuonTrackParticlesAuxDyn."),
    ):
        d0, z0, vz, phi, theta, q_over_p = (
            real(branch + name) for name in ("d0", "z0", "vz", "phi", "theta", "qOverP")
        )
        variance = real(branch + "definingParametersCovMatrixDiag")[:, :, 0]
        # the width of the beam spot across the direction of the track: n^T C n, n = (-sin phi, cos phi)
        beam = width[0] ** 2 * np.sin(phi) ** 2 + width[1] ** 2 * np.cos(phi) ** 2 - width[2] * np.sin(2 * phi)
        expected |= {
            f"{collection}.d0_significance": abs(d0) / np.sqrt(variance + beam),
            f"{collection}.z0_sin_theta": (z0 + vz - primary) * np.sin(theta),
            f"{collection}.pt": np.sin(theta) / abs(q_over_p),
            f"{collection}.eta": np.arctanh(np.cos(theta)),
            f"{collection}.charge": ak.where(q_over_p < 0, -1, 1),
        }
    tagger = "BTagging_AntiKt4EMPFlowAuxDyn.DL1dv01_p"
    b, c, u = (real(tagger + flavour) for flavour in "bcu")
    expected["BTagging.dl1d"] = np.log(b) - np.log(0.018 * c + 0.982 * u)
    for name in ("c2", "d2"):
        expected[f"FatJet.{name}"] = missing_below_zero(real(f"AnalysisLargeRJetsAuxDyn.{name.upper()}"))
    for new, old in (("2", "1"), ("3", "2")):
        of = real(f"AnalysisLargeRJetsAuxDyn.Tau{old}_wta")  # 0 of too few particles
        ratio = real(f"AnalysisLargeRJetsAuxDyn.Tau{new}_wta") / ak.where(of > 0, of, np.nan)
        expected[f"FatJet.tau{new}{old}"] = ratio
    for of, code in (("Electron", -11), ("Muon", -13)):
        expected[f"{of}.pdg_id"] = code * real(f"Analysis{of}sAuxDyn.charge")

    def linked(link: str, column: ak.Array, key: int) -> ak.Array:
        place, keys = raw(f"{link}.m_persIndex"), raw(f"{link}.m_persKey")
        if place.ndim > 2:
            place, keys = ak.firsts(place, axis=2), ak.firsts(keys, axis=2)
        place = ak.values_astype(place, np.int64)
        there = ak.fill_none((keys == key) & (place >= 0) & (place < ak.num(column)), value=False)
        padded = ak.fill_none(ak.pad_none(column, 1), np.nan)
        return ak.where(there, padded[ak.fill_none(ak.where(there, place, 0), 0)], np.nan)

    # xAOD::Muon::primaryTrackParticle, by the type: combined and forward, stand-alone, all others
    kind = raw("AnalysisMuonsAuxDyn.muonType")
    for name in ("d0_significance", "z0_sin_theta"):
        expected[f"Electron.{name}"] = linked(
            "AnalysisElectronsAuxDyn.trackParticleLinks", expected[f"GSFTrack.{name}"], 776133387
        )
        tracks = [
            linked(f"AnalysisMuonsAuxDyn.{link}ParticleLink", expected[f"{target}.{name}"], key)
            for link, target, key in (
                ("combinedTrack", "CombinedMuonTrack", 873304470),
                ("inDetTrack", "Track", 490246363),
                ("extrapolatedMuonSpectrometerTrack", "ExtrapolatedMuonTrack", 350445215),
            )
        ]
        of_type = ak.where(kind == 1, tracks[2], tracks[1])
        expected[f"Muon.{name}"] = ak.where((kind == 0) | (kind == 4), tracks[0], of_type)
    expected["Jet.btag"] = linked("AnalysisJetsAuxDyn.btaggingLink", expected["BTagging.dl1d"], 582299515)
    for of in ("Electron", "Muon", "Tau", "Photon"):
        px, py, pz = (real(f"Truth{of}sAuxDyn.p{axis}") for axis in "xyz")
        pt = np.hypot(px, py)
        expected |= {
            f"Truth{of}.pt": pt,
            f"Truth{of}.eta": np.arcsinh(pz / pt),
            f"Truth{of}.phi": np.arctan2(py, px),
        }
        if of != "Photon":
            expected[f"Truth{of}.charge"] = -np.sign(real(f"Truth{of}sAuxDyn.pdgId"))
    found = saved(held, {key: key for key in expected})
    assert [key for key in expected if not close(found[key], expected[key])] == []


def close(found: ak.Array, expected: ak.Array) -> bool:
    """Whether two columns agree but for the rounding of functions and of sums in another order."""
    flat = [
        ak.to_numpy(ak.fill_none(ak.flatten(a, axis=None), np.nan, axis=0)).astype(float) for a in (found, expected)
    ]
    return ak.num(found).to_list() == ak.num(expected).to_list() and np.allclose(
        *flat, rtol=1e-9, atol=1e-12, equal_nan=True
    )


@on_files("physlite")
def test_ratios_of_energy_correlations_that_are_not_defined_pass_no_cut(held: Held) -> None:
    """Jets of too few particles have D2 = -999, which a cut from above would let pass."""
    d2 = held.raw(held.find("AnalysisLargeRJetsAuxDyn.D2") or "")
    found = saved(held, {"n": "count(j for j in FatJet if j.d2 < 1.5)"})["n"]
    assert found.to_list() == ak.sum((d2 >= 0) & (d2 < 1.5), axis=1).to_list()


@pytest.mark.shared
@pytest.mark.xdist_group("files of formats")
@pytest.mark.parametrize("held", [FILES[1]], indirect=True)  # the only one with ptvarcone20
def test_cones_that_cannot_have_shrunk_are_those_of_a_fixed_size(held: Held) -> None:
    """The radius is the smaller of 10 GeV / pT and that of the name."""
    found = saved(held, {name: f"Electron.{name}" for name in ("pt", "ptcone20", "ptvarcone20")})
    wide = found["pt"] < 50_000
    assert ak.sum(wide) > 30
    assert found["ptvarcone20"][wide].to_list() == found["ptcone20"][wide].to_list()


@on_files("cms_open_data_2012")
def test_derived_attributes_of_cms_open_data(held: Held) -> None:

    def real(name: str) -> ak.Array:
        return held.real(held.find(name) or name)

    def computed(name: str) -> ak.Array:
        return ak.where(held.raw(held.find(name) or name) == -999, np.nan, real(name))

    mode = real("Tau.decayMode")
    assert ak.sum(mode == -1) == 988
    expected = {
        "Electron.pdg_id": -11 * real("Electron.charge"),
        "Electron.pfreliso03": computed("Electron.pfRelIso03_all"),
        "Muon.pdg_id": -13 * real("Muon.charge"),
        "Muon.pfreliso03": computed("Muon.pfRelIso03_all"),
        "Muon.pfreliso04": computed("Muon.pfRelIso04_all"),
        **{f"Muon.{name}": computed(f"Muon.{name}") for name in ("dxy", "dz")},
        **{f"Muon.{name}_error": computed(f"Muon.{name}Err") for name in ("dxy", "dz")},
        "Tau.decay_mode": missing_below_zero(mode),
        "Tau.charge": ak.where(mode >= 0, real("Tau.charge"), np.nan),
    }
    found = saved(held, {key: key for key in expected})
    assert [key for key in expected if not close(found[key], expected[key])] == []


@on_files("delphes")
def test_derived_attributes_of_delphes(held: Held) -> None:
    tagged = held.raw("Jet.TauTag") & 1 == 1
    charge = held.real("Jet.Charge")
    assert set(ak.flatten(charge[~tagged])) == {-1, 1}  # drawn by TauTagging.cc, which knows no tau there
    nsubjettiness = held.real("Jet.Tau[5]")
    expected = {"Jet.charge": ak.where(tagged, charge, np.nan), "Tau.charge": charge[tagged]}
    expected |= {f"Jet.tau{k}": nsubjettiness[:, :, k - 1] for k in (1, 2, 3)}
    for new, old in ((2, 1), (3, 2)):
        of = nsubjettiness[:, :, old - 1]
        expected[f"Jet.tau{new}{old}"] = nsubjettiness[:, :, new - 1] / ak.where(of > 0, of, np.nan)
    for of, code in (("Electron", -11), ("Muon", -13)):
        expected[f"{of}.pdg_id"] = code * held.real(f"{of}.Charge")
    for of in ("Electron", "Muon", "Photon"):
        for name, branch in (("reliso", "IsolationVar"), ("reliso_rho", "IsolationVarRhoCorr")):
            expected[f"{of}.{name}"] = missing_below_zero(held.real(f"{of}.{branch}"))
    eta, pz, energy = (held.real(f"Particle.{name}") for name in ("Eta", "Pz", "E"))
    momentum = np.sqrt(held.real("Particle.Px") ** 2 + held.real("Particle.Py") ** 2 + pz**2)
    assert ak.all(abs(pz[abs(eta) > 999]) == momentum[abs(eta) > 999])
    assert ak.any((abs(eta) > 999) & (energy > 0))
    expected["GenParticle.eta"] = ak.where(abs(eta) > 999, np.nan, eta)
    found = saved(held, {key: key for key in (*expected, "Jet.flavour")})
    assert [key for key in expected if not close(found[key], expected[key])] == []
    assert found["Jet.flavour"].to_list() == [["tau" if tag else "jet" for tag in event] for event in tagged]


@on_files("atlas_open_data")
def test_derived_attributes_of_atlas_open_data(held: Held) -> None:
    kind, charge, eta = (held.real(f"lep_{name}") for name in ("type", "charge", "eta"))
    expected = {
        "Lepton.pdg_id": -kind * charge,
        "Electron.pt": held.real("lep_pt")[kind == 11],
        "Muon.pt": held.real("lep_pt")[kind == 13],
        "Lepton.z0_sin_theta": held.real("lep_z0") * np.sin(2 * np.arctan(np.exp(-eta))),
        "FatJet.d2": missing_below_zero(held.real("largeRjet_D2")),
        "FatJet.tau32": missing_below_zero(held.real("largeRjet_tau32")),
    }
    found = saved(
        held, {key: key for key in expected} | {name: f"event.{name}" for name in ("weight", "is_simulation")}
    )
    assert [key for key in expected if not close(found[key], expected[key])] == []
    assert set(found["weight"]) == {1.0}  # collision data, for which 0 is stored
    assert not any(found["is_simulation"])


@on_files("atlas_open_data")
def test_scale_factors_leave_collision_data_what_they_are(held: Held) -> None:
    """They are stored as 0 there, and as weights would take the data away."""
    names = [f"scale_factor_{of}" for of in ("pileup", "electron", "muon", "btag", "lepton_trigger")]
    assert not ak.any(held.raw("scaleFactor_ELE"))
    found = saved(held, {name: f"event.{name}" for name in names})
    assert {float(value) for column in found.values() for value in column} == {1.0}


@on_files("cms_open_data_2012")
def test_jets_of_2012_are_those_of_the_calorimeter(held: Held) -> None:
    """In jets of particle flow, each isolated muon above 25 GeV would be one."""
    isolated = "mu.is_tight and mu.pt > 25 GeV and mu.pfreliso04 < 0.1"
    counted = {
        "muons": f"count(mu for mu in Muon if {isolated})",
        "in jets": f"count(mu for mu in Muon if {isolated} and any(dr(mu, j) < 0.2 for j in Jet))",
    }
    found = saved(held, counted)
    assert ak.sum(found["muons"]) > 400
    assert ak.sum(found["in jets"]) < 10
    photon = tables("cms_open_data_2012")["Photon"]["attributes"]
    assert "pfreliso03" not in photon  # it is of the calorimeter, whatever the branch is called
