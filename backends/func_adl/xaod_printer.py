"""Prints conditions and columns of a plan as expressions of func_adl's xAOD dialect.

Only what `hepsel.plan.remote.Xaod` lets pass is printed here. A real number is multiplied with a number of 64 bits
where it is used, which widens it: `pt() * 1.0`. Collections are fetched once, in the first step of a query; fetched
inside a lambda they would be other ones, and no error.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hepsel.backends.awkward.names import literal, new_names
from hepsel.backends.func_adl.printer import EVENT, ROW, STORED
from hepsel.errors import HepselError
from hepsel.plan import nodes
from hepsel.plan.nodes import ColumnRead, Const, CutTexts, Operand, Ref
from hepsel.plan.remote.conditions import AtLeast, Condition, Holds, Some
from hepsel.plan.remote.rounding import COMPARISONS
from hepsel.plan.remote.xaod import Xaod

SUPPLIED = {
    "float": "cpp_float",
    "double": "cpp_double",
    "int": "cpp_int",
    "std::vector<float>": "cpp_vfloat",
    "std::vector<double>": "cpp_vdouble",
    "std::vector<int>": "cpp_vint",
}
"""C++ types that the package of typed classes has a name for; not all of these are exported by it."""

QUERY = "FuncADLQueryPHYSLITE"

LINK_PARTS = {"index": "persIndex", "key": "persKey"}
"""Methods of a stored link that tell its halves: where it points to, and into which container."""

LINK = "link"
ELEMENT = "value"


@dataclass(frozen=True, slots=True)
class Value:
    """A number or truth value of the event: its name, expression, and the criteria on items in it."""

    name: str
    text: str
    criteria: tuple[CutTexts, ...] = ()


class XaodPrinter:
    """Prints the conditions and columns of one query.

    Parameters
    ----------
    dialect
        The plan, and what of it can be expressed.
    branches
        The branch of each stored column: its last part is the name of the variable.
    types
        The C++ types that have been needed so far, with the names that they have in the script.

    Attributes
    ----------
    values
        The values that have been needed so far, by their expression.
    collections
        The collections and single items that have been needed so far.
    """

    def __init__(self, dialect: Xaod, branches: Mapping[str, str], types: dict[str, str]) -> None:
        self.dialect = dialect
        self.plan = dialect.plan
        self.by_name = dialect.by_name
        self.branches = branches
        self.values: dict[str, Value] = {}
        self.collections: dict[str, None] = {}
        self.types = types
        self._links: dict[str, None] = {}

    def _value(self, name: str, text: str, criteria: tuple[CutTexts, ...] = ()) -> str:
        """Make an expression a value of the event, and print what it is called."""
        if text not in self.values:
            taken = (STORED, *(value.name for value in self.values.values()))
            (free,) = new_names([name], taken).values()
            self.values[text] = Value(free, text, criteria)
        return f"{ROW}.{self.values[text].name}"

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
        raise HepselError("func_adl's xAOD dialect knows no doubt")

    def start(self) -> tuple[str, ...]:
        """Print the first calls of the query: what a link can tell, and all collections that it needs."""
        methods = [
            f'.MetaData(link_method("{link}", "{name}"))' for link in self._links for name in LINK_PARTS.values()
        ]
        calls = self.plan.header.xaod
        fetched = [f'        "{name}": {EVENT}.{calls[name]},' for name in self.collections]
        return (f"{QUERY}()", *methods, ".Select(", f"    lambda {EVENT}: {{", *fetched, "    }", ")")

    def output(self, read: ColumnRead) -> str:
        """Print a column as it is stored, for the last step."""
        event = f"{ROW}.{STORED}" if self.values else EVENT
        source = self._collection(read.collection, event)
        row = row_name(read.collection)
        is_single = read.depth == (1 if read.spec.is_list else 0)
        text = self._stored(read, source if is_single else row)
        if read.spec.kind == "link":
            self._links[read.spec.xaod or ""] = None
            part = LINK_PARTS[read.role]
            text += f".Select(lambda {LINK}: {LINK}.{part}())" if read.spec.is_list else f".{part}()"
        elif read.spec.is_list:
            # The elements as such: a plain `lambda value: value` would be taken away.
            factor = "1.0" if read.spec.kind == "real" else "1"
            text += f".Select(lambda {ELEMENT}: {ELEMENT} * {factor})"
        return text if is_single else f"{source}.Select(lambda {row}: {text})"

    def _collection(self, name: str, event: str) -> str:
        self.collections[name] = None
        return f"{event}.{name}"

    def _stored(self, read: ColumnRead, item: str) -> str:
        """Print a stored value, or list of values, of an item."""
        how = read.spec.xaod
        assert how is not None
        if how.endswith("()"):
            return f"{item}.{how}"
        variable = re.split("[.:]", self.branches[read.name])[1]
        return f"{item}.auxdataConst[{self._type(how, is_list=read.spec.is_list)}]({literal(variable)})"

    def _type(self, name: str, *, is_list: bool) -> str:
        """Return what a C++ type is called in the script."""
        whole = f"std::vector<{name}>" if is_list else name
        if whole not in self.types:
            element = re.sub(r".*::(\w+)>+", r"\1_link", name)
            wish = SUPPLIED.get(whole) or f"cpp_{'v' if is_list else ''}{element}"
            (self.types[whole],) = new_names([wish], self.types.values()).values()
        return self.types[whole]

    # -------------------------------------------------------------- values

    def _operand(self, operand: Operand, row: str) -> str:
        """Print a column of the event (`row` is `ROW`) or of an item, in parentheses where it has several parts."""
        if isinstance(operand, Const):
            is_negative = not isinstance(operand.value, bool) and operand.value < 0
            return f"({operand.value!r})" if is_negative else repr(operand.value)
        definition = self.by_name[operand.name]
        match definition.op:
            case nodes.Read(column=column):
                return self._read(self.plan.reads[column], definition.kind, row)
            case nodes.ReadValid():
                return "(0 == 0)"  # a number that is no real one is always there
            case nodes.Take(value=value):
                return self._operand(value, row)
            case nodes.Map():
                return self._map(definition.op, row)
            case nodes.Reduce():
                return self._reduce(operand.name, definition.op)
        raise HepselError(f"func_adl's xAOD dialect cannot express {operand.name}")

    def _item(self, read: ColumnRead, row: str) -> str:
        """Print a value as it is stored, of the event or of an item."""
        if row != ROW:
            return self._stored(read, row)
        name = re.sub(r"\W", "_", read.name)
        return self._value(name, self._stored(read, self._collection(read.collection, EVENT)))

    def _read(self, read: ColumnRead, kind: nodes.Kind, row: str) -> str:
        text = self._item(read, row)
        if kind == "bool":
            return f"({text} != 0)"
        return f"({text} * {read.factor!r})" if kind == "real" else text

    def _map(self, op: nodes.Map, row: str) -> str:
        arguments = op.arguments
        reads = [self.dialect.enumeration_read(argument) for argument in arguments]
        for place, read in enumerate(reads):
            if read is not None:
                other = arguments[1 - place] if len(arguments) > 1 else None
                return self._member(op.function, read, other, row)
        if op.function in COMPARISONS:
            left, right = (self._compared(argument, row) for argument in arguments)
            return f"({left} {op.function} {right})"
        texts = [self._operand(argument, row) for argument in arguments]
        match op.function:
            case "and" | "or":
                return f"({f' {op.function} '.join(texts)})"
            case "not":
                return f"(not {texts[0]})"
            case "neg":
                return f"(-{texts[0]})"
            case "abs":  # the result of a function cannot be a part of arithmetic
                return f"({texts[0]} if {texts[0]} > 0 else 0.0 - {texts[0]})"
            case "exists":
                return f"({texts[0]} == {texts[0]})"
            case "real":
                return f"({texts[0]} * 1.0)"
            case "^":
                return f"({texts[0]} * {texts[0]})"
            case "where":
                return f"({texts[1]} if {texts[0]} else {texts[2]})"
        return f"({texts[0]} {op.function} {texts[1]})"

    def _compared(self, operand: Operand, row: str) -> str:
        """Print what is compared: there a function of C++ may stand."""
        op = self.by_name[operand.name].op if isinstance(operand, Ref) else None
        if isinstance(op, nodes.Map) and op.function == "abs":
            return f"abs({self._operand(op.arguments[0], row)})"
        return self._operand(operand, row)

    def _member(self, function: str, read: ColumnRead, member: Operand | None, row: str) -> str:
        """Print a comparison of an enumeration value with a member, or whether it is one of them."""
        names = self.plan.enumerations[read.spec.enumeration or ""]
        chosen = names if not isinstance(member, Const) else (names[int(member.value)],)
        numbers = [number for name in chosen for number in read.spec.values.get(name, ())]
        text = self._item(read, row)
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
        op = self.by_name[axis].op
        conditions = list(tests)
        while isinstance(op, nodes.Where | nodes.Sorted):
            if isinstance(op, nodes.Where):
                conditions.insert(0, op.mask)
            op = self.by_name[op.source.name].op
        assert isinstance(op, nodes.Stored)
        collection = self.plan.reads[op.column].collection
        source = self._collection(collection, EVENT)
        if not conditions:
            return self._value(name, f"{source}.Count()")
        row = row_name(collection)
        parts = [part for condition in conditions for part in self._conjuncts(condition)]
        texts = [self._map(p, row) if isinstance(p, nodes.Map) else self._operand(p, row) for p in parts]
        criteria = tuple(dict.fromkeys(texts for mask in conditions for texts in self._criteria(mask)))
        if len(texts) == 1:
            return self._value(name, f"{source}.Where(lambda {row}: {texts[0]}).Count()", criteria)
        lines = "".join(f"\n        {'and ' if place else ''}{text}" for place, text in enumerate(texts))
        return self._value(name, f"{source}.Where(\n    lambda {row}: ({lines}\n    )\n).Count()", criteria)

    def _conjuncts(self, condition: Operand | nodes.Map) -> Iterator[Operand | nodes.Map]:
        """Yield the parts of a condition that all have to be true."""
        op = self.by_name[condition.name].op if isinstance(condition, Ref) else condition
        if isinstance(op, nodes.Map) and op.function == "and":
            for argument in op.arguments:
                yield from self._conjuncts(argument)
        else:
            yield condition

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

    def _reduce(self, name: str, op: nodes.Reduce) -> str:
        if op.value is None:
            return self._number(self._parts(op.axis.name))
        if op.kind == "count":
            return self._count(name, op.axis.name, op.value)
        passing = self._count(f"n_{name}", op.axis.name, op.value)
        if op.kind == "any":
            return f"({passing} > 0)"
        return f"({passing} == {self._count(f'n_{op.axis.name}', op.axis.name)})"


def imported(types: Mapping[str, str]) -> list[str]:
    """Return what a script takes from the package of typed classes for some C++ types."""
    ready = [SUPPLIED[name] for name in types if name in SUPPLIED]
    return ready if len(ready) == len(types) else [*ready, "cpp_type"]


def type_lines(types: Mapping[str, str]) -> list[str]:
    """Print the C++ types that the package of typed classes has no name for."""
    lines = []
    for whole, name in types.items():
        if whole in SUPPLIED:
            continue
        element = whole.removeprefix("std::vector<").removesuffix(">") if whole.startswith("std::") else whole
        kind = "object" if "<" in element else "float" if element in ("float", "double") else "int"
        collection = f", {literal(whole)}" if element != whole else ""
        lines.append(f"{name} = cpp_type({literal(element)}, {kind}{collection})")
    return lines


def row_name(collection: str) -> str:
    """Return the name of an item of a collection in a lambda."""
    name = "".join(c if c.isascii() and c.isalnum() else "_" for c in collection).lower()
    return f"{name}_" if keyword.iskeyword(name) or name in (EVENT, ROW) or not name.isidentifier() else name
