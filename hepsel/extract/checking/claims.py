"""What a criterion claims: the numbers, directions, quantities and words that its quotation has to have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from hepsel.extract.checking.makeup import Makeup
from hepsel.extract.checking.scope import About, Form
from hepsel.extract.checking.vocabulary import Sense
from hepsel.semantics.types import Dimension


@dataclass(frozen=True, slots=True)
class Word:
    """That something is said in words, such as `is_loose`, `type == combined` or opposite charges."""

    text: str
    relation: str | None = None
    negated: bool = False
    of: str = ""
    """The slot of a candidate that it is said of."""


@dataclass(frozen=True, slots=True)
class Term:
    """One side of a ratio or comparison: what it is about, which one of a list, and what is made of it."""

    about: About
    place: int | None
    made: frozenset[str]


@dataclass(frozen=True, slots=True)
class Branch:
    """One of the two cases of `if c then a else b`.

    Attributes
    ----------
    condition
        What `c` claims.
    holds
        Whether it is the case in which `c` holds.
    literal
        The number in `c` that is no value with a name; empty where there is none.
    """

    condition: tuple[Claim, ...]
    holds: bool
    literal: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """That a quantity is compared with a number.

    Attributes
    ----------
    about
        The quantity.
    sense
        How it is compared; `None` for a number that stands in a formula.
    value, dimension
        The number, in base units and without its sign.
    written
        The number as in the program.
    counted
        Whether a number of things is meant.
    nested
        Whether it says which items are counted, and nothing of the event.
    words
        What else has to be said where the number stands.
    expression
        The quantity as the program writes it.
    condition
        Whether it tells for what something else is demanded.
    form
        Whether the quantity is written as an absolute value, could be below zero, or never is.
    every
        Whether all of several have to fulfil it, or one is enough; `None` where it is about one thing.
    place
        Which one of a list is meant, from 1: 2 in `largest(jets.pt, 2)` and in `jets[1].pt`.
    measure
        What the number is a multiple of: the momentum in `ptcone30 < 0.15 * pt`.
    terms
        Of a ratio, what is divided and by what.
    makeup
        What is made of quantities before they are compared.
    constants
        The values with a name, such as `m_Z`, that stand in a formula: name, value and dimension.
    branch
        In which of two cases it holds, where it is a value of an `if`.
    """

    about: About
    sense: Sense | None
    value: Fraction
    dimension: Dimension
    written: str
    counted: bool = False
    nested: bool = False
    words: tuple[Word, ...] = ()
    place: int | None = None
    expression: str = ""
    condition: bool = False
    form: Form = "plain"
    every: bool | None = None
    measure: About = field(default_factory=About)
    terms: tuple[Term, ...] = ()
    makeup: Makeup = field(default_factory=Makeup)
    constants: tuple[tuple[str, Fraction, Dimension], ...] = ()
    branch: Branch | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """That two quantities are compared with one another, which words seldom confirm.

    Attributes
    ----------
    about, written
        What it is about, and the comparison as the program writes it.
    sides
        What is on the left of the sign, and on its right; nothing of what is no comparison of two values.
    sense
        How they are compared where the criterion holds.
    """

    about: About
    written: str
    sides: tuple[Term, ...] = ()
    sense: Sense | None = None


Claim = Word | Bound | Compared
Member = tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """What has to hold for an item or event to pass: one of the members, each of which is a list of claims."""

    members: tuple[Member, ...]

    @property
    def claims(self) -> Iterator[Claim]:
        """The claims of all members."""
        return (claim for member in self.members for claim in member)
