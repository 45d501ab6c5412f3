"""The files of the output directory."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hepsel.run.plots import Style, draw, pictures
from hepsel.run.result import Result
from hepsel.semantics.expressions.quantities import element_of
from hepsel.semantics.program import Program, SavedColumn
from hepsel.semantics.types import EnumType

if TYPE_CHECKING:
    import awkward as ak

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
    result: Result,
    cutflow: Mapping[str, Any],
    manifest: Mapping[str, Any],
    layout: Layout,
) -> None:
    """Write all results into an empty directory.

    Parameters
    ----------
    directory
        Where to.
    program
        The program that was run.
    result
        Its result.
    cutflow, manifest
        Contents of `cutflow.json` and `manifest.json`; the latter is given the names of the files.
    layout
        How columns and pictures are written.
    """
    write_json(directory / CUTFLOW, cutflow)
    _write_histograms(directory, program, result, layout.style)
    for region in program.regions:
        _write_events(directory / f"events_{region}.csv", result["selected"][region])
        _write_columns(directory, program, region, result["columns"][region], layout.columns)
    if "first_failed" in result:
        _write_trace(directory / "trace.csv", result)
    names = [*(path.name for path in directory.iterdir()), MANIFEST]
    write_json(directory / MANIFEST, {**manifest, OUTPUTS: sorted(names)})


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write data as indented JSON."""
    path.write_text(to_json(data), encoding="utf-8")


def to_json(data: Mapping[str, Any]) -> str:
    """Return data as indented JSON; a number that JSON does not know (an infinite sum) is null."""
    from hepsel.backends.awkward.runtime.plain import finite

    return json.dumps(finite(data), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _write_histograms(directory: Path, program: Program, result: Result, style: Style) -> None:
    import uproot

    from hepsel.backends.awkward.runtime.script import as_root

    drawn = pictures(program, result)
    if not drawn:
        return
    with uproot.recreate(directory / "histograms.root") as file:
        for picture in drawn:
            file[f"{picture.region}/{picture.name}"] = as_root(picture.histogram)
    for picture in drawn:
        path = directory / f"histogram_{picture.region}_{picture.name}.png"
        while path.exists():  # `c` of region `a_b` and `b_c` of `a`
            path = path.with_stem(f"{path.stem}_")
        path.write_bytes(draw(picture, style))


def _write_events(path: Path, selected: Mapping[str, ak.Array]) -> None:
    if selected:
        _write_csv(path, {name: array.to_list() for name, array in selected.items()})


def _write_trace(path: Path, result: Result) -> None:
    # One row for each event and region.
    identifiers = {name: array.to_list() for name, array in result["identifiers"].items()}
    regions = result["first_failed"]
    repeated = {name: [value for value in values for _ in regions] for name, values in identifiers.items()}
    names = list(regions) * result["events"]
    failed = [ids[event] for event in range(result["events"]) for ids in regions.values()]
    _write_csv(path, {**repeated, "region": names, "first_failed": failed})


def _write_csv(path: Path, columns: Mapping[str, list[Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


# ------------------------------------------------------------------ columns


def _write_columns(
    directory: Path, program: Program, region: str, columns: Mapping[str, ak.Array], kind: ColumnsFormat
) -> None:
    if not columns:
        return
    path = directory / f"columns_{region}.{kind}"
    statements = program.regions[region].statements
    units = {item.name: item.unit for item in statements if isinstance(item, SavedColumn)}
    if kind == "root":
        _write_root(path, columns, units)
    else:
        _write_parquet(path, columns, units)


def _write_parquet(path: Path, columns: Mapping[str, ak.Array], units: Mapping[str, str]) -> None:
    import awkward as ak
    import pyarrow as pa
    import pyarrow.parquet

    arrays = {name: ak.to_arrow(column, extensionarray=False) for name, column in columns.items()}
    schema = pa.schema(
        pa.field(name, array.type, metadata={"unit": units[name]} if units.get(name) else None)
        for name, array in arrays.items()
    )
    pyarrow.parquet.write_table(pa.Table.from_arrays(list(arrays.values()), schema=schema), path)


def _write_root(path: Path, columns: Mapping[str, ak.Array], units: Mapping[str, str]) -> None:
    import uproot

    with uproot.recreate(path) as file:
        plain = {name: _for_tree(column) for name, column in columns.items()}

        def counter(name: str) -> str:
            found = f"n{name}"
            while found in plain:
                found += "_"
            return found

        # `mktree` on purpose: the jagged columns get counters of their own, as `n<name>`.
        types = {name: array.type.content for name, array in plain.items()}
        # uproot lets nobody choose the title of a branch.
        title = ", ".join(f"{name} [{unit}]" for name, unit in units.items() if unit)
        tree = file.mktree("columns", types, title, counter_name=counter)
        if len(next(iter(plain.values()))):
            tree.extend(plain)


def _for_tree(column: ak.Array) -> ak.Array:
    """Return a column that a TTree can hold: in one with missing values they become NaN, and the others reals."""
    import awkward as ak
    import numpy as np

    if not ak.any(ak.is_none(column, axis=-1)):
        # Of lists with gaps between them, as a selection leaves them, awkward's `drop_none` takes the wrong elements.
        column = ak.drop_none(ak.to_packed(column), axis=-1)
    kind = str(column.type)
    if "?" not in kind and "unknown" not in kind:
        return column
    reals = ak.values_astype(column, np.float64)
    return ak.fill_none(reals, np.nan, axis=-1)
