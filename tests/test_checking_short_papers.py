"""Whole programs that cite short papers: all of them are right, and each of the damages is not.

The papers are in the manner of ATLAS, CMS and LHCb, and the programs as one writes them for the whole of a paper.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from cited import report_on

from hepsel.extract.checking import ProvenanceReport, Verdict
from hepsel.extract.reading import read_document

pytest.importorskip("rapidfuzz", reason="the extra llm is not installed")

FOLDER = Path(__file__).parent / "short_papers"
JUDGED = tomllib.loads((FOLDER / "judged.toml").read_text(encoding="utf-8"))
PAPERS = sorted(path.stem for path in FOLDER.glob("*.md"))

Flags = set[tuple[str, str]]


def checked(paper: str, program: str) -> ProvenanceReport:
    return report_on(program, {"paper": read_document(FOLDER / f"{paper}.md")})


def program_of(paper: str) -> str:
    return (FOLDER / f"{paper}.hepsel").read_text(encoding="utf-8")


def flags(report: ProvenanceReport) -> Flags:
    return {(finding.block, finding.text) for finding in report.problems}


def damaged(program: str, block: str, old: str, new: str) -> str:
    head = re.search(rf"^(?:object|composite|region) {block}$", program, re.MULTILINE)
    assert head is not None, block
    written = re.compile(r"\s+".join(map(re.escape, old.split())))
    found = next(
        match
        for match in written.finditer(program, head.end())
        if "cite paper" not in program[program.rfind("\n", 0, match.start()) : match.start()]  # not in a quotation
    )
    return program[: found.start()] + new + program[found.end() :]


@pytest.mark.parametrize("paper", PAPERS)
def test_what_is_right_is_not_flagged(paper: str) -> None:
    report = checked(paper, program_of(paper))
    assert not any(finding.verdict is Verdict.NOT_FOUND for finding in report.findings)
    known = {(one["block"], one["statement"]) for one in JUDGED["flagged"] if one["paper"] == paper}
    assert flags(report) <= known


@pytest.mark.parametrize("paper", PAPERS)
def test_what_is_wrong_is_flagged(paper: str) -> None:
    program = program_of(paper)
    before = flags(checked(paper, program))
    for one in JUDGED["damage"]:
        if one["paper"] == paper and not one.get("passes"):
            after = checked(paper, damaged(program, one["block"], one["old"], one["new"]))
            assert flags(after) - before, one
