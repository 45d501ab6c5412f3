"""Both programs over the events, once: which events each difference moves, and on which they disagree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from hepsel.compare.chunks import Chunk, read_chunks
from hepsel.compare.effects import Change, Effect, Questions, RegionPair
from hepsel.compare.fills import FillChange, differing
from hepsel.compare.verdicts import Comparison, Row
from hepsel.compare.versions import OBSERVED
from hepsel.run.engine import Engine, Job, generate_code
from hepsel.run.execute import DEFAULT_CHUNK, Progress
from hepsel.run.inputs import Entries, InputFile

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Moved:
    """Numbers of events, or of items, that an exchange adds to a set and takes from it."""

    name: str
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Filled:
    """A number of events, and the names of what they fill otherwise."""

    events: int = 0
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """What one exchange does to the events.

    Attributes
    ----------
    effect
        What was asked.
    events
        Events that it moves into or out of at least one region (or, of a `bin`, of that).
    regions, items
        The same by region and by object or composite; of regions only those that it can change.
    weights
        Events that are selected with it and without it, and whose weight it changes.
    bins, fills
        Events, selected or not as before, that it puts into other bins of a region, or makes put something else into a
        histogram or column; and the names of these.
    """

    effect: Effect
    events: int
    regions: tuple[Moved, ...]
    items: tuple[Moved, ...]
    weights: int
    bins: Filled
    fills: Filled

    @property
    def is_idle(self) -> bool:
        """Whether no event tells of it."""
        changes = self.events or self.weights or self.bins.events or self.fills.events or self.effect.sums
        return self.effect.possible and not changes


@dataclass(frozen=True, slots=True)
class RegionTable:
    """The events of two counterparts: selected by both, by one only, by neither."""

    first: str
    second: str
    both: int
    only_first: int
    only_second: int
    neither: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An event that only one of two regions selects.

    Attributes
    ----------
    region
        Name of the first program's region.
    selected_by
        Which program selects it.
    identifiers
        Run, luminosity block and event, those that the format has.
    file, entry
        Where the event stands.
    criterion, label
        Identity and label of the first criterion of the other program that it fails: there they part.
    alone, given
        The differences that move this event alone, and those that move it given all others.
    """

    region: str
    selected_by: str
    identifiers: Mapping[str, int]
    file: str
    entry: int
    criterion: str
    label: str
    alone: tuple[str, ...]
    given: tuple[str, ...]

    def row(self) -> dict[str, int | str]:
        """Return it as a row of a table."""
        return {
            "region": self.region,
            "selected_by": self.selected_by,
            **self.identifiers,
            "file": self.file,
            "entry": self.entry,
            "criterion": self.criterion,
            "label": self.label,
            "alone": "; ".join(self.alone),
            "given_others": "; ".join(self.given),
        }


class Sink(Protocol):
    """Takes the events on which the programs disagree, as they are found."""

    def add(self, rows: Sequence[Mapping[str, int | str]]) -> None:
        """Take some."""


@dataclass
class EventReport:
    """What the events say of a comparison.

    Attributes
    ----------
    events
        Number of events.
    tables
        For each pair of regions how many events they select.
    effects
        For each difference what it does alone, and given all others.
    shown
        The first events of each region on which the programs disagree.
    """

    events: int
    tables: tuple[RegionTable, ...]
    effects: tuple[tuple[Measured, Measured], ...]
    shown: tuple[Disagreement, ...]

    @property
    def unexplained(self) -> tuple[RegionTable, ...]:
        """The counterparts that disagree although no difference can move their events: the comparison is wrong."""
        if not all(measured.effect.possible for pair in self.effects for measured in pair):
            return ()
        moved = [{change.name for pair in self.effects for change in pair[side].effect.events} for side in (0, 1)]
        return tuple(
            table
            for table in self.tables
            if table.only_first + table.only_second and table.first not in moved[0] and table.second not in moved[1]
        )


@dataclass
class _Counts:
    """Sums over the chunks."""

    columns: dict[str, int] = field(default_factory=dict)
    changes: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    moved: dict[tuple[int, int], int] = field(default_factory=dict)
    fills: dict[tuple[int, int, bool], Filled] = field(default_factory=dict)
    tables: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)
    events: int = 0


