"""Conditions in forms that bring out how near they are: largest values as counts, charges as signs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from hepsel.compare.keys import shared
from hepsel.compare.normal import compared, counted_in, join, literal, product
from hepsel.semantics import program as typed
from hepsel.semantics.program import Expr
from hepsel.semantics.types import BOOL, INT
from hepsel.semantics.walk import distinct, map_children
from hepsel.syntax.comparisons import OPPOSITE, SWAPPED
from hepsel.syntax.tree import ComparisonOperator

_INWARDS = {"largest": ">", "smallest": "<"}


@dataclass(frozen=True, slots=True)
class Extreme:
    """A comparison of the k-th largest or smallest value of a list.

    Attributes
    ----------
    value
        That value.
    operator, bound
        How it is compared, and with what.
    otherwise
        The default that stands for it where there is none, if there is one.
    """

    value: typed.Reduce
    operator: ComparisonOperator
    bound: Expr
    otherwise: Expr | None

    @property
    def is_inwards(self) -> bool:
        """Whether one value for which it holds is enough: on the other side, it has to hold for all."""
        return self.operator[0] == _INWARDS[self.value.kind]

    @property
    def inwards(self) -> ComparisonOperator:
        """The operator, on the side where one value is enough."""
        return self.operator if self.is_inwards else OPPOSITE[self.operator]

    @property
    def beyond(self) -> Expr | None:
        """How many values are inwards of the bound, whichever side is asked for; missing values count nowhere."""
        return _passing(self.value, self.inwards, self.bound) if self.inwards[0] in "<>" else None

    @property
    def passes_missing(self) -> bool | None:
        """Whether the comparison is true where there is no such value; `None` where that depends on something."""
        if self.otherwise is None:
            return False
        answer = compared(self.operator, self.otherwise, self.bound)
        return answer.value is True if isinstance(answer, typed.Constant) else None

    @property
    def is_count(self) -> bool:
        """Whether it says the same as a comparison of `beyond`, where the list is too short, too."""
        return self.passes_missing is (not self.is_inwards)


def extreme_of(compare: Expr) -> Extreme | None:
    """Return what a comparison says of a largest or smallest value, if it does."""
    if not isinstance(compare, typed.Compare):
        return None
    sides = (compare.left, compare.operator, compare.right), (compare.right, SWAPPED[compare.operator], compare.left)
    for side, operator, bound in sides:
        value, otherwise = (side.operand, side.otherwise) if isinstance(side, typed.Default) else (side, None)
        if isinstance(value, typed.Reduce) and value.kind in _INWARDS and isinstance(value.list, typed.Comprehension):
            return Extreme(value, operator, bound, otherwise)
    return None


@lru_cache(maxsize=1 << 14)
def as_counts(expr: Expr, *, always: bool) -> Expr:
    """Return a normal form with comparisons of largest and smallest values as counts of values beyond the bound.

    With `always` also those that say something else where a list is too short.
    """
    found = extreme_of(expr)
    if found is not None and (always or found.is_count) and (count := found.beyond) is not None:
        enough = typed.Constant(found.value.k, type=INT)
        return typed.Compare(">=" if found.is_inwards else "<", count, enough, type=BOOL)
    below = map_children(expr, lambda child: as_counts(child, always=always))
    match below:
        case typed.Not(operand):
            return literal(operand, sign=False)
        case typed.Logical(operator, operands):
            return join(list(operands), conjunction=operator == "and")
    return shared(below)


def _passing(extreme: typed.Reduce, operator: ComparisonOperator, bound: Expr) -> Expr | None:
    """Return how many values are beyond a bound, with which the k-th largest or smallest of them is compared.

    Where these are k at least, that one is there and beyond the bound, and nowhere else: no missing value counts.

    Returns
    -------
    Expr | None
        `None` where the bound is made from a list, whose variables would need other numbers.
    """
    assert isinstance(extreme.list, typed.Comprehension)
    if any(isinstance(part, typed.Comprehension) for part in distinct(bound)):
        return None
    return counted_in(extreme.list, compared(operator, extreme.list.body, bound))


@lru_cache(maxsize=1 << 14)
def with_signs(expr: Expr) -> Expr:
    """Return a normal form for charges that are 1 or -1: then those whose product is negative are different."""
    match expr:
        case typed.Compare("==" | "!=" as operator, typed.Arithmetic("+", left, right), typed.Constant(0)):
            alike = operator == "!="
        case typed.Compare(operator, typed.Arithmetic("*", left, right), typed.Constant(0)) if operator[0] in "<>":
            alike = operator[0] == ">"
        case typed.Compare("==" | "!=" as operator, typed.Arithmetic("*", left, right), typed.Constant(1 | -1 as sign)):
            alike = (operator == "==") is (sign == 1)
        case typed.Compare("==" | "!=" as operator, left, typed.Negate(right)):
            alike = operator == "!="
        case typed.Compare("==" | "!=" as operator, left, right):
            alike = operator == "=="
        case _:
            return shared(map_children(expr, with_signs))
    if not (_is_charge(left) and _is_charge(right)):
        return shared(map_children(expr, with_signs))
    return compared("==" if alike else "!=", left, right)


def _is_charge(expr: Expr) -> bool:
    return isinstance(expr, typed.Attribute) and expr.name == "charge"


@lru_cache(maxsize=1 << 14)
def with_products(expr: Expr) -> Expr:
    """Return a normal form for divisors above 0, and numbers without rounding: then `x / y < c` is `x < c * y`."""
    match expr:
        case typed.Compare(operator, typed.Arithmetic("/", left, right), bound):
            return with_products(compared(operator, left, product(bound, right, left.type)))
        case typed.Compare(operator, bound, typed.Arithmetic("/", left, right)):
            return with_products(compared(operator, product(bound, right, left.type), left))
        case typed.Logical(operator, operands):
            return join(list(map(with_products, operands)), conjunction=operator == "and")
    return shared(map_children(expr, with_products))
