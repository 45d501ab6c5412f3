"""A stand-in for a ServiceX server: what the client asks of its REST and S3 interfaces, on this machine only.

It runs the queries of requests as a real server does, file by file, with func_adl_uproot or as Python functions in a
process of their own, and answers with Parquet.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import awkward as ak
from servicex_case import server_program, tree_of

STARTED = datetime(2026, 1, 1, tzinfo=UTC)
ONE_AT_A_TIME = threading.Lock()
"""A server has a process for each file; threads would share what func_adl_uproot and dask-awkward have for one."""

ANSWERS: dict[tuple[Callable[..., str], str, bytes], bytes] = {}
"""What has come of files, by what ran, what it was asked and what is in the file: many tests ask for the same."""


@dataclass
class Transformation:
    """A request, and what has become of it."""

    request: Mapping[str, Any]
    files: list[str]
    known: bool
    results: dict[str, Path] = field(default_factory=dict)
    failed: int = 0
    said: str = ""
    finished: bool = False


@dataclass
class StandIn:
    """The server.

    Attributes
    ----------
    folder
        Where its files are: those that can be read (`root://anywhere//NAME` is the file `NAME`), and the results.
    data_sets
        The files of each data set, by its identifier.
    accepts_tokens
        Whether a token is accepted.
    loses
        How many files it loses between a transformation and the reader, without a word.
    is_slow
        Whether it says that transformations still run.
    asked
        How often it was asked how far a request has come.
    """

    folder: Path
    data_sets: dict[str, list[str]] = field(default_factory=dict)
    accepts_tokens: bool = True
    loses: int = 0
    is_slow: bool = False
    address: str = ""
    asked: int = 0
    transformations: dict[str, Transformation] = field(default_factory=dict)

    def configuration(self, token: str = "", name: str = "here") -> Path:
        """Write a `servicex.yaml` that names this server, with a cache of its own."""
        path = self.folder / "servicex.yaml"
        lines = [
            f"api_endpoints: [{{endpoint: 'http://{self.address}', name: {name}, token: '{token}'}}]",
            f"default_endpoint: {name}",
            f"cache_path: {self.folder / 'cache'}",
        ]
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    def submit(self, request: Mapping[str, Any]) -> str:
        """Begin with a request, and return its identity."""
        identity = str(uuid.uuid4())
        name = request.get("did", "")
        files = request.get("file-list") or self.data_sets.get(name.partition("?")[0], [])
        done = Transformation(request, list(files), bool(files))
        (self.folder / identity).mkdir()
        codegens = {"uproot": run_func_adl, "python": run_python, "atlasr22": run_xaod, "atlasr25": run_xaod}
        run = codegens[request["codegen"]]
        self.transformations[identity] = done
        threading.Thread(target=self._transform, args=(done, run, self.folder / identity), daemon=True).start()
        return identity

    def _transform(self, done: Transformation, run: Callable[[str, Mapping[str, Path], Path], str], to: Path) -> None:
        work = {
            str(self.folder / address.rpartition("/")[2]): to / f"{number}.parquet"
            for number, address in enumerate(done.files)
        }
        try:
            done.said = run_new(run, done.request["selection"], work, to)
        except Exception as problem:  # nobody waits for a thread that has ended: the request has failed
            done.said = repr(problem)
        results = {target.name: target for target in work.values() if target.exists()}
        done.failed = len(work) - len(results)
        for key in list(results)[: self.loses]:
            del results[key]
        done.results = results
        done.finished = True

    def status(self, identity: str) -> dict[str, Any]:
        """Say how far a request has come."""
        done = self.transformations[identity]
        self.asked += 1
        failed_whole = done.failed and not done.results
        return {
            "request_id": identity,
            "did": done.request.get("did", "files"),
            "did_id": 1,
            "title": done.request["title"],
            "selection": done.request["selection"],
            "tree-name": None,
            "image": "none",
            "result-destination": "object-store",
            "result-format": done.request["result-format"],
            "generated-code-cm": "none",
            "status": "Running"
            if self.is_slow or not done.finished
            else "Bad Dataset"
            if not done.known
            else "Fatal"
            if failed_whole
            else "Complete",
            "app-version": "stand-in",
            "files": len(done.files),
            "files-completed": len(done.results),
            "files-failed": done.failed,
            "submit-time": STARTED.isoformat(),
            "finish-time": STARTED.isoformat(),
            "minio-endpoint": self.address,
            "minio-secured": False,
            "minio-access-key": "key",
            "minio-secret-key": "secret",
        }

    def answer(self, path: str) -> tuple[int, dict[str, Any]]:
        """Answer a question."""
        parts = path.strip("/").split("/")
        match parts:
            case ["servicex"]:
                capabilities = ["poll_local_transformation_results", "long_sample_titles_1024"]
                return 200, {
                    "app-version": "stand-in",
                    "code-gen-image": dict.fromkeys(("uproot", "python", "atlasr22", "atlasr25"), "none"),
                    "capabilities": capabilities,
                }
            case ["servicex", "transformation", identity]:
                return 200, self.status(identity)
            case ["servicex", "transformation", identity, "results"]:
                results = self.transformations[identity].results
                return 200, {
                    "results": [
                        {
                            "transform_status": "success",
                            "s3-object-name": key,
                            "created_at": (STARTED + timedelta(seconds=number)).replace(tzinfo=None).isoformat(),
                            "total-bytes": path.stat().st_size,
                        }
                        for number, (key, path) in enumerate(results.items())
                    ]
                }
            case ["servicex", "datasets", _]:
                return 200, {
                    "id": 1,
                    "name": "data",
                    "did_finder": "rucio",
                    "n_files": 0,
                    "size": 0,
                    "events": 0,
                    "last_used": STARTED.isoformat(),
                    "last_updated": STARTED.isoformat(),
                    "lookup_status": "does_not_exist",
                    "is_stale": False,
                    "files": [],
                }
        return 404, {"message": f"nothing at {path}"}


def run_new(
    run: Callable[[str, Mapping[str, Path], Path], str], selection: str, work: Mapping[str, Path], to: Path
) -> str:
    """Run over the files of which no answer is known, and return what was said of those that failed."""
    new = {}
    for source, target in work.items():
        content = Path(source).read_bytes() if Path(source).exists() else b""
        answer = ANSWERS.get((run, selection, content))
        if answer is None:
            new[source] = (target, content)
        else:
            target.write_bytes(answer)
    said = run(selection, {source: target for source, (target, _) in new.items()}, to) if new else ""
    for target, content in new.values():
        if target.exists():
            ANSWERS[run, selection, content] = target.read_bytes()
    return said


def run_func_adl(selection: str, work: Mapping[str, Path], _: Path) -> str:
    """Run a query over files, and return what was said of those that failed."""
    with ONE_AT_A_TIME:
        query = server_program(selection)
    said = []
    for source, target in work.items():
        try:
            with ONE_AT_A_TIME:
                ak.to_parquet(query([source], tree_of(selection)), target)
        except Exception as problem:
            said.append(f"{source}: {problem}")
    return "\n".join(said)


def run_xaod(selection: str, work: Mapping[str, Path], folder: Path) -> str:
    """Run a query on ATLAS objects over files, and return what was said of those that failed."""
    from xaod_case import every_read, run_query, write_events

    said = []
    for source, target in work.items():
        try:
            events = write_events(Path(source), folder / target.stem, every_read())
            ak.to_parquet(run_query(selection, events), target)
        except Exception as problem:
            said.append(f"{source}: {problem}")
    return "\n".join(said)


def run_python(selection: str, work: Mapping[str, Path], folder: Path) -> str:
    """Run a Python function over files, and return what was said of those that failed.

    Servers put statements before the function, and older ones read nothing but ASCII.
    """
    text = base64.b64decode(selection).decode("ascii")
    start = "import os\nos.environ['COMPRESSION_ALGORITHM'] = 'ZSTD'\nos.environ['COMPRESSION_LEVEL'] = '5'\n"
    (folder / "generated_transformer.py").write_text(f"\n{start}\n{text}\n", encoding="ascii")
    names = [str(name) for pair in work.items() for name in pair]
    command = [sys.executable, str(Path(__file__).with_name("servicex_transformer.py")), str(folder), *names]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def _handler(server: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

        def _json(self, status: int, content: object) -> None:
            text = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path == "/token/refresh" and not server.accepts_tokens:
                self._json(401, {"message": "the token has expired"})
            elif self.path == "/servicex/transformation":
                self._json(200, {"request_id": server.submit(json.loads(body))})
            else:
                self._json(404, {"message": "nothing here"})

        def do_HEAD(self) -> None:
            self._file(send=False)

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path.startswith("/servicex"):
                self._json(*server.answer(path))
            else:
                self._file(send=True)

        def _file(self, *, send: bool) -> None:
            """Answer as S3 does."""
            identity, _, key = unquote(urlsplit(self.path).path).strip("/").partition("/")
            data = server.transformations[identity].results[key].read_bytes()
            first, last = 0, len(data) - 1
            asked = self.headers.get("Range")
            if asked:
                low, _, high = asked.removeprefix("bytes=").partition("-")
                first, last = int(low), int(high) if high else last
            self.send_response(206 if asked else 200)
            self.send_header("Content-Length", str(last - first + 1))
            if asked:
                self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
            self.send_header("ETag", '"0"')
            self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
            self.end_headers()
            if send:
                self.wfile.write(data[first : last + 1])

    return Handler


@contextmanager
def serving(folder: Path) -> Iterator[StandIn]:
    """Run a server on a free port of 127.0.0.1, as long as the context lasts."""
    stand_in = StandIn(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(stand_in))
    stand_in.address = f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
