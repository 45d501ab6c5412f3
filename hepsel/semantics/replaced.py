"""Tells of names that a variant replaces in what it repeats, where they still mean what the program defines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hepsel.semantics.names_in import names_in, sources, values_in
from hepsel.semantics.symbols import Symbols
from hepsel.syntax import tree


@dataclass(frozen=True)
class _Replacement:
    """That a block, which repeats another one, has something else in the place of `old`."""

    variant: str
    repeated: str
    old: str
    new: tree.Expr

    @property
    def name(self) -> str | None:
        """The name of what stands there, if it has one."""
        return self.new.name if isinstance(self.new, tree.Name) else None


@dataclass(frozen=True)
class _Read:
    """What a part of a program reads: names of definitions, and words that attributes may be called."""

    names: frozenset[str]
    words: frozenset[str]

    @classmethod
    def by(cls, nodes: Sequence[tree.Node]) -> _Read:
        """Return what nodes read."""
        names = frozenset().union(*map(names_in, nodes))
        attributes = (part.name for node in nodes for part in tree.walk(node) if isinstance(part, tree.Attribute))
        return cls(names, names.union(attributes))


@dataclass(frozen=True)
class _Definition:
    """What a definition reads, and what it reads only where one asks for an attribute that it gives to its items."""

    read: _Read
    lets: Mapping[str, _Read]

    @classmethod
    def of(cls, block: tree.Block) -> _Definition:
        """Return what a block reads: which items there are does not depend on a `let` that no criterion asks for."""
        if not isinstance(block, tree.ObjectBlock | tree.CompositeBlock):
            return cls(_Read.by([block]), {})
        lets: dict[str, _Read] = {}
        rest: list[tree.Node] = []
        for statement in block.statements:
            if isinstance(statement, tree.Let) and statement.name != "p4":
                lets[statement.name] = _Read.by([statement])
            else:
                rest.append(statement)
        return cls(_Read.by(rest), lets)


_NOTHING = _Definition(_Read(frozenset(), frozenset()), {})


class Replaced:
    """Follows what variants replace for the whole program, and what takes from them.

    Parameters
    ----------
    symbols
        Where hints are reported.
    blocks
        What is defined so far.
    """

    def __init__(self, symbols: Symbols, blocks: Mapping[str, tree.Block]) -> None:
        self._symbols = symbols
        self._blocks = blocks
        self._in: dict[str, tuple[_Replacement, ...]] = {}
        self._definitions: dict[str, _Definition] = {}

    def tell(self, block: tree.Block) -> None:
        """Tell of the names in a block that mean something else in what it repeats or starts from."""
        statements: tuple[tree.Statement, ...] = getattr(block, "statements", ())
        if not statements or not isinstance(statements[0], tree.Take):
            return
        take = statements[0]
        changes = [change for change in take.variants if isinstance(change, tree.With)]
        repeated = take.sources[0].name
        own = tuple(_Replacement(block.name, repeated, c.old, c.new) for c in changes if self._is_known(c.old))
        before = self._before(block) if isinstance(block, tree.RegionBlock) or take.variants else ()
        self._in[block.name] = (*own, *before)
        told: set[str] = set()
        olds = {replacement.old for replacement in own}
        for change in changes:
            if not (isinstance(change.new, tree.Name) and change.new.name in olds):
                others = [item for item in (*own, *before) if item.old != change.old]
                self._tell_of([change.new], others, told, is_placed=True)
        self._tell_of(statements[1:], self._in[block.name], told)

    def _before(self, block: tree.Block) -> tuple[_Replacement, ...]:
        return tuple(item for source in sources(block) for item in self._in.get(source, ()))

    def _is_known(self, name: str) -> bool:
        return name in self._blocks or name in self._symbols.format.collections

    def _tell_of(
        self,
        nodes: Iterable[tree.Node],
        replacements: Sequence[_Replacement],
        told: set[str],
        *,
        is_placed: bool = False,
    ) -> None:
        """Tell of the names in nodes that depend on what is replaced.

        What is placed for another thing may have both in it, as missing momentum corrected for the shift of jets has:
        then it tells them apart. What has a place is told of there, if at all, and not behind it.
        """
        if not replacements:
            return
        olds = {item.old for item in replacements}
        names = frozenset(item.name for item in replacements if item.name is not None)
        placed = frozenset[str]() if is_placed else names - olds
        for node in nodes:
            words = _Read.by([node]).words
            for name, span in values_in(node):
                if name in told or (name not in self._blocks and all(name != item.old for item in replacements)):
                    continue
                # What is repeated stands here anew, so that its name, as in `reject signal`, means the old one.
                others = (item for item in replacements if name != item.repeated)
                found = next((item for item in others if self._depends(name, words, item, placed)), None)
                if found is not None and not (is_placed and self._has(node, found.name)):
                    told.add(name)
                    self._report(name, found, span)

    def _has(self, node: tree.Node, wanted: str | None) -> bool:
        """Whether a node or what it depends on has a name."""
        seen: set[str] = set()
        todo = [names_in(node)]
        while todo:
            new = todo.pop() - seen
            if wanted in new:
                return True
            seen |= new
            for definition in map(self._definition, new):
                todo += [definition.read.names, *(let.names for let in definition.lets.values())]
        return False

    def _depends(self, name: str, words: frozenset[str], replacement: _Replacement, placed: frozenset[str]) -> bool:
        """Whether a name is what is replaced, or depends on it in another way than through what stands in its place.

        Parameters
        ----------
        name
            The name.
        words
            What stands beside it: only attributes that are among these words, or that its definition asks for, count.
        replacement
            What is replaced.
        placed
            What stands in the place of other things; nothing is asked of what it depends on.
        """
        seen, asked = {replacement.name, *placed}, set[str]()
        waiting: dict[str, list[_Read]] = {}
        todo = [_Read(frozenset([name]), words)]
        while todo:
            part = todo.pop()
            for word in part.words - asked:
                todo += waiting.pop(word, ())
            asked |= part.words
            if replacement.old in part.names - seen:
                return True
            for new in part.names - seen:
                seen.add(new)
                definition = self._definition(new)
                todo.append(definition.read)
                for attribute, let in definition.lets.items():
                    if attribute in asked:
                        todo.append(let)
                    else:
                        waiting.setdefault(attribute, []).append(let)
        return False

    def _definition(self, name: str) -> _Definition:
        if name not in self._definitions:
            self._definitions[name] = _Definition.of(self._blocks[name]) if name in self._blocks else _NOTHING
        return self._definitions[name]

    def _report(self, name: str, replacement: _Replacement, span: tree.Span) -> None:
        variant, old, new = replacement.variant, replacement.old, replacement.name
        if name == old:
            instead = f"what `{variant}` has in its place"
            advice = f"write `{new}` for that" if new else f"for that, give what replaces `{name}` a name"
        else:
            instead = f"what it is in `{variant}`, which replaces `{old}`"
            kind = tree.BODIES.get(type(self._blocks[name]))
            advice = f"for that, define another `{name}` with what replaces `{old}`"
            if kind is not None:
                advice = f"for that, define `{kind} other take {name} with {old} = {new or '...'}`, and write `other`"
        self._symbols.report(
            "H704",
            f"`{name}` means here what the program defines, and not {instead}",
            span,
            f"{advice}; if this is meant, leave it",
        )
