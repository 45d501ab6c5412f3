"""Saved columns in files, written as they come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import awkward as ak
import uproot
from hepsel.backends.awkward.runtime.output import end_to_end

ROWS_AT_A_TIME = 100_000
"""Rows that are gathered before they are written: of small files, each piece has few."""


class SavedColumns:
    """The saved columns of a region, of which no more than some rows are in memory.

    Parameters
    ----------
    begin
        Opens a file for such columns as it is given: what it returns has `write` and `close`.
    """

    def __init__(self, begin: Callable[[Mapping[str, Any]], Any]) -> None:
        self.begin = begin
        self.file: Any = None
        self.gathered: list[Mapping[str, Any]] = []
        self.rows = 0

    def add(self, columns: Mapping[str, Any]) -> None:
        """Take the columns of some more events."""
        if columns:
            self.gathered.append(columns)
            self.rows += len(next(iter(columns.values())))
        if self.rows >= ROWS_AT_A_TIME:
            self.flush()

    def flush(self) -> None:
        """Write what is gathered: without any rows, at least what they would be."""
        if self.rows or (self.gathered and self.file is None):
            columns = end_to_end(self.gathered)
            self.gathered, self.rows = [], 0
            if self.file is None:
                self.file = self.begin(columns)
            self.file.write(columns)

    def close(self) -> None:
        """Close the file, if there is one."""
        if self.file is not None:
            self.file.close()


class ParquetTable:
    """A Parquet file, for columns such as the first."""

    def __init__(self, path: Path, first: Mapping[str, Any]) -> None:
        from pyarrow.parquet import ParquetWriter

        self.file: Any = ParquetWriter(
            path, self.arrow(first).schema, compression="zstd", use_dictionary=False
        )

    def arrow(self, columns: Mapping[str, Any]) -> Any:
        """Return columns as a table of Arrow."""
        table = ak.zip(columns, depth_limit=1)
        return ak.to_arrow_table(table, extensionarray=False, string_to32=True)

    def write(self, columns: Mapping[str, Any]) -> None:
        """Write the columns of some more events."""
        self.file.write_table(self.arrow(columns))

    def close(self) -> None:
        """Finish the file."""
        self.file.close()


class NTuple:
    """A ROOT file with an RNTuple, for columns such as the first: a TTree holds neither names nor missing values."""

    def __init__(self, path: Path, first: Mapping[str, Any]) -> None:
        self.file: Any = uproot.recreate(path)
        self.tuple = self.file.mkrntuple("columns", self.table(first).layout.form)

    def table(self, columns: Mapping[str, Any]) -> ak.Array:
        """Return columns as uproot writes them rightly: of missing values that a mask hides, it takes others for the rest."""
        return ak.transform(by_index, ak.zip(columns, depth_limit=1))

    def write(self, columns: Mapping[str, Any]) -> None:
        """Write the columns of some more events."""
        if len(next(iter(columns.values()))):
            self.tuple.extend(self.table(columns))

    def close(self) -> None:
        """Finish the file."""
        self.file.close()


def by_index(layout: Any, **_: Any) -> Any:
    """Return missing values by an index in the place of a mask."""
    return layout.to_IndexedOptionArray64().to_packed() if layout.is_option else None


SAVED = "root" if find_spec("pyarrow") is None else "parquet"
"""The kind of file that takes saved columns: Parquet is written with pyarrow, which neither awkward nor uproot brings along."""
