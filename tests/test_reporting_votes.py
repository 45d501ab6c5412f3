"""The report of several drafts: beside each criterion, how many drafts say it, and what the others say."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from extract_case import SMALL_GOOD, SMALL_PAPER, physlite, spoilt, written

pytest.importorskip("pypdfium2", reason="the extra llm is not installed")
pytest.importorskip("z3", reason="the extra smt is not installed")

from PIL import Image

from hepsel.extract.askers import Recorded
from hepsel.extract.extract import Extraction, Sample, ask, finish, prepare, read_papers

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

ETA = '  select |eta| < 2.4  cite paper "p1.s2"\n'
REGION = '\nregion signal\n  select count(muons) >= 2  cite paper "p1.s3"\n'
DEFINED = spoilt(
    SMALL_GOOD,
    ("object muons", "define most = 2.4\n\nobject muons"),
    ("< 2.4", "< most"),
)
DRAFTS = (
    spoilt(DEFINED, ("pt > 20 GeV", "pt > 25 GeV"), (REGION, "")),
    spoilt(
        DEFINED, ("= 2.4", "= 2.7"), (ETA.replace("2.4", "most"), ETA.replace("2.4", "most") + "  select is_medium\n")
    ),
    spoilt(DEFINED, ("muons) >= 2", "muons) == 2")),
    DEFINED,
)


class Rows(HTMLParser):
    """The rows of the program, and the items of the lists behind it: class and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("tr", "li"):
            self.found.append((dict(attrs).get("class") or "", ""))
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside &= tag not in ("tr", "li")

    def handle_data(self, data: str) -> None:
        if self._inside:
            style, text = self.found[-1]
            self.found[-1] = style, " ".join(f"{text} {data}".split())


def made_of(folder: Path, *drafts: str) -> Extraction:
    task = prepare(*read_papers(Path(written(folder, "paper.md", SMALL_PAPER)), []), physlite(), None)
    askers = [Recorded([draft]) for draft in drafts]
    return finish(task, [Sample(ask(task, asker, 0), asker) for asker in askers], "draft.hepsel")


def behind(rows: list[tuple[str, str]], code: str) -> list[str]:
    """Return what stands below a line of the program, up to the next line."""
    lines = [bool(re.match(r"[0-9]+(?! of)\b", text)) for _, text in rows]
    (start,) = (number for number, (_, text) in enumerate(rows) if lines[number] and code in text)
    end = lines.index(True, start + 1) if any(lines[start + 1 :]) else len(rows)
    return [text for _, text in rows[start + 1 : end]]


def test_every_criterion_has_its_support(tmp_path: Path) -> None:
    made = made_of(tmp_path, *DRAFTS)
    rows = Rows(made.page).found
    # A statement ends with its note.
    support = "3 of 4 drafts others: select pt > 25 GeV (1)"
    assert support in behind(rows, 'note "3 of 4 drafts; 1: select pt > 25 GeV"')
    support = "2 of 4 drafts others: select count(muons) == 2 (1); nothing of it (1)"
    found = behind(rows, 'note "2 of 4 drafts; 1: select count(muons) == 2')
    assert support in found
    assert any(text.startswith("verified") for text in found)
    assert "4 of 4 drafts" in behind(rows, "take Muon")
    assert "3 of 4 drafts others: 2.7 (1)" in behind(rows, "define most = 2.4")
    # What reads the same and means something else is told apart.
    assert "3 of 4 drafts others: select |eta| < most with most = 2.7 (1)" in behind(rows, "1: select |eta|")
    # What the drafts do not agree on is among what needs a look, and what all say is not.
    assert {style for style, text in rows if text.startswith("3 of 4")} == {"split"}
    assert {style for style, text in rows if text.startswith("4 of 4")} == {"plain"}
    assert "only what needs a look (4)" in made.page
    assert any(style == "split" and "muons: select is_medium 1 of 4 drafts" in text for style, text in rows)


def test_each_vote_names_its_statement(tmp_path: Path) -> None:
    made = made_of(tmp_path, *DRAFTS)
    statements = json.loads(made.report)["agreement"]["statements"]
    blocks: dict[str, list[str]] = {}
    block = ""
    for line in made.draft.text.splitlines():
        if line.startswith(("object", "region")):
            block = line.split()[1]
        elif line.startswith("  ") and line[2].isalpha() and block:
            blocks.setdefault(block, []).append(" ".join(line.split()))
    placed = [one for one in statements if one["number"] is not None]
    assert len(placed) == sum(map(len, blocks.values())) == 4
    for one in placed:
        assert blocks[one["block"]][one["number"]].startswith(one["text"])


def test_flags_are_told_from_other_comments(tmp_path: Path) -> None:
    broken = spoilt(
        SMALL_GOOD, ("select |eta| < 2.4", "select |etta| < 2.4"), ("object muons", "# my own\nobject muons")
    )
    rows = Rows(made_of(tmp_path, broken).page).found
    assert [style for style, text in rows if "# hepsel: error E200" in text] == ["flag"]
    assert [style for style, text in rows if "# select |etta| < 2.4" in text] == ["flag"]
    assert [style for style, text in rows if "# my own" in text] == ["plain"]


def test_one_draft_has_no_votes(tmp_path: Path) -> None:
    page = made_of(tmp_path, DEFINED).page
    assert "drafts" not in page
    assert 'class="finding vote"' not in page


def test_what_drafts_say_is_not_markup(tmp_path: Path) -> None:
    hostile = spoilt(DEFINED, ("  select |eta|", '  external "<script>alert(1)</script>"  assume "x"\n  select |eta|'))
    page = made_of(tmp_path, hostile, DEFINED, DEFINED).page
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_browser_shows_where_the_drafts_differ(tmp_path: Path) -> None:
    def amber(*drafts: str) -> int:
        (tmp_path / "report.html").write_text(made_of(tmp_path, *drafts).page, encoding="utf-8")
        shot = tmp_path / "shot.png"
        command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        command += ["--window-size=1200,1400", f"--screenshot={shot}", f"file://{tmp_path / 'report.html'}"]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        with Image.open(shot) as image:
            half = image.convert("RGB").crop((600, 80, 1200, 1400))
        colours = half.getcolors(maxcolors=half.width * half.height) or []
        return sum(count for count, colour in colours if colour == (255, 248, 229))

    assert amber(DEFINED, DEFINED) == 0
    assert amber(*DRAFTS) > 5 * 300
