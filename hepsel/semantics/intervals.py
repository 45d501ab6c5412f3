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

    def around(self, other: Interval) -> Interval:
        """Return the smallest closed interval that holds both."""
        if self.empty or other.empty:
            return other if self.empty else self
        return Interval(min(self.low, other.low), max(self.high, other.high))

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


MOST_LEVELS = 100
"""Expressions of more levels, with those that names in them stand for, are not looked into."""


def interval(expr: typed.Expr) -> Interval:
    """Return an interval that holds every value that a number, or an element of a list, can have."""
    return Intervals().of(expr)


class Intervals:
    """Finds where numbers lie, whatever attributes and named values are.

    Attributes
    ----------
    levels
        How deep in expressions it looks.
    """

    def __init__(self) -> None:
        self.levels = 0

    def of(self, expr: typed.Expr) -> Interval:
        """Return an interval that holds every value that a number, or an element of a list, can have."""
        if self.levels > MOST_LEVELS:
            return _EVERYTHING
        self.levels += 1
        found = self._of(expr)
        self.levels -= 1
        return found

    def named(self, name: typed.Attribute | typed.ValueRef) -> Interval:
        """Return where that lies for which a name stands."""
        # Stored masses may be negative, as those of sums are not.
        return _POSITIVE if isinstance(name, typed.Attribute) and name.name == "pt" else _EVERYTHING

    def _of(self, expr: typed.Expr) -> Interval:
        of = self.of
        match expr:
            case typed.Constant(value) if isinstance(value, int | float):
                return Interval(float(value), float(value))
            case typed.Component(_, name) if name in ("pt", "mass"):
                return _POSITIVE
            case typed.Attribute() | typed.ValueRef():
                return self.named(expr)
            case typed.Function("abs", (number,)):
                inner = of(number)
                least = max(inner.low, -inner.high, 0.0)
                return Interval(least, max(-inner.low, inner.high))
            case typed.Function("min" | "max" as name, (_, *_) as numbers):
                which = min if name == "min" else max
                several = [of(number) for number in numbers]
                return Interval(which(one.low for one in several), which(one.high for one in several))
            case typed.Function(name) if name in _FUNCTIONS:
                return _FUNCTIONS[name]
            case typed.Reduce(kind) if kind in ("count_turns", "count_values", "imbalance", "sphericity", "aplanarity"):
                return _POSITIVE
            case typed.Reduce(kind, items) if kind in ("min", "max", "mean", "largest", "smallest"):
                return of(items)
            case typed.Reduce("sum" | "product", items):
                return _POSITIVE if of(items).low >= 0 else _EVERYTHING
            case typed.Comprehension(items) | typed.SliceOf(items) | typed.At(items):
                return of(items)
            case typed.Negate(operand):
                inner = of(operand)
                return Interval(-inner.high, -inner.low, inner.high_open, inner.low_open)
            case typed.Arithmetic(operator, left, right):
                return _arithmetic(operator, of(left), of(right))
            case typed.Conditional(condition, value, otherwise) if _is_missing(value) or _is_missing(otherwise):
                return of(otherwise) if _is_missing(value) else self._where(condition, value)
            case typed.Conditional(condition, value, otherwise):
                return self._where(condition, value).around(of(otherwise))
            case typed.Default(value, otherwise):
                return of(value).around(of(otherwise))
        return _EVERYTHING

    def _where(self, condition: typed.Expr, value: typed.Expr) -> Interval:
        """Return where a value lies that a condition may bound, if it is ever true."""
        found, asked = self.of(value), bounded(condition)
        narrowed = found if asked is None or asked[0] != value else found.meet(asked[1])
        return found if narrowed.empty else narrowed


def _is_missing(expr: typed.Expr) -> bool:
    """Whether something is the number that is none, `0 / 0`."""
    match expr:
        case typed.Arithmetic("/", typed.Constant(0), typed.Constant(0)):
            return True
    return False


def _arithmetic(operator: str, a: Interval, b: Interval) -> Interval:
    match operator:
        case "+":
            return Interval(a.low + b.low, a.high + b.high)
        case "-":
            return Interval(a.low - b.high if b.high < INF else -INF, a.high - b.low if b.low > -INF else INF)
        case "*":
            ends = [_product(one, other) for one in (a.low, a.high) for other in (b.low, b.high)]
            return Interval(min(ends), max(ends))
        case "/" if a.low >= 0 and b.low >= 0:
            return _POSITIVE
    return _EVERYTHING


def _product(a: float, b: float) -> float:
    """Multiply ends of intervals: an infinite one stands for numbers as large as you like, and 0 times these is 0."""
    return 0.0 if a == 0 or b == 0 else a * b


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
    if not isinstance(expr.type, RealType) or expr.type.dimension == PURE:
        return between(possible.low, possible.high)
    if possible.high == INF:
        return between(0, INF) if possible.low == 0 else "bounded below"
    return "bounded above" if possible.low == -INF else "bounded"


def between(low: float, high: float, unit: str = "") -> str:
    """Say where a number lies that has a smallest value or a largest one, or both."""
    least, most = (f"{end:g} {unit}".rstrip() for end in (low, high))
    if low == high:
        return f"always {least}"
    if high == INF:
        return f"never below {least}"
    return f"never above {most}" if low == -INF else f"from {least} to {most}"
