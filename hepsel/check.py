"""The front end as one call: text and format in, typed program out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hepsel.formats.loader import load_format
from hepsel.formats.schema import Format
from hepsel.semantics.checker import check
from hepsel.semantics.expressions import ExpressionChecker
from hepsel.semantics.program import Program
from hepsel.semantics.symbols import Symbols
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import Diagnostic, ProgramError, SourceText
from hepsel.syntax.mistakes import control_characters
from hepsel.syntax.parser import MAX_BYTES, parse
from hepsel.texts import STDIN, STDIN_NAME, as_text, read_stdin, read_text


@dataclass(frozen=True)
class Checked:
    """What is known of a program.

    Attributes
    ----------
    program
        The typed program; `None` when there are errors among the diagnostics.
    diagnostics
        All problems, in the order of the text.
    source
        The text.
    syntax
        What was understood of the text: all of it where there is a program; `None` where nothing was.
    """

    program: Program | None
    diagnostics: tuple[Diagnostic, ...]
    source: SourceText
    syntax: tree.Program | None

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that stop the program from running."""
        return tuple(item for item in self.diagnostics if item.severity == "error")

    def sound(self) -> Program:
        """Return the typed program.

        Raises
        ------
        ProgramError
            With all diagnostics, when there are errors.
        """
        if self.program is None:
            raise ProgramError(self.errors, self.source)
        return self.program


def check_text(
    text: str,
    data_format: Format | str | Path,
    name: str = "<program>",
    checker: Callable[[Symbols], ExpressionChecker] = ExpressionChecker,
) -> Checked:
    """Check a program given as text.

    Parameters
    ----------
    text
        The program.
    data_format
        A format, its name, or the path of its file.
    name
        How diagnostics call the program.
    checker
        Makes what types its expressions; see `check`.
    """
    source = SourceText(text, name)
    loaded = data_format if isinstance(data_format, Format) else load_format(str(data_format))
    understood, problems, lost = _understood(source)
    if understood is None:
        return Checked(None, tuple(problems), source, None)
    program, found = check(understood, source, loaded, lost, checker)
    diagnostics = sorted([*problems, *found], key=lambda item: (item.span.start, item.code))
    return Checked(None if problems else program, tuple(diagnostics), source, understood)


def check_syntax(text: str, name: str = "<program>") -> Checked:
    """Check what can be checked of a program without a format: how it is written, and not what it means."""
    source = SourceText(text, name)
    understood, problems, _ = _understood(source)
    return Checked(None, tuple(problems), source, understood)


def _understood(source: SourceText) -> tuple[tree.Program | None, list[Diagnostic], frozenset[str]]:
    """Return what `parse` does, with what is not seen in the text told as such."""
    understood, problems, lost = parse(source)
    unseen = {item.span.start: item for item in control_characters(source)}
    problems = [*unseen.values(), *(item for item in problems if item.span.start not in unseen)]
    return understood, sorted(problems, key=lambda item: item.span.start), lost


def read_source(path: str | Path, what: str = "program") -> str:
    """Read the text of a program, or of `what` else is about as long.

    Raises
    ------
    DataError
        When there is no such file, it is too large, or it is not text.
    """
    return read_text(path, what, MAX_BYTES)


def read_argument(argument: str) -> tuple[str, str]:
    """Return the name and the text of a program that is a file or, with `-`, standard input; see `read_source`."""
    if argument == STDIN:
        return STDIN_NAME, as_text(read_stdin("program", MAX_BYTES), STDIN_NAME)
    return argument, read_source(argument)


def check_file(path: str | Path, data_format: Format | str | Path) -> Checked:
    """Check a program in a file; see `check_text`."""
    return check_text(read_source(path), data_format, str(path))


def load_program(path_or_text: str | Path, data_format: Format | str | Path) -> Program:
    """Return the typed program of a file (a `Path`, or a name without line breaks) or of a text.

    Raises
    ------
    ProgramError
        With all diagnostics, when there are errors.
    """
    if isinstance(path_or_text, str) and "\n" in path_or_text:
        checked = check_text(path_or_text, data_format)
    else:
        checked = check_file(path_or_text, data_format)
    return checked.sound()
