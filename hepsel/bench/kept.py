"""Trials that were made, in a SQLite file: each as soon as it is done, so that an interrupted bench goes on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from hepsel.bench.trial import Record
from hepsel.errors import DataError

FILE = "trials.sqlite"

_SCHEMA = "CREATE TABLE IF NOT EXISTS trials (key TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT"
_BUSY_SECONDS = 30


class Kept:
    """The trials of a folder.

    Parameters
    ----------
    folder
        Where the file stands.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        with self._open() as connection, connection:
            connection.execute(_SCHEMA)

    def find(self, key: str) -> Record | None:
        """Return a trial."""
        with self._open() as connection:
            row = connection.execute("SELECT record FROM trials WHERE key = ?", (key,)).fetchone()
            return None if row is None else json.loads(row[0])

    def keep(self, key: str, record: Record) -> None:
        """Keep a trial."""
        text = json.dumps(record, ensure_ascii=False)
        with self._open() as connection, connection:
            connection.execute("INSERT OR REPLACE INTO trials VALUES (?, ?)", (key, text))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as connection:
                yield connection
        except (sqlite3.Error, ValueError) as error:
            raise DataError(f"{self._path}: cannot be used to keep trials: {error}") from None
