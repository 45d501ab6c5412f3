"""The script around a selection: files in, results out."""

from __future__ import annotations

import argparse
import glob
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from hepsel.backends.awkward.runtime.addresses import shown
from hepsel.backends.awkward.runtime.axes import Refused
from hepsel.backends.awkward.runtime.folder import run_to
from hepsel.backends.awkward.runtime.output import Result, Sink, merge_results
from hepsel.backends.awkward.runtime.reading import (
    Column,
    FileError,
    Source,
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
    into: Sink | None = None,
) -> Result:
    """Process all events of some files, chunk by chunk, and add up the results."""
    named = [files] if isinstance(files, str | Path) else files
    inputs = [found for name in named for found in find_files(name, trees)]
    refuse_twice([path for path, _ in inputs])
    if not inputs:
        raise FileError("no files were given")
    found = (
        result
        for path, among in inputs
        for result in chunk_results(
            [path], columns, among, separators, process, chunk=chunk, trace=trace
        )
    )
    return merge_results(found, into)


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
    asked = partial(run, arguments.files, chunk=arguments.chunk)
    try:
        result = run_to(arguments.out, asked)
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
