"""What of a paper nobody can read."""

from __future__ import annotations

import re
from collections import Counter

from hepsel.extract.reading.model import Document

_COMMAND = re.compile(r"\\([A-Za-z]+)")


def unknown_commands(document: Document) -> tuple[str, ...]:
    """Return the commands of LaTeX that are left in a text, the most frequent first."""
    if document.kind in ("pdf", "text"):
        return ()
    texts = [sentence.text for sentence in document.sentences]
    texts += [row.text for table in document.tables for row in table.rows]
    found = Counter(name for text in texts for name in _COMMAND.findall(text))
    return tuple(name for name, _ in found.most_common())
