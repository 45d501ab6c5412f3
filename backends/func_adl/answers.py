"""What queries return, in any dialect."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hepsel.plan.remote.query import Expr

Answer = Expr | str
"""An expression of a query, as a tree or printed; what is returned as stored may be the name of a branch."""

INDENT = "    "

MOST_STEPS = 30
"""Most conditions on events that are steps of their own."""

MOST_PARTS = 16
"""Most parts that `and` or `or` joins at once."""

CALL_OF_CPP = re.compile(r"\bcpp_\w+\(")


@dataclass(frozen=True, slots=True)
class Output:
    """A column that a query returns: its name, what it is, and what is to be known of it."""

    name: str
    value: Answer
    comment: str = ""


def joined(word: str, texts: Sequence[str], *, broken: bool = False) -> str:
    """Print parts with a word between them, each on lines of its own where one of them has several.

    Many are joined in groups, and these in groups: a server goes a level down for each further part that is joined,
    and a few hundred levels are more than it can.
    """
    parts = list(texts)
    while len(parts) > MOST_PARTS:
        groups = (parts[start : start + MOST_PARTS] for start in range(0, len(parts), MOST_PARTS))
        parts = [joined(word, group) if len(group) > 1 else group[0] for group in groups]
    if not broken and not any("\n" in part for part in parts):
        return f"({f' {word} '.join(parts)})"
    laid_out = [f"{word} {part}" if place else part for place, part in enumerate(parts)]
    inner = "\n".join(f"{INDENT}{line}" for part in laid_out for line in part.split("\n"))
    return f"(\n{inner}\n)"


def wheres(conditions: Sequence[tuple[str, Sequence[str]]], row: str) -> list[str]:
    """Return the lines of the steps that select events; of many conditions, several share a step.

    Parameters
    ----------
    conditions
        Printed, each with its comments.
    row
        What an event is called in them.
    """
    lines = []
    size = max(1, -(-len(conditions) // MOST_STEPS))
    for start in range(0, len(conditions), size):
        some = conditions[start : start + size]
        texts = [text for text, _ in some]
        condition = joined("and", texts) if len(some) > 1 else texts[0]
        lines += [".Where(", *(f"{INDENT}{line}" for _, comments in some for line in comments)]
        lines += [*indented(f"lambda {row}: {condition}", 1), ")"]
    return lines


def indented(text: str, level: int) -> list[str]:
    """Return the lines of an expression; no linter knows the functions of func_adl and of C++."""
    return [
        f"{INDENT * level}{line}" + ("  # noqa: F821" if line.endswith("Zip({") or CALL_OF_CPP.search(line) else "")
        for line in text.split("\n")
    ]
