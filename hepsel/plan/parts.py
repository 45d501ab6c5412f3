"""The base items that candidates are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hepsel.plan.nodes import Concat, Each, Expand, Merge, Ref
from hepsel.plan.values import MISSING_VALUES, Item, Rows
from hepsel.semantics.program import PARTS_SUFFIX, is_composite, leaf_collections

if TYPE_CHECKING:
    from hepsel.plan.lower import Lowering


class PartLists:
    """Makes the lists of parts of the candidates of blocks."""

    def __init__(self, low: Lowering) -> None:
        self.low = low
        self.build = low.build
        self.program = low.program
        self._parts: dict[tuple[str, str], tuple[str, dict[str, Ref]]] = {}

    def part_list(self, collection: str, axis: str) -> Rows:
        """Return the attribute `parts` of the candidates on an axis."""
        rows, leaves = self.parts(collection, axis)
        if len(leaves) == 1:
            ((leaf, row),) = leaves.items()
            return Rows(rows, Item(leaf, self.low.items.axis(leaf), row))
        return Rows(rows, Item(collection + PARTS_SUFFIX, rows, None))

    def parts(self, collection: str, axis: str) -> tuple[str, dict[str, Ref]]:
        """Return the axis of the base items of candidates, and the row of each in the collection that it is from."""
        key = (collection, axis)
        if key not in self._parts:
            found = self._new_parts(collection, axis)
            self._parts[key] = found
            self.low.leaf_rows[found[0]] = found[1]
        return self._parts[key]

    def _new_parts(self, collection: str, axis: str) -> tuple[str, dict[str, Ref]]:
        lists = [self._parts_of(item, axis) for item in self.low.blocks.below(collection, axis)]
        if len(lists) == 1:
            return lists[0]
        hint = f"{collection}_parts"
        rows = self.build.axis(Concat(Ref(axis), tuple(Ref(a) for a, _ in lists)), axis, hint)
        leaves = leaf_collections(self.program.collections, collection)
        merged = {}
        for leaf in leaves:
            places = tuple(found.get(leaf, MISSING_VALUES["item"]) for _, found in lists)
            merged[leaf] = self.build.column(
                Merge(Ref(rows), places), rows, "item", f"{hint}_{leaf}", self.low.items.axis(leaf)
            )
        return rows, merged

    def _parts_of(self, item: Item, axis: str) -> tuple[str, dict[str, Ref]]:
        """Return the parts of one slot or source of the candidates on `axis`."""
        build = self.build
        if not is_composite(self.program.collections, item.collection):
            each = build.axis(Each(Ref(axis)), axis, f"{axis}_each")
            row = build.spread(build.row(item), each)
            assert isinstance(row, Ref)
            return each, {item.collection: row}
        below, leaves = self.parts(item.collection, item.axis)
        if item.row is None:
            return below, leaves
        rows = build.axis(Expand(Ref(axis), Ref(below), item.row), axis, f"{axis}_{below}")
        index = build.index(rows)
        taken = {}
        for leaf, row in leaves.items():
            value = build.take(row, index, nullable=False, kind="item")
            assert isinstance(value, Ref)
            taken[leaf] = value
        return rows, taken
