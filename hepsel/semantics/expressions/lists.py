"""Lists: item by item, by index, in part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from hepsel.semantics import program as typed
from hepsel.semantics.expressions.part import Part, unknown
from hepsel.semantics.expressions.quantities import folded
from hepsel.semantics.types import UNKNOWN, IntType, ItemType, ListType, UnknownType
from hepsel.semantics.walk import distinct, substitute
from hepsel.syntax import tree
from hepsel.syntax.tree import Span

if TYPE_CHECKING:
    from hepsel.semantics.expressions.checker import ExpressionChecker


class Lists(Part):
    """Types what is computed for each item of a list."""

    def __init__(self, checker: ExpressionChecker) -> None:
        super().__init__(checker)
        self._told_of_order: set[str] = set()  # once for each collection, however often a place in it is asked for

    def each(self, items: typed.Expr, function: Callable[[typed.Expr], typed.Expr], span: Span) -> typed.Expr:
        """Apply a function to each element of a list."""
        if isinstance(items, typed.Comprehension):
            body = function(items.body)
            loops, condition = items.loops, items.condition
        else:
            assert isinstance(items.type, ListType)
            uid = self.symbols.uid()
            variable = typed.Variable("item", uid, type=items.type.element, span=span)
            loops, condition = (typed.Loop((variable,), items),), None
            body = function(variable)
        if isinstance(body.type, UnknownType):
            return unknown(span)
        if isinstance(body.type, ListType):
            return self.report(
                "E305",
                "this would be a list of lists",
                span,
                "write a generator: `... for i in a for j in i.b`",
            )
        return typed.Comprehension(body, loops, condition, type=ListType(body.type), span=span)

    def together(
        self,
        operands: list[typed.Expr],
        node: tree.Node,
        build: Callable[[list[typed.Expr]], typed.Expr],
        otherwise: str = "write a generator over the pairs you mean: `... for i in a for j in b`",
    ) -> typed.Expr:
        """Build an expression of values, or item by item where operands are lists of one collection.

        `otherwise` is what to do about lists of different ones.
        """
        if any(isinstance(operand.type, UnknownType) for operand in operands):
            return unknown(node.span)
        lists = [operand for operand in operands if isinstance(operand.type, ListType)]
        if not lists:
            return build(operands)
        if any(isinstance(a.type, ListType) and isinstance(a.type.element, ItemType) for a in lists):
            return self.report(
                "E305",
                "this is a collection of items, and one value is needed",
                node,
                "take one item, `[0]`, one attribute of each, `.pt`, or `sum(...)`; how many there are is `count(...)`",
            )
        first = self.each(lists[0], lambda part: part, node.span)
        if not isinstance(first, typed.Comprehension):
            return first
        aligned: list[typed.Expr] = []
        for operand in operands:
            if not isinstance(operand.type, ListType):
                aligned.append(operand)
                continue
            body = self._aligned(operand, first, node.span)
            if body is None:
                return self.report(
                    "E308",
                    "the lists come from different collections, so their items do not belong together",
                    node,
                    otherwise,
                )
            aligned.append(body)
        body = build(aligned)
        if isinstance(body.type, UnknownType):
            return body
        return replace(first, body=body, type=ListType(body.type), span=node.span)

    def _aligned(self, operand: typed.Expr, first: typed.Comprehension, span: Span) -> typed.Expr | None:
        """Return the body of a list in terms of the loop variable of another, if they run over the same."""
        other = self.each(operand, lambda part: part, span)
        if not isinstance(other, typed.Comprehension) or len(other.loops) != len(first.loops):
            return None
        body, condition = other.body, other.condition
        for mine, theirs in zip(first.loops, other.loops, strict=True):
            if len(mine.variables) != len(theirs.variables) or mine.list != theirs.list:
                return None
            for new, old in zip(mine.variables, theirs.variables, strict=True):
                body = substitute(body, old, new)
                condition = substitute(condition, old, new) if condition is not None else None
        return body if condition == first.condition else None

    def list_of(self, expr: tree.Expr, what: str) -> typed.Expr:
        """Type an expression that has to be a list."""
        result = self.check(expr)
        if isinstance(result.type, ListType | UnknownType):
            return result
        return self.report(
            "E305",
            f"{what} needs a collection or list, and this is of type {result.type}",
            expr,
            self.checker.members.of_enumeration_value(result),
        )

    def index(self, expr: tree.Index) -> typed.Expr:
        """Type `list[i]`."""
        items = self.list_of(expr.collection, "an index")
        if isinstance(expr.index, tree.Comparison | tree.Logical) and isinstance(items.type, ListType):
            return self._chosen(expr)
        index = self.check(expr.index)
        if UNKNOWN in (items.type, index.type):
            return unknown(expr.span)
        if not isinstance(index.type, IntType):
            return self.report("E311", f"an index is a whole number, and this is of type {index.type}", expr.index)
        assert isinstance(items.type, ListType)
        found = typed.At(items, index, type=items.type.element, span=expr.span)
        if (
            isinstance(items, typed.Comprehension)
            and isinstance(items.body, typed.Attribute)
            and items.body.name == "pt"
        ):
            self.tell_of_order(replace(found, list=items.loops[0].list), expr.span)
        return found

    def _chosen(self, expr: tree.Index) -> typed.Expr:
        """Report `jets[jets.pt > 30 GeV]`."""
        generator = self.checker.masks.generator(expr.index, expr.collection)
        proposal = "write an `object` that takes the collection, with `select`"
        if generator is not None:
            proposal = (
                f"in a function write `{generator}`; as a collection of its own it is an `object` with a `select`"
            )
        return self.report("E311", "items are not chosen by a condition in brackets", expr.index, proposal)

    def slice(self, expr: tree.Slice) -> typed.Expr:
        """Type `list[i:j]`."""
        items = self.list_of(expr.collection, "a slice")
        bounds: list[int | None] = []
        for bound in (expr.start, expr.stop):
            if bound is None:
                bounds.append(None)
                continue
            value = folded(self.check(bound))
            if value is None or value.denominator != 1:
                return self.report("E311", "the bounds of a slice are whole numbers", bound)
            bounds.append(int(value))
        if isinstance(items.type, UnknownType):
            return items
        of = items.loops[0].list if isinstance(items, typed.Comprehension) and len(items.loops) == 1 else items
        if isinstance(of, typed.CollectionRef) and bounds[1] is not None:
            self.tell_of_first(of.name, expr.span)
        return typed.SliceOf(items, bounds[0], bounds[1], type=items.type, span=expr.span)

    def tell_of_order(self, item: typed.Expr, span: Span) -> None:
        """Say of items that are not sorted in what order they stand, where the pT at a place is asked for."""
        item = self.symbols.defined(item)
        if not isinstance(item, typed.At) or folded(item.index) is None:
            return
        if isinstance(item.list, typed.CollectionRef) and item.list.name not in self.symbols.alone:
            self.tell_of_first(item.list.name, span)

    def tell_of_first(self, collection: str, span: Span) -> None:
        """Say of a collection that is not sorted in what order its items stand, where the first of them are chosen."""
        unsorted = None if collection in self._told_of_order else self._unsorted(collection)
        if unsorted is not None:
            self._told_of_order.add(collection)
            why, where = unsorted
            proposal = f"for the leading item write `sort by pt descending` {where}"
            self.symbols.report("H703", f"{collection} is not sorted: {why}", span, proposal)

    def _unsorted(self, collection: str) -> tuple[str, str] | None:
        """Return in what order items stand, and where one would sort them, if this is not the order that was stored.

        So it is with a union of several stored collections, and behind a `let p4` that gives each item a pT of its own.
        """
        symbols = self.symbols
        while True:
            block = symbols.collections.get(collection)
            if not isinstance(block, typed.ObjectBlock) or collection in symbols.format.collections:
                return None
            for statement in reversed(block.statements):
                match statement:
                    case typed.Sort() | typed.KeepBest():
                        return None
                    case typed.LetItem("p4", value) if not _keeps_order(value):
                        return "they stand in the order of the pT that they had before `let p4`", "behind it"
            if len(block.sources) > 1:
                break
            (collection,) = block.sources
        stored = set(typed.identity_bases(symbols.format, symbols.collections, collection)) - set(symbols.collections)
        if len(stored) <= 1:
            return None
        return f"first come all items of {', then those of '.join(block.sources)}", "in the union"


def _keeps_order(vector: typed.Expr) -> bool:
    """Whether a new four-vector of an item leaves the items of an event in the order of their pT."""
    match vector:
        case typed.VectorOf(typed.This()) | typed.VectorFrom((typed.Attribute(typed.This(), "pt"), *_), polar=True):
            return True
        case typed.VectorScale(_, scaled, factor):
            return _keeps_order(scaled) and not any(isinstance(part, typed.This) for part in distinct(factor))
    return False
