"""The part of a script that talks to ServiceX, and puts together what comes back."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
from hepsel.backends.awkward.runtime.folder import run_to
from hepsel.backends.awkward.runtime.output import Result, Sink
from hepsel.backends.awkward.runtime.reading import FileError, in_one_line
from hepsel.backends.awkward.runtime.script import cutflow_text, positive, show
from servicex import ProgressBarFormat, dataset
from servicex.servicex_client import deliver_async

NUMBERS = ("events", "sumw", "sumw2")


class DeliveryError(Exception):
    """The server did not return what was asked for."""


class ErrorLog(logging.Handler):
    """Keeps what is logged as an error: of files that failed, the client says no more than that.

    The client prints it, too, among the results; that is left out.
    """

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []
        self._printing = logging.getLogger("servicex.query_core")
        self._printers = list(self._printing.handlers)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message, or the exception that it is about."""
        problem = record.exc_info[1] if record.exc_info else None
        if isinstance(problem, Exception):
            self.messages.append(in_one_line(problem))
        else:
            self.messages.append(record.getMessage())

    def __enter__(self) -> ErrorLog:
        for printer in self._printers:
            self._printing.removeHandler(printer)
        for name in ("servicex", "asyncio"):
            logging.getLogger(name).addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        for name in ("servicex", "asyncio"):
            logging.getLogger(name).removeHandler(self)
        for printer in self._printers:
            self._printing.addHandler(printer)


def data_set(name: str) -> tuple[Any, bool]:
    """Return a data set as ServiceX wants it, and whether it is a single file.

    Parameters
    ----------
    name
        `rucio://SCOPE:NAME`, `cernopendata://RECORD`, `xrootd://SERVER//PATTERN`, or the address of a file.
    """
    scheme, separator, rest = name.partition("://")
    if separator and scheme == "rucio":
        return dataset.Rucio(rest), False
    if separator and scheme == "cernopendata":
        return dataset.CERNOpenData(int(rest)), False
    if separator and scheme == "xrootd":
        return dataset.XRootD(f"root://{rest}"), False
    return name, True


def samples(names: Sequence[str]) -> list[tuple[Any, int | None]]:
    """Return the data sets, files together, each with its number of files where that is known."""
    try:
        found = [data_set(name) for name in names]
    except ValueError as problem:
        raise DeliveryError(f"not a data set: {in_one_line(problem)}") from problem
    files = [one for one, is_file in found if is_file]
    sets: list[tuple[Any, int | None]] = [
        (one, None) for one, is_file in found if not is_file
    ]
    if len(set(files)) < len(files):
        raise DeliveryError("a file is named twice: its events would count twice")
    return [*([(dataset.FileList(files), len(files))] if files else []), *sets]


def fetch(
    queries: Mapping[str, Any],
    names: Sequence[str],
    *,
    endpoint: str | None = None,
    config: str | None = None,
    ignore_cache: bool = False,
) -> dict[str, list[str]]:
    """Let a ServiceX server run some queries over all data sets, and return the files with what came out.

    Parameters
    ----------
    queries
        By name.
    names
        The data sets, as `data_set` reads them.
    endpoint, config
        Name of the server in `servicex.yaml`, and the path of that file, where not the usual ones.
    ignore_cache
        Whether to ask the server even if the answer is here from an earlier run.

    Raises
    ------
    DeliveryError
        If something failed on the way, in whole or in part.
    """
    asked = samples(names)
    titles = {
        f"{name} {number}": (name, asked_for, *one)
        for name, asked_for in queries.items()
        for number, one in enumerate(asked, 1)
    }
    spec = {
        "General": {"OutputFormat": "parquet", "Delivery": "LocalCache"},
        "Sample": [
            {"Name": title, "Dataset": data, "Query": asked_for}
            for title, (_, asked_for, data, _) in titles.items()
        ],
    }
    with ErrorLog() as log:
        try:
            delivered = deliver(
                spec,
                servicex_name=endpoint,
                config_path=config,
                ignore_local_cache=ignore_cache,
                progress_bar=ProgressBarFormat.default
                if sys.stdout.isatty()
                else ProgressBarFormat.none,
            )
        except Exception as problem:
            raise DeliveryError(f"ServiceX: {in_one_line(problem)}") from problem
    if log.messages:
        raise DeliveryError(f"ServiceX: {log.messages[0]}")
    found: dict[str, list[str]] = {name: [] for name in queries}
    for title, (name, _, _, expected) in titles.items():
        found[name] += checked(title, delivered, expected)
    return found


