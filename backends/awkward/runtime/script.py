"""The script around a selection: files in, results out."""

from __future__ import annotations

import argparse
import contextlib
import csv
import glob
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import uproot
from hepsel.backends.awkward.runtime.addresses import shown
from hepsel.backends.awkward.runtime.axes import Refused
from hepsel.backends.awkward.runtime.output import Result, merge_results
from hepsel.backends.awkward.runtime.plain import finite
from hepsel.backends.awkward.runtime.reading import (
    Column,
    FileError,
    Source,
    in_one_line,
    is_parquet,
)

Process = Callable[..., Result]


def run_files(
    files: str | Path | Sequence[str | Path],
    columns: Mapping[str, Column],
    trees: Sequence[str],
    separators: Sequence[str],
    process: Process,
    *,
    chunk: int = 50_000,
    trace: bool = False,
) -> Result:
    """Process all events of some files, chunk by chunk, and add up the results."""
    named = [files] if isinstance(files, str | Path) else files
    inputs = [found for name in named for found in find_files(name, trees)]
    refuse_twice([path for path, _ in inputs])
    if not inputs:
        raise FileError("no files were given")
    return merge_results(
        found
        for path, among in inputs
        for found in chunk_results(
            [path], columns, among, separators, process, chunk=chunk, trace=trace
        )
    )


def find_files(
    name: str | Path, trees: Sequence[str]
) -> list[tuple[str | Path, Sequence[str]]]:
    """Return the files that a name or a pattern, perhaps with `:TREE` behind it, stands for, and their trees."""
    if "://" in str(name) or Path(name).exists():
        return [(name, trees)]
    before, colon, tree = str(name).rpartition(":")
    pattern, among = (before, (tree,)) if colon else (tree, trees)
    matches = sorted(glob.glob(pattern, recursive=True))
    if Path(pattern).exists():  # though there may be brackets in it
        matches = [pattern]
    files = [match for match in matches if Path(match).is_file()]
    for file in files if colon else ():
        if is_parquet(file):
            raise FileError(
                f"{shown(file)}: no tree {tree}: Parquet files have no trees"
            )
    return [(file, among) for file in files] or [(name, trees)]


def refuse_twice(files: Sequence[str | Path]) -> None:
    """Refuse a file that is given twice, under whatever name: its events would count twice."""
    known = set()
    for path in files:
        status = Path(path).stat() if Path(path).exists() else None
        name = (status.st_dev, status.st_ino) if status is not None else str(path)
        if name in known:
            raise FileError(f"{shown(str(path))}: this file is given twice")
        known.add(name)


def chunk_results(
    files: Sequence[str | Path],
    columns: Mapping[str, Column],
    trees: Sequence[str],
    separators: Sequence[str],
    process: Process,
    *,
    chunk: int,
    trace: bool,
) -> Iterator[Result]:
    """Yield what each chunk of the events of some files yields."""
    for path in files:
        with Source(path, trees, separators) as source:
            for start, stop in source.chunks(chunk) if source.entries else [(0, 0)]:
                try:
                    # No name for the columns: they are not kept while the next are read.
                    yield process(
                        source.read(columns, start, stop),
                        events=stop - start,
                        trace=trace,
                    )
                except Refused as problem:
                    raise FileError(f"{source.path}: {problem}") from problem


def cutflow_text(result: Result) -> str:
    """Return the cutflows as a table."""
    lines = []
    for region, rows in result["cutflow"].items():
        lines.append(region)
        before = rows[0]["events"]
        for found in rows:
            share = 100 * found["events"] / before if before else 0.0
            mark = "" if found["applied"] else "  (not applied)"
            numbers = f"{found['events']:>12} {found['sumw']:>14.6g} {share:>7.2f} %"
            lines.append(f"  {numbers}  {found['label']}{mark}")
            before = found["events"]
        lines += [
            f"  {found['events']:>12} {found['sumw']:>14.6g}            bin {found['name']}"
            for found in result["bins"][region]
        ]
    return "\n".join(lines)


