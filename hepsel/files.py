"""Files: what is none is refused, and they are written as a whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from hepsel.errors import DataError


@contextlib.contextmanager
def drafts(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Give a file to write beside each of some paths, and put all of them in their places at the end.

    When anything goes wrong before, nothing has changed. A link stays a link; a file that exists keeps its mode, and a
    new one is as readable as other new files. A pipe or a device, such as /dev/stdout, stays what it is and is written
    into.

    Parameters
    ----------
    paths
        Where to.

    Raises
    ------
    DataError
        When a file cannot be written there.
    """
    targets = [Path(os.path.realpath(path)) for path in paths]
    made: list[Path] = []
    try:
        for path, target in zip(paths, targets, strict=True):
            with writing(path):
                made.append(_draft(target, None if is_stream(path) else target.parent))
        yield made
        for path, target, draft in zip(paths, targets, made, strict=True):
            with writing(path):
                if is_stream(path):
                    path.write_bytes(draft.read_bytes())
                else:
                    draft.chmod(mode_of(target, 0o666))
                    draft.replace(target)
    finally:
        for draft in made:
            draft.unlink(missing_ok=True)


def write_files(contents: Mapping[Path, str]) -> None:
    """Write texts, all of them or none; line ends are written as they are.

    Raises
    ------
    DataError
        When a file cannot be written.
    """
    with drafts([*contents]) as made:
        for draft, (path, text) in zip(made, contents.items(), strict=True):
            with writing(path):
                draft.write_text(text, encoding="utf-8", newline="")


def check_is_file(path: Path) -> None:
    """Refuse what is there and is no file with a beginning and an end: to open a pipe is to wait for its other side.

    Raises
    ------
    DataError
        When it is a directory, a pipe or a device.
    """
    if os.path.isdir(path):
        raise DataError(f"{path}: is a directory; name its files, for example '{path}/*.root'")
    if is_stream(path):
        raise DataError(f"{path}: is not a file, but a pipe or a device")


def refuse_inputs(output: Path, inputs: Iterable[str | os.PathLike[str] | None]) -> None:
    """Refuse to write a file that the same command reads.

    Raises
    ------
    DataError
        When the output is one of the inputs, by whatever name.
    """
    for name in inputs:
        if name is not None and output.exists() and os.path.exists(name) and os.path.samefile(output, name):
            raise DataError(f"{output}: this command reads it: name another file to write")


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say of which file it is that it cannot be written.

    Raises
    ------
    DataError
        When it cannot.
    """
    try:
        yield
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror or error}") from None


def is_stream(path: Path) -> bool:
    """Whether a path is there, and is a pipe or a device."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _draft(target: Path, folder: Path | None) -> Path:
    if target.is_dir():
        raise IsADirectoryError(None, "this is a directory")
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}.", suffix=target.suffix, dir=folder)
    os.close(handle)
    return Path(name)


def mode_of(target: Path, new: int) -> int:
    """Return the mode of what is to take a place: of what is there, or `new` without what the mask forbids."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    # The only way to ask for the mask is to set it.
    mask = os.umask(0o022)
    os.umask(mask)
    return new & ~mask
