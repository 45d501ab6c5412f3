"""Prints conditions and columns of a plan as expressions of func_adl's xAOD dialect.

A real number is multiplied with a number of 64 bits where it is used, which widens it: `pt() * 1.0`. Collections are
fetched once, in the first step of a query; fetched inside a lambda they would be other ones, and no error. What needs
functions of C++ becomes a function, because func_adl has no arithmetic with their results.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hepsel.backends.awkward.names import literal, new_names
from hepsel.backends.func_adl.answers import INDENT, joined
from hepsel.backends.func_adl.cpp import Function, function_of
from hepsel.backends.func_adl.printer import EVENT, ROW, STORED, bare
from hepsel.plan.nodes import ColumnRead, CutTexts, Plan
from hepsel.plan.remote.logic import parts_of
from hepsel.plan.remote.object_lists import row_name
from hepsel.plan.remote.objects import Counted, First, Formula, Length, Named, Place, Stored
from hepsel.plan.remote.query import Call, Expr, Number
from hepsel.syntax.comparisons import RELATIONS

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
    plan
        The plan whose columns they are.
    branches
        The branch of each stored column: its last part is the name of the variable.
    types
        The C++ types that have been needed so far, with the names that they have in the script.
    functions
        The functions of C++ that have been needed so far, by name; queries of one script share them.

    Attributes
    ----------
    values
        The values that have been needed so far, by their expression.
    collections
        The collections and single items that have been needed so far.
    """

    def __init__(
        self, plan: Plan, branches: Mapping[str, str], types: dict[str, str], functions: dict[str, Function]
    ) -> None:
        self.plan = plan
        self.branches = branches
        self.values: dict[str, Value] = {}
        self.collections: dict[str, None] = {}
        self.types = types
        self.functions = functions
        self._called: dict[str, None] = {}
        self._links: dict[str, None] = {}

    def _value(self, name: str, text: str, criteria: tuple[CutTexts, ...] = ()) -> str:
        """Make an expression a value of the event, and print what it is called."""
        if text not in self.values:
            taken = (STORED, *(value.name for value in self.values.values()))
            (free,) = new_names([name], taken).values()
            self.values[text] = Value(free, text, criteria)
        return f"{ROW}.{self.values[text].name}"

    def start(self) -> tuple[str, ...]:
        """Print the first calls of the query: what func_adl does not know, and all collections that it needs."""
        methods = [
            f'.MetaData(link_method("{link}", "{name}"))' for link in self._links for name in LINK_PARTS.values()
        ]
        methods += [f'.MetaData(in_cpp("{name}", *CPP["{name}"]))' for name in self._called]
        calls = self.plan.header.xaod
        fetched = [f'        "{name}": {EVENT}.{calls[name]},' for name in self.collections]
        return (f"{QUERY}()", *methods, ".Select(", f"    lambda {EVENT}: {{", *fetched, "    }", ")")

    # -------------------------------------------------------------- what is stored

    def output(self, read: ColumnRead) -> str:
        """Print a column as it is stored, for the last step."""
        event = f"{ROW}.{STORED}" if self.values else EVENT
        source = self._collection(read.collection, event)
        row = row_name(read.collection)
        is_single = read.depth == (1 if read.spec.is_list else 0)
        item = source if is_single else row
        text = self._elements(read, item) if read.spec.is_list else self._stored(read, item)
        return text if is_single else f"{source}.Select(lambda {row}: {text})"

    def _collection(self, name: str, event: str) -> str:
        self.collections[name] = None
        return f"{event}.{name}"

    def _stored(self, read: ColumnRead, item: str) -> str:
        """Print a stored value of an item; of a link, the half that is asked for."""
        text = self._whole(read, item)
        return f"{text}.{self._half(read)}()" if read.spec.kind == "link" else text

    def _elements(self, read: ColumnRead, item: str) -> str:
        """Print a stored list of an item."""
        text = self._whole(read, item)
        if read.spec.kind == "link":
            return f"{text}.Select(lambda {LINK}: {LINK}.{self._half(read)}())"
        # The elements as such: a plain `lambda value: value` would be taken away.
        factor = "1.0" if read.spec.kind == "real" else "1"
        return f"{text}.Select(lambda {ELEMENT}: {ELEMENT} * {factor})"

    def _half(self, read: ColumnRead) -> str:
        self._links[read.spec.xaod or ""] = None
        return LINK_PARTS[read.role]

    def _whole(self, read: ColumnRead, item: str) -> str:
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
            (self.types[whole],) = new_names([wish], (*self.types.values(), *self.functions)).values()
        return self.types[whole]

    # -------------------------------------------------------------- values

    def text(self, expr: Expr, *, within: bool = False) -> str:
        """Print an expression, in parentheses where it has several parts.

        Parameters
        ----------
        expr
            What to print.
        within
            Whether it is asked of an object, in a lambda; otherwise it is asked of the event, and its parts have names.
        """
        match expr:
            case Number(value=bool(value)):
                return "(0 == 0)" if value else "(0 != 0)"
            case Number(value=value):
                return f"({value!r})" if value < 0 else repr(value)
            case Named(name=name, value=value, criteria=criteria):
                return self._value(name, self.text(value, within=True), criteria)
            case Counted():
                return self._counted(expr)
            case Stored(item=item, column=column):
                return self._of_event(column, self._stored(*self._owner(item, column)), item, within)
            case First(item=item, column=column):
                return self._of_event(column, f"{self._elements(*self._owner(item, column))}.First()", item, within)
            case Length(item=item, column=column):
                return self._of_event(column, f"{self._whole(*self._owner(item, column))}.Count()", item, within)
            case Place(item=item):
                return f"{item}.index()"
            case Formula(name=name, comparison=comparison):
                return self._formula(name, comparison, within=within)
            case Call(function=function, arguments=(left, right)) if function in RELATIONS:
                return f"({self._compared(left, within)} {function} {self._compared(right, within)})"
            case Call():
                return self._call(expr, [self.text(argument, within=within) for argument in expr.arguments])
        raise AssertionError(expr)

    def _owner(self, item: str, column: str) -> tuple[ColumnRead, str]:
        read = self.plan.reads[column]
        return read, item or self._collection(read.collection, EVENT)

    def _of_event(self, column: str, text: str, item: str, within: bool) -> str:
        return text if item or within else self._value(re.sub(r"\W", "_", column), text)

    def _call(self, expr: Call, texts: list[str]) -> str:
        match expr.function, texts:
            case ("and" | "or") as word, _:
                return joined(word, texts)
            case "not", [a]:
                return f"(not {a})"
            case "neg", [a]:
                return f"(-{a})"
            case "abs", [a]:  # the result of a function cannot be a part of arithmetic
                return f"({a} if {a} > 0 else 0.0 - {a})"
            case "real", [a]:
                return f"({a} * 1.0)"
            case "where", [condition, value, otherwise]:
                return f"({value} if {condition} else {otherwise})"
            case ("+" | "-" | "*" | "/") as sign, [a, b]:
                return f"({a} {sign} {b})"
        raise AssertionError(expr.function)

    def _compared(self, expr: Expr, within: bool) -> str:
        """Print what is compared: there a function of C++ may stand."""
        match expr:
            case Call(function="abs", arguments=(argument,)):
                return f"abs({self.text(argument, within=within)})"
        return self.text(expr, within=within)

    def _counted(self, expr: Counted) -> str:
        source = self._collection(expr.collection, EVENT)
        condition = expr.condition
        if condition != Number(True):
            texts = [self.text(part, within=True) for part in parts_of(condition, "and")]
            if len(texts) == 1:
                source += f".Where(lambda {expr.item}: {texts[0]})"
            else:
                inner = joined("and", texts, broken=True).replace("\n", f"\n{INDENT}")
                source += f".Where(\n{INDENT}lambda {expr.item}: {inner}\n)"
        if expr.number is None:
            return f"{source}.Count()"
        number = bare(self.text(expr.number, within=True))
        return f"{source}.Select(lambda {expr.item}: {number}).Sum()"

    def _formula(self, name: str, comparison: Expr, *, within: bool) -> str:
        """Print a comparison as a call of a function of C++."""
        function, arguments = function_of(comparison)
        hint = f"cpp_{name}"
        same = (known for known, other in self.functions.items() if other == function and known.startswith(hint))
        found = next(same, None)
        if found is None:
            (found,) = new_names([hint], (*self.types.values(), *self.functions)).values()
            self.functions[found] = function
        self._called[found] = None
        texts = [bare(self.text(argument, within=within)) for argument in arguments]
        return f"({found}({', '.join(texts)}) != 0)"  # for func_adl, what it does not know is no truth value


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


def cpp_lines(functions: Mapping[str, Function]) -> list[str]:
    """Print functions of C++: their parameters, and the lines that make `result` of these."""
    lines = []
    for name, function in functions.items():
        lines += [f"{INDENT}{literal(name)}: (", f"{INDENT * 2}{_list(function.parameters)},", f"{INDENT * 2}["]
        lines += [f"{INDENT * 3}{literal(line)}," for line in function.lines]
        lines += [f"{INDENT * 2}],", f"{INDENT}),"]
    return lines


def _list(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(map(literal, texts))}]"
