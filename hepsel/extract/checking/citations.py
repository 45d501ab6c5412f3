"""The citations of a statement, looked up in their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hepsel.extract.checking.model import Evidence, Verdict
from hepsel.extract.checking.passages import Library
from hepsel.extract.checking.quotations import Match, Search, find
from hepsel.extract.checking.wording import Site
from hepsel.syntax import tree
from hepsel.syntax.printer import print_annotation


@dataclass(frozen=True, slots=True)
class Found:
    """A citation with its source and what became of the quotation."""

    cite: tree.Cite
    library: Library
    search: Search

    @property
    def sites(self) -> tuple[Site, ...]:
        """Every place of the quotation, if it was found on any page."""
        if self.search.result not in ("found", "other"):
            return ()
        return tuple(Site(self.library, part) for match in self.search.matches for part in match.parts)

    def evidence(self, match: Match | None = None) -> Evidence:
        """Return what is reported about it, at one of the places of the quotation."""
        quote = self.cite.quote or ""
        chosen = match or next(iter(self.search.matches), None)
        if chosen is None:
            return Evidence(self.cite.source, quote, span=self.cite.span)
        passages = self.library.passages
        return Evidence(
            self.cite.source,
            quote,
            passages[chosen.parts[0].index].id,
            chosen.pages[0],
            " ".join(passages[part.index].text[part.start : part.end] for part in chosen.parts),
            chosen.score,
            tuple(place for part in chosen.parts for place in passages[part.index].places(part.start, part.end)),
            self.cite.span,
        )


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the citations of a statement prove nothing, whatever they say."""

    verdict: Verdict
    message: str
    span: tree.Span
    proposal: str | None = None
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The citations of a statement: those that were found, all evidence, and what is wrong."""

    found: tuple[Found, ...]
    evidence: tuple[Evidence, ...]
    trouble: Trouble | None

    @property
    def readings(self) -> Iterator[tuple[tuple[Site, ...], tuple[Evidence, ...]]]:
        """The ways to choose a place for each quotation that stands at several."""
        for choice in _choices(self.found):
            sites = tuple(Site(one.library, part) for one, match in choice for part in match.parts)
            yield sites, tuple(one.evidence(match) for one, match in choice)


def look_up(cites: Sequence[tree.Cite], libraries: Mapping[str, Library]) -> LookedUp:
    """Look for the quotations of a statement."""
    found: list[Found] = []
    evidence: list[Evidence] = []
    troubles: list[Trouble] = []
    for cite in cites:
        library = libraries.get(cite.source)
        if library is None:
            evidence.append(Evidence(cite.source, cite.quote or "", span=cite.span))
            troubles.append(_not_given(cite))
        elif cite.quote is not None:
            page = cite.page if library.document.has_pages else None
            one = Found(cite, library, find(library, cite.quote, page))
            found.append(one)
            evidence.append(one.evidence())
            if (trouble := _trouble(one)) is not None:
                troubles.append(trouble)
    order = (Verdict.NOT_FOUND, Verdict.OTHER_PAGE, Verdict.NO_DOCUMENT)
    worst = min(troubles, key=lambda trouble: order.index(trouble.verdict), default=None)
    return LookedUp(tuple(found), tuple(evidence), worst)


def _not_given(cite: tree.Cite) -> Trouble:
    return Trouble(
        Verdict.NO_DOCUMENT,
        f"the source `{cite.source}` was not given, so nothing was compared",
        cite.span,
        f"give its file with `--ref {cite.source}=FILE`",
    )


def _trouble(found: Found) -> Trouble | None:
    cite = found.cite
    match found.search.result:
        case "found":
            return None
        case "missing":
            return Trouble(
                Verdict.NOT_FOUND,
                f"`{cite.source}` does not have this quotation",
                cite.span,
                "copy the words from the paper as `hepsel read` prints them",
            )
        case "numbers":
            nearest = found.evidence()
            return Trouble(
                Verdict.NOT_FOUND,
                f"`{cite.source}` does not have this quotation: what is most like it has other numbers",
                cite.span,
                f'page {nearest.page} has: "{nearest.text}"',
            )
        case "other":
            pages = list(dict.fromkeys(match.pages[0] for match in found.search.matches))
            only = pages[0] if len(pages) == 1 else None
            return Trouble(
                Verdict.OTHER_PAGE,
                f"the quotation is not on page {cite.page} but on page {' and '.join(map(str, pages[:5]))}",
                cite.span,
                f"write `page {pages[0]}`",
                print_annotation(replace(cite, page=only)) if only is not None else None,
            )


def _choices(found: Sequence[Found]) -> Iterator[tuple[tuple[Found, Match], ...]]:
    if not found:
        yield ()
        return
    for match in found[0].search.matches:
        for others in _choices(found[1:]):
            yield ((found[0], match), *others)
