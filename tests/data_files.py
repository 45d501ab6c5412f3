"""Where tests find real files.

Tests name a file as ``../shared/data`` does (``"physlite/zee_mc20_100ev.root"``). `data_file` gives
the fetched copy of a file that the package index carries (see `fetch_data`), and otherwise the one
in ``../shared/data``; a test that can have neither is skipped and says why.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path
from unittest.mock import patch

import fetch_data
import pytest
import uproot

REPOSITORY = Path(__file__).resolve().parent.parent
EXAMPLES = REPOSITORY / "examples"
SHARED_DATA = REPOSITORY.parent / "shared" / "data"


def shared_data() -> Path:
    """Return the folder ``../shared/data``, or skip the test."""
    if not SHARED_DATA.is_dir():
        pytest.skip("needs ../shared/data, which is not part of the repository")
    return SHARED_DATA


def data_file(name: str) -> Path:
    """Return the path of a real file, or skip the test."""
    if name not in fetch_data.FILES:
        return shared_data() / name
    found = _fetch(name)
    if isinstance(found, Path):
        return found
    if (shared := SHARED_DATA / name).is_file():
        return shared
    pytest.skip(f"needs a file from the package index: {found}")


@contextlib.contextmanager
def kept_open(file: Path, trees: Iterable[str]) -> Iterator[None]:
    """Let uproot read the trees of a ROOT file once, for a test that opens the file many times.

    uproot takes from its cache what belongs to a file that is still open: so one stays open, and all have one cache. To
    read what a tree of 1,500 branches consists of takes a second each time. Within another file that is kept, both have
    one cache: each is looked for in that of the last.
    """
    known = uproot.open.keywords if isinstance(uproot.open, functools.partial) else {}
    sharing = functools.partial(uproot.open, object_cache=known.get("object_cache", {}))
    with sharing({file: None}) as directory, patch("uproot.open", sharing):
        for tree in trees:
            if tree in directory:
                directory[tree]
        yield


@functools.cache
def _fetch(name: str) -> Path | str:
    """Return the path of a fetched file or the reason why there is none, trying only once."""
    try:
        return fetch_data.fetch(name)
    except fetch_data.FetchError as error:
        return str(error)
