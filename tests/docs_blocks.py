"""The programs and commands in the documentation.

A block marked ``hepsel FORMAT`` is a whole program, ``hepsel fragment FORMAT`` one without its first lines. With
``wrong`` it has the diagnostics that the next block, marked ``text``, shows; without, it has none. With ``paper`` it is
compared with ``tests/papers/leptons.pdf`` as its source ``paper``. In a block marked
``console``, lines that begin with ``$ hepsel`` are run, and what follows each is its output; ``...`` stands for any
lines. What is on `SERVER` there, is on a server of this machine, with the files of ``examples/h4l``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from hepsel.check import Checked, check_text
from hepsel.extract.checking import check_provenance
from hepsel.extract.checking.diagnostics import diagnostics
from hepsel.extract.reading import Document, read_document
from hepsel.syntax.diagnostics import render
from hepsel.syntax.parser import parse

ROOT = Path(__file__).parent.parent
SERVER = "https://server.example"
DIAGNOSTICS = ROOT / "docs" / "diagnostics"
FRAGMENT_HEADER = 'hepsel 1\n\nanalysis "fragment"\n  source paper "arXiv:1806.00242"\n\n'
_BLOCK = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    words: tuple[str, ...]
    body: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    def check(self) -> Checked:
        """Check the program in it."""
        formats = [word for word in self.words[1:] if word not in ("fragment", "wrong", "paper")]
        header = FRAGMENT_HEADER if "fragment" in self.words else ""
        checked = check_text(header + self.body, formats[0] if formats else "physlite", "program.hepsel")
        return _with_evidence(checked) if "paper" in self.words else checked

    def said(self) -> str:
        """Return its diagnostics as the page shows them: without a file name, lines counted from the block's first."""
        checked = self.check()
        text = "\n\n".join(render(item, checked.source) for item in checked.diagnostics)
        shift = FRAGMENT_HEADER.count("\n") if "fragment" in self.words else 0
        text = re.sub(r"^program\.hepsel:(\d+):", lambda m: f"{int(m[1]) - shift}:", text, flags=re.MULTILINE)

        def renumbered(match: re.Match[str]) -> str:
            return f"  {int(match[1]) - shift:>{len(match[1])}} |"

        text = re.sub(r"^  (\d+) \|", renumbered, text, flags=re.MULTILINE)
        return re.sub(r"\bline (\d+)\b", lambda m: f"line {int(m[1]) - shift}", text) + "\n"


def _with_evidence(checked: Checked) -> Checked:
    """Add what is found about the citations."""
    program, _, _ = parse(checked.source)
    assert program is not None
    report = check_provenance(program, {"paper": _paper()})
    return replace(checked, diagnostics=(*checked.diagnostics, *diagnostics(report)))


@cache
def _paper() -> Document:
    return read_document(ROOT / "tests" / "papers" / "leptons.pdf")


def pages() -> list[Path]:
    """Return the pages of the documentation."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, text.count("\n", 0, match.start()) + 1, tuple(match["info"].split()), match["body"])
        for match in _BLOCK.finditer(text)
    ]


def with_what_is_said(page: Path) -> str:
    """Return the text of a page with the right diagnostics behind each wrong program."""
    text = page.read_text(encoding="utf-8")
    wrong: list[Block] = []

    def filled(match: re.Match[str]) -> str:
        block = Block(page, 0, tuple(match["info"].split()), match["body"])
        if block.words[:1] == ("text",) and wrong:
            return f"```text\n{wrong.pop().said()}```"
        wrong[:] = [block] if "wrong" in block.words else []
        return match[0]

    return _BLOCK.sub(filled, text)
