"""Requests, replies, and the ways in which a server fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from hepsel.errors import ExitCode, HepselError
from hepsel.extract.asking.messages import Message


class ServerError(HepselError):
    """A server that cannot be used as it is configured, or does not answer as it must."""

    exit_code = ExitCode.SERVER


RETRIED = (408, 409, 425, 429, 500, 502, 503, 504)
"""Status codes of what may be gone a moment later."""

LONGEST_WAIT = 600.0
"""Most seconds that a server may ask to be left alone."""


class Transient(ServerError):
    """What may be gone a moment later: no connection, a connection that broke, an overloaded server.

    Attributes
    ----------
    after
        The seconds after which the server wants to be asked again, where it says so.
    """

    def __init__(self, message: str, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after


class Truncated(ServerError):
    """An answer that ends where the model was not allowed to go on."""


class PromptCut(ServerError):
    """A server that left out a part of what it was asked."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a model is asked, and how.

    Attributes
    ----------
    messages
        The conversation.
    seed, temperature
        How the answer is drawn.
    context
        Tokens of messages and answer together.
    max_tokens
        Tokens of the answer.
    grammar
        The grammar of the answer, in GBNF, for servers that take one.
    schema
        The JSON schema of the answer, for servers that take one.
    """

    messages: tuple[Message, ...]
    seed: int
    temperature: float
    context: int
    max_tokens: int
    grammar: str | None = None
    schema: Mapping[str, Any] | None = None

    @property
    def characters(self) -> int:
        """How long the messages are."""
        return sum(len(message.content) for message in self.messages)

    def data(self) -> dict[str, Any]:
        """Return everything on which the answer depends, as plain data."""
        return {
            "messages": [{"role": message.role, "content": message.content} for message in self.messages],
            "options": {
                "seed": self.seed,
                "temperature": self.temperature,
                "context": self.context,
                "max_tokens": self.max_tokens,
            },
            "grammar": self.grammar,
            "schema": self.schema,
        }


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    Attributes
    ----------
    text
        What the model wrote, without what the server itself told apart as thoughts.
    whole
        Whether the model came to its end.
    prompt_tokens, answer_tokens
        As the server counts them, where it does.
    seconds
        How long it took.
    """

    text: str
    whole: bool
    prompt_tokens: int | None
    answer_tokens: int | None
    seconds: float

    def data(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        return {name: getattr(self, name) for name in self.__slots__}


Constraint = Literal["nothing", "grammar", "schema"]
"""What a server can be told about the language of an answer."""


class Server(Protocol):
    """A server and the model that it is asked for."""

    takes: Constraint

    def digest(self) -> str:
        """Return what tells this model from others of its name, and check that the server has it.

        Raises
        ------
        ServerError
            When the server cannot be reached, has no such model, or gives it too small a context.
        """
        ...

    def ask(self, request: Request) -> Reply:
        """Return the answer to a request.

        Raises
        ------
        ServerError
            When there is none.
        """
        ...


FEWEST_TOKENS = 5
"""Most characters that a token of a question stands for on average. A server that counts fewer tokens has cut it."""


def check_whole_prompt(request: Request, prompt_tokens: int | None) -> None:
    """Refuse the answer of a server that did not see the whole question.

    Raises
    ------
    PromptCut
        When it counted too few tokens.
    """
    if prompt_tokens is not None and 0 < prompt_tokens < request.characters / FEWEST_TOKENS:
        raise PromptCut(
            f"the server saw only {prompt_tokens} tokens of a question of {request.characters} characters, which are "
            f"at least {request.characters // FEWEST_TOKENS}: it cuts what is too long for it without saying so; "
            "raise the context that it gives to the model, or lower `context` in the configuration"
        )
