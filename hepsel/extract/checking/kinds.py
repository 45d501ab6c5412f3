"""Kinds of objects: which ones a word covers, and which ones a criterion is about."""

from __future__ import annotations

from collections.abc import Sequence

from hepsel.extract.checking.claims import Member, Word
from hepsel.extract.checking.clauses import mentions
from hepsel.extract.checking.vocabulary import vocabulary

COMPOSITE = frozenset(["pair", "quadruplet", "triplet"])


def covered_by(kinds: frozenset[str]) -> frozenset[str]:
    """Return the kinds that are meant by what a text names: leptons are electrons and muons."""
    return frozenset().union(*(vocabulary().objects[kind].covers for kind in kinds))


def is_simple(own: frozenset[str]) -> bool:
    """Whether a block is one of single objects, and not of candidates or events."""
    return bool(own) and not own & COMPOSITE


def head(kinds: frozenset[str]) -> frozenset[str]:
    """Return what is counted: pairs of leptons are pairs."""
    for kind in ("quadruplet", "triplet", "pair"):
        if kind in kinds:
            return frozenset([kind])
    return kinds


def all_counted(kinds: frozenset[str], said: frozenset[str]) -> bool:
    """Whether what a text names are not only some of the objects that a criterion counts: b jets are not all jets."""
    objects = vocabulary().objects
    return all(kind in said or objects[kind].covers - {kind} <= said for kind in kinds if len(objects[kind].covers) > 1)


def is_present(kinds: frozenset[str], text: str) -> bool:
    """Whether a text demands that there are objects: "events with a photon"."""
    found = [mention for mention in mentions(text) if mention.kinds & covered_by(kinds)]
    words = vocabulary().words
    before = [word.end() for word in words["presence"].finditer(text)]
    return any(
        any(0 < one.start - end < 50 for end in before)
        # "a muon with p_T > 26 GeV must be present"
        or (words["one_such"].search(text[: one.start].lower()) and words["is_present"].match(text, one.end))
        for one in found
    )


def object_words(members: Sequence[Member]) -> list[Word]:
    """Return the alternatives that are only a kind of object: `flavour == electron or is_loose`."""
    objects = vocabulary().objects
    alone = [member[0] for member in members if len(member) == 1]
    return [claim for claim in alone if isinstance(claim, Word) and vocabulary().kinds(claim.text, objects)]


def excepted(members: Sequence[Member]) -> frozenset[str]:
    """Return the kinds of objects for which nothing more is demanded."""
    found: frozenset[str] = frozenset()
    for word in object_words(members):
        if not word.negated:
            found |= vocabulary().kinds(word.text, vocabulary().objects) | {"lepton"}
    return found
