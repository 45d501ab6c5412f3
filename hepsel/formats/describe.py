"""What `hepsel formats` tells about a format, as plain data."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from hepsel.formats.schema import AttributeSpec, CollectionSpec, Format
from hepsel.semantics.attributes import stored_type
from hepsel.semantics.format_types import derived_types
from hepsel.semantics.intervals import between
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import ENERGY, LENGTH, EnumType, RealType, Type

USUAL = {
    "pt": "Transverse momentum",
    "eta": "Pseudorapidity",
    "phi": "Azimuth",
    "mass": "Mass",
    "energy": "Energy",
    "rapidity": "Rapidity",
    "px": "Momentum in x",
    "py": "Momentum in y",
    "pz": "Momentum in z",
    "charge": "Charge in units of that of the positron",
    "flavour": "Kind of particle",
    "pdg_id": "PDG number",
    "x": "Position in x",
    "y": "Position in y",
    "z": "Position in z",
}
"""Descriptions of what means the same everywhere, for attributes that come without one."""

_BASE_UNITS = {ENERGY: "MeV", LENGTH: "mm"}


def describe(data_format: Format) -> dict[str, Any]:
    """Return everything that a format says, ready for JSON."""
    types, _ = derived_types(data_format)
    symbols = Symbols(data_format)
    return {
        "name": data_format.name,
        "description": data_format.description,
        "trees": list(data_format.trees),
        "enumerations": {name: list(v) for name, v in data_format.enumerations.items()},
        "collections": [
            {
                "name": collection.name,
                "description": collection.description,
                "single": collection.single,
                "list_of_one": collection.list_of_one,
                "items": list(collection.items),
                "count": list(collection.count),
                "base": collection.base,
                "where": collection.where,
                "pattern": collection.pattern,
                "attributes": [
                    describe_attribute(
                        attribute,
                        types.get((owner.name, attribute.name)) or stored_type(symbols, attribute),
                    )
                    for owner, attribute in attributes_of(data_format, collection)
                ],
            }
            for collection in data_format.collections.values()
        ],
    }


def attributes_of(data_format: Format, collection: CollectionSpec) -> Iterator[tuple[CollectionSpec, AttributeSpec]]:
    """Yield the attributes that items of a collection have, with the collection that gives them."""
    owner: CollectionSpec | None = collection
    seen: set[str] = set()
    while owner is not None:
        for attribute in owner.attributes.values():
            if attribute.name not in seen:
                yield owner, attribute
        seen |= owner.attributes.keys()
        owner = data_format.collections[owner.base] if owner.base is not None else None


def describe_attribute(spec: AttributeSpec, type_: Type) -> dict[str, Any]:
    """Return what a format says of an attribute of this type, ready for JSON."""
    described: dict[str, Any] = {
        "name": spec.name,
        "type": type_.name if isinstance(type_, EnumType) else str(type_),
        "unit": spec.unit if spec.expression is None else _unit(type_),
        "description": spec.description or USUAL.get(spec.name, ""),
    }
    if spec.expression is not None:
        return described | {"value": spec.expression}
    return described | {
        "branches": list(spec.branches),
        "mask": spec.mask,
        "values": {name: list(numbers) for name, numbers in spec.values.items()},
        "key_branches": list(spec.key_branches),
        "key": spec.key,
        "default": spec.default,
        "range": spec.range and [end if math.isfinite(end) else None for end in spec.range],
    }


def stored_as(attribute: dict[str, Any]) -> str:
    """Return where an attribute comes from, as described by `describe_attribute`, in one line."""
    if "value" in attribute:
        return f"= {attribute['value']}"
    text = " or ".join(attribute["branches"])
    if attribute["mask"] is not None:
        text += f" & {attribute['mask']}"
    if attribute["values"]:
        meanings = (f"{'/'.join(map(str, numbers))} {name}" for name, numbers in attribute["values"].items())
        text += f" ({', '.join(meanings)})"
    if attribute["default"] is not None:
        default = "an empty list" if attribute["default"] == () else attribute["default"]
        text += f"; {default} where absent"
    if attribute["range"] is not None:
        low, high = attribute["range"]
        text += f"; {between(-math.inf if low is None else low, math.inf if high is None else high)}"
    return text


def _unit(derived: Type) -> str | None:
    return _BASE_UNITS.get(derived.dimension) if isinstance(derived, RealType) else None
