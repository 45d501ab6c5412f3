"""`hepsel diff --data`: against the same programs written out and interpreted one by one, and against plain numpy."""

from __future__ import annotations

import csv
import json
import random
import resource
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import pyarrow.parquet
import pytest
import uproot
from data_files import kept_open
from interpreted import FORMAT, make_event
from run_command import hepsel, write_events

pytest.importorskip("z3", reason="the extra `smt` is not installed")
from hepsel.check import load_program
from hepsel.compare.diff import compare_programs
from hepsel.compare.effects import Effect, Questions
from hepsel.compare.event_file import event_file
from hepsel.compare.fills import differing
from hepsel.compare.verdicts import Comparison
from hepsel.compare.versions import OBSERVED, shifted
from hepsel.errors import DataError
from hepsel.formats.loader import load_format
from hepsel.interpreter import evaluate_event, interpret
from hepsel.run.execute import Settings, run_program
from hepsel.semantics.program import Program

ROOT = Path(__file__).resolve().parents[1]
Selected = dict[str, list[bool]]  # by region
HEAD = 'hepsel 1\nanalysis "test"\n'

# ---------------------------------------------------------------- one difference: alone, it makes B of A


def random_events(count: int) -> list[dict[str, object]]:
    """Return events with values on both sides of the numbers in the programs below."""
    chance = random.Random(3)

    def items(unit: float) -> list[dict[str, Any]]:
        return [
            {"pt": chance.uniform(4, 14) * unit, "eta": chance.uniform(-2, 2.8), "phi": chance.uniform(-3, 3)}
            for _ in range(chance.randint(0, 4))
        ]

    return [
        make_event(
            MET={"pt": chance.uniform(4, 14), "phi": chance.uniform(-3, 3)},
            Electron=items(1), Muon=items(1), Jet=items(1000),
        )
        for _ in range(count)
    ]  # fmt: skip


def answered(a: str, b: str, events: int = 300) -> tuple[Questions, dict[str, Any], list[Selected]]:
    """Return what is asked of two programs, the answers on random events, and which events A and B select."""
    first, second = (load_program(HEAD + text, FORMAT) for text in (a, b))
    made = random_events(events)
    questions = Questions(compare_programs(first, shifted(second, first), seconds=0.3, brief=True))
    answers = interpret(questions.program, made)["columns"][OBSERVED]
    selected = [
        {name: [f is None for f in failed] for name, failed in interpret(p, made, trace=True)["first_failed"].items()}
        for p in (first, second)
    ]
    return questions, answers, selected


def after(effect: Effect, before: Selected, answers: dict[str, Any]) -> Selected:
    """Return which events the regions select after an exchange."""
    result = dict(before)
    for change in effect.events:
        assert answers[change.before] == before[change.name]
        result[change.name] = list(answers[change.after])
    return result


