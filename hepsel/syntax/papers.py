"""Spellings of papers, in words and in LaTeX, and how hepsel says the same."""

from __future__ import annotations

import re

from hepsel.syntax import adl, elsewhere
from hepsel.vocabulary.foreign import ATTRIBUTES, NAMES, called_here
from hepsel.vocabulary.formulas import quantity

_WORDS = {"no": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
HOW_MANY = rf"(?:\d+|{'|'.join(_WORDS)})"
OPERATOR = r"[<>]=?|[=!]=|=(?!=)"
WITH_BRACES = (
    r"\b(?!\w+\^\{-?\d)[A-Za-z]+(?:[_^](?:\{[^{}\n]*\}|[A-Za-z]+))*?[_^]\{[^{}\n]*\}(?:[_^](?:\{[^{}\n]*\}|[A-Za-z]+))*"
)
"""A symbol with subscripts of which at least one has braces; no unit with a power."""

_COMPARED = {
    "more": ">", "greater": ">", "larger": ">", "higher": ">", "above": ">", "over": ">", "exceeds": ">",
    "exceeding": ">", "less": "<", "lower": "<", "smaller": "<", "fewer": "<", "below": "<", "under": "<",
    "at least": ">=", "at most": "<=", "equals": "==", "equal": "==",
}  # fmt: skip
COMPARISON = (
    rf"(?:is\s+|are\s+)?(?P<word>{'|'.join(_COMPARED)})\b"
    r"(?:\s+than)?(?P<equal>\s+or\s+equal)?(?:\s+to)?"
)

_COMMANDS = {
    "geq": ">=", "ge": ">=", "leq": "<=", "le": "<=", "gt": ">", "lt": "<", "neq": "!=", "ne": "!=", "times": "*",
    "cdot": "*", "varphi": "phi", "land": "and", "wedge": "and", "lor": "or", "vee": "or", "neg": "not", "lnot": "not",
    "pT": "pt", "met": "MET", "MET": "MET", "GeV": "GeV", "TeV": "TeV", "MeV": "MeV",
}  # fmt: skip
_AS_THEY_ARE = ("eta", "phi", "pi", "theta", "pt", "sqrt", "sin", "cos", "in")
_DISTANCES = {"R": "dr", "phi": "dphi", "varphi": "dphi", "eta": "deta"}


def number(word: str) -> str:
    """Return a number in digits."""
    return str(_WORDS.get(word, word))


def count(operator: str, many: str, name: str) -> str:
    """Return how many items of a collection there are, compared."""
    return f"count({name}) {'==' if operator == '=' else operator} {number(many)}"


def advice_on_count(operator: str, many: str, name: str) -> str:
    """Say how `2 jets` is written: alone it does not say whether there may be more."""
    if operator or number(many) == "0":
        return f"write `{count(operator or '==', many, name)}`"
    return f"write `{count('==', many, name)}` for just so many, `{count('>=', many, name)}` for no less"


KEEPS_ONE = "`keep highest` and `keep lowest` keep one item"


def advice_on_several(many: str, key: str, *, highest: bool) -> str:
    """Say how more than one best item are kept."""
    return f"write `sort by {key} {'descending' if highest else 'ascending'}` and `keep first {number(many)}`"


def comparison(match: re.Match[str]) -> str:
    """Return the operator that words are."""
    operator = _COMPARED[match["word"]]
    return f"{operator}=" if match["equal"] and len(operator) == 1 else operator


def command(match: re.Match[str]) -> str | None:
    """Return what a command of LaTeX is here."""
    name = match["name"]
    if name == "Delta" and match["of"]:
        return _DISTANCES[match["of"]]
    return name if name in _AS_THEY_ARE else _COMMANDS.get(name)


def symbol(match: re.Match[str]) -> str | None:
    """Return the name that a symbol with subscripts has here, if it has one."""
    plain = _plain(match[0])
    return called_here(plain, NAMES) or called_here(plain, ATTRIBUTES)


def advice_on_symbol(match: re.Match[str]) -> str:
    """Say how a symbol with subscripts is written."""
    found = symbol(match)
    if found is not None:
        return f"write `{found}`"
    return quantity(_plain(match[0])) or f"names are of the letters a to z, digits and `_`: `{_plain(match[0])}`"


def _plain(text: str) -> str:
    return re.sub(r"\\(?:mathrm|text|rm)\b|[{}\\^_\s]", "", text)


def of_particles(match: re.Match[str]) -> str:
    """Say how a quantity of particles that stand side by side is written."""
    name, items = match["name"], re.split(r"[\s,]+", match["items"].strip())
    function = elsewhere.function(name)
    if function is not None and len(items) > 1:
        return f"write `{function}({', '.join(items)})`"
    if len(items) == 1 and (own := adl.of_the_item(name, items[0])) is not None:
        return f"an attribute of the item of a block stands alone: write `{own}`"
    attribute = called_here(name, ATTRIBUTES) or name
    whole = items[0] if len(items) == 1 else f"({' + '.join(items)})"
    return f"write `{whole}.{attribute}`"
