"""`hepsel diff`."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Literal

import click
from rich.console import Console

from hepsel.check import check_text, read_source
from hepsel.cli.format_option import format_option
from hepsel.cli.options import EntriesType, FiniteRange
from hepsel.cli.progress import shown_progress
from hepsel.cli.trouble import no_difference
from hepsel.compare.diff import compare_programs
from hepsel.compare.event_file import EXTENSIONS, disagreement_columns, event_file
from hepsel.compare.events import compare_events
from hepsel.compare.report import to_html, to_json, to_latex, to_markdown, to_terminal
from hepsel.compare.score import score
from hepsel.compare.versions import shifted
from hepsel.errors import DataError, ExitCode
from hepsel.files import refuse_inputs
from hepsel.formats.loader import load_format
from hepsel.formats.schema import Format
from hepsel.run.inputs import Entries, find_files
from hepsel.semantics.program import Program
from hepsel.syntax.diagnostics import printable

_WRITERS = {"json": to_json, "markdown": to_markdown, "html": to_html, "latex": to_latex}

_CHUNK = 20_000
"""Smaller than for one run: the variants of both programs are in memory together."""

_NOTHING = 'hepsel 1\nanalysis "nothing"\n'


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@format_option("Data format of both programs.")
@click.option("--format-b", "format_b", metavar="NAME|FILE", help="Data format of B, if it is another one.")
@click.option("--truth", type=click.Choice(["A", "B"]), help="Score the other program against this one.")
@click.option(
    "--output",
    type=click.Choice(["table", *_WRITERS]),
    default="table",
    show_default=True,
    help="How the result is written.",
)
@click.option("--all", "everything", is_flag=True, help="List what is identical or equivalent too.")
@click.option("--quiet", is_flag=True, help="Print nothing: the exit code says it.")
@click.option(
    "--data",
    multiple=True,
    metavar="FILES...",
    help="Run both programs over these files: which events does each difference move?",
)
@click.argument("more_data", nargs=-1, metavar="")
@click.option(
    "--events",
    "events_path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write all events on which the programs disagree: .csv or .parquet.",
)
@click.option("--entries", type=EntriesType(), default=Entries(), help="Only these events of the data.")
@click.option(
    "--chunk",
    type=click.IntRange(min=1),
    default=_CHUNK,
    show_default=True,
    metavar="N",
    help="Events in memory at a time.",
)
@click.option("--interpreter", is_flag=True, help="Run the interpreter, not generated code: slow, to compare.")
@click.option(
    "--seconds",
    type=FiniteRange(min=0.001, max=1_000_000),
    default=2.0,
    show_default=True,
    help="Solver's limit per question.",
)
def diff(
    first: str,
    second: str,
    format_name: str,
    format_b: str | None,
    truth: Literal["A", "B"] | None,
    output: str,
    everything: bool,
    quiet: bool,
    seconds: float,
    data: tuple[str, ...],
    more_data: tuple[str, ...],
    events_path: Path | None,
    entries: Entries,
    chunk: int,
    interpreter: bool,
) -> int:
    """Compare what two programs mean, criterion by criterion.

    With `--truth B`, `missing` is what B says and A does not. Exit code 0: the same; 1: different; 2 or more: trouble,
    such as a program with errors.
    """
    if more_data and not data:
        raise click.UsageError(f"unexpected argument {more_data[0]}: data files stand behind --data")
    if events_path is not None and not data:
        raise click.UsageError("--events needs data: name the files with --data FILES")
    if events_path is not None and events_path.suffix not in EXTENSIONS:
        raise click.UsageError(f"--events {events_path}: the name must end with {' or '.join(EXTENSIONS)}")
    with no_difference():
        format_a = load_format(format_name)
        ours, theirs = _load(first, format_a), _load(second, load_format(format_b) if format_b else format_a)
    if data:
        theirs = shifted(theirs, ours)
    comparison = compare_programs(ours, theirs, names=("A", "B"), seconds=seconds, reference=truth or "A", brief=True)
    events = None
    if data:
        if ours.format != theirs.format:
            raise DataError("the programs are for different formats: the same files cannot be read by both")
        files = find_files((*data, *more_data))
        if events_path is not None:
            lists = (name.removeprefix("@") for name in (*data, *more_data))
            refuse_inputs(events_path, (first, second, format_name, format_b, *lists, *(file.path for file in files)))
        with contextlib.ExitStack() as stack:
            progress = stack.enter_context(shown_progress())
            columns = disagreement_columns(ours.format)
            sink = None if events_path is None else stack.enter_context(event_file(events_path, columns))
            events = compare_events(
                comparison, files, entries=entries, chunk=chunk, interpreter=interpreter, sink=sink, progress=progress
            )
    scores = None if truth is None else score(comparison, "first" if truth == "A" else "second")
    rows = comparison.rows if everything else comparison.differences
    if quiet:
        pass
    elif output == "table":
        # Redirected, a table is as wide as it needs to be.
        console = Console(width=None if sys.stdout.isatty() else 200, soft_wrap=False)
        console.print(printable(f"A: {first}"), printable(f"B: {second}"), sep="\n", markup=False, highlight=False)
        to_terminal(comparison, rows, scores, events, console)
    else:
        print(_WRITERS[output](comparison, rows, scores, events))
    wrong = events is not None and events.unexplained
    return ExitCode.OK if comparison.same and not wrong else ExitCode.PROBLEMS


def _load(path: str, data_format: Format) -> Program:
    text = _NOTHING if _is_nothing(path) else read_source(path)
    return check_text(text, data_format, path).sound()


def _is_nothing(path: str) -> bool:
    """Whether git stands this path in the place of a file that is not there on one side."""
    return Path(path) == Path("/dev/null")
