"""The numbers that a program writes: literals, those in formulas, and those that say which of a list is meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hepsel.extract.checking.claims import Bound, Term
from hepsel.extract.checking.makeup import is_mean
from hepsel.extract.checking.numbers import PI
from hepsel.extract.checking.scope import About, Form, Scope
from hepsel.extract.checking.vocabulary import vocabulary
from hepsel.semantics.expressions.quantities import LONGEST_NUMBER
from hepsel.semantics.types import PURE, Dimension
from hepsel.semantics.units import parse_unit
from hepsel.syntax import tree
from hepsel.syntax.printer import print_expression, print_unit


def literal(node: tree.Expr) -> tuple[Fraction, Dimension, str] | None:
    """Return value, dimension and text of a literal, perhaps with a sign."""
    match node:
        case tree.Number(text, _) if len(text) > LONGEST_NUMBER:
            return None
        case tree.Number(text, unit):
            value = Fraction(text)
            if unit is None:
                return value, PURE, text
            known = parse_unit(print_unit(unit))
            if known is None:
                return None
            return value * Fraction(known.factor), known.dimension, print_expression(node)
        case tree.Unary("-", operand):
            inner = literal(operand)
            return None if inner is None else (-inner[0], inner[1], f"-{inner[2]}")
        case _:
            return None


def number_of(node: tree.Expr, scope: Scope, depth: int = 0) -> tuple[Fraction, Dimension, str] | None:
    """Return value, dimension and text of a number: a literal, a name that stands for one, or `m_Z - 25 GeV`."""
    if depth > 20:
        return None
    match node:
        case tree.Name(name) if name in scope.values:
            return number_of(scope.values[name], scope, depth + 1)
        case tree.Binary("+" | "-" as operator, left, right):
            # Each value may be a sum of values: few levels, since what is written out doubles with each.
            first, second = (number_of(side, scope, depth + 5) for side in (left, right))
            if first is None or second is None or first[1] != second[1]:
                return None
            value = first[0] + second[0] if operator == "+" else first[0] - second[0]
            written = print_expression(node).lstrip("-")
            return value, first[1], f"-({written})" if value < 0 else written
        case tree.Name("pi"):
            return PI, PURE, "pi"
        case tree.Binary("*" | "/" as operator, left, right) if any(
            isinstance(part, tree.Name) and part.name == "pi" for part in (left, right, *tree.walk(left))
        ):
            first, second = (number_of(side, scope, depth + 5) for side in (left, right))
            if first is None or second is None or (first[1], second[1]) != (PURE, PURE) or second[0] == 0:
                return None
            value = first[0] * second[0] if operator == "*" else first[0] / second[0]
            return value, PURE, print_expression(node)
        case _:
            return literal(node)


def constants_in(node: tree.Node, scope: Scope) -> Iterator[tuple[str, Fraction, Dimension]]:
    """Yield the names in a formula that stand for numbers, with these."""
    for part in tree.walk(node):
        if isinstance(part, tree.Name) and (found := number_of(part, scope)) is not None:
            yield part.name, *found[:2]


def decimal(value: Fraction, unit: tree.UnitRef | None, span: tree.Span) -> tree.Expr:
    """Return the literal of a value in base units, in a unit, with no more digits than a quotient can need."""
    known = parse_unit(print_unit(unit)) if unit is not None else None
    exact = abs(value) / (Fraction(known.factor) if known is not None else 1)
    text = f"{Decimal(exact.numerator) / Decimal(exact.denominator):f}"
    number = tree.Number(text, unit, span=span)
    return tree.Unary("-", number, span=span) if value < 0 else number


def formula_numbers(node: tree.Node, scope: Scope) -> Iterator[Bound]:
    """Yield the numbers within a formula, without indices, exponents and the filters of generators."""
    match node:
        case tree.Number():
            if (found := literal(node)) is not None:
                value, dimension, written = found
                yield Bound(About(), None, value, dimension, written)
        case tree.Uncertainty(up, down) if up == down:
            yield from formula_numbers(up, scope)
        case tree.Index(collection, _) | tree.Slice(collection):
            yield from formula_numbers(collection, scope)
        case tree.Binary("/", left, _) if is_mean(node):
            yield from formula_numbers(left, scope)
        case tree.Binary("^", left, _):
            yield from formula_numbers(left, scope)
        case tree.Binary("/", scaled, tree.Number() as by) | tree.Binary("*", tree.Number() as by, scaled):
            about, place = scope.about(scaled), place_in_list(scaled)
            yield from (replace(bound, about=about, place=place) for bound in formula_numbers(by, scope))
            yield from formula_numbers(scaled, scope)
        case tree.Generator(body, clauses, _):
            yield from formula_numbers(body, scope)
            for clause in clauses:
                yield from formula_numbers(clause, scope)
        case tree.Call("largest" | "smallest" | "argmin" | "argmax" | "megajet", (first, *_)):
            yield from formula_numbers(first, scope)
        case tree.Call("default", (first, _)):
            yield from formula_numbers(first, scope)
        case _:
            for child in tree.children(node):
                yield from formula_numbers(child, scope)


_NEVER_NEGATIVE = frozenset(
    ["dphi", "deta", "dr", "dr_rapidity", "mt", "mt2", "sqrt", "exp", "count", "perp", "imbalance", "sphericity",
     "aplanarity"]
)  # fmt: skip


def form_of(node: tree.Node, scope: Scope, depth: int = 0) -> Form:
    """Return whether a quantity is written as an absolute value, could be below zero, or never is."""
    match node:
        case tree.Absolute() | tree.Call("abs"):
            return "absolute"
        case tree.Call(name) | tree.Name(name) | tree.Attribute(_, name) if name in scope.values:
            if name not in scope.forms:
                scope.forms[name] = "plain"  # for a value that refers to itself
                scope.forms[name] = form_of(scope.values[name], scope, depth + 1) if depth < 40 else "plain"
            return scope.forms[name]
        case tree.Call(name) if name in _NEVER_NEGATIVE:
            return "plain"
        case tree.Binary("-", left, right):
            return "plain" if _in_order(left, right) else "signed"
        case tree.Attribute(_, name) | tree.Name(name):
            kinds = vocabulary().kinds(name, vocabulary().quantities)
            named = vocabulary().words["never_negative"].fullmatch(name) is not None
            unknown = not kinds and isinstance(node, tree.Attribute)
            if named:
                return "plain"
            if unknown or any(vocabulary().quantities[kind].signed for kind in kinds):
                return "signed"
            return "plain" if kinds or name in scope.collections else "open"
        case tree.Generator(body):
            return form_of(body, scope, depth)
        case tree.Number() | tree.Index() | tree.Slice():
            return "plain"
        case _:
            forms = {form_of(child, scope, depth) for child in tree.children(node)}
            return next((form for form in ("signed", "absolute", "open") if form in forms), "plain")


def _in_order(left: tree.Expr, right: tree.Expr) -> bool:
    """Whether a difference is one of momenta of a list, from a higher to a lower one: `jets[0].pt - jets[1].pt`."""
    match left, right:
        case tree.Attribute(tree.Index(one, first), "pt"), tree.Attribute(tree.Index(other, second), "pt"):
            numbers = [int(n.text) for n in (first, second) if isinstance(n, tree.Number) and n.text.isdigit()]
            return one == other and len(numbers) == 2 and numbers[0] < numbers[1]
        case _:
            return False


def place_in_list(node: tree.Expr) -> int | None:
    """Return which of a list an expression is about, where it is about one."""
    places: list[int] = []
    for part in tree.walk(node):
        match part:
            case tree.Call("largest" | "megajet", (_, tree.Number(text, None))) if text.isdigit():
                places.append(int(text))
            case tree.Index(_, tree.Number(text, None)) if text.isdigit():
                places.append(int(text) + 1)
    return places[0] if len(places) == 1 else None


def terms_of(node: tree.Expr, scope: Scope, depth: int = 0) -> tuple[Term, ...]:
    """Return what a ratio divides and by what; nothing for what is no ratio."""
    match node:
        case tree.Name(name) if name in scope.values and depth < 20:
            return terms_of(scope.values[name], scope, depth + 1)
        case tree.Binary("/", left, right):
            return tuple(
                Term(scope.about(side), place_in_list(side), scope.makeup(side).made) for side in (left, right)
            )
        case _:
            return ()


def ordinals(node: tree.Node) -> bool:
    """Whether an expression speaks of the first, second ... of a list."""
    return any(
        isinstance(part, tree.Index | tree.Slice)
        or (isinstance(part, tree.Call) and part.function in ("largest", "smallest", "megajet"))
        for part in tree.walk(node)
    )
