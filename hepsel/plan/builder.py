"""Writes definitions: names, kinds, and the arithmetic of values that may be missing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hepsel.plan.nodes import (
    Const,
    Definition,
    Each,
    Events,
    Fill,
    Index,
    Kind,
    Map,
    MapFunction,
    Op,
    Operand,
    Parent,
    Position,
    Read,
    ReadValid,
    Ref,
    Rows,
    Spread,
    Stored,
    Take,
    kind_of,
    new_name,
)
from hepsel.plan.values import FALSE, MISSING_VALUES, TRUE, Item, Scalar

EVENTS = "events"
LONGEST_NAME = 28

BOOLEAN: frozenset[str] = frozenset(("<", "<=", ">", ">=", "==", "!=", "and", "or", "not", "exists"))
ARITHMETIC: frozenset[str] = frozenset(("+", "-", "*", "neg", "abs", "min", "max"))
SHARED = (Events, Stored, Index, Parent, Rows, Position, Read, ReadValid, Spread, Take, Each)
"""Operations that address rows: they are written once, however often they are asked for."""


def identifier(text: str) -> str:
    """Turn any text into something that can stand in an identifier."""
    return re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_") or "value"


class Builder:
    """Collects the definitions of a plan."""

    def __init__(self) -> None:
        self.definitions: dict[str, Definition] = {}
        self.section = ""
        self._shared: dict[tuple[Op, str | None], Ref] = {}
        self.axis(Events(), None, EVENTS)

    # -------------------------------------------------------------- definitions

    def axis(self, op: Op, parent: str | None, hint: str) -> str:
        """Define an axis and return its name."""
        return self._define("axis", op, parent, hint).name

    def column(self, op: Op, axis: str | None, kind: Kind, hint: str, target: str | None = None) -> Ref:
        """Define a column."""
        return self._define(kind, op, axis, hint, target)

    def _define(self, kind: Kind, op: Op, axis: str | None, hint: str, target: str | None = None) -> Ref:
        key = (op, axis)
        if isinstance(op, SHARED) and key in self._shared:
            return self._shared[key]
        name = new_name(identifier(hint)[:LONGEST_NAME].rstrip("_"), self.definitions)
        self.definitions[name] = Definition(name, kind, axis, op, target, self.section)
        self._shared[key] = Ref(name)
        return Ref(name)

    def parent(self, axis: str) -> str:
        """Return the parent of an axis other than that of the events."""
        parent = self.definitions[axis].axis
        assert parent is not None
        return parent

    def axis_of(self, operand: Operand) -> str | None:
        """Return the axis of a column."""
        return None if isinstance(operand, Const) else self.definitions[operand.name].axis

    # -------------------------------------------------------------- moving between axes

    def index(self, axis: str, slot: int = 0, hint: str | None = None) -> Ref:
        """Return the rows of the source (of slot `slot`) that the rows of a derived axis stand for."""
        op = self.definitions[axis].op
        sources = getattr(op, "slots", None) or getattr(op, "sources", None)
        source = sources[slot] if sources else getattr(op, "source", None) or getattr(op, "context", None)
        assert isinstance(source, Ref)
        return self.column(Index(Ref(axis), slot), axis, "item", hint or f"{axis}_index", source.name)

    def rows(self, axis: str) -> Ref:
        """Return the numbers of the rows."""
        return self.column(Rows(Ref(axis)), axis, "item", f"{axis}_row", axis)

    def parent_rows(self, axis: str) -> Ref:
        """Return the row of the parent axis for each row."""
        return self.column(Parent(Ref(axis)), axis, "item", f"{axis}_parent", self.parent(axis))

    def ancestor_rows(self, axis: str, ancestor: str) -> Ref:
        """Return the row of an axis further up for each row (of the axis itself: the numbers of the rows)."""
        if axis == ancestor:
            return self.rows(axis)
        rows = self.parent_rows(axis)
        above = self.parent(axis)
        while above != ancestor:
            rows = self._take(self.parent_rows(above), rows, nullable=False, kind="item", target=self.parent(above))
            above = self.parent(above)
        return rows

    def spread(self, value: Operand, axis: str) -> Operand:
        """Bring a column down to the rows of an axis below its own."""
        home = self.axis_of(value)
        if isinstance(value, Const) or home is None or home == axis:
            return value
        if self.parent(axis) != home:
            value = self.spread(value, self.parent(axis))
        assert isinstance(value, Ref)
        definition = self.definitions[value.name]
        return self.column(Spread(value), axis, definition.kind, f"{axis}_{value.name}", definition.target)

    def take(self, value: Operand, index: Ref, *, nullable: bool, kind: Kind, hint: str | None = None) -> Operand:
        """Gather a column, or a constant, by rows; where these are missing, so is the value."""
        if isinstance(value, Const):
            if not nullable:
                return value
            exists = self.map("exists", (index,))
            return self.map("where", (exists, value, MISSING_VALUES[kind]))
        if self.axis_of(value) is None:
            axis = self.axis_of(index)
            return (
                self.map("where", (self.map("exists", (index,)), value, MISSING_VALUES[kind]))
                if nullable and axis
                else value
            )
        return self._take(
            value, index, nullable=nullable, kind=kind, target=self.definitions[value.name].target, hint=hint
        )

    def _take(
        self, value: Ref, index: Ref, *, nullable: bool, kind: Kind, target: str | None = None, hint: str | None = None
    ) -> Ref:
        if isinstance(self.definitions[index.name].op, Rows):
            return value
        axis = self.axis_of(index)
        name = hint or f"{axis}_{value.name}"
        return self.column(Take(value, index, nullable), axis, kind, name, target)

    def take_scalar(self, scalar: Scalar, index: Ref, *, nullable: bool, hint: str | None = None) -> Scalar:
        """Gather a value by rows."""
        value = self.take(scalar.value, index, nullable=nullable, kind=scalar.kind, hint=hint)
        may_miss = scalar.nullable or nullable
        valid = None
        if may_miss and scalar.kind in ("int", "bool"):
            valid = self.take(scalar.valid or TRUE, index, nullable=nullable, kind="bool")
        return Scalar(scalar.kind, value, may_miss, valid)

    def full(self, value: Operand, axis: str, kind: Kind) -> Ref:
        """Return a column on `axis`, also for what is one value for all rows."""
        if isinstance(value, Const):
            return self.column(Fill(value), axis, kind, f"{axis}_constant")
        if self.axis_of(value) is None:
            return self.column(Spread(value), axis, kind, f"{value.name}_of_{axis}")
        return value

    # -------------------------------------------------------------- arithmetic

    def map(self, function: MapFunction, arguments: Sequence[Operand], hint: str = "value") -> Operand:
        """Apply a function to columns of one axis."""
        known = _shortcut(function, arguments)
        if known is not None:
            return known
        axes = {axis for argument in arguments if (axis := self.axis_of(argument)) is not None}
        assert len(axes) <= 1, f"{function} of columns of {axes}"
        kinds = [self.kind(argument) for argument in arguments]
        kind: Kind = "real"
        if function in BOOLEAN:
            kind = "bool"
        elif function == "where":
            kind = kinds[1]
        elif function in ARITHMETIC and all(k == "int" for k in kinds):
            kind = "int"
        target = None
        if kind == "item":
            target = next(self.definitions[a.name].target for a in arguments[1:] if isinstance(a, Ref))
        return self.column(Map(function, tuple(arguments)), next(iter(axes), None), kind, hint, target)

    def kind(self, operand: Operand) -> Kind:
        """Return the kind of a column or constant."""
        return kind_of(operand, self.definitions)

    def both(self, *conditions: Operand | None) -> Operand:
        """Return where all of some truth values hold (`None` always does)."""
        parts = [part for part in conditions if part is not None and part != TRUE]
        if FALSE in parts:
            return FALSE
        if len(parts) < 2:
            return parts[0] if parts else TRUE
        return self.map("and", parts)

    def real(self, scalar: Scalar) -> Scalar:
        """Turn a number into a real."""
        if scalar.kind == "real":
            return scalar
        value = self.map("real", (scalar.value,))
        if scalar.valid is not None:
            value = self.map("where", (scalar.valid, value, MISSING_VALUES["real"]))
        return Scalar("real", value, scalar.nullable)

    def reals(self, function: MapFunction, *arguments: Scalar, hint: str = "value") -> Scalar:
        """Apply a function of reals."""
        operands = [self.real(argument).value for argument in arguments]
        return Scalar("real", self.map(function, operands, hint), nullable=True)

    def exists(self, scalar: Scalar) -> Operand:
        """Return where a value is not missing."""
        if scalar.kind in ("int", "bool"):
            return TRUE if scalar.valid is None else scalar.valid
        if not scalar.nullable and scalar.kind == "enum":
            return TRUE
        return self.map("exists", (scalar.value,))

    def where(self, condition: Operand, value: Scalar, otherwise: Scalar, hint: str = "value") -> Scalar:
        """Choose between two values of one kind (an integer beside a real becomes one)."""
        if value.kind != otherwise.kind:
            value, otherwise = self.real(value), self.real(otherwise)
        nullable = value.nullable or otherwise.nullable
        valid = None
        if nullable and value.kind in ("int", "bool"):
            valid = self.map("where", (condition, value.valid or TRUE, otherwise.valid or TRUE))
        chosen = self.map("where", (condition, value.value, otherwise.value), hint)
        return Scalar(value.kind, chosen, nullable, valid)

    def row(self, item: Item) -> Ref:
        """Return the rows of the items' axis."""
        return self.rows(item.axis) if item.row is None else item.row


def _shortcut(function: MapFunction, arguments: Sequence[Operand]) -> Operand | None:
    """Return what needs no operation: a choice that is made, or a choice between equals."""
    if function == "where":
        condition, value, otherwise = arguments
        if condition == TRUE or (isinstance(value, Ref) and value == otherwise):
            return value
        if condition == FALSE:
            return otherwise
    return None
