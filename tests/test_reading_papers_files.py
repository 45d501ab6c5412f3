# ruff: noqa: RUF001 - characters that look alike are part of what is tested
"""Reading what is no PDF, what is no paper, and what was made to do harm."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import random
import re
import time
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from run_command import hepsel

from hepsel.cli.read import read
from hepsel.errors import DataError, ExitCode
from hepsel.extract.choosing.delegation import citation_keys
from hepsel.extract.reading import Document, pdf, read_document
from hepsel.extract.reading.mathematics import TooDeep, plain_latex
from hepsel.extract.reading.sentences import sentence_spans

PAPERS = Path(__file__).parent / "papers"
HAS_PDF = pytest.mark.skipif(pdf.find_spec("pypdfium2") is None, reason="the extra llm is not installed")


def texts(document: Document) -> list[str]:
    return [sentence.text for sentence in document.sentences]


@pytest.fixture
def made(tmp_path: Path):
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


# ------------------------------------------------------------------ other sources

LATEX = r"""
\documentclass{article}
\newcommand{\pt}{\ensuremath{p_{\mathrm{T}}}}
\newcommand{\met}[1]{E_{\mathrm{T}}^{\mathrm{miss}#1}}
\begin{document}
\section{Event \emph{selection}}
Muons must have $\pt>5~\GeV$ and $|\eta|<2.7$~\cite{ATLAS:2012,b}.\footnote{Also $\Delta R > \sqrt{x}$.} % not this
Electrons have \SI{7}{\giga\electronvolt}, and 10\% of $\met{}$. The criteria are described in Ref.~\cite{b}.

\begin{table}
\caption{Cuts.}
\begin{tabular}{lcc}
\hline
A & B & $m_{\ell\ell}$ \\ \hline
\multicolumn{2}{c}{wide} & $\geq20$ \\
\end{tabular}
\end{table}
\begin{thebibliography}{9}
\bibitem{b} The B collaboration, \emph{Title}, JHEP 1 (2000) 2.

\bibitem{ATLAS:2012} ATLAS.
\end{thebibliography}
\end{document}
"""


def test_latex(made) -> None:
    document = read_document(made("paper.tex", LATEX))
    assert document.kind == "latex"
    assert texts(document) == [
        "Muons must have p_T>5 GeV and |η|<2.7 [ATLAS:2012, b].",
        "Electrons have 7 GeV, and 10% of E_T^{miss}.",
        "The criteria are described in Ref. [b].",
        "Also ΔR > √x.",
        "Table: Cuts.",
    ]
    (table,) = document.tables
    assert [row.texts(table.columns) for row in table.rows] == [("A", "B", "m_{ℓℓ}"), ("wide", "", "≥20")]
    assert [(entry.key, entry.text) for entry in document.references] == [
        ("b", "The B collaboration, Title, JHEP 1 (2000) 2."),
        ("ATLAS:2012", "ATLAS."),
    ]
    assert {sentence.section for sentence in document.sentences} == {"Event selection"}


HTML = """<!DOCTYPE html><html><head><title>x</title><script>alert("p")</script></head><body><article>
<h2 class="ltx_title"><span class="ltx_tag">4 </span>Selection</h2>
<div class="ltx_para"><p class="ltx_p">Jets have <math alttext="p_{\\mathrm{T}}&gt;30\\,\\mathrm{GeV}">
<semantics><mi>p</mi><annotation>z</annotation></semantics></math> and m<sub>jj</sub> &gt; 4.<span
class="ltx_note ltx_role_footnote"><sup class="ltx_note_mark">1</sup><span
class="ltx_note_outer"><span class="ltx_note_content"><sup
class="ltx_note_mark">1</sup>A note here.</span></span></span> As described in Ref. [<a href="file:///etc/passwd">1</a>].</p></div>
<figure class="ltx_table"><figcaption>Table 1: Cuts.</figcaption>
<table><tr><td>a</td><td>b</td></tr><tr><td><p>c</p></td><td>d</td></tr></table></figure>
<section><h2>References</h2><ul><li class="ltx_bibitem"><span class="ltx_tag">[1]</span><span
class="ltx_bibblock">Someone, A paper (2000).</span></li></ul></section></article></body></html>"""


def test_html_of_arxiv(made) -> None:
    document = read_document(made("paper.html", HTML))
    assert document.kind == "html"
    assert texts(document) == [
        "Jets have p_T>30 GeV and m_{jj} > 4.",
        "As described in Ref. [1].",
        "A note here.",
        "Table 1: Cuts.",
    ]
    assert [sentence.kind for sentence in document.sentences] == ["body", "body", "footnote", "caption"]
    (table,) = document.tables
    assert [row.text for row in table.rows] == ["a | b", "c | d"]
    assert table.caption == "Table 1: Cuts."
    assert [(entry.key, entry.text) for entry in document.references] == [("1", "Someone, A paper (2000).")]


def test_paragraphs_of_a_cell_or_footnote_in_html_stand_apart(made) -> None:
    note = '<span class="ltx_note_content">p_T &gt; 20<p>5 jets</p></span>'
    cell = "<td><ul><li>p_T &gt; 20</li><li>5 jets</li></ul></td><td>1<div>2</div>3</td>"
    document = read_document(
        made("paper.html", f"<html><body><p>A text.{note}</p><table><tr>{cell}</tr></table></body></html>")
    )
    assert texts(document) == ["A text.", "p_T > 20 5 jets"]
    assert [row.text for table in document.tables for row in table.rows] == ["p_T > 20 5 jets | 1 2 3"]


@pytest.mark.parametrize("tag", ["hr", "main", "pre", "header", "footer", "aside", "summary"])
def test_what_begins_a_line_in_html_begins_a_paragraph(tag: str, made) -> None:
    assert texts(read_document(made("paper.html", f"<html><body>p_T &gt; 20<{tag}>30 jets"))) == ["p_T > 20", "30 jets"]


POWER = "<msub><mi>p</mi><mi>T</mi></msub><mo>&gt;</mo><msup><mn>10</mn><mn>3</mn></msup>"


@pytest.mark.parametrize(
    ("mathematics", "text"),
    [
        (f"<math>{POWER}</math>", "p_T>10^3"),
        (
            f"<math><semantics><mrow>{POWER}</mrow>"
            '<annotation encoding="application/x-tex">p_{T} &gt; 10^{3}</annotation></semantics></math>',
            "p_T > 10^3",
        ),
        ("<math><msubsup><mi>p</mi><mi>T</mi><mtext>miss</mtext></msubsup></math>", "p_T^{miss}"),
        ("<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac></math>", "(a+b)/2"),
        ("<math><msqrt><mi>s</mi><mo>+</mo><mn>1</mn></msqrt></math>", "√(s+1)"),
        ("<math><mtr><mtd><mn>20</mn></mtd><mtd><mn>30</mn></mtd></mtr></math>", "20 30"),
    ],
)
def test_mathml(mathematics: str, text: str, made) -> None:
    """Of a power of ten, the digits do not run together."""
    document = read_document(made("paper.html", f"<html><body><p>We need {mathematics} here.</p></body></html>"))
    assert texts(document) == [f"We need {text} here."]


def test_tags_in_markdown(made) -> None:
    text = "Muons have p<sub>T</sub> > 5 GeV, m<sub>12</sub> < 9 GeV."
    table = "| a | b |\n|---|---|\n| χ<sup>2</sup> | 20<br>30 |\n"
    document = read_document(made("paper.md", f"{text}\n\n{table}"))
    assert texts(document) == ["Muons have p_T > 5 GeV, m_{12} < 9 GeV."]
    assert [row.text for table in document.tables for row in table.rows] == ["a | b", "χ^2 | 20 30"]


def test_a_table_that_arranges_a_page_of_html_is_text(made) -> None:
    """Its text is one of sentences: as one row of a table it took minutes to look for cuts in."""
    said = ["Muons must have p_T > 20 GeV.", "Jets have p_T > 30 GeV."] * 200
    document = read_document(made("paper.html", f"<table><tr><td>Menu</td><td>{' '.join(said)}</td></tr></table>"))
    assert texts(document) == ["Menu Muons must have p_T > 20 GeV.", *said[1:]]
    assert list(document.tables) == []


@pytest.mark.parametrize("begun", ["<!-- ", "<![CDATA[ ", "<? ", "<a b= "])
def test_what_has_no_end_in_html_is_text(begun: str, made, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of a tag or comment was looked for from each beginning to the last character: of 1 MB, for minutes."""
    asked: list[int] = []
    for name in ("parse_comment", "parse_html_declaration", "parse_pi", "parse_starttag"):
        usual = getattr(HTMLParser, name)
        monkeypatch.setattr(
            HTMLParser, name, lambda self, i, *more, usual=usual: asked.append(i) or usual(self, i, *more)
        )
    document = read_document(made("paper.html", f"<!-- seen --><p>Muons have p_T > 20 GeV.</p>{begun * 100}<b"))
    first, *rest = texts(document)
    assert first == "Muons have p_T > 20 GeV."
    assert begun.strip() in " ".join(rest)
    assert "seen" not in " ".join(rest)
    assert len(asked) == 2


def test_html_tables_whose_cells_go_over_others(made) -> None:
    """A cell stands under its own heading, whatever goes over several rows or columns, or is a table in a cell."""
    table = """<table class="ltx_tabular"><tr><th rowspan="2">Region</th><th colspan="2">Jets</th><th>MET</th></tr>
<tr><td>N</td><td>p_T</td><td>GeV</td></tr>
<tr><td>SR1</td><td rowspan="2">2</td><td><table><tr><td>30</td></tr><tr><td>GeV</td></tr></table></td>
<td rowspan="0">200</td></tr>
<tr><td>SR2</td><td>40</td><td>300<table class="ltx_equation"><tr><td>x</td></tr></table></td></tr></table>"""
    (found,) = read_document(
        made("paper.html", f"<html><body><p>A text.</p>{table}<p>Behind it.</p></body></html>")
    ).tables
    assert [row.texts(found.columns) for row in found.rows] == [
        ("Region", "Jets", "", "MET"),
        ("Region", "N", "p_T", "GeV"),
        ("SR1", "2", "30 GeV", "200"),
        ("SR2", "2", "40", "300 x"),
    ]


MARKDOWN = """# Paper

## 2 Selection

Muons have $p_{T} > 5$ GeV and
**tight** criteria [1]. Photons have p_T² > 4.

Table 1: cuts.

| a | b |
|---|---|
| $m_{12}$ | > 50 |

References
----------

[1] First entry.
[2] Second entry.
"""


def test_markdown(made) -> None:
    document = read_document(made("paper.md", MARKDOWN))
    assert texts(document) == [
        "Muons have p_T > 5 GeV and tight criteria [1].",
        "Photons have p_T^2 > 4.",
        "Table 1: cuts.",
    ]
    (table,) = document.tables
    assert [row.texts(2) for row in table.rows] == [("a", "b"), ("m_{12}", "> 50")]
    assert [entry.text for entry in document.references] == ["First entry.", "Second entry."]
    assert [heading.text for heading in document.headings] == ["Paper", "2 Selection", "References"]


def test_plain_text_with_pages(made) -> None:
    document = read_document(
        made("paper.txt", "4 Event selection\n\nJets have pT − 3 ≥ 30 GeV, and elec-\ntrons 7.\n\fMore.")
    )
    assert [(sentence.id, sentence.text) for sentence in document.sentences] == [
        ("p1.s1", "Jets have pT - 3 ≥ 30 GeV, and electrons 7."),
        ("p2.s1", "More."),
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"p_{\mathrm{T}}^{\mathrm{miss}}", "p_T^{miss}"),
        (r"p^{\text{miss}}_{\text{T}}", "p_T^{miss}"),
        (r"\left|\eta\right| \leqslant 2.5", "|η| ≤ 2.5"),
        (r"\frac{|d_0|}{\sigma_{d_0}} < 5", "(|d_0|)/(σ_{d_0}) < 5"),
        (r"\sqrt{(\Delta\eta)^2+(\Delta\phi)^2}", "√((Δη)^2+(Δφ)^2)"),
        (r"m_\mathrm{4\ell}", "m_{4ℓ}"),
        (r"m_{Z_1}", "m_{Z_1}"),
        (r"\bar{t}", "t̄"),
        (r"\SI{36.1}{fb^{-1}}", "36.1 fb^{-1}"),
        (r"10^{-3}", "10^{-3}"),
    ],
)
def test_mathematics(source: str, text: str) -> None:
    assert plain_latex(source, formula=True) == text


