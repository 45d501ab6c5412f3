"""Which statements of a program need evidence, and what surrounds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hepsel.extract.checking.claims import Bound, Word, all_numbers, ordinals, requirements
from hepsel.extract.checking.folding import fold
from hepsel.extract.checking.judge import Context
from hepsel.extract.checking.scope import ItemBlock, Scope, collection_kinds, lets_of
from hepsel.syntax import tree
from hepsel.syntax.printer import print_statement

_CRITERIA = (tree.Select, tree.Reject, tree.KeepFirst, tree.KeepBest, tree.External, tree.Bin, tree.Bins)
_OF_FORMULAS = frozenset(["0", "1", "2", "0.0", "1.0", "2.0"])
_StatementBlock = tree.ObjectBlock | tree.CompositeBlock | tree.RegionBlock


@dataclass(frozen=True, slots=True)
class Case:
    """A statement to be judged.

    Attributes
    ----------
    id, block, text, span
        As of a `Finding`.
    node
        The statement, or the definition.
    annotations
        Its own.
    inherited
        Those of its block, which hold for what has no citation of its own.
    needed
        Whether it needs evidence; otherwise only its citations are looked up.
    context
        What surrounds it.
    scope
        The names that are known where it stands.
    """

    id: str
    block: str
    text: str
    span: tree.Span
    node: tree.Node
    annotations: tuple[tree.Annotation, ...]
    inherited: tuple[tree.Annotation, ...]
    needed: bool
    context: Context
    scope: Scope


def cases(program: tree.Program) -> Iterator[Case]:
    """Yield the statements of a program that need evidence or may cite, in order."""
    return _Cases(program).all()


def own_numbers(node: tree.Node, scope: Scope) -> tuple[Bound, ...]:
    """Return the numbers that a definition states, without the 0, 1 and 2 of formulas."""
    return tuple(bound for bound in all_numbers(node, scope) if bound.written not in _OF_FORMULAS)


class _Cases:
    def __init__(self, program: tree.Program) -> None:
        self._program = program
        self._kinds = collection_kinds(program)
        self._lets = lets_of(program)
        self._values = tuple((fold(name).text, name) for name in self._lets if len(name) > 1)

    def all(self) -> Iterator[Case]:
        for block in self._program.blocks:
            if isinstance(block, tree.Define | tree.Table):
                yield self._definition(block)
            elif isinstance(block, _StatementBlock):
                yield from self._statements(block)

    def _definition(self, block: tree.Define | tree.Table) -> Case:
        scope = Scope(self._lets, dict(self._kinds))
        context = Context(frozenset(), scope.about(block).objects, (block.name,), self._values, ordinals(block))
        needed = bool(own_numbers(block, scope))
        text = f"{'define' if isinstance(block, tree.Define) else 'table'} {block.name}"
        return Case(
            block.name, block.name, text, block.name_span, block, block.annotations, (), needed, context, scope
        )  # fmt: skip

    def _statements(self, block: _StatementBlock) -> Iterator[Case]:
        ordinal = 0
        scope = self._scope(block)
        own = self._kinds.get(block.name, frozenset())
        for statement in block.statements:
            criterion = isinstance(statement, _CRITERIA)
            ordinal += criterion
            yield Case(
                f"{block.name}.{ordinal if criterion else _name_of(statement)}",
                block.name,
                print_statement(statement),
                _main_span(statement),
                statement,
                statement.annotations,
                block.annotations,
                criterion or _needs_evidence(statement, scope),
                Context(
                    own,
                    scope.about(statement).objects,
                    tuple(self._said(block, statement)),
                    self._values,
                    ordinals(statement),
                ),
                scope,
            )

    def _scope(self, block: _StatementBlock) -> Scope:
        collections = dict(self._kinds)
        values = dict(self._lets)
        for statement in block.statements:
            if isinstance(statement, tree.Take) and isinstance(block, tree.CompositeBlock):
                for source in statement.sources:
                    if source.slot:
                        collections[source.slot] = collections.get(source.name, frozenset())
            if isinstance(statement, tree.Let) and statement.name in values:
                values[statement.name] = statement.value
        return Scope(values, collections)

    def _said(self, block: _StatementBlock, but: tree.Statement) -> Iterator[str]:
        """Yield the words that hold for everything in a block: its name and what its criteria demand."""
        yield block.name.replace("_", " ")
        scope = self._scope(block)
        for statement in block.statements:
            if isinstance(statement, tree.Select) or (statement is but and isinstance(statement, tree.Reject)):
                positive = isinstance(statement, tree.Select)
                for required in requirements(statement.condition, scope, positive=positive):
                    if len(required.members) == 1:
                        yield from (claim.text for claim in required.claims if isinstance(claim, Word))
            if isinstance(statement, tree.Take):
                yield from self._said_of([source.name for source in statement.sources], block, but)
        yield from self._said_of([node.name for node in tree.walk(but) if isinstance(node, tree.Name)], block, but)

    def _said_of(self, names: list[str], block: tree.Block, but: tree.Statement) -> Iterator[str]:
        for inner in self._program.blocks:
            if inner is block:
                return  # what stands behind it is not used in it
            if isinstance(inner, ItemBlock) and inner.name in names:
                yield from self._said(inner, but)


def _main_span(statement: tree.Statement) -> tree.Span:
    """Return where a statement stands, without its annotations."""
    span = statement.span
    starts = [annotation.span.start for annotation in statement.annotations if annotation.span.start > span.start]
    end = min([span.end, *starts, max(span.start + len(print_statement(statement)), span.start + 1)])
    return tree.Span(span.start, end, span.line, span.column)


def _needs_evidence(statement: tree.Statement, scope: Scope) -> bool:
    """Whether a statement that is no criterion takes something from a paper all the same."""
    match statement:
        case tree.Expect():
            return True
        case tree.Take(variants=variants):
            return bool(variants)
        case tree.Let() | tree.Weight():
            return bool(own_numbers(statement.value, scope))
        case _:
            return False


def _name_of(statement: tree.Statement) -> str:
    match statement:
        case tree.Let(name) | tree.Weight(name) | tree.Histogram(name):
            return name
        case _:
            return type(statement).__name__.lower()