ALONE = {
    "value": ("object o\n take Electron\n select pt > {7|9} GeV\nregion r\n select count(o) > 0\n"),
    "region": "region r\n select MET.pt > {7|9} GeV\n select count(Jet) > 1\n",
    "part of a conjunction": "region r\n select MET.pt > {7|9} GeV and MET.phi > 1\n",
    "reject of a disjunction": "region r\n reject MET.pt > {7|9} GeV or MET.phi > 1\n",
    "reject": "region r\n reject MET.pt > {7|9} GeV\n select count(Jet) > 1\n",
    "definition": "define lead = Jet[0].pt\ndefine hard = lead > {7|9} GeV\nregion r\n select hard\n",
    "let of a region": (
        "region q\n let hard = max(Jet.pt) / {1|1.2}\n select hard > 8 GeV\n"
        "region r\n take q\n select count(Jet) > 1\n"
    ),
    "let of an item": (
        "object o\n take Electron\n let x = pt + {0.1|0.2} * sum(j.pt for j in Jet if j.eta > eta)\n"
        " select x > 11 GeV\nregion r\n select count(o) > 0\n"
    ),
    "let of another block": (
        "object o\n take Electron\n let x = {2|3} * pt\n sort by pt descending\n"
        "region r\n select any(e.x > 9 GeV for e in o)\n"
    ),
    "names differ": "",
    "before p4": (
        "object o\n take Electron\n select pt > {7|9} GeV\n let p4 = this + MET\n select pt > 8 GeV\n"
        "region r\n select count(o) > 0\n"
    ),
    "let before p4": (
        "object o\n take Electron\n let x = pt\n let p4 = this + MET\n select x > {7|9} GeV\n select pt > 8 GeV\n"
        "region r\n select count(o) > 0\n"
    ),
    "let and criterion before p4": (
        "object o\n take Electron\n let x = 2 * pt\n select x > {14|18} GeV\n let p4 = this + MET\n"
        "region r\n select any(e.pt > 8 GeV for e in o)\n"
    ),
    "p4": (
        "object o\n take Electron\n {let p4 = this + MET|}\n select pt > 8 GeV\n {|let p4 = this + MET}\n"
        "region r\n select count(o) > 0\n"
    ),
    "keep": "object o\n take Jet\n keep {highest|lowest} pt\n select pt > 8 GeV\nregion r\n select count(o) > 0\n",
    "other keep": "object o\n take Jet\n keep {highest pt|lowest eta}\nregion r\n select o[0].pt > 8 GeV\n",
    "other sort": "object o\n take Jet\n sort by {pt|eta} descending\nregion r\n select o[0].pt > 8 GeV\n",
    "second key": (
        "object o\n take Jet\n sort by floor(pt / 5 GeV) descending{, eta ascending|}\n"
        "region r\n select o[0].eta > 0.5\n"
    ),
    "direction of the second key": (
        "object o\n take Jet\n sort by floor(pt / 5 GeV) descending, eta {ascending|descending}\n"
        "region r\n select o[0].eta > 0.5\n"
    ),
    "first": "object o\n take Jet\n keep first {1|2}\n select pt > 8 GeV\nregion r\n select count(o) > 0\n",
    "sort": "object o\n take Jet\n sort by pt {ascending|descending}\nregion r\n select o[0].pt > 8 GeV\n",
    "missing": "object o\n take Jet\n {select eta > 1|}\n keep highest pt\nregion r\n select o[0].pt > 8 GeV\n",
    "moved past keep": (
        "object o\n take Jet\n {select eta > 1|}\n keep highest pt\n {|select eta > 1}\n"
        "region r\n select count(o) > 0\n"
    ),
    "source": "object o\n take {Jet|CentralJet}\n select pt > 8 GeV\nregion r\n select count(o) > 1\n",
    "source of a union": (
        "object a\n take Jet\n select eta > 1\nobject b\n take Jet\n select eta < 0\n"
        "object o\n take {a, b|b, a}\nregion r\n select o[0].pt > 8 GeV\n"
    ),
    "member of a union": (
        "object a\n take Electron\nobject o\n take {a, Muon|a}\nregion r\n select count(o) > 1\n"
    ),
    "slot": (
        "object a\n take Electron\n select eta > 0\nobject b\n take Electron\n select eta > 1\n"
        "composite p\n take a x, {a|b} y\n select x.pt + y.pt > 9 GeV\nregion r\n select count(p) > 0\n"
        " select count(a) + count(b) > 1\n"
    ),
    "slot beside a candidate": (
        "object a\n take Muon\n select eta > 0\nobject b\n take Muon\n select eta > 1\n"
        "composite p\n take Electron x, Electron y\ncomposite q\n take p both, {a|b} z\n"
        "region r\n select count(q) > 0\n select count(a) + count(b) > 1\n"
    ),
    "ordered": (
        "composite p\n take{| ordered} Electron x, Electron y\n select x.pt > y.pt\nregion r\n select count(p) > 0\n"
    ),
    "table": (
        "table t(x) 0.5 for 0 GeV to 8 GeV, {2|3} for 8 GeV to 90 GeV otherwise 1\n"
        "region r\n select t(MET.pt) * MET.pt > 20 GeV\n"
    ),
    "edge of a table": (
        "table t(x) 2 for 0 GeV to {7|9} GeV, 3 for {7|9} GeV to 90 GeV otherwise 1\n"
        "region r\n select t(MET.pt) > 2\n"
    ),
    "open end of a table": (
        "table t(x) 2 for -inf to 7 GeV, 3 for 7 GeV to {inf|8 GeV} otherwise 1\nregion r\n select t(MET.pt) > 2\n"
    ),
    "rest of a table": (
        "table t(x) 2 for 0 GeV to 8 GeV otherwise {1|3}\nregion r\n select t(MET.pt) > 1.5\n"
    ),
    "a table with a rest": (
        "table t(x) 2 for 0 GeV to 8 GeV {otherwise 3|}\nregion r\n select t(MET.pt) > 1.5\n"
    ),
    "pairs through generators": (
        "composite p\n take Electron {x|u}, Muon {y|v}\n let n = count(j for j in Jet if dr(j, {x) < 1|u) < 2})\n"
        " select n == 0\n"
        "region r\n select count(p) > 0\n"
    ),
    "read together": (
        "{object l\n take Jet\n let z = 2 * eta\n select pt > 7 GeV\nobject o\n take l\n|"
        "object o\n take Jet\n let z = 2 * eta\n select pt > 9 GeV\n}"
        " select z > -3\n select z < 4\n select phi < 3\n keep first 3\nregion r\n select count(o) > 1\n"
    ),
    "regions read together": (
        "{region q\n select MET.pt > 7 GeV\nregion r\n take q\n|region r\n select MET.pt > 9 GeV\n}"
        " select MET.phi > 0\n select count(Jet) > 1\n"
    ),
    "copies": (
        "region r\n select MET.pt > {7|9} GeV\n select count(Jet) > 1 as \"jets\"\n"
        "region n\n take r without \"jets\"\n"
    ),
    "copies of blocks": (
        "object a\n take Electron\nobject l\n take Electron\n select eta > 0\n"
        "composite p\n take l x, l y\n select x.pt + y.pt > {16|19} GeV\n"
        "region r\n select count(p) > 0\nregion c\n take r with l = a\n"
    ),
    "variant": (
        "object a\n take Electron\nobject l\n take Electron\n select eta > 0\n"
        "object {j|k}\n take Jet\n select eta > 1\n"
        "composite p\n take l x, l y\n reject any(dr(x, i) < 1 for i in {j|k})\n"
        "region r\n select count(p) > 0 as \"pair\"\n select count({j|k}) > 1\n select any(i.eta > 2 for i in {j|k})\n"
        "region c\n take r {with l = a|with k = Jet}\n"
    ),
    "variant of a variant": (
        "object a\n take Electron\n select eta > 0\nregion r\n select count(a) > 0\n select MET.pt > 7 GeV as \"x\"\n"
        "region c\n take r {with a = Electron|without \"x\"}\n select MET.phi > 0 as \"y\"\n"
        "region d\n take c without \"y\"\n"
    ),
    "another condition of one label": (
        "object o\n take Jet\n select eta > 0\n select {pt > 8 GeV|phi > 1} as \"x\"\n keep first 2\n select phi < 2\n"
        "region r\n select count(o) > 0\n"
    ),
    "slots of a union": (
        "composite c\n take Electron {a|u}, Electron {b|v}\ncomposite d\n take Electron {a|u}, Electron {b|v}\n"
        " select {a.eta < b.eta|u.eta < v.eta}\nobject z\n take c, d\n"
        "composite pairs\n take z p, z q\n select {p.a.pt > 7|p.u.pt > 9} GeV\n"
        "region r\n select count(pairs) > 0\n"
    ),
    "slots of a union of different collections": (
        "composite c\n take Electron a, Electron b\ncomposite d\n take Electron a, Muon b\n"
        "object z\n take c, d\n select b.pt > {7|9} GeV\nregion r\n select count(z) > 1\n"
    ),
    "filter inside": (
        "{object c\n take Jet\n select pt > 7 GeV\n reject eta < 0\n|}"
        "region r\n select {count(c) > 1|count(j for j in Jet if j.pt > 9 GeV and not (j.eta < 0)) > 1}\n"
    ),
    "filter of a filter": (
        "object o\n take Jet\n let x = 2 * pt\n{object c\n take o\n let y = 2 * x\n select x > 14 GeV\n|}"
        "{object d\n take c\n select y > 20 GeV and eta > 0\n|}region r\n select sum(j.pt for j in o) > 8 GeV\n"
        " select sum(j.pt for j in {d|o if j.x > 14 GeV and 2 * j.x > 20 GeV and j.eta > 0}) > {9|11} GeV\n"
    ),
    "condition on items": "region r\n select count(j for j in Jet if j.pt > 7 GeV{ and j.eta > 0|}) > 1\n",
    "source with a let": (
        "object o\n take {Jet|CentralJet}\n let x = 2 * pt\n select x > 8 GeV\nregion r\n select count(o) > 1\n"
    ),
    "source below a definition": (
        "object o\n take {Jet|CentralJet}\ndefine lead = o[0].pt\nregion r\n select lead > 8 GeV\n"
    ),
    "source of another name": (
        "object {a|c}\n take Jet\n select eta > 0\nobject {b|d}\n take Jet\n select phi > 0\n"
        "object o\n take {a|d}\n select pt > 8 GeV\nregion r\n select count(o) > 0\n"
        " select count({a|c}) + count({b|d}) > 0\n"
    ),
    "let behind p4": (
        "object o\n take Electron\n let p4 = this + MET\n let x = 2 * pt\n select x > {14|18} GeV\n"
        "region r\n select count(o) > 0\n"
    ),
    "let of another block in a block": (
        "object e\n take Electron\n let x = 2 * pt\nobject o\n take Jet\n select any(i.x > {14|18} GeV for i in e)\n"
        "region r\n select count(o) > 0\n"
    ),
    "criterion by a table of another name": (
        "table {t|u}(x) 2 for 0 GeV to 8 GeV, 3 for 8 GeV to 90 GeV otherwise 1\n"
        "region r\n select {t(MET.pt) > 1|u(MET.pt) > 2}\n"
    ),
    "bounds on both sides in a conjunction": (
        "object o\n take Electron\n select -{1|1.5} < eta < {1|1.5} and pt > 7 GeV\nregion r\n select count(o) > 0\n"
    ),
    "argmax": (
        "define best = argmax(j.pt for j in Jet if j.eta > {0|1})\nregion r\n select best.pt > 8 GeV\n"
    ),
    "definition in several places": (
        "define lim = {7|9} GeV\nobject o\n take Electron\n select pt > lim\nregion q\n select count(o) > 0\n"
        "region r\n select MET.pt > lim\n select count(Muon) > 0\nregion s\n take r\n reject Jet[0].pt > lim\n"
    ),
}  # fmt: skip


