"""The documentation tells the truth: its programs are right, or wrong as it says, and its commands do what it shows."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from docs_blocks import DIAGNOSTICS, ROOT, SERVER, Block, blocks, pages, with_what_is_said
from web_server import serving

from hepsel.check import check_text
from hepsel.errors import ExitCode
from hepsel.formats.loader import builtin_formats, load_format
from hepsel.syntax.parser import MAX_BYTES

BLOCKS = [block for page in pages() for block in blocks(page)]
PROGRAMS = [block for block in BLOCKS if block.words[:1] == ("hepsel",)]
# The tutorial builds files as it goes; its own test follows it.
CONSOLE = [block for block in BLOCKS if block.words[:1] == ("console",) and "tutorial" not in block.page.name]
PYTHON = sorted({block.page for block in BLOCKS if block.words[:1] == ("pycon",)})
CODE_PAGES = sorted(page for page in DIAGNOSTICS.glob("*.md") if page.name != "index.md")
NO_EXAMPLE = {"E101", "E212"}  # tested below


@pytest.mark.parametrize("block", [b for b in PROGRAMS if "wrong" not in b.words], ids=str)
def test_programs_are_right(block: Block) -> None:
    checked = block.check()
    assert [(item.code, item.message) for item in checked.diagnostics] == []
    assert checked.program is not None


@pytest.mark.parametrize("page", CODE_PAGES, ids=lambda page: page.stem)
def test_code_has_an_example_that_is_mended(page: Path) -> None:
    programs = [block for block in blocks(page) if block.words[:1] == ("hepsel",)]
    if page.stem in NO_EXAMPLE:
        assert programs == []
        return
    wrong, *mended = programs
    assert "wrong" in wrong.words
    assert {item.code for item in wrong.check().diagnostics} == {page.stem}
    assert mended
    assert all("wrong" not in block.words for block in mended)
    assert with_what_is_said(page) == page.read_text(encoding="utf-8")
    assert page.read_text(encoding="utf-8").startswith(f"# {page.stem}: ")


def test_every_code_has_its_page() -> None:
    """And no page is about a code that nothing emits; the index lists them all."""
    sources = [*(ROOT / "hepsel").rglob("*.py"), *(ROOT / "grammar").rglob("*.py"), *(ROOT / "backends").rglob("*.py")]
    emitted = {code for path in sources for code in re.findall(r'"([EWH]\d{3})"', path.read_text(encoding="utf-8"))}
    assert emitted == {page.stem for page in CODE_PAGES}
    index = (DIAGNOSTICS / "index.md").read_text(encoding="utf-8")
    assert re.findall(r"^- \[(\w+)\]\((\w+)\.md\): .", index, re.MULTILINE) == [
        (code, code) for code in sorted(emitted, key=lambda code: ("EWH".index(code[0]), code))
    ]


def test_a_program_that_is_too_long() -> None:
    checked = check_text("hepsel 1\n" + "#" * MAX_BYTES, "physlite")
    assert [item.code for item in checked.diagnostics] == ["E101"]


def test_a_mistake_in_the_format() -> None:
    """Told as one of the format, and once."""
    data_format = load_format("physlite")
    electron = data_format.collections["Electron"]
    broken = replace(electron.attributes["d0"], expression="track.d00")
    collections = {
        **data_format.collections,
        "Electron": replace(electron, attributes={**electron.attributes, "d0": broken}),
    }
    text = 'hepsel 1\nanalysis "t"\nobject e\n  take Electron\n  select d0 > 1 mm\n  select d0 < 2 mm\n'
    checked = check_text(text, replace(data_format, collections=collections))
    assert [item.code for item in checked.diagnostics] == ["E212"]
    assert "physlite, Electron.d0" in checked.diagnostics[0].message


def test_exit_codes_of_all_commands_are_told_and_exist() -> None:
    tables = re.findall(
        r"## Exit codes\n\n\| code \| \|\n\|---\|---\|\n((?:\|.*\n)+)", "".join(p.read_text() for p in pages())
    )
    assert len(tables) == 4
    for table in tables:
        codes = {int(code) for row in table.splitlines() for code in row.split("|")[1].split(",")}
        assert codes >= {0, 1, 2, 3}
        assert codes <= {*ExitCode, *(128 + number for number in (signal.SIGHUP, signal.SIGTERM))}


def test_relative_links_lead_somewhere() -> None:
    missing = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages()
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert missing == []


def test_links_into_pages_lead_to_a_heading() -> None:
    missing = [
        f"{page.relative_to(ROOT)}: {target}#{anchor}"
        for page in pages()
        for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)]*)\)", page.read_text(encoding="utf-8"))
        if "://" not in target and anchor not in _anchors(page.parent / target if target else page)
    ]
    assert missing == []


def _anchors(page: Path) -> set[str]:
    """Return what GitHub calls the headings of a page: small letters, `-` for spaces, no signs."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_standard_names_are_names_of_formats() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    table = page[page.index("| collections |") : page.index("Keep to it where")]
    said = {name for names in re.findall(r"`([^`]+)`", table) for name in names.split()}
    formats = [load_format(name) for name in builtin_formats()]
    known = {name for found in formats for values in found.enumerations.values() for name in values}
    for collection in (item for found in formats for item in found.collections.values()):
        known |= {collection.name, *collection.attributes}
    assert len(said) > 60
    assert said - known - {"energy"} == set()  # computed where a format does not store it


