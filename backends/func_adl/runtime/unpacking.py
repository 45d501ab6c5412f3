"""Results as they come from a ServiceX server that computed them whole."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
from hepsel.backends.awkward.runtime.output import (
    Result,
    Sink,
    binned,
    merge_results,
)
from hepsel.backends.awkward.runtime.reading import FileError, in_one_line


def merged(files: Sequence[str | Path], into: Sink | None = None) -> Result:
    """Add up the results of Parquet files, each with one for every chunk of events."""
    if not files:
        raise FileError("no files were given")
    results = (unpacked(*one) for path in files for one in stored_results(path))
    return merge_results(results, into)


def stored_results(path: str | Path) -> list[tuple[str, bytes]]:
    """Return text and bytes of each result in a file."""
    try:
        rows = ak.from_parquet(path)
        return list(zip(rows["result"].tolist(), rows["arrays"].tolist(), strict=True))
    except Exception as problem:
        raise FileError(
            f"{path}: is not what was asked for ({in_one_line(problem)})"
        ) from problem


def unpacked(text: str, content: bytes) -> Result:
    """Return a result from its text and its bytes."""
    result: Result = restored(json.loads(text), content)
    result["histograms"] = {
        name: binned(
            list(zip(parts["edges"], parts["labels"], strict=True)),
            parts["values"],
            parts["variances"],
            parts["title"],
        )
        for name, parts in result["histograms"].items()
    }
    return result


def restored(value: Any, content: bytes) -> Any:
    """Return a part of a result with its arrays."""
    if isinstance(value, list):
        return [restored(part, content) for part in value]
    if not isinstance(value, dict):
        return value
    if "$array" in value:
        size = math.prod(value["shape"])
        array = np.frombuffer(content, value["$array"], size, value["start"])
        return array.reshape(value["shape"]).copy()
    if "$awkward" in value:
        buffers = restored(value["buffers"], content)
        return ak.from_buffers(value["$awkward"], value["length"], buffers)
    return {key: restored(part, content) for key, part in value.items()}