def identity(row: Row, names: tuple[str, str]) -> str:
    """Return what a difference is called: by the first program, if that says anything."""
    return row.first[0].id if row.first else f"{row.second[0].id} of {names[1]}"


def compare_events(
    comparison: Comparison,
    files: Sequence[InputFile],
    *,
    entries: Entries | None = None,
    chunk: int = DEFAULT_CHUNK,
    interpreter: bool = False,
    sink: Sink | None = None,
    progress: Progress | None = None,
) -> EventReport:
    """Run two programs, and each with every difference exchanged, over files; each chunk of events is read once.

    Parameters
    ----------
    comparison
        The programs, whose variables have different numbers (see `shifted`), and how they differ.
    files
        The events.
    entries
        Which of them, counted through all files.
    chunk
        Events that are in memory at a time.
    interpreter
        Whether the interpreter runs in place of generated code.
    sink
        Takes all events on which the programs disagree.
    progress
        Is told how far it has come.

    Raises
    ------
    DataError
        When the programs are for different formats, or a file cannot be read.
    """
    questions = Questions(comparison)
    code = generate_code(questions.program, interpreter=interpreter, item_cutflow=False)
    job = Job(questions.program, code, None, True, interpreter, chunk)
    engine = Engine(job)
    run = _Run(questions, sink)
    for part in read_chunks(engine, comparison.first.format, files, entries or Entries(), chunk, progress):
        run.add(engine, part)
    return run.report()


class _Run:
    def __init__(self, questions: Questions, sink: Sink | None) -> None:
        self._questions = questions
        self._sink = sink
        self._counts = _Counts()
        self._shown: dict[str, list[Disagreement]] = {pair.first: [] for pair in questions.pairs}
        self._names = [identity(row, questions.comparison.names) for row in questions.comparison.differences]

    def add(self, engine: Engine, part: Chunk) -> None:
        events = part.stop - part.start
        result = engine.process(part.file, part.columns, events)
        chunk = _Answers(result, engine.identifiers(part.columns), str(part.file.file.path), part.start, events)
        self._counts.events += events
        for number, effects in enumerate(self._questions.effects):
            for side, effect in enumerate(effects):
                self._count(chunk, number, side, effect)
        for pair in self._questions.pairs:
            self._pair(chunk, pair)

    def _count(self, chunk: _Answers, number: int, side: int, effect: Effect) -> None:
        counts = self._counts
        moved = chunk.none()
        for change in effect.events:
            before, after = chunk.mask(change.before), chunk.mask(change.after)
            moved |= before != after
            gained, lost = counts.changes.get((change.before, change.after), (0, 0))
            if chunk.first_time((change.before, change.after)):
                new = gained + int((after & ~before).sum()), lost + int((before & ~after).sum())
                counts.changes[change.before, change.after] = new
        counts.moved[number, side] = counts.moved.get((number, side), 0) + int(moved.sum())
        for bins in (False, True):
            self._count_fills(chunk, (number, side, bins), [f for f in effect.fills if f.before.is_bin is bins])
        for column in (
            *(c for item in effect.items for c in (item.gained, item.lost)),
            *effect.weights,
        ):
            if chunk.first_time(column):
                counts.columns[column] = counts.columns.get(column, 0) + int(chunk.numbers(column).sum())

    def _count_fills(self, chunk: _Answers, place: tuple[int, int, bool], fills: Sequence[FillChange]) -> None:
        changed = [(fill.name, mask) for fill in fills if (mask := chunk.differing(fill)).any()]
        if changed:
            known = self._counts.fills.get(place, Filled())
            moved = chunk.none()
            for _, mask in changed:
                moved |= mask
            names = dict.fromkeys((*known.names, *(name for name, _ in changed)))
            self._counts.fills[place] = Filled(known.events + int(moved.sum()), tuple(names))

    def _pair(self, chunk: _Answers, pair: RegionPair) -> None:
        first, second = (chunk.mask(column) for column in pair.columns)
        known = self._counts.tables.get(pair.first, (0, 0, 0, 0))
        found = first & second, first & ~second, second & ~first, ~first & ~second
        both, one, other, neither = (n + int(m.sum()) for n, m in zip(known, found, strict=True))
        self._counts.tables[pair.first] = both, one, other, neither
        shown = self._shown[pair.first]
        if self._sink is None and len(shown) >= _SHOWN:
            return
        listed = list(self._disagreements(chunk, pair, first, second))
        shown += listed[: _SHOWN - len(shown)]
        if self._sink is not None:
            self._sink.add([event.row() for event in listed])

    def _disagreements(
        self, chunk: _Answers, pair: RegionPair, first: NDArray[Any], second: NDArray[Any]
    ) -> Iterator[Disagreement]:
        names = self._questions.comparison.names
        movers = [list(self._movers(chunk, pair, side)) for side in (0, 1)]
        for event in (first != second).nonzero()[0].tolist():
            loser = 1 if first[event] else 0
            criterion = chunk.first_failed(pair.traces[loser], event)
            alone, given = (tuple(name for name, moved in movers[side] if moved[event]) for side in (0, 1))
            label = self._questions.labels[loser].get(criterion, criterion)
            yield Disagreement(
                pair.first, names[1 - loser], chunk.identifiers(event), chunk.file, chunk.start + event, criterion,
                label, alone, given,
            )  # fmt: skip

    def _movers(self, chunk: _Answers, pair: RegionPair, side: int) -> Iterator[tuple[str, NDArray[Any]]]:
        region = (pair.first, pair.second)[side]
        for name, effects in zip(self._names, self._questions.effects, strict=True):
            for change in effects[side].events:
                if change.name == region:
                    yield name, chunk.mask(change.before) != chunk.mask(change.after)

    # ---------------------------------------------------------------- the whole

    def report(self) -> EventReport:
        counts = self._counts
        return EventReport(
            counts.events,
            tuple(
                RegionTable(pair.first, pair.second, *counts.tables.get(pair.first, (0, 0, 0, 0)))
                for pair in self._questions.pairs
            ),
            tuple(
                (self._measured(number, 0, effects[0]), self._measured(number, 1, effects[1]))
                for number, effects in enumerate(self._questions.effects)
            ),
            tuple(event for events in self._shown.values() for event in events),
        )

    def _measured(self, number: int, side: int, effect: Effect) -> Measured:
        counts = self._counts
        regions = tuple(self._moved(change) for change in effect.events)
        items = tuple(
            Moved(item.block, counts.columns.get(item.gained, 0), counts.columns.get(item.lost, 0))
            for item in effect.items
        )
        weights = sum(counts.columns.get(column, 0) for column in effect.weights)
        fills, bins = (counts.fills.get((number, side, bins), Filled()) for bins in (False, True))
        return Measured(effect, counts.moved.get((number, side), 0), regions, items, weights, bins, fills)

    def _moved(self, change: Change) -> Moved:
        gained, lost = self._counts.changes.get((change.before, change.after), (0, 0))
        return Moved(change.name, gained, lost)


