"""The recipes of the documentation select what their words say: plain loops select the same events.

These are real ones, and random ones, as those have hardly any leptons.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cache
from itertools import combinations, permutations
from pathlib import Path
from typing import Any, NamedTuple

import awkward as ak
import numpy as np
import pytest
import uproot
from data_files import data_file
from docs_blocks import FRAGMENT_HEADER, ROOT, blocks
from nanoaod_events import write_branches

from hepsel.check import load_program
from hepsel.run.execute import Settings, run_program

RECIPES = blocks(ROOT / "docs" / "recipes.md")


class P4(NamedTuple):
    x: float
    y: float
    z: float
    e: float

    @property
    def pt(self) -> float:
        return math.hypot(self.x, self.y)

    @property
    def phi(self) -> float:
        return math.atan2(self.y, self.x)

    @property
    def mass(self) -> float:
        return math.sqrt(max(self.e**2 - self.x**2 - self.y**2 - self.z**2, 0))


class Item(NamedTuple):
    """An item as stored, in GeV."""

    pt: float
    eta: float
    phi: float
    p4: P4
    stored: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        return self.stored[name]


class Event(NamedTuple):
    stored: dict[str, Any]

    def items(self, name: str) -> list[Item]:
        found = {
            key.removeprefix(f"{name}_"): value for key, value in self.stored.items() if key.startswith(f"{name}_")
        }
        result = []
        for place in range(self.stored[f"n{name}"]):
            own = {key: value[place] for key, value in found.items()}
            pt, eta, phi, mass = (float(own[key]) for key in ("pt", "eta", "phi", "mass"))
            x, y, z = pt * math.cos(phi), pt * math.sin(phi), pt * math.sinh(eta)
            result.append(Item(pt, eta, phi, P4(x, y, z, math.sqrt(x**2 + y**2 + z**2 + mass**2)), own))
        return result

    @property
    def met(self) -> tuple[float, float]:
        return float(self.stored["MET_pt"]), float(self.stored["MET_phi"])


KINDS = ("Muon", "Electron", "Jet")
TRIGGERS = ("HLT_IsoMu24", "HLT_Mu17_TrkIsoVVL_Mu8_TrkIsoVVL_DZ_Mass3p8")
ATTRIBUTES = {
    "pt", "eta", "phi", "mass", "charge", "mediumId", "pfRelIso04_all", "deltaEtaSC", "cutBased", "btagDeepFlavB",
}  # fmt: skip


def read_events(path: Path) -> list[Event]:
    with uproot.open({path: "Events"}) as tree:
        known = tree.keys()
        names = [key for key in known if key.startswith(KINDS) and key.split("_", 1)[-1] in ATTRIBUTES]
        names += [*(f"n{kind}" for kind in KINDS), "MET_pt", "MET_phi", *(key for key in known if key in TRIGGERS)]
        columns = {key: tree[key].array(library="np") for key in names}
    return [Event({key: column[place] for key, column in columns.items()}) for place in range(len(columns["MET_pt"]))]


@cache
def real_events(name: str) -> list[Event]:
    return read_events(data_file(name))


@pytest.fixture(scope="module")
def random_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with random events of the branches that recipes read."""
    rng = np.random.default_rng(19)
    number = 400

    def items(most: int, attributes: dict[str, Callable[[int], Any]]) -> ak.Array:
        counts = rng.integers(0, most + 1, number)
        size = int(counts.sum())
        usual = {
            "pt": 8 + rng.exponential(35, size),
            "eta": rng.uniform(-2.6, 2.6, size),
            "phi": rng.uniform(-np.pi, np.pi, size),
            "mass": rng.uniform(0, 5, size),
        }
        columns = {key: values.astype(np.float32) for key, values in usual.items()}
        columns |= {key: make(size) for key, make in attributes.items()}
        return ak.unflatten(ak.zip(columns), counts)

    def charge(size: int) -> Any:
        return rng.choice([-1, 1], size).astype(np.int32)

    def small(size: int) -> Any:
        return rng.uniform(-0.1, 0.3, size).astype(np.float32)

    muon = {"charge": charge, "mediumId": lambda size: rng.uniform(size=size) < 0.9, "pfRelIso04_all": small}
    electron = {
        "charge": charge,
        "deltaEtaSC": small,
        "cutBased": lambda size: rng.integers(0, 5, size).astype(np.int32),
    }
    branches = {
        "Muon": items(4, muon),
        "Electron": items(3, electron),
        "Jet": items(6, {"btagDeepFlavB": small}),
        "MET_pt": rng.exponential(60, number).astype(np.float32),
        "MET_phi": rng.uniform(-np.pi, np.pi, number).astype(np.float32),
        "genWeight": np.ones(number, np.float32),
        "run": np.ones(number, np.uint32),
        "luminosityBlock": np.ones(number, np.uint32),
        "event": np.arange(number, dtype=np.uint64),
        **{name: rng.uniform(size=number) < 0.5 for name in TRIGGERS},
    }
    path = tmp_path_factory.mktemp("recipes") / "random.root"
    write_branches(path, branches)
    return path


