"""What the words around a number say: which object and quantity it belongs to, under which conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, pairwise

from hepsel.extract.checking.clauses import Mention, clause_at, mentions, quantities, singly
from hepsel.extract.checking.kinds import covered_by
from hepsel.extract.checking.numbers import PLUS_MINUS, TextNumber, choice_of, ranges_in, years_in
from hepsel.extract.checking.passages import Library, Part, Passage
from hepsel.extract.checking.vocabulary import Sense, vocabulary
from hepsel.syntax.comparisons import OPPOSITE

_BOTH = re.compile(r"\s*\)?\s*(?:for|if|when|in)\b[^<>≤≥=]*?(\s(?:and|or|but)\s|,\s)", re.IGNORECASE)
_OTHER = r"(?P<other>(?:\(\s*[\d.]+\s*(?:[a-zA-Z]+V(?:/c)?|%)?\s*\)\s*)?)"  # `< 5 (3) for electrons`
_FOR = re.compile(
    rf"^\s*\)?\s*{_OTHER}(?:of (?:the|its|their) (?:\w+ )?(?:[pE]_\{{?T\}}?|transverse momentum),? )?"
    r"(?:(?:for|of|in the case of|(?:if|when) (?:it|they|this|these) (?:is|are))\s+"
    r"(?:(?:all|the|each|any|an?)\s+)?(?:[\w-]+\s+){0,2}?|\((?=[a-zA-Z -]{3,40}\)))",
    re.IGNORECASE,
)
_VERB = re.compile(r",\s+(?:must|should|shall|has to|have to|is|are)\s")
_UNDER = re.compile(
    r"\s*(?:(?:is|are)\s+(?:required|applied|imposed|demanded)\s+)?(?:for|if|when|in|at|where)\b[^,;<>≤≥]*$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\([^()\d]{2,40}\)")
_BRACKETED_WORDS = re.compile(r"\b[\w-]+\s*\(([^()\d]{2,40})\)")
_BRACKETED_NUMBER = re.compile(  # `7 (5) GeV`, `< 2.5 (< 2.4)`, "zero (one or more)"
    r"(?<=[\d%VmReo])\s*\(\s*(?:[<>≤≥=]=?\s*)?(?:\d[\d.]*|(?:zero|one|two|three|four)(?= or |\)))"
    r"(?:\s+or\s+(?:more|fewer))?\s*(?:[a-zA-Z]+V(?:/c)?)?\s*\)"
)
_PLACE = re.compile("(?<![a-z])(?:[\u2113ljeμ\u03b3]|lep|jet)_?\\{?(\\d)\\}?")
_PLACES_OF = re.compile("(?<![a-z])(?:[\u2113ljeμ\u03b3]|lep|jet)_?\\{1(?: ?, ?2)*(?: ?[,-] ?(\\d))\\}")
_TERM = re.compile(r"\s*[·\u00d7*]?\s*[mpEHS]_\S+\s*(?:[-+<>≤≥=]|$)")  # behind a factor
# What a symbol stands for: `m_T = √(2 p_T E_T^{miss} (1 - cos Δφ)), must be`.
_WRITTEN_OUT = re.compile(r"(?<= )= ?√ ?\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)(?=\s*(?:,|must|has|is|should|are|\)))")
_TWO_KINDS = re.compile(r"(?P<one>\b[a-z]+) and (?:the )?(?P<other>[a-z]+) (?P<what>[a-z]+ ?[a-z]*)")
_N_OF = re.compile(r"\b[Nn]_\S+\s*(?:[<>=≤≥]=?\s*)?$")
_NUMBER_OF = re.compile(r"(?-i:\b[Nn]_)|\bnumber of\b|\bmultiplicity\b|#", re.IGNORECASE)
_AIMED_AT = re.compile(r"(?:In order )?to\s[^,;<>≤≥]*,", re.IGNORECASE)
_CONE = re.compile(r"\bcones?\b(?:[^|<>]{0,25}|[^|<>,;]{0,60})$", re.IGNORECASE)
_MULTIPLE = re.compile(r"\s*[·\u00d7*]?\s*[mpEHS]_(?:\{[^{}]*\}|\w)(?!\w*\s*[<>=≤≥^_])")
_OF_ANOTHER = re.compile(r"\s*[·\u00d7*]?\s*[mpEHS]_\S+")  # behind a factor
_CONE_OF = re.compile(
    r"\bcone (?:of|with) "
    r"(?:[^|<>,;\d]{0,30}(?:Δ ?R|\bR) ?= ?|(?:an? )?(?:opening )?(?:radius|size|half-angle)(?: of)? )$"
)
_AROUND = re.compile(r"\bwithin\s+(?:a distance of\s+)?Δ ?R\s*[<=≤]\s*$")
_BEHIND = re.compile(
    r"\s*(?:[a-zA-Z]+V(?:/c)?)?\s*(?:\(\s*[\d.]+\s*(?:[a-zA-Z]+V(?:/c)?)?\s*\))?\s*(?:[a-zA-Z]+V)?(?:/c)?\s*\)?\s*"
    r"(?:(?:is|are|being)\s+(?:applied|required|imposed|used|set|demanded)\s+)?(?:for|in|of|on|to)\s+(?:the\s+)?"
)
_ASIDE = re.compile(r"\([^()]*\d[^()]*\b(?:if|for|when|in)\b[^()]*\)")  # (15 GeV if calo-tagged)
_ASIDE_WHICH = re.compile(r"[^\d()<>≤≥,;]{0,20}\((?:the )?([\w-]{5,12})\)")
_INTRODUCTION = re.compile(r"(?:For|If|When|After|Among|In)\b[^,]{0,200},\s")
_ARGUMENTS = re.compile(r"Δ ?[Rφη] ?\([^()]{0,60}\)")  # `ΔR(jet, e)`
_BARS = re.compile(r"\|(?! )[^|]{1,40}(?<! )\||\babs\(")
_BAR = re.compile(r"[^\s|]\|\s*$")  # behind `|m - 91 GeV|`
_SUM = re.compile(r"\S \+ [^\s\d]\S*\s*(?:$|(?:must|has to|have to|is|are|should)\b)")
_SIGN = re.compile(r"\s*(?:<=?|>=?|≤|≥)")
_WITH_BOUND = re.compile(r"\s*\(\s*(?:for\s+)?[^\s()<>≤≥;]{1,12}\s*(?:[<>≤≥]=?\s*)?")  # `p_T > 30 GeV (|η| < 2.5)`
_REGION = re.compile(r"\b[\w-]*[SCV]R[\w-]*\b")
# Between a subject and its verb.
_INSERTED = re.compile(r",(?P<what>\s[^,;]*\d[^,;]*),(?=\s+(?:must|has to|have to|is required|are required|should)\b)")
_IN_ROW = re.compile(r"\s*(?:[a-zA-Z]+V(?:/c)?)?\s*(?:,\s*and|,\s*or|,|and|or|/)\s*", re.IGNORECASE)
_BACK = 2  # sentences before one with "they"


_WHOLES = frozenset(["pair", "triplet", "quadruplet"])


@dataclass(frozen=True)
class Site:
    """A quoted part of a passage, in its surroundings."""

    library: Library
    part: Part

    @property
    def passage(self) -> Passage:
        """The passage."""
        return self.library.passages[self.part.index]

    def whole_row(self) -> Site:
        """Return the row that a cell is of; what is no row stays as it is."""
        if not self.passage.is_row:
            return self
        return Site(self.library, self.library.whole(self.part.index))

    @property
    def numbers(self) -> tuple[TextNumber, ...]:
        """The numbers that were quoted."""
        return tuple(n for n in self.passage.numbers if self.part.start <= n.start < self.part.end)

    def reading(self, number: TextNumber | None) -> str:
        """Return the text as it reads for a number: of `> 7 (5) GeV for electrons (muons)` one of the two.

        What stands there without an alternative, such as `|η| < 2.4` behind it, is for both.
        """
        text = _WRITTEN_OUT.sub(lambda found: " " * len(found[0]), self.passage.text)
        if number is not None and "respectively" in text and (row := self.in_one_go(number)):
            text = _one_in_turn(text, row[0].reach, row.index(number), len(row))
        if not _BRACKETED_NUMBER.search(text):
            return text
        if number is not None and number.alternative:
            return _BRACKETED_WORDS.sub(_second, text)
        bracketed = list(_BRACKETED.finditer(text))
        if not self._has_alternative(number) and (not bracketed or any(mentions(found[0]) for found in bracketed)):
            return text
        return _BRACKETED.sub(lambda found: " " * len(found[0]), text)

    def _has_alternative(self, number: TextNumber | None) -> bool:
        """Whether another number follows in brackets, for another object."""
        if number is None:
            return False
        following = (other for other in self.passage.numbers if other.start >= number.end)
        nearest = next(following, None)
        return nearest is not None and nearest.alternative

    def said(self, number: TextNumber) -> str:
        """Return a number with the sign or words of its bound, and the "not" before these."""
        text = self.passage.text
        behind = _SIGN.match(text[number.stop :])
        end = number.stop + (behind.end() if behind is not None and number.reach == number.start else 0)
        first = max(0, number.reach - 60)
        turned = vocabulary().words["negated"].search(text[first : number.reach]) if self.is_in_words(number) else None
        return text[number.reach if turned is None else first + turned.start() : end].strip()

    def is_own_cell(self, words: str) -> bool:
        """Whether words fill a cell of a row, behind its first, so that they are one of the things it demands."""
        row = self.passage.is_row
        return row and any(self.passage.text[slice(*cell)].strip() == words for cell in self.passage.cells[1:])

    def cones(self) -> tuple[TextNumber, ...]:
        """Return the sizes of cones that the sentence or row gives, as in `ΔR = 0.2`."""
        text = self.passage.text
        found = [n for n in self.passage.numbers if n.factor is None and not n.word]
        around = tuple(n for n in found if _AROUND.search(text[: n.start]) or _CONE_OF.search(text[: n.start]))
        found = [n for n in found if n.sense in (None, "==")]
        return around + tuple(n for n in found if re.search(r"(?:Δ ?R|\bR|\bcone)\W[^|<>]{0,25}$", text[: n.start]))

    def part_of_candidate(self, number: TextNumber) -> str | None:
        """Return the words for one of two pairs, such as "the other pair", where a number is for that one."""
        text = self.reading(number)
        found = list(vocabulary().words["part_of_candidate"].finditer(text, 0, number.reach))
        if not found:
            return None
        named = [one for one in mentions(text) if found[-1].end() <= one.start and one.end <= number.reach]
        return None if any("pair" in one.kinds or one.kinds - {"met"} for one in named) else found[-1][0]

    def cones_of_paper(self) -> tuple[TextNumber, ...]:
        """Return the sizes of the cones of isolations that the paper gives anywhere."""
        if self.library.cones is None:
            isolation = vocabulary().words["isolation_in_a_cone"]
            found = (
                Site(self.library, self.library.whole(index)).cones()
                for index, passage in enumerate(self.library.passages)
                if isolation.search(passage.text)
            )
            self.library.cones = tuple(number for numbers in found for number in numbers)
        return self.library.cones

    def conditions(self, number: TextNumber) -> tuple[TextNumber, ...]:
        """Return the bounds under which that of a number holds: "jets with |η| > 2.5 must have p_T > 50 GeV"."""
        text = self.passage.text
        start, end = self.clause(number)
        # The size of a cone tells how an isolation is computed.
        kinds = (vocabulary().quantities[kind] for kind in ("isolation", "track_isolation", "calorimeter_isolation"))
        isolation = any(kind.words.search(text) for kind in kinds)
        others = [
            n
            for n in self.passage.numbers
            if n.sense is not None
            and n.start != number.start
            and not (_CONE.search(text[: n.start]) or (isolation and _AROUND.search(text[: n.start])))
            and not (isolation and "dr" in quantities(text[n.reach : n.start]) and "cone" in text[: n.reach])
            and not (n.word and n.value == 1)  # "at least one lepton must have"
        ]
        words = vocabulary().words
        demand = words["demands"].search(text, start, number.start)
        if (where := words["where"].search(text, 0, start)) is not None and words["demanded"].search(text, start, end):
            # "in the region 2.7 < |η| < 3.0, where p_T > 50 GeV is required"
            there = [n for n in others if n.stop == where.start()]
            return tuple(n for n in others if n in there or (there and n.reach == there[0].reach))
        before = [n for n in others if demand is not None and start <= n.start and n.stop <= demand.start()]
        before = [n for n in before if not self._is_stated(n)]
        behind = [
            n
            for n in others
            if number.stop <= n.start < end
            and not n.alternative
            and (
                _UNDER.match(text[number.stop : n.reach])
                or _WITH_BOUND.fullmatch(text[number.stop : n.reach])
                or words["only_if"].fullmatch(text[number.stop : n.reach])
            )
        ]
        return (*before, *behind)

    def subject_before(self, number: TextNumber) -> str:
        """Return the subject of the statement before, where that of a number goes on with it: ", and have p_T > 2"."""
        text, words = self.passage.text, vocabulary().words
        start, _ = self.clause(number)
        if self.passage.is_row or not start or not words["goes_on"].match(text, start):
            return ""
        before = text[clause_at(text, max(0, start - 8))[0] : start]
        found = words["demands"].search(before)
        return before[: found.start()] if found is not None else ""

    def years_of(self, number: TextNumber) -> Iterator[str]:
        """Yield the years that stand behind a number, before the next one: "26 GeV in 2016 and 2018"."""
        following = (one.reach if one.reach >= number.stop else one.start for one in self.passage.numbers)
        end = min((place for place in following if place >= number.stop), default=len(self.passage.text))
        yield from (year[0] for year in years_in(self.passage.text, number.stop, end))

    def conditions_at(self, place: int) -> tuple[TextNumber, ...]:
        """Return the bounds under which what stands at a place is demanded: "muons with p_T < 20 GeV must pass"."""
        text, words = self.passage.text, vocabulary().words
        start, _ = clause_at(text, place)
        bounds = [n for n in self.passage.numbers if n.sense is not None and start <= n.start and self._is_unusual(n)]
        before = tuple(
            n
            for n in bounds
            if n.stop <= place
            and not (words["demands"].search(text, start, n.start) or self._is_stated(n))
            and words["demands"].search(text, n.stop, place)
        )
        # "tight identification is required for muons with p_T < 15 GeV"
        return before + tuple(n for n in bounds if words["demanded_for"].search(text, place, max(place, n.reach)))

    def _is_unusual(self, number: TextNumber) -> bool:
        """Whether a bound is none by which objects are accepted anyway: `p_T < 20 GeV`, `|η| > 2.5`."""
        named, sense = quantities(self.window(number)), (number.sense or "=")[0]
        return ("momentum" in named and sense == "<") or ("eta" in named and sense == ">")

    def column_at(self, place: int) -> frozenset[str] | None:
        """Return the objects of the column of a row in which a place is, `None` where its head names none."""
        if not self.passage.is_row:
            return None
        cells = [at for at, cell in enumerate(self.passage.cells) if cell[0] <= place < cell[1]]
        if not cells:
            return None
        column = self.passage.columns[cells[0]][1]
        heads = self.passage.header[column : column + self.passage.spans[cells[0]]]
        named = [one.kinds for head in heads for one in mentions(head)]
        return frozenset().union(*named) if named else None

    def subject_at(self, place: int) -> frozenset[str] | None:
        """Return the objects of which something is said in words at a place, `None` where its statement names none."""
        text = self.passage.text
        start, end = clause_at(text, place)
        # "electrons (muons) must pass the tight (medium) criteria"
        inside = text[:place].rstrip(" '\"\u2018\u201c").endswith("(")
        text = _BRACKETED_WORDS.sub(_second, text) if inside else _BRACKETED.sub(lambda one: " " * len(one[0]), text)
        found = [m for m in mentions(text) if start <= m.start and m.end <= end and not m.kinds <= {"track", "vertex"}]
        before = [m for m in found if m.end <= place]
        for_these = vocabulary().words["for_these"].match(text, place, end)
        named = [m for m in found if for_these is not None and m.start == for_these.end()]
        chosen = named or before[-1:]
        if not chosen and self.is_of_pronoun(place):
            return self._surroundings(())
        return chosen[0].kinds if chosen else None

    def is_of_pronoun(self, place: int) -> bool:
        """Whether what stands at a place is said of what the sentence before names: "They must pass the ..."."""
        text = self.passage.text
        start, _ = clause_at(text, place)
        they = vocabulary().words["they"].match(text)
        return they is not None and start < they.end() <= place and not mentions(text[start:place])

    def _is_stated(self, number: TextNumber) -> bool:
        """Whether a bound is stated without a word of demand: "the mass lies between 60 and 120 GeV"."""
        start, _ = self.clause(number)
        before = self.passage.text[start : number.reach]
        words = vocabulary().words
        return words["lies"].search(before) is not None and words["under_condition"].search(before) is None

    def one_of_several(self, number: TextNumber, sense: Sense | None) -> TextNumber:
        """Return the first or last of "two or three" as the bound that it is: at least two, at most three."""
        run = choice_of(self.passage.text, self.passage.numbers, number)
        if not run or sense is None or sense[0] not in "<>":
            return number
        first = sense[0] == ">"
        return replace(number, sense=">=" if first else "<=") if number == run[0 if first else -1] else number

    def beside_it(self, number: TextNumber) -> tuple[TextNumber, ...]:
        """Return the other bounds of the statement of a number that hold together with it, and not instead of it."""
        text = self.passage.text
        start, end = self.clause(number)
        found = []
        for other in self.passage.numbers:
            counted = other.counts and other.word and not vocabulary().words["parts_of_one"].match(text, other.stop)
            if other.sense is None or counted or not start <= other.start < end:
                continue
            first, second = sorted((number, other), key=lambda one: one.start)
            either = vocabulary().words["this_or_that"].search(text, first.stop, second.start)
            either = either or vocabulary().words["list_of_or"].match(text, second.stop)
            if first.start < second.start and first.reach != second.reach and not either and not other.alternative:
                found.append(other)
        return tuple(one for one in found if not _CONE.search(text[: one.start]))

    def restrictions(self, number: TextNumber) -> frozenset[str]:
        """Return the words that restrict for which objects a number holds, as they stand in its clause."""
        return _restrictions(self.reading(number)[slice(*self.clause(number))])

    def purpose(self, number: TextNumber) -> tuple[str | None, bool]:
        """Return what else a bound is stated for: a word such as "trigger", or the demand that it is a condition of."""
        if self.passage.is_row:
            return None, False
        text = self.passage.text
        start, end = self.clause(number)
        words = vocabulary().words
        # "and, if |η| < 2.4, pass the loose requirement"
        only_if = words["if"].search(text[start : number.start])
        under = start + (only_if.start() if only_if is not None else 0)
        demanded = words["demands"].search(text, start, under)
        stated_before = demanded and any(n.sense and demanded.end() <= n.start < under for n in self.passage.numbers)
        # "must have p_T > 30 GeV if they are within |η| < 2.4"
        if only_if is not None and (stated_before or words["then_pass"].match(text, number.stop)):
            return " ".join(only_if[0].split()[:1]), True
        if (free := words["need_not"].search(text, start, number.start)) is not None:
            return free[0], False
        if self._is_unusual(number) and words["demanded_for"].search(text, start, number.reach):
            return "required", True
        then = words["then"].search(text, number.stop, end)
        stated = words["demands"].search(text, start, number.start) or self._is_stated(number)
        if then is not None and not stated:
            return then[0], True
        there = words["where_behind"].match(text, number.stop)
        if there is not None and not words["demands"].search(text, start, number.start):
            return there["demanded"], True
        category = words["of_category"].match(text)
        aim = _AIMED_AT.match(text)
        start = max([start, *(one.end() for one in (category, aim) if one is not None and one.end() <= number.start)])
        other = words["purpose"].search(text, start, end) or words["elsewhere"].search(text, 0, number.start)
        if other is not None and words["offline"].search(text, start, number.start) and other.start() > number.stop:
            return None, False  # "the offline requirement ensures that the trigger is efficient"
        if words["offline"].search(text, number.stop, min(end, number.stop + 10)):
            return None, False  # "are triggered by missing momentum and have E_T^{miss} > 230 GeV offline"
        return (other[0], False) if other is not None else (None, False)

    def place(self, number: TextNumber) -> int | None:
        """Return which of several objects a number is for, from 1, where the text says so."""
        if (symbol := self.place_of_symbol(number)) is not None:
            return symbol
        if (turn := self._in_turn(number)) is not None:
            return turn
        if (aside := _ASIDE_WHICH.match(self.passage.text, number.stop)) and (which := _ordinals(aside[1])):
            return which[0]  # "E_T > 30 GeV (leading)"
        row = self.in_one_go(number)
        text = self.reading(number)
        start, end = self.clause(number)
        found = _ordinals(text[start : number.start])
        if not found and not self.passage.is_row and not mentions(text[start : number.start]):
            # "that of the subleading lepton must be above 10 GeV for muons and above 13 GeV for electrons"
            found = _ordinals(text[clause_at(text, number.start)[0] : number.start])[-1:]
        in_row = all(_IN_ROW.fullmatch(text, one.end, two.start) for one, two in pairwise(row))
        if len(row) > 1 and in_row and not any(n.alternative for n in row):
            # "the subleading and the leading jet must have 20 and 30 GeV"
            place = row.index(number)
            return found[place] if len(found) == len(row) else place + 1
        if (in_order := self._of_two_in_order(number)) is not None:
            return in_order
        behind = _BEHIND.match(text, number.stop, end)
        if behind is not None and (follows := _ordinals(" ".join(text[behind.end() : end].split())[:15])):
            return follows[0]  # "25 (20) GeV for the leading (subleading) lepton"
        return found[-1] if found else None

    def _of_two_in_order(self, number: TextNumber) -> int | None:
        """Return the place of one of "the two candidates must have p_T > 40 GeV and p_T > 30 GeV"."""
        text = self.reading(number)
        start, end = self.clause(number)
        two = [n for n in self.passage.numbers if n.word and n.value == 2 and start <= n.start < number.start]
        alike = [
            n
            for n in self.passage.numbers
            if start <= n.start < end and (n.sense, n.dimension, n.word) == (number.sense, number.dimension, False)
        ]
        if not two or number not in alike or len(alike) != 2 or alike[0].value <= alike[1].value:
            return None
        symbols = [text[n.reach - 12 : n.reach].split()[-1:] for n in alike]
        first = next((m for m in mentions(text) if m.start >= two[0].stop), None)
        if first is None or first.kinds & _WHOLES or symbols[0] != symbols[1] or not quantities(" ".join(symbols[0])):
            return None
        return alike.index(number) + 1

    def place_of_symbol(self, number: TextNumber) -> int | None:
        """Return which of several objects a number is for by its symbol, such as `p_T^{j_2}`."""
        if self.passage.is_row:
            # `p_T^{j1}, p_T^{j2} | > 80, > 60`
            start, _ = self._cell(number)
            listed = self.in_cell(number)
            named = _PLACE.findall(self.passage.text[slice(*self.passage.cells[0])])
            if len(named) == len(listed) > 1 and start > 0:
                return int(named[listed.index(number)])
            alike = {(one.sense, one.dimension) for one in listed if one.sense in (">", ">=")}
            falling = all(one.value > two.value for one, two in pairwise(listed))
            whose = mentions(self.passage.text[slice(*self.passage.cells[0])])
            falling = falling and all(one.sense in (">", ">=") for one in listed)
            if len(listed) > 1 and len(alike) == 1 and falling and start > 0 and [len(m.kinds) for m in whose] == [1]:
                return listed.index(number) + 1  # `Lepton p_T | > 27, > 15`
        symbols = _PLACE.findall(self.window(number))
        return int(symbols[-1]) if symbols else None

    def _in_turn(self, number: TextNumber) -> int | None:
        """Return the place of one of "p_T > 25 GeV and p_T > 15 GeV for the leading and the other, respectively"."""
        text = self.passage.text
        end = text.find("respectively", number.stop)
        alike = [
            one
            for one in self.passage.numbers
            if one.stop <= end and (one.sense, one.dimension, one.word) == (number.sense, number.dimension, number.word)
        ]
        if number not in alike:
            return None
        places = [place for place, _ in groupby(_ordinals(text[alike[-1].stop : end]))]
        if not places and _several(text[: alike[0].start])[-1:] == [len(alike)]:
            return alike.index(number) + 1  # "the two leading jets have p_T > 80 GeV and p_T > 40 GeV, respectively"
        return places[alike.index(number)] if len(places) == len(alike) > 1 else None

    def in_one_go(self, number: TextNumber) -> list[TextNumber]:
        """Return the numbers that a text says in one go, such as 30 and 20 of "above 30 and 20 GeV"."""
        return [n for n in self.passage.numbers if n.reach == number.reach and n.sense == number.sense]

    def last_place(self, number: TextNumber) -> int | None:
        """Return how many of a list a number is for, where it is for the first ones: "the two leading jets"."""
        place = self.place(number)
        one_by_one = re.split(r",|/|\band\b", self.window(number))
        symbols = [_PLACE.findall(one) for one in one_by_one]
        if place is not None and place > 1 and [one for one in symbols if one] == [[str(i + 1)] for i in range(place)]:
            return place  # `|η(j_1)|, |η(j_2)| < 2.8`
        if self.passage.is_row or place == 1:
            # `Δφ(j_{1,2}, E_T^{miss}) | > 0.4`
            listed = _PLACES_OF.search(self.window(number))
            if listed is not None:
                return int(listed[1])
        if place not in (1, None) or len(self.in_one_go(number)) > 1 or self._in_turn(number) is not None:
            return None
        start, _ = self.clause(number)
        text = self.reading(number)[start : number.start]
        if place is None:
            words = vocabulary().words
            both = words["both"].search(text)
            if (behind := _BEHIND.match(self.reading(number), number.stop)) is not None and both is None:
                text = self.reading(number)[behind.end() : behind.end() + 40]  # "15 GeV is required for both photons"
                both = words["both"].match(text)
            of_two = both is not None and mentions(text[both.end() : both.end() + 30])
            return 2 if of_two or words["both_are"].search(text) else None
        found = _several(text)
        if not found and (behind := _BEHIND.match(self.reading(number), number.stop)) is not None:
            found = _several(self.reading(number)[behind.end() : behind.end() + 30])  # "> 0.5 for the two leading jets"
        return found[-1] if found else None

    def clause(self, number: TextNumber) -> tuple[int, int]:
        """Return the range of the statement that a number belongs to."""
        key = (self.part.index, number)
        if key not in self.library.clauses:
            self.library.clauses[key] = self._clause(number)
        return self.library.clauses[key]

    def _clause(self, number: TextNumber) -> tuple[int, int]:
        text = self.passage.text
        start, end = (0, len(text)) if self.passage.is_row else clause_at(text, number.start)
        for aside in _ASIDE.finditer(text):
            if aside.start() < number.start < aside.end():
                return aside.start(), aside.end()
            if number.start < aside.start() < end and not re.search(r"[,;]", text[number.stop : aside.start()]):
                end = aside.start()
        if self.passage.is_row:
            return start, end
        # `> 0.1 for same-flavour pairs and > 0.2 for different-flavour pairs`
        ends = {low.start: high for low, high in ranges_in(text, self.passage.numbers)}
        for other in self.passage.numbers:
            if other.sense is None or number.sense is None or other.reach == number.reach:
                continue
            first, second = sorted((other, number), key=lambda one: one.start)
            last = ends.get(first.start, first)  # of "100 < m < 200 GeV in the one and m > 200 GeV in the other"
            if last is second:
                continue
            divider = _BOTH.match(text, last.stop, second.reach)
            if divider is None or not start <= first.start < second.start < end:
                continue
            if _VERB.search(text, divider.start(1), second.reach):
                continue  # "a cone, of 0.3 for muons and 0.2 for electrons, must be less than"
            start, end = (start, divider.start(1)) if number is first else (divider.end(1), end)
        return start, end

    def window(self, number: TextNumber) -> str:
        """Return the words that name the quantity of a number: those before its bound, as far as the number before."""
        key = (self.part.index, number)
        if key not in self.library.windows:
            self.library.windows[key] = self._window(number)
        return self.library.windows[key]

    def _window(self, number: TextNumber) -> str:
        text = self.reading(number)
        start, end = self.clause(number)
        for term in vocabulary().quantities.values():
            # "less than 2 cm in the transverse plane and 3 cm along the beam"
            if term.behind is not None and (said := term.behind.match(text, number.stop, end)):
                return said[0]
        if self.passage.is_row:
            start, end = self._cell(number)
            if not quantities(text[start:end]):
                return f"{self._head(number)} | {text[:start]}"
        # "the mass of the two jets has to lie between"
        factors = self.factors(number)
        earlier = [n for n in self.passage.numbers if n.end <= number.reach and not (_is_plain(n) or n in factors)]
        earlier = [n for n in earlier if text[n.start : n.end].strip()]
        for inserted in _INSERTED.finditer(text, start, number.start):
            # "the energy in a cone, of ΔR = 0.3 for muons, must be less than 15 GeV"
            inside = [n for n in earlier if inserted.start() < n.start < inserted.end()]
            if inside and not vocabulary().words["demands"].search(inserted["what"]):
                earlier = [n for n in earlier if n not in inside]
                text = _blanked(text, inserted.start(), inserted.end())
        if earlier and not _between_signs(text, earlier[-1], number):
            multiple = _MULTIPLE.match(text, earlier[-1].stop)  # "p_T > 0.4 m_{ee} and ..."
            start = max(start, earlier[-1].stop if multiple is None else multiple.end())
        window = text[start : number.reach]
        if _SIGN.match(text[number.stop :]):
            later = [n.start for n in self.passage.numbers if n.start > number.end]
            window = text[number.stop : later[0] if later else len(text)]
        return window

    def factors(self, number: TextNumber) -> tuple[TextNumber, ...]:
        """Return the factors in the formula that a number bounds: those of `0.5 p_T^{j1} + 0.3 p_T^{j2} > 80 GeV`."""
        text = self.reading(number)
        return tuple(n for n in self.passage.numbers if n.sense is None and _TERM.match(text, n.stop, number.reach))

    def _cell(self, number: TextNumber) -> tuple[int, int]:
        """Return the range of the cell that a number stands in."""
        return max(cell for cell in self.passage.cells if cell[0] <= number.start)

    def in_cell(self, number: TextNumber) -> list[TextNumber]:
        """Return the numbers in the cell of a number of a row."""
        start, end = self._cell(number)
        return [n for n in self.passage.numbers if start <= n.start < end]

    def _head(self, number: TextNumber) -> str:
        """Return the head of the column that a number stands in; of a cell that goes over several, those of all."""
        columns = self.columns(number)
        return " | ".join(head for head in self.passage.header[columns.start : columns.stop] if head)

    def columns(self, number: TextNumber) -> range:
        """Return the columns over which the cell of a number goes."""
        at = self.passage.cells.index(self._cell(number))
        column = self.passage.columns[at][1]
        return range(column, column + self.passage.spans[at])

    def subject(self, number: TextNumber | None, *, counted: bool = False) -> frozenset[str] | None:
        """Return the objects that a number is about, `None` where nothing names any."""
        text = self.reading(number)
        found = mentions(text)
        if number is None:
            inside = [m for m in found if self.part.start <= m.start < self.part.end]
            if inside:
                return frozenset().union(*(mention.kinds for mention in inside))
            return self._surroundings(found)
        start, end = self.clause(number)
        found = _of_themselves(found, text)
        arguments = [found.span() for found in _ARGUMENTS.finditer(text)]
        outside = tuple(m for m in found if not any(a < m.start < b for a, b in arguments))
        # Of "and at least one must have ΔR(e, b) < 2.0" the arguments are all that is named.
        in_window = [m for m in found if self._after_the_last(number) <= m.start < number.start]
        if not in_window or any(m in outside for m in in_window):
            found = outside if any(start <= m.start < end for m in outside) else found
        column = mentions(self._head(number)) if self.passage.is_row else ()
        if column and not self._counts_in_row(number, counted):
            if (own := self._of_first_cell(column)) is not None:
                return own
            return frozenset().union(*(one.kinds for one in column[: len(self.columns(number))]))
        kinds = frozenset[str]().union(*(mention.kinds for mention in found))
        if kinds == {"vertex", "track"} and found[0].kinds == {"vertex"} and not counted:
            # "the vertex must have at least two tracks and a mass above 4 GeV"
            last = [m for m in found if m.end <= number.reach][-1:]
            whose = last and vocabulary().words["whose"].search(text, last[0].end, number.reach)
            found = found[:1] if last and last[0].kinds == {"track"} and not whose else ()
        elif kinds - {"vertex"} and not counted:
            # A vertex is what a track is measured from, and tracks belong to something, unless they come first.
            found = tuple(m for m in found if m.kinds != {"vertex"} and (m.kinds != {"track"} or m is found[0]))
        else:
            measured_from = vocabulary().words["measured_from"]
            found = tuple(m for m in found if counted or not measured_from.search(text[: m.start]))
        if (multiple := _OF_ANOTHER.match(text, number.stop)) is not None:
            found = tuple(m for m in found if not multiple.start() <= m.start < multiple.end())
        of_whole = vocabulary().words["of_whole"]
        found = tuple(
            m
            for m in found
            if m is found[0]
            or not (
                (m.kinds <= _WHOLES and of_whole.search(text, start, m.start))
                or vocabulary().words["nearest_to"].search(text, start, m.start)
            )
        )
        if counted:
            number_of = vocabulary().words["number_of"]
            window = self.window(number)
            symbol = _N_OF.search(window)
            if symbol is not None and not self.passage.is_row and (named := mentions(window[symbol.start() :])):
                return named[0].kinds  # `N_{jets} = 0`
            if numbered := [m for m in found if start <= m.start < number.start and number_of.search(text[: m.start])]:
                return numbered[0].kinds
            behind = [m for m in found if number.end <= m.start < end and m.start - number.end < 60]
            if behind:
                return behind[0].kinds
        if (those := self._for_those(number, found)) is not None:
            return those
        if vocabulary().words["if_it"].search(text, start, number.start) and not self.passage.is_row:
            first_named = next((m for m in found if start <= m.start < number.start), None)
            if first_named is not None:
                return first_named.kinds
        shared = vocabulary().words["both_within"].search(text, 0, number.reach + 1)
        if shared is not None and not self.passage.is_row and not mentions(text[shared.end() : number.start]):
            alike = [m.kinds for m in found if m.start < shared.start()]
            if alike:
                return frozenset().union(*alike)
        of_event = vocabulary().words["of_event"].search(self.window(number)) is not None
        if of_event and not self.passage.is_row and not mentions(self.window(number)):
            return None  # "E_T^{miss} < 50 GeV or H_T < 300 GeV"
        bounded = mentions(self.window(number))[:1] if _SIGN.match(text, number.stop) else ()
        last = [m for m in found if m.start < number.start][-1:]
        if bounded and last and not (counted or self.passage.is_row or covered_by(last[0].kinds) & bounded[0].kinds):
            return bounded[0].kinds  # "p_T^{miss} > 40 GeV and 76 < m_{ll} < 106 GeV"
        if (one := self._of_two_in_brackets(number)) is not None:
            return one
        for first in (start, 0):
            before = [m for m in found if first <= m.start < number.start]
            if before:
                # "the leading jet must contain a subjet with a b tag, and have p_T > 250 GeV"
                as_before = first < start and (
                    vocabulary().words["same_subject"].match(text, start) or text[:start].endswith(", with ")
                )
                # not the electrons of "3 (muons) or 5 (electrons), and"
                before = [m for m in before if first == start or not _is_aside(text, m)] or before
                return before[0 if as_before else -1].kinds
        # Of "30 < m_T < 100 GeV and no b-tagged jets" the jets are those of the "no".
        counts = [n for n in self.passage.numbers if n.start >= number.stop and n.word and n.reach != number.reach]
        counts = [n for n in counts if vocabulary().words["and_next"].search(text[number.stop : n.reach])]
        end = min([end, *(n.start for n in counts)])
        behind = [m for m in found if number.end <= m.start < end]
        if of_event:
            return self._surroundings(())
        if behind:
            return behind[0].kinds
        # What a later statement of the sentence is about is named last.
        return self._surroundings(()) or self._surroundings(tuple(m for m in found if not counts or m.start < end))

    def _of_two_in_brackets(self, number: TextNumber) -> frozenset[str] | None:
        """Return which of two a number is for, by their order: "electrons and muons, < 2.5 (2.4)"."""
        text = self.passage.text
        if self.passage.is_row or not (number.alternative or self._has_alternative(number)):
            return None
        if any(mentions(found[0]) for found in _BRACKETED.finditer(text)):
            return None
        before = [singly(text, one) for one in mentions(text) if one.end <= number.start]
        two = next((one for one in reversed(before) if len(one) == 2), None)
        return None if two is None else frozenset([two[number.alternative][1]])

    def for_those(self, number: TextNumber) -> frozenset[str] | None:
        """Return the objects that stand behind a number as those that it is for: "20 GeV for muons", "if it is a"."""
        return self._for_those(number, mentions(self.reading(number)))

    def _for_those(self, number: TextNumber, found: tuple[Mention, ...]) -> frozenset[str] | None:
        text = self.reading(number)
        _, end = self.clause(number)
        explicit = _FOR.match(text[number.stop : end])
        if explicit is None:
            return None
        named = [m for m in found if 0 <= m.start - (number.stop + explicit.end()) < 25]
        named = [m for m in named if not vocabulary().words["of_events"].match(text, m.end)]
        if named and not re.search(r"[,;<>≤≥=\d]", text[number.stop + explicit.end("other") : named[0].start]):
            return named[0].kinds
        return None

    def _after_the_last(self, number: TextNumber) -> int:
        """Return where what follows the bound before a number begins."""
        start, _ = self.clause(number)
        ends = [one.stop for one in self.passage.numbers if one.sense is not None and one.stop <= number.reach]
        return max([start, *ends])

    def _of_first_cell(self, column: tuple[Mention, ...]) -> frozenset[str] | None:
        """Return the objects of the first cell of a row, where those of the column only tell which events are meant.

        Of `E_T^{miss} | > 40 GeV | > 50 GeV` under "e channel" and "μ channel" it is the missing momentum.
        """
        first = mentions(self.passage.text[slice(*self.passage.cells[0])])
        own = frozenset[str]().union(*(one.kinds for one in first))
        told = frozenset[str]().union(*(one.kinds for one in column))
        return own if own == {"met"} and "met" not in told else None

    def _counts_in_row(self, number: TextNumber, counted: bool) -> bool:
        """Whether the first cell of a row says what is counted: "Number of b-jets"."""
        first, _ = self.passage.cells[0]
        start, _ = self._cell(number)
        if _NUMBER_OF.search(self._head(number)):
            return False
        return counted and start > first and bool(mentions(self.passage.text[slice(*self.passage.cells[0])]))

    def measured_to(self, number: TextNumber) -> frozenset[str] | None:
        """Return the objects that follow a distance: the muon of "closer than 0.4 to a muon"."""
        text = self.reading(number)
        towards = vocabulary().words["towards"].match(text, number.stop)
        if towards is None:
            return None
        if (removed := self._removed(number)) is not None:
            return removed[1]
        behind = [mention for mention in mentions(text) if 0 <= mention.start - towards.end() < 25]
        apart = behind and re.search(r"[,;<>≤≥=\d]", text[towards.end() : behind[0].start])
        return behind[0].kinds if behind and not apart else None

    def acting(self, number: TextNumber) -> frozenset[str] | None:
        """Return the first objects of the sentence, `None` where it begins with a pronoun or names none.

        Of "jets ... are removed, and electrons within 0.4 of them are rejected" those of the statement of the number.
        """
        text = self.passage.text
        start, _ = self.clause(number)
        if (removed := self._removed(number)) is not None:
            return removed[0]
        anew = next((mention for mention in mentions(text) if start <= mention.start < number.reach), None)
        if start and anew is not None and vocabulary().words["then_these"].fullmatch(text[start : anew.start]):
            return None if self.passage.is_row else anew.kinds
        if (before := _INTRODUCTION.match(text)) and mentions(text[before.end() :]):
            text = text[before.end() :]  # "For any surviving jets, the electron is removed"
        first = next(iter(mentions(text)), None)
        if first is None or self.passage.is_row or vocabulary().words["pronoun"].search(text, 0, first.start):
            return None
        return first.kinds

    def _removed(self, number: TextNumber) -> tuple[frozenset[str], frozenset[str] | None] | None:
        """Return which of two that are near each other is rejected, and the other one.

        Of "if an electron lies within 0.2 of a jet, the jet is removed" the jet and the electron.
        """
        text = self.reading(number)
        start, end = self.clause(number)
        words = vocabulary().words
        if not words["if_near"].match(text, start):
            return None
        for then in words["then_the"].finditer(text, number.stop, end):
            removed = mentions(text[then.end() : end])[:1]
            if removed and removed[0].start == 0:
                # "if a jet has fewer than three tracks and is within 0.4 of a muon"
                both = mentions(text[number.stop : then.start()]) + mentions(text[start : number.start])
                near = (mention.kinds for mention in both)
                return removed[0].kinds, next((kinds for kinds in near if not kinds & removed[0].kinds), None)
        return None

    def _surroundings(self, found: tuple[Mention, ...]) -> frozenset[str] | None:
        if found:
            return found[0].kinds
        around = (named[0].kinds for text in self._context() if (named := _of_themselves(mentions(text), text)))
        if vocabulary().words["for_both"].match(self.passage.text):
            return frozenset().union(*around) or None  # of the two sentences before
        return next(around, None)

    def _context(self) -> list[str]:
        """Return the texts in which the object may be named that this one does not name, nearest first."""
        passage = self.passage
        if passage.is_row:
            return [*passage.header, passage.caption, passage.section]
        context = []
        for step in range(1, _BACK + 1):
            index = self.part.index - step
            if index < 0 or self.library.passages[index].section != passage.section:
                break
            context.append(self.library.passages[index].text)
        return [*context, passage.section]

    def beside(self, number: TextNumber | None = None) -> str:
        """Return what a number's quantity may be named by if nothing near it does: sentence, heads of the table."""
        passage = self.passage
        if passage.is_row:
            return " ; ".join([passage.text, *passage.header, passage.caption])
        return self.reading(number)

    def has_bars(self, number: TextNumber) -> bool:
        """Whether a text writes the bound as one of an absolute value, between bars."""
        return bool(_BARS.search(self.window(number)) or _BAR.search(self.passage.text[: number.reach]))

    def is_absolute(self, number: TextNumber) -> bool:
        """Whether a text says the bound of an absolute value: `|η| < 2.4`, "within 10 GeV of the mass"."""
        if self.has_bars(number):
            return True
        window = self.window(number)
        if not quantities(window):
            window = self.passage.text[slice(*self.clause(number))]
        if any(term.absolute and term.words.search(window) for term in vocabulary().quantities.values()):
            return True
        if vocabulary().words["apart"].search(window):
            return True
        if any(other.negative and other.reach == number.reach for other in self.passage.numbers):
            return False  # "a difference between -0.1 and 0.2"
        return vocabulary().words["both_sides"].search(self.passage.text[: number.start][-60:]) is not None

    def has_either_sign(self, number: TextNumber) -> bool:
        """Whether a text has a number with both signs: a charge of ±1."""
        return PLUS_MINUS.search(self.passage.text[: number.start]) is not None

    def is_sum(self, number: TextNumber) -> bool:
        """Whether a text says the bound of a sum, such as `p_T^{miss} + m_T > 60 GeV`."""
        window = self.window(number).rstrip(" <>=≤≥")
        return "=" not in window and _SUM.search(window) is not None  # not `ΔR = √(Δη^2 + Δφ^2) > 0.1`

    def is_of_counted(self, number: TextNumber) -> bool:
        """Whether a text counts the objects that a bound is of: "at least four jets with p_T > 25 GeV"."""
        text = self.passage.text
        start, _ = self.clause(number)
        counts = (n for n in self.passage.numbers if n.counts and n.sense not in (None, "==") and start <= n.start)
        return any(vocabulary().words["whose"].search(text, n.stop, number.reach) for n in counts)

    def is_of_at_most(self, number: TextNumber) -> bool:
        """Whether a text limits how many there are that a bound is of: "no more than four jets with p_T > 30 GeV"."""
        text = self.passage.text
        start, _ = self.clause(number)
        counts = (n for n in self.passage.numbers if n.counts and n.sense in ("<", "<=") and start <= n.start)
        return any(vocabulary().words["whose"].search(text, n.stop, number.reach) for n in counts)

    def is_in_words(self, number: TextNumber) -> bool:
        """Whether a text says the bound in words, and not by a sign."""
        text = self.passage.text
        return number.reach < number.start and not _SIGN.match(text[number.reach : number.start])

    def is_of_one_sign(self, number: TextNumber) -> bool:
        """Whether a text says a range of a quantity itself, and not of its absolute value: `2 < η < 5`."""
        if _BARS.search(self.window(number)):
            return False
        together = (other for other in self.passage.numbers if other.reach == number.reach)
        if any(other.negative and other.value != number.value for other in together):
            return True  # "between -0.1 and 0.3 GeV"
        return any(not (first.negative and first.value == second.value) for first, second in self._around_it(number))

    def _around_it(self, number: TextNumber) -> Iterator[tuple[TextNumber, TextNumber]]:
        """Yield a number and another one where the quantity stands between signs and them."""
        for other in self.passage.numbers:
            first, second = sorted((number, other), key=lambda one: one.start)
            between = self.passage.text[first.stop : second.start]
            if first.start < second.start and re.fullmatch(r"\s*[<≤]=?[^,;<>≤≥\d]{1,12}[<≤]=?\s*", between):
                yield first, second

    def is_mirrored(self, number: TextNumber) -> bool:
        """Whether a text says the same of a quantity on both sides of zero: `-2.4 < η < 2.4`."""
        return any(first.negative and first.value == second.value for first, second in self._around_it(number))

    def ranges(self) -> tuple[tuple[TextNumber, TextNumber], ...]:
        """Return the ends of each range, also where what lies outside is meant."""
        numbers = self.passage.numbers
        inside = [replace(n, sense=OPPOSITE[n.sense]) if n.outside and n.sense else n for n in numbers]
        return tuple(
            (numbers[inside.index(low)], numbers[inside.index(high)])
            for low, high in ranges_in(self.passage.text, inside)
        )

    def is_end(self, number: TextNumber) -> bool:
        """Whether a number is an end of a range: of one that is left out, papers do not tell if its ends are too."""
        return any(number.start == one.start for pair in self.ranges() for one in pair)

    def is_of_whole(self, number: TextNumber) -> bool:
        """Whether a text says a bound of pairs that one word names with their parts: "dimuon candidates with"."""
        text = self.reading(number)
        start, _ = self.clause(number)
        before = [mention for mention in mentions(text) if start <= mention.start and mention.end <= number.reach]
        if not before or self.passage.is_row:
            return False
        kinds = mentions(text[before[-1].start : before[-1].end].split()[0])
        as_whole = vocabulary().words["as_whole"].match(text, before[-1].end)
        return as_whole is not None and any(len(one.kinds) > 1 and "pair" in one.kinds for one in kinds)

    def named_with(self, number: TextNumber, *, before: bool = False) -> Iterator[frozenset[str]]:
        """Yield all objects that the statement of a number names, or only those that it names before it."""
        start, end = self.clause(number)
        end = number.start if before else end
        return (mention.kinds for mention in mentions(self.reading(number)) if start <= mention.start < end)

    def counts_by_symbol(self, number: TextNumber) -> bool:
        """Whether a number is one of things by a symbol before it, such as `n_j ≥`."""
        return not self.passage.is_row and _N_OF.search(self.window(number)) is not None

    def is_of_region(self) -> bool:
        """Whether a sentence names regions."""
        return any(kind.words.search(self.passage.text) for kind in vocabulary().regions.values())

    def _region_in_turn(self, text: str, number: TextNumber | None) -> str:
        """Return what a text says of one of several regions: "SR1 and SR2 require > 200 and > 300, respectively"."""
        end = text.find("respectively")
        numbers = [n for n in self.passage.numbers if number is not None and n.stop <= end]
        alike = [n for n in numbers if number and (n.sense, n.dimension) == (number.sense, number.dimension)]
        symbols = list(_REGION.finditer(text, 0, alike[0].start if alike else 0))
        if number not in alike or len(symbols) != len(alike):
            return text
        for at, symbol in enumerate(symbols):
            if at != alike.index(number):
                text = _blanked(text, *symbol.span())
        return text

    def regions(self, number: TextNumber | None) -> str:
        """Return the text that may say for which region something holds: its clause, the head of its column."""
        passage = self.passage
        if passage.is_row and number is not None:
            first = passage.text[slice(*passage.cells[0])]
            return f"{self._head(number)} | {first}"
        text = self.reading(number)
        start, end = self.clause(number) if number is not None else clause_at(text, self.part.start)
        words = vocabulary().words
        category = words["of_category"].match(text)
        named = any(kind.words.search(text, start, end) for kind in vocabulary().regions.values())
        if number is not None and (behind := words["in_region"].match(text, number.stop)) is not None:
            return behind[0]  # "0.2 in SR-A, 0.25 in SR-B"
        text = self._region_in_turn(text, number)
        # "In the control region the isolation is reversed, and ..." is said of this region to the end.
        first = f"{category[0]} " if category is not None and not named and start >= category.end() else ""
        if (one := words["one_of_two"].search(text, start, end)) is not None:
            # "into SR-0j and SR-nj, and for the latter H_T must be below 200 GeV"
            labels = [label[0] for label in _REGION.finditer(text, 0, start)][-2:]
            first = f"{labels[one['former'] is None]} " if len(labels) == 2 else first
        return first + " ".join(words["compared_region"].sub("", text[start:end]).split())


