"""Whether a text compares two quantities with one another as a criterion does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hepsel.extract.checking.claims import Compared, Term
from hepsel.extract.checking.clauses import clause_at, mentions, quantities
from hepsel.extract.checking.doubts import Doubt, against, not_comparable
from hepsel.extract.checking.kinds import covered_by, is_simple
from hepsel.extract.checking.model import Verdict
from hepsel.extract.checking.rejections import rejecting
from hepsel.extract.checking.vocabulary import Sense, vocabulary
from hepsel.extract.checking.wording import Site, places_of
from hepsel.syntax.comparisons import OPPOSITE, SWAPPED

_SIGN = re.compile(r"\s(?P<sign><=|>=|≤|≥|<|>)\s")
_SIGNS: dict[str, Sense] = {"<": "<", ">": ">", "≤": "<=", "≥": ">=", "<=": "<=", ">=": ">="}
_NEAR = 30  # characters from "the one with the lower" to its quantity


def compared_otherwise(claim: Compared, sites: tuple[Site, ...], own: frozenset[str]) -> Doubt | None:
    """Return the doubt about a comparison of two quantities, `None` where a quotation says just this.

    Parameters
    ----------
    claim
        The comparison, as it holds for what passes.
    sites
        The quotations.
    own
        Kinds of the objects that the block selects.
    """
    if len(claim.sides) != 2 or claim.sense not in OPPOSITE or claim.sense in ("==", "!="):
        return not_comparable(claim)
    left, right = claim.sides
    same = left.about.quantities and left.about.quantities == right.about.quantities
    if not same or left.made or right.made or left.about.attributes or right.about.attributes:
        return not_comparable(claim)
    for site in sites:
        if site.passage.is_row:
            continue
        said = _of_two_alike(claim, site, own) if is_simple(own) else _in_words(claim, site)
        if said is not None and said == claim.sense:
            return None
        if said is not None:
            message = f"the quotation compares these otherwise than `{claim.written}`"
            return against(Verdict.DIRECTION, message, site)
    return not_comparable(claim)


def _in_words(claim: Compared, site: Site) -> Sense | None:
    """Return how the left side is compared with the right one: "the p_T of the leading lepton must exceed that of"."""
    text = site.passage.text[: site.part.end]
    for begin, end, sense in _comparisons(text):
        start, stop = clause_at(text, begin)
        before, behind = text[max(start, site.part.start) : begin], text[end:stop]
        if any(number.sense is not None and start <= number.start < stop for number in site.passage.numbers):
            continue  # of which it is not known what the bound is of
        if rejecting(text, begin):
            sense = OPPOSITE[sense]
        left, right = claim.sides
        for first, second, way in ((left, right, sense), (right, left, SWAPPED[sense])):
            if _names(first, before) and (
                _names(second, behind)
                or (vocabulary().words["that_of"].match(behind) and _names(second, behind, with_quantity=False))
            ):
                return way
    return None


def _comparisons(text: str) -> Iterator[tuple[int, int, Sense]]:
    """Yield where a text has words or a sign of a comparison, and what these say."""
    for sign in _SIGN.finditer(text):
        yield sign.start(), sign.end(), _SIGNS[sign["sign"]]
    for direction in vocabulary().directions:
        if direction.sense == "==":
            continue
        for found in direction.alone.finditer(text):
            turned = vocabulary().words["negated"].search(text[: found.start()][-60:])
            yield found.start(), found.end(), OPPOSITE[direction.sense] if turned else direction.sense


def _names(side: Term, text: str, *, with_quantity: bool = True) -> bool:
    """Whether a text names one side of a comparison, and nothing else."""
    if with_quantity and quantities(text) != side.about.quantities:
        return False
    named = [mention.kinds for mention in mentions(text)]
    kinds = side.about.objects
    if len(named) != 1 or not (named[0] & kinds and kinds <= covered_by(named[0])):
        return False
    return places_of(text) == ({side.place} if side.place is not None else set())


def _of_two_alike(claim: Compared, site: Site, own: frozenset[str]) -> Sense | None:
    """Return how what is kept is compared with another one: of "the one with the lower p_T is discarded" as `>=`."""
    mine, other = claim.sides
    turned = bool(mine.about.objects)
    if turned:
        mine, other = other, mine
    if mine.about.objects or not other.about.objects & own or mine.place is not None or other.place is not None:
        return None
    text, words = site.passage.text, vocabulary().words
    for name, less in (("has_less", True), ("has_more", False)):
        for found in words[name].finditer(text, site.part.start, site.part.end):
            _, end = clause_at(text, found.start())
            if not mine.about.quantities <= quantities(text[found.start() : found.end() + _NEAR]):
                continue
            kept = words["kept"].search(text, found.end(), end) is not None
            if kept == rejecting(text, found.start()):
                continue  # it is told neither, or both
            sense: Sense = ">=" if less is not kept else "<="
            return SWAPPED[sense] if turned else sense
    return None
