"""Where a format says that its values lie: which cuts, conditions and bins are told of, and that no run is another."""

from __future__ import annotations

import re
import time
from pathlib import Path

import awkward as ak
import pytest
import uproot
from run_command import hepsel

from hepsel.check import check_text, load_program
from hepsel.formats.loader import read_format
from hepsel.run.execute import Settings, run_program

HEADER = 'hepsel 1\nanalysis "test"\n'
RANGES = """name = "f"
description = "d"
[collections.event]
single = true
[collections.event.attributes]
share = { branch = "share", range = [0, 1] }
scores = { branch = "scores", list = true, range = [-1, 1] }
[collections.A.attributes]
pt = { branch = "A_pt", unit = "GeV", range = [5, inf] }
charge = { branch = "A_charge", type = "int", range = [-1, 1] }
score = { branch = "A_score", range = [0.1, 0.9] }
free = { branch = "A_free" }
stored = { branch = "A_stored", range = [-999, 1] }
good = { value = "if stored >= 0 then stored else 0 / 0" }
code = { value = "-11 * charge" }
set = { value = "3.0" }
length = { branch = "A_length", unit = "cm", range = [-0.1, 0.3] }
eta = { branch = "A_eta" }
phi = { branch = "A_phi" }
mass = { branch = "A_mass", unit = "GeV" }
[collections.B.attributes]
pt = { branch = "B_pt", unit = "GeV" }
eta = { branch = "B_eta" }
phi = { branch = "B_phi" }
mass = { branch = "B_mass", unit = "GeV" }
charge = { branch = "B_charge", type = "int", range = [-2, 2] }
score = { branch = "B_score", range = [0.5, 2] }
free = { branch = "B_free", range = [0, 1] }
other = { branch = "B_other", range = [0, 1] }
[collections.Few]
base = "A"
where = "charge == 0"
attributes.half = { value = "score / 2" }
"""
FORMAT = read_format(RANGES, "f.toml")
TAKEN = """object a
  take A
  let twice = 2 * score
object ab
  take a, B
composite pair
  take a x, a y
define leading = a[0].score
define high(x) = if x > 3 then 1 else 0
"""


@pytest.mark.parametrize(
    ("cut", "code"),
    [
        ("event.share > 1", "W602"),
        ("event.share >= 1", None),
        ("event.share <= 1", "W601"),
        ("event.share < 1", None),
        ("event.share < 0", "W602"),
        ("1 >= event.share", "W601"),
        ("not (event.share > 1)", "W601"),
        ("event.share > 1 or event.share < 0", "W602"),
        ("event.scores[3] > 1", "W602"),
        ("max(event.scores) >= 1", None),
        ("max(event.scores[1:]) > 1", "W602"),
        ("A[0].pt < 5 GeV", "W602"),
        ("A[0].pt >= 5000 MeV", "W601"),
        ("A[0].pt > 5 GeV", None),
        ("A[0].length < -1 mm", "W602"),  # to the last digit
        ("A[0].length <= -1 mm", None),
        ("A[0].length > 3 mm", "W602"),
        ("A[0].length >= 3 mm", None),
        ("A[0].charge == 2", "W602"),
        ("A[0].charge > 0.5", None),
        ("A[0].charge >= 1.5", "W602"),
        ("|A[0].charge| > 1", "W602"),
        ("|A[0].charge| == 1", None),
        ("A[0].charge * A[1].charge > 1", "W602"),
        ("A[0].charge * A[1].charge < 0", None),
        ("A[0].charge + A[1].charge < -2", "W602"),
        ("A[0].free > 1", None),
        ("A[0].stored < 0", None),  # what was not computed, is seen by a cut
        ("A[0].stored < -999", "W602"),
        ("A[0].good < 0", "W602"),
        ("A[0].good > 1", "W602"),
        ("A[0].good > 0.99", None),
        ("A[0].code == 13", "W602"),
        ("A[0].code == 11", None),
        ("A[0].set == 4", None),  # a convention
        ("a[0].score > 0.9", "W602"),
        ("a[0].twice > 1.8", "W602"),
        ("a[0].twice > 1.79", None),
        ("ab[0].score > 0.9", None),
        ("ab[0].score > 2", "W602"),
        ("ab[0].score < 0.1", "W602"),
        ("ab[0].free > 1", None),
        ("Few[0].charge > 1", "W602"),
        ("pair[0].x.score > 0.9", "W602"),
        ("pair[0].parts[1].score > 0.9", "W602"),
        ("leading > 0.9", "W602"),
        ("leading > 0.8", None),
        ("default(leading, 3) > 0.9", None),
        ("default(leading, 3) > 3", "W602"),
        ("a[0].score > 0.95 and count(a) > 2", "W602"),
        ("count(x for x in A if x.score > 3) == 0", "W602"),
        ("count(x for x in A if x.score < 3) == 0", "W601"),
        ("count(x for x in A if 0.05 < x.score < 0.4) == 0", None),
        ("count(x for x in A if 0.05 < x.score < 0.4 and x.charge < 2) == 0", "W601"),
        ("any(x.score > 3 for x in A)", "W602"),
        ("all(x.score < 3 for x in A)", "W601"),
        ("(if A[0].score > 3 then 1 else 2) > 1", "W602"),
        ("(if A[0].score < 3 then 1 else 2) > 1", None),
        ("a[0].score + count(A) > 0.9", None),
        ("B[0].pt / (1 GeV) + event.share < 0", "W602"),
        ("high(A[0].score) == 1 or high(A[0].free) == 1", None),  # a function is for all
    ],
)
def test_cuts_where_the_format_says_that_values_lie(cut: str, code: str | None) -> None:
    found = {item.code for item in check_text(f"{HEADER}{TAKEN}region r\n  select {cut}\n", FORMAT).diagnostics}
    assert found & {"W601", "W602"} == ({code} if code else set())


