"""The awkward backend: the scripts that it writes."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import partial, reduce
from importlib.metadata import distribution
from math import ceil
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import pyarrow.parquet as pq
import pytest
import uproot
from data_files import REPOSITORY
from packaging.requirements import Requirement
from plan_case import EVENTS, FORMAT, HEADER, columns, passing, program, results
from random_events import NUMBER, make_events
from random_programs import FORMAT as RANDOM_FORMAT
from results import plain
from script_host import run_script

from hepsel.backends.awkward import generate, load, names
from hepsel.backends.awkward.runtime import axes, output
from hepsel.backends.awkward.runtime.values import codes, truths
from hepsel.check import load_program
from hepsel.errors import DataError
from hepsel.interpreter import interpret
from hepsel.plan import lower, optimise
from hepsel.semantics.program import HistogramFill
from hepsel.syntax.parser import MAX_CHAIN

EXAMPLES = (
    ("h4l/h4l.hepsel", "physlite"),
    ("atlas_open_data_4l/selection.hepsel", "atlas_open_data"),
    *((f"adl_benchmark/query{k}.hepsel", "cms_open_data_2012") for k in range(1, 9)),
)
PROGRAM = """
object hard take Jet select pt > 25 GeV cite paper "hard"
region r
  select count(hard) >= 2 as "two jets" cite paper page 3 "at least two" assume "jets are clean" note "see text"
  histogram lead = hard[0].pt bins 4 from 0 GeV to 100 GeV title "p_{T}"
  save lead = hard[0].pt, all = hard.pt, n = count(hard)
"""
SOURCED = 'hepsel 1\nanalysis "test"\n  source paper "arXiv:1"\n' + PROGRAM


def script(text: str = SOURCED) -> str:
    return generate(optimise(lower(load_program(text, FORMAT))))


@pytest.mark.parametrize(
    "axis",
    [
        "bins 100 from -5 to 5",
        "bins 7 from 0 to 0.1",
        "bins 60 from -3.2 to 3.2",
        "bins 9 from 0.1234567890123456789 to 1e3",
        "bins 11 from 1 deg to 2 deg",
        "bins 3 from 9007199254740993 to 9007199254740999",
    ],
)
def test_edges_in_a_script_are_those_of_the_program(axis: str) -> None:
    typed = program(f"region r histogram h = count(Jet) {axis}")
    (step,) = typed.regions["r"].statements
    assert isinstance(step, HistogramFill)
    (filled,) = results(lower(typed))["histograms"].values()
    assert tuple(filled["edges"][0]) == step.axes[0].edges


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Write the events to a ROOT file as a user would have them: GeV, 32 bits."""
    path = tmp_path / "events.root"
    with uproot.recreate(path) as file:
        arrays = {
            name.partition(".")[2] if not name.startswith(("Muon", "MET")) else name.replace(".", "_"): array
            for name, array in columns().items()
        }
        jets = ak.zip({name: arrays[name] for name in ("pt", "eta", "phi", "mass")})
        jets["pt"] = jets.pt / 1000
        file.mktree("Events", {"number": "uint64", "Jet": jets.type.content, "met": "float32"})
        file["Events"].extend({"number": arrays["number"], "Jet": jets, "met": arrays["MET_pt"]})
    return path


def named_for_the_file(code: str) -> str:
    """Let a script read what uproot calls the branches."""
    for name in ("pt", "eta", "phi", "mass"):
        code = code.replace(f'"Jet.{name}": Column(("{name}",)', f'"Jet.{name}": Column(("Jet_{name}",)')
    return code


# ------------------------------------------------------------------ the text


