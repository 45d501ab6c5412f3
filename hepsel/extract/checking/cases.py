"""Which statements of a program need evidence, and what surrounds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hepsel.extract.checking.claims import Bound, Claim, Word
from hepsel.extract.checking.conditions import all_numbers, requirements
from hepsel.extract.checking.context import Context
from hepsel.extract.checking.folding import fold
from hepsel.extract.checking.literals import ordinals
from hepsel.extract.checking.scope import Scope, collection_kinds, lets_of
from hepsel.syntax import tree
from hepsel.syntax.printer import print_expression, print_statement

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
        self._said_in: dict[str, tuple[str, ...]] = {}
        self._values = tuple((fold(name).text, name) for name in self._lets if len(name) > 1)
        self._regions = tuple(block.name for block in program.blocks if isinstance(block, tree.RegionBlock))
        self._taken: dict[str, tuple[str, ...]] = {}
        self._demanded = frozenset(self._all_demanded())
        self._written = tuple((name, print_expression(value)) for name, value in self._lets.items())

    def all(self) -> Iterator[Case]:
        for block in self._program.blocks:
            if isinstance(block, tree.Define | tree.Table):
                yield self._definition(block)
            elif isinstance(block, _StatementBlock):
                yield from self._statements(block)

    def _definition(self, block: tree.Define | tree.Table) -> Case:
        scope = Scope(self._lets, dict(self._kinds))
        context = Context(
            own=frozenset(),
            named=scope.about(block).objects,
            said=(block.name,),
            values=self._values,
            written=self._written,
            bounds=frozenset(),
            ordinals=ordinals(block),
        )
        needed = bool(own_numbers(block, scope))
        text = f"{'define' if isinstance(block, tree.Define) else 'table'} {block.name}"
        return Case(
            block.name, block.name, text, block.name_span, block, block.annotations, (), needed, context, scope
        )  # fmt: skip

    def _statements(self, block: _StatementBlock) -> Iterator[Case]:
        ordinal = 0
        scope = self._scope(block)
        own = self._kinds.get(block.name, frozenset())
        bounds = frozenset(
            (number.value, number.dimension)
            for statement in block.statements
            for number in all_numbers(statement, scope)
        )
        from_below = frozenset(
            claim.expression
            for claim in self._claims(block)
            if isinstance(claim, Bound) and (claim.sense in (">", ">=") or claim.written.startswith("-"))
        )
        for statement in block.statements:
            criterion = isinstance(statement, _CRITERIA)
            ordinal += criterion
            about = scope.about(statement)
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
                    about.objects,
                    tuple(self._said(block, statement)),
                    self._values,
                    self._written,
                    bounds,
                    ordinals(statement) or any(ordinals(self._lets[name]) for name in about.names),
                    from_below,
                    tuple(_slots(block)),
                    self._region(block),
                    self._regions,
                    self._demanded,
                ),
                scope,
            )

    def _region(self, block: _StatementBlock) -> tuple[str, ...]:
        """Return the name of a region and those of the regions that it starts from; nothing for other blocks."""
        if not isinstance(block, tree.RegionBlock):
            return ()
        if block.name not in self._taken:
            takes = [statement for statement in block.statements if isinstance(statement, tree.Take)]
            names = [source.name for take in takes for source in take.sources]
            self._taken[block.name] = (block.name, *(one for name in names for one in self._taken.get(name, ())))
        return self._taken[block.name]

    def _all_demanded(self) -> Iterator[str]:
        """Yield the relations, such as opposite charge, that any criterion demands."""
        for block in self._program.blocks:
            if isinstance(block, _StatementBlock):
                for claim in self._claims(block):
                    if isinstance(claim, Word) and claim.relation is not None and not claim.antecedent:
                        yield claim.relation

    def _claims(self, block: _StatementBlock) -> Iterator[Claim]:
        """Yield what the criteria of a block claim."""
        scope = self._scope(block)
        for statement in block.statements:
            if isinstance(statement, tree.Select | tree.Reject):
                positive = isinstance(statement, tree.Select)
                for one in requirements(statement.condition, scope, positive=positive):
                    yield from one.claims

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

    def _said(self, block: _StatementBlock, statement: tree.Statement) -> Iterator[str]:
        """Yield the words that hold for everything in a block, and those of one of its statements."""
        yield from self._words_of(block)
        yield from _words(statement, self._scope(block))
        for node in tree.walk(statement):
            if isinstance(node, tree.Name):
                yield from self._said_in.get(node.name, ())

    def _words_of(self, block: _StatementBlock) -> tuple[str, ...]:
        """Return the name of a block and the words that its criteria demand, those of what it takes included."""
        if block.name not in self._said_in:
            said = [block.name.replace("_", " ")]
            scope = self._scope(block)
            for statement in block.statements:
                if isinstance(statement, tree.Select):
                    said += _words(statement, scope)
                if isinstance(statement, tree.Take):
                    for source in statement.sources:
                        said += self._said_in.get(source.name, ())
            self._said_in[block.name] = tuple(dict.fromkeys(said))
        return self._said_in[block.name]


def _slots(block: _StatementBlock) -> Iterator[str]:
    """Yield the names of the parts of a candidate that end in a number, as those have that papers number."""
    for statement in block.statements:
        if isinstance(block, tree.CompositeBlock) and isinstance(statement, tree.Take):
            yield from (source.slot for source in statement.sources if source.slot and source.slot[-1].isdigit())


def _words(statement: tree.Statement, scope: Scope) -> list[str]:
    """Return the words that a criterion demands of all that pass it."""
    if not isinstance(statement, tree.Select | tree.Reject):
        return []
    required = requirements(statement.condition, scope, positive=isinstance(statement, tree.Select))
    alone = [one for one in required if len(one.members) == 1]
    return [claim.text for one in alone for claim in one.claims if isinstance(claim, Word)]


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
