"""Objects that only filter and that one program alone has: they are read where they are used, as conditions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from hepsel.compare.entries import Block, Entry
from hepsel.compare.normal import only_filters
from hepsel.compare.verdicts import Row, Verdict
from hepsel.semantics import program as typed
from hepsel.semantics.program import Program
from hepsel.semantics.walk import distinct


@dataclass(frozen=True)
class Filters:
    """The objects of one program that are read where they are used.

    Attributes
    ----------
    program
        The program.
    names
        The objects, those that others take from before these.
    ids
        What its blocks are called in normal forms.
    blocks
        What it says where no object is read that way.
    """

    program: Program
    names: tuple[str, ...]
    ids: Mapping[str, str]
    blocks: Mapping[str, Block]

    @classmethod
    def without(
        cls, counterparts: Container[str], program: Program, ids: Mapping[str, str], blocks: Mapping[str, Block]
    ) -> Filters:
        """Find the objects without counterparts that only filter."""
        names = (n for n, block in program.collections.items() if n not in counterparts and only_filters(block))
        return cls(program, tuple(names), ids, blocks)

    def behind(self, entries: Iterable[Entry]) -> tuple[str, ...]:
        """Return the objects whose criteria some entries have as conditions."""
        if not self.names:
            return ()
        found = {
            name
            for entry in entries
            for name in self._named.get((entry.block, entry.place), set()) - _collections(entry)
        }
        used = []
        for name in reversed(self.names):
            if self.ids[name] in found:
                source = self.program.collections[name].sources[0]
                found.add(self.ids.get(source, source))
                used.append(name)
        return tuple(reversed(used))

    @cached_property
    def _named(self) -> dict[tuple[str, int], set[str]]:
        result = defaultdict[tuple[str, int], set[str]](set)
        for block in self.blocks.values():
            for entry in block.entries:
                result[entry.block, entry.place] |= _collections(entry)
        return result


def _collections(entry: Entry) -> set[str]:
    return {part.name for part in distinct(entry.content) if isinstance(part, typed.CollectionRef)}


def used_in(rows: Iterable[Row], filters: tuple[Filters, Filters]) -> tuple[Filters, Filters]:
    """Leave of the objects those whose criteria are conditions in something that has a counterpart."""
    paired = [row for row in rows if row.first and row.second]
    first = filters[0].behind(entry for row in paired for entry in row.first)
    second = filters[1].behind(entry for row in paired for entry in row.second)
    return replace(filters[0], names=first), replace(filters[1], names=second)


def said_where_used(
    rows: Sequence[Row],
    filters: tuple[Filters, Filters],
    blocks: tuple[Mapping[str, Block], Mapping[str, Block]],
    done: tuple[set[str], set[str]],
) -> list[Row]:
    """Say what the objects say together with the first statement that has it as conditions, and differs if any does.

    `done` are the names of blocks of which that is said in another place; those of the objects are added.
    """
    result = list(rows)
    for place in sorted(range(len(rows)), key=lambda number: (rows[number].apart, rows[number].verdict.same)):
        row = result[place]
        if not (row.first and row.second):
            continue
        sides = []
        for entries, of, said, known in zip((row.first, row.second), filters, blocks, done, strict=True):
            names = [name for name in of.behind(entries) if name not in known]
            known.update(names)
            sides.append((*entries, *(entry for name in names for entry in said[name].entries)))
        if len(sides[0]) + len(sides[1]) > len(row.first) + len(row.second):
            verdict = Verdict.EQUIVALENT if row.verdict is Verdict.IDENTICAL else row.verdict
            result[place] = replace(row, first=sides[0], second=sides[1], verdict=verdict, units=row.places)
    return result