def total(items: Iterable[Item | P4]) -> P4:
    vectors = [item.p4 if isinstance(item, Item) else item for item in items]
    return P4(*(sum(vector[axis] for vector in vectors) for axis in range(4)))


def dphi(a: float, b: float) -> float:
    return abs(math.remainder(a - b, 2 * math.pi))


def dr(a: Item, b: Item) -> float:
    return math.hypot(a.eta - b.eta, dphi(a.phi, b.phi))


def by_pt(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: -item.pt)


# ------------------------------------------------------------------ the recipes, by the region that they end with


def opposite_flavour(event: Event) -> bool:
    electrons = [
        e
        for e in event.items("Electron")
        if e.pt > 15 and abs(e.eta) < 2.5 and not 1.4442 < abs(e.eta + float(e.deltaEtaSC)) < 1.566 and e.cutBased >= 3
    ]
    muons = [
        m
        for m in event.items("Muon")
        if m.pt > 15 and abs(m.eta) < 2.4 and m.mediumId and float(m.pfRelIso04_all) < 0.2
    ]
    if len(electrons) != 1 or len(muons) != 1:
        return False
    return max(electrons[0].pt, muons[0].pt) > 25 and electrons[0].charge + muons[0].charge == 0


def isolated_muons(event: Event) -> bool:
    """Whether there is one: the recipe has no region."""
    muons = [m for m in event.items("Muon") if m.pt > 15 and abs(m.eta) < 2.4 and m.mediumId]
    jets = [j for j in event.items("Jet") if j.pt > 30 and abs(j.eta) < 2.5 and not any(dr(j, m) < 0.4 for m in muons)]
    return any(not any(dr(m, j) < min(0.4, 0.04 + 10 / m.pt) for j in jets) for m in muons)


def three_muons(event: Event) -> bool:
    muons = [m for m in event.items("Muon") if m.pt > 10 and abs(m.eta) < 2.4]
    pairs = [(a, b) for a, b in combinations(muons, 2) if a.charge + b.charge == 0]
    masses = [abs(total(pair).mass - 91.1876) for pair in pairs]
    return bool(masses) and min(masses) < 15 and len(muons) >= 3


def triggered(event: Event) -> bool:
    muons = by_pt(m for m in event.items("Muon") if m.pt > 10 and abs(m.eta) < 2.4)
    single, double = (bool(event.stored[name]) for name in TRIGGERS)
    return (single and len(muons) > 0 and muons[0].pt > 26) or (
        double and len(muons) > 1 and muons[0].pt > 20 and muons[1].pt > 10
    )


def central_jets(event: Event, least: float) -> list[Item]:
    return by_pt(j for j in event.items("Jet") if j.pt > least and abs(j.eta) < 2.4)


def multijets(event: Event) -> bool:
    jets = central_jets(event, 30)
    if len(jets) < 3 or sum(j.pt for j in jets) <= 200:
        return False
    recoil = total(jets)
    missing = P4(-recoil.x, -recoil.y, -recoil.z, -recoil.e)
    apart = [dphi(j.phi, missing.phi) for j in jets]
    return missing.pt > 50 and apart[0] > 0.5 and apart[1] > 0.5 and apart[2] > 0.3


