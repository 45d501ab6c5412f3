"""Spells out `take block without "label" with a = b`: the block again, with everything that depends on `a` copied.

This works on syntax trees, before types: what comes out is a program without variants, in which copies have names such
as `leptons[control]` that no program can write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any, TypeVar

from hepsel.semantics.links import tell_of_links
from hepsel.semantics.names_in import names_in, sources
from hepsel.semantics.replaced import Replaced
from hepsel.semantics.symbols import Symbols
from hepsel.syntax import tree
from hepsel.vocabulary import foreign
from hepsel.vocabulary.functions import CONSTANTS

_N = TypeVar("_N", bound=tree.Node)


def is_variant(block: tree.Block) -> bool:
    """Whether a block repeats another one with changes."""
    first = block.statements[0] if isinstance(block, tree.Body) and block.statements else None
    return isinstance(first, tree.Take) and bool(first.variants)


def variant_span(block: tree.Block) -> tree.Span:
    """Return where a block says what it changes."""
    assert isinstance(block, tree.Body)
    first = block.statements[0]
    assert isinstance(first, tree.Take)
    return first.variants[0].span.to(first.variants[-1].span)


def labels(block: tree.Block) -> list[str]:
    """Return the labels of a block's criteria."""
    if not isinstance(block, tree.Body):
        return []
    return [label for statement in block.statements if (label := label_of(statement)) is not None]


def label_of(statement: tree.Statement) -> str | None:
    """Return the label of a statement."""
    return next((note.text for note in statement.annotations if isinstance(note, tree.Label)), None)


