"""Whether expressions of a composite are the same where slots change places, in whatever order sums are written."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from hepsel.semantics import program as typed
from hepsel.semantics.types import BOOL
from hepsel.semantics.walk import children, map_children
from hepsel.syntax.comparisons import SWAPPED

_ANY_ORDER = ("dphi", "deta", "dr", "dr_rapidity", "mt", "min", "max")
"""Functions whose arguments may change places."""

_HOLE = typed.Constant(False, type=BOOL)


class Forms:
    """Gives expressions numbers, the same to those that are the same but for the order of what may change places.

    Parameters
    ----------
    block
        The composite; what its `let` give is looked into.
    """

    def __init__(self, block: typed.CompositeBlock) -> None:
        self._slots = {slot.name for slot in block.slots}
        self._lets = {let.name: let.value for let in block.statements if isinstance(let, typed.LetItem)}
        self._numbers: dict[Hashable, int] = {}
        self._of_lets: dict[Hashable, int] = {}

    def number(self, expr: typed.Expr, exchanged: Mapping[str, str]) -> int:
        """Return the number of an expression with slots exchanged."""
        return self._number(expr, exchanged, {})

    def asked(self, expr: typed.Expr) -> frozenset[tuple[str, str]]:
        """Return the attributes of slots that an expression asks for, and an empty text for a slot itself."""
        return frozenset(self._asked(expr, set()))

    def _asked(self, expr: typed.Expr, seen: set[str]) -> Iterator[tuple[str, str]]:
        match expr:
            case typed.Attribute(inner, name) | typed.Component(typed.VectorOf(inner), name) if self._slot(inner):
                yield self._slot(inner), name
            case typed.Attribute(typed.This(), name) if name in self._slots:
                yield name, ""
            case typed.Attribute(typed.This(), name) if name in self._lets:
                if name not in seen:
                    seen.add(name)
                    yield from self._asked(self._lets[name], seen)
            case _:
                for child in children(expr):
                    yield from self._asked(child, seen)

    def _slot(self, expr: typed.Expr) -> str:
        match expr:
            case typed.Attribute(typed.This(), name) if name in self._slots:
                return name
        return ""

    def _new(self, *form: Hashable) -> int:
        return self._numbers.setdefault(form, len(self._numbers))

    def _number(self, expr: typed.Expr, exchanged: Mapping[str, str], bound: Mapping[int, int]) -> int:
        def of(part: typed.Expr) -> int:
            return self._number(part, exchanged, bound)

        def sorted_of(parts: tuple[typed.Expr, ...]) -> tuple[int, ...]:
            return tuple(sorted(of(part) for part in parts))

        match expr:
            case typed.Attribute(typed.This(), name) if name in self._slots:
                return self._new("slot", exchanged.get(name, name))
            case typed.Attribute(typed.This(), name) if name in self._lets:
                known = name, tuple(exchanged.items())
                if known not in self._of_lets:
                    self._of_lets[known] = of(self._lets[name])
                return self._of_lets[known]
            case typed.Variable(_, uid):
                return self._new("variable", bound[uid])
            case typed.Arithmetic("+" | "-") | typed.VectorArithmetic() | typed.Negate() | typed.VectorNegate():
                return self._new("sum", *sorted(self._terms(expr, 1, exchanged, bound)))
            case typed.Arithmetic("*"):
                return self._new("product", *sorted(of(part) for part in _factors(expr)))
            case typed.Function("abs", (inner,)) | typed.Component(typed.VectorArithmetic() as inner, "pt"):
                return self._new("size", type(expr).__name__, self._size(inner, exchanged, bound))
            case typed.Arithmetic("^", inner, typed.Constant(int() | float() as power)) if power % 2 == 0:
                return self._new("power", power, self._size(inner, exchanged, bound))
            case typed.Function(name, arguments) if name in _ANY_ORDER:
                return self._new(name, *sorted_of(arguments))
            case typed.Function("mt2", (a, b, *others)) if len(others) < 3:
                return self._new("mt2", *sorted_of((a, b)), *(of(other) for other in others))
            case typed.Compare(operator, left, right):
                if operator in (">", ">="):
                    operator, left, right = SWAPPED[operator], right, left
                terms = sorted([*self._terms(left, 1, exchanged, bound), *self._terms(right, -1, exchanged, bound)])
                return self._new(operator, *(_unsigned(terms) if operator in ("==", "!=") else terms))
            case typed.Identity(left, right, negated):
                return self._new("identity", negated, *sorted_of((left, right)))
            case typed.Logical(operator, operands):
                return self._new(operator, *sorted_of(operands))
            case typed.Comprehension(body, loops, condition):
                form: list[Hashable] = []
                for loop in loops:
                    form += [len(loop.variables), self._number(loop.list, exchanged, bound)]
                    bound = {**bound, **{each.uid: len(bound) + i for i, each in enumerate(loop.variables)}}
                form += [self._number(part, exchanged, bound) for part in (body, condition) if part is not None]
                return self._new("for", *form)
        return self._new(map_children(expr, lambda _: _HOLE), *(of(child) for child in children(expr)))

    def _terms(
        self, expr: typed.Expr, sign: int, exchanged: Mapping[str, str], bound: Mapping[int, int]
    ) -> Iterator[tuple[int, int]]:
        """Yield what is added, with the sign of each."""
        match expr:
            case typed.Arithmetic("+" | "-" as operator, left, right) | typed.VectorArithmetic(operator, left, right):
                yield from self._terms(left, sign, exchanged, bound)
                yield from self._terms(right, sign if operator == "+" else -sign, exchanged, bound)
            case typed.Negate(operand) | typed.VectorNegate(operand):
                yield from self._terms(operand, -sign, exchanged, bound)
            case _:
                yield self._number(expr, exchanged, bound), sign

    def _size(self, expr: typed.Expr, exchanged: Mapping[str, str], bound: Mapping[int, int]) -> int:
        """Return a number that an expression has in common with its negative."""
        while isinstance(expr, typed.Attribute) and isinstance(expr.item, typed.This) and expr.name in self._lets:
            expr = self._lets[expr.name]
        match expr:
            case typed.Arithmetic("*"):
                return self._new("product", *sorted(self._size(part, exchanged, bound) for part in _factors(expr)))
            case typed.Arithmetic("/", left, right):
                return self._new("ratio", *(self._size(part, exchanged, bound) for part in (left, right)))
        return self._new("sum", *_unsigned(sorted(self._terms(expr, 1, exchanged, bound))))


def _unsigned(terms: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what sorted terms have in common with their negatives."""
    return min(terms, sorted((number, -sign) for number, sign in terms))


def _factors(expr: typed.Expr) -> Iterator[typed.Expr]:
    if isinstance(expr, typed.Arithmetic) and expr.operator == "*":
        yield from _factors(expr.left)
        yield from _factors(expr.right)
    else:
        yield expr
