"""A parsed format file, read key by key; what is wrong is collected, not raised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from hepsel.formats.source import KeyPath

Table = Mapping[str, object]

_Plain = TypeVar("_Plain", bool, int, str)

_KINDS: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a table",
}


class Document:
    """Typed access to tables, and the list of what is wrong in them.

    Attributes
    ----------
    problems
        Path of a key, and what is wrong there.
    """

    def __init__(self) -> None:
        self.problems: list[tuple[KeyPath, str]] = []

    def problem(self, path: KeyPath, message: str) -> None:
        """Note that something is wrong."""
        self.problems.append((path, message))

    def unknown_keys(self, table: Table, known: tuple[str, ...], path: KeyPath) -> None:
        """Complain about keys that are none of the known ones."""
        for key in table:
            if key not in known:
                keys = ", ".join(known)
                message = f"unknown key `{key}`{nearest(key, known)}; keys here are {keys}"
                self.problem((*path, key), message)

    def text(self, table: Table, key: str, path: KeyPath) -> str | None:
        """Return a text that is not empty."""
        value = self._plain(table, key, path, str)
        if value is not None and not value.strip():
            self.problem((*path, key), f"`{key}` is empty")
            return None
        return value

    def whole(self, table: Table, key: str, path: KeyPath) -> int | None:
        """Return a whole number."""
        return self._plain(table, key, path, int)

    def flag(self, table: Table, key: str, path: KeyPath) -> bool:
        """Return true or false; false where nothing is said."""
        return self._plain(table, key, path, bool) or False

    def texts(self, table: Table, key: str, path: KeyPath) -> tuple[str, ...]:
        """Return the texts of a list, or the one text that stands for a list of one."""
        value = table.get(key, [])
        values = value if isinstance(value, list) else [value]
        texts = tuple(text for text in values if isinstance(text, str) and text.strip())
        if key in table and not values:
            self.problem((*path, key), f"`{key}` is empty")
        elif len(texts) < len(values):
            message = f"`{key}` must be a text or a list of texts, none of them empty"
            self.problem((*path, key), message)
        return texts

    def table(self, table: Table, key: str, path: KeyPath) -> Table:
        """Return a table; an empty one where there is none."""
        value = table.get(key, {})
        if isinstance(value, dict):
            return value
        self.problem((*path, key), f"`{key}` must be a table, not {described(value)}")
        return {}

    def _plain(self, table: Table, key: str, path: KeyPath, kind: type[_Plain]) -> _Plain | None:
        if key not in table:
            return None
        value = table[key]
        # true is an instance of int, and yet no number
        if isinstance(value, kind) and type(value) is kind:
            return value
        message = f"`{key}` must be {_KINDS[kind]}, not {described(value)}"
        self.problem((*path, key), message)
        return None


def described(value: object) -> str:
    """Say what kind of thing a TOML value is."""
    return _KINDS.get(type(value), "a date or time")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a proposal of the known words that a misspelt one is near to, or nothing."""
    near = get_close_matches(word, list(known), n=3)
    return f" (did you mean {' or '.join(f'`{name}`' for name in near)}?)" if near else ""
