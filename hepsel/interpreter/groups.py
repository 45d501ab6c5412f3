"""Divisions of a list into two groups, and the best one: every division is tried."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from hepsel.errors import DataError
from hepsel.interpreter.values import in_order
from hepsel.interpreter.vectors import MISSING, Cartesian, total

MOST = 20
"""Elements that are divided: each more doubles the divisions, of which 20 elements have half a million."""

TOO_MANY = "{} elements of one list are to be divided into two groups, and at most {} can be: select fewer"

_T = TypeVar("_T")


def imbalance(numbers: Sequence[float]) -> float:
    """Return the smallest difference of the sums of two groups of numbers, of which one may be empty.

    Of jets' transverse energies, it is the Delta H_T of the variable alpha_T (CMS, arXiv:1101.1628).

    Raises
    ------
    DataError
        When there are too many numbers.
    """
    differences = (abs(in_order(one) - in_order(other)) for one, other in _divisions(numbers))
    return min((each for each in differences if not math.isnan(each)), default=math.nan)


def megajets(vectors: Iterable[Cartesian]) -> tuple[Cartesian, Cartesian]:
    """Return the sums of the two groups whose squared masses have the smallest sum, that of higher pT first.

    Neither group is empty: of fewer than two four-vectors they are missing. They are the megajets of the razor
    variables (Rogan, arXiv:1006.2727; CMS, arXiv:1107.1279).

    Raises
    ------
    DataError
        When there are too many four-vectors.
    """
    divisions = ((total(one), total(other)) for one, other in _divisions([v for v in vectors if v.exists()]) if other)
    best = min(divisions, key=_squared_masses, default=None)
    if best is None:
        return MISSING, MISSING
    first, second = best
    return (first, second) if first.component("pt") >= second.component("pt") else (second, first)


def _divisions(elements: Sequence[_T]) -> Iterator[tuple[list[_T], list[_T]]]:
    """Yield both groups of each division; the first element is always in the first one."""
    if len(elements) > MOST:
        raise DataError(TOO_MANY.format(len(elements), MOST))
    for number in range(2 ** max(len(elements) - 1, 0)):
        inside = [place == 0 or not number >> (place - 1) & 1 for place in range(len(elements))]
        yield (
            [element for element, is_first in zip(elements, inside, strict=True) if is_first],
            [element for element, is_first in zip(elements, inside, strict=True) if not is_first],
        )


def _squared_masses(pair: tuple[Cartesian, Cartesian]) -> float:
    squares = [v.energy * v.energy - (v.px * v.px + v.py * v.py + v.pz * v.pz) for v in pair]
    found = in_order(0.0 if square < 0 else square for square in squares)
    return math.inf if math.isnan(found) else found
