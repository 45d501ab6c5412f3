"""What queries return, in any dialect."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hepsel.plan.remote.query import Expr

Answer = Expr | str
"""An expression of a query, as a tree or printed; what is returned as stored may be the name of a branch."""

INDENT = "    "

CALL_OF_CPP = re.compile(r"\bcpp_\w+\(")


@dataclass(frozen=True, slots=True)
class Output:
    """A column that a query returns: its name, what it is, and what is to be known of it."""

    name: str
    value: Answer
    comment: str = ""


def indented(text: str, level: int) -> list[str]:
    """Return the lines of an expression; no linter knows the functions of func_adl and of C++."""
    return [
        f"{INDENT * level}{line}" + ("  # noqa: F821" if line.endswith("Zip({") or CALL_OF_CPP.search(line) else "")
        for line in text.split("\n")
    ]
