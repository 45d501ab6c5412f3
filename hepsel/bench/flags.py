"""What of a draft differs from the truth, and whether the user is told to look at it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from hepsel.compare.entries import Entry
from hepsel.compare.verdicts import Comparison, Row
from hepsel.extract.agreeing.sample import Key, Sample
from hepsel.extract.answers.draft import FLAG, NOT_APPLIED, Draft
from hepsel.extract.asking.passages import Paper
from hepsel.extract.checking.passages import Library
from hepsel.extract.checking.quotations import find
from hepsel.semantics.program import Program
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import parse

Place = tuple[str, str]
"""A sentence or table row: the source, and the id."""

_JUDGED = ("criterion", "first", "keep", "external", "bin", "bins", "weight")
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that a draft says otherwise than the truth.

    Attributes
    ----------
    kind
        The verdict of `hepsel diff`.
    draft, truth
        What the two say; empty where one says nothing.
    flagged
        Whether the user is told: the draft's statement stands under a flag or is not verified, or the sentence of what
        is missing is listed as not used.
    """

    kind: str
    draft: str
    truth: str
    flagged: bool


class Truth:
    """A truth program, and where the papers say what it says."""

    def __init__(self, text: str, program: Program, papers: Sequence[Paper]) -> None:
        self.sample = _sample(text, program)
        self._libraries = {paper.source: Library(paper.document) for paper in papers}
        self._places: dict[str, frozenset[Place]] = {}

    def places(self, key: Key) -> frozenset[Place]:
        """Return the sentences and rows that a statement quotes, whatever the truth calls their papers."""
        notes = self.sample.statement(key).annotations
        quotes = [note.quote for note in notes if isinstance(note, tree.Cite) and note.quote is not None]
        return frozenset(place for quote in quotes for place in self._found(quote))

    def _found(self, quote: str) -> frozenset[Place]:
        if quote not in self._places:
            searches = {source: find(library, quote, None) for source, library in self._libraries.items()}
            self._places[quote] = frozenset(
                (source, self._libraries[source].passages[part.index].id)
                for source, search in searches.items()
                if search.result == "found"
                for match in search.matches
                for part in match.parts
            )
        return self._places[quote]


class Told:
    """What a draft tells its user to look at."""

    def __init__(self, draft: Draft, program: Program) -> None:
        self.sample = _sample(draft.text, program)
        self._text = draft.text
        self._doubted = {
            finding.span.start: {(item.source, item.where) for item in finding.evidence if item.where is not None}
            for finding in draft.evidence.problems
        }
        self._cited = {
            finding.span.start: {(item.source, item.where) for item in finding.evidence if item.where is not None}
            for finding in draft.evidence.findings
        }
        self.lost_blocks = Counter(failure.text.split()[0] for failure in draft.failures if failure.text.strip())
        self.listed: frozenset[Place] = frozenset((item.source, item.where) for item in draft.evidence.omissions)

    def flagged(self, key: Key) -> bool:
        """Whether a statement is flagged, or something by which it is written is."""
        statement = self.sample.statement(key)
        if self._marked(statement, statement.span.start):
            return True
        if isinstance(statement, tree.Take):
            # It needs no evidence itself; what is demanded of what it takes does.
            judged = _judged(self.sample, key[0])
            return bool(judged) and all(map(self.flagged, judged))
        names = set(_NAME.findall(self.sample.plain(key)))
        return bool(names & self._flagged_names) or any(
            isinstance(other, tree.Let) and other.name in names and self._marked(other, other.span.start)
            for other in self.sample.statements(key[0])
        )

    def cited(self, key: Key) -> set[Place]:
        """Return the sentences and rows that a statement cites, as far as the papers have them."""
        return self._cited.get(self.sample.statement(key).span.start, set())

    def _marked(self, node: tree.Node, start: int) -> bool:
        if isinstance(node, tree.External) and node.text.startswith(NOT_APPLIED):
            return True
        before = self._text[:start].rstrip().rpartition("\n")[2]
        return start in self._doubted or before.strip().startswith(FLAG)

    @cached_property
    def _flagged_names(self) -> set[str]:
        return {
            define.name
            for define in self.sample.defines()
            if define.name_span.start in self._doubted or self._marked(define, define.span.start)
        }


