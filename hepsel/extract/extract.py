"""From papers to a draft: reading, asking, repairing, reporting."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hepsel.errors import HepselError
from hepsel.extract.agreeing import Agreement, agree
from hepsel.extract.answers.converse import Conversation, converse
from hepsel.extract.answers.draft import Draft, NoDraft, make_draft, without_flags
from hepsel.extract.askers import Asker
from hepsel.extract.asking.messages import Question, first_question
from hepsel.extract.asking.passages import Paper, Unresolved, resolve_references, unresolved
from hepsel.extract.reading import draw_pages, read_document
from hepsel.extract.report import TalkData, report_data
from hepsel.extract.reporting import ShownRound, ShownVote, html_report, pages_shown
from hepsel.extract.reporting.votes import shown_votes
from hepsel.extract.servers.model import ServerError
from hepsel.formats.schema import Format
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import parse

SEEDS_APART = 1000
"""How far the seeds of two samples are apart: too far for those of their rounds to meet."""


@dataclass(frozen=True)
class Task:
    """What is to be extracted.

    Attributes
    ----------
    papers, files
        The papers, and the file of each by its source.
    data_format
        The format whose vocabulary is used.
    question
        What is asked first.
    """

    papers: tuple[Paper, ...]
    files: Mapping[str, Path]
    data_format: Format
    question: Question

    @property
    def unresolved(self) -> list[Unresolved]:
        """What the paper leaves to others that were not given."""
        return list(unresolved(self.papers))


@dataclass(frozen=True)
class Extraction:
    """A draft, its report as JSON and as a file for a browser, and why samples came to nothing, if some did."""

    draft: Draft
    report: str
    page: str
    failed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settled:
    """The draft that samples come to, what they agree on where there are several, and why some came to nothing."""

    draft: Draft
    agreement: Agreement | None
    failed: tuple[HepselError, ...]


@dataclass(frozen=True)
class Sample:
    """One of several independent conversations, and who was asked."""

    talk: Conversation
    asker: Asker


def parse_reference(text: str, folder: Path = Path()) -> tuple[str | None, Path]:
    """Return the key and the file that `[KEY=]FILE` names; a file is looked for from `folder`."""
    key = re.match(r"(\w[\w:.+-]*)=", text)
    if key is not None and not (folder / text).exists():
        return key[1], folder / text[key.end() :]
    return None, folder / text


def read_papers(
    paper: Path, references: Sequence[tuple[str | None, Path]]
) -> tuple[tuple[Paper, ...], dict[str, Path]]:
    """Return a paper and those that it refers to, and the file of each by its source.

    Parameters
    ----------
    paper, references
        Their files, those of the references with the keys of the paper's reference list where they are known.
    """
    cited = [(key, read_document(path)) for key, path in references]
    papers = resolve_references(read_document(paper), cited)
    return papers, dict(zip((each.source for each in papers), (paper, *(path for _, path in references)), strict=True))


def prepare(papers: tuple[Paper, ...], files: Mapping[str, Path], data_format: Format, room: int | None) -> Task:
    """Write the question.

    Parameters
    ----------
    papers, files
        The papers, and the file of each by its source.
    data_format
        The format whose vocabulary is used.
    room
        Tokens that the question may have; `None` for any number.
    """
    return Task(papers, files, data_format, first_question(papers, data_format, room))


def ask(task: Task, asker: Asker, rounds: int) -> Conversation:
    """Ask, and have what is wrong mended, in at most this number of further rounds."""
    return converse(task.question.messages, asker.ask, task.data_format, task.papers, rounds)


def settle(task: Task, samples: Sequence[Sample]) -> Settled:
    """Make the draft: of several samples, the one that they agree on.

    Raises
    ------
    NoDraft
        When no answer held a program that can be made to check.
    ServerError
        When a server is the reason for that.
    """
    drafts: list[Draft] = []
    failed: list[HepselError] = []
    for sample in samples:
        try:
            drafts.append(_draft(task, sample))
        except (NoDraft, ServerError) as error:
            failed.append(error)
    if not drafts:
        raise failed[0]
    if len(drafts) == 1:
        return Settled(drafts[0], None, tuple(failed))
    agreement = agree([without_flags(one.text) for one in drafts], task.data_format)
    return Settled(make_draft(agreement.text, task.data_format, task.papers), agreement, tuple(failed))


def finish(task: Task, samples: Sequence[Sample], name: str) -> Extraction:
    """Make the draft and its reports; `name` is what the draft is called.

    Raises
    ------
    NoDraft, ServerError
        As `settle` does.
    """
    settled = settle(task, samples)
    draft = settled.draft
    talks = [TalkData(sample.talk, sample.asker.asked, sample.asker.stopped) for sample in samples]
    data = report_data(
        task.papers, task.question.parts, task.unresolved, task.data_format.name, talks, draft, settled.agreement
    )
    report = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    page = _page(task, samples, draft, name, settled.agreement)
    return Extraction(draft, report, page, tuple(map(str, settled.failed)))


def _draft(task: Task, sample: Sample) -> Draft:
    talk, stopped = sample.talk, sample.asker.stopped
    if talk.text is None:
        raise stopped or NoDraft(f"no draft can be made: {talk.reason or 'nothing was answered'}")
    return make_draft(talk.text, task.data_format, task.papers)


def _page(task: Task, samples: Sequence[Sample], draft: Draft, name: str, agreement: Agreement | None) -> str:
    rounds = [
        ShownRound(
            (f"Draft {number}, round {k}" if len(samples) > 1 else f"Round {k}") + f": {held.wanted.name}",
            held.answer,
            (*held.refused, *(remark.message for remark in held.problems)),
        )
        for number, sample in enumerate(samples, start=1)
        for k, held in enumerate(sample.talk.rounds, start=1)
    ]
    pictures = {
        source: draw_pages(task.files[source], numbers) for source, numbers in pages_shown(draft.evidence).items()
    }
    documents = {paper.source: paper.document for paper in task.papers}
    source = SourceText(draft.text, name)
    votes: list[ShownVote] = []
    if agreement is not None:
        program, _, _ = parse(source)
        assert program is not None  # it was checked
        votes = list(shown_votes(agreement, program, draft.text))
    return html_report(source, draft.evidence, documents, pictures, rounds, votes)
