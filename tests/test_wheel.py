"""The built wheel: what is in it, and the demo run from it in an empty environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from data_files import EXAMPLES, REPOSITORY

# One worker builds and installs for all tests of this file.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]

SOURCES = ["hepsel", "grammar", "backends"]
BUILD_FILES = ["pyproject.toml", "MANIFEST.in", "README.md", "LICENSE"]
IGNORED = shutil.ignore_patterns("__pycache__", ".*")  # what Python, ruff and editors leave behind


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command away from the checkout, and return what it printed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source distribution from a copy of the checkout, and the wheel from that."""
    folder = tmp_path_factory.mktemp("build")
    for name in BUILD_FILES:
        shutil.copy(REPOSITORY / name, folder)
    for name in SOURCES:
        shutil.copytree(REPOSITORY / name, folder / name, symlinks=True, ignore=IGNORED)
    run(sys.executable, "-m", "build", "--outdir", "dist", ".", cwd=folder)
    (built,) = (folder / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an empty environment, and return the folder of its commands."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    run(*pip, "install", "--quiet", "--no-compile", wheel, cwd=folder)  # few of these modules are imported
    return python.parent


def test_wheel_holds_every_source_file_once(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert len(names) == len(set(names))
    packed = {name for name in names if not name.startswith("hepsel-0")}
    expected = set()
    for top in SOURCES:
        prefix = "" if top == "hepsel" else "hepsel/"
        for path in (REPOSITORY / top).rglob("*"):
            inside = path.relative_to(REPOSITORY)
            if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in inside.parts):
                expected.add(prefix + inside.as_posix())
    assert packed == expected


@pytest.mark.parametrize("module", ["hepsel", "hepsel.grammar", "hepsel.backends.awkward"])
def test_import_outside_the_checkout(installed: Path, module: str, tmp_path: Path) -> None:
    code = f"import {module}; print({module}.__file__)"
    origin = Path(run(installed / "python", "-c", code, cwd=tmp_path).strip())
    assert installed.parent in origin.parents


def test_demo_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "h4l", tmp_path / "h4l", ignore=IGNORED)
    printed = run(
        *(installed / "hepsel", "run", "h4l/h4l.hepsel", "h4l/h4l_sample.root"),
        *("--format", "physlite", "--out", "demo_output"),
        cwd=tmp_path,
    )
    assert "signal" in printed
    cutflow = json.loads((tmp_path / "demo_output" / "cutflow.json").read_text())
    signal = next(region for region in cutflow["regions"] if region["name"] == "signal")
    # The number that the hand-written baseline selects: see examples/h4l/SAMPLE.md.
    assert signal["rows"][-1]["events"] == 68
    assert (tmp_path / "demo_output" / "histograms.root").is_file()
