"""Conditions on events that a server can apply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hepsel.plan import nodes
from hepsel.plan.nodes import Const, CutTexts, Definition, ItemRow, Operand, Ref


@dataclass(frozen=True, slots=True)
class Holds:
    """A condition on events: the column is true."""

    name: str


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A condition on events: the axes have together so many rows, counting those of which their `tests` are true.

    There are no tests, or for each axis its own: columns of truth values, all of which have to be true.
    """

    axes: tuple[str, ...]
    count: int
    tests: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """A condition on events: something is true of a row of the axis."""

    axis: str
    test: nodes.Map


@dataclass(frozen=True, slots=True)
class Doubt:
    """A condition on events: the server cannot decide for certain.

    Attributes
    ----------
    columns
        Columns of events that are true where rounding could decide.
    lists
        Axes whose rows the server tells from one another by their place, of which it has only the first.
    """

    columns: tuple[str, ...]
    lists: tuple[str, ...]


Condition = Holds | AtLeast | Some | Doubt
Necessary = tuple[tuple[Condition, ...], ...]
"""Conditions of the regions, one tuple for each: an event is wanted where all of those of some region hold."""


def names_of(condition: Condition) -> tuple[str, ...]:
    """Return the definitions that a condition is about."""
    match condition:
        case Holds(name=name):
            return (name,)
        case AtLeast(axes=axes, tests=tests):
            return (*axes, *(name for names in tests for name in names))
        case Some(axis=axis, test=test):
            return (axis, *nodes.refs(test))
        case Doubt(columns=columns, lists=lists):
            return (*columns, *lists)


def used(wanted: Necessary, by_name: Mapping[str, Definition]) -> set[str]:
    """Return the definitions that some conditions need."""
    found: set[str] = set()
    stack = [name for conditions in wanted for condition in conditions for name in names_of(condition)]
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            stack.extend(nodes.refs(by_name[name].op))
    return found


def criteria_in(condition: Operand, by_name: Mapping[str, Definition]) -> Iterator[CutTexts]:
    """Yield the criteria that a condition on items is made of, in their order; some may come more than once."""
    if isinstance(condition, Const):
        return
    definition = by_name[condition.name]
    if isinstance(definition.op, nodes.Map) and definition.op.function == "and":
        for argument in definition.op.arguments:
            yield from criteria_in(argument, by_name)
    if definition.texts is not None:
        yield definition.texts


def counted_in(row: ItemRow) -> str:
    """Return the definition that says which items are in a row of an item-level cutflow."""
    return row.mask.name if isinstance(row.mask, Ref) else row.axis.name
