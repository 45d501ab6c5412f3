"""The wrong programs of `tests/diagnostics`, and what is said about them."""

from __future__ import annotations

import re
from pathlib import Path

from hepsel.check import check_text
from hepsel.syntax.diagnostics import render

FOLDER = Path(__file__).parent / "diagnostics"


def programs() -> list[Path]:
    """Return the wrong programs."""
    return sorted(FOLDER.glob("*.hepsel"))


def format_of(text: str) -> str:
    """Return the format that the first line of a program names."""
    match = re.match(r"# .+ \(format: (\w+)\)\n", text)
    assert match is not None, "the first line says what is wrong and names a format"
    return match[1]


def rendered(program: Path) -> str:
    """Return all diagnostics of a program, as the terminal shows them."""
    text = program.read_text(encoding="utf-8")
    checked = check_text(text, format_of(text), program.name)
    return "\n\n".join(render(item, checked.source) for item in checked.diagnostics) + "\n"
