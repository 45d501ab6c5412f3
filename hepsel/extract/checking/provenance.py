"""Whether the papers say what a program says: a verdict for every criterion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice

from hepsel.extract.checking.cases import Case, cases, own_numbers
from hepsel.extract.checking.citations import LookedUp, look_up
from hepsel.extract.checking.claims import Bound, Word
from hepsel.extract.checking.clauses import mentions, quantities
from hepsel.extract.checking.conditions import claims_of, contrary
from hepsel.extract.checking.contradictions import contradictions
from hepsel.extract.checking.doubts import Doubt, gravest, severity
from hepsel.extract.checking.judge import Judge
from hepsel.extract.checking.literals import constants_in, literal
from hepsel.extract.checking.model import Evidence, Finding, ProvenanceReport, Verdict
from hepsel.extract.checking.numbers import TextNumber
from hepsel.extract.checking.omissions import Uses, defines, omissions, stated
from hepsel.extract.checking.passages import Library
from hepsel.extract.checking.spoken import spoken
from hepsel.extract.checking.wording import Site
from hepsel.extract.reading.model import Document
from hepsel.syntax import tree
from hepsel.syntax.printer import print_expression

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
    libraries = {name: Library(document) for name, document in documents.items()}
    checker = Checker(libraries)
    judged = tuple(cases(program))
    findings = tuple(finding for case in judged for finding in checker.findings(case))
    known = [bound for name, library in libraries.items() for bound in stated(library, checker.uses[name])]
    missing = tuple(
        omission
        for name, library in libraries.items()
        for omission in omissions(name, library, checker.uses[name], known)
    )
    conflicts = tuple(conflict for name, library in libraries.items() for conflict in contradictions(name, library))
    return ProvenanceReport(findings, missing, conflicts)


class Checker:
    """Judges statements one by one, and remembers what of each paper they use."""

    def __init__(self, libraries: Mapping[str, Library]) -> None:
        self._libraries = libraries
        self._related: set[str] = set()
        self._demanded: set[str] = set()
        self.uses = {name: Uses({}, self._related, self._demanded) for name in libraries}

    def findings(self, case: Case) -> Iterator[Finding]:
        """Yield the finding on a statement; nothing for one that needs no evidence and cites nothing."""
        relations = set(_relations(case))
        self._related |= relations
        self._demanded.update(case.demanded)
        annotations = case.annotations
        if case.needed and not _evidence_of(annotations):
            annotations = case.inherited
        cites = tuple(annotation for annotation in annotations if isinstance(annotation, tree.Cite))
        assumed = any(isinstance(annotation, tree.Assume) for annotation in annotations)
        quoting = tuple(cite for cite in cites if cite.quote is not None or cite.source not in self._libraries)
        if quoting:
            yield self._cited(case, relations, quoting, assumed)
        elif not case.needed:
            return
        elif assumed:
            yield _made(case, Verdict.ASSUMED, "assumed by the author")
        elif cites:
            yield _made(
                case,
                Verdict.NOT_CITED,
                "the citation has no quotation",
                "write the words of the source behind the page, between quotation marks",
                place=cites[0].span,
            )
        else:
            yield _made(
                case,
                Verdict.NOT_CITED,
                "no source is cited for this",
                'write `cite SOURCE page N "quotation"` behind it, or `assume "why"` if no source states it',
            )

    def _cited(self, case: Case, relations: set[str], cites: tuple[tree.Cite, ...], assumed: bool) -> Finding:
        looked_up = look_up(cites, self._libraries)
        for one in looked_up.found:
            for site in one.sites:
                use = self.uses[one.cite.source].of(site.passage.id)
                use.relations |= relations
                use.texts.add(spoken(case.text))
        if (trouble := looked_up.trouble) is not None:
            self._note_all(looked_up)
            return _made(
                case,
                trouble.verdict,
                trouble.message,
                trouble.proposal,
                looked_up.evidence,
                trouble.span,
                trouble.replacement,
            )
        if not case.needed and not isinstance(case.node, tree.Let | tree.Define):
            self._note_all(looked_up)
            return _made(case, Verdict.VERIFIED, "the quotation is in its source", evidence=looked_up.evidence)
        fewest: list[Doubt] | None = None
        for sites, evidence in islice(looked_up.readings, _MOST_READINGS):
            for way in chain([case], case.equivalents):
                judge = Judge(sites, way.context)
                doubts = _doubts(way, judge)
                if not doubts:
                    self._confirmed(looked_up, judge)
                    return _made(case, Verdict.VERIFIED, "the quotation says this", evidence=evidence)
                if fewest is None or severity(doubts) < severity(fewest):
                    fewest = doubts if way is case else [_of_another(way, doubt) for doubt in doubts]
        doubt = gravest(fewest or [])
        assert doubt is not None
        taken = doubt.open and assumed
        # What is doubtful is looked at anyway, and need not be listed once more; but only where nothing else is said.
        for one in looked_up.found:
            for site in one.sites:
                if taken or _can_be_all(case, site):
                    self._note(one.cite.source, [site], site.numbers)
        if taken:
            message = f"assumed by the author: {doubt.message}"
            return _made(case, Verdict.ASSUMED, message, evidence=looked_up.evidence)
        made = _made(case, doubt.verdict, doubt.message, doubt.proposal, looked_up.evidence)
        return replace(made, unconfirmed=not doubt.contrary)

    def _note_all(self, looked_up: LookedUp) -> None:
        """Remember the sentences and rows that are cited."""
        for one in looked_up.found:
            self._note(one.cite.source, one.sites, ())

    def _confirmed(self, looked_up: LookedUp, judge: Judge) -> None:
        self._note_all(looked_up)
        for one in looked_up.found:
            for site, number in judge.used:
                if site.library is one.library:
                    self._note(one.cite.source, [site], [number])

    def _note(self, source: str, sites: Sequence[Site], numbers: Iterable[TextNumber]) -> None:
        """Remember what is cited, and which numbers of it are those of a criterion."""
        for site in sites:
            use = self.uses[source].of(site.passage.id)
            use.noted = True
            use.numbers.update(number.start for number in numbers)


def _of_another(way: Case, doubt: Doubt) -> Doubt:
    """Return the doubt about a statement that is written in another way, which says so."""
    assert isinstance(way.node, tree.Select | tree.Reject | tree.Bin)
    verb = "rejects" if isinstance(way.node, tree.Reject) else "means"
    return replace(doubt, message=f"this {verb} `{print_expression(way.node.condition)}`; {doubt.message}")


def _doubts(case: Case, judge: Judge) -> list[Doubt]:
    match case.node:
        case tree.Select() | tree.Reject():
            return judge.requirements(case.required) or judge.dropped()
        case tree.Bin():
            return judge.requirements(case.required) or judge.halved()
        case tree.External(text):
            named = (mention.kinds for mention in mentions(text))
            return judge.text(text) + judge.objects(frozenset().union(*named))
        case tree.KeepFirst(count):
            number = literal(tree.Number(str(count)))
            counted = [Bound(case.scope.about(case.node), None, *number)] if number is not None and count > 1 else []
            return judge.choice("first") + judge.numbers(counted) + judge.objects()
        case tree.KeepBest(keys):
            kinds = dict.fromkeys("highest" if key.highest else "lowest" for key in keys)
            return [
                *(
                    [doubt for kind in kinds for doubt in judge.choice(kind)]
                    or judge.chosen_by(
                        case.scope.about(case.node),
                        case.scope.makeup(case.node),
                        ", ".join(print_expression(key.value) for key in keys),
                        tuple(constants_in(case.node, case.scope)),
                    )
                ),
                *judge.numbers(own_numbers(case.node, case.scope)),
                *judge.objects(),
            ]
        case tree.Expect():
            # A published count is cited by the row of its table.
            return Judge([site.whole_row() for site in judge.sites], case.context).numbers(
                own_numbers(case.node, case.scope)
            )
        case tree.Let() | tree.Define() as definition:
            value = definition.value
            made = judge.definition(case.scope.makeup(value), print_expression(value))
            # One number of the text may stand at several places of a formula.
            wanted = {(bound.value, bound.dimension): bound for bound in own_numbers(case.node, case.scope)}
            return judge.numbers(tuple(wanted.values())) + made
        case _:
            return judge.numbers(own_numbers(case.node, case.scope))


def _can_be_all(case: Case, site: Site) -> bool:
    """Whether a quotation states no more than a statement does: there is nothing in it that another one could say."""
    stated = [n for n in site.numbers if n.sense is not None and not defines(site.passage.text, n)]
    if isinstance(case.node, tree.Select | tree.Reject | tree.Bin):
        said = [claim for claim in case.claims if isinstance(claim, Bound)]
    else:
        said = list(own_numbers(case.node, case.scope))
    return (
        bool(stated) == bool(said)
        and Counter(str(number.dimension) for number in stated) <= Counter(str(bound.dimension) for bound in said)
        and all(any(_may_be(bound, site, number) for bound in said) for number in stated)
    )


def _may_be(bound: Bound, site: Site, number: TextNumber) -> bool:
    """Whether a bound, wrong as it is, can be about a number of the text: not if another value of another quantity."""
    if number.dimension != bound.dimension or (bound.counted and not number.counts):
        return False
    named = quantities(site.window(number))
    return number.value == bound.value or not (named and bound.about.quantities) or bool(named & bound.about.quantities)


def _relations(case: Case) -> Iterator[str]:
    """Yield the relations of items, such as opposite charge, that a statement is about."""
    claims = list(case.claims)
    for node in tree.walk(case.node):
        if isinstance(node, tree.Generator) and node.condition is not None:
            claims += claims_of(node.condition, case.scope)
    for claim in claims:
        if isinstance(claim, Word) and claim.relation is not None:
            # To reject pairs of opposite charge is to say something of opposite charge.
            yield from (claim.relation, contrary(claim.relation))
        elif isinstance(claim, Bound):
            yield from (word.relation for word in claim.words if word.relation is not None)


def _evidence_of(annotations: tuple[tree.Annotation, ...]) -> bool:
    return any(isinstance(annotation, tree.Cite | tree.Assume) for annotation in annotations)


def _made(
    case: Case,
    verdict: Verdict,
    message: str,
    proposal: str | None = None,
    evidence: tuple[Evidence, ...] = (),
    place: tree.Span | None = None,
    replacement: str | None = None,
) -> Finding:
    return Finding(
        case.id, case.block, case.text, case.span, verdict, message, proposal, evidence, place or case.span, replacement
    )
