"""Forms combinations only in events in which somebody looks at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hepsel.plan.nodes import (
    Best,
    BinStep,
    Combine,
    Const,
    CutStep,
    Definition,
    Events,
    Expand,
    GridStep,
    HistogramStep,
    Index,
    Map,
    Operand,
    Plan,
    Reduce,
    Ref,
    SaveStep,
    Sorted,
    Spread,
    Take,
    WeightStep,
    Where,
    in_order,
    needed,
    needs,
    refs,
)


@dataclass(frozen=True, slots=True, order=True)
class Observed:
    """A condition on events: the column `name` is true, or (with `at_least`) the axis `name` has so many rows."""

    name: str
    at_least: int = 0


Guard = frozenset[Observed]
"""Conditions that all hold in the events in which a definition is observed."""


def early_rejection(plan: Plan) -> Plan:
    """Restrict dear axes (combinations, products of lists) to the events in which an output can observe them.

    A criterion of a region is observed where the criteria before it passed, a histogram or weight likewise, a saved
    column where all of them passed. A definition is observed where one of its users is, and the slots of a combination
    moreover only where there are enough base items for one. Rows of other events are left out.

    What is assumed: every operation works event by event and is total, so an absent value in an event that is left out
    cannot change another event, and a criterion that is false because of one rejects the event all the same. Criteria
    take effect in their order: one that stands behind a combination never restricts what is observed before it. Item
    cutflows observe all events; what they count is not restricted.

    >>> from hepsel.plan.passes.example import before_and_after
    >>> before_and_after(early_rejection, '''
    ...     Jet: axis of events = stored Jet.pt
    ...     met: real on events = read MET.pt
    ...     large: bool on events = met > 100000.0
    ...     pairs: axis of events = combine Jet, Jet with 0 < 1
    ...     n: int on events = count pairs
    ...     many: bool on events = n >= 3
    ...     select large
    ...     select many
    ... ''')
    Jet: axis of events = stored Jet.pt
    met: real on events = read MET.pt
    large: bool on events = met > 100000.0
    Jet_wanted: bool on Jet = spread large
    wanted_Jet: axis of events = Jet where Jet_wanted
    pairs: axis of events = combine wanted_Jet, wanted_Jet with 0 < 1
    n: int on events = count pairs
    many: bool on events = n >= 3
    reads Jet.pt, MET.pt
    """
    root = next(d.name for d in plan.definitions if isinstance(d.op, Events))
    dear = [d.name for d in plan.definitions if _is_dear(d, root)]
    if not dear:
        return plan
    definitions = plan.by_name()
    guards = _guards(plan, root)
    for name in dear:
        guard = [need for need in sorted(guards.get(name, frozenset())) if name not in needed([need.name], definitions)]
        if guard:
            editor = _Editor(definitions, root, definitions[name].section)
            editor.restrict(name, guard)
            definitions = {d.name: d for d in in_order(editor.definitions)}
    return replace(plan, definitions=tuple(definitions.values()))


def _is_dear(definition: Definition, root: str) -> bool:
    op = definition.op
    if isinstance(op, Combine):
        return op.context.name == root and len(op.slots) > 1
    return isinstance(op, Expand) and op.context.name != root


def _guards(plan: Plan, root: str) -> dict[str, Guard]:
    """Return for each definition what holds in all events in which it is observed."""
    guards: dict[str, Guard] = {}

    def use(name: str, guard: Guard) -> None:
        known = guards.get(name)
        guards[name] = guard if known is None else known & guard

    for node, guard in _observed(plan):
        for name in refs(node):
            use(name, guard)
    rows_of = _needed_rows(plan.by_name())
    for definition in reversed(plan.definitions):
        if definition.name not in guards:
            continue
        # Without rows of its axis, a column observes nothing; nor does an axis, if it can have none itself.
        rows = rows_of[definition.name if definition.kind == "axis" else definition.axis or root]
        guard = guards[definition.name] | rows
        for name in needs(definition):
            use(name, guard)
    return guards


def _observed(plan: Plan) -> Iterator[tuple[object, Guard]]:
    """Yield what the outputs observe, and what holds where they do."""
    nothing: Guard = frozenset()
    for block in plan.blocks:
        yield block, nothing
    for identifier in plan.identifiers:
        yield identifier, nothing
    for region in plan.regions:
        passed = nothing
        saved = []
        for step in region.steps:
            match step:
                case CutStep(condition=condition):
                    yield step, passed
                    if isinstance(condition, Ref):
                        passed |= {Observed(condition.name)}
                case SaveStep():
                    saved.append(step)
                case WeightStep() | BinStep() | GridStep() | HistogramStep():
                    yield step, passed
        for step in saved:
            yield step, passed


def _needed_rows(definitions: dict[str, Definition]) -> dict[str, Guard]:
    """Return for each axis what holds in the events in which it can have rows that are used."""
    found: dict[str, Guard] = {}
    for name, definition in definitions.items():
        if definition.kind != "axis":
            continue
        op = definition.op
        needs = frozenset(Observed(need.axis.name, need.count) for need in getattr(op, "needs", ()))
        source = op.source.name if isinstance(op, Where | Sorted | Best) else None
        for other in (definition.axis, source):
            if other is not None:
                needs |= found[other]
        found[name] = needs
    return found


class _Editor:
    """Adds definitions to a plan."""

    def __init__(self, definitions: dict[str, Definition], root: str, section: str) -> None:
        self.definitions = dict(definitions)
        self.root = root
        self.section = section

    def _add(self, definition: Definition) -> Ref:
        """Add a definition under a new name, or return one that says the same."""
        number = 2
        name = definition.name
        while name in self.definitions:
            same = replace(self.definitions[name], section=definition.section)
            if same == replace(definition, name=name):
                return Ref(name)
            name = f"{definition.name}_{number}"
            number += 1
        self.definitions[name] = replace(definition, name=name)
        return Ref(name)

    def restrict(self, name: str, guard: list[Observed]) -> None:
        """Restrict a combination or product to the events for which all of some conditions hold."""
        wanted = self._wanted(guard)
        definition = self.definitions[name]
        op = definition.op
        if isinstance(op, Combine):
            slots = {slot.name: self._restricted(slot.name, wanted) for slot in op.slots}
            self.definitions[name] = replace(
                definition, op=replace(op, slots=tuple(slots[slot.name] for slot in op.slots))
            )
            self._move_indexes(name, op, slots)
            return
        assert isinstance(op, Expand)
        spread = self._spread(wanted, op.context.name)
        key = self.definitions[op.key.name]
        chosen = Map("where", (spread, op.key, Const("item", -1)))
        new = Definition(f"wanted_{key.name}", "item", key.axis, chosen, key.target, self.section)
        self.definitions[name] = replace(definition, op=replace(op, key=self._add(new)))

    def _wanted(self, guard: list[Observed]) -> Ref:
        conditions = [self._condition(need) for need in guard]
        if len(conditions) == 1:
            return conditions[0]
        both = Map("and", tuple(conditions))
        return self._add(Definition("wanted", "bool", self.root, both, section=self.section))

    def _condition(self, need: Observed) -> Ref:
        if not need.at_least:
            return Ref(need.name)
        count = Reduce("count", Ref(need.name), None)
        number = self._add(Definition(f"n_{need.name}", "int", self.root, count, section=self.section))
        enough = Map(">=", (number, Const("int", need.at_least)))
        return self._add(Definition(f"enough_{need.name}", "bool", self.root, enough, section=self.section))

    def _spread(self, wanted: Ref, axis: str) -> Operand:
        chain = []
        while axis != self.root:
            chain.append(axis)
            above = self.definitions[axis].axis
            assert above is not None
            axis = above
        value = wanted
        for below in reversed(chain):
            spread = Definition(f"{below}_wanted", "bool", below, Spread(value), section=self.section)
            value = self._add(spread)
        return value

    def _restricted(self, axis: str, wanted: Ref) -> Ref:
        where = Where(Ref(axis), self._spread(wanted, axis))
        return self._add(Definition(f"wanted_{axis}", "axis", self.root, where, section=self.section))

    def _move_indexes(self, name: str, op: Combine, slots: dict[str, Ref]) -> None:
        """Let the rows of the slots be those of the axes before the restriction, as they were."""
        for definition in list(self.definitions.values()):
            index = definition.op
            if not isinstance(index, Index) or index.axis.name != name:
                continue
            slot = op.slots[index.slot].name
            restricted = slots[slot]
            inner = self._add(
                Definition(f"wanted_{definition.name}", "item", name, index, restricted.name, self.section)
            )
            outer = self._add(
                Definition(f"{restricted.name}_index", "item", restricted.name, Index(restricted), slot, self.section)
            )
            self.definitions[definition.name] = replace(definition, op=Take(outer, inner, nullable=False))
