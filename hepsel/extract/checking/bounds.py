"""Whether a number of the quotation is what a criterion claims: value, direction, quantity, object, restrictions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from hepsel.extract.checking.claims import Bound, Word
from hepsel.extract.checking.clauses import clause_at, mentions, quantities
from hepsel.extract.checking.context import Context
from hepsel.extract.checking.doubts import IN_WORDS, Candidate, Doubt, against, objects_named, restricted, shown
from hepsel.extract.checking.folding import fold, place_of_name
from hepsel.extract.checking.kinds import COMPOSITE, covered_by, head, is_simple
from hepsel.extract.checking.masses import ENERGY
from hepsel.extract.checking.model import Verdict
from hepsel.extract.checking.numbers import TextNumber, whole
from hepsel.extract.checking.of_another import (
    OF_TWO,
    beside_another,
    between_others,
    how_many,
    is_stored,
    isolated_otherwise,
    made_of_others,
    nearer_another,
    not_divided,
    of_another_mass,
    of_another_number,
    of_symbol_alone,
    of_the_cluster,
    purpose,
    scales_another,
    size_of_cone,
    strong,
    telling,
    without_a_term,
)
from hepsel.extract.checking.operations import around, made_otherwise, says_extreme, told_ratio
from hepsel.extract.checking.regions import of_other_region
from hepsel.extract.checking.rejections import denying, none_may, rejecting, rejecting_events, turned_at
from hepsel.extract.checking.spoken import by_object, is_denied, place_of, says, says_relation, spoken, spoken_of
from hepsel.extract.checking.values import same_sense, same_value
from hepsel.extract.checking.vocabulary import vocabulary
from hepsel.extract.checking.wording import Site
from hepsel.semantics.types import PURE
from hepsel.syntax.comparisons import OPPOSITE

_CONE_OF_SYMBOL = re.compile(r"cone_?\{?(\d\d)(?!\d)")  # `p_T^{varcone30}`


_BARRED = re.compile(r"\|(?P<symbol>[^|/]{1,30})\|\s*(?:[<>≤≥]=?\s*)?$")  # `|z_0 sin θ| <`
_DIGIT = re.compile(r"\d")
_NEXT = re.compile(r"\s*(?:,|,?\s*and)\s*", re.IGNORECASE)  # between the numbers of a list

_SLOT = re.compile(r"\b(\w+)\.")
_ATTRIBUTES = re.compile(r"[\s-]*(?:(?!(?:and|or|is|are|has|have|with|of|in|for)\b)[\w-]+\s+){0,3}")
_PREDICATE = re.compile(r"\b(?:is|are|be|being)\s+(?:\w+\s+)?$")


class BoundJudge:
    """Judges one bound by one number of the text."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.own = context.own
        """Kinds of the objects that the criterion is for; fewer than the block selects where it excepts some."""

    def doubt(self, bound: Bound, candidate: Candidate, beside: tuple[Word, ...]) -> Doubt | None:
        """Return the doubt about a number being what a bound claims; `None` when there is none."""
        site, number = candidate
        if bound.counted and number.sense in (None, "=="):
            number = site.one_of_several(number, bound.sense)
        if not same_value(bound, number) or _other_sign(bound, site, number):
            return Doubt(Verdict.NUMBER, "")
        if bound.sense is None:
            return scales_another(bound, site, number)
        doubts = self._doubts(bound, site, number, beside)
        return next((doubt for doubt in doubts if doubt is not None), None)

    def _doubts(self, bound: Bound, site: Site, number: TextNumber, beside: tuple[Word, ...]) -> Iterator[Doubt | None]:
        """Yield the doubt about each thing that has to agree, `None` where it does."""
        yield self._direction(bound, site, number)
        yield self._quantity(bound, site, number)
        yield of_the_cluster(bound, site, number)
        yield of_another_mass(bound, site)
        yield size_of_cone(bound, site, number)
        yield beside_another(bound, site, number)
        yield self._absolute(bound, site, number)
        yield without_a_term(bound, site, number)
        yield not_divided(bound, site, number)
        yield nearer_another(bound, site, number)
        yield made_otherwise(bound, site, number, self.own, self._context.unordered)
        yield how_many(bound, site, number)
        yield self._conditions(bound, site, number)
        yield self._in_some_years(bound, site, number)
        yield self._in_one_case(bound, site, number)
        yield self._of_other_class(site, number)
        yield of_other_region(self._context, site, number)
        yield self._slot(bound, site, number)
        yield self._words_beside(bound, site, number, beside)
        yield self._object(bound, site, number, beside)
        if not (bound.condition or bound.nested or bound.counted):
            yield purpose(site, number)

    def _direction(self, bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
        assert bound.sense is not None
        said = number.sense
        if vocabulary().words["instead_of"].search(site.passage.text, 0, number.reach):
            return against(
                Verdict.DIRECTION, f"the quotation has something else instead of `{site.said(number)}`", site
            )
        if bound.counted and number.loose and said in ("<", ">"):
            # Of things, "between two and four" takes in two and four, and "above two" does not.
            if site.is_end(number):
                said = "<=" if said == "<" else ">="
            number = replace(number, loose=False)
        if said == "==" and bound.nested and "dr" in bound.about.quantities and number in site.cones():
            said, number = "<", replace(number, loose=True)  # "the tracks in a cone of ΔR = 0.3"
        if said is None and not bound.nested and bound.counted and number.word and number.value == 0:
            said = "=="
        known = (
            bound.counted
            and number.word
            and vocabulary().words["definite"].search(site.passage.text[: number.start]) is not None
        )
        if said is None and bound.sense == "==" and not known and not _otherwise_bound(site, number):
            said = "=="
        denies = not bound.counted  # "no muons and at least two jets"
        if said is not None and bound.condition and turned_at(site.passage.text, number.start):
            said = OPPOSITE[said]
        turns = not (bound.nested or bound.condition)
        rejected = said is not None and turns and self.rejected(site.passage.text, number.start, denies)
        if said is not None and rejected:
            said = OPPOSITE[said]
        if said is None:
            return Doubt(
                Verdict.DIRECTION,
                f"the quotation has {bound.written}, but does not say that it is {IN_WORDS[bound.sense]}",
                f"quote the words that say so; the source has: {shown(site)}",
            )
        if bound.sense == "==" and said == "==" and _is_measured(bound):
            return against(Verdict.DIRECTION, f"no measured value is exactly {bound.written}", site)
        left_out = (rejected or number.outside or bound.condition) and site.is_end(number)
        if same_sense(bound, said, replace(number, loose=True) if left_out else number):
            return None
        # Of "those with x < 15 GeV are removed" it is easily overlooked that this keeps those with 15 GeV.
        turned = f", of what is rejected, so that `{said} {bound.written}` is left" if rejected else ""
        return against(
            Verdict.DIRECTION,
            f"`{bound.sense} {bound.written}` is required, and the quotation says `{site.said(number)}`{turned}",
            site,
        )

    def rejected(self, text: str, place: int, denies: bool = True) -> bool:
        """Whether what the block selects is rejected at a place of a text: not the objects of an event with a veto."""
        if is_simple(self.own):
            if self._context.absent and vocabulary().words["vetoes"].search(text, *clause_at(text, place)):
                return False  # "we veto electrons with p_T > 10 GeV": those are what there must be none of
            return (rejecting(text, place) and not rejecting_events(text, place)) or none_may(text, place)
        return rejecting(text, place) != (denies and denying(text, place))

    def _quantity(self, bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
        about = bound.about
        window = site.window(number)
        named = self._named(window)
        if named:
            # The paper's symbol is the name of a value of the program: then that one has to be meant.
            if set(named) & about.names or self._written_out(bound, named):
                return self._misnamed(bound, telling(about.quantities), quantities(window), site)
            return against(
                Verdict.QUANTITY,
                f"the quotation says this of `{named[0]}`, which is another value of the program",
                site,
            )
        if bound.counted:
            return None
        start, end = site.clause(number)
        behind = quantities(site.reading(number)[number.stop : end])
        if bound.measure.quantities and behind and not behind & bound.measure.quantities:
            names = ", ".join(sorted(behind))
            return against(Verdict.QUANTITY, f"the quotation says that this is a multiple of {names}", site)
        before = mentions(window)[-1:]
        if (
            bound.terms
            and before
            and before[0].kinds & bound.measure.objects
            and not (covered_by(before[0].kinds) & bound.about.objects)
        ):
            those = objects_named(before[0].kinds)
            return against(Verdict.OBJECT, f"the quotation has a multiple of something else as bound of {those}", site)
        multiple = strong(bound.measure.quantities) - quantities(site.beside(number))
        if multiple and not any(place_of_name(name, site.beside(number)) is not None for name in bound.measure.names):
            names = ", ".join(sorted(multiple))
            return against(Verdict.QUANTITY, f"the quotation does not say that this is a multiple of {names}", site)
        wanted = telling(about.quantities)
        words = vocabulary().words
        left = words["in_order"].sub("", words["left_out_of_it"].sub("", window))
        here = quantities(words["of_these_two"].sub("", left))
        # Of "the impact parameter z_0 satisfies |z_0 sin θ| < 0.5 mm" the symbol is what is bounded.
        barred = _BARRED.search(window)
        here = (strong(quantities(barred["symbol"])) if barred is not None else here) or here
        # "a jet that is not b-tagged is found within ΔR = 0.2"
        sign = site.reading(number)[number.reach : number.start]
        here = (strong(quantities(sign)) if _DIGIT.search(sign) is None else frozenset[str]()) or here
        if here and words["isolated_if"].search(site.reading(number), start, number.reach):
            here |= quantities("isolated")  # "is isolated if the ratio of the sum of p_T in a cone to its own is below"
        divided = "ratio" in bound.makeup.has or (bound.measure.quantities and told_ratio(around(site, number)))
        if divided and vocabulary().operations["ratio"].words.search(around(site, number)):
            # "..., divided by the p_T, must be" and "0.3 times the mass"
            here |= quantities(f"{site.reading(number)[start : number.reach]} {around(site, number)}")
        beside = site.beside(number)
        if any(place_of_name(name, window) is not None for name in about.names if len(name) > 1):
            return self._misnamed(bound, wanted, here, site)
        implied = frozenset(["momentum"]) if not here and bound.dimension == ENERGY and _is_of_one(window) else here
        if wanted and (wanted & here or not here) and wanted <= quantities(beside) | implied:
            return isolated_otherwise(bound, site, number) or _cone(bound, site)
        if not wanted and (not about.attributes or spoken_of(about.attributes | about.names, beside)):
            return None
        name = ", ".join(sorted(about.attributes | about.names) or sorted(wanted))
        return against(
            Verdict.QUANTITY,
            f"the quotation does not say of {name} that it is {IN_WORDS[bound.sense or '==']} {bound.written}",
            site,
        )

    def _misnamed(self, bound: Bound, wanted: frozenset[str], here: frozenset[str], site: Site) -> Doubt | None:
        """Return the doubt about a value with the paper's name that is another quantity: `mjj` of a `.pt`."""
        if not wanted or not here or wanted & here or bound.makeup.made - {"difference"}:
            return None
        names = ", ".join(sorted(here))
        return against(Verdict.QUANTITY, f"the quotation is about {names}, and `{bound.expression}` is none", site)

    def _absolute(self, bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
        """Return the doubt about an absolute value in only one of criterion and quotation, or about a sum."""
        either = bound.sense == "==" and bound.form != "absolute" and site.has_either_sign(number)
        of_size = (bound.form == "signed" and site.is_absolute(number)) or (
            bound.form == "open" and site.has_bars(number)
        )
        if either or of_size:
            return Doubt(
                Verdict.QUANTITY,
                f"the quotation says this of an absolute value, and `{bound.expression}` is none",
                f"write `|{bound.expression}|`, if that is meant; the source has: {shown(site)}",
                contrary=True,
            )
        if bound.form == "absolute" and site.is_of_one_sign(number):
            return against(
                Verdict.QUANTITY,
                f"the criterion is one of `{bound.expression}`, and the quotation says this not of an absolute value",
                site,
            )
        # "an impact parameter below 0.1 cm" is hardly meant to let -5 cm pass.
        one_sided = bound.sense in ("<", "<=") and bound.expression not in self._context.from_below
        # "z_0 < 10 mm" neither, though it says so.
        centred = any(vocabulary().quantities[kind].centred for kind in bound.about.quantities)
        centred = centred and bound.value != 0 and not (bound.written.startswith("-") or bound.makeup.made)
        centred = centred and not site.is_of_one_sign(number)
        if bound.form == "signed" and one_sided and (centred or site.is_in_words(number) or site.is_mirrored(number)):
            return Doubt(
                Verdict.QUANTITY,
                f"`{bound.expression}` can be below zero, and nothing holds it from below",
                f"write `|{bound.expression}|`, or say with `assume` that this is meant; the source has: {shown(site)}",
                open=True,
            )
        if site.is_sum(number) and "scalar sum" not in bound.makeup.has:
            return against(
                Verdict.QUANTITY, f"the quotation says this of a sum, and `{bound.expression}` is none", site
            )
        return None

    def _slot(self, bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
        """Return the doubt about which part of a candidate is meant: "the Z_1 candidate" is not the slot `z2`."""
        window = site.window(number)
        mine = [slot for slot in self._context.slots if re.search(rf"\b{slot}\b", bound.expression)]
        said = [slot for slot in self._context.slots if _symbol(slot).search(window)]
        composite = head(bound.about.objects) & COMPOSITE
        whole = frozenset(kind for kind in site.subject(number) or () if covered_by(frozenset([kind])) & COMPOSITE)
        subject = covered_by(whole) & COMPOSITE
        if (doubt := self._each_part(bound, site, number)) is not None:
            return doubt
        other_part = mine and said and not set(mine) & set(said)
        other_kind = not said and composite and subject and not bound.about.objects & subject
        # "dimuon candidates are kept if their transverse momentum" is not that of one of the muons
        part = bool(self.own & COMPOSITE and bound.about.objects and not composite) and bound.every is None
        part = part and not bound.about.quantities & OF_TWO
        part = part and len(set(_SLOT.findall(bound.expression))) < 2  # unlike `|a.y - b.y|`
        named = [] if site.passage.is_row else list(site.named_with(number, before=bool(subject)))
        only_whole = bool(subject and named) and all(covered_by(kinds) & COMPOSITE for kinds in named)
        other_kind = other_kind or (part and only_whole)
        if vocabulary().words["leg"].search(window):
            # "pairs in which each leg has p_T > 20 GeV"
            other_kind = bool(self.own & COMPOSITE) and not bound.about.objects
        if not other_part and not other_kind:
            return None
        those = said[0] if other_part else objects_named(whole)
        return against(Verdict.OBJECT, f"the quotation is about {those}, and `{bound.expression}` is not", site)

    def _each_part(self, bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
        """Return the doubt about a bound of a pair, or of one of its parts, that the text says of each part."""
        if not self._context.twins or site.passage.is_row or bound.counted or bound.every is not None:
            return None
        text = site.reading(number)
        start, _ = site.clause(number)
        each = vocabulary().words["each"].search(text, start, number.start)
        named = mentions(text[each.end() : each.end() + 30])[:1] if each is not None else ()
        if vocabulary().words["each_of_them"].match(text, number.stop):
            # "two muons with p_T > 4 GeV each"
            named = mentions(text[start : number.start])[-1:] or mentions(text[: number.start])[-1:]
        if not named or named[0].kinds & COMPOSITE:
            return None
        if bound.expression.isidentifier() and "mass" not in bound.about.quantities:
            those = objects_named(named[0].kinds)
            message = f"the quotation says this of each of the {those}, and `{bound.expression}` is of them together"
            return against(Verdict.OBJECT, message, site)
        for slot, others in self._context.twins:
            part = re.compile(rf"\b{slot}\b(?=\.)")
            left = [one for one in others if (bound.value, part.sub(one, bound.expression)) not in self._context.stated]
            if part.search(bound.expression) and left:
                return Doubt(
                    Verdict.OBJECT,
                    f"the quotation says this of each, and no criterion says it of `{left[0]}`",
                    f"state it of `{left[0]}` too; the source has: {shown(site)}",
                    open=True,
                )
        return None

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

    def _conditions(self, bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
        """Return the doubt about a bound that is stated under a condition which the program does not have."""
        conditions = site.conditions(number)
        counted = bound.counted and not is_stored(bound)
        if not (counted or bound.nested) and self.rejected(site.passage.text, number.start):
            # What has only one of the two is not rejected.
            text = site.passage.text
            beside = site.beside_it(number)
            conditions += tuple(n for n in beside if self.rejected(text, n.start) or turned_at(text, n.start))
        for other in conditions:
            alike = {other.value, whole(other.sense, other.value)[1]} if other.counts else {other.value}
            if all((value, other.dimension) not in self._context.bounds for value in alike):
                return restricted(f"by `{site.said(other)}`", "program", site)
        return None

    def _in_some_years(self, bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
        """Return the doubt about a bound of some years, beside which the text has another one for others."""
        if bound.branch is not None or site.passage.is_row:
            return None
        alike = [n for n in site.passage.numbers if (n.sense, n.dimension) == (number.sense, number.dimension)]
        years = [list(site.years_of(one)) for one in alike if one.sense is not None]
        if sum(map(bool, years)) < 2 or not (mine := list(site.years_of(number))):
            return None
        own = spoken(" ".join([*self._context.said, *self._context.region, *(word.text for word in bound.words)]))
        if any(year in own or year[2:] in own for year in mine):
            return None
        message = f"the quotation has this for {' and '.join(mine)} only, and another one for other years"
        return against(Verdict.OBJECT, message, site)

    def _in_one_case(self, bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
        """Return the doubt about a bound of one case only: "above 50 GeV in events without jets; otherwise 200 GeV"."""
        counts = any(written.startswith("count(") for _, written in self._context.stated)
        if bound.branch is not None or bound.condition or bound.words or bound.nested or counts or site.passage.is_row:
            return None
        text, words = site.passage.text, vocabulary().words
        start, end = site.clause(number)
        alike = [
            n for n in site.numbers if n.start >= end and (n.sense, n.dimension) == (number.sense, number.dimension)
        ]
        other = words["in_other_cases"].search(text, end, clause_at(text, alike[0].start)[1]) if alike else None
        if other is None or not words["in_a_case"].search(text, start, end):
            return None
        message = f"the quotation has `{site.said(number)}` in one case, and `{site.said(alike[0])}` in the others"
        return Doubt(
            Verdict.OBJECT,
            message,
            f"state both, or say with `assume` which case this is; compare: {shown(site)}",
            open=True,
        )

    def _of_other_class(self, site: Site, number: TextNumber) -> Doubt | None:
        """Return the doubt about what makes objects of another class: "is called prompt if ..., and displaced if"."""
        text, words = site.passage.text, vocabulary().words
        if site.passage.is_row or not words["called"].search(text):
            return None
        own = spoken(" ".join(self._context.said))
        classes = list(words["class_if"].finditer(text))
        parts = [part for name in self._context.said[:1] for part in name.split() if len(part) > 2]

        def is_own(label: str) -> bool:
            return spoken(label) in own or any(part in label.lower() for part in parts)

        mine = [one["class"] for one in classes if one.end() <= number.reach][-1:]
        if not mine or is_own(mine[0]) or not any(is_own(one["class"]) for one in classes):
            return None
        return against(Verdict.OBJECT, f'the quotation says this of what is "{mine[0]}"', site)

    def _object(self, bound: Bound, site: Site, number: TextNumber, beside: tuple[Word, ...]) -> Doubt | None:
        # `v.n_tracks` is a number of tracks, and `v` what has them.
        counted = bound.counted and not is_stored(bound)
        subject = site.subject(number, counted=counted)
        if counted and number.word and number.value == 0 and not any(site.named_with(number)):
            return against(Verdict.OBJECT, "the quotation does not say of which objects there is none", site)
        of_event = bound.about.quantities & OF_TWO and (site.passage.is_row or site.is_of_region())
        of_event = of_event and not mentions(site.passage.text)
        if (of_event or of_symbol_alone(bound, site, number)) and not (self.own or counted):
            subject = None  # "every signal region requires m_T > 120 GeV", whatever was spoken of before
        others = bound.about.objects - self.own
        start, _ = site.clause(number)
        text = site.passage.text
        if (
            is_simple(self.own)
            and bound.every is None
            and any(vocabulary().words[name].search(text, start, number.start) for name in ("of_them", "not_both"))
        ):
            return against(Verdict.OBJECT, "the quotation says this of some, and the criterion demands it of all", site)
        if (doubt := self._one_of_a_list(bound, subject, site, number)) is not None:
            return doubt
        pair = vocabulary().words["symbol_of_a_pair"].search(site.reading(number)[: number.start][-40:])
        if pair is not None and is_simple(self.own) and not others and not bound.counted:
            message = f"the quotation says this of `{pair[0].strip()}`, a pair, and the criterion of each of its parts"
            return against(Verdict.OBJECT, message, site)
        if pair is not None and bound.place is not None and not (bound.counted or bound.about.objects & COMPOSITE):
            message = f"the quotation says this of `{pair[0].strip()}`, a pair, and `{bound.expression}` is of one"
            return against(Verdict.OBJECT, message, site)
        if is_simple(self.own) and not (others or bound.counted or bound.nested) and site.is_of_whole(number):
            message = "the quotation says this of pairs, and the criterion of each of their parts"
            return against(Verdict.OBJECT, message, site)
        # The sum of the tracks around this.
        summed = "scalar sum" in bound.makeup.made or (bound.nested and "dr" in bound.about.quantities)
        around = others == {"track"} and summed
        if is_simple(self.own) and others and not (bound.counted or around):
            # "jets within ΔR < 0.4 of an electron": the first is the one that is selected or removed
            acting = site.acting(number)
            if acting is not None and not self.own & covered_by(acting):
                return against(
                    Verdict.OBJECT,
                    f"the quotation is about {objects_named(acting)}, the criterion about {objects_named(self.own)}",
                    site,
                )
            reference = site.measured_to(number)
            if reference is not None and not covered_by(reference) & covered_by(others):
                return against(
                    Verdict.OBJECT,
                    f"the quotation measures this to {objects_named(reference)}, "
                    f"and the criterion to {objects_named(others)}",
                    site,
                )
        those = site.for_those(number)
        mine = bound.about.objects - COMPOSITE - {"lepton"}
        some = those and mine & covered_by(those) and not mine <= covered_by(those)
        plain = not (bound.counted or bound.nested or bound.words or bound.branch or bound.about.quantities & OF_TWO)
        if those and some and plain and not is_simple(self.own) and not site.passage.is_row:
            message = f"the quotation says this for {objects_named(those)}, and the criterion for others too"
            return against(Verdict.OBJECT, message, site)
        if (doubt := between_others(bound, self.own, site, number)) is not None:
            return doubt
        if (doubt := _other_parts(bound, subject, site)) is not None:
            return doubt
        narrowed = any(by_object(one, subject) for one in (*bound.words, *beside))
        narrowed = narrowed or (bound.counted and bool(bound.words))
        # The pairs of leptons in `count(pairs)` are pairs; what a name counts is left open.
        named = head(bound.about.objects) if bound.expression.startswith("count(") else bound.about.objects
        if set(self._named(site.window(number))) & bound.about.names:
            # The symbol says what is meant: of "H_T/E_T^{miss} < 4 and H_T > 1 TeV" the last is one of jets.
            subject = next((kinds for kinds in _all_named(site) if covered_by(kinds) & named), subject)
        return self.fits(subject, named, counted, site, narrowed=narrowed, number=number)

    def _one_of_a_list(
        self, bound: Bound, subject: frozenset[str] | None, site: Site, number: TextNumber
    ) -> Doubt | None:
        """Return the doubt about a bound of each, where the text has one after the other: "above 20, 15 and 10 GeV"."""
        row = [one for one in site.in_one_go(number) if not one.alternative]
        text = site.passage.text
        ranged = site.is_end(number) or any(one.negative for one in row)
        if ranged or not all(_NEXT.fullmatch(text, one.stop, two.start) for one, two in pairwise(row)):
            return None
        several = len(row) > 1 and (number.sense or "==")[0] in "<>" and number.dimension != PURE
        other = bound.nested or bound.counted or bound.every is False or bound.place is not None or not self.own
        other = other or any(slot in dict(self._context.ranks) for slot in _slots_in(bound))
        terms = any(term.place is not None for term in bound.terms)
        if not several or other or terms or site.passage.is_row or subject is None or len(subject) > 1:
            return None
        if "respectively" in site.passage.text and not vocabulary().ordinals[1].search(site.passage.text):
            return None  # of several objects in turn
        message = f"the quotation has a bound for each in turn, of which {bound.written} is one, and the criterion none"
        return against(Verdict.OBJECT, message, site)

    def fits(
        self,
        subject: frozenset[str] | None,
        named: frozenset[str],
        counted: bool,
        site: Site,
        *,
        narrowed: bool = False,
        number: TextNumber | None = None,
    ) -> Doubt | None:
        """Return the doubt about objects that a text names being those of the criterion."""
        own = self.own
        if own == {"vertex"} and number is not None and any(own & kinds for kinds in site.named_with(number)):
            return None  # "the vertex must have at least five tracks"
        told = counted and number is not None and any(named & kinds for kinds in site.named_with(number))
        told = told and not (number is not None and site.counts_by_symbol(number))
        if counted and named and subject is not None and not told and not _counts_all(named, subject):
            return against(
                Verdict.OBJECT,
                f"the quotation counts {objects_named(subject)}, and the criterion {objects_named(named)}",
                site,
            )
        wanted = named if counted and named else own | named | self._context.named
        if not wanted:
            return None
        if subject is None:
            if own & COMPOSITE and vocabulary().words["candidate"].search(site.passage.text):
                return None
            if not own and not counted:
                return None
            return Doubt(
                Verdict.OBJECT,
                f"the quotation does not say that it is about {objects_named(wanted)}",
                f"quote the words that name the object; the source has: {shown(site)}",
            )
        if own & COMPOSITE and subject == {"vertex"} and not counted:
            return None  # that of the candidate
        covered = covered_by(subject)
        if is_simple(own) and not (named - own) and not counted:
            # A cut on all leptons is not confirmed by one on electrons.
            fits = own - {"lepton"} <= covered
        else:
            fits = bool(wanted & covered) or (narrowed and bool(subject & covered_by(wanted)))
            fits = fits and not (own & COMPOSITE and not counted and made_of_others(own, subject))
        if fits:
            return None
        return against(
            Verdict.OBJECT,
            f"the quotation is about {objects_named(subject)}, and the criterion about {objects_named(wanted)}",
            site,
        )

    def _words_beside(self, bound: Bound, site: Site, number: TextNumber, beside: tuple[Word, ...]) -> Doubt | None:
        """Return the doubt about words that restrict for what a number holds, in the criterion or in the quotation."""
        text = site.reading(number)
        start, end = site.clause(number)
        clause = " ".join(text[start:end].split())
        for word in bound.words:
            said = says(word, clause) or by_object(word, site.subject(number))
            at = place_of(word, clause) or 0
            none_of = vocabulary().words["none_of"].search(clause[:at])
            denied = is_denied(clause, at, of_rejected=rejecting(clause, at)) and none_of is None
            if (not said or denied) if word.negated else (said and not denied):
                continue
            return against(
                Verdict.OBJECT, f"the quotation does not say `{word.text}` where it has {bound.written}", site
            )
        place = bound.place
        if place is None and bound.terms and bound.terms[1].place is None:
            place = bound.terms[0].place  # of `Photon[0].pt / (Photon[0] + Photon[1]).mass`
        slots = set(_slots_in(bound))
        if place is None and len(slots) == 1 and site.place(number) is not None:
            place = dict(self._context.ranks).get(next(iter(slots)))
        ranked = place if bound.place is None else None  # a part of a candidate, by its place
        if place is not None and (doubt := self._which(bound, place, site, number)) is not None:
            return doubt
        if self._named(site.window(number)):
            return None  # the symbol says what is meant
        one_of_them = is_simple(self.own) and bound.place is None and not (bound.counted or bound.nested)
        # Nor is a slot that has no number the first of all: `p_T^{j_1} > 20 GeV` and `a.pt`.
        lettered = all(not slot[-1].isdigit() and slot in dict(self._context.twins) for slot in slots)
        one_of_them = one_of_them or (place is None and not bound.terms and lettered and len(slots) == 1)
        if one_of_them and bound.every is None and (which := site.place_of_symbol(number)) is not None:
            message = f"the quotation says this of number {which} by order, and the criterion of each"
            return against(Verdict.OBJECT, message, site)
        if (part := site.part_of_candidate(number)) is not None and not self._is_of_part(part, bound):
            return restricted(f'to "{part}"', "criterion", site)
        if (doubt := self._other_grade(site, number, clause)) is not None:
            return doubt
        pair = self.own if self.own & COMPOSITE else frozenset[str]()
        if _of_one_flavour(pair) and vocabulary().words["of_both_flavours"].search(clause):
            return against(Verdict.OBJECT, "the quotation says this of an electron and a muon", site)
        asked = [one for one in bound.branch.condition if isinstance(one, Word)] if bound.branch is not None else []
        own = " ".join(
            [*self._context.said, *_slots_in(bound), *(word.text for word in (*bound.words, *beside, *asked))]
        )
        clause = site.subject_before(number) + clause
        start = end - len(clause)
        for pattern in vocabulary().restrictions:
            found = pattern.search(clause)
            if found is None or spoken(found[0]) in spoken(own) or self._in_order(found[0]):
                continue
            if ranked is not None and vocabulary().words["by_order"].search(found[0]):
                continue
            if vocabulary().words["by_order"].search(found[0]) and _named_by_order(bound):
                continue  # `lead_track_pt`
            if bound.branch is not None and vocabulary().words["of_cases"].fullmatch(found[0]):
                continue  # which of the values that is for is looked at when all are found
            if vocabulary().words["by_order"].search(found[0]) and says_extreme(bound, clause, found.start()):
                continue  # "the highest p_T of the photons"
            if any(word.relation and says_relation(word, found[0]) for word in bound.words):
                continue
            if _of_one_flavour(bound.about.objects | self.own) and vocabulary().relations["same flavour"].search(
                found[0]
            ):
                continue
            if any(mention.kinds & (bound.about.objects | self.own) for mention in mentions(found[0])):
                continue  # "b-tagged", of b jets
            if (bound.counted or bound.place) and self._demanded(found[0]):
                continue
            if of_another_number(site, number, start + found.start()):
                continue
            if site.is_own_cell(found[0]) or self._of_disjoint(clause, found, bound):
                continue
            if self._relates_several(found[0], clause[: found.start()], counted=bound.counted):
                continue
            if start + found.start() >= number.stop and self._of_others(clause[found.end() : found.end() + 25]):
                continue
            if pattern.search(own) or _demanded_too(clause, found) or self._by_eta(found[0]):
                continue
            if self._said_by_eta(site, start + found.start(), start + found.end()):
                continue
            return restricted(f'to "{found[0]}"', "criterion", site)
        return None

    def _other_grade(self, site: Site, number: TextNumber, clause: str) -> Doubt | None:
        """Return the doubt about what a text says of "baseline muons" in a block for `signal_muons`."""
        grades = vocabulary().words["grades_of_objects"]
        text = site.reading(number)
        before = [found for found in grades.finditer(text) if found.end() <= number.start]
        found = before[-1] if before else grades.search(clause)
        said = _in_full(" ".join([*self._context.said, *self._context.region]))
        own = spoken(said)
        mine = {spoken(one["grade"]) for one in grades.finditer(f"{_in_full(' '.join(self._context.said))} muon")}
        if found is None or not mine or spoken(found["grade"]) in own:
            return None
        if self.own and not found["quality"] and not grades.search(f"{_in_full(self._context.said[0])} muon"):
            return None  # what is taken from the baseline jets is either, and its name tells nothing
        beside = any(spoken(one["grade"]) in mine for one in grades.finditer(text))
        if found["quality"] and not beside:
            return None  # what is loose may be what the program calls baseline
        return against(Verdict.OBJECT, f'the quotation says this of "{found["grade"]}" objects', site)

    def _which(self, bound: Bound, place: int, site: Site, number: TextNumber) -> Doubt | None:
        """Return the doubt about which of several a number is for, such as the second lepton."""
        said, last = site.place(number), site.last_place(number)
        if place == 1 and said is None and (further := self._further(site, number)) is not None:
            return against(
                Verdict.OBJECT, f"the quotation says this of {further}, and the criterion of the first", site
            )
        if place == 1 and said is None and last is None and _of_each(site, number):
            message = "the quotation says this of each, and the criterion of the first"
            return against(Verdict.OBJECT, message, site)
        if last is not None:
            # "the two leading jets": what is demanded of the second one says it of both
            if place == last or (place < last and (bound.value, last) in self._context.placed):
                return None
            theirs = f"is about the first {last}"
        elif said == place or (said is None and place == 1 and not site.is_of_at_most(number)):
            return None
        else:
            theirs = "does not say of which one" if said is None else f"is about number {said}"
        return against(
            Verdict.OBJECT,
            f"`{bound.written}` is required of number {place} by order, and the quotation {theirs}",
            site,
        )

    def _further(self, site: Site, number: TextNumber) -> str | None:
        """Return the words for other objects than those that come first, where a number is for these."""
        text = site.reading(number)
        start, _ = site.clause(number)
        named = [one for one in mentions(text) if start <= one.start < number.start]
        found = vocabulary().words["further"].search(text, start, named[-1].start) if named else None
        return text[found.start() : named[-1].end] if found is not None else None

    def _of_others(self, text: str) -> bool:
        """Whether a word behind a bound is about the next objects: "E_T^{miss} > 200 GeV, a leading jet with ..."."""
        mine = covered_by(self.own | self._context.named)
        return any(not mention.kinds & mine for mention in mentions(text)[:1])

    def _of_disjoint(self, clause: str, found: re.Match[str], bound: Bound) -> bool:
        """Whether a word restricts what the criterion is not about: "one tight lepton and at least two jets"."""
        mine = covered_by(self.own | bound.about.objects) | self.own | bound.about.objects
        named = mentions(clause)
        behind = next((one for one in named if one.end > found.start()), None)
        if behind is not None and (
            behind.start <= found.start() or _ATTRIBUTES.fullmatch(clause, found.end(), behind.start)
        ):
            whose = behind.kinds
        elif _PREDICATE.search(clause, 0, found.start()) is not None:
            whose = next((one.kinds for one in reversed(named) if one.end <= found.start()), frozenset[str]())
        else:
            return False
        whole_or_part = whose & (COMPOSITE | {"track", "vertex"})  # "the leading track in the tau candidate"
        return bool(whose and mine) and not (whole_or_part or covered_by(whose) & mine)

    def _relates_several(self, text: str, before: str, *, counted: bool) -> bool:
        """Whether a relation is one of several, and says nothing of each: "two same-sign leptons with p_T > 20 GeV"."""
        if not is_simple(self.own or self._context.named) or not any(
            pattern.search(text) for pattern in vocabulary().relations.values()
        ):
            return False
        return vocabulary().words["of_a_pair" if counted else "of_several"].search(before) is not None

    def _demanded(self, text: str) -> bool:
        """Whether a relation is demanded by a criterion of its own: "exactly two electrons of opposite charge"."""
        return any(vocabulary().relations[name].search(text) for name in self._context.demanded)

    def _by_eta(self, word: str) -> bool:
        """Whether a word such as "forward" is said by a bound of the pseudorapidity, on the side that it means."""
        words = vocabulary().words
        if words["far_out"].search(word):
            return ">" in self._context.eta
        return words["far_in"].search(word) is not None and self._context.eta == {"<"}

    def _said_by_eta(self, site: Site, begin: int, end: int) -> bool:
        """Whether a word such as "barrel" is said by a pseudorapidity beside it, and the criterion has that one."""
        words, text = vocabulary().words, site.passage.text
        if not (words["far_out"].search(text[begin:end]) or words["far_in"].search(text[begin:end])):
            return False
        beside = next((number for number in site.numbers if number.start >= end), None)
        return (
            beside is not None
            and any(value == beside.value for value, _ in self._context.stated)
            and beside.start - end < 30
            and bool(quantities(text[end : beside.start]) & {"eta", "rapidity"})
        )

    def _is_of_part(self, words: str, bound: Bound) -> bool:
        """Whether words for one of two pairs, such as "the other pair", mean that of which a bound is."""
        first = vocabulary().words["first_part"].search(words) is not None
        written = dict(self._context.written).get(bound.expression, bound.expression)
        parts = re.findall(r"\b([A-Za-z_]\w*)\.", written)
        twins = [slot for slot, _ in self._context.twins]
        numbered = [int(part[-1]) for part in parts if part[-1].isdigit()]
        places = [twins.index(part) + 1 for part in parts if part in twins] or numbered
        return len(places) == 1 and (places[0] == 1) == first

    def _in_order(self, word: str) -> bool:
        return self._context.ordinals and vocabulary().words["by_order"].search(word) is not None


def _in_full(names: str) -> str:
    """Return names of a program with the words in full that they shorten: "baseline muons" for `base_muons`."""
    return vocabulary().words["grade_in_short"].sub(lambda one: one.lastgroup or one[0], names)


def _slots_in(bound: Bound) -> list[str]:
    """Return the names before the dots of an expression: the parts of a candidate."""
    return re.findall(r"\b([a-z]\w*)\.", bound.expression)


def _named_by_order(bound: Bound) -> bool:
    """Whether an attribute is called by which one of several it is of."""
    names = vocabulary().operations["largest"].names
    return any(names.fullmatch(name) for name in bound.about.attributes)


def _of_each(site: Site, number: TextNumber) -> bool:
    """Whether a text says a bound of each of several objects: "each of the selected jets must have"."""
    text = site.reading(number)
    start, _ = site.clause(number)
    found = vocabulary().words["each_of"].search(text, start, number.start)
    return found is not None and bool(mentions(text[found.start() : found.end() + 30]))


def _of_one_flavour(kinds: frozenset[str]) -> bool:
    """Whether all that a criterion is about are of one flavour, as two electrons are."""
    return len(kinds & {"electron", "muon", "tau"}) == 1 and "lepton" not in kinds


def _demanded_too(clause: str, found: re.Match[str]) -> bool:
    """Whether a relation is a demand beside a bound: "must have opposite charge and a mass above 12 GeV"."""
    words = vocabulary().words
    return (
        any(pattern.search(found[0]) for pattern in vocabulary().relations.values())
        and words["demands"].search(clause, 0, found.start()) is not None
        and words["demanded_too"].search(clause[: found.start()]) is not None
        and words["and_more"].match(clause, found.end()) is not None
    )


def _symbol(name: str) -> re.Pattern[str]:
    """Return how papers write a name with a number: `Z1`, `Z_1` or `Z_{1}` for `z1`."""
    letters = re.sub(r"(\d+)$", r"[_{ ]*\1", name)
    return re.compile(rf"(?<![A-Za-z0-9_]){letters}(?!\w)", re.IGNORECASE)


def _is_of_one(window: str) -> bool:
    """Whether the words before a bound end with objects, so that their momentum is meant: "any jet above 50 GeV"."""
    named = mentions(window)
    return bool(named) and named[-1].end == len(window.rstrip()) and not named[-1].kinds & COMPOSITE


def _other_sign(bound: Bound, site: Site, number: TextNumber) -> bool:
    """Whether one of two numbers has a minus sign and the other has not, where no absolute value is meant."""
    if bound.form == "absolute":
        return number.negative  # of `-2 < x < 2` it is the second
    return number.negative != bound.written.startswith("-") and number.value != 0 and not site.is_absolute(number)


def _is_measured(bound: Bound) -> bool:
    """Whether a bound is one of a value that varies without steps."""
    terms = (vocabulary().quantities[kind] for kind in bound.about.quantities)
    return bound.dimension != PURE or (not bound.counted and any(term.absolute or term.signed for term in terms))


def _other_parts(bound: Bound, subject: frozenset[str] | None, site: Site) -> Doubt | None:
    """Return the doubt about a pair or the like of other objects than those of which the text says it: `m_{ττ}`."""
    mine, said = bound.about.objects - COMPOSITE, (subject or frozenset()) - COMPOSITE
    if not bound.about.objects & COMPOSITE or not mine or not said or covered_by(mine) & covered_by(said):
        return None
    if covered_by(said) & COMPOSITE:
        return None
    return against(
        Verdict.OBJECT, f"the quotation is about {objects_named(said)}, the criterion about {objects_named(mine)}", site
    )


def _all_named(site: Site) -> Iterator[frozenset[str]]:
    return (mention.kinds for mention in mentions(site.passage.text))


def _counts_all(named: frozenset[str], subject: frozenset[str]) -> bool:
    """Whether what a criterion counts are not only some of those that a text counts: b jets are some of the jets."""
    objects = vocabulary().objects
    return any(
        kind in named or not (others := objects[kind].covers - {kind}) or others <= named or not others & named
        for kind in subject
    )


def _cone(bound: Bound, site: Site) -> Doubt | None:
    """Return the doubt about the size of the cone of an isolation, where the sentence or row has one."""
    named = re.search(r"(?:cone|iso)(\d)(\d)", bound.expression)
    sizes = [n for n in site.cones() or site.cones_of_paper() if n.value < 2]
    # `ptcone20` and `iso02` are both of 0.2
    size = named and Fraction(int(named[1] + named[2]), 10 if named[1] == "0" else 100)
    symbols = [Fraction(int(digits), 100) for digits in _CONE_OF_SYMBOL.findall(site.passage.text)]
    if size is not None and symbols:
        if size in symbols:
            return None
        said = " or ".join(dict.fromkeys(f"{float(value):g}" for value in symbols))
        return against(Verdict.QUANTITY, f"the quotation is about a cone of {said}", site)
    if size is None or not sizes or any(n.value == size for n in sizes):
        return None
    said = " or ".join(dict.fromkeys(f"{float(n.value):g}" for n in sizes))
    whose = "quotation" if site.cones() else "paper"
    return against(Verdict.QUANTITY, f"the {whose} is about a cone of {said}", site)


def _otherwise_bound(site: Site, number: TextNumber) -> bool:
    """Whether a sentence or cell that has a bare number also says "at least" of the same number."""
    others = site.in_cell(number) if site.passage.is_row else site.passage.numbers
    return any(other.value == number.value and other.sense not in (None, "==") for other in others)
