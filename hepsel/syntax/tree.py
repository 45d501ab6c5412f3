"""The syntax tree of a `.hepsel` program.

Every node is a frozen dataclass that carries the span of source text it was read from. Spans do not take part in
comparison, so that two trees are equal when they say the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field, fields, replace
from typing import Any, Literal, TypeVar

from hepsel.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters in a source text, with the line and column (from 1) where it starts."""

    start: int
    end: int
    line: int
    column: int

    def to(self, other: Span) -> Span:
        """Return the span from the start of this one to the end of `other`."""
        return Span(self.start, max(self.end, other.end), self.line, self.column)

    def begins_in(self, other: Span) -> bool:
        """Whether the first character of this one is one of `other`."""
        return other.start <= self.start < other.end


NOWHERE = Span(0, 0, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What all nodes share: where they stand."""

    span: Span = field(default=NOWHERE, compare=False, repr=False)


# ------------------------------------------------------------------ expressions


@dataclass(frozen=True, slots=True)
class Expr(Node):
    """Any expression."""


@dataclass(frozen=True, slots=True)
class UnitRef(Node):
    """A unit as written, such as `GeV` or `fb^-1`; `power` is the exponent as a pair (numerator, denominator)."""

    name: str
    power: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True)
class Number(Expr):
    """A literal. `text` keeps the digits as written, since literals convert to base units exactly, in decimal."""

    text: str
    unit: UnitRef | None = None


@dataclass(frozen=True, slots=True)
class Infinity(Node):
    """`inf` or `-inf`: an open end of a bin, or of a range of a table. It is no number, and stands nowhere else."""

    negative: bool = False


End = Expr | Infinity


@dataclass(frozen=True, slots=True)
class Boolean(Expr):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Name(Expr):
    """A bare name: a collection, a definition, an attribute of `this`, a variable or an enumeration value."""

    name: str


@dataclass(frozen=True, slots=True)
class Attribute(Expr):
    """`item.name`."""

    item: Expr
    name: str
    name_span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Index(Expr):
    """`collection[index]`."""

    collection: Expr
    index: Expr


@dataclass(frozen=True, slots=True)
class Slice(Expr):
    """`collection[start:stop]`, half-open."""

    collection: Expr
    start: Expr | None
    stop: Expr | None


@dataclass(frozen=True, slots=True)
class Clause(Node):
    """`for names in collection` of a generator."""

    names: tuple[str, ...]
    collection: Expr
    name_spans: tuple[Span, ...] = field(default=(), compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Generator(Expr):
    """`body for i in a for j in b if condition`."""

    body: Expr
    clauses: tuple[Clause, ...]
    condition: Expr | None


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """`function(arguments)`; a generator stands as an argument."""

    function: str
    arguments: tuple[Expr, ...]
    function_span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Absolute(Expr):
    """`|operand|`."""

    operand: Expr


UnaryOperator = Literal["-", "not"]
BinaryOperator = Literal["+", "-", "*", "/", "^"]
LogicalOperator = Literal["and", "or"]
ComparisonOperator = Literal["<", "<=", ">", ">=", "==", "!="]


@dataclass(frozen=True, slots=True)
class Unary(Expr):
    """`-operand` or `not operand`."""

    operator: UnaryOperator
    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary(Expr):
    """`left operator right`."""

    operator: BinaryOperator
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Logical(Expr):
    """`a and b and c`: two operands or more."""

    operator: LogicalOperator
    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Expr):
    """`a < b <= c`: one operand more than operators."""

    operands: tuple[Expr, ...]
    operators: tuple[ComparisonOperator, ...]


@dataclass(frozen=True, slots=True)
class Membership(Expr):
    """`item in collection`, or `item not in collection`."""

    item: Expr
    collection: Expr
    negated: bool


@dataclass(frozen=True, slots=True)
class Conditional(Expr):
    """`if condition then value else otherwise`."""

    condition: Expr
    value: Expr
    otherwise: Expr


# ------------------------------------------------------------------ annotations


@dataclass(frozen=True, slots=True)
class Annotation(Node):
    """What may stand at the end of a statement or of a block's first line."""


@dataclass(frozen=True, slots=True)
class Cite(Annotation):
    """`cite source page 7 "quotation"`."""

    source: str
    page: int | None
    quote: str | None


@dataclass(frozen=True, slots=True)
class Assume(Annotation):
    """`assume "why"`: a choice that the source does not state."""

    text: str


@dataclass(frozen=True, slots=True)
class Note(Annotation):
    """`note "..."`."""

    text: str


@dataclass(frozen=True, slots=True)
class Label(Annotation):
    """`as "label"`."""

    text: str


# ------------------------------------------------------------------ statements


@dataclass(frozen=True, slots=True)
class Statement(Node):
    """Any statement of a block."""

    annotations: tuple[Annotation, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class Without(Node):
    """`without "label", ...` of a `take`."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class With(Node):
    """`with old = new` of a `take`."""

    old: str
    new: Expr


@dataclass(frozen=True, slots=True)
class Source(Node):
    """One source of a `take`; in a composite it has the name of its slot."""

    name: str
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class Take(Statement):
    """`take [ordered] sources [without ...] [with ...]`."""

    sources: tuple[Source, ...]
    ordered: bool = False
    variants: tuple[Without | With, ...] = ()


@dataclass(frozen=True, slots=True)
class Select(Statement):
    """`select condition`."""

    condition: Expr


@dataclass(frozen=True, slots=True)
class Reject(Statement):
    """`reject condition`."""

    condition: Expr


@dataclass(frozen=True, slots=True)
class Let(Statement):
    """`let name = value`."""

    name: str
    value: Expr
    name_span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class SortKey(Node):
    """One key of a `sort by`."""

    value: Expr
    descending: bool


@dataclass(frozen=True, slots=True)
class SortBy(Statement):
    """`sort by e1 descending, e2 ascending`."""

    keys: tuple[SortKey, ...]


@dataclass(frozen=True, slots=True)
class KeepFirst(Statement):
    """`keep first N`."""

    count: int


@dataclass(frozen=True, slots=True)
class Key(Node):
    """One key of a `keep`."""

    value: Expr
    highest: bool


@dataclass(frozen=True, slots=True)
class KeepBest(Statement):
    """`keep lowest e1, highest e2`."""

    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class External(Statement):
    """`external "text"`: a criterion that the data cannot express."""

    text: str


@dataclass(frozen=True, slots=True)
class Weight(Statement):
    """`weight name = value`."""

    name: str
    value: Expr
    name_span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class UniformAxis(Node):
    """`bins N from low to high`."""

    bins: int
    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class EdgesAxis(Node):
    """`edges [a, b, c]`."""

    edges: tuple[End, ...]


Axis = UniformAxis | EdgesAxis


@dataclass(frozen=True, slots=True)
class Bin(Statement):
    """`bin "name" condition`."""

    name: str
    condition: Expr


@dataclass(frozen=True, slots=True)
class Bins(Statement):
    """`bins name [= value] AXIS [vs value2 AXIS ...]`; `values[i]` is `None` where the name itself is the value."""

    name: str
    values: tuple[Expr | None, ...]
    axes: tuple[Axis, ...]
    name_span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Histogram(Statement):
    """`histogram name [= value] AXIS [vs value2 AXIS] [with weight value3] [fold] [title "..."]`."""

    name: str
    values: tuple[Expr | None, ...]
    axes: tuple[Axis, ...]
    weight: Expr | None = None
    fold: bool = False
    title: str | None = None
    name_span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Column(Node):
    """`name [= value]` of a `save`."""

    name: str
    value: Expr | None


@dataclass(frozen=True, slots=True)
class Save(Statement):
    """`save name [= value], ...`."""

    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Uncertainty(Node):
    """`+- E` (then `up == down`) or `+ UP - DOWN`, of kind `stat`, `syst` or none."""

    up: Number
    down: Number
    kind: Literal["stat", "syst"] | None = None


@dataclass(frozen=True, slots=True)
class Expectation(Node):
    """One published count of an `expect`; `value` may be negative, hence an expression."""

    value: Expr
    uncertainties: tuple[Uncertainty, ...] = ()
    sample: str | None = None


@dataclass(frozen=True, slots=True)
class Expect(Statement):
    """`expect V +- E for "sample", ...`."""

    expectations: tuple[Expectation, ...]


# ------------------------------------------------------------------ blocks


@dataclass(frozen=True, slots=True)
class SourceDecl(Node):
    """`source name "what it is"` of the header."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Analysis(Node):
    """The header; `repeated` are the lines that state again what a line before them states."""

    title: str
    experiment: str | None = None
    energy: Number | None = None
    luminosity: Number | None = None
    sources: tuple[SourceDecl, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    repeated: tuple[Span, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Block(Node):
    """Any top-level item behind the header."""

    name: str
    annotations: tuple[Annotation, ...] = field(default=(), kw_only=True)
    name_span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Define(Block):
    """`define x = e` (`parameters` is `None`) or `define f(a, b) = e`."""

    parameters: tuple[str, ...] | None
    value: Expr


@dataclass(frozen=True, slots=True)
class Row(Node):
    """One cell of a `table`: the value, its errors, and a range `[low, high)` for each parameter."""

    value: Expr
    uncertainties: tuple[Uncertainty, ...] = field(default=(), kw_only=True)
    ranges: tuple[tuple[End, End], ...]


@dataclass(frozen=True, slots=True)
class Table(Block):
    """`table f(x, y) V +- E for LO to HI and LO to HI, ... otherwise V`."""

    parameters: tuple[str, ...]
    rows: tuple[Row, ...]
    otherwise: Expr | None


@dataclass(frozen=True, slots=True)
class ObjectBlock(Block):
    """`object name` and its statements."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class CompositeBlock(Block):
    """`composite name` and its statements."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class RegionBlock(Block):
    """`region name` and its statements."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Program(Node):
    """A whole file."""

    version: int
    analysis: Analysis | None
    blocks: tuple[Block, ...]


ItemBlock = ObjectBlock | CompositeBlock
"""A block that makes a collection of items."""

Body = ObjectBlock | CompositeBlock | RegionBlock
"""A block that has statements."""

BODIES: dict[type[Node], str] = {ObjectBlock: "object", CompositeBlock: "composite", RegionBlock: "region"}
"""The blocks that have statements, and the words that begin them."""

_N = TypeVar("_N", bound=Node)


def _field_names(kind: type[Node]) -> tuple[str, ...]:
    if kind not in _FIELD_NAMES:
        _FIELD_NAMES[kind] = tuple(item.name for item in fields(kind) if not item.name.endswith(("span", "spans")))
    return _FIELD_NAMES[kind]


_FIELD_NAMES: dict[type[Node], tuple[str, ...]] = {}


def children(node: Node) -> list[Node]:
    """Return the nodes directly below `node`."""
    found: list[Node] = []
    for name in _field_names(type(node)):
        _collect(getattr(node, name), found)
    return found


def _collect(value: object, found: list[Node]) -> None:
    if isinstance(value, Node):
        found.append(value)
    elif isinstance(value, tuple):
        for element in value:
            _collect(element, found)


def map_children(node: _N, function: Callable[[Node], Node]) -> _N:
    """Return a copy of `node` with `function` applied to the nodes directly below it."""
    return replace(node, **{item.name: _mapped(getattr(node, item.name), function) for item in fields(node)})


def _mapped(value: Any, function: Callable[[Node], Node]) -> Any:
    if isinstance(value, Node):
        return function(value)
    return tuple(_mapped(element, function) for element in value) if isinstance(value, tuple) else value


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and all nodes below it, depth first."""
    stack = [node]  # not by recursion, which would hand each node through all generators above it
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def depth_of(node: Node) -> int:
    """Return how many levels of nodes are below `node` (which is not nested too deep for recursion)."""
    return max((1 + depth_of(child) for child in children(node)), default=0)
