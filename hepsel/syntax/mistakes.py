"""Explains a syntax error: spellings from other languages get the right one shown."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from hepsel.syntax.diagnostics import Diagnostic, SourceText


@dataclass(frozen=True, slots=True)
class _Spelling:
    """Text that people write where an error is found, and what hepsel writes instead.

    `pattern` has to match around the position of the error: its match contains it, or ends at it. It is compiled when
    there is an error, which spares every start the time.
    """

    pattern: str
    code: str
    message: str
    proposal: str | Callable[[re.Match[str]], str]
    replacement: str | Callable[[re.Match[str]], str | None] | None = None


_BEFORE_AN_OPERAND = r"(?:\b(?:select|reject|and|or|if|then|else|bin\s+\"[^\"\n]*\")|[(,])\s*$"


def _number(text: str) -> float:
    """Return the number that a quantity begins with; NaN for anything else."""
    found = re.match(r"-?[\d.]+(?:[eE][+-]?\d+)?", text)
    try:
        return float(found[0]) if found else math.nan
    except ValueError:
        return math.nan


def _several_values(match: re.Match[str]) -> str:
    """Return how to ask for one of several values."""
    values = re.split(r"\s*,\s*", match[3] or match[4])
    operator, joined = ("!=", " and ") if match[2] else ("==", " or ")
    return f"write `{joined.join(f'{match[1]} {operator} {value}' for value in values)}`"


def _two_values(match: re.Match[str]) -> str | None:
    """Return how to ask for one of two values, where whole numbers behind `in` may be meant as these."""
    written = re.search(r"\bin\s*\[\s*-?\d+\s*,\s*-?\d+\s*\]$", match[0])
    if not written or match[1] in ("in", "not"):
        return None
    return f"{match[1]} == {match[2]} or {match[1]} == {match[3]}"


def _range(match: re.Match[str]) -> str | None:
    """Return a range in brackets as mathematics has it, if the word before it is all that is compared with numbers."""
    if (
        match[1] in ("in", "not")
        or match[2][0].isalpha()
        or _two_values(match) is not None
        or _number(match[2]) >= _number(match[3])
        or not re.search(_BEFORE_AN_OPERAND, match.string[: match.start()])
    ):
        return None
    return f"{match[2]} <= {match[1]} <= {match[3]}"


def _advice(match: re.Match[str]) -> str:
    if match[1] != "in" and match[2][0].isalpha():
        return f"write `{match[1]} == {match[2]} or {match[1]} == {match[3]}`, or a range as in mathematics"
    if two := _two_values(match):
        return f"write `{match[2]} <= {match[1]} <= {match[3]}` for the range, or `{two}` for the two values alone"
    found = _range(match)
    return f"write the range as in mathematics{f': `{found}`' if found else ', for example `50 GeV <= m <= 100 GeV`'}"


def _where(match: re.Match[str]) -> str:
    simple = re.fullmatch(r"[A-Za-z_]\w*\s*(?:[<>]=?|[=!]=)\s*-?[\d.]+(?:\s*[A-Za-z]+)?", match[2].strip())
    condition = f"j.{simple[0]}" if simple else "..."
    return f"a condition on the items stands in a generator: `(j for j in {match[1]} if {condition})`"


def _one_error(match: re.Match[str]) -> str:
    return f"write the larger one, `+- {max(match[1], match[2], key=_number)}`, or a table for each side"


_SPELLINGS = (
    _Spelling(r"\(\s*([A-Za-z_]\w*)\s+where\s+([^()\n]*)\)?", "E120", "`where` is not a word of hepsel", _where),
    _Spelling(
        r"(?<=\d)\s*\+\s*([\d.]+)\s*-\s*([\d.]+)\s+for\b",
        "E103",
        "a value of a table has one error, up and down",
        _one_error,
    ),
    _Spelling(r"&&", "E110", "`&&` is not an operator of hepsel", "write `and`", "and"),
    _Spelling(r"&", "E110", "`&` is not an operator of hepsel", "write `and`", "and"),
    _Spelling(r"\|\|", "E110", "`||` is not an operator of hepsel", "write `or`", "or"),
    _Spelling(r"!(?!=)", "E110", "`!` is not an operator of hepsel", "write `not`", "not "),
    _Spelling(r"\*\*", "E110", "`**` is not an operator of hepsel", "write `^` for a power", "^"),
    _Spelling(r"=<", "E110", "`=<` is not a comparison", "write `<=`", "<="),
    _Spelling(r"=>", "E110", "`=>` is not a comparison", "write `>=`", ">="),
    _Spelling(
        r"^\s*(experiment|energy|luminosity|source\s+\w+)\s*[:=]",
        "E120",
        "in the header, nothing stands between a word and what it says",
        lambda match: f"write `{match[1]}` and what it says",
        lambda match: match[1],
    ),
    _Spelling(r"(?<![<>=!])=(?!=)", "E110", "`=` does not compare", "write `==`", "=="),
    _Spelling(r"<>|≠", "E110", "this is not a comparison of hepsel", "write `!=`", "!="),
    _Spelling("≤", "E110", "`≤` is not an operator of hepsel", "write `<=`", "<="),
    _Spelling("≥", "E110", "`≥` is not an operator of hepsel", "write `>=`", ">="),
    _Spelling("[\u00d7\u00b7]", "E110", "this is not an operator of hepsel", "write `*`", "*"),
    _Spelling("[\u2212\u2013\u2014]", "E110", "this is not a minus sign", "write `-`", "-"),
    _Spelling(r"(?<=[\d.])\s*%", "E110", "`%` is not an operator of hepsel", "write the fraction: 0.05 for 5 %"),
    _Spelling(
        "%",
        "E110",
        "`%` is not an operator of hepsel",
        "write a fraction as a number, and the remainder of n by 2 as `n - 2 * floor(n / 2)`",
    ),
    _Spelling(r"\?", "E110", "`?` is not an operator of hepsel", "write `if c then a else b`"),
    _Spelling("±", "E111", "`±` is not in the alphabet of hepsel", "write `+-`", "+-"),
    _Spelling(r"\+/-", "E111", "`+/-` is written otherwise here", "write `+-`", "+-"),
    _Spelling(";", "E112", "statements do not end in `;`", "leave it out", ""),
    _Spelling(
        r"(\b[A-Za-z_][\w.]*|\|[\w.]+\|)\s+(not\s+)?in\s*"
        r"(?:\[\s*((?:-?\w+\s*,\s*){2,}-?\w+)\s*\]|[{(]\s*((?:-?\w+\s*,\s*)+-?\w+)\s*[})])",
        "E117",
        "there are no sets of values: `in` asks whether an item is in a collection",
        _several_values,
    ),
    _Spelling(
        r"(\b[A-Za-z_][\w.]*|\|[\w.]+\|)\s+(?:in\s*)?\[\s*([^,\]\n]+?)\s*,\s*([^,\]\n]+?)\s*\]",
        "E113",
        "a range is not written in brackets; `in` asks whether an item is in a collection",
        _advice,
        _range,
    ),
    _Spelling(
        r"\[\]|\]\[",
        "E113",
        "a range is not written in brackets",
        "write the range as in mathematics, for example `50 GeV <= m <= 100 GeV`",
    ),
    _Spelling(
        r"\b([fpnu]b)\s*-\s*1\b",
        "E114",
        "the power of a unit needs `^`",
        "write `fb^-1`",
        lambda match: f"{match[1]}^-1",
    ),
    _Spelling(
        r"\b([A-Za-z]+)\s*\^\s*[({]\s*(-?)\s*(\d+)\s*[)}]",
        "E114",
        "the power of a unit has no brackets around it",
        lambda match: f"write `{match[1]}^{match[2]}{match[3]}`",
        lambda match: f"{match[1]}^{match[2]}{match[3]}",
    ),
    _Spelling(
        r"/\s*([fpnu]b)\b",
        "E114",
        "an inverse unit is written as a power",
        "write `fb^-1`",
        lambda match: f"{match[1]}^-1",
    ),
    _Spelling(
        r"\bGeV/c(?:\^?2|²)?", "E114", "energies, momenta and masses are in GeV here (c = 1)", "write `GeV`", "GeV"
    ),
    _Spelling(
        r"\bcite\s+(?:page|p\.?)\s*\d*",
        "E115",
        "`cite` needs the name of a source first",
        'declare `source paper "..."` in the header and write `cite paper page 7`',
    ),
    _Spelling(
        r'\bcite\s+"',
        "E115",
        "`cite` needs the name of a source first",
        'declare `source paper "..."` in the header and write `cite paper "..."`',
    ),
    _Spelling(
        r"(?<![.\w])(?:analysis|title|as|note|assume|external|bin|source\s+\w+)\s+(?=[A-Za-z0-9])",
        "E116",
        "a text stands between double quotes",
        lambda match: f'write `{match[0].strip()} "..."`',
    ),
    _Spelling("[“”„]", "E116", "a string stands between straight double quotes", 'write `"`', '"'),
    _Spelling("'", "E116", "a string stands between double quotes", 'write `"text"`', '"'),
    _Spelling("[{}]", "E117", "there are no braces in hepsel", "statements need no brackets around them", ""),
    _Spelling(
        r"\[",
        "E117",
        "a list is not written in brackets",
        "write the generator without them, for example `sum(j.pt for j in jets)`",
    ),
    _Spelling(
        r"\bfor\b",
        "E310",
        "a generator stands inside a function",
        "write `any(...)`, `all(...)`, `count(...)`, `sum(...)` or the like around it",
    ),
    _Spelling(
        r"(?<![\w.])\d{1,3}(?:,\d{3})+(?![\w.])",
        "E121",
        "a number has no commas in it",
        lambda match: f"write `{match[0].replace(',', '')}`",
        lambda match: match[0].replace(",", ""),
    ),
    _Spelling(
        r"\b(?:from|to)\s+-?\s*pi\b|\bpi(?=\s*[,\]])",
        "E103",
        "the bins of an axis lie between numbers",
        "write 3.141592653589793 for `pi`, or `180 deg`",
    ),
    _Spelling(
        r"\btake\s+\w+\s+(?:and|or)\s+(?=\w)",
        "E103",
        "`take` has names behind it, and no conditions",
        "an object unites collections, `take electrons, muons`; a region starts from one region, "
        "and what others ask for is written as a condition: `define in_ee = ...`, `select in_ee or in_mumu`",
    ),
    _Spelling(r"//|/\*", "E118", "a comment starts with `#`", "write `#`", "#"),
    _Spelling("@", "E119", "`@` means nothing here", "leave it out", ""),
    _Spelling(
        r"\b(?:AND|OR|NOT|IF|THEN|ELSE|IN)\b\s*",
        "E110",
        "keywords are in lower case",
        "write it in lower case",
        lambda match: match[0].strip().lower(),
    ),
    _Spelling(
        r"\b(?:cmd|cut|filter|require|requires|where)\s+(?=[\w|(])|\b(?:cmd|cut)\b",
        "E120",
        "a criterion starts with `select` or `reject`",
        "write `select`",
        "select",
    ),
    _Spelling(
        r"\b(?:deselect|unselect|veto|exclude|drop|skip)\s+(?=[\w|(])",
        "E120",
        "a criterion starts with `select` or `reject`",
        "write `reject`",
        "reject",
    ),
    _Spelling(
        r"\b(?:histo|hist|plot)\b",
        "E120",
        "a histogram is a statement of a region",
        "write `histogram name = value bins 50 from 0 GeV to 100 GeV`",
        "histogram",
    ),
    _Spelling(
        r"\b(?:def|let|var)\b",
        "E120",
        "an event-level name is given by `define`",
        "write `define x = ...`; `let` belongs in a block",
    ),
    _Spelling(r"\b(?:elif|elsif)\b\s*", "E120", "an `if` always has its `else`", "write `else if`", "else if"),
    _Spelling(r"\bsorted\b", "E120", "sorting is a statement", "write `sort by pt descending`"),
    _Spelling(
        r"\b(?:lambda|def|return|import)\b",
        "E120",
        "hepsel is not Python",
        "write what is selected as blocks: `object`, `composite`, `region`",
    ),
)

_NAMED = {"histogram": "a histogram", "bins": "a grid of bins", "save": "a column", "weight": "a weight"}

_ITEMS = "an object or composite"

# Where each statement belongs.
_HOMES = {
    **dict.fromkeys(("take", "select", "reject", "let", "external"), "an object, composite or region"),
    **dict.fromkeys(("sort", "keep"), _ITEMS),
    **dict.fromkeys(("weight", "bin", "bins", "histogram", "save", "expect"), "a region"),
}
_BLOCKS = ("object", "composite", "region", "define", "table")
_BLOCK = re.compile(r"^[ \t]*(object|composite|region|define|table|analysis)\b", re.MULTILINE)
_LINE_WORD = re.compile(r"^[ \t]*([a-z]+)\b", re.MULTILINE)
_MAX_CONTROL = 5

NO_VERSION = "E100"

_NEIGHBOURHOOD = 500  # characters
_BEGINNING = re.compile(r"(?:\s++|#[^\n]*+)*+hepsel\s+\d")
_QUOTE_INSIDE = re.compile(r'"(?:[^"\\\n]|\\["\\])*"')


def explain(
    source: SourceText,
    text: str,
    position: int,
    length: int,
    expected: Iterable[str],
    spelled: dict[str, str],
    *,
    whole: bool = True,
) -> Diagnostic:
    """Say what is wrong at `position`.

    Parameters
    ----------
    source
        The program as written.
    text
        The program as parsed: what was reported before is blanked out.
    position, length
        Where the parser stopped.
    expected
        Terminals that could have come instead.
    spelled
        How each terminal looks to the user.
    whole
        Whether the text is a program, and not an expression by itself.
    """
    line_start = text.rfind("\n", 0, position) + 1
    line_end = text.find("\n", position)
    line_end = line_end if line_end >= 0 else len(text)
    # A line of a damaged file may be of any length: look at the neighbourhood only.
    line_start = max(line_start, position - _NEIGHBOURHOOD)
    line = text[line_start : min(line_end, position + _NEIGHBOURHOOD)]
    column = position - line_start

    if whole and not text.strip():
        return Diagnostic(NO_VERSION, "the program is empty", source.span(0, 0), "begin it with `hepsel 1`")
    if whole and not _BEGINNING.match(text):
        return Diagnostic(
            NO_VERSION,
            "a program begins with the version of the language",
            source.span(*_first_word(text)),
            "write `hepsel 1` first",
        )
    misplaced = _statement_at(source, text, position, expected)
    if misplaced is not None:
        return misplaced
    misspelt = _misspelt(source, text, position)
    if misspelt is not None:
        return misspelt
    unnamed = _unnamed(source, text, position, expected)
    if unnamed is not None:
        return unnamed
    quoted = _quotes(source, line, line_start, column)
    if quoted is not None:
        return quoted
    best: tuple[int, _Spelling, re.Match[str]] | None = None
    for spelling in _SPELLINGS:
        for match in re.finditer(spelling.pattern, line):
            near = match.start() <= column < match.end() or (match.end() == column and not match[0].isalpha())
            if near and (best is None or match.start() < best[0]):
                best = (match.start(), spelling, match)
    if best is not None:
        _, spelling, match = best
        replacement = spelling.replacement
        return Diagnostic(
            spelling.code,
            spelling.message,
            source.span(
                line_start + match.end() - len(match[0].lstrip()), line_start + match.start() + len(match[0].rstrip())
            ),
            spelling.proposal(match) if callable(spelling.proposal) else spelling.proposal,
            replacement(match) if callable(replacement) else replacement,
        )
    names = sorted({spelled.get(name, name) for name in expected})
    found = text[position : position + length].strip()
    shown = found.split("\n")[0][:40]
    if not shown:
        return _unfinished(source, text, position, names)
    glued = re.fullmatch(r"(and|or|not)(\w+)", shown)
    proposal = f"did you mean `{glued[1]} {glued[2]}`?" if glued else _list(names)
    return Diagnostic("E103", f"`{shown}` cannot stand here", source.span(position, position + length), proposal)


def control_characters(source: SourceText) -> list[Diagnostic]:
    """Return where a program holds characters that are not seen, or that turn the direction of the text around them."""
    return [
        Diagnostic(
            "E104",
            f"there is an invisible character, U+{ord(match[0]):04X}",
            source.span(match.start(), match.end()),
            "leave it out",
            "",
        )
        for match in re.finditer(
            "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", source.text
        )
    ][:_MAX_CONTROL]


def _first_word(text: str) -> tuple[int, int]:
    match = re.match(r"(?:\s|#[^\n]*)*(\S*)", text)
    return match.span(1) if match else (0, 0)


def _statement_at(source: SourceText, text: str, position: int, expected: Iterable[str]) -> Diagnostic | None:
    """Explain a statement that stands in the wrong block, or whose first word the statement before it swallowed."""
    line_start = text.rfind("\n", 0, position) + 1
    match = re.match(r"[ \t]*([a-z]+)\b", text[line_start:])
    if match is None or match[1] not in {*_HOMES, *_BLOCKS}:
        return None
    start = line_start + match.start(1)
    possible = set(expected)
    if position == start and "OBJECT" in possible and match[1] in _HOMES:
        blocks = list(_BLOCK.finditer(text, 0, position))
        word = match[1]
        span = source.span(start, start + len(word))
        if not blocks or blocks[-1][1] in ("define", "table", "analysis"):
            proposal = "write `define`" if word == "let" else f"begin {_HOMES[word]} before it"
            return Diagnostic("E501", f"`{word}` stands outside of a block", span, proposal)
        here = blocks[-1][1]
        article = "an" if here == "object" else "a"
        return Diagnostic(
            "E501", f"`{word}` does not belong in {article} {here}", span, f"it belongs in {_HOMES[word]}"
        )
    swallowed = position > start and not text[start + len(match[1]) : position].strip() and "PLUS" in possible
    if swallowed or (position == start and "OBJECT" not in possible):
        return _unfinished(source, text, start, [])
    return None


def _misspelt(source: SourceText, text: str, position: int) -> Diagnostic | None:
    """Explain a line whose first word is nearly one that begins a statement; behind a number it passes for a unit."""
    line = re.compile(r"[ \t]*([A-Za-z]+)\b[ \t]*").match(text, text.rfind("\n", 0, position) + 1)
    if line is None or position not in (line.start(1), line.end()) or line[1] in {*_HOMES, *_BLOCKS}:
        return None
    near = get_close_matches(line[1].lower(), [*_HOMES, *_BLOCKS], n=1, cutoff=0.8)
    if not near or abs(len(near[0]) - len(line[1])) > 1:  # `deselect` is not meant to be `select`
        return None
    span = source.span(*line.span(1))
    return Diagnostic("E120", f"`{line[1]}` begins no statement", span, f"did you mean `{near[0]}`?", near[0])


def _unnamed(source: SourceText, text: str, position: int, expected: Iterable[str]) -> Diagnostic | None:
    """Explain an expression in the place of the name that a histogram, column or weight has."""
    sign = text[position : position + 1]
    if "EQUAL" not in set(expected) or sign not in tuple(".[(*/+-^"):
        return None
    start = max((match.start() for match in _LINE_WORD.finditer(text, 0, position)), default=0)
    before = re.compile(rf"[ \t]*({'|'.join(_NAMED)})\b.*?\b([A-Za-z_]\w*+)\s*+\Z", re.DOTALL)
    found = before.match(text[:position], start)
    if found is None:
        return None
    expression = re.compile(r"(?:\.\w+|\[[^\[\]\n]*\]|\([^()\n]*\))*").match(text, position)
    assert expression is not None
    attribute = re.fullmatch(r"\.([a-z]\w*)", expression[0])
    name = f"{found[2].lower()}_{attribute[1]}" if attribute else "x"
    return Diagnostic(
        "E103",
        f"{_NAMED[found[1]]} has a name",
        source.span(found.start(2), expression.end()),
        f"write `{name} = {found[2]}{expression[0] or f' {sign} ...'}`",
    )


def _unfinished(source: SourceText, text: str, position: int, names: list[str]) -> Diagnostic:
    """Report that the statement before `position` lacks something."""
    before = _without_comments(text[:position]).rstrip()
    starts = [match.start() for match in _LINE_WORD.finditer(before) if match[1] in {*_HOMES, *_BLOCKS}]
    statement = re.sub(r'"[^"\n]*"', "", before[starts[-1] if starts else 0 :])
    span = source.span(len(before), len(before) + 1)
    if statement.count("(") > statement.count(")"):
        return Diagnostic("E103", "a bracket is not closed", span, "write `)`")
    return Diagnostic("E103", "the statement is not finished", span, _list(names))


def _without_comments(text: str) -> str:
    return re.sub(r'"[^"\n]*"|#[^\n]*', lambda match: match[0] if match[0][0] == '"' else " " * len(match[0]), text)


def _list(names: list[str]) -> str | None:
    if not names:
        return None
    operators = [name for name in names if not name.strip("`").isalpha() and name.startswith("`")]
    words = [name for name in names if name not in operators]
    shown = words if len(words) <= 12 else [*words[:12], "..."]
    parts = ", ".join([*shown, *(operators if len(operators) <= 4 else ["an operator"])])
    return f"possible here: {parts}"


def _quotes(source: SourceText, line: str, line_start: int, column: int) -> Diagnostic | None:
    """Explain a string that does not end where it was meant to."""
    for match in _QUOTE_INSIDE.finditer(line):
        behind = line[match.end() : match.end() + 1]
        if match.end() <= column <= match.end() + 1 and behind.isalnum() and line.count('"') >= 3:
            return Diagnostic(
                "E116",
                "the string ends at a quotation mark inside it",
                source.span(line_start + match.start(), line_start + match.end()),
                r"write a quotation mark in a string as `\"`",
            )
    if not line.startswith('"', column) or line[:column].count('"') % 2:
        return None
    backslash = re.compile(r'"(?:[^"\\\n]|\\["\\])*(\\)[^"\\\n]').match(line, column)
    if backslash is not None:
        place = line_start + backslash.start(1)
        return Diagnostic(
            "E116", "a backslash in a string is written twice", source.span(place, place + 1), r"write `\\`", r"\\"
        )
    if _QUOTE_INSIDE.match(source.text, line_start + column) is None:
        span = source.span(line_start + column, line_start + len(line))
        return Diagnostic("E116", "the string is not closed on its line", span, 'end it with `"`')
    return None
