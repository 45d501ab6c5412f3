"""`hepsel check`: what it prints, as text and as data, and how it exits."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from run_command import hepsel

RIGHT = 'hepsel 1\nanalysis "t"\nobject e\n  take Electron\n  select pt > 7 GeV\n'
WRONG = RIGHT.replace("7 GeV", "7")
WARNED = RIGHT + "  select pt > 5 GeV\n"


def check(*words: str, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run `hepsel check` as a user does."""
    result = subprocess.run(
        [sys.executable, "-m", "hepsel", "check", "--format", "physlite", *words],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        check=False,
    )
    out, err = result.stdout.decode(), result.stderr.decode()
    assert "Traceback" not in err
    return subprocess.CompletedProcess(result.args, result.returncode, out, err)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, text in (("right", RIGHT), ("wrong", WRONG), ("warned", WARNED)):
        (tmp_path / f"{name}.hepsel").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["right.hepsel"], 0),
        (["wrong.hepsel"], 1),
        (["warned.hepsel"], 0),
        (["--strict", "warned.hepsel"], 1),
        (["--strict", "right.hepsel"], 0),
        (["right.hepsel", "wrong.hepsel"], 1),
        (["--json", "wrong.hepsel"], 1),
        (["absent.hepsel"], 3),
        (["."], 3),
        ([], 2),
        (["--colour", "right.hepsel"], 2),
    ],
)
def test_exit_codes(files: Path, words: list[str], status: int) -> None:
    assert check(*words, cwd=files).returncode == status


@pytest.mark.parametrize("command", ["check", "compile", "diff", "extract"])
def test_without_a_format_it_says_where_to_find_one(command: str) -> None:
    code, _, err = hepsel(command, "one", "other")
    assert code == 2
    assert "`hepsel formats`" in err
    assert "`hepsel inspect DATA`" in err


def test_text(files: Path) -> None:
    result = check("right.hepsel", "wrong.hepsel", cwd=files)
    assert result.stdout == "right.hepsel: no errors\nwrong.hepsel: 1 error(s)\n"
    assert result.stderr.startswith("wrong.hepsel:5:15: error E400: ")


def test_json(files: Path) -> None:
    result = check("--json", "wrong.hepsel", "warned.hepsel", cwd=files)
    wrong, warned = json.loads(result.stdout)
    assert wrong == {
        "code": "E400",
        "severity": "error",
        "message": "`7` has no unit, and is compared with an energy",
        "file": "wrong.hepsel",
        "line": 5,
        "column": 15,
        "start": WRONG.index("7"),
        "end": WRONG.index("7") + 1,
        "source": "  select pt > 7",
        "proposal": "write the unit: `7 GeV` (physlite stores MeV)",
        "replacement": "7 GeV",
        "related": None,
    }
    assert (warned["code"], warned["severity"], warned["line"]) == ("W601", "warning", 6)
    first = WARNED.index("pt > 7 GeV")
    assert warned["related"] == {"line": 5, "column": 10, "start": first, "end": first + len("pt > 7 GeV")}
    assert json.loads(check("--json", "right.hepsel", cwd=files).stdout) == []


def test_unreadable_files_beside_others(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads the data finds a missing file among the problems, and those of the other files too."""
    monkeypatch.chdir(files)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff")))
    command = ("check", "--format", "physlite")
    code, out, err = hepsel(*command, "--json", "absent.hepsel", "wrong.hepsel", ".", "-")
    absent, wrong, folder, stdin = json.loads(out)
    assert (code, err, wrong["code"]) == (3, "", "E400")
    reason = "cannot read the program: No such file or directory"
    assert absent == dict.fromkeys(wrong) | {"severity": "error", "message": reason, "file": "absent.hepsel"}
    assert (folder["file"], folder["message"]) == (".", "cannot read the program: Is a directory")
    assert (stdin["file"], stdin["message"]) == ("<stdin>", "not a text in UTF-8 (byte 0)")
    code, out, err = hepsel(*command, "absent.hepsel", "right.hepsel")
    assert (code, out, err) == (3, "right.hepsel: no errors\n", f"hepsel: absent.hepsel: {reason}\n")


def test_stdin() -> None:
    assert check("-", stdin=RIGHT.encode()).stdout == "<stdin>: no errors\n"
    assert check("-", stdin=b"\xef\xbb\xbf" + RIGHT.encode()).returncode == 0
    assert check("-", stdin=WRONG.replace("\n", "\r\n").encode()).stderr.startswith("<stdin>:5:15: error E400")
    latin = check("-", stdin="# \u00e9\n".encode("latin-1") + RIGHT.encode())
    assert (latin.returncode, latin.stderr) == (3, "hepsel: <stdin>: not a text in UTF-8 (byte 2)\n")


def test_unreadable_files(tmp_path: Path) -> None:
    (tmp_path / "binary.hepsel").write_bytes(b"root\x00\x00\xf5\xff")
    assert check("binary.hepsel", cwd=tmp_path).returncode == 3
    (tmp_path / "large.hepsel").write_bytes(b"# " * 1_500_000)
    large = check("large.hepsel", cwd=tmp_path)
    assert (large.returncode, "larger than 2 MB" in large.stderr) == (3, True)
    (tmp_path / "empty.hepsel").write_bytes(b"")
    empty = check("empty.hepsel", cwd=tmp_path)
    assert (empty.returncode, "the program is empty" in empty.stderr) == (1, True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_no_permission(tmp_path: Path) -> None:
    closed = tmp_path / "closed.hepsel"
    closed.write_text(RIGHT, encoding="utf-8")
    closed.chmod(0)
    assert check(str(closed)).returncode == 3


def test_unknown_format(files: Path) -> None:
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "hepsel",
            "check",
            "right.hepsel",
            "--format",
            "physlit",
        ],
        capture_output=True,
        text=True,
        cwd=files,
        check=False,
    )
    assert result.returncode == 1
    assert "physlite" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(("name", "told"), [("chekc", "Did you mean 'check'?"), ("xyz", "No such command 'xyz'.\n")])
def test_misspelt_command(name: str, told: str) -> None:
    code, out, err = hepsel(name, "a.hepsel")
    assert (code, out) == (2, "")
    assert f"No such command '{name}'" in err
    assert told in err
