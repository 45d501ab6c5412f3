"""Events that a server could decide in another way than hepsel: close to bounds, equally good, with very many items."""

from __future__ import annotations

import itertools
import math
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
from hepsel.plan import nodes
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


# ------------------------------------------------------------------ how wrong numbers may be

TURN = 2 * math.pi
FORMULAS: dict[str, tuple[str, Callable[..., float]]] = {
    "neg": ("x", lambda a: -a),
    "abs": ("x", abs),
    "real": ("x", float),
    "+": ("xx", lambda a, b: a + b),
    "-": ("xx", lambda a, b: a - b),
    "*": ("xx", lambda a, b: a * b),
    "/": ("xx", lambda a, b: a / b),
    "^": ("x2", lambda a, b: a**b),
    "min": ("xx", min),
    "max": ("xx", max),
    "where": ("?xx", lambda condition, value, otherwise: value if condition else otherwise),
    "sqrt": ("p", math.sqrt),
    "sin": ("a", math.sin),
    "cos": ("a", math.cos),
    "atan": ("x", math.atan),
    "tanh": ("a", math.tanh),
    "asinh": ("x", math.asinh),
    "sinh": ("a", math.sinh),
    "cosh": ("a", math.cosh),
    "transverse": ("xx", math.hypot),
    "energy": ("xxxx", math.hypot),
    "mass": ("mmmE", lambda px, py, pz, energy: math.sqrt(energy**2 - px**2 - py**2 - pz**2)),
    "delta_phi": ("aa", lambda a, b: math.remainder(a - b, TURN)),
    "delta_r": ("aaaa", lambda a, phi, b, other: math.hypot(a - b, math.remainder(phi - other, TURN))),
    "transverse_mass": ("papa", lambda a, phi, b, other: math.sqrt(2 * a * b * (1 - math.cos(phi - other)))),
}
"""What they are by mathematics, and of which arguments: any number, one above 0, an angle, a momentum, its energy."""

IMPRECISE = 1e-7
"""By how much of them the arguments are wrong: large beside the last digits of what computes with them."""


def scale_of(function: str, values: list[float]) -> float:
    """Return in which units a function of inexact numbers is said to be exact."""
    by_name = {"events": nodes.Definition("events", "axis", None, nodes.Events())}
    known: dict[str, Any] = {}

    def define(name: str, value: float, op: nodes.Op) -> nodes.Ref:
        by_name[name] = nodes.Definition(name, "real", "events", op)
        known[name] = value
        return nodes.Ref(name)

    def value_of(operand: nodes.Operand) -> Any:
        if isinstance(operand, nodes.Const):
            return operand.value
        if operand.name not in known:
            op = by_name[operand.name].op
            assert isinstance(op, nodes.Map)
            known[operand.name] = FORMULAS[op.function][1](*map(value_of, op.arguments))
        return known[operand.name]

    arguments: list[nodes.Operand] = []
    for k, (kind, value) in enumerate(zip(FORMULAS[function][0], values, strict=True)):
        if kind == "2":
            arguments.append(nodes.Const("real", value))
        else:
            stored = define(f"stored{k}", value, nodes.Read(f"stored{k}"))
            total = define(f"total{k}", value, nodes.Map("asinh", (stored,)))  # its value is of no matter
            known[f"scale{k}"] = abs(value)
            arguments.append(stored if kind == "?" else total)
    rounds = rounding.Rounding(by_name)
    for k, argument in enumerate(arguments):
        if argument == nodes.Ref(f"total{k}"):
            rounds._scales[f"total{k}"] = nodes.Ref(f"scale{k}")
            by_name[f"scale{k}"] = nodes.Definition(f"scale{k}", "real", "events", nodes.Read(f"scale{k}"))
    result = define("result", FORMULAS[function][1](*values), nodes.Map(function, tuple(arguments)))  # type: ignore[arg-type]
    assert rounds.is_inexact(result)
    return float(value_of(rounds.scale(result)))


@pytest.mark.parametrize("function", FORMULAS)
def test_numbers_are_no_more_wrong_than_is_said(function: str) -> None:
    """Each argument is too large or too small, and so is what the function makes of them where servers round it."""
    kinds, formula = FORMULAS[function]
    rng = np.random.default_rng(5)
    for _ in range(40):
        values: list[float] = []
        for kind in kinds:
            size = 10 ** rng.uniform(-3, 3)
            if kind == "E":
                values.append(math.hypot(*values, rng.uniform(0.01, 1) * math.hypot(*values)))
            else:
                drawn = {"a": rng.uniform(-3.1, 3.1), "p": size, "2": 2.0, "?": float(rng.integers(0, 2))}
                values.append(float(drawn.get(kind, size * rng.choice([-1, 1]))))
        if function == "delta_phi" and abs(formula(*values)) > 3.1:
            continue  # it jumps there, of which there is a doubt of its own
        said = 3 * IMPRECISE * scale_of(function, values)
        for signs in itertools.product((-1, 1), repeat=len(values)):
            wrong = [v if k in "2?" else v * (1 + s * IMPRECISE) for k, s, v in zip(kinds, signs, values, strict=True)]
            found, true = formula(*wrong), formula(*values)
            if function not in rounding.EXACT:
                found *= 1 + math.copysign(IMPRECISE, found - true) * math.copysign(1, found)
            assert abs(found - true) <= said, (values, wrong)
