"""`hepsel compare`: lists of events of every kind, published cutflows, where events were lost, wrong input."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
import uproot
from docs_blocks import ROOT, blocks
from run_command import PROGRAM, Event, hepsel, passing, selected_muons, write_events

from hepsel.compare.cutflows import CountRow, compare_counts, compare_outputs
from hepsel.compare.event_lists import event_list, match
from hepsel.compare.outputs import Output
from hepsel.compare.published import Count, read_counts
from hepsel.errors import DataError

REGION = "pairs_found"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Event]]:
    """A folder with a run in `out` over `data.root`."""
    folder = tmp_path_factory.mktemp("template")
    with contextlib.chdir(folder):
        events = write_events(Path("data.root"), 120)
        Path("p.hepsel").write_text(PROGRAM)
        assert run("out") == 0
    return folder, events


@pytest.fixture
def made(template: tuple[Path, list[Event]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Work in a copy of the template, which is not where the run was; its events."""
    folder, events = template
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    manifest = tmp_path / "out" / "manifest.json"
    manifest.write_text(manifest.read_text().replace(str(folder), str(tmp_path)))
    monkeypatch.chdir(tmp_path)
    return events


def run(out: str, program: str = "p.hepsel", *options: str) -> int:
    return hepsel("run", program, "data.root", "--format", "cms_open_data_2012", "--out", out, *options)[0]


def ids(events: Iterable[Event]) -> list[tuple[int, int]]:
    return [(event.run, event.number) for event in events]


