"""Criteria that are the same words in both programs, and differ because a definition does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hepsel.compare.entries import Entry
from hepsel.compare.normal import Normaliser, Place, p4_place
from hepsel.compare.verdicts import Row, Verdict
from hepsel.semantics import program as typed
from hepsel.semantics.program import Expr, Program
from hepsel.semantics.walk import walk


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
                same = [extra for extra in extras if self._same_words(row.first[0], extra.second[0])]
                if same and (found := self._changed(row.first[0], same[0].second[0])):
                    extras.remove(same[0])
                    result.remove(same[0])
                    result[result.index(row)] = Row(Verdict.VALUE, row.first, same[0].second, found)
            elif not row.verdict.same and row.first and row.second and self._same_words(row.first[0], row.second[0]):
                found = self._changed(row.first[0], row.second[0])
                result[result.index(row)] = replace(row, details=found or row.details)
        return result

    def _same_words(self, a: Entry, b: Entry) -> bool:
        texts = [
            " ".join(program.source[part.span.start : part.span.end] for part in entry.parts).split()
            for program, entry in zip(self.programs, (a, b), strict=True)
        ]
        return a.kind == b.kind and len(texts[0]) > 0 and texts[0] == texts[1]

    def _changed(self, a: Entry, b: Entry) -> tuple[str, ...]:
        """Say which definitions differ that both criteria use: of those that are made of others, the others."""
        ours, theirs = dict(self._used(0, a)), dict(self._used(1, b))
        return tuple(
            f"{name}: {self._text(0, ours[name][0])} against {self._text(1, theirs[name][0])}"
            for name in ours
            if name in theirs and self._text(0, ours[name][0]) != self._text(1, theirs[name][0])
            if self.normalisers[0].value(*ours[name]) != self.normalisers[1].value(*theirs[name])
        )

    def _text(self, side: int, expr: Expr) -> str:
        return " ".join(self.programs[side].source[expr.span.start : expr.span.end].split())

    def _used(self, side: int, entry: Entry) -> Iterator[tuple[str, tuple[Expr, Place]]]:
        """Yield what a criterion uses, directly or through others: names, and what stands where."""
        program = self.programs[side]
        block = program.collections.get(entry.block)
        statements = () if block is None else block.statements
        lets = {s.name: (number, s.value) for number, s in enumerate(statements) if isinstance(s, typed.LetItem)}
        seen: set[str] = set()
        todo = list(entry.parts)
        for expr in todo:  # grows while it is walked through
            for part in walk(expr):
                match part:
                    case typed.ValueRef(name) if name not in seen:
                        place, value = Place(), program.values[name].expr
                        said = f"let {name.rsplit('.', 1)[1]}" if "." in name else f"define {name}"
                    case typed.Attribute(typed.This(), name) if name in lets and name not in seen:
                        number, value = lets[name]
                        place, said = Place(entry.block, p4_place(statements) < number), f"let {name}"
                    case _:
                        continue
                seen.add(name)
                todo.append(value)
                yield said, (value, place)