# ------------------------------------------------------------------ sentences and keys


@pytest.mark.parametrize(
    "parts",
    [
        ["As in Ref. [9], Fig. 3 and Eq. (1), jets have p_T > 2.5 GeV.", "They are e.g. central."],
        ["The angle is 4π.^2", "The tracker covers it."],
        ["It is region A.", "The muon is kept."],
        ["See J. R. Smith et al. for it [1, 2].", '"Tight" leptons pass.'],
        ["Is it? [3]", "Yes!", "No."],
        ["It follows Ref. [17].", "ΔR is 0.2."],
        ["FIG. 1. Feynman diagrams."],
    ],
)
def test_where_sentences_end(parts: list[str]) -> None:
    text = " ".join(parts)
    assert [text[start:end] for start, end in sentence_spans(text)] == parts


def test_citation_keys() -> None:
    assert citation_keys("3, 7-9") == ("3", "7", "8", "9")
    assert citation_keys("ATLAS:2012, b") == ("ATLAS:2012", "b")
    assert citation_keys("1-99999999") == ("1-99999999",)


# ------------------------------------------------------------------ what cannot be read


def pdf_file(
    contents: list[bytes], resources: bytes = b"", trailer: bytes = b"", more: dict[int, bytes] | None = None
) -> bytes:
    """Return a PDF with a page for each content stream, written by hand."""
    objects: dict[int, bytes] = {3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", **(more or {})}
    kids = []
    for index, content in enumerate(contents):
        page, stream = 1000 + 2 * index, 1001 + 2 * index
        kids.append(b"%d 0 R" % page)
        objects[page] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F 3 0 R >> %s >> >>" % (stream, resources)
        )
        objects[stream] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    data, places = b"%PDF-1.7\n", {}
    for number in sorted(objects):
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    table = b"".join(b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in sorted(places.items()))
    start = len(data)
    data += b"xref\n0 1\n0000000000 65535 f \n%s" % table
    return data + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        max(objects) + 1,
        trailer,
        start,
    )


