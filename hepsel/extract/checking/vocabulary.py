"""The words by which papers speak of what programs name: data of `vocabulary.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from hepsel.syntax.tree import ComparisonOperator

Sense = ComparisonOperator


@dataclass(frozen=True, slots=True)
class Term:
    """Something that both programs and papers name."""

    names: re.Pattern[str]
    words: re.Pattern[str]
    covers: frozenset[str]
    weak: bool
    plural: str
    signed: bool
    absolute: bool
    behind: re.Pattern[str] | None
    centred: bool
    pure: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A kind of regions, or of operations: how names of programs for it are made, and the words of papers for it."""

    names: re.Pattern[str]
    words: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Mass:
    """The mass of a particle: words for it, and between which values in GeV a program may write it."""

    words: re.Pattern[str]
    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Told:
    """Words that say of a quantity that it is made by one of some operations."""

    words: re.Pattern[str]
    by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Direction:
    """Words for a bound, at the end of a text or anywhere; `loose`: if the bound belongs to the range is not said."""

    words: re.Pattern[str]
    direct: re.Pattern[str]
    alone: re.Pattern[str]
    sense: Sense
    loose: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words; see `vocabulary.toml`."""

    objects: Mapping[str, Term]
    quantities: Mapping[str, Term]
    relations: Mapping[str, re.Pattern[str]]
    operations: Mapping[str, Named]
    told: tuple[Told, ...]
    regions: Mapping[str, Named]
    choices: Mapping[str, re.Pattern[str]]
    ordinals: Mapping[int, re.Pattern[str]]
    directions: tuple[Direction, ...]
    directions_behind: tuple[Direction, ...]
    words: Mapping[str, re.Pattern[str]]
    restrictions: tuple[re.Pattern[str], ...]
    masses: tuple[Mass, ...]
    spellings: Mapping[str, str]
    number_words: Mapping[str, int]
    fractions: Mapping[str, int]
    units: Mapping[str, str]

    def kinds(self, name: str, terms: Mapping[str, Term]) -> frozenset[str]:
        """Return which of the terms a program means by a name."""
        found = {kind for kind, term in terms.items() if term.names.fullmatch(name)}
        # `fatjets` are not jets of every kind.
        return frozenset(kind for kind in found if not found & (terms[kind].covers - {kind}))


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _terms(data: Mapping[str, Any]) -> dict[str, Term]:
    return {
        name: Term(
            names=_pattern(term["names"]),
            words=_pattern(term["words"]),
            covers=frozenset([name, *term.get("covers", ())]),
            weak=term.get("weak", False),
            plural=term.get("plural", name.replace("_", " ") + "s"),
            signed=term.get("signed", False),
            absolute=term.get("absolute", False),
            behind=_pattern(rf"\s*(?:{term['behind']})") if "behind" in term else None,
            centred=term.get("centred", False),
            pure=term.get("pure", False),
        )
        for name, term in data.items()
    }


def _named(data: Mapping[str, Any]) -> dict[str, Named]:
    return {name: Named(_pattern(entry["names"]), _pattern(entry["words"])) for name, entry in data.items()}


_MASS = (
    r"(?<![\w^])(?:NAME)(?:[ -](?:boson|quark|lepton|meson|baryon|pole))*(?:'s)? (?:pole |rest )?mass"
    r"|mass of (?:(?:the|an?) )?(?:(?:known|nominal|world-average) )?(?:NAME)(?!\w)"
    r"|(?<!\w)[mM]_?\{?(?:NAME)\}?(?!\w)"
)
# Between the words of a bound and its number may stand a few words, such as "at least a pair of two".
_FILLER = (
    r"\s+(?:(?:the|a|an|of|one of|that of|about|values? of)\s+)*(?:(?!and\s|or\s)[^\s\d,;:|<>≤≥=()]+\s+){0,3}[-+]?\s*$"
)
_SINGLE_FILLER = r"\s+(?:(?:the|a|an|of)\s+)*[-+]?\s*$"


def _directions(data: list[Any], *, behind: bool) -> tuple[Direction, ...]:
    made = []
    for entry in data:
        words = "|".join(sorted(entry["words"], key=len, reverse=True))
        filler = _SINGLE_FILLER if entry["sense"] == "==" else _FILLER
        pattern = rf"^\s*(?:{words})\b" if behind else rf"\b(?:{words}){filler}"
        direct = _pattern(rf"\b(?:{words})\s+$")
        alone = _pattern(rf"\b(?:{words})(?=\s)")
        made.append(Direction(_pattern(pattern), direct, alone, entry["sense"], entry.get("loose", False)))
    return tuple(made)


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary."""
    text = files("hepsel.extract.checking").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    words = dict(data["words"])
    restrictions = tuple(_pattern(rf"\b(?:{word})\b") for word in words.pop("restrictions"))
    return Vocabulary(
        objects=_terms(data["objects"]),
        quantities=_terms(data["quantities"]),
        relations={name: _pattern(words_) for name, words_ in data["relations"].items()},
        operations=_named(data["operations"]),
        told=tuple(Told(_pattern(entry["words"]), frozenset(entry["by"])) for entry in data["told"]),
        regions=_named(data["regions"]),
        choices={name: _pattern(rf"\b(?:{words_})\b") for name, words_ in data["choices"].items()},
        ordinals={int(place): _pattern(words_) for place, words_ in data["ordinals"].items()},
        directions=_directions(data["directions"], behind=False),
        directions_behind=_directions(data["directions_behind"], behind=True),
        words={name: _pattern(text) for name, text in words.items()},
        restrictions=restrictions,
        masses=tuple(
            Mass(re.compile(_MASS.replace("NAME", name)), *(Fraction(str(value)) for value in ends))
            for name, ends in data["masses"].items()
        ),
        spellings=data["spellings"],
        number_words=data["number_words"],
        fractions=data["fractions"],
        units=data["units"],
    )
