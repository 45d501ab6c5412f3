"""From papers to a draft: reading, asking, repairing, reporting."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hepsel.extract.answers.converse import Conversation, Wanted, converse
from hepsel.extract.answers.draft import Draft, NoDraft, make_draft
from hepsel.extract.asking.messages import Message, Question, first_question
from hepsel.extract.asking.passages import Paper, Unresolved, resolve_references, unresolved
from hepsel.extract.reading import read_document
from hepsel.extract.report import Asked, report_data
from hepsel.formats.schema import Format


@dataclass(frozen=True)
class Task:
    """What is to be extracted: the papers, the format whose vocabulary is used, and the question."""

    papers: tuple[Paper, ...]
    data_format: Format
    question: Question

    @property
    def unresolved(self) -> list[Unresolved]:
        """What the paper leaves to others that were not given."""
        return list(unresolved(self.papers))


@dataclass(frozen=True)
class Extraction:
    """A draft and the text of its report."""

    draft: Draft
    report: str


def prepare(paper: Path, references: Sequence[tuple[str | None, Path]], data_format: Format, room: int | None) -> Task:
    """Read the papers and write the question.

    Parameters
    ----------
    paper, references
        Their files, those of the references with the keys of the paper's reference list where they are known.
    data_format
        The format whose vocabulary is used.
    room
        Tokens that the question may have; `None` for any number.
    """
    cited = [(key, read_document(path)) for key, path in references]
    papers = resolve_references(read_document(paper), cited)
    return Task(papers, data_format, first_question(papers, data_format, room))


def ask(task: Task, asker: Asker, rounds: int) -> Conversation:
    """Ask, and have what is wrong mended, in at most this number of further rounds."""
    return converse(task.question.messages, asker.ask, task.data_format, task.papers, rounds)


def finish(task: Task, talk: Conversation, asker: Asker) -> Extraction:
    """Make the draft and its report.

    Raises
    ------
    NoDraft
        When no answer held a program that can be made to check.
    """
    if talk.text is None:
        raise NoDraft(f"no draft can be made: {talk.reason or 'nothing was answered'}")
    draft = make_draft(talk.text, task.data_format, task.papers)
    data = report_data(
        task.papers, task.question.pages, task.unresolved, task.data_format.name, talk, asker.asked, draft
    )
    return Extraction(draft, json.dumps(data, indent=2, ensure_ascii=False) + "\n")


class Asker:
    """Who is asked; `asked` says what is known of each answer."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    def ask(self, messages: Sequence[Message], wanted: Wanted) -> str | None:
        """Return the answer to messages, or `None` when there is nobody left to ask."""
        raise NotImplementedError


class Recorded(Asker):
    """Answers that the user brings, one for each round."""

    def __init__(self, answers: Sequence[str]) -> None:
        super().__init__()
        self._answers = list(answers)

    def ask(self, messages: Sequence[Message], wanted: Wanted) -> str | None:  # noqa: ARG002
        """Return the next answer, whatever the question."""
        if len(self.asked) == len(self._answers):
            return None
        answer = self._answers[len(self.asked)]
        key = hashlib.sha256(answer.encode()).hexdigest()
        self.asked.append(Asked(key, "manual", "", None, None, None))
        return answer
