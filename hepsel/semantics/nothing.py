"""Tells of cuts on the least or greatest of some values, or on an item, that drop what has none of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hepsel.quick_dataclass import dataclass
from hepsel.semantics import program as typed
from hepsel.semantics.constraints import Constraints
from hepsel.semantics.intervals import interval
from hepsel.semantics.names_in import used_by
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import ItemType
from hepsel.semantics.walk import joined_by
from hepsel.syntax import tree
from hepsel.syntax.comparisons import OPPOSITE, SWAPPED
from hepsel.syntax.tree import Span
from hepsel.vocabulary.functions import DISTANCES

_EACH = {("min", ">"), ("min", ">="), ("max", "<"), ("max", "<=")}
"""Comparisons that ask for something of each value."""

_BELOW = ("<", "<=")
_ABOVE = (">", ">=")


def tell_of_nothing(symbols: Symbols, block: str, condition: typed.Expr, constraints: Constraints) -> None:
    """Tell of a `select` that asks for something of each value, and drops what has no values.

    Nothing is told where the cuts show that there are some.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    block
        What the criterion is of.
    condition
        Its condition.
    constraints
        What is known behind it.
    """
    for part, side, operator, _ in _compared(joined_by("and", condition)):
        value = _meant(symbols, block, side)
        if (
            isinstance(value, typed.Reduce)
            and (value.kind, operator) in _EACH
            and not _is_something(value.list, constraints)
        ):
            symbols.report(
                "H709",
                f"`{value.kind}` of nothing is missing, and no comparison with it true: "
                f"{_what_is_dropped(symbols, block)} is dropped where there are none",
                part.span,
                f"write `all(... {operator} ...)`, which is true of nothing, "
                "or ask for one first, `count(...) >= 1`; if this is meant, leave it",
            )
            return


@dataclass(frozen=True, slots=True)
class NoItem:
    """A `select` that drops what has no item at a place, and which one that is."""

    block: str
    collection: str
    number: int
    operator: str
    span: Span


def without_item(symbols: Symbols, block: str, condition: typed.Expr, before: Constraints) -> NoItem | None:
    """Return whether a `select` is true of what is far away or soft, and drops what has no such item.

    By `Jet[2].pt < 30 GeV` the veto of a third jet is usually meant, by `dr(this, Muon[0]) > 0.4` that no muon is near.
    Nothing is found where the cuts show that the item is there.

    Parameters
    ----------
    symbols
        What is in the program.
    block
        What the criterion is of.
    condition
        Its condition.
    before
        What is known in front of it.
    """
    parts = list(joined_by("and", condition))
    for part, side, operator, bound in _compared(parts):
        item = _far_or_soft(symbols, block, _meant(symbols, block, side), operator)
        if item is None or not isinstance(_meant(symbols, block, bound), typed.Constant):
            continue
        collection, number = item
        others = [other for other in parts if other is not part]
        if not before.beside(others).show(collection, number):
            return NoItem(block, collection, number, operator, part.span)
    return None


def tell_of_no_item(symbols: Symbols, found: NoItem) -> None:
    """Tell of a `select` that drops what has no item at a place."""
    symbols.report(
        "H709",
        f"`{found.collection}[{found.number - 1}]` may be missing, and no comparison with it true: "
        f"{_what_is_dropped(symbols, found.block)} is dropped where there is none",
        found.span,
        f"write `reject ... {OPPOSITE[found.operator]} ...`, which drops nothing where there is none, "
        f"or ask for one first, `count({found.collection}) >= {found.number}`; if this is meant, leave it",
    )


def tell_of_no_item_in_objects(
    symbols: Symbols, program: tree.Program, found: Iterable[NoItem], regions: Mapping[str, Constraints]
) -> None:
    """Tell of objects that ask for a distance to an item that may be missing.

    Nothing is told where each region that asks for the object has the item by its own cuts: nobody sees what the object
    has in other events.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    program
        As parsed.
    found
        The cuts of its objects and composites.
    regions
        What the cuts of each region say.
    """
    blocks = {block.name: block for block in program.blocks}
    users = [(known, used_by([blocks[name]], blocks)) for name, known in regions.items() if name in blocks]
    for each in found:
        asking = [known for known, used in users if each.block in used]
        shown = asking and all(known.show(each.collection, each.number) for known in asking)
        # What a variant repeats in between has been told where it is written.
        if each.block in blocks and not shown:
            tell_of_no_item(symbols, each)


def _compared(parts: Iterable[typed.Expr]) -> Iterator[tuple[typed.Compare, typed.Expr, str, typed.Expr]]:
    """Yield the comparisons among some conditions, each side with what it is compared with."""
    for part in parts:
        if isinstance(part, typed.Compare):
            yield part, part.left, part.operator, part.right
            yield part, part.right, SWAPPED[part.operator], part.left


def _what_is_dropped(symbols: Symbols, block: str) -> str:
    return "an item" if block in symbols.collections else "an event"


def _far_or_soft(symbols: Symbols, block: str, value: typed.Expr, operator: str) -> tuple[str, int] | None:
    """Return the collection, and how many of it there have to be, where a cut asks for an item far away or soft."""
    of_item = block in symbols.collections
    match value:
        case typed.Attribute(item, "pt") | typed.Component(typed.VectorOf(item), "pt") if operator in _BELOW:
            return _taken(symbols, item)
        case typed.Reduce("largest", typed.Comprehension(body, (typed.Loop((_,), items),), None), rank) if (
            operator in _BELOW and isinstance(items, typed.CollectionRef) and isinstance(body, typed.Attribute)
        ):
            return items.name, rank
        case typed.Function(name, (typed.VectorOf(a), typed.VectorOf(b))) if name in DISTANCES and operator in _ABOVE:
            for other, taken in ((a, _taken(symbols, b)), (b, _taken(symbols, a))):
                # Of the leading jet of an event, `dphi(Jet[0], MET) > 2` asks for the jet, too.
                of_other = _is_of_this(other) if of_item else isinstance(other, typed.Single)
                if taken is not None and of_other and (of_item or taken[1] > 1):
                    return taken
    return None


def _taken(symbols: Symbols, item: typed.Expr) -> tuple[str, int] | None:
    """Return the collection that an item is taken from by its place, and how many of it there have to be."""
    while True:
        match item:
            case typed.ValueRef(name):
                item = symbols.values[name].expr
            case typed.Attribute(inner, type=ItemType()):
                item = inner
            case typed.At(typed.CollectionRef(name), index) if interval(index).low >= 0:
                return name, int(interval(index).low) + 1
            case _:
                return None


def _is_of_this(item: typed.Expr) -> bool:
    while isinstance(item, typed.Attribute):
        item = item.item
    return isinstance(item, typed.This)


def _meant(symbols: Symbols, block: str, expr: typed.Expr) -> typed.Expr:
    """Return what a name stands for, of the event or of the item."""
    while True:
        match expr:
            case typed.ValueRef(name):
                expr = symbols.values[name].expr
            case typed.Attribute(typed.This(), name) if block in symbols.collections:
                lets = (each for each in symbols.collections[block].statements if isinstance(each, typed.LetItem))
                value = next((let.value for let in lets if let.name == name), None)
                if value is None:
                    return expr
                expr = value
            case _:
                return expr


def _is_something(values: typed.Expr, constraints: Constraints) -> bool:
    """Whether the cuts show that a list has an element; of a part of a collection, that the collection has."""
    if not isinstance(values, typed.Comprehension):
        return False
    for loop in values.loops:
        items = loop.list.list if isinstance(loop.list, typed.SliceOf) else loop.list
        if isinstance(items, typed.Attribute) and items.name == "parts":
            continue  # a candidate is made of something
        if not isinstance(items, typed.CollectionRef) or not constraints.show(items.name, len(loop.variables)):
            return False
    return True
