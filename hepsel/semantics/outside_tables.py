"""Tells of values that tables do not have: of a table from 30 GeV on, where the items are above 20 GeV."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from hepsel.semantics import program as typed
from hepsel.semantics.any_block import THIS
from hepsel.semantics.constraints import Constraints
from hepsel.semantics.intervals import INF, Interval, interval
from hepsel.semantics.one_ended import SIGNED
from hepsel.semantics.statements import Parts
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import ItemType
from hepsel.semantics.walk import children, distinct, substitute
from hepsel.syntax.tree import Span


def tell_of_outside_tables(
    symbols: Symbols,
    program: typed.Program,
    parts: Iterable[tuple[Span, Parts]],
    of_items: Mapping[str, Constraints],
    of_regions: Mapping[str, Constraints],
) -> None:
    """Tell of a lookup whose arguments may be where the table has nothing, though the cuts bound them.

    Nothing is told of the end that no cut bounds, of a table with `otherwise`, nor in a `default` or an `if`.

    Parameters
    ----------
    symbols
        Where it is reported.
    program
        A program without errors.
    parts
        Of each of its expressions, and where its statement stands.
    of_items, of_regions
        What the cuts of each block, and of each region, say.
    """
    if not program.tables:
        return
    compared = frozenset(
        float(side.value)
        for _, each in parts
        for part in each
        if isinstance(part, typed.Compare)
        for side in (symbols.defined(part.left), symbols.defined(part.right))
        if isinstance(side, typed.Constant) and isinstance(side.value, int | float)
    )
    taken_from = {source for block in program.collections.values() for source in block.sources}
    for name, block in program.collections.items():
        for statement in block.statements:
            # What is taken from a block may have cuts of its own.
            if isinstance(statement, typed.LetItem) and name not in taken_from:
                _look(symbols, statement.value, of_items[name], of_items, compared)
    for name in program.regions:
        for step in program.regions[name].statements:
            match step:
                case typed.WeightFactor(_, value) | typed.SavedColumn(_, value):
                    _look(symbols, value, of_regions[name], of_items, compared)
                case typed.HistogramFill() if step.weight is not None:
                    _look(symbols, step.weight, of_regions[name], of_items, compared)


def _look(
    symbols: Symbols,
    value: typed.Expr,
    cuts: Constraints,
    of_items: Mapping[str, Constraints],
    compared: Container[float],
) -> None:
    for lookup in _lookups(symbols.defined(value)):
        table = symbols.tables[lookup.table]
        if table.otherwise is not None:
            continue
        for place, argument in enumerate(lookup.arguments):
            ranges = sorted({row.ranges[place] for row in table.rows})
            asked = cuts.asked_of(argument) or _of_its_item(argument, of_items)
            why = _outside(ranges, symbols.defined(argument), asked, compared)
            if why is not None:
                symbols.report(
                    "W613",
                    f"the table has no value for all that `{table.parameters[place]}` may be, and is missing there",
                    lookup.span,
                    f"{why}; `otherwise` in the table, or `default(..., 1)`, says what counts there",
                    related=None if asked is None else asked[1],
                )
                break


def _lookups(value: typed.Expr) -> Iterator[typed.TableLookup]:
    """Yield the lookups that a value has whatever its parts are."""
    match value:
        case typed.Default() | typed.Conditional() | typed.Exists():
            return
        case typed.Comprehension(condition=condition) if condition is not None:
            return
        case typed.TableLookup():
            yield value
    for child in children(value):
        yield from _lookups(child)


def _of_its_item(argument: typed.Expr, of_items: Mapping[str, Constraints]) -> tuple[Interval, Span] | None:
    """Return where the cuts of the block from which a generator takes its items ask an argument to lie."""
    variables = {part for part in distinct(argument) if isinstance(part, typed.Variable)}
    if len(variables) != 1:
        return None
    (variable,) = variables
    block = of_items.get(variable.type.collection) if isinstance(variable.type, ItemType) else None
    return None if block is None else block.asked_of(substitute(argument, variable, THIS))


def _outside(
    ranges: Sequence[tuple[float, float]],
    argument: typed.Expr,
    asked: tuple[Interval, Span] | None,
    compared: Container[float],
) -> str | None:
    """Say why an argument may be outside of all ranges, which are in the order of their lower ends."""
    values, by = asked if asked is not None else (interval(argument), None)
    low, high = ranges[0]
    for begin, end in ranges:
        # A gap that cuts leave out, as that between barrel and endcap, has ends that are compared with.
        if high < begin and values.low < begin and high < values.high and not (high in compared and begin in compared):
            return "between two of its ranges is a gap"
        high = max(high, end)
    if isinstance(argument, typed.Attribute | typed.Component) and argument.name in SIGNED and values.low < 0 <= low:
        return f"it has none below 0, and perhaps `|{argument.name}|` is meant"
    if by is not None and (-INF < values.low < low or high < values.high < INF):
        return f"the cut in line {by.line} lets values pass that it does not have"
    return None
