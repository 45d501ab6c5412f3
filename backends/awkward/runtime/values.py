"""Columns of nested arrays as flat ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import awkward as ak
import numpy as np
from hepsel.backends.awkward.runtime.axes import Array, Refused, below


class MissingValue(Refused):
    """An integer that is missing in the data: only other kinds of values can be."""


class TooLarge(Refused):
    """An integer that 64 bits with a sign do not hold."""


TOO_LARGE = "whole numbers below -2^63, or of 2^63 and more, cannot be computed with"


def flat(array: ak.Array, depth: int) -> tuple[Array, Array | None]:
    """Return all values one after the other, and which of them are there (`None`: all)."""
    layout = array.layout
    for _ in range(depth):
        layout, _ = below(layout)
    if layout.is_unknown:
        return np.empty(0, dtype=np.int64), None
    if layout.is_option:
        there = np.asarray(layout.mask_as_bool(valid_when=True))
        found = np.asarray(ak.to_numpy(layout.project()))
        values = np.zeros(len(there), dtype=found.dtype)
        values[there] = found
        return values, there
    # The way through awkward takes longer than a column.
    if layout.is_numpy:
        return np.asarray(layout.data), None
    return np.asarray(ak.to_numpy(layout)), None


def reals(array: ak.Array, depth: int = 1) -> Array:
    """Return all reals; missing ones are NaN."""
    values, there = flat(array, depth)
    values = values.astype(np.float64, copy=False)
    return values if there is None else np.where(there, values, np.nan)


def integers(
    columns: Mapping[str, ak.Array], name: str, depth: int = 1, mask: int = -1
) -> Array:
    """Return all integers of a column, 64 bits wide. A mask says which bits of stored numbers count."""
    values = exact_integers(columns[name], depth)
    if mask != -1:
        return (
            values.astype(np.int64) & mask
        )  # of a number that is too large, some bits may be wanted
    if values.dtype == np.uint64 and np.any(values > np.iinfo(np.int64).max):
        raise TooLarge(f"{name}: {TOO_LARGE}")
    return values.astype(np.int64, copy=False)


def exact_integers(array: ak.Array, depth: int = 1) -> Array:
    """Return all integers as wide as they are stored; those that are stored as reals become integers."""
    values, there = flat(array, depth)
    if there is not None and not there.all():
        raise MissingValue("integers are missing among its values")
    if values.dtype.kind != "f":
        return values
    if not np.all(values == np.trunc(values)):
        raise MissingValue("its values are not all whole numbers")
    if np.any(np.abs(values) >= 2.0**63):
        raise TooLarge(TOO_LARGE)
    return values.astype(np.int64)


def exact(operation: np.ufunc, *operands: Any) -> Any:
    """Return the integers that arithmetic with integers gives."""
    about = operation(*(np.asarray(operand, np.float64) for operand in operands))
    return unwrapped(operation(*operands), about)


def unwrapped(values: Any, about: Any) -> Any:
    """Return computed integers; refuse them if any has wrapped around, which doubles do not."""
    # Rounding moves a double by far less than what wrapping around moves an integer by: 2^64.
    if np.any(np.abs(values - about) > 2.0**62):
        raise TooLarge(TOO_LARGE)
    return values


def truths(array: ak.Array, depth: int = 1, mask: int = -1) -> Array:
    """Return all truth values; missing ones are false.

    A mask says which bits of stored numbers count; the default of a column is true or false and has no bits.
    """
    values, there = flat(array, depth)
    if values.dtype.kind == "f":
        values = np.where(np.isnan(values), 0, values)
    masked = mask != -1 and values.dtype.kind != "b"
    true: Array = (values.astype(np.int64) & mask) != 0 if masked else values != 0
    return true if there is None else true & there


def known(array: ak.Array, depth: int = 1) -> Array:
    """Return which truth values are not missing."""
    values, there = flat(array, depth)
    if values.dtype.kind == "f":
        return ~np.isnan(values)
    return np.ones(len(values), dtype=bool) if there is None else there


def codes(
    array: ak.Array, meanings: Mapping[int, int], depth: int = 1, mask: int = -1
) -> Array:
    """Return the place in its enumeration of each stored number; -1 for any other number."""
    values, there = flat(array, depth)
    if values.dtype.kind == "f":
        whole = values == np.trunc(values)
        there = whole if there is None else there & whole
        values = np.where(whole, values, 0)
    stored: Any = values.astype(np.int64) & mask  # wide and signed, whatever is stored
    if list(meanings.items()) == [(code, code) for code in range(len(meanings))]:
        found = np.where((stored >= 0) & (stored < len(meanings)), stored, -1)
    else:
        found = np.full(len(values), -1, dtype=np.int64)
        for number, code in meanings.items():
            found[stored == number] = code
    return found if there is None else np.where(there, found, -1)
