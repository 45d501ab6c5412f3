"""Where a program has a full turn, as what brings differences of azimuths back by hand does."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from hepsel.semantics.names_in import names_in
from hepsel.syntax import tree


class Turns:
    """Says whether a difference of azimuths is brought back where it stands, or by what uses it.

    Parameters
    ----------
    program
        As parsed.
    """

    def __init__(self, program: tree.Program) -> None:
        self._program = program

    def bring_back(self, span: tree.Span) -> bool:
        """Whether there is a full turn in the statement at a place, or in one that uses what this one defines."""
        starts, brought_back = self._statements
        number = bisect_right(starts, span.start) - 1
        return number >= 0 and brought_back[number]

    @cached_property
    def _statements(self) -> tuple[list[int], list[bool]]:
        """Where the statements of the program begin, and of each whether what it subtracts is brought back."""
        statements = list(_statements(self._program))
        turns: list[bool] = []
        turning: set[str] = set()  # constants and functions, with which others turn
        for name, node in statements:
            turns.append(has_full_turn(node) or not turning.isdisjoint(names_in(node)))
            if name is not None and turns[-1] and isinstance(node, tree.Define) and _is_constant_or_function(node):
                turning.add(name)
        used: set[str] = set()  # by a statement with a turn, directly or through what it uses
        for number in reversed(range(len(statements))):
            name, node = statements[number]
            turns[number] |= name in used
            if turns[number]:
                used |= names_in(node)
                used.update(part.name for part in tree.walk(node) if isinstance(part, tree.Attribute))
        return [node.span.start for _, node in statements], turns


def has_full_turn(node: tree.Node) -> bool:
    """Whether there is a full turn in a part of a program: `2 * pi` or its value, and not `2 * pi / 3`."""
    parts: set[int] = set()
    for part in tree.walk(node):
        match part:
            case tree.Binary("/", tree.Binary("*") as divided, _):
                parts.add(id(divided))
            case tree.Binary("*", tree.Number(text), tree.Name("pi")) | tree.Binary(
                "*", tree.Name("pi"), tree.Number(text)
            ):
                if float(text) == 2 and id(part) not in parts:
                    return True
            case tree.Number(text, None) if text.startswith("6.28"):
                return True
    return False


def _statements(program: tree.Program) -> Iterator[tuple[str | None, tree.Node]]:
    """Yield definitions and statements in order, and what they name."""
    for block in program.blocks:
        if isinstance(block, tree.Body):
            for statement in block.statements:
                yield statement.name if isinstance(statement, tree.Let) else None, statement
        else:
            yield block.name, block


def _is_constant_or_function(define: tree.Define) -> bool:
    if define.parameters is not None:
        return True
    return not any(
        isinstance(part, tree.Attribute | tree.Call | tree.Index) or (isinstance(part, tree.Name) and part.name != "pi")
        for part in tree.walk(define.value)
    )
