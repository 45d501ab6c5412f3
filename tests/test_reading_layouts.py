# ruff: noqa: RUF001 - Greek letters
"""Reading pages of other kinds: tables that no lines show, formulas set apart, fractions, pages of several columns."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import typst

from hepsel.extract.reading import Document, Sentence, read_document
from hepsel.extract.reading.flow import _Hyphens
from hepsel.extract.reading.lines import Line
from hepsel.extract.reading.scripts import Char, text_of

pytest.importorskip("pypdfium2", reason="the extra llm is not installed")

PAPERS = Path(__file__).parent / "papers"


@cache
def paper() -> Document:
    return read_document(PAPERS / "layouts.pdf")


def sentence(start: str) -> Sentence:
    (found,) = (sentence for sentence in paper().sentences if sentence.text.startswith(start))
    return found


def test_pdf_belongs_to_its_source(tmp_path: Path) -> None:
    made = tmp_path / "made.pdf"
    typst.compile(PAPERS / "layouts.typ", output=made)
    assert [s.text for s in read_document(made).sentences] == [s.text for s in paper().sentences]


@pytest.mark.parametrize(
    ("first", "second", "joined"), [("a b-", "tagged jet", "a b-tagged jet"), ("re-", "quired", "required")]
)
def test_no_word_is_divided_behind_its_first_letter(first: str, second: str, joined: str) -> None:
    chars: list[Char] = [(char, None) for char in first]
    _Hyphens([]).join(chars, cast(Line, SimpleNamespace(chars=[(char, None) for char in second], text=second)))
    assert text_of(chars) == joined


# ------------------------------------------------------------------ tables


@pytest.mark.parametrize(
    ("number", "caption", "rows"),
    [
        (
            0,
            "Table 1: Working points of the tagger, with the least momentum and the largest pseudorapidity of the jets "
            "that it is applied to.",
            [
                ("Selection", "p_T [GeV]", "|η|", "Working point"),
                ("Loose", "> 20", "< 2.5", "85%"),
                ("Medium jets", "> 25", "< 2.5", "77%, and not in a dense environment"),
                ("Tight", "> 30", "< 2.4", "60%"),
            ],
        ),
        (
            1,
            "Table 2: Regions.",
            [
                ("Region", "Jets", "m_T [GeV]"),
                ("Signal", "≥ 2", "> 150"),
                ("Control", "= 1", "50-120"),
                ("Validation", "≥ 2", "120-150"),
            ],
        ),
        (
            2,
            "Table 3: Triggers.",
            [
                ("Trigger", "Year", "p_T [GeV]"),
                ("Electron", "2015", "24"),
                ("Electron", "2016", "26"),
                ("Muon", "2015", "20"),
            ],
        ),
    ],
    ids=["no line", "one line, caption below", "in one of two columns"],
)
def test_a_table_without_lines(number: int, caption: str, rows: list[tuple[str, ...]]) -> None:
    tables = list(paper().tables)
    assert len(tables) == 3
    table = tables[number]
    assert table.caption == caption
    assert [row.texts(table.columns) for row in table.rows] == rows
    # Nothing of it is in the text, and what stands behind it is whole.
    assert not any("Medium jets" in s.text or "Validation" in s.text for s in paper().sentences)
    after = ("Events with fewer", "Events of all regions", "An offline lepton")[number]
    assert sentence(after).text.count(".") == 1


def made(folder: Path, text: str) -> Document:
    source = '#set page(paper: "a4", margin: 2.5cm)\n#set text(font: "New Computer Modern", size: 11pt)\n' + text
    (folder / "made.typ").write_text(source, encoding="utf-8")
    typst.compile(folder / "made.typ", output=folder / "made.pdf")
    return read_document(folder / "made.pdf")


TABLE = "#table(columns: 3, stroke: none, [Jets], [Muons], [Mass], [1], [2], [3], [4], [5], [6], [7], [8], [9])\n"


def test_text_with_gaps_is_no_table(tmp_path: Path) -> None:
    """Without a caption, what stands in columns by white space may be anything."""
    formulas = "$ x > 5 quad quad y < 4 $\n$ z > 5 quad quad u < 4 $\n$ v > 5 quad quad w < 4 $\n"
    document = made(tmp_path, f"{TABLE}\nJets have three of them.\n{formulas}\nThese are the criteria of Table 1.\n")
    assert not list(document.tables)
    document = made(tmp_path, f"Table 1: A caption alone.\n\nJets have three of them. {formulas}\n")
    assert not list(document.tables)


def test_a_caption_makes_it_a_table(tmp_path: Path) -> None:
    document = made(tmp_path, f"Some text before it.\n\nTable 1: Numbers.\n\n{TABLE}\nJets have three of them.\n")
    (table,) = document.tables
    assert [row.text for row in table.rows] == ["Jets | Muons | Mass", "1 | 2 | 3", "4 | 5 | 6", "7 | 8 | 9"]
    assert [s.text for s in document.sentences][-1] == "Jets have three of them."


# ------------------------------------------------------------------ formulas


@pytest.mark.parametrize(
    "text",
    [
        "The transverse mass of the lepton and the missing momentum is m_T = √(2p_T^ℓp_T^{miss}(1 - cos Δφ)), where Δφ "
        "is the angle between them, and has to be larger than 50 GeV.",
        "The significance is required to fulfil S = p_T^{miss}/√(H_T) > 5GeV^{1/2}.",
        "The asymmetry of the two leading jets is A = (p_T^1 - p_T^2)/(p_T^1 + p_T^2) < 0.3, and jets with |η| > 2.5 "
        "do not count.",
        "The centrality is C = (∑_i p_{T,i})/(∑_i E_i), and events with C < 0.2 are rejected.",
        "The response is R = (a + b/c)/2.",
        "It is close to one.",
        "The mass of each pair must be larger than 1/2 m_H and p_T^{miss}/m_{eff} > 0.3 where √s = 13 TeV.",
    ],
)
def test_a_formula_stands_in_its_sentence(text: str) -> None:
    found = sentence(text[:15]).text
    assert re.sub(r"\s(?=[,.])", "", found) == text


def test_a_fraction_is_marked_where_it_stands() -> None:
    (line,) = (place for place in sentence("The asymmetry").places() if place.y1 - place.y0 > 20)
    assert 200 < line.x0 < line.x1 < 400  # in the middle of the page


# ------------------------------------------------------------------ columns


def test_three_columns_are_read_one_after_the_other() -> None:
    page = paper().pages[1]
    text = [s.text for s in page.sentences]
    starts = ["Electrons must", "The first column", "In the second column", "In the third column"]
    places = [next(n for n, one in enumerate(text) if one.startswith(start)) for start in starts]
    assert places == sorted(places)
    assert sentence("Electrons must").text == (
        "Electrons must have p_T > 27 GeV and |η| < 2.47, and must not be in the transition region of the calorimeter."
    )
    assert sentence("The first column").text == (
        "The first column ends soon, with muons that must have p_T > 25 GeV and |η| < 2.7."
    )
    assert sentence("In the second column").text == (
        "In the second column, jets with p_T > 30 GeV and |η| < 4.5 are counted, unless they are within 0.2 of an "
        "electron."
    )
    assert sentence("In the third column").text == (
        "In the third column, the missing transverse momentum must exceed 40 GeV, and photons with E_T > 15 GeV are "
        "rejected."
    )
    # Each stands in a column of its own.
    lefts = [min(place.x0 for place in sentence(start).places()) for start in (starts[0], starts[2], starts[3])]
    assert lefts[0] + 150 < lefts[1] < lefts[2] - 150


@pytest.mark.parametrize("count", [2, 3, 4])
def test_columns_are_never_mixed(count: int, tmp_path: Path) -> None:
    """On one page, since what is alike at the edges of several pages is left out."""
    words = [f"In sentence {n} the mass is above {n} GeV, and there are at least {n} of them." for n in range(60)]
    text = f"#set text({24 / count:.1f}pt)\n#set par(justify: true)\n"
    height = {2: 620, 3: 280, 4: 160}[count]
    document = made(tmp_path, f"{text}#box(height: {height}pt, columns({count}, gutter: 14pt)[{' '.join(words)}])\n")
    assert len(document.pages) == 1
    assert [s.text for s in document.sentences] == words
    assert len({round(place.x0, -1) for s in document.sentences for place in s.places()[1:-1]}) >= count
