"""Cutflows as data (`cutflow.json`) and as tables for people."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hepsel import __version__
from hepsel.run.dependence import blocks_behind, criteria_of, statements_of
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
)
from hepsel.semantics.types import IntType
from hepsel.semantics.units import parse_unit
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import printable

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

SCHEMA = "hepsel-cutflow/1"

Data = dict[str, Any]


# ------------------------------------------------------------------ data


def cutflow_data(program: Program, outcome: Outcome) -> Data:
    """Return the cutflows of a run as plain data, as `cutflow.json` holds them.

    Parameters
    ----------
    program
        The program that was run.
    outcome
        What came of it.
    """
    result = outcome.result
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
    open_below = [id_ for block in blocks_behind(program, name) for id_ in externals[block]]
    return {
        "name": name,
        "complete": not (open_here or open_below),
        "not_applied": open_below + open_here,
        "rows": rows,
        "bins": _bins(program, name, result, expected),
        "events_in_several_bins": result["overlaps"].get(name, 0),
        "events_with_missing_weight": _of_region(name, result["missing_weights"]),
        "selected_with_missing_weight": _of_region(name, result["missing_in_selected"]),
        "events_in_no_cell": _in_no_cell(program, name, result),
        "columns": [{"name": item.name, "unit": item.unit} for item in statements if isinstance(item, SavedColumn)],
    }


def _of_region(region: str, counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts of the weights of a region."""
    prefix = f"{region}."
    return {name.removeprefix(prefix): count for name, count in counts.items() if name.startswith(prefix)}


def _in_no_cell(program: Program, region: str, result: Result) -> dict[str, int]:
    """Return for each grid how many of the events that pass the criteria before it are in none of its cells."""
    passing = {row["id"]: row["events"] for row in result["cutflow"][region]}
    bins = iter(result["bins"][region])
    events = passing.get(GOOD_RUNS, passing[f"{region}.0"])
    found: dict[str, int] = {}
    for statement in statements_of(program, region):
        match statement:
            case Filter(criterion=criterion) | ExternalCut(criterion=criterion):
                events = passing[criterion.id]
            case NamedBin():
                next(bins)
            case GridBins():
                cells = itertools.islice(bins, math.prod(len(axis.edges) - 1 for axis in statement.axes))
                found[statement.name] = events - sum(cell["events"] for cell in cells)
    return found


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
    for statement in statements_of(program, region):
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
        edges = in_unit(axis.edges, axis.unit)
        whole = isinstance(axis.value.type, IntType) and all(edge.is_integer() for edge in edges)
        axes.append(
            [
                {"axis": axis.label, "low": low, "high": high, "unit": axis.unit, "whole": whole}
                for low, high in itertools.pairwise(edges)
            ]
        )
    return [list(cell) for cell in itertools.product(*axes)]


def in_unit(values: Iterable[float], unit: str) -> list[float]:
    """Return values in base units as values in `unit` (empty for a pure number), computed in decimal like literals."""
    known = parse_unit(unit) if unit else None
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


# ------------------------------------------------------------------ tables


def tables(data: Data) -> list[RenderableType]:
    """Return the tables of a run, given its `cutflow_data`."""
    from rich.text import Text

    shown: list[RenderableType] = [Text(printable(data["analysis"]), style="bold")]
    shown += [_item_table(block) for block in data["objects"]]
    for region in data["regions"]:
        shown.append(_region_table(region))
        if region["bins"]:
            shown.append(_bin_table(region))
        shown += [Text(alarm, style="yellow") for alarm in _alarms(region)]
        shown += [
            Text(f"no cell: {_counted(count, 'event')} of {region['name']} in no cell of {grid}")
            for grid, count in region["events_in_no_cell"].items()
            if count
        ]
    return shown


def _region_table(region: Data) -> Table:
    rows = region["rows"]
    weighted = _is_weighted([*rows, *region["bins"]])
    published = any(row["expected"] for row in rows)
    table = _table(f"region {region['name']}")
    table.add_column("criterion", overflow="fold")
    table.add_column("events", justify="right")
    if weighted:
        table.add_column("weighted", justify="right")
    table.add_column("step", justify="right")
    table.add_column("total", justify="right")
    if published:
        table.add_column("published", justify="right")
    table.add_column("source", overflow="fold")
    for row in rows:
        cells = [_label(row), str(row["events"])]
        if weighted:
            cells.append(_value(row["sumw"], row["error"]))
        cells += [_percent(row, "step_efficiency"), _percent(row, "efficiency")]
        if published:
            cells.append(_published(row["expected"]))
        _add(table, [*cells, _sources(row)], applied=row["applied"])
    return table


