"""Spellings of other languages, and of other ways to write the same: what hepsel has for each of them."""

from __future__ import annotations

from hepsel.syntax.spellings.blocks import BLOCKS
from hepsel.syntax.spellings.calls import CALLS
from hepsel.syntax.spellings.filling import FILLING
from hepsel.syntax.spellings.lists import LISTS
from hepsel.syntax.spellings.numbers import NUMBERS
from hepsel.syntax.spellings.operators import OPERATORS
from hepsel.syntax.spellings.ranges import RANGES
from hepsel.syntax.spellings.signs import SIGNS
from hepsel.syntax.spellings.words import WORDS

SPELLINGS = (
    *CALLS,
    *NUMBERS,
    *BLOCKS,
    *FILLING,
    *RANGES,
    *LISTS,
    *OPERATORS,
    *WORDS,
    *SIGNS,
)
"""Of those that are found at the same place, the first one counts."""