class _Answers:
    """The answers for one chunk of events."""

    def __init__(
        self, result: Mapping[str, Any], identifiers: Mapping[str, Any], file: str, start: int, events: int
    ) -> None:
        self._columns = result["columns"][OBSERVED]
        self._failed = result["first_failed"]
        self._identifiers = identifiers
        self._arrays: dict[str, NDArray[Any]] = {}
        self._fills: dict[object, NDArray[Any]] = {}
        self._seen: set[object] = set()
        self.file = file
        self.start = start
        self.events = events

    def first_time(self, what: object) -> bool:
        """Whether something is counted for the first time in this chunk: some questions share columns."""
        if what in self._seen:
            return False
        self._seen.add(what)
        return True

    def none(self) -> NDArray[Any]:
        import numpy as np

        return np.zeros(self.events, dtype=bool)

    def numbers(self, column: str) -> NDArray[Any]:
        import numpy as np

        if column not in self._arrays:
            self._arrays[column] = np.asarray(self._columns[column])
        return self._arrays[column]

    def mask(self, column: str) -> NDArray[Any]:
        return self.numbers(column).astype(bool)

    def differing(self, change: FillChange) -> NDArray[Any]:
        key = change.before, change.after, change.selected, change.weight
        if key not in self._fills:
            self._fills[key] = differing(change, self._columns.__getitem__, self.events)
        return self._fills[key]

    def first_failed(self, region: str, event: int) -> str:
        return str(self._failed[region][event])

    def identifiers(self, event: int) -> dict[str, int]:
        return {name: int(values[event]) for name, values in self._identifiers.items()}
