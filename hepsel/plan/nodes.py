"""The columnar plan: flat columns over axes, each defined once.

An *axis* is a set of rows. The root axis has one row for each event; every other axis has a parent axis, and its rows
are grouped by the row of the parent that they belong to, in order. A *column* has one value for each row of one axis;
a column without an axis is one value for all.

The kinds of columns, and how each of them says that a value is missing:

========  =============================  ================================================
``real``  64-bit floating point          NaN
``int``   64-bit integer                 a separate ``bool`` column, where it can happen
``bool``  truth value                    false, and a separate ``bool`` column where it matters
``enum``  place in the enumeration       -1
``item``  row of the axis ``target``     -1
========  =============================  ================================================

Every operation is total: it yields a value, perhaps a missing one, for every row. So the order of evaluation never
matters, and passes may drop rows that nothing observes.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from operator import attrgetter
from typing import Literal, TypeVar, cast

from hepsel.formats.schema import AttributeSpec
from hepsel.syntax import tree

Node = TypeVar("Node")

Kind = Literal["axis", "real", "int", "bool", "enum", "item"]


@dataclass(frozen=True, slots=True)
class Ref:
    """The name of a definition."""

    name: str


@dataclass(frozen=True, slots=True)
class Const:
    """One value for all rows; an enumeration value is its place (`enumeration` names it), a missing real is NaN."""

    kind: Kind
    value: bool | int | float
    enumeration: str = ""


Operand = Ref | Const


@dataclass(frozen=True)
class Op:
    """What defines an axis or a column.

    Passes and backends ask again and again what it refers to, so that it is looked for once.
    """

    @cached_property
    def refs(self) -> tuple[str, ...]:
        """The names that it refers to, in order."""
        return tuple(ref.name for ref in _found(Ref, self))

    @cached_property
    def constants(self) -> tuple[Const, ...]:
        """The constants in it."""
        return tuple(_found(Const, self))


# ------------------------------------------------------------------ axes


@dataclass(frozen=True, slots=True)
class Events(Op):
    """The root axis."""


@dataclass(frozen=True, slots=True)
class Stored(Op):
    """The items of a stored collection, or the elements of a list attribute of one: as many as `column` says."""

    column: str


@dataclass(frozen=True, slots=True)
class Where(Op):
    """The rows of `source` for which `mask` is true."""

    source: Ref
    mask: Operand


@dataclass(frozen=True, slots=True)
class SortKey:
    """A key of an ordering; a missing key comes last, ties stay in order."""

    value: Operand
    descending: bool


@dataclass(frozen=True, slots=True)
class Sorted(Op):
    """The rows of `source`, ordered within each parent by the keys, in their order."""

    source: Ref
    keys: tuple[SortKey, ...]


@dataclass(frozen=True, slots=True)
class Best(Op):
    """At most one row of `source` for each parent: the first by the keys, in their order; none of them missing."""

    source: Ref
    keys: tuple[SortKey, ...]


@dataclass(frozen=True, slots=True)
class Concat(Op):
    """The rows of all `sources`, which share their parent `context`: within each parent one source after the other."""

    context: Ref
    sources: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """In a combination, the place of slot `later` is behind (`<`), or another (`!=`) than, the place of `earlier`."""

    earlier: int
    operator: Literal["<", "!="]
    later: int


@dataclass(frozen=True, slots=True)
class Need:
    """At least `count` rows of `axis`."""

    axis: Ref
    count: int


@dataclass(frozen=True, slots=True)
class Combine(Op):
    """Every combination of one row of each slot for each row of `context`, in lexicographic order of the places.

    `needs` says what an event must have for a combination that is used: those that share a base item are dropped, so
    two pairs of leptons need four leptons.
    """

    context: Ref
    slots: tuple[Ref, ...]
    relations: tuple[Relation, ...]
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Expand(Op):
    """For each row of `context`, the rows of `source` that belong to the row `key` of the parent of `source`."""

    context: Ref
    source: Ref
    key: Ref


@dataclass(frozen=True, slots=True)
class Each(Op):
    """One row for each row of `context`."""

    context: Ref


@dataclass(frozen=True, slots=True)
class Flatten(Op):
    """The rows of `source`, belonging to the parents of their parents."""

    source: Ref


# ------------------------------------------------------------------ columns


@dataclass(frozen=True, slots=True)
class Read(Op):
    """A stored column; `exact` keeps unsigned 64-bit integers, which arithmetic turns into signed ones."""

    column: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class ReadValid(Op):
    """Where a stored column of truth values is not missing."""

    column: str


MapFunction = Literal[
    "+", "-", "*", "/", "^", "neg", "abs", "sqrt", "exp", "log", "log10", "sin", "cos", "tan", "asin", "acos", "atan",
    "atan2", "sinh", "cosh", "tanh", "floor", "ceil", "min", "max",
    "<", "<=", ">", ">=", "==", "!=", "and", "or", "not", "where", "exists", "real", "asinh",
    "transverse", "energy", "mass", "rapidity", "delta_phi", "delta_r", "transverse_mass", "stransverse_mass",
    "stransverse_mass_of", "perp", "sphericity", "aplanarity",
]  # fmt: skip

CHECKED = frozenset(("+", "-", "*", "neg", "abs"))
"""Functions of integers whose result 64 bits may not hold: it is then refused where it is computed."""


@dataclass(frozen=True, slots=True)
class Map(Op):
    """A function of the values of one row.

    `==` and `!=` are those of numpy (`nan != nan`); `real` turns integers into reals; `exists` is "not NaN" of reals
    and "not negative" of enumerations and items. The last twelve are the formulas of four-vectors, and of the
    sums of xx, yy, zz, xy, xz and yz of several.
    """

    function: MapFunction
    arguments: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Lookup(Op):
    """The value of the first row of a table whose ranges hold the arguments: half-open, or to infinity and with it."""

    table: str
    arguments: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Fill(Op):
    """The same value in every row."""

    value: Const


@dataclass(frozen=True, slots=True)
class Spread(Op):
    """The value of the row's parent."""

    value: Operand


