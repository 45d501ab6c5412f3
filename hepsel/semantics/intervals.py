"""Intervals in which the values of numbers lie, and those that comparisons allow."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hepsel.semantics import program as typed
from hepsel.semantics.types import PURE, EnumType, RealType
from hepsel.syntax.comparisons import OPPOSITE, SWAPPED

INF = math.inf


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers from `low` to `high`; an end is left out when it is `open`."""

    low: float = -INF
    high: float = INF
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        """Whether no number is in it."""
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def meet(self, other: Interval) -> Interval:
        """Return the numbers that are in both."""
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, high_closed = min((self.high, not self.high_open), (other.high, not other.high_open))
        return Interval(low, high, low_open, not high_closed)

    def within(self, other: Interval) -> bool:
        """Whether every number of this one is in the other."""
        return self.meet(other) == self

    def whole(self) -> Interval:
        """Return the interval from the smallest to the largest whole number that is in this one."""
        low, high = (end if math.isinf(end) else float(math.floor(end)) for end in (self.low, self.high))
        return Interval(
            low + 1 if low < self.low or self.low_open else low,
            high - 1 if high == self.high and self.high_open else high,
        )


_EVERYTHING = Interval()
_POSITIVE = Interval(0.0, INF)
_TURN = Interval(0.0, math.pi)

_FUNCTIONS = {
    **dict.fromkeys(("abs", "sqrt", "exp", "deta", "dr", "dr_rapidity", "mt", "mt2", "perp"), _POSITIVE),
    "cosh": Interval(1.0, INF),
    **dict.fromkeys(("sin", "cos", "tanh"), Interval(-1.0, 1.0)),
    **dict.fromkeys(("dphi", "acos"), _TURN),
    **dict.fromkeys(("dphi_signed", "atan2"), Interval(-math.pi, math.pi)),
    **dict.fromkeys(("asin", "atan"), Interval(-math.pi / 2, math.pi / 2)),
}


def interval(expr: typed.Expr) -> Interval:
    """Return an interval that holds every value that a number can have."""
    match expr:
        case typed.Constant(value) if isinstance(value, int | float):
            return Interval(float(value), float(value))
        case typed.Component(_, name) | typed.Attribute(_, name) if name in ("pt", "mass"):
            # Stored masses may be negative; transverse momenta and masses of sums are not.
            is_pt = name == "pt" or isinstance(expr, typed.Component)
            return _POSITIVE if is_pt else _EVERYTHING
        case typed.Function(name) if name in _FUNCTIONS:
            return _FUNCTIONS[name]
        case typed.Reduce(kind) if kind in ("count_turns", "count_values", "imbalance", "sphericity", "aplanarity"):
            return _POSITIVE
        case typed.Reduce(kind, items) if kind in ("min", "max", "mean", "largest", "smallest"):
            return interval(items.body) if isinstance(items, typed.Comprehension) else _EVERYTHING
        case typed.Reduce("sum" | "product", items) if isinstance(items, typed.Comprehension):
            return _POSITIVE if interval(items.body).low >= 0 else _EVERYTHING
        case typed.Negate(operand):
            inner = interval(operand)
            return Interval(-inner.high, -inner.low, inner.high_open, inner.low_open)
        case typed.Arithmetic(operator, left, right):
            return _arithmetic(operator, interval(left), interval(right))
        case typed.Conditional(_, value, otherwise) | typed.Default(value, otherwise):
            a, b = interval(value), interval(otherwise)
            return Interval(min(a.low, b.low), max(a.high, b.high))
    return _EVERYTHING


def _arithmetic(operator: str, a: Interval, b: Interval) -> Interval:
    match operator:
        case "+":
            return Interval(a.low + b.low, a.high + b.high)
        case "-" if a.low > -INF or b.high < INF:
            return Interval(a.low - b.high if b.high < INF else -INF, a.high - b.low if b.low > -INF else INF)
        case "*" | "/" if a.low >= 0 and b.low >= 0:
            return _POSITIVE
    return _EVERYTHING


_EXACT = 2**53
"""Larger integers are not all told apart as the 64-bit reals that ends of intervals are."""

_ALLOWED = {
    "<": lambda value: Interval(-INF, value, False, True),
    "<=": lambda value: Interval(-INF, value),
    ">": lambda value: Interval(value, INF, True, False),
    ">=": lambda value: Interval(value, INF),
    "==": lambda value: Interval(value, value),
}


def bounded(condition: typed.Expr, *, negated: bool = False) -> tuple[typed.Expr, Interval] | None:
    """Return the quantity that a comparison with a number is about, and where that is to lie; else nothing."""
    if not isinstance(condition, typed.Compare):
        return None
    operator, left, right = condition.operator, condition.left, condition.right
    if isinstance(left, typed.Constant):
        operator, left, right = SWAPPED[operator], right, left
    if negated:
        operator = OPPOSITE[operator]
    value = _number(right)
    if value is None or isinstance(left, typed.Constant) or operator not in _ALLOWED:
        return None  # all but one value is no interval
    return left, _ALLOWED[operator](value)


def _number(expr: typed.Expr) -> float | None:
    """Return the number that something is, or the place of an enumeration's value, if reals tell it apart."""
    match expr:
        case typed.Constant(str(value), type=EnumType(values=values)):
            return float(values.index(value))
        case typed.Constant(bool()):
            return None
        case typed.Constant(int() | float() as value) if isinstance(value, float) or abs(value) <= _EXACT:
            return float(value)
    return None


def described(possible: Interval, expr: typed.Expr) -> str:
    """Say where a number lies; without its ends, where these are in base units."""
    dimensionless = not isinstance(expr.type, RealType) or expr.type.dimension == PURE
    if possible.high == INF:
        return f"never below {possible.low:g}" if dimensionless or possible.low == 0 else "bounded below"
    if possible.low == -INF:
        return f"never above {possible.high:g}" if dimensionless else "bounded above"
    return f"from {possible.low:g} to {possible.high:g}" if dimensionless else "bounded"
