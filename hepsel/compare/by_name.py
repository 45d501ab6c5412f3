"""Statements that ask for regions: the same when they ask for counterparts, whose differences are told there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product

from hepsel.compare.blockwise import described
from hepsel.compare.deltas import deltas
from hepsel.compare.entries import Block, Entry, Kind
from hepsel.compare.verdicts import Row, Verdict
from hepsel.semantics import program as typed
from hepsel.semantics.program import Expr
from hepsel.semantics.walk import distinct

Statement = tuple[str, int]
"""A block, and the number of a statement in it."""

Said = Mapping[Statement, Sequence[tuple[Kind, Expr]]]


def asking(blocks: Mapping[str, Block]) -> Said:
    """Return what the statements say that ask for regions, in normal forms in which these are names."""
    found = defaultdict[Statement, list[tuple[Kind, Expr]]](list)
    for block in blocks.values():
        for entry in block.entries:
            found[_statement(entry)].append((entry.kind, entry.content))
    return {statement: said for statement, said in found.items() if any(_has_region(content) for _, content in said)}


def _has_region(content: Expr) -> bool:
    # All other names of values are expanded in normal forms.
    return any(isinstance(part, typed.ValueRef) for part in distinct(content))


def _statement(entry: Entry) -> Statement:
    return entry.block, entry.place


def same_by_name(rows: Sequence[Row], said: tuple[Said, Said]) -> list[Row]:
    """Return the verdicts on a block, in which statements that say the same of counterparts of regions are the same.

    Of those that do not, only what differs besides the regions is told.
    """
    result = list(rows)
    differing = [row for row in rows if not row.verdict.same]
    ours = _asked((entry for row in differing for entry in row.first), said[0])
    theirs = _asked((entry for row in differing for entry in row.second), said[1])
    for one, other in product(ours, theirs):
        if said[0][one] == said[1][other]:
            _unite(result, one, other)
    return [_besides_regions(row, said) for row in result]


def _besides_regions(row: Row, said: tuple[Said, Said]) -> Row:
    if row.verdict.same or len(row.first) != 1 or len(row.second) != 1:
        return row
    ours, theirs = (of.get(_statement(entry), ()) for of, entry in zip(said, row.first + row.second, strict=True))
    if len(ours) != 1 or len(theirs) != 1:
        return row
    found = deltas(ours[0][1], theirs[0][1])
    if not found:
        return row
    verdict, details = described(found)
    return replace(row, verdict=verdict, details=details, counterexample=None)


def _asked(entries: Iterable[Entry], said: Said) -> list[Statement]:
    return [statement for statement in dict.fromkeys(map(_statement, entries)) if statement in said]


def _unite(rows: list[Row], one: Statement, other: Statement) -> None:
    """Put one verdict in the place of all that are about two statements, unless these are about others too."""
    about = [row for row in rows if one in map(_statement, row.first) or other in map(_statement, row.second)]
    first = tuple(entry for row in about for entry in row.first)
    second = tuple(entry for row in about for entry in row.second)
    if {*map(_statement, first)} == {one} and {*map(_statement, second)} == {other}:
        rows[rows.index(about[0])] = Row(Verdict.IDENTICAL, first, second)
        for row in about[1:]:
            rows.remove(row)
