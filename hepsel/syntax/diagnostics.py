"""What is wrong with a program, where, and what was probably meant."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from hepsel.errors import HepselError
from hepsel.syntax.tree import Span

Severity = Literal["error", "warning", "hint"]

SEVERITIES: dict[str, Severity] = {"E": "error", "W": "warning", "H": "hint"}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem of a program.

    Attributes
    ----------
    code
        `E...` for an error, `W...` for a warning, `H...` for a hint; each has a page in the documentation.
    message
        What is wrong, in one sentence without a full stop.
    span
        Where.
    proposal
        What was probably meant, in words that can be followed.
    replacement
        Text that would mend `span`, where that is certain enough to be applied by a tool.
    related
        What else of the program it is about, as the cut that asks for the opposite.
    """

    code: str
    message: str
    span: Span
    proposal: str | None = None
    replacement: str | None = None
    related: Span | None = None

    @property
    def severity(self) -> Severity:
        """How much it matters: only errors stop a program from running."""
        return SEVERITIES[self.code[0]]


@dataclass(frozen=True)
class SourceText:
    """A program's text and the name under which it is reported."""

    text: str
    name: str = "<program>"

    @cached_property
    def _starts(self) -> Sequence[int]:
        starts = [0]
        starts.extend(index + 1 for index, char in enumerate(self.text) if char == "\n")
        return starts

    def span(self, start: int, end: int) -> Span:
        """Return the span of a range of characters."""
        line = bisect_right(self._starts, start)
        return Span(start, end, line, start - self._starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """Return a line (from 1) without its end."""
        start = self._starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")


_CONTEXT = 160  # characters of a long line that are shown around the caret


def render(diagnostic: Diagnostic, source: SourceText) -> str:
    """Return the diagnostic as a terminal shows it: place, message, source line with a caret, proposal."""
    span = diagnostic.span
    line = source.line(span.line)
    first = span.column - 1
    width = max(1, min(span.end - span.start, len(line) - first))
    offset = max(0, first - _CONTEXT // 2) if len(line) > _CONTEXT else 0
    shown = printable(line[offset : offset + _CONTEXT])
    width = min(width, max(1, _CONTEXT - (first - offset)))
    number = str(span.line)
    margin = " " * len(number)
    lines = [
        f"{source.name}:{span.line}:{span.column}: {diagnostic.severity} {diagnostic.code}: "
        f"{printable(diagnostic.message)}",
        f"  {number} | {shown}",
        f"  {margin} | {' ' * (first - offset)}{'^' * width}",
    ]
    if diagnostic.proposal:
        lines.append(f"  {margin} = {printable(diagnostic.proposal)}")
    return "\n".join(lines)


def printable(text: str) -> str:
    """Return `text` with control characters made visible, so that a program cannot steer the terminal."""
    return "".join(char if char.isprintable() else " " if char == "\t" else "�" for char in text)


def printable_lines(text: str) -> str:
    """Return a text of several lines with all other control characters made visible."""
    return "\n".join(map(printable, text.split("\n")))


def as_json(diagnostic: Diagnostic, source: SourceText) -> dict[str, Any]:
    """Return the diagnostic as plain data, as `--json` prints it."""
    span, related = diagnostic.span, diagnostic.related
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "file": source.name,
        "line": span.line,
        "column": span.column,
        "start": span.start,
        "end": span.end,
        "source": source.line(span.line),
        "proposal": diagnostic.proposal,
        "replacement": diagnostic.replacement,
        "related": None
        if related is None
        else {"line": related.line, "column": related.column, "start": related.start, "end": related.end},
    }


def unread_as_json(message: str, name: str) -> dict[str, Any]:
    """Return what is said of a program that cannot be read, with the keys of `as_json`: `None` for all of its place."""
    return {
        "code": None,
        "severity": "error",
        "message": message.removeprefix(f"{name}: "),
        "file": name,
        "line": None,
        "column": None,
        "start": None,
        "end": None,
        "source": None,
        "proposal": None,
        "replacement": None,
        "related": None,
    }


class ProgramError(HepselError):
    """A program with errors; `diagnostics` holds all of them, warnings included."""

    def __init__(self, diagnostics: Iterable[Diagnostic], source: SourceText) -> None:
        self.diagnostics = tuple(diagnostics)
        self.source = source
        super().__init__("\n\n".join(render(item, source) for item in self.diagnostics))
