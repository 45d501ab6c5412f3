"""The xAOD dialect: what the C++ returns that queries become, and that the scripts do what the interpreter does."""

from __future__ import annotations

import ast
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import accumulate, combinations, islice
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import awkward as ak
import numpy as np
import pytest
import qastle
import uproot
from click.testing import CliRunner, Result
from data_files import EXAMPLES, REPOSITORY
from func_adl_constructs import table
from func_adl_xaod_constructs import CONSTRUCTS, together
from results import differences, plain
from scripts import script
from servicex_case import compiled, divided, load, read_query, server_program
from servicex_fixtures import be_impatient
from servicex_server import StandIn, serving
from xaod_case import every_read, needs_compiler, new_folder, run_on_events, run_query, write_events
from xaod_random import BLOCKS, DEFINITIONS, condition, random_region

from hepsel.backends.func_adl import generate
from hepsel.backends.func_adl import load as load_script
from hepsel.backends.func_adl.answers import Output
from hepsel.backends.func_adl.query import Queries
from hepsel.backends.func_adl.xaod_printer import XaodPrinter
from hepsel.backends.func_adl.xaod_query import XaodQueries
from hepsel.backends.func_adl.xaod_types import item_class
from hepsel.check import load_program
from hepsel.cli.run import run
from hepsel.errors import HepselError
from hepsel.formats.loader import XAOD_DIALECTS, load_format
from hepsel.formats.source import FormatError
from hepsel.plan.remote import Xaod
from hepsel.plan.remote.heads import head
from hepsel.run.execute import Settings, run_program
from hepsel.semantics.program import Program

HEADER = 'hepsel 1\nanalysis "test"\n'
SAMPLE = EXAMPLES / "h4l" / "h4l_sample.root"
Z_JETS = 900003

pytestmark = pytest.mark.xdist_group("xaod")  # what they share is compiled, and the sample written, once


def program(text: str) -> Program:
    return load_program(HEADER + text, "physlite")


@pytest.fixture(scope="module")
def sample_events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_events(SAMPLE, tmp_path_factory.mktemp("sample") / "events", every_read())


@cache
def interpreted_h4l() -> Any:
    """Return what the interpreter makes of H->4l on the sample."""
    checked = load_program(EXAMPLES / "h4l" / "h4l.hepsel", "physlite")
    return run_program(checked, [SAMPLE], Settings(interpreter=True))


def compared(
    checked: Program, path: Path, events: Path, folder: Path, *, item_cutflow: bool = True
) -> tuple[Any, dict[str, int]]:
    """Compare a script with the interpreter; return the results, and how many events each query returned."""
    module = load(generate(divided(checked, item_cutflow=item_cutflow)), folder)
    return compared_script(module, checked, path, events, folder, item_cutflow=item_cutflow)


def compared_script(
    module: ModuleType, checked: Program, path: Path, events: Path, folder: Path, *, item_cutflow: bool
) -> tuple[Any, dict[str, int]]:
    """Compare a script that is loaded already."""
    found, returned = run_on_events(module, events, folder)
    expected = plain(run_program(checked, [path], Settings(interpreter=True)))
    if not item_cutflow:
        expected["items"] = {}
    assert not list(differences(expected, found))
    return found, returned


# ------------------------------------------------------------------ H -> 4l


@cache
def h4l_script(item_cutflow: bool, /) -> ModuleType:
    """Return the script of H->4l."""
    checked = load_program(EXAMPLES / "h4l" / "h4l.hepsel", "physlite")
    return load(generate(divided(checked, item_cutflow=item_cutflow)), new_folder())


@cache
def candidates(path: Path) -> list[tuple[int, int, bool]]:
    """Return, by a script that is independent of hepsel, what row 4.1 and its quadruplets need of each event.

    These are the number of leptons, that of their pairs of same flavour and opposite sign, and whether there is a
    primary vertex.
    """
    baseline = script(REPOSITORY / "benchmarks" / "h4l" / "baseline.py")
    data = baseline.EventData(path)
    found = []
    for k in range(len(data)):
        leptons = [*baseline.select_electrons(data, k), *baseline.select_muons(data, k)]
        pairs = sum(baseline.is_sfos(a, b) for a, b in combinations(leptons, 2))
        found.append((len(leptons), pairs, data.count_primary_vertices(k) > 0))
    return found


def can_have_quadruplets(path: Path) -> Any:
    """Return which events have a vertex, two pairs and four leptons."""
    return np.array([n >= 4 and pairs >= 2 and vertex for n, pairs, vertex in candidates(path)])


def event_column(path: Path, name: str) -> Any:
    with uproot.open(path) as file:
        return file["EventData"].arrays([name])[name].to_numpy()


