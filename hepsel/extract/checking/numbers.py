"""The numbers in a sentence or table row: value, unit, and what the words say of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from hepsel.extract.checking.masses import ENERGY, GEV, NamedMass, named_masses
from hepsel.extract.checking.vocabulary import Sense, vocabulary
from hepsel.semantics.types import PURE, Dimension
from hepsel.semantics.units import parse_unit
from hepsel.syntax.comparisons import OPPOSITE, SWAPPED

# A number, perhaps times a power of ten; `2.4.1` and what stands in a name are none.
_NUMBER = re.compile(
    r"(?<![\w.])(?P<digits>\d+(?:\.\d+)?|\.\d+)(?:\s*[\u00d7\u00b7\u22c5]\s*10\^\{?(?P<times>-?\d{1,3})\}?|\^\{?(?P<power>-?\d{1,3})\}?)?(?!\.\d)"
)
_LONGEST = 40  # digits of a number that a paper has
PI = Fraction(math.pi)
# `π/2`, `2π/3`, `0.5 π`, `< π`; not the meson.
_OF_PI = re.compile(
    r"(?<![\w.^{])(?:(?P<times>\d+(?:\.\d+)?)\s*[\u00d7\u00b7\u22c5]?\s*π(?![\w^_])(?:\s*/\s*(?P<by>\d+))?"
    r"|π\s*/\s*(?P<alone>\d+)|(?<=[<>=≤≥] )π(?![\w^_/]))"
)
_THOUSANDS = re.compile(r"(?<![\w.,] )(?<![\w.,])\d{1,3}(?: \d{3})+(?=\s*(?:\||$| events?\b))")  # `134 500` in a cell
_WORDS = "|".join(vocabulary().number_words)
_WORD = re.compile(
    rf"(?<![\w-])(?P<tens>(?:{_WORDS})(?<=ty)-)?(?P<word>{_WORDS})\b(?!-(?:sided|fold|loop))"
    r"(?!(?<=no) (?:more|less|fewer|greater|larger|smaller|higher|lower)\b)",
    re.IGNORECASE,
)
_UNITS = "|".join([*vocabulary().units, "TeV|GeV|MeV|keV|eV|cm|mm|um|m|ns|mrad|rad|deg|fb|pb|nb|ub|%"])
_UNIT_TEXT = rf"(?P<unit>{_UNITS})(?P<power>\^\{{?-?\d(?:/\d)?\}}?)?(?:/c(?:\^\{{?\d\}}?)?)?"
_UNIT = re.compile(rf"\s*{_UNIT_TEXT}(?![A-Za-z_])")
_ROOT = re.compile(rf"\s*√ ?\(?(?P<unit>{_UNITS})\)?(?![A-Za-z_^])")  # `3.5 √GeV`
_HEAD = re.compile(rf"(?:[\[(]|/ ?|, ?)\s*{_UNIT_TEXT}\s*(?:[\])]|$)")  # `H_T [GeV]`
# "a degree", "a per cent" and "a m" say something else more often than one of the unit.
_ONE_OF = "|".join(
    [*(word for word, unit in vocabulary().units.items() if unit not in ("%", "deg")), "TeV|GeV|MeV|cm|mm"]
)
_OF_A_UNIT = re.compile(rf"\s+of\s+an?\s+(?P<unit>{_ONE_OF})(?![\w-])", re.IGNORECASE)
_PARTS_OF_ONE = "|".join(vocabulary().fractions)
_FRACTION = re.compile(
    rf"(?<![\w-])(?:(?P<half>half\s+)?an?(?=\s+(?:{_ONE_OF})(?![\w-]))"
    rf"|(?P<several>{_WORDS})[ -](?P<parts>{_PARTS_OF_ONE})s\b"
    rf"|(?:one[ -]|an?\s+(?=\w+\s+of\b))(?P<part>{_PARTS_OF_ONE})\b"
    r"|(?<!first )(?<!second )(?<!other )(?<!upper )(?<!lower )(?P<bare>half)(?=\s+(?:of|the|its|their)\b))",
    re.IGNORECASE,
)
# `a third lepton`, of which there are three then; `no third lepton`, `without a third lepton`.
_PLACES = ("second", "third", "fourth", "fifth")
_ONE_MORE = re.compile(
    rf"(?<![\w-])(?:(?P<no>no|without\s+(?:an?|any))|an?|any)\s+(?P<place>{'|'.join(_PLACES)})(?=\s)", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"\s+(?!(?:of|with|from|in|for|and|or|set|pair)\b)(?P<word>[\w-]+)", re.IGNORECASE)
_UP, _DOWN = r"\^\{\+ ?[\d.]+\}", r"_\{- ?[\d.]+\}"
_ERRORS = re.compile(rf"(?:(?<=\d)|(?<=\d ))(?:{_UP} ?{_DOWN}|{_DOWN} ?{_UP})")  # `0.95^{+0.02}_{-0.03}`
# What numbers the parts of a paper, and citations; `[0, 2]` is a range where it is called so.
_PARTS = (
    r"Tables?|Figs?\.?|Figures?|Sections?|Sects?\.?|Refs?\.?|References?|Eqs?\.?|Equations?|Run|Chapters?|Appendix"
    r"|(?:Steps?|Cuts?)(?!\s*\(?\d*\.\d)"
)
_NOT_A_VALUE = re.compile(
    rf"\b(?:{_PARTS})\s*\(?(?:\d+\w?(?:\s*(?:,|and|-|to)\s*)?)+\)?"
    rf"|(?<!range )(?<!interval )(?<!window )(?<![∈∉] )(?<![∈∉])\[\d[\d\s,;-]*\](?!\s*(?:{_UNITS})(?![A-Za-z_]))",
    re.IGNORECASE,
)
# When data were taken: "in 2016 and 2018", "the 2017 data".
_YEAR = r"(?:20[0-3]\d)"
_ONE_YEAR = re.compile(_YEAR)
_YEARS = re.compile(
    rf"\b(?:in|during|for|since|until|from|of|years?|periods?|runs?)\s+(?:the\s+)?(?:years?\s+)?(?P<years>{_YEAR}"
    rf"(?:\s*(?:,|-|/|\+|,?\s*and|,?\s*or|to|through)\s*{_YEAR})*)(?!\d|\.\d|\s*(?:events?|{_UNITS})\b)"
    rf"|\b(?P<data>{_YEAR})(?=[\s-]+(?:data|dataset|running|period|run|collision|year)s?\b)",
    re.IGNORECASE,
)
# What a requirement was before: "is lowered from 200 to 100 GeV".
_OLD_VALUE = re.compile(
    r"\b(?:lowered|raised|reduced|increased|relaxed|tightened|changed)\s+from\s+(?P<old>\d+(?:\.\d+)?)(?=[^\d,;]{0,6}\sto\s)"
)
# What divides the numbers of a list.
_CONNECTOR = re.compile(r"\s*(?:,\s*and|,\s*or|,|and|or|/|\()?\s*", re.IGNORECASE)
_OPENED = re.compile(r"[(\[]\s*(?:-?[\d.]+\s*,\s*)?-?$")
_MINUS = re.compile(r"(?:^|[(\[<>=≤≥,|~≈:]|[^\s\d)\]}°%-]\s)-$")
_OR_ELSE = re.compile(r"\s*(?:,|,?\s*or\b)\s*", re.IGNORECASE)
_FOR_EACH = re.compile(  # 3 for muons and 5 for ..., 26 in 2016 and 2018, and 29 in 2017
    r"\s*(?:for|in)\s+(?:[^\W\d]|[ -]|20\d\d(?!\d)|, (?=20\d\d)){1,50}?,?\s+(?:and|or)\s+", re.IGNORECASE
)
_FOR_ONE = re.compile(r"\s*(?:for|in)\s+[\w -]{2,50},\s+", re.IGNORECASE)  # 0.2 in SR-A, 0.25 in SR-B
_FOR_NEXT = re.compile(r"\s+(?:for|in)\s")
_ASIDE_EACH = re.compile(  # 3 (muons) or 5 (electrons)
    r"\s*\([a-zA-Z -]{3,40}\)\s*(?:,|,?\s*(?:and|or))\s*", re.IGNORECASE
)
_THE_NEXT = re.compile(  # the first has to exceed 20 GeV, the second 10 GeV
    r"\s*(?:,|,?\s*and)\s+(?:(?:that of\s+)?the\s+(?:second|third|fourth|other|next|sub-?leading)"
    r"|that of the leading)\s+(?:[a-z]+\s+)?",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"\s*(?:or (?:more|fewer|less))?\s*\)")
_OF = re.compile(r"\bof\s+$")
_TO = re.compile(r"\s*(?:-|to|and)\s*", re.IGNORECASE)
_SIGN_BEFORE = re.compile(r"(?P<sign><=|>=|≤|≥|<|>|=|≈|~)\s*(?:(?:min|max)\s*\(\s*)?[-+]?\s*$")
EXTREME_OF = re.compile(r"\b(?P<which>min|max)\s*\(\s*$")  # before the first of `min(0.4, 0.04 + 10 GeV/p_T)`
_SIGN_BEHIND = re.compile(r"\s*(?P<sign><=|>=|≤|≥|<|>)")
_BETWEEN_SIGNS = re.compile(r"\s*(?:<=?|>=?|≤|≥)[^,;.<>≤≥]{1,40}(?:<=?|>=?|≤|≥)\s*[-+]?\s*")  # `50 < m_{12} < 106 GeV`
_BEHIND_BAR = re.compile(r"\|\s*(?:<=?|>=?|≤|≥)\s*")  # `|m_{jj} - 85| < 15 GeV`
_NEXT_INTERVAL = re.compile(r"\s*[\])]\s*(?:,|,?\s*(?:and|or))\s*(?:\[\s*|(?:>=?|≥)\s*)")  # [200, 300), [300, 450) GeV
_OPENED_BEFORE = re.compile(r"\[\s*-?[\d.]+\s*,\s*$")
_NEXT_BOUND = re.compile(r"\s*(?:,|,?\s*(?:and|or))\s*(?:<=?|>=?|≤|≥)\s*")  # 200-300, 300-400 and > 400 GeV
PLUS_MINUS = re.compile(r"(?:±|\+/-|\+-)\s*$")  # before a number
_IS_EITHER_SIGN = re.compile(  # a charge of ±1
    r"(?:\bbe|\bis|\bequals?|\bequal to|=|\bcharges?\s+of)\s*(?P<sign>(?:±|\+/-|\+-)\s*)$"
)
_ADDED = re.compile(r"\s*(?P<sign>[-+\u2212\u2013])\s*")  # between a mass and a number
_BESIDE = re.compile(r"\s+(?P<side>below|under|above)\s+", re.IGNORECASE)  # between a number and a mass
_SYMBOL_AND_SIGN = re.compile(r"(?P<symbol>\|[^|]{1,40}\||\S+)\s*(?:<=?|>=?|≤|≥)\s*[-+]?$")
_SENSES: dict[str, Sense] = {"<": "<", ">": ">", "≤": "<=", "≥": ">=", "<=": "<=", ">=": ">=", "=": "=="}


@dataclass(frozen=True, slots=True)
class TextNumber:
    """A number in a text.

    Attributes
    ----------
    value
        In base units; of a percentage, the fraction that it is.
    dimension
        Of its unit.
    start, end
        Where it stands, without its unit.
    stop
        Where its unit ends.
    sense
        What the signs or words say of the quantity; `None` where they say nothing.
    loose
        Whether the words leave open if the bound belongs to the range.
    word
        Whether it is a word, such as "two".
    reach
        Where the words or signs of the bound begin; the quantity is named before this.
    alternative
        Whether it stands in brackets behind a number whose alternative it is: `0.1 (0.2)`.
    factor
        Number of base units in its unit; `None` without one.
    outside
        Whether it is an end of a range outside of which something has to lie.
    negative
        Whether it has a minus sign; `value` is without it, and `sense` is that of the number without it.
    spread
        By how much it may be larger than `value`: of a mass that is named, as in `m_Z - 25 GeV`.
    """

    value: Fraction
    dimension: Dimension
    start: int
    end: int
    stop: int
    sense: Sense | None = None
    loose: bool = False
    word: bool = False
    reach: int = 0
    alternative: bool = False
    factor: Fraction | None = None
    outside: bool = False
    negative: bool = False
    spread: Fraction = Fraction(0)

    @property
    def counts(self) -> bool:
        """Whether it may be a number of things."""
        whole_number = self.dimension == PURE and self.value.denominator == 1 and self.factor is None
        return whole_number and not self.negative


def whole(sense: Sense | None, value: Fraction) -> tuple[Sense | None, Fraction]:
    """Return a bound of a whole number without `<` and `>`."""
    if sense == ">":
        return ">=", value + 1
    if sense == "<":
        return "<=", value - 1
    return sense, value


def is_none(sense: Sense | None, value: Fraction) -> bool:
    """Whether a bound of a number of things demands that there be none."""
    return whole(sense, value) in (("<=", Fraction(0)), ("==", Fraction(0)))


@lru_cache(8192)
def numbers_in(text: str, units: tuple[tuple[int, int, str], ...] = ()) -> tuple[TextNumber, ...]:
    """Return the numbers of a text, in order, without those in names, scripts, citations and labels.

    Parameters
    ----------
    text
        A sentence, or a row of a table.
    units
        Parts of it, and the unit that the numbers there have which have none.
    """
    found = [_with_unit(number, units) for number in _united(text, list(_bare(text)))]
    found = _with_masses(text, found)
    senses: list[TextNumber] = []
    for index, number in enumerate(found):
        before = senses[-1] if senses else None
        following = found[index + 1] if index + 1 < len(found) else None
        senses.append(number if number.sense is not None else _with_sense(text, number, before, following))
    for index in range(len(senses) - 1):
        first, second = senses[index : index + 2]
        if _is_in_brackets_behind(text, first, second):
            senses[index + 1] = second = replace(second, alternative=True)
        if _is_outside(text, first, second):
            senses[index : index + 2] = (_turned(first), _turned(second))
    return tuple(_without_minus(number) for number in senses)


def years_in(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the years in a part of a text in which data were taken."""
    for found in _YEARS.finditer(text, start, end):
        yield from _ONE_YEAR.finditer(text, *found.span(found.lastgroup or 0))


