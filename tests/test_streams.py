"""Standard streams that are closed, full, left by their reader or of another encoding; names that are no plain text."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
import uproot
from run_command import PROGRAM, hepsel, prepared

NAME = "cms_open_data_2012"
FORMAT = ("--format", NAME)
SAME = ("diff", "p.hepsel", "p.hepsel", *FORMAT)
WRITING = [
    ("--help",),
    ("check", "p.hepsel", *FORMAT),
    ("fmt", "-"),
    ("compile", "p.hepsel", *FORMAT),
    ("formats", "show", "physlite"),
    SAME,
    ("inspect", "good.root"),
    ("run", "p.hepsel", "good.root", *FORMAT, "--json"),
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return prepared(tmp_path, monkeypatch, 20)


def shell(arguments: Sequence[str], behind: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command with something behind it that a shell understands, and program text as standard input."""
    command = f'set -o pipefail; "$@" {behind}'
    return subprocess.run(
        ["bash", "-c", command, "bash", sys.executable, "-m", "hepsel", *arguments],
        input=PROGRAM,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("arguments", WRITING, ids=lambda arguments: arguments[0])
def test_output_that_finds_no_room(arguments: tuple[str, ...]) -> None:
    found = shell(arguments, "> /dev/full")
    assert (found.returncode, found.stderr) == (3, "hepsel: standard output: No space left on device\n")


@pytest.mark.parametrize("arguments", [WRITING[0], SAME, WRITING[-1]], ids=lambda arguments: arguments[0])
def test_output_that_nobody_reads(arguments: tuple[str, ...]) -> None:
    # A difference has an exit code of its own: there is none here.
    left = shell(arguments, "| head -c 0")
    assert (left.returncode, left.stderr) == (141, "")
    closed = shell(arguments, ">&-")
    assert (closed.returncode, closed.stderr) == (0, "")


def test_messages_that_cannot_be_written() -> None:
    for behind in ("2> /dev/full", "2>&-", ">&- 2>&- <&-"):
        found = shell(("diff", "p.hepsel", "none.hepsel", *FORMAT), behind)
        assert (found.returncode, found.stdout) == (3, "")


@pytest.mark.parametrize("command", ["check", "compile", "fmt"])
def test_input_that_is_closed(command: str) -> None:
    found = shell((command, "-", *(FORMAT if command != "fmt" else ())), "<&-")
    assert found.returncode == 3
    assert found.stderr.removeprefix("hepsel: ") == "<stdin>: cannot read the program: standard input is closed\n"


def test_an_encoding_that_lacks_characters(folder: Path) -> None:
    (folder / "p.hepsel").write_text(PROGRAM.replace("two muons", "zwei müde Müonen 😀"), encoding="utf-8")
    found = shell(("run", "p.hepsel", "good.root", *FORMAT, "--json"), "", PYTHONIOENCODING="ascii")
    assert (found.returncode, found.stderr) == (0, "")
    assert json.loads(found.stdout)["regions"][0]["rows"][1]["label"] == "zwei müde Müonen 😀"
    (folder / "paper.txt").write_text("Muons must have |η| < 2.4 and p_T > 20 GeV.", encoding="utf-8")
    found = shell(("read", "paper.txt"), "", PYTHONIOENCODING="ascii")
    assert (found.returncode, found.stderr) == (0, "")
    assert r"|\u03b7| < 2.4" in found.stdout


def test_a_program_from_a_pipe_is_formatted_to_standard_output() -> None:
    spaced = PROGRAM.replace("hepsel 1", "hepsel   1")
    for name in ("-", "/dev/stdin"):
        found = subprocess.run(
            [sys.executable, "-m", "hepsel", "fmt", name],
            input=spaced,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (found.returncode, found.stderr) == (0, "")
        assert found.stdout.startswith("hepsel 1\n")


@pytest.mark.parametrize("module", ["click", "hepsel.cli.streams", "hepsel.cli.check", "lark"])
def test_ctrl_c_while_a_module_is_imported(module: str) -> None:
    code = f"""
        import os, runpy, signal, sys

        class Finder:
            def find_spec(self, name, path=None, target=None):
                if name == {module!r}:
                    os.kill(os.getpid(), signal.SIGINT)

        sys.meta_path.insert(0, Finder())
        sys.argv = ["hepsel", "check", "p.hepsel", "--format", {NAME!r}]
        runpy.run_module("hepsel", run_name="__main__")
    """
    found = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout, found.stderr.strip()) == (130, "", "interrupted")


def test_numbers_that_json_does_not_know(folder: Path) -> None:
    with uproot.recreate(folder / "odd.root") as file:
        file["Events"] = {"met": np.array([np.inf, 1.0, np.nan])}
    (folder / "odd.toml").write_text(
        'name = "odd"\ndescription = "odd"\ntrees = ["Events"]\n[collections.MET]\nsingle = true\n'
        '[collections.MET.attributes]\npt = { branch = "met", unit = "GeV" }\n'
    )
    code, out, _ = hepsel("inspect", "odd.root", "--format", "odd.toml", "--json")
    assert code == 0
    assert "Infinity" not in out
    assert json.loads(out)["collections"]["MET"]["found"]["pt"]["values"] == [None, 1.0, None]


# ------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("name", "shown"), [(b"\xff", r"\xff"), (b"\x1b[31mred", r"\x1b[31mred"), (b"two\nlines", r"two\nlines")]
)
def test_names_that_are_no_plain_text(folder: Path, name: bytes, shown: str) -> None:
    (folder / "good.root").rename(os.fsdecode(name + b".root"))
    (folder / "p.hepsel").rename(os.fsdecode(name + b".hepsel"))
    message = "a name has to be UTF-8 without control characters: rename the file, or link to it"
    program, data = os.fsdecode(name + b".hepsel"), os.fsdecode(name + b".root")
    for arguments in (
        ("check", program, *FORMAT),
        ("compile", program, *FORMAT, "-o", "x.py"),
        ("fmt", program),
        ("diff", program, program, *FORMAT),
        ("run", program, "x.root", *FORMAT, "--out", "out"),
    ):
        assert hepsel(*arguments) == (3, "", f"hepsel: {shown}.hepsel: {message}\n")
    (folder / "q.hepsel").write_text(PROGRAM)
    assert hepsel("inspect", data) == (3, "", f"hepsel: {shown}.root: {message}\n")
    assert hepsel("run", "q.hepsel", "*.root", *FORMAT) == (3, "", f"hepsel: {shown}.root: {message}\n")


