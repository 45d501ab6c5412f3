"""`hepsel run`: results against plain loops, the same for every way of running, and what is written."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import itertools
import json
import math
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest.mock import patch

import awkward as ak
import hist
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import run_command
import uproot
from data_files import EXAMPLES, data_file
from rich.console import Console
from run_command import PROGRAM, Event, everything, hepsel, interrupted, passing, selected_muons, write_events

from hepsel.backends.awkward.runtime.folder import as_root
from hepsel.check import load_program
from hepsel.cli import run_results
from hepsel.errors import DataError
from hepsel.formats.contents import read_contents
from hepsel.formats.fit import fit
from hepsel.formats.loader import load_format
from hepsel.remote import Address
from hepsel.run.columns import _for_tree
from hepsel.run.directory import replaced_directory
from hepsel.run.execute import Settings, execute, run_program
from hepsel.run.inputs import Entries, InputFile, OpenedFile, cut, find_files, open_file, parse_entries, taken
from hepsel.run.plots import as_mathtext, pictures
from hepsel.run.report import in_unit
from hepsel.run.result import Result, make_histogram
from hepsel.run.state import State, dumps, loads
from hepsel.run.tables import tables
from hepsel.run.workers import Unit, Worker
from hepsel.signals import Terminated, ended_in_order

FORMAT = ("--format", "cms_open_data_2012")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.hepsel").write_text(PROGRAM)
    return tmp_path


@pytest.fixture
def made(folder: Path) -> list[Event]:
    """Write three files; returns their events in order."""
    return [e for k in (1, 2, 3) for e in write_events(folder / f"data_{k}.root", 40 * k, seed=k)]


def region(out: str) -> dict[str, Any]:
    (found,) = json.loads(out)["regions"]
    return dict(found)


def rows(found: Mapping[str, Any]) -> list[tuple[str, int, float]]:
    return [(row["label"], row["events"], row["sumw"]) for row in found["rows"]]


def expected(made: list[Event]) -> list[tuple[str, int, Any]]:
    return [(label, count, pytest.approx(sumw, rel=1e-12)) for label, count, sumw in run_command.cutflow(made)]


@pytest.mark.usefixtures("made")
def test_progress_is_shown_on_a_terminal_only() -> None:
    """Events, then files whose hashes are taken, then pictures: each may take minutes."""
    words = ["run", "p.hepsel", "data_1.root", "data_2.root", *FORMAT, "--out", "out"]
    ours, theirs = os.openpty()
    with os.fdopen(ours, "rb", buffering=0) as screen:
        command = [sys.executable, "-m", "hepsel", *words]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs) as running:
            os.close(theirs)
            shown = b""
            with contextlib.suppress(OSError):  # what Linux raises where the other side was closed
                while part := screen.read(1 << 16):
                    shown += part
        assert running.returncode == 0
    for what in (b"events", b"files hashed", b"pictures"):
        assert what in shown
    assert b"1/1" in shown  # the one picture; the bars before are gone at once
    assert hepsel(*words)[2] == ""


# ------------------------------------------------------------------ the format of the data


def test_without_a_format_that_of_the_file_is_taken(folder: Path) -> None:
    """Of a file of which CMS's formats both know much, the right one; and it is told."""
    path = str(data_file("nanoaod/nano_dy.root"))
    (folder / "p.hepsel").write_text('hepsel 1\nanalysis "Two muons"\nregion two\n  select count(Muon) == 2\n')
    with uproot.open(path) as file:
        muons = file["Events"]["nMuon"].array(library="np")
    (folder / "empty.root").touch()
    for words, expected_code in (([path], 0), (["empty.root", path, "--skip-bad-files"], 4)):
        code, out, err = hepsel("run", "p.hepsel", *words, "--json")
        assert (code, region(out)["rows"][-1]["events"]) == (expected_code, np.count_nonzero(muons == 2))
        assert re.match(rf"hepsel: format nanoaod: {re.escape(str(path))} has \d+ of its \d+ stored attributes\n", err)
    assert np.any(muons == 2)


def test_a_format_that_is_not_plain_has_to_be_said(folder: Path) -> None:
    write_events(folder / "skim.root", 5, seed=1)
    # A skim of NanoAOD that kept what the files of 2012 have, and with it some that NanoAOD's format leaves out.
    path = data_file("nanoaod/nano_dy.root")
    fit_2012 = fit(load_format("cms_open_data_2012"), read_contents(path, {"Events"}))
    assert fit_2012 is not None
    names = {branch for attribute in fit_2012.attributes for branch in attribute.branches}
    with uproot.open(path) as source, uproot.recreate(folder / "both.root") as file:
        file["Events"] = {name: source["Events"][name].array(entry_stop=1) for name in names}
    with uproot.recreate(folder / "other.root") as file:
        file["ntuple"] = {"x": np.array([1.0])}
    ask = ": say which one with --format NAME|FILE\n"
    near = "hepsel has no format that fits it well enough (nearest is cms_open_data_2012, of which it has "
    about = "cms_open_data_2012 and nanoaod know about equally much of it"
    for name, said in {"skim": near, "both": about, "other": "hepsel has no format that fits it"}.items():
        code, out, err = hepsel("run", "p.hepsel", f"{name}.root", "--out", "out")
        assert (code, out) == (3, "")
        assert err.startswith(f"hepsel: {name}.root: {said}")
        assert err.endswith(ask)
    assert not (folder / "out").exists()
    code, _, err = hepsel("run", "p.hepsel", "rucio://user:set", "--servicex")
    assert (code, "say its format with --format" in err) == (2, True)


# ------------------------------------------------------------------ results


@pytest.mark.parametrize("extra", [(), ("--chunk", "7"), ("--interpreter",), ("--workers", "2", "--chunk", "11")])
def test_cutflow_against_plain_loops(made: list[Event], extra: tuple[str, ...]) -> None:
    code, out, err = hepsel("run", "p.hepsel", "data_*.root", *FORMAT, "--json", *extra)
    assert (code, err) == (0, "")
    assert rows(region(out)) == expected(made)
    muons = [block for block in json.loads(out)["objects"] if block["name"] == "muons"]
    counts = [
        sum(len(e.muons) for e in made),
        sum(m.pt > 20 for e in made for m in e.muons),
        sum(len(selected_muons(e)) for e in made),
    ]
    assert [row["items"] for row in muons[0]["rows"]] == counts


def test_efficiencies_errors_and_citations(made: list[Event]) -> None:
    _, out, _ = hepsel("run", "p.hepsel", "data_*.root", *FORMAT, "--json")
    counts = [count for _, count, _ in run_command.cutflow(made)]
    found = region(out)["rows"]
    assert [row["efficiency"] for row in found] == [count / counts[0] for count in counts]
    assert [row["step_efficiency"] for row in found[1:]] == [b / a for a, b in itertools.pairwise(counts)]
    sumw2 = sum((e.met / 50) ** 2 for e in passing(made))
    assert found[-1]["error"] == pytest.approx(math.sqrt(sumw2), rel=1e-12)
    cut_on_pt = json.loads(out)["objects"][0]["rows"][1]
    assert cut_on_pt["citations"] == [{"source": "paper", "page": 3, "quote": "above 20 GeV"}]


@pytest.mark.parametrize(("entries", "part"), [("30:90", slice(30, 90)), (":5", slice(5)), ("200:", slice(200, None))])
def test_entries_count_through_all_files(made: list[Event], entries: str, part: slice) -> None:
    _, out, _ = hepsel("run", "p.hepsel", "data_*.root", *FORMAT, "--json", f"--entries={entries}")
    assert rows(region(out)) == expected(made[part])


def test_a_tree_behind_a_colon_and_a_list_of_files(folder: Path, made: list[Event]) -> None:
    (folder / "list.txt").write_text("# all\ndata_1.root:Events\n\ndata_[23].root\n")
    _, out, _ = hepsel("run", "p.hepsel", "@list.txt", *FORMAT, "--json")
    assert rows(region(out)) == expected(made)


