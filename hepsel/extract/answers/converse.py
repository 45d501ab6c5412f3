"""The conversation: a question, an answer, and rounds in which what is wrong with it goes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hepsel.extract.answers.citations import as_citations, with_sources
from hepsel.extract.answers.citations import replaced as with_changes
from hepsel.extract.answers.find import NoProgram, find_program, find_repairs
from hepsel.extract.answers.parts import Part, RepairKind, criteria_in, fits, is_of_another, lost
from hepsel.extract.answers.review import Fault, Remark, Review, cited_passages, review
from hepsel.extract.asking.messages import Message, example_id
from hepsel.extract.asking.passages import Paper
from hepsel.extract.asking.templates import fill
from hepsel.extract.constraint.tree_json import as_text
from hepsel.formats.schema import Format
from hepsel.syntax.diagnostics import SourceText, printable
from hepsel.syntax.parser import parse


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an answer should hold: repairs of these parts, in their order, or a whole program."""

    repairs: tuple[RepairKind, ...] = ()

    @property
    def name(self) -> str:
        """It in a word."""
        return "repairs" if self.repairs else "program"


Ask = Callable[[Sequence[Message], Wanted], str | None]
"""Gives the answer to messages; `None` when there is nobody left to ask."""


@dataclass
class Round:
    """One question and what came of it.

    Attributes
    ----------
    wanted
        What was asked for.
    answer
        What came.
    refused
        Why the answer, or a repair of it, was not used; empty where all of it was.
    problems
        What was wrong with the program after this round.
    """

    wanted: Wanted
    answer: str
    refused: list[str] = field(default_factory=list)
    problems: list[Remark] = field(default_factory=list)


@dataclass
class Conversation:
    """All that was asked and answered.

    Attributes
    ----------
    text
        The program at the end, with citations by ids; `None` where no answer held one.
    rounds
        One for each answer.
    messages
        The next question; `None` when there was nothing left to ask.
    reason
        Why the last answer without a program held none.
    """

    text: str | None
    rounds: list[Round]
    messages: tuple[Message, ...] | None
    reason: str = ""


def converse(
    question: Sequence[Message],
    ask: Ask,
    data_format: Format,
    papers: Sequence[Paper],
    rounds: int,
) -> Conversation:
    """Ask for a program and have it mended.

    Parameters
    ----------
    question
        The first messages.
    ask
        Who is asked.
    data_format, papers
        What the program is checked against.
    rounds
        How many more questions may be asked after the first one.
    """
    talk = Conversation(None, [], tuple(question))
    current: Review | None = None
    wanted = Wanted()
    asked: tuple[Fault, ...] = ()
    stood_by: set[str] = set()
    completing = completed = False
    while talk.messages is not None and len(talk.rounds) <= rounds:
        answer = ask(talk.messages, wanted)
        if answer is None:
            break
        held = Round(wanted, answer)
        talk.rounds.append(held)
        try:
            text = as_citations(as_text(answer), papers)
            if current is not None and completing:
                current = _instead(find_program(text), current, data_format, papers, [])
            elif current is None or not wanted.repairs:
                current = _taken(find_program(text), current, held, data_format, papers)
            else:
                repairs = find_repairs(text)
                if repairs is None:
                    places = [remark.place for remark in current.of_parts]
                    current = _instead(find_program(text), current, data_format, papers, places)
                else:
                    stood_by |= _given_back(current, asked, repairs)
                    current = _mended(current, asked, repairs, held, data_format, papers)
        except NoProgram as error:
            held.refused.append(str(error))
            talk.reason = str(error)
        if current is None:
            # What was refused is not sent back.
            useless = Message("assistant", "(This answer could not be used.)")
            talk.messages = (*question, useless, Message("user", fill("no_program", reason=held.refused[-1])))
            continue
        stands = wanted.repairs != () and talk.text == current.text and not held.refused
        talk.text = current.text
        held.problems = [*current.of_parts, *current.elsewhere]
        asked = tuple(fault for fault in current.faults if fault.fatal or _said(current, fault) not in stood_by)
        written = Message("assistant", f"```hepsel\n{current.text}```\n")
        # Nothing is wrong, or the model stands by what it wrote: the next question would be the same.
        mended = stands or not (asked or current.elsewhere)
        completing = mended and not completed and bool(current.omissions) and not any(f.fatal for f in current.faults)
        if completing:
            # What is left out is asked for once: much of what looks like a criterion is none.
            completed, wanted = True, Wanted()
            talk.messages = (*question, written, _reminder(current))
        elif mended:
            talk.messages = None
        else:
            wanted = Wanted() if current.elsewhere else Wanted(tuple(_kind(fault.part) for fault in asked))
            talk.messages = (*question, written, _complaint(current, asked, held, papers))
    return talk


