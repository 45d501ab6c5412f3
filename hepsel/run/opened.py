"""A ROOT file that was looked into stays open for what reads it next: opening one of 1,500 branches takes a second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hepsel.backends.awkward.runtime.reading import Source
from hepsel.run.inputs import OpenedFile, taken


class OpenedSource(Source):
    """Reads a file that was looked into before, perhaps in another process.

    Parameters
    ----------
    file
        The file.
    separators
        What may stand for the first dot of a branch name.
    """

    def __init__(self, file: OpenedFile, separators: Sequence[str]) -> None:
        self._opened = file
        super().__init__(file.file.path, () if file.tree is None else (file.tree,), separators)

    def _is_parquet(self) -> bool:
        return self._opened.tree is None

    def _open_file(self) -> Any:
        directory = taken(self._opened)
        return super()._open_file() if directory is None else directory
