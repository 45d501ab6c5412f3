"""Two programs, compared criterion by criterion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from hepsel.compare.blockwise import BlockComparison
from hepsel.compare.by_name import Said, asking, same_by_name
from hepsel.compare.counterexample import Explainer
from hepsel.compare.definitions import Definitions, by_definition
from hepsel.compare.entries import Block, Entry, blocks_of, nothing_said, slot_names, slot_places
from hepsel.compare.filters import Filters, said_where_used, used_in
from hepsel.compare.keys import key, shared
from hepsel.compare.matching import Matching, Tie, block_names, match_blocks, shared_ids
from hepsel.compare.normal import Normaliser, sees_p4
from hepsel.compare.order import with_order
from hepsel.compare.smt import Prover
from hepsel.compare.variants import Written, by_variant, copied_alike
from hepsel.compare.verdicts import Comparison, Row, Verdict
from hepsel.semantics import program as typed
from hepsel.semantics.program import Expr, Program
from hepsel.semantics.walk import map_children

_INHERITED = ("criterion", "external", "weight")


def compare_programs(
    first: Program,
    second: Program,
    *,
    names: tuple[str, str] = ("A", "B"),
    seconds: float = 2.0,
    reference: Literal["A", "B"] = "A",
    brief: bool = False,
) -> Comparison:
    """Compare what two programs mean.

    Parameters
    ----------
    first, second
        The programs.
    names
        How messages call them.
    seconds
        Time limit of the solver for each question.
    reference
        What only this program says is missing, what only the other says is extra.
    brief
        Whether a variant (`take ... with`) or a definition that says something else is one difference, and not one at
        each statement that it repeats or that uses it.
    """
    if brief:
        first, second = copied_alike(Written.of(first), Written.of(second), match_blocks(first, second))
    if reference == "A":
        return _Programs(first, second, names, Prover(seconds)).compare(brief=brief)
    found = _Programs(second, first, (names[1], names[0]), Prover(seconds)).compare(brief=brief)
    pairs = tuple((a, b) for b, a in found.matching.pairs)
    ties = tuple(Tie(tie.chosen, tie.first, tie.instead) for tie in found.matching.ties)
    return Comparison(
        first=found.second,
        second=found.first,
        names=names,
        matching=Matching(pairs, ties),
        rows=tuple(map(_turned, found.rows)),
        blocks=(found.blocks[1], found.blocks[0]),
        together={(a, b): (ours, theirs) for (b, a), (theirs, ours) in found.together.items()},
        slots=(found.slots[1], found.slots[0]),
    )


def _turned(row: Row) -> Row:
    """Return a verdict with the two programs exchanged."""
    pair = None if row.pair is None else (row.pair[1], row.pair[0])
    return replace(row, first=row.second, second=row.first, pair=pair, units=tuple(map(_turned, row.units)))


@dataclass(frozen=True)
class _Said:
    """What two programs say, and how that was brought to normal form."""

    normalisers: tuple[Normaliser, Normaliser]
    blocks: tuple[Mapping[str, Block], Mapping[str, Block]]


class _Programs:
    def __init__(
        self, first: Program, second: Program, names: tuple[str, str], prover: Prover, matching: Matching | None = None
    ) -> None:
        self._programs = first, second
        self._names = names
        self._prover = prover
        self._matching = match_blocks(first, second) if matching is None else matching
        self._ids = shared_ids(first, second, self._matching)
        self._slots = _common_slots(first, second, self._matching, self._ids)
        counterparts = set(self._matching.second), set(self._matching.second.values())
        self._plain = self._said((), ())
        self._read(*map(Filters.without, counterparts, self._programs, self._ids, self._plain.blocks))

    def _read(self, first: Filters, second: Filters) -> None:
        """Bring both programs to normal form, with some of their objects read where they are used."""
        self._filters = first, second
        said = self._said(first.names, second.names) if first.names or second.names else self._plain
        self._blocks = said.blocks
        self._asking = self._asking_by_name(0, first), self._asking_by_name(1, second)
        self._explainer = Explainer(self._programs, said.normalisers, self._names)
        self._definitions = Definitions(self._programs, said.normalisers)
        self._together: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._absorbed: tuple[set[str], set[str]] = (set(), set())

    def _said(self, *filters: Iterable[str]) -> _Said:
        first, second = map(Normaliser, self._programs, self._ids, self._slots, filters)
        return _Said((first, second), (blocks_of(self._programs[0], first), blocks_of(self._programs[1], second)))

    def _asking_by_name(self, side: Literal[0, 1], filters: Filters) -> Said:
        program = self._programs[side]
        asked = [
            name for pair in self._matching.pairs if (name := pair[side]) in program.regions.keys() & program.values
        ]
        if not asked:
            return {}
        normaliser = Normaliser(program, self._ids[side], self._slots[side], filters.names, asked)
        return asking(blocks_of(program, normaliser))

    def compare(self, *, brief: bool) -> Comparison:
        """Compare them; if it is to be `brief`, what follows from one variant or definition is told with that."""
        rows = self.one_by_one()
        if brief:
            rows = by_variant(rows, self._programs, self._matching, self._against)
        rows = _together(_together(_once(rows), _edge), _definition)
        rows = _replacements(_scopes(by_definition(rows) if brief else rows), self._names[1], brief=brief)
        rows = _by_block(rows) if brief else rows
        return Comparison(
            *self._programs, self._names, self._matching, tuple(rows), self._blocks, self._together, self._slots
        )

    def _against(self, other: Written) -> list[Row]:
        first = Written.of(self._programs[0])
        usual = block_names(other.program) == block_names(self._programs[1])
        matching = self._matching if usual else match_blocks(first.program, other.program)
        alike = copied_alike(first, other, matching)
        known = matching if alike == (first.program, other.program) else None
        return _Programs(*alike, self._names, self._prover, known).one_by_one()

    def one_by_one(self) -> list[Row]:
        """Return the verdicts on each statement."""
        rows = self._paired()
        while (used := used_in(rows, self._filters)) != self._filters:
            self._read(*used)
            rows = self._paired()
        rows = said_where_used(rows, self._filters, self._blocks, self._absorbed)
        rows += [Row(Verdict.MISSING, (entry,), ()) for entry in self._alone(0, set(self._matching.second))]
        return rows + [
            Row(Verdict.EXTRA, (), (entry,)) for entry in self._alone(1, set(self._matching.second.values()))
        ]

    def _paired(self) -> list[Row]:
        places = {name: place for place, name in enumerate(self._blocks[0])}
        pairs = sorted(self._matching.pairs, key=lambda pair: places[pair[0]])
        return [row for one, other in pairs for row in self._pair(one, other)]

    def _alone(self, side: int, matched: set[str]) -> Iterator[Entry]:
        """Yield what is said in blocks without counterparts and is read together with no other block."""
        for name, block in self._blocks[side].items():
            if name in matched:
                continue
            if name in self._absorbed[side]:
                yield from (entry for entry in block.entries if block.kind == "region" and entry.kind not in _INHERITED)
            elif block.kind == "region" and not block.entries:
                yield nothing_said(block)
            else:
                yield from block.entries

    def _pair(self, one: str, other: str) -> list[Row]:
        first, second = self._entries(one, other)
        with_p4 = [any(entry.kind == "p4" for entry in entries) for entries in (first, second)]
        comparison = BlockComparison(
            first, second, self._prover, self._explainer.explain, ignore_p4=with_p4[0] is not with_p4[1]
        )
        found = self._definitions.named(same_by_name(comparison.compare(), self._asking))
        rows = [replace(row, pair=(one, other)) for row in with_order(found, first, second)]
        self._together[one, other] = _blocks_in(first, one), _blocks_in(second, other)
        places = {id(entry): place for place, entry in enumerate(first)}
        return sorted(rows, key=lambda row: places[id(row.first[0])] if row.first else len(places))

    def _entries(self, one: str, other: str) -> tuple[list[Entry], list[Entry]]:
        """Return the entries of two blocks, with those of blocks below that have no counterparts of their own."""
        first, second = self._blocks[0][one], self._blocks[1][other]
        if first.kind == "region":
            ours, theirs = self._chain(0, one), self._chain(1, other)
            second_of = self._matching.second
            places = {name: j for j, name in enumerate(theirs) if j}
            common = [(i, places[second_of[a]]) for i, a in enumerate(ours) if i and second_of.get(a) in places]
            i, j = min(common, key=sum, default=(len(ours), len(theirs)))
            return self._inherited(0, ours[:i]), self._inherited(1, theirs[:j])
        counterparts = set(self._matching.second), set(self._matching.second.values())
        return self._with_sources(0, first, counterparts[0]), self._with_sources(1, second, counterparts[1])

    def _chain(self, side: int, name: str) -> list[str]:
        chain = [name]
        while (base := self._blocks[side][chain[-1]].base) is not None:
            chain.append(base)
        return chain

    def _inherited(self, side: int, chain: Sequence[str]) -> list[Entry]:
        own, *bases = chain
        self._absorbed[side].update(bases)
        below = [
            entry for base in reversed(bases) for entry in self._blocks[side][base].entries if entry.kind in _INHERITED
        ]
        return below + list(self._blocks[side][own].entries)

    def _with_sources(self, side: int, block: Block, counterparts: set[str]) -> list[Entry]:
        entries = list(block.entries)
        while len(block.uses) == 1 and block.kind == "object":
            source = self._blocks[side].get(block.uses[0])
            if source is None or source.name in counterparts or source.kind != "object":
                break
            if any(entry.kind == "p4" for entry in entries) and any(map(_sees_p4, source.entries)):
                break  # what it says of an item is about another four-vector than what stands behind it
            self._absorbed[side].add(source.name)
            entries = [*source.entries, *(entry for entry in entries if entry.kind != "source")]
            block = source
        return entries


def _common_slots(
    a: Program, b: Program, matching: Matching, ids: tuple[Mapping[str, str], Mapping[str, str]]
) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
    """Name slots by what fills them where the same fills both composites, and by their places elsewhere."""
    by_name = slot_names(a, ids[0]), slot_names(b, ids[1])
    by_place = slot_places(a), slot_places(b)
    result = dict(by_place[0]), dict(by_place[1])
    for one, other in matching.pairs:
        ours = {key: name for key, name in by_name[0].items() if key[0] == one}
        theirs = {key: name for key, name in by_name[1].items() if key[0] == other}
        if sorted(ours.values()) == sorted(theirs.values()):
            result[0].update(ours)
            result[1].update(theirs)
    return result


def _blocks_in(entries: Iterable[Entry], block: str) -> tuple[str, ...]:
    """Return the blocks of which entries are made, in order; the last is `block` itself, though it may say nothing."""
    below = dict.fromkeys(entry.block for entry in entries if entry.block != block)
    return (*below, block)


def _sees_p4(entry: Entry) -> bool:
    return entry.kind == "p4" or sees_p4(entry.content)


def _once(rows: Iterable[Row]) -> list[Row]:
    """Say once what is said of copies of one statement (`take r without ...` repeats statements).

    Copies in which another definition stands (`with mZ = 100 GeV`) may differ by something else: each is said.
    """
    seen: dict[object, int] = {}
    result: list[Row] = []
    for row in rows:
        place = tuple((entry.kind, entry.span.start, entry.span.end, entry.id.rsplit(".")[-1]) for entry in row.first)
        other = tuple((entry.kind, entry.span.start, entry.span.end, entry.id.rsplit(".")[-1]) for entry in row.second)
        block = (row.first or row.second)[0].block
        details = tuple(detail.replace(f"{block}.", "") for detail in row.details)
        known = (place, other, row.verdict, details)
        if row.kind in ("source", "pairing", "row") or known not in seen:
            seen[known] = len(result)
            result.append(row)
        else:
            first = result[seen[known]]
            result[seen[known]] = replace(first, units=(*first.places, row))
    return result


def _edge(row: Row) -> object:
    """Say of which moved edge between two rows of a table this is one: with one of them alone, they would overlap."""
    return (row.pair, row.details) if row.kind == "row" and row.verdict is Verdict.VALUE else None


def _definition(row: Row) -> object:
    """Say which definition differs, where statements of one kind mean something else because of it."""
    return None if row.known_in is None else (row.kind, row.verdict, row.details, row.known_in)


def _together(rows: Iterable[Row], difference: Callable[[Row], object]) -> list[Row]:
    """Say once, with all that it is about, what `difference` calls one (`None` is a difference of its own)."""
    seen: dict[object, int] = {}
    result: list[Row] = []
    for row in rows:
        one = difference(row)
        if one is None or one not in seen:
            seen[one] = len(result)
            result.append(row)
            continue
        before = result[seen[one]]
        first, second = (*before.first, *row.first), (*before.second, *row.second)
        result[seen[one]] = replace(before, first=first, second=second, units=(*before.places, *row.places))
    return result


def _scopes(rows: Sequence[Row]) -> list[Row]:
    """Find what is missing in one place and extra in another."""
    result = list(rows)
    for missing in [row for row in rows if _is_alone(row) and row.kind not in ("source", "region")]:
        wanted = key(_anywhere(missing.first[0].content))
        for extra in result:
            if extra.verdict is not Verdict.EXTRA or extra.first or extra.kind != missing.kind:
                continue
            if key(_anywhere(extra.second[0].content)) == wanted:
                one, other = missing.first[0], extra.second[0]
                elsewhere = f"in {one.block} against in {other.block}"
                details = (elsewhere if one.block != other.block else "on another item",)
                units = (*missing.places, *extra.places)
                result[result.index(missing)] = Row(Verdict.SCOPE, missing.first, extra.second, details, units=units)
                result.remove(extra)
                break
    return result


def _is_alone(row: Row) -> bool:
    return row.verdict is Verdict.MISSING and not row.second


@lru_cache(maxsize=1 << 12)
def _anywhere(expr: Expr) -> Expr:
    """Forget which collections an expression is about."""
    match expr:
        case typed.CollectionRef():
            return replace(expr, name="")
        case typed.Attribute(item, name) if name.startswith("slot "):
            return replace(expr, item=_anywhere(item), name="slot")
    return shared(map_children(expr, _anywhere))


def _replacements(rows: Sequence[Row], other: str, *, brief: bool) -> list[Row]:
    """Note where something extra stands in the place of something missing, and put it behind that.

    If it is to be `brief`, they are one difference where they stand in counterparts: one moves events only with the
    other.
    """
    extras = [row for row in rows if row.verdict is Verdict.EXTRA and not row.first]
    result: dict[int, list[Row]] = {id(row): [row] for row in rows}
    for row in rows:
        if _is_alone(row) and (instead := _instead(row, extras)) is not None:
            extras = [extra for extra in extras if extra is not instead]
            del result[id(instead)]
            if brief and row.pair is not None and row.pair == instead.pair:
                details, units = ("something else",), (*row.places, *instead.places)
                result[id(row)] = [Row(Verdict.VALUE, row.first, instead.second, details, pair=row.pair, units=units)]
            else:
                note = f"{other} has {instead.second[0].id} instead"
                result[id(row)] = [replace(row, details=(*row.details, note)), instead]
    return [one for some in result.values() for one in some]


def _instead(row: Row, extras: Sequence[Row]) -> Row | None:
    """Return what has the label of something missing; best in the same block, and in the same place there."""
    (entry, *_) = row.first
    same = [e for e in extras if e.kind == entry.kind and entry.label is not None and e.second[0].label == entry.label]
    part = entry.id.rpartition(".")[2]
    return min(
        same,
        key=lambda extra: (extra.pair != row.pair, extra.second[0].id.rpartition(".")[2] != part),
        default=None,
    )


def _by_block(rows: Iterable[Row]) -> list[Row]:
    """Say once that a block is missing or extra, what it selects and what it fills; and so of parts of a condition."""
    result: list[Row] = []
    known: dict[object, int] = {}
    for row in rows:
        entry = (row.first + row.second)[0]
        statement = entry.place if row.pair is not None else None
        of_block = entry.block, statement, row.verdict, row.apart
        is_part = row.pair is None or row.kind == "criterion"
        if not is_part or row.details or row.kind == "variant" or (row.first and row.second):
            result.append(row)
        elif (place := known.get(of_block, -1)) >= 0 and (row.pair is None or place == len(result) - 1):
            before = result[place]
            first, second = (*before.first, *row.first), (*before.second, *row.second)
            result[place] = replace(before, first=first, second=second, units=(*before.places, *row.places))
        else:
            known[of_block] = len(result)
            result.append(row)
    return result