DRAFTS = ".drafts-"
"""How the folder is called in which results are written, before all of them take the place of those before."""


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Let what goes wrong with some file of a folder be said of the folder."""
    try:
        yield
    except OSError as problem:
        raise FileError(
            f"{folder}: cannot be written ({in_one_line(problem)})"
        ) from problem


def check_folder(folder: Path) -> None:
    """Refuse a folder that cannot be written, or holds other things than such results."""
    place = folder.absolute()
    with writing(folder):
        while not place.exists():
            place = place.parent
        tempfile.TemporaryFile(dir=place).close()
    known = written(folder)
    for path in sorted(folder.iterdir()) if folder.exists() else ():
        if path.name not in known and not path.name.startswith(DRAFTS):
            raise FileError(
                f"{folder}: holds {path.name}, which such a script did not write: name another folder"
            )


def written(folder: Path) -> list[str]:
    """Return the names of the files that were written to a folder before."""
    try:
        text = (folder / "cutflow.json").read_text(encoding="utf-8")
        return list(json.loads(text)["files"])
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        return []


def write_results(result: Result, folder: Path) -> None:
    """Write cutflow, histograms, saved columns and selected events to a folder, in the place of those before."""
    contents: dict[str, Callable[[Path], Any]] = {
        "cutflow.json": lambda path: path.write_text(text, encoding="utf-8"),
        "events.csv": lambda path: write_events(result, path),
    }
    if result["histograms"]:
        contents["histograms.root"] = lambda path: write_histograms(result, path)
    for region, columns in result["columns"].items():
        if columns:
            table = ak.zip(columns, depth_limit=1)
            contents[f"columns_{region}.{SAVED}"] = partial(write_columns, table)
    tables = ("events", "cutflow", "items", "bins", "overlaps")
    missing = ("missing_weights", "missing_in_selected")
    shared = {name: result[name] for name in (*tables, *missing)}
    listed = {**finite(shared), "files": list(contents)}
    text = json.dumps(listed, indent=2, allow_nan=False) + "\n"
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        before = written(folder)
        with tempfile.TemporaryDirectory(prefix=DRAFTS, dir=folder) as drafts:
            for name, content in contents.items():
                content(Path(drafts) / name)
            for name in contents:
                (Path(drafts) / name).replace(folder / name)
        for path in list(folder.iterdir()):
            if path.name in before and path.name not in contents:
                path.unlink()


SAVED = "root" if find_spec("pyarrow") is None else "parquet"
"""The kind of file that takes saved columns: awkward writes Parquet with pyarrow, which neither it nor uproot brings along."""


def write_columns(table: ak.Array, path: Path) -> None:
    """Write saved columns: to a ROOT file as an RNTuple, since a TTree holds neither names nor missing values."""
    if path.suffix == ".parquet":
        ak.to_parquet(table, path)
        return
    with uproot.recreate(path) as file:
        file.mkrntuple("columns", ak.transform(by_index, table))


def by_index(layout: Any, **_: Any) -> Any:
    """Return missing values as uproot writes them rightly: of those that a mask hides, it takes others for the rest."""
    return layout.to_IndexedOptionArray64().to_packed() if layout.is_option else None


def write_histograms(result: Result, path: Path) -> None:
    """Write the histograms to a ROOT file, a folder for each region."""
    with uproot.recreate(path) as file:
        for name, filled in result["histograms"].items():
            file[name] = as_root(filled)


def as_root(filled: Any) -> Any:
    """Return a histogram of weights as ROOT has it, with the numbers of entries as ROOT sets them where fills are not known.

    uproot takes the sum of weights for the number of entries and for the sum of squares.
    """
    written = uproot.writing.identify.to_writable(filled)
    statistics = written
    while "fEntries" not in statistics.members:
        statistics = statistics.bases[0]
    with np.errstate(invalid="ignore"):  # weights may be infinite
        weights = filled.values(flow=True).sum()
        squares = filled.variances(flow=True).sum()
    entries = weights**2 / squares if np.isfinite(squares) and squares > 0 else 0.0
    statistics.members.update(fEntries=entries, fTsumw2=filled.variances().sum())
    return written


def write_events(result: Result, path: Path) -> None:
    """Write which events each region selects."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        names: list[str] = list(next(iter(result["selected"].values()), {}))
        writer.writerow(["region", *names])
        for region, columns in result["selected"].items():
            for numbers in zip(*columns.values(), strict=True):
                writer.writerow([region, *numbers])


def positive(text: str) -> int:
    """Return a number of events; argparse says what is wrong with others."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def command_line(run: Callable[..., Result], description: str) -> int:
    """Run the script from the command line."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="ROOT or Parquet file, or a pattern; FILE:TREE names the tree",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder for the results"
    )
    parser.add_argument(
        "--chunk", type=positive, default=50_000, help="events at a time"
    )
    arguments = parser.parse_args()
    try:
        if arguments.out is not None:
            check_folder(arguments.out)
        result = run(arguments.files, chunk=arguments.chunk)
        if arguments.out is not None:
            write_results(result, arguments.out)
    except (FileError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    return show(cutflow_text(result))


def show(text: str) -> int:
    """Print a text, and return the exit code."""
    try:
        print(text, flush=True)
    except OSError as problem:
        # What is left in the buffer goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(problem, BrokenPipeError):
            return 141
        print(f"standard output: {problem}", file=sys.stderr)
        return 3
    return 0
