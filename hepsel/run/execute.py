"""Running a program over many files: units of work, local processes, results in a fixed order.

Files are cut into units of work that do not depend on the number of workers, and results add in the order of the
files whatever unit is finished first. So the outcome is the same to the last bit for any number of workers, and for a
run that was interrupted and taken up again.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from hepsel.errors import DataError
from hepsel.run.engine import Job, check_good_runs, generate_code
from hepsel.run.good_runs import GoodRuns
from hepsel.run.inputs import (
    Entries,
    InputFile,
    OpenedFile,
    cut,
    find_files,
)
from hepsel.run.result import Part, Result, Sum
from hepsel.run.state import State
from hepsel.run.workers import LocalWorkers, OpenTask, Unit, UnitTask, Workers
from hepsel.semantics.program import Program
from hepsel.signals import ENDING, Terminated, terminate

DEFAULT_CHUNK = 50_000
_CHUNKS_PER_UNIT = 5


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run, as far as it has no bearing on what the program means.

    Attributes
    ----------
    chunk
        Events that are in memory at a time, for each worker.
    workers
        Local processes; with 1, all is done in this one.
    cluster
        Address of a dask scheduler, whose workers take the place of local processes.
    entries
        Events to read, counted through all files.
    good_runs
        Luminosity blocks to which events are restricted before the program begins.
    trace
        Whether to tell for each event the first criterion that it failed.
    interpreter
        Whether the interpreter runs in place of the generated code: slow, and the judge of it.
    skip_bad_files
        Whether to go on without files that cannot be read.
    """

    chunk: int = DEFAULT_CHUNK
    workers: int = 1
    entries: Entries = field(default_factory=Entries)
    good_runs: GoodRuns | None = None
    trace: bool = False
    interpreter: bool = False
    skip_bad_files: bool = False
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that was passed over, and why."""

    file: InputFile
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run.

    Attributes
    ----------
    whole
        The result of all files together.
    files
        The files that were read.
    skipped
        The files that were passed over.
    """

    whole: Part
    files: tuple[OpenedFile, ...]
    skipped: tuple[SkippedFile, ...]

    @property
    def result(self) -> Result:
        """The result of all files together, in memory."""
        return self.whole.result()


class Progress(Protocol):
    """Is told how far the run has come."""

    def start(self, total: int, what: str = "events") -> None:
        """So many of them are to be done."""

    def advance(self, amount: int) -> None:
        """So many more are done."""


class _Silent:
    def start(self, total: int, what: str = "events") -> None:
        pass

    def advance(self, amount: int) -> None:
        pass


def run_program(program: Program, files: Iterable[str | Path], settings: Settings | None = None) -> Result:
    """Run a program over files and return its result.

    Parameters
    ----------
    program
        A checked program.
    files
        Paths or patterns, as on the command line.
    settings
        How to run.

    Raises
    ------
    DataError
        When a file cannot be read.
    """
    settings = settings or Settings()
    return execute(program, find_files(map(str, files), keep_missing=settings.skip_bad_files), settings).result


def execute(
    program: Program,
    files: Sequence[InputFile],
    settings: Settings,
    *,
    code: str | None = None,
    state: State | None = None,
    progress: Progress | None = None,
    with_tables: bool = True,
) -> Outcome:
    """Run a program over files.

    Parameters
    ----------
    program
        A checked program.
    files
        The files, in the order in which their results add.
    settings
        How to run.
    code
        The code generated from the program, if it is at hand.
    state
        Where the results of what is finished are kept and found again.
    progress
        Is told how far the run has come.
    with_tables
        Whether the outcome has what is known of each event. To print cutflows, nobody needs it, and it takes memory.

    Raises
    ------
    DataError
        When a file cannot be read (and bad files are not skipped), or when all of them were skipped.
    KeyboardInterrupt, Terminated
        On Ctrl-C and on signals that end a process, after the workers have come to rest.
    """
    if settings.good_runs is not None:
        check_good_runs(program.format)
    if settings.cluster is not None:  # its workers are not in this directory
        files = [replace(file, path=file.path.absolute()) if isinstance(file.path, Path) else file for file in files]
    job = Job(
        program,
        code if code is not None else generate_code(program, interpreter=settings.interpreter),
        settings.good_runs,
        settings.trace,
        settings.interpreter,
        settings.chunk,
    )
    skipped: dict[InputFile, str] = {}
    keep = partial(_stored, state) if with_tables else _without_tables

    def failed(file: InputFile, error: DataError) -> None:
        if not settings.skip_bad_files:
            raise error
        skipped[file] = str(error).removeprefix(f"{file.path}: ")

    with _workers(job, settings) as workers, _interruptible() as check:
        opened = _open_all(files, program.format.trees, workers, failed)
        ranges = settings.entries.of_files([file.events for file in opened])
        work = [_FileWork.of(file, part, settings.chunk) for file, part in zip(opened, ranges, strict=True)]
        whole = _process_all(work, workers, keep, state, progress or _Silent(), failed, check)
    done = [item for item in work if item.file.file not in skipped]
    if not done:
        reasons = "\n".join(f"  {file}: {reason}" for file, reason in skipped.items())
        raise DataError(f"none of the files can be read\n{reasons}")
    return Outcome(
        whole=whole.part,
        files=tuple(item.file for item in done),
        skipped=tuple(SkippedFile(file, skipped[file]) for file in files if file in skipped),
    )


