"""Types expressions: from the syntax tree to typed expressions, reporting what does not fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from hepsel.semantics import foreign
from hepsel.semantics import program as typed
from hepsel.semantics.attributes import Attributes, is_number
from hepsel.semantics.functions import COMPONENTS_USED, FUNCTIONS, REDUCERS
from hepsel.semantics.symbols import ALL_FUNCTIONS, COMPONENT_TYPES, Symbols
from hepsel.semantics.types import (
    BOOL,
    ENERGY,
    INT,
    LENGTH,
    LUMINOSITY,
    PURE,
    REAL,
    TIME,
    UNKNOWN,
    VECTOR,
    BoolType,
    Dimension,
    EnumType,
    IntType,
    ItemType,
    ListType,
    RealType,
    Type,
    UnknownType,
    VectorType,
)
from hepsel.semantics.units import MAX_POWER, UNITS, Unit
from hepsel.semantics.walk import fits, substitute, walk
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import Diagnostic
from hepsel.syntax.parser import SyntaxProblem, parse_expression
from hepsel.syntax.tree import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hepsel.formats.schema import Format

_MAX_EXPANSIONS = 2_000
MAX_SIZE = 20_000
"""How many parts an expression may have when all functions and lists in it are written out."""

# What is being done to two numbers of different dimension: to one that has no unit, and to any two.
_NO_UNIT = {
    "compare": "compared with",
    "add": "in a sum with",
    "subtract": "in a difference with",
    "replace": "the default of",
    "combine": "in an `if` with",
}
_MIXED = {
    "compare": "cannot compare {} with {}",
    "add": "cannot add {} and {}",
    "subtract": "cannot subtract from {} {}",
    "replace": "the default of {} cannot be {}",
    "combine": "the branches of an `if` cannot be {} and {}",
}

USUAL_UNITS = {ENERGY: "GeV", LENGTH: "mm", TIME: "ns", LUMINOSITY: "fb^-1"}

_VECTOR_ATTRIBUTES = ("pt", "eta", "phi", "mass", "energy", "charge")


@dataclass(frozen=True)
class Scope:
    """What names mean at one place, besides the program's own."""

    this: str | None = None
    own_p4: bool = True
    lets: Mapping[str, typed.ValueRef] = field(default_factory=dict)
    variables: Mapping[str, typed.Expr] = field(default_factory=dict)
    program_names: bool = True


