"""The typed program: what the checker yields, and what the interpreter and the planner read.

Names are resolved, units are converted to base units (MeV, mm, ns, fb^-1, rad), functions are expanded, chained
comparisons are split and variants (`take ... without/with`) are spelled out. Every expression has a type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import partial
from typing import Literal

from hepsel.formats.schema import AttributeSpec, CollectionSpec, Format
from hepsel.quick_dataclass import HashedOnce, dataclass
from hepsel.semantics.types import INT, ItemType, ListType, Type
from hepsel.syntax import tree
from hepsel.syntax.tree import NOWHERE, Span

# ------------------------------------------------------------------ expressions


@dataclass(frozen=True, slots=True, kw_only=True)
class Expr(HashedOnce):
    """Any typed expression."""

    type: Type
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Constant(Expr):
    """A literal in base units; an enumeration value is its name."""

    value: bool | int | float | str


@dataclass(frozen=True, slots=True)
class Single(Expr):
    """A single item of the format (`MET`, `event`, `trigger`): type `ItemType(name)`, never missing."""

    name: str


@dataclass(frozen=True, slots=True)
class CollectionRef(Expr):
    """A collection of the format or a block: type `ListType(ItemType(name))`."""

    name: str


@dataclass(frozen=True, slots=True)
class ValueRef(Expr):
    """A `define` (`name`), a region's `let` (`region.name`) or a region as a condition: see `Program.values`."""

    name: str


@dataclass(frozen=True, slots=True)
class This(Expr):
    """The item that the statement of an object or composite block is about."""


@dataclass(frozen=True, slots=True)
class Variable(Expr):
    """A variable of a generator; `uid` is unique within the program."""

    name: str
    uid: int


@dataclass(frozen=True, slots=True)
class Attribute(Expr):
    """An attribute of an item; what it stands for depends on the item's collection: see `Program.resolve`."""

    item: Expr
    name: str


@dataclass(frozen=True, slots=True)
class VectorOf(Expr):
    """The four-vector of an item."""

    item: Expr


@dataclass(frozen=True, slots=True)
class VectorArithmetic(Expr):
    """`left + right` or `left - right` of four-vectors."""

    operator: Literal["+", "-"]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class VectorScale(Expr):
    """`vector * factor` (or `factor * vector`) or `vector / factor`: momentum and energy; the charge stays.

    All of it is missing where the factor is.
    """

    operator: Literal["*", "/"]
    vector: Expr
    factor: Expr


@dataclass(frozen=True, slots=True)
class VectorFrom(Expr):
    """A four-vector of four numbers, without charge; all of it is missing where one of them is.

    `polar`: pt, eta, phi and mass. Otherwise px, py, pz and energy.
    """

    numbers: tuple[Expr, ...]
    polar: bool


@dataclass(frozen=True, slots=True)
class VectorNegate(Expr):
    """`-vector`."""

    operand: Expr


COMPONENTS = ("pt", "eta", "phi", "mass", "energy", "px", "py", "pz", "rapidity", "charge")

POLAR = ("pt", "eta", "phi")
CARTESIAN = ("px", "py", "pz")
"""The two ways of a format to say what momentum an item has."""


@dataclass(frozen=True, slots=True)
class Component(Expr):
    """One of `COMPONENTS` of a four-vector."""

    vector: Expr
    name: str


@dataclass(frozen=True, slots=True)
class Arithmetic(Expr):
    """`+ - * /` on numbers, and `^`. `/` and `^` are always real; integers otherwise stay integers."""

    operator: Literal["+", "-", "*", "/", "^"]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Negate(Expr):
    """`-number`."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Compare(Expr):
    """A comparison of two numbers, or (`==`, `!=`) of booleans or values of one enumeration; missing operand: false."""

    operator: tree.ComparisonOperator
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Identity(Expr):
    """`left == right` of items (`!=` when negated); false when one is missing."""

    left: Expr
    right: Expr
    negated: bool


@dataclass(frozen=True, slots=True)
class Membership(Expr):
    """`item in collection` (`not in` when negated), by identity; false when the item is missing."""

    item: Expr
    collection: Expr
    negated: bool


@dataclass(frozen=True, slots=True)
class Logical(Expr):
    """`and`, `or` over two or more operands; a missing operand counts as false; never missing."""

    operator: Literal["and", "or"]
    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not(Expr):
    """`not operand`; a missing operand counts as false; never missing."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Conditional(Expr):
    """`if condition then value else otherwise`; a missing condition takes `otherwise`."""

    condition: Expr
    value: Expr
    otherwise: Expr


