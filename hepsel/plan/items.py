"""Collections and their items: axes and attributes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hepsel.errors import HepselError
from hepsel.plan.builder import EVENTS
from hepsel.plan.columns import attribute_reads, count_columns
from hepsel.plan.nodes import (
    ColumnRead,
    Concat,
    Const,
    ElementAt,
    Expand,
    Kind,
    Merge,
    Operand,
    Read,
    ReadValid,
    Ref,
    Stored,
    Where,
)
from hepsel.plan.values import (
    MISSING_VALUES,
    THIS,
    TRUE,
    Context,
    Item,
    Rows,
    Scalar,
    Value,
    Vector,
    missing,
)
from hepsel.semantics.program import (
    PARTS_SUFFIX,
    BlockLet,
    DerivedAttribute,
    FromSource,
    Parts,
    SlotItem,
    StoredAttribute,
    VectorComponent,
)
from hepsel.semantics.types import BoolType, EnumType, IntType, RealType

if TYPE_CHECKING:
    from hepsel.formats.schema import AttributeSpec
    from hepsel.plan.lower import Lowering

STORED_KINDS: dict[str, Kind] = {"real": "real", "int": "int", "bool": "bool", "enum": "enum"}


class Items:
    """Answers what items have; every answer is worked out once."""

    def __init__(self, low: Lowering) -> None:
        self.low = low
        self.build = low.build
        self.program = low.program
        self._contexts: dict[str, Context] = {}
        self._attributes: dict[tuple[str, str, str, bool], Value | None] = {}
        self.reads: dict[str, ColumnRead] = {}
        self.expanded: dict[str, tuple[Value, Rows, Ref]] = {}

    # -------------------------------------------------------------- axes

    def axis(self, collection: str) -> str:
        """Return the axis of a collection of the format or of a finished block."""
        spec = self.program.format.collections.get(collection)
        if spec is None:
            return self.low.blocks.finished(collection).axis
        if spec.single:
            return EVENTS
        if spec.base is None:
            read = count_columns(self.program.format, collection)[0]
            self.reads.setdefault(read.name, read)
            return self.build.axis(Stored(read.name), EVENTS, collection)
        return self._part_axis(collection, spec.base)

    def _part_axis(self, collection: str, base: str) -> str:
        if collection not in self.low.part_axes:
            axis = self.axis(base)
            context = self.context(axis, Item(base, axis, None))
            condition = self.low.expressions.condition(self.program.where[collection], context)
            mask = self.build.full(condition, axis, "bool")
            self.low.part_axes[collection] = self.build.axis(Where(Ref(axis), mask), EVENTS, collection)
        return self.low.part_axes[collection]

    def context(self, axis: str, this: Item | None = None) -> Context:
        """Return the context of an axis and of those above it, with `this` bound."""
        if axis not in self._contexts:
            above = self.build.definitions[axis].axis
            self._contexts[axis] = Context(axis, self.context(above) if above else None)
        plain = self._contexts[axis]
        return plain if this is None else Context(axis, plain.parent, {THIS: this})

    # -------------------------------------------------------------- moving values

    def take(self, value: Value, index: Ref, *, nullable: bool, hint: str | None = None) -> Value:
        """Gather a value by rows."""
        build = self.build
        match value:
            case Scalar():
                return build.take_scalar(value, index, nullable=nullable, hint=hint)
            case Item():
                row: Operand = index
                if value.row is not None:
                    row = build.take(value.row, index, nullable=nullable, kind="item", hint=hint)
                assert isinstance(row, Ref)
                return replace(value, row=row, nullable=value.nullable or nullable)
            case Vector():
                return value.map(lambda s: build.take_scalar(s, index, nullable=nullable))
            case Rows():
                home = build.axis_of(index)
                assert home is not None
                axis = build.axis(Expand(Ref(home), Ref(value.axis), index), home, f"{home}_{value.axis}")
                element = self.take(value.element, build.index(axis), nullable=False)
                self.expanded[axis] = (element, value, index)
                return Rows(axis, element)

    def down(self, value: Value, home: Context, context: Context) -> Value:
        """Bring a value from a context to one below it."""
        if home.axis == context.axis:
            return value
        build = self.build
        match value:
            case Scalar():
                valid = None if value.valid is None else build.spread(value.valid, context.axis)
                return Scalar(value.kind, build.spread(value.value, context.axis), value.nullable, valid)
            case Item():
                if value.row is None:
                    row: Operand = build.ancestor_rows(context.axis, home.axis)
                else:
                    row = build.spread(value.row, context.axis)
                assert isinstance(row, Ref)
                return replace(value, row=row)
            case Vector():
                return value.map(lambda s: self._down_scalar(s, home, context))
            case Rows():
                key = build.ancestor_rows(context.axis, home.axis)
                return self.take(value, key, nullable=False)

    def _down_scalar(self, scalar: Scalar, home: Context, context: Context) -> Scalar:
        lowered = self.down(scalar, home, context)
        assert isinstance(lowered, Scalar)
        return lowered

    # -------------------------------------------------------------- attributes

    def attribute(self, item: Item, name: str, context: Context) -> Value | None:
        """Return `item.name` for an item in a context; `None` when there is no such attribute."""
        if item.row is None:
            return self.attribute_on(item.collection, item.axis, name, own_p4=item.own_p4)
        found = self.program.resolve(item.collection, name, own_p4=item.own_p4)
        if isinstance(found, DerivedAttribute) and self._is_derived_here(item, found, context):
            return self._derived_here(found, item, context)
        if isinstance(found, VectorComponent) and self.is_narrow(item, context):
            return self.low.vectors.stored_vector(item, context).component(found.name)
        value = self.attribute_on(item.collection, item.axis, name, own_p4=item.own_p4)
        if value is None:
            return None
        hint = f"{item.row.name.removesuffix('_index')}_{name}"
        return self.take(value, item.row, nullable=item.nullable, hint=hint)

    def is_narrow(self, item: Item, context: Context) -> bool:
        """Whether the items are a selection of a stored collection, rather than found again and again in it."""
        stored = self.program.format.collections.get(item.collection)
        return stored is not None and stored.base is None and context.axis in self.low.blocks.narrow_axes

    def _is_derived_here(self, item: Item, found: DerivedAttribute, context: Context) -> bool:
        """Whether an attribute is computed for the items that are asked for, which are few, and not for all."""
        is_narrow = self.is_narrow(item, context)
        if not item.nullable:
            return is_narrow
        is_value = isinstance(
            self.program.derived[found.collection, found.name].type, RealType | IntType | BoolType | EnumType
        )
        return is_value and (is_narrow or self._is_single_link(item, context))

    def _is_single_link(self, item: Item, context: Context) -> bool:
        """Whether each item of a collection leads to one item here, so that it is enough to compute for that one."""
        if not item.linked:
            return False
        op = self.build.definitions[context.axis].op
        is_collection = isinstance(op, Stored) and self.build.parent(context.axis) == EVENTS
        return is_collection or context.axis in self.low.blocks.narrow_axes

    def _derived_here(self, found: DerivedAttribute, item: Item, context: Context) -> Value:
        """Return a derived attribute, missing where the item is: its expression could have a value there."""
        assert item.row is not None
        value = self._derived(found, self.context(context.axis, item))
        if not item.nullable:
            return value
        assert isinstance(value, Scalar)
        return self.build.where(self.build.map("exists", (item.row,)), value, missing(value.kind))

    def attribute_on(self, collection: str, axis: str, name: str, *, own_p4: bool = True) -> Value | None:
        """Return an attribute for every row of an axis whose rows are items of a collection."""
        key = (collection, axis, name, own_p4)
        if key not in self._attributes:
            self._attributes[key] = self._attribute_on(collection, axis, name, own_p4)
        return self._attributes[key]

    def _attribute_on(self, collection: str, axis: str, name: str, own_p4: bool) -> Value | None:
        found = self.program.resolve(collection, name, own_p4=own_p4)
        match found:
            case None:
                return None
            case StoredAttribute(spec):
                return self._stored(collection, axis, spec)
            case DerivedAttribute():
                return self._derived(found, self.context(axis, Item(collection, axis, None)))
            case BlockLet(block, let):
                return self.low.blocks.let(block, let, axis)
            case SlotItem(slot):
                return self.low.blocks.slot(collection, slot, axis)
            case Parts():
                return self.low.parts.part_list(collection, axis)
            case VectorComponent(component):
                return self.low.vectors.vector_on(collection, axis, own_p4).component(component)
            case FromSource():
                return self._from_source(collection, axis, name)

    def _derived(self, found: DerivedAttribute, context: Context) -> Value:
        expr = self.program.derived[found.collection, found.name]
        return self.low.expressions.lower(expr, context, f"{context.axis}_{found.name}")

    def _from_source(self, collection: str, axis: str, name: str) -> Value | None:
        build = self.build
        if collection.endswith(PARTS_SUFFIX):
            return self._from_leaves(axis, name)
        if collection in self.program.format.collections:  # a part of a stored collection
            base = self.program.format.collections[collection].base
            assert base is not None
            item = Item(base, self.axis(base), build.index(axis))
            return self.attribute(item, name, self.context(axis))
        if name == "parts":
            return self.low.parts.part_list(collection, axis)
        state = self.low.blocks.states[collection]
        if state.union is None:
            return self.attribute(self.low.blocks.source_item(collection, axis), name, self.context(axis))
        values = [self.attribute_on(source, self.axis(source), name) for source in state.sources]
        merged = self.merge(state.union, values, f"{collection}_{name}")
        return self.low.blocks.carry(merged, state.union, axis)

    def _from_leaves(self, axis: str, name: str) -> Value | None:
        """Choose between the attributes of the collections that the parts of a candidate are from."""
        chosen: Value | None = None
        for leaf, row in self.low.leaf_rows[axis].items():
            value = self.attribute_on(leaf, self.axis(leaf), name)
            if value is None:
                continue
            taken = self.take(value, row, nullable=True)
            if chosen is None:
                chosen = taken
            elif isinstance(taken, Scalar) and isinstance(chosen, Scalar):
                chosen = self.build.where(self.build.map("exists", (row,)), taken, chosen)
            else:
                chosen = self.low.expressions.choose(self.build.map("exists", (row,)), taken, chosen)
        return chosen

    def merge(self, axis: str, values: list[Value | None], hint: str) -> Value | None:
        """Merge the values of the sources of a `Concat` axis; a source that has none gives missing."""
        there = [value for value in values if value is not None]
        if not there:
            return None
        if all(isinstance(value, Scalar) for value in there):
            return self._merge_scalars(axis, values, hint)
        first = there[0]
        if isinstance(first, Rows):
            return self._merge_rows(axis, values)
        if isinstance(first, Vector):
            return Vector(
                lambda name: self._merge_scalars(
                    axis,
                    [v.component(name) if isinstance(v, Vector) else None for v in values],
                    f"{hint}_{name}",
                )
            )
        items = [value for value in there if isinstance(value, Item)]
        rows: list[Operand] = [
            self.build.row(value) if isinstance(value, Item) else MISSING_VALUES["item"] for value in values
        ]
        targets = {(item.collection, item.axis) for item in items}
        if len(targets) != 1:
            raise HepselError(f"{hint}: the items of a union link to items of different collections")
        row = self.build.column(Merge(Ref(axis), tuple(rows)), axis, "item", hint, items[0].axis)
        nullable = len(there) < len(values) or any(item.nullable for item in items)
        return Item(items[0].collection, items[0].axis, row, nullable)

    def _merge_scalars(self, axis: str, values: list[Value | None], hint: str) -> Scalar:
        there = [value for value in values if isinstance(value, Scalar)]
        kinds = {scalar.kind for scalar in there}
        kind: Kind = kinds.pop() if len(kinds) == 1 else "real"
        scalars = [
            missing(kind) if not isinstance(value, Scalar) else value if value.kind == kind else self.build.real(value)
            for value in values
        ]
        nullable = any(scalar.nullable for scalar in scalars)
        operands = tuple(scalar.value for scalar in scalars)
        valid: Operand | None = None
        if nullable and kind in ("int", "bool"):
            valids = tuple(scalar.valid or TRUE for scalar in scalars)
            valid = self.build.column(Merge(Ref(axis), valids), axis, "bool", f"{hint}_valid")
        value: Operand = operands[0]
        if not (isinstance(value, Const) and all(repr(value) == repr(o) for o in operands)):
            value = self.build.column(Merge(Ref(axis), operands), axis, kind, hint)
        return Scalar(kind, value, nullable, valid)

    def _merge_rows(self, axis: str, values: list[Value | None]) -> Value:
        build = self.build
        lists = [
            self.take(value, build.index(axis, slot), nullable=True)
            for slot, value in enumerate(values)
            if value is not None
        ]
        return self.concatenate(axis, lists, f"{axis}_lists")

    def concatenate(self, context: str, lists: list[Value], hint: str) -> Rows:
        """Concatenate lists, row by row."""
        rows = [value for value in lists if isinstance(value, Rows)]
        if len(rows) == 1:
            return rows[0]
        axis = self.build.axis(Concat(Ref(context), tuple(Ref(value.axis) for value in rows)), context, hint)
        element = self.merge(axis, [value.element for value in rows], f"{axis}_element")
        assert element is not None
        return Rows(axis, element)

    # -------------------------------------------------------------- stored attributes

    def stored_reads(self, collection: str, spec: AttributeSpec) -> list[ColumnRead]:
        """Return the columns of a stored attribute, and remember that they are needed."""
        reads = attribute_reads(self.program.format, collection, spec)
        for read in reads:
            self.reads.setdefault(read.name, read)
        return reads

    def _stored(self, collection: str, axis: str, spec: AttributeSpec) -> Value:
        build = self.build
        reads = self.stored_reads(collection, spec)
        hint = f"{collection}_{spec.name}"
        home = axis
        if spec.is_list:
            home = build.axis(Stored(reads[0].name), axis, hint)
        if spec.kind == "link":
            element: Value = self._link(spec, home, reads, hint)
        else:
            name = reads[0].name
            kind = STORED_KINDS[spec.kind]
            value = build.column(Read(name), home, kind, hint)
            nullable = kind in ("real", "bool", "enum")
            valid = build.column(ReadValid(name), home, "bool", f"{hint}_valid") if kind == "bool" else None
            element = Scalar(kind, value, nullable, valid)
        return Rows(home, element) if spec.is_list else element

    def _link(self, spec: AttributeSpec, axis: str, reads: list[ColumnRead], hint: str) -> Item:
        build = self.build
        assert spec.target is not None  # a stored collection: no link goes to a part of one
        target = self.axis(spec.target)
        index: Operand = build.column(Read(reads[0].name), axis, "int", f"{hint}_place")
        if len(reads) > 1:
            key = build.column(Read(reads[1].name), axis, "int", f"{hint}_key")
            leads = build.map("==", (key, Const("int", spec.key or 0)))
            index = build.map("where", (leads, index, Const("int", -1)))
        event = None if axis == EVENTS else build.ancestor_rows(axis, EVENTS)
        there = ElementAt(Ref(target), event, index, from_end=False)
        row = build.column(there, axis, "item", hint, target)
        return Item(spec.target, target, row, nullable=True, linked=True)
