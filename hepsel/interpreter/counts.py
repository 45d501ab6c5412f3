"""What regions add up over events: rows of cutflows, bins and histograms, in plain lists."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import inf, prod
from typing import Any

from hepsel.interpreter.values import Value, or_nan, real
from hepsel.semantics.program import BinAxis, GridBins, HistogramFill


@dataclass(slots=True)
class Count:
    """A number of events, and the sums of their weights and of the squares of these."""

    events: int = 0
    sumw: float = 0.0
    sumw2: float = 0.0

    def add(self, weight: float) -> None:
        """Add one event."""
        self.events += 1
        self.sumw += weight
        self.sumw2 += weight * weight

    def to_dict(self) -> dict[str, Any]:
        """Return the three numbers by name."""
        return {"events": self.events, "sumw": self.sumw, "sumw2": self.sumw2}


def place_on(axis: BinAxis, value: float) -> int:
    """Return the bin of a value, from 1; 0 is underflow, one past the last bin overflow.

    A bin to infinity holds infinity too: nothing is beyond it.
    """
    passed = len(axis.edges) - (axis.edges[-1] == inf)
    return bisect_right(axis.edges, value, hi=passed)


class Grid:
    """The cells of a `bins` statement."""

    def __init__(self, statement: GridBins) -> None:
        self.axes = statement.axes
        sizes = [range(len(axis.edges) - 1) for axis in statement.axes]
        self.cells = {cell: Count() for cell in product(*sizes)}
        self.name = statement.name

    def add(self, values: Sequence[Value], weight: float) -> None:
        """Count an event in its cell, if it has one."""
        numbers = [real(value) for value in values]
        cell = tuple(
            -1 if number is None else place_on(axis, number) - 1
            for axis, number in zip(self.axes, numbers, strict=True)
        )
        if cell in self.cells:
            self.cells[cell].add(weight)

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each cell."""
        return [
            {"name": f"{self.name}[{','.join(map(str, cell))}]", **count.to_dict()}
            for cell, count in self.cells.items()
        ]


class Histogram:
    """A histogram of one or two axes with its flow bins."""

    def __init__(self, statement: HistogramFill) -> None:
        self._axes = statement.axes
        self._fold = statement.fold
        self._shape = [len(axis.edges) + 1 for axis in statement.axes]
        self._values = [0.0] * prod(self._shape)
        self._variances = [0.0] * prod(self._shape)

    def fill(self, values: Sequence[Value], factor: Value, weight: float) -> bool:
        """Fill with the value, or with every value of a list, of each axis.

        `factor`, or that of each entry, multiplies the weight of the event. Returns whether an entry has no weight.
        """
        missing = False
        for *entry, own in _entries((*values, factor)):
            numbers = [real(value) for value in entry]
            cell = 0
            for axis, size, number in zip(self._axes, self._shape, numbers, strict=True):
                if number is None:
                    break
                place = place_on(axis, number)
                if self._fold:
                    place = min(max(place, 1), size - 2)
                cell = cell * size + place
            else:
                product = real(weight * or_nan(own))
                if product is None:
                    missing = True
                    continue
                self._values[cell] += product
                self._variances[cell] += product * product
        return missing

    def to_dict(self) -> dict[str, Any]:
        """Return edges by axis, and nested lists of contents and variances that include the flow bins."""
        return {
            "edges": [list(axis.edges) for axis in self._axes],
            "values": self._nested(self._values),
            "variances": self._nested(self._variances),
        }

    def _nested(self, cells: list[float]) -> list[Any]:
        if len(self._shape) == 1:
            return list(cells)
        columns = self._shape[1]
        return [cells[start : start + columns] for start in range(0, len(cells), columns)]


def _entries(values: Sequence[Value]) -> Iterator[tuple[Value, ...]]:
    lengths = {len(value) for value in values if isinstance(value, list)}
    if not lengths:
        yield tuple(values)
        return
    (length,) = lengths
    for place in range(length):
        yield tuple(value[place] if isinstance(value, list) else value for value in values)
