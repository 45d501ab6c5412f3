"""What func_adl's xAOD dialect can express, with the same treatment of missing values as the language.

The server turns a query into C++. What is stored in 32 bits is widened before anything is done with it. What is
computed with IEEE 754's exact operations is the same on every processor; the rest may differ in its last digits, and
where that could decide, an event is in doubt (see `Rounding`). The dialect has traps that give wrong numbers without a
word (`Min` and `Max`, aggregates of `SelectMany`, a collection that is fetched inside a lambda, functions that round):
what is listed here, and in `Objects`, keeps clear of them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from hepsel.errors import HepselError
from hepsel.plan import nodes
from hepsel.plan.nodes import ColumnRead, Const, CutTexts, Definition, Map, Operand, Plan, Ref
from hepsel.plan.remote.conditions import AtLeast, Condition, Doubt, Holds, Some, counted_in, names_of
from hepsel.plan.remote.logic import either
from hepsel.plan.remote.object_values import Objects
from hepsel.plan.remote.objects import Counted, First, Length, Stored
from hepsel.plan.remote.query import Call, Expr, Number, added, within
from hepsel.plan.remote.rounding import Near, Rounding
from hepsel.plan.remote.rows import Inexpressible, why_not


class Xaod:
    """Says of the definitions of one plan why they cannot be expressed, and expresses the others.

    Parameters
    ----------
    plan
        The plan, before combinations are restricted to some events.
    release
        One of `XAOD_DIALECTS`.
    absent
        Stored columns that the files do not have.
    """

    def __init__(self, plan: Plan, release: str, absent: Container[str] = ()) -> None:
        self.plan = plan
        self.release = release
        self.absent = absent
        self.by_name = plan.by_name()
        self.rounding = CompiledRounding(self.by_name, plan.reads)
        self.objects = Objects(plan, self.by_name, absent)
        self._reasons: dict[str, str | None] = {}

    # -------------------------------------------------------------- reasons

    def reason(self, name: str) -> str | None:
        """Return why an axis or column cannot be expressed; `None` when it can."""
        if name not in self._reasons:
            self._reasons[name] = why_not(lambda: self._try(self.by_name[name]))
        return self._reasons[name]

    def _try(self, definition: Definition) -> None:
        if definition.kind == "axis":
            self.objects.count(definition.name)
        else:
            for value in self._values(definition):
                self._check_varies(definition, value)
        self._check_doubts(definition.name)

    def _values(self, definition: Definition) -> Iterator[Expr]:
        """Yield what a column is in a row of each kind that its axis has."""
        if definition.axis is None:
            raise Inexpressible("a constant")
        column = Ref(definition.name)
        asked = column if definition.kind == "bool" else Map("exists", (column,))
        yield from self.objects.asked(asked, definition.axis)

    def _check_varies(self, definition: Definition, value: Expr) -> None:
        """Refuse what is the same in all events, of which the dialect makes no condition on these."""
        varies = any(isinstance(part, Counted | First | Length | Stored) for part in within(value))
        if definition.axis == self.objects.event.axis and not varies:
            raise Inexpressible("a constant")

    def _check_doubts(self, *names: str) -> None:
        for name in names:
            for doubt in self.rounding.doubts(name):
                self.objects.boolean(Ref(doubt), self.objects.event)

    def reason_of_test(self, axis: str, test: Map) -> str | None:
        """Return why it cannot be asked of the items of an axis whether something is true."""

        def ask() -> None:
            self.objects.some(axis, test)
            self._check_doubts(axis, *nodes.refs(test))
            if any(self.rounding.is_inexact(argument) for argument in test.arguments):
                raise Inexpressible("a computed number")

        return why_not(ask)

    def parts(self, axis: str) -> tuple[str, ...] | str:
        """Return the expressible axes whose rows together are those of an axis, in any order; or why there are none."""
        reason = self.reason(axis)
        return (axis,) if reason is None else reason

    # -------------------------------------------------------------- rounding

    def is_rounded(self, name: str) -> bool:
        """Whether rounding could decide what a definition needs, so that events close to a bound are sent."""
        return bool(self.rounding.doubts(name))

    def doubt(self, conditions: Iterable[Condition], rows: Iterable[nodes.ItemRow]) -> Doubt | None:
        """Return what says that a server cannot decide for certain, if that can be."""
        needed = [name for condition in conditions for name in names_of(condition)]
        needed += map(counted_in, rows)
        columns = dict.fromkeys(doubt for name in needed for doubt in self.rounding.doubts(name))
        return Doubt(tuple(columns), ()) if columns else None

    # -------------------------------------------------------------- answers

    def condition(self, asked: Condition) -> Expr:
        """Return whether an event fulfils a condition."""
        match asked:
            case Holds(name=name):
                return self.objects.boolean(Ref(name), self.objects.event)
            case AtLeast(axes=axes, count=count, tests=tests):
                pairs = zip(axes, tests or ((),) * len(axes), strict=True)
                return Call(">=", (added(self.objects.count(axis, names) for axis, names in pairs), Number(count)))
            case Some(axis=axis, test=test):
                return self.objects.some(axis, test)
            case Doubt(columns=columns):
                return either(*(self.objects.boolean(Ref(name), self.objects.event) for name in columns))

    def number(self, row: nodes.ItemRow) -> Expr:
        """Return how many items of an event are in a row of an item-level cutflow."""
        return self.objects.count(row.axis.name, () if not isinstance(row.mask, Ref) else (row.mask.name,))

    # -------------------------------------------------------------- what is stored

    def unreadable(self, read: ColumnRead) -> str | None:
        """Return why a stored column cannot be returned by the server, if it cannot."""
        if read.collection not in self.plan.header.xaod:
            return f"the collection {read.collection}"
        return f"the attribute {read.collection}.{read.spec.name}" if read.spec.xaod is None else None


class CompiledRounding(Rounding):
    """Rounding in C++: a compiler may add to a product in one step, and has whole numbers as they are.

    Parameters
    ----------
    by_name
        The definitions; those that are added go here.
    reads
        The stored columns.
    """

    def __init__(self, by_name: dict[str, Definition], reads: Mapping[str, ColumnRead]) -> None:
        super().__init__(by_name)
        self.reads = reads

    def _rounds(self, op: Map) -> bool:
        if op.function in ("+", "-"):
            return any(map(self._is_product, op.arguments))
        return op.function not in ("*", "/", "^", "neg", "abs", "real", "where", "sqrt")

    def _is_product(self, operand: Operand) -> bool:
        if isinstance(operand, Const):
            return False
        op = self.by_name[operand.name].op
        if isinstance(op, nodes.Merge):
            return any(map(self._is_product, op.values))
        if isinstance(op, nodes.Take | nodes.Spread | nodes.View):
            return self._is_product(op.value)
        if isinstance(op, nodes.Read):
            return self.reads[op.column].factor != 1.0
        if not isinstance(op, Map) or self.by_name[operand.name].kind != "real":
            return False
        is_sign = op.function in ("neg", "abs", "where")
        return op.function in ("*", "^") or (is_sign and any(map(self._is_product, op.arguments)))

    def _near(self, a: Operand, b: Operand) -> Ref:
        near = Near(a, b, self._error(a, b))
        axis = next(self.by_name[name].axis for name in nodes.refs(near))
        return self._define(near, "bool", axis, "in_doubt")

    def _beyond(self, numbers: Iterable[Operand]) -> Iterator[Ref]:  # noqa: ARG002
        yield from ()


def check_readable(plan: Plan, dialect: Xaod) -> None:
    """Complain about a column that a plan reads, but the server cannot return.

    Raises
    ------
    HepselError
        With the criterion that needs the column, and its line.
    """
    for read in plan.reads.values():
        missing = None if read.name in dialect.absent else dialect.unreadable(read)
        if missing is not None:
            raise HepselError(
                f"{_user(plan, read.name)} needs {missing}, and the format {plan.header.format} does not say how the"
                " xAOD dialect of func_adl reads it (`xaod`); the backend awkward can do without"
            )


def _user(plan: Plan, column: str) -> str:
    """Say which criterion, or else which statement of a region, is the first that depends on a stored column."""
    reached: set[str] = set()
    for definition in plan.definitions:
        op = definition.op
        reads = isinstance(op, nodes.Read | nodes.ReadValid | nodes.Stored) and op.column == column
        if reads or definition.axis in reached or not reached.isdisjoint(nodes.refs(op)):
            reached.add(definition.name)
            if definition.texts is not None:
                return _place(definition.texts)
    for region in plan.regions:
        for step in region.steps:
            if not reached.isdisjoint(nodes.refs(step)):
                if isinstance(step, nodes.CutStep | nodes.BinStep | nodes.GridStep):
                    return _place(step.texts)
                return f"`{step.name}` in the region {region.name}"
    return "the program"


def _place(texts: CutTexts) -> str:
    return f"line {texts.line}: {texts.id} ({texts.label})"
