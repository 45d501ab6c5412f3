"""Servers that speak the protocol of OpenAI: llama.cpp, vLLM, and all others."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx

from hepsel.extract.servers.config import ServerConfig, api_key
from hepsel.extract.servers.model import RETRIED, Constraint, Reply, Request, ServerError, Transient, check_whole_prompt
from hepsel.extract.servers.transport import Limited, timeouts
from hepsel.syntax.diagnostics import printable

_LONGEST_MESSAGE = 300


class OpenAI:
    """A server at `/v1/chat/completions`.

    What tells kinds apart is how a grammar is sent, and who says how large the context is.
    """

    def __init__(self, config: ServerConfig) -> None:
        assert config.url is not None
        self._config = config
        self._root = config.url.rstrip("/").removesuffix("/v1")
        key = api_key(config)
        self._transport = Limited(config.timeout)
        self._client = httpx.Client(
            transport=self._transport,
            timeout=timeouts(config.timeout),
            headers={} if key is None else {"Authorization": f"Bearer {key}"},
        )
        self.takes: Constraint = "grammar" if config.kind in ("llama-server", "vllm") else "nothing"

    def digest(self) -> str:
        """Return what tells this model from others of its name, as far as the server says."""
        models = self._call("GET", "/v1/models").get("data") or []
        held = [model for model in models if isinstance(model, dict)]
        if self._config.kind == "llama-server":
            return self._of_llama_server(held)
        found = next((model for model in held if model.get("id") == self._config.model), None)
        if found is None:
            names = ", ".join(str(model.get("id")) for model in held) or "none"
            raise ServerError(f"{self._root} has no model {self._config.model!r}; it has {printable(names)}")
        self._check_context(found.get("max_model_len"))
        return str(found.get("root") or "")

    def _of_llama_server(self, held: list[dict[str, Any]]) -> str:
        # It has one model, whatever it is called.
        settings = self._call("GET", "/props").get("default_generation_settings")
        self._check_context(settings.get("n_ctx") if isinstance(settings, dict) else None)
        meta = held[0].get("meta") if held else None
        return json.dumps(meta, sort_keys=True) if isinstance(meta, dict) else ""

    def _check_context(self, size: object) -> None:
        if isinstance(size, int) and size < self._config.context:
            raise ServerError(
                f"the server gives the model a context of {size} tokens, less than `context` in the configuration, "
                f"which is {self._config.context}"
            )

    def ask(self, request: Request) -> Reply:
        """Return the answer to a request."""
        start = time.monotonic()
        body: dict[str, Any] = {
            "model": self._config.model,
            "messages": request.data()["messages"],
            "temperature": request.temperature,
            "seed": request.seed,
            "max_tokens": request.max_tokens,
            "stream": False,
        }
        if request.grammar is not None:
            if self._config.kind == "llama-server":
                body["grammar"] = request.grammar
            else:
                body["structured_outputs"] = {"grammar": request.grammar}
        data = self._call("POST", "/v1/chat/completions", body)
        try:
            choice = data["choices"][0]
            text = choice["message"].get("content") or ""
            reason = choice.get("finish_reason")
            usage = data.get("usage") or {}
        except (KeyError, IndexError, TypeError, AttributeError):
            raise ServerError(f"{self._root} does not answer as an OpenAI-style server does") from None
        if not isinstance(text, str) or not isinstance(usage, dict):
            raise ServerError(f"{self._root} does not answer as an OpenAI-style server does")
        counted = _number(usage.get("prompt_tokens"))
        check_whole_prompt(request, counted)
        seconds = round(time.monotonic() - start, 3)
        return Reply(text, reason != "length", counted, _number(usage.get("completion_tokens")), seconds)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            response = self._client.request(method, self._root + path, json=body)
        except httpx.TimeoutException:
            raise Transient(f"{self._root} does not answer within {self._config.timeout:g} seconds") from None
        except httpx.TransportError as error:
            raise Transient(f"{self._root} cannot be reached, or broke off: {printable(str(error))}") from None
        except httpx.HTTPError as error:
            raise ServerError(f"{self._root}: {printable(str(error))}") from None
        if response.status_code != httpx.codes.OK:
            message = f"{self._root}{path}: {response.status_code}: {_reason(response)}"
            if response.status_code in RETRIED:
                raise Transient(message, self._transport.retry_after)
            raise ServerError(message)
        try:
            data = response.json()
        except (ValueError, RecursionError):
            raise ServerError(f"{self._root}{path}: the answer is not JSON") from None
        if not isinstance(data, dict):
            raise ServerError(f"{self._root}{path}: the answer is not a JSON object")
        return data


def _reason(response: httpx.Response) -> str:
    try:
        error = response.json().get("error")
        text = error.get("message") if isinstance(error, dict) else error
    except (ValueError, AttributeError, RecursionError):
        text = None
    return printable(str(text or response.text or response.reason_phrase))[:_LONGEST_MESSAGE]


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
