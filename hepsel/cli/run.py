"""`hepsel run`."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from hepsel.check import check_file
from hepsel.cli.compile import TRANSPORTS
from hepsel.cli.fitting import only_fit
from hepsel.cli.format_option import format_option
from hepsel.cli.options import EntriesType
from hepsel.cli.program import told
from hepsel.cli.progress import shown_progress
from hepsel.cli.run_results import STYLES, Report, now
from hepsel.cli.run_servicex import PYTHON, check_options, run_servicex
from hepsel.errors import DataError, ExitCode, HepselError
from hepsel.run.directory import reserved_directory
from hepsel.run.engine import generate_code
from hepsel.run.execute import DEFAULT_CHUNK, Outcome, Progress, Settings, execute
from hepsel.run.good_runs import read_good_runs
from hepsel.run.inputs import Entries, InputFile, check_unchanged, find_files
from hepsel.run.manifest import file_inputs, job_data
from hepsel.run.outputs import names_among_columns
from hepsel.run.servicex import Server
from hepsel.run.state import FOLDER, State
from hepsel.signals import Terminated
from hepsel.syntax.diagnostics import printable

_MOST_WORKERS = 1024


@click.command()
@click.argument("program_path", metavar="FILE.hepsel")
@click.argument("data", nargs=-1, required=True, metavar="DATA...")
@format_option(
    "Data format of the files; without it, the one that `hepsel inspect` finds for the first.", required=False
)
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Write all results there.")
@click.option("--json", "as_data", is_flag=True, help="Print the cutflow as JSON, not as tables.")
@click.option("--entries", type=EntriesType(), default=Entries(), help="Only these events.")
@click.option(
    "--chunk",
    type=click.IntRange(min=1),
    default=DEFAULT_CHUNK,
    show_default=True,
    metavar="N",
    help="Events in memory at a time, for each worker.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, _MOST_WORKERS),
    default=1,
    show_default=True,
    metavar="N",
    help="Local processes.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Workers of a dask cluster instead: the scheduler's address, for example tcp://host:8786.",
)
@click.option(
    "--good-runs",
    "good_runs_paths",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Only events of this good-run list (ATLAS XML or CMS JSON); several add up.",
)
@click.option("--skip-bad-files", is_flag=True, help="Go on without files that cannot be read.")
@click.option("--trace", is_flag=True, help="Write for every event the first criterion it failed.")
@click.option(
    "--columns",
    type=click.Choice(["parquet", "root"]),
    default="parquet",
    show_default=True,
    help="File format of saved columns.",
)
@click.option(
    "--style",
    type=click.Choice(STYLES, case_sensitive=False),
    help="Look of the pictures; without it, that of the format's experiment.",
)
@click.option("--no-hash", is_flag=True, help="Leave the hashes of the data files out of the manifest.")
@click.option("--interpreter", is_flag=True, help="Run the interpreter, not the generated code: slow, to compare.")
@click.option("--servicex", is_flag=True, help="DATA are data sets that a ServiceX server reads.")
@click.option(
    "--transport",
    type=click.Choice(TRANSPORTS),
    default=TRANSPORTS[0],
    show_default=True,
    help="With --servicex: what the server is sent.",
)
@click.option("--endpoint", metavar="NAME", help="With --servicex: the server, as servicex.yaml calls it.")
@click.option("--config", metavar="FILE", help="With --servicex: the path of servicex.yaml.")
@click.option("--ignore-cache", is_flag=True, help="With --servicex: ask the server once more.")
@click.option(
    "--like",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="With --servicex: a file like those that the server reads; branches are called as they are there.",
)
@click.pass_context
def run(
    context: click.Context,
    program_path: str,
    data: tuple[str, ...],
    format_name: str | None,
    out: Path | None,
    as_data: bool,
    entries: Entries,
    chunk: int,
    workers: int,
    cluster: str | None,
    good_runs_paths: tuple[Path, ...],
    skip_bad_files: bool,
    trace: bool,
    columns: str,
    style: str | None,
    no_hash: bool,
    interpreter: bool,
    servicex: bool,
    transport: str,
    endpoint: str | None,
    config: str | None,
    ignore_cache: bool,
    like: Path | None,
) -> int:
    """Run a program over data files: ROOT (FILE or FILE:TREE) or Parquet, patterns, https:// or root://, @LIST.

    Prints the cutflow; with --out, also writes histograms, columns, lists of events and a manifest.

    With --servicex, DATA are rucio://SCOPE:NAME, cernopendata://RECORD, xrootd://SERVER//PATTERN or addresses of files.

    Exit code 0: done; 1: the program has errors; 3: data cannot be read; 4: done, but for skipped files;
    130, 143: interrupted, terminated (the same command goes on from what is finished).
    """
    if trace and out is None:
        raise click.UsageError("--trace writes a file: say where with --out DIR")
    if cluster is not None and workers > 1:
        raise click.UsageError("--workers is about this machine; a cluster has workers of its own")
    check_options(context, servicex=servicex)
    if servicex and trace and transport != PYTHON:
        raise click.UsageError("--trace needs all events, and the server sends only some: use --transport python")
    if like is not None and transport == PYTHON:
        raise click.UsageError("--like is for queries; with --transport python, the server looks for branches itself")
    started = now()
    files = () if servicex else find_files(data, keep_missing=skip_bad_files)
    if format_name is None:
        if servicex:
            raise click.UsageError(
                "what a server reads is not looked into before: say its format with --format NAME|FILE"
            )
        format_name = _fitting(files, skip_bad_files=skip_bad_files)
    program = told(check_file(program_path, format_name))
    if columns == "root" and out is not None and (names := names_among_columns(program)):
        raise click.UsageError(
            f"{', '.join(names)}: columns of names, which ROOT files cannot hold: use --columns parquet"
        )
    report = Report(program, program_path, format_name, out, as_data, columns, style, started)
    if servicex:
        server = Server(endpoint, config, ignore_cache)
        run_servicex(program, data, report, server, transport=transport, chunk=chunk, trace=trace, like=like)
        return ExitCode.OK
    good_runs = read_good_runs(good_runs_paths) if good_runs_paths else None
    settings = Settings(chunk, workers, entries, good_runs, trace, interpreter, skip_bad_files, cluster)
    with contextlib.nullcontext() if out is None else reserved_directory(out, files):
        code = generate_code(program, interpreter=interpreter)
        job = job_data(program, code, good_runs)
        options = {"chunk": chunk, "trace": trace, "interpreter": interpreter}
        state = None if out is None else State(out.resolve() / FOLDER, {**job, **options})
        with _told_where_to_go_on(out, state):
            with shown_progress() as progress:
                outcome = execute(
                    program, files, settings, code=code, state=state, progress=progress, with_tables=out is not None
                )
                hashes = _hashes(outcome, progress) if out is not None and not no_hash else None
            check_unchanged(outcome.files)
            report.deliver(
                outcome,
                job,
                file_inputs(outcome, hashes or [None] * len(outcome.files)),
                {
                    **options,
                    "entries": [entries.start, entries.stop],
                    "good_runs": [str(path) for path in good_runs_paths],
                },
            )
    for skipped in outcome.skipped:
        print(printable(f"hepsel: skipped {skipped.file}: {skipped.reason}"), file=sys.stderr)
    return ExitCode.PARTIAL if outcome.skipped else ExitCode.OK


def _fitting(files: Sequence[InputFile], *, skip_bad_files: bool) -> str:
    """Return the format of the first file, or of the first of which it can be told, and tell it."""
    *passed_over, last = files if skip_bad_files else files[:1]
    for file in passed_over:
        with contextlib.suppress(DataError):
            return _told_format(file)
    return _told_format(last)


def _told_format(file: InputFile) -> str:
    found = only_fit(file)
    name, known = found.format.name, f"{found.found} of its {len(found.attributes)} stored attributes"
    print(printable(f"hepsel: format {name}: {file} has {known}"), file=sys.stderr)
    return name


@contextlib.contextmanager
def _told_where_to_go_on(out: Path | None, state: State | None) -> Iterator[None]:
    try:
        yield
    except (HepselError, KeyboardInterrupt, Terminated):
        if out is not None and state is not None and state.is_of_use:
            message = f"hepsel: what is finished is kept in {out / FOLDER}; the same command goes on from it"
            print(printable(message), file=sys.stderr)
        raise


def _hashes(outcome: Outcome, progress: Progress | None) -> list[str | None]:
    """Return the hashes of the files that are here: one on a server would be sent as a whole for it."""
    from hepsel.run.inputs import sha256

    if progress is not None:
        progress.start(len(outcome.files), "files hashed")
    hashes = []
    for file in outcome.files:
        path = file.file.path
        hashes.append(sha256(path) if isinstance(path, Path) else None)
        if progress is not None:
            progress.advance(1)
    return hashes
