"""The statements of a sentence, and the objects and quantities that they name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hepsel.extract.checking.vocabulary import vocabulary

# Where one statement of a sentence ends and the next begins.
_CLAUSE = re.compile(
    r";|:\s|\s\|\s|,\s+(?:and(?! so (?:are|is|were|was)\s)|while|whereas|but|which|where|or"
    r"|nor(?= (?:may|must|can|should))|with|so that|of which"
    r"|in which|for which|including|(?:as|and so) (?:are|is|were|was))\s"
    r"|,\s+(?=(?:at least\s+|at most\s+|exactly\s+|only\s+|the\s+)?[\w-]+ of (?:which|whom|them|these)\s)"
    r"|\s(?:and|but)\s+(?=that\s)"
    r"|,?\s(?:and|but),\s+(?=(?:in|for)\s)"
    r"|\s(?:and|while|whereas|but)\s+(?=(?:in|for)\s+(?:the\s+)?"
    r"(?:(?-i:[A-Z]*[SCV]R)|(?:[\w-]+\s+)?(?:region|category|channel)\b))"
    r"|,\s+(?=(?:in|for)\s+(?:the\s+)?(?:[\w-]+\s+)?(?:region|category|channel)\s[^,;]*\d)"
    r"|,\s+(?=(?-i:[A-Z]*[SCV]R[\w-]*)\s[^,;]*[<>≤≥=])"
    r"|,\s+(?=that of (?:the|each|any)\s[^,;]*\d)"
    r"|,\s+(?=the (?:(?:two|three|four) )?"
    r"(?:leading|sub-?leading|trailing|other|second|third|first|hard(?:er|est)|soft(?:er|est))(?: ones?)? "
    r"(?:with|having|must)\s)"
    r"|\s(?:and|while|whereas|but)\s+(?=(?P<subject>(?:[\w-]+\s+){0,7}?)"
    r"(?:must|should|shall|are required|is required|have to|has to|need)\b)"
    r"|,\s+(?=after which\s|leaving\s)"
    r"|(?P<stated>,\s+(?:and\s+)?(?=(?:the\s+)?[^\s,;<>≤≥=]*[_^][^\s,;<>≤≥=]*\s+(?:is|are|has|lies|must|should)\b)"
    r"|\s(?:and|while|whereas|but)\s+(?=(?:at least|at most|exactly|no|all|each|both)\s+(?:[\w-]+\s+){1,5}?"
    r"(?:is|are|has|have|contains?)\b))",
    re.IGNORECASE,
)
_STATEMENT = re.compile(r"\b(?:is|are|has|have|must|should|lies?|exceeds?|requir\w+|need\w*)\b[^;]*\d", re.IGNORECASE)
_JOINED = re.compile(r"(?:\s|,|and|nor|or(?:\s+an?\b)?|\(|\)|/|candidates?|the|both|all)*", re.IGNORECASE)
_RESPECTIVELY = re.compile(
    r"(?P<one>\b[\w-]+) (?:and|or) (?:the )?(?P<two>[\w-]+\b)[^;<>≤≥]{0,70}?\brespectively", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Objects that a text names together, such as "electrons and muons"."""

    kinds: frozenset[str]
    start: int
    end: int


def clause_at(text: str, place: int) -> tuple[int, int]:
    """Return the range of the statement within a sentence in which a place is."""
    start, end = 0, len(text)
    for divider in _CLAUSE.finditer(text):
        if divider["subject"]:
            if not (mentions(divider["subject"]) or vocabulary().words["pronoun"].search(divider["subject"])):
                continue  # "of the same flavour and opposite charge must have"
            if not vocabulary().words["demands"].search(text, 0, divider.start()):
                continue  # "the angle between the jet and the photon must be"
        if divider["stated"] and not _STATEMENT.search(text, start, divider.start()):
            continue  # "for jets of which, ..." : nothing is stated before it
        if divider.end() <= place:
            start = divider.end()
        elif divider.start() >= place:
            end = divider.start()
            break
    return start, end


@lru_cache(8192)
def mentions(text: str) -> tuple[Mention, ...]:
    """Return the objects that a text names, those that stand together as one."""
    text = vocabulary().words["decay"].sub(lambda found: " " * len(found[0]), text)
    single = sorted(
        (match.start(), match.end(), kind)
        for kind, term in vocabulary().objects.items()
        for match in term.words.finditer(text)
    )
    # "large-R jets" are not jets of every kind, nor are "τ leptons" leptons.
    widest = [
        one
        for one in single
        if not any(o[0] <= one[0] and one[1] <= o[1] and o[1] - o[0] > one[1] - one[0] for o in single)
    ]
    groups: list[Mention] = []
    for start, end, kind in widest:
        last = groups[-1] if groups else None
        if last is not None and (start < last.end or _JOINED.fullmatch(text[last.end : start])):
            groups[-1] = Mention(last.kinds | {kind}, last.start, max(last.end, end))
        else:
            groups.append(Mention(frozenset([kind]), start, end))
    return tuple(groups)


def singly(text: str, mention: Mention) -> list[tuple[int, str]]:
    """Return the objects of a mention one by one, each with the place where it is named first."""
    terms = vocabulary().objects
    found = ((terms[kind].words.search(text, mention.start, mention.end), kind) for kind in mention.kinds)
    return sorted((match.start(), kind) for match, kind in found if match is not None)


@lru_cache(8192)  # asked of the same windows for every draft
def quantities(text: str) -> frozenset[str]:
    """Return the quantities that a text names."""
    text = " ".join(text.split())
    terms = vocabulary().quantities
    return frozenset(
        kind
        for kind, term in terms.items()
        if term.words.search(text) or (term.behind is not None and term.behind.search(text))
    )


def in_turn(text: str, place: int) -> frozenset[str] | None:
    """Return the objects that one of two words is for: "tight or loose for electrons or muons, respectively"."""
    for both in _RESPECTIVELY.finditer(text):
        which = next((index for index, name in enumerate(("one", "two")) if both.start(name) == place), None)
        if which is None:
            continue
        behind = mentions(text[both.end("two") : both.end()])
        named = behind or mentions(text[: both.start()])[-1:]
        whole = text[both.end("two") : both.end()] if behind else text[: both.start()]
        for mention in named[:1]:
            single = singly(whole, mention)
            if len(single) == 2:
                return frozenset([single[which][1]])
    return None
