"""Which value of `x > (if c then a else b)` a text has for what: "0.01 in the barrel and 0.03 in the endcaps"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from hepsel.extract.checking.claims import Bound, Branch, Word
from hepsel.extract.checking.clauses import mentions, singly
from hepsel.extract.checking.conditions import contrary
from hepsel.extract.checking.doubts import Candidate, Doubt, against, shown
from hepsel.extract.checking.kinds import covered_by
from hepsel.extract.checking.model import Verdict
from hepsel.extract.checking.numbers import TextNumber, years_in
from hepsel.extract.checking.spoken import is_denied, places_of_word
from hepsel.extract.checking.values import same_value
from hepsel.extract.checking.vocabulary import vocabulary
from hepsel.extract.checking.wording import Site

_APART = re.compile(r"[,;]|\b(?:and|or|but|while|whereas)\b")
_ETA = frozenset(["eta", "cluster_eta", "rapidity"])


@dataclass(frozen=True, slots=True)
class _Marker:
    """Where a text says of which of two cases it speaks, and the number by which it does, if any."""

    place: int
    holds: bool
    number: TextNumber | None = None


def branches_otherwise(bounds: Sequence[Bound], chosen: Mapping[int, Candidate]) -> tuple[list[Doubt], set[Candidate]]:
    """Return the doubts about values that hold in one of two cases each, and the numbers by which a text parts these.

    Parameters
    ----------
    bounds
        What is claimed.
    chosen
        The number of the text that each of them was found to be, by its place in `bounds`.
    """
    doubts: list[Doubt] = []
    used: set[Candidate] = set()
    for (one, first), (two, second) in permutations(chosen.items(), 2):
        branch, other = bounds[one].branch, bounds[two].branch
        if branch is None or other is None or branch.condition != other.condition or not branch.holds or other.holds:
            continue
        (site, there), (_, elsewhere) = first, second
        whole = site.passage is second[0].passage
        span = (0, len(site.passage.text)) if whole else site.clause(there)
        markers = sorted(_markers(branch, site, span), key=lambda marker: marker.place)
        holds = _holds(markers, there, elsewhere, site) if whole else markers[0].holds if markers else None
        if (doubt := _doubt(branch, holds, markers, bounds[one].written, site)) is not None:
            doubts.append(doubt)
        used |= {(site, marker.number) for marker in markers if marker.number is not None}
    return doubts, used


def _doubt(branch: Branch, holds: bool | None, markers: Sequence[_Marker], written: str, site: Site) -> Doubt | None:
    """Return the doubt about a value being the one for what fulfils a condition, by what a text says of it."""
    if holds is False:
        return against(Verdict.OBJECT, f"by the quotation {written} is for the others", site)
    advice = f"quote the words that say so, or state it with `assume`; the source has: {shown(site)}"
    if holds is None:
        return Doubt(Verdict.OBJECT, f"the quotation does not say for which {written} is", advice, open=True)
    by_size = any(isinstance(one, Bound) and one.sense not in ("==", "!=") for one in branch.condition)
    if branch.literal and by_size and all(marker.number is None for marker in markers):
        said = f"the quotation says for which {written} is in words, and not with {branch.literal}"
        return Doubt(Verdict.NUMBER, said, advice, open=True)
    return None


def _holds(markers: Sequence[_Marker], first: TextNumber, second: TextNumber, site: Site) -> bool | None:
    """Return whether the first number is the one for which a condition holds, `None` where that is not told."""
    if not markers:
        return None
    before, behind = sorted((first, second), key=lambda number: number.start)
    leading = markers[0]
    if leading.place < before.start or any(marker.holds is not leading.holds for marker in markers):
        of_before = leading.holds  # both are named in the order of their numbers
    elif leading.place > behind.start:
        # "< 0.059 (0.057) for electrons in the barrel (endcap)"
        text = site.passage.text
        aside = text.rfind("(", 0, leading.place) > text.rfind(")", 0, leading.place)
        of_before = leading.holds is not (aside if behind.alternative else True)
    else:
        apart = _APART.search(site.passage.text, before.stop, leading.place) is not None
        of_before = leading.holds is not apart
    return of_before is (before is first)


def _markers(branch: Branch, site: Site, span: tuple[int, int]) -> Iterator[_Marker]:
    """Yield where a part of a text says that a condition holds, or that it does not."""
    text, words = site.passage.text, vocabulary().words
    start, end = span
    for claim in branch.condition:
        if isinstance(claim, Word) and claim.relation is not None:
            for relation, holds in ((claim.relation, True), (contrary(claim.relation), False)):
                found = vocabulary().relations[relation].finditer(text, start, end)
                yield from (_Marker(match.start(), holds) for match in found)
        if isinstance(claim, Word):
            kinds = vocabulary().kinds(claim.text, vocabulary().objects)
            if kinds:
                named = ((place, frozenset([kind])) for one in mentions(text) for place, kind in singly(text, one))
                single = (one for one in named if start <= one[0] < end and not covered_by(one[1]) - one[1])
                yield from (_Marker(place, (kind == kinds) is not claim.negated) for place, kind in single)
            places = places_of_word(claim, text) if claim.relation is None and not kinds else ()
            yield from (
                _Marker(place, is_denied(text, place) is claim.negated) for place in places if start <= place < end
            )
        if not isinstance(claim, Bound) or claim.sense is None:
            continue
        below = claim.sense[0] == "<"
        if claim.sense in ("==", "!="):
            years = list(years_in(text, start, end))
            if any(year[0] == claim.written for year in years):
                same = claim.sense == "=="
                yield from (_Marker(year.start(), (year[0] == claim.written) is same) for year in years)
        if claim.sense == "==":
            of_kind = [n for n in site.passage.numbers if start <= n.start < end and n.sense in (None, "==")]
            behind = {text[n.stop : n.stop + 5] for n in of_kind if same_value(claim, n)}
            alike = (n for n in of_kind if text[n.stop : n.stop + 5] in behind and n.counts)
            yield from (_Marker(n.start, same_value(claim, n), n) for n in alike)  # "1-prong (3-prong)"
            continue
        for number in site.passage.numbers:
            if start <= number.start < end and number.sense is not None and same_value(claim, number):
                holds = number.sense[0] == claim.sense[0]
                yield _Marker(number.start, holds, number)
        if claim.about.quantities & _ETA:
            for name, inner in (("far_in", True), ("far_out", False)):
                found = words[name].finditer(text, start, end)
                yield from (_Marker(match.start(), inner is below) for match in found)
        for name, under in (("above_it", False), ("below_it", True)):
            yield from (_Marker(match.start(), under is below) for match in words[name].finditer(text, start, end))
    yield from (_Marker(match.start(), False) for match in words["in_other_cases"].finditer(text, start, end))
