"""`hepsel inspect`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from hepsel.cli.console import console
from hepsel.cli.fitting import contents_for, names_of_trees, own_formats
from hepsel.errors import DataError
from hepsel.formats.branches import resolve_branch
from hepsel.formats.contents import Contents, Tree, first_values
from hepsel.formats.fit import Fit, FoundAttribute, best_fit, fit
from hepsel.formats.loader import load_format
from hepsel.formats.schema import Format
from hepsel.formats.template import template
from hepsel.remote import Address
from hepsel.run.inputs import InputFile, named_file

_VALUES_WIDTH = 60


@click.command()
@click.argument("argument", metavar="FILE[:TREE]")
@click.option(
    "--format",
    "format_name",
    metavar="NAME|FILE",
    help="Compare with this format; without it, with the one that fits best.",
)
@click.option("--tree", "tree_name", metavar="NAME", help="Look at this tree.")
@click.option(
    "--events",
    default=3,
    show_default=True,
    type=click.IntRange(0, 100),
    metavar="N",
    help="Show the values of the first N events.",
)
@click.option("--branches", is_flag=True, help="List all branches of the tree.")
@click.option(
    "--template", "as_template", is_flag=True, help="Print a first format file for this tree, to be completed."
)
@click.option("--json", "as_data", is_flag=True, help="Print everything as JSON.")
def inspect(
    argument: str,
    format_name: str | None,
    tree_name: str | None,
    events: int,
    branches: bool,
    as_template: bool,
    as_data: bool,
) -> None:
    """Show what a ROOT or Parquet file holds, which format fits it, and what is missing.

    A format fits if the file has at least half of what it stores. FILE may be on a server: https://... or root://...
    For a file that no format fits, list its branches.
    """
    named = named_file(argument)
    if tree_name is not None and named.tree not in (None, tree_name):
        raise click.UsageError(f"{named} and --tree {tree_name} name two trees")
    file, tree_name = named.path, tree_name or named.tree
    formats = own_formats() if format_name is None else [load_format(format_name)]
    contents = contents_for(InputFile(file, tree_name), formats)
    found = best_fit(formats, contents)
    if format_name is None and found is not None and not found.fits:
        found = None
    if format_name is not None and found is None:
        trees = " or ".join(formats[0].trees) or "no tree"
        raise DataError(f"{file}: format {formats[0].name} reads {trees}: {names_of_trees(contents)}")
    tree = found.tree if found is not None else _largest(contents)
    if as_template:
        print(template(tree), end="")
        return
    report = _report(contents, tree, found, formats, events)
    if found is None or branches:
        report["branches"] = {column.name: column.type for column in tree.columns.values()}
    if as_data:
        from hepsel.backends.awkward.runtime.plain import finite

        print(json.dumps(finite(report), indent=2, ensure_ascii=False, default=str))
    else:
        _print(report)


def _largest(contents: Contents) -> Tree:
    if not contents.trees:
        raise DataError(f"{contents.path}: {names_of_trees(contents)}")
    return max(contents.trees, key=lambda tree: (bool(tree.columns), tree.events))


# ------------------------------------------------------------------ the report


def _report(contents: Contents, tree: Tree, found: Fit | None, formats: list[Format], events: int) -> dict[str, Any]:
    report: dict[str, Any] = {
        "file": str(contents.path),
        "trees": [{"name": held.name, "kind": held.kind, "events": held.events} for held in contents.trees],
        "tree": tree.name,
        "events": tree.events,
        "formats": {
            known.name: {"found": tried.found, "of": len(tried.attributes)}
            for known in formats
            if (tried := fit(known, contents)) is not None
        },
        "format": found.format.name if found is not None else None,
        "fits": found is not None and found.fits,
    }
    if found is not None:
        report["collections"] = _collections(contents.path, found, events)
        report["patterns"] = found.pattern_branches
    return report


def _collections(path: Path | Address, found: Fit, events: int) -> dict[str, Any]:
    used = [item for item in found.attributes if item.state == "found"]
    counts = {
        name: resolve_branch(found.tree.columns, spec.count, found.format.separators)
        for name, spec in found.format.collections.items()
        if spec.count
    }
    names = {branch for item in used for branch in item.branches} | {name for name in counts.values() if name}
    values = first_values(path, found.tree, sorted(names), events) if events else {}

    def of(item: FoundAttribute) -> list[Any] | None:
        if not events:
            return None
        stored = [values[branch] for branch in item.branches]
        is_alone = found.format.collections[item.collection].items
        shown = [list(event) for event in zip(*stored, strict=True)] if is_alone else stored[0]
        number = counts.get(item.collection)
        return shown if number is None else [event[:n] for event, n in zip(shown, values[number], strict=True)]

    return {
        collection: {
            "found": {
                item.spec.name: {
                    "branch": ", ".join(item.branches),
                    "unit": item.spec.unit,
                    "values": of(item),
                }
                for item in held
                if item.state == "found"
            },
            "unsuitable": {item.spec.name: item.trouble for item in held if item.state == "unsuitable"},
            "default": [item.spec.name for item in held if item.state == "default"],
            "missing": {item.spec.name: list(item.lacking) for item in held if item.state == "missing"},
        }
        for collection in found.format.collections
        if (held := found.of(collection))
    }


def _print(report: dict[str, Any]) -> None:
    from rich.markup import escape
    from rich.table import Table

    output = console()
    where = f"tree {report['tree']}, " if report["tree"] is not None else ""
    output.print(f"[bold]{escape(report['file'])}[/bold]: {where}{report['events']} events")
    others = [tree for tree in report["trees"] if tree["name"] != report["tree"]]
    if others:
        names = ", ".join(f"{tree['name']} ({tree['events']})" for tree in others)
        output.print(f"other trees: {escape(names)}", style="dim")
    formats = sorted(report["formats"].items(), key=lambda item: -item[1]["found"])
    for name, tried in formats:
        mark = "fits: " if name == report["format"] and report["fits"] else ""
        output.print(f"{mark}{name}: {tried['found']} of {tried['of']} stored attributes")
    if report["format"] is None:
        own = "`--template` prints a first one of your own"
        if formats and formats[0][1]["found"]:
            output.print("no format has half of its attributes here, but a program may ask for no more:")
            output.print(f"`--format {formats[0][0]}` shows what is here; {own}")
        else:
            output.print(f"no format fits; {own}")
    for name, held in report.get("collections", {}).items():
        differing = {tuple(tried) for tried in held["missing"].values()}  # not all for want of one, the `count`
        if len(differing) > 1 and not any(held[state] for state in ("found", "unsuitable", "default")):
            output.print(f"\n[bold]{name}[/bold]: [red]none[/red] of its {len(held['missing'])} branches")
            continue
        output.print(f"\n[bold]{name}[/bold]")
        table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
        table.add_column("attribute", no_wrap=True)
        table.add_column("unit", no_wrap=True)
        table.add_column("branch", overflow="fold")
        table.add_column("values", overflow="fold")
        for attribute, about in held["found"].items():
            table.add_row(attribute, about["unit"] or "", escape(about["branch"]), escape(_values(about["values"])))
        for attribute, trouble in held["unsuitable"].items():
            table.add_row(f"[red]{attribute}[/red]", "", f"[red]of no use[/red]: {escape(trouble)}", "")
        for attribute in held["default"]:
            table.add_row(attribute, "", "[dim]absent, default[/dim]", "")
        for attribute, tried in held["missing"].items():
            table.add_row(f"[red]{attribute}[/red]", "", f"[red]missing[/red]: {escape(' or '.join(tried))}", "")
        output.print(table)
    for name, count in report.get("patterns", {}).items():
        output.print(f"\n[bold]{name}[/bold]: {count} branches")
    if "branches" in report:
        table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
        for name, typename in report["branches"].items():
            table.add_row(escape(name), escape(typename))
        output.print(table)


def _values(values: list[Any] | None) -> str:
    text = "" if values is None else "; ".join(_value(value) for value in values)
    return text if len(text) <= _VALUES_WIDTH else f"{text[:_VALUES_WIDTH]}..."


def _value(value: Any) -> str:
    if isinstance(value, list):
        shown = ", ".join(_value(item) for item in value[:4])
        return f"[{shown}{', ...' if len(value) > 4 else ''}]"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
