"""What is the same words in both programs, and differs because a definition does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hepsel.compare.entries import Entry, Kind
from hepsel.compare.normal import Normaliser, Place, p4_place
from hepsel.compare.verdicts import Row, Verdict
from hepsel.semantics import program as typed
from hepsel.semantics.program import Expr, Program
from hepsel.semantics.types import ItemType, ListType
from hepsel.semantics.walk import walk
from hepsel.syntax.tree import Span

_SAID_BY_PARTS: tuple[Kind, ...] = ("criterion", "bin", "weight", "column", "p4")
"""What says nothing besides its expressions, as a histogram says its edges."""


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
                    result[result.index(row)] = Row(Verdict.VALUE, row.first, same[0].second, found)
            elif not row.verdict.same and row.first and row.second and self._same_words(row.first[0], row.second[0]):
                found = self._changed(row.first[0], row.second[0])
                if found and self._same_statement(row.first[0], row.second[0]):
                    result[result.index(row)] = replace(row, details=found)
                elif found:
                    result[result.index(row)] = replace(row, details=(*found, *row.details))
        return result

    def _same_statement(self, a: Entry, b: Entry) -> bool:
        """Whether all that two statements say is the same words, edges of histograms and the like too."""
        if not self._same_words(a, b) or a.kind == "sort":  # its direction stands behind what is known of its place
            return False
        return a.kind in _SAID_BY_PARTS or self._words(0, a.span) == self._words(1, b.span)

    def _same_words(self, a: Entry, b: Entry) -> bool:
        texts = [[self._words(side, part.span) for part in entry.parts] for side, entry in enumerate((a, b))]
        return a.kind == b.kind and len(texts[0]) > 0 and texts[0] == texts[1]

    def _changed(self, a: Entry, b: Entry) -> tuple[str, ...]:
        """Say which definitions differ that both statements use: of those that are made of others, the others."""
        ours, theirs = dict(self._used(0, a)), dict(self._used(1, b))
        return tuple(
            f"{name}: {self._words(0, ours[name][0].span)} against {self._words(1, theirs[name][0].span)}"
            for name in ours
            if name in theirs and self._words(0, ours[name][0].span) != self._words(1, theirs[name][0].span)
            if self.normalisers[0].value(*ours[name]) != self.normalisers[1].value(*theirs[name])
        )

    def _words(self, side: int, span: Span) -> str:
        return " ".join(self.programs[side].source[span.start : span.end].split())

    def _used(self, side: int, entry: Entry) -> Iterator[tuple[str, tuple[Expr, Place]]]:
        """Yield what a statement uses, directly or through others: names, and what stands where."""
        program = self.programs[side]
        seen: set[str] = set()
        todo = list(entry.parts)
        for expr in todo:  # grows while it is walked through
            for part in walk(expr):
                for said, value, place in self._defined(program, part, entry.block):
                    if said not in seen:
                        seen.add(said)
                        todo.append(value)
                        yield said, (value, place)

    def _defined(self, program: Program, expr: Expr, within: str) -> Iterator[tuple[str, Expr, Place]]:
        """Yield what defines a value: its name as one says it in a block, the definition, and where that stands."""
        match expr:
            case typed.ValueRef(name):
                said = f"let {name.rsplit('.', 1)[1]}" if "." in name else f"define {name}"
                yield said, program.values[name].expr, Place()
            case typed.Attribute(item, name):
                kind = item.type.element if isinstance(item.type, ListType) else item.type
                if isinstance(kind, ItemType):
                    for block, number, value in _lets(program, kind.collection, name):
                        said = f"let {name}" if block.name == within else f"let {name} of {block.name}"
                        yield said, value, Place(block.name, p4_place(block.statements) < number)


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