@dataclass(frozen=True, slots=True)
class Function(Expr):
    """A function of numbers (`sqrt`, `atan2`, two-argument `min`) or of four-vectors (`dr`, `mt`): see `functions`."""

    name: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class TableLookup(Expr):
    """A value of a table: the first row whose ranges hold the arguments, else `otherwise`, else missing."""

    table: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Exists(Expr):
    """Whether a value or item is there."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Default(Expr):
    """`operand`, or `otherwise` where it is missing."""

    operand: Expr
    otherwise: Expr


@dataclass(frozen=True, slots=True)
class At(Expr):
    """`list[index]`: from 0, negative from the end; missing outside or when the index is missing."""

    list: Expr
    index: Expr


@dataclass(frozen=True, slots=True)
class SliceOf(Expr):
    """`list[start:stop]` with constant bounds, as in Python."""

    list: Expr
    start: int | None
    stop: int | None


@dataclass(frozen=True, slots=True)
class Loop:
    """One `for`: a variable takes each element in turn; several take each unordered tuple of different places."""

    variables: tuple[Variable, ...]
    list: Expr


@dataclass(frozen=True, slots=True)
class Comprehension(Expr):
    """The list of `body` for every turn of the loops (first loop outermost) for which `condition` is true.

    `jets.pt`, `2 * jets.pt` and generators are all this. Its type is `ListType(body.type)`.
    """

    body: Expr
    loops: tuple[Loop, ...]
    condition: Expr | None


ReduceKind = Literal[
    "count_turns", "count_values", "any", "all", "sum", "product", "min", "max", "mean", "largest", "smallest",
    "imbalance", "megajet", "sphericity", "aplanarity",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reduce(Expr):
    """A list reduced to one value.

    `count_turns` counts the elements, `count_values` the elements that are not missing, `sum` of items or four-vectors
    is a four-vector (components added in order; of nothing: zero, with charge 0), `product` multiplies in order (of
    nothing: 1) and is missing if an element is, `largest` and `smallest` take the `k`-th (from 1) in order, missing if
    there are fewer; all others pass over missing elements.

    `imbalance` and `megajet` are about divisions of the elements into two groups. `imbalance` is the smallest
    difference of the sums of two groups, of which one may be empty. `megajet` is the four-vector of one of two groups,
    neither of which is empty, where the sum of their squared masses is smallest: for `k` 1 that with the higher
    transverse momentum, for 2 the other one; missing if there are fewer than two elements. Of equally good divisions
    the first counts, in the order of the binary numbers whose lowest digit says whether the second element is in
    another group than the first, the next one whether the third is, and so on.

    `sphericity` and `aplanarity` are 3/2 of the sum of the two smaller eigenvalues, and 3/2 of the smallest one, of the
    sum of p_a p_b of the momenta in space, divided by the sum of their squares; missing if there are none.
    """

    kind: ReduceKind
    list: Expr
    k: int = 1


@dataclass(frozen=True, slots=True)
class ArgBest(Expr):
    """The item whose key is the `k`-th smallest (or largest); ties go to the earlier, missing keys do not take part.

    `list` is a `Comprehension` with one loop of one variable; the result is that variable's item.
    """

    list: Comprehension
    highest: bool
    k: int = 1


# ------------------------------------------------------------------ statements


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """What a row of a cutflow is called and where it comes from."""

    id: str
    label: str
    annotations: tuple[tree.Annotation, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """`select` (or `reject`, when `negated`): keeps where the condition is true (drops where it is true)."""

    criterion: Criterion
    condition: Expr
    negated: bool


@dataclass(frozen=True, slots=True)
class LetItem:
    """`let name = value` of a block of items; the name `p4` (type four-vector) replaces the item's four-vector."""

    name: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Sort:
    """Stable sort within the event, in lexicographic order; `keys` are (value, descending).

    For each key, items without it stand last, as if they had one and the same: the next key decides between them.
    """

    keys: tuple[tuple[Expr, bool], ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class KeepFirst:
    """The first `count` items of each event."""

    criterion: Criterion
    count: int


@dataclass(frozen=True, slots=True)
class KeepBest:
    """At most one item of each event: smallest in lexicographic order; `keys` are (value, highest)."""

    criterion: Criterion
    keys: tuple[tuple[Expr, bool], ...]


@dataclass(frozen=True, slots=True)
class ExternalCut:
    """A criterion that is recorded and never applied."""

    criterion: Criterion


ItemStatement = Filter | LetItem | Sort | KeepFirst | KeepBest | ExternalCut


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of a composite and the collection that fills it."""

    name: str
    collection: str


@dataclass(frozen=True, slots=True)
class ObjectBlock:
    """A collection of items of one or more collections (a union, in which an item stands once, at its first place)."""

    name: str
    sources: tuple[str, ...]
    statements: tuple[ItemStatement, ...]
    annotations: tuple[tree.Annotation, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class CompositeBlock:
    """A collection of candidates.

    Candidates come in lexicographic order of the slots' places. Slots of one collection have increasing places, unless
    `ordered`. No two slots share a base item, however deep.
    """

    name: str
    slots: tuple[Slot, ...]
    ordered: bool
    statements: tuple[ItemStatement, ...]
    annotations: tuple[tree.Annotation, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @property
    def sources(self) -> tuple[str, ...]:
        """The collections that fill its slots."""
        return tuple(slot.collection for slot in self.slots)


ItemBlock = ObjectBlock | CompositeBlock


@dataclass(frozen=True, slots=True)
class WeightFactor:
    """`weight name = value`: multiplies the event weight from here on (a missing value gives weight 0)."""

    name: str
    value: Expr
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class BinAxis:
    """The `len(edges) - 1` half-open bins of an axis, in base units; `uniform` gives (bins, low, high).

    A bin to infinity, which only a grid has, holds infinity too.
    """

    value: Expr
    edges: tuple[float, ...]
    uniform: tuple[int, float, float] | None
    unit: str
    label: str


@dataclass(frozen=True, slots=True)
class NamedBin:
    """`bin "name" condition`."""

    criterion: Criterion
    condition: Expr


@dataclass(frozen=True, slots=True)
class GridBins:
    """`bins name = value AXIS vs ...`: one row for each cell, in row-major order."""

    criterion: Criterion
    name: str
    axes: tuple[BinAxis, ...]


@dataclass(frozen=True, slots=True)
class HistogramFill:
    """`histogram` of one or two axes.

    A list fills once per element; lists come from one collection and run in step; a list beside a single value
    fills with that value each time. A missing value fills nothing. `weight` multiplies that of the event, entry by
    entry; a product that is missing counts as 0. `fold` adds under- and overflow to the end bins.
    """

    name: str
    axes: tuple[BinAxis, ...]
    weight: Expr | None
    fold: bool
    title: str | None
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @property
    def values(self) -> tuple[Expr, ...]:
        """What it is filled with: the values of its axes and the weight."""
        weight = () if self.weight is None else (self.weight,)
        return (*(axis.value for axis in self.axes), *weight)


@dataclass(frozen=True, slots=True)
class SavedColumn:
    """One column of a `save`: a value or a list of values per event."""

    name: str
    value: Expr
    unit: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Uncertainty = tuple[float, float, str | None]
"""An error upwards and downwards, and whether it is `stat` or `syst`."""


@dataclass(frozen=True, slots=True)
class PublishedCount:
    """One count of an `expect`; `after` is the id of the criterion or bin before it (`None` at the start)."""

    after: str | None
    value: float
    uncertainties: tuple[Uncertainty, ...]
    sample: str | None
    annotations: tuple[tree.Annotation, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


RegionStatement = (
    Filter | ExternalCut | WeightFactor | NamedBin | GridBins | HistogramFill | SavedColumn | PublishedCount
)


@dataclass(frozen=True, slots=True)
class Region:
    """A set of events: those of `base` (all, when `None`) that pass the statements' filters in order.

    A base gives its filters, external criteria and weights, not its bins, histograms, columns and counts.
    """

    name: str
    base: str | None
    statements: tuple[RegionStatement, ...]
    annotations: tuple[tree.Annotation, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TableRow:
    """Value, errors and half-open ranges, in base units; a range to infinity holds infinity too."""

    value: float
    uncertainties: tuple[Uncertainty, ...]
    ranges: tuple[tuple[float, float], ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A lookup; `axes` has the types of its parameters."""

    name: str
    parameters: tuple[str, ...]
    axes: tuple[Type, ...]
    rows: tuple[TableRow, ...]
    otherwise: float | None
    type: Type


@dataclass(frozen=True, slots=True)
class Value:
    """A named event-level value: a `define`, a region's `let`, or whether an event passes a region."""

    name: str
    expr: Expr
    annotations: tuple[tree.Annotation, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


# ------------------------------------------------------------------ what an attribute stands for


@dataclass(frozen=True, slots=True)
class StoredAttribute:
    """A stored column of the format's collection."""

    spec: AttributeSpec


@dataclass(frozen=True, slots=True)
class DerivedAttribute:
    """An expression of the format, in which `This` is the item: `Program.derived[collection, name]`."""

    collection: str
    name: str


@dataclass(frozen=True, slots=True)
class BlockLet:
    """A `let` of the block itself."""

    block: str
    name: str


@dataclass(frozen=True, slots=True)
class SlotItem:
    """The item in a slot of the composite."""

    slot: str


@dataclass(frozen=True, slots=True)
class Parts:
    """The base items of a candidate, in slot order."""


@dataclass(frozen=True, slots=True)
class VectorComponent:
    """Computed from the item's four-vector."""

    name: str


@dataclass(frozen=True, slots=True)
class FromSource:
    """What the item has under this name where it was taken from; sources that lack it give missing."""

    sources: tuple[str, ...]


PARTS_SUFFIX = ".parts"

Resolution = StoredAttribute | DerivedAttribute | BlockLet | SlotItem | Parts | VectorComponent | FromSource


@dataclass(frozen=True, slots=True)
class Program:
    """A checked program against one format.

    `collections`, `values`, `regions` and `tables` are in order of definition; `derived` holds the typed expressions of
    the format's derived attributes that the program can reach, keyed by (collection, attribute), and `where` the typed
    conditions of the format's collections that are a part of another (`CollectionSpec.base`).
    """

    format: Format
    analysis: tree.Analysis
    source: str
    values: Mapping[str, Value]
    tables: Mapping[str, Table]
    collections: Mapping[str, ItemBlock]
    regions: Mapping[str, Region]
    derived: Mapping[tuple[str, str], Expr]
    where: Mapping[str, Expr]

    def resolve(self, collection: str, name: str, *, own_p4: bool = True) -> Resolution | None:
        """Say what `item.name` stands for: see `resolve`."""
        return resolve(self.format, self.collections, collection, name, own_p4=own_p4)

    def statements_of(self, region: str) -> tuple[RegionStatement, ...]:
        """Return what happens to events in a region: criteria and weights of its bases, deepest first; then its own."""
        return statements_of(self.regions, region)


def statements_of(regions: Mapping[str, Region], region: str) -> tuple[RegionStatement, ...]:
    """Return what happens to events in one of some regions: see `Program.statements_of`."""
    own = regions[region]
    if own.base is None:
        return own.statements
    passed_on = Filter | ExternalCut | WeightFactor
    inherited = (statement for statement in statements_of(regions, own.base) if isinstance(statement, passed_on))
    return (*inherited, *own.statements)


def resolve(
    data_format: Format,
    blocks: Mapping[str, ItemBlock],
    collection: str,
    name: str,
    *,
    own_p4: bool = True,
) -> Resolution | None:
    """Say what `item.name` stands for, for an item seen in `collection`.

    Parameters
    ----------
    data_format, blocks
        Where collections are looked up.
    collection
        A collection or single item of the format, a block, or `block.parts` (the base items of candidates whose slots
        come from more than one collection).
    name
        The attribute. `p4` is not an attribute in this sense: see `VectorOf`.
    own_p4
        Whether a `let p4` of the block itself is in force (it is not in the block's statements before it).

    Returns
    -------
    Resolution or None
        `None` when there is no such attribute.
    """
    where, meaning = next(meanings(data_format, blocks, collection, name, own_p4=own_p4), (collection, None))
    return meaning if where == collection else FromSource(taken_from(data_format, blocks, collection))


def meanings(
    data_format: Format, blocks: Mapping[str, ItemBlock], collection: str, name: str, *, own_p4: bool = True
) -> Iterator[tuple[str, Resolution]]:
    """Yield the collections that say themselves what `item.name` stands for, and what they say: see `resolve`."""

    def said(one: str) -> Resolution | None:
        return _said(data_format, blocks, one, name, own_p4=own_p4 or one != collection)

    def below(one: str) -> tuple[str, ...]:
        return taken_from(data_format, blocks, one) if said(one) is None else ()

    for one in each_below(collection, below):
        if (meaning := said(one)) is not None:
            yield one, meaning


def _said(
    data_format: Format, blocks: Mapping[str, ItemBlock], collection: str, name: str, *, own_p4: bool
) -> Resolution | None:
    """Return what a collection itself says of `item.name`; `None` where that is said below, or nowhere."""
    if collection in data_format.collections:
        return _stored(data_format, data_format.collections[collection], name)
    if collection.endswith(PARTS_SUFFIX):
        return None
    block = blocks[collection]
    if own := _own_attribute(block, name, own_p4=own_p4):
        return own
    if isinstance(block, ObjectBlock):
        if name != "parts" or len(block.sources) == 1 or not is_composite(blocks, collection):
            return None
        return Parts() if len({parts_type(blocks, source) for source in block.sources}) > 1 else None
    if name in {slot.name for slot in block.slots}:
        return SlotItem(name)
    if name == "parts":
        return Parts()
    if name not in COMPONENTS:
        return None
    summed = vectors_of(data_format, blocks, collection)
    has_it = name == "charge" or all(four_vector(data_format, one) is not None for one in summed)
    return VectorComponent(name) if has_it else None


def vectors_of(
    data_format: Format, blocks: Mapping[str, ItemBlock], collection: str, *, own_p4: bool = True
) -> Iterator[str]:
    """Yield the collections of the format whose four-vectors those of the items of a collection are computed from."""

    def below(one: str) -> tuple[str, ...]:
        if one in data_format.collections:
            return ()
        if one.endswith(PARTS_SUFFIX):
            return taken_from(data_format, blocks, one)
        block = blocks.get(one)
        if block is None or ("p4" in lets_of(block) and (own_p4 or one != collection)):
            return ()
        return block.sources

    return (one for one in each_below(collection, below) if one in data_format.collections)


def taken_from(data_format: Format, blocks: Mapping[str, ItemBlock], collection: str) -> tuple[str, ...]:
    """Return where the items of a collection have the attributes from that it says nothing of itself."""
    if (spec := data_format.collections.get(collection)) is not None:
        return () if spec.base is None else (spec.base,)
    if collection.endswith(PARTS_SUFFIX):
        return leaf_collections(blocks, collection.removesuffix(PARTS_SUFFIX))
    return _united(blocks, collection)


def _own_attribute(block: ItemBlock, name: str, *, own_p4: bool) -> Resolution | None:
    """Return what a block itself gives its items under a name, by `let`."""
    lets = lets_of(block)
    if name in lets:
        return BlockLet(block.name, name)
    moved = "p4" in lets and own_p4 and name in COMPONENTS and name != "charge"
    return VectorComponent(name) if moved else None


def lets_of(block: ItemBlock) -> set[str]:
    """Return the names that a block itself gives to values of its items."""
    return {statement.name for statement in block.statements if isinstance(statement, LetItem)}


def path_to(
    data_format: Format, blocks: Mapping[str, ItemBlock], collection: str, name: str, *, own_p4: bool = True
) -> Iterator[str]:
    """Yield a collection and what its items come from, down to what says what `name` is, or where there are several."""
    yield collection
    # A block with the name of a collection of the format is an error, and may take from itself.
    while collection not in data_format.collections:
        block = blocks.get(collection)
        if not isinstance(block, ObjectBlock) or len(block.sources) > 1:
            return
        if _own_attribute(block, name, own_p4=own_p4):
            return
        (collection,), own_p4 = block.sources, True
        yield collection


def _stored(data_format: Format, spec: CollectionSpec, name: str) -> Resolution | None:
    attribute = spec.attributes.get(name)
    if attribute is not None:
        if attribute.expression is None:
            return StoredAttribute(attribute)
        return DerivedAttribute(spec.name, name)
    if spec.pattern is not None:
        branch = spec.pattern.format(name=name)
        return StoredAttribute(AttributeSpec(name, kind="bool", branches=(branch,)))
    if name not in COMPONENTS or name == "charge" or not has_own_vector(spec):
        return None
    said = any(name in one.attributes for one in data_format.chain(spec.name))  # by what this is a part of
    return None if said or four_vector(data_format, spec.name) is None else VectorComponent(name)


def has_own_vector(spec: CollectionSpec) -> bool:
    """Whether the four-vectors of a collection of the format are not those of the collection that it is a part of."""
    return spec.base is None or not spec.attributes.keys().isdisjoint(COMPONENTS)


def four_vector(data_format: Format, collection: str) -> tuple[str, str, str, str] | None:
    """Return the attributes that the four-vector of an item of the format is computed from; `None` if it has none.

    The mass prevails over the energy, and pt, eta and phi over px, py and pz, where a collection has both.
    """
    attributes = {name for spec in data_format.chain(collection) for name in spec.attributes}
    last = next((name for name in ("mass", "energy") if name in attributes), None)
    for momentum in (POLAR, CARTESIAN):
        if last is not None and attributes.issuperset(momentum):
            return (*momentum, last)
    return None


def leaf_collections(blocks: Mapping[str, ItemBlock], collection: str) -> tuple[str, ...]:
    """Return the collections, each once, whose items are the `parts` of an item of `collection`.

    A collection of base items is its own leaf; an object block made of composites has their leaves.
    """

    def below(one: str) -> tuple[str, ...]:
        if not is_composite(blocks, one):
            return ()
        block = blocks[one]
        while len(block.sources) == 1 and isinstance(block, ObjectBlock):
            block = blocks[block.sources[0]]
        return block.sources

    return tuple(one for one in each_below(collection, below) if not is_composite(blocks, one))


def identity_bases(data_format: Format, blocks: Mapping[str, ItemBlock], collection: str) -> tuple[str, ...]:
    """Return where the items of a collection have their identity: stored collections and composite blocks."""
    below = partial(taken_from, data_format, blocks)
    return tuple(one for one in each_below(collection, below) if not below(one))


def roots(blocks: Mapping[str, ItemBlock], collection: str) -> set[str]:
    """Return the collections of the format that the items of a collection, and the parts of candidates, come from."""

    def below(one: str) -> tuple[str, ...]:
        return blocks[one].sources if one in blocks else ()

    return set(each_below(collection, below)) - blocks.keys()


def is_composite(blocks: Mapping[str, ItemBlock], collection: str) -> bool:
    """Whether the items of `collection` are candidates made of slots."""
    below = each_below(collection, partial(_united, blocks))
    return any(isinstance(blocks.get(one), CompositeBlock) for one in below)


def _united(blocks: Mapping[str, ItemBlock], collection: str) -> tuple[str, ...]:
    """Return the collections that an object is the union of."""
    block = blocks.get(collection)
    return block.sources if isinstance(block, ObjectBlock) else ()


def each_below(collection: str, below: Callable[[str], Sequence[str]]) -> Iterator[str]:
    """Yield a collection and all that its items come from, each once, however many ways lead there.

    Parameters
    ----------
    collection
        Where to begin.
    below
        Return what the items of a collection come from directly; of several, all that is below the first comes first.
    """
    todo, seen = [collection], set[str]()
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            yield one
            todo += reversed(below(one))


def place_in_parts(blocks: Mapping[str, ItemBlock], collection: str, slot: str) -> int | None:
    """Return which of its `parts` a slot of a candidate is, if that is the same for all candidates of a collection.

    `None` also where a slot holds a candidate, which is more than one part.
    """
    places: set[int | None] = set()
    for one in each_below(collection, partial(_united, blocks)):
        block = blocks.get(one)
        if isinstance(block, CompositeBlock):
            plain = not any(is_composite(blocks, source) for source in block.sources)
            names = [each.name for each in block.slots]
            places.add(names.index(slot) if plain and slot in names else None)
    return places.pop() if len(places) == 1 else None


def part(blocks: Mapping[str, ItemBlock], item: Expr, place: int, span: Span = NOWHERE) -> Expr:
    """Return the expression of one of the `parts` of a candidate."""
    assert isinstance(item.type, ItemType)
    kind = parts_type(blocks, item.type.collection)
    parts = Attribute(item, "parts", type=ListType(kind), span=span)
    return At(parts, Constant(place, type=INT), type=kind, span=span)


def parts_type(blocks: Mapping[str, ItemBlock], collection: str) -> ItemType:
    """Return the type of the elements of `item.parts`."""
    leaves = leaf_collections(blocks, collection)
    return ItemType(leaves[0] if len(leaves) == 1 else collection + PARTS_SUFFIX)
