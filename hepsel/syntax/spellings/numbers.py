"""Infinity, errors of numbers, and the ranges of tables."""

from __future__ import annotations

import re

from hepsel.syntax import papers
from hepsel.syntax.spellings.spelling import ROW, UNIT, Spelling, instead

_INFINITY = (
    r"(?<![\w.+])(?:[-+]\s*)?(?:(?:np|numpy|math|std|ak|awkward)\s*(?:\.|::)\s*)?(?:[iI]nf(?:ty|inity)?|INF(?:TY|INITY)?|∞|\\infty"
    r"|float\(\s*['\"]\s*[-+]?(?:[iI]nf|[iI]nfinity)\s*['\"]\s*\)|numeric_limits\s*<[\w\s]+>\s*::\s*infinity\(\s*\))(?!\w)"
    rf"(?:\s*{UNIT})?"
)
"""Infinity, in this and in other languages, and the unit that it does not have."""


def _infinity(match: re.Match[str]) -> str:
    return "-inf" if "-" in match["here"] else "inf"


def _two_errors(match: re.Match[str]) -> str:
    return f"+ {match['up'].strip()} - {match['down'].strip()}"


_SIZE = rf"[\d.]+(?:[eE][+-]?\d+)?(?:\s*{UNIT})?"
"""An error of a number."""

_BEYOND = "a histogram keeps what is beyond its edges as under- and overflow, which `fold` adds to the outer bins"

NUMBERS = (
    Spelling(
        rf"\bbins\s+\d+\s+from\b[^\[\n]*?(?P<here>{_INFINITY})",
        "E103",
        "bins of one width lie between two numbers",
        lambda match: (
            f"write where the picture ends: {_BEYOND}"
            if re.match(r"\s*histogram\b", match.string)
            else "write the edges one by one, of which the last may be `inf`: `edges [200 GeV, 300 GeV, inf]`"
        ),
    ),
    Spelling(
        rf"^\s*histogram\b[^\n]*?\bedges\s*\[[^\]\n]*?(?P<here>{_INFINITY})",
        "E103",
        "the axes of a histogram end at numbers",
        f"leave it out: {_BEYOND}",
    ),
    Spelling(
        rf"(?:\b(?:otherwise|expect|energy|luminosity)\s+|\+-?\s+"
        rf"|(?={_INFINITY}\s+for\b))(?P<here>{_INFINITY})",
        "E103",
        "a number stands here",
        "`inf` is an edge of `bins`, or an end of a range of a table",
    ),
    Spelling(
        rf"^\s*(?:select|reject|bin|let|define|weight|save|sort|keep|expect)\b[^\n]*?(?P<here>{_INFINITY})",
        "E103",
        "infinity is an edge of `bins`, or an end of a range of a table, and stands nowhere else",
        "a bound at infinity bounds nothing: leave it out",
    ),
    instead(rf"(?P<here>{_INFINITY})(?!\s+for\b)", "E103", "infinity is written `inf`, and has no unit", _infinity),
    Spelling(
        rf"\bfor\s+(?P<here>(?:[A-Za-z_]\w*\s*)?(?:[<>]=?|==)|(?:[A-Za-z_]\w*\s+)?(?:{papers.COMPARISON}|from\b)"
        r"(?=\s+-?[\d.]))",
        "E103",
        "a row of a table is for a range",
        ROW,
    ),
    instead(
        r"\bfor\s+-?[\d.]+(?:\s*[A-Za-z]\w*)?\s+(?P<here>(?:(?:and|or)\s+(?:above|more|up|over|higher|greater|larger|beyond)"
        r"|upwards?|onwards?)\b)",
        "E103",
        "a range without an upper end is one to `inf`",
        "to inf",
    ),
    instead(
        rf"(?P<here>-\s*(?P<down>{_SIZE})\s*/?\s*\+\s*(?P<up>{_SIZE}))(?=\s*(?:for\b|stat\b|syst\b|\+|,|#|$))",
        "E103",
        "the error upwards stands before the one downwards",
        _two_errors,
    ),
    Spelling(
        rf"\^\s*\{{\s*\+?\s*(?P<up>{_SIZE})\s*\}}\s*_\s*\{{\s*-?\s*(?P<down>{_SIZE})\s*\}}",
        "E119",
        "LaTeX is not read here",
        lambda match: f"write `{_two_errors(match)}`",
        lambda match: f" {_two_errors(match)}",
    ),
    Spelling(
        rf"(?P<here>\+\s*(?P<up>{_SIZE})\s+for)(?=\s+(?:[-\d.\"]|inf\b))",
        "E103",
        "behind an error upwards stands the one downwards",
        lambda match: f"write `+ {match['up']} - ...`, or `+- {match['up']}` for both",
    ),
    instead(
        r"(?<=[\w.])\s*(?P<here>\(\s*(?P<kind>stat|syst)\w*\.?\s*\))",
        "E103",
        "the kind of an error stands without brackets",
        lambda match: match["kind"],
    ),
    instead(
        rf"\+\s*{_SIZE}\s*(?P<here>/)\s*-\s*{_SIZE}",
        "E103",
        "nothing stands between the error upwards and the one downwards",
        "",
    ),
    instead("±", "E111", "`±` is not in the alphabet of hepsel", "+-"),
    instead(r"\+/-", "E111", "`+/-` is written otherwise here", "+-"),
    Spelling(
        r"\b(?:from|to)\s+-?\s*pi\b|\bpi(?=\s*[,\]])",
        "E103",
        "the bins of an axis lie between numbers",
        "write 3.141592653589793 for `pi`, or `180 deg`",
    ),
)
