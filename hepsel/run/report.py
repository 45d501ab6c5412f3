"""Cutflows as data: what `cutflow.json` holds."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from hepsel import __version__
from hepsel.run.dependence import behind, criteria_of
from hepsel.run.execute import Outcome
from hepsel.run.result import GOOD_RUNS, CutflowRow, Result
from hepsel.semantics.expressions.quantities import exact_decimal
from hepsel.semantics.program import (
    CompositeBlock,
    Criterion,
    ExternalCut,
    Filter,
    GridBins,
    NamedBin,
    Program,
    PublishedCount,
    SavedColumn,
    WeightFactor,
)
from hepsel.semantics.types import IntType
from hepsel.semantics.units import parse_unit
from hepsel.syntax import tree

SCHEMA = "hepsel-cutflow/1"
OF_ENTRIES = "histogram "
"""What the name of a histogram stands behind where the weights of its entries are told of."""


Data = dict[str, Any]


def cutflow_data(program: Program, outcome: Outcome) -> Data:
    """Return the cutflows of a run as plain data, as `cutflow.json` holds them.

    Parameters
    ----------
    program
        The program that was run.
    outcome
        What came of it.
    """
    result = outcome.whole.sums
    criteria = criteria_of(program)
    items = {name: _item_rows(rows, criteria) for name, rows in result["items"].items()}
    externals = {name: [row["id"] for row in rows if not row["applied"]] for name, rows in items.items()}
    regions = [_region(program, name, result, criteria, externals) for name in program.regions]
    return {
        "schema": SCHEMA,
        "hepsel": __version__,
        "analysis": program.analysis.title,
        "format": program.format.name,
        "events": result["events"],
        "complete": not outcome.skipped and all(region["complete"] for region in regions),
        "regions": regions,
        "objects": [
            {
                "name": name,
                "kind": "composite" if isinstance(block, CompositeBlock) else "object",
                "rows": items[name],
            }
            for name, block in program.collections.items()
        ],
        "skipped_files": [{"path": str(file.file), "reason": file.reason} for file in outcome.skipped],
    }


def _region(
    program: Program,
    name: str,
    result: Result,
    criteria: Mapping[str, Criterion],
    externals: Mapping[str, Sequence[str]],
) -> Data:
    statements = program.regions[name].statements
    published = [item for item in statements if isinstance(item, PublishedCount)]
    expected = {
        after: [_expected(item) for item in group]
        for after, group in itertools.groupby(published, key=lambda item: item.after)
    }
    rows = _region_rows(result["cutflow"][name], criteria, expected)
    open_here = [row["id"] for row in rows if not row["applied"]]
    blocks, others = behind(program, name)
    open_below = [id_ for block in blocks for id_ in externals[block]]
    told = (s.criterion.id for other in others for s in program.statements_of(other) if isinstance(s, ExternalCut))
    open_below += [id_ for id_ in dict.fromkeys(told) if id_ not in open_here]
    not_applied = open_below + open_here
    return {
        "name": name,
        "complete": not not_applied,
        "not_applied": not_applied,
        "rows": rows,
        "bins": _bins(program, name, result, expected),
        "events_in_several_bins": result["overlaps"][name],
        "events_with_missing_weight": _of_region(name, result["missing_weights"]),
        "selected_with_missing_weight": _of_region(name, result["missing_in_selected"]),
        "events_in_no_cell": _in_no_cell(program, name, result),
        "weights_in_no_row": _in_no_row(program, name),
        "columns": [{"name": item.name, "unit": item.unit} for item in statements if isinstance(item, SavedColumn)],
    }


def _of_region(region: str, counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts of the weights of a region, and of its histograms that have weights."""
    found: dict[str, int] = {}
    for prefix, kind in ((f"{region}.", ""), (f"{region}/", OF_ENTRIES)):
        found |= {kind + name.removeprefix(prefix): count for name, count in counts.items() if name.startswith(prefix)}
    return found


def _in_no_cell(program: Program, region: str, result: Result) -> dict[str, int]:
    """Return for each grid how many of the events that pass the criteria before it are in none of its cells."""
    passing = {row["id"]: row["events"] for row in result["cutflow"][region]}
    bins = iter(result["bins"][region])
    events = passing.get(GOOD_RUNS, passing[f"{region}.0"])
    found: dict[str, int] = {}
    for statement in program.statements_of(region):
        match statement:
            case Filter(criterion=criterion) | ExternalCut(criterion=criterion):
                events = passing[criterion.id]
            case NamedBin():
                next(bins)
            case GridBins():
                cells = itertools.islice(bins, math.prod(len(axis.edges) - 1 for axis in statement.axes))
                found[statement.name] = events - sum(cell["events"] for cell in cells)
    return found


