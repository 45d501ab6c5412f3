"""Fixtures and settings for all tests."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import data_files
import pytest


def pytest_collection_finish() -> None:
    """Search for garbage less often, and not among what is loaded by now: a tenth of the time of tests went there."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests marked `shared` where ``../shared/data`` is not."""
    if item.get_closest_marker("shared"):
        data_files.shared_data()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder ``../shared/data``; skips where it is not."""
    return data_files.shared_data()


@pytest.fixture(scope="session")
def data_file() -> Callable[[str], Path]:
    """Return the function that finds a real file by name; skips where it cannot be had."""
    return data_files.data_file


@pytest.fixture(scope="session")
def examples() -> Path:
    """Return the folder of the examples."""
    return data_files.EXAMPLES


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let Ctrl-C and the end of a terminal be heard, here and in processes that are started.

    What a shell runs in the background ignores the one, and what nohup runs the other.
    """
    interrupt = signal.signal(signal.SIGINT, signal.default_int_handler)
    end = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGHUP, end)
