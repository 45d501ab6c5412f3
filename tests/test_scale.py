"""What is done once for many files, chunks, cells and events, and what memory does not hold: counted, not timed."""

from __future__ import annotations

import gc
import itertools
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import pyarrow.parquet as pq
import pytest
import uproot
from run_command import PROGRAM, events, hepsel, passing, write_events

from hepsel.backends.awkward.runtime import output, saving
from hepsel.check import load_program
from hepsel.run import outputs, workers
from hepsel.run.execute import Settings, execute, run_program
from hepsel.run.inputs import find_files
from hepsel.run.result import Part, Result, Sum, Tables, make_histogram
from hepsel.run.state import State

FORMAT = ("--format", "cms_open_data_2012")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.hepsel").write_text(PROGRAM)
    for k in range(12):
        write_events(tmp_path / f"data_{k:02}.root", 40, seed=k + 1)
    return tmp_path


def part(sumw: float) -> Result:
    """Return a result with a weight."""
    row: Any = {"id": "r.0", "label": "all events", "applied": True, "events": 1, "sumw": sumw, "sumw2": sumw}
    return {
        "events": 1,
        "cutflow": {"r": [row]},
        "items": {},
        "bins": {"r": []},
        "overlaps": {"r": 0},
        "missing_weights": {},
        "missing_in_selected": {},
        "histograms": {"r/h": make_histogram([[0.0, 1.0]], [0.0, sumw, 0.0], [0.0, sumw, 0.0])},
        "columns": {"r": {"x": ak.Array([sumw])}},
        "selected": {"r": {}},
    }


def test_parts_add_in_their_order_whichever_comes_first() -> None:
    weights = [1.0, 1e16, -1e16, 0.1]
    expected = ((weights[0] + weights[1]) + weights[2]) + weights[3]
    for order in itertools.permutations(range(4)):
        whole = Sum()
        for number in order:
            whole.add(number, Part.of(part(weights[number])))
        result = whole.part.result()
        assert result["cutflow"]["r"][0]["sumw"] == expected
        assert result["histograms"]["r/h"].values()[0] == expected
        assert result["columns"]["r"]["x"].to_list() == weights


def test_a_part_that_is_not_there() -> None:
    whole = Sum()
    for number in (2, 1, 0):
        whole.add(number, None if number == 1 else Part.of(part(1.0)))
    assert whole.part.result()["events"] == 2


def test_sums_of_parts_are_not_kept() -> None:
    """A histogram of a million bins takes 16 MB: those of 2,000 files do not fit into memory."""
    whole = Sum()
    for number in range(8):
        one = part(1.0)
        histogram = weakref.ref(one["histograms"]["r/h"])
        whole.add(number, Part.of(one))
        del one
        if number:
            assert histogram() is None


@pytest.fixture
def few_objects() -> None:
    """Hide what other tests left in memory from the collector of garbage, which would take seconds each time."""
    gc.collect()
    gc.freeze()


@pytest.mark.usefixtures("few_objects")
def test_what_is_kept_on_disk_is_not_in_memory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alive: list[weakref.ref[ak.Array]] = []

    def remember(tables: Tables) -> None:
        gc.collect()
        assert sum(one() is not None for one in alive) <= 1
        alive.append(weakref.ref(tables["columns"]["pairs_found"]["lead"]))

    class Remembering(State):
        def store(self, identity: object, result: Result) -> None:
            remember(result)
            super().store(identity, result)

        def tables(self, identity: object) -> Tables:
            found = super().tables(identity)
            remember(found)
            return found

    program = load_program("p.hepsel", FORMAT[1])
    state = Remembering(folder / "state", {"job": 1})
    # Two units in each file.
    outcome = execute(program, find_files(["data_*.root"]), Settings(chunk=4), state=state)
    assert len(alive) == 24
    monkeypatch.setattr(saving, "ROWS_AT_A_TIME", 1)
    (folder / "out").mkdir()
    outputs.write_outputs(folder / "out", program, outcome.whole, {}, {}, outputs.Layout())
    assert len(alive) == 48
    made = [event for k in range(12) for event in passing(events(40, seed=k + 1))]
    table = pq.read_table("out/columns_pairs_found.parquet")
    assert table.num_rows == len(made)
    assert pq.read_metadata("out/columns_pairs_found.parquet").num_row_groups > 12
    listed = (folder / "out" / "events_pairs_found.csv").read_text().splitlines()
    assert listed == ["run,luminosity_block,event", *(f"{e.run},{e.block},{e.number}" for e in made)]


def test_cutflows_alone_need_nothing_of_each_event(folder: Path) -> None:
    program, files = load_program("p.hepsel", FORMAT[1]), find_files(["data_*.root"])
    assert execute(program, files, Settings(), with_tables=False).whole.pieces == ()
    code, tables, _ = hepsel("run", "p.hepsel", "data_*.root", *FORMAT)
    assert (code, tables) == hepsel("run", "p.hepsel", "data_*.root", *FORMAT, "--out", str(folder / "out"))[:2]


