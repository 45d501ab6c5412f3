"""Ranges and sets of values."""

from __future__ import annotations

import math
import re

from hepsel.syntax import adl
from hepsel.syntax.spellings.spelling import END, HIGH, LOW, OPERAND, UNIT, Spelling, instead, is_infinite

_BEFORE_AN_OPERAND = r"(?:\b(?:select|reject|and|or|if|then|else|bin\s+\"[^\"\n]*\")|[(,])\s*$"


def _number(text: str) -> float:
    """Return the number that a quantity begins with; NaN for anything else."""
    found = re.match(r"-?[\d.]+(?:[eE][+-]?\d+)?", text)
    try:
        return float(found[0]) if found else math.nan
    except ValueError:
        return math.nan


_RANGE = "write the range as in mathematics"


def _is_whole(match: re.Match[str]) -> bool:
    """Whether the operand that was found is all that is compared, and not the last part of a sum or product."""
    return re.search(r"[-+*/^]\s*$", match.string[: match.start()]) is None


def _alternatives(match: re.Match[str], conditions: list[str]) -> str:
    """Return that one of some conditions holds, in brackets where something binds closer than `or`."""
    before, behind = match.string[: match.start()], match.string[match.end() :]
    text = " or ".join(conditions)
    return f"({text})" if re.search(r"\b(?:and|not)\s*$", before) or re.match(r"\s*and\b", behind) else text


def _several_values(match: re.Match[str]) -> str:
    """Return how to ask for one of several values."""
    if not _is_whole(match):
        operator, joined = ("!=", "and") if match[2] else ("==", "or")
        return f"compare with each of them by `{operator}`, and write `{joined}` between the comparisons"
    values = re.split(r"\s*,\s*", match[3] or match[4])
    if match[2]:
        return f"write `{' and '.join(f'{match[1]} != {value}' for value in values)}`"
    return f"write `{_alternatives(match, [f'{match[1]} == {value}' for value in values])}`"


def _two_values(match: re.Match[str]) -> str | None:
    """Return how to ask for one of two values, where whole numbers behind `in` may be meant as these."""
    written = re.search(r"\bin\s*[\[(]\s*-?\d+\s*,\s*-?\d+\s*[\])]$", match[0])
    if not written or match[1] in ("in", "not"):
        return None
    return _alternatives(match, [f"{match[1]} == {value}" for value in match.group(2, 3)])


def _between_the_two(match: re.Match[str]) -> str:
    unit, high = match["unit"] or "", match[3]
    comparison = "<" if match[0].removesuffix(unit).endswith(")") else "<="
    high = f"{high}{unit}" if re.fullmatch(END, high) else high
    above, below = f"{adl.with_unit(match[2], high)} {comparison} ", f" {comparison} {high}"
    return f"{'' if is_infinite(match[2]) else above}{match[1]}{'' if is_infinite(match[3]) else below}"


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
    return _between_the_two(match)


def _advice(match: re.Match[str]) -> str:
    if not _is_whole(match):
        return f"{_RANGE}, for example `50 GeV <= m <= 100 GeV`"
    if match[1] != "in" and match[2][0].isalpha():
        return f"write `{match[1]} == {match[2]} or {match[1]} == {match[3]}`, or a range as in mathematics"
    if two := _two_values(match):
        if _number(match[2]) >= _number(match[3]):
            return f"write `{two}` for the two values; a range has its lower end first"
        return f"write `{_between_the_two(match)}` for the range, or `{two}` for the two values alone"
    found = _range(match)
    return f"{_RANGE}{f': `{found}`' if found else ', for example `50 GeV <= m <= 100 GeV`'}"


_CLOSED_OR_OPEN = r"\[[^\[\]()\n]*\]|\([^\[\]()\n]*\)"


def _half_open(match: re.Match[str]) -> str | None:
    """Return the comparisons of a range that holds one of its ends, if the word before it is all that is compared."""
    low, high, unit = match["low"], match["high"], match["unit"]
    if unit:
        low, high = (f"{end}{unit}" if re.fullmatch(r"-?[\d.]+", end) else end for end in (low, high))
    if not _is_whole(match) or _number(low) >= _number(high):
        return None
    above, below = "<=" if match["open"] == "[" else "<", "<=" if match["close"] == "]" else "<"
    if is_infinite(low) or is_infinite(high):
        if is_infinite(low) and is_infinite(high):
            return None
        bounded = f"{match[1]} {below} {high}" if is_infinite(low) else f"{low} {above} {match[1]}"
    else:
        bounded = f"{low} {above} {match[1]} {below} {high}"
    return f"not ({bounded})" if match["not"] else bounded


