"""From a plan to a stand-alone Python script."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import ModuleType

import jinja2

from hepsel import __version__
from hepsel.backends.awkward.names import comment, literals
from hepsel.backends.awkward.runtime_text import runtime_text
from hepsel.backends.awkward.tables import column_lines, constant_lines
from hepsel.backends.awkward.writer import Writer
from hepsel.plan.nodes import Header, Plan


@cache
def template(folder: Path, name: str = "script.py.j2") -> jinja2.Template:
    """Return a template of a backend's scripts."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        autoescape=False,
    )
    return environment.get_template(name)


def generate(plan: Plan) -> str:
    """Return the text of a stand-alone script.

    Parameters
    ----------
    plan
        A plan, optimised or not.

    Returns
    -------
    str
        Python that needs numpy, awkward, uproot and hist only. It can be imported (`process`, `read`, `merge`, `run`)
        and executed.
    """
    writer = Writer(plan)
    body = writer.body()
    constants = constant_lines(plan, writer.names)
    header = plan.header
    used = "\n".join((*constants, "def select():", body))
    imports, functions = runtime_text(used)
    return template(Path(__file__).parent).render(
        **top(header),
        imports=imports,
        functions=functions,
        trees=literals(header.trees),
        separators=literals(header.separators),
        columns=column_lines(plan),
        constants=constants,
        body=body,
    )


def top(header: Header) -> dict[str, object]:
    """Return what stands at the top of every script, by the names that templates have for it."""
    title = comment(header.title)[2:] or "selection"
    # Whatever the title and the name of the format hold.
    text = comment(f"{title} (data format: {header.format}).")[2:].replace("\\", "/").replace('"""', "'''")
    facts = [comment(f"{name}: {text}") for name, text in header.facts]
    return {"docstring": f'"""{text}"""', "facts": facts, "version": __version__}


def load(code: str) -> ModuleType:
    """Return generated code as a module.

    Parameters
    ----------
    code
        What `generate` returned.
    """
    module = ModuleType("hepsel_selection")
    exec(compile(code, "<generated selection>", "exec"), module.__dict__)
    return module
