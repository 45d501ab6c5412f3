"""The output directory: which one may be replaced, how other runs are kept out of it, and how it is replaced."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from hepsel.backends.awkward.runtime.lock import lock_folder, unlock_folder
from hepsel.errors import DataError
from hepsel.files import mode_of
from hepsel.run.inputs import InputFile
from hepsel.run.manifest import SCHEMA
from hepsel.run.outputs import MANIFEST, OUTPUTS
from hepsel.run.state import FOLDER, is_kept_file

_LITTER = re.compile(r"\.DS_Store|\.nfs\w+")
"""What systems leave in directories; the latter are removed files that somebody has open."""
_NEW = ".part"
_OLD = ".old"


@contextlib.contextmanager
def reserved_directory(path: Path, inputs: Sequence[InputFile] = ()) -> Iterator[None]:
    """Check an output directory, and keep other runs out of it from here to the end.

    The folder of kept results is what is locked, because it is there before there are any results. The system opens the
    lock when the process ends, however it does. A folder in which nothing was kept is removed again.

    Parameters
    ----------
    path, inputs
        See `check_directory`.

    Raises
    ------
    DataError
        When the directory cannot be used, or another run uses it.
    """
    check_directory(path, inputs)
    folder = path.resolve() / FOLDER
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = lock_folder(folder)
    except BlockingIOError as error:
        raise _in_use(path) from error
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        yield
    finally:
        for place in made:
            with contextlib.suppress(OSError):  # results are in it, or have taken its place
                place.rmdir()
        unlock_folder(handle)


def check_directory(path: Path, inputs: Sequence[InputFile] = ()) -> None:
    """Refuse an output directory that cannot be written, or in which something else is than a run left there.

    Parameters
    ----------
    path
        The directory.
    inputs
        What the run reads.

    Raises
    ------
    DataError
        When the path is a file, or a directory that cannot be replaced, or has other things or inputs in it, or is used
        by another run.
    """
    try:
        here = Path.cwd()
    except FileNotFoundError:
        raise DataError(f"{path}: the working directory does not exist any more: go to another one") from None
    _refuse_foreign(path)
    try:
        unlock_folder(lock_folder(path / FOLDER))
    except BlockingIOError as error:
        raise _in_use(path) from error
    target = path.resolve()
    if target.is_mount() or target in (here, *here.parents):
        what = "a mount point" if target.is_mount() else "the working directory, or holds it"
        raise DataError(f"{path}: cannot be replaced, because it is {what}: name a directory in it")
    for file in inputs:
        if isinstance(file.path, Path) and target in Path(os.path.realpath(file.path)).parents:
            raise DataError(f"{file}: is in the output directory, which is replaced: name another one")
    try:
        for place in _to_be_written(target):
            with tempfile.TemporaryDirectory(prefix=f".{target.name}.", suffix=_NEW, dir=place):
                pass
    except OSError as error:
        raise _unusable(path, error) from error


def _to_be_written(target: Path) -> tuple[Path, ...]:
    """Return the directories that have to be writable: of one that is not there, that in which it can be made."""
    if target.exists():
        return target.parent, target
    return (next(place for place in target.parents if place.exists()),)


def _unusable(path: Path, error: OSError) -> DataError:
    return DataError(f"{path}: cannot use it as output directory: {error.strerror}")


def _in_use(path: Path) -> DataError:
    return DataError(f"{path}: another run keeps its results here at the moment: name another directory, or wait")


def _refuse_foreign(path: Path) -> None:
    try:
        foreign = sorted(_foreign(path))
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unusable(path, error) from error
    if foreign:
        raise DataError(
            f"{path}: this directory holds {foreign[0]}, which is not the output of a run: "
            "name another directory, or move the file away"
        )


def _foreign(path: Path) -> Iterator[str]:
    written = _written(path)
    for entry in os.scandir(path):
        if entry.name == FOLDER and entry.is_dir(follow_symlinks=False):
            yield from (f"{FOLDER}/{name}" for name in os.listdir(entry) if not is_kept_file(name))
        elif _LITTER.fullmatch(entry.name):
            continue
        elif entry.name not in written or entry.is_dir(follow_symlinks=False):
            yield entry.name


def _written(path: Path) -> frozenset[str]:
    """Return the names of the files that a run wrote, as its manifest has them."""
    try:
        manifest = json.loads((path / MANIFEST).read_bytes())
        return frozenset(manifest[OUTPUTS]) if manifest["schema"] == SCHEMA else frozenset()
    except (FileNotFoundError, IsADirectoryError, ValueError, LookupError, TypeError, RecursionError):
        return frozenset()


# ------------------------------------------------------------------ replacing


@contextlib.contextmanager
def replaced_directory(path: Path) -> Iterator[Path]:
    """Give an empty directory beside `path` to write into, and put it in the place of `path` at the end.

    When anything goes wrong, `path` stays what it was. A symbolic link is followed; directories above it that are not
    there are made.

    Raises
    ------
    DataError
        When something else has come into the directory since it was checked.
    """
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=_NEW, dir=target.parent))
    handle = lock_folder(temporary)
    try:
        _share(temporary, target)
        yield temporary
        _refuse_foreign(path)
        _swap(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        unlock_folder(handle)
    _remove_stale(target)


def _share(new: Path, target: Path) -> None:
    """Let those read a directory, private as mkdtemp makes it, who could read the one before, or any new one."""
    mode = mode_of(target, 0o777)
    if target.exists():
        with contextlib.suppress(OSError):
            os.chown(new, -1, target.stat().st_gid)
    else:
        mode |= new.stat().st_mode & stat.S_ISGID
    new.chmod(mode)


def _swap(new: Path, target: Path) -> None:
    if not target.exists():
        new.rename(target)
        return
    old = new.with_suffix(_OLD)
    target.rename(old)
    try:
        new.rename(target)
    except BaseException:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _remove_stale(target: Path) -> None:
    """Remove what runs into the same place left behind when they were killed, and not what others still write."""
    pattern = re.compile(rf"\.{re.escape(target.name)}\.\w{{8}}(?:{re.escape(_NEW)}|{re.escape(_OLD)})")
    left = [target.parent / name for name in os.listdir(target.parent) if pattern.fullmatch(name)]
    for path in left:
        if path.suffix == _NEW:
            with contextlib.suppress(BlockingIOError):
                handle = lock_folder(path)
                if handle is not None:
                    shutil.rmtree(path, ignore_errors=True)
                unlock_folder(handle)
    for path in left:
        if path.suffix == _OLD and not path.with_suffix(_NEW).exists():
            shutil.rmtree(path, ignore_errors=True)
