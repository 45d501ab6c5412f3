"""Where tests find real files.

Tests name a file as ``../shared/data`` does (``"physlite/zee_mc20_100ev.root"``). `data_file` gives
the fetched copy of a file that the package index carries (see `fetch_data`), and otherwise the one
in ``../shared/data``; a test that can have neither is skipped and says why.
"""

from __future__ import annotations

import functools
from pathlib import Path

import fetch_data
import pytest

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


@functools.cache
def _fetch(name: str) -> Path | str:
    """Return the path of a fetched file or the reason why there is none, trying only once."""
    try:
        return fetch_data.fetch(name)
    except fetch_data.FetchError as error:
        return str(error)
