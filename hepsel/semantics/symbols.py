"""What a program's names stand for, and the list of its problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from hepsel.formats.schema import Format
from hepsel.semantics import program as typed
from hepsel.semantics.stated import Stated
from hepsel.semantics.types import ENERGY, INT, PURE, REAL, UNKNOWN, EnumType, RealType, Type
from hepsel.semantics.units import UNITS
from hepsel.semantics.walk import children
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import Diagnostic
from hepsel.syntax.parser import keywords
from hepsel.syntax.tree import Span
from hepsel.vocabulary.functions import CONSTANTS, FUNCTIONS, OTHER_FUNCTIONS, REDUCERS

Kind = Literal["value", "function", "table", "collection", "region", "lost"]

ALL_FUNCTIONS = frozenset({*FUNCTIONS, *REDUCERS, *OTHER_FUNCTIONS})

_KIND_WORDS: dict[Kind, str] = {
    "value": "a value",
    "function": "a function",
    "table": "a table",
    "collection": "a collection",
    "region": "a region",
    "lost": "a name",
}


@dataclass
class Symbols:
    """Everything that the checker knows while it goes through a program."""

    format: Format
    diagnostics: list[Diagnostic] = field(default_factory=list)
    kinds: dict[str, Kind] = field(default_factory=dict)
    values: dict[str, typed.Value] = field(default_factory=dict)
    functions: dict[str, tree.Define] = field(default_factory=dict)
    tables: dict[str, typed.Table] = field(default_factory=dict)
    collections: dict[str, typed.ItemBlock] = field(default_factory=dict)
    regions: dict[str, typed.Region] = field(default_factory=dict)
    derived: dict[tuple[str, str], typed.Expr] = field(default_factory=dict)
    where: dict[str, typed.Expr] = field(default_factory=dict)
    levels: dict[tuple[str, str], int] = field(default_factory=dict)
    later: dict[str, Span] = field(default_factory=dict)
    current: str | None = None
    alone: frozenset[str] = frozenset()
    """Collections of which the program somewhere asks for one item at most: their first is the only one."""
    brought_back: Callable[[Span], bool] = lambda _: False
    """Whether a difference of azimuths at a place is brought back by hand."""
    told_apart: set[str] = field(default_factory=set)
    """Blocks whose items were chosen by their kind, or by what exists."""
    told_of_order: set[str] = field(default_factory=set)
    """Composites of which it was told that their candidates stand in no order."""
    incomplete: set[str] = field(default_factory=set)
    """Blocks of items with errors: what they ask for is not all known."""
    told_of_slots: set[str] = field(default_factory=set)
    """Composites of which it was told that a cut is another one where two of their items change places."""
    within: dict[tuple[str, str], bool] = field(default_factory=dict)
    """Whether each item of a collection is known to be one of another collection, as far as it was asked."""
    stated: dict[tuple[str, str], Stated] = field(default_factory=dict)
    """Where attributes of collections, and named values, lie by the ranges of the format, as far as it was asked."""
    _reported: set[tuple[str, int, int, str]] = field(default_factory=set)
    _uids: int = 0

    def report(
        self,
        code: str,
        message: str,
        span: Span,
        proposal: str | None = None,
        replacement: str | None = None,
        related: Span | None = None,
    ) -> None:
        """Add a problem, once for each place."""
        # What has no place of its own, as a problem of the format, is told apart by its text. A name that is taken is
        # one problem, whatever it is elsewhere.
        kind = "E201" if code == "E202" else code
        key = (kind, span.start, span.end, "" if span.end > span.start else message)
        if key not in self._reported:
            self._reported.add(key)
            self.diagnostics.append(Diagnostic(code, message, span, proposal, replacement, related))

    def told(self, span: Span, *codes: str, alone: bool = False) -> bool:
        """Whether one of some problems is reported of a place, or of what this is in, `alone` if by no other place."""
        return any(
            item.code in codes and span.begins_in(item.span) and not (alone and item.related is not None)
            for item in self.diagnostics
        )

    @contextmanager
    def aside(self) -> Iterator[list[Diagnostic]]:
        """Collect the problems of another text, such as an expression of the format, for a while."""
        outer = self.diagnostics, self._reported
        self.diagnostics, self._reported = [], set()
        try:
            yield self.diagnostics
        finally:
            self.diagnostics, self._reported = outer

    @property
    def errors(self) -> int:
        """Number of errors so far."""
        return sum(item.severity == "error" for item in self.diagnostics)

    def uid(self) -> int:
        """Return a number that no other variable has."""
        self._uids += 1
        return self._uids

    def defined(self, expr: typed.Expr) -> typed.Expr:
        """Return what a name of a value stands for, also by way of other names; anything else as it is."""
        while isinstance(expr, typed.ValueRef):
            expr = self.values[expr.name].expr
        return expr

    def meant(
        self, expr: typed.Expr, made_of: Callable[[typed.Expr], Iterable[typed.Expr]] = children
    ) -> Iterator[typed.Expr]:
        """Yield an expression and what it is made of, through the names of values, each part once.

        A region that is a condition is not gone through: its criteria are asked for where they stand.

        Parameters
        ----------
        expr
            Where to begin.
        made_of
            The parts of an expression that count, in their order: by default all.
        """
        todo, seen = [expr], set[int | str]()
        while todo:
            part = todo.pop()
            key = part.name if isinstance(part, typed.ValueRef) else id(part)
            if key in seen:
                continue
            seen.add(key)
            yield part
            if not isinstance(part, typed.ValueRef):
                todo += reversed([*made_of(part)])
            elif part.name not in self.regions:
                todo.append(self.values[part.name].expr)

    def line(self, name: str) -> Iterator[str]:
        """Yield a collection, what it takes its items from, and so on while that is one collection."""
        seen = set[str]()
        while name not in seen:
            seen.add(name)
            yield name
            block = self.collections.get(name)
            if not isinstance(block, typed.ObjectBlock) or len(block.sources) != 1:
                return
            (name,) = block.sources

    def blocks(self, name: str) -> Iterator[typed.ItemBlock]:
        """Yield the blocks among these, the collection's own first."""
        return (self.collections[each] for each in self.line(name) if each in self.collections)

    def origin(self, name: str) -> str:
        """Return the last of these: what all items of a collection are taken from."""
        return [*self.line(name)][-1]

    def enumerations_with(self, value: str) -> Iterator[EnumType]:
        """Yield the enumerations that have a value of this name."""
        for name, values in self.format.enumerations.items():
            if value in values:
                yield EnumType(name, values)

    def value_names(self) -> list[str]:
        """Return all names that may stand in an expression."""
        enumerated = [value for values in self.format.enumerations.values() for value in values]
        return [*self.kinds, *self.format.collections, *CONSTANTS, *enumerated, "this", "true", "false"]

    def reserved(self, name: str) -> str | None:
        """Say what a name is already, if it cannot be given to something new."""
        if name in keywords() or name == "this":
            return "a word of the language"
        if name in UNITS:
            return "a unit"
        if name in ALL_FUNCTIONS or name in CONSTANTS:
            return "a function of the language" if name in ALL_FUNCTIONS else "a constant"
        if name in self.format.collections:
            return f"a collection of the format {self.format.name}"
        for enumeration in self.enumerations_with(name):
            return f"a value of the enumeration {enumeration.name}"
        if name in self.kinds and self.kinds[name] != "lost":
            return f"{_KIND_WORDS[self.kinds[name]]} defined before"
        if name == self.current:
            return "the name of this block"
        return None

    def claim(self, name: str, span: Span, *, what: str = "name") -> bool:
        """Check that a new name is free; report it when it is not.

        Returns
        -------
        bool
            Whether the name can be entered all the same: a name that only shadows a word, a unit or the like is, so
            that its uses are not reported as well.
        """
        taken = self.reserved(name)
        if taken is None:
            return True
        redefined = name in self.kinds or name == self.current
        code = "E201" if redefined else "E202"
        self.report(code, f"`{name}` is {taken}", span, f"choose another {what}, such as `my_{name}`")
        return not redefined

    def tell_apart(self, parameters: tuple[str, ...], span: Span) -> None:
        """Report parameters of a function or table of which two have one name."""
        if len(set(parameters)) < len(parameters):
            self.report("E201", "two parameters have one name", span)


COMPONENT_TYPES: dict[str, Type] = {
    **dict.fromkeys(("pt", "mass", "energy", "px", "py", "pz"), RealType(ENERGY)),
    **dict.fromkeys(("eta", "phi", "rapidity", "charge"), RealType(PURE)),
}
assert set(COMPONENT_TYPES) == set(typed.COMPONENTS)
assert RealType(PURE) == REAL


def component_problem(name: str, kind: Type) -> str | None:
    """Say why an attribute of a format that has the name of a component of four-vectors cannot be of this type.

    Four-vectors are computed from these attributes, whose numbers would count as MeV whatever they are.
    """
    wanted = COMPONENT_TYPES.get(name)
    if wanted is None or kind in (wanted, UNKNOWN) or (kind, wanted) == (INT, REAL):
        return None
    return f"`{name}` is a component of four-vectors: it must be of type {wanted}, and is of type {kind}"