def _of_themselves(found: tuple[Mention, ...], text: str) -> tuple[Mention, ...]:
    """Leave out the tracks in a cone, which are those of something else."""
    in_cone = vocabulary().words["in_a_cone"]
    return tuple(one for one in found if one.kinds != {"track"} or not in_cone.match(text, one.end))


def _is_aside(text: str, mention: Mention) -> bool:
    """Whether objects stand alone in brackets."""
    return text[: mention.start].endswith("(") and text.startswith(")", mention.end)


def _ordinals(text: str) -> list[int]:
    """Return which of several objects the words of a text mean, from 1, in the order in which they stand."""
    found = [
        (match.end(), which) for which, pattern in vocabulary().ordinals.items() for match in pattern.finditer(text)
    ]
    return [which for _, which in sorted(found)]


def _several(text: str) -> list[int]:
    """Return how many of a list a text means together: 2 for "the two leading jets"."""
    numbers = vocabulary().number_words
    words = "|".join(numbers)
    found = []
    for match in vocabulary().ordinals[1].finditer(text):
        before = re.search(
            rf"\b({words})\s+(?:(?:[\w-]+\s+){{0,2}}(?:with|of)\s+(?:the\s+)?)?$", text[: match.start()], re.IGNORECASE
        )
        behind = re.match(rf"(?:-p_?\{{?T\}}?)?\s+({words})\b", text[match.end() :], re.IGNORECASE)
        found += [numbers[one[1].lower()] for one in (before, behind) if one is not None]
    return [number for number in found if number > 1]


