"""The queries of a script: what the server selects and returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from hepsel.backends.awkward.names import comment, literal, new_names
from hepsel.backends.func_adl.printer import EVENT, ROW, STORED, Printer, Value
from hepsel.backends.func_adl.xaod_printer import XaodPrinter
from hepsel.plan.nodes import ColumnRead, Plan
from hepsel.plan.remote.conditions import Condition, Holds
from hepsel.plan.remote.split import Split
from hepsel.plan.remote.uproot import Uproot
from hepsel.plan.remote.xaod import Xaod

AnyPrinter = Printer | XaodPrinter

KEPT = "is_sent"
"""Output of the counts: whether the server sends the event."""


@dataclass(frozen=True, slots=True)
class Output:
    """A column that a query returns: its name and expression, and what is to be known about it."""

    name: str
    text: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A query: its first calls, values of the events, conditions on them with comments, and outputs."""

    start: tuple[str, ...]
    values: tuple[Value, ...]
    conditions: tuple[tuple[str, tuple[str, ...]], ...]
    outputs: tuple[Output, ...]

    def lines(self) -> list[str]:
        """Print the query as a chain of calls, one to a line."""
        lines = list(self.start)
        if self.values:
            lines += [".Select(", f"    lambda {EVENT}: {{", f"        {literal(STORED)}: {EVENT},"]
            for value in self.values:
                lines += [f"        {comment(f'{texts.id}: {texts.label}')}" for texts in value.criteria]
                lines += _indented(f"{literal(value.name)}: {value.text},", 2)
            lines += ["    }", ")"]
        for text, comments in self.conditions:
            lines += [".Where(", *(f"    {line}" for line in comments), f"    lambda {ROW}: {text}", ")"]
        lines += [".Select(", f"    lambda {ROW if self.values else EVENT}: {{"]
        for output in self.outputs:
            lines += [f"        {output.comment}"] if output.comment else []
            lines.append(f"        {literal(output.name)}: {output.text},")
        return [*lines, "    }", ")"]


def _indented(text: str, level: int) -> list[str]:
    """Return the lines of an expression; no linter knows the functions of func_adl."""
    return [
        f"{'    ' * level}{line}" + ("  # noqa: F821" if line.endswith("Zip({") else "") for line in text.split("\n")
    ]


def _all(conditions: tuple[Condition, ...], printer: AnyPrinter) -> str:
    texts = [printer.condition(condition) for condition in conditions]
    return texts[0] if len(texts) == 1 else f"({' and '.join(texts)})"


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
    types
        Names of the C++ types in the queries.
    """

    def __init__(self, split: Split) -> None:
        self.types: dict[str, str] = {}
        self._split = split
        # Columns by their branch; where the server has objects, and no branches, by their own name.
        self.branches = {
            name: branch if isinstance(split.dialect, Uproot) else name
            for name, branch in split.naming.branches.items()
            if branch is not None
        }
        self.items = dict(
            zip(
                split.items,
                new_names((f"n_{block}_{n}" for block, n in split.items), (KEPT, *split.flags)).values(),
                strict=True,
            )
        )
        used = {*split.local.reads, *(() if split.counts is None else split.counts.reads)} - {*split.flags}
        of_branch = {self.branches[name]: "" for name in self.branches if name in used}
        self.names = new_names(of_branch, (KEPT, *split.flags, *self.items.values()))
        printer = self._printer()
        conditions = tuple(self._wheres(split, printer))
        outputs = tuple(self._stored(split.local.reads.values(), printer))
        self.events = Query(printer.start(), tuple(printer.values.values()), conditions, outputs)
        self.selection = self._reading(split.local)
        self.counts: Query | None = None
        self.counting: Plan | None = None
        if split.counts is not None:
            printer = self._printer()
            outputs = tuple(self._counted(split, split.counts, printer))
            self.counts = Query(printer.start(), tuple(printer.values.values()), (), outputs)
            self.counting = self._reading(split.counts, split.flags)

    def _printer(self) -> AnyPrinter:
        """Return what prints a query in the dialect."""
        dialect, naming = self._split.dialect, self._split.naming
        branches = {name: branch for name, branch in naming.branches.items() if branch is not None}
        if isinstance(dialect, Xaod):
            return XaodPrinter(dialect, branches, self.types)
        assert isinstance(dialect, Uproot)
        return Printer(dialect, branches, naming.tree)

    def _wheres(self, split: Split, printer: AnyPrinter) -> Iterable[tuple[str, tuple[str, ...]]]:
        """Yield the conditions of the query: those of all regions one by one, then the others."""
        if not split.wanted:
            return
        common = [c for c in split.wanted[0] if all(c in conditions for conditions in split.wanted)]
        for condition in common:
            yield printer.condition(condition), self._comments(split, condition)
        rest = [tuple(c for c in conditions if c not in common) for conditions in split.wanted]
        if all(rest):
            yield (
                " or ".join(_all(conditions, printer) for conditions in rest),
                ("# what the regions need, one or the other",),
            )

    def _comments(self, split: Split, condition: Condition) -> tuple[str, ...]:
        if isinstance(condition, Holds) and condition.name in split.flags:
            texts = split.flags[condition.name]
            return (comment(f"{texts.id}: {texts.label}"),)
        return ("# without these there are no candidates",)

    def _stored(self, reads: Iterable[ColumnRead], printer: AnyPrinter) -> Iterable[Output]:
        done = set()
        for read in reads:
            branch = self.branches.get(read.name)
            if branch is None or branch in done:
                continue
            done.add(branch)
            notes = [read.spec.unit] if read.spec.unit and read.spec.kind == "real" else []
            others = [name for name in read.branches if name != printer.branches[read.name]]
            if len(read.branches) > 1:
                notes.append(f"elsewhere {', '.join(others)}")
            yield Output(self.names[branch], printer.output(read), comment("; ".join(notes)) if notes else "")

    def _counted(self, split: Split, counts: Plan, printer: AnyPrinter) -> Iterable[Output]:
        for name, texts in split.flags.items():
            yield Output(name, printer.condition(Holds(name)), comment(f"{texts.id}: {texts.label}"))
        either = [_all(conditions, printer) for conditions in split.wanted]
        for place, row in split.items.items():
            note = comment(f"{row.texts.id}: {row.texts.label}")
            yield Output(self.items[place], printer.number(row), note)
        yield Output(KEPT, either[0] if len(either) == 1 else f"({' or '.join(either)})", "# whether the event is sent")
        stored = [read for name, read in counts.reads.items() if name not in split.flags]
        yield from self._stored(stored, printer)

    def _reading(self, plan: Plan, flags: Mapping[str, object] | None = None) -> Plan:
        """Return a plan that reads what a query returns: what it asks for is there."""
        reads = {
            name: read
            if name in (flags or {}) or name not in self.branches
            else replace(read, branches=(self.names[self.branches[name]],), spec=replace(read.spec, default=None))
            for name, read in plan.reads.items()
        }
        return replace(plan, reads=reads)
