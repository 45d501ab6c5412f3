"""Decides which criteria a server applies, and keeps every row of the cutflow right in spite of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from hepsel.formats.loader import XAOD_DIALECTS
from hepsel.plan.nodes import CutTexts, ItemRow, Plan, RegionOutput, new_name
from hepsel.plan.passes import PASSES, optimise
from hepsel.plan.passes.early_rejection import early_rejection
from hepsel.plan.remote.branches import Naming, Sample, naming
from hepsel.plan.remote.conditions import Condition, Necessary
from hepsel.plan.remote.decisions import Decision, in_order
from hepsel.plan.remote.dialect import Dialect
from hepsel.plan.remote.heads import Head, counting_plan, cuts, head
from hepsel.plan.remote.item_rows import item_decisions, remote_rows
from hepsel.plan.remote.uproot import Uproot
from hepsel.plan.remote.xaod import Xaod, check_readable


@dataclass(frozen=True)
class Split:
    """A plan, divided between a server and the reader of what the server returns.

    Attributes
    ----------
    dialect
        The plan that the conditions are taken from, and what of it can be expressed.
    naming
        What the stored columns are called.
    local
        The whole plan, to be computed for the events that the server sends: that is cheap, and needs no other columns.
    wanted
        What selects these events; `()` sends all.
    flags
        Columns of truth values that the server computes in all events, each with a criterion that it decides.
    sent
        Column of truth values that says which events are sent.
    counts
        Plan over the flags, `sent`, and stored columns of all events: the rows of the cutflows of the events that are
        not sent. `None` where the server sends all events.
    items
        Rows of the item-level cutflows that the server counts in all events, by block and place.
    decisions
        One for each criterion, in their order.
    """

    dialect: Dialect
    naming: Naming
    local: Plan
    wanted: Necessary
    flags: Mapping[str, CutTexts] = field(default_factory=dict)
    sent: str = "is_sent"
    counts: Plan | None = None
    items: Mapping[tuple[str, int], ItemRow] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()


def split(plan: Plan, sample: Sample | None = None) -> Split:
    """Divide a plan between a server that speaks a dialect of func_adl and the local code.

    The server drops the events that fail a criterion which it can express exactly and which no row of the cutflow, no
    histogram and no bin needs them for. For each region these are the criteria before the first one that stays local
    or the first histogram or bin, and what must hold for that one to be true: an event without four leptons has no
    candidate of four. An event is kept that some region needs, or an item-level cutflow which only the local code can
    count, or in which rounding could decide what the server asks (see `Rounding`). What is kept is computed again, in
    full; of the other events the rows are counted, through values that the server returns for all of them. So every
    event is decided once, and none by two processors.

    Parameters
    ----------
    plan
        A plan as `lower` returns it.
    sample
        A file that has the branches which the server will meet. Without one, they have the first of their names.

    Raises
    ------
    HepselError
        When the sample lacks what the program needs, or the format does not say how the dialect reads it.
    """
    base = optimise(plan, [one for one in PASSES if one[1] is not early_rejection])
    local = optimise(plan)
    names = naming(plan, sample)
    names.check(local)
    absent = {name for name, branch in names.branches.items() if branch is None}
    dialect: Dialect
    if plan.header.servicex in XAOD_DIALECTS:
        dialect = Xaod(base, plan.header.servicex, absent)
        check_readable(local, dialect)
    else:
        dialect = Uproot(base, absent)
    heads = [head(region, dialect) for region in base.regions]
    remote, needs = remote_rows(base, dialect)
    reason = _why_all(base, heads, needs)
    if reason is not None:
        decisions = [
            replace(d, is_remote=False, reason=reason if d.is_remote else d.reason, narrows=False)
            for one in heads
            for d in one.decisions
        ]
        decisions += item_decisions(base, (), {}, dialect)
        return Split(dialect, names, local, (), decisions=in_order(decisions))
    wanted = tuple(dict.fromkeys([*(one.conditions for one in heads), *needs.values()]))
    asked = [condition for conditions in wanted for condition in conditions]
    in_doubt = dialect.doubt(asked, remote.values())
    if in_doubt is not None:
        wanted += ((in_doubt,),)
    flags = {name: step.texts for one in heads for name, step in cuts(one.steps)}
    regions = tuple(RegionOutput(r.name, one.steps) for r, one in zip(base.regions, heads, strict=True))
    decisions = [decision for one in heads for decision in one.decisions]
    decisions += item_decisions(base, wanted, remote, dialect)
    sent = new_name("is_sent", dialect.by_name)
    counts = counting_plan(base, regions, flags, sent)
    return Split(dialect, names, local, wanted, flags, sent, counts, remote, in_order(decisions))


def _why_all(plan: Plan, heads: Sequence[Head], needs: Mapping[str, tuple[Condition, ...]]) -> str | None:
    """Say why the server has to send all events, if it has to."""
    if not plan.regions:
        return "there is no region"
    bare = [region.name for region, one in zip(plan.regions, heads, strict=True) if not one.conditions]
    bare += [f"item-level cutflow at {name}" for name, conditions in needs.items() if not conditions]
    return f"the {bare[0]} needs all events" if bare else None
