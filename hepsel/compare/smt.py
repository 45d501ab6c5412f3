"""Proofs about criteria with z3: whether two of them can ever decide differently.

A quantity is a pair: whether it exists, and its value. Only what holds for doubles exactly is told to the solver:
order, equality, negation, absolute values, the smaller and larger of two numbers, choices, counts. Every other quantity
(sums, quotients, masses, angles, what a generator finds) is a name that stands for the same value wherever the same
normal form stands, and of which no more is known than that it is missing where what it is made from is.

Doubles, infinities included, embed into the reals in an order-preserving way that keeps negation (infinities go to
numbers beyond all others). A proof over the reals therefore holds for doubles; a counterexample need not be one, which
is why it is evaluated by the interpreter before it is shown.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from importlib import import_module
from typing import Any

from hepsel.compare.nearly import Extreme, extreme_of
from hepsel.compare.normal import BEFORE_P4, IF_THERE, counted, present, sort_key
from hepsel.errors import HepselError
from hepsel.semantics import program as typed
from hepsel.semantics.program import Expr
from hepsel.semantics.types import BoolType, EnumType, IntType, ItemType, RealType
from hepsel.semantics.walk import distinct, map_children
from hepsel.syntax.comparisons import RELATIONS

Value = bool | int | float | str | None
"""What a counterexample says of a quantity; `None`: it is missing."""

_EXACT = 2.0**53  # whole numbers up to here are doubles, so comparing an integer with one is exact
_NOT_NEGATIVE = ("sqrt", "exp", "deta", "dr", "dr_rapidity", "dphi", "mt", "mt2", "perp", "acos", "cosh")
_COUNTS = ("count_turns", "count_values")


class SolverMissing(HepselError):
    """The solver is not installed."""

    def __init__(self) -> None:
        super().__init__("comparing programs needs the solver z3: pip install 'hepsel[smt]'")


@cache
def _z3() -> Any:
    try:
        return import_module("z3")
    except ImportError:
        raise SolverMissing from None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the solver found out.

    Attributes
    ----------
    holds
        Whether it is proven (`True`), refuted (`False`), or undecided within the time limit (`None`).
    values
        When refuted: values of the quantities for which it does not hold.
    """

    holds: bool | None
    values: Mapping[Expr, Value] | None = None


class Prover:
    """Decides whether criteria are the same; what was asked once is known.

    Parameters
    ----------
    seconds
        Time limit of each question.
    """

    def __init__(self, seconds: float) -> None:
        self._milliseconds = max(1, round(1000 * seconds))
        self._answers: dict[tuple[Expr, Expr], Answer] = {}
        self._examples: dict[tuple[tuple[Expr, ...], tuple[Expr, ...]], Mapping[Expr, Value] | None] = {}

    def equivalent(self, a: Expr, b: Expr) -> Answer:
        """Whether two conditions are always both true or both not."""
        if (a, b) not in self._answers:
            self._answers[a, b] = self._equivalent(a, b)
        return self._answers[a, b]

    def _equivalent(self, a: Expr, b: Expr) -> Answer:
        aligned = self._aligned(a, b)
        if a == aligned:
            return Answer(True)
        facts = _Facts()
        return self._ask(facts, facts.truth(a) != facts.truth(aligned))

    def example(self, ours: Sequence[Expr], theirs: Sequence[Expr]) -> Mapping[Expr, Value] | None:
        """Find values that tell two criteria apart where the others of their blocks are true.

        Parameters
        ----------
        ours, theirs
            The criterion of each program first, and behind it the others.
        """
        asked = tuple(ours), tuple(theirs)
        if asked not in self._examples:
            self._examples[asked] = self._example(*asked)
        return self._examples[asked]

    def _example(self, ours: Sequence[Expr], theirs: Sequence[Expr]) -> Mapping[Expr, Value] | None:
        facts = _Facts()
        z3 = _z3()
        one, other = facts.truth(ours[0]), facts.truth(self._aligned(ours[0], theirs[0]))
        beside = [z3.And(*map(facts.truth, more)) for more in (ours[1:], theirs[1:])]
        only = z3.And(one, z3.Not(other), beside[0]), z3.And(other, z3.Not(one), beside[1])
        return self._ask(facts, z3.Or(*only)).values

    def implies(self, given: Iterable[Expr], then: Expr) -> bool:
        """Whether a condition is proven to be true wherever all of the given ones are."""
        facts = _Facts()
        z3 = _z3()
        known = [facts.truth(condition) for condition in given]
        return self._ask(facts, z3.And(*known, z3.Not(facts.truth(then)))).holds is True

    def exclude(self, a: Expr, b: Expr) -> bool:
        """Whether two conditions, each of which can be true, are proven never to be true together."""
        facts = _Facts()
        first, second = facts.truth(a), facts.truth(b)
        return self._ask(facts, _z3().And(first, second)).holds is True and all(
            self._ask(facts, alone).holds is False for alone in (first, second)
        )

    def _ask(self, facts: _Facts, refutation: Any) -> Answer:
        """Look for values that make `refutation` true, first for ones that all exist."""
        z3 = _z3()
        facts.state_lists()
        solver = z3.Solver()
        solver.set("timeout", self._milliseconds)
        solver.add(*facts.known, refutation)
        verdict = solver.check()
        if verdict == z3.unsat:
            return Answer(True)
        if verdict != z3.sat:
            return Answer(None)
        solver.push()
        solver.add(*facts.existing())
        if solver.check() != z3.sat:
            solver.pop()
            solver.check()
        return Answer(False, facts.values(solver.model()))

    def _aligned(self, a: Expr, b: Expr) -> Expr:
        """Put the generators of `a` in the place of those of `b` that are proven to find the same."""
        ours = [expr for expr in distinct(a) if isinstance(expr, typed.Comprehension)]
        if not ours:
            return b
        return self._with_generators(b, ours, {})

    def _with_generators(self, expr: Expr, ours: list[typed.Comprehension], done: dict[Expr, Expr]) -> Expr:
        if expr in done:
            return done[expr]
        same = [
            one
            for one in ours
            if isinstance(expr, typed.Comprehension) and (one == expr or self._same_turns(one, expr))
        ]
        done[expr] = same[0] if same else map_children(expr, lambda child: self._with_generators(child, ours, done))
        return done[expr]

    def _same_turns(self, a: typed.Comprehension, b: typed.Comprehension) -> bool:
        if (a.loops, a.type, a.body) != (b.loops, b.type, b.body):
            return False
        true = typed.Constant(True, type=BoolType())
        return self.equivalent(a.condition or true, b.condition or true).holds is True


