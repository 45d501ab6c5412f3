"""Tells of places that were counted from 1: `jets[1]` for the leading jet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hepsel.semantics import program as typed
from hepsel.semantics.beyond import needed
from hepsel.semantics.constraints import Constraints
from hepsel.semantics.statements import Parts
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.walk import joined_by
from hepsel.syntax.tree import Span


def tell_of_places(
    symbols: Symbols,
    program: typed.Program,
    parts: Iterable[Parts],
    constraints: Mapping[str, Constraints],
) -> None:
    """Tell of a collection whose items from the second one on are asked for, and never the first one.

    It is told where two of them are asked for, or one just behind those that a region counts.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    program
        A program without errors.
    parts
        Of each of its expressions.
    constraints
        What the cuts of each region say.
    """
    asked: dict[str, dict[int, Span]] = {}
    for each in parts:
        for part in each:
            for name, place in _places(part):
                asked.setdefault(name, {}).setdefault(place, part.span)
    behind = dict(_behind_those_counted(program, symbols, constraints))
    for name, spans in asked.items():
        told = 1 if 1 in spans and len(spans) > 1 else behind.get(name)
        if told is not None and 0 not in spans:
            symbols.report(
                "H721",
                f"`{name}[{told}]` is item number {told + 1}, and `{name}[0]`, the first one, is never asked for",
                spans[told],
                f"places count from 0: where number {told} is meant, write `{name}[{told - 1}]`; if not, leave it",
            )


def _places(part: typed.Expr) -> Iterator[tuple[str, int]]:
    """Yield the places of a collection that an expression asks for by itself: the first for `max` and its like."""
    match part:
        case typed.At(items, typed.Constant(int() as place)) if place >= 0:
            yield from ((name, place) for name in _collection(items))
        case typed.SliceOf(items) | typed.Reduce("any" | "max" | "largest", items) | typed.ArgBest(items):
            yield from ((name, 0) for name in _collection(items))


def _collection(items: typed.Expr) -> Iterator[str]:
    match items:
        case typed.CollectionRef(name) | typed.Comprehension(loops=(typed.Loop(_, typed.CollectionRef(name)),)):
            yield name


def _behind_those_counted(
    program: typed.Program, symbols: Symbols, constraints: Mapping[str, Constraints]
) -> Iterator[tuple[str, int]]:
    """Yield the items that a region asks for, of which it counts one less."""
    for region, known in constraints.items():
        selected = (cut for cut in program.statements_of(region) if isinstance(cut, typed.Filter) and not cut.negated)
        conditions = (condition for cut in selected for condition in joined_by("and", cut.condition))
        for part in (part for condition in conditions for part in needed(symbols, condition)):
            for name, place in _places(part):
                if place and known.least_counted(name) == place < known.most_known(name):
                    yield name, place
