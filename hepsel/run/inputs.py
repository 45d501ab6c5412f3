"""Input files: from what stands on the command line to files whose events are counted."""

from __future__ import annotations

import glob
import hashlib
import itertools
import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hepsel.errors import DataError
from hepsel.files import check_is_file
from hepsel.names import check_name
from hepsel.remote import Address, damaged
from hepsel.texts import read_text

_ROOT_MAGIC = b"root"
_PARQUET_MAGIC = b"PAR1"
_MOST_EVENTS_IN_A_BYTE = 10_000  # more than any compression makes of columns that are all the same
_ENTRIES = re.compile(r"([0-9]{0,18}):([0-9]{0,18})")
_TREE_OF_ADDRESS = re.compile(r"(.+\.root(?:\.[0-9]+)?):([^?]+)", re.IGNORECASE)  # uproot's rule


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file as it was named: its path or address, and the tree where the user said which."""

    path: Path | Address
    tree: str | None = None

    def __str__(self) -> str:
        return str(self.path) if self.tree is None else f"{self.path}:{self.tree}"


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that was found to be readable.

    Attributes
    ----------
    file
        Which one.
    tree
        Name of the TTree or RNTuple that holds the events; `None` for Parquet.
    bounds
        Where its clusters or row groups begin, and at the end the number of its events: ranges between them are the
        cheapest to read.
    size, modified
        Bytes, and time of the last change in nanoseconds since 1970: they tell whether it is still the same file. Not
        every server says the time.
    uuid
        What ROOT calls the file by, wherever it is; `None` for Parquet.
    etag
        What a web server calls its content by.
    """

    file: InputFile
    tree: str | None
    bounds: tuple[int, ...]
    size: int
    modified: int | None
    uuid: str | None = None
    etag: str | None = None

    @property
    def events(self) -> int:
        """Number of events in it."""
        return self.bounds[-1]

    @property
    def identity(self) -> tuple[object, ...] | None:
        """What makes the same file: absolute path, tree, size and time of change, and the marks that a server has.

        There is none without the time or an ETag: the size alone does not tell a file from a later one.
        """
        path = self.file.path
        if isinstance(path, Path):
            return str(path.resolve()), self.tree, self.size, self.modified
        if self.modified is None and self.etag is None:
            return None
        return path.identity, self.tree, self.size, self.modified, self.uuid, self.etag


# ------------------------------------------------------------------ names


def find_files(arguments: Iterable[str], *, keep_missing: bool = False) -> tuple[InputFile, ...]:
    """Find the files that arguments of the command line name.

    Parameters
    ----------
    arguments
        Paths, patterns (`data/*.root`, `**` for any depth), addresses of files on servers, each of them with `:TREE`
        behind it, or `@LIST`, a text file with one of these in each line.
    keep_missing
        Whether names of which there is no file are kept: opening them tells.

    Returns
    -------
    tuple of InputFile
        In the order of the arguments; those of a pattern in alphabetical order.

    Raises
    ------
    DataError
        When there is no such file, a pattern fits none, an address cannot be read, or a file is named twice (its events
        would count twice).
    """
    found: list[InputFile] = []
    trees: dict[object, list[str | None]] = {}
    for file in _named(arguments):
        if not keep_missing and isinstance(file.path, Path):
            _check_is_there(file.path)
        same = trees.setdefault(_identity(file), [])
        # Without a name, the tree may be any of the others.
        if file.tree in same or (same and None in (file.tree, *same)):
            raise DataError(f"{file}: this file is given twice, its events would be counted twice")
        same.append(file.tree)
        found.append(file)
    return tuple(found)


def _check_is_there(path: Path) -> None:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        raise DataError(f"{path}: no such file") from None
    except OSError as error:  # a file of which nobody is told that it is there, as without a ticket for a file server
        raise DataError(f"{path}: cannot open the file: {error.strerror}") from error


def _identity(file: InputFile) -> object:
    """Return what is equal for all names of a file, hard links too."""
    if not isinstance(file.path, Path):
        return file.path.identity
    try:
        status = file.path.stat()
    except OSError:
        return os.path.realpath(file.path)
    return status.st_dev, status.st_ino


def _named(arguments: Iterable[str]) -> Iterator[InputFile]:
    for argument in arguments:
        if argument.startswith("@") and not os.path.lexists(argument):
            yield from _named(_lines(Path(argument[1:])))
        else:
            yield from _expanded(argument)


def _lines(path: Path) -> list[str]:
    lines = [line.strip() for line in read_text(path, "list of files").splitlines()]
    names = [line for line in lines if line and not line.startswith("#")]
    for name in names:
        if name.startswith("@"):
            raise DataError(f"{path}: a list of files cannot name another list ({name})")
    if not names:
        raise DataError(f"{path}: this list of files names none")
    return names


