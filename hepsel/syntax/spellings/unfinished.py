"""Statements that end too early, and what they lack."""

from __future__ import annotations

import re
from collections.abc import Callable

from hepsel.syntax.spellings.spelling import ROW

UNFINISHED: tuple[tuple[str, str, Callable[[re.Match[str]], str]], ...] = (
    (
        r"sort\s+by\b(?s:.*)\b(?:ascending|descending)\s*,(?s:.*)",
        "behind a comma stands another key, with its direction",
        lambda _: "write `sort by pt descending, |eta| ascending`, for example",
    ),
    (
        r"sort\s+by\s+-\s*(\S.*)",
        "items are sorted by something, in a direction",
        lambda match: f"write `sort by {match[1]} descending`",
    ),
    (
        r"sort\s+by\s+(\S.*)",
        "items are sorted by something, in a direction",
        lambda match: f"write `sort by {match[1]} descending`, the largest first, or `ascending`",
    ),
    (
        r"table\b(?s:.*)\bfor\s+-?[\d.]+(?:\s*[A-Za-z]\w*)?(?:\s+to)?",
        "a row of a table is for a range",
        lambda _: ROW,
    ),
    (r"keep\s+first", "how many are kept is a number", lambda _: "write `keep first 1`"),
    (
        r"weight\s+([A-Za-z_]\w*)",
        "a weight has a name",
        lambda match: f"write `weight name = {match[1]}`",
    ),
    (
        r"histogram\s+([A-Za-z_]\w*)(?:\s*=.*)?",
        "a histogram has an axis",
        lambda _: "write `bins 50 from 0 GeV to 100 GeV`, or `edges [0, 1, 2]`, behind it",
    ),
)
