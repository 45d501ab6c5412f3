"""Tells of what is put beside itself: `dr(jets[0], jets[0])`, or one condition written twice."""

from __future__ import annotations

from collections.abc import Iterable

from hepsel.semantics import program as typed
from hepsel.semantics.statements import Parts
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import IntType
from hepsel.semantics.walk import children, distinct, joined_by
from hepsel.semantics.with_number import with_number
from hepsel.syntax.tree import Span

_OF_TWO = ("deta", "dphi", "dphi_signed", "dr", "dr_rapidity", "max", "min", "mt", "mt2")
_LOOKED_AT = (
    typed.Function, typed.Arithmetic, typed.VectorArithmetic, typed.Compare, typed.Identity, typed.Logical,
)  # fmt: skip
_OF_THE_EVENT = (typed.Single, typed.CollectionRef, typed.This, typed.Variable, typed.ValueRef)
_BOUNDS = {"<": "<", "<=": "<", ">": ">", ">=": ">"}


def tell_of_twice(symbols: Symbols, parts: Iterable[tuple[Span, Parts]]) -> None:
    """Tell of an item or a number that is compared, or put together, with itself, and of a condition written twice.

    Parameters
    ----------
    symbols
        Where it is reported.
    parts
        Of each expression of a program without errors, and where its statement stands.
    """
    for statement, each in parts:
        looked_at = [part for part in each if isinstance(part, _LOOKED_AT)]
        inner = {id(child) for part in looked_at if isinstance(part, typed.Logical) for child in _same_joints(part)}
        for part in looked_at:
            if isinstance(part, typed.Logical):
                if id(part) not in inner:
                    _tell_of_conditions(symbols, part, statement)
            elif _is_twice(part):
                _report(symbols, "the same stands on both sides", part.span, statement)


def _same_joints(part: typed.Logical) -> list[typed.Expr]:
    return [one for one in children(part) if isinstance(one, typed.Logical) and one.operator == part.operator]


def _is_twice(part: typed.Expr) -> bool:
    match part:
        case typed.Function(name, (one, other, *_)) if name in _OF_TWO:
            return one == other
        case typed.Arithmetic("*", left, right) if not isinstance(left, typed.TableLookup):
            # A square, unless it is one of whole numbers, such as charges.
            return isinstance(left.type, IntType) and left == right and _is_measured(left)
        case (
            typed.Arithmetic("+" | "-" | "*" | "/", left, right)
            | typed.VectorArithmetic(_, left, right)
            | typed.Compare(_, left, right)
            | typed.Identity(left, right)
        ):
            return left == right and _is_measured(left)
    return False


def _is_measured(part: typed.Expr) -> bool:
    """Whether something is no number of the program."""
    return any(isinstance(one, _OF_THE_EVENT) for one in distinct(part))


def _report(symbols: Symbols, said: str, span: Span, statement: Span) -> None:
    """Report something at its place, or where a function is called in which it is."""
    called = next((name for name, one in symbols.functions.items() if span.begins_in(one.span)), None)
    where = "" if called is None else f"with these arguments of `{called}`, "
    proposal = "is another item or quantity meant for one of them? if not, leave it out"
    symbols.report("W611", where + said, span if called is None else statement, proposal)


def _tell_of_conditions(symbols: Symbols, whole: typed.Logical, statement: Span) -> None:
    seen = set[typed.Expr]()
    bounds: dict[tuple[typed.Expr, str], Span] = {}
    for part in joined_by(whole.operator, whole):
        bound = with_number(symbols, part)
        if part in seen:
            said = "this condition stands here twice"
        elif bound is not None and (bound[0], _BOUNDS.get(bound[1])) in bounds:
            said = "the same quantity has two bounds of one direction here, of which one asks for nothing"
        else:
            said = ""
        if said:
            _report(symbols, said, part.span, statement)
        seen.add(part)
        if bound is not None and bound[1] in _BOUNDS:
            bounds.setdefault((bound[0], _BOUNDS[bound[1]]), part.span)
