"""Tells of conditions that do not ask for what they are of, as one on `Muon[0]` in an object of electrons."""

from __future__ import annotations

from hepsel.semantics import program as typed
from hepsel.semantics.attributes import Attributes
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import ItemType
from hepsel.semantics.walk import distinct, joined_by

_MEANT = "if this is meant, leave it"


def tell_of_event(symbols: Symbols, condition: typed.Expr, *, negated: bool) -> None:
    """Tell of a criterion of an object or composite that asks only for something of the event.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    condition
        Of the criterion.
    negated
        Whether it drops what it is true of.
    """
    for part in joined_by("or" if negated else "and", condition):
        parts = list(distinct(part))
        if _is_of_event(symbols, parts) and not any(isinstance(one, typed.This) for one in parts):
            symbols.report(
                "H713",
                "this does not ask for the item: of each event all items pass, or none",
                part.span,
                f"write an attribute of the item, such as `pt`; what the event has to pass stands in a region; "
                f"{_MEANT}",
            )


def tell_of_turns(symbols: Symbols, attributes: Attributes, items: typed.Comprehension) -> None:
    """Tell of a part of a generator that does not ask for what it runs over.

    Something that it asks for of the item of the block is told only where what it runs over has the same.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    attributes
        What items have.
    items
        The generator.
    """
    variables = [variable for loop in items.loops for variable in loop.variables]
    condition = [] if items.condition is None else [*joined_by("and", items.condition)]
    for part in (*joined_by("and", items.body), *condition):
        parts = list(distinct(part))
        if any(isinstance(one, typed.Variable) for one in parts):
            continue
        name = variables[-1].name
        bare = [one for one in parts if isinstance(one, typed.Attribute) and _is_bare(one)]
        both = [one for one in bare if _has(attributes, variables[-1], one.name)]
        if both:
            attribute = both[0].name
            symbols.report(
                "H713",
                f"`{attribute}` is that of the item of this block, and not of `{name}`",
                part.span,
                f"write `{name}.{attribute}`, or `this.{attribute}` if that is meant",
            )
        elif _is_of_event(symbols, parts) and not any(isinstance(one, typed.This) for one in parts):
            symbols.report("H713", f"this does not ask for `{name}`: it is the same in every turn", part.span, _MEANT)


def _is_of_event(symbols: Symbols, parts: list[typed.Expr]) -> bool:
    return any(
        isinstance(one, typed.Single | typed.CollectionRef)
        or (isinstance(one, typed.ValueRef) and not isinstance(symbols.defined(one), typed.Constant))
        for one in parts
    )


def _is_bare(attribute: typed.Attribute) -> bool:
    """Whether the name of an attribute stands alone, without `this`."""
    return isinstance(attribute.item, typed.This) and attribute.item.span == attribute.span


def _has(attributes: Attributes, variable: typed.Variable, name: str) -> bool:
    return isinstance(variable.type, ItemType) and attributes.has(variable.type.collection, name)
