"""What a program says, statement by statement, in normal form: the entries that are compared one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from hepsel.compare.normal import Normaliser, Place, p4_place
from hepsel.semantics import program as typed
from hepsel.semantics.program import Expr, Program
from hepsel.semantics.types import BOOL, INT, ItemType, ListType
from hepsel.semantics.walk import children
from hepsel.syntax.tree import NOWHERE, Span

Kind = Literal[
    "source", "pairing", "criterion", "first", "keep", "sort", "p4", "weight", "external", "bin", "bins", "histogram",
    "column", "row", "region", "variant",
    "definition",
]  # fmt: skip

REPORTED_APART: tuple[Kind, ...] = ("histogram", "column")
"""What fills the output and selects nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a block says.

    Attributes
    ----------
    kind
        What it is.
    content
        Its normal form: entries of one kind that are equal mean the same.
    block
        Name of the block.
    id
        Stable name within the program.
    label
        Label that the program gives it with `as`.
    span
        Where it stands in the text of the program.
    place
        Number of the statement in its block: what `before` means.
    parts
        The typed expressions, as written, that it is made of: those of a criterion are true where it is met.
    name
        What the outputs call a bin, a grid of bins, a histogram or a column.
    """

    kind: Kind
    content: Expr
    block: str
    id: str
    label: str | None
    span: Span
    place: int
    parts: tuple[Expr, ...] = ()
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a program and its entries.

    Attributes
    ----------
    name
        Its name in the program.
    kind
        What it defines.
    uses
        The collections that it starts from (of a region: nothing).
    base
        The region that it starts from.
    entries
        What it says.
    span
        Where it stands.
    """

    name: str
    kind: Literal["object", "composite", "region", "table"]
    uses: tuple[str, ...]
    base: str | None
    entries: tuple[Entry, ...]
    span: Span


Names = Mapping[str, str]


def slot_names(program: Program, ids: Names) -> dict[tuple[str, str], str]:
    """Return what slots are called in normal forms: what fills them, and the how many-eth of that kind they are."""
    result = {}
    for block in program.collections.values():
        if not isinstance(block, typed.CompositeBlock):
            continue
        seen: dict[str, int] = {}
        for slot in block.slots:
            filled = ids.get(slot.collection, slot.collection)
            seen[filled] = seen.get(filled, 0) + 1
            result[block.name, slot.name] = f"slot {filled} {seen[filled]}"
    return result


def slot_places(program: Program) -> dict[tuple[str, str], str]:
    """Return what slots are called where not all of them correspond: their places."""
    return {
        (block.name, slot.name): f"slot {number}"
        for block in program.collections.values()
        if isinstance(block, typed.CompositeBlock)
        for number, slot in enumerate(block.slots, 1)
    }


def blocks_of(program: Program, normaliser: Normaliser) -> dict[str, Block]:
    """Return everything that a program says."""
    reader = _Reader(program, normaliser)
    result = {table.name: _table(table) for table in program.tables.values()}
    result |= {block.name: reader.collection(block) for block in program.collections.values()}
    return result | {region.name: reader.region(region) for region in program.regions.values()}


def one_sort(statements: Iterable[typed.ItemStatement]) -> Iterator[tuple[int, typed.ItemStatement]]:
    """Yield statements and their numbers, in which sorts one behind the other are one.

    A sort keeps the order of equal items: what was sorted by before decides there. It does so for items without a key,
    too, which are equal in it.
    """
    for is_sort, some in groupby(enumerate(statements), key=lambda one: isinstance(one[1], typed.Sort)):
        if not is_sort:
            yield from some
            continue
        numbers, sorts = zip(*some, strict=True)
        keys = tuple(key for sort in reversed(sorts) for key in sort.keys)
        yield numbers[-1], typed.Sort(keys, replace(sorts[0].span, end=sorts[-1].span.end))


def nothing_said(region: Block) -> Entry:
    """Return the entry of a region without statements of its own, which still selects events."""
    return Entry("region", _marked("region"), region.name, region.name, None, region.span, 0)


