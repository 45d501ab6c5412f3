"""Data that cannot be read: one clear line that names the file, the right exit code, nothing half-written."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import awkward as ak
import numpy as np
import pytest
import uproot
from run_command import hepsel, prepared, write_events

from hepsel.backends.awkward.runtime.reading import Source

FORMAT = "cms_open_data_2012"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return prepared(tmp_path, monkeypatch, 60)


def damage(folder: Path, keep: float) -> None:
    content = (folder / "good.root").read_bytes()
    (folder / "bad.root").write_bytes(content[: int(len(content) * keep)])


def overwritten(folder: Path) -> None:
    """Keep the file's end, where its directory is, and overwrite what the baskets hold."""
    content = bytearray((folder / "good.root").read_bytes())
    with uproot.open(folder / "good.root") as file:
        branch = file["Events"]["Muon_pt"]
        start = branch.member("fBasketSeek")[0]
    content[start : start + 400] = np.random.default_rng(1).bytes(400)
    (folder / "bad.root").write_bytes(content)


def other_tree(folder: Path) -> None:
    with uproot.recreate(folder / "bad.root") as file:
        file["others"] = {"x": np.arange(3.0)}


def no_tree(folder: Path) -> None:
    with uproot.recreate(folder / "bad.root") as file:
        file["h"] = np.histogram([1.0, 2.0])


def changed(folder: Path, name: str, change: Callable[[dict[str, ak.Array]], ak.Array]) -> None:
    """Write the good events with another column."""
    with uproot.open(folder / "good.root") as file:
        tree = file["Events"]
        arrays = {name: tree[name].array() for name in tree.keys(filter_name="[!n]*")}
    arrays[name] = change(arrays)
    ak.to_parquet(ak.zip(arrays, depth_limit=1), folder / "bad.root")


def missing_integers(folder: Path) -> None:
    changed(folder, "Muon_charge", lambda arrays: ak.mask(arrays["Muon_charge"], arrays["Muon_pt"] > 50))


def broken_integers(folder: Path) -> None:
    changed(folder, "Muon_charge", lambda arrays: arrays["Muon_charge"] * 1.5)


def shifted_items(folder: Path) -> None:
    """Muons have the directions of those of the event before: as many in all, and all of them in order."""
    changed(folder, "Muon_eta", lambda arrays: ak.concatenate([arrays["Muon_eta"][-1:], arrays["Muon_eta"][:-1]]))


def broken_name(folder: Path) -> None:
    changed(folder, "Muon_pt", lambda arrays: arrays["Muon_pt"])
    content = (folder / "bad.root").read_bytes()
    (folder / "bad.root").write_bytes(content.replace(b"Muon_eta", b"Muon_\xffta"))


def single_values(folder: Path) -> None:
    changed(folder, "Muon_pt", lambda arrays: ak.Array(np.arange(len(arrays["run"]), dtype=float)))


def lists_of_lists(folder: Path) -> None:
    changed(folder, "Muon_pt", lambda arrays: ak.Array([[[1.0]]] * len(arrays["run"])))


def strings(folder: Path) -> None:
    changed(folder, "MET_pt", lambda arrays: ak.Array(["high"] * len(arrays["run"])))


def lists_of_strings(folder: Path) -> None:
    changed(folder, "Muon_charge", lambda arrays: ak.Array([["+", "-"]] * len(arrays["run"])))


