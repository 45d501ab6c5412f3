"""Decides which criteria a server applies, and keeps every row of the cutflow right in spite of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hepsel.errors import HepselError
from hepsel.formats.schema import AttributeSpec
from hepsel.plan import nodes
from hepsel.plan.nodes import (
    ColumnRead,
    Const,
    CutStep,
    CutTexts,
    Definition,
    ItemRow,
    Plan,
    Read,
    Ref,
    RegionOutput,
    Step,
)
from hepsel.plan.passes import PASSES, optimise
from hepsel.plan.passes.dead_columns import dead_columns
from hepsel.plan.passes.early_rejection import early_rejection
from hepsel.plan.remote.branches import Naming, Sample, naming
from hepsel.plan.remote.uproot import Uproot


@dataclass(frozen=True, slots=True)
class Holds:
    """A condition on events: the column is true."""

    name: str


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A condition on events: the axes have together so many rows."""

    axes: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Some:
    """A condition on events: something is true of a row of the axis."""

    axis: str
    test: nodes.Map


Condition = Holds | AtLeast | Some
Necessary = tuple[tuple[Condition, ...], ...]
"""Conditions of the regions, one tuple for each: an event is wanted where all of those of some region hold."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a criterion runs, and why there.

    Attributes
    ----------
    texts
        The criterion.
    is_remote
        Whether the server applies it.
    reason
        Why not.
    narrows
        Whether the server drops events all the same, those in which it cannot be true.
    """

    texts: CutTexts
    is_remote: bool
    reason: str = ""
    narrows: bool = False


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
    counts
        Plan over the flags, and over stored columns of all events: the rows of the cutflows that the server's selection
        would make wrong. `None` where the server sends all events.
    items
        Rows of the item-level cutflows that the server counts in all events, by block and place.
    decisions
        One for each criterion, in their order.
    """

    dialect: Uproot
    naming: Naming
    local: Plan
    wanted: Necessary
    flags: Mapping[str, CutTexts] = field(default_factory=dict)
    counts: Plan | None = None
    items: Mapping[tuple[str, int], ItemRow] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()


def split(plan: Plan, sample: Sample | None = None) -> Split:
    """Divide a plan between a server that speaks func_adl's uproot dialect and the local code.

    The server drops the events that fail a criterion which it can express exactly and which no row of the cutflow, no
    histogram and no bin needs them for. For each region these are the criteria before the first one that stays local
    or the first histogram or bin, and what must hold for that one to be true: an event without four leptons has no
    candidate of four. An event is kept that some region needs, or an item-level cutflow which only the local code can
    count. The rows of the criteria that are applied so are counted in all events, through values that the server
    returns for each of them.

    Parameters
    ----------
    plan
        A plan as `lower` returns it.
    sample
        A file that has the branches which the server will meet. Without one, they have the first of their names.

    Raises
    ------
    HepselError
        When the format is read with another dialect, or the sample lacks what the program needs.
    """
    header = plan.header
    if header.servicex != "uproot":
        raise HepselError(
            f"the format {header.format} needs the {header.servicex} dialect of func_adl, which hepsel does not write;"
            " formats with flat trees can be compiled for ServiceX"
        )
    base = optimise(plan, [one for one in PASSES if one[1] is not early_rejection])
    local = optimise(plan)
    names = naming(plan, sample)
    names.check(local)
    dialect = Uproot(base, {name for name, branch in names.branches.items() if branch is None})
    heads = [_head(region, dialect) for region in base.regions]
    remote, needs = _items(base, dialect)
    reason = _why_all(base, heads, needs)
    if reason is not None:
        decisions = [
            replace(d, is_remote=False, reason=reason if d.is_remote else d.reason, narrows=False)
            for head in heads
            for d in head.decisions
        ]
        decisions += _item_decisions(base, (), {}, dialect)
        return Split(dialect, names, local, (), decisions=_in_order(decisions))
    wanted = tuple(dict.fromkeys([*(head.conditions for head in heads), *needs.values()]))
    flags = {name: step.texts for head in heads for name, step in _cuts(head.steps)}
    regions = tuple(RegionOutput(r.name, head.steps) for r, head in zip(base.regions, heads, strict=True))
    decisions = [decision for head in heads for decision in head.decisions]
    decisions += _item_decisions(base, wanted, remote, dialect)
    return Split(dialect, names, local, wanted, flags, _counts(base, regions, flags), remote, _in_order(decisions))


def _in_order(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return each decision once, in the order of the program."""
    return tuple(sorted(dict.fromkeys(decisions), key=lambda decision: decision.texts.line))


