"""Computes what does not depend on the data."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from hepsel.plan.nodes import (
    CHECKED,
    Const,
    Definition,
    Fill,
    Map,
    Merge,
    Operand,
    Plan,
    Ref,
    Spread,
    Take,
    View,
    changed,
    map_operands,
    map_plan,
    new_name,
    refs,
)

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "neg": np.negative, "abs": np.abs,
    "sqrt": np.sqrt, "exp": np.exp, "log": np.log, "log10": np.log10, "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "atan2": np.arctan2, "asinh": np.arcsinh,
    "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "floor": np.floor, "ceil": np.ceil,
    "min": np.minimum, "max": np.maximum, "<": np.less, "<=": np.less_equal, ">": np.greater,
    ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal, "not": np.logical_not, "real": np.float64,
}  # fmt: skip
"""The same functions as backends use, so that folding cannot change a bit."""


def constant_folding(plan: Plan) -> Plan:
    """Replace operations on constants by their values, and drop neutral parts of `and`, `or` and choices.

    A missing value stays what it is: nothing is assumed about `x - x` or `0 * x`, which may be missing.

    >>> from hepsel.plan.passes.example import before_and_after
    >>> before_and_after(constant_folding, '''
    ...     Jet: axis of events = stored Jet.pt
    ...     pt: real on Jet = read Jet.pt
    ...     limit: real = 3.0 * 10000.0
    ...     hard: bool on Jet = pt > limit
    ...     wanted: bool on Jet = hard and True
    ...     n: int on events = count Jet.wanted
    ...     select n
    ... ''')
    Jet: axis of events = stored Jet.pt
    pt: real on Jet = read Jet.pt
    hard: bool on Jet = pt > 30000.0
    n: int on events = count Jet.hard
    reads Jet.pt
    """
    known: dict[str, Operand] = {}
    kept: list[Definition] = []
    axes = {definition.name: definition.axis for definition in plan.definitions}
    taken = set(axes)

    for definition in plan.definitions:
        op = map_operands(definition.op, known)
        value = _value(op, definition)
        if value is None:
            kept += _on_axis(changed(definition, op=_simpler(op)), axes, taken)
        elif definition.texts is not None:  # the criterion keeps its place
            op = Fill(value) if isinstance(value, Const) and definition.axis is not None else op
            kept.append(replace(definition, op=op))
        else:
            known[definition.name] = value
    by_name = plan.by_name()
    outputs = (plan.blocks, plan.regions, plan.identifiers)
    for name in dict.fromkeys(name for output in outputs for name in refs(output)):
        value = known.get(name)
        if isinstance(value, Const):  # an output observes a column, also where that is one value for all rows
            kept.append(replace(by_name[name], op=Fill(value)))
            del known[name]
    return replace(map_plan(replace(plan, definitions=()), known), definitions=tuple(kept))


def _on_axis(definition: Definition, axes: Mapping[str, str | None], taken: set[str]) -> list[Definition]:
    """Return a column, by way of one value for all rows if nothing is left in it that differs from row to row."""
    op = definition.op
    if not isinstance(op, Map) or definition.axis is None or any(axes[name] is not None for name in refs(op)):
        return [definition]
    name = new_name(f"{definition.name}_for_all", taken)
    taken.add(name)
    return [
        replace(definition, name=name, axis=None, texts=None),
        replace(definition, op=Spread(Ref(name))),
    ]


def _value(op: object, definition: Definition) -> Operand | None:
    """Return what an operation amounts to, if that is a constant or another column."""
    match op:
        case Spread(value=Const() as value) | View(value=Const() as value):
            return value
        case Take(value=Const() as value, nullable=False):
            return value
        case Merge(values=(Const() as first, *rest)) if all(repr(value) == repr(first) for value in rest):
            return first
        case Map():
            return _map_value(op, definition)
    return None


def _map_value(op: Map, definition: Definition) -> Operand | None:
    arguments = op.arguments
    if op.function in ("and", "or"):
        neutral = op.function == "and"
        decided = Const("bool", not neutral)
        if decided in arguments:
            return decided
        rest = [argument for argument in arguments if argument != Const("bool", neutral)]
        if not rest:
            return Const("bool", neutral)
        return rest[0] if len(rest) == 1 else None
    if op.function == "where" and isinstance(arguments[0], Const):
        return arguments[1] if arguments[0].value else arguments[2]
    constants = [argument for argument in arguments if isinstance(argument, Const)]
    if len(constants) < len(arguments):
        return None
    if op.function == "exists":
        (value,) = constants
        there = value.value >= 0 if value.kind in ("enum", "item") else not math.isnan(value.value)
        return Const("bool", there)
    if op.function not in FUNCTIONS:
        return None
    function = FUNCTIONS[op.function]
    with np.errstate(all="ignore"):
        folded = function(*(_numpy(value) for value in constants)).item()
    checked = definition.kind == "int" and op.function in CHECKED
    if checked and folded != function(*(np.array(value.value, object) for value in constants)):
        return None
    if isinstance(folded, float) and math.isnan(folded):
        folded = math.nan
    return Const(definition.kind, folded)


def _numpy(value: Const) -> Any:
    if value.kind == "real":
        return np.float64(value.value)
    return np.bool_(value.value) if value.kind == "bool" else np.int64(value.value)


def _simpler(op: Any) -> Any:
    """Drop what is always true from `and`, and always false from `or`."""
    if isinstance(op, Map) and op.function in ("and", "or"):
        neutral = Const("bool", op.function == "and")
        if neutral in op.arguments:
            return Map(op.function, tuple(argument for argument in op.arguments if argument != neutral))
    return op
