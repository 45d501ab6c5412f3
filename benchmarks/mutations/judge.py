"""Whether two programs differ, decided by the interpreter over adversarial random events.

Derived attributes of the format are made stored ones here, so that events can hold any value of them. Values lie on,
just below and just above the numbers that stand in the two programs; pairs of items are turned so that their masses do
too; every quantity is missing now and then.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hepsel.formats.schema import AttributeSpec, CollectionSpec, Format
from hepsel.interpreter import evaluate_event
from hepsel.interpreter.items import Item
from hepsel.interpreter.vectors import FourVector
from hepsel.semantics import program as typed
from hepsel.semantics.program import Program
from hepsel.semantics.reads import expressions, required_columns
from hepsel.semantics.types import BoolType, EnumType, IntType, RealType
from hepsel.semantics.walk import walk


def flattened(data_format: Format, program: Program) -> Format:
    """Return the format with the derived attributes that a program reaches stored, all of them in base units."""
    collections = {}
    for name, spec in data_format.collections.items():
        attributes = {}
        for key, attribute in spec.attributes.items():
            derived = program.derived.get((name, key))
            kind = None if derived is None else derived.type
            if isinstance(kind, RealType | IntType | BoolType | EnumType) and not isinstance(derived, typed.Constant):
                attribute = _stored(attribute, kind)
            attributes[key] = attribute
        collections[name] = replace(spec, attributes=attributes)
    return replace(data_format, collections=collections)


def _stored(attribute: AttributeSpec, kind: Any) -> AttributeSpec:
    names = {RealType: "real", IntType: "int", BoolType: "bool", EnumType: "enum"}
    units = {(1, 0): "MeV", (0, 1): "mm"}
    unit = units.get((kind.dimension.energy, kind.dimension.length)) if isinstance(kind, RealType) else None
    values = {value: (i,) for i, value in enumerate(kind.values)} if isinstance(kind, EnumType) else {}
    enumeration = kind.name if isinstance(kind, EnumType) else None
    stored: Any = names[type(kind)]
    return replace(
        attribute, kind=stored, expression=None, branches=(attribute.name,), unit=unit, values=values,
        enumeration=enumeration, mask=None, default=None,
    )  # fmt: skip


class Events:
    """Random events for programs of one format.

    Parameters
    ----------
    programs
        The programs whose columns the events hold, and whose numbers they lie around.
    seed
        What the events depend on.
    """

    def __init__(self, programs: tuple[Program, ...], seed: int) -> None:
        self._chance = random.Random(seed)
        self._columns = {(c.collection, c.spec.name): c for program in programs for c in required_columns(program)}
        self._format = programs[0].format
        numbers: dict[Any, set[float]] = {}
        for program in programs:
            for whole in expressions(program):
                for expr in walk(whole):
                    if isinstance(expr, typed.Constant) and isinstance(expr.type, RealType | IntType):
                        kind = expr.type.dimension if isinstance(expr.type, RealType) else RealType().dimension
                        numbers.setdefault((kind.energy, kind.length), set()).add(float(expr.value))
        self._numbers = {kind: sorted(values) for kind, values in numbers.items()}

    def __iter__(self) -> Iterator[dict[str, object]]:
        while True:
            yield self.event()

    def event(self) -> dict[str, object]:
        columns: dict[str, object] = {}
        chance = self._chance
        self._tame = chance.random() < 0.7
        by_collection: dict[str, list[Any]] = {}
        for (collection, _), column in self._columns.items():
            by_collection.setdefault(collection, []).append(column)
        for collection, found in by_collection.items():
            spec = self._format.collections[collection]
            items = [
                self._item(spec, found) for _ in range(1 if spec.single else chance.choice((0, 1, 2, 2, 3, 4, 4, 5)))
            ]
            self._turn(items)
            for column in found:
                for name in column.names:
                    values = [item[name] for item in items]
                    columns[name] = values[0] if spec.single else values
        return columns

    def _item(self, spec: CollectionSpec, columns: list[Any]) -> dict[str, Any]:
        return {name: self._value(spec, column.spec, name) for column in columns for name in column.names}

    def _value(self, _spec: CollectionSpec, attribute: AttributeSpec, name: str) -> Any:
        chance = self._chance
        if attribute.is_list:
            return [self._single(attribute, name) for _ in range(chance.randint(0, 5))]
        return self._single(attribute, name)

    def _single(self, attribute: AttributeSpec, name: str) -> Any:
        chance = self._chance
        if attribute.kind == "link":
            return attribute.key if name.endswith(".key") else chance.randint(-1, 4)
        if attribute.kind == "bool":
            return chance.choice((0, 255, 255) if self._tame else (0, 255))
        if attribute.kind == "enum":
            return chance.choice([n for numbers in attribute.values.values() for n in numbers[:1]])
        if attribute.kind == "int":
            return chance.choice((-1, 1)) if "charge" in name else chance.randint(-2, 6)
        return self._real(attribute)

    def _real(self, attribute: AttributeSpec) -> float:
        chance = self._chance
        if chance.random() < (0.002 if self._tame else 0.03):
            return math.nan
        if attribute.name == "mass":
            return 0.0
        if attribute.name == "phi":
            return chance.uniform(-math.pi, math.pi)
        if attribute.name == "eta" and self._tame:
            return chance.choice((chance.uniform(-1, 1), chance.uniform(-2.8, 2.8), self._near((0, 0))))
        factor = {"GeV": 1000.0, "cm": 10.0}.get(attribute.unit or "", 1.0)
        energy = attribute.unit in ("GeV", "MeV")
        kind = (1, 0) if energy else (0, 1) if attribute.unit in ("mm", "cm") else (0, 0)
        value = self._near(kind)
        if energy and attribute.name in ("pt", "energy"):
            value = chance.choice((value, chance.uniform(3e3, 9e4), 20e3 + 3e4 * chance.random()))
        elif self._tame and chance.random() < 0.75:
            value = chance.uniform(-0.04, 0.04) * (1e3 if energy else 1)
        return value / factor

    def _near(self, kind: tuple[int, int]) -> float:
        chance = self._chance
        at = chance.choice(self._numbers.get(kind) or [1.0])
        return chance.choice((1, 1, -1)) * at * chance.choice((1, 1, 1, 0.995, 1.004, 0.95, 1.05, 0.5, 2, 100))

    def _turn(self, items: list[dict[str, Any]]) -> None:
        """Turn items in azimuth so that pairs of neighbours have masses near the programs' numbers."""
        chance = self._chance
        for one, other in zip(items[::2], items[1::2], strict=False):
            keys = {key.rsplit(".")[-1]: key for key in one}
            if not {"pt", "eta", "phi"} <= keys.keys() or chance.random() < 0.2:
                continue
            if "charge" in keys:
                other[keys["charge"]] = -one[keys["charge"]]
            unit = 1000.0 if self._format_unit(keys["pt"]) == "GeV" else 1.0
            for _ in range(8):
                mass = abs(self._near((1, 0))) / unit
                product = 2 * one[keys["pt"]] * other[keys["pt"]]
                cosine = math.cosh(min(abs(one[keys["eta"]] - other[keys["eta"]]), 50)) - (
                    mass**2 / product if product else 9
                )
                if -1 <= cosine <= 1:
                    other[keys["phi"]] = math.remainder(one[keys["phi"]] + math.acos(cosine), 2 * math.pi)
                    break

    def _format_unit(self, name: str) -> str | None:
        collection, attribute = name.split(".")
        return self._format.collections[collection].attributes[attribute].unit