class _Reader:
    def __init__(self, program: Program, normaliser: Normaliser) -> None:
        self._program = program
        self._normal = normaliser

    def collection(self, block: typed.ItemBlock) -> Block:
        entries = list(self._sources(block))
        number_of_p4 = p4_place(block.statements)
        names = _Names(block.name, self._program.source)
        for number, statement in one_sort(block.statements):
            place = Place(block.name, number_of_p4 < number)
            entries += self._item_statement(block.name, names, number, statement, place)
        kind: Literal["object", "composite"] = "object" if isinstance(block, typed.ObjectBlock) else "composite"
        return Block(block.name, kind, block.sources, None, tuple(entries), block.span)

    def region(self, region: typed.Region) -> Block:
        names = _Names(region.name, self._program.source)
        entries = [
            entry
            for number, statement in enumerate(region.statements)
            for entry in self._region_statement(region.name, names, number, statement)
        ]
        return Block(region.name, "region", (), region.base, tuple(entries), region.span)

    def _sources(self, block: typed.ItemBlock) -> Iterator[Entry]:
        for number, name in enumerate(block.sources):
            content = typed.CollectionRef(self._normal.id(name), type=ListType(ItemType("")))
            place = number - len(block.sources)
            yield Entry("source", content, block.name, f"{block.name}.take {name}", None, block.span, place)
        if isinstance(block, typed.CompositeBlock):
            repeated = len(set(block.sources)) < len(block.sources)
            ordered = _marked("ordered" if block.ordered and repeated else "unordered")
            yield Entry("pairing", ordered, block.name, f"{block.name}.pairing", None, block.span, -1)

    def _filter(self, block: str, names: _Names, number: int, statement: typed.Filter, place: Place) -> Iterator[Entry]:
        criteria = self._normal.criteria(statement.condition, place, negated=statement.negated)
        several = len(criteria) > 1
        for part, (content, origins) in enumerate(criteria, 1):
            span = _span_of(origins) if several and origins else statement.criterion.span
            name = f"{statement.criterion.id}/{part}" if several else statement.criterion.id
            whole = len(origins) == 0 or _inside(span, statement.criterion.span)
            yield Entry(
                "criterion", content, block, name, names.label(statement.criterion),
                span if whole else statement.criterion.span, number, origins,
            )  # fmt: skip

    def _item_statement(
        self, block: str, names: _Names, number: int, statement: typed.ItemStatement, place: Place
    ) -> Iterator[Entry]:
        match statement:
            case typed.Filter():
                yield from self._filter(block, names, number, statement, place)
            case typed.LetItem("p4", value):
                content = _marked("p4", self._normal.value(value, place))
                yield Entry("p4", content, block, f"{block}.p4", None, value.span, number, (value,))
            case typed.Sort(keys, span):
                content = _marked("sort", *_once(self._ranked(keys, place, ("ascending", "descending"))))
                parts = tuple(key for key, _ in keys)
                yield Entry("sort", content, block, names.next("sort"), None, span, number, parts)
            case typed.KeepFirst(criterion, count):
                content = _marked("first", typed.Constant(count, type=INT))
                yield names.entry("first", content, criterion, number)
            case typed.KeepBest(criterion, keys):
                ranked = self._ranked(keys, place, ("lowest", "highest"))
                entry = names.entry("keep", _marked("keep", *ranked), criterion, number)
                yield replace(entry, parts=tuple(value for value, _ in keys))
            case typed.ExternalCut(criterion):
                yield names.entry("external", _recorded(names.text(criterion)), criterion, number)

    def _ranked(self, keys: tuple[tuple[Expr, bool], ...], place: Place, names: tuple[str, str]) -> list[Expr]:
        return [_ranked(self._normal.value(key, place), names, downwards=downwards) for key, downwards in keys]

    def _region_statement(
        self, region: str, names: _Names, number: int, statement: typed.RegionStatement
    ) -> Iterator[Entry]:
        place = Place()
        match statement:
            case typed.Filter():
                yield from self._filter(region, names, number, statement, place)
            case typed.ExternalCut(criterion):
                yield names.entry("external", _recorded(names.text(criterion)), criterion, number)
            case typed.WeightFactor(name, value):
                content = _marked("weight", self._normal.value(value, place))
                yield Entry("weight", content, region, f"{region}.{name}", None, statement.span, number, (value,))
            case typed.NamedBin(criterion, condition):
                truth = self._normal.truth(condition, place)
                entry = names.entry("bin", truth, criterion, number)
                yield replace(entry, parts=(condition,), name=criterion.label)
            case typed.GridBins(criterion, name, axes):
                content = _marked("bins", *map(self._axis, axes))
                yield replace(names.entry("bins", content, criterion, number), parts=_values(axes), name=name)
            case typed.HistogramFill(name, axes, weight, fold):
                own = () if weight is None else (self._normal.value(weight, place),)
                content = _marked("folded" if fold else "histogram", _marked("weight", *own), *map(self._axis, axes))
                where, values = f"{region}/{name}", statement.values
                yield Entry("histogram", content, region, where, None, statement.span, number, values, name)
            case typed.SavedColumn(name, value):
                content = _marked("column", self._normal.value(value, place))
                yield Entry("column", content, region, f"{region}/{name}", None, statement.span, number, (value,), name)
            case typed.PublishedCount():
                return

    def _axis(self, axis: typed.BinAxis) -> Expr:
        edges = tuple(typed.Constant(edge, type=axis.value.type) for edge in axis.edges)
        return _marked("axis", self._normal.value(axis.value, Place()), *edges)


