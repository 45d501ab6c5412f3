"""Files with lists of events: CSV or Parquet, written as the events are found."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hepsel.errors import DataError
from hepsel.files import drafts, writing
from hepsel.formats.schema import Format
from hepsel.semantics.reads import event_id

EXTENSIONS = (".csv", ".parquet")

_Rows = Sequence[Mapping[str, int | str]]


def disagreement_columns(data_format: Format) -> dict[str, str]:
    """Return the columns of a list of events on which two programs disagree, each with its type."""
    identifiers = {name: "int" for name, _ in event_id(data_format)}
    texts = dict.fromkeys(("criterion", "label", "alone", "given_others"), "text")
    return {"region": "text", "selected_by": "text", **identifiers, "file": "text", "entry": "int", **texts}


class EventFile:
    """Takes rows and writes them, into a draft of the file at a path."""

    def __init__(self, path: Path, draft: Path, columns: Mapping[str, str]) -> None:
        self._path = path
        self._csv: Any = None
        if path.suffix == ".csv":
            self._stream = draft.open("w", newline="", encoding="utf-8")
            self._csv = csv.DictWriter(self._stream, list(columns), lineterminator="\n")
            self._csv.writeheader()
        else:
            import pyarrow as pa
            import pyarrow.parquet

            kinds = {"int": pa.uint64(), "text": pa.string()}
            self._schema = pa.schema([(name, kinds[kind]) for name, kind in columns.items()])
            self._parquet = pyarrow.parquet.ParquetWriter(draft, self._schema)

    def add(self, rows: _Rows) -> None:
        """Write some rows.

        Raises
        ------
        DataError
            When they cannot be written; so when a number is below 0, which a Parquet file has no place for beside
            numbers of all 64 bits.
        """
        if self._csv is not None:
            with writing(self._path):
                self._csv.writerows(rows)
        elif rows:
            import pyarrow as pa

            try:
                table = pa.Table.from_pylist([dict(row) for row in rows], schema=self._schema)
            except OverflowError as error:
                raise DataError("an event that is to be listed has a number below 0: name a .csv file") from error
            with writing(self._path):
                self._parquet.write_table(table)

    def close(self) -> None:
        """Finish the file.

        Raises
        ------
        DataError
            When what is left cannot be written.
        """
        with writing(self._path):
            if self._csv is not None:
                self._stream.close()
            else:
                self._parquet.close()


@contextlib.contextmanager
def event_file(path: Path, columns: Mapping[str, str]) -> Iterator[EventFile]:
    """Give a file to write into; it is put in its place when it is whole.

    Parameters
    ----------
    path
        Where to, `.csv` or `.parquet`.
    columns
        The columns, each with its type: `int` or `text`.

    Raises
    ------
    DataError
        When it cannot be written.
    """
    with drafts([path]) as (draft,):
        with writing(path):
            file = EventFile(path, draft, columns)
        try:
            yield file
        finally:
            file.close()
