"""What the parts of the expression checker share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hepsel.semantics import program as typed
from hepsel.semantics.types import UNKNOWN
from hepsel.syntax.tree import Span

if TYPE_CHECKING:
    from hepsel.semantics.expressions.checker import ExpressionChecker

MAX_SIZE = 20_000
"""How many parts an expression may have when all functions and lists in it are written out."""


@dataclass(frozen=True)
class Scope:
    """What names mean at one place, besides the program's own."""

    this: str | None = None
    own_p4: bool = True
    lets: Mapping[str, typed.ValueRef] = field(default_factory=dict)
    variables: Mapping[str, typed.Expr] = field(default_factory=dict)
    program_names: bool = True


class Part:
    """A part of the expression checker: it types expressions of one kind, and asks the checker about all others."""

    def __init__(self, checker: ExpressionChecker) -> None:
        self.checker = checker
        self.symbols = checker.symbols
        self.attributes = checker.attributes
        self.check = checker.check
        self.report = checker.report

    @property
    def scope(self) -> Scope:
        """What names mean where the checker is at present."""
        return self.checker.scope

    def own_p4_of(self, item: typed.Expr) -> bool:
        """Whether the four-vector of an item is the one that its block has given it, if it has."""
        return self.scope.own_p4 or not isinstance(item, typed.This)

    def is_region(self, expr: typed.Expr) -> bool:
        """Whether an expression is the name of a region, which is true or false for each event."""
        return isinstance(expr, typed.ValueRef) and expr.name in self.symbols.regions


def unknown(span: Span) -> typed.Expr:
    """Return what stands for an expression about which something has been reported."""
    return typed.Constant(False, type=UNKNOWN, span=span)


def shortened(names: list[str]) -> str:
    """Return names for a message: the first of very many."""
    shown = names if len(names) <= 25 else [*names[:25], "..."]
    return ", ".join(shown)