@dataclass(frozen=True, slots=True)
class View(Op):
    """The same values on an axis with the same rows (see `Flatten`)."""

    value: Operand


@dataclass(frozen=True, slots=True)
class Take(Op):
    """The value in the row `index` of the axis of `value`; missing where the index is (only `nullable` ones are)."""

    value: Operand
    index: Ref
    nullable: bool


@dataclass(frozen=True, slots=True)
class Index(Op):
    """The row of the source (or of slot or source number `slot`) that a row of a derived axis stands for."""

    axis: Ref
    slot: int = 0


@dataclass(frozen=True, slots=True)
class Merge(Op):
    """On a `Concat` axis: the value of the row in the source that it comes from."""

    axis: Ref
    values: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Rows(Op):
    """The number of the row itself."""

    axis: Ref


@dataclass(frozen=True, slots=True)
class Parent(Op):
    """The row of the parent axis."""

    axis: Ref


@dataclass(frozen=True, slots=True)
class Position(Op):
    """The place of the row among those of its parent, from 0."""

    axis: Ref


@dataclass(frozen=True, slots=True)
class ElementAt(Op):
    """The row at place `index` among the rows of `axis` under `parent` (by default: under the row itself).

    Missing where there is none, or no parent; `from_end` says that negative places count from the end.
    """

    axis: Ref
    parent: Ref | None
    index: Operand
    from_end: bool


@dataclass(frozen=True, slots=True)
class IsFirst(Op):
    """Whether a value stands for the first time among the rows of its parent."""

    axis: Ref
    value: Ref


ReduceKind = Literal["count", "any", "all", "sum", "product", "min", "max", "mean", "largest", "smallest", "imbalance"]


