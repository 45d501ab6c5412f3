"""What a vote over several drafts is worth: `python -m benchmarks.agreeing [--drafts N] [--rate R] [--seeds K]`.

Every criterion of the truth program of our two papers is damaged with a probability, independently in each draft: its
value, unit, direction, strictness, attribute or object is another one, or it is missing. Printed is the F1 score of the
single drafts and of what is made of them, against the truth, as `hepsel diff` scores it.
"""

from __future__ import annotations

import argparse
import random
import statistics

from benchmarks.damage import CRITERIA, FILES, PAPERS, TRUTH, Variant, damaged, right
from hepsel.check import check_text
from hepsel.compare.diff import compare_programs
from hepsel.compare.score import score
from hepsel.extract.agreeing import agree
from hepsel.extract.reading import read_document
from hepsel.formats.loader import load_format

FORMAT = load_format("physlite")
SELECTING = ("value", "value from the quotation", "unit", "direction", "strictness", "word", "quantity", "object")


def variants() -> dict[str, list[Variant]]:
    """Return the damages that change what is selected, by criterion."""
    documents = {name: read_document(PAPERS / file) for name, file in FILES.items()}
    found: dict[str, list[Variant]] = {}
    for variant in damaged(documents):
        if variant.change in SELECTING:
            found.setdefault(variant.criterion, []).append(variant)
    return found


def draft(options: dict[str, list[Variant]], rate: float, source: random.Random) -> str:
    """Return a damaged program that has no errors."""
    while True:
        text = TRUTH
        for criterion in sorted(CRITERIA, key=lambda criterion: -criterion.start):
            if source.random() > rate:
                continue
            known = options.get(criterion.id, [])
            new = ""  # one in five is missing
            if known and source.random() > 0.2:
                variant = source.choice(known).text
                new = variant[criterion.start : criterion.end + len(variant) - len(TRUTH)]
            text = text[: criterion.start] + new + text[criterion.end :]
        if right(text):
            return text


def f1(text: str) -> float:
    """Return how well a program says what the truth says."""
    program, truth = check_text(text, FORMAT).program, check_text(TRUTH, FORMAT).program
    assert program is not None
    assert truth is not None
    return score(compare_programs(program, truth), "second").overall.f1


def main() -> None:
    """Print a line for each seed, and the means."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--drafts", type=int, default=7)
    parser.add_argument("--rate", type=float, default=0.2)
    parser.add_argument("--seeds", type=int, default=10)
    arguments = parser.parse_args()
    options = variants()
    singles, merged = [], []
    for seed in range(arguments.seeds):
        source = random.Random(seed)
        drafts = [draft(options, arguments.rate, source) for _ in range(arguments.drafts)]
        scores = [f1(text) for text in drafts]
        together = f1(agree(drafts, FORMAT).text)
        print(f"seed {seed}: single {min(scores):.3f} to {max(scores):.3f}, together {together:.3f}", flush=True)
        singles += scores
        merged.append(together)
    print(f"mean F1: single {statistics.mean(singles):.3f}, together {statistics.mean(merged):.3f}")


if __name__ == "__main__":
    main()
