"""Whether a number of a text is the value of a bound, on the same side."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from hepsel.extract.checking.claims import Bound
from hepsel.extract.checking.masses import ENERGY, GEV
from hepsel.extract.checking.numbers import TextNumber, whole
from hepsel.extract.checking.vocabulary import Sense, vocabulary
from hepsel.semantics.types import PURE, Dimension
from hepsel.syntax.comparisons import OPPOSITE


def same_value(bound: Bound, number: TextNumber) -> bool:
    """Whether a number is that of a bound; of a number of things, whether it says the same."""
    if bound.dimension != number.dimension and bound.value != 0:
        return False
    if bound.counted and bound.sense is not None and number.sense is not None and number.dimension == PURE:
        wanted = _count(bound.sense, bound.value)
        said = _count(number.sense, number.value), _count(OPPOSITE[number.sense], number.value)
        return number.value == bound.value or wanted in said
    return number.value <= bound.value <= number.value + number.spread


def is_named_mass(value: Fraction, dimension: Dimension, text: str, numbers: Iterable[TextNumber]) -> bool:
    """Whether a value is the mass of a particle that a text names without giving it."""
    if dimension != ENERGY:
        return False
    if any(n.dimension == dimension and not n.spread and abs(n.value - value) < value / 20 for n in numbers):
        return False  # the text has a value of its own
    in_gev = value / GEV
    return any(mass.low <= in_gev <= mass.high and mass.words.search(text) for mass in vocabulary().masses)


def same_sense(bound: Bound, said: Sense, number: TextNumber) -> bool:
    """Whether a text bounds a number on the side that a bound does, and includes it as that does."""
    assert bound.sense is not None
    if bound.counted:
        # "between one and three" leaves open if one and three are meant
        senses: list[Sense] = [said, ">=" if said == ">" else "<="] if number.loose and said in ("<", ">") else [said]
        return any(_count(bound.sense, bound.value) == _count(sense, number.value) for sense in senses)
    if said == bound.sense:
        return True
    return number.loose and said in ("<", ">", "<=", ">=") and said[0] == bound.sense[0]


def _count(sense: Sense, value: Fraction) -> tuple[Sense | None, Fraction]:
    """Return a bound of a number of things without `<` and `>`; none is at most none."""
    bound = whole(sense, value)
    return ("<=", value) if bound == ("==", Fraction(0)) else bound
