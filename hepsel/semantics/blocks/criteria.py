"""Criteria: their identity, label and notes."""

from __future__ import annotations

from hepsel.semantics import program as typed
from hepsel.semantics.absence import warn_of_absence
from hepsel.semantics.constraints import Constraints
from hepsel.semantics.expressions import ExpressionChecker
from hepsel.semantics.first_of_several import tell_of_first
from hepsel.semantics.itself import tell_of_itself
from hepsel.semantics.labels import tell_of_label
from hepsel.semantics.nothing import NoItem, tell_of_no_item, tell_of_nothing, without_item
from hepsel.semantics.one_ended import tell_of_one_end
from hepsel.semantics.one_far import tell_of_one_far
from hepsel.semantics.precedence import tell_of_precedence
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.thresholds import tell_of_rising_thresholds
from hepsel.semantics.unrelated import tell_of_event
from hepsel.semantics.variants import label_of
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText
from hepsel.vocabulary import foreign

CRITERIA = (tree.Select, tree.Reject, tree.External, tree.KeepFirst, tree.KeepBest, tree.Bin, tree.Bins)


class Criteria:
    """Checks what criteria of all blocks have in common."""

    def __init__(
        self, symbols: Symbols, expressions: ExpressionChecker, source: SourceText, sources: frozenset[str]
    ) -> None:
        self.symbols = symbols
        self.expressions = expressions
        self._source = source
        self._sources = sources
        self.missed: list[NoItem] = []
        """Cuts of objects that drop what has no item at a place."""

    def criterion(
        self,
        block: tree.Block,
        statement: tree.Statement,
        ordinal: int,
        text: tree.Span | None = None,
    ) -> typed.Criterion:
        """Return the identity of a criterion."""
        label = label_of(statement)
        if label is None:
            if isinstance(statement, tree.External):
                label = statement.text
            elif isinstance(statement, tree.Bin):
                label = statement.name
            else:
                label = self._text(text or statement.span, statement)
        return typed.Criterion(
            id=f"{block.name}.{ordinal}",
            label=label,
            annotations=tuple(a for a in statement.annotations if not isinstance(a, tree.Label)),
            span=statement.span,
        )

    def _text(self, span: tree.Span, statement: tree.Statement) -> str:
        end = min([span.end, *(a.span.start for a in statement.annotations if a.span.start >= span.start)])
        lines = self._source.text[span.start : end].splitlines()
        return " ".join(" ".join(_uncommented(line).split()) for line in lines).strip()

    def filter(
        self,
        block: tree.Block,
        statement: tree.Statement,
        condition: tree.Expr,
        ordinal: int,
        constraints: Constraints,
    ) -> typed.Filter:
        """Check `select` or `reject`."""
        before = self.symbols.errors
        checked = self.expressions.condition(condition)
        negated = isinstance(statement, tree.Reject)
        missed = None if negated else without_item(self.symbols, block.name, checked, constraints)
        if missed is not None and isinstance(block, tree.RegionBlock):
            tell_of_no_item(self.symbols, missed)
        elif missed is not None:
            self.missed.append(missed)
        if isinstance(block, tree.RegionBlock):
            tell_of_first(self.symbols, checked, constraints, condition.span)
        constraints.add(checked, negated=negated, span=condition.span)
        tell_of_rising_thresholds(self.symbols, block.name, constraints, condition.span)
        warn_of_absence(self.symbols, block.name, checked, constraints, negated=negated, span=condition.span)
        tell_of_one_end(self.symbols, checked, constraints, negated=negated)
        if self.symbols.errors == before:
            tell_of_one_far(self.symbols, checked, negated=negated)
            if not isinstance(block, tree.RegionBlock):
                tell_of_event(self.symbols, checked, negated=negated)
                tell_of_itself(self.symbols, checked)
        tell_of_precedence(self.symbols, checked, condition.span, self._source.text)
        label = label_of(statement)
        if label is not None:
            tell_of_label(self.symbols, label, checked, negated=negated, span=condition.span)
        if not negated:
            tell_of_nothing(self.symbols, block.name, checked, constraints)
        # `select` is what one expects of a criterion; `reject` is said.
        criterion = self.criterion(block, statement, ordinal, statement.span if negated else condition.span)
        return typed.Filter(criterion, checked, negated)

    def annotations(self, node: tree.Statement | tree.Block | tree.Analysis) -> None:
        """Check the labels and citations of a statement, block or header."""
        annotations = node.annotations
        labels = [a for a in annotations if isinstance(a, tree.Label)]
        if isinstance(node, CRITERIA):
            for extra in labels[1:]:
                self.symbols.report("E508", "a criterion has one label", extra.span, "leave one of them out")
        else:
            for label in labels:
                self._misplaced_label(node, label)
        for note in annotations:
            if not isinstance(note, tree.Cite):
                continue
            if note.source not in self._sources:
                near = foreign.nearest(note.source, self._sources)
                proposal = (
                    f"did you mean {foreign.listed(near)}?"
                    if near
                    else f'declare it in the header: `source {note.source} "..."`'
                )
                self.symbols.report("E205", f"the header declares no source `{note.source}`", note.span, proposal)
            if note.page is not None and note.page < 1:
                self.symbols.report("E205", "pages are counted from 1", note.span)

    def _misplaced_label(self, node: tree.Statement | tree.Block | tree.Analysis, label: tree.Label) -> None:
        proposal = "say it in a `note`"
        if isinstance(node, tree.Expect):
            proposal = f'write `for "{label.text}"` directly behind the count to say whose count it is'
        elif isinstance(node, tree.Histogram):
            proposal = f'write `title "{label.text}"` behind the axis'
        self.symbols.report("E508", "only a criterion has a label", label.span, proposal)


def notes(block: tree.Block, take: tree.Take) -> tuple[tree.Annotation, ...]:
    """Return what is noted at the head of a block."""
    return (*block.annotations, *take.annotations)


def _uncommented(line: str) -> str:
    quoted = False
    for i, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif char == "#" and not quoted:
            return line[:i]
    return line
