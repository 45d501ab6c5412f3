"""`hepsel check --html`: links lead to their counterparts, quotations are marked in place, no text becomes markup."""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from run_command import hepsel

pytest.importorskip("pypdfium2", reason="the extra llm is not installed")
pytest.importorskip("PIL", reason="the extra llm is not installed")

from PIL import Image

PAPERS = Path(__file__).parent / "papers"
PROGRAM = (PAPERS / "four_lepton.hepsel").read_text(encoding="utf-8")
VOID = {"meta", "image", "rect", "input", "br"}
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


class Elements(HTMLParser):
    """All elements of a file, and whether each one that was opened was closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def report(folder: Path, program: str, *options: str) -> tuple[int, Path]:
    (folder / "draft.hepsel").write_text(program, encoding="utf-8")
    file = folder / "report.html"
    papers = ["--paper", str(PAPERS / "four_lepton.pdf"), "--ref", f"leptons={PAPERS / 'leptons.pdf'}"]
    code, _, err = hepsel(
        "check", str(folder / "draft.hepsel"), "--format", "physlite", *(options or papers), "--html", str(file)
    )
    assert "Traceback" not in err
    return code, file


def test_every_link_leads_to_its_counterpart(tmp_path: Path) -> None:
    code, file = report(tmp_path, PROGRAM)
    assert code == 0
    text = file.read_text(encoding="utf-8")
    elements = Elements(text)
    assert elements.open == []
    names = [name for _, attributes in elements.found if (name := attributes.get("id"))]
    assert len(names) == len(set(names))
    targets = [str(link["href"]) for link in elements.all("a")]
    assert all(target.startswith("#") and target[1:] in names for target in targets)
    findings = [attributes for attributes in elements.all("div") if "finding" in str(attributes.get("class"))]
    assert len(findings) == 37
    # A quotation of every verified criterion, and a way back from it.
    assert {f"#{finding['id']}" for finding in findings if "verified" in str(finding["class"])} <= set(targets)
    # Nothing is fetched when the file is opened.
    assert not re.search(r"https?://|<script|<link|url\(|@import", text)


def test_marks_stand_on_the_words(tmp_path: Path) -> None:
    from pypdfium2 import PdfDocument

    _, file = report(tmp_path, PROGRAM)
    figures = file.read_text(encoding="utf-8").split("<svg")[1:]
    assert len(figures) == 2  # one page each
    for figure, paper in zip(figures, ("four_lepton", "leptons"), strict=True):
        page = PdfDocument(PAPERS / f"{paper}.pdf")[0]
        (picture,) = re.findall(r"base64,([A-Za-z0-9+/=]+)", figure)
        image = Image.open(io.BytesIO(base64.b64decode(picture)))
        assert abs(image.width / image.height - page.get_width() / page.get_height()) < 0.002
        words = page.get_textpage()
        marks = re.findall(r'<g id="(\S+?)".*?</g>', figure, re.DOTALL)
        assert marks
        for place in re.findall(r'<rect x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"', figure):
            x, y, width, height = map(float, place)
            top = page.get_height() - y
            assert words.get_text_bounded(x, top - height, x + width, top).strip()
    # What a criterion quotes is what another reader finds in its rectangles.
    name = re.findall(r'as &#34;4\.8&#34;.*?href="#(paper-q\S+?)"', file.read_text(encoding="utf-8"), re.DOTALL)[0]
    mark = re.findall(rf'<g id="{name}".*?</g>', figures[0], re.DOTALL)[0]
    page = PdfDocument(PAPERS / "four_lepton.pdf")[0]
    words = page.get_textpage()
    read = ""
    for place in re.findall(r'<rect x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"', mark):
        x, y, width, height = map(float, place)
        top = page.get_height() - y
        read += words.get_text_bounded(x + 1, top - height + 3, x + width - 1, top - 3) + " "
    assert " ".join(read.split()) == "Quadruplets of four muons must contain at least three combined muons."


def test_what_a_text_says_is_not_markup(tmp_path: Path) -> None:
    hostile = '<script>alert(1)</script><img src="http://x.invalid/y">'
    changed = PROGRAM.replace("Muons must have p_T > 5 GeV", hostile.replace('"', "'"))
    assert changed != PROGRAM
    code, file = report(tmp_path, changed)
    assert code == 1
    text = file.read_text(encoding="utf-8")
    elements = Elements(text)
    assert elements.open == []
    assert not elements.all("script")
    assert not elements.all("img")
    assert any("<script>alert(1)</script>" in data for data in elements.texts)
    doubtful = [attributes for attributes in elements.all("div") if "doubtful" in str(attributes.get("class"))]
    assert len(doubtful) == 1


def test_a_paper_without_pages_shows_its_passages(tmp_path: Path) -> None:
    paper = tmp_path / "paper.txt"
    paper.write_text(
        "Event selection\n\nMuons must have pT > 5 GeV. Jets \u202e must have pT > 30 GeV.\n", encoding="utf-8"
    )
    program = (
        'hepsel 1\nanalysis "a"\n  source paper "p"\nobject muons\n  take Muon\n'
        '  select pt > 5 GeV cite paper page 1 "Muons must have pT > 5 GeV"\n'
    )
    code, file = report(tmp_path, program, "--paper", str(paper))
    assert code == 0
    text = file.read_text(encoding="utf-8")
    assert "\u202e" not in text  # which would turn what follows around
    passages = [p for p in Elements(text).all("p") if "passage" in str(p.get("class"))]
    assert {str(passage["class"]).split()[-1] for passage in passages} == {"verified", "omitted"}


def test_a_report_needs_papers_and_a_place(tmp_path: Path) -> None:
    (tmp_path / "p.hepsel").write_text(PROGRAM, encoding="utf-8")
    command = ["check", str(tmp_path / "p.hepsel"), "--format", "physlite"]
    code, _, err = hepsel(*command, "--html", str(tmp_path / "r.html"))
    assert code == 2
    assert "--paper" in err
    nowhere = tmp_path / "nowhere" / "r.html"
    papers = ["--paper", str(PAPERS / "four_lepton.pdf")]
    code, _, err = hepsel(*command, *papers, "--html", str(nowhere))
    assert code == 3
    assert f"{nowhere}: cannot be written" in err


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_browser_goes_from_criterion_to_quotation_and_back(tmp_path: Path) -> None:
    _, file = report(tmp_path, PROGRAM.replace("50 GeV < m12", "60 GeV < m12"))
    text = file.read_text(encoding="utf-8")
    (finding,) = re.findall(r'<div class="finding doubtful" id="(\S+?)"', text)
    (quotation,) = re.findall(rf'<g id="(\S+?)" class="doubtful"><a href="#{finding}"', text)

    def pixels(fragment: str, left: bool, like: tuple[int, int, int]) -> int:
        shot = tmp_path / "shot.png"
        command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        command += ["--window-size=1200,900", f"--screenshot={shot}", f"file://{file}#{fragment}"]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        with Image.open(shot) as image:
            half = image.convert("RGB").crop((0, 80, 600, 900) if left else (600, 80, 1200, 900))
        colours = half.getcolors(maxcolors=half.width * half.height) or []
        return sum(
            count
            for count, c in colours
            if isinstance(c, tuple) and max(abs(a - b) for a, b in zip(c, like, strict=True)) < 6
        )

    yellow, red = (255, 248, 197), (236, 168, 171)  # a chosen criterion; 40 % of the verdict's red on white paper
    assert pixels(finding, False, yellow) > 1000 > pixels(quotation, False, yellow)
    assert pixels(quotation, True, red) > 500 > pixels(finding, True, red)
