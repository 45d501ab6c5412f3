"""A small data format and hand-made events for the tests of plan and backend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import awkward as ak
import numpy as np
from results import plain

from hepsel.backends.awkward import generate, load
from hepsel.check import load_program
from hepsel.formats.schema import AttributeSpec, CollectionSpec, Format
from hepsel.plan import Plan, nodes
from hepsel.plan.nodes import Definition, Operand, refs
from hepsel.semantics.program import Program


def _stored(name: str, unit: str | None = None) -> AttributeSpec:
    return AttributeSpec(name, branches=(name,), unit=unit)


def _collection(name: str, *attributes: AttributeSpec, single: bool = False) -> CollectionSpec:
    return CollectionSpec(name, {spec.name: spec for spec in attributes}, single=single)


FORMAT = Format(
    name="toy",
    description="A few attributes",
    trees=("Events",),
    enumerations={},
    collections={
        spec.name: spec
        for spec in (
            _collection("event", AttributeSpec("number", kind="int", branches=("number",)), single=True),
            _collection("MET", _stored("pt", "GeV"), _stored("phi"), single=True),
            _collection("Jet", _stored("pt", "GeV"), _stored("eta"), _stored("phi"), _stored("mass", "GeV")),
            _collection("Muon", _stored("pt", "GeV"), _stored("eta"), _stored("phi"), _stored("mass", "GeV")),
        )
    },
)
"""Units are those of files; what the tests put in is in MeV, as readers give it."""

HEADER = 'hepsel 1\nanalysis "test"\n'
NAN = float("nan")
MOMENTA: list[list[float]] = [[50e3, 40e3, 30e3, 20e3], [], [NAN, 45e3, 10e3], [35e3], [60e3, 60e3]]
EVENTS = len(MOMENTA)


def columns() -> dict[str, ak.Array]:
    """Return five events: four jets, none, three of which one has no momentum, one, two alike."""
    places = [[float(k) for k, _ in enumerate(jets)] for jets in MOMENTA]
    jets = {
        "Jet.pt": MOMENTA,
        "Jet.eta": places,
        "Jet.phi": [[0.5 * k for k in event] for event in places],
        "Jet.mass": [[0.0 for _ in event] for event in places],
    }
    found = {name: ak.values_astype(ak.Array(values), np.float64) for name, values in jets.items()}
    found |= {name.replace("Jet", "Muon"): array[:, :2] for name, array in found.items()}
    return {
        **found,
        "MET.pt": ak.Array([10e3, 200e3, 150e3, NAN, 120e3]),
        "MET.phi": ak.Array([0.0, 0.0, 1.0, 1.0, 2.0]),
        "event.number": ak.Array(np.arange(EVENTS, dtype=np.uint64)),
    }


def program(text: str) -> Program:
    """Check a program, written without its header."""
    return load_program(HEADER + text, FORMAT)


def results(plan: Plan) -> Any:
    """Return what the generated code makes of the events, as plain data."""
    module = load(generate(plan))
    return plain(module.process({name: columns()[name] for name in module.COLUMNS}, events=EVENTS, trace=True))


def passing(result: Any, region: str) -> list[int]:
    """Return the number of events behind each criterion of a region."""
    return [row["events"] for row in result["cutflow"][region]]


def left(result: Any, block: str) -> list[int]:
    """Return the number of items behind each criterion of a block."""
    return [row["items"] for row in result["items"][block]]


def assert_sound(plan: Plan) -> None:
    """Every name is defined once, before it is used; columns belong to axes, outputs to definitions."""
    known: dict[str, Definition] = {}
    for definition in plan.definitions:
        assert definition.name.isidentifier()
        assert definition.name not in known
        for name in refs(definition.op):
            assert name in known, f"{definition.name} needs {name}, which is not defined before it"
        if definition.axis is not None:
            assert known[definition.axis].kind == "axis"
        else:
            assert definition.kind != "axis" or isinstance(definition.op, nodes.Events)
        if isinstance(definition.op, nodes.Read):
            assert definition.op.column in plan.reads
        for operand, axis in _places(definition, known):
            found = axis if isinstance(operand, nodes.Const) else known[operand.name].axis
            assert found in (axis, None), f"{definition} needs values for the rows of {axis}, not of {found}"
        if isinstance(definition.op, nodes.Map) and definition.axis is not None:
            # Backends compute with whole columns: of single values they would make a single value.
            assert any(known[name].axis is not None for name in refs(definition.op)), f"{definition} is no column"
        known[definition.name] = definition
    for output in (plan.blocks, plan.regions, plan.identifiers):
        assert set(refs(output)) <= known.keys()


def _places(definition: Definition, known: dict[str, Definition]) -> Iterator[tuple[Operand, str | None]]:
    """Yield what an operation works on, and the axis for whose rows it needs values."""
    match definition.op:
        case nodes.Map(arguments=arguments) | nodes.Lookup(arguments=arguments):
            yield from ((argument, definition.axis) for argument in arguments)
        case nodes.Where(source=source, mask=mask):
            yield mask, source.name
        case nodes.Sorted(source=source, key=key):
            yield key.value, source.name
        case nodes.Best(source=source, keys=keys):
            yield from ((key.value, source.name) for key in keys)
        case nodes.Merge(axis=axis, values=values):
            concat = known[axis.name].op
            assert isinstance(concat, nodes.Concat)
            yield from ((value, source.name) for value, source in zip(values, concat.sources, strict=True))
        case nodes.Spread(value=value):
            assert definition.axis is not None
            yield value, known[definition.axis].axis
        case nodes.Take(value=value, index=index):
            yield value, known[index.name].target
            yield index, definition.axis
        case nodes.ElementAt(axis=axis, parent=parent, index=index):
            yield index, definition.axis
            above = definition if parent is None else known[parent.name]
            assert (above.axis if parent is None else above.target) == known[axis.name].axis
        case nodes.Reduce(axis=axis, value=value) if value is not None:
            yield value, axis.name
        case nodes.GroupOf(axis=axis, momentum=momentum):
            yield from ((part, axis.name) for part in momentum)
        case nodes.ArgBest(axis=axis, key=key):
            yield key, axis.name
