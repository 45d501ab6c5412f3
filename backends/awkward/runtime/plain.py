"""Data as JSON knows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def finite(value: Any) -> Any:
    """Return data with null in the place of numbers that JSON does not know, such as an infinite sum."""
    if isinstance(value, Mapping):
        return {key: finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [finite(inner) for inner in value]
    if isinstance(value, float) and value - value != 0:
        return None
    return value