@needs_compiler
@pytest.mark.parametrize("item_cutflow", [False, True])
def test_h4l(item_cutflow: bool, sample_events: Path, tmp_path: Path) -> None:
    """The server sends the events that pass 4.1 and have four leptons, of Z+jets less than 5 %.

    For the item-level cutflow it sends all that have four leptons.
    """
    found, returned = run_on_events(h4l_script(item_cutflow), sample_events, tmp_path)
    expected = plain(interpreted_h4l())
    assert not list(differences(expected if item_cutflow else {**expected, "items": {}}, found))
    wanted = can_have_quadruplets(SAMPLE)
    if item_cutflow:
        wanted = np.array([number >= 4 for number, _, _ in candidates(SAMPLE)])
    assert returned == {"events": wanted.sum(), "counts": 500}
    assert [row["events"] for row in found["cutflow"]["signal"]] == [500, 500, 500, 493, 163, 68]
    kept = ak.from_parquet(tmp_path / "events.parquet")["event_number"].tolist()
    assert kept == event_column(SAMPLE, "EventInfoAuxDyn:eventNumber")[wanted].tolist()
    z_jets = event_column(SAMPLE, "EventInfoAuxDyn:mcChannelNumber") == Z_JETS
    assert z_jets.sum() == 180
    assert 0 < wanted[z_jets].mean() < 0.05


def test_where_the_criteria_of_h4l_run() -> None:
    """All of electrons, muons and pairs run on the server."""
    checked = load_program(EXAMPLES / "h4l" / "h4l.hepsel", "physlite")
    for item_cutflow in (True, False):
        decisions = divided(checked, item_cutflow=item_cutflow).decisions
        remote = {d.texts.label for d in decisions if d.is_remote}
        assert remote == {
            *("1.3", "4.1", "same flavour", "opposite sign"),
            *("2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7"),
            *("3.1", "3.1.1", "3.1.2", "3.1.3", "3.1 other types", "3.2", "3.2.1", "3.3", "3.4", "3.5", "3.6", "3.7"),
        }
        rounded = {d.texts.label for d in decisions if d.is_rounded}
        assert rounded == {"2.6", "2.7", "3.5", "3.6", "3.7", "same flavour", "opposite sign", "4.1"}
    assert [d.texts.label for d in decisions if d.narrows] == ["quadruplet"]


@needs_compiler
@pytest.mark.shared
@pytest.mark.parametrize("name", ["zee_mc20_100ev.root", "ttbar_22.2.110_100ev.root"])
def test_h4l_on_real_files(name: str, shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "physlite" / name
    events = write_events(path, tmp_path / "events", every_read())
    checked = load_program(EXAMPLES / "h4l" / "h4l.hepsel", "physlite")
    module = h4l_script(False)
    found, returned = compared_script(module, checked, path, events, tmp_path, item_cutflow=False)
    assert found["cutflow"]["signal"][3]["events"] == 100
    leptons = [number for number, pairs, vertex in candidates(path) if number >= 4 and pairs >= 2 and vertex]
    assert returned["events"] == len(leptons)


def test_queries_are_read_as_by_qastle() -> None:
    """What becomes C++ here depends on it."""
    checked = program("region r select any(|e.z0_sin_theta| < 0.5 mm for e in Electron) save n = count(Muon)")
    for query in load_script(generate(divided(checked))).queries().values():
        text = query.generate_selection_string()
        assert "add_cpp_function" in text
        assert ast.dump(read_query(text)) == ast.dump(qastle.text_ast_to_python_ast(text))


@needs_compiler
@pytest.mark.shared
def test_a_variable_that_the_files_do_not_have(shared_data: Path, tmp_path: Path) -> None:
    """There are no muons with `topoetcone20` in this file: on the server the query fails, and does not go on."""
    path = shared_data / "physlite" / "mc23_601229_50ev.root"
    events = write_events(path, tmp_path / "events", every_read())
    checked = program("region r select count(mu for mu in Muon if mu.topoetcone20 < 1 GeV) > 1 save n = count(Muon)")
    module = load(generate(divided(checked)), tmp_path)
    with pytest.raises(AssertionError, match="no variable topoetcone20"):
        run_on_events(module, events, tmp_path)


# ------------------------------------------------------------------ with the client of ServiceX


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StandIn]:
    be_impatient(monkeypatch)
    shutil.copy(SAMPLE, tmp_path / "sample.root")
    with serving(tmp_path) as found:
        yield found


