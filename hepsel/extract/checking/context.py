"""What surrounds a criterion in its program."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from hepsel.semantics.types import Dimension


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a criterion in its program.

    Attributes
    ----------
    own
        Kinds of the objects that the block selects; empty for events.
    named
        Kinds of the objects that the criterion names.
    said
        Words that hold for all items of the block, from its other criteria and its name.
    values
        Names of the program's values, folded, with the names themselves.
    written
        The same names, and what they stand for as the program writes it.
    bounds
        Value and dimension of every number that the criteria of the block have.
    region
        Where the criterion is one of a region: its name and those of the regions that it starts from.
    regions
        Names of all regions of the program.
    worded
        What the criteria of the block say in words, and of which slot of a candidate.
    asked
        Regions that the criterion names.
    asked_around
        Regions that the criteria of the block name.
    absent
        Whether the program demands somewhere that there be none of what the block selects.
    demanded
        Relations, such as opposite charge, that criteria of the program demand.
    placed
        Value and place in a list of every bound of the block that is of one of a list.
    from_below
        What the criteria of the block, as it is written, hold from below.
    eta
        The sides, `<` and `>`, on which the block and the collections of the criterion bound a pseudorapidity.
    slots
        Names of the parts of a candidate, such as `z1`, that end in a number.
    twins
        Of a candidate: each of its parts that is of the same collection as others, and those.
    unordered
        Collections of candidates in no order, of which the first has no rank.
    ranks
        Of a candidate of one collection in order of the transverse momentum: each of its parts, and its place, from 1.
    stated
        Value of every bound of the block, and what it is of.
    ordinals
        Whether the criterion is about the first, second ... of a list.
    """

    own: frozenset[str]
    named: frozenset[str]
    said: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    written: tuple[tuple[str, str], ...]
    bounds: frozenset[tuple[Fraction, Dimension]]
    ordinals: bool
    from_below: frozenset[str] = frozenset()
    placed: frozenset[tuple[Fraction, int]] = frozenset()
    eta: frozenset[str] = frozenset()
    slots: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    demanded: frozenset[str] = frozenset()
    twins: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unordered: frozenset[str] = frozenset()
    ranks: tuple[tuple[str, int], ...] = ()
    stated: frozenset[tuple[Fraction, str]] = frozenset()
    worded: frozenset[tuple[str, str]] = frozenset()
    asked: frozenset[str] = frozenset()
    asked_around: frozenset[str] = frozenset()
    absent: bool = False
