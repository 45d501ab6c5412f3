"""What `hepsel run` does with results, wherever they were computed."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from hepsel.cli.console import console
from hepsel.cli.progress import shown_progress
from hepsel.errors import DataError
from hepsel.run.directory import replaced_directory
from hepsel.run.execute import Outcome
from hepsel.run.manifest import manifest_data
from hepsel.run.outputs import ColumnsFormat, Layout, to_json, write_outputs
from hepsel.run.plots import Style
from hepsel.run.report import cutflow_data
from hepsel.run.tables import tables
from hepsel.semantics.program import Program

STYLES = ("ATLAS", "CMS", "plain")


def now() -> str:
    """Return the time, in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Report:
    """Where results go, and what is known of the run besides them.

    Attributes
    ----------
    program, program_path, format_name
        What was run, its path, and name or path of the format, as they were given.
    out
        The output directory; `None` when only the cutflow is printed.
    as_data
        Whether the cutflow is printed as JSON.
    columns, style
        Of saved columns and of pictures; without a style, that of the format.
    started
        When the run began.
    """

    program: Program
    program_path: str
    format_name: str
    out: Path | None
    as_data: bool
    columns: str
    style: str | None
    started: str

    def deliver(
        self,
        outcome: Outcome,
        job: Mapping[str, Any],
        inputs: Sequence[Mapping[str, Any]],
        options: Mapping[str, Any],
    ) -> None:
        """Write what came of a run, and print the cutflow.

        Parameters
        ----------
        outcome
            What came of it.
        job, inputs, options
            See `manifest_data`.

        Raises
        ------
        DataError
            When the output directory cannot be written.
        """
        cutflow = cutflow_data(self.program, outcome)
        if self.out is not None:
            manifest = manifest_data(
                job,
                outcome,
                inputs,
                command=sys.argv[1:],
                program_path=self.program_path,
                format_name=self.format_name,
                options=options,
                started=self.started,
                finished=now(),
            )
            try:
                with replaced_directory(self.out) as directory, shown_progress() as progress:
                    write_outputs(directory, self.program, outcome.whole, cutflow, manifest, self._layout(), progress)
            except OSError as error:
                raise DataError(f"{self.out}: cannot write the results: {error.strerror or error}") from error
        if self.as_data:
            print(to_json(cutflow), end="")
            return
        output = console()
        for table in tables(cutflow):
            output.print(table)

    def _layout(self) -> Layout:
        style = self.style or self.program.format.style
        return Layout(cast(ColumnsFormat, self.columns), cast(Style, style) if style in STYLES else "plain")
