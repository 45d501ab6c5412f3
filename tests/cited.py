"""Programs that cite papers, and what is found of their citations, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hepsel.extract.checking import Finding, ProvenanceReport, check_provenance
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
