"""What is the same words in both programs, and differs because a definition does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from hepsel.compare.entries import Entry, Kind
from hepsel.compare.normal import Normaliser, Place, p4_place
from hepsel.compare.parsed import parsed
from hepsel.compare.show import listed
from hepsel.compare.verdicts import Row, Verdict
from hepsel.semantics import program as typed
from hepsel.semantics.program import Expr, Program
from hepsel.semantics.types import BOOL, ItemType, ListType
from hepsel.semantics.walk import walk
from hepsel.syntax import tree
from hepsel.syntax.tree import Span

_SAID_BY_PARTS: tuple[Kind, ...] = ("criterion", "bin", "weight", "column", "p4")
"""What says nothing besides its expressions, as a histogram says its edges."""


_LISTED = 4  # statements that use a definition and are named

_COPY = re.compile(r"\[[^\]]*\]")
"""What the name of a copy ends with, which `take ... with` made."""


@dataclass(frozen=True)
class _Definition:
    """What a name means where it is used: its text, if it is short, the value, and where that stands.

    It is so `everywhere`, if no block has another one of this name. A definition of the program has an `id`, by which
    one calls it anywhere, and may be of a `block`. What is `written_out` where it is called has no value of its own.
    """

    text: str
    value: Expr
    place: Place
    everywhere: bool = False
    id: str | None = None
    block: str = ""
    written_out: bool = False


@dataclass(frozen=True)
class Definitions:
    """Says which definitions of two programs differ.

    Attributes
    ----------
    programs, normalisers
        The two programs, and how their expressions are brought to normal form.
    """

    programs: tuple[Program, Program]
    normalisers: tuple[Normaliser, Normaliser]

    def named(self, rows: Sequence[Row]) -> list[Row]:
        """Return the verdicts on a block, with the definitions that make the same words mean something else.

        What would be missing and extra is then one difference.
        """
        result = list(rows)
        extras = [row for row in rows if row.verdict is Verdict.EXTRA and not row.first]
        for row in rows:
            if row.verdict is Verdict.MISSING and not row.second:
                same = [extra for extra in extras if self._same_statement(row.first[0], extra.second[0])]
                if same and (found := self._changed(row.first[0], same[0].second[0])):
                    extras.remove(same[0])
                    result.remove(same[0])
                    result[result.index(row)] = _by_definition(Row(Verdict.VALUE, row.first, same[0].second), found)
            elif not row.verdict.same and row.first and row.second and self._same_words(row.first[0], row.second[0]):
                found = self._changed(row.first[0], row.second[0])
                if found and self._same_statement(row.first[0], row.second[0]):
                    # Nothing of the statement is missing or extra, but something in what it uses.
                    verdict = Verdict.VALUE if row.verdict in (Verdict.MISSING, Verdict.EXTRA) else row.verdict
                    result[result.index(row)] = _by_definition(replace(row, verdict=verdict), found)
                elif found:
                    result[result.index(row)] = replace(row, details=(*found, *row.details))
        return result

    def _same_statement(self, a: Entry, b: Entry) -> bool:
        """Whether all that two statements say is the same words, edges of histograms and the like too."""
        if not self._same_words(a, b):
            return False
        return a.kind in _SAID_BY_PARTS or self._words(0, a.span) == self._words(1, b.span)

    def _same_words(self, a: Entry, b: Entry) -> bool:
        texts = [[self._words(side, part.span) for part in entry.parts] for side, entry in enumerate((a, b))]
        return a.kind == b.kind and len(texts[0]) > 0 and texts[0] == texts[1]

    def _changed(self, a: Entry, b: Entry) -> dict[str, tuple[_Definition, _Definition]]:
        """Say which definitions differ that both statements use: of those that are made of others, the others.

        A name that `take ... with` replaced is one of them.
        """
        ours, theirs = self._used(0, a), self._used(1, b)
        return {
            f"{said}: {one.text} against {other.text}" if one.text else f"{said} differs: see there": (one, other)
            for said, one in ours.items()
            if (other := theirs.get(said)) is not None and (not one.text or one.text != other.text)
            if one.written_out or self._value(0, one) != self._value(1, other)
        }

    def _value(self, side: int, definition: _Definition) -> Expr:
        return self.normalisers[side].value(definition.value, definition.place)

    @cached_property
    def _functions(self) -> tuple[dict[str, Span], dict[str, Span]]:
        """Return where what functions say stands."""
        first, second = map(_functions, self.programs)
        return first, second

    def _words(self, side: int, span: Span) -> str:
        return " ".join(self.programs[side].source[span.start : span.end].split())

    def _used(self, side: int, entry: Entry) -> dict[str, _Definition]:
        """Return what a statement uses, directly or through others, by what it is called where it is used."""
        found: dict[str, _Definition] = {}
        todo = list(entry.parts)
        for expr in todo:  # grows while it is walked through
            for part in walk(expr):
                for said, definition in self._defined(side, part, entry.block):
                    if said not in found:
                        found[said] = definition
                        todo.append(definition.value)
                for name, body in self._functions[side].items():
                    if body.start <= part.span.start < part.span.end <= body.end:
                        said, text = f"define {name}", self._words(side, body)
                        value = typed.Constant(text, type=BOOL, span=body)
                        found[said] = _Definition(text, value, Place(), True, said, written_out=True)
        return found

    def _defined(self, side: int, expr: Expr, within: str) -> Iterator[tuple[str, _Definition]]:
        """Yield what defines a value, by its name as one says it in a block, and what stands for a name."""
        program = self.programs[side]
        match expr:
            case typed.ValueRef(name) | typed.Single(name) | typed.CollectionRef(name):
                plain = _COPY.sub("", name)
                written = self._words(side, expr.span)
                if written not in ("", plain) or not isinstance(expr, typed.ValueRef):
                    yield written, _Definition(plain, expr, Place())
                if isinstance(expr, typed.ValueRef) and name in program.regions:
                    yield f"region {plain}", _Definition("", program.values[name].expr, Place())
                elif isinstance(expr, typed.ValueRef):
                    value = program.values[name].expr
                    block, _, last = plain.rpartition(".")
                    said = f"let {last}" if block else f"define {last}"
                    yield (
                        said,
                        _Definition(self._words(side, value.span), value, Place(), not block, _id(said, block), block),
                    )
            case typed.Attribute(item, name):
                kind = item.type.element if isinstance(item.type, ListType) else item.type
                if isinstance(kind, ItemType):
                    for item_block, number, value in _lets(program, kind.collection, name):
                        home, plain = _COPY.sub("", item_block.name), f"let {name}"
                        said = plain if item_block.name == within else _id(plain, home)
                        place = Place(item_block.name, p4_place(item_block.statements) < number)
                        text = self._words(side, value.span)
                        yield said, _Definition(text, value, place, False, _id(plain, home), home)


def _functions(program: Program) -> dict[str, Span]:
    syntax = parsed(program.source) if "define" in program.source else None
    blocks = () if syntax is None else syntax.blocks
    return {b.name: b.value.span for b in blocks if isinstance(b, tree.Define) and b.parameters is not None}


def _id(said: str, block: str) -> str:
    return f"{said} of {block}" if block else said


def _by_definition(row: Row, found: Mapping[str, tuple[_Definition, _Definition]]) -> Row:
    """Return a verdict on the same words, with the definitions that make them mean something else."""
    everywhere = all(one.everywhere for one, _ in found.values())
    known_in = "" if everywhere else (row.first or row.second)[0].block
    pairs = [(_entry(one), _entry(other)) for one, other in found.values()]
    definitions = tuple((a, b) for a, b in pairs if a is not None and b is not None)
    whole = definitions if len(definitions) == len(pairs) else ()
    return replace(row, details=tuple(found), known_in=known_in, definitions=whole)


def _entry(definition: _Definition) -> Entry | None:
    if definition.id is None:
        return None
    content = typed.Constant(f"{definition.id} = {definition.text}", type=BOOL)
    return Entry("definition", content, definition.block, definition.id, None, definition.value.span, -1)


def by_definition(rows: Sequence[Row]) -> list[Row]:
    """Return verdicts in which definitions that differ are one difference, with all statements that use them."""
    result: list[Row] = []
    known: dict[object, int] = {}
    for row in rows:
        if not row.definitions:
            result.append(row)
            continue
        first, second = zip(*row.definitions, strict=True)
        said = tuple((one.content, other.content) for one, other in row.definitions)
        if said in known:
            before = result[known[said]]
            verdict = before.verdict if before.verdict is row.verdict else Verdict.VALUE
            result[known[said]] = replace(before, verdict=verdict, units=(*before.units, *row.places))
        else:
            known[said] = len(result)
            result.append(Row(row.verdict, first, second, pair=row.pair, units=row.places))
    return [replace(row, details=(_used(row),)) if row.kind == "definition" else row for row in result]


def _used(row: Row) -> str:
    """Say where definitions are used."""
    uses = dict.fromkeys(entry.id for unit in row.units for entry in (unit.first or unit.second))
    return f"used in {listed(list(uses), _LISTED)}"


def _lets(program: Program, collection: str, name: str) -> Iterator[tuple[typed.ItemBlock, int, Expr]]:
    """Yield the statements that give items of a collection an attribute: of a union, there may be several."""
    todo, seen = [collection], {collection}
    for source in todo:  # grows while it is walked through
        block = program.collections.get(source)
        if block is None:
            continue
        numbers = (n for n, s in enumerate(block.statements) if isinstance(s, typed.LetItem) and s.name == name)
        number = next(numbers, None)
        if number is not None:
            statement = block.statements[number]
            assert isinstance(statement, typed.LetItem)
            yield block, number, statement.value
        elif isinstance(block, typed.ObjectBlock):
            new = [other for other in block.sources if other not in seen]
            seen.update(new)
            todo += new
