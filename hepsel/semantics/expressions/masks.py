"""Conditions on the items of a list that are written as of arrays, and the generators that say the same."""

from __future__ import annotations

from hepsel.semantics.expressions.part import Part
from hepsel.semantics.types import ItemType, ListType
from hepsel.syntax import tree
from hepsel.syntax.printer import print_expression

_VARIABLES = ("x", "item", "each")


class Masks(Part):
    """Writes `jets.pt > 30 GeV` as a condition on each of the jets."""

    def generator(self, mask: tree.Expr, items: tree.Expr | None = None) -> str | None:
        """Return `x for x in jets if x.pt > 30 GeV`; nothing where the condition is on the items of several lists.

        Parameters
        ----------
        mask
            The condition.
        items
            The list that it is about, where that is written beside it.
        """
        values = items
        while isinstance(items, tree.Attribute) and self._is_collection(items.item):
            items = items.item
        if items is None:
            found = {print_expression(part): part for part in self._lists(mask)}
            if len(found) != 1:
                return None
            items = values = next(iter(found.values()))
        collection = self._collection_of(items)
        if collection is None or values is None:
            return None
        variable = tree.Name(self._free(collection), span=items.span)
        body, condition = (_Rewriting(self, items, collection, variable).of(part) for part in (values, mask))
        text = f"{print_expression(body)} for {variable.name} in {print_expression(items)}"
        return f"{text} if {print_expression(condition)}"

    def _lists(self, mask: tree.Expr) -> list[tree.Expr]:
        return [
            node.item for node in tree.walk(mask) if isinstance(node, tree.Attribute) and self._is_collection(node.item)
        ]

    def _is_collection(self, node: tree.Expr) -> bool:
        return self._collection_of(node) is not None

    def _collection_of(self, node: tree.Expr) -> str | None:
        """Return the collection whose items a list is of."""
        kind = self.checker.guessed(node)
        element = kind.element if isinstance(kind, ListType) else None
        return element.collection if isinstance(element, ItemType) else None

    def _free(self, collection: str) -> str:
        """Return the name of a variable that means nothing yet."""
        scope = self.scope
        taken = {*self.symbols.kinds, *scope.variables, *scope.lets}
        of_items = [name for name in (scope.this, collection) if name is not None]
        return next(
            (
                name
                for name in _VARIABLES
                if name not in taken and not any(self.attributes.has(owner, name) for owner in of_items)
            ),
            "this_item",
        )


class _Rewriting:
    """Writes an expression about a list as one about a variable that runs over it."""

    def __init__(self, masks: Masks, items: tree.Expr, collection: str, variable: tree.Name) -> None:
        self._masks = masks
        self._items = print_expression(items)
        self._collection = collection
        self._variable = variable

    def of(self, node: tree.Expr) -> tree.Expr:
        """Return the expression about one item."""
        if isinstance(node, tree.Name | tree.Attribute) and print_expression(node) == self._items:
            return self._variable
        if isinstance(node, tree.Name) and self._is_attribute(node.name):
            return tree.Attribute(self._variable, node.name, span=node.span)
        # What a generator runs over is a list still.
        return tree.map_children(node, lambda child: self.of(child) if isinstance(child, tree.Expr) else child)

    def _is_attribute(self, name: str) -> bool:
        masks = self._masks
        known = name in masks.symbols.kinds or name in masks.scope.lets or name in masks.scope.variables
        of_this = masks.scope.this is not None and masks.attributes.has(masks.scope.this, name)
        return not known and not of_this and masks.attributes.has(self._collection, name)
