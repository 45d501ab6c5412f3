"""Finds criteria that come out the same for all items of a member of a union, as these lack an attribute."""

from __future__ import annotations

from collections.abc import Iterator

from hepsel.semantics import program as typed
from hepsel.semantics.constraints import Constraints
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import ItemType
from hepsel.semantics.walk import children, joined_by, map_children, walk
from hepsel.syntax.tree import Span
from hepsel.vocabulary import foreign

_ASKS = (typed.Exists, typed.Default, typed.Membership, typed.Conditional)
_TELLS = ("flavour", "pdg_id")
"""Attributes that say of which kind an item is."""

_STRICT = (
    *(typed.Negate, typed.Arithmetic, typed.Function, typed.Component),
    *(typed.VectorOf, typed.VectorArithmetic, typed.VectorScale, typed.VectorNegate, typed.VectorFrom),
)
"""What is absent where anything in it is."""

_BOUNDS = ("<", "<=", ">", ">=")

_Lacking = frozenset[tuple[typed.Expr, str]]
"""Items and attributes that they do not have."""


def warn_of_absence(
    symbols: Symbols, block: str, condition: typed.Expr, constraints: Constraints, *, negated: bool, span: Span
) -> None:
    """Warn of a criterion that drops, or passes, all items of a member of a union, whatever else is true of them.

    Or all events where such an item stands at a place of a union, as in `leptons[0].pfreliso04 < 0.15`, or is asked for
    by `all`.

    Silent where the criterion looks at the kind of its items or at what exists, or one before it at nothing else, and
    where a veto (`reject`) names a value or a window that only some items can be in. Of places, silent behind any
    criterion of the region on the kind of items, or on a member of the union, such as `count(muons) == 2`.
    """
    statements = symbols.collections[block].statements if block in symbols.collections else ()
    condition = _spelled_out({s.name: s.value for s in statements if isinstance(s, typed.LetItem)}, condition)
    tells = _tells_apart(condition)
    if tells and any(_is_of_kind(part) for part in joined_by("or" if negated else "and", condition)):
        symbols.told_apart.add(block)
    if tells or block in symbols.told_apart:
        return
    if negated and not (isinstance(condition, typed.Compare) and condition.operator in _BOUNDS):
        return
    is_composite = typed.is_composite(symbols.collections, block)
    noun = "candidates" if is_composite else "items" if block in symbols.collections else "events"
    asked: dict[typed.Expr, set[str]] = {}
    for part in walk(condition):
        if isinstance(part, typed.Attribute) and (
            _is_of_this(part.item) or (_of_event(symbols, part.item) and not _is_told(symbols, part.item, constraints))
        ):
            asked.setdefault(part.item, set()).add(part.name)
    said: dict[str, list[str]] = {}
    for item, names in asked.items():
        for member, absent in _members(symbols, item, names).items():
            holds = _holds(condition, frozenset((item, name) for name in absent))
            if holds is not None:
                verb = "drops" if holds == negated else "passes"
                what = f"no item of {member} has {foreign.listed(absent)}: this criterion {verb} all"
                where = item.name if isinstance(item, typed.Attribute) else _of_event(symbols, item)
                if where is None:
                    said[f"{what} of them"] = []
                elif isinstance(item, typed.Variable):
                    said[f"{what} {noun} where it asks for one"] = []
                else:
                    said.setdefault(f"{what} {noun} with one as", []).append(where)
    if said:
        symbols.report(
            "W604",
            ", and ".join(f"{what} {foreign.listed(places)}" if places else what for what, places in said.items()),
            span,
            "cut on it before the union, in the object that has it, "
            "or say which items are meant: `flavour == ... and ...`, `exists(...)`",
        )


def _tells_apart(condition: typed.Expr) -> bool:
    """Whether a condition looks at the kind of items, or at what exists."""
    return any(
        isinstance(part, _ASKS) or (isinstance(part, typed.Attribute) and part.name in _TELLS)
        for part in walk(condition)
    )


