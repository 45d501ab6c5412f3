"""What a column holds, in words, and whether its values can be what they are taken for."""

from __future__ import annotations

from typing import Any

import awkward as ak

WHAT_NUMBERS = {
    "b": "truth values",
    "i": "whole numbers",
    "u": "whole numbers",
    "f": "real numbers",
}
"""What numpy's kinds of types are called."""

STORED_AS = {
    "real": ("iuf", "numbers"),
    "int": ("biuf", "whole numbers"),
    "enum": ("biuf", "whole numbers"),
    "link": ("iuf", "whole numbers"),
    "bool": ("biuf", "truth values"),
    "bits": ("iu", "whole numbers"),
}
"""Which of them values of each kind may be stored as (whole numbers as real ones too), and what is expected."""


def contents_of(array: ak.Array) -> tuple[int, str, str]:
    """Return how deep in lists the values of a column are, numpy's kind of their type, and what they are."""
    layout: Any = array.layout
    depth = 0
    while True:
        if layout.is_option or layout.is_indexed:
            layout = layout.content
        elif layout.parameter("__array__") in ("string", "bytestring"):
            return depth, "", "texts"
        elif layout.is_list:
            depth, layout = depth + 1, layout.content
        elif layout.is_numpy:
            kind = layout.data.dtype.kind
            name = WHAT_NUMBERS.get(kind, f"values of type {layout.data.dtype}")
            return depth + layout.data.ndim - 1, kind, name
        elif layout.is_record:
            fields = ", ".join(layout.fields[:5])
            return depth, "", f"records of {fields}"
        else:
            return (
                depth,
                "",
                "no values" if layout.is_unknown else "values of more than one type",
            )


def mistaken(array: ak.Array, kind: str, depth: int) -> str | None:
    """Say what a column holds and what was expected of it, if these do not agree."""
    found, number, held = contents_of(array)
    allowed, wanted = STORED_AS[kind]
    if found == depth and (number in allowed if number else held == "no values"):
        return None
    return f"holds {'lists of ' * found}{held}, and the format expects {'lists of ' * depth}{wanted}"
