"""Whether a text says something of the region that a criterion is one of, or of another one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from hepsel.extract.checking.clauses import clause_at
from hepsel.extract.checking.context import Context
from hepsel.extract.checking.doubts import Doubt, against
from hepsel.extract.checking.model import Verdict
from hepsel.extract.checking.numbers import TextNumber
from hepsel.extract.checking.spoken import spelled, spoken
from hepsel.extract.checking.vocabulary import vocabulary
from hepsel.extract.checking.wording import Site
from hepsel.extract.reading.model import DIVIDER

_LABEL = re.compile(r"[\w-]*[SCV]R[\w-]*")  # what is a region without a word that says so


def of_other_region(context: Context, site: Site, number: TextNumber | None) -> Doubt | None:
    """Return the doubt about a criterion of one region that the quotation states for another one."""
    if not context.region:
        return None
    if number is not None and (columns := _own_columns(context, site)):
        # A column is named by the region, so that what is said of it stands there.
        if columns.intersection(site.columns(number)):
            return None
        head = site.passage.header[site.columns(number).start]
        message = f"the quotation says this of {head}, and the criterion is one of `{context.region[0]}`"
        return against(Verdict.OBJECT, message, site)
    for dropped in vocabulary().words["dropped"].finditer(site.passage.text):
        clause = _in_letters(site.passage.text[slice(*clause_at(site.passage.text, dropped.start()))])
        before = number is None or number.start < dropped.start()
        if before and context.region[0] in _named(context.regions, clause, False):
            message = f"by the quotation this does not hold for `{context.region[0]}`"
            return against(Verdict.OBJECT, message, site)
    text = _in_letters(site.regions(number))
    said = _regions_said(text) or (frozenset() if number is None else _regions_said(site.passage.section))
    said -= frozenset(kind for name in context.asked_around for kind in _regions_named(name))
    own = frozenset(kind for name in context.region for kind in _regions_named(name))
    # A region whose name tells nothing may be of any kind, unless others are called so.
    others = frozenset(kind for name in context.regions for kind in _regions_named(name))
    other = said and not said & own and (own or (said & others and "signal" not in said))
    names = [spoken(name) for name in context.region]
    if not own and said and not site.passage.is_row:
        # "at the preselection level, H_T > 300 GeV; the SR further requires"
        whole = spoken(site.passage.text)
        other = other or any(len(name) > 4 and name in whole and name not in spoken(text) for name in names)
    other = other or any(_other_category(name, text) for name in context.region[:1])
    regions = [name for name in context.regions if name not in context.asked_around]
    named = _named(regions, text, site.passage.is_row)
    if not named and not site.passage.is_row:
        parts = _own_parts(context.regions)
        named = {name for name in regions if _named(parts[name], text, False)}
    if number is not None:
        other = other or _numbered_otherwise(context.region, text, site.passage.is_row)
    if not other and (not named or any(spoken(one) in name for one in named for name in names)):
        return None
    what = ", ".join(sorted(named)) or ", ".join(f"a {kind} region" for kind in sorted(said))
    return against(
        Verdict.OBJECT,
        f"the quotation says this of {what}, and the criterion is one of `{context.region[0]}`",
        site,
    )


def _in_letters(text: str) -> str:
    """Return a text with the symbols of particles as names of programs have them."""
    for symbol, name in (("\u03bc", "mu"), ("\u03c4", "tau"), ("\u03b3", "gamma")):
        text = text.replace(symbol, name)
    return text


def _other_category(name: str, text: str) -> bool:
    """Whether a text names a category that differs from a region in one word: "high-purity", for `low_purity`."""
    mine = {part for part in re.split(r"_+", name.lower()) if part}
    said = [set(found["name"].lower().split("-")) for found in vocabulary().words["category"].finditer(text)]
    named = all(part.isalpha() for one in (mine, *said) for part in one) and mine not in said
    return named and any(len(mine) == len(theirs) == 2 and len(mine & theirs) == 1 for theirs in said)


def _own_columns(context: Context, site: Site) -> frozenset[int]:
    """Return the columns of the table of a row whose heads name the region of a criterion, and it alone."""
    if not site.passage.is_row:
        return frozenset()
    heads = list(enumerate(site.passage.header))
    for name in context.region:
        pattern = re.compile(rf"(?<!\w){spelled(name)}(?!\w)", re.IGNORECASE)
        if columns := frozenset(
            column for column, head in heads if pattern.search(head) and not vocabulary().words["results"].search(head)
        ):
            return columns
    return frozenset()


@lru_cache(8192)
def _regions_named(name: str) -> frozenset[str]:
    """Return the kinds of regions that a name of a program has in it."""
    regions = vocabulary().regions
    parts = [*re.split(r"_+", name), name]
    return frozenset(kind for kind, region in regions.items() if any(region.names.fullmatch(part) for part in parts))


def _regions_said(text: str) -> frozenset[str]:
    return frozenset(kind for kind, region in vocabulary().regions.items() if region.words.search(text))


def _numbered_otherwise(names: tuple[str, ...], text: str, is_row: bool) -> bool:
    """Whether a statement, or the head of a row or column, has a region with another number: `SR3`, for `sr_1`."""
    if is_row:
        said = [cell for cell in text.split(DIVIDER) if _regions_said(cell)]
    else:
        said = [found[0] for kind in vocabulary().regions.values() for found in kind.words.finditer(text)]
    theirs = {digits for cell in said for digits in re.findall(r"\d+", cell)}
    mine = {digits for name in names for digits in re.findall(r"\d+", name)}
    return bool(mine and theirs) and not mine & theirs


@lru_cache(256)  # of one program, for each of its criteria
def _own_parts(regions: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the parts of the name of each region that no other region has: `low` of `sr_low` beside `sr_high`."""
    parts = {name: frozenset(re.split(r"_+", name)) for name in regions}
    owners = Counter(part for of_one in parts.values() for part in of_one)
    return {
        name: [part for part in of_one if len(part) > 1 and owners[part] == 1 and not _regions_named(part)]
        for name, of_one in parts.items()
    }


def _named(names: Iterable[str], text: str, is_row: bool) -> set[str]:
    """Return which regions of the program a text names: "the boosted category", `SR1`, the head of a column.

    Of `SR-0j-2` that is `sr_0j_2`, and not `sr_0j` too.
    """
    said = spoken(text)
    behind = (
        r"(?!\w)"
        if is_row
        else r"(?:(?P<word>[\s-]+(?:region|category|channel|bin|final state|one|events?)s?\b)|(?!\w))"
    )
    found = [
        (match.start(), match.end("name"), name)
        for name in names
        if spoken(name) in said  # of hundreds of regions few are named, and to compile a pattern takes long
        for match in re.finditer(rf"(?<!\w)(?P<name>{spelled(name)}){behind}", text, re.IGNORECASE)
        if is_row or match["word"] or _LABEL.fullmatch(match["name"])
    ]
    return {
        name
        for start, end, name in found
        if not any(first <= start and end <= last and last - first > end - start for first, last, _ in found)
    }
