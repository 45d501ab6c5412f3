"""Branches by their names: which of its spellings a file has, and what a format reads from one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache

from hepsel.formats.schema import AttributeSpec, Format


def spellings(branch: str, separators: Sequence[str]) -> Iterator[str]:
    """Yield a branch as written, then with its first `.` replaced by each of the separators.

    Examples
    --------
    >>> list(spellings("Jet.pt", ("_", ":")))
    ['Jet.pt', 'Jet_pt', 'Jet:pt']
    """
    yield branch
    if "." in branch:
        yield from (branch.replace(".", separator, 1) for separator in separators)


def resolve_branch(names: Container[str], branches: Iterable[str], separators: Sequence[str]) -> str | None:
    """Return the first spelling of the first branch that a file has.

    Parameters
    ----------
    names
        What the file has: its branches, and `branch.field` for the fields of records.
    branches
        The branches of a format's attribute, in order.
    separators
        Those of the format.

    Returns
    -------
    str or None
        The name in the file, or `None`.
    """
    for branch in branches:
        for spelling in spellings(branch, separators):
            if spelling in names:
                return spelling
    return None


def read_from(branch: str, data_format: Format, *, shortened: bool) -> list[tuple[str, str]]:
    """Return what is read from a branch: collections and their attributes.

    Parameters
    ----------
    branch
        Its name.
    data_format
        Whose vocabulary is looked through.
    shortened
        Whether the name may also be that of a branch without what those of its collection begin with: `pt` for
        `Muon_pt`.
    """
    return [
        (collection, name)
        for collection, spec in data_format.collections.items()
        for beginning in [_beginning(tuple(_branches(spec.attributes.values()))) if shortened else ""]
        for name, attribute in spec.attributes.items()
        if branch in _names(attribute, data_format.separators, beginning)
    ]


def prefixes(attributes: Iterable[AttributeSpec]) -> set[str]:
    """Return what the names of branches begin with, up to the sign before the name of the attribute.

    Examples
    --------
    >>> sorted(prefixes([AttributeSpec("pt", branches=("Muon_pt", "PFMuon.pt"))]))
    ['Muon', 'PFMuon']
    """
    return {re.split(r"[._]", branch, maxsplit=1)[0] for branch in _branches(attributes)}


def _branches(attributes: Iterable[AttributeSpec]) -> Iterator[str]:
    return (branch for attribute in attributes for branch in attribute.branches)


@lru_cache(maxsize=1 << 10)
def _beginning(branches: tuple[str, ...]) -> str:
    """Return what most of the branches of a collection begin with; nothing where they have little in common.

    The branches of an event are of many kinds, and `LHE_HT` is not its `HT`.
    """
    starts = Counter(match[0] for branch in branches if (match := re.match(r"[^._]+[._]", branch)))
    best, count = next(iter(starts.most_common(1)), ("", 0))
    return best if 2 * count > len(branches) else ""


def _names(attribute: AttributeSpec, separators: Sequence[str], beginning: str) -> Iterator[str]:
    for branch in attribute.branches:
        yield from spellings(branch, separators)
        if beginning and branch.startswith(beginning):
            yield branch.removeprefix(beginning)
            yield branch.rpartition(".")[2]
