"""From a plan to a script that lets a ServiceX server compute the whole selection, with Python."""

from __future__ import annotations

import ast
import re
import textwrap
from pathlib import Path

from hepsel.backends.awkward.bare import without_annotations
from hepsel.backends.awkward.generate import template, top
from hepsel.backends.awkward.names import literal, literals
from hepsel.backends.awkward.runtime_text import MODULES, runtime_text, used_names
from hepsel.backends.awkward.tables import column_lines, constant_lines
from hepsel.backends.awkward.writer import Writer
from hepsel.plan.nodes import Plan, Read

SELECT = "def select(columns, n_events, trace):"
FOLDER = Path(__file__).parent
SERVER = {**MODULES, FOLDER / "runtime": ("packing",)}
READER = {**MODULES, FOLDER / "runtime": ("delivery", "unpacking")}


def generate_python(plan: Plan, *, chunk: int, trace: bool = False) -> str:
    """Return the text of a script that sends the selection to a ServiceX server as a Python function.

    Parameters
    ----------
    plan
        A plan, optimised or not.
    chunk
        Events in memory at a time, on the server.
    trace
        Whether to tell for each event the first criterion that it failed.

    Returns
    -------
    str
        Python that needs servicex, numpy, awkward, uproot and hist; what is sent needs no hist. It can be imported
        (`queries`, `select_from`, `run`) and executed.
    """
    used = "query, Result, Sink, merged, fetch, servicex_command_line"
    imports, functions = runtime_text(used, (), READER, {"query": "servicex"})
    return template(FOLDER, "python.py.j2").render(
        **top(plan.header),
        imports=imports,
        functions=functions,
        run_query=_run_query(plan, chunk, trace),
    )


def _run_query(plan: Plan, chunk: int, trace: bool) -> str:
    """Print the function that is sent.

    It has one argument: with a second one, servers give it the name of a file to write. The code around it on a server
    is older than some of ours and reads ASCII only; it comes behind other statements, so that what it imports
    `from __future__` would be an error, and annotations are left out.
    """
    writer = Writer(plan)
    # Of what is not ASCII there are only texts, where the escapes mean the same, and comments.
    body = without_annotations(f"{SELECT}\n{writer.body()}".encode("ascii", "backslashreplace").decode("ascii"))
    constants = _used(constant_lines(plan, writer.names), body)
    used = "\n".join((*constants, body, "ak.Array(packed(chunk_results(Column, in_parts, np)))"))
    imports, functions = runtime_text(used, (), SERVER, annotated=False)
    text = template(FOLDER, "run_query.py.j2").render(
        imports=imports,
        functions=functions,
        constants=constants,
        body=body,
        trees=literals(plan.header.trees),
        separators=literals(plan.header.separators),
        columns=column_lines(plan),
        chunk=chunk,
        trace=trace,
        identifiers=[f"{literal(name)}: columns[{literal(column)}]," for name, column in _identifiers(plan)],
    )
    return textwrap.indent(text, "    ").encode("ascii", "backslashreplace").decode("ascii")


def _used(constants: list[str], body: str) -> list[str]:
    """Return the lines of constants without the numbers that nothing refers to: in a function, they are noise."""
    names = used_names(ast.parse("\n".join((*constants, body))), stored=False)
    numbers = [re.fullmatch(r"(\w+) = \d+", line) for line in constants]
    return [line for line, number in zip(constants, numbers, strict=True) if number is None or number[1] in names]


def _identifiers(plan: Plan) -> list[tuple[str, str]]:
    """Return what an event is identified by, and the column of each."""
    by_name = plan.by_name()
    found = []
    for identifier in plan.identifiers:
        op = by_name[identifier.value.name].op
        assert isinstance(op, Read)
        found.append((identifier.name, op.column))
    return found
