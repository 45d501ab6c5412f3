"""Finds what cannot exist because it needs an item beyond those that there are: `jets[2]` of two jets."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hepsel.semantics import program as typed
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.walk import children

_NEEDS_ALL = (
    typed.Attribute, typed.Component, typed.VectorOf, typed.VectorArithmetic, typed.VectorScale, typed.VectorFrom,
    typed.VectorNegate, typed.Arithmetic, typed.Negate, typed.Function, typed.TableLookup, typed.Compare,
)  # fmt: skip
"""What is missing, or false, where one of its parts is missing."""


def beyond(symbols: Symbols, expr: typed.Expr, most: Callable[[str], float]) -> str | None:
    """Return why an expression is always missing, where it needs an item of a place that no event has; else nothing.

    Parameters
    ----------
    symbols
        What names stand for.
    expr
        A value, or a comparison, which is then always false.
    most
        How many items of a collection an event has at most.
    """
    for part in needed(symbols, expr):
        match part:
            case typed.At(typed.CollectionRef(name), typed.Constant(int() as place)):
                number = place + 1 if place >= 0 else -place
                if number > most(name):
                    return _why(name, most(name), f"`{name}[{place}]` is the {_ordinal(place)}")
            case typed.Reduce(
                "largest" | "smallest" as kind,
                typed.Comprehension(loops=(typed.Loop((_,), typed.CollectionRef(name)),)),
                k,
            ) if k > most(name):
                return _why(name, most(name), f"`{kind}(..., {k})` is the {_ordinal(k - 1)}")
    return None


def needed(symbols: Symbols, expr: typed.Expr) -> Iterator[typed.Expr]:
    """Yield the parts of a value without which it is missing, or of a comparison without which it is false."""
    return symbols.meant(expr, lambda part: children(part) if isinstance(part, _NEEDS_ALL) else ())


def _why(name: str, most: float, counted: str) -> str:
    there = f"at most {most:g}" if most else "none"
    return f"of {name} there {'is' if most == 1 or not most else 'are'} {there}, and {counted}"


def _ordinal(place: int) -> str:
    number = place + 1 if place >= 0 else -place
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}{'' if place >= 0 else ' from the end'}"