def test_good_runs_come_first(folder: Path, made: list[Event]) -> None:
    (folder / "a.json").write_text('{"100": [[0, 3]]}')
    (folder / "b.json").write_text('{"101": [[2, 99]]}')
    good = [e for e in made if (e.run == 100 and e.block <= 3) or (e.run == 101 and e.block >= 2)]
    lists = ("--good-runs", "a.json", "--good-runs", "b.json")
    code, out, _ = hepsel("run", "p.hepsel", "data_*.root", *FORMAT, "--json", "--out", "out", "--trace", *lists)
    everything, *others = expected(good)
    count = float(len(made))
    assert code == 0
    assert rows(region(out)) == [("all events", len(made), count), ("good runs", len(good), len(good)), *others]
    assert everything[1] == len(good)
    assert region(out)["rows"][0]["error"] == pytest.approx(count**0.5)
    failed = {int(row["event"]): row["first_failed"] for row in table("out/trace.csv")}
    assert {number for number, row in failed.items() if row == "good runs"} == {e.number for e in made if e not in good}
    assert len(failed) == len(made)


# ------------------------------------------------------------------ the same, however it is run


@pytest.mark.usefixtures("made")
def test_workers_change_nothing(folder: Path) -> None:
    for workers in ("1", "2"):
        code, _, err = hepsel(
            "run", "p.hepsel", "data_*.root", *FORMAT, "--chunk", "3", "--trace", "--out", workers, "--workers", workers
        )
        assert (code, err) == (0, "")
    assert everything(folder / "1") == everything(folder / "2")


@pytest.mark.usefixtures("made")
def test_the_interpreter_needs_no_charge_that_nothing_asks_for(folder: Path) -> None:
    text = PROGRAM.replace("select a.charge + b.charge == 0", "select mass > 20 GeV")
    (folder / "mass.hepsel").write_text(text)
    command = ("run", "mass.hepsel", "data_*.root", *FORMAT, "--json")
    assert hepsel(*command, "--interpreter") == hepsel(*command)


@pytest.mark.usefixtures("made")
def test_numbers_of_events_have_all_64_bits(folder: Path) -> None:
    """The interpreter has them as Python's integers, which no array of 63 bits holds."""
    with uproot.open("data_1.root") as file:
        tree = file["Events"]
        arrays = {name: tree[name].array() for name in tree.keys(filter_name="[!n]*")}
    arrays["event"] = ak.Array(np.arange(40, dtype=np.uint64) + np.uint64(2**63 - 20))
    ak.to_parquet(ak.zip(arrays, depth_limit=1), "large.parquet")
    run = ("run", "p.hepsel", "large.parquet", *FORMAT, "--chunk", "7", "--out")
    assert hepsel(*run, "judge", "--interpreter")[0] == hepsel(*run, "out")[0] == 0
    listed = (folder / "judge" / "events_pairs_found.csv").read_text()
    assert listed == (folder / "out" / "events_pairs_found.csv").read_text()
    assert max(int(line.split(",")[2]) for line in listed.splitlines()[1:]) > 2**63
    (folder / "p.hepsel").write_text(f"{PROGRAM}  save number = event.number\n")
    for options in (("judge", "--interpreter"), ("out",)):
        code, _, err = hepsel(*run, *options)
        assert (code, "large.parquet: event.number: " in err, "of 2^63 and more" in err) == (3, True, True)


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("options", [(), ("--interpreter",)])
def test_numbers_of_events_stay_whole_however_each_file_stores_them(options: tuple[str, ...]) -> None:
    """With and without a sign, which numpy and awkward make reals of that lose digits, and as reals."""
    with uproot.open("data_1.root") as file:
        tree = file["Events"]
        arrays = {name: tree[name].array() for name in tree.keys(filter_name="[!n]*")}
    stored = {"a": np.int64(2**60 + 1), "b": np.uint64(2**63 + 1), "c": np.float64(2**50), "d": np.int8(1)}
    for name, first in stored.items():
        numbers = np.arange(40).astype(first.dtype) + first
        ak.to_parquet(ak.zip({**arrays, "event": ak.Array(numbers)}, depth_limit=1), f"{name}.parquet")
    run = ("run", "p.hepsel", *(f"{name}.parquet" for name in stored), *FORMAT, "--out", "out", "--trace")
    assert hepsel(*run, *options)[0] == 0
    everything_read = [int(first) + place for first in stored.values() for place in range(40)]
    trace = table("out/trace.csv")
    assert [int(row["event"]) for row in trace] == everything_read
    passed = [int(row["event"]) for row in trace if not row["first_failed"]]
    assert [int(row["event"]) for row in table("out/events_pairs_found.csv")] == passed
    assert len(passed) > 20


@pytest.mark.usefixtures("made")
def test_warnings_are_told_and_stop_nothing(folder: Path) -> None:
    """Also to who never asks `hepsel check`; they go where `--json` does not."""
    program = folder / "doubtful.hepsel"
    program.write_text(PROGRAM + "  select count(muons) >= 1\n  select muons[0].eta < 2\n")
    status, output, messages = hepsel("run", str(program), "data_*.root", *FORMAT, "--json")
    assert status == 0
    assert json.loads(output)["events"] > 0
    assert "warning W601" in messages
    assert messages.endswith(f"{program}: 1 hint(s), told by `hepsel check`\n")
    _, _, messages = hepsel("run", "p.hepsel", "data_*.root", *FORMAT)
    assert messages == ""


@pytest.mark.usefixtures("made")
def test_the_interpreter_agrees(folder: Path) -> None:
    hepsel("run", "p.hepsel", "data_*.root", *FORMAT, "--trace", "--out", "code")
    hepsel("run", "p.hepsel", "data_*.root", *FORMAT, "--trace", "--out", "judge", "--interpreter")
    code, judge = everything(folder / "code"), everything(folder / "judge")
    assert code["manifest"].pop("code_sha256") != judge["manifest"].pop("code_sha256")  # it reads more
    assert code == judge


def test_columns_of_the_interpreter_have_the_types_of_the_program(folder: Path) -> None:
    """Also those without a value, of which plain Python data do not say what they would be."""
    values = "pt = Muon.pt, first = Muon[0].pt, tight = Electron.is_tight, is_tight = Electron[0].is_tight"
    names = "kinds = Muon.type, kind = Muon[0].type, tracks = Electron.charge, track = Electron[0].charge"
    (folder / "p.hepsel").write_text(f"""hepsel 1
analysis "test"
region none
  select count(Jet) > 1000
  save {values}, {names}
region few
  select count(Muon) == 0 and count(Electron) == 0
  save {values}, {names}
""")
    run = ("run", "p.hepsel", str(EXAMPLES / "h4l" / "h4l_sample.root"), "--format", "physlite", "--out")
    assert hepsel(*run, "out")[0] == hepsel(*run, "judge", "--interpreter")[0] == 0
    for region in ("none", "few"):
        code, judge = (pq.read_table(f"{out}/columns_{region}.parquet") for out in ("out", "judge"))
        assert judge.schema.types == code.schema.types
        assert str(judge.to_pylist()) == str(code.to_pylist())  # with NaN


def test_run_program(folder: Path, made: list[Event]) -> None:
    program = load_program(folder / "p.hepsel", "cms_open_data_2012")
    result = run_program(program, [folder / "data_1.root", "data_2.root", "data_3.root"], Settings(chunk=50))
    found = [(row["label"], row["events"], row["sumw"]) for row in result["cutflow"]["pairs_found"]]
    assert found == expected(made)


# ------------------------------------------------------------------ going on after an interruption


