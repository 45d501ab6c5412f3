"""Whole scripts, as a user runs them, with the real client of ServiceX and a server that stands in for the real one."""

from __future__ import annotations

import json
import linecache
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import pytest
import uproot
from servicex_fixtures import NAMES, PROGRAM, addresses, be_impatient, with_events, write_events
from servicex_server import StandIn

from hepsel.check import load_program
from hepsel.cli.compile import script as code_of
from hepsel.run.execute import Settings, run_program

Execute = Callable[..., "Done"]

pytestmark = pytest.mark.xdist_group("servicex")  # what the server has done once is not done anew

impatient = pytest.fixture(be_impatient, autouse=True)
server = pytest.fixture(with_events)


@dataclass(frozen=True)
class Done:
    """What came of a script."""

    returncode: int
    stdout: str
    stderr: str


@cache
def code(transport: str) -> str:
    return code_of(load_program(PROGRAM, "nanoaod"), transport)


def script(server: StandIn, transport: str = "func_adl") -> Path:
    path = server.folder / "selection.py"
    path.write_text(code(transport), encoding="utf-8")
    return path


@pytest.fixture
def execute(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Return a function that runs the script on data sets, in this process: the client is slow to import."""

    def run(server: StandIn, *arguments: object, config: Path | None = None, transport: str = "func_adl") -> Done:
        path = script(server, transport)
        words = [path, *arguments, "--config", config or server.configuration()]
        monkeypatch.setattr(sys, "argv", list(map(str, words)))
        monkeypatch.chdir(server.folder)
        monkeypatch.delitem(linecache.cache, str(path), raising=False)
        with pytest.raises(SystemExit) as left:
            runpy.run_path(str(path), run_name="__main__")
        out, err = capfd.readouterr()
        assert isinstance(left.value.code, int)
        return Done(left.value.code, out, err)

    return run


def expected(server: StandIn, *names: str) -> Any:
    """Return the results of the interpreter."""
    files = [server.folder / name for name in names]
    return run_program(load_program(PROGRAM, "nanoaod"), files, Settings(interpreter=True))


def written(server: StandIn) -> tuple[Any, set[tuple[str, ...]], list[list[float]]]:
    """Return what the script wrote: cutflows, events of each region, histogram."""
    out = server.folder / "out"
    table = json.loads((out / "cutflow.json").read_text())
    events = {tuple(line.split(",")) for line in (out / "events.csv").read_text().split()[1:]}
    with uproot.open(out / "histograms.root") as file:
        histogram = [file["base/met"].values(flow=True).tolist(), file["base/met"].variances(flow=True).tolist()]
    return table, events, histogram


def check_results(server: StandIn, *names: str) -> None:
    """Compare what the script wrote with the interpreter."""
    result = expected(server, *names)
    table, events, histogram = written(server)
    for region, rows in result["cutflow"].items():
        for row, found in zip(rows, table["cutflow"][region], strict=True):
            assert {**row, "sumw": 0, "sumw2": 0} == {**found, "sumw": 0, "sumw2": 0}
            assert (found["sumw"], found["sumw2"]) == pytest.approx((row["sumw"], row["sumw2"]), rel=1e-12)
    assert table["items"] == result["items"]
    assert table["events"] == result["events"]
    chosen = {
        (region, *(str(number) for number in numbers))
        for region, columns in result["selected"].items()
        for numbers in zip(*columns.values(), strict=True)
    }
    assert events == chosen
    assert len(chosen) > 20
    view = result["histograms"]["base/met"].view(flow=True)
    assert histogram == [pytest.approx(view["value"].tolist()), pytest.approx(view["variance"].tolist())]
    mass = ak.from_parquet(server.folder / "out" / "columns_signal.parquet")["mass"]
    assert sorted(mass.tolist()) == pytest.approx(sorted(result["columns"]["signal"]["mass"].tolist()), rel=1e-12)


def refused(done: Done, *words: str) -> None:
    """Check that a script said in one line what is wrong, and wrote nothing."""
    assert done.returncode == 3, done.stderr
    said = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(said) == 1, done.stderr
    for word in words:
        assert word in said[0]


# ------------------------------------------------------------------ it works


def test_files(server: StandIn, execute: Execute) -> None:
    done = execute(server, *addresses(*NAMES), "--out", "out")
    assert done.returncode == 0, done.stderr
    assert "two jets" in done.stdout
    check_results(server, *NAMES)
    asked = [one.request for one in server.transformations.values()]
    assert sorted(request["title"] for request in asked) == ["counts 1", "events 1"]
    assert {request["codegen"] for request in asked} == {"uproot"}
    assert {request["result-format"] for request in asked} == {"parquet"}


def test_python(server: StandIn, execute: Execute) -> None:
    done = execute(server, *addresses(*NAMES), "--out", "out", transport="python")
    assert done.returncode == 0, done.stderr
    assert "two jets" in done.stdout
    check_results(server, *NAMES)
    (asked,) = (one.request for one in server.transformations.values())
    assert (asked["title"], asked["codegen"], asked["result-format"]) == ("results 1", "python", "parquet")


def test_data_sets_and_files_together(server: StandIn, execute: Execute) -> None:
    server.data_sets = {"rucio://user.me:set": addresses("one.root"), "cernopendata://15005": addresses("two.root")}
    server.data_sets["xrootd://root://server//data/*.root"] = addresses("three.root")
    names = ["rucio://user.me:set", "cernopendata://15005", "xrootd://server//data/*.root"]
    write_events(server.folder / "four.root", 4, 100)
    done = execute(server, *names, *addresses("four.root"), "--out", "out")
    assert done.returncode == 0, done.stderr
    check_results(server, *NAMES, "four.root")


def test_the_answer_is_kept_by_the_client(server: StandIn, execute: Execute) -> None:
    for _ in range(2):
        assert execute(server, *addresses("one.root")).returncode == 0
    assert len(server.transformations) == 2
    assert execute(server, *addresses("one.root"), "--ignore-cache").returncode == 0
    assert len(server.transformations) == 4


def test_the_script_in_a_process_of_its_own(server: StandIn) -> None:
    command = [sys.executable, script(server), *addresses("one.root"), "--endpoint", "here", "--out", "out"]
    done = subprocess.run(
        [*map(str, command), "--config", str(server.configuration())],
        cwd=server.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    check_results(server, "one.root")


# ------------------------------------------------------------------ it does not


def test_no_event_in_a_file(server: StandIn, execute: Execute) -> None:
    write_events(server.folder / "empty.root", 5, 0)
    done = execute(server, *addresses("one.root", "empty.root"), "--out", "out")
    assert done.returncode == 0, done.stderr
    check_results(server, "one.root")


def test_all_files_failed(server: StandIn, execute: Execute) -> None:
    refused(execute(server, *addresses("nothing.root"), "--out", "out"), "Fatal issue")
    assert not (server.folder / "out").exists()


def test_one_of_three_files_failed(server: StandIn, execute: Execute) -> None:
    refused(execute(server, *addresses("one.root", "nothing.root", "two.root"), "--out", "out"), "1/3 files failed")
    assert not (server.folder / "out").exists()


def test_one_file_of_a_data_set_failed(server: StandIn, execute: Execute) -> None:
    """The reader does not know how many files a data set has."""
    server.data_sets = {"rucio://user.me:set": addresses("one.root", "nothing.root", "two.root")}
    refused(execute(server, "rucio://user.me:set", "--out", "out"), "1/3 files failed")
    assert not (server.folder / "out").exists()


def test_a_branch_that_the_files_do_not_have(server: StandIn, execute: Execute) -> None:
    with uproot.recreate(server.folder / "other.root") as file:
        file["Events"] = {"run": np.ones(3, dtype=np.uint32)}
    refused(execute(server, *addresses("other.root")), "Fatal issue")


def test_lost_files(server: StandIn, execute: Execute) -> None:
    server.loses = 1
    refused(execute(server, *addresses(*NAMES)), "returned 2 files of 3")
    refused(execute(server, *addresses("one.root")), "returned nothing")


def test_no_such_data_set(server: StandIn, execute: Execute) -> None:
    done = execute(server, "rucio://user.me:nothing")
    refused(done)
    # It depends on which of its threads is first what the client says: an error in its log, or nothing at all.
    assert re.search("(events|counts) 1.*(no such data|Dataset does not exist)", done.stderr)


def test_no_such_server(server: StandIn, execute: Execute) -> None:
    refused(execute(server, *addresses("one.root"), "--endpoint", "there"), "there", "here")


def test_no_configuration(server: StandIn, execute: Execute) -> None:
    missing = server.folder / "no" / "servicex.yaml"
    refused(execute(server, *addresses("one.root"), config=missing), "servicex.yaml")


def test_the_server_does_not_answer(server: StandIn, execute: Execute) -> None:
    server.address = "127.0.0.1:9"
    refused(execute(server, *addresses("one.root")), "ServiceX: ")


def test_the_token_has_expired(server: StandIn, execute: Execute) -> None:
    server.accepts_tokens = False
    config = server.configuration(token="old")
    refused(execute(server, *addresses("one.root"), config=config), "token", "401")


@pytest.mark.parametrize("name", ["rucio://no_scope", "cernopendata://record"])
def test_what_is_no_data_set(server: StandIn, execute: Execute, name: str) -> None:
    refused(execute(server, name), "not a data set")


def test_a_file_that_is_named_twice(server: StandIn, execute: Execute) -> None:
    refused(execute(server, *addresses("one.root", "one.root")), "twice")