def _items(plan: Plan, dialect: Uproot) -> tuple[dict[tuple[str, int], ItemRow], dict[str, tuple[Condition, ...]]]:
    """Return the rows of the item-level cutflows that the server can count, and what each other row needs."""
    remote = {}
    needs = {}
    for block in plan.blocks:
        for place, row in enumerate(block.rows):
            if _item_reason(row, dialect) is None:
                remote[block.name, place] = row
            else:
                needs[row.texts.id] = tuple(_has_rows(row.axis.name, 1, dialect))
    return remote, needs


def _item_reason(row: ItemRow, dialect: Uproot) -> str | None:
    """Say why the server cannot count the items of a row, if it cannot."""
    if row.mask is None:
        parts = dialect.parts(row.axis.name)
        return parts if isinstance(parts, str) else None
    reason = "a constant" if isinstance(row.mask, Const) else dialect.reason(row.mask.name)
    return dialect.reason(row.axis.name) or reason


def _why_all(plan: Plan, heads: Sequence[_Head], needs: Mapping[str, tuple[Condition, ...]]) -> str | None:
    """Say why the server has to send all events, if it has to."""
    if not plan.regions:
        return "there is no region"
    bare = [region.name for region, head in zip(plan.regions, heads, strict=True) if not head.conditions]
    bare += [f"item-level cutflow at {name}" for name, conditions in needs.items() if not conditions]
    return f"the {bare[0]} needs all events" if bare else None


def _item_decisions(
    plan: Plan, wanted: Necessary, remote: Mapping[tuple[str, int], ItemRow], dialect: Uproot
) -> list[Decision]:
    """Say of the criteria on items which of them the server applies where it counts items."""
    counted = {row.texts.id for row in remote.values()}
    used = _used(wanted, dialect)
    found = []
    for definition in plan.definitions:
        if definition.texts is None or plan.sections.get(definition.section) == "region":
            continue
        is_remote = definition.name in used or definition.texts.id in counted
        reason = dialect.reason(definition.name)
        why = f"needs {reason}" if reason is not None else "nothing that the server applies counts these items"
        found.append(Decision(definition.texts, is_remote, "" if is_remote else why))
    return found


def _names(condition: Condition) -> tuple[str, ...]:
    """Return the definitions that a condition is about."""
    match condition:
        case Holds(name=name):
            return (name,)
        case AtLeast(axes=axes):
            return axes
        case Some(axis=axis, test=test):
            return (axis, *nodes.refs(test))


def _used(wanted: Necessary, dialect: Uproot) -> set[str]:
    """Return the definitions that some conditions need."""
    used: set[str] = set()
    stack = [name for conditions in wanted for condition in conditions for name in _names(condition)]
    while stack:
        name = stack.pop()
        if name not in used:
            used.add(name)
            stack.extend(nodes.refs(dialect.by_name[name].op))
    return used


@dataclass(frozen=True, slots=True)
class _Head:
    """The statements of a region that are computed for all events, and what an event has to fulfil to pass them."""

    steps: tuple[Step, ...]
    conditions: tuple[Condition, ...]
    decisions: tuple[Decision, ...]


def _cuts(steps: tuple[Step, ...]) -> Iterator[tuple[str, CutStep]]:
    for step in steps:
        if isinstance(step, CutStep) and isinstance(step.condition, Ref):
            yield step.condition.name, step


def _head(region: RegionOutput, dialect: Uproot) -> _Head:
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
                    decisions.append(Decision(texts, True))
                    continue
                implied = () if stopped else tuple(_implied(name, dialect))
                conditions += implied
                why = f"needs {reason}" if reason is not None else f"stands behind {stopped}"
                decisions.append(Decision(texts, False, why, narrows=bool(implied)))
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
    return _Head(tuple(steps), tuple(conditions), tuple(decisions))