def places_of(text: str) -> frozenset[int]:
    """Return which ones of a list a text means, from 1: 1 and 2 for "the two leading jets"."""
    symbols = frozenset(int(place) for place in _PLACE.findall(text))
    together = (range(1, number + 1) for number in _several(text))
    return symbols or frozenset(_ordinals(text)).union(*together)


def _is_plain(number: TextNumber) -> bool:
    """Whether a number is only how many there are: the two jets."""
    return number.word and number.sense is None and number.value > 1


def _one_in_turn(text: str, reach: int, which: int, many: int) -> str:
    """Return what a text says of one of two quantities in turn: "transverse and longitudinal impact parameters"."""
    found = list(_TWO_KINDS.finditer(text, 0, reach))
    if not found or many != 2:
        return _one_object_in_turn(text, reach, which, many)
    two = found[-1]
    first, second = (quantities(f"{two[name]} {two['what']}") for name in ("one", "other"))
    if not first or not second or first == second:
        objects = [mentions(two[name]) for name in ("one", "other")]
        if not all(objects) or objects[0][0].kinds == objects[1][0].kinds:
            return _one_object_in_turn(text, reach, which, many)
    start, end = (two.end("one"), two.end("other")) if which == 0 else (two.start("one"), two.start("other"))
    return _blanked(text, start, end)


