"""A first format file for a file that no format fits, to be completed by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from hepsel.formats.consistency import attribute_problem, collection_problem
from hepsel.formats.contents import Column, Tree
from hepsel.formats.schema import ITEM
from hepsel.semantics.program import CARTESIAN, POLAR
from hepsel.semantics.reads import EVENT

UNKNOWN_UNIT = "?"
"""Stands where a unit must be filled in; the loader refuses it."""

_COLLECTIONS = {
    "Lepton": ("lep", "lepton", "leptons"),
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
    "px": ("px", "momentum.x", "momentum_x", "fp.fx"),
    "py": ("py", "momentum.y", "momentum_y", "fp.fy"),
    "pz": ("pz", "momentum.z", "momentum_z", "fp.fz"),
    "energy": ("e", "energy", "pe", "fe"),
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
_ENERGIES = re.compile(r"p|pt|energy|mass|px|py|pz|sumet|.*(cone\d+|_(p|pt|et|m|mass|e|pe|energy|px|py|pz))")
_LENGTHS = re.compile(r"d0|z0|dxy|dz|vx|vy|vz|x|y|z|.*_(d0|z0|dxy|dz)|.*(position|vertex|point)_[xyz]")
_ANGLES = re.compile(r"phi|theta")
_RECORD = re.compile(r"(p4|fCoordinates)\.f?")
"""Begins the names of what a record within an item says of its momentum."""


@dataclass(slots=True)
class _Group:
    name: str
    single: bool
    items: tuple[str, ...] = ()
    lines: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a column belongs: a collection, the attribute that it is, and what it is written as."""

    collection: str
    attribute: str
    single: bool
    branch: str
    items: tuple[str, ...] = ()


def template(tree: Tree) -> str:
    """Write a format file for a tree.

    Branches are grouped by the part of their name before the first `_`, `.` or `:`. Where an
    attribute looks like one with a unit, `?` stands in its place: only a person knows the unit,
    and the file is refused until it is said.
    """
    groups: dict[str, _Group] = {}
    placed: list[tuple[Column, _Group, _Place]] = []
    known = _vectors_of_scalars(tree)
    for column in tree.columns.values():
        if column.kind == "other" or column.depth > 2 or _is_counter(column, tree):
            continue
        place = known.get(column.name) or _place(column)
        if place.items and column.name != place.branch.replace(ITEM, place.items[0]):
            continue  # said with the first item
        name = place.collection
        while _is_taken(name, single=place.single) or (
            name in groups and (groups[name].single, groups[name].items) != (place.single, place.items)
        ):
            name += "_"
        placed.append((column, groups.setdefault(name, _Group(name, place.single, place.items)), place))
    for column, group, place in placed:
        attribute = _free(place.attribute, group, groups)
        group.lines[attribute] = _entry(column, attribute, place)
    counts = {
        group.name: _count(tree, group, [column for column, of, _ in placed if of is group])
        for group in groups.values()
    }
    return "\n".join(_text(tree, [*groups.values()], counts)) + "\n"


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


def _is_fixed(column: Column) -> bool:
    """Whether a column holds equally many values in every event."""
    return column.depth > 0 and re.match(r"\w+\[\d+\]|std::array<", column.type) is not None


def _count(tree: Tree, group: _Group, columns: list[Column]) -> str | None:
    """Return the column that may say how many of the items of a collection are there; empty where none may.

    `None` where all items that are stored are there, as far as the types of the columns tell.
    """
    if not group.items and not any(map(_is_fixed, columns)):
        return None
    names = {re.sub(r"\d+$", "", _split(column.name)[0]).lower() for column in columns}
    wanted = {made for name in names for made in (f"n{name}", f"n_{name}", f"{name}_n", f"n{name}s", f"{name}_size")}
    whole = (column for column in tree.columns.values() if column.kind == "int" and not column.depth)
    return next((column.name for column in whole if column.name.lower() in wanted), "")


