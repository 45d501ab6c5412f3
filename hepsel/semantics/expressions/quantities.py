"""Dimensions, and the values of constant expressions."""

from __future__ import annotations

from fractions import Fraction

from hepsel.semantics import program as typed
from hepsel.semantics.types import ENERGY, LENGTH, LUMINOSITY, PURE, TIME, Dimension, ListType, RealType, Type, power_of

_USUAL_UNITS = {ENERGY: "GeV", LENGTH: "mm", TIME: "ns", LUMINOSITY: "fb^-1"}


def usual_unit(dim: Dimension) -> str | None:
    """Return the unit in which a quantity of some dimension is usually given, powers of energy or length included."""
    if dim in _USUAL_UNITS:
        return _USUAL_UNITS[dim]
    for base, power in ((ENERGY, dim.energy), (LENGTH, dim.length)):
        if power and dim == base**power:
            return power_of(_USUAL_UNITS[base], power)
    return None


def dimension(kind: Type) -> Dimension:
    """Return the dimension of a number."""
    return kind.dimension if isinstance(kind, RealType) else PURE


def element_of(kind: Type) -> Type:
    """Return the type of what a list holds, or of a value itself."""
    return kind.element if isinstance(kind, ListType) else kind


def a_quantity(dim: Dimension) -> str:
    """Return what a number of a dimension is called in a sentence."""
    if dim == PURE:
        return "a pure number"
    text = str(dim)
    return f"an {text}" if text[0] in "aeiou" else f"a {text}"


LONGEST_NUMBER = 400
"""Digits of a number; more are none that a program needs, and take long."""


def exact_decimal(text: str) -> Fraction:
    """Return the number that is written, whatever it is in binary."""
    return Fraction(text if not text.endswith(".") else text + "0")


def folded(expr: typed.Expr) -> Fraction | None:
    """Return the exact value of a constant expression of pure numbers."""
    match expr:
        case typed.Constant(value) if isinstance(value, int | float) and not isinstance(value, bool):
            return exact_decimal(repr(value)) if dimension(expr.type) == PURE else None
        case typed.Negate(operand):
            inner = folded(operand)
            return None if inner is None else -inner
        case typed.Arithmetic(operator, left, right):
            a, b = folded(left), folded(right)
            if a is None or b is None:
                return None
            match operator:
                case "+":
                    return a + b
                case "-":
                    return a - b
                case "*":
                    return a * b
                case "/" if b != 0:
                    return a / b
    return None
