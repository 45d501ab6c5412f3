"""Expressions as they are in any block: what two blocks ask for is the same where these are equal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hepsel.semantics import program as typed
from hepsel.semantics.types import ItemType
from hepsel.semantics.walk import map_children

THIS = typed.This(type=ItemType("this"))


def of_any_block(expr: typed.Expr) -> typed.Expr:
    """Return an expression as it is in each of the blocks that take their items from one another.

    Variables of generators have numbers in the place of their names, so that a generator that is written twice is one
    quantity.
    """
    return _numbered(expr, {})


def _numbered(expr: typed.Expr, variables: Mapping[int, typed.Variable]) -> typed.Expr:
    match expr:
        case typed.This():
            return THIS
        case typed.Variable(_, uid):
            return variables.get(uid, expr)
        case typed.Comprehension(body, loops, condition):
            numbered: list[typed.Loop] = []
            for loop in loops:
                items = _numbered(loop.list, variables)
                new = tuple(replace(one, name="", uid=-len(variables) - i) for i, one in enumerate(loop.variables, 1))
                variables = {**variables, **{one.uid: other for one, other in zip(loop.variables, new, strict=True)}}
                numbered.append(typed.Loop(new, items))
            return replace(
                expr,
                body=_numbered(body, variables),
                loops=tuple(numbered),
                condition=None if condition is None else _numbered(condition, variables),
            )
    return map_children(expr, lambda child: _numbered(child, variables))
