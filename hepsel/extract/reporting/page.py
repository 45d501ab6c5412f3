"""One HTML file: the pages of the papers with what is quoted, beside the program with its verdicts.

The file needs nothing else: no network, no script. Pages and program are linked by fragments, so that a click on a
criterion shows its quotation, and a click on a quotation its criterion.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined

from hepsel.extract.answers.draft import flags
from hepsel.extract.checking import Finding, ProvenanceReport
from hepsel.extract.reading import Document
from hepsel.extract.reading.model import Box
from hepsel.syntax.diagnostics import SourceText, printable

_OMITTED = "omitted"  # the class of a mark that belongs to no criterion


@dataclass(frozen=True, slots=True)
class Mark:
    """What is highlighted in a paper.

    Attributes
    ----------
    id
        Of the highlighted place.
    target
        Of what it belongs to, on the other side.
    title
        What is shown where the pointer rests.
    style
        The verdict's class.
    where, text
        Sentence or row, for a paper without pages.
    boxes
        The rectangles on this page.
    """

    id: str
    target: str
    title: str
    style: str
    where: str
    text: str
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class PageView:
    """A page of a paper with its marks."""

    number: int
    width: float
    height: float
    picture: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper: drawn pages, or, where it has none, the passages that are marked."""

    source: str
    name: str
    pages: tuple[PageView, ...]
    passages: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Where a quotation is highlighted, and what the link says."""

    target: str
    text: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding, its id in the file, its class, and the places of its quotations."""

    id: str
    finding: Finding
    style: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ShownVote:
    """How many of several drafts say what a part of the program says.

    Attributes
    ----------
    first, last
        The lines of the part, from 1; zero for what is not in the program.
    block, text
        The block that it stands in, and the part.
    votes, drafts
        How many drafts say it, of how many.
    others
        What else is said, each with its votes.
    note
        Why the program does not say what most drafts say, if so.
    """

    first: int
    last: int
    block: str
    text: str
    votes: int
    drafts: int
    others: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the program, its class, and the findings and votes on what ends there."""

    number: int
    text: str
    style: str
    findings: Sequence[FindingView]
    votes: Sequence[ShownVote]


@dataclass(frozen=True, slots=True)
class ShownRound:
    """A round of the conversation that a program comes from: its title, the answer, and what was wrong with it."""

    title: str
    answer: str
    problems: tuple[str, ...]


def pages_shown(report: ProvenanceReport) -> dict[str, list[int]]:
    """Return the pages on which something is marked, by the names of their sources."""
    found: dict[str, set[int]] = {}
    for source, _, boxes in _places(report):
        found.setdefault(source, set()).update(box.page for box in boxes)
    return {source: sorted(pages) for source, pages in found.items()}


def html_report(
    source: SourceText,
    report: ProvenanceReport,
    documents: Mapping[str, Document],
    pictures: Mapping[str, Mapping[int, bytes]],
    rounds: Sequence[ShownRound] = (),
    votes: Sequence[ShownVote] = (),
) -> str:
    """Return the file.

    Parameters
    ----------
    source
        The program.
    report
        What was found about it.
    documents
        The papers, by the names under which the program declares them.
    pictures
        WebP pictures of the pages that `pages_shown` names, by source and page.
    rounds
        The conversation that the program comes from, if a model wrote it.
    votes
        The votes on its parts, if it was made of several drafts.
    """
    lines = list(_lines(source, report, votes))
    text: str = _template().render(
        name=source.name,
        papers=[_paper(name, document, report, pictures.get(name, {})) for name, document in documents.items()],
        lines=lines,
        counts=report.counts.items(),
        first=[
            (f"c{index}", finding)
            for index, finding in enumerate(report.findings)
            if not (finding.verdict.sound or finding.unconfirmed)
        ],
        unconfirmed=sum(finding.unconfirmed for finding in report.findings),
        looks=sum("doubtful" in line.style or "split" in line.style for line in lines if line.findings or line.votes),
        not_said=[vote for vote in votes if not vote.last],
        drafts=max((vote.drafts for vote in votes), default=0),
        omissions=[
            (f"o{index}", item, Link(_id(item.source, "p", index), f"{item.source} p. {item.page}"))
            for index, item in enumerate(report.omissions)
        ],
        contradictions=report.contradictions,
        rounds=rounds,
    )
    return text


# ------------------------------------------------------------------ the papers


def _places(report: ProvenanceReport) -> Iterator[tuple[str, Mark, tuple[Box, ...]]]:
    """Yield the source, mark and rectangles of everything that is highlighted."""
    for index, finding in enumerate(report.findings):
        for number, evidence in enumerate(finding.evidence):
            if evidence.where is not None:
                title = f"{finding.id}: {finding.verdict}"
                style = _style(finding)
                name = _id(evidence.source, "q", index, number)
                mark = Mark(name, f"c{index}", title, style, evidence.where, evidence.text)
                yield evidence.source, mark, evidence.places
    for index, item in enumerate(report.omissions):
        name = _id(item.source, "p", index)
        mark = Mark(name, f"o{index}", "no criterion uses this", _OMITTED, item.where, item.text)
        yield item.source, mark, item.places


def _id(source: str, *parts: str | int) -> str:
    return "-".join((source, *map(str, parts)))


def _paper(name: str, document: Document, report: ProvenanceReport, pictures: Mapping[int, bytes]) -> PaperView:
    marks = [(mark, boxes) for source, mark, boxes in _places(report) if source == name]
    pages = tuple(
        PageView(
            page.number,
            page.width,
            page.height,
            base64.b64encode(pictures[page.number]).decode("ascii"),
            tuple(_on_page(marks, page.number)),
        )
        for page in document.pages
        if page.number in pictures
    )
    passages = tuple(mark for mark, boxes in marks if not any(box.page in pictures for box in boxes))
    return PaperView(name, document.name, pages, passages)


def _on_page(marks: Sequence[tuple[Mark, tuple[Box, ...]]], page: int) -> Iterator[Mark]:
    """Yield the marks of a page; those of omissions first, as a quotation may stand in the same sentence."""
    for mark, boxes in sorted(marks, key=lambda pair: pair[0].style != _OMITTED):
        here = tuple(box for box in boxes if box.page == page)
        if not here:
            continue
        # Only the first page of a mark that goes on over the page's end can be the one to go to.
        name = mark.id if boxes[0].page == page else f"{mark.id}-{page}"
        yield Mark(name, mark.target, mark.title, mark.style, mark.where, mark.text, here)


# ------------------------------------------------------------------ the program


def _lines(source: SourceText, report: ProvenanceReport, votes: Sequence[ShownVote]) -> Iterator[Line]:
    texts = source.text.splitlines()
    styles = ["flag" if flagged else "" for flagged in flags(texts)]
    voted: dict[int, list[ShownVote]] = defaultdict(list)
    ends: dict[int, list[FindingView]] = defaultdict(list)
    for index, finding in enumerate(report.findings):
        first = finding.span.line
        end = max(finding.span.end, *(item.span.end for item in finding.evidence), 0)
        last = first + source.text.count("\n", finding.span.start, end)
        for line in range(first, last + 1):
            styles[line - 1] = _style(finding)
        # A statement's verdict stands where the votes on it do.
        last = next((vote.last for vote in votes if vote.first <= last <= vote.last), last)
        links = tuple(
            Link(_id(item.source, "q", index, number), f"{item.source} p. {item.page}")
            for number, item in enumerate(finding.evidence)
            if item.where is not None
        )
        ends[last].append(FindingView(f"c{index}", finding, _style(finding), links))
    for vote in votes:
        if vote.last:
            voted[vote.last].append(vote)
            for line in range(vote.first, vote.last + 1):
                styles[line - 1] += " split" if vote.others else ""
    for number, (text, style) in enumerate(zip(texts, styles, strict=True), start=1):
        yield Line(number, text, style.strip(), ends[number], voted[number])


def _style(finding: Finding) -> str:
    if finding.verdict.sound:
        return str(finding.verdict)
    return "doubtful unconfirmed" if finding.unconfirmed else "doubtful"


# ------------------------------------------------------------------ the file


@cache
def _template() -> Any:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters["shown"] = printable
    environment.filters["shown_lines"] = lambda text: "\n".join(map(printable, text.splitlines()))
    text = resources.files(__package__).joinpath("report.html.j2").read_text(encoding="utf-8")
    return environment.from_string(text)