def choice_of(text: str, numbers: Sequence[TextNumber], number: TextNumber) -> tuple[TextNumber, ...]:
    """Return the numbers of "zero, one or two" of which one is meant, if they follow one another; nothing otherwise."""
    at = numbers.index(number)
    first = last = at
    while first > 0 and _is_next(text, numbers[first - 1], numbers[first]):
        first -= 1
    while last + 1 < len(numbers) and _is_next(text, numbers[last], numbers[last + 1]):
        last += 1
    run = tuple(numbers[first : last + 1])
    ends_in_or = len(run) > 1 and re.search(r"\bor\b", text[run[-2].stop : run[-1].start], re.IGNORECASE)
    return run if ends_in_or else ()


def _is_next(text: str, first: TextNumber, second: TextNumber) -> bool:
    plain = all(number.counts and number.sense in (None, "==") for number in (first, second))
    return plain and second.value == first.value + 1 and _OR_ELSE.fullmatch(text, first.stop, second.start) is not None


def _is_in_brackets_behind(text: str, first: TextNumber, second: TextNumber) -> bool:
    """Whether a number with a sign or words of its own is an alternative: `< 2.5 (< 2.4)`, "zero (one or more)"."""
    if second.sense is None or second.reach < first.stop or text[first.stop : second.reach].strip() != "(":
        return False
    return _CLOSED.match(text, second.stop) is not None


