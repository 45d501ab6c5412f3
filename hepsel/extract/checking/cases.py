"""Which statements of a program need evidence, and what surrounds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from hepsel.extract.checking.claims import Bound, Claim, Requirement, Word
from hepsel.extract.checking.conditions import all_numbers, requirements
from hepsel.extract.checking.context import Context
from hepsel.extract.checking.equivalents import equivalents
from hepsel.extract.checking.folding import fold
from hepsel.extract.checking.literals import ordinals
from hepsel.extract.checking.numbers import is_none, whole
from hepsel.extract.checking.scope import Scope, collection_kinds, lets_of
from hepsel.extract.checking.vocabulary import vocabulary
from hepsel.semantics.types import Dimension
from hepsel.syntax import tree
from hepsel.syntax.printer import print_expression, print_statement

_CRITERIA = (tree.Select, tree.Reject, tree.KeepFirst, tree.KeepBest, tree.External, tree.Bin, tree.Bins)
_OF_FORMULAS = frozenset(["0", "1", "2", "0.0", "1.0", "2.0"])


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
    required
        What it demands, where it is a `select`, `reject` or `bin`.
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
    required: tuple[Requirement, ...] = ()

    @property
    def claims(self) -> Iterator[Claim]:
        """What it demands, one by one."""
        return _claims(self.required)

    @property
    def equivalents(self) -> Iterator[Case]:
        """The same statement with other conditions that mean the same, where it is a `select`, `reject` or `bin`."""
        if isinstance(self.node, tree.Select | tree.Reject | tree.Bin):
            for condition in equivalents(self.node.condition, self.scope):
                node = replace(self.node, condition=condition)
                required = _required(node, self.scope)
                yield replace(self, node=node, required=required, context=_with_bounds(self.context, required))

    @property
    def demanded(self) -> Iterator[str]:
        """The relations, such as opposite charge, that it demands of what passes it."""
        if not isinstance(self.node, tree.Bin):
            yield from _relations(self.required)


def cases(program: tree.Program) -> Iterator[Case]:
    """Yield the statements of a program that need evidence or may cite, in order."""
    return _Cases(program).all()


def own_numbers(node: tree.Node, scope: Scope) -> tuple[Bound, ...]:
    """Return the numbers that a definition states, without the 0, 1 and 2 of formulas."""
    return tuple(bound for bound in all_numbers(node, scope) if bound.written not in _OF_FORMULAS)


@dataclass(frozen=True, slots=True)
class _Body:
    """A block with the names that are known in it, and what each of its statements demands."""

    block: tree.Body
    scope: Scope
    required: tuple[tuple[Requirement, ...], ...]

    @property
    def cuts(self) -> Iterator[tuple[Requirement, ...]]:
        """What each `select` and `reject` demands."""
        for statement, required in zip(self.block.statements, self.required, strict=True):
            if isinstance(statement, tree.Select | tree.Reject):
                yield required


class _Cases:
    def __init__(self, program: tree.Program) -> None:
        self._program = program
        self._kinds = collection_kinds(program)
        self._lets = lets_of(program)
        self._said_in: dict[str, tuple[str, ...]] = {}
        self._cuts_of: dict[str, frozenset[tuple[Fraction, Dimension]]] = {}
        self._eta_of: dict[str, frozenset[str]] = {}
        self._named_in = {name: frozenset(_names_in(value)) for name, value in self._lets.items()}
        self._values = tuple((fold(name).text, name) for name in self._lets if len(name) > 1)
        self._regions = tuple(block.name for block in program.blocks if isinstance(block, tree.RegionBlock))
        self._taken: dict[str, tuple[str, ...]] = {}
        self._written = tuple((name, print_expression(value)) for name, value in self._lets.items())
        self._unordered = frozenset(
            block.name
            for block in program.blocks
            if isinstance(block, tree.CompositeBlock)
            and not any(isinstance(one, tree.SortBy) for one in block.statements)
        )
        self._orders = dict(_orders(program))
        self._bodies = {id(block): self._body(block) for block in program.blocks if isinstance(block, tree.Body)}
        self._of_first = frozenset(
            block.name
            for block in program.blocks
            if isinstance(block, tree.Body) and any(isinstance(one, tree.KeepFirst) for one in block.statements)
        )
        self._demanded = frozenset(
            relation for body in self._bodies.values() for required in body.cuts for relation in _relations(required)
        )

        self._absent = frozenset(self._none_of())

    def all(self) -> Iterator[Case]:
        for block in self._program.blocks:
            if isinstance(block, tree.Define | tree.Table):
                yield self._definition(block)
            elif isinstance(block, tree.Body):
                yield from self._statements(self._bodies[id(block)])

    def _none_of(self) -> Iterator[str]:
        """Yield the collections that serve for nothing but that there be none of them, and those that they unite."""
        blocks = {block.name: block for block in self._program.blocks if isinstance(block, tree.ItemBlock)}
        counted: set[str] = set()
        used = {name for value in self._lets.values() for name in _names_in(value)}
        for body in self._bodies.values():
            for statement, required in zip(body.block.statements, body.required, strict=True):
                bounds = list(_bounds([required]))
                none = bool(bounds) and all(one.counted and is_none(one.sense, one.value) for one in bounds)
                named = blocks.keys() & set(_names_in(statement))
                (counted if none else used).update(named)
        taken = {
            block.name: [source.name for source in _sources(block)]
            for block in self._program.blocks
            if isinstance(block, tree.Body)
        }
        for name in [name for name in reversed(blocks) if len(taken[name]) > 1 and name in counted - used]:
            counted.update(taken[name])
        unions = {name for name in counted if len(taken.get(name, ())) > 1}
        used.update(source for name, sources in taken.items() if name not in unions for source in sources)
        yield from counted - used

    def _body(self, block: tree.Body) -> _Body:
        scope = self._scope(block)
        return _Body(block, scope, tuple(_required(statement, scope) for statement in block.statements))

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
            id=block.name,
            block=block.name,
            text=text,
            span=block.name_span,
            node=block,
            annotations=block.annotations,
            inherited=(),
            needed=needed,
            context=context,
            scope=scope,
        )

    def _statements(self, body: _Body) -> Iterator[Case]:
        block, scope = body.block, body.scope
        ordinal = 0
        own = self._kinds.get(block.name, frozenset())
        bounds = frozenset(
            (number.value, number.dimension)
            for statement in block.statements
            for number in all_numbers(statement, scope)
        )
        from_below = _from_below(_bounds(body.cuts))
        found = tuple(_bounds(body.required))
        placed = frozenset((bound.value, bound.place) for bound in found if bound.place is not None)
        stated = frozenset((bound.value, bound.expression) for bound in found)
        alone = (one.members[0] for required in body.cuts for one in required if len(one.members) == 1)
        worded = frozenset((word.text, word.of) for words in alone for word in words if isinstance(word, Word))
        eta = self._eta_of[block.name] = frozenset(
            bound.sense[0] for bound in found if bound.sense and bound.about.quantities & {"eta", "rapidity"}
        )
        asked = [frozenset(_names_in(statement)).intersection(self._regions) for statement in block.statements]
        said = self._said_by(body)
        # What is taken from a collection has passed its criteria, too.
        taken = (self._cuts_of.get(source.name, frozenset()) for source in _sources(block))
        self._cuts_of[block.name] = bounds.union(*taken)
        for statement, required, named in zip(block.statements, body.required, asked, strict=True):
            criterion = isinstance(statement, _CRITERIA)
            ordinal += criterion
            about = scope.about(statement)
            behind = tuple(self._named_by(statement, about.names))
            yield Case(
                id=f"{block.name}.{ordinal if criterion else _name_of(statement)}",
                block=block.name,
                text=print_statement(statement),
                span=_main_span(statement),
                node=statement,
                annotations=statement.annotations,
                inherited=block.annotations,
                needed=criterion or _needs_evidence(statement, scope),
                context=Context(
                    own=own,
                    named=about.objects,
                    said=(*said, *_words(statement, required), *self._said_of_named(statement)),
                    values=self._values,
                    written=self._written,
                    bounds=bounds.union(*(self._cuts_of.get(name, ()) for name in behind)),
                    ordinals=ordinals(statement)
                    or any(ordinals(self._lets[name]) for name in about.names)
                    or not self._of_first.isdisjoint([block.name, *behind]),
                    from_below=from_below,
                    placed=placed,
                    eta=eta.union(*(self._eta_of.get(name, ()) for name in behind)),
                    slots=tuple(_slots(block)),
                    region=self._region(block),
                    regions=self._regions,
                    demanded=self._demanded,
                    twins=tuple(_twins(block)),
                    unordered=self._unordered,
                    ranks=tuple(_ranks(block, self._orders)),
                    stated=stated,
                    worded=worded,
                    asked=named,
                    asked_around=frozenset().union(*asked),
                    absent=block.name in self._absent,
                ),
                scope=scope,
                required=required,
            )

    def _region(self, block: tree.Body) -> tuple[str, ...]:
        """Return the name of a region and those of the regions that it starts from; nothing for other blocks."""
        if not isinstance(block, tree.RegionBlock):
            return ()
        if block.name not in self._taken:
            names = [source.name for source in _sources(block)]
            self._taken[block.name] = (block.name, *(one for name in names for one in self._taken.get(name, ())))
        return self._taken[block.name]

    def _scope(self, block: tree.Body) -> Scope:
        collections = dict(self._kinds)
        values = dict(self._lets)
        if isinstance(block, tree.CompositeBlock):
            collections |= {
                source.slot: collections.get(source.name) or vocabulary().kinds(source.name, vocabulary().objects)
                for source in _sources(block)
                if source.slot
            }
        for statement in block.statements:
            if isinstance(statement, tree.Let) and statement.name in values:
                values[statement.name] = statement.value
        return Scope(values, collections)

    def _named_by(self, statement: tree.Statement, values: frozenset[str]) -> Iterator[str]:
        """Yield the collections that a statement names, itself or by the values that it uses."""
        yield from _names_in(statement)
        for name in values:
            yield from self._named_in[name]

    def _said_of_named(self, statement: tree.Statement) -> Iterator[str]:
        """Yield the words that hold for the collections that a statement names."""
        for node in tree.walk(statement):
            if isinstance(node, tree.Name):
                yield from self._said_in.get(node.name, ())

    def _said_by(self, body: _Body) -> tuple[str, ...]:
        """Return the name of a block and the words that its criteria demand, those of what it takes included."""
        block = body.block
        if block.name not in self._said_in:
            said = [block.name.replace("_", " ")]
            for statement, required in zip(block.statements, body.required, strict=True):
                if isinstance(statement, tree.Select):
                    said += _words(statement, required)
                if isinstance(statement, tree.Take):
                    for source in statement.sources:
                        said += self._said_in.get(source.name, ())
                if isinstance(block, tree.RegionBlock) and any(map(_is_present, _bounds([required]))):
                    # A region that has a pair of the same flavour is one of such events.
                    relations = vocabulary().relations
                    said += [one for one in self._said_of_named(statement) if one in relations]
            self._said_in[block.name] = tuple(dict.fromkeys(said))
        return self._said_in[block.name]


def _names_in(node: tree.Node) -> Iterator[str]:
    return (part.name for part in tree.walk(node) if isinstance(part, tree.Name))


def _sources(block: tree.Body) -> Iterator[tree.Source]:
    for statement in block.statements:
        if isinstance(statement, tree.Take):
            yield from statement.sources


def _required(statement: tree.Statement, scope: Scope) -> tuple[Requirement, ...]:
    if isinstance(statement, tree.Select | tree.Reject | tree.Bin):
        return requirements(statement.condition, scope, positive=not isinstance(statement, tree.Reject))
    return ()


def _with_bounds(context: Context, required: tuple[Requirement, ...]) -> Context:
    """Return what surrounds a criterion, as if its bounds were written as it demands them."""
    found = tuple(_bounds([required]))
    return replace(
        context,
        bounds=context.bounds | {(bound.value, bound.dimension) for bound in found},
        from_below=context.from_below | _from_below(found),
    )


def _from_below(bounds: Iterable[Bound]) -> frozenset[str]:
    """Return what bounds hold from below."""
    return frozenset(one.expression for one in bounds if one.sense in (">", ">=") or one.written.startswith("-"))


def _claims(required: tuple[Requirement, ...]) -> Iterator[Claim]:
    return (claim for one in required for claim in one.claims)


def _bounds(required: Iterable[tuple[Requirement, ...]]) -> Iterator[Bound]:
    return (claim for one in required for claim in _claims(one) if isinstance(claim, Bound))


def _is_present(bound: Bound) -> bool:
    """Whether a bound demands that there is at least one of something."""
    sense, value = whole(bound.sense, bound.value)
    return bound.counted and sense in (">=", "==") and value >= 1


def _relations(required: tuple[Requirement, ...]) -> Iterator[str]:
    for claim in _claims(required):
        if isinstance(claim, Word) and claim.relation is not None:
            yield claim.relation


def _slots(block: tree.Body) -> Iterator[str]:
    """Yield the names of the parts of a candidate that end in a number, as those have that papers number."""
    if isinstance(block, tree.CompositeBlock):
        yield from (source.slot for source in _sources(block) if source.slot and source.slot[-1].isdigit())


def _twins(block: tree.Body) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the parts of a candidate that are of one collection, each with the others."""
    if not isinstance(block, tree.CompositeBlock):
        return
    sources = tuple(_sources(block))
    for one in sources:
        others = tuple(s.slot for s in sources if s.name == one.name and s.slot and s.slot != one.slot)
        if one.slot and others:
            yield one.slot, others


