"""Workers of a dask cluster in the place of local processes.

The cluster sees the same tasks as local processes do, and their results add in the same order. Its workers must have
hepsel installed and find the files under the same paths.
"""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Any, TypeVar

from hepsel.errors import DataError, HepselError
from hepsel.run.engine import Job
from hepsel.run.workers import Task, Worker, outcome_of

_T = TypeVar("_T")

_SECONDS_TO_CONNECT = 10
_TALKATIVE = ("distributed", "tornado", "asyncio")  # these log, with tracebacks, what is raised anyway


class ClusterWorkers:
    """Runs tasks on the workers of a dask cluster.

    Parameters
    ----------
    job
        What all tasks share.
    address
        Of the scheduler, such as `tcp://host:8786`.

    Raises
    ------
    HepselError
        When dask is not installed, or no scheduler answers.
    """

    def __init__(self, job: Job, address: str) -> None:
        try:
            self._distributed: Any = importlib.import_module("distributed")
        except ImportError as error:
            raise HepselError("a dask cluster needs the package distributed: pip install 'hepsel[dask]'") from error
        self._job = job
        self._address = address

    def __enter__(self) -> ClusterWorkers:
        for name in [*logging.root.manager.loggerDict]:
            if name.partition(".")[0] in _TALKATIVE:
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        try:
            self._distributed.comm.get_address_host_port(self._address)
        except ValueError as error:
            raise DataError(f"{self._address}: not the address of a dask scheduler: {error}") from error
        try:
            self._client: Any = self._distributed.Client(
                self._address, timeout=_SECONDS_TO_CONNECT, set_as_default=False
            )
        except (OSError, ValueError) as error:
            raise DataError(f"{self._address}: no dask scheduler answers there") from error
        try:
            there = self._client.submit(version, "hepsel", pure=False).result()
        except ImportError:
            there = "no hepsel"
        if there != version("hepsel"):
            self._client.close()
            raise self._other_version(there)
        return self

    def _other_version(self, there: str) -> DataError:
        return DataError(f"{self._address}: the workers need hepsel {version('hepsel')}, as here; they have {there}")

    def __exit__(self, *_: object) -> None:
        self._client.close()  # the scheduler forgets tasks that nobody waits for

    def run(self, tasks: Sequence[Task[_T]]) -> Iterator[tuple[int, _T | DataError]]:
        """Yield the number of each task with its value, or with the error that its data gave, as they are done.

        Raises
        ------
        DataError
            When workers die, or have another version of hepsel.
        """
        if not tasks:
            return
        job = self._client.scatter(self._job, broadcast=True, hash=False)
        numbers = {self._client.submit(_call, job, task, pure=False): number for number, task in enumerate(tasks)}
        for future in self._distributed.as_completed(list(numbers), loop=self._client.loop):
            try:
                outcome = outcome_of(future.result)
            except ImportError as error:
                raise DataError(f"{self._address}: a worker cannot import hepsel: {error}") from error
            except self._distributed.KilledWorker as error:
                raise DataError(
                    f"{self._address}: workers died over the same events, perhaps for want of memory: "
                    "try a smaller chunk"
                ) from error
            yield numbers.pop(future), outcome


_of_thread = threading.local()  # a dask worker may run several tasks at a time, and open files are not shared


def _call(job: Job, task: Task[_T]) -> _T:
    if getattr(_of_thread, "job", None) is not job:
        _of_thread.job, _of_thread.worker = job, Worker(job)
    value: _T = task(_of_thread.worker)
    return value
