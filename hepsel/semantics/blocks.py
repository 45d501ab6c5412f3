"""Checks the blocks and statements of a program."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from hepsel.semantics import foreign
from hepsel.semantics import program as typed
from hepsel.semantics.attributes import is_number
from hepsel.semantics.expressions import USUAL_UNITS, ExpressionChecker, Scope, a_quantity, dimension
from hepsel.semantics.intervals import Constraints
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import (
    PURE,
    UNKNOWN,
    BoolType,
    Dimension,
    EnumType,
    ItemType,
    ListType,
    RealType,
    Type,
    VectorType,
)
from hepsel.semantics.variants import label_of
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText

_MAX_BINS = 1_000_000

_BLOCK_STATEMENTS: dict[type[tree.Block], str] = {
    tree.ObjectBlock: "an object",
    tree.CompositeBlock: "a composite",
    tree.RegionBlock: "a region",
}


_CRITERIA = (tree.Select, tree.Reject, tree.External, tree.KeepFirst, tree.KeepBest, tree.Bin, tree.Bins)


class BlockChecker:
    """Checks blocks one after the other and adds them to the symbols.

    Parameters
    ----------
    symbols
        Names so far; what is checked is added.
    source
        The text, for the labels of criteria.
    sources
        Names of the sources that the header declares.
    """

    def __init__(self, symbols: Symbols, source: SourceText, sources: frozenset[str]) -> None:
        self.symbols = symbols
        self.expressions = ExpressionChecker(symbols)
        self._source = source
        self._sources = sources
        self._constraints: dict[str, Constraints] = {}
        self._weights: dict[str, set[str]] = {}
        self._bins: dict[str, list[tuple[str, typed.Expr]]] = {}

    # ---------------------------------------------------------------- definitions

    def check(self, block: tree.Block) -> None:
        """Check one block."""
        self._annotations(block)
        if not self.symbols.claim(block.name, block.name_span):
            return
        match block:
            case tree.Define():
                self._define(block)
            case tree.Table():
                self._table(block)
            case tree.ObjectBlock():
                self._items(block)
            case tree.CompositeBlock():
                self._items(block)
            case tree.RegionBlock():
                self._region(block)

    def _define(self, block: tree.Define) -> None:
        symbols = self.symbols
        if block.parameters is None:
            expr = self.expressions.check(block.value)
            symbols.values[block.name] = typed.Value(block.name, expr, block.annotations, block.span)
            symbols.kinds[block.name] = "value"
            return
        unknown = {name: typed.Constant(False, type=UNKNOWN, span=block.span) for name in block.parameters}
        for name in block.parameters:
            symbols.claim(name, block.name_span, what="parameter")
        if len(unknown) < len(block.parameters):
            symbols.report("E201", "two parameters have one name", block.name_span)
        before = symbols.errors
        with self.expressions.within(Scope(variables=unknown)):
            self.expressions.check(block.value)
        # What is wrong whatever the arguments are is told once, and not again where the function is called.
        symbols.functions[block.name] = block
        symbols.kinds[block.name] = "function" if symbols.errors == before else "lost"

    def _table(self, block: tree.Table) -> None:
        symbols = self.symbols
        symbols.kinds[block.name] = "table"
        rows: list[typed.TableRow] = []
        places: list[tree.Span] = []
        value_dims: list[Dimension] = []
        axis_dims: list[list[Dimension]] = [[] for _ in block.parameters]
        good = True
        for row in block.rows:
            if len(row.ranges) != len(block.parameters):
                symbols.report(
                    "E506",
                    f"the table has {len(block.parameters)} parameter(s), and this row {len(row.ranges)} range(s)",
                    row.span,
                    "write one `LO to HI` for each parameter, joined by `and`",
                )
                good = False
                continue
            value = self.expressions.literals.constant(row.value)
            error = self.expressions.literals.constant(row.error) if row.error is not None else (0.0, None)
            bounds = [
                (self.expressions.literals.constant(low), self.expressions.literals.constant(high))
                for low, high in row.ranges
            ]
            if value is None or error is None or any(None in pair for pair in bounds):
                good = False
                continue
            value_dims.append(value[1])
            if error[1] is not None:
                value_dims.append(error[1])
            ranges: list[tuple[float, float]] = []
            for i, (low, high) in enumerate(bounds):
                assert low is not None
                assert high is not None
                axis_dims[i] += [low[1], high[1]]
                ranges.append((low[0], high[0]))
                if not low[0] < high[0]:
                    symbols.report("E506", "the range is empty", row.span, "write the lower end first")
                    good = False
            rows.append(typed.TableRow(value[0], error[0] if row.error else None, tuple(ranges)))
            places.append(row.span)
        otherwise = None
        if block.otherwise is not None:
            value = self.expressions.literals.constant(block.otherwise)
            if value is not None:
                otherwise = value[0]
                value_dims.append(value[1])
        for dims in (value_dims, *axis_dims):
            if len(set(dims)) > 1:
                symbols.report(
                    "E401",
                    "the table mixes quantities of different dimension: " + ", ".join(sorted({str(d) for d in dims})),
                    block.name_span,
                    "give every number of a column its unit",
                )
                good = False
        if all(len(set(dims)) == 1 for dims in axis_dims):
            self._overlaps(rows, places)
        if not good or not value_dims or not all(axis_dims):
            symbols.kinds[block.name] = "lost"
            return
        symbols.table_axes[block.name] = tuple(RealType(dims[0]) for dims in axis_dims)
        symbols.tables[block.name] = typed.Table(
            block.name, block.parameters, tuple(rows), otherwise, RealType(value_dims[0])
        )

    def _overlaps(self, rows: list[typed.TableRow], places: list[tree.Span]) -> None:
        for count, (new, place) in enumerate(zip(rows, places, strict=True)):
            if any(
                all(a[0] < b[1] and b[0] < a[1] for a, b in zip(old.ranges, new.ranges, strict=True))
                for old in rows[:count]
            ):
                self.symbols.report(
                    "E506",
                    "the range overlaps with that of a row before",
                    place,
                    "ranges are half-open: `0 to 10` and `10 to 20` do not overlap",
                )

    # ---------------------------------------------------------------- objects and composites

    def _items(self, block: tree.ObjectBlock | tree.CompositeBlock) -> None:
        symbols = self.symbols
        take = self._take(block)
        if take is None:
            symbols.kinds[block.name] = "lost"
            return
        checked: typed.ItemBlock | None = (
            self._object_sources(block, take) if isinstance(block, tree.ObjectBlock) else self._slots(block, take)
        )
        if checked is None:
            symbols.kinds[block.name] = "lost"
            return
        symbols.collections[block.name] = checked
        self._constraints[block.name] = constraints = Constraints(symbols)
        ordinal = 0
        kept: tree.Statement | None = None
        for statement in block.statements[1:]:
            self._annotations(statement)
            if isinstance(statement, tree.Select | tree.Reject) and kept is not None:
                symbols.report(
                    "H701",
                    "this cut comes after `keep`: an event whose kept candidate fails it has none left",
                    statement.span,
                    f"to choose among the candidates that pass it, move it above line {kept.span.line}",
                )
            if isinstance(statement, tree.KeepBest | tree.KeepFirst):
                kept = statement
            if isinstance(statement, _CRITERIA):
                ordinal += 1
            with self.expressions.within(self._item_scope(checked)):
                new = self._item_statement(block, statement, ordinal, constraints)
            if isinstance(new, typed.LetItem) and new.name == "p4":
                constraints.forget()
            if new is not None:
                checked = replace(checked, statements=(*checked.statements, new))
                symbols.collections[block.name] = checked
        symbols.kinds[block.name] = "collection"

    def _item_scope(self, block: typed.ItemBlock) -> Scope:
        replaced = any(isinstance(s, typed.LetItem) and s.name == "p4" for s in block.statements)
        return Scope(this=block.name, own_p4=replaced)

    def _take(self, block: tree.ObjectBlock | tree.CompositeBlock) -> tree.Take | None:
        kind = _BLOCK_STATEMENTS[type(block)]
        if not block.statements or not isinstance(block.statements[0], tree.Take):
            if self.symbols.kinds.get(block.name) == "lost":
                return None  # its `take` did not parse, and that was reported
            self.symbols.report(
                "E500",
                f"{kind} begins with `take`",
                block.statements[0].span if block.statements else block.name_span,
                "for example `take Electron`"
                if isinstance(block, tree.ObjectBlock)
                else "for example `take leptons a, leptons b`",
            )
            return None
        for statement in block.statements[1:]:
            if isinstance(statement, tree.Take):
                self.symbols.report(
                    "E500",
                    f"{kind} has one `take`, at its beginning",
                    statement.span,
                    "list the collections of a union in one: `take electrons, muons`",
                )
        first = block.statements[0]
        self._annotations(first)
        return first

    def _collection(self, source: tree.Source) -> str | None:
        symbols, name = self.symbols, source.name
        if symbols.kinds.get(name) == "collection":
            return name
        if symbols.kinds.get(name) == "lost":
            return None
        spec = symbols.format.collections.get(name)
        if spec is not None and not spec.single:
            self.expressions.names.use_collection(name)
            return name
        if spec is not None:
            symbols.report("E502", f"{name} is a single item, not a collection", source.span)
            return None
        kind = symbols.kinds.get(name)
        if kind is not None:
            symbols.report("E502", f"`{name}` is a {kind}, not a collection", source.span)
            return None
        if self.expressions.names.used_too_early(name, source.span):
            return None
        known = [n for n, k in symbols.kinds.items() if k == "collection"]
        known += [n for n, s in symbols.format.collections.items() if not s.single]
        near = foreign.nearest(name, known, foreign.NAMES)
        proposal = (
            f"did you mean {foreign.listed(near)}?"
            if near
            else f"collections of the format {symbols.format.name} are "
            + ", ".join(n for n, s in symbols.format.collections.items() if not s.single)
        )
        symbols.report(
            "E200", f"there is no collection `{name}`", source.span, proposal, near[0] if len(near) == 1 else None
        )
        return None

    def _object_sources(self, block: tree.ObjectBlock, take: tree.Take) -> typed.ObjectBlock | None:
        names: list[str] = []
        for source in take.sources:
            if source.slot is not None:
                self.symbols.report(
                    "E502",
                    "the sources of an object have no slot names",
                    source.span,
                    f"write `take {source.name}`, or make the block a `composite`",
                )
            name = self._collection(source)
            if name is None:
                return None
            names.append(name)
        if take.ordered:
            self.symbols.report("E502", "`ordered` belongs to a composite", take.span, "leave it out")
        composite = {typed.is_composite(self.symbols.collections, name) for name in names}
        if len(composite) > 1:
            self.symbols.report("E502", "a union is of items or of candidates, not of both", take.span)
            return None
        return typed.ObjectBlock(block.name, tuple(names), (), self._notes(block, take), block.span)

    def _slots(self, block: tree.CompositeBlock, take: tree.Take) -> typed.CompositeBlock | None:
        symbols = self.symbols
        slots: list[typed.Slot] = []
        for source in take.sources:
            if source.slot is None:
                symbols.report(
                    "E502",
                    "each source of a composite has a slot name",
                    source.span,
                    f"write for example `take {source.name} a, {source.name} b`",
                )
                return None
            name = self._collection(source)
            if name is None:
                return None
            if source.slot in {slot.name for slot in slots}:
                symbols.report("E201", f"there are two slots `{source.slot}`", source.span)
                return None
            if source.slot in typed.COMPONENTS or source.slot in ("p4", "parts"):
                symbols.report(
                    "E202",
                    f"`{source.slot}` is an attribute of every candidate",
                    source.span,
                    "choose another slot name",
                )
                return None
            if not symbols.claim(source.slot, source.span, what="slot name"):
                return None
            slots.append(typed.Slot(source.slot, name))
        return typed.CompositeBlock(block.name, tuple(slots), take.ordered, (), self._notes(block, take), block.span)

    @staticmethod
    def _notes(block: tree.Block, take: tree.Take) -> tuple[tree.Annotation, ...]:
        return (*block.annotations, *take.annotations)

    def _item_statement(
        self,
        block: tree.ObjectBlock | tree.CompositeBlock,
        statement: tree.Statement,
        ordinal: int,
        constraints: Constraints,
    ) -> typed.ItemStatement | None:
        expressions = self.expressions
        match statement:
            case tree.Take():
                return None
            case tree.Select(condition) | tree.Reject(condition):
                return self._filter(block, statement, condition, ordinal, constraints)
            case tree.Let():
                return self._let_item(block, statement)
            case tree.SortBy(key, descending):
                return typed.Sort(expressions.number(key, "a sorting key"), descending)
            case tree.KeepFirst(count):
                if count < 1:
                    self.symbols.report("E504", "`keep first` needs a whole number from 1", statement.span)
                return typed.KeepFirst(self._criterion(block, statement, ordinal), count)
            case tree.KeepBest(keys):
                return typed.KeepBest(
                    self._criterion(block, statement, ordinal),
                    tuple((expressions.number(k.value, "what `keep` compares"), k.highest) for k in keys),
                )
            case tree.External():
                return typed.ExternalCut(self._criterion(block, statement, ordinal))
        raise AssertionError(statement)  # the grammar has no others in an object or composite

    def _let_item(self, block: tree.ObjectBlock | tree.CompositeBlock, statement: tree.Let) -> typed.LetItem | None:
        name, span = statement.name, statement.name_span
        symbols, expressions = self.symbols, self.expressions
        if name == "p4":
            if self._item_scope(symbols.collections[block.name]).own_p4:
                symbols.report("E201", "the four-vector is replaced twice", span, "make a second object of it")
                return None
            value = expressions.check(statement.value)
            if not isinstance(value.type, ItemType | VectorType) and value.type != UNKNOWN:
                symbols.report("E307", f"`p4` is a four-vector, and this is of type {value.type}", statement.value.span)
                return None
            value = expressions.members.vector(value, statement.value)
            return typed.LetItem("p4", value) if value.type != UNKNOWN else None
        value = expressions.check(statement.value)
        good = symbols.claim(name, span)
        if good and name in typed.COMPONENTS:
            symbols.report(
                "E202",
                f"`{name}` belongs to the four-vector",
                span,
                "replace the whole four-vector, `let p4 = ...`, or choose another name",
            )
            good = False
        elif good and expressions.attributes.type_of(block.name, name) is not None:
            symbols.report(
                "E201", f"items of {block.name} have an attribute `{name}` already", span, "choose another name"
            )
            good = False
        if isinstance(value.type, ListType):
            symbols.report(
                "E305",
                "an attribute is one value for each item, and this is a list",
                statement.value.span,
                "reduce it: `count(...)`, `sum(...)`, `max(...)`",
            )
            return None
        return typed.LetItem(name, value) if good else None

    # ---------------------------------------------------------------- criteria

    def _criterion(
        self,
        block: tree.Block,
        statement: tree.Statement,
        ordinal: int,
        text: tree.Span | None = None,
    ) -> typed.Criterion:
        label = label_of(statement)
        if label is None:
            if isinstance(statement, tree.External):
                label = statement.text
            elif isinstance(statement, tree.Bin):
                label = statement.name
            else:
                label = self._text(text or statement.span, statement)
        return typed.Criterion(
            id=f"{block.name}.{ordinal}",
            label=label,
            annotations=tuple(a for a in statement.annotations if not isinstance(a, tree.Label)),
            span=statement.span,
        )

    def _text(self, span: tree.Span, statement: tree.Statement) -> str:
        end = min([span.end, *(a.span.start for a in statement.annotations if a.span.start >= span.start)])
        lines = self._source.text[span.start : end].splitlines()
        return " ".join(" ".join(_uncommented(line).split()) for line in lines).strip()

    def _filter(
        self,
        block: tree.Block,
        statement: tree.Statement,
        condition: tree.Expr,
        ordinal: int,
        constraints: Constraints,
    ) -> typed.Filter:
        checked = self.expressions.condition(condition)
        negated = isinstance(statement, tree.Reject)
        constraints.add(checked, negated=negated, span=condition.span)
        # `select` is what one expects of a criterion; `reject` is said.
        criterion = self._criterion(block, statement, ordinal, statement.span if negated else condition.span)
        return typed.Filter(criterion, checked, negated)

    def _annotations(self, node: tree.Statement | tree.Block) -> None:
        annotations = node.annotations
        labels = [a for a in annotations if isinstance(a, tree.Label)]
        if isinstance(node, _CRITERIA):
            for extra in labels[1:]:
                self.symbols.report("E508", "a criterion has one label", extra.span, "leave one of them out")
        else:
            for label in labels:
                self._misplaced_label(node, label)
        for note in annotations:
            if not isinstance(note, tree.Cite):
                continue
            if note.source not in self._sources:
                near = foreign.nearest(note.source, self._sources)
                proposal = (
                    f"did you mean {foreign.listed(near)}?"
                    if near
                    else f'declare it in the header: `source {note.source} "..."`'
                )
                self.symbols.report("E205", f"the header declares no source `{note.source}`", note.span, proposal)
            if note.page is not None and note.page < 1:
                self.symbols.report("E205", "pages are counted from 1", note.span)

    def _misplaced_label(self, node: tree.Statement | tree.Block, label: tree.Label) -> None:
        proposal = "say it in a `note`"
        if isinstance(node, tree.Expect):
            proposal = f'write `for "{label.text}"` directly behind the count to say whose count it is'
        elif isinstance(node, tree.Histogram):
            proposal = f'write `title "{label.text}"` behind the axis'
        self.symbols.report("E508", "only a criterion has a label", label.span, proposal)

    # ---------------------------------------------------------------- regions

    def _region(self, block: tree.RegionBlock) -> None:
        symbols = self.symbols
        base = self._region_base(block)
        statements: list[typed.RegionStatement] = []
        lets: dict[str, typed.ValueRef] = {}
        outer: str | None = base
        chain: list[str] = []
        while outer is not None:
            chain.append(outer)
            outer = symbols.regions[outer].base
        for name in reversed(chain):
            prefix = f"{name}."
            lets.update(
                {
                    key.removeprefix(prefix): typed.ValueRef(key, type=value.expr.type)
                    for key, value in symbols.values.items()
                    if key.startswith(prefix)
                }
            )
        constraints = self._constraints[base].copy() if base in self._constraints else Constraints(symbols)
        self._constraints[block.name] = constraints
        self._weights[block.name] = set(self._weights.get(base or "", ()))
        ordinal = 0
        last: str | None = None
        names: set[str] = set()
        for statement in block.statements:
            if isinstance(statement, tree.Take):
                continue
            self._annotations(statement)
            if isinstance(statement, _CRITERIA):
                ordinal += 1
            with self.expressions.within(Scope(lets=dict(lets))):
                if isinstance(statement, tree.Let):
                    self._region_let(block, statement, lets)
                    continue
                new = self._region_statement(block, statement, ordinal, constraints, names, last)
            statements += new
            for item in new:
                if isinstance(item, typed.Filter | typed.ExternalCut | typed.NamedBin | typed.GridBins):
                    last = item.criterion.id
        take = block.statements[0] if block.statements else None
        notes = self._notes(block, take) if isinstance(take, tree.Take) else block.annotations
        symbols.regions[block.name] = typed.Region(block.name, base, tuple(statements), notes, block.span)
        symbols.kinds[block.name] = "region"

    def _region_base(self, block: tree.RegionBlock) -> str | None:
        symbols = self.symbols
        base = None
        for position, statement in enumerate(block.statements):
            if not isinstance(statement, tree.Take):
                continue
            self._annotations(statement)
            if position > 0:
                symbols.report("E500", "a region takes its events at its beginning", statement.span, "move `take` up")
                continue
            if len(statement.sources) > 1 or statement.sources[0].slot or statement.ordered:
                symbols.report("E502", "a region starts from one region", statement.span, "write `take region`")
                continue
            name = statement.sources[0].name
            kind = symbols.kinds.get(name)
            if kind == "region":
                base = name
            elif kind != "lost":
                known = [n for n, k in symbols.kinds.items() if k == "region"]
                near = foreign.nearest(name, known)
                symbols.report(
                    "E200",
                    f"there is no region `{name}`" if kind is None else f"`{name}` is a {kind}, not a region",
                    statement.sources[0].span,
                    f"did you mean {foreign.listed(near)}?"
                    if near
                    else "a region starts from another region, or from all events",
                )
        return base

    def _region_let(self, block: tree.RegionBlock, statement: tree.Let, lets: dict[str, typed.ValueRef]) -> None:
        value = self.expressions.check(statement.value)
        if statement.name in lets:
            self.symbols.report("E201", f"`{statement.name}` is defined in this region already", statement.name_span)
            return
        if not self.symbols.claim(statement.name, statement.name_span):
            return
        key = f"{block.name}.{statement.name}"
        self.symbols.values[key] = typed.Value(key, value, statement.annotations, statement.span)
        lets[statement.name] = typed.ValueRef(key, type=value.type)

    def _region_statement(
        self,
        block: tree.RegionBlock,
        statement: tree.Statement,
        ordinal: int,
        constraints: Constraints,
        names: set[str],
        last: str | None,
    ) -> list[typed.RegionStatement]:
        symbols = self.symbols
        match statement:
            case tree.Select(condition) | tree.Reject(condition):
                return [self._filter(block, statement, condition, ordinal, constraints)]
            case tree.External():
                return [typed.ExternalCut(self._criterion(block, statement, ordinal))]
            case tree.Weight(name, value):
                checked = self.expressions.number(value, "a weight")
                if checked.type != UNKNOWN and dimension(checked.type) != PURE:
                    symbols.report(
                        "E403", f"a weight is a pure number, and this is of dimension {checked.type}", value.span
                    )
                weights = self._weights[block.name]
                if name in weights:
                    symbols.report(
                        "E201",
                        f"there is a weight `{name}` already",
                        statement.name_span,
                        "it would be multiplied twice",
                    )
                weights.add(name)
                return [typed.WeightFactor(name, checked, statement.span)]
            case tree.Bin(name, condition):
                self._output(f"bin {name}", names, statement, name)
                checked = self.expressions.condition(condition)
                self._check_disjoint(block, name, checked, condition.span, constraints)
                return [typed.NamedBin(self._criterion(block, statement, ordinal), checked)]
            case tree.Bins(name):
                self._output(f"bin {name}", names, statement, name)
                axes = self._axes(statement, lists=False)
                criterion = self._criterion(block, statement, ordinal)
                return [typed.GridBins(criterion, name, axes)] if axes else []
            case tree.Histogram(name):
                self._output(f"histogram {name}", names, statement, name)
                axes = self._axes(statement, lists=True)
                if not axes:
                    return []
                return [typed.HistogramFill(name, axes, statement.fold, statement.title, statement.span)]
            case tree.Save():
                return list(self._columns(statement, names))
            case tree.Expect():
                return list(self._expectations(statement, last))
        raise AssertionError(statement)  # the grammar has no others in a region

    def _check_disjoint(
        self, block: tree.RegionBlock, name: str, condition: typed.Expr, span: tree.Span, constraints: Constraints
    ) -> None:
        """Warn of a bin that certainly shares events with one before it; what only the data show is counted in runs."""
        earlier = self._bins.setdefault(block.name, [])
        for other, held in earlier:
            if constraints.implies(held, condition):
                said = f"every event of bin `{other}` is in this bin too"
            elif constraints.implies(condition, held):
                said = f"every event of this bin is in bin `{other}` too"
            else:
                continue
            self.symbols.report("W603", said, span, "bins of a region should share no events: bound them on both sides")
            break
        earlier.append((name, condition))

    def _output(self, key: str, names: set[str], statement: tree.Statement, name: str) -> None:
        if key in names:
            what = key.split()[0]
            self.symbols.report("E505", f"the region has a {what} `{name}` already", statement.span)
        names.add(key)

    def _columns(self, statement: tree.Save, names: set[str]) -> list[typed.SavedColumn]:
        result = []
        for column in statement.columns:
            self._output(f"column {column.name}", names, statement, column.name)
            value = column.value or tree.Name(column.name, span=column.span)
            checked = self.expressions.check(value)
            element = checked.type.element if isinstance(checked.type, ListType) else checked.type
            if element == UNKNOWN:
                continue
            if not (is_number(element) or isinstance(element, BoolType | EnumType)):
                self.symbols.report(
                    "E302",
                    f"a column holds values, and this is of type {checked.type}",
                    value.span,
                    "save an attribute: `.pt`, `.mass`",
                )
                continue
            result.append(typed.SavedColumn(column.name, checked, _base_unit(element), column.span))
        return result

    def _expectations(self, statement: tree.Expect, last: str | None) -> list[typed.PublishedCount]:
        result = []
        for item in statement.expectations:
            value = self.expressions.literals.constant(item.value)
            errors = []
            for uncertainty in item.uncertainties:
                up = self.expressions.literals.constant(uncertainty.up)
                down = self.expressions.literals.constant(uncertainty.down)
                if up is not None and down is not None:
                    errors.append((up[0], down[0], uncertainty.kind))
                    if PURE not in (up[1], down[1]):
                        value = (0.0, up[1])
            if value is None:
                continue
            if value[1] != PURE:
                self.symbols.report("E403", "a count has no unit", item.span)
                continue
            result.append(
                typed.PublishedCount(last, value[0], tuple(errors), item.sample, statement.annotations, item.span)
            )
        return result

    # ---------------------------------------------------------------- axes

    def _axes(self, statement: tree.Histogram | tree.Bins, *, lists: bool) -> tuple[typed.BinAxis, ...]:
        result: list[typed.BinAxis] = []
        for value, axis in zip(statement.values, statement.axes, strict=True):
            expr = value or tree.Name(statement.name, span=statement.name_span)
            checked = self.expressions.check(expr)
            kind = checked.type
            if kind == UNKNOWN:
                return ()
            element: Type = kind.element if isinstance(kind, ListType) else kind
            if not is_number(element):
                self.symbols.report(
                    "E302", f"a histogram is filled with numbers, and this is of type {kind}", expr.span
                ) if lists else self.symbols.report(
                    "E302", f"bins are of a number, and this is of type {kind}", expr.span
                )
                return ()
            if isinstance(kind, ListType) and not lists:
                self.symbols.report("E305", "an event is in one bin, and this is a list of values", expr.span)
                return ()
            checked_axis = self._axis(checked, element, axis, expr)
            if checked_axis is None:
                return ()
            result.append(checked_axis)
        values = [axis.value for axis in result if isinstance(axis.value.type, ListType)]
        if len(values) == 2:
            together = self.expressions.lists.together(list(values), statement, lambda parts: parts[0])
            if together.type == UNKNOWN:
                return ()
        return tuple(result)

    def _axis(self, value: typed.Expr, kind: Type, axis: tree.Axis, expr: tree.Expr) -> typed.BinAxis | None:
        symbols = self.symbols
        ends = (axis.low, axis.high) if isinstance(axis, tree.UniformAxis) else axis.edges
        numbers: list[float] = []
        unit = ""
        wanted = dimension(kind)
        good = True
        for end in ends:
            constant = self.expressions.literals.constant(end)
            if constant is None:
                return None
            if constant[1] != wanted:
                self._axis_unit(end, constant[1], wanted)
                good = False
            numbers.append(constant[0])
            unit = unit or _unit_text(end)
        if not good:
            return None
        label = self._source.text[expr.span.start : expr.span.end]
        if isinstance(axis, tree.EdgesAxis):
            if len(numbers) < 2 or any(a >= b for a, b in pairwise(numbers)):
                symbols.report("E503", "edges are at least two, in increasing order", axis.span)
                return None
            return typed.BinAxis(value, tuple(numbers), None, unit, label)
        low, high = numbers
        if not 1 <= axis.bins <= _MAX_BINS or not low < high:
            symbols.report("E503", "an axis has from one to a million bins, from a lower to a higher end", axis.span)
            return None
        edges = (*(low + i * (high - low) / axis.bins for i in range(axis.bins)), high)
        if any(a >= b for a, b in pairwise(edges)):
            symbols.report("E503", "the bins are narrower than numbers are told apart", axis.span, "use fewer bins")
            return None
        return typed.BinAxis(value, edges, (axis.bins, low, high), unit, label)

    def _axis_unit(self, end: tree.Expr, given: Dimension, wanted: Dimension) -> None:
        text = self._source.text[end.span.start : end.span.end]
        if given != PURE:
            self.symbols.report(
                "E401", f"the value is {a_quantity(wanted)}, and this end {a_quantity(given)}", end.span
            )
            return
        unit = USUAL_UNITS.get(wanted)
        mended = f"{text} {unit}" if unit else None
        self.symbols.report(
            "E400",
            f"`{text}` has no unit, and the value on this axis is {a_quantity(wanted)}",
            end.span,
            f"write the unit: `{mended}`" if mended else "write the unit",
            mended,
        )


def _unit_text(expr: tree.Expr) -> str:
    while isinstance(expr, tree.Unary):
        expr = expr.operand
    if not isinstance(expr, tree.Number) or expr.unit is None:
        return ""
    numerator, denominator = expr.unit.power
    if denominator != 1:
        return f"{expr.unit.name}^({numerator}/{denominator})"
    return expr.unit.name if numerator == 1 else f"{expr.unit.name}^{numerator}"


def _base_unit(kind: Type) -> str:
    """Return the unit in which values of a type are saved."""
    if not isinstance(kind, RealType):
        return ""
    names = {"energy": "MeV", "length": "mm", "time": "ns", "luminosity": "fb"}
    parts = []
    for quantity, name in names.items():
        power: Fraction = getattr(kind.dimension, quantity)
        if quantity == "luminosity":
            power = -power
        if power:
            parts.append(name if power == 1 else f"{name}^{power}" if power.denominator == 1 else f"{name}^({power})")
    return " ".join(parts)


def _uncommented(line: str) -> str:
    quoted = False
    for i, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif char == "#" and not quoted:
            return line[:i]
    return line
