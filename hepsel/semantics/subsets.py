"""Which collections hold all items of others, as far as their cuts show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hepsel.quick_dataclass import dataclass
from hepsel.semantics import program as typed
from hepsel.semantics.any_block import THIS, of_any_block
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import BOOL, INT, ListType
from hepsel.semantics.walk import distinct, joined_by, substitute

if TYPE_CHECKING:
    from hepsel.semantics.constraints import Constraints


@dataclass(frozen=True, slots=True)
class Counted:
    """Items of a collection that pass some conditions.

    Attributes
    ----------
    collection
        Its name.
    conditions
        What is asked of each, as of the item of any block.
    """

    collection: str
    conditions: tuple[typed.Expr, ...]


def counted_by(quantity: typed.Expr) -> Counted | None:
    """Return which items of one collection a quantity is the number of; of others nothing."""
    match quantity:
        case typed.Reduce("count_turns", typed.CollectionRef(name)):
            return Counted(name, ())
        case typed.Reduce(
            "count_turns",
            typed.Comprehension(typed.Variable(), (typed.Loop((variable,), typed.CollectionRef(name)),), condition),
        ) if condition is None or not any(isinstance(part, typed.This) for part in distinct(condition)):
            conditions = () if condition is None else joined_by("and", condition)
            return Counted(name, tuple(of_any_block(substitute(part, variable, THIS)) for part in conditions))
    return None


def that_count_for_any(condition: typed.Expr) -> typed.Compare | None:
    """Return `any(c for i in items)` as what it means, `count(i for i in items if c) >= 1`; of others nothing."""
    match condition:
        case typed.Reduce("any", typed.Comprehension(body, (typed.Loop((variable,)),) as loops, asked)):
            both = body if asked is None else typed.Logical("and", (asked, body), type=BOOL)
            turns = typed.Comprehension(variable, loops, both, type=ListType(variable.type))
            return typed.Compare(
                ">=", typed.Reduce("count_turns", turns, type=INT), typed.Constant(1, type=INT), type=BOOL
            )
    return None


def are_among(symbols: Symbols, of_items: Mapping[str, Constraints], less: Counted, more: Counted) -> bool:
    """Return whether it is known that each of some items is one of others.

    Parameters
    ----------
    symbols
        The blocks so far.
    of_items
        What the cuts of each of them say.
    less, more
        The items.
    """
    collections = dict.fromkeys((less.collection, more.collection))
    return is_within(symbols, of_items, less.collection, more.collection) and all(
        (len(collections) == 1 or mean_the_same(symbols, condition, *collections))
        and (condition in less.conditions or pass_all(symbols, of_items, less.collection, condition))
        for condition in more.conditions
    )


def is_within(symbols: Symbols, of_items: Mapping[str, Constraints], one: str, other: str) -> bool:
    """Return whether it is known that each item of a collection is an item of another one, too.

    Parameters
    ----------
    symbols
        The blocks so far.
    of_items
        What the cuts of each of them say.
    one, other
        The collections.
    """
    if one == other:
        return True
    if (one, other) not in symbols.within:
        symbols.within[one, other] = False  # for a block that is in error, and takes from itself
        symbols.within[one, other] = _by_sources(symbols, of_items, one, other) or _by_cuts(
            symbols, of_items, one, other
        )
    return symbols.within[one, other]


def _by_sources(symbols: Symbols, of_items: Mapping[str, Constraints], one: str, other: str) -> bool:
    sources = _sources(symbols, one)
    return bool(sources) and all(is_within(symbols, of_items, source, other) for source in sources)


def _by_cuts(symbols: Symbols, of_items: Mapping[str, Constraints], one: str, other: str) -> bool:
    around = symbols.collections.get(other)
    return (
        isinstance(around, typed.ObjectBlock)
        and other not in symbols.incomplete
        and any(is_within(symbols, of_items, one, source) for source in around.sources)
        and all(_lets_pass(symbols, of_items, one, other, statement) for statement in around.statements)
    )


def pass_all(
    symbols: Symbols, of_items: Mapping[str, Constraints], one: str, condition: typed.Expr, *, negated: bool = False
) -> bool:
    """Return whether it is known that each item of a collection passes a condition, or fails it where it is negated."""
    together = "or" if negated else "and"
    own = {
        (of_any_block(part), statement.negated)
        for block in symbols.blocks(one)
        for statement in block.statements
        if isinstance(statement, typed.Filter)
        for part in joined_by("or" if statement.negated else "and", statement.condition)
    }
    known = of_items.get(one)
    return all(
        (of_any_block(part), negated) in own or (known is not None and known.ask_for(part, negated=negated))
        for part in joined_by(together, condition)
    )


def mean_the_same(symbols: Symbols, condition: typed.Expr, *collections: str) -> bool:
    """Return whether a condition asks for the same of the items of several collections: no `let` is between them."""
    asked = {part.name for part in distinct(condition) if isinstance(part, typed.Attribute | typed.Component)}
    return not any(
        statement.name == "p4" or statement.name in asked
        for collection in collections
        for name in _ancestors(symbols, collection)
        for statement in _statements(symbols, name)
        if isinstance(statement, typed.LetItem)
    )


def _lets_pass(
    symbols: Symbols, of_items: Mapping[str, Constraints], one: str, other: str, statement: typed.ItemStatement
) -> bool:
    match statement:
        case typed.Sort() | typed.LetItem():
            return True
        case typed.Filter(_, condition, negated):
            return mean_the_same(symbols, condition, one, other) and pass_all(
                symbols, of_items, one, condition, negated=negated
            )
    return False


def _sources(symbols: Symbols, name: str) -> tuple[str, ...]:
    """Return the collections from one of which each item of a collection comes."""
    block = symbols.collections.get(name)
    if isinstance(block, typed.ObjectBlock):
        return block.sources
    spec = symbols.format.collections.get(name)
    return () if spec is None or spec.base is None else (spec.base,)


def _ancestors(symbols: Symbols, name: str) -> Iterator[str]:
    todo, seen = [name], set[str]()
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            yield one
            todo += _sources(symbols, one)


def _statements(symbols: Symbols, name: str) -> tuple[typed.ItemStatement, ...]:
    block = symbols.collections.get(name)
    return () if block is None else block.statements
