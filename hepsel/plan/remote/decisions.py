"""Where each criterion runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hepsel.plan.nodes import CutTexts


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a criterion runs, and why there.

    Attributes
    ----------
    texts
        The criterion.
    is_remote
        Whether the server applies it.
    reason
        Why not.
    is_rounded
        Whether rounding could decide it on a server, so that events close to its bounds are sent.
    narrows
        Whether the server drops events all the same, those in which it cannot be true.
    """

    texts: CutTexts
    is_remote: bool
    reason: str = ""
    narrows: bool = False
    is_rounded: bool = False


def in_order(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return each decision once, in the order of the program."""
    return tuple(sorted(dict.fromkeys(decisions), key=lambda decision: decision.texts.line))
