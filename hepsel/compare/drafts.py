"""A program taken apart so that one criterion of it can be exchanged: each criterion is a statement of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hepsel.compare.entries import Block, Entry, one_sort
from hepsel.semantics import program as typed
from hepsel.semantics.program import Expr, Program
from hepsel.semantics.types import BOOL


@dataclass(frozen=True, slots=True)
class Source:
    """What an object takes from; of a composite, what fills a slot."""

    collection: str
    slot: str | None


@dataclass(frozen=True, slots=True)
class Pairing:
    """Whether the slots of a composite are ordered."""

    ordered: bool


Statement = typed.ItemStatement | typed.RegionStatement | Source | Pairing


@dataclass(frozen=True, slots=True)
class Said:
    """A statement, and the entries of the comparison that it is; a `let` is none."""

    statement: Statement
    entries: tuple[Entry, ...] = ()


@dataclass
class Draft:
    """A version of a program that is being changed.

    Attributes
    ----------
    program
        The program that it began as.
    said
        What each block and region says.
    values, tables
        Definitions and tables.
    """

    program: Program
    said: dict[str, tuple[Said, ...]]
    values: dict[str, typed.Value]
    tables: dict[str, typed.Table]

    def copy(self) -> Draft:
        """Return a version that can be changed without changing this one."""
        return Draft(self.program, dict(self.said), dict(self.values), dict(self.tables))

    def collections(self) -> dict[str, typed.ItemBlock]:
        """Return the blocks of items."""
        return {name: self._block(block) for name, block in self.program.collections.items()}

    def region(self, name: str) -> typed.Region:
        """Return a region."""
        statements = tuple(said.statement for said in self.said[name])
        return replace(self.program.regions[name], statements=statements)  # type: ignore[arg-type]

    def _block(self, block: typed.ItemBlock) -> typed.ItemBlock:
        statements = [said.statement for said in self.said[block.name]]
        sources = [statement for statement in statements if isinstance(statement, Source)]
        rest = tuple(s for s in statements if not isinstance(s, Source | Pairing))
        if isinstance(block, typed.ObjectBlock):
            return replace(block, sources=tuple(s.collection for s in sources), statements=rest)  # type: ignore[arg-type]
        ordered = any(isinstance(s, Pairing) and s.ordered for s in statements)
        slots = tuple(typed.Slot(source.slot or "", source.collection) for source in sources)
        return replace(block, slots=slots, ordered=ordered, statements=rest)  # type: ignore[arg-type]


def draft(program: Program, blocks: Mapping[str, Block]) -> Draft:
    """Take a program apart.

    Parameters
    ----------
    program
        The program.
    blocks
        Its entries, by block.
    """
    said: dict[str, tuple[Said, ...]] = {}
    for block in program.collections.values():
        entries = blocks[block.name].entries
        said[block.name] = (*_heads(block, entries), *_statements(one_sort(block.statements), entries))
    for region in program.regions.values():
        said[region.name] = tuple(_statements(enumerate(region.statements), blocks[region.name].entries))
    return Draft(program, said, dict(program.values), dict(program.tables))


def _heads(block: typed.ItemBlock, entries: Sequence[Entry]) -> list[Said]:
    sources = [entry for entry in entries if entry.kind == "source"]
    if isinstance(block, typed.ObjectBlock):
        return [Said(Source(name, None), (entry,)) for name, entry in zip(block.sources, sources, strict=True)]
    pairing = tuple(entry for entry in entries if entry.kind == "pairing")
    slots = [
        Said(Source(slot.collection, slot.name), (entry,)) for slot, entry in zip(block.slots, sources, strict=True)
    ]
    return [*slots, Said(Pairing(block.ordered), pairing)]


def _statements(statements: Iterable[tuple[int, Statement]], entries: Sequence[Entry]) -> list[Said]:
    result: list[Said] = []
    for number, statement in statements:
        own = tuple(entry for entry in entries if entry.place == number and entry.kind not in ("source", "pairing"))
        if isinstance(statement, typed.Filter) and len(own) > 1:
            result += [_part(statement, group) for group in _apart(own)]
        else:
            result.append(Said(statement, own))
    return result


def _part(statement: typed.Filter, group: tuple[Entry, ...]) -> Said:
    parts = tuple({id(part): part for entry in group for part in entry.parts}.values())
    condition: Expr = parts[0] if len(parts) == 1 else typed.Logical("and", parts, type=BOOL)
    name = ", ".join(entry.id for entry in group)
    criterion = replace(statement.criterion, id=name, span=group[0].span)
    return Said(typed.Filter(criterion, condition, negated=False), group)


def _apart(entries: Sequence[Entry]) -> list[tuple[Entry, ...]]:
    """Group the entries of a statement that share a part of its condition: these cannot be told apart in it."""
    groups: list[tuple[Entry, ...]] = []
    for entry in entries:
        parts = {id(part) for part in entry.parts}
        near = [group for group in groups if any(id(part) in parts for other in group for part in other.parts)]
        groups = [group for group in groups if group not in near]
        groups.append((*(other for group in near for other in group), entry))
    return groups


class CannotExchange(Exception):
    """A criterion that cannot be put in the place of its counterpart alone, and why."""
