"""Explains a syntax error: spellings from other languages get the right one shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING

from hepsel.syntax.diagnostics import Diagnostic, SourceText

if TYPE_CHECKING:
    from hepsel.syntax.spellings.spelling import Spelling

_NAMED = {"histogram": "a histogram", "bins": "a grid of bins", "save": "a column", "weight": "a weight"}

_ITEMS = "an object or composite"

# Where each statement belongs.
_HOMES = {
    **dict.fromkeys(("take", "select", "reject", "let", "external"), "an object, composite or region"),
    **dict.fromkeys(("sort", "keep"), _ITEMS),
    **dict.fromkeys(("weight", "bin", "bins", "histogram", "save", "expect"), "a region"),
}
_BLOCKS = ("object", "composite", "region", "define", "table")
_FIRST_WORDS = (*_HOMES, *_BLOCKS)
_BLOCK = re.compile(r"^[ \t]*(object|composite|region|define|table|analysis)\b", re.MULTILINE)
_LINE_WORD = re.compile(r"^[ \t]*([a-z]+)\b", re.MULTILINE)
_MAX_CONTROL = 5
_UNSEEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_SIGN_BETWEEN_CONDITIONS = re.compile(
    r'"[^"\n]*"|#[^\n]*|(?P<sign>&&|(?<=\s)\|\|(?=\s))|\)\s*(?P<of_arrays>[&|])(?=\s*[(~])'
)

_AWAITS_MORE = re.compile(r"(?:\b(?:and|or|not|in|if|then|else|object|composite|region|define|table)|[-+*/^<>=(,])\Z")

NO_VERSION = "E100"
SEMICOLON = "E112"

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
    explained = (
        _conditional(source, text, position)
        or _statement_at(source, text, position, expected)
        or _misspelt(source, text, position)
        or _unnamed(source, text, position, expected)
        or _quotes(source, line, line_start, column)
    )
    if explained is not None:
        return explained
    from hepsel.syntax.spellings import SPELLINGS  # many, and none for a sound program

    best: tuple[int, Spelling, re.Match[str]] | None = None
    for spelling in SPELLINGS:
        for match in re.finditer(spelling.pattern, line):
            start, end = _shown(match)
            near = start <= column < end or (end == column and not match.string[start:end].isalpha())
            if near and (best is None or start < best[0]):
                best = (start, spelling, match)
    if best is not None:
        _, spelling, match = best
        replacement = spelling.replacement
        start, end = _trimmed(match.string, *_shown(match))
        return Diagnostic(
            spelling.code,
            spelling.message,
            source.span(line_start + start, line_start + end),
            spelling.proposal(match) if callable(spelling.proposal) else spelling.proposal,
            replacement(match) if callable(replacement) else replacement,
        )
    names = sorted({spelled.get(name, name) for name in expected})
    found = text[position : position + length].strip()
    shown = found.split("\n")[0][:40]
    if not shown:
        return _unfinished(source, text, position, names)
    if shown == ")" and _closes_nothing(text, position):
        return Diagnostic("E103", "the bracket closes nothing", source.span(position, position + 1), "leave it out", "")
    if position == line_start + len(line) - len(line.lstrip()) and _is_region(text, shown):
        message, taken = f"`{shown}` is a region, and begins no statement", f"take {shown}"
        return Diagnostic("E103", message, source.span(position, position + length), f"write `{taken}`", taken)
    glued = re.fullmatch(r"(and|or|not)(\w+)", shown)
    proposal = f"did you mean `{glued[1]} {glued[2]}`?" if glued else _list(names)
    return Diagnostic("E103", f"`{shown}` cannot stand here", source.span(position, position + length), proposal)


def signs_behind(source: SourceText, text: str, start: int, end: int) -> Iterator[Diagnostic]:
    """Yield what is wrong with the signs of other languages in the rest of a statement, which is not parsed any more.

    Parameters
    ----------
    source
        The program as written.
    text
        The program as parsed.
    start, end
        Where the rest begins and ends.
    """
    for match in _SIGN_BETWEEN_CONDITIONS.finditer(text, start, end):
        sign = match["sign"] or match["of_arrays"]
        if sign is not None:
            word = "and" if sign[0] == "&" else "or"
            span = source.span(match.end() - len(sign), match.end())
            yield Diagnostic("E110", f"`{sign}` is not an operator of hepsel", span, f"write `{word}`", word)


def _shown(match: re.Match[str]) -> tuple[int, int]:
    """Return the range of a spelling that has to be at the error."""
    return match.span("here") if "here" in match.re.groupindex else match.span()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a range without the white space at its ends, unless it is nothing else."""
    shown = text[start:end]
    return (end - len(shown.lstrip()), start + len(shown.rstrip())) if shown.strip() else (start, end)


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
        for match in islice(_UNSEEN.finditer(source.text), _MAX_CONTROL)
    ]


def _first_word(text: str) -> tuple[int, int]:
    match = re.match(r"(?:\s|#[^\n]*)*(\S*)", text)
    return match.span(1) if match else (0, 0)


