"""From papers to a draft: reading, asking, repairing, reporting."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hepsel.errors import HepselError
from hepsel.extract.agreeing import Agreement, agree
from hepsel.extract.answers.converse import Conversation, Wanted, converse
from hepsel.extract.answers.draft import Draft, NoDraft, make_draft, without_flags
from hepsel.extract.asking.messages import Message, Question, first_question, tokens
from hepsel.extract.asking.passages import Paper, Unresolved, resolve_references, unresolved
from hepsel.extract.reading import draw_pages, read_document
from hepsel.extract.report import Asked, TalkData, report_data
from hepsel.extract.reporting import ShownRound, ShownVote, html_report, pages_shown
from hepsel.extract.reporting.votes import shown_votes
from hepsel.extract.servers.config import ServerConfig
from hepsel.extract.servers.model import (
    LONGEST_WAIT,
    PromptCut,
    Reply,
    Request,
    Server,
    ServerError,
    Transient,
    Truncated,
)
from hepsel.extract.store import Store, answer_key
from hepsel.formats.schema import Format
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import parse

FIRST_PAUSE = 1.0
"""Seconds before a request is made again; each further pause is twice as long."""

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
        task.papers, task.question.pages, task.unresolved, task.data_format.name, talks, draft, settled.agreement
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


class Asker:
    """Who is asked.

    Attributes
    ----------
    asked
        What is known of each answer.
    stopped
        Why a program could not be mended to the end, where the server is the reason.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.stopped: ServerError | None = None

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


class Served(Asker):
    """A server; what it once answered is not asked again.

    Parameters
    ----------
    config
        The server and how it is asked.
    server
        The connection to it.
    store
        Where answers are kept.
    papers
        What the citations of a grammar may be.
    """

    def __init__(self, config: ServerConfig, server: Server, store: Store, papers: Sequence[Paper]) -> None:
        super().__init__()
        self._config, self._server, self._store, self._papers = config, server, store, papers
        self._digest: str | None = None

    def ask(self, messages: Sequence[Message], wanted: Wanted) -> str | None:
        """Return the answer of the model, from the store where it is there.

        Returns
        -------
        str or None
            `None` where the answer would be cut, or the question: what was answered before, and in other samples,
            remains.

        Raises
        ------
        ServerError
            When there is no answer for another reason.
        """
        try:
            return self._answer(messages, wanted)
        except (PromptCut, Truncated) as error:
            self.stopped = error
            return None

    def _answer(self, messages: Sequence[Message], wanted: Wanted) -> str:
        config = self._config
        digest = self._seen()
        request = self._constrained(
            Request(
                tuple(messages),
                config.seed + len(self.asked),
                config.temperature,
                config.context,
                config.max_tokens,
            ),
            wanted,
        )
        key = answer_key(config.kind, config.model, digest, request)
        reply = self._store.find(key)
        if reply is None:
            needed = tokens(request.messages) + config.max_tokens
            if needed > config.context:
                raise PromptCut(
                    f"round {len(self.asked) + 1} needs about {needed} tokens, more than the `context` of "
                    f"{config.context}; raise it, or lower `max_tokens`"
                )
            reply = self._patiently(request)
            self._store.keep(key, config.kind, config.model, digest, request, reply)
        if not reply.whole:
            raise Truncated(
                f"the answer of round {len(self.asked) + 1} ends after {reply.answer_tokens} tokens, where "
                "`max_tokens` cuts it off; raise it (the cut answer is kept in the store)"
            )
        asked = Asked(key, config.model, digest, reply.seconds, reply.prompt_tokens, reply.answer_tokens)
        self.asked.append(asked)
        return reply.text

    def _constrained(self, request: Request, wanted: Wanted) -> Request:
        """Return a request that says what the answer may be, as far as the server can be told."""
        if not self._config.constrain or self._server.takes == "nothing":
            return request
        if self._server.takes == "grammar":
            from hepsel.extract.constraint.gbnf import program_gbnf, repairs_gbnf

            papers = self._papers
            return replace(
                request, grammar=repairs_gbnf(papers, wanted.repairs) if wanted.repairs else program_gbnf(papers)
            )
        from hepsel.extract.constraint.schema import program_schema, repairs_schema
        from hepsel.extract.constraint.tree_json import json_note

        *before, last = request.messages
        asked = replace(last, content=last.content + json_note(len(wanted.repairs)))
        schema = repairs_schema(self._papers, wanted.repairs) if wanted.repairs else program_schema(self._papers)
        return replace(request, messages=(*before, asked), schema=schema)

    def _seen(self) -> str:
        """Return the digest of the model, of when it was last seen where the server cannot be reached now."""
        if self._digest is None:
            config = self._config
            kept = self._store.digest(config.kind, config.model)
            try:
                self._digest = self._server.digest()
            except Transient:
                if kept is None:
                    raise
                self._digest = kept
            self._store.see(config.kind, config.model, self._digest)
        return self._digest

    def _patiently(self, request: Request) -> Reply:
        """Ask, and ask again when the connection fails."""
        for attempt in range(1, self._config.attempts + 1):
            try:
                reply = self._server.ask(request)
            except Transient as error:
                if error.after > LONGEST_WAIT:
                    raise ServerError(f"{error}; it asks to be left alone for {error.after:.0f} seconds") from None
                if attempt == self._config.attempts:
                    raise
                time.sleep(max(FIRST_PAUSE * 2 ** (attempt - 1), error.after))
            else:
                # Half of a surrogate pair is no text: it can neither be kept nor written.
                return replace(reply, text=reply.text.encode(errors="replace").decode())
        raise AssertionError("attempts is at least 1")