def tagged(jets: Iterable[Item]) -> list[Item]:
    return [j for j in jets if float(j.btagDeepFlavB) > 0.3]


def two_b_jets(event: Event) -> bool:
    jets = central_jets(event, 30)
    return len(tagged(jets)) == 2 and len(jets) >= 4


def vbf(event: Event) -> bool:
    jets = by_pt(j for j in event.items("Jet") if j.pt > 20 and abs(j.eta) < 4.7)
    if len(jets) < 2:
        return False
    one, two, *others = jets
    low, high = sorted((one.eta, two.eta))
    return (
        one.pt > 40
        and two.pt > 30
        and low < 0 < high
        and high - low > 1.5
        and total((one, two)).mass > 200
        and not any(j.pt > 30 and low < j.eta < high for j in others)
    )


def hadronic_top(event: Event) -> bool:
    jets = [j for j in event.items("Jet") if j.pt > 25 and abs(j.eta) < 2.4]
    found = [
        ((total((p, q)).mass - 80.4) / 10) ** 2 + ((total((b, p, q)).mass - 172.5) / 15) ** 2
        for b, p, q in permutations(jets, 3)
        if tagged([b])
    ]
    return bool(found) and min(found) < 10


def four_jets(event: Event) -> tuple[bool, bool, int]:
    jets = central_jets(event, 30)
    return len(jets) >= 4, event.met[0] > 80, len(tagged(jets))


def signal(event: Event) -> bool:
    enough, met, tags = four_jets(event)
    return enough and met and tags >= 2


def control(event: Event) -> bool:
    enough, met, tags = four_jets(event)
    return enough and not met and tags >= 2


def one_tag(event: Event) -> bool:
    enough, met, tags = four_jets(event)
    return enough and met and tags == 1


def any_of_them(event: Event) -> bool:
    return signal(event) or control(event) or one_tag(event)


def weighted(event: Event) -> bool:
    return any(m.pt > 15 and abs(m.eta) < 2.4 for m in event.items("Muon"))


def hard(factor: float) -> Callable[[Event], bool]:
    def selected(event: Event) -> bool:
        jets = [j.pt * factor for j in event.items("Jet") if j.pt * factor > 30 and abs(j.eta) < 2.4]
        return len(jets) >= 4 and sum(jets) > 300

    return selected


TT, DY = "nanoaod/nano_tt_v12.root", "nanoaod/nano_dy.root"
CASES: list[tuple[str, dict[str, Callable[[Event], bool]]]] = [
    (TT, {"opposite_flavour": opposite_flavour}),
    (TT, {"isolated": isolated_muons}),
    (TT, {"three_muons": three_muons}),
    (DY, {"triggered": triggered}),
    (TT, {"multijets": multijets}),
    (TT, {"two_b_jets": two_b_jets}),
    (TT, {"vbf": vbf}),
    (TT, {"hadronic_top": hadronic_top}),
    (TT, {"signal": signal, "control": control, "one_tag": one_tag, "any_of_them": any_of_them}),
    (TT, {"weighted": weighted}),
    (TT, {"signal": hard(1), "scale_up": hard(1.02)}),
]
MORE = {"isolated": "\nregion isolated\n  select count(isolated_muons) >= 1\n"}


def test_every_recipe_is_tried() -> None:
    assert len(RECIPES) == len(CASES)


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_recipe_selects_what_it_says(number: int, random_file: Path) -> None:
    name, regions = CASES[number]
    text = FRAGMENT_HEADER + RECIPES[number].body + "".join(MORE.get(region, "") for region in regions)
    result = run_program(load_program(text, "nanoaod"), [data_file(name), random_file], Settings(trace=True))
    found = [*real_events(name), *read_events(random_file)]
    for region, selects in regions.items():
        passed = [criterion is None for criterion in result["first_failed"][region]]
        assert passed == [selects(event) for event in found], region
        assert 5 < sum(passed) < len(passed) - 5