class _Facts:
    """Translates conditions, and remembers what is known of the quantities in them."""

    def __init__(self) -> None:
        self.known: list[Any] = []
        self._quantities: dict[Expr, tuple[Any, Any]] = {}
        self._items: dict[Expr, Any] = {}
        self._codes: dict[str, int] = {}
        self._extremes: list[Extreme] = []
        self._lists_stated = False

    # -------------------------------------------------------------- conditions

    def truth(self, expr: Expr) -> Any:
        """Return the formula of "is true": false where the value is missing."""
        z3 = _z3()
        match expr:
            case typed.Logical(operator, operands):
                combine = z3.And if operator == "and" else z3.Or
                return combine(*map(self.truth, operands))
            case typed.Not(operand):
                return z3.Not(self.truth(operand))
            case typed.Compare():
                return self._comparison(expr)
            case typed.Exists(operand):
                return self._exists(operand)
        exists, value = self._value(expr)
        return z3.And(exists, value)

    def _comparison(self, expr: typed.Compare) -> Any:
        z3 = _z3()
        operator, left, right = expr.operator, expr.left, expr.right
        kinds = {isinstance(side.type, IntType) for side in (left, right)}
        if kinds == {True, False} and not _exact_constant(right):
            exists, value = self._name(expr)
            return z3.And(exists, value)
        (left_exists, a), (right_exists, b) = self._value(left), self._value(right)
        if (extreme := extreme_of(expr)) is not None:
            self._extremes.append(extreme)
        return z3.And(left_exists, right_exists, RELATIONS[operator](a, b))

    def _exists(self, expr: Expr) -> Any:
        if isinstance(expr.type, ItemType):
            return self._item(expr)
        if isinstance(expr.type, IntType | RealType | BoolType | EnumType):
            return self._value(expr)[0]
        return self._name(typed.Exists(expr, type=BoolType()))[1]

    # -------------------------------------------------------------- values

    def _value(self, expr: Expr) -> tuple[Any, Any]:
        """Return whether a number, boolean or enumeration value exists, and what it is."""
        z3 = _z3()
        match expr:
            case typed.Constant(value):
                return z3.BoolVal(True), self._constant(expr, value)
            case typed.Logical() | typed.Not() | typed.Compare() | typed.Exists():
                return z3.BoolVal(True), self.truth(expr)
            case typed.Negate(operand) if isinstance(expr.type, RealType) or _small(operand):
                exists, value = self._value(operand)
                return exists, -value
            case typed.Function("abs", (operand,)) if isinstance(expr.type, RealType) and not _is_int(operand):
                exists, value = self._value(operand)
                return exists, z3.If(value < 0, -value, value)
            case typed.Function("min" | "max" as name, (left, right)) if _are_alike(left, right):
                (left_exists, a), (right_exists, b) = self._value(left), self._value(right)
                lower = name == "min"
                return z3.And(left_exists, right_exists), z3.If((a < b) if lower else (a > b), a, b)
            case typed.Function(name, (item, given)) if name == IF_THERE:
                exists, value = self._value(given)
                return z3.And(self._item(item), exists), value
            case typed.Conditional(condition, chosen, otherwise) if _are_alike(chosen, otherwise):
                test = self.truth(condition)
                (chosen_exists, a), (otherwise_exists, b) = self._value(chosen), self._value(otherwise)
                return z3.If(test, chosen_exists, otherwise_exists), z3.If(test, a, b)
            case typed.Default(operand, otherwise) if _are_alike(operand, otherwise):
                (exists, a), (otherwise_exists, b) = self._value(operand), self._value(otherwise)
                return z3.Or(exists, otherwise_exists), z3.If(exists, a, b)
            case typed.Arithmetic("+", left, right) if _small(expr):
                (_, a), (_, b) = self._value(left), self._value(right)
                return z3.BoolVal(True), a + b
        return self._name(expr)

    def _constant(self, expr: Expr, value: object) -> Any:
        z3 = _z3()
        if isinstance(value, bool):
            return z3.BoolVal(value)
        if isinstance(value, str):
            return z3.IntVal(self._code(value))
        assert isinstance(value, int | float)
        if isinstance(expr.type, IntType):
            return z3.IntVal(value)
        # Infinities are beyond all other doubles; see above.
        fraction = Fraction(value) if math.isfinite(value) else Fraction(10) ** 400 * (1 if value > 0 else -1)
        return z3.RatVal(fraction.numerator, fraction.denominator)

    def _code(self, value: str) -> int:
        return self._codes.setdefault(value, len(self._codes))

    def _name(self, expr: Expr) -> tuple[Any, Any]:
        """Return the name of a quantity of which the solver knows nothing but a few facts."""
        if expr in self._quantities:
            return self._quantities[expr]
        z3 = _z3()
        number = len(self._quantities)
        sort = {BoolType: z3.Bool, RealType: z3.Real}.get(type(expr.type), z3.Int)
        exists, value = z3.Bool(f"exists{number}"), sort(f"value{number}")
        self._quantities[expr] = exists, value
        self._state(expr, exists, value)
        return exists, value

    def _state(self, expr: Expr, exists: Any, value: Any) -> None:
        z3 = _z3()
        if isinstance(expr.type, EnumType):
            codes = [value == self._code(name) for name in expr.type.values]
            self.known.append(z3.Or(*codes))
        match expr:
            case typed.Reduce(kind):
                if kind in _COUNTS:
                    self.known += [exists, value >= 0]
                elif kind in ("any", "all"):
                    self.known.append(exists)
            case typed.Compare() | typed.Identity() | typed.Membership() | typed.Exists():
                self.known.append(exists)
            case typed.Arithmetic(_, left, right):
                self.known += [z3.Implies(exists, self._exists(side)) for side in (left, right)]
            case typed.Function(name, arguments) if name != BEFORE_P4:
                self.known += [
                    z3.Implies(exists, self._exists(argument))
                    for argument in arguments
                    if isinstance(argument.type, IntType | RealType)
                ]
                if name in _NOT_NEGATIVE:
                    self.known.append(value >= 0)
                if name == "sqrt" and not _is_int(arguments[0]):
                    there, radicand = self._value(arguments[0])
                    self.known.append(exists == z3.And(there, radicand >= 0))
            case typed.Component(_, "pt" | "mass"):
                self.known.append(value >= 0)  # computed, not stored: a square root
            case typed.Attribute(item, _) if isinstance(item.type, ItemType):
                self.known.append(z3.Implies(exists, self._item(item)))

    def _item(self, item: Expr) -> Any:
        """Return the formula that an item exists."""
        z3 = _z3()
        match item:
            case typed.This() | typed.Single():
                return z3.BoolVal(True)
            case typed.Function(name, (inner,)) if name == BEFORE_P4:
                return self._item(inner)
            case typed.Attribute(composite, name) if name.startswith("slot "):
                return self._item(composite)
            case typed.At(typed.CollectionRef() as collection, typed.Constant(int() as place)):
                _, count = self._value(typed.Reduce("count_turns", collection, 1, type=IntType()))
                return count > place if place >= 0 else count >= -place
        if item not in self._items:
            self._items[item] = z3.Bool(f"item{len(self._items)}")
        return self._items[item]

    # -------------------------------------------------------------- lists

    def state_lists(self) -> None:
        """State how counts and the largest and smallest values of one list go together."""
        if self._lists_stated:
            return
        self._lists_stated = True
        values = [expr for expr in self._quantities if isinstance(expr, typed.Reduce)]
        shared = {lists for lists, number in Counter(map(_lists, values)).items() if number > 1}
        for extreme in self._extremes:
            if _lists(extreme.value) in shared:
                self._state_extreme(extreme)
        for expr in (value for value in values if _lists(value) in shared):
            if expr.kind in ("largest", "smallest") and isinstance(expr.list, typed.Comprehension):
                self.known.append(self._value(expr)[0] == (self._value(present(expr.list))[1] >= expr.k))
        for quantity, (_, count) in tuple(self._quantities.items()):
            match quantity:
                case typed.Reduce("count_turns", typed.Comprehension(_, (typed.Loop((_,)),) as loops)):
                    whole = self._quantities.get(counted(loops, typed.Constant(True, type=BoolType())))
                    if whole is not None:
                        self.known.append(count <= whole[1])

    def _state_extreme(self, extreme: Extreme) -> None:
        """State that the largest value of a list is above a bound where one of them at least is, and likewise."""
        if (count := extreme.beyond) is None or not _are_alike(extreme.value, extreme.bound):
            return
        (there, a), (bound_there, b) = self._value(extreme.value), self._value(extreme.bound)
        beyond = _z3().And(there, bound_there, RELATIONS[extreme.inwards](a, b))
        self.known.append(beyond == (self._value(count)[1] >= extreme.value.k))

    # -------------------------------------------------------------- answers

    def existing(self) -> list[Any]:
        """Return the wish that everything exists."""
        return [exists for exists, _ in self._quantities.values()]

    def values(self, model: Any) -> dict[Expr, Value]:
        """Return the values of the quantities in a model."""
        z3 = _z3()
        names = {code: name for name, code in self._codes.items()}
        result: dict[Expr, Value] = {}
        for expr, (exists, value) in self._quantities.items():
            if not z3.is_true(model.eval(exists, model_completion=True)):
                result[expr] = None
                continue
            found = model.eval(value, model_completion=True)
            if isinstance(expr.type, BoolType):
                result[expr] = z3.is_true(found)
            elif isinstance(expr.type, RealType):
                result[expr] = float(found.as_fraction()) if z3.is_rational_value(found) else None
            else:
                number = found.as_long()
                result[expr] = names.get(number) if isinstance(expr.type, EnumType) else number
        return result


