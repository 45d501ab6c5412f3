"""`hepsel run --servicex`, with the real client and a server that stands in for the real one."""

from __future__ import annotations

import csv
import io
import json
import shutil
import signal
import subprocess
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import pytest
import uproot
from data_files import EXAMPLES
from run_command import hepsel
from servicex_fixtures import NAMES, PROGRAM, addresses, be_impatient, with_events, write_events
from servicex_server import StandIn

from hepsel.cli import main
from hepsel.run.state import State

TRANSPORTS = ("func_adl", "python")

pytestmark = pytest.mark.xdist_group("servicex")  # what the server has done once is not done anew

impatient = pytest.fixture(be_impatient, autouse=True)
server = pytest.fixture(with_events)


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.hepsel").write_text(PROGRAM)


def run(server: StandIn, *arguments: object, config: Path | None = None, **options: str) -> tuple[int, str, str]:
    """Run the program over data sets."""
    words = ["run", "p.hepsel", *map(str, arguments), "--format", "nanoaod", "--servicex"]
    words += ["--config", str(config or server.configuration())]
    return hepsel(*words, *(word for name, value in options.items() for word in (f"--{name}", value)))


def near(value: Any) -> Any:
    """Return what a value is compared with: sums of weights may add in another order."""
    if isinstance(value, dict):
        return {key: near(part) for key, part in value.items()}
    if isinstance(value, list):
        return [near(part) for part in value]
    return pytest.approx(value, rel=1e-9, nan_ok=True) if isinstance(value, float) else value


def rows_of(path: Path) -> list[tuple[str, ...]]:
    with path.open(newline="") as stream:
        return sorted(map(tuple, csv.reader(stream)))


def check_same(found: Path, expected: Path) -> None:
    """Compare two output directories, but for what the manifest says of the way there."""
    assert {path.name for path in found.iterdir()} == {path.name for path in expected.iterdir()} - {".hepsel"}
    tables = [json.loads((folder / "cutflow.json").read_text()) for folder in (found, expected)]
    assert tables[0] == near(tables[1])
    for path in expected.glob("*.csv"):
        assert rows_of(found / path.name) == rows_of(path)
    for path in expected.glob("*.parquet"):
        # One file of the server comes before another as their names do, which is another order.
        listed = [ak.from_parquet(folder / path.name).to_list() for folder in (found, expected)]
        ordered = [sorted(rows, key=str) for rows in listed]
        assert ordered[0] == near(ordered[1])
        assert len(ordered[0]) > 0
    for path in expected.glob("*.root"):
        with uproot.open(found / path.name) as one, uproot.open(path) as other:
            assert one.keys() == other.keys()
            for name in other.keys(filter_classname="TH*"):
                for values in ("values", "variances"):
                    assert getattr(one[name], values)(flow=True) == pytest.approx(
                        getattr(other[name], values)(flow=True), rel=1e-12
                    )
                assert one[name].title == other[name].title
                assert one[name].member("fXaxis").member("fTitle") == other[name].member("fXaxis").member("fTitle")


def refused(done: tuple[int, str, str], *words: str) -> None:
    """Check that one line said what is wrong, and that nothing was written."""
    code, out, err = done
    assert (code, out) == (3, ""), err
    assert len(err.splitlines()) == 1, err
    assert err.startswith("hepsel: ")
    for word in words:
        assert word in err
    assert not Path("out").exists()
    assert not list(Path().glob(".out*"))


# ------------------------------------------------------------------ it works


def test_the_results_are_those_of_files_here(server: StandIn, transport: str) -> None:
    code, out, err = run(server, *addresses(*NAMES), "--out", "out", "--json", transport=transport)
    assert (code, err) == (0, "")
    assert json.loads(out) == json.loads(Path("out/cutflow.json").read_text())
    code, _, err = hepsel("run", "p.hepsel", *NAMES, "--format", "nanoaod", "--out", "here", "--interpreter")
    assert (code, err) == (0, "")
    check_same(Path("out"), Path("here"))
    manifest = json.loads(Path("out/manifest.json").read_text())
    assert manifest["inputs"] == [{"data_set": name} for name in addresses(*NAMES)]
    assert manifest["options"]["servicex"] == {"transport": transport, "endpoint": None}
    assert {"servicex", "func_adl"} <= manifest["versions"].keys()


