"""What a generated ServiceX script makes of events, its queries being run here as the server runs them."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import awkward as ak
import dask
import lark
import numpy as np
import pytest
import uproot
from click.testing import CliRunner, Result
from qastle import TextASTToPythonASTTransformer
from random_events import COLUMNS, Reals, make_events
from random_programs import random_format
from results import plain

from hepsel.backends.func_adl import generate_python
from hepsel.backends.func_adl import load as load_script
from hepsel.cli.compile import compile_, sample_of
from hepsel.plan import lower, optimise
from hepsel.plan.remote import Split, split
from hepsel.semantics.program import Program

func_adl_uproot = pytest.importorskip("func_adl_uproot", reason="func-adl-uproot has no version for this Python")
dak = pytest.importorskip("dask_awkward")

_OPEN = (
    "uproot.dask({input_file: tree_name_to_use for input_file in input_files}, filter_branch=_remove_not_interpretable)"
)


def compiled(*arguments: object, data_format: str | Path, text: str) -> Result:
    """Return what `hepsel compile` makes of a program for ServiceX."""
    command = ["-", "--backend", "func_adl", "--format", str(data_format), *map(str, arguments)]
    return CliRunner().invoke(compile_, command, input=text, standalone_mode=False)


def divided(program: Program, *, item_cutflow: bool = True, like: Path | None = None) -> Split:
    """Return a program divided between server and script."""
    sample = None if like is None else sample_of(like, program.format)
    return split(lower(program, item_cutflow=item_cutflow), sample)


def load(code: str, folder: Path, name: str = "selection") -> ModuleType:
    """Import a script from a file: func_adl reads the source text of its lambdas."""
    path = folder / f"{name}.py"
    path.write_text(code, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_on_file(
    module: ModuleType,
    data: list[Path],
    folder: Path,
    change: Callable[[str], str] = str,
    *,
    at_once: Container[str] = (),
) -> Any:
    """Return the results of a script, its queries being run over the trees of files, one after the other.

    `change` edits the program that the server makes of a query. For the queries in `at_once`, awkward does what is
    asked for when it is, see `run_on_arrays`.
    """
    delivered: dict[str, list[Path]] = {}
    for name, query in module.queries().items():
        text = query.generate_selection_string()
        run = server_program(text, do_at_once if name in at_once else change)
        for number, path in enumerate(data):
            source: Any = str(path)
            if name in at_once:
                with uproot.open(path) as file:
                    source = file[tree_of(text)].arrays(set(re.findall(r"\(subscript e '(\w+)'\)", text)))
            array = run([source], tree_of(text))
            target = folder / f"{name}_{number}.parquet"
            ak.to_parquet(array, target)
            delivered.setdefault(name, []).append(target)
    return plain(module.select_from(**delivered))


def server_program(text: str, change: Callable[[str], str] = str) -> Callable[[list[Any], str], ak.Array]:
    """Return what the server makes of a query: a function of files and the name of their tree; `change` edits it."""
    with reading_quickly():
        source = func_adl_uproot.generate_python_source(text)
    made: dict[str, Any] = {}
    exec(change(source), made)
    return made["run_query"]  # type: ignore[no-any-return]


def tree_of(text: str) -> str:
    """Return the name of the tree that a query asks for."""
    return text.partition("'bogus.root' '")[2].partition("'")[0]


_TOKEN = re.compile(
    r"""\s*(?:
        \(\s*(?P<NODE_TYPE>[^\s()]+) | (?P<end>\))
        | (?P<STRING_LITERAL>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
        | (?P<NUMERIC_LITERAL>[+-]?\.?\d[^\s()]*) | (?P<IDENTIFIER>[A-Za-z_]\w*)
    )""",
    re.VERBOSE,
)


def read_query(text: str) -> ast.Module:
    """Return what qastle reads, some fifty times as fast as its parser does: what the parts mean is its own matter."""
    rules = TextASTToPythonASTTransformer()
    waiting: list[list[Any]] = [[]]
    end = 0
    while found := _TOKEN.match(text, end):
        end = found.end()
        kind = str(found.lastgroup)
        if kind == "NODE_TYPE":
            waiting.append([lark.Token(kind, found[kind])])
        elif kind == "end":
            node = rules.composite(waiting.pop())
            waiting[-1].append(node)
        else:
            waiting[-1].append(rules.atom([lark.Token(kind, found[kind])]))
    assert end == len(text)
    ((node,),) = waiting
    return rules.record([node])  # type: ignore[no-any-return]


@contextmanager
def reading_quickly() -> Iterator[None]:
    """Read queries with that function."""
    with patch("qastle.text_ast_to_python_ast", read_query):
        yield


@contextmanager
def quickly() -> Iterator[None]:
    """Run many small queries: dask does what has been written down, and does not first improve on the list.

    To find the columns that files need not be read for, and to join steps, takes longer than the steps themselves.
    """
    with dask.config.set({"scheduler": "synchronous", "awkward_array_optimize": False}):
        yield


def run_on_arrays(
    module: ModuleType, branches: Mapping[str, ak.Array], folder: Path, *, at_once: bool = False
) -> tuple[Any, dict[str, int]]:
    """Return the results of a script over branches as they are stored, and how many events each query returned.

    All columns are in memory. With `at_once`, awkward does what the server's program asks for when it asks, in half the
    time; dask-awkward, which servers have, writes down the same calls of awkward, and has them done in the end.
    """
    table = ak.zip(dict(branches), depth_limit=1)
    events = table if at_once else dak.from_awkward(table, 1)
    change = do_at_once if at_once else with_arrays
    delivered = {}
    returned = {}
    for name, query in module.queries().items():
        with quickly():
            array = server_program(query.generate_selection_string(), change)([events], "Events")
        target = folder / f"{name}.parquet"
        ak.to_parquet(array, target)
        delivered[name] = [target]
        returned[name] = len(array)
    return plain(module.select_from(**delivered)), returned


def with_arrays(source: str) -> str:
    """Let the server's program begin with arrays in place of files."""
    assert source.count(_OPEN) == 1
    return source.replace(_OPEN, "input_files[0]")


def do_at_once(source: str) -> str:
    """Let the server's program begin with arrays, and do at once what dask-awkward writes down."""
    source = with_arrays(source)
    for old, new in {"dask_awkward as dak": "awkward as dak", ".compute()": ""}.items():
        assert source.count(old) == 1
        source = source.replace(old, new)
    return source


def run_as_python(program: Program, seed: int, largest: int, folder: Path, chunk: int = 12) -> Any:
    """Return the results, with a trace, of the function that a server is sent in place of queries."""
    module = load_script(generate_python(optimise(lower(program)), chunk=chunk, trace=True))
    events = folder / "events.parquet"
    ak.to_parquet(ak.zip(stored_events(seed, largest)[0], depth_limit=1), events)
    ak.to_parquet(module.run_query(str(events)), folder / "result.parquet")
    return plain(module.select_from([folder / "result.parquet"]))


# ------------------------------------------------------------------ events as they are stored


def branch_of(column: str) -> str:
    """Return the branch of a column of the random format."""
    collection, _, name = column.partition(".")
    spec = random_format().collections[collection]
    attribute = spec.attributes.get(name.partition(".")[0])
    if attribute is None:
        assert spec.pattern is not None
        return spec.pattern.format(name=name)
    return attribute.key_branches[0] if name.endswith(".key") else attribute.branches[0]


@cache
def stored_events(seed: int, largest: int) -> tuple[dict[str, ak.Array], list[dict[str, Any]]]:
    """Return random events as a TTree has them, in which nothing is missing, and as plain values."""
    events = make_events(seed, largest)
    branches = {}
    base = {}
    for name, array in events.read(COLUMNS).items():
        stored = COLUMNS[name]
        branch = branch_of(name)
        array = ak.fill_none(array, False if "bool" in str(array.type) else 0, axis=None)
        if isinstance(stored.values, Reals):
            branches[branch] = ak.values_astype(array / stored.factor * stored.divisor, stored.values.type)
            base[name] = stored.in_base_units(ak.values_astype(branches[branch], np.float64)).tolist()
        else:
            branches[branch] = array
            base[name] = array.tolist()
    return branches, [{name: values[i] for name, values in base.items()} for i in range(len(events.plain))]
