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
from hepsel.backends.awkward.runtime.axes import Array, Refused, below, offsets
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

    `is_list`: each of its values is a list; `list_of_one`: those of an event are stored in another list; `items`:
    names for which `{item}` stands, each item having branches of its own; `number`: spellings of the branch of the
    number of items, where more are stored than there are.
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
    items: tuple[str, ...] = ()
    number: tuple[str, ...] = ()


class Branch(NamedTuple):
    """A branch of a file, or one field of the records in it, which may be in records themselves."""

    name: str
    field: tuple[str, ...] | None = None

    @property
    def spelled(self) -> str:
        """As it is called in messages."""
        return ".".join((self.name, *(self.field or ())))


class Walk(NamedTuple):
    """Where the reading of some branches of a TTree has come to, and the arrays of the events ahead, `size` by `size`."""

    names: list[str]
    at: int
    size: int
    ahead: Any


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
            self._keys = named_branches(self._tree)
        else:
            # Fields of records are found through `_has_fields`: to list all takes seconds.
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
                parts = name.split(".")
                for cut in range(len(parts) - 1, 0, -1):
                    parent, fields = ".".join(parts[:cut]), tuple(parts[cut:])
                    if parent in self._keys and self._has_fields(parent, fields):
                        return Branch(parent, fields)
        return None

    def _spellings(self, written: str) -> Iterator[str]:
        yield written
        for separator in self.separators:
            yield written.replace(".", separator, 1)

    def _has_fields(self, name: str, fields: Sequence[str]) -> bool:
        """Whether the records in a branch have a field, with another one in it, and so on."""
        form: Any = self._keys[name]
        if not self.is_parquet and isinstance(form, uproot.TBranch):
            form = form_of(form)
        for field in fields:
            if isinstance(form, uproot.models.RNTuple.RField):
                form = form[field] if field in form.keys(recursive=False) else None
                continue
            while form is not None and (form.is_list or form.is_option):
                form = form.content
            there = form is not None and form.is_record and form.has_field(field)
            form = form.content(field) if there else None
        return form is not None

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
        asked, columns = columns, as_stored(columns)
        found = {name: self.branch(column.branches) for name, column in columns.items()}
        for name, column in columns.items():
            if found[name] is None and column.default is None:
                tried = [
                    spelled
                    for written in column.branches
                    for spelled in self._spellings(written)
                ]
                several = [
                    path
                    for path in self._keys
                    if path.endswith(tuple(f"/{spelled}" for spelled in tried))
                ]
                hint = " (a format of your own may give it a `default`, for files that lack it)"
                if several:
                    hint = f"; several are called so: {', '.join(several)}"
                problem = IncompleteFile(
                    f"{self.path}: no branch for {name}; tried {', '.join(dict.fromkeys(tried))}"
                    f"{'' if name == number_of(name) and not several else hint}"
                )
                problem.column = name.partition(OF_ITEM)[0]
                raise problem
        self._check_packing(found)
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
                self._check_events(name, branch, raw[branch], stop - start)
                self._check_kind(name, branch, raw[branch], columns[name])
                try:
                    arrays[name] = in_base_units(raw[branch], columns[name])
                except Refused as problem:
                    raise IncompleteFile(f"{self.path}: {name}: {problem}") from problem
        for name, column in columns.items():
            if found[name] is None:
                arrays[name] = filled(column, arrays, stop - start)
        arrays = {
            name: self._assembled(name, column, arrays)
            for name, column in asked.items()
        }
        self._check_lengths(arrays, asked)
        return arrays

    def _assembled(
        self, name: str, column: Column, arrays: Mapping[str, ak.Array]
    ) -> ak.Array:
        """Return the items of a column that are there, out of what is stored."""
        if column.items:
            parts = [arrays[name + OF_ITEM + item] for item in column.items]
            array = ak.concatenate([part[:, np.newaxis] for part in parts], axis=1)
        else:
            array = arrays[name]
        if not column.number:
            return array
        number = number_of(name)
        try:
            return first_items(array, exact_integers(arrays[number], 0))
        except Refused as problem:
            raise IncompleteFile(f"{self.path}: {number}: {problem}") from problem

    def _branches_of_tree(
        self, found: Mapping[str, Branch | None]
    ) -> Iterator[tuple[str, Any]]:
        """Yield what uproot has of each branch of a TTree, under the name of its column."""
        for name, branch in found.items():
            stored = self._keys[branch.name] if branch is not None else None
            if isinstance(stored, uproot.TBranch):
                yield name, stored

    def _check_packing(self, found: Mapping[str, Branch | None]) -> None:
        """Refuse branches of a TTree of which uproot would give other numbers than they hold."""
        for name, stored in self._branches_of_tree(found):
            if packed := packed_lists(stored):
                raise IncompleteFile(
                    f"{self.path}: {name}: branch {stored.name} holds {packed}: "
                    "numbers packed into bits, which uproot cannot read in lists"
                )

    def _check_types(self, found: Mapping[str, Branch | None]) -> None:
        """Refuse branches of a TTree that have no values, or values of a type that has no place in an array."""
        for name, stored in self._branches_of_tree(found):
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

    def _check_events(
        self, name: str, branch: Branch, array: ak.Array, events: int
    ) -> None:
        """Refuse a branch of a TTree that was not filled for all of its events."""
        if len(array) != events:
            has = self._keys[branch.name].num_entries
            raise IncompleteFile(
                f"{self.path}: {name}: branch {branch.spelled} has values of {has} events, and the tree has {self.entries}"
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
        arrays: dict[str, ak.Array] = next(walk.ahead)
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


def named_branches(tree: Any) -> dict[str, Any]:
    """Return the branches of a TTree by name; those that share one, by their paths, such as `muon/pt`.

    A branch may be in one of the same name, which has what both hold.
    """
    named: dict[str, list[tuple[str, Any]]] = {}
    for path, branch in tree.iteritems():
        named.setdefault(branch.name, []).append((path, branch))
    found = {}
    for name, several in named.items():
        first, branch = several[0]
        if all(path.startswith(f"{first}/") for path, _ in several[1:]):
            found[name] = branch
        else:
            found.update(several)
    return found


def packed_lists(branch: Any) -> str:
    """Return the type of a branch of a TTree that holds lists of packed numbers, nothing for others.

    uproot takes the shape of the list for what says how the numbers are packed, and reads others or none.
    """
    leaves = branch.member("fLeaves")
    kinds = {"TLeafD32": "Double32_t", "TLeafF16": "Float16_t"}
    if len(leaves) != 1 or leaves[0].classname not in kinds:
        return ""
    leaf = leaves[0]
    kind = kinds[leaf.classname]
    # `pt[n]/d[0,100,16]` has the shape `[n]` and the range `[0,100,16]`; without one, a Double32_t is a float.
    written, _, packing = leaf.member("fTitle").partition("/")
    shape, bits = written[len(leaf.member("fName")) :], packing[1:]
    return f"{kind}{shape}{bits}" if shape and (bits or kind == "Float16_t") else ""


def form_of(branch: Any) -> Any:
    """Return the form of the arrays that a branch of a TTree gives, or `None` if it cannot give any."""
    try:
        return branch.interpretation.awkward_form(None)
    except (
        AssertionError,  # a leaf of a list among several
        AttributeError,
        TypeError,
        uproot.interpretation.identify.UnknownInterpretation,
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


OF_ITEM = " of "
"""Stands between the name of a column and that of the item whose branch it is."""


def number_of(name: str) -> str:
    """Return what the number of items is called that a column has values of."""
    return f"{name.partition('.')[0]}.count"  # no attribute may be called that


def as_stored(columns: Mapping[str, Column]) -> dict[str, Column]:
    """Return what is read for some columns: one for each item that has branches of its own, and numbers of items."""
    stored = {}
    for name, column in columns.items():
        plain = column._replace(items=(), number=())
        if not column.items:
            stored[name] = plain
        for item in column.items:
            branches = tuple(b.replace("{item}", item) for b in column.branches)
            alone = (branches, column.kind, column.depth - 1)
            stored[name + OF_ITEM + item] = Column(
                *alone, *column[3:6], None, column.is_list
            )
        if column.number:
            stored[number_of(name)] = Column(column.number, "int", 0)
    return stored


def first_items(array: ak.Array, numbers: Array) -> ak.Array:
    """Return so many items of each event, the first; refuse numbers of more than are stored."""
    inside, starts = below(array.layout)
    lengths = np.diff(starts)
    wrong = (numbers < 0) | (numbers > lengths)
    if np.any(wrong):
        event = int(np.flatnonzero(wrong)[0])
        raise Refused(
            f"{numbers[event]} items in an event, of which {lengths[event]} are stored"
        )
    place = np.arange(starts[-1]) - np.repeat(starts[:-1], lengths)
    kept = ak.Array(inside)[place < np.repeat(numbers, lengths)]
    return ak.Array(
        ak.contents.ListOffsetArray(ak.index.Index64(offsets(numbers)), kept.layout)
    )


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
