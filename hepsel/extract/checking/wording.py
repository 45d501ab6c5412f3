"""What the words around a number say: which object and quantity it belongs to, and whether something is rejected."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from hepsel.extract.checking.numbers import TextNumber, numbers_in
from hepsel.extract.checking.passages import DIVIDER, Library, Part, Passage
from hepsel.extract.checking.vocabulary import vocabulary

# Where one statement of a sentence ends and the next begins.
_CLAUSE = re.compile(
    r";|:\s|\s\|\s|,\s+(?:and|while|whereas|but|which|where|or|with|so that|of which|including)\s"
    r"|\s(?:and|while|whereas|but)\s+(?=(?P<subject>(?:[\w-]+\s+){0,4}?)"
    r"(?:must|should|shall|are required|is required|have to|has to|need)\b)",
    re.IGNORECASE,
)
_BOTH = re.compile(r"\s*\)?\s*(?:for|if|when|in)\b[^<>≤≥=]*?(\s(?:and|or|but)\s|,\s)", re.IGNORECASE)
_FOR = re.compile(
    r"^\s*\)?\s*(?:for|of|in the case of)\s+(?:(?:all|the|each|any|an?)\s+)?(?:[\w-]+\s+){0,2}?", re.IGNORECASE
)
_UNDER = re.compile(r"\s*(?:for|if|when|in|at|where)\b[^,;<>≤≥]*$", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:they|them|it|its|their|these|those|this|such|both)\b", re.IGNORECASE)
_JOINED = re.compile(r"(?:\s|,|and|or|\(|\)|/|candidates?|the|both|all)*", re.IGNORECASE)
_BRACKETED_WORDS = re.compile(r"\b[\w-]+\s*\(([^()\d]{2,40})\)")
_BRACKETED_NUMBER = re.compile(r"(?<=[\d%VmR])\s*\(\s*(\d[\d.]*)\s*\)")
_PLACE = re.compile("(?:[\u2113ljeμ\u03b3]|lep|jet)_?\\{?(\\d)\\}?")
_SIGN = re.compile(r"\s*(?:<=?|>=?|≤|≥)")
_BACK = 2  # sentences before one with "they"


@dataclass(frozen=True, slots=True)
class Mention:
    """Objects that a text names together, such as "electrons and muons"."""

    kinds: frozenset[str]
    start: int
    end: int


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
        return Site(self.library, Part(self.part.index, 0, len(self.passage.text)))

    @property
    def numbers(self) -> tuple[TextNumber, ...]:
        """The numbers that were quoted."""
        return tuple(n for n in numbers_in(self.passage.text) if self.part.start <= n.start < self.part.end)

    def reading(self, number: TextNumber | None) -> str:
        """Return the text as it reads for a number: of `> 7 (5) GeV for electrons (muons)` one of the two."""
        text = self.passage.text
        if not _BRACKETED_NUMBER.search(text):
            return text
        if number is not None and number.alternative:
            return _BRACKETED_WORDS.sub(_second, text)
        return re.sub(r"\([^()\d]{2,40}\)", lambda found: " " * len(found[0]), text)

    def said(self, number: TextNumber) -> str:
        """Return a number with the sign or words of its bound."""
        text = self.passage.text
        behind = _SIGN.match(text[number.stop :])
        end = number.stop + (behind.end() if behind is not None and number.reach == number.start else 0)
        return text[number.reach : end].strip()

    def cones(self) -> tuple[TextNumber, ...]:
        """Return the sizes of cones that the sentence or row gives, as in `ΔR = 0.2`."""
        text = self.passage.text
        found = [n for n in numbers_in(text) if n.sense in (None, "==") and n.factor is None and not n.word]
        return tuple(n for n in found if re.search(r"(?:Δ ?R|\bR|\bcone)\W[^|<>]{0,25}$", text[: n.start]))

    def conditions(self, number: TextNumber) -> tuple[TextNumber, ...]:
        """Return the bounds under which that of a number holds: "jets with |η| > 2.5 must have p_T > 50 GeV"."""
        text = self.passage.text
        start, end = self.clause(number)
        others = [n for n in numbers_in(text) if n.sense is not None and n.start != number.start]
        demand = vocabulary().words["demands"].search(text, start, number.start)
        before = [n for n in others if demand is not None and start <= n.start and n.stop <= demand.start()]
        behind = [
            n
            for n in others
            if number.stop <= n.start < end and _UNDER.match(text[number.stop : n.reach]) and not n.alternative
        ]
        return (*before, *behind)

    def restrictions(self, number: TextNumber) -> frozenset[str]:
        """Return the words that restrict for which objects a number holds, as they stand in its clause."""
        start, end = self.clause(number)
        clause = " ".join(self.reading(number)[start:end].split())
        found = (pattern.search(clause) for pattern in vocabulary().restrictions)
        return frozenset(re.sub(r"[\s-]", "", match[0].lower()) for match in found if match is not None)

    def purpose(self, number: TextNumber) -> tuple[str | None, bool]:
        """Return what else a bound is stated for: a word such as "trigger", or the demand that it is a condition of."""
        if self.passage.is_row:
            return None, False
        text = self.passage.text
        start, end = self.clause(number)
        words = vocabulary().words
        then = words["then"].search(text, number.stop, end)
        if then is not None and not words["demands"].search(text, start, number.start):
            return then[0], True
        other = words["purpose"].search(text, start, end)
        return (other[0], False) if other is not None else (None, False)

    def place(self, number: TextNumber) -> int | None:
        """Return which of several objects a number is for, from 1, where the text says so."""
        window = self.window(number)
        symbols = _PLACE.findall(window)
        if symbols:
            return int(symbols[-1])
        row = [n for n in numbers_in(self.passage.text) if n.reach == number.reach and n.sense == number.sense]
        if len(row) > 1 and not any(n.alternative for n in row):
            return row.index(number) + 1
        text = self.reading(number)
        start, _ = self.clause(number)
        before = text[start : number.start]
        found = [
            (match.end(), which)
            for which, pattern in vocabulary().ordinals.items()
            for match in pattern.finditer(before)
        ]
        return max(found)[1] if found else None

    def clause(self, number: TextNumber) -> tuple[int, int]:
        """Return the range of the statement that a number belongs to."""
        text = self.passage.text
        if self.passage.is_row:
            return 0, len(text)
        start, end = clause_at(text, number.start)
        # `> 0.1 for same-flavour pairs and > 0.2 for different-flavour pairs`
        for other in numbers_in(text):
            if other.sense is None or number.sense is None or other.reach == number.reach:
                continue
            first, second = sorted((other, number), key=lambda one: one.start)
            divider = _BOTH.match(text, first.stop, second.reach)
            if divider is None or not start <= first.start < second.start < end:
                continue
            start, end = (start, divider.start(1)) if number is first else (divider.end(1), end)
        return start, end

    def window(self, number: TextNumber) -> str:
        """Return the words that name the quantity of a number: those before its bound, as far as the number before."""
        text = self.reading(number)
        start, _ = self.clause(number)
        if self.passage.is_row:
            start, end = self._cell(number)
            if not quantities(text[start:end]):
                column = dict(self.passage.columns)[start]
                header = self.passage.header
                head = header[column] if column < len(header) else ""
                return f"{head} | {text[:start]}"
        earlier = [n for n in numbers_in(self.passage.text) if n.end <= number.reach]
        if earlier and not _between_signs(text, earlier[-1], number):
            start = max(start, earlier[-1].stop)
        window = text[start : number.reach]
        if _SIGN.match(text[number.stop :]):
            later = [n.start for n in numbers_in(self.passage.text) if n.start > number.end]
            window = text[number.stop : later[0] if later else len(text)]
        return window

    def _cell(self, number: TextNumber) -> tuple[int, int]:
        """Return the range of the cell that a number stands in."""
        starts = [start for start, _ in self.passage.columns]
        place = bisect_right(starts, number.start) - 1
        end = starts[place + 1] - len(DIVIDER) if place + 1 < len(starts) else len(self.passage.text)
        return starts[place], end

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
        if {kind for mention in found for kind in mention.kinds} - {"vertex"} and not counted:
            # A vertex is what a track is measured from, and tracks belong to something, unless they come first.
            found = tuple(m for m in found if m.kinds != {"vertex"} and (m.kinds != {"track"} or m is found[0]))
        if counted:
            behind = [m for m in found if number.end <= m.start < end and m.start - number.end < 60]
            if behind:
                return behind[0].kinds
        if explicit := _FOR.match(text[number.stop : end]):
            named = [m for m in found if 0 <= m.start - (number.stop + explicit.end()) < 25]
            if named and not re.search(r"[<>≤≥=\d]", text[number.stop : named[0].start]):
                return named[0].kinds
        for first in (start, 0):
            before = [m for m in found if first <= m.start < number.start]
            if before:
                return before[-1].kinds
        behind = [m for m in found if m.start >= number.end]
        return behind[0].kinds if behind else self._surroundings(found)

    def acting(self) -> frozenset[str] | None:
        """Return the first objects of the sentence, `None` where it begins with a pronoun or names none."""
        text = self.passage.text
        first = next(iter(mentions(text)), None)
        if first is None or self.passage.is_row or _PRONOUN.search(text, 0, first.start):
            return None
        return first.kinds

    def _surroundings(self, found: tuple[Mention, ...]) -> frozenset[str] | None:
        if found:
            return found[0].kinds
        for text in self._context():
            named = mentions(text)
            if named:
                return named[0].kinds
        return None

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

    def beside(self) -> str:
        """Return what a number's quantity may be named by if nothing near it does: sentence, heads of the table."""
        passage = self.passage
        if passage.is_row:
            return " ; ".join([passage.text, *passage.header, passage.caption])
        return passage.text


