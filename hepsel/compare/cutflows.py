"""Cutflows against published ones, and against each other."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hepsel.compare.outputs import Output
from hepsel.compare.published import Count
from hepsel.run.tables import bin_name
from hepsel.semantics.units import parse_unit


@dataclass(frozen=True, slots=True)
class CountRow:
    """A number of events here, and what it is compared with.

    Attributes
    ----------
    region, id, label
        Of the criterion or bin.
    here, error
        Sum of weights, and its error.
    there
        The other number; its errors may be missing.
    """

    region: str
    id: str
    label: str
    here: float
    error: float
    there: Count

    @property
    def difference(self) -> float:
        """Here minus there."""
        return self.here - self.there.value

    @property
    def percent(self) -> float | None:
        """The difference in per cent of the number there."""
        return 100 * self.difference / self.there.value + 0.0 if self.there.value else None  # no -0

    @property
    def pull(self) -> float | None:
        """The difference in units of both errors, that of the other on the side where this number is."""
        other = self.there.up if self.difference > 0 else self.there.down
        if other is None:
            return None
        size = math.hypot(self.error, other)
        return self.difference / size if size else None


@dataclass(frozen=True, slots=True)
class Cutflows:
    """Numbers that were compared, and those of either side that have no counterpart, as region (if known) and name."""

    rows: tuple[CountRow, ...]
    only_here: tuple[tuple[str, str], ...]
    only_there: tuple[tuple[str, str], ...]

    @property
    def same(self) -> bool:
        """Whether everything there is here, and every number the same."""
        return not self.only_there and all(row.difference == 0 for row in self.rows)


def compare_counts(output: Output, counts: Iterable[Count], regions: Sequence[str], *, in_order: bool) -> Cutflows:
    """Compare the cutflows of a run with published numbers.

    Parameters
    ----------
    output
        The output of the run.
    counts
        The published numbers.
    regions
        The regions in question; a number that says no region may belong to any of them.
    in_order
        Whether the numbers belong to the rows of the one region in their order, whatever they are called.
    """
    known = [_Row(region, row) for region in regions for row in _rows(output, region)]
    rows: list[CountRow] = []
    lacking: list[tuple[str, str]] = []
    taken = set()
    for number, count in enumerate(counts):
        fitting = known[number : number + 1] if in_order else [row for row in known if row.fits(count)]
        if len({(row.id, row.label) for row in fitting}) != 1:
            why = "no row is left" if in_order else "several have this name" if fitting else "none has this name"
            lacking.append((count.region or "", f"{count.criterion} ({why})"))
            continue
        taken.add(id(fitting[0]))
        rows.append(fitting[0].against(count))
    left = [(row.region, row.label) for row in known if id(row) not in taken]
    return Cutflows(tuple(rows), tuple(left), tuple(lacking))


def compare_outputs(here: Output, there: Output, pairs: Sequence[tuple[str, str]]) -> Cutflows:
    """Compare the cutflows of two runs: rows and bins of the same label; of several with one label the first first.

    Cells of grids are the same only where their ranges are, whatever their numbers.
    """
    rows: list[CountRow] = []
    only_here: list[tuple[str, str]] = []
    only_there: list[tuple[str, str]] = []
    for one, other in pairs:
        theirs = _by_label(there, other)
        for key, row in _by_label(here, one).items():
            match = theirs.pop(key, None)
            if match is None:
                only_here.append((one, row.whole_label))
            else:
                rows.append(row.against(Count(match.id, match.value, None, None, other)))
        only_there += [(other, row.whole_label) for row in theirs.values()]
    return Cutflows(tuple(rows), tuple(only_here), tuple(only_there))


class _Row:
    def __init__(self, region: str, row: dict[str, Any]) -> None:
        self.region = region
        self.id = str(row["id"])
        self.label = str(row.get("label", row.get("name")))
        self.value = float(row["sumw"] if row["sumw"] is not None else math.nan)
        self._error = float(row["error"] if row["error"] is not None else math.nan)
        self.whole_label = bin_name(row) if "cell" in row else self.label
        self.ranges = tuple(bound for side in row.get("cell", ()) for bound in _range(side))

    def fits(self, count: Count) -> bool:
        if count.region not in (None, self.region):
            return False
        return count.criterion == self.id or _plain(count.criterion) == _plain(self.label)

    def against(self, count: Count) -> CountRow:
        return CountRow(self.region, self.id, self.label, self.value, self._error, count)


def _rows(output: Output, region: str) -> list[dict[str, Any]]:
    data = output.region(region)
    return [*data["rows"], *data["bins"]]


def _by_label(output: Output, region: str) -> dict[tuple[object, int], _Row]:
    seen: Counter[object] = Counter()
    result: dict[tuple[object, int], _Row] = {}
    for row in (_Row(region, row) for row in _rows(output, region)):
        key = row.label, row.ranges
        seen[key] += 1
        result[key, seen[key]] = row
    return result


def _range(side: dict[str, Any]) -> tuple[float, float]:
    """Return the ends of a cell along an axis, in base units; those of open ones are infinite."""
    unit = parse_unit(str(side["unit"]))
    factor, divisor = (1.0, 1.0) if unit is None else unit.scale()
    low, high = side["low"], side["high"]
    return (
        -math.inf if low is None else low * factor / divisor,
        math.inf if high is None else high * factor / divisor,
    )


def _plain(text: str) -> str:
    return "".join(text.casefold().split())