def _item_table(block: Data) -> Table:
    table = _table(f"{block['kind']} {block['name']}")
    table.add_column("criterion", overflow="fold")
    for heading in ("items", "step", "total"):
        table.add_column(heading, justify="right")
    table.add_column("source", overflow="fold")
    for row in block["rows"]:
        efficiencies = [_percent(row, "step_efficiency"), _percent(row, "efficiency")]
        cells = [_label(row), str(row["items"]), *efficiencies, _sources(row)]
        _add(table, cells, applied=row["applied"])
    return table


def _bin_table(region: Data) -> Table:
    bins = region["bins"]
    weighted = _is_weighted([*region["rows"], *bins])
    published = any(row["expected"] for row in bins)
    table = _table(f"bins of region {region['name']}")
    table.add_column("bin", overflow="fold")
    table.add_column("events", justify="right")
    if weighted:
        table.add_column("weighted", justify="right")
    if published:
        table.add_column("published", justify="right")
    table.add_column("source", overflow="fold")
    for row in bins:
        cells = [_bin_name(row), str(row["events"])]
        if weighted:
            cells.append(_value(row["sumw"], row["error"]))
        if published:
            cells.append(_published(row["expected"]))
        _add(table, [*cells, _sources(row)])
    return table


def _alarms(region: Data) -> list[str]:
    alarms = []
    if region["not_applied"]:
        ids = ", ".join(region["not_applied"])
        alarms.append(f"incomplete: {region['name']} depends on criteria that were not applied ({ids})")
    if region["events_in_several_bins"]:
        count = region["events_in_several_bins"]
        alarms.append(f"bins overlap: {_counted(count, 'event')} of {region['name']} in two or more named bins")
    infinite = next((row for row in region["rows"] if not math.isfinite(row["sumw"])), None)
    if infinite is not None:
        alarms.append(
            f'infinite weight: the weights of {region["name"]} have no finite sum from "{_label(infinite)}" on; '
            "is one of them divided by 0?"
        )
    for weight, count in region["events_with_missing_weight"].items():
        if count:
            alarms.append(
                f"missing weight: {_counted(count, 'event')} of {region['name']} without a value of {weight}, "
                f"counted as 0; {region['selected_with_missing_weight'][weight]} of them pass all criteria"
            )
    return alarms


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _table(title: str) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    # `Text`: the name of a copy, `jets[loose]`, looks like markup.
    return Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD)


def _add(table: Table, cells: Iterable[str], *, applied: bool = True) -> None:
    from rich.text import Text

    # `Text`, and control characters shown: a label cannot style the table or steer the terminal.
    table.add_row(*(Text(printable(cell)) for cell in cells), style=None if applied else "dim")


def _label(row: Data) -> str:
    return str(row["label"]) if row["applied"] else f"{row['label']} (not applied)"


def _bin_name(row: Data) -> str:
    if "cell" not in row:
        return str(row["name"])
    sides = ", ".join(f"{side['axis']} {_range(side)}" for side in row["cell"])
    return f"{row['name']}: {sides}"


def _range(side: Data) -> str:
    """Return what lies in a cell along an axis; of whole numbers the first and the last."""
    low, high = side["low"], side["high"]
    if not side["whole"]:
        return f"{low:g} to {high:g} {side['unit']}".rstrip()
    return f"{low:.0f}" if high == low + 1 else f"{low:.0f} to {high - 1:.0f}"


def _is_weighted(rows: Iterable[Data]) -> bool:
    return any(row["sumw"] != row["events"] for row in rows)


def _percent(row: Data, key: str) -> str:
    if not row["applied"] or row[key] is None:
        return "-"
    return f"{100 * row[key]:.2f} %"


def _value(value: float, error: float) -> str:
    """Return a value with its error, to two digits of the error."""
    if not (math.isfinite(value) and math.isfinite(error)) or error == 0:
        return f"{value:.6g} ± {error:.2g}"
    digits = 1 - math.floor(math.log10(error))
    if not -6 <= digits <= 6:
        return f"{value:.6g} ± {error:.2g}"
    return f"{round(value, digits):.{max(digits, 0)}f} ± {round(error, digits):.{max(digits, 0)}f}"


def _published(counts: Iterable[Data]) -> str:
    return "; ".join(
        " ".join(
            [
                f"{count['value']:g}",
                *(_uncertainty(item) for item in count["uncertainties"]),
                *([f"({count['sample']})"] if count["sample"] else []),
            ]
        )
        for count in counts
    )


def _uncertainty(item: Data) -> str:
    up, down = item["up"], item["down"]
    text = f"± {up:g}" if up == down else f"+ {up:g} - {down:g}"
    return f"{text} {item['kind']}" if item["kind"] else text


def _sources(row: Data) -> str:
    cited = []
    for item in row["citations"]:
        page = f" p. {item['page']}" if item["page"] is not None else ""
        quote = f" “{item['quote']}”" if item["quote"] else ""
        cited.append(f"{item['source']}{page}{quote}")
    return "; ".join([*cited, *(f"assumed: {text}" for text in row["assumptions"])])
