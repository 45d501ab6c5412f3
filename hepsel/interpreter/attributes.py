"""What the attributes and the four-vector of an item are worth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hepsel.interpreter import vectors
from hepsel.interpreter.evaluate import Scope, evaluate
from hepsel.interpreter.items import Item, parts
from hepsel.interpreter.values import Value, or_nan, real
from hepsel.interpreter.vectors import Cartesian, FourVector
from hepsel.semantics import program as typed

if TYPE_CHECKING:
    from hepsel.formats.schema import AttributeSpec
    from hepsel.interpreter.events import Event

P4 = "p4"


def attribute(event: Event, item: Item, name: str) -> Value:
    """Return an attribute of an item; missing where an item of a union lacks it."""
    match event.names.resolve(item.collection, name, own_p4=P4 in item.lets):
        case typed.StoredAttribute(spec):
            return _stored(event, item, spec)
        case typed.DerivedAttribute(collection, _):
            return evaluate(event.program.derived[collection, name], Scope(event, item))
        case typed.BlockLet():
            return item.lets[name]
        case typed.SlotItem(slot):
            return item.slots[slot]
        case typed.Parts():
            return list(parts(item, event.program.collections))
        case typed.VectorComponent():
            return real(vector(event, item).component(name))
        case typed.FromSource():
            assert item.origin is not None
            return event.attribute(item.origin, name)
        case None:
            return None


def _stored(event: Event, item: Item, spec: AttributeSpec) -> Value:
    single = event.program.format.collections[item.collection].single
    place = None if single else item.identity[1]
    if spec.kind != "link":
        return event.stored.value(item.collection, spec, place)
    assert spec.target is not None
    target = {member.identity[1]: member for member in event.items(spec.target)}
    link = event.stored.link(item.collection, spec, place)
    if isinstance(link, list):
        return [None if at is None else target.get(at) for at in link]
    return None if link is None else target.get(link)


def vector(event: Event, item: Item) -> FourVector:
    """Return the four-vector of an item: as replaced by `let p4`, or the sum of its slots, or its own."""
    if P4 in item.lets:
        replaced = item.lets[P4]
        assert isinstance(replaced, Cartesian)
        return replaced
    if item.slots:
        first, *others = (event.vector(slot).cartesian() for slot in item.slots.values())
        return sum(others, start=first)
    if item.collection in event.program.collections:
        assert item.origin is not None
        return event.vector(item.origin)
    return ItemVector(event, item)


def replaced_vector(event: Event, item: Item, value: FourVector) -> Cartesian:
    """Return what `let p4 = value` makes the four-vector of an item; the charge stays."""
    v, before = value.cartesian(), event.vector(item)
    return Cartesian(v.px, v.py, v.pz, v.energy, lambda: before.component("charge"))


class ItemVector(FourVector):
    """The four-vector of an item of the format: what the format stores or derives is used as it is."""

    def __init__(self, event: Event, item: Item) -> None:
        self._event = event
        self._item = item

    def component(self, name: str) -> float:
        """Return the item's own attribute, or what it lacks from the other components."""
        if self._has(name):
            return self._own(name)
        return self.cartesian().component(name)

    def cartesian(self) -> Cartesian:
        """Return the components, computed from what the format says of the momentum, and from mass or energy."""

        def charge() -> float:
            return self._own("charge")

        made_of = typed.four_vector(self._event.program.format, self._item.collection)
        if made_of is None:  # a function asks for what there is: the phi of an item without eta, the charge of a pair
            return Cartesian(math.nan, math.nan, math.nan, math.nan, charge)
        *momentum, last = made_of
        first, second, third = map(self._own, momentum)
        polar = tuple(momentum) == typed.POLAR
        px, py, pz = vectors.from_polar(first, second, third) if polar else (first, second, third)
        if last == "mass":
            return vectors.from_mass(px, py, pz, mass=self._own("mass"), charge=charge)
        return Cartesian(px, py, pz, self._own("energy"), charge)

    def _has(self, name: str) -> bool:
        return self._event.names.owns(self._item.collection, name)

    def _own(self, name: str) -> float:
        return or_nan(self._event.attribute(self._item, name)) if self._has(name) else math.nan
