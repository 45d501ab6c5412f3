"""Whether a sentence rejects what stands at a place in it, or asks for none."""

from __future__ import annotations

import re

from hepsel.extract.checking.clauses import Mention, clause_at, mentions
from hepsel.extract.checking.numbers import numbers_in
from hepsel.extract.checking.vocabulary import vocabulary

_AIM = re.compile(r"(?:^|\bin order )to\s+$", re.IGNORECASE)
_BELOW = re.compile(r"[<≤]=?\s*$")
_IN_BRACKETS = re.compile(r"\([^()]{3,80}\)")


def rejecting_events(text: str, place: int) -> bool:
    """Whether what a sentence rejects for what stands at a place are events, and not the objects that it names."""
    start, _ = clause_at(text, place)
    if vocabulary().words["with_more"].search(text[:start]):
        start, _ = clause_at(
            text, start - len(", with ")
        )  # "events with a second muon, with p_T > 10 GeV, are rejected"
    event = vocabulary().words["events"].search(text, start, place)
    first = next((mention.start for mention in mentions(text) if mention.start >= start), place)
    return event is not None and event.start() < first


def denied(text: str, mention: Mention) -> bool:
    """Whether there must be none of the objects that a text names: "no electrons or muons", "not any jet"."""
    words = vocabulary().words
    if words["number_of"].search(text[max(0, mention.start - 60) : mention.start]):
        return words["is_zero"].search(text, mention.end, clause_at(text, mention.end)[1]) is not None
    return vocabulary().words["none_of"].search(text, max(0, mention.start - 60), mention.start) is not None


def denying(text: str, place: int) -> bool:
    """Whether what stands at a place tells which objects there must not be: "no jet with p_T > 30 GeV"."""
    start, _ = clause_at(text, place)
    start = max(start, *(text.rfind(sign, start, place) + 1 for sign in ",;"))
    before = [mention for mention in mentions(text) if start <= mention.start and mention.end <= place]
    if not before:
        return False
    words = vocabulary().words
    if "met" in before[-1].kinds or words["of_event"].search(text, before[-1].end, place):
        return False  # "no leptons and H_T > 500 GeV"
    counted = any(n.counts and n.value > 0 and before[0].end <= n.start < place for n in numbers_in(text))
    those = before[-1:] if counted else (before[0], before[-1])
    return any(denied(text, one) and not words["and_then"].match(text, one.end, place) for one in those)


def none_may(text: str, place: int) -> bool:
    """Whether none of several may have what stands at a place: "neither lepton may have |η| > 2.1"."""
    start, _ = clause_at(text, place)
    return vocabulary().words["none_may"].search(text, start, place) is not None


def _of_others_behind(text: str, start: int, place: int, end: int) -> bool:
    """Whether what is rejected behind a place is something else: "the range is 30 to 90 GeV and b jets are vetoed"."""
    named = [mention for mention in mentions(text) if place <= mention.start and mention.end <= end]
    if not named or text[named[-1].end : end].strip():
        return False
    before = text[place : named[-1].start]
    stated = vocabulary().words["stated_verb"].search(text, start, place)
    relative = vocabulary().words["under_condition"].search(text, start, place)
    return re.search(r"\band\s+$", before) is not None and stated is not None and relative is None


def rejecting(text: str, place: int) -> bool:
    """Whether what stands at a place of a sentence is said to be rejected; not what comes behind "unless", or fails."""
    words = vocabulary().words
    # "(the gap 1.37-1.52 is left out)" says nothing of what is outside of the brackets, nor the other way round.
    inside = next((one for one in _IN_BRACKETS.finditer(text) if one.start() < place < one.end()), None)
    if inside is not None and words["rejected"].search(inside[0]):
        return True
    text = _IN_BRACKETS.sub(lambda one: one[0] if one.start() < place < one.end() else " " * len(one[0]), text)
    return said_rejected(text, place) and not turned_at(text, place)


def turned_at(text: str, place: int) -> bool:
    """Whether what stands at a place is meant the other way round: it fails, or comes behind "unless"."""
    words = vocabulary().words
    start, _ = clause_at(text, place)
    return any(words[name].search(text, start, place) is not None for name in ("unless", "fails"))


def said_rejected(text: str, place: int) -> bool:
    """Whether a sentence rejects something where a place is, whichever way that is meant there."""
    words = vocabulary().words
    start, end = clause_at(text, place)
    if start and (same := words["as_are"].search(text, 0, start)) is not None and same.end() == start:
        return said_rejected(
            text, clause_at(text, same.start() - 1)[0]
        )  # "those with |η| > 2 are rejected, as are those with p_T < 5 GeV"
    while (more := words["or_more"].match(text, end)) and not words["demands"].search(text, start, place):
        end = clause_at(text, more.end())[1]  # "jets within 0.2 of an electron, or closer to a muon, are removed"
    if start and words["without_verb"].fullmatch(text, start, end):
        return said_rejected(text, clause_at(text, start - len(", and "))[0])  # "..., and then any electron near a jet"
    behind = words["rejected"].search(text, place, end)
    if behind is not None and not _of_others_behind(text, start, place, behind.start()):
        return True
    if text[:start].endswith("with ") and words["with_left_out"].match(text[:end], place):
        return True
    if words["not_both"].search(text, start, place):
        return True
    if words["must_not"].search(text, start, place) and _BELOW.search(text, max(0, place - 4), place):
        return True  # "must not overlap with a jet, ΔR < 0.4"
    before = [found for found in words["rejects"].finditer(text, start, end) if found.end() <= place]
    # "To suppress jets from pile-up, jets must" rejects nothing.
    before = [one for one in before if not (_AIM.search(text[: one.start()]) and "," in text[one.end() : place])]
    passive = list(words["rejected"].finditer(text, start, place))
    if passive:
        # "are rejected if p_T < 5 GeV", "are rejected if any jet satisfies p_T > 30 GeV"
        if words["if_near"].match(text, passive[-1].end()):
            return True
        return not words["demands"].search(text, passive[-1].end(), place)
    return bool(before) and not words["demands"].search(text, before[-1].end(), place)
