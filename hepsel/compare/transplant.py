"""Carries statements of one program over into another one, whose names and blocks are other ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hepsel.compare.drafts import CannotExchange, Draft, Said, Source, Statement
from hepsel.compare.mapped import mapped_statement
from hepsel.compare.normal import only_filters, p4_place
from hepsel.formats.schema import Format
from hepsel.semantics import program as typed
from hepsel.semantics.program import Expr
from hepsel.semantics.types import ItemType, ListType, Type
from hepsel.semantics.walk import map_children

_Variables = Mapping[int, typed.Variable]


class Transplant:
    """Carries what one program (the guest) says over into a version of another (the host).

    Definitions, `let`s and objects that only filter come along under names of their own, so that they mean what they
    meant in the guest.

    Parameters
    ----------
    guest, host
        The programs; the host is changed where something comes along.
    blocks
        For each block, region and table of the guest its counterpart in the host.
    below
        For the guest's blocks without one that are read together with another: the counterpart of that.
    slots
        For the slots of the guest's composites those of the host's that correspond, by block and slot.
    mark
        What names that come along end with.
    """

    def __init__(
        self,
        guest: Draft,
        host: Draft,
        blocks: Mapping[str, str],
        below: Mapping[str, str],
        slots: Mapping[tuple[str, str], str],
        mark: str,
    ) -> None:
        self._guest = guest
        self._host = host
        self._guest_blocks = guest.collections()
        self._host_blocks = host.collections()
        self._blocks = blocks
        self._below = below
        self._slots = slots
        self._mark = mark
        self._done: set[tuple[str, str]] = set()
        self._carried: dict[str, str] = {}
        self._this: tuple[str, str] | None = None
        self._behind_p4 = True

    def statement(self, statement: Statement, this: tuple[str, str] | None, *, behind_p4: bool = True) -> Statement:
        """Return a statement as the host would say it.

        Parameters
        ----------
        statement
            A statement of the guest.
        this
            The block that it stands in, and the one of the host that it goes to; `None` in regions.
        behind_p4
            Whether it goes behind the `let p4` of that block, if that has one.

        Raises
        ------
        CannotExchange
            When it uses something that has no counterpart.
        """
        self._this, self._behind_p4 = this, behind_p4
        if isinstance(statement, Source):
            return replace(statement, collection=self._block(statement.collection))
        return mapped_statement(statement, lambda expr: self._expr(expr, {}))

    def _block(self, name: str) -> str:
        if name in self._guest.program.format.collections:
            return name
        if name.endswith(typed.PARTS_SUFFIX):
            return self._block(name.removesuffix(typed.PARTS_SUFFIX)) + typed.PARTS_SUFFIX
        found = self._blocks.get(name) or self._carried.get(name)
        return found if found is not None else self._filter(name)

    def _filter(self, name: str) -> str:
        """Let an object of the guest come along that only filters; `let`s of it do where they are used."""
        block = self._guest_blocks.get(name)
        if not only_filters(block):
            raise CannotExchange(f"it uses {name}, which has no counterpart")
        source = Source(self._block(block.sources[0]), None)
        new = self._carried[name] = f"{name}{self._mark}"
        self._host.program = replace(
            self._host.program, collections={**self._host.program.collections, new: replace(block, name=new)}
        )
        self._host.said[new] = (Said(source),)
        self._host_blocks = self._host.collections()
        before = self._this, self._behind_p4
        carried = [self.statement(s, (name, new)) for s in block.statements if isinstance(s, typed.Filter)]
        self._this, self._behind_p4 = before
        self._host.said[new] += tuple(map(Said, carried))
        self._host_blocks = self._host.collections()
        return new

    # ---------------------------------------------------------------- expressions

    def _expr(self, expr: Expr, variables: _Variables) -> Expr:
        match expr:
            case typed.This():
                if self._this is None:
                    raise CannotExchange("it is about an item of a block that has no counterpart")
                return replace(expr, type=ItemType(self._this[1]))
            case typed.Variable(_, uid):
                return variables[uid]
            case typed.CollectionRef(name):
                host = self._this[1] if self._this is not None and name == self._this[0] else self._block(name)
                return replace(expr, name=host, type=ListType(ItemType(host)))
            case typed.ValueRef(name):
                return self._value(expr, name)
            case typed.TableLookup(table):
                expr = replace(expr, table=self._block(table))
            case typed.Attribute(item, name):
                return self._attribute(expr, self._expr(item, variables), name)
            case typed.Comprehension():
                return self._comprehension(expr, variables)
        return retyped(map_children(expr, lambda child: self._expr(child, variables)))

    def _comprehension(self, expr: typed.Comprehension, variables: _Variables) -> Expr:
        loops = []
        for loop in expr.loops:
            items = self._expr(loop.list, variables)
            assert isinstance(items.type, ListType)
            bound = tuple(replace(variable, type=items.type.element) for variable in loop.variables)
            loops.append(typed.Loop(bound, items))
            variables = {**variables, **{variable.uid: variable for variable in bound}}
        condition = None if expr.condition is None else self._expr(expr.condition, variables)
        body = self._expr(expr.body, variables)
        return replace(expr, body=body, loops=tuple(loops), condition=condition, type=ListType(body.type))

    def _value(self, expr: typed.ValueRef, name: str) -> Expr:
        if name in self._guest.program.regions and name in self._blocks:
            return replace(expr, name=self._blocks[name])  # how the two regions differ is another difference
        new = f"{name}{self._mark}"
        if new not in self._host.values:
            value = self._guest.values[name]
            this, self._this = self._this, None
            carried = self._expr(value.expr, {})
            self._this = this
            self._host.values[new] = replace(value, name=new, expr=carried)
        return replace(expr, name=new, type=self._host.values[new].expr.type)

    # ---------------------------------------------------------------- attributes

    def _attribute(self, expr: typed.Attribute, item: Expr, name: str) -> Expr:
        assert isinstance(expr.item.type, ItemType)
        assert isinstance(item.type, ItemType)
        home = item.type.collection
        kind = expr.type
        whose = expr.item.type.collection
        meanings = list(typed.meanings(self._guest.program.format, self._guest_blocks, whose, name))
        lets = [meaning for _, meaning in meanings if isinstance(meaning, typed.BlockLet)]
        if lets and len(lets) < len(meanings):
            raise CannotExchange(f"{name} is a let in a part of a union only")
        new = name
        for let in lets:
            kind = self._let(let)
            new = f"{name}{self._mark}"
        slots = {self._slot(one, meaning.slot) for one, meaning in meanings if isinstance(meaning, typed.SlotItem)}
        if len(slots) > 1 or (slots and len(slots) < len({type(meaning) for _, meaning in meanings})):
            raise CannotExchange(f"{name} is not one slot in all parts of a union")
        new = slots.pop() if slots else new
        found = attribute_type(self._host.program.format, self._host_blocks, home, new, kind)
        if found is None:
            raise CannotExchange(f"{home} has no {name}")
        if not self._is_known(found):
            raise CannotExchange(f"{name} is another thing in each part of {home}")
        return replace(expr, item=item, name=new, type=found)

    def _is_known(self, kind: Type) -> bool:
        """Whether items of a type are of a collection of the host."""
        element = kind.element if isinstance(kind, ListType) else kind
        if not isinstance(element, ItemType):
            return True
        name = element.collection.removesuffix(typed.PARTS_SUFFIX)
        return name in self._host_blocks or name in self._host.program.format.collections

    def _slot(self, composite: str, slot: str) -> str:
        found = self._slots.get((composite, slot))
        if found is None:
            raise CannotExchange(f"slot {slot} of {composite} has no counterpart")
        return found

    def _let(self, let: typed.BlockLet) -> Type:
        """Let a `let` of the guest come along."""
        own = self._this is not None and let.block == self._this[0]
        host = self._this[1] if own and self._this is not None else self._below.get(let.block)
        host = host or self._block(let.block)
        new = f"{let.name}{self._mark}"
        if (host, new) not in self._done:
            self._done.add((host, new))
            statements = self._guest_blocks[let.block].statements
            number, statement = next(
                (n, s) for n, s in enumerate(statements) if isinstance(s, typed.LetItem) and s.name == let.name
            )
            place = p4_place(statements)
            early = (place < float("inf") and number < place) or (own and not self._behind_p4)
            before = self._this, self._behind_p4
            self._this, self._behind_p4 = (let.block, host), not early
            value = self._expr(statement.value, {})
            self._this, self._behind_p4 = before
            self._insert_let(host, typed.LetItem(new, value), early=early)
        return next(
            said.statement.value.type
            for said in self._host.said[host]
            if isinstance(said.statement, typed.LetItem) and said.statement.name == new
        )

    def _insert_let(self, block: str, let: typed.LetItem, *, early: bool) -> None:
        """Insert a `let` as early as it may stand: it does not depend on which items are still there."""
        said = list(self._host.said[block])
        p4 = [n for n, s in enumerate(said) if isinstance(s.statement, typed.LetItem) and s.statement.name == "p4"]
        place = p4[0] + 1 if p4 and not early else 0
        while place < len(said) and self._came_along(said[place]):
            place += 1
        said.insert(place, Said(let))
        self._host.said[block] = tuple(said)
        self._host_blocks = self._host.collections()

    def _came_along(self, said: Said) -> bool:
        return isinstance(said.statement, typed.LetItem) and said.statement.name.endswith(self._mark)


def attribute_type(
    data_format: Format, blocks: Mapping[str, typed.ItemBlock], collection: str, name: str, known: Type
) -> Type | None:
    """Return the type of an attribute that is of type `known` unless it is a slot or `parts`; `None` without it."""
    match typed.resolve(data_format, blocks, collection, name):
        case None:
            return None
        case typed.SlotItem(slot):
            block = blocks[collection]
            assert isinstance(block, typed.CompositeBlock)
            return ItemType(next(s.collection for s in block.slots if s.name == slot))
        case typed.Parts():
            return ListType(typed.parts_type(blocks, collection))
        case typed.FromSource(sources):
            if name == "parts":
                return ListType(typed.parts_type(blocks, collection))
            found = {attribute_type(data_format, blocks, source, name, known) for source in sources} - {None}
            return found.pop() if len(found) == 1 else known
    return known


def retyped(expr: Expr) -> Expr:
    """Return an expression with the type that follows from the items below it."""
    match expr:
        case typed.At(items):
            assert isinstance(items.type, ListType)
            return replace(expr, type=items.type.element)
        case typed.SliceOf(items):
            return replace(expr, type=items.type)
        case typed.ArgBest(items):
            return replace(expr, type=items.loops[0].variables[0].type)
        case typed.Conditional(_, value, _) if isinstance(expr.type, ItemType | ListType):
            return replace(expr, type=value.type)
        case typed.Default(operand) if isinstance(expr.type, ItemType | ListType):
            return replace(expr, type=operand.type)
    return expr


class _Retyping(Transplant):
    """Gives every expression of a program the type that it has now that blocks are made of something else."""

    def __init__(self, draft: Draft) -> None:
        names = {*draft.program.collections, *draft.program.regions, *draft.program.tables}
        slots = {
            (block.name, slot.name): slot.name
            for block in draft.program.collections.values()
            if isinstance(block, typed.CompositeBlock)
            for slot in block.slots
        }
        super().__init__(draft, draft, {name: name for name in names}, {}, slots, "")
        self._valued: set[str] = set()

    def _value(self, expr: typed.ValueRef, name: str) -> Expr:
        if name not in self._valued:
            self._valued.add(name)
            value = self._host.values[name]
            this, self._this = self._this, None
            self._host.values[name] = replace(value, expr=self._expr(value.expr, {}))
            self._this = this
        return replace(expr, type=self._host.values[name].expr.type)

    def _let(self, let: typed.BlockLet) -> Type:
        return next(
            said.statement.value.type
            for said in self._host.said[let.block]
            if isinstance(said.statement, typed.LetItem) and said.statement.name == let.name
        )


def retype(draft: Draft) -> None:
    """Bring the types of a version up to date after a source or slot was exchanged.

    Raises
    ------
    CannotExchange
        When something in it asks for what the items no longer have.
    """
    retyping = _Retyping(draft)
    for name, block in draft.said.items():
        this = (name, name) if name in draft.program.collections else None
        done: list[Said] = []
        for number, said in enumerate(block):
            try:
                done.append(replace(said, statement=retyping.statement(said.statement, this)))
            except CannotExchange:
                if not isinstance(said.statement, typed.HistogramFill | typed.SavedColumn):
                    raise  # without what is only filled, events are what they are
            draft.said[name] = (*done, *block[number + 1 :])