@pytest.mark.usefixtures("made")
def test_finished_files_are_not_read_again(folder: Path) -> None:
    program = load_program(folder / "p.hepsel", "cms_open_data_2012")
    files = find_files(["data_*.root"])
    state = State(folder / "state", {"job": 1})

    class Interrupted:
        """Presses Ctrl-C when the second file is done."""

        done = 0

        def start(self, total: int, what: str = "events") -> None:
            assert (total, what) == (240, "events")

        def advance(self, amount: int) -> None:
            self.done += amount
            if self.done > 40:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute(program, files, Settings(), state=state, progress=Interrupted())
    assert len(os.listdir(folder / "state")) == 1

    # Same size and time of change, other content: whoever reads the file again falls over it.
    status = os.stat("data_1.root")
    with uproot.open("data_1.root") as file:
        start = file["Events"]["Muon_pt"].member("fBasketSeek")[0]
    content = bytearray(Path("data_1.root").read_bytes())
    content[start : start + 200] = bytes(200)
    Path("data_1.root").write_bytes(content)
    os.utime("data_1.root", ns=(status.st_atime_ns, status.st_mtime_ns))
    outcome = execute(program, files, Settings(), state=state)
    assert outcome.result["events"] == 240
    assert len(os.listdir(folder / "state")) == 3

    os.utime("data_1.root")
    with pytest.raises(Exception, match=r"data_1\.root"):
        execute(program, files, Settings(), state=state)
    other = State(folder / "state", {"job": 2})
    with pytest.raises(Exception, match=r"data_1\.root"):
        execute(program, files, Settings(), state=other)


@pytest.mark.usefixtures("made")
def test_what_is_kept_of_other_events_of_a_file_is_not_taken(folder: Path) -> None:
    program = load_program(folder / "p.hepsel", "cms_open_data_2012")
    state = State(folder / "state", {})
    for start, stop in ((0, 10), (0, 25), (5, 25), (5, 10), (0, 10)):
        settings = Settings(entries=Entries(start, stop))
        assert execute(program, find_files(["data_1.root"]), settings, state=state).result["events"] == stop - start
    assert len(os.listdir(folder / "state")) == 4
    later = State(folder / "state", {})
    assert not later.is_of_use
    execute(program, find_files(["data_1.root"]), settings, state=later)
    assert later.is_of_use
    later.forget()
    assert len(os.listdir(folder / "state")) == 3


@pytest.mark.usefixtures("made")
def test_what_is_kept_is_found_by_all_that_a_result_depends_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs: list[str] = []

    class Asked(State):
        def __init__(self, _: Path, job: Mapping[str, Any]) -> None:
            jobs.append(json.dumps(job, sort_keys=True))
            raise DataError("that is all")

    monkeypatch.setattr("hepsel.cli.run.State", Asked)
    for name, last in {"a": 3, "b": 4}.items():
        (folder / f"{name}.json").write_text(f'{{"100": [[0, {last}]]}}')
        text = f'name = "mine"\ndescription = "mine"\nextends = "cms_open_data_2012"\ntrees = "{name}"\n'
        (folder / f"{name}.toml").write_text(text)
    (folder / "q.hepsel").write_text(PROGRAM + "# another text\n")
    options = ["--trace", "--interpreter", "--chunk=7", "--good-runs=a.json", "--good-runs=b.json"]
    formats = ["--format=a.toml", "--format=b.toml"]
    usual = "--format=cms_open_data_2012"
    for words in (
        ("p", usual),
        ("q", usual),
        *(("p", other) for other in formats),
        *(("p", usual, o) for o in options),
    ):
        program, *rest = words
        assert hepsel("run", f"{program}.hepsel", "data_1.root", "--out", "out", *rest)[0] == 3
    assert len({*jobs}) == len(jobs) == 9
    assert hepsel("run", "p.hepsel", "data_1.root", "--out", "out", usual, "--workers=2")[0] == 3
    assert jobs[-1] == jobs[0]


def test_a_column_of_names_that_are_all_missing(folder: Path) -> None:
    (folder / "p.hepsel").write_text("""hepsel 1
analysis "test"
region none
  reject exists(Muon[0])
  save kind = Muon[0].type, momentum = Muon[0].pt
""")
    sample = EXAMPLES / "h4l" / "h4l_sample.root"
    options = ("--format", "physlite", "--entries", "1:2", "--out", "out")
    code, _, err = hepsel("run", "p.hepsel", str(sample), *options)
    assert (code, err) == (0, "")
    table = pq.read_table("out/columns_none.parquet")
    assert table["kind"].type == pa.large_string()
    assert table["kind"].null_count == len(table) > 0


def test_lists_of_what_may_be_missing_are_the_same_in_every_format(folder: Path) -> None:
    """Among them those of events with rejected ones between them, of which awkward's `drop_none` takes others."""
    (folder / "p.hepsel").write_text("""hepsel 1
analysis "test"
region some
  select count(Muon) == 1
  save loose = Electron.is_loose, first = Electron[0].is_loose, number = count(Electron)
""")
    for columns in ("parquet", "root"):
        options = ("--format", "physlite", "--columns", columns, "--out", columns)
        assert hepsel("run", "p.hepsel", str(EXAMPLES / "h4l" / "h4l_sample.root"), *options)[0] == 0
    found = pq.read_table("parquet/columns_some.parquet").to_pylist()
    with uproot.open("root/columns_some.root") as file:
        tree = file["columns"].arrays()
    for name in ("loose", "number"):
        assert tree[name].to_list() == [row[name] for row in found]
    first = [None if math.isnan(value) else bool(value) for value in tree["first"].to_list()]
    assert first == [row["first"] for row in found]
    assert len({str(row["loose"]) for row in found}) > 3


def test_a_file_stays_open_from_looking_into_it_to_reading_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = uproot.open
    found: list[Any] = []

    def opened(*arguments: Any, **options: Any) -> Any:
        found.append(usual(*arguments, **options))
        return found[-1]

    monkeypatch.setattr(uproot, "open", opened)
    for name in ("a", "b"):
        with uproot.recreate(folder / f"{name}.root") as file:
            file.mkrntuple("Events", {"x": np.arange(5)})
    a, b = (open_file(InputFile(folder / f"{name}.root"), ("Events",)) for name in ("a", "b"))
    assert [file.closed for file in found] == [True, False], "one at a time, however many files there are"
    assert taken(a) is None
    assert taken(replace(b, size=b.size + 1)) is None
    assert taken(b) is found[1]
    assert taken(b) is None


