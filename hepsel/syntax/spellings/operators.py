"""Operators of other languages."""

from __future__ import annotations

from hepsel.syntax import adl
from hepsel.syntax.spellings.spelling import Spelling, instead, neutral, such_that

OPERATORS = (
    Spelling(
        r"~=|~!|!~",
        "E110",
        "this is not an operator of hepsel",
        lambda match: (
            f"what is {'closest to' if match[0] == '~=' else 'furthest from'} a value is chosen in a `composite`, "
            f"by `keep {'lowest' if match[0] == '~=' else 'highest'} |mass - 91.2 GeV|`, for example"
        ),
    ),
    Spelling(
        r"^\s*(?:(?:select|reject|bin\s+\"[^\"\n]*\")|(?:let|define|weight)\s+\w+\s*=)\s+"
        r"(?P<here>(?P<condition>[^?\n#]+?)\s*\?\s*(?P<chosen>[^?:\n#]+?)\s*:\s*(?P<other>[^?:\n#]+?))\s*(?:#|$)",
        "E110",
        "`?` is not an operator of hepsel",
        lambda match: f"write `{adl.conditional(match, neutral(match))}`",
        lambda match: adl.conditional(match, neutral(match)),
    ),
    Spelling(
        r"\bxor\b\s*\w*",
        "E110",
        "`xor` is not an operator of hepsel",
        "where one of two conditions is meant, and not both, write `(a > 1) != (b > 1)`",
    ),
    Spelling(
        r"^\s*(?:select|reject)\s+(?P<here>(?P<a>[^\n#]*[<>=][^\n#=]*?)\s*(?:=>|\bimplies\b)\s*(?P<b>[^\n#]*[<>=][^\n#]*?))\s*(?:#|$)",
        "E110",
        "there is no sign for what follows from what",
        lambda match: f"write `not ({match['a']}) or {match['b']}`",
        lambda match: f"not ({match['a']}) or {match['b']}",
    ),
    instead(r"->", "E110", "`->` is not an operator of hepsel", "."),
    instead(r"=!(?!=)", "E110", "this is not a comparison of hepsel", "!="),
    instead(
        r"([!<>=])(?:\s+=(?:\s*=)?|=\s*=)",
        "E110",
        "this is not a comparison of hepsel",
        lambda match: f"{match[1]}=",
    ),
    Spelling(
        r"\b[A-Za-z_]\w*\s*(?P<here>&)\s*(?:0[xX][\da-fA-F]+|\d+|\(\s*1\s*<<\s*\d+\s*\))(?!\.?\d|\s*[<>=A-Za-z])",
        "E110",
        "`&` is not an operator of hepsel",
        "bits of a stored number are attributes with names: see `hepsel formats show`; a format of your own, "
        "which extends that one, names others by `mask`",
    ),
    instead(r"(?<=[\w)\]])\s+(?P<here>is\s+not)\s+(?=[\w(|-])", "E110", "`is` does not compare", "!="),
    instead(r"(?<=[\w)\]])\s+(?P<here>is)\s+(?=[\w(|-])", "E110", "`is` does not compare", "=="),
    instead(r"(?<=\w)\s+(?P<here>\|)\s+(?=\|)", "E110", "`|` is not an operator of hepsel", "or"),
    instead(r"~", "E110", "`~` is not an operator of hepsel", "not "),
    instead(r"(?<=\))\s*\|\s*(?=[(~])", "E110", "`|` is not an operator of hepsel", " or "),
    Spelling(
        r"\(\s*([A-Za-z_]\w*)\s*(?P<here>\|)\s*([^()|\n]*)\)",
        "E110",
        "`|` does not stand before a condition",
        lambda match: such_that(match[1], match[3]),
    ),
    instead(r"&&", "E110", "`&&` is not an operator of hepsel", "and"),
    instead(r"&", "E110", "`&` is not an operator of hepsel", "and"),
    instead(r"\|\|", "E110", "`||` is not an operator of hepsel", "or"),
    instead(r"!(?!=)", "E110", "`!` is not an operator of hepsel", "not "),
    Spelling(r"\*\*", "E110", "`**` is not an operator of hepsel", "write `^` for a power", "^"),
    instead(r"=<", "E110", "`=<` is not a comparison", "<="),
    instead(r"=>", "E110", "`=>` is not a comparison", ">="),
    instead(r"(?<![<>=!])=(?!=)", "E110", "`=` does not compare", "=="),
    instead(r"<>|≠", "E110", "this is not a comparison of hepsel", "!="),
    instead("≤", "E110", "`≤` is not an operator of hepsel", "<="),
    instead("≥", "E110", "`≥` is not an operator of hepsel", ">="),
    instead("[\u00d7\u00b7]", "E110", "this is not an operator of hepsel", "*"),
    instead("[\u2212\u2013\u2014]", "E110", "this is not a minus sign", "-"),
    Spelling(r"(?<=[\d.])\s*%", "E110", "`%` is not an operator of hepsel", "write the fraction: 0.05 for 5 %"),
    Spelling(
        "%",
        "E110",
        "`%` is not an operator of hepsel",
        "write a fraction as a number, and the remainder of n by 2 as `n - 2 * floor(n / 2)`",
    ),
    Spelling(r"\?", "E110", "`?` is not an operator of hepsel", "write `if c then a else b`"),
    Spelling(
        r"\b(?:AND|OR|NOT|IF|THEN|ELSE|IN)\b\s*",
        "E110",
        "keywords are in lower case",
        "write it in lower case",
        lambda match: match[0].strip().lower(),
    ),
)
