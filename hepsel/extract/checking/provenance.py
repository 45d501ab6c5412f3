"""Whether the papers say what a program says: a verdict for every criterion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hepsel.extract.checking.claims import Bound, Word, all_numbers, literal, ordinals, requirements
from hepsel.extract.checking.folding import fold
from hepsel.extract.checking.judge import Context, Doubt, Judge, gravest
from hepsel.extract.checking.model import Evidence, Finding, ProvenanceReport, Verdict
from hepsel.extract.checking.omissions import omissions
from hepsel.extract.checking.passages import Library
from hepsel.extract.checking.quotations import Match, Search, find
from hepsel.extract.checking.scope import ItemBlock, Scope, collection_kinds, lets_of
from hepsel.extract.checking.wording import Site
from hepsel.extract.reading.model import Document
from hepsel.syntax import tree
from hepsel.syntax.printer import print_statement

_CRITERIA = (tree.Select, tree.Reject, tree.KeepFirst, tree.KeepBest, tree.External, tree.Bin, tree.Bins)
_MOST_READINGS = 64  # combinations of places at which the quotations of one criterion stand


def check_provenance(program: tree.Program, documents: Mapping[str, Document]) -> ProvenanceReport:
    """Compare every criterion of a program with the quotations that it cites.

    Parameters
    ----------
    program
        The syntax tree; it needs not be free of errors of names and types.
    documents
        The papers, by the names under which `source` declares them.

    Returns
    -------
    ProvenanceReport
        A finding for each statement that needs evidence, or that cites; and what the papers say that nothing cites.
    """
    checker = _Checker(program, {name: Library(document) for name, document in documents.items()})
    findings = tuple(checker.findings())
    missing = tuple(
        omission
        for name, document in documents.items()
        for omission in omissions(name, document, checker.cited.get(name, set()))
    )
    return ProvenanceReport(findings, missing)


@dataclass(frozen=True, slots=True)
class _Case:
    """A statement to be judged."""

    id: str
    block: str
    text: str
    span: tree.Span
    node: tree.Node
    annotations: tuple[tree.Annotation, ...]
    inherited: tuple[tree.Annotation, ...]
    needed: bool
    context: Context


class _Checker:
    def __init__(self, program: tree.Program, libraries: Mapping[str, Library]) -> None:
        self._program = program
        self._libraries = libraries
        self._kinds = collection_kinds(program)
        self._lets = lets_of(program)
        self._values = tuple((fold(name).text, name) for name in self._lets if len(name) > 1)
        self.cited: dict[str, set[str]] = {}

    # -------------------------------------------------------------- what is judged

    def findings(self) -> Iterator[Finding]:
        for case in self._cases():
            finding = self._finding(case)
            if finding is not None:
                yield finding

    def _cases(self) -> Iterator[_Case]:
        for block in self._program.blocks:
            if isinstance(block, tree.Define | tree.Table):
                yield self._definition(block)
            elif isinstance(block, tree.ObjectBlock | tree.CompositeBlock | tree.RegionBlock):
                yield from self._statements(block)

    def _definition(self, block: tree.Define | tree.Table) -> _Case:
        scope = Scope(self._lets, dict(self._kinds))
        context = Context(frozenset(), scope.about(block).objects, (block.name,), self._values, ordinals(block))
        value = block.value if isinstance(block, tree.Define) else block
        needed = bool(_own_numbers(value, scope))
        return _Case(
            block.name, block.name, f"{_word_of(block)} {block.name}", block.name_span, block, block.annotations, (),
            needed, context,
        )  # fmt: skip

    def _statements(self, block: tree.ObjectBlock | tree.CompositeBlock | tree.RegionBlock) -> Iterator[_Case]:
        ordinal = 0
        scope = self.scope(block)
        own = self._kinds.get(block.name, frozenset())
        for statement in block.statements:
            criterion = isinstance(statement, _CRITERIA)
            ordinal += criterion
            about = scope.about(statement)
            context = Context(
                own, about.objects, tuple(self._said(block, statement)), self._values, ordinals(statement)
            )  # fmt: skip
            number = str(ordinal) if criterion else _name_of(statement)
            yield _Case(
                f"{block.name}.{number}", block.name, print_statement(statement), statement.span, statement,
                statement.annotations, block.annotations, criterion or _needs_evidence(statement, scope), context,
            )  # fmt: skip

    def scope(self, block: tree.Block) -> Scope:
        """Return the names that are known in a block."""
        collections = dict(self._kinds)
        if isinstance(block, tree.CompositeBlock):
            for statement in block.statements:
                if isinstance(statement, tree.Take):
                    for source in statement.sources:
                        if source.slot:
                            collections[source.slot] = collections.get(source.name, frozenset())
        values = dict(self._lets)
        for statement in getattr(block, "statements", ()):
            if isinstance(statement, tree.Let) and statement.name in values:
                values[statement.name] = statement.value
        return Scope(values, collections)

    def _said(self, block: tree.Block, but: tree.Statement) -> Iterator[str]:
        """Yield the words that hold for everything in a block: its name and what its other criteria demand."""
        yield block.name.replace("_", " ")
        for statement in getattr(block, "statements", ()):
            if isinstance(statement, tree.Select) and statement is not but:
                for required in requirements(statement.condition, self.scope(block), positive=True):
                    if len(required.members) == 1:
                        yield from (claim.text for claim in required.claims if isinstance(claim, Word))
            if isinstance(statement, tree.Take):
                yield from self._said_of([source.name for source in statement.sources], block, but)
        yield from self._said_of([n.name for n in tree.walk(but) if isinstance(n, tree.Name)], block, but)
        if isinstance(but, tree.Select | tree.Reject):
            for required in requirements(but.condition, self.scope(block), positive=isinstance(but, tree.Select)):
                if len(required.members) == 1:
                    yield from (claim.text for claim in required.claims if isinstance(claim, Word))

    def _said_of(self, names: list[str], block: tree.Block, but: tree.Statement) -> Iterator[str]:
        for inner in self._program.blocks:
            if inner is block:
                return  # what stands behind it is not used in it
            if isinstance(inner, ItemBlock) and inner.name in names:
                yield from self._said(inner, but)

    # -------------------------------------------------------------- verdicts

    def _finding(self, case: _Case) -> Finding | None:
        cites = _cites(case.annotations)
        assumed = any(isinstance(annotation, tree.Assume) for annotation in case.annotations)
        if not cites and not assumed and case.needed:
            cites = _cites(case.inherited)
            assumed = any(isinstance(annotation, tree.Assume) for annotation in case.inherited)
        if not cites and not (assumed and case.needed) and not case.needed:
            return None
        if not cites:
            if assumed:
                return self._made(case, Verdict.ASSUMED, "assumed by the author")
            return self._made(
                case, Verdict.NOT_CITED, "no source is cited for this",
                'write `cite SOURCE page N "quotation"` behind it, or `assume "why"` if no source states it',
            )  # fmt: skip
        return self._cited(case, cites)

    def _cited(self, case: _Case, cites: tuple[tree.Cite, ...]) -> Finding:
        searches: list[tuple[tree.Cite, Library, Search]] = []
        problem: tuple[Verdict, str, str | None] | None = None
        evidence: list[Evidence] = []
        for cite in cites:
            library = self._libraries.get(cite.source)
            if library is None:
                evidence.append(Evidence(cite.source, cite.quote or ""))
                problem = problem or (
                    Verdict.NO_DOCUMENT, f"the source `{cite.source}` was not given, so nothing was compared",
                    f"give its file with `--ref {cite.source}=FILE`",
                )  # fmt: skip
            elif cite.quote is None:
                evidence.append(Evidence(cite.source, "", page=cite.page))
                if case.needed:
                    problem = problem or (
                        Verdict.NOT_CITED, "the citation has no quotation",
                        "write the words of the source behind the page, between quotation marks",
                    )  # fmt: skip
            else:
                search = find(library, cite.quote, cite.page)
                evidence.append(_evidence(cite, library, search))
                self._note(cite, library, search)
                searches.append((cite, library, search))
        problem = _search_problem(searches, evidence) or problem
        if problem is not None:
            return self._made(case, *problem, evidence=tuple(evidence))
        if not case.needed:
            return self._made(case, Verdict.VERIFIED, "the quotation is in its source", evidence=tuple(evidence))
        return self._judged(case, searches, tuple(evidence))

    def _judged(
        self, case: _Case, searches: list[tuple[tree.Cite, Library, Search]], evidence: tuple[Evidence, ...]
    ) -> Finding:
        best: Doubt | None = None
        fewest: int | None = None
        for count, choice in enumerate(_choices(searches)):
            if count >= _MOST_READINGS:
                break
            sites = [Site(library, part) for library, match in choice for part in match.parts]
            doubts = self._doubts(case, Judge(sites, case.context))
            if not doubts:
                found = tuple(
                    _evidence(cite, library, Search("found", (match,)))
                    for (cite, library, _), (_, match) in zip(searches, choice, strict=True)
                )
                kept = [item for item in evidence if not item.quote]
                return self._made(
                    case, Verdict.VERIFIED, "the quotation says this", evidence=(*found, *kept)
                )  # fmt: skip
            if fewest is None or len(doubts) < fewest:
                fewest, best = len(doubts), gravest(doubts)
        assert best is not None
        if best.open and any(isinstance(annotation, tree.Assume) for annotation in case.annotations):
            return self._made(case, Verdict.ASSUMED, f"assumed by the author: {best.message}", None, evidence)
        return self._made(case, best.verdict, best.message, best.proposal, evidence)

    def _doubts(self, case: _Case, judge: Judge) -> list[Doubt]:
        scope = self.scope(next((b for b in self._program.blocks if b.name == case.block), tree.Block(case.block)))
        match case.node:
            case tree.Select(condition) | tree.Bin(_, condition):
                return judge.requirements(requirements(condition, scope, positive=True))
            case tree.Reject(condition):
                return judge.requirements(requirements(condition, scope, positive=False))
            case tree.External(text):
                return judge.text(text) + judge.objects()
            case tree.KeepFirst(count):
                number = literal(tree.Number(str(count)))
                assert number is not None
                bound = Bound(scope.about(case.node), None, *number)
                return judge.choice("first") + ([] if count == 1 else judge.numbers([bound])) + judge.objects()
            case tree.KeepBest(keys):
                kinds = dict.fromkeys("highest" if key.highest else "lowest" for key in keys)
                return [
                    *(doubt for kind in kinds for doubt in judge.choice(kind)),
                    *judge.numbers(_own_numbers(case.node, scope)),
                    *judge.objects(),
                ]
            case _:
                return judge.numbers(_own_numbers(case.node, scope))

    def _note(self, cite: tree.Cite, library: Library, search: Search) -> None:
        """Remember what was cited, every place of a quotation included."""
        ids = self.cited.setdefault(cite.source, set())
        if search.result in ("found", "other"):
            ids |= {library.passages[part.index].id for match in search.matches for part in match.parts}

    @staticmethod
    def _made(
        case: _Case, verdict: Verdict, message: str, proposal: str | None = None, evidence: tuple[Evidence, ...] = ()
    ) -> Finding:
        return Finding(case.id, case.block, case.text, case.span, verdict, message, proposal, evidence)


def _cites(annotations: tuple[tree.Annotation, ...]) -> tuple[tree.Cite, ...]:
    return tuple(annotation for annotation in annotations if isinstance(annotation, tree.Cite))


def _own_numbers(node: tree.Node, scope: Scope) -> tuple[Bound, ...]:
    """Return the numbers that a definition states, without 0, 1 and 2 of formulas."""
    return tuple(
        bound for bound in all_numbers(node, scope) if bound.written not in ("0", "1", "2", "0.0", "1.0", "2.0")
    )  # fmt: skip


def _needs_evidence(statement: tree.Statement, scope: Scope) -> bool:
    """Whether a statement that is no criterion takes something from a paper all the same."""
    match statement:
        case tree.Expect():
            return True
        case tree.Take(variants=variants):
            return bool(variants)
        case tree.Let() | tree.Weight():
            return bool(_own_numbers(statement.value, scope))
        case _:
            return False


def _name_of(statement: tree.Statement) -> str:
    match statement:
        case tree.Let(name) | tree.Weight(name) | tree.Histogram(name):
            return name
        case _:
            return type(statement).__name__.lower()


def _word_of(block: tree.Block) -> str:
    return "define" if isinstance(block, tree.Define) else "table"


def _choices(searches: list[tuple[tree.Cite, Library, Search]]) -> Iterator[tuple[tuple[Library, Match], ...]]:
    """Yield the ways to choose a place for each quotation."""
    if not searches:
        yield ()
        return
    (_, library, search), *rest = searches
    for match in search.matches:
        for others in _choices(rest):
            yield ((library, match), *others)


def _search_problem(
    searches: list[tuple[tree.Cite, Library, Search]], evidence: list[Evidence]
) -> tuple[Verdict, str, str | None] | None:
    for result in ("missing", "numbers", "other"):
        for cite, library, search in searches:
            if search.result != result:
                continue
            if result == "missing":
                return Verdict.NOT_FOUND, f"`{cite.source}` does not have this quotation", None
            where = _evidence(cite, library, search)
            if result == "numbers":
                return (
                    Verdict.NOT_FOUND,
                    f"`{cite.source}` does not have this quotation: what is most like it has other numbers",
                    f'page {where.page} has: "{where.text}"',
                )
            pages = dict.fromkeys(match.pages[0] for match in search.matches)
            return (
                Verdict.OTHER_PAGE,
                f"the quotation is not on page {cite.page} but on page {', '.join(map(str, pages))}",
                f"write `page {next(iter(pages))}`",
            )
    del evidence
    return None


def _evidence(cite: tree.Cite, library: Library, search: Search) -> Evidence:
    quote = cite.quote or ""
    if not search.matches:
        return Evidence(cite.source, quote)
    match = search.matches[0]
    first = match.parts[0]
    text = " ".join(library.passages[part.index].text[part.start : part.end] for part in match.parts)
    places = tuple(
        place for part in match.parts for place in library.passages[part.index].places(part.start, part.end)
    )  # fmt: skip
    return Evidence(
        cite.source, quote, library.passages[first.index].id, match.pages[0], text, match.score, places
    )  # fmt: skip
