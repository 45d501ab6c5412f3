"""Whether a number of the quotation is one of something else than what a bound is about."""

from __future__ import annotations

import re

from hepsel.extract.checking.claims import Bound
from hepsel.extract.checking.clauses import clause_at, mentions, quantities
from hepsel.extract.checking.doubts import Doubt, against, objects_named, shown
from hepsel.extract.checking.folding import place_of_name
from hepsel.extract.checking.kinds import COMPOSITE, covered_by
from hepsel.extract.checking.masses import ENERGY, named_masses
from hepsel.extract.checking.model import Verdict
from hepsel.extract.checking.numbers import EXTREME_OF, TextNumber
from hepsel.extract.checking.operations import every_by_words
from hepsel.extract.checking.rejections import denying, rejecting
from hepsel.extract.checking.vocabulary import vocabulary
from hepsel.extract.checking.wording import Site, places_of

# A symbol of the paper, with its index.
_SYMBOL = re.compile(r"[^\W\d_][_^]\{?\w")
_DIVIDED = re.compile(r"([^\s()/]{1,12}) ?/ ?$")  # before a divisor
_SCALED = re.compile(r"(?: ?[·\u00d7*] ?| (?=[mpEHS]_))([^\s()/<>=]{1,12})")  # behind a factor
_ARGUMENTS = re.compile(r"Δ ?[Rφϕη] ?\((?P<of>[^(),]{1,30},[^(),]{1,30})\)")  # `ΔR(e, j)`
_FOR_THESE = re.compile(r"\s*\)?\s*(?:for|if|when|in)\s+(?:(?:all|the|each|both|any)\s+)?", re.IGNORECASE)
_SECOND_TERM = re.compile(r"\s*\+\s*\d[\d.]*%?\s*(?:[·\u00d7*]|of)?\s*[^\W\d_]\S{0,20}")
_ANGLES = frozenset(["dr", "dphi", "deta"])
_TRANSVERSE_MASSES = frozenset(["mt", "mt2"])
OF_TWO = _ANGLES | _TRANSVERSE_MASSES
_WITH_MISSING = frozenset(["electron", "muon", "tau", "lepton", "photon"])  # what has a neutrino or the like beside it


def is_stored(bound: Bound) -> bool:
    """Whether a number of things is an attribute, such as the tracks of a vertex."""
    return vocabulary().words["number_stored"].fullmatch(bound.expression.rpartition(".")[2]) is not None