def test_the_branches_of_a_tree_are_looked_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a PHYSLITE file take half a second: as long as the files are counted, nobody needs them."""
    usual = uproot.models.TBranch.Model_TBranch_v13.read_members
    names: list[str] = []

    def counted(self: Any, *arguments: Any) -> Any:
        usual(self, *arguments)
        names.append(self.member("fName"))

    monkeypatch.setattr(uproot.models.TBranch.Model_TBranch_v13, "read_members", counted)
    for name in ("a", "b"):
        write_events(folder / f"{name}.root", 5, seed=1)
    result = run_program(load_program("p.hepsel", FORMAT[1]), ["a.root", "b.root"], Settings())
    assert result["events"] == 10
    assert names
    assert set(Counter(names).values()) == {2}


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.usefixtures("interruptible")
def test_ctrl_c(folder: Path, workers: str) -> None:
    for k in range(6):
        write_events(folder / f"data_{k}.root", 70, seed=k + 1)
    command = ["run", "p.hepsel", "data_*.root", *FORMAT, "--out", "out", "--chunk", "5", "--workers", workers]
    code, err = interrupted(*command, out=folder / "out")
    assert code == 130, err
    assert "the same command goes on" in err
    assert "Traceback" not in err
    assert os.listdir(folder / "out") == [".hepsel"]
    assert hepsel(*command)[0] == 0
    assert not (folder / "out" / ".hepsel").exists()
    code, _, _ = hepsel("run", "p.hepsel", "data_*.root", *FORMAT, "--out", "again", "--chunk", "5")
    assert code == 0
    assert everything(folder / "out") == everything(folder / "again")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="only Linux tells the children of a process")
def test_workers_end_with_the_process_that_started_them(folder: Path) -> None:
    write_events(folder / "data_1.root", 3000, seed=1)
    command = [sys.executable, "-m", "hepsel", "run", "p.hepsel", "data_1.root"]
    process = subprocess.Popen(
        [*command, *FORMAT, "--chunk", "1", "--workers", "2"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline = time.monotonic() + 60
    children: list[str] = []
    while len(children) < 3 and process.poll() is None and time.monotonic() < deadline:  # the third tracks resources
        children = listed.read_text().split()
        time.sleep(0.01)
    time.sleep(1)
    assert process.poll() is None
    process.kill()
    process.wait()
    while any(Path("/proc", child).is_dir() for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [child for child in children if Path("/proc", child).is_dir()]


@pytest.mark.parametrize(("number", "expected"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)])
@pytest.mark.usefixtures("made")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("interruptible")
def test_a_signal_in_a_finaliser_is_not_lost(folder: Path, number: int, expected: type[BaseException]) -> None:
    class Finalised:
        def __del__(self) -> None:
            os.kill(os.getpid(), number)
            time.sleep(0.1)

    class Interrupting:
        def start(self, total: int, what: str = "events") -> None:
            assert (total > 60, what) == (True, "events")

        def advance(self, amount: int) -> None:
            assert amount > 0
            Finalised()

    program = load_program(folder / "p.hepsel", "cms_open_data_2012")
    with ended_in_order(), pytest.raises(expected):
        execute(program, find_files(["data_*.root"]), Settings(), progress=Interrupting())
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def while_the_last_file_is_read(happens: Callable[[], object]) -> Any:
    """Let something happen before the last of three files is processed."""
    process, count = Worker.process, itertools.count(1)

    def processed(self: Worker, unit: Unit) -> Result:
        if next(count) == 3:
            happens()
        return process(self, unit)

    return patch.object(Worker, "process", processed)


@pytest.mark.usefixtures("made", "interruptible")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_run_that_is_terminated_tells_how_to_go_on(folder: Path, number: int, code: int) -> None:
    command = ("run", "p.hepsel", "data_*.root", *FORMAT, "--out", "out")
    with while_the_last_file_is_read(lambda: os.kill(os.getpid(), number)):
        told = hepsel(*command)
    message = "hepsel: what is finished is kept in out/.hepsel; the same command goes on from it"
    assert told == (code, "", f"{message}\nterminated\n")
    assert len(os.listdir(folder / "out" / ".hepsel")) == 2


@pytest.mark.usefixtures("made")
def test_a_file_that_changes_while_it_is_read(folder: Path) -> None:
    command = ("run", "p.hepsel", "data_*.root", *FORMAT, "--no-hash", "--out", "out")
    with while_the_last_file_is_read(lambda: os.utime(folder / "data_1.root")):
        code, _, err = hepsel(*command)
    assert code == 3
    assert "what is finished is kept in out/.hepsel" in err
    assert err.endswith("hepsel: data_1.root: the file has changed while it was read: run again when it is complete\n")
    assert os.listdir(folder / "out") == [".hepsel"]
    assert hepsel(*command)[0] == 0


@pytest.mark.usefixtures("made")
def test_what_is_kept_of_other_runs_is_not_mentioned(folder: Path) -> None:
    (folder / "empty.root").touch()
    command = ("run", "p.hepsel", "data_1.root", *FORMAT, "--out", "out")
    with patch.object(run_results, "write_outputs", side_effect=OSError(28, "full")):
        assert "the same command goes on" in hepsel(*command)[2]
    code, _, err = hepsel("run", "p.hepsel", "empty.root", *FORMAT, "--out", "out")
    assert (code, err) == (3, "hepsel: empty.root: the file is empty (0 bytes)\n")


def test_a_result_survives_being_kept(folder: Path, made: list[Event]) -> None:
    program = load_program(folder / "p.hepsel", "cms_open_data_2012")
    result = run_program(program, ["data_3.root"], Settings(trace=True))
    again = loads(dumps(result))
    assert again["cutflow"] == result["cutflow"]
    assert again["first_failed"] == result["first_failed"]
    assert again["histograms"]["pairs_found/lead"] == result["histograms"]["pairs_found/lead"]
    for name, column in result["columns"]["pairs_found"].items():
        kept = again["columns"]["pairs_found"][name]
        assert kept.to_list() == column.to_list()
        assert kept.type == column.type
    assert len(made) == 240


def compressed_in_an_unknown_way() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("result.json", "{}")
    content = bytearray(stream.getvalue())
    content[content.index(b"PK\1\2") + 10] = 99
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"garbage" * 50, compressed_in_an_unknown_way()],
    ids=["empty", "short", "garbage", "unknown compression"],  # the last one holds the time
)
def test_a_damaged_state_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    state = State(tmp_path, {})
    name = hashlib.sha256(json.dumps([{}, "x"], sort_keys=True).encode()).hexdigest()
    (tmp_path / f"{name}.zip").write_bytes(content)
    assert state.load("x") is None


# ------------------------------------------------------------------ what is written


def table(path: str) -> list[dict[str, str]]:
    with open(path, newline="") as stream:
        return list(csv.DictReader(stream))


def test_output_directory(folder: Path, made: list[Event]) -> None:
    code, _, err = hepsel("run", "p.hepsel", "data_*.root", *FORMAT, "--out", "out", "--trace")
    assert (code, err) == (0, "")
    assert sorted(os.listdir("out")) == [
        "columns_pairs_found.parquet",
        "cutflow.json",
        "events_pairs_found.csv",
        "histogram_pairs_found_lead.png",
        "histograms.root",
        "manifest.json",
        "trace.csv",
    ]
    assert sorted(os.listdir(folder)) == ["data_1.root", "data_2.root", "data_3.root", "out", "p.hepsel"]
    chosen = list(passing(made))
    identity = [{"run": str(e.run), "luminosity_block": str(e.block), "event": str(e.number)} for e in chosen]
    assert table("out/events_pairs_found.csv") == identity

    columns = pq.read_table("out/columns_pairs_found.parquet")
    assert columns["lead"].to_pylist() == [selected_muons(e)[0].pt * 1000 for e in chosen]
    assert columns["all_pt"].to_pylist() == [[m.pt * 1000 for m in selected_muons(e)] for e in chosen]
    assert columns["n"].to_pylist() == [len(selected_muons(e)) for e in chosen]
    assert columns.schema.field("lead").metadata == {b"unit": b"MeV"}

    edges = [20 + 10 * k for k in range(9)]
    with uproot.open("out/histograms.root") as file:
        histogram = file["pairs_found/lead"]
    assert histogram.axis().edges().tolist() == edges
    assert histogram.axis().member("fTitle") == "p_{T}^{lead} [GeV]"
    contents = [0.0] * 10
    for e in chosen:
        contents[sum(edge <= selected_muons(e)[0].pt for edge in edges)] += e.met / 50
    assert histogram.values(flow=True).tolist() == pytest.approx(contents, rel=1e-12)
    assert histogram.to_hist().axes[0] == hist.axis.Regular(8, 20, 100, name="xaxis", label="p_{T}^{lead} [GeV]")
    weights = [e.met / 50 for e in chosen]
    assert histogram.member("fTsumw2") == pytest.approx(sum(w * w for w in weights))
    assert (folder / "out" / "histogram_pairs_found_lead.png").read_bytes().startswith(b"\x89PNG")

    manifest = json.loads((folder / "out" / "manifest.json").read_text())
    files = [Path(f"data_{k}.root") for k in (1, 2, 3)]
    assert [item["sha256"] for item in manifest["inputs"]] == [
        hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    ]
    assert [item["events"] for item in manifest["inputs"]] == [40, 80, 120]
    assert manifest["program_sha256"] == hashlib.sha256(PROGRAM.encode()).hexdigest()


def test_trace(made: list[Event]) -> None:
    hepsel("run", "p.hepsel", "data_*.root", *FORMAT, "--out", "out", "--trace")
    chosen = list(passing(made))
    first = ["" if e in chosen else "pairs_found.1" if len(selected_muons(e)) < 2 else "pairs_found.2" for e in made]
    found = table("out/trace.csv")
    assert [row["first_failed"] for row in found] == first
    assert [int(row["event"]) for row in found] == [e.number for e in made]
    assert {row["region"] for row in found} == {"pairs_found"}


@pytest.mark.usefixtures("made")
def test_a_column_may_be_called_as_a_counter(folder: Path) -> None:
    text = PROGRAM.replace("save lead", "save nall_pt = count(Muon), lead")
    (folder / "p.hepsel").write_text(text)
    code, _, _ = hepsel("run", "p.hepsel", "data_1.root", *FORMAT, "--out", "out", "--columns", "root")
    assert code == 0
    with uproot.open("out/columns_pairs_found.root") as file:
        tree = file["columns"]
        assert set(tree.keys()) == {"nall_pt", "lead", "all_pt", "nall_pt_", "n"}
        assert tree["nall_pt_"].array().to_list() == ak.num(tree["all_pt"].array()).to_list()
        assert ak.all(tree["nall_pt"].array() >= tree["nall_pt_"].array())


def test_columns_as_root(folder: Path, made: list[Event]) -> None:
    more = "n = count(muons), signs = muons.charge * muons[2].charge"
    (folder / "p.hepsel").write_text(PROGRAM.replace("n = count(muons)", more))
    code, _, _ = hepsel("run", "p.hepsel", "data_*.root", *FORMAT, "--out", "out", "--columns", "root", "--no-hash")
    assert code == 0
    with uproot.open("out/columns_pairs_found.root") as file:
        assert file["columns"].title == "lead [MeV], all_pt [MeV]"
        found = file["columns"].arrays(["lead", "all_pt", "n", "signs"]).to_list()
    chosen = [selected_muons(e) for e in passing(made)]
    expected = [
        {
            "lead": muons[0].pt * 1000,
            "all_pt": [m.pt * 1000 for m in muons],
            "n": len(muons),
            "signs": [m.charge * float(muons[2].charge) if len(muons) > 2 else math.nan for m in muons],
        }
        for muons in chosen
    ]
    assert str(found) == str(expected)  # with NaN
    assert {len(muons) for muons in chosen} >= {2, 3}
    manifest = json.loads(Path("out/manifest.json").read_text())
    assert {item["sha256"] for item in manifest["inputs"]} == {None}


@pytest.mark.usefixtures("made")
def test_columns_in_a_tree_have_the_types_of_the_program_where_nothing_is_missing(folder: Path) -> None:
    more = "save first = muons[0].charge, third = muons[2].charge, each = muons.charge, lead"
    (folder / "p.hepsel").write_text(PROGRAM.replace("save lead", more))
    assert hepsel("run", "p.hepsel", "data_1.root", *FORMAT, "--out", "out", "--columns", "root")[0] == 0
    with uproot.open("out/columns_pairs_found.root") as file:
        names = file["columns"].typenames()
    assert [names[name] for name in ("first", "third", "each")] == ["int64_t", "double", "int64_t[]"]


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("number", [2**53 - 1, 2**53 + 1])
def test_whole_numbers_keep_all_digits_beside_missing_ones(folder: Path, number: int) -> None:
    """Or are refused where only reals can be: no number is stored that is another one."""
    more = f"save third = muons[2].charge * {number}, lists = muons.charge * {number}, lead"
    (folder / "p.hepsel").write_text(PROGRAM.replace("save lead", more))
    assert hepsel("run", "p.hepsel", "data_1.root", *FORMAT, "--out", "out")[0] == 0
    stored = {value for value in pq.read_table("out/columns_pairs_found.parquet")["third"].to_pylist() if value}
    assert None in pq.read_table("out/columns_pairs_found.parquet")["third"].to_pylist()
    assert stored <= {number, -number}
    code, _, err = hepsel("run", "p.hepsel", "data_1.root", *FORMAT, "--out", "tree", "--columns", "root")
    assert code == (0 if number < 2**53 else 3)
    if code:
        assert "third: there are whole numbers of 2^53 and more" in err
        assert not [*Path("tree").glob("*.root"), *Path("tree").glob("*.json")]
        assert hepsel("run", "p.hepsel", "data_1.root", *FORMAT, "--out", "tree")[0] == 0
    else:
        with uproot.open("tree/columns_pairs_found.root") as file:
            assert {value for value in file["columns"]["third"].array() if value == value} == stored


def test_lists_of_selected_events_keep_their_own_elements_in_a_tree() -> None:
    lists = ak.Array([[1, 2], [3], [], [4, 5, 6]])
    may_be_missing = ak.mask(lists, lists > 0)
    selected = may_be_missing[np.array([True, False, True, True])]  # the lists have a gap between them
    assert _for_tree("n", selected, missing=False).to_list() == [[1, 2], [], [4, 5, 6]]
    gaps = _for_tree("n", ak.mask(lists, lists != 5)[[3, 0]], missing=True)
    assert str(gaps.to_list()) == "[[4.0, nan, 6.0], [1.0, 2.0]]"


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**53 + 1])
def test_one_large_whole_number_beside_a_missing_one_is_refused_in_a_tree(number: int) -> None:
    for column in ([1, None, number], [[1, None], [], [2, number]]):
        with pytest.raises(DataError, match="beside missing values a TTree holds reals"):
            _for_tree("n", ak.Array(column), missing=True)
    exact = number // 2
    assert str(_for_tree("n", ak.Array([1, None, exact]), missing=True).to_list()) == f"[1.0, nan, {float(exact)}]"


@pytest.mark.usefixtures("made")
def test_columns_of_names_are_refused_for_root_files_before_the_run(folder: Path) -> None:
    text = PROGRAM.replace("save lead", "save kinds = muons.flavour, kind = muons[0].flavour, lead")
    (folder / "p.hepsel").write_text(text)
    options = ("--out", "out", "--columns", "root")
    code, _, err = hepsel("run", "p.hepsel", "data_1.root", *FORMAT, *options)
    assert code == 2
    assert "pairs_found.kinds, pairs_found.kind: columns of names, which ROOT files cannot hold" in err
    assert hepsel("run", "p.hepsel", "data_1.root", *FORMAT, *options[2:])[0] == 0  # nothing is written


@pytest.mark.usefixtures("made")
def test_an_earlier_output_is_replaced(folder: Path) -> None:
    hepsel("run", "p.hepsel", "data_1.root", *FORMAT, "--out", "out", "--trace")
    code, _, _ = hepsel("run", "p.hepsel", "data_*.root", *FORMAT, "--out", "out")
    assert code == 0
    assert json.loads((folder / "out" / "cutflow.json").read_text())["events"] == 240
    assert not (folder / "out" / "trace.csv").exists()


def test_nothing_is_left_when_writing_fails(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "cutflow.json").write_text("old")

    def fail() -> None:
        with replaced_directory(target) as folder:
            (folder / "cutflow.json").write_text("half of the n")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert os.listdir(tmp_path) == ["out"]
    assert (target / "cutflow.json").read_text() == "old"


@pytest.mark.usefixtures("made")
def test_external_criteria_make_a_result_incomplete(folder: Path) -> None:
    text = PROGRAM.replace(
        "  select a.charge + b.charge == 0\n",
        '  select a.charge + b.charge == 0\n  external "vertex fit" cite paper\n',
    )
    text += "\nregion no_pairs\n  select count(muons) >= 1\n"
    (folder / "p.hepsel").write_text(text)
    _, out, _ = hepsel("run", "p.hepsel", "data_1.root", *FORMAT, "--json")
    data = json.loads(out)
    assert [(found["complete"], found["not_applied"]) for found in data["regions"]] == [
        (False, ["pairs.2"]),
        (True, []),
    ]
    assert data["complete"] is False
    _, shown, _ = hepsel("run", "p.hepsel", "data_1.root", *FORMAT)
    (line,) = [line for line in shown.splitlines() if "vertex fit (not applied)" in line]
    assert line.split()[-3:] == ["-", "-", "paper"]
    assert "incomplete: pairs_found depends on criteria that were not applied (pairs.2)" in shown


@pytest.mark.usefixtures("made")
def test_a_region_is_incomplete_with_those_that_it_asks_for(folder: Path) -> None:
    text = PROGRAM + '\nregion halo\n  external "beam halo"\nregion low\n  take halo\n  select MET.pt > 1 GeV\n'
    text += "define passes = low\nregion rest\n  reject passes\nregion both\n  take halo\n  select rest\n"
    text += '  external "noise"\n  bin "halo" halo\nregion parts\n  bin "rest" rest\n'
    (folder / "p.hepsel").write_text(text)
    _, out, _ = hepsel("run", "p.hepsel", "data_1.root", *FORMAT, "--json")
    regions = json.loads(out)["regions"]
    assert [found["complete"] for found in regions] == [True, *[False] * 5]
    assert {found["name"]: found["not_applied"] for found in regions} == {
        "pairs_found": [],
        "halo": ["halo.1"],
        "low": ["halo.1"],
        "rest": ["halo.1"],
        "both": ["halo.1", "both.2"],
        "parts": ["halo.1"],
    }


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("rest", "behind"),
    [
        ("  weight late = 0.5\n  weight later = 2\n", ["late", "later"]),
        ("  weight early = 0.5\n  select MET.pt > 0 GeV\n", []),
        ('  weight late = 0.5\n  bin "all" MET.pt > 0 GeV\n', ["late"]),
    ],
)
def test_weights_behind_the_last_criterion_are_in_no_row(rest: str, behind: list[str], folder: Path) -> None:
    (folder / "p.hepsel").write_text(PROGRAM + rest)
    _, out, _ = hepsel("run", "p.hepsel", "data_1.root", *FORMAT, "--json")
    assert region(out)["weights_in_no_row"] == behind
    _, shown, _ = hepsel("run", "p.hepsel", "data_1.root", *FORMAT)
    assert (f"weight in no row: {', '.join(behind)} of " in shown) is bool(behind)


@pytest.mark.usefixtures("made")
def test_published_counts_and_bins(folder: Path) -> None:
    text = (
        PROGRAM.replace(
            '"opposite charges"', '"opposite charges" cite paper page 5 "charge" assume "any pair" note "tight"'
        )
        + '  expect 12 +- 3 stat for "data", 7 for "signal"\n  bin "low" MET.pt < 40 GeV note "first"\n'
        + '  expect 5 + 2 - 1 syst +- 3 assume "by eye" cite paper\n  bin "all" MET.pt > 0 GeV\n'
    )
    text += "  bins met = MET.pt edges [0 GeV, 40 GeV, 100 GeV]\n  bins high = MET.pt edges [40 GeV, 100 GeV]\n"
    (folder / "p.hepsel").write_text(text)
    _, out, _ = hepsel("run", "p.hepsel", "data_1.root", *FORMAT, "--json")
    found = region(out)
    everything, two, charges = found["rows"]
    low, all_, *cells, high = found["bins"]
    none: dict[str, list[Any]] = {"citations": [], "assumptions": [], "notes": []}
    quoted = {
        "citations": [{"source": "paper", "page": 5, "quote": "charge"}],
        "assumptions": ["any pair"],
        "notes": ["tight"],
    }
    data = {"value": 12.0, "uncertainties": [{"up": 3.0, "down": 3.0, "kind": "stat"}], "sample": "data", **none}
    signal = {"value": 7.0, "uncertainties": [], "sample": "signal", **none}
    assert {key: charges[key] for key in (*none, "expected")} == {**quoted, "expected": [data, signal]}
    errors = [{"up": 2.0, "down": 1.0, "kind": "syst"}, {"up": 3.0, "down": 3.0, "kind": None}]
    by_eye = {"citations": [{"source": "paper", "page": None, "quote": None}], "assumptions": ["by eye"], "notes": []}
    in_bin = {"value": 5.0, "uncertainties": errors, "sample": None, **by_eye}
    assert {key: low[key] for key in (*none, "expected")} == {**none, "notes": ["first"], "expected": [in_bin]}
    for row in (everything, two, all_, *cells, high):
        assert {key: row[key] for key in (*none, "expected")} == {**none, "expected": []}
    assert low["events"] == cells[0]["events"] < all_["events"]
    assert all_["events"] == found["rows"][-1]["events"] == cells[0]["events"] + cells[1]["events"]
    assert high["events"] == cells[1]["events"]
    assert found["events_in_no_cell"] == {"met": 0, "high": low["events"]}
    assert found["events_in_several_bins"] == low["events"]  # the cells beside the bins are parts of another kind
    assert [(cell["cell"][0]["low"], cell["cell"][0]["high"], cell["cell"][0]["unit"]) for cell in cells] == [
        (0.0, 40.0, "GeV"),
        (40.0, 100.0, "GeV"),
    ]
    _, shown, _ = hepsel("run", "p.hepsel", "data_1.root", *FORMAT)
    assert "12 ± 3 stat (data); 7 (signal)" in shown
    assert f"bins overlap: {low['events']} events of pairs_found in two or more named bins" in shown
    assert f"no cell: {low['events']} events of pairs_found in no cell of high" in shown
    assert "in no cell of met" not in shown
    assert "met[0]: MET.pt 0 to 40 GeV" in shown


@pytest.mark.usefixtures("made")
def test_cells_of_whole_numbers_say_which(folder: Path) -> None:
    grid = (
        "  bins n = count(muons) edges [0, 1, 3, 4.5] vs count(Muon) edges [0, 1, 4] vs MET.pt / (1 GeV) edges [0, 1]\n"
    )
    (folder / "p.hepsel").write_text(PROGRAM + grid)
    _, shown, _ = hepsel("run", "p.hepsel", "data_1.root", *FORMAT)
    assert "n[0,0,0]: count(muons) 0 to 1, count(Muon) 0, MET.pt / (1 GeV) 0 to 1" in shown
    assert "n[1,1,0]: count(muons) 1 to 3, count(Muon) 1 to 3, MET.pt / (1 GeV) 0 to 1" in shown


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("option", [[], ["--interpreter"]])
def test_open_bins_are_shown_as_bounds_and_are_null_in_json(folder: Path, option: list[str]) -> None:
    grids = (
        "  bins met = MET.pt edges [-inf, 30 GeV, 40 GeV, inf]\n  bins all = MET.pt edges [-inf, inf]\n"
        "  bins n = count(muons) edges [2, 3, inf] vs MET.pt edges [30 GeV, inf]\n"
    )
    (folder / "p.hepsel").write_text(PROGRAM + grids)
    _, out, _ = hepsel("run", "p.hepsel", "data_1.root", *FORMAT, "--json", *option)
    assert "Infinity" not in out
    bins = region(out)["bins"]
    assert [[(side["low"], side["high"]) for side in row["cell"]] for row in bins] == [
        [(None, 30.0)], [(30.0, 40.0)], [(40.0, None)], [(None, None)],
        [(2.0, 3.0), (30.0, None)], [(3.0, None), (30.0, None)],
    ]  # fmt: skip
    low, middle, high, everything, *_ = (row["events"] for row in bins)
    assert 0 < low < everything == low + middle + high
    _, shown, _ = hepsel("run", "p.hepsel", "data_1.root", *FORMAT, *option)
    for line in (
        "met[0]: MET.pt < 30 GeV ",
        "met[1]: MET.pt 30 to 40 GeV ",
        "met[2]: MET.pt >= 40 GeV ",
        "all[0]: MET.pt of any value ",
        "n[0,0]: count(muons) 2, MET.pt >= 30 GeV ",
        "n[1,0]: count(muons) >= 3, MET.pt >= 30 GeV ",
    ):
        assert line in shown


@pytest.mark.usefixtures("made")
def test_missing_weights_of_events_that_are_rejected_later(folder: Path) -> None:
    text = PROGRAM.replace("region pairs_found\n", "region pairs_found\n  weight w = muons[0].pt / muons[0].pt\n")
    (folder / "p.hepsel").write_text(text)
    _, shown, _ = hepsel("run", "p.hepsel", "data_1.root", *FORMAT)
    assert "without a value of w, counted as 0; 0 of them pass all criteria" in " ".join(shown.split())


def test_missing_weights_of_entries(folder: Path, made: list[Event]) -> None:
    fill = "  histogram soft = muons.pt bins 2 from 0 GeV to 9 GeV with weight sqrt(-muons.charge)\n"
    (folder / "p.hepsel").write_text(PROGRAM.replace("region pairs_found\n", f"region pairs_found\n{fill}"))
    events = [event for event in made[:40] if any(muon.charge > 0 for muon in selected_muons(event))]
    selected = len([*passing(events)])
    for options in ((), ("--interpreter",)):
        shown = " ".join(hepsel("run", "p.hepsel", "data_1.root", *FORMAT, *options)[1].split())
        assert (
            f"missing weight: {len(events)} events of pairs_found with entries without a weight in histogram" in shown
        )
        assert f"soft, counted as 0; {selected} of them pass all criteria" in shown


@pytest.mark.parametrize(("unit", "base"), [("um", 1000), ("mm", 1), ("", 1), ("cm", Fraction(1, 10))])
def test_edges_are_shown_in_units_as_they_are_written(unit: str, base: Fraction) -> None:
    written = [float(f"{k / 10:.1f}") for k in range(300)]
    assert in_unit([float(Fraction(str(number)) / base) for number in written], unit) == written


@pytest.mark.usefixtures("made")
def test_the_interpreter_reads_what_it_needs_for_whole_four_vectors(folder: Path) -> None:
    text = """hepsel 1