def named_file(argument: str) -> InputFile:
    """Return the one file that an argument names: a path or an address, perhaps with `:TREE` behind it.

    Where there is no such file, all of it is taken for the path, for nobody knows whether a tree is in it.

    Raises
    ------
    DataError
        When it is an address that cannot be read.
    """
    check_name(argument)
    if "://" in argument:
        return _on_a_server(argument)
    there = (InputFile(Path(name), tree) for name, tree in _readings(argument) if os.path.lexists(name))
    return next(there, InputFile(Path(argument)))


def _readings(argument: str) -> list[tuple[str, str | None]]:
    """Return what an argument may mean: a name, or a name and a tree."""
    before, colon, after = argument.rpartition(":")
    return [(argument, None), *([(before, after)] if colon and before and after else [])]


def _expanded(argument: str) -> list[InputFile]:
    named = named_file(argument)
    if not isinstance(named.path, Path) or os.path.lexists(named.path):
        return [named]
    for name, tree in _readings(argument):
        matches = sorted(glob.glob(name, recursive=True))
        files = [InputFile(Path(match), tree) for match in matches if not os.path.isdir(match)]
        if files:
            for match in matches:
                check_name(match)
            return files
    if glob.has_magic(argument):
        raise DataError(f"{argument}: no file fits this pattern")
    return [named]


def _on_a_server(argument: str) -> InputFile:
    before, mark, query = argument.partition("?")
    split = _TREE_OF_ADDRESS.fullmatch(before)
    return InputFile(Address((split[1] if split else before) + mark + query), split[2] if split else None)


# ------------------------------------------------------------------ opening


def open_file(file: InputFile, trees: Sequence[str]) -> OpenedFile:
    """Look into a file: find its tree and the number of its events.

    Parameters
    ----------
    file
        The file.
    trees
        Names of the tree that the format knows, for a file that was named without one.

    Raises
    ------
    DataError
        When there is no such file, it is damaged, or it has no such tree.
    """
    path = file.path
    if isinstance(path, Address):
        return _open_address(file, path, trees)
    try:
        status = path.stat()
        check_is_file(path)
        with path.open("rb") as stream:
            magic = stream.read(4)
    except OSError as error:
        raise DataError(f"{path}: cannot open the file: {error.strerror}") from error
    return _opened(file, _look_into(file, magic, trees), status.st_size, status.st_mtime_ns)


def check_unchanged(files: Iterable[OpenedFile]) -> None:
    """Refuse files that somebody wrote to while they were read: nobody could say of which events a result is.

    Raises
    ------
    DataError
        When a file is not there any more, or its size or its time of change is another one.
    """
    for file in files:
        path = file.file.path
        if not isinstance(path, Path):
            continue
        try:
            status = path.stat()
        except OSError as error:
            raise DataError(f"{path}: the file went away while it was read: {error.strerror}") from error
        if (status.st_size, status.st_mtime_ns) != (file.size, file.modified):
            raise DataError(f"{path}: the file has changed while it was read: run again when it is complete")


def _open_address(file: InputFile, address: Address, trees: Sequence[str]) -> OpenedFile:
    try:
        with address.open() as stream:
            magic, details = stream.read(4), stream.details
    except Exception as error:
        raise damaged(file.path, error) from error
    seconds = details.get("mtime")
    modified = None if seconds is None else int(seconds) * 10**9
    return _opened(file, _look_into(file, magic, trees), details["size"], modified, details.get("etag"))


@dataclass(frozen=True, slots=True)
class _Found:
    """The tree of a file, and where its clusters begin; of a ROOT file also its end, its UUID, and itself if open."""

    tree: str | None
    bounds: tuple[int, ...]
    end: int = 0
    uuid: str | None = None
    directory: Any = None


_kept: dict[OpenedFile, Any] = {}
"""The ROOT file that was looked into last, until something takes it."""


def _opened(file: InputFile, found: _Found, size: int, modified: int | None, etag: str | None = None) -> OpenedFile:
    """Describe a file that was looked into, and keep it if it is open."""
    from hepsel.backends.awkward.runtime.reading import CUT_OFF

    opened = OpenedFile(file, found.tree, found.bounds, size, modified, found.uuid, etag)
    for other in list(_kept):  # several threads of a dask worker may be here
        if (directory := taken(other)) is not None:
            directory.close()
    if found.directory is not None:
        _kept[opened] = found.directory
    if size < found.end:  # even where the columns that are needed are in the part that is there
        raise damaged(file.path, ValueError(CUT_OFF))
    if opened.events > size * _MOST_EVENTS_IN_A_BYTE:  # to divide them into units of work would take for ever
        raise damaged(file.path, ValueError(f"{opened.events} events do not fit into it"))
    return opened


def taken(file: OpenedFile) -> Any:
    """Return the open ROOT file that was kept when this file was looked into, for its owner to close; or `None`."""
    return _kept.pop(file, None)


def _look_into(file: InputFile, magic: bytes, trees: Sequence[str]) -> _Found:
    if not magic:
        raise DataError(f"{file.path}: the file is empty (0 bytes)")
    if magic == _ROOT_MAGIC:
        return _open_root(file, trees)
    if magic == _PARQUET_MAGIC:
        return _Found(None, _open_parquet(file))
    raise DataError(f"{file.path}: neither a ROOT nor a Parquet file")


