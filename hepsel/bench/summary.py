"""What trials come to: counts, and shares with their intervals, for each model on each paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from hepsel.bench.intervals import Share, f1_share, share
from hepsel.bench.trial import OUTCOMES, Record, is_final, known_sum
from hepsel.compare.verdicts import Verdict as Difference
from hepsel.extract.checking import Verdict

FOUND = tuple(str(verdict) for verdict in Difference if not verdict.same)
"""The kinds of differences, as `hepsel diff` calls them."""


@dataclass(frozen=True)
class Cell:
    """A model on a paper.

    Attributes
    ----------
    model, paper
        Which.
    wanted, made
        How many trials the bench has, and how many of them were made; without those whose server failed.
    outcomes
        How many trials came to what; with those whose server failed.
    drafts
        Trials that gave a draft.
    parses, checks
        Conversations that gave a program without errors of syntax, and without any error, after the first answer and
        at the end.
    rounds
        Mean number of repairing rounds of a conversation.
    refused
        Answers, or parts of them, that could not be used.
    precision, recall, f1
        Of the items of all trials together. A trial without a draft finds nothing.
    scores
        F1 of each trial.
    exact
        Trials whose draft says what the truth says.
    differences
        By kind: those that the user is told of, among all.
    told
        The same for all kinds together.
    alarms
        Statements that say what the truth says and are flagged all the same.
    verdicts
        Statements by the verdict on their evidence.
    identical, events
        Trials whose draft selects exactly the events of the truth; and events that both select, among those that
        either does. `None` without data.
    not_run
        Drafts that could not be run on the data.
    prompt_tokens, answer_tokens, seconds
        Means of a trial, where the server tells.
    """

    model: str
    paper: str
    wanted: int
    made: int
    outcomes: dict[str, int]
    drafts: Share
    parses: tuple[Share, Share]
    checks: tuple[Share, Share]
    rounds: float | None
    refused: int
    precision: Share
    recall: Share
    f1: Share
    scores: tuple[float, ...]
    exact: Share
    differences: dict[str, Share]
    told: Share
    alarms: Share
    verdicts: dict[str, int]
    identical: Share | None
    events: Share | None
    not_run: int
    prompt_tokens: float | None
    answer_tokens: float | None
    seconds: float | None

    def data(self) -> dict[str, Any]:
        """Return it as plain data."""

        def plain(value: Any) -> Any:
            if isinstance(value, Share):
                return value.data()
            if isinstance(value, tuple):
                return [plain(item) for item in value]
            return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value

        return {name: plain(getattr(self, name)) for name in self.__dataclass_fields__}


def cell(model: str, paper: str, wanted: int, records: Iterable[Record]) -> Cell:
    """Return what the trials of a model on a paper come to."""
    known = list(records)
    made = [record for record in known if is_final(record)]
    drafts = [record for record in made if record["outcome"] == "draft"]
    talks = [talk for record in made for talk in record["conversations"]]
    items = {key: sum(record["items"][key] for record in made) for key in ("truth", "found", "said", "right")}
    found = [difference for record in drafts for difference in record["differences"]]
    events = [record["events"] for record in made if "events" in record]
    outcomes = Counter(record["outcome"] for record in known)
    verdicts: Counter[str] = Counter()
    for record in drafts:
        verdicts.update(record["verdicts"])
    return Cell(
        model=model,
        paper=paper,
        wanted=wanted,
        made=len(made),
        outcomes={name: outcomes[name] for name in OUTCOMES},
        drafts=share(len(drafts), len(made)),
        parses=_at_both_ends(talks, "parses"),
        checks=_at_both_ends(talks, "checks"),
        rounds=_mean([max(0, talk["answers"] - 1) for talk in talks]),
        refused=sum(len(talk["refused"]) for talk in talks),
        precision=share(items["right"], items["said"]),
        recall=share(items["found"], items["truth"]),
        f1=f1_share(**items),
        scores=tuple(f1_share(**record["items"]).value or 0.0 for record in made),
        exact=share(sum(not record["differences"] for record in drafts), len(made)),
        differences={kind: _told([one for one in found if one["kind"] == kind]) for kind in FOUND},
        told=_told(found),
        alarms=share(
            sum(len(record["sound"]["flagged"]) for record in drafts),
            sum(record["sound"]["statements"] for record in drafts),
        ),
        verdicts={str(verdict): verdicts[str(verdict)] for verdict in Verdict},
        identical=share(sum(one["identical"] for one in events), len(events)) if events else None,
        events=share(sum(one["both"] for one in events), sum(map(_either, events))) if events else None,
        not_run=sum("error" in one for one in events),
        **{
            key: _mean([known_sum([talk[key] for talk in record["conversations"]]) for record in made])
            for key in ("prompt_tokens", "answer_tokens", "seconds")
        },
    )


def _at_both_ends(talks: Sequence[Record], key: str) -> tuple[Share, Share]:
    first, last = (share(sum(talk[key][end] for talk in talks), len(talks)) for end in (0, 1))
    return first, last


def _told(found: Sequence[Record]) -> Share:
    return share(sum(one["flagged"] for one in found), len(found))


def _either(events: Record) -> int:
    return int(events["both"] + events["only_draft"] + events["only_truth"])


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
