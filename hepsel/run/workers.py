"""Tasks of a run, and the processes that do them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from hepsel.errors import DataError
from hepsel.remote import damaged
from hepsel.run.engine import Engine, Job
from hepsel.run.inputs import InputFile, OpenedFile, cut, open_file
from hepsel.run.result import Result, merge, standard, with_good_runs


@dataclass(frozen=True, slots=True)
class Unit:
    """A range of the events of a file that one worker reads, chunk by chunk."""

    file: OpenedFile
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Find out what is in a file."""

    file: InputFile
    trees: tuple[str, ...]

    def __call__(self, _: Worker) -> OpenedFile:
        """Return the file with its number of events."""
        return open_file(self.file, self.trees)


@dataclass(frozen=True, slots=True)
class UnitTask:
    """Process a unit of work."""

    unit: Unit

    def __call__(self, worker: Worker) -> Result:
        """Return the result of the unit."""
        return worker.process(self.unit)


_T = TypeVar("_T", covariant=True)
_R = TypeVar("_R")


class Task(Protocol[_T]):
    """What can be done by any worker."""

    def __call__(self, worker: Worker, /) -> _T:
        """Do it; a `DataError` says what is wrong with the data."""


class Workers(Protocol):
    """Do tasks."""

    def run(self, tasks: Sequence[Task[_T]]) -> Iterator[tuple[int, _T | DataError]]:
        """Yield the number of each task with its value, or with the error that its data gave, as they are done."""


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
        return merge(self._chunk(unit.file, start, stop) for start, stop in chunks)

    def _chunk(self, file: OpenedFile, start: int, stop: int) -> Result:
        if self._stopped():
            raise _Stopped
        if self._engine is None:
            self._engine = Engine(self._job)
        engine = self._engine
        try:
            columns = engine.read(file, start, stop)
        except (DataError, MemoryError):
            raise
        except Exception as error:  # a damaged file makes the libraries raise anything
            raise damaged(file.file.path, error) from error
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


class LocalWorkers:
    """Runs tasks in this process or in several others.

    Ctrl-C reaches the workers too, as they belong to the terminal's process group; they ignore it, and stop after the
    chunk in hand when this process says so.
    """

    def __init__(self, job: Job, count: int) -> None:
        self._job = job
        self._count = count
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> LocalWorkers:
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

    def run(self, tasks: Sequence[Task[_T]]) -> Iterator[tuple[int, _T | DataError]]:
        """Yield the number of each task with its value, or with the error that its data gave, as they are done."""
        if self._pool is None:
            for number, task in enumerate(tasks):
                yield number, outcome_of(partial(task, self._worker))
            return
        # `as_completed` and not `wait` in a loop: that looks at all that are left each time one is done.
        numbers = {self._pool.submit(_call, task): number for number, task in enumerate(tasks)}
        for future in as_completed(list(numbers)):
            number = numbers.pop(future)  # and with it the result: who asked for it says how long it is kept
            try:
                outcome = outcome_of(future.result)
            except BrokenProcessPool as error:
                raise DataError(
                    "a worker process ended without a word, perhaps for want of memory: "
                    "try fewer workers or a smaller chunk"
                ) from error
            del future
            yield number, outcome


def outcome_of(task: Callable[[], _R]) -> _R | DataError:
    """Return what a task gives, or the error that its data gave."""
    try:
        return task()
    except DataError as error:
        return error


_worker: Worker | None = None  # of this process, when it is one of the pool


def _initialise(job: Job, stop: Any) -> None:
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker = Worker(job, stop.is_set)


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, as batch systems kill that one only."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _call(task: Task[_T]) -> _T:
    assert _worker is not None
    return task(_worker)