class ExpressionChecker:
    """Types expressions against the symbols that are known so far.

    Parameters
    ----------
    symbols
        Names, and where problems are reported.
    """

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self.scope = Scope()
        self.attributes = Attributes(symbols, self._derived)
        self._expansions = 0
        self._expanding = False

    # ---------------------------------------------------------------- scopes

    @contextmanager
    def within(self, scope: Scope) -> Iterator[None]:
        """Check expressions in another scope for a while."""
        outer, self.scope = self.scope, scope
        try:
            yield
        finally:
            self.scope = outer

    def _derived(self, collection: str, name: str, text: str) -> typed.Expr:
        """Type a derived attribute (or, with an empty name, the `where`) of the format."""
        scope = Scope(this=collection, program_names=False)
        with self.symbols.aside() as found, self.within(scope):
            try:
                expr = self.check(parse_expression(text))
                problems = [item.message for item in found if item.severity == "error"]
            except SyntaxProblem as error:
                expr = self._unknown(tree.NOWHERE)
                problems = [str(error)]
        for problem in problems:
            place = f"{collection}.{name}" if name else f"{collection}, `where`"
            self.symbols.report(
                "E212",
                f"format {self.symbols.format.name}, {place}: {problem}",
                tree.Span(0, 0, 1, 1),
                f"in `{text}`",
            )
        return expr

    # ---------------------------------------------------------------- helpers

    def report(
        self,
        code: str,
        message: str,
        node: tree.Node | Span,
        proposal: str | None = None,
        replacement: str | None = None,
    ) -> typed.Expr:
        """Report a problem and return an expression of unknown type."""
        span = node if isinstance(node, Span) else node.span
        self.symbols.report(code, message, span, proposal, replacement)
        return self._unknown(span)

    @staticmethod
    def _unknown(span: Span) -> typed.Expr:
        return typed.Constant(False, type=UNKNOWN, span=span)

    def condition(self, expr: tree.Expr) -> typed.Expr:
        """Type an expression that has to be true or false."""
        result = self.check(expr)
        if isinstance(result.type, BoolType | UnknownType):
            return result
        if isinstance(result.type, ListType):
            if isinstance(result.type.element, BoolType):
                return self.report(
                    "E305",
                    "this is a list of conditions, one for each item",
                    expr,
                    "ask for `any(...)` or `all(...)` of them",
                )
            return self.report(
                "E301",
                f"a condition is true or false, and this is a {result.type}",
                expr,
                "write `count(...) > 0` to ask whether it has items",
            )
        proposal = (
            "compare it with something: `... > 0`"
            if is_number(result.type)
            else "write `exists(...)` to ask whether it is there"
        )
        return self.report("E301", f"a condition is true or false, and this is of type {result.type}", expr, proposal)

    def number(self, expr: tree.Expr, what: str) -> typed.Expr:
        """Type an expression that has to be a number (of any dimension)."""
        result = self.check(expr)
        if is_number(result.type) or isinstance(result.type, UnknownType):
            return result
        return self.report("E302", f"{what} is a number, and this is of type {result.type}", expr)

    def constant(self, expr: tree.Expr) -> tuple[float, Dimension] | None:
        """Evaluate a literal, possibly with a minus sign, in base units."""
        sign = 1.0
        while isinstance(expr, tree.Unary) and expr.operator == "-":
            sign, expr = -sign, expr.operand
        assert isinstance(expr, tree.Number)
        result = self._number(expr)
        if not isinstance(result, typed.Constant) or isinstance(result.type, UnknownType):
            return None
        dimension = result.type.dimension if isinstance(result.type, RealType) else PURE
        return sign * float(result.value), dimension

    def stored_unit(self, expr: typed.Expr) -> str | None:
        """Return the unit in which the format stores the attribute that `expr` is, if it is one."""
        if isinstance(expr, typed.Function) and expr.name == "abs":
            return self.stored_unit(expr.arguments[0])
        if not isinstance(expr, typed.Attribute) or not isinstance(expr.item.type, ItemType):
            return None
        collection = expr.item.type.collection
        for _ in range(20):
            found = typed.resolve(self.symbols.format, self.symbols.collections, collection, expr.name)
            if isinstance(found, typed.StoredAttribute):
                return found.spec.unit
            if not isinstance(found, typed.FromSource):
                return None
            collection = found.sources[0]
        return None

    # ---------------------------------------------------------------- dispatch

    def check(self, expr: tree.Expr, expected: Type | None = None) -> typed.Expr:
        """Type an expression.

        Parameters
        ----------
        expr
            As parsed.
        expected
            The type of what it is compared with: tells values of enumerations apart.
        """
        match expr:
            case tree.Number():
                return self._number(expr)
            case tree.Boolean():
                return typed.Constant(expr.value, type=BOOL, span=expr.span)
            case tree.Name():
                return self._name(expr, expected)
            case tree.Attribute():
                return self._attribute(expr)
            case tree.Index():
                return self._index(expr)
            case tree.Slice():
                return self._slice(expr)
            case tree.Call():
                return self._call(expr)
            case tree.Absolute():
                return self._function_of_numbers("abs", (expr.operand,), expr)
            case tree.Unary():
                return self._unary(expr)
            case tree.Binary():
                if expr.operator in ("and", "or"):
                    return self._logical(expr)
                return self._arithmetic(expr)
            case tree.Comparison():
                return self._comparison(expr)
            case tree.Membership():
                return self._membership(expr)
            case tree.Conditional():
                return self._conditional(expr, expected)
            case tree.Generator():
                return self.report(
                    "E310",
                    "a generator stands inside a function",
                    expr,
                    "write `any(...)`, `all(...)`, `count(...)` or `sum(...)` around it",
                )
        raise AssertionError(expr)

    # ---------------------------------------------------------------- leaves

    def _unit(self, ref: tree.UnitRef) -> Unit | None:
        if ref.name not in UNITS:
            near = foreign.nearest(ref.name, UNITS)
            proposal = f"did you mean {foreign.listed(near)}?" if near else f"units are {', '.join(UNITS)}"
            name_only = replace(ref.span, end=ref.span.start + len(ref.name))
            mended = near[0] if len(near) == 1 else None
            self.symbols.report("E402", f"`{ref.name}` is not a unit", name_only, proposal, mended)
            return None
        numerator, denominator = ref.power
        if numerator == 0 or not (0 < denominator <= MAX_POWER and abs(numerator) <= MAX_POWER):
            message = f"the power of a unit is a whole number or fraction, not 0, and at most {MAX_POWER}"
            self.symbols.report("E402", message, ref.span, "for example `fb^-1` or `GeV^(1/2)`")
            return None
        return UNITS[ref.name].to_power(Fraction(numerator, denominator))

    def _number(self, expr: tree.Number) -> typed.Expr:
        if expr.unit is None:
            if expr.text.isdigit():
                if len(expr.text) > 19 or int(expr.text) >= 2**63:
                    return self.report("E313", "a whole number of this size does not fit into 64 bits", expr)
                return typed.Constant(int(expr.text), type=INT, span=expr.span)
            value = float(expr.text)
            if math.isinf(value):
                return self._too_large(expr)
            return typed.Constant(value, type=REAL, span=expr.span)
        unit = self._unit(expr.unit)
        if unit is None:
            return self._unknown(expr.span)
        zero = not expr.text.lower().partition("e")[0].strip("0.")
        if not zero and not 1e-300 < float(expr.text) < 1e300:
            return self._too_large(expr)
        # Exact in decimal: 0.1 GeV is 100 MeV, whatever 0.1 is in binary.
        exact = Fraction(0) if zero else _decimal(expr.text)
        try:
            value = float(exact * unit.factor) if isinstance(unit.factor, Fraction) else float(exact) * unit.factor
        except OverflowError:
            return self._too_large(expr)
        return typed.Constant(value, type=RealType(unit.dimension), span=expr.span)

    def _too_large(self, expr: tree.Number) -> typed.Expr:
        return self.report("E313", "a number of this size does not fit into 64 bits", expr)

    def _name(self, expr: tree.Name, expected: Type | None) -> typed.Expr:
        name, scope, symbols = expr.name, self.scope, self.symbols
        if name in scope.variables:
            return replace(scope.variables[name], span=expr.span)
        if name == "this":
            if scope.this is None:
                return self.report("E200", "`this` is the item of an object or composite; there is none here", expr)
            return typed.This(type=ItemType(scope.this), span=expr.span)
        if name in scope.lets:
            return self._value_ref(scope.lets[name].name, expr.span)
        bare = self.attributes.type_of(scope.this, name, own_p4=scope.own_p4) if scope.this is not None else None
        kind = symbols.kinds.get(name) if scope.program_names else None
        if kind == "lost":
            return self._unknown(expr.span)
        if bare is not None or (name == "p4" and scope.this is not None):
            if kind in ("value", "collection"):
                return self.report(
                    "E206",
                    f"`{name}` is an attribute of the item and also defined in the program",
                    expr,
                    f"write `this.{name}` for the attribute, or give the definition another name",
                )
            this = typed.This(type=ItemType(scope.this or ""), span=expr.span)
            return self._item_attribute(this, name, expr.span, expr.span)
        if kind == "value":
            return self._value_ref(name, expr.span)
        if kind == "collection" or name in symbols.format.collections:
            return self._collection(name, expr.span)
        if name == "pi":
            return typed.Constant(3.141592653589793, type=REAL, span=expr.span)
        enumerations = list(symbols.enumerations_with(name))
        if enumerations:
            chosen = expected if expected in enumerations else enumerations[0]
            assert isinstance(chosen, EnumType)
            return typed.Constant(name, type=chosen, span=expr.span)
        return self._unknown_name(expr, kind, expected)

    def _unknown_name(self, expr: tree.Name, kind: str | None, expected: Type | None) -> typed.Expr:
        name, symbols = expr.name, self.symbols
        if kind == "region":
            return self.report("E209", f"`{name}` is a region, not a value", expr, f"start a region with `take {name}`")
        if kind in ("function", "table"):
            return self.report("E209", f"`{name}` is a {kind}", expr, f"call it: `{name}(...)`")
        if name in ALL_FUNCTIONS:
            return self.report("E209", f"`{name}` is a function", expr, f"call it: `{name}(...)`")
        if isinstance(expected, EnumType):
            near = foreign.nearest(name, expected.values)
            hint = f"did you mean {foreign.listed(near)}? " if near else ""
            return self.report(
                "E207",
                f"`{name}` is not a value of the enumeration {expected.name}",
                expr,
                f"{hint}its values are {', '.join(expected.values)}",
                near[0] if len(near) == 1 else None,
            )
        if self.used_too_early(name, expr.span):
            return self._unknown(expr.span)
        if self.scope.this and self.attributes.conflict(self.scope.this, name):
            return self._conflict(self.scope.this, name, expr.span)
        if name in UNITS:
            return self.report(
                "E200", f"`{name}` is a unit, and a unit stands behind a number", expr, f"write `1 {name}`"
            )
        candidates = symbols.value_names() + list(self.scope.lets) + list(self.scope.variables)
        attributes = self.attributes.names(self.scope.this) if self.scope.this else []
        near = foreign.nearest(name, attributes, foreign.ATTRIBUTES) or foreign.nearest(name, candidates, foreign.NAMES)
        proposal = self._elsewhere(name, self.scope.this)
        if proposal is None and self.scope.this is not None:
            proposal = self._elsewhere(name)
        if proposal is not None and not (near and name in foreign.NAMES):
            near = []
        elif near:
            proposal = f"did you mean {foreign.listed(near)}?"
        if self.scope.this is not None and not near:
            has = f"an item of {self.scope.this} has {_some(attributes)}"
            proposal = f"{proposal}; {has}" if proposal else has
        where = f" and not an attribute of {self.scope.this}" if self.scope.this else ""
        return self.report(
            "E200",
            f"`{name}` is not defined{where}",
            expr,
            proposal or "define it before it is used",
            near[0] if len(near) == 1 else None,
        )

    def used_too_early(self, name: str, span: Span) -> bool:
        """Report a name that is defined further down, or that is being defined; say whether it is one."""
        symbols = self.symbols
        if not self.scope.program_names:
            return False
        if name == symbols.current:
            self.report("E211", f"`{name}` is used in its own definition", span, "nothing in hepsel is recursive")
        elif name in symbols.later:
            self.report(
                "E208",
                f"`{name}` is defined further down, in line {symbols.later[name].line}",
                span,
                "a name is defined before it is used: move the definition up",
            )
        else:
            return False
        return True

    def _conflict(self, collection: str, name: str, span: Span) -> typed.Expr:
        kinds = {f"{kind}" for source in self._sources(collection) if (kind := self.attributes.type_of(source, name))}
        return self.report(
            "E303",
            f"the members of {collection} do not agree on what `{name}` is: {' or '.join(sorted(kinds))}",
            span,
            "give one of the two another name",
        )

    def _sources(self, collection: str) -> tuple[str, ...]:
        block = self.symbols.collections.get(collection)
        if isinstance(block, typed.ObjectBlock):
            return block.sources
        return typed.leaf_collections(self.symbols.collections, collection.removesuffix(typed.PARTS_SUFFIX))

    def _value_ref(self, name: str, span: Span) -> typed.Expr:
        value = self.symbols.values[name].expr
        if isinstance(value.type, ListType | UnknownType):
            # A list is written out where it is used, so that lists of one collection are known to be of one.
            if not fits(value, MAX_SIZE):
                return self.report(
                    "E213", f"`{name}`, written out in full, is too large", span, "use fewer lists of lists"
                )
            return replace(value, span=span)
        return typed.ValueRef(name, type=value.type, span=span)

    def _collection(self, name: str, span: Span) -> typed.Expr:
        spec = self.symbols.format.collections.get(name)
        if spec is not None:
            if spec.single:
                return typed.Single(name, type=ItemType(name), span=span)
            self.use_collection(name)
        return typed.CollectionRef(name, type=ListType(ItemType(name)), span=span)

    def use_collection(self, name: str) -> None:
        """Type the condition of a format's collection that is a part of another one."""
        spec = self.symbols.format.collections[name]
        if spec.base is not None:
            self.use_collection(spec.base)
            if spec.where is not None and name not in self.symbols.where:
                self.symbols.where[name] = self._derived(spec.base, "", spec.where)

    def complete(self) -> None:
        """Type what a program reaches without naming it: four-vectors of items, targets of links that are a part."""
        for name, spec in self.symbols.format.collections.items():
            self.use_collection(name)
            for attribute in _VECTOR_ATTRIBUTES:
                if attribute in spec.attributes:
                    self.attributes.type_of(name, attribute)

    # ---------------------------------------------------------------- attributes

    def _attribute(self, expr: tree.Attribute) -> typed.Expr:
        item = self.check(expr.item)
        return self.attribute(item, expr.name, expr.span, expr.name_span)

    def attribute(self, item: typed.Expr, name: str, span: Span, name_span: Span) -> typed.Expr:
        """Type `item.name`; on a list, that of each of its elements."""
        match item.type:
            case UnknownType():
                return self._unknown(span)
            case ItemType():
                return self._item_attribute(item, name, span, name_span)
            case VectorType():
                if name == "p4":
                    return item
                if name in COMPONENT_TYPES:
                    return typed.Component(item, name, type=COMPONENT_TYPES[name], span=span)
                near = foreign.nearest(name, COMPONENT_TYPES, foreign.ATTRIBUTES)
                hint = f"did you mean {foreign.listed(near)}?" if near else f"it has {', '.join(COMPONENT_TYPES)}"
                return self.report(
                    "E203", f"a four-vector has no `{name}`", name_span, hint, near[0] if len(near) == 1 else None
                )
            case ListType(element) if isinstance(element, ItemType | VectorType):
                return self._each(item, lambda part: self.attribute(part, name, span, name_span), span)
        return self.report(
            "E306",
            f"only items have attributes, and this is of type {item.type}",
            name_span,
        )

    def _item_attribute(self, item: typed.Expr, name: str, span: Span, name_span: Span) -> typed.Expr:
        assert isinstance(item.type, ItemType)
        collection = item.type.collection
        own_p4 = self.scope.own_p4 or not isinstance(item, typed.This)
        if name == "p4":
            if self.attributes.has_vector(collection, own_p4=own_p4):
                return typed.VectorOf(item, type=VECTOR, span=span)
            return self._no_vector(collection, name_span)
        kind = self.attributes.type_of(collection, name, own_p4=own_p4)
        if kind is not None:
            return typed.Attribute(item, name, type=kind, span=span)
        if self.attributes.conflict(collection, name):
            return self._conflict(collection, name, name_span)
        if name in COMPONENT_TYPES and name != "charge":
            return self._no_vector(collection, name_span, name)
        names = self.attributes.names(collection)
        near = foreign.nearest(name, names, foreign.ATTRIBUTES)
        if near:
            proposal = f"did you mean {foreign.listed(near)}?"
        else:
            elsewhere = self._elsewhere(name, collection)
            proposal = f"{elsewhere + '; ' if elsewhere else ''}it has {_some(names)}"
        spec = self.symbols.format.collections.get(collection)
        owner = collection if spec is not None and spec.single else f"an item of {collection}"
        return self.report(
            "E203",
            f"{owner} has no `{name}` in the format {self.symbols.format.name}",
            name_span,
            proposal,
            near[0] if len(near) == 1 else None,
        )

    def _no_vector(self, collection: str, span: Span, name: str | None = None) -> typed.Expr:
        what = f"no `{name}`, and no complete four-vector" if name else "no four-vector"
        return self.report(
            "E307",
            f"items of {collection} have {what} in the format {self.symbols.format.name}",
            span,
            "a four-vector needs pt, eta, phi, and mass or energy",
        )

    def _elsewhere(self, name: str, collection: str | None = None) -> str | None:
        """Say who else has an attribute of this name: collections of this format, or other formats.

        Parameters
        ----------
        name
            The attribute, or collection, that is not here.
        collection
            Whose attribute it was thought to be; `None` where it may be a collection as well.
        """
        from hepsel.formats.loader import builtin_formats, load_format

        symbols = self.symbols
        roots = self._roots(collection) if collection is not None else set()
        here = owners(symbols.format, name)
        found = []
        for other in builtin_formats():
            if other == symbols.format.name:
                continue
            data_format = load_format(other)
            if collection is None and name in data_format.collections:
                found.append(other)
                continue
            there = owners(data_format, name)
            same = [owner for owner in there if owner in roots]
            if same or (there and not here):
                found.append(f"{other} ({', '.join(f'{owner}.{name}' for owner in (same or there)[:3])})")
        if found:
            return f"the format {symbols.format.name} lacks it; there is one in {', '.join(found)}"
        if here:
            return f"in the format {symbols.format.name} it is an attribute of {', '.join(here)}"
        return None

    def _roots(self, collection: str) -> set[str]:
        """Return the collections of the format that the items of a collection come from."""
        collection = collection.removesuffix(typed.PARTS_SUFFIX)
        block = self.symbols.collections.get(collection)
        if isinstance(block, typed.ObjectBlock):
            return set().union(*map(self._roots, block.sources))
        if isinstance(block, typed.CompositeBlock):
            return set().union(*(self._roots(slot.collection) for slot in block.slots))
        return {collection}

    # ---------------------------------------------------------------- lists

    def _each(self, items: typed.Expr, function: Callable[[typed.Expr], typed.Expr], span: Span) -> typed.Expr:
        """Apply a function to each element of a list."""
        if isinstance(items, typed.Comprehension):
            body = function(items.body)
            loops, condition = items.loops, items.condition
        else:
            assert isinstance(items.type, ListType)
            uid = self.symbols.uid()
            variable = typed.Variable("item", uid, type=items.type.element, span=span)
            loops, condition = (typed.Loop((variable,), items),), None
            body = function(variable)
        if isinstance(body.type, UnknownType):
            return self._unknown(span)
        if isinstance(body.type, ListType):
            return self.report(
                "E305",
                "this would be a list of lists",
                span,
                "write a generator: `... for i in a for j in i.b`",
            )
        return typed.Comprehension(body, loops, condition, type=ListType(body.type), span=span)

    def _together(
        self,
        operands: list[typed.Expr],
        node: tree.Node,
        build: Callable[[list[typed.Expr]], typed.Expr],
    ) -> typed.Expr:
        """Build an expression of values, or item by item where operands are lists of one collection."""
        if any(isinstance(operand.type, UnknownType) for operand in operands):
            return self._unknown(node.span)
        lists = [operand for operand in operands if isinstance(operand.type, ListType)]
        if not lists:
            return build(operands)
        if any(isinstance(a.type, ListType) and isinstance(a.type.element, ItemType) for a in lists):
            return self.report(
                "E305",
                "this is a collection of items, and one value is needed",
                node,
                "take one item, `[0]`, one attribute of each, `.pt`, or `sum(...)`",
            )
        first = self._each(lists[0], lambda part: part, node.span)
        if not isinstance(first, typed.Comprehension):
            return first
        aligned: list[typed.Expr] = []
        for operand in operands:
            if not isinstance(operand.type, ListType):
                aligned.append(operand)
                continue
            body = self._aligned(operand, first, node.span)
            if body is None:
                return self.report(
                    "E308",
                    "the lists come from different collections, so their items do not belong together",
                    node,
                    "write a generator over the pairs you mean: `... for i in a for j in b`",
                )
            aligned.append(body)
        body = build(aligned)
        if isinstance(body.type, UnknownType):
            return body
        return replace(first, body=body, type=ListType(body.type), span=node.span)

    def _aligned(self, operand: typed.Expr, first: typed.Comprehension, span: Span) -> typed.Expr | None:
        """Return the body of a list in terms of the loop variable of another, if they run over the same."""
        other = self._each(operand, lambda part: part, span)
        if not isinstance(other, typed.Comprehension) or len(other.loops) != len(first.loops):
            return None
        body, condition = other.body, other.condition
        for mine, theirs in zip(first.loops, other.loops, strict=True):
            if len(mine.variables) != len(theirs.variables) or mine.list != theirs.list:
                return None
            for new, old in zip(mine.variables, theirs.variables, strict=True):
                body = substitute(body, old, new)
                condition = substitute(condition, old, new) if condition is not None else None
        return body if condition == first.condition else None

    def _list(self, expr: tree.Expr, what: str) -> typed.Expr:
        result = self.check(expr)
        if isinstance(result.type, ListType | UnknownType):
            return result
        return self.report("E305", f"{what} needs a collection or list, and this is of type {result.type}", expr)

    def _index(self, expr: tree.Index) -> typed.Expr:
        items = self._list(expr.collection, "an index")
        index = self.check(expr.index)
        if UNKNOWN in (items.type, index.type):
            return self._unknown(expr.span)
        if not isinstance(index.type, IntType):
            return self.report("E311", f"an index is a whole number, and this is of type {index.type}", expr.index)
        assert isinstance(items.type, ListType)
        return typed.At(items, index, type=items.type.element, span=expr.span)

    def _slice(self, expr: tree.Slice) -> typed.Expr:
        items = self._list(expr.collection, "a slice")
        bounds: list[int | None] = []
        for bound in (expr.start, expr.stop):
            if bound is None:
                bounds.append(None)
                continue
            value = _fold(self.check(bound))
            if value is None or value.denominator != 1:
                return self.report("E311", "the bounds of a slice are whole numbers", bound)
            bounds.append(int(value))
        if isinstance(items.type, UnknownType):
            return items
        return typed.SliceOf(items, bounds[0], bounds[1], type=items.type, span=expr.span)

    # ---------------------------------------------------------------- operators

    def _unary(self, expr: tree.Unary) -> typed.Expr:
        if expr.operator == "not":
            operand = self._truth(expr.operand)
            return self._together([operand], expr, lambda parts: typed.Not(parts[0], type=BOOL, span=expr.span))
        operand = self.check(expr.operand)
        if isinstance(operand.type, ItemType | VectorType):
            vector = self.vector(operand, expr.operand)
            if isinstance(vector.type, UnknownType):
                return vector
            return typed.VectorNegate(vector, type=VECTOR, span=expr.span)

        def negate(parts: list[typed.Expr]) -> typed.Expr:
            part = parts[0]
            if not is_number(part.type):
                return self.report("E302", f"`-` needs a number, and this is of type {part.type}", expr)
            if isinstance(part, typed.Constant):
                return replace(part, value=-part.value, span=expr.span)  # type: ignore[operator]
            return typed.Negate(part, type=part.type, span=expr.span)

        return self._together([operand], expr, negate)

    def _truth(self, expr: tree.Expr) -> typed.Expr:
        """Type an operand of `and`, `or`, `not`: a condition, or a list of conditions."""
        result = self.check(expr)
        if isinstance(result.type, ListType) and isinstance(result.type.element, BoolType):
            return result
        if isinstance(result.type, BoolType | UnknownType):
            return result
        return self.condition(expr)

    def _logical(self, expr: tree.Binary) -> typed.Expr:
        operands: list[typed.Expr] = []
        stack: list[tree.Expr] = [expr]
        while stack:
            part = stack.pop()
            if isinstance(part, tree.Binary) and part.operator == expr.operator:
                stack.extend((part.right, part.left))
            else:
                operands.append(self._truth(part))
        operator = "and" if expr.operator == "and" else "or"
        return self._together(
            operands,
            expr,
            lambda parts: typed.Logical(operator, tuple(parts), type=BOOL, span=expr.span),  # type: ignore[arg-type]
        )

    def vector(self, value: typed.Expr, node: tree.Node) -> typed.Expr:
        """Return the four-vector of an item, or the vector itself."""
        if isinstance(value.type, VectorType | UnknownType):
            return value
        if isinstance(value.type, ItemType):
            own_p4 = self.scope.own_p4 or not isinstance(value, typed.This)
            if self.attributes.has_vector(value.type.collection, own_p4=own_p4):
                return typed.VectorOf(value, type=VECTOR, span=value.span)
            return self._no_vector(value.type.collection, node.span)
        return self.report("E306", f"an item or four-vector is needed, and this is a {value.type}", node)

    def _foreign_unit(self, expr: tree.Binary) -> typed.Expr | None:
        """Explain `36.1 fb-1`, `36.1 / fb` and `7 GeV/c`, which are sums and ratios to the parser."""
        left, right = expr.left, expr.right
        if isinstance(right, tree.Binary) and right.operator == "^":
            right = right.left
        if not isinstance(left, tree.Number):
            return None
        if expr.operator == "-" and left.unit is not None and isinstance(right, tree.Number):
            if left.unit.name in UNITS and UNITS[left.unit.name].dimension == LUMINOSITY**-1 and right.unit is None:
                text = f"{left.text} {left.unit.name}^-{right.text}"
                return self.report("E114", "the power of a unit needs `^`", expr, f"write `{text}`", text)
        elif expr.operator == "/" and isinstance(right, tree.Name) and right.name not in self.symbols.kinds:
            if right.name in UNITS and left.unit is None:
                text = f"{left.text} {right.name}^-1"
                return self.report("E114", "an inverse unit is written as a power", expr, f"write `{text}`", text)
            if right.name == "c" and left.unit is not None:
                text = f"{left.text} {left.unit.name}"
                message = "energies, momenta and masses have the same units here (c = 1)"
                return self.report("E114", message, expr, f"write `{text}`", text)
        return None

    def _arithmetic(self, expr: tree.Binary) -> typed.Expr:
        foreign_unit = self._foreign_unit(expr)
        if foreign_unit is not None:
            return foreign_unit
        left, right = self.check(expr.left), self.check(expr.right)
        kinds = (left.type, right.type)
        if any(isinstance(kind, ItemType | VectorType) for kind in kinds):
            if UNKNOWN in kinds:
                return self._unknown(expr.span)
            if expr.operator not in ("+", "-") or not all(isinstance(kind, ItemType | VectorType) for kind in kinds):
                proposal = "items and four-vectors add and subtract; for a number take an attribute, such as `.pt`"
                if any(isinstance(kind, ListType) for kind in kinds):
                    proposal = "of a collection take one item, `[0]`, or the sum of all, `sum(...)`"
                return self.report(
                    "E302", f"`{expr.operator}` between {left.type} and {right.type} means nothing", expr, proposal
                )
            a, b = self.vector(left, expr.left), self.vector(right, expr.right)
            if UNKNOWN in (a.type, b.type):
                return self._unknown(expr.span)
            operator = "+" if expr.operator == "+" else "-"
            return typed.VectorArithmetic(operator, a, b, type=VECTOR, span=expr.span)  # type: ignore[arg-type]
        return self._together([left, right], expr, lambda parts: self._numbers(expr, parts[0], parts[1]))

    def _numbers(self, expr: tree.Binary, left: typed.Expr, right: typed.Expr) -> typed.Expr:
        operator = expr.operator
        assert operator not in ("and", "or")
        for part, node in ((left, expr.left), (right, expr.right)):
            if not is_number(part.type):
                proposal = None
                if isinstance(part.type, BoolType):
                    proposal = "write `if c then 1 else 0` to count with a condition"
                return self.report(
                    "E302", f"`{operator}` needs numbers, and this is of type {part.type}", node, proposal
                )
        result: Type
        a, b = dimension(left.type), dimension(right.type)
        if operator == "^":
            return self._power(expr, left, right)
        if operator in ("+", "-"):
            if a != b:
                return self._dimensions(
                    expr, left, right, expr.left, expr.right, "add" if operator == "+" else "subtract"
                )
            result = RealType(a)
        else:
            result = RealType(a * b if operator == "*" else a / b)
        if operator != "/" and left.type == INT and right.type == INT:
            result = INT
        return typed.Arithmetic(operator, left, right, type=result, span=expr.span)  # type: ignore[arg-type]

    def _power(self, expr: tree.Binary, left: typed.Expr, right: typed.Expr) -> typed.Expr:
        if dimension(right.type) != PURE:
            return self.report("E404", "an exponent is a pure number", expr.right)
        base = dimension(left.type)
        if base == PURE:
            return typed.Arithmetic("^", left, right, type=REAL, span=expr.span)
        power = _fold(right)
        if power is None or max(abs(power.numerator), power.denominator) > MAX_POWER:
            return self.report(
                "E404",
                f"the exponent of a quantity with a unit ({base}) is a whole number or simple fraction, as written",
                expr.right,
                "write for example `x^2` or `x^(1/2)`",
            )
        return typed.Arithmetic("^", left, right, type=RealType(base**power), span=expr.span)

    def _dimensions(
        self,
        node: tree.Node,
        left: typed.Expr,
        right: typed.Expr,
        left_node: tree.Node,
        right_node: tree.Node,
        verb: str,
    ) -> typed.Expr:
        """Report two numbers of different dimension."""
        a, b = dimension(left.type), dimension(right.type)
        for literal, literal_node, other in ((right, right_node, left), (left, left_node, right)):
            wanted = dimension(other.type)
            if dimension(literal.type) != PURE or not isinstance(literal, typed.Constant):
                continue
            unit = USUAL_UNITS.get(wanted)
            stored = self.stored_unit(other)
            note = f" ({self.symbols.format.name} stores {stored})" if stored else ""
            text = f"{literal.value:g}"
            return self.report(
                "E400",
                f"`{text}` has no unit, and is {_NO_UNIT[verb]} {a_quantity(wanted)}",
                literal_node,
                f"write the unit: `{text} {unit}`{note}" if unit else f"write the unit{note}",
                f"{text} {unit}" if unit else None,
            )
        proposal = None
        if PURE in (a, b):
            pure = left if a == PURE else right
            defined = self.symbols.values[pure.name] if isinstance(pure, typed.ValueRef) else None
            if defined is not None and isinstance(defined.expr, typed.Constant):
                proposal = f"give the number a unit where `{defined.name}` is defined, in line {defined.span.line}"
            elif ENERGY in (a, b):
                proposal = "is one of them a ratio? divide by a momentum, or give a unit"
        return self.report("E401", _MIXED[verb].format(a_quantity(a), a_quantity(b)), node, proposal)

    def _comparison(self, expr: tree.Comparison) -> typed.Expr:
        operands = self._operands(expr)
        parts = [
            self._compare(expr, operator, operands[i], operands[i + 1], expr.operands[i], expr.operands[i + 1])
            for i, operator in enumerate(expr.operators)
        ]
        if len(parts) == 1:
            return parts[0]
        return self._together(parts, expr, lambda each: typed.Logical("and", tuple(each), type=BOOL, span=expr.span))

    def _operands(self, expr: tree.Comparison) -> list[typed.Expr]:
        """Type the operands; values of enumerations are told apart by what they are compared with."""
        enumerated = {i for i, operand in enumerate(expr.operands) if self._is_enumeration_value(operand)}
        known: dict[int, typed.Expr] = {
            i: self.check(operand) for i, operand in enumerate(expr.operands) if i not in enumerated
        }
        expected: Type | None = next(
            (element for e in known.values() if isinstance(element := _element(e.type), EnumType)), None
        )
        if not known and len(enumerated) == 2:
            # `type == combined` in a format that has neither: `type` is told, and the other depends on it.
            first = self.check(expr.operands[0])
            told = isinstance(first.type, UnknownType)
            return [first, self._unknown(expr.operands[1].span) if told else self.check(expr.operands[1], first.type)]
        return [known[i] if i in known else self.check(operand, expected) for i, operand in enumerate(expr.operands)]

    def _is_enumeration_value(self, expr: tree.Expr) -> bool:
        if not isinstance(expr, tree.Name):
            return False
        scope = self.scope
        if expr.name in scope.variables or expr.name in scope.lets or expr.name == "this":
            return False
        if scope.program_names and expr.name in self.symbols.kinds:
            return False
        if scope.this and self.attributes.type_of(scope.this, expr.name, own_p4=scope.own_p4):
            return False
        # An unknown name counts too: beside an enumeration it is a misspelt value.
        return expr.name not in self.symbols.format.collections and expr.name != "pi"

    def _compare(
        self,
        expr: tree.Comparison,
        operator: tree.ComparisonOperator,
        left: typed.Expr,
        right: typed.Expr,
        left_node: tree.Expr,
        right_node: tree.Expr,
    ) -> typed.Expr:
        if isinstance(left.type, ItemType) and isinstance(right.type, ItemType):
            if operator in ("==", "!="):
                return typed.Identity(left, right, operator == "!=", type=BOOL, span=expr.span)
            return self.report(
                "E303", f"items have no order: `{operator}`", expr, "compare an attribute, such as `.pt`"
            )

        def build(parts: list[typed.Expr]) -> typed.Expr:
            a, b = parts
            if is_number(a.type) and is_number(b.type):
                if dimension(a.type) != dimension(b.type):
                    return self._dimensions(expr, a, b, left_node, right_node, "compare")
                return typed.Compare(operator, a, b, type=BOOL, span=expr.span)
            same_enum = isinstance(a.type, EnumType) and a.type == b.type
            if same_enum or (isinstance(a.type, BoolType) and isinstance(b.type, BoolType)):
                if operator in ("==", "!="):
                    return typed.Compare(operator, a, b, type=BOOL, span=expr.span)
                return self.report("E303", f"{a.type} has no order: `{operator}`", expr, "use `==` or `!=`")
            return self._unlike(expr, a, b, left_node, right_node)

        return self._together([left, right], expr, build)

    def _unlike(
        self,
        expr: tree.Node,
        a: typed.Expr,
        b: typed.Expr,
        left_node: tree.Expr,
        right_node: tree.Expr,
    ) -> typed.Expr:
        for value, node, other in ((b, right_node, a), (a, left_node, b)):
            if isinstance(other.type, EnumType) and isinstance(value, typed.Constant):
                near = foreign.nearest(str(value.value), other.type.values)
                hint = f"did you mean {foreign.listed(near)}? " if near else ""
                return self.report(
                    "E207",
                    f"`{value.value}` is not a value of the enumeration {other.type.name}",
                    node,
                    f"{hint}its values are {', '.join(other.type.values)}",
                )
        proposal = None
        if {BOOL, INT} == {a.type, b.type}:
            proposal = "a condition needs no `== 1`: write it alone, or with `not`"
        return self.report("E303", f"cannot compare {a.type} with {b.type}", expr, proposal)

    def _membership(self, expr: tree.Membership) -> typed.Expr:
        item, collection = self.check(expr.item), self._list(expr.collection, "`in`")
        if UNKNOWN in (item.type, collection.type):
            return self._unknown(expr.span)
        assert isinstance(collection.type, ListType)
        if not isinstance(item.type, ItemType) or not isinstance(collection.type.element, ItemType):
            return self.report(
                "E306",
                "`in` asks whether an item is in a collection, by identity",
                expr,
                "write a range as `a < x < b`, and a list of values with `or`",
            )
        return typed.Membership(item, collection, expr.negated, type=BOOL, span=expr.span)

    def _conditional(self, expr: tree.Conditional, expected: Type | None) -> typed.Expr:
        condition = self._truth(expr.condition)
        value = self.check(expr.value, expected)
        otherwise = self.check(expr.otherwise, expected or value.type)

        def build(parts: list[typed.Expr]) -> typed.Expr:
            c, a, b = parts
            kinds = {type(a.type), type(b.type)}
            if kinds <= {ItemType, VectorType} and a.type != b.type:
                a, b = self.vector(a, expr.value), self.vector(b, expr.otherwise)
            if UNKNOWN in (a.type, b.type):
                return self._unknown(expr.span)
            kind = a.type
            if a.type != b.type:
                if not (is_number(a.type) and is_number(b.type)):
                    return self.report("E312", f"the branches are of different types: {a.type} and {b.type}", expr)
                if dimension(a.type) != dimension(b.type):
                    return self._dimensions(expr, a, b, expr.value, expr.otherwise, "combine")
                kind = RealType(dimension(a.type))
            return typed.Conditional(c, a, b, type=kind, span=expr.span)

        if isinstance(value.type, ItemType) or isinstance(otherwise.type, ItemType):
            if UNKNOWN in (condition.type, value.type, otherwise.type):
                return self._unknown(expr.span)
            return build([condition, value, otherwise])
        return self._together([condition, value, otherwise], expr, build)

    # ---------------------------------------------------------------- calls

    def _call(self, expr: tree.Call) -> typed.Expr:
        name, symbols = expr.function, self.symbols
        kind = symbols.kinds.get(name) if self.scope.program_names else None
        if kind == "lost":
            return self._unknown(expr.span)
        if kind == "function":
            return self._expand(expr)
        if kind == "table":
            return self._lookup(expr)
        if name in ("min", "max") and len(expr.arguments) == 2:
            return self._function_of_numbers(name, expr.arguments, expr)
        if name in REDUCERS:
            return self._reduce(expr)
        if name in ("exists", "default"):
            return self._about_missing(expr)
        signature = FUNCTIONS.get(name)
        if signature is None:
            return self._unknown_function(expr)
        if len(expr.arguments) != signature.count:
            return self._argument_count(expr, str(signature.count))
        if signature.arguments == "vectors":
            return self._function_of_vectors(expr)
        return self._function_of_numbers(name, expr.arguments, expr)

    def _argument_count(self, expr: tree.Call, wanted: str) -> typed.Expr:
        return self.report(
            "E304", f"`{expr.function}` takes {wanted} argument(s), and here are {len(expr.arguments)}", expr
        )

    def _unknown_function(self, expr: tree.Call) -> typed.Expr:
        name = expr.function
        if self.used_too_early(name, expr.function_span):
            return self._unknown(expr.span)
        attribute = foreign.ATTRIBUTES.get(name, name)
        if len(expr.arguments) == 1 and (attribute in COMPONENT_TYPES or attribute in foreign.ATTRIBUTES.values()):
            return self.report(
                "E204",
                f"`{name}` is an attribute here, not a function",
                expr.function_span,
                f"write `x.{attribute}` instead of `{name}(x)`",
            )
        if name in ("pow", "power"):
            return self.report("E204", f"there is no function `{name}`", expr.function_span, "write `x^2`")
        known = [*ALL_FUNCTIONS, *self.symbols.functions, *self.symbols.tables]
        near = foreign.nearest(name, known, foreign.FUNCTIONS)
        if name in self.symbols.kinds or name in self.symbols.format.collections:
            return self.report("E204", f"`{name}` is not a function", expr.function_span)
        proposal = (
            f"did you mean {foreign.listed(near)}?"
            if near
            else f"functions are {', '.join(sorted({*ALL_FUNCTIONS, *self.symbols.functions, *self.symbols.tables}))}"
        )
        return self.report(
            "E204",
            f"there is no function `{name}`",
            expr.function_span,
            proposal,
            near[0] if len(near) == 1 else None,
        )

    def _function_of_numbers(self, name: str, arguments: tuple[tree.Expr, ...], node: tree.Expr) -> typed.Expr:
        signature = FUNCTIONS[name]
        operands = [self.check(argument) for argument in arguments]
        if len(operands) != signature.count:
            assert isinstance(node, tree.Call)
            return self._argument_count(node, str(signature.count))

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
            if len(set(dims)) > 1:
                return self._dimensions(node, parts[0], parts[1], arguments[0], arguments[1], "compare")
            result: Type = REAL
            if signature.result == "same":
                integers = all(part.type == INT for part in parts)
                result = INT if integers else RealType(dims[0])
            elif signature.result == "root":
                result = RealType(dims[0] ** Fraction(1, 2))
            return typed.Function(name, tuple(parts), type=result, span=node.span)

        return self._together(operands, node, build)

    def _function_of_vectors(self, expr: tree.Call) -> typed.Expr:
        name = expr.function
        arguments: list[typed.Expr] = []
        for argument in expr.arguments:
            value = self.check(argument)
            if isinstance(value.type, UnknownType):
                return value
            if isinstance(value.type, ListType):
                return self.report(
                    "E305",
                    f"`{name}` is between two items, and this is a list",
                    argument,
                    f"write a generator: `min({name}(this, j) for j in jets)`",
                )
            if not isinstance(value.type, ItemType | VectorType):
                return self.report(
                    "E306", f"`{name}` is between items or four-vectors, and this is of type {value.type}", argument
                )
            if isinstance(value.type, ItemType):
                missing = self._missing_components(value, name)
                if missing:
                    return self.report(
                        "E307",
                        f"`{name}` needs {', '.join(missing)}, which items of {value.type.collection} do not "
                        f"have in the format {self.symbols.format.name}",
                        argument,
                        f"they have {_some(self.attributes.names(value.type.collection))}",
                    )
                value = typed.VectorOf(value, type=VECTOR, span=value.span)
            arguments.append(value)
        result = RealType(ENERGY) if FUNCTIONS[name].result == "energy" else REAL
        return typed.Function(name, tuple(arguments), type=result, span=expr.span)

    def _missing_components(self, item: typed.Expr, function: str) -> list[str]:
        assert isinstance(item.type, ItemType)
        own_p4 = self.scope.own_p4 or not isinstance(item, typed.This)
        return [
            name
            for name in COMPONENTS_USED[function]
            if self.attributes.type_of(item.type.collection, name, own_p4=own_p4) is None
        ]

    def _about_missing(self, expr: tree.Call) -> typed.Expr:
        wanted = 1 if expr.function == "exists" else 2
        if len(expr.arguments) != wanted:
            return self._argument_count(expr, str(wanted))
        value = self.check(expr.arguments[0])
        if expr.function == "exists":
            if isinstance(value.type, ListType):
                return self.report("E305", "a list always exists; it may be empty", expr, "write `count(...) > 0`")
            if isinstance(value.type, UnknownType):
                return value
            return typed.Exists(value, type=BOOL, span=expr.span)
        other = self.check(expr.arguments[1], value.type)

        def build(parts: list[typed.Expr]) -> typed.Expr:
            a, b = parts
            kind = a.type
            if a.type != b.type:
                if not (is_number(a.type) and is_number(b.type)):
                    return self.report("E312", f"the default is of another type: {b.type}, not {a.type}", expr)
                if dimension(a.type) != dimension(b.type):
                    return self._dimensions(expr, a, b, expr.arguments[0], expr.arguments[1], "replace")
                kind = RealType(dimension(a.type))
            return typed.Default(a, b, type=kind, span=expr.span)

        if isinstance(value.type, ItemType | VectorType):
            return value if UNKNOWN in (value.type, other.type) else build([value, other])
        return self._together([value, other], expr, build)

    def _expand(self, expr: tree.Call) -> typed.Expr:
        """Expand a function of the program: its body, with the arguments as typed outside it."""
        definition = self.symbols.functions[expr.function]
        assert definition.parameters is not None
        if len(expr.arguments) != len(definition.parameters):
            return self._argument_count(expr, str(len(definition.parameters)))
        arguments = [self.check(argument) for argument in expr.arguments]
        if any(isinstance(argument.type, UnknownType) for argument in arguments):
            return self._unknown(expr.span)
        outermost, self._expanding = not self._expanding, True
        self._expansions = 1 if outermost else self._expansions + 1
        try:
            if self._expansions > _MAX_EXPANSIONS:
                return self._too_much(expr)
            scope = Scope(variables=dict(zip(definition.parameters, arguments, strict=True)))
            before = len(self.symbols.diagnostics)
            with self.within(scope):
                result = self.check(definition.value)
        finally:
            self._expanding = not outermost
        if outermost and self._expansions <= _MAX_EXPANSIONS and not fits(result, MAX_SIZE):
            return self._too_much(expr)
        problems = self.symbols.diagnostics[before:]
        if problems:
            # Told where the function is called: its body may be right for other arguments.
            del self.symbols.diagnostics[before:]
            first = problems[0]
            self.symbols.diagnostics.append(
                Diagnostic(
                    first.code,
                    f"in `{expr.function}` with these arguments: {first.message}",
                    expr.span,
                    first.proposal,
                )
            )
            return self._unknown(expr.span)
        return replace(result, span=expr.span)

    def _too_much(self, expr: tree.Call) -> typed.Expr:
        return self.report(
            "E213",
            f"`{expr.function}`, written out in full, is too large",
            expr.function_span,
            "give what its functions repeat a name, with `define` or `let`",
        )

    def _lookup(self, expr: tree.Call) -> typed.Expr:
        table = self.symbols.tables[expr.function]
        kinds = self.symbols.table_axes[expr.function]
        if len(expr.arguments) != len(kinds):
            return self._argument_count(expr, str(len(kinds)))
        operands = [self.check(argument) for argument in expr.arguments]

        def build(parts: list[typed.Expr]) -> typed.Expr:
            for part, kind, node in zip(parts, kinds, expr.arguments, strict=True):
                if not is_number(part.type):
                    return self.report("E302", f"a table needs numbers, and this is of type {part.type}", node)
                if dimension(part.type) != dimension(kind):
                    return self.report(
                        "E401",
                        f"the table `{table.name}` takes {a_quantity(dimension(kind))} here, "
                        f"and this is {a_quantity(dimension(part.type))}",
                        node,
                    )
            return typed.TableLookup(table.name, tuple(parts), type=table.type, span=expr.span)

        return self._together(operands, expr, build)

    # ---------------------------------------------------------------- reducers

    def _reduce(self, expr: tree.Call) -> typed.Expr:
        name = expr.function
        ranked = name in ("largest", "smallest")
        optional_rank = name in ("argmin", "argmax")
        counts = (2,) if ranked else (1, 2) if optional_rank else (1,)
        if len(expr.arguments) not in counts:
            if name in ("any", "all", "count", "sum", "mean") and len(expr.arguments) > 1:
                return self.report(
                    "E304", f"`{name}` takes one list or generator", expr, f"write `{name}(... for x in collection)`"
                )
            return self._argument_count(expr, " or ".join(map(str, counts)))
        rank = 1
        if len(expr.arguments) == 2:
            value = _fold(self.check(expr.arguments[1]))
            if value is None or value.denominator != 1 or value < 1:
                return self.report("E311", f"the second argument of `{name}` counts from 1", expr.arguments[1])
            rank = int(value)
        argument = expr.arguments[0]
        items = self.generator(argument) if isinstance(argument, tree.Generator) else self.check(argument)
        if isinstance(items.type, UnknownType):
            return items
        if not isinstance(items.type, ListType):
            return self._not_a_list(expr, items)
        if optional_rank:
            return self._arg_best(expr, items, rank)
        element = items.type.element
        if name == "count":
            return self._count(expr, items)
        if name in ("any", "all"):
            if not isinstance(element, BoolType):
                return self.report("E301", f"`{name}` is about conditions, and these are of type {element}", argument)
            kind: Type = BOOL
        elif name == "sum" and isinstance(element, ItemType | VectorType):
            items = self._each(items, lambda part: self.vector(part, argument), argument.span)
            if isinstance(items.type, UnknownType):
                return items
            kind = VECTOR
        elif not is_number(element):
            proposal = None
            if isinstance(element, BoolType):
                proposal = "count the items that fulfil it: `count(j for j in jets if ...)`"
            elif isinstance(element, ItemType):
                proposal = "take an attribute of each, such as `.pt`"
            return self.report(
                "E302", f"`{name}` is about numbers, and these are of type {element}", argument, proposal
            )
        else:
            kind = RealType(dimension(element)) if name == "mean" else element
        return typed.Reduce(name, items, rank, type=kind, span=expr.span)  # type: ignore[arg-type]

    def _not_a_list(self, expr: tree.Call, items: typed.Expr) -> typed.Expr:
        proposal = None
        if isinstance(items.type, BoolType):
            proposal = f"say over what: `{expr.function}(... for j in jets)`"
        return self.report(
            "E305",
            f"`{expr.function}` needs a list or a generator, and this is of type {items.type}",
            expr.arguments[0],
            proposal,
        )

    def _count(self, expr: tree.Call, items: typed.Expr) -> typed.Expr:
        assert isinstance(items.type, ListType)
        element = items.type.element
        if isinstance(element, BoolType):
            return self.report(
                "E309",
                "`count` counts items, not how many conditions are true",
                expr,
                "write `count(j for j in jets if ...)`",
            )
        by_item = isinstance(element, ItemType) or isinstance(expr.arguments[0], tree.Generator)
        kind: typed.ReduceKind = "count_turns" if by_item else "count_values"
        return typed.Reduce(kind, items, type=INT, span=expr.span)

    def _arg_best(self, expr: tree.Call, items: typed.Expr, rank: int) -> typed.Expr:
        if not isinstance(items, typed.Comprehension) or not is_number(items.body.type):
            return self.report(
                "E302",
                f"`{expr.function}` compares numbers and gives the item",
                expr.arguments[0],
                f"write `{expr.function}(j.pt for j in jets)`",
            )
        loop = items.loops[0]
        if len(items.loops) > 1 or len(loop.variables) > 1:
            return self.report(
                "E310",
                f"`{expr.function}` gives one item, so it runs over one variable",
                expr,
                "make the pairs a composite and run over its candidates",
            )
        variable = loop.variables[0]
        if not isinstance(variable.type, ItemType):
            return self.report("E306", f"`{expr.function}` gives an item; this list holds values", expr)
        return typed.ArgBest(items, expr.function == "argmax", rank, type=variable.type, span=expr.span)

    def generator(self, expr: tree.Generator) -> typed.Expr:
        """Type `body for x in a for y in b if condition`."""
        outer = self.scope
        loops: list[typed.Loop] = []
        variables = dict(outer.variables)
        scope = outer
        for clause in expr.clauses:
            with self.within(scope):
                items = self._list(clause.collection, "`for`")
            if isinstance(items.type, UnknownType):
                return items
            assert isinstance(items.type, ListType)
            if len(clause.names) > 1 and isinstance(items, typed.Comprehension):
                return self.report(
                    "E310",
                    "two variables run over pairs of different items of a collection; this is a list of values",
                    clause.collection,
                    "run over the collection itself",
                )
            bound = []
            for name, span in zip(clause.names, clause.name_spans, strict=True):
                if name in variables or name in outer.lets:
                    self.symbols.report("E202", f"`{name}` is a variable already", span, "choose another name")
                elif outer.program_names:
                    self.symbols.claim(name, span)
                variable = typed.Variable(name, self.symbols.uid(), type=items.type.element, span=span)
                variables[name] = variable
                bound.append(variable)
            loops.append(typed.Loop(tuple(bound), items))
            scope = replace(outer, variables=dict(variables))
        with self.within(scope):
            body = self.check(expr.body)
            condition = self.condition(expr.condition) if expr.condition is not None else None
        if isinstance(body.type, UnknownType) or (condition and isinstance(condition.type, UnknownType)):
            return self._unknown(expr.span)
        if isinstance(body.type, ListType):
            return self.report("E305", "each turn of a generator gives one value, and this is a list", expr.body)
        return typed.Comprehension(body, tuple(loops), condition, type=ListType(body.type), span=expr.span)