class _Names:
    """Gives names and labels to the entries of a block."""

    def __init__(self, block: str, source: str) -> None:
        self._block = block
        self._source = source
        self._counts: dict[str, int] = {}

    def next(self, what: str) -> str:
        """Return the name of a statement that is no criterion."""
        self._counts[what] = self._counts.get(what, 0) + 1
        return f"{self._block}.{what} {self._counts[what]}"

    def label(self, criterion: typed.Criterion) -> str | None:
        """Return the label that `as` gives: without it, the checker calls a criterion by its text."""
        text = _squeezed(self._source[criterion.span.start : criterion.span.end])
        label = _squeezed(criterion.label)
        plain = text.startswith(label) or _KEYWORD.sub("", text).startswith((label, f'"{label}"'))
        return None if plain else criterion.label

    def text(self, criterion: typed.Criterion) -> str:
        """Return the text of an `external` statement."""
        found = _EXTERNAL.match(self._source, criterion.span.start)
        return found[1] if found is not None else criterion.label

    def entry(self, kind: Kind, content: Expr, criterion: typed.Criterion, place: int) -> Entry:
        """Return the entry of a statement with a criterion."""
        return Entry(kind, content, self._block, criterion.id, self.label(criterion), criterion.span, place)


_KEYWORD = re.compile("^(select|reject|bin|external)")
_EXTERNAL = re.compile(r'external\s+"((?:[^"\\]|\\.)*)"')


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _table(table: typed.Table) -> Block:
    entries = []
    for number, row in enumerate(table.rows, 1):
        ranges = zip(table.axes, row.ranges, strict=True)
        bounds = [typed.Constant(bound, type=axis) for axis, pair in ranges for bound in pair]
        content = _marked("row", typed.Constant(row.value, type=table.type), *bounds)
        entries.append(Entry("row", content, table.name, f"{table.name} row {number}", None, row.span, number))
    if table.otherwise is not None:
        content = _marked("otherwise", typed.Constant(table.otherwise, type=table.type))
        entries.append(Entry("row", content, table.name, f"{table.name} otherwise", None, NOWHERE, 0))
    return Block(table.name, "table", (), None, tuple(entries), NOWHERE)


def _recorded(text: str) -> Expr:
    return typed.Constant(" ".join(text.casefold().split()), type=BOOL)


def _values(axes: tuple[typed.BinAxis, ...]) -> tuple[Expr, ...]:
    return tuple(axis.value for axis in axes)


def _marked(name: str, *arguments: Expr) -> Expr:
    return typed.Function(name, arguments, type=BOOL)


def _ranked(value: Expr, names: tuple[str, str], *, downwards: bool) -> Expr:
    """Return a key and its direction: what has the highest `-x` has the lowest `x`."""
    while isinstance(value, typed.Negate):
        value, downwards = value.operand, not downwards
    return _marked(names[downwards], value)


def _once(keys: Iterable[Expr]) -> list[Expr]:
    """Leave out keys that stand before already, in either direction: what is equal in them is so again."""
    by_value: dict[tuple[Expr, ...], Expr] = {}
    for key in keys:
        by_value.setdefault(tuple(children(key)), key)
    return list(by_value.values())


def _span_of(parts: tuple[Expr, ...]) -> Span:
    span = parts[0].span
    for part in parts[1:]:
        span = Span(min(span.start, part.span.start), max(span.end, part.span.end), span.line, span.column)
    return span


def _inside(span: Span, outer: Span) -> bool:
    return outer.start <= span.start and span.end <= outer.end