analysis "parts of sums"
composite pairs
  take Muon a, Muon b
region r
  select pairs[0].pt > 5 GeV
  save charge = (Muon[0] + Muon[1]).charge, angle = dphi(Muon[0] + Muon[1], MET)
"""
    (folder / "v.hepsel").write_text(text)
    for out, *options in (["code"], ["judge", "--interpreter"]):
        assert hepsel("run", "v.hepsel", "data_1.root", *FORMAT, "--out", out, *options)[0] == 0
    code, judge = (pq.read_table(folder / out / "columns_r.parquet").to_pylist() for out in ("code", "judge"))
    assert len(code) > 5
    assert str(code) == str(judge)  # a NaN is like another


@pytest.mark.usefixtures("made")
def test_variants_have_tables_of_their_own_and_no_others(folder: Path) -> None:
    text = """hepsel 1
analysis "variants"
define cut = 30 GeV
object muons
  take Muon
  select pt > cut
region r
  select count(muons) > 0
region loose
  take r with cut = 10 GeV
region all_muons
  take r with muons = Muon
"""
    (folder / "v.hepsel").write_text(text)
    _, out, _ = hepsel("run", "v.hepsel", "data_1.root", *FORMAT, "--json")
    assert [found["name"] for found in json.loads(out)["objects"]] == ["muons", "muons[loose]"]
    _, shown, _ = hepsel("run", "v.hepsel", "data_1.root", *FORMAT)
    titles = [line.strip() for line in shown.splitlines() if line.startswith(("object ", "region "))]
    assert titles == ["object muons", "object muons[loose]", "region r", "region loose", "region all_muons"]


# ------------------------------------------------------------------ small parts


def test_find_files_sorts_patterns(folder: Path) -> None:
    for name in ("b.root", "a.root", "c.txt"):
        (folder / name).touch()
    assert find_files(["*.root:T", "c.txt"]) == (
        InputFile(Path("a.root"), "T"),
        InputFile(Path("b.root"), "T"),
        InputFile(Path("c.txt")),
    )
    (folder / "odd[1]:x.root").touch()
    assert find_files(["odd[1]:x.root"]) == (InputFile(Path("odd[1]:x.root")),)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (":", [(0, 10), (0, 0), (0, 5)]),
        ("4:12", [(4, 10), (0, 0), (0, 2)]),
        ("10:", [(10, 10), (0, 0), (0, 5)]),
        ("99:", [(10, 10), (0, 0), (5, 5)]),
        ("0:0", [(0, 0), (0, 0), (0, 0)]),
    ],
)
def test_entry_ranges(text: str, parts: list[tuple[int, int]]) -> None:
    entries = parse_entries(text)
    assert isinstance(entries, Entries)
    assert entries.of_files([10, 0, 5]) == parts


def test_what_is_kept_of_a_file_is_not_taken_for_another_one(tmp_path: Path) -> None:
    here = OpenedFile(InputFile(tmp_path / "a.root"), "Events", (0, 5), 100, 7)
    there = replace(here, file=InputFile(Address("https://server/a.root")), uuid="1", etag="x")
    changes: tuple[dict[str, Any], ...] = ({"tree": "other"}, {"size": 101}, {"modified": 8})
    other = replace(here, file=InputFile(tmp_path / "b.root"))
    files = [here, other, *(replace(here, **change) for change in changes)]
    remote = [
        replace(there, file=InputFile(Address("https://server/b.root"))),
        replace(there, uuid="2"),
        replace(there, etag="y"),
    ]
    files += [there, *remote, *(replace(there, **change) for change in changes)]
    identities = [file.identity for file in files]
    assert None not in identities
    assert len({*identities}) == len(files)
    assert replace(here, bounds=(0, 3, 5)).identity == here.identity
    assert replace(there, modified=None).identity is not None
    assert replace(there, etag=None).identity is not None
    assert replace(there, modified=None, etag=None).identity is None, "nobody knows whether it is still the same"


def test_cut_covers_every_event_once() -> None:
    random = np.random.default_rng(3)
    for _ in range(200):
        start, count, length = random.integers(0, 50), random.integers(0, 100), random.integers(1, 30)
        bounds = sorted({0, *random.integers(0, 150, 6).tolist(), 150})
        ranges = cut((start, start + count), length, bounds)
        assert [k for a, b in ranges for k in range(a, b)] == list(range(start, start + count))
        assert all(0 < b - a <= length for a, b in ranges)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("m_{4l}", "$m_{4l}$"),
        ("#DeltaR", "$\\DeltaR$"),
        ("plain words", "plain words"),
        ("$m$ already", "$m$ already"),
        ("5 $", "5 \\$"),
    ],
)
def test_titles(text: str, shown: str) -> None:
    assert as_mathtext(text) == shown


def test_what_stands_at_pictures(folder: Path) -> None:
    write_events(folder / "d.root", 20)
    text = """hepsel 1
