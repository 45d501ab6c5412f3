"""What `hepsel check --paper` adds: the papers that a program cites, and what is found about its citations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from hepsel.cli.papers import tell_what_is_unknown
from hepsel.extract.checking import Omission, ProvenanceReport, check_provenance
from hepsel.extract.reading import Document, draw_pages, read_document
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText, printable

_MAIN = "paper"  # what a source is called if nothing else is known of it


def parse_references(references: Sequence[str]) -> dict[str, Path]:
    """Read `NAME=FILE`."""
    found: dict[str, Path] = {}
    for reference in references:
        name, sign, file = reference.partition("=")
        if not (name and sign and file):
            raise click.BadParameter(f"`{reference}` is not NAME=FILE", param_hint="--ref")
        if name in found:
            raise click.BadParameter(f"`{name}` is given twice", param_hint="--ref")
        found[name] = Path(file)
    return found


class Papers:
    """The papers that were given; each file is read once."""

    def __init__(self, paper: Path | None, references: Mapping[str, Path]) -> None:
        self._paper, self._references = paper, references
        self._read: dict[Path, Document] = {}

    def of(self, program: tree.Program, name: str) -> dict[str, Document]:
        """Return the papers by the names that a program has for them; `files` says what it raises."""
        return {source: self._document(file) for source, file in self.files(program, name).items()}

    def files(self, program: tree.Program, name: str) -> dict[str, Path]:
        """Return the files of the papers by the names that a program has for them.

        Raises
        ------
        click.UsageError
            When the program does not declare a source that was given, or it is open which one the paper is.
        """
        sources = [source.name for source in program.analysis.sources] if program.analysis else []
        declared = ", ".join(f"`{source}`" for source in sources) or "none"
        for given in self._references:
            if given not in sources:
                raise click.UsageError(f"{name} has no source `{given}`; it declares {declared}")
        files = dict(self._references)
        if self._paper is not None:
            left = [source for source in sources if source not in files]
            main = _MAIN if _MAIN in left else left[0] if len(left) == 1 else None
            if main is None:
                raise click.UsageError(
                    f"{name}: which source is {self._paper}? It declares {declared}; say so with --ref NAME=FILE"
                )
            files[main] = self._paper
        return {source: files[source] for source in sources if source in files}

    def _document(self, file: Path) -> Document:
        if file not in self._read:
            self._read[file] = read_document(file)
            tell_what_is_unknown(self._read[file])
        return self._read[file]


def evidence(program: tree.Program, name: str, papers: Papers) -> ProvenanceReport:
    """Check the citations of a program that has no errors."""
    return check_provenance(program, papers.of(program, name))


def html(program: tree.Program, source: SourceText, report: ProvenanceReport, papers: Papers) -> str:
    """Return a program, its papers and the verdicts as one file for a browser."""
    from hepsel.extract.reporting import html_report, pages_shown

    files = papers.files(program, source.name)
    pictures = {name: draw_pages(files[name], numbers) for name, numbers in pages_shown(report).items()}
    return html_report(source, report, papers.of(program, source.name), pictures)


def summary(report: ProvenanceReport) -> Iterator[str]:
    """Yield the lines that are printed about a program, besides its diagnostics."""
    counted = ", ".join(f"{count} {verdict}" for verdict, count in report.counts.items())
    yield f"{len(report.findings)} statements with evidence: {counted or 'none'}"
    if report.problems:
        last = sum(finding.unconfirmed for finding in report.problems)
        yield f"{len(report.problems) - last} to look at first; {last} that the quotations only do not confirm"
    if report.contradictions:
        yield ""
        yield "The paper contradicts itself:"
    for item in report.contradictions:
        for side in (item.first, item.second):
            where = f"  {item.source} [{side.where}] page {side.page}"
            yield printable(f"{where}, {item.quantity} {side.said}: {side.text}")
    if report.omissions:
        yield ""
        yield "Looks like a cut, and no criterion uses it:"
    yield from (_omission(item) for item in report.omissions)


def _omission(item: Omission) -> str:
    left = f" ({', '.join(item.said)})" if item.said else ""
    return printable(f"  {item.source} [{item.where}] page {item.page}{left}: {item.text}")