def _implied(name: str, dialect: Uproot) -> Iterator[Condition]:
    """Yield conditions that the dialect can express, and that hold wherever a column of events is true."""
    if dialect.reason(name) is None:
        yield Holds(name)
        return
    op = dialect.by_name[name].op
    if not isinstance(op, nodes.Map):
        return
    if op.function == "and":
        for argument in op.arguments:
            if isinstance(argument, Ref):
                yield from _implied(argument.name, dialect)
        return
    counted = _counted(op, dialect)
    if counted is not None:
        yield from _has_rows(*counted, dialect)
    chosen = _chosen(op, dialect)
    if chosen is not None and dialect.reason_of_test(chosen.axis, chosen.test) is None:
        yield chosen


def _chosen(op: nodes.Map, dialect: Uproot) -> Some | None:
    """Return what a comparison says of some row, if it is of the value of one row that is chosen among others.

    Comparisons with what is missing are false, but for `!=` in a plan.
    """
    if op.function not in ("<", "<=", ">", ">=", "=="):
        return None
    for place, argument in enumerate(op.arguments):
        if not isinstance(argument, Ref) or not isinstance(op.arguments[1 - place], Const):
            continue
        value = dialect.by_name[argument.name].op
        axis, column = "", None
        if isinstance(value, nodes.Reduce) and value.kind in ("min", "max", "largest", "smallest"):
            axis, column = value.axis.name, value.value
        elif isinstance(value, nodes.Take):
            index = dialect.by_name[value.index.name].op
            if isinstance(index, nodes.ArgBest) or (isinstance(index, nodes.ElementAt) and index.parent is None):
                axis, column = index.axis.name, value.value
        if isinstance(column, Ref):
            arguments = (column, op.arguments[1]) if place == 0 else (op.arguments[0], column)
            return Some(axis, nodes.Map(op.function, arguments))
    return None


def _counted(op: nodes.Map, dialect: Uproot) -> tuple[str, int] | None:
    """Return the axis of which a condition asks for at least so many rows."""
    first, *others = op.arguments
    if len(others) != 1 or not isinstance(first, Ref) or not isinstance(others[0], Const):
        return None
    reduced = dialect.by_name[first.name].op
    if not isinstance(reduced, nodes.Reduce) or reduced.kind != "count" or reduced.value is not None:
        return None
    number = others[0].value
    least = int(number) + (1 if op.function == ">" else 0)
    if op.function not in (">", ">=", "==") or number != int(number) or least < 1:
        return None
    return reduced.axis.name, least


def _has_rows(axis: str, count: int, dialect: Uproot) -> Iterator[Condition]:
    """Yield what must hold in an event in which an axis has so many rows."""
    op = dialect.by_name[axis].op
    parts = dialect.parts(axis)
    if not isinstance(parts, str):
        yield AtLeast(parts, count)
    elif isinstance(op, nodes.Where | nodes.Sorted | nodes.Best):
        yield from _has_rows(op.source.name, count, dialect)
    elif isinstance(op, nodes.Combine):
        for need in op.needs:
            yield from _has_rows(need.axis.name, need.count, dialect)


def _counts(plan: Plan, regions: tuple[RegionOutput, ...], flags: Mapping[str, CutTexts]) -> Plan:
    """Return the plan that counts the rows of some statements in all events, reading the flags of the server."""
    definitions = tuple(
        Definition(d.name, d.kind, d.axis, Read(d.name), section=d.section, texts=d.texts) if d.name in flags else d
        for d in plan.definitions
    )
    reads = {**plan.reads, **{name: flag_read(name) for name in flags}}
    return dead_columns(replace(plan, definitions=definitions, blocks=(), regions=regions, identifiers=(), reads=reads))


def flag_read(name: str) -> ColumnRead:
    """Describe a column of truth values that the server computes."""
    return ColumnRead(name, "", AttributeSpec(name, kind="bool", branches=(name,)), (name,), 0, 1.0)
