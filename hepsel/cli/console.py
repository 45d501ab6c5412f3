"""The terminal that tables are printed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hepsel.syntax.diagnostics import printable_lines

if TYPE_CHECKING:
    from rich.console import Console

_FILE_WIDTH = 140


def console() -> Console:
    """Return the standard output: as wide as the terminal, or wide enough for a file.

    No name of a tree or a branch, or whatever else is printed, can steer the terminal.
    """
    from rich.console import Console
    from rich.text import Text

    class Output(Console):
        def render_str(self, text: str, **options: Any) -> Text:
            return super().render_str(printable_lines(text), **options)

    output = Output(highlight=False)
    if not output.is_terminal:
        output.width = _FILE_WIDTH
    return output
