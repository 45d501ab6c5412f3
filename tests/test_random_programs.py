"""Random programs over random events give the same results on every execution path.

HEPSEL_RANDOM_PROGRAMS asks for another number of programs, and these are then other ones in every run.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Iterable
from functools import cache, reduce
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from plan_case import assert_sound
from quick_load import load_quickly
from random_events import NUMBER, SEEDS, Events, make_events
from random_programs import RandomProgram, programs, random_format
from random_variants import RandomVariant, variants
from results import differences, plain
from simple_programs import OPEN_ENDS

from hepsel.backends.awkward import generate, load
from hepsel.check import check_text, load_program
from hepsel.interpreter import interpret
from hepsel.plan.lower import lower
from hepsel.plan.nodes import Plan
from hepsel.plan.passes import PASSES, optimise
from hepsel.semantics.program import Program

PARTS = 20
ASKED = os.environ.get("HEPSEL_RANDOM_PROGRAMS")
EXAMPLES = -(-int(ASKED or 2000) // PARTS)
LARGEST = {1: 12, 2: 12, 3: 6, 4: 6}
"""Most items of a collection, by the number of base items in a candidate: the interpreter forms all combinations."""

ALL_PATHS = (True, *[False] * 7)
"""Of so many programs, one is also run with no pass at all and without item cutflows."""

PASSES_LEFT_OUT = (0, 1)
"""Each program is run without every second pass, from the first or the second one on: in turn, each is left out."""

PARTS_OF_VARIANTS = 2
VARIANTS = -(-int(ASKED or 2000) // (20 * PARTS_OF_VARIANTS))
"""A variant takes much less time than a program on all paths, but the interpreter runs two programs."""

FEW = 150
"""So many candidates are not yet many."""

compared: Counter[str] = Counter()


def checked(program: RandomProgram) -> Program:
    """Return the typed program; the generator writes no wrong ones."""
    result = check_text(program.text, random_format())
    assert result.program is not None, [problem.message for problem in result.errors]
    return result.program


def process(module: ModuleType, *samples: Events) -> Any:
    """Return what generated code yields for some events, chunk by chunk, in the end added up.

    Of several chunks, each is taken in parts too, wherever there are more than a few candidates.
    """
    usual = module.MOST_ROWS.get()
    module.MOST_ROWS.set(FEW if len(samples) > 1 else usual)
    chunks = [module.process(chunk.read(module.COLUMNS), events=len(chunk.plain), trace=True) for chunk in samples]
    module.MOST_ROWS.set(usual)
    return plain(reduce(module.merge, chunks))


def paths(program: Program, left_out: Iterable[str], *, none: bool) -> dict[str, str]:
    """Return the generated code with all passes, without each of some and, with `none`, without any."""
    plan = lower(program)
    functions = dict(PASSES)

    @cache
    def after(*names: str) -> Plan:
        return functions[names[-1]](after(*names[:-1])) if names else plan

    # What is on a wrong axis need not show in the results: a few events may have the same numbers of all items.
    assert_sound(plan)
    assert_sound(after(*functions))
    variants = {"all passes": tuple(functions)}
    variants |= {f"without {name}": tuple(other for other in functions if other != name) for name in left_out}
    if none:
        variants["no pass"] = ()
    plans = {name: after(*passes) for name, passes in variants.items()}
    # A plan that a pass leaves alone is generated once. Its text says so: in Python, 0.0 and -0.0 are equal.
    texts = {name: repr(plan) for name, plan in plans.items()}
    codes = {text: generate(plan) for text, plan in {texts[name]: plan for name, plan in plans.items()}.items()}
    return {name: codes[text] for name, text in texts.items()}


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_path_gives_the_same_results(part: int, capsys: pytest.CaptureFixture[str]) -> None:
    # A seed for each part: derandomised parts would all see the same programs.
    @seed(part if ASKED is None else int.from_bytes(os.urandom(4)))
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False
    )
    @given(
        programs(),
        st.integers(0, SEEDS - 1),
        st.integers(0, NUMBER),
        st.sampled_from(ALL_PATHS),
        st.sampled_from(PASSES_LEFT_OUT),
    )
    def compare(text: RandomProgram, events_seed: int, number: int, all_paths: bool, first: int) -> None:
        program = checked(text)
        events = make_events(events_seed, LARGEST[text.degree]).part(0, number)
        expected = plain(interpret(program, events.plain, trace=True))
        codes = paths(program, list(dict(PASSES))[first::2], none=all_paths)
        modules = {code: load_quickly(code, load) for code in codes.values()}
        for code, name in {code: name for name, code in codes.items()}.items():
            assert not list(differences(expected, process(modules[code], events))), f"interpreter and awkward, {name}"
        chunks = [events.part(0, number // 3), events.part(number // 3, number)]
        found = process(modules[codes["all passes"]], *chunks)
        assert not list(differences(expected, found)), "interpreter and awkward in two chunks"
        if all_paths:
            without = generate(optimise(lower(program, item_cutflow=False)))
            found = process(load_quickly(without, load), events)
            assert not list(differences({**expected, "items": {}}, found)), "interpreter and awkward, no item cutflow"
        compared["programs"] += 1

    before = compared["programs"]
    compare()
    with capsys.disabled():
        print(f" part {part}: {compared['programs'] - before} programs compared ", end="")
    assert compared["programs"] - before >= EXAMPLES


def test_every_path_has_the_same_open_ends() -> None:
    """Random programs ask for them too, but seldom of a number that is infinite."""
    program = load_program(OPEN_ENDS, random_format())
    codes = paths(program, dict(PASSES), none=True)
    numbers: set[float] = set()
    for events_seed in range(SEEDS):
        events = make_events(events_seed, 6)
        expected = plain(interpret(program, events.plain, trace=True))
        numbers.update(number for one in expected["columns"]["cells"]["pt"] for number in one if number is not None)
        for name, code in codes.items():
            assert not list(differences(expected, process(load_quickly(code, load), events))), name
    assert {math.inf, -math.inf} <= numbers


def _of_region(results: dict[str, Any], region: str) -> dict[str, Any]:
    """Return what a region yields, without the names under which it does, and the words of its cuts."""
    found = {
        f"{what}/{name.removeprefix(region)}": part
        for what, of_names in results.items()
        if isinstance(of_names, dict)
        for name, part in of_names.items()
        if name == region or name.startswith((f"{region}.", f"{region}/"))
    }
    words = ("id", "label")
    rows = [{key: part for key, part in row.items() if key not in words} for row in found["cutflow/"]]
    return plain({**found, "cutflow/": rows, "first_failed/": [one is None for one in found["first_failed/"]]})


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS_OF_VARIANTS))
def test_a_variant_is_the_program_with_the_change_at_its_source(part: int) -> None:
    """All ways to run a program get variants spelled out, so that comparing these shows nothing of what they mean."""
    compared_kinds: Counter[str] = Counter()

    @seed(part if ASKED is None else int.from_bytes(os.urandom(4)))
    @settings(
        max_examples=VARIANTS, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False
    )
    @given(variants(), st.integers(0, SEEDS - 1))
    def compare(variant: RandomVariant, events_seed: int) -> None:
        events = make_events(events_seed, LARGEST[variant.degree]).plain
        texts = (variant.text, variant.changed)
        programs = [check_text(text, random_format()) for text in texts]
        # What was a value may be a literal now, which not everything takes: then neither program is one.
        assert len({result.program is None for result in programs}) == 1, [result.errors for result in programs]
        found = [interpret(result.program, events, trace=True) for result in programs if result.program is not None]
        if found:
            expected, repeated = (_of_region(results, "variant") for results in reversed(found))
            assert not list(differences(expected, repeated))
            compared_kinds.update(variant.kinds)

    compare()
    if ASKED is None:  # of few, drawn anew, some kind may not be there
        assert compared_kinds.keys() >= {"label", "let", "collection"}


def test_the_comparison_sees_a_difference() -> None:
    expected = {
        "cutflow": {"r": [{"events": 3, "sumw": 3.0, "sumw2": 3.0}]},
        "columns": {"r": {"a": [1.0, None, True]}},
    }
    assert not list(differences(expected, expected))
    for found in (
        {**expected, "cutflow": {"r": [{"events": 4, "sumw": 3.0, "sumw2": 3.0}]}},
        {**expected, "cutflow": {"r": [{"events": 3, "sumw": 3.0 + 1e-9, "sumw2": 3.0}]}},
        {**expected, "columns": {"r": {"a": [1.0, 0.0, True]}}},
        {**expected, "columns": {"r": {"a": [1.0, None, 1]}}},
        {**expected, "columns": {"r": {"a": [1.0, None]}}},
        {**expected, "columns": {"r": {"a": [math.inf, None, True]}}},
        {**expected, "cutflow": {"r": [{"events": 3, "sumw": -math.inf, "sumw2": 3.0}]}},
        {"cutflow": expected["cutflow"]},
    ):
        assert list(differences(expected, found))
