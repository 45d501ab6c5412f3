"""A draft, cut into the statements on which is voted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from hepsel.check import check_text
from hepsel.compare.entries import Entry
from hepsel.formats.schema import Format
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

    def block(self, name: str) -> tree.Block:
        """Return a block."""
        return self._blocks[name]

    def place(self, name: str) -> int:
        """Return the how many-eth block has a name."""
        return list(self._blocks).index(name)

    @property
    def start(self) -> int:
        """Where the first block begins."""
        return self.syntax.blocks[0].span.start if self.syntax.blocks else len(self.text)

    def first_body(self, definitions: Sequence[str]) -> str | None:
        """Return the first block with statements, or `None` where definitions have to stand behind such a block."""
        bodies = [block.name for block in self.syntax.blocks if _statements(block)]
        return None if not bodies or names_in("\n".join(definitions)) & set(bodies) else bodies[0]

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

    def statements_of(self, entries: Iterable[Entry]) -> list[Key]:
        """Return the statements that entries of a comparison stand for, each once."""
        keys = (self.statement_of(entry) for entry in entries)
        return [key for key in dict.fromkeys(keys) if key is not None]

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
    if isinstance(block, tree.Body):
        return block.statements
    return ()


def checked_sample(text: str, data_format: Format) -> Sample | None:
    """Return a draft, or `None` where it has errors."""
    checked = check_text(text, data_format)
    if checked.program is None or checked.syntax is None:
        return None
    return Sample(text, checked.syntax, checked.program)


def with_note(sample: Sample, block: str, note: str, data_format: Format) -> Sample:
    """Return a draft with a note behind a definition or the first line of a block."""
    node = sample.block(block)
    first = node.span.end if isinstance(node, tree.Define | tree.Table) else node.name_span.end
    end = max((first, *(one.span.end for one in node.annotations)))
    found = checked_sample(f"{sample.text[:end]}  {note}{sample.text[end:]}", data_format)
    assert found is not None  # a note means nothing
    return found


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


_ANY_NAME = re.compile(r"[A-Za-z_]\w*")
_ATTRIBUTE = re.compile(r"(?<=\.)[A-Za-z_]\w*")
_NO_ATTRIBUTES: Mapping[str, str] = {}


def renamed(text: str, names: Mapping[str, str], attributes: Mapping[str, str] = _NO_ATTRIBUTES) -> str:
    """Return a part of a program with other names, and other names of attributes; strings stay as they are."""
    pieces, end = [], 0
    for string in (*_STRING.finditer(text), None):
        start = len(text) if string is None else string.start()
        piece = _NAME.sub(lambda name: names.get(name[0], name[0]), text[end:start])
        pieces.append(_ATTRIBUTE.sub(lambda name: attributes.get(name[0], name[0]), piece))
        if string is not None:
            pieces.append(string[0])
            end = string.end()
    return "".join(pieces)


def names_in(text: str) -> set[str]:
    """Return all names in a program, of whatever they are."""
    return {name for piece in _STRING.split(text) for name in _ANY_NAME.findall(piece)}
