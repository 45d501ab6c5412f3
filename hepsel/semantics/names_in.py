"""What a block of a syntax tree names."""

from __future__ import annotations

from collections.abc import Iterable

from hepsel.syntax import tree


def names_in(node: tree.Node) -> frozenset[str]:
    """Return the names that a node mentions, attributes excepted."""
    return frozenset(_names_in(node))


def _names_in(node: tree.Node) -> Iterable[str]:
    for part in tree.walk(node):
        match part:
            case tree.Name(name) | tree.Source(name) | tree.With(name):
                yield name
            case tree.Call(function):
                yield function
            case tree.Histogram(name, values) | tree.Bins(name, values) if None in values:
                yield name
            case tree.Column(name, None):
                yield name


def sources(block: tree.Block) -> list[str]:
    """Return what a block takes from."""
    takes = (statement for statement in getattr(block, "statements", ()) if isinstance(statement, tree.Take))
    return [source.name for take in takes for source in take.sources]
