"""Whether a text joins the regions that a condition names as the condition does, and names no others with them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hepsel.extract.checking.claims import Requirement, Word
from hepsel.extract.checking.context import Context
from hepsel.extract.checking.doubts import Doubt, against
from hepsel.extract.checking.model import Verdict
from hepsel.extract.checking.spoken import spelled, spoken
from hepsel.extract.checking.vocabulary import vocabulary
from hepsel.extract.checking.wording import Site

_NEAR = 80  # characters between two regions that are named together


@dataclass(frozen=True, slots=True)
class _Joined:
    """Two regions that a text names one after the other, and whether it says that one is enough, or demands both."""

    first: str
    second: str
    is_or: bool
    is_both: bool


def united_otherwise(required: Sequence[Requirement], sites: Sequence[Site], context: Context) -> list[Doubt]:
    """Return the doubt about regions in a condition that the text joins in another way, or with others."""
    negated = {
        name: claim.negated
        for one in required
        for claim in one.claims
        if isinstance(claim, Word)
        for name in context.asked
        if spoken(name) == spoken(claim.text)
    }
    for site in sites if negated else ():
        if site.passage.is_row:
            continue
        for joined in _joined(site.passage.text, context.regions):
            if (said := _otherwise(joined, negated, required, context)) is not None:
                return [against(Verdict.DIRECTION, said, site)]
    return []


def _joined(text: str, regions: Collection[str]) -> Iterator[_Joined]:
    """Yield the regions of a program that a text names one after the other: "the ee or the mumu region"."""
    found = sorted(
        (match.start(), match.end(), name)
        for name in regions
        for match in re.finditer(rf"(?<!\w){spelled(name)}(?!\w)", text, re.IGNORECASE)
    )
    words = vocabulary().words
    for (start, end, first), (behind, _, second) in pairwise(found):
        between = text[end:behind]
        if first != second and len(between) <= _NEAR and words["joins_regions"].fullmatch(between):
            is_or = bool(words["or_regions"].search(between) or words["united_regions"].search(text))
            yield _Joined(first, second, is_or, bool(words["both_regions"].search(text[:start])))


def _otherwise(
    joined: _Joined, negated: Mapping[str, bool], required: Sequence[Requirement], context: Context
) -> str | None:
    first, second = joined.first, joined.second
    named = [name for name in (first, second) if name in negated]
    if not named:
        return None
    rejects = negated[named[0]]
    if len(named) == 1:
        (other,) = {first, second} - {*named}
        if other not in context.asked_around and other not in context.region:
            return f"the quotation names `{other}` beside `{named[0]}`, and the criterion does not"
    elif negated[first] is not negated[second]:
        return None
    one_is_enough = any(_is_member(first, one) and _is_member(second, one) for one in required)
    if rejects:
        if joined.is_or and one_is_enough:
            return (
                f"the quotation rejects what is in `{first}` or in `{second}`, and the criterion only what is in both"
            )
    elif joined.is_or and not one_is_enough:
        return f"by the quotation `{first}` or `{second}` is enough, and the criterion demands both"
    elif one_is_enough and joined.is_both:
        return f"the quotation demands both `{first}` and `{second}`, and by the criterion one is enough"
    return None


def _is_member(name: str, requirement: Requirement) -> bool:
    """Whether a region is one of several of which one has to hold."""
    words = [claim for claim in requirement.claims if isinstance(claim, Word)]
    return len(requirement.members) > 1 and any(spoken(word.text) == spoken(name) for word in words)
