"""Tells of names that say another kind of particle than what they stand for: `muons` that take Electron."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hepsel.semantics import program as typed
from hepsel.semantics.kinds import values_of
from hepsel.semantics.statements import Parts
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import ItemType
from hepsel.semantics.variants import is_variant
from hepsel.syntax import tree
from hepsel.syntax.tree import Span
from hepsel.vocabulary.kinds import ALIKE, COUNTS, PLURALS, QUALIFIERS, WORDS

_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def tell_of_misnamed(symbols: Symbols, program: tree.Program, parts: Iterable[tuple[Span, Parts]]) -> None:
    """Tell of an object, a slot, a variable or a value whose name is that of another kind than its items are of.

    Nothing is told where one of them is of that kind, nor of a name with a word that is not known; and what is taken
    from something misnamed is told with that.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    program
        As parsed.
    parts
        Of each expression of a program without errors, and where its statement stands.
    """
    told = set[str]()
    for name, span, collection in (*_of_blocks(symbols, program), *_of_variables(parts)):
        said = _said(name, of_several=isinstance(symbols.collections.get(name), typed.CompositeBlock))
        kinds = _kinds(symbols, collection) if said and told.isdisjoint(_taken_from(symbols, collection)) else None
        if not kinds or not kinds <= PLURALS.keys() or said & kinds or said | kinds <= ALIKE:
            continue
        told.add(name)
        symbols.report(
            "H726",
            f"`{name}` is a name for {_listed(said)}, and stands for {_listed(kinds)}",
            span,
            "is another collection meant, or another name? if not, leave it",
        )


def _of_blocks(symbols: Symbols, program: tree.Program) -> Iterator[tuple[str, Span, str]]:
    """Yield the names of objects, slots and values, where they stand, and what their items are taken from."""
    for block in program.blocks:
        if is_variant(block):
            continue
        match block:
            case tree.ObjectBlock() | tree.CompositeBlock() if block.name in symbols.collections:
                yield block.name, block.name_span, block.name
                for statement in block.statements:
                    if isinstance(statement, tree.Take):
                        yield from (
                            (source.slot, source.span, source.name) for source in statement.sources if source.slot
                        )
            case tree.Define(name) if name in symbols.values:
                kind = symbols.values[name].expr.type
                if isinstance(kind, ItemType):
                    yield name, block.name_span, kind.collection
            case tree.RegionBlock():
                for statement in block.statements:
                    if isinstance(statement, tree.Let):
                        value = symbols.values.get(f"{block.name}.{statement.name}")
                        if value is not None and isinstance(value.expr.type, ItemType):
                            yield statement.name, statement.name_span, value.expr.type.collection


def _of_variables(parts: Iterable[tuple[Span, Parts]]) -> Iterator[tuple[str, Span, str]]:
    """Yield the names of variables, where they stand, and what they are items of."""
    for _, each in parts:
        for part in each:
            if isinstance(part, typed.Comprehension):
                for variable in (one for loop in part.loops for one in loop.variables):
                    if isinstance(variable.type, ItemType):
                        yield variable.name, variable.span, variable.type.collection


def _taken_from(symbols: Symbols, collection: str) -> Iterator[str]:
    """Yield a collection and what its items, or the parts of its candidates, are taken from."""
    block = symbols.collections.get(collection)
    for source in block.sources if isinstance(block, typed.CompositeBlock) else [collection]:
        yield from symbols.line(source)


def _kinds(symbols: Symbols, collection: str) -> frozenset[str] | None:
    """Return the kinds of the items of a collection, or of the parts of its candidates, if the format says them."""
    several = isinstance(symbols.collections.get(collection), typed.CompositeBlock)
    return values_of(symbols, collection + typed.PARTS_SUFFIX if several else collection, "flavour")


def _said(name: str, *, of_several: bool) -> frozenset[str]:
    """Return the kinds of which a name is one; none where it has other words, or several for kinds.

    Parameters
    ----------
    name
        The name.
    of_several
        Whether it stands for candidates, which are called by their parts only as in `dimuons`.
    """
    words = [token.lower() for token in _TOKEN.findall(name)]
    said = [(place, _kinds_of(word, of_several=of_several)) for place, word in enumerate(words)]
    found = [(place, kinds) for place, kinds in said if kinds]
    others = [word for place, word in enumerate(words) if not said[place][1]]
    if len(found) != 1 or not QUALIFIERS.issuperset(others):
        return frozenset()
    place, kinds = found[0]
    # `muon_veto` is no muon.
    return frozenset(kinds) if place == len(words) - 1 or words[place].endswith("s") else frozenset()


def _kinds_of(word: str, *, of_several: bool) -> tuple[str, ...]:
    """Return the kinds of which a word is said, with others before it, as in `bjets` or `vetomuons`."""
    for known, kinds in WORDS.items():
        for end in (known, f"{known}s"):
            if word.endswith(end):
                before = word.removesuffix(end)
                if before in COUNTS if of_several else not before or before in QUALIFIERS:
                    return kinds
    return ()


def _listed(kinds: Iterable[str]) -> str:
    return " or ".join(plural for kind, plural in PLURALS.items() if kind in kinds)
