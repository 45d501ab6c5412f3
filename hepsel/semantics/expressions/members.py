"""Attributes of items, and their four-vectors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hepsel.formats.branches import read_from
from hepsel.semantics import program as typed
from hepsel.semantics.expressions.part import Part, shortened, unknown
from hepsel.semantics.expressions.transverse import LONGITUDINAL
from hepsel.semantics.symbols import COMPONENT_TYPES
from hepsel.semantics.types import VECTOR, EnumType, ItemType, ListType, Type, UnknownType, VectorType
from hepsel.syntax import tree
from hepsel.syntax.tree import Span
from hepsel.vocabulary import foreign, formulas
from hepsel.vocabulary.functions import REDUCERS

if TYPE_CHECKING:
    from hepsel.formats.schema import Format


class Members(Part):
    """Types `item.attribute`."""

    def attribute(self, item: typed.Expr, name: str, span: Span, name_span: Span) -> typed.Expr:
        """Type `item.name`; on a list, that of each of its elements."""
        match item.type:
            case UnknownType():
                return unknown(span)
            case ItemType():
                return self.item_attribute(item, name, span, name_span)
            case VectorType():
                if name == "p4":
                    return item
                if name in COMPONENT_TYPES:
                    if name in LONGITUDINAL:
                        self.checker.transverse.warn(item, f"`{name}`", span)
                    return typed.Component(item, name, type=COMPONENT_TYPES[name], span=span)
                is_formula = formulas.is_of_one(name)
                near = [] if is_formula else foreign.nearest(name, COMPONENT_TYPES, foreign.ATTRIBUTES)
                quantity = self.checker.names.quantity(name, of=item)
                hint = (
                    f"did you mean {foreign.listed(near)}?"
                    if near
                    else quantity or f"it has {', '.join(COMPONENT_TYPES)}"
                )
                return self.report(
                    "E203", f"a four-vector has no `{name}`", name_span, hint, near[0] if len(near) == 1 else None
                )
            case ListType(element) if isinstance(element, ItemType | VectorType):
                if told := self._of_whole_list(item, element, name, name_span):
                    return told
                return self.checker.lists.each(item, lambda part: self.attribute(part, name, span, name_span), span)
        if self.is_region(item):
            advice = "write it without the region: what an event has does not depend on the regions that it is in"
            return self.report("E306", "only items have attributes, and this is a region", name_span, advice)
        return self.report(
            "E306",
            f"only items have attributes, and this is of type {item.type}",
            name_span,
            self._of_enumeration_value(item, name),
        )

    def _of_whole_list(self, items: typed.Expr, element: Type, name: str, span: Span) -> typed.Expr | None:
        """Report `jets.size`, where a function is meant of the list and not an attribute of each item."""
        function = foreign.FUNCTIONS.get(name, name)
        known = isinstance(element, ItemType) and self.attributes.has(element.collection, name)
        if function not in REDUCERS or known:
            return None
        of = items.name if isinstance(items, typed.CollectionRef) else "..."
        return self.report("E203", f"a list has no `{name}`", span, f"write `{function}({of})`")

    def _of_enumeration_value(self, item: typed.Expr, name: str) -> str | None:
        """Say what `jet.pt` was meant for, where `jet` is one of the kinds of particle."""
        this = self.scope.this
        if not isinstance(item.type, EnumType):
            return None
        if this is not None and self.attributes.has(this, name):
            return f"an attribute of the item is written without anything before it: `{name}`"
        return self.of_enumeration_value(item)

    def of_enumeration_value(self, item: typed.Expr) -> str | None:
        """Return what the collection is called that was meant by one of the kinds of particle."""
        if not isinstance(item, typed.Constant) or not isinstance(item.type, EnumType):
            return None
        near = foreign.nearest(str(item.value), self.symbols.format.collections, foreign.NAMES)
        return f"the collection is `{near[0]}`" if len(near) == 1 else None

    def the_only_one(self, items: typed.Expr) -> str | None:
        """Say how the item is called of a collection that has one at most: what a `keep` has left."""
        while isinstance(items, typed.Comprehension) and len(items.loops) == 1:
            items = items.loops[0].list
        name = items.name if isinstance(items, typed.CollectionRef) else ""
        block = self.symbols.collections.get(name)
        while block is not None:
            if any(map(_leaves_one, block.statements)):
                return f"`{name}` has one item at most: write `{name}[0]`"
            sources = block.sources if isinstance(block, typed.ObjectBlock) else ()
            block = self.symbols.collections.get(sources[0]) if len(sources) == 1 else None
        return None

    def own_written_out(self, conditions: typed.Expr) -> str | None:
        """Say how a criterion asks for the item, where it asks for all items of the collection that it comes from."""
        this = self.scope.this
        if this is None or not isinstance(conditions, typed.Comprehension):
            return None
        block, items = self.symbols.collections.get(this), conditions.loops[0].list
        sources = block.sources if isinstance(block, typed.ObjectBlock) else ()
        if not isinstance(items, typed.CollectionRef) or items.name not in {*sources, *self._roots(this)}:
            return None
        if len(sources) > 1:
            return f"`{items.name}` is the whole collection; of the item itself write the attribute alone, such as `pt`"
        return f"of the item itself write the attributes alone, without `{items.name}.`"

    def item_attribute(self, item: typed.Expr, name: str, span: Span, name_span: Span) -> typed.Expr:
        """Type `item.name` of one item."""
        assert isinstance(item.type, ItemType)
        collection = item.type.collection
        if name == "p4":
            return self._vector_of(item, span, name_span)
        spec = self.symbols.format.collections.get(collection)
        prefix = spec.pattern.partition("{name}")[0] if spec is not None and spec.pattern is not None else ""
        if prefix and name.startswith(prefix) and name != prefix:
            short = name.removeprefix(prefix)
            return self.report(
                "E203",
                f"the format {self.symbols.format.name} puts `{prefix}` before each name by itself",
                name_span,
                f"write `{collection}.{short}`",
                short,
            )
        kind = self.attributes.type_of(collection, name, own_p4=self.own_p4_of(item))
        if kind is not None:
            if name == "pt":
                self.checker.lists.tell_of_order(item, span)
            elif name in LONGITUDINAL:
                self.checker.transverse.warn_of_single(item, name, span)
            return typed.Attribute(item, name, type=kind, span=span)
        place = typed.place_in_parts(self.symbols.collections, collection, name)
        if place is not None:  # a slot whose collection differs between the members of a union
            return typed.part(self.symbols.collections, item, place, span)
        if self.attributes.has(collection, name):
            return self.conflict(collection, name, name_span)
        if name in COMPONENT_TYPES and name != "charge":
            return self._no_vector(collection, name_span, name)
        names = self.attributes.names(collection)
        near = self.of_branch(name, collection)
        of_single = foreign.OF_SINGLE_ITEMS.get(foreign.folded(name)) if spec is not None and spec.single else None
        if near:
            proposal = self.read_as_here(name, near, collection)
        elif of_single in names:
            near, proposal = [of_single], f"did you mean `{of_single}`?"
        elif (other := foreign.NAMES.get(name)) in self.symbols.format.collections and spec is not None and spec.single:
            proposal = f"write `{other}`, which stands by itself"
        elif not formulas.is_of_one(name) and (near := self.nearest(name, collection)):
            proposal = f"did you mean {foreign.listed(near)}?"
        else:
            formula = self.checker.names.quantity(name, of=item)
            elsewhere = formula if formulas.is_of_one(name) else self.elsewhere(name, collection) or formula
            added = of_own_format(name, elsewhere)
            proposal = f"{elsewhere + '; ' if elsewhere else ''}it has {shortened(names)}{added}"
        owner = collection if spec is not None and spec.single else f"an item of {collection}"
        return self.report(
            "E203",
            f"{owner} has no `{name}` in the format {self.symbols.format.name}",
            name_span,
            proposal,
            near[0] if len(near) == 1 else None,
        )

    def nearest(self, name: str, collection: str | None) -> list[str]:
        """Return the attributes of the items of a collection that a name probably means."""
        if collection is None:
            return []
        of_pairs = typed.is_composite(self.symbols.collections, collection)
        names = self.attributes.names(collection)
        return foreign.nearest(name, names, foreign.ATTRIBUTES, of_pairs=of_pairs) or foreign.with_word(name, names)

    def conflict(self, collection: str, name: str, span: Span) -> typed.Expr:
        """Report an attribute that is of another type in each member of a union."""
        data_format, blocks = self.symbols.format, self.symbols.collections
        *_, collection = typed.path_to(data_format, blocks, collection, name)  # a union is taken further

        def below(one: str) -> tuple[str, ...]:
            agreed = self.attributes.type_of(one, name) is not None
            return () if agreed else typed.taken_from(data_format, blocks, one)

        known = (self.attributes.type_of(one, name) for one in typed.each_below(collection, below))
        kinds = {kind for kind in known if kind is not None}
        slots = all(isinstance(kind, ItemType) for kind in kinds)
        return self.report(
            "E303",
            f"the members of {collection} do not agree on what `{name}` is: {' or '.join(sorted(map(str, kinds)))}",
            span,
            "write slots with the same names in the same order, or ask for `parts`"
            if slots and typed.is_composite(blocks, collection)
            else "give one of the two another name",
        )

    def _no_vector(self, collection: str, span: Span, name: str | None = None) -> typed.Expr:
        """Report items without a four-vector, and say how they get one: of candidates, those that have none."""
        data_format = self.symbols.format
        lacking = [
            one
            for one in typed.vectors_of(data_format, self.symbols.collections, collection)
            if typed.four_vector(data_format, one) is None
        ]
        what = f"no `{name}`, and no complete four-vector" if name else "no four-vector"
        said = f"items of {collection} have {what} in the format {data_format.name}"
        if name and lacking and lacking != [collection]:
            said = f"items of {collection} have no `{name}`: those of {' and '.join(lacking)} have no four-vector"
        proposal = "a four-vector needs pt, eta, phi or px, py, pz, and mass or energy"
        if lacking and all(self.attributes.has(one, each) for one in lacking for each in typed.POLAR):
            proposal = (
                f"in an `object` that takes {' and '.join(lacking)}, give the items the mass that is meant: "
                "`let p4 = four_vector(pt, eta, phi, 139.57 MeV)`, for example"
            )
        return self.report("E307", said, span, proposal)

    def elsewhere(self, name: str, collection: str | None = None) -> str | None:
        """Say who else has an attribute of this name: collections of this format, or other formats.

        Parameters
        ----------
        name
            The attribute, or collection, that is not here.
        collection
            Whose attribute it was thought to be; `None` where it may be a collection as well.
        """
        from hepsel.formats.loader import builtin_formats, load_format

        symbols = self.symbols
        roots = self._roots(collection) if collection is not None else set()
        here = owners(symbols.format, name)
        found = []
        for other in builtin_formats():
            if other == symbols.format.name:
                continue
            data_format = load_format(other)
            if collection is None and name in data_format.collections:
                found.append(other)
                continue
            there = owners(data_format, name)
            same = [owner for owner in there if owner in roots]
            if same or (there and not here):
                found.append(f"{other} ({', '.join(f'{owner}.{name}' for owner in (same or there)[:3])})")
        if found:
            return f"the format {symbols.format.name} lacks it; there is one in {', '.join(found)}"
        if here:
            return f"in the format {symbols.format.name} it is an attribute of {', '.join(here)}"
        return None

    def of_branch(self, name: str, collection: str) -> list[str]:
        """Return the attributes that the items of a collection, or the slots of a candidate, read from a branch."""
        block = self.symbols.collections.get(collection)
        if isinstance(block, typed.CompositeBlock):  # its own `pt` is that of the sum
            slots = [slot for slot in block.slots if not typed.is_composite(self.symbols.collections, slot.collection)]
            return [f"{slot.name}.{each}" for slot in slots for each in self.of_branch(name, slot.collection)]
        if isinstance(block, typed.ObjectBlock) and typed.is_composite(self.symbols.collections, collection):
            bases = typed.identity_bases(self.symbols.format, self.symbols.collections, collection)
            first, *others = (self.of_branch(name, base) for base in bases)
            return first if all(other == first for other in others) else []
        roots, of_format = self._roots(collection), self.symbols.format
        roots |= {base for root in roots if (base := of_format.collections[root].base) is not None}
        read = read_from(name, of_format, shortened=True)
        found = dict.fromkeys(attribute for owner, attribute in read if owner in roots)
        return [attribute for attribute in found if self.attributes.has(collection, attribute)]

    def read_as_here(self, name: str, attributes: list[str], collection: str) -> str:
        """Say as what attributes of the items of a collection a branch is read, and whose else they are."""
        read = {owner for owner, _ in read_from(name, self.symbols.format, shortened=True)}
        others = [
            root
            for root in sorted(self._roots(collection) - read)
            if len(attributes) == 1 and self.attributes.has(root, attributes[0])
        ]
        said = read_as(name, attributes)
        return f"{said}; items from {foreign.listed(others)} have it, too" if others and read else said

    def _roots(self, collection: str) -> set[str]:
        """Return the collections of the format that the items of a collection come from."""
        return typed.roots(self.symbols.collections, collection.removesuffix(typed.PARTS_SUFFIX))

    def vector(self, value: typed.Expr, node: tree.Node) -> typed.Expr:
        """Return the four-vector of an item, or the vector itself."""
        if isinstance(value.type, VectorType | UnknownType):
            return value
        if isinstance(value.type, ItemType):
            return self._vector_of(value, value.span, node.span)
        return self.report("E306", f"an item or four-vector is needed, and this is a {value.type}", node)

    def _vector_of(self, item: typed.Expr, span: Span, asked: Span) -> typed.Expr:
        """Return the four-vector of an item; where it has none, that is reported at `asked`."""
        assert isinstance(item.type, ItemType)
        if self.attributes.has_vector(item.type.collection, own_p4=self.own_p4_of(item)):
            return typed.VectorOf(item, type=VECTOR, span=span)
        return self._no_vector(item.type.collection, asked)


def of_own_format(name: str, known: str | None) -> str:
    """Say how a branch is named that a format leaves out, where nothing is `known` of a name that looks like one."""
    if known or not re.search(r"[a-z0-9][A-Z]", name):
        return ""
    return "; for a branch that the format leaves out, write one that extends it: see docs/formats.md"


def read_as(branch: str, attributes: list[str]) -> str:
    """Say as what attributes a branch is read."""
    if len(attributes) == 1:
        return f"write `{attributes[0]}` for what the branch `{branch}` holds"
    return f"the branch `{branch}` is read as {foreign.listed(attributes)}"


def owners(data_format: Format, name: str) -> list[str]:
    """Return the collections and single items of a format that have an attribute of this name."""
    return [owner for owner, spec in data_format.collections.items() if name in spec.attributes]


def _leaves_one(statement: typed.ItemStatement) -> bool:
    return isinstance(statement, typed.KeepBest) or (isinstance(statement, typed.KeepFirst) and statement.count == 1)
