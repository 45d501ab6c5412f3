"""Random programs over random events: what ServiceX scripts select is what the interpreter selects.

HEPSEL_RANDOM_PROGRAMS asks for another number of programs, and these are then other ones in every run.
"""

from __future__ import annotations

import ast
import itertools
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import qastle
from func_adl_constructs import CONSTRUCTS
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from quick_load import load_quickly
from random_events import NUMBER
from random_programs import RandomProgram, programs, random_format
from results import differences, plain
from servicex_case import divided, read_query, run_as_python, run_on_arrays, stored_events
from simple_programs import OPEN_ENDS, simple_program

from hepsel.backends.func_adl import generate, load
from hepsel.check import load_program
from hepsel.interpreter import interpret

HEADER = 'hepsel 1\nanalysis "test"\n  source paper "arXiv:1"\n'
PARTS = 10
PARTS_ANY = 5
ASKED = os.environ.get("HEPSEL_RANDOM_PROGRAMS")
PROGRAMS = int(ASKED or 500)
ANY = -(-PROGRAMS // (5 * PARTS_ANY))
SIMPLE = -(-(PROGRAMS - ANY * PARTS_ANY) // PARTS)
LARGEST = {1: 12, 2: 12, 3: 6, 4: 6}
SEEDS = 8
"""Samples of events: to make one takes longer than to compare a program."""
REMOTE = 0.6
"""At least so many of the simple programs have a criterion that the server applies."""
ENOUGH = 30
"""So many programs have such shares for certain; of fewer, drawn anew, some parts miss them by chance."""


def compare(
    text: str, degree: int, events_seed: int, folder: Path, *, item_cutflow: bool, at_once: bool = False
) -> Counter[str]:
    """Compare the two ways to run a program, and return what can be said of it."""
    program = load_program(text, random_format())
    branches, events = stored_events(events_seed, LARGEST[degree])
    division = divided(program, item_cutflow=item_cutflow)
    module = load_quickly(generate(division), load)
    found, returned = run_on_arrays(module, branches, folder, at_once=at_once)
    expected = plain(interpret(program, events))
    if not item_cutflow:
        expected["items"] = {}
    assert not list(differences(expected, found)), text
    return Counter(
        programs=1,
        with_criteria_on_the_server=any(decision.is_remote for decision in division.decisions),
        with_fewer_events_returned=returned["events"] < NUMBER,
        with_no_event_returned=returned["events"] == 0,
    )


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_simple_programs(part: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done: Counter[str] = Counter()
    first = 1_000_000 * part if ASKED is None else int.from_bytes(os.urandom(5))
    for number in range(first, first + SIMPLE):
        text = simple_program(Random(number))
        done += compare(text, 2, number % SEEDS, tmp_path, item_cutflow=number % 4 == 0, at_once=True)
    with capsys.disabled():
        print(f" part {part}: {dict(done)} ", end="")
    assert done["programs"] == SIMPLE
    if SIMPLE >= ENOUGH:
        assert done["with_criteria_on_the_server"] >= REMOTE * SIMPLE
        assert done["with_fewer_events_returned"] >= REMOTE / 2 * SIMPLE


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS_ANY))
def test_any_programs(part: int, tmp_path: Path) -> None:
    """As queries, and as Python in their place."""
    done: Counter[str] = Counter()

    @seed(part if ASKED is None else int.from_bytes(os.urandom(4)))
    @settings(max_examples=ANY, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False)
    @given(programs(), st.integers(0, SEEDS - 1), st.booleans())
    def check(program: RandomProgram, events_seed: int, item_cutflow: bool) -> None:
        done.update(compare(program.text, program.degree, events_seed, tmp_path, item_cutflow=item_cutflow))
        checked = load_program(program.text, random_format())
        largest = LARGEST[program.degree]
        _, events = stored_events(events_seed, largest)
        found = run_as_python(checked, events_seed, largest, tmp_path)
        del found["identifiers"]
        assert not list(differences(plain(interpret(checked, events, trace=True)), found)), program.text

    check()
    assert done["programs"] >= ANY


@pytest.mark.parametrize("events_seed", [23, 37, 43])  # MET is infinite in some of their events, upwards and downwards
def test_open_ends(events_seed: int, tmp_path: Path) -> None:
    """Random programs ask for them too, but seldom of a number that is infinite."""
    done = compare(OPEN_ENDS, 2, events_seed, tmp_path, item_cutflow=False)
    head, _, *regions = OPEN_ENDS.split("region ")
    for region in regions:  # alone: the server leaves out what no region wants, and one of these wants all events
        done += compare(f"{head}region {region}", 2, events_seed, tmp_path, item_cutflow=False)
    assert done["with_criteria_on_the_server"] == len(regions)


PLACES = [f"p.parts[{place}].pt > 30 GeV" for place in (0, 1, -1, -2)]
PAIRS = f"{HEADER}composite pairs take Jet a, Jet b\n"
EXTREME = {"largest": "max", "smallest": "min"}


def ranks(function: str) -> Iterator[str]:
    """Yield every comparison of a rank, also of one that a pair does not have, and with one of the parts itself."""
    for k, bound, sign in itertools.product((1, 2, 3), ("30 GeV", "p.a.pt"), ("<", "<=", ">", ">=", "==", "!=")):
        if k < 3 or (bound, sign) == ("30 GeV", ">"):
            rank = f"{function}(p.parts.pt, {k})" if k > 1 else f"{EXTREME[function]}(p.parts.pt)"
            yield " ".join((bound, sign, rank) if sign in ("<", ">=") and k == 2 else (rank, sign, bound))


ORDERED = [
    "any(p.a.pt > 40 GeV and p.b.pt < 20 GeV for p in ordered_pairs)",
    "count(p for p in ordered_pairs if p.a.pt > p.b.pt) == 1",
    "count(ordered_pairs) == 2",
]
UNIONS = [
    "count(l for l in leptons if l in Muon) == 2",
    "count(l for l in leptons if l in hard) == 1",
    "any(l.pt > 30 GeV and l in Electron for l in leptons)",
    "any(p.a in Electron and p.b in Muon for p in lepton_pairs)",
    "any(p.a.flavour == p.b.flavour for p in lepton_pairs)",
]
BLOCKS = """composite ordered_pairs take ordered Jet a, Jet b
object hard take Muon select pt > 20 GeV
object leptons take Electron, Muon
composite lepton_pairs take leptons a, leptons b
"""


@pytest.mark.parametrize(
    "conditions",
    [
        ORDERED,
        UNIONS,
        *([f"any({one} for p in pairs)" for one in some] for some in (PLACES, ranks("largest"), ranks("smallest"))),
    ],
    ids=["ordered", "unions", "places", "largest", "smallest"],
)
def test_conditions_on_made_items(conditions: list[str], tmp_path: Path) -> None:
    """Each alone: the server leaves out what no region wants."""
    done: Counter[str] = Counter()
    for condition in conditions:
        text = f"{PAIRS}{BLOCKS}region r select {condition}"
        decision = divided(load_program(text, random_format())).decisions[-1]
        assert decision.is_remote
        done += compare(text, 2, 0, tmp_path, item_cutflow=False, at_once=True)
    assert done["with_fewer_events_returned"] == len(conditions)
    assert done["with_no_event_returned"] <= len(conditions) / 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("region r select any(largest(p.parts.stamp, 1) > 3 for p in pairs)", "needs `largest` of whole numbers"),
        ("region r select any(p.parts[2].pt > 30 GeV for p in pairs)", "needs a constant"),
        ("region r select all(p.parts[-3].pt > 30 GeV for p in pairs)", "needs a constant"),
        ("region r select sum(p.parts[2].pt + 1 GeV for p in pairs) > 3 GeV", "needs a constant"),
        ("object few take pairs select parts[2].pt > 30 GeV region r select count(few) == 0", "needs a constant"),
        ("object few take pairs sort by parts[2].pt ascending region r select few[0].pt > 1 GeV", "needs a constant"),
        ("object few take pairs keep lowest parts[2].pt region r select count(few) == 0", "needs a constant"),
        ("region r select max(1.5 for j in Jet) > 1", "needs a constant"),
        ("region r select smallest(Pion.mass, 2) < 1 GeV", "needs a constant"),  # which the format says
    ],
)
def test_what_servers_are_not_asked(text: str, reason: str, tmp_path: Path) -> None:
    decision = divided(load_program(PAIRS + text, random_format())).decisions[-1]
    assert (decision.is_remote, decision.reason) == (False, reason)
    compare(PAIRS + text, 2, 0, tmp_path, item_cutflow=True, at_once=True)


