"""Columns out of files: every kind of file, every spelling, every damage."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import awkward as ak
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import uproot
from data_files import REPOSITORY
from uproot.deserialization import DeserializationError

from hepsel.backends.awkward.runtime.reading import Column, FileError, IncompleteFile, Source, in_one_line
from hepsel.check import load_program
from hepsel.formats.loader import read_format
from hepsel.plan.columns import column_read
from hepsel.run.inputs import InputFile, _bounds_of_tree, open_file, taken

PHYSLITE = {
    "Electron.pt": Column(("AnalysisElectronsAuxDyn.pt",), "real", 1),
    "Electron.tracks.index": Column(("AnalysisElectronsAuxDyn.trackParticleLinks.m_persIndex",), "link", 2),
    "Electron.tracks.key": Column(("AnalysisElectronsAuxDyn.trackParticleLinks.m_persKey",), "link", 2),
    "Muon.track.key": Column(("AnalysisMuonsAuxDyn.combinedTrackParticleLink.m_persKey",), "link", 1),
    "Track.covariance": Column(("GSFTrackParticlesAuxDyn.definingParametersCovMatrixDiag",), "real", 2),
    "event.number": Column(("EventInfoAuxDyn.eventNumber",), "int", 0),
}
RARE_TREES = REPOSITORY / "tests" / "files" / "rare_trees.root"
PHYSLITE_FILES = ("zee_mc20_100ev.root", "ttbar_22.2.110_100ev.root", "rntuple_100ev.root")


def physlite(path: Path) -> Source:
    return Source(path, ("CollectionTree", "EventData"), (":",))


@pytest.mark.parametrize("name", PHYSLITE_FILES)
def test_physlite_by_another_reader(shared_data: Path, name: str) -> None:
    path = shared_data / "physlite" / name
    with physlite(path) as source, uproot.open(path) as file:
        found = source.read(PHYSLITE)
        is_rntuple = "EventData" in file
        tree = file["EventData" if is_rntuple else "CollectionTree"]
        point = ":" if is_rntuple else "."
        pt = tree[f"AnalysisElectronsAuxDyn{point}pt"].array()
        links = tree[f"AnalysisElectronsAuxDyn{point}trackParticleLinks"].array()
        number = tree[f"EventInfoAuxDyn{point}eventNumber"].array()
    assert source.entries == 100
    assert found["Electron.pt"].type.content == ak.types.ListType(ak.types.NumpyType("float64"))
    assert found["Electron.pt"].tolist() == pt.tolist()
    assert found["Electron.tracks.index"].tolist() == links["m_persIndex"].tolist()
    assert found["Electron.tracks.key"].tolist() == links["m_persKey"].tolist()
    assert found["event.number"].tolist() == number.tolist()
    assert set(ak.flatten(found["Electron.tracks.key"], axis=None)) == {0, 776133387}
    assert set(ak.flatten(found["Muon.track.key"])) <= {0, 873304470}
    assert ak.all(ak.num(found["Track.covariance"], axis=2) == 5)


@pytest.mark.parametrize("name", PHYSLITE_FILES)
def test_ranges_are_parts_of_the_whole(shared_data: Path, name: str) -> None:
    with physlite(shared_data / "physlite" / name) as source:
        whole = source.read(PHYSLITE)
        for start, stop in ((0, 7), (7, 60), (99, 100), (60, 60)):
            part = source.read(PHYSLITE, start, stop)
            assert {k: v.tolist() for k, v in part.items()} == {k: v[start:stop].tolist() for k, v in whole.items()}


def test_nested_parquet(shared_data: Path) -> None:
    path = shared_data / "adl_benchmark" / "Run2012B_SingleMu-restructured-1000.parquet"
    columns = {
        "Jet.pt": Column(("Jet_pt", "Jet.pt"), "real", 1, factor=1000.0),
        "Muon.charge": Column(("Muon.charge",), "int", 1),
        "MET.pt": Column(("MET.pt",), "real", 0, factor=1000.0),
    }
    raw = ak.from_parquet(path)
    with Source(path, (), ()) as source:
        found = source.read(columns)
        part = source.read(columns, 400, 420)
    assert source.entries == len(raw) == 1000
    assert "?" not in str(found["Jet.pt"].type)
    expected = [[np.float64(pt) * 1000 for pt in event] for event in raw["Jet", "pt"].tolist()]
    assert found["Jet.pt"].tolist() == expected
    assert found["MET.pt"].tolist() == [pt * 1000 for pt in raw["MET", "pt"].tolist()]
    assert part["Muon.charge"].tolist() == raw["Muon", "charge"][400:420].tolist()


# ------------------------------------------------------------------ files made here


@pytest.fixture
def rntuple(tmp_path: Path) -> Path:
    """Write an RNTuple of four clusters of ten events."""
    path = tmp_path / "clusters.root"
    rows = {"pt": [[float(k), float(k) + 0.5] for k in range(40)], "number": np.arange(40, dtype=np.uint64)}
    with uproot.recreate(path) as file:
        pieces = [{name: ak.Array(values[a : a + 10]) for name, values in rows.items()} for a in range(0, 40, 10)]
        ntuple = file.mkrntuple("Events", pieces[0])
        for piece in pieces[1:]:
            ntuple.extend(piece)
    return path


COLUMNS = {
    "Jet.pt": Column(("pt",), "real", 1, factor=1000.0),
    "event.number": Column(("number",), "int", 0),
}


def test_chunks_follow_clusters(rntuple: Path) -> None:
    with Source(rntuple, ("Events",), ()) as source:
        assert source.clusters == [0, 10, 20, 30, 40]
        assert list(source.chunks(25)) == [(0, 20), (20, 40)]
        assert list(source.chunks(100)) == [(0, 40)]
        assert list(source.chunks(8)) == [
            (k, min(k + 4, 10 * (k // 10 + 1))) for k in (0, 4, 8, 10, 14, 18, 20, 24, 28, 30, 34, 38)
        ]
        for size in (1, 3, 8, 25):
            read = [source.read(COLUMNS, start, stop) for start, stop in source.chunks(size)]
            assert ak.concatenate([part["event.number"] for part in read]).tolist() == list(range(40))
            pt = ak.concatenate([part["Jet.pt"] for part in read]).tolist()
            assert pt == [[1000.0 * k, 1000.0 * k + 500] for k in range(40)]


def test_bounds_of_files(rntuple: Path, tmp_path: Path) -> None:
    """Units of work begin at clusters and row groups, and every event is counted."""
    opened = open_file(InputFile(rntuple), ("other", "Events"))
    assert (opened.tree, opened.bounds, opened.events) == ("Events", (0, 10, 20, 30, 40), 40)
    taken(opened).close()
    table = pa.table({"x": list(range(25))})
    pq.write_table(table, tmp_path / "groups.parquet", row_group_size=10)
    opened = open_file(InputFile(tmp_path / "groups.parquet"), ("Events",))
    assert (opened.tree, opened.bounds, opened.events) == (None, (0, 10, 20, 25), 25)
    pq.write_table(table[:0], tmp_path / "none.parquet")
    assert open_file(InputFile(tmp_path / "none.parquet"), ("Events",)).events == 0
    with uproot.recreate(tmp_path / "tree.root") as file:
        file["Events"] = {"x": np.arange(7)}
    assert open_file(InputFile(tmp_path / "tree.root"), ("Events",)).bounds == (0, 7)


@pytest.mark.parametrize(
    ("starts", "events", "bounds"),
    [
        ([0, 10], 15, (0, 10, 15)),
        ([10, 0], 15, (0, 10, 15)),
        ([0, 10], 10, (0, 10)),
        ([], 0, (0,)),
        ([], 4, (0, 4)),
        ([0, 10], 9, None),
    ],
)
def test_clusters_behind_the_last_event_are_damage(
    starts: list[int], events: int, bounds: tuple[int, ...] | None
) -> None:
    tree = SimpleNamespace(num_entries=events, cluster_summaries=[SimpleNamespace(num_first_entry=k) for k in starts])
    if bounds is None:
        with pytest.raises(ValueError, match="9 events, and clusters behind them"):
            _bounds_of_tree(tree)
    else:
        assert _bounds_of_tree(tree) == bounds


def test_a_cluster_is_read_once(rntuple: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ranges = []
    read_range = Source._read_range

    def spy(self: Source, branches: object, start: int, stop: int) -> object:
        ranges.append((start, stop))
        return read_range(self, branches, start, stop)  # type: ignore[arg-type]

    monkeypatch.setattr(Source, "_read_range", spy)
    with Source(rntuple, ("Events",), ()) as source:
        for start, stop in source.chunks(4):
            source.read(COLUMNS, start, stop)
    assert ranges == [(0, 10), (10, 20), (20, 30), (30, 40)]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Write a TTree of 80 events in baskets of very different lengths."""
    path = tmp_path / "baskets.root"
    with uproot.recreate(path) as file:
        written = file.mktree("Events", {"pt": "var * float64", "number": "uint64"})
        for start, stop in ((0, 25), (25, 26), (26, 70), (70, 80)):
            number = np.arange(start, stop, dtype=np.uint64)
            written.extend({"pt": ak.Array([[float(k)] * (k % 3) for k in range(start, stop)]), "number": number})
    return path


