"""Conditions that nothing passes, or everything: what no paper says, but a wrong `and` or `or` does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from hepsel.extract.checking.claims import Bound, Claim, Member
from hepsel.extract.checking.doubts import Doubt
from hepsel.extract.checking.model import Verdict


def impossible(claims: Iterable[Claim]) -> Doubt | None:
    """Return the doubt about bounds that cannot hold together: `m < 81 GeV and m > 101 GeV`."""
    for below, above in _facing(claims):
        if _end(below) < _end(above):
            return Doubt(Verdict.DIRECTION, f"nothing is below {below.written} and above {above.written}")
    return None


def idle(members: Sequence[Member]) -> Doubt | None:
    """Return the doubt about alternatives of which one always holds: `not (m < 81 GeV and m > 101 GeV)`."""
    if any(len(member) != 1 for member in members):
        return None
    for below, above in _facing(claim for member in members for claim in member):
        if _end(below) > _end(above):
            return Doubt(Verdict.DIRECTION, f"all is below {below.written} or above {above.written}")
    return None


def _facing(claims: Iterable[Claim]) -> Iterator[tuple[Bound, Bound]]:
    """Yield an upper and a lower bound of each value that has both."""
    bounds = (claim for claim in claims if isinstance(claim, Bound) and claim.sense not in (None, "==", "!="))
    plain = [bound for bound in bounds if not bound.nested and bound.every is None and not bound.words]
    for first, second in combinations(plain, 2):
        if first.expression == second.expression and _is_upper(first) != _is_upper(second):
            yield (first, second) if _is_upper(first) else (second, first)


def _is_upper(bound: Bound) -> bool:
    return (bound.sense in ("<", "<=")) != _is_negative(bound)


def _is_negative(bound: Bound) -> bool:
    return bound.written.startswith("-")


def _end(bound: Bound) -> Fraction:
    return -bound.value if _is_negative(bound) else bound.value