@dataclass(frozen=True, slots=True)
class Reduce(Op):
    """The rows of `axis` reduced to one value for each row of its parent; NaN is passed over, but not by `product`.

    `count` without a value counts rows, with one it counts where it is true. Without any value to reduce, `count`,
    `sum` and `imbalance` are 0, `product` is 1, `any` is false, `all` is true, the others are missing (an integer: 0).
    """

    kind: ReduceKind
    axis: Ref
    value: Operand | None
    k: int = 1


@dataclass(frozen=True, slots=True)
class ArgBest(Op):
    """The row of `axis` with the `k`-th lowest (or highest) key, for each row of its parent; ties go to the earlier."""

    axis: Ref
    key: Operand
    highest: bool
    k: int = 1


@dataclass(frozen=True, slots=True)
class GroupOf(Op):
    """The megajet to which a row belongs, of the two that the rows under one parent make; 0 without a momentum.

    It is 1 for the first row that has one. `momentum` are px, py, pz and energy; see `hepsel.semantics.program.Reduce`.
    """

    axis: Ref
    momentum: tuple[Operand, ...]


# ------------------------------------------------------------------ the plan


@dataclass(frozen=True, slots=True)
class Definition:
    """One axis or column.

    Attributes
    ----------
    name
        Unique in the plan, and an identifier.
    kind
        `axis`, or the kind of the column.
    axis
        Of a column: the axis of its rows (`None`: one value for all). Of an axis: its parent.
    op
        How it is made.
    target
        Of a column of items: the axis that they are rows of.
    section
        The block of the program that it belongs to, for readers.
    texts
        The criterion that a column of truth values decides.
    """

    name: str
    kind: Kind
    axis: str | None
    op: Op
    target: str | None = None
    section: str = ""
    texts: CutTexts | None = None


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """A stored column that the plan may read.

    Attributes
    ----------
    name
        Logical name, such as `Electron.pt`, `Electron.track.index` or `trigger.HLT_mu26`.
    collection
        Collection or single item of the format (the one that holds the column, not a part of it).
    spec
        What the format says about it.
    branches
        Spellings of the branch: those of the attribute, or of the key of a link.
    depth
        Number of lists around a value in an event.
    factor, divisor
        What stored numbers are multiplied with and divided by, to be in base units; one of them is 1.
    list_of_one
        Whether another list is around that, with one element for each event.
    items
        Names for which `{item}` stands in the branches, if each item has branches of its own.
    count
        Spellings of the branch of the number of items, if not all that are stored are there.
    role
        Which value of the attribute it is.
    """

    name: str
    collection: str
    spec: AttributeSpec
    branches: tuple[str, ...]
    depth: int
    factor: float
    divisor: float
    list_of_one: bool = False
    items: tuple[str, ...] = ()
    count: tuple[str, ...] = ()
    role: Literal["value", "index", "key"] = "value"


@dataclass(frozen=True, slots=True)
class CutTexts:
    """What stands beside a criterion in the generated code, and the line of the program that it is from."""

    id: str
    label: str
    annotations: tuple[tree.Annotation, ...] = field(default=(), repr=False)
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A row of a block's item-level cutflow: the rows of `axis`, or those for which `mask` is true."""

    texts: CutTexts
    applied: bool
    axis: Ref
    mask: Operand | None = None


@dataclass(frozen=True, slots=True)
class BlockOutput:
    """The item-level cutflow of a block."""

    name: str
    rows: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class CutStep:
    """A criterion of a region; an external one has no condition."""

    texts: CutTexts
    condition: Operand | None


@dataclass(frozen=True, slots=True)
class WeightStep:
    """A factor of the event weight; NaN is missing."""

    name: str
    value: Operand


@dataclass(frozen=True, slots=True)
class BinStep:
    """A named bin."""

    texts: CutTexts
    name: str
    condition: Operand


