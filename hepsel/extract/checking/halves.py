"""Whether a text says "this or that" where a criterion demands only this."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from fractions import Fraction
from itertools import pairwise

from hepsel.extract.checking.clauses import mentions, quantities
from hepsel.extract.checking.doubts import Candidate, Doubt, shown
from hepsel.extract.checking.model import Verdict
from hepsel.extract.checking.numbers import TextNumber, choice_of
from hepsel.extract.checking.rejections import rejecting
from hepsel.extract.checking.vocabulary import vocabulary
from hepsel.extract.checking.wording import Site

_ASIDE = re.compile(r"\s*\((?=[^()]*[^\W\d])[^()]{1,40}\)")  # words in brackets
_LABEL = re.compile(r"-[^\W\d]")  # behind the number of a name
_NEAR = 60  # characters between two bounds that belong together


def half_of_or(used: Collection[Candidate], ranged: Collection[Candidate], own: frozenset[str]) -> Doubt | None:
    """Return the doubt about bounds that are enough by the text if something else holds, which the criterion drops.

    Parameters
    ----------
    used
        The numbers that are those of the criterion.
    ranged
        Those of them that it says as the end of a range, such as "at most".
    own
        Kinds of the objects that the block selects: of other objects something else may be demanded.
    """
    places = {(site.passage.id, number.start) for site, number in used}
    for site, number in sorted(used, key=lambda one: one[1].start):
        text = site.passage.text
        if site.passage.is_row or number.outside or rejecting(text, number.start) or _denied(site, number):
            continue
        run = choice_of(text, site.passage.numbers, number) if (site, number) in ranged else ()
        ends = (*run[:1], *run[-1:]) if run and run[0].value else run[-1:]
        if run and all((site.passage.id, one.start) in places for one in ends):
            continue  # at most two of "zero, one or two", at least two and at most four of "two, three or four"
        other = _other_way(site, number, places)
        for pair in _boundaries(site, number):
            left = [one for one in pair if (site.passage.id, one.start) not in places]
            if other is None and left and not _of_others(site, pair, own):
                other = site.said(left[0])
        if other is not None:
            return Doubt(
                Verdict.DIRECTION,
                f"by the quotation `{other}` is enough too, which the criterion does not say",
                f"write both, joined by `or`; the source has: {shown(site)}",
                open=True,
            )
    return None


def half_of_range(used: Collection[Candidate], stated: Collection[Fraction] | None = None) -> Doubt | None:
    """Return the doubt about one end of a range of the text without the other one.

    Parameters
    ----------
    used
        The numbers that are those of the criterion.
    stated
        The numbers of the block, one of which may be the other end. Without them only ranges are looked at outside of
        which something lies: their ends are alternatives, so that one alone is another criterion.
    """
    places = {(site.passage.id, number.start) for site, number in used}
    for site, number in sorted(used, key=lambda one: one[1].start):
        for pair in site.ranges():
            if stated is None and not (number.outside or rejecting(site.passage.text, number.start)):
                continue
            left = [
                one for one in pair if (site.passage.id, one.start) not in places and one.value not in (stated or ())
            ]
            if number in pair and left:
                return Doubt(
                    Verdict.DIRECTION,
                    f"the quotation has a range here, and the criterion not its other end, `{site.said(left[0])}`",
                    f"write both ends; the source has: {shown(site)}",
                    open=True,
                )
    return None


def _boundaries(site: Site, number: TextNumber) -> Iterator[tuple[TextNumber, TextNumber]]:
    """Yield the two numbers around each "or" that ends what a number belongs to; ", or" ends more than one bound."""
    numbers = site.passage.numbers
    at = numbers.index(number)
    for pairs in (pairwise(numbers[at:]), pairwise(numbers[: at + 1][::-1])):
        for step, pair in enumerate(pairs):
            first, second = sorted(pair, key=lambda one: one.start)
            between = site.passage.text[first.stop : max(second.reach, first.stop)]
            if len(between) > _NEAR or ";" in between:
                break
            if are_alternatives(site, first, second) and (step == 0 or vocabulary().words["or_more"].match(between)):
                yield first, second
                break


def are_alternatives(site: Site, first: TextNumber, second: TextNumber) -> bool:
    """Whether two numbers that follow one another are bounds of which one is enough."""
    if any(number.sense is None and not number.counts for number in (first, second)):
        return False
    text = site.passage.text
    if any(_LABEL.match(text, number.stop) for number in (first, second)):
        return False  # "two (2-jet channel) or three (3-jet channel)"
    end = max(second.reach, first.stop) if second.reach > first.start else second.start
    between = text[first.stop : end]
    if len(between) > _NEAR or any(more.words.match(between) for more in vocabulary().directions_behind):
        return False
    if _ASIDE.match(between) and _ASIDE.match(text, second.stop) and not second.alternative:
        return False  # "exactly two (2-jet channel) or exactly three (3-jet channel)"
    words = vocabulary().words
    for found in words["alternative"].finditer(between):
        place = first.stop + found.start()
        if any(mention.start <= place < mention.end for mention in mentions(text)):
            continue  # "two electrons or muons with p_T > 20 GeV"
        if (either := words["either_kind"].match(text, place)) and mentions(text[either.end() :])[:1]:
            continue  # "one lepton, either an electron or a muon, with p_T > 20 GeV"
        behind = between[found.end() :]
        led = words["whose"].match(behind.lstrip())  # ", or with missing transverse momentum below 30 GeV"
        plain = quantities(behind) and not words["whose"].search(behind.lstrip(), led.end() if led else 0)
        if not behind.strip() or words["one_more"].match(behind) or plain:
            return True
    return False


def _other_way(site: Site, number: TextNumber, places: Collection[tuple[str, int]]) -> str | None:
    """Return the words of a second way to pass that begins between a number and the one before it."""
    start, _ = site.clause(number)
    before = [one for one in site.passage.numbers if one.stop <= number.reach and one.start >= start]
    if before and (site.passage.id, before[-1].start) in places:
        return None
    window = site.passage.text[before[-1].stop if before else start : number.reach]
    found = vocabulary().words["other_way"].search(window)
    return " ".join(window[: found.start()].split()[-3:]) or None if found is not None else None


def _denied(site: Site, number: TextNumber) -> bool:
    """Whether neither of two must be: "no electrons with p_T > 10 GeV or muons with p_T > 5 GeV"."""
    start, _ = site.clause(number)
    denied = vocabulary().words["absence"].search(site.passage.text, start, number.stop)
    return denied is not None and denied[0].lower() != "zero"  # "zero, one or two jets"


def _of_others(site: Site, pair: tuple[TextNumber, ...], own: frozenset[str]) -> bool:
    """Whether one of two bounds is of objects that the block does not select, and the other is not."""
    return len({bool((site.subject(number) or own) & own) for number in pair}) == 2
