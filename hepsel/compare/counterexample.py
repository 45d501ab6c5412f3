"""Values that two criteria decide differently, shown only after the interpreter has agreed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from hepsel.compare.entries import Entry
from hepsel.compare.normal import BEFORE_P4, IF_THERE, Normaliser, Place, p4_place
from hepsel.compare.show import brief, number
from hepsel.compare.smt import Value, constant
from hepsel.errors import DataError
from hepsel.interpreter.evaluate import Scope, evaluate
from hepsel.semantics import program as typed
from hepsel.semantics.program import Expr, Program
from hepsel.semantics.types import ItemType
from hepsel.semantics.walk import children, distinct, fits, map_children, walk
from hepsel.vocabulary.functions import COMPONENTS_USED

_LARGEST = 10_000  # parts of an expression that the interpreter is given
_READABLE = 20  # parts of a quantity that has no name
_MOST = 4  # quantities that people are told
_INTERNAL = (BEFORE_P4, IF_THERE, "slot ", "...", "{")  # what normal forms say, and no program


@dataclass(frozen=True)
class Explainer:
    """Explains how two criteria differ.

    Attributes
    ----------
    programs, normalisers
        The two programs, and how their expressions are brought to normal form.
    names
        How the programs are called.
    """

    programs: tuple[Program, Program]
    normalisers: tuple[Normaliser, Normaliser]
    names: tuple[str, str]

    def explain(self, ours: Sequence[Entry], theirs: Sequence[Entry], values: Mapping[Expr, Value]) -> str | None:
        """Return what passes only one of two criteria; `None` if the interpreter does not confirm it.

        Parameters
        ----------
        ours, theirs
            The criterion of each program first, and behind it the others of its block that are met.
        values
            What the solver found.
        """
        sides = ours, theirs
        used: dict[Expr, None] = {}
        passes = [self._passes(side, entries[0], values, used) for side, entries in enumerate(sides)]
        if None in passes or passes[0] == passes[1]:
            return None
        side = 0 if passes[0] else 1
        if any(self._passes(side, entry, values, {}) is False for entry in sides[side][1:]):
            return None
        texts = [self._text(ours[0], expr) for expr in used]
        if not texts or None in texts or len(set(texts)) < len(texts) or not _go_together(used):
            return None
        given = ", ".join(
            f"{text} = {number(values[expr], expr.type)}" if values[expr] is not None else f"no {text}"
            for expr, text in zip(used, texts, strict=True)
        )
        thing = "an event" if ours[0].block in self.programs[0].regions else f"an item of {ours[0].block}"
        return f"{thing} with {given} passes only {self.names[side]}"

    def _passes(self, side: int, entry: Entry, values: Mapping[Expr, Value], used: dict[Expr, None]) -> bool | None:
        """Let the interpreter evaluate the criterion as it is written; `None` where more than the values is needed."""
        program = self.programs[side]
        place = Place()
        if entry.block in program.collections:
            statements = program.collections[entry.block].statements
            place = Place(entry.block, p4_place(statements) < entry.place)
        closing = _Closing(program, self.normalisers[side], place, values, used)
        results = []
        for part in entry.parts:
            closed = closing.closed(part)
            if not fits(closed, _LARGEST) or any(_needs_event(expr) for expr in walk(closed)):
                return None
            try:
                results.append(evaluate(closed, Scope(None)) is True)  # type: ignore[arg-type]
            except DataError:  # a whole number that is too large: no event has it
                return None
        return all(results) if results else None

    def _text(self, entry: Entry, wanted: Expr) -> str | None:
        """Return a quantity as the program writes it; `None` where people have no name for it."""
        program, normaliser = self.programs[0], self.normalisers[0]
        place = Place(entry.block if entry.block in program.collections else None)
        for part in entry.parts:
            for expr in walk(part):
                if isinstance(expr, typed.Constant | typed.Variable | typed.Comprehension):
                    continue
                if _is_open(expr) or normaliser.value(expr, place) != wanted:
                    continue
                text = program.source[expr.span.start : expr.span.end]
                if text and "\n" not in text:
                    return text
        text = brief(wanted) if fits(wanted, _READABLE) else "..."
        return None if any(name in text for name in _INTERNAL) else text


@dataclass(frozen=True)
class _Closing:
    """Puts the values of a counterexample into a criterion as it is written.

    Attributes
    ----------
    program, normaliser
        The program, and how its expressions are brought to normal form.
    place
        Where the criterion stands.
    values
        What the solver found.
    used
        The quantities whose values were put in, in order.
    known
        What definitions are with these values: nested ones would otherwise be gone through again and again.
    """

    program: Program
    normaliser: Normaliser
    place: Place
    values: Mapping[Expr, Value]
    used: dict[Expr, None]
    known: dict[str, Expr] = field(default_factory=dict)

    def closed(self, expr: Expr) -> Expr:
        """Return an expression with its quantities replaced by their values, as far as these are known."""
        if isinstance(expr, typed.ValueRef):
            if expr.name not in self.known:
                self.known[expr.name] = self.closed(self.program.values[expr.name].expr)
            return self.known[expr.name]
        if isinstance(expr, typed.This | typed.Comprehension | typed.Constant):
            return expr
        normal = self.normaliser.value(expr, self.place)
        if normal in self.values:
            return constant(expr, self._value(normal))
        if isinstance(normal, typed.Not) and normal.operand in self.values:
            return constant(expr, not self._value(normal.operand))
        if isinstance(expr, typed.Attribute) or _is_quantifier(expr):
            return self._assigned(normal)
        return map_children(expr, self.closed)

    def _assigned(self, normal: Expr) -> Expr:
        if normal in self.values:
            return constant(normal, self._value(normal))
        return map_children(normal, self._assigned)

    def _value(self, quantity: Expr) -> Value:
        self.used[quantity] = None
        return self.values[quantity]


def _go_together(used: Collection[Expr]) -> bool:
    """Whether quantities are few, and no two are made from one: the solver does not know how such ones are related.

    Nor does it know that a collection is a part of another one, so that at most one is counted or added up.
    """
    parts = [frozenset(part for part in distinct(expr) if _is_number(part)) for expr in used]
    reduced = sum(any(isinstance(part, typed.Reduce) for part in numbers) for numbers in parts)
    return len(used) <= _MOST and reduced <= 1 and all(one.isdisjoint(other) for one, other in combinations(parts, 2))


def _is_quantifier(expr: Expr) -> bool:
    """Whether an expression is `any` or `all` of a generator, whose normal form is about a count."""
    return isinstance(expr, typed.Reduce) and expr.kind in ("any", "all") and isinstance(expr.list, typed.Comprehension)


def _is_number(part: Expr) -> bool:
    kinds = typed.Attribute, typed.Reduce, typed.Component
    return isinstance(part, kinds) and not isinstance(part.type, ItemType)


def _is_open(expr: Expr, bound: frozenset[int] = frozenset()) -> bool:
    """Whether an expression has a variable of a generator around it."""
    if isinstance(expr, typed.Variable):
        return expr.uid not in bound
    if isinstance(expr, typed.Comprehension):
        bound = bound.union(variable.uid for loop in expr.loops for variable in loop.variables)
    return any(_is_open(child, bound) for child in children(expr))


def _needs_event(expr: Expr) -> bool:
    match expr:
        case typed.Function(name):
            return name in COMPONENTS_USED
        case typed.CollectionRef() | typed.Attribute() | typed.This() | typed.Variable() | typed.Single():
            return True
        case typed.VectorOf() | typed.Component() | typed.TableLookup() | typed.ValueRef():
            return True
    return False