@dataclass(frozen=True, slots=True)
class AxisFill:
    """A histogram axis and the values that are filled: event by event, or row by row of the axis of `value`."""

    value: Operand
    edges: tuple[float, ...]
    uniform: tuple[int, float, float] | None
    unit: str
    label: str


@dataclass(frozen=True, slots=True)
class GridStep:
    """A grid of bins."""

    texts: CutTexts
    name: str
    axes: tuple[AxisFill, ...]


@dataclass(frozen=True, slots=True)
class HistogramStep:
    """A histogram filled with the events that have passed so far; `rows` is the axis of the values and of the weight.

    The weight multiplies that of the event; NaN is missing.
    """

    name: str
    axes: tuple[AxisFill, ...]
    weight: Operand | None
    fold: bool
    title: str | None
    rows: Ref


@dataclass(frozen=True, slots=True)
class SaveStep:
    """A column of the selected events; with `rows` a list of values for each of them.

    `valid` says where an integer or truth value is not missing, `values` are the names of an enumeration.
    """

    name: str
    value: Operand
    valid: Operand | None
    rows: Ref | None
    values: tuple[str, ...] = ()
    unit: str = ""


Step = CutStep | WeightStep | BinStep | GridStep | HistogramStep | SaveStep


@dataclass(frozen=True, slots=True)
class RegionOutput:
    """What a region yields: its statements, those of its base first."""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Identifier:
    """One of the numbers (run, luminosity block, event) that say which event a row is."""

    name: str
    value: Ref


@dataclass(frozen=True, slots=True)
class PlanTable:
    """A table of the program."""

    rows: tuple[tuple[float, tuple[tuple[float, float], ...]], ...]
    otherwise: float | None


@dataclass(frozen=True, slots=True)
class Header:
    """What the analysis is, for the top of generated code; and how the format's files and collections are addressed."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    format: str = ""
    trees: tuple[str, ...] = ()
    separators: tuple[str, ...] = ()
    servicex: str = "uproot"
    xaod: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Definitions in an order in which each stands behind what it needs, and what is observed of them."""

    header: Header
    definitions: tuple[Definition, ...]
    blocks: tuple[BlockOutput, ...]
    regions: tuple[RegionOutput, ...]
    identifiers: tuple[Identifier, ...]
    reads: Mapping[str, ColumnRead]
    tables: Mapping[str, PlanTable]
    enumerations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)

    def by_name(self) -> dict[str, Definition]:
        """Return the definitions by name."""
        return {definition.name: definition for definition in self.definitions}


def kind_of(operand: Operand, by_name: Mapping[str, Definition]) -> Kind:
    """Return the kind of a column or constant."""
    return operand.kind if isinstance(operand, Const) else by_name[operand.name].kind


# ------------------------------------------------------------------ walking


LEAVES = frozenset((str, int, float, bool, type(None)))
"""Most of what is in nodes: it refers to nothing."""

_GETTERS: dict[type, Callable[[object], tuple[object, ...]]] = {}


def _parts(node: object) -> tuple[object, ...]:
    """Return the parts of a node or tuple; anything else has none."""
    kind = type(node)
    if kind is tuple:
        return cast(tuple[object, ...], node)
    if kind not in _GETTERS:
        names = [item.name for item in fields(kind)] if issubclass(kind, NODES) else []
        _GETTERS[kind] = attrgetter(*names) if len(names) > 1 else lambda node: tuple(getattr(node, n) for n in names)
    return _GETTERS[kind](node)


NODES = (
    Op, SortKey, Need, ItemRow, BlockOutput, CutStep, WeightStep, BinStep, GridStep, HistogramStep, SaveStep, AxisFill,
    RegionOutput, Identifier,
)  # fmt: skip


def refs(node: object) -> tuple[str, ...]:
    """Return the names that an operation or output refers to, in order."""
    return node.refs if isinstance(node, Op) else tuple(ref.name for ref in _found(Ref, node))


