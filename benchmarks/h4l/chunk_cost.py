"""What a chunk costs beside its events: the generated H->4l code and naive awkward code over parts of one file.

A fixed cost for each chunk is what a selection could save by gathering the events that survive the cheap cuts from many
chunks before it forms candidates. Both variants compute on columns that have been read before.

Examples
--------
::

    python benchmarks/h4l/chunk_cost.py large.root
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from naive_awkward import read as naive_read
from naive_awkward import select as naive_select

from hepsel.backends.awkward import load
from hepsel.check import load_program
from hepsel.formats.loader import load_format
from hepsel.run.engine import generate_code

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "h4l" / "h4l.hepsel"
SIZES = (1_000, 2_000, 5_000, 10_000, 20_000)


def cut(columns: Any, start: int, stop: int) -> Any:
    """Return the columns of some events."""
    if isinstance(columns, dict):
        return {name: cut(column, start, stop) for name, column in columns.items()}
    return columns[start:stop]


def seconds(function: Callable[[Any], object], columns: Any, size: int, repeat: int) -> float:
    """Return the processor time that the first events take, the median of some runs."""
    part = cut(columns, 0, size)
    taken = []
    for _ in range(repeat):
        start = time.process_time()
        function(part)
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, help="sample with at least 20,000 events")
    parser.add_argument("--repeat", type=int, default=7, help="runs of each size")
    arguments = parser.parse_args()
    selection = load(generate_code(load_program(str(EXAMPLE), load_format("physlite"))))
    if selection.num_entries(arguments.file) < max(SIZES):
        parser.error(f"{arguments.file} has fewer than {max(SIZES)} events")
    variants: dict[str, tuple[Callable[[Any], object], Any]] = {
        "naive awkward": (naive_select, cut(naive_read(arguments.file), 0, max(SIZES))),
        "generated": (selection.process, selection.read(arguments.file, 0, max(SIZES))),
    }
    fixed = {}
    print(f"{'variant':16} {'ms per chunk':>13} {'us per event':>13}")
    for name, (function, columns) in variants.items():
        function(columns)
        taken = [seconds(function, columns, size, arguments.repeat) for size in SIZES]
        slope, fixed[name] = np.polyfit(SIZES, taken, 1)
        print(f"{name:16} {1e3 * fixed[name]:13.1f} {1e6 * slope:13.2f}")
    print(f"A chunk costs naive code {fixed['naive awkward'] / fixed['generated']:.0f} times as much.")


if __name__ == "__main__":
    main()
