"""Syntax trees of the programs that are compared: what they are made of is asked more than once."""

from __future__ import annotations

from functools import lru_cache

from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import parse


@lru_cache(maxsize=4)
def parsed(source: str) -> tree.Program | None:
    """Return the syntax tree of the text of a program, if it can be read."""
    return parse(SourceText(source))[0]
