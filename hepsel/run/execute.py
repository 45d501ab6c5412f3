"""Running a program over many files: units of work, local processes, results in a fixed order.

Files are cut into units of work that do not depend on the number of workers, and results add in the order of the
files whatever unit is finished first. So the outcome is the same to the last bit for any number of workers, and for a
run that was interrupted and taken up again.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from hepsel.errors import DataError
from hepsel.run.engine import Engine, Job, check_good_runs, generate_code
from hepsel.run.good_runs import GoodRuns
from hepsel.run.inputs import (
    Entries,
    InputFile,
    OpenedFile,
    cut,
    damaged,
    find_files,
    open_file,
)
from hepsel.run.result import Result, merge, standard, with_good_runs
from hepsel.run.state import State
from hepsel.semantics.program import Program

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
    result
        Of all files together.
    files
        The files that were read.
    skipped
        The files that were passed over.
    """

    result: Result
    files: tuple[OpenedFile, ...]
    skipped: tuple[SkippedFile, ...]


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
    return execute(program, find_files(map(str, files)), settings or Settings()).result


def execute(
    program: Program,
    files: Sequence[InputFile],
    settings: Settings,
    *,
    code: str | None = None,
    state: State | None = None,
    progress: Progress | None = None,
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
        Where the results of finished files are kept and found again.
    progress
        Is told how far the run has come.

    Raises
    ------
    DataError
        When a file cannot be read (and bad files are not skipped), or when all of them were skipped.
    KeyboardInterrupt
        On Ctrl-C, after the workers have come to rest.
    """
    if settings.good_runs is not None:
        check_good_runs(program.format)
    job = Job(
        program,
        code if code is not None else generate_code(program),
        settings.good_runs,
        settings.trace,
        settings.interpreter,
        settings.chunk,
    )
    skipped: dict[InputFile, str] = {}

    def failed(file: InputFile, error: DataError) -> None:
        if not settings.skip_bad_files:
            raise error
        skipped[file] = str(error).removeprefix(f"{file.path}: ")

    with _Workers(job, settings.workers) as workers:
        opened = _open_all(files, program.format.trees, workers, failed)
        ranges = settings.entries.of_files([file.events for file in opened])
        work = [_FileWork.of(file, part, settings.chunk) for file, part in zip(opened, ranges, strict=True)]
        _process_all(work, workers, state, progress or _Silent(), failed)
    done = [item for item in work if item.file.file not in skipped]
    if not done:
        reasons = "\n".join(f"  {file}: {reason}" for file, reason in skipped.items())
        raise DataError(f"none of the files can be read\n{reasons}")
    return Outcome(
        result=merge([item.result() for item in done]),
        files=tuple(item.file for item in done),
        skipped=tuple(SkippedFile(file, skipped[file]) for file in files if file in skipped),
    )


# ------------------------------------------------------------------ files and their units


@dataclass(frozen=True, slots=True)
class Unit:
    """A range of the events of a file that one worker reads, chunk by chunk."""

    file: OpenedFile
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class _FileWork:
    """A file, its units and those of their results that are there."""

    file: OpenedFile
    part: tuple[int, int]
    units: tuple[Unit, ...]
    results: dict[int, Result] = field(default_factory=dict)

    @classmethod
    def of(cls, file: OpenedFile, part: tuple[int, int], chunk: int) -> _FileWork:
        # A part without events is a unit too: it gives the result its rows, all of them zero.
        ranges = cut(part, chunk * _CHUNKS_PER_UNIT, file.bounds) or [part]
        return cls(file, part, tuple(Unit(file, start, stop) for start, stop in ranges))

    @property
    def identity(self) -> tuple[object, ...]:
        return (*self.file.identity, *self.part)

    @property
    def finished(self) -> bool:
        return len(self.results) == len(self.units)

    def result(self) -> Result:
        return merge([self.results[index] for index in range(len(self.results))])


_Failed = Callable[[InputFile, DataError], None]


def _open_all(files: Sequence[InputFile], trees: Sequence[str], workers: _Workers, failed: _Failed) -> list[OpenedFile]:
    opened: dict[int, OpenedFile] = {}
    tasks = [_OpenTask(file, tuple(trees)) for file in files]
    for index, outcome in workers.run(tasks):
        if isinstance(outcome, DataError):
            failed(files[index], outcome)
        else:
            opened[index] = outcome
    return [opened[index] for index in sorted(opened)]


def _process_all(
    work: Sequence[_FileWork],
    workers: _Workers,
    state: State | None,
    progress: Progress,
    failed: _Failed,
) -> None:
    progress.start(sum(stop - start for start, stop in (item.part for item in work)))
    tasks: list[tuple[_FileWork, int]] = []
    for item in work:
        kept = state.load(item.identity) if state is not None else None
        if kept is None:
            tasks += [(item, index) for index in range(len(item.units))]
        else:
            item.results[0] = kept
            progress.advance(item.part[1] - item.part[0])
    bad: set[InputFile] = set()
    for number, outcome in workers.run([_UnitTask(item.units[index]) for item, index in tasks]):
        item, index = tasks[number]
        progress.advance(item.units[index].stop - item.units[index].start)
        if isinstance(outcome, DataError):
            if item.file.file not in bad:
                failed(item.file.file, outcome)
            bad.add(item.file.file)
            continue
        item.results[index] = outcome
        if item.finished and state is not None:
            state.store(item.identity, item.result())


# ------------------------------------------------------------------ workers


@dataclass(frozen=True, slots=True)
class _OpenTask:
    file: InputFile
    trees: tuple[str, ...]

    def __call__(self, _: Worker) -> OpenedFile:
        return open_file(self.file, self.trees)


@dataclass(frozen=True, slots=True)
class _UnitTask:
    unit: Unit

    def __call__(self, worker: Worker) -> Result:
        return worker.process(self.unit)


_T = TypeVar("_T", covariant=True)


class _Task(Protocol[_T]):
    def __call__(self, worker: Worker, /) -> _T: ...


class _Stopped(Exception):
    """The run was interrupted: a worker ends after the chunk in hand."""


class Worker:
    """Processes units of work, in this process or another."""

    def __init__(self, job: Job, stopped: Callable[[], bool] = lambda: False) -> None:
        self._job = job
        self._stopped = stopped
        self._engine: Engine | None = None  # made when the first unit comes: opening files needs none

    def process(self, unit: Unit) -> Result:
        """Return the result of a unit.

        Raises
        ------
        DataError
            When the file cannot be read.
        """
        part = (unit.start, unit.stop)
        chunks = cut(part, self._job.chunk, unit.file.bounds) or [part]
        return merge([self._chunk(unit.file, start, stop) for start, stop in chunks])

    def _chunk(self, file: OpenedFile, start: int, stop: int) -> Result:
        if self._stopped():
            raise _Stopped
        if self._engine is None:
            self._engine = Engine(self._job)
        engine = self._engine
        try:
            columns = engine.read(file, start, stop)
        except DataError:
            raise
        except Exception as error:  # a damaged file makes the libraries raise anything
            raise damaged(file.file, error) from error
        if self._job.good_runs is None:
            return self._result(file, columns, columns, stop - start)
        good = self._job.good_runs.mask(*engine.luminosity_blocks(columns))
        kept = {name: column[good] for name, column in columns.items()}
        return with_good_runs(self._result(file, kept, columns, int(good.sum())), good)

    def _result(self, file: OpenedFile, columns: dict[str, Any], all_columns: dict[str, Any], events: int) -> Result:
        assert self._engine is not None
        result = standard(self._engine.process(file, columns, events))
        if self._job.trace:
            result["identifiers"] = self._engine.identifiers(all_columns)
        return result


class _Workers:
    """Runs tasks in this process or in several others.

    Ctrl-C reaches the workers too, as they belong to the terminal's process group; they ignore it, and stop after the
    chunk in hand when this process says so.
    """

    def __init__(self, job: Job, count: int) -> None:
        self._job = job
        self._count = count
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> _Workers:
        if self._count > 1:
            context = multiprocessing.get_context("spawn")
            self._stop = context.Event()
            self._pool = ProcessPoolExecutor(
                self._count, context, initializer=_initialise, initargs=(self._job, self._stop)
            )
        else:
            self._worker = Worker(self._job)
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._stop.set()
            self._pool.shutdown(cancel_futures=True)

    def run(self, tasks: Sequence[_Task[_T]]) -> Iterator[tuple[int, _T | DataError]]:
        """Yield the number of each task with its value, or with the error that its data gave, as they are done."""
        if self._pool is None:
            for number, task in enumerate(tasks):
                with _data_error_of() as caught:
                    value = task(self._worker)
                yield number, caught[0] if caught else value
            return
        futures: dict[Future[_T], int] = {self._pool.submit(_call, task): number for number, task in enumerate(tasks)}
        pending = set(futures)
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                try:
                    with _data_error_of() as caught:
                        value = future.result()
                except BrokenProcessPool as error:
                    raise DataError(
                        "a worker process ended without a word, perhaps for want of memory: "
                        "try fewer workers or a smaller chunk"
                    ) from error
                yield futures[future], caught[0] if caught else value


@contextlib.contextmanager
def _data_error_of() -> Iterator[list[DataError]]:
    caught: list[DataError] = []
    try:
        yield caught
    except DataError as error:
        caught.append(error)


_worker: Worker | None = None  # of this process, when it is one of the pool


def _initialise(job: Job, stop: Any) -> None:
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker = Worker(job, stop.is_set)


def _call(task: _Task[_T]) -> _T:
    assert _worker is not None
    return task(_worker)
