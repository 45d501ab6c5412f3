"""`hepsel diff`: every verdict, traps of absent values, the H->4l selection with ten changes, git."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations, pairwise, permutations, product
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from interpreted import FORMAT, make_event

from hepsel.check import check_text, load_program
from hepsel.compare.assignment import best_pairs
from hepsel.compare.diff import compare_programs
from hepsel.compare.entries import blocks_of, slot_names
from hepsel.compare.keys import key
from hepsel.compare.matching import match_blocks
from hepsel.compare.normal import Normaliser
from hepsel.compare.score import score
from hepsel.compare.smt import Prover
from hepsel.compare.verdicts import Comparison, Row, Verdict
from hepsel.interpreter import evaluate_event, interpret
from hepsel.semantics.program import Expr, Program

pytest.importorskip("z3", reason="the extra `smt` is not installed")

ROOT = Path(__file__).resolve().parents[1]
H4L = ROOT / "examples" / "h4l" / "h4l.hepsel"
HEAD = 'hepsel 1\nanalysis "test"\n'


def compared(a: str, b: str) -> Comparison:
    return compare_programs(load_program(HEAD + a, FORMAT), load_program(HEAD + b, FORMAT))


def objects(a: str, b: str, take: str = "Electron") -> Comparison:
    return compared(f"object o\n  take {take}\n  {a}\n", f"object p\n  take {take}\n  {b}\n")


def regions(a: str, b: str) -> Comparison:
    return compared(f"region r\n  {a}\n", f"region s\n  {b}\n")


def said(comparison: Comparison) -> list[str]:
    return sorted(row.verdict for row in comparison.rows if row.kind not in ("source", "pairing"))


IDENTICAL = [
    ("select any(any(dr(i, j) < 1 for i in Jet) for j in Muon)", "select any(dr(x, y) < 1 for y in Muon for x in Jet)"),
    (
        "select all(all(dr(i, j) > 1 for i in Jet if i.pt > pt) for j in Muon if j.pt > pt)",
        "reject any(not (dr(x, y) > 1) for y in Muon for x in Jet if x.pt > pt and y.pt > pt)",
    ),
    (
        "select any(j.eta > 0 and any(any(dr(i, j) < dr(this, k) for k in Jet) for i in Jet) for j in Muon)",
        "select any(j.eta > 0 and dr(i, j) < dr(this, k) for j in Muon for i in Jet for k in Jet)",
    ),
    ("select any(dr(i, j) < 1 for i in Jet for j in Muon)", "select any(dr(i, j) < 1 for j in Muon for i in Jet)"),
    (
        "select all(i.pt + j.pt > pt for i in Jet for j in Muon if i.eta > j.eta)",
        "reject any(any(not (i.pt + j.pt > pt) for i in Jet if j.eta < i.eta) for j in Muon)",
    ),
    (
        "select count(i for i in Jet for j in Jet if i.eta > j.pt / 1 GeV and dr(i, j) < 1) == 1",
        "select count(i for i in Jet for j in Jet if j.eta > i.pt / 1 GeV and dr(i, j) < 1) == 1",
    ),
    (
        "select any(i.eta > j.eta and k.d0 > 1 mm for k in tracks for i, j in Jet)",
        "select any(i.eta > j.eta and k.d0 > 1 mm for i, j in Jet for k in tracks)",
    ),
    (
        "select any(j.eta > i.eta + l.d0 / 1 mm for k in Electron for l in k.tracks for i in Jet for j in Muon)",
        "select any(i.eta + l.d0 / 1 mm < j.eta for j in Muon for k in Electron for i in Jet for l in k.tracks)",
    ),
    ("sort by pt descending, d0 descending", "sort by d0 descending\n sort by pt descending"),
    (
        "sort by d0 ascending, charge descending, pt ascending",
        "sort by charge descending, pt ascending\n sort by d0 ascending",
    ),
    (
        "sort by pt descending, eta ascending, pt ascending",
        "sort by pt ascending\n sort by pt descending, eta ascending",
    ),
    ("select Jet.pt[1:][0] > pt", "select Jet[1].pt > pt"),
    ("select deta(this, Jet[0]) > 1", "select |Jet[0].eta - eta| > 1"),
    ("select deta(this + Jet[0], Jet[1]) > 1", "select |(Jet[0] + this).eta - Jet[1].eta| > 1"),
    ("select dphi(this, MET) > 1", "select |dphi_signed(MET, this)| > 1"),
    ("select pt > 7 GeV", "select 7000 MeV < pt"),
    ("select pt > 7 GeV and |eta| < 2", "select |eta| < 2\n  select pt > 7 GeV"),
    ("select |eta| < 2", "select -2 < eta < 2"),
    ("select |eta| > 2", "select eta > 2 or eta < -2"),
    ("reject pt > 7 GeV", "select not (pt > 7 GeV)"),
    ("reject pt > 7 GeV or charge == 1", "reject pt > 7 GeV\n  reject charge == 1"),
    ("select |pt - 91 GeV| < 5 GeV", "select |91 GeV - pt| < 5 GeV"),
    ("let x = 2 * pt\n  select x > 9 GeV", "select pt * 2 > 9 GeV"),
    ("select any(dr(this, j) < 1 for j in Jet)", "reject all(not (dr(k, this) < 1) for k in Jet)"),
    ("select all(j.pt > 1 GeV for j in Jet if j.eta > 0)", "select all(not (x.eta > 0) or x.pt > 1 GeV for x in Jet)"),
    ("select eta > 0.0", "select eta > -0.0"),
    ("select -0.0 < -eta", "select eta < 0.0"),
    ("select -eta > 0.0", "select eta < 0.0"),
    ("reject |eta| < 2", "reject -2 < eta < 2"),
    ("select pt > 7 GeV", "select pt > 7 GeV - 0 GeV"),
    ("select 1 / |-0.0| > eta", "select eta < 1 / 0.0"),
    ("keep lowest max(tracks.d0)", "keep lowest largest(tracks.d0, 1)"),
    ("let p4 = 1.02 * this", "let p4 = this * 1.02"),
    ("select (2 * Jet.pt)[0] > pt", "select 2 * Jet[0].pt > pt"),
    ("select max(Jet.pt[0:2]) > pt", "select max(j.pt for j in Jet[0:2]) > pt"),
    ("keep highest pt, lowest -eta", "keep lowest -pt, highest eta"),
    ("sort by -pt ascending", "sort by pt descending"),
    ("sort by -pt ascending, eta descending", "sort by pt descending, -eta ascending"),
    ("select pt / 2 > 7 GeV", "select 0.5 * pt > 7 GeV"),
    ("select four_vector(pt, eta, phi, 2 * pt).mass > 1 GeV", "select 1 GeV < four_vector(pt, eta, phi, pt * 2).mass"),
    ("select mt2(this, Muon[0], MET) > 9 GeV", "select mt2(Muon[0], this, MET) > 9 GeV"),
    ("select mt2(this, Muon[0], MET, pt, 5 GeV) > 9 GeV", "select mt2(Muon[0], this, MET, 5 GeV, pt) > 9 GeV"),
    ("select mt2(this, this, MET, pt, 5 GeV) > 9 GeV", "select mt2(this, this, MET, 5 GeV, pt) > 9 GeV"),
    ("select mt2(this, Muon[0], MET, 5 GeV) > 9 GeV", "select mt2(Muon[0], this, MET, 5 GeV, 5 GeV) > 9 GeV"),
    ("select mt2(this, Muon[0], MET, 0 GeV) > 9 GeV", "select mt2(Muon[0], this, MET) > 9 GeV"),
]


@pytest.mark.parametrize(("a", "b"), IDENTICAL)
def test_spellings_of_one_criterion_are_identical(a: str, b: str) -> None:
    assert set(said(objects(a, b))) == {"identical"}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("mt2(this, Muon[0], MET, 100 GeV)", "mt2(this, Muon[0], MET)"),
        ("four_vector(pt, eta, phi, 1 GeV).energy", "four_vector(pt, eta, phi, 2 GeV).energy"),
        ("four_vector(pt, eta, phi, 1 GeV).energy", "four_vector(pt, phi, eta, 1 GeV).energy"),
        ("mt2(this, Muon[0], MET, 100 GeV)", "mt2(this, Muon[0], MET, 90 GeV)"),
        ("mt2(this, Muon[0], MET, 0 GeV, 80 GeV)", "mt2(Muon[0], this, MET, 0 GeV, 80 GeV)"),
    ],
)
def test_other_masses_of_what_is_not_seen_are_another_criterion(a: str, b: str) -> None:
    assert "identical" not in said(objects(f"select {a} > 150 GeV", f"select {b} > 150 GeV"))


def test_a_weight_that_moves_past_a_criterion_changes_the_sums_of_the_cutflow() -> None:
    before, behind = (
        "weight w = event.weight\n  select MET.pt > 1 GeV",
        "select MET.pt > 1 GeV\n  weight w = event.weight",
    )
    events = [make_event(event={"weight": 3.0}, MET={"pt": 5.0})]
    rows = [
        interpret(load_program(f"{HEAD}region r\n  {text}\n", FORMAT), events)["cutflow"] for text in (before, behind)
    ]
    assert rows[0] != rows[1]
    comparison = regions(before, behind)
    assert not comparison.same
    assert said(comparison) == ["identical", "order differs"]


def test_counted_candidates_are_counted_however_it_is_spelt() -> None:
    """Parts and slots are there as the candidates are; of links, those alone count that lead to something."""
    pairs = "composite q\n  take Muon a, Muon b\nregion r\n  select"
    for a, b in (("count(q[0].parts) == 2", "count(l for l in q[0].parts) == 2"), ("count(q.a) > 1", "count(q) > 1")):
        assert set(said(compared(f"{pairs} {a}\n", f"{pairs} {b}\n"))) == {"identical"}
    links = regions("select count(Electron.track) > 1", "select count(e.track for e in Electron) > 1")
    assert set(said(links)) != {"identical"}


EQUIVALENT = [
    ("select count(Jet) > 0", "select count(Jet) >= 1"),
    ("select count(Jet) >= 1", "select exists(Jet[0])"),
    ("select default(MET.phi, -9) > 1", "select exists(MET.phi) and MET.phi > 1"),
    ("select default(MET.phi, 9) > 1", "select not exists(MET.phi) or MET.phi > 1"),
    ("select default(MET.phi, 9) > 1", "reject MET.phi <= 1"),
    (
        "select MET.pt > 9 GeV or (MET.phi > 1 and MET.phi < 2)",
        "select MET.pt > 9 GeV or MET.phi > 1\n  select MET.pt > 9 GeV or MET.phi < 2",
    ),
    ("select MET.pt != 3 GeV", "select MET.pt < 3 GeV or MET.pt > 3 GeV"),
    ("select not (MET.pt > 3 GeV)", "select MET.pt <= 3 GeV or not exists(MET.pt)"),
    (
        "select count(j for j in Jet if j.pt > 3 GeV) > 1",
        "select count(j for j in Jet if not (j.pt <= 3 GeV) and exists(j.pt)) > 1",
    ),
    (
        "select MET.pt > (if MET.phi > 0 then 9 GeV else 3 GeV)",
        "select MET.pt > 3 GeV and (MET.pt > 9 GeV or not (MET.phi > 0))",
    ),
    ("select exists(Jet[-2])", "select count(Jet) > 1"),
    ("select (MET + Jet[0]).mass > -1 GeV", "select exists((MET + Jet[0]).mass)"),
    (
        "select Muon[0].type == combined or Muon[0].type == forward",
        "select exists(Muon[0].type) and Muon[0].type != standalone",
    ),
    ("select sqrt(MET.phi) > -1", "select MET.phi >= 0"),
    ("select count(Jet) + count(Muon) == 0", "select count(Jet) == 0\n  select count(Muon) == 0"),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), EQUIVALENT)
def test_criteria_written_differently_are_equivalent(a: str, b: str) -> None:
    assert set(said(regions(a, b))) == {"equivalent"}


# Ways to write one condition on a collection. What stands in different lines differs for some list, if only for an
# empty one, one that is too short, or one with values that are missing.
ON_LISTS = [
    ("any(j.pt > 3 GeV for j in Jet)", "count(j for j in Jet if j.pt > 3 GeV) >= 1", "max(Jet.pt) > 3 GeV",
     "count(j for j in Jet if j.pt > 3 GeV) != 0", "not all(not (j.pt > 3 GeV) for j in Jet)",
     "default(largest(Jet.pt, 1), 0 GeV) > 3 GeV", "min(-j.pt for j in Jet) < -3 GeV"),
    ("not any(j.pt > 3 GeV for j in Jet)", "count(j for j in Jet if j.pt > 3 GeV) == 0", "not (max(Jet.pt) > 3 GeV)",
     "count(j for j in Jet if j.pt > 3 GeV) < 1", "all(not (j.pt > 3 GeV) for j in Jet)",
     "default(max(Jet.pt), 3 GeV) <= 3 GeV"),
    ("max(Jet.pt) <= 3 GeV", "count(Jet.pt) > 0 and not any(Jet.pt > 3 GeV)"),
    ("all(j.pt <= 3 GeV for j in Jet)", "count(j for j in Jet if not (j.pt <= 3 GeV)) == 0"),
    ("min(Jet.pt) > 3 GeV", "exists(min(Jet.pt)) and count(j for j in Jet if j.pt <= 3 GeV) == 0"),
    ("not any(j.pt <= 3 GeV for j in Jet)", "not (min(Jet.pt) <= 3 GeV)", "default(min(Jet.pt), 9 GeV) > 3 GeV"),
    ("largest(Jet.pt, 2) > 3 GeV", "count(j for j in Jet if j.pt > 3 GeV) >= 2",
     "smallest(-j.pt for j in Jet, 2) < -3 GeV"),
    ("largest(Jet.pt, 2) <= 3 GeV", "count(Jet.pt) > 1 and count(j for j in Jet if j.pt > 3 GeV) < 2"),
    ("min(j.pt for j in Jet if j.eta > 0) < 3 GeV", "any(j.pt < 3 GeV for j in Jet if j.eta > 0)",
     "count(0 for j in Jet if j.pt < 3 GeV and j.eta > 0) > 0"),
    ("max(Jet.pt) > MET.pt", "any(j.pt > MET.pt for j in Jet)", "not all(not (MET.pt < j.pt) for j in Jet)"),
    ("exists(Jet[0])", "count(j for j in Jet) != 0", "any(true for j in Jet)"),
    ("exists(max(Jet.pt))", "count(Jet.pt) > 0", "any(exists(j.pt) for j in Jet)"),
]  # fmt: skip
_LISTS = [
    make_event(
        MET={"pt": 3.0 if len(jets) % 2 else 4.0}, Jet=[{"pt": 1000 * x, "eta": 1 - i} for i, x in enumerate(jets)]
    )
    for length in range(3)
    for jets in product((float("nan"), 2.0, 3.0, 4.0), repeat=length)
]


def _decided(conditions: Sequence[str], events: list[dict[str, object]], head: str = "") -> list[tuple[bool, ...]]:
    """Return for each condition which events pass it, as the interpreter finds."""
    text = head + "".join(f"region r{place}\n select {condition}\n" for place, condition in enumerate(conditions))
    failed = interpret(load_program(HEAD + text, FORMAT), events, trace=True)["first_failed"]
    return [tuple(one is None for one in failed[f"r{place}"]) for place in range(len(conditions))]


def test_ways_to_write_a_condition_on_a_list_are_the_same_where_the_interpreter_agrees() -> None:
    decided = [set(_decided(ways, _LISTS)) for ways in ON_LISTS]
    assert [len(one) for one in decided] == [1] * len(ON_LISTS)
    assert len(set.union(*decided)) == len(ON_LISTS)
    for (first, *others), (different, *_) in pairwise([*ON_LISTS, ON_LISTS[0]]):
        assert [way for way in others if not regions(f"select {first}", f"select {way}").same] == []
        assert not regions(f"select {first}", f"select {different}").same


_SAME = "the same, but that "
_EMPTY = "where e has no such item, only one of them may pass"
_MISSING = "a missing value may pass only one of them"
_OFF_ONE = "charges other than 1 and -1 may pass only one of them"
NEARLY = [
    ("min(dr(this, x) for x in e) > 1", "not any(dr(this, x) <= 1 for x in e)", "absence differs", [_SAME + _EMPTY]),
    ("default(min(dr(this, x) for x in e), 9) > 1", "min(dr(this, x) for x in e) > 1", "absence differs",
     [_SAME + _EMPTY]),
    ("largest(e.pt, 2) < pt", "not (count(x for x in e if x.pt >= pt) > 1)", "absence differs",
     [_SAME + "where e has fewer than 2 such items, only one of them may pass"]),
    ("min(dr(this, x) for x in e) > 1", "all(dr(this, x) > 1 for x in e)", "absence differs",
     [f"{_SAME}{_MISSING} and {_EMPTY}"]),
    ("min(dr(this, x) for x in e) > 1", "not any(dr(this, x) < 1 for x in e)", "bound differs",
     ["<= against <", _EMPTY]),
    ("not (min(dr(this, x) for x in e) < 1)", "not any(dr(this, x) < 2 for x in e)", "value differs", ["1 against 2"]),
    ("any(dr(this, x) < 1 for x in e)", "min(dr(this, x) for x in e) < 2", "value differs", ["1 against 2"]),
    ("default(min(dr(this, x) for x in e), 9) > 1", "not any(dr(this, x) <= 2 for x in e)", "value differs",
     ["1 against 2"]),
    ("any(x.pt > pt for x in e)", "count(x for x in e if x.pt > pt) > 2", "value differs", ["1 against 3"]),
    ("any(x.pt > pt for x in e)", "count(x for x in e if x.pt > pt) == 0", "contradictory",
     ["one is the negation of the other"]),
    ("count(e) > 0", "count(e) == 0", "contradictory", ["one is the negation of the other"]),
    ("count(e) != 0", "count(e) > 2", "value differs", ["1 against 3"]),
    ("count(e) == 2", "count(e) > 2", "bound differs", ["== against >"]),
    ("any(dr(this, x) < 1 for x in e if x.pt > 3 GeV)", "any(dr(this, x) < 1 for x in e)", "missing",
     ["the condition item.pt > 3 GeV is missing"]),
    ("count(e) > 1", "count(x for x in e if x.pt > 3 GeV) > 1", "extra", ["the condition item.pt > 3 GeV is extra"]),
    ("sum(x.pt for x in e if x.eta > 1) > pt", "sum(x.pt for x in e if x.eta > 1 and |x.d0| < 2 mm) > pt", "extra",
     ["the condition |item.d0| < 2 mm is extra"]),
    ("not any(dr(this, x) < 1 for x in e)", "not any(dr(this, x) < 1 for x in e if not (x.pt > pt))", "extra",
     ["the condition not (pt < item.pt) is extra"]),
    ("charge != e[0].charge", "charge * e[0].charge < 0", "bound differs", [_SAME + _OFF_ONE]),
    ("charge != e[0].charge", "charge + e[0].charge == 0", "bound differs", [_SAME + _OFF_ONE]),
    ("charge == e[0].charge", "charge * e[0].charge > 0", "bound differs", [_SAME + _OFF_ONE]),
    ("any(x.charge != charge for x in e)", "count(x for x in e if x.charge == -charge) > 0", "bound differs",
     [_SAME + _OFF_ONE]),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "verdict", "details"), NEARLY)
def test_what_is_nearly_the_same_on_a_list_is_one_changed_statement(
    a: str, b: str, verdict: str, details: list[str]
) -> None:
    head = "object e\n take Electron\nobject o\n take Muon\n select "
    (row,) = compared(f"{head}{a}\n", f"{head}{b}\n").differences
    assert (row.verdict, list(row.details)) == (verdict, details)


@pytest.mark.parametrize("implied", ["count(Jet) >= 1", "count(Jet.pt) > 0", "exists(max(Jet.pt))"])
def test_a_list_with_an_item_beyond_a_bound_is_not_empty(implied: str) -> None:
    assert regions(f"select max(Jet.pt) > 3 GeV\n select {implied}", "select any(j.pt > 3 GeV for j in Jet)").same
    assert not regions(f"select max(Jet.pt) > 3 GeV\n select {implied}", f"select {implied}").same
    assert regions(
        "select count(j for j in Jet if j.pt > 3 GeV) > 1\n select count(Jet) > 1", "select largest(Jet.pt, 2) > 3 GeV"
    ).same


def test_any_and_all_are_no_contradiction() -> None:
    found = regions("select any(j.pt > 3 GeV for j in Jet)", "select all(j.pt > 3 GeV for j in Jet)")
    assert said(found) == ["extra", "missing"]


def test_ways_to_ask_for_opposite_charges_are_the_same_for_charges_of_one_alone() -> None:
    ways = [
        f"any({way} for a, b in Muon)"
        for way in ("a.charge != b.charge", "a.charge * b.charge < 0", "a.charge == -b.charge")
    ]
    ones, others = (
        [make_event(Muon=[{"pt": 1.0, "charge": a}, {"pt": 1.0, "charge": b}]) for a, b in product(charges, repeat=2)]
        for charges in ((1, -1), (0, 1, 2, -1))
    )
    assert len(set(_decided(ways, ones))) == 1
    assert len(set(_decided(ways, others))) == len(ways)


def test_the_charge_of_a_candidate_is_the_sum_of_those_of_its_slots() -> None:
    pairs = "object u\n take Muon\n let p4 = 2 * this\ncomposite q\n take u a, u b\n select"
    assert set(said(compared(f"{pairs} charge == 0\n", f"{pairs} b.charge + a.charge == 0\n"))) == {"identical"}
    assert not compared(f"{pairs} charge == 0\n", f"{pairs} a.charge - b.charge == 0\n").same


# What looks the same and is not, because values can be missing (any real may be NaN), or because doubles round.
TRAPS = [
    ("select any(all(dr(i, j) > 1 for i in Jet) for j in Muon)", "select all(dr(i, j) > 1 for j in Muon for i in Jet)"),
    ("select all(any(dr(i, j) > 1 for i in Jet) for j in Muon)", "select any(dr(i, j) > 1 for j in Muon for i in Jet)"),
    (
        "select any(count(i for i in Jet if dr(i, j) < 1) >= 2 for j in Muon)",
        "select count(i for j in Muon for i in Jet if dr(i, j) < 1) >= 2",
    ),
    (
        "select any(any(dr(i, j) < 1 for i in Jet) and count(e for e in Jet if dr(e, j) < 1) > 1 for j in Muon)",
        "select any(dr(i, j) < 1 and count(e for e in Jet if dr(e, i) < 1) > 1 for j in Muon for i in Jet)",
    ),
    ("select product(Jet.eta) > 1", "select product(j.eta for j in Jet if exists(j.eta)) > 1"),
    ("select product(Jet.eta) > 1", "select not product(Jet.eta) <= 1"),
    ("select (2 * MET).pt > 3 GeV", "select (MET / 2).pt > 3 GeV"),
    ("select not (MET.pt > 3 GeV)", "select MET.pt <= 3 GeV"),
    ("reject MET.pt > 3 GeV", "select MET.pt <= 3 GeV"),
    ("select not (MET.pt == 3 GeV)", "select MET.pt != 3 GeV"),
    ("select not (sum(Jet.eta) > 1)", "select sum(Jet.eta) <= 1"),
    ("select MET.pt < 3 GeV or MET.pt >= 3 GeV", "select true"),
    ("select MET.phi == MET.phi", "select true"),
    ("select exists(Jet[-1])", "select true"),
    ("select exists(MET.phi)", "select exists(MET.phi) and exists(log(MET.phi))"),
    (
        "select Muon[0].hits == MET.phi and Muon[1].hits == MET.phi",  # of numbers from 2^53 on, two may equal one real
        "select Muon[0].hits == MET.phi and Muon[1].hits == MET.phi and Muon[0].hits == Muon[1].hits",
    ),
    ("select Muon[0].type == combined or Muon[0].type == forward", "select not (Muon[0].type == standalone)"),
    ("select Muon[0].type == combined or Muon[0].type == forward", "select Muon[0].type != combined"),
    ("select exists(exp(MET.phi))", "select MET.phi >= 0"),
    ("select not (MET.phi < 3) and MET.phi > -3", "select |MET.phi| < 3"),
    ("select all(Jet.pt > 3 GeV)", "select not any(Jet.pt <= 3 GeV)"),
    ("select min(Jet.pt) > 3 GeV", "select all(Jet.pt > 3 GeV)"),
    ("select (MET.pt + 3 GeV) + Jet[0].pt > 9 GeV", "select MET.pt + (3 GeV + Jet[0].pt) > 9 GeV"),
    ("select MET.pt + 3 GeV > 9 GeV", "select MET.pt > 6 GeV"),
    ("select MET.pt / 3 > 1 GeV", "select MET.pt > 3 GeV"),
    ("select MET.pt / 0.0 > 1 GeV", "select MET.pt / (-0.0) > 1 GeV"),
    ("select MET.pt / 0.0 > 1 GeV", "select MET.pt / (0.0 * -1) > 1 GeV"),
]  # fmt: skip


def test_an_item_of_a_part_of_a_list_is_that_item_where_it_is_so_in_python() -> None:
    def written(start: int | None, stop: int | None, place: int) -> str:
        part = "" if start is None and stop is None else f"[{'' if start is None else start}:{stop or ''}]"
        return f"region r\n save x = Jet{part}[{place}].pt\n"

    def meant(start: int | None, stop: int | None, place: int) -> list[int | None]:
        parts = [list(range(number))[start:stop] for number in range(6)]
        return [part[place] if -len(part) <= place < len(part) else None for part in parts]

    cases = list(product((None, 1, 2), (None, 2, 3), (0, 1, -1)))
    same = {(a, b): compared(written(*a), written(*b)).same for a, b in combinations(cases, 2)}
    assert all(meant(*a) == meant(*b) for (a, b), found in same.items() if found)
    plain = [(None, None, place) for place in (0, 1)]
    assert sum(same[a, b] for a, b in same if a in plain or b in plain) == sum(
        meant(*a) == meant(*b) for a, b in same if (a in plain or b in plain) and a[2] >= 0 and b[2] >= 0
    )


def test_a_part_of_a_part_of_a_list_is_a_part_of_it() -> None:
    bounds = [(None, None), (1, None), (None, 2), (1, 3), (2, 3)]
    text = "region r\n save x = Jet[{}:{}]{}.pt\n"
    plain = {(a, b): load_program(HEAD + text.format(a, b, ""), FORMAT) for a, b in combinations(range(5), 2)}
    for (a, b), (c, d) in product(bounds, repeat=2):
        start, stop, first, last = ("" if one is None else one for one in (a, b, c, d))
        both = load_program(HEAD + text.format(start, stop, f"[{first}:{last}]"), FORMAT)
        for (e, f), other in plain.items():
            alike = all(list(range(n))[a:b][c:d] == list(range(n))[e:f] for n in range(8))
            assert compare_programs(both, other).same is alike


@pytest.mark.parametrize(("a", "b"), TRAPS)
def test_what_only_looks_the_same_is_a_difference(a: str, b: str) -> None:
    assert not regions(a, b).same
    assert not regions(b, a).same


def test_an_attribute_that_one_member_of_a_union_makes_is_what_that_makes_of_it() -> None:
    """Where the other one stores it, too."""
    text = "object e take Electron let hits = {}\nobject l take e, Muon select hits > 5\nregion r select count(l) > 0\n"
    assert compared(text.format(6), text.format(6)).same
    assert not compared(text.format(6), text.format(4)).same


def test_a_missing_value_is_the_counterexample() -> None:
    (row,) = regions("select not (MET.pt > 3 GeV)", "select MET.pt <= 3 GeV").differences
    assert row.verdict is Verdict.ABSENCE
    assert row.counterexample == "an event with no MET.pt passes only A"
    assert row.how == "counterexample, confirmed by the interpreter"


def test_a_counterexample_is_one_for_the_whole_block() -> None:
    """11 GeV would tell the first criteria apart, and passes neither block; with `pt < 10 GeV` nothing does."""
    a, b = "select pt > 10 GeV\n  select pt > 12 GeV", "select pt > 12 GeV\n  select pt > 14 GeV"
    (row,) = objects(a, b).differences
    assert row.counterexample == "an item of o with pt = 12.001 GeV passes only A"
    more = "\n  select pt < 12 GeV"
    (row,) = objects(a + more, b + more).differences
    assert (row.counterexample, row.how) == (None, "normal forms are compared")
    bins = 'bin "x" MET.pt > {} GeV\n  select MET.pt > 20 GeV'
    (row,) = regions(bins.format(3), bins.format(4)).differences  # what stands behind a bin does not matter to it
    assert row.counterexample == "an event with MET.pt = 3.001 GeV passes only A"


EXAMPLES = {
    "a list written out": (
        "select count(j for j in Jet if j.pt > 3 GeV) > 1", "select count(j for j in Jet if j.pt > 3 GeV) > 2",
        "an event with count(j for j in Jet if j.pt > 3 GeV) = 2 passes only A",
    ),
    "only what is asked for": (
        "let x = MET.pt + 1 GeV\n  select x > 3 GeV", "select MET.pt + 1 GeV > 4 GeV",
        "an event with x = 3.001 GeV passes only A",
    ),
    # Of two that depend on one another the solver may say what cannot be.
    "two made from one": ("select MET.pt + 1 GeV > 9 GeV", "select MET.pt + 2 GeV > 9 GeV", None),
    "counts of one list": (
        "select count(j for j in Jet if not (j.pt < 3 GeV)) > 1",
        "select count(j for j in Jet if j.pt >= 3 GeV) > 1", None,
    ),
    "the other one": (
        "select MET.pt > 3 GeV", "select MET.pt > 2 GeV", "an event with MET.pt = 2.001 GeV passes only B",
    ),
    "constants": ("select 1 > 2", "select 2 > 1", None),
    "of one text": ("select all(j.pt > 3 GeV for j in Jet)", "select not any(j.pt <= 3 GeV for j in Jet)", None),
    "too many": (
        f"select {' or '.join(f'Jet[{i}].pt > 3 GeV' for i in range(5))}",
        f"select {' or '.join(f'Jet[{i}].pt > 4 GeV' for i in range(5))}",
        None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", EXAMPLES)
def test_a_counterexample_is_said_as_the_program_says_it(case: str) -> None:
    a, b, wanted = EXAMPLES[case]
    assert {row.counterexample for row in regions(a, b).differences} == {wanted}


def test_a_counterexample_has_no_internal_names() -> None:
    a, b = "select x > 20 GeV\n  let p4 = this + MET", "select pt > 20 GeV\n  let p4 = this + MET"
    first = "object o\n take Muon\n let x = pt\n let p4 = this + MET\nobject p\n take o\n "
    (row,) = compared(first + a, first + b).differences
    assert (row.verdict, row.counterexample) == (Verdict.ORDER, None)


DIFFERENT = [
    ("select pt > 7 GeV", "select pt > 7.5 GeV", ["value differs"]),
    ("select pt > 7 GeV", "select pt >= 7 GeV", ["bound differs"]),
    ("select pt > 7 GeV", "select pt < 7 GeV", ["contradictory"]),
    ("select is_loose", "reject is_loose", ["contradictory"]),
    ("reject 1 < |eta| < 2", "select |eta| <= 1 or |eta| >= 2", ["absence differs"]),
    ("reject 1 < |eta| < 2", "select |eta| <= 1 or |eta| > 2", ["bound differs"]),
    ("select |eta| < 1 or 2 < |eta|", "select not (1 <= |eta| <= 2)", ["absence differs"]),
    ("reject pt < 7 GeV and |eta| > 1", "select pt >= 7 GeV or |eta| <= 1", ["absence differs"]),
    ("reject charge == 1", "select charge != 1", ["absence differs"]),
    ("reject any(dr(this, j) < 1 for j in Jet)", "select all(dr(this, j) >= 1 for j in Jet)", ["absence differs"]),
    ("reject any(dr(this, j) < 1 for j in Jet)", "select all(dr(this, j) > 1 for j in Jet)", ["bound differs"]),
    ("reject pt < 7 GeV", "select pt > 7 GeV", ["bound differs"]),
    ("reject pt < 7 GeV", "select pt > 8 GeV", ["value differs"]),
    ("reject 1 < |eta| < 2", "select |eta| <= 1 or |eta| >= 2.5", ["value differs"]),
    ("reject 1 < |eta| < 2", "select |eta| < 2 or |eta| > 1", ["contradictory"]),
    ("reject 1 < |eta| < 2", "select |eta| <= 1 or |phi| >= 2", ["extra", "missing"]),
    ("select pt / 3 > 7 GeV", "select pt * (1 / 3) > 7 GeV", ["extra", "missing"]),
    ("keep highest -pt", "keep highest pt", ["contradictory"]),
    ("select pt > 7 GeV", "select pt < 5 GeV", ["contradictory"]),
    ("select |eta| < 2", "select eta > 3", ["contradictory"]),
    ("select pt > 7 GeV", "select pt < 50 GeV", ["extra", "missing"]),
    ("select charge * eta < 0", "select charge != eta", ["extra", "missing"]),
    ("select pt > 7 GeV\n  select |eta| < 2", "select pt > 7 GeV", ["identical", "missing"]),
    ("select pt > 7 GeV", "select pt > 7 GeV\n  select |eta| < 2", ["extra", "identical"]),
    ("select pt > 7 GeV", "select pt > 7 GeV\n  select pt > 5 GeV", ["equivalent", "identical"]),
    ("select any(dr(this, j) < 1 for j in Jet)", "select any(dr(this, j) < 1 for j in Muon)", ["scope differs"]),
    ("select pt > 7 GeV\n  keep highest pt", "keep highest pt\n  select pt > 7 GeV", ["identical", "order differs"]),
    ("select pt > 7 GeV\n  keep highest pt", "keep highest pt\n  select pt > 8 GeV", ["identical", "value differs"]),
    ("keep highest pt", "keep lowest pt", ["contradictory"]),
    ("keep highest pt, lowest eta", "keep lowest eta, highest pt", ["order differs"]),
    ("keep highest pt, lowest eta", "keep highest pt", ["missing"]),
    ("keep first 2", "keep first 3", ["value differs"]),
    ("select sum(tracks[0:2].d0) > 1 mm", "select sum(tracks[0:3].d0) > 1 mm", ["value differs"]),
    ("sort by pt descending", "sort by pt ascending", ["contradictory"]),
    ("sort by pt descending", "", ["missing"]),
    ("sort by pt descending", "sort by |eta| ascending", ["value differs"]),
    ("sort by pt descending, eta ascending", "sort by pt descending, eta descending", ["contradictory"]),
    ("sort by pt descending, eta ascending", "sort by eta ascending, pt descending", ["order differs"]),
    ("sort by pt descending, eta ascending", "sort by pt descending", ["missing"]),
    ("sort by pt descending", "sort by pt descending, eta ascending", ["extra"]),
    ("sort by pt descending, eta ascending", "sort by pt descending, phi ascending", ["value differs"]),
    ("sort by pt descending, 2 * eta ascending", "sort by pt descending, 3 * eta ascending", ["value differs"]),
    ("sort by pt descending, eta ascending", "keep highest pt, lowest eta", ["extra", "missing"]),
    ("keep lowest |eta|, highest pt", "keep highest mass", ["value differs"]),
    ('external "quality"', "", ["missing"]),
    ('external "Quality"', 'external "quality"', ["identical"]),
    ("let p4 = this + MET\n  select pt > 7 GeV", "select pt > 7 GeV", ["identical", "missing"]),
    (
        "let p4 = this + MET\n  select pt > 7 GeV",
        "select pt > 7 GeV\n  let p4 = this + MET",
        ["identical", "order differs"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "verdicts"), DIFFERENT)
def test_each_difference_has_its_verdict(a: str, b: str, verdicts: list[str]) -> None:
    comparison = objects(a, b)
    assert said(comparison) == verdicts
    assert comparison.renamed == ()


_FILL = "histogram h = MET.pt bins 1 from 0 GeV to 1 GeV"
WEIGHTS = [
    ("a = MET.phi * MET.eta", "b = MET.eta\n  weight c = MET.phi", True),
    ("a = MET.phi / 2\n  weight b = MET.eta", "c = MET.phi * (0.5 * MET.eta)", True),
    ("a = MET.phi * MET.eta / 3", "b = MET.eta / 3\n  weight c = MET.phi", True),
    ("a = MET.phi / (MET.eta * 3)", "b = 1 / MET.eta\n  weight c = MET.phi / 3", False),
    ("a = MET.phi / MET.eta", "b = MET.eta / MET.phi", False),
    ("a = MET.phi * MET.phi", "b = MET.phi", False),
    ("a = MET.phi * MET.eta", "b = MET.eta\n  weight c = MET.phi\n  weight d = 2", False),
    ("a = MET.phi * MET.eta", f"b = MET.eta\n  {_FILL}\n  weight c = MET.phi", False),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "same"), WEIGHTS)
def test_weights_are_the_same_when_their_factors_are(a: str, b: str, same: bool) -> None:
    filled = f"weight {b}" if _FILL in b else f"weight {b}\n  {_FILL}"
    assert regions(f"weight {a}\n  {_FILL}", filled).same is same


def test_a_crack_written_as_a_union_says_that_only_a_missing_value_tells_the_two_apart() -> None:
    (row,) = objects("reject 1 < |eta| < 2", "select |eta| <= 1 or |eta| >= 2").differences
    assert row.details == ("the same, but that a missing value may pass only one of them",)
    assert row.counterexample == "an item of o with no eta passes only A"


def test_what_differs_besides_a_missing_value_is_said() -> None:
    (row,) = objects("reject pt < 7 GeV", "select pt > 7 GeV").differences
    assert row.details == (">= against >", "a missing value may pass only one of them")
    (row,) = objects("reject pt < 7 GeV", "select pt > 8 GeV").differences
    assert row.details == (">= against >", "7 GeV against 8 GeV", "a missing value may pass only one of them")


BESIDE = [
    ("select |eta| < 3\n  {}", "{}\n  select |eta| < 3", True),
    ("select |eta| < 3\n  keep first 2\n  {}", "select |eta| < 3\n  keep first 2\n  {}", True),
    ("select |eta| < 3\n  {}", "{}", False),
    ("select |phi| < 3\n  {}", "select |phi| < 3\n  {}", False),
    # Behind the `keep` it drops nothing before it: the two that are kept may be others.
    ("{}\n  keep first 2\n  select |eta| < 3", "{}\n  keep first 2\n  select |eta| < 3", False),
]


@pytest.mark.parametrize(("a", "b", "same"), BESIDE)
def test_a_missing_value_tells_nothing_apart_where_both_drop_it_in_any_case(a: str, b: str, same: bool) -> None:
    crack, union = "reject 1 < |eta| < 2", "select |eta| <= 1 or |eta| >= 2"
    comparison = objects(a.format(crack), b.format(union))
    assert comparison.same is same
    wanted = {"where o.1 is true"} if same else {"the same, but that a missing value may pass only one of them"}
    assert wanted <= {detail for row in comparison.rows for detail in row.details}


_LETS = """object o
 take Jet
 let filled = default(eta, 9)
 let seven = 7
 let side = if eta > 3 then 1 else 2
 let outside = not (|eta| < 3)
 let near = count(mu for mu in Muon if dr(mu, this) < 1)
 let best = argmax(mu.pt for mu in Muon)
 let twice = 2 * pt
 let central = twice > 8 GeV and not (eta > 1)
