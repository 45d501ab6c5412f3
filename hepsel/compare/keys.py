"""Texts that identify normalised expressions: what operands are ordered by, and what features are made of."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from hepsel.semantics import program as typed
from hepsel.semantics.types import EnumType, RealType
from hepsel.semantics.walk import children

ORDERED = {"<": "<>", "<=": "<>", ">": "<>", ">=": "<>", "==": "=", "!=": "="}
"""Families of comparisons: what two spellings of one cut have in common whatever its direction and strictness."""

_LONGEST = 1000


@lru_cache(maxsize=1 << 16)
def shared(expr: typed.Expr) -> typed.Expr:
    """Return the first of all expressions that are equal to this one: comparing what is shared takes no time."""
    return expr


@lru_cache(maxsize=1 << 16)
def key(expr: typed.Expr) -> str:
    """Return a text that two expressions share if and only if they are equal."""
    return _text(expr, "".join([_own(expr), _kind(expr)]), key)


@lru_cache(maxsize=1 << 16)
def shape(expr: typed.Expr) -> str:
    """Return what remains of an expression without its numbers, senses and strictness."""
    match expr:
        case typed.Constant(value) if not isinstance(value, bool):
            return f"#{value if isinstance(expr.type, EnumType) else ''}"
        case typed.Not(operand):
            return shape(operand)
        case typed.Compare(operator):
            return _text(expr, ORDERED[operator], shape)
        case typed.Function("lowest" | "highest" | "ascending" | "descending"):
            return _text(expr, "key", shape)
        case typed.Reduce("largest" | "smallest"):
            return _text(expr, expr.kind, shape)
    return _text(expr, _own(expr), shape)


def _text(expr: typed.Expr, own: str, part: object) -> str:
    assert callable(part)
    below = ",".join(part(child) for child in children(expr))
    text = f"{type(expr).__name__}:{own}({below})"
    # Definitions in definitions would make texts of any length.
    return text if len(text) <= _LONGEST else f"{type(expr).__name__}:{sha256(text.encode()).hexdigest()}"


def _kind(expr: typed.Expr) -> str:
    # A real and an integer constant of one value are the same number, but not in arithmetic.
    return f":{expr.type}" if isinstance(expr, typed.Constant) and isinstance(expr.type, RealType | EnumType) else ""


def _own(expr: typed.Expr) -> str:
    """Return what an expression says besides its operands."""
    match expr:
        case typed.Constant(value):
            return repr(value)
        case typed.Single(name) | typed.CollectionRef(name) | typed.Attribute(_, name) | typed.Component(_, name):
            return name
        case typed.Variable(_, uid):
            return str(uid)
        case typed.VectorArithmetic(operator) | typed.VectorScale(operator) | typed.Arithmetic(operator):
            return operator
        case typed.VectorFrom(polar=polar):
            return "polar" if polar else ""
        case typed.Compare(operator) | typed.Logical(operator):
            return operator
        case typed.Identity(negated=negated) | typed.Membership(negated=negated):
            return "not" if negated else ""
        case typed.Function(name) | typed.TableLookup(name):
            return name
        case typed.SliceOf(_, start, stop):
            return f"{start}:{stop}"
        case typed.Comprehension(_, loops, condition):
            loops_text = ";".join(",".join(str(variable.uid) for variable in loop.variables) for loop in loops)
            return loops_text + ("if" if condition is not None else "")
        case typed.Reduce(kind, _, k):
            return f"{kind}{k}"
        case typed.ArgBest(_, highest, k):
            return f"{'highest' if highest else 'lowest'}{k}"
    return ""
