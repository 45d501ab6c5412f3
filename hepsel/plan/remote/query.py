"""Queries as trees: what a server computes of each event, in the order in which it does.

A query is a chain of steps. Each step has named values: numbers, truth values and lists of items. An item is a record
of fields. Expressions are those of func_adl; how they are written is the matter of a backend.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cache, reduce
from itertools import islice
from typing import Any

from hepsel.plan.nodes import CutTexts

LARGEST = 20_000
"""Most parts of an expression: func_adl, and on some servers a compiler, have to read it."""

VERY_LONG = "a very long formula"
"""What a criterion needs that has more."""


@dataclass(frozen=True, slots=True)
class Expr:
    """A number, truth value or list."""


@dataclass(frozen=True, slots=True)
class Number(Expr):
    """A number or truth value that is given; NaN is missing."""

    value: bool | int | float


@dataclass(frozen=True, slots=True)
class Branch(Expr):
    """What is stored, as it is stored."""

    column: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a group of items, by its place."""

    row: str
    place: int


@dataclass(frozen=True, slots=True)
class Field(Expr):
    """A field of an item, or (`of` is empty) a value of the event."""

    of: str | Member
    name: str


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """A function of a plan, applied to values of one event or item."""

    function: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class AnyOther(Expr):
    """Whether something is true of some item of another list, asked for an item."""

    items: str
    row: str
    condition: Expr


@dataclass(frozen=True, slots=True)
class SumOther(Expr):
    """The sum of something over the items of another list, asked for an item."""

    items: str
    row: str
    value: Expr


# ------------------------------------------------------------------ lists


@dataclass(frozen=True, slots=True)
class ItemList(Expr):
    """A list of items."""


@dataclass(frozen=True, slots=True)
class Items(ItemList):
    """A list of the step before."""

    name: str


@dataclass(frozen=True, slots=True)
class Zip(ItemList):
    """Items whose fields are stored, `size` among them."""

    columns: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True, slots=True)
class Filter(ItemList):
    """The items for which something is true."""

    source: Expr
    row: str
    condition: Expr


@dataclass(frozen=True, slots=True)
class Records(ItemList):
    """Items with new fields."""

    source: Expr
    row: str
    columns: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True, slots=True)
class Ordered(ItemList):
    """The items by a number, lowest first; ties stay in order."""

    source: Expr
    row: str
    key: Expr


@dataclass(frozen=True, slots=True)
class Slice(ItemList):
    """Some items by their place."""

    source: Expr
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Joined(ItemList):
    """The items of one list behind those of another."""

    sources: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Groups(ItemList):
    """Every group of so many items."""

    source: Expr
    size: int


@dataclass(frozen=True, slots=True)
class Cross(ItemList):
    """Every pair of an item of one list and one of another."""

    source: Expr
    row: str
    other: str
    other_row: str
    columns: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True, slots=True)
class Placed(ItemList):
    """The items of a list of the step before, at most `bound`, each with its place as a further field."""

    name: str
    columns: tuple[str, ...]
    place: str
    bound: int


@dataclass(frozen=True, slots=True)
class Size(Expr):
    """The number of items of a list."""

    source: Expr


@dataclass(frozen=True, slots=True)
class Total(Expr):
    """The sum of something over the items of a list."""

    source: Expr
    row: str
    value: Expr


# ------------------------------------------------------------------ steps


@dataclass(frozen=True, slots=True)
class Value:
    """A named value of a step, and the criteria on items in it."""

    name: str
    value: Expr
    criteria: tuple[CutTexts, ...] = ()


Step = tuple[Value, ...]


def within(expr: Expr) -> Iterator[Expr]:
    """Yield an expression and all in it."""
    waiting: list[object] = [expr]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Expr):
            yield part
            kind: Any = type(part)  # to mypy, no class without a hash of its instances has one itself
            waiting += [getattr(part, name) for name in _backwards(kind)]
        elif isinstance(part, tuple):
            waiting += reversed(part)


def added(numbers: Iterable[Expr]) -> Expr:
    """Return the sum of some numbers, of which there is at least one."""
    return reduce(lambda total, number: Call("+", (total, number)), numbers)


def varies(value: Expr) -> bool:
    """Whether a value depends on the event."""
    return any(isinstance(part, Field | Items) for part in within(value))


def has_more_parts(expr: Expr, number: int) -> bool:
    """Whether an expression has more parts than some number, which are all that is looked at."""
    return next(islice(within(expr), number, None), None) is not None


@cache
def _backwards(kind: type[Any]) -> tuple[str, ...]:
    """Return the names of the fields of a kind of expression, the last one first."""
    return tuple(item.name for item in reversed(fields(kind)))


def lists_in(expr: Expr) -> Iterator[str]:
    """Yield the lists of the step before that an expression needs."""
    for part in within(expr):
        match part:
            case Items(name=name) | Placed(name=name) | AnyOther(items=name) | SumOther(items=name):
                yield name
            case Cross(other=name):
                yield name
