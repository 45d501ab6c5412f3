"""The expressions of a program, and where the statements are in which they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hepsel.semantics import program as typed
from hepsel.semantics.program import Program
from hepsel.syntax.tree import Span

Parts = Sequence[typed.Expr]
"""An expression and all that it is made of."""


def expressions(program: Program) -> Iterator[typed.Expr]:
    """Yield all expressions of a program's own blocks, regions and values."""
    for value in program.values.values():
        yield value.expr
    for block in (*program.collections.values(), *program.regions.values()):
        for statement in block.statements:
            yield from (expr for _, expr in of_statement(statement))


def written(program: Program) -> Iterator[tuple[Span, typed.Expr]]:
    """Yield the expressions of a program, without those that only variants make, and where the statement of each is."""
    for value in program.values.values():
        region = program.regions.get(value.name.partition(".")[0])
        if "[" not in value.name and (region is None or value.span.begins_in(region.span)):
            yield value.span, value.expr
    for block in (*program.collections.values(), *program.regions.values()):
        if "[" not in block.name:
            for statement in block.statements:
                yield from (one for one in of_statement(statement) if one[0].begins_in(block.span))


def of_statement(statement: typed.ItemStatement | typed.RegionStatement) -> Iterator[tuple[Span, typed.Expr]]:
    """Yield the expressions of a statement, and where it stands."""
    match statement:
        case typed.Filter(criterion, condition) | typed.NamedBin(criterion, condition):
            yield criterion.span, condition
        case typed.LetItem(_, value):
            yield value.span, value
        case typed.Sort(keys, span):
            yield from ((span, key) for key, _ in keys)
        case typed.KeepBest(criterion, keys):
            yield from ((criterion.span, key) for key, _ in keys)
        case typed.WeightFactor(_, value, span) | typed.SavedColumn(_, value, _, span):
            yield span, value
        case typed.GridBins(criterion, _, axes):
            yield from ((criterion.span, axis.value) for axis in axes)
        case typed.HistogramFill():
            yield from ((statement.span, value) for value in statement.values)


def conditions(parts: Parts) -> Iterator[typed.Expr]:
    """Yield the conditions in an expression that say which of some items it is about."""
    for part in parts:
        match part:
            case typed.Comprehension(condition=condition) if condition is not None:
                yield condition
            case typed.Reduce("any" | "all", typed.Comprehension(body)):
                yield body
