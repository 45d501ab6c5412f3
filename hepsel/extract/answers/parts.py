"""The parts that a program is repaired in: statements, first lines of blocks, whole blocks, the header."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from hepsel.semantics.units import UNITS
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import STATEMENTS, parse, statement_around
from hepsel.syntax.printer import print_program

RepairKind = Literal["statement of an item", "statement of a region", "block", "definition", "header"]
"""What a part is, told apart by what may stand in its place."""

Kind = Literal["statement", "block", "definition", "header"]

_BLOCK_START = re.compile(r"^[ \t]*(object|composite|region|define|table)\b", re.MULTILINE)
_CRITERIA = (tree.Select, tree.Reject, tree.External, tree.KeepFirst, tree.KeepBest)
_CITED = re.compile(r'cite\s+\w+\s+"[^"\n]*"')
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_NEARER = 0.6  # how much more another part has to be like a repair than its own
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?!\w)")
_NAME = re.compile(r"[A-Za-z_]\w*")
_CRITERION = re.compile(r"^[ \t]*(?:select|reject|external|keep)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """A range of a program's text that can be put in another one's place.

    Attributes
    ----------
    kind
        What it is; a `statement` stands in a block.
    start, end
        Where it stands.
    block
        The keyword and name of the block that it is, or stands in; empty for the header.
    node
        What it says, where that was understood.
    """

    kind: Kind
    start: int
    end: int
    block: tuple[str, str] = ("", "")
    node: tree.Node | None = None

    def of(self, text: str) -> str:
        """Return the part of the program's text."""
        return text[self.start : self.end]

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return "the header" if self.kind == "header" else " ".join(self.block)


def part_at(text: str, program: tree.Program, position: int, *, take_is_block: bool) -> Part | None:
    """Return the part of a program in which a problem at `position` is mended, `None` for none but the whole.

    Parameters
    ----------
    text, program
        The program, and what was understood of it: statements with syntax errors are missing there.
    position
        A place in the text.
    take_is_block
        Whether a problem of a block's `take` is one of the block, which means nothing without it.
    """
    header = program.analysis
    if header is not None and header.span.start <= position < header.span.end:
        return Part("header", header.span.start, header.span.end, node=header)
    found = next((block for block in reversed(program.blocks) if block.span.start <= position), None)
    first_line = max((match.start() for match in _BLOCK_START.finditer(text, 0, position + 1)), default=-1)
    if first_line > (found.span.start if found is not None else -1):
        return _broken_block(text, first_line)
    if found is None:
        return None
    if not isinstance(found, tree.Body):
        keyword = "table" if isinstance(found, tree.Table) else "define"
        inside = position < found.span.end
        return Part("definition", found.span.start, found.span.end, (keyword, found.name), found) if inside else None
    name = (tree.BODIES[type(found)], found.name)
    whole = Part(
        "block", found.span.start, _trimmed(text, found.span.start, _end(text, program, found))[1], name, found
    )
    for statement in found.statements:
        if statement.span.start <= position < statement.span.end:
            if take_is_block and isinstance(statement, tree.Take):
                return whole
            return Part("statement", statement.span.start, statement.span.end, name, statement)
    if position < found.name_span.end:
        return whole
    start, end = _trimmed(text, *statement_around(text, position))
    if start <= found.span.start:
        return whole
    if text.startswith("take", start) and take_is_block:
        return whole
    return Part("statement", start, end, name)


def _broken_block(text: str, start: int) -> Part:
    """Return the block or definition whose first line, which begins at `start`, was not understood.

    The statements of such a block have lost their first line, and must not be taken for those of the block before.
    """
    first = _BLOCK_START.match(text, start)
    assert first is not None
    after = _BLOCK_START.search(text, first.end())
    kind: Kind = "definition" if first[1] in ("define", "table") else "block"
    name = (first[1], (text[first.end() :].split() or ["?"])[0])
    return Part(kind, *_trimmed(text, start, after.start() if after else len(text)), name)


