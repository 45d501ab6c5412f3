"""Rules that few random programs put to the test: columns give what the interpreter gives."""

from __future__ import annotations

from typing import Any

import pytest
from random_events import make_events
from results import differences, plain
from servicex_case import random_format

from hepsel.backends.awkward import generate, load
from hepsel.check import load_program
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
