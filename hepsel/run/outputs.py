"""The files of the output directory."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hepsel.errors import DataError
from hepsel.run.plots import Style, draw, pictures
from hepsel.run.result import Part, Result, Tables, joined_tables
from hepsel.semantics.expressions.quantities import element_of
from hepsel.semantics.program import Program, SavedColumn
from hepsel.semantics.types import EnumType

if TYPE_CHECKING:
    import awkward as ak

    from hepsel.run.execute import Progress

CUTFLOW = "cutflow.json"
MANIFEST = "manifest.json"

OUTPUTS = "outputs"
"""Key of the manifest with the names of all files of the directory: what is not among them was put there by others."""

ColumnsFormat = Literal["parquet", "root"]


@dataclass(frozen=True, slots=True)
class Layout:
    """What is written, where there is a choice."""

    columns: ColumnsFormat = "parquet"
    style: Style = "plain"


def names_among_columns(program: Program) -> list[str]:
    """Return the saved columns that hold names, which ROOT files cannot."""
    return [
        f"{region.name}.{statement.name}"
        for region in program.regions.values()
        for statement in region.statements
        if isinstance(statement, SavedColumn) and isinstance(element_of(statement.value.type), EnumType)
    ]


def write_outputs(
    directory: Path,
    program: Program,
    whole: Part,
    cutflow: Mapping[str, Any],
    manifest: Mapping[str, Any],
    layout: Layout,
    progress: Progress | None = None,
) -> None:
    """Write all results into an empty directory.

    Parameters
    ----------
    directory
        Where to.
    program
        The program that was run.
    whole
        Its result. What it has of each event is written piece by piece.
    cutflow, manifest
        Contents of `cutflow.json` and `manifest.json`; the latter is given the names of the files.
    layout
        How columns and pictures are written.
    progress
        Is told how many pictures are drawn, each of which takes matplotlib a fifth of a second.
    """
    write_json(directory / CUTFLOW, cutflow)
    _write_histograms(directory, program, whole.sums, layout.style, progress)
    _write_tables(directory, program, whole, layout.columns)
    names = [*(path.name for path in directory.iterdir()), MANIFEST]
    write_json(directory / MANIFEST, {**manifest, OUTPUTS: sorted(names)})


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write data as indented JSON."""
    path.write_text(to_json(data), encoding="utf-8")