def _is_outside(text: str, first: TextNumber, second: TextNumber) -> bool:
    """Whether two numbers are the ends of a range that is not meant: "must not lie in the region 2.5 < |η| < 4.5"."""
    return _is_range(text, first, second) and bool(vocabulary().words["outside"].search(text[: first.start][-160:]))


def _is_range(text: str, first: TextNumber, second: TextNumber) -> bool:
    if first.sense not in (">", ">=") or second.sense not in ("<", "<="):
        return False
    return second.reach == first.reach or _BETWEEN_SIGNS.fullmatch(text[first.stop : second.start]) is not None


def ranges_in(text: str, numbers: Sequence[TextNumber]) -> tuple[tuple[TextNumber, TextNumber], ...]:
    """Return the numbers of a text that are the ends of one range: `50 < m < 106 GeV`, "between 50 and 106 GeV"."""
    plain = [number for number in numbers if not number.alternative]
    return tuple(pair for pair in pairwise(plain) if _is_range(text, *pair))


def _without_minus(number: TextNumber) -> TextNumber:
    """Return `x > -2` as what it says of 2: that `-x` is below it."""
    if not number.negative or number.sense is None:
        return number
    return replace(number, sense=SWAPPED[number.sense])


def _turned(number: TextNumber) -> TextNumber:
    assert number.sense is not None
    return replace(number, sense=OPPOSITE[number.sense], outside=True)


