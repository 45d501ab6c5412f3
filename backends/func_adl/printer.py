"""Prints conditions of a plan as expressions of func_adl's uproot dialect.

Only what `hepsel.plan.remote.Uproot` lets pass is printed here. What is stored is widened to 64 bits and brought to
base units where it is used: `x * ((x == x) * 1000.0)` is the float64 `x` times 1000 on every version of numpy, and
stays NaN where `x` is.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hepsel.backends.awkward.names import literal, new_names
from hepsel.errors import HepselError
from hepsel.plan import nodes
from hepsel.plan.nodes import ColumnRead, Const, CutTexts, Operand, Ref
from hepsel.plan.remote.conditions import AtLeast, Condition, Holds, Some
from hepsel.plan.remote.uproot import Uproot

EVENT = "e"
ROW = "row"
STORED = "stored"


@dataclass(frozen=True, slots=True)
class Value:
    """A number or truth value of the event: its name, expression, and the criteria on items in it."""

    name: str
    text: str
    criteria: tuple[CutTexts, ...] = ()


class Printer:
    """Prints the conditions of one query.

    What a condition asks of the event as it is stored becomes a value of a first step, with a name.

    Parameters
    ----------
    dialect
        The plan, and what of it can be expressed.
    branches
        The branch of each stored column.
    tree
        The tree that has them.

    Attributes
    ----------
    values
        The values that have been needed so far, by their expression.
    """

    def __init__(self, dialect: Uproot, branches: Mapping[str, str], tree: str) -> None:
        self.dialect = dialect
        self.plan = dialect.plan
        self.by_name = dialect.by_name
        self.branches = branches
        self.tree = tree
        self.values: dict[str, Value] = {}
        self._fields: dict[str, str] = {}  # of the items that are being printed: the expression of each

    def _value(self, name: str, text: str, criteria: tuple[CutTexts, ...] = ()) -> str:
        """Make an expression a value of the event, and print what it is called."""
        if text not in self.values:
            taken = (STORED, *(value.name for value in self.values.values()))
            (free,) = new_names([name], taken).values()
            self.values[text] = Value(free, text, criteria)
        return f"{ROW}[{literal(self.values[text].name)}]"

    def condition(self, condition: Condition) -> str:
        """Print a condition on events."""
        match condition:
            case Holds(name=name):
                return self._operand(Ref(name), ROW)
            case AtLeast(axes=axes, count=count, tests=tests):
                pairs = zip(axes, tests or ((),) * len(axes), strict=True)
                counts = [self._count(f"n_{axis}", axis, *map(Ref, names)) for axis, names in pairs]
                return f"({' + '.join(counts)} >= {count})"
            case Some(axis=axis, test=test):
                return f"({self._count(f'n_{axis}', axis, test)} >= 1)"

    def stored(self, read: ColumnRead) -> str:
        """Print a column as it is stored."""
        return f"{EVENT}[{literal(self.branches[read.name])}]"

    def start(self) -> tuple[str, ...]:
        """Print the first calls of the query."""
        return "query.FuncADL_Uproot()", f".FromTree({literal(self.tree)})"

    def output(self, read: ColumnRead) -> str:
        """Print a column as it is stored, for the last step."""
        passed = f"{ROW}[{literal(STORED)}][{literal(self.branches[read.name])}]"
        return passed if self.values else self.stored(read)

    # -------------------------------------------------------------- columns

    def _operand(self, operand: Operand, row: str) -> str:
        """Print a column of the event (`row` is `ROW`) or of an item, in parentheses where it has several parts."""
        if isinstance(operand, Const):
            return (
                f"({operand.value!r})"
                if not isinstance(operand.value, bool) and operand.value < 0
                else repr(operand.value)
            )
        definition = self.by_name[operand.name]
        match definition.op:
            case nodes.Read(column=column):
                return self._read(self.plan.reads[column], definition.kind, row)
            case nodes.ReadValid(column=column):
                text = self._field(f"{column} as stored", self.stored(self.plan.reads[column]), row)
                return f"({text} == {text})"
            case nodes.Take(value=value):
                return self._operand(value, row)
            case nodes.Map():
                return self._map(definition.op, row)
            case nodes.Reduce():
                return self._reduce(operand.name, definition.op)
        raise HepselError(f"func_adl's uproot dialect cannot express {operand.name}")

    def _field(self, name: str, text: str, row: str) -> str:
        """Print a value of the row: what is read of an item becomes a field of it."""
        if row == ROW:
            return self._value(name.replace(".", "_").replace(" ", "_"), text)
        field = "".join(c if c.isalnum() else "_" for c in name.partition(".")[2])
        self._fields[field] = text
        return f"{row}[{literal(field)}]"

    def _read(self, read: ColumnRead, kind: nodes.Kind, row: str) -> str:
        stored = self.stored(read)
        if kind == "bool":
            text = self._field(f"{read.name} as stored", stored, row)
            return f"(({text} > 0) or ({text} < 0))"  # of a NaN: neither
        factor = repr(read.factor) if kind == "real" else "1"
        return self._field(read.name, f"{stored} * (({stored} == {stored}) * {factor})", row)

    def _map(self, op: nodes.Map, row: str) -> str:
        arguments = op.arguments
        reads = [self.dialect.enumeration_read(argument) for argument in arguments]
        for place, read in enumerate(reads):
            if read is not None:
                other = arguments[1 - place] if len(arguments) > 1 else None
                return self._member(op.function, read, other, row)
        texts = [self._operand(argument, row) for argument in arguments]
        match op.function:
            case "and" | "or":
                return f"({f' {op.function} '.join(texts)})"
            case "not":
                return f"(not {texts[0]})"
            case "neg":
                return f"(-{texts[0]})"
            case "abs":
                return f"abs({texts[0]})"
            case "exists":
                return f"({texts[0]} == {texts[0]})"
            case "real":
                return f"({texts[0]} * 1.0)"
            case "^":
                return f"({texts[0]} * {texts[0]})"
        return f"({texts[0]} {op.function} {texts[1]})"

    def _member(self, function: str, read: ColumnRead, member: Operand | None, row: str) -> str:
        """Print a comparison of an enumeration value with a member, or whether it is one of them."""
        names = self.plan.enumerations[read.spec.enumeration or ""]
        chosen = names if not isinstance(member, Const) else (names[int(member.value)],)
        numbers = [number for name in chosen for number in read.spec.values.get(name, ())]
        text = self._field(f"{read.name} as stored", self.stored(read), row)
        tests = [f"({text} == {number})" for number in numbers] or [f"({text} != {text})"]
        equal = tests[0] if len(tests) == 1 else f"({' or '.join(tests)})"
        return f"(not {equal})" if function == "!=" else equal

    # -------------------------------------------------------------- items

    def number(self, row: nodes.ItemRow) -> str:
        """Print the number of items of a row of an item-level cutflow."""
        return self._number(self._parts(row.axis.name), *(() if row.mask is None else (row.mask,)))

    def _parts(self, axis: str) -> tuple[str, ...]:
        parts = self.dialect.parts(axis)
        assert not isinstance(parts, str), parts
        return parts

    def _number(self, axes: tuple[str, ...], *conditions: Operand) -> str:
        texts = [self._count(f"n_{axis}", axis, *conditions) for axis in axes]
        return texts[0] if len(texts) == 1 else f"({' + '.join(texts)})"

    def _count(self, name: str, axis: str, *tests: Operand | nodes.Map) -> str:
        """Print the number of items of an axis for which some conditions are true."""
        definition = self.by_name[axis].op
        conditions = list(tests)
        while isinstance(definition, nodes.Where | nodes.Sorted):
            if isinstance(definition, nodes.Where):
                conditions.insert(0, definition.mask)
            definition = self.by_name[definition.source.name].op
        assert isinstance(definition, nodes.Stored)
        read = self.plan.reads[definition.column]
        if not conditions:
            return self._value(name, f"{self.stored(read)}.Count()")
        source, row, test = self._lambda(read.collection, conditions)
        criteria = tuple(dict.fromkeys(texts for mask in conditions for texts in self._criteria(mask)))
        return self._value(name, f"{source}.Where(lambda {row}: {test}).Count()", criteria)

    def _criteria(self, condition: Operand | nodes.Map) -> Iterator[CutTexts]:
        """Yield the criteria that a condition on items is made of."""
        if not isinstance(condition, Ref):
            return
        definition = self.by_name[condition.name]
        if isinstance(definition.op, nodes.Map) and definition.op.function == "and":
            for argument in definition.op.arguments:
                yield from self._criteria(argument)
        if definition.texts is not None:
            yield definition.texts

    def _lambda(self, collection: str, conditions: list[Operand | nodes.Map]) -> tuple[str, str, str]:
        """Print items with what some conditions ask of them, their name, and the conditions."""
        outer, self._fields = self._fields, {}
        row = row_name(collection)
        tests = [self._map(c, row) if isinstance(c, nodes.Map) else self._operand(c, row) for c in conditions]
        fields = "".join(f"\n    {literal(name)}: {text}," for name, text in self._fields.items())
        self._fields = outer
        return f"Zip({{{fields}\n}})", row, " and ".join(tests)

    def _reduce(self, name: str, op: nodes.Reduce) -> str:
        if op.value is None:
            return self._number(self._parts(op.axis.name))
        if op.kind == "count":
            return self._count(name, op.axis.name, op.value)
        passing = self._count(f"n_{name}", op.axis.name, op.value)
        if op.kind == "any":
            return f"({passing} > 0)"
        return f"({passing} == {self._count(f'n_{op.axis.name}', op.axis.name)})"


def row_name(collection: str) -> str:
    """Return the name of an item of a collection in a lambda."""
    name = "".join(c if c.isascii() and c.isalnum() else "_" for c in collection).lower()
    return f"{name}_" if keyword.iskeyword(name) or name in (EVENT, ROW) or not name.isidentifier() else name
