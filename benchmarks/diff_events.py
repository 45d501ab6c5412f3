"""How long `hepsel diff --data` takes, beside running each of the programs that it answers for by itself.

With N differences these are 2 + 2 N programs. Quote the ratios: absolute times are those of one machine.

Examples
--------
::

    python benchmarks/h4l/scale_sample.py examples/h4l/h4l_sample.root --shares 1 --events 100000 --out large.root
    python benchmarks/diff_events.py large.root
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "h4l" / "h4l.hepsel"
HEPSEL = [sys.executable, "-m", "hepsel"]
CHANGES = [
    ("select pt > 7 GeV  ", "select pt > 10 GeV "),
    ("|eta| < 2.47", "|eta| < 2.3"),
    ("ptcone20 / pt < 0.15", "ptcone20 / pt < 0.1"),
    ("|d0_significance| < 3", "|d0_significance| < 2"),
    ("select pt > 5 GeV", "select pt > 6 GeV"),
    ("50 GeV < m12", "60 GeV < m12"),
    ("12 GeV < m34", "20 GeV < m34"),
    ("largest(parts.pt, 2) > 15 GeV", "largest(parts.pt, 2) > 18 GeV"),
    ("count(dileptons) >= 2", "count(dileptons) >= 3"),
    ("region signal\n", "region signal\n  select count(Jet) < 6\n"),
]


@dataclass(frozen=True)
class Usage:
    """Wall and processor seconds, and the largest memory in MB."""

    wall: float
    cpu: float
    memory: float


def measure(*arguments: str) -> Usage:
    start = time.perf_counter()
    process = subprocess.Popen([*HEPSEL, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"failed: {' '.join(arguments)}")
    return Usage(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--chunk", default="20000")
    options = parser.parse_args()
    text = EXAMPLE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder) / "changed.hepsel"
        for old, new in CHANGES:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        changed.write_text(text, encoding="utf-8")
        data = ["--format", "physlite", "--chunk", options.chunk]
        alone = measure("run", str(EXAMPLE), options.file, *data)
        together = measure("diff", str(EXAMPLE), str(changed), *data, "--data", options.file)
    programs = 2 + 2 * len(CHANGES)
    print(f"{'':24} {'wall s':>8} {'cpu s':>8} {'MB':>8}")
    for name, usage in (("hepsel run, one program", alone), ("hepsel diff --data", together)):
        print(f"{name:24} {usage.wall:8.1f} {usage.cpu:8.1f} {usage.memory:8.0f}")
    print(f"{len(CHANGES)} differences: {programs} programs in the time of {together.cpu / alone.cpu:.1f}")


if __name__ == "__main__":
    main()
