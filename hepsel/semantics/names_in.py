"""What a block of a syntax tree names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hepsel.syntax import tree


def names_in(node: tree.Node) -> frozenset[str]:
    """Return the names that a node mentions, attributes excepted."""
    taken = (part for part in tree.walk(node) if isinstance(part, tree.Source | tree.With))
    return frozenset(
        [
            *(name for name, _ in values_in(node)),
            *(part.name if isinstance(part, tree.Source) else part.old for part in taken),
        ]
    )


def values_in(node: tree.Node) -> Iterator[tuple[str, tree.Span]]:
    """Yield the names whose value a node asks for, and where."""
    for part in tree.walk(node):
        match part:
            case tree.Name(name) | tree.Call(name):
                yield name, part.span
            case tree.Histogram(name, values) | tree.Bins(name, values) if None in values:
                yield name, part.span
            case tree.Column(name, None):
                yield name, part.span


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
