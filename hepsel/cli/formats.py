"""`hepsel formats`."""

from __future__ import annotations

import json
from typing import Any

import click

from hepsel.cli.console import console
from hepsel.errors import ExitCode
from hepsel.formats.describe import describe, stored_as
from hepsel.formats.loader import builtin_formats, format_text, load_format, read_format
from hepsel.formats.source import FormatError, Problem, key_lines, line_of
from hepsel.semantics.format_types import ExpressionProblem, derived_types


@click.group(invoke_without_command=True)
@click.option("--json", "as_data", is_flag=True, help="Print the list as JSON.")
@click.pass_context
def formats(context: click.Context, as_data: bool) -> None:
    """Show the data formats and their vocabulary; without a command, list them."""
    if context.invoked_subcommand is not None:
        return
    known = {name: load_format(name).description for name in builtin_formats()}
    if as_data:
        print(json.dumps(known, indent=2, ensure_ascii=False))
        return
    from rich.table import Table

    table = Table.grid(padding=(0, 3))
    for name, description in known.items():
        table.add_row(f"[bold]{name}[/bold]", description)
    console().print(table)


@formats.command()
@click.argument("name", metavar="NAME|FILE")
@click.argument("collections", nargs=-1, metavar="[COLLECTION]...")
@click.option("--json", "as_data", is_flag=True, help="Print everything as JSON.")
def show(name: str, collections: tuple[str, ...], as_data: bool) -> None:
    """Show the vocabulary of a format: types, units, branches and descriptions.

    With names of collections, show only these.
    """
    described = describe(load_format(name))
    held = [collection["name"] for collection in described["collections"]]
    for collection in collections:
        if collection not in held:
            raise click.BadParameter(f"{described['name']} has no {collection}; it has {', '.join(held)}")
    if collections:
        described["collections"] = [
            collection for collection in described["collections"] if collection["name"] in collections
        ]
    if as_data:
        print(json.dumps(described, indent=2, ensure_ascii=False))
    else:
        _print(described, whole=not collections)


@formats.command()
@click.argument("file", metavar="FILE")
def check(file: str) -> int:
    """Check a format file of your own: keys, types, units, links, and derived expressions.

    Exit code 0: no errors; 1: errors; 3: the file cannot be read.
    """
    if file in builtin_formats():
        text, data_format = "", load_format(file)
    else:
        text = format_text(file)
        data_format = read_format(text, file)
    types, problems = derived_types(data_format)
    if problems:
        raise _with_lines(file, text, problems)
    stored = sum(len(held.attributes) for held in data_format.collections.values()) - len(types)
    print(f"{file}: no errors ({stored} stored attributes, {len(types)} derived)")
    return ExitCode.OK


def _with_lines(file: str, text: str, problems: list[ExpressionProblem]) -> FormatError:
    lines = key_lines(text)
    found = []
    for problem in problems:
        path: tuple[str, ...] = ("collections", problem.collection, "where")
        if problem.attribute is not None:
            path = (*path[:2], "attributes", problem.attribute, "value")
        found.append(Problem(line_of(lines, path), problem.message))
    return FormatError(file, tuple(sorted(found, key=lambda problem: problem.line)))


def _print(described: dict[str, Any], *, whole: bool) -> None:
    from rich.markup import escape
    from rich.table import Table

    output = console()
    if whole:
        output.print(f"[bold]{described['name']}[/bold]: {escape(described['description'])}")
        if described["trees"]:
            output.print(f"trees: {', '.join(described['trees'])}")
        for name, values in described["enumerations"].items():
            output.print(f"enumeration {name}: {', '.join(values)}")
    for collection in described["collections"]:
        output.print()
        output.print(f"[bold]{collection['name']}[/bold]  {escape(_about(collection))}")
        if not collection["attributes"]:
            continue
        table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
        for header in ("attribute", "type", "unit"):
            table.add_column(header, no_wrap=True)
        for header in ("description", "stored as"):
            table.add_column(header, overflow="fold")
        for attribute in collection["attributes"]:
            table.add_row(
                f"[bold]{attribute['name']}[/bold]",
                escape(attribute["type"]),
                attribute["unit"] or "",
                escape(attribute["description"]),
                escape(stored_as(attribute)),
            )
        output.print(table)


def _about(collection: dict[str, Any]) -> str:
    parts = [collection["description"]]
    if collection["base"] is not None:
        parts.append(f"those of {collection['base']} for which {collection['where']}")
    if collection["pattern"] is not None:
        parts.append(f"any name, stored as {collection['pattern']}")
    if collection["items"]:
        parts.append(f"one each for {', '.join(collection['items'])}")
    if collection["count"]:
        parts.append(f"the first {' or '.join(collection['count'])} of those stored")
    if collection["single"]:
        parts.append("one per event")
    return "; ".join(part for part in parts if part)
