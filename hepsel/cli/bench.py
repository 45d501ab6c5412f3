"""`hepsel bench`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import click

from hepsel.bench.kept import FILE, Kept
from hepsel.bench.run import Runner, trials
from hepsel.bench.show import as_json, draft_path, pictures, sections
from hepsel.bench.spec import Bench, read_bench
from hepsel.bench.summary import cell
from hepsel.bench.trial import Record, is_final
from hepsel.cli.console import console
from hepsel.cli.progress import Steps, shown_steps
from hepsel.compare.sections import print_sections
from hepsel.compare.smt import SolverMissing
from hepsel.errors import DataError, ExitCode
from hepsel.extract.servers.connect import connect
from hepsel.extract.store import Store, default_store
from hepsel.files import drafts, write_files
from hepsel.syntax.diagnostics import printable

_RESULTS = "results.json"


@click.group()
def bench() -> None:
    """Measure how well models do their work."""


@bench.command()
@click.argument("bench_file", type=click.Path(dir_okay=False, path_type=Path), metavar="BENCH.toml")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where trials, drafts and results are kept; without it, the name of the file with `_results` behind it.",
)
@click.option(
    "--store",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where answers are kept; without it, hepsel/answers.sqlite in the data folder.",
)
def extract(bench_file: Path, out: Path | None, store: Path | None) -> int:
    """Ask models for the selections of papers whose selection is known, and count what they find.

    Every trial is kept when it is done: stop with Ctrl-C at any time, look at the tables, and go on with the same
    command. Exit code 0: all trials were made; 4: some were not, for their servers failed; 1: BENCH.toml is wrong;
    2: wrong options; 3: a file cannot be read or written; 130: interrupted.
    """
    if find_spec("z3") is None:
        raise SolverMissing
    wanted = read_bench(bench_file)
    servers = {name: connect(config) for name, config in wanted.models.items()}
    folder = out or Path(f"{bench_file.stem}_results")
    _check_folder(folder)
    answers = Store(store or default_store())
    records: list[Record] = []
    with shown_steps() as steps:
        steps.start(wanted.trials * len(wanted.models) * len(wanted.papers), "starting")
        runner = Runner(wanted, servers, answers, Kept(folder), steps.say)
        runner.prepare()
        interrupted = _run(wanted, runner, folder, records, steps)
    _finish(wanted, records, folder)
    if interrupted:
        print(f"hepsel: all trials until now are kept in {folder}; the same command goes on", file=sys.stderr)
        raise KeyboardInterrupt
    return ExitCode.OK if _said_of_failures(wanted, records) else ExitCode.PARTIAL


def _check_folder(folder: Path) -> None:
    """Refuse a folder with files of something else."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        others = any(folder.iterdir()) and not (folder / FILE).exists()
    except OSError as error:
        raise DataError(f"{folder}: cannot be used for results: {error.strerror}") from None
    if others:
        raise DataError(f"{folder}: this folder holds other files; name another one with --out DIR")


def _run(wanted: Bench, runner: Runner, folder: Path, records: list[Record], steps: Steps) -> bool:
    """Make the trials; returns whether that was interrupted."""
    try:
        for trial in trials(wanted):
            record = runner.run(trial)
            if record is not None:
                records.append(record)
                if "draft" in record:
                    path = folder / draft_path(record)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    write_files({path: record["draft"]})
            steps.advance(1)
    except KeyboardInterrupt:
        return True
    return False


def _finish(wanted: Bench, records: Sequence[Record], folder: Path) -> None:
    """Write and print what the trials until now come to."""
    cells = [
        cell(
            model,
            paper,
            wanted.trials,
            [record for record in records if (record["model"], record["paper"]) == (model, paper)],
        )
        for model in wanted.models
        for paper in wanted.papers
    ]
    write_files({folder / _RESULTS: as_json(wanted, cells, records)})
    shown = {folder / name: picture for name, picture in pictures(cells).items()}
    try:
        with drafts([*shown]) as made:
            for draft, picture in zip(made, shown.values(), strict=True):
                draft.write_bytes(picture)
    except OSError as error:
        raise DataError(f"{folder}: cannot be written: {error.strerror}") from None
    print_sections(sections(cells), [], console())
    print(f"wrote {folder / _RESULTS}, pictures and drafts", file=sys.stderr)


def _said_of_failures(wanted: Bench, records: Sequence[Record]) -> bool:
    """Tell which trials are missing, and return whether none is."""
    total = wanted.trials * len(wanted.models) * len(wanted.papers)
    missing = total - sum(map(is_final, records))
    for message in dict.fromkeys(record["message"] for record in records if not is_final(record)):
        print(printable(f"hepsel: {message}"), file=sys.stderr)
    if missing:
        print(f"hepsel: {missing} of {total} trials were not made; the same command tries them again", file=sys.stderr)
    return not missing
