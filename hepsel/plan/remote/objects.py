"""What a query on objects computes, as trees: besides numbers and functions (see `query`), objects and their counts.

Objects are those of the event data model: an item of a collection is one, and so is the event information. A variable
stands for an object in what is asked of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hepsel.plan.nodes import CutTexts
from hepsel.plan.remote.query import Expr, within


@dataclass(frozen=True, slots=True)
class Stored(Expr):
    """What is stored of an object, as it is stored; of the event where `item` is empty."""

    item: str
    column: str


@dataclass(frozen=True, slots=True)
class First(Expr):
    """The first element of a list that is stored of an object. There has to be one."""

    item: str
    column: str


@dataclass(frozen=True, slots=True)
class Length(Expr):
    """The number of elements of a list that is stored of an object."""

    item: str
    column: str


@dataclass(frozen=True, slots=True)
class Place(Expr):
    """The place of an object in its collection, from 0."""

    item: str


@dataclass(frozen=True, slots=True)
class Counted(Expr):
    """The number of objects of a collection for which something is true.

    Attributes
    ----------
    collection
        Which collection.
    item
        The variable that stands for an object in `condition` and `number`.
    condition
        What is asked of it.
    number
        How often an object is counted, such as the number of those that it makes a pair with; `None`: once.
    """

    collection: str
    item: str
    condition: Expr
    number: Expr | None = None


@dataclass(frozen=True, slots=True)
class Named(Expr):
    """A value of the event, what it may be called, and the criteria on items in it."""

    name: str
    value: Expr
    criteria: tuple[CutTexts, ...] = ()


@dataclass(frozen=True, slots=True)
class Formula(Expr):
    """A comparison of what is computed with functions of C++, and what it may be called."""

    name: str
    comparison: Expr


def items_in(expr: Expr) -> Iterator[str]:
    """Yield the variables of objects in an expression, those that stand for objects within it too."""
    for part in within(expr):
        if isinstance(part, Stored | First | Length | Place) and part.item:
            yield part.item