def _half_open_advice(match: re.Match[str]) -> str:
    found = _half_open(match)
    return f"{_RANGE}{f': `{found}`' if found else ', for example `50 GeV <= m < 100 GeV`'}"


def _half_open_replaced(match: re.Match[str]) -> str | None:
    begins = re.search(_BEFORE_AN_OPERAND, match.string[: match.start()])
    return _half_open(match) if begins else None


def _in_brackets(pattern: str) -> Spelling:
    message = "a range is not written in brackets; `in` asks whether an item is in a collection"
    return Spelling(pattern, "E113", message, _advice, _range)


def _between(match: re.Match[str]) -> str:
    whole = match[1] if _is_whole(match) else "..."
    return f"{_RANGE}: `{adl.with_unit(match[2], match[3])} <= {whole} <= {match[3]}`"


_ENDS_OF_A_RANGE = rf"{LOW}\s*(?:\bto\b|\band\b|\.\.+|-)\s*{HIGH}"


def _in_or_out(match: re.Match[str]) -> str:
    comparisons = adl.in_or_out(match)
    return _alternatives(match, comparisons) if len(comparisons) > 1 else comparisons[0]


def _from_to(match: re.Match[str]) -> str | None:
    """Return `x in 1 to 2` as comparisons, if the word before it is all that is compared."""
    high = f"{match['high']}{match['high_unit'] or ''}"
    low = f"{match['low']}{match['low_unit']}" if match["low_unit"] else adl.with_unit(match["low"], high)
    if not _is_whole(match):
        return None
    return f"not ({low} <= {match['value']} <= {high})" if match["not"] else f"{low} <= {match['value']} <= {high}"


RANGES = (
    Spelling(
        rf"(?P<value>{OPERAND})\s*(?P<brackets>\[\]|\]\[)\s*(?P<low>{END}(?:\s*{UNIT})?)[\s,]+(?P<high>{END}(?:\s*{UNIT})?)",
        "E113",
        "a range is not written in brackets",
        lambda match: f"{_RANGE}: `{_in_or_out(match)}`",
        lambda match: _in_or_out(match) if re.search(_BEFORE_AN_OPERAND, match.string[: match.start()]) else None,
    ),
    Spelling(
        rf"(?P<value>(?!in\b|not\b){OPERAND})\s+(?P<not>not\s+)?in\s+{_ENDS_OF_A_RANGE}",
        "E113",
        "a range is written with comparisons; `in` asks whether an item is in a collection",
        lambda match: f"{_RANGE}: `{_from_to(match) or '50 GeV <= m <= 100 GeV'}`",
        _from_to,
    ),
    Spelling(
        rf"({OPERAND})\s+between\s+(\S+(?:\s+(?!and\b)[A-Za-z]+)?)\s+and\s+(\S+(?:\s+[A-Za-z]+)?)",
        "E113",
        "a range is written with comparisons",
        _between,
    ),
    Spelling(
        rf"({OPERAND})\s+(not\s+)?in\s*"
        r"(?:[\[(]\s*((?:-?\w+\s*,\s*){2,}-?\w+)\s*[\])]|\{\s*((?:-?\w+\s*,\s*)+-?\w+)\s*\})",
        "E117",
        "there are no sets of values: `in` asks whether an item is in a collection",
        _several_values,
    ),
    _in_brackets(
        rf"({OPERAND})\s+in\s*\((?![^()\n]*\bfor\b)\s*([^,()\n]+?)\s*,\s*([^,()\n]+?)\s*\)(?P<unit>\s*{UNIT})?"
    ),
    instead(
        r"\[\s*:\s*,\s*(-?\w+)\s*\]",
        "E113",
        "an event has its own lists: an index is of one of them",
        lambda match: f"[{match[1]}]",
    ),
    Spelling(
        rf"(?!not\b|edges\b)({OPERAND})\s+(?:(?P<not>not\s+)?in\s*|(?=\[))(?!{_CLOSED_OR_OPEN})(?P<open>[\[(\]])"
        r"\s*(?P<low>[^,()\[\]\n]+?)\s*,\s*(?P<high>[^,()\[\]\n]+?)\s*(?P<close>[\])\[])"
        rf"(?P<unit>\s*{UNIT})?",
        "E113",
        "a range is not written in brackets; `in` asks whether an item is in a collection",
        _half_open_advice,
        _half_open_replaced,
    ),
    _in_brackets(rf"(?!edges\b)({OPERAND})\s+(?:in\s*)?\[\s*([^,\]\n]+?)\s*,\s*([^,\]\n]+?)\s*\](?P<unit>\s*{UNIT})?"),
    Spelling(
        r"\[\]|\]\[",
        "E113",
        "a range is not written in brackets",
        "write the range as in mathematics, for example `50 GeV <= m <= 100 GeV`",
    ),
)
