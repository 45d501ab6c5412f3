"""Regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hepsel.semantics import program as typed
from hepsel.semantics.attributes import is_number
from hepsel.semantics.blocks.axes import Axes
from hepsel.semantics.blocks.criteria import CRITERIA, Criteria, notes
from hepsel.semantics.blocks.one_sided import tell_of_one_sided_cuts_of_events
from hepsel.semantics.blocks.weights import Weights
from hepsel.semantics.constraints import Constraints
from hepsel.semantics.expressions import ExpressionChecker, Scope, dimension
from hepsel.semantics.first_of_several import tell_of_first
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import LUMINOSITY, PURE, UNKNOWN, BoolType, EnumType, ListType, RealType, Type, power_of
from hepsel.semantics.units import UNITS
from hepsel.syntax import tree
from hepsel.vocabulary import foreign


@dataclass
class _State:
    """What is known of a region so far.

    Attributes
    ----------
    constraints
        What its cuts say.
    lets, weights
        Values and weights that have a name, those of the regions that it starts from among them.
    factors
        What the weights are products of, and which.
    last_cut, last
        The last cut, and the last cut or bin: what a published count is of.
    named
        Regions that its events pass, or some of them, by a condition; and where it stands.
    outputs
        What it fills and saves.
    bins
        Its named bins so far.
    ordinal
        Number of its criteria.
    """

    constraints: Constraints
    lets: dict[str, typed.ValueRef] = field(default_factory=dict)
    weights: set[str] = field(default_factory=set)
    factors: dict[typed.Expr, str] = field(default_factory=dict)
    last_cut: str | None = None
    last: str | None = None
    named: dict[str, tree.Span] = field(default_factory=dict)
    outputs: set[str] = field(default_factory=set)
    bins: list[tuple[str, typed.Expr]] = field(default_factory=list)
    ordinal: int = 0

    def of_next(self) -> _State:
        """Return what is known at the beginning of a region that starts from this one: its cuts, and not its bins."""
        weights = set(self.weights), dict(self.factors)
        return _State(self.constraints.copy(), dict(self.lets), *weights, self.last_cut, self.last_cut)


class Regions:
    """Checks regions and adds them to the symbols."""

    def __init__(
        self,
        symbols: Symbols,
        expressions: ExpressionChecker,
        criteria: Criteria,
        axes: Axes,
        of_items: Mapping[str, Constraints],
    ) -> None:
        self.symbols = symbols
        self._of_items = of_items
        self.expressions = expressions
        self._criteria = criteria
        self._axes = axes
        self._states: dict[str, _State] = {}
        self.weights = Weights(symbols, expressions)

    @property
    def constraints(self) -> Mapping[str, Constraints]:
        """What the cuts of each region say of its events."""
        return {name: state.constraints for name, state in self._states.items()}

    def check(self, block: tree.RegionBlock) -> None:
        """Check a region, and all its statements that are right."""
        symbols = self.symbols
        base = self._region_base(block)
        state = _State(Constraints(symbols, of_items=self._of_items)) if base is None else self._states[base].of_next()
        self._states[block.name] = state
        statements: list[typed.RegionStatement] = []
        for statement in block.statements:
            if isinstance(statement, tree.Take):
                continue
            self._criteria.annotations(statement)
            if isinstance(statement, CRITERIA):
                state.ordinal += 1
            with self.expressions.within(Scope(lets=dict(state.lets))):
                if isinstance(statement, tree.Let):
                    self._region_let(block, statement, state)
                    continue
                new = self._region_statement(block, statement, state)
            statements += new
            for item in new:
                for value, span in _values(item):
                    state.constraints.warn_of_missing(value, span or statement.span)
                    tell_of_first(symbols, value, state.constraints, span or statement.span)
                if isinstance(item, typed.Filter | typed.ExternalCut):
                    state.last = state.last_cut = item.criterion.id
                elif isinstance(item, typed.NamedBin | typed.GridBins):
                    state.last = item.criterion.id
        tell_of_one_sided_cuts_of_events(symbols, base, statements)
        self._tell_of_weights(state)
        self.weights.region(block, base, statements)
        take = block.statements[0] if block.statements else None
        noted = notes(block, take) if isinstance(take, tree.Take) else block.annotations
        symbols.regions[block.name] = typed.Region(block.name, base, tuple(statements), noted, block.span)
        symbols.kinds[block.name] = "region"

    def _region_base(self, block: tree.RegionBlock) -> str | None:
        symbols = self.symbols
        base = None
        for position, statement in enumerate(block.statements):
            if not isinstance(statement, tree.Take):
                continue
            self._criteria.annotations(statement)
            if position > 0:
                symbols.report("E500", "a region takes its events at its beginning", statement.span, "move `take` up")
                continue
            if len(statement.sources) > 1 or statement.sources[0].slot or statement.ordered:
                symbols.report("E502", "a region starts from one region", statement.span, self._one_region(statement))
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

    def _one_region(self, take: tree.Take) -> str:
        """Propose what to write for a `take` of anything but one region."""
        written = [name for source in take.sources for name in (source.name, source.slot) if name is not None]
        regions = [name for name in written if self.symbols.kinds.get(name) == "region"]
        if not regions:
            return "an object unites collections, and a composite combines them"
        if "not" in written:
            return f"for the events that do not pass it write `reject {regions[0]}`"
        if len(regions) == 1:
            return f"write `take {regions[0]}`"
        return (
            f"for the events that pass one of them write `select {' or '.join(regions)}`, "
            f"for those that pass all `select {' and '.join(regions)}`"
        )

    def _region_let(self, block: tree.RegionBlock, statement: tree.Let, state: _State) -> None:
        value = self.expressions.check(statement.value)
        tell_of_first(self.symbols, value, state.constraints, statement.value.span)
        if statement.name in state.lets:
            self.symbols.report("E201", f"`{statement.name}` is defined in this region already", statement.name_span)
            return
        if not self.symbols.claim(statement.name, statement.name_span):
            return
        key = f"{block.name}.{statement.name}"
        self.symbols.values[key] = typed.Value(key, value, statement.annotations, statement.span)
        state.lets[statement.name] = typed.ValueRef(key, type=value.type)

    def _region_statement(
        self,
        block: tree.RegionBlock,
        statement: tree.Statement,
        state: _State,
    ) -> list[typed.RegionStatement]:
        symbols, names, ordinal = self.symbols, state.outputs, state.ordinal
        match statement:
            case tree.Select(condition) | tree.Reject(condition):
                cut = self._criteria.filter(block, statement, condition, ordinal, state.constraints)
                if not cut.negated:
                    state.named.update(dict.fromkeys(self._asked_for(cut.condition), condition.span))
                return [cut]
            case tree.External():
                return [typed.ExternalCut(self._criteria.criterion(block, statement, ordinal))]
            case tree.Weight(name, value):
                checked = self._factor(value)
                if isinstance(checked.type, ListType):
                    symbols.report(
                        "E305",
                        "an event has one weight, and this is a list of numbers",
                        value.span,
                        "for the scale factors of all items write `product(...)`; the entries of a histogram may have "
                        "weights of their own: `with weight ...` behind its axis",
                    )
                if name in state.weights:
                    symbols.report(
                        "E201",
                        f"there is a weight `{name}` already",
                        statement.name_span,
                        "it would be multiplied twice",
                    )
                state.weights.add(name)
                weight = typed.WeightFactor(name, checked, statement.span)
                self.weights.add(weight, value, state.factors)
                return [weight]
            case tree.Bin(name, condition):
                self._output(f"bin {name}", names, statement, name)
                checked = self.expressions.condition(condition)
                self._check_disjoint(name, checked, condition.span, state)
                if (why := state.constraints.never_pass(checked)) is not None:
                    symbols.report("W612", "no event is in this bin", condition.span, why[0], related=why[1])
                return [typed.NamedBin(self._criteria.criterion(block, statement, ordinal), checked)]
            case tree.Bins(name):
                self._output(f"bin {name}", names, statement, name)
                axes = self._axes.axes(statement, state.constraints, lists=False)
                criterion = self._criteria.criterion(block, statement, ordinal)
                return [typed.GridBins(criterion, name, axes)] if axes else []
            case tree.Histogram(name):
                self._output(f"histogram {name}", names, statement, name)
                axes = self._axes.axes(statement, state.constraints, lists=True)
                of_entries = None
                if statement.weight is not None:
                    of_entries = self._entry_weight(statement.weight, axes)
                    self.weights.add_entries(of_entries, statement.weight, state.factors)
                if not axes:
                    return []
                fold, title = statement.fold, statement.title
                return [typed.HistogramFill(name, axes, of_entries, fold, title, statement.span)]
            case tree.Save():
                return list(self._columns(statement, names))
            case tree.Expect():
                return list(self._expectations(statement, state.last))
        raise AssertionError(statement)  # the grammar has no others in a region

    def _factor(self, value: tree.Expr) -> typed.Expr:
        """Check what weights are multiplied with: a number, or a list of numbers."""
        checked = self.expressions.check(value)
        kind = checked.type.element if isinstance(checked.type, ListType) else checked.type
        if kind == UNKNOWN:
            return checked
        if not is_number(kind):
            return self.expressions.report("E302", f"a weight is a number, and this is of type {checked.type}", value)
        if dimension(kind) != PURE:
            scaled = "luminosity times cross-section, over the sum of weights of the sample, is one"
            self.symbols.report(
                "E403",
                f"a weight is a pure number, and this is of dimension {kind}",
                value.span,
                scaled if dimension(kind) in (LUMINOSITY, LUMINOSITY**-1) else None,
            )
        return checked

    def _entry_weight(self, value: tree.Expr, axes: tuple[typed.BinAxis, ...]) -> typed.Expr:
        """Check what the entries of a histogram are weighted with: a number, or one for each value of a list."""
        checked = self._factor(value)
        lists = [axis.value for axis in axes if isinstance(axis.value.type, ListType)]
        if isinstance(checked.type, ListType) and axes:
            if not lists:
                return self.expressions.report(
                    "E305",
                    "an event fills this histogram once, and this is a list of weights",
                    value,
                    "for the scale factors of all items write `product(...)`",
                )
            self._axes.fill_in_step(lists[0], checked, node=value)
        return checked

    def _asked_for(self, condition: typed.Expr) -> Iterator[str]:
        """Yield the regions of which a condition asks that an event passes them, or one of them."""
        seen: set[str] = set()
        stack = [condition]  # not by recursion: each of many definitions may use the one before
        while stack:
            match stack.pop():
                case typed.Logical(_, operands):
                    stack.extend(reversed(operands))
                case typed.ValueRef(name) if name in self.symbols.regions:
                    yield name
                case typed.ValueRef(name) if name not in seen:
                    seen.add(name)
                    stack.append(self.symbols.values[name].expr)

    def _tell_of_weights(self, state: _State) -> None:
        """Tell of regions that are conditions, and whose weights this region does not have."""
        for name, span in state.named.items():
            known = typed.statements_of(self.symbols.regions, name)
            weights = {statement.name for statement in known if isinstance(statement, typed.WeightFactor)}
            if lacking := sorted(weights - state.weights):
                by = " and ".join(f"`{weight}`" for weight in lacking)
                self.symbols.report(
                    "H707",
                    f"events of `{name}` are weighted by {by}, and here they are not",
                    span,
                    f"a condition only selects: write `take {name}` for its events with their weights, "
                    "or take from the region that has them, or write `weight` here",
                )

    def _check_disjoint(self, name: str, condition: typed.Expr, span: tree.Span, state: _State) -> None:
        """Warn of a bin that certainly shares events with one before it; what only the data show is counted in runs."""
        for other, held in state.bins:
            if state.constraints.implies(held, condition):
                said = f"every event of bin `{other}` is in this bin too"
            elif state.constraints.implies(condition, held):
                said = f"every event of this bin is in bin `{other}` too"
            else:
                continue
            self.symbols.report("W603", said, span, "bins of a region should share no events: bound them on both sides")
            break
        state.bins.append((name, condition))

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
                    "save an attribute of it, such as `.pt`",
                )
                continue
            result.append(typed.SavedColumn(column.name, checked, _base_unit(element), column.span))
        return result

    def _expectations(self, statement: tree.Expect, last: str | None) -> list[typed.PublishedCount]:
        result = []
        self._thousands(statement.expectations)
        for item in statement.expectations:
            if units := [part.unit for part in tree.walk(item) if isinstance(part, tree.Number) and part.unit]:
                is_quantity = units[0].name in UNITS
                proposal = "what is expected is a number of events" if is_quantity else "leave it out"
                replacement = None if is_quantity else ""
                self.symbols.report("E403", "a count has no unit", units[0].span, proposal, replacement)
                continue
            value = self.expressions.literals.constant(item.value)
            found = self.expressions.literals.uncertainties(item.uncertainties)
            if value is None or found is None:
                continue
            errors, _ = found
            result.append(typed.PublishedCount(last, value[0], errors, item.sample, statement.annotations, item.span))
        return result

    def _thousands(self, items: tuple[tree.Expectation, ...]) -> None:
        """Report `1,234`, which would be a count of 1 and one of 234."""
        parts = [item.value for item in items]
        texts = [part.text if isinstance(part, tree.Number) and part.unit is None else "" for part in parts]
        glued = [
            before.span.end + 1 == part.span.start and len(text) == 3
            for before, part, text in zip(parts, parts[1:], texts[1:], strict=False)
        ]
        if not glued or not glued[0] or not 1 <= len(texts[0]) <= 3:
            return
        last = glued.index(False) if False in glued else len(glued)
        number = "".join(texts[: last + 1])
        if number.isdecimal():
            span = parts[0].span.to(parts[last].span)
            self.symbols.report("E121", "a number has no commas in it", span, f"write `{number}`", number)


def _values(statement: typed.RegionStatement) -> Iterator[tuple[typed.Expr, tree.Span | None]]:
    """Yield what a statement fills, saves or multiplies weights with, and where each of several stands."""
    match statement:
        case typed.HistogramFill(_, axes) | typed.GridBins(_, _, axes):
            yield from ((axis.value, None) for axis in axes)
        case typed.SavedColumn(value=value, span=span):
            yield value, span
        case typed.WeightFactor(_, value):
            yield value, None


def _base_unit(kind: Type) -> str:
    """Return the unit in which values of a type are saved."""
    if not isinstance(kind, RealType):
        return ""
    of = kind.dimension
    powers = {"MeV": of.energy, "mm": of.length, "ns": of.time, "fb": -of.luminosity}
    return " ".join(power_of(name, power) for name, power in powers.items() if power)