def page(text: bytes) -> bytes:
    return b"BT /F 12 Tf 72 700 Td (%s) Tj ET" % text


@HAS_PDF
def test_a_pdf_written_by_hand(made) -> None:
    document = read_document(made("paper.pdf", pdf_file([page(b"Muons have at least 5 GeV here.")])))
    (sentence,) = document.sentences
    assert sentence.text == "Muons have at least 5 GeV here."
    (place,) = sentence.places()
    assert place.x0 == pytest.approx(72, abs=1)
    assert place.y0 < 842 - 700 < place.y1


@HAS_PDF
@pytest.mark.parametrize("place", [50, 560])
@pytest.mark.parametrize("step", [1, 5])
def test_numbers_of_lines_in_the_margin_are_left_out(place: int, step: int, made) -> None:
    # Beside "2 < x" and "5" they would make another bound: "lie in 2 < x < 14 5".
    lines = [b"The muons that stand in line %c lie in the range 2 < x <" % (65 + n) for n in range(9)] + [b"5."]
    content = b"BT /F 16 Tf 72 740 Td (Selection of muons) Tj ET BT /F 6 Tf %d 740 Td (1) Tj ET " % place
    for n, line in enumerate(lines, start=1):
        height = 740 - 14 * n
        content += b"BT /F 12 Tf 72 %d Td (%s) Tj ET " % (height, line)
        if n % step == 0 or step == 1:
            content += b"BT /F 6 Tf %d %d Td (%d) Tj ET " % (place, height, n + 1)
    if step == 5:
        content += b"".join(b"BT /F 6 Tf %d %d Td (%d) Tj ET " % (place, 740 - 14 * n, n + 1) for n in (15, 20, 25, 30))
        content = content.replace(b"(1) Tj", b"( ) Tj")
    text = " ".join(sentence.text for sentence in read_document(made("paper.pdf", pdf_file([content]))).sentences)
    assert text.endswith("line I lie in the range 2 < x < 5.")
    assert re.findall(r"\d+", text) == ["2"] * 9 + ["5"]


