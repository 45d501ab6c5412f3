"""Where the text of a paper leaves it to another one: "as described in Ref. [9]"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hepsel.extract.reading.model import Document, Reference, Sentence

_CITATION = re.compile(r"\[(?P<keys>\w[\w:./+-]*(?:\s*[,;]\s*\w[\w:./+-]*)*)\]")
_RANGE = re.compile(r"(\d{1,4})\s*-\s*(\d{1,4})")
# What stands before a citation that says "look there for what we do". Other citations only give credit.
_DELEGATES = re.compile(
    r"""(?:
        \b(?:described|defined|detailed|explained|outlined|documented|discussed|specified|summari[sz]ed|given
            |introduced|presented|used|applied|reported|found|listed|performed|done)\s+(?:\S+\s+){0,4}?(?:in|by)\b[^.;]{0,70}
      | \b(?:similar|identical|analogous|equivalent)(?:ly)?\s+to\b[^;]{0,110}
      | \bfollow(?:s|ed|ing)?\s+(?:(?:the|an?|that|those|our)\b[^;]{0,90}|(?=Refs?\b))
      | \bsame\b[^;]{0,80}\bas\b[^;]{0,60}
      | \bas\s+(?:in|for)\b[^;]{0,60}
      | \baccording\s+to\b[^;]{0,60}
      | \b(?:criteria|criterion|requirements?|definitions?|working\s+points?|recommendations?)
        \s*(?:(?:of|from|in)\s*)?(?:the\s*)?(?:Refs?\.?|references?)?
      | \brecommended\s+(?:in|by)\b[^;]{0,40}
    )\s*(?:Refs?\.?|references?)?\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_WINDOW = 160  # characters before a citation that are looked at
_MOST_KEYS = 200


@dataclass(frozen=True, slots=True)
class Citation:
    """A key by which the text cites, and the entry of the reference list, if there is one."""

    key: str
    entry: Reference | None


@dataclass(frozen=True, slots=True)
class Delegation:
    """A sentence that leaves something to other papers, the words that do so, and the papers."""

    sentence: Sentence
    words: str
    citations: tuple[Citation, ...]


def delegations(document: Document) -> Iterator[Delegation]:
    """Yield the sentences that leave something to other papers, in reading order."""
    entries = {entry.key: entry for entry in document.references}
    for sentence in document.sentences:
        start = 0
        for found in _CITATION.finditer(sentence.text):
            before = sentence.text[max(start, found.start() - _WINDOW) : found.start()]
            start = found.end()
            keys = citation_keys(found["keys"])
            # Where keys are numbers, `[GeV]` and `[left]` are no citations.
            known = [key for key in keys if key in entries or key.isdigit()]
            words = _DELEGATES.search(before)
            if known and words:
                citations = tuple(Citation(key, entries.get(key)) for key in known)
                yield Delegation(sentence, " ".join((words[0] + found[0]).split()), citations)


def citation_keys(text: str) -> tuple[str, ...]:
    """Return the keys of a citation: `3, 7-9` is 3, 7, 8 and 9."""
    keys: list[str] = []
    for part in re.split(r"\s*[,;]\s*", text.strip()):
        found = _RANGE.fullmatch(part)
        if found and int(found[1]) <= int(found[2]) <= int(found[1]) + _MOST_KEYS:
            keys += map(str, range(int(found[1]), int(found[2]) + 1))
        else:
            keys.append(part)
    return tuple(dict.fromkeys(keys))
