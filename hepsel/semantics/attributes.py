"""The types of attributes, and what items have."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from hepsel.formats.schema import AttributeSpec
from hepsel.semantics import program as typed
from hepsel.semantics.symbols import COMPONENT_TYPES, Symbols
from hepsel.semantics.types import (
    BOOL,
    INT,
    PURE,
    REAL,
    UNKNOWN,
    EnumType,
    IntType,
    ItemType,
    ListType,
    RealType,
    Type,
)
from hepsel.semantics.units import parse_unit


def stored_type(symbols: Symbols, spec: AttributeSpec) -> Type:
    """Return the type of a stored attribute."""
    element: Type
    if spec.kind == "bool":
        element = BOOL
    elif spec.kind == "int":
        element = INT
    elif spec.kind == "enum":
        name = spec.enumeration or ""
        element = EnumType(name, symbols.format.enumerations.get(name, ()))
    elif spec.kind == "link":
        element = ItemType(spec.target or "")
    else:
        unit = parse_unit(spec.unit) if spec.unit else None
        element = RealType(unit.dimension if unit else PURE)
    return ListType(element) if spec.is_list else element


class Attributes:
    """Answers what type an attribute has; derived ones are typed when somebody first asks.

    Parameters
    ----------
    symbols
        Where collections are looked up, and typed expressions of the format are kept.
    derived
        Types the expression of a derived attribute: `(collection, attribute) -> expression`.
    """

    def __init__(self, symbols: Symbols, derived: Callable[[str, str], typed.Expr]) -> None:
        self._symbols = symbols
        self._derived = derived
        self._types: dict[tuple[str, str], Type | None] = {}  # of finished blocks

    def type_of(self, collection: str, name: str, *, own_p4: bool = True) -> Type | None:
        """Return the type of `item.name` for an item of `collection`, or `None` when it has no such attribute."""
        path = []
        for each in typed.path_to(self._symbols.format, self._symbols.collections, collection, name, own_p4=own_p4):
            if (each, name) in self._types:
                kind = self._types[each, name]
                break
            path.append(each)
        else:
            kind = self._type_of(path[-1], name, own_p4=own_p4 or len(path) > 1)
        # What a block that is not finished has, and what its own four-vector has before it is replaced, may change.
        finished = (each for each in path if self._symbols.kinds.get(each) == "collection")
        self._types.update(dict.fromkeys(((each, name) for each in finished), kind))
        return kind

    def _type_of(self, collection: str, name: str, *, own_p4: bool) -> Type | None:
        symbols = self._symbols
        found = typed.resolve(symbols.format, symbols.collections, collection, name, own_p4=own_p4)
        match found:
            case None:
                return None
            case typed.StoredAttribute(spec):
                return stored_type(symbols, spec)
            case typed.DerivedAttribute(origin, attribute):
                return self._derived(origin, attribute).type
            case typed.BlockLet(name_of_block, let):
                lets = [
                    statement
                    for statement in symbols.collections[name_of_block].statements
                    if isinstance(statement, typed.LetItem) and statement.name == let
                ]
                return lets[-1].value.type
            case typed.SlotItem(slot):
                owner = symbols.collections[collection]
                assert isinstance(owner, typed.CompositeBlock)
                return ItemType(next(s.collection for s in owner.slots if s.name == slot))
            case typed.Parts():
                return ListType(typed.parts_type(symbols.collections, collection))
            case typed.VectorComponent(component):
                if collection in symbols.format.collections:
                    self._type_vector(collection)
                return COMPONENT_TYPES[component]
            case typed.FromSource(sources):
                return self._common(sources, name)

    def _type_vector(self, collection: str) -> bool:
        """Type what the four-vector of an item is computed from, which may not be derived from it; whether it has one.

        The whole vector is computed whichever component is asked for, so that each depends on all of this.
        """
        made_of = typed.four_vector(self._symbols.format, collection)
        for name in made_of or ():
            self.type_of(collection, name)
        return made_of is not None

    def _common(self, sources: tuple[str, ...], name: str) -> Type | None:
        types = []
        for source in sources:
            kind = self.type_of(source, name)
            if kind is not None:
                types.append(kind)
            elif self.has(source, name):  # a union itself, whose members disagree
                return None
        if not types:
            return None
        first = types[0]
        for kind in types[1:]:
            if kind == first:
                continue
            numbers = {first, kind} <= {INT, REAL}
            if not numbers:
                return UNKNOWN if UNKNOWN in (first, kind) else None
            first = REAL
        return first

    def has(self, collection: str, name: str, *, own_p4: bool = True) -> bool:
        """Whether items have an attribute, also where it has no type as the members of a union disagree on it."""
        symbols = self._symbols
        for each in typed.path_to(symbols.format, symbols.collections, collection, name, own_p4=own_p4):
            if self._types.get((each, name)) is not None:
                return True
        return typed.resolve(symbols.format, symbols.collections, collection, name, own_p4=own_p4) is not None

    def names(self, collection: str) -> list[str]:
        """Return the attributes that an item of `collection` has."""
        below = partial(typed.taken_from, self._symbols.format, self._symbols.collections)
        own = {name for one in typed.each_below(collection, below) for name in self._own_names(one)}
        own |= {component for component in typed.COMPONENTS if self.has(collection, component)}
        return sorted(own - {"p4"})

    def _own_names(self, collection: str) -> set[str]:
        """Return the attributes of items that a collection says itself."""
        symbols = self._symbols
        if (spec := symbols.format.collections.get(collection)) is not None:
            return set(spec.attributes)
        if collection.endswith(typed.PARTS_SUFFIX):
            return set()
        block = symbols.collections[collection]
        slots = block.slots if isinstance(block, typed.CompositeBlock) else ()
        return typed.lets_of(block).union(*({slot.name, "parts"} for slot in slots))

    def has_vector(self, collection: str, *, own_p4: bool = True) -> bool:
        """Whether items of `collection` have a complete four-vector."""
        vectors = typed.vectors_of(self._symbols.format, self._symbols.collections, collection, own_p4=own_p4)
        return all(map(self._type_vector, vectors))


def is_number(kind: Type) -> bool:
    """Whether a type is an integer or a real."""
    return isinstance(kind, IntType | RealType)
