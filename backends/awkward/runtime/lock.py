"""Locks of folders, which the system opens again when a process ends, however it does."""

from __future__ import annotations

import os
from pathlib import Path


def lock_folder(folder: Path) -> int | None:
    """Lock a folder as long as the handle is open that is returned.

    Returns
    -------
    int or None
        A handle for `unlock_folder`; `None` where there are no locks, or no folder.

    Raises
    ------
    BlockingIOError
        When somebody else has locked it.
    """
    try:
        import fcntl  # Windows has none

        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except (ImportError, OSError):
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


def unlock_folder(handle: int | None) -> None:
    """Open a lock, if there is one."""
    if handle is not None:
        os.close(handle)
