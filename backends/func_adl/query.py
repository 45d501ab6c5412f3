"""The queries of a script: what the server selects and returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hepsel.backends.awkward.names import comment, new_names
from hepsel.backends.func_adl.answers import Answer, Output
from hepsel.backends.func_adl.cpp import Function
from hepsel.backends.func_adl.uproot_query import UprootQueries, UprootQuery
from hepsel.backends.func_adl.xaod_printer import XaodPrinter
from hepsel.backends.func_adl.xaod_query import XaodQueries, XaodQuery
from hepsel.plan.nodes import ColumnRead, Plan
from hepsel.plan.remote.conditions import AtLeast, Condition, Doubt, Holds
from hepsel.plan.remote.split import Split
from hepsel.plan.remote.uproot import Uproot
from hepsel.plan.remote.xaod import Xaod

AnyQueries = UprootQueries | XaodQueries


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
    functions
        Functions of C++ in the queries, by name.
    """

    def __init__(self, split: Split) -> None:
        self.types: dict[str, str] = {}
        self.functions: dict[str, Function] = {}
        self.sent = split.sent
        self._split = split
        self._stored_names = {name: branch for name, branch in split.naming.branches.items() if branch is not None}
        # Columns by their branch; where the server has objects, and no branches, by their own name.
        self.branches = {
            name: branch if isinstance(split.dialect, Uproot) else name for name, branch in self._stored_names.items()
        }
        names = new_names((f"n_{block}_{n}" for block, n in split.items), (self.sent, *split.flags)).values()
        self.items = dict(zip(split.items, names, strict=True))
        used = {*split.local.reads, *(() if split.counts is None else split.counts.reads)} - {*split.flags, self.sent}
        of_branch = {self.branches[name]: "" for name in self.branches if name in used}
        self.names = new_names(of_branch, (self.sent, *split.flags, *self.items.values()))
        asking = self._asking()
        conditions = tuple(self._wheres(split, asking))
        outputs = tuple(self._stored(split.local.reads.values(), asking))
        self.events: UprootQuery | XaodQuery = asking.query(conditions, outputs)
        self.selection = self._reading(split.local, {})
        self.counts: UprootQuery | XaodQuery | None = None
        self.counting: Plan | None = None
        if split.counts is not None:
            asking = self._asking()
            outputs = tuple(self._counted(split, split.counts, asking))
            self.counts = asking.query((), outputs)
            self.counting = self._reading(split.counts, {**split.flags, self.sent: None})

    def _asking(self) -> AnyQueries:
        """Return what makes a query in the dialect."""
        dialect = self._split.dialect
        if isinstance(dialect, Xaod):
            return XaodQueries(dialect, XaodPrinter(dialect.plan, self._stored_names, self.types, self.functions))
        assert isinstance(dialect, Uproot)
        return UprootQueries(dialect, self._stored_names, self._split.naming.tree)

    def _wheres(self, split: Split, asking: AnyQueries) -> Iterable[tuple[Answer, tuple[str, ...]]]:
        """Yield the conditions of the query: those of all regions one by one, then the others."""
        if not split.wanted:
            return
        common = [c for c in split.wanted[0] if all(c in conditions for conditions in split.wanted)]
        for condition in common:
            yield asking.condition(condition), self._comments(split, condition)
        rest = [tuple(c for c in conditions if c not in common) for conditions in split.wanted]
        if all(rest):
            doubtful = any(isinstance(c, Doubt) for conditions in rest for c in conditions)
            notes = ["# what the regions need, one or the other"]
            if doubtful:
                notes.append("# or what is closer to a bound than rounding could be")
            yield asking.any_of(rest), tuple(notes)

    def _comments(self, split: Split, condition: Condition) -> tuple[str, ...]:
        if isinstance(condition, Holds) and condition.name in split.flags:
            texts = split.flags[condition.name]
            return (comment(f"{texts.id}: {texts.label}"),)
        text = "# without these there are no candidates" if isinstance(condition, AtLeast) else "# what has to be true"
        return (text,)

    def _stored(self, reads: Iterable[ColumnRead], asking: AnyQueries) -> Iterable[Output]:
        done = set()
        for read in reads:
            branch = self.branches.get(read.name)
            if branch is None or branch in done:
                continue
            done.add(branch)
            notes = [read.spec.unit] if read.spec.unit and read.spec.kind == "real" else []
            others = [name for name in read.branches if name != self._stored_names[read.name]]
            if len(read.branches) > 1:
                notes.append(f"elsewhere {', '.join(others)}")
            yield Output(self.names[branch], asking.output(read), comment("; ".join(notes)) if notes else "")

    def _counted(self, split: Split, counts: Plan, asking: AnyQueries) -> Iterable[Output]:
        for name, texts in split.flags.items():
            yield Output(name, asking.condition(Holds(name)), comment(f"{texts.id}: {texts.label}"))
        for place, row in split.items.items():
            note = comment(f"{row.texts.id}: {row.texts.label}")
            yield Output(self.items[place], asking.number(row), note)
        yield Output(self.sent, asking.any_of(split.wanted), "# whether the event is sent")
        stored = [read for name, read in counts.reads.items() if name not in split.flags and name != self.sent]
        yield from self._stored(stored, asking)

    def _reading(self, plan: Plan, flags: Mapping[str, object]) -> Plan:
        """Return a plan that reads what a query returns: what it asks for is there."""
        reads = {
            name: read
            if name in flags or name not in self.branches
            else replace(read, branches=(self.names[self.branches[name]],), spec=replace(read.spec, default=None))
            for name, read in plan.reads.items()
        }
        return replace(plan, reads=reads)
