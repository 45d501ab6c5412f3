"""LaTeX sources as experiments write them: their commands, files that include others, archives."""

from __future__ import annotations

import gzip
import io
import tarfile
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import pytest
from cited import HEAD, report_on
from run_command import hepsel

from hepsel.errors import DataError, ExitCode
from hepsel.extract.checking import Verdict
from hepsel.extract.reading import Document, read_document, unknown_commands


def texts(document: Document) -> list[str]:
    return [sentence.text for sentence in document.sentences]


def read(folder: Path, body: str, preamble: str = "") -> Document:
    path = folder / "paper.tex"
    path.write_text(f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n")
    return read_document(path)


# ruff: noqa: RUF001 - Greek letters are part of what is tested

# ------------------------------------------------------------------ commands


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # CMS: the class defines them, and is not sent along.
        (r"Muons have $\pt>5\GeV$ and $\abs{\eta}<2.4$.", "Muons have p_T>5 GeV and |η|<2.4."),
        (r"The \ptmiss must exceed 30\GeV, and \HT 1\TeV.", "The p_T^{miss} must exceed 30 GeV, and H_T 1 TeV."),
        (r"Pairs of \PGmp and \PGmm near the \PZ boson.", "Pairs of μ^+ and μ^- near the Z boson."),
        (r"At least one \PQb-tagged jet in $\PQt\PAQt$ events.", "At least one b-tagged jet in tt̄ events."),
        (r"Vertices lie within 2\cm in 138\fbinv of data.", "Vertices lie within 2 cm in 138 fb^{-1} of data."),
        (r"The mass is $m_{\PGm\PGm} > 4\GeV$ or 26 (20)\GeV.", "The mass is m_{μμ} > 4 GeV or 26 (20) GeV."),
        (r"A cone of $\Delta \phi = \sqrt{\smash[b]{x}}$.", "A cone of Δφ = √x."),
        (r"The \texorpdfstring{\PW}{W} boson; \HepAntiParticle{b}{}{} and \HepParticle{K}{S}{0}.",
         "The W boson; b̄ and K_S^0."),
        # ATLAS and the packages of units
        (r"Jets have $\pT > \qty{25}{\GeV}$, photons $\SI{1.5}{\TeV}$.", "Jets have p_T > 25 GeV, photons 1.5 TeV."),
        (r"Masses of \qtyrange{80}{100}{\GeV} and \unit[30]{GeV}.", "Masses of 80 to 100 GeV and 30 GeV."),
        (r"Taus \tauh, \textcolor{red}{no} \href{http://a.b}{link}.", "Taus τ_h, no link."),
        (r"The \(\not\!\! E_T\) and \slashed{E}$_T$.", "The E̸_T and E̸_T."),
        (r"The size of $\vec{p}_{\text{T}}^{\,\text{miss}}$.", "The size of p_T^{miss}."),
        (r"Excited \(\tau^*\) and \(\sigma* 3\).", "Excited τ^* and σ* 3."),
        (r"Run \verb+Fast_Jet+ here, \kern1pt and \hskip -2.5pt there.", "Run Fast_Jet here, and there."),
        (r"M\"uller, \'Etienne, \v{S}koda, gar\c{c}on and {\o}re.", "Müller, Étienne, Škoda, garçon and øre."),
        # what nobody knows is shown
        (r"The \mysterious exceeds 30\GeV, with \other{$x$}.", "The \\mysterious exceeds 30 GeV, with \\other x."),
    ],
)  # fmt: skip
def test_commands(body: str, text: str, tmp_path: Path) -> None:
    assert texts(read(tmp_path, body)) == [text]


