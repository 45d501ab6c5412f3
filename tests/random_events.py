"""Random events for the format `formats/random.toml`, with everything that goes wrong in real ones.

The same events come as plain Python values, one dictionary for each event, and as columns, as readers give them: in
base units, reals as doubles. They follow from a seed, which is much faster than drawing every value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from math import inf, nan
from random import Random
from typing import Any

import awkward as ak
import numpy as np

Column = list[Any]

ENERGIES = (0.0, 5.0, 10.0, 10.0, 20.0, 20.0, 25.5, 30.1, 42.0, 91.2, -0.0, -3.0)
ETAS = (0.0, 0.5, 0.5, -1.2, 1.5, -2.3, 2.4, -0.0)
ANGLES = (0.0, 1.0, 1.0, -2.5, 3.1, -3.1, 3.1415927, -0.5)
LENGTHS = (0.0, 0.5, 0.5, -1.0, 250.0, -400.0, 500.0)
FRACTIONS = (0.0, 0.5, 1.0, 1.0, -1.0, 0.1, 2.5)
CHARGES = (1.0, -1.0, 1.0, -1.0, 0.0)
SPECIAL = (nan, nan, inf, -inf, 1e30, -0.0)


@dataclass(frozen=True)
class Reals:
    """Real values: few different ones, so that there are ties, some from a range, and now and then no number at all."""

    pool: tuple[float, ...]
    type: str = "float32"

    def draw(self, random: Random) -> float:
        kind = random.random()
        if kind < 0.05:
            return random.choice(SPECIAL)
        value = random.uniform(min(self.pool), max(self.pool)) if kind < 0.3 else random.choice(self.pool)
        return float(np.float32(value)) if self.type == "float32" else value


@dataclass(frozen=True)
class Integers:
    """Integers, or truth values."""

    pool: tuple[int, ...]
    type: str = "int32"

    def draw(self, random: Random) -> int | bool:
        value = random.choice(self.pool)
        return bool(value) if self.type == "bool" else value


@dataclass(frozen=True)
class Stored:
    """A column: its values, in how many lists, how base units are made of them, and what stands for it where it lacks.

    `may_miss` says that some values are missing in some files, as real values are anywhere.
    """

    values: Reals | Integers
    lists: int = 1
    factor: float = 1.0
    divisor: float = 1.0
    default: float | None = None
    may_miss: bool = False

    def in_base_units(self, value: Any) -> Any:
        """Return a stored real, or columns of them, in base units."""
        return value * self.factor / self.divisor


_ENERGY = Reals(ENERGIES)
_PLACES = Integers((-1, 0, 0, 1, 1, 2, 3, 5, 2_000_000_000))
_KEYS = Integers((7, 7, 3, 3, 0), "uint32")
_FLAGS = Integers((0, 1), "bool")
_QUALITY = Integers((0, 1, 2, 3, 3, -1, 7))
_STAMPS = (0, 3, 3, 2**53, 2**53 + 1, 2**53 + 1, 2**63 - 2, 2**63 - 1)
_STAMP = Integers((*_STAMPS, -(2**53) - 1, -(2**53), -(2**63), -(2**63) + 1), "int64")

COLUMNS: dict[str, Stored] = {
    "event.run": Stored(Integers((1, 2), "uint32"), 0),
    "event.luminosity_block": Stored(Integers((5, 6), "uint32"), 0),
    "event.number": Stored(Integers(tuple(range(1000, 9000, 7)), "uint64"), 0),
    "event.weights": Stored(Reals(FRACTIONS, "float64")),
    "event.pileup": Stored(Integers((0, 1, 20, 35)), 0),
    "event.spread": Stored(Reals(LENGTHS), 0),
    "event.is_clean": Stored(Integers((0, 1, 2, 6, 8, 9)), 0, default=6),
    "trigger.mu20": Stored(Integers((0, 2), "uint8"), 0),
    "trigger.el25": Stored(_FLAGS, 0, may_miss=True),
    "MET.pt": Stored(_ENERGY, 0, 1000.0),
    "MET.phi": Stored(Reals(ANGLES), 0),
    "Track.d0": Stored(Reals(LENGTHS), divisor=1000.0),
    "Track.z0": Stored(Reals(LENGTHS)),
    "Track.phi": Stored(Reals(ANGLES)),
    "Track.n_hits": Stored(Integers((0, 3, 8, 12, 17, 31), "uint8")),
    "Track.covariance": Stored(Reals((0.01, 0.04, 1.0, 0.0, -1.0)), 2),
    "Track.origin.index": Stored(_PLACES),
    "Electron.pt": Stored(_ENERGY, factor=1000.0),
    "Electron.eta": Stored(Reals(ETAS)),
    "Electron.phi": Stored(Reals(ANGLES)),
    "Electron.mass": Stored(Reals((0.511, 0.511, 0.0, -1.0))),
    "Electron.charge": Stored(Reals(CHARGES)),
    "Electron.grade_of": Stored(Integers((0, 1, 2, 3, 4, 9, 12)), may_miss=True),
    "Electron.is_loose": Stored(Integers((1, 1, 0), "bool"), may_miss=True),
    "Electron.is_tight": Stored(Integers((0, 1, 2, 3), "uint8"), default=0, may_miss=True),
    "Electron.quality": Stored(_QUALITY),
    "Electron.ptcone20": Stored(Reals((0.0, 500.0, 2000.0, 10000.0))),
    "Electron.cells": Stored(_ENERGY, 2, 1000.0),
    "Electron.layers": Stored(Integers((0, 1, 2, 3, 3)), 2),
    "Electron.tracks.index": Stored(_PLACES, 2),
    "Electron.tracks.key": Stored(_KEYS, 2),
    "Muon.pt": Stored(Reals(ENERGIES, "float64"), factor=1000.0),
    "Muon.eta": Stored(Reals(ETAS)),
    "Muon.phi": Stored(Reals(ANGLES, "float64")),
    "Muon.energy": Stored(Reals((*ENERGIES, 200.0, 300.0)), factor=1000.0),
    "Muon.charge": Stored(Integers((1, -1, 1, -1, 0))),
    "Muon.grade_of": Stored(Integers((0, 1, 2, 3), "uint8")),
    "Muon.is_loose": Stored(_FLAGS, may_miss=True),
    "Muon.quality": Stored(Integers((0, 1, 2, 3, 3, -1, 7), "int64")),
    "Muon.ptcone20": Stored(Reals((0.0, 0.5, 2.0, 10.0)), factor=1000.0),
    "Muon.track.index": Stored(_PLACES),
    "Muon.track.key": Stored(_KEYS),
    "Jet.pt": Stored(_ENERGY, factor=1000.0),
    "Jet.eta": Stored(Reals(ETAS)),
    "Jet.phi": Stored(Reals(ANGLES)),
    "Jet.mass": Stored(_ENERGY, factor=1000.0, default=5.0),
    "Jet.flavour": Stored(Integers((1, 5, 21, 11, 13, 0)), may_miss=True),
    "Jet.btag": Stored(Reals(FRACTIONS)),
    "Jet.quality": Stored(_QUALITY, default=3),
    "Jet.muon_link.index": Stored(_PLACES),
    "Jet.electron_links.index": Stored(_PLACES, 2),
    "Cluster.energy": Stored(_ENERGY, factor=1000.0),
    "Cluster.eta": Stored(Reals(ETAS)),
    "Cluster.phi": Stored(Reals(ANGLES)),
    "Shower.px": Stored(_ENERGY, factor=1000.0),
    "Shower.py": Stored(Reals(ENERGIES, "float64"), factor=1000.0),
    "Shower.pz_stored": Stored(Reals((0.0, 5000.0, -5000.0, 25500.0))),
    "Shower.energy": Stored(Reals((*ENERGIES, 200.0, 300.0)), factor=1000.0),
    "Shower.pt": Stored(_ENERGY, factor=1000.0),
    "Electron.stamp": Stored(_STAMP),
    "Muon.stamp": Stored(_STAMP),
    "Jet.stamp": Stored(Integers(_STAMPS, "uint64")),
    "event.counts": Stored(Integers((0, 1, 2, 3, 3))),
    "event.best.index": Stored(_PLACES, 0),
    "event.firsts.index": Stored(_PLACES),
    "Muon.grades": Stored(Integers((0, 1, 2, 3)), 2),
}
"""Every column of the format, as a reader calls it."""

NUMBER = 20
SEEDS = 60
COLLECTIONS = ("Track", "Electron", "Muon", "Jet", "Cluster", "Shower")
USUAL_COUNTS = (0, 1, 1, 2, 2, 3, 3, 4)


@dataclass(frozen=True)
class Events:
    """Some events in both forms.

    Attributes
    ----------
    plain
        One dictionary of plain values for each event.
    columns
        The same as awkward arrays, and more events before and after them.
    start
        Where these events are in `columns`.
    name
        How they are made again.
    """

    plain: tuple[Mapping[str, object], ...]
    columns: Mapping[str, ak.Array]
    name: str
    start: int = 0
    _read: dict[str, ak.Array] = field(default_factory=dict)

    def __repr__(self) -> str:
        return self.name

    def part(self, start: int, stop: int) -> Events:
        """Return some of the events."""
        return Events(self.plain[start:stop], self.columns, f"{self.name}.part({start}, {stop})", self.start + start)

    def read(self, names: Iterable[str]) -> dict[str, ak.Array]:
        """Return some columns."""
        stop = self.start + len(self.plain)
        for name in names:
            if name not in self._read:
                self._read[name] = self.columns[name][self.start : stop]
        return {name: self._read[name] for name in names}


@cache
def make_events(seed: int, largest: int) -> Events:
    """Make events.

    Parameters
    ----------
    seed
        Of all values.
    largest
        The largest number of items of a collection; most have fewer.
    """
    random = Random(seed)
    last = Random(f"the last collection {seed}")  # which came later: the others are as they were without it
    counts = {
        name: [_count(last if name == COLLECTIONS[-1] else random, largest) for _ in range(NUMBER)]
        for name in COLLECTIONS
    }
    if seed % 5 == 4:  # what no event has leaves no row that could be taken by mistake
        counts[COLLECTIONS[seed // 5 % len(COLLECTIONS)]] = [0] * NUMBER
    flat: dict[str, tuple[Column, list[list[int]]]] = {}
    for name, stored in COLUMNS.items():
        owner = name.split(".")[0]
        levels: list[list[int]] = []
        total = NUMBER
        if owner in COLLECTIONS:
            levels.append(counts[owner])
            total = sum(counts[owner])
        if len(levels) < stored.lists:
            base = name.removesuffix(".key") + ".index"
            inner = flat[base][1][-1] if name.endswith(".key") else [random.choice(USUAL_COUNTS) for _ in range(total)]
            levels.append(inner)
            total = sum(inner)
        values: Column = [stored.values.draw(random) for _ in range(total)]
        if isinstance(stored.values, Reals):
            values = [stored.in_base_units(value) for value in values]
        if stored.default is not None and random.random() < 0.3:
            default = stored.default
            values = [stored.in_base_units(default) if isinstance(stored.values, Reals) else default] * total
        elif stored.may_miss and random.random() < 0.5:
            values = [None if random.random() < 0.2 else value for value in values]
        flat[name] = (values, levels)
    columns = {name: _array(values, levels, COLUMNS[name].values) for name, (values, levels) in flat.items()}
    nested = {name: _nested(values, levels) for name, (values, levels) in flat.items()}
    plain = tuple({name: column[i] for name, column in nested.items()} for i in range(NUMBER))
    return Events(plain, columns, f"make_events({seed}, {largest})")


def _count(random: Random, largest: int) -> int:
    chosen = random.randint(0, largest) if random.random() < 0.05 else random.choice(USUAL_COUNTS)
    return min(chosen, largest)


def _nested(values: Column, levels: list[list[int]]) -> Column:
    for counts in reversed(levels):
        ends = list(accumulate(counts))
        values = [values[end - count : end] for end, count in zip(ends, counts, strict=True)]
    return values


def _array(values: Column, levels: list[list[int]], drawn: Reals | Integers) -> ak.Array:
    type_name = (
        "float64"
        if isinstance(drawn, Reals)
        else "bool"
        if any(v is True or v is False for v in values)
        else drawn.type
    )
    missing = np.array([value is None for value in values], dtype=bool)
    data = np.array([0 if value is None else value for value in values], dtype=type_name)
    array = ak.mask(ak.Array(data), missing, valid_when=False) if missing.any() else ak.Array(data)
    for counts in reversed(levels):
        array = ak.unflatten(array, np.array(counts, dtype=np.int64))
    return array
