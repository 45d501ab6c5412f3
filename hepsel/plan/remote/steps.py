"""Puts the lists of a query in order: what is made in which step, and what is carried on for later ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace

from hepsel.plan import nodes
from hepsel.plan.remote.lists import GROUP, ItemList, Lists
from hepsel.plan.remote.query import (
    Branch,
    Call,
    Cross,
    Expr,
    Field,
    Filter,
    Groups,
    Items,
    Joined,
    Number,
    Placed,
    Records,
    Slice,
    Step,
    Value,
    Zip,
    lists_in,
    within,
)

FIRST = "first "
LONGEST = 64
"""How many items of a list can be told from one another by their place."""


def before_places(axis: str) -> str:
    """Return the name of a list before its items get their places: of its first items, one more than can have one."""
    return f"{FIRST}{axis}"


class Steps:
    """Makes the steps that some expressions need.

    Parameters
    ----------
    lists
        The lists of the query, with all fields that the expressions need.
    results
        Expressions over what the last step has.
    """

    def __init__(self, lists: Lists, results: Sequence[Expr]) -> None:
        self.lists = lists
        self.of_events = self._of_events(results)
        asked = [*results, *(value for _, value in self.of_events.values())]
        self.needed = self._closure({_plain(name) for result in asked for name in lists_in(result)})
        for axis in self.needed:
            self._field(lists.all[axis])
        uses = Counter(_plain(name) for result in asked for name in lists_in(result))
        for axis in self.needed:
            uses.update(_plain(name) for name in self._sources(lists.all[axis]))
        self.fused = {axis for axis in self.needed if uses[axis] == 1 and self._is_fused(axis)}
        self._numbers: dict[str, int] = {}
        self.results = tuple(results)

    def _of_events(self, results: Iterable[Expr]) -> dict[str, tuple[int, Expr]]:
        """Return the values of events with a name that are needed, in the order in which they were made."""
        found: set[str] = set()
        waiting = list(results)
        while waiting:
            for part in within(waiting.pop()):
                if isinstance(part, Field) and part.of == "" and part.name in self.lists.of_events:
                    if part.name not in found:
                        waiting.append(self.lists.of_events[part.name][1])
                    found.add(part.name)
        return {name: value for name, value in self.lists.of_events.items() if name in found}

    def _sources(self, items: ItemList) -> Iterator[str]:
        """Yield the lists that a list is made from, each as often as it is needed."""
        if items.chain is not None:
            yield from lists_in(items.chain)
        for axis, _ in items.parts:
            yield axis
        for made in items.made.values():
            for expr in made:
                yield from lists_in(expr)
        for _, expr in items.computed.values():
            yield from lists_in(expr)

    def _closure(self, names: Iterable[str]) -> list[str]:
        found: dict[str, None] = {}

        def visit(name: str) -> None:
            if name not in found:
                for source in self._sources(self.lists.all[name]):
                    visit(source)
                found[name] = None

        for name in names:
            visit(name)
        return [name for name in self.lists.all if name in found]

    def _is_fused(self, axis: str) -> bool:
        """Whether the only list that is made from another one can be made in the same step."""
        if self.lists.all[axis].place is not None:
            return False
        # What is stored is only there in the first step, in which no other list is.
        return any(
            one.source is not None and one.source.axis == axis and set(self._sources(one)) == {axis}
            for one in (self.lists.all[name] for name in self.needed)
        )

    def _field(self, items: ItemList) -> str:
        """Return some field that the items of a list have; a record needs one."""
        if items.source is not None:
            return self._field(items.source)
        if not items.made:
            name = items.new_field("any", "there")
            if isinstance(items.op, nodes.Stored):
                items.made[name] = (Branch(items.op.column),)
            else:
                made = [Field(row, self._field(self.lists.all[axis])) for axis, row in items.parts]
                items.made[name] = tuple(made) if isinstance(items.op, nodes.Concat) else (made[0],)
        return next(iter(items.made))

    # -------------------------------------------------------------- one list

    def _made(self, items: ItemList) -> Expr:
        """Return a list as it is made, before its items get a place and further fields."""
        if items.chain is not None:
            assert items.source is not None
            source = items.source.axis
            return _with_source(items.chain, self.whole(source)) if source in self.fused else items.chain
        if isinstance(items.op, nodes.Stored):
            return Zip(tuple((name, made[0]) for name, made in items.made.items()))
        if isinstance(items.op, nodes.Concat):
            return Joined(
                tuple(
                    Records(Items(axis), str(row), self._columns(items, part))
                    for part, (axis, row) in enumerate(items.parts)
                )
            )
        axis, row = items.parts[0]
        columns = self._columns(items, 0)
        if len(items.parts) == 1 or items.parts[1][1] != "other":
            return Records(Groups(Items(axis), len(items.parts)), GROUP, columns)
        crossed = Cross(Items(axis), str(row), items.parts[1][0], "other", columns)
        return crossed if items.apart is None else Filter(crossed, items.row, items.apart)

    def _columns(self, items: ItemList, part: int) -> tuple[tuple[str, Expr], ...]:
        axis, row = items.parts[part]
        return tuple((name, self._solid(made[part], axis, row)) for name, made in items.made.items())

    def _solid(self, expr: Expr, axis: str, row: object) -> Expr:
        """Return an expression that has a value for every item, also where it is a constant."""
        if any(isinstance(part, Field) for part in within(expr)):
            return expr
        there = Field(row, self._field(self.lists.all[axis]))  # type: ignore[arg-type]
        zero = Call("*", (Call("==", (there, there)), Number(0)))
        if isinstance(expr, Number) and isinstance(expr.value, bool):
            # No number: where items are selected by numbers, these are taken for their places.
            return Call("==" if expr.value else "!=", (zero, Number(0)))
        return Call("+", (zero, expr))

    def whole(self, axis: str) -> Expr:
        """Return a list with all its fields."""
        items = self.lists.all[axis]
        made = self._made(items)
        names = [*(items.source.all_fields() if items.source is not None else ()), *items.made]
        if items.place is not None:
            made = Placed(before_places(axis), tuple(names), items.place, LONGEST + 1)
            names.append(items.place)
        for level in range(1, 1 + max((level for level, _ in items.computed.values()), default=0)):
            new = {name: expr for name, (at, expr) in items.computed.items() if at == level}
            columns = (*((name, Field(items.row, name)) for name in names), *new.items())
            made = Records(made, items.row, columns)
            names += new
        return made

    def number(self, axis: str) -> int:
        """Return the step in which a list is there in full, from 1."""
        if axis not in self._numbers:
            items = self.lists.all[axis]
            needs = [
                self.number(name) - (name in self.fused) for name in map(_plain, self._sources(items)) if name != axis
            ]
            self._numbers[axis] = 1 + max(needs, default=0) + (items.place is not None)
        return self._numbers[axis]

    # -------------------------------------------------------------- all lists

    def steps(self) -> tuple[Step, ...]:
        """Return the steps, each with what later ones need."""
        made: list[tuple[int, Value]] = []
        for axis in self.needed:
            if axis in self.fused:
                continue
            items = self.lists.all[axis]
            number = self.number(axis)
            criteria = self._criteria(items)
            if items.place is not None:
                some = Slice(self._made(items), 0, LONGEST + 1)
                made.append((number - 1, Value(before_places(axis), some, criteria)))
                criteria = ()
            made.append((number, Value(axis, self.whole(axis), criteria)))
        last = max([number for number, _ in made], default=1 if self.lists.event_values else 0)
        # Lists need no value of an event but what is stored.
        events = [(1, Value(name, value)) for name, value in self.lists.event_values.items()]
        events += [(last + level, Value(name, value)) for name, (level, value) in self.of_events.items()]
        last = max([last, *(number for number, _ in events)])
        needs = [(at, set(lists_in(value.value))) for at, value in (*made, *events)]
        of_results = {name for result in self.results for name in lists_in(result)}
        found = []
        for number in range(1, last + 1):
            new = [value for at, value in made if at == number]
            wanted = of_results.union(*(names for at, names in needs if at > number))
            old = [value for at, value in made if at < number and value.name in wanted]
            carried = [Value(value.name, Items(value.name)) for value in old]
            known = [v if at == number else Value(v.name, Field("", v.name)) for at, v in events if at <= number]
            found.append((*known, *carried, *new))
        return tuple(found)

    def _criteria(self, items: ItemList) -> tuple[nodes.CutTexts, ...]:
        below = items.source
        before = self._criteria(below) if below is not None and below.axis in self.fused else ()
        return tuple(dict.fromkeys((*before, *items.criteria)))


def _plain(name: str) -> str:
    return name.removeprefix(FIRST)


def _with_source(chain: Expr, source: Expr) -> Expr:
    """Return a chain of operations on another list."""
    if isinstance(chain, Items):
        return source
    (name,) = (item.name for item in fields(chain) if item.name == "source")
    return replace(chain, **{name: _with_source(getattr(chain, name), source)})
