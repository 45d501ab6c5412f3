"""Statements with a function applied to their expressions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from hepsel.semantics import program as typed
from hepsel.semantics.program import Expr

_Some = TypeVar("_Some")


def mapped_statement(statement: _Some, function: Callable[[Expr], Expr]) -> _Some:
    """Return a statement with a function applied to its expressions."""
    match statement:
        case typed.Filter() | typed.NamedBin():
            return replace(statement, condition=function(statement.condition))
        case typed.LetItem() | typed.WeightFactor() | typed.SavedColumn():
            return replace(statement, value=function(statement.value))
        case typed.Sort(keys=keys) | typed.KeepBest(keys=keys):
            return replace(statement, keys=tuple((function(key), highest) for key, highest in keys))
        case typed.GridBins():
            return replace(statement, axes=_mapped_axes(statement.axes, function))
        case typed.HistogramFill(weight=weight):
            own = None if weight is None else function(weight)
            return replace(statement, axes=_mapped_axes(statement.axes, function), weight=own)
    return statement


def _mapped_axes(axes: tuple[typed.BinAxis, ...], function: Callable[[Expr], Expr]) -> tuple[typed.BinAxis, ...]:
    return tuple(replace(axis, value=function(axis.value)) for axis in axes)
