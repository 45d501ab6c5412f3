"""Mutation bench of `hepsel diff`: `python -m benchmarks.mutations.bench`.

Makes single mutants and meaning-preserving rewrites of all examples. The interpreter, over adversarial random events,
says which mutants differ; the diff has to catch all of those, name them rightly and in the right block, and to find
every rewrite the same.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from benchmarks.mutations.judge import Events, flattened, outcome
from benchmarks.mutations.mutants import Mutant, mutants, rewrites
from hepsel.check import check_text
from hepsel.compare.diff import compare_programs
from hepsel.compare.verdicts import Comparison
from hepsel.formats.loader import load_format
from hepsel.formats.schema import Format
from hepsel.semantics.program import Program

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = {
    "examples/h4l/h4l.hepsel": "physlite",
    "examples/atlas_open_data_4l/selection.hepsel": "atlas_open_data",
    "examples/cms_dimuon/z_peak.hepsel": "nanoaod",
    **{str(p.relative_to(ROOT)): "nanoaod" for p in sorted((ROOT / "examples/adl_benchmark").glob("*.hepsel"))},
}


@dataclass
class Tally:
    """What became of the mutants, by kind of change."""

    named: Counter[str] = field(default_factory=Counter)
    misnamed: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    alike: Counter[str] = field(default_factory=Counter)
    rewrites: int = 0
    alarms: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def distinct(program: Program, mutant: Program, seed: int, events: int) -> bool:
    """Whether the interpreter can tell two programs apart."""
    generated = Events((program, mutant), seed)
    return any(outcome(program, event) != outcome(mutant, event) for event in islice(generated, events))


def checked(text: str, data_format: Format) -> Program | None:
    return check_text(text, data_format).program


def rightly_named(comparison: Comparison, mutant: Mutant) -> bool:
    """Whether all differences bear a verdict that fits the change, one of them in the block that was changed."""
    differences = comparison.differences
    names = {str(row.verdict) for row in differences}
    blocks = {entry.block.split("[")[0] for row in differences for entry in (*row.first, *row.second)}
    return bool(names) and names <= mutant.names and mutant.block in {*blocks, ""}


def judge_mutants(path: str, format_name: str, tally: Tally, events: int, take: slice) -> None:
    data_format = load_format(format_name)
    text = (ROOT / path).read_text(encoding="utf-8")
    original = checked(text, data_format)
    assert original is not None, path
    for number, mutant in enumerate(islice(mutants(text), take.start, take.stop, take.step)):
        program = checked(mutant.text, data_format)
        if program is None:
            continue  # such as an attribute that this format lacks
        comparison = compare_programs(original, program)
        if not comparison.same:
            right = rightly_named(comparison, mutant)
            (tally.named if right else tally.misnamed)[mutant.change] += 1
            if not right:
                said = "; ".join(
                    f"{row.verdict} {[e.id for e in (*row.first, *row.second)]}" for row in comparison.differences
                )
                tally.notes.append(f"{path}, {mutant.change} in {mutant.block}: {said}")
            continue
        flat = [checked(source, flattened(data_format, original)) for source in (text, mutant.text)]
        assert flat[0] is not None
        if flat[1] is not None and distinct(flat[0], flat[1], number, events):
            tally.missed[mutant.change] += 1
            tally.notes.append(f"{path}, {mutant.change} in {mutant.block}: MISSED")
        else:
            tally.alike[mutant.change] += 1


def judge_rewrites(path: str, format_name: str, tally: Tally, count: int, events: int) -> None:
    data_format = load_format(format_name)
    text = (ROOT / path).read_text(encoding="utf-8")
    original = checked(text, data_format)
    assert original is not None, path
    for mutant in rewrites(text, count, seed=1):
        program = checked(mutant.text, data_format)
        assert program is not None, mutant.text
        flat = [checked(source, flattened(data_format, original)) for source in (text, mutant.text)]
        assert flat[0] is not None
        assert flat[1] is not None
        assert not distinct(flat[0], flat[1], tally.rewrites, events), f"no rewrite: {mutant.text}"
        tally.rewrites += 1
        comparison = compare_programs(original, program)
        if not comparison.same:
            said = "; ".join(
                f"{row.verdict} {[e.id for e in (*row.first, *row.second)]}" for row in comparison.differences
            )
            tally.alarms.append(f"{path}, {mutant.change}: {said}")


def table(tally: Tally) -> Iterator[str]:
    kinds = sorted({*tally.named, *tally.misnamed, *tally.missed, *tally.alike})
    yield f"{'change':36} {'mutants':>8} {'named':>8} {'misnamed':>9} {'missed':>8} {'no effect':>10}"
    counts: dict[str, int] = defaultdict(int)
    for kind in kinds:
        row = [t[kind] for t in (tally.named, tally.misnamed, tally.missed, tally.alike)]
        for name, value in zip(("named", "misnamed", "missed", "alike"), row, strict=True):
            counts[name] += value
        yield f"{kind:36} {sum(row):8} {row[0]:8} {row[1]:9} {row[2]:8} {row[3]:10}"
    caught = counts["named"] + counts["misnamed"]
    real = caught + counts["missed"]
    named = counts["named"] / max(caught, 1)
    yield f"{real + counts['alike']} mutants: {caught} of {real} caught, {named:.1%} of them named rightly"
    yield f"{tally.rewrites} rewrites: {len(tally.alarms)} false alarms"


def main(arguments: Iterable[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=300, help="events for each mutant that the diff finds the same")
    parser.add_argument("--rewrites", type=int, default=160, help="rewrites of each example")
    parser.add_argument("--verbose", action="store_true", help="list what was misnamed or missed")
    options = parser.parse_args(None if arguments is None else list(arguments))
    tally = Tally()
    start = time.monotonic()
    for path, format_name in EXAMPLES.items():
        judge_mutants(path, format_name, tally, options.events, slice(None))
        judge_rewrites(path, format_name, tally, options.rewrites, min(options.events, 5))
    print(*table(tally), sep="\n")
    print(f"{time.monotonic() - start:.0f} s")
    if options.verbose:
        print(*tally.notes, *tally.alarms, sep="\n")
    return 1 if sum(tally.missed.values()) or tally.alarms else 0


if __name__ == "__main__":
    sys.exit(main())
