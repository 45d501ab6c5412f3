"""Whether quotations say what a criterion claims: its numbers, directions, quantities, objects and words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from hepsel.extract.checking.claims import Bound, Claim, Compared, Member, Requirement, Word
from hepsel.extract.checking.folding import fold
from hepsel.extract.checking.model import Verdict
from hepsel.extract.checking.numbers import CONTRARY, TextNumber, numbers_in, whole
from hepsel.extract.checking.vocabulary import Sense, vocabulary
from hepsel.extract.checking.wording import Site, clause_at, mentions, quantities, rejecting
from hepsel.semantics.types import PURE, Dimension


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a criterion is not verified."""

    verdict: Verdict
    message: str
    proposal: str | None = None
    open: bool = False
    """Whether the quotation leaves this open, and does not say otherwise."""


_GRAVEST = (Verdict.NUMBER, Verdict.DIRECTION, Verdict.QUANTITY, Verdict.OBJECT)


def gravest(doubts: Sequence[Doubt]) -> Doubt | None:
    """Return the doubt that is reported."""
    return min(doubts, key=lambda doubt: (doubt.open, _GRAVEST.index(doubt.verdict)), default=None)


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


Candidate = tuple[Site, TextNumber]


class Judge:
    """Compares what is claimed with the quoted sites."""

    def __init__(self, sites: Sequence[Site], context: Context) -> None:
        self.sites = tuple(sites)
        self._context = context
        self._own = context.own
        self._numbers: tuple[Candidate, ...] = tuple((site, number) for site in sites for number in site.numbers)
        self.used: set[Candidate] = set()
        """The numbers of the text that were found to be those of the criterion."""

    # -------------------------------------------------------------- requirements

    def requirements(self, required: Sequence[Requirement]) -> list[Doubt]:
        """Return the doubts about a condition."""
        doubts: list[Doubt] = []
        simple = [claim for one in required if len(one.members) == 1 for claim in one.members[0]]
        doubts += self._together(simple)
        for one in required:
            if len(one.members) > 1:
                self._own = self._own - _excepted(one.members) or self._own
                doubts += self._alternatives(one.members)
        if not any(isinstance(claim, Bound) for one in required for claim in one.claims):
            doubts += self.objects() or self._composite()
        return doubts

    def _together(self, claims: Sequence[Claim]) -> list[Doubt]:
        """Return the doubts about claims that all have to hold; each number of the text confirms one of them."""
        bounds = [claim for claim in claims if isinstance(claim, Bound)]
        doubts, chosen = self._bounds(bounds)
        self.used |= chosen
        for claim in claims:
            if isinstance(claim, Word):
                doubts += self._word(claim)
            elif isinstance(claim, Compared):
                doubts.append(_not_comparable(claim))
        return doubts

    def _bounds(self, bounds: Sequence[Bound], beside: tuple[Word, ...] = ()) -> tuple[list[Doubt], set[Candidate]]:
        """Give each bound a number of the text of its own; `beside` are words that restrict the whole statement."""
        free = [candidate for candidate in self._numbers if candidate not in self.used]
        judged = [{candidate: self._bound(bound, candidate, beside) for candidate in free} for bound in bounds]
        chosen = _pair(judged)
        used = set(chosen.values())
        for index, bound in enumerate(bounds):
            # "both masses must be below 120 GeV"
            twin = next((i for i in chosen if index not in chosen and _twins(bound, bounds[i])), None)
            if twin is not None and judged[index][chosen[twin]] is None:
                chosen[index] = chosen[twin]
        doubts: list[Doubt] = []
        for index, (bound, options) in enumerate(zip(bounds, judged, strict=True)):
            if index not in chosen:
                doubts += self._best_doubt(bound, [doubt for one, doubt in options.items() if one not in used])
        return doubts, used

    def _best_doubt(self, bound: Bound, doubts: Sequence[Doubt | None]) -> list[Doubt]:
        """Return the doubt about the number that comes nearest, if words do not say what a number might."""
        real = [doubt for doubt in doubts if doubt is not None]
        best = max(real, key=lambda doubt: _GRAVEST.index(doubt.verdict), default=None)
        if best is not None and best.verdict is not Verdict.NUMBER:
            return [best]
        counted = bound.counted and not self._counts_them(bound)
        if counted and self._counted_in_words(bound):
            return []
        doubt = _number_doubt(bound, self._numbers)
        if counted and whole(bound.sense, bound.value) == (">=", Fraction(1)):
            # That there is one may go without saying.
            return [
                Doubt(Verdict.DIRECTION, "the quotation does not say that there has to be one", doubt.proposal, True)
            ]
        return [doubt]

    def _alternatives(self, members: Sequence[Member]) -> list[Doubt]:
        """Return the doubts about `not a or b`, which a paper states as "those with a must have b", or as an or."""
        with_bounds = [i for i, member in enumerate(members) if any(isinstance(c, Bound) for c in member)]
        spoken_or = any(vocabulary().words["alternative"].search(site.passage.text) for site in self.sites) or any(
            rejecting(site.passage.text, number.start) for site, number in self._numbers
        )
        best: list[Doubt] | None = None
        for kept in product((True, False), repeat=min(len(with_bounds), 6)):
            if with_bounds and not any(kept):
                continue
            if sum(kept) > 1 and not spoken_or:
                continue
            as_said = dict(zip(with_bounds, kept, strict=False))
            doubts, chosen = self._one_way(members, as_said)
            if best is None or len(doubts) < len(best):
                best = doubts
                if not doubts:
                    self.used |= chosen
                    break
        return best or []

    def _one_way(self, members: Sequence[Member], as_said: dict[int, bool]) -> tuple[list[Doubt], set[Candidate]]:
        bounds: list[Bound] = []
        doubts: list[Doubt] = []
        antecedents = tuple(
            Word(claim.text, claim.relation, False, True)
            for member in members
            for claim in member
            if isinstance(claim, Word) and (claim.negated or claim.relation)
        )
        for index, member in enumerate(members):
            for claim in member:
                if isinstance(claim, Compared):
                    doubts.append(_not_comparable(claim))
                elif isinstance(claim, Bound):
                    bounds.append(_turned(claim, as_said.get(index, True), antecedents))
        if not bounds:
            doubts += self._words_only(members)
        beside = tuple(word for bound in bounds for word in bound.words)
        more, chosen = self._bounds(bounds, beside)
        return doubts + more, chosen

    def _words_only(self, members: Sequence[Member]) -> list[Doubt]:
        """Judge alternatives of words alone: "only combined muons are used" leaves the polarity open."""
        excepted = [word for word in _object_words(members) if not word.negated]
        words = [claim for member in members for claim in member if isinstance(claim, Word) and claim not in excepted]
        return [doubt for word in words for doubt in self._word(word)]

    # -------------------------------------------------------------- one bound, one number

    def _bound(self, bound: Bound, candidate: Candidate, beside: tuple[Word, ...]) -> Doubt | None:
        """Return the doubt about a number being what a bound claims; `None` when there is none."""
        site, number = candidate
        if not _same_value(bound, number):
            return Doubt(Verdict.NUMBER, "")
        if (doubt := self._direction(bound, site, number)) is not None:
            return doubt
        if bound.sense is None:
            return None
        if (doubt := self._quantity(bound, site, number)) is not None:
            return doubt
        if (doubt := self._conditions(site, number)) is not None:
            return doubt
        if (doubt := self._words_beside(bound, site, number, beside)) is not None:
            return doubt
        if (doubt := self._object(bound, site, number)) is not None:
            return doubt
        said_of_it = bound.condition or bound.nested or bound.counted
        return None if said_of_it else _purpose(site, number)

    def _direction(self, bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
        if bound.sense is None:
            return None
        said = number.sense
        if said is None and not bound.nested and bound.counted and number.word and number.value == 0:
            said = "=="
        if said is None and bound.sense == "==" and not _otherwise_bound(site, number):
            said = "=="
        rejected = said is not None and not bound.nested and rejecting(site.passage.text, number.start)
        if said is not None and rejected:
            said = CONTRARY[said]
        if said is None:
            return Doubt(
                Verdict.DIRECTION,
                f"the quotation has {bound.written}, but does not say that it is {_IN_WORDS[bound.sense]}",
                f"quote the words that say so; the source has: {_shown(site)}",
            )
        if _same_sense(bound, said, number):
            return None
        turned = ", of what is rejected" if rejected else ""
        return Doubt(
            Verdict.DIRECTION,
            f"`{bound.sense} {bound.written}` is required, and the quotation says `{site.said(number)}`{turned}",
            f"compare with the source: {_shown(site)}",
        )

    def _quantity(self, bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
        about = bound.about
        window = site.window(number)
        folded = fold(window).text
        named = self._named(window)
        if named:
            # The paper's symbol is the name of a value of the program: then that one has to be meant.
            if set(named) & about.names or self._same_value(bound, named):
                return None
            return Doubt(
                Verdict.QUANTITY,
                f"the quotation says this of `{named[0]}`, which is another value of the program",
                f"compare with the source: {_shown(site)}",
            )
        if bound.counted:
            return None
        wanted = _telling(about.quantities)
        here = quantities(window)
        beside = site.beside()
        if any(fold(name).text in folded for name in about.names if len(name) > 1):
            return None
        if wanted & here and wanted <= quantities(beside):
            return None
        if not here and wanted and wanted <= quantities(beside):
            return None
        if not wanted and _spoken_of(about.attributes | about.names, beside):
            return None
        if not wanted and not about.attributes:
            return None
        name = ", ".join(sorted(about.attributes | about.names) or sorted(wanted))
        return Doubt(
            Verdict.QUANTITY,
            f"the quotation does not say of {name} that it is {_IN_WORDS[bound.sense or '==']} {bound.written}",
            f"compare with the source: {_shown(site)}",
        )

    def _same_value(self, bound: Bound, named: Sequence[str]) -> bool:
        """Whether a criterion writes out what has a name elsewhere, such as `z1.mass` of `let m12 = best.z1.mass`."""
        written = dict(self._context.written)
        return "." in bound.expression and any(
            re.search(rf"(?:^|\.){re.escape(bound.expression)}$", written.get(name, "")) for name in named
        )

    def _named(self, window: str) -> list[str]:
        """Return the values of the program whose name is the symbol before a bound, such as `m12` of `m_{12} <`."""
        symbol = fold((window.rstrip(" <>=≤≥").split() or [""])[-1]).text.strip("(,.<>=")
        return [name for text, name in self._context.values if text and text == symbol]

    def _conditions(self, site: Site, number: TextNumber) -> Doubt | None:
        """Return the doubt about a bound that is stated under a condition which the program does not have."""
        for other in site.conditions(number):
            if (other.value, other.dimension) not in self._context.bounds:
                return Doubt(
                    Verdict.OBJECT,
                    f"the quotation restricts this by `{site.said(other)}`, which the program does not",
                    f"compare with the source: {_shown(site)}",
                )
        return None

    def _object(self, bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
        subject = site.subject(number, counted=bound.counted)
        others = bound.about.objects - self._own
        if _simple(self._own) and others and not bound.counted:
            # "jets within ΔR < 0.4 of an electron": the first is the one that is selected or removed
            acting = site.acting()
            if acting is not None and not self._own & _covered(acting):
                return Doubt(
                    Verdict.OBJECT,
                    f"the quotation says this of {_objects(acting)}, and the criterion of {_objects(self._own)}",
                    f"compare with the source: {_shown(site)}",
                )
        narrowed = bound.counted and bool(bound.words)
        # The pairs of leptons in `count(pairs)` are pairs; what a name counts is left open.
        named = _head(bound.about.objects) if bound.expression.startswith("count(") else bound.about.objects
        return self._fits(subject, named, bound.counted, site, narrowed=narrowed)

    def _fits(
        self,
        subject: frozenset[str] | None,
        named: frozenset[str],
        counted: bool,
        site: Site,
        *,
        narrowed: bool = False,
    ) -> Doubt | None:
        own = self._own
        wanted = named if counted and named else own | named | self._context.named
        if not wanted:
            return None
        if subject is None:
            if own & _COMPOSITE and re.search(r"\b(?:candidate|combination)s?\b", site.passage.text):
                return None
            if not own and not counted:
                return None
            return Doubt(
                Verdict.OBJECT,
                f"the quotation does not say that it is about {_objects(wanted)}",
                f"quote the words that name the object; the source has: {_shown(site)}",
            )
        covered = _covered(subject)
        if _simple(own) and not (named - own) and not counted:
            # A cut on all leptons is not confirmed by one on electrons.
            fits = own - {"lepton"} <= covered
        else:
            fits = bool(wanted & covered) or (narrowed and bool(subject & _covered(wanted)))
        if fits:
            return None
        return Doubt(
            Verdict.OBJECT,
            f"the quotation is about {_objects(subject)}, and the criterion about {_objects(wanted)}",
            f"compare with the source: {_shown(site)}",
        )

    # -------------------------------------------------------------- words

    def _words_beside(self, bound: Bound, site: Site, number: TextNumber, beside: tuple[Word, ...]) -> Doubt | None:
        """Return the doubt about words that restrict for what a number holds, in the criterion or in the quotation."""
        text = site.reading(number)
        start, end = site.clause(number)
        clause = " ".join(text[start:end].split())
        for word in bound.words:
            said = _said(word, clause) or _by_object(word, site.subject(number))
            if said != word.negated or (word.negated and _denied(clause, _place_of(word, clause) or 0)):
                continue
            return Doubt(
                Verdict.OBJECT,
                f"the quotation does not say `{word.text}` where it has {bound.written}",
                f"compare with the source: {_shown(site)}",
            )
        if bound.place is not None and (doubt := _which(bound, bound.place, site, number)) is not None:
            return doubt
        if self._named(site.window(number)):
            return None  # the symbol says what is meant
        own = " ".join([*self._context.said, *(word.text for word in (*bound.words, *beside))])
        for pattern in vocabulary().restrictions:
            found = pattern.search(clause)
            if found is None or _spoken(found[0]) in _spoken(own) or self._in_order(found[0]):
                continue
            if any(word.relation and _relation_said(word, found[0]) for word in bound.words):
                continue
            if pattern.search(own):
                continue
            return Doubt(
                Verdict.OBJECT,
                f'the quotation restricts this to "{found[0]}", which the criterion does not',
                f"compare with the source: {_shown(site)}",
            )
        return None

    def _in_order(self, word: str) -> bool:
        return self._context.ordinals and bool(re.search(r"lead|high|next|trail", word, re.IGNORECASE))

    def _composite(self) -> list[Doubt]:
        """Return the doubt about words for single objects that the paper says of pairs or the like."""
        if not _simple(self._own):
            return []
        for site in self.sites:
            first = next(iter(mentions(site.passage.text)), None)
            if site.passage.is_row:
                first = next((m for m in mentions(site.passage.text) if m.kinds & _COMPOSITE), None)
            if first is None or not first.kinds & _COMPOSITE:
                return []
        return [
            Doubt(Verdict.OBJECT, "the quotation says this of pairs or the like", f"compare: {_shown(site)}")
            for site in self.sites[:1]
        ]

    def _word(self, word: Word) -> list[Doubt]:
        """Return the doubt about something that is said in words."""
        for site in self.sites:
            text = site.passage.text
            place = _place_of(word, text)
            if place is None:
                continue
            negative = rejecting(text, place) or _denied(text, place)
            if word.relation is None and negative != word.negated:
                continue
            return []
        if any(_place_of(word, site.passage.text) is not None for site in self.sites):
            which = "does not reject" if word.negated else "rejects"
            return [Doubt(Verdict.DIRECTION, f"the quotation {which} what it calls `{word.text}`")]
        return [
            Doubt(
                Verdict.QUANTITY,
                f"the quotation does not say `{word.text}`",
                "quote the words that say so, or state it with `assume`",
                open=True,
            )
        ]

    def _counts_them(self, bound: Bound) -> bool:
        """Whether the quotation says how many there are, with another number."""
        kinds = _covered(_head(bound.about.objects))
        return any(
            number.counts and number.sense is not None and kinds & (site.subject(number, counted=True) or frozenset())
            for site, number in self._numbers
        )

    def _counted_in_words(self, bound: Bound) -> bool:
        """Whether the quotation says "there is one" or "there is none", as it is required, without a number."""
        kinds = _head(bound.about.objects)
        one = whole(bound.sense, bound.value) == (">=", Fraction(1))
        none = whole(bound.sense, bound.value) in (("<=", Fraction(0)), ("==", Fraction(0)))
        if not (one or none):
            return False
        for site in self.sites:
            subject = site.subject(None)
            if subject is None or not (subject & _covered(kinds) or not kinds):
                continue
            negative = bool(vocabulary().words["negation"].search(site.passage.text))
            if negative == none and (none or _present(kinds, site.passage.text)):
                return True
        return False

    # -------------------------------------------------------------- other statements

    def numbers(self, wanted: Sequence[Bound]) -> list[Doubt]:
        """Return the doubts about numbers that only have to be there, such as the edges of a grid."""
        left = list(self._numbers)
        doubts = []
        for bound in wanted:
            found = next((c for c in left if _same_value(bound, c[1])), None)
            if found is None:
                doubts.append(_number_doubt(bound, self._numbers))
            else:
                left.remove(found)
                self.used.add(found)
        return doubts

    def choice(self, kind: str) -> list[Doubt]:
        """Return the doubt about `keep lowest`, `keep highest` or `keep first`."""
        pattern = vocabulary().choices[kind]
        if any(pattern.search(site.passage.text[site.part.start : site.part.end]) for site in self.sites):
            return []
        return [
            Doubt(
                Verdict.DIRECTION,
                f"the quotation does not say that the {kind} is kept",
                "quote the words that say so, or state it with `assume`",
                open=True,
            )
        ]

    def text(self, said: str) -> list[Doubt]:
        """Return the doubts about an `external`, most of whose words have to be in the quotation."""
        words = dict.fromkeys(word for word in _words_in(said) if word not in _STOP_WORDS)
        quoted = _stems(" ".join(site.passage.text[site.part.start : site.part.end] for site in self.sites))
        around = _stems(" ".join(site.passage.text for site in self.sites))
        missing = [word for word in words if _stem(word) not in around]
        there = [(number.value, number.dimension) for _, number in self._numbers]
        for number in numbers_in(said):
            if (number.value, number.dimension) not in there and not number.word:
                written = said[number.start : number.stop]
                return [Doubt(Verdict.NUMBER, f"the quotation does not have {written}")]
        if words and (len(missing) * 3 > len(words) or not any(_stem(word) in quoted for word in words)):
            missing = missing or list(words)
            return [
                Doubt(
                    Verdict.QUANTITY,
                    f"the quotation does not speak of {', '.join(f'`{word}`' for word in missing)}",
                    "quote the words that state the criterion, or name it as the source does",
                )
            ]
        return []

    def objects(self, named: frozenset[str] = frozenset()) -> list[Doubt]:
        """Return the doubt about the object of a statement without a number, which may name some itself."""
        if named and any(named & mention.kinds for site in self.sites for mention in mentions(site.passage.text)):
            return []
        doubts = [self._fits(site.subject(None), named, bool(named), site) for site in self.sites]
        return [] if None in doubts else [doubt for doubt in doubts if doubt is not None][:1]


_COMPOSITE = frozenset(["pair", "quadruplet", "triplet"])
_SHOWN = 240  # characters of a sentence in a proposal
_IN_WORDS = {
    "<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "equal to", "!=": "different from",
}  # fmt: skip
_STOP_WORDS = frozenset(
    ["the", "a", "an", "of", "and", "or", "in", "on", "to", "for", "with", "from", "by", "is", "are", "at", "as"]
)


def _pair(judged: Sequence[dict[Candidate, Doubt | None]]) -> dict[int, Candidate]:
    """Pair bounds with numbers about which there is no doubt, as many as possible (augmenting paths)."""
    owner: dict[Candidate, int] = {}

    def place(index: int, seen: set[Candidate]) -> bool:
        for candidate, doubt in judged[index].items():
            if doubt is not None or candidate in seen:
                continue
            seen.add(candidate)
            if candidate not in owner or place(owner[candidate], seen):
                owner[candidate] = index
                return True
        return False

    for index in range(len(judged)):
        place(index, set())
    return {index: candidate for candidate, index in owner.items()}


def _same_value(bound: Bound, number: TextNumber) -> bool:
    if bound.dimension != number.dimension and bound.value != 0:
        return False
    if bound.counted and bound.sense is not None and number.sense is not None and number.dimension == PURE:
        wanted = whole(bound.sense, bound.value)
        return number.value == bound.value or whole(number.sense, number.value) == wanted
    return number.value == bound.value


def _same_sense(bound: Bound, said: Sense, number: TextNumber) -> bool:
    assert bound.sense is not None
    if bound.counted:
        return whole(bound.sense, bound.value) == whole(said, number.value)
    if said == bound.sense:
        return True
    return number.loose and said in ("<", ">", "<=", ">=") and said[0] == bound.sense[0]


def _object_words(members: Sequence[Member]) -> list[Word]:
    """Return the alternatives that are only a kind of object: `flavour == electron or is_loose`."""
    objects = vocabulary().objects
    alone = [member[0] for member in members if len(member) == 1]
    return [claim for claim in alone if isinstance(claim, Word) and vocabulary().kinds(claim.text, objects)]


def _excepted(members: Sequence[Member]) -> frozenset[str]:
    """Return the kinds of objects for which nothing more is demanded."""
    found: frozenset[str] = frozenset()
    for word in _object_words(members):
        if not word.negated:
            found |= vocabulary().kinds(word.text, vocabulary().objects) | {"lepton"}
    return found


def _twins(first: Bound, second: Bound) -> bool:
    """Whether two bounds say the same of two different things."""
    same = (first.sense, first.value, first.dimension, first.about.quantities) == (
        second.sense, second.value, second.dimension, second.about.quantities
    )  # fmt: skip
    return same and first.place is None and second.place is None and first.expression != second.expression


def _turned(bound: Bound, as_said: bool, words: tuple[Word, ...]) -> Bound:
    sense = bound.sense if as_said or bound.sense is None else CONTRARY[bound.sense]
    return replace(bound, sense=sense, words=bound.words + words, condition=not as_said)


def _telling(kinds: frozenset[str]) -> frozenset[str]:
    """Leave out `pt` beside what it divides, as in a relative isolation."""
    strong = frozenset(kind for kind in kinds if not vocabulary().quantities[kind].weak)
    return strong or kinds


def _purpose(site: Site, number: TextNumber) -> Doubt | None:
    """Return the doubt about a bound that is no requirement: a condition for one, or of a trigger."""
    said, condition = site.purpose(number)
    if said is None:
        return None
    why = f'states this as a condition of what it "{said}"' if condition else f'speaks of "{said}"'
    return Doubt(
        Verdict.OBJECT,
        f"the quotation {why}, and not as a requirement",
        "quote where it is required, or say with `assume` how you read it",
        open=True,
    )


def _which(bound: Bound, place: int, site: Site, number: TextNumber) -> Doubt | None:
    """Return the doubt about which of several a number is for, such as the second lepton."""
    said = site.place(number)
    if said == place or (said is None and place == 1):
        return None
    what = "does not say of which one" if said is None else f"is about number {said}"
    return Doubt(
        Verdict.OBJECT,
        f"`{bound.written}` is required of number {place} by order, and the quotation {what}",
        f"compare with the source: {_shown(site)}",
    )


def _otherwise_bound(site: Site, number: TextNumber) -> bool:
    """Whether a sentence that has a bare number also says "at least" of the same number."""
    return any(
        other.value == number.value and other.sense not in (None, "==") for other in numbers_in(site.passage.text)
    )


def _present(kinds: frozenset[str], text: str) -> bool:
    """Whether a text demands that there are objects: "events with a photon"."""
    found = [mention.start for mention in mentions(text) if mention.kinds & _covered(kinds)]
    words = vocabulary().words["presence"].finditer(text)
    return any(0 < start - word.end() < 50 for word in words for start in found)


def _head(kinds: frozenset[str]) -> frozenset[str]:
    """Return what is counted: pairs of leptons are pairs."""
    for kind in ("quadruplet", "triplet", "pair"):
        if kind in kinds:
            return frozenset([kind])
    return kinds


def _covered(kinds: frozenset[str]) -> frozenset[str]:
    """Return the kinds that are meant by what a text names: leptons are electrons and muons."""
    return frozenset().union(*(vocabulary().objects[kind].covers for kind in kinds))


def _simple(own: frozenset[str]) -> bool:
    return bool(own) and not own & _COMPOSITE


def _spoken(text: str) -> str:
    return re.sub(r"[\s_-]", "", text.lower())


def _spoken_of(names: frozenset[str], text: str) -> bool:
    """Whether a text has the words that names are made of."""
    folded = _spoken(text)
    return any(
        fold(name).text in fold(text).text or any(len(part) > 2 and part.lower() in folded for part in name.split("_"))
        for name in names
    )


def _said(word: Word, clause: str) -> bool:
    return _place_of(word, clause) is not None


def _place_of(word: Word, text: str) -> int | None:
    """Return where a text says a word."""
    if word.relation is not None:
        relation = vocabulary().relations[word.relation]
        found = relation.words.search(text)
        return None if found is None else found.start()
    for kind in vocabulary().kinds(word.text, vocabulary().objects):
        found = vocabulary().objects[kind].words.search(text)
        if found is not None:
            return found.start()
    letters = [re.escape(char) for char in re.sub(r"[\s_-]", "", word.text)]
    found = re.search(r"\b" + r"[\s_-]?".join(letters), text, re.IGNORECASE)
    return None if found is None else found.start()


def _relation_said(word: Word, text: str) -> bool:
    return word.relation is not None and bool(vocabulary().relations[word.relation].words.search(text))


def _by_object(word: Word, subject: frozenset[str] | None) -> bool:
    return subject is not None and bool(vocabulary().kinds(word.text, vocabulary().objects) & subject)


def _denied(text: str, place: int) -> bool:
    """Whether a word is denied: "not loose", "fail the loose criteria", "must not be"."""
    start, _ = clause_at(text, place)
    before = text[start:place][-45:]
    return any(
        not vocabulary().words["demands"].search(before, found.end())
        for found in vocabulary().words["negation"].finditer(before)
    )


def _words_in(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def _stems(text: str) -> set[str]:
    return {_stem(word) for word in _words_in(text)}


def _stem(word: str) -> str:
    return word[:5] if len(word) > 5 else word.removesuffix("s")


def _number_doubt(bound: Bound, numbers: Sequence[Candidate]) -> Doubt:
    other = list(dict.fromkeys(_printed(site, number) for site, number in numbers))
    said = f"; it has {', '.join(other[:6])}" if other else "; it has no number"
    return Doubt(Verdict.NUMBER, f"the quotation does not have {bound.written}{said}")


def _printed(site: Site, number: TextNumber) -> str:
    text = site.passage.text
    unit = ""
    if number.factor is not None and number.stop == number.end:
        unit = " (with the unit that follows)"
    return text[number.start : number.stop].strip() + unit


def _not_comparable(claim: Compared) -> Doubt:
    return Doubt(
        Verdict.DIRECTION,
        f"whether the words of the quotation mean `{claim.written}` cannot be checked",
        "compare it yourself, and state with `assume` what it is that you read from them",
        open=True,
    )


def _objects(kinds: frozenset[str]) -> str:
    return ", ".join(sorted(vocabulary().objects[kind].plural for kind in kinds)) or "events"


def _shown(site: Site) -> str:
    text = site.passage.text
    start = max(0, min(site.part.start - 40, len(text) - _SHOWN))
    shown = text[start : start + _SHOWN]
    return f'"{"..." if start else ""}{shown}{"..." if start + _SHOWN < len(text) else ""}"'
