"""Tells of names that a variant replaces in what it repeats, where they still mean what the program defines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hepsel.semantics.names_in import names_in, sources, values_in
from hepsel.semantics.symbols import Symbols
from hepsel.syntax import tree


@dataclass(frozen=True)
class _Replacement:
    """That a block has something else in the place of `old`."""

    variant: str
    old: str
    new: tree.Expr

    @property
    def name(self) -> str | None:
        """The name of what stands there, if it has one."""
        return self.new.name if isinstance(self.new, tree.Name) else None


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
        self._names: dict[str, frozenset[str]] = {}

    def tell(self, block: tree.Block) -> None:
        """Tell of the names in a block that mean something else in what it repeats or starts from."""
        statements: tuple[tree.Statement, ...] = getattr(block, "statements", ())
        if not statements or not isinstance(statements[0], tree.Take):
            return
        take = statements[0]
        changes = [change for change in take.variants if isinstance(change, tree.With)]
        own = tuple(_Replacement(block.name, c.old, c.new) for c in changes if self._is_known(c.old))
        before = self._before(block) if isinstance(block, tree.RegionBlock) or take.variants else ()
        self._in[block.name] = (*own, *before)
        told: set[str] = set()
        olds = {replacement.old for replacement in own}
        for change in changes:
            if not (isinstance(change.new, tree.Name) and change.new.name in olds):
                others = [item for item in (*own, *before) if item.old != change.old]
                self._tell_of([change.new], others, told)
        self._tell_of(statements[1:], self._in[block.name], told)

    def _before(self, block: tree.Block) -> tuple[_Replacement, ...]:
        return tuple(item for source in sources(block) for item in self._in.get(source, ()))

    def _is_known(self, name: str) -> bool:
        return name in self._blocks or name in self._symbols.format.collections

    def _tell_of(self, nodes: Iterable[tree.Node], replacements: Sequence[_Replacement], told: set[str]) -> None:
        first: dict[str, tree.Span] = {}
        for node in nodes:
            for name, span in values_in(node):
                first.setdefault(name, span)
        for name, span in first.items():
            found = next((item for item in replacements if self._depends(name, item)), None)
            if found is not None and name not in told:
                told.add(name)
                self._report(name, found, span)

    def _depends(self, name: str, replacement: _Replacement) -> bool:
        """Whether a name is what is replaced, or depends on it in another way than through what stands in its place."""
        seen, stack = {replacement.name}, [name]
        while stack:
            current = stack.pop()
            if current in seen:
                continue
            if current == replacement.old:
                return True
            seen.add(current)
            stack.extend(self._named(current))
        return False

    def _named(self, name: str) -> frozenset[str]:
        """Return the names in what is defined under a name."""
        if name not in self._names:
            self._names[name] = names_in(self._blocks[name]) if name in self._blocks else frozenset()
        return self._names[name]

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
