"""What blocks and regions add up, event after event."""

from __future__ import annotations

from typing import Any

from hepsel.interpreter.blocks import criterion_of
from hepsel.interpreter.counts import Count, Grid, Histogram
from hepsel.interpreter.evaluate import Scope, evaluate, holds
from hepsel.interpreter.events import Event
from hepsel.interpreter.values import Value, fitted, or_nan, real
from hepsel.semantics import program as typed
from hepsel.semantics.program import Program
from hepsel.semantics.reads import event_id


class BlockTotals:
    """The item-level cutflow of an object or composite, over all events."""

    def __init__(self, block: typed.ItemBlock) -> None:
        self.name = block.name
        label = "taken" if isinstance(block, typed.ObjectBlock) else "candidates"
        self.rows: list[dict[str, Any]] = [{"id": f"{block.name}.0", "label": label, "applied": True, "items": 0}]
        for statement in block.statements:
            criterion = criterion_of(statement)
            if criterion is not None:
                applied = not isinstance(statement, typed.ExternalCut)
                row = {"id": criterion.id, "label": criterion.label, "applied": applied, "items": 0}
                self.rows.append(row)

    def add(self, event: Event) -> None:
        """Count the items of one event."""
        for row, count in zip(self.rows, event.block(self.name).counts, strict=True):
            row["items"] += count


class RegionTotals:
    """The cutflow, bins, histograms, columns and events of a region.

    A statement sees the events that pass the filters before it, with the weights before it; only columns are of the
    events that pass all filters, wherever the `save` stands.
    """

    def __init__(self, program: Program, region: str) -> None:
        self.name = region
        self.overlaps = 0
        self.first_failed: list[str | None] = []
        self._event_id = event_id(program.format)
        self.selected: dict[str, list[int | None]] = {key: [] for key, _ in self._event_id}
        self._all_events = Count()
        self._steps = [(step, _total_of(step)) for step in program.statements_of(region)]
        self.missing_weights = {name: 0 for s, _ in self._steps if (name := self._weight_of(s)) is not None}
        self.missing_in_selected = dict(self.missing_weights)
        self.columns: dict[str, list[Value]] = {
            step.name: [] for step, _ in self._steps if isinstance(step, typed.SavedColumn)
        }

    def add(self, event: Event) -> None:
        """Take one event through the statements, up to the first filter that it fails."""
        scope = Scope(event)
        weight = 1.0
        bins = 0
        missing: list[str] = []
        failed = None
        is_counted = False
        for step, total in self._steps:
            if isinstance(step, typed.Filter | typed.ExternalCut) and not is_counted:
                self._all_events.add(weight)
                is_counted = True
            match step, total:
                case typed.Filter(), Count():
                    if not event.meets(step):
                        failed = step.criterion.id
                        break
                    total.add(weight)
                case typed.ExternalCut(), Count():
                    total.add(weight)
                case typed.WeightFactor(), _:
                    product = real(weight * or_nan(evaluate(step.value, scope)))
                    if product is None:
                        missing.append(f"{self.name}.{step.name}")
                        product = 0.0
                    weight = product
                case typed.NamedBin(), Count():
                    if holds(step.condition, scope):
                        total.add(weight)
                        bins += 1
                case typed.GridBins(), Grid():
                    total.add([evaluate(axis.value, scope) for axis in step.axes], weight)
                case typed.HistogramFill(), Histogram():
                    factor = 1.0 if step.weight is None else evaluate(step.weight, scope)
                    if total.fill([evaluate(axis.value, scope) for axis in step.axes], factor, weight):
                        missing.append(f"{self.name}/{step.name}")
        if not is_counted:
            self._all_events.add(weight)
        self.first_failed.append(failed)
        self.overlaps += bins > 1
        for name in missing:
            self.missing_weights[name] += 1
            self.missing_in_selected[name] += failed is None
        if failed is None:
            self._select(event)

    def _weight_of(self, step: typed.RegionStatement) -> str | None:
        """Return the name under which events are counted that have no weight in a statement, if it has weights."""
        match step:
            case typed.WeightFactor(name):
                return f"{self.name}.{name}"
            case typed.HistogramFill(name, weight=weight) if weight is not None:
                return f"{self.name}/{name}"
        return None

    def _select(self, event: Event) -> None:
        for key, name in self._event_id:
            self.selected[key].append(event.stored.identifier(name))
        for step, _ in self._steps:
            if isinstance(step, typed.SavedColumn):
                value = evaluate(step.value, Scope(event))
                self.columns[step.name].append(fitted(value, step.value.type))

    def cutflow(self) -> list[dict[str, Any]]:
        """Return a row for all events, with the weights before the first criterion, and one for each criterion."""
        first = {"id": f"{self.name}.0", "label": "all events", "applied": True}
        return [
            {**first, **self._all_events.to_dict()},
            *(
                {
                    "id": step.criterion.id,
                    "label": step.criterion.label,
                    "applied": isinstance(step, typed.Filter),
                    **total.to_dict(),
                }
                for step, total in self._steps
                if isinstance(step, typed.Filter | typed.ExternalCut)
                if isinstance(total, Count)
            ),
        ]

    def bins(self) -> list[dict[str, Any]]:
        """Return a row for each named bin and each cell of a grid."""
        rows: list[dict[str, Any]] = []
        for step, total in self._steps:
            match step, total:
                case typed.NamedBin(), Count():
                    rows.append({"name": step.criterion.label, **total.to_dict()})
                case typed.GridBins(), Grid():
                    rows.extend(total.rows())
        return rows

    def histograms(self) -> dict[str, dict[str, Any]]:
        """Return the histograms by name."""
        return {
            step.name: total.to_dict()
            for step, total in self._steps
            if isinstance(step, typed.HistogramFill)
            if isinstance(total, Histogram)
        }


def _total_of(step: typed.RegionStatement) -> Count | Grid | Histogram | None:
    match step:
        case typed.Filter() | typed.ExternalCut() | typed.NamedBin():
            return Count()
        case typed.GridBins():
            return Grid(step)
        case typed.HistogramFill():
            return Histogram(step)
        case _:
            return None
