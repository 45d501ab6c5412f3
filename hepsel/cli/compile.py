"""`hepsel compile`."""

from __future__ import annotations

import sys
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hepsel.check import check_text, read_argument
from hepsel.cli.format_option import format_option
from hepsel.cli.program import told
from hepsel.errors import DataError, ExitCode
from hepsel.files import refuse_inputs, write_files
from hepsel.formats.loader import XAOD_DIALECTS, load_format
from hepsel.run.execute import DEFAULT_CHUNK
from hepsel.syntax.diagnostics import ProgramError, SourceText
from hepsel.syntax.parser import parse

if TYPE_CHECKING:
    from hepsel.formats.schema import Format
    from hepsel.plan.remote import Sample, Split
    from hepsel.semantics.program import Program

STAGES = ("tree", "typed", "plan", "code")
BACKENDS = ("awkward", "func_adl")
TRANSPORTS = ("func_adl", "python")
_WIDTH = 120


@click.command("compile")
@click.argument("file", metavar="FILE")
@format_option("Data format that the code reads: see `hepsel formats`.")
@click.option(
    "--backend", type=click.Choice(BACKENDS), default=BACKENDS[0], show_default=True, help="What to generate."
)
@click.option(
    "--transport",
    type=click.Choice(TRANSPORTS),
    default=TRANSPORTS[0],
    show_default=True,
    help="With func_adl: what the server is sent, queries or the whole selection as a Python function.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.option(
    "--emit",
    default="code",
    show_default=True,
    metavar="|".join([*STAGES, "plan:PASS"]),
    help="Stage to print: `plan` before any pass, `plan:PASS` after that pass and those before it.",
)
@click.option("--explain", is_flag=True, help="With func_adl: print where each criterion runs, and why.")
@click.option(
    "--like",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="With func_adl: a file like those that the server reads; branches are called as they are there.",
)
@click.option(
    "--dialect",
    type=click.Choice(XAOD_DIALECTS),
    help="With func_adl, for ATLAS objects: the release of the server's software, if not that of the format.",
)
@click.option(
    "--item-cutflow/--no-item-cutflow",
    default=True,
    show_default=True,
    help="Count the items after each statement of a block. Without it, the code may skip events sooner.",
)
def compile_(
    file: str,
    format_name: str,
    backend: str,
    transport: str,
    output: Path | None,
    emit: str,
    explain: bool,
    like: Path | None,
    dialect: str | None,
    item_cutflow: bool,
) -> int:
    """Print the code, or an earlier stage, that a program becomes.

    `-` reads standard input. Warnings go to standard error.

    Exit code 0: done; 1: the program has errors; 3: a file cannot be read or written.
    """
    stage, colon, last_pass = emit.partition(":")
    if stage not in STAGES or (colon and (stage != "plan" or not last_pass)):
        raise click.BadParameter(f"no stage {emit!r}; there are {', '.join(STAGES)} and plan:PASS", param_hint="--emit")
    for option, is_given in (("--explain", explain), ("--like", like is not None), ("--dialect", dialect is not None)):
        if is_given and (backend != "func_adl" or transport != "func_adl"):
            raise click.BadParameter(
                "only the backend func_adl, without --transport python, divides a program", param_hint=option
            )
    if transport != "func_adl" and backend != "func_adl":
        raise click.BadParameter("only the backend func_adl writes scripts for a server", param_hint="--transport")
    if output is not None:
        refuse_inputs(output, (file, format_name, like))
    name, text = read_argument(file)
    if stage == "tree":
        found = _tree(text, name)
    else:
        program = told(check_text(text, load_format(format_name), name))
        if dialect is not None:
            program = _in_dialect(program, dialect)
        if explain:
            found = _explained(divided(program, item_cutflow, like), name)
        elif stage == "code" and backend == "func_adl":
            found = script(program, transport, item_cutflow=item_cutflow, like=like)
        else:
            found = _stage(program, stage, last_pass, item_cutflow)
    if output is None:
        sys.stdout.write(found)
    else:
        write_files({output: found})
    return ExitCode.OK


def _tree(text: str, name: str) -> str:
    source = SourceText(text, name)
    tree, problems, _ = parse(source)
    if tree is None or problems:
        raise ProgramError(problems, source)
    return _laid_out(tree) + "\n"