def _hidden(text: str) -> list[bool]:
    """Return for each character whether it stands in a script, citation or label; the errors of a number do not."""
    hidden = [False] * len(text)
    place = 0
    while place < len(text):
        if (errors := _ERRORS.match(text, place)) is not None:
            place = errors.end()
        elif text[place] in "_^":
            end = _script_end(text, place + 1)
            if not re.search(r"(?<!\d)10$", text[max(0, place - 4) : place]):
                hidden[place:end] = [True] * (end - place)
            place = max(end, place + 1)
        else:
            place += 1
    for label in _NOT_A_VALUE.finditer(text):
        hidden[label.start() : label.end()] = [True] * (label.end() - label.start())
    for old in _OLD_VALUE.finditer(text):
        start, end = old.span("old")
        hidden[start:end] = [True] * (end - start)
    for found in _YEARS.finditer(text):
        start, end = found.span(found.lastgroup or 0)
        hidden[start:end] = [True] * (end - start)
    return hidden


def _script_end(text: str, start: int) -> int:
    if start >= len(text) or text[start] != "{":
        return min(start + 1, len(text))
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return place + 1
    return len(text)


def _bare(text: str) -> Iterator[TextNumber]:
    hidden = _hidden(text)
    found: list[TextNumber] = []
    for match in _OF_PI.finditer(text):
        if not hidden[match.start()]:
            value = Fraction(match["times"] or 1) * PI / Fraction(match["by"] or match["alone"] or 1)
            found.append(TextNumber(value, PURE, *match.span(), match.end()))
            hidden[match.start() : match.end()] = [True] * (match.end() - match.start())
    for match in _THOUSANDS.finditer(text):
        found.append(TextNumber(Fraction(match[0].replace(" ", "")), PURE, *match.span(), match.end()))
        hidden[match.start() : match.end()] = [True] * (match.end() - match.start())
    for match in _NUMBER.finditer(text):
        if hidden[match.start()] or len(match["digits"]) > _LONGEST:
            continue
        digits, end = match["digits"], match.end()
        if match["power"] and digits != "10":
            end = match.end("digits")  # a footnote's mark, or a power of a quantity
        value = Fraction(digits)
        if match["times"]:
            value *= Fraction(10) ** int(match["times"])
        elif match["power"] and digits == "10":
            value = Fraction(10) ** int(match["power"])
        # `7 (5) GeV`, `[60, 120] GeV`
        bracketed = text[end : end + 1] in (")", "]") and _OPENED.search(text[: match.start()]) is not None
        unit = _UNIT.match(text, end + bracketed)
        if unit is None and end < len(text) and text[end].isascii() and text[end].isalpha():
            continue  # 13th, 2D
        stop, dimension, factor = end, PURE, None
        if unit is not None:
            stop = unit.end()
            factor, dimension = _factor(unit["unit"], unit["power"])
            value *= factor
        elif (root := _ROOT.match(text, end)) is not None and root["unit"] != "%":
            stop = root.end()
            factor, dimension = _factor(root["unit"], "^{1/2}")
            value *= factor
        negative = _MINUS.search(text, max(0, match.start() - 3), match.start()) is not None
        start = match.start("digits") - negative
        found.append(TextNumber(value, dimension, start, end, stop, factor=factor, negative=negative))
    for match in _FRACTION.finditer(text):
        if not hidden[match.start()]:
            found.append(_of_a_unit(text, _of_one(text, match)))
            hidden[match.start() : found[-1].end] = [True] * (found[-1].end - match.start())
    for match in _ONE_MORE.finditer(text):
        if not hidden[match.start()] and _names_an_object(text, match.end()):
            value = Fraction(_PLACES.index(match["place"].lower()) + 2)
            sense: Sense = "<" if match["no"] else ">="
            found.append(TextNumber(value, PURE, *match.span(), match.end(), sense, word=True, reach=match.start()))
            hidden[match.start() : match.end()] = [True] * (match.end() - match.start())
    words = vocabulary().words
    for match in _WORD.finditer(text):
        part = words["one_of"].match(text, match.start()) and not words["in_all"].search(text[: match.start()])
        if not hidden[match.start()] and not part:
            number = _in_letters(text, match)
            least = words["one_of_which"].match(text, match.start()) is not None
            found.append(replace(number, sense=">=", reach=number.start) if least else number)
    yield from sorted(found, key=lambda number: number.start)


