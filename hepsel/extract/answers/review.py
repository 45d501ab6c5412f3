"""What is wrong with a program that a model wrote, part by part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hepsel.check import check_text
from hepsel.extract.answers.citations import is_id, known_passages, passage_id, problems, tree_in_words
from hepsel.extract.answers.parts import Part, part_at
from hepsel.extract.asking.passages import Paper
from hepsel.extract.checking import Omission, ProvenanceReport, Verdict, check_provenance
from hepsel.extract.checking.diagnostics import CODES
from hepsel.formats.schema import Format
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import Diagnostic, SourceText
from hepsel.syntax.parser import parse

_LINE = re.compile(r"(?<![\w`])line ([0-9]{1,5})\b")
_CITE = "cite the document and the id of the sentence or row that states it, or say with `assume` that none does"

NAME = "draft"
"""How a program is called in diagnostics while it is made."""


@dataclass(frozen=True)
class Remark:
    """One thing that is wrong.

    Attributes
    ----------
    code
        That of a diagnostic (a verdict on the evidence is a warning), or `citation` for an id that no paper has.
    message
        What is wrong, and what was probably meant.
    place
        Where, in the text of the program.
    fatal
        Whether the program cannot be used with it.
    of_block
        Whether the block in which it stands is to be written anew, and not only the statement.
    """

    code: str
    message: str
    place: int
    fatal: bool
    of_block: bool = False


@dataclass
class Fault:
    """A part of a program and what is wrong with it."""

    part: Part
    remarks: list[Remark] = field(default_factory=list)

    @property
    def fatal(self) -> tuple[Remark, ...]:
        """What of it keeps the program from being used."""
        return tuple(remark for remark in self.remarks if remark.fatal)


@dataclass(frozen=True)
class Review:
    """What is known of a program.

    Attributes
    ----------
    text
        The program, with citations by ids.
    program
        What was understood of it.
    faults
        The parts with problems, in order.
    elsewhere
        Problems that stand in no part: only the whole program can be mended.
    omissions
        What looks like a criterion in the papers and is not used; empty where that was not looked for.
    """

    text: str
    program: tree.Program | None
    faults: tuple[Fault, ...]
    elsewhere: tuple[Remark, ...]
    omissions: tuple[Omission, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is left to mend."""
        return not self.faults and not self.elsewhere

    @property
    def of_parts(self) -> tuple[Remark, ...]:
        """What is wrong in parts."""
        return tuple(remark for fault in self.faults for remark in fault.remarks)


def review(
    text: str, data_format: Format, papers: Sequence[Paper], *, take_is_block: bool = False, evidence: bool = True
) -> Review:
    """Check a program and sort what is wrong by its parts.

    Parameters
    ----------
    text
        The program, with citations by ids.
    data_format, papers
        What it is checked against.
    take_is_block
        Whether a problem of a block's `take` is one of the whole block.
    evidence
        Whether to look if the papers say what the program says, where there are no errors of syntax.
    """
    program, syntax_errors, _ = parse(SourceText(text, NAME))
    told = [item for item in check_text(text, data_format, NAME).diagnostics if item.severity != "hint"]
    remarks = [
        Remark(item.code, _with_lines(_said(item), text), item.span.start, item.severity == "error") for item in told
    ]
    omissions: tuple[Omission, ...] = ()
    if program is not None:
        remarks += [remark for item in told for remark in _of_region(item, program)]
        remarks += [Remark("citation", found.message, found.span.start, False) for found in problems(program, papers)]
        # A block without its first line would be taken for a part of another one.
        if evidence and not syntax_errors:
            report = provenance(program, papers)
            remarks += _doubts(report)
            omissions = report.omissions
    faults: dict[tuple[int, int], Fault] = {}
    elsewhere = []
    for remark in sorted(remarks, key=lambda remark: remark.place):
        of_block = take_is_block or remark.of_block
        part = None if program is None else part_at(text, program, remark.place, take_is_block=of_block)
        if part is None:
            elsewhere.append(remark)
        else:
            faults.setdefault((part.start, part.end), Fault(part)).remarks.append(remark)
    found = _outermost(faults)
    for fault in found:
        if fault.fatal:
            # What has an error is not compared with the papers.
            fault.remarks = [remark for remark in fault.remarks if not remark.code.startswith("W8")]
        if fault.part.node is None:
            # Of what was not understood, only the reason is told, not what follows from it.
            fault.remarks = [remark for remark in fault.remarks if remark.code.startswith("E1")] or fault.remarks
    return Review(text, program, found, tuple(elsewhere), omissions)


