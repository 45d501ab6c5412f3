"""Many versions of two programs as one program: what they have in common stands in it once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from hepsel.compare.drafts import Draft
from hepsel.compare.mapped import mapped_statement
from hepsel.compare.transplant import attribute_type
from hepsel.semantics import program as typed
from hepsel.semantics.passing import conjunction, passed
from hepsel.semantics.program import Criterion, Expr, Program
from hepsel.semantics.statements import expressions
from hepsel.semantics.types import BOOL, INT, REAL, ItemType, ListType, Type
from hepsel.semantics.walk import map_children, walk

OBSERVED = "observed"
"""The region of the one program that all events are in, and whose columns say what each version does with them."""

_ANONYMOUS = Criterion(id="", label="")


def shifted(program: Program, other: Program) -> Program:
    """Return a program whose variables have other numbers than those of another program."""
    by = 1 + _largest_uid(other)
    return _mapped_program(program, lambda expr: _moved(expr, by))


def _moved(expr: Expr, by: int) -> Expr:
    """Return an expression whose variables have other numbers."""
    if isinstance(expr, typed.Variable):
        return replace(expr, uid=expr.uid + by)
    expr = map_children(expr, lambda child: _moved(child, by))
    if isinstance(expr, typed.Comprehension):
        loops = tuple(
            replace(loop, variables=tuple(replace(v, uid=v.uid + by) for v in loop.variables)) for loop in expr.loops
        )
        return replace(expr, loops=loops)
    return expr


class Versions:
    """Collects versions in one program.

    Parameters
    ----------
    programs
        The two programs that the versions are of; of one format.
    """

    def __init__(self, programs: tuple[Program, Program]) -> None:
        self._programs = programs
        self._values: dict[str, typed.Value] = {}
        self._tables: dict[str, typed.Table] = {}
        self._collections: dict[str, typed.ItemBlock] = {}
        self._regions: dict[str, typed.Region] = {}
        self._columns: dict[str, typed.SavedColumn] = {}
        self._known: dict[object, str] = {}
        self._derived = dict[tuple[str, str], Expr]()
        self._where = dict[str, Expr]()

    def version(self, draft: Draft) -> Version:
        """Take a version in."""
        # A version may ask for attributes of the format that neither of the two programs does, and may have numbered
        # its variables otherwise than the program whose expressions of them are taken.
        _add(self._derived, draft.program.derived)
        _add(self._where, draft.program.where)
        return Version(self, draft)

    def observe(self, name: str, value: Expr) -> None:
        """Add a column."""
        self._columns[name] = typed.SavedColumn(name, value, unit="")

    def trace(self, name: str, steps: Sequence[typed.Filter]) -> None:
        """Add a region, of which it is asked which criterion an event fails first."""
        self._regions[name] = typed.Region(name, None, tuple(steps))

    def program(self) -> Program:
        """Return the one program."""
        observed = typed.Region(OBSERVED, None, tuple(self._columns.values()))
        return replace(
            self._programs[0],
            source="",
            values=self._values,
            tables=self._tables,
            collections=self._collections,
            regions={**self._regions, OBSERVED: observed},
            derived=self._derived,
            where=self._where,
        )

    def intern(self, kind: str, name: str, content: object, add: Callable[[str], None]) -> str:
        """Return the name of something in the one program; what is equal stands in it once.

        Parameters
        ----------
        kind, name
            What it is, and what its own program calls it.
        content
            All that it means.
        add
            Adds it under a name.
        """
        key = (kind, content)
        if key not in self._known:
            taken = {*self._values, *self._tables, *self._collections, *self._programs[0].format.collections}
            new, number = name, 2
            while new in taken:
                new, number = f"{name}_{number}", number + 1
            self._known[key] = new
            add(new)
        return self._known[key]

    def items_only_in(self, one: str, other: str, paths: Sequence[tuple[str, ...]]) -> Expr:
        """Return the number of items of one block whose base items do not stand in the same slots of one of another.

        Parameters
        ----------
        one, other
            Names of the blocks in the one program.
        paths
            Paths of slots to the base items, the same for both.
        """
        item = typed.Variable("item", _UIDS, type=ItemType(one))
        same = typed.Variable("same", _UIDS + 1, type=ItemType(other))
        equal = [
            typed.Identity(self._follow(item, path), self._follow(same, path), negated=False, type=BOOL)
            for path in paths
        ]
        twins = typed.Comprehension(conjunction(equal), (_over(same, other),), None, type=ListType(BOOL))
        found = typed.Reduce("any", twins, type=BOOL)
        alone = typed.Comprehension(item, (_over(item, one),), typed.Not(found, type=BOOL), type=ListType(item.type))
        return typed.Reduce("count_turns", alone, type=INT)

    def _follow(self, item: Expr, path: Sequence[str]) -> Expr:
        for slot in path:
            assert isinstance(item.type, ItemType)
            collection = item.type.collection
            block = self._collections.get(collection)
            is_union = isinstance(block, typed.ObjectBlock) and len(block.sources) > 1
            place = typed.place_in_parts(self._collections, collection, slot) if is_union else None
            if place is not None:  # what fills the slot may differ between the members
                item = typed.part(self._collections, item, place)
                continue
            kind = attribute_type(self._programs[0].format, self._collections, collection, slot, item.type)
            assert kind is not None
            item = typed.Attribute(item, slot, type=kind)
        return item

    def add_value(self, name: str, expr: Expr) -> str:
        """Take a definition in."""
        return self.intern("value", name, expr, lambda new: self._values.update({new: typed.Value(new, expr)}))

    def add_table(self, table: typed.Table) -> str:
        """Take a table in."""
        content = replace(table, name="")
        rows = tuple((row.value, row.ranges) for row in table.rows), table.otherwise
        return self.intern(
            "table", table.name, rows, lambda new: self._tables.update({new: replace(content, name=new)})
        )

    def add_block(self, block: typed.ItemBlock, renamed: Callable[[str], typed.ItemBlock]) -> str:
        """Take an object or composite in; `renamed` gives it with another name for itself."""
        content = renamed("")
        return self.intern("block", block.name, content, lambda new: self._collections.update({new: renamed(new)}))


_Key = TypeVar("_Key")


def _add(known: dict[_Key, Expr], new: Mapping[_Key, Expr]) -> None:
    known.update({name: _moved(expr, _FORMAT_UIDS) for name, expr in new.items() if name not in known})


FillKind = Literal["histogram", "column", "bin", "bins"]


@dataclass(frozen=True, slots=True)
class Fill:
    """What an event puts into a histogram, a bin, a grid of bins or a column.

    Attributes
    ----------
    kind
        Which of these it is.
    inside
        Whether the event gets there.
    weight
        That of the event, as far as it is known there.
    axes
        The values and edges; a column has one value and no edges, a bin has neither.
    factor
        That of the entries, if they have one of their own.
    fold
        Whether under- and overflow are added to the bins at the ends.
    """

    kind: FillKind
    inside: Expr
    weight: Expr
    axes: tuple[typed.BinAxis, ...] = ()
    factor: Expr | None = None
    fold: bool = False


_STEPS = typed.Filter | typed.WeightFactor | typed.NamedBin
_FILLS = typed.NamedBin | typed.GridBins | typed.HistogramFill | typed.SavedColumn


class Version:
    """A version of a program within the one that holds all of them."""

    def __init__(self, versions: Versions, draft: Draft) -> None:
        self._versions = versions
        self._draft = draft
        self._blocks = draft.collections()
        self._names: dict[str, str] = {}
        self._values: dict[str, str] = {}
        self._own: tuple[str, str] | None = None

    # ---------------------------------------------------------------- what is asked of it

    def passes(self, region: str) -> Expr:
        """Return the condition that an event passes a region."""
        return conjunction(list(map(passed, self.cuts(region))))

    def cuts(self, region: str) -> tuple[typed.Filter, ...]:
        """Return the criteria of a region, those of its bases first."""
        steps = self._steps(region)
        return tuple(step for step in steps if isinstance(step, typed.Filter))

    def weight(self, region: str) -> Expr:
        """Return the weight of the events of a region; a product that is missing counts as 0."""
        return _weight(self._steps(region))

    def sums(self, region: str) -> dict[Expr, Expr]:
        """Return for each criterion of a region the weight with which the cutflow counts the events that pass it."""
        steps = self._steps(region)
        return {passed(step): _weight(steps[:n]) for n, step in enumerate(steps) if isinstance(step, typed.Filter)}

    def bins(self, region: str) -> dict[str, Expr]:
        """Return for each named bin of a region the condition that an event is in it."""
        own = self._draft.region(region)
        before = list(map(passed, self.cuts(own.base))) if own.base is not None else []
        result = {}
        for step in self._renamed(own.statements):
            if isinstance(step, typed.Filter):
                before.append(passed(step))
            elif isinstance(step, typed.NamedBin):
                result[step.criterion.label] = conjunction([*before, step.condition])
        return result

    def fills(self, region: str) -> dict[tuple[FillKind, str], Fill]:
        """Return what the events put into each histogram, bin, grid and column of a region."""
        own = self._draft.region(region)
        steps = self._steps(own.base) if own.base is not None else []
        before = [passed(step) for step in steps if isinstance(step, typed.Filter)]
        result: dict[tuple[FillKind, str], Fill] = {}
        for step in own.statements:
            match mapped_statement(step, self.expr) if isinstance(step, _STEPS | _FILLS) else step:
                case typed.Filter() as cut:
                    before.append(passed(cut))
                case typed.WeightFactor() as factor:
                    steps.append(factor)
                case typed.NamedBin(criterion, condition):
                    result["bin", criterion.label] = Fill("bin", conjunction([*before, condition]), _weight(steps))
                case typed.GridBins(_, name, axes):
                    result["bins", name] = Fill("bins", conjunction(before), _weight(steps), axes)
                case typed.HistogramFill(name, axes, weight, fold):
                    result["histogram", name] = Fill(
                        "histogram", conjunction(before), _weight(steps), axes, weight, fold=fold
                    )
                case typed.SavedColumn(name, value, unit):
                    axis = typed.BinAxis(value, (), None, unit, name)
                    result["column", name] = Fill("column", self.passes(region), _weight(()), (axis,))
        return result

    def block(self, name: str) -> str:
        """Return what the one program calls a block."""
        if name in self._draft.program.format.collections:
            return name
        if name.endswith(typed.PARTS_SUFFIX):
            return self.block(name.removesuffix(typed.PARTS_SUFFIX)) + typed.PARTS_SUFFIX
        if self._own is not None and name == self._own[0]:
            return self._own[1]
        if name not in self._names:
            block = self._blocks[name]
            before, self._own = self._own, None
            self._renamed_block(block, "")  # what it needs comes before it
            self._names[name] = self._versions.add_block(block, lambda new: self._renamed_block(block, new))
            self._own = before
        return self._names[name]

    def leaves(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Return the paths of slots from an item of a block to its base items; of a base item the empty path."""
        block = self._blocks.get(name)
        if isinstance(block, typed.CompositeBlock):
            return tuple((slot.name, *path) for slot in block.slots for path in self.leaves(slot.collection))
        if isinstance(block, typed.ObjectBlock):
            bases = typed.identity_bases(self._draft.program.format, self._blocks, name)
            below = {self.leaves(base) for base in bases}
            return below.pop() if len(below) == 1 else ()
        return ((),)

    # ---------------------------------------------------------------- names

    def _steps(self, region: str) -> list[typed.RegionStatement]:
        own = self._draft.region(region)
        below = self._steps(own.base) if own.base is not None else []
        return [*below, *self._renamed(own.statements)]

    def _renamed(self, statements: Iterable[typed.RegionStatement]) -> list[typed.RegionStatement]:
        return [mapped_statement(s, self.expr) for s in statements if isinstance(s, _STEPS)]

    def _renamed_block(self, block: typed.ItemBlock, name: str) -> typed.ItemBlock:
        self._own = block.name, name
        statements = tuple(
            mapped_statement(_nameless(statement), self.expr)
            for statement in block.statements
            if not isinstance(statement, typed.ExternalCut)
        )
        self._own = None
        if isinstance(block, typed.ObjectBlock):
            sources = tuple(map(self.block, block.sources))
            return typed.ObjectBlock(name, sources, statements)
        slots = tuple(replace(slot, collection=self.block(slot.collection)) for slot in block.slots)
        return typed.CompositeBlock(name, slots, block.ordered, statements)

    def expr(self, expr: Expr) -> Expr:
        """Return an expression with the names of the one program."""
        expr = map_children(expr, self.expr)
        kind = self._type(expr.type)
        if kind is not expr.type:
            expr = replace(expr, type=kind)
        match expr:
            case typed.CollectionRef(name):
                return replace(expr, name=self.block(name))
            case typed.ValueRef(name):
                return replace(expr, name=self._value(name))
            case typed.TableLookup(table):
                return replace(expr, table=self._versions.add_table(self._draft.tables[table]))
            case typed.Comprehension(_, loops):
                return replace(expr, loops=tuple(map(self._loop, loops)))
        return expr

    def _loop(self, loop: typed.Loop) -> typed.Loop:
        return replace(loop, variables=tuple(replace(v, type=self._type(v.type)) for v in loop.variables))

    def _value(self, name: str) -> str:
        if name not in self._values:
            before, self._own = self._own, None
            # A region that is a condition asks for what this version of it says.
            is_region = name in self._draft.program.regions
            value = self.passes(name) if is_region else self.expr(self._draft.values[name].expr)
            self._values[name] = self._versions.add_value(name, value)
            self._own = before
        return self._values[name]

    def _type(self, kind: Type) -> Type:
        match kind:
            case ItemType(collection):
                return ItemType(self.block(collection))
            case ListType(element):
                inner = self._type(element)
                return kind if inner is element else ListType(inner)
        return kind


