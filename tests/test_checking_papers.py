"""What a paper says and a program does not use, where a paper contradicts itself, and what quotations match."""

from __future__ import annotations

from pathlib import Path

import pytest
from cited import report

from hepsel.extract.checking import Verdict
from hepsel.syntax.printer import quoted

pytest.importorskip("rapidfuzz", reason="the extra llm is not installed")

MUONS = "object muons\n  take Muon\n  "
SENTENCE = "Muons are required to have p_T > 20 GeV and |η| < 2.5."


@pytest.mark.parametrize(
    ("quote", "verdict"),
    [
        ("Muons are required to have p_T > 20 GeV", Verdict.VERIFIED),
        ("muons are required to have pT>20GeV", Verdict.VERIFIED),
        ("p_{T} > 20 GeV", Verdict.VERIFIED),
        ("$p_T > 20$ GeV and $|\\\\eta| < 2.5$", Verdict.VERIFIED),
        ("Muons ... p_T > 20 GeV", Verdict.VERIFIED),
        ("Muons are reqired to have p_T > 20 GeV", Verdict.VERIFIED),
        ("Muons are required to have p_T > 25 GeV", Verdict.NOT_FOUND),
        ("Muons are required to have p_T > 2", Verdict.NOT_FOUND),
        ("Muons must fulfil p_T > 20 GeV", Verdict.NOT_FOUND),
        ("and |η| < 2.5.", Verdict.NUMBER),
        ("20", Verdict.NOT_FOUND),
        ("", Verdict.NOT_FOUND),
    ],
)
def test_quotations(quote: str, verdict: Verdict, tmp_path: Path) -> None:
    program = f'{MUONS}select pt > 20 GeV cite paper page 1 "{quote}"\n'
    (finding,) = report(f"# Muons\n\n{SENTENCE}\n", program, tmp_path).findings
    assert finding.verdict is verdict, finding.message


def test_a_misquoted_sign_proves_nothing(tmp_path: Path) -> None:
    program = f'{MUONS}select pt < 20 GeV cite paper page 1 "Muons are required to have p_T < 20 GeV and |η| < 2.5."\n'
    (finding,) = report(f"# Muons\n\n{SENTENCE}\n", program, tmp_path).findings
    assert finding.verdict is Verdict.DIRECTION


def test_what_is_left_of_a_sentence(tmp_path: Path) -> None:
    program = f'{MUONS}select pt > 20 GeV cite paper page 1 "p_T > 20 GeV"\n'
    (omission,) = report(f"# Selection\n\n{SENTENCE}\n", program, tmp_path).omissions
    assert omission.said == ("< 2.5",)
    both = f'{program}  select |eta| < 2.5 cite paper page 1 "|η| < 2.5"\n'
    assert report(f"# Selection\n\n{SENTENCE}\n", both, tmp_path).omissions == ()


def test_what_repeats_a_used_bound_is_not_listed(tmp_path: Path) -> None:
    program = f'{MUONS}select pt > 20 GeV cite paper page 1 "p_T > 20 GeV"\n'
    program += '  select |eta| < 2.5 cite paper page 1 "|η| < 2.5"\n'
    again = "Selected muons must satisfy p_T > 20 GeV."
    assert report(f"# Selection\n\n{SENTENCE} {again}\n", program, tmp_path).omissions == ()
    others = "Selected electrons must satisfy p_T > 20 GeV."
    (omission,) = report(f"# Selection\n\n{SENTENCE} {others}\n", program, tmp_path).omissions
    assert omission.text == others


def test_a_relation_that_nothing_states(tmp_path: Path) -> None:
    text = "# Selection\n\nMuon pairs must have opposite charge and a mass m_{μμ} > 12 GeV.\n"
    program = "composite pairs\n  take Muon a, Muon b\n  "
    mass = 'select mass > 12 GeV cite paper "a mass m_{μμ} > 12 GeV"\n'
    (omission,) = report(text, program + mass, tmp_path).omissions
    assert omission.said == ("opposite charge",)
    charge = '  select a.charge + b.charge == 0 cite paper "opposite charge"\n'
    assert report(text, program + mass + charge, tmp_path).omissions == ()


def test_a_relation_that_others_are_only_about(tmp_path: Path) -> None:
    """That a mass is demanded of pairs of opposite charge does not demand that charge of every pair."""
    text = """# Selection

Muon pairs must have opposite charge. All pairs of opposite charge in the event must have a mass m_{μμ} > 12 GeV.
"""
    pairs = """composite pairs
  take Muon a, Muon b
  {}
region signal
  select all((i + j).mass > 12 GeV for i, j in Muon if i.charge + j.charge == 0)
    cite paper "All pairs of opposite charge in the event must have a mass m_{{μμ}} > 12 GeV"
  select count(pairs) >= 1 cite paper "{}" assume "there has to be one"
"""
    combined = "Muon pairs must have opposite charge"
    (omission,) = report(text, pairs.format("", combined), tmp_path).omissions
    assert (omission.text, omission.said) == (f"{combined}.", ("opposite charge",))
    charge = f'select a.charge + b.charge == 0 cite paper "{combined}"'
    assert report(text, pairs.format(charge, combined), tmp_path).omissions == ()
    # Demanded from another place, it need not be said here.
    text = text.replace("Muon pairs", "Muons of opposite charge make pairs. Muon pairs")
    elsewhere = charge.replace(combined, "Muons of opposite charge make pairs")
    assert report(text, pairs.format(elsewhere, combined), tmp_path).omissions == ()


