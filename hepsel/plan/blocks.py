"""Lowers `object` and `composite` blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING

from hepsel.plan.builder import EVENTS, identifier
from hepsel.plan.nodes import (
    Best,
    BlockOutput,
    Combine,
    Concat,
    Const,
    CutTexts,
    IsFirst,
    ItemRow,
    Merge,
    Need,
    Operand,
    Position,
    Ref,
    Relation,
    Sorted,
    SortKey,
    Where,
)
from hepsel.plan.values import FALSE, MISSING_VALUES, THIS, TRUE, Context, Item, Scalar, Value, Vector
from hepsel.plan.vectors import MOMENTUM
from hepsel.semantics import program as typed
from hepsel.semantics.walk import walk

if TYPE_CHECKING:
    from hepsel.plan.lower import Lowering


@dataclass
class State:
    """How far a block has come.

    Attributes
    ----------
    block, sources
        The block, and the collections that it takes.
    formation
        Axis of the items as taken: of one source its own axis, of a composite the candidates.
    union
        Axis of the concatenated sources of a union, before items that stand twice are dropped.
    axis
        Axis of the items after the statements so far, except for those in `pending`.
    pending
        Where the items of `axis` pass the criteria that have not been applied yet (`None`: everywhere).
    lets, p4
        Attributes and four-vector given by the block, each with the axis that it is on.
    rows
        The cutflow of its items so far.
    """

    block: typed.ItemBlock
    sources: tuple[str, ...]
    formation: str
    union: str | None
    axis: str
    pending: Operand | None = None
    lets: dict[str, tuple[str, Value]] = field(default_factory=dict)
    p4: tuple[str, Vector] | None = None
    rows: list[ItemRow] = field(default_factory=list)


class Blocks:
    """Lowers the blocks of a program, each when somebody first needs it."""

    def __init__(self, low: Lowering) -> None:
        self.low = low
        self.build = low.build
        self.states: dict[str, State] = {}
        self.narrow_axes: set[str] = set()
        self._previous: dict[str, str] = {}

    def finished(self, name: str) -> State:
        """Return a block after its last statement."""
        if name not in self.states:
            section, self.build.section = self.build.section, name
            self._lower(self.low.program.collections[name])
            self.build.section = section
        return self.states[name]

    # -------------------------------------------------------------- what the items have

    def carry(self, value: Value | None, start: str, axis: str, hint: str | None = None) -> Value | None:
        """Bring a value on an axis of a block to a later one of the same block."""
        if value is None or start == axis:
            return value
        return self.low.items.take(value, self._index(start, axis), nullable=False, hint=hint)

    def _index(self, start: str, axis: str) -> Ref:
        index = self.build.index(axis)
        step = self._previous[axis]
        while step != start:
            taken = self.build.take(self.build.index(step), index, nullable=False, kind="item")
            assert isinstance(taken, Ref)
            index, step = taken, self._previous[step]
        return index

    def let(self, block: str, name: str, axis: str) -> Value:
        """Return a `let` attribute for the rows of one of the block's axes."""
        start, value = self.states[block].lets[name]
        if isinstance(value, Item) and value.collection == block:  # a block knows of its own items only `this`
            return Item(block, axis, None)
        carried = self.carry(value, start, axis, f"{identifier(block)}_{name}")
        assert carried is not None
        return carried

    def slot(self, block: str, slot: str, axis: str) -> Item:
        """Return the items in a slot of a composite."""
        state = self.states[block]
        composite = state.block
        assert isinstance(composite, typed.CompositeBlock)
        place = [s.name for s in composite.slots].index(slot)
        collection = composite.slots[place].collection
        combined = self._combined(state)
        hint = f"{identifier(block)}_{slot}"
        item = Item(collection, self.low.items.axis(collection), self.build.index(combined, place, hint))
        carried = self.carry(item, combined, axis, hint)
        assert isinstance(carried, Item)
        return carried

    def _combined(self, state: State) -> str:
        """Return the axis of all combinations, before those that share an item are dropped."""
        return self._previous.get(state.formation, state.formation)

    def source_item(self, block: str, axis: str) -> Item:
        """Return the items of a block of one source, seen as items of that source."""
        state = self.states[block]
        (source,) = state.sources
        row = None if axis == state.formation else self._index(state.formation, axis)
        return Item(source, state.formation, row)

    def below(self, block: str, axis: str) -> list[Item]:
        """Return what the items of a block are made of: those in each slot, or in each source, where most are missing.

        Of one source it is the same items, of which none is missing.
        """
        state = self.states[block]
        if isinstance(state.block, typed.CompositeBlock):
            return [self.slot(block, slot.name, axis) for slot in state.block.slots]
        if state.union is None:
            return [self.source_item(block, axis)]
        found = []
        for number, source in enumerate(state.sources):
            row = self.build.index(state.union, number)
            there = Item(source, self.low.items.axis(source), row, nullable=True)
            carried = self.carry(there, state.union, axis)
            assert isinstance(carried, Item)
            found.append(carried)
        return found

    # -------------------------------------------------------------- formation

    def _lower(self, block: typed.ItemBlock) -> None:
        state = self._composite(block) if isinstance(block, typed.CompositeBlock) else self._object(block)
        self.states[block.name] = state
        label = "taken" if isinstance(block, typed.ObjectBlock) else "candidates"
        self._report(state, CutTexts(f"{block.name}.0", label))
        for statement in block.statements:
            self._statement(state, statement)
        self._apply(state)
        self.low.block_outputs.append(BlockOutput(block.name, tuple(state.rows)))

    def _object(self, block: typed.ObjectBlock) -> State:
        items, build = self.low.items, self.build
        axes = [items.axis(source) for source in block.sources]
        if len(axes) == 1:
            return State(block, block.sources, axes[0], None, axes[0])
        name = identifier(block.name)
        union = build.axis(Concat(Ref(EVENTS), tuple(map(Ref, axes))), EVENTS, f"all_{name}")
        formation = union
        if self._may_overlap(block.sources):
            coded = len(self.low.identities.bases(block.name)) > 1
            codes = tuple(
                self.low.identities.identity(Item(source, axis, None), coded)
                for source, axis in zip(block.sources, axes, strict=True)
            )
            merged = build.column(Merge(Ref(union), codes), union, build.kind(codes[0]), f"all_{name}_identity")
            first = build.column(IsFirst(Ref(union), merged), union, "bool", f"all_{name}_is_first")
            formation = build.axis(Where(Ref(union), first), EVENTS, f"distinct_{name}")
            self._previous[formation] = union
        return State(block, block.sources, formation, union, formation)

    def _may_overlap(self, sources: tuple[str, ...]) -> bool:
        """Whether an item can be in two of some collections, or twice in their concatenation."""
        seen: set[str] = set()
        for source in sources:
            bases = set(self.low.identities.bases(source))
            if bases & seen:
                return True
            seen |= bases
        return False

    def _composite(self, block: typed.CompositeBlock) -> State:
        items, build = self.low.items, self.build
        name = identifier(block.name)
        axes = [items.axis(slot.collection) for slot in block.slots]
        relations = []
        for later, slot in enumerate(block.slots):
            same = [k for k in range(later) if block.slots[k].collection == slot.collection]
            if block.ordered:
                relations += [Relation(k, "!=", later) for k in same]
            else:
                relations += [Relation(k, "<", later) for k in same[-1:]]
        combined = build.axis(Combine(Ref(EVENTS), tuple(map(Ref, axes)), tuple(relations)), EVENTS, f"all_{name}")
        parts = [
            self._leaf_items(Item(slot.collection, axis, build.index(combined, k, f"{name}_{slot.name}")))
            for k, (slot, axis) in enumerate(zip(block.slots, axes, strict=True))
        ]
        self._set_needs(combined, [leaf for leaves in parts for leaf in leaves])
        shared: list[Operand] = []
        for first, second in combinations(range(len(parts)), 2):
            one = block.slots[first].collection == block.slots[second].collection
            if one and not self._is_composite(block.slots[first].collection):
                continue  # the relation of the places sees to it
            shared += [self.low.identities.same(a, b) for a in parts[first] for b in parts[second]]
        shared = [condition for condition in shared if condition != FALSE]
        formation = combined
        if shared:
            overlap = build.map("or", shared) if len(shared) > 1 else shared[0]
            apart = build.full(build.map("not", (overlap,), f"{combined}_apart"), combined, "bool")
            formation = build.axis(Where(Ref(combined), apart), EVENTS, f"formed_{name}")
            self._previous[formation] = combined
        return State(block, block.sources, formation, None, formation)

    def _set_needs(self, combined: str, leaves: list[Item]) -> None:
        """Note how many rows of the leaves' axes a candidate takes: no two of its base items are one."""
        counts = Counter(leaf.axis for leaf in leaves if not leaf.nullable)
        definition = self.build.definitions[combined]
        assert isinstance(definition.op, Combine)
        needs = tuple(Need(Ref(axis), count) for axis, count in counts.items())
        self.build.definitions[combined] = replace(definition, op=replace(definition.op, needs=needs))

    def _is_composite(self, collection: str) -> bool:
        return typed.is_composite(self.low.program.collections, collection)

    def _leaf_items(self, item: Item) -> list[Item]:
        """Return the base items of an item; of a union's candidate those of all sources, most of them missing."""
        if not self._is_composite(item.collection):
            return [item]
        leaves = [leaf for part in self.below(item.collection, item.axis) for leaf in self._leaf_items(part)]
        if item.row is None:
            return leaves
        taken = [self.low.items.take(leaf, item.row, nullable=item.nullable) for leaf in leaves]
        return [leaf for leaf in taken if isinstance(leaf, Item)]

    # -------------------------------------------------------------- statements

    def _this(self, state: State) -> Context:
        """Return the context of a statement."""
        own_p4 = state.p4 is not None or "p4" not in typed.lets_of(state.block)
        this = Item(state.block.name, state.axis, None, own_p4=own_p4)
        return self.low.items.context(state.axis, this)

    def _statement(self, state: State, statement: typed.ItemStatement) -> None:
        build = self.build
        match statement:
            case typed.Filter(criterion=criterion, condition=condition, negated=negated):
                self._before(state, condition)
                hint = identifier(criterion.id)
                if state.pending is not None:
                    hint = f"{hint}_alone"
                passes = self.low.expressions.condition(condition, self._this(state), hint)
                if negated:
                    passes = build.map("not", (passes,), hint)
                self._restrict(state, passes, texts_of(criterion))
            case typed.LetItem(name=name, value=value):
                self._before(state, value)
                self._let(state, name, value)
            case typed.Sort(keys=keys):
                self._apply(state)
                order = tuple(one for key, descending in keys for one in self._order(state, key, descending))
                self._move(state, build.axis(Sorted(Ref(state.axis), order), EVENTS, self._name(state)))
            case typed.KeepFirst(criterion=criterion, count=count):
                self._apply(state)
                place = build.column(Position(Ref(state.axis)), state.axis, "int", f"{state.axis}_place")
                first = build.map("<", (place, Const("int", count)), identifier(criterion.id))
                self._restrict(state, first, texts_of(criterion))
            case typed.KeepBest(criterion=criterion, keys=keys):
                self._apply(state)
                ranks = [self._key(state, key) for key, _ in keys]
                there = build.both(*(rank.valid for rank in ranks))
                if there != TRUE:  # only of whole numbers is that not seen in the number itself
                    state.pending = build.full(there, state.axis, "bool")
                    self._apply(state)
                    index = build.index(state.axis)
                    ranks = [build.take_scalar(rank, index, nullable=False) for rank in ranks]
                best_by = tuple(
                    self._sort_key(state, rank, highest) for rank, (_, highest) in zip(ranks, keys, strict=True)
                )
                best = build.axis(Best(Ref(state.axis), best_by), EVENTS, self._name(state))
                self._annotate(best, texts_of(criterion))
                self._move(state, best)
                self._report(state, texts_of(criterion))
            case typed.ExternalCut(criterion=criterion):
                self._report(state, texts_of(criterion), applied=False)

    def _name(self, state: State) -> str:
        return f"some_{identifier(state.block.name)}"

    def _order(self, state: State, expr: typed.Expr, descending: bool) -> Iterator[SortKey]:
        """Yield what items are ordered by for one key: of whole numbers, first whether they are missing."""
        build = self.build
        key = self._key(state, expr)
        if key.valid is not None and key.valid != TRUE:
            missing = build.map("not", (key.valid,), f"{identifier(state.block.name)}_key_missing")
            yield self._sort_key(state, Scalar("bool", missing), descending=False)
            alike = MISSING_VALUES[key.kind]  # arithmetic leaves different numbers where one is missing
            key = Scalar(key.kind, build.map("where", (key.valid, key.value, alike)))
        yield self._sort_key(state, key, descending)

    def _key(self, state: State, expr: typed.Expr) -> Scalar:
        return self.low.expressions.scalar(expr, self._this(state), f"{identifier(state.block.name)}_key")

    def _sort_key(self, state: State, key: Scalar, descending: bool) -> SortKey:
        return SortKey(self.build.full(key.value, state.axis, key.kind), descending)

    def _let(self, state: State, name: str, expr: typed.Expr) -> None:
        context = self._this(state)
        hint = f"{identifier(state.block.name)}_{name}"
        if name == "p4":
            vector = self.low.expressions.vector(expr, context, hint)
            momentum = Vector(vector.momentum)
            for component in (*MOMENTUM, "charge"):  # while the statements before it are what is in force
                momentum.component(component)
            state.p4 = (state.axis, momentum)
            return
        state.lets[name] = (state.axis, self.low.expressions.lower(expr, context, hint))

    def _before(self, state: State, expr: typed.Expr) -> None:
        """Apply the criteria so far if an expression is dear enough for that."""
        lists = (typed.Comprehension, typed.Reduce, typed.Membership, typed.ArgBest, typed.SliceOf)
        free = self.low.expressions.free
        if any(isinstance(node, lists) and THIS in free(node) for node in walk(expr)):
            self._apply(state)

    def _restrict(self, state: State, passes: Operand, texts: CutTexts) -> None:
        build = self.build
        if state.pending is not None:
            passes = build.map("and", (state.pending, passes), identifier(texts.id))
        passes = build.full(passes, state.axis, "bool")
        self._annotate(passes.name, texts)
        state.pending = passes
        self._report(state, texts)

    def _annotate(self, name: str, texts: CutTexts) -> None:
        definition = self.build.definitions[name]
        if definition.texts is None:
            self.build.definitions[name] = replace(definition, texts=texts)

    def _report(self, state: State, texts: CutTexts, *, applied: bool = True) -> None:
        state.rows.append(ItemRow(texts, applied, Ref(state.axis), state.pending))

    def _apply(self, state: State) -> None:
        if state.pending is None or state.pending == TRUE:
            return
        axis = self.build.axis(Where(Ref(state.axis), state.pending), EVENTS, self._name(state))
        state.pending = None
        self._move(state, axis)

    def _move(self, state: State, axis: str) -> None:
        self._previous[axis] = state.axis
        if isinstance(state.block, typed.ObjectBlock) and state.union is None:
            self.narrow_axes.add(axis)
        state.axis = axis


def texts_of(criterion: typed.Criterion) -> CutTexts:
    """Return what generated code says about a criterion."""
    return CutTexts(criterion.id, criterion.label, criterion.annotations, criterion.span.line)
