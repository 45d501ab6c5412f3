"""Reading files chunk by chunk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hepsel.errors import DataError
from hepsel.formats.schema import Format
from hepsel.remote import damaged
from hepsel.run.engine import Engine
from hepsel.run.execute import Progress
from hepsel.run.inputs import Entries, InputFile, OpenedFile, cut, open_file

if TYPE_CHECKING:
    import awkward as ak


@dataclass(frozen=True)
class Chunk:
    """A range of the events of a file, and its columns."""

    file: OpenedFile
    start: int
    stop: int
    columns: dict[str, ak.Array]


def read_chunks(
    engine: Engine,
    data_format: Format,
    files: Sequence[InputFile],
    entries: Entries,
    chunk: int,
    progress: Progress | None,
) -> Iterator[Chunk]:
    """Yield the events of files, at most `chunk` at a time.

    Raises
    ------
    DataError
        When a file cannot be read.
    """
    opened = [open_file(file, data_format.trees) for file in files]
    parts = entries.of_files([file.events for file in opened])
    if progress is not None:
        progress.start(sum(stop - start for start, stop in parts))
    for file, part in zip(opened, parts, strict=True):
        for start, stop in cut(part, chunk, file.bounds):
            try:
                columns = engine.read(file, start, stop)
            except DataError:
                raise
            except Exception as error:  # a damaged file makes the libraries raise anything
                raise damaged(file.file.path, error) from error
            yield Chunk(file, start, stop, columns)
            if progress is not None:
                progress.advance(stop - start)
