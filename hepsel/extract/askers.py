"""Who answers: a person who brings answers, or a server."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace

from hepsel.extract.answers.converse import Wanted
from hepsel.extract.asking.messages import Message, tokens
from hepsel.extract.asking.passages import Paper
from hepsel.extract.report import Asked
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

FIRST_PAUSE = 1.0
"""Seconds before a request is made again; each further pause is twice as long."""


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
