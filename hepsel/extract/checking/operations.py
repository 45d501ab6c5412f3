"""Whether a text makes of quantities what a criterion makes of them: the sum, the largest, which ones of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from hepsel.extract.checking.claims import Bound, Term
from hepsel.extract.checking.clauses import clause_at, mentions, quantities
from hepsel.extract.checking.doubts import Doubt, against, objects_named, shown
from hepsel.extract.checking.folding import fold, place_of_name
from hepsel.extract.checking.kinds import COMPOSITE, covered_by
from hepsel.extract.checking.makeup import EXTREMES, REPEATED, Makeup
from hepsel.extract.checking.model import Verdict
from hepsel.extract.checking.numbers import EXTREME_OF, TextNumber, numbers_in
from hepsel.extract.checking.vocabulary import Sense, Told, vocabulary
from hepsel.extract.checking.wording import Site, places_of
from hepsel.syntax import tree

_HOW_MANY = {"pair": 2, "triplet": 3, "quadruplet": 4}
_ADDED = frozenset(["difference", "scalar sum"])
# A ratio of a sum or difference in brackets, and by what it is divided.
_FORMULA = re.compile(
    r"(?:\(|\|)(?P<first>[^()|]{3,60}\S [-+\u2212\u2013] \S[^()|]{0,60})(?:\)|\|)\s*/\s*"
    r"(?P<second>\([^()]{3,80}\)|[^\s,;]+)"
)
_SYMBOLS = re.compile(r"(?P<first>[^\s()|/]{1,24}) ?/ ?(?P<second>[^\s()|/,;]{1,24})")  # `p_T^{j_2}/p_T^{j_1}`
_AND = re.compile(r",?\s+and\s+$")
_GOES_ON = re.compile(r"(?:must|should|shall|has to|have to|is|are)\s")  # a verb without a subject of its own
_WHICH = re.compile(r",\s+which\s+$")


def made_otherwise(
    bound: Bound, site: Site, number: TextNumber, own: frozenset[str], unordered: frozenset[str]
) -> Doubt | None:
    """Return the doubt about a quantity that the text makes otherwise than the criterion.

    Parameters
    ----------
    bound, site, number
        What is claimed, and the number of the text that may say it.
    own
        Kinds of the objects that the block selects; the momentum of a pair is known to be a sum.
    unordered
        Collections of candidates in no order: beside others of a list, the first of them has no rank.
    """
    if bound.counted:
        return None
    ranked = tuple(
        one for one in bound.makeup.places if not (isinstance(one[0], tree.Name) and one[0].name in unordered)
    )
    makeup = replace(bound.makeup, places=ranked) if ranked else bound.makeup
    bare = re.search(r"(?<![\w.])[a-z]\w*(?![\w.(\[])", bound.expression) is not None
    mine = own if bare and not bound.about.names else frozenset[str]()
    itself = (mine | bound.about.objects) & COMPOSITE
    known = makeup.has | ({"vector sum"} if itself else frozenset())
    known |= {"ratio"} if bound.terms else frozenset()  # `MET.pt > 0.2 * sum(Jet.pt)`
    if not (bound.nested or "difference" in known) and _is_distance(site, number):
        return against(
            Verdict.QUANTITY, f"the quotation says this of a distance, and `{bound.expression}` is none", site
        )
    if not bound.nested and (doubt := _without(bound, site, number, own)) is not None:
        return doubt
    if not (bound.nested or bound.about.attributes):
        for told in _told(_naming(site, number)):
            if not told.by & known and not _says_extreme(bound, told):
                return _against(told, bound.expression, site)
    return (
        _unsaid(bound, site, number)
        or _other_places(makeup, _with_numbers(site, number, behind=bool(bound.terms)), bound.written, site)
        or _indexed_otherwise(bound, site, number)
        or _turned(bound, site, number)
    )


def defined_otherwise(makeup: Makeup, expression: str, site: Site) -> Doubt | None:
    """Return the doubt about a definition that makes something else than the quotation says."""
    text = site.passage.text[site.part.start : site.part.end]
    if REPEATED in makeup.made:
        return _repeats(expression, site)
    said = tuple(_told(text))
    for told in said:
        if makeup.has and not told.by & makeup.has and not (told.by & EXTREMES and makeup.places):
            return _against(told, expression, site)
    for operation in sorted(makeup.made) if said else ():
        if not vocabulary().operations[operation].words.search(text):
            return _speaks_not(operation, expression, site)
    return _other_places(makeup, text, expression, site)


def chosen_otherwise(makeup: Makeup, expression: str, site: Site) -> Doubt | None:
    """Return the doubt about a choice by what is no scalar sum, where the quotation chooses by one."""
    quoted = site.passage.text[site.part.start : site.part.end]
    words = vocabulary().words
    if words["nearest"].search(quoted) and not words["farthest"].search(quoted) and "difference" not in makeup.has:
        message = f"by the quotation the nearest to something is chosen, and `{expression}` is no difference"
        return against(Verdict.QUANTITY, message, site)
    for told in _told(quoted):
        if told.by == {"scalar sum"} and not told.by & makeup.has:
            return _against(told, expression, site)
    return None


def every_by_words(site: Site, number: TextNumber, sense: Sense | None) -> bool | None:
    """Return whether a text demands something of all by its extreme: the smallest of all is above a bound."""
    naming = _naming(site, number)
    said = frozenset().union(*(told.by for told in _told(naming))) & EXTREMES
    for name, extreme in (("of_largest", "largest"), ("of_smallest", "smallest")):
        for found in vocabulary().words[name].finditer(naming):
            # "the jet with the largest |η| has to be at |η| > 2"
            ranked = quantities(naming[found.end() : found.end() + 12]) - {"momentum"}
            demanded = naming[found.end() + 3 :] + site.passage.text[number.reach : number.start]
            said |= {extreme} if ranked & quantities(demanded) else frozenset()
    near = vocabulary().words["nearest"].search(naming)
    if near is not None and "dr" in quantities(naming) and mentions(naming[near.end() : near.end() + 12]):
        said |= {"smallest"}  # "the closest jet must be separated from the lepton by ΔR < 2"
    if not said and "momentum" in quantities(naming) and site.place(number) == 1 and site.last_place(number) is None:
        said = frozenset(["largest"])  # "the leading jet must have p_T > 100 GeV"
    return Makeup(said).every(sense)


def told_ratio(text: str) -> bool:
    """Whether a text says in words that something is divided."""
    return any("ratio" in told.by for told in _told(text))


def says_extreme(bound: Bound, text: str, place: int) -> bool:
    """Whether a text has at a place the word for the extreme, such as the largest of several, that is bounded."""
    made = EXTREMES & bound.makeup.made
    return any(told.by & made and told.words.match(text, place) for told in vocabulary().told)


def _is_distance(site: Site, number: TextNumber) -> bool:
    """Whether a text has a number as a distance: "within 15 GeV of the mass of the Z boson", `|m - m_Z| <`."""
    text, words = site.passage.text, vocabulary().words
    # What divides the cells of a row are no bars.
    cell = max(start for start, _ in site.passage.cells if start <= number.start) if site.passage.is_row else 0
    if words["barred_difference"].search(text, cell, number.reach):
        return True
    before = words["distance_to"].search(text[: number.start][-20:])
    return before is not None and words["away_from"].match(text, number.stop) is not None


def _told(text: str) -> Iterator[Told]:
    return (told for told in vocabulary().told if told.words.search(text))


def _says_extreme(bound: Bound, told: Told) -> bool:
    """Whether the words for an extreme are those of a criterion that names it by order, or by `any` and `all`."""
    if not told.by & EXTREMES:
        return False
    first = bound.place == 1 and "largest" in told.by and "momentum" in bound.about.quantities
    return first or bound.every is not None


def _unsaid(bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
    """Return the doubt about an operation of the criterion of which the text does not speak."""
    if REPEATED in bound.makeup.made:
        return _repeats(bound.expression, site)
    window = site.window(number)
    naming = window if quantities(window) else site.beside(number)
    itself = bound.expression.strip("|").split("(")[0]
    if itself in bound.about.names and len(itself) > 1 and place_of_name(itself, naming) is not None:
        return None  # the paper's name of what the program defines
    if EXTREME_OF.search(site.passage.text, max(0, number.start - 8), number.start):
        return None  # what is in the brackets is looked at as a whole
    text = around(site, number)
    extremes = EXTREMES if bound.every is not None else frozenset[str]()
    for operation in sorted(bound.makeup.made - extremes):
        if not vocabulary().operations[operation].words.search(text):
            return _speaks_not(operation, bound.expression, site)
    return None


def _without(bound: Bound, site: Site, number: TextNumber, own: frozenset[str]) -> Doubt | None:
    """Return the doubt about a sum without some of what the text adds up: "of the leptons and b-tagged jets"."""
    text = _naming(site, number)
    added = vocabulary().words["sum_of"].search(text)
    if added is None or bound.about.attributes or site.passage.is_row:
        return None
    first = next((mention for mention in mentions(text) if mention.start >= added.start()), None)
    end = vocabulary().words["end_of_sum"].search(text, added.end())
    inside = mentions(text[added.end() : end.start()] if end is not None else text[added.end() :])
    summed = frozenset[str]().union(first.kinds if first is not None else (), *(one.kinds for one in inside))
    if len(summed) < 2:
        return None
    mine = covered_by(own | bound.about.objects)
    missing = frozenset(kind for kind in summed if not covered_by(frozenset([kind])) & mine)
    if not missing:
        return None
    message = f"the quotation adds {objects_named(missing)} too, and `{bound.expression}` does not"
    return against(Verdict.OBJECT, message, site)


def _other_places(makeup: Makeup, text: str, written: str, site: Site) -> Doubt | None:
    """Return the doubt about which ones of a list are used, where a criterion uses several of them."""
    said = places_of(text) or places_of(site.passage.text)
    single = frozenset[int]().union(*(places for _, places in makeup.places if len(places) == 1))
    others = len(makeup.places) > 1 and bool((single - {1}) - said or (single and said and not single & said))
    as_many = 1 < len(makeup.places) == len(said)  # "the leading jet and the subleading lepton"
    if others or (as_many and single and single != said):
        mine, theirs = (" and ".join(str(place) for place in sorted(some)) for some in (single, said or {1}))
        return against(
            Verdict.OBJECT, f"`{written}` is of number {mine} of a list, and the quotation is about {theirs}", site
        )
    for _, places in makeup.places:
        first = frozenset(range(1, len(places) + 1))
        many = {_HOW_MANY[kind] for one in mentions(text) for kind in one.kinds if kind in _HOW_MANY}
        many = many or _number_named(text)
        summed = "vector sum" in makeup.known or "scalar sum" in makeup.made
        if len(places) > 1 and len(many) == 1 and len(places) not in many and summed:
            message = f"`{written}` is of {len(places)} of a list, and the quotation is about {many.pop()}"
            return against(Verdict.OBJECT, message, site)
        if makeup.made & EXTREMES and places == first and not (len(said) > 2 and said != first):
            continue  # "the smaller of the two"
        if len(places) < 2 or places == said or (not said - {1} and places == first):
            continue
        mine, theirs = (" and ".join(str(place) for place in sorted(some)) for some in (places, said or first))
        return against(
            Verdict.OBJECT, f"`{written}` is of number {mine} of a list, and the quotation is about {theirs}", site
        )
    return None


def _number_named(text: str) -> set[int]:
    """Return how many objects a text says there are, by a plain number: 3 for "the three leptons"."""
    numbers = (n for n in numbers_in(text) if n.word and n.sense is None and n.value > 1)
    return {int(n.value) for n in numbers if any(0 < one.start - n.stop < 20 for one in mentions(text))}


def _indexed_otherwise(bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
    """Return the doubt about a ratio of two that a symbol names by both: `τ_{21}` is the second by the first."""
    names = ["".join(term.about.attributes) for term in bound.terms]
    stems = {name.rstrip("0123456789") for name in names}
    if len(stems) != 1 or not all(name[-1:].isdigit() for name in names):
        return None
    mine = tuple(name[len(next(iter(stems))) :] for name in names)
    folded = fold(site.reading(number)[slice(*site.clause(number))]).text
    stem = re.escape(next(iter(stems)).strip("_"))
    said = [found.groups() for found in re.finditer(rf"{stem}(\d)(?:/{stem})?(\d)", folded)]
    if not said or mine in said:
        return None
    message = f"the quotation has number {said[0][0]} divided by number {said[0][1]}, and `{bound.expression}` is not"
    return against(Verdict.QUANTITY, message, site)


def _turned(bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
    """Return the doubt about a ratio that the text has the other way round: it names first what is divided."""
    text = around(site, number)
    if not bound.terms:
        return None
    first, second = bound.terms
    if (said := _formula(site.reading(number)[slice(*site.clause(number))])) is not None:
        if said != tuple(term.made & _ADDED for term in bound.terms):
            return against(Verdict.QUANTITY, f"the quotation has another formula than `{bound.expression}`", site)
        return None
    of = vocabulary().words["towards"].match(site.reading(number), number.stop)
    scale = site.reading(number)[of.end() : min(site.clause(number)[1], of.end() + 12)] if of is not None else ""
    summed = "scalar sum" in second.made or second.about.names or second.about.attributes
    if not summed and any(told.by == {"scalar sum"} for told in _told(scale)):
        # "must carry at least 55% of H_T"
        return against(Verdict.QUANTITY, f"the quotation says this as a part of `{scale.strip()}`", site)
    if (behind := _divided_by(site, number)) and vocabulary().words["share"].search(text) is None:
        mine = [term.about.quantities for term in bound.terms]
        if behind & mine[0] - mine[1]:
            return against(Verdict.QUANTITY, f"the quotation has `{bound.expression}` the other way round", site)
    if vocabulary().words["share"].search(text):
        return None
    written = _symbols_turned(site.reading(number)[slice(*site.clause(number))], first, second)
    if written is not None:
        message = f"the quotation has `{bound.expression}` the other way round"
        return against(Verdict.QUANTITY, message, site) if written else None
    if bound.measure.quantities:
        return None  # `E_T > 0.25 m_{ee}`, where nothing is divided
    places = _first(text, first, second), _first(text, second, first)
    if None in places or min(places, key=lambda place: place or 0) == places[0]:
        return None
    return against(Verdict.QUANTITY, f"the quotation has `{bound.expression}` the other way round", site)


def _symbols_turned(text: str, first: Term, second: Term) -> bool | None:
    """Return whether a text divides two symbols the other way round than a criterion; `None` where it is not told."""
    in_words = vocabulary().words["ratio_to"].search(text)
    if in_words is not None:
        named = frozenset[str]().union(*(mention.kinds for mention in mentions(in_words["first"])))
        if named and named == second.about.objects != first.about.objects:
            return True
    for found in _SYMBOLS.finditer(text):
        if not quantities(found["first"]) or not quantities(found["second"]):
            continue
        said = [list(places_of(found[side])) for side in ("first", "second")]
        if first.place != second.place and said == [[second.place], [first.place]]:
            return True
        named = frozenset[str]().union(*(mention.kinds for mention in mentions(found["first"])))
        if named and named == second.about.objects != first.about.objects:
            return True
        above, below = quantities(found["first"]), quantities(found["second"])
        if not above & below and above <= first.about.quantities and below <= second.about.quantities:
            return False
    return None


def _divided_by(site: Site, number: TextNumber) -> frozenset[str]:
    """Return the quantities by which a text divides: those behind "6% of" and "the ratio of this to"."""
    start, end = site.clause(number)
    text = site.reading(number)
    said = vocabulary().words["ratio_to"].search(text, start, number.reach)
    if said is not None:
        return quantities(text[said.end() : number.reach])
    of = vocabulary().words["towards"].match(text, number.stop)
    return quantities(text[of.end() : min(end, of.end() + 40)]) if of is not None else frozenset()


def _formula(text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return which of its sides a ratio that a text writes out adds up or subtracts: `(a - b)/(a + b)`."""
    found = _FORMULA.search(text)
    if found is None:
        return None
    signs = {" - ": "difference", " \u2212 ": "difference", " \u2013 ": "difference", " + ": "scalar sum"}
    first, second = (
        frozenset(kind for sign, kind in signs.items() if sign in found[side]) for side in ("first", "second")
    )
    return first, second


