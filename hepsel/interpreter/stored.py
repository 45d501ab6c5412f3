"""The columns of one event, and the values that a program sees in them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import cast

from hepsel.errors import DataError
from hepsel.formats.schema import AttributeSpec
from hepsel.interpreter.values import Value, real, whole
from hepsel.semantics.reads import EVENT

Link = int | None
"""The place of the item that a link points to, or nothing."""


class StoredEvent:
    """One event as a reader gives it: logical column name to plain Python values.

    Reals are in base units. Enumerations are the stored integers (or names, where a default stands for a column that
    a file lacks), not yet masked, and links are places and keys.
    """

    def __init__(self, columns: Mapping[str, object]) -> None:
        self._columns = columns

    def count(self, collection: str) -> int:
        """Return the number of items of a stored collection: the common length of its columns."""
        lengths = {
            name: len(column)
            for name, column in self._columns.items()
            if name.startswith(f"{collection}.") and isinstance(column, list | tuple)
        }
        if not lengths:
            message = f"no column of {collection} was read, so its items cannot be counted"
            raise DataError(message)
        if len(set(lengths.values())) > 1:
            listed = ", ".join(f"{name} {length}" for name, length in lengths.items())
            raise DataError(f"columns of {collection} differ in length in one event: {listed}")
        return next(iter(lengths.values()))

    def value(self, collection: str, spec: AttributeSpec, place: int | None) -> Value:
        """Return a stored attribute that is no link; `place` is `None` for a single item."""
        name = f"{collection}.{spec.name}"
        stored = self._at(name, place)
        try:
            if spec.is_list:
                return [_converted(spec, element) for element in _elements(stored)]
            return _converted(spec, stored)
        except DataError as error:
            raise DataError(f"{name}: {error}") from None

    def identifier(self, name: str) -> int | None:
        """Return a number of an event, such as its run, which is only told and may have all 64 bits."""
        stored = cast("float | None", self._at(f"{EVENT}.{name}", None))
        return None if stored is None or math.isnan(stored) else int(stored)

    def link(self, collection: str, spec: AttributeSpec, place: int | None) -> Link | list[Link]:
        """Return the place that a link holds if its key is the target's, or the list of places."""
        index = self._at(f"{collection}.{spec.name}.index", place)
        if spec.key is None:
            return [cast("Link", i) for i in _elements(index)] if spec.is_list else cast("Link", index)
        key = self._at(f"{collection}.{spec.name}.key", place)
        if spec.is_list:
            pairs = zip(_elements(index), _elements(key), strict=True)
            return [cast("Link", i) if k == spec.key else None for i, k in pairs]
        return cast("Link", index) if key == spec.key else None

    def _at(self, name: str, place: int | None) -> object:
        if name not in self._columns:
            raise DataError(f"column {name} was not read")
        column = self._columns[name]
        return column if place is None else cast("list[object]", column)[place]


def _elements(stored: object) -> list[object]:
    return [] if stored is None else cast("list[object]", stored)


def _converted(spec: AttributeSpec, stored: object) -> Value:
    if stored is None or isinstance(stored, str):
        return stored
    assert isinstance(stored, int | float)
    if spec.kind == "real" or math.isnan(stored):
        return real(stored)
    if isinstance(stored, bool) and spec.kind == "bool":
        return stored
    number = int(stored) if spec.mask is None else int(stored) & spec.mask
    if spec.kind == "bool":
        return number != 0
    if spec.kind == "int":
        return whole(number)
    return next((name for name, numbers in spec.values.items() if number in numbers), None)
