"""A small data format and short ways to interpret texts over events, for tests."""

from __future__ import annotations

from typing import Any

from hepsel.check import load_program
from hepsel.formats.loader import read_format
from hepsel.interpreter import evaluate_event, interpret
from hepsel.semantics.program import Program
from hepsel.semantics.units import parse_unit

FORMAT = read_format(
    """
name = "tests"
description = "Every kind of attribute that a format can have"
trees = ["events"]

[enumerations]
flavour = ["electron", "muon"]
kind = ["combined", "standalone", "forward"]

[collections.event]
single = true
[collections.event.attributes]
run = { branch = "run", type = "int" }
number = { branch = "event", type = "int" }
weight = { branch = "weight" }
best = { branch = "best", to = "Track" }

[collections.trigger]
single = true
pattern = "HLT_{name}"

[collections.MET]
single = true
[collections.MET.attributes]
pt = { branch = "met", unit = "GeV" }
phi = { branch = "met_phi", unit = "rad" }
eta = { value = "0" }
mass = { value = "0 GeV" }

[collections.Electron]
[collections.Electron.attributes]
pt = { branch = "el_pt", unit = "GeV" }
eta = { branch = "el_eta" }
phi = { branch = "el_phi", unit = "rad" }
mass = { branch = "el_m", unit = "MeV" }
charge = { branch = "el_charge", type = "int" }
flavour = { value = "electron" }
is_loose = { branch = "el_id", type = "bool", mask = 2 }
track = { branch = "el_track", to = "Track", key_branch = "el_track_key", key = 77 }
tracks = { branch = "el_tracks", to = "Track", list = true, key_branch = "el_tracks_key", key = 77 }
d0 = { value = "track.d0" }

[collections.Muon]
[collections.Muon.attributes]
pt = { branch = "mu_pt", unit = "GeV" }
eta = { branch = "mu_eta" }
phi = { branch = "mu_phi", unit = "rad" }
mass = { value = "105.6583755 MeV" }
charge = { branch = "mu_charge", type = "int" }
flavour = { value = "muon" }
type = { branch = "type", enum = "kind", mask = 7, values = { combined = 0, standalone = [1, 2] }, default = "forward" }
hits = { branch = "mu_hits", type = "int" }

[collections.Jet]
[collections.Jet.attributes]
pt = { branch = "jet_pt", unit = "MeV" }
eta = { branch = "jet_eta" }
phi = { branch = "jet_phi", unit = "rad" }
energy = { branch = "jet_e", unit = "MeV" }
widths = { branch = "jet_widths", list = true }

[collections.CentralJet]
base = "Jet"
where = "|eta| < 2.5"
[collections.CentralJet.attributes]
pt_squared = { value = "pt * pt" }

[collections.Track]
[collections.Track.attributes]
d0 = { branch = "trk_d0", unit = "um" }
""",
    "tests.toml",
)

_DEFAULTS: dict[str, dict[str, Any]] = {
    "Electron": {"eta": 0.0, "phi": 0.0, "mass": 0.0, "charge": -1, "is_loose": 2},
    "Muon": {"eta": 0.0, "phi": 0.0, "charge": 1, "type": 0, "hits": 5},
    "Jet": {"eta": 0.0, "phi": 0.0, "energy": 0.0},
    "Track": {},
}


def make_event(**collections: Any) -> dict[str, object]:
    """Return the columns of an event as a reader gives them.

    Each collection is a list of items, each single item a dict of attributes, with the units of the format. What an
    item does not say is a default, but for links, which are pairs (index, key) or lists of such.
    """
    singles = {"event": {"run": 1, "number": 1, "weight": 1.0}, "MET": {"pt": 0.0, "phi": 0.0}, "trigger": {}}
    columns: dict[str, object] = {}
    for name, defaults in singles.items():
        for attribute, value in {**defaults, **collections.get(name, {})}.items():
            columns[f"{name}.{attribute}"] = _in_base_units(name, attribute, value)
    for name, defaults in _DEFAULTS.items():
        items = [{**defaults, **item} for item in collections.get(name, [])]
        main = "d0" if name == "Track" else "pt"
        columns[f"{name}.{main}"] = [_in_base_units(name, main, item[main]) for item in items]
        for attribute in {key for item in items for key in item} - {main}:
            values = [item[attribute] for item in items]
            if attribute == "track":
                columns[f"{name}.track.index"] = [index for index, _ in values]
                columns[f"{name}.track.key"] = [key for _, key in values]
            elif attribute == "tracks":
                columns[f"{name}.tracks.index"] = [[index for index, _ in links] for links in values]
                columns[f"{name}.tracks.key"] = [[key for _, key in links] for links in values]
            else:
                columns[f"{name}.{attribute}"] = [_in_base_units(name, attribute, stored) for stored in values]
    return columns


def _in_base_units(collection: str, attribute: str, stored: Any) -> Any:
    spec = FORMAT.collections[collection].attributes.get(attribute)
    unit = parse_unit(spec.unit) if spec and spec.unit else None
    if unit is None:
        return stored
    return stored / float(1 / unit.factor) if unit.factor < 1 else stored * float(unit.factor)


def program(text: str) -> Program:
    """Return the typed program of the blocks in `text`."""
    return load_program(f'hepsel 1\nanalysis "test"\n{text}', FORMAT)


def run(text: str, *events: dict[str, object], trace: bool = False) -> dict[str, Any]:
    """Interpret the blocks in `text` over events."""
    return interpret(program(text), events, trace=trace)


def value(expression: str, event: dict[str, object], blocks: str = "") -> Any:
    """Return what an expression is worth in one event."""
    result = run(f"{blocks}\nregion r\n save x = {expression}", event)
    (found,) = result["columns"]["r"]["x"]
    return found


def places(text: str, block: str, event: dict[str, object]) -> list[Any]:
    """Return the place in the event of each item of an object, or of each slot of a composite."""
    items = evaluate_event(program(text), event).items(block)
    return [
        tuple(slot.identity[1] for slot in item.slots.values()) if item.slots else item.identity[1] for item in items
    ]