def test_what_a_doubtful_statement_leaves_of_a_sentence(tmp_path: Path) -> None:
    """It is flagged with the sentence, which may say more than it could."""
    wrong = f'{MUONS}select pt > 30 GeV cite paper page 1 "{SENTENCE}"\n'
    found = report(f"# Selection\n\n{SENTENCE}\n", wrong, tmp_path)
    assert [finding.verdict for finding in found.findings] == [Verdict.NUMBER]
    assert [omission.said for omission in found.omissions] == [("> 20 GeV", "< 2.5")]
    # What can be all that is meant is not listed once more.
    alone = "Muons are required to have p_T > 20 GeV."
    wrong = f'{MUONS}select pt > 30 GeV cite paper page 1 "{alone}"\n'
    assert report(f"# Selection\n\n{alone}\n", wrong, tmp_path).omissions == ()
    # A number of another kind is not.
    other = f'{MUONS}select |eta| < 2.5 cite paper page 1 "{alone}"\n'
    assert [omission.said for omission in report(f"# Selection\n\n{alone}\n", other, tmp_path).omissions] == [
        ("> 20 GeV",)
    ]
    # Nor is another value of another quantity, though in the same unit; one of the two wrong can be meant.
    jets = "Jets must have a mass > 20 GeV."
    for criterion, left in (("pt > 30 GeV", [("> 20 GeV",)]), ("pt > 20 GeV", []), ("mass > 30 GeV", [])):
        wrong = f'object jets\n  take Jet\n  select {criterion} cite paper page 1 "{jets}"\n'
        found = report(f"# Selection\n\n{jets}\n", wrong, tmp_path)
        assert [finding.verdict is Verdict.VERIFIED for finding in found.findings] == [False]
        assert [omission.said for omission in found.omissions] == left, criterion
    # Nor is one that can be no number of things.
    share = "Muons must have an isolation p_T^{cone}/p_T < 0.15."
    wrong = f'region sr\n  select count(Electron) >= 3 cite paper page 1 "{share}"\n'
    assert [omission.said for omission in report(f"# Selection\n\n{share}\n", wrong, tmp_path).omissions] == [
        ("< 0.15",)
    ]
    # Nor is a number of it what a sentence without numbers is about.
    words = "Only events in which all jets are clean are selected."
    wrong = f'{MUONS}select pt > 30 GeV cite paper page 1 "{words}"\n'
    found = report(f"# Event selection\n\n{words}\n", wrong, tmp_path)
    assert [omission.text for omission in found.omissions] == [words]


PAIR = "The mass of the leading pair must satisfy m_{12} < 106 GeV."
TABLE = "| Pair | Requirement |\n|---|---|\n| Leading pair | 50 < m_{{12}} < {} GeV |\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Muons must have p_T > 20 GeV. Selected muons are required to have p_T ≥ 20 GeV.", ("> 20 GeV", "≥ 20 GeV")),
        ("Muons must have p_T > 20 GeV. Selected electrons are required to have p_T ≥ 20 GeV.", None),
        ("Muons must have p_T > 20 GeV. Selected muons are required to have p_T above 20 GeV.", None),
        ("Muons must have p_T > 20 GeV. Tight muons are required to have p_T > 25 GeV.", None),
        (
            "The mass of the leading pair must satisfy m_{12} < 106 GeV.\n\n" + TABLE.format(116),
            ("< 106 GeV", "< 116 GeV"),
        ),
        ("The mass of the leading pair must satisfy m_{12} < 106 GeV.\n\n" + TABLE.format(106), None),
        (
            "Muons must have p_T > 20 GeV.\n\n| Objects | p_T [GeV] |\n|---|---|\n| Muons | ≥ 20 |\n",
            ("> 20 GeV", "≥ 20"),
        ),
    ],
)
def test_contradictions(text: str, said: tuple[str, str] | None, tmp_path: Path) -> None:
    found = report(f"# Selection\n\n{text}\n", "", tmp_path).contradictions
    assert [(item.first.said, item.second.said) for item in found] == ([said] if said else [])


def test_evidence_of_a_block(tmp_path: Path) -> None:
    program = f'object muons cite paper page 1 "{SENTENCE}"\n  take Muon\n  select pt > 20 GeV\n  select |eta| < 2.4\n'
    first, second = report(f"# Muons\n\n{SENTENCE}\n", program, tmp_path).findings
    assert (first.verdict, second.verdict) == (Verdict.VERIFIED, Verdict.NUMBER)


