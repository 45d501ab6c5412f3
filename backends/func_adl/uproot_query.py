"""Queries in func_adl's uproot dialect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from hepsel.backends.awkward.names import comment, literal
from hepsel.backends.func_adl.answers import Answer, Output, indented, wheres
from hepsel.backends.func_adl.printer import EVENT, ROW, STORED, Printer
from hepsel.plan import nodes
from hepsel.plan.nodes import ColumnRead
from hepsel.plan.remote import answers
from hepsel.plan.remote.conditions import Condition
from hepsel.plan.remote.logic import both, either
from hepsel.plan.remote.pruning import pruned
from hepsel.plan.remote.query import Branch, Expr, Step, within
from hepsel.plan.remote.steps import Steps
from hepsel.plan.remote.uproot import Uproot


@dataclass(frozen=True, slots=True)
class UprootQuery:
    """A query in the uproot dialect: steps, conditions on events with comments, and outputs."""

    tree: str
    branches: Mapping[str, str]
    steps: tuple[Step, ...]
    conditions: tuple[tuple[Answer, tuple[str, ...]], ...]
    outputs: tuple[Output, ...]

    def lines(self) -> list[str]:
        """Print the query as a chain of calls."""
        printer = Printer(self.branches, self.steps)
        lines = ["query.FuncADL_Uproot()", f".FromTree({literal(self.tree)})"]
        for number, step in enumerate(self.steps):
            event = EVENT if number == 0 else ROW
            lines += [".Select(", f"    lambda {event}: {{"]
            if number == 0:
                # Some branch: a record of one field would be another thing.
                used = (part for value in step for part in within(value.value) if isinstance(part, Branch))
                some = [self.branches[branch.column] for branch in islice(used, 1)]
                branches = [branch for output in self.outputs if isinstance(branch := output.value, str)] or some
                lines += [f"        {literal(STORED)}: {{"]
                lines += [f"            {literal(branch)}: {EVENT}[{literal(branch)}]," for branch in branches]
                lines += ["        },"]
            else:
                lines += [f"        {literal(STORED)}: {ROW}[{literal(STORED)}],"]
            for value in step:
                lines += [f"        {comment(f'{texts.id}: {texts.label}')}" for texts in value.criteria]
                name = printer.names.get(value.name, value.name)
                lines += indented(f"{literal(name)}: {printer.text(value.value)},", 2)
            lines += ["    }", ")"]
        conditions = [(printer.text(_expr(condition)), comments) for condition, comments in self.conditions]
        lines += wheres(conditions, ROW)
        event = ROW if self.steps else EVENT
        lines += [".Select(", f"    lambda {event}: {{"]
        for output in self.outputs:
            lines += [f"        {output.comment}"] if output.comment else []
            result = output.value
            stored = f"{ROW}[{literal(STORED)}]" if self.steps else EVENT
            text = f"{stored}[{literal(result)}]" if isinstance(result, str) else printer.text(_expr(result))
            lines += indented(f"{literal(output.name)}: {text},", 2)
        return [*lines, "    }", ")"]


class UprootQueries:
    """Asks for what one query returns, and then makes the query.

    Parameters
    ----------
    dialect
        The plan, and what of it can be expressed.
    branches
        The branch of each stored column.
    tree
        The tree that has them.
    """

    def __init__(self, dialect: Uproot, branches: Mapping[str, str], tree: str) -> None:
        self.dialect = dialect
        self.branches = branches
        self.tree = tree
        self._builder = dialect.builder()

    def condition(self, condition: Condition) -> Answer:
        """Return whether an event fulfils a condition."""
        return answers.condition(condition, self._builder, self.dialect.events)

    def any_of(self, alternatives: Iterable[Sequence[Condition]]) -> Answer:
        """Return whether an event fulfils all of one of several sets of conditions."""
        return either(*(both(*(_expr(self.condition(one)) for one in conditions)) for conditions in alternatives))

    def number(self, row: nodes.ItemRow) -> Answer:
        """Return how many items of an event are in a row of an item-level cutflow."""
        return answers.number(row, self.dialect, self._builder)

    def output(self, read: ColumnRead) -> Answer:
        """Return a column as it is stored."""
        return self.branches[read.name]

    def query(self, conditions: tuple[tuple[Answer, tuple[str, ...]], ...], outputs: tuple[Output, ...]) -> UprootQuery:
        """Return the query of what has been asked for."""
        results = [_expr(condition) for condition, _ in conditions]
        results += [output.value for output in outputs if isinstance(output.value, Expr)]
        steps = pruned(Steps(self._builder.lists, results).steps(), results)
        return UprootQuery(self.tree, self.branches, steps, conditions, outputs)


def _expr(answer: Answer) -> Expr:
    assert isinstance(answer, Expr)
    return answer
