"""The output directory of a run, read back."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hepsel.compare.event_lists import EventList, Names, read_event_list
from hepsel.errors import DataError
from hepsel.run.manifest import SCHEMA as MANIFEST_SCHEMA
from hepsel.run.outputs import CUTFLOW, MANIFEST
from hepsel.run.report import SCHEMA as CUTFLOW_SCHEMA
from hepsel.texts import read_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LARGEST = 50_000_000


@dataclass(frozen=True)
class Output:
    """What a run left.

    Attributes
    ----------
    path
        The directory.
    cutflow, manifest
        Contents of `cutflow.json` and `manifest.json`.
    """

    path: Path
    cutflow: dict[str, Any]
    manifest: dict[str, Any]

    @property
    def regions(self) -> tuple[str, ...]:
        """The names of its regions."""
        return tuple(region["name"] for region in self.cutflow["regions"])

    def region(self, name: str) -> dict[str, Any]:
        """Return the data of a region."""
        found: dict[str, Any] = next(region for region in self.cutflow["regions"] if region["name"] == name)
        return found

    def lists(self, region: str) -> bool:
        """Whether there is a list of the events of a region by run and event: some formats do not have both."""
        try:
            with self._list(region).open(encoding="utf-8") as stream:
                return {"run", "event"} <= set(stream.readline().strip().split(","))
        except (OSError, UnicodeDecodeError):
            return False

    def _list(self, region: str) -> Path:
        return self.path / f"events_{region}.csv"

    def events(self, region: str) -> EventList:
        """Return the events of a region.

        Raises
        ------
        DataError
            When they are not there, or are not told apart by run and event.
        """
        path = self._list(region)
        if not self.lists(region):
            raise DataError(f"{path}: there is no list of events: the format has no run and event, or the file is gone")
        return read_event_list(str(path), Names(), region)

    def labels(self, region: str) -> dict[str, str]:
        """Return the label of each criterion of a region."""
        return {row["id"]: row["label"] for row in self.region(region)["rows"]}


def is_output(path: Path) -> bool:
    """Whether a directory is the output of a run."""
    return (path / CUTFLOW).is_file() and (path / MANIFEST).is_file()


def read_output(path: Path) -> Output:
    """Read an output directory.

    Raises
    ------
    DataError
        When it is not one.
    """
    if not path.is_dir():
        raise DataError(f"{path}: {'is not a directory' if path.exists() else 'no such directory'}")
    if not is_output(path):
        raise DataError(f"{path}: not the output of hepsel run: there is no {CUTFLOW} with a {MANIFEST}")
    cutflow = _json(path / CUTFLOW, CUTFLOW_SCHEMA)
    manifest = _json(path / MANIFEST, MANIFEST_SCHEMA)
    try:
        for region in cutflow["regions"]:
            _check_name(region["name"])
            for row in (*region["rows"], *region["bins"]):
                _ = "".join((row["id"], row.get("label", row.get("name"))))
                _ = math.fsum(row[name] for name in ("events", "sumw", "error") if row[name] is not None)
                for count in row["expected"]:
                    errors = [part[side] for part in count["uncertainties"] for side in ("up", "down")]
                    _ = math.fsum((count["value"], *errors)), count["sample"]
    except KeyError as error:
        raise DataError(f"{path / CUTFLOW}: damaged: no {error}") from None
    except (TypeError, AttributeError) as error:
        raise DataError(f"{path / CUTFLOW}: damaged: {error}") from None
    return Output(path, cutflow, manifest)


def _check_name(name: object) -> None:
    if not (isinstance(name, str) and name.replace("_", "a").isalnum()):
        raise KeyError("valid name of a region")  # it becomes a part of a path


def _json(path: Path, schema: str) -> dict[str, Any]:
    try:
        data = json.loads(read_bytes(path, "file of a run", _LARGEST))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: damaged: {error}") from None
    if not isinstance(data, dict) or data.get("schema") != schema:
        raise DataError(f"{path}: written by another version of hepsel (its schema is not {schema}): run it again")
    return data


# ---------------------------------------------------------------- where events were lost


def traced(output: Output, region: str, events: NDArray[Any]) -> dict[tuple[int, int], str] | None:
    """Return the first criterion that each of some events failed in a region, from the trace of the run.

    Returns
    -------
    dict or None
        Run and event, with the identity of the criterion (empty: passed); an event that was not read is not there.
        `None` when the run wrote no trace.
    """
    path = output.path / "trace.csv"
    if not path.is_file():
        return None
    wanted = {(int(event["run"]), int(event["event"])) for event in events}
    found = {}
    for run, event, name, failed in _trace_rows(path):
        if name == region and (run, event) in wanted:
            found[run, event] = failed
    return found


def _trace_rows(path: Path) -> Iterator[tuple[int, int, str, str]]:
    columns: Sequence[str] = ("run", "event", "region", "first_failed")
    with path.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            try:
                run, event, region, failed = (row[column] for column in columns)
                yield int(run), int(event), region, failed
            except (KeyError, ValueError, TypeError):
                raise DataError(f"{path}: damaged: not the trace of a run with run and event") from None
