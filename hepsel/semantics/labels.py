"""Tells of labels that name another bound than their criterion: "at least four jets" of `count(jets) >= 3`."""

from __future__ import annotations

import math
import re

from hepsel.semantics import program as typed
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import PURE, IntType, RealType
from hepsel.semantics.units import UNITS
from hepsel.semantics.with_number import with_number
from hepsel.syntax.tree import Span

_SAID = {
    ">=": ">=", "≥": ">=", "\\geq": ">=", "\\ge": ">=", "at least": ">=",
    "<=": "<=", "≤": "<=", "\\leq": "<=", "\\le": "<=", "at most": "<=",
    ">": ">", "more than": ">", "greater than": ">", "larger than": ">", "higher than": ">", "above": ">",
    "<": "<", "fewer than": "<", "less than": "<", "smaller than": "<", "lower than": "<", "below": "<",
    "==": "==", "=": "==", "exactly": "==",
}  # fmt: skip
_NUMBERS = {word: number for number, word in enumerate(("zero", "one", "two", "three", "four", "five", "six"))}
_RELATION = "|".join(re.escape(word) for word in sorted(_SAID, key=len, reverse=True))
_BOUND = re.compile(
    rf"(?P<relation>{_RELATION})\s*(?P<number>\d+(?:\.\d+)?(?![\d.%\w]|\s*%)|\b(?:{'|'.join(_NUMBERS)})\b)"
    rf"(?:\s*(?P<unit>{'|'.join(UNITS)})\b)?",
    re.IGNORECASE,
)
_DROPS = re.compile(
    r"\b(?:no|not|non|without|veto\w*|reject\w*|remov\w*|fail\w*|drop\w*|exclud\w*|anti\w*)\b", re.IGNORECASE
)
_OF_ANOTHER = re.compile(r"\b(?:within|cone|around|in)\b", re.IGNORECASE)
"""What may stand before the bound of another quantity: "isolation in a cone of dR < 0.3"."""

_Bound = tuple[str, float]
"""Where a number bounds a quantity, `low`, `high` or `is`, and the number, in base units."""


def tell_of_label(symbols: Symbols, label: str, condition: typed.Expr, *, negated: bool, span: Span) -> None:
    """Tell of a criterion that compares with one number, where its label says one other bound.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    label
        What the program calls the criterion.
    condition
        Of the criterion.
    negated
        Whether it drops what it is true of.
    span
        Where the condition stands.
    """
    found = list(_BOUND.finditer(label))
    if len(found) != 1 or len(re.findall(_RELATION, label)) > 1 or _OF_ANOTHER.search(label):
        return
    condition = symbols.defined(condition)
    kept, passed = (with_number(symbols, condition, negated=each) for each in (negated, not negated))
    if kept is None or passed is None:
        return
    quantity, operator, number = kept
    unit = UNITS.get(found[0]["unit"] or "")
    dimension = quantity.type.dimension if isinstance(quantity.type, RealType) else PURE
    if (PURE if unit is None else unit.dimension) != dimension:
        return
    said = found[0]["number"].lower()
    value = float(_NUMBERS.get(said, said)) * float(1 if unit is None else unit.factor)
    whole = isinstance(quantity.type, IntType)
    if not whole and _SAID[found[0]["relation"].lower()] == "==":
        return  # as in "jets with R = 0.4"
    of_label = _bound(_SAID[found[0]["relation"].lower()], value, whole=whole)
    bounds = [_bound(operator, number, whole=whole)]
    if negated or _DROPS.search(label):  # it may say what is dropped
        bounds.append(_bound(passed[1], number, whole=whole))
    if not any(one[0] == of_label[0] and math.isclose(one[1], of_label[1], rel_tol=1e-9) for one in bounds):
        symbols.report(
            "H724",
            f"the label says `{found[0][0].strip()}`, which is another bound",
            span,
            "mend the label or the criterion",
        )


def _bound(operator: str, number: float, *, whole: bool) -> _Bound:
    step = 1 if whole else 0
    match operator:
        case ">=" | ">":
            return "low", number + (step if operator == ">" else 0)
        case "<=" | "<":
            return "high", number - (step if operator == "<" else 0)
        case "==" if whole and number == 0:
            return "high", 0
        case "!=" if whole and number == 0:
            return "low", 1
    return "is" if operator == "==" else "not", number
