"""What the tests of `hepsel extract` share: our two papers, a good answer to them, and ways to spoil it."""

from __future__ import annotations

import functools
from pathlib import Path

from data_files import REPOSITORY

from hepsel.extract.asking.passages import Paper, resolve_references
from hepsel.extract.reading import read_document
from hepsel.formats.loader import load_format
from hepsel.formats.schema import Format

PAPERS = REPOSITORY / "tests" / "papers"
PAPER, REFERENCE = PAPERS / "four_lepton.pdf", PAPERS / "leptons.pdf"
COMMAND = ["extract", str(PAPER), "--ref", str(REFERENCE), "--format", "physlite"]

ANSWERS = REPOSITORY / "tests" / "answers"
GOOD = (ANSWERS / "four_lepton.md").read_text(encoding="utf-8")
REPAIRS = (ANSWERS / "four_lepton_repairs.md").read_text(encoding="utf-8")


def spoilt(text: str, *changes: tuple[str, str]) -> str:
    """Return a text with changes, each of which must be possible."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


BROKEN = spoilt(
    GOOD,
    ("select pt > 7 GeV ", "select pt > 7 "),  # no unit
    ("select ptcone30 / pt", "select ptcone_30 / pt"),  # no such attribute
    ('cite paper "p1.s19"\n    assume', 'cite paper "p1.s91"\n    assume'),  # no such sentence
)
"""The good answer with three mistakes, which `REPAIRS` mends."""


SMALL_PAPER = """# Two muons

## Event selection

Muons must have pT > 20 GeV. Muons are restricted to |η| < 2.4. Events must contain at least two muons.
"""
"""A paper that is read in no time, for tests that are not about papers."""

SMALL_GOOD = """```hepsel
hepsel 1

analysis "Two muons"

object muons
  take Muon
  select pt > 20 GeV  cite paper "p1.s1"
  select |eta| < 2.4  cite paper "p1.s2"

region signal
  select count(muons) >= 2  cite paper "p1.s3"
```
"""
SMALL_BROKEN = spoilt(SMALL_GOOD, ("pt > 20 GeV", "pt > 20"))
SMALL_REPAIRS = '# repair 1\nselect pt > 20 GeV  cite paper "p1.s1"\n'


@functools.cache
def papers() -> tuple[Paper, ...]:
    """Return our two papers."""
    return resolve_references(read_document(PAPER), [(None, read_document(REFERENCE))])


@functools.cache
def physlite() -> Format:
    """Return the format that they are extracted for."""
    return load_format("physlite")


def written(folder: Path, name: str, text: str) -> str:
    """Write a text, and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)
