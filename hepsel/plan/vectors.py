"""Four-vectors of items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hepsel.plan.values import NAN, Context, Item, Scalar, Value, Vector, missing
from hepsel.semantics.program import PARTS_SUFFIX, CompositeBlock, four_vector, has_own_vector

if TYPE_CHECKING:
    from hepsel.plan.lower import Lowering

MOMENTUM = ("px", "py", "pz", "energy")


class Vectors:
    """Computes the four-vectors of items, each once on every axis."""

    def __init__(self, low: Lowering) -> None:
        self.low = low
        self.build = low.build
        self.program = low.program
        self._vectors: dict[tuple[str, str, bool], Vector] = {}
        self._stored_vectors: dict[tuple[Item, str], Vector] = {}

    def vector(self, item: Item, context: Context) -> Vector:
        """Return the four-vector of an item: its own attributes where it has them, else computed."""

        def component(name: str) -> Scalar:
            build = self.build
            if name != "charge":
                value = self.low.items.attribute(item, name, context)
                if isinstance(value, Scalar):
                    return build.real(value)
            computed = self.vector_on(item.collection, item.axis, item.own_p4).component(name)
            if item.row is None:
                return computed
            return build.take_scalar(computed, item.row, nullable=item.nullable)

        return Vector(component, lambda name: self._momentum(item, context.axis).component(name))

    def vector_on(self, collection: str, axis: str, own_p4: bool) -> Vector:
        """Return the four-vector of every row, as computed from its components."""
        key = (collection, axis, own_p4)
        if key not in self._vectors:
            self._vectors[key] = self._new_vector(collection, axis, own_p4)
        return self._vectors[key]

    def _new_vector(self, collection: str, axis: str, own_p4: bool) -> Vector:
        if collection.endswith(PARTS_SUFFIX):
            return self._leaf_vector(axis)
        spec = self.program.format.collections.get(collection)
        if spec is not None:
            if spec.base is None or has_own_vector(spec):
                return self.stored_vector(Item(collection, axis, None), self.low.items.context(axis))
            base = Item(spec.base, self.low.items.axis(spec.base), self.build.index(axis))
            return self._momentum(base, axis)
        state = self.low.blocks.states[collection]
        if own_p4 and state.p4 is not None:
            carried = self.low.blocks.carry(state.p4[1], state.p4[0], axis)
            assert isinstance(carried, Vector)
            if isinstance(state.block, CompositeBlock):  # whose attribute is that of its vector
                charge: Value | None = self._sum_of_slots(state.block, axis).component("charge")
            else:
                charge = self.low.items.attribute_on(collection, axis, "charge")
            return from_momentum(self.low, self._with_charge(carried, charge), f"{axis}_p4")
        if isinstance(state.block, CompositeBlock):
            return self._sum_of_slots(state.block, axis)
        if state.union is None:
            return self._momentum(self.low.blocks.source_item(collection, axis), axis)
        vectors: list[Value | None] = [
            self._momentum(Item(source, self.low.items.axis(source), None), self.low.items.axis(source))
            for source in state.sources
        ]
        merged = self.low.items.merge(state.union, vectors, f"{collection}")
        assert merged is not None
        carried = self.low.blocks.carry(merged, state.union, axis)
        assert isinstance(carried, Vector)
        return from_momentum(self.low, carried, axis)

    def _with_charge(self, vector: Vector, charge: Value | None) -> Vector:
        known = self.build.real(charge) if isinstance(charge, Scalar) else missing("real")
        return Vector(lambda name: known if name == "charge" else vector.component(name))

    def _momentum(self, item: Item, axis: str) -> Vector:
        """Return the components of an item's vector, those of a stored item being computed on `axis`."""
        context = self.low.items.context(axis)
        if item.row is not None and self.low.items.is_narrow(item, context):
            return self.stored_vector(item, context)
        vector = self.vector_on(item.collection, item.axis, item.own_p4)
        if item.row is None:
            return vector
        row = item.row
        return from_momentum(
            self.low,
            Vector(
                lambda n: self.build.take_scalar(
                    vector.component(n), row, nullable=item.nullable, hint=f"{row.name.removesuffix('_index')}_{n}"
                )
            ),
            axis,
        )

    def stored_vector(self, item: Item, context: Context) -> Vector:
        """Return the vector of stored items, computed once on each axis."""
        key = (item, context.axis)
        if key not in self._stored_vectors:
            self._stored_vectors[key] = self._new_stored_vector(item, context)
        return self._stored_vectors[key]

    def _new_stored_vector(self, item: Item, context: Context) -> Vector:
        """Compute the components from the attributes of a stored item."""
        build = self.build
        label = context.axis
        made_of = four_vector(self.program.format, item.collection) or ()

        def own(name: str) -> Scalar | None:
            value = self.low.items.attribute(item, name, context)
            return build.real(value) if isinstance(value, Scalar) else None

        def coordinate(name: str) -> Scalar:
            value = own(name) if name in made_of else None
            return missing("real") if value is None else value

        def component(name: str) -> Scalar:
            hint = f"{label}_{name}"
            if name in made_of and name in MOMENTUM:
                return coordinate(name)
            match name:
                case "px":
                    cosine = build.reals("cos", coordinate("phi"))
                    return build.reals("*", coordinate("pt"), cosine, hint=hint)
                case "py":
                    sine = build.reals("sin", coordinate("phi"))
                    return build.reals("*", coordinate("pt"), sine, hint=hint)
                case "pz":
                    sinh = build.reals("sinh", coordinate("eta"))
                    return build.reals("*", coordinate("pt"), sinh, hint=hint)
                case "energy":
                    parts = [vector.component(n) for n in ("px", "py", "pz")]
                    return build.reals("energy", *parts, coordinate("mass"), hint=hint)
                case "charge":
                    charge = self.low.items.attribute(item, "charge", context)
                    return build.real(charge) if isinstance(charge, Scalar) else missing("real")
            return computed_component(self.low, vector, name, label)

        vector = Vector(component)
        return vector

    def _sum_of_slots(self, block: CompositeBlock, axis: str) -> Vector:
        build = self.build
        slots = [self.low.blocks.slot(block.name, slot.name, axis) for slot in block.slots]
        vectors = [self._momentum(item, axis) for item in slots]

        def component(name: str) -> Scalar:
            total = vectors[0].component(name)
            for vector in vectors[1:]:
                total = build.reals("+", total, vector.component(name), hint=f"{axis}_{name}")
            return total

        return from_momentum(self.low, Vector(component), axis)

    def _leaf_vector(self, axis: str) -> Vector:
        rows = self.low.leaf_rows[axis]

        def component(name: str) -> Scalar:
            chosen = Scalar("real", NAN, nullable=True)
            for leaf, row in rows.items():
                item = Item(leaf, self.low.items.axis(leaf), row, nullable=True)
                value = self._momentum(item, axis).component(name)
                chosen = self.build.where(self.build.map("exists", (row,)), value, chosen)
            return chosen

        return from_momentum(self.low, Vector(component), axis)


def from_momentum(low: Lowering, momentum: Vector, hint: str) -> Vector:
    """Return a vector whose components other than px, py, pz, energy and charge are computed from these."""

    def component(name: str) -> Scalar:
        if name in (*MOMENTUM, "charge"):
            return momentum.component(name)
        return computed_component(low, vector, name, hint)

    vector = Vector(component)
    return vector


def computed_component(low: Lowering, vector: Vector, name: str, hint: str) -> Scalar:
    """Compute `pt`, `eta`, `phi`, `mass` or `rapidity` from the momentum and energy of a vector."""
    build = low.build
    hint = f"{hint}_{name}"
    px, py, pz = (vector.component(n) for n in ("px", "py", "pz"))
    match name:
        case "pt":
            return build.reals("transverse", px, py, hint=hint)
        case "phi":
            return build.reals("atan2", py, px, hint=hint)
        case "eta":
            return build.reals("asinh", build.reals("/", pz, vector.component("pt")), hint=hint)
        case "mass":
            return build.reals("mass", px, py, pz, vector.component("energy"), hint=hint)
        case "rapidity":
            return build.reals("rapidity", pz, vector.component("energy"), hint=hint)
    raise AssertionError(name)
