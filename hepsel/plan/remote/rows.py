"""Rows of axes, as a query has them at hand, and how one leads to another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from hepsel.plan import nodes
from hepsel.plan.remote.query import VERY_LONG, Expr, Member, varies

MOST_LISTS = 64
"""Most lists, or pairs and triplets of lists, that the rows of one axis are counted in: a union of unions has many."""

HERE = "@"
"""The row of a list itself, where its fields are defined."""


WORDS: dict[type, str] = {
    nodes.Best: "the best candidate",
    nodes.ArgBest: "the best item",
    nodes.GroupOf: "megajets",
    nodes.Lookup: "a table",
    nodes.Position: "the place of an item",
    nodes.IsFirst: "items that stand twice",
}
"""What queries have no form for, as people say it."""


class Inexpressible(Exception):
    """Something has no form in the dialect; the message says what."""


_SPELLED = {"stransverse_mass": "mt2", "stransverse_mass_of": "mt2"}


def no_function(name: str) -> Inexpressible:
    """Return that a function of a plan has no form in the dialect, as the language calls it."""
    return Inexpressible(f"`{_SPELLED.get(name, name)}`")


def check_varies(value: Expr) -> None:
    """Refuse a value that is the same in all events and items: the dialect of flat trees makes no column of it."""
    if not varies(value):
        raise Inexpressible("a constant")


def why_not(ask: Callable[[], None]) -> str | None:
    """Return why something has no form in the dialect; `None` when it has one."""
    try:
        ask()
    except Inexpressible as problem:
        return str(problem)
    except RecursionError:  # some hundred definitions, each of which needs the one before
        return VERY_LONG
    return None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an axis."""

    axis: str


@dataclass(frozen=True, slots=True)
class EventRow(Row):
    """An event."""


@dataclass(frozen=True, slots=True)
class Nowhere(Row):
    """A row that there is not: what is asked of it is missing."""


@dataclass(frozen=True, slots=True)
class ItemRow(Row):
    """An item of a list; `name` stands for it."""

    name: str | Member


@dataclass(frozen=True, slots=True)
class PartRow(Row):
    """The row that slot or source number `slot` of an item is: `inner` as seen from an item there.

    `is_source`: the item is of a union, and there is such a row only if the item is from that source.
    """

    owner: ItemRow
    slot: int
    inner: Row
    is_source: bool


@dataclass(frozen=True, slots=True)
class ChosenRow(Row):
    """A row that belongs to the one item of a list of one item or none: `inner` as seen from that item."""

    items: str
    inner: Row


@dataclass(frozen=True, slots=True)
class FixedRow(Row):
    """One of a given number of rows of an inner axis, or (with `loop`) any of the items of a list.

    Attributes
    ----------
    parent
        The row that it belongs to.
    below
        The rows that it is made from: of the source, or one for each slot.
    source
        In a union: the source that it is from.
    present
        Conditions without which there is no such row.
    loop
        The list, and the name of its item.
    """

    parent: Row
    below: tuple[Row, ...]
    source: int = 0
    present: tuple[Expr, ...] = ()
    loop: tuple[str, str] | None = None


def seen_from(row: Row, name: str | Member) -> Row:
    """Return a row that was described from `HERE` as seen from an item with another name."""
    match row:
        case ItemRow(name=old):
            return replace(row, name=name) if old == HERE else row
        case PartRow(owner=owner):
            owner = replace(owner, name=name) if owner.name == HERE else owner
            return replace(row, owner=owner)
    raise Inexpressible("a list in a list")