def write(path: str, events: Iterable[tuple[int, int]], names: tuple[str, str] = ("run", "event")) -> None:
    listed = list(events)
    columns = {
        names[0]: np.array([run for run, _ in listed], dtype=np.uint32),
        names[1]: np.array([event for _, event in listed], dtype=np.uint64),
    }
    if path.endswith(".csv"):
        with open(path, "w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns)
            writer.writerows(listed)
    elif path.endswith(".parquet"):
        pyarrow.parquet.write_table(pa.table(columns), path)
    else:
        with uproot.recreate(path) as file:
            file["selected"] = columns


def compared(*arguments: str) -> tuple[int, dict[str, Any]]:
    code, out, err = hepsel("compare", *arguments, "--output", "json")
    assert err == ""
    return code, json.loads(out)


@pytest.mark.parametrize("kind", ["csv", "parquet", "root"])
def test_lists_of_every_kind(kind: str, made: list[Event]) -> None:
    ours = ids(passing(made))
    others = [event for event in ids(made) if event not in ours]
    theirs = [*ours[3:], *others[:5], (7, 2**63 + 9)]
    write(f"list.{kind}", theirs[::-1], ("runNumber", "eventNumber"))
    names = ["--run", "runNumber", "--event", "eventNumber"]
    code, found = compared("out", f"list.{kind}", *names)
    assert code == 1
    (region,) = found["regions"]
    counts = region["matched"], region["only_here"], region["only_there"]
    assert counts == (len(set(ours) & set(theirs)), len(set(ours) - set(theirs)), len(set(theirs) - set(ours)))
    only = {(odd["only"], odd["run"], odd["event"]) for odd in found["only_one_side"]}
    assert only == {("here", *e) for e in set(ours) - set(theirs)} | {("there", *e) for e in set(theirs) - set(ours)}
    write(f"same.{kind}", ours)
    assert compared("out", f"same.{kind}")[0] == 0


@contextlib.contextmanager
def through_a_pipe(content: bytes) -> Iterator[str]:
    """Give the name of a pipe that holds something; its content can be read once."""
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    try:
        yield f"/dev/fd/{reading}"
    finally:
        os.close(reading)


def test_a_list_from_a_pipe(made: list[Event]) -> None:
    lines = ["run;event", *(f"{run};{event}" for run, event in ids(passing(made)))]
    with through_a_pipe("\r\n".join(lines).encode("utf-8-sig")) as name:
        assert compared("out", name)[0] == 0
    with through_a_pipe(b"PAR1\xff") as name:
        assert hepsel("compare", "out", name) == (3, "", f"hepsel: {name}: not a text in UTF-8 (byte 4)\n")


@pytest.mark.parametrize("way", ["trace", "lost", "moved"])
def test_where_events_were_lost(way: str, made: list[Event]) -> None:
    """From the trace, from a second run, and from one with everything somewhere else."""
    ours = set(ids(passing(made)))
    missing = [event for event in made if (event.run, event.number) not in ours]
    write("all.csv", [*ids(made), (1, 1)])
    options = ["--lost"]
    if way == "trace":
        assert run("out", "p.hepsel", "--trace") == 0
        options = []
    if way == "moved":
        Path("elsewhere").mkdir()
        Path("data.root").rename("elsewhere/d.root")
        Path("p.hepsel").rename("elsewhere/q.hepsel")
        options += ["--data", "elsewhere/*.root", "--program", "elsewhere/q.hepsel"]
    code, found = compared("out", "all.csv", *options, "--events", "odd.csv")
    assert code == 1
    lost = {(odd["run"], odd["event"]): (odd["criterion"], odd["label"]) for odd in found["only_one_side"]}
    wanted = {
        (event.run, event.number): (f"{REGION}.1", "two muons")
        if len(selected_muons(event)) < 2
        else (f"{REGION}.2", "opposite charges")
        for event in missing
    }
    assert lost == {**wanted, (1, 1): ("", "not in the data of out")}
    with open("odd.csv", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {(int(row["run"]), int(row["event"])): (row["criterion"], row["label"]) for row in rows} == lost


def test_what_is_compared_is_not_replaced_by_its_events(made: list[Event]) -> None:  # noqa: ARG001
    write("all.csv", [(1, 1)])
    Path("link.csv").symlink_to("data.root")
    for output in ("all.csv", f"out/events_{REGION}.csv", "link.csv"):
        before = Path(output).read_bytes()
        code, out, err = hepsel("compare", "out", "all.csv", "--lost", "--events", output)
        assert (code, out, err) == (3, "", f"hepsel: {output}: this command reads it: name another file to write\n")
        assert Path(output).read_bytes() == before


def test_a_run_is_done_again_from_another_directory(made: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    """Names in the manifest are relative to where the run was; one of a format is its path."""
    write("all.csv", ids(made))
    Path("good.json").write_text('{"100": [[0, 9]], "101": [[0, 9]], "102": [[0, 9]]}')
    text = (ROOT / "hepsel/formats/cms_open_data_2012.toml").read_text()
    Path("my.toml").write_text(text.replace("cms_open_data_2012", "ours"))
    assert run("mine", "p.hepsel", "--good-runs", "good.json", "--format", "my.toml") == 0
    monkeypatch.chdir(Path("out"))
    code, found = compared("../mine", "../all.csv", "--lost")
    assert code == 1
    assert {odd["criterion"] for odd in found["only_one_side"]} == {f"{REGION}.1", f"{REGION}.2"}
    Path("../my.toml").unlink()
    code, _, err = hepsel("compare", "../mine", "../all.csv", "--lost")
    assert (code, err) == (
        3,
        "hepsel: my.toml: no such file, though ../mine was made with it; name it with --format\n",
    )


def test_what_has_changed_is_not_run_again(made: list[Event]) -> None:
    write("all.csv", ids(made))
    Path("p.hepsel").write_text(PROGRAM.replace("20 GeV", "21 GeV"))
    code, _, err = hepsel("compare", "out", "all.csv", "--lost")
    assert code == 3
    assert "p.hepsel: not the program" in err
    Path("p.hepsel").write_text(PROGRAM)
    write_events(Path("data.root"), 121)
    code, _, err = hepsel("compare", "out", "all.csv", "--lost")
    assert code == 3
    assert "data.root: not the file" in err
    Path("data.root").unlink()
    code, _, err = hepsel("compare", "out", "all.csv", "--lost")
    assert code == 3
    assert "data.root: no such file" in err


def test_events_listed_twice_are_told(made: list[Event]) -> None:
    ours = ids(passing(made))
    write("twice.csv", [*ours, ours[2], ours[2], ours[5]])
    code, found = compared("out", "twice.csv")
    assert code == 1
    (region,) = found["regions"]
    assert (region["matched"], region["only_here"], region["only_there"]) == (len(ours), 0, 0)
    repeated = {(e["run"], e["event"]): e["times"] for e in region["repeated_there"]}
    assert repeated == {ours[2]: 3, ours[5]: 2}
    assert "listed more than once" in hepsel("compare", "out", "twice.csv")[1]


def test_two_directories(made: list[Event]) -> None:
    Path("q.hepsel").write_text(PROGRAM.replace("20 GeV     ", "40 GeV     ") + "region more\n  take pairs_found\n")
    assert run("other", "q.hepsel", "--trace") == 0
    assert compared("out", "out")[0] == 0
    code, found = compared("out", "other")
    assert code == 1

    def harder(event: Event) -> list[int]:
        return [m.charge for m in event.muons if m.pt > 40 and abs(m.eta) < 2.4]

    theirs = [event for event in made if len(set(harder(event))) == 2]
    (region,) = found["regions"]
    ours = set(ids(passing(made)))
    assert (region["matched"], region["only_here"]) == (len(theirs), len(ours) - len(theirs))
    lost = {(odd["run"], odd["event"]): odd["criterion"] for odd in found["only_one_side"]}
    assert lost == {
        (e.run, e.number): f"{REGION}.{1 if len(harder(e)) < 2 else 2}" for e in passing(made) if e not in theirs
    }
    rows = {row["label"]: row for row in found["cutflows"]["rows"]}
    two = [sum(len(muons(event)) >= 2 for event in made) for muons in (selected_muons, harder)]
    assert (rows["two muons"]["here"], rows["two muons"]["there"]) == tuple(two)
    assert rows["two muons"]["pull"] is None
    assert found["cutflows"]["only_there"] == [{"region": "more", "name": "the whole region"}]
    turned = compared("other", "out")[1]
    assert turned["cutflows"]["only_here"] == [{"region": "more", "name": "the whole region"}]
    assert {(odd["run"], odd["event"]) for odd in turned["only_one_side"] if odd["only"] == "there"} == set(lost)
    assert compared("out", "other", "--region", "pairs_found=more")[1]["regions"][0]["matched"] == len(theirs)


# ---------------------------------------------------------------- numbers of events

HEPDATA = """
independent_variables:
- header: {name: Selection}
  values: [{value: Two muons}, {value: "opposite charges"}, {value: all events}, {value: something else}]
dependent_variables:
- header: {name: Data}
  values:
  - {value: 50, errors: [{symerror: 3, label: stat}, {asymerror: {plus: 4, minus: -8}, label: sys}]}
  - {value: 1000, errors: [{symerror: "10%"}]}
  - {value: "-"}
  - {value: 3}
- header: {name: Simulation}
  values: [{value: 1}, {value: 2}, {value: 3}, {value: 4}]
"""


def test_the_same_negative_sum_differs_by_0_percent_and_not_by_minus_0() -> None:
    row = CountRow("r", "r.1", "cut", -2.0, 1.0, Count("r.1", -2.0))
    assert f"{row.percent:+.2f} %" == "+0.00 %"


def output_of(**regions: list[tuple[str, float | None]]) -> Output:
    """Return the output of a run, with label and sum of weights of each row; its error is 10."""
    listed = [
        {
            "name": region,
            "bins": [],
            "rows": [
                {"id": f"{region}.{place}", "label": label, "sumw": sumw, "error": None if sumw is None else 10.0}
                for place, (label, sumw) in enumerate(rows)
            ],
        }
        for region, rows in regions.items()
    ]
    return Output(Path(), {"regions": listed}, {})


def test_rows_of_one_label_are_compared_in_their_order_and_region_by_region() -> None:
    here = output_of(a=[("all", 100), ("jet", 50), ("jet", 20)], b=[("all", 9), ("jet", 3)])
    there = output_of(c=[("all", 100), ("jet", 40), ("jet", 20), ("jet", 5)], b=[("jet", 3), ("all", 8), ("muon", 1)])
    found = compare_outputs(here, there, [("a", "c"), ("b", "b")])
    assert [(row.id, row.there.criterion, row.difference) for row in found.rows] == [
        ("a.0", "c.0", 0), ("a.1", "c.1", 10), ("a.2", "c.2", 0), ("b.0", "b.1", 1), ("b.1", "b.0", 0),
    ]  # fmt: skip
    assert (found.only_here, found.only_there) == ((), (("c", "jet"), ("b", "muon")))
    assert compare_outputs(there, here, [("c", "a")]).only_here == (("c", "jet"),)
    assert compare_outputs(here, here, [("a", "a"), ("b", "b")]).same
    endless = output_of(a=[("all", None)])  # a sum that is not finite
    assert not compare_outputs(endless, endless, [("a", "a")]).same


def test_cells_of_other_ranges_are_not_compared_though_their_names_and_numbers_are_the_same() -> None:
    def output(*cells: tuple[float | None, float | None, str]) -> Output:
        bins = [
            {"id": "r.1", "name": f"g[{place}]", "sumw": 5.0, "error": 1.0, "cell": [
                {"axis": "x", "low": low, "high": high, "unit": unit, "whole": False},
            ]}
            for place, (low, high, unit) in enumerate(cells)
        ]  # fmt: skip
        return Output(Path(), {"regions": [{"name": "r", "bins": bins, "rows": []}]}, {})

    pairs = [("r", "r")]
    here = output((0.1, 0.3, "GeV"), (0.3, None, "GeV"))
    assert compare_outputs(here, output((100, 300, "MeV"), (300, None, "MeV")), pairs).same
    found = compare_outputs(here, output((0.1, 0.3, "GeV"), (0.3, 0.9, "GeV")), pairs)
    assert ([row.label for row in found.rows], found.same) == (["g[0]"], False)
    assert (found.only_here, found.only_there) == ((("r", "g[1]: x >= 0.3 GeV"),), (("r", "g[1]: x 0.3 to 0.9 GeV"),))
    assert not compare_outputs(here, output((0.1, 0.3, "TeV"), (0.3, None, "TeV")), pairs).rows


def test_published_numbers_and_the_rows_that_they_belong_to() -> None:
    output = output_of(a=[("All events", 100), ("jet", 50), ("jet", 20)], b=[("all", 9), ("muon", 3)])
    counts = [
        Count("a.0", 90, 24, 1),
        Count("ALL  Events", 124, 1, 24),
        Count("b.1", 0, 0, 0),
        Count("jet", 50),
        Count("a.2", 20, region="a"),
        Count("a.2", 20, region="b"),
        Count("tau", 7),
    ]
    found = compare_counts(output, counts, ["a", "b"], in_order=False)
    # The error of a row and the one of the two others on its side: 26^2 = 10^2 + 24^2.
    assert [(row.id, row.difference, row.percent, row.pull) for row in found.rows] == [
        ("a.0", 10, 100 / 9, 10 / 26), ("a.0", -24, -2400 / 124, -24 / 26), ("b.1", 3, None, 0.3), ("a.2", 0, 0, None),
    ]  # fmt: skip
    assert found.only_here == (("a", "jet"), ("b", "all"))
    assert found.only_there == (
        ("", "jet (several have this name)"), ("b", "a.2 (none has this name)"), ("", "tau (none has this name)"),
    )  # fmt: skip
    listed = compare_counts(output, [Count("x", value) for value in (9, 3, 1)], ["b"], in_order=True)
    assert [(row.id, row.difference) for row in listed.rows] == [("b.0", 0), ("b.1", 0)]
    assert listed.only_there == (("", "x (no row is left)"),)


def test_errors_of_published_numbers(tmp_path: Path) -> None:
    table = tmp_path / "table.yaml"
    table.write_text("""
independent_variables: [{values: [{value: a}, {value: b}, {value: c}]}]
dependent_variables:
- header: {name: Data}
  values:
  - {value: "50", errors: [{symerror: "3"}, {symerror: " 8 % "}, {asymerror: {plus: 12, minus: "-24 %"}}]}
  - {value: -20, errors: [{symerror: "5%"}]}
  - {value: 1}
""")
    assert [(count.value, count.up, count.down) for count in read_counts(table, None)] == [
        (50, 13, 13), (-20, 1, 1), (1, None, None),
    ]  # fmt: skip
    listed = tmp_path / "list.csv"
    listed.write_text("criterion, value, error\na, 5, -2\nb, 6,\n")
    assert [(count.value, count.up, count.down) for count in read_counts(listed, None)] == [(5, 2, 2), (6, None, None)]
    with pytest.raises(DataError, match="--column is for HEPData tables"):
        read_counts(listed, "Data")


def test_a_hepdata_table(made: list[Event]) -> None:
    Path("table.yaml").write_text(HEPDATA)
    code, found = compared("out", "--cutflow", "table.yaml", "--column", "Data")
    assert code == 1
    rows = {row["label"]: row for row in found["cutflows"]["rows"]}
    two = sum(len(selected_muons(event)) >= 2 for event in made)
    row = rows["two muons"]
    assert (row["here"], row["there"], row["sample"]) == (two, 50, "Data")
    assert two > 50
    assert (row["there_up"], row["there_down"]) == pytest.approx((5, 73**0.5))
    assert row["percent"] == pytest.approx(100 * (two - 50) / 50)
    assert row["pull"] == pytest.approx((two - 50) / (two + 25) ** 0.5)
    weights = [event.met / 50 for event in passing(made)]
    row = rows["opposite charges"]
    assert row["here"] == pytest.approx(sum(weights))
    assert row["pull"] == pytest.approx((sum(weights) - 1000) / (sum(w * w for w in weights) + 100**2) ** 0.5)
    assert "all events" not in rows
    assert found["cutflows"]["only_there"] == [{"region": "", "name": "something else (none has this name)"}]
    assert "+- 3" not in hepsel("compare", "out", "--cutflow", "table.yaml", "--column", "Data")[1]


@pytest.mark.parametrize("name", ["numbers.csv", "numbers.yaml"])
def test_our_own_numbers_are_the_same(name: str, made: list[Event]) -> None:
    two = sum(len(selected_muons(event)) >= 2 for event in made)
    text = f"criterion;value;error;region\nall events;{len(made)};;\n{REGION}.1;{two};3;{REGION}\n"
    if name.endswith("yaml"):
        text = f"- {{criterion: all events, value: {len(made)}}}\n- {{criterion: {REGION}.1, value: {two}, error: 3}}\n"
    Path(name).write_text(text)
    code, found = compared("out", "--cutflow", name)
    assert code == 0
    assert [row["difference"] for row in found["cutflows"]["rows"]] == [0, 0]
    assert [row["pull"] for row in found["cutflows"]["rows"]] == [None, 0]
    Path(name).write_text(text.replace(str(two), str(two + 1)))
    assert compared("out", "--cutflow", name)[0] == 1


def test_numbers_in_order(made: list[Event]) -> None:
    two = sum(len(selected_muons(event)) >= 2 for event in made)
    Path("numbers.csv").write_text(f"criterion,value\nstart,{len(made)}\nsecond,{two}\n")
    assert compared("out", "--cutflow", "numbers.csv")[0] == 1
    assert compared("out", "--cutflow", "numbers.csv", "--in-order")[0] == 0


def test_expect_statements(made: list[Event]) -> None:
    two = sum(len(selected_muons(event)) >= 2 for event in made)
    line = '  select count(muons) >= 2           as "two muons"\n'
    text = PROGRAM.replace(line, f'{line}  expect {two + 4} +- 3 stat + 4 - 9 syst, {two} for "data"\n')
    Path("p.hepsel").write_text(text)
    assert run("out") == 0
    code, found = compared("out")
    assert code == 1
    first, second = found["cutflows"]["rows"]
    assert (first["difference"], second["difference"], second["sample"]) == (-4, 0, "data")
    assert first["pull"] == pytest.approx(-4 / (two + 9 + 81) ** 0.5)


@pytest.mark.parametrize("output", ["table", "markdown", "html", "latex"])
def test_every_output(output: str, made: list[Event]) -> None:
    write("list.csv", ids(made)[:9])
    Path("numbers.csv").write_text("criterion,value,error\ntwo muons,12,3\n")
    code, out, _ = hepsel("compare", "out", "list.csv", "--cutflow", "numbers.csv", "--output", output)
    assert code == 1
    for words in ("matched", "only there", "percent", "pull", "two muons", "there are differences"):
        assert words in out


# ---------------------------------------------------------------- near a bound


def test_events_near_a_bound(made: list[Event]) -> None:
    """Of a run over good luminosity blocks alone; of what is asked of items, one is enough."""
    more = "  select 30 GeV < MET.pt\n  select any(mu.pt > 30 GeV for mu in Muon if |mu.eta| < 2)\n"
    Path("p.hepsel").write_text(PROGRAM.replace("  weight half", f"{more}  weight half"))
    Path("good.json").write_text('{"100": [[0, 9]], "101": [[0, 2]]}')
    assert run("out", "p.hepsel", "--good-runs", "good.json") == 0
    code, found = compared("out", "--tolerance", "0.1", "--events", "near.csv")
    assert code == 0
    listed = {(near["criterion"], near["run"], near["event"]) for near in found["near"]}

    def near(value: float, bound: float) -> bool:
        return abs(value - bound) <= 0.1 * max(abs(value), abs(bound))

    wanted = set()
    for event in made:
        if event.run == 102 or (event.run == 101 and event.block > 2):
            continue
        key = event.run, event.number
        if any(near(m.pt, 20) for m in event.muons):
            wanted.add(("muons.1", *key))
        if any(near(abs(m.eta), 2.4) for m in event.muons if m.pt > 20):
            wanted.add(("muons.2", *key))
        if len(selected_muons(event)) >= 2 and near(event.met, 30):
            wanted.add((f"{REGION}.2", *key))
        passed = len(selected_muons(event)) >= 2 and event.met > 30
        if passed and any(near(m.pt, 30) or near(abs(m.eta), 2) for m in event.muons):
            wanted.add((f"{REGION}.3", *key))
    assert {criterion for criterion, *_ in wanted} == {"muons.1", "muons.2", f"{REGION}.2", f"{REGION}.3"}
    assert listed == wanted
    with open("near.csv", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == len(wanted)


# ---------------------------------------------------------------- wrong input


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
WRONG: dict[str, tuple[str | bytes, list[str], str]] = {
    "no.csv": ("", [], "no.csv: no column 'run' (there is nothing)"),
    "names.csv": ("Run,Event\n1,2\n", [], "names.csv: no column 'run' (there is 'Run', 'Event')"),
    "twice.csv": ("run,run,event\n1,2,3\n", [], "two columns 'run'"),
    "reals.csv": ("run,event\n1,2\n1,1.5e9\n", [], "line 3: event is '1.5e9', which is not a whole number"),
    "minus.csv": ("run,event\n1,-9223372036854775809\n", [], "which is not a whole number of 64 bits"),
    "large.csv": ("run,event\n1,18446744073709551616\n", [], "line 2: event is '18446744073709551616'"),
    "short.csv": ("run,event\n1\n", [], "line 2: 1 values where 2 are named"),
    "noise.csv": (bytes(range(256)) * 40_000, [], "neither ROOT nor Parquet"),
    "text.csv": ("x" * 10_000_000, [], "text.csv: "),
    "bad.root": (b"root" + bytes(100), [], "bad.root: name the tree as bad.root:TREE; there is none"),
    "bad.parquet": (b"PAR1" + bytes(100), [], "bad.parquet: cannot read the file"),
    "bomb.yaml": (BOMB, ["--cutflow"], "too large with its aliases"),
    "self.yaml": ("&a [*a, 1]\n", ["--cutflow"], "an alias stands inside"),
    "deep.yaml": ("[" * 5000 + "]" * 5000, ["--cutflow"], "nested too deeply"),
    "noise.yaml": (bytes(range(256)) * 40_000, ["--cutflow"], "larger than 1 MB"),
    "little.yaml": (bytes(range(256)), ["--cutflow"], "not a text in UTF-8"),
    "broken.yaml": ("a: [1, 2", ["--cutflow"], "broken.yaml: not YAML"),
    "tag.yaml": ("- !!python/object/apply:os.system [ls]\n", ["--cutflow"], "tag.yaml: not YAML"),
    "map.yaml": ("a: 1\n", ["--cutflow"], "neither a HEPData table nor a list"),
    "date.yaml": ("- 2020-13-45\n", ["--cutflow"], "date.yaml: "),
    "empty.yaml": ("[]", ["--cutflow"], "there is no number in it"),
    "hepdata.yaml": ("dependent_variables: 3\nindependent_variables: []\n", ["--cutflow"], "not a HEPData table"),
    "several.yaml": (HEPDATA, ["--cutflow"], "say with --column NAME which one is meant: 'Data', 'Simulation'"),
    "inf.csv": ("criterion,value\ntwo muons,inf\n", ["--cutflow"], "line 2: value is 'inf', which is not a number"),
    "bare.yaml": ("- 3\n", ["--cutflow"], "entry 1: not an entry with criterion and value"),
    "list.yaml": ("- {criterion: x, value: [1]}\n", ["--cutflow"], "value is '[1]', which is not a number"),
    "key.csv": ("criterion,value,err\ntwo muons,3,1\n", ["--cutflow"], "unknown key 'err'"),
}


@pytest.mark.parametrize("row", [{"id": 1}, {"events": "x"}, {"sumw": "y"}, {"error": []}, {"expected": [3]}])
def test_a_damaged_cutflow(row: dict[str, object], made: list[Event]) -> None:  # noqa: ARG001
    path = Path("out/cutflow.json")
    data = json.loads(path.read_text())
    data["regions"][0]["rows"][0] |= row
    path.write_text(json.dumps(data))
    code, out, err = hepsel("compare", "out", "out")
    assert (code, out) == (3, "")
    assert err.startswith("hepsel: out/cutflow.json: damaged: ")


@pytest.mark.parametrize("name", WRONG)
def test_wrong_files(name: str, made: list[Event]) -> None:  # noqa: ARG001
    content, options, words = WRONG[name]
    Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
    code, out, err = hepsel("compare", "out", *options, name)
    assert (code, out) == (3, "")
    assert words in err
    assert len(err) < 500
    assert "Traceback" not in err


@pytest.mark.parametrize("kind", ["csv", "parquet", "root"])
def test_numbers_with_a_sign(kind: str, made: list[Event]) -> None:
    """Some programs store 32 bits of the number of an event as a signed number."""
    with uproot.open("data.root") as file:
        arrays = {name: file["Events"][name].array() for name in file["Events"].keys(filter_name="[!n]*")}
    arrays["event"] = ak.Array(np.array([event.number - 1050 for event in made], dtype=np.int32))
    ak.to_parquet(ak.zip(arrays, depth_limit=1), "data.parquet")
    assert hepsel("run", "p.hepsel", "data.parquet", "--format", "cms_open_data_2012", "--out", "signed")[0] == 0
    selected = [(event.run, event.number - 1050) for event in passing(made)]
    rejected = [(event.run, event.number - 1050) for event in made if event not in [*passing(made)]]
    (lost, *others), extra = sorted(selected, key=lambda pair: pair[1]), min(rejected, key=lambda pair: pair[1])
    assert lost[1] < 0 > extra[1]
    listed = [*others, extra]
    columns = {"run": np.array([run for run, _ in listed]), "event": np.array([event for _, event in listed])}
    if kind == "csv":
        Path("list.csv").write_text("run,event\n" + "".join(f"{run},{event}\n" for run, event in listed))
    elif kind == "parquet":
        pyarrow.parquet.write_table(pa.table(columns), "list.parquet")
    else:
        with uproot.recreate("list.root") as file:
            file["selected"] = columns
    code, found = compared("signed", f"list.{kind}", "--lost", "--data", "data.parquet")
    assert (code, found["regions"][0]["matched"]) == (1, len(others))
    odd = {(one["only"], one["run"], one["event"]): one["criterion"] for one in found["only_one_side"]}
    assert odd.keys() == {("here", *lost), ("there", *extra)}
    assert odd["there", *extra].startswith("pairs_found.")
    write("large.csv", [(1, 2**64 - 1)])
    code, out, err = hepsel("compare", "signed", "large.csv")
    assert (code, out) == (3, "")
    assert "large.csv: numbers below 0 beside numbers of 2^63 and more cannot be compared" in err


def test_lists_match_as_sets_do() -> None:
    random = np.random.default_rng(3)
    pools = [
        [0, 1, 2**63 - 1, 2**63, 2**64 - 1],
        [-(2**63), -1, 0, 1, 2**63 - 1],
        [0, 1, 2**31, 2**53, 2**53 + 1],
    ]
    for _ in range(60):
        lists = []
        for _ in range(2):
            numbers = pools[random.integers(3)]
            lists.append(
                {(int(random.integers(1, 3)), numbers[k]) for k in random.integers(0, 5, random.integers(0, 6))}
            )
        here, there = (
            event_list("x", [run for run, _ in listed], [event for _, event in listed]) for listed in map(list, lists)
        )
        numbers = [event for one in lists for _, event in one]
        if numbers and min(numbers) < 0 and max(numbers) >= 2**63:
            with pytest.raises(DataError, match="cannot be compared"):
                match("r", here, there)
            continue
        found = match("r", here, there)
        only = [{(int(e["run"]), int(e["event"])) for e in side} for side in (found.only_here, found.only_there)]
        assert (found.matched, *only) == (len(lists[0] & lists[1]), lists[0] - lists[1], lists[1] - lists[0])


def test_wrong_columns_and_trees(made: list[Event]) -> None:
    with uproot.recreate("two.root") as file:
        file["a"] = {"run": np.arange(3), "event": np.arange(3)}
        file["b"] = {"run": np.arange(3), "event": np.arange(3) / 2}
    for name, words in {
        "two.root": "name the tree as two.root:TREE; there is a, b",
        "two.root:x": "no tree x",
        "two.root:b": "event does not hold whole numbers",
        "nothing.csv": "nothing.csv: no such file",
    }.items():
        code, _, err = hepsel("compare", "out", name)
        assert (code, words in err) == (3, True), err
    assert compared("out", "two.root:a")[0] == 1
    for missing, known in (("run", "event"), ("event", "run")):
        pyarrow.parquet.write_table(pa.table({missing: pa.array([1, None]), known: pa.array([1, 2])}), "null.parquet")
        assert f"{missing} is missing in 1 rows" in hepsel("compare", "out", "null.parquet")[2]
    pyarrow.parquet.write_table(pa.table({"event": pa.array([1, 2])}), "less.parquet")
    assert "no column 'run'" in hepsel("compare", "out", "less.parquet")[2]
    assert ids(made)


def test_a_damaged_root_file(made: list[Event]) -> None:  # noqa: ARG001
    Path("half.root").write_bytes(Path("data.root").read_bytes()[:1500])
    code, _, err = hepsel("compare", "out", "half.root:Events")
    assert code == 3
    assert "half.root: " in err
    assert len(err) < 500


def test_wrong_directories_and_options(made: list[Event]) -> None:  # noqa: ARG001
    Path("empty").mkdir()
    write("list.csv", [(1, 1)])
    for arguments, code, words in [
        (["nowhere"], 3, "nowhere: no such directory"),
        (["empty"], 3, "not the output of hepsel run"),
        (["list.csv"], 3, "is not a directory"),
        (["out", "empty"], 3, "empty: is a directory, but not the output of a run"),
        (["out"], 2, "nothing to compare with"),
        (["out", "list.csv", "--region", "x"], 2, "--region x: out has pairs_found"),
        (["out", "out", "--region", "pairs_found=x"], 2, "--region x: out has pairs_found"),
        (["out", "--column", "x"], 2, "name it with --cutflow FILE"),
        (["out", "list.csv", "--events", "x.txt"], 2, ".csv or .parquet"),
        (["out", "--events", "x.csv"], 2, "no list of events"),
        (["out", "list.csv", "--tolerance", "2"], 2, "--tolerance"),
        (["out", "list.csv", "--tolerance", "nan"], 2, "--tolerance"),
    ]:
        found, out, err = hepsel("compare", *arguments)
        assert (found, out) == (code, ""), arguments
        assert words in err, err
    for broken in ("", "[]", '{"schema": "hepsel-cutflow/1"}', "[" * 100_000):
        shutil.copytree("out", "copy", dirs_exist_ok=True)
        Path("copy/cutflow.json").write_text(broken)
        found, _, err = hepsel("compare", "copy", "list.csv")
        assert found == 3
        assert "copy/cutflow.json" in err
    Path("copy/cutflow.json").write_text(Path("out/cutflow.json").read_text().replace(f'"{REGION}"', '"../x"'))
    assert hepsel("compare", "copy", "list.csv")[0] == 3


def test_a_format_without_run_and_event(made: list[Event]) -> None:  # noqa: ARG001
    z_peak = [str(ROOT / "examples/cms_dimuon/z_peak.hepsel"), "data.root"]
    data_format = ["--format", str(ROOT / "examples/cms_dimuon/format.toml")]
    for out, options in (("all", []), ("part", ["--entries", ":60"])):
        assert hepsel("run", *z_peak, *data_format, "--out", out, *options)[0] == 0
    code, found = compared("all", "part")
    assert (code, found["regions"]) == (1, [])
    assert {row["difference"] for row in found["cutflows"]["rows"] if row["label"] == "all events"} == {60}
    assert "no list of events, so only numbers are compared" in found["remarks"][0]
    write("list.csv", [(1, 1)])
    code, _, err = hepsel("compare", "all", "list.csv", "--region", "z_window")
    assert code == 3
    assert "the format has no run and event" in err
    # An error of the format is no difference.
    code, _, err = hepsel("compare", "all", "--tolerance", "0.1", "--format", "none")
    assert code == 3
    assert "no format is called" in err
    code, _, err = hepsel("compare", "all", "--tolerance", "0.1")
    assert code == 3
    assert "has no run and event" in err


def test_a_list_of_several_regions_needs_a_name(made: list[Event]) -> None:
    Path("q.hepsel").write_text(PROGRAM + "region more\n  take pairs_found\n")
    assert run("out", "q.hepsel") == 0
    write("list.csv", ids(passing(made)))
    code, _, err = hepsel("compare", "out", "list.csv")
    assert code == 2
    assert "--region NAME which region is meant: pairs_found, more" in err
    for absent in ("nothing.csv", "nothing.root:Events"):
        code, _, err = hepsel("compare", "out", absent)
        assert (code, f"{absent}: no such file" in err) == (3, True), err
    assert hepsel("compare", "out", "list.csv", "--region", "more")[0] == 0


# ---------------------------------------------------------------- real files and the documentation


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_list_that_names_regions(kind: str, made: list[Event]) -> None:
    wanted = ids(passing(made))
    rows = [(REGION, *one) for one in wanted] + [("other", *one) for one in wanted[:-1]] + [("third", 1, 2)]
    table = dict(zip(("region", "run", "event"), map(list, zip(*rows, strict=True)), strict=True))
    if kind == "csv":
        Path("theirs.csv").write_text("\n".join(",".join(map(str, row)) for row in [tuple(table), *rows]))
    else:
        pyarrow.parquet.write_table(pa.table(table), "theirs.parquet")
    code, found = compared("out", f"theirs.{kind}")
    assert (code, found["regions"][0]["matched"]) == (0, len(wanted))
    code, found = compared("out", f"theirs.{kind}", "--region", f"{REGION}=other")
    assert (code, found["regions"][0]["matched"], found["regions"][0]["only_here"]) == (1, len(wanted) - 1, 1)
    code, _, err = hepsel("compare", "out", f"theirs.{kind}", "--region", f"{REGION}=nothing")
    assert code > 1
    assert "no event of region nothing (there is 'other', 'pairs_found', 'third')" in err


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_regions_that_are_numbers_are_told_as_others(kind: str, made: list[Event]) -> None:
    events = ids(passing(made))
    if kind == "csv":
        lines = [f" {REGION} ,{run},{event}" for run, event in events]
        Path("padded.csv").write_text("\n".join(["region,run,event", *lines]))
        assert compared("out", "padded.csv")[0] == 0
        Path("theirs.csv").write_text("\n".join(["region,run,event", *(f"7,{run},{event}" for run, event in events)]))
    else:
        runs, numbers = map(list, zip(*events, strict=True))
        pyarrow.parquet.write_table(
            pa.table({"region": [7] * len(runs), "run": runs, "event": numbers}), "theirs.parquet"
        )
    code, out, err = hepsel("compare", "out", f"theirs.{kind}")
    assert (code > 1, out) == (True, "")
    assert f"no event of region {REGION} (there is '7'); name it with --region NAME=OTHER" in err


def test_the_events_of_a_script_are_those_of_the_run(made: list[Event]) -> None:
    code, text, _ = hepsel("compile", "p.hepsel", "--format", "cms_open_data_2012", "--backend", "awkward")
    assert code == 0
    Path("script.py").write_text(text)
    subprocess.run([sys.executable, "script.py", "data.root", "--out", "theirs"], check=True, capture_output=True)
    code, found = compared("out", "theirs/events.csv")
    assert (code, found["regions"][0]["matched"]) == (0, len(ids(passing(made))))


def test_against_numpy_on_real_collisions(data_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of events comes from a few lines of numpy."""
    monkeypatch.chdir(tmp_path)
    file = str(data_file("adl_benchmark/Run2012B_SingleMu_1000.root"))
    text = PROGRAM.split("object")[0] + "region hard\n  select MET.pt > 20 GeV\n  select max(Muon.pt) > 25 GeV\n"
    Path("p.hepsel").write_text(text)
    assert hepsel("run", "p.hepsel", file, "--format", "cms_open_data_2012", "--out", "out")[0] == 0
    arrays = uproot.open(file)["Events"].arrays(["Muon_pt", "MET_pt", "run", "event"])
    met = np.asarray(arrays["MET_pt"], dtype=float)
    lead = np.asarray(ak.fill_none(ak.max(arrays["Muon_pt"], axis=1), 0), dtype=float)
    for cut, code in ((25, 0), (30, 1)):
        mask = (met > 20) & (lead > cut)
        assert mask.sum() > 10
        write("list.root", zip(arrays["run"][mask].to_list(), arrays["event"][mask].to_list(), strict=True))
        found = compared("out", "list.root")
        assert found[0] == code
        (region,) = found[1]["regions"]
        ours = ((met > 20) & (lead > 25)).sum()
        assert (region["matched"], region["only_here"], region["only_there"]) == (mask.sum(), ours - mask.sum(), 0)


def test_the_documentation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("examples").symlink_to(ROOT / "examples")
    write_events(Path("events.root"), 50)
    sessions = [block for block in blocks(ROOT / "docs" / "compare.md") if block.words == ("shell-session",)]
    assert len(sessions) == 2
    for block in sessions:
        for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            code, out, _ = hepsel(*shlex.split(command)[1:])
            assert code in (0, 1)
            pattern = ".*".join(re.escape(piece.strip("\n")) for piece in shown.split("...\n"))
            assert re.fullmatch(rf"\s*{pattern}\s*", out, re.DOTALL), out
            if "--trace" in command:
                _their_list()


def _their_list() -> None:
    """Write a list of another code: without one event of ours, with two others, and with one event twice."""
    with open("here/events_signal_4mu.csv", newline="") as stream:
        ours = [(int(row["run"]), int(row["event"])) for row in csv.DictReader(stream)]
    rest = [event for event in ours if event != ours[0]]
    theirs = [*rest, (300000, 1000000094), (300000, 1999999999), (300000, 1000000047)]
    write("theirs.csv", theirs, ("runNumber", "eventNumber"))