"""
_ASKED = {
    "o[0].filled > 5": "default(o[0].eta, 9) > 5",
    "o[-1].seven == 7": "true",
    "o[0].side == 2": "(if o[0].eta > 3 then 1 else 2) == 2",
    "o[0].outside": "not (|o[0].eta| < 3)",
    "not o[0].outside": "|o[0].eta| < 3",
    "o[0].near == 0": "count(mu for mu in Muon if dr(mu, o[0]) < 1) == 0",
    "argmax(j.pt for j in o).side > 1": "(if argmax(j.pt for j in o).eta > 3 then 1 else 2) > 1",
    "o[0].best.pt > 1 GeV": "argmax(mu.pt for mu in Muon).pt > 1 GeV",
}


def test_what_a_let_gives_an_item_is_missing_where_the_item_is() -> None:
    events = [make_event(Jet=jets, Muon=[{"pt": 2.0}]) for jets in ([], [{"pt": 5000.0, "eta": 0.5}])]
    decided = _decided([text for pair in _ASKED.items() for text in pair], events, _LETS)
    for (a, b), of_a, of_b in zip(_ASKED.items(), decided[::2], decided[1::2], strict=True):
        assert (of_a[0], of_a[1]) == (not of_b[0], of_b[1]), a
        assert not compared(f"{_LETS}region r\n select {a}\n", f"{_LETS}region r\n select {b}\n").same, a
        there = "exists(argmax(j.pt for j in o))" if a.startswith("argmax") else "count(o) > 0"
        one, other = (f"{_LETS}region r\n select {there}\n select {condition}\n" for condition in (a, b))
        assert compared(one, other).same, a


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("o[0].twice > 8 GeV", "2 * o[0].pt > 8 GeV"),
        ("o[0].central", "2 * o[0].pt > 8 GeV and not (o[0].eta > 1)"),
        ("any(not j.outside and j.filled > 2 for j in o)", "any(|j.eta| < 3 and default(j.eta, 9) > 2 for j in o)"),
    ],
)
def test_a_let_that_needs_the_item_is_what_it_says(a: str, b: str) -> None:
    texts = [f"{_LETS}region r\n select {condition}\n" for condition in (a, b)]
    assert set(said(compared(*texts))) == {"identical"}


_RAW = "object raw\n take Jet\n let raw_pt = pt\n"
_CORR = _RAW + "object corr\n take raw\n let p4 = this + MET\n"


@pytest.mark.parametrize(
    "text",
    [
        _CORR + "region r\n select corr[0].{} > 60 GeV\n",
        _CORR + "region r\n histogram h = corr.{} bins 2 from 0 GeV to 9 GeV\n",
        _CORR + " select {} > 30 GeV\n",
        _CORR + " sort by {} descending\n keep first 1\n",
        _CORR + "object more\n take corr\n select {} > 30 GeV\n",
        _CORR + "composite jj\n take corr a, corr b\nregion r\n select jj[0].a.{} > 60 GeV\n",
        _CORR + "composite jj\n take corr a, corr b\nregion r\n select any(p.{} > 60 GeV for p in jj[0].parts)\n",
        "object raw\n take Jet\n let p4 = this + Muon[0]\n let raw_pt = pt\n"
        "object corr\n take raw\n let p4 = this + MET\n select {} > 30 GeV\n",
    ],
)
def test_a_let_keeps_the_four_vector_that_it_was_made_with(text: str) -> None:
    differing = compared(text.format("raw_pt"), text.format("pt")).differences
    assert {row.details for row in differing} == {("before let p4 against behind it",)}


def test_lets_before_and_behind_the_four_vectors_of_a_chain_are_all_told_apart() -> None:
    chain = (
        "object raw\n take Jet\n let one = pt\n let p4 = this + MET\n let two = pt\n"
        "object corr\n take raw\n let three = pt\n let p4 = this + Muon[0]\n let four = pt\n"
        "region r\n select corr[0].{} > 9 GeV\n"
    )
    names = ("one", "two", "three", "four", "pt")
    same = {(a, b) for a in names for b in names if compared(chain.format(a), chain.format(b)).same}
    assert same == {
        *((name, name) for name in names),
        ("two", "three"),
        ("three", "two"),
        ("four", "pt"),
        ("pt", "four"),
    }


SAME_P4 = [
    ("let x = pt\n  select x > 7 GeV\n  let p4 = this + MET", "select pt > 7 GeV\n  let p4 = this + MET"),
    ("let p4 = this + MET\n  select charge == 1", "select charge == 1\n  let p4 = this + MET"),
    ("let p4 = this + MET\n  select this in Electron", "select this in Electron\n  let p4 = this + MET"),
]


@pytest.mark.parametrize(("a", "b"), SAME_P4)
def test_what_does_not_follow_the_four_vector_is_the_same_before_it_and_behind(a: str, b: str) -> None:
    assert set(said(objects(a, b))) == {"identical"}


def test_a_cut_below_a_block_with_a_four_vector_of_its_own_is_no_cut_behind_it() -> None:
    split = "object raw\n take Electron\n {}\n{}object corr\n take {}\n let p4 = this + MET\n"
    whole = "object corr\n take Electron\n let p4 = this + MET\n {}\n"
    use = " select pt > 9 GeV\n select |eta| < 2\n sort by pt descending\nregion r\n select corr[0].pt > 9 GeV\n"
    for cut, same in (("select pt > 30 GeV", False), ("select charge == 1", True)):
        for between, source in (("", "raw"), ("object mid\n take raw\n", "mid")):
            assert compared(split.format(cut, between, source) + use, whole.format(cut) + use).same is same


@pytest.mark.parametrize(
    ("a", "b", "verdicts"),
    [
        ("mt(Muon[0], MET) > 40 GeV", "mt(Muon[0], PuppiMET) > 40 GeV", ["scope differs"]),
        ("MET.pt > 40 GeV", "PuppiMET.pt > 50 GeV", ["scope differs"]),
        ("MET.pt > 40 GeV", "MET.sumet > 40 GeV", ["extra", "missing"]),
        ("trigger.IsoMu24", "filter.goodVertices", ["extra", "missing"]),
    ],
)
def test_a_cut_on_another_single_item_differs_in_scope(a: str, b: str, verdicts: list[str]) -> None:
    programs = [load_program(f"{HEAD}region r\n  select {cut}\n", "nanoaod") for cut in (a, b)]
    comparison = compare_programs(*programs)
    assert said(comparison) == verdicts
    if verdicts == ["scope differs"]:
        assert "MET against PuppiMET" in comparison.differences[0].details


def test_a_cut_on_another_object_differs_in_scope() -> None:
    both = "object e\n take Electron\n select pt > 5 GeV\n{}\nobject mu\n take Muon\n select pt > 6 GeV\n{}\n"
    comparison = compared(both.format("select |eta| < 2", ""), both.format("", "select |eta| < 2"))
    (row,) = comparison.differences
    assert (row.verdict, row.details) == (Verdict.SCOPE, ("in e against in mu",))


def test_unions_and_pairing() -> None:
    union = "object l\n take {}\n"
    assert [row.verdict for row in compared(union.format("Electron, Muon"), union.format("Muon")).differences] == [
        "missing"
    ]
    swapped = compared(union.format("Electron, Muon"), union.format("Muon, Electron"))
    assert [row.verdict for row in swapped.differences] == ["order differs"]
    pairs = "composite z\n take {}\n select mass > 9 GeV\n"
    ordered = compared(pairs.format("Muon a, Muon b"), pairs.format("ordered Muon x, Muon y"))
    assert [row.verdict for row in ordered.differences] == ["order differs"]
    assert compared(pairs.format("Muon a, Electron b"), pairs.format("ordered Muon a, Electron b")).same


def test_slots_of_a_union_whose_collections_differ_are_told_by_their_place() -> None:
    """No name tells them apart: a slot `a` is one of the electrons or muons in either program."""
    union = "composite p\n take {}\ncomposite q\n take {}\nobject u\n take p, q\n select {}.pt > 9 GeV\n"
    first = union.format("Electron a, Muon b", "Muon a, Electron b", "a")
    for other in (
        union.format("Muon b, Electron a", "Electron b, Muon a", "a"),
        union.format("Electron a, Muon b", "Muon a, Electron b", "b"),
    ):
        row = next(row for row in compared(first, other).differences if row.first and row.first[0].id == "u.1")
        assert (row.verdict, row.details) == (Verdict.SCOPE, ("parts[0] against parts[1]",))


def test_the_mass_of_a_candidate_is_that_of_the_sum_of_its_slots() -> None:
    pairs = "composite z\n take Muon a, Muon b\n select {} > 9 GeV\n"
    assert compared(pairs.format("mass"), pairs.format("(b + a).mass")).same


def test_what_is_filled_before_a_cut_is_not_what_is_filled_after_it() -> None:
    fill = "histogram x = MET.pt bins 2 from 0 GeV to 9 GeV"
    comparison = regions(f"select MET.pt > 3 GeV\n {fill}", f"{fill}\n select MET.pt > 3 GeV")
    assert [row.verdict for row in comparison.differences] == ["order differs"]
    moved = regions(f"weight w = event.weight\n {fill}", f"{fill}\n weight w = event.weight")
    assert [row.verdict for row in moved.differences] == ["order differs"]


FILL = "histogram h = MET.pt bins 2 from 0 GeV to 9 GeV"


@pytest.mark.parametrize("fill", [FILL, 'bin "x" MET.pt > 5 GeV', "bins g = MET.pt bins 2 from 0 GeV to 9 GeV"])
def test_what_only_together_says_the_same_stays_on_its_side_of_what_it_fills(fill: str) -> None:
    split = f"select MET.phi < 2\n {fill}\n select MET.phi > -2"
    for a, b in ((f"select |MET.phi| < 2\n {fill}", split), (split, f"{fill}\n select |MET.phi| < 2")):
        (row,) = regions(a, b).differences
        assert (row.verdict, row.how) == (Verdict.ORDER, "proven equivalent, taken together")
    together = f"select MET.phi < 2\n select MET.phi > -2\n {fill}"
    assert regions(f"select |MET.phi| < 2\n {fill}", together).same


@pytest.mark.parametrize("fill", [FILL, 'bin "x" MET.pt > 5 GeV', "bins g = MET.pt bins 2 from 0 GeV to 9 GeV"])
def test_what_is_filled_is_not_only_what_a_later_cut_implies(fill: str) -> None:
    late = f"{fill}\n select count(Jet) > 1"
    assert [row.verdict for row in regions(f"select count(Jet) > 0\n {late}", late).differences] == ["missing"]
    early = f"select count(Jet) > 1\n {fill}"
    assert regions(f"{early}\n select count(Jet) > 0", early).same


@pytest.mark.parametrize("keep", ["keep first 2", "keep highest pt"])
def test_what_only_together_says_the_same_stays_on_its_side_of_a_keep(keep: str) -> None:
    split = f"select eta < 2.4\n {keep}\n select eta > -2.4"
    (row,) = objects(f"select |eta| < 2.4\n {keep}", split).differences
    assert row.verdict is Verdict.ORDER
    again = "select eta < {0}\n select eta > -{0}\n"
    both = f"select |eta| < 2.4\n {keep}\n select |eta| < 1.5"
    assert objects(both, f"{again.format('2.4')} {keep}\n {again.format('1.5')}").same


def test_histograms_and_columns_are_reported_apart() -> None:
    comparison = regions(
        "histogram x = MET.pt bins 2 from 0 GeV to 9 GeV", "histogram x = MET.pt bins 3 from 0 GeV to 9 GeV"
    )
    assert [row.apart for row in comparison.differences] == [True]
    assert score(comparison, "first").overall.truth == 0


@pytest.mark.parametrize(
    ("axis", "other", "details"),
    [
        ("bins 2 from 0 GeV to 9 GeV", "bins 3 from 0 GeV to 9 GeV",
         ["bins 2 from 0 GeV to 9 GeV against bins 3 from 0 GeV to 9 GeV"]),
        ("bins 90 from 0 GeV to 9 GeV", "bins 90 from 0 GeV to 10 GeV",
         ["bins 90 from 0 GeV to 9 GeV against bins 90 from 0 GeV to 10 GeV"]),
        ("edges [0 GeV, 2 GeV, 9 GeV]", "edges [0 GeV, 3 GeV, 9 GeV]", ["2 GeV against 3 GeV"]),
        ("edges [0 GeV, 2 GeV, 9 GeV]", "bins 2 from 0 GeV to 9 GeV", ["2 GeV against 4.5 GeV"]),
        ("edges [0 GeV, 2 GeV, 9 GeV]", "bins 3 from 0 GeV to 9 GeV",
         ["edges [0 GeV, 2 GeV, 9 GeV] against bins 3 from 0 GeV to 9 GeV"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("fill", ["histogram", "bins"])
def test_bins_of_an_axis_differ_as_they_are_written(fill: str, axis: str, other: str, details: list[str]) -> None:
    (row,) = regions(f"{fill} x = MET.pt {axis}", f"{fill} x = MET.pt {other}").differences
    assert row.verdict == "value differs"
    assert list(row.details) == details


@pytest.mark.parametrize(
    ("edges", "others", "details"),
    [
        ("0 GeV, 2 GeV, inf", "0 GeV, 2 GeV, 9 GeV", ["inf against 9 GeV"]),
        ("0 GeV, 2 GeV", "-inf, 2 GeV", ["0 GeV against -inf"]),
        ("0 GeV, inf", "-inf, inf", ["0 GeV against -inf"]),
        ("0 GeV, inf", "0 GeV, 2 GeV, inf", ["edges [0 GeV, inf] against edges [0 GeV, 2 GeV, inf]"]),
        ("-inf, inf", "-inf, inf", []),
    ],
)
def test_open_ends_of_bins(edges: str, others: str, details: list[str]) -> None:
    found = regions(f"bins x = MET.pt edges [{edges}]", f"bins x = MET.pt edges [{others}]").differences
    assert [list(row.details) for row in found] == ([details] if details else [])


def test_an_open_end_is_as_far_from_a_number_as_a_number_can_be() -> None:
    """The grids keep their partners: one is two numbers off, and not as far as one of another number of bins."""
    one = "bins x = MET.pt edges [2 GeV, 3 GeV, inf]\n bins y = MET.pt edges [-inf, inf]"
    two = "bins x = MET.pt edges [2 GeV, 3 GeV, 9 GeV]\n bins y = MET.pt edges [0 GeV, inf]"
    assert [list(row.details) for row in regions(one, two).differences] == [
        ["inf against 9 GeV"],
        ["-inf against 0 GeV"],
    ]


def test_an_open_end_of_a_table(tmp_path: Path) -> None:
    text = "table f(x) 0.5 for 0 GeV to 9 GeV, 0.7 for 9 GeV to {}\nregion r\n weight w = f(MET.pt)\n"
    assert compared(text.format("inf"), text.format("inf")).same
    (row,) = compared(text.format("inf"), text.format("20 GeV")).differences
    assert (row.kind, row.verdict, row.details) == ("row", Verdict.VALUE, ("inf against 20 GeV",))
    _, shown = _run(*_files(tmp_path, text.format("inf"), text.format("20 GeV")), "--output", "json")
    assert "Infinity" not in shown


@pytest.mark.parametrize(
    ("weight", "other", "details"),
    [
        ("with weight 0.5", "with weight 1 / 2", []),
        ("with weight x.scale", "with weight x.phi + 0.5", []),
        ("with weight 0.5", "with weight 0.6", ["0.5 against 0.6"]),
        ("with weight x.scale", "with weight 0.7 + x.phi", ["0.5 against 0.7"]),
        ("with weight 0.5", "", ["the entries have other weights"]),
        ("with weight x.scale", "with weight x.phi * x.phi", ["the entries have other weights"]),
        ("with weight 0.5", "with weight 0.6 fold", ["histogram against folded", "0.5 against 0.6"]),
    ],
)
def test_weights_of_entries(weight: str, other: str, details: list[str]) -> None:
    text = "object x take Muon let scale = 0.5 + phi\nregion r\n histogram h = x.pt bins 2 from 0 GeV to 9 GeV {}\n"
    found = compared(text.format(weight), text.format(other)).differences
    assert [list(row.details) for row in found] == ([details] if details else [])


@pytest.mark.parametrize("fill", ["histogram {} = {} bins 2 from 0 GeV to 9 GeV", "save {} = {}"])
def test_another_quantity_is_another_thing_to_fill_where_the_name_is_another_too(fill: str) -> None:
    comparison = regions(fill.format("x", "MET.pt"), fill.format("y", "Jet[0].pt"))
    assert {row.verdict for row in comparison.differences} == {"missing", "extra"}
    (row,) = regions(fill.format("x", "MET.pt"), fill.format("x", "Jet[0].pt")).differences
    assert (row.verdict, row.apart) == (Verdict.VALUE, True)


def test_regions_are_compared_by_what_they_select_from_all_events() -> None:
    one = "region r\n select MET.pt > 3 GeV\n select MET.phi > 0\n"
    two = "region base\n select MET.pt > 3 GeV\nregion r2\n take base\n select MET.phi > 0\n"
    assert [row.verdict for row in compared(one, two).rows] == ["identical", "identical"]
    lines = " select MET.pt > 3 GeV\n", " weight w = MET.phi\n", " select MET.phi > 0\n"
    three = f"region a\n{lines[0]}region b\n take a\n{lines[1]}region c\n take b\n{lines[2]}"
    assert compared(three, f"region r\n{''.join(lines)}").same
    assert not compared(three, f"region r\n{''.join(lines[::-1])}").same


@pytest.mark.parametrize(
    "output", [FILL, 'bin "x" MET.pt > 5 GeV', "bins g = MET.pt bins 2 from 0 GeV to 9 GeV", "save x = MET.pt"]
)
def test_what_a_region_fills_is_missing_although_its_cuts_are_read_with_others(output: str) -> None:
    cuts = "select MET.pt > 3 GeV\n {}\n"
    two = f"region base\n {cuts.format(output)}region r\n take base\n select MET.phi > 0\n"
    one = f"region r\n {cuts.format('select MET.phi > 0')}"
    for a, b, verdict in ((two, one, "missing"), (one, two, "extra")):
        (row,) = compared(a, b).differences
        assert (row.verdict, row.pair) == (verdict, None)


def test_a_region_that_says_nothing_is_a_region() -> None:
    region = "region r\n select MET.pt > 3 GeV\n"
    more = f"{region}region copy\n take r\nregion everything\n"
    assert [row.verdict for row in compared(more, region).differences] == ["missing", "missing"]
    assert [row.second[0].id for row in compared(region, more).differences] == ["copy", "everything"]


def test_tables_are_compared_row_by_row() -> None:
    text = "table f(x) 0.5 for 0 GeV to 9 GeV, {} for 9 GeV to 20 GeV\nregion r\n weight w = f(MET.pt)\n"
    (row,) = compared(text.format("0.7"), text.format("0.8")).differences
    assert (row.kind, row.verdict) == ("row", Verdict.VALUE)


def test_an_edge_between_rows_of_a_table_is_one_difference(tmp_path: Path) -> None:
    text = "table f(x) 0.5 for 0 GeV to {0} GeV, 0.7 for {0} GeV to 20 GeV\nregion r\n weight w = f(MET.pt)\n"
    (row,) = compared(text.format(9), text.format(10)).differences
    assert (len(row.first), row.details) == (2, ("9 GeV against 10 GeV",))
    _, shown = _run(*_files(tmp_path, text.format(9), text.format(10)), "--output", "markdown")
    assert "3:12  0.5 for 0 GeV to 9 GeV<br>3:36  0.7 for 9 GeV to 20 GeV" in shown


def test_variants_that_differ_in_different_ways_are_said_one_by_one() -> None:
    """The number is shown as it is written, too: `MET.pt - x` is a sum in normal form."""
    text = (
        "define x = 1 GeV\nregion r\n select |MET.pt - x| < 9 GeV\n"
        "region s\n take r with x = {} GeV\nregion t\n take r with x = {} GeV\n"
    )
    comparison = compared(text.format(20, 30), text.format(21, 33))
    assert [(row.first[0].block, row.details) for row in comparison.differences] == [
        ("s", ("20 GeV against 21 GeV",)),
        ("t", ("30 GeV against 33 GeV",)),
    ]
    (both,) = compared(text.format(20, 20), text.format(21, 21)).differences
    assert [unit.pair for unit in both.places] == [("s", "s"), ("t", "t")]


@pytest.mark.parametrize("name", ["o", "other"])
def test_an_object_split_in_two_is_read_as_one(name: str) -> None:
    lines = " select pt > 5 GeV\n", " select |eta| < 2\n", " select charge > 0\n"
    region = "region r\n select count({}) > 0\n"
    whole = f"object o\n take Muon\n{''.join(lines)}{region.format('o')}"
    for cut in (1, 2):
        above = f"object {name}\n take base\n{''.join(lines[cut:])}{region.format(name)}"
        split = f"object base\n take Muon\n{''.join(lines[:cut])}{above}"
        assert compared(whole, split).same
        assert compared(split, whole).same


def test_a_changed_definition_is_named_where_the_words_are_the_same() -> None:
    text = "object o\n take Muon\n let x = {}\n select x > 3 GeV\nregion r\n let y = limit / 2\n select MET.pt > y\n"
    comparison = compared(
        *(f"define limit = {n} GeV\n" + text.format(quantity) for n, quantity in ((4, "pt"), (6, "mass")))
    )
    assert [(row.verdict, row.details) for row in comparison.differences] == [
        (Verdict.VALUE, ("let x: pt against mass",)),
        (Verdict.VALUE, ("define limit: 4 GeV against 6 GeV",)),
    ]


def test_how_a_region_differs_is_told_there_and_not_in_conditions_that_ask_for_it() -> None:
    text = "region q\n select MET.pt > {} GeV\n select count(Muon) > 0\nregion r\n reject q\n{}"
    by_name = "region s\n select q\n save a = q\n"
    spelled = "region s\n take q\n save a = MET.pt > {0} GeV and count(Muon) > 0\n"
    comparison = compared(text.format(4, by_name), text.format(6, by_name))
    assert [(row.first[0].id, row.details) for row in comparison.differences] == [("q.1", ("4 GeV against 6 GeV",))]
    same = [entry.id for row in comparison.rows if row.verdict is Verdict.IDENTICAL for entry in row.first]
    assert sorted(same) == ["q.2", "r.1", "s.1/1", "s.1/2", "s/a"]
    for one, other in ((by_name, spelled), (spelled, by_name)):
        assert compared(text.format(4, one.format(4)), text.format(4, other.format(4))).same
        # Who spells it out has not the other's region.
        told = {
            row.first[0].id
            for row in compared(text.format(4, one.format(4)), text.format(6, other.format(6))).differences
        }
        assert "s/a" in told


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("select q or p", "select q and p"),
        ("select q", "select p"),
        ("select q", "reject q"),
        ("select q or MET.phi > 1", "select q or MET.phi > 2"),
        ("reject q and count(Muon) > 1", "reject q and count(Muon) > 2"),
        ('bin "b" q and p', 'bin "b" q or p'),
        ("save a = q", "save a = not q"),
    ],
)
def test_statements_that_ask_otherwise_for_regions_that_differ_are_told(one: str, other: str) -> None:
    text = "region q\n select MET.pt > {} GeV\nregion p\n select count(Electron) > 1\nregion r\n {}\n"
    told = [
        entry.block for row in compared(text.format(4, one), text.format(6, other)).differences for entry in row.first
    ]
    assert {"q", "r"} <= set(told)


def test_of_statements_that_ask_for_regions_that_differ_only_the_rest_is_told() -> None:
    text = "region q\n select MET.pt > {} GeV\nregion r\n select q or count(Muon) > {}\n"
    text += " save a = q and count(Muon) == {}\n"
    comparison = compared(text.format(4, 1, 3), text.format(6, 2, 5))
    assert [(row.first[0].id, row.verdict, row.details) for row in comparison.differences] == [
        ("q.1", Verdict.VALUE, ("4 GeV against 6 GeV",)),
        ("r.1", Verdict.VALUE, ("1 against 2",)),
        ("r/a", Verdict.VALUE, ("3 against 5",)),
    ]


def test_a_cut_beside_a_region_is_told_though_the_counterpart_of_the_region_asks_for_it() -> None:
    text = "region q\n select MET.pt > {} GeV\n select MET.phi > {}\nregion r\n select q\n{}"
    comparison = compared(text.format(4, 1, " select MET.pt > 6 GeV\n"), text.format(6, 2, ""))
    assert "r" in {row.first[0].block for row in comparison.differences}


def test_regions_whose_names_are_exchanged_are_asked_for_by_what_they_are() -> None:
    cuts = "select MET.pt > {} GeV\n select count(Muon) > 1", "select MET.phi > 1\n select count(Electron) > 2"
    text = "region p\n {}\nregion q\n {}\nregion r\n select {} or count(Jet) > 3\n"
    one, other = text.format(cuts[0].format(4), cuts[1], "q"), text.format(cuts[1], cuts[0].format(6), "{}")
    assert [row.first[0].id for row in compared(one, other.format("p")).differences] == ["p.1"]
    assert {row.first[0].block for row in compared(one, other.format("q")).differences if row.first} == {"p", "r"}


def test_a_changed_definition_is_one_difference_of_all_that_use_it() -> None:
    use = ' select MET.pt > lim as "{0}"\n histogram {0} = MET.pt / lim bins 2 from 0 to 9\n'
    use += " histogram phi = MET.phi {1}\n"
    axis = "bins 2 from {} to 3"
    text = "define lim = {} GeV\n" + "".join(f"region {name}\n{use.format(name, axis)}" for name in "abc")
    comparison = compared(text.format(4, 0, 0, 0), text.format(6, 1, 1, 2))
    changed = ("define lim: 4 GeV against 6 GeV",)
    told = [([entry.id for entry in row.first], row.details == changed) for row in comparison.differences]
    assert told == [
        (["a.1", "b.1", "c.1"], True),
        (["a/a", "b/b", "c/c"], True),
        (["a/phi"], False),
        (["b/phi"], False),
        (["c/phi"], False),
    ]
    scored = score(comparison, "second")
    assert (scored.overall.truth, scored.overall.found) == (3, 0)
    assert scored.labels == dict.fromkeys("abc", Verdict.VALUE)
    assert {name: (block.truth, block.found) for name, block in scored.blocks.items()} == dict.fromkeys("abc", (1, 0))
    nothing = score(compared(text.format(4, 0, 0, 0), ""), "first").overall
    assert (nothing.precision, nothing.recall, nothing.f1) == (1, 0, 0)


USED = """define lim = {lim} GeV
object mu
 take Muon
 let x = {x}
 select x > 3 GeV
 sort by x descending