def test_ranges_of_a_tree_in_any_order(tree: Path) -> None:
    columns = {**COLUMNS, "Jet.pt": Column(("pt",), "real", 1)}
    ranges = [(0, 8), (8, 16), (16, 24), (24, 80), (0, 8), (8, 16), (16, 18), (18, 20), (20, 20), (20, 22), (70, 80)]
    with Source(tree, ("Events",), ()) as source:
        assert [list(source.chunks(size))[-1] for size in (30, 80, 90)] == [(60, 80), (0, 80), (0, 80)]
        for start, stop in ranges:
            read = source.read(columns, start, stop)
            assert read["event.number"].tolist() == list(range(start, stop))
            assert read["Jet.pt"].tolist() == [[float(k)] * (k % 3) for k in range(start, stop)]
            assert source.read({}, start, stop) == {}
        only = {"event.number": COLUMNS["event.number"]}
        assert source.read(columns, 0, 8).keys() == columns.keys()
        assert source.read(only, 8, 16)["event.number"].tolist() == list(range(8, 16))


@pytest.mark.parametrize("size", [1, 7, 20, 80])
def test_a_basket_is_read_once(size: int, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    chunks = uproot.MultithreadedFileSource.chunks

    def spy(self: uproot.MultithreadedFileSource, ranges: list[tuple[int, int]], notifications: object) -> object:
        asked.extend(ranges)
        return chunks(self, ranges, notifications)

    monkeypatch.setattr(uproot.MultithreadedFileSource, "chunks", spy)
    with Source(tree, ("Events",), ()) as source:
        for start, stop in source.chunks(size):
            source.read(COLUMNS, start, stop)
    assert len(asked) == len(set(asked)) == 2 * 4


@pytest.mark.parametrize("suffix", ["root", "parquet"])
def test_a_file_without_events(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"empty.{suffix}"
    if suffix == "root":
        with uproot.recreate(path) as file:
            file.mktree("Events", {"pt": "var * float32", "number": "uint64"})
    else:
        ak.to_parquet(ak.Array({"pt": ak.Array([[1.0]])[:0], "number": np.empty(0, dtype=np.uint64)}), path)
    with Source(path, ("Events",), ()) as source:
        assert source.entries == 0
        assert list(source.chunks(10)) == []
        found = source.read(COLUMNS, 0, 0)
    assert {name: len(array) for name, array in found.items()} == {"Jet.pt": 0, "event.number": 0}


def test_missing_reals_become_nan(tmp_path: Path) -> None:
    path = tmp_path / "options.parquet"
    ak.to_parquet(ak.Array({"pt": [[1.0, None], None, []], "number": [1, 2, 3]}), path)
    with Source(path, (), ()) as source:
        found = source.read(COLUMNS)
    assert [len(event) for event in found["Jet.pt"]] == [2, 0, 0]
    assert found["Jet.pt"][0, 0] == 1000.0
    assert np.isnan(found["Jet.pt"][0, 1])


@pytest.mark.parametrize("unit", ["um", "keV", "eV", "mrad", "pb^-1", "GeV^-2", "cm", "GeV", "TeV", "ub"])
def test_whole_numbers_in_any_unit_are_read_as_their_literals(unit: str, tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    ak.to_parquet(ak.Array({"x": np.arange(300.0)}), path)
    data_format = read_format(
        f"""
        name = "units"
        description = "One column in some unit"
        trees = ["t"]
        [collections.event]
        single = true
        [collections.event.attributes]
        x = {{ branch = "x", unit = "{unit}" }}
        """,
        "units.toml",
    )
    table = ", ".join(f"{k} {unit} for {k} to {k + 1}" for k in range(300))
    literals = load_program(f'hepsel 1\nanalysis "units"\ntable literal(k) {table}', data_format).tables["literal"].rows
    read = column_read(data_format, "event", data_format.collections["event"].attributes["x"])
    with Source(path, (), ()) as source:
        found = source.read({"x": Column(("x",), "real", 0, read.factor, read.divisor)})["x"]
    assert found.tolist() == [row.value for row in literals]


def test_a_branch_that_is_missing(rntuple: Path) -> None:
    wanted = {**COLUMNS, "Jet.eta": Column(("Jet.eta", "jet_eta"), "real", 1)}
    with (
        Source(rntuple, ("Events",), ("_",)) as source,
        pytest.raises(
            IncompleteFile, match=r"clusters\.root: no branch for Jet\.eta; tried Jet\.eta, Jet_eta, jet_eta \(a format"
        ),
    ):
        source.read(wanted)


def test_defaults_stand_in_for_missing_branches(rntuple: Path) -> None:
    wanted = {
        **COLUMNS,
        "Jet.mass": Column(("m",), "real", 1, factor=1000.0, default=0.5, like="Jet.pt"),
        "Jet.cells": Column(("cells",), "real", 2, default=(), like="Jet.pt"),
        "Jet.width": Column(("n",), "real", 1, divisor=1000.0, default=9, like="Jet.pt"),
        "event.weight": Column(("w",), "real", 0, default=1.0),
    }
    with Source(rntuple, ("Events",), ()) as source:
        found = source.read(wanted, 3, 5)
    assert found["Jet.mass"].tolist() == [[500.0, 500.0]] * 2
    assert found["Jet.width"].tolist() == [[0.009, 0.009]] * 2
    assert found["Jet.cells"].tolist() == [[[], []]] * 2
    assert found["event.weight"].tolist() == [1.0, 1.0]


def test_separators_spell_branches_differently(tmp_path: Path) -> None:
    path = tmp_path / "spelling.root"
    with uproot.recreate(path) as file:
        file.mkrntuple("Events", {"Aux:pt": np.arange(3.0)})
    with Source(path, ("Events",), (":",)) as source:
        assert source.read({"x": Column(("Aux.pt",), "real", 0)})["x"].tolist() == [0.0, 1.0, 2.0]
    with Source(path, ("Events",), ()) as source, pytest.raises(IncompleteFile):
        source.read({"x": Column(("Aux.pt",), "real", 0)})


# ------------------------------------------------------------------ damage


def no_such(path: Path) -> None:
    path.unlink()


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def text(path: Path) -> None:
    path.write_text("these are not the events you are looking for\n" * 100)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [no_such, folder, empty, text, cut_short])
def test_damaged_files_are_named(rntuple: Path, damage: Callable[[Path], None]) -> None:
    damage(rntuple)
    with pytest.raises(FileError, match=r"clusters\.root"), Source(rntuple, ("Events",), ()) as source:
        source.read(COLUMNS)


class _Told:
    """An object that uproot was reading, of which it tells more than fits into a line."""

    classname, instance_version, num_bytes = "TBasket", 3, 70


DESERIALIZATION = DeserializationError(
    "attempting to get bytes 5:9\noutside expected range 0:7 for this Chunk",
    None,
    None,
    {"breadcrumbs": (_Told(),)},
    "f",
)


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (OSError("expected Chunk of length 9,\nreceived 2 bytes from A\nfor file path f"), "it ends too early"),
        (DESERIALIZATION, "attempting to get bytes 5:9 outside expected range 0:7 for this Chunk"),
        (ValueError("not a ROOT file.\nin file f"), "not a ROOT file"),
        (ValueError("x" * 300), "x" * 200 + "..."),
        (PermissionError(13, "Permission denied", "f"), "Permission denied"),
        (AssertionError(), "AssertionError"),
    ],
)
def test_what_libraries_say_in_one_line(problem: Exception, told: str) -> None:
    assert in_one_line(problem) == told


