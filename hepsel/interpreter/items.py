"""Items of one event: who they are, where they were taken from, what they are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hepsel.interpreter.values import Value
from hepsel.semantics.program import ItemBlock, is_composite

Identity = tuple[str, int]
"""The base collection of an item, or the composite block that formed it, and its place there in the event."""


@dataclass(eq=False, slots=True)
class Item:
    """An item as it is seen in one collection.

    Attributes
    ----------
    collection
        The collection or single item of the format, or the block, through which it is seen.
    identity
        What two views of one item share.
    origin
        The same item as seen in the collection from which `collection` took it; `None` for a
        base item in its own collection and for a candidate in the block that formed it.
    slots
        The slots of a candidate in the block that formed it.
    lets
        The block's `let` statements evaluated so far.
    """

    collection: str
    identity: Identity
    origin: Item | None = None
    slots: Mapping[str, Item] = field(default_factory=dict)
    lets: dict[str, Value] = field(default_factory=dict)


def base_items(item: Item) -> frozenset[Identity]:
    """Return the base items in an item, however deep: what two slots of a candidate never share."""
    if item.slots:
        return frozenset().union(*(base_items(slot) for slot in item.slots.values()))
    return base_items(item.origin) if item.origin is not None else frozenset({item.identity})


def parts(item: Item, blocks: Mapping[str, ItemBlock]) -> Iterator[Item]:
    """Yield the base items of an item in slot order, each as seen in the collection that filled the slot."""
    if item.slots:
        for slot in item.slots.values():
            yield from parts(slot, blocks)
    elif item.origin is not None and is_composite(blocks, item.collection):
        yield from parts(item.origin, blocks)
    else:
        yield item