object hard
 take mu
 select x > lim
region r
 let y = {y}
 select y > lim
 weight w = y / 1 GeV
 bin "b" mu[0].x > 9 GeV
region s
 take r
 select y > 5 GeV
 histogram y bins 2 from 0 GeV to 9 GeV
 save n = count(hard)
"""
USUAL = {"lim": 4, "x": "pt", "y": "MET.pt"}
CHANGED_USES = {
    "lim": (6, "define lim", ["hard.1", "r.1"]),
    "x": ("mass", "let x of mu", ["mu.1", "mu.sort 1", "hard.1", "r.2"]),
    "y": ("2 * MET.pt", "let y of r", ["r.1", "r.w", "s.1", "s/y"]),
}


@pytest.mark.parametrize("name", USUAL)
def test_a_changed_definition_is_told_once_with_its_uses(name: str) -> None:
    value, said, uses = CHANGED_USES[name]
    programs = [load_program(HEAD + USED.format(**{**USUAL, **change}), FORMAT) for change in ({}, {name: value})]
    (row,) = compare_programs(programs[0], programs[1], brief=True).differences
    assert ([entry.id for entry in (*row.first, *row.second)], row.verdict) == ([said] * 2, Verdict.VALUE)
    assert row.details == (f"used in {', '.join(uses)}",)
    texts = [p.source[e.span.start : e.span.end] for p, (e,) in zip(programs, (row.first, row.second), strict=True)]
    assert texts == ([f"{USUAL[name]} GeV", f"{value} GeV"] if name == "lim" else [USUAL[name], value])
    scores = [score(compare_programs(*programs, brief=brief), "first").overall for brief in (False, True)]
    assert scores[0] == scores[1]


def test_a_changed_function_is_told_once_where_it_is_written_and_not_where_it_is_called() -> None:
    text = (
        "define double(a) = {} * a.pt\ndefine near(a, b) = dr(a, b) < {}\ndefine sum_of(a, b) = double(a) + double(b)\n"
        "object o\n take Electron\n reject any(near(this, j) for j in Jet)\n"
        "region r\n select double(MET) > 3 GeV\n let x = sum_of(Jet[0], Jet[1])\n save x\n"
        " reject any(near(j, MET) for j in Jet)\n"
    )
    first = load_program(HEAD + text.format(2, 1), FORMAT)
    other = load_program(HEAD + text.format(3, 2), FORMAT)
    (near, double) = compare_programs(first, other, brief=True).differences
    assert [(row.first[0].id, row.details) for row in (near, double)] == [
        ("define near", ("used in o.1, r.2",)),
        ("define double", ("used in r.1, r/x",)),
    ]
    assert first.source[double.first[0].span.start : double.first[0].span.end] == "2 * a.pt"
    assert compare_programs(first, load_program(HEAD + text.format("(2)", "1.0"), FORMAT), brief=True).same


def test_what_two_changed_definitions_make_another_is_told_of_both() -> None:
    change = {"lim": 6, "y": "2 * MET.pt"}
    programs = [load_program(HEAD + USED.format(**{**USUAL, **one}), FORMAT) for one in ({}, change)]
    told = [
        ([entry.id for entry in row.first], row.details) for row in compare_programs(*programs, brief=True).differences
    ]
    assert told == [
        (["define lim"], ("used in hard.1",)),
        (["let y of r", "define lim"], ("used in r.1",)),
        (["let y of r"], ("used in r.w, s.1, s/y",)),
    ]


def test_lets_of_one_name_in_two_blocks_are_two_differences() -> None:
    block = "object {0}\n take {1}\n let x = pt / {2}\n select x > 3 GeV\n"
    one, other = (block.format("mu", "Muon", n) + block.format("el", "Electron", n) for n in (2, 3))
    assert [[entry.id for entry in row.first] for row in compared(one, other).differences] == [["mu.1"], ["el.1"]]


USES = {
    "weight": "weight w = MET.pt / lim",
    "grid": "bins g = MET.pt / lim bins 2 from 0 to 9",
    "histogram": "histogram h = MET.pt / lim bins 2 from 0 to 9",
    "second axis": "histogram h = MET.phi bins 2 from 0 to 9 vs MET.pt / lim edges [0, 1]",
    "column": "save a = MET.pt / lim",
    "name": "save lim",
    "let": "let x = MET.pt / lim\n save x",
}


@pytest.mark.parametrize("other", ["6 GeV", "MET.mass"])
@pytest.mark.parametrize("use", USES)
def test_a_changed_definition_is_named_wherever_it_is_used(use: str, other: str) -> None:
    text = f"define lim = {{}}\nregion r\n {USES[use]}\n"
    (row,) = compared(text.format("4 GeV"), text.format(other)).differences
    assert (row.verdict, row.details) == (Verdict.VALUE, (f"define lim: 4 GeV against {other}",))


def test_a_changed_let_of_items_is_named_where_the_items_went() -> None:
    text = "object o\n take Muon\n let x = {}\nobject p\n take o\nregion r\n"
    text += " save x = p.x\n select any(i.x > 3 GeV for i in p)\n"
    assert [row.details for row in compared(text.format("pt"), text.format("mass")).differences] == [
        ("let x of o: pt against mass",),
        ("let x of o: pt against mass",),
    ]


def test_beside_a_changed_definition_the_rest_is_still_told() -> None:
    text = "define lim = {} GeV\nregion r\n histogram h = MET.pt / lim bins 1 from 0 to {}\n"
    (row,) = compared(text.format(4, 9), text.format(6, 8)).differences
    assert row.details[0] == "define lim: 4 GeV against 6 GeV"
    assert "bins 1 from 0 to 9 against bins 1 from 0 to 8" in row.details
    text = "define lim = {}\nobject o\n take Muon\n sort by pt + lim {}\n"
    (row,) = compared(text.format("4 GeV", "ascending"), text.format("6 GeV", "descending")).differences
    assert row.verdict is Verdict.CONTRADICTORY
    assert row.details[:2] == ("define lim: 4 GeV against 6 GeV", "ascending against descending")
    other = "define lim = {} GeV\nregion r\n select {}\n"  # what only uses the same definition is another statement
    comparison = compared(
        other.format(4, "MET.pt / lim > 2"), other.format(6, "count(j for j in Jet if j.pt > lim) > 2")
    )
    assert said(comparison) == ["extra", "missing"]


@pytest.mark.parametrize(
    "condition",
    [
        "|2 * Muon[0].pt - {} * Muon[1].pt| < 5 GeV",
        "2 * Muon[0].pt < {} * Muon[1].pt",
        "2 * Muon[0].pt + {} * Muon[1].pt > 5 GeV",
        "min(2 * Muon[0].pt, {} * Muon[1].pt) > 5 GeV",
        "(MET.pt > {} GeV and |MET.phi| < 2) or (MET.pt > 50 GeV and |MET.phi| < 3)",
        "count(x for x in Muon if x.pt > {} GeV) == count(x for x in Muon if x.pt > 50 GeV)",
        "max(Muon.pt[0:2]) > max(Jet.pt) - {} GeV",
    ],
)
def test_one_changed_number_is_one_difference_however_operands_are_ordered(condition: str) -> None:
    """Operands that only numbers tell apart stand in normal form in an order that the numbers decide."""
    text = f"region r\n select {condition}\n"
    for one, other in permutations((1, 3, 4, 60), 2):
        (row,) = compared(text.format(one), text.format(other)).differences
        assert row.verdict is Verdict.VALUE
        assert [re.sub(" GeV", "", detail) for detail in row.details] == [f"{one} against {other}"]


def test_what_other_criteria_imply_is_told_on_its_own_side() -> None:
    one, both = "select pt > 7 GeV", "select pt > 7 GeV\n select pt > 5 GeV"
    for a, b, sides in ((one, both, ([], ["p.2"])), (both, one, (["o.2"], []))):
        (row,) = [row for row in objects(a, b).rows if row.verdict is Verdict.EQUIVALENT]
        assert tuple([entry.id for entry in entries] for entries in (row.first, row.second)) == sides
        assert row.details == (f"implied by {'p.1' if sides[1] else 'o.1'}",)


def test_the_nearest_number_is_the_counterpart() -> None:
    a, b = "select MET.pt > 10 GeV\n select MET.pt > 100 GeV", "select MET.pt > 99 GeV\n select MET.pt > 11 GeV"
    assert {row.details for row in regions(a, b).differences} == {
        ("10 GeV against 11 GeV",),
        ("100 GeV against 99 GeV",),
    }


@pytest.mark.parametrize("cone", [0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2])
def test_bounds_on_either_side_of_two_sums_are_bounds(cone: float) -> None:
    """With `<` against `<=` the two sums may change places in normal form, which looked like `<` against `>`."""
    near = f"({{0}} + sum(x for x in Muon[2:] if dr(x, {{0}}) < {cone} and dr(x, {{0}}) {{2}} dr(x, {{1}}))).rapidity"
    texts = [
        f"define a = Muon[0]\ndefine b = Muon[1]\ndefine one = {near.format('a', 'b', operator)}\n"
        f"define other = {near.format('b', 'a', '<=')}\nregion r\n save x = exp(|one - other|)\n"
        for operator in ("<", "<=")
    ]
    (row,) = compared(*texts).differences
    assert row.verdict is Verdict.BOUND


REPLACED = """define recoil = MET + sum(Muon)
define separation = min(dphi(mu, MET) for mu in Muon)
object hard
 take Muon
 select pt > 9 GeV
