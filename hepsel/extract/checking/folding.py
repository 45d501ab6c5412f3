"""The form in which a quotation is compared with its source: without spaces and notation."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_DROPPED = frozenset(" \t\r\n_^{}|\\$~*'\"`´’‘“”­")  # noqa: RUF001 - kinds of quotation marks
_DASHES = frozenset("-‐‑‒–—−⁃")  # noqa: RUF001 - kinds of dashes
_SIGNS = {
    "≥": ">=", "⩾": ">=", "≤": "<=", "⩽": "<=", "≠": "!=", "\u00d7": "x", "·": "x", "⋅": "x", "\u2113": "l",
    "∆": "d", "Δ": "d", "…": "...", "∑": "sum", "√": "sqrt",
}  # fmt: skip


# A difference is written ΔR, dR, \\Delta R and deltaR.
_DELTA = re.compile(r"\\Delta(?![a-z])|\bDelta(?![a-z])|\bdelta(?=[ _]?R\b|_?[A-Za-z]\b)")


# Behind a name: nothing that makes another symbol of it.
_ENDS = re.compile(r"\}*s?(?![\w^])")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in the form for comparison, and for each of its characters the place in the text that it comes from."""

    text: str
    origin: tuple[int, ...]

    def range(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the original text that a range of this one comes from."""
        return self.origin[start], self.origin[end - 1] + 1


@lru_cache(8192)  # the passages of a paper, for every draft; cells of its tables, for every quotation
def fold(text: str) -> Folded:
    """Return a text without spaces, dashes, braces and bars, with one spelling of signs and Greek letters."""
    pieces: list[str] = []
    origin: list[int] = []
    spelt = {match.start(): match.end() for match in _DELTA.finditer(text)}
    skip = 0
    for place, char in enumerate(text):
        if place < skip:
            continue
        skip = spelt.get(place, 0)
        piece = "d" if skip else _piece(char)
        pieces.append(piece)
        origin += [place] * len(piece)
    return Folded("".join(pieces), tuple(origin))


def greek_letter(word: str) -> str:
    """Return the Greek letter that has a name; of any other word the word itself."""
    try:
        return unicodedata.lookup(f"GREEK SMALL LETTER {word.replace('lambda', 'lamda').upper()}")
    except KeyError:
        return word


def place_of_name(name: str, text: str) -> int | None:
    """Return where a text has a name of a program as a whole symbol or word: `HT` is not in `H_T^{miss}`."""
    wanted, folded = fold(name).text, fold(text)
    at = folded.text.find(wanted) if wanted else -1
    while at >= 0:
        start, end = folded.range(at, at + len(wanted))
        if not (start and text[start - 1].isalnum()) and _ENDS.match(text, end):
            return start
        at = folded.text.find(wanted, at + 1)
    return None


def _piece(char: str) -> str:
    if char in _DROPPED or char in _DASHES:
        return ""
    if char in _SIGNS:
        return _SIGNS[char]
    if char.isascii():
        return char.lower()
    plain = unicodedata.normalize("NFKC", char)
    name = unicodedata.name(plain, "") if len(plain) == 1 else ""
    if name.startswith("GREEK ") and " LETTER " in name:
        return name.split(" LETTER ", 1)[1].split(" WITH ")[0].split()[-1].lower().replace("lamda", "lambda")
    return "".join(_SIGNS.get(part, part) for part in plain if part not in _DROPPED and part not in _DASHES).casefold()
