"""The queries of a script: what the server selects and returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from hepsel.backends.awkward.names import comment, literal, new_names
from hepsel.backends.func_adl.printer import EVENT, INDENT, ROW, STORED, Printer
from hepsel.plan.nodes import ColumnRead, Plan
from hepsel.plan.remote import answers
from hepsel.plan.remote.builder import Builder
from hepsel.plan.remote.conditions import AtLeast, Condition, Doubt, Holds
from hepsel.plan.remote.logic import both, either
from hepsel.plan.remote.pruning import pruned
from hepsel.plan.remote.query import Branch, Expr, Step, within
from hepsel.plan.remote.split import Split
from hepsel.plan.remote.steps import Steps


@dataclass(frozen=True, slots=True)
class Output:
    """A column that a query returns: its name, what it is (or the branch that it is), and what is to be known of it."""

    name: str
    value: Expr | str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A query: steps, conditions on events with comments, and outputs."""

    tree: str
    branches: Mapping[str, str]
    steps: tuple[Step, ...]
    conditions: tuple[tuple[Expr, tuple[str, ...]], ...]
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
                branches = [output.value for output in self.outputs if isinstance(output.value, str)] or some
                lines += [f"        {literal(STORED)}: {{"]
                lines += [f"            {literal(branch)}: {EVENT}[{literal(branch)}]," for branch in branches]
                lines += ["        },"]
            else:
                lines += [f"        {literal(STORED)}: {ROW}[{literal(STORED)}],"]
            for value in step:
                lines += [f"        {comment(f'{texts.id}: {texts.label}')}" for texts in value.criteria]
                name = printer.names.get(value.name, value.name)
                lines += _indented(f"{literal(name)}: {printer.text(value.value)},", 2)
            lines += ["    }", ")"]
        for condition, comments in self.conditions:
            lines += [".Where(", *(f"    {line}" for line in comments)]
            lines += [*_indented(f"lambda {ROW}: {printer.text(condition)}", 1), ")"]
        event = ROW if self.steps else EVENT
        lines += [".Select(", f"    lambda {event}: {{"]
        for output in self.outputs:
            lines += [f"        {output.comment}"] if output.comment else []
            result = output.value
            stored = f"{ROW}[{literal(STORED)}]" if self.steps else EVENT
            text = f"{stored}[{literal(result)}]" if isinstance(result, str) else printer.text(result)
            lines += _indented(f"{literal(output.name)}: {text},", 2)
        return [*lines, "    }", ")"]


def _indented(text: str, level: int) -> list[str]:
    """Return the lines of an expression; no linter knows the functions of func_adl."""
    return [
        f"{INDENT * level}{line}" + ("  # noqa: F821" if line.endswith("Zip({") else "") for line in text.split("\n")
    ]