def _open_root(file: InputFile, trees: Sequence[str]) -> _Found:
    from hepsel.backends.awkward.runtime.reading import open_root

    wanted = trees if file.tree is None else (file.tree,)
    try:
        with ExitStack() as stack:
            directory = stack.enter_context(open_root(os.fspath(file.path)))
            held = {
                name: kind
                for name, kind in directory.classnames(cycle=False).items()
                if kind in ("TTree", "TNtuple", "TNtupleD", "ROOT::RNTuple")
            }
            for name in wanted:
                if name in held:
                    marks = directory.file.fEND, str(directory.file.uuid)
                    if held[name] == "TTree" and isinstance(file.path, Path):
                        return _Found(name, (0, _events_of_tree(file.path, name)), *marks)
                    found = _Found(name, _bounds_of_tree(directory[name]), *marks, directory)
                    stack.pop_all()
                    return found
    except Exception as error:  # a damaged file makes uproot raise anything
        raise damaged(file.path, error) from error
    has = f"it has {', '.join(sorted(held)[:10])}" if held else "it has no tree at all"
    raise DataError(f"{file.path}: no tree {' or '.join(wanted)}: {has}")


def _events_of_tree(path: Path, name: str) -> int:
    """Return the number of events of a TTree without its branches: all 1,500 of a file take half a second."""
    import uproot

    only_entries = {"TTree": uproot.models.TTree.Model_TTree_NumEntries}
    with uproot.open({os.fspath(path): None}, array_cache=None, object_cache=None, custom_classes=only_entries) as file:
        (events,) = file[name].all_members["fEntries"]
        return int(events)


def _bounds_of_tree(tree: Any) -> tuple[int, ...]:
    events = int(tree.num_entries)
    # A TTree's branches each have baskets of their own length; only an RNTuple is cut through all of them.
    clusters = getattr(tree, "cluster_summaries", None) or ()
    starts = {int(cluster.num_first_entry) for cluster in clusters}
    if events < max(starts, default=0):
        raise ValueError(f"it has {events} events, and clusters behind them")
    return tuple(sorted({0, *starts, events}))


def _open_parquet(file: InputFile) -> tuple[int, ...]:
    import pyarrow.parquet

    if file.tree is not None:
        raise DataError(f"{file.path}: no tree {file.tree}: Parquet files have no trees")
    try:
        with file.path.open("rb") as stream:
            metadata = pyarrow.parquet.read_metadata(stream)
        lengths = [metadata.row_group(k).num_rows for k in range(metadata.num_row_groups)]
    except Exception as error:  # a damaged file makes pyarrow raise anything
        raise damaged(file.path, error) from error
    return tuple(itertools.accumulate(lengths, initial=0))


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# ------------------------------------------------------------------ entry ranges


@dataclass(frozen=True, slots=True)
class Entries:
    """A half-open range of events, counted through all files in their order; `stop` may be open."""

    start: int = 0
    stop: int | None = None

    def of_files(self, counts: Sequence[int]) -> list[tuple[int, int]]:
        """Return the part of the range that lies in each of the files, in the file's own counting."""
        parts = []
        before = 0
        for count in counts:
            start = min(max(self.start - before, 0), count)
            stop = count if self.stop is None else min(max(self.stop - before, 0), count)
            parts.append((start, max(start, stop)))
            before += count
        return parts


def parse_entries(text: str) -> Entries | None:
    """Read `START:STOP`, each of which may be left out.

    Returns
    -------
    Entries or None
        `None` when it is no such thing.

    Examples
    --------
    >>> parse_entries("100:200")
    Entries(start=100, stop=200)
    >>> parse_entries(":1000")
    Entries(start=0, stop=1000)
    """
    found = _ENTRIES.fullmatch(text)
    if found is None:
        return None
    start, stop = int(found[1] or 0), int(found[2]) if found[2] else None
    return None if stop is not None and stop < start else Entries(start, stop)


def cut(part: tuple[int, int], length: int, bounds: Sequence[int] = ()) -> list[tuple[int, int]]:
    """Cut a range of events into ranges of at most `length` events, at some of `bounds` where they lie close enough.

    They depend on the file alone and not on the number of workers, so that sums come out the same to the last bit.

    Examples
    --------
    >>> cut((0, 25), 10)
    [(0, 10), (10, 20), (20, 25)]
    >>> cut((0, 25), 10, bounds=(0, 4, 8, 25))
    [(0, 8), (8, 18), (18, 25)]
    """
    start, end = part
    ranges = []
    while start < end:
        stop = min(start + length, end)
        if stop < end:
            place = bisect_right(bounds, stop) - 1
            if place >= 0 and bounds[place] > start:
                stop = bounds[place]
        ranges.append((start, stop))
        start = stop
    return ranges