@needs_compiler
def test_h4l_with_the_client_of_servicex(
    server: StandIn, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The whole script, as a user runs it: the query goes to a server, which makes C++ of it and runs that."""
    checked = load_program(EXAMPLES / "h4l" / "h4l.hepsel", "physlite")
    path = server.folder / "selection.py"
    path.write_text(generate(divided(checked, item_cutflow=False)), encoding="utf-8")
    words = [path, "root://server//sample.root", "--config", server.configuration(), "--out", "out"]
    monkeypatch.setattr(sys, "argv", list(map(str, words)))
    monkeypatch.chdir(server.folder)
    with pytest.raises(SystemExit) as left:
        runpy.run_path(str(path), run_name="__main__")
    assert left.value.code == 0, [capfd.readouterr().err, *(one.said for one in server.transformations.values())]
    assert {one.request["codegen"] for one in server.transformations.values()} == {"atlasr25"}
    expected = interpreted_h4l()
    table = json.loads((server.folder / "out" / "cutflow.json").read_text())["cutflow"]
    for region, rows in expected["cutflow"].items():
        assert [row["events"] for row in table[region]] == [row["events"] for row in rows]
    listed = {tuple(line.split(",")) for line in (server.folder / "out" / "events.csv").read_text().split()[1:]}
    selected = {
        (region, *map(str, numbers))
        for region, columns in expected["selected"].items()
        for numbers in zip(*columns.values(), strict=True)
    }
    assert listed == selected
    assert len(selected) > 100
    mass = ak.from_parquet(server.folder / "out" / "columns_signal.parquet")["m4l"]
    assert mass.tolist() == pytest.approx(expected["columns"]["signal"]["m4l"].tolist(), rel=1e-12)


@needs_compiler
def test_hepsel_run_with_objects(server: StandIn) -> None:
    text = HEADER + "region r select count(mu for mu in Muon if mu.topoetcone20 < 1 GeV) > 1 save n = count(Muon)\n"
    (server.folder / "p.hepsel").write_text(text)
    out = server.folder / "out"
    words = [server.folder / "p.hepsel", "root://server//sample.root", "--format", "physlite", "--servicex"]
    words = [*words, "--config", server.configuration(), "--out", out]
    found = CliRunner().invoke(run, list(map(str, words)), standalone_mode=False)
    assert found.exception is None, found.output
    (region,) = json.loads((out / "cutflow.json").read_text())["regions"]
    expected = run_program(program(text.removeprefix(HEADER)), [SAMPLE], Settings(interpreter=True))
    assert [row["events"] for row in region["rows"]] == [row["events"] for row in expected["cutflow"]["r"]]


# ------------------------------------------------------------------ columns


def saving(path: Path) -> tuple[str, int]:
    """Return a program that saves every stored attribute of a file, and the number of these."""
    with uproot.open(path) as file:
        keys = set(file["CollectionTree"].keys(recursive=True))
    saved = []
    for collection in load_format("physlite").collections.values():
        for spec in collection.attributes.values():
            there = any(branch in keys or branch.rpartition(".")[0] in keys for branch in spec.branches[:1])
            if spec.xaod is None or not there:
                continue
            name = f"{collection.name}_{spec.name}"
            if spec.kind == "link" and not spec.is_list:
                target = load_format("physlite").collections[spec.target or ""]
                value = next(a.name for a in target.attributes.values() if a.kind == "real" and a.branches)
                saved.append(f"{name} = {collection.name}.{spec.name}.{value}")
            elif spec.is_list and not collection.single:
                reduced = f"i.{spec.name}" if spec.kind != "link" else f"i.{spec.name}.d0"
                saved.append(f"{name} = max(max({reduced}) for i in {collection.name})")
                saved.append(f"{name}_n = sum(count({reduced}) for i in {collection.name})")
            else:
                saved.append(f"{name} = {collection.name}.{spec.name}")
    return "region r\n" + "\n".join(f"  save {one}" for one in saved), len(saved)


@needs_compiler
@pytest.mark.shared
def test_every_attribute_of_the_format_is_returned_as_it_is_stored(shared_data: Path, tmp_path: Path) -> None:
    """The stub has the variables in the types of the file, and takes no other type for one of them."""
    path = shared_data / "physlite" / "ttbar_22.2.110_100ev.root"
    text, number = saving(path)
    assert number > 120
    events = write_events(path, tmp_path / "events", every_read())
    found, _ = compared(program(text), path, events, tmp_path)
    filled = [name for name, column in found["columns"]["r"].items() if any(_numbers(column))]
    assert len(filled) > 100


def _numbers(column: list[Any]) -> list[Any]:
    return [value for one in column for value in (one if isinstance(one, list) else [one])]


@pytest.mark.parametrize("release", XAOD_DIALECTS)
def test_the_typed_classes_have_what_the_format_asks_for(release: str) -> None:
    checked = 0
    for collection in load_format("physlite").collections.values():
        if collection.xaod is None:
            assert collection.base is not None
            continue
        found = item_class(release, collection.xaod)
        assert found is not None, collection.xaod
        assert collection.single or hasattr(found, "index"), found.__name__
        for spec in collection.attributes.values():
            if spec.xaod is not None:
                method = spec.xaod.removesuffix("()") if spec.xaod.endswith("()") else "auxdataConst"
                assert hasattr(found, method), f"{found.__name__}.{method}"
                checked += 1
    assert checked > 140


def test_everything_but_one_attribute_can_be_read() -> None:
    without = [
        f"{collection.name}.{spec.name}"
        for collection in load_format("physlite").collections.values()
        for spec in collection.attributes.values()
        if spec.branches and spec.xaod is None
    ]
    assert without == ["event.passes_jet_cleaning"]


# ------------------------------------------------------------------ constructs


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda construct: construct.name)
def test_where_constructs_run(construct: Any) -> None:
    division = divided(program(construct.text), item_cutflow=False)
    (found,) = [d for d in division.decisions if d.texts.id == "r.1"]
    remote = "rounded" if found.is_rounded else "remote"
    assert (remote if found.is_remote else "narrowed" if found.narrows else "local") == construct.where


@needs_compiler
def test_constructs_on_the_server(sample_events: Path, tmp_path: Path) -> None:
    """Each condition for itself, in one query: it holds where the criterion is true, and not everywhere."""
    checked = program(together({"remote", "rounded", "narrowed"}))
    division = divided(checked, item_cutflow=False)
    dialect = division.dialect
    assert isinstance(dialect, Xaod)
    branches = {k: v for k, v in division.naming.branches.items() if v is not None}
    asking = XaodQueries(dialect, XaodPrinter(dialect.plan, branches, {}, {}))
    outputs = [
        Output(region.name, asking.any_of([head(region, dialect).conditions])) for region in dialect.plan.regions
    ]
    query = asking.query((), tuple(outputs))
    code = generate(division)
    start, end = code.index("    return (", code.index("def counts_query")), code.index("def queries")
    lines = "\n".join(f"        {line}" for line in query.lines())
    code = f"{code[:start]}    return (\n{lines}\n    )\n\n# fmt: on\n\n\n{code[end:]}"
    array = run_query(load(code, tmp_path).queries()["counts"].generate_selection_string(), sample_events)
    expected = plain(run_program(checked, [SAMPLE], Settings(interpreter=True)))
    with uproot.open(SAMPLE) as file:
        numbers = file["EventData"].arrays(["EventInfoAuxDyn:eventNumber"])["EventInfoAuxDyn:eventNumber"].tolist()
    for number, construct in enumerate(CONSTRUCTS):
        if construct.where == "local":
            continue
        selected = set(expected["selected"][f"r_{number}"]["event"])
        holds = {event for event, one in zip(numbers, array[f"r_{number}"].tolist(), strict=True) if one}
        assert 0 < len(selected) < 500, construct.name
        if construct.where in ("remote", "rounded"):
            assert holds == selected, construct.name
        else:
            assert selected <= holds, construct.name
            assert len(holds) < 500, construct.name


@needs_compiler
def test_constructs_in_a_script(sample_events: Path, tmp_path: Path) -> None:
    """All of them in one program, with the item-level cutflows of their blocks."""
    everywhere = {"remote", "rounded", "narrowed", "local"}
    found, _ = compared(program(together(everywhere)), SAMPLE, sample_events, tmp_path)
    assert len(found["cutflow"]) == len(CONSTRUCTS)


def test_the_documentation_has_the_table() -> None:
    assert table(CONSTRUCTS) in (REPOSITORY / "docs" / "func_adl.md").read_text(encoding="utf-8")


# ------------------------------------------------------------------ exactness

COMPARISONS: dict[str, Callable[[Any, float], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


@needs_compiler
def test_thresholds_are_compared_in_64_bits(tmp_path: Path) -> None:
    """No 32-bit number is 30100.1: in 32 bits, the nearest one would be equal to it. NaN is never compared."""
    near = np.float32(30100.1)
    values = np.array([np.nextafter(near, np.float32(0)), near, np.nextafter(near, np.float32(4e4)), np.nan], "f4")
    folder = tmp_path / "events"
    folder.mkdir()
    for container, number in (("AnalysisMuons", 1), ("EventInfo", 1)):
        np.full(4, number, np.int64).tofile(folder / f"{container}.sizes")
    lines = [
        "AnalysisMuons pt float32 0",
        "AnalysisMuons quality uint8 0",
        "EventInfo averageInteractionsPerCrossing float32 0",
    ]
    values.tofile(folder / "AnalysisMuons.pt")
    np.zeros(4, np.uint8).tofile(folder / "AnalysisMuons.quality")
    values.tofile(folder / "EventInfo.averageInteractionsPerCrossing")
    wide = np.array([0, 1, 2**32 - 1, 7], np.uint32)
    for name in ("runNumber", "lumiBlock"):
        lines.append(f"EventInfo {name} uint32 0")
        wide.tofile(folder / f"EventInfo.{name}")
    lines.append("EventInfo eventNumber uint64 0")
    np.array([0, 1, 2**63 - 1, 2**53 + 1], np.uint64).tofile(folder / "EventInfo.eventNumber")
    (folder / "index.txt").write_text("\n".join(lines))
    text = ""
    for k, sign in enumerate(COMPARISONS):
        text += (
            f"region a{k} select event.pileup {sign} 30100.1\n"
            f"  select count(mu for mu in Muon if mu.pt {sign} 30.1001 GeV) > 0\n"
            f"region b{k} select event.run {sign} 1 and event.number {sign} 7\n"
        )
    division = divided(program(text), item_cutflow=False)
    where = {d.texts.id: d.reason if not d.is_remote else "remote" for d in division.decisions}
    module = load(generate(division), tmp_path)
    found, _ = run_on_events(module, folder, tmp_path)
    numbers = values.astype(np.float64)
    for k, compare in enumerate(COMPARISONS.values()):
        assert where[f"a{k}.1"] == where[f"a{k}.2"] == where[f"b{k}.1"] == "remote"
        passing = int(np.sum(compare(numbers, 30100.1) & ~np.isnan(numbers)))
        assert [row["events"] for row in found["cutflow"][f"a{k}"]] == [4, passing, passing]
        ids = [0, 1, 2**63 - 1, 2**53 + 1]
        both = sum(bool(compare(int(run), 1) and compare(number, 7)) for run, number in zip(wide, ids, strict=True))
        assert [row["events"] for row in found["cutflow"][f"b{k}"]] == [4, both]


def test_numbers_without_a_sign_are_not_compared_with_negative_ones() -> None:
    """In C++, no such number is greater than -1."""
    for number, is_remote in (
        ("event.run", False),
        ("Tau[0].decay_mode", True),
        ("event.beam_pos_sigma_x / 1 mm", True),
    ):
        (found,) = divided(program(f"region r select {number} > -1")).decisions
        assert found.is_remote == is_remote
    items = "object a take Electron select author > -1\nobject b take Tau select decay_mode > -1\n"
    found = divided(program(f"{items}region r select count(a) > 0 and count(b) > 0")).decisions
    assert [one.is_remote for one in found] == [True, True, True]


@needs_compiler
def test_quotients_are_those_of_64_bits(tmp_path: Path) -> None:
    """In 32 bits, 1 / 3 is more than in 64."""
    folder = tmp_path / "events"
    folder.mkdir()
    for container in ("AnalysisMuons", "EventInfo"):
        np.ones(2, np.int64).tofile(folder / f"{container}.sizes")
    lines = []
    for name, values in (("ptcone20", [1, 2]), ("ptcone30", [3, 3])):
        lines.append(f"AnalysisMuons {name} float32 0")
        np.array(values, np.float32).tofile(folder / f"AnalysisMuons.{name}")
    for name, letter in (("runNumber", "uint32"), ("lumiBlock", "uint32"), ("eventNumber", "uint64")):
        lines.append(f"EventInfo {name} {letter} 0")
        np.arange(2, dtype=letter).tofile(folder / f"EventInfo.{name}")
    (folder / "index.txt").write_text("\n".join(lines))
    third = 1 / 3
    text = f"region r select any(mu.ptcone20 / mu.ptcone30 > {third!r} for mu in Muon)"
    division = divided(program(text), item_cutflow=False)
    assert division.decisions[0].is_remote
    found, returned = run_on_events(load(generate(division), tmp_path), folder, tmp_path)
    assert [row["events"] for row in found["cutflow"]["r"]] == [2, 1]
    assert returned["events"] == 1


def test_many_choices_in_one_comparison_stay_in_the_script() -> None:
    """Each of them may double what is written."""
    for number, is_remote in ((4, True), (30, False)):
        total = " + ".join(f"default(mu.combined_track.z0 - {k} mm, {k} mm)" for k in range(number))
        (found,) = divided(program(f"region r select any({total} > 5 mm for mu in Muon)")).decisions
        assert found.is_remote == is_remote
    assert found.reason == "needs many choices in one comparison"


@pytest.mark.parametrize("data_format", ["physlite", "nanoaod"])
def test_a_very_long_program_can_be_asked_for(data_format: str) -> None:
    """func_adl goes one level down for each step, and for each method of whose type it says something."""
    cuts = "".join(
        f"  select count(mu for mu in Muon if mu.pt > {k} GeV and |mu.eta| < 2.{k}) < 9\n" for k in range(1, 400)
    )
    windows = " or ".join(f"mu.eta > 0.{k} and mu.phi < 1.{k}" for k in range(1, 200))
    cuts += f"  select any({windows} for mu in Muon)\n"
    division = divided(load_program(f"{HEADER}region r\n{cuts}", data_format))
    assert all(decision.is_remote for decision in division.decisions)
    limit = sys.getrecursionlimit()
    texts = {
        name: query.generate_selection_string() for name, query in load_script(generate(division)).queries().items()
    }
    assert texts["events"].count("2.399") == 1
    assert sys.getrecursionlimit() == limit, "json.loads of what is nested deeply would end the process"
    for text in texts.values():  # a server cannot read a thousand levels, and Python no more than 200 in parentheses
        assert max(accumulate((c == "(") - (c == ")") for c in text)) < 90
        if data_format == "nanoaod":
            server_program(text)


TWICE = """
define a0 = {event} / 10
{real}
define b0 = a0 > 1
{truth}
object hard take Jet
  let c0 = pt > 10 GeV
  {item}
  select c{number}
region real
  select a{number} > 0.3
region truth
  select b{number}
region item
  select count(hard) > 1
"""


def used_twice(number: int, event: str) -> str:
    """Return a program with definitions that each use the one before twice."""
    numbers = range(1, number + 1)
    return TWICE.format(
        event=event,
        number=number,
        real="\n".join(f"define a{k} = if a{k - 1} > {k} then a{k - 1} / 2 else a{k - 1} + 1" for k in numbers),
        truth="\n".join(f"define b{k} = (b{k - 1} and {event} > {k}) or not b{k - 1}" for k in numbers),
        item="\n  ".join(f"let c{k} = (c{k - 1} and pt > {k} GeV) or not c{k - 1}" for k in numbers),
    )


def test_definitions_that_use_one_another_twice() -> None:
    """On flat trees, what is long is computed once; PHYSLITE has no names for it, and leaves it to the script."""
    flat = divided(load_program(HEADER + used_twice(18, "PV.npvs"), "nanoaod"))
    assert {decision.reason for decision in flat.decisions} == {""}
    assert len(generate(flat)) < 250_000
    objects = divided(load_program(HEADER + used_twice(18, "event.pileup"), "physlite"))
    assert {decision.reason for decision in objects.decisions} == {"needs a very long formula"}


@pytest.mark.parametrize("data_format", ["physlite", "nanoaod"])
def test_an_object_of_very_many_criteria(data_format: str) -> None:
    """The last ones are behind so many others that Python cannot go there: they stay in the script."""
    cuts = "".join(f"  select pt > {k} MeV\n" for k in range(1, 401))
    text = f"{HEADER}object hard take Jet\n{cuts}region r\n  select count(hard) > 1"
    *of_items, counted = divided(load_program(text, data_format), item_cutflow=False).decisions
    assert [decision.is_remote for decision in of_items[:100]] == [True] * 100
    assert (counted.reason, counted.narrows) == ("needs a very long formula", True)


@pytest.mark.parametrize("data_format", ["physlite", "nanoaod"])
@pytest.mark.parametrize("kind", ["object m0 take Muon", "composite m0 take Muon a, Muon b\n  select mass > 2 GeV"])
def test_unions_of_parts_of_unions(kind: str, data_format: str) -> None:
    unions = "".join(
        f"object a{k} take m{k - 1}\n  select mass > {k} GeV\n"
        f"object b{k} take m{k - 1}\n  select mass > {k + 1} GeV\n"
        f"object m{k} take a{k}, b{k}\n"
        for k in range(1, 21)
    )
    text = f"{HEADER}{kind}\n{unions}region r\n  select count(m20) > 1\n"
    division = divided(load_program(text, data_format))
    assert division.decisions[-1].reason == "needs items that stand twice"


def test_what_is_implied_is_asked_once() -> None:
    """There are 2^40 ways from the last definition to the first."""
    cuts = "\n".join(
        f"define a{k} = (a{k - 1} and PV.npvs > {k}) and (a{k - 1} and PV.npvs > {k + 100})" for k in range(1, 41)
    )
    text = f"{HEADER}define a0 = exp(PV.npvs) > 1 and PV.npvs > 0\n{cuts}\nregion r\n  select a40\n"
    division = divided(load_program(text, "nanoaod"))
    assert division.decisions[0].narrows
    assert len(division.wanted[0]) == 81


@pytest.mark.parametrize("condition", ["mu.pt < 1 GeV / 0", "sqrt(mu.pt / 1 GeV) < 1 / 0"])
def test_infinite_numbers_stay_in_the_script(condition: str) -> None:
    (found,) = divided(program(f"region r select any({condition} for mu in Muon)")).decisions
    assert (found.is_remote, found.reason) == (False, "needs an infinite number")


@pytest.mark.parametrize("collection", ["Muon", "hard", "in_order", "both"])
def test_places_that_are_computed_are_not_asked_of_the_server(collection: str) -> None:
    """A place in a selection is not that of the item in its collection, which is all that an object tells."""
    blocks = """object hard take Muon select pt > 20 GeV
    object in_order take Muon sort by pt descending
    object both take Muon, Electron
    """
    found = divided(program(f"{blocks}region r select {collection}[count(Jet)].pt > 30 GeV")).decisions[-1]
    assert (found.is_remote, found.reason, found.narrows) == (False, "needs an item by a computed place", True)


def runs_on_the_server(text: str) -> bool:
    return divided(program(f"{BLOCKS}region r select {text}"), item_cutflow=False).decisions[-1].is_remote


@needs_compiler
@pytest.mark.slow
def test_random_conditions(sample_events: Path, tmp_path: Path) -> None:
    """Those that the server can apply; HEPSEL_RANDOM_PROGRAMS asks for other ones in every run."""
    random = Random(5 if "HEPSEL_RANDOM_PROGRAMS" not in os.environ else None)
    texts = [text for text in (condition(random) for _ in range(35)) if runs_on_the_server(text)]
    assert len(texts) > 27
    text = BLOCKS + "\n".join(f"region r_{k} select {text} save n = count(Muon)" for k, text in enumerate(texts))
    found, _ = compared(program(text), SAMPLE, sample_events, tmp_path, item_cutflow=False)
    assert len({tuple(events["event"]) for events in found["selected"].values()}) > 12


def random_programs(random: Random) -> Iterator[tuple[Program, bool]]:
    """Yield programs of one region, and whether the server can apply its first criterion, or part of it."""
    while True:
        checked = program(BLOCKS + DEFINITIONS + random_region(random, "r"))
        first = next(d for d in divided(checked, item_cutflow=False).decisions if d.texts.id.startswith("r."))
        yield checked, first.is_remote or first.narrows


def test_random_programs_become_scripts() -> None:
    random = Random(11 if "HEPSEL_RANDOM_PROGRAMS" not in os.environ else None)
    served = 0
    for checked, is_served in islice(random_programs(random), 25):
        served += is_served
        assert load_script(generate(divided(checked, item_cutflow=False))).queries()
    assert served > 3


@needs_compiler
@pytest.mark.slow
@pytest.mark.parametrize("part", range(5))
def test_random_programs(part: int, sample_events: Path, tmp_path: Path) -> None:
    """The server may send too many events, and never too few: where there is one region, that shows."""
    random = Random(part if "HEPSEL_RANDOM_PROGRAMS" not in os.environ else None)
    checked = next(checked for checked, is_served in random_programs(random) if is_served)
    _, returned = compared(checked, SAMPLE, sample_events, tmp_path, item_cutflow=part % 4 == 3)
    assert returned["counts"] == 500


@pytest.mark.parametrize(
    "condition",
    [
        "any(pairs[0].parts.pt > 20 GeV)", "all(pairs[0].parts.pt > 20 GeV)", "max(pairs[0].parts.pt) > 20 GeV",
        "largest(pairs[0].parts.pt, 2) > 20 GeV", "count(pairs[0].parts) < 2",
        "all(|t.d0| < 1 mm for t in Electron[0].tracks)", "count(Electron[0].tracks) < 1",
    ],
)  # fmt: skip
def test_lists_that_one_item_has_stay_in_the_script(condition: str) -> None:
    """There may be no such item, and `all` is true of what it has then."""
    checked = program(f"composite pairs take Muon a, Muon b\nregion r select {condition} save n = count(Muon)")
    found = divided(checked, item_cutflow=False).decisions[-1]
    assert (found.is_remote, found.narrows) == (False, False)


# ------------------------------------------------------------------ the script

SCRIPT = (
    'object hard take Jet select pt > 20 GeV note "hard"\n'
    'region r select count(PrimaryVertex) > 0 select count(hard) >= 2 as "two jets"\n'
    "  weight w = event.weight save lead = hard[0].pt, track = Electron[0].z0\n"
)  # fmt: skip


def test_the_script_is_free_of_lint_and_formatted(tmp_path: Path) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.exists():
        pytest.skip("ruff is not installed")
    target = tmp_path / "selection.py"
    target.write_text(generate(divided(program(SCRIPT))), encoding="utf-8")
    for command in (["format", "--isolated", "--diff"], ["check", "--isolated", "--select", "E4,E7,E9,F,I,UP"]):
        done = subprocess.run([ruff, *command, target], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("release", XAOD_DIALECTS)
def test_the_script_needs_only_what_users_have(release: str) -> None:
    tree = ast.parse(command("--dialect", release, text=HEADER + SCRIPT).stdout)
    imported = {a.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    imported |= {
        node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
    }
    packages = {"awkward", "hist", "numpy", "pyarrow", "servicex", "uproot", f"func_adl_servicex_{release}"}
    assert imported - set(sys.stdlib_module_names) == packages


def test_collections_are_fetched_in_the_first_step_only() -> None:
    """Inside a nested lambda, `e.Muons()` would be another collection without a word."""
    code = generate(divided(load_program(EXAMPLES / "h4l" / "h4l.hepsel", "physlite")))
    queries = code[code.index("def events_query") : code.index("# fmt: on")]
    assert len(re.findall(r"e\.Muons\(\)", queries)) == 2
    assert queries.count('"Muon": e.Muons(),') == 2
    for trap in (".Min(", ".Max(", "SelectMany", "floor", "Aggregate"):
        assert trap not in queries
    # The first of a list is asked for where there is one: C++ does not go on behind `and`.
    for line in queries.splitlines():
        if ".First()" in line and "trackParticleLinks" in line:
            assert "and (" in line or "gsftrack.index() ==" in line


@needs_compiler
def test_names_and_texts_of_the_program_hide_nothing(sample_events: Path, tmp_path: Path) -> None:
    names = ("row", "stored", "is_sent", "e", "cpp_float", "link_method", "FuncADLQueryPHYSLITE", "link", "muon")
    text = ""
    for name in names:
        text += f'object {name}_ take Muon select ptcone30 < 1 GeV as "\\"\\"\\" 1/0 {{{{ 7 }}}}"\n'
        text += f"object {name}s take Muon select ptcone20 / pt < 0.5\n"
        text += f"region r_{name} select count({name}s) >= 1 and count({name}_) > 0 save {name} = Muon.pt\n"
    compared(program(text), SAMPLE, sample_events, tmp_path)


# ------------------------------------------------------------------ what is refused


def command(*arguments: object, data_format: str | Path = "physlite", text: str = "") -> Result:
    return compiled(*arguments, data_format=data_format, text=text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("region r\n  select count(Jet) > 1\n  select {}\n", "line 5: r.2"),
        ("region r\n  select sum(Jet.pt) > 1 GeV\n  save clean = {}\n", "`clean` in the region r"),
        ("object o\n  take Jet\n  select pt > 1 GeV and {}\nregion r select count(o) > 0", "line 5: o.1"),
    ],
)
def test_what_cannot_be_returned_is_refused_by_name_and_place(text: str, place: str) -> None:
    for option in ([], ["--explain"]):
        found = command(*option, text=HEADER + text.format("event.passes_jet_cleaning"))
        assert isinstance(found.exception, HepselError)
        assert str(found.exception).startswith(place)
        assert "event.passes_jet_cleaning" in str(found.exception)
        assert not found.stdout


def own_format(tmp_path: Path, old: str, new: str) -> Path:
    text = (REPOSITORY / "hepsel" / "formats" / "physlite.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "own.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('xaod = "Muons()"', 'xaod = "Mouns()"', "`Mouns()`"),
        ('AuxDyn.pt", unit = "MeV", xaod = "pt()"', 'AuxDyn.pt", unit = "MeV", xaod = "ptt()"', "`ptt()`"),
    ],
)
def test_methods_are_compared_with_the_typed_classes(old: str, new: str, message: str, tmp_path: Path) -> None:
    """The client of func_adl takes any."""
    found = command(
        data_format=own_format(tmp_path, old, new), text=HEADER + "region r select count(Muon) > 1 save x = Muon.pt\n"
    )
    assert isinstance(found.exception, HepselError)
    assert message in str(found.exception)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('xaod = "Muons()"', 'xaod = "Muons(); import os"'),
        ('xaod = "Muons()"', "xaod = 'Muons(\"a\" + b)'"),
        ('xaod = "m()"', 'xaod = "m().x()"'),
        ('xaod = "ElementLink<DataVector<xAOD::TrackParticle_v1>>"', 'xaod = "trackParticleLinks()"'),
        ('xaod = "m()"', 'xaod = "ElementLink<DataVector<xAOD::TrackParticle_v1>>"'),
        ('xaod = "float", description = "Calorimeter', 'xaod = "float>(1);", description = "Calorimeter'),
        ('servicex = "xaodr25"', 'servicex = "xaodr21"'),
    ],
)
def test_what_becomes_a_part_of_a_script_is_checked(old: str, new: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="xaod"):
        load_format(str(own_format(tmp_path, old, new)))


def test_the_dialect_is_one_of_objects() -> None:
    found = command("--dialect", "xaodr22", data_format="nanoaod", text=HEADER + "region r select count(Muon) > 1\n")
    assert found.exception is not None
    assert "nanoaod is a format of flat trees" in str(found.exception)


def test_queries_have_one_name_for_each_type() -> None:
    queries = Queries(divided(program(SCRIPT)))
    assert len(set(queries.types.values())) == len(queries.types) >= 3
