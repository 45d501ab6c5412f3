"""What func_adl's uproot dialect can express, with the same treatment of missing values as the language.

The server has the arrays as they are stored, often 32 bits wide; they are widened before anything is computed from
them. What is computed with IEEE 754's exact operations is the same on every processor. The rest may differ in its last
digits: where that could decide, an event is in doubt (see `Rounding`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from hepsel.plan import nodes
from hepsel.plan.nodes import Plan, Ref
from hepsel.plan.remote.answers import doubt
from hepsel.plan.remote.builder import Builder
from hepsel.plan.remote.conditions import Condition, Doubt
from hepsel.plan.remote.query import Items
from hepsel.plan.remote.rounding import Rounding
from hepsel.plan.remote.rows import EventRow, Inexpressible, ItemRow, check_varies, why_not


class Uproot:
    """Says of the definitions of one plan why they cannot be expressed.

    Parameters
    ----------
    plan
        The plan, before combinations are restricted to some events.
    absent
        Stored columns that the files do not have.
    """

    def __init__(self, plan: Plan, absent: Container[str] = ()) -> None:
        self.plan = plan
        self.absent = absent
        self.by_name = plan.by_name()
        self.rounding = Rounding(self.by_name)
        self.events = self.rounding.events
        self._identifiers = {
            definition.op.column
            for definition in (self.by_name[identifier.value.name] for identifier in plan.identifiers)
            if isinstance(definition.op, nodes.Read)
        }
        self._reasons: dict[str, str | None] = {}
        self._trial = self.builder()

    def builder(self) -> Builder:
        """Return an empty query."""
        return Builder(self.plan, self.by_name, self.absent, self._identifiers)

    # -------------------------------------------------------------- reasons

    def reason(self, name: str) -> str | None:
        """Return why an axis or a column of the events cannot be expressed; `None` when it can."""
        if name not in self._reasons:
            self._reasons[name] = why_not(lambda: self._expressed(name))
        return self._reasons[name]

    def reason_of_test(self, axis: str, test: nodes.Map) -> str | None:
        """Return why it cannot be asked of the items of an axis whether something is true."""

        def ask() -> None:
            row = self._trial.lists.get(axis).row
            self._trial.lists.count(Items(axis), row, self._trial.values.map(test, ItemRow(axis, row)))
            for name in nodes.refs(test):
                self._certain(name)
                if self.rounding.is_inexact(Ref(name)):
                    raise Inexpressible("a computed number")

        return self.reason(axis) or why_not(ask)

    def doubts(self, name: str) -> tuple[str, ...]:
        """Return the columns of events that are true where what a definition needs is in doubt."""
        return self.rounding.doubts(name)

    def doubt(self, conditions: Iterable[Condition], rows: Iterable[nodes.ItemRow]) -> Doubt | None:
        """Return what says that a server cannot decide for certain, if that can be."""
        return doubt(conditions, rows, self)

    def is_rounded(self, name: str) -> bool:
        """Whether rounding could decide what a definition needs."""
        return any(column not in self.rounding.of_whole_numbers for column in self.doubts(name))

    def _expressed(self, name: str) -> None:
        definition = self.by_name[name]
        if definition.kind == "axis":
            self._trial.lists.get(name)
        elif definition.axis in (None, self.events):
            check_varies(self._trial.values.value(Ref(name), EventRow(self.events)))
        else:
            assert definition.axis is not None
            items = self._trial.lists.get(definition.axis)
            check_varies(self._trial.values.value(Ref(name), ItemRow(definition.axis, items.row)))
        self._certain(name)

    def _certain(self, name: str) -> None:
        for column in self.doubts(name):
            self._trial.values.value(Ref(column), EventRow(self.events))

    def parts(self, axis: str) -> tuple[str, ...] | str:
        """Return the expressible axes whose rows together are those of an axis, in any order; or why there are none."""
        reason = self.reason(axis)
        if reason is None:
            return (axis,)
        op = self.by_name[axis].op
        if isinstance(op, nodes.Sorted):
            return self.parts(op.source.name)
        if isinstance(op, nodes.Concat) and op.context.name == self.events:
            reasons = [self.reason(source.name) for source in op.sources]
            return next((r for r in reasons if r is not None), tuple(source.name for source in op.sources))
        return reason
