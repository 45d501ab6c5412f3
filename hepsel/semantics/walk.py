"""Walking and rewriting typed expressions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from hepsel.semantics.program import Expr, Logical, Loop, Variable

_FIELD_NAMES: dict[type[Expr], tuple[str, ...]] = {}


def _field_names(kind: type[Expr]) -> tuple[str, ...]:
    if kind not in _FIELD_NAMES:
        _FIELD_NAMES[kind] = tuple(item.name for item in fields(kind) if item.name not in ("type", "span"))
    return _FIELD_NAMES[kind]


def children(expr: Expr) -> Iterator[Expr]:
    """Yield the expressions directly below `expr`, the lists of loops included."""
    for name in _field_names(type(expr)):
        yield from _expressions(getattr(expr, name))


def _expressions(value: object) -> Iterator[Expr]:
    if isinstance(value, Expr):
        yield value
    elif isinstance(value, Loop):
        yield value.list
    elif isinstance(value, tuple):
        for element in value:
            yield from _expressions(element)


def walk(expr: Expr) -> Iterator[Expr]:
    """Yield `expr` and all expressions below it."""
    yield expr
    for child in children(expr):
        yield from walk(child)


def joined_by(operator: str, condition: Expr) -> Iterator[Expr]:
    """Yield the conditions that `and`, or `or`, joins to one; a condition of another kind is one alone."""
    if isinstance(condition, Logical) and condition.operator == operator:
        for operand in condition.operands:
            yield from joined_by(operator, operand)
    else:
        yield condition


def distinct(expr: Expr) -> Iterator[Expr]:
    """Yield `expr` and all expressions below it, each that stands in several places once."""
    seen: set[int] = set()
    stack = [expr]
    while stack:
        one = stack.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            stack.extend(reversed([*children(one)]))


def fits(expr: Expr, limit: int) -> bool:
    """Whether `expr` has at most `limit` parts, each counted as often as it stands in it."""
    stack = [expr]
    while stack and limit:
        limit -= 1
        stack.extend(children(stack.pop()))
    return not stack


def map_children(expr: Expr, function: Callable[[Expr], Expr]) -> Expr:
    """Return `expr` with `function` applied to the expressions directly below it."""
    changes: dict[str, Any] = {}
    for name in _field_names(type(expr)):
        old = getattr(expr, name)
        new = _mapped(old, function)
        if new is not old:
            changes[name] = new
    return replace(expr, **changes) if changes else expr


def _mapped(value: object, function: Callable[[Expr], Expr]) -> object:
    if isinstance(value, Expr):
        return function(value)
    if isinstance(value, Loop):
        new = function(value.list)
        return value if new is value.list else replace(value, list=new)
    if isinstance(value, tuple):
        mapped = tuple(_mapped(element, function) for element in value)
        return value if all(a is b for a, b in zip(mapped, value, strict=True)) else mapped
    return value


def substitute(expr: Expr, variable: Variable, value: Expr) -> Expr:
    """Return `expr` with `value` in the place of a variable."""
    if isinstance(expr, Variable) and expr.uid == variable.uid:
        return value
    return map_children(expr, lambda child: substitute(child, variable, value))