def _first(text: str, term: Term, other: Term) -> int | None:
    """Return where a text first speaks of one side of a ratio, and not of the other; `None` where it does not."""
    known = vocabulary()
    kinds = term.about.objects - covered_by(other.about.objects)
    if any(place_of_name(name, text) is not None for name in other.about.names if len(name) > 1):
        kinds = kinds or term.about.objects  # `E_T^{miss}/m_{eff}`, where the latter has the former in it
    patterns = [known.objects[kind].words for kind in kinds]
    strong = (known.quantities[kind] for kind in term.about.quantities - other.about.quantities)
    patterns += [quantity.words for quantity in strong if not quantity.weak]
    if term.place is not None and term.place != other.place and term.place in known.ordinals:
        patterns.append(known.ordinals[term.place])
    found = [match.start() for pattern in patterns if (match := pattern.search(text)) is not None]
    named = (place_of_name(name, text) for name in term.about.names - other.about.names if len(name) > 1)
    found += [place for place in named if place is not None]
    return min(found, default=None)


def _with_numbers(site: Site, number: TextNumber, *, behind: bool) -> str:
    """Return the words that name what a number is a bound of, with the "two" of "the two leading jets"."""
    start, end = site.clause(number)
    if behind:  # "at least 30% of the p_T of the leading jet"
        return site.reading(number)[start:end]
    factors = site.factors(number)
    before = (one for one in site.passage.numbers if one.stop <= number.reach and one not in factors)
    ends = [one.stop for one in before if not one.word]
    return site.reading(number)[max([start, *ends]) : number.reach]


