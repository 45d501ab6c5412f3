"""The stransverse mass: against the library of its authors, against its definition, and on every path."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from pathlib import Path

import awkward as ak
import mt2
import numpy as np
import pytest
import uproot
from data_files import data_file
from run_command import hepsel

from hepsel.backends.awkward.runtime.kinematics import stransverse_mass as columns
from hepsel.backends.awkward.runtime.kinematics import stransverse_mass_of as columns_of
from hepsel.interpreter.vectors import Cartesian, FourVector
from hepsel.interpreter.vectors import mt2 as interpreted


class Transverse(FourVector):
    """A four-vector of which only transverse momentum, azimuth and mass are asked for."""

    def __init__(self, pt: float, phi: float, mass: float = 0.0) -> None:
        self.components = {"pt": pt, "phi": phi, "mass": mass}

    def component(self, name: str) -> float:
        return self.components[name]

    def cartesian(self) -> Cartesian:
        raise NotImplementedError


def one_by_one(*arguments: np.ndarray) -> np.ndarray:
    rows = zip(*(a.tolist() for a in arguments), strict=True)
    return np.array([interpreted(Transverse(*r[:3]), Transverse(*r[3:6]), Transverse(*r[6:8]), *r[8:]) for r in rows])


def of_the_library(*arguments: np.ndarray) -> np.ndarray:
    pt_a, phi_a, mass_a, pt_b, phi_b, mass_b, missing, phi, *unseen = arguments
    a, b, w = ((pt * np.cos(f), pt * np.sin(f)) for pt, f in ((pt_a, phi_a), (pt_b, phi_b), (missing, phi)))
    return np.asarray(mt2.mt2(mass_a, *a, mass_b, *b, *w, *(unseen or (0.0, 0.0))))


def kinematics(count: int, masses: tuple[float, float], seed: int) -> tuple[np.ndarray, ...]:
    chance = np.random.default_rng(seed)
    vectors = []
    for scale, mass in zip((50e3, 50e3, 60e3), (*masses, 0.0), strict=True):
        vectors += [chance.exponential(scale, count), chance.uniform(-np.pi, np.pi, count)]
        vectors += [chance.exponential(mass, count) if mass else np.zeros(count)]
    return tuple(vectors[:-1])


MASSES = [(0.0, 0.0), (105.7, 0.511), (5e3, 0.0), (4e3, 30e3)]


@pytest.mark.parametrize("masses", MASSES)
def test_it_is_that_of_the_library(masses: tuple[float, float]) -> None:
    arguments = kinematics(300, masses, seed=1)
    ours, theirs = one_by_one(*arguments), of_the_library(*arguments)
    assert np.sum(ours > 1.01 * np.maximum(arguments[2], arguments[5])) > 80
    # The library is up to 20 MeV off where it should say 0.
    assert np.abs(ours - theirs).max() < (20.0 if masses == (0.0, 0.0) else 5.0)
    assert np.median(np.abs(ours - theirs)) < 1e-6


UNSEEN = [(100e3, 100e3), (0.0, 80e3), (50e3, 10e3), (400e3, 1.0), (0.0, 0.0)]


def with_unseen(masses: tuple[float, float], unseen: tuple[float, float], seed: int) -> tuple[np.ndarray, ...]:
    arguments = kinematics(100, masses, seed)
    return (*arguments, *(np.full(len(arguments[0]), mass) for mass in unseen))


@pytest.mark.parametrize("unseen", UNSEEN)
@pytest.mark.parametrize("masses", MASSES)
def test_with_masses_of_what_is_not_seen_it_is_that_of_the_library(
    masses: tuple[float, float], unseen: tuple[float, float]
) -> None:
    arguments = with_unseen(masses, unseen, seed=4)
    ours, theirs = one_by_one(*arguments), of_the_library(*arguments)
    assert np.sum(ours > 1.001 * np.maximum(arguments[2] + unseen[0], arguments[5] + unseen[1])) > 25
    # Without any mass the library is up to 20 MeV off, see above.
    assert np.abs(ours - theirs).max() < (1e-7 * theirs.max() if any(unseen) else 20.0)
    np.testing.assert_allclose(np.median(ours / theirs), 1.0, rtol=1e-9)


@pytest.mark.parametrize("masses", MASSES)
def test_of_massless_ones_it_is_the_same_as_without_their_masses(masses: tuple[float, float]) -> None:
    arguments = with_unseen(masses, (0.0, 0.0), seed=5)
    np.testing.assert_allclose(one_by_one(*arguments), one_by_one(*arguments[:-2]), rtol=1e-9, atol=1e-6)


def smallest(function: Callable[[float], float], low: float, high: float) -> float:
    """Return the smallest value of a convex function, by golden sections."""
    ratio = (math.sqrt(5) - 1) / 2
    for _ in range(80):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if function(left) < function(right):
            high = right
        else:
            low = left
    return function((low + high) / 2)


def by_definition(*numbers: float) -> float:
    (ax, ay), (bx, by), (wx, wy) = (
        (pt * math.cos(phi), pt * math.sin(phi)) for pt, phi in (numbers[:2], numbers[3:5], numbers[6:8])
    )
    mass_a, mass_b = numbers[2], numbers[5]
    unseen_a, unseen_b = numbers[8:] or (0.0, 0.0)

    def square(mass: float, px: float, py: float, unseen: float, qx: float, qy: float) -> float:
        product = math.hypot(mass, px, py) * math.hypot(unseen, qx, qy) - px * qx - py * qy
        return mass**2 + unseen**2 + 2 * product

    def larger(qx: float, qy: float) -> float:
        return max(square(mass_a, ax, ay, unseen_a, qx, qy), square(mass_b, bx, by, unseen_b, wx - qx, wy - qy))

    far = 20 * (math.hypot(ax, ay) + math.hypot(bx, by) + math.hypot(wx, wy) + unseen_a + unseen_b)
    return math.sqrt(max(smallest(lambda qx: smallest(lambda qy: larger(qx, qy), -far, far), -far, far), 0.0))


@pytest.mark.parametrize("masses", MASSES)
def test_it_is_the_smallest_larger_transverse_mass(masses: tuple[float, float]) -> None:
    arguments = kinematics(5, masses, seed=2)
    ours = one_by_one(*arguments)
    for numbers, found in zip(zip(*arguments, strict=True), ours, strict=True):
        # A flat valley of massless ones leaves the scan, in which squares of momenta cancel, a little above 0.
        assert found == pytest.approx(by_definition(*map(float, numbers)), rel=1e-4, abs=20.0)


@pytest.mark.parametrize("unseen", UNSEEN)
def test_with_masses_it_is_the_smallest_larger_transverse_mass(unseen: tuple[float, float]) -> None:
    arguments = tuple(column[:4] for column in with_unseen((5e3, 20e3), unseen, seed=6))
    for numbers, found in zip(zip(*arguments, strict=True), one_by_one(*arguments), strict=True):
        assert found == pytest.approx(by_definition(*map(float, numbers)), rel=1e-5)


@pytest.mark.parametrize("angle", [1e-2, 1e-5, 1e-8, 1e-12, 0.0])
@pytest.mark.parametrize("mass", [0.0, 0.511, 5e3])
def test_two_that_are_alike_and_recoil_against_what_is_missing_have_half_of_it_each(mass: float, angle: float) -> None:
    # Stored angles are rounded, so that two items may well have the same; the library says 0 for massless ones then.
    numbers = 40e3, 1.0 + angle, mass, 40e3, 1.0, mass, 80e3, 1.0 - math.pi
    found = one_by_one(*(np.array([number]) for number in numbers))[0]
    half = math.sqrt(mass**2 + 2 * 40e3 * (math.hypot(40e3, mass) + 40e3))
    assert found == pytest.approx(half, rel=max(angle, 1e-14))


NUMBERS, ANGLES = [0.0, 1.0, 40e3, 7e6, math.inf, math.nan], [0.0, 1.0, -3.0, math.pi, math.nan]


def test_all_paths_agree_to_the_last_bit() -> None:
    vectors = list(product(NUMBERS, ANGLES, [0.0, -2.0, 5e3, math.nan]))
    corners = [(*a, *b, pt, phi) for a, b, pt, phi in product(vectors, vectors, NUMBERS, ANGLES)][::601]
    cases = [np.array(column) for column in zip(*corners, strict=True)]
    for arguments in (tuple(cases), *(kinematics(60, masses, seed=3) for masses in MASSES)):
        with np.errstate(all="ignore"):
            np.testing.assert_array_equal(columns(*arguments), one_by_one(*arguments))


def test_all_paths_agree_to_the_last_bit_with_masses() -> None:
    vectors = list(product(NUMBERS, ANGLES[1:], [0.0, -2.0, 5e3]))
    masses = [0.0, -3.0, 80e3, math.inf, math.nan]
    numbers = product(vectors, vectors, NUMBERS[1:], ANGLES[:2], masses, masses)
    corners = [(*a, *b, pt, phi, *unseen) for a, b, pt, phi, *unseen in numbers][::9973]
    cases = tuple(np.array(column) for column in zip(*corners, strict=True))
    for arguments in (cases, *(with_unseen(masses, unseen, seed=7) for masses in MASSES for unseen in UNSEEN)):
        some = tuple(column[:40] for column in arguments)
        with np.errstate(all="ignore"):
            np.testing.assert_array_equal(columns_of(*some), one_by_one(*some))


@pytest.mark.parametrize(
    ("a", "b", "missing", "unseen", "found"),
    [
        # Nothing is missing, and each of the unseen may rest: the sum of the masses of the heavier side.
        ((0.0, 0.0, 5e3), (0.0, 0.0, 8e3), (0.0, 0.0), (100e3, 100e3), 108e3),
        ((0.0, 0.0, 5e3), (0.0, 0.0, 8e3), (0.0, 0.0), (100e3, 20e3), 105e3),
        # One that moves with its parent, whose unseen particle has the part of the momentum that belongs to its mass.
        ((30e3, 0.0, 10e3), (0.0, 0.0, 8e3), (60e3, 0.0), (20e3, 20e3), 30e3),
        # The unseen of massless ones back to back, which all goes one way by halves: sqrt(u^2 + 2 p (E + q)).
        ((40e3, 0.0, 0.0), (40e3, 0.0, 0.0), (80e3, math.pi), (30e3, 30e3), math.sqrt(30e3**2 + 80e3 * (50e3 + 40e3))),
        ((math.nan, 0.0, 5e3), (40e3, 0.0, 3e3), (80e3, math.pi), (1e3, 1e3), math.nan),
        ((30e3, 0.0, 5e3), (40e3, 0.0, 3e3), (80e3, 0.0), (1e3, math.nan), math.nan),
        # An infinite momentum along the missing one has no part across it that could be told.
        ((math.inf, 0.0, 5e3), (40e3, 1.0, 3e3), (80e3, 0.0), (1e3, 1e3), math.nan),
    ],
)
def test_what_can_be_told_by_hand_of_masses(
    a: tuple[float, float, float],
    b: tuple[float, float, float],
    missing: tuple[float, float],
    unseen: tuple[float, float],
    found: float,
) -> None:
    for first, second, masses in ((a, b, unseen), (b, a, unseen[::-1])):
        numbers = [np.array([number]) for number in (*first, *second, *missing, *masses)]
        with np.errstate(all="ignore"):
            for ours in (one_by_one(*numbers), columns_of(*numbers)):
                assert ours[0] == pytest.approx(found, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    ("a", "b", "missing", "found"),
    [
        ((30e3, 0.0, 0.0), (40e3, 1.5, 0.0), (0.0, 0.0), 0.0),  # nothing is missing
        ((30e3, 0.0, 5e3), (40e3, 1.5, 8e3), (0.0, 0.0), 8e3),  # nor here: that of the heavier one
        ((40e3, 0.0, 0.0), (40e3, 0.0, 0.0), (80e3, 0.0), 0.0),  # along both
        ((40e3, 0.0, 0.0), (40e3, 0.5, 0.0), (80e3, 0.25), 0.0),  # between the two
        ((0.0, 0.0, 0.0), (40e3, 0.0, 3e3), (80e3, math.pi), 3e3),  # nothing is seen of one
        ((math.nan, 0.0, 0.0), (40e3, 0.0, 3e3), (80e3, math.pi), math.nan),
        ((30e3, 0.0, 0.0), (40e3, 0.0, 3e3), (80e3, math.nan), math.nan),
    ],
)
def test_what_can_be_told_by_hand(
    a: tuple[float, float, float], b: tuple[float, float, float], missing: tuple[float, float], found: float
) -> None:
    for first, second in ((a, b), (b, a)):
        ours = one_by_one(*(np.array([number]) for number in (*first, *second, *missing)))
        assert ours[0] == pytest.approx(found, abs=1e-2, nan_ok=True)


PROGRAM = """hepsel 1
analysis "two jets and missing momentum"
object jets
  take Jet
  select pt > 30 GeV
