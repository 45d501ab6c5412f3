"""What the tests of `hepsel bench` share: a small paper with its truth, and a bench of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from extract_case import SMALL_PAPER, written
from model_server import CONTEXT, MODEL
from run_command import hepsel

SMALL_TRUTH = """hepsel 1

analysis "Two muons"
  source article "two muons"

object muons
  take Muon
  select pt > 20 GeV  cite article page 1 "Muons must have pT > 20 GeV"
  select |eta| < 2.4  cite article page 1 "Muons are restricted to |η| < 2.4"

region signal
  select count(muons) >= 2  cite article page 1 "Events must contain at least two muons"
"""


def small_bench(folder: Path, url: str, top: str = "", paper: str = "", **model: Any) -> Path:
    """Write a bench of one model on the small paper; further lines of the file, and of the paper's section."""
    written(folder, "paper.md", SMALL_PAPER)
    written(folder, "truth.hepsel", SMALL_TRUTH)
    values = {"kind": "openai", "url": url, "model": MODEL, "context": CONTEXT, "temperature": 0.5, **model}
    lines = [
        top or "trials = 3\nrounds = 1",
        "[models.tested]",
        *(f"{name} = {json.dumps(value)}" for name, value in values.items()),
        '[papers.small]\npaper = "paper.md"\ntruth = "truth.hepsel"\nformat = "physlite"',
        paper,
    ]
    return Path(written(folder, "bench.toml", "\n".join(lines) + "\n"))


def run_bench(path: Path) -> tuple[int, dict[str, Any], str, str]:
    """Run the command; returns exit code, results, tables and messages."""
    out = path.parent / "out"
    code, tables, messages = hepsel(
        "bench", "extract", str(path), "--out", str(out), "--store", str(path.parent / "answers.sqlite")
    )
    results = out / "results.json"
    data = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
    return code, data, tables, messages
