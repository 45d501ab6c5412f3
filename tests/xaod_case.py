"""What queries in func_adl's xAOD dialect return: they become C++, which runs here on a stand-in event data model."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from types import ModuleType
from typing import Any

import awkward as ak
import numpy as np
import pytest
from func_adl_xAOD.atlas.xaod.executor import atlas_xaod_executor
from results import plain
from servicex_case import read_query

from hepsel.backends.awkward.runtime.reading import Source
from hepsel.formats.loader import load_format
from hepsel.plan.columns import attribute_reads
from hepsel.plan.nodes import ColumnRead

STUB = Path(__file__).parent / "xaod_stub"
COMPILER = shutil.which("g++")
OPTIONS = ("-std=c++17", "-O0", "-Werror=sign-compare", "-Werror=uninitialized")
FOLDER = TemporaryDirectory(prefix="hepsel_xaod_")
ONE_AT_A_TIME = threading.Lock()
"""func_adl_xAOD keeps the types of methods for the whole process, and a server has a process for each request."""

needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no g++, which compiles the queries")


def _run(*command: object) -> None:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def new_folder() -> Path:
    """Return a new folder, which is removed when the process ends."""
    return Path(mkdtemp(dir=FOLDER.name))


@cache
def _built() -> Path:
    """Return a folder with the compiled parts that all queries share."""
    folder = new_folder()
    shutil.copy(STUB / "stub.h", folder)
    _run(COMPILER, *OPTIONS, "-x", "c++-header", folder / "stub.h", "-o", folder / "stub.h.gch")
    _run(COMPILER, *OPTIONS, "-I", folder, "-c", STUB / "main.cxx", "-o", folder / "main.o")
    return folder


def translated(text: str, folder: Path) -> None:
    """Write the C++ of a query, given as it travels to the server."""
    executor = atlas_xaod_executor()
    tree: Any = read_query(text).body[0]
    with ONE_AT_A_TIME:
        executor.reset()
        executor.write_cpp_files(executor.apply_ast_transformations(tree.value), folder)


@cache
def program_of(text: str) -> Path:
    """Return the program that a query becomes."""
    shared = _built()
    folder = Path(mkdtemp(dir=shared))
    translated(text, folder)
    for source in ("query.h", "query.cxx"):
        for header in re.findall(r'#include ["<]([^">]*(?:/[^">]*|\.h))[">]', (folder / source).read_text()):
            target = folder / header
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text('#include "../query.h"\n' if header == "analysis/query.h" else '#include "stub.h"\n')
    unit = (
        '#include "stub.h"\n#include "query.cxx"\nEL::AnaAlgorithm* make_query() { return new query("q", nullptr); }\n'
    )
    (folder / "unit.cxx").write_text(unit)
    _run(COMPILER, *OPTIONS, "-I", shared, "-I", folder, folder / "unit.cxx", shared / "main.o", "-o", folder / "main")
    return folder / "main"


def run_query(text: str, events: Path) -> ak.Array:
    """Return what a query makes of the events in a folder."""
    program = program_of(text)
    output = Path(mkdtemp(dir=_built()))
    _run(program, events, output)
    columns = {}
    for line in (output / "index.txt").read_text().splitlines():
        name, letter, depth = line.split()
        layout: Any = ak.contents.NumpyArray(np.fromfile(output / name, letter))
        for level in reversed(range(int(depth))):
            sizes = np.fromfile(output / f"{name}.{level}", np.int64)
            layout = ak.contents.ListOffsetArray(ak.index.Index64(np.r_[0, np.cumsum(sizes)]), layout)
        columns[name] = ak.Array(layout)
    shutil.rmtree(output)
    return ak.zip(columns, depth_limit=1)


@cache
def selections(module: ModuleType) -> dict[str, str]:
    """Return what a script asks for, by the names of its queries, as it travels to the server."""
    return {name: query.generate_selection_string() for name, query in module.queries().items()}


def run_on_events(
    module: ModuleType, events: Path, folder: Path, change: Callable[[str], str] = str
) -> tuple[Any, dict[str, int]]:
    """Return the results of a script over the events in a folder, and how many events each query returned.

    The server does something else than it is asked to, if `change` makes that of a query.
    """
    delivered = {}
    returned = {}
    for name, text in selections(module).items():
        array = run_query(change(text), events)
        ak.to_parquet(array, folder / f"{name}.parquet")
        delivered[name] = [folder / f"{name}.parquet"]
        returned[name] = len(array)
    return plain(module.select_from(**delivered)), returned


# ------------------------------------------------------------------ events


def every_read(format_name: str = "physlite") -> list[ColumnRead]:
    """Return the stored columns of a format that the dialect can read."""
    data_format = load_format(format_name)
    found: dict[str, ColumnRead] = {}
    for collection in data_format.collections.values():
        for spec in collection.attributes.values():
            if spec.xaod is not None:
                found |= {read.name: read for read in attribute_reads(data_format, collection.name, spec)}
    return list(found.values())


def write_events(path: Path, folder: Path, reads: Iterable[ColumnRead]) -> Path:
    """Write the variables of a file that are there, as they are stored, for the compiled queries."""
    folder.mkdir()
    lines = []
    with Source(str(path), ("CollectionTree", "EventData"), (":",)) as source:
        for read in reads:
            branch = source.branch(read.branches)
            if branch is None or read.role == "key":
                continue
            array = source._arrays({branch}, 0, source.entries)[branch]
            container, variable = re.split(r"AuxDyn[.:]", f"{branch.name}.{branch.field or ''}")[:2]
            variable = variable.split(".")[0]
            kind = _kind(array)
            if read.spec.kind == "link":
                kind = "tags" if "BTagging" in (read.spec.xaod or "") else "tracks"
                keys = source.branch(read.spec.key_branches)
                assert keys is not None
                array = ak.zip({"key": source._arrays({keys}, 0, source.entries)[keys], "index": array})
            is_single = container == "EventInfo"
            sizes = np.ones(len(array), np.int64) if is_single else ak.num(array)
            np.asarray(sizes, np.int64).tofile(folder / f"{container}.sizes")
            if read.spec.is_list:
                flat = array if is_single else ak.flatten(array)
                np.asarray(ak.num(flat), np.int64).tofile(folder / f"{container}.{variable}.sizes")
            flat = ak.flatten(array, axis=None) if kind not in ("tags", "tracks") else None
            if flat is None:
                halves = [
                    ak.to_numpy(ak.flatten(array[half], axis=None)).astype(np.uint32) for half in ("key", "index")
                ]
                np.stack(halves, axis=1).tofile(folder / f"{container}.{variable}")
            else:
                ak.to_numpy(flat).astype(kind).tofile(folder / f"{container}.{variable}")
            lines.append(f"{container} {variable} {kind} {int(read.spec.is_list)}")
    (folder / "index.txt").write_text("\n".join(dict.fromkeys(lines)) + "\n")
    return folder


def _kind(array: ak.Array) -> str:
    layout = ak.flatten(array, axis=None) if array.ndim > 1 else array
    return str(ak.to_numpy(layout).dtype).replace("bool", "int8")
