"""Types expressions: from the syntax tree to typed expressions, reporting what does not fit."""

from hepsel.semantics.expressions.checker import ExpressionChecker
from hepsel.semantics.expressions.part import Scope
from hepsel.semantics.expressions.quantities import a_quantity, dimension

__all__ = ["ExpressionChecker", "Scope", "a_quantity", "dimension"]
