"""What several drafts agree on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from hepsel.syntax.diagnostics import printable
from hepsel.syntax.printer import quoted

_LONGEST = 120  # characters of another reading in a note


class Outcome(StrEnum):
    """What became of a statement."""

    KEPT = "kept"
    REPLACED = "replaced"
    DROPPED = "dropped"
    ADDED = "added"
    LEFT_OUT = "left out"
    MINORITY = "said by few"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to say a thing, without citations, and how many drafts say it; none where `text` is empty."""

    text: str
    votes: int


@dataclass(frozen=True, slots=True)
class Vote:
    """A statement and how it fared.

    Attributes
    ----------
    block
        The block of the merged program that it stands in.
    outcome
        What was done in the draft that the merged program was made from.
    chosen
        What the merged program says; its text is empty where it says nothing.
    others
        What other drafts say instead, most votes first; an empty text stands for drafts that say nothing of it.
    note
        Why the outcome is not what the votes say, where it is not.
    place
        The number of the statement in its block of the merged program, from 0; `None` for definitions and whole blocks,
        and for what the merged program does not say.
    """

    block: str
    outcome: Outcome
    chosen: Reading
    others: tuple[Reading, ...] = ()
    note: str = ""
    place: int | None = None

    @property
    def unanimous(self) -> bool:
        """Whether all drafts agree."""
        return not self.others

    def remark(self, drafts: int) -> str:
        """Return the note that says in a program how the drafts, so many, differ."""
        others = "; ".join(f"{other.votes}: {other.text[:_LONGEST] or 'nothing of it'}" for other in self.others)
        return f"note {quoted(printable(f'{self.chosen.votes} of {drafts} drafts; {others}'))}"


@dataclass(frozen=True, slots=True)
class Agreement:
    """A program made of several drafts.

    Attributes
    ----------
    text
        The program, in canonical layout. A statement on which the drafts differ has a note that says how; one that
        most drafts do not have stands there as a comment.
    drafts
        How many there were.
    base
        The number of the draft, from 0, that the program was made from: the one that the others agree with most.
    votes
        One for each statement, in the order of the program; then those that stand in other drafts only.
    """

    text: str
    drafts: int
    base: int
    votes: tuple[Vote, ...]

    def as_json(self) -> dict[str, Any]:
        """Return all but the text as plain data."""
        return {
            "drafts": self.drafts,
            "base": self.base,
            "statements": [
                {
                    "block": vote.block,
                    "number": vote.place,
                    "outcome": str(vote.outcome),
                    "text": vote.chosen.text,
                    "votes": vote.chosen.votes,
                    "others": list(map(asdict, vote.others)),
                    "note": vote.note,
                }
                for vote in self.votes
            ],
        }
