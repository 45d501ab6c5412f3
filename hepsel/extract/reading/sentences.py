"""Where a sentence ends."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files

# After the full stop: a footnote's mark, closing brackets and quotation marks; then a space and what begins a sentence.
_AFTER_STOP = r"""(?:\^(?:\w|\*|\{[^{}]*\}))?["')\]]*(?:\s*\[[\d,\s-]+\])?"""
_END = re.compile(rf"""(?P<stop>[.?!]){_AFTER_STOP}\s+(?=["'(\[]*(?P<first>[^\W\d_a-z]))""")
_DATA = tomllib.loads(files("hepsel.extract.reading").joinpath("sentences.toml").read_text(encoding="utf-8"))
_ABBREVIATIONS, _NAMED_BY_LETTER = (frozenset(_DATA[name]) for name in ("abbreviations", "named_by_letter"))
_WORD = re.compile(r"(?P<before>\w+)?\W*?(?P<word>[\w.]+)$")
_FINISHED = re.compile(rf"[.?!:]{_AFTER_STOP}$")
_NUMBER = re.compile(r"[\d.()]*|(?:tab(?:le|\.)|fig(?:ure|\.))\s*(?:\d+|[IVXL]+)", re.IGNORECASE)
LONGEST = 4000  # characters: what is longer is a list or a table that was not recognised, and is cut


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Return the sentences of a text as half-open ranges of characters, without the white space around them."""
    start = 0
    for found in _END.finditer(text):
        end = found.end()
        if found["first"].islower():
            continue  # a Greek letter
        if _is_abbreviation(text[max(0, found.start() - 60) : found.start()]) and found["stop"] == ".":
            continue
        if _NUMBER.fullmatch(text[start : found.start()].strip()):
            continue  # of an item in a list, or of a figure
        yield from _cut(text, start, end)
        start = end
    yield from _cut(text, start, len(text))


def is_finished(text: str) -> bool:
    """Whether a text ends where a sentence does."""
    text = text.rstrip()
    if not _FINISHED.search(text[-80:]):
        return False
    return not (text.endswith(".") and _is_abbreviation(text[-61:-1]))


def _is_abbreviation(before: str) -> bool:
    found = _WORD.search(before)
    if found is None:
        return False
    word = found["word"].lower()
    if len(word) == 1 and word.isalpha() and found["word"].isupper():
        return (found["before"] or "").lower() not in _NAMED_BY_LETTER
    return word in _ABBREVIATIONS


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = min(end, start + LONGEST)
        first, last = start, stop
        while first < last and text[first].isspace():
            first += 1
        while last > first and text[last - 1].isspace():
            last -= 1
        if first < last:
            yield first, last
        start = stop