def _names_an_object(text: str, place: int) -> bool:
    """Whether the next words are an object, perhaps behind up to two attributes."""
    for _ in range(3):
        following = _ATTRIBUTE.match(text, place)
        if following is None:
            return False
        if any(term.words.match(text, following.start("word")) for term in vocabulary().objects.values()):
            return True
        place = following.end()
    return False


def _in_letters(text: str, match: re.Match[str]) -> TextNumber:
    """Return a number that is written as a word: `two`, `twenty-five GeV`."""
    words = vocabulary().number_words
    value = Fraction(words[match["word"].lower()] + (words[match["tens"][:-1].lower()] if match["tens"] else 0))
    return _word(text, match, value)


def _of_one(text: str, match: re.Match[str]) -> TextNumber:
    """Return one or parts of it, in words: `a millimetre`, `half a TeV`, `one tenth`, `a quarter of`, `two thirds`."""
    said = vocabulary()
    if part := match["part"] or match["parts"]:
        several = said.number_words[match["several"].lower()] if match["parts"] else 1
        return _word(text, match, Fraction(several, said.fractions[part.lower()]))
    return _word(text, match, Fraction(1, 2 if match["half"] or match["bare"] else 1))


def _of_a_unit(text: str, number: TextNumber) -> TextNumber:
    """Return a part of one with the unit of which it is one: "one fifth of a millimetre"."""
    unit = _OF_A_UNIT.match(text, number.stop) if number.factor is None else None
    if unit is None:
        return number
    factor, dimension = _factor(unit["unit"], None)
    return replace(
        number, value=number.value * factor, dimension=dimension, end=unit.end(), stop=unit.end(), factor=factor
    )