def _is_of_kind(condition: typed.Expr) -> bool:
    """Whether a condition is about the kind of items, or about what exists, alone."""
    parts = list(walk(condition))
    asked = [part.name for part in parts if isinstance(part, typed.Attribute) and not isinstance(part.type, ItemType)]
    return any(isinstance(part, typed.Exists) for part in parts) or (bool(asked) and set(asked) <= set(_TELLS))


def _spelled_out(lets: dict[str, typed.Expr], expr: typed.Expr) -> typed.Expr:
    """Return an expression with what the items have by a `let` of their block written out, once."""
    if isinstance(expr, typed.Attribute) and isinstance(expr.item, typed.This):
        return lets.get(expr.name, expr)
    return map_children(expr, lambda child: _spelled_out(lets, child))


def _is_of_this(expr: typed.Expr) -> bool:
    """Whether an expression is the item that a criterion is about, or what stands in a slot of it."""
    while isinstance(expr, typed.Attribute) and isinstance(expr.type, ItemType):
        expr = expr.item
    return isinstance(expr, typed.This)


def _of_event(symbols: Symbols, item: typed.Expr) -> str | None:
    """Return how an item of the event is written, at a place of a collection or each in turn; else nothing."""
    match symbols.defined(item):
        case typed.At(typed.CollectionRef(name), typed.Constant(place)):
            return f"{name}[{place}]"
        case typed.Variable(name):
            return name
    return None


def _is_told(symbols: Symbols, item: typed.Expr, constraints: Constraints) -> bool:
    """Whether the cuts ask for the kind of items, or for what a union takes them from, as `count(muons) == 2` does."""
    assert isinstance(item.type, ItemType)
    family, todo = set[str](), [item.type.collection]
    while todo:
        block = symbols.collections.get(todo.pop())
        new = set(block.sources) - family if isinstance(block, typed.ObjectBlock) else set[str]()
        family |= new
        todo += new
    return any(
        part.name in (family if isinstance(part, typed.CollectionRef) else _TELLS)
        for part in constraints.asked()
        if isinstance(part, typed.CollectionRef | typed.Attribute)
    )


def _members(symbols: Symbols, item: typed.Expr, names: set[str]) -> dict[str, list[str]]:
    """Return the members of the union that an item is from, each with those of the attributes that it lacks."""
    assert isinstance(item.type, ItemType)
    lacking: dict[str, list[str]] = {}
    for name in sorted(names):
        for member in _without(symbols, item.type.collection, name):
            lacking.setdefault(member, []).append(name)
    return lacking


def _without(symbols: Symbols, collection: str, name: str) -> Iterator[str]:
    """Yield the members of a union, and of the unions in it, whose items do not have an attribute."""
    todo, seen = [collection], set[str]()
    while todo:
        path = [*typed.path_to(symbols.format, symbols.collections, todo.pop(), name)]
        end = path[-1]
        if end in seen or not symbols.told_apart.isdisjoint(path):
            continue
        seen.add(end)
        match typed.resolve(symbols.format, symbols.collections, end, name):
            case typed.FromSource(sources):
                todo += reversed(sources)
            case None:
                yield end


def _holds(condition: typed.Expr, lacking: _Lacking) -> bool | None:
    """Say whether a condition is true of all items that lack these attributes, false of all of them, or neither."""
    match condition:
        case typed.Not(operand):
            inner = _holds(operand, lacking)
            return None if inner is None else not inner
        case typed.Logical(operator, operands):
            decisive = operator == "or"
            each = [_holds(operand, lacking) for operand in operands]
            return decisive if decisive in each else None if None in each else not decisive
        case typed.Compare(_, left, right):
            return False if _absent(left, lacking) or _absent(right, lacking) else None
        case typed.Reduce("all", typed.Comprehension(body, (typed.Loop((_,), _),), None)):
            return False if _holds(body, lacking) is False else None
    return False if _absent(condition, lacking) else None


def _absent(expr: typed.Expr, lacking: _Lacking) -> bool:
    """Whether a value is absent from all items that lack these attributes."""
    if isinstance(expr, typed.Attribute):
        return (expr.item, expr.name) in lacking or _absent(expr.item, lacking)
    return isinstance(expr, _STRICT) and any(_absent(child, lacking) for child in children(expr))