analysis "labels"
region r_1
  let m_eff = sum(Muon.pt) + MET.pt
  histogram m_eff bins 10 from 0 GeV to 100 GeV
  histogram n = count(Muon) bins 5 from 0 to 5 title "N_{#mu}"
  histogram pt = Muon.pt edges [0 GeV, 10 GeV, 100 GeV]
  weight w = MET.pt / (10 GeV)
  histogram root = m_eff / sqrt(MET.pt) bins 4 from 0 GeV^(1/2) to 8 GeV^(1/2)
  histogram a_b = Muon.pt bins 2 from 0 GeV to 100 GeV vs Muon.eta bins 5 from -2.5 to 2.5
  histogram two = MET.pt bins 2 from 0 GeV to 100 GeV vs m_eff bins 2 from 0 TeV to 1 TeV title "p_{T} and m"
"""
    (folder / "p.hepsel").write_text(text)
    program = load_program("p.hepsel", FORMAT[1])
    drawn = {picture.name: picture for picture in pictures(program, run_program(program, ["d.root"]))}
    assert {name: (picture.labels, picture.contents) for name, picture in drawn.items()} == {
        "m_eff": (("m_eff [GeV]",), "events / 10 GeV"),
        "n": (("$N_{\\mu}$",), "events"),
        "pt": (("Muon.pt [GeV]",), "entries / bin"),
        "root": (("m_eff / sqrt(MET.pt) [GeV$^{1/2}$]",), "weighted events / 2 GeV$^{1/2}$"),
        "a_b": (("Muon.pt [GeV]", "Muon.eta"), "weighted entries"),
        "two": (("MET.pt [GeV]", "m_eff [TeV]"), "weighted events"),
    }
    headings = [drawn[name].heading for name in ("n", "a_b", "two")]
    assert headings == ["r_1", "r_1: a_b", "r_1: $p_{T}$ and m"]


@pytest.mark.usefixtures("made")
def test_no_picture_takes_the_place_of_another(folder: Path) -> None:
    (folder / "p.hepsel").write_text("""hepsel 1
