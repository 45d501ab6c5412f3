"""From a split plan to a stand-alone script for ServiceX."""

from __future__ import annotations

from pathlib import Path

from hepsel import __version__
from hepsel.backends.awkward.generate import docstring, template
from hepsel.backends.awkward.names import comment, literal
from hepsel.backends.awkward.runtime_text import MODULES, runtime_text
from hepsel.backends.awkward.tables import column_lines, constant_lines
from hepsel.backends.awkward.writer import Writer
from hepsel.backends.func_adl.query import Queries
from hepsel.plan.remote.split import Split

FOLDER = Path(__file__).parent
ALWAYS = ("Column", "Result", "run_files", "fetch", "servicex_command_line")


def generate(split: Split) -> str:
    """Return the text of a script that lets a ServiceX server select, and finishes the selection.

    Parameters
    ----------
    split
        A plan divided between the server and the script.

    Returns
    -------
    str
        Python that needs func_adl, servicex, numpy, awkward, uproot and hist. It can be imported (`queries`,
        `select_from`, `run`) and executed.
    """
    queries = Queries(split)
    writer = Writer(queries.selection)
    body = writer.body()
    constants = constant_lines(queries.selection, writer.names)
    used = ["logging", *constants, "def select():", body]
    counting = ""
    if queries.counting is not None:
        counter = Writer(queries.counting)
        statements = counter.body()
        # Tables and codes of both functions may have the same name and differ.
        own = [f"    {line}" for line in constant_lines(queries.counting, counter.names)]
        counting = "\n".join([*own, statements])
        used += ["def count_all():", counting, "combined(sums)"]
    imports, functions = runtime_text("\n".join(used), ALWAYS, {**MODULES, FOLDER / "runtime": ("delivery",)})
    header = split.local.header
    return template(FOLDER).render(
        docstring=docstring(comment(header.title)[2:] or "selection", header.format),
        facts=[comment(f"{name}: {text}") for name, text in header.facts],
        version=__version__,
        imports=imports,
        functions=functions,
        constants=constants,
        body=body,
        columns=column_lines(queries.selection),
        events=queries.events.lines(),
        counting=counting,
        counts=queries.counts.lines() if queries.counts is not None else [],
        counted=column_lines(queries.counting) if queries.counting is not None else [],
        items=[f"({literal(block)}, {place}): {literal(name)}," for (block, place), name in queries.items.items()],
        kept=split.sent,
    )
