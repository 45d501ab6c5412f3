"""The directory of `hepsel run --out`: what is replaced, what is refused before the work, what is cleared away."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from run_command import hepsel, prepared

from hepsel.errors import DataError
from hepsel.run.directory import check_directory, replaced_directory, reserved_directory
from hepsel.run.execute import execute
from hepsel.run.outputs import write_outputs
from hepsel.run.state import State

RUN = ("run", "p.hepsel", "good.root", "--format", "cms_open_data_2012", "--out")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return prepared(tmp_path, monkeypatch, 60)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(arguments: tuple[str, ...]) -> str:
    """Return the message of a run that ends before its work begins, and changes nothing."""
    before = contents(Path())
    with patch("hepsel.cli.run.execute", side_effect=AssertionError("too late")):
        code, out, err = hepsel(*arguments)
    assert (code, out) == (3, "")
    assert contents(Path()) == before
    return err.removeprefix("hepsel: ").removesuffix("\n")


@pytest.mark.parametrize(
    "name",
    ["thesis.tex", "histogram_mine_x.png", "columns_mine.parquet", "events_mine.csv", ".hepsel/my", "trace.csv/mine"],
)
def test_what_no_run_wrote_is_left_alone(folder: Path, name: str) -> None:
    assert hepsel(*RUN, "out")[0] == 0
    mine = folder / "out" / name
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("precious")
    held = name.removesuffix("/mine")
    assert refused((*RUN, "out")) == (
        f"out: this directory holds {held}, which is not the output of a run: "
        "name another directory, or move the file away"
    )


@pytest.mark.parametrize("name", ["thesis.tex", "cutflow.json", ".hepsel", "manifest.json"])
def test_a_directory_of_something_else_is_left_alone(folder: Path, name: str) -> None:
    (folder / "out").mkdir()
    (folder / "out" / name).write_text("{}")
    assert refused((*RUN, "out")).startswith(f"out: this directory holds {name}, which")


def test_the_output_of_an_earlier_run_is_replaced(folder: Path) -> None:
    assert hepsel(*RUN, "out", "--trace", "--columns", "root")[0] == 0
    names = sorted(os.listdir("out"))
    assert {"trace.csv", "columns_pairs_found.root"} <= {*names}
    assert json.loads((folder / "out" / "manifest.json").read_text())["outputs"] == names
    State(folder / "out" / ".hepsel", {}).store("another file", {})  # type: ignore[typeddict-item]
    assert hepsel(*RUN, "out")[0] == 0
    gone = {"trace.csv", "columns_pairs_found.root"}
    assert {*os.listdir("out")} == {*names, "columns_pairs_found.parquet"} - gone


def test_what_came_while_the_run_went_on_is_left_alone(folder: Path) -> None:
    assert hepsel(*RUN, "out")[0] == 0

    def with_a_guest(*arguments: object, **options: object) -> object:
        (folder / "out" / "mine.txt").write_text("precious")
        return execute(*arguments, **options)  # type: ignore[arg-type]

    with patch("hepsel.cli.run.execute", with_a_guest):
        code, _, err = hepsel(*RUN, "out")
    assert (code, "holds mine.txt" in err) == (3, True)
    assert (folder / "out" / "mine.txt").read_text() == "precious"


def is_file(folder: Path) -> str:
    (folder / "out").touch()
    return "cannot use it as output directory: Not a directory"


def is_under_a_file(folder: Path) -> str:
    (folder / "file").touch()
    (folder / "out").symlink_to("file/no/such")
    return "cannot use it as output directory: Not a directory"


@pytest.mark.parametrize("make", [is_file, is_under_a_file])
def test_a_place_where_no_directory_can_be(folder: Path, make: Callable[[Path], str]) -> None:
    reason = make(folder)
    assert refused((*RUN, "out")) == f"out: {reason}"


def test_directories_above_are_made_when_there_is_something_to_write(folder: Path) -> None:
    (folder / "empty.root").touch()
    assert hepsel("run", "p.hepsel", "empty.root", *RUN[3:], "some/where/out")[0] == 3
    assert not (folder / "some").exists()
    assert hepsel(*RUN, "some/where/out")[0] == 0
    assert (folder / "some" / "where" / "out" / "manifest.json").is_file()


@pytest.mark.parametrize(
    ("out", "reason"),
    [
        ("/", "cannot be replaced, because it is a mount point"),
        (".", "cannot be replaced, because it is the working directory, or holds it"),
        ("n" * 250, "cannot use it as output directory: File name too long"),
    ],
)
def test_a_directory_that_cannot_be_replaced(out: str, reason: str) -> None:
    with patch("hepsel.run.directory._refuse_foreign"), pytest.raises(DataError) as caught:
        check_directory(Path(out))
    assert str(caught.value).startswith(f"{out}: {reason}")


def test_a_working_directory_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tmp_path.rmdir()
    with pytest.raises(DataError, match=r"^/out: the working directory does not exist any more: go to another one$"):
        check_directory(Path("/out"))


@pytest.mark.usefixtures("folder")
def test_a_place_that_cannot_be_written() -> None:
    with patch("tempfile.mkdtemp", side_effect=OSError(errno.EROFS, "Read-only file system")):
        assert refused((*RUN, "out")) == "out: cannot use it as output directory: Read-only file system"


def test_a_run_over_its_own_output(folder: Path) -> None:
    assert hepsel(*RUN, "out", "--columns", "root")[0] == 0
    own = "out/columns_pairs_found.root"
    message = refused(("run", "p.hepsel", own, *RUN[3:], "out"))
    assert message == f"{own}: is in the output directory, which is replaced: name another one"
    assert (folder / own).is_file()


def test_what_a_killed_run_left_is_cleared_away(folder: Path) -> None:
    """What a run that goes on still writes stays: it holds its directory locked."""
    left = [folder / name for name in (".out.abcdefg1.part", ".out.abcdefg1.old", ".out.abcdefg2.old")]
    others = [folder / name for name in (".out2.abcdefg1.part", ".out.mine.part")]
    for path in [*left, *others]:
        path.mkdir()
        (path / "cutflow.json").touch()
    program = "import sys, time, pathlib; from hepsel.run.directory import replaced_directory\n"
    program += "with replaced_directory(pathlib.Path('out')) as made: print(made, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as going_on:
        assert going_on.stdout is not None
        its = Path(going_on.stdout.readline().strip())
        with replaced_directory(folder / "out"):
            pass
        assert [path for path in left if path.exists()] == []
        assert [path for path in others if not path.exists()] == []
        assert its.is_dir()
        going_on.send_signal(signal.SIGKILL)
        going_on.wait()
        with replaced_directory(folder / "out"):
            pass
    assert not its.exists()


def test_an_output_directory_keeps_its_mode(folder: Path) -> None:
    (folder / "out").mkdir(mode=0o750)
    for mode in (0o750, 0o2770):
        (folder / "out").chmod(mode)
        assert hepsel(*RUN, "out")[0] == 0
        assert (folder / "out").stat().st_mode & 0o7777 == mode
    (folder / "shared").mkdir()
    (folder / "shared").chmod(0o2775)
    assert hepsel(*RUN, "shared/new")[0] == 0
    with replaced_directory(folder / "shared" / "newer"):
        pass
    assert all((folder / "shared" / name).stat().st_mode & 0o2000 for name in ("new", "newer"))


def test_what_systems_leave_in_a_directory_is_no_obstacle(folder: Path) -> None:
    assert hepsel(*RUN, "out")[0] == 0
    for name in (".DS_Store", ".nfs000000000a2b4c0000001"):
        (folder / "out" / name).touch()
        assert hepsel(*RUN, "out")[0] == 0


def test_no_run_replaces_the_directory_of_one_that_goes_on(folder: Path) -> None:
    in_use = "out: another run keeps its results here at the moment: name another directory, or wait"
    with reserved_directory(folder / "out"):
        assert refused((*RUN, "out")) == in_use
    (folder / "link").symlink_to("out")
    with reserved_directory(folder / "link"):
        assert refused((*RUN, "out")) == in_use
    assert hepsel(*RUN, "out")[0] == 0


@pytest.mark.usefixtures("folder")
def test_a_run_keeps_others_out_before_it_reads_events_and_until_its_results_are_there() -> None:
    told = []

    def while_it_goes_on(work: Callable[..., object]) -> Callable[..., object]:
        def with_another(*arguments: object, **options: object) -> object:
            told.append(refused((*RUN, "out")))
            return work(*arguments, **options)

        return with_another

    with (
        patch("hepsel.cli.run.execute", while_it_goes_on(execute)),
        patch("hepsel.cli.run_results.write_outputs", while_it_goes_on(write_outputs)),
    ):
        assert hepsel(*RUN, "out")[0] == 0
    assert [message.partition(":")[2][:12] for message in told] == [" another run", " another run"]
    assert ".hepsel" not in os.listdir("out")


@pytest.mark.usefixtures("folder")
def test_a_killed_run_keeps_nobody_out() -> None:
    program = "import sys, time, pathlib; from hepsel.run.directory import reserved_directory\n"
    program += "with reserved_directory(pathlib.Path('out')): print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert refused((*RUN, "out")).startswith("out: another run keeps its results here")
        process.kill()
    assert hepsel(*RUN, "out")[0] == 0


def test_a_run_that_keeps_nothing_leaves_nothing(folder: Path) -> None:
    for there in (False, True):
        if there:
            (folder / "new").mkdir()
        with patch("hepsel.cli.run.execute", side_effect=DataError("no")):
            assert hepsel(*RUN, "new/out")[0] == 3
        assert (folder / "new").exists() == there
        assert not (folder / "new" / "out").exists()


def test_a_link_is_followed_also_where_nothing_is_yet(folder: Path) -> None:
    (folder / "out").symlink_to("elsewhere")
    for _ in range(2):
        assert hepsel(*RUN, "out")[0] == 0
        assert (folder / "out").is_symlink()
        assert (folder / "elsewhere" / "cutflow.json").is_file()
