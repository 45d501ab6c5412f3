"""What cuts establish, and with it which later ones can never pass, or always do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from hepsel.semantics import program as typed
from hepsel.semantics.any_block import THIS, of_any_block
from hepsel.semantics.beyond import beyond
from hepsel.semantics.intervals import INF, Interval, bounded, described, interval
from hepsel.semantics.stated import stated
from hepsel.semantics.subsets import are_among, counted_by, that_count_for_any
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import INT, BoolType, IntType, ItemType, ListType
from hepsel.semantics.walk import distinct, map_children, substitute
from hepsel.syntax.tree import NOWHERE, Span

_ALWAYS = "this cut always passes"
_NEVER = "this cut can never pass"
_WHERE_THERE = " where the quantity exists"
_EXCLUSIVE = "its conditions exclude one another"
_EXHAUSTIVE = "one of its conditions always holds: is `and` meant?"

_Remark = tuple[str, str, str, Span | None]  # code, message, proposal, what else it is about


_MOST_PARTS = 500
"""Conditions of more parts, with those of the definitions in them, are not looked into."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What a block has established about a quantity: where it lies if it exists, whether it does, and by which cut."""

    interval: Interval
    exists: bool
    by: Span


_NO_ITEMS: Mapping[str, Constraints] = MappingProxyType({})
_NO_SLOTS: Mapping[str, str] = MappingProxyType({})


