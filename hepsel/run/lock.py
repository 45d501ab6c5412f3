"""Locks of directories, which the system opens again when a process ends, however it does."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


def lock(directory: Path) -> int | None:
    """Lock a directory as long as the handle is open that is returned.

    Returns
    -------
    int or None
        A handle for `os.close`; `None` where there are no locks, or no directory.

    Raises
    ------
    BlockingIOError
        When somebody else has locked it.
    """
    try:
        handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise
    except OSError:
        os.close(handle)
        return None
    return handle


def unlock(handle: int | None) -> None:
    """Open a lock, if there is one."""
    if handle is not None:
        os.close(handle)