class Queries:
    """The queries of a split plan, and the plans over what they return.

    Attributes
    ----------
    events
        Query of the events that can be selected, with the columns of the local selection.
    selection
        The local plan, reading what the query returns.
    counts, counting
        The same for the rows of the cutflow that need all events, where there are such.
    items
        Output that counts the items of a row, by block and place of the row.
    """

    def __init__(self, split: Split) -> None:
        self.tree = split.naming.tree
        self.branches = {name: branch for name, branch in split.naming.branches.items() if branch is not None}
        self.dialect = split.dialect
        self.sent = split.sent
        names = new_names((f"n_{block}_{n}" for block, n in split.items), (self.sent, *split.flags)).values()
        self.items = dict(zip(split.items, names, strict=True))
        used = {*split.local.reads, *(() if split.counts is None else split.counts.reads)} - {*split.flags, self.sent}
        of_branch = {self.branches[name]: "" for name in self.branches if name in used}
        self.names = new_names(of_branch, (self.sent, *split.flags, *self.items.values()))
        builder = self.dialect.builder()
        conditions = tuple(self._wheres(split, builder))
        outputs = tuple(self._stored(split.local.reads.values()))
        self.events = self._query(builder, conditions, outputs)
        self.selection = self._reading(split.local, {})
        self.counts: Query | None = None
        self.counting: Plan | None = None
        if split.counts is not None:
            builder = self.dialect.builder()
            outputs = tuple(self._counted(split, split.counts, builder))
            self.counts = self._query(builder, (), outputs)
            self.counting = self._reading(split.counts, {**split.flags, self.sent: None})

    def _query(
        self, builder: Builder, conditions: tuple[tuple[Expr, tuple[str, ...]], ...], outputs: tuple[Output, ...]
    ) -> Query:
        results = [condition for condition, _ in conditions]
        results += [output.value for output in outputs if isinstance(output.value, Expr)]
        steps = pruned(Steps(builder.lists, results).steps(), results)
        return Query(self.tree, self.branches, steps, conditions, outputs)

    def _condition(self, condition: Condition, builder: Builder) -> Expr:
        return answers.condition(condition, builder, self.dialect.events)

    def _wheres(self, split: Split, builder: Builder) -> Iterable[tuple[Expr, tuple[str, ...]]]:
        """Yield the conditions of the query: those of all regions one by one, then the others."""
        if not split.wanted:
            return
        common = [c for c in split.wanted[0] if all(c in conditions for conditions in split.wanted)]
        for condition in common:
            yield self._condition(condition, builder), self._comments(split, condition)
        rest = [tuple(c for c in conditions if c not in common) for conditions in split.wanted]
        if all(rest):
            either_one = either(*(both(*(self._condition(c, builder) for c in conditions)) for conditions in rest))
            doubtful = any(isinstance(c, Doubt) for conditions in rest for c in conditions)
            notes = ("# what the regions need, one or the other",)
            yield either_one, (*notes, "# or what is closer to a bound than rounding could be") if doubtful else notes

    def _comments(self, split: Split, condition: Condition) -> tuple[str, ...]:
        if isinstance(condition, Holds) and condition.name in split.flags:
            texts = split.flags[condition.name]
            return (comment(f"{texts.id}: {texts.label}"),)
        return (
            ("# without these there are no candidates",)
            if isinstance(condition, AtLeast)
            else ("# what has to be true",)
        )

    def _stored(self, reads: Iterable[ColumnRead]) -> Iterable[Output]:
        done = set()
        for read in reads:
            branch = self.branches.get(read.name)
            if branch is None or branch in done:
                continue
            done.add(branch)
            notes = [read.spec.unit] if read.spec.unit and read.spec.kind == "real" else []
            others = [name for name in read.branches if name != branch]
            if len(read.branches) > 1:
                notes.append(f"elsewhere {', '.join(others)}")
            yield Output(self.names[branch], branch, comment("; ".join(notes)) if notes else "")

    def _counted(self, split: Split, counts: Plan, builder: Builder) -> Iterable[Output]:
        for name, texts in split.flags.items():
            yield Output(name, self._condition(Holds(name), builder), comment(f"{texts.id}: {texts.label}"))
        for place, row in split.items.items():
            note = comment(f"{row.texts.id}: {row.texts.label}")
            yield Output(self.items[place], answers.number(row, self.dialect, builder), note)
        either_one = either(*(both(*(self._condition(c, builder) for c in conditions)) for conditions in split.wanted))
        yield Output(self.sent, either_one, "# whether the event is sent")
        stored = [read for name, read in counts.reads.items() if name not in split.flags and name != self.sent]
        yield from self._stored(stored)

    def _reading(self, plan: Plan, flags: Mapping[str, object]) -> Plan:
        """Return a plan that reads what a query returns: what it asks for is there."""
        reads = {
            name: read
            if name in flags or name not in self.branches
            else replace(read, branches=(self.names[self.branches[name]],), spec=replace(read.spec, default=None))
            for name, read in plan.reads.items()
        }
        return replace(plan, reads=reads)
