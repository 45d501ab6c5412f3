"""`hepsel check`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hepsel.check import Checked, check_text, read_argument
from hepsel.cli.format_option import format_option
from hepsel.cli.streams import tell
from hepsel.errors import DataError, ExitCode
from hepsel.files import refuse_inputs, write_files
from hepsel.formats.loader import load_format
from hepsel.syntax.diagnostics import Diagnostic, as_json, render, unread_as_json
from hepsel.texts import STDIN, STDIN_NAME

if TYPE_CHECKING:
    from hepsel.extract.checking import ProvenanceReport


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@format_option("Data format that the programs are checked against: see `hepsel formats`.")
@click.option(
    "--paper",
    type=click.Path(path_type=Path),
    metavar="PAPER",
    help="Compare every criterion with its quotation in this paper, the programs' source `paper`, or their only one.",
)
@click.option(
    "--ref",
    "references",
    multiple=True,
    metavar="NAME=PAPER",
    help="The paper that the programs declare as source NAME; repeatable.",
)
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="With --paper: write program and papers side by side, as a file for a browser.",
)
@click.option("--json", "as_data", is_flag=True, help="Print the diagnostics as JSON.")
@click.option("--strict", is_flag=True, help="Exit with 1 on warnings too.")
def check(
    files: tuple[str, ...],
    format_name: str,
    paper: Path | None,
    references: tuple[str, ...],
    html: Path | None,
    as_data: bool,
    strict: bool,
) -> int:
    """Check programs: syntax, names, types and units, all problems at once; and with papers, what they cite.

    `-` reads standard input. Exit code 0: no errors, and with papers every criterion is verified or assumed;
    1: problems; 3: a file cannot be read.
    """
    data_format = load_format(format_name)
    papers = None
    if html is not None and (len(files) > 1 or (paper is None and not references)):
        raise click.UsageError("--html is about one program and its papers: give one FILE and --paper or --ref")
    if html is not None:
        refuse_inputs(html, (*files, format_name, paper, *(name.rpartition("=")[2] for name in references)))
    if paper is not None or references:
        # Reading papers takes what checking a program does not.
        from hepsel.cli.evidence import Papers, parse_references

        papers = Papers(paper, parse_references(references))
    status = ExitCode.OK
    diagnostics: list[dict[str, Any]] = []
    provenance: dict[str, Any] = {}
    for file in files:
        try:
            name, text = read_argument(file)
        except DataError as error:  # the other files are checked all the same
            status = ExitCode.DATA
            if as_data:
                diagnostics.append(unread_as_json(str(error), STDIN_NAME if file == STDIN else file))
            else:
                tell(f"hepsel: {error}")
            continue
        checked = check_text(text, data_format, name)
        report, doubts = None, []
        if papers is not None and checked.program is not None and checked.syntax is not None:
            from hepsel.cli.evidence import evidence
            from hepsel.cli.evidence import html as evidence_as_html
            from hepsel.extract.checking.diagnostics import diagnostics as diagnostics_of

            report = evidence(checked.syntax, checked.source.name, papers)
            doubts = list(diagnostics_of(report))
            if html is not None:
                write_files({html: evidence_as_html(checked.syntax, checked.source, report, papers)})
        warned = strict and any(item.severity == "warning" for item in checked.diagnostics)
        if checked.errors or doubts or warned:
            status = max(status, ExitCode.PROBLEMS)
        if as_data:
            diagnostics += [as_json(item, checked.source) for item in (*checked.diagnostics, *doubts)]
            if report is not None:
                provenance[checked.source.name] = report.as_json()
        else:
            _print(checked, doubts, report)
    if as_data:
        data = diagnostics if papers is None else {"diagnostics": diagnostics, "provenance": provenance}
        print(json.dumps(data, indent=2, ensure_ascii=False))
    return status


def _print(checked: Checked, doubts: list[Diagnostic], report: ProvenanceReport | None) -> None:
    for item in (*checked.diagnostics, *doubts):
        print(render(item, checked.source), end="\n\n", file=sys.stderr)
    if checked.errors:
        print(f"{checked.source.name}: {len(checked.errors)} error(s)")
    else:
        others = len(checked.diagnostics)
        print(f"{checked.source.name}: no errors" + (f", {others} remark(s)" if others else ""))
    if report is not None:
        from hepsel.cli.evidence import summary

        print(*summary(report), sep="\n")