@pytest.mark.parametrize(
    ("preamble", "body", "text"),
    [
        (r"\newcommand{\cut}[2][\pt]{$#1 > #2$}", r"It is \cut{3} and \cut[m]{4}.", "It is p_T > 3 and m > 4."),
        (r"\def\dz#1#2{|z_{#1}|<#2}", r"It is $\dz0{5}$.", "It is |z_0|<5."),
        (r"\DeclareMathOperator{\sig}{sig}", r"It is $\sig > 3$.", "It is sig > 3."),
        (r"\NewDocumentCommand{\both}{m m}{#2 and #1}", r"It is \both{a}{b}.", "It is b and a."),
        (r"\def\mjj{\ifmmode m_{jj}\else $m_{jj}$\fi\xspace}", r"It is \mjj and $\mjj$.", "It is m_{jj} and m_{jj}."),
        (r"\let\ptlead=\lead \newcommand\lead{$p_{T,1}$}", r"It is \ptlead.", "It is p_{T,1}."),
        (r"\newcommand{\pt}{$p_\perp$}\providecommand{\pt}{wrong}", r"It is \pt.", "It is p_⊥."),
        (r"\providecommand*{\x}{$\eta_{\text{c}}$}", r"It is \x and \x{}.", "It is η_c and η_c."),
        # Definitions that need more than an expansion are not guessed, nor do they run for ever.
        (r"\newcommand{\star@}{x}\newcommand{\odd}{\@ifstar{a}{b}}", r"It is \odd.", "It is \\odd ."),
        (r"\let\old\emph \renewcommand{\emph}[1]{\old{#1}}", r"It is \emph{so}.", "It is so."),
        (r"\newcommand{\m}{$\mptmiss$}\newcommand{\mpt}{\m}", r"It is \mpt.", "It is \\mptmiss ."),
        (r"\def\pair(#1,#2){#1}", r"It is \pair(a,b).", "It is \\pair (a,b)."),
        # Within the text, too
        ("", r"It is \newcommand{\here}{now}\here.", "It is now."),
    ],
)  # fmt: skip
def test_commands_of_a_paper(preamble: str, body: str, text: str, tmp_path: Path) -> None:
    assert texts(read(tmp_path, body, preamble)) == [text]


def test_nothing_is_lost_behind_a_brace(tmp_path: Path) -> None:
    """A brace that opens in one paragraph and closes in another ended the text there."""
    body = "{\\small The first.\n\nThe second.} The third.\n\n\\abstract{The fourth.\n\nThe fifth.} The sixth.}"
    assert texts(read(tmp_path, body)) == [
        f"The {n}." for n in ("first", "second", "third", "fourth", "fifth", "sixth")
    ]


def test_what_is_not_printed(tmp_path: Path) -> None:
    hidden = "\\begin{comment}Not this.\\end{comment}\\iffalse Nor \\fill this. \\fi"
    body = f"One. % \\input{{no}}\n{hidden} Two are 50\\%.\\label{{x}} \\[x > 3\\]"
    assert texts(read(tmp_path, body)) == ["One.", "Two are 50%. x > 3"]


def test_items_are_sentences_of_their_own(tmp_path: Path) -> None:
    body = r"""Events have:
\begin{itemize}
\item two jets with $\pt > 30\GeV$
\item no muon
\end{itemize}
\begin{description}\item[Taus] one of them\end{description}"""
    assert texts(read(tmp_path, body)) == ["Events have:", "two jets with p_T > 30 GeV", "no muon", "Taus one of them"]


def test_cells_with_lines_of_their_own(tmp_path: Path) -> None:
    body = r"""\begin{table}\topcaption[Short]{The cuts.}\cmsTable{\begin{scotch}{lc}
Cut & \multicolumn{1}{c}{SR} \\ \hline
\multirow{2}{*}{\MET [\GeV]} & \makecell{$>100$\\$<200$} \\[2pt]
$\abs{\eta}$ & \begin{tabular}[c]{@{}c@{}}$<2$ \\ (all \& any)\end{tabular} \\
\end{scotch}}\end{table} Behind it, in Table~\ref{t}."""
    document = read(tmp_path, body, "\\providecommand{\\cmsTable}[1]{\\resizebox{\\textwidth}{!}{#1}}")
    (table,) = document.tables
    assert [row.texts(2) for row in table.rows] == [
        ("Cut", "SR"),
        ("E_T^{miss} [GeV]", ">100 <200"),
        ("|η|", "<2 (all & any)"),
    ]
    assert texts(document) == ["Table: The cuts.", "Behind it, in Table t."]
    assert table.caption == "Table: The cuts."