@HAS_PDF
def test_a_column_of_numbers_in_a_text_remains(made) -> None:
    rows = [b"BT /F 12 Tf 72 %d Td (%d) Tj ET " % (700 - 14 * n, n) for n in range(1, 9)]
    words = [b"BT /F 12 Tf 72 %d Td (Muons of the category with some words) Tj ET " % (500 - 14 * n) for n in range(8)]
    document = read_document(made("paper.pdf", pdf_file([b"".join(rows + words)])))
    assert "3" in "".join(sentence.text for sentence in document.sentences)


@HAS_PDF
@pytest.mark.parametrize(
    ("turn", "matrix"), [(90, b"0 1 -1 0 100 72"), (180, b"-1 0 0 -1 523 100"), (270, b"0 -1 1 0 495 770")]
)
def test_a_turned_page(turn: int, matrix: bytes, made) -> None:
    # Placed so that on each page, as it is displayed, the text begins at 72 and its baseline is 100 below the edge.
    data = pdf_file([b"BT /F 12 Tf %s Tm (Muons have at least 5 GeV.) Tj ET" % matrix])
    data = data.replace(b"/MediaBox [0 0 595 842]", b"/Rotate %d /MediaBox [0 0 595 842]" % turn)
    (shown,) = read_document(made("paper.pdf", data)).pages
    (sentence,) = shown.sentences
    assert (shown.width, shown.height) == ((595, 842) if turn == 180 else (842, 595))
    (place,) = sentence.places()
    assert place.x0 == pytest.approx(72, abs=1)
    assert place.y0 < 100 < place.y1


