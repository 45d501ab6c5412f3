"""Tells of cuts and keys of an unordered composite that are others where two of its items change places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from hepsel.semantics import program as typed
from hepsel.semantics.exchanged import Forms
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.walk import distinct, joined_by, map_children, walk

_LEADING = frozenset({"pt"})
"""What the items of a stored collection stand in the order of, as a rule."""


def tell_of_one_sided_cuts(symbols: Symbols, block: typed.CompositeBlock) -> None:
    """Tell of the first cut that asks for something else where two items of a collection change places.

    So of what decides first which candidates are kept, or in which order they stand: one of several tags, of several
    pairings. Nothing is told of a cut on what the collection stands in the order of: the leading item is meant then.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    block
        A composite without errors.
    """
    _tell(symbols, block, list(_parts_of_cuts(block)))


def tell_of_one_sided_cuts_of_events(
    symbols: Symbols, base: str | None, statements: Sequence[typed.RegionStatement]
) -> None:
    """Tell of the first cut of a region on a candidate, such as `pairs[0].a.is_tight`, that is one-sided in this way.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    base, statements
        The region that the events come from, and what happens to them here.
    """
    of_candidates: dict[typed.At, list[tuple[str, typed.Expr]]] = {}
    before = typed.statements_of(symbols.regions, base) if base is not None else ()
    for statement in (*before, *statements):
        if isinstance(statement, typed.Filter):
            for kind, part in _parts_of(statement):
                candidates = {found for each in distinct(part) if (found := _candidate(symbols, each)) is not None}
                if len(candidates) == 1:
                    (candidate,) = candidates
                    of_candidates.setdefault(candidate, []).append((kind, _of_this(symbols, part, candidate)))
    for candidate, parts in of_candidates.items():
        block = _composite(symbols, candidate)
        if block is not None:
            _tell(symbols, block, parts)


def _candidate(symbols: Symbols, expr: typed.Expr) -> typed.At | None:
    """Return the candidate at some place that an expression, or its name, is."""
    match symbols.defined(expr):
        case typed.At() as found if _composite(symbols, found) is not None:
            return found
    return None


def _composite(symbols: Symbols, candidate: typed.At) -> typed.CompositeBlock | None:
    """Return the composite that a candidate at some place is of, if it is one."""
    match candidate:
        case typed.At(typed.CollectionRef(name), typed.Constant(int())):
            block = symbols.collections.get(symbols.origin(name))
            return block if isinstance(block, typed.CompositeBlock) else None
    return None


def _of_this(symbols: Symbols, part: typed.Expr, candidate: typed.At) -> typed.Expr:
    if symbols.defined(part) == candidate:
        return typed.This(type=candidate.type)
    return map_children(part, lambda child: _of_this(symbols, child, candidate))


def _tell(symbols: Symbols, block: typed.CompositeBlock, parts: Sequence[tuple[str, typed.Expr]]) -> None:
    if block.ordered or block.name in symbols.told_of_slots:
        return
    twins = [(one, other) for one, other in combinations(block.slots, 2) if one.collection == other.collection]
    if not twins:
        return
    forms = Forms(block)
    known = {(kind, forms.number(part, {})) for kind, part in parts}
    for kind, part in parts:
        asked = forms.asked(part)
        for one, other in twins:
            of_both = {name: {what for slot, what in asked if slot == name} for name in (one.name, other.name)}
            names = frozenset().union(*of_both.values())
            exchanged = {one.name: other.name, other.name: one.name}
            if names <= _order(symbols, one.collection) or (kind, forms.number(part, exchanged)) in known:
                continue
            symbols.told_of_slots.add(block.name)
            _report(symbols, block, kind, part, (one, other), [name for name in of_both if of_both[name]], names)
            return


def _report(
    symbols: Symbols,
    block: typed.CompositeBlock,
    kind: str,
    part: typed.Expr,
    twins: tuple[typed.Slot, typed.Slot],
    asked: list[str],
    names: frozenset[str],
) -> None:
    one, other = twins
    if len(asked) == 1:
        side, beside = ("before", other.name) if asked[0] == one.name else ("behind", one.name)
        where = "the other one is the better" if kind == "key" else "only the other one passes this"
        said = (
            f"`{asked[0]}` is an item {side} `{beside}` in {one.collection}: where {where}, they do not change places"
        )
    else:
        said = (
            f"`{one.name}` is always the item before `{other.name}` in {one.collection}: "
            "with the two exchanged this is something else, which is not tried"
        )
    proposal = (
        f"if `{asked[0]}` is to be the leading one, write `sort by pt descending` in {one.collection}"
        if names <= _LEADING
        else "to try each item in each slot, write "
        f"`take ordered {', '.join(f'{slot.collection} {slot.name}' for slot in block.slots)}`"
    )
    symbols.report("H708", said, part.span, f"{proposal}; if the order of the collection is meant, leave it")


def _parts_of_cuts(block: typed.CompositeBlock) -> Iterator[tuple[str, typed.Expr]]:
    """Yield the conditions that each drop candidates by themselves, and first keys, and which of these they are."""
    for statement in block.statements:
        match statement:
            case typed.Filter():
                yield from _parts_of(statement)
            case typed.KeepBest(_, keys) | typed.Sort(keys):
                yield "key", keys[0][0]


def _parts_of(cut: typed.Filter) -> Iterator[tuple[str, typed.Expr]]:
    """Yield the conditions of a cut that each drop something by themselves."""
    for part in joined_by("or" if cut.negated else "and", cut.condition):
        yield "reject" if cut.negated else "select", part


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