def _word(text: str, match: re.Match[str], value: Fraction) -> TextNumber:
    unit = _UNIT.match(text, match.end())
    if unit is None or unit["unit"] == "m":  # "two m" begins the name of a mass more often than it is a length
        return TextNumber(value, PURE, match.start(), match.end(), match.end(), word=True)
    factor, dimension = _factor(unit["unit"], unit["power"])
    return TextNumber(
        value * factor, dimension, match.start(), match.end(), unit.end(), word=True, factor=factor
    )  # fmt: skip


def unit_of_head(text: str) -> str | None:
    """Return the unit that the head of a column gives to its numbers: GeV of `H_T [GeV]`."""
    found = _HEAD.search(text)
    return None if found is None else found["unit"] + (found["power"] or "")


def _with_unit(number: TextNumber, units: tuple[tuple[int, int, str], ...]) -> TextNumber:
    if number.factor is not None or number.word:
        return number
    for start, end, name in units:
        if start <= number.start < end:
            unit = _UNIT.match(name)
            assert unit is not None, name
            factor, dimension = _factor(unit["unit"], unit["power"])
            return replace(number, value=number.value * factor, dimension=dimension, factor=factor)
    return number


def _with_masses(text: str, found: list[TextNumber]) -> list[TextNumber]:
    """Return the numbers with those that are given by a mass: `m_Z - 25 GeV`, "below the top quark mass"."""
    made: list[TextNumber] = []
    for mass in named_masses(text):
        at = next((i for i, number in enumerate(found) if number.start > mass.start), len(found))
        if at < len(found) and (number := _added_to(text, mass, found[at])) is not None:
            found[at] = number
            continue
        before = found[at - 1] if at else None
        if before is not None and (ends := _away_from(text, mass, before, found[at - 2] if at > 1 else None)):
            found[at - 1] = ends[0]
            made += ends[1:]
        elif (bound := _bounded_by(text, mass, before)) is not None:
            made.append(bound)
    return sorted([*found, *made], key=lambda number: number.start)


def _added_to(text: str, mass: NamedMass, number: TextNumber) -> TextNumber | None:
    """Return the sum of a mass and a number behind it; not of `|m_Z - 91 GeV|`, where a candidate has the symbol."""
    sign = _ADDED.fullmatch(text, mass.end, number.start + number.negative)
    if sign is None or number.dimension != ENERGY or text[number.stop : number.stop + 2].lstrip()[:1] == "|":
        return None
    value = mass.low + number.value if sign["sign"] == "+" else mass.low - number.value
    if value < mass.low / 10:
        return None  # the difference from its value
    spread = mass.high - mass.low
    return replace(number, value=value, start=mass.start, reach=mass.start, negative=False, spread=spread)


def _away_from(text: str, mass: NamedMass, number: TextNumber, before: TextNumber | None) -> tuple[TextNumber, ...]:
    """Return the bounds that "within 25 GeV below the Z boson mass" says; nothing where it is not said so."""
    side = _BESIDE.fullmatch(text, number.stop, mass.start)
    said = _in_words(text, number.start, before)
    if side is None or said is None or number.dimension != ENERGY or said[1] not in SWAPPED:
        return ()
    reach, sense, loose = said
    below = side["side"].lower() != "above"
    value = mass.low - number.value if below else mass.low + number.value
    spread = mass.high - mass.low
    away = replace(
        number, value=value, sense=SWAPPED[sense] if below else sense, loose=loose, reach=reach, spread=spread
    )
    if sense[0] != "<":
        return (away,)
    toward: Sense = "<" if below else ">"
    return away, replace(_of_mass(mass), sense=toward, loose=True, reach=side.start("side"))


def _of_mass(mass: NamedMass) -> TextNumber:
    """Return a mass as the number that it stands for."""
    return TextNumber(
        mass.low, ENERGY, mass.start, mass.end, mass.end, reach=mass.start, factor=GEV, spread=mass.high - mass.low
    )


