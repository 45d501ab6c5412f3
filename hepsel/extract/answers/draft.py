"""The draft: a program that checks, in which what could not be mended is a comment with what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hepsel.check import check_text
from hepsel.errors import HepselError
from hepsel.extract.answers.citations import in_words, passage_id, replaced, with_sources
from hepsel.extract.answers.review import NAME, Fault, Remark, Review, provenance, review
from hepsel.extract.asking.passages import Paper
from hepsel.extract.checking import ProvenanceReport, Verdict
from hepsel.formats.schema import Format
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText, printable
from hepsel.syntax.formatter import format_source
from hepsel.syntax.parser import parse
from hepsel.syntax.printer import quoted

FLAG = "# hepsel: "
"""How a line of a draft begins that says what is wrong with what follows."""

NOT_APPLIED = "not applied: "
"""How the criterion begins that stands in the place of one that is a comment."""

_MOST_PASSES = 50
_LONGEST_TEXT = 300  # characters of a statement that the criterion in its place shows
# What shows events and does not choose them; all else in a block changes what is selected.
_SHOWS = (tree.Histogram, tree.Save, tree.Expect, tree.Bin, tree.Bins)
_SHOWING_WORDS = ("histogram", "save", "expect", "bin")


@dataclass(frozen=True, slots=True)
class Failure:
    """A part of a program that stands in the draft as a comment: its block, its text, and what is wrong."""

    place: str
    text: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Assumed:
    """A statement of which a draft says with `assume` what no paper says, and not a person: its id, its text, why."""

    id: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A program that checks, what of the answer is only a comment or is flagged, and what the papers say of it."""

    text: str
    failures: tuple[Failure, ...]
    flags: tuple[Failure, ...]
    evidence: ProvenanceReport

    @property
    def assumed(self) -> Iterator[Assumed]:
        """What the papers do not confirm, and is not flagged since the model says that it assumes it."""
        parts = [node for node in tree.walk(_tree(self.text)) if isinstance(node, tree.Statement | tree.Block)]
        for finding in self.evidence.findings:
            if finding.verdict is Verdict.ASSUMED:
                place = finding.span.start
                around = (part for part in parts if part.span.start <= place < part.span.end)
                notes = (note for part in around for note in part.annotations if isinstance(note, tree.Assume))
                yield Assumed(finding.id, finding.text, "; ".join(note.text for note in notes))


class NoDraft(HepselError):
    """Answers from which no program can be made that checks."""


def make_draft(text: str, data_format: Format, papers: Sequence[Paper]) -> Draft:
    """Return the draft of a program.

    A statement with an error becomes a comment, and where it would have changed what is selected, an `external`
    criterion stands in its place, so that nothing that depends on it counts as complete. What uses a name that is lost
    by that becomes a comment in turn.

    Parameters
    ----------
    text
        The program, with citations by ids.
    data_format, papers
        What it is checked against.

    Raises
    ------
    NoDraft
        When no part of the program can be named whose removal would mend it.
    """
    failures: list[Failure] = []
    for _ in range(_MOST_PASSES):
        found = review(text, data_format, papers, take_is_block=True, evidence=False)
        fatal = [fault for fault in found.faults if fault.fatal]
        hopeless = next((remark for remark in found.elsewhere if remark.fatal), None)
        if hopeless is not None or any(fault.part.kind == "header" for fault in fatal):
            message = hopeless.message if hopeless is not None else fatal[0].remarks[0].message
            raise NoDraft(f"no draft can be made of the answer: {message}")
        if not fatal:
            return _finished(review(text, data_format, papers), tuple(failures), data_format, papers)
        failures += [Failure(fault.part.place, fault.part.of(text), fault.fatal) for fault in fatal]
        text = replaced(text, {(fault.part.start, fault.part.end): _commented(text, fault) for fault in fatal})
    raise NoDraft("no draft can be made of the answer: its errors lead to further ones without end")


def without_flags(text: str) -> str:
    """Return a draft without the comments that say what is wrong with it."""
    lines = text.splitlines()
    return "\n".join(line for line, flagged in zip(lines, flags(lines), strict=True) if not flagged) + "\n"


def flags(lines: Sequence[str]) -> Iterator[bool]:
    """Yield for each line of a draft whether it is one of the comments that say what is wrong."""
    flagged = False
    for line in lines:
        bare = line.strip()
        flagged = bare.startswith(FLAG) or (flagged and bare.startswith("#   "))
        yield flagged


def _commented(text: str, fault: Fault) -> str:
    part, old = fault.part, fault.part.of(text)
    lines = ["", *_flags(fault)]
    lines += [f"#   {line}" for line in old.splitlines() if line.strip()]
    if part.kind == "statement" and not _only_shows(part.node, old):
        shown = " ".join(old.split())[:_LONGEST_TEXT]
        lines.append(f"external {quoted(NOT_APPLIED + printable(shown))}{_citations(part.node)}")
    return "\n".join(lines) + "\n"


def _flags(fault: Fault) -> list[str]:
    messages = dict.fromkeys(printable(remark.message) for remark in fault.remarks)
    return [FLAG + _short(text) for text in messages]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}..."


def _stands_for_failed(node: tree.Node | None) -> bool:
    """Whether a statement is there for one that is a comment, under its own flag."""
    return isinstance(node, tree.External) and node.text.startswith(NOT_APPLIED)


def _only_shows(node: tree.Node | None, text: str) -> bool:
    return isinstance(node, _SHOWS) if node is not None else text.startswith(_SHOWING_WORDS)


def _citations(node: tree.Node | None) -> str:
    if not isinstance(node, tree.Statement):
        return ""
    cites = (note for note in node.annotations if isinstance(note, tree.Cite) and passage_id(note) is not None)
    return "".join(f"  cite {cite.source} {quoted(cite.quote or '')}" for cite in cites)


def _finished(found: Review, failures: tuple[Failure, ...], data_format: Format, papers: Sequence[Paper]) -> Draft:
    faults = [fault for fault in found.faults if not _stands_for_failed(fault.part.node)]
    flags = tuple(Failure(fault.part.place, fault.part.of(found.text), tuple(fault.remarks)) for fault in faults)
    # A flag stands above what it is about.
    notes = {
        (fault.part.start, fault.part.start): "\n" + "".join(f"{flag}\n" for flag in _flags(fault)) for fault in faults
    }
    text = replaced(found.text, notes)
    text = with_sources(text, _tree(text), papers)
    text = in_words(text, _tree(text), papers)
    evidence = provenance(_tree(text), papers)
    text = format_source(text + _omitted(evidence), NAME)
    wrong = check_text(text, data_format, NAME).errors
    if wrong:
        raise NoDraft(f"no draft can be made of the answer: {wrong[0].message}")
    return Draft(text, failures, flags, provenance(_tree(text), papers))


def _omitted(evidence: ProvenanceReport) -> str:
    """Return the comment at the end of a draft: what looks like a cut in the papers and is not used."""
    if not evidence.omissions:
        return ""
    lines = [f"{FLAG}what looks like a criterion in the papers, and is not used, or not all of it:"]
    for item in evidence.omissions:
        said = f" ({', '.join(item.said)})" if item.said else ""
        lines.append(f"#   {item.source} [{item.where}] {_short(printable(item.text))}{printable(said)}")
    return "\n" + "\n".join(lines) + "\n"


def _tree(text: str) -> tree.Program:
    program, _, _ = parse(SourceText(text))
    assert program is not None  # it was checked
    return program
