"""The messages of a conversation with a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from hepsel.errors import HepselError
from hepsel.extract.asking.card import language_card
from hepsel.extract.asking.passages import Paper, lines, shown_parts
from hepsel.extract.asking.templates import examples, fill
from hepsel.extract.choosing.cuts import cuts, kind_of_parts, parts_of
from hepsel.formats.schema import Format
from hepsel.syntax.printer import quoted

Role = Literal["system", "user", "assistant"]

CHARACTERS_PER_TOKEN = 3
"""Fewest that a token of such a text stands for on average (3.6 were measured): how a length is estimated, on the safe
side, before a server has counted."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: who says what."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """The first messages, and how many pages or sections of each paper they show at most; `None`: the whole body."""

    messages: tuple[Message, ...]
    parts: int | None


def tokens(messages: Sequence[Message]) -> int:
    """Return an estimate, rather too high than too low, of the tokens in messages."""
    return sum(-(-len(message.content) // CHARACTERS_PER_TOKEN) + 8 for message in messages)


def first_question(papers: Sequence[Paper], data_format: Format, room: int | None) -> Question:
    """Return the question for a program, with as much of the papers as there is room for.

    Parameters
    ----------
    papers
        The paper, then those that it refers to.
    data_format
        The format whose vocabulary is used.
    room
        Tokens that the messages may have; `None` for any number.

    Raises
    ------
    HepselError
        When not even one page or section of each paper fits.
    """
    card = language_card(data_format)
    system = Message("system", fill("system"))
    most = max(len(parts_of(paper.document)) for paper in papers)
    needed = 0
    for parts in (None, *range(most - 1, 0, -1)):
        messages = (system, Message("user", _ask(papers, card, parts)))
        needed = tokens(messages)
        if room is None or needed <= room:
            return Question(messages, parts)
    raise HepselError(
        f"the context of the model is too small: the shortest question needs about {needed} tokens, and there is room "
        f"for {room}; raise `context`, or lower `max_tokens`, if the server allows it"
    )


def _ask(papers: Sequence[Paper], card: str, most: int | None) -> str:
    shown = []
    for paper in papers:
        parts = shown_parts(paper, most)
        shown.append(
            {
                "source": paper.source,
                "key": paper.key,
                "title": quoted(paper.description),
                "lines": lines(parts),
                "left_out": len(parts) < len(parts_of(paper.document)),
                "parts": kind_of_parts(paper.document),
            }
        )
    return fill("ask", papers=shown, card=card, examples=examples(), example_id=example_id(papers))


def example_id(papers: Sequence[Paper]) -> str:
    """Return an id of the paper that instructions may show: that of its first cut, or of its first sentence."""
    document = papers[0].document
    first_cut = next(cuts(document), None)
    return first_cut.where.id if first_cut is not None else next(iter(papers[0].passages))
