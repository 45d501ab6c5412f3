"""Events of PHYSLITE that a server could decide in another way than hepsel: close to bounds."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from data_files import EXAMPLES
from results import differences, plain
from servicex_case import divided, load
from xaod_case import every_read, needs_compiler, run_on_events, write_events

from hepsel.backends.func_adl import generate
from hepsel.check import load_program
from hepsel.plan.remote import rounding
from hepsel.run.execute import Settings, run_program

HEADER = 'hepsel 1\nanalysis "test"\n'
SAMPLE = EXAMPLES / "h4l" / "h4l_sample.root"
PAIRS = "composite pairs take Muon a, Muon b select a.charge + b.charge < 3\n"

pytestmark = [needs_compiler, pytest.mark.xdist_group("xaod")]


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_events(SAMPLE, tmp_path_factory.mktemp("sample") / "events", every_read())


@cache
def interpreted(text: str) -> Any:
    program = load_program(HEADER + text, "physlite")
    return plain(run_program(program, [SAMPLE], Settings(interpreter=True)))


def values(saved: str) -> list[float]:
    """Return the values of something, as the interpreter computes it: those that exist, in the order of events."""
    column = interpreted(f"{PAIRS}region r save x = {saved}\n")["columns"]["r"]["x"]
    flat = [value for one in column for value in (one if isinstance(one, list) else [one])]
    return [value for value in flat if value is not None and not math.isnan(value)]


def at_bounds() -> str:
    """Return a program with bounds that are values of some events, to the last digit."""
    text = PAIRS
    for what, unit, asked in (
        ("Electron.z0_sin_theta", "mm", "any(e.z0_sin_theta == {bound} for e in Electron)"),
        ("Muon.d0_significance", "", "any(mu.d0_significance == {bound} for mu in Muon)"),
        ("pairs.mass", "MeV", "any(p.mass == {bound} for p in pairs)"),
    ):
        for k, value in enumerate(values(what)[3:5]):
            name = what.partition(".")[2]
            text += f"region {name}_{k} select {asked.format(bound=f'{value!r} {unit}')}\n"
    return text


def compare(text: str, events: Path, folder: Path, *, otherwise: bool) -> tuple[list[str], Any, int]:
    """Return how script and interpreter differ, the results of the interpreter, and how many events the server sent."""
    division = divided(load_program(HEADER + text, "physlite"))
    assert all(decision.is_remote for decision in division.decisions), division.decisions
    module = load(generate(division), folder)
    found, returned = run_on_events(module, events, folder, rounds_otherwise if otherwise else str)
    expected = interpreted(text)
    return list(differences(expected, found)), expected, returned["events"]


def rounds_otherwise(query: str) -> str:
    """Let the server be one with other last digits of sines and cosines."""
    for name in ("sin", "cos", "sinh"):
        assert f"std::{name}(" in query
        query = query.replace(f"std::{name}(", f"1.0000000000000007 * std::{name}(")
    return query


def test_a_server_that_rounds_otherwise_decides_nothing_else(events: Path, tmp_path: Path) -> None:
    different, expected, sent = compare(at_bounds(), events, tmp_path, otherwise=True)
    assert not different
    assert [rows[-1]["events"] for rows in expected["cutflow"].values()] == [1] * 6
    assert 3 <= sent <= 6


def test_it_would_without_the_events_in_doubt(events: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = at_bounds()
    monkeypatch.setattr(rounding, "RELATIVE", 0.0)
    different, _, _ = compare(text, events, tmp_path, otherwise=True)
    assert different


def test_angles_that_jump_are_in_doubt_where_they_do(events: Path, tmp_path: Path) -> None:
    """Signed differences of angles end at pi and begin again at -pi."""
    text = PAIRS + "region r select any(|dphi_signed(p.a, p.b) + 3.1| < 0.1 for p in pairs)\n"
    different, expected, sent = compare(text, events, tmp_path, otherwise=False)
    assert not different
    assert 0 < expected["cutflow"]["r"][-1]["events"] < 500
    assert sent == expected["cutflow"]["r"][-1]["events"]


def test_the_jump_is_in_doubt_far_from_every_bound(
    events: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a server that is less exact than any, there are events so close to it."""
    monkeypatch.setattr(rounding, "RELATIVE", 1e-3)
    asked = "1 < dphi_signed(p.a, p.b) < 1.2"
    different, expected, sent = compare(
        f"{PAIRS}region r select any({asked} for p in pairs)\n", events, tmp_path, otherwise=False
    )
    assert not different
    jumping = interpreted(f"{PAIRS}region r select any({asked} or dphi(p.a, p.b) > 3.135 for p in pairs)\n")
    assert expected["cutflow"]["r"][-1]["events"] < jumping["cutflow"]["r"][-1]["events"] <= sent


def test_stored_numbers_are_compared_exactly(events: Path, tmp_path: Path) -> None:
    """What a link leads to, and the item at some place, are as they are stored: no event is in doubt."""
    text = ""
    for what, unit, asked in (
        ("Muon.d0", "mm", "any(mu.d0 == {bound} for mu in Muon)"),
        ("Jet[1].pt", "MeV", "Jet[1].pt == {bound}"),
        ("Jet[-1].eta", "", "Jet[-1].eta >= {bound} and Jet[-1].eta <= {bound}"),
    ):
        bound = values(what)[5]
        assert bound == np.float64(np.float32(bound))
        text += f"region r{len(text)} select {asked.format(bound=f'{bound!r} {unit}')}\n"
    assert not any(d.is_rounded for d in divided(load_program(HEADER + text, "physlite")).decisions)
    different, expected, sent = compare(text, events, tmp_path, otherwise=False)
    assert not different
    assert all(rows[-1]["events"] == 1 for rows in expected["cutflow"].values())
    assert sent <= 3
