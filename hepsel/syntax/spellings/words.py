"""Keywords of other languages, and conditions in another order."""

from __future__ import annotations

import re

from hepsel.syntax import papers
from hepsel.syntax.spellings.spelling import Spelling, instead, neutral, such_that


def _where(match: re.Match[str]) -> str:
    return such_that(match[1], match[2])


WORDS = (
    instead(
        r"(?P<here>(?P<owner>[A-Za-z_][\w.]*(?:\[[^\[\]\n]*\])?)\.\|(?P<name>[A-Za-z_]\w*)\|)",
        "E103",
        "the bars of an absolute value stand around all of it",
        lambda match: f"|{match['owner']}.{match['name']}|",
    ),
    Spelling(
        r"^\s*(?:select|reject)\s+(?P<here>(?P<not>not\s+)?in\s+(?P<name>[A-Za-z_]\w*))",
        "E120",
        "the item of a block is `this`",
        lambda match: f"write `this {'not ' if match['not'] else ''}in {match['name']}`",
        lambda match: f"this {'not ' if match['not'] else ''}in {match['name']}",
    ),
    Spelling(
        r"^\s*(?P<here>keep\s+(?:if|where))\b",
        "E120",
        "a criterion starts with `select` or `reject`",
        "write `select` and the condition",
        "select",
    ),
    Spelling(
        r"\{\s*(?P<items>[A-Za-z_]\w*(?:\[-?\d+\])?(?:[\s,]+[A-Za-z_]\w*(?:\[-?\d+\])?)*)\s*\}\s*(?P<name>[A-Za-z]\w*)",
        "E117",
        "there are no braces in hepsel",
        papers.of_particles,
    ),
    Spelling(
        r"\bleading[\s-]+(?P<name>[A-Za-z_]\w*)(?:\s+(?P<of>pt|eta|phi|mass|[A-Za-z]+)\b)?",
        "E120",
        "the leading item is the first of an `object` that is sorted",
        lambda match: f"write `{match['name']}[0]{'.' + match['of'] if match['of'] else ''}`",
    ),
    Spelling(
        r"\b(?P<here>(?P<same>same|opposite)[\s-]+(?:sign|charge)s?)\b",
        "E120",
        "charges are compared",
        lambda match: f"write `a.charge * b.charge {'>' if match['same'] == 'same' else '<'} 0`",
    ),
    instead(
        r"^\s*(?:define|let|weight)\s+\w+(?:\([^()\n]*\))?\s*(?P<here>:=?|==|->|=>)",
        "E120",
        "a name and its value have `=` between them",
        "=",
    ),
    Spelling(
        r"^\s*(?P<here>(define|let|weight)\s+([A-Za-z_]\w*)\s+)(?=[\w(|\"])",
        "E120",
        "a name and its value have `=` between them",
        lambda match: f"write `{match[2]} {match[3]} = ...`",
        lambda match: f"{match[2]} {match[3]} = ",
    ),
    Spelling(
        r"([A-Za-z_]\w*)\[\s*(?P<here>(\d+)\s*,\s*(\d+))\s*\]",
        "E311",
        "a place in a list is one number",
        lambda match: f"ask for each, `{match[1]}[{match[3]}]` and `{match[1]}[{match[4]}]`",
    ),
    Spelling(
        r"(?<=[\w)\]])\s+(?P<here>if)\b(?![^\n]*\belse\b)",
        "E120",
        "the condition of an `if` stands first",
        lambda match: f"write `if c then a else {neutral(match)}`: where `c` is false, nothing is asked",
    ),
    Spelling(
        r"(?<=[\w)\]])\s+(?P<here>if)\b[^\n]*\belse\b",
        "E120",
        "the condition of an `if` stands first",
        "write `if c then a else b`",
    ),
    Spelling(
        r"\b(?:and|or)\s+(?P<here>[<>]=?|[=!]=)",
        "E103",
        "a comparison has two sides",
        "repeat what is compared, or write a range as in mathematics: `a < x < b`",
    ),
    instead(
        r"\b([A-Za-z_]\w*)\s*\(\s*\"([A-Za-z_]\w*)\"\s*\)",
        "E103",
        "names are not strings",
        lambda match: f"{match[1]}.{match[2]}",
    ),
    instead(r",\s*(?=$|#|[)\]])", "E103", "nothing follows this comma", ""),
    Spelling(
        r"^\s*(?:select|reject)\b[^\n]*?(?P<here>,)",
        "E103",
        "conditions are not joined by commas",
        "write `and` or `or`, or give each condition its own statement",
    ),
    Spelling(r"\(\s*([A-Za-z_]\w*)\s+where\s+([^()\n]*)\)?", "E120", "`where` is not a word of hepsel", _where),
    Spelling(
        r"(?<=[<>=]\s)(?P<name>[A-Za-z_]\w*)\s+(?P<unit>[kMGT]?eV|[umc]?m|ns|m?rad|deg)\b",
        "E120",
        "a unit stands behind a number; what has a name has its unit with it",
        lambda match: f"leave it out: `{match['name']}`",
        lambda match: match["name"],
    ),
    Spelling("[{}]", "E117", "there are no braces in hepsel", "statements need no brackets around them", ""),
    Spelling(
        r"\[",
        "E117",
        "a list is not written in brackets",
        "write the generator without them, for example `sum(j.pt for j in jets)`",
    ),
    instead(
        r"(?<![<>=]\s)\b(?:cmd|cut|filter|require|requires|where)\s+(?=[\w|(])|(?<![<>=]\s)\b(?:cmd|cut)\b",
        "E120",
        "a criterion starts with `select` or `reject`",
        "select",
    ),
    instead(
        r"\b(?:(?:deselect|unselect|vetoEvent|veto|exclude|drop|skip|remove|discard)(?:\s+if\b)?|reject\s+if\b)\s+(?=[\w|(])",
        "E120",
        "a criterion starts with `select` or `reject`",
        "reject",
    ),
    Spelling(
        r"\b(?:def|let|var)\b",
        "E120",
        "an event-level name is given by `define`",
        "write `define x = ...`; `let` belongs in a block",
    ),
    instead(r"\b(?:elif|elsif)\b\s*", "E120", "an `if` always has its `else`", "else if"),
    instead(
        r"^\s*(?P<here>algo|algorithm|selection|cutflow|category|channel)\b",
        "E120",
        "a set of events is a `region`",
        "region",
    ),
    instead(
        r"^\s*(?P<here>(?:const|constant|val|auto|double|float|int|real|def)\s+)(?=\w)",
        "E120",
        "a constant or function is given by `define`",
        "define ",
    ),
    instead(r"^\s*(?P<here>order\s+by)\b", "E120", "sorting is a statement", "sort by"),
    Spelling(
        r"^\s*(?P<here>trigger)\s+\w+",
        "E120",
        "a trigger is a criterion",
        "write `select trigger.NAME`",
    ),
    Spelling(
        r"^\s*(?P<here>if)\b",
        "E120",
        "a criterion starts with `select` or `reject`",
        "write `select` and the condition",
    ),
    Spelling(
        r"\b(?:lambda|def|return|import)\b",
        "E120",
        "hepsel is not Python",
        "write what is selected as blocks: `object`, `composite`, `region`",
    ),
)
