"""Conditions that nothing passes, or everything: what no paper says, but a wrong `and` or `or` does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from hepsel.extract.checking.claims import Bound, Claim, Member
from hepsel.extract.checking.doubts import Doubt
from hepsel.extract.checking.model import Verdict


def impossible(claims: Iterable[Claim]) -> Doubt | None:
    """Return the doubt about bounds that cannot hold together: `m < 81 GeV and m > 101 GeV`."""
    for upper, lower in _facing(claims):
        below, above = min(upper, key=_end), max(lower, key=_end)
        if _end(below) < _end(above):
            return Doubt(Verdict.DIRECTION, f"nothing is below {below.written} and above {above.written}")
    return None


def idle(members: Sequence[Member]) -> Doubt | None:
    """Return the doubt about alternatives of which one always holds: `not (m < 81 GeV and m > 101 GeV)`."""
    if any(len(member) != 1 for member in members):
        return None
    for upper, lower in _facing(claim for member in members for claim in member):
        below, above = max(upper, key=_end), min(lower, key=_end)
        if _end(below) > _end(above):
            return Doubt(Verdict.DIRECTION, f"everything is below {below.written} or above {above.written}")
    return None


def _facing(claims: Iterable[Claim]) -> Iterator[tuple[list[Bound], list[Bound]]]:
    """Yield the upper and the lower bounds of each value that has both."""
    found: dict[str, tuple[list[Bound], list[Bound]]] = {}
    for bound in claims:
        if not isinstance(bound, Bound) or bound.sense not in ("<", "<=", ">", ">="):
            continue
        if not (bound.nested or bound.words) and bound.every is None:
            is_lower = (bound.sense[0] == ">") != bound.written.startswith("-")
            found.setdefault(bound.expression, ([], []))[is_lower].append(bound)
    return ((upper, lower) for upper, lower in found.values() if upper and lower)


def _end(bound: Bound) -> Fraction:
    return -bound.value if bound.written.startswith("-") else bound.value