def test_columns_of_small_files_are_written_together(folder: Path) -> None:
    assert hepsel("run", "p.hepsel", "data_*.root", *FORMAT, "--out", "out")[0] == 0
    assert pq.read_metadata(folder / "out" / "columns_pairs_found.parquet").num_row_groups == 1


@pytest.mark.usefixtures("folder")
def test_pieces_are_written_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where whole numbers are missing in a later piece only, which decides how a tree stores all of them."""
    Path("p.hepsel").write_text("""hepsel 1
analysis "test"
region every
  save charge = Muon[1].charge, high = Muon[0].pt > 30 GeV, all_pt = Muon.pt, met = MET.pt
region few
  select count(Muon) > 100
  save charge = Muon[1].charge, charges = Muon.charge
region later
  select count(Muon) > 0 or MET.pt > 97 GeV
  save charge = Muon[0].charge
""")
    ways = [(rows, kind) for rows in (1, 100_000) for kind in ("parquet", "root")]
    for rows, kind in ways:
        monkeypatch.setattr(saving, "ROWS_AT_A_TIME", rows)
        options = ("--chunk", "5", "--columns", kind, "--trace", "--out", f"{kind}_{rows}")
        assert hepsel("run", "p.hepsel", "data_*.root", *FORMAT, *options)[0] == 0
    for region in ("every", "few", "later"):
        first, second = (pq.read_table(f"parquet_{rows}/columns_{region}.parquet") for rows in (1, 100_000))
        assert first.equals(second)
        trees = []
        for rows in (1, 100_000):
            with uproot.open(f"root_{rows}/columns_{region}.root") as file:
                trees.append(file["columns"].arrays())
        assert str(trees[0].type) == str(trees[1].type)
        assert ak.array_equal(trees[0], trees[1], equal_nan=True)
        charges = [np.nan if charge is None else charge for charge in first["charge"].to_pylist()]
        assert np.array_equal(trees[0]["charge"].to_numpy(), charges, equal_nan=True)
    assert Path("parquet_1/trace.csv").read_bytes() == Path("root_100000/trace.csv").read_bytes()


class Content:
    """Something of which one can see whether it is still there."""


@pytest.mark.usefixtures("few_objects")
def test_results_of_workers_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """And each is looked at once: to wait for the first of all that are left takes the square of their number."""
    job: Any = None  # the tasks do not look at it
    local = workers.LocalWorkers(job, 2)
    monkeypatch.setattr(workers, "_worker", workers.Worker(job))
    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(local, "_pool", pool)
        found: list[weakref.ref[Content]] = []
        for _, outcome in local.run([lambda _: Content()] * 20):
            found.append(weakref.ref(outcome))  # type: ignore[arg-type]
            del outcome
            gc.collect()
    assert len(found) == 20
    assert [one() for one in found] == [None] * 20


def test_a_grid_looks_at_the_events_once(monkeypatch: pytest.MonkeyPatch) -> None:
    region = output.Region("r", 1000)
    random = np.random.default_rng(1)
    region.weigh("w", random.normal(size=1000))
    x, y = random.normal(size=(2, 1000))
    x[3] = np.nan
    edges = np.linspace(-1, 1, 31)
    asked: list[int] = []
    monkeypatch.setattr(output.Region, "sums", lambda *_: asked.append(1))
    region.grid("g", (x, edges), (y, edges))
    assert asked == []
    assert region.weight is not None
    for row, (i, j) in zip(region.bins, np.ndindex(30, 30), strict=True):
        inside = (edges[i] <= x) & (x < edges[i + 1]) & (edges[j] <= y) & (y < edges[j + 1])
        sumw = sumw2 = 0.0
        for weight in region.weight[inside].tolist():
            sumw += weight
            sumw2 += weight * weight
        expected = {"events": int(inside.sum()), "sumw": sumw, "sumw2": sumw2}
        assert row == {"name": f"g[{i},{j}]", **expected}


def test_a_script_joins_columns_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunk after chunk, all that there is would be copied each time."""
    result = run_program(load_program("p.hepsel", FORMAT[1]), [folder / "data_00.root"])
    copied: list[int] = []

    def counted(usual: Callable[[Any], Any], arrays: Any) -> Any:
        joined = usual(arrays)
        copied.append(len(joined))
        return joined

    def parts() -> Iterator[Any]:
        for _ in range(50):
            yield dict(result)

    monkeypatch.setattr(ak, "concatenate", partial(counted, ak.concatenate))
    monkeypatch.setattr(output, "joined", partial(counted, output.joined))
    whole = output.merge_results(parts())
    columns = result["columns"]["pairs_found"]
    assert len(whole["columns"]["pairs_found"]["lead"]) == 50 * len(columns["lead"])
    assert max(copied) == 50 * len(columns["lead"])
    assert len(copied) == len(columns) + len(result["selected"]["pairs_found"])
    assert whole["events"] == 50 * 40