def _blanked(text: str, start: int, end: int) -> str:
    """Return a text with spaces in the place of a part, so that all others stay where they are."""
    return text[:start] + " " * (end - start) + text[end:]


def _one_object_in_turn(text: str, reach: int, which: int, many: int) -> str:
    """Return what a text says of one of several objects in turn: "muons and electrons with p_T > 30 and 35 GeV"."""
    for mention in reversed(mentions(text[:reach])):
        words = text[mention.start : mention.end]
        single = sorted(
            match.span() for kind in mention.kinds for match in vocabulary().objects[kind].words.finditer(words)
        )
        if len(mention.kinds) == len(single) == many and not mention.kinds & _WHOLES:
            for at, (start, end) in enumerate(single):
                if at != which:
                    words = _blanked(words, start, end)
            return text[: mention.start] + words + text[mention.end :]
    return text


def _second(found: re.Match[str]) -> str:
    inner = found[1]
    return " " * (len(found[0]) - len(inner) - 1) + inner + " "


def _between_signs(text: str, first: TextNumber, second: TextNumber) -> bool:
    """Whether two numbers are the ends of one range, or of one list."""
    between = text[first.stop : second.reach]
    return second.reach <= first.stop or bool(re.fullmatch(r"\s*(?:<=?|>=?|≤|≥)[^,;]{1,40}", between))


@lru_cache(8192)  # asked of one row of a table for each of its numbers
def _restrictions(clause: str) -> frozenset[str]:
    clause = " ".join(clause.split())
    found = (pattern.search(clause) for pattern in vocabulary().restrictions)
    return frozenset(re.sub(r"[\s-]", "", match[0].lower()) for match in found if match is not None)
