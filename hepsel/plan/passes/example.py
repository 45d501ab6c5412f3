"""Small plans written as text, for the examples in the docstrings of passes."""

from __future__ import annotations

import re
from collections.abc import Callable

from hepsel.formats.schema import AttributeSpec
from hepsel.plan import nodes
from hepsel.plan.builder import BOOLEAN, EVENTS
from hepsel.plan.nodes import ColumnRead, Const, Definition, Kind, Operand, Plan, Ref
from hepsel.plan.text import INFIX, format_definition

LINE = re.compile(r"(?P<name>\w+): (?P<kind>\w+)( (of|on) (?P<axis>\w+))? = (?P<op>.+)")
KINDS: dict[str, Kind] = {"axis": "axis", "real": "real", "int": "int", "bool": "bool", "item": "item"}


def example(text: str) -> Plan:
    """Read a plan in the notation of `format_plan`; `select NAME` makes a criterion of a region."""
    definitions = [Definition(EVENTS, "axis", None, nodes.Events())]
    steps: list[nodes.Step] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("select "):
            name = line.removeprefix("select ")
            steps.append(nodes.CutStep(nodes.CutTexts(name, name), Ref(name)))
            continue
        match = LINE.fullmatch(line)
        assert match is not None, line
        definitions.append(Definition(match["name"], KINDS[match["kind"]], match["axis"], _op(match["op"])))
    columns = [d.op.column for d in definitions if isinstance(d.op, nodes.Stored | nodes.Read)]
    return Plan(
        header=nodes.Header("example"),
        definitions=tuple(definitions),
        blocks=(),
        regions=(nodes.RegionOutput("region", tuple(steps)),),
        identifiers=(),
        reads={name: _read(name) for name in columns},
        tables={},
    )


def _read(name: str) -> ColumnRead:
    collection, _, attribute = name.partition(".")
    depth = 0 if collection == "MET" else 1
    return ColumnRead(name, collection, AttributeSpec(attribute), (name,), depth, 1.0, 1.0)


def _operand(text: str) -> Operand:
    if text in ("True", "False"):
        return Const("bool", text == "True")
    if re.fullmatch(r"-?\d+", text):
        return Const("int", int(text))
    return Const("real", float(text)) if text[0].isdigit() else Ref(text)


def _op(text: str) -> nodes.Op:
    words = text.replace(",", "").split()
    if words[0] == "stored":
        return nodes.Stored(words[1])
    if words[0] == "read":
        return nodes.Read(words[1])
    if words[0] == "count":
        axis, _, value = words[1].partition(".")
        return nodes.Reduce("count", Ref(axis), Ref(value) if value else None)
    if words[0] == "combine":
        return nodes.Combine(Ref(EVENTS), (Ref(words[1]), Ref(words[2])), (nodes.Relation(0, "<", 1),))
    if words[1] == "where":
        return nodes.Where(Ref(words[0]), Ref(words[2]))
    assert words[1] in INFIX or words[1] in BOOLEAN
    return nodes.Map(words[1], (_operand(words[0]), _operand(words[2])))  # type: ignore[arg-type]


def before_and_after(function: Callable[[Plan], Plan], text: str) -> None:
    """Print what a pass makes of a plan."""
    plan = function(example(text))
    for definition in plan.definitions[1:]:
        print(format_definition(definition))
    print(f"reads {', '.join(plan.reads)}")
