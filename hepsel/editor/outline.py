"""What a program consists of, as editors list it."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol.types import DocumentSymbol, SymbolKind

from hepsel.editor.positions import Positions
from hepsel.syntax import tree

_KINDS: dict[type[tree.Node], SymbolKind] = {
    tree.Define: SymbolKind.Constant,
    tree.Table: SymbolKind.Array,
    tree.ObjectBlock: SymbolKind.Class,
    tree.CompositeBlock: SymbolKind.Struct,
    tree.RegionBlock: SymbolKind.Event,
    tree.Let: SymbolKind.Variable,
    tree.Weight: SymbolKind.Number,
    tree.Bins: SymbolKind.Enum,
    tree.Histogram: SymbolKind.Object,
}
"""How editors mark what has a name."""


def outline(program: tree.Program | None, positions: Positions) -> list[DocumentSymbol]:
    """Return the blocks of a program, and what their statements name."""
    return [] if program is None else [*_symbols(program.blocks, positions)]


def _symbols(nodes: tuple[tree.Node, ...], positions: Positions) -> Iterator[DocumentSymbol]:
    for node in nodes:
        if isinstance(node, tree.Block | tree.Let | tree.Weight | tree.Bins | tree.Histogram):
            is_function = isinstance(node, tree.Define) and node.parameters is not None
            yield DocumentSymbol(
                name=node.name,
                detail=tree.BODIES.get(type(node)),
                kind=SymbolKind.Function if is_function else _KINDS[type(node)],
                range=positions.range(node.span),
                selection_range=positions.range(node.name_span),
                children=[*_symbols(node.statements, positions)] if isinstance(node, tree.Body) else None,
            )
