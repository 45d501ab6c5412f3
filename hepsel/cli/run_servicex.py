"""`hepsel run --servicex`: data sets that a ServiceX server reads."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from hepsel.cli.compile import script
from hepsel.cli.run_results import Report
from hepsel.formats.loader import XAOD_DIALECTS
from hepsel.run.directory import reserved_directory
from hepsel.run.manifest import data_set_inputs, job_data
from hepsel.run.servicex import PACKAGES, Server, check_client, execute_script
from hepsel.run.state import FOLDER, State
from hepsel.semantics.program import Program

PYTHON = "python"

_OF_FILES_HERE = {
    "entries": "--entries",
    "workers": "--workers",
    "cluster": "--cluster",
    "good_runs_paths": "--good-runs",
    "skip_bad_files": "--skip-bad-files",
    "no_hash": "--no-hash",
    "interpreter": "--interpreter",
}
_OF_SERVERS = {
    "transport": "--transport",
    "endpoint": "--endpoint",
    "config": "--config",
    "ignore_cache": "--ignore-cache",
    "like": "--like",
}


def check_options(context: click.Context, *, servicex: bool) -> None:
    """Refuse options that have no meaning for the one that reads the data.

    Raises
    ------
    click.UsageError
        When one was given.
    """
    for parameter, option in (_OF_FILES_HERE if servicex else _OF_SERVERS).items():
        if context.get_parameter_source(parameter) is not ParameterSource.COMMANDLINE:
            continue
        if servicex:
            raise click.UsageError(f"{option} is about files that are read here; with --servicex, a server reads them")
        raise click.UsageError(f"{option} is about a ServiceX server: add --servicex")


def run_servicex(
    program: Program,
    data_sets: Sequence[str],
    report: Report,
    server: Server,
    *,
    transport: str,
    chunk: int,
    trace: bool,
    like: Path | None,
) -> None:
    """Let a server process data sets, and report what comes of it.

    Raises
    ------
    HepselError
        When the program cannot be run so, or something failed on the way.
    """
    objects = program.format.servicex in XAOD_DIALECTS and transport != PYTHON
    check_client(*((f"func_adl_servicex_{program.format.servicex}",) if objects else ()))
    with contextlib.nullcontext() if report.out is None else reserved_directory(report.out):
        code = script(program, transport, like=like, chunk=chunk, trace=trace)
        job = job_data(program, code, None, PACKAGES)
        options = {"servicex": {"transport": transport, "endpoint": server.endpoint}, "chunk": chunk, "trace": trace}
        with _state(report.out, {**job, **options}) as state:
            in_chunks = {} if transport == PYTHON else {"chunk": chunk}
            outcome = execute_script(code, data_sets, server, in_chunks, state)
            report.deliver(outcome, job, data_set_inputs(data_sets), options)


@contextlib.contextmanager
def _state(out: Path | None, job: Mapping[str, Any]) -> Iterator[State | None]:
    """Keep what is known of each event on disk until it is written; what the server sent, its client keeps."""
    state = None if out is None else State(out.resolve() / FOLDER, job)
    try:
        yield state
    finally:
        if state is not None:
            state.forget()
