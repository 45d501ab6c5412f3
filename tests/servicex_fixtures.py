"""Events, a program and a server that stands in for a real one, for tests with the real client of ServiceX."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import awkward as ak
import numpy as np
import pytest
import uproot
from servicex import servicex_adapter
from servicex.query_core import Query
from servicex_case import quickly
from servicex_server import StandIn, serving

PROGRAM = """hepsel 1
analysis "stand-in"
object hard take Jet select pt > 30.1 GeV
composite pairs take hard a, hard b select mass > 40 GeV keep highest mass
region base
  select MET.pt > 20 GeV
  select count(hard) >= 2 as "two jets"
  weight w = event.weight
  histogram met = MET.pt bins 4 from 0 GeV to 100 GeV
region signal take base
  select count(pairs) >= 1
  save mass = pairs[0].mass, met = MET.pt
"""
NAMES = ("one.root", "two.root", "three.root")

# The client leaves failed tasks behind, and asyncio logs those that the garbage collector finds, maybe in a later test
# and in the middle of `ast.parse`. To print their tracebacks, as pytest's handlers do, Python calls that itself, and
# 3.11 cannot: `SystemError: AST constructor recursion depth mismatch` (CPython gh-106905). Scripts hear what is logged.
logging.getLogger("asyncio").propagate = False
logging.getLogger("asyncio").addHandler(logging.NullHandler())


def be_impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the server every 50 ms, not every 5 s, and do not wait before trying once more.

    For each question, the client reads all certificates of the system twice, in which most of the time would go.
    """
    defaults = [0.05 if type(value) is int else value for value in Query.__init__.__defaults__ or ()]
    monkeypatch.setattr(Query.__init__, "__defaults__", tuple(defaults))
    retry = servicex_adapter.Retry
    monkeypatch.setattr(servicex_adapter, "Retry", lambda **options: retry(**{**options, "backoff_factor": 0}))
    monkeypatch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")


def with_events(tmp_path: Path) -> Iterator[StandIn]:
    """Yield a server that has three files, and looks for no columns that need not be read."""
    for seed, name in enumerate(NAMES):
        write_events(tmp_path / name, seed, 200)
    with quickly(), serving(tmp_path) as found:
        yield found


def write_events(path: Path, seed: int, events: int, *, other_names: bool = False) -> None:
    """Write events in the form of NanoAOD, of simulation or (with `other_names`) of newer collision data."""
    path.write_bytes(_written(seed, events, other_names))


@cache
def _written(seed: int, events: int, other_names: bool) -> bytes:
    """Return such a file: written once, it is the same for all tests, and so are the answers of the server."""
    random = np.random.default_rng(seed)
    counts = random.integers(0, 5, events)

    def jagged(values: Any) -> ak.Array:
        return ak.unflatten(values.astype(np.float32), counts)

    total = int(counts.sum())
    jets = ak.zip(
        {
            "pt": jagged(random.exponential(40, total)),
            "eta": jagged(random.normal(0, 2, total)),
            "phi": jagged(random.uniform(-3, 3, total)),
            "mass": jagged(random.exponential(5, total)),
        }
    )
    columns = {
        "run": np.full(events, seed + 1, dtype=np.uint32),
        "luminosityBlock": np.ones(events, dtype=np.uint32),
        "event": np.arange(events, dtype=np.uint64),
        "genWeight": random.normal(1, 0.5, events).astype(np.float32),
        "MET_pt": random.exponential(40, events).astype(np.float32),
    }
    if other_names:
        columns["PFMET_pt"] = columns.pop("MET_pt")
        del columns["genWeight"]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "events.root"
        with uproot.recreate(path) as file:
            types: dict[str, Any] = {name: array.dtype for name, array in columns.items()}
            file.mktree("Events", {**types, "Jet": jets.type.content})
            file["Events"].extend({**columns, "Jet": jets})
        return path.read_bytes()


def addresses(*names: str) -> list[str]:
    return [f"root://server//{name}" for name in names]
