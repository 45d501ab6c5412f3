"""Whether what was carried over into another draft says there what it said before."""

from __future__ import annotations

from collections.abc import Iterable

from hepsel.compare.diff import compare_programs
from hepsel.extract.agreeing.carry import tables_used
from hepsel.extract.agreeing.sample import Key, Sample
from hepsel.extract.agreeing.support import SECONDS, View, view
from hepsel.syntax import tree


def proven(guest: Sample, host: Sample, keys: Iterable[Key], parts: Iterable[tree.Node]) -> View | None:
    """Return a draft (the guest) as seen from another one that says the same in some places, or `None` if it does not.

    Parameters
    ----------
    guest, host
        The drafts.
    keys
        The statements of the guest that the host has to say.
    parts
        The parts of the guest whose tables have to be the same in the host.
    """
    comparison = compare_programs(host.program, guest.program, seconds=SECONDS)
    seen = view(comparison, guest, host, first=False)
    for key in keys:
        one = seen.statements.get(key)
        if one is not None and not one.same:
            return None
    tables = {name for part in parts for name in tables_used(guest, part)}
    different = {entry.block for row in comparison.differences for entry in (*row.first, *row.second)}
    theirs = {seen.blocks.get(name, name) for name in tables}
    return None if (tables | theirs) & different else seen


def unchanged(before: Sample, after: Sample, gone: str | None = None) -> bool:
    """Return whether a draft says all that it said before a block was added to it, or one is `gone` from it."""
    comparison = compare_programs(before.program, after.program, seconds=SECONDS)
    return not any(entry.block != gone for row in comparison.differences for entry in row.first)
