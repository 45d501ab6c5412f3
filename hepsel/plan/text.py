"""A plan as text, for people."""

from __future__ import annotations

from collections.abc import Iterator

from hepsel.plan import nodes
from hepsel.plan.nodes import Definition, Operand, Plan, Ref

INFIX = frozenset(("+", "-", "*", "/", "^", "<", "<=", ">", ">=", "==", "!=", "and", "or"))


def format_plan(plan: Plan) -> str:
    """Return a plan as readable text: definitions by section, then what is observed of them."""
    lines = [f"plan {plan.header.title!r} for {plan.header.format}", ""]
    lines.append(f"reads {', '.join(plan.reads) or 'nothing'}")
    section = None
    for definition in plan.definitions:
        if definition.section != section:
            section = definition.section
            lines += ["", f"# {section or 'events'}"]
        if definition.texts is not None:
            lines.append(f"# {definition.texts.id}: {definition.texts.label}")
        lines.append(format_definition(definition))
    lines += _outputs(plan)
    return "\n".join(lines) + "\n"


def format_definition(definition: Definition) -> str:
    """Return one definition as text: name, kind, axis, operation."""
    kind = f"item of {definition.target}" if definition.kind == "item" else definition.kind
    home = ""
    if definition.axis is not None:
        home = f" {'of' if definition.kind == 'axis' else 'on'} {definition.axis}"
    return f"{definition.name}: {kind}{home} = {format_op(definition.op)}"


def format_op(op: nodes.Op) -> str:
    """Return an operation as text."""
    match op:
        case nodes.Events():
            return "all events"
        case nodes.Stored(column=column):
            return f"stored {column}"
        case nodes.Where(source=source, mask=mask):
            return f"{source.name} where {_text(mask)}"
        case nodes.Sorted(source=source, keys=keys):
            return f"{source.name} sorted by {', '.join(map(_key, keys))}"
        case nodes.Best(source=source, keys=keys):
            return f"best of {source.name} by {', '.join(map(_key, keys))}"
        case nodes.Concat(sources=sources):
            return f"concatenate {', '.join(source.name for source in sources)}"
        case nodes.Combine(slots=slots, relations=relations):
            asked = ", ".join(f"{r.earlier} {r.operator} {r.later}" for r in relations)
            return f"combine {', '.join(slot.name for slot in slots)}" + (f" with {asked}" if asked else "")
        case nodes.Expand(source=source, key=key):
            return f"{source.name} of each {key.name}"
        case nodes.Each(context=context):
            return f"one for each {context.name}"
        case nodes.Flatten(source=source):
            return f"flatten {source.name}"
        case nodes.Read(column=column, exact=exact):
            return f"read {column}" + (" as it is" if exact else "")
        case nodes.ReadValid(column=column):
            return f"exists {column}"
        case nodes.Map(function=function, arguments=arguments) if function in INFIX:
            return f" {function} ".join(map(_text, arguments))
        case nodes.Map(function=function, arguments=arguments):
            return f"{function}({', '.join(map(_text, arguments))})"
        case nodes.Lookup(table=table, arguments=arguments):
            return f"table {table}({', '.join(map(_text, arguments))})"
        case nodes.Fill(value=value):
            return f"constant {_text(value)}"
        case nodes.Spread(value=value):
            return f"spread {_text(value)}"
        case nodes.View(value=value):
            return f"view {_text(value)}"
        case nodes.Take(value=value, index=index, nullable=nullable):
            return f"{_text(value)}[{index.name}{'?' if nullable else ''}]"
        case nodes.Index(axis=axis, slot=slot):
            return f"index {slot} of {axis.name}"
        case nodes.Merge(axis=axis, values=values):
            return f"merge {axis.name} from {', '.join(map(_text, values))}"
        case nodes.Rows(axis=axis):
            return f"rows of {axis.name}"
        case nodes.Parent(axis=axis):
            return f"parent of {axis.name}"
        case nodes.Position(axis=axis):
            return f"place in {axis.name}"
        case nodes.ElementAt(axis=axis, parent=parent, index=index, from_end=from_end):
            below = f" under {parent.name}" if parent is not None else ""
            return f"{axis.name}{below} at {_text(index)}" + (" (or from the end)" if from_end else "")
        case nodes.IsFirst(axis=axis, value=value):
            return f"first {value.name} in {axis.name}"
        case nodes.Reduce(kind=kind, axis=axis, value=value, k=k):
            what = f"{axis.name}.{_text(value)}" if value is not None else axis.name
            return f"{kind} {what}" + (f", {k}" if kind in ("largest", "smallest") else "")
        case nodes.GroupOf(axis=axis, momentum=momentum):
            return f"megajet in {axis.name} by {', '.join(map(_text, momentum))}"
        case nodes.ArgBest(axis=axis, key=key, highest=highest, k=k):
            return f"{'highest' if highest else 'lowest'} {k} of {axis.name} by {_text(key)}"
    raise AssertionError(op)


def _text(operand: Operand) -> str:
    if isinstance(operand, Ref):
        return operand.name
    return f"{operand.enumeration}:{operand.value}" if operand.enumeration else str(operand.value)


def _key(key: nodes.SortKey) -> str:
    return f"{_text(key.value)} {'descending' if key.descending else 'ascending'}"


def _outputs(plan: Plan) -> Iterator[str]:
    for block in plan.blocks:
        yield ""
        yield f"items {block.name}"
        for row in block.rows:
            mask = f" where {_text(row.mask)}" if row.mask is not None else ""
            external = "" if row.applied else " (external)"
            yield f"  {row.texts.id} = count {row.axis.name}{mask}  # {row.texts.label}{external}"
    for region in plan.regions:
        yield ""
        yield f"region {region.name}"
        for step in region.steps:
            yield f"  {_step(step)}"


def _step(step: nodes.Step) -> str:
    match step:
        case nodes.CutStep(texts=texts, condition=None):
            return f"external {texts.id}  # {texts.label}"
        case nodes.CutStep(texts=texts, condition=condition):
            assert condition is not None
            return f"select {texts.id} = {_text(condition)}  # {texts.label}"
        case nodes.WeightStep(name=name, value=value):
            return f"weight {name} = {_text(value)}"
        case nodes.BinStep(texts=texts, condition=inside):
            return f"bin {texts.id} = {_text(inside)}  # {texts.label}"
        case nodes.GridStep(name=name, axes=axes):
            return f"bins {name} = {_axes(axes)}"
        case nodes.HistogramStep(name=name, axes=axes, rows=rows, weight=weight):
            weighted = "" if weight is None else f" with weight {_text(weight)}"
            return f"histogram {name} = {_axes(axes)}{weighted} on {rows.name}"
        case nodes.SaveStep(name=name, value=value, rows=rows):
            return f"save {name} = {_text(value)}" + (f" on {rows.name}" if rows else "")


def _axes(axes: tuple[nodes.AxisFill, ...]) -> str:
    return " vs ".join(f"{_text(axis.value)} in {len(axis.edges) - 1} bins" for axis in axes)