def test_tables_and_data_sets_of_every_kind(server: StandIn, transport: str) -> None:
    server.data_sets = {"rucio://user.me:set": addresses("one.root"), "cernopendata://15005": addresses("two.root")}
    server.data_sets["xrootd://root://server//data/*.root"] = addresses("three.root")
    write_events(server.folder / "empty.root", 5, 0)
    names = ["rucio://user.me:set", "cernopendata://15005", "xrootd://server//data/*.root"]
    code, out, err = run(server, *names, *addresses("empty.root"), transport=transport, endpoint="here")
    assert (code, err) == (0, "")
    _, expected, _ = hepsel("run", "p.hepsel", *NAMES, "--format", "nanoaod")
    assert out == expected


def test_no_event_is_selected(server: StandIn, transport: str) -> None:
    Path("p.hepsel").write_text(PROGRAM.replace("count(hard) >= 2", "count(hard) >= 200"))
    code, out, err = run(server, *addresses("one.root", "two.root"), "--out", "out", transport=transport)
    assert (code, err) == (0, "")
    _, expected, _ = hepsel("run", "p.hepsel", "one.root", "two.root", "--format", "nanoaod", "--out", "here")
    assert out == expected
    assert len(ak.from_parquet("out/columns_signal.parquet")) == 0
    assert str(ak.from_parquet("out/columns_signal.parquet").type) == str(
        ak.from_parquet("here/columns_signal.parquet").type
    )


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_only(server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["hepsel", "run", "p.hepsel", *addresses("one.root"), "--format", "nanoaod", "--servicex"]
    monkeypatch.setattr(sys, "argv", [*words, "--config", str(server.configuration())])
    said = []
    for stream in (Terminal(), io.StringIO()):
        monkeypatch.setattr(sys, "argv", [*sys.argv, "--ignore-cache"])
        with redirect_stdout(stream), pytest.raises(SystemExit) as left:
            main.main()
        assert left.value.code == 0
        said.append(stream.getvalue())
    assert "events 1: Transform" in said[0]
    assert "Transform" not in said[1]
    assert "two jets" in said[1]


def test_the_trace_comes_from_python(server: StandIn) -> None:
    words = ("--out", "out", "--trace", "--chunk", "7")
    code, _, err = run(server, *addresses("one.root", "two.root"), *words, transport="python")
    assert (code, err) == (0, "")
    hepsel("run", "p.hepsel", "one.root", "two.root", "--format", "nanoaod", "--out", "here", "--trace")
    assert len(rows_of(Path("out/trace.csv"))) == 2 * 400 + 1
    check_same(Path("out"), Path("here"))


def test_what_is_known_of_each_event_waits_on_disk(server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """And is removed when it comes to nothing."""
    kept: list[list[Path]] = []

    class Damaging(State):
        def store(self, identity: object, result: Any) -> None:
            super().store(identity, result)
            kept.append(sorted(Path("out/.hepsel").iterdir()))
            kept[-1][0].write_bytes(b"")

    monkeypatch.setattr("hepsel.cli.run_servicex.State", Damaging)
    done = run(server, *addresses("one.root"), "--out", "out", "--chunk", "7", transport="func_adl")
    assert [len(paths) for paths in kept] == [*range(1, len(kept) + 1)]
    assert len(kept) > 1
    refused(done, "went away, or were damaged")


def test_a_format_of_which_func_adl_is_no_dialect(server: StandIn) -> None:
    """The H->4l example on PHYSLITE: the whole selection runs on the server."""
    shutil.copy(EXAMPLES / "h4l" / "h4l.hepsel", "p.hepsel")
    sample = EXAMPLES / "h4l" / "h4l_sample.root"
    shutil.copy(sample, server.folder / "h4l.root")
    words = ["p.hepsel", "--format", "physlite"]
    config = ["--config", str(server.configuration()), "--servicex", "--transport", "python"]
    code, _, err = hepsel("run", *words, *addresses("h4l.root"), "--out", "out", *config)
    assert (code, err) == (0, "")
    hepsel("run", *words, str(sample), "--out", "here")
    check_same(Path("out"), Path("here"))


def test_what_is_not_ascii_travels(server: StandIn, transport: str) -> None:
    text = PROGRAM.replace('"two jets"', '"zwei Strahlen: Größe > µ, 中文 😀 \\\\x"').replace(
        "select MET.pt > 20 GeV", 'select MET.pt > 20 GeV  note "ß"'
    )
    Path("p.hepsel").write_text(text, encoding="utf-8")
    code, out, err = run(server, *addresses("one.root"), "--json", transport=transport)
    assert (code, err) == (0, "")
    _, expected, _ = hepsel("run", "p.hepsel", "one.root", "--format", "nanoaod", "--json")
    assert json.loads(out) == near(json.loads(expected))
    labels = [row["label"] for region in json.loads(out)["regions"] for row in region["rows"]]
    assert "zwei Strahlen: Größe > µ, 中文 😀 \\x" in labels


def test_the_answer_is_kept_by_the_client(server: StandIn, transport: str) -> None:
    for _ in range(2):
        assert run(server, *addresses("one.root"), transport=transport)[0] == 0
    number = 1 if transport == "python" else 2
    assert len(server.transformations) == number
    assert run(server, *addresses("one.root"), "--ignore-cache", transport=transport)[0] == 0
    assert len(server.transformations) == 2 * number


def test_branches_are_called_as_in_a_sample(server: StandIn) -> None:
    write_events(server.folder / "other.root", 3, 200, other_names=True)
    refused(run(server, *addresses("other.root")), "Fatal issue")
    code, out, err = run(server, *addresses("other.root"), like="other.root")
    assert (code, err) == (0, "")
    assert out == hepsel("run", "p.hepsel", "other.root", "--format", "nanoaod")[1]
    # Python looks for the branches itself.
    assert run(server, *addresses("other.root"), transport="python")[:2] == (0, out)


# ------------------------------------------------------------------ it does not


def test_all_files_failed(server: StandIn, transport: str) -> None:
    refused(run(server, *addresses("nothing.root"), "--out", "out", transport=transport), "Fatal issue")


def test_one_of_three_files_failed(server: StandIn, transport: str) -> None:
    names = addresses("one.root", "nothing.root", "two.root")
    refused(run(server, *names, "--out", "out", transport=transport), "1/3 files failed")


def test_one_file_of_a_data_set_failed(server: StandIn, transport: str) -> None:
    """The reader does not know how many files a data set has."""
    server.data_sets = {"rucio://user.me:set": addresses("one.root", "nothing.root", "two.root")}
    refused(run(server, "rucio://user.me:set", "--out", "out", transport=transport), "1/3 files failed")


def test_a_branch_that_the_files_do_not_have(server: StandIn) -> None:
    with uproot.recreate(server.folder / "other.root") as file:
        file["Events"] = {"run": np.ones(3, dtype=np.uint32)}
    refused(run(server, *addresses("other.root"), "--out", "out", transport="python"), "Fatal issue")
    assert "no branch for" in next(iter(server.transformations.values())).said


def test_lost_files(server: StandIn, transport: str) -> None:
    server.loses = 1
    refused(run(server, *addresses(*NAMES), "--out", "out", transport=transport), "returned 2 files of 3")
    refused(run(server, *addresses("one.root"), "--out", "out", transport=transport), "returned nothing")


def test_files_that_are_not_what_was_asked_for(server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "servicex_server.run_python",
        lambda _, work, __: [ak.to_parquet(ak.Array([{"x": 1}]), target) for target in work.values()] and "",
    )
    refused(run(server, *addresses("one.root"), "--out", "out", transport="python"), "is not what was asked for")


def test_no_such_data_set(server: StandIn, transport: str) -> None:
    refused(run(server, "rucio://user.me:nothing", "--out", "out", transport=transport), "ServiceX: ")


def test_no_such_server(server: StandIn, transport: str) -> None:
    names = addresses("one.root")
    refused(run(server, *names, "--out", "out", endpoint="there", transport=transport), "there", "here")


def test_no_configuration(server: StandIn, transport: str) -> None:
    missing = server.folder / "no" / "servicex.yaml"
    refused(run(server, *addresses("one.root"), "--out", "out", config=missing, transport=transport), "servicex.yaml")


def test_the_server_does_not_answer(server: StandIn, transport: str) -> None:
    server.address = "127.0.0.1:9"
    refused(run(server, *addresses("one.root"), "--out", "out", transport=transport), "ServiceX: ")


def test_the_token_has_expired(server: StandIn, transport: str) -> None:
    server.accepts_tokens = False
    config = server.configuration(token="old")
    refused(run(server, *addresses("one.root"), "--out", "out", config=config, transport=transport), "token", "401")


@pytest.mark.parametrize("name", ["rucio://no_scope", "cernopendata://record"])
def test_what_is_no_data_set(server: StandIn, name: str) -> None:
    refused(run(server, name, "--out", "out"), "not a data set")


def test_a_file_that_is_named_twice(server: StandIn) -> None:
    refused(run(server, *addresses("one.root", "one.root"), "--out", "out"), "twice")


def test_an_output_directory_with_other_things_is_refused_first(server: StandIn) -> None:
    (server.folder / "kept").mkdir()
    (server.folder / "kept" / "notes.txt").write_text("mine")
    code, _, err = run(server, *addresses("one.root"), "--out", "kept")
    assert code == 3
    assert "notes.txt" in err
    assert not server.transformations


def test_without_the_client(server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hepsel.run.servicex.find_spec", lambda name: None if name == "servicex" else object())
    code, _, err = run(server, *addresses("one.root"))
    assert code == 1
    assert err == "hepsel: ServiceX needs the package servicex: pip install 'hepsel[func-adl]'\n"


def test_events_cannot_be_looked_up_again(server: StandIn) -> None:
    """`hepsel compare --lost` runs a program again over the data: these are not here."""
    run(server, *addresses("one.root"), "--out", "out")
    hepsel("run", "p.hepsel", "two.root", "--format", "nanoaod", "--out", "here")
    code, _, err = hepsel("compare", "out", "here", "--lost")
    assert code == 3
    assert "by a ServiceX server" in err


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_run_goes_on(server: StandIn) -> None:
    server.is_slow = True
    words = ["run", "p.hepsel", *addresses("one.root"), "--format", "nanoaod", "--servicex", "--transport", "python"]
    words += ["--out", "out", "--config", str(server.configuration())]
    process = subprocess.Popen([sys.executable, "-m", "hepsel", *words], stderr=subprocess.PIPE, text=True)
    while process.poll() is None and server.asked < 2:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.split() == ["interrupted"]
    assert not Path("out").exists()
    server.is_slow = False
    assert hepsel(*words)[0] == 0
    assert len(server.transformations) == 1


# ------------------------------------------------------------------ options

OPTIONS = {
    "--entries": "0:10",
    "--workers": "2",
    "--cluster": "tcp://127.0.0.1:1",
    "--good-runs": "runs.json",
    "--skip-bad-files": "",
    "--no-hash": "",
    "--interpreter": "",
}


@pytest.mark.parametrize("option", OPTIONS)
def test_options_of_files_here_are_refused(option: str) -> None:
    words = [word for word in (option, OPTIONS[option]) if word]
    code, _, err = hepsel("run", "p.hepsel", "rucio://a:b", "--format", "nanoaod", "--servicex", *words)
    assert code == 2
    assert f"Error: {option} is about files that are read here" in err


@pytest.mark.parametrize(
    "words",
    [["--transport", "python"], ["--endpoint", "x"], ["--config", "x"], ["--ignore-cache"], ["--like", "x.root"]],
    ids=lambda words: words[0],
)
def test_options_of_servers_need_servicex(words: list[str]) -> None:
    code, _, err = hepsel("run", "p.hepsel", "one.root", "--format", "nanoaod", *words)
    assert code == 2
    assert f"Error: {words[0]} is about a ServiceX server: add --servicex" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--trace", "--out", "out"], "--trace needs all events"),
        (["--like", "x.root", "--transport", "python"], "--like is for queries"),
    ],
    ids=["trace", "like"],
)
def test_options_that_one_transport_cannot_have(words: list[str], said: str) -> None:
    code, _, err = hepsel("run", "p.hepsel", "rucio://a:b", "--format", "nanoaod", "--servicex", *words)
    assert code == 2
    assert said in err


def test_importing_the_command_loads_no_client() -> None:
    code = "import sys, hepsel.cli.run; sys.exit('servicex' in sys.modules or 'func_adl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