def commands(block: Block) -> list[tuple[str, list[str]]]:
    """Return the commands of a console block, and the lines shown behind each."""
    found: list[tuple[str, list[str]]] = []
    for line in block.body.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
    return found


@pytest.mark.parametrize("block", CONSOLE, ids=str)
def test_commands_do_what_is_shown(block: Block, tmp_path: Path) -> None:
    """Run in a folder that looks like that of the repository, where a command may write."""
    for folder in ("examples", "tests", "docs"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    with serving(ROOT / "examples" / "h4l") as server:
        _run_all(replace(block, body=block.body.replace(SERVER, server.url("")[:-1])), tmp_path)


@pytest.mark.parametrize("page", PYTHON, ids=lambda page: page.stem)
def test_python_gives_what_is_shown(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What commands of the page write is there."""
    for folder in ("examples", "tests"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    names: dict[str, object] = {}
    for block in blocks(page):
        if block.words[:1] == ("console",):
            _run_all(block, tmp_path)
        elif block.words[:1] == ("pycon",):
            example = doctest.DocTestParser().get_doctest(block.body, names, str(block), str(page), block.line)
            said: list[str] = []
            done = doctest.DocTestRunner(verbose=False).run(example, out=said.append, clear_globs=False)
            names = example.globs
            assert not done.failed, "".join(said)
            assert done.attempted
    for written in tmp_path.glob("*.py"):
        monkeypatch.delitem(sys.modules, written.stem)


def _run_all(block: Block, folder: Path) -> None:
    for command, shown in commands(block):
        words = shlex.split(command)
        assert words[0] == "hepsel"
        result = subprocess.run(
            [sys.executable, "-m", "hepsel", *words[1:]],
            cwd=folder,
            capture_output=True,
            text=True,
            env={**os.environ, "COLUMNS": "120"},
            check=False,
        )
        if not shown:
            assert result.returncode == 0, result.stderr
            continue
        pattern = ".*\n".join(re.escape("\n".join(part)) + "\n" if part else "" for part in _split(shown))
        assert re.fullmatch(pattern.rstrip("\n") + r"\s*", result.stderr + result.stdout, re.DOTALL), (
            result.stderr + result.stdout
        )


def _split(lines: list[str]) -> list[list[str]]:
    """Split the lines at `...`, which stands for any lines."""
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.strip() == "...":
            parts.append([])
        else:
            parts[-1].append(line)
    return parts
