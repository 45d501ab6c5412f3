"""A web server of this machine with files on it, which can misbehave in the ways that servers do."""

from __future__ import annotations

import contextlib
import re
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

BY_HALVES = "half"  # sends the first half of what it promised, and hangs up


@dataclass
class WebServer:
    """What a server does, and what it was asked.

    Attributes
    ----------
    folder
        Its files.
    ways
        How it misbehaves: `whole` ignores ranges, `silent` never answers, `slow` takes some time, `half` hangs up in
        the middle, a number is an error, an address where it sends to, `page` a web page, `unmarked` gives neither ETag
        nor time.
    after
        How many requests are answered well before.
    breaking, breaks_after
        A file that cannot be had after so many requests for it.
    password
        What `user:password` it wants to hear.
    at_once
        How many requests it had in hand, each time that one came or was done; while it is `slow`.
    """

    folder: Path
    ways: str = ""
    after: int = 0
    breaking: str = ""
    breaks_after: int = 0
    password: str | None = None
    requests: list[str] = field(default_factory=list)
    sent: int = 0
    at_once: list[int] = field(default_factory=lambda: [0])
    scheme: str = "http"
    port: int = 0

    def url(self, name: str, user: str = "") -> str:
        return f"{self.scheme}://{user}127.0.0.1:{self.port}/{name}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # every answer would take 40 ms
    state: WebServer

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        state = self.state
        state.requests.append(f"{self.command} {self.path} {self.headers.get('Range', '-')}")
        ways = state.ways if len(state.requests) > state.after else ""
        if state.breaking and self.path == f"/{state.breaking}":
            asked = sum(f" {self.path} " in request for request in state.requests)
            ways = "500" if asked > state.breaks_after else ways
        if state.password is not None and self.headers.get("Authorization") != f"Basic {state.password}":
            self._end(401)
        elif ways == "silent":
            time.sleep(30)
        elif ways == "slow":
            state.at_once.append(state.at_once[-1] + 1)
            time.sleep(0.1)
            self._file(state, ways)
            state.at_once.append(state.at_once[-1] - 1)
        elif ways.isdigit():
            self._end(int(ways))
        elif "://" in ways:
            self.send_response(302)
            self.send_header("Location", ways)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif ways == "page":
            self._send(200, b"<html>Sign in</html>", {"Content-Type": "text/html"})
        else:
            self._file(state, ways)

    def _end(self, status: int) -> None:
        self._send(status, b"", {})

    def _send(self, status: int, content: bytes, headers: dict[str, str], part: slice = slice(None)) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.state.sent += len(content[part])
            with contextlib.suppress(ConnectionError):
                self.wfile.write(content[part])

    def _file(self, state: WebServer, ways: str) -> None:
        path = state.folder / unquote(self.path.partition("?")[0].strip("/"))
        if not path.is_file():
            self._end(404)
            return
        content, stat = path.read_bytes(), path.stat()
        headers = {} if state.ways == "unmarked" else {"Last-Modified": formatdate(stat.st_mtime, usegmt=True)}
        if state.ways != "unmarked":
            headers["ETag"] = f'"{stat.st_mtime_ns:x}"'
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if asked is None or ways == "whole":
            self._send(200, content, headers)
            return
        start, stop = int(asked[1]), min(int(asked[2]) + 1, len(content))
        if start >= stop:
            self._send(416, b"", {"Content-Range": f"bytes */{len(content)}"})
            return
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(content)}"
        if ways == BY_HALVES:
            self._send(206, content[start:stop], headers, slice((stop - start) // 2))
            self.close_connection = True
        else:
            self._send(206, content[start:stop], headers)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Print what went wrong, but for clients that hang up: they may, and what they say themselves is tested."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextlib.contextmanager
def serving(folder: Path, secure: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    """Serve the files of a folder, encrypted with a certificate if there is one."""
    state = WebServer(folder, scheme="http" if secure is None else "https")
    handler = type("Handler", (_Handler,), {"state": state})
    with _Server(("127.0.0.1", 0), handler) as server:
        state.port = server.server_address[1]
        if secure is not None:
            server.socket = secure.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