def test_assume_covers_what_is_open_and_not_what_is_said(tmp_path: Path) -> None:
    text = "# Muons\n\nMuons are required to have p_T > 20 GeV. One muon is chosen.\n"
    program = f'{MUONS}keep highest pt cite paper "One muon is chosen." assume "the hardest"\n'
    (finding,) = report(text, program, tmp_path).findings
    assert finding.verdict is Verdict.ASSUMED
    program = f'{MUONS}select pt > 30 GeV cite paper "p_T > 20 GeV" assume "why not"\n'
    (finding,) = report(text, program, tmp_path).findings
    assert finding.verdict is Verdict.NUMBER


def test_hostile_programs_take_bounded_time(tmp_path: Path) -> None:
    """A quotation as long as a program may be, values that refer to themselves, and ones that double forty times."""
    long = "p_T > 20 GeV and " * 5_000
    program = (
        f'define a(x) = a(x)\n{MUONS}let b = c\n  let c = b\n  select 1 GeV < b and a(b) > 1 GeV cite paper "{long}"\n'
    )
    findings = report(f"# Muons\n\n{SENTENCE}\n", program, tmp_path).findings
    assert findings[-1].verdict is Verdict.NOT_FOUND
    doubling = "define c0 = count(Muon) > 0\n" + "".join(
        f"define c{n} = c{n - 1} and c{n - 1} or c{n - 1}\n" for n in range(1, 40)
    )
    sums = "define s0 = sum(Muon.pt)\n" + "".join(f"define s{n} = s{n - 1} + s{n - 1}\n" for n in range(1, 60))
    region = f'region r\n  select c39 cite paper "{SENTENCE}"\n  select s59 > 20 GeV cite paper "{SENTENCE}"\n'
    findings = report(f"# Muons\n\n{SENTENCE}\n", doubling + sums + region, tmp_path).findings
    assert not any(finding.verdict.sound for finding in findings[-2:])


@pytest.mark.parametrize(
    ("sentence", "program", "said"),
    [
        (
            "Muons must have p_T > 30 GeV and |η| < 2.4.",
            "object muons\n  take Muon\n  select pt > 30 GeV",
            ("< 2.4",),
        ),
        (
            "Events must have exactly one muon and no electrons.",
            "region sr\n  select count(Muon) == 1",
            ("no",),
        ),
        ("Events must have exactly one muon and no sign of noise.", "region sr\n  select count(Muon) == 1", None),
    ],
)
def test_half_of_what_a_sentence_demands_is_listed(
    sentence: str, program: str, said: tuple[str, ...] | None, tmp_path: Path
) -> None:
    found = report(f"# Selection\n\n{sentence}\n", f"{program} cite paper {quoted(sentence)}\n", tmp_path)
    assert [finding.verdict for finding in found.findings] == [Verdict.VERIFIED]
    assert [omission.said for omission in found.omissions] == ([said] if said else [])


def test_a_grade_of_identification_that_is_left_out_is_listed(tmp_path: Path) -> None:
    text = "# Selection\n\nMuons must pass the medium identification criteria and have p_T > 20 GeV.\n"
    program = f"object muons\n  take Muon\n  select pt > 20 GeV cite paper {quoted('have p_T > 20 GeV')}\n"
    (omission,) = report(text, program, tmp_path).omissions
    assert omission.said == ("medium",)
    medium = f"  select is_medium cite paper {quoted('the medium identification criteria')}\n"
    assert report(text, program + medium, tmp_path).omissions == ()


def test_a_relation_in_a_sentence_without_numbers_is_listed(tmp_path: Path) -> None:
    text = "# Selection\n\nCandidates are formed from two oppositely charged muons.\n"
    (omission,) = report(text, "object muons\n  take Muon\n", tmp_path).omissions
    assert "opposite charge" in omission.said


def test_columns_of_regions(tmp_path: Path) -> None:
    text = (
        "# Selection\n\nTable 1: Requirements.\n\n"
        "| Quantity | SR | CR |\n|---|---|---|\n| E_T^{miss} | > 250 GeV | > 100 GeV |\n"
    )
    row = "> 250 GeV | > 100 GeV"
    for region, value, sound in (("sr", 250, True), ("cr", 100, True), ("sr", 100, False), ("cr", 250, False)):
        program = f"region {region}\n  select MET.pt > {value} GeV cite paper {quoted(row)}\n"
        (finding,) = report(text, program, tmp_path).findings
        assert finding.verdict.sound is sound, (region, value, finding.message)


def test_numbers_of_thousands_of_digits(tmp_path: Path) -> None:
    text = f"# Selection\n\nMuons must have p_T > {'9' * 5000} GeV.\n"
    program = "object muons\n  take Muon\n  select pt > {} GeV cite paper {}\n"
    for value in ("1" + "0" * 5000, "0." + "1" * 5000):
        (finding,) = report(text, program.format(value, quoted("Muons must have p_T")), tmp_path).findings
        assert not finding.verdict.sound
