"""Programs that cite papers, and what is found of their citations, for tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from hepsel.extract.checking import Finding, ProvenanceReport, Verdict, check_provenance
from hepsel.extract.reading import read_document
from hepsel.extract.reading.model import Document
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import parse
from hepsel.syntax.printer import quoted

HEAD = 'hepsel 1\n\nanalysis "t"\n  source paper "p"\n\n'


def report_on(program: str, documents: Mapping[str, Document]) -> ProvenanceReport:
    """Compare a program, which has to be sound, with the papers that it cites."""
    tree, problems, _ = parse(SourceText(program))
    assert tree is not None
    assert problems == [], program
    return check_provenance(tree, documents)


def report(text: str, program: str, folder: Path) -> ProvenanceReport:
    """Compare blocks with a paper that has a text."""
    paper = folder / "paper.md"
    paper.write_text(text, encoding="utf-8")
    return report_on(HEAD + program, {"paper": read_document(paper)})


def judged(text: str, quote: str, program: str, folder: Path) -> Finding:
    """Return what is found of the last statement of some blocks, which cites a part of a text."""
    cited = f"{program} cite paper {quoted(quote)}\n"
    return report(f"# Selection\n\n{text}\n", cited, folder).findings[-1]


def check_told_apart(findings: Mapping[str, Finding], right: Collection[str]) -> None:
    """Assert that of programs, by their text, those are sound that are right, and no others."""
    for program, finding in findings.items():
        assert finding.verdict is not Verdict.NOT_FOUND
        assert finding.verdict.sound is (program in right), f"{program}: {finding.message}"


def check_judged(text: str, quote: str, right: list[str], wrong: list[str], folder: Path) -> None:
    """Assert that of programs whose last statement cites a part of a text, those are sound that are right."""
    check_told_apart({program: judged(text, quote, program, folder) for program in right + wrong}, right)
