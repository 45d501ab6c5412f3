"""`hepsel fmt`."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import click

from hepsel.cli.streams import tell
from hepsel.errors import DataError, ExitCode, HepselError
from hepsel.files import is_stream, write_files
from hepsel.syntax.formatter import format_source
from hepsel.syntax.parser import MAX_BYTES
from hepsel.texts import STDIN, STDIN_NAME, read_bytes, read_stdin


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
def fmt(files: tuple[str, ...], check: bool, diff: bool) -> int:
    """Bring programs into the canonical layout, in place.

    `-` reads standard input and writes standard output. Comments stay, and a file with syntax
    errors is left as it is. Exit code 0: done; 1: syntax errors, or a file would change (with
    `--check`); 3: a file cannot be read or written.
    """
    status = ExitCode.OK
    for file in files:
        try:
            found = _format(file, check=check, diff=diff)
        except HepselError as error:
            tell(str(error))
            found = error.exit_code
        status = max(status, found)
    return status


def _format(file: str, *, check: bool, diff: bool) -> ExitCode:
    name = STDIN_NAME if file == STDIN else file
    before = _read(file, name)
    after = format_source(before, name)
    changed = before != after
    if diff and changed:
        _print_diff(before, after, name)
    if check:
        if changed:
            print(f"would reformat {name}", file=sys.stderr)
        return ExitCode.PROBLEMS if changed else ExitCode.OK
    if diff:
        return ExitCode.OK
    if file == STDIN or is_stream(Path(file)):
        _print(after)
    elif changed:
        write_files({Path(file): after})
        print(f"reformatted {name}", file=sys.stderr)
    return ExitCode.OK


def _read(file: str, name: str) -> str:
    # As bytes, so that line ends stay what they are.
    what = "program"
    data = read_stdin(what, MAX_BYTES) if file == STDIN else read_bytes(file, what, MAX_BYTES)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(f"{name}: is not UTF-8 text (line {line})") from None


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def _print_diff(before: str, after: str, name: str) -> None:
    lines = difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, name)
    for line in lines:
        _print(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
