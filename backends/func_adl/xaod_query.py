"""Queries in func_adl's xAOD dialect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hepsel.backends.awkward.names import comment, literal
from hepsel.backends.func_adl.answers import Answer, Output, indented, wheres
from hepsel.backends.func_adl.printer import EVENT, ROW, STORED
from hepsel.backends.func_adl.xaod_printer import Value, XaodPrinter
from hepsel.plan import nodes
from hepsel.plan.nodes import ColumnRead
from hepsel.plan.remote.conditions import Condition
from hepsel.plan.remote.logic import both, either
from hepsel.plan.remote.xaod import Xaod


@dataclass(frozen=True, slots=True)
class XaodQuery:
    """A query in the xAOD dialect: first calls, values of the events, conditions on them with comments, outputs."""

    start: tuple[str, ...]
    values: tuple[Value, ...]
    conditions: tuple[tuple[Answer, tuple[str, ...]], ...]
    outputs: tuple[Output, ...]

    def lines(self) -> list[str]:
        """Print the query as a chain of calls, one to a line."""
        lines = list(self.start)
        if self.values:
            lines += [".Select(", f"    lambda {EVENT}: {{", f"        {literal(STORED)}: {EVENT},"]
            for value in self.values:
                lines += [f"        {comment(f'{texts.id}: {texts.label}')}" for texts in value.criteria]
                lines += indented(f"{literal(value.name)}: {value.text},", 2)
            lines += ["    }", ")"]
        conditions = [(str(text), comments) for text, comments in self.conditions]
        lines += wheres(conditions, ROW)
        lines += [".Select(", f"    lambda {ROW if self.values else EVENT}: {{"]
        for output in self.outputs:
            lines += [f"        {output.comment}"] if output.comment else []
            lines.append(f"        {literal(output.name)}: {output.value},")
        return [*lines, "    }", ")"]


class XaodQueries:
    """Asks for what one query returns, and then makes the query."""

    def __init__(self, dialect: Xaod, printer: XaodPrinter) -> None:
        self.dialect = dialect
        self.printer = printer

    def condition(self, condition: Condition) -> Answer:
        """Print a condition on events."""
        return self.printer.text(self.dialect.condition(condition))

    def any_of(self, alternatives: Iterable[Sequence[Condition]]) -> Answer:
        """Print that all of one of several sets of conditions hold."""
        wanted = (both(*map(self.dialect.condition, conditions)) for conditions in alternatives)
        return self.printer.text(either(*wanted))

    def number(self, row: nodes.ItemRow) -> Answer:
        """Print the number of items of a row of an item-level cutflow."""
        return self.printer.text(self.dialect.number(row))

    def output(self, read: ColumnRead) -> Answer:
        """Print a column as it is stored."""
        return self.printer.output(read)

    def query(self, conditions: tuple[tuple[Answer, tuple[str, ...]], ...], outputs: tuple[Output, ...]) -> XaodQuery:
        """Return the query of what has been asked for."""
        return XaodQuery(self.printer.start(), tuple(self.printer.values.values()), conditions, outputs)
