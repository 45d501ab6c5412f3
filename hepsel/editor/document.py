"""A program as an editor has it, errors or not: what is wrong with it, and what its expressions were typed as."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hepsel.check import Checked, check_syntax, check_text
from hepsel.formats.schema import Format
from hepsel.semantics import program as typed
from hepsel.semantics.expressions import ExpressionChecker, Scope
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import UNKNOWN, Type
from hepsel.syntax import tree

_PROSE = re.compile(r'#[^\n]*|"(?:[^"\\\n]|\\.)*"?')
_WORD_BEFORE, _WORD_BEHIND = re.compile(r"[A-Za-z0-9_]*\Z"), re.compile(r"[A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Seen:
    """An expression as it was typed; its type is unknown where it is wrong.

    Attributes
    ----------
    typed
        What became of it.
    expected
        The type of what it is compared with.
    scope
        What names mean where it stands.
    """

    typed: typed.Expr
    expected: Type | None
    scope: Scope


class Watched(ExpressionChecker):
    """Types expressions, and takes note of each by its place.

    A place is noted as it stands in the text, which is how it is typed first: calls of a function, with their
    arguments, and repetitions of a block, with their changes, come later. What depends on a parameter has a type only
    then, and may have several.
    """

    def __init__(self, symbols: Symbols) -> None:
        self.seen: dict[tuple[int, int], Seen] = {}
        self.in_calls: dict[tuple[int, int], list[Type]] = {}
        super().__init__(symbols)

    def check(self, expr: tree.Expr, expected: Type | None = None) -> typed.Expr:
        """Type an expression."""
        result = super().check(expr, expected)
        if self.scope.program_names:  # not those of the format, which are another text
            place = expr.span.start, expr.span.end
            first = self.seen.setdefault(place, Seen(result, expected, self.scope))
            if first.typed.type == UNKNOWN != result.type and result.type not in self.in_calls.setdefault(place, []):
                self.in_calls[place].append(result.type)
        return result


class Document:
    """A text, and what is known of it.

    Parameters
    ----------
    text
        As the editor has it.
    data_format
        What it is checked against; without one, only its syntax is.
    """

    def __init__(self, text: str, data_format: Format | None) -> None:
        self.text = text
        self.format = data_format
        self.types: Watched | None = None
        self.checked: Checked = (
            check_syntax(text) if data_format is None else check_text(text, data_format, checker=self._watched)
        )
        self.blocks: dict[str, tree.Block] = {}
        for block in self.checked.syntax.blocks if self.checked.syntax is not None else ():
            self.blocks.setdefault(block.name, block)

    def _watched(self, symbols: Symbols) -> Watched:
        self.types = Watched(symbols)
        return self.types

    def seen(self, span: tree.Span) -> Seen | None:
        """Return what was found about the expression at a place."""
        return None if self.types is None else self.types.seen.get((span.start, span.end))

    def type_at(self, span: tree.Span) -> Type | None:
        """Return the type of the expression at a place."""
        found = self.seen(span)
        return None if found is None else found.typed.type

    def types_at(self, span: tree.Span) -> list[Type]:
        """Return the type of the expression at a place; in a function, those that calls give to it."""
        if self.types is None:
            return []
        kind = self.type_at(span)
        if kind is None or kind == UNKNOWN:
            return self.types.in_calls.get((span.start, span.end), [])
        return [kind]

    def nodes_at(self, offset: int) -> list[tree.Node]:
        """Return the nodes around a place, the innermost first."""
        return nodes_at(self.checked.syntax, offset)

    def statements(self) -> Iterator[tree.Statement]:
        """Yield the statements of all blocks."""
        for block in self.blocks.values():
            yield from block.statements if isinstance(block, tree.Body) else ()


def nodes_at(node: tree.Node | None, offset: int) -> list[tree.Node]:
    """Return a node and those below it that are around a place, the innermost first; none of nothing."""
    found: list[tree.Node] = []
    while node is not None:
        found.append(node)
        node = next((c for c in tree.children(node) if c.span.start <= offset < c.span.end), None)
    return found[::-1]


def word_at(text: str, offset: int) -> tuple[int, int]:
    """Return the range of the word around a place, which may be empty."""
    line = text.rfind("\n", 0, offset) + 1
    before, behind = _WORD_BEFORE.search(text, line, offset), _WORD_BEHIND.match(text, offset)
    assert before is not None
    assert behind is not None
    return before.start(), behind.end()


def is_prose(text: str, offset: int) -> bool:
    """Whether a place is in a comment or a string, also in one that is not closed yet."""
    line = text.rfind("\n", 0, offset) + 1
    for match in _PROSE.finditer(text, line):
        if match.start() >= offset:
            return False
        closed = match[0].endswith('"') and len(match[0]) > 1
        if offset < match.end() or (offset == match.end() and not closed):
            return True
    return False
