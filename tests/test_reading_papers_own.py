# ruff: noqa: RUF001 - Greek letters
"""Reading two papers of our own: their sources say what must come out, sentence by sentence and cell by cell."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typst

from hepsel.extract.choosing.cuts import cuts
from hepsel.extract.choosing.delegation import delegations
from hepsel.extract.reading import Document, read_document

pytest.importorskip("pypdfium2", reason="the extra llm is not installed")

PAPERS = Path(__file__).parent / "papers"
NAMES = ("leptons", "four_lepton")
LINES = tomllib.loads((PAPERS / "criteria.toml").read_text(encoding="utf-8"))["lines"]

WORDS = {
    "eta": "η", "theta": "θ", "sigma": "σ", "Delta": "Δ", "mu": "μ", "psi": "ψ", "ell": "ℓ", "sum": "∑", "slash": "/",
    "->": "→", "<=": "≤",
}  # fmt: skip


def formula(source: str) -> str:
    """Return typst mathematics in the reader's notation. It knows what our papers use and no more."""
    text = re.sub(r"abs\(([^()]*(?:\([^()]*\))?[^()]*)\)", r"|\1|", source)
    text = re.sub("|".join(sorted(map(re.escape, WORDS), key=len, reverse=True)), lambda word: WORDS[word[0]], text)
    text = re.sub(r"([_^])\(([^()]*)\)", r"\1{\2}", text)
    text = re.sub(r'([_^])"(\w+)"', r"\1{\2}", text).replace('"', "")
    return re.sub(r"([_^])\{(.)\}", r"\1\2", text)


def plain(source: str) -> str:
    source = re.sub(r"\$([^$]*)\$", lambda found: formula(found[1]), source)
    return source.replace("_Four", "Four").replace("_Lepton", "Lepton").strip()


def squeezed(text: str) -> str:
    """Leave out all spaces; `test_spaces` looks at those."""
    return re.sub(r"\s", "", text)


@cache
def source(name: str) -> str:
    return (PAPERS / f"{name}.typ").read_text(encoding="utf-8")


@cache
def paper(name: str) -> Document:
    return read_document(PAPERS / f"{name}.pdf")


def sentences(name: str) -> list[str]:
    """Return the sentences of the running text: the lines that begin with a capital letter and end with a stop."""
    lines = re.sub(r"#footnote\[.*?\](?=\n)", "^1", source(name)).splitlines()
    return [plain(line) for line in lines if re.match(r"[A-Z].*\.(?:\^1)?$", line)]


def rows(name: str) -> list[list[list[str]]]:
    """Return the tables: of each, the cells of each row."""
    tables = []
    for table in re.findall(r"\n  table\((.*?)\n  \),", source(name), re.DOTALL):
        lines = [line.strip() for line in table.splitlines() if line.strip().startswith("[")]
        tables.append([[plain(cell) for cell in re.findall(r"\[(.*?)\](?:,|$)", line)] for line in lines])
    return tables


@pytest.mark.parametrize(("name", "count"), [("leptons", 15), ("four_lepton", 22)])
def test_every_sentence_in_order(name: str, count: int) -> None:
    found = [squeezed(sentence.text) for sentence in paper(name).sentences if sentence.kind == "body"]
    expected = [squeezed(text) for text in sentences(name)]
    assert len(expected) == count
    assert found[1:] == expected  # after the authors' names


@pytest.mark.parametrize("name", NAMES)
def test_spaces(name: str) -> None:
    found = " ".join(sentence.text for sentence in paper(name).sentences if sentence.kind == "body")
    for text in sentences(name):
        for word in re.findall(r"(?<= )[A-Za-z]{2,}(?= )(?: [A-Za-z]{2,})*", text):
            assert word in found


@pytest.mark.parametrize(("name", "count"), [("leptons", 2), ("four_lepton", 1)])
def test_every_cell(name: str, count: int) -> None:
    found = [[row.texts(table.columns) for row in table.rows] for table in paper(name).tables]
    expected = rows(name)
    assert len(expected) == count
    assert [[[squeezed(cell) for cell in row] for row in table] for table in found] == [
        [[squeezed(cell) for cell in row] for row in table] for table in expected
    ]


@pytest.mark.parametrize("name", NAMES)
def test_footnotes_captions_headings(name: str) -> None:
    document = paper(name)
    (note,) = re.findall(r"#footnote\[(.*?)\]\n", source(name))
    assert [squeezed(s.text) for s in document.sentences if s.kind == "footnote"] == ["^1" + squeezed(plain(note))]
    captions = re.findall(r"position: top\)\[(.*?)\]", source(name))
    expected = [squeezed(f"Table{number}:{text}") for number, text in enumerate(captions, start=1)]
    assert [squeezed(s.text) for s in document.sentences if s.kind == "caption"] == expected
    assert [squeezed(table.caption) for table in document.tables] == expected
    headings = re.findall(r"^(?:= |#heading\(numbering: none\)\[)(.*?)\]?$", source(name), re.MULTILINE)
    assert [re.sub(r"^(?:\d|[IV]+\.)\s+", "", heading.text) for heading in document.headings][1:] == headings


def test_sections() -> None:
    document = paper("four_lepton")
    (sentence,) = (sentence for sentence in document.sentences if "m_{34}" in sentence.text)
    assert sentence.section == "III. Event selection"
    assert [table.section for table in document.tables] == ["III. Event selection"]


def test_a_sentence_that_runs_from_column_to_column() -> None:
    (sentence,) = (
        sentence for sentence in paper("four_lepton").sentences if sentence.text.startswith("The four tracks")
    )
    first, second, *_ = sentence.places()
    assert first.x1 < 306 < second.x0
    assert second.y0 < first.y0


@pytest.mark.parametrize("line", LINES)
def test_every_line_of_the_selection_is_there(line: str) -> None:
    about: dict[str, Any] = LINES[line]
    document = paper(about["paper"])
    if "row" in about:
        found = [[squeezed(cell.text) for cell in row.cells] for table in document.tables for row in table.rows]
        assert [squeezed(cell) for cell in about["row"]] in found
    else:
        (text,) = (s.text for s in document.sentences if s.text.startswith(about["text"]) and s.kind == "body")
        assert all(squeezed(part) in squeezed(text) for part in about["holds"])


def test_all_thirty_lines_are_listed() -> None:
    assert len(LINES) == 30


def test_the_first_paper_leaves_the_leptons_to_the_second() -> None:
    first, second = delegations(paper("four_lepton"))
    assert first.sentence.text.startswith("Electrons and muons are reconstructed")
    assert first.sentence == second.sentence
    for delegation in (first, second):
        (citation,) = delegation.citations
        assert citation.key == "2"
        assert citation.entry is not None
        assert citation.entry.text.startswith("The hepsel developers, Lepton definitions for four-lepton measurements")
    assert not list(delegations(paper("leptons")))


def test_what_looks_like_a_cut() -> None:
    for line, about in LINES.items():
        found = [cut.where.text for cut in cuts(paper(about["paper"]))]
        if "row" in about:
            assert any(squeezed(about["row"][-1]) in squeezed(text) for text in found), line
        else:
            assert any(text.startswith(about["text"]) for text in found), line


@pytest.mark.parametrize("name", NAMES)
def test_pdf_belongs_to_its_source(name: str, tmp_path: Path) -> None:
    made = tmp_path / "made.pdf"
    typst.compile(PAPERS / f"{name}.typ", output=made)
    fresh = read_document(made)
    assert [s.text for s in fresh.sentences] == [s.text for s in paper(name).sentences]
    assert list(fresh.tables) == list(paper(name).tables)
