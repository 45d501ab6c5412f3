"""Ollama, by its own client."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import ollama
import pydantic

from hepsel.extract.servers.config import ServerConfig
from hepsel.extract.servers.model import (
    RETRIED,
    Constraint,
    PromptCut,
    Reply,
    Request,
    ServerError,
    Transient,
    check_whole_prompt,
)
from hepsel.extract.servers.transport import Limited, timeouts
from hepsel.syntax.diagnostics import printable

_LONGEST = 2_000_000  # characters of an answer, beyond which no more is read
_FIRST_SERVER_ERROR = 500


class Ollama:
    """A server of Ollama. It takes a JSON schema, which some models ignore; answers are parsed like all others."""

    takes: Constraint = "schema"

    def __init__(self, config: ServerConfig) -> None:
        self._config = config
        self._transport = Limited(config.timeout)
        self._client = ollama.Client(
            config.url,
            transport=self._transport,
            timeout=timeouts(config.timeout),
            follow_redirects=False,
        )

    def digest(self) -> str:
        """Return the digest of the model."""
        with self._errors():
            held = {model.model: model.digest or "" for model in self._client.list().models if model.model}
        for name in (self._config.model, f"{self._config.model}:latest"):
            if name in held:
                return held[name]
        names = printable(", ".join(held)) or "none"
        raise ServerError(f"Ollama has no model {self._config.model!r}; it has {names} (`ollama pull` gets one)")

    def ask(self, request: Request) -> Reply:
        """Return the answer to a request."""
        start = time.monotonic()
        pieces: list[str] = []
        size = 0
        last: ollama.ChatResponse | None = None
        with self._errors():
            stream = self._client.chat(
                model=self._config.model,
                messages=request.data()["messages"],
                stream=True,
                format=None if request.schema is None else dict(request.schema),
                options={
                    "num_ctx": request.context,
                    "num_predict": request.max_tokens,
                    "temperature": request.temperature,
                    "seed": request.seed,
                },
            )
            for part in stream:
                pieces.append(part.message.content or "")
                size += len(pieces[-1])
                if size > _LONGEST:
                    raise ServerError(f"the answer has more than {_LONGEST} characters")
                last = part
        if last is None or not last.done:
            raise Transient("the answer of Ollama breaks off in the middle")
        check_whole_prompt(request, last.prompt_eval_count)
        self._check_context(request)
        seconds = round(time.monotonic() - start, 3)
        whole = last.done_reason != "length"
        return Reply("".join(pieces), whole, last.prompt_eval_count, last.eval_count, seconds)

    def _check_context(self, request: Request) -> None:
        """Refuse an answer that was given in a smaller context than was asked for."""
        with self._errors():
            loaded = {model.model: model.context_length for model in self._client.ps().models}
        for name in (self._config.model, f"{self._config.model}:latest"):
            given = loaded.get(name)
            if given is not None and given < request.context:
                raise PromptCut(
                    f"Ollama gives the model a context of {given} tokens, less than `context` in the configuration, "
                    f"which is {request.context}; questions would be cut without a word"
                )

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except ollama.ResponseError as error:
            message = f"Ollama answers {error.status_code}: {printable(str(error.error))[:300]}"
            if error.status_code >= _FIRST_SERVER_ERROR or error.status_code in RETRIED:
                raise Transient(message, self._transport.retry_after) from None
            raise ServerError(message) from None
        except httpx.TimeoutException:
            raise Transient(f"Ollama does not answer within {self._config.timeout:g} seconds") from None
        except (httpx.TransportError, ConnectionError) as error:
            where = self._config.url or "its usual place"
            # The client says "is it running?" of everything; what happened is what it came from.
            why = error.__context__ if isinstance(error.__context__, httpx.TransportError) else error
            raise Transient(f"Ollama cannot be reached at {where}, or broke off: {printable(str(why))}") from None
        except ServerError:
            raise
        except (pydantic.ValidationError, ValueError, TypeError, AttributeError, RecursionError, httpx.HTTPError):
            # The client takes every line for an object of its own protocol.
            raise ServerError("the server does not answer as Ollama does") from None
