"""What an expression can be in one event, and arithmetic on single numbers.

Every missing value is `None`: no number here is ever NaN.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from hepsel.errors import DataError
from hepsel.semantics.types import RealType, Type

if TYPE_CHECKING:
    from hepsel.interpreter.items import Item
    from hepsel.interpreter.vectors import FourVector

Value: TypeAlias = "bool | int | float | str | Item | FourVector | list[Value] | None"
"""A boolean, a number, a value of an enumeration (its name), an item, a four-vector, a list, or missing."""


def real(value: object) -> float | None:
    """Return a number as a double; NaN and everything that is no number is missing."""
    if not isinstance(value, int | float) or math.isnan(value):
        return None
    return float(value)


def or_nan(value: object) -> float:
    """Return a number as a double, NaN where it is missing: for formulas in which NaN spreads by itself."""
    number = real(value)
    return math.nan if number is None else number


def call(function: np.ufunc, *arguments: float) -> float:
    """Apply a numpy function to doubles, as IEEE arithmetic: no exceptions, no warnings."""
    with np.errstate(all="ignore"):
        return float(function(*arguments))


def divide(numerator: float, denominator: float) -> float:
    """Divide as IEEE does: x/0 is infinite and 0/0 is NaN."""
    return call(np.divide, numerator, denominator)


def in_order(numbers: Iterable[float]) -> float:
    """Add up numbers one after the other, as columns do; the sum of Python corrects for rounding since 3.12."""
    result = 0.0
    for number in numbers:
        result += number
    return result


def power(base: float, exponent: float) -> float:
    """Raise to a power; squares and roots are exact to the last bit."""
    if exponent == 2:
        return base * base
    if exponent == 0.5:
        return call(np.sqrt, base)
    return call(np.power, base, exponent)


def whole(value: int) -> int:
    """Return a stored or computed integer.

    Raises
    ------
    DataError
        When 64 bits with a sign do not hold it: columns of such numbers would wrap around.
    """
    if not -(2**63) <= value < 2**63:
        raise DataError(TOO_LARGE)
    return value


TOO_LARGE = "whole numbers below -2^63, or of 2^63 and more, cannot be computed with"


def is_true(value: Value) -> bool:
    """Whether a boolean is true; missing is not."""
    return value is True


def fitted(value: Value, target: Type) -> Value:
    """Return a value of a wider or equal type as one of `target`: an integer where a real is due becomes one."""
    if isinstance(target, RealType) and isinstance(value, int):
        return float(value)
    return value


def as_list(value: Value) -> list[Value]:
    """Return a value of list type."""
    assert isinstance(value, list)
    return value