# ------------------------------------------------------------------ expressions


def _weight(steps: Iterable[typed.RegionStatement]) -> Expr:
    """Return the product of weights; one that is missing counts as 0."""
    result: Expr = typed.Constant(1.0, type=REAL)
    zero = typed.Constant(0.0, type=REAL)
    for step in steps:
        if isinstance(step, typed.WeightFactor):
            product = typed.Arithmetic("*", result, step.value, type=REAL)
            result = typed.Default(product, zero, type=REAL)
    return result


def differing(a: Expr, b: Expr) -> Expr:
    """Return the condition that of two values, neither of them missing, one is another than the other."""
    return typed.Compare("!=", a, b, type=BOOL)


_UIDS = 1_000_000_000
"""Variables of expressions that are made here count from this number, beyond those of any program."""

_FORMAT_UIDS = 3_000_000_000
"""The same for those of what the format derives."""


def _over(variable: typed.Variable, block: str) -> typed.Loop:
    return typed.Loop((variable,), typed.CollectionRef(block, type=ListType(ItemType(block))))


def _nameless(statement: typed.ItemStatement) -> typed.ItemStatement:
    if isinstance(statement, typed.Filter | typed.KeepFirst | typed.KeepBest):
        return replace(statement, criterion=_ANONYMOUS)
    return statement


def _mapped_program(program: Program, function: Callable[[Expr], Expr]) -> Program:
    def mapped(block: Any) -> Any:
        return replace(block, statements=tuple(mapped_statement(s, function) for s in block.statements))

    return replace(
        program,
        values={name: replace(value, expr=function(value.expr)) for name, value in program.values.items()},
        collections={name: mapped(block) for name, block in program.collections.items()},
        regions={name: mapped(region) for name, region in program.regions.items()},
        derived={name: function(expr) for name, expr in program.derived.items()},
        where={name: function(expr) for name, expr in program.where.items()},
    )


def _largest_uid(program: Program) -> int:
    exprs = (*expressions(program), *program.derived.values(), *program.where.values())
    return max((part.uid for expr in exprs for part in _variables(expr)), default=0)


def _variables(expr: Expr) -> Iterator[typed.Variable]:
    for part in walk(expr):
        if isinstance(part, typed.Comprehension):
            yield from (variable for loop in part.loops for variable in loop.variables)
