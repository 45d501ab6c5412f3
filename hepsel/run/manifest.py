"""The manifest: what a result was made of, so that it can be made again."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from hepsel import __version__
from hepsel.backends.awkward.runtime.addresses import shown
from hepsel.formats.loader import builtin_formats
from hepsel.formats.schema import Format
from hepsel.remote import Address
from hepsel.run.execute import Outcome
from hepsel.run.good_runs import GoodRuns
from hepsel.run.inputs import OpenedFile
from hepsel.semantics.program import Program

SCHEMA = "hepsel-manifest/1"
_PACKAGES = ("awkward", "hist", "matplotlib", "mplhep", "numpy", "pyarrow", "uproot")


def digest(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def format_digest(data_format: Format) -> str:
    """Return a hash of all that a format says, however its file is laid out."""
    return digest(repr(data_format))


def good_runs_digest(good_runs: GoodRuns | None) -> str | None:
    """Return a hash of the luminosity blocks that may be used."""
    return None if good_runs is None else digest(repr(sorted(good_runs.ranges.items())))


def versions(packages: Sequence[str] = ()) -> dict[str, str]:
    """Return the versions of everything that takes part in a result; of `packages` too."""
    return {
        "hepsel": __version__,
        "python": platform.python_version(),
        **{package: version(package) for package in (*_PACKAGES, *packages)},
    }


def job_data(program: Program, code: str, good_runs: GoodRuns | None, packages: Sequence[str] = ()) -> dict[str, Any]:
    """Return what decides a result besides the files: program, format, good runs, generated code and versions."""
    return {
        "program_sha256": digest(program.source),
        "format": program.format.name,
        "format_sha256": format_digest(program.format),
        "code_sha256": digest(code),
        "good_runs_sha256": good_runs_digest(good_runs),
        "versions": versions(packages),
    }


def file_inputs(outcome: Outcome, hashes: Sequence[str | None]) -> list[dict[str, Any]]:
    """Describe the files of an outcome, each with its SHA-256, `None` where it was not taken."""
    return [_file_input(file, sha256) for file, sha256 in zip(outcome.files, hashes, strict=True)]


def _file_input(file: OpenedFile, sha256: str | None) -> dict[str, Any]:
    described = {
        "path": str(file.file.path),
        "tree": file.tree,
        "events": file.events,
        "size": file.size,
        "modified_ns": file.modified,
        "sha256": sha256,
    }
    if isinstance(file.file.path, Address):
        described |= {"remote": True, "root_uuid": file.uuid, "etag": file.etag}
    return described


def data_set_inputs(names: Sequence[str]) -> list[dict[str, Any]]:
    """Describe data sets that a server read."""
    return [{"data_set": name} for name in names]


def manifest_data(
    job: Mapping[str, Any],
    outcome: Outcome,
    inputs: Sequence[Mapping[str, Any]],
    *,
    command: Sequence[str],
    program_path: str,
    format_name: str,
    options: Mapping[str, Any],
    started: str,
    finished: str,
) -> dict[str, Any]:
    """Return the manifest as plain data.

    Parameters
    ----------
    job
        See `job_data`.
    outcome
        What came of the run.
    inputs
        See `file_inputs` and `data_set_inputs`.
    command
        The command line.
    program_path
        Path of the program as it was given.
    format_name
        Name or path of the format as it was given.
    options
        Options of the command that bear on the result.
    started, finished
        When, in ISO 8601 with the time zone.
    """
    return {
        "schema": SCHEMA,
        "command": [shown(word) for word in command],
        "working_directory": os.getcwd(),  # from which relative names are
        "program": program_path,
        "format_file": None if format_name in builtin_formats() else format_name,
        **job,
        "options": dict(options),
        "started": started,
        "finished": finished,
        "inputs": [dict(one) for one in inputs],
        "skipped": [{"path": str(file.file), "reason": file.reason} for file in outcome.skipped],
    }
