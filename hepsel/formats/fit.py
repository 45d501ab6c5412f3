"""How well a format fits what a file holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from hepsel.formats.branches import resolve_branch, spellings
from hepsel.formats.contents import Column, Contents, Tree
from hepsel.formats.schema import ITEM, AttributeSpec, CollectionSpec, Format

State = Literal["found", "unsuitable", "default", "missing"]

ENOUGH = 0.5
"""Part of its stored attributes that a file must have for a format to fit it."""


@dataclass(frozen=True, slots=True)
class FoundAttribute:
    """A stored attribute, and where the file has it.

    Attributes
    ----------
    collection
        The collection that it is one of.
    spec
        The attribute.
    branches
        Name in the file, or those of all items that have branches of their own; none where one is lacking.
    lacking
        Spellings of what is not there of it: of its branch, or of one that belongs to it.
    trouble
        How it is stored, and how it would have to be, where a run would refuse the branch for it.
    """

    collection: str
    spec: AttributeSpec
    branches: tuple[str, ...]
    lacking: tuple[str, ...]
    trouble: str | None

    @property
    def state(self) -> State:
        """Found, found but of no use, absent with a default, or missing."""
        if self.branches:
            return "found" if self.trouble is None else "unsuitable"
        return "missing" if self.spec.default is None else "default"


@dataclass(frozen=True, slots=True)
class Fit:
    """A format and the tree of a file that it is for.

    Attributes
    ----------
    format, tree
        Which.
    attributes
        All stored attributes of the format.
    pattern_branches
        Number of branches for each single item that takes its attributes from a pattern.
    """

    format: Format
    tree: Tree
    attributes: tuple[FoundAttribute, ...]
    pattern_branches: dict[str, int]

    @property
    def found(self) -> int:
        """Number of stored attributes that the file has."""
        return sum(attribute.state == "found" for attribute in self.attributes)

    @property
    def fraction(self) -> float:
        """Part of the stored attributes that the file has."""
        return self.found / len(self.attributes) if self.attributes else 0.0

    @property
    def fits(self) -> bool:
        """Whether the file has enough of them."""
        return self.fraction >= ENOUGH

    def of(self, collection: str) -> list[FoundAttribute]:
        """Return the stored attributes of a collection."""
        return [found for found in self.attributes if found.collection == collection]


def fit(data_format: Format, contents: Contents) -> Fit | None:
    """Compare a format with a file.

    Returns
    -------
    Fit or None
        `None` when the file has none of the format's trees.
    """
    tree = _tree(data_format, contents)
    if tree is None:
        return None
    attributes = tuple(
        _looked_up(collection, spec, tree, data_format.separators)
        for collection in data_format.collections.values()
        for spec in collection.attributes.values()
        if spec.expression is None
    )
    patterns = {
        collection.name: sum(1 for _ in _of_pattern(collection, tree, data_format.separators))
        for collection in data_format.collections.values()
        if collection.pattern is not None
    }
    return Fit(data_format, tree, attributes, patterns)


def best_fit(formats: list[Format], contents: Contents) -> Fit | None:
    """Return the format that knows most of the file, and of several the one that has least besides.

    Not the one of which the file has the largest part: a small format may name some of what a skim in a larger one has.
    """
    fits = [found for found in (fit(known, contents) for known in formats) if found is not None]
    return max(fits, key=lambda found: (found.found, found.fraction), default=None)


def _tree(data_format: Format, contents: Contents) -> Tree | None:
    by_name = {tree.name: tree for tree in contents.trees}
    return next((by_name[name] for name in (*data_format.trees, None) if name in by_name), None)


_VALUES = ("one value in each event", "a list in each event", "a list of lists in each event")


def _looked_up(
    collection: CollectionSpec, spec: AttributeSpec, tree: Tree, separators: tuple[str, ...]
) -> FoundAttribute:
    wanted = _wanted(collection, spec)
    names = [resolve_branch(tree.columns, tried, separators) for tried in wanted]
    lacking = next((tried for tried, name in zip(wanted, names, strict=True) if name is None), ())
    branches = () if lacking else tuple(name for name in names[: len(collection.items) or 1] if name is not None)
    alone = collection.single or collection.items
    depth = (not alone or collection.list_of_one) + spec.is_list
    troubles = (_trouble(tree.columns[branch], depth) for branch in branches)
    trouble = next((told for told in troubles if told is not None), None)
    return FoundAttribute(collection.name, spec, branches, lacking, trouble)


def _trouble(column: Column, depth: int) -> str | None:
    if column.kind != "other" and column.depth == depth:
        return None
    return f"{column.name} is stored as {column.type}, and not as {_VALUES[depth]}"


def _wanted(collection: CollectionSpec, spec: AttributeSpec) -> list[tuple[str, ...]]:
    """Return the spellings of all branches that an attribute takes, those of its own values first."""
    items = collection.items or ("",)
    wanted = [
        tuple(branch.replace(ITEM, item) for branch in branches)
        for branches in (spec.branches, spec.key_branches)
        if branches
        for item in items
    ]
    return [*wanted, collection.count] if collection.count else wanted


def _of_pattern(collection: CollectionSpec, tree: Tree, separators: tuple[str, ...]) -> Iterator[str]:
    assert collection.pattern is not None
    starts = tuple(spelling.split("{name}")[0] for spelling in spellings(collection.pattern, separators))
    end = collection.pattern.split("{name}")[1]
    return (
        name
        for name, column in tree.columns.items()
        if column.kind == "bool" and name.startswith(starts) and name.endswith(end)
    )