@pytest.mark.parametrize(
    ("cut", "message"),
    [
        ("event.share > 1", "the format says that event.share is from 0 to 1"),
        ("A[0].charge > 1", "the format says that A.charge is from -1 to 1"),
        ("a[0].score > 3", "the format says that A.score is from 0.1 to 0.9"),
        ("a[0].twice > 3", "the quantity is from 0.2 to 1.8, as the format says that A.score is from 0.1 to 0.9"),
        ("A[0].code > 13", "the format says that A.code is from -11 to 11"),
        ("A[0].length > 3 cm", "the quantity is bounded, as the format says that A.length is from -0.1 cm to 0.3 cm"),
        (
            "ab[0].other > 3",
            "the format says that B.other is from 0 to 1",
        ),
        (
            "ab[0].score > 3",
            "the quantity is from 0.1 to 2, as the format says that A.score is from 0.1 to 0.9 and B.score is from 0.5"
            " to 2",
        ),
        ("|A[0].free| < 0", "the quantity is never below 0"),
    ],
)
def test_who_says_where_values_lie_is_told(cut: str, message: str) -> None:
    text = f"{HEADER}{TAKEN}region r\n  select {cut}\n"
    found = check_text(text, FORMAT).diagnostics
    assert [item.proposal for item in found if item.code == "W602"] == [message]


def test_what_is_missing_passes_a_reject() -> None:
    found = check_text(f"{HEADER}region r\n  reject event.share <= 1\n", FORMAT).diagnostics
    assert [item.message for item in found] == ["this cut can never pass where the quantity exists"]


def test_what_items_are_replaced_by_is_not_where_they_were() -> None:
    """A range is of what is stored, and not of what a four-vector of its own has."""
    text = "object u\n  take A, A_also\n  select pt >= 5 GeV\n  let p4 = 0.1 * this\n  select pt < 3 GeV\n"
    also = RANGES.replace("[collections.B.attributes]", "[collections.B.attributes]\n", 1) + (
        '[collections.A_also]\nbase = "A"\nwhere = "charge == 1"\n'
    )
    found = check_text(f"{HEADER}{text}region r\n  save n = count(u), pt = u.pt\n", read_format(also, "f.toml"))
    assert found.program is not None
    assert [(item.code, item.span.line) for item in found.diagnostics] == [("W601", 5)]


def test_a_number_is_told_once() -> None:
    """That an azimuth is far beyond a turn is known of all formats; that of a repeated cut is another thing."""
    for cuts, told in (
        ("select |Jet[0].phi| < 120", ["W601"]),
        ("select MET.pt < 30 GeV\n  select MET.pt < 300 TeV", ["W601", "W615"]),
    ):
        found = check_text(f"{HEADER}region r\n  {cuts}\n", "nanoaod").diagnostics
        assert [item.code for item in found if item.code[0] == "W"] == told


@pytest.mark.parametrize("take", ["{0}, B", "B, {0}"])
def test_long_chains_of_unions_are_no_deep_nesting(take: str) -> None:
    chain = "".join(f"object u{k}\n  take {take.format(f'u{k - 1}')}\n" for k in range(1, 200))
    text = f"{HEADER}object u0\n  take A\n{chain}region r\n  select u199[0].score > 9\n"
    assert check_text(text, FORMAT).program is not None


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("histogram h = A.score bins 5 from 1 to 2", 1),
        ("histogram h = A.score bins 5 from 0 to 1", 0),
        ("histogram h = A.score bins 10 from 0 to 100", 1),
        ("histogram h = A.score bins 1 from 0 to 100", 0),
        ("histogram h = A.pt bins 10 from 0 GeV to 5 GeV", 1),
        ("histogram h = A.pt bins 10 from 0 GeV to 50 GeV", 0),
        ("histogram h = A.charge bins 3 from -1.5 to 1.5", 0),
        ("histogram h = leading bins 10 from 0 to 100", 1),
        ("bins b = leading edges [1, 2, 3]", 1),
        ('bin "b" leading > 1', 1),
        ('bin "b" event.share <= 1', 0),  # for all
    ],
)
def test_bins_where_the_format_says_that_no_values_are(statement: str, told: int) -> None:
    text = f"{HEADER}{TAKEN}region r\n  {statement}\n"
    checked = check_text(text, FORMAT)
    assert checked.program is not None
    found = checked.diagnostics
    assert [item.code for item in found if item.severity == "warning"] == ["W612"] * told


