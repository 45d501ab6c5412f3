"""Real papers and programs that cite them, the verdicts of which were judged by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from cited import report_on
from data_files import EXAMPLES

from hepsel.extract.checking import Verdict
from hepsel.extract.reading import read_document

pytest.importorskip("pypdfium2", reason="the extra llm is not installed")
pytest.importorskip("rapidfuzz", reason="the extra llm is not installed")

V, N = Verdict.VERIFIED, Verdict.NUMBER


def verdicts(program: Path, paper: Path) -> dict[str, Verdict]:
    report = report_on(program.read_text(encoding="utf-8"), {"paper": read_document(paper)})
    return {finding.id: finding.verdict for finding in report.findings}


@pytest.mark.shared
def test_a_note_in_two_columns(shared_data: Path) -> None:
    """Its quotations were copied from another reader's text; the pseudorapidities stand behind the quoted words."""
    found = verdicts(
        EXAMPLES / "atlas_open_data_4l" / "selection.hepsel", shared_data / "papers" / "h4l_open_data_note.pdf"
    )
    expected = dict.fromkeys((f"preselection.{n}" for n in (1, 3, 4, 5, 6, 7, 8)), V)
    expected |= {"preselection.2": N, "preselection.expect": V, "dileptons.1": V, "dileptons.2": V, "m_min": N}
    expected |= {"quadruplets.2": V, "quadruplets.3": Verdict.DIRECTION, "signal.1": Verdict.NOT_CITED}
    assert {name: found[name] for name in expected} == expected


@pytest.mark.shared
def test_a_paper_and_a_program_by_an_independent_reader(shared_data: Path) -> None:
    """Many of its quotations end before their number."""
    program = shared_data.parent / "programs" / "cms_smp_17_006_zzjj.hepsel"
    found = verdicts(program, shared_data / "papers" / "CMS-SMP-17-006.pdf")
    right = (
        "loose_electrons.1", "loose_muons.1", "loose_electrons.3", "loose_muons.3", "fsr_photons.1", "fsr_photons.2",
        "leptons.3", "dileptons.2", "zz.3", "zz.5", "zz.6", "zz.7", "zz.9", "jets.4", "zzjj.1", "zzjj.2",
        "vbs_enriched.1", "zx_one_fail.1", "zx_two_fail.1",
    )  # fmt: skip
    short = ("zz.2", "zz.4", "zz.8", "zz.10", "jets.3", "vbs_enriched.2", "qcd_enriched.1", "zz_selection.1")
    expected = dict.fromkeys(right, V) | dict.fromkeys(short, N)
    expected |= {"zz.1": Verdict.DIRECTION, "zz_selection.4": Verdict.DIRECTION, "zx.1": Verdict.NOT_CITED}
    assert {name: found[name] for name in expected} == expected
