"""The criteria of regions that a server applies, and the plan that counts them in all events."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from hepsel.formats.schema import AttributeSpec
from hepsel.plan import nodes
from hepsel.plan.nodes import ColumnRead, CutStep, CutTexts, Definition, Plan, Read, Ref, RegionOutput, Step
from hepsel.plan.passes.dead_columns import dead_columns
from hepsel.plan.remote.conditions import Condition, Holds
from hepsel.plan.remote.decisions import Decision
from hepsel.plan.remote.dialect import Dialect
from hepsel.plan.remote.implied import implied


@dataclass(frozen=True, slots=True)
class Head:
    """The statements of a region that are computed for all events, and what an event has to fulfil to pass them."""

    steps: tuple[Step, ...]
    conditions: tuple[Condition, ...]
    decisions: tuple[Decision, ...]


def cuts(steps: tuple[Step, ...]) -> Iterator[tuple[str, CutStep]]:
    """Yield the criteria among some statements, each with the column that decides it."""
    for step in steps:
        if isinstance(step, CutStep) and isinstance(step.condition, Ref):
            yield step.condition.name, step


def head(region: RegionOutput, dialect: Dialect) -> Head:
    """Return the statements of a region that a server can compute, and say of each criterion where it runs."""
    steps: list[Step] = []
    conditions: list[Condition] = []
    decisions: list[Decision] = []
    stopped = ""
    for step in region.steps:
        match step:
            case CutStep(condition=Ref(name=name), texts=texts):
                reason = dialect.reason(name)
                if reason is None and not stopped:
                    steps.append(step)
                    conditions.append(Holds(name))
                    decisions.append(Decision(texts, True, is_rounded=dialect.is_rounded(name)))
                    continue
                needs = () if stopped else tuple(implied(name, dialect))
                conditions += needs
                why = f"needs {reason}" if reason is not None else f"stands behind {stopped}"
                decisions.append(Decision(texts, False, why, narrows=bool(needs)))
                stopped = stopped or texts.id
            case CutStep():
                if not stopped:
                    steps.append(step)
            case nodes.WeightStep():
                if not stopped:
                    steps.append(step)
            case nodes.SaveStep():
                pass
            case nodes.HistogramStep(name=name) | nodes.BinStep(name=name) | nodes.GridStep(name=name):
                stopped = stopped or f"`{name}`"
    return Head(tuple(steps), tuple(conditions), tuple(decisions))


def counting_plan(plan: Plan, regions: tuple[RegionOutput, ...], flags: Mapping[str, CutTexts], sent: str) -> Plan:
    """Return the plan that counts the rows of some statements in the events that are not sent.

    It reads the flags of the server, and `sent`. Behind the row of all events, its cutflows have two of those that are
    not sent, the second with the weights before the first criterion.
    """
    root = next(d for d in plan.definitions if isinstance(d.op, nodes.Events))
    of_sent = Definition(sent, "bool", root.name, Read(sent))
    others = Definition(f"not_{sent}", "bool", root.name, nodes.Map("not", (Ref(sent),)))
    definitions = tuple(
        Definition(d.name, d.kind, d.axis, Read(d.name), section=d.section, texts=d.texts) if d.name in flags else d
        for d in plan.definitions
    )
    first = CutStep(CutTexts("", "not sent"), Ref(others.name))
    weighted = CutStep(CutTexts("", "not sent, weighted"), None)

    def counted(steps: tuple[Step, ...]) -> tuple[Step, ...]:
        weights = tuple(itertools.takewhile(lambda step: isinstance(step, nodes.WeightStep), steps))
        return (first, *weights, weighted, *steps[len(weights) :])

    regions = tuple(RegionOutput(region.name, counted(region.steps)) for region in regions)
    reads = {**plan.reads, **{name: flag_read(name) for name in (*flags, sent)}}
    counting = replace(
        plan,
        definitions=(root, of_sent, others, *(d for d in definitions if d is not root)),
        blocks=(),
        regions=regions,
        identifiers=(),
        reads=reads,
    )
    return dead_columns(counting)


def flag_read(name: str) -> ColumnRead:
    """Describe a column of truth values that the server computes."""
    return ColumnRead(name, "", AttributeSpec(name, kind="bool", branches=(name,)), (name,), 0, 1.0, 1.0)
