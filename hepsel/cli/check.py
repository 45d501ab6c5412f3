"""`hepsel check`."""

from __future__ import annotations

import json
import sys

import click

from hepsel.check import check_text, decoded, read_source
from hepsel.errors import ExitCode
from hepsel.formats.loader import load_format
from hepsel.syntax.diagnostics import as_json, render


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format",
    "format_name",
    required=True,
    metavar="NAME|FILE",
    help="Data format that the programs are checked against: see `hepsel formats`.",
)
@click.option("--json", "as_data", is_flag=True, help="Print the diagnostics as JSON.")
@click.option("--strict", is_flag=True, help="Exit with 1 on warnings too.")
def check(files: tuple[str, ...], format_name: str, as_data: bool, strict: bool) -> int:
    """Check programs: syntax, names, types and units, all problems at once.

    `-` reads standard input. Exit code 0: no errors; 1: errors; 3: a file cannot be read.
    """
    data_format = load_format(format_name)
    failed = False
    data = []
    for file in files:
        text = decoded(sys.stdin.buffer.read(), "<stdin>") if file == "-" else read_source(file)
        checked = check_text(text, data_format, "<stdin>" if file == "-" else file)
        failed |= bool(checked.errors) or (strict and any(item.severity == "warning" for item in checked.diagnostics))
        if as_data:
            data += [as_json(item, checked.source) for item in checked.diagnostics]
            continue
        for item in checked.diagnostics:
            print(render(item, checked.source), end="\n\n", file=sys.stderr)
        if not checked.errors:
            others = len(checked.diagnostics)
            print(f"{checked.source.name}: no errors" + (f", {others} remark(s)" if others else ""))
        else:
            print(f"{checked.source.name}: {len(checked.errors)} error(s)")
    if as_data:
        print(json.dumps(data, indent=2, ensure_ascii=False))
    return ExitCode.PROBLEMS if failed else ExitCode.OK
