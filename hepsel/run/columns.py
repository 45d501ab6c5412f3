"""The files of saved columns."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import pyarrow as pa
import pyarrow.parquet
import uproot

from hepsel.backends.awkward.runtime.saving import SavedColumns
from hepsel.errors import DataError
from hepsel.run.result import Part
from hepsel.semantics.program import Program, SavedColumn

Columns = Mapping[str, ak.Array]


def saved_columns(directory: Path, program: Program, region: str, whole: Part, kind: str) -> SavedColumns:
    """Return what writes the columns of a region, as they come.

    Parameters
    ----------
    directory, program, region
        Where to, and of what.
    whole
        The result that they come from.
    kind
        A `ColumnsFormat`.
    """
    path = directory / f"columns_{region}.{kind}"
    statements = program.regions[region].statements
    units = {item.name: item.unit for item in statements if isinstance(item, SavedColumn)}
    if kind == "root":
        return SavedColumns(lambda first: _Tree(path, units, _with_missing(region, whole), first))
    return SavedColumns(partial(_Table, path, units))


class _Table:
    """A Parquet file."""

    def __init__(self, path: Path, units: Mapping[str, str], first: Columns) -> None:
        schema = pa.schema(
            pa.field(name, array.type, metadata={"unit": units[name]} if units.get(name) else None)
            for name, array in _in_arrow(first).items()
        )
        self._file: Any = pyarrow.parquet.ParquetWriter(path, schema)
        self.close = self._file.close

    def write(self, columns: Columns) -> None:
        """Write the columns of some more events."""
        self._file.write_table(pa.Table.from_arrays(list(_in_arrow(columns).values()), schema=self._file.schema))


def _in_arrow(columns: Columns) -> dict[str, Any]:
    return {name: ak.to_arrow(column, extensionarray=False) for name, column in columns.items()}


class _Tree:
    """A ROOT file with a TTree, which is told what it is to hold before it holds anything."""

    def __init__(self, path: Path, units: Mapping[str, str], missing: set[str], first: Columns) -> None:
        self._missing = missing
        plain = self._plain(first)

        def counter(name: str) -> str:
            found = f"n{name}"
            while found in plain:
                found += "_"
            return found

        self._file: Any = uproot.recreate(path)
        self.close = self._file.close
        # `mktree` on purpose: the jagged columns get counters of their own, as `n<name>`.
        types = {name: array.type.content for name, array in plain.items()}
        # uproot lets nobody choose the title of a branch.
        title = ", ".join(f"{name} [{unit}]" for name, unit in units.items() if unit)
        self._tree = self._file.mktree("columns", types, title, counter_name=counter)

    def write(self, columns: Columns) -> None:
        """Write the columns of some more events."""
        plain = self._plain(columns)
        if len(next(iter(plain.values()))):
            self._tree.extend(plain)

    def _plain(self, columns: Columns) -> dict[str, ak.Array]:
        return {name: _for_tree(name, column, missing=name in self._missing) for name, column in columns.items()}


def _with_missing(region: str, whole: Part) -> set[str]:
    """Return the columns that lack values anywhere."""
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
