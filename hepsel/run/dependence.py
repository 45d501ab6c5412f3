"""Which blocks a region rests on: through them, criteria that were not applied make its results incomplete."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from hepsel.semantics.program import (
    CollectionRef,
    Criterion,
    Expr,
    Program,
    ValueRef,
)
from hepsel.semantics.walk import walk


def criteria_of(program: Program) -> dict[str, Criterion]:
    """Return all criteria of a program, those of blocks, regions and bins, by their identity."""
    blocks = (*program.collections.values(), *program.regions.values())
    found = (getattr(statement, "criterion", None) for block in blocks for statement in block.statements)
    return {criterion.id: criterion for criterion in found if criterion is not None}


def behind(program: Program, region: str) -> tuple[list[str], list[str]]:
    """Return the objects and composites that a region depends on, and the regions that it has in conditions."""
    found: set[str] = set()
    _follow(program, program.statements_of(region), found)
    return [name for name in program.collections if name in found], [name for name in program.regions if name in found]


def _follow(program: Program, node: object, found: set[str]) -> None:
    for expr in _expressions(node):
        for part in walk(expr):
            if isinstance(part, CollectionRef):
                _follow_block(program, part.name, found)
            elif isinstance(part, ValueRef) and part.name not in found:
                found.add(part.name)  # names of values and blocks differ
                _follow(program, program.values[part.name], found)


def _follow_block(program: Program, name: str, found: set[str]) -> None:
    block = program.collections.get(name)
    if block is None or name in found:
        return
    found.add(name)
    for source in block.sources:
        _follow_block(program, source, found)
    _follow(program, block.statements, found)


def _expressions(node: object) -> Iterator[Expr]:
    if isinstance(node, Expr):
        yield node
    elif isinstance(node, tuple):
        for element in node:
            yield from _expressions(element)
    elif is_dataclass(node):
        for item in fields(node):
            yield from _expressions(getattr(node, item.name))