class Variants:
    """Spells out the variants of a program, block by block.

    Parameters
    ----------
    symbols
        Where problems are reported.
    copies
        For variants what is to be copied although nothing of it changes.
    """

    def __init__(self, symbols: Symbols, copies: Mapping[str, Iterable[str]]) -> None:
        self._symbols = symbols
        self._copies = copies
        self._blocks: dict[str, tree.Block] = {}
        self._replaced = Replaced(symbols, self._blocks)

    def spelled_out(self, block: tree.Block) -> Sequence[tree.Block]:
        """Return the blocks that stand for `block`: copies of what it changes, and then the block itself."""
        result: Sequence[tree.Block] = (block,)
        if is_variant(block):
            if self._symbols.kinds.get(block.name, "lost") != "lost":
                return result  # its name is taken, and so would be those of the copies
            assert isinstance(block, tree.Body)
            take = block.statements[0]
            assert isinstance(take, tree.Take)
            known = len(self._symbols.diagnostics)
            result = self._variant(block, take)
            if len(self._symbols.diagnostics) == known:
                self._replaced.tell(block)
                self._tell_of_links(take)
        else:
            self._replaced.tell(block)
        for item in result:
            self._blocks.setdefault(item.name, item)
        return result

    def _variant(self, block: tree.Body, take: tree.Take) -> Sequence[tree.Block]:
        plain = replace(block, statements=(replace(take, variants=()), *block.statements[1:]))
        base = self._base(block, take)
        if base is None:
            return (plain,)
        new: dict[str, tree.Expr] = {}
        dropped: dict[str, set[str]] = {}
        complete = True
        for variant in take.variants:
            if isinstance(variant, tree.With):
                complete &= self._substitutable(base, variant)
                new[variant.old] = variant.new
            else:
                for label in variant.labels:
                    complete &= self._drop(base, label, dropped, variant)
        if not complete:
            return self._given_up(plain)
        values = {name: value for name, value in new.items() if self._is_global(name)}
        lets = self._lets_replaced(base.name, {name: value for name, value in new.items() if name not in values})
        changed = {*values, *lets, *dropped, *self._copies.get(block.name, ())}
        copied = self._dependents(base.name, changed) - {base.name, *values}
        renamed = {name: f"{name}[{block.name}]" for name in copied}

        def repeated(name: str) -> tree.Block:
            rewriter = Rewriter(values, lets.get(name, {}), renamed)
            return rewriter.rewrite(_without(self._blocks[name], dropped.get(name, set())))

        copies = [replace(repeated(name), name=renamed[name]) for name in self._blocks if name in copied]
        body = repeated(base.name)
        originals = [self._blocks[name] for name in self._blocks if name in copied]
        for before, after in zip([*originals, base], [*copies, body], strict=True):
            if not self._keeps_slots_apart(before, after, variant_span(block)):
                return self._given_up(plain)
        assert isinstance(body, tree.Body)
        head = body.statements
        if head and isinstance(head[0], tree.Take):
            # What the variant itself cites stands beside what the repeated block cites.
            start = replace(head[0], annotations=head[0].annotations + take.annotations, span=take.span)
            head = (start, *head[1:])
        notes = body.annotations + block.annotations
        return (*copies, replace(block, statements=_with_more(head, block.statements[1:]), annotations=notes))

    def _given_up(self, plain: tree.Body) -> Sequence[tree.Block]:
        """Return what stands for a variant that is wrong: the block without its changes, if there is such a thing."""
        if not isinstance(plain, tree.CompositeBlock):
            return (plain,)
        self._symbols.kinds[plain.name] = "lost"  # of the candidates of a composite, no other composite is made
        return ()

    def _keeps_slots_apart(self, before: tree.Block, after: tree.Block, span: tree.Span) -> bool:
        """Report slots of two collections that would be of one, and so unordered: fewer candidates, and other ones."""
        pairs = zip(_slots(before), _slots(after), strict=True)
        for (old, new), (other_old, other_new) in combinations(pairs, 2):
            if old.name != other_old.name and new.name == other_new.name:
                slots = f"`{old.slot}` and `{other_old.slot}` of `{before.name}`"
                self._symbols.report(
                    "E507",
                    f"{slots} would both be from `{new.name}`, and slots of one collection are unordered: "
                    f"of two items, `{old.slot}` would always be the first",
                    span,
                    f"put in an own object, `object other take {new.name}`: each item is tried in each slot then; "
                    "where they are to be unordered, write a composite of its own",
                )
                return False
        return True

    def _tell_of_links(self, take: tree.Take) -> None:
        stored = self._symbols.format.collections
        changes = [one for one in take.variants if isinstance(one, tree.With) and one.old in stored]
        if not changes:
            return
        base = take.sources[0].name
        below = {base, *self._reachable(base)}
        repeated = [block for name, block in self._blocks.items() if name in below]
        for change in changes:
            tell_of_links(self._symbols, change, repeated)

    def _lets_replaced(self, base: str, new: Mapping[str, tree.Expr]) -> dict[str, dict[str, tree.Expr]]:
        """Return, for each block with a `let` that is replaced, what replaces which."""
        found: dict[str, dict[str, tree.Expr]] = {}
        for name, value in new.items():
            for block in self._with_let(base, name):
                found.setdefault(block, {})[name] = value
        return found

    def _with_let(self, base: str, name: str) -> set[str]:
        """Return the blocks whose `let` of this name a variant replaces.

        It is that of the repeated block, or else of the nearest that it takes from; only where these have none, it is
        that of every block below.
        """
        level, seen = {base}, {base}
        while level:
            if holders := {block for block in level if name in _lets(self._blocks[block])}:
                return holders
            level = {source for block in level for source in sources(self._blocks[block])} & set(self._blocks) - seen
            seen |= level
        below = self._reachable(base) & set(self._blocks)
        return {block for block in below if name in _lets(self._blocks[block])}

    def _base(self, block: tree.Body, take: tree.Take) -> tree.Body | None:
        if len(take.sources) != 1 or take.sources[0].slot is not None:
            self._symbols.report("E507", "a variant repeats one block", take.span, "write `take block with a = b`")
            return None
        name = take.sources[0].name
        base = self._blocks.get(name)
        if type(base) is not type(block):
            known = [n for n, b in self._blocks.items() if type(b) is type(block)]
            near = foreign.nearest(name, known)
            kind = with_article(block)
            self._symbols.report(
                "E507",
                f"`{name}` is not {kind} of this program, which a variant of {kind} repeats",
                take.sources[0].span,
                f"did you mean {foreign.listed(near)}?" if near else None,
            )
            return None
        assert isinstance(base, tree.Body)
        return base

    def _substitutable(self, base: tree.Body, variant: tree.With) -> bool:
        reachable = self._reachable(base.name)
        if variant.old in reachable:
            if not self._is_defined(variant.old, {base.name, *reachable}):
                self._symbols.report(
                    "E507",
                    f"`{variant.old}` is nothing that the program defines, and no collection",
                    variant.span,
                    "give the value that differs a name, `define threshold = ...`, and replace that",
                )
                return False
            if self._is_called(variant.old) or self._is_called(self._name(variant.new)):
                return self._both_called(variant)
            if not isinstance(variant.new, tree.Name) and variant.old in self._taken(base.name):
                is_region = isinstance(self._blocks.get(variant.old), tree.RegionBlock)
                self._symbols.report(
                    "E507",
                    f"`{variant.old}` is a {'region' if is_region else 'collection'}, and so is what replaces it",
                    variant.new.span,
                    f"write the name of {'a region' if is_region else 'an object or composite'}",
                )
                return False
            return self._is_closed(variant) if self._is_global(variant.old) else self._is_new(variant)
        if variant.old in self._weights(base.name):
            self._symbols.report(
                "E507",
                f"`{variant.old}` is the name of a weight, and a variant replaces what a weight is computed from",
                variant.span,
                "give its value a name with `define`, and replace that",
            )
            return False
        if f"{variant.old}[{base.name}]" in self._blocks:
            self._symbols.report(
                "E507",
                f"`{base.name}` is a variant too, and has a `{variant.old}` of its own already",
                variant.span,
                f"repeat what `{base.name}` repeats, with the changes of both",
            )
            return False
        near = foreign.nearest(variant.old, reachable)
        self._symbols.report(
            "E507",
            f"`{base.name}` does not depend on `{variant.old}`, so replacing it would change nothing",
            variant.span,
            f"did you mean {foreign.listed(near)}?" if near else None,
        )
        return False

    def _is_global(self, name: str) -> bool:
        """Whether a name is a block or a collection, and not one of a `let`."""
        return name in self._blocks or name in self._symbols.format.collections

    def _is_defined(self, name: str, below: set[str]) -> bool:
        """Whether a name is a block, a value with `let` or a collection: attributes and slots are parts of items."""
        return self._is_global(name) or any(
            name in _lets(self._blocks[other]) for other in below if other in self._blocks
        )

    def _is_new(self, variant: tree.With) -> bool:
        """Whether what replaces a `let` does without the value that it replaces."""
        if variant.old not in names_in(variant.new):
            return True
        self._symbols.report(
            "E507",
            f"`{variant.old}` has no value any more where this replaces it",
            variant.new.span,
            "write out what it was",
        )
        return False

    def _is_closed(self, variant: tree.With) -> bool:
        """Whether a new value means the same wherever it is put: it names nothing of an item or a region."""
        bound = {name for part in tree.walk(variant.new) if isinstance(part, tree.Clause) for name in part.names}
        values = {value for enumeration in self._symbols.format.enumerations.values() for value in enumeration}
        for part in tree.walk(variant.new):
            if isinstance(part, tree.Name) and not (
                part.name in bound or part.name in values or part.name in CONSTANTS or self._is_global(part.name)
            ):
                self._symbols.report(
                    "E507",
                    f"`{part.name}` is not known where `{variant.old}` is defined, which this replaces",
                    part.span,
                    "only what is defined for the whole program can stand here",
                )
                return False
        return True

    @staticmethod
    def _name(expr: tree.Expr) -> str | None:
        return expr.name if isinstance(expr, tree.Name) else None

    def _is_called(self, name: str | None) -> bool:
        """Whether a name is that of a function or table of the program."""
        block = self._blocks.get(name or "")
        return isinstance(block, tree.Table) or (isinstance(block, tree.Define) and block.parameters is not None)

    def _both_called(self, variant: tree.With) -> bool:
        new = self._name(variant.new)
        if self._is_called(variant.old) and self._is_called(new):
            return True
        called = variant.old if self._is_called(variant.old) else new
        self._symbols.report(
            "E507",
            f"`{called}` is a function or table, and can only change places with another one",
            variant.span,
            "replace it by the name of a function or table with the same parameters",
        )
        return False

    def _drop(self, base: tree.Body, label: str, dropped: dict[str, set[str]], variant: tree.Without) -> bool:
        """Find the blocks that have the label: the repeated one, and those that it takes from."""
        queue, known, seen, found = [base.name], [], set(), False
        while queue:
            name = queue.pop(0)
            block = self._blocks.get(name)
            if not isinstance(block, tree.Body) or name in seen:
                continue
            seen.add(name)
            known += labels(block)
            if label in labels(block):
                dropped.setdefault(name, set()).add(label)
                found = True
            queue += sources(block)
        if found:
            return True
        near = foreign.nearest(label, known)
        if elsewhere := self._label_below(base.name, label):
            proposal = elsewhere
        elif near:
            proposal = f"did you mean {foreign.listed(near)}?"
        elif known:
            proposal = f"labels there are {', '.join(known)}"
        else:
            proposal = 'give the criterion a label: `select ... as "label"`'
        self._symbols.report("E210", f"`{base.name}` has no criterion with the label `{label}`", variant.span, proposal)
        return False

    def _label_below(self, base: str, label: str) -> str | None:
        """Return how to leave out a label of something that a block depends on, but does not take from."""
        below = {name for name in self._reachable(base) if "[" not in name}
        found = [block for block in self._blocks.values() if block.name in below and label in labels(block)]
        if not found:
            return None
        kind, name = tree.BODIES[type(found[0])], found[0].name
        return (
            f"{' and '.join(f'`{block.name}`' for block in found)} {'has' if len(found) == 1 else 'have'} one: define "
            f'`{kind} other take {name} without "{label}"`, and write `with {name} = other` here'
        )

    def _taken(self, name: str) -> set[str]:
        """Return what `name`, and what it depends on, take their items or events from."""
        blocks = (self._blocks.get(item) for item in {name, *self._reachable(name)})
        return {source for block in blocks if block is not None for source in sources(block)}

    def _weights(self, name: str) -> set[str]:
        """Return the names of the weights of a region and of those that it starts from."""
        blocks = (self._blocks.get(item) for item in {name, *self._reachable(name)})
        return {
            statement.name
            for block in blocks
            if isinstance(block, tree.RegionBlock)
            for statement in block.statements
            if isinstance(statement, tree.Weight)
        }

    def _reachable(self, name: str) -> set[str]:
        found: set[str] = set()
        stack = [name]
        while stack:
            block = self._blocks.get(stack.pop())
            if block is None:
                continue
            names = names_in(block) | _lets(block)
            stack.extend(names - found)
            found |= names
        return found

    def _dependents(self, name: str, changed: set[str]) -> set[str]:
        """Return the blocks below `name`, itself included, that are changed or depend on something changed.

        Values with `let` are changed by the names of their blocks.
        """
        memo: dict[str, bool] = {}

        def depends(current: str) -> bool:
            if current not in memo:
                memo[current] = False
                block = self._blocks.get(current)
                if block is not None:
                    below = names_in(block)
                    deeper = [depends(item) for item in sorted(below)]  # all of them, to visit what is below each
                    memo[current] = bool(below & changed) or any(deeper)
            return memo[current] or current in changed

        depends(name)
        return {item for item in memo if item in self._blocks and depends(item)}


