"""A program over many events: the same results as generated code gives, in plain Python data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hepsel.interpreter.events import Event, Names
from hepsel.interpreter.totals import BlockTotals, RegionTotals
from hepsel.semantics.program import Program


def interpret(program: Program, events: Iterable[Mapping[str, object]], *, trace: bool = False) -> dict[str, Any]:
    """Run a program over events, one after the other.

    Parameters
    ----------
    program
        The typed program.
    events
        For each event, logical column name to plain Python values, as a reader gives them:
        see `StoredEvent`.
    trace
        Whether to report, for every event and region, the first filter that it fails.

    Returns
    -------
    dict
        `events`, `cutflow`, `items`, `bins`, `overlaps`, `missing_weights`, `missing_in_selected`, `histograms`,
        `columns`, `selected` and, with `trace`, `first_failed`; missing values in columns are `None`.
    """
    names = Names(program)
    blocks = [BlockTotals(block) for block in program.collections.values()]
    regions = [RegionTotals(program, region) for region in program.regions]
    count = 0
    for columns in events:
        event = Event(names, columns)
        count += 1
        for block in blocks:
            block.add(event)
        for region in regions:
            region.add(event)
    result: dict[str, Any] = {
        "events": count,
        "cutflow": {region.name: region.cutflow() for region in regions},
        "items": {block.name: block.rows for block in blocks},
        "bins": {region.name: region.bins() for region in regions},
        "overlaps": {region.name: region.overlaps for region in regions},
        "missing_weights": {name: missing for region in regions for name, missing in region.missing_weights.items()},
        "missing_in_selected": {
            name: missing for region in regions for name, missing in region.missing_in_selected.items()
        },
        "histograms": {
            f"{region.name}/{name}": histogram for region in regions for name, histogram in region.histograms().items()
        },
        "columns": {region.name: region.columns for region in regions},
        "selected": {region.name: region.selected for region in regions},
    }
    if trace:
        result["first_failed"] = {region.name: region.first_failed for region in regions}
    return result
