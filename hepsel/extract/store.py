"""What was asked and answered, in a local SQLite file: nothing is asked twice, and all of it can be looked up later.

An answer is found by the digest of everything that it depends on: the model, the messages, the options and the
grammar. An interrupted run goes on where it was, and a finished one is repeated without a server.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from hepsel.errors import DataError
from hepsel.extract.servers.model import Reply, Request

_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, asked TEXT NOT NULL, kind TEXT NOT NULL, model TEXT NOT NULL, digest TEXT NOT NULL,
    request TEXT NOT NULL, reply TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS models (
    kind TEXT NOT NULL, model TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (kind, model)
) STRICT;
"""
_BUSY_SECONDS = 30


def default_store() -> Path:
    """Return where answers are kept: `hepsel/answers.sqlite` in the user's data folder."""
    root = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(root) / "hepsel" / "answers.sqlite"


class Store:
    """The file of answers.

    Parameters
    ----------
    path
        The file; it is made, with its folder, when it is not there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(f"{path}: cannot be used to keep answers: {error.strerror}") from None
        with self._open() as connection:
            connection.executescript(_SCHEMA)

    def digest(self, kind: str, model: str) -> str | None:
        """Return the digest that a model had when it was last seen."""
        with self._open() as connection:
            row = connection.execute("SELECT digest FROM models WHERE kind = ? AND model = ?", (kind, model)).fetchone()
        return None if row is None else str(row[0])

    def see(self, kind: str, model: str, digest: str) -> None:
        """Keep the digest of a model."""
        with self._open() as connection, connection:
            connection.execute("INSERT OR REPLACE INTO models VALUES (?, ?, ?)", (kind, model, digest))

    def find(self, key: str) -> Reply | None:
        """Return a kept answer."""
        with self._open() as connection:
            row = connection.execute("SELECT reply FROM answers WHERE key = ?", (key,)).fetchone()
        return None if row is None else Reply(**json.loads(row[0]))

    def keep(self, key: str, kind: str, model: str, digest: str, request: Request, reply: Reply) -> None:
        """Keep an answer."""
        row = (key, datetime.now(UTC).isoformat(), kind, model, digest, _json(request.data()), _json(reply.data()))
        with self._open() as connection, connection:
            connection.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as connection:
                yield connection
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise DataError(f"{self._path}: cannot be used to keep answers: {error}") from None


def answer_key(kind: str, model: str, digest: str, request: Request) -> str:
    """Return the key of an answer."""
    return hashlib.sha256(_json([kind, model, digest, request.data()]).encode()).hexdigest()


def _json(data: object) -> str:
    return json.dumps(data, sort_keys=True, ensure_ascii=False)
