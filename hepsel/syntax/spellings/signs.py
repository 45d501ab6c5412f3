"""Quotation marks, comments, LaTeX, units and letters that hepsel has not."""

from __future__ import annotations

import re

from hepsel.syntax import elsewhere, papers
from hepsel.syntax.spellings.spelling import Spelling, instead

_LETTERS = {
    "η": "eta", "φ": "phi", "ϕ": "phi", "π": "pi", "θ": "theta", "√": "sqrt", "²": "^2", "³": "^3", "∧": "and",
    "\u2228": "or", "¬": "not", "∈": "in", "\xa0": " ",
}  # fmt: skip

_DISTANCES = {"R": "dr", "r": "dr", "φ": "dphi", "ϕ": "dphi", "phi": "dphi", "η": "deta", "eta": "deta"}


def _letter(match: re.Match[str]) -> str:
    ours = _LETTERS.get(match[0])
    if ours == " ":
        return "write an ordinary space"
    return f"write `{ours}`" if ours else "names are of the letters a to z, digits and `_`"


SIGNS = (
    Spelling(
        r"\\(?P<name>[A-Za-z]+)(?:(?<=Delta)\s*(?:\{\s*\})?\s*\\?(?P<of>R|phi|varphi|eta)\b)?",
        "E119",
        "LaTeX is not read here",
        lambda match: (
            f"write `{papers.command(match)}`"
            if papers.command(match)
            else "names are of the letters a to z, digits and `_`"
        ),
        papers.command,
    ),
    Spelling(papers.WITH_BRACES, "E119", "LaTeX is not read here", papers.advice_on_symbol, papers.symbol),
    Spelling(r"(?<![A-Za-z_])\$|\$(?!\s*\()", "E119", "LaTeX is not read here", "leave out the `$`", ""),
    Spelling(
        r"\b(?P<name>\w+)\$",
        "E119",
        "`$` is not in the alphabet of hepsel",
        elsewhere.of_formula,
        elsewhere.formula_replaced,
    ),
    instead(
        r"[=!]=\s*(?P<here>\"([A-Za-z_]\w*)\")",
        "E116",
        "the values of an enumeration have no quotation marks",
        lambda match: match[2],
    ),
    instead(
        r"(?<![\w.])(\d+),(\d{1,2})(?![\w,])",
        "E121",
        "a number has no commas in it",
        lambda match: f"{match[1]}.{match[2]}",
    ),
    Spelling(
        r"\"\"\"|'''",
        "E118",
        "a comment starts with `#`, and ends with its line",
        "write `#` before each line",
    ),
    instead(";", "E112", "statements do not end in `;`", ""),
    Spelling(
        r"\b([fpnu]b)\s*-\s*1\b",
        "E114",
        "the power of a unit needs `^`",
        "write `fb^-1`",
        lambda match: f"{match[1]}^-1",
    ),
    instead(
        r"\b([A-Za-z]+)\s*\^\s*[({]\s*(-?)\s*(\d+)\s*[)}]",
        "E114",
        "the power of a unit has no brackets around it",
        lambda match: f"{match[1]}^{match[2]}{match[3]}",
    ),
    Spelling(
        r"/\s*([fpnu]b)\b",
        "E114",
        "an inverse unit is written as a power",
        "write `fb^-1`",
        lambda match: f"{match[1]}^-1",
    ),
    instead(r"\bGeV/c(?:\^?2|²)?", "E114", "energies, momenta and masses are in GeV here (c = 1)", "GeV"),
    Spelling(
        r"\bcite\s+(?:page|p\.?)\s*\d*",
        "E115",
        "`cite` needs the name of a source first",
        'declare `source paper "..."` in the header and write `cite paper page 7`',
    ),
    Spelling(
        r'\bcite\s+"',
        "E115",
        "`cite` needs the name of a source first",
        'declare `source paper "..."` in the header and write `cite paper "..."`',
    ),
    Spelling(
        r"(?<![.\w])(?:analysis|title|as|note|assume|external|without|source\s+\w+)\s+(?=[A-Za-z0-9])",
        "E116",
        "a text stands between double quotes",
        lambda match: f'write `{match[0].strip()} "..."`',
    ),
    instead("[“”„]", "E116", "a string stands between straight double quotes", '"'),
    Spelling("'", "E116", "a string stands between double quotes", 'write `"text"`', '"'),
    instead(
        r"(?<![\w.])\d{1,3}(?:,\d{3})+(?![\w.])",
        "E121",
        "a number has no commas in it",
        lambda match: match[0].replace(",", ""),
    ),
    instead(r"//|/\*", "E118", "a comment starts with `#`", "#"),
    instead("@", "E119", "`@` means nothing here", ""),
    instead(
        r"[Δ∆]\s*(R|r|φ|ϕ|phi|η|eta)(?![a-z])",
        "E119",
        "names are of the letters a to z, digits and `_`",
        lambda match: _DISTANCES[match[1]],
    ),
    instead(r"[µμ]m\b", "E114", "names are of the letters a to z, digits and `_`", "um"),
    Spelling(
        r"[^\x00-\x7f]",
        "E119",
        "this is not in the alphabet of hepsel",
        _letter,
        lambda match: _LETTERS.get(match[0]),
    ),
)
