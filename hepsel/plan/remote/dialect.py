"""What the split of a plan asks of the dialect of func_adl that a server understands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from hepsel.plan import nodes
from hepsel.plan.nodes import Definition, Plan
from hepsel.plan.remote.conditions import Condition, Doubt


class Dialect(Protocol):
    """Says of the definitions of one plan why they cannot be expressed."""

    @property
    def plan(self) -> Plan:
        """The plan, before combinations are restricted to some events."""

    @property
    def by_name(self) -> Mapping[str, Definition]:
        """The definitions of the plan."""

    def reason(self, name: str) -> str | None:
        """Return why an axis or column cannot be expressed; `None` when it can."""

    def parts(self, axis: str) -> tuple[str, ...] | str:
        """Return the expressible axes whose rows together are those of an axis, in any order; or why there are none."""

    def is_rounded(self, name: str) -> bool:
        """Whether rounding could decide what a definition needs, so that events close to a bound are sent."""

    def reason_of_test(self, axis: str, test: nodes.Map) -> str | None:
        """Return why it cannot be asked of the items of an axis whether something is true."""

    def doubt(self, conditions: Iterable[Condition], rows: Iterable[nodes.ItemRow]) -> Doubt | None:
        """Return what says that a server cannot decide for certain what it is asked and counts, if that can be."""