@pytest.mark.parametrize("selected", ["sort by exp(pt / 100 GeV) descending", "select exp(pt / 100 GeV) > 1.2"])
def test_pairs_of_one_list_by_two_names(selected: str, tmp_path: Path) -> None:
    """Nothing says which of the two comes first, so that nothing follows of how many items there have to be."""
    text = f"{HEADER}object odd take Jet {selected}\nobject same take odd\ncomposite pairs take odd a, same b\n"
    text += "region r select count(pairs) >= 2"
    assert divided(load_program(text, random_format())).decisions[-1].narrows
    assert compare(text, 2, 0, tmp_path, item_cutflow=False, at_once=True)["with_fewer_events_returned"]


def test_queries_are_read_as_by_qastle() -> None:
    """The comparisons above depend on it. Its own parser needs very long for long ones, which have no other parts."""
    programs = [construct.text for construct in CONSTRUCTS[::3]]
    programs.append("region r select MET.pt - 20 GeV > -1e-10 GeV and MET.phi != -2")
    texts = [
        query.generate_selection_string()
        for text in programs
        for query in load(generate(divided(load_program(HEADER + text, random_format())))).queries().values()
    ]
    assert " -1e-07)" in texts[-1]
    assert " -2.0)" in texts[-1]
    short = [text for text in texts if len(text) < 2500]
    for text in short:
        assert ast.dump(read_query(text)) == ast.dump(qastle.text_ast_to_python_ast(text))
    kinds = [{part for text in some for part in re.findall(r"\(\S+", text)} for some in (short, texts)]
    assert kinds[0] == kinds[1]


def test_a_wrong_query_is_noticed(tmp_path: Path) -> None:
    """The comparison sees the smallest change of what the server does."""
    text = HEADER + "region r select MET.pt > 20 GeV save n = count(Jet)"
    division = divided(load_program(text, random_format()))
    code = generate(division)
    branches, events = stored_events(0, 6)
    expected = plain(interpret(load_program(text, random_format()), events))
    assert not list(differences(expected, run_on_arrays(load(code), branches, tmp_path)[0]))
    wrong = load(code.replace("> 20000.0)", ">= 20000.0)"))
    assert list(differences(expected, run_on_arrays(wrong, branches, tmp_path)[0]))
