"""Stored columns: what a format's attributes are called in a file, how deep they are and in which unit."""

from __future__ import annotations

from typing import Literal

from hepsel.errors import DataError
from hepsel.formats.schema import AttributeSpec, Format
from hepsel.plan.nodes import ColumnRead
from hepsel.semantics.units import parse_unit


def column_read(
    data_format: Format,
    collection: str,
    spec: AttributeSpec,
    role: Literal["value", "index", "key"] = "value",
) -> ColumnRead:
    """Describe a stored column.

    Parameters
    ----------
    data_format
        The format.
    collection
        The collection that has the attribute, or a part of it.
    spec
        A stored attribute.
    role
        For a link: its index or its key.
    """
    root = data_format.root(collection)
    unit = parse_unit(spec.unit) if spec.unit and spec.kind == "real" else None
    factor, divisor = unit.scale() if unit else (1.0, 1.0)
    return ColumnRead(
        name=f"{root.name}.{spec.name}" + ("" if role == "value" else f".{role}"),
        collection=root.name,
        spec=spec,
        branches=spec.key_branches if role == "key" else spec.branches,
        depth=(0 if root.single else 1) + (1 if spec.is_list else 0),
        factor=factor,
        divisor=divisor,
        list_of_one=root.list_of_one,
        items=root.items,
        count=root.count,
        role=role,
    )


def attribute_reads(data_format: Format, collection: str, spec: AttributeSpec) -> list[ColumnRead]:
    """Return the columns that make up a stored attribute."""
    if spec.kind != "link":
        return [column_read(data_format, collection, spec)]
    reads = [column_read(data_format, collection, spec, "index")]
    if spec.key is not None and spec.key_branches:
        reads.append(column_read(data_format, collection, spec, "key"))
    return reads


def count_columns(data_format: Format, collection: str) -> list[ColumnRead]:
    """Return the columns that can say how many items a stored collection has, the best first.

    A column with a default may be absent from a file, and that of a list attribute is dearer to read.
    """
    stored = [
        read
        for spec in data_format.collections[collection].attributes.values()
        if spec.expression is None
        for read in attribute_reads(data_format, collection, spec)[:1]
    ]
    if not stored:
        raise DataError(f"the format {data_format.name} stores nothing of {collection}, so its items cannot be counted")
    return sorted(stored, key=lambda read: (read.spec.default is not None, read.spec.is_list))
