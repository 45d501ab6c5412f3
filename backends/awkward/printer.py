"""Prints the operations of a plan as numpy expressions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from hepsel.backends.awkward.names import literal
from hepsel.errors import HepselError
from hepsel.plan import nodes
from hepsel.plan.nodes import Const, Definition, Operand, Plan, Ref
from hepsel.plan.values import MISSING_VALUES

ATOM, UNARY, PRODUCT, SUM, AND, OR, COMPARISON, LOOSE = range(8, 0, -1)
"""How tightly the outermost operator of an expression binds."""

INFIX = {
    "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "and": AND, "or": OR,
    "<": COMPARISON, "<=": COMPARISON, ">": COMPARISON, ">=": COMPARISON, "==": COMPARISON, "!=": COMPARISON,
}  # fmt: skip
SYMBOLS = {"and": "&", "or": "|"}
UFUNCS = {
    "+": "add", "-": "subtract", "*": "multiply", "/": "divide", "neg": "negative", "abs": "abs", "and": "logical_and",
    "or": "logical_or", "not": "logical_not", "<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal",
    "==": "equal", "!=": "not_equal", "min": "minimum", "max": "maximum", "asin": "arcsin", "acos": "arccos",
    "atan": "arctan", "atan2": "arctan2", "asinh": "arcsinh", "real": "float64", "where": "where",
    **{name: name for name in ["sqrt", "exp", "log", "log10", "floor", "ceil"]},
    **{name: name for name in ["sin", "cos", "tan", "sinh", "cosh", "tanh"]},
}  # fmt: skip
FORMULAS = {
    "transverse": "transverse", "energy": "energy", "mass": "invariant_mass", "rapidity": "rapidity",
    "delta_phi": "delta_phi", "delta_r": "delta_r", "transverse_mass": "transverse_mass",
    "stransverse_mass": "stransverse_mass", "stransverse_mass_of": "stransverse_mass_of", "perp": "across",
    "sphericity": "sphericity", "aplanarity": "aplanarity",
}  # fmt: skip
REDUCERS = {
    "count": "count", "any": "any_of", "all": "all_of", "sum": "total", "product": "product", "mean": "mean",
    "min": "smallest", "max": "largest", "smallest": "smallest", "largest": "largest", "imbalance": "imbalance",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """An expression in Python.

    Attributes
    ----------
    text
        The expression.
    level
        How tightly its outermost operator binds.
    shape
        `call`, `infix` or `subscript`, where the expression can be laid out over several lines.
    operator, operands
        The function and its arguments, the operator and what stands around it, or the column and its index.
    """

    text: str
    level: int = ATOM
    shape: str = ""
    operator: str = ""
    operands: tuple[str, ...] = ()

    def within(self, level: int) -> str:
        """Return the text, in parentheses where it binds less tightly than what is around it."""
        return self.text if self.level >= level else f"({self.text})"


def call(function: str, *arguments: str) -> Text:
    """Print a call."""
    return Text(f"{function}({', '.join(arguments)})", ATOM, "call", function, arguments)


def subscript(values: Text, index: str) -> Text:
    """Print some rows of a column."""
    column = values.within(ATOM)
    return Text(f"{column}[{index}]", ATOM, "subscript", column, (index,))


def constant(value: Const) -> Text:
    """Print a constant."""
    if isinstance(value.value, float):
        if math.isnan(value.value):
            return Text("np.nan")
        if math.isinf(value.value):
            return Text("np.inf" if value.value > 0 else "-np.inf", ATOM if value.value > 0 else UNARY)
    text = repr(value.value)
    return Text(text, UNARY if text.startswith("-") else ATOM)


class Printer:
    """Prints the definitions of one plan.

    Parameters
    ----------
    plan
        The plan.
    operand
        Gives the text of what a column refers to.
    names
        Identifier of each axis.
    """

    def __init__(self, plan: Plan, operand: Callable[[Ref], Text], names: Mapping[str, str]) -> None:
        self.plan = plan
        self.by_name = plan.by_name()
        self.operand = operand
        self.names = names

    def text(self, operand: Operand) -> Text:
        """Print what an operation refers to."""
        if isinstance(operand, Ref):
            return self.operand(operand)
        name = self.names.get(f"enum:{operand.enumeration}:{operand.value}")
        return constant(operand) if name is None else Text(name)

    def argument(self, operand: Operand) -> str:
        """Print an argument of a call."""
        return self.text(operand).text

    def size(self, axis: str) -> str:
        """Print the number of rows of an axis."""
        is_root = isinstance(self.by_name[axis].op, nodes.Events)
        return "n_events" if is_root else f"{self.names[axis]}.size"

    def axis_of(self, operand: Operand) -> str | None:
        """Return the axis of a column."""
        return None if isinstance(operand, Const) else self.by_name[operand.name].axis

    # -------------------------------------------------------------- axes

    def axis(self, definition: Definition) -> Text:
        """Print how an axis is made."""
        names = self.names
        match definition.op:
            case nodes.Stored(column=column):
                # The items of events, even if it is a column of lists that counts them, or the elements of lists.
                assert definition.axis is not None
                of_events = isinstance(self.by_name[definition.axis].op, nodes.Events)
                return call("stored", f"columns[{literal(column)}]", *([] if of_events else ["2"]))
            case nodes.Where(source=source, mask=mask):
                return call("where", names[source.name], self._full(mask, source.name))
            case nodes.Sorted(source=source, keys=keys):
                return call("sort", names[source.name], *self._keys(keys, source.name))
            case nodes.Best(source=source, keys=keys):
                return call("best", names[source.name], *self._keys(keys, source.name))
            case nodes.Concat(sources=sources):
                return call("concatenate", *(names[source.name] for source in sources))
            case nodes.Combine(slots=slots, relations=relations):
                listed = ", ".join(names[slot.name] for slot in slots)
                asked = ", ".join(f'({r.earlier}, "{r.operator}", {r.later})' for r in relations)
                return call("combine", f"[{listed}]", f"[{asked}]")
            case nodes.Expand(source=source, key=key):
                return call("expand", names[source.name], self.argument(key))
            case nodes.Each(context=context):
                return call("each", self.size(context.name))
            case nodes.Flatten(source=source):
                above = self.by_name[source.name].axis
                assert above is not None
                return call("flatten", names[source.name], names[above])
        raise HepselError(f"the awkward backend cannot print {definition.op}")

    def _keys(self, keys: Iterable[nodes.SortKey], axis: str) -> list[str]:
        return [f"({self._full(key.value, axis)}, {key.descending})" for key in keys]

    def _full(self, operand: Operand, axis: str) -> str:
        """Print a column, also where it is one value for all rows."""
        text = self.argument(operand)
        if self.axis_of(operand) is None:
            return f"np.full({self.size(axis)}, {text})"
        return text

    # -------------------------------------------------------------- columns

    def column(self, definition: Definition) -> Text:
        """Print a column."""
        op = definition.op
        axis = definition.axis
        match op:
            case nodes.Read():
                return self._read(definition, op)
            case nodes.ReadValid(column=column):
                return call("known", f"columns[{literal(column)}]", *self._flat_depth(column))
            case nodes.Map():
                return self._map(op, definition)
            case nodes.Lookup(table=table, arguments=arguments):
                otherwise = self.plan.tables[table].otherwise
                value = "np.nan" if otherwise is None else repr(float(otherwise))
                assert axis is not None
                texts = [self._full(argument, axis) for argument in arguments]
                return call("lookup", self.names[f"table:{table}"], value, *texts)
            case nodes.Fill(value=value):
                assert axis is not None
                return call("np.full", self.size(axis), constant(value).text)
            case nodes.Spread(value=value):
                assert axis is not None
                if self.axis_of(value) is None:
                    return call("np.full", self.size(axis), self.argument(value))
                return subscript(self.text(value), f"{self.names[axis]}.parent")
            case nodes.View(value=value):
                return self.text(value)
            case nodes.Take(value=value, index=index, nullable=nullable):
                if nullable:
                    missing = constant(MISSING_VALUES[definition.kind]).text
                    return call("take", self.argument(value), self.argument(index), missing)
                return subscript(self.text(value), self.argument(index))
            case nodes.Index(axis=made, slot=slot):
                if isinstance(self.by_name[made.name].op, nodes.Concat):
                    return call(f"{self.names[made.name]}.source", str(slot))
                return Text(f"{self.names[made.name]}.index[{slot}]")
            case nodes.Merge(axis=made, values=values):
                return call("interleave", self.names[made.name], *map(self.argument, values))
            case nodes.Rows(axis=made):
                return call("np.arange", self.size(made.name))
            case nodes.Parent(axis=made):
                return Text(f"{self.names[made.name]}.parent")
            case nodes.Position(axis=made):
                return Text(f"{self.names[made.name]}.place")
            case nodes.ElementAt():
                return self._element(op)
            case nodes.IsFirst(axis=made, value=value):
                return call("is_first", self.names[made.name], self.argument(value))
            case nodes.Reduce():
                return self._reduce(op)
            case nodes.GroupOf(axis=made, momentum=momentum):
                return call("group_of", self.names[made.name], *(self._full(p, made.name) for p in momentum))
            case nodes.ArgBest(axis=made, key=key, highest=highest, k=k):
                texts = [self.names[made.name], self._full(key, made.name)]
                place = [str(k)] if k != 1 else []
                return call("best_row", *texts, *place, f"highest={highest}")
        raise HepselError(f"the awkward backend cannot print {op}")

    def _flat_depth(self, column: str) -> list[str]:
        depth = self.plan.reads[column].depth
        return [] if depth == 1 else [str(depth)]

    def _read(self, definition: Definition, op: nodes.Read) -> Text:
        read = self.plan.reads[op.column]
        source = f"columns[{literal(op.column)}]"
        depth = self._flat_depth(op.column)
        mask = [f"mask={read.spec.mask}"] if read.spec.mask is not None else []
        if definition.kind == "real":
            return call("reals", source, *depth)
        if definition.kind == "bool":
            return call("truths", source, *depth, *mask)
        if definition.kind == "enum":
            return call("codes", source, self.names[f"codes:{op.column}"], *depth, *mask)
        if op.exact and not mask:
            return call("exact_integers", source, *depth)
        return call("integers", "columns", literal(op.column), *depth, *mask)

    def _element(self, op: nodes.ElementAt) -> Text:
        texts = [self.names[op.axis.name], self.argument(op.index)]
        if op.parent is not None:
            texts.append(self.argument(op.parent))
        return call("element", *texts, *(["from_end=True"] if op.from_end else []))

    def _reduce(self, op: nodes.Reduce) -> Text:
        texts = [self.names[op.axis.name]]
        if op.value is not None:
            texts.append(self._full(op.value, op.axis.name))
        if op.kind in ("largest", "smallest"):
            texts.append(str(op.k))
        return call(REDUCERS[op.kind], *texts)

    def _map(self, op: nodes.Map, definition: Definition) -> Text:
        function, axis = op.function, definition.axis
        texts = [self.text(argument) for argument in op.arguments]
        if function in FORMULAS:
            return call(FORMULAS[function], *(text.text for text in texts))
        if function == "^":
            return self._power(op, texts)
        if function == "exists":
            return self._exists(op.arguments[0], texts[0])
        if definition.kind == "int" and function in nodes.CHECKED:
            return call("exact", f"np.{UFUNCS[function]}", *(text.text for text in texts))
        if axis is not None:
            if function in INFIX:
                return self._infix(function, texts)
            if function == "neg":
                return Text(f"-{texts[0].within(UNARY)}", UNARY)
            if function == "not":
                return Text(f"~{texts[0].within(UNARY)}", UNARY)
        if function in ("and", "or") and len(texts) > 2:
            joined = texts[0].text
            for text in texts[1:]:
                joined = f"np.{UFUNCS[function]}({joined}, {text.text})"
            return Text(joined)
        return call(f"np.{UFUNCS[function]}", *(text.text for text in texts))

    def _infix(self, function: str, texts: list[Text]) -> Text:
        level = INFIX[function]
        symbol = SYMBOLS.get(function, function)
        if level in (AND, OR):
            # What stands in a chain of one of these is flat, as formatters see it.
            operands = [
                part
                for text in texts
                for part in (text.operands if text.operator == symbol else (text.within(level + 1),))
            ]
            return Text(f" {symbol} ".join(operands), level, "infix", symbol, tuple(operands))
        first, second = texts
        left = first.within(level if level != COMPARISON else level + 1)
        right = second.within(level + 1)
        return Text(f"{left} {symbol} {right}", level, "infix", symbol, (left, right))

    def _exists(self, operand: Operand, text: Text) -> Text:
        if nodes.kind_of(operand, self.by_name) == "real":
            return Text(f"~np.isnan({text.text})", UNARY)
        return Text(f"{text.within(COMPARISON + 1)} >= 0", COMPARISON)

    def _power(self, op: nodes.Map, texts: list[Text]) -> Text:
        base, exponent = op.arguments
        if isinstance(exponent, Const):
            if exponent.value == 2:
                return call("np.square", texts[0].text)
            if exponent.value == 0.5:
                return call("np.sqrt", texts[0].text)
            exact = math.isfinite(exponent.value) and exponent.value != 0
            if exact and self.axis_of(base) is not None:
                return call("np.power", texts[0].text, texts[1].text)
        return call("power", texts[0].text, texts[1].text)
