"""Lowers expressions: each one where its variables are bound, and no further in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from hepsel.errors import HepselError
from hepsel.plan.builder import EVENTS
from hepsel.plan.nodes import (
    ArgBest,
    Combine,
    Const,
    ElementAt,
    Flatten,
    GroupOf,
    Kind,
    Lookup,
    MapFunction,
    Operand,
    Position,
    Reduce,
    ReduceKind,
    Ref,
    Relation,
    View,
    Where,
)
from hepsel.plan.values import THIS, TRUE, Context, Item, Rows, Scalar, Value, Vector, missing
from hepsel.plan.vectors import MOMENTUM, from_momentum
from hepsel.semantics import program as typed
from hepsel.semantics.types import BoolType, EnumType, IntType, ItemType, ListType, RealType, Type
from hepsel.semantics.walk import children
from hepsel.vocabulary.functions import COMPONENTS_USED

if TYPE_CHECKING:
    from hepsel.plan.lower import Lowering

ELEMENTARY: dict[str, MapFunction] = {
    name: name
    for name in (
        *("sqrt", "exp", "log", "log10", "floor", "ceil", "sinh", "cosh", "tanh"),
        *("sin", "cos", "tan", "asin", "acos", "atan", "atan2"),
    )
}


def kind_of(kind: Type) -> Kind:
    """Return the kind of column that values of a type are."""
    match kind:
        case BoolType():
            return "bool"
        case IntType():
            return "int"
        case EnumType():
            return "enum"
        case ItemType():
            return "item"
    return "real"


class Expressions:
    """Lowers the expressions of a program."""

    def __init__(self, low: Lowering) -> None:
        self.low = low
        self.build = low.build
        self._free: dict[int, tuple[typed.Expr, frozenset[int]]] = {}
        self._values: dict[str, Value] = {}

    # -------------------------------------------------------------- where an expression belongs

    def free(self, expr: typed.Expr) -> frozenset[int]:
        """Return the variables that an expression needs (`THIS` among them)."""
        known = self._free.get(id(expr))
        if known is not None:
            return known[1]
        needed: set[int] = set()
        match expr:
            case typed.This():
                needed.add(THIS)
            case typed.Variable(uid=uid):
                needed.add(uid)
            case _:
                for child in children(expr):
                    needed |= self.free(child)
        if isinstance(expr, typed.Comprehension):
            needed -= {variable.uid for loop in expr.loops for variable in loop.variables}
        found = frozenset(needed)
        self._free[id(expr)] = (expr, found)  # the expression is kept, so that its id stays its own
        return found

    def home(self, expr: typed.Expr, context: Context) -> Context:
        """Return the outermost context in which an expression has a value."""
        needed = self.free(expr)
        while context.parent is not None and not needed & context.variables.keys():
            context = context.parent
        return context

    # -------------------------------------------------------------- entry points

    def lower(self, expr: typed.Expr, context: Context, hint: str = "value") -> Value:
        """Return what an expression stands for, for every row of the context's axis."""
        home = self.home(expr, context)
        return self.low.items.down(self._lower(expr, home, hint), home, context)

    def scalar(self, expr: typed.Expr, context: Context, hint: str = "value") -> Scalar:
        """Lower a number, truth value or enumeration value."""
        value = self.lower(expr, context, hint)
        assert isinstance(value, Scalar), f"{expr} is not a single value"
        if isinstance(expr.type, RealType):
            return self.build.real(value)
        return value

    def condition(self, expr: typed.Expr, context: Context, hint: str = "passes") -> Operand:
        """Lower a condition; missing is false."""
        return self.scalar(expr, context, hint).value

    def rows(self, expr: typed.Expr, context: Context, hint: str = "rows") -> Rows:
        """Lower a list."""
        value = self.lower(expr, context, hint)
        assert isinstance(value, Rows), f"{expr} is not a list"
        return value

    def item(self, expr: typed.Expr, context: Context) -> Item:
        """Lower an item."""
        value = self.lower(expr, context, "item")
        assert isinstance(value, Item), f"{expr} is not an item"
        return value

    def vector(self, expr: typed.Expr, context: Context, hint: str = "p4") -> Vector:
        """Lower a four-vector, or an item as one."""
        value = self.lower(expr, context, hint)
        if isinstance(value, Item):
            return self.low.vectors.vector(value, context)
        assert isinstance(value, Vector), f"{expr} is not a four-vector"
        return value

    # -------------------------------------------------------------- dispatch

    def _lower(self, expr: typed.Expr, context: Context, hint: str) -> Value:
        build, items = self.build, self.low.items
        match expr:
            case typed.Constant():
                return self._constant(expr)
            case typed.Single(name=name):
                return Item(name, EVENTS, None)
            case typed.CollectionRef(name=name):
                axis = items.axis(name)
                return Rows(axis, Item(name, axis, None))
            case typed.ValueRef(name=name):
                return self._value(name)
            case typed.This():
                return context.variables[THIS]
            case typed.Variable(uid=uid):
                return context.variables[uid]
            case typed.Attribute():
                return self._attribute(expr, context)
            case typed.VectorOf(item=item):
                return self.vector(item, context)
            case typed.VectorArithmetic():
                return self._vector_arithmetic(expr, context, hint)
            case typed.VectorScale():
                return self._vector_scale(expr, context, hint)
            case typed.VectorFrom():
                return self._vector_from(expr, context, hint)
            case typed.VectorNegate(operand=operand):
                vector = self.vector(operand, context)
                return from_momentum(self.low, Vector(lambda n: build.reals("neg", vector.momentum(n))), hint)
            case typed.Component(vector=vector_expr, name=name):
                return self.vector(vector_expr, context).component(name)
            case typed.Arithmetic():
                return self._arithmetic(expr, context, hint)
            case typed.Negate(operand=operand):
                value = self.scalar(operand, context)
                negated = build.map("neg", (value.value,), hint)
                return Scalar(value.kind, negated, value.nullable, value.valid)
            case typed.Compare():
                return Scalar("bool", self._compare(expr, context, hint))
            case typed.Identity(left=left, right=right, negated=negated):
                return Scalar("bool", self._identity(left, right, negated, context))
            case typed.Membership():
                return Scalar("bool", self._membership(expr, context))
            case typed.Logical(operator=operator, operands=operands):
                parts = [self.condition(operand, context) for operand in operands]
                return Scalar("bool", build.map(operator, parts, hint))
            case typed.Not(operand=typed.Not(operand=operand)):
                return Scalar("bool", self.condition(operand, context, hint))
            case typed.Not(operand=operand):
                return Scalar("bool", build.map("not", (self.condition(operand, context),), hint))
            case typed.Conditional(condition=condition, value=value_expr, otherwise=otherwise):
                test = self.condition(condition, context)
                first = self._branch(value_expr, expr.type, context)
                return self.choose(test, first, self._branch(otherwise, expr.type, context))
            case typed.Function():
                return self._function(expr, context, hint)
            case typed.TableLookup(table=table, arguments=arguments):
                return self._lookup(table, arguments, context, hint)
            case typed.Exists(operand=operand):
                return Scalar("bool", self.exists(self.lower(operand, context)))
            case typed.Default(operand=operand, otherwise=otherwise):
                first = self._branch(operand, expr.type, context)
                return self.choose(self.exists(first), first, self._branch(otherwise, expr.type, context))
            case typed.At(list=list_expr, index=index):
                return self._at(list_expr, index, context)
            case typed.SliceOf(list=list_expr, start=start, stop=stop):
                return self._slice(self.rows(list_expr, context), start, stop)
            case typed.Comprehension():
                return self._comprehension(expr, context)
            case typed.Reduce():
                return self._reduce(expr, context, hint)
            case typed.ArgBest():
                return self._arg_best(expr, context)
        raise HepselError(f"the columnar plan has no {type(expr).__name__}")

    def _constant(self, expr: typed.Constant) -> Scalar:
        value = expr.value
        if isinstance(expr.type, EnumType):
            assert isinstance(value, str)
            return Scalar("enum", Const("enum", self.code(expr.type, value), expr.type.name))
        assert not isinstance(value, str)
        kind = kind_of(expr.type)
        return Scalar(kind, Const(kind, float(value) if kind == "real" else value), kind == "real")

    def code(self, kind: EnumType, value: str) -> int:
        """Return the number that stands for an enumeration value."""
        return self.names_of(kind).index(value)

    def names_of(self, kind: EnumType) -> tuple[str, ...]:
        """Return the names of an enumeration's values, in the order of the numbers that stand for them."""
        return self.low.program.format.enumerations.get(kind.name, kind.values)

    def _value(self, name: str) -> Value:
        if name not in self._values:
            section, self.build.section = self.build.section, self.build.section or "definitions"
            root = self.low.items.context(EVENTS)
            hint = name.rpartition(".")[2]
            self._values[name] = self.lower(self.low.program.values[name].expr, root, hint)
            self.build.section = section
        return self._values[name]

    def _attribute(self, expr: typed.Attribute, context: Context) -> Value:
        item = self.item(expr.item, context)
        value = self.low.items.attribute(item, expr.name, context)
        assert value is not None, f"{item.collection} has no {expr.name}"
        return value

    def _branch(self, expr: typed.Expr, kind: Type, context: Context) -> Value:
        """Lower one of the values of a choice, as the kind of value that the choice has."""
        value = self.lower(expr, context)
        if isinstance(value, Scalar) and isinstance(kind, RealType):
            return self.build.real(value)
        return value

    # -------------------------------------------------------------- choices and absence

    def choose(self, condition: Operand, value: Value, otherwise: Value) -> Value:
        """Choose between two values."""
        build = self.build
        match value, otherwise:
            case Scalar(), Scalar():
                return build.where(condition, value, otherwise)
            case Vector(), Vector():
                return Vector(
                    lambda n: build.where(condition, value.component(n), otherwise.component(n)),
                    lambda n: build.where(condition, value.momentum(n), otherwise.momentum(n)),
                )
            case Item(), Item():
                assert (value.collection, value.axis) == (otherwise.collection, otherwise.axis)
                row = build.map("where", (condition, build.row(value), build.row(otherwise)), "item")
                assert isinstance(row, Ref)
                nullable = value.nullable or otherwise.nullable
                return Item(value.collection, value.axis, row, nullable, value.own_p4)
            case Rows(), Rows():  # of the parts of candidates some may have another list than others
                first = self.filtered(value, build.spread(condition, value.axis))
                second = self.filtered(otherwise, build.spread(build.map("not", (condition,)), otherwise.axis))
                context = build.parent(value.axis)
                return self.low.items.concatenate(context, [first, second], f"{context}_choice")
        raise HepselError(f"the columnar plan has no choice between {value} and {otherwise}")

    def exists(self, value: Value) -> Operand:
        """Return where a value is not missing."""
        match value:
            case Scalar():
                return self.build.exists(value)
            case Item():
                return self.build.map("exists", (value.row,)) if value.row and value.nullable else TRUE
            case Vector():
                return self.build.both(*(self.build.exists(value.momentum(n)) for n in MOMENTUM))
            case Rows():
                return TRUE

    # -------------------------------------------------------------- numbers

    def _arithmetic(self, expr: typed.Arithmetic, context: Context, hint: str) -> Scalar:
        build = self.build
        left, right = self.scalar(expr.left, context), self.scalar(expr.right, context)
        whole = left.kind == right.kind == "int" and expr.operator in ("+", "-", "*")
        if not whole:
            return build.reals(expr.operator, left, right, hint=hint)
        value = build.map(expr.operator, (left.value, right.value), hint)
        return self._int(value, left, right)

    def _int(self, value: Operand, *arguments: Scalar) -> Scalar:
        valids = [argument.valid for argument in arguments if argument.valid is not None]
        return Scalar("int", value, bool(valids), self.build.both(*valids) if valids else None)

    def _compare(self, expr: typed.Compare, context: Context, hint: str) -> Operand:
        build = self.build
        operator = expr.operator
        left, right = self.scalar(expr.left, context), self.scalar(expr.right, context)
        if left.kind != right.kind:
            left, right = build.real(left), build.real(right)
        a, b = left.value, right.value
        if left.kind == "real" and operator == "!=":
            # NaN is not equal to anything, but that is not what `!=` asks.
            return build.map("or", (build.map("<", (a, b)), build.map(">", (a, b))), hint)
        compared = build.map(operator, (a, b), hint)
        if left.kind == "real":
            return compared
        guards = [build.exists(side) for side in (left, right) if side.nullable]
        if left.kind == "enum" and operator == "==":
            # A code that equals a constant, or one that exists, exists.
            if isinstance(a, Const) or isinstance(b, Const):
                guards = []
            else:
                guards = guards[:1] if left.nullable and right.nullable else []
        return build.both(compared, *guards)

    def _function(self, expr: typed.Function, context: Context, hint: str) -> Scalar:
        build = self.build
        name = expr.name
        if name in ELEMENTARY:
            arguments = [self.scalar(argument, context) for argument in expr.arguments]
            return build.reals(ELEMENTARY[name], *arguments, hint=hint)
        if name in ("abs", "min", "max"):
            arguments = [self.scalar(argument, context) for argument in expr.arguments]
            function: MapFunction = name  # type: ignore[assignment]
            if all(argument.kind == "int" for argument in arguments):
                value = build.map(function, [argument.value for argument in arguments], hint)
                return self._int(value, *arguments)
            return build.reals(function, *arguments, hint=hint)
        used = COMPONENTS_USED[name]
        vectors = [self.vector(argument, context) for argument in expr.arguments[: len(used)]]
        if name == "mt2":
            masses = [self.scalar(argument, context) for argument in expr.arguments[len(used) :]]
            numbers = [v.component(n) for v, components in zip(vectors, used, strict=True) for n in components]
            return build.reals("stransverse_mass_of" if masses else "stransverse_mass", *numbers, *masses, hint=hint)
        a, b = vectors
        return self._vector_function(name, a, b, hint)

    def _vector_function(self, name: str, a: Vector, b: Vector, hint: str) -> Scalar:
        build = self.build

        def both(component: str) -> tuple[Scalar, Scalar]:
            return a.component(component), b.component(component)

        match name:
            case "dphi_signed":
                return build.reals("delta_phi", *both("phi"), hint=hint)
            case "dphi":
                return build.reals("abs", build.reals("delta_phi", *both("phi")), hint=hint)
            case "deta":
                return build.reals("abs", build.reals("-", *both("eta")), hint=hint)
            case "dr" | "dr_rapidity":
                along = "eta" if name == "dr" else "rapidity"
                (y_a, y_b), (phi_a, phi_b) = both(along), both("phi")
                return build.reals("delta_r", y_a, phi_a, y_b, phi_b, hint=hint)
            case "mt":
                (pt_a, pt_b), (phi_a, phi_b) = both("pt"), both("phi")
                return build.reals("transverse_mass", pt_a, phi_a, pt_b, phi_b, hint=hint)
            case "perp":
                momenta = [v.momentum(n) for v in (a, b) for n in ("px", "py", "pz")]
                return build.reals("perp", *momenta, hint=hint)
        raise HepselError(f"the columnar plan has no function {name}")

    def _lookup(self, table: str, arguments: tuple[typed.Expr, ...], context: Context, hint: str) -> Scalar:
        operands = [self.build.real(self.scalar(a, context)).value for a in arguments]
        # Not on an axis of the operands: an item's attribute, or an element, may be one value for all rows.
        full = tuple(self.build.full(operand, context.axis, "real") for operand in operands)
        self.low.use_table(table)
        return Scalar("real", self.build.column(Lookup(table, full), context.axis, "real", hint), nullable=True)

    # -------------------------------------------------------------- four-vectors

    def _vector_arithmetic(self, expr: typed.VectorArithmetic, context: Context, hint: str) -> Vector:
        left, right = self.vector(expr.left, context), self.vector(expr.right, context)

        def component(name: str) -> Scalar:
            return self.build.reals(expr.operator, left.momentum(name), right.momentum(name), hint=f"{hint}_{name}")

        return from_momentum(self.low, Vector(component), hint)

    def _vector_scale(self, expr: typed.VectorScale, context: Context, hint: str) -> Vector:
        build = self.build
        vector, factor = self.vector(expr.vector, context), self.scalar(expr.factor, context)

        def component(name: str) -> Scalar:
            value = vector.momentum(name)
            if name == "charge":
                return build.where(build.exists(factor), build.real(value), missing("real"))
            return build.reals(expr.operator, value, factor, hint=f"{hint}_{name}")

        return from_momentum(self.low, Vector(component), hint)

    def _vector_from(self, expr: typed.VectorFrom, context: Context, hint: str) -> Vector:
        build = self.build
        first, second, third, last = numbers = [build.real(self.scalar(n, context)) for n in expr.numbers]
        known = build.both(*map(build.exists, numbers))

        def value(name: str) -> Scalar:
            match name:
                case "charge":
                    return Scalar("real", Const("real", 0.0), nullable=False)
                case "px":
                    return build.reals("*", first, build.reals("cos", third)) if expr.polar else first
                case "py":
                    return build.reals("*", first, build.reals("sin", third)) if expr.polar else second
                case "pz":
                    return build.reals("*", first, build.reals("sinh", second)) if expr.polar else third
            momentum = [vector.component(n) for n in ("px", "py", "pz")]
            return build.reals("energy", *momentum, last) if expr.polar else last

        vector = Vector(lambda name: build.where(known, value(name), missing("real"), f"{hint}_{name}"))
        return from_momentum(self.low, vector, hint)

    # -------------------------------------------------------------- identity

    def _identity(self, left: typed.Expr, right: typed.Expr, negated: bool, context: Context) -> Operand:
        a, b = self.item(left, context), self.item(right, context)
        same = self.low.identities.same(a, b)
        if not negated:
            return same
        there = [self.exists(item) for item in (a, b)]
        return self.build.both(self.build.map("not", (same,)), *there)

    def _membership(self, expr: typed.Membership, context: Context) -> Operand:
        build = self.build
        item = self.item(expr.item, context)
        rows = self.rows(expr.collection, context)
        assert isinstance(rows.element, Item)
        lowered = self.low.items.down(item, context, Context(rows.axis, context))
        assert isinstance(lowered, Item)
        same = build.full(self.low.identities.same(lowered, rows.element), rows.axis, "bool")
        found = build.column(Reduce("any", Ref(rows.axis), same), context.axis, "bool", "is_member")
        if not expr.negated:
            return found
        return build.both(build.map("not", (found,)), self.exists(item))

    # -------------------------------------------------------------- lists

    def _at(self, list_expr: typed.Expr, index: typed.Expr, context: Context) -> Value:
        build = self.build
        # A list that belongs further up, or to another item, is not copied: only its element is taken.
        home = self.home(list_expr, context)
        rows = self.rows(list_expr, home)
        parent = None if home.axis == context.axis else build.ancestor_rows(context.axis, home.axis)
        element, above, key = self.low.items.expanded.get(rows.axis, (None, rows, None))
        if key is not None and element == rows.element:  # these are the elements themselves, nothing made of them
            rows = above
            spread = build.spread(key, context.axis)
            assert isinstance(spread, Ref)
            parent = spread
        place = self.scalar(index, context)
        at = place.value
        if place.valid is not None:
            at = build.map("where", (place.valid, at, Const("int", 1 << 62)))
        op = ElementAt(Ref(rows.axis), parent, at, from_end=True)
        row = build.column(op, context.axis, "item", f"{rows.axis}_at", rows.axis)
        return self.low.items.take(rows.element, row, nullable=True)

    def _slice(self, rows: Rows, start: int | None, stop: int | None) -> Rows:
        build = self.build
        if not start and stop is None:
            return rows
        axis = rows.axis
        place = build.column(Position(Ref(axis)), axis, "int", f"{axis}_place")
        parent = build.parent(axis)

        def bound(number: int) -> Operand:
            if number >= 0:
                return Const("int", number)
            count = build.column(Reduce("count", Ref(axis), None), parent, "int", f"n_{axis}")
            return build.map("+", (build.spread(count, axis), Const("int", number)))

        after = build.map(">=", (place, bound(start))) if start else None
        before = build.map("<", (place, bound(stop))) if stop is not None else None
        return self.filtered(rows, build.both(after, before))

    def filtered(self, rows: Rows, mask: Operand) -> Rows:
        """Keep the elements for which a condition is true."""
        if mask == TRUE:
            return rows
        build = self.build
        full = build.full(mask, rows.axis, "bool")
        axis = build.axis(Where(Ref(rows.axis), full), build.parent(rows.axis), f"{rows.axis}_some")
        return Rows(axis, self.low.items.take(rows.element, build.index(axis), nullable=False))

    def _comprehension(self, expr: typed.Comprehension, context: Context) -> Rows:
        inner = self._turns(expr, context)
        return self._flattened(Rows(inner.axis, self.lower(expr.body, inner)), context)

    def _flattened(self, rows: Rows, context: Context) -> Rows:
        """Return the elements as belonging to the rows of `context`, however many loops gave them."""
        build = self.build
        while build.parent(rows.axis) != context.axis:
            above = build.parent(build.parent(rows.axis))
            axis = build.axis(Flatten(Ref(rows.axis)), above, f"{rows.axis}_flat")
            rows = Rows(axis, self._viewed(rows.element, axis))
        return rows

    def _viewed(self, value: Value, axis: str) -> Value:
        build = self.build

        def view(operand: Operand, hint: str) -> Operand:
            if isinstance(operand, Const) or build.axis_of(operand) is None:
                return operand
            definition = build.definitions[operand.name]
            return build.column(View(operand), axis, definition.kind, hint, definition.target)

        def scalar(of: Scalar) -> Scalar:
            valid = None if of.valid is None else view(of.valid, "valid")
            return Scalar(of.kind, view(of.value, "value"), of.nullable, valid)

        match value:
            case Scalar():
                return scalar(value)
            case Item():
                row = view(build.row(value), "item")
                assert isinstance(row, Ref)
                return Item(value.collection, value.axis, row, value.nullable, value.own_p4)
            case Vector():
                return value.map(scalar)
            case Rows():
                raise HepselError("the columnar plan has no lists of lists over several loops")

    def _turns(self, expr: typed.Comprehension, context: Context) -> Context:
        """Return the context of the innermost loop, with one row for each turn."""
        build = self.build
        items = self.low.items
        for loop in expr.loops:
            rows = self.rows(loop.list, context)
            if len(loop.variables) == 1:
                bound = {loop.variables[0].uid: rows.element}
                context = Context(rows.axis, context, bound)
                continue
            count = len(loop.variables)
            relations = tuple(Relation(k - 1, "<", k) for k in range(1, count))
            slots = (Ref(rows.axis),) * count
            axis = build.axis(Combine(Ref(context.axis), slots, relations), context.axis, f"{rows.axis}_tuples")
            bound = {
                variable.uid: items.take(rows.element, build.index(axis, place), nullable=False)
                for place, variable in enumerate(loop.variables)
            }
            context = Context(axis, context, bound)
        if expr.condition is None:
            return context
        condition = self.condition(expr.condition, context)
        if condition == TRUE:
            return context
        mask = build.full(condition, context.axis, "bool")
        assert context.parent is not None
        axis = build.axis(Where(Ref(context.axis), mask), context.parent.axis, f"{context.axis}_some")
        index = build.index(axis)
        bound = {uid: items.take(value, index, nullable=False) for uid, value in context.variables.items()}
        return Context(axis, context.parent, bound)

    # -------------------------------------------------------------- reductions

    def _reduce(self, expr: typed.Reduce, context: Context, hint: str) -> Value:
        build = self.build
        rows = self.rows(expr.list, context)
        axis = Ref(rows.axis)
        element = rows.element
        list_type = expr.list.type
        assert isinstance(list_type, ListType)
        if expr.kind == "count_turns":
            return Scalar("int", build.column(Reduce("count", axis, None), context.axis, "int", f"n_{rows.axis}"))
        if expr.kind == "count_values":
            there = self.exists(element)
            counted = None if there == TRUE else build.full(there, rows.axis, "bool")
            return Scalar("int", build.column(Reduce("count", axis, counted), context.axis, "int", f"n_{rows.axis}"))
        if isinstance(element, Vector):
            if expr.kind == "megajet":
                return self._megajet(expr.k, rows.axis, element, context, hint)
            if expr.kind in ("sphericity", "aplanarity"):
                return self._shape(expr.kind, rows.axis, element, context, hint)
            return self._sum_of_vectors(rows.axis, element, context, hint)
        assert isinstance(element, Scalar)
        if expr.kind in ("any", "all"):
            truth = build.full(element.value, rows.axis, "bool")
            return Scalar("bool", build.column(Reduce(expr.kind, axis, truth), context.axis, "bool", hint))
        if isinstance(list_type.element, RealType) or expr.kind in ("mean", "imbalance"):
            element = build.real(element)
        return self._reduce_numbers(expr.kind, expr.k, rows.axis, element, context, hint)

    def _reduce_numbers(self, kind: str, k: int, axis: str, element: Scalar, context: Context, hint: str) -> Scalar:
        build = self.build
        name: ReduceKind = kind  # type: ignore[assignment]
        if element.kind == "bool":
            raise HepselError(f"{kind} of truth values: use count, any or all")
        every: Operand | None = None
        if element.valid is not None and element.valid != TRUE:
            there = build.full(element.valid, axis, "bool")
            if kind == "product":
                every = build.column(Reduce("all", Ref(axis), there), context.axis, "bool", f"{hint}_known")
            some = self.filtered(Rows(axis, element), there)
            assert isinstance(some.element, Scalar)
            axis, element = some.axis, some.element
        value = build.full(element.value, axis, element.kind)
        result = build.column(Reduce(name, Ref(axis), value, k), context.axis, element.kind, hint)
        if kind == "product" and element.kind == "int":
            return Scalar("int", result, every is not None, every)
        if element.kind == "real" or kind == "sum":
            return Scalar(element.kind, result, element.kind == "real")
        count = build.column(Reduce("count", Ref(axis), None), context.axis, "int", f"n_{axis}")
        valid = build.map(">=", (count, Const("int", k)))
        return Scalar("int", result, nullable=True, valid=valid)

    def _sum_of_vectors(self, axis: str, vector: Vector, context: Context, hint: str) -> Vector:
        def component(name: str) -> Scalar:
            value = self.build.real(vector.momentum(name)).value
            return self._sum_where(self.exists(vector), value, axis, context, f"{hint}_{name}")

        return from_momentum(self.low, Vector(component), hint)

    def _sum_where(self, counted: Operand, value: Operand, axis: str, context: Context, hint: str) -> Scalar:
        """Add up the reals of those rows for which a condition is true."""
        build = self.build
        kept = build.map("where", (counted, value, missing("real").value))
        added = Reduce("sum", Ref(axis), build.full(kept, axis, "real"))
        return Scalar("real", build.column(added, context.axis, "real", hint))

    def _shape(
        self, kind: Literal["sphericity", "aplanarity"], axis: str, vector: Vector, context: Context, hint: str
    ) -> Scalar:
        build = self.build
        x, y, z = momentum = [build.real(vector.momentum(name)) for name in ("px", "py", "pz")]
        there = build.both(*map(build.exists, momentum))

        products = (build.reals("*", *pair) for pair in ((x, x), (y, y), (z, z), (x, y), (x, z), (y, z)))
        tensor = [self._sum_where(there, product.value, axis, context, "tensor") for product in products]
        return build.reals(kind, *tensor, hint=hint)

    def _megajet(self, k: int, axis: str, vector: Vector, context: Context, hint: str) -> Vector:
        build = self.build
        parts = {name: build.real(vector.momentum(name)).value for name in (*MOMENTUM, "charge")}
        momentum = tuple(build.full(parts[name], axis, "real") for name in MOMENTUM)
        group = build.column(GroupOf(Ref(axis), momentum), axis, "int", f"{axis}_group")
        inside = [build.map("==", (group, Const("int", number))) for number in (1, 2)]
        divided = build.column(Reduce("any", Ref(axis), inside[1]), context.axis, "bool", f"{axis}_divided")

        def total(number: int) -> Vector:
            def component(name: str) -> Scalar:
                return self._sum_where(inside[number], parts[name], axis, context, f"{hint}_{name}_{number + 1}")

            return from_momentum(self.low, Vector(component), f"{hint}_{number + 1}")

        sums = total(0), total(1)
        leading = build.map(">=", tuple(one.component("pt").value for one in sums))

        def component(name: str) -> Scalar:
            higher, lower = (one.component(name) for one in (sums if k == 1 else reversed(sums)))
            return build.where(divided, build.where(leading, higher, lower), missing("real"))

        return from_momentum(self.low, Vector(component), hint)

    def _arg_best(self, expr: typed.ArgBest, context: Context) -> Value:
        build = self.build
        turns = self._turns(expr.list, context)
        (loop,) = expr.list.loops
        (variable,) = loop.variables
        element = turns.variables[variable.uid]
        key = self.scalar(expr.list.body, turns)
        axis = turns.axis
        if key.kind == "bool":
            raise HepselError("argmin and argmax take numbers")
        if key.valid is not None and key.valid != TRUE:
            some = self.filtered(Rows(axis, element), key.valid)
            moved = self.low.items.take(key, build.index(some.axis), nullable=False)
            assert isinstance(moved, Scalar)
            axis, element, key = some.axis, some.element, moved
        full = build.full(key.value, axis, key.kind)
        best = build.column(ArgBest(Ref(axis), full, expr.highest, expr.k), context.axis, "item", f"{axis}_best", axis)
        return self.low.items.take(element, best, nullable=True)
