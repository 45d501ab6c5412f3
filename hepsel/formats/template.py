"""A first format file for a file that no format fits, to be completed by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hepsel.formats.consistency import attribute_problem, collection_problem
from hepsel.formats.contents import Column, Tree
from hepsel.semantics.reads import EVENT

UNKNOWN_UNIT = "?"
"""Stands where a unit must be filled in; the loader refuses it."""

_COLLECTIONS = {
    "Electron": ("el", "ele", "electron", "electrons"),
    "Muon": ("mu", "muon", "muons"),
    "Tau": ("tau", "taus"),
    "Photon": ("ph", "pho", "gamma", "photon", "photons"),
    "Jet": ("jet", "jets"),
    "FatJet": ("fatjet", "fatjets", "largerjet", "ak8", "ak10"),
    "Track": ("trk", "track", "tracks"),
    "MET": ("met",),
}
_FLAVOURS = {"Electron": "electron", "Muon": "muon", "Tau": "tau", "Photon": "photon", "Jet": "jet"}
_ATTRIBUTES = {
    "pt": ("pt", "et"),
    "energy": ("e", "energy"),
    "mass": ("m", "mass"),
    "charge": ("charge", "q"),
    "pdg_id": ("pdgid", "pdg_id"),
}
_EVENT = {
    "run": ("run", "runnumber", "run_number"),
    "luminosity_block": ("lumi", "luminosityblock", "lumiblock"),
    "number": ("event", "eventnumber", "event_number", "evt"),
    "weight": ("weight", "genweight", "mcweight", "eventweight"),
}
_ENERGIES = re.compile(r"pt|energy|mass|px|py|pz|sumet|.*(cone\d+|_pt|_mass|_energy)")
_LENGTHS = re.compile(r"d0|z0|dxy|dz|vx|vy|vz|x|y|z|.*_(d0|z0|dxy|dz)")
_ANGLES = re.compile(r"phi|theta")


@dataclass(slots=True)
class _Group:
    name: str
    single: bool
    lines: dict[str, str] = field(default_factory=dict)


def template(tree: Tree) -> str:
    """Write a format file for a tree.

    Branches are grouped by the part of their name before the first `_`, `.` or `:`. Where an
    attribute looks like one with a unit, `?` stands in its place: only a person knows the unit,
    and the file is refused until it is said.
    """
    groups: dict[str, _Group] = {}
    placed: list[tuple[Column, _Group, str]] = []
    for column in tree.columns.values():
        if column.kind == "other" or column.depth > 2 or _is_counter(column, tree):
            continue
        name, attribute, single = _place(column)
        while _is_taken(name, single=single) or (name in groups and groups[name].single != single):
            name += "_"
        placed.append((column, groups.setdefault(name, _Group(name, single)), attribute))
    for column, group, wished in placed:
        attribute = _free(wished, group, groups)
        group.lines[attribute] = _entry(column, attribute)
    return "\n".join(_text(tree, [*groups.values()])) + "\n"


def _is_counter(column: Column, tree: Tree) -> bool:
    """Whether a column only says how many items there are (`nJet`, `nJet_pt`, `jet_n`)."""
    if column.depth or column.kind != "int":
        return False
    name = column.name
    counted = name[1:] if name.startswith("n") else name.removesuffix("_n")
    return counted != name and any(
        other.depth and (other.name == counted or other.name.startswith(f"{counted}_"))
        for other in tree.columns.values()
    )


def _place(column: Column) -> tuple[str, str, bool]:
    """Return collection, attribute and whether it is a single item."""
    single = column.depth == 0
    prefix, separator, rest = _split(column.name)
    event = _vocabulary(column.name, _EVENT)
    if single and event is not None:
        return "event", event, True
    if not separator:
        return ("event" if single else "Item"), _identifier(column.name), single
    if single and _vocabulary(prefix, _COLLECTIONS) != "MET":
        return "event", _identifier(column.name), True
    collection = _vocabulary(prefix, _COLLECTIONS) or _identifier(prefix, lower=False)
    return collection, _vocabulary(rest, _ATTRIBUTES) or _identifier(rest), single


def _split(name: str) -> tuple[str, str, str]:
    match = re.search(r"[_.:]", name.strip("_.:"))
    if match is None:
        return name, "", ""
    return name[: match.start()], match[0], name[match.end() :]


def _vocabulary(name: str, words: Mapping[str, tuple[str, ...]]) -> str | None:
    return next((word for word, known in words.items() if name.lower() in known), None)


def _identifier(name: str, *, lower: bool = True) -> str:
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name) if lower else name
    plain = re.sub(r"\W+", "_", snake, flags=re.ASCII).strip("_") or "value"
    plain = plain if not plain[0].isdigit() else f"_{plain}"
    return plain.lower() if lower else plain


def _is_taken(name: str, *, single: bool) -> bool:
    """Whether a collection cannot have this name, in a file with an enumeration of flavours."""
    if name == EVENT:
        return not single
    return collection_problem(name) is not None or name in ("flavour", *_FLAVOURS.values())


def _free(attribute: str, group: _Group, groups: Mapping[str, _Group]) -> str:
    taken = {*group.lines, *groups, *_FLAVOURS.values()}
    while attribute in taken or attribute_problem(attribute) is not None:
        attribute += "_"
    return attribute


def _entry(column: Column, attribute: str) -> str:
    parts = [f"branch = {json.dumps(column.name)}"]
    if column.kind != "real":
        parts.append(f'type = "{column.kind}"')
    elif _ANGLES.fullmatch(attribute):
        parts.append('unit = "rad"')
    elif _ENERGIES.fullmatch(attribute) or _LENGTHS.fullmatch(attribute):
        parts.append(f'unit = "{UNKNOWN_UNIT}"')
    if column.depth == 2:
        parts.append("list = true")
    return f"{{ {', '.join(parts)} }}"


def _text(tree: Tree, groups: list[_Group]) -> Iterator[str]:
    yield 'name = "my_format"'
    yield 'description = "What these files are, and who makes them"'
    if tree.name is not None:
        yield f"trees = [{json.dumps(tree.name)}]"
    flavours = [_FLAVOURS[group.name] for group in groups if group.name in _FLAVOURS]
    if flavours:
        yield "\n[enumerations]"
        yield f"flavour = {json.dumps(list(dict.fromkeys(flavours)))}"
    for group in sorted(groups, key=lambda group: (not group.single, group.name != "event")):
        yield f"\n[collections.{group.name}]"
        if group.single:
            yield "single = true"
        yield f"\n[collections.{group.name}.attributes]"
        for attribute, entry in group.lines.items():
            yield f"{attribute} = {entry}"
        if group.name in _FLAVOURS and "flavour" not in group.lines:
            yield f'flavour = {{ value = "{_FLAVOURS[group.name]}" }}'
