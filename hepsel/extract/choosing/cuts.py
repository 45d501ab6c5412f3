"""Which sentences and table rows look as if they state a cut, and which pages are full of them.

The score is a sum of points for what a cut is made of: a comparison, a number with a unit, a requirement, an object,
a quantity; and it takes points off for what else numbers are used for in a paper. It depends on the words alone and
is the same on every run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from hepsel.extract.reading.model import Document, Sentence, TableRow

THRESHOLD = 4

_NUMBER = r"(?:\d+(?:\.\d+)?)"
_COUNT = rf"(?:{_NUMBER}|no|one|two|three|four|five|six|single|both|each)"
_UNIT = r"(?:[kMGT]eV(?:\^\S+)?|[μmc]?m|rad|mrad)"

# What each part of a cut is worth.
_POINTS: tuple[tuple[str, int, re.Pattern[str]], ...] = tuple(
    (name, points, re.compile(pattern, re.IGNORECASE if name != "quantity" else 0))
    for name, points, pattern in (
        ("comparison", 3, rf"[<>≤≥]\s*[-+]?\s*{_NUMBER}|{_NUMBER}\s*{_UNIT}?\s*[<>≤≥]"),
        ("value", 1, rf"[=≈]\s*[-+]?{_NUMBER}"),
        ("unit", 2, rf"{_NUMBER}\s*(?:\({_NUMBER}\)\s*)?{_UNIT}(?![\w^])"),
        (
            "bound",
            2,
            rf"\b(?:at least|at most|less than|fewer than|more than|greater than|larger than|smaller than|higher than"
            rf"|lower than|above|below|exceed\w*|between|within|exactly|up to|threshold\w* of"
            rf"|separat\w+ (?:\w+ ){{0,8}}by)\s+(?:the |a |an |that of )?(?:\S+ ){{0,3}}?{_COUNT}\b",
        ),
        (
            "relation",
            3,
            r"\b(?:opposite(?:ly)?|same|equal|like)[- ](?:electric(?:ally)? |lepton )?(?:charge|sign|flavou?r)",
        ),
        ("definition", 2, r"\b(?:distance parameter|radius parameter|cone of size|in a cone|presence of an?)\b"),
        (
            "external",
            2,
            r"\b(?:good[- ]run|data[- ]quality|trigger\w*|vertex fit|mass constraint|constraint (?:to|on) the mass)\b",
        ),
        (
            "requirement",
            2,
            r"\b(?:must|needs? to|requir\w+|satisf\w+|fulfil\w*|reject\w*|veto\w*|remov\w+|discard\w*|exclud\w+"
            r"|retain\w*|restrict\w*|impos\w+|is kept|are kept|is chosen|are chosen|selected|selecting|only|considered"
            r"|should consist|pass(?:es|ing)?|events? contain\w*|closest to|maximi[sz]es|minimi[sz]es)\b",
        ),
        (
            "object",
            1,
            r"\b(?:electrons?|muons?|leptons?|jets?|photons?|taus?|tracks?|vert(?:ex|ices)|candidates?|pairs?|events?"
            r"|trigger\w*|clusters?|quadruplets?|dileptons?|dijets?)\b|E_T\^\{miss\}|p_T\^\{miss\}",
        ),
        (
            "quantity",
            1,
            r"p_\{?T|E_\{?T|\|η|ΔR|Δφ|Δη|\bm_|d_\{?0|z_\{?0|R_\{?iso|\b(?:isolat\w+|invariant mass|mass(?:es)?"
            r"|charges?|flavou?rs?|sign|pseudorapidity|transverse moment(?:um|a)|impact parameter|identification"
            r"|quality|primary vertex|separat\w+)\b",
        ),
    )
)
_AGAINST: tuple[tuple[str, int, re.Pattern[str]], ...] = tuple(
    (name, points, re.compile(pattern, re.IGNORECASE))
    for name, points, pattern in (
        ("uncertainty", -3, r"(?<!times the )uncertaint\w+|systematic\w*|standard deviation|significance of \d"),
        (
            "yield",
            -2,
            r"\bfb\^|cross section|luminosity|\bcollisions at\b|centre-of-mass|center-of-mass|confidence level|95% CL",
        ),
        (
            "detector",
            -2,
            r"\b(?:detectors?|calorimeters? extend|coverage|covering|covers|solenoid|magnetic)\b",
        ),
        ("simulation", -1, r"\b(?:Monte Carlo|simulated|generator|couplings?|next-to-leading|PDF)\b"),
        ("resolution", -1, r"\bresolutions?\b"),
        ("share", -1, r"\d\s*%"),
    )
)
_FOR_SECTION = re.compile(
    r"selection|reconstruction|object|candidate|region|lepton|photon|jet|trigger|methodology", re.I
)
_AGAINST_SECTION = re.compile(
    r"detector|simulation|systematic|result|interpretation|conclusion|summary|acknowledg|introduction|limits|contents"
    r"|collaboration|abstract|significance",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A sentence or table row that looks like a cut, its score, and the names of what the score is made of."""

    where: Sentence | TableRow
    score: int
    signs: tuple[str, ...]


@lru_cache(8192)  # every sentence of a paper, for every draft
def score(text: str, section: str = "") -> tuple[int, tuple[str, ...]]:
    """Return how much a text looks like a cut, and by which signs."""
    signs = []
    total = 0
    for name, points, pattern in (*_POINTS, *_AGAINST):
        if pattern.search(text):
            total += points
            signs.append(name)
    if _FOR_SECTION.search(section):
        total += 1
    elif _AGAINST_SECTION.search(section):
        total -= 1
    return total, tuple(signs)


def cuts(document: Document) -> Iterator[Cut]:
    """Yield what looks like a cut, in reading order, the rows of a page's tables after its sentences."""
    for page in document.pages:
        for sentence in page.sentences:
            total, signs = score(sentence.text, sentence.section)
            if total >= THRESHOLD:
                yield Cut(sentence, total, signs)
        for table in page.tables:
            for row in table.rows:
                total, signs = score(row.text, table.section)
                if total >= THRESHOLD:
                    yield Cut(row, total, signs)


def dense_pages(document: Document, count: int) -> tuple[int, ...]:
    """Return the numbers of the pages with most of what looks like cuts, at most `count`, in their order."""
    weights = dict.fromkeys((page.number for page in document.pages), 0)
    for cut in cuts(document):
        weights[cut.where.page] += cut.score
    best = sorted((number for number in weights if weights[number]), key=lambda number: (-weights[number], number))
    return tuple(sorted(best[:count]))