analysis "test"
region a_b
  histogram c = count(Muon) bins 4 from 0 to 4
region a
  histogram b_c = MET.pt bins 4 from 0 GeV to 100 GeV
""")
    assert hepsel("run", "p.hepsel", "data_1.root", *FORMAT, "--out", "out")[0] == 0
    pictures_there = {path.name: path.read_bytes() for path in Path("out").glob("*.png")}
    assert set(pictures_there) == {"histogram_a_b_c.png", "histogram_a_b_c_.png"}
    assert len(set(pictures_there.values())) == 2
    assert set(pictures_there) < set(json.loads(Path("out/manifest.json").read_text())["outputs"])


def test_two_dimensional_histogram_is_drawn_and_latex_errors_are_no_errors(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_events(folder / "d.root", 50)
    text = PROGRAM + (
        "  histogram plane = MET.pt bins 4 from 0 GeV to 100 GeV vs muons[0].eta edges [-3, 0, 1, 3]\n"
        "  histogram uneven = MET.pt edges [1 GeV, 2 GeV, 5 GeV, 1000 GeV] vs muons[0].eta edges [-3, 0, 1, 3]\n"
        '  histogram odd = MET.pt bins 4 from 0 GeV to 100 GeV title "#nosuchsymbol_{{"\n'
    )
    (folder / "p.hepsel").write_text(text)
    for style in ("ATLAS", "CMS", "plain"):
        code, _, err = hepsel("run", "p.hepsel", "d.root", *FORMAT, "--out", "out", "--style", style)
        assert (code, err) == (0, "")
        assert not [record for record in caplog.records if "ticks" in record.getMessage()]
        assert {"histogram_pairs_found_plane.png", "histogram_pairs_found_odd.png"} <= set(os.listdir("out"))
    with uproot.open("out/histograms.root") as file:
        assert file["pairs_found/plane"].axis(1).edges().tolist() == [-3, 0, 1, 3]


@pytest.mark.usefixtures("made")
@pytest.mark.filterwarnings("error")
def test_infinite_and_negative_weights_and_a_title_with_its_unit(folder: Path) -> None:
    weighted = "region weighted\n  weight a = -0.0 * MET.pt / (1 GeV)\n  select MET.phi > 3 or MET.pt > 0 GeV\n"
    infinite = "region infinite\n  weight b = 1 / (count(Muon) - 1)\n"
    shown = '  histogram p = MET.pt bins 2 from 0 GeV to 60 GeV title "p_{T} [GeV]"\n'
    (folder / "p.hepsel").write_text(PROGRAM + weighted + infinite + shown)
    code, out, err = hepsel("run", "p.hepsel", "data_1.root", *FORMAT, "--out", "out", "--json")
    assert (code, err) == (0, "")
    assert "-0.0" not in out
    with uproot.open("out/histograms.root") as file:
        assert file["infinite/p"].member("fEntries") == 0
        assert file["infinite/p"].axis().member("fTitle") == "p_{T} [GeV]"


@pytest.mark.usefixtures("made")
def test_an_infinite_weight_is_told(folder: Path) -> None:
    text = "region infinite\n  select MET.pt > 0 GeV\n  weight b = 1 / (count(Muon) - 1)\n  select count(Muon) >= {}\n"
    for least, found in ((1, True), (2, False)):
        (folder / "p.hepsel").write_text(PROGRAM + text.format(least))
        code, shown, err = hepsel("run", "p.hepsel", "data_1.root", *FORMAT)
        assert (code, err) == (0, "")
        message = f'the weights of infinite have no finite sum from "count(Muon) >= {least}" on'
        assert (message in " ".join(shown.split())) is found


@pytest.mark.parametrize("axes", [1, 2])
def test_entries_of_histograms_in_root_files(axes: int, tmp_path: Path) -> None:
    regular = [hist.axis.Regular(2, 0, 2, name=name) for name in "xy"]
    filled: hist.Hist[Any] = hist.Hist(*regular[:axes], storage=hist.storage.Weight())
    filled.fill(*[[0.5, 1.5, 1.5, 3.0]] * axes, weight=[2.0, 3.0, -1.0, 5.0])
    same: hist.Hist[Any] = hist.Hist(*regular[:axes], storage=hist.storage.Weight())
    same.fill(*[[0.5, 1.5, 3.0]] * axes)
    with uproot.recreate(tmp_path / "h.root") as file:
        file["weighted"], file["same"], file["none"] = as_root(filled), as_root(same), as_root(same * 0)
    with uproot.open(tmp_path / "h.root") as file:
        names = ("fEntries", "fTsumw", "fTsumw2", "fTsumwx")
        assert [file["weighted"].member(name) for name in names] == [81 / 39, 4.0, 14.0, 4.0]  # the last is overflow
        assert [file["same"].member(name) for name in names] == [3.0, 2.0, 2.0, 2.0]
        assert file["none"].member("fEntries") == 0
        read = file["weighted"].to_hist()
    view: Any = read.view(flow=True)
    assert view.tolist() == filled.view(flow=True).tolist()
    assert [axis.edges.tolist() for axis in read.axes] == [[0, 1, 2]] * axes


def test_histograms_add_in_order() -> None:
    total = make_histogram([[0, 1]], [0, 1, 0], [0, 1, 0]) + make_histogram([[0, 1]], [1, 2, 3], [1, 4, 9])
    assert total.values(flow=True).tolist() == [1, 3, 3]
    assert ak.Array(total.variances(flow=True)).to_list() == [1, 5, 9]


@pytest.mark.parametrize(
    ("number", "error", "shown"),
    [
        (1234.5678, 12.345, "1235 ± 12"),
        (0.123456, 0.0123, "0.123 ± 0.012"),
        (98765.4, 1234.5, "98800 ± 1200"),
        (2.0, 3e-9, "2 ± 3e-09"),
        (1e12, 3e8, "1e+12 ± 3e+08"),
        (2.5, 0.0, "2.5 ± 0"),
        (math.inf, math.nan, "inf ± nan"),
    ],
)
def test_weighted_numbers_have_two_digits_of_their_error(number: float, error: float, shown: str) -> None:
    row = {
        "label": "all",
        "applied": True,
        "events": 1,
        "sumw": number,
        "error": error,
        "expected": [],
        "citations": [],
    }
    row |= {"step_efficiency": 1.0, "efficiency": 1.0, "assumptions": []}
    found = {"name": "r", "rows": [row], "bins": [], "not_applied": [], "events_in_several_bins": 0}
    found |= {"events_with_missing_weight": {}, "events_in_no_cell": {}, "weights_in_no_row": []}
    console = Console(file=io.StringIO(), width=200)
    for table_shown in tables({"analysis": "test", "objects": [], "regions": [found]}):
        console.print(table_shown)
    assert f" {shown} " in console.file.getvalue()
