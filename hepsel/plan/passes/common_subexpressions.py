"""Computes once what is written several times."""

from __future__ import annotations

from dataclasses import replace

from hepsel.plan.nodes import Definition, Plan, Ref, changed, map_operands, map_plan


def common_subexpressions(plan: Plan) -> Plan:
    """Replace a definition by an earlier one that says the same.

    Every operation is total and has no effects, so two that look alike have the same values, missing ones included.

    >>> from hepsel.plan.passes.example import before_and_after
    >>> before_and_after(common_subexpressions, '''
    ...     Jet: axis of events = stored Jet.pt
    ...     pt: real on Jet = read Jet.pt
    ...     hard: bool on Jet = pt > 30000.0
    ...     again: bool on Jet = pt > 30000.0
    ...     n: int on events = count Jet.hard
    ...     m: int on events = count Jet.again
    ...     same: bool on events = n == m
    ...     select same
    ... ''')
    Jet: axis of events = stored Jet.pt
    pt: real on Jet = read Jet.pt
    hard: bool on Jet = pt > 30000.0
    n: int on events = count Jet.hard
    same: bool on events = n == n
    reads Jet.pt
    """
    replaced: dict[str, Ref] = {}
    first: dict[str, Definition] = {}
    kept: dict[str, Definition] = {}

    def name_of(name: str | None) -> str | None:
        return replaced[name].name if name in replaced else name

    for definition in plan.definitions:
        op = map_operands(definition.op, replaced)
        axis, target = name_of(definition.axis), name_of(definition.target)
        # By its text: in Python, Const(1) and Const(True), or 0.0 and -0.0, are equal.
        key = repr((definition.kind, axis, op))
        known = first.get(key)
        if known is None:
            kept[definition.name] = changed(definition, op=op, axis=axis, target=target)
            first[key] = kept[definition.name]
            continue
        replaced[definition.name] = Ref(known.name)
        if kept[known.name].texts is None and definition.texts is not None:
            kept[known.name] = replace(kept[known.name], texts=definition.texts)
    outputs = map_plan(replace(plan, definitions=()), replaced)
    return replace(outputs, definitions=tuple(kept.values()))
