"""Tells of pairs of charged items nearest to a mass that may be an electron and a muon: the flavour was forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hepsel.quick_dataclass import dataclass
from hepsel.semantics import program as typed
from hepsel.semantics.kinds import values_of
from hepsel.semantics.statements import Parts
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import ItemType, ListType
from hepsel.semantics.walk import distinct

_KINDS = ("flavour", "pdg_id")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a program asks for.

    Attributes
    ----------
    collections
        The collections that are counted or gone through.
    of_kinds
        The collections of what stands beside a condition on the kind of an item.
    """

    collections: frozenset[str]
    of_kinds: frozenset[str]


def tell_of_mixed_pairs(symbols: Symbols, program: typed.Program, parts: Iterable[Parts]) -> None:
    """Tell of a composite of two items of several kinds that asks for their charges and for the nearest to a mass.

    Nothing is told where something asks of its candidates of which kind their items are, or counts items of one kind.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    program
        A program without errors.
    parts
        Of each of its expressions.
    """
    asked: _Asked | None = None
    for name, block in program.collections.items():
        if not isinstance(block, typed.CompositeBlock) or len(block.slots) != 2 or "[" in name:
            continue
        (one, other) = (values_of(symbols, slot.collection, "flavour") or frozenset() for slot in block.slots)
        if len(one | other) < 2 or not one & other:
            continue
        cuts = [statement.condition for statement in block.statements if isinstance(statement, typed.Filter)]
        wanted = next((key for key in _orders(block) if _is_near_a_mass(symbols, key)), None)
        if wanted is None or not any(_asks_for_both(cut, block) for cut in cuts) or any(map(_asks_of_kind, cuts)):
            continue
        asked = asked or _asked(parts)
        if not _is_told_apart(symbols, name, block, asked):
            symbols.report(
                "H722",
                f"a pair of {' and '.join(sorted(one & other)[:2])} may be the nearest to this mass, too",
                wanted.span,
                f"write `select {block.slots[0].name}.flavour == {block.slots[1].name}.flavour`; "
                "if this is meant, leave it",
            )


def _orders(block: typed.CompositeBlock) -> Iterator[typed.Expr]:
    for statement in block.statements:
        if isinstance(statement, typed.KeepBest | typed.Sort):
            yield statement.keys[0][0]


def _is_near_a_mass(symbols: Symbols, key: typed.Expr) -> bool:
    match key:
        case typed.Function("abs", (typed.Arithmetic("-", left, right),)):
            sides = [symbols.defined(left), symbols.defined(right)]
            return any(isinstance(side, typed.Constant) for side in sides) and any(
                isinstance(side, typed.Attribute | typed.Component) and side.name == "mass" for side in sides
            )
    return False


def _asks_for_both(cut: typed.Expr, block: typed.CompositeBlock) -> bool:
    charged = {
        part.item.name
        for part in distinct(cut)
        if isinstance(part, typed.Attribute) and part.name == "charge" and isinstance(part.item, typed.Attribute)
    }
    return charged == {slot.name for slot in block.slots} or any(
        isinstance(part, typed.Attribute | typed.Component) and part.name == "charge" and not charged
        for part in distinct(cut)
    )


def _asks_of_kind(expr: typed.Expr) -> bool:
    return any(isinstance(part, typed.Attribute) and part.name in _KINDS for part in distinct(expr))


def _asked(parts: Iterable[Parts]) -> _Asked:
    collections, of_kinds = set[str](), set[str]()
    for each in parts:
        collections.update(part.name for part in each if isinstance(part, typed.CollectionRef))
        if any(isinstance(part, typed.Attribute) and part.name in _KINDS for part in each):
            of_kinds.update(_collection(part).removesuffix(typed.PARTS_SUFFIX) for part in each)
    return _Asked(frozenset(collections), frozenset(of_kinds))


def _is_told_apart(symbols: Symbols, name: str, block: typed.CompositeBlock, asked: _Asked) -> bool:
    """Whether something asks of which kind the items of a candidate are, or for so many items of one kind."""
    family = {name}
    for other, taken in symbols.collections.items():
        if family & {*taken.sources}:
            family.add(other)
    members = {member for slot in block.slots for member in _members(symbols, slot.collection)}
    return bool(family & asked.of_kinds or members & asked.collections)


def _members(symbols: Symbols, collection: str) -> Iterator[str]:
    """Yield what a union is made of."""
    todo, seen = [collection], set[str]()
    while todo:
        block = symbols.collections.get(todo.pop())
        new = set(block.sources if isinstance(block, typed.ObjectBlock) else ()) - seen
        seen |= new
        todo += new
        yield from new


def _collection(part: typed.Expr) -> str:
    kind = part.type.element if isinstance(part.type, ListType) else part.type
    return kind.collection if isinstance(kind, ItemType) else ""
