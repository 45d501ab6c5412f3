"""The votes on a draft, as a browser shows them."""

from __future__ import annotations

from collections.abc import Iterator

from hepsel.extract.agreeing import Agreement, Outcome, Reading, Vote
from hepsel.extract.reporting.page import ShownVote
from hepsel.syntax import tree

_NOTHING = "nothing of it"


def shown_votes(agreement: Agreement, program: tree.Program, text: str) -> Iterator[ShownVote]:
    """Yield the votes with the lines of a draft that they are about.

    Parameters
    ----------
    agreement
        The votes.
    program, text
        The draft that was made of what was agreed on: the same statements in the same blocks.
    """
    blocks = {block.name: block for block in program.blocks}
    for vote in agreement.votes:
        others = tuple(map(_other, vote.others))
        if vote.outcome is Outcome.DROPPED:
            # What most drafts lack: the readings are those of the others.
            said, *rest = vote.others
            yield _shown((0, 0), vote, said, (*map(_other, rest), _other(vote.chosen)), agreement.drafts)
        elif vote.outcome in (Outcome.LEFT_OUT, Outcome.MINORITY):
            yield _shown((0, 0), vote, vote.chosen, others, agreement.drafts)
        else:
            lines = _lines(text, blocks[vote.block], vote.place)
            yield _shown(lines, vote, vote.chosen, others, agreement.drafts)


def _other(reading: Reading) -> str:
    return f"{reading.text or _NOTHING} ({reading.votes})"


def _shown(lines: tuple[int, int], vote: Vote, said: Reading, others: tuple[str, ...], drafts: int) -> ShownVote:
    return ShownVote(*lines, vote.block, said.text, said.votes, drafts, others, vote.note)


def _lines(text: str, block: tree.Block, place: int | None) -> tuple[int, int]:
    """Return the first and the last line of a statement, of a definition, or of the head of a block."""
    if place is not None:
        assert isinstance(block, tree.Body)
        start, end = block.statements[place].span.start, block.statements[place].span.end
    else:
        whole = isinstance(block, tree.Define | tree.Table)
        start = block.span.start
        end = max(block.span.end if whole else block.name_span.end, *(one.span.end for one in block.annotations), 0)
    return text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 1
