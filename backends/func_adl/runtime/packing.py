"""Results on their way from a ServiceX server, which has numpy and awkward, but no hist.

A result travels as a text, with its arrays beside it as bytes: a pickle would run whatever is in it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import awkward as ak
import numpy as np
from hepsel.backends.awkward.runtime.axes import Array
from hepsel.backends.awkward.runtime.output import Result


def binned(
    axes: Sequence[tuple[Array, str]],
    values: Array,
    variances: Array,
    title: str | None,
) -> dict[str, Any]:
    """Return what a histogram is made of: there are none here."""
    return {
        "edges": [edges for edges, _ in axes],
        "labels": [label for _, label in axes],
        "values": values,
        "variances": variances,
        "title": title,
    }


def packed(result: Result) -> dict[str, Any]:
    """Return a result as a text and bytes."""
    content = bytearray()
    text = json.dumps(portable(result, content))
    return {"result": text, "arrays": bytes(content)}


def portable(value: Any, content: bytearray) -> Any:
    """Return a part of a result as plain data; the bytes of its arrays are added to those of others."""
    if isinstance(value, dict):
        return {key: portable(part, content) for key, part in value.items()}
    if isinstance(value, list):
        return [portable(part, content) for part in value]
    if isinstance(value, ak.Array):
        form, length, buffers = ak.to_buffers(ak.to_packed(value))
        return {
            "$awkward": form.to_json(),
            "length": length,
            "buffers": portable(dict(buffers), content),
        }
    if isinstance(value, np.ndarray):
        start = len(content)
        content += value.tobytes()
        return {"$array": value.dtype.str, "shape": value.shape, "start": start}
    return value