@pytest.mark.parametrize(("path", "data_format"), EXAMPLES)
def test_generated_code_is_formatted_and_free_of_lint(
    examples: Path, tmp_path: Path, path: str, data_format: str
) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.exists():
        pytest.skip("ruff is not installed")
    code = generate(optimise(lower(load_program(examples / path, data_format))))
    target = tmp_path / "selection.py"
    target.write_text(code, encoding="utf-8")
    for command in (["format", "--isolated", "--diff"], ["check", "--isolated", "--select", "E4,E7,E9,F,I,UP"]):
        done = subprocess.run([ruff, *command, target], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_plans_without_passes_are_formatted_too(tmp_path: Path) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.exists():
        pytest.skip("ruff is not installed")
    condition = " and ".join(f"dr(Jet[{k}], Muon[{k + 1}]) + 1 > |Jet[{k}].eta| * {k}.5 + 2" for k in range(12))
    text = f"region a_region_with_quite_a_long_name select {condition} save x = {' + '.join(['Jet[0].eta'] * 30)}"
    target = tmp_path / "selection.py"
    target.write_text(generate(lower(program(text))), encoding="utf-8")
    done = subprocess.run([ruff, "format", "--isolated", "--diff", target], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_generation_is_reproducible(examples: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from hepsel.check import load_program;"
        "from hepsel.plan import lower, optimise; from hepsel.backends.awkward import generate;"
        "sys.stdout.write(generate(optimise(lower(load_program(Path(sys.argv[1]), 'physlite')))))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code, examples / "h4l" / "h4l.hepsel"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1
    assert next(iter(texts))


def test_criteria_stand_beside_the_code() -> None:
    code = script()
    for line in (
        "# r.1: two jets",
        '# cite paper, page 3: "at least two"',
        "# assume jets are clean",
        "# note see text",
        "# hard.1: pt > 25 GeV",
        "# ---- object hard",
        "# ---- region r",
        "# source: paper arXiv:1",
    ):
        assert line in code


def test_a_script_needs_only_what_users_have() -> None:
    tree = ast.parse(script())
    imported = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    imported |= {
        node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
    }
    # Without pyarrow it does, too: see `test_a_script_needs_no_more_than_it_says`.
    assert imported - set(sys.stdlib_module_names) == {"awkward", "hist", "numpy", "pyarrow", "uproot"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "type"]


def test_only_needed_functions_are_copied() -> None:
    assert "def combine(" not in script()
    assert "def delta_r(" not in script()
    assert "def combine(" in script(HEADER + "composite p take Jet a, Jet b region r")


@pytest.mark.parametrize("text", ["a\nb", "a\r\x0cb", "\u202eabc", "\u2028import os", "\x00", "\\", "\"'", "\ud800"])
def test_literals_and_comments_stay_on_their_line(text: str) -> None:
    assert ast.literal_eval(names.literal(text)) == text
    assert len(names.literal(text).splitlines()) == 1
    assert names.comment(text).startswith("#")
    assert len(names.comment(text).splitlines()) == 1


HOSTILE = (
    '\\"\\"\\" + __import__("os").system("false") + \\"\\"\\"'.replace('__import__("os").system("false")', "1/0"),
    "'); raise SystemExit(7) #",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "ends with a backslash \\\\",
    "\\\\N{BULLET} \\\\x41 %s {0}",
    "Größe µ 中文 😀",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_the_program_stay_texts(text: str) -> None:
    source = f'''hepsel 1
analysis "{text}"
  source paper "{text}"
object o take Jet select pt > 25 GeV as "{text}" note "{text}"
region r
  external "{text}" cite paper "{text}"
  select count(o) > 0 as "{text} 2" assume "{text}"
  bin "{text}" count(o) > 1
  histogram h = count(o) edges [0, 2, 5] title "{text}"
'''
    expected = text.replace('\\"', '"').replace("\\\\", "\\")
    code = script(source)
    tree = ast.parse(code)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "select")
    called = {
        node.func.id for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert called <= {"stored", "reals", "where", "count", "row", "Region", "exact_integers", "edges", "results"}
    result = results(optimise(lower(load_program(source, FORMAT))))
    assert [row["label"] for row in result["cutflow"]["r"]] == ["all events", expected, expected + " 2"]
    assert result["items"]["o"][1]["label"] == expected
    assert result["bins"]["r"][0]["name"] == expected


@pytest.mark.parametrize("name", ['x"""\nimport os', "x\\", 'x"', "x\x1b[31m"])
def test_the_name_of_a_format_stays_a_text(name: str) -> None:
    plan = lower(program("region r select MET.pt > 1 GeV"))
    tree = ast.parse(generate(replace(plan, header=replace(plan.header, format=name, title=f"{name} title"))))
    first, *others = tree.body
    assert isinstance(first, ast.Expr)
    assert isinstance(first.value, ast.Constant)
    assert isinstance(others[0], ast.ImportFrom)
    assert others[0].module == "__future__"


@pytest.mark.parametrize("name", ["np", "columns", "n_events", "row", "Region", "print", "match", "results", "Jet_pt"])
def test_names_of_the_program_hide_nothing(name: str) -> None:
    text = f"object {name} take Jet select pt > 25 GeV region r select count({name}) >= 2"
    assert passing(results(optimise(lower(program(text)))), "r") == [5, 2]
    text = f"region {name} select count(Jet) >= 2"
    assert passing(results(optimise(lower(program(text)))), name) == [5, 3]


# ------------------------------------------------------------------ what it computes


def test_values_by_hand() -> None:
    result = results(optimise(lower(load_program(SOURCED, FORMAT))))
    assert passing(result, "r") == [5, 2]
    assert result["columns"]["r"] == {
        "lead": [50e3, 60e3],
        "all": [[50e3, 40e3, 30e3], [60e3, 60e3]],
        "n": [3, 2],
    }
    assert result["selected"]["r"] == {"event": [0, 4]}
    assert result["first_failed"]["r"] == [None, "r.1", "r.1", "r.1", None]
    assert result["histograms"]["r/lead"]["values"] == [0, 0, 0, 2, 0, 0]


def test_results_are_additive() -> None:
    module = load(script())
    arrays = {name: columns()[name] for name in module.COLUMNS}
    parts = [{name: array[a:b] for name, array in arrays.items()} for a, b in ((0, 1), (1, 1), (1, 4), (4, 5))]
    merged = reduce(module.merge, [module.process(part, trace=True) for part in parts])
    assert plain(merged) == plain(module.process(arrays, trace=True))
    assert merged["events"] == EVENTS


def test_option_types_are_read_like_others() -> None:
    module = load(script())
    arrays = {name: columns()[name] for name in module.COLUMNS}
    options = {name: ak.mask(array, array >= 0) for name, array in arrays.items()}
    assert plain(module.process(options)) == plain(module.process(arrays))


def test_a_missing_integer_is_refused() -> None:
    module = load(script())
    arrays = {name: columns()[name] for name in module.COLUMNS}
    arrays["event.number"] = ak.Array([1, None, 3, 4, 5])
    with pytest.raises(module.MissingValue, match="integer"):
        module.process(arrays)


@pytest.mark.parametrize(
    "computed",
    [
        "event.number * 4",
        "event.number + event.number + event.number + event.number",
        "-event.number - event.number * 3",
        "|-event.number - event.number * 3|",
        "event.number * (2 - count(Jet)) * 2",
        "sum(event.number for j in Jet)",
        "product(default((if j.pt > 1 GeV then 2 * event.number else 1), 0) for j in Jet if j.pt > 45 GeV)",
        "event.number * 0 + 9000000000000000000 + 9000000000000000000",
        "9000000000000000000 + 9000000000000000000 + event.number * 0",
    ],
)
@pytest.mark.parametrize("optimised", [True, False])
def test_whole_numbers_are_exact_and_refused_where_they_would_wrap_around(computed: str, optimised: bool) -> None:
    typed = program(f"region r save n = {computed}")
    module = load(generate(optimise(lower(typed)) if optimised else lower(typed)))
    outcomes = set()
    for first in (0, 2**60, 2**61 - EVENTS, 2**61 - 1, 2**61, 2**62, 2**63 - EVENTS):
        given = columns() | {"event.number": ak.Array(np.arange(first, first + EVENTS, dtype=np.uint64))}
        arrays = {name: given[name] for name in module.COLUMNS}
        events = [{name: array[k].tolist() for name, array in given.items()} for k in range(EVENTS)]
        try:
            expected = interpret(typed, events)["columns"]["r"]["n"]
        except DataError as error:
            with pytest.raises(module.Refused, match=re.escape(str(error))):
                module.process(arrays, events=EVENTS)
            outcomes.add("refused")
        else:
            assert module.process(arrays, events=EVENTS)["columns"]["r"]["n"].tolist() == expected
            outcomes.add("exact")
    assert outcomes == ({"refused"} if "9000000000000000000" in computed else {"exact", "refused"})


def test_parts_of_candidates_of_which_some_have_none_of_a_collection() -> None:
    """No event has a jet: there is no row that could stand for one that is missing."""
    typed = program(
        "composite jj take Jet a, Jet b\ncomposite mumu take Muon a, Muon b\nobject pairs take jj, mumu\n"
        "object hard take Muon select pt > 45 GeV\n"
        "region r save n = count(p for p in pairs if any(i in hard for i in p.parts)),\n"
        " m = sum(count(i for i in p.parts if i != Muon[0]) for p in pairs)"
    )
    none = ak.values_astype(ak.Array([[] for _ in range(EVENTS)]), np.float64)
    given = {name: none if name.startswith("Jet.") else array for name, array in columns().items()}
    module = load(generate(optimise(lower(typed))))
    found = module.process({name: given[name] for name in module.COLUMNS}, events=EVENTS)["columns"]["r"]
    # Of the five events, three have two muons; in the first and the last, one has more than 45 GeV.
    assert found["n"].tolist() == [1, 0, 0, 0, 1]
    assert found["m"].tolist() == [1, 0, 1, 0, 1]


def test_the_lowest_whole_number_is_sorted_as_such() -> None:
    """Its negative does not fit into 64 bits."""
    event = axes.Lists(np.array([0, 4]))
    key = np.array([-(2**63), 5, 2**63 - 1, -7])
    assert axes.sort(event, (key, True)).index[0].tolist() == [2, 1, 3, 0]
    assert axes.sort(event, (key, False)).index[0].tolist() == [0, 3, 1, 2]


def test_rows_sorted_by_several_keys() -> None:
    """For each key, missing ones stand last, upwards and downwards, and are equal: the next key decides."""
    events = axes.Lists(np.array([0, 2, 8, 8]))
    nan = float("nan")
    first = np.array([1.0, nan, nan, 2.0, -0.0, 0.0, -nan, 2.0])
    second = np.array([5, 2**53, 7, 2**53 + 1, -(2**63), 2**63 - 1, 8, 2**53])
    for descending, order in (
        ((False, False), [0, 1, 4, 5, 7, 3, 2, 6]),
        ((True, False), [0, 1, 7, 3, 4, 5, 2, 6]),
        ((True, True), [0, 1, 3, 7, 5, 4, 6, 2]),
    ):
        found = axes.sort(events, *zip((first, second), descending, strict=True))
        assert found.index[0].tolist() == order
        assert found.parent.tolist() == [0, 0, 1, 1, 1, 1, 1, 1]


def test_the_longest_chains_that_can_be_written() -> None:
    """Python nests a chain of operators, and refuses what is nested too deeply."""
    half = MAX_CHAIN // 2 - 2  # comparisons are chains of two
    inner = " and ".join(["MET.pt < 1 TeV", *(f"count(Jet) != {k}" for k in range(2, half + 1))])
    text = " or ".join(
        [f"{'not (' * 100}{inner}{')' * 100}", *(f"count(Jet) == {k}" for k in range(half + 1, 2 * half))]
    )
    typed = program(f"region r select {text}")
    for plan in (lower(typed), optimise(lower(typed))):
        module = load(generate(plan))
        arrays = {name: columns()[name] for name in module.COLUMNS}
        assert module.process(arrays, events=EVENTS)["selected"]["r"]["event"].tolist() == [1]


CANDIDATES = """
composite pairs
  take Jet a, Jet b
  keep lowest a.pt + b.pt
region r
  select any(dr(j, k) < 1 for j in Jet for k in Muon)
  save best = pairs[0].a.pt, all = pairs.a.pt
"""


def test_events_with_many_candidates_are_taken_in_parts() -> None:
    module = load(script(HEADER + CANDIDATES))
    arrays = {name: columns()[name] for name in module.COLUMNS}
    whole = plain(module.process(arrays, trace=True))
    sizes = []
    select = module.select
    module.select = lambda columns, events, trace: sizes.append(events) or select(columns, events, trace)
    module.MOST_ROWS.set(4)  # the first event has six pairs of jets
    assert plain(module.process(arrays, trace=True)) == whole
    assert sizes[0] == EVENTS
    assert 1 in sizes


def test_an_event_with_too_many_candidates_is_refused(data: Path) -> None:
    module = load(named_for_the_file(script(HEADER + CANDIDATES.replace("k in Muon", "k in Jet"))))
    module.MOST_ROWS_OF_ONE_EVENT = 5
    module.MOST_ROWS.set(5)
    with pytest.raises(module.FileError, match=r"events\.root: 6 candidates at a time, and at most 5 can be"):
        module.run([data])


def test_event_numbers_keep_64_bits() -> None:
    module = load(script(HEADER + "region r"))
    large = 2**64 - 1
    result = module.process({"event.number": ak.Array(np.array([5, large], dtype=np.uint64))})
    assert result["selected"]["r"]["event"].tolist() == [5, large]


def test_event_numbers_of_files_with_and_without_a_sign_stay_whole() -> None:
    module = load(script(HEADER + "region r"))
    numbers = [np.array([2**60 + 1]), np.array([2**63 + 1, 7], dtype=np.uint64), np.array([-1]), np.array([], np.int64)]

    def listed(*places: int) -> list[int]:
        columns = [{"event.number": ak.Array(numbers[place])} for place in places]
        found = reduce(module.merge, map(module.process, columns))["selected"]["r"]["event"]
        return [int(number) for number in found]

    assert listed(0, 1) == listed(0, 3, 1) == [2**60 + 1, 2**63 + 1, 7]
    assert listed(1, 0) == [2**63 + 1, 7, 2**60 + 1]
    assert listed(0, 2) == [2**60 + 1, -1]
    numbers[1][0] = 5
    assert listed(2, 1) == [-1, 5, 7]


def test_integers_that_do_not_fit_are_not_taken_for_negative_ones() -> None:
    module = load(script(HEADER + "region r select event.number > 4"))
    fits = module.process({"event.number": ak.Array(np.array([3, 2**63 - 1], dtype=np.uint64))})
    assert fits["selected"]["r"]["event"].tolist() == [2**63 - 1]
    with pytest.raises(module.Refused, match=r"2\^63"):
        module.process({"event.number": ak.Array(np.array([5, 2**63], dtype=np.uint64))})


# ------------------------------------------------------------------ as a script


def execute(code: str, folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    path = folder / "selection.py"
    path.write_text(code, encoding="utf-8")
    return run_script(folder, path.name, *arguments)


def test_a_script_runs_and_writes_its_results(data: Path, tmp_path: Path) -> None:
    code = named_for_the_file(script())
    shutil.copy(data, tmp_path / "copy.root")
    done = execute(code, tmp_path, data, "copy.root", "--out", "out")
    assert done.returncode == 0, done.stderr
    assert "two jets" in done.stdout
    out = tmp_path / "out"
    assert sorted(path.name for path in out.iterdir()) == [
        "columns_r.parquet",
        "cutflow.json",
        "events.csv",
        "histograms.root",
    ]
    found = json.loads((out / "cutflow.json").read_text())
    assert [row["events"] for row in found["cutflow"]["r"]] == [10, 4]
    table = ak.from_parquet(out / "columns_r.parquet")
    assert table["lead"].tolist() == [50e3, 60e3, 50e3, 60e3]
    assert (out / "events.csv").read_text().split() == ["region,event", "r,0", "r,4", "r,0", "r,4"]
    with uproot.open(out / "histograms.root") as file:
        assert file["r/lead"].values().tolist() == [0, 0, 4, 0]


def without_pyarrow(folder: Path) -> dict[str, str]:
    """Return the environment of a process that finds no more than what a script needs, and what that needs in turn."""
    wanted, known = ["numpy", "awkward", "uproot", "hist"], set()
    while wanted:
        name = wanted.pop()
        if name in known:
            continue
        known.add(name)
        found = distribution(name)
        for top in {path.parts[0] for path in found.files or () if path.parts[0] not in ("..", "__pycache__")}:
            (folder / top).symlink_to(found.locate_file(top))
        required = [Requirement(text) for text in found.requires or ()]
        wanted += [one.name for one in required if one.marker is None or one.marker.evaluate({"extra": ""})]
    assert "pyarrow" not in known
    return {**os.environ, "PYTHONPATH": str(folder)}


def test_a_script_needs_no_more_than_it_says(tmp_path: Path) -> None:
    (tmp_path / "packages").mkdir()
    environment = without_pyarrow(tmp_path / "packages")
    folder = REPOSITORY / "examples" / "h4l"
    (tmp_path / "selection.py").write_text(generate(optimise(lower(load_program(folder / "h4l.hepsel", "physlite")))))
    sample = folder / "h4l_sample.root"
    command = [sys.executable, "-S", "selection.py", str(sample), "--out", "out"]  # -S: without this environment
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    execute((tmp_path / "selection.py").read_text(), tmp_path, sample, "--out", "usual")
    for path in (tmp_path / "usual").glob("columns_*.parquet"):
        with uproot.open(tmp_path / "out" / f"{path.stem}.root") as file:
            assert plain(file["columns"].arrays()) == plain(ak.from_parquet(path))
    for name in ("cutflow.json", "events.csv"):
        texts = {(tmp_path / folder / name).read_text().replace(".root", ".parquet") for folder in ("out", "usual")}
        assert len({text.replace("histograms.parquet", "") for text in texts}) == 1


def test_columns_of_every_kind_can_be_written_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Piece by piece, and with it."""
    text = """
    region r
      save pt = Jet.pt, n = count(Jet), lead = Jet[0].pt, many = count(Jet) > 2, hits = Track[0].n_hits
      save flavour = Muon[0].flavour, grades = Electron.grade_of, grade = Electron[0].grade_of, number = event.number
    region none
      select count(Jet) > 1000
      save pt = Jet.pt, flavour = Muon[0].flavour, grades = Electron.grade_of, hits = Track[0].n_hits
    """
    module = load(generate(optimise(lower(load_program(HEADER + text, str(RANDOM_FORMAT))))))
    monkeypatch.setitem(module.__dict__, "ROWS_AT_A_TIME", 3)
    for start in range(NUMBER):  # of a single event, all names and numbers may be missing
        events = make_events(1, 6).part(start, NUMBER if start == 0 else start + 1)
        result = module.process(events.read(module.COLUMNS), events=len(events.plain))
        for name in ("r", "none"):
            table = ak.zip(result["columns"][name], depth_limit=1)
            for kind, path in ((module.ParquetTable, "columns.parquet"), (module.NTuple, "columns.root")):
                columns = module.SavedColumns(partial(kind, tmp_path / path))
                half = len(table) // 2
                for piece in (table[:0], table[:half], table[half:]):
                    columns.add(dict(zip(piece.fields, ak.unzip(piece), strict=True)))
                columns.flush()
                columns.close()
            with uproot.open(tmp_path / "columns.root") as file:
                found = file["columns"].arrays()
            assert found.fields == table.fields
            assert plain(found) == plain(table) == plain(ak.from_parquet(tmp_path / "columns.parquet"))


def test_a_script_refuses_a_file_that_is_cut_off(data: Path, tmp_path: Path) -> None:
    """Even behind all that it reads."""
    code = named_for_the_file(script())
    with uproot.update(data) as file:
        file["note"] = "n" * 10_000
    assert load(code).run(data)["events"] == EVENTS
    data.write_bytes(data.read_bytes()[:-1])
    done = execute(code, tmp_path, data, "--out", "out")
    assert (done.returncode, done.stderr) == (3, f"{data}: cannot be read (it ends too early)\n")
    assert not (tmp_path / "out").exists()


def test_small_chunks_give_the_same(data: Path) -> None:
    module = load(named_for_the_file(script()))
    assert module.num_entries(data) == EVENTS
    whole = plain(module.run([data], trace=True))
    for chunk in (1, 2, 3):
        assert plain(module.run([data], chunk=chunk, trace=True)) == whole


@pytest.mark.parametrize("name", ["id", "label", "name", "applied"])
def test_a_program_may_name_things_as_rows_name_their_parts(data: Path, name: str) -> None:
    """Of which chunks have the same, whereas regions, objects and columns add up."""
    program = f"""
    object {name} take Jet select pt > 30 GeV
    region {name}_jets select count({name}) > 0 save {name} = {name}.pt
    """
    other = f'region {name} select count(Jet) > 0 weight w = 0.5 bin "{name}" count(Jet) > 1'
    for text in (program, other):
        module = load(named_for_the_file(script(HEADER + text)))
        whole = plain(module.run([data]))
        (rows,) = whole["cutflow"].values()
        assert rows[-1]["events"] > 1
        assert plain(module.run([data], chunk=1)) == whole


def test_run_finds_files_as_hepsel_run_does(data: Path) -> None:
    """One file or several, patterns, names with brackets and colons, and trees that have another name."""
    module = load(named_for_the_file(script()))
    alone = plain(module.run([data]))
    odd = data.with_name("odd:b[1].root")
    table = data.with_name("one.parquet")
    ak.to_parquet(ak.Array([{"x": 1}]), table)
    shutil.copy(data, odd)
    (data.parent / "more.root").mkdir()  # which no pattern stands for
    for files in (data, str(data), f"{data}:Events", f"{data.parent}/ev*.root", f"{data.parent}/ev*:Events", odd):
        assert plain(module.run(files)) == alone
    assert plain(module.run(f"{odd}:Events")) == alone
    assert module.run(f"{data.parent}/*.root")["events"] == 2 * EVENTS
    for files, told in (
        (f"{data}:other", "has no other, only Events"),
        (f"{table}:Events", "no tree Events: Parquet files have no trees"),
        ("a:b[1].root", "^a:b\\[1\\].root: no such file"),
        ([f"{data}", f"{data.parent}/ev*"], "this file is given twice"),
    ):
        with pytest.raises(module.FileError, match=told):
            module.run(files)


def test_an_infinite_sum_is_null_in_the_json_of_a_script(data: Path, tmp_path: Path) -> None:
    text = SOURCED + "region infinite\n  weight w = 1 / (count(hard) - count(hard))\n  select count(hard) > 0\n"
    module = load(named_for_the_file(script(text)))
    module.run_to(tmp_path / "out", partial(module.run, data))

    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is no JSON")

    written = json.loads((tmp_path / "out" / "cutflow.json").read_text(), parse_constant=refuse)
    row = written["cutflow"]["infinite"][-1]
    assert (row["sumw"], row["sumw2"]) == (None, None)
    assert row["events"] > 0


@pytest.mark.parametrize("wrong", ["nothing.root", ".", "selection.py"])
def test_a_script_says_what_is_wrong_and_leaves_nothing(tmp_path: Path, data: Path, wrong: str) -> None:
    done = execute(named_for_the_file(script()), tmp_path, data, wrong, "--out", "out")
    assert done.returncode == 3
    assert wrong in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["cutflow.json", "events.csv", "mine.txt"])
def test_a_script_leaves_what_others_wrote(tmp_path: Path, data: Path, name: str) -> None:
    code = named_for_the_file(script())
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text('{"events": 3}')
    done = execute(code, tmp_path, data, "--out", "out")
    message = f"out: holds {name}, which such a script did not write: name another folder\n"
    assert (done.returncode, done.stdout, done.stderr) == (3, "", message)
    assert [path.read_text() for path in (tmp_path / "out").iterdir()] == ['{"events": 3}']


def test_a_script_replaces_its_results(tmp_path: Path, data: Path) -> None:
    """And those of another such script: what only that one had is gone."""
    (tmp_path / "out").mkdir()
    listed = {"files": ["cutflow.json", "columns_other.parquet", "../selection.py"]}
    (tmp_path / "out" / "cutflow.json").write_text(json.dumps(listed))
    (tmp_path / "out" / "columns_other.parquet").touch()
    for _ in range(2):
        done = execute(named_for_the_file(script()), tmp_path, data, "--out", "out")
        assert done.returncode == 0, done.stderr
        names = {path.name for path in (tmp_path / "out").iterdir()}
        assert names == {"columns_r.parquet", "cutflow.json", "events.csv", "histograms.root"}
    assert (tmp_path / "selection.py").exists()


def test_a_script_replaces_all_of_its_results_or_none(tmp_path: Path, data: Path) -> None:
    code = named_for_the_file(script())
    assert execute(code, tmp_path, data, "--out", "out").returncode == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    mask = os.umask(0)
    os.umask(mask)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()} == {0o666 & ~mask}
    for problem, ended in (
        ('raise OSError("full")', (3, "", "out: cannot be written (full)\n")),
        ("os.kill(os.getpid(), signal.SIGTERM)", (143, "", "")),
        ("os.kill(os.getpid(), signal.SIGKILL)", (-9, "", "")),
    ):
        wrong = code.replace("def write_histograms(", f"def write_histograms(*_):\n    {problem}\n\n\ndef _(")
        assert wrong != code
        done = execute(wrong, tmp_path, data, "--out", "out")
        assert (done.returncode, done.stdout, done.stderr) == ended
        left = [path for path in (tmp_path / "out").iterdir() if path.name.startswith(".drafts-")]
        assert len(left) == (ended[0] == -9)  # then nobody is there to clear it away
        files = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path not in left}
        assert files == before
    assert execute(code, tmp_path, data, "--out", "out").returncode == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*before}


def test_two_scripts_do_not_write_to_one_folder_at_a_time(tmp_path: Path, data: Path) -> None:
    code = named_for_the_file(script())
    module = load(code)
    with module.Folder(tmp_path / "out") as first:
        done = execute(code, tmp_path, data, "--out", "out")
        message = "out: another script is writing to it: name another folder\n"
        assert (done.returncode, done.stdout, done.stderr) == (3, "", message)
        assert [*(tmp_path / "out").iterdir()] == [first.drafts]
        first.finish(module.run(data, into=first.add))
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert execute(code, tmp_path, data, "--out", "out").returncode == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*before} >= {"cutflow.json", "events.csv"}


def test_a_script_writes_of_each_event_as_it_comes(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And holds no more of it than one chunk yields, and the columns of some rows."""
    text = HEADER + "region r save pt = Jet.pt region s select count(Jet) > 1 save pt = Jet.pt, lead = Jet[0].pt"
    module = load(named_for_the_file(script(text)))
    monkeypatch.setitem(module.__dict__, "ROWS_AT_A_TIME", 2)
    usual, most = module.SavedColumns.add, 0

    def watched(columns: Any, more: Any) -> None:
        nonlocal most
        usual(columns, more)
        most = max(most, columns.rows)

    monkeypatch.setattr(module.SavedColumns, "add", watched)
    sums = module.run_to(tmp_path / "out", partial(module.run, data, chunk=1))
    whole = module.run(data)
    assert most == 1
    assert {*whole} - {*sums} == {"columns", "selected"}
    assert whole["cutflow"] == sums["cutflow"]
    for region, saved in whole["columns"].items():
        path = tmp_path / "out" / f"columns_{region}.parquet"
        assert pq.read_metadata(path).num_row_groups == ceil(len(saved["pt"]) / 2) > 1
        assert plain(ak.from_parquet(path)) == plain(ak.zip(saved, depth_limit=1))
    listed = [f"{region},{event}" for region, found in whole["selected"].items() for event in found["event"]]
    assert (tmp_path / "out" / "events.csv").read_text().split() == ["region,event", *listed]


def test_lists_that_are_saved_keep_no_others_in_memory(data: Path) -> None:
    module = load(named_for_the_file(script(HEADER + "region r select count(Jet) > 1 save pt = Jet.pt")))
    column = module.run(data)["columns"]["r"]["pt"]
    assert len(column.layout.content) == sum(len(jets) for jets in column.tolist())


def test_a_script_whose_output_cannot_be_written(tmp_path: Path, data: Path) -> None:
    (tmp_path / "selection.py").write_text(named_for_the_file(script()), encoding="utf-8")
    for behind, code, said in (
        ("> /dev/full", 3, "standard output: [Errno 28] No space left on device\n"),
        ("| head -c 0", 141, ""),
    ):
        command = f'set -o pipefail; "{sys.executable}" selection.py "{data}" {behind}'
        done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (code, said)


def test_a_script_reads_no_file_twice(tmp_path: Path, data: Path) -> None:
    (tmp_path / "link.root").hardlink_to(data)
    for other in (str(data), "link.root"):
        done = execute(named_for_the_file(script()), tmp_path, data, other)
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr == f"{other}: this file is given twice\n"


def test_a_script_finds_before_the_work_what_cannot_be(tmp_path: Path, data: Path) -> None:
    code = named_for_the_file(script())
    done = execute(code, tmp_path, data, "--chunk", "0")
    assert (done.returncode, "--chunk: invalid positive value: '0'" in done.stderr) == (2, True)
    done = execute(code, tmp_path, "nothing.root", "--out", "selection.py/out")
    assert (done.returncode, done.stderr) == (3, "selection.py/out: cannot be written (Not a directory)\n")


def test_functions_of_the_runtime_have_names_of_their_own() -> None:
    """In a script they all stand in one file, where the last of a name would take the place of the others."""
    modules = [path.read_text() for path in (REPOSITORY / "backends" / "awkward" / "runtime").glob("*.py")]
    defined = [
        node for text in modules for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    counts = Counter(node.name for node in defined)
    assert len(counts) > 50
    assert {name for name, count in counts.items() if count > 1} == set()


@pytest.mark.parametrize(
    "limits",
    [
        *(output.uniform(10, 0.0, 0.1), output.uniform(50, 20e3, 200e3), output.uniform(100, -1.7, 3.1)),
        *(output.uniform(1, 0.0, 1.0), output.uniform(4, 1e15, 1e15 + 1), output.edges(0.0, 1.0, 2.0, 3.5)),
    ],
    ids=lambda limits: f"{limits[0]}-{limits[-1]}",
)
def test_a_bin_is_guessed_as_it_is_searched_for(limits: axes.Array) -> None:
    beside = [np.nextafter(limits, end) for end in (-np.inf, np.inf)]
    between = np.random.default_rng(1).uniform(2 * limits[0] - limits[-1], 2 * limits[-1] - limits[0], 100)
    each = np.concatenate([limits, *beside, between, [0.0, -1e300, 1e300, -np.inf, np.inf]])
    values = np.resize(each, len(each) + output.MANY)
    assert output.bin_of(values, limits).tolist() == [sum(limits <= value) for value in values]
    whole = np.arange(output.MANY) - 5
    assert output.bin_of(whole, limits).tolist() == [sum(limits <= value) for value in whole]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ([0.0, 1.0, 2.0], {-np.inf: None, -1.0: None, 0.0: 0, 0.5: 0, 1.0: 1, 2.0: None, 9.0: None, np.inf: None}),
        ([0.0, 1.0, np.inf], {-np.inf: None, -1.0: None, 0.0: 0, 1.0: 1, 9.0: 1, np.inf: 1}),
        ([-np.inf, 0.0, 1.0], {-np.inf: 0, -1.0: 0, 0.0: 1, 1.0: None, np.inf: None}),
        ([-np.inf, np.inf], {-np.inf: 0, 0.0: 0, np.inf: 0}),
    ],
)
def test_cells_hold_their_lower_edges_and_open_ones_infinity(
    limits: list[float], expected: dict[float, int | None]
) -> None:
    bins = len(limits) - 1
    values = np.array([*expected, np.nan])
    found = [int(place) for place in output.cell(values, np.array(limits))]
    assert [place if 0 <= place < bins else None for place in found] == [*expected.values(), None]
    region = output.Region("r", len(values))
    region.weigh("w", np.arange(1.0, len(values) + 1))
    region.select("c", "c", values != 1.0)
    region.grid("g", (values, np.array(limits)))
    assert len(region.bins) == bins
    for number, row in enumerate(region.bins):
        inside = [k + 1.0 for k, (value, place) in enumerate(expected.items()) if place == number and value != 1.0]
        assert row == {
            "name": f"g[{number}]", "events": len(inside), "sumw": sum(inside), "sumw2": sum(w * w for w in inside)
        }  # fmt: skip


@pytest.mark.parametrize("weighted", [False, True])
def test_histograms_by_hand(weighted: bool) -> None:
    """With what is below, above and missing; `fold` adds what is outside to the first and last bin of each axis."""
    x = np.array([-1.0, 0.0, 0.9, 1.0, 2.0, np.inf, -np.inf, np.nan, 0.5])
    y = np.array([0.5, 0.5, 9.0, -9.0, 0.5, 1.0, 0.0, 0.5, np.nan])
    weights = np.arange(2.0, 11.0) if weighted else np.ones(9)
    limits = np.array([0.0, 1.0, 2.0])
    region = output.Region("r", 9)
    if weighted:
        region.weigh("w", weights)
    region.select("c", "c", x != 0.9)
    for fold in (False, True):
        region.histogram(f"one {fold}", (x, limits, "x"), fold=fold)
        region.histogram(f"two {fold}", (x, limits, "x"), (y, limits[:2], "y"), fold=fold)

    def place(value: float, last: int, fold: bool) -> int:
        inside = 0 if value < 0 else min(int(value), last) + 1 if np.isfinite(value) else last + 1
        return min(max(inside, 1), last) if fold else inside

    for fold in (False, True):
        one, two = np.zeros((2, 4)), np.zeros((2, 4, 3))
        for value, other, weight in zip(x, y, weights, strict=True):
            if value == 0.9:
                continue
            if not np.isnan(value):
                one[:, place(value, 2, fold)] += weight, weight**2
            if not np.isnan(value) and not np.isnan(other):
                two[:, place(value, 2, fold), place(other, 1, fold)] += weight, weight**2
        for name, expected in ((f"r/one {fold}", one), (f"r/two {fold}", two)):
            view = region.histograms[name].view(flow=True)
            assert view["value"].tolist() == expected[0].tolist()
            assert view["variance"].tolist() == expected[1].tolist()


@pytest.mark.parametrize("stored", [np.uint8, np.uint16, np.int32, np.uint64])
def test_enumerations_of_every_width(stored: type) -> None:
    numbers = ak.unflatten(np.array([0, 7, 1], dtype=stored), [2, 1])
    assert codes(numbers, {0: 0, 1: 1}).tolist() == [0, -1, 1]
    assert codes(numbers, {7: 0, 1: 1}).tolist() == [-1, 0, 1]
    assert codes(numbers, {0: 0, 1: 1}, mask=3).tolist() == [0, -1, 1]


@pytest.mark.parametrize("stored", [np.int8, np.uint64, np.float32])
def test_truth_values_of_every_width(stored: type) -> None:
    numbers = ak.unflatten(np.array([0, 1, 2, 3], dtype=stored), [3, 1])
    assert truths(numbers).tolist() == [False, True, True, True]
    assert truths(numbers, mask=2).tolist() == [False, False, True, True]
    some = ak.mask(numbers, ak.Array([[True, False, True], [True]]))
    assert truths(some).tolist() == [False, False, True, True]
    assert truths(ak.Array([[0.5, np.nan, -0.0]])).tolist() == [True, False, False]
