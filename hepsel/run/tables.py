"""Cutflows as tables for people."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from hepsel.run.report import OF_ENTRIES, Data
from hepsel.syntax.diagnostics import printable

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

Columns = Mapping[str, Callable[[Data], str]]
"""What stands in the columns of a table, by their headings."""

_WORDS = ("criterion", "bin", "source")


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
    rows, bins = region["rows"], region["bins"]
    columns = {
        "criterion": _label,
        "events": _events,
        **_weighted([*rows, *bins]),
        "step": _step,
        "total": _total,
        **_published(rows),
        "source": _sources,
    }
    return _table(f"region {region['name']}", rows, columns)


def _item_table(block: Data) -> Table:
    columns = {"criterion": _label, "items": _items, "step": _step, "total": _total, "source": _sources}
    return _table(f"{block['kind']} {block['name']}", block["rows"], columns)


def _bin_table(region: Data) -> Table:
    rows, bins = region["rows"], region["bins"]
    columns = {
        "bin": bin_name,
        "events": _events,
        **_weighted([*rows, *bins]),
        **_published(bins),
        "source": _sources,
    }
    return _table(f"bins of region {region['name']}", bins, columns)


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
            lacking = f"without a value of {weight}"
            if weight.startswith(OF_ENTRIES):
                lacking = f"with entries without a weight in {weight}"
            alarms.append(
                f"missing weight: {_counted(count, 'event')} of {region['name']} {lacking}, "
                f"counted as 0; {region['selected_with_missing_weight'][weight]} of them pass all criteria"
            )
    if weights := region["weights_in_no_row"]:
        alarms.append(
            f"weight in no row: {', '.join(weights)} of {region['name']} behind its last criterion; "
            "only what is filled behind that has it"
        )
    return alarms


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _table(title: str, rows: Iterable[Data], columns: Columns) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    # `Text`: the name of a copy, `jets[loose]`, looks like markup.
    table = Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD)
    for heading in columns:
        if heading in _WORDS:
            table.add_column(heading, overflow="fold")
        else:
            table.add_column(heading, justify="right")
    for row in rows:
        # `Text`, and control characters shown: a label cannot style the table or steer the terminal.
        cells = (Text(printable(cell(row))) for cell in columns.values())
        table.add_row(*cells, style=None if row.get("applied", True) else "dim")
    return table


def _label(row: Data) -> str:
    return str(row["label"]) if row["applied"] else f"{row['label']} (not applied)"


def bin_name(row: Data) -> str:
    """Return the name of a bin, and of a cell of a grid what lies in it."""
    if "cell" not in row:
        return str(row["name"])
    sides = ", ".join(f"{side['axis']} {_range(side)}" for side in row["cell"])
    return f"{row['name']}: {sides}"


def _range(side: Data) -> str:
    """Return what lies in a cell along an axis; of whole numbers the first and the last."""
    low, high = side["low"], side["high"]
    if low is None and high is None:
        return "of any value"
    if high is None:
        return f">= {low:g} {side['unit']}".rstrip()
    if low is None:
        return f"< {high:g} {side['unit']}".rstrip()
    if not side["whole"]:
        return f"{low:g} to {high:g} {side['unit']}".rstrip()
    return f"{low:.0f}" if high == low + 1 else f"{low:.0f} to {high - 1:.0f}"


def _events(row: Data) -> str:
    return str(row["events"])


def _items(row: Data) -> str:
    return str(row["items"])


def _step(row: Data) -> str:
    return _percent(row, "step_efficiency")


def _total(row: Data) -> str:
    return _percent(row, "efficiency")


def _percent(row: Data, key: str) -> str:
    if not row["applied"] or row[key] is None:
        return "-"
    return f"{100 * row[key]:.2f} %"


def _weighted(rows: Iterable[Data]) -> Columns:
    """Return the column of weighted numbers, where they are others than those of events."""
    if all(row["sumw"] == row["events"] for row in rows):
        return {}
    return {"weighted": lambda row: _value(row["sumw"], row["error"])}


def _value(value: float, error: float) -> str:
    """Return a value with its error, to two digits of the error."""
    if not (math.isfinite(value) and math.isfinite(error)) or error == 0:
        return f"{value:.6g} ± {error:.2g}"
    digits = 1 - math.floor(math.log10(error))
    if not -6 <= digits <= 6:
        return f"{value:.6g} ± {error:.2g}"
    return f"{round(value, digits):.{max(digits, 0)}f} ± {round(error, digits):.{max(digits, 0)}f}"


def _published(rows: Iterable[Data]) -> Columns:
    """Return the column of published numbers, where there are any."""
    return {"published": _expected} if any(row["expected"] for row in rows) else {}


def _expected(row: Data) -> str:
    return "; ".join(
        " ".join(
            [
                f"{count['value']:g}",
                *(_uncertainty(item) for item in count["uncertainties"]),
                *([f"({count['sample']})"] if count["sample"] else []),
            ]
        )
        for count in row["expected"]
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