@HAS_PDF
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.7\n" + random.Random(1).randbytes(5000), "damaged"),
        (b"%PDF-1.7\n", "damaged"),
        (pdf_file([page(b"x")])[:200], "damaged"),
        (pdf_file([b"q Q", b"q Q"]), "pictures of pages"),
        (pdf_file([]), "no pages"),
        (pdf_file([b""] * 1001), "more than 1000 pages"),
        (
            pdf_file(
                [page(b"secret")],
                trailer=b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<00><00>]"
                % (b"41" * 32, b"42" * 32),
            ),
            "encrypted",
        ),
    ],
    ids=["noise", "header", "cut", "scanned", "empty", "long", "encrypted"],
)
def test_pdfs_without_a_text(data: bytes, message: str, made) -> None:
    with pytest.raises(DataError, match=message) as caught:
        read_document(made("paper.pdf", data))
    assert caught.value.exit_code == ExitCode.DATA
    assert "paper.pdf" in str(caught.value)


@HAS_PDF
def test_a_pdf_that_would_take_for_ever_is_stopped(made, monkeypatch: pytest.MonkeyPatch) -> None:
    # Forms of forms of forms: each shows the next one twenty times.
    forms = {
        100 + level: b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F 3 0 R >> /XObject "
        b"<< /N %d 0 R >> >> /Length %d >>\nstream\n%s\nendstream"
        % (101 + level, len(body := b"/N Do " * 20 if level < 9 else page(b"boom")), body)
        for level in range(10)
    }
    data = pdf_file([b"/N Do"], resources=b"/XObject << /N 100 0 R >>", more=forms)
    monkeypatch.setattr(pdf, "_WALL_SECONDS", 3)
    start = time.monotonic()
    with pytest.raises(DataError, match=r"stopped after 3 s|gave up|memory"):
        read_document(made("paper.pdf", data))
    assert time.monotonic() - start < 20
    assert gc.isenabled()  # it is not while a PDF is read


def test_a_pdf_without_the_library(made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "find_spec", lambda _: None)
    with pytest.raises(DataError, match=r"install hepsel\[llm\]"):
        read_document(made("paper.pdf", pdf_file([page(b"x")])))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("paper.pdf", b"", "empty"),
        ("paper.pdf", b"a plain text", "not a PDF"),
        ("paper.bin", bytes(range(256)) * 10, "neither a PDF nor a text"),
        ("paper.txt", b"  \n\n ", "no text"),
        ("paper.html", b"<html><script>text</script></html>", "no text"),
    ],
)
def test_files_without_a_text(name: str, data: bytes, message: str, made) -> None:
    with pytest.raises(DataError, match=message):
        read_document(made(name, data))


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_document(tmp_path / "missing.pdf")
    with pytest.raises(DataError, match="cannot be read"):
        read_document(tmp_path)


def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "paper.pdf")
    with pytest.raises(DataError, match="not a file"):
        read_document(tmp_path / "paper.pdf")


# ------------------------------------------------------------------ harm


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.tex", "\\documentclass{a}" + "{" * 100_000),
        ("b.tex", "".join(f"\\def\\{a}{{\\{b} \\{b}}}" for a, b in pairwise("abcdefghijk")) + "\\a " * 1000),
        ("c.tex", "\\section{" * 20_000),
        ("d.tex", "\\cite[" * 50_000),
        ("e.tex", "$" * 100_001 + "x"),
        ("f.tex", "\\begin{comment}" * 50_000 + "\\iffalse " * 50_000),
        ("g.tex", "\\begin{tabular}{l}" * 20_000 + "x"),
        ("h.tex", "\\newcommand{\\a" * 50_000 + "\\def\\b{" * 50_000),
        ("i.tex", "\\newcommand{\\a}{\\b}\\newcommand{\\b}{\\a}" + "\\a " * 100_000),
        ("j.tex", "\\kern" * 50_000 + "\\unit[" * 50_000 + "\\verb|" * 50_000 + "\\item[" * 50_000),
        ("k.tex", "\\sigma* " * 300_000),
        ("a.html", "<div>" * 200_000 + "text"),
        ("b.html", "<p>text" + "</b>" * 200_000),
        ("c.html", "<table>" * 20_000 + "text here"),
        ("a.md", "[" * 100_000 + " x"),
        ("b.md", "**a" * 100_000),
        ("c.md", "| a " * 100_000 + "\n|-|\n"),
        ("d.md", "$" * 100_001 + " x"),
        ("a.txt", "a. " * 300_000),
        ("b.txt", "x" * 2_000_000),
        ("c.txt", "A" + " " * 500_000 + "B."),
    ],
    ids=lambda value: value if len(value) < 10 else "",
)
def test_texts_made_to_take_long(name: str, text: str, made) -> None:
    path = made(name, text)
    start = time.process_time()
    with contextlib.suppress(DataError):
        read_document(path)
    assert time.process_time() - start < 10