def differences(comparison: Comparison, told: Told, truth: Truth) -> list[Difference]:
    """Return what a draft says otherwise than the truth.

    Parameters
    ----------
    comparison
        Of the draft, which is the first program, with the truth.
    told, truth
        The two.
    """
    # What stands in the place of something missing cites its sentence; where it is flagged, both are looked at.
    shown = {
        place
        for row in comparison.rows
        if not row.second  # also what changes nothing, for another criterion is stricter
        for key in told.sample.statements_of(_entries(row, 0))
        if told.flagged(key)
        for place in told.cited(key)
    } | told.listed
    lost = _lost_blocks(comparison, told, truth)
    found = []
    for row in comparison.differences:
        if row.apart:
            continue
        entries = [list(_entries(row, side)) for side in (0, 1)]
        ours, theirs = told.sample.statements_of(entries[0]), truth.sample.statements_of(entries[1])
        if entries[0]:
            flagged = any(map(told.flagged, ours))
        else:
            flagged = any(key[0] in lost or _is_listed(truth, key, shown) for key in theirs)
        said, wanted = (
            "; ".join(map(sample.plain, keys)) or "; ".join(entry.id for entry in side)
            for sample, keys, side in ((told.sample, ours, entries[0]), (truth.sample, theirs, entries[1]))
        )
        found.append(Difference(str(row.verdict), said, wanted, flagged))
    return found


def _is_listed(truth: Truth, key: Key, shown: frozenset[Place] | set[Place]) -> bool:
    """Whether the user is shown where the papers say a statement: for a `take`, all that is said of what it takes."""
    keys = _judged(truth.sample, key[0]) if isinstance(truth.sample.statement(key), tree.Take) else [key]
    quoting = [places for places in map(truth.places, keys) if places]
    return bool(quoting) and all(shown & places for places in quoting)


def _lost_blocks(comparison: Comparison, told: Told, truth: Truth) -> set[str]:
    """Return the truth's blocks that the draft lacks because they are comments in it, with what is wrong with them.

    Of blocks without a counterpart it cannot be told which one a comment was, so there must be as many comments.
    """
    there = set(comparison.matching.second.values())
    lacking = [block for block in truth.sample.syntax.blocks if block.name not in there]
    found = set()
    for kind in (tree.ObjectBlock, tree.CompositeBlock, tree.RegionBlock):
        names = [block.name for block in lacking if isinstance(block, kind)]
        if len(names) <= told.lost_blocks[tree.BODIES[kind]]:
            found.update(names)
    return found


def sound_statements(comparison: Comparison, told: Told) -> tuple[int, list[str]]:
    """Return how many statements of the draft say what the truth says, and those of them that are flagged."""
    verdicts: dict[Key, bool] = {}
    for row in comparison.rows:
        if row.kind in _JUDGED:
            for key in told.sample.statements_of(_entries(row, 0)):
                verdicts[key] = verdicts.get(key, True) and row.verdict.same
    sound = [key for key, same in verdicts.items() if same]
    return len(sound), [told.sample.plain(key) for key in sound if told.flagged(key)]


def _judged(sample: Sample, block: str) -> list[Key]:
    """Return the criteria of a block."""
    kinds = (tree.Select, tree.Reject, tree.KeepFirst, tree.KeepBest, tree.External)
    return [(block, n) for n, statement in enumerate(sample.statements(block)) if isinstance(statement, kinds)]


def _sample(text: str, program: Program) -> Sample:
    syntax, _, _ = parse(SourceText(text))
    assert syntax is not None  # it was checked
    return Sample(text, syntax, program)


def _entries(row: Row, side: int) -> Iterator[Entry]:
    for unit in row.places:
        yield from unit.second if side else unit.first