def _slots(block: tree.Block) -> Sequence[tree.Source]:
    """Return the slots of a composite, if their order does not count where they are from one collection."""
    first = block.statements[0] if isinstance(block, tree.CompositeBlock) and block.statements else None
    return first.sources if isinstance(first, tree.Take) and not first.ordered else ()


def _lets(block: tree.Block) -> set[str]:
    """Return the names that a block gives to values of its items or events."""
    return {statement.name for statement in getattr(block, "statements", ()) if isinstance(statement, tree.Let)}


def _without(block: tree.Block, dropped: set[str]) -> tree.Block:
    """Return a block without some criteria, and without published counts: these are of the block as it was."""
    if not isinstance(block, tree.Body):
        return block
    kept = (s for s in block.statements if not isinstance(s, tree.Expect))
    return replace(block, statements=tuple(s for s in kept if label_of(s) not in dropped))


_OUTPUTS = (tree.Bin, tree.Bins, tree.Histogram, tree.Save)


def _with_more(repeated: Sequence[tree.Statement], more: Sequence[tree.Statement]) -> tuple[tree.Statement, ...]:
    """Return the statements of a repeated block with those that follow its `take`.

    What it fills and saves behind its last cut and weight is of the region as it is now: it stands behind the cuts and
    weights that follow, too, and behind what is expected of these.
    """
    end, cut = _behind_cuts(repeated), _behind_cuts(more)
    while 0 < cut < len(more) and isinstance(more[cut], tree.Expect):
        cut += 1
    outputs = [statement for statement in repeated[end:] if isinstance(statement, _OUTPUTS)]
    values = [statement for statement in repeated[end:] if not isinstance(statement, _OUTPUTS)]
    return (*repeated[:end], *values, *more[:cut], *outputs, *more[cut:])


