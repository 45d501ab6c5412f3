"""Programs that a command makes something of."""

from __future__ import annotations

import sys

from hepsel.check import Checked
from hepsel.semantics.program import Program
from hepsel.syntax.diagnostics import render


def told(checked: Checked) -> Program:
    """Return the program, and tell its warnings: who never asks `hepsel check` would take its numbers for right.

    Of hints, only how many there are.

    Raises
    ------
    ProgramError
        When there are errors.
    """
    program = checked.sound()
    for item in checked.diagnostics:
        if item.severity == "warning":
            print(render(item, checked.source), end="\n\n", file=sys.stderr)
    hints = sum(item.severity == "hint" for item in checked.diagnostics)
    if hints:
        print(f"{checked.source.name}: {hints} hint(s), told by `hepsel check`", file=sys.stderr)
    return program