def test_cells_over_several_rows(tmp_path: Path) -> None:
    body = r"""\begin{tabular}{l|c|c}
\multirow{2}{*}{MuEle} & $\geq$1 tight electron and & \multirow{3}{*}{$\geq$1 \PQb-tag} \\
& $\geq$1 loose muon & \\
MuJet & 1 tight muon & \\
Jet & none & $\geq$2 \PQb-tag \\
Low & & \multicolumn{1}{c}{$>$3} GeV \\
High & & \multirow{-2}{*}{4} \\
\end{tabular}"""
    (table,) = read(tmp_path, body).tables
    assert [row.texts(3) for row in table.rows] == [
        ("MuEle", "≥1 tight electron and", "≥1 b-tag"),
        ("MuEle", "≥1 loose muon", "≥1 b-tag"),
        ("MuJet", "1 tight muon", "≥1 b-tag"),
        ("Jet", "none", "≥2 b-tag"),
        ("Low", "", ">3 GeV"),
        ("High", "", "4"),
    ]


# ------------------------------------------------------------------ archives

FILES = {
    "main.tex": r"""\documentclass[PAPER]{ourdoc}
\usepackage[all]{ourphysics, amsmath}
\newcommand{\mine}{$m_{12}$}
\begin{document}
\section{Selection}
The first \ours.
\input{parts/jets}
\subfile{parts/muons.tex}
\import{parts/}{taus}
\bibliography{all}
\end{document}""",
    "parts/jets.tex": "% \\input{parts/secret}\nJets have \\mine above 5. \\input{deeper}",
    "parts/deeper.tex": "Deep in it \\input{main} is this.",
    "parts/muons.tex": "\\documentclass[../main]{subfiles}\\begin{document}Muons have \\chain.\\end{document}",
    "parts/taus.tex": "Taus have \\MET.",
    "parts/secret.tex": "A secret.",
    "unused.tex": "Not this.",
    "style/ourdoc.cls": r"\LoadClass{article}\def\section#1{}\renewcommand{\GeV}{\@broken}" + r"\def\a@b{\c@d}" * 1000,
    "style/amsmath.sty": r"\newcommand{\much}{x}" * 11_000,
    "style/ourphysics.sty": r"\RequirePackage{ournames,ourphysics}\newcommand{\chain}{\ours}\def\MET{$p_T^{miss}$}",
    "style/ournames.sty": r"\newcommand{\ours}{$x \pm 3\,\GeV$}",
    "main.bbl": "\\begin{thebibliography}{9}\\bibitem{a} The entry.\\end{thebibliography}",
    "figure.pdf": "%PDF-",
}
DOCUMENT = "\\documentclass{a}\\begin{document}Text.\\end{document}"
WHOLE = [
    "The first x ± 3 GeV.",
    "Jets have m_{12} above 5.",
    "Deep in it \\input main is this.",
    "Muons have x ± 3 GeV.",
    "Taus have p_T^{miss}.",
]


def tar(files: Mapping[str, str], mode: str = "w:gz") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, text in files.items():
            item = tarfile.TarInfo(f"./{name}")
            item.size = len(text.encode())
            archive.addfile(item, io.BytesIO(text.encode()))
    return stream.getvalue()