def test_commands_that_double_are_refused(made) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    bomb = "".join(f"\\newcommand{{\\{one}}}{{{(chr(92) + two + ' ') * 60}}}" for one, two in pairwise(letters))
    with pytest.raises(DataError, match="too much text"):
        read_document(made("bomb.tex", bomb + "\\begin{document}\\a\\a"))
    with pytest.raises(TooDeep):
        plain_latex("{" * 1000)


# ------------------------------------------------------------------ the command


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(read, [str(argument) for argument in arguments])


def test_command_prints_sentences_with_ids(made) -> None:
    result = run(made("paper.md", MARKDOWN))
    assert result.exit_code == 0
    assert "\n2 Selection\n[p1.s1] Muons have p_T > 5 GeV" in result.output
    assert "[p1.t1.r2] m_{12} | > 50" in result.output


def test_command_choices(made) -> None:
    path = made("paper.tex", LATEX)
    assert run(path, "--tables").output.strip().splitlines()[0] == "[p1.t1] Table: Cuts."
    assert run(path, "--cuts").output.splitlines()[0].startswith("[p1.s1] Muons must have")
    references = run(path, "--references").output
    assert references.splitlines() == [
        "[p1.s3] The criteria are described in Ref. [b].",
        "    [b] The B collaboration, Title, JHEP 1 (2000) 2.",
    ]
    assert "Muons must" in run(path, "--section", "selection", "--page", "1").output
    assert run(path, "--section", "nowhere").exit_code == ExitCode.USAGE
    assert run(path, "--page", "2").exit_code == ExitCode.USAGE
    assert run(path, "--tables", "--cuts").exit_code == ExitCode.USAGE


@HAS_PDF
def test_command_prints_data() -> None:
    result = run(PAPERS / "leptons.pdf", "--json")
    data = json.loads(result.output)
    assert (data["name"], data["kind"], len(data["sha256"])) == ("leptons.pdf", "pdf", 64)
    (shown,) = data["pages"]
    (sentence,) = (item for item in shown["sentences"] if item["text"].startswith("They are required"))
    assert sentence["section"] == "2 Electrons"
    assert [place["page"] for place in sentence["places"]] == [1]
    assert sentence["id"] in {cut["id"] for cut in data["cuts"]}
    cell = shown["tables"][0]["rows"][1]["cells"][3]
    assert (cell["text"], cell["column"], cell["span"]) == ("< 0.15", 3, 1)


@HAS_PDF
def test_nothing_that_steers_the_terminal_is_printed(made) -> None:
    steering = "Title\x1b]0;owned\x07 and \x1b[2J\x9b31m more‮ text \x08 of pT > 5 GeV.\n\nMuons must."
    for path in (
        made("a.txt", steering),
        made("a.md", steering + "\n\n|a|b|\n|-|-|\n|\x1b[0m|c|"),
        made("a.html", f"<h1>\x1b[1m</h1><p>{steering}<sub>&#27;[2J</sub></p>"),
        made("a.tex", "\\begin{document}\\section{\x1b[3m}" + steering),
        made("a.pdf", pdf_file([page(b"Muons \\033[31m must have at least 5 GeV \\233 here.")])),
    ):
        for option in ((), ("--cuts",), ("--references",), ("--tables",)):
            output = run(path, *option).output
            assert all(char.isprintable() or char == "\n" for char in output), path


def test_a_broken_paper_ends_the_command_with_the_code_for_data(made) -> None:
    paper = made("broken.pdf", b"%PDF-1.7\nnothing follows")
    code, out, err = hepsel("read", str(paper))
    assert (code, out) == (3, "")
    assert "broken.pdf" in err
    assert "Traceback" not in err
