"""Lists of events from anywhere: CSV, Parquet or ROOT files with a column for the run and one for the event."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from hepsel.errors import DataError
from hepsel.files import is_stream
from hepsel.remote import damaged
from hepsel.texts import read_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MAGIC = {b"root": "ROOT", b"PAR1": "Parquet"}
_LARGEST = 2**64
_REGION = "region"
_SHOWN = 10
_NO_PLACE = "numbers below 0 beside numbers of 2^63 and more cannot be compared"


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the columns that hold run and event."""

    run: str = "run"
    event: str = "event"


@dataclass(frozen=True)
class EventList:
    """A set of events.

    Attributes
    ----------
    name
        What messages call it.
    events
        The events, each once, sorted by run and event: fields `run` and `event`, without a sign if none is below 0.
    repeated
        Those that the list names more than once, and how often.
    """

    name: str
    events: NDArray[Any]
    repeated: tuple[tuple[int, int, int], ...]


def event_list(name: str, runs: Sequence[int] | NDArray[Any], events: Sequence[int] | NDArray[Any]) -> EventList:
    """Return the set of the events of a list.

    Raises
    ------
    DataError
        When some numbers are below 0, and others of 2^63 and more.
    """
    import numpy as np

    unique, counts = np.unique(listed(name, runs, events), return_counts=True)
    repeated = [(int(e["run"]), int(e["event"]), int(n)) for e, n in zip(unique, counts, strict=True) if n > 1]
    return EventList(name, unique, tuple(repeated))


def listed(name: str, runs: Sequence[int] | NDArray[Any], events: Sequence[int] | NDArray[Any]) -> NDArray[Any]:
    """Return events as they are listed: fields `run` and `event`, without a sign if none is below 0."""
    import numpy as np

    columns = {"run": _of_64_bits(name, runs), "event": _of_64_bits(name, events)}
    result = np.empty(len(columns["run"]), dtype=[(column, values.dtype) for column, values in columns.items()])
    for column, values in columns.items():
        result[column] = values
    return result


