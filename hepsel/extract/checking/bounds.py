"""Whether a number of the quotation is what a criterion claims: value, direction, quantity, object, restrictions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from hepsel.extract.checking.claims import Bound, Word
from hepsel.extract.checking.context import Context
from hepsel.extract.checking.doubts import IN_WORDS, Candidate, Doubt, objects_named, shown
from hepsel.extract.checking.folding import fold
from hepsel.extract.checking.kinds import COMPOSITE, covered_by, head, is_simple
from hepsel.extract.checking.model import Verdict
from hepsel.extract.checking.numbers import CONTRARY, TextNumber, numbers_in, whole
from hepsel.extract.checking.spoken import by_object, is_denied, place_of, says, says_relation, spoken, spoken_of
from hepsel.extract.checking.vocabulary import Sense, vocabulary
from hepsel.extract.checking.wording import Site, quantities, rejecting
from hepsel.semantics.types import PURE


class BoundJudge:
    """Judges one bound by one number of the text."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.own = context.own
        """Kinds of the objects that the criterion is for; fewer than the block selects where it excepts some."""

    def doubt(self, bound: Bound, candidate: Candidate, beside: tuple[Word, ...]) -> Doubt | None:
        """Return the doubt about a number being what a bound claims; `None` when there is none."""
        site, number = candidate
        if not same_value(bound, number):
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
                f"the quotation has {bound.written}, but does not say that it is {IN_WORDS[bound.sense]}",
                f"quote the words that say so; the source has: {shown(site)}",
            )
        if _same_sense(bound, said, number):
            return None
        turned = ", of what is rejected" if rejected else ""
        return Doubt(
            Verdict.DIRECTION,
            f"`{bound.sense} {bound.written}` is required, and the quotation says `{site.said(number)}`{turned}",
            f"compare with the source: {shown(site)}",
        )

    def _quantity(self, bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
        about = bound.about
        window = site.window(number)
        folded = fold(window).text
        named = self._named(window)
        if named:
            # The paper's symbol is the name of a value of the program: then that one has to be meant.
            if set(named) & about.names or self._written_out(bound, named):
                return None
            return Doubt(
                Verdict.QUANTITY,
                f"the quotation says this of `{named[0]}`, which is another value of the program",
                f"compare with the source: {shown(site)}",
            )
        if bound.counted:
            return None
        wanted = _telling(about.quantities)
        here = quantities(window)
        beside = site.beside()
        if any(fold(name).text in folded for name in about.names if len(name) > 1):
            return None
        if wanted & here and wanted <= quantities(beside):
            return _cone(bound, site)
        if not here and wanted and wanted <= quantities(beside):
            return None
        if not wanted and spoken_of(about.attributes | about.names, beside):
            return None
        if not wanted and not about.attributes:
            return None
        name = ", ".join(sorted(about.attributes | about.names) or sorted(wanted))
        return Doubt(
            Verdict.QUANTITY,
            f"the quotation does not say of {name} that it is {IN_WORDS[bound.sense or '==']} {bound.written}",
            f"compare with the source: {shown(site)}",
        )

    def _written_out(self, bound: Bound, named: Sequence[str]) -> bool:
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
                    f"compare with the source: {shown(site)}",
                )
        return None

    def _object(self, bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
        subject = site.subject(number, counted=bound.counted)
        others = bound.about.objects - self.own
        if is_simple(self.own) and others and not bound.counted:
            # "jets within ΔR < 0.4 of an electron": the first is the one that is selected or removed
            acting = site.acting()
            if acting is not None and not self.own & covered_by(acting):
                return Doubt(
                    Verdict.OBJECT,
                    f"the quotation is about {objects_named(acting)}, the criterion about {objects_named(self.own)}",
                    f"compare with the source: {shown(site)}",
                )
        narrowed = bound.counted and bool(bound.words)
        # The pairs of leptons in `count(pairs)` are pairs; what a name counts is left open.
        named = head(bound.about.objects) if bound.expression.startswith("count(") else bound.about.objects
        return self.fits(subject, named, bound.counted, site, narrowed=narrowed)

    def fits(
        self,
        subject: frozenset[str] | None,
        named: frozenset[str],
        counted: bool,
        site: Site,
        *,
        narrowed: bool = False,
    ) -> Doubt | None:
        """Return the doubt about objects that a text names being those of the criterion."""
        own = self.own
        wanted = named if counted and named else own | named | self._context.named
        if not wanted:
            return None
        if subject is None:
            if own & COMPOSITE and re.search(r"\b(?:candidate|combination)s?\b", site.passage.text):
                return None
            if not own and not counted:
                return None
            return Doubt(
                Verdict.OBJECT,
                f"the quotation does not say that it is about {objects_named(wanted)}",
                f"quote the words that name the object; the source has: {shown(site)}",
            )
        covered = covered_by(subject)
        if is_simple(own) and not (named - own) and not counted:
            # A cut on all leptons is not confirmed by one on electrons.
            fits = own - {"lepton"} <= covered
        else:
            fits = bool(wanted & covered) or (narrowed and bool(subject & covered_by(wanted)))
        if fits:
            return None
        return Doubt(
            Verdict.OBJECT,
            f"the quotation is about {objects_named(subject)}, and the criterion about {objects_named(wanted)}",
            f"compare with the source: {shown(site)}",
        )

    def _words_beside(self, bound: Bound, site: Site, number: TextNumber, beside: tuple[Word, ...]) -> Doubt | None:
        """Return the doubt about words that restrict for what a number holds, in the criterion or in the quotation."""
        text = site.reading(number)
        start, end = site.clause(number)
        clause = " ".join(text[start:end].split())
        for word in bound.words:
            said = says(word, clause) or by_object(word, site.subject(number))
            if said != word.negated or (word.negated and is_denied(clause, place_of(word, clause) or 0)):
                continue
            return Doubt(
                Verdict.OBJECT,
                f"the quotation does not say `{word.text}` where it has {bound.written}",
                f"compare with the source: {shown(site)}",
            )
        if bound.place is not None and (doubt := _which(bound, bound.place, site, number)) is not None:
            return doubt
        if self._named(site.window(number)):
            return None  # the symbol says what is meant
        own = " ".join([*self._context.said, *(word.text for word in (*bound.words, *beside))])
        for pattern in vocabulary().restrictions:
            found = pattern.search(clause)
            if found is None or spoken(found[0]) in spoken(own) or self._in_order(found[0]):
                continue
            if any(word.relation and says_relation(word, found[0]) for word in bound.words):
                continue
            if pattern.search(own):
                continue
            return Doubt(
                Verdict.OBJECT,
                f'the quotation restricts this to "{found[0]}", which the criterion does not',
                f"compare with the source: {shown(site)}",
            )
        return None

    def _in_order(self, word: str) -> bool:
        return self._context.ordinals and bool(re.search(r"lead|high|next|trail", word, re.IGNORECASE))


def _count(sense: Sense, value: Fraction) -> tuple[Sense | None, Fraction]:
    """Return a bound of a number of things without `<` and `>`; none is at most none."""
    bound = whole(sense, value)
    return ("<=", value) if bound == ("==", Fraction(0)) else bound


def same_value(bound: Bound, number: TextNumber) -> bool:
    """Whether a number is that of a bound; of a number of things, whether it says the same."""
    if bound.dimension != number.dimension and bound.value != 0:
        return False
    if bound.counted and bound.sense is not None and number.sense is not None and number.dimension == PURE:
        wanted = _count(bound.sense, bound.value)
        said = _count(number.sense, number.value), _count(CONTRARY[number.sense], number.value)
        return number.value == bound.value or wanted in said
    return number.value == bound.value


def _same_sense(bound: Bound, said: Sense, number: TextNumber) -> bool:
    assert bound.sense is not None
    if bound.counted:
        return _count(bound.sense, bound.value) == _count(said, number.value)
    if said == bound.sense:
        return True
    return number.loose and said in ("<", ">", "<=", ">=") and said[0] == bound.sense[0]


def _cone(bound: Bound, site: Site) -> Doubt | None:
    """Return the doubt about the size of the cone of an isolation, where the sentence or row has one."""
    named = re.search(r"cone(\d)(\d)", bound.expression)
    sizes = [n for n in site.cones() if n.value < 2]
    if named is None or not sizes or any(n.value == Fraction(int(named[1] + named[2]), 100) for n in sizes):
        return None
    size = float(sizes[0].value)
    return Doubt(
        Verdict.QUANTITY, f"the quotation is about a cone of {size:g}", f"compare with the source: {shown(site)}"
    )


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
        f"compare with the source: {shown(site)}",
    )


def _otherwise_bound(site: Site, number: TextNumber) -> bool:
    """Whether a sentence that has a bare number also says "at least" of the same number."""
    return any(
        other.value == number.value and other.sense not in (None, "==") for other in numbers_in(site.passage.text)
    )
