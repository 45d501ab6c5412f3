"""How far two normal forms are from each other: the same cut with another number, or something else."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from hepsel.compare.keys import ORDERED, shape
from hepsel.compare.nearly import as_counts, extreme_of, with_products, with_signs
from hepsel.compare.normal import BEFORE_P4, SYMMETRIC, negative, opposite, total, where_known
from hepsel.compare.show import brief, number, part
from hepsel.quick_dataclass import HashedOnce, dataclass
from hepsel.semantics import program as typed
from hepsel.semantics.blocks.axes import uniform_edges
from hepsel.semantics.program import Expr
from hepsel.semantics.types import EnumType, Type
from hepsel.semantics.walk import children, distinct
from hepsel.syntax.comparisons import OPPOSITE, SWAPPED

PAST_P4 = ("before let p4", "behind it")
"""What differs where one of two items has not yet the four-vector that the other has."""

_TOLD = 3  # conditions that are named one by one

DeltaKind = Literal["value", "bound", "absence", "sense", "scope", "order", "missing", "extra"]

PENALTY: dict[DeltaKind, float] = {
    "value": 0.1, "bound": 0.1, "absence": 0.1, "sense": 0.3, "scope": 0.3, "order": 0.05, "missing": 0.2, "extra": 0.2,
}  # fmt: skip
"""By how much each of them makes it less likely that two expressions are meant to be the same."""


@dataclass(frozen=True, slots=True)
class Delta(HashedOnce):
    """One place at which two expressions of one build differ.

    `value`: a number or a value of an enumeration; `bound`: `<` against `<=`; `absence`: only a
    missing value, or a list with too few of them, passes one and not the other; `sense`: `<` against `>`, a
    negation, or `lowest` against `highest`; `scope`: another collection or part; `order`: before or after `let p4`,
    ordered or not, keys in another order; `missing`, `extra`: keys, or conditions on what is looped over, that only
    one has.
    """

    kind: DeltaKind
    first: object = None
    second: object = None
    type: Type | None = None


WHERE_MISSING = Delta("absence")
"""One says `not (x > 3)` and the other `x <= 3`: a missing value may pass only the first."""


WHERE_CHARGED_OTHERWISE = Delta("bound")
"""One says `a.charge != b.charge` and the other `a.charge * b.charge < 0`: charges of 1 and -1 pass both or none."""


WHERE_DIVIDED = Delta("bound", "quotient", "product")
"""One says `x / y < c` and the other `x < c * y`, which are the same for numbers without rounding if `y` is above 0."""


OTHER_WEIGHTS = Delta("value", "weights")
"""The entries of two histograms have weights that are computed in other ways, or those of one have none."""


def readings(a: Expr, b: Expr) -> Iterator[tuple[Expr, Expr, tuple[Delta, ...]]]:
    """Yield two conditions as they are, and then as they are in usual events, with what differs in the others."""
    yield a, b, ()
    yield where_known(a), where_known(b), (WHERE_MISSING,)
    for always in (False, True):
        x, y = as_counts(a, always=always), as_counts(b, always=always)
        if (x, y) != (a, b):
            short = _where_short(a, b) if always else ()
            yield x, y, short
            yield where_known(x), where_known(y), (*short, WHERE_MISSING)
    x, y = where_known(a), where_known(b)
    if (signs := (with_signs(x), with_signs(y))) != (x, y):
        yield *signs, (WHERE_CHARGED_OTHERWISE,)
    if (products := (with_products(x), with_products(y))) != (x, y):
        yield *products, (WHERE_DIVIDED,)


def _where_short(a: Expr, b: Expr) -> tuple[Delta, ...]:
    """Return in which lists too few values matter to only one of two conditions."""
    both = Counter(part for expr in (a, b) for part in dict.fromkeys(distinct(expr)))
    found = (extreme_of(part) for part, number in both.items() if number == 1)
    result = []
    for extreme in found:
        if extreme is not None and not extreme.is_count and extreme.beyond is not None:
            assert isinstance(extreme.value.list, typed.Comprehension)
            lists = ", ".join(brief(loop.list) for loop in extreme.value.list.loops)
            result.append(Delta("absence", lists, extreme.value.k))
    return tuple(dict.fromkeys(result))


@lru_cache(maxsize=1 << 12)
def deltas(a: Expr, b: Expr) -> tuple[Delta, ...] | None:
    """Return where two expressions of one build differ; `None` when they are not of one build.

    What differs in the same way in several places, as what stands in a definition does, is said once.
    """
    if a == b:
        return ()
    found = (differing for other in _orders(a, b) if (differing := _in_order(a, other)) is not None)
    return min(found, key=lambda differing: sum(PENALTY[delta.kind] for delta in differing), default=None)


def _orders(a: Expr, b: Expr) -> Iterator[Expr]:
    """Yield an expression with its operands in every order that may be that of the other one.

    Operands that can change places stand in an order that a changed number changes, if nothing else tells them apart.
    """
    yield b
    match a, b:
        case typed.Logical(x, operands), typed.Logical(y, others) if x == y:
            for order in _arranged(operands, others):
                yield replace(b, operands=order)
        case typed.Arithmetic("+" | "*" as x, left, right), typed.Arithmetic(y) if x == y:
            for first, second in _arranged((left, right), (b.left, b.right)):
                yield replace(b, left=first, right=second)
        case typed.VectorArithmetic("+", left, right), typed.VectorArithmetic("+"):
            for first, second in _arranged((left, right), (b.left, b.right)):
                yield replace(b, left=first, right=second)
        case typed.Compare(), typed.Compare(operator, left, right) if shape(left) == shape(right):
            yield replace(b, operator=SWAPPED[operator], left=right, right=left)
        case typed.Function("abs"), typed.Function("abs", (operand,)):
            turned = opposite(operand)
            if shape(turned) == shape(operand):
                yield replace(b, arguments=(turned,))
        case typed.Function(x, operands), typed.Function(y, others) if x == y and x in SYMMETRIC:
            for order in _arranged(operands, others):
                yield replace(b, arguments=order)


def _arranged(operands: Sequence[Expr], others: Sequence[Expr]) -> Iterator[tuple[Expr, ...]]:
    """Yield orders of operands: what both have in one place, and the rest as it comes, two alike also turned."""
    if len(operands) != len(others):
        return
    left = list(others)
    places: list[Expr | None] = [left.pop(left.index(one)) if one in left else None for one in operands]
    alike = len(left) == 2 and shape(left[0]) == shape(left[1])
    for order in (left, left[::-1]) if alike else (left,):
        rest = iter(order)
        yield tuple(next(rest) if one is None else one for one in places)


def _in_order(a: Expr, b: Expr) -> tuple[Delta, ...] | None:
    negated = isinstance(a, typed.Not) is not isinstance(b, typed.Not)
    if negated and a.type == b.type:
        positive = _positive(a), _positive(b)
        below = deltas(*positive)
        if below is None:
            return None
        if all(delta.kind != "sense" for delta in below):
            return (*below, Delta("sense"))
        if not all(isinstance(expr, typed.Compare) for expr in positive):
            return None
        # not (x > 3) against x <= 3: the senses differ twice, so not at all; what is left is the missing x.
        known = deltas(where_known(a), where_known(b))
        return None if known is None else (*known, WHERE_MISSING)
    if isinstance(a, typed.Function) is not isinstance(b, typed.Function):
        return _past_p4(a, b) or _bars(a, b)
    if (one_has_more := _conditions(a, b)) is not None:
        return one_has_more
    if type(a) is not type(b):
        return None
    if isinstance(a, typed.Function) and isinstance(b, typed.Function) and a.name == b.name and a.name in _WITH_KEYS:
        return _keys(a.arguments, b.arguments)
    match a, b:
        case (
            typed.At(typed.Attribute(_, "parts") as parts, typed.Constant(x)),
            typed.At(typed.Attribute(_, "parts") as others, typed.Constant(y)),
        ) if x != y:  # another item, and not the same cut with another number
            return _below((Delta("scope", f"parts[{x}]", f"parts[{y}]"),), (parts,), (others,))
        case typed.Function("axis", (x, *edges)), typed.Function("axis", (y, *others)):
            below = deltas(x, y)
            if below is None:
                return None
            return tuple(dict.fromkeys((*below, *_edges(*map(_numbers, (edges, others)), edges[0].type))))
        case typed.Function("weight", x), typed.Function("weight", y) if (below := _below((), x, y)) is not None:
            return below
        case typed.Function("weight"), typed.Function("weight"):
            return (OTHER_WEIGHTS,)
        case typed.Arithmetic("+", typed.Constant() as c, rest), typed.Arithmetic(
            "+", typed.Constant() as d, other
        ) if _is_negative(c) and _is_negative(d):  # written `rest - 91 GeV`
            return _below((), (negative(c), rest), (negative(d), other))
        case typed.Compare(), typed.Compare():
            return _comparisons(a, b)
    own = _own(a, b)
    return None if own is None else _below(own, tuple(children(a)), tuple(children(b)))


def _numbers(edges: list[Expr]) -> tuple[float, ...]:
    return tuple(
        edge.value for edge in edges if isinstance(edge, typed.Constant) and isinstance(edge.value, int | float)
    )


@lru_cache(maxsize=1 << 10)
def _edges(a: tuple[float, ...], b: tuple[float, ...], kind: Type) -> tuple[Delta, ...]:
    """Return where the edges of two axes differ: many histograms have the same, and each has many.

    Of bins of one width, a changed end moves all edges, which is said once; of edges in a list, each is.
    """
    if a == b:
        return ()
    if len(a) == len(b) and not (_is_uniform(a) and _is_uniform(b)):
        return tuple(Delta("value", x, y, kind) for x, y in zip(a, b, strict=True) if x != y)
    return (Delta("value", _bins(a, kind), _bins(b, kind)),)


def _is_uniform(edges: tuple[float, ...]) -> bool:
    return all(map(math.isfinite, edges)) and edges == uniform_edges(len(edges) - 1, edges[0], edges[-1])


def _bins(edges: tuple[float, ...], kind: Type) -> str:
    """Return the bins of an axis as they may have been written."""
    if not _is_uniform(edges):
        return f"edges [{', '.join(number(edge, kind) for edge in edges)}]"
    return f"bins {len(edges) - 1} from {number(edges[0], kind)} to {number(edges[-1], kind)}"


def _is_negative(constant: typed.Constant) -> bool:
    return isinstance(constant.value, int | float) and constant.value < 0


def _below(own: tuple[Delta, ...], a: tuple[Expr, ...], b: tuple[Expr, ...]) -> tuple[Delta, ...] | None:
    if len(a) != len(b):
        return None
    found = list(own)
    for x, y in zip(a, b, strict=True):
        below = deltas(x, y)
        if below is None:
            return None
        found += below
    return tuple(dict.fromkeys(found))


_WITH_KEYS = ("keep", "sort")


def _keys(a: tuple[Expr, ...], b: tuple[Expr, ...]) -> tuple[Delta, ...] | None:
    """Compare the keys of two statements: the same ones in another order, the first ones only, or one by one."""
    if len(a) == len(b):
        return (Delta("order"),) if set(a) == set(b) else _below((), a, b)
    common = min(len(a), len(b))
    below = _below((), a[:common], b[:common])
    return None if below is None else (*below, Delta("missing" if len(a) > len(b) else "extra"))


def _conditions(a: Expr, b: Expr) -> tuple[Delta, ...] | None:
    """Compare two lists, or what is counted, that are the same but for conditions that only one has on its items."""
    (first, ours), (second, theirs) = _listed(a), _listed(b)
    if first is None or first != second:
        return None
    if ours < theirs:
        return (Delta("extra", _joined(theirs - ours)),)
    return (Delta("missing", _joined(ours - theirs)),) if ours > theirs else None


def _listed(expr: Expr) -> tuple[Expr | None, frozenset[Expr]]:
    """Return a list without the conditions on its items, and these."""
    match expr:
        case typed.Reduce("count_turns", typed.CollectionRef() as items):
            return items, frozenset()
        case typed.Reduce("count_turns", typed.Comprehension(_, (typed.Loop((_,), items),)) as counted):
            return items, _listed(counted)[1]
        case typed.Comprehension(condition=typed.Logical("and", conditions)):
            return replace(expr, condition=None), frozenset(conditions)
        case typed.Comprehension(condition=condition):
            return replace(expr, condition=None), frozenset([] if condition is None else [condition])
    return None, frozenset()


def _joined(conditions: Collection[Expr]) -> str:
    first, more = sorted(map(brief, conditions))[:_TOLD], len(conditions) - _TOLD
    return " and ".join([*first, f"{more} more"] if more > 0 else first)


def _positive(expr: Expr) -> Expr:
    return expr.operand if isinstance(expr, typed.Not) else expr


def _past_p4(a: Expr, b: Expr) -> tuple[Delta, ...] | None:
    marked, other = (a, b) if isinstance(a, typed.Function) else (b, a)
    if isinstance(marked, typed.Function) and marked.name == BEFORE_P4:
        below = deltas(marked.arguments[0], other)
        first, second = PAST_P4 if marked is a else reversed(PAST_P4)
        return None if below is None else (*below, Delta("order", first, second))
    return None


def _bars(a: Expr, b: Expr) -> tuple[Delta, ...] | None:
    """Compare an absolute value with what has no bars."""
    inside, other = (a, b) if isinstance(a, typed.Function) else (b, a)
    if not (isinstance(inside, typed.Function) and inside.name == "abs"):
        return None
    for value in (inside.arguments[0], opposite(inside.arguments[0])):
        below = deltas(value, other) if inside is a else deltas(other, value)
        if below is not None:
            said = brief(inside), brief(value)
            return (*below, Delta("value", *(said if inside is a else said[::-1])))
    return None


def _own(a: Expr, b: Expr) -> tuple[Delta, ...] | None:
    """Compare what two expressions of one class say besides their operands."""
    match a, b:
        case typed.Constant(x), typed.Constant(y):
            if isinstance(x, bool) or isinstance(y, bool) or isinstance(x, str) is not isinstance(y, str):
                return None
            if a.type != b.type and isinstance(a.type, EnumType):
                return None
            return () if x == y else (Delta("value", x, y, a.type),)
        case (typed.CollectionRef(x), typed.CollectionRef(y)) | (typed.Single(x), typed.Single(y)):
            return () if x == y else (Delta("scope", x, y),)
        case typed.Function(x), typed.Function(y) if x != y:
            kind = next((kind for kind, names in _ALTERNATIVES if {x, y} <= set(names)), None)
            return None if kind is None else (Delta(kind, x, y),)
        case typed.Reduce(x, _, k), typed.Reduce(y, _, m) if x == y:
            return () if k == m else (Delta("value", k, m),)
        case typed.ArgBest(_, x, k), typed.ArgBest(_, y, m):
            return (*(() if x == y else (Delta("sense", x, y),)), *(() if k == m else (Delta("value", k, m),)))
        case typed.SliceOf(_, x, u), typed.SliceOf(_, y, v):
            return () if (x, u) == (y, v) else (Delta("value", part(x, u), part(y, v)),)
        case typed.TableLookup(x), typed.TableLookup(y):
            return () if x == y else (Delta("value", x, y),)
    return () if _saying(a) == _saying(b) else None


_ALTERNATIVES: tuple[tuple[DeltaKind, tuple[str, ...]], ...] = (
    ("sense", ("lowest", "highest")),
    ("sense", ("ascending", "descending")),
    ("order", ("ordered", "unordered")),
    ("value", ("histogram", "folded")),
)


def _comparisons(a: typed.Compare, b: typed.Compare) -> tuple[Delta, ...] | None:
    left = _below((), (a.left,), (b.left,))
    right = _below((), (a.right,), (b.right,))
    if left is None or right is None:
        return None
    if len({*left, *right}) > 1 and any(delta.kind in ("missing", "extra") for delta in (*left, *right)):
        return None
    own = _operators(a, b)
    if (number := _numbers_of_items(a, b)) is not None:
        own, right = number, ()
    if any(delta.kind == "sense" for delta in own) and any(delta.kind == "sense" for delta in left):
        return None  # as of `any(c)` and `all(c)`, which is not any(not c)
    return tuple(dict.fromkeys((*own, *left, *right)))


def _numbers_of_items(a: typed.Compare, b: typed.Compare) -> tuple[Delta, ...] | None:
    """Compare `any(c)`, which is `count(c) >= 1`, with `count(c) > 2`; `None` where the words say what differs."""
    first, second = _at_least(a), _at_least(b)
    if first is None or second is None or a.operator == b.operator:
        return None
    sense = () if first[0] is second[0] else (Delta("sense"),)
    if first[1] == second[1]:
        return sense
    return None if a.right == b.right else (*sense, Delta("value", first[1], second[1], a.right.type))


def _at_least(compare: typed.Compare) -> tuple[bool, int] | None:
    """Return whether a number of items has to be at least as large as a number, or not, and that number."""
    match compare:
        case typed.Compare(operator, typed.Reduce("count_turns" | "count_values"), typed.Constant(int() as bound)):
            if operator in ("==", "!="):
                return (operator == "!=", 1) if bound == 0 else None
            return operator[0] == ">", bound + (operator in (">", "<="))
    return None


def _operators(a: typed.Compare, b: typed.Compare) -> tuple[Delta, ...]:
    x, y = a.operator, b.operator
    if x == y:
        return ()
    if y == OPPOSITE[x] and a.right == b.right and total(a.left):
        return (Delta("sense"),)
    if ORDERED[x] != ORDERED[y]:
        return (Delta("bound", x, y),)
    if ORDERED[x] == "=" or x[0] != y[0]:
        same = len(x) == len(y) or ORDERED[x] == "="
        return (Delta("sense", x, y),) if same else (Delta("sense", x, y), Delta("bound", x, y))
    return (Delta("bound", x, y),)


def _saying(expr: Expr) -> tuple[object, ...]:
    match expr:
        case typed.Single(name) | typed.Attribute(_, name) | typed.Component(_, name) | typed.Function(name):
            return (name,)
        case typed.Variable(_, uid):
            return (uid,)
        case typed.VectorArithmetic(operator) | typed.VectorScale(operator):
            return (operator,)
        case typed.VectorFrom(polar=polar):
            return (polar,)
        case typed.Arithmetic(operator) | typed.Logical(operator):
            return (operator,)
        case typed.Identity(negated=negated) | typed.Membership(negated=negated):
            return (negated,)
        case typed.Comprehension(_, loops, condition):
            return tuple(len(loop.variables) for loop in loops), condition is None
        case typed.Reduce(kind):
            return (kind,)
    return ()
