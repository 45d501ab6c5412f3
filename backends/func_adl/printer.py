"""Prints expressions of queries in func_adl's uproot dialect."""

from __future__ import annotations

import keyword
import math
from collections.abc import Iterable, Mapping

from hepsel.backends.awkward.names import literal, new_names
from hepsel.backends.func_adl.answers import INDENT, joined
from hepsel.plan.remote.query import (
    AnyOther,
    Branch,
    Call,
    Cross,
    Expr,
    Field,
    Filter,
    Groups,
    ItemList,
    Items,
    Joined,
    Member,
    Number,
    Ordered,
    Placed,
    Records,
    Size,
    Slice,
    Step,
    SumOther,
    Total,
    Zip,
    within,
)

EVENT = "e"
ROW = "row"
STORED = "stored"
PI = repr(math.pi)
OPERATORS = frozenset(("+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!="))
NUMPY = {
    **{name: name for name in ("sqrt", "exp", "log", "log10", "sin", "cos", "tan", "sinh", "cosh", "tanh")},
    "floor": "floor",
    "ceil": "ceil",
    "min": "minimum",
    "max": "maximum",
    "atan": "arctan",
    "atan2": "arctan2",
    "asinh": "arcsinh",
}


class Printer:
    """Prints the expressions of one query.

    Parameters
    ----------
    branches
        The branch of each stored column.
    steps
        The steps of the query.
    """

    def __init__(self, branches: Mapping[str, str], steps: Iterable[Step]) -> None:
        self.branches = branches
        values = [value for step in steps for value in step]
        plain = {value.name for value in values if not isinstance(value.value, ItemList)}
        lists = list(dict.fromkeys(value.name for value in values if value.name not in plain))
        asked = {
            part.items for value in values for part in within(value.value) if isinstance(part, AnyOther | SumOther)
        } | {part.other for value in values for part in within(value.value) if isinstance(part, Cross)}
        self.names: dict[str, str] = {}
        for name in lists:
            hint = f"{name}_items" if name in asked else name  # attributes of arrays have names too
            (self.names[name],) = new_names([hint], (STORED, *plain, *self.names.values())).values()

    # -------------------------------------------------------------- values

    def text(self, expr: Expr) -> str:
        """Print an expression, in parentheses where it has several parts."""
        match expr:
            case Number(value=value):
                return _number(value)
            case Branch(column=column):
                return f"{EVENT}[{literal(self.branches[column])}]"
            case Field(of="", name=name):
                return f"{ROW}[{literal(name)}]"
            case Field(of=Member(row=row, place=place), name=name):
                return f"{_row(row)}[{literal(f'item_{place}')}][{literal(name)}]"
            case Field(of=str(of), name=name):
                return f"{_row(of)}[{literal(name)}]"
            case Call():
                return self._call(expr)
            case AnyOther(items=items, row=row, condition=condition):
                return f"{ROW}.{self.names[items]}.Any(lambda {_row(row)}: {self.text(condition)})"
            case SumOther(items=items, row=row, value=value):
                return f"{ROW}.{self.names[items]}.Select(lambda {_row(row)}: {self.text(value)}).Sum()"
            case Size(source=source):
                return f"{self.text(source)}.Count()"
            case Total(source=source, row=row, value=value):
                return f"{self.text(source)}.Select(lambda {_row(row)}: {self.text(value)}).Sum()"
        return self._list(expr)

    def _list(self, expr: Expr) -> str:
        match expr:
            case Items(name=name):
                return f"{ROW}[{literal(self.names[name])}]"
            case Zip(columns=columns):
                return f"Zip({self._columns(columns)})"
            case Filter(source=source, row=row, condition=condition):
                return f"{self._list(source)}.Where(lambda {_row(row)}: {self._bare(condition)})"
            case Records(source=source, row=row, columns=columns):
                return f"{self._list(source)}.Select(lambda {_row(row)}: {self._columns(columns)})"
            case Ordered(source=source, row=row, key=key):
                return f"{self._list(source)}.OrderBy(lambda {_row(row)}: {self.text(key)})"
            case Slice(source=source, start=start, stop=stop):
                return f"{self._list(source)}.ElementAt(slice({start}, {stop}))"
            case Joined(sources=sources):
                first, *others = sources
                return self._list(first) + "".join(f".Concat({self._list(other)})" for other in others)
            case Groups(source=source, size=size):
                members = "".join(f'{INDENT}"item_{k}": group.ElementAt({k}),\n' for k in range(size))
                return f"{self._list(source)}.Choose({size}).Select(lambda group: {{\n{members}}})"
            case Cross(source=source, row=row, other=other, other_row=other_row, columns=columns):
                pairs = f"{ROW}.{self.names[other]}.Select(lambda {_row(other_row)}: {self._columns(columns)})"
                return f"{self._list(source)}.SelectMany(lambda {_row(row)}: {pairs})"
            case Placed():
                return self._placed(expr)
        raise AssertionError(expr)

    def _columns(self, columns: Iterable[tuple[str, Expr]]) -> str:
        lines = [f"{literal(name)}: {self.text(value)}," for name, value in columns]
        return "{\n" + "".join(f"{_indented(line)}\n" for line in lines) + "}"

    def _placed(self, expr: Placed) -> str:
        """Print items with their places: numpy's numbers from 0, as many as there are items.

        An index of `None` (what `slice(0).step` is, which func_adl does not take for a value of its own) makes a number
        of the event a list of one, to which the numbers are added.
        """
        items = f"{ROW}[{literal(self.names[expr.name])}]"
        none = f"{items}.ElementAt(slice(0, 0)).Select(lambda item: item[{literal(expr.columns[0])}] * 0)"
        numbers = f"({items}.Count().ElementAt(slice(0).step) * 0 + np.arange({expr.bound}))"
        places = f"{numbers}.Concat({none}).Where(lambda place: place < {items}.Count())"
        lines = [f"{literal(name)}: {items}[{literal(name)}]," for name in expr.columns]
        lines.append(f"{literal(expr.place)}: {places},")
        return "Zip({\n" + "".join(f"{INDENT}{line}\n" for line in lines) + "})"

    # -------------------------------------------------------------- functions

    def _bare(self, expr: Expr) -> str:
        if isinstance(expr, Call) and expr.function == "and":
            return bare(self.text(expr))
        return self.text(expr)

    def _call(self, expr: Call) -> str:
        function = expr.function
        texts = [self.text(argument) for argument in expr.arguments]
        if function in OPERATORS:
            return f"({texts[0]} {function} {texts[1]})"
        if function in NUMPY:
            return f"np.{NUMPY[function]}({', '.join(map(bare, texts))})"
        match function, texts:
            case (("and" | "or"), _):
                return joined(function, texts)
            case "not", [a]:
                return f"(not {a})"
            case "neg", [a]:
                return f"(-{a})"
            case "abs", [a]:
                return f"abs({bare(a)})"
            case "real", [a]:
                return f"({a} * 1.0)"
            case "where", [condition, *_]:
                # A constant is made a number of each row, which is what `if` chooses between.
                chosen = [
                    f"({condition} * 0.0 + {text})" if _is_constant(argument) else text
                    for argument, text in zip(expr.arguments[1:], texts[1:], strict=True)
                ]
                return f"({chosen[0]} if {condition} else {chosen[1]})"
            case "transverse", [x, y]:
                return f"np.sqrt({_squares(x, y)})"
            case "energy", [x, y, z, m]:
                return f"np.sqrt({_squares(x, y, z, m)})"
            case "mass", [x, y, z, energy]:
                return f"np.sqrt(np.maximum({_squares(energy)} - ({_squares(x, y, z)}), 0.0))"
            case "delta_phi", [a, b]:
                return _delta_phi(a, b)
            case "delta_r", [eta, phi, other_eta, other_phi]:
                return f"np.sqrt({_squares(f'({eta} - {other_eta})', _delta_phi(phi, other_phi))})"
            case "transverse_mass", [a, phi, b, other_phi]:
                return f"np.sqrt(2 * {a} * {b} * (1 - np.cos(abs({_delta_phi(phi, other_phi)}))))"
        raise AssertionError(function)