def _statement_at(source: SourceText, text: str, position: int, expected: Iterable[str]) -> Diagnostic | None:
    """Explain a statement that stands in the wrong block, or whose first word the statement before it swallowed."""
    line_start = text.rfind("\n", 0, position) + 1
    match = re.match(r"[ \t]*([a-z]+)\b", text[line_start:])
    if match is None or match[1] not in _FIRST_WORDS:
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
    alone = position > start and not text[start + len(match[1]) : position].strip()
    swallowed = alone and (
        "PLUS" in possible or _AWAITS_MORE.search(_without_comments(text[:start]).rstrip()[-20:]) is not None
    )
    if swallowed or (position == start and "OBJECT" not in possible):
        return _unfinished(source, text, start, [])
    return None


def _conditional(source: SourceText, text: str, position: int) -> Diagnostic | None:
    """Explain `reject if c`, of which the parser awaits the rest of `if c then a else b`."""
    starts = [match.start(1) for match in _LINE_WORD.finditer(text, 0, position) if match[1] in _FIRST_WORDS]
    found = re.compile(r"(select|reject)\s+(if)\b").match(text, starts[-1]) if starts else None
    if found is None:
        return None
    following = (match.start() for match in _LINE_WORD.finditer(text, found.end()) if match[1] in _FIRST_WORDS)
    if re.search(r"\bthen\b", text[found.end() : next(following, len(text))]):
        return None
    span = source.span(*found.span(2))
    proposal = f"leave it out: `{found[1]}` and the condition"
    return Diagnostic("E120", f"`{found[1]}` has its condition behind it, without `if`", span, proposal, "")


def _misspelt(source: SourceText, text: str, position: int) -> Diagnostic | None:
    """Explain a line whose first word is nearly one that begins a statement; behind a number it passes for a unit."""
    line = re.compile(r"[ \t]*([A-Za-z]+)\b[ \t]*").match(text, text.rfind("\n", 0, position) + 1)
    if line is None or position not in (line.start(1), line.end()) or line[1] in _FIRST_WORDS:
        return None
    near = get_close_matches(line[1].lower(), _FIRST_WORDS, n=1, cutoff=0.8)
    if not near or abs(len(near[0]) - len(line[1])) > 1:  # `deselect` is not meant to be `select`
        return None
    span = source.span(*line.span(1))
    return Diagnostic("E120", f"`{line[1]}` begins no statement", span, f"did you mean `{near[0]}`?", near[0])


def _unnamed(source: SourceText, text: str, position: int, expected: Iterable[str]) -> Diagnostic | None:
    """Explain an expression in the place of the name that a histogram, column or weight has."""
    sign = text[position : position + 1]
    if "EQUAL" not in set(expected) or sign not in tuple(".[(*/+-^") or text.startswith("*=", position):
        return None
    start = max((match.start() for match in _LINE_WORD.finditer(text, 0, position)), default=0)
    before = re.compile(rf"[ \t]*({'|'.join(_NAMED)})\b.*?\b([A-Za-z_]\w*+)\s*+\Z", re.DOTALL)
    found = before.match(text[:position], start)
    if found is None or (found[1] == "histogram" and re.search(r"\bweights?\s*\Z", text[start : found.start(2)])):
        return None
    expression = re.compile(r"(?:\.\w+|\[[^\[\]\n]*\]|\([^()\n]*\))*").match(text, position)
    assert expression is not None
    attribute = re.fullmatch(r"\.([a-z]\w*)", expression[0])
    name = f"{found[2].lower()}_{attribute[1]}" if attribute else "x"
    if found[1] == "save" and (own := re.compile(r"[ \t]+as[ \t]+([A-Za-z_]\w*)").match(text, expression.end())):
        name = own[1]
    return Diagnostic(
        "E103",
        f"{_NAMED[found[1]]} has a name",
        source.span(found.start(2), expression.end()),
        f"write `{name} = {found[2]}{expression[0] or f' {sign} ...'}`",
    )


def _unfinished(source: SourceText, text: str, position: int, names: list[str]) -> Diagnostic:
    """Report that the statement before `position` lacks something."""
    before = _without_comments(text[:position]).rstrip()
    statement = _last_statement(before)
    span = source.span(len(before), len(before) + 1)
    if statement.count("(") > statement.count(")"):
        return Diagnostic("E103", "a bracket is not closed", span, "write `)`")
    from hepsel.syntax.spellings.unfinished import UNFINISHED  # which a sound program does not need

    for pattern, message, proposal in UNFINISHED:
        if match := re.fullmatch(pattern, statement.strip()):
            return Diagnostic("E103", message, span, proposal(match))
    return Diagnostic("E103", "the statement is not finished", span, _list(names))


def _is_region(text: str, name: str) -> bool:
    return name.isidentifier() and re.search(rf"^[ \t]*region[ \t]+{name}\b", text, re.MULTILINE) is not None


def _closes_nothing(text: str, position: int) -> bool:
    """Whether the statement before a closing bracket has no open one."""
    statement = _last_statement(_without_comments(text[:position]))
    return statement.count("(") <= statement.count(")")


def _last_statement(text: str) -> str:
    """Return the last statement of a text without comments, as far as it goes there, without its strings."""
    starts = [match.start() for match in _LINE_WORD.finditer(text) if match[1] in _FIRST_WORDS]
    return re.sub(r'"[^"\n]*"', "", text[starts[-1] if starts else 0 :])


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
