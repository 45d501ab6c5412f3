"""What was found about the evidence of a program."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from hepsel.extract.reading.model import Box
from hepsel.syntax.tree import NOWHERE, Span


class Verdict(StrEnum):
    """What is known of a criterion's evidence; the worst that holds."""

    VERIFIED = "verified"
    ASSUMED = "assumed"
    NUMBER = "number not in the quotation"
    DIRECTION = "direction doubtful"
    QUANTITY = "quantity doubtful"
    OBJECT = "object doubtful"
    NOT_FOUND = "quotation not found"
    OTHER_PAGE = "other page"
    NOT_CITED = "not cited"
    NO_DOCUMENT = "source not given"

    @property
    def sound(self) -> bool:
        """Whether nothing is left to be looked at, other than what the author says to have assumed."""
        return self in (Verdict.VERIFIED, Verdict.ASSUMED)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quotation and where its source has it.

    Attributes
    ----------
    source
        The name by which the program cites.
    quote
        The quotation as the program has it.
    where
        The id of the sentence or table row in which it begins, such as `p4.s12`; `None` where it was not found.
    page
        The page on which it begins, from 1.
    text
        What the source has at that place.
    score
        Likeness from 0 to 100; 100 is the same up to spaces and notation.
    places
        The rectangles of the text, one per printed line.
    span
        Where the citation stands in the program.
    """

    source: str
    quote: str
    where: str | None = None
    page: int | None = None
    text: str = ""
    score: float = 0.0
    places: tuple[Box, ...] = ()
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one statement.

    Attributes
    ----------
    id
        Block and ordinal (`electrons.3`), as in cutflows; where it is no criterion of a cutflow, block and name.
    block
        Name of the block, which is empty for the header.
    text
        The statement, without its annotations.
    span
        Where the statement stands in the program.
    verdict
        What is known.
    message
        Why, in one sentence without a full stop.
    proposal
        What can be done about it.
    evidence
        The quotations, in the order of the program.
    place
        What of the statement the verdict is about: the statement, or one of its citations.
    replacement
        Text that would mend `place`, where that is certain.
    unconfirmed
        Whether the quotation does not say otherwise, as far as its words could be compared: it says less, or of fewer.
    """

    id: str
    block: str
    text: str
    span: Span
    verdict: Verdict
    message: str
    proposal: str | None = None
    evidence: tuple[Evidence, ...] = ()
    place: Span = NOWHERE
    replacement: str | None = None
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Omission:
    """A sentence or table row that looks like a cut, and that the program does not use, or not all of it.

    Attributes
    ----------
    source
        The name by which the program cites the paper.
    where, page, section, text
        The sentence or row.
    said
        What in it no criterion uses: bounds such as `< 2.47`, relations such as `opposite charge`. Empty where it has
        nothing of the kind and is not cited at all.
    score
        How much it looks like a cut; see `hepsel.extract.choosing.cuts`.
    places
        The rectangles of the text, one per printed line.
    """

    source: str
    where: str
    page: int
    section: str
    text: str
    said: tuple[str, ...]
    score: int
    places: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One side of a contradiction: what is said of the quantity, where, and the whole sentence or row."""

    where: str
    page: int
    said: str
    text: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two places of a paper that say different things of one quantity."""

    source: str
    quantity: str
    first: Statement
    second: Statement


@dataclass(frozen=True, slots=True)
class ProvenanceReport:
    """The verdicts in the order of the program, and what the papers say that the program does not cite."""

    findings: tuple[Finding, ...]
    omissions: tuple[Omission, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def problems(self) -> tuple[Finding, ...]:
        """The findings that are neither verified nor assumed."""
        return tuple(finding for finding in self.findings if not finding.verdict.sound)

    @property
    def in_order(self) -> tuple[Finding, ...]:
        """The problems in the order in which to look at them: what is only not confirmed comes last."""
        return tuple(sorted(self.problems, key=lambda finding: finding.unconfirmed))

    @property
    def counts(self) -> dict[Verdict, int]:
        """Number of findings of each verdict, in the order of `Verdict`."""
        counted = Counter(finding.verdict for finding in self.findings)
        return {verdict: counted[verdict] for verdict in Verdict if counted[verdict]}

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "counts": {str(verdict): count for verdict, count in self.counts.items()},
            "criteria": [_finding_data(finding) for finding in self.findings],
            "omissions": [
                {
                    "source": item.source,
                    "where": item.where,
                    "page": item.page,
                    "section": item.section,
                    "text": item.text,
                    "said": list(item.said),
                    "score": item.score,
                    "places": [place.as_json() for place in item.places],
                }
                for item in self.omissions
            ],
            "contradictions": [
                {
                    "source": item.source,
                    "quantity": item.quantity,
                    "statements": [asdict(side) for side in (item.first, item.second)],
                }
                for item in self.contradictions
            ],
        }


def _finding_data(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "block": finding.block,
        "text": finding.text,
        "line": finding.span.line,
        "column": finding.span.column,
        "start": finding.span.start,
        "end": finding.span.end,
        "verdict": str(finding.verdict),
        "unconfirmed": finding.unconfirmed,
        "message": finding.message,
        "proposal": finding.proposal,
        "evidence": [
            {
                "source": item.source,
                "quote": item.quote,
                "where": item.where,
                "page": item.page,
                "text": item.text,
                "score": item.score,
                "places": [place.as_json() for place in item.places],
            }
            for item in finding.evidence
        ],
    }