def outcome(program: Program, columns: dict[str, object]) -> Any:
    """Return everything that one event gives: items of every block, regions, weights, fills and columns."""
    event = evaluate_event(program, columns)
    items = [[_identity(item) for item in event.items(name)] for name in program.collections]
    return items, [_region(program, event, name) for name in program.regions]


def _identity(item: Item) -> Any:
    if item.slots:
        return tuple(_identity(slot) for slot in item.slots.values())
    return _identity(item.origin) if item.origin is not None else item.identity


def _region(program: Program, event: Any, name: str) -> Any:
    from hepsel.interpreter.evaluate import Scope, evaluate

    passes, weight, result = True, [], []
    for statement in program.statements_of(name):
        match statement:
            case typed.Filter():
                passes = passes and event.meets(statement)
            case typed.WeightFactor(_, value):
                weight.append(evaluate(value, Scope(event)))
            case typed.HistogramFill(_, axes) | typed.GridBins(_, _, axes) if passes:
                result.append((tuple(_plain(evaluate(axis.value, Scope(event))) for axis in axes), tuple(weight)))
            case typed.NamedBin(_, condition) if passes:
                result.append(evaluate(condition, Scope(event)) is True)
    saved = [s.value for s in program.regions[name].statements if isinstance(s, typed.SavedColumn)]
    columns = [_plain(evaluate(value, Scope(event))) for value in saved] if passes else None
    return passes, weight if passes else None, result, columns


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(element) for element in value]
    if isinstance(value, Item):
        return _identity(value)
    return None if isinstance(value, FourVector) else value