def _naming(site: Site, number: TextNumber) -> str:
    """Return the words that name what a number is a bound of, without those that tell for which objects it is."""
    window = site.window(number)
    whose = vocabulary().words["whose"]
    if quantities(window) or site.passage.is_row:
        cut = [found.start() for found in whose.finditer(window) if quantities(window[found.end() :])]
        return window[cut[-1] :] if cut else window
    # "the sum of the p_T of all jets with p_T > 30 GeV must exceed 500 GeV"
    start, _ = _statement(site, number)
    before = site.reading(number)[start : number.reach]
    found = whose.search(before)
    return before if found is None else before[: found.start()]


def _statement(site: Site, number: TextNumber) -> tuple[int, int]:
    """Return the statement of a number, with what it is about: "the difference of the two, which must be above"."""
    start, end = site.clause(number)
    divider = _WHICH.search(site.passage.text, max(0, start - 10), start)
    if divider is None and _GOES_ON.match(site.passage.text, start):
        divider = _AND.search(site.passage.text, max(0, start - 10), start)
    whole, _ = (start, end) if site.passage.is_row else clause_at(site.passage.text, number.start)
    if divider is None and whole < start and not quantities(site.reading(number)[start : number.reach]):
        return whole, end  # "above 100 GeV in the one channel and above 75 GeV in the other"
    return (start if divider is None else clause_at(site.passage.text, divider.start())[0]), end