def test_a_cut_asks_for_what_a_range_does_not_say() -> None:
    """What is known of a table, or of a value with a sign, is by its cuts: no range of a format is one."""
    table = "table t(x) 1 for 0 to 0.8\n"
    cuts = "object o\n  take A\n  select score > 0.2\n  let w = default(t(score), 1)\n  let v = t(score)\n"
    found = check_text(f"{HEADER}{table}{cuts}region r\n  save w = o.w, v = o.v\n", FORMAT)
    assert found.diagnostics == ()


@pytest.mark.parametrize(
    ("step", "told"),
    [("{0} + {0}", ["e9 > 500"]), ("min({0}, {0})", ["e9 > 500", "d5 > 3"]), ("(({0} + 1) * 2 - {0}) * {0}", [])],
)
def test_ranges_of_values_made_of_one_another_are_found_in_time(step: str, told: list[str]) -> None:
    """Without what it remembers, it would take 2^n steps; without an end, it would come to that of the stack."""
    values, lets = (
        "".join(f"{word} {name}{i} = {step.format(f'{name}{i - 1}')}\n" for i in range(1, 400))
        for word, name in (("define", "d"), ("let", "e"))
    )
    text = (
        f"{HEADER}object o\ntake A\nlet e0 = score\n{lets}select e399 > 3\nselect e9 > 500\n"
        f"define d0 = A[0].score\n{values}region r\nselect d399 > 3 and o[0].e399 > 4\nselect d5 > 3\n"
    )
    started = time.process_time()
    found = check_text(text, FORMAT).diagnostics
    assert time.process_time() - started < 8
    assert [text[item.span.start : item.span.end] for item in found if item.code == "W602"] == told


CUTS = """object good
  take A
  select score < 0.95
  select charge <= 1 and pt >= 5 GeV
region everything
  histogram score = A.score bins 10 from 0 to 100
region some
  take everything
  select A[0].score > 0.95 or any(x.charge > 1 for x in A)
  save n = count(good), first_score = A[0].score, sum_of_charges = sum(A.charge)
"""


@pytest.mark.parametrize("interpreter", [False, True])
def test_no_run_believes_a_range(tmp_path: Path, *, interpreter: bool) -> None:
    """What is stored is what is cut on, filled and saved, also where the format is wrong about it."""
    with uproot.recreate(tmp_path / "f.root") as file:
        tree = file.mktree("t", {"A_pt": "var * float64", "A_charge": "var * int32", "A_score": "var * float64"})
        stored = {
            "A_pt": ak.Array([[3.0, 40.0], [9.0], [], [70.0]]),
            "A_charge": ak.values_astype(ak.Array([[1, 5], [-3], [], [7]]), "int32"),
            "A_score": ak.Array([[0.5, 77.0], [0.5], [], [-4.0]]),
        }
        tree.extend(stored)
    file_format = read_format('trees = "t"\n' + RANGES, "f.toml")
    program = load_program(HEADER + CUTS, file_format)
    result = run_program(program, [tmp_path / "f.root"], Settings(interpreter=interpreter))
    columns = result["columns"]["some"]
    assert result["histograms"]["everything/score"].view(flow=True)["value"].tolist() == [1, 2] + 6 * [0] + [1, 0, 0, 0]
    assert columns["n"].to_list() == [0, 0]
    assert columns["first_score"].to_list() == [0.5, -4.0]
    assert columns["sum_of_charges"].to_list() == [6, 7]
    told = {item.code for item in check_text(HEADER + CUTS, file_format).diagnostics}
    assert told >= {"W601", "W602", "W612"}


def test_no_plan_and_no_script_is_another_with_ranges(tmp_path: Path) -> None:
    own, source = tmp_path / "own.toml", tmp_path / "program.hepsel"
    source.write_text(HEADER + CUTS)
    found = []
    for text in (RANGES, re.sub(r", range = \[.*?\]", "", RANGES)):
        own.write_text('trees = "t"\n' + text)
        found.append(
            [
                hepsel("compile", str(source), "--format", str(own), "--emit", stage)[1]
                for stage in ("typed", "plan", "code")
            ]
        )
    assert "range" not in own.read_text()
    assert all(len(text) > 100 for text in found[0])
    assert found[0] == found[1]