def sides(text: str) -> tuple[str, str]:
    """Split `{a|b}`."""
    both = ["", ""]
    for n, part in enumerate(text.replace("}", "{").split("{")):
        options = part.split("|") if n % 2 else [part, part]
        both = [both[0] + options[0], both[1] + options[-1]]
    return both[0], both[1]


@pytest.mark.parametrize("case", ALONE)
def test_one_difference_alone_makes_one_program_of_the_other(case: str) -> None:
    a, b = sides(ALONE[case]) if case != "names differ" else (_names("a"), _names("b"))
    questions, answers, (first, second) = answered(a, b)
    effects = [pair for pair in questions.effects if pair[0].reason is None or not pair[0].possible]
    ((alone, given),) = effects
    assert alone.possible, alone.reason
    assert given.possible, given.reason
    pairs = [(pair.first, pair.second) for pair in questions.pairs]
    changed, put_back = after(alone, first, answers), after(given, second, answers)
    for one, other in pairs:
        assert changed[one] == second[other]
        assert put_back[other] == first[one]
    assert any(first[one] != second[other] for one, other in pairs)  # or there is nothing to see


def test_a_criterion_moves_events_of_the_regions_that_ask_for_its_region() -> None:
    text = "region q\n select MET.pt > {7|9} GeV\nregion r\n select q or count(Jet) > 2\nregion s\n reject q\n"
    questions, answers, (first, second) = answered(*sides(text))
    ((alone, given),) = questions.effects
    changed, put_back = after(alone, first, answers), after(given, second, answers)
    assert (changed, put_back) == (second, first)
    assert all(first[region] != second[region] for region in ("q", "r", "s"))


@pytest.mark.parametrize("name", ["q", "p"])
def test_a_statement_that_asks_for_a_region_asks_for_that_of_the_program_that_it_goes_to(name: str) -> None:
    text = "region {0}\n select MET.pt > {1} GeV\nregion r\n select {0} or count(Jet) > {2}\n"
    questions, answers, (first, second) = answered(text.format("q", 7, 1), text.format(name, 9, 2))
    written = [load_program(HEAD + text.format(*said), FORMAT) for said in (("q", 7, 2), (name, 9, 1))]
    (pair,) = [effects for row, effects in zip(questions.comparison.differences, questions.effects, strict=True)
               if row.first[0].id == "r.1"]  # fmt: skip
    made = random_events(300)
    for effect, before, program in zip(pair, (first, second), written, strict=True):
        failed = interpret(program, made, trace=True)["first_failed"]
        assert after(effect, before, answers) == {
            region: [f is None for f in found] for region, found in failed.items()
        }
        assert [change.name for change in effect.events] == ["r"]


ITEMS = {
    "value": "o", "let of an item": "o", "keep": "o", "first": "o", "moved past keep": "o", "source": "o",
    "missing": "o", "member of a union": "o", "slot": "p", "ordered": "p", "pairs through generators": "p",
    "before p4": "o",
}  # fmt: skip


@pytest.mark.parametrize("case", ITEMS)
def test_items_that_move(case: str) -> None:
    texts = sides(ALONE[case])
    programs = [load_program(HEAD + text, FORMAT) for text in texts]
    questions, answers, _ = answered(*texts)
    ((alone, given),) = questions.effects
    (changed,), (put_back,) = alone.items, given.items
    gained = lost = 0
    for event in random_events(300):
        ours, theirs = (identities(program, ITEMS[case], event) for program in programs)
        gained += len(theirs - ours)
        lost += len(ours - theirs)
    assert gained + lost > 0
    assert (sum(answers[changed.gained]), sum(answers[changed.lost])) == (gained, lost)
    assert (sum(answers[put_back.gained]), sum(answers[put_back.lost])) == (lost, gained)


def identities(program: Program, block: str, event: dict[str, object]) -> set[Any]:
    """Return which items the interpreter keeps: where they stand in the event."""
    items = evaluate_event(program, event).items(block)
    return {tuple(origin(slot) for slot in i.slots.values()) if i.slots else origin(i) for i in items}


def origin(item: Any) -> Any:
    return origin(item.origin) if item.origin is not None else item.identity


def _names(side: str) -> str:
    x, p, e, cut = {"a": ("x", "p", "e", 7), "b": ("y", "q", "f", 9)}[side]
    return (
        f"object {e}\n take Electron\n let {x} = 2 * pt\n select {x} > {cut} GeV\n"
        f"composite {p}\n take {e} {p}1, {e} {p}2\n select {p}1.{x} + {p}2.{x} > 20 GeV\n"
        f"region r{side}\n select count({p}) > 0\n"
    )


# ---------------------------------------------------------------- what cannot be exchanged alone


def reasons(text: str) -> set[str | None]:
    questions, _, _ = answered(*sides(text), events=5)
    return {effect.reason for pair in questions.effects for effect in pair}


