"""Whether a text says a word of the program, such as `is_loose`, `calo_tagged` or opposite charge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from hepsel.extract.checking.claims import Word
from hepsel.extract.checking.clauses import clause_at
from hepsel.extract.checking.folding import fold
from hepsel.extract.checking.vocabulary import vocabulary

_NEAR = 50  # characters around a grade of a tagger in which its name is looked for


def says(word: Word, clause: str) -> bool:
    """Whether a text says a word."""
    return place_of(word, clause) is not None


def place_of(word: Word, text: str) -> int | None:
    """Return where a text says a word."""
    if word.relation is not None:
        relation = vocabulary().relations[word.relation]
        found = relation.search(text)
        return None if found is None else found.start()
    for kind in vocabulary().kinds(word.text, vocabulary().objects):
        found = vocabulary().objects[kind].words.search(text)
        if found is not None:
            return found.start()
    return next(places_of_word(word, text), None)


def places_of_word(word: Word, text: str, start: int = 0) -> Iterator[int]:
    """Yield where a text, from a place on, says a word that is neither a relation nor a kind of objects."""
    parts = re.split(r"[\s_-]+", word.text)
    # The efficiency in `is_btagged_60` is looked at where the word stands.
    named = [part for part in parts if not re.fullmatch(r"\d\d", part)]
    found = [match.start() for match in _spelled(parts).finditer(text, start)]
    found = found or [match.start() for match in _spelled(named or parts).finditer(text, start)]
    yield from found or (_apart(named, text, start) if len(named) > 1 else ())


def _apart(parts: list[str], text: str, start: int) -> Iterator[int]:
    """Yield where a text has the grade in a name, and the rest of it near: "medium ... of DeepJet"."""
    grades = [part for part in parts if vocabulary().words["grades"].fullmatch(part)]
    others = [part for part in parts if part not in grades]
    if len(grades) != 1 or not others:
        return
    for match in _spelled(grades).finditer(text, start):
        near = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
        if all(_spelled([part]).search(near) for part in others):
            yield match.start()


def _spelled(parts: list[str]) -> re.Pattern[str]:
    """Return the pattern of the parts of a name as texts spell them, one behind the other."""
    spellings = vocabulary().spellings
    each = (spellings.get(part.lower()) or _letters(part) for part in parts)
    return re.compile(r"\b" + r"[\s_-]?".join(each), re.IGNORECASE)


def _letters(part: str) -> str:
    return r"[\s_-]?".join(re.escape(char) for char in part)


def says_relation(word: Word, text: str) -> bool:
    """Whether a text says a relation of two items."""
    return word.relation is not None and bool(vocabulary().relations[word.relation].search(text))


def by_object(word: Word, subject: frozenset[str] | None) -> bool:
    """Whether a word is the kind of object that a text is about."""
    return subject is not None and bool(vocabulary().kinds(word.text, vocabulary().objects) & subject)


def is_denied(text: str, place: int, *, of_rejected: bool = False) -> bool:
    """Whether a word is denied: "not loose", "fail the loose criteria", "must not be".

    What is rejected is what the words say: "vetoed if they have a loose electron" denies only with `of_rejected` false.
    """
    start, end = clause_at(text, place)
    start = max(start, place - 45)
    words = vocabulary().words
    return any(
        not words["demands"].search(text, found.end(), place)
        and not (of_rejected and words["rejection"].match(text, found.start()))
        for found in words["negation"].finditer(text[:end], start)
        if found.end() <= place
    )


def spelled(name: str) -> str:
    """Return the pattern of a name as texts spell it: with spaces, dashes or nothing between its letters."""
    return r"[\s_-]*".join(re.escape(char) for char in name.replace("_", ""))


@lru_cache(8192)
def spoken(text: str) -> str:
    """Return a text in small letters, without spaces and dashes."""
    return re.sub(r"[\s_-]", "", text.lower())


def spoken_of(names: frozenset[str], text: str) -> bool:
    """Whether a text has the words that names are made of."""
    folded = spoken(text)
    return any(
        (len(name) > 1 and fold(name.replace("_over_", "/")).text in fold(text).text)
        or (len(name) == 1 and re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", text) is not None)
        or any(len(part) > 2 and part.lower() in folded for part in name.split("_"))
        or _is_made_of(name, text)
        for name in names
    )


def _is_made_of(name: str, text: str) -> bool:
    """Whether words of a text make up a name, such as `npixelhits` for the number of hits in the pixel detector."""
    left = name.lower()
    for word in words_in(text):
        if len(word) > 2:
            left = left.replace(word, "", 1)
    return len(left.strip("ns_")) == 0 and len(left) < len(name)


def words_in(text: str) -> list[str]:
    """Return the words of a text, in small letters."""
    return re.findall(r"[^\W\d_]+", text.lower())


def stems(text: str) -> set[str]:
    """Return the stems of the words of a text."""
    return {stem(word) for word in words_in(text)}


def stem(word: str) -> str:
    """Return what words of one meaning begin with."""
    return word[:5] if len(word) > 5 else word.removesuffix("s")
