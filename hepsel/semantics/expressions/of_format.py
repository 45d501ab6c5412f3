"""The expressions of a format: its derived attributes, and the conditions of collections that are a part of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hepsel.semantics import program as typed
from hepsel.semantics.expressions.part import Scope, unknown
from hepsel.semantics.symbols import component_problem
from hepsel.syntax.parser import MAX_DEPTH, SyntaxProblem, parse_expression
from hepsel.syntax.tree import NOWHERE, Span, depth_of

if TYPE_CHECKING:
    from hepsel.semantics.expressions.checker import ExpressionChecker

_CODE = "E212"
_PER_EXPRESSION = 2  # levels of recursive code between the expression of an attribute and those that use it


class FormatExpressions:
    """Types the expressions of a format, each when somebody first asks.

    They may lead to each other: circles are refused, and chains that recursive code cannot walk.
    """

    def __init__(self, checker: ExpressionChecker) -> None:
        self._checker = checker
        self._symbols = checker.symbols
        self._active: set[tuple[str, str]] = set()
        # Levels of nesting of the expressions that led to the present one, it included, and of those that it leads to.
        self._above = 0
        self._below = 0

    def derived(self, collection: str, name: str) -> typed.Expr:
        """Return the typed expression of a derived attribute."""
        symbols, key = self._symbols, (collection, name)
        if key in self._active:
            return self._circle(f"`{collection}.{name}` is computed from itself")
        if key not in symbols.derived:
            text = symbols.format.collections[collection].attributes[name].expression
            assert text is not None
            symbols.derived[key] = self._typed(key, Scope(this=collection, program_names=False), text)
        self._below = max(self._below, symbols.levels[key])
        return symbols.derived[key]

    def type_condition(self, collection: str) -> None:
        """Type the condition of a collection that is a part of another one, and those of the parts that this is of."""
        symbols, key = self._symbols, (collection, "")
        spec = symbols.format.collections[collection]
        if spec.base is None or spec.where is None:
            return
        if key in self._active:
            self._circle(f"the condition of `{collection}` depends on itself")
            return
        self.type_condition(spec.base)
        if collection not in symbols.where:
            symbols.where[collection] = self._typed(key, Scope(this=spec.base, program_names=False), spec.where)
        self._below = max(self._below, symbols.levels[key])

    def _circle(self, message: str) -> typed.Expr:
        self._symbols.report("E208", message, NOWHERE)
        return unknown(NOWHERE)

    def _typed(self, key: tuple[str, str], scope: Scope, text: str) -> typed.Expr:
        symbols, (collection, name) = self._symbols, key
        place = f"format {symbols.format.name}, " + (f"{collection}.{name}" if name else f"{collection}, `where`")
        outer = self._above, self._below
        expr, levels, problems = unknown(NOWHERE), 0, []
        self._active.add(key)
        with symbols.aside() as found, self._checker.within(scope):
            try:
                parsed = parse_expression(text)
            except SyntaxProblem as error:
                problems.append(f"{place}: {error}")
            else:
                levels = depth_of(parsed) + _PER_EXPRESSION
                self._above, self._below = self._above + levels, 0
                if self._above > MAX_DEPTH:
                    levels = self._above
                else:
                    expr = self._checker.check(parsed) if name else self._checker.condition(parsed)
                    levels += self._below
            # What is wrong with an expression that this one leads to is told there.
            problems += [
                item.message if item.code == _CODE else f"{place}: {item.message}"
                for item in found
                if item.severity == "error"
            ]
        self._above, self._below = outer
        self._active.discard(key)
        if (problem := component_problem(name, expr.type)) is not None:
            problems.append(f"{place}: {problem}")
        if levels > MAX_DEPTH:
            problems.append(f"{place}: attributes lead to each other more than {MAX_DEPTH} levels deep")
            levels = 0  # told once, and not of each that leads here
        symbols.levels[key] = levels
        for message in problems:
            symbols.report(_CODE, message, Span(0, 0, 1, 1), f"in `{text}`")
        return expr
