"""`hepsel check --paper`: what is printed, as text and as data, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from run_command import hepsel

pytest.importorskip("pypdfium2", reason="the extra llm is not installed")
pytest.importorskip("rapidfuzz", reason="the extra llm is not installed")

PAPERS = Path(__file__).parent / "papers"
TRUTH = PAPERS / "four_lepton.hepsel"
MAIN = ("--paper", str(PAPERS / "four_lepton.pdf"))
OTHER = ("--ref", f"leptons={PAPERS / 'leptons.pdf'}")


def check(program: Path, *options: str) -> tuple[int, str, str]:
    return hepsel("check", str(program), "--format", "physlite", *options)


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    text = TRUTH.read_text(encoding="utf-8")
    text = text.replace("select pt > 7 GeV ", "select pt > 8 GeV ").replace('page 1 "Muons must', 'page 3 "Muons must')
    program = tmp_path / "damaged.hepsel"
    program.write_text(text, encoding="utf-8")
    return program


def test_the_truth() -> None:
    code, out, err = check(TRUTH, *MAIN, *OTHER)
    assert (code, err) == (0, "")
    assert "32 verified, 5 assumed" in out
    assert "[p1.s25] page 1 (> 30 GeV): ^1Jets with p_T > 30 GeV" in out


def test_problems_are_diagnostics(damaged: Path) -> None:
    code, out, err = check(damaged, *MAIN, *OTHER)
    assert code == 1
    assert "30 verified, 5 assumed, 1 number not in the quotation, 1 other page" in out
    assert "warning W801: the quotation does not have 8 GeV; it has 7 GeV" in err
    assert "warning W806: the quotation is not on page 3 but on page 1" in err
    assert err.count("warning") == 2


def test_data(damaged: Path) -> None:
    code, out, err = check(damaged, *MAIN, *OTHER, "--json")
    assert (code, err) == (1, "")
    data: dict[str, Any] = json.loads(out)
    assert [item["code"] for item in data["diagnostics"]] == ["W801", "W806"]
    report = data["provenance"][str(damaged)]
    assert report["counts"]["verified"] == 30
    by_id = {item["id"]: item for item in report["criteria"]}
    wrong = by_id["electrons.2"]
    text = damaged.read_text(encoding="utf-8")
    assert text[wrong["start"] : wrong["end"]] == "select pt > 8 GeV"
    assert wrong["verdict"] == "number not in the quotation"
    (evidence,) = by_id["muons.7"]["evidence"]
    assert (evidence["where"], evidence["page"]) == ("p1.s15", 1)
    assert [place["page"] for place in evidence["places"]] == [1, 1]  # it runs over to the next line
    assert {item["where"] for item in report["omissions"] if item["source"] == "leptons"} >= {"p1.s19"}


def test_the_replacement_mends_a_page(damaged: Path) -> None:
    _, out, _ = check(damaged, *MAIN, *OTHER, "--json")
    (item,) = (item for item in json.loads(out)["diagnostics"] if item["code"] == "W806")
    text = damaged.read_text(encoding="utf-8")
    damaged.write_text(text[: item["start"]] + item["replacement"] + text[item["end"] :], encoding="utf-8")
    _, out, _ = check(damaged, *MAIN, *OTHER, "--json")
    assert [item["code"] for item in json.loads(out)["diagnostics"]] == ["W801"]


def test_a_source_that_was_not_given() -> None:
    code, out, err = check(TRUTH, *OTHER)
    assert code == 1
    assert "W808: the source `paper` was not given" in err
    assert "21 verified" in out


def test_errors_come_first(tmp_path: Path) -> None:
    program = tmp_path / "wrong.hepsel"
    program.write_text(TRUTH.read_text(encoding="utf-8").replace("pt > 7 GeV", "pt > 7"), encoding="utf-8")
    code, out, err = check(program, *MAIN, *OTHER)
    assert code == 1
    assert "E400" in err
    assert "evidence" not in out


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("--ref", "leptons"), 2, "`leptons` is not NAME=FILE"),
        (("--ref", "a=b.pdf"), 2, "has no source `a`; it declares `paper`, `leptons`"),
        ((*OTHER, *OTHER), 2, "`leptons` is given twice"),
        (("--paper", "nowhere.pdf"), 3, "nowhere.pdf: cannot be read"),
        (("--paper", str(TRUTH)), 1, "W808"),
    ],
)
def test_bad_options(options: tuple[str, ...], code: int, message: str) -> None:
    found, _, err = check(TRUTH, *options)
    assert found == code
    assert message in err


def test_which_source_the_paper_is(tmp_path: Path) -> None:
    program = tmp_path / "two.hepsel"
    program.write_text('hepsel 1\n\nanalysis "t"\n  source a "a"\n  source b "b"\n', encoding="utf-8")
    code, _, err = check(program, *MAIN)
    assert code == 2
    assert "which source is" in err
    code, out, _ = check(program, *MAIN, "--ref", f"b={PAPERS / 'leptons.pdf'}")
    assert code == 0
    assert "0 statements with evidence: none" in out


def test_what_a_paper_says_does_not_steer_the_terminal(tmp_path: Path) -> None:
    paper = tmp_path / "paper.txt"
    paper.write_text("Selection\n\nMuons must have p_T > 5\x1b[31m GeV in all events.\n", encoding="utf-8")
    program = tmp_path / "p.hepsel"
    program.write_text('hepsel 1\n\nanalysis "t"\n  source paper "p"\n', encoding="utf-8")
    _, out, err = check(program, "--paper", str(paper))
    assert "\x1b" not in out + err


def test_what_is_only_not_confirmed_comes_last(tmp_path: Path) -> None:
    """The paper says 7 GeV otherwise; of the calo-tagged muons' 15 GeV it says only less than the criterion."""
    text = TRUTH.read_text(encoding="utf-8")
    narrower = 'select pt > 15 GeV cite leptons page 1 "calo-tagged muons must have p_T > 15 GeV"'
    text = text.replace("object muons\n  take Muon\n", f"object muons\n  take Muon\n  {narrower}\n")
    text = text.replace("select |eta| < 2.7 ", "select |eta| < 2.6 ")
    program = tmp_path / "program.hepsel"
    program.write_text(text, encoding="utf-8")
    code, out, err = check(program, *MAIN, *OTHER)
    assert code == 1
    assert "1 to look at first; 1 that the quotations only do not confirm" in out
    assert err.index("W801") < err.index("W804")  # though it stands behind it in the program
    _, out, _ = check(program, *MAIN, *OTHER, "--json")
    (report,) = json.loads(out)["provenance"].values()
    doubtful = {item["text"]: item["unconfirmed"] for item in report["criteria"] if "doubtful" in item["verdict"]}
    assert doubtful == {"select pt > 15 GeV": True}
    page = tmp_path / "report.html"
    check(program, *MAIN, *OTHER, "--html", str(page))
    shown = page.read_text(encoding="utf-8")
    assert shown.count('class="finding doubtful unconfirmed"') == 1
    assert "1 of them are only not confirmed" in shown
    first = shown[shown.index("To look at first:") :]
    assert "muons.2</a>." in first[: first.index("</p>")]
