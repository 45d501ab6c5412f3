"""What is said of a paper that was not understood in full."""

from __future__ import annotations

import sys

from hepsel.extract.reading import Document, unknown_commands
from hepsel.syntax.diagnostics import printable

_INCLUDES = frozenset({"input", "include", "subfile", "import", "subimport"})
_SHOWN = 12


def tell_what_is_unknown(document: Document) -> None:
    """Say on standard error which commands of a LaTeX source nobody can read, for a cut may stand behind one."""
    names = unknown_commands(document)
    if not names:
        return
    shown = ", ".join(f"\\{name}" for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    lines = [f"{document.name}: shown as written, for the source does not define them: {shown}{more}"]
    if _INCLUDES.intersection(names):
        lines.append(f"{document.name}: what it includes is not there: give the whole source as .tar.gz or .zip")
    for line in lines:
        print(printable(f"hepsel: {line}"), file=sys.stderr)