def _laid_out(value: object, indent: int = 0) -> str:
    """Return a tree as Python would write it, in lines (`pprint` does so for its own kind of dataclasses only)."""
    flat = repr(value)
    if indent + len(flat) <= _WIDTH:
        return flat
    inside = indent + 2
    if is_dataclass(value) and not isinstance(value, type):
        shown = [(one.name, getattr(value, one.name)) for one in fields(value) if one.repr]
        begin, end = f"{type(value).__name__}(", ")"
        parts = [f"{name}={_laid_out(part, inside)}" for name, part in shown]
    elif isinstance(value, tuple):
        begin, end = "(", ")"
        parts = [_laid_out(part, inside) for part in value]
    elif isinstance(value, dict):
        begin, end = "{", "}"
        parts = [f"{key!r}: {_laid_out(part, inside)}" for key, part in value.items()]
    else:
        return flat
    lines = "".join(f"{' ' * inside}{part},\n" for part in parts)
    return f"{begin}\n{lines}{' ' * indent}{end}"


def _in_dialect(program: Program, dialect: str) -> Program:
    if program.format.servicex not in XAOD_DIALECTS:
        raise click.BadParameter(f"{program.format.name} is a format of flat trees", param_hint="--dialect")
    return replace(program, format=replace(program.format, servicex=dialect))


def _stage(program: Program, stage: str, last_pass: str, item_cutflow: bool) -> str:
    if stage == "typed":
        parts = {
            name: getattr(program, name) for name in ("values", "tables", "collections", "regions", "derived", "where")
        }
        return "".join(f"{name} = {_laid_out(dict(part))}\n" for name, part in parts.items())
    from hepsel.plan import PASSES, format_plan, lower, optimise

    plan = lower(program, item_cutflow=item_cutflow)
    if stage == "plan":
        names = [name for name, _ in PASSES]
        if last_pass and last_pass not in names:
            raise click.BadParameter(f"no pass {last_pass!r}; there are {', '.join(names)}", param_hint="--emit")
        return format_plan(optimise(plan, PASSES[: names.index(last_pass) + 1] if last_pass else ()))
    from hepsel.backends.awkward import generate

    return generate(optimise(plan))


def script(
    program: Program,
    transport: str,
    *,
    item_cutflow: bool = True,
    like: Path | None = None,
    chunk: int = DEFAULT_CHUNK,
    trace: bool = False,
) -> str:
    """Return the script that has a ServiceX server run a program; chunk and trace are of Python on the server."""
    from hepsel.backends.func_adl import generate, generate_python

    if transport == "func_adl":
        return generate(divided(program, item_cutflow, like))
    from hepsel.plan import lower, optimise

    return generate_python(optimise(lower(program, item_cutflow=item_cutflow)), chunk=chunk, trace=trace)


def divided(program: Program, item_cutflow: bool, like: Path | None) -> Split:
    """Divide a program between a server and a script."""
    from hepsel.plan import lower
    from hepsel.plan.remote import split

    sample = None if like is None else sample_of(like, program.format)
    return split(lower(program, item_cutflow=item_cutflow), sample)


def sample_of(path: Path, data_format: Format) -> Sample:
    """Return the branches of a file."""
    from hepsel.formats.contents import read_contents
    from hepsel.plan.remote import Sample

    contents = read_contents(path, set(data_format.trees))
    trees = {tree.name: tree for tree in contents.trees}
    found = next((trees[name] for name in data_format.trees if name in trees), None)
    if found is None or found.name is None:
        raise DataError(f"{path}: has no {' or '.join(data_format.trees)}")
    return Sample(str(path), found.name, found.columns)


def _explained(division: Split, name: str) -> str:
    """Return a line for each criterion that says where it runs, and why."""
    rows = [
        (
            f"{name}:{decision.texts.line}",
            decision.texts.id,
            "remote" if decision.is_remote else "local",
            decision.texts.label
            + (f": {decision.reason}" if decision.reason else "")
            + ("; the server drops events in which it cannot hold" if decision.narrows else "")
            + ("; within rounding: closer events are sent" if decision.is_rounded else ""),
        )
        for decision in division.decisions
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    return "".join(
        "  ".join([*(text.ljust(width) for text, width in zip(row[:3], widths, strict=True)), row[3]]) + "\n"
        for row in rows
    )
