"""Habits from elsewhere that are valid here and mean something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hepsel.semantics import program as typed
from hepsel.semantics.expressions.part import Part
from hepsel.semantics.types import ItemType
from hepsel.semantics.walk import distinct
from hepsel.syntax import tree

if TYPE_CHECKING:
    from hepsel.semantics.expressions.checker import ExpressionChecker

_FROM_THE_EVENT = (typed.Single, typed.CollectionRef, typed.This, typed.Variable)


class Habits(Part):
    """Warns of azimuths subtracted and units converted by hand, and of constants in what items are ordered by."""

    def __init__(self, checker: ExpressionChecker) -> None:
        super().__init__(checker)
        self._measured: dict[str, bool] = {}  # of definitions, as far as it has been asked
        self._lets: dict[tuple[str, str], typed.Expr | None] = {}  # by collection and name, likewise

    def warn_of_turn(self, value: typed.Expr, span: tree.Span) -> None:
        """Warn where the size of a difference of azimuths is asked for."""
        if self.scope.program_names and self._is_turn(value) and not self.symbols.brought_back(span):
            self.symbols.report(
                "W607",
                "a difference of azimuths is off by a full turn where the two are on both sides of pi",
                span,
                "write `dphi(a, b)`, from 0 to pi, or `dphi_signed(a, b)`",
            )

    def _is_turn(self, value: typed.Expr) -> bool:
        match self._defined(value):
            case typed.Arithmetic("-", left, right):
                return all(self._is_azimuth(side) for side in (left, right))
            case typed.Negate(operand):
                return self._is_turn(operand)
        return False

    def _is_azimuth(self, value: typed.Expr) -> bool:
        match self._defined(value):
            case typed.Attribute(_, "phi") | typed.Component(_, "phi"):
                return True
        return False

    def _defined(self, value: typed.Expr) -> typed.Expr:
        """Return what a value is defined as, by the program or by a `let` of its items."""
        while True:
            match value:
                case typed.ValueRef(name):
                    value = self.symbols.values[name].expr
                case typed.Attribute(typed.Expr(type=ItemType(collection)), name):
                    let = self._let(collection, name)
                    if let is None:
                        return value
                    value = let
                case _:
                    return value

    def _let(self, collection: str, name: str) -> typed.Expr | None:
        """Return the value that items have from a `let`; of a union, it is that of the first collection."""
        path = []
        found: typed.Expr | None = None
        while collection not in self.symbols.format.collections:
            block = self.symbols.collections.get(collection)
            if block is None:
                break
            if (collection, name) in self._lets:
                found = self._lets[collection, name]
                break
            path.append(collection)
            values = (s.value for s in block.statements if isinstance(s, typed.LetItem) and s.name == name)
            found = next(values, None)
            if found is not None or not isinstance(block, typed.ObjectBlock):
                break
            collection = block.sources[0]
        self._lets.update(dict.fromkeys(((each, name) for each in path), found))
        return found

    def warn_of_conversion(self, value: typed.Expr, span: tree.Span, other: typed.Expr | None = None) -> None:
        """Warn where a quantity with a unit is divided by a thousand before its size is asked for.

        Parameters
        ----------
        value
            The quantity.
        span
            Where it is written.
        other
            What it is compared with: where that is measured, too, the factor is one between the two.
        """
        factor = self.checker.arithmetic.conversion(value) if self.scope.program_names else None
        if factor is not None and self.is_measured(value) and not (other is not None and self.is_measured(other)):
            self.symbols.report(
                "W608",
                f"with `{factor}` this is another quantity, not the same in another unit",
                span,
                f"quantities have their units with them: leave out `{factor}`",
            )

    def warn_of_offset(self, value: typed.Expr, span: tree.Span) -> None:
        """Warn where a number is subtracted from what items are ordered by, as in the nearest mass without its bars."""
        defined = self._defined(value)
        if isinstance(defined, typed.Arithmetic) and defined.operator in ("+", "-"):
            left, right = (self.is_measured(side) for side in (defined.left, defined.right))
            if left != right:
                self.symbols.report(
                    "W609",
                    "a constant that is added or subtracted changes no order",
                    span,
                    "for the nearest to a value, write the absolute value, `|... - ...|`; else leave the constant out",
                )

    def is_measured(self, value: typed.Expr) -> bool:
        """Return whether a value depends on the event, and is no number of the program."""
        todo, names = [value], set[str]()
        while todo:
            for part in distinct(todo.pop()):
                known = self._measured.get(part.name) if isinstance(part, typed.ValueRef) else None
                if known or isinstance(part, _FROM_THE_EVENT):
                    if isinstance(value, typed.ValueRef):
                        self._measured[value.name] = True
                    return True
                if isinstance(part, typed.ValueRef) and known is None and part.name not in names:
                    names.add(part.name)
                    todo.append(self.symbols.values[part.name].expr)
        self._measured.update(dict.fromkeys(names, False))
        return False
