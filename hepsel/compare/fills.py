"""In which events a histogram, a bin or a column gets something else than before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hepsel.compare.versions import FillKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BEYOND = 1 << 40
"""The place of what is above the last bin, however many there are."""


@dataclass(frozen=True, slots=True)
class FillColumns:
    """The names of columns that say what an event puts into something: see `Fill`."""

    kind: FillKind
    inside: str
    weight: str
    values: tuple[str, ...]
    edges: tuple[tuple[float, ...], ...]
    factor: str | None
    fold: bool

    @property
    def is_bin(self) -> bool:
        """Whether it is a bin of the region, or a grid of them."""
        return self.kind in ("bin", "bins")


@dataclass(frozen=True, slots=True)
class FillChange:
    """What is filled before and after an exchange.

    Attributes
    ----------
    name
        Region and name of what is filled.
    before, after
        With what.
    selected, weight
        The columns that say whether the region selects an event before and after, and with which weight: where that
        differs, more than what is filled does.
    """

    name: str
    before: FillColumns
    after: FillColumns
    selected: tuple[str, str]
    weight: tuple[str, str]


Column = Callable[[str], Any]
"""Returns the values of a column, or lists of them, event by event."""


def differing(change: FillChange, column: Column, events: int) -> NDArray[Any]:
    """Return which of a number of events, selected or not as before, put something else there."""
    import numpy as np

    (first, ours), (second, theirs) = (_entries(fill, column, events) for fill in (change.before, change.after))
    counts = np.bincount(first, minlength=events), np.bincount(second, minlength=events)
    changed = counts[0] != counts[1]
    alike = [~changed[at] for at in (first, second)]
    at = first[alike[0]]
    for one, other in zip(ours, theirs, strict=True):
        changed[at[one[alike[0]] != other[alike[1]]]] = True
    before, after = (_mask(name, column) for name in change.selected)
    one, other = (_numbers(column(name)) for name in change.weight)
    return np.asarray(changed & (before == after) & ~(before & (one != other)))


def _mask(name: str, column: Column) -> NDArray[Any]:
    import numpy as np

    return np.asarray(column(name)).astype(bool)


def _entries(fill: FillColumns, column: Column, events: int) -> tuple[NDArray[Any], list[NDArray[Any]]]:
    """Return of each entry the event and what it is, in the order of the events and, within one, of the bins."""
    import numpy as np

    factor = () if fill.factor is None else (fill.factor,)
    at, columns = _in_step([column(name) for name in (*fill.values, *factor)], events)
    keep = _mask(fill.inside, column)[at]
    if fill.kind == "column":
        return at[keep], [values[keep] for values in _comparable(columns[0])]
    numbers = [_numbers(values) for values in columns]
    axes, own = numbers[: len(fill.values)], numbers[len(fill.values) :]
    for axis in axes:
        keep &= ~np.isnan(axis)
    places = [_places(axis, np.asarray(edges)) for axis, edges in zip(axes, fill.edges, strict=True)]
    if fill.fold:
        last = (len(edges) - 1 for edges in fill.edges)
        places = [np.clip(place, 1, end) for place, end in zip(places, last, strict=True)]
    if fill.kind == "bins":
        keep &= np.all([(place > 0) & (place < _BEYOND) for place in places], axis=0)
    weight = _numbers(column(fill.weight))[at]
    weight = weight * own[0] if own else weight
    keep &= ~np.isnan(weight) & (weight != 0)  # what has no weight counts as 0
    found = [values[keep] for values in (*places, weight)]
    order = np.lexsort((*found, at[keep]))
    return at[keep][order], [values[order] for values in found]


def _in_step(columns: list[Any], events: int) -> tuple[NDArray[Any], list[Any]]:
    """Return values side by side, one value of an event as often as there are in a list, and the event of each."""
    import awkward as ak
    import numpy as np

    arrays = [ak.Array(values) for values in columns]
    lists = [values for values in arrays if values.ndim > 1 and not _is_text(values)]
    if not lists:
        return np.arange(events), arrays
    at = np.repeat(np.arange(events), ak.to_numpy(ak.num(lists[0])))
    return at, [ak.flatten(v) if any(v is one for one in lists) else v[at] for v in arrays]


def _is_text(values: Any) -> bool:
    import awkward as ak

    return bool(ak.parameters(ak.drop_none(values)).get("__array__") == "string")


def _numbers(values: Any) -> NDArray[Any]:
    import awkward as ak
    import numpy as np

    return np.asarray(ak.fill_none(values, np.nan)).astype(float)


def _comparable(values: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return which values of a column are missing, and the values: all that are missing are alike."""
    import awkward as ak
    import numpy as np

    nothing = "" if _is_text(values) else 0
    plain = np.asarray(ak.fill_none(values, nothing))
    missing = np.asarray(ak.is_none(values)) | ((plain != plain) if plain.dtype.kind == "f" else False)
    return missing, np.where(missing, plain.dtype.type(nothing), plain)


def _places(values: NDArray[Any], edges: NDArray[Any]) -> NDArray[Any]:
    """Return the bin of each value, from 1; 0 is below the first one."""
    import numpy as np

    last = len(edges) - (edges[-1] == np.inf)
    found = np.searchsorted(edges[:last], values, side="right")
    return np.where(found == len(edges), _BEYOND, found)
