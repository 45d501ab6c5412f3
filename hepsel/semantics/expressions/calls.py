"""Calls of functions, of tables and of what the program defines."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from hepsel.semantics import program as typed
from hepsel.semantics.attributes import is_number
from hepsel.semantics.expressions.part import MAX_SIZE, Part, Scope, shortened, unknown
from hepsel.semantics.expressions.quantities import a_quantity, dimension, element_of
from hepsel.semantics.expressions.transverse import LONGITUDINAL
from hepsel.semantics.symbols import ALL_FUNCTIONS, COMPONENT_TYPES
from hepsel.semantics.types import (
    BOOL,
    ENERGY,
    INT,
    PURE,
    REAL,
    UNKNOWN,
    VECTOR,
    ItemType,
    ListType,
    RealType,
    Type,
    UnknownType,
    VectorType,
)
from hepsel.semantics.walk import fits
from hepsel.syntax import tree
from hepsel.syntax.parser import keywords
from hepsel.syntax.printer import print_argument, print_expression
from hepsel.vocabulary import foreign, formulas
from hepsel.vocabulary.functions import COMPONENTS_USED, FUNCTIONS, REDUCERS

if TYPE_CHECKING:
    from hepsel.semantics.expressions.checker import ExpressionChecker

_MAX_EXPANSIONS = 2_000
_TOO_MUCH = "E213"
_WITHIN = re.compile(r"^in `\w+` with these arguments: (?=in `)")
"""Of calls in calls, the outermost and the innermost are named."""

_ITEMS = {2: ("two", "a, b"), 3: ("three", "a, b, MET")}
_POLAR, _CARTESIAN = ("pt", "eta", "phi", "mass"), ("px", "py", "pz", "energy")
_PLACES = {"first": 0, "last": -1}
_FOUR_NUMBERS = f"write `four_vector({', '.join(_POLAR)})` or `four_vector({', '.join(_CARTESIAN)})`"
_ABOVE_AND_BELOW = (">", ">=", "<", "<=")


class Calls(Part):
    """Types calls."""

    def __init__(self, checker: ExpressionChecker) -> None:
        super().__init__(checker)
        self._expansions = 0
        self._expanding = False
        self.compared: tree.Comparison | None = None  # the comparison whose operands are being typed
        self.reduced = "min"  # the function whose list is being typed, or which is usual

    def call(self, expr: tree.Call) -> typed.Expr:
        """Type a call of anything."""
        name, symbols = expr.function, self.symbols
        kind = symbols.kinds.get(name) if self.scope.program_names else None
        if kind == "lost":
            return unknown(expr.span)
        if kind == "function":
            return self._expand(expr)
        if kind == "table":
            return self._lookup(expr)
        if name in ("min", "max") and len(expr.arguments) >= 2:
            return self.of_numbers(name, expr.arguments, expr)
        if name in REDUCERS:
            return self.checker.reducers.reduce(expr)
        if name in ("exists", "default"):
            return self._about_missing(expr)
        if name == "four_vector":
            return self._of_four_numbers(expr)
        signature = FUNCTIONS.get(name)
        if signature is None:
            return self._unknown_function(expr)
        if not signature.count <= len(expr.arguments) <= signature.count + signature.masses:
            wanted = (
                f"{signature.count} to {signature.count + signature.masses}" if signature.masses else signature.count
            )
            return self.argument_count(expr, str(wanted))
        if signature.arguments == "vectors":
            return self._of_vectors(expr)
        return self.of_numbers(name, expr.arguments, expr)

    def argument_count(self, expr: tree.Call, wanted: str) -> typed.Expr:
        """Report a wrong number of arguments."""
        signature = FUNCTIONS.get(expr.function)
        proposal = None
        if signature is not None and signature.arguments == "vectors":
            many, letters = _ITEMS[signature.count]
            remark = foreign.remark([expr.function]) if signature.count > 2 else ""
            proposal = (
                f"it takes {many} items or four-vectors, `{expr.function}({letters})`, and not their coordinates"
                f"{';' if remark else ''}{remark}"
            )
            if (of_this := self._of_this(expr, signature.count)) is not None:
                proposal = of_this
        elif expr.function == "four_vector":
            proposal = _FOUR_NUMBERS
        return self.report(
            "E304",
            f"`{expr.function}` takes {wanted} argument(s), and here are {len(expr.arguments)}",
            expr,
            proposal,
        )

    def _of_this(self, expr: tree.Call, count: int) -> str | None:
        """Say how a function of two items is written of the item of a block and the one that is given."""
        if count != 2 or len(expr.arguments) != 1 or self.scope.this is None:
            return None
        given, kind = print_argument(expr.arguments[0]), self.checker.guessed(expr.arguments[0])
        if isinstance(kind, ItemType | VectorType):
            return f"of the item of the block write `{expr.function}(this, {given})`"
        if isinstance(kind, ListType) and isinstance(kind.element, ItemType):
            return f"of the item of the block write `{expr.function}(this, x)`, with `for x in {given}`"
        return None

    def _unknown_function(self, expr: tree.Call) -> typed.Expr:
        name = expr.function
        if self.checker.names.used_too_early(name, expr.function_span):
            return unknown(expr.span)
        as_attribute = self._attribute(expr)
        if as_attribute is not None:
            return self.report(
                "E204", f"`{name}` is an attribute here, not a function", expr.function_span, as_attribute
            )
        if name in _PLACES and len(expr.arguments) == 1:
            of_place = f"{print_argument(expr.arguments[0])}[{_PLACES[name]}]"
            return self.report("E204", f"there is no function `{name}`", expr.function_span, f"write `{of_place}`")
        if name in keywords():
            return self.report(
                "E204",
                f"`{name}` begins a statement, and the one before it is not finished",
                expr.function_span,
                "finish it, or leave out the last word or sign of it",
            )
        if name in ("pow", "power"):
            return self.report("E204", f"there is no function `{name}`", expr.function_span, "write `x^2`")
        arguments = self._given(expr)
        known = [*ALL_FUNCTIONS, *self.symbols.functions, *self.symbols.tables]
        near = foreign.nearest(name, known, foreign.FUNCTIONS)
        if name in self.symbols.kinds or name in self.symbols.format.collections:
            return self.report("E204", f"`{name}` is not a function", expr.function_span)
        proposal = (
            f"did you mean {foreign.listed(near)}?{foreign.remark(near)}{self._of_how_many(expr, near)}"
            if near
            else self.checker.names.quantity(name, arguments)
            or f"functions are {', '.join(sorted({*ALL_FUNCTIONS, *self.symbols.functions, *self.symbols.tables}))}"
        )
        return self.report(
            "E204",
            f"there is no function `{name}`",
            expr.function_span,
            proposal,
            near[0] if len(near) == 1 else None,
        )

    def _attribute(self, expr: tree.Call) -> str | None:
        """Say how `pt(x)` or `mass(a, b)` is written, if the name is that of an attribute."""
        name = expr.function
        of_sum = foreign.folded(name) in formulas.MASSES_OF_SUMS
        attribute = "mass" if of_sum else foreign.called_here(name, foreign.ATTRIBUTES) or name
        this, given = self.scope.this, [print_argument(argument) for argument in expr.arguments]
        if not given:
            own = this is not None and self.attributes.has(this, attribute)
            return f"write `{attribute}`" if own else None
        if len(given) > 1:
            summed = attribute in COMPONENT_TYPES and attribute not in ("eta", "phi")
            return f"write `({' + '.join(given)}).{attribute}`" if summed and self._given(expr) else None
        if attribute not in COMPONENT_TYPES and attribute not in foreign.ATTRIBUTES.values():
            return None
        text = given[0]
        if not isinstance(expr.arguments[0], tree.Name | tree.Attribute | tree.Index | tree.Call):
            text = f"({text})"
        if text == this or self._comes_from(text):
            return f"of the item itself write `{attribute}`"
        if attribute in ("mass", "pt", "energy") and self._is_list(expr.arguments[0]):
            return f"of each of them write `{text}.{attribute}`, and of their sum `sum({given[0]}).{attribute}`"
        return f"write `{text}.{attribute}` instead of `{name}({given[0]})`"

    def _is_list(self, argument: tree.Expr) -> bool:
        return isinstance(self.checker.guessed(argument), ListType)

    def _comes_from(self, name: str) -> bool:
        """Whether the items of the block come from this collection."""
        block = self.symbols.collections.get(self.scope.this or "")
        return isinstance(block, typed.ObjectBlock) and name in block.sources

    def _given(self, expr: tree.Call) -> list[str]:
        """Return the arguments as written, unless all of them are numbers, where items are meant."""
        types = [
            None if isinstance(argument, tree.Generator) else self.checker.guessed(argument)
            for argument in expr.arguments
        ]
        of_branches = any(
            isinstance(argument, tree.Name) and self.checker.names.of_branch(argument.name)
            for argument in expr.arguments
        )
        numbers = all(kind is not None and is_number(element_of(kind)) for kind in types)
        coordinates = len(types) > 1 and (of_branches or numbers) and not formulas.is_of_numbers(expr.function)
        return [] if coordinates else [print_argument(argument) for argument in expr.arguments]

    def _of_how_many(self, expr: tree.Call, near: list[str]) -> str:
        """Say what a function is of, where it is called with coordinates."""
        signature = FUNCTIONS.get(near[0]) if len(near) == 1 else None
        if signature is None or signature.arguments != "vectors" or len(expr.arguments) == signature.count:
            return ""
        many, letters = _ITEMS[signature.count]
        return f"{';' if foreign.remark(near) else ''} it takes {many} items: `{near[0]}({letters})`"

    def of_numbers(self, name: str, arguments: tuple[tree.Expr, ...], node: tree.Expr) -> typed.Expr:
        """Type a function of numbers, or of lists of them item by item."""
        signature = FUNCTIONS[name]
        operands = [self.check(argument) for argument in arguments]

        def build(parts: list[typed.Expr]) -> typed.Expr:
            for part, argument in zip(parts, arguments, strict=True):
                if not is_number(part.type):
                    proposal = None
                    if isinstance(part.type, ItemType | VectorType):
                        proposal = "take an attribute of it, such as `.pt` or `.eta`"
                    return self.report(
                        "E302", f"`{name}` needs a number, and this is of type {part.type}", argument, proposal
                    )
            dims = [dimension(part.type) for part in parts]
            if signature.arguments == "pure" and dims[0] != PURE:
                return self.report(
                    "E403",
                    f"`{name}` needs a pure number, and this is {a_quantity(dims[0])}",
                    arguments[0],
                    "divide by a quantity of the same dimension, for example `/ (1 GeV)`",
                )
            other = next((k for k, dim in enumerate(dims) if dim != dims[0]), None)
            if other is not None and (ranked := self.ranked(node)) is not None:
                return self.report(
                    "E400",
                    f"`{print_expression(arguments[1])}` has no unit, and `{name}` compares it with each of the list",
                    arguments[1],
                    f"{ranked}; or write the unit",
                )
            if other is not None:
                return self.checker.arithmetic.dimensions(
                    node, parts[0], parts[other], arguments[0], arguments[other], "compare"
                )
            if name == "abs":
                self.checker.habits.warn_of_turn(parts[0], arguments[0].span)
            result: Type = REAL
            if signature.result == "same":
                integers = all(part.type == INT for part in parts)
                result = INT if integers else RealType(dims[0])
            elif signature.result == "root":
                result = RealType(dims[0] ** Fraction(1, 2))
            call = typed.Function(name, tuple(parts[: signature.count]), type=result, span=node.span)
            for part in parts[signature.count :]:  # `min` and `max` of more than two
                call = typed.Function(name, (call, part), type=result, span=node.span)
            return call

        return self.checker.lists.together(operands, node, build)

    def ranked(self, expr: tree.Expr) -> str | None:
        """Say how the k-th largest is written, where `max(list, k)`, also compared, may be meant as that."""
        match expr:
            case tree.Comparison(operands):
                return next(filter(None, map(self.ranked, operands)), None)
            case tree.Call("min" | "max" as name, (first, tree.Number(text, None))) if text.isdigit() and int(text) > 1:
                if isinstance(self.checker.guessed(first), ListType):
                    function = "smallest" if name == "min" else "largest"
                    return (
                        f"counted from the {function}, number {text} is `{function}({print_argument(first)}, {text})`"
                    )
        return None

    def _of_vectors(self, expr: tree.Call) -> typed.Expr:
        name = expr.function
        arguments: list[typed.Expr] = []
        for argument, components in zip(expr.arguments, COMPONENTS_USED[name], strict=False):
            value = self.check(argument)
            if isinstance(value.type, UnknownType):
                return value
            if isinstance(value.type, ListType):
                return self.report(
                    "E305",
                    f"`{name}` is between {_ITEMS[FUNCTIONS[name].count][0]} items, and this is a list",
                    argument,
                    self.checker.members.the_only_one(value) or self._over(expr),
                )
            if not isinstance(value.type, ItemType | VectorType):
                return self.report(
                    "E306",
                    f"`{name}` is between items or four-vectors, and this is of type {value.type}",
                    argument,
                    self._of_items(expr),
                )
            if isinstance(value.type, ItemType):
                missing = self._missing_components(value, components)
                if missing:
                    return self.report(
                        "E307",
                        f"`{name}` needs {', '.join(missing)}, which items of {value.type.collection} do not "
                        f"have in the format {self.symbols.format.name}",
                        argument,
                        f"they have {shortened(self.attributes.names(value.type.collection))}",
                    )
                value = typed.VectorOf(value, type=VECTOR, span=value.span)
            arguments.append(value)
            if LONGITUDINAL.intersection(components):
                self.checker.transverse.warn(value, f"`{name}`", argument.span)
        result = RealType(ENERGY) if FUNCTIONS[name].result == "energy" else REAL
        masses = [self._mass(expr, argument) for argument in expr.arguments[len(arguments) :]]
        if any(isinstance(mass.type, UnknownType) for mass in masses):
            return unknown(expr.span)
        if not all(isinstance(mass, typed.Constant) and mass.value == 0 for mass in masses):
            arguments += masses if len(masses) == FUNCTIONS[name].masses else masses * FUNCTIONS[name].masses
        return typed.Function(name, tuple(arguments), type=result, span=expr.span)

    def _of_four_numbers(self, expr: tree.Call) -> typed.Expr:
        """Type a four-vector of numbers: which numbers, the dimensions of the second and third say."""
        if len(expr.arguments) != len(_POLAR):
            return self.argument_count(expr, str(len(_POLAR)))
        values = [self.check(argument) for argument in expr.arguments]
        if any(isinstance(value.type, UnknownType) for value in values):
            return unknown(expr.span)
        for value, argument in zip(values, expr.arguments, strict=True):
            if not is_number(value.type):
                proposal = _FOUR_NUMBERS
                if isinstance(value.type, ListType):
                    proposal = f"of each item of a list: in an `object`, `let p4 = {expr.function}(...)`"
                return self.report(
                    "E302",
                    f"`{expr.function}` takes four numbers, and this is of type {value.type}",
                    argument,
                    proposal,
                )
        polar = ENERGY not in (dimension(values[1].type), dimension(values[2].type))
        names = _POLAR if polar else _CARTESIAN
        for name, value, argument in zip(names, values, expr.arguments, strict=True):
            wanted, found = PURE if name in ("eta", "phi") else ENERGY, dimension(value.type)
            text = print_expression(argument)
            if found == PURE != wanted and isinstance(value, typed.Constant):
                return self._without_unit(value, argument, name)
            # To the units a mass is an energy, and the other way round.
            other = {"mass": "energy", "energy": "mass"}.get(name)
            of_item = isinstance(argument, tree.Attribute) or (
                isinstance(argument, tree.Name) and self.scope.this is not None
            )
            if found != wanted or (of_item and text.split(".")[-1] == other):
                what = f"`{text}`" if found == wanted else a_quantity(found)
                return self.report(
                    "E401" if found != wanted else "E302",
                    f"`{expr.function}({', '.join(names)})` takes {name} here, and this is {what}",
                    argument,
                    _FOUR_NUMBERS,
                )
        if not polar and self._is_constant(values[3]) and not all(map(self._is_constant, values)):
            return self.report(
                "E302",
                f"`{expr.function}({', '.join(names)})` takes energy here, and this is the same for every momentum",
                expr.arguments[3],
                "of a mass m it is `sqrt(px^2 + py^2 + pz^2 + m^2)`",
            )
        return typed.VectorFrom(tuple(values), polar, type=VECTOR, span=expr.span)

    def _is_constant(self, value: typed.Expr) -> bool:
        return isinstance(self.symbols.defined(value), typed.Constant)

    def _mass(self, expr: tree.Call, argument: tree.Expr) -> typed.Expr:
        """Type a mass behind the items of a function."""
        value = self.check(argument)
        if isinstance(value.type, UnknownType):
            return value
        if not is_number(value.type):
            return self.report(
                "E302",
                f"`{expr.function}` takes masses behind its items, and this is of type {value.type}",
                argument,
                f"write the masses of what is not seen, as in `{expr.function}({_ITEMS[3][1]}, 100 GeV)`",
            )
        if dimension(value.type) == PURE and isinstance(value, typed.Constant):
            return self._without_unit(value, argument, "a mass")
        if dimension(value.type) != ENERGY:
            return self.report(
                "E401",
                f"`{expr.function}` takes masses behind its items, and this is {a_quantity(dimension(value.type))}",
                argument,
            )
        return value

    def _without_unit(self, value: typed.Constant, argument: tree.Expr, what: str) -> typed.Expr:
        """Report a number that has to be a mass, momentum or energy, and has no unit."""
        text = f"{value.value:.12g}"
        mended = f"{text} GeV"
        return self.report(
            "E400", f"`{text}` has no unit, and is {what} here", argument, f"write the unit: `{mended}`", mended
        )

    def _of_items(self, expr: tree.Call) -> str | None:
        """Return a function of coordinates, such as `dphi(a.phi, b.phi)`, with the items that have them."""
        items = []
        for argument, components in zip(expr.arguments, COMPONENTS_USED[expr.function], strict=False):
            own = isinstance(argument, tree.Name) and argument.name in components
            if own and self.scope.this is not None:
                items.append("this")
            elif isinstance(argument, tree.Attribute) and argument.name in components:
                items.append(print_expression(argument.item))
            else:
                if not isinstance(self.checker.guessed(argument), ItemType | VectorType):
                    return None
                items.append(print_expression(argument))
        items += map(print_argument, expr.arguments[len(items) :])
        return f"it takes the items themselves: `{expr.function}({', '.join(items)})`"

    def _over(self, expr: tree.Call) -> str:
        """Say how a function of items is written of those arguments that are lists."""
        written, loops = [], ""
        turns: list[str] = []
        taken = {*self.symbols.kinds, *self.scope.variables, *self.scope.lets}
        free = (name for name in "ijklnxyz" if name not in taken)
        for argument, variable in zip(expr.arguments, free, strict=False):
            text = print_expression(argument)
            if isinstance(self.check(argument).type, ListType):
                loops += f" for {variable} in {text}"
                text = variable
                turns.append(variable)
            written.append(text)
        call = f"{expr.function}({', '.join(written)})"
        each = ""
        if len(turns) == 1 and not self.scope.variables and "this" not in written:
            of_this = ", ".join("this" if text in turns else text for text in written)
            each = f"; for a number per item, an `object` has `let x = {expr.function}({of_this})`"
        return self._as_condition(expr, call, loops) or f"write a generator: `{self.reduced}({call}{loops})`{each}"

    def _as_condition(self, expr: tree.Call, call: str, loops: str) -> str | None:
        """Say how a comparison with a function of each item of a list, or with their minimum, is written.

        The minimum over nothing is missing, and no comparison with it true: `all` and `any` have the answer there.
        """
        compared = self.compared
        if compared is None or len(compared.operands) != 2:
            return None
        place = next((i for i, operand in enumerate(compared.operands) if _is_of(operand, expr)), None)
        if place is None:
            return None
        operand, other = compared.operands[place], print_expression(compared.operands[1 - place])
        operator = compared.operators[0]
        condition = f"{call} {operator} {other}{loops}" if place == 0 else f"{other} {operator} {call}{loops}"
        if operand is expr or operator not in _ABOVE_AND_BELOW:
            return f"write a generator: `any({condition})` if it holds for one of them, `all({condition})` if for each"
        assert isinstance(operand, tree.Call)
        above = (operator in (">", ">=")) == (place == 0)
        function = "all" if above == (operand.function == "min") else "any"
        return f"write a generator: `{function}({condition})`"

    def _missing_components(self, item: typed.Expr, components: tuple[str, ...]) -> list[str]:
        assert isinstance(item.type, ItemType)
        own_p4 = self.own_p4_of(item)
        return [
            name for name in components if self.attributes.type_of(item.type.collection, name, own_p4=own_p4) is None
        ]

    def _about_missing(self, expr: tree.Call) -> typed.Expr:
        wanted = 1 if expr.function == "exists" else 2
        if len(expr.arguments) != wanted:
            return self.argument_count(expr, str(wanted))
        value = self.check(expr.arguments[0])
        self._warn_of_presence(expr, value)
        if expr.function == "exists":
            if isinstance(value.type, ListType):
                return self.report("E305", "a list always exists; it may be empty", expr, "write `count(...) > 0`")
            if isinstance(value.type, UnknownType):
                return value
            return typed.Exists(value, type=BOOL, span=expr.span)
        other = self.check(expr.arguments[1], value.type)

        def build(parts: list[typed.Expr]) -> typed.Expr:
            one, two = expr.arguments

            def make(a: typed.Expr, b: typed.Expr, kind: Type) -> typed.Expr:
                return typed.Default(a, b, type=kind, span=expr.span)

            return self.checker.conditions.choice(expr, (parts[0], one), (parts[1], two), "replace", make)

        if isinstance(value.type, ItemType | VectorType):
            return value if UNKNOWN in (value.type, other.type) else build([value, other])
        return self.checker.lists.together([value, other], expr, build)

    def _warn_of_presence(self, expr: tree.Call, value: typed.Expr) -> None:
        """Warn of `default(trigger.X, ...)`: a decision is there in every event, or its branch is in no event."""
        if not isinstance(value, typed.Attribute) or not isinstance(value.item, typed.Single):
            return
        owner = value.item.name
        spec = self.symbols.format.collections[owner]
        if spec.pattern is not None and value.name not in spec.attributes:
            name = f"{owner}.{value.name}"
            self.symbols.report(
                "W605",
                f"`{name}` is absent from no event: "
                + ("`exists` is always true" if expr.function == "exists" else "its `default` never applies"),
                expr.span,
                f"write `{name}`; a file without its branch stops the run, unless a format of your own "
                f"lists `{value.name}` among the attributes of {owner}, with a `default`",
            )

    def _lookup(self, expr: tree.Call) -> typed.Expr:
        table = self.symbols.tables[expr.function]
        kinds = table.axes
        if len(expr.arguments) != len(kinds):
            return self.argument_count(expr, str(len(kinds)))
        operands = [self.check(argument) for argument in expr.arguments]

        def build(parts: list[typed.Expr]) -> typed.Expr:
            for part, kind, parameter, node in zip(parts, kinds, table.parameters, expr.arguments, strict=True):
                if not is_number(part.type):
                    return self.report("E302", f"a table needs numbers, and this is of type {part.type}", node)
                if dimension(part.type) != dimension(kind):
                    without = f"in the table, give the ranges of `{parameter}` the unit that they are meant in"
                    return self.report(
                        "E401",
                        f"the table `{table.name}` takes {a_quantity(dimension(kind))} here, "
                        f"and this is {a_quantity(dimension(part.type))}",
                        node,
                        without if dimension(kind) == PURE else None,
                    )
            return typed.TableLookup(table.name, tuple(parts), type=table.type, span=expr.span)

        return self.checker.lists.together(operands, expr, build)

    def _expand(self, expr: tree.Call) -> typed.Expr:
        """Expand a function of the program: its body, with the arguments as typed outside it."""
        definition = self.symbols.functions[expr.function]
        assert definition.parameters is not None
        if len(expr.arguments) != len(definition.parameters):
            return self.argument_count(expr, str(len(definition.parameters)))
        arguments = [self.check(argument) for argument in expr.arguments]
        if any(isinstance(argument.type, UnknownType) for argument in arguments):
            return unknown(expr.span)
        outermost, self._expanding = not self._expanding, True
        self._expansions = 1 if outermost else self._expansions + 1
        try:
            if self._expansions > _MAX_EXPANSIONS:
                return self._too_much(expr)
            scope = Scope(variables=dict(zip(definition.parameters, arguments, strict=True)))
            with self.symbols.aside() as problems, self.checker.within(scope):
                result = self.check(definition.value)
        finally:
            self._expanding = not outermost
        if outermost and self._expansions <= _MAX_EXPANSIONS and not fits(result, MAX_SIZE):
            return self._too_much(expr)
        if problems:
            # Told where the function is called: its body may be right for other arguments.
            first = next((item for item in problems if item.severity == "error"), problems[0])
            if first.code == _TOO_MUCH:
                return self._too_much(expr)
            message = f"in `{expr.function}` with these arguments: {_WITHIN.sub('', first.message)}"
            self.symbols.report(first.code, message, expr.span, first.proposal)
            if first.severity == "error":
                return unknown(expr.span)
        return replace(result, span=expr.span)

    def _too_much(self, expr: tree.Call) -> typed.Expr:
        return self.report(
            _TOO_MUCH,
            f"`{expr.function}`, written out in full, is too large",
            expr.function_span,
            "give what its functions repeat a name, with `define` or `let`",
        )


def _is_of(operand: tree.Expr, call: tree.Call) -> bool:
    """Whether an operand is this call, or the minimum or maximum of it."""
    if isinstance(operand, tree.Call) and operand.function in ("min", "max") and len(operand.arguments) == 1:
        return operand.arguments[0] is call
    return operand is call
