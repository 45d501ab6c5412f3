"""Errors that end a command with a message, and the exit codes of the commands."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit status says."""

    OK = 0
    PROBLEMS = 1
    USAGE = 2
    DATA = 3
    PARTIAL = 4
    SERVER = 5
    INTERRUPTED = 130
    READER_GONE = 141


class HepselError(Exception):
    """A problem that the user can understand and mend; the command line prints its text and nothing else."""

    exit_code: ExitCode = ExitCode.PROBLEMS


class DataError(HepselError):
    """A file, tree, branch or value that is missing, damaged or not what the format says."""

    exit_code = ExitCode.DATA
