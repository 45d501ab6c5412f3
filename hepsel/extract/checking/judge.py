"""Whether quotations say what a criterion claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise, permutations, product

from hepsel.extract.checking.bounds import BoundJudge
from hepsel.extract.checking.branches import branches_otherwise
from hepsel.extract.checking.claims import Bound, Claim, Compared, Member, Requirement, Word
from hepsel.extract.checking.clauses import clause_at, in_turn, mentions, quantities
from hepsel.extract.checking.compared import compared_otherwise
from hepsel.extract.checking.conditions import contrary
from hepsel.extract.checking.context import Context
from hepsel.extract.checking.doubts import (
    GRAVEST,
    Candidate,
    Doubt,
    against,
    number_doubt,
    objects_named,
    restricted,
    shown,
    unsaid,
)
from hepsel.extract.checking.empty import idle, impossible
from hepsel.extract.checking.folding import greek_letter
from hepsel.extract.checking.halves import are_alternatives, half_of_or, half_of_range
from hepsel.extract.checking.kinds import (
    COMPOSITE,
    all_counted,
    covered_by,
    excepted,
    head,
    is_present,
    is_simple,
    object_words,
)
from hepsel.extract.checking.makeup import Makeup
from hepsel.extract.checking.model import Verdict
from hepsel.extract.checking.numbers import TextNumber, choice_of, is_none, numbers_in, ranges_in, whole
from hepsel.extract.checking.operations import chosen_otherwise, defined_otherwise
from hepsel.extract.checking.regions import of_other_region
from hepsel.extract.checking.rejections import denied, denying, rejecting, said_rejected, turned_at
from hepsel.extract.checking.scope import About
from hepsel.extract.checking.spoken import (
    by_object,
    is_denied,
    place_of,
    places_of_word,
    spoken_of,
    stem,
    stems,
    words_in,
)
from hepsel.extract.checking.united import united_otherwise
from hepsel.extract.checking.values import is_named_mass, same_value
from hepsel.extract.checking.vocabulary import vocabulary
from hepsel.extract.checking.wording import Site, places_of
from hepsel.semantics.types import Dimension
from hepsel.syntax.comparisons import OPPOSITE


class Judge:
    """Compares what is claimed with the quoted sites."""

    def __init__(self, sites: Sequence[Site], context: Context) -> None:
        self.sites = tuple(sites)
        self._context = context
        self._single = BoundJudge(context)
        self._numbers: tuple[Candidate, ...] = tuple((site, number) for site in sites for number in site.numbers)
        self.used: set[Candidate] = set()
        """The numbers of the text that were found to be those of the criterion."""
        self._ranged: set[Candidate] = set()
        self._in_column = False  # that the head of a column tells of what a word is said

    def requirements(self, required: Sequence[Requirement]) -> list[Doubt]:
        """Return the doubts about a condition."""
        doubts: list[Doubt] = []
        groups: list[set[Candidate]] = []
        simple = [claim for one in required if len(one.members) == 1 for claim in one.members[0]]
        doubts += self._together(simple)
        groups.append(set(self.used))
        if (doubt := impossible(simple)) is not None:
            return [doubt]
        for one in required:
            if len(one.members) > 1:
                if (doubt := idle(one.members)) is not None:
                    return [doubt]
                self._single.own = self._single.own - excepted(one.members) or self._single.own
                doubts += self._alternatives(one.members)
                groups.append(self.used.difference(*groups))
        if not any(isinstance(claim, Bound) for one in required for claim in one.claims):
            doubts += [] if self._in_column else self.objects() or self._composite()
        return doubts or self._rejected_together(groups) or united_otherwise(required, self.sites, self._context)

    def _rejected_together(self, groups: Sequence[set[Candidate]]) -> list[Doubt]:
        """Return the doubt about what a criterion rejects for one of two, and the text only for both."""
        for one, two in combinations(groups, 2):
            for (site, first), (other, second) in product(one, two):
                text = site.passage.text
                both = all(self._single.rejected(text, number.start) for number in (first, second))
                if site.passage is other.passage and both and second in site.beside_it(first):
                    message = (
                        f"what has one of `{site.said(first)}` and `{site.said(second)}` is rejected, "
                        "and by the quotation only what has both"
                    )
                    return [against(Verdict.DIRECTION, message, site)]
        return []

    def dropped(self) -> list[Doubt]:
        """Return the doubt about what the text says with "or" and the criterion drops."""
        doubt = half_of_range(self.used) or half_of_or(self.used, self._ranged, self._single.own)
        return [] if doubt is None else [doubt]

    def halved(self) -> list[Doubt]:
        """Return the doubt about a bin that has one end of a range of the text, and not the other."""
        doubt = half_of_range(self.used, {value for value, _ in self._context.stated})
        return [] if doubt is None else [doubt]

    def _together(self, claims: Sequence[Claim]) -> list[Doubt]:
        """Return the doubts about claims that all have to hold; each number of the text confirms one of them."""
        bounds = _mirrored([claim for claim in claims if isinstance(claim, Bound)])
        counted = [bound for bound in bounds if bound.counted]
        # Of `count(j for j in Jet if j.is_btagged and j.pt > 20 GeV)` the words are for the number in it, too.
        beside = counted[0].words if len(counted) == 1 else ()
        doubts, chosen = self._bounds(bounds, beside, all_hold=True)
        self.used |= chosen
        for claim in claims:
            if isinstance(claim, Word):
                doubts += self._word(claim)
            elif isinstance(claim, Compared):
                doubts += self._compared(claim)
        return doubts

    def _compared(self, claim: Compared) -> list[Doubt]:
        """Return the doubt about two quantities that are compared with each other."""
        doubt = compared_otherwise(claim, self.sites, self._single.own)
        return [] if doubt is None else [doubt]

    def _bounds(
        self, bounds: Sequence[Bound], beside: tuple[Word, ...] = (), *, all_hold: bool = False
    ) -> tuple[list[Doubt], set[Candidate]]:
        """Give each bound a number of the text of its own; `beside` are words that restrict the whole statement."""
        free = [candidate for candidate in self._numbers if candidate not in self.used]
        judged = [{candidate: self._single.doubt(bound, candidate, beside) for candidate in free} for bound in bounds]
        chosen = _pair(judged)
        used = set(chosen.values())
        self._ranged |= {one for index, one in chosen.items() if bounds[index].sense in ("<", "<=", ">", ">=")}
        for index, bound in enumerate(bounds):
            # "both masses must be below 120 GeV"
            twin = next((i for i in chosen if index not in chosen and _twins(bound, bounds[i])), None)
            if twin is not None and all_hold and _of_one(*chosen[twin]):
                continue
            if twin is not None and judged[index][chosen[twin]] is None:
                chosen[index] = chosen[twin]
        doubts: list[Doubt] = []
        for index, (bound, options) in enumerate(zip(bounds, judged, strict=True)):
            if index not in chosen:
                doubts += self._best_doubt(bound, [doubt for one, doubt in options.items() if one not in used])
        doubts += self._joined(bounds, chosen) if all_hold else []
        of_cases, parted = branches_otherwise(bounds, chosen)
        doubts += of_cases
        used |= parted
        return doubts + self._counted_otherwise(bounds, chosen), used

    def _counted_otherwise(self, bounds: Sequence[Bound], chosen: Mapping[int, Candidate]) -> list[Doubt]:
        """Return the doubt about what is counted, where the text says with the number what these have to have."""
        taken = set(chosen.values())
        for (one, counted), (two, nested) in permutations(chosen.items(), 2):
            site, number = counted
            if not (bounds[one].counted and bounds[two].nested) or site.passage is not nested[0].passage:
                continue
            start, end = site.clause(number)
            places = places_of(site.reading(nested[1])[slice(*site.clause(nested[1]))])
            if places and max(places) < number.value:
                # "two or more leptons, the hardest with p_T > 40 GeV"
                message = f"the quotation says `{site.said(nested[1])}` of one by order, and the criterion of several"
                return [against(Verdict.OBJECT, message, site)]
            if sum(not n.alternative for n in site.in_one_go(nested[1])) > 1 and number.value > 1:
                # "two jets with p_T > 80 and 60 GeV"
                message = f"the quotation has another bound for each of those, of which {bounds[two].written} is one"
                return [against(Verdict.OBJECT, message, site)]
            if site.passage.is_row or start <= nested[1].start < end:
                continue
            if vocabulary().words["of_them"].match(site.passage.text, number.reach) and any(
                number.stop < other.start < end and other.sense and (site, other) not in taken for other in site.numbers
            ):
                # "two jets with p_T > 25 GeV, at least one of which has |η| < 2.5"
                message = f"the quotation says `{site.said(number)}` of those that have something else"
                return [against(Verdict.OBJECT, message, site)]
            for other in site.numbers:
                alike = number.stop < other.start < end and other.sense and other.dimension == bounds[two].dimension
                alike = alike and bool(quantities(site.window(other)) & bounds[two].about.quantities)
                if alike and (site, other) not in taken:
                    message = f"the quotation counts those with `{site.said(other)}`, and the criterion others"
                    return [against(Verdict.NUMBER, message, site)]
        return []

    def _joined(self, bounds: Sequence[Bound], chosen: Mapping[int, Candidate]) -> list[Doubt]:
        """Return the doubt about two bounds that both have to hold where the text says `or`."""
        for (one, first), (two, second) in combinations(chosen.items(), 2):
            if first[0].passage is not second[0].passage:
                continue
            if bounds[one].branch is not None and bounds[two].branch is not None:
                continue  # one for each of two cases
            same = bounds[one].expression == bounds[two].expression
            if same and (mixed := _of_two_ranges(first[0], first[1], second[1])) is not None:
                return [mixed]
            (site, before), (_, behind) = sorted((first, second), key=lambda candidate: candidate[1].start)
            text = site.passage.text
            if behind in choice_of(text, site.passage.numbers, before):
                continue  # "two or three" is from two to three
            apart = same and before.outside and behind.outside
            both = f"{bounds[one].written} and {bounds[two].written}"
            rejected = rejecting(text, before.start)
            if (apart or are_alternatives(site, before, behind)) and not rejected:
                message = f"both {both} are required, and by the quotation one is enough"
                return [against(Verdict.DIRECTION, message, site)]
            bare = not (same or bounds[one].nested or bounds[two].nested)
            both_rejected = all(self._single.rejected(text, one.start) for one in (before, behind))
            if bare and both_rejected and behind in site.beside_it(before):
                message = f"what has one of {both} is rejected, and by the quotation only what has both"
                return [against(Verdict.DIRECTION, message, site)]
        return []

    def _best_doubt(self, bound: Bound, doubts: Sequence[Doubt | None]) -> list[Doubt]:
        """Return the doubt about the number that comes nearest, if words do not say what a number might."""
        if bound.sense is None and self._names_mass(bound.value, bound.dimension):
            return []
        real = [doubt for doubt in doubts if doubt is not None]
        best = max(real, key=lambda doubt: GRAVEST.index(doubt.verdict), default=None)
        if best is not None and best.verdict is not Verdict.NUMBER:
            return [best]
        counted = bound.counted and not self._counts_them(bound)
        if counted and self._counted_in_words(bound):
            return []
        doubt = number_doubt(bound, self._numbers)
        if counted and is_none(bound.sense, bound.value):
            return [Doubt(Verdict.DIRECTION, "the quotation does not say that there is none of these", doubt.proposal)]
        if counted and whole(bound.sense, bound.value) == (">=", Fraction(1)):
            # That there is one may go without saying.
            return [
                Doubt(Verdict.DIRECTION, "the quotation does not say that there has to be one", doubt.proposal, True)
            ]
        return [doubt]

    def _alternatives(self, members: Sequence[Member]) -> list[Doubt]:
        """Return the doubts about `not a or b`, which a paper states as "those with a must have b", or as an or."""
        with_bounds = [i for i, member in enumerate(members) if any(isinstance(c, Bound) for c in member)]
        if (cases := self._case_by_case(members)) is not None:
            self.used |= cases
            return []
        spoken_or = any(_says_or(site.passage.text) for site in self.sites) or any(
            number.outside or rejecting(site.passage.text, number.start) for site, number in self._numbers
        )
        if not any(isinstance(claim, Bound) and claim.counted for member in members for claim in member):
            spoken_or = spoken_or or any(denying(site.passage.text, number.start) for site, number in self._numbers)
        best: list[Doubt] | None = None
        of_rejected = any(said_rejected(site.passage.text, number.start) for site, number in self._numbers)
        words_demanded = False  # "muons with p_T < 20 GeV must pass the tight criteria"
        for kept in product((True, False), repeat=min(len(with_bounds), 6)):
            if with_bounds and not any(kept) and (len(with_bounds) == len(members) or of_rejected):
                continue
            if sum(kept) > 1 and not spoken_or and not self._one_of_alike(members):
                continue
            if _is_of_itself(members, dict(zip(with_bounds, kept, strict=False))):
                continue
            as_said = dict(zip(with_bounds, kept, strict=False))
            doubts, chosen = self._one_way(members, as_said)
            doubts = doubts or self._each_rejected(chosen, sum(kept))
            if best is None or len(doubts) < len(best):
                best, words_demanded = doubts, bool(with_bounds) and not any(kept)
                if not doubts:
                    self.used |= chosen
                    break
        if best is None:  # two bounds of one value, and no "or"
            alone = "of two bounds the criterion takes one as enough, and the quotation does not"
            best = self._one_way(members, dict.fromkeys(with_bounds, True))[0] or [Doubt(Verdict.DIRECTION, alone)]
        excepts = with_bounds and not (spoken_or or words_demanded)
        free = [word.text for word in _unconditional(members)] if excepts else []
        if free and not best:
            return [Doubt(Verdict.OBJECT, f"the criterion excepts `{free[0]}`, and the quotation does not")]
        return best

    def _case_by_case(self, members: Sequence[Member]) -> set[Candidate] | None:
        """Return the numbers of "p_T > 3.5 GeV for |η| < 1.2, p_T > 2 GeV for 1.6 < |η| < 2.4", one case after another.

        `None` where alternatives are no cases of the same values, or a text does not state them so.
        """
        of = [{claim.expression if isinstance(claim, Bound) else None for claim in member} for member in members]
        if len(of[0]) < 2 or None in of[0] or any(one != of[0] for one in of):
            return None
        chosen: list[set[Candidate]] = []
        for member in members:
            doubts, found = self._bounds([claim for claim in member if isinstance(claim, Bound)], all_hold=True)
            if doubts:
                return None
            chosen.append(found)
        if len({site.passage.id for found in chosen for site, _ in found}) != 1:
            return None
        starts = [sorted(number.start for _, number in found) for found in chosen]
        ordered = sorted(starts)
        apart = all(one[-1] < two[0] for one, two in pairwise(ordered))
        return set[Candidate]().union(*chosen) if apart else None

    def _one_of_alike(self, members: Sequence[Member]) -> bool:
        """Whether alternatives are the same of several, and a text asks for it of one: "at least one of the two"."""
        claims = [claim for member in members for claim in member]
        bounds = [claim for claim in claims if isinstance(claim, Bound)]
        alike = len(bounds) == len(claims) and all(_twins(*pair) for pair in pairwise(bounds))
        return alike and any(_of_one(site, number) for site, number in self._numbers)

    def _each_rejected(self, chosen: set[Candidate], kept: int) -> list[Doubt]:
        """Return the doubt about a criterion that rejects what has both of what the text rejects each alone."""
        if 0 < len(chosen) < kept:
            # "must not overlap with an electron or muon within 0.2": one number for two
            site, number = next(iter(chosen))
            text = site.passage.text
            if self._single.rejected(text, number.start) and not vocabulary().words["each"].search(text):
                message = f"by the quotation one with `{site.said(number)}` is enough to be rejected"
                return [against(Verdict.DIRECTION, message, site)]
        for first, second in combinations(sorted(chosen, key=lambda one: one[1].start), 2):
            (site, before), (other, behind) = first, second
            text = site.passage.text
            each_alone = are_alternatives(site, before, behind) or any(
                vocabulary().words[name].search(text, before.stop, behind.reach) for name in ("as_are", "and_those")
            )
            if site.passage is not other.passage or not each_alone:
                continue
            if all(self._single.rejected(text, one.start) for one in (before, behind)):
                message = f"by the quotation `{site.said(before)}` is enough to be rejected"
                return [against(Verdict.DIRECTION, message, site)]
        return []

    def _one_way(self, members: Sequence[Member], as_said: dict[int, bool]) -> tuple[list[Doubt], set[Candidate]]:
        bounds: list[Bound] = []
        doubts: list[Doubt] = []
        # "Those of the same flavour must have" is said of what is of another flavour or has it.
        or_else = any(_says_or(site.passage.text) for site in self.sites)
        antecedents = tuple(
            _related(claim.relation, or_else=or_else) if claim.relation is not None else Word(claim.text)
            for member in members
            for claim in member
            if isinstance(claim, Word) and (claim.negated or claim.relation)
        )
        for index, member in enumerate(members):
            for claim in member:
                if isinstance(claim, Compared):
                    doubts += self._compared(claim)
                elif isinstance(claim, Bound):
                    bounds.append(_turned(claim, as_said.get(index, True), antecedents))
        if not bounds or not any(as_said.values()):
            doubts += self._words_only(members)
        elif (doubt := self._passes_what_is_rejected(members)) is not None:
            doubts.append(doubt)
        bounds = _mirrored(bounds)
        beside = tuple(word for bound in bounds for word in bound.words)
        beside += tuple(_unconditional(members))
        more, chosen = self._bounds(bounds, beside)
        return doubts + more, chosen

    def _passes_what_is_rejected(self, members: Sequence[Member]) -> Doubt | None:
        """Return the doubt about a word that is enough by a criterion, and for which a text rejects something."""
        for word in _unconditional(members):
            for site in self.sites:
                text = site.passage.text
                place = place_of(word, text)
                if place is None or not rejecting(text, place) or is_denied(text, place, of_rejected=True):
                    continue
                return against(Verdict.DIRECTION, f"by the quotation what it calls `{word.text}` is rejected", site)
        return None

    def _words_only(self, members: Sequence[Member]) -> list[Doubt]:
        """Judge alternatives of words alone: "only combined muons are used" leaves the polarity open."""
        excepted = [word for word in object_words(members) if not word.negated]
        words = [claim for member in members for claim in member if isinstance(claim, Word) and claim not in excepted]
        return [doubt for word in words for doubt in self._word(word)]

    def _composite(self) -> list[Doubt]:
        """Return the doubt about words for single objects that the paper says of pairs or the like."""
        if not is_simple(self._single.own):
            return []
        for site in self.sites:
            first = next(iter(mentions(site.passage.text)), None)
            if site.passage.is_row:
                first = next((m for m in mentions(site.passage.text) if m.kinds & COMPOSITE), None)
            if first is None or not first.kinds & COMPOSITE:
                return []
        return [
            Doubt(Verdict.OBJECT, "the quotation says this of pairs or the like", f"compare: {shown(site)}")
            for site in self.sites[:1]
        ]

    def _word(self, word: Word) -> list[Doubt]:
        """Return the doubt about something that is said in words."""
        for site in self.sites:
            text = site.passage.text
            place = place_of(word, text)
            if place is None:
                continue
            whose = in_turn(text, place)
            if whose is not None and is_simple(self._single.own) and not covered_by(whose) & self._single.own:
                message = f"the quotation says `{word.text}` of {objects_named(whose)}"
                return [against(Verdict.OBJECT, message, site)]
            negative = self._single.rejected(text, place) or is_denied(text, place)
            if turned_at(text, place) and said_rejected(text, place):
                negative = False  # "muons that fail the tight criteria are rejected"
            if word.relation is None and negative != word.negated:
                continue
            if whose is None and (doubt := self._whose(word, site, place)) is not None:
                again = is_simple(self._single.own) and word.relation is None
                others = places_of_word(word, text, place + 1) if again else ()
                # "they must pass the medium criteria, while electrons must pass the medium and muons the loose ones"
                if all(self._whose(word, site, other) is not None for other in others):
                    return [doubt]
            if (doubt := of_other_region(self._context, site, None)) is not None:
                return [doubt]
            if (doubt := _other_efficiency(word, site) or _other_grade(word, site)) is not None:
                return [doubt]
            column = site.column_at(place)
            self._in_column |= column is not None or site.is_of_pronoun(place)
            if column and is_simple(self._single.own) and not self._single.own - {"lepton"} <= covered_by(column):
                message = f"the quotation says `{word.text}` of {objects_named(column)}"
                return [against(Verdict.OBJECT, message, site)]
            return []
        if any(place_of(word, site.passage.text) is not None for site in self.sites):
            which = "does not reject" if word.negated else "rejects"
            return [Doubt(Verdict.DIRECTION, f"the quotation {which} what it calls `{word.text}`")]
        return [unsaid(Verdict.QUANTITY, f"the quotation does not say `{word.text}`")]

    def _whose(self, word: Word, site: Site, place: int) -> Doubt | None:
        """Return the doubt about a word that a text says of other objects, or of some of them only."""
        own = self._single.own
        for slot, others in self._context.twins:
            left = [other for other in others if (word.text, other) not in self._context.worded]
            start, _ = clause_at(site.passage.text, place)
            if word.of == slot and left and vocabulary().words["each"].search(site.passage.text, start, place):
                message = f"the quotation says `{word.text}` of each, and no criterion says it of `{left[0]}`"
                return Doubt(Verdict.OBJECT, message, f"state it of `{left[0]}` too; compare: {shown(site)}", open=True)
        if not is_simple(own) or site.passage.is_row or word.relation is not None:
            return None
        kinds = site.subject_at(place)
        left = [kind for kind in own - {"lepton"} if kinds and not kinds & covered_by(frozenset([kind]))]
        if kinds and any(kind not in covered_by(kinds) for kind in left):
            message = f"the quotation says `{word.text}` of {objects_named(kinds)}"
            return against(Verdict.OBJECT, message, site)
        for other in site.conditions_at(place):
            if (other.value, other.dimension) not in self._context.bounds:
                return restricted(f"by `{site.said(other)}`", "program", site)
        return None

    def _counts_them(self, bound: Bound) -> bool:
        """Whether the quotation says how many there are, with another number."""
        kinds = covered_by(head(bound.about.objects))
        return any(
            number.counts and number.sense is not None and kinds & (site.subject(number, counted=True) or frozenset())
            for site, number in self._numbers
        )

    def _counted_in_words(self, bound: Bound) -> bool:
        """Whether the quotation says "there is one" or "there is none", as it is required, without a number."""
        kinds = head(bound.about.objects)
        one = whole(bound.sense, bound.value) == (">=", Fraction(1))
        none = is_none(bound.sense, bound.value)
        if not (one or none):
            return False
        for site in self.sites:
            subject = site.subject(None)
            if of_other_region(self._context, site, None) is not None:
                continue
            narrowed = any(by_object(word, subject) for word in bound.words)
            if subject is None or not (
                not kinds or (subject & covered_by(kinds) and (narrowed or all_counted(kinds, subject)))
            ):
                continue
            text = site.passage.text
            words = vocabulary().words
            negative = bool(words["negation"].search(text))
            if words["absence"].search(text) and rejecting(text, len(text) - 1):
                # "events without a vertex are rejected"
                if one:
                    return True
                continue
            if negative == none and (none or is_present(kinds, text)):
                return True
        return False

    def numbers(self, wanted: Sequence[Bound]) -> list[Doubt]:
        """Return the doubts about numbers that only have to be there, such as the edges of a grid."""
        left = list(self._numbers)
        doubts = []
        for bound in wanted:
            found = next((c for c in left if same_value(bound, c[1])), None)
            if found is None:
                named = self._names_mass(bound.value, bound.dimension)
                doubts += [] if named else [number_doubt(bound, self._numbers)]
            else:
                left.remove(found)
                self.used.add(found)
        return doubts

    def _names_mass(self, value: Fraction, dimension: Dimension) -> bool:
        """Whether the quotation names a particle that has this mass, without its value."""
        return any(is_named_mass(value, dimension, site.passage.text, site.passage.numbers) for site in self.sites)

    def definition(self, makeup: Makeup, expression: str) -> list[Doubt]:
        """Return the doubt about a definition that makes something else of quantities than the quotation."""
        doubts = [defined_otherwise(makeup, expression, site) for site in self.sites]
        return [doubt for doubt in doubts if doubt is not None] if all(doubts) else []

    def chosen_by(
        self, about: About, makeup: Makeup, expression: str, constants: Sequence[tuple[str, Fraction, Dimension]]
    ) -> list[Doubt]:
        """Return the doubt about what `keep lowest` or `keep highest` chooses by, where the quotation names it."""
        made = [chosen_otherwise(makeup, expression, site) for site in self.sites]
        if made and None not in made:
            return [doubt for doubt in made if doubt is not None]
        said: frozenset[str] = frozenset()
        numbers = {name for name, _, _ in constants}
        wanted, names = about.quantities, about.attributes | (about.names - numbers)
        for site in self.sites:
            text = site.passage.text[site.part.start : site.part.end]
            # "the three jets with the highest p_T are kept if their mass is"
            # "whose mass is closest to that of the Z boson"
            chosen = vocabulary().words["chosen_by"].finditer(text)
            behind = (
                quantities(text[clause_at(text, one.start())[0] : one.start()] if " that of " in one[0] else one[0])
                for one in chosen
            )
            said |= frozenset[str]().union(*behind) or quantities(text)
            if names and spoken_of(names, text):
                return []
            nearest = vocabulary().words["nearest"].search(text) is not None
            if vocabulary().words["hardest"].search(site.passage.text) and not nearest:
                said |= {"momentum"}
        if said & wanted or not (said or wanted) or (names and not wanted and not said):
            return []
        mine = ", ".join(sorted(wanted or names))
        if said:
            message = f"the quotation chooses by {', '.join(sorted(said))}, and the criterion by {mine}"
            return [against(Verdict.QUANTITY, message, self.sites[0])]
        return [unsaid(Verdict.QUANTITY, f"the quotation does not say that {mine} decides")]

    def choice(self, kind: str) -> list[Doubt]:
        """Return the doubt about `keep lowest`, `keep highest` or `keep first`."""
        pattern = vocabulary().choices[kind]
        words = vocabulary().words
        quoted = " ".join(site.passage.text[site.part.start : site.part.end] for site in self.sites)
        if kind == "highest" and words["nearest"].search(quoted) and not words["farthest"].search(quoted):
            return [against(Verdict.DIRECTION, "by the quotation the nearest is kept", self.sites[0])]
        if any(pattern.search(site.passage.text[site.part.start : site.part.end]) for site in self.sites):
            return []
        return [unsaid(Verdict.DIRECTION, f"the quotation does not say that the {kind} is kept")]

    def text(self, said: str) -> list[Doubt]:
        """Return the doubts about an `external`, most of whose words have to be in the quotation."""
        words = dict.fromkeys(word for word in words_in(said) if not vocabulary().words["stop"].fullmatch(word))
        quoted = stems(" ".join(site.passage.text[site.part.start : site.part.end] for site in self.sites))
        whole = " ".join(site.beside() for site in self.sites)
        around = stems(whole)
        if any(site.passage.is_row for site in self.sites):
            quoted = around  # the names of numbers in a row stand in the heads of their columns
        named = frozenset().union(*(mention.kinds for mention in mentions(whole)))
        objects = vocabulary().objects
        missing = [w for w in words if stem(w) not in around and not vocabulary().kinds(w, objects) & named]
        missing = [
            w for w in missing if len(letter := greek_letter(w)) > 1 or letter not in whole
        ]  # `D_ζ` for "D zeta"
        for number in numbers_in(said):
            same = [
                one for one in self._numbers if (one[1].value, one[1].dimension) == (number.value, number.dimension)
            ]
            self.used.update(same)
            if not same and not number.word:
                written = said[number.start : number.stop]
                return [Doubt(Verdict.NUMBER, f"the quotation does not have {written}")]
            if same and all(_other_way(said, number, site.passage.text, one) for site, one in same):
                written = said[number.start : number.stop]
                return [
                    against(Verdict.DIRECTION, f"by the quotation it is the other way round with {written}", same[0][0])
                ]
        if words and (
            len(missing) * 3 >= len(words) or not any(stem(word) in quoted or word not in missing for word in words)
        ):
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
        if named and any(named & mention.kinds for site in self.sites for mention in mentions(site.beside())):
            return []
        doubts = [self._single.fits(site.subject(None), named, bool(named), site) for site in self.sites]
        return [] if None in doubts else [doubt for doubt in doubts if doubt is not None][:1]


def _other_way(said: str, number: TextNumber, text: str, one: TextNumber) -> bool:
    """Whether two texts bound the same from other sides; what one of them rejects, the other may ask for."""
    if number.sense is None or one.sense is None or "==" in (number.sense, one.sense):
        return False
    vetoed = rejecting(said, number.start) or said.rstrip().endswith(" veto")
    turned = vetoed != rejecting(text, one.start)
    return (number.sense[0] != one.sense[0]) != turned


def _other_efficiency(word: Word, site: Site) -> Doubt | None:
    """Return the doubt about a working point that has its efficiency in its name, where the text has others."""
    mine = [Fraction(int(part), 100) for part in word.text.split() if len(part) == 2 and part.isdigit()]
    said = [number.value for number in site.numbers if number.factor == Fraction(1, 100)]
    if not mine or not said or set(mine) & set(said):
        return None
    return against(Verdict.NUMBER, f"the quotation does not have the {mine[0] * 100}% of `{word.text}`", site)


def _other_grade(word: Word, site: Site) -> Doubt | None:
    """Return the doubt about a tagger with a grade in its name, where the text has its working point at other ones."""
    words = vocabulary().words
    mine = {part.lower() for part in word.text.split() if words["grades"].fullmatch(part)}
    said = {found["grade"].lower() for found in words["graded_point"].finditer(site.passage.text)}
    of_tagger = vocabulary().kinds(word.text, vocabulary().objects)
    if not of_tagger or not mine or not said or mine & said:
        return None
    return against(Verdict.QUANTITY, f"the quotation has another working point than `{word.text}`", site)


def _of_one(site: Site, number: TextNumber) -> bool:
    """Whether a text demands a number of one of several: "either the electron or the muon must have p_T > 20 GeV"."""
    start, _ = site.clause(number)
    text, words = site.passage.text, vocabulary().words
    return any(words[name].search(text, start, number.start) for name in ("either_has", "of_them", "not_both"))


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


def _mirrored(bounds: Sequence[Bound]) -> list[Bound]:
    """Take `x > -a` beside `x < a` for what they are together, one bound of an absolute value."""
    made: list[Bound] = []
    for bound in bounds:
        same = (one for one in made if one.written != bound.written and replace(one, written=bound.written) == bound)
        other = next(same, None)
        if other is None or other.written.lstrip("-") != bound.written.lstrip("-"):
            made.append(bound)
        else:
            made[made.index(other)] = replace(other, form="absolute")
    return made


def _says_or(text: str) -> bool:
    """Whether a text says that one of several is enough, and not that there must be neither: "no electron or muon"."""
    neither = [mention for mention in mentions(text) if denied(text, mention)]
    found = vocabulary().words["alternative"].finditer(text)
    return any(not any(one.start <= match.start() < one.end for one in neither) for match in found)


def _unconditional(members: Sequence[Member]) -> list[Word]:
    """Return the words that are enough for a criterion, such as `combined` of `type == combined or |eta| < 2`."""
    alone = [member[0] for member in members if len(member) == 1]
    kinds = object_words(members)
    return [c for c in alone if isinstance(c, Word) and not c.negated and c.relation is None and c not in kinds]


def _of_two_ranges(site: Site, one: TextNumber, two: TextNumber) -> Doubt | None:
    """Return the doubt about a range that begins as one of the text and ends as another."""
    ranges = {(low.value, high.value): (low, high) for low, high in ranges_in(site.passage.text, site.passage.numbers)}
    begins, ends = sorted((one.value, two.value))
    if (begins, ends) in ranges or begins not in {low for low, _ in ranges} or ends not in {high for _, high in ranges}:
        return None
    high = next(high for (low, _), (_, high) in ranges.items() if low == begins)
    said = f"the quotation has a range that begins so and ends with `{site.said(high)}`, and another that ends as this"
    return against(Verdict.OBJECT, said, site)


def _is_of_itself(members: Sequence[Member], as_said: Mapping[int, bool]) -> bool:
    """Whether a reading demands a bound of a value for what has another bound of the same value: no paper says so."""
    of = {
        kept: {
            claim.expression for i in as_said if as_said[i] is kept for claim in members[i] if isinstance(claim, Bound)
        }
        for kept in (True, False)
    }
    return not of[True].isdisjoint(of[False])


def _twins(first: Bound, second: Bound) -> bool:
    """Whether two bounds say the same of two different things."""
    same = (first.sense, first.value, first.dimension, first.about.quantities) == (
        second.sense, second.value, second.dimension, second.about.quantities
    )  # fmt: skip
    apart = (first.expression, first.about.objects) != (second.expression, second.about.objects)
    return same and (first.place is None) == (second.place is None) and apart


def _related(relation: str, *, or_else: bool) -> Word:
    """Return the relation by which a text tells for which items something is demanded, that of others if by an or."""
    said = relation if or_else else contrary(relation)
    return Word(said, said)


def _turned(bound: Bound, as_said: bool, words: tuple[Word, ...]) -> Bound:
    sense = bound.sense if as_said or bound.sense is None else OPPOSITE[bound.sense]
    return replace(bound, sense=sense, words=bound.words + words, condition=not as_said)
