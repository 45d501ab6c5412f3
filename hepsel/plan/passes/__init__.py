"""The passes: pure functions from plan to plan, each of which leaves every output as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hepsel.plan.nodes import Plan
from hepsel.plan.passes.common_subexpressions import common_subexpressions
from hepsel.plan.passes.constant_folding import constant_folding
from hepsel.plan.passes.dead_columns import dead_columns
from hepsel.plan.passes.early_rejection import early_rejection

Pass = Callable[[Plan], Plan]

PASSES: tuple[tuple[str, Pass], ...] = (
    ("constant-folding", constant_folding),
    ("common-subexpressions", common_subexpressions),
    ("early-rejection", early_rejection),
    ("dead-columns", dead_columns),
)
"""Name and function of every pass, in the order in which they run."""


def optimise(plan: Plan, passes: Iterable[tuple[str, Pass]] = PASSES) -> Plan:
    """Apply passes one after the other.

    Parameters
    ----------
    plan
        A plan.
    passes
        Some of `PASSES`, or all.
    """
    for _, function in passes:
        plan = function(plan)
    return plan
