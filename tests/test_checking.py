"""Whether the papers say what a program says: the truth is verified, and what differs from it is not."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from cited import report_on

from hepsel.check import check_text
from hepsel.extract.checking import Finding, ProvenanceReport, Verdict
from hepsel.extract.reading import Document, read_document

pytest.importorskip("pypdfium2", reason="the extra llm is not installed")
pytest.importorskip("rapidfuzz", reason="the extra llm is not installed")

PAPERS = Path(__file__).parent / "papers"
TRUTH = (PAPERS / "four_lepton.hepsel").read_text(encoding="utf-8")


@cache
def papers() -> Mapping[str, Document]:
    return {name: read_document(PAPERS / f"{file}.pdf") for name, file in SOURCES.items()}


SOURCES = {"paper": "four_lepton", "leptons": "leptons"}


def report(text: str) -> ProvenanceReport:
    return report_on(text, papers())


def finding(text: str, criterion: str) -> Finding:
    (found,) = (item for item in report(text).findings if item.id == criterion)
    return found


def changed(old: str, new: str) -> str:
    assert TRUTH.count(old) == 1, old
    return TRUTH.replace(old, new)


def test_the_truth_is_verified() -> None:
    assert check_text(TRUTH, "physlite").diagnostics == ()
    found = report(TRUTH)
    assert found.problems == ()
    assert found.counts == {Verdict.VERIFIED: 32, Verdict.ASSUMED: 5}


def test_where_the_quotation_stands() -> None:
    (evidence,) = finding(TRUTH, "muons.6").evidence
    assert (evidence.source, evidence.page, evidence.score) == ("leptons", 1, 100)
    assert evidence.text == "Muons must have p_T > 5 GeV"
    (place,) = evidence.places
    assert place.page == 1
    sentence = next(s for s in papers()["leptons"].sentences if s.id == evidence.where)
    assert sentence.text.startswith("Muons must have")
    assert place == sentence.places(0, len(evidence.text))[0]


DAMAGED = [
    ("select pt > 7 GeV ", "select pt > 8 GeV ", "electrons.2", Verdict.NUMBER),
    ("select pt > 7 GeV ", "select pt > 7 MeV ", "electrons.2", Verdict.NUMBER),
    ("select pt > 7 GeV ", "select pt < 7 GeV ", "electrons.2", Verdict.DIRECTION),
    ("select pt > 7 GeV ", "select pt >= 7 GeV ", "electrons.2", Verdict.DIRECTION),
    ("select pt > 7 GeV ", "select mass > 7 GeV ", "electrons.2", Verdict.QUANTITY),
    ('"They are required to have E_T > 7 GeV"', '"Muons must have p_T > 7 GeV"', "electrons.2", Verdict.NOT_FOUND),
    ('page 1 "They are required to have E_T > 7 GeV"', 'page 2 "They are required to have E_T > 7 GeV"',
     "electrons.2", Verdict.OTHER_PAGE),
    ("select 50 GeV < m12", "select 50 GeV < m34", "quadruplets.2", Verdict.QUANTITY),
    ("parts.pt, 1) > 20", "parts.pt, 1) > 15", "quadruplets.4", Verdict.NUMBER),
    ("then 0.1 else 0.2", "then 0.2 else 0.1", "quadruplets.5", Verdict.OBJECT),
    ("count(dileptons) >= 2", "count(dileptons) >= 3", "signal.4", Verdict.NUMBER),
    ("count(dileptons) >= 2", "count(dileptons) <= 2", "signal.4", Verdict.DIRECTION),
    ("a.charge + b.charge == 0", "a.charge + b.charge != 0", "dileptons.2", Verdict.QUANTITY),
    ("select is_loose", "select is_tight", "electrons.1", Verdict.QUANTITY),
    ("select is_loose", "reject is_loose", "electrons.1", Verdict.DIRECTION),
    ("type == combined and not", "type != combined and not", "muons.3", Verdict.OBJECT),
    ("select ptcone30 / pt", "select ptcone20 / pt", "muons.8", Verdict.QUANTITY),
    ('external "Z-mass constraint"', 'external "Z-pt constraint"', "quadruplets.10", Verdict.QUANTITY),
    ('external "good run list"', 'external "jet cleaning"', "signal.1", Verdict.QUANTITY),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "criterion", "verdict"), DAMAGED)
def test_damage_is_named(old: str, new: str, criterion: str, verdict: Verdict) -> None:
    text = changed(old, new)
    assert finding(text, criterion).verdict is verdict
    assert [item.id for item in report(text).problems] == [criterion]