def _squares(*texts: str) -> str:
    return " + ".join(f"np.square({bare(text)})" for text in texts)


def _delta_phi(a: str, b: str) -> str:
    difference = f"({a} - {b})"
    return f"({difference} - {2 * math.pi!r} * np.floor(({difference} + {PI}) / {2 * math.pi!r}))"


def _is_constant(expr: Expr) -> bool:
    return not any(isinstance(part, Field | Branch | Items) for part in within(expr))


def _number(value: bool | int | float) -> str:
    if isinstance(value, float) and math.isnan(value):
        return 'float("nan")'
    if isinstance(value, float) and math.isinf(value):
        return 'float("inf")' if value > 0 else 'float("-inf")'
    return f"({value!r})" if not isinstance(value, bool) and value < 0 else repr(value)


def bare(text: str) -> str:
    """Print an argument without parentheses around all of it."""
    if not text.startswith("("):
        return text
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return text[1:-1] if place == len(text) - 1 else text
    return text


def _row(name: str) -> str:
    """Return the name of an item in a lambda."""
    taken = keyword.iskeyword(name) or name in (EVENT, ROW, "np", "slice", "abs") or not name.isidentifier()
    return f"{name}_" if taken else name


def _indented(text: str) -> str:
    return "\n".join(f"{INDENT}{line}" for line in text.split("\n"))