region r
 select MET.pt > 20 GeV
 select separation > 0.5
 select count(Muon) > 1
 histogram MET_pt = MET.pt bins 5 from 0 GeV to 9 GeV
 histogram separation bins 5 from 0 to 9
 save separation
 select MET.phi > 0 as "sign"
region s
 take r without "sign"{}
"""


def test_what_a_variant_replaces_is_named_where_the_words_are_the_same() -> None:
    for one, other in ((" with MET = recoil", ""), ("", " with MET = recoil")):
        comparison = compared(REPLACED.format(one), REPLACED.format(other))
        meanings = ["recoil" if text else "MET" for text in (one, other)]
        expected = f"MET: {meanings[0]} against {meanings[1]}"
        assert [(row.verdict, row.details) for row in comparison.differences] == [(Verdict.VALUE, (expected,))] * 3
        said_of = [[entry.id for entry in row.first] for row in comparison.differences]
        assert said_of == [["s.1", "s.2"], ["s/MET_pt", "s/separation"], ["s/separation"]]
    comparison = compared(REPLACED.format(" with Muon = hard"), REPLACED.format(""))
    assert "Muon: hard against Muon" in {detail for row in comparison.differences for detail in row.details}


VARIANT = """object leptons
 take Electron
 select pt > {pt} GeV
 select |eta| < 2 as "acceptance"
