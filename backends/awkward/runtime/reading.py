"""Columns out of ROOT (TTree, RNTuple) and Parquet files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import awkward as ak
import numpy as np
import uproot
from hepsel.backends.awkward.runtime.addresses import shown
from hepsel.backends.awkward.runtime.axes import Array, Refused, below
from hepsel.backends.awkward.runtime.kinds import mistaken
from hepsel.backends.awkward.runtime.values import exact_integers, reals


class FileError(Exception):
    """A file that is missing, damaged, or not what was expected."""


class IncompleteFile(FileError):
    """A file that lacks a branch or values that are needed, or has others than are expected.

    `column` names what has no branch.
    """

    column = ""


class Column(NamedTuple):
    """Where a column is stored: spellings of its branch, and what its values are.

    `is_list`: each of its values is a list; `list_of_one`: those of an event are stored in another list.
    """

    branches: tuple[str, ...]
    kind: str
    depth: int
    factor: float = 1.0
    divisor: float = 1.0
    default: Any = None
    like: str | None = None
    is_list: bool = False
    list_of_one: bool = False


class Branch(NamedTuple):
    """A branch of a file, or one field of the records in it."""

    name: str
    field: str | None = None

    @property
    def spelled(self) -> str:
        """As it is called in messages."""
        return self.name if self.field is None else f"{self.name}.{self.field}"


class Walk(NamedTuple):
    """Where the reading of some branches of a TTree has come to, and the arrays of the events ahead, `size` by `size`."""

    names: list[str]
    at: int
    size: int
    ahead: Iterator[dict[str, ak.Array]]


FEW_FIELDS = 100
"""An RNTuple of more is read field by field: to read several at once, uproot lists all, seconds for PHYSLITE."""


AT_ONCE = 16
"""So many branches on a server are read at the same time, where uproot awaits the answer for one before it asks on."""


def read_each(
    read: Callable[[str], ak.Array], names: Sequence[str], *, from_server: bool
) -> dict[str, ak.Array]:
    """Return what is read under each name; `from_server`: several at the same time."""
    # The first one finds out where in the file all of them are.
    first = list(map(read, names[:1]))
    if not from_server:
        return dict(zip(names, [*first, *map(read, names[1:])], strict=True))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        rest = threads.map(read, names[1:])
        return dict(zip(names, [*first, *rest], strict=True))


class Source:
    """An open file: what it has, and how to read a range of its events.

    Parameters
    ----------
    path
        A ROOT or Parquet file, or the address of one on a server.
    trees
        Names of the TTree or RNTuple, tried in order.
    separators
        What may stand for the first dot of a branch name.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        trees: Sequence[str],
        separators: Sequence[str],
    ) -> None:
        self.path = self._where = shown(str(path))
        self.separators = tuple(separators)
        self._is_remote = "://" in self.path
        if not self._is_remote and not Path(path).is_file():
            what = "not a file" if Path(path).exists() else "no such file"
            raise FileError(f"{self.path}: {what}")
        self._file: Any = None
        self._tree: Any = None
        self._keys: dict[str, Any] = {}
        self._kept: tuple[Any, dict[Branch, ak.Array]] | None = None
        self._walk: Walk | None = None
        try:
            self._where = os.fspath(path)
            self.is_parquet = self._is_parquet()
            self.clusters = (
                self._open_parquet() if self.is_parquet else self._open(trees)
            )
        except (FileError, MemoryError):
            raise
        except Exception as problem:
            raise self._error(problem) from problem
        self.entries = self.clusters[-1]
        self._is_clustered = not isinstance(self._tree, uproot.TTree)

    def _is_parquet(self) -> bool:
        return is_parquet(self._where)

    def _open(self, trees: Sequence[str]) -> list[int]:
        """Open a ROOT file and return where its clusters begin, and its number of events."""
        self._file = self._open_file()
        names = self._file.keys(cycle=False)
        found = next((tree for tree in trees if tree in names), None)
        if found is None:
            raise FileError(
                f"{self.path}: has no {' or '.join(trees)}, only {', '.join(names) or 'nothing'}"
            )
        self._tree = self._file[found]
        if isinstance(self._tree, uproot.TTree):
            for name, branch in self._tree.iteritems(full_paths=False):
                self._keys.setdefault(name, branch)
        else:
            # Fields of records are found through `_fields`: to list all takes seconds.
            names = self._tree.keys(recursive=False)
            self._keys = {name: self._tree[name] for name in names}
        entries = int(self._tree.num_entries)
        if isinstance(self._tree, uproot.TTree):
            return [0, entries]
        starts = [summary.num_first_entry for summary in self._tree.cluster_summaries]
        return [*(int(start) for start in starts), entries] if entries else [0, 0]

    def _open_file(self) -> Any:
        opened = open_root(self._where)
        if opened.file.source.num_bytes < opened.file.fEND:
            # Even where the columns that are needed are in the part that is there.
            raise ValueError(CUT_OFF)
        return opened

    def _open_parquet(self) -> list[int]:
        """Look into a Parquet file and return where its row groups begin, and its number of events."""
        try:
            metadata = ak.metadata_from_parquet(self._where)
        except (ValueError, NotImplementedError) as problem:
            # awkward reads no column beside one of a type that it does not know.
            raise IncompleteFile(
                f"{self.path}: a column is of a type that awkward cannot read ({in_one_line(problem)})"
            ) from problem
        form = metadata["form"]
        self._keys = {name: form.content(name) for name in form.fields}
        return [0, *(int(n) for n in np.cumsum(metadata["col_counts"]))]

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._walk = None
        if self._file is not None:
            self._file.close()

    def _error(self, problem: Exception) -> FileError:
        text = shown(in_one_line(problem).replace(self._where, self.path))
        query = self._where.partition("?")[2] if self._is_remote else ""
        text = text.replace(query, "...") if query else text
        return FileError(f"{self.path}: cannot be read ({text})")

    def branch(self, spellings: Sequence[str]) -> Branch | None:
        """Return the first branch that the file has under one of its names."""
        for written in spellings:
            for name in self._spellings(written):
                if name in self._keys:
                    return Branch(name)
                parent, _, field = name.rpartition(".")
                if parent in self._keys and field in self._fields(parent):
                    return Branch(parent, field)
        return None

    def _spellings(self, written: str) -> Iterator[str]:
        yield written
        for separator in self.separators:
            yield written.replace(".", separator, 1)

    def _fields(self, name: str) -> Sequence[str]:
        """Return the fields of the records in a branch."""
        form: Any = self._keys[name]
        if isinstance(form, uproot.models.RNTuple.RField):
            return list(form.keys(recursive=False))
        if not self.is_parquet:
            form = form_of(form)
        fields: Sequence[str] = () if form is None else form.fields
        return fields

    def read(
        self, columns: Mapping[str, Column], start: int = 0, stop: int | None = None
    ) -> dict[str, ak.Array]:
        """Read a range of events.

        Parameters
        ----------
        columns
            What to read.
        start, stop
            The first event, and the one behind the last.

        Returns
        -------
        dict
            The columns in base units; reals are 64 bits wide, missing ones NaN.
        """
        stop = self.entries if stop is None else min(stop, self.entries)
        found = {name: self.branch(column.branches) for name, column in columns.items()}
        for name, column in columns.items():
            if found[name] is None and column.default is None:
                tried = [
                    spelled
                    for written in column.branches
                    for spelled in self._spellings(written)
                ]
                problem = IncompleteFile(
                    f"{self.path}: no branch for {name}; tried {', '.join(dict.fromkeys(tried))} "
                    "(a format of your own may give it a `default`, for files that lack it)"
                )
                problem.column = name
                raise problem
        branches = {branch for branch in found.values() if branch is not None}
        try:
            raw = self._arrays(branches, start, stop)
        except MemoryError:
            raise
        except Exception as problem:
            self._check_types(found)
            raise self._error(problem) from problem
        arrays = {}
        for name, branch in found.items():
            if branch is not None:
                self._check_kind(name, branch, raw[branch], columns[name])
                try:
                    arrays[name] = in_base_units(raw[branch], columns[name])
                except Refused as problem:
                    raise IncompleteFile(f"{self.path}: {name}: {problem}") from problem
        for name, column in columns.items():
            if found[name] is None:
                arrays[name] = filled(column, arrays, stop - start)
        self._check_lengths(arrays, columns)
        return {name: arrays[name] for name in columns}

    def _check_types(self, found: Mapping[str, Branch | None]) -> None:
        """Refuse branches of a TTree that have no values, or values of a type that has no place in an array."""
        for name, branch in found.items():
            stored = self._keys[branch.name] if branch is not None else None
            if not isinstance(stored, uproot.TBranch):
                continue
            if isinstance(
                stored.interpretation, uproot.interpretation.grouped.AsGrouped
            ):
                inside = ", ".join(branch.name for branch in stored.branches[:5])
                raise IncompleteFile(
                    f"{self.path}: {name}: branch {stored.name} holds nothing but other branches: {inside}"
                )
            if form_of(stored) is None:
                raise IncompleteFile(
                    f"{self.path}: {name}: branch {stored.name} holds {stored.typename}, which cannot be read"
                )

    def _check_kind(
        self, name: str, branch: Branch, array: ak.Array, column: Column
    ) -> None:
        """Refuse a branch that does not hold what the format says, however many events there are."""
        told = mistaken(array, column.kind, column.depth + column.list_of_one)
        if told is not None:
            raise IncompleteFile(f"{self.path}: {name}: branch {branch.spelled} {told}")

    def _check_lengths(
        self, arrays: Mapping[str, ak.Array], columns: Mapping[str, Column]
    ) -> None:
        """Refuse columns of one collection that do not have equally many items in every event."""
        first: dict[str, tuple[str, Array]] = {}
        for name, column in columns.items():
            if column.depth > column.is_list:
                _, starts = below(arrays[name].layout)
                other, expected = first.setdefault(
                    name.partition(".")[0], (name, starts)
                )
                if not np.array_equal(starts, expected):
                    raise IncompleteFile(
                        f"{self.path}: {name} and {other} have different numbers of items"
                    )

    def _arrays(
        self, branches: set[Branch], start: int, stop: int
    ) -> dict[Branch, ak.Array]:
        """Return the branches for a range of events, as they are stored."""
        first, last = self._whole_clusters(start, stop)
        wanted = (frozenset(branches), first, last)
        if self._kept is None or self._kept[0] != wanted:
            self._kept = None  # frees its memory before more is taken
            self._kept = wanted, self._read_range(branches, first, last)
        arrays = self._kept[1]
        if (first, last) == (start, stop):
            self._kept = None
            return arrays
        return {
            branch: ak.Array(array.layout[start - first : stop - first])
            for branch, array in arrays.items()
        }

    def _whole_clusters(self, start: int, stop: int) -> tuple[int, int]:
        """Return the range of the clusters that some events are in: a cluster cannot be read in part."""
        if not self._is_clustered or start == stop:
            return start, stop
        first = max(bound for bound in self.clusters if bound <= start)
        return first, min(bound for bound in self.clusters if bound >= stop)

    def _read_range(
        self, branches: set[Branch], start: int, stop: int
    ) -> dict[Branch, ak.Array]:
        names = sorted({branch.name for branch in branches})
        if self.is_parquet:
            whole: Any = self._row_groups(branches, start, stop)
        elif not self._is_clustered:
            whole = self._next(names, start, stop)
        elif names and len(self._keys) <= FEW_FIELDS and not self._is_remote:
            whole = self._tree.arrays(names, entry_start=start, entry_stop=stop)
        else:

            def field(name: str) -> ak.Array:
                return self._keys[name].array(entry_start=start, entry_stop=stop)

            whole = read_each(field, names, from_server=self._is_remote)
        return {
            branch: whole[branch.name]
            if branch.field is None
            else whole[branch.name][branch.field]
            for branch in branches
        }

    def _next(self, names: list[str], start: int, stop: int) -> dict[str, ak.Array]:
        """Return branches of a TTree for a range of events.

        From a range to the next one of the same length, baskets that are in both are kept: a basket may hold a whole
        file. All that a range needs is asked for at once: each answer of a server takes its time.
        """
        if not names:
            return {}
        if start == stop:  # the types are wanted even so
            empty: dict[str, ak.Array] = self._tree.arrays(
                names, entry_start=start, entry_stop=stop, how=dict
            )
            return empty
        walk, self._walk = self._walk, None
        if (
            walk is None
            or (walk.names, walk.at) != (names, start)
            or stop != min(start + walk.size, self.entries)
        ):
            size = stop - start
            steps = self._tree.iterate(
                names, entry_start=start, step_size=size, how=dict
            )
            walk = Walk(names, start, size, steps)
        arrays = next(walk.ahead)
        self._walk = walk._replace(at=stop)
        return arrays

    def _row_groups(
        self, branches: set[Branch], start: int, stop: int
    ) -> dict[str, ak.Array]:
        wanted = [branch.spelled for branch in branches]
        if not wanted:
            return {}
        bounds = self.clusters
        groups = [
            number
            for number in range(len(bounds) - 1)
            if bounds[number] < stop and bounds[number + 1] > start
        ]
        if not groups:  # the types are wanted even so
            groups = list(range(len(bounds) - 1))[:1]
        array = ak.from_parquet(
            self._where, columns=sorted(wanted), row_groups=set(groups) or None
        )
        first = bounds[groups[0]] if groups else 0
        array = array[start - first : stop - first]
        return {name: array[name] for name in array.fields}

    def chunks(self, size: int) -> Iterator[tuple[int, int]]:
        """Yield ranges of at most so many events: whole clusters, or parts of one.

        Parts are half as large, because the whole of their cluster is in memory beside them.
        """
        start = 0
        while start < self.entries:
            stop = min(start + size, self.entries)
            if self._is_clustered:
                inside = [bound for bound in self.clusters if start < bound <= stop]
                whole = start in self.clusters and inside
                part = min([start + max(size // 2, 1), self.entries, *inside[:1]])
                stop = inside[-1] if whole else part
            yield start, stop
            start = stop


def open_root(where: str) -> Any:
    """Open a ROOT file. Nothing is read twice, so that caches would only take memory."""
    # By default, uproot opens a file here anew for each basket.
    stay = {"handler": uproot.MultithreadedFileSource, "use_threads": False}
    options = {} if "://" in where else stay
    return uproot.open({where: None}, array_cache=None, **options)


def form_of(branch: Any) -> Any:
    """Return the form of the arrays that a branch of a TTree gives, or `None` if it cannot give any."""
    try:
        return branch.interpretation.awkward_form(None)
    except (
        AttributeError,
        TypeError,
        uproot.interpretation.objects.CannotBeAwkward,
    ):
        return None


def is_parquet(path: str) -> bool:
    """Whether a file is a Parquet file, by its first bytes."""
    if "://" not in path:
        with Path(path).open("rb") as file:
            return file.read(4) == b"PAR1"
    with uproot.source.fsspec.FSSpecSource(path) as source:
        return bytes(source.chunk(0, 4).raw_data) == b"PAR1"


CUT_OFF = "it ends too early"


def in_one_line(problem: BaseException) -> str:
    """Return what an exception says, as one sentence without a full stop."""
    if isinstance(problem, FileNotFoundError) and problem.__cause__ is not None:
        return in_one_line(problem.__cause__)  # fsspec names the address only
    if isinstance(problem, OSError) and problem.strerror is not None:
        return problem.strerror
    text = str(problem).strip()
    if text.startswith("expected Chunk of length"):  # uproot's words
        return CUT_OFF
    if isinstance(problem, uproot.deserialization.DeserializationError):
        # Before its message, its text lists what was read.
        text = " ".join(problem.message.split())
    line = (text.splitlines() or [type(problem).__name__])[0].rstrip(" .,:")
    return line if len(line) <= 200 else f"{line[:200]}..."


def only_elements(array: ak.Array) -> ak.Array:
    """Return the element of each list; refuse lists of none or several."""
    inside, starts = below(array.layout)
    counts = np.diff(starts)
    if np.any(counts != 1):
        event = int(np.flatnonzero(counts != 1)[0])
        raise Refused(f"{counts[event]} values in an event, and the format expects one")
    return ak.Array(inside)


def in_base_units(array: ak.Array, column: Column) -> ak.Array:
    """Widen reals to 64 bits, turn None into NaN there and convert them; refuse missing integers."""
    if column.list_of_one:
        array = only_elements(array)
    numbers = {"real": reals, "int": exact_integers, "link": exact_integers}
    if column.kind not in numbers:
        return array
    layout = array.layout
    offsets = []
    for _ in range(column.depth):
        layout, starts = below(layout)
        offsets.append(starts)
    values = numbers[column.kind](ak.Array(layout), 0)
    if column.factor != 1.0:
        values = values * column.factor
    if column.divisor != 1.0:
        values = values / column.divisor
    layout = ak.contents.NumpyArray(values)
    for starts in reversed(offsets):
        layout = ak.contents.ListOffsetArray(ak.index.Index64(starts), layout)
    return ak.Array(layout)


def nested(values: Array, counts: Sequence[Array]) -> ak.Array:
    """Return values as lists (of lists) of so many elements each."""
    layout: Any = ak.contents.NumpyArray(values)
    for number in reversed(counts):
        bounds = np.zeros(len(number) + 1, dtype=np.int64)
        np.cumsum(number, out=bounds[1:])
        layout = ak.contents.ListOffsetArray(ak.index.Index64(bounds), layout)
    return ak.Array(layout)


def filled(column: Column, arrays: Mapping[str, ak.Array], events: int) -> ak.Array:
    """Return the default of a column that a file lacks, in the shape of another column."""
    if column.default == ():
        shape = arrays[column.like] if column.like else None
        counts = [] if shape is None else [ak.to_numpy(ak.num(shape))]
        inner = [np.zeros(int(counts[0].sum()) if counts else events, dtype=np.int64)]
        return nested(np.empty(0), [*counts, *inner])
    value = column.default
    if column.kind == "real":
        value = value * column.factor / column.divisor
    if column.like is None:
        return ak.Array(np.full(events, value))
    counts = ak.to_numpy(ak.num(arrays[column.like]))
    return nested(np.full(int(counts.sum()), value), [counts])
