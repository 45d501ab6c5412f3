"""Drops what no output needs, so that only needed branches are read."""

from __future__ import annotations

from dataclasses import replace

from hepsel.plan.nodes import ColumnRead, Definition, Plan, Read, ReadValid, Stored, needed, refs


def dead_columns(plan: Plan) -> Plan:
    """Drop definitions that no output needs, and the columns that are then not read.

    A stored collection is counted by a column that is read anyway, where there is one.

    >>> from hepsel.plan.passes.example import before_and_after
    >>> before_and_after(dead_columns, '''
    ...     Jet: axis of events = stored Jet.pt
    ...     pt: real on Jet = read Jet.pt
    ...     eta: real on Jet = read Jet.eta
    ...     n: int on events = count Jet
    ...     hard: bool on events = n >= 2
    ...     select hard
    ... ''')
    Jet: axis of events = stored Jet.pt
    n: int on events = count Jet
    hard: bool on events = n >= 2
    reads Jet.pt
    """
    wanted = set(needed(refs((plan.blocks, plan.regions, plan.identifiers)), plan.by_name()))
    kept = tuple(d for d in plan.definitions if d.name in wanted or (d.axis is None and d.kind == "axis"))
    read = {d.op.column for d in kept if isinstance(d.op, Read | ReadValid)}
    kept = tuple(_counted(d, plan, read) for d in kept)
    read |= {d.op.column for d in kept if isinstance(d.op, Stored)}
    return replace(plan, definitions=kept, reads={name: plan.reads[name] for name in plan.reads if name in read})


def _counted(definition: Definition, plan: Plan, read: set[str]) -> Definition:
    """Let a column that is read count the items of a stored collection."""
    op = definition.op
    if not isinstance(op, Stored):
        return definition
    own = plan.reads[op.column]
    if own.spec.is_list:
        return definition  # the elements of a list attribute, also of the event: only that column counts them
    candidates = [r for r in plan.reads.values() if r.collection == own.collection and r.name in read and _counts(r)]
    if op.column in read or not candidates:
        return definition
    best = min(candidates, key=lambda r: (r.spec.is_list, r.name))
    return replace(definition, op=Stored(best.name))


def _counts(read: ColumnRead) -> bool:
    return read.depth >= 1 and read.spec.default is None
