"""One form for all spellings of an expression: names forgotten, definitions expanded, negations pushed in.

Every rewriting here is exact: it holds for all doubles, infinities and missing values included. What only holds for
real numbers (`(a + b) + c` against `a + (b + c)`) is left alone. The one exception is the order of the arguments of
symmetric functions (`dr`, `dphi`), which can matter in the last digit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import permutations
from typing import Any, TypeGuard, cast

from hepsel.compare.keys import key, shape, shared
from hepsel.errors import DataError
from hepsel.interpreter.evaluate import Scope, evaluate
from hepsel.semantics import program as typed
from hepsel.semantics.program import Expr, Program
from hepsel.semantics.types import BOOL, INT, REAL, VECTOR, BoolType, IntType, ItemType, ListType, RealType, Type
from hepsel.semantics.walk import children, distinct, map_children
from hepsel.syntax.comparisons import OPPOSITE, SWAPPED
from hepsel.syntax.tree import ComparisonOperator

BEFORE_P4 = "before p4"
"""Function that stands around an item as it was before a `let p4`: as many times as such statements are between."""

IF_THERE = "if there"
"""Function of an item and of what a `let` gives it, which is missing where the item is, whatever it says then."""

_ITEM = ItemType("")
_TRUE = typed.Constant(True, type=BOOL)
_FALSE = typed.Constant(False, type=BOOL)

SYMMETRIC = ("dphi", "deta", "dr", "dr_rapidity", "mt", "min", "max")
"""Functions whose arguments may change places."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands.

    Attributes
    ----------
    block
        The block whose item is `this`.
    own_p4
        Whether the block's `let p4`, if it has one, is in force.
    depth
        Number of generator variables around the expression.
    variables
        The variables around it, by the number that the checker gave them.
    """

    block: str | None = None
    own_p4: bool = True
    depth: int = 0
    variables: Mapping[int, Expr] | None = None


class Normaliser:
    """Brings the expressions of one program to normal form.

    Parameters
    ----------
    program
        The program.
    ids
        What blocks and tables are called in normal forms; names that it lacks stay.
    slots
        What the slots of composites are called, by block and slot name.
    filters
        Objects that only filter: loops over them go over what they take from, with their criteria as conditions.
    regions
        Regions for which, as conditions, their names stand, and not what they ask for.
    """

    def __init__(
        self,
        program: Program,
        ids: Mapping[str, str],
        slots: Mapping[tuple[str, str], str],
        filters: Iterable[str] = (),
        regions: Iterable[str] = (),
    ) -> None:
        self._program = program
        self._ids = ids
        self._slots = slots
        self._named = frozenset(regions)
        self._filters = {self.id(name): program.collections[name] for name in filters}
        self._definitions: dict[tuple[str, int, bool | None], Expr] = {}
        self._attributes: dict[tuple[Expr, str, str, Type, bool, int], Expr] = {}

    def id(self, name: str) -> str:
        """Return what a block or a collection of the format is called in normal forms."""
        return self._ids.get(name, name)

    def criteria(self, condition: Expr, place: Place, *, negated: bool) -> list[tuple[Expr, tuple[Expr, ...]]]:
        """Split a condition into the criteria that must all hold.

        Returns
        -------
        list
            For each its normal form, and the parts of the condition that it is made of (those of a negated condition
            in `Not`).
        """
        parts = [
            (self.truth(part, place, sign=sign), part if sign else typed.Not(part, type=BOOL, span=part.span))
            for part, sign in self._split(condition, sign=not negated)
        ]
        result: list[tuple[Expr, tuple[Expr, ...]]] = []
        for normal, part in parts:
            # The normal form of a part may be a conjunction again, through definitions.
            inner = normal.operands if isinstance(normal, typed.Logical) and normal.operator == "and" else (normal,)
            result += [(each, (part,)) for each in inner]
        return _merge_bounds([entry for entry in result if entry[0] != _TRUE])

    def _split(self, expr: Expr, *, sign: bool) -> Iterator[tuple[Expr, bool]]:
        match expr:
            case typed.Not(operand):
                yield from self._split(operand, sign=not sign)
            case typed.Logical(operator, operands) if (operator == "and") is sign:
                for operand in operands:
                    yield from self._split(operand, sign=sign)
            case typed.ValueRef(name) if isinstance(expr.type, BoolType) and name not in self._named:
                parts = [*self._split(self._program.values[name].expr, sign=sign)]
                # All that a region asks for stands nowhere as one condition: what is said is its name.
                yield from [(expr, sign)] if name in self._program.regions and len(parts) == 1 else parts
            case _:
                yield expr, sign

    # ---------------------------------------------------------------- conditions

    def truth(self, expr: Expr, place: Place, *, sign: bool = True) -> Expr:
        """Return the normal form of "is true" (of "is not true", without `sign`): never missing."""
        match expr:
            case typed.ValueRef(name):
                return self._defined(name, place, sign)
            case typed.Not(operand):
                return self.truth(operand, place, sign=not sign)
            case typed.Logical(operator, operands):
                both = [self.truth(operand, place, sign=sign) for operand in operands]
                return join(both, conjunction=(operator == "and") is sign)
            case typed.Conditional(condition, value, otherwise):
                c, not_c = (self.truth(condition, place, sign=s) for s in (True, False))
                a, b = (self.truth(e, place, sign=sign) for e in (value, otherwise))
                first, second = join([c, a], conjunction=True), join([not_c, b], conjunction=True)
                return join([first, second], conjunction=False)
            case typed.Reduce("any" | "all" as kind, typed.Comprehension() as items):
                return self._quantifier(kind == "any", items, place, sign=sign)
        return literal(_as_condition(self.value(expr, place)), sign=sign)

    def _quantifier(self, some: bool, items: typed.Comprehension, place: Place, *, sign: bool) -> Expr:
        # all(c if f) is not any(f and not c), missing values included: a missing c is not true.
        loops, given, inner = self._loops(items.loops, place)
        if items.condition is not None:
            given.append(self.truth(items.condition, inner))
        body = join([*given, self.truth(items.body, inner, sign=some)], conjunction=True)
        if body == _FALSE:
            return _FALSE if some is sign else _TRUE
        at_least_one = typed.Compare(">=", counted(*_one_loop(loops, body)), typed.Constant(1, type=INT), type=BOOL)
        return literal(at_least_one, sign=some is sign)

    def _loops(self, loops: tuple[typed.Loop, ...], place: Place) -> tuple[tuple[typed.Loop, ...], list[Expr], Place]:
        """Return loops, the conditions that objects which only filter put on them, and where their bodies stand."""
        result, given = [], []
        for loop in loops:
            items, filters = self._filtered(self.value(loop.list, place))
            bound = tuple(
                typed.Variable("v", place.depth + number, type=_erased(variable.type))
                for number, variable in enumerate(loop.variables)
            )
            result.append(typed.Loop(bound, items))
            known = {**(place.variables or {}), **{o.uid: n for o, n in zip(loop.variables, bound, strict=True)}}
            place = replace(place, depth=place.depth + len(bound), variables=known)
            given += [condition for block in filters for v in bound for condition in self._passes(block, v, place)]
        return tuple(result), given, place

    def _has_places(self, items: Expr) -> bool:
        """Whether the values of a list stand where their items do, so that `jets.pt[0]` is `jets[0].pt`."""
        return not (isinstance(items, typed.CollectionRef) and self.id(items.name) in self._filters)

    def _filtered(self, items: Expr) -> tuple[Expr, list[typed.ItemBlock]]:
        """Return what loops go over, and the objects whose criteria are conditions on it."""
        filters = []
        while isinstance(items, typed.CollectionRef) and items.name in self._filters:
            filters.append(self._filters[items.name])
            items = replace(items, name=self.id(filters[-1].sources[0]))
        return items, filters

    def _passes(self, block: typed.ItemBlock, item: Expr, place: Place) -> Iterator[Expr]:
        there = replace(place, block=block.name, own_p4=True)
        for statement in block.statements:
            if isinstance(statement, typed.Filter):
                yield _put_this(self.truth(statement.condition, there, sign=not statement.negated), item)

    # ---------------------------------------------------------------- values

    def _defined(self, name: str, place: Place, sign: bool | None) -> Expr:
        """Return the normal form of a definition, as a value or (with `sign`) as a condition.

        It is made once, however many other definitions use it: what is made of what is made of it would take as long
        as there are ways to it.
        """
        if name in self._named:
            return literal(typed.ValueRef(self.id(name), type=BOOL), sign=sign is not False)
        known = name, place.depth, sign
        if known not in self._definitions:
            expr, outside = self._program.values[name].expr, Place(depth=place.depth)
            normal = self.value(expr, outside) if sign is None else self.truth(expr, outside, sign=sign)
            self._definitions[known] = shared(normal)
        return self._definitions[known]

    def value(self, expr: Expr, place: Place) -> Expr:
        """Return the normal form of a value."""
        match expr:
            case typed.ValueRef(name):
                return self._defined(name, place, None)
            case typed.Variable(_, uid):
                assert place.variables is not None
                return place.variables[uid]
            case typed.This():
                return self._this(place)
            case typed.CollectionRef(name):
                return typed.CollectionRef(self.id(name), type=ListType(_ITEM))
            case typed.TableLookup(table, arguments):
                normal = tuple(self.value(argument, place) for argument in arguments)
                return typed.TableLookup(self.id(table), normal, type=expr.type)
            case typed.Attribute(item, name):
                return self._attribute(item, name, expr.type, place)
            case typed.VectorOf(item):
                return self._vector(self.value(item, place), _collection(item), place, expr)
            case typed.Component(vector, name):
                inner = self.value(vector, place)
                if isinstance(inner, typed.VectorOf):
                    return typed.Attribute(_seen(inner.item, name), name, type=expr.type)
                return self._component(inner, name, expr.type, _items_in(vector))
            case typed.Comprehension():
                return self._comprehension(expr, place)
            case typed.At(typed.SliceOf(items, start, stop), typed.Constant(int() as index)) if (
                start or 0
            ) >= 0 <= index and (stop is None or (start or 0) + index < stop):
                place_there = typed.Constant((start or 0) + index, type=expr.index.type)
                return self.value(replace(expr, list=items, index=place_there), place)
            case typed.SliceOf(items, None | 0, None):
                return self.value(items, place)
            case typed.SliceOf(_, None, _):
                return self.value(replace(expr, start=0), place)
            case typed.SliceOf(typed.SliceOf(items, start, stop), more, end) if (
                min(start or 0, stop or 0, more or 0, end or 0) >= 0
            ):
                stops = [one for one in (stop, None if end is None else (start or 0) + end) if one is not None]
                inner = replace(expr, list=items, start=(start or 0) + (more or 0), stop=min(stops, default=None))
                return self.value(inner, place)
            case typed.At(typed.Comprehension(body, (typed.Loop((variable,), items),), None)) if self._has_places(
                items
            ):
                item = self.value(replace(expr, list=items, type=variable.type), place)
                known = {**(place.variables or {}), variable.uid: item}
                return _if_there(item, self.value(body, replace(place, variables=known)))
            case typed.SliceOf(typed.Comprehension(_, (typed.Loop((_,) as one, items),), None) as values) if (
                self._has_places(items)
            ):
                loop = typed.Loop(one, replace(expr, list=items, type=items.type))
                return self.value(replace(values, loops=(loop,)), place)
            case typed.Reduce():
                return self._reduce(expr, place)
            case typed.Not() | typed.Logical():
                return self.truth(expr, place)
            case typed.Conditional(condition, value, otherwise):
                return self._conditional(expr, condition, value, otherwise, place)
        below = _unmarked(map_children(expr, lambda child: self.value(child, place)))
        return _folded(_simplified(replace(below, type=_erased(below.type))))

    def _this(self, place: Place) -> Expr:
        this = typed.This(type=_ITEM)
        if place.block is None or place.own_p4 or not has_p4(self._program, place.block):
            return this
        return _marked(this)

    def _conditional(self, expr: Expr, condition: Expr, value: Expr, otherwise: Expr, place: Place) -> Expr:
        test = self.truth(condition, place)
        a, b = self.value(value, place), self.value(otherwise, place)
        if test == _TRUE or a == b:
            return a
        if test == _FALSE:
            return b
        if isinstance(test, typed.Not):
            test, a, b = test.operand, b, a
        return typed.Conditional(test, a, b, type=_erased(expr.type))

    def _comprehension(self, expr: typed.Comprehension, place: Place) -> Expr:
        loops, given, inner = self._loops(expr.loops, place)
        if expr.condition is not None:
            given.append(self.truth(expr.condition, inner))
        condition = join(given, conjunction=True)
        body = self.value(expr.body, inner)
        return typed.Comprehension(body, loops, None if condition == _TRUE else condition, type=_erased(expr.type))

    def _reduce(self, expr: typed.Reduce, place: Place) -> Expr:
        if expr.kind in ("any", "all") and isinstance(expr.list, typed.Comprehension):
            return self.truth(expr, place)
        items = self.value(expr.list, place)
        kind = expr.kind
        if kind == "count_turns" and isinstance(items, typed.Comprehension):
            return counted(items.loops, _TRUE if items.condition is None else items.condition)
        if kind == "count_turns" and isinstance(items, typed.CollectionRef):
            loops, given, _ = self._loops((typed.Loop((typed.Variable("v", -1, type=_ITEM),), expr.list),), place)
            return counted(loops, join(given, conjunction=True))
        if kind == "count_values" and isinstance(items, typed.Comprehension):
            return present(items)
        if kind == "max":
            kind = "largest"
        if kind == "min":
            kind = "smallest"
        return typed.Reduce(kind, items, expr.k, type=expr.type)

    # ---------------------------------------------------------------- attributes and four-vectors

    def _attribute(self, item: Expr, name: str, kind: Type, place: Place) -> Expr:
        inner = self.value(item, place)
        own_p4 = place.own_p4 or not isinstance(item, typed.This)
        return self._meaning(inner, _collection(item), name, kind, own_p4, place)

    def _meaning(self, item: Expr, collection: str, name: str, kind: Type, own_p4: bool, place: Place) -> Expr:
        """Return the normal form of an attribute, which is made once, however many ways lead there."""
        known = item, collection, name, kind, own_p4, place.depth
        if known not in self._attributes:
            self._attributes[known] = shared(self._new_meaning(item, collection, name, kind, own_p4, place))
        return self._attributes[known]

    def _new_meaning(self, item: Expr, collection: str, name: str, kind: Type, own_p4: bool, place: Place) -> Expr:
        program = self._program
        if isinstance(item, typed.Function) and item.name == IF_THERE:
            giver, given = item.arguments
            return _if_there(giver, self._meaning(given, collection, name, kind, own_p4, place))
        # The item as the block sees it whose attribute it is.
        whole = item.arguments[0] if isinstance(item, typed.Function) and not own_p4 else item
        *above, seen = typed.path_to(program.format, program.collections, collection, name, own_p4=own_p4)
        for block in above:
            if has_p4(program, block):
                whole = _marked(whole)
        own_p4 = own_p4 or bool(above)
        found = program.resolve(seen, name, own_p4=own_p4)
        plain = typed.Attribute(_seen(item, name), name, type=_erased(kind))
        match found:
            case typed.BlockLet(block, let):
                return _if_there(_bare(item), self._inlined(whole, block, let, place))
            case typed.SlotItem(slot):
                return replace(plain, name=self._slots[seen, slot])
            case typed.VectorComponent() if (composite := self._formed(seen, own_p4=own_p4)) is not None:
                vector = self._sum_of_slots(item, composite, place)
                return self._component(vector, name, kind, (seen,))
            case typed.FromSource(sources) if self._differs(sources, name):
                return replace(plain, item=_bare(item), name=self._by_source(sources, name, kind, place))
        return plain

    def _inlined(self, item: Expr, block: str, let: str, place: Place) -> Expr:
        statements = self._program.collections[block].statements
        number, statement = next(
            (n, s) for n, s in enumerate(statements) if isinstance(s, typed.LetItem) and s.name == let
        )
        there = Place(block, p4_place(statements) < number, place.depth, place.variables)
        return _put_this(self.value(statement.value, there), item)

    def _differs(self, sources: tuple[str, ...], name: str) -> bool:
        """Whether an attribute is anywhere below made by a `let` or a slot: not the same for all items of a union."""
        program = self._program
        return any(
            isinstance(meaning, typed.BlockLet | typed.SlotItem)
            for source in sources
            for _, meaning in typed.meanings(program.format, program.collections, source, name)
        )

    def _by_source(self, sources: tuple[str, ...], name: str, kind: Type, place: Place) -> str:
        this = typed.This(type=_ITEM)
        texts = []
        for source in sources:
            if self._program.resolve(source, name) is not None:
                meaning = self._meaning(this, source, name, kind, True, place)
                texts.append(f"{self.id(source)}: {key(meaning)}")
        return "{" + "; ".join(texts) + "}"

    def _vector(self, item: Expr, collection: str, place: Place, whole: Expr) -> Expr:
        own_p4 = not (isinstance(item, typed.Function) and item.name == BEFORE_P4)
        composite = self._formed(collection, own_p4=own_p4)
        if composite is None:
            return typed.VectorOf(item, type=whole.type)
        return self._sum_of_slots(item, composite, place)

    def _component(self, vector: Expr, name: str, kind: Type, collections: Iterable[str]) -> Expr:
        """Return a component of a vector made of items of some collections; the charge of a sum is a sum of charges."""
        if name == "charge":
            kinds = {stored for one in collections for stored in self._charges(one)}
            stored = kinds.pop() if len(kinds) == 1 else None
            if stored is not None and (charges := _sum_of_charges(vector, stored)) is not None:
                return charges
        return typed.Component(vector, name, type=kind)

    def _charges(self, collection: str) -> Iterator[Type | None]:
        """Yield how the charges of the items of a collection are stored, or of what they consist of."""
        program = self._program
        for block, meaning in typed.meanings(program.format, program.collections, collection, "charge"):
            match meaning, program.collections.get(block):
                case typed.StoredAttribute(spec), _:
                    yield {"int": INT, "real": REAL}.get(spec.kind)
                case typed.VectorComponent(), typed.CompositeBlock(slots=slots):
                    for slot in slots:
                        yield from self._charges(slot.collection)
                case _:
                    yield None

    def _formed(self, collection: str, *, own_p4: bool) -> typed.CompositeBlock | None:
        """Return the composite whose items these are, if their four-vectors are still the sums of their slots."""
        block = self._program.collections.get(collection)
        while block is not None and not (own_p4 and has_p4(self._program, block.name)):
            if isinstance(block, typed.CompositeBlock):
                return block
            if len(block.sources) > 1:
                return None
            block, own_p4 = self._program.collections.get(block.sources[0]), True
        return None

    def _sum_of_slots(self, item: Expr, composite: typed.CompositeBlock, place: Place) -> Expr:
        vectors = []
        for slot in composite.slots:
            part = typed.Attribute(_bare(item), self._slots[composite.name, slot.name], type=_ITEM)
            vectors.append(self._vector(part, slot.collection, place, typed.VectorOf(part, type=VECTOR)))
        total = vectors[0]
        for vector in vectors[1:]:
            total = _simplified(typed.VectorArithmetic("+", total, vector, type=VECTOR))
        return total


def p4_place(statements: tuple[typed.ItemStatement, ...]) -> float:
    """Return the place of the `let p4` among statements: behind all of them if there is none."""
    for number, statement in enumerate(statements):
        if isinstance(statement, typed.LetItem) and statement.name == "p4":
            return number
    return float("inf")


def has_p4(program: Program, block: str) -> bool:
    """Whether a block replaces the four-vectors of its items."""
    found = program.collections.get(block)
    return found is not None and "p4" in typed.lets_of(found)


def only_filters(block: typed.ItemBlock | None) -> TypeGuard[typed.ObjectBlock]:
    """Whether a block says no more of the items of one collection than which of them it takes, and what they have."""
    return (
        isinstance(block, typed.ObjectBlock)
        and len(block.sources) == 1
        and "p4" not in typed.lets_of(block)
        and all(isinstance(statement, typed.Filter | typed.LetItem) for statement in block.statements)
    )


def sees_p4(expr: Expr) -> bool:
    """Whether a normal form depends on the four-vector of the item of its block."""
    return _put_this(expr, _marked(typed.This(type=_ITEM))) != expr


def _marked(item: Expr) -> Expr:
    return typed.Function(BEFORE_P4, (item,), type=_ITEM)


def _bare(item: Expr) -> Expr:
    while isinstance(item, typed.Function) and item.name == BEFORE_P4:
        (item,) = item.arguments
    return item


def _seen(item: Expr, name: str) -> Expr:
    """Return an item as one of its attributes sees it: only what follows the four-vector is another one before `p4`."""
    return item if name == "parts" or (name in typed.COMPONENTS and name != "charge") else _bare(item)


def _unmarked(expr: Expr) -> Expr:
    """Forget which four-vector an item has where no four-vector is asked for."""
    match expr:
        case typed.Attribute(item, name):
            return replace(expr, item=_seen(item, name))
        case typed.Identity(left, right):
            return replace(expr, left=_bare(left), right=_bare(right))
        case typed.Membership(item):
            return replace(expr, item=_bare(item))
        case typed.Exists(operand):
            return replace(expr, operand=_bare(operand))
    return expr


def _items_in(vector: Expr) -> Iterator[str]:
    return (_collection(part.item) for part in distinct(vector) if isinstance(part, typed.VectorOf))


def _sum_of_charges(vector: Expr, kind: Type) -> Expr | None:
    match vector:
        case typed.VectorOf(item):
            return typed.Attribute(_seen(item, "charge"), "charge", type=kind)
        case typed.VectorArithmetic("+", left, right):
            first, second = _sum_of_charges(left, kind), _sum_of_charges(right, kind)
            if first is not None and second is not None:
                return _simplified(typed.Arithmetic("+", first, second, type=kind))
    return None


def _if_there(item: Expr, value: Expr) -> Expr:
    """Return what a `let` gives an item: `default(eta, 9)` of an item that is not there is missing, and not 9."""
    if _is_there(item) or _needs(value, item):
        return value
    return typed.Function(IF_THERE, (item, value), type=value.type)


def _is_there(item: Expr) -> bool:
    """Whether an item is never missing: it is what a block or a generator goes over, or a slot of that."""
    match item:
        case typed.Attribute(composite, name) if name.startswith("slot "):
            return _is_there(composite)
    return isinstance(item, typed.This | typed.Variable | typed.Single)


_NEEDS_ALL = (
    typed.Attribute, typed.Component, typed.VectorOf, typed.VectorArithmetic, typed.VectorScale, typed.VectorFrom,
    typed.VectorNegate, typed.Arithmetic, typed.Negate, typed.Function, typed.TableLookup,
)  # fmt: skip
"""What is missing where one of its parts is."""


@lru_cache(maxsize=1 << 14)
def _needs(expr: Expr, item: Expr) -> bool:
    """Whether a value is missing wherever an item is."""
    return expr == item or (isinstance(expr, _NEEDS_ALL) and any(_needs(child, item) for child in children(expr)))


def _as_condition(value: Expr) -> Expr:
    """Return a value as a condition, for which a missing one is as good as one that is false."""
    match value:
        case typed.Function(name, (item, condition)) if name == IF_THERE and _fails(condition, item):
            return condition
    return value


def _fails(condition: Expr, item: Expr) -> bool:
    """Whether a condition is not true wherever an item is missing."""
    match condition:
        case typed.Compare(_, left, right):
            return _needs(left, item) or _needs(right, item)
        case typed.Logical(operator, operands):
            fail = (_fails(operand, item) for operand in operands)
            return any(fail) if operator == "and" else all(fail)
        case typed.Exists(operand):
            return _needs(operand, item)
    return _needs(condition, item)


# ------------------------------------------------------------------ conditions


def counted(loops: tuple[typed.Loop, ...], condition: Expr) -> Expr:
    """Return for how many turns of loops a condition is true."""
    whole = condition == _TRUE
    if whole and len(loops) == 1 and len(loops[0].variables) == 1:
        items = loops[0].list
    else:
        loops, condition = _in_order(loops, condition)
        items = typed.Comprehension(_TRUE, loops, None if whole else condition, type=ListType(BOOL))
    return typed.Reduce("count_turns", items, 1, type=INT)


def _in_order(loops: tuple[typed.Loop, ...], condition: Expr) -> tuple[tuple[typed.Loop, ...], Expr]:
    """Return loops in one order, however they were written, and the condition for their turns.

    Loops over lists that do not depend on one another may change places: their turns are the same. They stay where one
    of their numbers is that of another variable further in, which hides it there.
    """
    inside = {uid for expr in (condition, *(loop.list for loop in loops)) for uid in _bound_in(expr)}
    if not 1 < len(loops) <= _MOST_LOOPS or inside & _bound(loops):
        return loops, condition
    orders = (_renumbered(order, condition) for order in permutations(loops) if _may_stand(order))
    return min(orders, key=lambda found: ([sort_key(loop.list) for loop in found[0]], sort_key(found[1])))


_MOST_LOOPS = 4
"""Of more loops there are too many orders."""


def _may_stand(loops: tuple[typed.Loop, ...]) -> bool:
    """Whether each loop goes over a list that does not depend on its own variables, or on those of a later loop."""
    return not any(_variables_in(loop.list) & _bound(loops[place:]) for place, loop in enumerate(loops))


def _bound(loops: Iterable[typed.Loop]) -> set[int]:
    return {variable.uid for loop in loops for variable in loop.variables}


def _bound_in(expr: Expr) -> set[int]:
    return {uid for part in distinct(expr) if isinstance(part, typed.Comprehension) for uid in _bound(part.loops)}


def _variables_in(expr: Expr) -> set[int]:
    return {part.uid for part in distinct(expr) if isinstance(part, typed.Variable)}


def _renumbered(loops: tuple[typed.Loop, ...], condition: Expr) -> tuple[tuple[typed.Loop, ...], Expr]:
    """Return loops and a condition with the variables numbered from the first loop to the last."""
    bound = [variable.uid for loop in loops for variable in loop.variables]
    numbers = tuple(zip(bound, sorted(bound), strict=True))
    renumbered = dict(numbers)
    result = []
    for loop in loops:
        variables = tuple(replace(variable, uid=renumbered[variable.uid]) for variable in loop.variables)
        result.append(typed.Loop(variables, _with_numbers(loop.list, numbers)))
    return tuple(result), _with_numbers(condition, numbers)


@lru_cache(maxsize=1 << 14)
def _with_numbers(expr: Expr, numbers: tuple[tuple[int, int], ...]) -> Expr:
    """Return the normal form of an expression with other numbers of its variables, by which operands are sorted."""
    if isinstance(expr, typed.Variable):
        return replace(expr, uid=dict(numbers).get(expr.uid, expr.uid))
    below = map_children(expr, lambda child: _with_numbers(child, numbers))
    match below:
        case typed.Not(operand):
            return shared(literal(operand, sign=False))
        case typed.Logical(operator, operands):
            return shared(join(list(operands), conjunction=operator == "and"))
        case typed.Reduce("count_turns", typed.Comprehension(typed.Constant(True), loops, condition)):
            return shared(counted(loops, _TRUE if condition is None else condition))
    return shared(_folded(_simplified(below)))


def _one_loop(loops: tuple[typed.Loop, ...], condition: Expr) -> tuple[tuple[typed.Loop, ...], Expr]:
    """Return loops and a condition, where one asks for any turn: `any(any(c for x in X) for y in Y)` has both loops."""
    conditions = list(condition.operands) if _is_conjunction(condition) else [condition]
    inner = [(place, found) for place, one in enumerate(conditions) if (found := _any_turn(one)) is not None]
    if len(inner) != 1:
        return loops, condition
    ((place, turns),) = inner
    conditions[place] = _TRUE if turns.condition is None else turns.condition
    return _one_loop((*loops, *turns.loops), join(conditions, conjunction=True))


def _is_conjunction(expr: Expr) -> TypeGuard[typed.Logical]:
    return isinstance(expr, typed.Logical) and expr.operator == "and"


def _any_turn(condition: Expr) -> typed.Comprehension | None:
    """Return the loops of which a condition says that any turn passes."""
    match condition:
        case typed.Compare(
            ">=", typed.Reduce("count_turns", typed.Comprehension(typed.Constant(True)) as turns), typed.Constant(1)
        ):
            return turns
    return None


def present(values: typed.Comprehension) -> Expr:
    """Return how many values of a list are there."""
    return counted_in(values, _simplified(typed.Exists(values.body, type=BOOL)))


def counted_in(values: typed.Comprehension, condition: Expr) -> Expr:
    """Return how many values of a list fulfil a condition."""
    both = condition if values.condition is None else join([values.condition, condition], conjunction=True)
    return counted(values.loops, both)


def literal(atom: Expr, *, sign: bool) -> Expr:
    """Return a condition or its negation."""
    if isinstance(atom, typed.Constant):
        return _TRUE if (atom.value is True) is sign else _FALSE
    if isinstance(atom, typed.Compare) and atom.operator == "==" and atom.right == _TRUE:
        return literal(atom.left, sign=sign)
    if isinstance(atom, typed.Not) and not sign:
        return atom.operand
    if sign:
        return atom
    if isinstance(atom, typed.Compare) and total(atom.left) and total(atom.right):
        return replace(atom, operator=OPPOSITE[atom.operator])
    return typed.Not(atom, type=BOOL)


def join(operands: list[Expr], *, conjunction: bool) -> Expr:
    """Return the conjunction or disjunction of conditions in normal form."""
    operator = "and" if conjunction else "or"
    flat: list[Expr] = []
    for operand in operands:
        same = isinstance(operand, typed.Logical) and operand.operator == operator
        flat += cast("typed.Logical", operand).operands if same else (operand,)
    neutral, absorbing = (_TRUE, _FALSE) if conjunction else (_FALSE, _TRUE)
    if absorbing in flat:
        return absorbing
    flat = [operand for operand in dict.fromkeys(flat) if operand != neutral]
    flat = [merged for merged, _ in _merge_bounds([(operand, ()) for operand in flat], conjunction=conjunction)]
    if not flat:
        return neutral
    if len(flat) == 1:
        return flat[0]
    return typed.Logical(cast("Any", operator), tuple(sorted(flat, key=sort_key)), type=BOOL)


@lru_cache(maxsize=1 << 14)
def where_known(expr: Expr) -> Expr:
    """Return a normal form for values that are all there: then `not (x > 3)` is `x <= 3`."""
    match expr:
        case typed.Not(typed.Compare(operator, left, right)):
            opposite = OPPOSITE[operator]
            return typed.Compare(opposite, where_known(left), where_known(right), type=BOOL)
        case typed.Function(name, (_, value)) if name == IF_THERE:
            return where_known(value)
        case typed.Logical(operator, operands):
            return join([where_known(operand) for operand in operands], conjunction=operator == "and")
    return shared(map_children(expr, where_known))


def sort_key(expr: Expr) -> tuple[str, str]:
    """Return what operands whose order does not matter are sorted by: first what a changed number leaves alone."""
    return shape(expr), key(expr)


_Part = tuple[Expr, tuple[Expr, ...]]


def _merge_bounds(parts: list[_Part], *, conjunction: bool = True) -> list[_Part]:
    """Write `-c < x` and `x < c` as `|x| < c` (and their negations likewise)."""
    result: list[_Part] = []
    for normal, origins in parts:
        for place, (other, other_origins) in enumerate(result):
            merged = _absolute_bound(normal, other, conjunction=conjunction)
            if merged is not None:
                result[place] = (merged, tuple(dict.fromkeys((*other_origins, *origins))))
                break
        else:
            result.append((normal, origins))
    return result


def _absolute_bound(first: Expr, second: Expr, *, conjunction: bool) -> Expr | None:
    negated = isinstance(first, typed.Not)
    if isinstance(second, typed.Not) is not negated:
        return None
    a, b = (expr.operand if isinstance(expr, typed.Not) else expr for expr in (first, second))
    if not (isinstance(a, typed.Compare) and isinstance(b, typed.Compare) and a.left == b.left):
        return None
    # and: x < c, x > -c; or: x > c, x < -c. Negated, the other way round.
    inside = conjunction is not negated
    upper, lower = (a, b) if a.operator.startswith("<") is inside else (b, a)
    if upper.operator not in (("<", "<=") if inside else (">", ">=")) or lower.operator != SWAPPED[upper.operator]:
        return None
    if not _are_opposite(upper.right, lower.right) or _is_absolute(upper.left):
        return None
    absolute = typed.Function("abs", (abs_form(upper.left),), type=upper.left.type)
    return literal(typed.Compare(upper.operator, absolute, upper.right, type=BOOL), sign=not negated)


def _is_absolute(expr: Expr) -> bool:
    return isinstance(expr, typed.Function) and expr.name == "abs"


def _are_opposite(a: Expr, b: Expr) -> bool:
    if not (isinstance(a, typed.Constant) and isinstance(b, typed.Constant)):
        return False
    x, y = a.value, b.value
    numbers = isinstance(x, int | float) and isinstance(y, int | float)
    return numbers and BOOL not in (a.type, b.type) and x == -cast("float", y)


# ------------------------------------------------------------------ values


def total(expr: Expr) -> bool:
    """Whether a value is never missing, whatever the event."""
    match expr:
        case typed.Constant():
            return True
        case typed.Reduce(kind):
            counts = kind in ("count_turns", "count_values")
            return counts or (kind == "sum" and isinstance(expr.type, IntType))
        case typed.Default(_, otherwise):
            return total(otherwise)
        case typed.Conditional(_, value, otherwise):
            return total(value) and total(otherwise)
        case typed.Negate(operand):
            return total(operand)
        case typed.Arithmetic(_, left, right):
            return isinstance(expr.type, IntType) and total(left) and total(right)
        case typed.Compare() | typed.Logical() | typed.Not() | typed.Exists() | typed.Identity() | typed.Membership():
            return True
    return False


def compared(operator: ComparisonOperator, left: Expr, right: Expr) -> Expr:
    """Return the normal form of a comparison of two normal forms."""
    return _folded(_simplified(typed.Compare(operator, left, right, type=BOOL)))


def product(left: Expr, right: Expr, kind: Type) -> Expr:
    """Return the normal form of a product of two normal forms."""
    return _folded(_simplified(typed.Arithmetic("*", left, right, type=kind)))


def _simplified(expr: Expr) -> Expr:
    match expr:
        case typed.Compare():
            return _comparison(expr)
        case typed.Identity(left, right):
            a, b = sorted((left, right), key=sort_key)
            return replace(expr, left=a, right=b)
        case typed.Arithmetic("-", left, right):
            return _simplified(replace(expr, operator="+", right=negative(right)))
        case typed.Arithmetic("/", left, typed.Constant(int() | float() as divisor)) if _is_power_of_two(divisor):
            if isinstance(expr.right.type, IntType) or expr.right.type == REAL:
                return _simplified(replace(expr, operator="*", right=typed.Constant(1 / divisor, type=REAL)))
        case typed.Arithmetic("+" | "*", left, right) | typed.VectorArithmetic("+", left, right):
            a, b = sorted((left, right), key=sort_key)
            return replace(expr, left=a, right=b)
        case typed.Negate(operand):
            return negative(operand)
        case typed.Function("deta", (left, right)):
            return _simplified(replace(expr, name="abs", arguments=(_difference("eta", left, right, expr.type),)))
        case typed.Function("abs", (typed.Function("dphi_signed") as angle,)):
            return _simplified(replace(angle, name="dphi"))
        case typed.Function("abs", (operand,)):
            inner = operand.arguments[0] if _is_absolute(operand) else operand  # type: ignore[attr-defined]
            return replace(expr, arguments=(abs_form(inner),))
        case typed.Function(name, arguments) if name in SYMMETRIC:
            return replace(expr, arguments=tuple(sorted(arguments, key=sort_key)))
        case typed.Function("mt2", (a, b, missing)):
            return replace(expr, arguments=(*sorted((a, b), key=sort_key), missing))
        case typed.Function("mt2", (a, b, missing, unseen_a, unseen_b)):
            (a, unseen_a), (b, unseen_b) = sorted(
                ((a, unseen_a), (b, unseen_b)), key=lambda side: [*map(sort_key, side)]
            )
            return replace(expr, arguments=(a, b, missing, unseen_a, unseen_b))
        case typed.Exists(operand) if total(operand):
            return _TRUE
        case typed.Default(operand) if total(operand):
            return operand
    return expr


def _difference(name: str, left: Expr, right: Expr, kind: Type) -> Expr:
    """Return the difference of a component of two four-vectors; of a plain item, it is that of the item."""
    one, other = (
        typed.Attribute(_seen(vector.item, name), name, type=kind)
        if isinstance(vector, typed.VectorOf)
        else typed.Component(vector, name, type=kind)
        for vector in (left, right)
    )
    return _simplified(typed.Arithmetic("-", one, other, type=kind))


def _is_power_of_two(number: float) -> bool:
    """Whether dividing by a number is multiplying by its inverse, to the last bit."""
    return math.isfinite(number) and abs(math.frexp(number)[0]) == 0.5 and math.isfinite(1 / number)


def negative(expr: Expr) -> Expr:
    """Return `-expr`, without two signs in a row."""
    if isinstance(expr, typed.Negate):
        return expr.operand
    return _folded(typed.Negate(expr, type=expr.type))


def abs_form(expr: Expr) -> Expr:
    """Return the one of `x` and `-x` that stands for both inside `|x|`."""
    return min(expr, opposite(expr), key=sort_key)


def opposite(expr: Expr) -> Expr:
    """Return `-expr`, of a sum the sum of what is opposite."""
    if isinstance(expr, typed.Arithmetic) and expr.operator == "+":
        return _simplified(replace(expr, left=negative(expr.left), right=negative(expr.right)))
    return negative(expr)


def _comparison(expr: typed.Compare) -> Expr:
    left, right, operator = _unsigned(expr.left), _unsigned(expr.right), expr.operator
    constant = isinstance(left, typed.Constant), isinstance(right, typed.Constant)
    if constant == (True, True):
        return _folded(expr)
    if constant == (True, False) or (constant == (False, False) and sort_key(right) < sort_key(left)):
        left, right, operator = right, left, SWAPPED[operator]
    if isinstance(right, typed.Constant):
        if isinstance(right.value, bool) and operator == "!=":
            operator, right = "==", _FALSE if right.value else _TRUE
        if isinstance(left, typed.Negate) and isinstance(left.type, RealType):
            return replace(expr, operator=SWAPPED[operator], left=left.operand, right=_unsigned(negative(right)))
    return replace(expr, operator=operator, left=left, right=right)


def _folded(expr: Expr) -> Expr:
    """Evaluate arithmetic on constants as the interpreter does."""
    match expr:
        case typed.Constant(value) if isinstance(expr.type, RealType) and isinstance(value, int | float):
            return _number(float(value), expr.type)
        case typed.Arithmetic(_, left, right) | typed.Compare(_, left, right) if _constant(left) and _constant(right):
            pass
        case typed.Negate(typed.Constant()):
            pass
        case typed.Function(_, arguments) if arguments and all(map(_constant, arguments)):
            pass
        case _:
            return expr
    try:
        folded = evaluate(expr, Scope(cast("Any", None)))
    except DataError:  # a whole number that is too large
        return expr
    if isinstance(folded, float):
        return _number(folded, expr.type)
    return typed.Constant(folded, type=expr.type) if isinstance(folded, bool | int) else expr


def _number(value: float, kind: Type) -> Expr:
    """Return a real constant; -0.0, which equals 0.0 and divides otherwise, as a negation."""
    if value == 0 and math.copysign(1, value) < 0:
        return typed.Negate(typed.Constant(0.0, type=kind), type=kind)
    return typed.Constant(value, type=kind)


def _constant(expr: Expr) -> bool:
    return isinstance(expr.operand if isinstance(expr, typed.Negate) else expr, typed.Constant)


def _unsigned(expr: Expr) -> Expr:
    """Return one of the two zeros for both: comparisons do not tell them apart."""
    return expr.operand if isinstance(expr, typed.Negate) and _constant(expr) else expr


@lru_cache(maxsize=1 << 14)
def _put_this(expr: Expr, item: Expr) -> Expr:
    if isinstance(expr, typed.This):
        return item
    return shared(_unmarked(map_children(expr, lambda child: _put_this(child, item))))


def _collection(item: Expr) -> str:
    assert isinstance(item.type, ItemType)
    return item.type.collection


def _erased(kind: Type) -> Type:
    """Forget through which collection an item is seen."""
    if isinstance(kind, ItemType):
        return _ITEM
    return ListType(_erased(kind.element)) if isinstance(kind, ListType) else kind
