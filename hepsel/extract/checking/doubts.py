"""Why a criterion is not verified, and how that is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hepsel.extract.checking.claims import Bound, Compared
from hepsel.extract.checking.model import Verdict
from hepsel.extract.checking.numbers import TextNumber
from hepsel.extract.checking.vocabulary import vocabulary
from hepsel.extract.checking.wording import Site

Candidate = tuple[Site, TextNumber]
"""A number that was quoted."""

_SHOWN = 240  # characters of a sentence in a proposal
IN_WORDS = {
    "<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "equal to", "!=": "different from",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a criterion is not verified."""

    verdict: Verdict
    message: str
    proposal: str | None = None
    open: bool = False
    """Whether the quotation leaves this open, and does not say otherwise."""
    contrary: bool = False
    """Whether the source says something else, and not only less, or of fewer."""


GRAVEST = (Verdict.NUMBER, Verdict.DIRECTION, Verdict.QUANTITY, Verdict.OBJECT)


def gravest(doubts: Sequence[Doubt]) -> Doubt | None:
    """Return the doubt that is reported."""
    return min(doubts, key=lambda doubt: (doubt.open, GRAVEST.index(doubt.verdict)), default=None)


def severity(doubts: Sequence[Doubt]) -> tuple[int, int]:
    """Return how much speaks against a reading: the number of doubts, and of as many how far apart the worst is."""
    return len(doubts), -min((GRAVEST.index(doubt.verdict) for doubt in doubts), default=0)


def against(verdict: Verdict, message: str, site: Site) -> Doubt:
    """Return the doubt that the source, which is shown, says something else."""
    return Doubt(verdict, message, f"compare with the source: {shown(site)}", contrary=True)


def restricted(said: str, whose: str, site: Site) -> Doubt:
    """Return the doubt that the source says something of fewer than the criterion or program does."""
    message = f"the quotation restricts this {said}, which the {whose} does not"
    return Doubt(Verdict.OBJECT, message, f"compare with the source: {shown(site)}")


def unsaid(verdict: Verdict, message: str) -> Doubt:
    """Return the doubt that the quotation leaves something open."""
    return Doubt(verdict, message, "quote the words that say so, or state it with `assume`", open=True)


def number_doubt(bound: Bound, numbers: Sequence[Candidate]) -> Doubt:
    """Return the doubt that no number of the quotation is that of a bound."""
    other = list(dict.fromkeys(_printed(site, number) for site, number in numbers))
    said = f"; it has {', '.join(other[:6])}" if other else "; it has no number"
    alike = any(number.counts if bound.counted else number.dimension == bound.dimension for _, number in numbers)
    return Doubt(Verdict.NUMBER, f"the quotation does not have {bound.written}{said}", contrary=alike)


def not_comparable(claim: Compared) -> Doubt:
    """Return the doubt about two quantities that are compared with each other."""
    return Doubt(
        Verdict.DIRECTION,
        f"whether the words of the quotation mean `{claim.written}` cannot be checked",
        "compare it yourself, and state with `assume` what it is that you read from them",
        open=True,
    )


def objects_named(kinds: frozenset[str]) -> str:
    """Return objects as a message names them."""
    return ", ".join(sorted(vocabulary().objects[kind].plural for kind in kinds)) or "events"


def shown(site: Site) -> str:
    """Return the sentence around a quotation as a message shows it."""
    text = site.passage.text
    start = max(0, min(site.part.start - 40, len(text) - _SHOWN))
    shown = text[start : start + _SHOWN]
    return f'"{"..." if start else ""}{shown}{"..." if start + _SHOWN < len(text) else ""}"'


def _printed(site: Site, number: TextNumber) -> str:
    text = site.passage.text
    unit = ""
    if number.factor is not None and number.stop == number.end and not number.spread:
        unit = " (with the unit that follows)"
    return text[number.start : number.stop].strip() + unit
