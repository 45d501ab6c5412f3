"""Make the PDFs from their sources: `python tests/papers/build.py`."""

from pathlib import Path

import typst

for source in sorted(Path(__file__).parent.glob("*.typ")):
    typst.compile(source, output=source.with_suffix(".pdf"))