def _bounded_by(text: str, mass: NamedMass, before: TextNumber | None) -> TextNumber | None:
    """Return a mass that is itself a bound: `> m_Z`, "must not exceed the top quark mass"."""
    if not mass.alone:
        return None
    number = _of_mass(mass)
    left = text[max(0, mass.start - 8) : mass.start]
    sign = _SIGN_BEFORE.search(left)
    if sign is not None and sign["sign"] in _SENSES and sign["sign"] != "=":
        return replace(number, sense=_SENSES[sign["sign"]], reach=mass.start - len(left) + sign.start())
    start = before.stop if before is not None else 0
    for direction in vocabulary().directions:
        if direction.sense != "==" and (
            words := direction.direct.search(text, max(start, mass.start - 40), mass.start)
        ):
            turned = vocabulary().words["negated"].search(text[: words.start()][-60:])
            sense = OPPOSITE[direction.sense] if turned else direction.sense
            return replace(number, sense=sense, loose=direction.loose, reach=words.start())
    return None


def _factor(name: str, power: str | None) -> tuple[Fraction, Dimension]:
    name = next((unit for word, unit in vocabulary().units.items() if re.fullmatch(word, name)), name)
    if name == "%":
        return Fraction(1, 100), PURE
    exponent = (power or "").strip("^{}")
    raised = f"^({exponent})" if "/" in exponent else f"^{exponent}" if exponent else ""
    written = name + raised
    unit = parse_unit(written)
    assert unit is not None, written
    return Fraction(unit.factor), unit.dimension


def _united(text: str, found: list[TextNumber]) -> list[TextNumber]:
    """Give the numbers of a list or range the unit that stands behind the last: `20, 15 and 10 GeV`."""
    for index in range(len(found) - 2, -1, -1):
        number, following = found[index], found[index + 1]
        bare = number.factor is None and not number.word
        # Not of `|y| < 2.4 and 20 < p_T < 100 GeV`, where the second begins a range of its own.
        begins = _SIGN_BEHIND.match(text, following.stop) and _SIGN_BEFORE.search(text[: number.start][-8:])
        bare = bare and not (begins and _SIGN_BEHIND.match(text, number.stop) is None)
        bare = bare and not _is_of_pure(text, number)
        between = text[number.end : following.start]
        joined = _joins(between)
        joined = joined or bool(_NEXT_INTERVAL.fullmatch(between) and _OPENED_BEFORE.search(text[: number.start]))
        if bare and following.factor is not None and joined:
            found[index] = replace(
                number,
                value=number.value * following.factor,
                dimension=following.dimension,
                factor=following.factor,
            )
    return found


def _is_of_pure(text: str, number: TextNumber) -> bool:
    """Whether a number stands behind the symbol and sign of what has no unit: `|η| < 2.4, and larger than 40 GeV`."""
    symbol = _SYMBOL_AND_SIGN.search(text, max(0, number.start - 40), number.start)
    if symbol is None:
        return False
    terms = vocabulary().quantities.values()
    return any(term.pure and term.words.search(symbol["symbol"]) for term in terms)


def _joins(between: str) -> bool:
    """Whether what stands between two numbers lets them share a unit."""
    if _CONNECTOR.fullmatch(between) or _TO.fullmatch(between) or re.fullmatch(r"\s*(?:±|\+/-|\+-)\s*", between):
        return True
    if re.fullmatch(r",?\s*(?:and|but|or)\s+(?:[a-z]+\s+){1,3}", between):  # greater than 12 and less than 20 GeV
        # Not of `|η| < 2.0 and a mass above 50 GeV`, where the second number is one of something else.
        terms = vocabulary().quantities.values()
        return next(_found(between), None) is not None and not any(term.words.search(between) for term in terms)
    return any(pattern.fullmatch(between) for pattern in (_BETWEEN_SIGNS, _BEHIND_BAR, _NEXT_BOUND))


