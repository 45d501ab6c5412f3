"""What turns columns into results: the generated code, or the interpreter over the same columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hepsel.errors import DataError
from hepsel.formats.schema import Format
from hepsel.remote import damaged
from hepsel.run.good_runs import GoodRuns
from hepsel.run.inputs import OpenedFile
from hepsel.semantics.program import Program, SavedColumn
from hepsel.semantics.reads import EVENT, event_id, required_columns
from hepsel.semantics.types import BoolType, EnumType, ListType, RealType, Type

if TYPE_CHECKING:
    import awkward as ak

    from hepsel.backends.awkward.runtime.reading import Source


@dataclass(frozen=True, slots=True)
class Job:
    """All that a worker needs to know besides its units of work; it travels to other processes.

    Attributes
    ----------
    program
        What is run.
    code
        The code generated from it. The interpreter reads files with it too.
    good_runs, trace, interpreter, chunk
        See `Settings`.
    """

    program: Program
    code: str
    good_runs: GoodRuns | None
    trace: bool
    interpreter: bool
    chunk: int


def generate_code(program: Program, *, interpreter: bool = False, item_cutflow: bool = True) -> str:
    """Return the code of the awkward backend for a program; for the `interpreter`, it reads all that this may touch.

    Without `item_cutflow`, items that nothing depends on are not counted.
    """
    from hepsel.backends.awkward import generate
    from hepsel.plan import lower, optimise
    from hepsel.plan.columns import attribute_reads

    plan = optimise(lower(program, item_cutflow=item_cutflow))
    if interpreter:
        # Columns compute the components of four-vectors that are asked for, the interpreter whole four-vectors.
        touched = [
            read
            for column in required_columns(program)
            for read in attribute_reads(program.format, column.collection, column.spec)
        ]
        plan = replace(plan, reads={**{read.name: read for read in touched}, **plan.reads})
    return generate(plan)


_LUMINOSITY_BLOCK = ("run", "luminosity_block")


def check_good_runs(data_format: Format) -> None:
    """Refuse good-run lists for a format that does not say where an event was taken.

    Raises
    ------
    DataError
        When it has no run or no luminosity block.
    """
    known = dict(event_id(data_format))
    lacking = [f"{EVENT}.{key}" for key in _LUMINOSITY_BLOCK if key not in known]
    if lacking:
        raise DataError(
            f"the format {data_format.name} has no {' and no '.join(lacking)}: "
            "good-run lists cannot be applied to its files"
        )


class Engine:
    """Reads columns and processes them."""

    def __init__(self, job: Job) -> None:
        from hepsel.backends.awkward import load

        self._job = job
        self._module = load(job.code)
        self._columns = self._module.COLUMNS
        self._identifiers = {key: f"{EVENT}.{name}" for key, name in event_id(job.program.format)}
        self._open: tuple[OpenedFile, Source] | None = None

    def read(self, file: OpenedFile, start: int, stop: int) -> dict[str, ak.Array]:
        """Return the columns of a range of a file's events, by logical name.

        Raises
        ------
        DataError
            When the file lacks a branch, or is damaged.
        """
        from hepsel.backends.awkward.runtime.reading import FileError, IncompleteFile

        try:
            return self._source(file).read(self._columns, start, stop)
        except IncompleteFile as error:
            raise DataError(f"{error}{self._meaning(error.column)}") from error
        except FileError as error:
            cause = error.__cause__
            raise damaged(file.file.path, cause if isinstance(cause, Exception) else error) from error

    def _meaning(self, column: str) -> str:
        """Return what the format says of a column; nothing of what it does not know."""
        collection, _, name = column.partition(".")
        owner = self._job.program.format.collections.get(collection)
        spec = owner.attributes.get(name) if owner is not None else None
        return "" if spec is None else spec.meaning(column)

    def _source(self, file: OpenedFile) -> Source:
        """Return the open file: it stays open from chunk to chunk, for opening one can take longer than its events."""
        from hepsel.run.opened import OpenedSource

        if self._open is None or self._open[0] != file:
            if self._open is not None:
                self._open[1].close()
            self._open = file, OpenedSource(file, self._job.program.format.separators)
        return self._open[1]

    def process(self, file: OpenedFile, columns: Mapping[str, ak.Array], events: int) -> dict[str, Any]:
        """Return the results of the events in these columns of a file; `events` is their number.

        Raises
        ------
        DataError
            When an event has more candidates than fit into memory, or an integer is too large.
        """
        try:
            if self._job.interpreter:
                return self._interpret(columns, events)
            result: dict[str, Any] = self._module.process(columns, events=events, trace=self._job.trace)
        except (DataError, self._module.Refused) as error:
            raise DataError(f"{file.file.path}: {error}") from error
        return result

    def _interpret(self, columns: Mapping[str, ak.Array], events: int) -> dict[str, Any]:
        import numpy as np

        from hepsel.interpreter import interpret

        program = self._job.program
        lists = {name: column.to_list() for name, column in columns.items()}
        listed = ({name: values[k] for name, values in lists.items()} for k in range(events))
        result: dict[str, Any] = interpret(program, listed, trace=self._job.trace)
        for name, region in program.regions.items():
            table = result["columns"][name]
            for statement in region.statements:
                if isinstance(statement, SavedColumn):
                    table[statement.name] = _typed(statement.value.type, table[statement.name])
            # As wide as they are stored: numbers of events may have all 64 bits.
            result["selected"][name] = {
                key: np.array(values, dtype=np.asarray(columns[self._identifiers[key]]).dtype)
                for key, values in result["selected"][name].items()
            }
        return result

    def identifiers(self, columns: Mapping[str, ak.Array]) -> dict[str, ak.Array]:
        """Return run, luminosity block and number of events, those of them that the format has."""
        return {key: columns[name] for key, name in self._identifiers.items()}

    def luminosity_blocks(self, columns: Mapping[str, ak.Array]) -> tuple[Any, Any]:
        """Return run and luminosity block of each event as numpy arrays."""
        import numpy as np

        run, block = (np.asarray(columns[self._identifiers[key]]) for key in _LUMINOSITY_BLOCK)
        return run, block


def _typed(kind: Type, values: list[Any]) -> ak.Array:
    """Return a column of the interpreter with the type that it has in the program, however few values there are."""
    import awkward as ak
    import numpy as np

    if not isinstance(kind, ListType):
        return _typed_elements(kind, values)
    elements = _typed_elements(kind.element, [value for inside in values for value in inside])
    return ak.unflatten(elements, np.array([len(inside) for inside in values], dtype=np.int64))


def _typed_elements(kind: Type, values: list[Any]) -> ak.Array:
    import awkward as ak
    import numpy as np

    from hepsel.backends.awkward.runtime.output import named

    if isinstance(kind, RealType):
        return ak.Array(np.array([np.nan if value is None else value for value in values], dtype=np.float64))
    if isinstance(kind, EnumType):
        codes = [-1 if value is None else kind.values.index(value) for value in values]
        return named(np.array(codes, dtype=np.int64), *kind.values)
    stored = "bool" if isinstance(kind, BoolType) else "int64"
    array = np.array([0 if value is None else value for value in values], dtype=stored)
    return ak.mask(ak.Array(array), np.array([value is not None for value in values], dtype=bool))
