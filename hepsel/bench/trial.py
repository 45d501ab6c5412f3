"""One trial: a model is asked for the selection of a paper, and what it says is measured against the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from hepsel.bench.events import event_match, selected
from hepsel.bench.flags import Told, Truth, differences, sound_statements
from hepsel.bench.spec import BenchPaper
from hepsel.check import check_text
from hepsel.compare.diff import compare_programs
from hepsel.compare.score import score
from hepsel.errors import DataError
from hepsel.extract.answers.converse import Conversation
from hepsel.extract.answers.draft import Draft, NoDraft
from hepsel.extract.askers import Asker
from hepsel.extract.extract import Sample, Settled, Task, ask, settle
from hepsel.extract.servers.model import PromptCut, ServerError, Transient, Truncated

if TYPE_CHECKING:
    from numpy.typing import NDArray

Record = dict[str, Any]
"""What is kept of a trial, as plain data."""

OUTCOMES = ("draft", "no draft", "truncated", "prompt cut", "transport", "server")
"""What becomes of a trial: a draft; answers of which none can be made; an answer or a question that is cut; a
connection that fails; a server that refuses."""

_ON_THE_WAY = ("transport", "server")


def is_final(record: Record) -> bool:
    """Whether a trial says something of the model: one whose server failed is made again."""
    return record["outcome"] not in _ON_THE_WAY


@dataclass
class Measure:
    """A paper with its truth, and what the truth selects of the data.

    Attributes
    ----------
    paper
        The paper.
    task
        What is asked about it.
    selected
        For each region of the truth whether it selects each event; empty without data.
    """

    paper: BenchPaper
    task: Task
    selected: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.truth = Truth(self.paper.text, self.paper.truth, self.task.papers)
        itself = compare_programs(self.paper.truth, self.paper.truth)
        self.items = score(itself, "second").overall.truth
        """Number of items of the truth."""


def run_trial(measure: Measure, make_asker: Callable[[int], Asker], samples: int, rounds: int) -> Record:
    """Have a draft made and measure it.

    Parameters
    ----------
    measure
        The paper and its truth.
    make_asker
        Returns who is asked for a sample, by its number.
    samples, rounds
        As the options of `hepsel extract`.

    Returns
    -------
    dict
        `outcome` (see `OUTCOMES`) and `message`; `conversations`; and of a draft what `measured` returns.
    """
    made: list[Sample] = []
    try:
        for number in range(samples):
            asker = make_asker(number)
            made.append(Sample(ask(measure.task, asker, rounds), asker))
        settled = settle(measure.task, made)
    except (NoDraft, ServerError) as error:
        record: Record = {"outcome": _outcome(error), "message": str(error), **_nothing(measure)}
    else:
        record = {"outcome": "draft", "message": None, **measured(measure, settled)}
    return {**record, "conversations": [_conversation(sample) for sample in made]}


def measured(measure: Measure, settled: Settled) -> Record:
    """Compare a draft with the truth.

    Returns
    -------
    dict
        `items`: how many the truth has and how many of them are found, how many are said and how many of them are
        right; `differences` with their kinds, and whether they are flagged; `sound`: statements that are right, and
        those of them that are flagged; the numbers of `verdicts` on the evidence, of `failed` and `flagged` statements,
        of `omissions`; `events`: see `event_match`; and the `draft`.
    """
    draft = settled.draft
    checked = check_text(draft.text, measure.paper.format)
    assert checked.program is not None  # a draft has no errors
    comparison = compare_programs(checked.program, measure.paper.truth, reference="B")
    overall = score(comparison, "second").overall
    told = Told(draft, checked.program)
    sound, alarms = sound_statements(comparison, told)
    record = {
        "items": {"truth": overall.truth, "found": overall.found, "said": overall.said, "right": overall.right},
        "differences": [asdict(found) for found in differences(comparison, told, measure.truth)],
        "sound": {"statements": sound, "flagged": alarms},
        **_evidence(draft),
        "draft": draft.text,
    }
    if measure.selected:
        names = {truth: said for said, truth in comparison.matching.pairs}
        try:
            record["events"] = event_match(measure.selected, selected(checked.program, measure.paper.data), names)
        except (DataError, MemoryError, RecursionError) as error:
            record["events"] = {**event_match(measure.selected, {}, {}), "error": str(error) or type(error).__name__}
    return record


def _evidence(draft: Draft) -> Record:
    return {
        "verdicts": {str(verdict): count for verdict, count in draft.evidence.counts.items()},
        "failed": len(draft.failures),
        "flagged": len(draft.flags),
        "omissions": len(draft.evidence.omissions),
    }


def _nothing(measure: Measure) -> Record:
    """Return the measures of a trial without a draft, which finds nothing."""
    record: Record = {"items": {"truth": measure.items, "found": 0, "said": 0, "right": 0}}
    if measure.selected:
        record["events"] = event_match(measure.selected, {}, {})
    return record


def _outcome(error: Exception) -> str:
    kinds = {NoDraft: "no draft", Truncated: "truncated", PromptCut: "prompt cut", Transient: "transport"}
    return next((name for kind, name in kinds.items() if isinstance(error, kind)), "server")


# ------------------------------------------------------------------ conversations


def _conversation(sample: Sample) -> Record:
    """Return how a conversation went.

    `parses` says that there was a program without errors of syntax, `checks` one without any error, each after the
    first answer and at the end.
    """
    talk, asked = sample.talk, sample.asker.asked
    stopped = sample.asker.stopped
    return {
        "answers": len(talk.rounds),
        "parses": [_is_sound(talk, number, "E1") for number in (0, -1)],
        "checks": [_is_sound(talk, number, "") for number in (0, -1)],
        "refused": [reason for held in talk.rounds for reason in held.refused],
        "problems": [dict(Counter(remark.code for remark in held.problems)) for held in talk.rounds],
        "stopped": None if stopped is None else _outcome(stopped),
        "prompt_tokens": known_sum([one.prompt_tokens for one in asked]),
        "answer_tokens": known_sum([one.answer_tokens for one in asked]),
        "seconds": known_sum([one.seconds for one in asked]),
    }


def _is_sound(talk: Conversation, number: int, codes: str) -> bool:
    """Whether after an answer there was a program without errors whose codes begin so."""
    if not talk.rounds or talk.text is None:
        return False
    held = talk.rounds[number]
    if number == 0 and held.refused:
        return False
    return not any(remark.fatal and remark.code.startswith(codes) for remark in held.problems)


def known_sum(values: Sequence[float | None]) -> float | None:
    """Return the sum of the values that are known; `None` without any."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
