"""Every example through the interpreter and the generated code, against calculations that know nothing of hepsel."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from data_files import EXAMPLES, REPOSITORY, kept_open
from results import differences
from scripts import script

from hepsel.check import check_file, load_program
from hepsel.formats.loader import load_format
from hepsel.run.execute import Settings, run_program
from hepsel.run.inputs import Entries
from hepsel.run.result import Result

PATHS = pytest.mark.parametrize("interpreter", [True, False], ids=["interpreter", "awkward"])

QUERIES = {
    "query1": ("query1", "met"),
    "query2": ("query2", "jet_pt"),
    "query3": ("query3", "jet_pt"),
    "query4": ("query4", "met"),
    "query5": ("query5", "met"),
    "query6-1": ("query6", "trijet_pt"),
    "query6-2": ("query6", "max_btag"),
    "query7": ("query7", "sum_pt"),
    "query7_no_empty": ("query7_no_empty", "sum_pt"),
    "query8": ("query8", "transverse_mass"),
}
"""Histogram of the oracle: the program that fills it, and its name there."""

PUBLISHED_FLAWS = {"query7"}  # the reference of query 7 leaves out events without jets


@cache
def oracle(name: str) -> ModuleType:
    return script(REPOSITORY / "tests" / "oracles" / f"{name}.py")


def run(program: Path, data_format: str | Path, *files: Path, interpreter: bool) -> Result:
    loaded = load_program(program, str(data_format))
    return run_program(loaded, files, Settings(interpreter=interpreter))


def counts(result: Result, histogram: str) -> list[float]:
    """Return the contents of a histogram, under- and overflow included."""
    return result["histograms"][histogram].view(flow=True)["value"].tolist()


def passed(result: Result, region: str) -> list[int]:
    """Return the cutflow of a region: all events, and the events behind each criterion that is applied."""
    return [row["events"] for row in result["cutflow"][region] if row["applied"]]


def selected(result: Result, region: str) -> list[tuple[int, int]]:
    ids = result["selected"][region]
    return list(zip(ids["run"].tolist(), ids["event"].tolist(), strict=True))


FORMATS = {
    "adl_benchmark": "cms_open_data_2012",
    "atlas_open_data_4l": "atlas_open_data",
    "cms_dimuon": str(EXAMPLES / "cms_dimuon" / "format.toml"),
    "edm4hep_ww": str(EXAMPLES / "edm4hep_ww" / "format.toml"),
    "h4l": "physlite",
    "h4l_nanoaod": "nanoaod",
}


@pytest.mark.parametrize(
    "path", sorted(EXAMPLES.glob("*/*.hepsel")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_examples_have_no_problems(path: Path) -> None:
    checked = check_file(path, FORMATS[path.parent.name])
    remarks = [item.code for item in checked.diagnostics]
    # One example cuts on the candidate that was chosen, as its paper does; the checker hints at it.
    allowed = ["H701", "H701"] if path.parent.name == "atlas_open_data_4l" else []
    assert remarks == allowed


# ------------------------------------------------------------------ ADL benchmark


@pytest.mark.shared
@PATHS
@pytest.mark.parametrize("name", QUERIES)
def test_adl_benchmark(name: str, interpreter: bool) -> None:
    queries = oracle("adl_queries")
    program, histogram = QUERIES[name]
    result = run(
        EXAMPLES / "adl_benchmark" / f"{program}.hepsel",
        "cms_open_data_2012",
        queries.EVENTS,
        interpreter=interpreter,
    )
    (key,) = [key for key in result["histograms"] if key.endswith(f"/{histogram}")]
    _, expected = queries.histograms()[name]
    assert counts(result, key) == expected
    if name not in PUBLISHED_FLAWS:
        assert counts(result, key) == queries.reference(name)


def test_every_published_histogram_is_compared() -> None:
    queries = oracle("adl_queries")
    assert set(QUERIES) - PUBLISHED_FLAWS == set(queries.REFERENCES)
    assert len(queries.REFERENCES) == 9


@pytest.mark.shared
@pytest.mark.parametrize("program", sorted({program for program, _ in QUERIES.values()}))
def test_adl_benchmark_on_the_flat_file(program: str, shared_data: Path) -> None:
    """The flat ROOT file goes through the same format; there is no reference, but the interpreter."""
    path = EXAMPLES / "adl_benchmark" / f"{program}.hepsel"
    data = shared_data / "adl_benchmark" / "Run2012B_SingleMu_1000.root"
    ours, theirs = (run(path, "cms_open_data_2012", data, interpreter=flag) for flag in (False, True))
    assert ours["events"] == 1000
    assert ours["cutflow"] == theirs["cutflow"]
    for key in theirs["histograms"]:
        assert counts(ours, key) == counts(theirs, key)
        assert sum(counts(ours, key)) > 0


# ------------------------------------------------------------------ H -> 4l

H4L = EXAMPLES / "h4l"


@cache
def baseline(path: Path) -> tuple[list[int], list[object]]:
    steps, rows = script(REPOSITORY / "benchmarks" / "h4l" / "baseline.py").select_file(path)
    return steps, rows


def compare_with_baseline(result: Result, path: Path) -> None:
    steps, rows = baseline(path)
    assert selected(result, "signal") == [(row.run, row.event) for row in rows]  # type: ignore[attr-defined]
    events = passed(result, "signal")
    # The baseline has a row for each cut of a quadruplet; the region has one for the quadruplet.
    assert events == [steps[0], steps[1], steps[2], steps[-1]]
    for column in ("m4l", "m12", "m34"):
        expected = [getattr(row, column) for row in rows]
        np.testing.assert_allclose(result["columns"]["signal"][column].tolist(), expected, rtol=1e-9)
    channels = [row.channel for row in rows]  # type: ignore[attr-defined]
    for region, names in {
        "signal_4e": {"4e"},
        "signal_4mu": {"4mu"},
        "signal_2e2mu": {"2e2mu", "2mu2e"},
    }.items():
        assert passed(result, region)[-1] == sum(channel in names for channel in channels)


@PATHS
def test_h4l_on_the_committed_sample(interpreter: bool) -> None:
    path = H4L / "h4l_sample.root"
    result = run(H4L / "h4l.hepsel", "physlite", path, interpreter=interpreter)
    assert len(selected(result, "signal")) >= 30
    compare_with_baseline(result, path)


@PATHS
@pytest.mark.parametrize(
    "name",
    ["physlite/zee_mc20_100ev.root", "physlite/ttbar_22.2.110_100ev.root", "physlite/rntuple_100ev.root"],
)
def test_h4l_on_real_files(name: str, interpreter: bool, data_file: Callable[[str], Path]) -> None:
    path = data_file(name)
    with kept_open(path, load_format("physlite").trees):
        result = run(H4L / "h4l.hepsel", "physlite", path, interpreter=interpreter)
        assert result["events"] == 100
        compare_with_baseline(result, path)


LABELS = (
    *("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7"),
    *("3.1", "3.1.1", "3.1.2", "3.1.3", "3.2", "3.2.1", "3.3", "3.4", "3.5", "3.6", "3.7"),
    *("4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8", "4.9"),
)


def test_h4l_states_every_line_of_the_table() -> None:
    program = load_program(H4L / "h4l.hepsel", "physlite")
    criteria = [
        statement.criterion
        for block in (*program.collections.values(), *program.regions.values())
        for statement in block.statements
        if hasattr(statement, "criterion")
    ]
    labels = [criterion.label for criterion in criteria]
    assert len(LABELS) == 30
    assert [label for label in LABELS if labels.count(label) != 1] == []
    cited = {criterion.label for criterion in criteria if criterion.annotations}
    assert set(LABELS) <= cited


# ------------------------------------------------------------------ ATLAS open data


@cache
def open_data_counts() -> tuple[list[int], int]:
    note = oracle("open_data_4l")
    ours, events = note.cutflow(note.read_events())
    return ours, sum(note.z_candidates(event, *note.READINGS["as the text says"]) for event in events)


@pytest.mark.shared
@PATHS
def test_atlas_open_data_4l(interpreter: bool, shared_data: Path) -> None:
    note = oracle("open_data_4l")
    files = sorted((shared_data / "atlas_open_data_4l").glob("data_*.4lep.root"))
    path = EXAMPLES / "atlas_open_data_4l" / "selection.hepsel"
    result = run(path, "atlas_open_data", *files, interpreter=interpreter)
    ours, literal = open_data_counts()
    published = list(note.PUBLISHED)
    assert passed(result, "published")[: len(ours)] == ours == published[: len(ours)]
    assert passed(result, "published")[-1] == published[-1] == 166
    assert passed(result, "signal")[-1] == literal == 148
    assert counts(result, "published/m4l")[1:-1] == list(note.PUBLISHED_M4L)


# ------------------------------------------------------------------ CMS dimuon


@pytest.mark.parametrize(
    ("interpreter", "stop"),
    [(True, 15_000), (False, None)],  # the interpreter would take a quarter of a minute for all
    ids=["interpreter", "awkward"],
)
def test_cms_dimuon(interpreter: bool, stop: int | None, data_file: Callable[[str], Path]) -> None:
    dimuon = oracle("cms_dimuon")
    path = data_file("cms_dimuon/zmumu_skim.root")
    example = EXAMPLES / "cms_dimuon"
    program = load_program(example / "z_peak.hepsel", str(example / "format.toml"))
    result = run_program(program, [path], Settings(interpreter=interpreter, entries=Entries(stop=stop)))
    cutflow, histogram = dimuon.calculate(path, stop)
    assert passed(result, "z_window") == cutflow
    assert counts(result, "opposite_sign/dimuon_mass") == histogram
    assert min(histogram[1:-1]) > 0  # there is something of every bin to compare
    if stop is None:
        assert cutflow == list(dimuon.CUTFLOW)


# ------------------------------------------------------------------ W pairs in EDM4hep


@PATHS
def test_edm4hep_ww(interpreter: bool, data_file: Callable[[str], Path]) -> None:
    path, example = data_file("edm4hep/p8_ee_WW_ecm240_edm4hep.root"), EXAMPLES / "edm4hep_ww"
    result = run(example / "w_pair.hepsel", example / "format.toml", path, interpreter=interpreter)
    expected = oracle("edm4hep_ww").calculate(path)
    assert passed(result, "pairs") == [10, len(expected)]
    assert result["selected"]["pairs"]["event"].tolist() == [row["event"] for row in expected]
    found = result["columns"]["pairs"]
    for name in expected[0].keys() - {"event"}:
        values = [row[name] for row in expected]
        in_units = (found[name] if name in ("muon_charge", "n_charged") else found[name] / 1000).to_list()
        assert not list(differences(values, in_units, relative=1e-9)), name
    assert sum(len(row["muon_pt"]) for row in expected) > 2
