"""`hepsel compile`: stages, files, problems."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hepsel.cli.compile import compile_
from hepsel.errors import DataError
from hepsel.syntax.diagnostics import ProgramError

PROGRAM = 'hepsel 1\nanalysis "test"\nobject j take Jet select pt > 25 GeV\nregion r select count(j) > 1\n'


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "program.hepsel"
    path.write_text(PROGRAM)
    return path


def run(*arguments: object, text: str | None = None) -> Result:
    return CliRunner().invoke(
        compile_, ["--format", "nanoaod", *map(str, arguments)], input=text, standalone_mode=False
    )


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("tree", "Program("),
        ("typed", "'j': ObjectBlock("),
        ("plan", "j_1: bool on Jet = Jet_pt > 25000.0"),
        ("plan:dead-columns", "reads "),
        ("code", "def process("),
    ],
)
def test_every_stage_is_printed(source: Path, stage: str, expected: str) -> None:
    result = run(source, "--emit", stage)
    assert result.return_value == 0
    assert expected in result.output


@pytest.mark.parametrize("stage", ["tree", "typed", "plan"])
def test_stages_are_printed_in_lines_that_can_be_read(stage: str) -> None:
    program = Path(__file__).parents[1] / "examples/h4l_nanoaod/h4l.hepsel"
    result = run(program, "--emit", stage)
    lines = [line for line in result.output.splitlines() if not line.startswith("reads ")]
    assert len(lines) > 200
    assert max(map(len, lines)) < 250


def test_passes_are_applied_up_to_the_named_one(source: Path) -> None:
    outputs = [run(source, "--emit", stage).output for stage in ("plan", "plan:early-rejection", "plan:dead-columns")]
    assert "Jet_eta" not in outputs[2]
    assert [text.count("reads") for text in outputs] == [1, 1, 1]
    assert len(outputs[2].splitlines()) <= len(outputs[0].splitlines())


def test_item_cutflows_can_be_left_out(source: Path) -> None:
    assert "items j" in run(source, "--emit", "plan").output
    assert "items j" not in run(source, "--emit", "plan", "--no-item-cutflow").output


def test_a_file_is_written_as_a_whole(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "selection.py"
    target.write_text("something else")
    assert run(source, "-o", target).return_value == 0
    assert target.read_text() == run(source).output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["program.hepsel", "selection.py"]


def test_standard_input(source: Path) -> None:
    assert run("-", text=PROGRAM).output == run(source).output


def test_errors_of_the_program(tmp_path: Path) -> None:
    path = tmp_path / "wrong.hepsel"
    path.write_text(PROGRAM.replace("25 GeV", "25"))
    target = tmp_path / "selection.py"
    result = run(path, "-o", target)
    assert isinstance(result.exception, ProgramError)
    assert "25 GeV" in str(result.exception)
    assert not target.exists()


@pytest.mark.parametrize("options", [(), ("--backend", "func_adl"), ("--backend", "func_adl", "--explain")])
def test_warnings_of_the_program_are_told_beside_the_code(source: Path, tmp_path: Path, options: tuple[str]) -> None:
    assert run(source, *options).stderr == ""
    source.write_text(PROGRAM + "  select count(j) >= 1\n")
    target = tmp_path / "selection.py"
    result = run(source, *options, *([] if "--explain" in options else ["-o", target]))
    assert result.return_value == 0
    assert result.stderr.startswith(f"{source}:5:10: warning W601: ")
    assert "W601" not in (result.stdout if "--explain" in options else target.read_text())


@pytest.mark.parametrize("stage", ["nothing", "plan:nothing", "code:dead-columns"])
def test_stages_that_do_not_exist(source: Path, stage: str) -> None:
    result = run(source, "--emit", stage)
    assert result.exception is not None
    assert stage.rpartition(":")[2] in str(result.exception) or stage in str(result.exception)


def test_files_that_cannot_be_read_or_written(source: Path, tmp_path: Path) -> None:
    assert isinstance(run(tmp_path / "nothing.hepsel").exception, DataError)
    assert isinstance(run(source, "-o", tmp_path / "no" / "folder.py").exception, DataError)


def test_other_stages_load_no_heavy_modules(source: Path) -> None:
    code = (
        "import sys; from hepsel.cli.main import cli;"
        f"cli.main(['compile', {str(source)!r}, '--format', 'nanoaod', '--emit', 'typed'], standalone_mode=False);"
        "sys.exit(' '.join({'awkward', 'uproot', 'hist', 'numpy'} & sys.modules.keys()) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_program_is_not_replaced_by_its_code(source: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(source)
    for output in (source, tmp_path / "link"):
        error = run(source, "-o", output).exception
        assert isinstance(error, DataError)
        assert str(error) == f"{output}: this command reads it: name another file to write"
    assert source.read_text() == PROGRAM
