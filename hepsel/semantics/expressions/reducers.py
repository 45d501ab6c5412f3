"""Functions of lists and generators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hepsel.semantics import program as typed
from hepsel.semantics.attributes import is_number
from hepsel.semantics.expressions.part import Part, unknown
from hepsel.semantics.expressions.quantities import a_quantity, dimension, folded, usual_unit
from hepsel.semantics.one_ended import tell_of_one_end
from hepsel.semantics.types import (
    BOOL,
    INT,
    PURE,
    VECTOR,
    BoolType,
    ItemType,
    ListType,
    RealType,
    Type,
    UnknownType,
    VectorType,
)
from hepsel.semantics.unrelated import tell_of_turns
from hepsel.syntax import tree
from hepsel.syntax.printer import print_argument

_OF_VECTORS = ("megajet", "sphericity", "aplanarity")


class Reducers(Part):
    """Types `sum`, `any`, `count` and the like, and the generators in them."""

    def reduce(self, expr: tree.Call) -> typed.Expr:
        """Type a function of a list or generator."""
        name = expr.function
        ranked = name in ("largest", "smallest", "megajet")
        optional_rank = name in ("argmin", "argmax")
        counts = (2,) if ranked else (1, 2) if optional_rank else (1,)
        if len(expr.arguments) not in counts:
            if counts == (1,) and len(expr.arguments) > 1:
                return self.report("E304", f"`{name}` takes one list or generator", expr, self._of_one_generator(expr))
            return self.checker.calls.argument_count(expr, " or ".join(map(str, counts)))
        rank = 1
        if len(expr.arguments) == 2:
            value = folded(self.check(expr.arguments[1]))
            if value is None or value.denominator != 1 or value < 1:
                return self.report("E311", f"the second argument of `{name}` counts from 1", expr.arguments[1])
            if name == "megajet" and value > 2:
                return self.report("E311", "there are two megajets, 1 and 2", expr.arguments[1])
            rank = int(value)
        argument = expr.arguments[0]
        in_loop = isinstance(argument, tree.Generator)
        outer, self.checker.calls.reduced = self.checker.calls.reduced, "min" if in_loop else name
        items = self.generator(argument) if isinstance(argument, tree.Generator) else self.check(argument)
        self.checker.calls.reduced = outer
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
                return self.report(
                    "E301",
                    f"`{name}` is about conditions, and these are of type {element}",
                    argument,
                    self._condition_in(name, argument, element),
                )
            kind: Type = BOOL
        elif name in _OF_VECTORS and not isinstance(element, ItemType | VectorType):
            return self.report(
                "E302",
                f"`{name}` is about items or four-vectors, and these are of type {element}",
                argument,
                f"write `{name}(jets{f', {rank}' if ranked else ''})`",
            )
        elif name in ("sum", *_OF_VECTORS) and isinstance(element, ItemType | VectorType):
            items = self.checker.lists.each(
                items, lambda part: self.checker.members.vector(part, argument), argument.span
            )
            if isinstance(items.type, UnknownType):
                return items
            kind = VECTOR if name in ("sum", "megajet") else RealType(PURE)
        elif not is_number(element):
            proposal = None
            if isinstance(element, BoolType):
                proposal = f"count the items that fulfil it: `count({self._those_with(argument)})`"
            elif isinstance(element, ItemType):
                proposal = "take an attribute of each, such as `.pt`"
            return self.report(
                "E302", f"`{name}` is about numbers, and these are of type {element}", argument, proposal
            )
        elif name == "product" and dimension(element) != PURE:
            return self.report(
                "E302",
                f"`product` is of pure numbers, and each of these is {a_quantity(dimension(element))}",
                argument,
                f"divide each by a unit: `... / (1 {usual_unit(dimension(element)) or 'GeV'})`",
            )
        else:
            kind = RealType(dimension(element)) if name in ("mean", "imbalance") else element
        return typed.Reduce(name, items, rank, type=kind, span=expr.span)  # type: ignore[arg-type]

    def _condition_in(self, name: str, argument: tree.Expr, element: Type) -> str | None:
        """Say what `any` or `all` of numbers, or of items, was meant for."""
        text = print_argument(argument)
        if isinstance(argument, tree.Generator):
            return None
        if isinstance(element, ItemType) and name == "any":
            return f"whether there is one is `count({text}) > 0`"
        return f"write the comparison inside: `{name}({text} > ...)`" if is_number(element) else None

    def _those_with(self, condition: tree.Expr) -> str:
        """Return the items that fulfil a condition, as a generator."""
        if isinstance(condition, tree.Generator):
            if condition.condition is None and len(condition.clauses) == 1 and len(condition.clauses[0].names) == 1:
                variable = tree.Name(condition.clauses[0].names[0], span=condition.span)
                return print_argument(replace(condition, body=variable, condition=condition.body))
            return "j for j in jets if ..."
        return self.checker.masks.generator(condition) or "j for j in jets if ..."

    def _is_true_or_false(self, argument: tree.Expr) -> bool:
        """Whether an argument is the name of a region or of a condition."""
        if not isinstance(argument, tree.Name):
            return False
        value = self.symbols.values.get(argument.name)
        return argument.name in self.symbols.regions or (value is not None and isinstance(value.expr.type, BoolType))

    def _of_one_generator(self, expr: tree.Call) -> str:
        """Say how `count(jets, pt > 30 GeV)`, or `any(ee, mumu)` of regions, is written."""
        word = {"any": " or ", "all": " and "}.get(expr.function)
        if word is not None and all(map(self._is_true_or_false, expr.arguments)):
            return f"write `{word.join(map(print_argument, expr.arguments))}`"
        items, condition = expr.arguments[0], expr.arguments[1]
        others = [argument.name for argument in expr.arguments[1:] if isinstance(argument, tree.Name)]
        last = items.clauses[-1].collection if isinstance(items, tree.Generator) else None
        if isinstance(last, tree.Name) and len(others) == len(expr.arguments) - 1:
            united = ", ".join([last.name, *others])
            return f"a generator runs over one collection: define an `object` with `take {united}`, and write its name"
        usual = f"write `{expr.function}(... for x in collection)`"
        if len(expr.arguments) != 2 or not isinstance(condition, tree.Comparison | tree.Logical):
            return usual
        generator = None if isinstance(items, tree.Generator) else self.checker.masks.generator(condition, items)
        return f"write `{expr.function}({generator})`" if generator is not None else usual

    def _not_a_list(self, expr: tree.Call, items: typed.Expr) -> typed.Expr:
        proposal = self.checker.members.of_enumeration_value(items)
        what = "a region" if self.is_region(items) else f"of type {items.type}"
        if self.is_region(items):
            proposal = "how many events pass it is told in its cutflow; as a condition write its name alone"
        elif isinstance(items.type, BoolType):
            proposal = f"say over what: `{expr.function}(... for j in jets)`"
        return self.report(
            "E305",
            f"`{expr.function}` needs a list or a generator, and this is {what}",
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
                f"write `count({self._those_with(expr.arguments[0])})`",
            )
        by_turn = isinstance(expr.arguments[0], tree.Generator) or self._all_there(items)
        kind: typed.ReduceKind = "count_turns" if by_turn else "count_values"
        return typed.Reduce(kind, items, type=INT, span=expr.span)

    def _all_there(self, items: typed.Expr) -> bool:
        """Whether all items of a list are certainly there, as those of a collection: a link may lead to nothing."""
        match items:
            case typed.CollectionRef():
                return True
            case typed.SliceOf(whole):
                return self._all_there(whole)
            case typed.ValueRef(name):
                return self._all_there(self.symbols.values[name].expr)
            case typed.Comprehension(body, (loop,), None):
                return self._is_part(body) and self._all_there(loop.list)
            case _:
                return self._is_part(items)

    def _is_part(self, expr: typed.Expr) -> bool:
        """Whether an expression is a slot of a candidate, or all its parts."""
        if not isinstance(expr, typed.Attribute) or not isinstance(expr.item.type, ItemType):
            return False
        collection = expr.item.type.collection
        found = typed.resolve(self.symbols.format, self.symbols.collections, collection, expr.name)
        while isinstance(found, typed.FromSource):
            collection = found.sources[0]
            found = typed.resolve(self.symbols.format, self.symbols.collections, collection, expr.name)
        return isinstance(found, typed.SlotItem | typed.Parts)

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
        self.checker.habits.warn_of_offset(items.body, expr.arguments[0].span)
        return typed.ArgBest(items, expr.function == "argmax", rank, type=variable.type, span=expr.span)

    def generator(self, expr: tree.Generator) -> typed.Expr:
        """Type `body for x in a for y in b if condition`."""
        outer = self.scope
        loops: list[typed.Loop] = []
        variables = dict(outer.variables)
        scope = outer
        for clause in expr.clauses:
            with self.checker.within(scope):
                items = self.checker.lists.list_of(clause.collection, "`for`")
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
                taken = self._taken(name, variables)
                if taken is not None:
                    self.symbols.report("E202", f"`{name}` is {taken}", span, "choose another name")
                elif outer.program_names:
                    self.symbols.claim(name, span, what="variable")
                variable = typed.Variable(name, self.symbols.uid(), type=items.type.element, span=span)
                variables[name] = variable
                bound.append(variable)
            loops.append(typed.Loop(tuple(bound), items))
            scope = replace(outer, variables=dict(variables))
        with self.checker.within(scope):
            body = self.check(expr.body)
            condition = self.checker.condition(expr.condition) if expr.condition is not None else None
        if condition is not None:
            tell_of_one_end(self.symbols, condition)
        if isinstance(body.type, UnknownType) or (condition and isinstance(condition.type, UnknownType)):
            return unknown(expr.span)
        if isinstance(body.type, ListType):
            return self.report("E305", "each turn of a generator gives one value, and this is a list", expr.body)
        items = typed.Comprehension(body, tuple(loops), condition, type=ListType(body.type), span=expr.span)
        if outer.program_names:
            tell_of_turns(self.symbols, self.attributes, items)
        return items

    def _taken(self, name: str, variables: Mapping[str, typed.Expr]) -> str | None:
        """Say what the name of a new variable means in this block already."""
        this = self.scope.this
        if name in variables:
            return "a variable already"
        if name in self.scope.lets:
            return "defined in this region already"
        if this is not None and self.attributes.has(this, name):
            return f"an attribute of {this}"
        return None
