"""Finds the events that a server cannot decide for certain, because two processors may round differently.

Sines, roots of computed numbers and sums over lists may differ in their last digits. What is computed from them, and
by how much it may differ, is followed through the plan: `scale` of a number times `RELATIVE` is more than its error.
A comparison of two numbers that are closer than that is *in doubt*, and so is the best of several candidates with keys
as close. The events in which something is in doubt are sent, and decided by the local code.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from hepsel.plan import nodes
from hepsel.plan.nodes import Const, Definition, Kind, Map, MapFunction, Op, Operand, Ref
from hepsel.plan.remote.rows import Inexpressible
from hepsel.syntax.comparisons import RELATIONS

RELATIVE = 1e-9
"""Far more than the rounding of some hundred operations, and far less than what a detector resolves."""

EXACT = frozenset((
    "+", "-", "*", "/", "^", "neg", "abs", "sqrt", "min", "max", "where", "real", "floor", "ceil",
    "transverse", "energy", "mass", "delta_phi", "delta_r",
))  # fmt: skip
"""Functions of reals that IEEE 754 defines to the last bit, and formulas of these, which are the same everywhere."""

WHOLE = 2.0**52


@dataclass(frozen=True, slots=True)
class Near(Op):
    """Whether there are two numbers, and no more than `error` between them, or nobody knows how much."""

    left: Operand
    right: Operand
    error: Operand


class Rounding:
    """Adds to the definitions of a plan what says where rounding could decide.

    Parameters
    ----------
    by_name
        The definitions; those that are added go here.

    Attributes
    ----------
    of_whole_numbers
        What is not in doubt for rounding, but because a whole number is very large.
    """

    def __init__(self, by_name: dict[str, Definition]) -> None:
        self.by_name = by_name
        self.events = next(name for name, d in by_name.items() if isinstance(d.op, nodes.Events))
        self.of_whole_numbers: set[str] = set()
        self._inexact: dict[str, bool] = {}
        self._scales: dict[str, Operand] = {}
        self._doubts: dict[str, tuple[str, ...]] = {}
        self._shared: dict[tuple[Op, str | None], Ref] = {}

    # -------------------------------------------------------------- definitions

    def _define(self, op: Op, kind: Kind, axis: str | None, hint: str, target: str | None = None) -> Ref:
        key = (op, axis)
        if key not in self._shared:
            name = nodes.new_name(hint, self.by_name)
            self.by_name[name] = Definition(name, kind, axis, op, target)
            self._shared[key] = Ref(name)
        return self._shared[key]

    def _map(self, function: MapFunction, *arguments: Operand) -> Operand:
        if all(isinstance(argument, Const) for argument in arguments):
            return self._constant(function, [float(a.value) for a in arguments if isinstance(a, Const)])
        axis = next(self.by_name[a.name].axis for a in arguments if isinstance(a, Ref))
        kind: Kind = "bool" if function in (*RELATIONS, "and", "or", "not", "exists") else "real"
        return self._define(Map(function, arguments), kind, axis, "in_doubt" if kind == "bool" else "scale")

    def _constant(self, function: str, values: list[float]) -> Const:
        match function, values:
            case "abs", [a]:
                return Const("real", abs(a))
            case "+", [a, b]:
                return Const("real", a + b)
            case "*", [a, b]:
                return Const("real", a * b)
        raise Inexpressible("a constant")

    # -------------------------------------------------------------- how exact

    def is_inexact(self, operand: Operand) -> bool:
        """Whether a number may differ between processors."""
        if isinstance(operand, Const):
            return False
        if operand.name not in self._inexact:
            self._inexact[operand.name] = self._is_inexact(self.by_name[operand.name])
        return self._inexact[operand.name]

    def _is_inexact(self, definition: Definition) -> bool:
        op = definition.op
        if definition.kind != "real" or isinstance(op, nodes.Read | nodes.Lookup):
            return False
        if isinstance(op, Map) and self._rounds(op):
            return True
        if isinstance(op, nodes.Reduce) and op.kind in ("sum", "mean"):
            return True
        return any(self.is_inexact(Ref(name)) for name in nodes.refs(op) if self.by_name[name].kind == "real")

    def _rounds(self, op: Map) -> bool:
        """Whether a function of the same reals may differ between processors."""
        return op.function not in EXACT

    def scale(self, operand: Operand) -> Operand:
        """Return a number, at least as large as a value, that says in units of `RELATIVE` how exact it is."""
        if isinstance(operand, Const):
            return Const("real", abs(float(operand.value)))
        if operand.name not in self._scales:
            self._scales[operand.name] = self._scale(operand)
        return self._scales[operand.name]

    def _scale(self, operand: Ref) -> Operand:
        definition = self.by_name[operand.name]
        if not self.is_inexact(operand):
            return self._map("abs", operand)
        op = definition.op
        match op:
            case Map():
                return self._scale_of_map(op, operand)
            case nodes.Take(value=value) | nodes.Spread(value=value) | nodes.View(value=value):
                inner = self.scale(value)
                if isinstance(inner, Const):
                    return inner
                return self._define(replace(op, value=inner), "real", definition.axis, "scale")
            case nodes.Merge(axis=axis, values=values):
                merged = nodes.Merge(axis, tuple(self.scale(value) for value in values))
                return self._define(merged, "real", definition.axis, "scale")
            case nodes.Reduce(kind=kind, axis=axis, value=value) if value is not None and kind != "product":
                inner = self.scale(value)
                if isinstance(inner, Const):
                    raise Inexpressible("a constant")
                reduce: nodes.ReduceKind = kind if kind in ("sum", "mean") else "max"
                return self._define(nodes.Reduce(reduce, axis, inner), "real", definition.axis, "scale")
        raise Inexpressible("a computed number")

    def _scale_of_map(self, op: Map, operand: Ref) -> Operand:
        one = Const("real", 1.0)
        if op.function == "where":
            condition, value, otherwise = op.arguments
            return self._map("where", condition, self.scale(value), self.scale(otherwise))
        scales = [self.scale(argument) for argument in op.arguments]
        total = scales[0]
        for other in scales[1:]:
            total = self._map("+", total, other)
        squared = self._map("*", total, total)
        match op.function:
            case "neg" | "abs" | "real":
                return scales[0]
            case "+" | "-" | "min" | "max" | "transverse" | "energy":
                return total
            case "*":
                return self._map("*", *scales)
            case "^":
                return self._map("*", scales[0], scales[0])
            case "/":
                below = self._map("*", op.arguments[1], op.arguments[1])
                return self._map("/", self._map("*", *scales), below)
            case "sin" | "cos" | "atan" | "tanh" | "asinh":
                return self._map("+", scales[0], one)
            case "sinh" | "cosh":
                return self._map("*", self._map("cosh", op.arguments[0]), self._map("+", scales[0], one))
            case "sqrt":
                return self._map("/", scales[0], operand)
            case "mass" | "transverse_mass":
                # The root of a difference, which may be small beside what it is a difference of.
                more = squared if op.function == "mass" else self._map("*", squared, self._map("+", total, one))
                return self._map("/", more, operand)
            case "delta_r" | "delta_phi":
                return self._map("+", total, Const("real", 7.0))
        raise Inexpressible(f"`{op.function}`")

    # -------------------------------------------------------------- what is in doubt

    def doubts(self, name: str) -> tuple[str, ...]:
        """Return the columns of events that are true where what a definition needs is in doubt."""
        found: dict[str, None] = {}
        for needed in nodes.needed([name], self.by_name):
            found.update(dict.fromkeys(self._own_doubts(needed)))
        return tuple(found)

    def _own_doubts(self, name: str) -> tuple[str, ...]:
        if name not in self._doubts:
            found = [self._of_events(doubt) for doubt in self._new_doubts(self.by_name[name])]
            self._doubts[name] = tuple(ref.name for ref in found)
        return self._doubts[name]

    def _new_doubts(self, definition: Definition) -> Iterator[Ref]:
        op = definition.op
        match op:
            case Map(function=function, arguments=arguments):
                if function in RELATIONS and any(map(self.is_inexact, arguments)):
                    yield self._near(*arguments)
                elif function == "sqrt" and self.is_inexact(arguments[0]):
                    yield self._near(arguments[0], Const("real", 0.0))
                elif function == "delta_phi" and self.is_inexact(Ref(definition.name)):  # it jumps there
                    yield self._near(self._map("abs", Ref(definition.name)), Const("real", math.pi))
                elif function in ("floor", "ceil") and self.is_inexact(arguments[0]):
                    raise Inexpressible(f"`{function}` of a computed number")
                yield from self._large(definition, op)
            case nodes.Lookup(arguments=arguments) if any(map(self.is_inexact, arguments)):
                raise Inexpressible("a table of a computed number")
            case nodes.Best(source=source, keys=keys):
                values = [key.value for key in keys]
                if any(map(self.is_inexact, values)):
                    yield from self._rivals(definition.name, source, values)
                yield from self._beyond(values)
            case nodes.Sorted(keys=keys):
                values = [key.value for key in keys]
                if any(map(self.is_inexact, values)):
                    raise Inexpressible("sorting by a computed number")
                yield from self._beyond(values)
            case nodes.ArgBest(key=best_key):
                if self.is_inexact(best_key):
                    raise Inexpressible("the best by a computed number")
                yield from self._beyond([best_key])

    def _near(self, a: Operand, b: Operand) -> Ref:
        """Return where two numbers are so close that rounding could decide between them."""
        distance = self._map("abs", self._map("-", a, b))
        clear = self._map(">", distance, self._error(a, b))
        known = [self._map("exists", one) for one in (a, b) if isinstance(one, Ref)]
        near = self._map("and", self._map("not", clear), *known)
        assert isinstance(near, Ref)
        return near

    def _error(self, a: Operand, b: Operand) -> Operand:
        """Return by how much the difference of two numbers may be wrong at most."""
        return self._map("*", self._map("+", self.scale(a), self.scale(b)), Const("real", RELATIVE))

    def _large(self, definition: Definition, op: Map) -> Iterator[Ref]:
        """Yield where whole numbers are so large that a real of 64 bits does not have them exactly."""
        given = any(isinstance(a, Const) and abs(a.value) < 2**53 for a in op.arguments)
        if op.function in RELATIONS and given:
            return
        yield from self._beyond(op.arguments)
        if definition.kind == "int":
            yield from self._beyond([Ref(definition.name)])

    def _beyond(self, numbers: Iterable[Operand]) -> Iterator[Ref]:
        """Yield where those of some numbers that are whole have more digits than a real of 64 bits."""
        for number in numbers:
            if self._is_unbounded(number):
                large = self._map(">=", self._map("abs", self._map("real", number)), Const("real", WHOLE))
                assert isinstance(large, Ref)
                self.of_whole_numbers.add(self._of_events(large).name)
                yield large

    def _is_unbounded(self, operand: Operand) -> bool:
        """Whether an operand is a whole number that can be any: not one that counts something."""
        if isinstance(operand, Const) or self.by_name[operand.name].kind != "int":
            return False
        op = self.by_name[operand.name].op
        return not isinstance(op, nodes.Position) and not (isinstance(op, nodes.Reduce) and op.kind == "count")

    def _rivals(self, best: str, source: Ref, keys: list[Operand]) -> Iterator[Ref]:
        """Yield where an item's keys are so close to those of the best one that rounding could decide between them.

        Not in doubt are keys that belong to one and the same item, as the first pair that several candidates share.
        """
        axis = self._define(nodes.Combine(Ref(self.events), (Ref(best), source), ()), "axis", self.events, "rivals")
        chosen = self._define(nodes.Index(Ref(best)), "item", best, "best_index", source.name)
        slots = [
            self._define(nodes.Index(axis, 0), "item", axis.name, "rivals_best", best),
            self._define(nodes.Index(axis, 1), "item", axis.name, "rivals_other", source.name),
        ]

        def sides(operand: Operand) -> tuple[Operand, Operand]:
            if isinstance(operand, Const):
                return operand, operand
            definition = self.by_name[operand.name]
            kind, target = definition.kind, definition.target
            own = self._define(nodes.Take(operand, chosen, nullable=False), kind, best, "best_value", target)
            return (
                self._define(nodes.Take(own, slots[0], nullable=False), kind, axis.name, "best_value", target),
                self._define(nodes.Take(operand, slots[1], nullable=False), kind, axis.name, "other_value", target),
            )

        shared: list[Operand] = []
        for key in keys:
            if isinstance(key, Const) or not self.is_inexact(key):
                a, b = sides(key)
                shared.append(self._map("==", a, b))
                continue
            same: list[Operand] = []
            for origin in self._origins(key.name):
                a, b = sides(origin)
                same.append(self._map("==", a, b))
            alike = self._map("and", *same) if len(same) > 1 else same[0]
            (a, b), (scale_a, scale_b) = sides(key), sides(self.scale(key))
            distance = self._map("abs", self._map("-", a, b))
            error = self._map("*", self._map("+", scale_a, scale_b), Const("real", RELATIVE))
            near = self._map("not", self._map(">", distance, error))
            rival = self._map("and", near, self._map("not", alike), self._map("exists", b), *shared)
            assert isinstance(rival, Ref)
            yield rival
            shared.append(alike)

    def _origins(self, name: str) -> tuple[Ref, ...]:
        """Return columns of items, on the axis of a column, that together say what its value is computed from."""
        definition = self.by_name[name]
        op = definition.op
        assert definition.axis is not None
        if isinstance(op, Map):
            found = [
                origin
                for argument in op.arguments
                if isinstance(argument, Ref)
                for origin in self._origins(argument.name)
            ]
            return tuple(dict.fromkeys(found))
        if isinstance(op, nodes.Take):
            if not self._is_subset(op.index.name) or not isinstance(op.value, Ref):
                return (op.index,)
            origins = self._origins(op.value.name)
            return tuple(
                self._define(
                    nodes.Take(one, op.index, nullable=False),
                    "item",
                    definition.axis,
                    "origin",
                    self.by_name[one.name].target,
                )
                for one in origins
            )
        return (self._define(nodes.Rows(Ref(definition.axis)), "item", definition.axis, "origin", definition.axis),)

    def _is_subset(self, index: str) -> bool:
        """Whether a column of items leads from the rows of an axis to the same items in the axis that it is part of."""
        op = self.by_name[index].op
        if isinstance(op, nodes.Index):
            return isinstance(self.by_name[op.axis.name].op, nodes.Where | nodes.Sorted | nodes.Best)
        if isinstance(op, nodes.Take) and isinstance(op.value, Ref):
            return self._is_subset(op.value.name) and self._is_subset(op.index.name)
        return False

    def _of_events(self, doubt: Ref) -> Ref:
        """Return in which events a column is true of some row."""
        while True:
            axis = self.by_name[doubt.name].axis
            if axis is None:
                raise Inexpressible("a constant")
            if axis == self.events:
                return doubt
            above = self.by_name[axis].axis
            doubt = self._define(nodes.Reduce("any", Ref(axis), doubt), "bool", above, "in_doubt")