def _in_no_row(program: Program, region: str) -> list[str]:
    """Return the weights of a region that stand behind its last criterion, and so are in no row of its cutflow."""
    statements = list(program.statements_of(region))
    last = max((i for i, item in enumerate(statements) if isinstance(item, Filter | ExternalCut)), default=None)
    behind_it = [] if last is None else statements[last:]
    return [item.name for item in behind_it if isinstance(item, WeightFactor)]


def _region_rows(
    rows: Sequence[CutflowRow],
    criteria: Mapping[str, Criterion],
    expected: Mapping[str | None, list[Data]],
) -> list[Data]:
    total = rows[0]["events"]
    previous = [rows[0], *rows]
    return [
        {
            "id": row["id"],
            "label": row["label"],
            "applied": row["applied"],
            **_weighted(row),
            "step_efficiency": _ratio(row["events"], before["events"]),
            "efficiency": _ratio(row["events"], total),
            **_annotations(criteria.get(row["id"])),
            "expected": expected.get(None if place == 0 else row["id"], []),
        }
        for place, (before, row) in enumerate(zip(previous, rows, strict=False))
    ]


def _item_rows(rows: Iterable[Mapping[str, Any]], criteria: Mapping[str, Criterion]) -> list[Data]:
    listed = list(rows)
    total = listed[0]["items"]
    return [
        {
            "id": row["id"],
            "label": row["label"],
            "applied": row["applied"],
            "items": row["items"],
            "step_efficiency": _ratio(row["items"], before["items"]),
            "efficiency": _ratio(row["items"], total),
            **_annotations(criteria.get(row["id"])),
        }
        for before, row in zip([listed[0], *listed], listed, strict=False)
    ]


def _bins(program: Program, region: str, result: Result, expected: Mapping[str | None, list[Data]]) -> list[Data]:
    named: list[tuple[Criterion, list[Data] | None]] = []
    for statement in program.statements_of(region):
        if isinstance(statement, NamedBin):
            named.append((statement.criterion, None))
        elif isinstance(statement, GridBins):
            named += [(statement.criterion, cell) for cell in _cells(statement)]
    return [
        {
            "id": criterion.id,
            "name": row["name"],
            **_weighted(row),
            **({} if cell is None else {"cell": cell}),
            **_annotations(criterion),
            "expected": expected.get(criterion.id, []),
        }
        for (criterion, cell), row in zip(named, result["bins"][region], strict=True)
    ]


def _cells(statement: GridBins) -> list[list[Data]]:
    axes = []
    for axis in statement.axes:
        finite = list(filter(math.isfinite, axis.edges))
        numbers = in_unit(finite, axis.unit)
        whole = isinstance(axis.value.type, IntType) and all(number.is_integer() for number in numbers)
        # JSON has no infinity; an end that is open is null.
        shown = dict(zip(finite, numbers, strict=True))
        axes.append(
            [
                {"axis": axis.label, "low": shown.get(low), "high": shown.get(high), "unit": axis.unit, "whole": whole}
                for low, high in itertools.pairwise(axis.edges)
            ]
        )
    return [list(cell) for cell in itertools.product(*axes)]


def in_unit(values: Iterable[float], unit: str) -> list[float]:
    """Return values in base units as values in `unit` (empty for a pure number), computed in decimal like literals."""
    known = parse_unit(unit)
    factor = Fraction(1) if known is None else known.factor
    if isinstance(factor, float):
        return [value / factor for value in values]
    return [float(exact_decimal(repr(value)) / factor) for value in values]


def _weighted(row: Mapping[str, Any]) -> Data:
    return {
        "events": int(row["events"]),
        "sumw": float(row["sumw"]) + 0.0,  # no -0
        "error": math.sqrt(row["sumw2"]),
    }


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _annotations(annotated: Criterion | PublishedCount | None) -> Data:
    annotations = annotated.annotations if annotated is not None else ()
    return {
        "citations": [
            {"source": item.source, "page": item.page, "quote": item.quote}
            for item in annotations
            if isinstance(item, tree.Cite)
        ],
        "assumptions": [item.text for item in annotations if isinstance(item, tree.Assume)],
        "notes": [item.text for item in annotations if isinstance(item, tree.Note)],
    }


def _expected(count: PublishedCount) -> Data:
    return {
        "value": count.value,
        "uncertainties": [{"up": up, "down": down, "kind": kind} for up, down, kind in count.uncertainties],
        "sample": count.sample,
        **_annotations(count),
    }
