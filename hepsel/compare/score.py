"""How well one program says what another, taken as the truth, says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hepsel.compare.entries import Entry
from hepsel.compare.verdicts import Comparison, Row, Verdict

Side = Literal["first", "second"]


@dataclass(frozen=True, slots=True)
class Score:
    """Numbers of criteria, and what follows from them.

    Attributes
    ----------
    truth
        Number of criteria of the truth.
    found
        Those of them that the other program says (identically or equivalently).
    said
        Number of criteria of the other program.
    right
        Those of them that the truth says.
    """

    truth: int
    found: int
    said: int
    right: int

    @property
    def precision(self) -> float:
        """The part of what is said that is right; 1 if nothing is said."""
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        """The part of the truth that is said; 1 if there is none."""
        return self.found / self.truth if self.truth else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        together = self.precision + self.recall
        return 2 * self.precision * self.recall / together if together else 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores over all criteria and by the truth's blocks, and a verdict for each of the truth's labels."""

    overall: Score
    blocks: dict[str, Score]
    labels: dict[str, Verdict]


def score(comparison: Comparison, truth: Side) -> Scores:
    """Score the other program against the truth; histograms and columns do not count.

    What only the other program says counts under the truth's counterpart of its block, if it has one.
    """
    # What uses a definition that differs says something else itself, though that is told of the definition.
    told = ((row.places if row.kind == "definition" else (row,)) for row in comparison.rows)
    rows = [row for some in told for row in some if not row.apart]
    other_of = {b: a for a, b in comparison.matching.pairs} if truth == "first" else comparison.matching.second
    blocks = dict.fromkeys(
        [entry.block for row in rows for entry in _of(row, truth)]
        + [other_of.get(entry.block, entry.block) for row in rows for entry in _of(row, _other(truth))]
    )
    by_block = {name: _score(rows, truth, other_of, name) for name in blocks}
    return Scores(_score(rows, truth, other_of, None), by_block, _labels(rows, truth))


def _score(rows: Iterable[Row], truth: Side, other_of: Mapping[str, str], block: str | None) -> Score:
    wanted = found = said = right = 0
    for row in rows:
        ours = sum(block in (None, entry.block) for entry in _of(row, truth))
        theirs = sum(block in (None, other_of.get(entry.block, entry.block)) for entry in _of(row, _other(truth)))
        wanted += ours
        said += theirs
        if row.verdict.same:
            found += ours
            right += theirs
    return Score(wanted, found, said, right)


def _labels(rows: Iterable[Row], truth: Side) -> dict[str, Verdict]:
    """Return the worst verdict on the criteria of each label."""
    order = list(Verdict)
    result: dict[str, Verdict] = {}
    for row in rows:
        for entry in _of(row, truth):
            if entry.label is not None:
                known = result.get(entry.label, Verdict.IDENTICAL)
                result[entry.label] = max(known, row.verdict, key=order.index)
    return result


def _of(row: Row, side: Side) -> Sequence[Entry]:
    return row.first if side == "first" else row.second


def _other(side: Side) -> Side:
    return "second" if side == "first" else "first"
