"""Events that a criterion decides within a small distance of its bound: where two correct codes may disagree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hepsel.compare.chunks import read_chunks
from hepsel.compare.drafts import Draft, draft
from hepsel.compare.entries import blocks_of, slot_places
from hepsel.compare.normal import Normaliser
from hepsel.compare.versions import OBSERVED, Versions
from hepsel.errors import DataError
from hepsel.run.engine import Engine, Job, check_good_runs, generate_code
from hepsel.run.execute import DEFAULT_CHUNK, Progress
from hepsel.run.good_runs import GoodRuns
from hepsel.run.inputs import Entries, find_files
from hepsel.semantics import program as typed
from hepsel.semantics.passing import conjunction
from hepsel.semantics.program import Expr, Program
from hepsel.semantics.types import BOOL, REAL, IntType, ItemType, ListType, RealType
from hepsel.semantics.walk import children, map_children

_UID = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Near:
    """An event in which a comparison of a criterion is near its bound; of an object, for one of its items."""

    criterion: str
    label: str
    run: int
    event: int


def near_events(
    program: Program,
    data: Sequence[str],
    distance: float,
    *,
    entries: Entries | None = None,
    good_runs: GoodRuns | None = None,
    progress: Progress | None = None,
) -> Iterator[Near]:
    """Yield the events that a criterion decides within a relative distance of its bound.

    Events and items count that pass the criteria before it.

    Parameters
    ----------
    program
        The program.
    data
        Names of files, as on the command line.
    distance
        How near the two sides of a comparison are, relative to the larger of them.
    entries, good_runs, progress
        As in a run.

    Raises
    ------
    DataError
        When a file cannot be read, or does not say which event is which.
    """
    questions, asked = _questions(program, distance)
    if good_runs is not None:
        check_good_runs(program.format)
    code = generate_code(questions, item_cutflow=False)
    engine = Engine(Job(questions, code, None, False, False, DEFAULT_CHUNK))
    chunks = read_chunks(engine, program.format, find_files(data), entries or Entries(), DEFAULT_CHUNK, progress)
    for part in chunks:
        columns = part.columns
        if good_runs is not None:
            good = good_runs.mask(*engine.luminosity_blocks(columns))
            columns = {name: column[good] for name, column in columns.items()}
        ids = engine.identifiers(columns)
        if not {"run", "event"} <= ids.keys():
            raise DataError(f"the format {program.format.name} has no run and event")
        answers = engine.process(part.file, columns, len(ids["run"]))["columns"][OBSERVED]
        yield from _found(asked, answers, ids)


def _found(asked: dict[str, tuple[str, str]], answers: Any, ids: Any) -> Iterator[Near]:
    import numpy as np

    for column, (criterion, label) in asked.items():
        for place in np.flatnonzero(np.asarray(answers[column])).tolist():
            yield Near(criterion, label, int(ids["run"][place]), int(ids["event"][place]))


# ---------------------------------------------------------------- what is asked


def _questions(program: Program, distance: float) -> tuple[Program, dict[str, tuple[str, str]]]:
    """Return the program that answers it, and for each of its columns the criterion that it is about."""
    whole = draft(program, blocks_of(program, Normaliser(program, {}, slot_places(program))))
    versions = Versions((program, program))
    near = _Nearness(program, distance)
    columns: dict[str, tuple[str, str]] = {}

    def ask(criterion: typed.Criterion, value: Expr) -> None:
        name = f"near{len(columns)}"
        versions.observe(name, value)
        columns[name] = criterion.id, criterion.label

    for block in program.collections:
        for number, said in enumerate(whole.said[block]):
            if isinstance(said.statement, typed.Filter) and (close := near.of(said.statement.condition)) is not None:
                version = versions.version(_before(whole, block, number))
                ask(said.statement.criterion, version.expr(_any_item(block, close)))
    for region in program.regions.values():
        version = versions.version(whole)
        passed = [version.passes(region.base)] if region.base is not None else []
        for said in whole.said[region.name]:
            statement = said.statement
            if not isinstance(statement, typed.Filter):
                continue
            if (close := near.of(statement.condition)) is not None:
                ask(statement.criterion, conjunction([*passed, version.expr(close)]))
            condition = version.expr(statement.condition)
            passed.append(typed.Not(condition, type=BOOL) if statement.negated else condition)
    return versions.program(), columns


def _before(whole: Draft, block: str, number: int) -> Draft:
    """Return a version in which a block ends before one of its statements."""
    version = whole.copy()
    version.said[block] = whole.said[block][:number]
    return version


def _any_item(block: str, condition: Expr) -> Expr:
    item = typed.Variable("item", _UID, type=ItemType(block))
    items = typed.CollectionRef(block, type=ListType(ItemType(block)))

    def with_item(expr: Expr) -> Expr:
        return item if isinstance(expr, typed.This) else map_children(expr, with_item)

    listed = typed.Comprehension(with_item(condition), (typed.Loop((item,), items),), None, type=ListType(BOOL))
    return typed.Reduce("any", listed, type=BOOL)


class _Nearness:
    """Finds the comparisons in a condition, and says when one of them is near its bound."""

    def __init__(self, program: Program, distance: float) -> None:
        self._program = program
        self._distance = distance

    def of(self, expr: Expr) -> Expr | None:
        """Return the condition that some `<` or `>` of real numbers is near its bound; `None` where there is none."""
        found = list(self._near(expr))
        return _either(found) if found else None

    def _near(self, expr: Expr) -> Iterator[Expr]:
        match expr:
            case typed.Compare("<" | "<=" | ">" | ">=", left, right) if _are_real(left, right):
                yield self._close(left, right)
            case typed.ValueRef(name):
                yield from self._near(self._program.values[name].expr)
            case typed.Comprehension(body, loops, condition):
                inside = [*self._near(body), *(self._near(condition) if condition is not None else ())]
                if inside:
                    listed = typed.Comprehension(_either(inside), loops, None, type=ListType(BOOL))
                    yield typed.Reduce("any", listed, type=BOOL)
                for loop in loops:
                    yield from self._near(loop.list)
                return
        for child in children(expr):
            yield from self._near(child)

    def _close(self, left: Expr, right: Expr) -> Expr:
        kind = left.type if isinstance(left.type, RealType) else right.type
        between = _function("abs", typed.Arithmetic("-", left, right, type=kind))
        larger = _function("max", _function("abs", left), _function("abs", right))
        bound = typed.Arithmetic("*", typed.Constant(self._distance, type=REAL), larger, type=kind)
        return typed.Compare("<=", between, bound, type=BOOL)


def _function(name: str, *arguments: Expr) -> Expr:
    return typed.Function(name, arguments, type=arguments[0].type)


def _either(conditions: Sequence[Expr]) -> Expr:
    return conditions[0] if len(conditions) == 1 else typed.Logical("or", tuple(conditions), type=BOOL)


def _are_real(left: Expr, right: Expr) -> bool:
    kinds = (left.type, right.type)
    return any(isinstance(kind, RealType) for kind in kinds) and all(
        isinstance(kind, RealType | IntType) for kind in kinds
    )
