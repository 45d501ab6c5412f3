"""What a comparison says."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hepsel.compare.entries import REPORTED_APART, Block, Entry, Kind
from hepsel.compare.matching import Matching
from hepsel.semantics.program import Program


class Verdict(StrEnum):
    """What is said of a criterion: it has exactly one of these."""

    IDENTICAL = "identical"
    EQUIVALENT = "equivalent"
    VALUE = "value differs"
    BOUND = "bound differs"
    ABSENCE = "absence differs"
    SCOPE = "scope differs"
    ORDER = "order differs"
    CONTRADICTORY = "contradictory"
    MISSING = "missing"
    EXTRA = "extra"

    @property
    def same(self) -> bool:
        """Whether there is no difference."""
        return self in (Verdict.IDENTICAL, Verdict.EQUIVALENT)


COMPARED = "normal forms are compared"
"""What a verdict rests on where nothing is proven."""


@dataclass(frozen=True, slots=True)
class Row:
    """A verdict, and what it is about.

    Attributes
    ----------
    verdict
        The verdict.
    first, second
        The entries of the two programs: one each as a rule; none where it is missing or extra; several where
        some together say what others say.
    details
        What differs, for people.
    how
        What the verdict rests on.
    counterexample
        Values that the two decide differently, if some are known and the interpreter agrees.
    pair
        The counterparts in whose comparison it was found; none where a whole block has no counterpart.
    units
        The verdicts that this one stands for, where it is said once of several, as of copies of one statement, of
        what uses a definition that differs, or of what is missing here and extra there; where what an object says
        is told with it; of a variant all that follows from its statement, of a definition all that uses it.
    known_in
        Where both say it in the same words, and `details` are the definitions that make them mean something else: the
        block that these belong to, or an empty text if they are of the whole program.
    definitions
        These definitions in both programs; none, where it is something else that stands for a name.
    """

    verdict: Verdict
    first: tuple[Entry, ...]
    second: tuple[Entry, ...]
    details: tuple[str, ...] = ()
    how: str = COMPARED
    counterexample: str | None = None
    pair: tuple[str, str] | None = None
    units: tuple[Row, ...] = ()
    known_in: str | None = None
    definitions: tuple[tuple[Entry, Entry], ...] = ()

    @property
    def places(self) -> tuple[Row, ...]:
        """The verdicts that it stands for; itself, where it stands for no others."""
        return self.units or (self,)

    @property
    def kind(self) -> Kind:
        """The kind of its entries."""
        return (self.first or self.second)[0].kind

    @property
    def apart(self) -> bool:
        """Whether it is about output and not about the selection."""
        return all(unit.kind in REPORTED_APART for unit in self.places)


@dataclass(frozen=True, slots=True)
class Renamed:
    """Counterparts whose names the outputs have, under a name that the other program gives to something else.

    Attributes
    ----------
    kind
        What they are.
    region
        The region of the first program; of regions: none.
    first, second
        Their names in the two programs.
    """

    kind: Kind
    region: str | None
    first: str
    second: str


Slots = Mapping[tuple[str, str], str]
"""What the slots of composites are called in normal forms, by block and slot."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All verdicts on two programs.

    Attributes
    ----------
    first, second
        The programs.
    names
        How they are called, such as by the names of their files.
    matching
        Which blocks are counterparts.
    rows
        The verdicts, in the order of the first program; what only the second has stands last in its block.
    blocks
        What each of the programs says, by block.
    together
        For counterparts the blocks of each program that are read as one, those that come first standing first.
    slots
        What the slots of each program are called: alike where they correspond.
    """

    first: Program
    second: Program
    names: tuple[str, str]
    matching: Matching
    rows: tuple[Row, ...]
    blocks: tuple[Mapping[str, Block], Mapping[str, Block]] = field(repr=False)
    together: Mapping[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = field(repr=False)
    slots: tuple[Slots, Slots] = field(repr=False)

    @property
    def differences(self) -> tuple[Row, ...]:
        """The rows that say a difference."""
        return tuple(row for row in self.rows if not row.verdict.same)

    @property
    def renamed(self) -> tuple[Renamed, ...]:
        """The regions, bins, histograms and columns whose names mean something else in the other program."""
        regions = self.first.regions, self.second.regions
        found = [
            Renamed("region", None, one, other)
            for one, other in self.matching.pairs
            if one in regions[0] and _exchanged(one, other, *regions)
        ]
        for unit in (unit for row in self.rows for unit in row.places):
            if unit.pair is None or len(unit.first) != 1 or len(unit.second) != 1:
                continue
            one, other = unit.first[0].name, unit.second[0].name
            if one is not None and other is not None:
                known = [self._named(side, name, unit.kind) for side, name in enumerate(unit.pair)]
                if _exchanged(one, other, *known):
                    found.append(Renamed(unit.kind, unit.pair[0], one, other))
        return tuple(dict.fromkeys(found))

    def _named(self, side: int, region: str, kind: Kind) -> set[str | None]:
        alike = _BINS if kind in _BINS else (kind,)
        return {entry.name for entry in self.blocks[side][region].entries if entry.kind in alike}

    @property
    def same(self) -> bool:
        """Whether the programs mean the same."""
        return not self.differences and not self.renamed


_BINS: tuple[Kind, ...] = ("bin", "bins")


def _exchanged(one: str, other: str, first: Container[str | None], second: Container[str | None]) -> bool:
    """Whether counterparts have different names, of which one at least means something else on the other side."""
    return one != other and (one in second or other in first)
