"""Damage bench of `hepsel check --paper`: `python -m benchmarks.provenance`.

Damages the truth program of our two papers, one criterion at a time, and counts what is flagged, class by class; and
rewrites it without changing what it says, and counts what is flagged all the same. What an invented criterion with the
words of another sentence is worth is counted by sentence: every one of them is tried.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from benchmarks.damage import FILES, PAPERS, Variant, damaged, dropped, sound
from hepsel.extract.checking import ProvenanceReport, check_provenance
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


def is_flagged(variant: Variant, report: ProvenanceReport) -> str | None:
    """Return the verdict on the changed criterion if it is a problem; `+block` means the last one of the block."""
    if variant.criterion.startswith("+"):
        finding = [item for item in report.findings if item.block == variant.criterion[1:] and item.id[-1].isdigit()][
            -1
        ]
    else:
        (finding,) = (item for item in report.findings if item.id == variant.criterion)
    return None if finding.verdict.sound else str(finding.verdict)


def judge_damage(documents: dict[str, Document], take: slice = slice(None)) -> Tally:
    tally = Tally()
    for variant in islice(damaged(documents), take.start, take.stop, take.step):
        tally.variants[variant.change] += 1
        verdict = is_flagged(variant, checked(variant.text, documents))
        if verdict is None:
            tally.notes.append(f"NOT FLAGGED, {variant.change}, {variant.criterion}: {variant.what}")
        else:
            tally.flagged[variant.change] += 1
            tally.verdicts[verdict] += 1
    for variant, source, stated in dropped():
        tally.variants[variant.change] += 1
        listed = [item for item in checked(variant.text, documents).omissions if item.source == source]
        if any(item.text.startswith(stated) for item in listed):
            tally.flagged[variant.change] += 1
        else:
            tally.notes.append(f"NOT LISTED, dropped {variant.criterion}: {variant.what}")
    return tally


def judge_sound(documents: dict[str, Document], take: slice = slice(None)) -> Tally:
    """Judge every criterion of the rewritten programs' changed statements."""
    tally = Tally()
    for variant in islice(sound(documents), take.start, take.stop, take.step):
        tally.variants[variant.change] += 1
        report = checked(variant.text, documents)
        if (verdict := is_flagged(variant, report)) is not None:
            tally.flagged[variant.change] += 1
            (finding,) = (item for item in report.findings if item.id == variant.criterion)
            tally.notes.append(
                f"FALSE FLAG, {variant.change}, {variant.criterion}: {verdict}, {finding.message}: {variant.what}"
            )
    return tally


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a share."""
    z = 1.959963984540054
    share = hits / count
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, centre - half), min(1.0, centre + half)


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
    false = judge_sound(documents, take)
    print(f"  {'sound':34} {'number':>6} {'flagged':>8} {'share':>8}   95 % interval", *table(false), sep="\n")
    print(f"{time.monotonic() - start:.0f} s")
    if options.verbose:
        print(*damage.notes, *false.notes, sep="\n")
    flagged, count = damage.share()
    alarms, sounds = false.share()
    return 0 if flagged >= 0.98 * count and alarms <= 0.02 * sounds else 1


if __name__ == "__main__":
    sys.exit(main())