def provenance(program: tree.Program, papers: Sequence[Paper]) -> ProvenanceReport:
    """Compare a program, with citations by ids or in words, with its papers."""
    documents = {paper.source: paper.document for paper in papers}
    return check_provenance(tree_in_words(program, papers), documents)


def _doubts(report: ProvenanceReport) -> Iterator[Remark]:
    for finding in report.problems:
        if finding.verdict is Verdict.NOT_FOUND and any(is_id(item.quote) for item in finding.evidence):
            continue  # told as an unknown id
        # Citations are ids here.
        proposal = _CITE if finding.verdict is Verdict.NOT_CITED else finding.proposal
        text = finding.message if proposal is None else f"{finding.message} ({proposal})"
        yield Remark(CODES[finding.verdict], f"{finding.verdict}: {text}", finding.span.start, False)


def _outermost(faults: dict[tuple[int, int], Fault]) -> tuple[Fault, ...]:
    """Put what is wrong inside a part that is mended as a whole with that part."""
    found: list[Fault] = []
    for _, fault in sorted(faults.items(), key=lambda item: (item[0][0], -item[0][1])):
        if found and fault.part.end <= found[-1].part.end:
            found[-1].remarks += fault.remarks
        else:
            found.append(fault)
    return tuple(found)


def _said(diagnostic: Diagnostic) -> str:
    message = f"{diagnostic.severity} {diagnostic.code}: {diagnostic.message}"
    return message if diagnostic.proposal is None else f"{message} ({diagnostic.proposal})"


def _of_region(item: Diagnostic, program: tree.Program) -> Iterator[Remark]:
    """Yield the remark on the `take` of a region that can never pass because of what it starts from.

    The region's own criterion may be right, and what it starts from wrong; then it needs other criteria instead.
    """
    regions = [block for block in program.blocks if isinstance(block, tree.RegionBlock)]
    if item.code != "W602" or item.related is None:
        return
    mine, other = (
        next((one for one in regions if span.begins_in(one.span)), None) for span in (item.span, item.related)
    )
    if mine is None or other is None or other is mine:
        return
    for statement in mine.statements:
        if isinstance(statement, tree.Take):
            names = " and ".join(f"`{source.name}`" for source in statement.sources)
            why = (
                f"`{mine.name}` starts from {names}, and has all criteria of it, which exclude its own: if the paper "
                "does not say so, write this region without the `take`, and with those of them that are stated for it"
            )
            yield Remark(item.code, why, statement.span.start, False, of_block=True)


def _with_lines(message: str, text: str) -> str:
    """Return a message with the lines that it names by their numbers, which a model does not see."""
    lines = text.splitlines()

    def line(found: re.Match[str]) -> str:
        number = int(found[1])
        return f"`{lines[number - 1].strip()}`" if 0 < number <= len(lines) else found[0]

    return _LINE.sub(line, message)


def cited_passages(part: Part, papers: Sequence[Paper]) -> list[str]:
    """Return the sentences and rows that a part cites, as a prompt shows them."""
    if part.node is None:
        return []
    known = known_passages(papers)
    cited = ((node.source, passage_id(node) or "") for node in tree.walk(part.node) if isinstance(node, tree.Cite))
    return [f"{one[0]} [{one[1]}] {known[one][1]}" for one in dict.fromkeys(cited) if one in known]
