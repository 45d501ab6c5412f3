"""Copies those functions of the runtime into a script that it needs."""

from __future__ import annotations

import ast
import symtable
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from hepsel.backends.awkward.bare import without_annotations

Modules = Mapping[Path, tuple[str, ...]]
MODULES: Modules = {
    Path(__file__).parent / "runtime": (
        "axes",
        "values",
        "reduce",
        "groups",
        "kinematics",
        "addresses",
        "kinds",
        "reading",
        "output",
        "plain",
        "saving",
        "lock",
        "folder",
        "script",
    )
}
"""Modules of the runtime by their folder, in the order in which their functions stand in a script."""

ALWAYS = ("Source", "Column", "in_parts", "merge_results", "run_files", "command_line")
OWN = "hepsel."


class Piece:
    """A function, class or constant of the runtime: its text, and what it refers to."""

    def __init__(self, text: str, names: set[str]) -> None:
        self.text = text
        self.names = names


@cache
def _pieces(paths: tuple[Path, ...], annotated: bool = True) -> tuple[dict[str, Piece], dict[str, str]]:
    """Return the pieces by name, and the import statement that gives each imported name."""
    pieces: dict[str, Piece] = {}
    imports: dict[str, str] = {}
    for path in paths:
        source = path.read_text(encoding="utf-8")
        if not annotated:
            source = without_annotations(source)
        lines = source.splitlines()
        for node in ast.parse(source).body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    imports[alias.asname or alias.name.split(".")[0]] = ast.unparse(ast.Import([alias]))
            elif isinstance(node, ast.ImportFrom):
                if node.module and not node.module.startswith(OWN):
                    for alias in node.names:
                        imports[alias.asname or alias.name] = node.module
            else:
                name = _name(node)
                if name is not None:
                    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
                    text = "\n".join(lines[first - 1 : node.end_lineno])
                    pieces[name] = Piece(text, used_names(node))
    return pieces, imports


def _name(node: ast.stmt) -> str | None:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return None


def used_names(node: ast.AST, *, stored: bool = True) -> set[str]:
    """Return the plain names that some code refers to; with `stored`, also those that it gives values to."""
    names = (child for child in ast.walk(node) if isinstance(child, ast.Name))
    return {name.id for name in names if stored or isinstance(name.ctx, ast.Load)}


def _paths(modules: Modules) -> tuple[Path, ...]:
    return tuple(folder / f"{name}.py" for folder, names in modules.items() for name in names)


RUNTIME_NAMES: tuple[str, ...] = tuple(name for found in _pieces(_paths(MODULES)) for name in found)


def runtime_text(
    used: str,
    always: Sequence[str] = ALWAYS,
    modules: Modules = MODULES,
    more: Mapping[str, str] | None = None,
    *,
    annotated: bool = True,
) -> tuple[str, str]:
    """Return the import statements and the functions that some code needs.

    Parameters
    ----------
    used
        The code that needs them.
    always
        Functions that a script has in any case.
    modules
        Where functions are taken from; one that is in several is taken from the last.
    more
        What the code uses that no function does, with the module that each is imported from.
    annotated
        Whether functions keep their annotations, and what is imported for the annotations around them.
    """
    pieces, imports = _pieces(_paths(modules), annotated)
    names = names_in(used)
    statements, functions = _needed(
        _paths(modules), frozenset(always) | (names & {*pieces, *imports}), annotated=annotated
    )
    added = {name: module for name, module in (more or {}).items() if name in names}
    return import_text({**statements, **added}), functions


@cache
def _needed(paths: tuple[Path, ...], names: frozenset[str], *, annotated: bool) -> tuple[dict[str, str], str]:
    """Return what is imported for some names, and the functions among them with all that these refer to."""
    pieces, imports = _pieces(paths, annotated)
    wanted: set[str] = set()
    stack = [name for name in names if name in pieces]
    while stack:
        name = stack.pop()
        if name not in wanted:
            wanted.add(name)
            stack.extend(other for other in pieces[name].names if other in pieces)
    every = names.union(*(pieces[name].names for name in wanted))
    if annotated:
        every |= {"ak", "np", "Any", "Path", "sys"}
    texts = [pieces[name].text for name in pieces if name in wanted]
    return {name: imports[name] for name in every if name in imports}, "\n\n\n".join(texts)


def names_in(code: str) -> set[str]:
    """Return the plain names in some code."""
    found: set[str] = set()
    tables = [symtable.symtable(code, "<code>", "exec")]
    while tables:
        table = tables.pop()
        found.update(table.get_identifiers())
        tables.extend(table.get_children())
    return found


def import_text(imports: dict[str, str]) -> str:
    """Return sorted import statements, those of the standard library first."""
    groups: dict[bool, tuple[set[str], dict[str, set[str]]]] = {True: (set(), {}), False: (set(), {})}
    for name, what in imports.items():
        is_plain = what.startswith("import ")
        module = what.split()[1] if is_plain else what
        plain, members = groups[module.split(".")[0] in sys.stdlib_module_names]
        if is_plain:
            plain.add(what)
        else:
            members.setdefault(module, set()).add(name)
    texts = []
    for standard in (True, False):
        plain, members = groups[standard]
        lines = sorted(plain)
        lines += [f"from {module} import {', '.join(sorted(members[module]))}" for module in sorted(members)]
        if lines:
            texts.append("\n".join(lines))
    return "\n\n".join(texts)
