"""What func_adl's xAOD dialect can express exactly: to the last bit, and with the same treatment of missing values.

The server turns a query into C++. What is stored in 32 bits is widened before anything is done with it, and only
operations are written that IEEE 754 defines exactly. The dialect has traps that give wrong numbers without a word
(`Min` and `Max`, aggregates of `SelectMany`, a collection that is fetched inside a lambda, functions that round): what
is listed here keeps clear of them.
"""

from __future__ import annotations

import math
from collections.abc import Container

from hepsel.errors import HepselError
from hepsel.plan import nodes
from hepsel.plan.nodes import ColumnRead, Const, CutTexts, Definition, Operand, Plan, Ref
from hepsel.plan.remote.rounding import COMPARISONS

EXACT: frozenset[str] = frozenset(
    (*COMPARISONS, "+", "-", "*", "/", "neg", "abs", "and", "or", "not", "exists", "real", "^", "where")
)
"""Functions of which the dialect has an exact form; `^` for squares, `where` for reals."""

SIGNED = ("short", "int", "int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "char", "bool")
"""C++ types that keep their value where they are compared with a negative number."""


WORDS: dict[type, str] = {
    nodes.Combine: "candidates",
    nodes.Expand: "pairs of items",
    nodes.Sorted: "sorting",
    nodes.Best: "the best candidate",
    nodes.Concat: "a union of collections",
    nodes.ElementAt: "an item by its place",
    nodes.ArgBest: "the best item",
    nodes.Lookup: "a table",
    nodes.Take: "an item of another list",
    nodes.Merge: "a union of collections",
    nodes.Rows: "which item it is",
    nodes.Position: "the place of an item",
    nodes.IsFirst: "items that stand twice",
    nodes.Inverse: "membership in a list",
    nodes.Each: "lists of lists",
    nodes.Flatten: "lists of lists",
    nodes.Spread: "a value of the event in a condition on items",  # lists of a fixed length broadcast otherwise
}


class Xaod:
    """Says of the definitions of one plan why they cannot be expressed.

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
        self._reasons: dict[str, str | None] = {}

    def reason(self, name: str) -> str | None:
        """Return why an axis or column cannot be expressed; `None` when it can."""
        if name not in self._reasons:
            self._reasons[name] = "a definition of itself"  # never met: plans have no cycles
            self._reasons[name] = self._reason(self.by_name[name])
        return self._reasons[name]

    def parts(self, axis: str) -> tuple[str, ...] | str:
        """Return the expressible axes whose rows together are those of an axis, in any order; or why there are none."""
        op = self.by_name[axis].op
        if isinstance(op, nodes.Sorted):
            return self.parts(op.source.name)
        if isinstance(op, nodes.Concat) and self._is_event(op.context.name):
            reasons = [self.reason(source.name) for source in op.sources]
            return next((r for r in reasons if r is not None), tuple(source.name for source in op.sources))
        reason = self.reason(axis)
        return (axis,) if reason is None else reason

    def is_rounded(self, name: str) -> bool:  # noqa: ARG002  that of any is the same
        """Whether rounding could decide what a definition needs: what it does is exact."""
        return False

    def reason_of_test(self, axis: str, test: nodes.Map) -> str | None:
        """Return why it cannot be asked of the items of an axis whether something is true."""
        return self.reason(axis) or self._map(test)

    def enumeration_read(self, operand: Operand) -> ColumnRead | None:
        """Return the stored column of a plain enumeration value, if it is one."""
        if isinstance(operand, Const):
            return None
        op = self.by_name[operand.name].op
        if isinstance(op, nodes.Take) and self._is_subset(op.index.name):
            return self.enumeration_read(op.value)
        if not isinstance(op, nodes.Read):
            return None
        read = self.plan.reads[op.column]
        return read if read.spec.kind == "enum" and self._stored_value(read) is None else None

    def unreadable(self, read: ColumnRead) -> str | None:
        """Return why a stored column cannot be returned by the server, if it cannot."""
        if read.collection not in self.plan.header.xaod:
            return f"the collection {read.collection}"
        return f"the attribute {read.collection}.{read.spec.name}" if read.spec.xaod is None else None

    # -------------------------------------------------------------- reasons

    def _reason(self, definition: Definition) -> str | None:
        if definition.kind == "axis":
            return self._axis(definition)
        if definition.axis is None:
            return "a constant"
        if self._is_event(definition.axis):
            return self._column(definition)
        return self.reason(definition.axis) or self._column(definition)

    def _is_event(self, axis: str) -> bool:
        return isinstance(self.by_name[axis].op, nodes.Events)

    def _axis(self, definition: Definition) -> str | None:
        op = definition.op
        assert definition.axis is not None
        if not self._is_event(definition.axis):
            return WORDS.get(type(op), "lists of lists")
        if isinstance(op, nodes.Stored):
            read = self.plan.reads[op.column]
            if read.depth - read.spec.is_list != 1:  # how many items there are may be read off a list of theirs
                return "lists of lists"
            return None if read.collection in self.plan.header.xaod else "a collection without `xaod` in the format"
        if isinstance(op, nodes.Where):
            return self.reason(op.source.name) or self._condition(op.mask)
        if isinstance(op, nodes.Sorted):  # nothing that is expressible depends on an order
            return self.reason(op.source.name)
        return WORDS.get(type(op), type(op).__name__)

    def _condition(self, operand: Operand) -> str | None:
        return "a constant" if isinstance(operand, Const) else self.reason(operand.name)

    def _operand(self, operand: Operand) -> str | None:
        if isinstance(operand, Ref):
            return self.reason(operand.name)
        if operand.kind == "enum":
            return "an enumeration"
        return None if math.isfinite(operand.value) else "a value that does not exist"

    def _column(self, definition: Definition) -> str | None:
        match definition.op:
            case nodes.Read(column=column) | nodes.ReadValid(column=column):
                if definition.kind == "enum":
                    return "an enumeration"
                return self._stored_value(self.plan.reads[column])
            case nodes.Map():
                return self._map(definition.op)
            case nodes.Take(value=value, index=index):
                return self._operand(value) if self._is_subset(index.name) else WORDS[nodes.Take]
            case nodes.Reduce():
                return self._reduce(definition.op)
        return WORDS.get(type(definition.op), type(definition.op).__name__)

    def _is_subset(self, index: str) -> bool:
        """Whether a column of items leads from the rows of an axis to the same items in the axis that it is part of."""
        op = self.by_name[index].op
        if isinstance(op, nodes.Index):
            return isinstance(self.by_name[op.axis.name].op, nodes.Where | nodes.Sorted)
        if isinstance(op, nodes.Take) and isinstance(op.value, Ref):
            return self._is_subset(op.value.name) and self._is_subset(op.index.name)
        return False

    def _stored_value(self, read: ColumnRead) -> str | None:
        """Return why a stored value cannot be a part of a condition."""
        if read.name in self.absent:
            return "a branch that the files do not have"
        if self.unreadable(read) is not None:
            return "an attribute without `xaod` in the format"
        if read.spec.is_list:
            return "lists of lists"
        if read.role != "value":
            return "a link"
        return "bits of a number" if read.spec.mask is not None else None

    # -------------------------------------------------------------- functions

    def _map(self, op: nodes.Map) -> str | None:
        function, arguments = op.function, op.arguments
        if function in ("==", "!=") and self._is_member_test(arguments):
            return None
        if function == "exists" and self._kind(arguments[0]) != "real":
            if self._kind(arguments[0]) == "item":
                return "a link to another item"
            return None if self.enumeration_read(arguments[0]) is not None else "whether there is such a value"
        if function not in EXACT:
            return f"`{function}`"
        reason = self._integers(op) or self._rounding(op)
        if reason is not None:
            return reason
        if function == "^":
            if arguments[1] != Const("real", 2.0) and arguments[1] != Const("int", 2):
                return "a power"
            arguments = arguments[:1]
        return next((reason for reason in map(self._operand, arguments) if reason is not None), None)

    def _integers(self, op: nodes.Map) -> str | None:
        """Return why whole numbers as they are stored, which may have no sign, cannot be used so."""
        stored = [read for argument in op.arguments if (read := self._integer(argument)) is not None]
        if not stored:
            return None
        given = [argument.value for argument in op.arguments if isinstance(argument, Const)]
        if op.function not in COMPARISONS or not given or abs(given[0]) >= 2**53:
            return "arithmetic with stored whole numbers"
        if given[0] < 0 and any(read.spec.xaod not in SIGNED for read in stored):
            return "a negative bound of a number that may have no sign"
        return None

    def _integer(self, operand: Operand) -> ColumnRead | None:
        """Return the stored column of a whole number, if it is one."""
        if isinstance(operand, Const):
            return None
        definition = self.by_name[operand.name]
        if isinstance(definition.op, nodes.Take):
            return self._integer(definition.op.value)
        is_stored = isinstance(definition.op, nodes.Read) and definition.kind == "int"
        return self.plan.reads[definition.op.column] if is_stored else None  # type: ignore[attr-defined]

    def _rounding(self, op: nodes.Map) -> str | None:
        """Return why a compiler may round an operation otherwise: some processors add to a product in one step."""
        if op.function in ("+", "-") and any(map(self._is_product, op.arguments)):
            return "a sum of products"
        if op.function == "where" and any(self._kind(argument) != "real" for argument in op.arguments[1:]):
            return "`if` of what is no real number"
        return None

    def _is_product(self, operand: Operand) -> bool:
        if isinstance(operand, Const):
            return False
        op = self.by_name[operand.name].op
        if isinstance(op, nodes.Take):
            return self._is_product(op.value)
        if isinstance(op, nodes.Read):
            return self.plan.reads[op.column].factor != 1.0
        if not isinstance(op, nodes.Map) or self._kind(operand) != "real":
            return False
        is_sign = op.function in ("neg", "abs", "where")
        return op.function in ("*", "^") or (is_sign and any(map(self._is_product, op.arguments)))

    def _kind(self, operand: Operand) -> nodes.Kind:
        return operand.kind if isinstance(operand, Const) else self.by_name[operand.name].kind

    def _is_member_test(self, arguments: tuple[Operand, ...]) -> bool:
        """Whether a stored enumeration value is compared with one that is given."""
        reads = [self.enumeration_read(argument) for argument in arguments]
        given = [isinstance(argument, Const) and argument.kind == "enum" for argument in arguments]
        return (reads[0] is not None and given[1]) or (reads[1] is not None and given[0])

    def _reduce(self, op: nodes.Reduce) -> str | None:
        if op.kind == "count" and op.value is None:
            parts = self.parts(op.axis.name)
            return parts if isinstance(parts, str) else None
        reason = self.reason(op.axis.name)
        if reason is not None:
            return reason
        if op.kind not in ("count", "any", "all"):
            return f"`{op.kind}`"
        assert op.value is not None
        return self._condition(op.value)


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
