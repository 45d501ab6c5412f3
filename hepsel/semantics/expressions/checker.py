"""Types expressions: from the syntax tree to typed expressions, reporting what does not fit."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from hepsel.semantics import program as typed
from hepsel.semantics.attributes import Attributes, is_number
from hepsel.semantics.expressions.arithmetic import Arithmetic
from hepsel.semantics.expressions.calls import Calls
from hepsel.semantics.expressions.conditions import Conditions
from hepsel.semantics.expressions.habits import Habits
from hepsel.semantics.expressions.lists import Lists
from hepsel.semantics.expressions.literals import Literals
from hepsel.semantics.expressions.masks import Masks
from hepsel.semantics.expressions.members import Members
from hepsel.semantics.expressions.names import Names
from hepsel.semantics.expressions.of_format import FormatExpressions
from hepsel.semantics.expressions.part import Scope, unknown
from hepsel.semantics.expressions.reducers import Reducers
from hepsel.semantics.expressions.transverse import Transverse
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import BOOL, UNKNOWN, BoolType, ListType, Type, UnknownType
from hepsel.syntax import tree
from hepsel.syntax.tree import Span

if TYPE_CHECKING:
    from collections.abc import Iterator


class ExpressionChecker:
    """Types expressions against the symbols that are known so far.

    Parameters
    ----------
    symbols
        Names, and where problems are reported.
    """

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self.scope = Scope()
        self._guessing = False
        self.of_format = FormatExpressions(self)
        self.attributes = Attributes(symbols, self.of_format.derived)
        self.literals = Literals(self)
        self.names = Names(self)
        self.members = Members(self)
        self.lists = Lists(self)
        self.masks = Masks(self)
        self.arithmetic = Arithmetic(self)
        self.conditions = Conditions(self)
        self.calls = Calls(self)
        self.reducers = Reducers(self)
        self.transverse = Transverse(self)
        self.habits = Habits(self)

    @contextmanager
    def within(self, scope: Scope) -> Iterator[None]:
        """Check expressions in another scope for a while."""
        outer, self.scope = self.scope, scope
        try:
            yield
        finally:
            self.scope = outer

    def guessed(self, expr: tree.Expr) -> Type:
        """Return the type of an expression for a proposal, without a report.

        Within such a guess there is none, as what is told of it is not seen: guesses in guesses in guesses take long.
        """
        if self._guessing:
            return UNKNOWN
        self._guessing = True
        try:
            with self.symbols.aside():
                return self.check(expr).type
        finally:
            self._guessing = False

    def report(
        self,
        code: str,
        message: str,
        node: tree.Node | Span,
        proposal: str | None = None,
        replacement: str | None = None,
    ) -> typed.Expr:
        """Report a problem and return an expression of unknown type."""
        span = node if isinstance(node, Span) else node.span
        self.symbols.report(code, message, span, proposal, replacement)
        return unknown(span)

    def condition(self, expr: tree.Expr) -> typed.Expr:
        """Type an expression that has to be true or false."""
        result = self.check(expr)
        if isinstance(result.type, BoolType | UnknownType):
            return result
        if isinstance(result.type, ListType):
            if isinstance(result.type.element, BoolType):
                return self.report(
                    "E305",
                    "this is a list of conditions, one for each item",
                    expr,
                    self.members.own_written_out(result)
                    or self.members.the_only_one(result)
                    or self.calls.ranked(expr)
                    or "ask for `any(...)` or `all(...)` of them",
                )
            return self.report(
                "E301",
                f"a condition is true or false, and this is a {result.type}",
                expr,
                "write `count(...) > 0` to ask whether it has items",
            )
        proposal = (
            "compare it with something: `... > 0`"
            if is_number(result.type)
            else "write `exists(...)` to ask whether it is there"
        )
        return self.report("E301", f"a condition is true or false, and this is of type {result.type}", expr, proposal)

    def number(self, expr: tree.Expr, what: str) -> typed.Expr:
        """Type an expression that has to be a number (of any dimension)."""
        result = self.check(expr)
        if is_number(result.type) or isinstance(result.type, UnknownType):
            return result
        return self.report("E302", f"{what} is a number, and this is of type {result.type}", expr)

    def check(self, expr: tree.Expr, expected: Type | None = None) -> typed.Expr:
        """Type an expression.

        Parameters
        ----------
        expr
            As parsed.
        expected
            The type of what it is compared with: tells values of enumerations apart.
        """
        match expr:
            case tree.Number():
                return self.literals.literal(expr)
            case tree.Boolean():
                return typed.Constant(expr.value, type=BOOL, span=expr.span)
            case tree.Name():
                return self.names.name(expr, expected)
            case tree.Attribute():
                told = self.names.behind_nothing(expr)
                return told or self.members.attribute(self.check(expr.item), expr.name, expr.span, expr.name_span)
            case tree.Index():
                return self.lists.index(expr)
            case tree.Slice():
                return self.lists.slice(expr)
            case tree.Call():
                return self.calls.call(expr)
            case tree.Absolute():
                return self.calls.of_numbers("abs", (expr.operand,), expr)
            case tree.Unary():
                return self.arithmetic.unary(expr)
            case tree.Binary():
                return self.arithmetic.arithmetic(expr)
            case tree.Logical():
                return self.conditions.logical(expr)
            case tree.Comparison():
                return self.conditions.comparison(expr)
            case tree.Membership():
                return self.conditions.membership(expr)
            case tree.Conditional():
                return self.conditions.conditional(expr, expected)
            case tree.Generator():
                return self.report(
                    "E310",
                    "a generator stands inside a function",
                    expr,
                    "write `any(...)`, `all(...)`, `count(...)` or `sum(...)` around it",
                )
        raise AssertionError(expr)
