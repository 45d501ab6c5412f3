"""Events that a server could decide in another way than hepsel: close to bounds, equally good, with very many items."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
import pytest
import uproot
from results import differences, plain
from servicex_case import divided, load, quickly, run_on_file

from hepsel.backends.func_adl import generate
from hepsel.check import load_program
from hepsel.plan.remote import rounding
from hepsel.run.execute import Settings, run_program

Muons = list[list[tuple[float, float, float, int]]]
"""Transverse momentum, pseudorapidity, azimuth and charge of the muons of each event."""

HEADER = 'hepsel 1\nanalysis "test"\n'
PAIRS = "composite pairs take Muon a, Muon b select a.charge + b.charge < 3\n"


def write(path: Path, muons: Muons) -> None:
    """Write events with muons, in the form of NanoAOD."""
    columns = {
        name: ak.values_astype(ak.Array([[muon[k] for muon in event] for event in muons]), kind)
        for k, (name, kind) in enumerate(
            [("pt", np.float32), ("eta", np.float32), ("phi", np.float32), ("charge", np.int32)]
        )
    }
    columns["mass"] = columns["pt"] * np.float32(0)
    events = {
        "run": np.ones(len(muons), dtype=np.uint32),
        "luminosityBlock": np.ones(len(muons), dtype=np.uint32),
        "event": np.arange(len(muons), dtype=np.uint64),
        "Muon": ak.zip(columns),
    }
    with uproot.recreate(path) as file:
        types: dict[str, Any] = {
            name: value.type.content if isinstance(value, ak.Array) else value.dtype for name, value in events.items()
        }
        file.mktree("Events", types)
        file["Events"].extend(events)


def random_muons(number: int, largest: int = 4) -> Muons:
    rng = np.random.default_rng(3)
    return [
        [
            (float(rng.exponential(30) + 3), float(rng.normal(0, 1.2)), float(rng.uniform(-3.1, 3.1)), int(charge))
            for charge in rng.choice([-1, 1], rng.integers(0, largest + 1))
        ]
        for _ in range(number)
    ]


def compare(
    text: str, muons: Muons, folder: Path, change: Callable[[str], str] = str, *, item_cutflow: bool = True
) -> tuple[list[str], Any, int]:
    """Return how script and interpreter differ, the results of the interpreter, and how many events the server sent."""
    data = folder / "events.root"
    write(data, muons)
    program = load_program(HEADER + text, "nanoaod")
    expected = plain(run_program(program, [data], Settings(interpreter=True)))
    if not item_cutflow:
        expected["items"] = {}
    division = divided(program, item_cutflow=item_cutflow)
    assert all(decision.is_remote for decision in division.decisions), division.decisions
    with quickly():
        found = run_on_file(load(generate(division), folder), [data], folder, change)
    return list(differences(expected, found)), expected, len(ak.from_parquet(folder / "events_0.parquet"))


def mass_of(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Return the mass of two massless particles, in the order of operations of the language, in MeV."""

    def momentum(muon: tuple[float, ...]) -> list[float]:
        pt, eta, phi = (np.float64(np.float32(value)) for value in muon[:3])
        pt = pt * 1000.0
        p = [pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)]
        return [*p, np.sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2])]

    px, py, pz, energy = (x + y for x, y in zip(momentum(a), momentum(b), strict=True))
    return float(np.sqrt(max(energy * energy - (px * px + py * py + pz * pz), 0.0)))


def rounds_otherwise(source: str) -> str:
    """Let the server be one with other last digits of sines and cosines."""
    for name in ("sin", "cos", "sinh"):
        assert f"np.{name}(" in source
        source = source.replace(f"np.{name}(", f"(lambda x: np.{name}(x) * 1.0000000000000007)(")
    return source


# ------------------------------------------------------------------ bounds


def at_bounds() -> tuple[str, Muons]:
    """Return a program with bounds that are the masses of pairs, to the last digit."""
    muons = random_muons(60)
    some = [mass_of(event[0], event[1]) for event in muons if len(event) > 1]
    regions = [f"region r{k} select any(p.mass == {bound!r} MeV for p in pairs)\n" for k, bound in enumerate(some[:3])]
    return PAIRS + "".join(regions), muons


def test_a_server_that_rounds_otherwise_decides_nothing_else(tmp_path: Path) -> None:
    different, expected, sent = compare(*at_bounds(), tmp_path, rounds_otherwise)
    assert not different
    assert [rows[-1]["events"] for rows in expected["cutflow"].values()] == [1, 1, 1]
    assert sent == 3


