"""Tells of cuts and keys of one slot of an unordered composite: the order of the collection decides what is in it."""

from __future__ import annotations

from collections.abc import Iterator

from hepsel.semantics import program as typed
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.walk import walk
from hepsel.syntax import tree

_LEADING = frozenset({"pt"})
"""What the items of a stored collection stand in the order of, as a rule."""


def tell_of_one_sided_cuts(symbols: Symbols, block: tree.CompositeBlock, checked: typed.CompositeBlock) -> None:
    """Tell of the first cut on one of several slots of a collection that the other ones do not have to pass.

    So of what decides first which candidates are kept, or in which order they stand. Nothing is told of a cut on what
    the collection stands in the order of: the leading item is meant then.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    block
        A composite without errors.
    checked
        The same, with its types.
    """
    if checked.ordered:
        return
    slots = checked.slots
    parts = list(_parts_of_cuts(block))
    for statement, part in parts:
        for slot in slots:
            twins = [other for other in slots if other.collection == slot.collection and other != slot]
            asked = _asked(part, slot.name)
            if (
                not twins
                or asked <= _order(symbols, slot.collection)
                or any(_asked(part, twin.name) for twin in twins)
                or all(_has(parts, type(statement), _renamed(part, slot.name, twin.name), twin.name) for twin in twins)
            ):
                continue
            proposal = (
                f"if `{slot.name}` is to be the leading one, write `sort by pt descending` in {slot.collection}"
                if asked <= _LEADING
                else "to try each item in each slot, write "
                f"`take ordered {', '.join(f'{other.collection} {other.name}' for other in slots)}`"
            )
            side = "before" if slots.index(slot) < slots.index(twins[0]) else "behind"
            is_cut = isinstance(statement, tree.Select | tree.Reject)
            where = "only the other one passes this" if is_cut else "the other one is the better"
            symbols.report(
                "H708",
                f"`{slot.name}` is an item {side} `{twins[0].name}` in {slot.collection}: "
                f"where {where}, they do not change places",
                part.span,
                f"{proposal}; if the order of the collection is meant, leave it",
            )
            return


def _parts_of_cuts(block: tree.CompositeBlock) -> Iterator[tuple[tree.Statement, tree.Expr]]:
    """Yield the conditions that each drop candidates by themselves, and first keys, with the statements they are of."""
    for statement in block.statements:
        if isinstance(statement, tree.Select | tree.Reject):
            joined: tree.LogicalOperator = "and" if isinstance(statement, tree.Select) else "or"
            for part in _parts(statement.condition, joined):
                yield statement, part
        elif isinstance(statement, tree.KeepBest | tree.SortBy):
            yield statement, statement.keys[0].value


def _parts(condition: tree.Expr, joined: tree.LogicalOperator) -> Iterator[tree.Expr]:
    if isinstance(condition, tree.Logical) and condition.operator == joined:
        for operand in condition.operands:
            yield from _parts(operand, joined)
    else:
        yield condition


def _is(node: tree.Node, slot: str) -> bool:
    return node in (tree.Name(slot), tree.Attribute(tree.Name("this"), slot))


def _asked(node: tree.Node, slot: str) -> frozenset[str]:
    """Return the attributes of a slot that a condition asks for, and an empty text for the item itself."""
    if isinstance(node, tree.Attribute) and _is(node.item, slot):
        return frozenset({node.name})
    if _is(node, slot):
        return frozenset({""})
    return frozenset().union(*(_asked(child, slot) for child in tree.children(node)))


def _renamed(node: tree.Node, old: str, new: str) -> tree.Node:
    if _is(node, old) or _is(node, new):
        return tree.Name(new)
    return tree.map_children(node, lambda child: _renamed(child, old, new))


def _has(parts: list[tuple[tree.Statement, tree.Expr]], kind: type[tree.Statement], part: tree.Node, slot: str) -> bool:
    return any(type(statement) is kind and _renamed(other, slot, slot) == part for statement, other in parts)


def _order(symbols: Symbols, collection: str) -> frozenset[str]:
    """Return what the items of a collection stand in the order of."""
    while collection in symbols.collections and collection not in symbols.format.collections:
        block = symbols.collections[collection]
        for statement in reversed(block.statements):
            if isinstance(statement, typed.Sort):
                parts = (part for key, _ in statement.keys for part in walk(key))
                return frozenset(part.name for part in parts if isinstance(part, typed.Attribute | typed.Component))
        if isinstance(block, typed.CompositeBlock):
            return frozenset()
        if len(block.sources) > 1:
            bases = set(typed.identity_bases(symbols.format, symbols.collections, collection))
            return _LEADING if len(bases) == 1 else frozenset()
        (collection,) = block.sources
    return _LEADING