def _taken(text: str, before: Review | None, held: Round, data_format: Format, papers: Sequence[Paper]) -> Review:
    """Review a whole program; one that loses what was right in the program before it is refused."""
    after = _reviewed(text, data_format, papers)
    if before is None:
        return after
    if (missing := _lost(before, after, [remark.place for remark in before.of_parts])) is not None:
        raise NoProgram(f"the program lost what was right: {missing}")
    fewer = criteria_in(before.text) - criteria_in(after.text)
    if fewer > 0:
        held.refused.append(f"the program has {fewer} criteria fewer than the one before, which had errors")
    return after


def _instead(text: str, before: Review, data_format: Format, papers: Sequence[Paper], places: Sequence[int]) -> Review:
    """Review a whole program that has to have all of the one before, but for what is mended at some places."""
    after = _reviewed(text, data_format, papers)
    if (missing := _lost(before, after, places)) is not None:
        raise NoProgram(f"the program lost what was right: {missing}")
    if (fewer := criteria_in(before.text) - criteria_in(after.text)) > 0:
        raise NoProgram(f"the program has {fewer} criteria fewer than the one before")
    return after


def _reviewed(text: str, data_format: Format, papers: Sequence[Paper]) -> Review:
    """Review a program, after its header has been told of all papers."""
    program, _, _ = parse(SourceText(text))
    return review(text if program is None else with_sources(text, program, papers), data_format, papers)


def _said(current: Review, fault: Fault) -> str:
    """Return what a part says, whatever the spaces."""
    return " ".join(fault.part.of(current.text).split())


def _given_back(current: Review, asked: Sequence[Fault], repairs: dict[int, str]) -> set[str]:
    """Return what the model stands by: a doubt may be mistaken, and asked for again, what is right would be changed."""
    said = ((_said(current, fault), repairs.get(number, "")) for number, fault in enumerate(asked, start=1))
    return {old for old, new in said if " ".join(new.split()) == old}


def _mended(
    before: Review,
    asked: Sequence[Fault],
    repairs: dict[int, str],
    held: Round,
    data_format: Format,
    papers: Sequence[Paper],
) -> Review:
    """Put the repairs of what was asked for in their places, those that fit."""
    changes = {}
    for number, fault in enumerate(asked, start=1):
        new = repairs.pop(number, None)
        if new is None:
            held.refused.append(f"repair {number} is missing")
            continue
        reason = fits(new, fault.part, fault.part.of(before.text))
        others = [one.part.of(before.text) for one in asked if one is not fault]
        if reason is None and fault.part.kind == "statement" and is_of_another(new, fault.part.of(before.text), others):
            reason = "it is of another criterion than the part with this number, which has to stay what it is"
        if reason is not None:
            held.refused.append(f"repair {number}: {reason}")
            continue
        changes[fault.part.start, fault.part.end] = new
    held.refused += [f"repair {number} mends nothing that was asked for" for number in repairs]
    if not changes:
        return before
    after = _reviewed(with_changes(before.text, changes), data_format, papers)
    if (missing := _lost(before, after, [remark.place for remark in before.of_parts])) is not None:
        held.refused.append(f"the repairs lost what was right: {missing}")
        return before
    return after


def _lost(before: Review, after: Review, places: Sequence[int]) -> str | None:
    """Return something that was there before, at other places than these, and is not there any more."""
    if before.program is None:
        return None
    if after.program is None:
        return "all of it"
    missing = lost(before.program, after.program, places)
    return missing[0] if missing else None


def _kind(part: Part) -> RepairKind:
    if part.kind != "statement":
        return part.kind
    return "statement of a region" if part.block[0] == "region" else "statement of an item"


def _reminder(current: Review) -> Message:
    """Return the message that says what looks like a criterion and is not used."""
    omissions = [
        f"{item.source} [{item.where}] {item.text}" + (f" (not used: {', '.join(item.said)})" if item.said else "")
        for item in current.omissions
    ]
    return Message("user", fill("missing", omissions=list(map(printable, omissions))))


def _complaint(current: Review, asked: Sequence[Fault], held: Round, papers: Sequence[Paper]) -> Message:
    """Return the message that says what is wrong."""
    shown = [
        {
            "place": fault.part.place,
            "text": fault.part.of(current.text),
            "remarks": [remark.message for remark in fault.remarks],
            "passages": cited_passages(fault.part, papers),
        }
        for fault in asked
    ]
    return Message(
        "user",
        fill(
            "repair",
            whole=bool(current.elsewhere),
            remarks=[remark.message for remark in (*current.elsewhere, *current.of_parts)],
            faults=shown,
            refused=held.refused,
            example_id=example_id(papers),
        ),
    )
