"""Findings as diagnostics: the same objects as those of `hepsel check`."""

from __future__ import annotations

from collections.abc import Iterator

from hepsel.extract.checking.model import Finding, ProvenanceReport, Verdict
from hepsel.syntax.diagnostics import Diagnostic

CODES = {
    Verdict.NUMBER: "W801",
    Verdict.DIRECTION: "W802",
    Verdict.QUANTITY: "W803",
    Verdict.OBJECT: "W804",
    Verdict.NOT_FOUND: "W805",
    Verdict.OTHER_PAGE: "W806",
    Verdict.NOT_CITED: "W807",
    Verdict.NO_DOCUMENT: "W808",
}
"""The code of each verdict that is a problem."""


def diagnostics(report: ProvenanceReport) -> Iterator[Diagnostic]:
    """Yield a warning for each criterion that is neither verified nor assumed, what is only not confirmed last."""
    return (diagnostic(finding) for finding in report.in_order)


def diagnostic(finding: Finding) -> Diagnostic:
    """Return the warning that a finding which is a problem is shown as."""
    return Diagnostic(CODES[finding.verdict], finding.message, finding.place, finding.proposal, finding.replacement)
