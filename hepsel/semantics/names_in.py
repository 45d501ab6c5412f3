"""What a block of a syntax tree names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hepsel.syntax import tree


def names_in(node: tree.Node) -> frozenset[str]:
    """Return the names that a node mentions, attributes excepted."""
    found = set[str]()
    for part in tree.walk(node):
        if isinstance(part, tree.Source):
            found.add(part.name)
        elif isinstance(part, tree.With):
            found.add(part.old)
        elif isinstance(part, _HAVE_VALUES) and (name := _value(part)) is not None:
            found.add(name)
    return frozenset(found)


def values_in(node: tree.Node) -> Iterator[tuple[str, tree.Span]]:
    """Yield the names whose value a node asks for, and where."""
    for part in tree.walk(node):
        if isinstance(part, _HAVE_VALUES) and (name := _value(part)) is not None:
            yield name, part.span


_HAVE_VALUES = (tree.Name, tree.Call, tree.Histogram, tree.Bins, tree.Column)


def _value(node: tree.Name | tree.Call | tree.Histogram | tree.Bins | tree.Column) -> str | None:
    """Return the name whose value a node asks for, other parts of it apart."""
    match node:
        case tree.Name(name) | tree.Call(name) | tree.Column(name, None):
            return name
        case tree.Histogram(name, values) | tree.Bins(name, values) if None in values:
            return name
    return None


def used_by(users: Iterable[tree.Block], blocks: Mapping[str, tree.Block]) -> set[str]:
    """Return which of some blocks others name, also through one another."""
    todo, used = list(users), set[str]()
    while todo:
        new = (names_in(todo.pop()) & blocks.keys()) - used
        used |= new
        todo += (blocks[name] for name in new)
    return used


def sources(block: tree.Block) -> list[str]:
    """Return what a block takes from."""
    takes = (statement for statement in getattr(block, "statements", ()) if isinstance(statement, tree.Take))
    return [source.name for take in takes for source in take.sources]
