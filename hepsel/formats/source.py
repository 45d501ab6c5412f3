"""The text of a format file: parsing it and finding the lines of its keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hepsel.errors import HepselError

KeyPath = tuple[str, ...]

MAX_DEPTH = 20
"""Tables and lists within each other: more than a format file has a use for."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in a format file, and the line (from 1) where it stands."""

    line: int
    message: str


class FormatError(HepselError):
    """A format file that does not say what a format file must: all its problems at once.

    Attributes
    ----------
    source
        Name of the file.
    problems
        What is wrong, in order of lines.
    """

    def __init__(self, source: str, problems: tuple[Problem, ...]) -> None:
        self.source = source
        self.problems = problems
        lines = [f"{source}:{problem.line}: {problem.message}" for problem in problems]
        super().__init__("\n".join([*lines, f"{source}: {len(problems)} error(s)"]))


def parse(text: str, source: str) -> dict[str, object]:
    """Parse TOML.

    Raises
    ------
    FormatError
        If the text is not TOML, is nested too deep, or has integers that TOML need not hold.
    """
    try:
        content = tomllib.loads(text)
    except RecursionError:
        raise FormatError(source, (Problem(1, _TOO_DEEP),)) from None
    except ValueError as error:  # a TOMLDecodeError, or an integer of thousands of digits
        message = str(error)
        found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
        last = text.count("\n") + 1
        line = int(found[1]) if found and found[1] else last
        told = message[: found.start()] if found else message
        raise FormatError(source, (Problem(line, f"not valid TOML: {told}"),)) from None
    if unusable := list(_unusable(content)):
        lines = key_lines(text)
        raise FormatError(source, tuple(sorted({Problem(line_of(lines, path), told) for path, told in unusable})))
    return content


_TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"


def _unusable(content: dict[str, object]) -> Iterator[tuple[KeyPath, str]]:
    """Yield where something stands that nothing behind the parser has to cope with; found without recursion."""
    stack: list[tuple[KeyPath, object]] = [((), content)]
    while stack:
        path, value = stack.pop()
        if len(path) > MAX_DEPTH:
            yield path, _TOO_DEEP
        elif isinstance(value, dict):
            stack += [((*path, key), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            stack += [((*path, ""), inner) for inner in value]
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            yield path, f"`{path[-1] or path[-2]}` does not fit into 64 bits with a sign"


def key_lines(text: str) -> dict[KeyPath, int]:
    r"""Return the line on which each key and table of a valid TOML text first stands.

    Statements are told apart by the TOML parser itself: lines are added to one until it parses.

    Examples
    --------
    >>> key_lines("a = 1\n[b.c]\nd = 2")
    {('a',): 1, ('b',): 2, ('b', 'c'): 2, ('b', 'c', 'd'): 3}
    """
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, statement in _statements(text):
        parsed = tomllib.loads(statement)
        paths = list(_paths(parsed))
        if statement.lstrip().startswith("["):
            table = max(paths, key=len)
            paths = [table[: depth + 1] for depth in range(len(table))]
        else:
            paths = [table + path for path in paths]
        for path in paths:
            lines.setdefault(path, number)
    return lines


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """Return the line of a key, or of the innermost table around it that has one."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    pending: list[str] = []
    start = 1
    for number, line in enumerate(text.split("\n"), start=1):  # TOML knows no other ends of lines
        if not pending:
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            start = number
        pending.append(line)
        statement = "\n".join(pending)
        try:
            tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue
        yield start, statement
        pending.clear()


def _paths(value: object, prefix: KeyPath = ()) -> Iterator[KeyPath]:
    if isinstance(value, dict) and len(prefix) <= MAX_DEPTH:
        for key, inner in value.items():
            yield (*prefix, key)
            yield from _paths(inner, (*prefix, key))