def owners(data_format: Format, name: str) -> list[str]:
    """Return the collections and single items of a format that have an attribute of this name."""
    return [owner for owner, spec in data_format.collections.items() if name in spec.attributes]


def dimension(kind: Type) -> Dimension:
    """Return the dimension of a number."""
    return kind.dimension if isinstance(kind, RealType) else PURE


def _element(kind: Type) -> Type:
    return kind.element if isinstance(kind, ListType) else kind


def a_quantity(dim: Dimension) -> str:
    """Return what a number of a dimension is called in a sentence."""
    if dim == PURE:
        return "a pure number"
    text = str(dim)
    return f"an {text}" if text[0] in "aeiou" else f"a {text}"


def _decimal(text: str) -> Fraction:
    return Fraction(text if not text.endswith(".") else text + "0")


def _fold(expr: typed.Expr) -> Fraction | None:
    """Return the exact value of a constant expression of pure numbers."""
    match expr:
        case typed.Constant(value) if isinstance(value, int | float) and not isinstance(value, bool):
            return _decimal(repr(value)) if dimension(expr.type) == PURE else None
        case typed.Negate(operand):
            inner = _fold(operand)
            return None if inner is None else -inner
        case typed.Arithmetic(operator, left, right):
            a, b = _fold(left), _fold(right)
            if a is None or b is None:
                return None
            match operator:
                case "+":
                    return a + b
                case "-":
                    return a - b
                case "*":
                    return a * b
                case "/" if b != 0:
                    return a / b
    return None


def _some(names: list[str]) -> str:
    shown = names if len(names) <= 25 else [*names[:25], "..."]
    return ", ".join(shown)


def uses_this(expr: typed.Expr) -> bool:
    """Whether an expression depends on the item of its block."""
    return any(isinstance(part, typed.This) for part in walk(expr))
