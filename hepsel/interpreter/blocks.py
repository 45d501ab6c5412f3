"""The items of objects and composites in one event, statement by statement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from hepsel.interpreter.attributes import P4, replaced_vector
from hepsel.interpreter.evaluate import Scope, evaluate, holds
from hepsel.interpreter.items import Item, base_items
from hepsel.interpreter.vectors import FourVector
from hepsel.semantics import program as typed

if TYPE_CHECKING:
    from hepsel.interpreter.events import Event


@dataclass(frozen=True, slots=True)
class BlockItems:
    """The items of a block, and how many there were at first and after each criterion."""

    items: tuple[Item, ...]
    counts: tuple[int, ...]


def run_block(event: Event, block: typed.ItemBlock) -> BlockItems:
    """Take the items of a block and apply its statements in order."""
    taken = _union(event, block) if isinstance(block, typed.ObjectBlock) else _candidates(event, block)
    items = list(taken)
    counts = [len(items)]
    for statement in block.statements:
        items = _apply(event, statement, items)
        if criterion_of(statement) is not None:
            counts.append(len(items))
    return BlockItems(tuple(items), tuple(counts))


def criterion_of(statement: typed.ItemStatement) -> typed.Criterion | None:
    """Return the criterion of a statement that has a row in the block's cutflow."""
    if isinstance(statement, typed.LetItem | typed.Sort):
        return None
    return statement.criterion


def _union(event: Event, block: typed.ObjectBlock) -> Iterator[Item]:
    seen = set()
    for source in block.sources:
        for item in event.items(source):
            if item.identity not in seen:
                seen.add(item.identity)
                yield Item(block.name, item.identity, origin=item)


def _candidates(event: Event, block: typed.CompositeBlock) -> Iterator[Item]:
    names = [slot.name for slot in block.slots]
    place = 0
    for combination in product(*(enumerate(event.items(name)) for name in block.sources)):
        places = [at for at, _ in combination]
        slots = [item for _, item in combination]
        in_order = block.ordered or _increasing(block.sources, places)
        if in_order and _share_nothing(slots):
            yield Item(block.name, (block.name, place), slots=dict(zip(names, slots, strict=True)))
            place += 1


def _increasing(collections: tuple[str, ...], places: list[int]) -> bool:
    """Whether the places of slots of one collection increase."""
    last: dict[str, int] = {}
    for collection, place in zip(collections, places, strict=True):
        if place <= last.get(collection, -1):
            return False
        last[collection] = place
    return True


def _share_nothing(slots: list[Item]) -> bool:
    bases = [base_items(slot) for slot in slots]
    return len(frozenset().union(*bases)) == sum(map(len, bases))


def _apply(event: Event, statement: typed.ItemStatement, items: list[Item]) -> list[Item]:
    match statement:
        case typed.Filter():
            return [item for item in items if holds(statement.condition, Scope(event, item)) is not statement.negated]
        case typed.LetItem():
            for item in items:
                _let(event, statement, item)
            return items
        case typed.Sort():
            return _sorted(event, statement, items)
        case typed.KeepFirst():
            return items[: statement.count]
        case typed.KeepBest():
            return _best(event, statement, items)
        case typed.ExternalCut():
            return items


def _let(event: Event, statement: typed.LetItem, item: Item) -> None:
    value = evaluate(statement.value, Scope(event, item))
    if statement.name == P4:
        assert isinstance(value, FourVector)
        value = replaced_vector(event, item, value)
    item.lets[statement.name] = value


def _sorted(event: Event, statement: typed.Sort, items: list[Item]) -> list[Item]:
    for key, descending in reversed(statement.keys):  # what is equal by one key stays as the keys behind it left it
        keyed: list[tuple[Any, Item]] = [(evaluate(key, Scope(event, item)), item) for item in items]
        present = [(value, item) for value, item in keyed if value is not None]
        present.sort(key=itemgetter(0), reverse=descending)  # stable both ways
        items = [item for _, item in present] + [item for value, item in keyed if value is None]
    return items


def _best(event: Event, statement: typed.KeepBest, items: list[Item]) -> list[Item]:
    best: list[tuple[tuple[Any, ...], Item]] = []
    for item in items:
        values: list[tuple[Any, bool]] = [
            (evaluate(value, Scope(event, item)), highest) for value, highest in statement.keys
        ]
        if any(value is None for value, _ in values):
            continue
        keys = tuple(-value if highest else value for value, highest in values)
        if not best or keys < best[0][0]:
            best = [(keys, item)]
    return [item for _, item in best]
