"""Lowers regions: what is asked of the events, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hepsel.plan.blocks import texts_of
from hepsel.plan.builder import EVENTS, identifier
from hepsel.plan.nodes import (
    AxisFill,
    BinStep,
    CutStep,
    ElementAt,
    GridStep,
    HistogramStep,
    Identifier,
    Operand,
    Position,
    Read,
    Ref,
    RegionOutput,
    SaveStep,
    Step,
    WeightStep,
)
from hepsel.plan.values import Context, Rows, Scalar
from hepsel.semantics import program as typed
from hepsel.semantics.reads import EVENT, event_id
from hepsel.semantics.types import EnumType, ListType, RealType

if TYPE_CHECKING:
    from hepsel.plan.lower import Lowering


class Regions:
    """Lowers the regions of a program."""

    def __init__(self, low: Lowering) -> None:
        self.low = low
        self.build = low.build
        self.root: Context = low.items.context(EVENTS)
        self._inherited: dict[str, tuple[Step, ...]] = {}

    def lower(self, region: typed.Region) -> RegionOutput:
        """Lower a region; its base is lowered already."""
        self.build.section = region.name
        steps: list[Step] = list(self._inherited[region.base]) if region.base else []
        for statement in region.statements:
            step = self._step(statement)
            if step is not None:
                steps.append(step)
        self._inherited[region.name] = tuple(s for s in steps if isinstance(s, CutStep | WeightStep))
        return RegionOutput(region.name, tuple(steps))

    def _step(self, statement: typed.RegionStatement) -> Step | None:
        expressions = self.low.expressions
        match statement:
            case typed.Filter(criterion=criterion, condition=condition, negated=negated):
                hint = identifier(criterion.id)
                passes = expressions.condition(condition, self.root, hint)
                if negated:
                    passes = self.build.map("not", (passes,), hint)
                return CutStep(texts_of(criterion), self._of_events(passes))
            case typed.ExternalCut(criterion=criterion):
                return CutStep(texts_of(criterion), None)
            case typed.WeightFactor(name=name, value=value):
                factor = self.build.real(expressions.scalar(value, self.root, name))
                return WeightStep(name, self.build.full(factor.value, EVENTS, "real"))
            case typed.NamedBin(criterion=criterion, condition=condition):
                passes = expressions.condition(condition, self.root, identifier(criterion.id))
                return BinStep(texts_of(criterion), criterion.label, self._of_events(passes))
            case typed.GridBins(criterion=criterion, name=name, axes=axes):
                fills, _, _ = self._fills(name, axes)
                return GridStep(texts_of(criterion), name, fills)
            case typed.HistogramFill(name=name, axes=axes, weight=weight, fold=fold, title=title):
                fills, weights, rows = self._fills(name, axes, weight)
                return HistogramStep(name, fills, weights, fold, title, Ref(rows))
            case typed.SavedColumn():
                return self._save(statement)
            case typed.PublishedCount():
                return None

    def _of_events(self, passes: Operand) -> Operand:
        return self.build.full(passes, EVENTS, "bool")

    def _fills(
        self, name: str, axes: tuple[typed.BinAxis, ...], weight: typed.Expr | None = None
    ) -> tuple[tuple[AxisFill, ...], Operand | None, str]:
        """Lower the values of the axes of a histogram, and its weight, on one axis of rows."""
        build = self.build
        hint = identifier(name)
        lists: list[Rows] = []
        values: list[Operand] = []
        for filled in (*(axis.value for axis in axes), *(() if weight is None else (weight,))):
            if not isinstance(filled.type, ListType):
                scalar = build.real(self.low.expressions.scalar(filled, self.root, hint))
                values.append(scalar.value)
                continue
            rows = self.low.expressions.rows(filled, self.root, hint)
            if lists and rows.axis != lists[0].axis:
                rows = self._in_step(rows, lists[0].axis)
            lists.append(rows)
            assert isinstance(rows.element, Scalar)
            values.append(build.real(rows.element).value)
        home = lists[0].axis if lists else EVENTS
        columns = [build.full(build.spread(value, home), home, "real") for value in values]
        weights = None if weight is None else columns.pop()
        fills = tuple(
            AxisFill(column, axis.edges, axis.uniform, axis.unit, axis.label)
            for axis, column in zip(axes, columns, strict=True)
        )
        return fills, weights, home

    def _in_step(self, rows: Rows, axis: str) -> Rows:
        """Return the elements of a list beside those of another, place by place."""
        build = self.build
        place = build.column(Position(Ref(axis)), axis, "int", f"{axis}_place")
        event = build.parent_rows(axis)
        partner = build.column(
            ElementAt(Ref(rows.axis), event, place, from_end=False),
            axis,
            "item",
            f"{rows.axis}_beside_{axis}",
            rows.axis,
        )
        return Rows(axis, self.low.items.take(rows.element, partner, nullable=True))

    def _save(self, statement: typed.SavedColumn) -> SaveStep:
        build = self.build
        hint = identifier(statement.name)
        value = self.low.expressions.lower(statement.value, self.root, hint)
        kind = statement.value.type
        rows = None
        if isinstance(value, Rows):
            assert isinstance(kind, ListType)
            rows, kind, value = value.axis, kind.element, value.element
        assert isinstance(value, Scalar)
        if isinstance(kind, RealType):
            value = build.real(value)
        home = rows or EVENTS
        return SaveStep(
            statement.name,
            build.full(value.value, home, value.kind),
            None if value.valid is None else build.full(value.valid, home, "bool"),
            Ref(rows) if rows else None,
            self.low.expressions.names_of(kind) if isinstance(kind, EnumType) else (),
            statement.unit,
        )

    def identifiers(self) -> tuple[Identifier, ...]:
        """Return the columns that tell events apart, those of them that the format has."""
        self.build.section = EVENT
        data_format = self.low.program.format
        found = []
        for name, attribute in event_id(data_format):
            (read,) = self.low.items.stored_reads(EVENT, data_format.collections[EVENT].attributes[attribute])
            value = self.build.column(Read(read.name, exact=True), EVENTS, "int", f"{EVENT}_{attribute}")
            found.append(Identifier(name, value))
        return tuple(found)