def _with_sense(text: str, number: TextNumber, before: TextNumber | None, following: TextNumber | None) -> TextNumber:
    left = text[: number.start]
    reach = number.start
    sign = _SIGN_BEFORE.search(left[-8:])
    if sign is not None and sign["sign"] in _SENSES:
        reach = number.start - (len(left[-8:]) - sign.start())
        symbol = re.search(r"\S{1,12}\s*$", text[:reach]) if sign["sign"] == "=" else None
        said = _in_words(text, symbol.start(), before) if symbol is not None else None
        if said is not None:  # within a cone of ΔR = 0.5
            return replace(number, sense=said[1], loose=True, reach=said[0])
        return replace(number, sense=_SENSES[sign["sign"]], reach=reach)
    if is_either := _IS_EITHER_SIGN.search(left[-20:]):
        return replace(number, sense="==", reach=reach - len(is_either["sign"]))
    if plus_minus := PLUS_MINUS.search(left[-6:]):
        return replace(number, sense="<", loose=True, reach=number.start - (len(left[-6:]) - plus_minus.start()))
    behind = text[number.stop :]
    for direction in vocabulary().directions_behind:
        if direction.words.match(behind):
            return replace(number, sense=direction.sense, loose=direction.loose, reach=reach)
    sign_behind = _SIGN_BEHIND.match(behind)
    if sign_behind is not None:
        return replace(number, sense=SWAPPED[_SENSES[sign_behind["sign"]]], reach=reach)
    between = text[before.stop : number.start] if before else ""
    counted = between.strip() == "to" and before is not None and _counts_objects(text, before, number)
    if before is not None and _TO.fullmatch(between) and (_opens_range(text, before, between) or counted):
        return replace(number, sense="<", loose=True, reach=before.reach)
    if (said := _in_words(text, number.start, before)) is not None:
        return replace(number, sense=said[1], loose=said[2], reach=said[0])
    if number.factor is None and "." in text[number.start : number.end]:
        first = max(before.stop if before is not None else 0, number.start - 50)
        if (score := vocabulary().words["working_point"].search(text, first, number.start)) is not None:
            return replace(number, sense=">", loose=True, reach=score.start())
    if following is not None and number.word == following.word:
        gap = text[number.stop : following.start]
        # "at a distance of 4 to 300 mm"
        to = gap.strip() == "to" and following.factor is not None and _OF.search(left) is not None
        to = to or (gap.strip() == "to" and _counts_objects(text, number, following))
        dash = re.fullmatch(r"\s*-\s*", gap) is not None or to
        before_range = vocabulary().words["between" if number.word else "range"]
        if _TO.fullmatch(gap) and (dash or before_range.search(left[-40:])):
            return replace(number, sense=">", loose=True, reach=reach)
        closed = any(re.match(r"\s*[\])]", text[end:]) for end in (following.end, following.stop))
        if re.fullmatch(r"\s*,\s*", gap) and re.search(r"[\[(]\s*$", left) and closed:
            return replace(number, sense=">", loose=True, reach=reach)
    bracket = before is not None and re.search(r"[\[(]\s*$", text[: before.start]) is not None
    if before is not None and bracket and re.fullmatch(r"\s*,\s*", between) and before.sense == ">" and before.loose:
        return replace(number, sense="<", loose=True, reach=before.reach)
    listed = any(pattern.fullmatch(between) for pattern in (_CONNECTOR, _FOR_EACH, _ASIDE_EACH, _THE_NEXT))
    listed = listed or bool(_FOR_ONE.fullmatch(between) and _FOR_NEXT.match(text, number.stop))
    # not `> 20 GeV, one or`, nor `< 2.5, one or`
    same_kind = before is not None and (before.factor is None or number.factor is not None)
    same_kind = same_kind and before is not None and before.word == number.word
    listed = listed and not (before is not None and EXTREME_OF.search(text[: before.start][-8:]))
    if before is not None and before.sense is not None and listed and same_kind:
        other = between.strip().endswith("(")
        return replace(number, sense=before.sense, loose=before.loose, reach=before.reach, alternative=other)
    return replace(number, reach=reach, alternative=bool(before) and between.strip() == "(")


def _in_words(text: str, end: int, before: TextNumber | None) -> tuple[int, Sense, bool] | None:
    """Return what the words before a place say of the number behind it, and where they begin."""
    start = before.end if before is not None else 0
    window = text[max(start, end - 80) : end]
    found = max(_found(window), default=None, key=lambda item: item[0])
    if found is None:
        return None
    place, sense, loose = found
    reach = end - len(window) + place
    turned = vocabulary().words["negated"].search(text[:reach][-60:])
    if turned is not None and turned[0].startswith("nor") and vocabulary().words["none_may"].search(text, 0, reach):
        turned = None  # "neither jet may have a fraction above 0.9, nor one below 0.1" is turned as a whole
    return reach, OPPOSITE[sense] if turned else sense, loose


def _counts_objects(text: str, first: TextNumber, second: TextNumber) -> bool:
    """Whether two numbers are ones of objects: "three to five jets"."""
    return first.counts and second.counts and _names_an_object(text, second.end)


def _opens_range(text: str, number: TextNumber, between: str) -> bool:
    """Whether a number that was read as a lower bound is the first of a range, such as `between 5 and 7`."""
    if number.sense != ">" or not number.loose:
        return False
    if between.strip() == "to" and _OF.search(text[: number.start]):
        return True
    return between.strip() == "-" or bool(vocabulary().words["range"].search(text[: number.start][-40:]))


def _found(window: str) -> Iterator[tuple[int, Sense, bool]]:
    for direction in vocabulary().directions:
        match = direction.words.search(window)
        if match is not None:
            yield match.start(), direction.sense, direction.loose
