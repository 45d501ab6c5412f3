"""A server that speaks as Ollama and as OpenAI-style servers do, and goes wrong when asked to.

What it answers is given; `behind` puts it in front of a real one, with the mapping that Ollama itself does. That makes
it a stand-in for what goes over the wire, and for nothing else that Ollama does.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

MODEL = "tested:1b"
DIGEST = "sha256:0123"
CONTEXT = 65536


class HangUp(Exception):
    """Raised in the place of an answer: the connection breaks."""


@dataclass(frozen=True)
class Answer:
    """What a model says, and what the server says about it."""

    text: str
    reason: str = "stop"
    prompt_tokens: int | None = None
    answer_tokens: int = 100
    thoughts: str = ""  # what the server itself tells apart


@dataclass
class ModelServer:
    """What the server answers, what is wrong with it, and what it was asked."""

    answer: Callable[[dict[str, Any]], Answer]
    fault: str = ""
    faults: int = 1_000_000  # how often the fault happens before all is well
    models: tuple[str, ...] = (MODEL,)
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    authorization: str | None = None
    retry_after: str = "7"

    def broken(self, fault: str) -> bool:
        """Whether this goes wrong now."""
        if self.fault != fault or not self.faults:
            return False
        self.faults -= 1
        return True


@contextmanager
def serving(answer: Callable[[dict[str, Any]], Answer], fault: str = "", **more: Any) -> Iterator[ModelServer]:
    """Serve until the block ends."""
    held = ModelServer(answer, fault, **more)

    class Handler(_Handler):
        server_state = held

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    held.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()


def saying(*texts: str) -> Callable[[dict[str, Any]], Answer]:
    """Answer with these texts, one after the other."""
    left = list(texts)

    def answer(_body: dict[str, Any]) -> Answer:
        return Answer(left.pop(0))

    return answer


def behind(url: str) -> Callable[[dict[str, Any]], Answer]:
    """Answer what another server answers, asked in its own way."""

    def answer(body: dict[str, Any]) -> Answer:
        options = body["options"]
        asked = {
            "messages": body["messages"],
            "max_tokens": options["num_predict"],
            "temperature": options["temperature"],
            "seed": options["seed"],
        }
        if body.get("format"):
            schema = {"name": "answer", "schema": body["format"]}
            asked["response_format"] = {"type": "json_schema", "json_schema": schema}
        reply = httpx.post(f"{url}/v1/chat/completions", json=asked, timeout=600).json()
        choice, usage = reply["choices"][0], reply["usage"]
        return Answer(
            choice["message"]["content"], choice["finish_reason"], usage["prompt_tokens"], usage["completion_tokens"]
        )

    return answer


class _Handler(BaseHTTPRequestHandler):
    server_state: ModelServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        state = self.server_state
        if self.path == "/api/tags":
            self._json({"models": [{"model": name, "name": name, "digest": DIGEST} for name in state.models]})
        elif self.path == "/api/ps":
            context = 4096 if state.broken("small context") else CONTEXT
            self._json({"models": [{"model": MODEL, "name": MODEL, "context_length": context}]})
        elif self.path == "/v1/models":
            context = 4096 if state.fault == "small context" else CONTEXT
            self._json({"data": [{"id": name, "max_model_len": context} for name in state.models]})
        elif self.path == "/props":
            context = 4096 if state.fault == "small context" else CONTEXT
            self._json({"default_generation_settings": {"n_ctx": context}})
        else:
            self._json({"error": "not found"}, 404)

    def do_POST(self) -> None:
        state = self.server_state
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        state.asked.append(body)
        state.authorization = self.headers["Authorization"]
        if state.broken("500"):
            return self._json({"error": "out of memory"}, 500)
        if state.broken("429"):
            return self._json({"error": "too many requests"}, 429, {"Retry-After": state.retry_after})
        if state.broken("400"):
            message = "bad \x1b[31mgrammar"
            return self._json({"error": message if self.path == "/api/chat" else {"message": message}}, 400)
        if state.broken("404"):
            message = f"model '{MODEL}' not found"
            return self._json({"error": message if self.path == "/api/chat" else {"message": message}}, 404)
        if state.broken("redirect"):
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        if state.broken("slow"):
            time.sleep(1.5)
        if state.broken("not JSON"):
            return self._text("<html>It works!</html>")
        if state.broken("not an object"):
            return self._text("[1, 2]\n")
        if state.broken("deep"):
            return self._text("[" * 100_000 + "\n")
        if state.broken("endless"):
            return self._endless()
        if state.broken("trickle"):
            return self._trickle()
        try:
            answer = state.answer(body)
        except HangUp:
            self.close_connection = True
            return None
        if state.broken("length"):
            answer = Answer(answer.text[:200], "length")
        tokens = answer.prompt_tokens
        if tokens is None:
            tokens = sum(len(message["content"]) for message in body["messages"]) * 10 // 36
        if state.broken("prompt cut"):
            tokens = 2048
        if self.path == "/api/chat":
            return self._ollama(answer, tokens)
        return self._openai(answer, tokens)

    def _openai(self, answer: Answer, tokens: int) -> None:
        message = {"role": "assistant", "content": answer.text}
        if answer.thoughts:
            message["reasoning_content"] = answer.thoughts
        choice = {"message": message, "finish_reason": answer.reason}
        usage = {"prompt_tokens": tokens, "completion_tokens": answer.answer_tokens}
        cut = self.server_state.broken("cut")
        self._text(json.dumps({"choices": [choice], "usage": usage}), cut=cut)

    def _ollama(self, answer: Answer, tokens: int) -> None:
        step = 1000
        pieces = [answer.text[start : start + step] for start in range(0, len(answer.text), step)]
        lines = [
            {"model": MODEL, "message": {"role": "assistant", "content": piece}, "done": False} for piece in pieces
        ]
        if answer.thoughts:
            thinking = {"role": "assistant", "content": "", "thinking": answer.thoughts}
            lines.insert(0, {"model": MODEL, "message": thinking, "done": False})
        last = {
            "model": MODEL,
            "message": {"role": "assistant", "content": ""},
            "done": True,
            "done_reason": answer.reason,
            "prompt_eval_count": tokens,
            "eval_count": answer.answer_tokens,
        }
        text = "".join(json.dumps(line) + "\n" for line in [*lines, last])
        if self.server_state.broken("not done"):
            text = text[: text.rindex("\n", 0, -1) + 1]
        if self.server_state.broken("error in the stream"):
            text = json.dumps(lines[0]) + "\n" + json.dumps({"error": "the runner has crashed"}) + "\n"
        self._text(text, cut=self.server_state.broken("cut"))

    def _endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        piece = json.dumps({"model": MODEL, "message": {"role": "assistant", "content": "x" * 60_000}, "done": False})
        try:
            while True:
                self.wfile.write(piece.encode() + b"\n")
        except OSError:
            self.close_connection = True

    def _trickle(self) -> None:
        """Send a byte now and then, so that no single step of the connection takes long."""
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(50):
                self.wfile.write(b" ")
                time.sleep(0.1)
        except OSError:
            pass
        self.close_connection = True

    def _json(self, data: object, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self._text(json.dumps(data), status, headers=headers)

    def _text(self, text: str, status: int = 200, *, cut: bool = False, headers: dict[str, str] | None = None) -> None:
        data = text.encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if cut else data)
        self.close_connection |= cut
