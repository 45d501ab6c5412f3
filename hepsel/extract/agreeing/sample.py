"""A draft, cut into the statements on which is voted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from hepsel.compare.entries import Entry
from hepsel.semantics.program import Program
from hepsel.syntax import tree

Key = tuple[str, int]
"""A statement of a draft: its block, and its number in the block."""


@dataclass(frozen=True)
class Sample:
    """A draft that has no errors.

    Attributes
    ----------
    text
        The program.
    syntax, program
        Its syntax tree, and the typed program.
    """

    text: str
    syntax: tree.Program
    program: Program
    _blocks: dict[str, tree.Block] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_blocks", {block.name: block for block in self.syntax.blocks})

    def statements(self, block: str) -> tuple[tree.Statement, ...]:
        """Return the statements of a block."""
        return _statements(self._blocks[block])

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """All statements, in the order of the program."""
        return tuple((block.name, number) for block in self.syntax.blocks for number in range(len(_statements(block))))

    def statement(self, key: Key) -> tree.Statement:
        """Return a statement."""
        return self.statements(key[0])[key[1]]

    def statement_of(self, entry: Entry) -> Key | None:
        """Return the statement that an entry of a comparison stands for; `None` for rows of tables."""
        block = self._blocks.get(entry.block)
        if block is None or isinstance(block, tree.Define | tree.Table):
            return None
        statements = _statements(block)
        if entry.kind in ("source", "pairing"):
            places = (number for number, node in enumerate(statements) if isinstance(node, tree.Take))
        else:
            start = entry.span.start
            places = (number for number, node in enumerate(statements) if node.span.start <= start < node.span.end)
        number = next(places, None)
        return None if number is None else (entry.block, number)

    def plain(self, key: Key) -> str:
        """Return a statement without its annotations."""
        node = self.statement(key)
        end = min((note.span.start for note in node.annotations), default=node.span.end)
        return " ".join(self.text[node.span.start : end].split())

    def whole(self, key: Key) -> str:
        """Return a statement with its annotations."""
        node = self.statement(key)
        return self.text[node.span.start : node.span.end]

    def defines(self) -> Iterator[tree.Define]:
        """Yield the definitions."""
        return (block for block in self.syntax.blocks if isinstance(block, tree.Define))

    def value(self, define: tree.Define) -> str:
        """Return what a definition says, with single spaces."""
        return " ".join(self.text[define.value.span.start : define.value.span.end].split())


def _statements(block: tree.Block) -> tuple[tree.Statement, ...]:
    if isinstance(block, tree.ObjectBlock | tree.CompositeBlock | tree.RegionBlock):
        return block.statements
    return ()


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


def renamed(text: str, names: dict[str, str]) -> str:
    """Return a statement with other names; strings and attributes stay as they are."""
    pieces, end = [], 0
    for string in (*_STRING.finditer(text), None):
        start = len(text) if string is None else string.start()
        pieces.append(_NAME.sub(lambda name: names.get(name[0], name[0]), text[end:start]))
        if string is not None:
            pieces.append(string[0])
            end = string.end()
    return "".join(pieces)
