"""What a file holds, and which of hepsel's own formats fits it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hepsel.errors import DataError
from hepsel.formats.contents import Contents, read_contents
from hepsel.formats.fit import Fit, best_fit, fit
from hepsel.formats.loader import builtin_formats, load_format
from hepsel.formats.schema import Format
from hepsel.run.inputs import InputFile

NEARLY_AS_MUCH = 0.9
"""Part of what a format knows of a file from which on another format could be the right one.

Of a skim of NanoAOD to the names that the CMS Open Data of 2012 have, NanoAOD knows 0.95 of what that one knows; of a
file of 2012, 0.72.
"""


def contents_for(file: InputFile, formats: Iterable[Format]) -> Contents:
    """Look into a file for what formats read, or into the one tree that the user named.

    Raises
    ------
    DataError
        When the file cannot be read, or has no such tree.
    """
    if file.tree is None:
        return read_contents(file.path, {tree for known in formats for tree in known.trees})
    contents = read_contents(file.path, {file.tree})
    trees = tuple(tree for tree in contents.trees if tree.name == file.tree)
    if not trees:
        raise DataError(f"{contents.path}: no tree {file.tree}: {names_of_trees(contents)}")
    return replace(contents, trees=trees)


def names_of_trees(contents: Contents) -> str:
    """Return a clause that says which trees a file has."""
    names = [tree.name for tree in contents.trees if tree.name is not None]
    if not contents.trees:
        return "it has no tree at all"
    return f"it has {', '.join(names)}" if names else "it is a Parquet file and has no trees"


def own_formats() -> list[Format]:
    """Return the formats that come with hepsel."""
    return [load_format(name) for name in builtin_formats()]


def only_fit(file: InputFile) -> Fit:
    """Return the one format that `hepsel inspect` finds for a file.

    Raises
    ------
    DataError
        When the file cannot be read, none fits it, or another one knows about as much of it: of two, the wrong one may
        give some words another meaning.
    """
    formats = own_formats()
    contents = contents_for(file, formats)
    found = best_fit(formats, contents)
    ask = "say which one with --format NAME|FILE"
    if found is None or not found.found:
        raise DataError(f"{file}: hepsel has no format that fits it: {ask}")
    if not found.fits:
        near = f"{found.format.name}, of which it has {found.found} of {len(found.attributes)} stored attributes"
        raise DataError(f"{file}: hepsel has no format that fits it well enough (nearest is {near}): {ask}")
    others = (fit(other, contents) for other in formats if other is not found.format)
    rivals = [one.format.name for one in others if one is not None and one.found > NEARLY_AS_MUCH * found.found]
    if rivals:
        raise DataError(f"{file}: {' and '.join([found.format.name, *rivals])} know about equally much of it: {ask}")
    return found
