"""Tells of conditions on the kind of items that all of them meet, or none: `flavour == electron or flavour == muon`."""

from __future__ import annotations

from collections.abc import Iterable

from hepsel.semantics import program as typed
from hepsel.semantics.statements import Parts, conditions
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import BoolType, EnumType, ItemType
from hepsel.semantics.walk import joined_by
from hepsel.syntax.tree import Span


def tell_of_kinds(symbols: Symbols, parts: Iterable[tuple[Span, Parts]]) -> None:
    """Tell of a condition on the kind of an item that comes out the same for each kind that its collection has.

    Parameters
    ----------
    symbols
        Where it is reported.
    parts
        Of each expression of a program without errors, and where its statement stands.
    """
    known: dict[tuple[str, str], frozenset[str] | None] = {}
    for statement, each in parts:
        whole = each[:1] if isinstance(each[0].type, BoolType) else ()
        for condition in (*whole, *conditions(each)):
            for part in joined_by("and", condition):
                asked = _asked(part)
                # A function may be for items of all kinds, and be called with those of one.
                if asked is None or not isinstance(asked.item.type, ItemType) or not part.span.begins_in(statement):
                    continue
                key = asked.item.type.collection, asked.name
                if key not in known:
                    known[key] = values_of(symbols, *key)
                values = known[key]
                outcomes = {_holds(part, asked, value) for value in values or ()}
                if values is not None and len(outcomes) == 1 and not symbols.told(part.span, "W601", "W602"):
                    symbols.report(
                        "W614",
                        f"this is {'true of each' if outcomes.pop() else 'never true'}, whatever the item",
                        part.span,
                        f"the only values of `{asked.name}` in {key[0]}: {', '.join(sorted(values))}",
                    )


def _asked(condition: typed.Expr) -> typed.Attribute | None:
    """Return the attribute of which alone a condition asks which value of an enumeration it is."""
    todo, found = [condition], set[typed.Attribute]()
    while todo:
        match todo.pop():
            case typed.Logical(_, operands):
                todo += operands
            case typed.Not(operand):
                todo.append(operand)
            case typed.Compare("==" | "!=", typed.Attribute(type=EnumType()) as one, typed.Constant()):
                found.add(one)
            case _:
                return None
    return found.pop() if len(found) == 1 else None


def _holds(condition: typed.Expr, asked: typed.Attribute, value: str) -> bool:
    match condition:
        case typed.Logical(operator, operands):
            return (all if operator == "and" else any)(_holds(one, asked, value) for one in operands)
        case typed.Not(operand):
            return not _holds(operand, asked, value)
        case typed.Compare(operator, _, typed.Constant(other)):
            return (value == other) == (operator == "==")
    raise AssertionError(condition)  # `_asked` finds no others


def values_of(symbols: Symbols, collection: str, name: str) -> frozenset[str] | None:
    """Return the values that an attribute of the items of a collection can have, where the format says it."""
    todo, seen, values = [collection], {collection}, set[str]()
    while todo:
        one = todo.pop()
        block = symbols.collections.get(one)
        sources: tuple[str, ...] = ()
        if one.endswith(typed.PARTS_SUFFIX):
            sources = typed.leaf_collections(symbols.collections, one.removesuffix(typed.PARTS_SUFFIX))
        elif isinstance(block, typed.ObjectBlock) and name not in typed.lets_of(block):
            sources = block.sources
        else:
            found = None if block is not None else _of_format(symbols, one, name)
            if found is None:
                return None
            values |= found
        todo += (source for source in sources if source not in seen)
        seen.update(sources)
    return frozenset(values)


def _of_format(symbols: Symbols, collection: str, name: str) -> frozenset[str] | None:
    spec = symbols.format.collections[collection].attributes.get(name)
    if spec is None:
        return None
    if spec.expression is None:
        return frozenset(spec.values) or None
    is_a_value = any(symbols.enumerations_with(spec.expression))
    return frozenset([spec.expression]) if is_a_value else None
