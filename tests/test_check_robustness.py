"""Whatever the text, the front end answers with diagnostics, in time, and never with a traceback."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from damaged_texts import damaged_programs
from run_command import hepsel

from hepsel.check import check_text
from hepsel.syntax.diagnostics import render


@pytest.mark.parametrize("seed", range(20))
def test_damaged_programs(seed: int) -> None:
    dice = random.Random(seed)
    for text in damaged_programs(25, dice):
        checked = check_text(text, dice.choice(["physlite", "nanoaod"]))
        assert checked.program is not None or checked.errors, text
        for item in checked.diagnostics:
            assert render(item, checked.source)


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "\x00", "hepsel", "hepsel 1", "hepsel 1.5", 'hepsel 1 analysis "t" {', "# only a comment",
        "\ufeffhepsel 1",
        'hepsel 1 analysis "t" define x = 0e999999999 GeV',
        'hepsel 1 analysis "t" ' + "(" * 10_000,
        'hepsel 1 analysis "t" define x = ' + "-" * 10_000 + "1",
        'hepsel 1 analysis "t" define x = ' + "1 + " * 10_000 + "1",
        'hepsel 1 analysis "t" define x = ' + "if true then 1 else " * 1_000 + "1",
        'hepsel 1 analysis "t" define x = ' + "|" * 3_001,
        'hepsel 1 analysis "t" define x = 1e-999999999 GeV',
        'hepsel 1 analysis "t" define x = (2 GeV)^(1/3)^99999',
        'hepsel 1 analysis "t" define x = -9223372036854775808',
        'hepsel 1 analysis "t" object e take Electron keep first 1e30',
        'hepsel 1 analysis "t" region r histogram h = count(Jet) bins 1e9 from 0 to 1',
        'hepsel 1 analysis "t" region r histogram h = count(Jet) bins 10 from 1e16 to 1.0000000000000002e16',
        "hepsel 99999999999999999999999",
        'hepsel 1 analysis "t" object e take e',
        'hepsel 1 analysis "t" region r take r',
        'hepsel 1 analysis "t" object e take e without "x" with e = e',
        'hepsel 1 analysis "t" define f(f) = f(f)',
        'hepsel 1 analysis "t" define f(a, a) = a',
        'hepsel 1 analysis "t" table t(x) 1 for 0 to 0',
        'hepsel 1 analysis "t" composite c take ' + ", ".join(f"Jet a{i}" for i in range(200)),
    ],
    ids=range(29),
)  # fmt: skip
def test_odd_texts(text: str) -> None:
    checked = check_text(text, "physlite")
    assert checked.program is not None or checked.errors
    for item in checked.diagnostics:
        assert render(item, checked.source)


def test_a_long_chain_of_definitions_is_compared_with_a_number() -> None:
    chain = "".join(f"define d{i} = d{i - 1} * 1\n" for i in range(1, 1_500))
    text = f'hepsel 1\nanalysis "t"\ndefine d0 = Jet[0].pt\n{chain}region r\n  select d1499 > 30 GeV\n'
    assert check_text(text, "nanoaod").diagnostics == ()


def test_a_long_chain_of_conditions(tmp_path: Path) -> None:
    """It is checked; what code is made of is nested, and that a chain can be the reason is said."""
    chain = "".join(f"define c{i} = (c{i - 1} or MET.pt > {i} GeV) and MET.pt != {i} GeV\n" for i in range(1, 1_500))
    text = f'hepsel 1\nanalysis "t"\ndefine c0 = MET.phi > 0\n{chain}region r\n  select c1499\n'
    assert check_text(text, "nanoaod").diagnostics == ()
    (tmp_path / "p.hepsel").write_text(text)
    code, out, err = hepsel("compile", str(tmp_path / "p.hepsel"), "--format", "nanoaod")
    assert (code, out) == (3, "")
    assert "of definitions that each use the one before, a hundred may do" in err


def test_long_chains_of_objects_are_no_deep_nesting() -> None:
    """Each takes from the one before, and asks for what only the first one has."""
    chain = "".join(f"object o{i}\n take o{i - 1}\n select pt > {i} GeV and w > {i}\n" for i in range(1, 600))
    last = "region r\n select o599[0].pt > 700 GeV and o599[0].charge == 1 and o599[0].p4.mass > 1 GeV\n"
    text = f'hepsel 1\nanalysis "t"\nobject o0\n take Muon\n let w = pt / (1 GeV)\n{chain}{last}'
    assert check_text(text, "nanoaod").diagnostics == ()


@pytest.mark.parametrize(
    "blocks",
    [
        "object Jet\n take Jet\n let x = phi\n select pt > 3 GeV and foo > 3\n",
        "object jets\n take Jet\nobject Jet\n take jets\n select |phi - jets[0].phi| > 3 and foo > 3\n",
        "composite Jet\n take Jet a, Jet b\n select mass > 3 GeV\n",
    ],
)
def test_a_block_with_the_name_of_what_it_takes_is_told(blocks: str) -> None:
    asked = "region r\n select Jet[0].pt > 3 GeV and Jet[0].a > 3 and nJets > 2\n"
    assert "E202" in [item.code for item in check_text(f'hepsel 1\nanalysis "t"\n{blocks}{asked}', "nanoaod").errors]


def test_chains_of_candidates_keep_their_slots_and_parts() -> None:
    chain = "".join(
        f"object o{i}\n take o{i - 1}\n select a.pt > {i} GeV and count(parts) == 2\n" for i in range(1, 60)
    )
    text = f'hepsel 1\nanalysis "t"\ncomposite o0\n take Muon a, Muon b\n{chain}'
    asked = (
        "region r\n select count(o59) == 1 and any(p.is_tight for p in o59[0].parts)\n"
        " select o59[0].mass > 9 GeV and o59[0].{}.pt > 70 GeV\n"
    )
    assert check_text(text + asked.format("b"), "nanoaod").diagnostics == ()
    assert [item.code for item in check_text(text + asked.format("c"), "nanoaod").diagnostics] == ["E203"]


@pytest.mark.parametrize(
    "statements",
    [
        "let d = |Jet[0].phi - Jet[1].phi|\n  select min(d, 2 * pi - d) > 0.4",
        "let d = Jet[0].phi - Jet[1].phi\n  select (if |d| > pi then pi * 2 - |d| else |d|) > 0.4",
        "let d = Jet[0].phi - Jet[1].phi\n  select (if d > 3.14159 then d - 6.28318 else d) > 0.4",
        "let d = Jet[0].phi - Jet[1].phi\n  let s = |d|\n  let t = s\n  select min(t, turn - t) > 0.4",
        "let d = Jet[0].phi - Jet[1].phi\n  let far = |d| > pi\n  select (if far then 2 * pi - |d| else 1) > 0.4",
        "select back(Jet[0].phi - Jet[1].phi) > 0.4",
    ],
)
def test_differences_of_azimuths_that_are_brought_back_by_hand(statements: str) -> None:
    constants = "define turn = 2 * pi\ndefine back(x) = if |x| > pi then turn - |x| else |x|\n"
    assert check_text(f'hepsel 1\nanalysis "t"\n{constants}region r\n  {statements}\n', "nanoaod").diagnostics == ()


@pytest.mark.parametrize("other", ["select Jet[0].phi < 2 * pi", "let y = min(|x|, 2 * pi - |x|)", "let y = 2 * pi"])
def test_a_turn_elsewhere_brings_nothing_back(other: str) -> None:
    text = f"let x = Jet[0].phi - MET.phi\n  {other}\n  select |x| > 0.4"
    found = check_text(f'hepsel 1\nanalysis "t"\nregion r\n  {text}\n', "nanoaod").diagnostics
    assert [(item.code, item.span.line) for item in found if item.code != "W601"] == [("W607", 6)]


def test_a_part_of_a_turn_brings_nothing_back() -> None:
    text = 'hepsel 1\nanalysis "t"\nregion r\n  select |Jet[0].phi - MET.phi| > 2 * pi / 3\n'
    assert [item.code for item in check_text(text, "nanoaod").diagnostics] == ["W607"]


def test_objects_taken_from_one_another_are_checked_in_time() -> None:
    """It took 25 s when each block of the chain asked all blocks before it, and each of these again."""
    blocks = [
        f"object j{k} take j{k - 1} select pt > {k} GeV select |eta - {k}| < 2.5 select btag > 0.{k}"
        for k in range(1, 200)
    ]
    text = 'hepsel 1\nanalysis "t"\nobject j0 take Jet\n' + "\n".join(blocks)
    started = time.process_time()
    assert check_text(text, "nanoaod").program is not None
    assert time.process_time() - started < 8


_ITEMS = "object e0 take Electron let q = pt\nobject m0 take Muon let q = true\n"
_CANDIDATES = "composite e0 take Electron x, Electron y\ncomposite m0 take Muon x, Muon y\n"


@pytest.mark.parametrize(
    ("start", "asked", "codes"),
    [
        (_ITEMS, "e29[0].is_tight", []),
        (_ITEMS, "e29[0].q", ["E303"]),
        (_ITEMS, "e29[0].nothing", ["E203"]),
        (_CANDIDATES, "e29[0].x.pt > 3 GeV and max(e29[0].parts.pt) > 3 GeV", []),
        (_CANDIDATES, "e29[0].z.pt > 3 GeV", ["E203"]),
    ],
)
def test_unions_of_unions_are_checked_in_time(start: str, asked: str, codes: list[str]) -> None:
    """Each union of the two before it doubled the number of ways down: 22 took minutes."""
    unions = "".join(
        f"object e{k} take e{k - 1}, m{k - 1} select pt > {k} GeV\nobject m{k} take m{k - 1}, e{k - 1}\n"
        for k in range(1, 30)
    )
    text = f'hepsel 1\nanalysis "t"\n{start}{unions}region r select {asked} save n = count(m29)\n'
    started = time.process_time()
    assert [item.code for item in check_text(text, "nanoaod").diagnostics] == codes
    assert time.process_time() - started < 8


@pytest.mark.parametrize(
    ("start", "step", "asked"),
    [
        ("Jet[0] + Jet[1]", "{0} + {0}", "dr({0}, Jet[0]) > 1"),
        ("Jet[0] + Jet[1]", "{0} + Jet[0]", "{0}.eta < 2 and ({0} + MET).mass > 3 GeV"),
        ("Jet[0].eta", "{0} + {0}", "{0} < 5"),
    ],
)
def test_values_made_of_one_another_are_checked_in_time(start: str, step: str, asked: str) -> None:
    """It took 2^n steps to find that an eta is measured, and ended at the depth of the stack."""
    chain = "".join(f"define d{i} = {step.format(f'd{i - 1}')}\n" for i in range(1, 1_500))
    text = f'hepsel 1\nanalysis "t"\ndefine d0 = {start}\n{chain}region r\n  select {asked.format("d1499")}\n'
    codes = {item.code for item in check_text(text, "nanoaod").diagnostics}
    assert codes <= {"H710", "W606", "W611"}
    assert ("W606" in codes) == ("MET" in asked)