object jets
 take Jet
 select pt > 3 GeV
 {veto}
composite pairs
 take leptons a, leptons b
 select a.charge + b.charge == 0
 select mass > 1 GeV
object loose
 take leptons without "acceptance"
region signal
 select count(pairs) > 0 as "pair"
 select count(jets) > 1
 let m_ll = pairs[0].mass
 select m_ll > 6 GeV
 histogram m_ll bins 5 from 0 GeV to 9 GeV
 save m_ll
region control
 take signal {change}
 reject signal
"""
VETO = "reject any(dr(this, l) < 1 for l in leptons)"


def variants(a: dict[str, object], b: dict[str, object], text: str = VARIANT) -> list[Row]:
    """Return how two programs differ, as `hepsel diff` tells of variants; what is not said of one is as usual."""
    usual = {"pt": 7, "veto": VETO, "change": "with leptons = loose"}
    first, second = (load_program(HEAD + text.format(**{**usual, **one}), FORMAT) for one in (a, b))
    return list(compare_programs(first, second, brief=True).differences)


OTHERWISE = {
    "with leptons = loose": (
        "with jets = Jet", Verdict.VALUE, ["with leptons = loose is missing", "with jets = Jet is extra"],
    ),
    "with leptons = Electron": ("with leptons = loose", Verdict.VALUE, ["leptons: Electron against loose"]),
    'without "pair"': ("with jets = Jet", Verdict.VALUE, ['without "pair" is missing', "with jets = Jet is extra"]),
    'with leptons = loose without "pair"': ("with leptons = loose", Verdict.MISSING, ['without "pair" is missing']),
    "with jets = Jet": ("with jets = Jet, leptons = loose", Verdict.EXTRA, ["with leptons = loose is extra"]),
}  # fmt: skip


@pytest.mark.parametrize("change", OTHERWISE)
@pytest.mark.parametrize("other", [{}, {"pt": 8}])
def test_a_variant_that_says_something_else_is_one_difference(change: str, other: dict[str, object]) -> None:
    """Without that, one word is up to 19 differences, at all that is repeated."""
    instead, verdict, details = OTHERWISE[change]
    rows = variants({"change": change}, {"change": instead, **other})
    (row,) = [row for row in rows if row.kind == "variant"]
    assert (row.verdict, row.pair, [*row.details[:-1]]) == (verdict, ("control", "control"), details)
    assert [entry.id for entry in (*row.first, *row.second)] == ["control.take"] * 2
    assert [(row.first[0].id, row.details) for row in rows if row.kind != "variant"] == [
        ("leptons.1", ("7 GeV against 8 GeV",)) for _ in other
    ]
    plain = compared(*(VARIANT.format(pt=7, veto=VETO, change=text) for text in (change, instead))).differences
    assert len(plain) > 1 or change.endswith('without "pair"')


def test_a_variant_is_told_in_the_names_of_both_programs() -> None:
    renamed = re.sub(r"\b(leptons|jets|pairs|loose)\b", r"my_\1", VARIANT)
    texts = [
        text.format(pt=7, veto=VETO.replace("leptons", name), change=change)
        for text, name, change in (
            (VARIANT, "leptons", "with leptons = loose"),
            (renamed, "my_leptons", "with my_jets = Jet"),
        )
    ]
    programs = [load_program(HEAD + text, FORMAT) for text in texts]
    (row,) = compare_programs(programs[0], programs[1], brief=True).differences
    assert row.details[:-1] == ("with leptons = loose is missing", "with my_jets = Jet is extra")
    (row,) = compare_programs(programs[0], programs[1], reference="B", brief=True).differences
    assert row.details[:-1] == ("with my_jets = Jet is missing", "with leptons = loose is extra")
    texts[1] = texts[1].replace("with my_jets = Jet", "with my_leptons = Electron")
    (row,) = compare_programs(programs[0], load_program(HEAD + texts[1], FORMAT), brief=True).differences
    assert row.details[:-1] == ("leptons: loose against Electron",)


def test_a_block_that_only_one_program_has_to_copy_is_no_difference() -> None:
    """Without the veto, the leptons of the variant do not reach the jets."""
    for one, other, verdict in ((VETO, "", Verdict.MISSING), ("", VETO, Verdict.EXTRA)):
        (row,) = variants({"veto": one}, {"veto": other})
        assert (row.verdict, [entry.id for entry in (*row.first, *row.second)]) == (verdict, ["jets.2"])
    assert variants({"veto": VETO}, {"veto": VETO.replace(" < 1", " < 2")})[0].details == ("1 against 2",)


def test_a_variant_that_one_program_lacks_is_one_difference_beside_what_it_adds() -> None:
    lacking = VARIANT[: VARIANT.index("region control")]
    first, second = (
        load_program(HEAD + t.format(pt=7, veto=VETO, change="with leptons = loose"), FORMAT)
        for t in (VARIANT, lacking)
    )
    for pair, verdict in (((first, second), Verdict.MISSING), ((second, first), Verdict.EXTRA)):
        rows = compare_programs(*pair, brief=True).differences
        assert [(row.verdict, (row.first or row.second)[0].id) for row in rows] == [
            (verdict, "control.take"), (verdict, "control.4"),
        ]  # fmt: skip


def test_regions_of_one_name_are_counterparts_though_a_variant_changes_all_of_them() -> None:
    text = 'define recoil = MET + sum(Muon)\nregion r\n select MET.phi > 1\n select MET.pt > 5 GeV as "x"\n'
    texts = [f'{text}region s\n take r without "x"{change}\n' for change in (" with MET = recoil", "")]
    (row,) = compared(*texts).differences
    assert (row.pair, row.details) == (("s", "s"), ("MET: recoil against MET",))


def test_another_table_is_called_as_the_program_calls_it() -> None:
    text = "table f(x) 1 for 0 to 1\ntable g(x) 2 for 0 to 1\nregion r\n"
    text += " weight w = {}(MET.phi) / f(MET.phi)\n weight v = g(MET.phi)\n"
    (row,) = compared(text.format("f"), text.format("g")).differences
    assert row.details == ("f against g",)


def test_the_part_of_a_list_that_may_be_empty_is_named() -> None:
    text = "region r\n select {}\n"
    all_of, least = "all(x.pt > 5 GeV for x in Muon[0:4])", "min(x.pt for x in Muon[0:4]) > 5 GeV"
    (row,) = compared(text.format(all_of), text.format(least)).differences
    assert "where Muon[0:4] has no such item" in row.details[0]


def test_a_name_outweighs_what_is_only_written_alike() -> None:
    """By its text alone, `copy` of A, which says nothing, would be `veto` of B."""
    text = "region r\n select count(Jet) >= 2\n{}region veto\n take r\n {}\n"
    first = text.format("region copy\n take r\n", "reject count(Muon) > 0")
    comparison = compared(first, text.format("", "select count(Muon) == 0"))
    assert ("veto", "veto") in comparison.matching.pairs
    assert [row.first[0].block for row in comparison.differences] == ["copy"]


def test_what_moved_in_all_variants_is_said_once() -> None:
    lines = " select MET.pt > 3 GeV\n", ' bin "b" MET.phi > 0\n'
    variant = ' select count(Jet) > 1 as "jets"\nregion s\n take r without "jets"\n'
    (row,) = compared(*(f"region r\n{one}{other}{variant}" for one, other in (lines, lines[::-1]))).differences
    assert (row.verdict, len(row.places)) == (Verdict.ORDER, 2)


def test_what_is_all_the_same_keeps_its_name_though_others_would_be_more_alike() -> None:
    """Of B, `d` is more like `r` of A than `d` of A is, and less than `r` of B."""
    text = (
        "object a\n take Electron\n select eta > 0\nregion r\n select count(a) > 0\n select MET.pt > 7 GeV\nregion d\n"
    )
    one, other = " select count(Electron) > 0\n select MET.pt > 7 GeV\n", " select count(a) > 0\n"
    assert ("r", "r") in compared(text + one, text + other).matching.pairs


BARS_AND_QUOTIENTS = [
    ("select |eta| < 2", "select eta < 2", Verdict.VALUE, "|eta| against eta"),
    ("select eta < 2", "select |eta| < 3", Verdict.VALUE, "eta against |eta|"),
    ("select |eta - Jet[0].eta| < 2", "select Jet[0].eta - eta < 2", Verdict.VALUE, "|"),
    ("select all(|j.eta| < 2 for j in Jet)", "select all(j.eta < 2 for j in Jet)", Verdict.VALUE, "|item.eta| against"),
    ("select mass / pt < 0.15", "select mass < 0.15 * pt", Verdict.BOUND, "divisors that are not above 0"),
    ("select 0.15 >= mass / pt", "select pt * 0.15 >= mass", Verdict.BOUND, "divisors that are not above 0"),
    ("select d0 / 1 mm / eta < 0.15", "select d0 / 1 mm < 0.15 * eta", Verdict.BOUND, "divisors that are not above 0"),
    ("select mass / pt < 0.15 or eta > 1", "select eta > 1 or mass < pt * 0.15", Verdict.BOUND, "divisors"),
    ("select mass / pt < 0.15", "select mass < 0.25 * pt", Verdict.VALUE, "0.15 against 0.25"),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "verdict", "details"), BARS_AND_QUOTIENTS)
def test_bars_and_quotients_are_one_changed_criterion(a: str, b: str, verdict: Verdict, details: str) -> None:
    (row,) = objects(a, b).differences
    assert row.verdict is verdict
    assert details in "; ".join(row.details)
    (row,) = objects(b, a).differences
    assert row.verdict is verdict


def test_what_stands_in_the_place_of_something_is_in_the_same_block_and_told_behind_it() -> None:
    text = "".join(
        f'object {name}\n take {source}\n select {{0}} as "cut"\n select eta > 0\n select {{1}} as "other"\n'
        for name, source in (("a", "Electron"), ("b", "Muon"))
    )
    comparison = compared(text.format("pt > 3 GeV", "phi > 1"), text.format("mass > 3 GeV", "charge > 0"))
    ids = [[entry.id for entry in (*row.first, *row.second)] for row in comparison.differences]
    assert ids == [["a.1"], ["a.1"], ["a.3"], ["a.3"], ["b.1"], ["b.1"], ["b.3"], ["b.3"]]
    assert [row.details for row in comparison.differences if row.first] == [
        (f"B has {name} instead",) for name in ("a.1", "a.3", "b.1", "b.3")
    ]
    brief = compare_programs(comparison.first, comparison.second, brief=True)
    assert [(row.verdict, row.first[0].id, row.second[0].id, row.details) for row in brief.differences] == [
        (Verdict.VALUE, name, name, ("something else",)) for name in ("a.1", "a.3", "b.1", "b.3")
    ]
    assert score(brief, "first").overall == score(comparison, "first").overall


def test_a_block_or_condition_that_one_program_lacks_is_one_difference() -> None:
    text = "region r\n select count(Jet) > 1\n{0}{1}"
    window, block = (
        " select 3 GeV < MET.pt < 6 GeV\n",
        "object o\n take Muon\n select pt > 3 GeV\n sort by pt descending\n",
    )
    more = "region s\n select o[0].pt > 6 GeV\n select MET.phi > 0\n save x = MET.pt, y = MET.phi\n"
    programs = [load_program(HEAD + one, FORMAT) for one in (block + text.format(window, more), text.format("", ""))]
    comparison = compare_programs(*programs, brief=True)
    assert [(row.verdict, [entry.id for entry in row.first]) for row in comparison.differences] == [
        (Verdict.MISSING, ["r.2/1", "r.2/2"]),
        (Verdict.MISSING, ["o.take Muon", "o.1", "o.sort 1"]),
        (Verdict.MISSING, ["s.1", "s.2"]),
        (Verdict.MISSING, ["s/x", "s/y"]),
    ]
    assert score(comparison, "first") == score(compare_programs(*programs), "first")


def test_a_table_says_what_it_shows_as_the_programs_say_it(tmp_path: Path) -> None:
    text = "object o\n take {}\n sort by {} descending\n keep first 2\nregion r\n {}\n"
    cuts = [f"select MET.pt > {n} GeV" for n in range(6)]
    one = text.format("Electron, Muon", "pt", 'bin "b" MET.phi > 0\n' + "\n".join(cuts))
    other = text.format("Muon, Electron", "eta", "\n".join(cuts) + '\n bin "b" MET.phi > 0')
    _, shown = _run(*_files(tmp_path, one, other), "--output", "markdown")
    assert "4:2  take Electron, Muon | 4:2  take Muon, Electron" in shown
    assert "5:10  sort by pt descending | 5:10  sort by eta descending" in shown
    assert "moved past r.2, r.3, r.4 and 3 more" in shown
    assert "normal forms" not in shown


def test_ties_are_reported() -> None:
    twins = "object {}\n take Electron\n select pt > 5 GeV\nobject {}\n take Electron\n select pt > 5 GeV\n"
    comparison = compared(twins.format("x", "y"), twins.format("y", "x"))
    assert comparison.same
    assert dict(comparison.matching.pairs) == {"x": "x", "y": "y"}
    assert {(tie.first, tie.chosen, tie.instead) for tie in comparison.matching.ties} == {
        ("x", "x", "y"),
        ("y", "y", "x"),
    }


TWO_REGIONS = "region {}\n select MET.pt > 9 GeV\nregion {}\n select MET.pt < 9 GeV\n"
TWO_OUTPUTS = {
    "bin": 'region r\n bin "{}" MET.pt < 50 GeV\n bin "{}" MET.pt >= 50 GeV\n',
    "bins": "region r\n bins {} = MET.pt edges [0 GeV, 9 GeV]\n bins {} = MET.phi edges [0, 1]\n",
    "histogram": "region r\n histogram {} = MET.pt edges [0 GeV, 9 GeV]\n histogram {} = MET.phi edges [0, 1]\n",
    "column": "region r\n save {} = MET.pt, {} = MET.phi\n",
}


def renamed(a: str, b: str) -> list[tuple[str, str]]:
    comparison = compared(a, b)
    assert not comparison.differences
    assert comparison.same is (not comparison.renamed)
    return [(one.first, one.second) for one in comparison.renamed]


@pytest.mark.parametrize("text", [TWO_REGIONS, *TWO_OUTPUTS.values()])
def test_exchanged_names_of_outputs_are_a_difference_and_new_ones_are_none(text: str) -> None:
    both = text.format("one", "two")
    assert renamed(both, text.format("two", "one")) == [("one", "two"), ("two", "one")]
    assert renamed(both, text.format("two", "three")) == [("one", "two"), ("two", "three")]
    assert renamed(both, text.format("three", "four")) == []


def test_of_outputs_that_hold_the_same_the_names_decide() -> None:
    twins = "region {}\n save {} = MET.pt, {} = MET.pt\n"
    assert renamed(twins.format("r", "x", "y"), twins.format("s", "y", "x")) == []


def test_an_undecided_question_is_not_called_equivalent(monkeypatch: pytest.MonkeyPatch) -> None:
    from hepsel.compare import smt

    monkeypatch.setattr(smt.Prover, "_ask", lambda *_: smt.Answer(None))
    (row,) = regions("select count(Jet) > 0", "select count(Jet) >= 1").differences
    assert row.how == "undecided within the time limit; normal forms are compared"


NESTED = "define a0 = MET.phi * {}\n" + "".join(f"define a{i + 1} = sqrt(a{i} * a{i} + a{i})\n" for i in range(30))


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        ((2, 3), (2, 3), "identical"),
        ((2, 3), (4, 3), "value differs"),
        ((2, 3), (2, 4), "value differs"),
        ((2, "4 * a0"), (2, 3), "missing"),
    ],
)
def test_definitions_in_definitions_take_no_longer_than_their_text(
    a: tuple[int, object], b: tuple[int, object], verdict: str
) -> None:
    """Written out, the last of them has 3^30 parts."""
    texts = [f"{NESTED.format(factor)}region r\n select a30 > {bound}\n" for factor, bound in (a, b)]
    assert compared(*texts).rows[0].verdict == verdict


def test_lets_in_lets_take_no_longer_than_their_text() -> None:
    lets = "".join(f" let x{i + 1} = sqrt(x{i} * x{i} + x{i})\n" for i in range(30))
    text = f"object o\n take Muon\n let x0 = eta\n{lets} select x30 > {{}}\n"
    (row,) = compared(text.format(2), text.format(3)).differences
    assert row.details == ("2 against 3",)


def test_many_changed_bounds_on_few_quantities_are_not_compared_by_the_solver_each_with_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    equivalent = Prover.equivalent
    monkeypatch.setattr(Prover, "equivalent", lambda *arguments: (asked.append(1), equivalent(*arguments))[1])
    text = "region r\n" + "".join(
        f" select {quantity} > {number}{{}} GeV\n"
        for number in range(1, 11)
        for quantity in ("Jet[0].pt + MET.pt", "|Jet[1].pt - MET.pt|", "MET.pt")
    )
    differences = compared(text.replace("{}", ""), text.replace("{}", ".5")).differences
    assert [row.verdict for row in differences] == ["value differs"] * 30
    assert len(asked) < 3 * 30


CHANGES = [
    ("select pt > 7 GeV  ", "select pt > 7.5 GeV ", "value differs"),
    ("|eta| < 2.47", "|eta| <= 2.47", "bound differs"),
    ("select is_loose   ", "reject is_loose   ", "contradictory"),
    ('select |d0| < 1 mm               as "3.7"  cite table "3.7 abs(d0) < 1 mm"', "", "missing"),
    ("take electrons, muons", "take muons, electrons", "order differs"),
    ("lowest |m12 - m_Z|, lowest |m34 - m_Z|", "lowest |m34 - m_Z|, lowest |m12 - m_Z|", "order differs"),
    ("take ordered dileptons", "take dileptons", "order differs"),
    ("count(dileptons) >= 2", "count(dileptons) >= 3", "value differs"),
    ("region signal\n", "region signal\n  select count(Muon) > 1\n", "extra"),
    ("50 GeV < m12 < 106 GeV", "50 GeV < m12 < 106000 GeV", "value differs"),
]


def test_ten_changes_of_the_full_selection_are_all_found_and_nothing_else() -> None:
    text = H4L.read_text(encoding="utf-8")
    changed = text
    for old, new, _ in CHANGES:
        assert changed.count(old) == 1
        changed = changed.replace(old, new)
    programs = load_program(text, "physlite"), load_program(changed, "physlite")
    start = time.monotonic()
    comparison = compare_programs(*programs)
    assert time.monotonic() - start < 30  # a tenth of a second here; a machine under load may need more
    assert sorted(row.verdict for row in comparison.differences) == sorted(verdict for *_, verdict in CHANGES)
    scores = score(comparison, "first")
    assert (scores.labels["2.2"], scores.labels["3.7"], scores.labels["2.4"]) == (
        "value differs",
        "missing",
        "identical",
    )
    counted = [row for row in comparison.rows if not row.apart]
    right = sum(row.verdict.same for row in counted)
    assert scores.overall.recall == right / sum(len(row.first) for row in counted)
    assert scores.overall.precision == right / sum(len(row.second) for row in counted)


@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=1, max_size=5)
    )
)
def test_the_assignment_is_the_best_one(scores: list[list[int]]) -> None:
    from itertools import permutations

    rows, columns = len(scores), len(scores[0])
    tall = rows > columns
    wide = [list(column) for column in zip(*scores, strict=True)] if tall else scores
    best = max(sum(row[j] for row, j in zip(wide, order, strict=False)) for order in permutations(range(len(wide[0]))))
    assert sum(scores[i][j] for i, j in best_pairs(scores, 0.5)) == best


_ATOMS = [
    "MET.pt > 3 GeV", "MET.pt <= 3 GeV", "3 GeV >= MET.pt", "MET.pt == 3 GeV", "MET.pt != 3 GeV", "-MET.pt < -3 GeV",
    "|MET.phi| < 2", "MET.phi < 2", "MET.phi > -2", "|MET.phi| >= 2", "exists(MET.phi)", "MET.phi == MET.phi",
    "default(MET.pt, 3 GeV) > 2 GeV", "default(MET.pt, 1 GeV) > 2 GeV", "exists(MET.pt)", "max(MET.pt, 3 GeV) > 3 GeV",
    "count(Jet) > 0", "count(Jet) >= 1", "count(Jet) != 0", "exists(Jet[0])", "Jet[0].pt > MET.pt",
    "MET.pt < Jet[0].pt", "any(Jet.pt > 3 GeV)", "not all(Jet.pt <= 3 GeV)", "all(Jet.pt > 3 GeV)",
    "min(Jet.pt) > 3 GeV", "largest(Jet.pt, 1) > 3 GeV", "(if MET.phi > 0 then MET.pt else 3 GeV) > 2 GeV",
    "MET.pt + 1 GeV > 4 GeV",
    "count(j for j in Jet if j.pt > 3 GeV) > 0", "sqrt(MET.phi) >= 0", "MET.phi >= 0", "true", "trigger.t",
    "not trigger.t", "trigger.t == false", "trigger.t != true", "Jet[0] == Jet[-1]", "count(Jet) == 1",
    "max(Jet.pt) > 3 GeV", "default(max(Jet.pt), 3 GeV) <= 3 GeV", "largest(Jet.pt, 2) <= 3 GeV",
    "count(j for j in Jet if j.pt > 3 GeV) < 2", "exists(max(Jet.pt))", "max(Jet.pt) > MET.pt",
]  # fmt: skip

_conditions = st.recursive(
    st.sampled_from(_ATOMS),
    lambda inner: st.one_of(
        inner.map(lambda x: f"not ({x})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"(({t[0]}) {t[1]} ({t[2]}))"),
        st.tuples(inner, inner, inner).map(lambda t: f"(if {t[0]} then ({t[1]}) else ({t[2]}))"),
    ),
    max_leaves=4,
)
_selections = st.lists(st.tuples(st.sampled_from(["select", "reject"]), _conditions), min_size=1, max_size=3).map(
    lambda lines: "region r\n" + "".join(f" {keyword} {condition}\n" for keyword, condition in lines)
)

_VALUES = (float("nan"), float("-inf"), -3.0, -2.0, 0.0, 1.0, 2.0, 2.5, 3.0, 4.0, float("inf"))
_EVENTS = [
    make_event(MET={"pt": pt, "phi": phi}, Jet=[{"pt": 1000 * x} for x in jets], trigger={"t": trigger})
    for pt in _VALUES
    for phi in (float("nan"), -2.0, -1.0, 0.0, 1.0, 2.0, float("inf"))
    for jets, trigger in (([], 1), ([3.0], None), ([4.0, float("nan")], 0), ([float("nan")], 1), ([1.0, 4.0], None))
]


_PT = ("pt", "raw", "late")
_CUTS = [
    [["select |eta| < 2"], ["select eta < 2", "select eta > -2"], ["reject eta >= 2", "reject eta <= -2"]],
    [lines for x in _PT for lines in ([f"select {x} > 3 GeV"], [f"select {x} > 3 GeV", f"select {x} > 2 GeV"])],
    [[line] for x in _PT for line in (f"sort by {x} descending", f"sort by -{x} ascending", f"sort by {x} ascending")],
    [[line] for x in _PT for line in (f"keep highest {x}", f"keep lowest -{x}", f"keep lowest {x}")],
    [["reject 1 <= |eta| <= 2"], ["select |eta| < 1 or |eta| > 2"], ["select not (1 <= |eta| <= 2)"]],
    [["keep first 2"]],
    [["let p4 = this + MET"]],
]
_SELECTS = [
    [["select count(y) > 1"], ["select count(y) > 0", "select count(y) != 1"], ["select exists(y[1])"]],
    [
        lines
        for x in _PT
        for lines in ([f"select y[0].{x} > 3 GeV"], [f"select y[0].{x} > 3 GeV", "select count(y) > 0"])
    ],
    [["select |MET.phi| < 1.5"], ["select MET.phi < 1.5", "select MET.phi > -1.5"]],
    [[FILL]],
    [['bin "b" MET.pt > 2 GeV']],
    [
        ["weight w = y[0].pt / 1 GeV * MET.phi / 2"],
        ["weight w = MET.phi * 0.5", "weight v = y[0].pt / 1 GeV"],
        ["weight w = MET.phi", "weight v = y[0].pt / 1 GeV", "weight u = 1 / 2"],
        ["weight w = MET.phi / 2", "weight v = 1 GeV / y[0].pt"],
    ],
]
_CHAIN = {
    "object x\n take Jet\n let raw = pt\n": _CUTS,
    " let late = pt\nobject y\n take x\n": _CUTS,
    "region q\n": _SELECTS,
    "region r\n take q\n": _SELECTS,
    "region probe\n save y = y.pt, raw = y.raw, late = y.late, x = x.pt\n": [],
}
"""How blocks that take from one another begin, and what may follow: groups of spellings of one thing, or nearly so."""


@st.composite
def _chains(draw: st.DrawFn) -> tuple[str, str]:
    """Return a program, and the same with some statements split, moved and spelt otherwise."""
    texts = ["", ""]
    for head, groups in _CHAIN.items():
        taken = draw(st.lists(st.sampled_from(groups), max_size=3, unique_by=id)) if groups else []
        lines = [line for spellings in taken for line in draw(st.sampled_from(spellings))]
        edited = list(lines)
        if lines and draw(st.booleans()):
            line = edited.pop(draw(st.integers(0, len(edited) - 1)))
            spellings = next((group for group in groups if [line] in group), [[line]])
            for new in draw(st.sampled_from(spellings)):
                edited.insert(draw(st.integers(0, len(edited))), new)
        for side, body in enumerate((lines, edited)):
            texts[side] += head + "".join(f" {line}\n" for line in body)
    return texts[0], texts[1]


_CROWDED = [
    make_event(
        MET={"pt": met, "phi": phi},
        Jet=[{"pt": 1000 * x, "eta": eta, "phi": x, "energy": 9000.0} for x, eta in zip(jets, etas, strict=False)],
    )
    for met, phi in ((1.0, -1.0), (4.0, 1.0), (3.0, 2.0))
    for jets in ((4.0, 1.0), (1.0, 4.0, 2.5), (2.5, 3.5, 5.0))
    for etas in ((0.0, 3.0, 1.0), (-3.0, 1.0, 0.5), (1.0, 0.0, -1.0))
]


def _observed(program: Program, events: list[dict[str, object]]) -> str:
    found = interpret(program, events, trace=True)
    passes = {region: [failed is None for failed in all_failed] for region, all_failed in found["first_failed"].items()}
    return repr((passes, *(found[what] for what in ("bins", "histograms", "columns"))))


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(st.tuples(st.tuples(_selections, _selections), st.just(_EVENTS)), st.tuples(_chains(), st.just(_CROWDED)))
)
def test_what_is_called_the_same_is_the_same_in_every_corner(
    given: tuple[tuple[str, str], list[dict[str, object]]],
) -> None:
    texts, events = given
    programs = [check_text(HEAD + text, FORMAT).program for text in texts]
    first, second = programs
    assume(first is not None and second is not None)
    assert first is not None
    assert second is not None
    if compare_programs(first, second).same:
        assert _observed(first, events) == _observed(second, events)


# ------------------------------------------------------------------ what normal forms call the same

_WAYS_TO_A_NUMBER = [
    "x", "-x", "|x|", "|x - y|", "|y - x|", "x - y", "y - x", "x + y", "|x + y|", "|-x - y|", "x * y", "y * x", "x / y",
    "x / 2", "x * 0.5", "x / 3", "x * (1/3)", "x / -4", "-0.25 * x", "x^2", "2^x", "|x|^2", "1 / x", "1 / -x",
    "1 / |x|", "sqrt(x)", "sin(x)", "|sin(x)|", "|floor(x)|", "abs(|x|)", "exp(x)", "min(x, y)", "min(y, x)",
    "max(x, y)", "max(x, y, 1)", "atan2(x, y)", "atan2(y, x)", "default(x, y)", "default(y, x)", "default(x, 1)",
    "default(x, 2)", "-default(x, 1)", "(if t then x else 1)", "(if t then 1 else x)", "(if t then x else y)",
    "(if not t then y else x)", "(if t then 1 else 2)", "(if not t then 1 else 2)", "(if x > 0 then x else -x)",
    "(if x <= 0 then -x else x)", "(if t then x else x)", "n", "-n", "|n|", "n + 1", "n + n", "2 * n", "n - n", "n * n",
    "n / 2", "n * 0.5", "count(Jet) + n", "count(Jet)", "count(Jet) - 1", "-count(Jet)", "count(Jet) / 2",
    "count(Jet) * 0.5", "count(Jet) + count(Muon)", "count(Jet.eta)", "count(j for j in Jet if j.eta > 0)",
    "count(j for j in Jet if j.eta >= 0)", "count(j for j in Jet if not (j.eta < 0))",
    "count(j.eta for j in Jet if j.eta >= 0)", "count(i for i, j in Jet)", "count(i for i in Jet for j in Jet)",
    "count(j for i in Jet for j in Jet if i == j)", "count(j for i in Jet for j in Jet if i != j)", "sum(Jet.eta)",
    "sum(j.eta for j in Jet if j.eta > 0)", "sum(Muon.charge)", "-sum(Muon.charge)", "sum(Muon.charge) + 1",
    "product(Jet.eta)", "product(Muon.charge)", "mean(Jet.eta)", "max(Jet.eta)", "min(Jet.eta)",
    "-min(-j.eta for j in Jet)", "largest(Jet.eta, 1)", "largest(Jet.eta, 2)", "smallest(Jet.eta, 1)",
    "smallest(Jet.eta, 2)", "y", "Jet[-1].eta", "Jet[1].eta", "Jet[1:][0].eta", "Jet[:1][0].eta", "Jet[:-1][-1].eta",
    "argmax(j.pt for j in Jet).eta", "argmin(j.pt for j in Jet).eta", "argmax(j.pt for j in Jet, 2).eta",
    "argmin(-j.pt for j in Jet).eta", "dphi(MET, Jet[0])", "dphi(Jet[0], MET)", "dphi_signed(MET, Jet[0])",
    "dphi_signed(Jet[0], MET)", "|dphi_signed(MET, Jet[0])|", "deta(Muon[0], Jet[0])", "deta(Jet[0], Muon[0])",
    "dr(Muon[0], Jet[0])", "dr(Jet[0], Muon[0])", "perp(MET, Jet[0]) / 1 GeV", "perp(Jet[0], MET) / 1 GeV",
    "mt(MET, Jet[0]) / 1 GeV", "mt(Jet[0], MET) / 1 GeV", "(MET + Jet[0]).phi", "(Jet[0] + MET).phi",
    "(MET - Jet[0]).phi", "(Jet[0] - MET).phi", "(-(MET - Jet[0])).phi", "(2 * Jet[0]).eta", "(-2 * Jet[0]).eta",
    "(Jet[0] / -2).eta", "sum(Jet).eta", "sum(j for j in Jet if j.eta > 0).eta", "Jet[0].p4.eta",
    "(if t then MET.p4 else Jet[0].p4).phi", "(if t then Jet[0].p4 else MET.p4).phi", "default(Jet[0], Jet[-1]).eta",
    "(if t then Jet[0] else Jet[1]).eta", "(if t then Jet[1] else Jet[0]).eta",
    "o[0].filled", "default(o[0].eta, 1)", "o[-1].side", "(if o[-1].eta > 0 then 1 else 2)",
    "argmax(j.pt for j in o).side", "(if Jet.eta > 0 then 1 else 2)[0]", "(if Jet[0].eta > 0 then 1 else 2)",
    "Jet.eta[0]", "Jet.eta[-1]", "sum(Jet.eta[:2])", "sum(j.eta for j in Jet[:2])",
]  # fmt: skip
_SIGNS = ("<", "<=", ">", ">=", "==", "!=")
_OF_TRUTHS = [
    "t", "not t", "t == true", "t != true", "t == false", "t != false", "t and x > 1", "x > 1 and t", "t or x > 1",
    "not (t and x > 1)", "not t or not (x > 1)", "Jet[0] in Jet", "Jet[0] not in Jet", "Jet[-1] in Jet[1:]",
    "Jet[-1] not in Jet[1:]", "not (Jet[-1] in Jet[1:])", "Jet[0] == Jet[-1]", "Jet[-1] == Jet[0]", "Jet[0] != Jet[-1]",
    "not (Jet[0] == Jet[-1])", "any(j.eta > 1 for j in Jet)", "all(j.eta > 1 for j in Jet)",
    "any(j.eta > 1 for j in Jet if j.pt > 4 GeV)", "all(j.eta > 1 for j in Jet if j.pt > 4 GeV)",
    "not any(not (j.eta > 1) for j in Jet)", "not all(not (j.eta > 1) for j in Jet)",
    "not any(j.eta <= 1 for j in Jet)",
    "any(i.eta > j.eta for i, j in Jet)", "any(i.eta < j.eta for i, j in Jet)", "any(i != j for i in Jet for j in Jet)",
    "any(i.eta > j.eta for i in Jet for j in Jet)", "any(i.eta > j.eta + 1 for i, j in Jet)",
    "any(j.eta > i.eta + 1 for i, j in Jet)", "any(i.eta > j.eta + 1 for i in Jet for j in Muon)",
    "any(j.eta > i.eta + 1 for i in Jet for j in Muon)", "any(j.eta > i.eta + 1 for j in Muon for i in Jet)",
    "any(i.eta > j.eta + 1 for j in Jet for i in Jet)", "any(i.eta + j.eta > 1 for i in Jet for j in Jet)",
    "any(i.eta + j.eta > 1 for i, j in Jet)", "any(i.eta > j.eta for i, j in Jet for k in Muon)",
    "any(i.eta > j.eta for k in Muon for j, i in Jet)", "any(j.eta > k.charge for k in Muon for i, j in Jet)",
    "any(i.eta > k.charge for i, j in Jet for k in Muon)", "any(i.eta > k.eta for i, j in Jet for k in Jet)",
    "any(k.eta > i.eta for i, j in Jet for k in Jet)", "any(k.eta > j.eta for k in Jet for i, j in Jet)",
    "count(i for i in Jet for j in Muon if i.eta > j.eta + 1) == 1",
    "count(i for j in Muon for i in Jet if i.eta > j.eta + 1) == 1",
    "count(i for j in Muon for i in Jet if j.eta > i.eta + 1) == 1",
    "count(i for i in Jet for j in Jet[1:] if i.eta > j.eta) == 1",
    "count(i for j in Jet for i in Jet[1:] if i.eta > j.eta) == 1",
    "count(i for j in Jet for i in Jet[1:] if i.eta < j.eta) == 1",
    "any(any(i.eta > j.eta for i in Jet) and count(e for e in Jet if e.eta > j.eta + 1) == 1 for j in Muon)",
    "any(count(e for e in Jet if i.eta > e.eta + 1) == 1 and any(i.eta > j.eta for j in Muon) for i in Jet)",
    "any(w > argmax(k.pt for k in Jet).eta + j.eta for j in Jet for w in argmin(k.pt for k in Jet).widths)",
    "any(w > argmax(k.pt for k in Jet).eta + j.eta for w in argmin(k.pt for k in Jet).widths for j in Jet)",
    "any(i.eta > j.eta and count(e for e in Jet if e.eta > j.eta + 1) == 1 for i in Jet for j in Muon)",
    "any(i.eta > j.eta and count(e for e in Jet if i.eta > e.eta + 1) == 1 for j in Muon for i in Jet)",
    "any(any(i.eta > j.eta + 1 for j in Muon) for i in Jet)",
    "any(any(j.eta > i.eta + 1 for j in Muon) for i in Jet)", "(if t then x > 1 else y > 1)",
    "(if t then y > 1 else x > 1)",
    "(if not t then y > 1 else x > 1)", "(x > 1) == t", "x == y", "y == x", "x < y", "y > x", "x > y", "-x < -y",
    "x < -y", "-x < y", "n < count(Jet)", "count(Jet) > n", "n > count(Jet)", "x + 1 > y", "x > y - 1",
    "o[0].outside", "not (o[0].eta > 1)", "not o[0].outside", "o[0].eta > 1", "o[0].outside == false",
    "o[0].outside != true", "(o[0].eta > 1) == true", "(if o[0].outside then x > 1 else y > 1)",
    "(if o[0].eta > 1 then y > 1 else x > 1)",
]  # fmt: skip


_LEADING = "sort by pt descending\n  keep first 1"


@pytest.mark.parametrize(
    ("a", "b", "verdicts"),
    [
        (f"select pt > 5 GeV\n {_LEADING}", "select pt > 5 GeV\n keep highest pt", ["equivalent"] * 2),
        (f"{_LEADING}\n select eta > 1", "keep highest pt\n select eta > 1", ["absence differs"]),
        (
            "sort by pt descending, -eta descending\n select pt > 5 GeV\n select |eta| < 2\n keep first 1",
            "select |eta| < 2\n select pt > 5 GeV\n keep highest pt, lowest eta",
            ["equivalent"] * 2,
        ),
        (
            "select pt > 5 GeV\n sort by pt descending, eta ascending\n keep first 1",
            "select pt > 5 GeV\n keep highest pt, lowest eta",
            ["absence differs"],
        ),
        (
            f"select pt > 5 GeV\n {_LEADING}",
            "select pt > 5 GeV\n sort by pt descending\n keep highest pt",
            ["equivalent"],
        ),
        (f"{_LEADING}\n select pt > 5 GeV", "keep highest pt\n select pt > 5 GeV", ["absence differs"]),
        (f"select pt > 5 GeV\n {_LEADING}", "select pt > 5 GeV\n keep lowest pt", ["extra", "missing", "missing"]),
        (
            f"select pt > 5 GeV\n {_LEADING[:-1]}2",
            "select pt > 5 GeV\n keep highest pt",
            ["extra", "missing", "missing"],
        ),
        (
            "select pt > 5 GeV\n keep first 1\n sort by pt descending",
            "select pt > 5 GeV\n keep highest pt",
            ["extra", "missing", "missing"],
        ),
    ],
)
def test_the_first_of_sorted_items_is_the_best_where_all_have_the_key(a: str, b: str, verdicts: list[str]) -> None:
    for one, other, said_of in ((a, b, verdicts), (b, a, [_TURNED.get(verdict, verdict) for verdict in verdicts])):
        found = [verdict for verdict in said(objects(one, other)) if verdict != "identical"]
        assert found == sorted(said_of)


_TURNED = {"extra": "missing", "missing": "extra"}


def test_objects_that_say_the_same_hold_the_same_items() -> None:
    """Of every order of sorts, cuts and `keep`, with equal and missing values in many events."""
    nan = float("nan")
    random = Random(2)
    values = [(pt, eta) for pt in (3.0, 6.0, 9.0, nan) for eta in (-1.0, 0.5, 3.0, nan)]
    events = [
        make_event(Electron=[{"pt": pt, "eta": eta} for pt, eta in random.choices(values, k=random.randint(0, 5))])
        for _ in range(60)
    ]
    cuts = ("select pt > 5 GeV", "select |eta| < 2", "select exists(eta)", "reject pt > 8 GeV")
    ways = (
        ("keep highest pt", "sort by pt descending keep first 1"),
        ("keep lowest eta", "sort by eta ascending keep first 1"),
        ("keep highest pt, lowest eta", "sort by pt descending, eta ascending keep first 1"),
        ("sort by pt descending", "sort by eta ascending", "keep first 2"),
    )

    def holds(program: Program) -> list[list[object]]:
        return [[item.identity for item in evaluate_event(program, event).items("o")] for event in events]

    verdicts = Counter[tuple[bool, bool]]()
    for _ in range(400):
        chosen = [random.choice((cuts, *ways)) for _ in range(random.randint(1, 4))]
        first = [random.choice(statements) for statements in chosen]
        second = [random.choice(ours) if ours in ways else said for ours, said in zip(chosen, first, strict=True)]
        if random.random() < 0.3:
            random.shuffle(second)
        keys = random.choice(("", "select exists(pt) select exists(eta)"))
        one, other = (
            load_program(f"{HEAD}object o\n take Electron\n {keys} {' '.join(statements)}", FORMAT)
            for statements in (first, second)
        )
        found = compare_programs(one, other).same, holds(one) == holds(other)
        assert found != (True, False), (first, second)
        verdicts[found] += first != second
    assert min(verdicts[found] for found in ((True, True), (False, False))) > 20


def _conditions() -> list[str]:
    """Return conditions many of which are the same, and many nearly so."""
    cuts = [f"{a} {sign} 1" for a in _WAYS_TO_A_NUMBER for sign in _SIGNS]
    bounds = [f"x {sign} {bound}" for sign in _SIGNS for bound in ("2", "-2", "1")]
    pairs = [f"({a}) {{}} ({b})" for a, b in combinations(bounds, 2)]
    return [
        *_OF_TRUTHS,
        *cuts,
        *(f"not ({cut})" for cut in cuts),
        *(f"{a} > 0" for a in _WAYS_TO_A_NUMBER),
        *(f"{maybe}exists({a})" for a in _WAYS_TO_A_NUMBER for maybe in ("", "not ")),
        *(pair.format(word) for pair in pairs for word in ("and", "or")),
        *(f"not {pair.format(f'{word} not')}" for pair in pairs for word in ("and", "or")),
    ]


def test_conditions_of_one_normal_form_are_decided_alike() -> None:
    """What `hepsel diff` calls the same without asking a solver: no two of these conditions that differ anywhere."""
    nan, inf = float("nan"), float("inf")
    jets = ([], [nan], [-1.0], [0.0, 2.0], [2.0, 0.0, 1.0], [1.0, nan], [0.5, -3.0], [2.0, 2.0])
    corners = [*product((nan, -inf, -2.0, -1.0, -0.0, 0.5, 1.0, 2.0, inf), jets, (1, 0, None), ([], [1], [-2, 1], [0]))]
    events = [
        make_event(
            MET={"pt": 3.0, "phi": phi},
            Jet=[
                {"pt": 5000.0 - 1000 * abs(eta), "eta": eta, "phi": float(i), "energy": 9e4, "widths": [eta, 1.0]}
                for i, eta in enumerate(etas)
            ],
            trigger={"t": fired},
            Muon=[{"pt": 4.0, "eta": 0.5 - i, "phi": -float(i), "charge": charge} for i, charge in enumerate(charges)],
        )
        for phi, etas, fired, charges in Random(1).sample(corners, 30)
    ]
    conditions = _conditions()
    head = "define x = MET.phi\ndefine y = Jet[0].eta\ndefine n = Muon[0].charge\ndefine t = trigger.t\n"
    head += "object o\n take Jet\n let filled = default(eta, 1)\n let side = if eta > 0 then 1 else 2\n"
    head += " let outside = not (eta > 1)\n"
    regions = "".join(f"region r{place}\n select {condition}\n" for place, condition in enumerate(conditions))
    program = load_program(HEAD + head + regions, FORMAT)
    blocks = blocks_of(program, Normaliser(program, {}, slot_names(program, {})))
    failed = interpret(program, events, trace=True)["first_failed"]
    alike = defaultdict[frozenset[Expr], dict[tuple[str | None, ...], str]](dict)
    for place, condition in enumerate(conditions):
        normal = frozenset(entry.content for entry in blocks[f"r{place}"].entries)
        alike[normal].setdefault(tuple(one and "failed" for one in failed[f"r{place}"]), condition)
    assert [list(decided.values()) for decided in alike.values() if len(decided) > 1] == []
    contents = set[Expr]().union(*alike)
    assert len({key(content) for content in contents}) == len(contents)


# ------------------------------------------------------------------ filters inside and outside

X = "object x\n take Jet\n select pt > 20 GeV\n"
Y = "object y\n take x\n select pt > 30 GeV\n reject |eta| >= 2\n"
INSIDE = "v.pt > 30 GeV and not (|v.eta| >= 2)"
REDUCED = {
    "count(v for v in x if {0}) >= 2": "count(y) >= 2",
    "sum(v.pt for v in x if {0}) > 200 GeV": "sum(y.pt) > 200 GeV",
    "sum(v for v in x if {0}).mass > 200 GeV": "sum(y).mass > 200 GeV",
    "any(v.eta > 0.5 for v in x if {0})": "any(y.eta > 0.5)",
    "any({0} and v.eta > 0.5 for v in x)": "any(u.eta > 0.5 for u in y)",
    "all(v.eta > 0.5 for v in x if {0})": "not any(not (v.eta > 0.5) for v in y)",
    "largest(v.pt for v in x if {0}, 2) > 50 GeV": "largest(y.pt, 2) > 50 GeV",
    "argmax(v.pt for v in x if {0}).eta > 0": "argmax(v.pt for v in y).eta > 0",
    "any((u + v).mass > 3 GeV for u, v in x if {0} and u.pt > 30 GeV and not (|u.eta| >= 2))": (
        "any((a + b).mass > 3 GeV for a, b in y)"
    ),
    "all(any(dr(e, v) < 1 for v in x if {0}) for e in Electron)": "all(any(dr(e, v) < 1 for v in y) for e in Electron)",
}


@pytest.mark.parametrize(("inside", "outside"), REDUCED.items())
def test_a_filter_inside_is_the_object_that_filters(inside: str, outside: str) -> None:
    texts = [f"{X}region r\n select {inside.format(INSIDE)}\n", f"{X}{Y}region r\n select {outside}\n"]
    for a, b in (texts, texts[::-1]):
        comparison = compared(a, b)
        assert set(said(comparison)) == {"identical", "equivalent"}
        entries = {entry.id for row in comparison.rows for entry in (*row.first, *row.second)}
        assert entries >= {"y.take x", "y.1", "y.2", "r.1"}


def test_a_chain_of_filters_is_one_condition() -> None:
    chain = f"{X}{Y}object z\n take y\n select eta > 0.5\n"
    inside = f"region r\n select count(v for v in Jet if {INSIDE} and v.eta > 0.5 and v.pt > 20 GeV) >= 2\n"
    assert set(said(compared(f"{chain}region r\n select count(z) >= 2\n", inside))) == {"equivalent"}


def test_what_differs_of_a_filter_is_told_where_it_is_used() -> None:
    inside = (
        f"{X}region r\n select count(v for v in x if {INSIDE}) >= 2\n select sum(v.pt for v in x if {INSIDE}) > 1 GeV\n"
    )
    outside = f"{X}{Y}region r\n select count(y) >= 2\n select sum(y.pt) > 1 GeV\n".replace("30 GeV", "25 GeV")
    first, second = compared(inside, outside).differences
    assert first.details == second.details == ("30 GeV against 25 GeV",)
    assert [entry.id for entry in first.second] == ["r.1", "y.take x", "y.1", "y.2"]
    assert [entry.id for entry in second.second] == ["r.2"]


def test_a_criterion_more_of_an_object_that_filters_is_one_difference() -> None:
    inside = (
        f"{X}region r\n select any(v.eta > 1 for v in x if {INSIDE})\n select count(v for v in x if {INSIDE}) > 1\n"
    )
    outside = f"{X}{Y} select eta > 0\nregion r\n select any(y.eta > 1)\n select count(y) > 1\n"
    (row,) = compared(inside, outside).differences
    assert (row.verdict, row.details) == ("extra", ("the condition item.eta > 0 is extra",))
    assert [entry.id for entry in row.second] == ["r.2", "y.take x", "y.1", "y.2", "y.3"]


@pytest.mark.parametrize("use", ["y[0].pt > 40 GeV", "count(y[0:2]) == 2", "Jet[0] in y"])
def test_an_object_that_is_more_than_looped_over_stays_one(use: str) -> None:
    comparison = compared(f"{X}region r\n select {use.replace('y', 'x')}\n", f"{X}{Y}region r\n select {use}\n")
    assert said(comparison) == ["extra", "extra", "identical", "scope differs"]


@pytest.mark.parametrize("more", ["keep first 2", "sort by eta ascending", "let p4 = 2 * this"])
def test_an_object_that_does_more_than_filter_stays_one(more: str) -> None:
    inside = f"{X}region r\n select count(v for v in x if {INSIDE}) >= 2\n"
    assert not compared(inside, f"{X}{Y} {more}\nregion r\n select count(y) >= 2\n").same


@pytest.mark.parametrize("more", ["keep first 2", "sort by eta ascending", "let p4 = 2 * this"])
def test_a_filter_behind_other_statements_is_a_condition_on_what_is_left(more: str) -> None:
    x = f"{X} {more}\n"
    inside = f"{x}region r\n select count(v for v in x if {INSIDE}) >= 2\n"
    assert set(said(compared(inside, f"{x}{Y}region r\n select count(y) >= 2\n"))) == {"identical", "equivalent"}


_FILTERS = ["{0}.pt > 3 GeV", "|{0}.eta| < 2", "{0}.eta >= 0", "not ({0}.eta < 1)", "any(w.pt > {0}.pt for w in Jet)"]
_USES = {
    "count({1} for {1} in x if {0}) > {2}": "count(y) > {2}",
    "sum({1}.pt for {1} in x if {0}) > {2} GeV": "sum({1}.pt for {1} in y) > {2} GeV",
    "any({1}.eta > {2} for {1} in x if {0})": "any(y.eta > {2})",
    "all({1}.eta > {2} for {1} in x if {0})": "all(y.eta > {2})",
    "smallest({1}.pt for {1} in x if {0}, 2) > {2} GeV": "smallest(y.pt, 2) > {2} GeV",
    "argmax({1}.pt for {1} in x if {0}).eta > {2}": "argmax({1}.pt for {1} in y).eta > {2}",
}
_filters = st.lists(st.sampled_from(_FILTERS), min_size=1, max_size=3)
_uses = st.lists(st.tuples(st.sampled_from(list(_USES)), st.integers(0, 3)), min_size=1, max_size=3)


@settings(max_examples=75, deadline=None)
@given(
    _filters,
    _filters,
    _uses,
    _uses,
    st.sampled_from(["", " keep first 2\n", " sort by eta ascending\n"]),
    st.booleans(),
)
def test_filters_inside_and_outside_are_the_same_where_the_interpreter_says_so(
    inner: list[str],
    outer: list[str],
    ours: list[tuple[str, int]],
    theirs: list[tuple[str, int]],
    sort: str,
    same: bool,
) -> None:
    if same:
        outer, theirs = inner[::-1], ours
    x = f"object x\n take Jet\n{sort}"
    within = " and ".join(inner).format("v")
    inside = x + "region r\n" + "".join(f" select {use.format(within, 'v', n)}\n" for use, n in ours)
    own = "object y\n take x\n" + "".join(f" select {one.format('this')}\n" for one in outer)
    outside = x + own + "region r\n" + "".join(f" select {_USES[use].format('', 'v', n)}\n" for use, n in theirs)
    first, second = (check_text(HEAD + text, FORMAT).program for text in (inside, outside))
    assert first is not None
    assert second is not None
    comparison = compare_programs(first, second)
    assert comparison.same or not same
    if comparison.same:
        assert _observed(first, _CROWDED) == _observed(second, _CROWDED)


# ------------------------------------------------------------------ the command


def _files(tmp_path: Path, a: str, b: str) -> list[str]:
    paths = [tmp_path / "a.hepsel", tmp_path / "b.hepsel"]
    for path, text in zip(paths, (a, b), strict=True):
        path.write_text(HEAD + text, encoding="utf-8")
    return [*map(str, paths), "--format", "nanoaod"]


def _run(*arguments: str) -> tuple[int, str]:
    from hepsel.cli.diff import diff

    result = CliRunner().invoke(diff, arguments, standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result.return_value, result.output


A = 'object o\n take Muon\n select pt > 7 GeV as "2.2"\n select |eta| < 2\n'


def test_exit_codes(tmp_path: Path) -> None:
    assert _run(*_files(tmp_path, A, A))[0] == 0
    code, output = _run(*_files(tmp_path, A, A.replace("7", "8")))
    assert code == 1
    assert "value differs" in output
    assert "7 GeV against 8 GeV" in output
    from hepsel.errors import HepselError

    with pytest.raises(HepselError) as trouble:
        _run(*_files(tmp_path, A, "object o\n take Nothing\n"))
    assert trouble.value.exit_code >= 2


def test_other_errors_of_a_table_are_noted_and_no_difference(tmp_path: Path) -> None:
    text = "table f(x) 0.5 {} for 0 GeV to 9 GeV otherwise 1\nregion r\n weight w = f(MET.pt)\n"
    note = "note: the errors of table f differ"
    for other in ("+- 0.2", "+ 0.1 - 0.2", "+- 0.1 stat", "+- 0.1 +- 0.1", ""):
        code, output = _run(*_files(tmp_path, text.format("+- 0.1"), text.format(other)))
        assert (code, note in output) == (0, True), other
    for same in ("+- 0.1", "+ 0.1 - 0.1"):
        code, output = _run(*_files(tmp_path, text.format("+- 0.1"), text.format(same)))
        assert (code, note in output) == (0, False), same


def test_exchanged_names_are_told(tmp_path: Path) -> None:
    files = _files(tmp_path, TWO_REGIONS.format("SR", "CR"), TWO_REGIONS.format("CR", "SR"))
    code, output = _run(*files)
    assert code == 1
    assert "exchanged names: region SR of A is CR of B" in output
    told = json.loads(_run(*files, "--output", "json", "--truth", "B")[1])["exchanged_names"]
    assert told[0] == {"kind": "region", "region": None, "first": "SR", "second": "CR"}
    texts = [TWO_OUTPUTS["column"].format(*names) for names in ("xy", "yx")]
    assert "exchanged names: r: column x of A is y of B" in _run(*_files(tmp_path, *texts))[1]


def test_json_and_truth(tmp_path: Path) -> None:
    arguments = [
        *_files(tmp_path, A + " select charge == 1\n", A.replace("7", "8")),
        "--truth",
        "B",
        "--output",
        "json",
    ]
    data = json.loads(_run(*arguments)[1])
    assert {row["verdict"] for row in data["rows"]} == {"value differs", "extra"}
    # Of 3 entries of the truth (source, 2.2, eta) 2 are said; of 4 of the other program 2 are right.
    assert (data["scores"]["overall"]["recall"], data["scores"]["overall"]["precision"]) == (2 / 3, 2 / 4)
    assert data["scores"]["labels"] == {"2.2": "value differs"}
    assert data["rows"][0]["first"][0]["line"] == 5


@pytest.mark.parametrize("output", ["markdown", "html", "latex", "table"])
def test_other_outputs_escape_what_they_must(tmp_path: Path, output: str) -> None:
    _, text = _run(*_files(tmp_path, A, A.replace("pt > 7", "pt > 8")), "--output", output)
    expected = {"markdown": r"pt \> 7", "html": "pt &gt; 7", "latex": r"pt \textgreater{} 7", "table": "pt > 7"}
    assert expected[output] in text


def test_it_names_the_extra_when_the_solver_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from hepsel.compare import smt

    smt._z3.cache_clear()
    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(smt.SolverMissing, match="smt"):
        objects("select pt > 7 GeV", "select pt > 8 GeV")
    smt._z3.cache_clear()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_difftool(tmp_path: Path) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}

    def git(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    program = f"{sys.executable} -c 'from hepsel.cli.diff import diff; diff()'"
    git("init", "-q")
    file = tmp_path / "z.hepsel"
    file.write_text(HEAD + A, encoding="utf-8")
    git("add", "z.hepsel")
    git("commit", "-q", "-m", "first")
    file.write_text(HEAD + A.replace("7 GeV", "8 GeV"), encoding="utf-8")
    git("config", "difftool.hepsel.cmd", f'{program} "$LOCAL" "$REMOTE" --format nanoaod')
    shown = git("difftool", "-y", "-t", "hepsel")
    assert "7 GeV against 8 GeV" in shown.stdout, shown.stderr
    # As the driver of `git diff` itself, which gives seven arguments and wants exit code 0.
    (tmp_path / ".gitattributes").write_text("*.hepsel diff=hepsel\n", encoding="utf-8")
    driver = f'f() {{ {program} "$2" "$5" --format nanoaod || test $? = 1; }}; f'
    git("config", "diff.hepsel.command", driver)
    shown = git("diff")
    assert "7 GeV against 8 GeV" in shown.stdout, shown.stderr
    git("config", "--unset", "diff.hepsel.command")
    fmt = f"{sys.executable} -c 'from hepsel.cli.fmt import fmt; fmt()'"
    git("config", "diff.hepsel.textconv", f'f() {{ {fmt} - < "$1"; }}; f')
    assert "+  select pt > 8 GeV" in git("diff").stdout


def test_unions_of_unions_are_compared_in_time() -> None:
    """Each union of the two before it doubled the number of ways down: 22 took hours."""
    unions = "".join(
        f"object e{k} take e{k - 1}, m{k - 1} select q > {k} GeV\nobject m{k} take m{k - 1}, e{k - 1}\n"
        for k in range(1, 22)
    )
    first = f"object e0 take Electron let q = pt\nobject m0 take Muon let q = 2 * pt\n{unions}"
    started = time.process_time()
    comparison = compared(first, first.replace("q > 3 GeV", "q > 3.5 GeV"))
    assert time.process_time() - started < 30
    assert said(comparison) == ["identical"] * 20 + ["value differs"]


def test_a_long_chain_of_objects_is_matched_in_no_time() -> None:
    """Each of them says what all below it say: to compare every two by all of that took the cube of their number."""
    number = 200
    chain = "".join(
        f"object o{i}\n  take {f'o{i - 1}' if i else 'Jet'}\n  select pt > {i} GeV\n" for i in range(number)
    )
    a = load_program(HEAD + chain, FORMAT)
    b = load_program(HEAD + chain.replace("> 7 GeV", "> 7.5 GeV"), FORMAT)
    started = time.process_time()
    matching = match_blocks(a, b)
    assert time.process_time() - started < 1.5  # a third of a second here, and it was more than two
    assert matching.pairs == tuple((f"o{i}", f"o{i}") for i in range(number))
