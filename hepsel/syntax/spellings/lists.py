"""Generators, and how many items there are."""

from __future__ import annotations

import re

from hepsel.syntax import papers
from hepsel.syntax.spellings.spelling import END, UNIT, Spelling, instead


def _how_many(match: re.Match[str]) -> str:
    operator = {"exactly": "==", "least": ">=", "most": "<="}[re.split(r"[\s_]+", match[1].lower())[-1]]
    return f"write `{papers.count(operator, match[2], match[3])}`"


def _counted(match: re.Match[str]) -> str:
    """Return how many items with a property there are, compared."""
    value = r"(?:[A-Za-z_]\w*|\|[A-Za-z_]\w*\|)"
    simple = re.fullmatch(rf"{value}\s*(?:(?:[<>]=?|[=!]=)\s*{END}(?:\s*{UNIT})?)?", match["having"].strip())
    having = re.sub(r"^(\|?)(?=[A-Za-z])", r"\1x.", simple[0]) if simple else "..."
    operator = {"": "==", "exactly": "==", "least": ">=", "most": "<="}[
        re.split(r"[\s_]+", match["how"].strip().lower())[-1]
    ]
    return f"count(x for x in {match['name']} if {having}) {operator} {papers.number(match['many'])}"


LISTS = (
    Spelling(
        rf"(?<![\w.])(?P<how>(?:exactly|at[\s_]*least|at[\s_]*most)\s+|(?=no\b))(?P<many>{papers.HOW_MANY})\s+(?:of\s+(?:the\s+)?)?"
        r"(?P<name>[A-Za-z_]\w*)\s+(?:with|where|having|that\s+have)\s+(?P<having>[^\n#\"]+?)(?=\s*(?:#|$))",
        "E120",
        "how many there are is compared",
        lambda match: f"write `{_counted(match)}`",
    ),
    Spelling(
        rf"^\s*(?:reject|remove|drop|veto|clean|select\s+(?:not|no))\s+(?P<here>(?:if\s+)?"
        rf"(?=[^\n#]*\b(?:near|close\s+to|overlap\w*|within)\b)(?:(?:near|close\s+to|overlap\w*)\s+)?(?:with\s+)?"
        rf"(?P<name>[A-Za-z_]\w*)(?:\s+within\s+(?P<radius>{END}))?)\s*(?:#|$)",
        "E120",
        "items near others are left out by their distance",
        lambda match: f"write `reject any(dr(this, x) < {match['radius'] or '0.4'} for x in {match['name']})`",
    ),
    Spelling(
        rf"^\s*select\s+(?P<here>(?:both|all|each)\s+(?P<of>[A-Za-z_]\w*\s*[<>]=?\s*{END}(?:\s*{UNIT})?))\s*(?:#|$)",
        "E120",
        "what holds for each is asked by `all`",
        lambda match: f"write `all(x.{match['of']} for x in parts)` of the items of a candidate",
    ),
    Spelling(
        r"\b(?P<name>count|sum|any|all|min|max)\(\s*(?P<of>[A-Za-z_]\w*)(?:\.(?P<value>\w+))?\s+(?P<here>if)\b",
        "E120",
        "a generator names what runs over the collection",
        lambda match: (
            f"write `{match['name']}({'x.' + match['value'] if match['value'] else 'x'} for x in {match['of']} if ...)`"
        ),
    ),
    instead(
        r"^\s*(?:select|reject)\s+(?P<here>(?P<name>all|any)\s+(?P<condition>[A-Za-z_]\w*\.\w+\s*(?:[<>]=?|[=!]=)[^\n#]*?))\s*(?:#|$)",
        "E120",
        "`any` and `all` are functions",
        lambda match: f"{match['name']}({match['condition']})",
    ),
    Spelling(
        rf"^\s*(?:select|reject)\s+(?P<here>({papers.OPERATOR}|)\s*({papers.HOW_MANY})\s+([A-Za-z_]\w*))\s*(?:#|$)",
        "E120",
        "how many there are is compared",
        lambda match: papers.advice_on_count(*match.group(2, 3, 4)),
        lambda match: papers.count(*match.group(2, 3, 4)) if match[2] else None,
    ),
    instead(
        rf"(?<=[\w)\]|])(?<!\bselect)(?<!\breject)(?<!\band)(?<!\bor)(?<!\bnot)\s+(?P<here>{papers.COMPARISON})"
        r"\s+(?=[\w(|-])",
        "E110",
        "values are compared with signs",
        papers.comparison,
    ),
    instead(
        r"\bfor\s+\w+\s+in\s+[\w.]+\s+(?P<here>where|such\s+that|with|when)\b",
        "E120",
        "the condition of a generator stands behind `if`",
        "if",
    ),
    instead(
        r"\(\s*([A-Za-z_]\w*)\s+in\s+([A-Za-z_][\w.]*)\s+if\b",
        "E310",
        "a generator begins with what it gives of each item",
        lambda match: f"({match[1]} for {match[1]} in {match[2]} if",
    ),
    Spelling(
        r"\(\s*(?P<name>[A-Za-z_]\w*)\.(?P<value>\w+)\s+(?P<here>where|with|if)\b",
        "E120",
        "a condition on the items stands in a generator",
        lambda match: f"write `(j.{match['value']} for j in {match['name']} if ...)`",
    ),
    Spelling(
        r"\bfor\s+([A-Za-z_]\w*)\s*\)",
        "E310",
        "a generator names what runs over the collection",
        lambda match: (
            f"write `for {match[1]} in ...`"
            if re.search(r"\bfor\b", match.string[: match.start()])
            else f"write `x.pt for x in {match[1]}`, for example"
        ),
    ),
    Spelling(
        r"\b(for\s*all|forall|foreach|exists|any)\s+(\w+)\s+in\s+(\w+)",
        "E120",
        "`any` and `all` are functions",
        lambda match: f"write `{'any' if match[1] in ('exists', 'any') else 'all'}(... for {match[2]} in {match[3]})`",
    ),
    Spelling(
        rf"\b(exactly|at[\s_]*least|at[\s_]*most)\s+({papers.HOW_MANY})\s+(?:of\s+(?:the\s+)?)?([A-Za-z_]\w*)",
        "E120",
        "how many there are is compared",
        _how_many,
    ),
    Spelling(
        r"\bfor\s+\w+(?:\s*,\s*\w+)*\s+in\s*(?P<here>\((?:[^()\n]|\([^()\n]*\))*\bfor\b(?:[^()\n]|\([^()\n]*\))*\)?)",
        "E310",
        "a generator runs over a collection or list, not over another generator",
        "a condition stands behind, `for x in collection if ...`; parts of it are an `object`, and sums a `composite`",
    ),
    Spelling(
        r"\bfor\s+\w+(?:\s*,\s*\w+)*\s+in\b[^\n]*?\sif\b[^\n]*?\s(?P<here>for)\b",
        "E310",
        "the condition of a generator stands behind its last `for`",
        "write `... for i, j in a for k in b if ...`, with `and` between conditions",
    ),
    Spelling(
        r"\bfor\b",
        "E310",
        "a generator stands inside a function",
        "write `any(...)`, `all(...)`, `count(...)`, `sum(...)` or the like around it",
    ),
)
