"""From a split plan to a stand-alone script for ServiceX."""

from __future__ import annotations

import hashlib
import linecache
from pathlib import Path
from types import ModuleType

from hepsel.backends.awkward.generate import template, top
from hepsel.backends.awkward.names import literal
from hepsel.backends.awkward.runtime_text import MODULES, runtime_text
from hepsel.backends.awkward.tables import column_lines, constant_lines
from hepsel.backends.awkward.writer import Writer
from hepsel.backends.func_adl.query import Queries
from hepsel.backends.func_adl.xaod_printer import QUERY, cpp_lines, imported, type_lines
from hepsel.backends.func_adl.xaod_types import check_methods, package_of
from hepsel.plan.remote.split import Split
from hepsel.plan.remote.uproot import Uproot
from hepsel.plan.remote.xaod import Xaod

FOLDER = Path(__file__).parent
READER = {**MODULES, FOLDER / "runtime": ("metadata", "delivery")}
ABOUT: dict[type, tuple[str, ...]] = {
    Uproot: ("# It has values as they are stored. `x * ((x == x) * 1000.0)` is x in 64 bits, times 1000.",),
    Xaod: (
        "# It turns this into C++. `x * 1.0` is x in 64 bits. Lists are returned item by item as they",
        "# are stored, links as places in the collection that they point into. What `cpp_...` compares",
        "# is written in C++: `CPP` has its parameters and its lines.",
    ),
}
"""What is said above the queries of a dialect."""

ALWAYS = ("Column", "Result", "Sink", "in_parts", "run_files", "fetch", "servicex_command_line")


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
    dialect = split.dialect
    named = type_lines(queries.types)
    used = ["logging", *named, *constants, "def select():", body]
    used += ["link_method"] if any("ElementLink" in name for name in queries.types) else []
    computed = cpp_lines(queries.functions)
    used += ["in_cpp"] if computed else []
    counting = ""
    if queries.counting is not None:
        counter = Writer(queries.counting)
        statements = counter.body()
        # Tables and codes of both functions may have the same name and differ.
        own = [f"    {line}" for line in constant_lines(queries.counting, counter.names)]
        counting = "\n".join([*own, statements])
        used += ["def count_all():", counting, "combined(sums)"]
    more = {"query": "servicex"}
    if isinstance(dialect, Xaod):
        check_methods(split.local, dialect.release)
        package = package_of(dialect.release)
        more = {QUERY: package, **dict.fromkeys(imported(queries.types), f"{package}.type_support")}
    used += ["written_down", *more]
    imports, functions = runtime_text("\n".join(used), ALWAYS, READER, more)
    return template(FOLDER).render(
        **top(split.local.header),
        imports=imports,
        functions=functions,
        query=QUERY if isinstance(dialect, Xaod) else "query.FuncADL_Uproot",
        about=ABOUT[type(dialect)],
        types=named,
        computed=computed,
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


def load(code: str) -> ModuleType:
    """Return a script as a module, with its text where func_adl and servicex look for the source of functions.

    Parameters
    ----------
    code
        What `generate` or `generate_python` returned.
    """
    name = f"<ServiceX script {hashlib.sha256(code.encode()).hexdigest()[:16]}>"
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    module = ModuleType("hepsel_servicex_selection")
    exec(compile(code, name, "exec"), module.__dict__)
    return module
