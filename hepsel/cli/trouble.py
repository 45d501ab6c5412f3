"""Errors of commands that compare: for these, as for `git diff`, exit code 1 means a difference and nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from hepsel.errors import ExitCode, HepselError


class Trouble(HepselError):
    """Something that cannot be compared."""

    exit_code = ExitCode.DATA


@contextlib.contextmanager
def no_difference() -> Iterator[None]:
    """Give errors that would end with the exit code of a difference another one."""
    try:
        yield
    except HepselError as error:
        if error.exit_code != ExitCode.PROBLEMS:
            raise
        raise Trouble(str(error)) from error