def test_messages_steer_no_terminal(folder: Path) -> None:
    (folder / "f.toml").write_text('name = "x\\u001b[31m"\n"\\u001b[31m" = 1\n')
    _, _, err = hepsel("run", "p.hepsel", "good.root", "--format", "f.toml")
    assert "\N{ESCAPE}" not in err
    assert "�[31m" in err


def test_names_in_a_file_steer_no_terminal() -> None:
    with uproot.recreate("odd.root") as file:
        file["tree\x1b[31m"] = {"a\x1b[32mb": np.arange(3.0)}
    for options in ((), ("--tree", "none")):
        _, out, err = hepsel("inspect", "odd.root", *options)
        assert "\x1b" not in out + err
        assert "�[31m" in out + err


# ------------------------------------------------------------------ what is no file


def test_what_has_no_end(folder: Path) -> None:
    zero = "/dev/zero"
    for arguments, what in (
        (("check", zero, *FORMAT), "2 MB; this is not a program"),
        (("run", "p.hepsel", f"@{zero}", *FORMAT), "100 MB; this is not a list of files"),
        (("run", "p.hepsel", "good.root", *FORMAT, "--good-runs", zero), "100 MB; this is not a good-run list"),
        (("run", "p.hepsel", "good.root", "--format", zero), "100 MB; this is not a format file"),
    ):
        assert hepsel(*arguments) == (3, "", f"hepsel: {zero}: larger than {what}\n")
    assert hepsel("fmt", zero) == (3, "", f"{zero}: larger than 2 MB; this is not a program\n")
    os.mkfifo(folder / "pipe")
    for name in (zero, "pipe"):
        refused = (3, "", f"hepsel: {name}: is not a file, but a pipe or a device\n")
        assert hepsel("inspect", name) == refused
        assert hepsel("run", "p.hepsel", name, *FORMAT) == refused


def test_pipes_of_texts(folder: Path) -> None:
    """As those of `<(...)`: they can be read once."""
    toml = resources.files("hepsel.formats").joinpath(f"{NAME}.toml").read_text(encoding="utf-8")
    texts = {
        "program": PROGRAM,
        "list": "good.root\n",
        "format.toml": toml,
        "broken.toml": toml.replace('value = "1.0"', 'value = "nothing"'),
    }
    for arguments, names, code in (
        (("run", "program", "@list", "--format", "format.toml"), ("program", "list", "format.toml"), 0),
        (("diff", "program", "p.hepsel", "--format", "format.toml"), ("program", "format.toml"), 0),
        (("formats", "check", "broken.toml"), ("broken.toml",), 1),
    ):
        writers = []
        for name in names:
            os.mkfifo(folder / name)
            writers.append(threading.Thread(target=(folder / name).write_text, args=(texts[name],), daemon=True))
            writers[-1].start()
        assert hepsel(*arguments)[0] == code
        for name, writer in zip(names, writers, strict=True):
            writer.join()
            (folder / name).unlink()


def test_lists_of_files(folder: Path) -> None:
    (folder / "marked.txt").write_text("\N{BYTE ORDER MARK}# a list\ngood.root\n", encoding="utf-8")
    assert hepsel("run", "p.hepsel", "@marked.txt", *FORMAT)[0] == 0
    for text, message in (
        ("", "list.txt: this list of files names none"),
        ("# none\n\n", "list.txt: this list of files names none"),
        ("a\0b.root", r"a\x00b.root: a name has to be UTF-8 without control characters"),
    ):
        (folder / "list.txt").write_text(text)
        code, out, err = hepsel("run", "p.hepsel", "@list.txt", *FORMAT)
        assert (code, out) == (3, "")
        assert err.startswith(f"hepsel: {message}")


def test_formats_with_a_mark_and_formats_that_are_no_text(folder: Path) -> None:
    text = resources.files("hepsel.formats").joinpath(f"{NAME}.toml").read_text(encoding="utf-8")
    (folder / "f.toml").write_text(f"\N{BYTE ORDER MARK}{text}", encoding="utf-8")
    assert hepsel("check", "p.hepsel", "--format", "f.toml")[0] == 0
    path = folder / "good.root"
    message = f"hepsel: {path}: not a text in UTF-8 (byte 6)\n"
    assert hepsel("check", "p.hepsel", "--format", str(path)) == (3, "", message)


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (f"x = {'[' * 20_000}", 1, "f.toml:1: nested more than 20 levels deep"),
        (f"x = {'9' * 5000}", 1, "f.toml:1: not valid TOML: Exceeds the limit (4300 digits)"),
        (f"[{'.'.join(['a'] * 3000)}]", 1, "f.toml:1: nested more than 20 levels deep"),
    ],
    ids=["lists", "digits", "tables"],
)
def test_formats_beyond_measure(folder: Path, text: str, code: int, message: str) -> None:
    (folder / "f.toml").write_text(text)
    found, out, err = hepsel("formats", "check", "f.toml")
    assert (found, out) == (code, "")
    assert err.startswith(message)
