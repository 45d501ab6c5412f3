"""Rules that few random programs put to the test: columns give what the interpreter gives."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import awkward as ak
import pytest
from random_events import make_events
from random_programs import random_format
from results import differences, plain

from hepsel.backends.awkward import generate, load
from hepsel.check import load_program
from hepsel.formats.loader import read_format
from hepsel.interpreter import interpret
from hepsel.plan import lower, optimise
from hepsel.plan.columns import attribute_reads
from hepsel.plan.nodes import Stored

SAMPLES = 8
HEADER = 'hepsel 1\nanalysis "test"\n'


def results(text: str, seeds: Iterable[int] = range(SAMPLES)) -> list[Any]:
    """Return what a program gives; that is the same with columns, with and without passes and item cutflows."""
    program = load_program(HEADER + text, random_format())
    plans = (lower(program), optimise(lower(program)), optimise(lower(program, item_cutflow=False)))
    modules = [load(generate(plan)) for plan in plans]
    found = []
    for seed in seeds:
        events = make_events(seed, 6)
        expected = plain(interpret(program, events.plain))
        for plan, module in zip(plans, modules, strict=True):
            wanted = expected if plan.blocks else {**expected, "items": {}}
            computed = plain(module.process(events.read(module.COLUMNS), events=len(events.plain)))
            assert not list(differences(wanted, computed)), text
        found.append(expected)
    return found


@pytest.mark.parametrize(
    ("blocks", "where", "asked", "answer"),
    [
        ("", "count(Jet) == 0", "Jet[0].muon_link == Jet[1].muon_link", False),
        ("object leptons take Electron, Muon", "count(leptons) < 6", "leptons[6] == Muon[6]", False),
        ("", "count(Electron) < 6 and count(Muon) < 6", "Electron[6].grade_of == Muon[6].grade_of", False),
        ("", "count(Jet) < 6 and count(Muon) > 0", "exists(Muon[Jet[6].quality].pt)", False),
    ],
)  # fmt: skip
def test_of_what_is_missing_nothing_is_true(blocks: str, where: str, asked: str, answer: bool) -> None:
    text = f"{blocks}\nregion r\n  select {where}\n  save answer = {asked}"
    found = [value for result in results(text) for value in result["columns"]["r"]["answer"]]
    assert len(found) > 10
    assert set(found) == {answer}


@pytest.mark.parametrize("numbers", ["MET.pt, 1, 2, Jet[6].pt", "MET.pt, Jet[6].pt, MET.px, 9 * MET.pt"])
@pytest.mark.parametrize("component", ["px", "pz", "energy", "charge"])
def test_a_four_vector_of_numbers_is_there_whole_or_not_at_all(numbers: str, component: str) -> None:
    asked = f"four_vector({numbers}).{component}"
    text = f"region r\n  select count(Jet) < 6\n  save found = {asked}, there = exists({asked})"
    columns = [result["columns"]["r"] for result in results(text)]
    found = [value for one in columns for value in one["found"]]
    assert len(found) > 10
    assert set(found) == {None}
    assert not any(value for one in columns for value in one["there"])


@pytest.mark.parametrize("place", range(4))
def test_a_four_vector_lacks_one_component_and_is_not_there(place: int) -> None:
    numbers = ", ".join("MET.pt / 0" if place == number else f"{number + 1} * MET.pt" for number in range(4))
    asked = f"(four_vector({numbers}) - four_vector({numbers}))"  # infinite less infinite
    text = (
        "region r\n  select 0 GeV < MET.pt < 1 TeV\n"
        f"  save there = exists({asked}), pz = {asked}.pz, other = default({asked}, Jet[0]).px, jet = Jet[0].px"
    )
    found = [result["columns"]["r"] for result in results(text)]
    assert sum(len(one["there"]) for one in found) > 10
    assert not any(value for one in found for value in one["there"])
    assert {value for one in found for value in one["pz"]} == {None if place == 2 else 0.0}
    assert all(one["other"] == one["jet"] for one in found)


def test_candidates_of_a_union_need_no_items_of_every_member() -> None:
    """Two electrons and two muons are enough for a pair of each."""
    text = """
    composite twin_e
      take Electron a, Electron b
    composite twin_mu
      take Muon a, Muon b
    object pairs
      take twin_e, twin_mu
    composite quads
      take pairs x, pairs y
    region r
      select count(Electron) == 2 and count(Muon) == 2
      select count(quads) == 1
    """
    counted = [[row["events"] for row in result["cutflow"]["r"][1:]] for result in results(text)]
    before, after = map(sum, zip(*counted, strict=True))
    assert before == after > 0


NEAREST, SHOWER = "argmin(dr(this, e) for e in Electron)", "(if pt > 10 GeV then Shower[0] else Shower[1])"
DERIVED = [
    (NEAREST, "flavour == electron"),  # which is said of all electrons
    (NEAREST, "flavour != muon"),
    (SHOWER, "charge"),  # 1, or else -1
    (SHOWER, "pz"),  # with 0 where none is stored
    ("argmin(e.pt * eta for e in LooseElectron)", "rank"),  # a count
]


@pytest.mark.parametrize("before", ["sort by pt descending", "keep first 2", "let p4 = 2 * this sort by pt ascending"])
def test_what_is_computed_of_an_item_is_missing_where_the_item_is(before: str) -> None:
    """Also where few items are left, so that it is computed for those that are asked for, and not for all."""
    lets = [f"let there{k} = exists({item}) let found{k} = {item}.{asked}" for k, (item, asked) in enumerate(DERIVED)]
    saves = [f"save there{k} = jets.there{k}, found{k} = jets.found{k}" for k in range(len(DERIVED))]
    text = f"object jets take Jet {before} {' '.join(lets)} region r {' '.join(saves)}"
    columns = [result["columns"]["r"] for result in results(text, range(4, 30, 2))]
    for k, (_, asked) in enumerate(DERIVED):
        there, values = (
            [value for one in columns for event in one[f"{name}{k}"] for value in event] for name in ("there", "found")
        )
        found: dict[bool, set[object]] = {False: set(), True: set()}
        for is_there, value in zip(there, values, strict=True):
            found[is_there].add(value)
        assert found[False] == {False if "=" in asked else None}, asked
        assert found[True] - found[False], asked


UPWARDS = "four_vector(0 GeV, 0 GeV, 10 GeV, 10 GeV)"
OF_PLAIN_NUMBERS = {
    f"{UPWARDS}.rapidity": math.inf,
    f"dr_rapidity({UPWARDS}, one)": math.inf,
    # The unseen of massless ones back to back, which all goes one way by halves: sqrt(u^2 + 2 p (E + q)).
    "mt2(one, one, -2 * one, 30 GeV) / (1 GeV)": math.sqrt(30**2 + 80 * (50 + 40)),
}


@pytest.mark.parametrize("pt", ["40 GeV", "40 GeV * ((1 + count(Jet)) / (1 + count(Jet)))"])
def test_plain_numbers_are_divided_by_zero_too(pt: str) -> None:
    saves = [f"save found{k} = {asked}" for k, asked in enumerate(OF_PLAIN_NUMBERS)]
    text = f"define one = four_vector({pt}, 0, 0, 0 GeV)\nregion r {' '.join(saves)}"
    for result in results(text, [0]):
        for k, answer in enumerate(OF_PLAIN_NUMBERS.values()):
            found = result["columns"]["r"][f"found{k}"]
            assert found == pytest.approx([answer] * len(found), rel=1e-12)


ABSENT = {
    "charge": "(if count(Jet) > 1 then Electron[3] else Muon[0]).charge",
    "px": "(if count(Jet) > 1 then Electron[3] else Muon[0]).px",
    "rapidity": "(if count(Jet) > 1 then leptons[9] else leptons[0]).rapidity",
    "of_link": "Jet[0].muon_link.charge",
    "link_of_link": "Jet[0].muon_link.track.origin.quality",
    "loose": "Jet[1].muon_link.is_loose",
    "not_loose": "not Jet[1].muon_link.is_loose",
    "grade": "Jet[1].muon_link.grade_of",
    "is_fair": "Jet[1].muon_link.grade_of == fair",
    "other_grade": "leptons[2].grade_of != leptons[1].grade_of",
    "union_quality": "leptons[4].quality",
    "union_list": "count(leptons[0].layers)",
    "union_list_beside": "sum(count(l.cells) for l in leptons)",
    "tracks": "sum(count(l.tracks) for l in Electron)",
    "through": "min(t.d0 for l in leptons for t in l.tracks)",
    "part": "pairs[0].parts[1].quality",
    "part_loose": "count(p for c in pairs for p in c.parts if p.is_loose)",
    "part_mass": "max(p.mass for c in pairs for p in c.parts)",
    "part_energy": "sum(p.energy for c in pairs for p in c.parts)",
    "part_is_lead": "count(p for c in pairs for p in c.parts if p == leptons[0])",
    "part_member": "count(p for c in pairs for p in c.parts if p in tight)",
    "two_parts": "any((i + j).mass < 20 GeV for c in pairs for i, j in c.parts)",
    "slot": "pairs[1].a.quality",
    "slots_alike": "count(c for c in pairs if c.a == leptons[1])",
    "summed": "sum(c.b.charge for c in pairs)",
    "best": "argmax(c.pt for c in pairs).a.ptcone20",
    "second_best": "argmin(l.quality for l in leptons, 2).charge",
    "vectors": "(pairs[0] + Jet[2]).mass",
    "turned": "(-leptons[1]).phi",
    "scaled": "(leptons[1] * (Jet[0].btag)).energy",
    "choice": "(if count(Jet) > 0 then leptons[5] else leptons[0]).pt",
    "filled": "default(leptons[3], leptons[0]).charge",
    "sliced": "sum(l.quality for l in leptons[1:-1])",
    "part_list": "count(x for c in pairs for p in c.parts for x in p.layers)",
    "showers": "(Shower[0] + Pion[1]).mass",
    "one": "Pion[1].charge + Shower[1].charge",
    "distance": "Electron[1].jet_distance",
    "barrel": "BarrelElectron[0].rank",
    "in_part": "count(e for e in Electron if e in BarrelElectron)",
    "whole": "max(Electron[0].layers[1], Muon[0].quality)",
    "place": "Muon[Jet[0].quality].pt",
    "end": "Muon[-2].quality",
    "all": "all(l.quality > 0 for l in leptons)",
    "ordered": "sum(c.x.quality * count(d for d in ordered_pairs if d.y == c.x) for c in ordered_pairs)",
    "mixed": "sum((c.x.quality - 2 * c.y.quality) for c in mixed_pairs)",
    "power": "Jet[1].btag ^ 0",
    "infinite": "log(0) * Jet[0].btag",
    "largest": "max(-1 / 0, 1 - Jet[0].btag / 0)",
    "product": "product(l.quality for l in leptons)",
    "smallest": "smallest(leptons.quality, 3)",
    "megajet": "megajet(leptons[:5], 1).mass",
    "other_megajet": "megajet(c for c in pairs[:5] if c.a.is_loose, 2).charge",
    "shape": "sphericity(j for j in Jet if j.btag > 0.5) + aplanarity(Jet)",
    "imbalance": "imbalance(leptons[:5].ptcone20) / imbalance(Jet[:5].quality)",
}


def test_what_is_absent_is_so_for_columns_too() -> None:
    """Also where a collection has no item in any event, as in the later samples."""
    saves = ", ".join(f"{name}_ = {expression}" for name, expression in ABSENT.items())
    text = f"""
    object leptons
      take Electron, Muon
    object tight
      take leptons
      external "by hand"
      select true and quality > 1
    composite ordered_pairs
      take ordered Muon x, Muon y
    composite mixed_pairs
      take Electron x, Muon y
    composite ee
      take Electron a, Electron b
    composite mumu
      take Muon a, Muon b
    object pairs
      take ee, mumu
    region r
      save {saves}
    """
    columns = [result["columns"]["r"] for result in results(text, [*range(4), *range(4, 30, 5)])]
    for name in ABSENT:
        assert len({repr(value) for column in columns for value in column[f"{name}_"]}) > 1, name


def test_a_list_that_a_file_may_lack_has_the_shape_of_no_other_list_of_the_event() -> None:
    data_format = read_format(
        """
        name = "test"
        description = "Two lists of numbers of the event"
        trees = ["Events"]
        [collections.event]
        single = true
        [collections.event.attributes]
        weights = { branch = "weights", list = true, default = [] }
        others = { branch = "others", list = true }
        """,
        "test.toml",
    )
    program = load_program(HEADER + "region r save a = count(event.weights), b = count(event.others)", data_format)
    code = generate(optimise(lower(program)))
    assert "default=()" in code
    assert "like=" not in code


def test_each_list_of_the_event_is_counted_by_itself() -> None:
    """Not by one that is read anyway, as the items of a collection are: NanoAOD has several lists of weights."""
    data_format = read_format(
        """
        name = "test"
        description = "Two lists of numbers of the event"
        trees = ["Events"]
        [collections.event]
        single = true
        [collections.event.attributes]
        scales = { branch = "scales", list = true }
        pdfs = { branch = "pdfs", list = true }
        """,
        "test.toml",
    )
    program = load_program(
        HEADER + "region r save n = count(w for w in event.scales), first = event.pdfs[0]", data_format
    )
    columns = {"event.scales": ak.Array([[1.0, 2.0, 3.0], [], [4.0]]), "event.pdfs": ak.Array([[0.5], [0.6, 0.7], []])}
    for plan in (lower(program), optimise(lower(program))):
        module = load(generate(plan))
        found = plain(module.process({name: columns[name] for name in module.COLUMNS}, events=3))["columns"]["r"]
        assert found == {"n": [3, 0, 1], "first": [0.5, 0.6, None]}


def test_a_link_is_read_from_two_branches() -> None:
    tracks = random_format().collections["Electron"].attributes["tracks"]
    reads = attribute_reads(random_format(), "LooseElectron", tracks)
    assert [(read.name, read.branches, read.role, read.depth) for read in reads] == [
        ("Electron.tracks.index", ("el_trk",), "index", 2),
        ("Electron.tracks.key", ("el_trk_key",), "key", 2),
    ]


def test_items_are_counted_by_a_column_that_every_file_has() -> None:
    """Though the program asks for no other than one that may be absent."""
    plan = optimise(lower(load_program(HEADER + "region r save x = sum(Jet.mass)", random_format())))
    counting = [plan.reads[d.op.column] for d in plan.definitions if isinstance(d.op, Stored)]
    assert [read.collection for read in counting] == ["Jet"]
    assert counting[0].spec.default is None
    assert "Jet.mass" in plan.reads


def test_where_mass_and_energy_are_stored_vectors_are_made_of_the_mass() -> None:
    data_format = read_format(
        """
        name = "test"
        description = "Jets with an energy that is not that of their mass"
        trees = ["Events"]
        [collections.Jet.attributes]
        pt = { branch = "pt" , unit = "MeV" }
        eta = { branch = "eta" }
        phi = { branch = "phi" }
        mass = { branch = "mass", unit = "MeV" }
        energy = { branch = "energy", unit = "MeV" }
        """,
        "test.toml",
    )
    program = load_program(HEADER + "region r save own = Jet[0].energy, sum = sum(Jet).energy", data_format)
    jets = {"pt": [3.0, 6.0], "eta": [0.0, 0.0], "phi": [0.0, 1.0], "mass": [4.0, 8.0], "energy": [70.0, 80.0]}
    expected = interpret(program, [{f"Jet.{name}": values for name, values in jets.items()}])["columns"]["r"]
    assert expected == {"own": [70.0], "sum": [15.0]}
    module = load(generate(optimise(lower(program))))
    arrays = {name: ak.Array([jets[name.removeprefix("Jet.")]]) for name in module.COLUMNS}
    assert plain(module.process(arrays, events=1))["columns"]["r"] == expected


def test_candidates_of_items_without_four_vectors_have_a_charge() -> None:
    data_format = read_format(
        """
        name = "test"
        description = "Tracks without a mass"
        trees = ["Events"]
        [collections.Track.attributes]
        pt = { branch = "pt" , unit = "MeV" }
        eta = { branch = "eta" }
        phi = { branch = "phi" }
        charge = { branch = "charge", type = "int" }
        """,
        "test.toml",
    )
    text = "composite pairs take Track a, Track b\nregion r save all = pairs.charge, two = (pairs[0]).charge"
    program = load_program(HEADER + text, data_format)
    tracks = {"pt": [3.0, 6.0, 9.0], "eta": [0.0, 0.5, 1.0], "phi": [0.0, 1.0, 2.0], "charge": [1, 1, -1]}
    expected = interpret(program, [{f"Track.{name}": values for name, values in tracks.items()}])["columns"]["r"]
    assert plain(expected) == {"all": [[2, 0, 0]], "two": [2]}
    module = load(generate(optimise(lower(program))))
    arrays = {name: ak.Array([tracks[name.removeprefix("Track.")]]) for name in module.COLUMNS}
    assert plain(module.process(arrays, events=1))["columns"]["r"] == expected
