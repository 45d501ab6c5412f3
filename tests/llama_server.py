"""A real language model, small enough for a test: SmolLM2 with 135 million parameters, served by llama.cpp.

Run as a program it serves the model until its standard input ends, and prints its address. It shows that the way to a
model and back works; of what a model that understands papers would write, it shows nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hepsel.extract.asking.messages import Message
from hepsel.extract.constraint.tree_json import to_json
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import parse

CONTEXT = 8192

TASK = (
    Message(
        "user",
        """Write a hepsel program: muons with pt > 20 GeV, and a region with two of them. Like this:
```hepsel
hepsel 1

analysis "Dimuons"

object muons
  take Muon
  select pt > 25 GeV  cite paper "p1.s8"

region two
  select count(muons) == 2  cite paper "p1.s9"
```
""",
    ),
)
"""A question that such a model reads in no time."""

_COPIED = """hepsel 1
analysis "Dimuons"
object muons
  take Muon
  select pt > 25 GeV  cite paper "p1.s8"
"""


def json_task() -> Message:
    """Return a question whose answer is a short program in JSON, which such a model can only copy."""
    program, _, _ = parse(SourceText(_COPIED))
    assert program is not None
    data = {"title": "Dimuons", "blocks": [to_json(block) for block in program.blocks]}
    return Message("user", f"Copy this object to the end, character by character:\n{json.dumps(data, indent=2)}\n")


@contextmanager
def llama_server(model: Path) -> Iterator[str]:
    """Serve a model from a process of its own, and give its address."""
    process = subprocess.Popen(
        [sys.executable, __file__, str(model)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), "the server does not start"
        yield address
    finally:
        process.kill()
        process.wait()


def main(model: str) -> None:
    """Serve until standard input ends."""
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = model
    settings.hostnames = ["127.0.0.1"]
    settings.port = 0
    settings.n_ctx = CONTEXT
    settings.n_parallel = 1
    settings.cpuparams.n_threads = 1
    settings.cpuparams_batch.n_threads = 1
    settings.warmup = False
    server = xllamacpp.Server(settings)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
