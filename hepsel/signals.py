"""Signals that end a command: as exceptions they let it clear up, where Python would drop everything."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGHUP)
"""What batch systems send before they kill, and what a terminal sends that is closed."""


class Terminated(BaseException):
    """The process was told to end.

    Attributes
    ----------
    exit_code
        As shells give it for a process that the signal ended.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


def terminate(number: int, _: FrameType | None) -> None:
    """Handle a signal that ends the process."""
    raise Terminated(number)


@contextlib.contextmanager
def ended_in_order() -> Iterator[None]:
    """Make exceptions of the signals that end a process; one that is ignored, as under `nohup`, stays ignored."""
    ours = [number for number in ENDING if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, terminate)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