def test_a_file_with_another_tree_says_what_it_has(rntuple: Path) -> None:
    with pytest.raises(FileError, match="has no CollectionTree, only Events"):
        Source(rntuple, ("CollectionTree",), ())


def test_damage_in_the_middle_is_found_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "middle.root"
    with uproot.recreate(path) as file:
        file["Events"] = {"x": np.random.default_rng(1).normal(size=100_000), "number": np.arange(100_000)}
    size = path.stat().st_size
    with path.open("r+b") as raw:
        raw.seek(size // 3)
        raw.write(b"\0" * 5000)
    columns = {"x": Column(("x",), "real", 0), "n": Column(("number",), "int", 0)}
    with Source(path, ("Events",), ()) as source, pytest.raises(FileError, match=r"middle\.root: cannot be read"):
        source.read(columns)


def test_a_copy_reads_the_same(rntuple: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.root"
    shutil.copy(rntuple, copy)
    with Source(rntuple, ("Events",), ()) as a, Source(str(copy), ("Events",), ()) as b:
        assert a.read(COLUMNS)["Jet.pt"].tolist() == b.read(COLUMNS)["Jet.pt"].tolist()


def test_a_tree_in_a_folder_of_the_file(tmp_path: Path) -> None:
    with uproot.recreate(tmp_path / "x.root") as file:
        file["nominal/Events"] = {"x": np.array([1.0, 2.0])}
    with Source(tmp_path / "x.root", ("nominal/Events",), ()) as source:
        assert source.read({"A.x": Column(("x",), "real", 0)})["A.x"].tolist() == [1.0, 2.0]
    with pytest.raises(FileError, match=r"has no Events, only .*nominal/Events"):
        Source(tmp_path / "x.root", ("Events",), ())


# ------------------------------------------------------------------ what the columns hold

TIMES = pa.array([1, 2], pa.timestamp("ms"))


@pytest.mark.parametrize(
    ("column", "kind", "depth", "told"),
    [
        (["a", "b"], "real", 0, "holds texts, and the format expects numbers"),
        ([b"a", b"b"], "bool", 0, "holds texts, and the format expects truth values"),
        ([["a"], []], "int", 1, "holds lists of texts, and the format expects lists of whole numbers"),
        ([["a"], []], "real", 2, "holds lists of texts, and the format expects lists of lists of numbers"),
        ([1.0, 2.0], "real", 1, "holds real numbers, and the format expects lists of numbers"),
        ([[1], [2]], "enum", 0, "holds lists of whole numbers, and the format expects whole numbers"),
        (
            [[[1]], []],
            "link",
            1,
            "holds lists of lists of whole numbers, and the format expects lists of whole numbers",
        ),
        ([[{"a": 1, "b": 2}], []], "bool", 1, "holds lists of records of a, b, and the format expects lists of truth"),
        (TIMES, "int", 0, "holds values of type datetime64[ms], and the format expects whole numbers"),
        ([True, False], "real", 0, "holds truth values, and the format expects numbers"),
        ([True, False], "bits", 0, "holds truth values, and the format expects whole numbers"),
        ([1.0, 2.5], "bits", 0, "holds real numbers, and the format expects whole numbers"),
    ],
)
def test_columns_that_hold_something_else(tmp_path: Path, column: object, kind: str, depth: int, told: str) -> None:
    array = column if isinstance(column, pa.Array) else pa.array(column)
    pq.write_table(pa.table({"b": array}), tmp_path / "x.parquet")
    with Source(tmp_path / "x.parquet", (), ()) as source, pytest.raises(IncompleteFile) as raised:
        source.read({"A.a": Column(("b",), kind, depth)}, 0, 0)
    assert f"x.parquet: A.a: branch b {told}" in str(raised.value)


@pytest.mark.parametrize(
    ("column", "kind", "depth"),
    [
        ([1, 2], "real", 0),
        ([True, None], "bool", 0),
        ([2.0, 0.0], "bool", 0),
        ([1.0, 2.0], "int", 0),
        ([True, False], "int", 0),
        ([3, None], "bits", 0),
        ([[], []], "real", 1),
        (pa.array([[1.0, 2.0], [3.0, 4.0]], pa.list_(pa.float32(), 2)), "real", 1),
        (pa.array([1, 2]).dictionary_encode(), "int", 0),
    ],
)
def test_columns_that_hold_what_will_do(tmp_path: Path, column: object, kind: str, depth: int) -> None:
    array = column if isinstance(column, pa.Array) else pa.array(column)
    pq.write_table(pa.table({"b": array}), tmp_path / "x.parquet")
    with Source(tmp_path / "x.parquet", (), ()) as source:
        assert len(source.read({"A.a": Column(("b",), kind, depth)})["A.a"]) == 2


def test_columns_of_types_that_awkward_does_not_know(tmp_path: Path) -> None:
    pq.write_table(pa.table({"b": [1, 2], "c": pa.array([1, 2], pa.decimal128(5))}), tmp_path / "x.parquet")
    with pytest.raises(IncompleteFile, match=r"x\.parquet: a column is of a type that awkward cannot read \(.*decimal"):
        Source(tmp_path / "x.parquet", (), ())


def test_lists_of_packed_numbers_are_refused() -> None:
    """uproot takes the shape of the list for the range: it gives 6e-43 for 0.7 and no error, or fails."""
    numbers = [[8.0 * event + 0.5 * k for k in range(event)] for event in range(4)]
    with Source(RARE_TREES, ("Events",), ()) as source:
        read = source.read({name: Column((name,), "real", depth) for name, depth in {"Jet_pt": 1, "MET_pt": 0}.items()})
        assert read["Jet_pt"].tolist() == numbers
        assert read["MET_pt"].tolist() == [0.0, 8.0, 16.0, 24.0]
        for name, held in {
            "Jet_packed": "Double32_t[nJet][0,100,16]",
            "Jet_half": "Float16_t[nJet]",
            "three": "Double32_t[3][0,100]",
        }.items():
            with pytest.raises(IncompleteFile) as raised:
                source.read({"A.a": Column((name,), "real", 1)})
            assert str(raised.value).startswith(f"{RARE_TREES}: A.a: branch {name} holds {held}: numbers packed")


@pytest.mark.parametrize("events", [(0, 5), (2, 4), (3, 5)])  # with one value, numpy would take it for both events
def test_branches_that_end_before_the_tree_are_refused(events: tuple[int, int]) -> None:
    with Source(RARE_TREES, ("unfinished",), ()) as source:
        columns = {name: Column((name,), "real", 0) for name in ("x", "y")}
        assert source.read(columns, 0, 3)["y"].tolist() == [0.0, 1.0, 2.0]
        with pytest.raises(IncompleteFile, match=r"rare_trees\.root: y: branch y has values of 3 events, .* has 5$"):
            source.read(columns, *events)


def test_four_vectors_of_classes() -> None:
    with Source(RARE_TREES, ("vectors",), ()) as source:
        fields = {"jets.fP.fX": 1, "jets.fE": 1, "met.fP.fX": 0}
        found = source.read({name: Column((name,), "real", depth) for name, depth in fields.items()})
        assert found["jets.fP.fX"].tolist() == [[], [0.0], [0.0, 3.0]]
        assert found["jets.fE"].tolist() == [[], [0.0], [0.0, 6.0]]
        assert found["met.fP.fX"].tolist() == [0.0, 1.0, 2.0]
        assert source.branch(["mixed.b"]) is None  # uproot has no form of a list among leaves


def test_branches_of_objects(shared_data: Path) -> None:
    with (
        physlite(shared_data / "physlite" / PHYSLITE_FILES[1]) as source,
        pytest.raises(
            IncompleteFile, match=r"A\.a: branch AnalysisElectrons holds DataVector<.*>, which cannot be read"
        ),
    ):
        source.read({"A.a": Column(("AnalysisElectrons",), "real", 1)}, 0, 1)


def test_branches_that_only_hold_others(shared_data: Path) -> None:
    with (
        physlite(shared_data / "physlite" / PHYSLITE_FILES[0]) as source,
        pytest.raises(
            IncompleteFile, match=r"A\.a: .* holds nothing but other branches: .*Link\.m_persKey, .*Link\.m_persIndex$"
        ),
    ):
        source.read({"A.a": Column(("AnalysisElectronsAuxDyn.ambiguityLink",), "real", 1)}, 0, 1)
