"""Results of different execution paths as plain data, and how they differ."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import awkward as ak
import hist
import numpy as np


def plain(value: Any) -> Any:
    """Return (a part of) a result as dictionaries, lists, numbers, texts and `None` for what is missing."""
    if isinstance(value, hist.Hist):
        view: Any = value.view(flow=True)
        return {
            "edges": [axis.edges.tolist() for axis in value.axes],
            "values": plain(view["value"]),
            "variances": plain(view["variance"]),
        }
    if isinstance(value, ak.Array | np.ndarray):
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def differences(
    expected: Any, found: Any, *, relative: float = 0.0, scale: float = 0.0, place: str = ""
) -> Iterator[str]:
    """Yield where two plain results differ.

    Parameters
    ----------
    expected, found
        What `plain` returned.
    relative
        How much numbers may differ, relative to themselves or to `scale`.
    scale
        Size of the numbers that were added up to those compared.
    place
        Where in the results this is.
    """
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        if expected.keys() != found.keys():
            yield f"{place}: keys {sorted(expected)} and {sorted(found)}"
            return
        squares = expected.get("sumw2", 0.0) or 0.0
        size = math.sqrt(squares * expected.get("events", 0)) if "sumw2" in expected else scale
        for key, part in expected.items():
            near = 1e-12 if key in ("sumw", "sumw2", "values", "variances") else 1e-9 if key == "columns" else relative
            yield from differences(part, found[key], relative=near, scale=size, place=f"{place}/{key}")
    elif isinstance(expected, Sequence) and isinstance(found, Sequence) and not isinstance(expected, str):
        if len(expected) != len(found):
            yield f"{place}: {len(expected)} and {len(found)} elements: {expected} and {found}"
            return
        for i, (a, b) in enumerate(zip(expected, found, strict=True)):
            yield from differences(a, b, relative=relative, scale=scale, place=f"{place}[{i}]")
    elif not _same(expected, found, relative, scale):
        yield f"{place}: {expected!r} and {found!r}"


def _same(a: Any, b: Any, relative: float, scale: float) -> bool:
    if isinstance(a, float) and isinstance(b, float) and a != b:
        allowed = relative * max(abs(a), abs(b), scale)
        return math.isfinite(allowed) and abs(a - b) <= allowed  # in relation to infinity, all is near
    # A truth value is not a number.
    return bool(a == b) and type(a) is type(b)
