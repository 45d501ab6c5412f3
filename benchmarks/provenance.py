"""Damage bench of `hepsel check --paper`: `python -m benchmarks.provenance`.

Damages the truth program of our two papers, one criterion at a time, and counts what is flagged, class by class; and
rewrites it without changing what it says, and counts what is flagged all the same. What an invented criterion with the
words of another sentence is worth is counted by sentence: every one of them is tried.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from benchmarks.damage import FILES, PAPERS, Variant, damaged, dropped, right, sound
from hepsel.bench.intervals import wilson
from hepsel.extract.checking import Finding, ProvenanceReport, check_provenance
from hepsel.extract.checking.cases import cases
from hepsel.extract.checking.passages import Library
from hepsel.extract.checking.provenance import Checker
from hepsel.extract.reading import Document, read_document
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import parse


@dataclass
class Tally:
    """What became of the variants, by class; and the ones that went wrong."""

    variants: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def share(self, change: str | None = None) -> tuple[int, int]:
        """Return flagged and all variants, of one class or of all."""
        if change is None:
            return self.flagged.total(), self.variants.total()
        return self.flagged[change], self.variants[change]


def papers() -> dict[str, Document]:
    return {name: read_document(PAPERS / file) for name, file in FILES.items()}


def checked(text: str, documents: dict[str, Document]) -> ProvenanceReport:
    program, problems, _ = parse(SourceText(text))
    assert program is not None
    assert not problems, text
    return check_provenance(program, documents)


def judged(variant: Variant, libraries: dict[str, Library]) -> Finding:
    """Return the finding on the changed criterion; `+block` means the last one of the block."""
    program, problems, _ = parse(SourceText(variant.text))
    assert program is not None
    assert not problems, variant.text
    block = variant.criterion[1:] if variant.criterion.startswith("+") else None
    mine = [
        case
        for case in cases(program)
        if case.id == variant.criterion or (case.block == block and case.id.split(".")[1].isdigit())
    ]
    (finding,) = Checker(libraries).findings(mine[-1])
    return finding


def judge_damage(documents: dict[str, Document], take: slice = slice(None)) -> Tally:
    tally = Tally()
    libraries = {name: Library(document) for name, document in documents.items()}
    for variant in islice(damaged(documents), take.start, take.stop, take.step):
        if not right(variant.text):
            continue  # found without a paper
        tally.variants[variant.change] += 1
        verdict = judged(variant, libraries).verdict
        if verdict.sound:
            tally.notes.append(f"NOT FLAGGED, {variant.change}, {variant.criterion}: {variant.what}")
        else:
            tally.flagged[variant.change] += 1
            tally.verdicts[verdict] += 1
    return tally


def judge_dropped(documents: dict[str, Document]) -> Tally:
    tally = Tally()
    for variant, source, stated in dropped():
        tally.variants[variant.change] += 1
        if is_listed(variant, source, stated, documents):
            tally.flagged[variant.change] += 1
        else:
            tally.notes.append(f"NOT LISTED, dropped {variant.criterion}: {variant.what}")
    return tally


def is_listed(variant: Variant, source: str, stated: str, documents: dict[str, Document]) -> bool:
    """Whether the sentence or row of a dropped criterion is among what the program does not use."""
    listed = checked(variant.text, documents).omissions
    return any(item.source == source and item.text.startswith(stated) for item in listed)


def judge_sound(documents: dict[str, Document], take: slice = slice(None)) -> Tally:
    """Judge every criterion of the rewritten programs' changed statements."""
    tally = Tally()
    libraries = {name: Library(document) for name, document in documents.items()}
    for variant in islice(sound(documents), take.start, take.stop, take.step):
        tally.variants[variant.change] += 1
        finding = judged(variant, libraries)
        if not finding.verdict.sound:
            tally.flagged[variant.change] += 1
            said = f"{finding.verdict}, {finding.message}"
            tally.notes.append(f"FALSE FLAG, {variant.change}, {variant.criterion}: {said}: {variant.what}")
    return tally


def table(tally: Tally) -> Iterator[str]:
    for change in (*tally.variants, None):
        hits, count = tally.share(change)
        low, high = wilson(hits, count)
        yield f"  {change or 'all':34} {count:6} {hits:8} {hits / count:8.2%}   {low:.2%} to {high:.2%}"


def main(arguments: Iterable[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take one variant of N")
    parser.add_argument("--verbose", action="store_true", help="list what went wrong")
    options = parser.parse_args(None if arguments is None else list(arguments))
    documents = papers()
    take = slice(0, None, options.every)
    start = time.monotonic()
    damage = judge_damage(documents, take)
    print(f"  {'damage':34} {'number':>6} {'flagged':>8} {'share':>8}   95 % interval", *table(damage), sep="\n")
    lost = judge_dropped(documents)
    print(f"  {'dropped':34} {'number':>6} {'listed':>8} {'share':>8}   95 % interval", *table(lost), sep="\n")
    false = judge_sound(documents, take)
    print(f"  {'sound':34} {'number':>6} {'flagged':>8} {'share':>8}   95 % interval", *table(false), sep="\n")
    print(f"{time.monotonic() - start:.0f} s")
    if options.verbose:
        print(*damage.notes, *lost.notes, *false.notes, sep="\n")
    flagged, count = damage.share()
    alarms, sounds = false.share()
    return 0 if flagged >= 0.98 * count and alarms <= 0.02 * sounds else 1


if __name__ == "__main__":
    sys.exit(main())
