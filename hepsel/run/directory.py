"""The output directory: which one may be replaced, and how it is."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from hepsel.errors import DataError
from hepsel.run.inputs import InputFile
from hepsel.run.manifest import SCHEMA
from hepsel.run.outputs import MANIFEST, OUTPUTS
from hepsel.run.state import FOLDER, is_in_use, is_kept_file

_LITTER = re.compile(r"\.DS_Store|\.nfs\w+")
"""What systems leave in directories; the latter are removed files that somebody has open."""
_NEW = ".part"
_OLD = ".old"


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
        When the path is a file, or a directory that cannot be replaced, or has other things or inputs in it.
    """
    _refuse_foreign(path)
    if is_in_use(path / FOLDER):
        raise DataError(f"{path}: another run keeps its results here at the moment: name another directory, or wait")
    target = path.resolve()
    if not target.parent.is_dir():
        raise DataError(f"{path}: the directory {target.parent} does not exist")
    if target.is_mount() or target in (here := Path.cwd(), *here.parents):
        what = "a mount point" if target.is_mount() else "the working directory, or holds it"
        raise DataError(f"{path}: cannot be replaced, because it is {what}: name a directory in it")
    for file in inputs:
        if isinstance(file.path, Path) and target in Path(os.path.realpath(file.path)).parents:
            raise DataError(f"{file}: is in the output directory, which is replaced: name another one")
    try:
        for place in (target.parent, target) if target.exists() else (target.parent,):
            with tempfile.TemporaryDirectory(prefix=f".{target.name}.", suffix=_NEW, dir=place):
                pass
    except OSError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: OSError) -> DataError:
    return DataError(f"{path}: cannot use it as output directory: {error.strerror}")


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

    When anything goes wrong, `path` stays what it was. A symbolic link is followed.

    Raises
    ------
    DataError
        When something else has come into the directory since it was checked.
    """
    target = path.resolve()
    temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=_NEW, dir=target.parent))
    try:
        with _locked(temporary):
            _share(temporary, target)
            yield temporary
            _refuse_foreign(path)
            _swap(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    _remove_stale(target)


def _share(new: Path, target: Path) -> None:
    """Let those read a directory, private as mkdtemp makes it, who could read the one before, or any new one."""
    if target.exists():
        status = target.stat()
        with contextlib.suppress(OSError):
            os.chown(new, -1, status.st_gid)
        new.chmod(stat.S_IMODE(status.st_mode))
    else:
        new.chmod(0o777 & ~_umask() | new.stat().st_mode & stat.S_ISGID)


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


def _umask() -> int:
    # The only way to ask for it is to set it.
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[bool]:
    """Tell whether a directory could be locked; the system unlocks it when the process ends, however it does."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield _lock(handle)
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody else has it, or this file system knows no locks
        return False
    return True


def _remove_stale(target: Path) -> None:
    """Remove what runs into the same place left behind when they were killed, and not what others still write."""
    pattern = re.compile(rf"\.{re.escape(target.name)}\.\w{{8}}(?:{re.escape(_NEW)}|{re.escape(_OLD)})")
    left = [target.parent / name for name in os.listdir(target.parent) if pattern.fullmatch(name)]
    for path in left:
        if path.suffix == _NEW:
            with contextlib.suppress(OSError), _locked(path) as is_stale:
                if is_stale:
                    shutil.rmtree(path, ignore_errors=True)
    for path in left:
        if path.suffix == _OLD and not path.with_suffix(_NEW).exists():
            shutil.rmtree(path, ignore_errors=True)
