"""Tells of sums of candidates that may share an item: `(z[0] + z[1]).mass`, with one lepton in both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hepsel.semantics import program as typed
from hepsel.semantics.statements import Parts
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.walk import distinct
from hepsel.syntax.tree import Span

_Candidate = tuple[str, int]
"""A collection of candidates, and a place in it."""


def tell_of_sharing(symbols: Symbols, parts: Iterable[tuple[Span, Parts]]) -> None:
    """Tell of the sum of two candidates, or of a distance between them, that are made of items of one collection.

    Nothing is told where the block of the one asks for the other.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    parts
        Of each expression of a program without errors, and where its statement stands.
    """
    composites = any(isinstance(block, typed.CompositeBlock) for block in symbols.collections.values())
    for _, each in parts if composites else ():
        for part in each:
            match part:
                case typed.VectorArithmetic("+", left, right) | typed.Function(arguments=(left, right, *_)):
                    for one in _candidates(symbols, left):
                        for other in _candidates(symbols, right):
                            _tell_of_two(symbols, one, other, part.span)


def _candidates(symbols: Symbols, vector: typed.Expr) -> Iterator[_Candidate]:
    """Yield the candidates at places of which a four-vector is the sum."""
    for part in symbols.meant(vector, _summands):
        match part:
            case typed.At(typed.CollectionRef(name), typed.Constant(int() as place)):
                yield name, place


def _summands(vector: typed.Expr) -> tuple[typed.Expr, ...]:
    match vector:
        case typed.VectorOf(item):
            return (item,)
        case typed.VectorArithmetic("+", left, right):
            return (left, right)
    return ()


def _tell_of_two(symbols: Symbols, one: _Candidate, other: _Candidate, span: Span) -> None:
    names = one[0], other[0]
    blocks = [list(symbols.blocks(name)) for name in names]
    composites = [line[-1] if line else None for line in blocks]
    slots = [set(block.sources) if isinstance(block, typed.CompositeBlock) else set[str]() for block in composites]
    shared = slots[0] & slots[1]
    if (
        one != other
        and shared
        and not any(_asks_for(line, name) for line, name in zip(blocks, names[::-1], strict=True))
    ):
        symbols.report(
            "H725",
            f"`{one[0]}[{one[1]}]` and `{other[0]}[{other[1]}]` may have an item of {min(shared)} in common",
            span,
            "two slots of one composite never share an item: "
            f"write `take {one[0]} one, {other[0]} other` in a `composite`; if this is meant, leave it",
        )


def _asks_for(blocks: Iterable[typed.ItemBlock], name: str) -> bool:
    """Whether the cuts of a block ask for what another one has."""
    return any(
        isinstance(part, typed.CollectionRef) and part.name == name
        for block in blocks
        for statement in block.statements
        if isinstance(statement, typed.Filter)
        for part in distinct(statement.condition)
    )