region r
  select count(jets) >= 2
  save of_two = mt2(jets[0], jets[1], MET), of_sums = mt2(jets[0] + jets[1], -jets[-1], MET)
  save least = min(mt2(i, j, MET) for i, j in jets)
  save heavy = mt2(jets[0], jets[1], MET, 100 GeV), unequal = mt2(jets[0] + jets[1], jets[-1], MET, 0 GeV, jets[0].mass)
  save massless = mt2(jets[0], jets[1], MET, 0 GeV)
"""


@pytest.mark.parametrize("options", [(), ("--interpreter", "--entries", "0:30")])
def test_it_is_that_of_the_library_in_real_events(options: tuple[str, ...], tmp_path: Path) -> None:
    path = data_file("nanoaod/nano_tt_v15.root")
    program = tmp_path / "p.hepsel"
    program.write_text(PROGRAM, encoding="utf-8")
    out = tmp_path / "out"
    assert hepsel("run", str(program), str(path), "--format", "nanoaod", "--out", str(out), *options)[0] == 0
    found = ak.from_parquet(out / "columns_r.parquet")
    expected = [by_hand(event) for event in uproot.open(path)["Events"].arrays(BRANCHES) if len(jets_of(event)) >= 2]
    assert len(found) > 20
    names = "of_two", "of_sums", "least", "heavy", "unequal"
    np.testing.assert_array_equal(found["massless"], found["of_two"])
    for name, values in zip(names, zip(*expected[: len(found)], strict=True), strict=True):
        np.testing.assert_allclose(found[name] / 1000, values, rtol=1e-6, atol=1e-3)


BRANCHES = ["Jet_pt", "Jet_eta", "Jet_phi", "Jet_mass", "PFMET_pt", "PFMET_phi"]


def jets_of(event: ak.Record) -> list[np.ndarray]:
    jets = zip(*(event[f"Jet_{name}"].to_list() for name in ("pt", "eta", "phi", "mass")), strict=True)
    return [
        np.array([pt * math.cos(phi), pt * math.sin(phi), pt * math.sinh(eta), math.hypot(pt * math.cosh(eta), mass)])
        for pt, eta, phi, mass in jets
        if pt > 30
    ]


def by_hand(event: ak.Record) -> tuple[float, ...]:
    """Return what the program saves of an event, from the library, in GeV."""
    missing = event["PFMET_pt"] * math.cos(event["PFMET_phi"]), event["PFMET_pt"] * math.sin(event["PFMET_phi"])

    def mass(v: np.ndarray) -> float:
        return math.sqrt(max(v[3] ** 2 - v[:3] @ v[:3], 0.0))

    def of(a: np.ndarray, b: np.ndarray, *unseen: float) -> float:
        sides = [(mass(v), v[0], v[1]) for v in (a, b)]
        return float(mt2.mt2(*sides[0], *sides[1], *missing, *(unseen or (0.0, 0.0))))

    jets = jets_of(event)
    pairs = [of(a, b) for i, a in enumerate(jets) for b in jets[i + 1 :]]
    heavy, unequal = of(jets[0], jets[1], 100.0, 100.0), of(jets[0] + jets[1], jets[-1], 0.0, mass(jets[0]))
    return of(jets[0], jets[1]), of(jets[0] + jets[1], -jets[-1]), min(pairs), heavy, unequal
