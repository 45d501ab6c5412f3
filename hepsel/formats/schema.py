"""What a data format says: how the standard vocabulary maps to what a file stores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

StoredKind = Literal["real", "int", "bool", "enum", "link"]


ITEM = "{item}"
"""Stands in a branch for the name of the item that it belongs to."""


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """One attribute of a collection: stored (`branches`) or derived (`expression`).

    Attributes
    ----------
    name
        Name in the vocabulary.
    description
        One sentence for `hepsel formats show`.
    kind
        Type of a stored value; derived attributes have the type of their expression.
    branches
        Spellings of the branch, tried in order. For a link: the branch of the index into the
        target.
    unit
        Unit as stored (`None`: a pure number). Values are converted to base units (MeV, mm, ns,
        fb^-1, rad).
    is_list
        Whether each item has a list of values (or links).
    enumeration
        Name of the enumeration that a stored integer stands for.
    values
        Enumeration value to the stored integers that mean it.
    mask
        Bits of the stored integer that count: the value is `stored & mask`.
    target
        Collection that a link points into.
    key_branches
        Branch of the key that says which container a link points into, spellings in order.
    key
        The key that stands for `target`; a link with another key is missing.
    default
        Value where the file has none of the branches; without it, such a file is refused. In the
        attribute's own unit; an empty tuple for a list.
    range
        The smallest and the largest number that any file stores, or has by default, in the attribute's own
        unit; an end may be infinite. For the checker alone: no run looks at it.
    expression
        Text of the expression that derives the attribute, in hepsel's own expression language, with
        `this`.
    xaod
        How the xAOD dialect of func_adl reads a stored value: a method, `pt()`, or the C++ type of the
        variable that the branch is named after, `float`.
    """

    name: str
    description: str = ""
    kind: StoredKind = "real"
    branches: tuple[str, ...] = ()
    unit: str | None = None
    is_list: bool = False
    enumeration: str | None = None
    values: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    mask: int | None = None
    target: str | None = None
    key_branches: tuple[str, ...] = ()
    key: int | None = None
    default: bool | int | float | str | tuple[()] | None = None
    range: tuple[float, float] | None = None
    expression: str | None = None
    xaod: str | None = None

    def meaning(self, column: str) -> str:
        """Return what a message adds of a column that is missing, perhaps which versions have it; or nothing."""
        return f"; {column}: {self.description}" if self.description else ""


@dataclass(frozen=True, slots=True)
class CollectionSpec:
    """A collection (any number of items per event) or a single item (`MET`, `event`, `trigger`).

    `base` and `where` make it the part of another collection for which the condition holds: its
    items keep their
    identity and place there, and have its attributes besides their own. `pattern` gives stored
    boolean attributes of
    any name, such as `HLT_{name}`. `xaod` is what the xAOD dialect of func_adl calls it on an event: `Electrons()`.
    With `list_of_one`, the branches of a single item hold lists with one element for each event. With `items`, each
    item has branches of its own, one value for each event: `{item}` in a branch stands for one of these names. `count`
    gives the branch, in spellings, of the number of items that there are: those stored behind them are none.
    """

    name: str
    attributes: Mapping[str, AttributeSpec]
    description: str = ""
    single: bool = False
    list_of_one: bool = False
    items: tuple[str, ...] = ()
    count: tuple[str, ...] = ()
    base: str | None = None
    where: str | None = None
    pattern: str | None = None
    xaod: str | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A data format.

    Attributes
    ----------
    name, description
        As in `hepsel formats`.
    trees
        Names of the TTree or RNTuple, tried in order (Parquet files have none).
    separators
        Other spellings of the `.` in branch names, for example `:` in an RNTuple, tried after the
        name as written.
    enumerations
        Name of an enumeration to its values, in order.
    collections
        Collections and single items by name.
    style
        Style of plots and good-run lists of the experiment that writes the format: data for `hepsel
        run`.
    servicex
        How ServiceX reads such files: `uproot` (flat trees), or the ATLAS event data model of a release:
        `xaodr22`, `xaodr25`.
    """

    name: str
    description: str
    trees: tuple[str, ...]
    enumerations: Mapping[str, tuple[str, ...]]
    collections: Mapping[str, CollectionSpec]
    separators: tuple[str, ...] = ()
    style: str | None = None
    servicex: str = "uproot"

    def root(self, name: str) -> CollectionSpec:
        """Return the collection that stores the items of a collection (`name` may be a part of it)."""
        *_, stored = self.chain(name)
        return stored

    def chain(self, name: str) -> Iterator[CollectionSpec]:
        """Yield a collection, the one that it is a part of, the one that this is a part of, and so on."""
        spec = self.collections[name]
        yield spec
        while spec.base is not None:
            spec = self.collections[spec.base]
            yield spec