@contextmanager
def _interruptible() -> Iterator[Callable[[], None]]:
    """Yield what raises the exception of a signal that came: `KeyboardInterrupt` after Ctrl-C, or `Terminated`.

    Python raises it at once, too; but the exception is lost where it happens to meet a finaliser of a library.
    """
    came: list[BaseException] = []

    def interrupt(number: int, _: object) -> None:
        came.append(KeyboardInterrupt() if number == signal.SIGINT else Terminated(number))
        raise came[0]

    def check() -> None:
        if came:
            raise came[0]

    # A program that calls `run_program` may have handlers of its own.
    known = {number: signal.getsignal(number) for number in (signal.SIGINT, *ENDING)}
    ours = {number: handler for number, handler in known.items() if handler in (signal.default_int_handler, terminate)}
    if threading.current_thread() is not threading.main_thread():
        ours = {}
    for number in ours:
        signal.signal(number, interrupt)
    try:
        yield check
    finally:
        for number, handler in ours.items():
            signal.signal(number, handler)


def _workers(job: Job, settings: Settings) -> AbstractContextManager[Workers]:
    if settings.cluster is None:
        return LocalWorkers(job, settings.workers)
    from hepsel.run.cluster import ClusterWorkers

    return ClusterWorkers(job, settings.cluster)


# ------------------------------------------------------------------ files and their units


@dataclass(frozen=True, slots=True)
class _FileWork:
    """A file, and its units."""

    file: OpenedFile
    part: tuple[int, int]
    units: tuple[Unit, ...]

    @classmethod
    def of(cls, file: OpenedFile, part: tuple[int, int], chunk: int) -> _FileWork:
        # A part without events is a unit too: it gives the result its rows, all of them zero.
        ranges = cut(part, chunk * _CHUNKS_PER_UNIT, file.bounds) or [part]
        return cls(file, part, tuple(Unit(file, start, stop) for start, stop in ranges))


def _identity(unit: Unit) -> tuple[object, ...] | None:
    """Return what a kept result is found by; `None` if nobody could say whether the file is still the same."""
    known = unit.file.identity
    return None if known is None else (*known, unit.start, unit.stop)


_Failed = Callable[[InputFile, DataError], None]


def _open_all(files: Sequence[InputFile], trees: Sequence[str], workers: Workers, failed: _Failed) -> list[OpenedFile]:
    opened: dict[int, OpenedFile] = {}
    tasks = [OpenTask(file, tuple(trees)) for file in files]
    for index, outcome in workers.run(tasks):
        if isinstance(outcome, DataError):
            failed(files[index], outcome)
        else:
            opened[index] = outcome
    return [opened[index] for index in sorted(opened)]


def _process_all(
    work: Sequence[_FileWork],
    workers: Workers,
    keep: Callable[[Unit, Result], Part],
    state: State | None,
    progress: Progress,
    failed: _Failed,
    check: Callable[[], None],
) -> Sum:
    """Return the sum of the files, each of which is the sum of its units."""
    progress.start(sum(stop - start for start, stop in (item.part for item in work)))
    whole = Sum()
    of_files: dict[int, Sum] = {}
    left = [len(item.units) for item in work]
    bad: set[int] = set()

    def done(place: int, index: int, part: Part | None) -> None:
        of_files.setdefault(place, Sum()).add(index, part)
        left[place] -= 1
        if part is None:
            bad.add(place)
        if not left[place]:
            of_file = of_files.pop(place)
            whole.add(place, None if place in bad else of_file.part)

    units = [(place, index) for place, item in enumerate(work) for index in range(len(item.units))]
    tasks: list[tuple[int, int]] = []
    for place, index in units:
        unit = work[place].units[index]
        kept = _kept(state, unit)
        if kept is None:
            tasks.append((place, index))
        else:
            progress.advance(unit.stop - unit.start)
            done(place, index, kept)
    for number, outcome in workers.run([UnitTask(work[place].units[index]) for place, index in tasks]):
        check()
        place, index = tasks[number]
        unit = work[place].units[index]
        progress.advance(unit.stop - unit.start)
        if isinstance(outcome, DataError):
            if place not in bad:
                failed(work[place].file.file, outcome)
            done(place, index, None)
        else:
            done(place, index, keep(unit, outcome))
    return whole


def _kept(state: State | None, unit: Unit) -> Part | None:
    """Return the result of a unit that an earlier run has kept."""
    identity = _identity(unit)
    if state is None or identity is None:
        return None
    result = state.load(identity)
    return None if result is None else Part.of(result, partial(state.tables, identity))


def _stored(state: State | None, unit: Unit, result: Result) -> Part:
    """Keep the result of a unit, if there is a place for it: what it has of each event need not stay in memory then."""
    identity = _identity(unit)
    if state is None or identity is None:
        return Part.of(result)
    state.store(identity, result)
    return Part.of(result, partial(state.tables, identity))


def _without_tables(_: Unit, result: Result) -> Part:
    return replace(Part.of(result), pieces=())