def _end(text: str, program: tree.Program, block: tree.Block) -> int:
    """Return where a block ends: where the next one begins, even if that was not understood."""
    after = _BLOCK_START.search(text, block.name_span.end)
    starts = [other.span.start for other in program.blocks if other.span.start > block.span.start]
    return min([*starts, after.start() if after else len(text)])


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def criteria_in(text: str) -> int:
    """Return how many lines of a text begin a criterion, whether they are understood or not."""
    return len(_CRITERION.findall(text))


def fits(new: str, part: Part, old: str) -> str | None:
    """Return why a text cannot stand in the place of a part, or `None` when it can.

    Parameters
    ----------
    new
        The text.
    part, old
        The part and its text, none of whose criteria may be left out.
    """
    if part.kind == "statement":
        keyword = part.block[0] or "object"
        whole = f'hepsel 1\nanalysis "x"\n{keyword} x\n{new}\n'
    elif part.kind == "header":
        whole = f"hepsel 1\n{new}\n"
    else:
        whole = f'hepsel 1\nanalysis "x"\n{new}\n'
    program, diagnostics, _ = parse(SourceText(whole))
    if diagnostics or program is None:
        return f"this is not a part of a program: {diagnostics[0].message}" if diagnostics else "this is no program"
    blocks = program.blocks
    match part.kind:
        case "statement":
            right = len(blocks) == 1 and isinstance(blocks[0], tree.Body) and len(blocks[0].statements) > 0
        case "header":
            right = not blocks and program.analysis is not None
        case "definition":
            right = len(blocks) > 0 and all(isinstance(block, tree.Define | tree.Table) for block in blocks)
        case "block":
            right = len(blocks) > 0
    if not right:
        return f"only {_WANTED[part.kind]} can stand here"
    held = sum(isinstance(node, _CRITERIA) for node in tree.walk(program))
    return "it leaves out a criterion" if held < criteria_in(old) else None


def is_of_another(new: str, old: str, others: Sequence[str]) -> bool:
    """Return whether a repair is of another criterion than the part that it is for: its number is wrong.

    A model that leaves one repair out numbers the others anew. What it mends has something of the part, and not much
    more of another one.

    Parameters
    ----------
    new, old
        The repair, and the statement in whose place it would be put.
    others
        The other statements that were to be mended.
    """
    mine = _facts(new)
    likeness = mine.likeness(_facts(old))
    return likeness == 0 or any(mine.likeness(_facts(other)) > likeness + _NEARER for other in others)


@dataclass(frozen=True, slots=True)
class _Facts:
    """By what a statement is known: what it cites, its numbers other than the smallest ones, and its names."""

    cites: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]

    def likeness(self, other: _Facts) -> float:
        """Return how much two statements have in common: a citation or a number tells more than all names."""
        same = bool(self.cites & other.cites) + bool(self.numbers & other.numbers)
        return 2 * same + len(self.names & other.names) / max(len(self.names | other.names), 1)


def _facts(text: str) -> _Facts:
    cites = frozenset(_CITED.findall(text))
    bare = _STRING.sub("", _CITED.sub("", text))
    names = frozenset(_NAME.findall(bare)) - frozenset((*STATEMENTS, *UNITS, "assume", "note", "as"))
    return _Facts(cites, frozenset(_NUMBER.findall(bare)) - {"0", "1", "2"}, names)


_WANTED: dict[Kind, str] = {
    "statement": "statements",
    "header": "the header",
    "definition": "definitions",
    "block": "blocks",
}


def lost(before: tree.Program, after: tree.Program, places: Sequence[int]) -> list[str]:
    """Return the statements of `before` that are missing in `after` though nothing was wrong with them.

    Parameters
    ----------
    before, after
        Two programs; blocks may have other names in the second.
    places
        Where something is wrong in the first.
    """
    right = (text for span, text in _said(before) if not any(span.start <= place < span.end for place in places))
    return list((Counter(right) - Counter(text for _, text in _said(after))).elements())


def _said(program: tree.Program) -> Iterator[tuple[tree.Span, str]]:
    for block in program.blocks:
        if isinstance(block, tree.Body):
            for statement in block.statements:
                printed = print_program(tree.Program(1, None, (tree.ObjectBlock("x", (statement,)),)))
                yield statement.span, printed.split("\n", 3)[3].strip()
        else:
            yield block.span, print_program(tree.Program(1, None, (block,))).split("\n", 2)[2].strip()
