"""The terminal that tables are printed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

_FILE_WIDTH = 140


def console() -> Console:
    """Return the standard output: as wide as the terminal, or wide enough for a file."""
    from rich.console import Console

    output = Console(highlight=False)
    if not output.is_terminal:
        output.width = _FILE_WIDTH
    return output