class Constraints:
    """What the cuts of a block so far say about its quantities.

    Parameters
    ----------
    symbols
        Where warnings go.
    known
        What the cuts before these have established.
    of_items
        What the cuts of each object and composite say, by its name.
    slots
        The collections of the slots of the composite whose cuts these are.
    all_exist
        Whether no quantity is missing.
    """

    def __init__(
        self,
        symbols: Symbols,
        known: dict[typed.Expr, _Known] | None = None,
        *,
        of_items: Mapping[str, Constraints] = _NO_ITEMS,
        slots: Mapping[str, str] = _NO_SLOTS,
        all_exist: bool = False,
    ) -> None:
        self._symbols = symbols
        self._known = known or {}
        self._of_items = of_items
        self._slots = slots
        self._all_exist = all_exist

    def copy(self) -> Constraints:
        """Return constraints that can be added to on their own."""
        return Constraints(
            self._symbols, dict(self._known), of_items=self._of_items, slots=self._slots, all_exist=self._all_exist
        )

    def beside(self, conditions: Sequence[typed.Expr]) -> Constraints:
        """Return what is known where conditions hold, too."""
        held = self.copy()
        for condition in conditions:
            held._whole(condition, False, NOWHERE)
        return held

    def implies(self, condition: typed.Expr, other: typed.Expr) -> bool:
        """Return whether what is known shows that where a condition is true, another one is true too."""
        held = self.copy()
        if any(remark is not None and remark[0] == "W602" for remark in held._parts(condition, False, NOWHERE)):
            return False  # it is never true, of which other warnings speak
        return held.ask_for(other, negated=False)

    def never_pass(self, condition: typed.Expr) -> tuple[str, Span | None] | None:
        """Return why nothing that passes these cuts passes a condition, and what else it is about; else nothing."""
        remark = self.copy()._whole(condition, False, NOWHERE)
        return None if remark is None or remark[0] != "W602" else (remark[2], remark[3])

    def asked_of(self, value: typed.Expr) -> tuple[Interval, Span] | None:
        """Return where the cuts ask a value to lie, and the last of these; of each of a list."""
        match value:
            case typed.Comprehension(body, (typed.Loop((variable,), typed.CollectionRef(name)),)):
                block = self._of_items.get(name)
                known = None if block is None else block._known.get(of_any_block(substitute(body, variable, THIS)))
            case _:
                known = self._known.get(of_any_block(value)) or self._of_its_item(value)
        return None if known is None or known.by is NOWHERE else (known.interval, known.by)

    def ask_for(self, condition: typed.Expr, *, negated: bool) -> bool:
        """Return whether what passes these cuts passes another one, too, as far as intervals can show."""
        remarks = self.copy()._parts(condition, negated, NOWHERE)
        return all(remark is not None and remark[:2] == ("W601", _ALWAYS) for remark in remarks)

    def lower_bounds(self) -> Iterator[tuple[typed.Expr, float, Span]]:
        """Yield the quantities that are there and have a lower bound, the bound, and the cut that asks for it."""
        for quantity, known in self._known.items():
            if known.exists and known.interval.low > -INF:
                yield quantity, known.interval.low, known.by

    def bound_below(self, quantity: typed.Expr) -> bool:
        """Return whether the cuts bound a quantity from below, more than it is by itself."""
        known = self._known.get(of_any_block(quantity))
        return known is not None and known.interval.low > interval(quantity).low

    def show(self, collection: str, number: int) -> bool:
        """Return whether it is known that an event has so many items of a collection."""
        for quantity, known in self._known.items():
            match quantity:
                case typed.Reduce(
                    "count_turns",
                    typed.CollectionRef(name)
                    | typed.Comprehension(loops=(typed.Loop((_,), typed.CollectionRef(name)),)),
                ) if name == collection and known.interval.low >= number:
                    return True
                case _ if known.exists and any(
                    isinstance(part, typed.At)
                    and isinstance(part.list, typed.CollectionRef)
                    and part.list.name == collection
                    and interval(part.index).low >= number - 1
                    for part in self._symbols.meant(quantity)
                ):
                    return True
        return False

    def asks_for(self, collection: str) -> bool:
        """Return whether the cuts ask for something of a collection itself."""
        return any(isinstance(part, typed.CollectionRef) and part.name == collection for part in self.asked())

    def asked(self) -> Iterator[typed.Expr]:
        """Yield the quantities that the cuts ask for, and all that these are made of."""
        for quantity in self._known:
            yield from self._symbols.meant(quantity)

    def selected_from(self, collection: str, number: int) -> str | None:
        """Return an object that keeps some items of a collection, if it is known that an event has so many of them."""
        for name, block in self._symbols.collections.items():
            line = [*self._symbols.line(name)]
            if (
                isinstance(block, typed.ObjectBlock)
                and line[-1] == collection
                and any(
                    isinstance(statement, typed.Filter)
                    for each in line[:-1]
                    for statement in self._symbols.collections[each].statements
                )
                and self.show(name, number)
            ):
                return name
        return None

    def forget(self) -> None:
        """Drop what is known: the attributes of the block's items mean something else from here on."""
        self._known.clear()

    def add(self, condition: typed.Expr, *, negated: bool, span: Span) -> None:
        """Take note of a criterion, and warn when it can never pass or always does."""
        if isinstance(condition, typed.Constant) and isinstance(condition.type, BoolType):
            passes = bool(condition.value) != negated
            self._symbols.report("W601" if passes else "W602", _ALWAYS if passes else _NEVER, span)
            return
        remark = self._whole(condition, negated, span) or self._of_itself(condition, negated, span)
        if remark is not None:
            code, message, proposal, related = remark
            self._symbols.report(code, message, span, proposal, related=related)

    def _of_itself(self, condition: typed.Expr, negated: bool, span: Span) -> _Remark | None:
        """Say of a cut, whatever stands before it, that what fails it cannot be, as nothing is below 80 and above 100.

        The same of what passes it, where no quantity is missing.
        """
        while isinstance(condition, typed.Not):
            condition, negated = condition.operand, not negated
        if isinstance(condition, typed.Compare) and condition.operator != "!=" and not negated:
            return None  # most cuts: of one range, `_whole` has said what there is to say
        for code, said, opposite in (("W601", _ALWAYS, not negated), ("W602", _NEVER, negated)):
            for all_exist in (False, True):
                other = Constraints(self._symbols, all_exist=all_exist)._whole(condition, opposite, span)
                if other is None or other[0] != "W602":
                    continue
                why = other[2]
                if why == _EXCLUSIVE:
                    why = f"{why}: is `or` meant?" if code == "W601" and negated else _EXHAUSTIVE
                return code, said + _WHERE_THERE if all_exist else said, why, other[3]
        return None

    def _whole(self, condition: typed.Expr, negated: bool, span: Span) -> _Remark | None:
        """Say what there is to say about a condition, and take note of it."""
        remarks = list(self._parts(condition, negated, span))
        never = [remark for remark in remarks if remark is not None and remark[0] == "W602"]
        if never:
            return never[0]
        # A cut that always passes says nothing new in any of its parts; `a < x < b` may well repeat one of its ends.
        return remarks[0] if all(remarks) else None

    def _any_of(self, remarks: Sequence[_Remark | None]) -> _Remark | None:
        """Say what there is to say where one of some conditions is enough."""
        always = [remark for remark in remarks if remark is not None and remark[:2] == ("W601", _ALWAYS)]
        if always:
            return always[0]
        return remarks[0] if all(remark is not None and remark[0] == "W602" for remark in remarks) else None

    def _parts(self, condition: typed.Expr, negated: bool, span: Span) -> Iterator[_Remark | None]:
        """Yield what there is to say about each of the conditions that have to hold together."""
        if isinstance(condition, typed.Logical) and condition.operator == ("or" if negated else "and"):
            for operand in condition.operands:
                yield from self._parts(operand, negated, span)
        elif isinstance(condition, typed.Logical):
            yield self._any_of([self.copy()._whole(operand, negated, span) for operand in condition.operands])
        elif isinstance(condition, typed.ValueRef) and self._is_short(condition):
            yield from self._parts(self._symbols.values[condition.name].expr, negated, span)
        elif isinstance(condition, typed.Not):
            yield from self._parts(condition.operand, not negated, span)
        elif (why := self._beyond(condition)) is not None:
            yield ("W601", _ALWAYS, why, None) if negated else ("W602", _NEVER, why, None)
        elif isinstance(condition, typed.Compare):
            yield self._compare(condition, negated, span)
        elif (counted := that_count_for_any(condition)) is not None:
            yield self._compare(counted, negated, span)
        else:
            yield None

    def warn_of_missing(self, value: typed.Expr, span: Span) -> None:
        """Warn of a value that exists in no event, because it needs an item beyond those that the cuts leave."""
        why = self._beyond(value)
        if why is not None:
            self._symbols.report("W602", "this is always missing", span, why)

    def _beyond(self, expr: typed.Expr) -> str | None:
        return None if self._all_exist else beyond(self._symbols, expr, self.most_known)

    def one_at_most(self, candidates: str) -> bool:
        """Return whether it is known that an event has no two candidates of a composite, or of an object of those."""
        if self.most_known(candidates) <= 1:
            return True
        block = self._symbols.collections.get(self._symbols.origin(candidates))
        if not isinstance(block, typed.CompositeBlock):
            return False
        of_slots = Counter(slot.collection for slot in block.slots)
        return all(
            self.most_known(collection) <= (1 if block.ordered else number) for collection, number in of_slots.items()
        )

    def least_counted(self, name: str) -> float:
        """Return how many items of a collection `count` asks for at least."""
        known = self._counted(name)
        return 0 if known is None else known.interval.low

    def _counted(self, name: str) -> _Known | None:
        counted = typed.Reduce("count_turns", typed.CollectionRef(name, type=ListType(ItemType(name))), type=INT)
        return self._known.get(of_any_block(counted))

    def most_known(self, name: str) -> float:
        """Return how many items of a collection an event has at most, by what it and the cuts keep."""
        most = self._most_of(name)
        for one in self._symbols.line(name):
            known = self._counted(one)
            most = most if known is None else min(most, known.interval.high)
        return most

    def _is_short(self, condition: typed.Expr) -> bool:
        """Whether a condition is made of few: definitions that are made of one another grow with each step."""
        todo, left = [condition], _MOST_PARTS
        while todo and left:
            left -= 1
            match todo.pop():
                case typed.Logical(_, operands):
                    todo += operands
                case typed.Not(operand):
                    todo.append(operand)
                case typed.ValueRef(name):
                    todo.append(self._symbols.values[name].expr)
        return not todo

    def _compare(self, condition: typed.Compare, negated: bool, span: Span) -> _Remark | None:
        left, right = self._known_value(condition.left), self._known_value(condition.right)
        found = bounded(replace(condition, left=left, right=right), negated=negated)
        if found is None:
            return None
        left, allowed = of_any_block(found[0]), found[1]
        possible = interval(left).meet(Interval(high=self._most(left)))
        if isinstance(left.type, IntType):
            allowed = allowed.whole()
        known = self._known.get(left) or self._of_its_item(found[0]) or _Known(possible, _always_exists(left), NOWHERE)
        met = known.interval.meet(allowed)
        by = known.by if met == known.interval else span
        # A quantity that is missing fails a `select` and passes a `reject`.
        exists = known.exists or not negated or self._all_exist
        self._known[left] = _Known(met, exists, by)
        if met.empty and exists:
            if allowed.empty:
                return "W602", _NEVER, "the quantity is a whole number", None
            if possible.meet(allowed).empty:
                return "W602", _NEVER, f"the quantity is {described(possible, left)}", None
            if known.by is span:
                return "W602", _NEVER, _EXCLUSIVE, None
            return "W602", _NEVER, f"line {known.by.line} asks for the opposite", known.by
        remark = self._by_other_counts(left, met, allowed)
        if remark is not None:
            return remark
        asked_for = self._asked_for_beyond(left, met.high)
        if asked_for is not None:
            why, by = asked_for
            return "W602", _NEVER, why if by is span else f"{why}, for which line {by.line} asks", by
        if not known.interval.within(allowed):
            return self._by_names(found[0], allowed, exists=exists, sure=known.exists or negated)
        if possible.within(allowed):
            where = "" if known.exists or negated else _WHERE_THERE
            return "W601", _ALWAYS + where, f"the quantity is {described(possible, left)}", None
        if known.exists or negated:
            return "W601", _ALWAYS, f"line {known.by.line} asks for it already", known.by
        return None

    def _by_names(self, quantity: typed.Expr, allowed: Interval, *, exists: bool, sure: bool) -> _Remark | None:
        """Say of a quantity what follows from where the format says that it, or what it is made of, lies."""
        lies = stated(self._symbols, quantity)
        if lies.interval.meet(allowed).empty:
            return ("W602", _NEVER, lies.why(quantity), None) if exists else None
        if lies.interval.within(allowed):
            return "W601", _ALWAYS if sure else _ALWAYS + _WHERE_THERE, lies.why(quantity), None
        return None

    def _of_its_item(self, quantity: typed.Expr) -> _Known | None:
        """Return what a block asks of its items, where a quantity is of one: `muons[0].pt`, or `a.pt` of a pair."""
        items = {part for part in distinct(quantity) if self._collection_of(part) is not None}
        if len(items) != 1:
            return None
        (item,) = items
        collection = self._collection_of(item)

        def of_this(part: typed.Expr) -> typed.Expr:
            return THIS if part == item else map_children(part, of_this)

        block = self._of_items.get(collection) if collection is not None else None
        known = block._known.get(of_this(quantity)) if block is not None else None
        if known is None or collection is None:
            return None
        if isinstance(item, typed.At):
            place = int(interval(item.index).low)
            known = replace(known, exists=known.exists and self.show(collection, place + 1 if place >= 0 else -place))
        return known

    def _collection_of(self, item: typed.Expr) -> str | None:
        """Return the collection of an item at some place, or in a slot."""
        match item:
            case typed.At(typed.CollectionRef(name), typed.Constant(int())):
                return name
            case typed.Attribute(typed.This(), slot):
                return self._slots.get(slot)
        return None

    def _by_other_counts(self, counted: typed.Expr, met: Interval, allowed: Interval) -> _Remark | None:
        """Say of a count what follows from one before it, where all that one counts is counted by the other, too."""
        these = counted_by(counted)
        if these is None:
            return None
        for quantity, known in self._known.items():
            others = counted_by(quantity) if quantity != counted and known.by is not NOWHERE else None
            if others is None:
                continue
            line = known.by.line
            if are_among(self._symbols, self._of_items, these, others):
                never = met.low > known.interval.high
                always = allowed.low <= 0 and allowed.high >= known.interval.high
                why = f"line {line} counts them, too: they are among {others.collection}"
            elif are_among(self._symbols, self._of_items, others, these):
                never = met.high < known.interval.low
                always = allowed.high == INF and allowed.low <= known.interval.low
                why = f"those that line {line} counts are counted here, too: they are among {these.collection}"
            else:
                continue
            if never or always:
                code, said = ("W602", _NEVER) if never else ("W601", _ALWAYS)
                return code, said, why, known.by
        return None

    def _asked_for_beyond(self, counted: typed.Expr, most: float) -> tuple[str, Span] | None:
        """Say which item a cut before asks for, beyond those that a collection now has at most; and which cut."""
        match counted:
            case typed.Reduce("count_turns", typed.CollectionRef(collection)) if not self._all_exist:

                def of_line(name: str) -> float:
                    return most if collection in self._symbols.line(name) else INF

                for quantity, known in self._known.items():
                    why = beyond(self._symbols, quantity, of_line) if known.exists else None
                    if why is not None:
                        return why, known.by
        return None

    def _most(self, expr: typed.Expr) -> float:
        """Return how many items there are at most, where an expression counts those of a collection."""
        match expr:
            case typed.Reduce("count_turns", typed.CollectionRef(name)):
                return self._most_of(name)
            case typed.Reduce("count_turns", typed.Comprehension(_, (typed.Loop((_,), typed.CollectionRef(name)),))):
                return self._most_of(name)
        return INF

    def _most_of(self, name: str) -> float:
        """Return how many items of a collection an event has at most, by what it keeps."""
        most = INF
        for block in self._symbols.blocks(name):
            for statement in block.statements:
                if isinstance(statement, typed.KeepFirst):
                    most = min(most, float(statement.count))
                elif isinstance(statement, typed.KeepBest):
                    most = min(most, 1.0)
        return most

    def _known_value(self, expr: typed.Expr) -> typed.Expr:
        """Return the number that a name is defined as; anything else as it is."""
        if isinstance(expr, typed.ValueRef):
            defined = self._symbols.values[expr.name].expr
            return defined if isinstance(defined, typed.Constant) else expr
        return expr


def _always_exists(expr: typed.Expr) -> bool:
    return isinstance(expr, typed.Reduce) and expr.kind in ("count_turns", "count_values")
