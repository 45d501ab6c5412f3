"""The files of the output directory."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hepsel.run.plots import Style, draw, pictures
from hepsel.run.result import Part, Result, Tables
from hepsel.semantics.expressions.quantities import element_of
from hepsel.semantics.program import Program, SavedColumn
from hepsel.semantics.types import EnumType

if TYPE_CHECKING:
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

    from hepsel.backends.awkward.runtime.folder import as_root

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
    from hepsel.run.columns import saved_columns

    with ExitStack() as stack:
        columns = {region: saved_columns(directory, program, region, whole, kind) for region in program.regions}
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