def _vectors_of_scalars(tree: Tree) -> dict[str, _Place]:
    """Place the columns of one value in each event whose names make four-vectors.

    `mup_PX`, `mup_PY` and `mup_PZ` make a single item; `lep1_pt` and `lep2_pt`, or `pt_1` and `pt_2`, with the angles,
    are items with branches of their own.
    """
    scalars = [column.name for column in tree.columns.values() if column.depth == 0 and column.kind != "other"]
    found: dict[str, dict[str, str]] = {}  # what comes before or behind the name of an attribute: that, and the column
    for name in scalars:
        for sign in re.finditer(r"[_.:]", name):
            found.setdefault(name[: sign.end()] + ITEM, {})[name[sign.end() :]] = name
        if behind := re.fullmatch(r"(.+)(_\d+)", name):
            found.setdefault(ITEM + behind[2], {})[behind[1]] = name
    whole = {where: names for where, names in found.items() if _is_vector(names)}
    families: dict[str, list[str]] = {}
    for where in whole:
        families.setdefault(re.sub(r"\d+(?=[_.:]\{)|(?<=\}_)\d+$", "#", where), []).append(where)
    placed = {}
    for family, members in families.items():
        if "#" not in family or len(members) < 2:
            singles = [member for member in members if member.endswith(ITEM)]
            shared = [(member, _identifier(member.removesuffix(ITEM), lower=False)) for member in singles]
            for member, collection in shared:
                for rest, name in whole[member].items():
                    kind = _vocabulary(collection, _COLLECTIONS) or collection
                    placed[name] = _Place(kind, _attribute(rest), single=True, branch=name)
            continue
        common = [rest for rest in whole[members[0]] if all(rest in whole[member] for member in members)]
        if family.endswith("#"):
            items = tuple(member.removeprefix(f"{ITEM}_") for member in members)
            collection, branch = "Item", "{rest}_" + ITEM
        else:
            items = tuple(member.removesuffix(ITEM)[:-1] for member in members)
            stem = re.sub(r"\W|_|\d+$", "", items[0])
            collection = _vocabulary(stem, _COLLECTIONS) or _identifier(stem, lower=False)
            branch = ITEM + members[0].removesuffix(ITEM)[-1] + "{rest}"
        for rest in common:
            for member in members:
                written = branch.replace("{rest}", rest)
                placed[whole[member][rest]] = _Place(collection, _attribute(rest), False, written, items)
    return placed


def _is_vector(names: Iterable[str]) -> bool:
    """Whether some attributes are the momentum of an item."""
    attributes = {_attribute(name) for name in names}
    return attributes.issuperset(POLAR) or attributes.issuperset(CARTESIAN)


def _place(column: Column) -> _Place:
    """Place a column by its name alone."""
    single = column.depth == 0
    name = column.name
    event = _vocabulary(name, _EVENT)
    if single and event is not None:
        return _Place("event", event, single, name)
    if name.startswith("_") and not single:
        # What EDM4hep calls so belongs to a collection, and has another number of elements.
        owner, _, rest = name.strip("_").rpartition(".")
        return _Place(_identifier(owner or rest, lower=False), _attribute(rest if owner else "value"), single, name)
    prefix, separator, rest = _split(name)
    if not separator:
        # A vector of a few numbers, of the event rather than of items.
        is_list = _is_fixed(column)
        return _Place("event" if single or is_list else "Item", _identifier(name), single or is_list, name)
    if single and _vocabulary(prefix, _COLLECTIONS) != "MET":
        return _Place("event", _identifier(name), single, name)
    collection = _vocabulary(prefix, _COLLECTIONS) or _identifier(prefix, lower=False)
    return _Place(collection, _attribute(rest), single, name)


def _attribute(rest: str) -> str:
    """Return what to call what follows the name of the collection in that of a branch."""
    rest = _RECORD.sub("", rest, count=1)
    return _vocabulary(rest, _ATTRIBUTES) or _identifier(rest)


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


def _entry(column: Column, attribute: str, place: _Place) -> str:
    parts = [f"branch = {json.dumps(place.branch)}"]
    if column.kind != "real":
        parts.append(f'type = "{column.kind}"')
    elif _ANGLES.fullmatch(attribute):
        parts.append('unit = "rad"')
    elif _ENERGIES.fullmatch(attribute) or _LENGTHS.fullmatch(attribute):
        parts.append(f'unit = "{UNKNOWN_UNIT}"')
    if column.depth > (not (place.single or place.items)):
        parts.append("list = true")
    return f"{{ {', '.join(parts)} }}"


def _text(tree: Tree, groups: list[_Group], counts: Mapping[str, str | None]) -> Iterator[str]:
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
        if group.items:
            yield f"items = {json.dumps(list(group.items))}"
        if (count := counts[group.name]) is not None and not group.single:
            yield (
                f"count = {json.dumps(count)}"
                if count
                else "# equally many are stored in every event: `count` is the branch that says how many are there"
            )
        yield f"\n[collections.{group.name}.attributes]"
        for attribute, entry in group.lines.items():
            yield f"{attribute} = {entry}"
        if group.name in _FLAVOURS and "flavour" not in group.lines:
            yield f'flavour = {{ value = "{_FLAVOURS[group.name]}" }}'
