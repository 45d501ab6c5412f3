"""H -> ZZ* -> 4l on NanoAOD: all of it runs beside the data, and selects what the interpreter selects."""

from __future__ import annotations

import json
import linecache
import runpy
import sys
from pathlib import Path

import awkward as ak
import pytest
import uproot
from click.testing import CliRunner
from data_files import EXAMPLES
from nanoaod_events import write_nanoaod
from results import differences, plain
from servicex_case import divided, load, quickly, run_on_file
from servicex_fixtures import be_impatient
from servicex_server import serving

from hepsel.backends.func_adl import generate
from hepsel.check import load_program
from hepsel.cli.compile import compile_
from hepsel.run.execute import Settings, run_program

EXAMPLE = EXAMPLES / "h4l_nanoaod" / "h4l.hepsel"
NUMBER = 600
SEED = 4


def test_all_criteria_run_on_the_server() -> None:
    for options in ([], ["--no-item-cutflow"]):
        command = [str(EXAMPLE), "--format", "nanoaod", "--backend", "func_adl", "--explain", *options]
        done = CliRunner().invoke(compile_, command, standalone_mode=False)
        assert done.exception is None, done.exception
        places = [line.split()[2] for line in done.output.splitlines()]
        assert places == ["remote"] * 33


def test_through_the_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """The script, as a user runs it, with the real client and a server that stands in for the real one."""
    be_impatient(monkeypatch)
    data = tmp_path / "nano.root"
    write_nanoaod(data, NUMBER, SEED)
    program = load_program(EXAMPLE, "nanoaod")
    expected = run_program(program, [data], Settings(interpreter=True))
    path = tmp_path / "selection.py"
    path.write_text(generate(divided(program)), encoding="utf-8")
    with quickly(), serving(tmp_path) as server:
        words = [path, "root://server//nano.root", "--config", server.configuration(), "--out", tmp_path / "out"]
        monkeypatch.setattr(sys, "argv", list(map(str, words)))
        monkeypatch.delitem(linecache.cache, str(path), raising=False)
        with pytest.raises(SystemExit) as left:
            runpy.run_path(str(path), run_name="__main__")
    assert left.value.code == 0, capfd.readouterr().err
    table = json.loads((tmp_path / "out" / "cutflow.json").read_text())
    assert not list(differences(plain(expected["cutflow"]), table["cutflow"]))
    assert table["items"] == plain(expected["items"])
    with uproot.open(tmp_path / "out" / "histograms.root") as file:
        for name, histogram in expected["histograms"].items():
            assert file[name].values(flow=True).tolist() == histogram.view(flow=True)["value"].tolist()
    chosen = {
        (region, *map(str, numbers))
        for region, columns in expected["selected"].items()
        for numbers in zip(*columns.values(), strict=True)
    }
    lines = (tmp_path / "out" / "events.csv").read_text().split()[1:]
    assert {tuple(line.split(",")) for line in lines} == chosen
    numbers = {region: rows[-1]["events"] for region, rows in expected["cutflow"].items()}
    assert numbers["signal"] == sum(numbers[f"signal_{channel}"] for channel in ("4e", "2e2mu", "4mu"))
    assert min(numbers.values()) > 5


@pytest.mark.shared
def test_on_simulated_top_quarks(shared_data: Path, tmp_path: Path) -> None:
    """A file of CMS: it has not the triggers that the example asks for, and few isolated leptons."""
    data = shared_data / "nanoaod" / "nano_tt_v12.root"
    text = EXAMPLE.read_text(encoding="utf-8")
    for before, after in (
        ("select trigger.IsoMu24 or trigger.Ele32_WPTight_Gsf", "select PV.npvs_good > 1"),
        ("select is_mva_noiso_wp90 ", "select pt > 1 GeV"),
        ("pfreliso03 <", "pfreliso03 < 1000 *"),
        ("|sip3d| <", "|sip3d| < 1000 *"),
        ("|dxy / dxy_error| <", "|dxy / dxy_error| < 1000 *"),
    ):
        assert before in text
        text = text.replace(before, after)
    program = load_program(text, "nanoaod")
    expected = plain(run_program(program, [data], Settings(interpreter=True)))
    expected["items"] = {}
    script = load(generate(divided(program, item_cutflow=False, like=data)), tmp_path)
    with quickly():
        found = run_on_file(script, [data], tmp_path, at_once={"counts"})  # by dask-awkward: in the test above
    assert not list(differences(expected, found))
    assert expected["cutflow"]["selection"][4]["events"] > 5, "four leptons, and two pairs of them"
    assert len(ak.from_parquet(tmp_path / "events_0.parquet")) == expected["cutflow"]["selection"][-1]["events"]
