"""The verdicts on one block and its counterpart."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

from hepsel.compare.assignment import best_pairs
from hepsel.compare.deltas import (
    OTHER_WEIGHTS,
    PAST_P4,
    PENALTY,
    WHERE_CHARGED_OTHERWISE,
    WHERE_DIVIDED,
    WHERE_MISSING,
    Delta,
    DeltaKind,
    deltas,
    readings,
)
from hepsel.compare.entries import REPORTED_APART, Entry, Kind
from hepsel.compare.show import number
from hepsel.compare.smt import Answer, Prover, Value
from hepsel.compare.verdicts import COMPARED, Row, Verdict
from hepsel.semantics import program as typed
from hepsel.semantics.program import Expr
from hepsel.semantics.types import BOOL, INT, RealType
from hepsel.semantics.walk import children, distinct

BARRIERS: tuple[Kind, ...] = ("first", "keep")
"""Statements on whose other side a criterion means something else."""

FILLS: tuple[Kind, ...] = ("bin", "bins", "histogram")
"""What holds the events that have passed so far."""

_THE_SAME_ELSE = ((WHERE_CHARGED_OTHERWISE,), (WHERE_DIVIDED,))
_OTHER_KEY = Delta("value", "key", "another one")
_FILLED_OTHERWISE = {"histogram": "filled with something else", "column": "another value"}
_LEAST = 0.2
_LARGEST_GROUP = 8

_WORST: tuple[tuple[DeltaKind, Verdict], ...] = (
    ("sense", Verdict.CONTRADICTORY),
    ("scope", Verdict.SCOPE),
    ("value", Verdict.VALUE),
    ("bound", Verdict.BOUND),
    ("absence", Verdict.ABSENCE),
    ("missing", Verdict.MISSING),
    ("extra", Verdict.EXTRA),
    ("order", Verdict.ORDER),
)

Explain = Callable[[Sequence[Entry], Sequence[Entry], Mapping[Expr, Value]], str | None]
"""Turns a counterexample into a sentence, if the interpreter confirms it; the entries are as the solver had them."""


@dataclass
class BlockComparison:
    """Compares the entries of one block with those of its counterpart.

    Attributes
    ----------
    first, second
        The entries, in order.
    prover, explain
        Proofs and counterexamples.
    ignore_p4
        Whether `before let p4` and `after` it are not told apart, because only one of the two has such a statement.
    rows
        The verdicts so far.
    """

    first: Sequence[Entry]
    second: Sequence[Entry]
    prover: Prover
    explain: Explain
    ignore_p4: bool
    rows: list[Row] = field(default_factory=list)

    def compare(self) -> list[Row]:
        """Give every entry of the two a verdict; what has no counterpart is missing or extra."""
        a, b = list(self.first), list(self.second)
        self._identical(a, b)
        self._equivalent(a, b)
        self._best(a, b)
        self._best(a, b, of_second=True)
        self._alike(a, b)
        self._of_one_name(a, b)
        self._exclusive(a, b)
        self._redundant(a, self.first)
        self._redundant(b, self.second, of_second=True)
        self.rows += [Row(Verdict.MISSING, (entry,), ()) for entry in a]
        self.rows += [Row(Verdict.EXTRA, (), (entry,)) for entry in b]
        return self.rows

    # -------------------------------------------------------------- the same

    def _identical(self, a: list[Entry], b: list[Entry]) -> None:
        alike = defaultdict[tuple[Kind, Expr], list[Entry]](list)
        for other in b:
            alike[other.kind, other.content].append(other)
        paired: set[int] = set()
        for exact in (True, False):  # names decide between equal ones
            for entry in a:
                same = alike[entry.kind, entry.content] if id(entry) not in paired else []
                named = [e for e in same if id(e) not in paired and (not exact or _name(e) == _name(entry))]
                if named:
                    paired |= {id(entry), id(named[0])}
                    self.rows.append(Row(Verdict.IDENTICAL, (entry,), (named[0],)))
        a[:] = [entry for entry in a if id(entry) not in paired]
        b[:] = [entry for entry in b if id(entry) not in paired]

    def _equivalent(self, a: list[Entry], b: list[Entry]) -> None:
        for entry in _criteria(a):
            for other in _criteria(b):
                if (
                    entry.kind == other.kind
                    and not _are_bounds_apart(entry, other)
                    and _related(entry, other)
                    and self._proven((entry,), (other,))
                ):
                    self._take(a, b, Row(Verdict.EQUIVALENT, (entry,), (other,), how="proven equivalent"))
                    break
        for stage in sorted({_stage(self.first, entry) for entry in _cuts(a)}):
            ours = [entry for entry in _cuts(a) if _stage(self.first, entry) == stage]
            theirs = [entry for entry in _cuts(b) if _stage(self.second, entry) == stage]
            self._together(a, b, _groups(ours, theirs))
        # What only is so across a `keep` or histogram has moved past it, which is told behind this.
        self._together(a, b, _groups(_cuts(a), _cuts(b)))
        self._same_factors(a, b)

    def _together(self, a: list[Entry], b: list[Entry], groups: Iterable[_Group]) -> None:
        for ours, theirs in groups:
            if self._proven(ours, theirs):
                how = "proven equivalent, taken together"
                self._take(a, b, Row(Verdict.EQUIVALENT, ours, theirs, how=how))

    def _same_factors(self, a: list[Entry], b: list[Entry]) -> None:
        """Find weights that only together are the same product."""
        for stage in sorted({_stage(self.first, entry) for entry in _weights(a)}):
            ours = [entry for entry in _weights(a) if _stage(self.first, entry) == stage]
            theirs = [entry for entry in _weights(b) if _stage(self.second, entry) == stage]
            for one, other in _groups(ours, theirs, lambda x, y: not _factors(x).keys().isdisjoint(_factors(y))):
                if sum(map(_factors, one), Counter()) == sum(map(_factors, other), Counter()):
                    self._take(a, b, Row(Verdict.EQUIVALENT, one, other, how="the same factors"))

    def _best(self, a: list[Entry], b: list[Entry], *, of_second: bool = False) -> None:
        """Find a `keep first 1` behind a sort in one block that says what a `keep` by the same keys does in the other.

        Of equal items both keep the earlier one.
        """
        ours, theirs = (b, a) if of_second else (a, b)
        whole, other_whole = (self.second, self.first) if of_second else (self.first, self.second)

        def take(verdict: Verdict, one: Sequence[Entry], other: Sequence[Entry], detail: str = "") -> None:
            first, second = (other, one) if of_second else (one, other)
            details, how = (detail,) if detail else (), "proven equivalent" if verdict.same else COMPARED
            self._take(a, b, Row(verdict, tuple(first), tuple(second), details, how))

        for first in [entry for entry in ours if entry.kind == "first" and entry.content == _FIRST_ONE]:
            sorts = _sorts_before(first, whole)
            best = next((o for o in theirs if o.kind == "keep" and [_keys(o)] == list(map(_keys, sorts))), None)
            if best is None:
                continue
            unsaid = [sort for sort in sorts if sort in ours]
            if self._have_keys(first, best, whole) and self._have_keys(best, best, other_whole):
                take(Verdict.EQUIVALENT, [first], [best])
                for sort in unsaid:
                    take(Verdict.EQUIVALENT, [sort], [], f"said by {best.id}")
            else:
                take(Verdict.ABSENCE, [first, *unsaid], [best], _WITHOUT_KEY)

    def _have_keys(self, entry: Entry, best: Entry, whole: Sequence[Entry]) -> bool:
        """Whether the criteria before an entry, of a block, are proven to leave only items that have all keys."""
        stage = _stage(whole, entry)
        given = [cut.content for cut in _cuts(whole) if _stage(whole, cut) <= stage and _related(cut, best)]
        return all(self.prover.implies(given, typed.Exists(key, type=BOOL)) for key, _ in _keys(best))

    def _proven(self, a: Sequence[Entry], b: Sequence[Entry]) -> bool:
        return self.prover.equivalent(_all(a), _all(b)).holds is True

    def _redundant(self, rest: list[Entry], whole: Sequence[Entry], *, of_second: bool = False) -> None:
        """Find criteria that the others of their own block imply: with them or without, the same passes."""
        dropped: list[Entry] = []
        for entry in _cuts(rest):
            stage = _stage(whole, entry)
            given = [
                other
                for other in _cuts(whole)
                if other is not entry and other not in dropped and _stage(whole, other) <= stage
            ]
            given = [other for other in given if _related(entry, other)]
            if self.prover.implies((other.content for other in given), entry.content):
                dropped.append(entry)
                rest.remove(entry)
                by = ", ".join(other.id for other in given) or "it is always true"
                details = (f"implied by {by}" if given else by,)
                how = "proven to change nothing"
                first, second = ((), (entry,)) if of_second else ((entry,), ())
                self.rows.append(Row(Verdict.EQUIVALENT, first, second, details, how))

    # -------------------------------------------------------------- different

    def _alike(self, a: list[Entry], b: list[Entry]) -> None:
        found: dict[tuple[int, int], tuple[Delta, ...]] = {}
        scores = []
        for i, entry in enumerate(a):
            row = []
            for j, other in enumerate(b):
                differing = self._deltas(entry, other)
                if differing is not None:
                    found[i, j] = differing
                row.append(_score(entry, other, differing))
            scores.append(row)
        for differing_row in [self._differing(a[i], b[j], found[i, j]) for i, j in best_pairs(scores, _LEAST)]:
            self._take(a, b, differing_row)

    def _of_one_name(self, a: list[Entry], b: list[Entry]) -> None:
        """Find what is filled under one name, whatever with: the outputs have it under that name."""
        for entry in [entry for entry in a if entry.kind in REPORTED_APART]:
            same = [other for other in b if (other.kind, other.name) == (entry.kind, entry.name)]
            if same:
                self._take(a, b, Row(Verdict.VALUE, (entry,), (same[0],), (_FILLED_OTHERWISE[entry.kind],)))

    def _deltas(self, entry: Entry, other: Entry) -> tuple[Delta, ...] | None:
        if entry.kind != other.kind or entry.kind == "external":
            return None
        if entry.kind in ("criterion", "bin"):
            for one, another, elsewhere in readings(entry.content, other.content):
                found = deltas(one, another)
                if found == () == elsewhere:
                    continue  # whether they are the same is the solver's to say
                differing = self._differing_in(entry, other, found)
                if differing is not None:
                    return tuple(dict.fromkeys((*differing, *elsewhere)))
            return None
        differing = self._differing_in(entry, other, deltas(entry.content, other.content))
        if differing is None and entry.kind in ("sort", "keep"):
            return (_OTHER_KEY,)
        return differing

    def _differing_in(
        self, entry: Entry, other: Entry, differing: tuple[Delta, ...] | None
    ) -> tuple[Delta, ...] | None:
        if differing is None or entry.kind == "row":
            return differing
        if self.ignore_p4:
            differing = tuple(delta for delta in differing if delta.first not in PAST_P4)
        kinds = {delta.kind for delta in differing}
        apart = {"sense", "value"} <= kinds and entry.kind == "criterion"
        return None if apart and not self.prover.exclude(entry.content, other.content) else differing

    def _differing(self, entry: Entry, other: Entry, differing: tuple[Delta, ...]) -> Row:
        verdict, details = described(differing)
        if verdict is Verdict.ABSENCE and (given := self._proven_beside(entry, other)):
            how = "proven equivalent beside what both say"
            return Row(Verdict.EQUIVALENT, (entry,), (other,), (f"where {', '.join(given)} is true",), how)
        if {delta.kind for delta in differing} == {"absence"} or differing in _THE_SAME_ELSE:
            details = (f"the same, but that {' and '.join(details)}",)
        if entry.kind not in ("criterion", "bin") or verdict is Verdict.IDENTICAL:
            return Row(verdict, (entry,), (other,), details)
        answer = self.prover.equivalent(entry.content, other.content)
        example = self._example(entry, other) if answer.holds is False else None
        return Row(verdict, (entry,), (other,), details, _how(answer, example), example)

    def _proven_beside(self, entry: Entry, other: Entry) -> list[str]:
        """Return the criteria of both blocks with which two are the same: none where they are not."""
        if entry.kind != "criterion":
            return []
        given = [
            row.first[0]
            for row in self.rows
            if row.verdict is Verdict.IDENTICAL and row.kind == "criterion" and _related(row.first[0], entry)
            if _stage(self.first, row.first[0]) <= _stage(self.first, entry)
            if _stage(self.second, row.second[0]) <= _stage(self.second, other)
        ]
        return [one.id for one in given] if self._proven((entry, *given), (other, *given)) else []

    def _example(self, entry: Entry, other: Entry) -> str | None:
        """Describe what passes only one of the two blocks because of these two criteria."""
        ours, theirs = (
            (one, *(cut for cut in _beside(one, block) if _related(cut, entry) or _related(cut, other)))
            for one, block in ((entry, self.first), (other, self.second))
        )
        found = self.prover.example([e.content for e in ours], [e.content for e in theirs])
        return None if found is None else self.explain(ours, theirs, found)

    def _exclusive(self, a: list[Entry], b: list[Entry]) -> None:
        for entry in _cuts(a):
            for other in _cuts(b):
                if _quantities(entry) == _quantities(other) and self.prover.exclude(entry.content, other.content):
                    details = ("nothing passes both",)
                    row = Row(Verdict.CONTRADICTORY, (entry,), (other,), details, "proven never both true")
                    self._take(a, b, row)
                    break

    def _take(self, a: list[Entry], b: list[Entry], row: Row) -> None:
        for entry in row.first:
            a.remove(entry)
        for entry in row.second:
            b.remove(entry)
        self.rows.append(row)


_FIRST_ONE = typed.Function("first", (typed.Constant(1, type=INT),), type=BOOL)
_WITHOUT_KEY = "the same, but that an item without a key may be the first, and is never the best"
_UPWARDS = {"ascending": True, "lowest": True, "descending": False, "highest": False}


def _sorts_before(first: Entry, block: Sequence[Entry]) -> list[Entry]:
    """Return the sorts that say which item is the first, of those that an earlier `keep` left."""
    place = next(i for i, entry in enumerate(block) if entry is first)
    stage = _stage(block, first)
    return [entry for entry in block[:place] if entry.kind == "sort" and _stage(block, entry) == stage]


def _keys(entry: Entry) -> list[tuple[Expr, bool]]:
    """Return the keys of a `sort` or `keep`, and whether the lowest is the first, or the best."""
    keys = [key for key in children(entry.content) if isinstance(key, typed.Function)]
    return [(key.arguments[0], _UPWARDS[key.name]) for key in keys]


def _name(entry: Entry) -> str:
    return entry.name or entry.label or entry.id


def _criteria(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.kind in ("criterion", "bin")]


def _cuts(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.kind == "criterion"]


def _weights(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.kind == "weight"]


@lru_cache(maxsize=1 << 12)
def _factors(entry: Entry) -> Counter[tuple[Expr, bool]]:
    """Return what a weight is a product of, and whether it is multiplied with that or divided by it."""
    todo, found = [(child, True) for child in children(entry.content)], Counter[tuple[Expr, bool]]()
    while todo:
        expr, above = todo.pop()
        match expr:
            case typed.Arithmetic("*" | "/" as operator, left, right):
                todo += (left, above), (right, above is (operator == "*"))
            case _:
                found[expr, above] += 1
    return found


def _all(entries: Sequence[Entry]) -> Expr:
    if len(entries) == 1:
        return entries[0].content
    return typed.Logical("and", tuple(entry.content for entry in entries), type=BOOL)


def _beside(entry: Entry, block: Sequence[Entry]) -> list[Entry]:
    """Return the other criteria that are met by what an entry lets pass: of a bin, those before it."""
    place = next(i for i, other in enumerate(block) if other is entry)
    return [other for other in _cuts(block[:place] if entry.kind == "bin" else block) if other is not entry]


def _stage(entries: Sequence[Entry], entry: Entry) -> int:
    """Return how many statements on whose other side it would mean something else stand before an entry."""
    place = next(i for i, other in enumerate(entries) if other is entry)
    return sum(other.kind in (*BARRIERS, *FILLS) for other in entries[:place])


@lru_cache(maxsize=1 << 12)
def _quantities(entry: Entry) -> frozenset[Expr]:
    found = typed.Attribute, typed.Reduce, typed.Component, typed.CollectionRef, typed.Single
    return frozenset(expr for expr in distinct(entry.content) if isinstance(expr, found))


def _related(a: Entry, b: Entry) -> bool:
    return not _quantities(a).isdisjoint(_quantities(b))


def _are_bounds_apart(a: Entry, b: Entry) -> bool:
    """Whether two different criteria are each one bound on a number, which no two of them share."""
    return _is_bound(a) and _is_bound(b)


@lru_cache(maxsize=1 << 12)
def _is_bound(entry: Entry) -> bool:
    """Whether a criterion is true for some values of a number, or of its absolute value, and no others.

    Of what the solver can know no more of than that it is there: a stored real number, or one that is computed from
    others by arithmetic.
    """
    match entry.content:
        case typed.Compare(_, bounded, typed.Constant(int() | float() as bound)) if _is_any_number(bounded):
            return math.isfinite(bound)
        case typed.Compare(_, typed.Function("abs", (bounded,)), typed.Constant(int() | float() as bound)):
            return _is_any_number(bounded) and 0 < bound < math.inf
    return False


def _is_any_number(expr: Expr) -> bool:
    return isinstance(expr, typed.Attribute | typed.Arithmetic) and isinstance(expr.type, RealType)


_Group = tuple[tuple[Entry, ...], tuple[Entry, ...]]


def _groups(a: Sequence[Entry], b: Sequence[Entry], related: Callable[[Entry, Entry], bool] = _related) -> list[_Group]:
    """Group what is about the same quantities, directly or through others."""
    todo = [*a, *b]
    groups = []
    while todo:
        group = [todo.pop(0)]
        for entry in group:  # grows while it is walked through
            near = [other for other in todo if related(entry, other)]
            group += near
            todo = [other for other in todo if other not in near]
        ours, theirs = tuple(e for e in group if e in a), tuple(e for e in group if e in b)
        if ours and theirs and len(group) <= _LARGEST_GROUP:
            groups.append((ours, theirs))
    return groups


def _score(entry: Entry, other: Entry, differing: tuple[Delta, ...] | None) -> float:
    if differing is None:
        return 0.0
    score = 1.0 - sum(PENALTY[delta.kind] for delta in differing if delta.kind != "value")
    values = [delta for delta in differing if delta.kind == "value"]
    # Many numbers can differ in one histogram; the nearer the numbers, the likelier they are the same cut.
    score -= min(0.3, sum(0.1 * _distance(delta) for delta in values))
    score += 0.05 * (entry.label is not None and entry.label == other.label)
    score += 0.01 * SequenceMatcher(None, entry.id, other.id).ratio()
    return max(score, _LEAST)


def _distance(delta: Delta) -> float:
    x, y = delta.first, delta.second
    if not (isinstance(x, int | float) and isinstance(y, int | float)) or math.inf in (abs(x), abs(y)):
        return 1.0
    return abs(x - y) / (abs(x) + abs(y))


def described(differing: Sequence[Delta]) -> tuple[Verdict, tuple[str, ...]]:
    """Return the verdict on two statements that differ in some places, and what differs, for people."""
    verdict = next((v for kind, v in _WORST if any(d.kind == kind for d in differing)), Verdict.IDENTICAL)
    return verdict, tuple(dict.fromkeys(_detail(delta) for delta in differing))


def _detail(delta: Delta) -> str:
    if delta == WHERE_MISSING:
        return "a missing value may pass only one of them"
    if delta == WHERE_DIVIDED:
        return "rounding, and divisors that are not above 0, may let only one of them pass"
    if delta == WHERE_CHARGED_OTHERWISE:
        return "charges other than 1 and -1 may pass only one of them"
    if delta.kind == "absence":
        few = "no such item" if delta.second == 1 else f"fewer than {delta.second} such items"
        return f"where {delta.first} has {few}, only one of them may pass"
    if delta == _OTHER_KEY:
        return "by something else"
    if delta == OTHER_WEIGHTS:
        return "the entries have other weights"
    match delta.kind:
        case "value":
            return " against ".join(_plain(number(value, delta.type)) for value in (delta.first, delta.second))
        case "bound" | "sense" if delta.first is not None:
            return f"{delta.first} against {delta.second}"
        case "sense":
            return "one is the negation of the other"
        case "scope":
            return f"{_plain(delta.first)} against {_plain(delta.second)}"
        case "missing" | "extra":
            return f"{'the last key' if delta.first is None else f'the condition {delta.first}'} is {delta.kind}"
    return "in another order" if delta.first is None else f"{delta.first} against {delta.second}"


def _plain(name: object) -> str:
    return str(name).split(" of both")[0].split(" of the ")[0]


def _how(answer: Answer, example: str | None) -> str:
    if example is not None:
        return "counterexample, confirmed by the interpreter"
    if answer.holds is None:
        return f"undecided within the time limit; {COMPARED}"
    return COMPARED