def test_it_would_without_the_events_in_doubt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounding, "RELATIVE", 0.0)
    different, _, _ = compare(*at_bounds(), tmp_path, rounds_otherwise)
    assert different


def test_distances_are_exact(tmp_path: Path) -> None:
    """32-bit numbers are subtracted in 64 bits: the bounds are distances to the last digit."""
    muons = random_muons(40)
    text = PAIRS
    for k, event in enumerate([event for event in muons if len(event) > 1][:6]):
        a, b = (np.array(muon[1:3], dtype=np.float32).astype(np.float64) for muon in event[:2])
        turned = (a[1] - b[1]) - 2 * np.pi * np.floor((a[1] - b[1] + np.pi) / (2 * np.pi))
        bound = float(np.sqrt((a[0] - b[0]) ** 2 + turned * turned))
        text += f"region r{k} select any(dr(p.a, p.b) == {bound!r} for p in pairs)\n"
        text += f"region s{k} select any(dr(p.a, p.b) > {bound!r} for p in pairs)\n"
    program = load_program(HEADER + text, "nanoaod")
    assert not any(decision.is_rounded for decision in divided(program).decisions)
    different, expected, _ = compare(text, muons, tmp_path)
    assert not different
    assert all(rows[-1]["events"] >= 1 for region, rows in expected["cutflow"].items() if region.startswith("r"))


# ------------------------------------------------------------------ equally good

TIED = [(20.0, 0.5, 0.1, 1), (20.0, 0.5, 0.1, -1), (45.0, -0.5, 2.9, 1)]
ORDERS = ([0, 1, 2], [1, 0, 2], [2, 1, 0], [2, 0, 1], [0, 2])


def test_of_equally_good_items_the_first_is_kept(tmp_path: Path) -> None:
    text = "object best take Muon keep lowest pt\nregion r select best[0].charge > 0\n"
    different, expected, sent = compare(text, [[TIED[k] for k in order] for order in ORDERS], tmp_path)
    assert not different
    assert expected["selected"]["r"]["event"] == [0, 3, 4]
    assert sent == 3


def test_equally_good_candidates_are_decided_by_the_script(tmp_path: Path) -> None:
    text = f"{PAIRS}keep lowest |mass - 60 GeV|\nregion r select pairs[0].a.charge * pairs[0].b.charge < 0\n"
    muons = [[TIED[k] for k in order] for order in ORDERS]
    different, expected, sent = compare(text, muons, tmp_path, rounds_otherwise)
    assert not different
    assert expected["selected"]["r"]["event"] == [1, 2]
    assert sent == 4, "those with two candidates of the same mass"


def test_candidates_that_share_the_first_key_are_not_in_doubt(tmp_path: Path) -> None:
    text = (
        f"{PAIRS}composite quads take ordered pairs x, pairs y\n"
        "keep lowest |x.mass - 60 GeV|, lowest |y.mass - 60 GeV|\n"
        "region r select quads[0].mass > 150 GeV\n"
    )
    different, expected, sent = compare(text, random_muons(30, 6), tmp_path)
    assert not different
    assert expected["cutflow"]["r"][-1]["events"] == sent > 0


# ------------------------------------------------------------------ very many, none


def test_more_items_than_the_server_has_places_for(tmp_path: Path) -> None:
    many = [(3.0 + k, 0.01 * k, 0.0, 1) for k in range(70)]
    text = "region r select count(i for i in Muon if any(j.pt == 2 * i.pt and j != i for j in Muon)) > 20\n"
    different, expected, sent = compare(text, [many, many[:64], many[:10], []], tmp_path)
    assert not different
    assert expected["cutflow"]["r"][-1]["events"] == 2
    assert sent == 2


def test_what_is_missing(tmp_path: Path) -> None:
    nan = float("nan")
    muons = [[(nan, 0.1, 0.2, 1), (30.0, 0.3, nan, -1), (20.0, -1.0, 1.0, 1)], [], [(25.0, nan, 0.0, -1)]]
    text = (
        f"{PAIRS}keep lowest |mass - 91 GeV|\n"
        "object soft take Muon sort by pt descending keep first 2\n"
        "region a select pairs[0].mass < 1000 GeV\n"
        "region b reject pairs[0].mass < 1000 GeV reject Muon[1].pt > 1 GeV\n"
        "region d select count(mu for mu in soft if |mu.eta| < 9) == 0 reject min(soft.pt) < 25 GeV\n"
        "region e select default(Muon[0].pt, 3 GeV) < 5 GeV and max(Muon.pt) < 60 GeV\n"
    )
    different, _, _ = compare(text, muons + random_muons(20), tmp_path)
    assert not different