def deliver(spec: Mapping[str, Any], **options: Any) -> Any:
    """Return what the client delivers.

    It works in a thread that ends with the program: after Ctrl-C, the client's own would keep it alive until the
    server is done.
    """
    delivered: list[Any] = []
    problems: list[Exception] = []

    def work() -> None:
        # As the client does: `asyncio.run` would cancel what it leaves behind, which then complains.
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        try:
            delivered.append(loop.run_until_complete(deliver_async(spec, **options)))
        except Exception as problem:
            problems.append(problem)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        thread.join()
    except KeyboardInterrupt:
        if sys.stdout.isatty():
            print("\x1b[?25h", end="")  # the cursor, which a progress bar hides
        raise
    if problems:
        raise problems[0]
    return delivered[0]


def checked(title: str, delivered: Any, expected: int | None) -> list[str]:
    """Return the files of one transformation; a failed one has none, and says nothing."""
    try:
        files = sorted(map(str, delivered[title]))
    except Exception as problem:
        cause = in_one_line(getattr(problem, "_exc", problem))
        raise DeliveryError(
            f"ServiceX: the transformation '{title}' failed: {cause}"
        ) from problem
    if not files:
        raise DeliveryError(
            f"ServiceX: the transformation '{title}' returned nothing: it failed, or there are no such data"
        )
    if expected is not None and len(files) != expected:
        raise DeliveryError(
            f"ServiceX: the transformation '{title}' returned {len(files)} files of {expected}"
        )
    return files


def combined(
    counted: Result,
    found: Result,
    sent: int,
    items: Mapping[tuple[str, int], int],
) -> Result:
    """Return the results of all events.

    Parameters
    ----------
    counted
        The first rows of the cutflows of the events that were not sent, behind rows of all and of these events.
    found
        The results of the events that the server sent.
    sent
        How many events the server should have sent.
    items
        Numbers of items in the events that were not sent, by block and row.
    """
    if found["events"] != sent:
        raise DeliveryError(
            f"ServiceX sent {found['events']} events, but selected {sent}: the transformations do not belong together"
        )
    cutflow = {}
    for region, rows in found["cutflow"].items():
        others = counted["cutflow"][region][2:]
        cutflow[region] = [
            {**row, **{name: row[name] + other[name] for name in NUMBERS}}
            for row, other in zip(rows, others, strict=False)
        ] + rows[len(others) :]
    blocks = {
        block: [
            {**row, "items": row["items"] + items.get((block, place), 0)}
            for place, row in enumerate(rows)
        ]
        for block, rows in found["items"].items()
    }
    missing = {
        name: number + counted["missing_weights"].get(name, 0)
        for name, number in found["missing_weights"].items()
    }
    return {
        **found,
        "events": counted["events"],
        "items": blocks,
        "cutflow": cutflow,
        "missing_weights": missing,
    }


def sums(
    files: Sequence[str | Path], sent: str, columns: Sequence[str]
) -> tuple[int, list[int]]:
    """Return how many events of Parquet files were sent, and the sums of some columns in the others."""
    number = 0
    totals = [0] * len(columns)
    for path in files:
        found = ak.from_parquet(path, columns=[sent, *columns])
        is_sent = ak.to_numpy(found[sent]).astype(bool)
        number += int(np.count_nonzero(is_sent))
        totals = [
            total + int(np.sum(ak.to_numpy(found[name])[~is_sent], dtype=np.int64))
            for total, name in zip(totals, columns, strict=True)
        ]
    return number, totals


def servicex_command_line(
    select_from: Callable[..., Result],
    queries: Callable[[], Mapping[str, Any]],
    description: str,
    *,
    in_chunks: bool = True,
) -> int:
    """Run the script from the command line; `in_chunks` says whether what comes back are events to be processed."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "data",
        nargs="+",
        metavar="DATA",
        help="rucio://SCOPE:NAME, cernopendata://RECORD, xrootd://SERVER//PATTERN, or the address of a file",
    )
    parser.add_argument("--endpoint", metavar="NAME", help="server in servicex.yaml")
    parser.add_argument("--config", metavar="FILE", help="path of servicex.yaml")
    parser.add_argument(
        "--ignore-cache", action="store_true", help="ask the server once more"
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder for the results"
    )
    if in_chunks:
        parser.add_argument(
            "--chunk", type=positive, default=50_000, help="events at a time"
        )
    arguments = parser.parse_args()
    options = {"chunk": arguments.chunk} if in_chunks else {}

    def run(into: Sink) -> Result:
        delivered = fetch(
            queries(),
            arguments.data,
            endpoint=arguments.endpoint,
            config=arguments.config,
            ignore_cache=arguments.ignore_cache,
        )
        return select_from(**delivered, **options, into=into)

    try:
        result = run_to(arguments.out, run)
    except (DeliveryError, FileError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    return show(cutflow_text(result))
