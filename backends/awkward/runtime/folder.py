"""The folder with the results of a script."""

from __future__ import annotations

import contextlib
import csv
import json
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import uproot
from hepsel.backends.awkward.runtime.lock import lock_folder, unlock_folder
from hepsel.backends.awkward.runtime.output import Result
from hepsel.backends.awkward.runtime.plain import finite
from hepsel.backends.awkward.runtime.reading import FileError, in_one_line
from hepsel.backends.awkward.runtime.saving import (
    SAVED,
    NTuple,
    ParquetTable,
    SavedColumns,
)


def run_to(folder: Path | None, run: Callable[..., Result]) -> Result:
    """Return the sums that `run` finds, and write them to a folder, if there is one, with all that it finds of each event."""
    if folder is None:
        return run(into=lambda _: None)
    # Told to end, as by a batch system, it clears away what it began.
    usual = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        with Folder(folder) as written:
            result = run(into=written.add)
            written.finish(result)
    finally:
        signal.signal(signal.SIGTERM, usual)
    return result


DRAFTS = ".drafts-"
"""How the folder is called in which results are written, before all of them take the place of those before."""


class Folder:
    """A folder that takes results: those of each event as they come, in drafts, and the sums at the end.

    When anything goes wrong, what was there stays as it was. A folder that cannot be written, holds other things
    than such results, or is being written to by another script is refused.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.columns: dict[str, SavedColumns] = {}
        self.names: list[str] = []

    def __enter__(self) -> Folder:
        with self.writing():
            self.check()
            places = (self.folder, *self.folder.parents)
            self.made = [place for place in places if not place.exists()]
            self.folder.mkdir(parents=True, exist_ok=True)
            self.lock = self.locked()
            for left in self.folder.glob(f"{DRAFTS}*"):  # by a script that was killed
                shutil.rmtree(left)
            self.drafts = Path(tempfile.mkdtemp(prefix=DRAFTS, dir=self.folder))
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.drafts, ignore_errors=True)
        unlock_folder(self.lock)
        for place in self.made:
            with contextlib.suppress(OSError):  # results are in it
                place.rmdir()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Let what goes wrong with some file of the folder be said of the folder."""
        try:
            yield
        except OSError as problem:
            raise FileError(
                f"{self.folder}: cannot be written ({in_one_line(problem)})"
            ) from problem

    def locked(self) -> int | None:
        """Lock the folder, or refuse it."""
        try:
            return lock_folder(self.folder)
        except BlockingIOError as problem:
            raise FileError(
                f"{self.folder}: another script is writing to it: name another folder"
            ) from problem

    def check(self) -> None:
        """Refuse a folder that holds something else."""
        known = self.before()
        for path in sorted(self.folder.iterdir()) if self.folder.exists() else ():
            if path.name not in known and not path.name.startswith(DRAFTS):
                raise FileError(
                    f"{self.folder}: holds {path.name}, which such a script did not write: name another folder"
                )

    def before(self) -> list[str]:
        """Return the names of the files that were written to it before."""
        try:
            text = (self.folder / "cutflow.json").read_text(encoding="utf-8")
            return list(json.loads(text)["files"])
        except (FileNotFoundError, ValueError, LookupError, TypeError):
            return []

    def add(self, tables: Result) -> None:
        """Take the saved columns of some more events, and which of them each region selects."""
        with self.writing():
            for region, columns in tables["columns"].items():
                if columns and region not in self.columns:
                    path = self.drafts / f"columns_{region}.{SAVED}"
                    kind = ParquetTable if SAVED == "parquet" else NTuple
                    self.columns[region] = SavedColumns(partial(kind, path))
                if columns:
                    self.columns[region].add(columns)
            for region, selected in tables["selected"].items():
                self.names = list(selected)
                numbers = (values.tolist() for values in selected.values())
                # Opened each time: of many regions, not all files may be open at once.
                with self.selected(region).open("a", newline="") as file:
                    rows = ((region, *row) for row in zip(*numbers, strict=True))
                    csv.writer(file).writerows(rows)

    def selected(self, region: str) -> Path:
        """Return where the list of events of a region is, until all are written one after the other."""
        return self.drafts / f"selected_{region}.csv"

    def finish(self, result: Result) -> None:
        """Write cutflow and histograms, and put all files in the place of those before."""
        with self.writing():
            for columns in self.columns.values():
                columns.flush()
                columns.close()
            names = ["cutflow.json", "events.csv"]
            self.write_events(list(result["cutflow"]))
            if result["histograms"]:
                names.append("histograms.root")
                write_histograms(result, self.drafts / "histograms.root")
            names += [f"columns_{region}.{SAVED}" for region in self.columns]
            tables = ("events", "cutflow", "items", "bins", "overlaps")
            missing = ("missing_weights", "missing_in_selected")
            shared = {name: result[name] for name in (*tables, *missing)}
            listed = {**finite(shared), "files": names}
            text = json.dumps(listed, indent=2, allow_nan=False) + "\n"
            (self.drafts / "cutflow.json").write_text(text, encoding="utf-8")
            before = self.before()
            for name in names:
                (self.drafts / name).replace(self.folder / name)
            for path in list(self.folder.iterdir()):
                if path.name in before and path.name not in names:
                    path.unlink()

    def write_events(self, regions: list[str]) -> None:
        """Write which events each region selects."""
        with (self.drafts / "events.csv").open("w", newline="") as file:
            csv.writer(file).writerow(["region", *self.names])
            for region in regions:
                with self.selected(region).open(newline="") as part:
                    shutil.copyfileobj(part, file)


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
