"""Objects and composites."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, islice, permutations

from hepsel.semantics import program as typed
from hepsel.semantics.blocks.criteria import CRITERIA, Criteria, notes
from hepsel.semantics.blocks.one_sided import tell_of_one_sided_cuts
from hepsel.semantics.constraints import Constraints
from hepsel.semantics.expressions import ExpressionChecker, Scope
from hepsel.semantics.itself import tell_of_itself
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import UNKNOWN, ItemType, ListType, VectorType
from hepsel.semantics.units import UNITS
from hepsel.semantics.variants import with_article
from hepsel.syntax import tree
from hepsel.syntax.tree import Span
from hepsel.vocabulary import foreign, formulas


class ItemBlocks:
    """Checks objects and composites, and adds them to the symbols."""

    def __init__(self, symbols: Symbols, expressions: ExpressionChecker, criteria: Criteria) -> None:
        self.symbols = symbols
        self.expressions = expressions
        self._criteria = criteria
        self.constraints: dict[str, Constraints] = {}
        """What the cuts of each block say of its items."""

    def check(self, block: tree.ObjectBlock | tree.CompositeBlock) -> None:
        """Check a block, and all its statements that are right."""
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
        constraints = self._of_the_items_taken(checked)
        self.constraints[block.name] = constraints
        ordinal, told = 0, len(symbols.diagnostics)
        kept: tree.Statement | None = None
        for statement in block.statements[1:]:
            self._criteria.annotations(statement)
            if isinstance(statement, tree.Select | tree.Reject) and kept is not None:
                few = isinstance(kept, tree.KeepFirst)
                symbols.report(
                    "H701",
                    "this cut comes after `keep first`: another item does not take the place of one that fails it"
                    if few
                    else "this cut comes after `keep`: an event whose kept candidate fails it has none left",
                    statement.span,
                    f"to choose among the {'items' if few else 'candidates'} that pass it, "
                    f"move it above line {kept.span.line}",
                    related=kept.span,
                )
            if isinstance(statement, tree.KeepBest | tree.KeepFirst):
                kept = statement
            if isinstance(statement, CRITERIA):
                ordinal += 1
            with self.expressions.within(self._item_scope(checked)):
                new = self._item_statement(block, statement, ordinal, constraints)
            if isinstance(new, typed.LetItem) and new.name == "p4":
                constraints.forget()
            if new is not None:
                checked = replace(checked, statements=(*checked.statements, new))
                symbols.collections[block.name] = checked
        if any(item.severity == "error" for item in symbols.diagnostics[told:]):
            symbols.incomplete.add(block.name)
        elif isinstance(checked, typed.CompositeBlock):
            tell_of_one_sided_cuts(symbols, checked)
        symbols.kinds[block.name] = "collection"

    def _of_the_items_taken(self, block: typed.ItemBlock) -> Constraints:
        """Return what is known of the items of a block at its beginning, from the one block that they come from."""
        if isinstance(block, typed.CompositeBlock):
            slots = {slot.name: slot.collection for slot in block.slots}
            return Constraints(self.symbols, of_items=self.constraints, slots=slots)
        if len(block.sources) == 1 and block.sources[0] in self.constraints:
            return self.constraints[block.sources[0]].copy()
        return Constraints(self.symbols, of_items=self.constraints)

    def _item_scope(self, block: typed.ItemBlock) -> Scope:
        return Scope(this=block.name, own_p4="p4" in typed.lets_of(block))

    def _take(self, block: tree.ObjectBlock | tree.CompositeBlock) -> tree.Take | None:
        kind = with_article(block)
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
        self._criteria.annotations(first)
        return first

    def _collection(self, source: tree.Source) -> str | None:
        symbols, name = self.symbols, source.name
        if symbols.kinds.get(name) == "collection":
            return name
        if symbols.kinds.get(name) == "lost":
            return None
        spec = symbols.format.collections.get(name)
        if spec is not None and not spec.single:
            self.expressions.of_format.type_condition(name)
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
        near = self.expressions.names.with_branches_of(name) or foreign.nearest(name, known, foreign.NAMES)
        proposal = (
            f"did you mean {foreign.listed(near)}?"
            if near
            else formulas.quantity(name)
            or f"collections of the format {symbols.format.name} are "
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
        self._tell_of_twins(names, take)
        return typed.ObjectBlock(block.name, tuple(names), (), notes(block, take), block.span)

    def _tell_of_twins(self, names: list[str], take: tree.Take) -> None:
        """Say that candidates of two composites are never the same, where both may be made of the same items."""
        data_format, blocks = self.symbols.format, self.symbols.collections
        bases = dict.fromkeys(base for name in names for base in typed.identity_bases(data_format, blocks, name))
        for one, other in combinations([base for base in bases if typed.is_composite(blocks, base)], 2):
            ours, theirs = self._part_bases(one), self._part_bases(other)
            if len(ours) == len(theirs) and any(
                all(a & b for a, b in zip(ours, order, strict=True)) for order in islice(permutations(theirs), 100)
            ):
                self.symbols.report(
                    "H702",
                    f"a candidate of {one} is never one of {other}, also if both are made of the same items",
                    take.span,
                    "an event may have both in this union: let their cuts exclude each other, "
                    "or write one composite and objects taken from it",
                )
                return

    def _part_bases(self, collection: str) -> list[frozenset[str]]:
        """Return where each of the parts of a candidate may have its identity."""
        block = self.symbols.collections.get(collection)
        if isinstance(block, typed.ObjectBlock) and typed.is_composite(self.symbols.collections, collection):
            return self._part_bases(block.sources[0])
        if isinstance(block, typed.CompositeBlock):
            return [base for slot in block.slots for base in self._part_bases(slot.collection)]
        return [frozenset(typed.identity_bases(self.symbols.format, self.symbols.collections, collection))]

    def _is_collection(self, name: str) -> bool:
        return name in self.symbols.format.collections or self.symbols.kinds.get(name) in ("collection", "lost")

    def _slots_of(self, block: tree.CompositeBlock, take: tree.Take, name: str) -> str:
        """Say how the slots of a composite are written of which one has no name."""
        if len(take.sources) > 1:
            taken = {source.slot for source in take.sources}
            free = (letter for letter in "abcdefghijkl" if letter not in taken)
            slots = (f"{source.name} {source.slot or next(free, 'x')}" for source in take.sources)
            return f"write for example `take {', '.join(slots)}`"
        if typed.is_composite(self.symbols.collections, name):
            return f"to select among the candidates of {name}, write `object {block.name}`"
        return f"write for example `take {name} a, {name} b`"

    def _slots(self, block: tree.CompositeBlock, take: tree.Take) -> typed.CompositeBlock | None:
        symbols = self.symbols
        slots: list[typed.Slot] = []
        for source in take.sources:
            if slots and source.slot is None and not self._is_collection(source.name):
                symbols.report(
                    "E502",
                    "each slot of a composite names its collection",
                    source.span,
                    f"write `{slots[-1].collection} {source.name}`",
                    f"{slots[-1].collection} {source.name}",
                )
                return None
            name = self._collection(source)
            if name is None:
                return None
            if source.slot is None:
                symbols.report(
                    "E502",
                    "each source of a composite has a slot name",
                    source.span,
                    self._slots_of(block, take, name),
                )
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
        return typed.CompositeBlock(block.name, tuple(slots), take.ordered, (), notes(block, take), block.span)

    def _item_statement(
        self,
        block: tree.ObjectBlock | tree.CompositeBlock,
        statement: tree.Statement,
        ordinal: int,
        constraints: Constraints,
    ) -> typed.ItemStatement | None:
        match statement:
            case tree.Take():
                return None
            case tree.Select(condition) | tree.Reject(condition):
                return self._criteria.filter(block, statement, condition, ordinal, constraints)
            case tree.Let():
                return self._let_item(block, statement)
            case tree.SortBy(keys):
                return typed.Sort(
                    tuple((self._key(k.value, "a sorting key"), k.descending) for k in keys),
                    keys[0].span.to(keys[-1].span),
                )
            case tree.KeepFirst(count):
                if count < 1:
                    self.symbols.report("E504", "`keep first` needs a whole number from 1", statement.span)
                self.expressions.lists.tell_of_first(block.name, statement.span)
                return typed.KeepFirst(self._criteria.criterion(block, statement, ordinal), count)
            case tree.KeepBest((tree.Key(tree.Number() as value, highest),)):
                self._keeps_several(value, highest)
                return None
            case tree.KeepBest(keys):
                return typed.KeepBest(
                    self._criteria.criterion(block, statement, ordinal),
                    tuple((self._key(k.value, "what `keep` compares"), k.highest) for k in keys),
                )
            case tree.External():
                return typed.ExternalCut(self._criteria.criterion(block, statement, ordinal))
        raise AssertionError(statement)  # the grammar has no others in an object or composite

    def _key(self, key: tree.Expr, what: str) -> typed.Expr:
        """Check what items are ordered by."""
        value = self.expressions.number(key, what)
        self.expressions.habits.warn_of_offset(value, key.span)
        return value

    def _keeps_several(self, value: tree.Number, highest: bool) -> None:
        """Report `keep highest 2 pt`, in which `pt` stands where a number has its unit."""
        from hepsel.syntax import papers  # which a sound program does not need

        by = "pt" if value.unit is None or value.unit.name in UNITS else value.unit.name
        advice = papers.advice_on_several(value.text, by, highest=highest)
        self.symbols.report("E120", papers.KEEPS_ONE, value.span, advice)

    def _tell_of_names_before(self, block: str, p4: Span) -> None:
        """Report names of the item itself: whether they stand for it as it was or as it is, nobody could tell."""
        for let in self.symbols.collections[block].statements:
            if isinstance(let, typed.LetItem) and let.value.type == ItemType(block):
                self.symbols.report(
                    "E206",
                    f"`{let.name}` of line {let.value.span.line} is the item itself, which from here on has another "
                    f"four-vector: `{let.name}.pt` could be the old one or the new one",
                    p4,
                    f"name before it what is needed of the old one, such as `let {let.name}_pt = pt`, "
                    f"or move `let {let.name}` behind this line",
                    related=let.value.span,
                )

    def _let_item(self, block: tree.ObjectBlock | tree.CompositeBlock, statement: tree.Let) -> typed.LetItem | None:
        name, span = statement.name, statement.name_span
        symbols, expressions = self.symbols, self.expressions
        if name == "p4":
            if self._item_scope(symbols.collections[block.name]).own_p4:
                symbols.report("E201", "the four-vector is replaced twice", span, "make a second object of it")
                return None
            self._tell_of_names_before(block.name, span)
            value = expressions.check(statement.value)
            if not isinstance(value.type, ItemType | VectorType) and value.type != UNKNOWN:
                symbols.report(
                    "E307",
                    f"`p4` is a four-vector, and this is of type {value.type}",
                    statement.value.span,
                    "write `1.02 * this` to scale the item, or `four_vector(pt, eta, phi, mass)` of new numbers",
                )
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
        elif good and expressions.attributes.has(block.name, name):
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
        tell_of_itself(symbols, value)
        return typed.LetItem(name, value) if good else None