def needs(definition: Definition) -> tuple[str, ...]:
    """Return the names that a definition cannot do without: what its operation refers to, and its axis."""
    return refs(definition.op) if definition.axis is None else (*refs(definition.op), definition.axis)


def needed(names: Iterable[str], by_name: Mapping[str, Definition]) -> Iterator[str]:
    """Yield some names and those of all definitions that these need, each once."""
    stack, seen = list(names), set()
    while stack:
        name = stack.pop()
        if name not in seen:
            seen.add(name)
            yield name
            stack.extend(needs(by_name[name]))


def constants(node: object) -> tuple[Const, ...]:
    """Return the constants in an operation or output."""
    return node.constants if isinstance(node, Op) else tuple(_found(Const, node))


def _found(kind: type[Node], node: object) -> list[Node]:
    found: list[Node] = []
    _find(kind, (node,), found)
    return found


def _find(kind: type[Node], node: object, found: list[Node]) -> None:
    for part in _parts(node):
        here = type(part)
        if here is kind:
            found.append(cast(Node, part))
        elif here not in LEAVES:
            _find(kind, part, found)


def map_operands(node: Node, known: Mapping[str, Operand]) -> Node:
    """Return an operation or output that refers to other operands in the place of those that are `known` by name."""
    if known.keys().isdisjoint(refs(node)):
        return node
    (mapped,) = cast(tuple[Node], _mapped((node,), known))
    return mapped


def _mapped(node: object, known: Mapping[str, Operand]) -> object:
    mapped: list[object] = []
    differs = False
    for part in _parts(node):
        here = type(part)
        new: object = part
        if here is Ref:
            new = known.get(cast(Ref, part).name, part)
        elif here not in LEAVES:
            new = _mapped(part, known)
        differs = differs or new is not part
        mapped.append(new)
    if not differs:
        return node
    return tuple(mapped) if type(node) is tuple else type(node)(*mapped)


def changed(definition: Definition, **fields: object) -> Definition:
    """Return a definition with other fields: itself where they are what they were."""
    if all(getattr(definition, name) is value for name, value in fields.items()):
        return definition
    return replace(definition, **fields)  # type: ignore[arg-type]


def map_plan(plan: Plan, known: Mapping[str, Operand]) -> Plan:
    """Return a plan whose definitions and outputs refer to other operands in the place of those that are `known`."""
    return replace(
        plan,
        definitions=tuple(changed(d, op=map_operands(d.op, known)) for d in plan.definitions),
        blocks=map_operands(plan.blocks, known),
        regions=map_operands(plan.regions, known),
        identifiers=map_operands(plan.identifiers, known),
    )


def rename(plan: Plan, names: Mapping[str, str]) -> Plan:
    """Return a plan in which some definitions have new names."""
    plan = map_plan(plan, {old: Ref(new) for old, new in names.items()})
    definitions = tuple(
        changed(
            d,
            name=names.get(d.name, d.name),
            axis=None if d.axis is None else names.get(d.axis, d.axis),
            target=None if d.target is None else names.get(d.target, d.target),
        )
        for d in plan.definitions
    )
    return replace(plan, definitions=definitions)


def new_name(wished: str, taken: Container[str]) -> str:
    """Return a name that is not taken: the one that is wished for, or that with a number."""
    name, number = wished, 2
    while name in taken:
        name = f"{wished}_{number}"
        number += 1
    return name


def in_order(definitions: Mapping[str, Definition]) -> tuple[Definition, ...]:
    """Return the definitions in their order, moved behind what they need where that is necessary."""
    done: dict[str, Definition] = {}
    for start in definitions:
        stack = [(start, False)]
        while stack:
            name, needs_are_done = stack.pop()
            if name in done:
                continue
            definition = definitions[name]
            if needs_are_done:
                done[name] = definition
                continue
            stack.append((name, True))
            stack.extend((need, False) for need in reversed(needs(definition)) if need not in done)
    return tuple(done.values())
