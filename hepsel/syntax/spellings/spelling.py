"""What a spelling of another language is, and what patterns of spellings have in common."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spelling:
    """Text that people write where an error is found, and what hepsel writes instead.

    `pattern` has to match around the position of the error: its match contains it, or ends at it. Where it has a group
    `here`, the group has to, and is what is shown. It is compiled when there is an error, which spares every start the
    time.
    """

    pattern: str
    code: str
    message: str
    proposal: str | Callable[[re.Match[str]], str]
    replacement: str | Callable[[re.Match[str]], str | None] | None = None


def instead(pattern: str, code: str, message: str, ours: str | Callable[[re.Match[str]], str]) -> Spelling:
    """Return a spelling for which `ours` is written, as the proposal says; it is left out where `ours` is empty."""
    if isinstance(ours, str):
        return Spelling(pattern, code, message, f"write `{ours.strip()}`" if ours else "leave it out", ours)
    return Spelling(pattern, code, message, lambda match: f"write `{ours(match)}`", ours)


OPERAND = r"(?:\|[^|<>=\n]+\||(?<![\w.\])])[A-Za-z_]\w*(?:\.\w+|\[[^\[\]\n]*\]|\([^()\n]*\))*)"
"""An item, attribute, call or absolute value, whole: of `Jet[0].pt` it is not `pt` that a range is of."""

UNIT = r"(?:[kMGT]?eV|[umc]?m|ns|m?rad|deg)\b"

END = r"-?[\d.]+(?:[eE][+-]?\d+)?"


def is_infinite(text: str) -> bool:
    """Whether an end of a range is infinity, in whatever spelling."""
    return INFINITE.fullmatch(text) is not None


INFINITE = re.compile(r"[+-]?\s*(?:inf|infinity|∞)", re.IGNORECASE)


def such_that(collection: str, written: str) -> str:
    """Return how to ask only of those items of a collection for which something is true."""
    simple = re.fullmatch(r"[A-Za-z_]\w*\s*(?:[<>]=?|[=!]=)\s*-?[\d.]+(?:\s*[A-Za-z]+)?", written.strip())
    condition = f"j.{simple[0]}" if simple else "..."
    return f"a condition on the items stands in a generator: `(j for j in {collection} if {condition})`"


ROW = (
    "write `for LO to HI`, which holds LO and not HI; an open end is `inf`, as in `50 GeV to inf`, "
    "and `otherwise` is for what is in none of the ranges"
)


def neutral(match: re.Match[str]) -> str:
    """Return the condition that decides nothing in this statement."""
    return "false" if match.string.lstrip().startswith("reject") else "true"


def as_name(text: str) -> str:
    """Return the nearest thing to a text that is a name."""
    name = re.sub(r"\W+", "_", text.strip('"')).strip("_") or "name"
    return f"with_{name}" if name[0].isdigit() else name


LOW, HIGH = (rf"(?P<{end}>{END})(?P<{end}_unit>\s*{UNIT})?" for end in ("low", "high"))