def _second(found: re.Match[str]) -> str:
    inner = found[1]
    return " " * (len(found[0]) - len(inner) - 1) + inner + " "


def _between_signs(text: str, first: TextNumber, second: TextNumber) -> bool:
    """Whether two numbers are the ends of one range, or of one list."""
    between = text[first.stop : second.reach]
    return second.reach <= first.stop or bool(re.fullmatch(r"\s*(?:<=?|>=?|≤|≥)[^,;]{1,40}", between))


def clause_at(text: str, place: int) -> tuple[int, int]:
    """Return the range of the statement within a sentence in which a place is."""
    start, end = 0, len(text)
    for divider in _CLAUSE.finditer(text):
        if divider["subject"]:
            if not (mentions(divider["subject"]) or _PRONOUN.search(divider["subject"])):
                continue  # "of the same flavour and opposite charge must have"
            if not vocabulary().words["demands"].search(text, 0, divider.start()):
                continue  # "the angle between the jet and the photon must be"
        if divider.end() <= place:
            start = divider.end()
        elif divider.start() >= place:
            end = divider.start()
            break
    return start, end


@cache
def mentions(text: str) -> tuple[Mention, ...]:
    """Return the objects that a text names, those that stand together as one."""
    single = sorted(
        (match.start(), match.end(), kind)
        for kind, term in vocabulary().objects.items()
        for match in term.words.finditer(text)
    )
    # "large-R jets" are not jets of every kind, nor are "τ leptons" leptons.
    widest = [
        one
        for one in single
        if not any(o[0] <= one[0] and one[1] <= o[1] and o[1] - o[0] > one[1] - one[0] for o in single)
    ]
    groups: list[Mention] = []
    for start, end, kind in widest:
        last = groups[-1] if groups else None
        if last is not None and (start < last.end or _JOINED.fullmatch(text[last.end : start])):
            groups[-1] = Mention(last.kinds | {kind}, last.start, max(last.end, end))
        else:
            groups.append(Mention(frozenset([kind]), start, end))
    return tuple(groups)


def quantities(text: str) -> frozenset[str]:
    """Return the quantities that a text names."""
    return frozenset(kind for kind, term in vocabulary().quantities.items() if term.words.search(text))


def rejecting(text: str, place: int) -> bool:
    """Whether what stands at a place of a sentence is said to be rejected."""
    words = vocabulary().words
    start, end = clause_at(text, place)
    behind = words["rejected"].search(text, place, end)
    if behind is not None:
        return True
    before = list(words["rejects"].finditer(text, start, place))
    passive = list(words["rejected"].finditer(text, start, place))
    if passive:
        # "are rejected if p_T < 5 GeV"
        return not words["demands"].search(text, passive[-1].end(), place)
    return bool(before) and not words["demands"].search(text, before[-1].end(), place)
