"""BENCH.toml: what it may say, and that every mistake is told, with its line and its key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from data_files import REPOSITORY
from docs_blocks import blocks
from extract_case import PAPER, PAPERS, REFERENCE

from hepsel.bench.spec import BenchError, read_bench
from hepsel.errors import DataError, HepselError

EXAMPLE = REPOSITORY / "examples" / "bench" / "four_lepton.toml"
GOOD = f"""trials = 2

[models.small]
kind = "ollama"
model = "small:1b"
temperature = 0.5

[papers.four_lepton]
paper = "{PAPER}"
refs = ["2={REFERENCE}"]
truth = "{PAPERS / "four_lepton.hepsel"}"
format = "physlite"
data = ["{REPOSITORY / "examples" / "h4l" / "h4l_sample.root"}"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "bench.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_is_right_and_its_paths_start_from_its_folder(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    bench = read_bench(EXAMPLE)
    assert (bench.trials, bench.rounds, bench.samples) == (10, 3, 1)
    paper = bench.papers["four_lepton"]
    assert paper.paper.samefile(PAPER)
    assert [(key, path.samefile(REFERENCE)) for key, path in paper.references] == [(None, True)]
    assert [file.path.name for file in paper.data] == ["h4l_sample.root"]
    assert set(paper.truth.regions) == {"signal"}
    assert bench.models["qwen3-32b"].model == "qwen3:32b"


def test_the_page_shows_the_example() -> None:
    (shown,) = (block for block in blocks(REPOSITORY / "docs" / "bench.md") if block.words == ("toml",))
    example = EXAMPLE.read_text(encoding="utf-8")
    assert shown.body == example[example.index("trials") :]


def test_keys_of_references_and_usual_values(tmp_path: Path) -> None:
    bench = read_bench(written(tmp_path, GOOD))
    assert bench.papers["four_lepton"].references == (("2", REFERENCE),)
    assert (bench.rounds, bench.samples) == (3, 1)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("trials = 2", "trials = 0", 1, "`trials` is 0; it must be from 1 to 10000"),
        ("trials = 2", "trials = true", 1, "`trials` must be a whole number, not true or false"),
        ("trials = 2", "trails = 2", 1, "unknown key `trails` (did you mean `trials`?)"),
        ("trials = 2", "trials = 2\nrounds = 21", 2, "`rounds` is 21; it must be from 0 to 20"),
        ("trials = 2", "trials = 2\nsamples = -1", 2, "`samples` is -1"),
        ("temperature = 0.5", "temperature = 0", 6, "models.small: at temperature 0 all answers"),
        ("temperature = 0.5", "", 3, "models.small: at temperature 0 all answers"),
        ('kind = "ollama"', 'kind = "magic"', 4, "models.small.kind: 'magic' is not one of ollama"),
        ('kind = "ollama"', 'kind = "vllm"', 4, "models.small.kind: a server of kind vllm needs its `url`"),
        ('model = "small:1b"\n', "", 3, "models.small: `model` is missing"),
        ('model = "small:1b"', "model = 7", 5, "models.small.model: 7 is not a text"),
        ('model = "small:1b"', 'model = "a"\nthreads = 2', 6, "models.small.threads: there is no such value"),
        ('model = "small:1b"', 'model = "a"\ncontext = 900', 6, "must be more than twice `max_tokens`"),
        ("[models.small]", '[models."../x"]', 3, "'../x' cannot be the name of a model"),
        ("[papers.four_lepton]", '[papers."a/b"]', 8, "'a/b' cannot be the name of a paper"),
        ("paper = ", "papers = ", 9, "unknown key `papers`"),
        ("paper = ", "#", 8, "papers.four_lepton: `paper` is missing"),
        ("four_lepton.pdf", "five_lepton.pdf", 9, "five_lepton.pdf: no such file"),
        ("leptons.pdf", "hadrons.pdf", 10, "papers.four_lepton.refs"),
        ("four_lepton.hepsel", "criteria.toml", 11, "criteria.toml:4: has"),
        ("four_lepton.hepsel", "leptons.pdf", 11, "papers.four_lepton.truth"),
        ('"physlite"', '"physlight"', 12, "no format is called `physlight` (did you mean `physlite`?)"),
        ('"physlite"', '"own/format.toml"', 12, "own/format.toml: cannot read the format file"),
        ("h4l_sample.root", "sample.root", 13, "sample.root: no such file"),
        ("data = [", "data = [3, ", 13, "`data` must be a text or a list of texts"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new) if old not in ("leptons.pdf", "paper = ") else _once(old, new)
    path = written(tmp_path, text)
    with pytest.raises(BenchError) as raised:
        read_bench(path)
    told = [text for text in str(raised.value).splitlines() if message in text]
    assert told, str(raised.value)
    assert told[0].startswith(f"{path}:{line}: "), told


def _once(old: str, new: str) -> str:
    """Change only what stands at the beginning of a line, or behind the key of a reference."""
    before = re.escape(f"2={REFERENCE.parent}/") if old == "leptons.pdf" else "^"
    return re.sub(f"({before}){re.escape(old)}", rf"\g<1>{new}", GOOD, flags=re.MULTILINE)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("trials = 2", "trials = 0").replace('"physlite"', '"x"').replace("small:1b", "")
    with pytest.raises(BenchError) as raised:
        read_bench(written(tmp_path, text))
    *_, last = lines = str(raised.value).splitlines()
    assert len(lines) == 4
    assert last.endswith("bench.toml: 3 error(s)")


def test_a_bench_needs_models_and_papers(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r"there is no model: write a section \[models.NAME\]") as raised:
        read_bench(written(tmp_path, "trials = 2\n"))
    assert "there is no paper" in str(raised.value)
    with pytest.raises(BenchError, match="`models` must be a table, not a list"):
        read_bench(written(tmp_path, "models = []\n"))


def test_data_need_a_region(tmp_path: Path) -> None:
    truth = tmp_path / "truth.hepsel"
    truth.write_text('hepsel 1\nanalysis "x"\nobject muons\n  take Muon\n', encoding="utf-8")
    text = GOOD.replace(str(PAPERS / "four_lepton.hepsel"), "truth.hepsel")
    with pytest.raises(BenchError, match="the truth has no region"):
        read_bench(written(tmp_path, text))


def test_what_is_no_toml(tmp_path: Path) -> None:
    with pytest.raises(HepselError, match=r"bench.toml:1: not valid TOML"):
        read_bench(written(tmp_path, "trials 2\n"))
    (tmp_path / "bench.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match="not a text in UTF-8"):
        read_bench(tmp_path / "bench.toml")
    with pytest.raises(DataError, match="No such file"):
        read_bench(tmp_path / "nothing.toml")
