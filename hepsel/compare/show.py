"""Normal forms and numbers as people read them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hepsel.semantics import program as typed
from hepsel.semantics.program import Expr
from hepsel.semantics.types import ENERGY, LENGTH, LUMINOSITY, TIME, RealType, Type

_UNITS = {LENGTH: "mm", TIME: "ns", LUMINOSITY: "fb^-1", ENERGY: "MeV"}
_GEV = 1000.0
_LONGEST = 80  # of what is said of a list


def number(value: object, kind: Type | None) -> str:
    """Return a value with its unit: energies in GeV from 1 GeV on."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        if not isinstance(kind, RealType) or math.isinf(value):
            return f"{value:.12g}"
        if kind.dimension == ENERGY and (abs(value) >= _GEV or value == 0):
            return f"{value / _GEV:.12g} GeV"
        unit = _UNITS.get(kind.dimension)
        return f"{value:.12g} {unit}" if unit is not None else f"{value:.12g}"
    return str(value)


def brief(expr: Expr) -> str:
    """Return a normal form in something like the language, for messages."""
    match expr:
        case typed.Constant(value):
            return number(value, expr.type)
        case typed.This():
            return "this"
        case typed.Variable(_, place):
            return f"item{place + 1}" if place else "item"
        case typed.Attribute(typed.This(), name):
            return name
        case typed.Attribute(item, name) | typed.Component(item, name):
            return f"{brief(item)}.{name}"
        case typed.VectorOf(item):
            return brief(item)
        case typed.CollectionRef(name) | typed.Single(name):
            return name.removesuffix(" of both").removesuffix(" of the first").removesuffix(" of the second")
        case typed.Function("abs", (operand,)):
            return f"|{brief(operand)}|"
        case typed.Function(name, arguments):
            return f"{name}({', '.join(map(brief, arguments))})"
        case typed.Arithmetic(operator, left, right) | typed.Compare(operator, left, right):
            return f"{brief(left)} {operator} {brief(right)}"
        case typed.VectorArithmetic(operator, left, right):
            return f"({brief(left)} {operator} {brief(right)})"
        case typed.VectorFrom(numbers):
            return f"four_vector({', '.join(map(brief, numbers))})"
        case typed.VectorScale(operator, vector, factor):
            return f"{brief(vector)} {operator} {brief(factor)}"
        case typed.Negate(operand):
            return f"-{brief(operand)}"
        case typed.Not(operand):
            return f"not ({brief(operand)})"
        case typed.Logical(operator, operands):
            return f" {operator} ".join(f"({brief(operand)})" for operand in operands)
        case typed.At(items, index):
            return f"{brief(items)}[{brief(index)}]"
        case typed.SliceOf(items, start, stop):
            return f"{brief(items)}{part(start, stop)}"
        case typed.Reduce("count_turns" | "count_values", items):
            return f"count({brief(items)})"
        case typed.Comprehension(body, loops, condition):
            value = "" if isinstance(body, typed.Constant) else f"{brief(body)} for "
            over = ", ".join(f"{', '.join(map(brief, loop.variables))} in {brief(loop.list)}" for loop in loops)
            text = f"{value}{over}" + ("" if condition is None else f" if {brief(condition)}")
            return text if len(text) <= _LONGEST else f"{', '.join(brief(loop.list) for loop in loops)} if ..."
        case typed.Reduce(kind, items):
            return f"{kind}({brief(items)})"
    return "..."


def part(start: int | None, stop: int | None) -> str:
    """Return the brackets of a part of a list."""
    return f"[{'' if start is None else start}:{'' if stop is None else stop}]"


def listed(names: Sequence[str], most: int) -> str:
    """Return names in a row, the first ones only where they are many."""
    more = len(names) - most
    return ", ".join(names) if more < 2 else f"{', '.join(names[:most])} and {more} more"
