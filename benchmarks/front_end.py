"""How long `hepsel check` takes: on a generated program of 2,000 lines, and as a process on the H->4l example.

python benchmarks/front_end.py [LINES]
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from time import process_time

from hepsel.check import check_text
from hepsel.formats.loader import load_format

H4L = Path(__file__).parent.parent / "examples" / "h4l" / "h4l.hepsel"
HEADER = """hepsel 1

analysis "Generated, to measure the front end"
  source paper "arXiv:1806.00242"
"""
BLOCKS = """
define threshold_{n} = {pt} GeV

object electrons_{n}
  take Electron
  select is_loose                              cite paper page {page} "loose likelihood"
  select pt > threshold_{n} and |eta| < 2.47   as "acceptance"
  select ptcone20 / pt < 0.15
  select |z0_sin_theta| < 0.5 mm

object muons_{n}
  take Muon
  select |eta| < 2.7
  select pt > (if type == calo_tagged then 15 GeV else 5 GeV)
  reject type == standalone and |eta| < 2.4    assume "regions overlap in the table"

object leptons_{n}
  take electrons_{n}, muons_{n}
  sort by pt descending

composite dileptons_{n}
  take leptons_{n} a, leptons_{n} b
  select a.flavour == b.flavour and a.charge + b.charge == 0
  keep lowest |mass - 91.1876 GeV|

region signal_{n}
  select count(dileptons_{n}) >= 1
  select all(dr(i, j) > 0.1 for i, j in leptons_{n} if i.flavour == j.flavour)
  let m_ll = dileptons_{n}[0].mass
  select 66 GeV < m_ll < 116 GeV               as "Z window"
  histogram m_ll bins 50 from 66 GeV to 116 GeV
  save m_ll, n_jets = count(j for j in Jet if j.pt > {pt} GeV)

region control_{n}
  take signal_{n} without "Z window" with threshold_{n} = {pt2} GeV
"""


def generated(lines: int) -> str:
    """Return a program with at least this many lines."""
    parts = [HEADER]
    count = HEADER.count("\n")
    while count < lines:
        n = len(parts)
        parts.append(BLOCKS.format(n=n, pt=7 + n % 20, pt2=5 + n % 20, page=1 + n % 30))
        count += BLOCKS.count("\n")
    return "".join(parts)


def seconds_to_check(text: str) -> float:
    """Return the process time of one check; the program has no errors."""
    data_format = load_format("physlite")
    before = process_time()
    checked = check_text(text, data_format)
    taken = process_time() - before
    assert checked.program is not None, checked.diagnostics
    return taken


def seconds_of_command() -> float:
    """Return the user and system time of `hepsel check` on the H->4l example."""
    command = [sys.executable, "-m", "hepsel"]
    before = os.times()
    subprocess.run([*command, "check", str(H4L), "--format", "physlite"], check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Print the times, the best of three."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    text = generated(lines)
    print(f"check of {text.count(chr(10))} lines: {min(seconds_to_check(text) for _ in range(3)):.2f} s")
    print(f"hepsel check {H4L.name}: {min(seconds_of_command() for _ in range(3)):.2f} s of process time")


if __name__ == "__main__":
    main()