def around(site: Site, number: TextNumber) -> str:
    """Return the text that may speak of how a quantity is made: that of the bound, or else its whole clause."""
    start, end = _statement(site, number)
    if not quantities(site.window(number)):
        return site.reading(number)[start:end]
    later = [other.reach for other in site.passage.numbers if other.start > number.start]
    if site.reading(number).startswith(site.window(number), number.stop):
        start = max([start, *(other.stop for other in site.passage.numbers if other.stop <= number.reach)])
        return f"{site.reading(number)[start : number.reach]} {site.window(number)}"  # "separated by 1 cm in z"
    # What is added is no bound: `2.45 GeV + 0.022 p_T`.
    behind = site.reading(number)[number.reach : min([end, *(place + 1 for place in later)])]
    return f"{site.window(number)} {behind}"


def _against(told: Told, expression: str, site: Site) -> Doubt:
    kinds = " or ".join(sorted(told.by))
    return against(Verdict.QUANTITY, f"the quotation says this of a {kinds}, and `{expression}` is none", site)


def _speaks_not(operation: str, expression: str, site: Site) -> Doubt:
    return Doubt(
        Verdict.QUANTITY,
        f"the quotation does not speak of a {operation}, which `{expression}` is",
        f"quote the words that say so, or state it with `assume`; the source has: {shown(site)}",
        open=True,
    )


def _repeats(expression: str, site: Site) -> Doubt:
    return against(Verdict.QUANTITY, f"`{expression}` takes the same value twice, and the quotation does not", site)
