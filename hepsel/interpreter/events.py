"""One event: everything that a program names, evaluated when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping

from hepsel.interpreter import attributes
from hepsel.interpreter.blocks import BlockItems, run_block
from hepsel.interpreter.evaluate import Scope, evaluate, holds
from hepsel.interpreter.items import Identity, Item
from hepsel.interpreter.stored import StoredEvent
from hepsel.interpreter.values import Value
from hepsel.interpreter.vectors import FourVector
from hepsel.semantics import program as typed
from hepsel.semantics.program import Program
from hepsel.semantics.reads import owns


class Names:
    """What attribute names stand for in a program: looked up once, for all events."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._resolutions: dict[tuple[str, str, bool], typed.Resolution | None] = {}

    def resolve(self, collection: str, name: str, *, own_p4: bool = True) -> typed.Resolution | None:
        """Say what `item.name` stands for: see `Program.resolve`."""
        key = (collection, name, own_p4)
        if key not in self._resolutions:
            self._resolutions[key] = self.program.resolve(collection, name, own_p4=own_p4)
        return self._resolutions[key]

    def owns(self, collection: str, name: str) -> bool:
        """Whether a collection of the format, or one that it is a part of, stores or derives an attribute."""
        return owns(self.resolve, collection, name)


class Event:
    """One event of one program.

    Attributes
    ----------
    program
        The program.
    names
        What its attribute names stand for.
    stored
        The columns of the event.
    """

    def __init__(self, names: Names, columns: Mapping[str, object]) -> None:
        self.program = names.program
        self.names = names
        self.stored = StoredEvent(columns)
        self._blocks: dict[str, BlockItems] = {}
        self._collections: dict[str, tuple[Item, ...]] = {}
        self._singles: dict[str, Item] = {}
        self._values: dict[str, Value] = {}
        self._attributes: dict[tuple[str, Identity, str], Value] = {}
        self._vectors: dict[tuple[str, Identity], FourVector] = {}

    # -------------------------------------------------------------- names of the program

    def items(self, collection: str) -> tuple[Item, ...]:
        """Return the items of a collection of the format, or those that a block ends with."""
        if collection in self.program.collections:
            return self.block(collection).items
        if collection not in self._collections:
            self._collections[collection] = tuple(self._stored_items(collection))
        return self._collections[collection]

    def _stored_items(self, collection: str) -> list[Item]:
        base = self.program.format.collections[collection].base
        if base is None:
            count = self.stored.count(collection)
            return [Item(collection, (collection, place)) for place in range(count)]
        where = self.program.where[collection]
        return [
            Item(collection, item.identity, origin=item) for item in self.items(base) if holds(where, Scope(self, item))
        ]

    def block(self, name: str) -> BlockItems:
        """Return the items of an object or composite, and its cutflow."""
        if name not in self._blocks:
            self._blocks[name] = run_block(self, self.program.collections[name])
        return self._blocks[name]

    def single(self, name: str) -> Item:
        """Return a single item of the format."""
        return self._singles.setdefault(name, Item(name, (name, 0)))

    def value(self, name: str) -> Value:
        """Return a `define` or a region's `let`, or whether the event passes a region."""
        if name not in self._values:
            self._values[name] = evaluate(self.program.values[name].expr, Scope(self))
        return self._values[name]

    # -------------------------------------------------------------- items

    def attribute(self, item: Item, name: str) -> Value:
        """Return an attribute of an item."""
        if item.collection in self.program.collections:
            return attributes.attribute(self, item, name)
        key = (item.collection, item.identity, name)
        if key not in self._attributes:
            self._attributes[key] = attributes.attribute(self, item, name)
        return self._attributes[key]

    def vector(self, item: Item) -> FourVector:
        """Return the four-vector of an item."""
        if item.collection in self.program.collections:
            return attributes.vector(self, item)
        key = (item.collection, item.identity)
        if key not in self._vectors:
            self._vectors[key] = attributes.vector(self, item)
        return self._vectors[key]

    # -------------------------------------------------------------- regions

    def meets(self, statement: typed.Filter) -> bool:
        """Whether the event meets one filter of a region."""
        return holds(statement.condition, Scope(self)) is not statement.negated


def evaluate_event(program: Program, columns: Mapping[str, object]) -> Event:
    """Return one event, to be asked for items, values and decisions.

    Parameters
    ----------
    program
        The typed program.
    columns
        Logical column name to plain Python values, as stored in the file.
    """
    return Event(Names(program), columns)
