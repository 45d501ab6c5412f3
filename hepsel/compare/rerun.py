"""A run done again, as its manifest says, to ask what became of single events."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hepsel.check import check_file
from hepsel.compare.event_lists import alike, listed
from hepsel.compare.outputs import Output
from hepsel.errors import DataError
from hepsel.formats.loader import load_format
from hepsel.run.engine import Job, check_good_runs, generate_code
from hepsel.run.execute import DEFAULT_CHUNK, Progress
from hepsel.run.good_runs import GoodRuns, read_good_runs
from hepsel.run.inputs import Entries, cut, find_files, open_file
from hepsel.run.manifest import digest, format_digest, good_runs_digest
from hepsel.run.workers import Unit, Worker
from hepsel.semantics.program import Program
from hepsel.syntax.diagnostics import ProgramError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def program_of(output: Output, path: Path | None, format_name: str | None) -> Program:
    """Return the program that a run was of.

    Parameters
    ----------
    output
        The output of the run.
    path, format_name
        Where the program and its format are, if not where the manifest says.

    Raises
    ------
    DataError
        When it is not there, or is another one.
    HepselError
        When it or its format has errors.
    """
    named = path if path is not None else _found(output, output.manifest.get("program"), "--program")
    if format_name is None:
        own = output.manifest.get("format_file")
        format_name = str(output.manifest.get("format") if own is None else _found(output, own, "--format"))
    data_format = load_format(format_name)
    checked = check_file(named, data_format)
    if checked.program is None:
        raise ProgramError(checked.errors, checked.source)
    if digest(checked.program.source) != output.manifest.get("program_sha256"):
        raise DataError(f"{named}: not the program that {output.path} was made with: it has changed since")
    if format_digest(data_format) != output.manifest.get("format_sha256"):
        raise DataError(f"the format {data_format.name} is not the one that {output.path} was made with")
    return checked.program


def _place(output: Output, name: object) -> Path:
    """Return where a file of a run is: as seen from here, or else from where the run was started."""
    here = Path(str(name))
    return here if here.exists() else Path(str(output.manifest.get("working_directory", ""))) / here


def _found(output: Output, name: object, option: str) -> Path:
    place = _place(output, name)
    if not place.exists():
        raise DataError(f"{name}: no such file, though {output.path} was made with it; name it with {option}")
    return place


def inputs_of(output: Output, data: Sequence[str]) -> list[str]:
    """Return the names of the files that a run was over, or of those that are given.

    Raises
    ------
    DataError
        When a file of the manifest is not what it was, or a data set that only a server reads.
    """
    if data:
        return list(data)
    found = []
    for item in output.manifest.get("inputs", []):
        if "data_set" in item:
            raise DataError(
                f"{output.path}: was made from {item['data_set']} by a ServiceX server; name files like it with --data"
            )
        tree, size = item.get("tree"), item.get("size")
        if item.get("remote"):  # what may be secret in its address is not in the manifest
            raise DataError(f"{output.path}: was made from {item['path']}, on a server; name it with --data")
        path = _found(output, item.get("path"), "--data")
        if path.stat().st_size != size:
            raise DataError(f"{path}: not the file that {output.path} was made with: its size is another")
        found.append(f"{path}:{tree}" if tree else str(path))
    return found


def options_of(output: Output) -> tuple[Entries, GoodRuns | None]:
    """Return to which events a run was restricted.

    Raises
    ------
    DataError
        When its good-run lists are not there, or are other ones.
    """
    options = output.manifest.get("options", {})
    start, stop = options.get("entries", [0, None])
    paths = [_place(output, name) for name in options.get("good_runs", [])]
    good_runs = read_good_runs(paths) if paths else None
    if good_runs_digest(good_runs) != output.manifest.get("good_runs_sha256"):
        raise DataError(f"the good-run lists are not those that {output.path} was made with")
    return Entries(start, stop), good_runs


def lost_at(
    output: Output,
    program: Program,
    data: Sequence[str],
    events: NDArray[Any],
    progress: Progress | None,
) -> dict[str, dict[tuple[int, int], str]]:
    """Run a program over the files again and return the first criterion that some events fail.

    Returns
    -------
    dict
        By region: run and event, with the identity of the criterion (empty: passed). An event that is not in the
        files is not there; one that is in them several times has the criterion of the last.
    """
    import numpy as np

    entries, good_runs = options_of(output)
    if good_runs is not None:
        check_good_runs(program.format)
    chunk = DEFAULT_CHUNK
    worker = Worker(Job(program, generate_code(program), good_runs, True, False, chunk))
    opened = [open_file(file, program.format.trees) for file in find_files(data)]
    parts = entries.of_files([file.events for file in opened])
    if progress is not None:
        progress.start(sum(stop - start for start, stop in parts))
    found: dict[str, dict[tuple[int, int], str]] = {region: {} for region in program.regions}
    for file, part in zip(opened, parts, strict=True):
        for first, last in cut(part, chunk, file.bounds):
            result = worker.process(Unit(file, first, last))
            ids = result["identifiers"]
            if not {"run", "event"} <= ids.keys():
                raise DataError(f"the format {program.format.name} has no run and event")
            path = str(file.file.path)
            read, wanted = alike(listed(path, np.asarray(ids["run"]), np.asarray(ids["event"])), events, path)
            for place in np.flatnonzero(np.isin(read, wanted)).tolist():
                key = int(read[place]["run"]), int(read[place]["event"])
                for region, failed in result["first_failed"].items():
                    found[region][key] = failed[place] or ""
            if progress is not None:
                progress.advance(last - first)
    return found
