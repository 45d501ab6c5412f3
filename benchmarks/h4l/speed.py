"""How fast the generated H->4l code is, beside naive awkward code and beside only reading the branches.

Each variant runs as a process of its own over the same file, in turn, so that a machine that gets slower in between
slows all of them. Quote the ratios: absolute times are those of one machine.

Examples
--------
::

    python benchmarks/h4l/speed.py                      # makes a sample of 1,000,000 events first, with Pythia
    python benchmarks/h4l/speed.py --file large.root --runs 5
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent.parent / "examples" / "h4l" / "h4l.hepsel"

READ_ONLY = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("selection", sys.argv[1])
selection = importlib.util.module_from_spec(spec)
spec.loader.exec_module(selection)
path = sys.argv[2]
entries = selection.num_entries(path)
for start in range(0, entries, 100_000):
    selection.read(path, start, min(start + 100_000, entries))
"""


@dataclass(frozen=True)
class Usage:
    """What one process took: wall and processor seconds, and the largest memory in MB."""

    wall: float
    cpu: float
    memory: float


def measure(command: list[str]) -> Usage:
    """Run a command and return what it took, by the operating system's account."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"failed: {' '.join(command)}")
    return Usage(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def make_sample(path: Path, events: int, folder: Path) -> None:
    """Generate a sample and draw `events` events from it."""
    pools = []
    for process in ("h4l", "zz", "zjets"):
        pools.append(folder / f"{process}.root")
        script = HERE / "generate_sample.py"
        options = ["--process", process, "--events", "12000", "--seed", "11", "--out", str(pools[-1])]
        subprocess.run([sys.executable, str(script), *options], check=True)
    script = HERE / "scale_sample.py"
    command = [sys.executable, str(script), *map(str, pools), "--events", str(events), "--out", str(path)]
    subprocess.run(command, check=True)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--file", type=Path, help="sample to run over (made when not given)")
    parser.add_argument("--events", type=int, default=1_000_000, help="size of the sample that is made")
    parser.add_argument("--runs", type=int, default=3, help="runs of each variant")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sample = arguments.file
        if sample is None:
            sample = folder / "large.root"
            make_sample(sample, arguments.events, folder)
        scripts = {"generated": folder / "selection.py", "generated, no item cutflow": folder / "bare.py"}
        compile_command = [sys.executable, "-m", "hepsel", "compile", str(EXAMPLE), "--format", "physlite"]
        for variant, script in scripts.items():
            extra = ["--no-item-cutflow"] if "no item" in variant else []
            subprocess.run([*compile_command, *extra, "-o", str(script)], check=True)
        reader = folder / "read_only.py"
        reader.write_text(READ_ONLY)
        commands = {
            "naive awkward": [str(HERE / "naive_awkward.py"), str(sample)],
            **{name: [str(script), str(sample)] for name, script in scripts.items()},
            "only reading": [str(reader), str(scripts["generated"]), str(sample)],
        }
        taken: dict[str, list[Usage]] = {variant: [] for variant in commands}
        for _ in range(arguments.runs):
            for variant, command in commands.items():
                taken[variant].append(measure([sys.executable, *command]))
    naive = statistics.median(usage.cpu for usage in taken["naive awkward"])
    read = statistics.median(usage.cpu for usage in taken["only reading"])
    print(f"{'variant':28} {'CPU s':>8} {'wall s':>8} {'peak MB':>8} {'x naive':>8} {'x read':>8}")
    for variant, usages in taken.items():
        cpu, wall, memory = (
            statistics.median(getattr(usage, field) for usage in usages) for field in ("cpu", "wall", "memory")
        )
        print(f"{variant:28} {cpu:8.2f} {wall:8.2f} {memory:8.0f} {naive / cpu:8.2f} {cpu / read:8.2f}")


if __name__ == "__main__":
    main()
