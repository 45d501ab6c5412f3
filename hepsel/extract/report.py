"""What `draft.report.json` says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from hepsel import __version__
from hepsel.extract.agreeing import Agreement
from hepsel.extract.answers.converse import Conversation
from hepsel.extract.answers.draft import Draft, Failure
from hepsel.extract.answers.review import Remark
from hepsel.extract.asking.passages import Paper, Unresolved, shown_parts
from hepsel.extract.choosing.cuts import kind_of_parts, parts_of

SCHEMA = "hepsel-extract/1"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of one answer: who gave it, how long it took, and how many tokens there were."""

    key: str
    model: str
    digest: str
    seconds: float | None
    prompt_tokens: int | None
    answer_tokens: int | None


@dataclass(frozen=True, slots=True)
class TalkData:
    """A conversation, what is known of its answers, and why it could not be led to its end, if so."""

    talk: Conversation
    asked: Sequence[Asked]
    stopped: Exception | None


def report_data(
    papers: Sequence[Paper],
    parts: int | None,
    missing: Sequence[Unresolved],
    format_name: str,
    talks: Sequence[TalkData],
    draft: Draft,
    agreement: Agreement | None,
) -> dict[str, Any]:
    """Return the report as plain data."""
    return {
        "schema": SCHEMA,
        "hepsel": __version__,
        "format": format_name,
        "papers": [
            {
                "source": paper.source,
                "file": paper.document.name,
                "sha256": paper.document.sha256,
                "key": paper.key,
                "divided_into": kind_of_parts(paper.document),
                "parts": len(parts_of(paper.document)),
                "parts_shown": len(shown_parts(paper, parts)),
            }
            for paper in papers
        ],
        "unresolved_references": list(map(asdict, missing)),
        "samples": [
            {
                "rounds": [
                    {
                        "wanted": held.wanted.name,
                        **asdict(entry),
                        "refused": held.refused,
                        "problems": [_remark(remark) for remark in held.problems],
                    }
                    for held, entry in zip(each.talk.rounds, each.asked, strict=True)
                ],
                "stopped": None if each.stopped is None else str(each.stopped),
            }
            for each in talks
        ],
        "agreement": None if agreement is None else agreement.as_json(),
        "complete": not draft.failures and not draft.flags,
        "failed": [_failure(failure) for failure in draft.failures],
        "flagged": [_failure(failure) for failure in draft.flags],
        "assumed": list(map(asdict, draft.assumed)),
        "evidence": draft.evidence.as_json(),
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "place": failure.place,
        "text": failure.text,
        "problems": [_remark(remark) for remark in failure.remarks],
    }


def _remark(remark: Remark) -> dict[str, Any]:
    return {"code": remark.code, "message": remark.message}