def size_of_cone(bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
    """Return the doubt about a number that an angle has: of "the tracks within ΔR < 0.3" it is no isolation."""
    wanted = strong(bound.about.quantities)
    if bound.counted or not wanted or wanted & _ANGLES:
        return None
    named = quantities(site.window(number).rstrip(" <>=≤≥").rpartition(" ")[2])
    # "within ΔR = 0.3"
    named |= quantities(site.reading(number)[number.reach : number.start].strip(" <>=≤≥").rpartition(" ")[2])
    if not named or named - _ANGLES:
        return None
    return against(Verdict.QUANTITY, f"the quotation says of an angle that it is `{site.said(number)}`", site)


def of_the_cluster(bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
    """Return the doubt about a pseudorapidity that the text has of the cluster, and the criterion of the track."""
    mine = bound.about.quantities
    if "cluster_eta" not in quantities(site.window(number)) or "eta" not in mine or "cluster_eta" in mine:
        return None
    return Doubt(
        Verdict.QUANTITY,
        f"the quotation says this of the cluster, and `{bound.expression}` is not that of the cluster",
        f"use that of the cluster, or say with `assume` that it makes no difference; the source has: {shown(site)}",
        open=True,
    )


def of_another_mass(bound: Bound, site: Site) -> Doubt | None:
    """Return the doubt about a mass that the criterion has by a name, where the text names only others."""
    masses = named_masses(site.passage.text)
    for name, value, dimension in bound.constants:
        if dimension != ENERGY or not masses or any(mass.low <= value <= mass.high for mass in masses):
            continue
        if not any(number.value == value for number in site.numbers):
            return against(Verdict.QUANTITY, f"the quotation does not speak of the mass that is `{name}`", site)
    return None


def scales_another(bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
    """Return the doubt about a factor that the text has beside another quantity: `Δφ/0.6` is not `deta / 0.6`."""
    text = site.passage.text
    divided, scaled = _DIVIDED.search(text, 0, number.start), _SCALED.match(text, number.stop)
    symbol = divided[1] if divided else scaled[1] if scaled else ""
    said, places = quantities(symbol), places_of(symbol)
    if bound.place is not None and places and bound.place not in places:
        return against(Verdict.OBJECT, f"in the quotation {bound.written} stands beside another one of a list", site)
    if not said or not bound.about.quantities or said & bound.about.quantities:
        return None
    names = ", ".join(sorted(bound.about.quantities))
    return against(
        Verdict.QUANTITY, f"in the quotation {bound.written} stands beside another quantity than {names}", site
    )


def beside_another(bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
    """Return the doubt about a number that has no name of its own, or another one, where a second one has that name."""
    if bound.counted:
        return None
    window = site.window(number)
    if vocabulary().words["this_is"].search(window):
        return None  # "is prompt if its impact parameter is below 0.5 mm, and displaced if this is larger than 0.5 mm"
    wanted = frozenset[str]() if quantities(window) else strong(bound.about.quantities)
    symbol = bound.expression if bound.expression in bound.about.names and len(bound.expression) > 1 else ""
    if symbol and place_of_name(symbol, window) is not None:
        return None
    if not wanted and not (symbol and _SYMBOL.search(window)):
        return None
    for other in site.numbers:
        if other.start == number.start or other.sense is None:
            continue
        there = site.window(other)
        same = other.value == number.value and bool(wanted) and wanted <= quantities(there)
        if same or (symbol and place_of_name(symbol, there) is not None):
            return against(
                Verdict.QUANTITY, f"the quotation says of `{bound.expression}` that it is `{site.said(other)}`", site
            )
    return None


def how_many(bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
    """Return the doubt about whether all of several have to fulfil a criterion, or one is enough."""
    if bound.every is None or bound.condition:
        return None
    if site.passage.is_row:
        # `ΔR(j_1, j_2) | > 0.02` is demanded of every pair.
        apart = bound.about.quantities & _ANGLES and bound.sense in (">", ">=") and number.sense in (">", ">=")
        some = vocabulary().words["some"].search(site.passage.text)
        return _how_many_else(bound, site) if apart and not bound.every and not some else None
    if (extreme := every_by_words(site, number, bound.sense)) is not None:
        return None if extreme == bound.every else _how_many_else(bound, site)
    text = site.passage.text
    start, end = site.clause(number)
    if vocabulary().words["with_more"].search(text[:start]):
        # "at least one pair is required, with |m - m_Z| < 10 GeV"
        start, _ = clause_at(text, start - len(", with "))
    said = {name for name in ("each", "some", "one") if vocabulary().words[name].search(text[start:end])}
    said |= {"some"} if vocabulary().words["of_them"].search(text, start, number.start) else set()
    rejected = rejecting(text, number.start) != denying(text, number.start)
    if bound.every and not rejected and "each" not in said and site.is_of_counted(number):
        return _how_many_else(bound, site)
    if bound.every:
        right = rejected or "some" not in said or "each" in said
    elif rejected:
        # Of "neither may" each alone is rejected.
        right = "each" in said and not vocabulary().words["none_of_them"].search(text, start, end)
    else:
        # "separated from a muon" means every muon
        apart = "dr" in bound.about.quantities and bound.sense in (">", ">=")
        right = ("some" if apart else "one") in said and "each" not in said
    return None if right else _how_many_else(bound, site)


def _how_many_else(bound: Bound, site: Site) -> Doubt:
    return against(
        Verdict.DIRECTION,
        f"the criterion demands this of {'all' if bound.every else 'one'}, and the quotation does not",
        site,
    )


def _other_arguments(bound: Bound, mine: frozenset[str], site: Site, number: TextNumber) -> Doubt | None:
    """Return the doubt about what a distance is between, where the text has it in brackets: `ΔR(e, j)`."""
    written = _ARGUMENTS.search(site.window(number))
    kinds = [one.kinds for part in written["of"].split(",") for one in mentions(f"({part.strip()})")] if written else []
    if len(kinds) != 2 or not mine:
        return None
    parts = COMPOSITE & bound.about.objects
    told = (one for one in kinds if one - COMPOSITE)
    left = [one for one in told if not covered_by(one - COMPOSITE) & covered_by(mine | bound.about.objects)]
    left += [one for one in kinds if one & COMPOSITE and not parts]
    if not left:
        return None
    message = f"the quotation measures this from or to {objects_named(left[0])}, and the criterion does not"
    return against(Verdict.OBJECT, message, site)


def between_others(bound: Bound, own: frozenset[str], site: Site, number: TextNumber) -> Doubt | None:
    """Return the doubt about a distance or the like between objects of which the sentence names others."""
    if not bound.about.quantities & OF_TWO:
        return None
    named = frozenset[str]().union(*(mention.kinds for mention in mentions(site.passage.text)))
    if site.passage.is_row and len(named) < 2:
        # In the head of a row or its column two may be named by one word.
        alike = mentions(site.passage.text[slice(*site.passage.cells[0])])[:1]
        if not alike or alike[0].kinds == {"met"}:
            return None
    mine = bound.about.objects - COMPOSITE - ({"met"} if bound.about.quantities & _TRANSVERSE_MASSES else frozenset())
    missing = [kind for kind in sorted(mine) if not covered_by(frozenset([kind])) & covered_by(named)]
    if own & COMPOSITE and "lepton" in named and mine & {"electron", "muon"}:
        missing = [kind for kind in missing if kind != "tau"]  # the leptons of a pair of a muon and a tau
    text, words = site.passage.text, vocabulary().words
    if "met" in bound.about.objects and not bound.about.objects & COMPOSITE and words["system"].search(text):
        whole = [one for one in mentions(text) if one.kinds & COMPOSITE and words["as_whole"].match(text, one.end)]
        if whole:
            those = objects_named(whole[0].kinds & COMPOSITE)
            return against(Verdict.OBJECT, f"the quotation is about {those}, and `{bound.expression}` is not", site)
    pronoun = len(named - COMPOSITE) < 2 and words["pronoun"].search(text) and not words["of_theirs"].search(text)
    if (doubt := _other_arguments(bound, mine | own, site, number)) is not None:
        return doubt
    of_these = [
        kinds - {"met"}
        for found in words["transverse_mass_of"].finditer(site.window(number))
        for kinds in (one.kinds for one in mentions(found["of"]))
    ]
    told = frozenset[str]().union(*of_these)
    if bound.about.quantities & _TRANSVERSE_MASSES and mine and told and not covered_by(told) & covered_by(mine):
        message = f"the quotation is about {objects_named(told)}, the criterion about {objects_named(mine)}"
        return against(Verdict.OBJECT, message, site)
    if not named - {"pair"} or not missing or pronoun or (len(named) < 2 and "mt" in bound.about.quantities):
        return None
    if of_symbol_alone(bound, site, number):
        return None
    return against(
        Verdict.OBJECT,
        f"the quotation is about {objects_named(named)}, the criterion about {objects_named(mine)}",
        site,
    )


def of_symbol_alone(bound: Bound, site: Site, number: TextNumber) -> bool:
    """Whether a text bounds a transverse mass by its symbol, and names nothing that it could be one of.

    Of "110 < m_T < 170 GeV and at most three b jets" it goes without saying of which lepton that is.
    """
    if not bound.about.quantities & _TRANSVERSE_MASSES or mentions(site.window(number)):
        return False
    return not any(one.kinds & _WITH_MISSING for one in mentions(site.reading(number)[slice(*site.clause(number))]))


def without_a_term(bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
    """Return the doubt about a bound that has a second term in the text: `2.45 GeV + 0.022 E_T`."""
    text = site.passage.text
    if (opened := EXTREME_OF.search(text, max(0, number.start - 8), number.start)) is not None:
        # `min(0.4, 0.04 + 10 GeV/p_T)`
        inside = text[number.start : text.find(")", number.stop) if ")" in text[number.stop :] else len(text)]
        made = {"smallest" if opened["which"] == "min" else "largest"}
        made |= {"scalar sum"} if " + " in inside else set()
        made |= {"difference"} if " - " in inside else set()
        left = made - bound.makeup.made
        more = (bound.makeup.made & {"smallest", "largest", "scalar sum", "difference"}) - made
        if left or more:
            said = f"{opened[0]}{inside})"
            return against(Verdict.QUANTITY, f"the quotation has `{said}`, and the criterion another bound", site)
    added = _SECOND_TERM.match(text, number.stop)
    if added is None or "scalar sum" in bound.makeup.made:
        return None
    return against(Verdict.QUANTITY, f"the quotation adds `{added[0].strip()}`, and the criterion does not", site)


def not_divided(bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
    """Return the doubt about a chi-squared that the text divides by the number of degrees of freedom."""
    if "chi2" not in bound.about.quantities or "degrees_of_freedom" in bound.about.quantities:
        return None
    name = bound.expression.rpartition(".")[2]
    if (
        "degrees_of_freedom" not in quantities(site.window(number))
        or vocabulary().words["per_degree"].fullmatch(name) is not None
    ):
        return None
    return Doubt(
        Verdict.QUANTITY,
        f"the quotation divides by the number of degrees of freedom, and `{bound.expression}` does not",
        f"divide by it, or say with `assume` that `{name}` is that ratio; the source has: {shown(site)}",
        open=True,
    )


def nearer_another(bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
    """Return the doubt about an attribute of which the text speaks with a later number: "6 hits, one in the pixels"."""
    if site.passage.is_row or not (is_stored(bound) or bound.about.attributes):
        return None
    text = site.reading(number)
    parts = [part for part in bound.expression.rpartition(".")[2].split("_") if len(part) > 2 and part != "hits"]
    for part in parts:
        found = [match.start() for match in re.finditer(rf"\b{re.escape(part)}", text, re.IGNORECASE)]
        between = [
            other
            for other in site.numbers
            if other.sense is not None and found and number.stop <= other.start < found[0] < other.stop + 60
        ]
        if between:
            return against(
                Verdict.QUANTITY, f"the quotation says of `{part}` that it is `{site.said(between[-1])}`", site
            )
    return None


def isolated_otherwise(bound: Bound, site: Site, number: TextNumber) -> Doubt | None:
    """Return the doubt about an isolation by tracks that the text says of the calorimeter, or the other way round."""
    words = vocabulary().words
    start, _ = site.clause(number)
    text = site.reading(number)[start : number.reach]
    measured = {"track_isolation": "by_tracks", "calorimeter_isolation": "by_calorimeter"}
    mine = [name for kind, name in measured.items() if kind in bound.about.quantities]
    said = [name for name in measured.values() if words[name].search(text)]
    # "E_T^{iso} < 5 GeV, where this is the energy in the calorimeter"
    said = said or [name for name in measured.values() if words[name].search(site.passage.text)]
    if len(mine) != 1 or not said or mine[0] in said or site.passage.is_row:
        return None
    other = "the calorimeter" if mine[0] == "by_tracks" else "tracks"
    return against(Verdict.QUANTITY, f"the quotation is about an isolation measured with {other}", site)


def of_another_number(site: Site, number: TextNumber, place: int) -> bool:
    """Whether a restriction belongs to the next objects: "tight leptons have p_T > 15 GeV and loose leptons 10 GeV"."""
    text = site.passage.text
    alike = [one for one in site.passage.numbers if one.dimension == number.dimension and one.sense == number.sense]
    if place >= number.stop:
        between = [one for one in site.passage.numbers if number.stop <= one.start and one.stop <= place]
        if between and text[place:].lower().startswith("otherwise"):
            return True  # "zero in the one category and at least one otherwise"
        if between and between[-1].alternative and number.reach != between[-1].reach:
            return True  # "|η| < 2.4 and p_T > 20 (10) GeV for the leading (subleading) muon"
        if _FOR_THESE.fullmatch(text[number.stop : place]):
            return False  # "> 0.1 for same-flavour pairs and > 0.2 for ..."
        following = next((one.start for one in alike if one.start > place), place)
        return len(mentions(text[place:following])) == 1
    before = next((one.stop for one in reversed(alike) if place < one.start < number.start), number.start)
    return bool(mentions(text[before : number.start]))


def made_of_others(own: frozenset[str], subject: frozenset[str]) -> bool:
    """Whether candidates of a text have other parts than those of a block: `m_{jj}` for pairs of leptons."""
    parts, theirs = own - COMPOSITE, subject - COMPOSITE
    if not (parts and theirs and subject & own & COMPOSITE):
        return False
    alike = covered_by(theirs) & parts or covered_by(parts) & theirs
    return not (alike or ("lepton" in theirs and "tau" in parts))


def telling(kinds: frozenset[str]) -> frozenset[str]:
    """Leave out `pt` beside what it divides, as in a relative isolation."""
    return strong(kinds) or kinds


def strong(kinds: frozenset[str]) -> frozenset[str]:
    """Return the quantities without those that need not be named beside a more telling one."""
    return frozenset(kind for kind in kinds if not vocabulary().quantities[kind].weak)


def purpose(site: Site, number: TextNumber) -> Doubt | None:
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
