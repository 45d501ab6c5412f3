"""Rules that few random programs put to the test: columns give what the interpreter gives."""

from __future__ import annotations

from typing import Any

import awkward as ak
import pytest
from random_events import make_events
from results import differences, plain
from servicex_case import random_format

from hepsel.backends.awkward import generate, load
from hepsel.check import load_program
from hepsel.formats.loader import read_format
from hepsel.interpreter import interpret
from hepsel.plan import lower, optimise

SAMPLES = 8
HEADER = 'hepsel 1\nanalysis "test"\n'


def results(text: str) -> list[Any]:
    """Return what a program gives; that is the same with columns, with and without passes and item cutflows."""
    program = load_program(HEADER + text, random_format())
    plans = (lower(program), optimise(lower(program)), optimise(lower(program, item_cutflow=False)))
    modules = [load(generate(plan)) for plan in plans]
    found = []
    for seed in range(SAMPLES):
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
