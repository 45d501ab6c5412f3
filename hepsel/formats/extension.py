"""A format that has what another one has, and more."""

from __future__ import annotations

from hepsel.formats.document import Table


def extended(own: Table, base: Table) -> Table:
    """Return what a format file says, together with what the format says that it extends.

    Enumerations, collections and their attributes stand beside those of the other format. What both have is as the file
    itself has it: an attribute as a whole, since another branch has a unit of its own.
    """
    whole = {**base, **own, "enumerations": _beside(own, base, "enumerations")}
    collections = _beside(own, base, "collections")
    if isinstance(collections, dict):
        for name, table in collections.items():
            other = _table(base, "collections").get(name)
            if isinstance(table, dict) and isinstance(other, dict) and table is not other:
                collections[name] = {**other, **table, "attributes": _beside(table, other, "attributes")}
    return {**whole, "collections": collections}


def _beside(own: Table, base: Table, key: str) -> object:
    """Return the entries of two tables, or what stands in the place of the first one, for a message."""
    table = own.get(key, {})
    return {**_table(base, key), **table} if isinstance(table, dict) else table


def _table(content: Table, key: str) -> Table:
    table = content.get(key, {})
    assert isinstance(table, dict)  # of a format that comes with hepsel
    return table