def truncated_parquet(folder: Path) -> None:
    ak.to_parquet(ak.Array([{"x": 1.0}] * 1000), folder / "whole.parquet")
    content = (folder / "whole.parquet").read_bytes()
    (folder / "bad.root").write_bytes(content[: len(content) // 2])


def truncated_ntuple(folder: Path) -> None:
    with uproot.recreate(folder / "whole.root") as file:
        file.mkrntuple("Events", {"x": np.arange(1000.0)})
    content = (folder / "whole.root").read_bytes()
    (folder / "bad.root").write_bytes(content[: len(content) // 2])


def cut_off_behind_the_columns(folder: Path) -> None:
    """Cut off what no program reads: uproot reads the columns without a complaint."""
    (folder / "bad.root").write_bytes((folder / "good.root").read_bytes())
    with uproot.update(folder / "bad.root") as file:
        file["note"] = "n" * 10_000
    (folder / "bad.root").write_bytes((folder / "bad.root").read_bytes()[:-1])
    with uproot.open(folder / "bad.root") as file:
        assert len(file["Events"]["Muon_pt"].array()) > 0


CUT_OFF = "cannot read the file, it seems to be damaged: it ends too early\n"

BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda _: None, "o such file"),
    "a directory": (lambda folder: (folder / "bad.root").mkdir(), "is a directory"),
    "empty file": (lambda folder: (folder / "bad.root").touch(), "the file is empty"),
    "garbage": (
        lambda folder: (folder / "bad.root").write_bytes(np.random.default_rng(2).bytes(10_000_000)),
        "neither a ROOT nor a Parquet file",
    ),
    "text": (lambda folder: (folder / "bad.root").write_text("hello"), "neither a ROOT nor a Parquet"),
    "a web page": (
        lambda folder: (folder / "bad.root").write_text("<!DOCTYPE html>\n<p>Sign in"),
        "neither a ROOT nor a Parquet",
    ),
    "only the first letters": (lambda folder: (folder / "bad.root").write_text("root"), CUT_OFF),
    "cut off early": (lambda folder: damage(folder, 0.05), CUT_OFF),
    "cut off half-way": (lambda folder: damage(folder, 0.5), CUT_OFF),
    "cut off late": (lambda folder: damage(folder, 0.97), CUT_OFF),
    "cut off behind the columns": (cut_off_behind_the_columns, CUT_OFF),
    "RNTuple that is cut off": (truncated_ntuple, CUT_OFF),
    "overwritten": (overwritten, "damaged"),
    "wrong tree": (other_tree, "no tree Events: it has others"),
    "no tree": (no_tree, "it has no tree at all"),
    "missing branch": (
        lambda folder: write_events(folder / "bad.root", 5, leave_out="Muon_eta"),
        "no branch for Muon.eta",
    ),
    "truncated Parquet": (truncated_parquet, "corrupted or this is not a parquet file\n"),
    "name that is no text": (broken_name, "damaged"),
    "missing integers": (missing_integers, "Muon.charge: integers are missing among its values"),
    "integers with a fraction": (broken_integers, "Muon.charge: its values are not all whole numbers"),
    "columns of different length": (shifted_items, "have different numbers of items"),
    "single values": (single_values, "branch Muon_pt holds real numbers, and the format expects lists of numbers"),
    "lists of lists": (lists_of_lists, "branch Muon_pt holds lists of lists of real numbers, and the format expects"),
    "strings": (strings, "branch MET_pt holds texts, and the format expects numbers"),
    "lists of strings": (lists_of_strings, "branch Muon_charge holds lists of texts, and the format expects lists of"),
    "dangling link": (lambda folder: (folder / "bad.root").symlink_to("nowhere"), "No such file"),
    "loop of links": (lambda folder: (folder / "bad.root").symlink_to("bad.root"), "Too many levels of symbolic links"),
    "pipe": (lambda folder: os.mkfifo(folder / "bad.root"), "is not a file"),
}


def test_a_file_that_stays_open_is_no_exception(folder: Path) -> None:
    """The last one that was looked into is read without being opened anew."""
    cut_off_behind_the_columns(folder)
    told = hepsel("run", "p.hepsel", "bad.root", "--format", FORMAT)
    assert told == (3, "", f"hepsel: bad.root: {CUT_OFF}")


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_stops_the_run(folder: Path, case: str) -> None:
    make, reason = BAD[case]
    make(folder)
    before = sorted(os.listdir(folder))
    code, out, err = hepsel("run", "p.hepsel", "bad.root", "good.root", "--format", FORMAT, "--out", "out")
    assert code == 3
    assert out == ""
    assert err.startswith("hepsel: bad.root: ")
    assert reason in err
    assert err.count("\n") == 1
    left = [name for name in os.listdir(folder) if name not in before]
    assert left in ([], ["out"])
    assert left == [] or os.listdir("out") == [".hepsel"]  # what is finished is kept to go on from


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_skipped_on_demand(folder: Path, case: str) -> None:
    make, reason = BAD[case]
    make(folder)
    arguments = ("--format", FORMAT, "--json")
    code, out, err = hepsel("run", "p.hepsel", "bad.root", "good.root", *arguments, "--skip-bad-files")
    assert code == 4
    assert err.startswith("hepsel: skipped bad.root: ")
    assert reason in err
    code, alone, _ = hepsel("run", "p.hepsel", "good.root", *arguments)
    assert code == 0
    skipping, good = json.loads(out), json.loads(alone)
    assert skipping["regions"] == good["regions"]
    assert [file["path"] for file in skipping["skipped_files"]] == ["bad.root"]
    assert (skipping["complete"], good["complete"]) == (False, True)


def test_all_files_bad(folder: Path) -> None:
    (folder / "bad.root").touch()
    code, out, err = hepsel("run", "p.hepsel", "bad.root", "--format", FORMAT, "--skip-bad-files")
    assert (code, out) == (3, "")
    assert "none of the files can be read" in err
    assert "bad.root: the file is empty" in err


@pytest.mark.usefixtures("folder")
def test_more_events_than_a_file_can_hold() -> None:
    """Of a damaged header: to divide them among workers would take for ever."""
    with patch("hepsel.run.inputs._events_of_tree", return_value=10**15):
        code, _, err = hepsel("run", "p.hepsel", "good.root", "--format", FORMAT)
    reason = "it seems to be damaged: 1000000000000000 events do not fit into it"
    assert (code, err) == (3, f"hepsel: good.root: cannot read the file, {reason}\n")


@pytest.mark.usefixtures("folder")
def test_want_of_memory_is_no_damage() -> None:
    """Nothing of a good file is left out for it."""
    with patch.object(Source, "_arrays", side_effect=MemoryError):
        code, out, err = hepsel("run", "p.hepsel", "good.root", "--format", FORMAT, "--skip-bad-files")
    assert (code, out) == (3, "")
    assert err == "hepsel: there is not enough memory; where there is a --chunk, a smaller one needs less\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(folder: Path) -> None:
    shutil.copy(folder / "good.root", folder / "bad.root")
    (folder / "bad.root").chmod(0)
    code, _, err = hepsel("run", "p.hepsel", "bad.root", "--format", FORMAT)
    assert (code, err) == (3, "hepsel: bad.root: cannot open the file: Permission denied\n")


@pytest.mark.usefixtures("folder")
def test_no_permission_as_the_system_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def refusing(self: Path, *arguments: object, **options: object) -> object:
        if self.name == "good.root":
            raise PermissionError(13, "Permission denied")
        return real(self, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "open", refusing)
    code, _, err = hepsel("run", "p.hepsel", "good.root", "--format", FORMAT)
    assert (code, err) == (3, "hepsel: good.root: cannot open the file: Permission denied\n")


@pytest.mark.usefixtures("folder")
def test_a_file_that_nobody_may_see_is_not_called_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "lstat", refusing)
    code, _, err = hepsel("run", "p.hepsel", "good.root", "--format", FORMAT)
    assert (code, err) == (3, "hepsel: good.root: cannot open the file: Permission denied\n")


def test_no_events_are_no_error(folder: Path) -> None:
    write_events(folder / "none.root", 0)
    code, out, err = hepsel("run", "p.hepsel", "none.root", "--format", FORMAT, "--out", "out", "--json")
    assert (code, err) == (0, "")
    rows = json.loads(out)["regions"][0]["rows"]
    assert [row["events"] for row in rows] == [0] * len(rows)
    assert {row["efficiency"] for row in rows} == {None}
    assert (folder / "out" / "columns_pairs_found.parquet").is_file()
    assert (folder / "out" / "events_pairs_found.csv").read_text() == "run,luminosity_block,event\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none*.root"], "none*.root: no file fits this pattern"),
        (["a:b[1].root"], "hepsel: a:b[1].root: no file fits this pattern"),
        (["none*.root:Events"], "hepsel: none*.root:Events: no file fits this pattern"),
        (["none.root:Events"], "hepsel: none.root:Events: no such file"),
        (["none.root:Events", "--skip-bad-files"], "none.root:Events: cannot open the file: No such file"),
        (["good.root", "good.root"], "good.root: this file is given twice"),
        (["good.root", "./g*.root"], "good.root: this file is given twice"),
        (["good.root", "good.root:Events"], "good.root:Events: this file is given twice"),
        (["good.root:Events", "good.root"], "good.root: this file is given twice"),
        (["@list.txt"], "list.txt: cannot read the list of files: No such file"),
        (["good.root:other"], "good.root: no tree other: it has Events"),
        (["s3://example.org/a.root"], "only https://, http://, root:// are read from servers"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_names_that_name_nothing(arguments: list[str], message: str) -> None:
    code, _, err = hepsel("run", "p.hepsel", *arguments, "--format", FORMAT)
    assert code == 3
    assert message in err


@pytest.mark.usefixtures("folder")
def test_more_workers_than_there_can_be() -> None:
    code, _, err = hepsel("run", "p.hepsel", "good.root", "--format", FORMAT, "--workers", "999999999999")
    assert code == 2
    assert "not in the range 1<=x<=1024" in err


@pytest.mark.parametrize("entries", ["5", "a:b", "9:3", "-1:5", f"0:{'9' * 5000}"])
@pytest.mark.usefixtures("folder")
def test_bad_entries(entries: str) -> None:
    code, _, err = hepsel("run", "p.hepsel", "good.root", "--format", FORMAT, f"--entries={entries}")
    assert code == 2
    assert "START:STOP" in err


def test_good_runs_need_luminosity_blocks(folder: Path) -> None:
    (folder / "list.json").write_text('{"1": [[1, 9]]}')
    code, _, err = hepsel("run", "p.hepsel", "good.root", "--format", "atlas_open_data", "--good-runs", "list.json")
    assert code == 3
    assert "has no event.luminosity_block: good-run lists cannot be applied" in err
