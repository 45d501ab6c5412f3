"""Identity: which items are one and the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hepsel.plan.nodes import Const, Merge, Operand, Ref
from hepsel.plan.values import FALSE, MISSING_VALUES, Item, Scalar
from hepsel.semantics.program import PARTS_SUFFIX, CompositeBlock, identity_bases

if TYPE_CHECKING:
    from hepsel.plan.lower import Lowering


class Identities:
    """Gives items numbers that are equal for the same item, seen in whatever collection.

    A base item is told by its row in the stored collection, a candidate by its row in the block that formed it; where
    items of several of these meet, the number says which one it is too (`coded`).
    """

    def __init__(self, low: Lowering) -> None:
        self.low = low
        self.build = low.build
        self.program = low.program
        self._identities: dict[tuple[str, str, bool], Operand] = {}

    def bases(self, collection: str) -> tuple[str, ...]:
        """Return where the items of a collection have their identity: stored collections and composite blocks."""
        return identity_bases(self.program.format, self.program.collections, collection)

    def same(self, left: Item, right: Item) -> Operand:
        """Return where two items are one; false where either is missing."""
        build = self.build
        if (left.collection, left.axis) == (right.collection, right.axis) and not (
            left.collection.endswith(PARTS_SUFFIX)
        ):
            a: Operand = build.row(left)
            b: Operand = build.row(right)
        else:
            ours, theirs = set(self.bases(left.collection)), set(self.bases(right.collection))
            if ours.isdisjoint(theirs):
                return FALSE
            coded = len(ours | theirs) > 1
            a, b = self.identity(left, coded), self.identity(right, coded)
        equal = build.map("==", (a, b))
        if left.nullable and right.nullable:
            return build.both(equal, build.map("exists", (a,)))
        return equal

    def identity(self, item: Item, coded: bool) -> Operand:
        """Return a number that two items share when they are one, negative when the item is missing.

        Items of different bases can only be told apart when it is `coded`.
        """
        code = self._identity_on(item.collection, item.axis, coded)
        if item.row is None:
            return code
        return self.build.take(code, item.row, nullable=item.nullable, kind="item")

    def _identity_on(self, collection: str, axis: str, coded: bool) -> Operand:
        key = (collection, axis, coded)
        if key not in self._identities:
            self._identities[key] = self._new_identity(collection, axis, coded)
        return self._identities[key]

    def _new_identity(self, collection: str, axis: str, coded: bool) -> Operand:
        build = self.build
        if collection.endswith(PARTS_SUFFIX):
            chosen: Operand = MISSING_VALUES["item"]
            for leaf, row in self.low.leaf_rows[axis].items():
                code = self.identity(Item(leaf, self.low.items.axis(leaf), row, nullable=True), coded)
                chosen = build.map("where", (build.map("exists", (row,)), code, chosen))
            return chosen
        spec = self.program.format.collections.get(collection)
        if spec is not None:
            if spec.base is not None:
                return self.identity(Item(spec.base, self.low.items.axis(spec.base), build.index(axis)), coded)
            return self._code(collection, build.rows(axis), coded)
        state = self.low.blocks.states[collection]
        if isinstance(state.block, CompositeBlock):
            rows = build.rows(state.formation)
            place = self.low.blocks.carry(Item(collection, state.formation, rows), state.formation, axis)
            assert isinstance(place, Item)
            return self._code(collection, build.row(place), coded)
        if state.union is None:
            return self.identity(self.low.blocks.source_item(collection, axis), coded)
        codes = tuple(self.identity(Item(source, self.low.items.axis(source), None), coded) for source in state.sources)
        kind = build.kind(codes[0])
        merged = build.column(Merge(Ref(state.union), codes), state.union, kind, f"{collection}_identity")
        carried = self.low.blocks.carry(Scalar(kind, merged), state.union, axis)
        assert isinstance(carried, Scalar)
        return carried.value

    def _code(self, base: str, rows: Ref, coded: bool) -> Operand:
        if not coded:
            return rows
        names = self.low.base_names
        scaled = self.build.map("*", (rows, Const("int", len(names))))
        return self.build.map("+", (scaled, Const("int", names.index(base))), f"{base}_identity")