def _lists(expr: typed.Reduce) -> tuple[Expr, ...]:
    """Return the lists through which a count, or a largest value, runs, in one order."""
    items = expr.list
    if not isinstance(items, typed.Comprehension):
        return (items,)
    return tuple(sorted((loop.list for loop in items.loops), key=sort_key))


def _is_int(expr: Expr) -> bool:
    return isinstance(expr.type, IntType)


def _are_alike(a: Expr, b: Expr) -> bool:
    """Whether two numbers are compared as what they are: both integers or none, but for an integer constant."""
    return _is_int(a) is _is_int(b) or _exact_constant(a if _is_int(a) else b)


def _small(expr: Expr) -> bool:
    """Whether an integer is so small that it never wraps around: made of counts and small constants."""
    match expr:
        case typed.Constant(int() as value):
            return abs(value) < _EXACT
        case typed.Reduce(kind):
            return kind in _COUNTS
        case typed.Negate(operand):
            return _small(operand)
        case typed.Arithmetic("+", left, right):
            return _is_int(expr) and _small(left) and _small(right)
    return False


def _exact_constant(expr: Expr) -> bool:
    return isinstance(expr, typed.Constant) and isinstance(expr.value, int | float) and abs(expr.value) <= _EXACT


def constant(expr: Expr, value: Value) -> Expr:
    """Return a value of the type of an expression; for the interpreter, `None` is missing."""
    literal = typed.Constant(False, type=expr.type, span=expr.span)
    return replace(literal, value=value)  # type: ignore[arg-type]
