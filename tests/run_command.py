"""What the tests of `hepsel run` share: the command, a program, events, and the program in plain loops."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import awkward as ak
import numpy as np
import pyarrow.parquet as pq
import pytest
import uproot

from hepsel.cli import main

PROGRAM = """hepsel 1

analysis "Muon pairs"
  experiment CMS
  source paper "arXiv:0000.00000"

object muons
  take Muon
  select pt > 20 GeV                 cite paper page 3 "above 20 GeV"
  select |eta| < 2.4

composite pairs
  take muons a, muons b
  select a.charge + b.charge == 0

region pairs_found
  select count(muons) >= 2           as "two muons"
  weight half = MET.pt / 50 GeV
  select count(pairs) >= 1           as "opposite charges"
  histogram lead = muons[0].pt  bins 8 from 20 GeV to 100 GeV  title "p_{T}^{lead}"
  save lead = muons[0].pt, all_pt = muons.pt, n = count(muons)
"""


def hepsel(*arguments: str) -> tuple[int, str, str]:
    """Run the command in this process; returns exit code, output and messages."""
    out, err = io.StringIO(), io.StringIO()
    with patch.object(sys, "argv", ["hepsel", *arguments]), redirect_stdout(out), redirect_stderr(err):
        try:
            main.main()
        except SystemExit as end:
            code = end.code
    assert code is None or isinstance(code, int)
    return int(code or 0), out.getvalue(), err.getvalue()


def interrupted(*arguments: str, out: Path) -> tuple[int, str]:
    """Run the command in a process, and press Ctrl-C when a first result is kept; returns exit code and messages."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hepsel", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while not [*out.glob(".hepsel/[0-9a-f]*.zip")] and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=120)
    return process.returncode, err


@dataclass(frozen=True)
class Muon:
    pt: float  # GeV, as stored
    eta: float
    charge: int


@dataclass(frozen=True)
class Event:
    run: int
    block: int
    number: int
    met: float
    muons: tuple[Muon, ...]


def events(count: int, seed: int = 1) -> list[Event]:
    """Return random events with numbers that a float32 holds exactly."""
    random = np.random.default_rng(seed)

    def muon() -> Muon:
        pt, eta = random.integers(40, 400) / 4, random.integers(-28, 29) / 10
        return Muon(float(np.float32(pt)), float(np.float32(eta)), int(random.choice([-1, 1])))

    return [
        Event(
            100 + number % 3,
            number % 7,
            1000 * seed + number,
            float(random.integers(1, 400)) / 4,
            tuple(muon() for _ in range(random.integers(0, 5))),
        )
        for number in range(count)
    ]


def write_events(path: Path, count: int, seed: int = 1, leave_out: str = "") -> list[Event]:
    """Write random events in the flat form of CMS Open Data, perhaps without one branch."""
    made = events(count, seed)
    muons = ak.Array([[{"pt": m.pt, "eta": m.eta, "charge": m.charge} for m in e.muons] for e in made])
    if not ak.fields(muons):
        muons = ak.Array([[{"pt": 0.0, "eta": 0.0, "charge": 0}]])[:0]
    single = {
        "run": np.array([e.run for e in made], dtype=np.uint32),
        "luminosityBlock": np.array([e.block for e in made], dtype=np.uint32),
        "event": np.array([e.number for e in made], dtype=np.uint64),
        "MET_pt": np.array([e.met for e in made], dtype=np.float32),
        "MET_phi": np.zeros(len(made), dtype=np.float32),
    }
    types = {"pt": np.float32, "eta": np.float32, "phi": np.float32, "mass": np.float32, "charge": np.int32}
    stored = {name: muons[name] for name in ("pt", "eta", "charge")}
    stored |= {"phi": muons["pt"] * 0, "mass": muons["pt"] * 0 + 0.105}
    jagged = {f"Muon_{name}": ak.values_astype(column, types[name]) for name, column in stored.items()}
    columns = {name: column for name, column in {**single, **jagged}.items() if name != leave_out}
    with uproot.recreate(path) as file:
        kinds = {
            name: column.dtype if isinstance(column, np.ndarray) else column.type.content
            for name, column in columns.items()
        }
        tree = file.mktree("Events", kinds, counter_name=lambda _: "nMuon")
        if made:
            tree.extend(columns)
    return made


def selected_muons(event: Event) -> list[Muon]:
    return [m for m in event.muons if m.pt > 20 and abs(m.eta) < 2.4]


def passing(made: list[Event]) -> Iterator[Event]:
    """Return the events of the region."""
    for event in made:
        charges = {m.charge for m in selected_muons(event)}
        if len(charges) == 2:
            yield event


def cutflow(made: list[Event]) -> list[tuple[str, int, float]]:
    """Return label, events and sum of weights of each row."""
    two = [e for e in made if len(selected_muons(e)) >= 2]
    charges = list(passing(made))
    return [
        ("all events", len(made), float(len(made))),
        ("two muons", len(two), float(len(two))),
        ("opposite charges", len(charges), sum(e.met / 50 for e in charges)),
    ]


def prepared(folder: Path, monkeypatch: pytest.MonkeyPatch, events: int) -> Path:
    """Go to a folder with `p.hepsel` and `good.root`."""
    monkeypatch.chdir(folder)
    (folder / "p.hepsel").write_text(PROGRAM)
    write_events(folder / "good.root", events)
    return folder


def everything(folder: Path) -> dict[str, Any]:
    """Return what was written, without times, command and the order in which pictures are compressed."""
    with uproot.open(folder / "histograms.root") as file:
        histogram = file["pairs_found/lead"]
        contents = histogram.values(flow=True).tolist(), histogram.variances(flow=True).tolist()
    manifest = json.loads((folder / "manifest.json").read_text())
    kept = {key: manifest[key] for key in ("program_sha256", "format_sha256", "code_sha256", "inputs")}
    texts = {path.name: path.read_text() for path in folder.iterdir() if path.suffix in (".csv",)}
    columns = pq.read_table(folder / "columns_pairs_found.parquet").to_pylist()
    return {
        "cutflow": (folder / "cutflow.json").read_text(),
        "histogram": contents,
        "manifest": kept,
        "columns": columns,
        **texts,
    }