def _behind_cuts(statements: Sequence[tree.Statement]) -> int:
    """Return the place behind the last statement on which outputs behind it depend."""
    apart = (*_OUTPUTS, tree.Let, tree.Expect)
    return max((place for place, one in enumerate(statements, 1) if not isinstance(one, apart)), default=0)


def with_article(block: tree.Block) -> str:
    """Return what a block is: an object, a composite or a region."""
    word = tree.BODIES[type(block)]
    return f"{'an' if word == 'object' else 'a'} {word}"


class Rewriter:
    """Puts new expressions and new names in the place of old names, and new values in that of some `let`."""

    def __init__(self, new: Mapping[str, tree.Expr], lets: Mapping[str, tree.Expr], renamed: Mapping[str, str]) -> None:
        self._new = new
        self._lets = lets
        self._renamed = renamed

    def rewrite(self, node: _N) -> _N:
        """Return a copy of the node with the names replaced."""
        return self._node(node)  # type: ignore[no-any-return]

    def _node(self, node: Any) -> Any:
        match node:
            case tree.Name(name) if name in self._new:
                return replace(self._new[name], span=node.span)
            case tree.Name(name) if name in self._renamed:
                return replace(node, name=self._renamed[name])
            case tree.Call(function):
                node = replace(node, function=self._source(function))
            case tree.Source(name):
                return replace(node, name=self._source(name))
            case tree.Let(name) if name in self._lets:
                return replace(node, value=self._lets[name])
            case tree.Histogram(name, values) | tree.Bins(name, values) if None in values:
                node = replace(node, values=tuple(v or self._named(name, node.name_span) for v in values))
            case tree.Column(name, None):
                node = replace(node, value=self._named(name, node.span))
        return tree.map_children(node, self._node)

    def _named(self, name: str, span: tree.Span) -> tree.Expr | None:
        """Return what stands for a name that is a value too, if not what it says."""
        if name in self._new:
            return replace(self._new[name], span=span)
        return tree.Name(self._renamed[name], span=span) if name in self._renamed else None

    def _source(self, name: str) -> str:
        new = self._new.get(name)
        if isinstance(new, tree.Name):
            return new.name
        return self._renamed.get(name, name)
