"""What an expression is worth: one small function for each kind of node."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce, singledispatch
from itertools import combinations
from math import inf
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from hepsel.interpreter import vectors
from hepsel.interpreter.groups import imbalance, megajets
from hepsel.interpreter.items import Item
from hepsel.interpreter.shapes import aplanarity, sphericity
from hepsel.interpreter.values import (
    Value,
    as_list,
    call,
    divide,
    fitted,
    in_order,
    is_true,
    or_nan,
    power,
    real,
    whole,
)
from hepsel.interpreter.vectors import Cartesian, FourVector
from hepsel.semantics import program as typed
from hepsel.semantics.types import IntType, ListType, Type, VectorType

if TYPE_CHECKING:
    from hepsel.interpreter.events import Event


@dataclass(frozen=True, slots=True)
class Scope:
    """What names stand for at one point of a program in one event."""

    event: Event
    this: Item | None = None
    variables: Mapping[int, Value] = field(default_factory=dict)


@singledispatch
def evaluate(node: typed.Expr, scope: Scope) -> Value:
    """Return what an expression is worth in a scope."""
    raise NotImplementedError(type(node).__name__)


def holds(condition: typed.Expr, scope: Scope) -> bool:
    """Whether a condition is true; missing is not."""
    return is_true(evaluate(condition, scope))


# ------------------------------------------------------------------ names


@evaluate.register(typed.Constant)
def _constant(node: typed.Constant, _scope: Scope) -> Value:
    return fitted(node.value, node.type)


@evaluate.register(typed.Single)
def _single(node: typed.Single, scope: Scope) -> Value:
    return scope.event.single(node.name)


@evaluate.register(typed.CollectionRef)
def _collection(node: typed.CollectionRef, scope: Scope) -> Value:
    return list(scope.event.items(node.name))


@evaluate.register(typed.ValueRef)
def _value(node: typed.ValueRef, scope: Scope) -> Value:
    return scope.event.value(node.name)


@evaluate.register(typed.This)
def _this(_node: typed.This, scope: Scope) -> Value:
    return scope.this


@evaluate.register(typed.Variable)
def _variable(node: typed.Variable, scope: Scope) -> Value:
    return scope.variables[node.uid]


# ------------------------------------------------------------------ items and four-vectors


@evaluate.register(typed.Attribute)
def _attribute(node: typed.Attribute, scope: Scope) -> Value:
    item = _item(node.item, scope)
    found = None if item is None else scope.event.attribute(item, node.name)
    return _missing(node.type) if found is None else fitted(found, node.type)


@evaluate.register(typed.VectorOf)
def _vector_of(node: typed.VectorOf, scope: Scope) -> Value:
    item = _item(node.item, scope)
    return vectors.MISSING if item is None else scope.event.vector(item)


@evaluate.register(typed.VectorArithmetic)
def _vector_arithmetic(node: typed.VectorArithmetic, scope: Scope) -> Value:
    left, right = _vector(node.left, scope).cartesian(), _vector(node.right, scope).cartesian()
    return left + right if node.operator == "+" else left - right


@evaluate.register(typed.VectorScale)
def _vector_scale(node: typed.VectorScale, scope: Scope) -> Value:
    vector, factor = _vector(node.vector, scope).cartesian(), real(evaluate(node.factor, scope))
    if factor is None:
        return vectors.MISSING
    return vector.scaled(_ARITHMETIC[node.operator], factor)


@evaluate.register(typed.VectorFrom)
def _vector_from(node: typed.VectorFrom, scope: Scope) -> Value:
    numbers = [real(evaluate(number, scope)) for number in node.numbers]
    first, second, third, last = map(or_nan, numbers)
    if None in numbers:
        return vectors.MISSING
    if not node.polar:
        return vectors.Cartesian(first, second, third, last, lambda: 0.0)
    px, py, pz = vectors.from_polar(first, second, third)
    return vectors.from_mass(px, py, pz, mass=last, charge=lambda: 0.0)


@evaluate.register(typed.VectorNegate)
def _vector_negate(node: typed.VectorNegate, scope: Scope) -> Value:
    return -_vector(node.operand, scope).cartesian()


@evaluate.register(typed.Component)
def _component(node: typed.Component, scope: Scope) -> Value:
    return real(_vector(node.vector, scope).component(node.name))


@evaluate.register(typed.Identity)
def _identity(node: typed.Identity, scope: Scope) -> Value:
    left, right = _item(node.left, scope), _item(node.right, scope)
    if left is None or right is None:
        return False
    return (left.identity == right.identity) is not node.negated


@evaluate.register(typed.Membership)
def _membership(node: typed.Membership, scope: Scope) -> Value:
    item = _item(node.item, scope)
    if item is None:
        return False
    members = _list(node.collection, scope)
    found = any(isinstance(m, Item) and m.identity == item.identity for m in members)
    return found is not node.negated


# ------------------------------------------------------------------ numbers


@evaluate.register(typed.Arithmetic)
def _arithmetic(node: typed.Arithmetic, scope: Scope) -> Value:
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    if left is None or right is None:
        return None
    function = _ARITHMETIC[node.operator]
    if isinstance(node.type, IntType):
        return whole(function(left, right))
    return real(function(or_nan(left), or_nan(right)))


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": divide,
    "^": power,
}


@evaluate.register(typed.Negate)
def _negate(node: typed.Negate, scope: Scope) -> Value:
    operand = evaluate(node.operand, scope)
    if isinstance(operand, int):
        return whole(-operand)
    return real(-or_nan(operand))


@evaluate.register(typed.Function)
def _function(node: typed.Function, scope: Scope) -> Value:
    arguments = [evaluate(argument, scope) for argument in node.arguments]
    if node.name in vectors.FUNCTIONS:
        of_vectors = [argument if isinstance(argument, FourVector) else or_nan(argument) for argument in arguments]
        return real(vectors.FUNCTIONS[node.name](*of_vectors))
    if any(argument is None for argument in arguments):
        return None
    if isinstance(node.type, IntType):
        return whole(_INTEGER_FUNCTIONS[node.name](*arguments))
    return real(call(_UFUNCS[node.name], *map(or_nan, arguments)))


_INTEGER_FUNCTIONS: dict[str, Callable[..., int]] = {"abs": abs, "min": min, "max": max}

_UFUNCS: dict[str, np.ufunc] = {
    "abs": np.abs,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "log10": np.log10,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "atan2": np.arctan2,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "floor": np.floor,
    "ceil": np.ceil,
    "min": np.minimum,
    "max": np.maximum,
}


@evaluate.register(typed.TableLookup)
def _table_lookup(node: typed.TableLookup, scope: Scope) -> Value:
    arguments = [real(evaluate(argument, scope)) for argument in node.arguments]
    if any(argument is None for argument in arguments):
        return None
    table = scope.event.program.tables[node.table]
    for row in table.rows:
        pairs = zip(map(or_nan, arguments), row.ranges, strict=True)
        if all(low <= argument and (argument < high or high == inf) for argument, (low, high) in pairs):
            return fitted(row.value, node.type)
    return fitted(table.otherwise, node.type)


# ------------------------------------------------------------------ conditions


@evaluate.register(typed.Compare)
def _compare(node: typed.Compare, scope: Scope) -> Value:
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    if left is None or right is None:
        return False
    if isinstance(left, float) or isinstance(right, float):
        left, right = or_nan(left), or_nan(right)
    return bool(_COMPARISONS[node.operator](left, right))


# Not those that plans are folded with: the interpreter is their judge.
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


@evaluate.register(typed.Logical)
def _logical(node: typed.Logical, scope: Scope) -> Value:
    combine = all if node.operator == "and" else any
    return combine(holds(operand, scope) for operand in node.operands)


@evaluate.register(typed.Not)
def _not(node: typed.Not, scope: Scope) -> Value:
    return not holds(node.operand, scope)


@evaluate.register(typed.Conditional)
def _conditional(node: typed.Conditional, scope: Scope) -> Value:
    branch = node.value if holds(node.condition, scope) else node.otherwise
    return fitted(evaluate(branch, scope), node.type)


@evaluate.register(typed.Exists)
def _exists(node: typed.Exists, scope: Scope) -> Value:
    return _is_there(evaluate(node.operand, scope))


@evaluate.register(typed.Default)
def _default(node: typed.Default, scope: Scope) -> Value:
    operand = evaluate(node.operand, scope)
    chosen = operand if _is_there(operand) else evaluate(node.otherwise, scope)
    return fitted(chosen, node.type)


def _is_there(value: Value) -> bool:
    return value.cartesian().exists() if isinstance(value, FourVector) else value is not None


# ------------------------------------------------------------------ lists


@evaluate.register(typed.At)
def _at(node: typed.At, scope: Scope) -> Value:
    elements, index = _list(node.list, scope), evaluate(node.index, scope)
    if isinstance(index, int) and -len(elements) <= index < len(elements):
        return elements[index]
    return _missing(node.type)


@evaluate.register(typed.SliceOf)
def _slice(node: typed.SliceOf, scope: Scope) -> Value:
    return _list(node.list, scope)[node.start : node.stop]


@evaluate.register(typed.Comprehension)
def _comprehension(node: typed.Comprehension, scope: Scope) -> Value:
    return [evaluate(node.body, turn) for turn in _turns(node, scope)]


def _turns(node: typed.Comprehension, scope: Scope) -> Iterator[Scope]:
    for turn in _nested(node.loops, scope):
        if node.condition is None or holds(node.condition, turn):
            yield turn


def _nested(loops: tuple[typed.Loop, ...], scope: Scope) -> Iterator[Scope]:
    if not loops:
        yield scope
        return
    loop, *inner = loops
    for elements in combinations(_list(loop.list, scope), len(loop.variables)):
        bound = {v.uid: e for v, e in zip(loop.variables, elements, strict=True)}
        yield from _nested(tuple(inner), replace(scope, variables={**scope.variables, **bound}))


@evaluate.register(typed.ArgBest)
def _arg_best(node: typed.ArgBest, scope: Scope) -> Value:
    variable = node.list.loops[0].variables[0]
    ranked: list[tuple[Any, Value]] = [
        (key, turn.variables[variable.uid])
        for turn in _turns(node.list, scope)
        if (key := evaluate(node.list.body, turn)) is not None
    ]
    ranked.sort(key=itemgetter(0), reverse=node.highest)  # stable in both directions
    return ranked[node.k - 1][1] if node.k <= len(ranked) else None


@evaluate.register(typed.Reduce)
def _reduce(node: typed.Reduce, scope: Scope) -> Value:
    elements = _list(node.list, scope)
    if isinstance(node.type, VectorType):
        momenta = map(_cartesian, elements)
        return vectors.total(momenta) if node.kind == "sum" else megajets(momenta)[node.k - 1]
    return _REDUCERS[node.kind](node, elements)


def _cartesian(element: Value) -> Cartesian:
    assert isinstance(element, FourVector)  # items among them are typed as such
    return element.cartesian()


def _count_turns(_node: typed.Reduce, elements: list[Value]) -> Value:
    return len(elements)


def _count_values(_node: typed.Reduce, elements: list[Value]) -> Value:
    return sum(map(_is_there, elements))


def _any(_node: typed.Reduce, elements: list[Value]) -> Value:
    return any(map(is_true, elements))


def _all(_node: typed.Reduce, elements: list[Value]) -> Value:
    return all(map(is_true, elements))


def _sum(node: typed.Reduce, elements: list[Value]) -> Value:
    if isinstance(node.type, IntType):
        return whole(sum(element for element in elements if isinstance(element, int)))
    return real(in_order(_numbers(elements)))


def _product(node: typed.Reduce, elements: list[Value]) -> Value:
    if isinstance(node.type, IntType):
        present = [element for element in elements if isinstance(element, int)]
        result = reduce(lambda a, b: whole(a * b), present, 1)
        return result if len(present) == len(elements) else None
    return real(reduce(operator.mul, map(or_nan, elements), 1.0))


def _imbalance(_node: typed.Reduce, elements: list[Value]) -> Value:
    return real(imbalance(_numbers(elements)))


def _sphericity(_node: typed.Reduce, elements: list[Value]) -> Value:
    return real(sphericity(map(_cartesian, elements)))


def _aplanarity(_node: typed.Reduce, elements: list[Value]) -> Value:
    return real(aplanarity(map(_cartesian, elements)))


def _mean(_node: typed.Reduce, elements: list[Value]) -> Value:
    numbers = _numbers(elements)
    return real(divide(in_order(numbers), len(numbers)))


def _kth(node: typed.Reduce, elements: list[Value]) -> Value:
    highest = node.kind in ("max", "largest")
    present: list[Any] = [element for element in elements if element is not None]
    present.sort(reverse=highest)
    return fitted(present[node.k - 1], node.type) if node.k <= len(present) else None


_REDUCERS: dict[str, Callable[[typed.Reduce, list[Value]], Value]] = {
    "count_turns": _count_turns,
    "count_values": _count_values,
    "any": _any,
    "all": _all,
    "sum": _sum,
    "product": _product,
    "mean": _mean,
    "imbalance": _imbalance,
    "sphericity": _sphericity,
    "aplanarity": _aplanarity,
    "min": _kth,
    "max": _kth,
    "smallest": _kth,
    "largest": _kth,
}


def _missing(target: Type) -> Value:
    """Return what stands for a missing value of a type: no list is missing, it is empty."""
    if isinstance(target, VectorType):
        return vectors.MISSING
    return [] if isinstance(target, ListType) else None


def _numbers(elements: list[Value]) -> list[float]:
    return [number for element in elements if (number := real(element)) is not None]


def _item(node: typed.Expr, scope: Scope) -> Item | None:
    value = evaluate(node, scope)
    assert value is None or isinstance(value, Item)
    return value


def _vector(node: typed.Expr, scope: Scope) -> FourVector:
    value = evaluate(node, scope)
    assert isinstance(value, FourVector)
    return value


def _list(node: typed.Expr, scope: Scope) -> list[Value]:
    return as_list(evaluate(node, scope))
