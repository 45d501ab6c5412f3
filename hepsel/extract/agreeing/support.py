"""Which drafts say the same: every pair of them is compared as by `hepsel diff`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from hepsel.compare.diff import compare_programs
from hepsel.compare.verdicts import Comparison, Row, Verdict
from hepsel.extract.agreeing.sample import Key, Sample

SECONDS = 1.0
"""Time limit of the solver for each question."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A statement as seen from another draft.

    Attributes
    ----------
    same
        Whether that says the same.
    moved
        Whether that says the same at another place.
    counterparts
        The statements of the other draft that say it, or something else of the same thing.
    """

    same: bool
    moved: bool
    counterparts: tuple[Key, ...]


_UNKNOWN = Seen(False, False, ())


@dataclass(frozen=True, slots=True)
class View:
    """A draft as seen from another one.

    Attributes
    ----------
    statements
        Its statements.
    blocks
        The other's names of its blocks.
    slots
        For each of its composites the other's names of the slots.
    """

    statements: Mapping[Key, Seen]
    blocks: Mapping[str, str]
    slots: Mapping[str, Mapping[str, str]]

    def names(self, block: str) -> dict[str, str]:
        """Return what names in a block are called by the other."""
        return {**self.blocks, **self.slots.get(block, {})}

    @property
    def attributes(self) -> dict[str, str]:
        """The other's names of the slots of candidates, where all composites have the same one."""
        found: dict[str, set[str]] = {}
        for slots in self.slots.values():
            for ours, theirs in slots.items():
                found.setdefault(ours, set()).add(theirs)
        return {ours: next(iter(theirs)) for ours, theirs in found.items() if len(theirs) == 1}

    def has(self, block: str, statements: int) -> bool:
        """Return whether the other says anything of a block, which has so many statements."""
        seen = (self.statements.get((block, number), _UNKNOWN) for number in range(statements))
        return block in self.blocks or any(one.same or one.counterparts for one in seen)


class Support:
    """Comparisons of all pairs of some drafts."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self.samples = list(samples)
        self._views: dict[tuple[int, int], View] = {}
        self._added: set[tuple[int, str]] = set()
        for i, j in combinations(range(len(samples)), 2):
            self._compare(i, j)

    def replace(self, number: int, sample: Sample, added: str | None = None) -> None:
        """Put another draft in the place of one; a block that was `added` from others is no vote of its own."""
        self.samples[number] = sample
        if added is not None:
            self._added.add((number, added))
        for other in self.others(number):
            self._compare(number, other)

    def rewrite(self, number: int, sample: Sample) -> None:
        """Put a draft in the place of one that says the same, in the same statements."""
        self.samples[number] = sample

    def _compare(self, i: int, j: int) -> None:
        comparison = compare_programs(self.samples[i].program, self.samples[j].program, seconds=SECONDS)
        self._views[i, j] = view(comparison, self.samples[i], self.samples[j], first=True)
        self._views[j, i] = view(comparison, self.samples[j], self.samples[i], first=False)

    def view(self, of: int, other: int) -> View:
        """Return a draft as seen from another one."""
        return self._views[of, other]

    @property
    def drafts(self) -> int:
        """How many drafts there are."""
        return len(self.samples)

    def others(self, than: int) -> list[int]:
        """Return all drafts but one."""
        return [number for number in range(self.drafts) if number != than]

    def seen(self, of: int, key: Key, other: int) -> Seen:
        """Return a statement as seen from another draft; where no comparison knows it, nothing is said of it."""
        return self._views[of, other].statements.get(key, _UNKNOWN)

    def votes(self, of: int, key: Key) -> int:
        """Return how many drafts say what a statement says."""
        return sum(self.says(other, of, key) and self._on_its_own(other, of, key) for other in range(self.drafts))

    def _on_its_own(self, other: int, of: int, key: Key) -> bool:
        """Return whether a draft says what a statement says in a block that it had before any was added to it."""
        keys = (key,) if other == of else self.seen(of, key, other).counterparts
        return not keys or any((other, block) not in self._added for block, _ in keys)

    def says(self, other: int, of: int, key: Key) -> bool:
        """Return whether a draft says what a statement of another one says."""
        return other == of or self.seen(of, key, other).same

    def present(self, of: int, key: Key) -> int:
        """Return how many drafts say what a statement says, or something else of the same thing."""
        found = 1
        for other in self.others(of):
            seen, block = self.seen(of, key, other), self._views[of, other].blocks.get(key[0])
            found += seen.same or any(theirs[0] == block for theirs in seen.counterparts)
        return found

    def alike(self, a: int, key_a: Key, b: int, key_b: Key) -> bool:
        """Return whether statements of two drafts are about the same thing."""
        return key_a == key_b if a == b else key_b in self.seen(a, key_a, b).counterparts

    def equal(self, a: int, key_a: Key, b: int, key_b: Key) -> bool:
        """Return whether statements of two drafts say the same."""
        return self.alike(a, key_a, b, key_b) and self.says(b, a, key_a)

    def best(self) -> int:
        """Return the draft that the others agree with most."""

        def agreed(number: int) -> float:
            keys = [key for key in self.samples[number].keys if self.voted(number, key)]
            # What it lacks counts too: a short draft would agree with everybody.
            said = sum(self.votes(number, key) for key in keys)
            lacking = sum(
                self.votes(other, key) / self.drafts
                for other in self.others(number)
                for key, seen in self._views[other, number].statements.items()
                if not seen.same
            )
            return said - lacking

        return max(range(self.drafts), key=lambda number: (agreed(number), -number))

    def voted(self, of: int, key: Key) -> bool:
        """Return whether comparisons say anything of a statement."""
        return self.drafts == 1 or any(key in self._views[of, other].statements for other in self.others(of))


def view(comparison: Comparison, of: Sample, other: Sample, *, first: bool) -> View:
    """Return a program of a comparison as seen from the other one."""
    verdicts: dict[Key, list[Verdict]] = {}
    counterparts: dict[Key, list[Key]] = {}
    for row in comparison.rows:
        for unit in _units(row):
            ours, theirs = (unit.first, unit.second) if first else (unit.second, unit.first)
            for key in of.statements_of(ours):
                verdicts.setdefault(key, []).append(row.verdict)
                counterparts.setdefault(key, []).extend(other.statements_of(theirs))
    statements = {
        key: Seen(
            all(verdict.same for verdict in found),
            Verdict.ORDER in found and all(verdict.same or verdict is Verdict.ORDER for verdict in found),
            tuple(dict.fromkeys(counterparts.get(key, ()))),
        )
        for key, found in verdicts.items()
    }
    pairs = comparison.matching.pairs
    blocks = dict(pairs) if first else {b: a for a, b in pairs}
    return View(statements, blocks, _slots(comparison, blocks, first=first))


def _units(row: Row) -> tuple[Row, ...]:
    """Return what a row stands for; itself, where it says more than that."""
    told = {id(entry) for unit in row.places for entry in (*unit.first, *unit.second)}
    return row.places if all(id(entry) in told for entry in (*row.first, *row.second)) else (row,)


def _slots(comparison: Comparison, blocks: Mapping[str, str], *, first: bool) -> dict[str, dict[str, str]]:
    ours, theirs = comparison.slots if first else comparison.slots[::-1]
    known = {(block, common): slot for (block, slot), common in theirs.items()}
    found: dict[str, dict[str, str]] = {}
    for (block, slot), common in ours.items():
        if block in blocks and (blocks[block], common) in known:
            found.setdefault(block, {})[slot] = known[blocks[block], common]
    return found
