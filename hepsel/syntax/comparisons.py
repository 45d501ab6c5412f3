"""The operators that compare two values: what they ask, seen from the other side, and negated."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from hepsel.syntax.tree import ComparisonOperator

RELATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
"""What each operator asks of two values that are there."""

SWAPPED: Mapping[str, ComparisonOperator] = {
    "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=",
}  # fmt: skip
"""What `b` is to `a`, where `a` is to `b` what the key says."""

OPPOSITE: Mapping[str, ComparisonOperator] = {
    "<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==",
}  # fmt: skip
"""What is true of two values that are there where the key is false."""
