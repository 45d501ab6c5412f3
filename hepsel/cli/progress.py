"""Progress of long work, on a terminal only."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import TaskID

    from hepsel.run.execute import Progress


class _Bar:
    """Progress of a run on a terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task: TaskID | None = None

    def start(self, total: int, what: str = "events") -> None:
        if self._task is not None:
            self.bar.remove_task(self._task)
        self._task = self.bar.add_task(what, total=total)

    def advance(self, amount: int) -> None:
        assert self._task is not None
        self.bar.advance(self._task, amount)

    def say(self, what: str) -> None:
        """Tell what is done now."""
        assert self._task is not None
        self.bar.update(self._task, description=what)


class Steps(Protocol):
    """Is told how far something has come."""

    def start(self, total: int, what: str) -> None:
        """So many steps are to be done."""

    def advance(self, amount: int) -> None:
        """So many more are done."""

    def say(self, what: str) -> None:
        """Tell what is done now."""


class _Silent:
    def start(self, total: int, what: str) -> None:
        pass

    def advance(self, amount: int) -> None:
        pass

    def say(self, what: str) -> None:
        pass


@contextlib.contextmanager
def shown_steps() -> Iterator[Steps]:
    """Show a bar, and what is done, while the block runs, on standard error if that is a terminal."""
    if not sys.stderr.isatty():
        yield _Silent()
        return
    shown = _Bar()
    with shown.bar:
        yield shown


@contextlib.contextmanager
def shown_progress() -> Iterator[Progress | None]:
    """Show a bar while the block runs, on standard error if that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    shown = _Bar()
    with shown.bar:
        yield shown
