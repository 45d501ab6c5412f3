"""Which stored columns a program can touch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hepsel.formats.schema import AttributeSpec, CollectionSpec, Format
from hepsel.semantics import program as typed
from hepsel.semantics.program import Program
from hepsel.semantics.statements import expressions
from hepsel.semantics.types import ItemType
from hepsel.semantics.walk import children
from hepsel.vocabulary.functions import COMPONENTS_USED

EVENT = "event"

_EVENT_ID = (("run", "run"), ("luminosity_block", "luminosity_block"), ("event", "number"))

EVENT_NUMBERS = tuple(name for _, name in _EVENT_ID)
"""The attributes of `event` that identify an event, those of them that a format has."""


def event_id(data_format: Format) -> tuple[tuple[str, str], ...]:
    """Return how results call the numbers that identify an event, and the attributes of `event` that hold them."""
    if EVENT not in data_format.collections:
        return ()
    known = data_format.collections[EVENT].attributes
    return tuple((key, name) for key, name in _EVENT_ID if name in known)


@dataclass(frozen=True, slots=True)
class StoredColumn:
    """A stored attribute of a collection or single item of the format."""

    collection: str
    spec: AttributeSpec

    @property
    def names(self) -> tuple[str, ...]:
        """The logical columns: one, or for a link its index and (where the format has it) its key."""
        name = f"{self.collection}.{self.spec.name}"
        if self.spec.kind != "link":
            return (name,)
        return (f"{name}.index", f"{name}.key") if self.spec.key_branches else (f"{name}.index",)


def owns(resolve: Callable[[str, str], typed.Resolution | None], collection: str, name: str) -> bool:
    """Whether a collection of the format, or one that it is a part of, stores or derives an attribute."""
    match resolve(collection, name):
        case typed.StoredAttribute() | typed.DerivedAttribute():
            return True
        case typed.FromSource((base,)):
            return owns(resolve, base, name)
    return False


def required_columns(program: Program) -> tuple[StoredColumn, ...]:
    """Return the stored columns that the program can touch, in the order in which they are met.

    These are enough to evaluate all of the program, and to count the items of every collection in it; which of them
    one event really needs depends on the event. The numbers that identify an event are among them.
    """
    return _Reads(program).collect()


class _Reads:
    """Follows every expression of a program down to what is stored."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._columns: dict[tuple[str, str], StoredColumn] = {}
        self._seen: set[tuple[str, ...]] = set()
        self._counted: dict[str, None] = {}

    def collect(self) -> tuple[StoredColumn, ...]:
        program = self._program
        for _, name in event_id(program.format):
            self._attribute(EVENT, name)
        for block in program.collections.values():
            for source in block.sources:
                self._collection(source)
        for expr in expressions(program):
            self._expression(expr)
        read = {column.collection for column in self._columns.values()}
        for collection in self._counted:
            if collection not in read:
                spec = program.format.collections[collection]
                self._add(collection, _counting(spec))
        return tuple(self._columns.values())

    def _add(self, collection: str, spec: AttributeSpec) -> None:
        self._columns[collection, spec.name] = StoredColumn(collection, spec)

    def _new(self, *key: str) -> bool:
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _expression(self, expr: typed.Expr) -> None:
        match expr:
            case typed.Component(typed.VectorOf(item), name):
                self._component(_collection_of(item), name)
                self._expression(item)
                return
            case typed.Function(function, arguments) if function in COMPONENTS_USED:
                used = COMPONENTS_USED[function]
                for argument, components in zip(arguments, used, strict=False):
                    self._argument(argument, components)
                for mass in arguments[len(used) :]:
                    self._expression(mass)
                return
            case typed.Attribute(item, name):
                self._attribute(_collection_of(item), name)
            case typed.CollectionRef(name):
                self._collection(name)
            case typed.VectorOf(item):
                self._vector(_collection_of(item))
        for child in children(expr):
            self._expression(child)

    def _argument(self, argument: typed.Expr, components: tuple[str, ...]) -> None:
        if not isinstance(argument, typed.VectorOf):
            self._expression(argument)
            return
        for name in components:
            self._component(_collection_of(argument.item), name)
        self._expression(argument.item)

    def _collection(self, name: str) -> None:
        """Note that the items of a collection are counted or looped over."""
        spec = self._program.format.collections.get(name)
        if spec is None or not self._new("items of", name):
            return  # a block: all blocks are evaluated, and their sources noted
        if spec.base is None:
            self._counted[name] = None
        else:
            self._collection(spec.base)
            self._expression(self._program.where[name])

    def _attribute(self, collection: str, name: str) -> None:
        if not self._new("attribute", collection, name):
            return
        match self._program.resolve(collection, name):
            case typed.StoredAttribute(spec):
                self._add(collection, spec)
                if spec.target is not None:
                    self._collection(spec.target)
            case typed.DerivedAttribute():
                self._expression(self._program.derived[collection, name])
            case typed.FromSource(sources):
                for source in sources:
                    self._attribute(source, name)
            case typed.VectorComponent():
                self._component(collection, name)

    def _component(self, collection: str, name: str) -> None:
        """Note what one component of an item's four-vector takes."""
        if not self._new("component", collection, name):
            return
        if collection in self._program.format.collections:
            if owns(self._program.resolve, collection, name):
                self._attribute(collection, name)
            if name in typed.CARTESIAN or not owns(self._program.resolve, collection, name):
                self._vector(collection)
        elif self._is_formed(collection):
            self._vector(collection)
        else:
            for source in self._taken_from(collection):
                self._component(source, name)

    def _vector(self, collection: str) -> None:
        """Note what the whole four-vector of an item takes."""
        if not self._new("vector", collection):
            return
        resolve = self._program.resolve
        if collection in self._program.format.collections:
            made_of = typed.four_vector(self._program.format, collection) or ()
            for name in (*made_of, "charge"):
                if owns(resolve, collection, name):
                    self._attribute(collection, name)
        else:
            for source in self._taken_from(collection):
                self._vector(source)

    def _is_formed(self, collection: str) -> bool:
        return isinstance(self._program.collections.get(collection), typed.CompositeBlock)

    def _taken_from(self, collection: str) -> tuple[str, ...]:
        """Return where the items of a block, or the parts of its items, come from."""
        blocks = self._program.collections
        if collection.endswith(typed.PARTS_SUFFIX):
            return typed.leaf_collections(blocks, collection.removesuffix(typed.PARTS_SUFFIX))
        return blocks[collection].sources


def _collection_of(item: typed.Expr) -> str:
    assert isinstance(item.type, ItemType)
    return item.type.collection


def _counting(spec: CollectionSpec) -> AttributeSpec:
    """Choose the column by which items are counted: a plain one that the file must have, where there is one."""
    stored = [attribute for attribute in spec.attributes.values() if attribute.expression is None]
    return min(stored, key=lambda a: (a.default is not None, a.kind == "link", a.is_list))