def zipped(files: Mapping[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


@pytest.mark.parametrize("pack", [tar, lambda files: tar(files, "w"), zipped], ids=["tar.gz", "tar", "zip"])
def test_an_archive_is_one_document(pack: Callable[[Mapping[str, str]], bytes], tmp_path: Path) -> None:
    path = tmp_path / "arXiv-2604.00000v1"
    path.write_bytes(pack(FILES))
    document = read_document(path)
    assert document.kind == "latex"
    assert texts(document) == WHOLE
    assert {sentence.section for sentence in document.sentences} == {"Selection"}
    assert [(entry.key, entry.text) for entry in document.references] == [("a", "The entry.")]
    assert unknown_commands(document) == ("input",)


def test_references_that_biblatex_keeps(tmp_path: Path) -> None:
    entry = r"""\refsection{0}\entry{HIGG-1}{article}{}
      \name{author}{1}{}{{{hash=e}{family={{ATLAS}}}}}
      \field{sortinit}{1}
      \field{journaltitle}{Eur. Phys. J. C}
      \field{title}{{Electrons in \(\sqrt{s} = 13\,\text{TeV}\) data}}
      \field{volume}{79}
      \field{year}{2019}
      \field{pages}{639}
      \verb{doi}
      \verb 10.1/x
      \endverb
      \verb{eprint}
      \verb 1902.04655
      \endverb
    \endentry\entry{bare}{misc}{}\field{title}{Only a title}\endentry"""
    main = DOCUMENT.replace("Text.", "As in Ref.~\\cite{HIGG-1}. \\printbibliography[title=x]")
    (tmp_path / "paper.tar").write_bytes(tar({"main.tex": main, "main.bbl": entry}, "w"))
    document = read_document(tmp_path / "paper.tar")
    assert [(found.key, found.text) for found in document.references] == [
        ("HIGG-1", "Electrons in √s = 13 TeV data, Eur. Phys. J. C 79 (2019) 639, arXiv:1902.04655."),
        ("bare", "Only a title."),
    ]


def test_a_gzipped_file(tmp_path: Path) -> None:
    path = tmp_path / "paper.gz"
    path.write_bytes(gzip.compress(b"\\documentclass{a}\\begin{document}Muons have $\\pt > 5$ GeV.\\end{document}"))
    assert texts(read_document(path)) == ["Muons have p_T > 5 GeV."]


@pytest.mark.parametrize("name", ["/etc/hostname", "../secret", "secret", "parts/../../secret", "|ls", "~/secret"])
def test_names_lead_nowhere_outside(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper names files of its own archive only, whatever stands beside it."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for place in (tmp_path, tmp_path / "here"):
        (place / "secret.tex").write_text("A secret.")
        (place / "ours.sty").write_text("\\newcommand{\\gone}{A secret.}")
    text = f"It has \\gone \\input{{{name}}}."
    main = f"\\documentclass{{a}}\\usepackage{{ours,../ours}}\\begin{{document}}{text}\\end{{document}}"
    path = tmp_path / "here" / "paper.tar.gz"
    for data in (tar({"main.tex": main}), main.encode()):
        path.write_bytes(data)
        (text,) = texts(read_document(path if data[:1] != b"\\" else path.rename("paper.tex")))
        assert text.startswith("It has \\gone \\input ")
        assert "A secret" not in text


def test_links_in_an_archive_are_not_followed(tmp_path: Path) -> None:
    stream = io.BytesIO()
    (tmp_path / "secret.tex").write_text("A secret.")
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        main = b"\\documentclass{a}\\begin{document}It has \\input{link}.\\end{document}"
        item = tarfile.TarInfo("main.tex")
        item.size = len(main)
        archive.addfile(item, io.BytesIO(main))
        link = tarfile.TarInfo("link.tex")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path / "secret.tex")
        archive.addfile(link)
    (tmp_path / "paper.tar.gz").write_bytes(stream.getvalue())
    assert texts(read_document(tmp_path / "paper.tar.gz")) == ["It has \\input link."]


LARGE = {f"{n}.tex": "a" * (5 << 20) for n in range(5)}
LONG = {"m.tex": DOCUMENT.replace("Text", "\\input{a}" * 9), "a.tex": "\\input{b}" * 99, "b.tex": "b" * 99_999}
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "a cut tar": (lambda: tar(FILES)[:-200], "archive is damaged"),
    "a cut zip": (lambda: zipped(FILES)[:-200], "archive is damaged"),
    "a cut file": (lambda: gzip.compress(b"\\documentclass{a} some text" * 100)[:-9], "archive is damaged"),
    "gzipped noise": (lambda: b"\x1f\x8b" + b"noise" * 100, "archive is damaged"),
    "zipped noise": (lambda: b"PK\x03\x04" + b"noise" * 100, "archive is damaged"),
    "no document": (lambda: tar({"notes.tex": "Only notes."}), "no file in it is a LaTeX document"),
    "figures": (lambda: tar({"figure.pdf": "x"}), "no file in it is a LaTeX document"),
    "two": (lambda: tar({"a.tex": DOCUMENT, "b.tex": DOCUMENT}), r"2 LaTeX documents are in it \(a.tex, b.tex\)"),
    "a large file": (lambda: gzip.compress(b"a" * (21 << 20)), "larger than 20 MB"),
    "a large tar": (lambda: tar(LARGE), "texts are larger than 20 MB"),
    "a large zip": (lambda: zipped(LARGE), "texts are larger than 20 MB"),
    "much in little": (lambda: tar(LONG), "makes too much text"),
    "no text": (lambda: tar({"m.tex": DOCUMENT.replace("Text.", "")}), "no text"),
    "zeros": (lambda: tar({"m.tex": "\0" * 99}), "neither a PDF nor a text"),
}


@pytest.mark.parametrize("kind", BAD)
def test_archives_that_cannot_be_read(kind: str, tmp_path: Path) -> None:
    make, message = BAD[kind]
    path = tmp_path / "paper.tar.gz"
    path.write_bytes(make())
    start = time.process_time()
    with pytest.raises(DataError, match=message) as caught:
        read_document(path)
    assert time.process_time() - start < 10
    assert caught.value.exit_code == ExitCode.DATA
    assert str(path) in str(caught.value)


def test_archives_with_random_damage_are_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "paper.tar.gz"
    random = Random(3)
    refused = 0
    for data in [tar(FILES), tar(FILES, "w"), zipped(FILES)] * 100:
        damaged = bytearray(data)
        for _ in range(random.choice((1, 2, 8, 40))):
            place = random.randrange(len(damaged))
            damaged[place : place + random.choice((0, 1, 1, 1, 20))] = random.randbytes(random.choice((0, 1, 1, 1, 20)))
        path.write_bytes(damaged)
        try:
            read_document(path)
        except DataError:
            refused += 1
    assert refused > 100


def test_the_only_list_of_references_is_that_of_the_document(tmp_path: Path) -> None:
    files = {"paper.tex": FILES["main.tex"].replace("}[all]", "}"), "ms.bbl": FILES["main.bbl"]}
    (tmp_path / "paper.zip").write_bytes(zipped(files))
    assert [found.key for found in read_document(tmp_path / "paper.zip").references] == ["a"]


# ------------------------------------------------------------------ what the commands say


def test_a_source_without_pages_does_not_tell_where_a_quotation_stands(tmp_path: Path) -> None:
    """A program that cites pages of the PDF is right about its LaTeX; where pages are known, they are compared."""
    text = "Muons have p_T above 5 GeV."
    (tmp_path / "paper.tex").write_text(DOCUMENT.replace("Text.", text))
    (tmp_path / "paper.txt").write_text(f"{text}\f{text}")
    program = HEAD + 'object muons\n  take Muon\n  select pt > 5 GeV cite paper page 7 "above 5 GeV"\n'
    for name, verdict in (("paper.tex", Verdict.VERIFIED), ("paper.txt", Verdict.OTHER_PAGE)):
        (finding,) = report_on(program, {"paper": read_document(tmp_path / name)}).findings
        assert finding.verdict is verdict


def test_a_draft_from_a_source_without_pages_cites_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("paper.tex").write_text(DOCUMENT.replace("Text.", "Muons have $\\pt > 5\\GeV$."))
    program = HEAD + 'object muons\n  take Muon\n  select pt > 5 GeV  cite paper "p1.s1"\n'
    Path("answer.txt").write_text(f"```hepsel\n{program}```\n")
    code, _, _ = hepsel("extract", "paper.tex", "--format", "nanoaod", "--answers", "answer.txt")
    assert code == ExitCode.OK
    assert 'cite paper "Muons have p_T > 5 GeV."\n' in Path("draft.hepsel").read_text()


def test_what_is_unknown_is_told(tmp_path: Path) -> None:
    path = tmp_path / "paper.tex"
    path.write_text(DOCUMENT.replace("Text", "The \\secret is above 5 GeV. \\input{cuts}"))
    program = tmp_path / "p.hepsel"
    program.write_text('hepsel 1\n\nanalysis "a"\n  source paper "p"\n')
    for command in (["read", str(path)], ["check", str(program), "--format", "nanoaod", "--paper", str(path)]):
        code, _, err = hepsel(*command)
        assert code == ExitCode.OK
        assert "paper.tex: shown as written, for the source does not define them: \\secret, \\input\n" in err
        assert "what it includes is not there: give the whole source as .tar.gz or .zip" in err
    path.write_text(DOCUMENT)
    assert hepsel("read", str(path)) == (0, "[p1.s1] Text.\n", "")