def to_json(data: Mapping[str, Any]) -> str:
    """Return data as indented JSON; a number that JSON does not know (an infinite sum) is null."""
    from hepsel.backends.awkward.runtime.plain import finite

    return json.dumps(finite(data), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _write_histograms(
    directory: Path, program: Program, result: Result, style: Style, progress: Progress | None
) -> None:
    import uproot

    from hepsel.backends.awkward.runtime.script import as_root

    drawn = pictures(program, result)
    if not drawn:
        return
    with uproot.recreate(directory / "histograms.root") as file:
        for picture in drawn:
            file[f"{picture.region}/{picture.name}"] = as_root(picture.histogram)
    if progress is not None:
        progress.start(len(drawn), "pictures")
    for picture in drawn:
        path = directory / f"histogram_{picture.region}_{picture.name}.png"
        while path.exists():  # `c` of region `a_b` and `b_c` of `a`
            path = path.with_stem(f"{path.stem}_")
        path.write_bytes(draw(picture, style))
        if progress is not None:
            progress.advance(1)


def _write_tables(directory: Path, program: Program, whole: Part, kind: ColumnsFormat) -> None:
    with ExitStack() as stack:
        columns = {region: _columns(directory, program, region, whole, kind) for region in program.regions}
        for writer in columns.values():
            stack.callback(writer.close)
        for tables in whole.tables():
            for region in program.regions:
                selected = {name: array.to_list() for name, array in tables["selected"][region].items()}
                if selected:
                    _append_csv(directory / f"events_{region}.csv", selected)
                columns[region].add(tables["columns"][region])
            if "first_failed" in tables:
                _append_csv(directory / "trace.csv", _trace(tables))
        for writer in columns.values():
            writer.flush()


def _trace(tables: Tables) -> dict[str, Iterable[Any]]:
    # One row for each event and region.
    identifiers = {name: array.to_list() for name, array in tables["identifiers"].items()}
    regions = tables["first_failed"]
    repeated = {name: [value for value in values for _ in regions] for name, values in identifiers.items()}
    failed = [id_ for ids in zip(*regions.values(), strict=True) for id_ in ids]
    names = itertools.islice(itertools.cycle(regions), len(failed))
    return {**repeated, "region": names, "first_failed": failed}


def _append_csv(path: Path, columns: Mapping[str, Iterable[Any]]) -> None:
    # Opened each time: of many regions, not all files may be open at once.
    is_new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        if is_new:
            writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


# ------------------------------------------------------------------ columns


_ROWS_AT_A_TIME = 100_000
"""Rows that are gathered before they are written: of small files, each piece has few."""


class _Columns:
    """Writes the saved columns of a region, as they come."""

    def __init__(self) -> None:
        self._gathered: list[Mapping[str, ak.Array]] = []
        self._rows = 0
        self._is_begun = False

    def add(self, columns: Mapping[str, ak.Array]) -> None:
        """Take the columns of some more events."""
        if columns:
            self._gathered.append(columns)
            self._rows += len(next(iter(columns.values())))
        if self._rows >= _ROWS_AT_A_TIME:
            self.flush()

    def flush(self) -> None:
        """Write what is gathered: without any rows, at least what they would be."""
        if self._rows or (self._gathered and not self._is_begun):
            columns = joined_tables(self._gathered)
            self._gathered, self._rows = [], 0
            if not self._is_begun:
                self._begin(columns)
                self._is_begun = True
            self._write(columns)

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._is_begun:
            self._close()

    def _begin(self, columns: Mapping[str, ak.Array]) -> None:
        raise NotImplementedError

    def _write(self, columns: Mapping[str, ak.Array]) -> None:
        raise NotImplementedError

    def _close(self) -> None:
        raise NotImplementedError


class _ParquetColumns(_Columns):
    def __init__(self, path: Path, units: Mapping[str, str]) -> None:
        super().__init__()
        self._path = path
        self._units = units

    def _begin(self, columns: Mapping[str, ak.Array]) -> None:
        import pyarrow as pa
        import pyarrow.parquet

        units = self._units
        schema = pa.schema(
            pa.field(name, array.type, metadata={"unit": units[name]} if units.get(name) else None)
            for name, array in _in_arrow(columns).items()
        )
        self._file: Any = pyarrow.parquet.ParquetWriter(self._path, schema)

    def _write(self, columns: Mapping[str, ak.Array]) -> None:
        import pyarrow as pa

        self._file.write_table(pa.Table.from_arrays(list(_in_arrow(columns).values()), schema=self._file.schema))

    def _close(self) -> None:
        self._file.close()


def _in_arrow(columns: Mapping[str, ak.Array]) -> dict[str, Any]:
    import awkward as ak

    return {name: ak.to_arrow(column, extensionarray=False) for name, column in columns.items()}


class _RootColumns(_Columns):
    def __init__(self, path: Path, units: Mapping[str, str], missing: Callable[[], set[str]]) -> None:
        super().__init__()
        self._path = path
        self._units = units
        self._find_missing = missing

    def _begin(self, columns: Mapping[str, ak.Array]) -> None:
        import uproot

        self._missing = self._find_missing()
        plain = self._plain(columns)

        def counter(name: str) -> str:
            found = f"n{name}"
            while found in plain:
                found += "_"
            return found

        self._file: Any = uproot.recreate(self._path)
        # `mktree` on purpose: the jagged columns get counters of their own, as `n<name>`.
        types = {name: array.type.content for name, array in plain.items()}
        # uproot lets nobody choose the title of a branch.
        title = ", ".join(f"{name} [{unit}]" for name, unit in self._units.items() if unit)
        self._tree = self._file.mktree("columns", types, title, counter_name=counter)

    def _write(self, columns: Mapping[str, ak.Array]) -> None:
        plain = self._plain(columns)
        if len(next(iter(plain.values()))):
            self._tree.extend(plain)

    def _plain(self, columns: Mapping[str, ak.Array]) -> dict[str, ak.Array]:
        return {name: _for_tree(name, column, missing=name in self._missing) for name, column in columns.items()}

    def _close(self) -> None:
        self._file.close()


def _columns(directory: Path, program: Program, region: str, whole: Part, kind: ColumnsFormat) -> _Columns:
    """Return what writes the columns of a region."""
    path = directory / f"columns_{region}.{kind}"
    statements = program.regions[region].statements
    units = {item.name: item.unit for item in statements if isinstance(item, SavedColumn)}
    if kind == "root":
        return _RootColumns(path, units, lambda: _with_missing(region, whole))
    return _ParquetColumns(path, units)


def _with_missing(region: str, whole: Part) -> set[str]:
    """Return the columns that lack values anywhere: a tree is told what it is to hold before it holds anything."""
    import awkward as ak

    return {
        name
        for tables in whole.tables()
        for name, column in tables["columns"][region].items()
        if ak.any(ak.is_none(column, axis=-1))
    }


def _for_tree(name: str, column: ak.Array, *, missing: bool) -> ak.Array:
    """Return a column that a TTree can hold: in one with missing values they become NaN, and the others reals.

    Raises
    ------
    DataError
        When one of the others is a whole number that is not the only one to become that real.
    """
    import awkward as ak
    import numpy as np

    if not missing:
        # Of lists with gaps between them, as a selection leaves them, awkward's `drop_none` takes the wrong elements.
        column = ak.drop_none(ak.to_packed(column), axis=-1)
    kind = str(column.type)
    if "?" not in kind and "unknown" not in kind:
        return column
    reals = ak.values_astype(column, np.float64)
    if "int64" in kind and ak.any(abs(reals) >= 2.0**53, axis=None):
        raise DataError(
            f"{name}: there are whole numbers of 2^53 and more, and beside missing values a TTree holds reals, which do"
            " not tell these apart: `--columns parquet`"
        )
    return ak.fill_none(reals, np.nan, axis=-1)
