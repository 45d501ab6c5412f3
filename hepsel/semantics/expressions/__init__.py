"""Types expressions: from the syntax tree to typed expressions, reporting what does not fit."""

from hepsel.semantics.expressions.checker import ExpressionChecker
from hepsel.semantics.expressions.part import Scope
from hepsel.semantics.expressions.quantities import USUAL_UNITS, a_quantity, dimension

__all__ = ["USUAL_UNITS", "ExpressionChecker", "Scope", "a_quantity", "dimension"]