def _orders(program: tree.Program) -> Iterator[tuple[str, bool]]:
    """Yield the collections of a program, each with whether it is in order of the transverse momentum."""
    known: dict[str, bool] = {}
    for block in program.blocks:
        if isinstance(block, tree.ObjectBlock):
            sources = list(_sources(block))
            ordered = len(sources) == 1 and known.get(sources[0].name, False)
            for statement in block.statements:
                if isinstance(statement, tree.SortBy):
                    first = statement.keys[0]
                    ordered = first.descending and isinstance(first.value, tree.Name) and first.value.name == "pt"
            known[block.name] = ordered
            yield block.name, ordered


def _ranks(block: tree.Body, orders: Mapping[str, bool]) -> Iterator[tuple[str, int]]:
    """Yield the parts of a candidate with their places, where these are in the order of one collection."""
    if not isinstance(block, tree.CompositeBlock):
        return
    takes = [one for one in block.statements if isinstance(one, tree.Take)]
    sources = tuple(_sources(block))
    if len({source.name for source in sources}) == 1 and orders.get(sources[0].name) and not takes[0].ordered:
        yield from ((source.slot, place) for place, source in enumerate(sources, start=1) if source.slot)


def _words(statement: tree.Statement, required: tuple[Requirement, ...]) -> list[str]:
    """Return the words that a criterion demands of all that pass it."""
    if isinstance(statement, tree.Bin):
        return []
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