REASONS = {
    "object o\n take Jet\n keep {highest pt|first 1}\nregion r\n select count(o) > 0\n": (
        "it may stand on either side of o.1"
    ),
    "{object o\n take Jet\n keep first 2\n|}region r\n select count({o|Jet}) > 1\n select MET.pt > 9 GeV\n": (
        "only A has o"
    ),
    "{object o\n take Jet\n keep first 2\n|}region r\n select count({o|Jet}) > 1\n": (
        "it uses o, which has no counterpart"
    ),
    "composite c\n take Electron {a|u}, Electron {b|v}\ncomposite d\n take Electron {b|u}, Electron {a|v}\n"
    "object z\n take c, d\n select {a.pt > 7|u.pt > 9} GeV\nregion r\n select count(z) > 0\n": (
        "u is not one slot in all parts of a union"
    ),
    "composite p\n take Electron x, Electron y{|, Electron z}\n select x.pt > 8 GeV\n"
    "region r\n select count(p) > 0\n": (
        "a slot is neither added nor left out without what uses it"
    ),
    "object o\n take Jet\n {select -2 < eta < 2|select eta < 2}\n keep first 2\n {|select eta > -2}\n": (
        "only several criteria together say what others say"
    ),
    'region r\n select MET.pt > 9 GeV\n {external "cleaning"|}\n': "it is never applied",
    "region r\n select MET.pt > 9 GeV\n {histogram x = MET.pt bins 5 from 0 GeV to 9 GeV|}\n": (
        "only A fills it like this"
    ),
    "table t(x) {2 for 0 GeV to 8 GeV|2 for 1 GeV to 7 GeV, 3 for 7 GeV to 9 GeV} otherwise 1\n"
    "region r\n select t(MET.pt) > 1\n": "its ranges overlap with those of another row",
    "table t(x) 2 for 0 GeV to {6|7} GeV, 3 for {6|7} GeV to {8|9} GeV, 4 for {8|9} GeV to 90 GeV\n"
    "region r\n select t(MET.pt) > 3\n": "its ranges overlap with those of another row",
}  # fmt: skip


@pytest.mark.parametrize("text", REASONS)
def test_what_cannot_be_exchanged_says_why(text: str) -> None:
    assert REASONS[text] in reasons(text)


