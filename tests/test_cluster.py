"""`hepsel run --cluster`: on a real dask cluster of this machine, the results are those of a local run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from distributed import LocalCluster
from run_command import PROGRAM, everything, hepsel, interrupted, write_events

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cluster")]
FORMAT = ("--format", "cms_open_data_2012")


def cluster() -> LocalCluster:
    return LocalCluster(
        n_workers=2, threads_per_worker=2, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50
    )


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    with cluster() as running:
        yield running.scheduler_address


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.hepsel").write_text(PROGRAM)
    for k in range(3):
        write_events(tmp_path / f"data_{k}.root", 60 + k, seed=k + 1)
    return tmp_path


def run(*options: str) -> tuple[int, str, str]:
    return hepsel("run", "p.hepsel", f"{Path.cwd()}/data_*.root", *FORMAT, *options)


def test_a_cluster_changes_nothing(folder: Path, scheduler: str) -> None:
    here = run("--chunk", "3", "--out", "here", "--trace")
    there = run("--chunk", "3", "--out", "there", "--trace", "--cluster", scheduler)
    assert here == there
    assert here[0] == 0
    assert everything(folder / "here") == everything(folder / "there")


def test_a_damaged_file_is_reported_as_in_a_local_run(folder: Path, scheduler: str) -> None:
    content = (folder / "data_1.root").read_bytes()
    (folder / "data_1.root").write_bytes(content[: len(content) // 2])
    for options in ((), ("--skip-bad-files",)):
        here, there = run(*options), run(*options, "--cluster", scheduler)
        assert here == there
        assert here[0] == (4 if options else 3)
        assert "data_1.root" in here[2]


@pytest.mark.parametrize("address", ["garbage", "http://host:8786", "tcp://[::"])
@pytest.mark.usefixtures("folder")
def test_no_address_of_a_scheduler(address: str) -> None:
    """Nothing is started that would have to be stopped: dask shows a traceback then."""
    with patch("distributed.Client", side_effect=AssertionError):
        code, out, err = run("--cluster", address)
    assert (code, out) == (3, "")
    assert err.startswith(f"hepsel: {address}: not the address of a dask scheduler: ")


@pytest.mark.usefixtures("folder")
def test_no_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hepsel.run.cluster._SECONDS_TO_CONNECT", 1)
    code, out, err = run("--cluster", "tcp://127.0.0.1:9")
    assert (code, out) == (3, "")
    assert err.startswith("hepsel: tcp://127.0.0.1:9: no dask scheduler answers")
    code, _, err = run("--cluster", "what is this")
    assert code == 3
    assert "Traceback" not in err


def test_a_worker_with_another_hepsel(folder: Path) -> None:
    (folder / "other" / "hepsel").mkdir(parents=True)
    (folder / "other" / "hepsel" / "__init__.py").touch()
    with LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50) as running:
        command = [Path(sys.executable).parent / "dask", "worker", running.scheduler_address, "--no-dashboard"]
        environment = os.environ | {"PYTHONPATH": str(folder / "other")}
        worker = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            code, out, err = run("--cluster", running.scheduler_address, "--out", "out")
        finally:
            worker.terminate()
            worker.wait()
    assert (code, out) == (3, "")
    assert "cannot import hepsel" in err
    assert not (folder / "out").exists()


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c(folder: Path, scheduler: str) -> None:
    for k in range(10):
        write_events(folder / f"data_{k}.root", 100, seed=k + 1)
    command = ["run", "p.hepsel", f"{folder}/data_*.root", *FORMAT, "--out", "out", "--chunk", "10"]
    code, err = interrupted(*command, "--cluster", scheduler, out=folder / "out")
    assert code == 130, err
    assert "the same command goes on" in err
    assert os.listdir(folder / "out") == [".hepsel"]
    assert run("--out", "out", "--chunk", "10", "--cluster", scheduler)[0] == 0
    assert run("--out", "again", "--chunk", "10")[0] == 0
    assert everything(folder / "out") == everything(folder / "again")
