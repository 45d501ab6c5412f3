"""Which of the spellings of a branch a file has: one rule, wherever a file is read."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence


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
