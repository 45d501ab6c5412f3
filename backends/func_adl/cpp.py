"""Prints formulas as functions of C++, which a query on objects can call."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from hepsel.backends.func_adl.printer import OPERATORS, bare
from hepsel.plan.remote.objects import First, Place, Stored
from hepsel.plan.remote.query import Call, Expr, Number

FUNCTIONS = frozenset(("abs", "sqrt", "sin", "cos", "tanh", "atan", "sinh", "cosh", "asinh"))
PLAIN = OPERATORS | FUNCTIONS | {"neg", "real", "where"}
"""Functions that have each argument once."""

PI = repr(math.pi)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of C++: its parameters, and the lines that compute `result`, a truth value, from them."""

    parameters: tuple[str, ...]
    lines: tuple[str, ...]


def function_of(comparison: Expr) -> tuple[Function, tuple[Expr, ...]]:
    """Return a function that makes a comparison of what is stored, and what its arguments are.

    All names in it end with an underscore, which those that func_adl puts beside them do not.
    """
    writing = _Writing(comparison)
    result = writing.text(comparison)
    lines = (*writing.lines, f"bool result = {bare(result)};")
    return Function(tuple(writing.parameters.values()), lines), tuple(writing.parameters)


def _is_argument(expr: Expr) -> bool:
    """Whether a part is computed by the query: all but functions of reals."""
    match expr:
        case Call(function="*", arguments=(Stored() | First(), Number())):  # widened
            return True
        case Call(function=function):
            return function in ("and", "or", "not") or (function in OPERATORS and _is_whole(expr))
        case Number():
            return False
    return True


def _is_whole(expr: Call) -> bool:
    """Whether a comparison is of what is no real number."""
    return any(isinstance(argument, Stored | First | Place) for argument in expr.arguments)


def _parts(expr: Expr) -> Iterator[Expr]:
    yield expr
    if isinstance(expr, Call) and not _is_argument(expr):
        for argument in expr.arguments:
            yield from _parts(argument)


class _Writing:
    """Writes the lines of one function."""

    def __init__(self, comparison: Expr) -> None:
        self.parameters: dict[Expr, str] = {}
        self.lines: list[str] = []
        self._uses = Counter(part for part in _parts(comparison) if isinstance(part, Call))
        self._known: dict[Expr, str] = {}

    def text(self, expr: Expr) -> str:
        """Print an expression; what is used more than once gets a name."""
        if isinstance(expr, Number):
            return _number(expr.value)
        if expr in self._known:
            return self._known[expr]
        if _is_argument(expr):
            return self.parameters.setdefault(expr, self._parameter(expr))
        assert isinstance(expr, Call)
        text = self._call(expr)
        return self._name(expr, text) if self._uses[expr] > 1 else text

    def _name(self, expr: Expr, text: str) -> str:
        name = f"value_{len(self._known) + 1}_"
        self.lines.append(f"const double {name} = {bare(text)};")
        self._known[expr] = name
        return name

    def _named(self, expr: Expr) -> str:
        """Print what a formula has more than once."""
        text = self.text(expr)
        is_short = expr in self._known or isinstance(expr, Number) or _is_argument(expr)
        return text if is_short else self._name(expr, text)

    def _parameter(self, expr: Expr) -> str:
        stored = expr.arguments[0] if isinstance(expr, Call) else expr
        hint = stored.column.rpartition(".")[2] if isinstance(stored, Stored | First) else "given"
        name, number = f"{hint}_", 2
        while name in self.parameters.values():
            name, number = f"{hint}_{number}_", number + 1
        return re.sub(r"\W", "_", name)

    def _call(self, expr: Call) -> str:
        function = expr.function
        write = self.text if function in PLAIN else self._named
        texts = [write(argument) for argument in expr.arguments]
        if function in OPERATORS:
            return f"({texts[0]} {function} {texts[1]})"
        if function in FUNCTIONS:
            return f"std::{function}({bare(texts[0])})"
        match function, texts:
            case "neg", [a]:
                return f"(-{a})"
            case "real", [a]:
                return f"({a} * 1.0)"
            case "where", [condition, value, otherwise]:
                return f"({condition} ? {value} : {otherwise})"
            case "transverse", [x, y]:
                return f"std::sqrt({_squares(x, y)})"
            case "energy", [x, y, z, m]:
                return f"std::sqrt({_squares(x, y, z, m)})"
            case "mass", [x, y, z, energy]:
                squared = f"{energy} * {energy} - ({_squares(x, y, z)})"
                # What is negative through rounding counts as 0; what is no number stays so.
                return f"std::sqrt(({squared}) < 0.0 ? 0.0 : ({squared}))"
            case "near", [a, b, error]:
                there = "".join(
                    f"{text} == {text} && "
                    for one, text in zip(expr.arguments, (a, b), strict=False)
                    if not isinstance(one, Number)
                )
                return f"({there}!(std::abs({a} - {b}) > {error}))"
            case "delta_phi", [a, b]:
                return _delta_phi(a, b)
            case "delta_r", [eta, phi, other_eta, other_phi]:
                distance, angle = f"({eta} - {other_eta})", _delta_phi(phi, other_phi)
                return f"std::sqrt({_squares(distance, angle)})"
            case "transverse_mass", [a, phi, b, other_phi]:
                return f"std::sqrt(2.0 * {a} * {b} * (1.0 - std::cos({_delta_phi(phi, other_phi)})))"
        raise AssertionError(function)


def _squares(*texts: str) -> str:
    return " + ".join(f"{text} * {text}" for text in texts)


def _delta_phi(a: str, b: str) -> str:
    difference = f"({a} - {b})"
    return f"({difference} - {2 * math.pi!r} * std::floor(({difference} + {PI}) / {2 * math.pi!r}))"


def _number(value: bool | int | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(float(value)) if value >= 0 else f"({float(value)!r})"
