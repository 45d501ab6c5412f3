"""`imbalance` and `megajet`, against divisions that are found in another way."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path

import pytest
from jet_events import HEAD, jets, momentum, run, written
from run_command import hepsel

SAVED = """region r
  let one = megajet(Jet, 1)
  let two = megajet(Jet, 2)
  save px = one.px, py = one.py, pz = one.pz, e = one.energy, mass = one.mass
  save px2 = two.px, py2 = two.py, pz2 = two.pz, e2 = two.energy, mass2 = two.mass
  save difference = imbalance(Jet.pt), whole = imbalance(Jet.n_electrons)
"""
SIZES = (0, 1, 2, 3, 4, 5, 7, 11, 2, 0, 3, 6)
PATHS = ([], ["--interpreter"], ["--chunk", "3"])


def groupings(n: int) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return the divisions of n places by how many are in the smaller group."""
    return [
        (some, tuple(sorted({*range(n)} - {*some})))
        for size in range(n // 2 + 1)
        for some in combinations(range(n), size)
    ]


def number(pair: tuple[tuple[int, ...], tuple[int, ...]]) -> int:
    """Return the number whose digits, the lowest first, say whether the second element is elsewhere, the third, ..."""
    (elsewhere,) = (group for group in pair if 0 not in group)
    return sum(2 ** (place - 1) for place in elsewhere)


@pytest.mark.parametrize("options", PATHS)
@pytest.mark.parametrize("items", ["Jet", "x - Jet[0] for x in Jet"])
def test_megajets_have_the_smallest_squared_masses_together(tmp_path: Path, options: list[str], items: str) -> None:
    """Differences have squared masses below zero, which count as zero: of several divisions, the first counts."""
    events = jets(SIZES)
    program = SAVED.replace("megajet(Jet", f"megajet({items}")
    found = run(program, tmp_path, written(tmp_path / "x.root", events), *options)
    for event, row in zip(events, found.to_list(), strict=True):
        vectors = [momentum(jet) for jet in event]
        if items != "Jet":
            vectors = [vector - vectors[0] for vector in vectors]
        divided = [pair for pair in groupings(len(event)) if all(pair)]
        if not divided:
            assert all(math.isnan(row[name]) for name in ("px", "e", "mass", "px2", "e2", "mass2"))
            continue
        sums = {pair: [sum(vectors[place] for place in group) for group in pair] for pair in divided}
        squares = {pair: [max(float(v[3] ** 2 - v[:3] @ v[:3]), 0.0) for v in sums[pair]] for pair in divided}
        least = min(sum(both) for both in squares.values())
        best = min((pair for pair in divided if sum(squares[pair]) <= least + 1e-3), key=number)
        ordered = sorted(sums[best], key=lambda v: -math.hypot(v[0], v[1]))
        assert [row[name] for name in ("px", "py", "pz", "e")] == pytest.approx(ordered[0], rel=1e-9, abs=1e-6)
        assert [row[f"{name}2"] for name in ("px", "py", "pz", "e")] == pytest.approx(ordered[1], rel=1e-9, abs=1e-6)
        assert math.hypot(row["mass"], row["mass2"]) == pytest.approx(math.sqrt(least), rel=1e-6, abs=1e-2)


@pytest.mark.parametrize("options", PATHS)
def test_the_imbalance_is_the_smallest_difference(tmp_path: Path, options: list[str]) -> None:
    events = jets(SIZES)
    found = run(SAVED, tmp_path, written(tmp_path / "x.root", events), *options)
    for place, name, unit in ((0, "difference", 1000.0), (4, "whole", 1.0)):
        for event, value in zip(events, found[name].to_list(), strict=True):
            numbers = [jet[place] for jet in event]
            total = sum(numbers)  # of whole numbers, exact
            assert (
                value == min(abs(total - 2 * sum(numbers[k] for k in some)) for some, _ in groupings(len(event))) * unit
            )


def test_alpha_t_of_two_jets_is_the_lower_energy_by_their_transverse_mass(tmp_path: Path) -> None:
    events = [event for event in jets([2] * 20) if event[0][2] != event[1][2]]
    program = """region r
  save a = (sum(Jet.pt) - imbalance(Jet.pt)) / (2 * sqrt(sum(Jet.pt)^2 - sum(Jet).pt^2))
"""
    found = run(program, tmp_path, written(tmp_path / "x.root", events))["a"].to_list()
    for (one, two), alpha in zip(events, found, strict=True):
        mass = math.sqrt(2 * one[0] * two[0] * (1 - math.cos(one[2] - two[2])))
        assert alpha == pytest.approx(min(one[0], two[0]) / mass, rel=1e-9)


@pytest.mark.parametrize("options", PATHS)
def test_of_equally_good_divisions_the_first_counts(tmp_path: Path, options: list[str]) -> None:
    """Along one line, no division has a mass: in the first one, only the second jet is in the other group."""
    events = [[(float(pt), 0.0, 0.0, 0.0, 0) for pt in pts] for pts in ((30, 50, 10), (30, 50, 10, 80))]
    found = run(SAVED, tmp_path, written(tmp_path / "x.root", events), *options)
    assert (found["px"].to_list(), found["px2"].to_list()) == ([50_000.0, 120_000.0], [40_000.0, 50_000.0])


@pytest.mark.parametrize("use", ["imbalance(Jet.pt)", "megajet(Jet, 1).pt"])
@pytest.mark.parametrize("options", PATHS[:2])
def test_too_many_are_refused(tmp_path: Path, use: str, options: list[str]) -> None:
    written(tmp_path / "x.root", jets([3, 21]))
    (tmp_path / "p.hepsel").write_text(f"{HEAD}region r\n save x = {use}\n")
    code, out, err = hepsel(
        "run", str(tmp_path / "p.hepsel"), str(tmp_path / "x.root"), "--format", "nanoaod", *options
    )
    assert (code, out) == (3, "")
    assert "21 elements of one list are to be divided into two groups, and at most 20 can be: select fewer" in err
    assert len(err.splitlines()) == 1
