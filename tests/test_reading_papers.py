"""Reading three public papers: what their page images say, as typed by a person, must come out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hepsel.extract.choosing.cuts import cuts, dense_parts
from hepsel.extract.choosing.delegation import delegations
from hepsel.extract.reading import Document, read_document

pytest.importorskip("pypdfium2", reason="the extra llm is not installed")
pytestmark = pytest.mark.shared

PAPERS = Path(__file__).parent / "papers"
SENTENCES = tomllib.loads((PAPERS / "sentences.toml").read_text(encoding="utf-8"))["paper"]
TABLES = tomllib.loads((PAPERS / "tables.toml").read_text(encoding="utf-8"))["table"]


def words(text: str) -> str:
    """Leave the spaces out that stand beside a sign: how wide they are printed is a matter of taste."""
    return re.sub(r"(?<![^\W_]) | (?![^\W_])", "", " ".join(text.split()))


@pytest.fixture(scope="module")
def paper(shared_data: Path) -> Callable[[str], Document]:
    return cache(lambda name: read_document(shared_data / "papers" / name))


def names(entries: list[dict[str, Any]]) -> list[str]:
    return [Path(entry["file"]).stem for entry in entries]


def test_the_list_is_long_enough() -> None:
    assert sum(len(entry["sentences"]) for entry in SENTENCES) >= 60


@pytest.mark.parametrize("entry", SENTENCES, ids=names(SENTENCES))
def test_sentences_with_cuts_come_out_in_order(entry: dict[str, Any], paper: Callable[[str], Document]) -> None:
    found = list(paper(entry["file"]).sentences)
    texts = [words(sentence.text) for sentence in found]
    wrong, last = [], -1
    for expected in entry["sentences"]:
        text, kind = words(expected["text"]), expected.get("kind", "body")
        places = [
            place
            for place, read in enumerate(texts)
            if (text in read if expected.get("part") else text == read)
            and (found[place].page, found[place].kind) == (expected["page"], kind)
            and (place > last or kind != "body")
        ]
        if not places:
            wrong.append(expected["text"])
        elif kind == "body":
            last = places[0]
    assert not wrong


@pytest.mark.parametrize("entry", SENTENCES, ids=names(SENTENCES))
def test_ids_are_unique_and_name_the_page(entry: dict[str, Any], paper: Callable[[str], Document]) -> None:
    found = list(paper(entry["file"]).sentences)
    assert len({sentence.id for sentence in found}) == len(found)
    assert all(re.fullmatch(rf"p{sentence.page}\.s\d+", sentence.id) for sentence in found)


@pytest.mark.parametrize("entry", SENTENCES, ids=names(SENTENCES))
def test_every_printed_character_has_its_place(entry: dict[str, Any], paper: Callable[[str], Document]) -> None:
    document = paper(entry["file"])
    for sentence in document.sentences:
        assert len(sentence.boxes) == len(sentence.text)
        for char, box in zip(sentence.text, sentence.boxes, strict=True):
            assert box is not None or char in " _^{}()", sentence.id
            if box is not None:
                page = document.pages[box.page - 1]
                assert -5 <= box.x0 <= box.x1 <= page.width + 5
                assert -5 <= box.y0 <= box.y1 <= page.height + 5


def test_places_are_where_another_library_finds_the_characters(shared_data: Path) -> None:
    pdfplumber = pytest.importorskip("pdfplumber")
    for name, number in (("1704.03848.pdf", 8), ("h4l_open_data_note.pdf", 3), ("CMS-SMP-17-006.pdf", 7)):
        path = shared_data / "papers" / name
        with pdfplumber.open(path) as pdf:
            chars = [char for char in pdf.pages[number - 1].chars if char["text"].isascii() and char["text"].isalpha()]
        page = read_document(path).pages[number - 1]
        boxes = [
            (char, box)
            for sentence in page.sentences
            for char, box in zip(sentence.text, sentence.boxes, strict=True)
            if box is not None and box.page == number and char.isascii() and char.isalpha()
        ]
        assert len(boxes) > 500
        there = {(char["text"], round(char["x0"]), round(char["bottom"] / 4)) for char in chars}
        near = 0
        for char, box in boxes:
            x, y = round(box.x0), round(box.y1 / 4)
            near += any((char, x + dx, y + dy) in there for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        # The other library has no letters of ligatures.
        assert near > 0.97 * len(boxes), name


@pytest.mark.parametrize("expected", TABLES, ids=[f"{Path(t['file']).stem}-{t['caption']}" for t in TABLES])
def test_rows_of_tables(expected: dict[str, Any], paper: Callable[[str], Document]) -> None:
    (table,) = (
        table
        for table in paper(expected["file"]).tables
        if table.page == expected["page"] and table.caption.startswith(expected["caption"])
    )
    rows = [[words(text) for text in row.texts(table.columns)] for row in table.rows]
    filled = [[text for text in row if text] for row in rows]
    places = []
    for row in expected["rows"]:
        wanted = [words(text) for text in row]
        if len(wanted) == table.columns:
            assert wanted in rows
            places.append(rows.index(wanted))
        else:  # some of its cells cover several columns
            assert [text for text in wanted if text] in filled
            places.append(filled.index([text for text in wanted if text]))
    assert places == sorted(places)


# ------------------------------------------------------------------ choosing


@pytest.mark.parametrize("entry", SENTENCES, ids=names(SENTENCES))
def test_most_of_the_sentences_look_like_cuts(entry: dict[str, Any], paper: Callable[[str], Document]) -> None:
    document = paper(entry["file"])
    found = list(cuts(document))
    texts = [words(cut.where.text) for cut in found]
    numeric = [
        item["text"] for item in entry["sentences"] if re.search(r"[<>]\s*\d|\d\s*(?:GeV|TeV|mm|m)\b", item["text"])
    ]
    assert [text for text in numeric if not any(words(text) in read for read in texts)] == []
    everything = [item["text"] for item in entry["sentences"]]
    recalled = [text for text in everything if any(words(text) in read for read in texts)]
    assert len(recalled) >= 0.65 * len(everything)
    # And most of a paper does not.
    assert len(found) < 0.3 * len(list(document.sentences))


def test_dense_pages_are_those_of_the_selection(paper: Callable[[str], Document]) -> None:
    def pages(name: str, count: int) -> list[int]:
        return [part.page for part in dense_parts(paper(name), count)]

    assert {7, 8, 9, 10} <= set(pages("1704.03848.pdf", 6))
    assert pages("CMS-SMP-17-006.pdf", 3) == [5, 6, 7]
    assert {2, 3} <= set(pages("h4l_open_data_note.pdf", 3))


def test_what_the_text_leaves_to_other_papers(paper: Callable[[str], Document]) -> None:
    found = {
        (delegation.sentence.page, citation.key): citation.entry.text if citation.entry else None
        for name in ("1704.03848.pdf",)
        for delegation in delegations(paper(name))
        for citation in delegation.citations
    }
    photons, muons = found[7, "52"], found[7, "53"]
    assert photons is not None
    assert "photon identification" in photons
    assert muons is not None
    assert muons.startswith("ATLAS Collaboration, Muon reconstruction performance")
    assert (7, "54") not in found  # the anti-kt algorithm is credited, not asked
    (methodology,) = (
        citation.entry
        for delegation in delegations(paper("h4l_open_data_note.pdf"))
        for citation in delegation.citations
        if delegation.sentence.page == 2 and citation.key == "4"
    )
    assert methodology is not None
    assert "Observation of a new particle" in methodology.text


def test_references_that_the_file_lacks_are_unresolved(paper: Callable[[str], Document]) -> None:
    document = paper("CMS-SMP-17-006.pdf")  # this copy ends before its reference list
    found = [citation for delegation in delegations(document) for citation in delegation.citations]
    assert {"35", "41"} <= {citation.key for citation in found}
    assert all(citation.entry is None for citation in found)


def test_reference_lists_are_whole(paper: Callable[[str], Document]) -> None:
    note = paper("h4l_open_data_note.pdf").references
    assert [entry.key for entry in note] == [str(number) for number in range(1, 17)]
    assert note[15].text.endswith("aTLAS-CONF-2012-092.")
    atlas = paper("1704.03848.pdf").references
    assert [entry.key for entry in atlas] == [str(number) for number in range(1, 86)]
    assert all(len(entry.text) < 500 for entry in atlas)
