"""Values that two criteria decide differently, shown only after the interpreter has agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hepsel.compare.entries import Entry
from hepsel.compare.normal import Normaliser, Place, p4_place
from hepsel.compare.show import brief, number
from hepsel.compare.smt import Answer, Value, assigned, constant
from hepsel.errors import DataError
from hepsel.interpreter.evaluate import Scope, evaluate
from hepsel.semantics import program as typed
from hepsel.semantics.functions import COMPONENTS_USED
from hepsel.semantics.program import Expr, Program
from hepsel.semantics.walk import map_children, walk


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

    def explain(self, a: Entry, b: Entry, answer: Answer) -> str | None:
        """Return what passes only one of two criteria; `None` if the interpreter does not confirm it."""
        if not answer.values:
            return None
        passes = [self._passes(side, entry, answer.values) for side, entry in enumerate((a, b))]
        if None in passes or passes[0] == passes[1]:
            return None
        only = self.names[0 if passes[0] else 1]
        given = ", ".join(
            f"{self._text(a, expr)} = {number(value, expr.type)}" if value is not None else f"no {self._text(a, expr)}"
            for expr, value in answer.values.items()
        )
        thing = "an event" if a.block in self.programs[0].regions else f"an item of {a.block}"
        return f"{thing} with {given} passes only {only}"

    def _passes(self, side: int, entry: Entry, values: Mapping[Expr, Value]) -> bool | None:
        """Let the interpreter evaluate the criterion as it is written; `None` where more than the values is needed."""
        program = self.programs[side]
        place = Place()
        if entry.block in program.collections:
            statements = program.collections[entry.block].statements
            place = Place(entry.block, p4_place(statements) < entry.place)
        results = []
        for part in entry.parts:
            closed = self._closed(side, part, place, values)
            if closed is None:
                return None
            try:
                results.append(evaluate(closed, Scope(None)) is True)  # type: ignore[arg-type]
            except DataError:  # a whole number that is too large: no event has it
                return None
        return all(results) if results else None

    def _closed(self, side: int, part: Expr, place: Place, values: Mapping[Expr, Value]) -> Expr | None:
        closed = self._replaced(side, part, place, values)
        return None if any(_needs_event(expr) for expr in walk(closed)) else closed

    def _replaced(self, side: int, expr: Expr, place: Place, values: Mapping[Expr, Value]) -> Expr:
        if isinstance(expr, typed.ValueRef):
            return self._replaced(side, self.programs[side].values[expr.name].expr, place, values)
        if isinstance(expr, typed.This | typed.Comprehension | typed.Constant):
            return expr
        normal = self.normalisers[side].value(expr, place)
        if normal in values:
            return constant(expr, values[normal])
        if isinstance(normal, typed.Not) and normal.operand in values:
            return constant(expr, not values[normal.operand])
        if isinstance(expr, typed.Attribute):
            return assigned(normal, values)
        return map_children(expr, lambda child: self._replaced(side, child, place, values))

    def _text(self, entry: Entry, wanted: Expr) -> str:
        """Return a quantity as the program writes it."""
        program, normaliser = self.programs[0], self.normalisers[0]
        place = Place(entry.block if entry.block in program.collections else None)
        for part in entry.parts:
            for expr in walk(part):
                if isinstance(expr, typed.Constant | typed.Variable | typed.Comprehension):
                    continue
                if _has_variable(expr) or normaliser.value(expr, place) != wanted:
                    continue
                text = program.source[expr.span.start : expr.span.end]
                if text and "\n" not in text:
                    return text
        return brief(wanted)


def _has_variable(expr: Expr) -> bool:
    return any(isinstance(inner, typed.Variable) for inner in walk(expr))


def _needs_event(expr: Expr) -> bool:
    match expr:
        case typed.Function(name):
            return name in COMPONENTS_USED
        case typed.CollectionRef() | typed.Attribute() | typed.This() | typed.Variable() | typed.Single():
            return True
        case typed.VectorOf() | typed.Component() | typed.TableLookup() | typed.ValueRef():
            return True
    return False
