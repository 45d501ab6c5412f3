"""One attribute of a format file."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from hepsel.formats.document import Document, Table, nearest
from hepsel.formats.schema import AttributeSpec, StoredKind
from hepsel.formats.source import KeyPath
from hepsel.semantics.units import UNITS, parse_unit

Enumerations = Mapping[str, tuple[str, ...]]

_KINDS: tuple[StoredKind, ...] = get_args(StoredKind)

XAOD_READ = re.compile(
    r"[A-Za-z_]\w*\(\)|bool|char|short|int|float|double|u?int(8|16|32|64)_t|ElementLink<DataVector<xAOD::\w+>>",
    re.ASCII,
)
"""How an attribute is read in the xAOD dialect: it becomes a part of scripts."""

_ANY_KIND = ("branch", "type", "list", "default", "xaod")
_ONE_KIND: dict[StoredKind, tuple[str, ...]] = {
    "real": ("unit", "range"),
    "int": ("mask", "range"),
    "bool": ("mask",),
    "enum": ("enum", "values", "mask"),
    "link": ("to", "key", "key_branch"),
}
_SOME_KINDS = tuple(dict.fromkeys(key for keys in _ONE_KIND.values() for key in keys))
_KEYS = ("value", *_ANY_KIND, *_SOME_KINDS, "description")


def read_attribute(
    document: Document, name: str, entry: Table, path: KeyPath, enumerations: Enumerations
) -> AttributeSpec:
    """Read an attribute.

    Parameters
    ----------
    document
        Takes note of what is wrong.
    name
        Name of the attribute.
    entry
        What the file says about it.
    path
        Where it says so.
    enumerations
        Those of the format.
    """
    document.unknown_keys(entry, _KEYS, path)
    description = document.text(entry, "description", path) or ""
    if "value" in entry:
        for key in (*_ANY_KIND, *_SOME_KINDS):
            if key in entry:
                message = f"a derived attribute (it has `value`) cannot have `{key}`"
                document.problem((*path, key), message)
        return AttributeSpec(name, description, expression=document.text(entry, "value", path))
    if "branch" not in entry:
        message = f"attribute `{name}` needs `branch`, where it is stored, or `value`, its expression"
        document.problem(path, message)
    kind = _kind(document, entry, path)
    for key in _SOME_KINDS:
        if key in entry and key not in _ONE_KIND[kind]:
            message = f"an attribute of type {kind} cannot have `{key}`"
            document.problem((*path, key), message)
    spec = AttributeSpec(
        name=name,
        description=description,
        kind=kind,
        branches=document.texts(entry, "branch", path),
        unit=_unit(document, entry, path),
        is_list=document.flag(entry, "list", path),
        enumeration=document.text(entry, "enum", path),
        values=_values(document, entry, path),
        mask=document.whole(entry, "mask", path),
        target=document.text(entry, "to", path),
        key_branches=document.texts(entry, "key_branch", path),
        key=document.whole(entry, "key", path),
        range=_range(document, entry, path),
        xaod=document.text(entry, "xaod", path),
    )
    if spec.xaod is not None and not XAOD_READ.fullmatch(spec.xaod):
        message = f"`xaod` is a method, such as `pt()`, or a C++ type, such as `float`, and not `{spec.xaod}`"
        document.problem((*path, "xaod"), message)
    elif spec.xaod is not None and (kind == "link") != spec.xaod.startswith("ElementLink<"):
        document.problem((*path, "xaod"), "`xaod` of a link is its type, `ElementLink<...>`, and only of a link")
    if spec.mask is not None and spec.mask <= 0:
        document.problem((*path, "mask"), "`mask` must be above 0: it says which bits count")
    elif spec.mask is not None:
        _check_masked(document, entry, spec, spec.mask, path)
    if kind == "enum":
        _check_enumeration(document, entry, spec, path, enumerations)
    if kind == "link":
        _check_link(document, entry, name, path)
    spec = _with_default(document, entry, spec, path, enumerations)
    if spec.range is not None and isinstance(spec.default, int | float):
        low, high = spec.range
        if not low <= spec.default <= high:
            document.problem((*path, "default"), f"`default` of `{name}` is not in its `range`")
    return spec


def _range(document: Document, entry: Table, path: KeyPath) -> tuple[float, float] | None:
    """Read where all numbers of an attribute lie."""
    if "range" not in entry:
        return None
    told = entry["range"]
    if isinstance(told, list) and len(told) == 2:
        low, high = map(_end, told)
        if low <= high and any(map(math.isfinite, (low, high))):
            return low, high
    message = (
        "`range` must be a list of the smallest and the largest number, such as `[0, 1]`,"
        " or `[0, inf]` if there is no largest one"
    )
    document.problem((*path, "range"), message)
    return None


def _end(value: object) -> float:
    """Return a number, or NaN for what is none."""
    return math.nan if isinstance(value, bool) or not isinstance(value, int | float) else float(value)


def _check_masked(document: Document, entry: Table, spec: AttributeSpec, mask: int, path: KeyPath) -> None:
    """Refuse numbers that no stored number is once its other bits are left out."""
    told = [((*path, "values", name), number) for name, numbers in spec.values.items() for number in numbers]
    default = entry.get("default")
    if spec.kind == "int" and type(default) is int:
        told.append(((*path, "default"), default))
    for place, number in told:
        if number & mask != number:
            document.problem(place, f"the number {number} has bits that `mask` leaves out: only those of {mask} count")


def _kind(document: Document, entry: Table, path: KeyPath) -> StoredKind:
    implied: StoredKind = "enum" if "enum" in entry else "link" if "to" in entry else "real"
    told = document.text(entry, "type", path)
    if told is None:
        return implied
    for kind in _KINDS:
        if told == kind:
            return kind
    kinds = ", ".join(_KINDS)
    message = f"`{told}` is not a type{nearest(told, _KINDS)}; types are {kinds}"
    document.problem((*path, "type"), message)
    return implied


def _unit(document: Document, entry: Table, path: KeyPath) -> str | None:
    unit = document.text(entry, "unit", path)
    if unit is not None and parse_unit(unit) is None:
        units = ", ".join(UNITS)
        message = f"`{unit}` is not a unit{nearest(unit, UNITS)}; units are {units} and their powers"
        document.problem((*path, "unit"), message)
    return unit


def _values(document: Document, entry: Table, path: KeyPath) -> dict[str, tuple[int, ...]]:
    values: dict[str, tuple[int, ...]] = {}
    meant: dict[int, str] = {}
    for name, stored in document.table(entry, "values", path).items():
        inside = (*path, "values", name)
        listed = stored if isinstance(stored, list) else [stored]
        numbers = tuple(number for number in listed if type(number) is int)
        if not numbers or len(numbers) < len(listed):
            message = f"value `{name}` must be a whole number or a list of whole numbers"
            document.problem(inside, message)
            continue
        for number in numbers:
            if meant.setdefault(number, name) != name:
                message = f"the number {number} stands for both `{meant[number]}` and `{name}`"
                document.problem(inside, message)
        values[name] = numbers
    return values


def _check_enumeration(
    document: Document, entry: Table, spec: AttributeSpec, path: KeyPath, enumerations: Enumerations
) -> None:
    if "enum" not in entry:
        message = f"attribute `{spec.name}` needs `enum`, the name of its enumeration"
        document.problem(path, message)
    if "values" not in entry:
        message = f"attribute `{spec.name}` needs `values`, the stored number of each of its values"
        document.problem(path, message)
    enumeration = spec.enumeration
    if enumeration is None:
        return
    if enumeration not in enumerations:
        message = f"there is no enumeration `{enumeration}`{nearest(enumeration, enumerations)}"
        document.problem((*path, "enum"), message)
        return
    names = enumerations[enumeration]
    for name in spec.values:
        if name not in names:
            message = f"`{name}` is not a value of `{enumeration}`{nearest(name, names)}"
            document.problem((*path, "values", name), message)


def _check_link(document: Document, entry: Table, name: str, path: KeyPath) -> None:
    if "to" not in entry:
        message = f"link `{name}` needs `to`, the collection that it points into"
        document.problem(path, message)
    if ("key" in entry) != ("key_branch" in entry):
        document.problem(path, f"link `{name}` needs both `key` and `key_branch`, or neither")


def _with_default(
    document: Document, entry: Table, spec: AttributeSpec, path: KeyPath, enumerations: Enumerations
) -> AttributeSpec:
    if "default" not in entry:
        return spec
    default = entry["default"]
    if spec.is_list and spec.kind != "link":
        if default == []:
            return replace(spec, default=())
        expected = "[] (an empty list)"
    elif spec.kind == "bool":
        if isinstance(default, bool):
            return replace(spec, default=default)
        expected = "true or false"
    elif spec.kind == "int":
        if isinstance(default, int) and not isinstance(default, bool):
            return replace(spec, default=default)
        expected = "a whole number"
    elif spec.kind == "real":
        if isinstance(default, int | float) and not isinstance(default, bool) and math.isfinite(default):
            return replace(spec, default=float(default))
        expected = "a finite number"
    elif spec.kind == "enum":
        names = enumerations.get(spec.enumeration or "", ())
        if isinstance(default, str) and default in names:
            return replace(spec, default=default)
        expected = f"one of {', '.join(names)}"
    else:
        expected = "left out: a link has no default"
    document.problem((*path, "default"), f"`default` of `{spec.name}` must be {expected}")
    return spec
