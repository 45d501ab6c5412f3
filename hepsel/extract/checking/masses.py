"""Masses of particles that a text names without their values: `m_Z`, "the top quark mass"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from hepsel.extract.checking.vocabulary import vocabulary
from hepsel.semantics.units import UNITS

GEV = Fraction(UNITS["GeV"].factor)
ENERGY = UNITS["GeV"].dimension

_ARTICLE = re.compile(r"(?:\b(?:the|an?) )?(?:\b(?:known|nominal|world-average|measured) (?:value of the )?)?$")
_NAMED_AT_ALL = re.compile(
    r"mass|[mM]_?\{?[A-Zt\u03c4\u03c6\u03c8\u03a5\u039b]"
)  # so that most sentences are looked at once
# Behind a mass: something else is meant, or a value is given.
_OF_SOMETHING = re.compile(
    r"\s*(?:[-+±\u2212\u2013=≈]|\((?=\d)|of\s+\d|windows?\b|peaks?\b|regions?\b|ranges?\b|intervals?\b|hypothes|constraints?\b"
    r"|distributions?\b|resolutions?\b|spectr|sidebands?\b|measure|candidates?\b|points?\b|squared)"
)


@dataclass(frozen=True, slots=True)
class NamedMass:
    """A mass in a text: where it stands, with its article, and between which values it is written, in base units."""

    start: int
    end: int
    low: Fraction
    high: Fraction
    alone: bool
    """Whether nothing follows by which something else is meant, such as the window around it."""


@lru_cache(8192)
def named_masses(text: str) -> tuple[NamedMass, ...]:
    """Return the masses that a text names, in order."""
    if _NAMED_AT_ALL.search(text) is None:
        return ()
    found = []
    for mass in vocabulary().masses:
        for match in mass.words.finditer(text):
            article = _ARTICLE.search(text, max(0, match.start() - 40), match.start())
            start = article.start() if article is not None else match.start()
            alone = _OF_SOMETHING.match(text, match.end()) is None
            found.append(NamedMass(start, match.end(), mass.low * GEV, mass.high * GEV, alone))
    return tuple(sorted(found, key=lambda mass: mass.start))