WEIGHTS = {
    "weight": "region r\n weight w = MET.pt / {5|6} GeV\n",
    "table": "table t(x) {2|3} for 0 GeV to 9 GeV otherwise 1\nregion r\n weight w = t(MET.pt)\n",
    "object": (
        "object o\n take Electron\n select pt > {7|9} GeV\nregion r\n weight w = default(o[0].pt, 1 GeV) / 1 GeV\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", [
    "region r\n {weight w = MET.phi\n|} select MET.pt > 5 GeV\n {|weight w = MET.phi\n} select MET.pt > 6 GeV\n",
    "region r\n {weight w = {2|2}\n|} select MET.pt > 5 GeV\n {|weight w = {2|2}\n}region s\n take r\n",
])  # fmt: skip
def test_a_weight_that_moves_past_a_criterion_changes_the_sums_of_the_cutflow(text: str) -> None:
    questions, _, _ = answered(*sides(text.replace("{2|2}", "2")), events=5)
    assert [effect.sums for pair in questions.effects for effect in pair] == [True, True]


FILLS = {
    "edge": "region r\n bins g = MET.pt edges [4 GeV, {7|8} GeV, 11 GeV]\n",
    "edges of which one program has more": "region r\n bins g = MET.pt edges [4 GeV, 7 GeV,{| 9 GeV,} 11 GeV]\n",
    "open end": "region r\n bins g = MET.pt edges [4 GeV, 7 GeV, {11 GeV|inf}] vs MET.phi bins 3 from -1 to 2\n",
    "grid of two": "region r\n bins g = MET.pt edges [4 GeV, 7 GeV, 11 GeV] vs MET.phi bins {3|4} from -1 to 2\n",
    "bins": "region r\n histogram h = MET.pt bins {3|4} from 5 GeV to 11 GeV\n",
    "range": "region r\n histogram h = Jet.pt bins 3 from 5 GeV to {11|12} GeV\n",
    "fold": "region r\n histogram h = Jet.pt bins 3 from 5 GeV to 11 GeV{| fold}\n",
    "value": "region r\n histogram h = Jet[{0|1}].pt bins 3 from 5 GeV to 11 GeV\n",
    "axis": "region r\n histogram h = Jet.pt bins 3 from 5 GeV to 11 GeV vs Jet.eta bins {4|5} from -2 to 2\n",
    "weight": (
        "region r\n histogram h = Jet.pt bins 3 from 5 GeV to 11 GeV with weight {1.5|if Jet.eta > 0 then 1.5 else 1}\n"
    ),
    "weight of one alone": "region r\n histogram h = Jet.pt bins 3 from 5 GeV to 11 GeV{| with weight Jet.eta}\n",
    "weight that is not there": (
        "table t(x) 2 for 5 GeV to {8|9} GeV\nregion r\n"
        " histogram h = Jet.pt bins 3 from 5 GeV to 11 GeV with weight t(Jet.pt)\n"
    ),
    "place": (
        "region r\n {|select MET.pt > 7 GeV\n} histogram h = Jet.pt bins 3 from 5 GeV to 11 GeV\n"
        " {select MET.pt > 7 GeV|}\n save x = MET.phi\n"
    ),
    "what is filled before another cut": (
        "region r\n select MET.pt > {7|8} GeV\n bins g = MET.phi edges [-1, 0, 1]\n"
        " histogram h = Jet.pt bins 3 from 5 GeV to 11 GeV\n"
        ' bin "b" count(Muon) > 1\n select MET.phi > 0\n save x = MET.phi\nregion s\n take r\n'
    ),
    "place of a weight": (
        "region r\n select MET.pt > 5 GeV\n {weight w = 2\n|} histogram h = MET.pt bins 3 from 5 GeV to 11 GeV\n"
        " bins g = MET.phi edges [-1, 0, 1]\n bin \"b\" MET.phi > 0\n {|weight w = 2\n} save x = MET.phi\n"
    ),
    "weight of what is filled before a cut": (
        "region r\n weight w = {2|3}\n histogram h = MET.pt bins 3 from 5 GeV to 11 GeV\n"
        " select MET.pt > 7 GeV\n save x = MET.phi\n"
    ),
    "column": "region r\n save x = Jet[{0|1}].pt\n",
    "list": "region r\n save x = {Jet.pt|Jet[1:].pt}\n",
    "whole number": "region r\n save x = count(Jet){| + count(Muon)}\n",
    "condition": "region r\n save x = Jet[0].pt > {7|9} GeV\n",
    "enumeration": "region r\n save x = {Muon[0]|Muon[1]}.type\n",
    "object": (
        "object o\n take Jet\n select pt > {7|9} GeV\nregion r\n select count(Jet) > 0\n"
        " histogram h = o.eta bins 3 from -2 to 2\n save n = count(o)\n"
    ),
    "order": (
        "object o\n take Jet\n sort by pt {ascending|descending}\nregion r\n select count(Jet) > 0\n"
        " histogram h = o.eta bins 3 from -2 to 2\n histogram l = o[0].eta bins 3 from -2 to 2\n save e = o.eta\n"
    ),
    "source": (
        "object o\n take {Electron|Muon}\nregion r\n select MET.pt > 5 GeV\n"
        " histogram h = o.pt bins 3 from 5 GeV to 11 GeV\n"
    ),
    "variant": (
        'object o\n take Jet\n select pt > 7 GeV as "hard"\nobject p\n take o without "hard"\n'
        "region r\n select MET.pt > 5 GeV\n histogram h = o.pt bins 3 from 5 GeV to 11 GeV\n"
        "region s\n take r{| with o = p}\n"
        "{ histogram h = o.pt bins 3 from 5 GeV to 11 GeV\n|}"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FILLS)
def test_whatever_changes_what_is_filled_says_for_how_many_events(case: str) -> None:
    """Of each event alone, the interpreter says what both programs fill with it."""
    texts = sides(FILLS[case])
    questions, answers, (first, second) = answered(*texts)
    programs = [load_program(HEAD + text, FORMAT) for text in texts]
    ((alone, given),) = [pair for pair in questions.effects if pair[0].fills]
    expected = 0
    for number, event in enumerate(random_events(300)):
        one, other = (filled(program, event) for program in programs)
        is_told = any(first[r][number] != second[r][number] for r in first)
        is_told |= case == "weight of what is filled before a cut" and first["r"][number]
        expected += one != other and not is_told
    assert 0 < expected < 300 or case == "weight of one alone"
    for effect in (alone, given):
        changed = [differing(fill, answers.__getitem__, 300) for fill in effect.fills]
        assert np.logical_or.reduce(changed).sum() == expected


def filled(program: Program, event: dict[str, object]) -> object:
    """Return what an event yields, but for the cutflow: bins by their numbers, and what is above the last one so."""
    result = interpret(program, [event])
    bins = {row["name"]: row["sumw"] for rows in result["bins"].values() for row in rows if row["sumw"]}
    histograms = {}
    for name, histogram in result["histograms"].items():
        values = np.array(histogram["values"])
        last = np.array(values.shape) - 1
        histograms[name] = {
            tuple(np.where(place == last, 1000, place).tolist()): values[tuple(place)] for place in np.argwhere(values)
        }
    return bins, histograms, result["columns"]


@pytest.mark.parametrize("case", WEIGHTS)
def test_whatever_changes_a_weight_says_for_how_many_events(case: str) -> None:
    texts = sides(WEIGHTS[case] + " select MET.pt > 6 GeV\n")
    questions, answers, _ = answered(*texts, events=60)
    programs = [load_program(HEAD + text, FORMAT) for text in texts]
    weights = [[interpret(p, [event])["cutflow"]["r"][-1]["sumw"] for event in random_events(60)] for p in programs]
    changed = sum(one != other for one, other in zip(*weights, strict=True))
    ((alone, given),) = questions.effects
    assert not alone.events
    assert [sum(answers[column]) for column in (*alone.weights, *given.weights)] == [changed, changed]
    assert 0 < changed < 60


@pytest.mark.parametrize(
    "statements",
    [
        " let x = pt + 1 GeV\n select x > {} GeV\n {}\n select pt > 8 GeV\n",
        " {1}\n let x = pt + 1 GeV\n select x > {0} GeV\n",
    ],
    ids=["before it", "behind it"],
)
def test_one_of_two_differences_beside_a_p4_that_only_one_has(statements: str) -> None:
    text = f"object o\n take Electron\n{statements}region r\n select count(o) > 0\n"
    p4 = "let p4 = this + MET"
    a, b, changed = (text.format(cut, p4_or_none) for cut, p4_or_none in ((7, p4), (9, ""), (9, p4)))
    questions, answers, (first, _) = answered(a, b)
    effects = {row.kind: pair for row, pair in zip(questions.comparison.differences, questions.effects, strict=True)}
    assert set(effects) == {"criterion", "p4"}
    _, _, (wanted, _) = answered(changed, a)
    assert after(effects["criterion"][0], first, answers) == wanted
    assert first != wanted


def test_a_source_is_not_taken_away_from_what_asks_for_it() -> None:
    a = "object o\n take Electron, Muon\nregion r\n select count(e for e in o if e.is_loose) > 0\n"
    b = "object o\n take Muon\nregion r\n select count(e for e in o if e.hits > 3) > 0\n"
    questions, _, _ = answered(a, b, events=5)
    reasons = {
        (row.kind, str(row.verdict)): tuple(effect.reason for effect in effects)
        for row, effects in zip(questions.comparison.differences, questions.effects, strict=True)
    }
    assert reasons["source", "missing"] == ("o has no is_loose", None)
    assert reasons["criterion", "missing"] == (None, "o has no is_loose")


# ---------------------------------------------------------------- real files, against variants written out as texts


@dataclass(frozen=True)
class Case:
    """A program, its format, its file, and changes of its text that make the other program."""

    text: str
    format: str
    file: str
    interpreter: bool  # slow on many columns
    changes: tuple[tuple[str, str], ...]

    def made(self, taken: Iterable[int]) -> str:
        """Return the text with some of the changes."""
        text = self.text
        for number in taken:
            old, new = self.changes[number]
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        return text


LEPTONS = """hepsel 1
analysis "leptons"
object electrons
  take Electron
  select pt > 10 GeV
  select |eta| < 2.47
object muons
  take Muon
  select pt > 8 GeV
object leptons
  take electrons, muons
  sort by pt descending
composite pairs
  take leptons a, leptons b
  select a.charge + b.charge == 0
  select mass > 20 GeV
  keep highest mass
region two
  select count(leptons) >= 2
region signal
  take two
  select count(pairs) == 1
  select pairs[0].mass < 200 GeV
"""
MUONS = """hepsel 1
analysis "muons"
object muons
  take Muon
  select pt > 15 GeV
region signal
  select count(muons) >= 1
  select MET.pt > 15 GeV
"""
LEPTON_CHANGES = (
    ("select pt > 10 GeV", "select pt > 24 GeV"),
    ("select pt > 8 GeV", "select pt > 5 GeV"),
    ("keep highest mass", "keep lowest mass"),
    ("  select mass > 20 GeV\n", ""),
    ("mass < 200 GeV", "mass < 90 GeV"),
)
MUON_CHANGES = (("pt > 15 GeV\nregion", "pt > 22 GeV\nregion"), ("MET.pt > 15", "MET.pt > 12"))
OPEN_DATA = ROOT / "examples" / "atlas_open_data_4l" / "selection.hepsel"
CASES = {
    "h4l": Case(
        (ROOT / "examples/h4l/h4l.hepsel").read_text(), "physlite", str(ROOT / "examples/h4l/h4l_sample.root"), False,
        (("select pt > 7 GeV ", "select pt > 10 GeV "), ("12 GeV < m34", "20 GeV < m34"),
         ('  select |d0| < 1 mm               as "3.7"  cite table "3.7 abs(d0) < 1 mm"\n', ""),
         ("region signal\n", "region signal\n  select count(Jet) < 6\n")),
    ),
    "atlas open data": Case(
        OPEN_DATA.read_text(), "atlas_open_data", "atlas_open_data_4l/data_D.4lep.root", False,
        (("l.z0| < 10 mm", "l.z0| < 1 mm"), ("l.ptcone30 / l.pt < 0.15", "l.ptcone30 / l.pt < 0.3"),
         ("leptons[1].pt > 15 GeV", "leptons[1].pt > 30 GeV")),
    ),
    "nanoaod": Case(LEPTONS, "nanoaod", "nanoaod/nano_tt_v12.root", False, LEPTON_CHANGES[:3]),
    "physlite": Case(LEPTONS, "physlite", "physlite/zee_mc20_100ev.root", False, LEPTON_CHANGES[1:4:2]),
    "cms open data": Case(
        MUONS, "cms_open_data_2012", "adl_benchmark/Run2012B_SingleMu_1000.root", True, MUON_CHANGES
    ),
    "parquet": Case(
        MUONS, "cms_open_data_2012", "adl_benchmark/Run2012B_SingleMu-restructured-1000.parquet", True, MUON_CHANGES
    ),
}  # fmt: skip


@cache
def selected(text: str, case: Case, file: str) -> dict[str, set[tuple[int, ...]]]:
    """Return the events that a program selects when it is run by itself, by region."""
    program = load_program(text, case.format)
    result = run_program(program, [file], Settings(interpreter=case.interpreter))
    return {
        region: set(zip(*(ak.to_list(array) for array in ids.values()), strict=True))
        for region, ids in result["selected"].items()
    }


@pytest.mark.parametrize("name", CASES)
def test_real_files(name: str, data_file: Any, tmp_path: Path) -> None:
    case = CASES[name]
    file = case.file if Path(case.file).is_absolute() else str(data_file(case.file))
    everything = range(len(case.changes))
    texts = {"a": case.made(()), "b": case.made(everything)}
    paths = {side: tmp_path / f"{side}.hepsel" for side in texts}
    for side, text in texts.items():
        paths[side].write_text(text)
    events = tmp_path / "events.csv"
    code, out, err = hepsel(
        "diff", str(paths["a"]), str(paths["b"]), "--format", case.format, "--data", file,
        "--output", "json", "--events", str(events), "--chunk", "70",
    )  # fmt: skip
    assert (code, err) == (1, "")
    report = json.loads(out)
    with kept_open(Path(file), load_format(case.format).trees) if file.endswith(".root") else nullcontext():
        a, b = (selected(text, case, file) for text in texts.values())
        alone = [selected(case.made([number]), case, file) for number in everything]
        without = [selected(case.made([n for n in everything if n != number]), case, file) for number in everything]
    moved = 0
    assert [(table["first"], table["second"]) for table in report["events"]["regions"]] == [(r, r) for r in a]
    for table in report["events"]["regions"]:
        ours, theirs = a[table["first"]], b[table["second"]]
        assert table["both"] == len(ours & theirs)
        assert table["only_first"] == len(ours - theirs)
        assert table["only_second"] == len(theirs - ours)
        assert (
            table["both"] + table["only_first"] + table["only_second"] + table["neither"] == report["events"]["events"]
        )
        moved += len(ours ^ theirs)
    assert moved > 0
    with events.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    ids = [key for key in ("run", "luminosity_block", "event") if key in rows[0]]
    listed = {(row["region"], row["selected_by"], *(int(row[key]) for key in ids)) for row in rows}
    assert len(rows) == moved
    wanted = {(r, "A", *event) for r in a for event in a[r] - b[r]}
    assert listed == wanted | {(r, "B", *event) for r in a for event in b[r] - a[r]}

    differences = [row for row in report["rows"] if not row["apart"]]
    assert len(differences) == len(case.changes)
    found = []
    for row in differences:
        by_region = [
            {region["name"]: (region["gained"], region["lost"]) for region in row[which]["regions"]}
            for which in ("alone", "given_others")
        ]
        found.append([tuple(effect.get(region, (0, 0)) for region in a) for effect in by_region])
    for one, others in zip(alone, without, strict=True):
        effect = [
            tuple((len(one[r] - a[r]), len(a[r] - one[r])) for r in a),
            tuple((len(others[r] - b[r]), len(b[r] - others[r])) for r in a),
        ]
        assert effect in found
        found.remove(effect)
    assert found == []


def test_against_numpy(data_file: Any, tmp_path: Path) -> None:
    """Nothing of hepsel on one side."""
    file = data_file("adl_benchmark/Run2012B_SingleMu_1000.root")
    tree = uproot.open(file)["Events"].arrays(["Muon_pt", "MET_pt", "run", "event"])
    masks = [
        np.asarray(ak.any(tree["Muon_pt"] > muon, axis=1)) & (np.asarray(tree["MET_pt"], dtype=float) > met)
        for muon, met in ((15, 15), (22, 12))
    ]
    paths = [tmp_path / "a.hepsel", tmp_path / "b.hepsel"]
    case = CASES["cms open data"]
    paths[0].write_text(case.text)
    paths[1].write_text(case.made([0, 1]))
    events = tmp_path / "events.parquet"
    code, _, err = hepsel(
        "diff", *map(str, paths), "--format", case.format, "--data", str(file), "--events", str(events), "--quiet"
    )
    assert (code, err) == (1, "")
    rows = pyarrow.parquet.read_table(events).to_pylist()
    only = [masks[0] & ~masks[1], masks[1] & ~masks[0]]
    assert min(mask.sum() for mask in only) > 0
    for side, mask in zip("AB", only, strict=True):
        wanted = {(int(e["run"]), int(e["event"])) for e in tree[mask]}
        assert {(row["run"], row["event"]) for row in rows if row["selected_by"] == side} == wanted
        assert {row["entry"] for row in rows if row["selected_by"] == side} == set(np.flatnonzero(mask).tolist())
    criteria = {row["criterion"] for row in rows}
    assert criteria == {"signal.1", "signal.2"}


# ---------------------------------------------------------------- the command


def pair_of(tmp_path: Path, format_name: str = "cms_open_data_2012") -> list[str]:
    case = CASES["cms open data"]
    for name, text in (("a", case.text), ("b", case.made([0, 1]))):
        (tmp_path / f"{name}.hepsel").write_text(text)
    return [str(tmp_path / "a.hepsel"), str(tmp_path / "b.hepsel"), "--format", format_name]


def test_the_interpreter_and_other_chunks_say_the_same(tmp_path: Path) -> None:
    write_events(tmp_path / "one.root", 60)
    write_events(tmp_path / "two.root", 40, seed=2)
    files = ["--data", str(tmp_path / "one.root"), str(tmp_path / "two.root")]
    outputs = {
        hepsel("diff", *pair_of(tmp_path), *files, "--output", "json", *options)
        for options in ((), ("--interpreter",), ("--chunk", "7"))
    }
    ((code, out, _),) = outputs
    assert code == 1
    assert json.loads(out)["events"]["events"] == 100
    part = hepsel("diff", *pair_of(tmp_path), *files, "--output", "json", "--entries", "50:70")
    assert json.loads(part[1])["events"]["events"] == 20


def test_the_interpreter_reads_what_it_computes_though_nothing_asks_for_it(tmp_path: Path) -> None:
    write_events(tmp_path / "one.root", 60)
    text = "object hard\n take Muon\n let ratio = mass / pt\n select pt > {} GeV\n sort by pt descending\nregion r\n"
    text += " select count(hard) > 0\n histogram h = hard.eta bins 5 from -2 to 2\n"
    text += " bins g = hard[0].pt edges [0 GeV, 40 GeV]\n save x = hard[0].phi\n"
    arguments = pair_of(tmp_path)
    for path, cut in zip(arguments, (20, 30), strict=False):
        Path(path).write_text(HEAD + text.format(cut))
    arguments += ["--data", str(tmp_path / "one.root"), "--output", "json"]
    code, out, _ = hepsel("diff", *arguments)
    assert (code, out, "") == hepsel("diff", *arguments, "--interpreter")
    (row,) = json.loads(out)["rows"]
    assert row["alone"]["fills"] > 0


@pytest.mark.parametrize("output", ["table", "markdown", "html", "latex"])
def test_every_output_tells_of_events(output: str, tmp_path: Path) -> None:
    write_events(tmp_path / "one.root", 60)
    code, out, _ = hepsel(
        "diff", *pair_of(tmp_path), "--data", str(tmp_path / "one.root"), "--output", output
    )  # fmt: skip
    assert code == 1
    for words in ("alone", "given the others", "moves ", "neither", "60 events read", "lost at"):
        assert words in out, words


def test_a_difference_that_moves_nothing_is_told(tmp_path: Path) -> None:
    write_events(tmp_path / "one.root", 60)
    arguments = pair_of(tmp_path)
    Path(arguments[1]).write_text(CASES["cms open data"].text.replace("MET.pt > 15", "MET.pt > 14.9999"))
    code, out, _ = hepsel("diff", *arguments, "--data", str(tmp_path / "one.root"))
    assert code == 1
    assert "moves no event" in out
    assert "60 events read; 1 of 1 differences change no event alone" in out


@pytest.mark.parametrize(("found", "wrong"), [(False, True), (True, False)])
def test_a_disagreement_that_no_difference_explains_is_an_error_of_the_comparison(
    found: bool, wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compare(*arguments: Any, **options: Any) -> Comparison:
        comparison = compare_programs(*arguments, **options)
        return comparison if found else replace(comparison, rows=())

    monkeypatch.setattr("hepsel.cli.diff.compare_programs", compare)
    write_events(tmp_path / "one.root", 60)
    arguments = ["diff", *pair_of(tmp_path), "--data", str(tmp_path / "one.root")]
    code, out, _ = hepsel(*arguments)
    assert code == 1
    assert ("the comparison is wrong here, please report it" in out) is wrong
    assert json.loads(hepsel(*arguments, "--output", "json")[1])["events"]["unexplained"] == [["signal"] * 2] * wrong


def test_weights_and_bins(tmp_path: Path) -> None:
    write_events(tmp_path / "one.root", 60)
    arguments = pair_of(tmp_path)
    more = '  weight w = MET.pt / {50} GeV\n  bin "low" MET.pt < {30} GeV\n'
    text = CASES["cms open data"].text
    Path(arguments[0]).write_text(text + more.replace("{", "").replace("}", ""))
    Path(arguments[1]).write_text(text + more.replace("{50}", "40").replace("{30}", "60").replace("low", "wide"))
    code, out, _ = hepsel("diff", *arguments, "--data", str(tmp_path / "one.root"), "--output", "json")
    assert code == 1
    rows = {row["kind"]: row for row in json.loads(out)["rows"]}
    arrays = uproot.open(tmp_path / "one.root")["Events"].arrays(["Muon_pt", "MET_pt"])
    met = np.asarray(arrays["MET_pt"], dtype=float)
    passing = np.asarray(ak.any(arrays["Muon_pt"] > 15, axis=1)) & (met > 15)
    assert rows["weight"]["alone"]["weights"] == passing.sum() > 0
    assert rows["weight"]["alone"]["events"] == 0
    inside = int((passing & (met >= 30) & (met < 60)).sum())
    assert inside > 0
    assert rows["bin"]["alone"]["regions"] == [{"name": "bin low of signal", "gained": inside, "lost": 0}]
    assert rows["bin"]["given_others"]["regions"] == [{"name": "bin wide of signal", "gained": 0, "lost": inside}]


def test_how_many_events_and_items_a_difference_moves(tmp_path: Path) -> None:
    """Counted in numpy: of A with the one cut of B, and of B with the one cut of A."""
    file = tmp_path / "one.root"
    write_events(file, 60)
    text = "object hard\n take Muon\n select pt > {} GeV\nregion r\n select count(hard) > 0\n select MET.pt > {} GeV\n"
    text += ' bin "three" count(hard) > 2\n'
    text += " bins grid = sum(hard.pt) edges [-inf, 99 GeV, 190 GeV] vs MET.pt edges [0 GeV, 80 GeV]\n"
    text += "region s\n take r\n"  # of the same events
    arguments = pair_of(tmp_path)
    for path, cuts in zip(arguments, ((30, 20), (60, 50)), strict=False):
        Path(path).write_text(HEAD + text.format(*cuts))
    code, out, _ = hepsel("diff", *arguments, "--data", str(file), "--output", "json")
    assert code == 1
    arrays = uproot.open(file)["Events"].arrays(["Muon_pt", "MET_pt"])
    pt, met = arrays["Muon_pt"], np.asarray(arrays["MET_pt"], dtype=float)
    a_pt, b_pt = (np.asarray(ak.any(pt > cut, axis=1)) for cut in (30, 60))
    a_met, b_met = met > 20, met > 50
    between = int(ak.sum((pt > 30) & (pt <= 60)))
    table, a, b = json.loads(out)["events"]["regions"][0], a_pt & a_met, b_pt & b_met
    counts = [table[which] for which in ("both", "only_first", "only_second", "neither")]
    assert counts == [(a & b).sum(), (a & ~b).sum(), (b & ~a).sum(), (~a & ~b).sum()]
    rows = [row for row in json.loads(out)["rows"] if row.get("alone")]
    alone, given = ([row[which] for row in rows] for which in ("alone", "given_others"))
    assert [one["events"] for one in alone] == [(a_pt & ~b_pt & a_met).sum(), (a_pt & a_met & ~b_met).sum()]
    assert [one["events"] for one in given] == [(a_pt & ~b_pt & b_met).sum(), (b_pt & a_met & ~b_met).sum()]
    assert len({one["events"] for one in (*alone, *given)}) == 4
    moved = [[(change["gained"], change["lost"]) for change in one["regions"]] for one in (*alone, *given)]
    assert moved == [[(0, one["events"])] * 2 for one in alone] + [[(one["events"], 0)] * 2 for one in given]
    assert [one["items"] for one in alone] == [[{"name": "hard", "gained": 0, "lost": between}], []]
    assert [one["items"] for one in given] == [[{"name": "hard", "gained": between, "lost": 0}], []]
    three_a, three_b = (np.asarray(ak.sum(pt > cut, axis=1)) > 2 for cut in (30, 60))
    cell_a, cell_b = (np.digitize(np.asarray(ak.sum(pt[pt > cut], axis=1)), [99, 190]) for cut in (30, 60))
    moved = (three_a != three_b) | (met < 80) & (cell_a != cell_b)
    assert [one["bins"] for one in alone] == [(moved & a_pt & b_pt & a_met).sum(), 0]
    assert [one["bins"] for one in given] == [(moved & a_pt & b_pt & b_met).sum(), 0]


WRONG = {
    "no such file": (["--data", "nowhere.root"], 3, "nowhere.root: no such file"),
    "a damaged file": (["--data", "damaged.root"], 3, "damaged.root: cannot read the file"),
    "no tree": (["--data", "other.root"], 3, "other.root: no tree"),
    "no column": (["--data", "poor.root"], 3, "poor.root: no branch for MET.pt"),
    "events without data": (["--events", "x.csv"], 2, "--events needs data"),
    "a file that is read": (["--data", "one.root", "--events", "link.csv"], 3, "link.csv: this command reads it"),
    "an unknown extension": (["--data", "one.root", "--events", "x.txt"], 2, ".csv or .parquet"),
    "a folder that is not there": (["--data", "one.root", "--events", "no/x.csv"], 3, "no/x.csv: cannot be written"),
    "data without --data": (["one.root"], 2, "--data"),
    "no number of seconds": (["--seconds", "nan"], 2, "'nan' is not a number"),
    "endless seconds": (["--seconds", "inf"], 2, "inf is not in the range"),
}


@pytest.mark.parametrize("case", WRONG)
def test_bad_data(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_events(Path("one.root"), 20)
    write_events(Path("poor.root"), 20, leave_out="MET_pt")
    Path("link.csv").symlink_to("one.root")
    Path("damaged.root").write_bytes(Path("one.root").read_bytes()[:2000])
    with uproot.recreate("other.root") as file:
        file["numbers"] = {"x": np.arange(3)}
    options, code, words = WRONG[case]
    before = sorted(tmp_path.rglob("*"))
    found, out, err = hepsel("diff", *pair_of(tmp_path), *options)
    assert (found, out) == (code, "")
    assert words in err
    assert "Traceback" not in err
    assert {path.name for path in set(tmp_path.rglob("*")) - set(before)} <= {"a.hepsel", "b.hepsel"}


def test_numbers_below_0_are_written_as_csv_and_refused_as_parquet(tmp_path: Path) -> None:
    columns, row = {"run": "int", "event": "int", "label": "text"}, {"run": -1, "event": 2**63, "label": "y"}
    with event_file(tmp_path / "a.csv", columns) as file:
        file.add([row])
    assert (tmp_path / "a.csv").read_text() == f"run,event,label\n-1,{2**63},y\n"
    with (
        pytest.raises(DataError, match=r"below 0: name a \.csv"),
        event_file(tmp_path / "a.parquet", columns) as file,
    ):
        file.add([row])
    assert not (tmp_path / "a.parquet").exists()


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_a_list_of_events_that_cannot_be_written_is_named(name: str, tmp_path: Path) -> None:
    path, limits = tmp_path / name, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2, limits[1]))
    try:
        with pytest.raises(DataError, match=f"{name}: cannot be written"), event_file(path, {"run": "int"}) as file:
            file.add([{"run": 1}])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [*tmp_path.iterdir()] == []


def test_a_format_without_run_and_event(tmp_path: Path) -> None:
    write_events(tmp_path / "one.root", 60)
    z_peak = ROOT / "examples" / "cms_dimuon" / "z_peak.hepsel"
    other = tmp_path / "other.hepsel"
    other.write_text(z_peak.read_text().replace("select pt > 20 GeV", "select pt > 40 GeV"))
    data_format = str(z_peak.with_name("format.toml"))
    code, out, err = hepsel(
        "diff",
        str(z_peak),
        str(other),
        "--format",
        data_format,
        "--data",
        str(tmp_path / "one.root"),
        "--output",
        "json",
    )
    assert (code, err) == (1, "")
    assert {"file", "entry"} <= json.loads(out)["events"]["disagreement"][0].keys()
    assert "run" not in json.loads(out)["events"]["disagreement"][0]


def test_an_unknown_format_is_no_difference(tmp_path: Path) -> None:
    code, _, err = hepsel("diff", *pair_of(tmp_path, "nonsense"))
    assert code == 3
    assert "no format is called" in err


def test_two_formats_are_refused(tmp_path: Path) -> None:
    write_events(tmp_path / "one.root", 20)
    code, _, err = hepsel(
        "diff", *pair_of(tmp_path), "--format-b", "nanoaod", "--data", str(tmp_path / "one.root")
    )  # fmt: skip
    assert code == 3
    assert "different formats" in err
