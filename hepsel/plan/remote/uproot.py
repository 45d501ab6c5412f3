"""What func_adl's uproot dialect can express exactly: to the last bit, and with the same treatment of missing values.

The server has the arrays as they are stored, often 32 bits wide. What is written here is widened first and then takes
only operations that IEEE 754 defines exactly, so that the version and the processor of the server cannot matter:
nothing with a sine, a power or a sum of reals in it is expressible.
"""

from __future__ import annotations

import math
from collections.abc import Container

from hepsel.plan import nodes
from hepsel.plan.nodes import ColumnRead, Const, Definition, Operand, Plan, Ref

EXACT: frozenset[str] = frozenset(
    ("+", "-", "*", "/", "neg", "abs", "<", "<=", ">", ">=", "==", "!=", "and", "or", "not", "exists", "real", "^")
)
"""Functions of which the dialect has an exact form; `^` for squares."""

COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")

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


class Uproot:
    """Says of the definitions of one plan why they cannot be expressed.

    Parameters
    ----------
    plan
        The plan, before combinations are restricted to some events.
    absent
        Stored columns that the files do not have.
    """

    def __init__(self, plan: Plan, absent: Container[str] = ()) -> None:
        self.plan = plan
        self.absent = absent
        self.by_name = plan.by_name()
        self._reasons: dict[str, str | None] = {}
        # Unsigned 64-bit numbers would become reals on the way.
        self._identifiers = {
            definition.op.column
            for definition in (self.by_name[identifier.value.name] for identifier in plan.identifiers)
            if isinstance(definition.op, nodes.Read)
        }

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
        stored = [number for numbers in read.spec.values.values() for number in numbers]
        known = read.spec.kind == "enum" and read.spec.mask is None and len(set(stored)) == len(stored)
        return read if known and read.name not in self.absent else None

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
            return self._stored(self.plan.reads[op.column])
        if isinstance(op, nodes.Where):
            return self.reason(op.source.name) or self._condition(op.mask)
        if isinstance(op, nodes.Sorted):  # nothing that is expressible depends on an order
            return self.reason(op.source.name)
        return WORDS.get(type(op), type(op).__name__)

    def _stored(self, read: ColumnRead) -> str | None:
        if read.spec.is_list or read.depth != 1:
            return "lists of lists"
        if read.name in self.absent:
            return "a branch that the files do not have"
        return None

    def _condition(self, operand: Operand) -> str | None:
        """Return why a condition on items cannot be expressed; one that is the same for all would act on events."""
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
                return self._read(self.plan.reads[column], definition)
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

    def _read(self, read: ColumnRead, definition: Definition) -> str | None:
        if read.name in self.absent:
            return "a branch that the files do not have"
        if read.name in self._identifiers:
            return "the number of an event or run"
        if read.spec.is_list:
            return "lists of lists"
        if read.role != "value":
            return "a link"
        if read.spec.mask is not None:
            return "bits of a number"
        if definition.kind == "enum":
            return "an enumeration"
        return None

    def _map(self, op: nodes.Map) -> str | None:
        function, arguments = op.function, op.arguments
        if function in ("==", "!=") and self._is_member_test(arguments):
            return None
        if function == "exists" and not self._is_real(arguments[0]):
            return self._enumeration(arguments[0])
        if function not in EXACT:
            return f"`{function}`"
        if any(map(self.is_stored_integer, arguments)) and not self._is_compared(op):
            # Those of 64 bits without a sign become reals there: comparisons stay as they are, sums may not.
            return "arithmetic with stored whole numbers"
        if function == "^":
            if arguments[1] != Const("real", 2.0) and arguments[1] != Const("int", 2):
                return "a power"
            arguments = arguments[:1]
        return next((reason for reason in map(self._operand, arguments) if reason is not None), None)

    def is_stored_integer(self, operand: Operand) -> bool:
        """Whether a value is a whole number as it is stored."""
        if isinstance(operand, Const):
            return False
        definition = self.by_name[operand.name]
        if isinstance(definition.op, nodes.Take):
            return self.is_stored_integer(definition.op.value)
        return isinstance(definition.op, nodes.Read) and definition.kind == "int"

    def _is_compared(self, op: nodes.Map) -> bool:
        """Whether a value is compared with one that is given, and that a real of 64 bits has exactly."""
        given = [argument for argument in op.arguments if isinstance(argument, Const)]
        return op.function in COMPARISONS and any(abs(constant.value) < 2**53 for constant in given)

    def _enumeration(self, operand: Operand) -> str | None:
        return None if self.enumeration_read(operand) is not None else "whether there is such an item"

    def _is_real(self, operand: Operand) -> bool:
        kind = operand.kind if isinstance(operand, Const) else self.by_name[operand.name].kind
        return kind == "real"

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