def _of_64_bits(name: str, values: Sequence[int] | NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    lowest = values.min(initial=0) if isinstance(values, np.ndarray) else min(values, default=0)
    try:
        return np.asarray(values, dtype=np.int64 if lowest < 0 else np.uint64)
    except OverflowError:
        raise DataError(f"{name}: {_NO_PLACE}") from None


def alike(here: NDArray[Any], there: NDArray[Any], names: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return two arrays of events with fields of the same types.

    Raises
    ------
    DataError
        When there is no type for the numbers of both; `names` says of what this is told.
    """
    import numpy as np

    kinds = []
    for column in ("run", "event"):
        numbers = here[column], there[column]
        negative = any(values.min(initial=0) < 0 for values in numbers)
        if negative and any(values.max(initial=0) >= _LARGEST // 2 for values in numbers):
            raise DataError(f"{names}: {_NO_PLACE}")
        kinds.append((column, np.int64 if negative else np.uint64))
    return here.astype(kinds), there.astype(kinds)


def read_event_list(argument: str, names: Names, region: str) -> EventList:
    """Read a list of events.

    Where a CSV or Parquet file says in a column `region` which events are of which region, as those of stand-alone
    scripts do, it is the list of one region.

    Parameters
    ----------
    argument
        A file, told apart by its content; of a ROOT file also `FILE:TREE`. CSV may come from a pipe.
    names
        Which columns hold run and event.
    region
        The region, as the file calls it.

    Raises
    ------
    DataError
        When the file, the tree or a column is not there, a value is no event, or the events are all of other regions.
    """
    from hepsel.run.inputs import find_files

    (file,) = _one(argument, find_files([argument]))
    path = file.path
    if not isinstance(path, Path):
        raise DataError(f"{path}: event lists are not read from servers; copy it here first")
    if path.is_dir():
        raise DataError(f"{path}: is a directory, but not the output of a run")
    if is_stream(path):  # which can be read once, and from its beginning to its end
        return event_list(argument, *_read_csv(path, io.StringIO(read_text(path, "list of events"), ""), names, region))
    try:
        with path.open("rb") as stream:
            kind = _MAGIC.get(stream.read(4))
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from None
    if kind is None and file.tree is not None:
        raise DataError(f"{path}: only ROOT files have trees")
    if kind == "ROOT":
        columns = _read_root(path, file.tree, names)
    elif kind == "Parquet":
        columns = _read_parquet(path, names, region)
    else:
        with path.open(newline="", encoding="utf-8-sig") as text:
            columns = _read_csv(path, text, names, region)
    return event_list(argument, *columns)


def _one(argument: str, files: Sequence[Any]) -> Sequence[Any]:
    if len(files) != 1:
        raise DataError(f"{argument}: {len(files)} files; an event list is one file")
    return files


# ---------------------------------------------------------------- CSV


def _read_csv(path: Path, stream: TextIO, names: Names, region: str) -> tuple[list[int], list[int]]:
    runs: list[int] = []
    events: list[int] = []
    others: set[str] = set()
    try:
        reader = csv.reader(stream, delimiter=delimiter_of(stream.readline(1 << 16)))
        stream.seek(0)
        header = [cell.strip() for cell in next(reader, [])]
        places = [_place(path, name, header) for name in (names.run, names.event)]
        regions = _place(path, _REGION, header) if _REGION in header else None
        for row in reader:
            if not row:
                continue
            if len(row) <= max(*places, regions or 0):
                raise DataError(f"{path}: line {reader.line_num}: {len(row)} values where {len(header)} are named")
            if regions is not None and (other := row[regions].strip()) != region:
                others.add(other)
                continue
            for values, place in zip((runs, events), places, strict=True):
                values.append(_number(path, reader.line_num, header[place], row[place]))
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: neither ROOT nor Parquet, and not a CSV text: {error}") from None
    _check_region(path, region, bool(runs), others)
    return runs, events


def _check_region(path: Path, region: str, there: bool, others: Set[str]) -> None:
    """Refuse a list of other regions only: whether it would list events of this one, nobody knows."""
    if others and not there:
        known = ", ".join(repr(other[:40]) for other in sorted(others)[:_SHOWN])
        raise DataError(f"{path}: no event of region {region} (there is {known}); name it with --region NAME=OTHER")


def delimiter_of(line: str) -> str:
    """Return what stands between the values of a table, given its first line."""
    return next((char for char in ",;\t" if char in line), ",")


def _place(path: Path, name: str, header: Sequence[str]) -> int:
    found = [place for place, column in enumerate(header) if column == name]
    if len(found) == 1:
        return found[0]
    known = ", ".join(repr(column[:40]) for column in header[:20]) or "nothing"
    if found:
        raise DataError(f"{path}: two columns {name!r}")
    raise DataError(f"{path}: no column {name!r} (there is {known}); name it with --run NAME or --event NAME")


def _number(path: Path, line: int, column: str, text: str) -> int:
    digits = text.strip().removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) <= 20:
        number = int(text)
        if -_LARGEST // 2 <= number < _LARGEST:
            return number
    raise DataError(f"{path}: line {line}: {column} is {text[:40]!r}, which is not a whole number of 64 bits")


# ---------------------------------------------------------------- Parquet and ROOT


def _read_parquet(path: Path, names: Names, region: str) -> tuple[Any, Any]:
    import pyarrow.compute
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(path)
        for name in (names.run, names.event):
            _place(path, name, file.schema_arrow.names)
        by_region = _REGION in file.schema_arrow.names
        table = file.read(columns=[names.run, names.event, *([_REGION] if by_region else [])])
        if by_region:
            called = table[_REGION].cast(pyarrow.string())
            table = table.filter(pyarrow.compute.equal(called, region))
            _check_region(path, region, table.num_rows > 0, set(called.drop_null().unique().to_pylist()) - {region})
    except DataError:
        raise
    except Exception as error:  # a damaged file makes pyarrow raise anything
        raise damaged(path, error) from None
    for name in (names.run, names.event):
        if table[name].null_count:
            raise DataError(f"{path}: {name} is missing in {table[name].null_count} rows")
    return tuple(_whole(path, name, table[name].to_numpy()) for name in (names.run, names.event))  # type: ignore[return-value]


def _read_root(path: Path, tree: str | None, names: Names) -> tuple[Any, Any]:
    import uproot

    try:
        with uproot.open(path) as directory:
            kinds = directory.classnames(cycle=False)
            trees = [name for name, kind in kinds.items() if kind in ("TTree", "ROOT::RNTuple")]
            if tree is None and len(trees) != 1:
                listed = ", ".join(trees[:10]) or "none"
                raise DataError(f"{path}: name the tree as {path}:TREE; there is {listed}")
            if tree is not None and tree not in trees:
                raise DataError(f"{path}: no tree {tree}; there is {', '.join(trees[:10]) or 'none'}")
            found = directory[tree or trees[0]]
            for name in (names.run, names.event):
                _place(path, name, list(found.keys(recursive=False)))
            arrays = found.arrays([names.run, names.event], library="np")
    except DataError:
        raise
    except Exception as error:  # a damaged file makes uproot raise anything
        raise damaged(path, error) from error
    return tuple(_whole(path, name, arrays[name]) for name in (names.run, names.event))  # type: ignore[return-value]


def _whole(path: Path, name: str, values: NDArray[Any]) -> NDArray[Any]:
    if values.dtype.kind not in "iu" or values.ndim != 1:
        raise DataError(f"{path}: {name} does not hold whole numbers, one for each row")
    return values


# ---------------------------------------------------------------- sets


@dataclass(frozen=True)
class Match:
    """Two lists of events, matched: the same run and event, exactly.

    Attributes
    ----------
    region
        Of which region.
    here, there
        The lists.
    matched
        Number of events in both.
    only_here, only_there
        The events in one only, sorted.
    """

    region: str
    here: EventList
    there: EventList
    matched: int
    only_here: NDArray[Any]
    only_there: NDArray[Any]

    @property
    def same(self) -> bool:
        """Whether the lists are the same, without repetitions."""
        repeated = self.here.repeated or self.there.repeated
        return not (len(self.only_here) or len(self.only_there) or repeated)


def match(region: str, here: EventList, there: EventList) -> Match:
    """Match two lists."""
    import numpy as np

    events = np.concatenate(alike(here.events, there.events, f"{here.name} and {there.name}"))
    both, places, counts = np.unique(events, return_index=True, return_counts=True)
    single, first = counts == 1, places < len(here.events)
    return Match(region, here, there, int((counts == 2).sum()), both[single & first], both[single & ~first])


def repeated_line(events: EventList) -> str | None:
    """Return what is said of events that a list names more than once."""
    if not events.repeated:
        return None
    shown = ", ".join(f"run {run} event {event} ({n} times)" for run, event, n in islice(events.repeated, _SHOWN))
    more = len(events.repeated) - _SHOWN
    rest = f" and {more} more" if more > 0 else ""
    count = len(events.repeated)
    counted = "1 event is" if count == 1 else f"{count} events are"
    return f"{events.name}: {counted} listed more than once: {shown}{rest}"
