"""`hepsel diff`: every verdict, traps of absent values, the H->4l selection with ten changes, git."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from interpreted import FORMAT, make_event

from hepsel.check import load_program
from hepsel.compare.assignment import best_pairs
from hepsel.compare.diff import compare_programs
from hepsel.compare.score import score
from hepsel.compare.verdicts import Comparison, Verdict
from hepsel.interpreter import evaluate_event

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
    ("keep lowest max(tracks.d0)", "keep lowest largest(tracks.d0, 1)"),
]


@pytest.mark.parametrize(("a", "b"), IDENTICAL)
def test_spellings_of_one_criterion_are_identical(a: str, b: str) -> None:
    assert set(said(objects(a, b))) == {"identical"}


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
]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), EQUIVALENT)
def test_criteria_written_differently_are_equivalent(a: str, b: str) -> None:
    assert set(said(regions(a, b))) == {"equivalent"}


# What looks the same and is not, because values can be missing (any real may be NaN), or because doubles round.
TRAPS = [
    ("select not (MET.pt > 3 GeV)", "select MET.pt <= 3 GeV"),
    ("reject MET.pt > 3 GeV", "select MET.pt <= 3 GeV"),
    ("select not (MET.pt == 3 GeV)", "select MET.pt != 3 GeV"),
    ("select MET.pt < 3 GeV or MET.pt >= 3 GeV", "select true"),
    ("select MET.phi == MET.phi", "select true"),
    ("select all(Jet.pt > 3 GeV)", "select not any(Jet.pt <= 3 GeV)"),
    ("select min(Jet.pt) > 3 GeV", "select all(Jet.pt > 3 GeV)"),
    ("select (MET.pt + 3 GeV) + Jet[0].pt > 9 GeV", "select MET.pt + (3 GeV + Jet[0].pt) > 9 GeV"),
    ("select MET.pt + 3 GeV > 9 GeV", "select MET.pt > 6 GeV"),
    ("select MET.pt / 3 > 1 GeV", "select MET.pt > 3 GeV"),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), TRAPS)
def test_what_only_looks_the_same_is_a_difference(a: str, b: str) -> None:
    assert not regions(a, b).same
    assert not regions(b, a).same


def test_a_missing_value_is_the_counterexample() -> None:
    (row,) = regions("select not (MET.pt > 3 GeV)", "select MET.pt <= 3 GeV").differences
    assert row.verdict is Verdict.BOUND
    assert row.counterexample == "an event with no MET.pt passes only A"


def test_a_counterexample_is_one_for_the_whole_block() -> None:
    """11 GeV would tell the first criteria apart, and passes neither block; with `pt < 10 GeV` nothing does."""
    a, b = "select pt > 10 GeV\n  select pt > 12 GeV", "select pt > 12 GeV\n  select pt > 14 GeV"
    (row,) = objects(a, b).differences
    assert row.counterexample == "an item of o with pt = 12.001 GeV passes only A"
    more = "\n  select pt < 12 GeV"
    assert [row.counterexample for row in objects(a + more, b + more).differences] == [None]
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
    ("select pt > 7 GeV", "select pt < 5 GeV", ["contradictory"]),
    ("select pt > 7 GeV", "select pt < 50 GeV", ["extra", "missing"]),
    ("select pt > 7 GeV\n  select |eta| < 2", "select pt > 7 GeV", ["identical", "missing"]),
    ("select pt > 7 GeV", "select pt > 7 GeV\n  select |eta| < 2", ["extra", "identical"]),
    ("select pt > 7 GeV", "select pt > 7 GeV\n  select pt > 5 GeV", ["equivalent", "identical"]),
    ("select any(dr(this, j) < 1 for j in Jet)", "select any(dr(this, j) < 1 for j in Muon)", ["scope differs"]),
    ("select pt > 7 GeV\n  keep highest pt", "keep highest pt\n  select pt > 7 GeV", ["identical", "order differs"]),
    ("keep highest pt", "keep lowest pt", ["contradictory"]),
    ("keep highest pt, lowest eta", "keep lowest eta, highest pt", ["order differs"]),
    ("keep highest pt, lowest eta", "keep highest pt", ["missing"]),
    ("keep first 2", "keep first 3", ["value differs"]),
    ("sort by pt descending", "sort by pt ascending", ["contradictory"]),
    ("sort by pt descending", "", ["missing"]),
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
    assert said(objects(a, b)) == verdicts


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


def test_histograms_and_columns_are_reported_apart() -> None:
    comparison = regions(
        "histogram x = MET.pt bins 2 from 0 GeV to 9 GeV", "histogram x = MET.pt bins 3 from 0 GeV to 9 GeV"
    )
    assert [row.apart for row in comparison.differences] == [True, True]
    assert score(comparison, "first").overall.truth == 0


def test_regions_are_compared_by_what_they_select_from_all_events() -> None:
    one = "region r\n select MET.pt > 3 GeV\n select MET.phi > 0\n"
    two = "region base\n select MET.pt > 3 GeV\nregion r2\n take base\n select MET.phi > 0\n"
    assert [row.verdict for row in compared(one, two).rows] == ["identical", "identical"]


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


def test_a_name_outweighs_what_is_only_written_alike() -> None:
    """By its text alone, `copy` of A, which says nothing, would be `veto` of B."""
    text = "region r\n select count(Jet) >= 2\n{}region veto\n take r\n {}\n"
    first = text.format("region copy\n take r\n", "reject count(Muon) > 0")
    comparison = compared(first, text.format("", "select count(Muon) == 0"))
    assert ("veto", "veto") in comparison.matching.pairs
    assert comparison.same


def test_what_moved_in_all_variants_is_said_once() -> None:
    lines = " select MET.pt > 3 GeV\n", ' bin "b" MET.phi > 0\n'
    variant = ' select count(Jet) > 1 as "jets"\nregion s\n take r without "jets"\n'
    (row,) = compared(*(f"region r\n{one}{other}{variant}" for one, other in (lines, lines[::-1]))).differences
    assert (row.verdict, len(row.places)) == (Verdict.ORDER, 2)


def test_ties_are_reported() -> None:
    twins = "object {}\n take Electron\n select pt > 5 GeV\nobject {}\n take Electron\n select pt > 5 GeV\n"
    comparison = compared(twins.format("x", "y"), twins.format("y", "x"))
    assert comparison.same
    assert dict(comparison.matching.pairs) == {"x": "x", "y": "y"}
    assert {(tie.first, tie.chosen, tie.instead) for tie in comparison.matching.ties} == {
        ("x", "x", "y"),
        ("y", "y", "x"),
    }


def test_an_undecided_question_is_not_called_equivalent(monkeypatch: pytest.MonkeyPatch) -> None:
    from hepsel.compare import smt

    monkeypatch.setattr(smt.Prover, "_ask", lambda *_: smt.Answer(None))
    assert not regions("select count(Jet) > 0", "select count(Jet) >= 1").same


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
_Lines = list[tuple[str, str]]
_selections = st.lists(st.tuples(st.sampled_from(["select", "reject"]), _conditions), min_size=1, max_size=3)

_VALUES = (float("nan"), float("-inf"), -3.0, -2.0, 0.0, 1.0, 2.0, 2.5, 3.0, 4.0, float("inf"))
_EVENTS = [
    make_event(MET={"pt": pt, "phi": phi}, Jet=[{"pt": 1000 * x} for x in jets], trigger={"t": trigger})
    for pt in _VALUES
    for phi in (float("nan"), -2.0, -1.0, 0.0, 1.0, 2.0, float("inf"))
    for jets, trigger in (([], 1), ([3.0], None), ([4.0, float("nan")], 0), ([float("nan")], 1), ([1.0, 4.0], None))
]


@settings(max_examples=150, deadline=None)
@given(_selections, _selections)
def test_what_is_called_the_same_is_the_same_in_every_corner(
    a: list[tuple[str, str]], b: list[tuple[str, str]]
) -> None:
    texts = ["\n ".join(f"{keyword} {condition}" for keyword, condition in lines) for lines in (a, b)]
    programs = [load_program(f"{HEAD}region r\n {text}\n", FORMAT) for text in texts]
    if compare_programs(*programs).same:
        for event in _EVENTS:
            passes = [evaluate_event(program, event).passes("r") for program in programs]
            assert passes[0] == passes[1], event


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
