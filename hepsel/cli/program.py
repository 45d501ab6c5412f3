"""Programs that a command makes something of."""

from __future__ import annotations

import sys

from hepsel.check import Checked
from hepsel.semantics.program import Program
from hepsel.syntax.diagnostics import ProgramError, render


def told(checked: Checked) -> Program:
    """Return the program, and tell its warnings: who never asks `hepsel check` would take its numbers for right.

    Raises
    ------
    ProgramError
        When there are errors.
    """
    if checked.program is None:
        raise ProgramError(checked.errors, checked.source)
    for item in checked.diagnostics:
        if item.severity == "warning":
            print(render(item, checked.source), end="\n\n", file=sys.stderr)
    return checked.program
