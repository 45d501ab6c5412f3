"""Reading a condition as what it claims: a conjunction of requirements, each with its alternatives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from hepsel.extract.checking.claims import Bound, Branch, Claim, Compared, Requirement, Term, Word
from hepsel.extract.checking.literals import (
    constants_in,
    form_of,
    formula_numbers,
    literal,
    number_of,
    place_in_list,
    terms_of,
)
from hepsel.extract.checking.scope import About, Scope
from hepsel.extract.checking.vocabulary import Sense
from hepsel.semantics.types import Dimension
from hepsel.syntax import tree
from hepsel.syntax.comparisons import OPPOSITE, SWAPPED
from hepsel.syntax.printer import print_expression

_SIGNS_OF_CHARGES = {
    ("+", "=="): "opposite charge", ("+", "!="): "same charge",
    ("*", "<"): "opposite charge", ("*", ">"): "same charge",
    ("-", "=="): "same charge", ("-", "!="): "opposite charge",
}  # fmt: skip


def requirements(condition: tree.Expr, scope: Scope, *, positive: bool) -> tuple[Requirement, ...]:
    """Return what is required for a condition to hold, or with `positive` false not to hold."""
    return tuple(
        Requirement(tuple(tuple(claims) for claims in alternatives))
        for alternatives in _conjuncts(condition, scope, positive, 0)
    )


# A conjunction of disjunctions of lists of claims.
_Form = list[list[list[Claim]]]


def _conjuncts(node: tree.Expr, scope: Scope, positive: bool, depth: int) -> _Form:
    if depth > 60:
        return [[[Compared(About(), print_expression(node))]]]
    match node:
        case tree.Unary("not", operand):
            return _conjuncts(operand, scope, not positive, depth + 1)
        case tree.Logical(operator, operands):
            forms = [_conjuncts(operand, scope, positive, depth + 1) for operand in operands]
            return _all(forms) if (operator == "and") == positive else _either(forms)
        case tree.Comparison():
            forms = [[[_compared(part, scope, positive)]] for part in _pairs(_symmetric(node))]
            return _all(forms) if positive else _either(forms)
        case tree.Call("any" | "all" as quantifier, (argument,)):
            every = (quantifier == "all") == positive
            if isinstance(argument, tree.Generator):
                form = _quantified(_with_comparisons(argument, scope, quantifier), scope, positive, depth)
            else:
                form = _conjuncts(argument, scope, positive, depth + 1)
            return _with_bounds(form, lambda bound: bound if bound.nested else replace(bound, every=every))
        case tree.Call("exists", (argument,)) if (counted := _there_is(argument, scope)) is not None:
            return _conjuncts(counted, scope, positive, depth + 1)
        case tree.Call(name) | tree.Name(name) if name in scope.values:
            scope.room -= 1
            if scope.room < 0:
                return [[[Compared(About(), name)]]]
            return _conjuncts(scope.values[name], scope, positive, depth + 1)
        case tree.Conditional(condition, value, otherwise):
            # `true` demands nothing there; anywhere else no quotation says what a truth value says.
            free = tree.Boolean(positive)
            first, second = (
                [] if one == free else _conjuncts(one, scope, positive, depth + 1) for one in (value, otherwise)
            )
            return _with_words(first, _words_of(condition, scope)) + second
        case _:
            return [[[_flag(node, scope, positive)]]]


def _there_is(item: tree.Expr, scope: Scope) -> tree.Expr | None:
    """Return that there are so many of a collection for an item of it: `exists(jets[1])` is `count(jets) >= 2`."""
    match item:
        case tree.Index(tree.Name() as collection, tree.Number(text, None)) if text.isdigit():
            least = int(text) + 1
        case tree.Name(name) as collection if name not in scope.values and scope.about(item).objects:
            least = 1
        case _:
            return None
    count = tree.Call("count", (collection,), span=item.span)
    return tree.Comparison((count, tree.Number(str(least), None, span=item.span)), (">=",), span=item.span)


def _all(forms: Iterable[_Form]) -> _Form:
    """Return the conjunction of forms."""
    return [one for form in forms for one in form]


def _either(forms: Iterable[_Form]) -> _Form:
    """Return the disjunction of forms, each of which is flattened to one list of claims per alternative."""
    alternatives: list[list[Claim]] = []
    for form in forms:
        if all(len(one) == 1 for one in form):
            alternatives.append([claim for one in form for member in one for claim in member])
        else:
            alternatives += [member for one in form for member in one]
    return [[alternative for alternative in alternatives if alternative]]


def _quantified(generator: tree.Generator, scope: Scope, positive: bool, depth: int) -> _Form:
    inner = scope.inside(generator)
    words, bounds = _filter_of(generator, inner)
    form = _with_words(_conjuncts(generator.body, inner, positive, depth + 1), words)
    chosen = scope.makeup(generator.clauses[0].collection)
    form = _with_bounds(form, lambda bound: replace(bound, makeup=bound.makeup | chosen))
    return [*form, [list(bounds)]] if bounds else form


def _with_comparisons(generator: tree.Generator, scope: Scope, quantifier: str) -> tree.Generator:
    """Write what a generator's filter compares with one another into its body, where it is judged with this."""
    inner = scope.inside(generator)
    condition = generator.condition
    parts = condition.operands if isinstance(condition, tree.Logical) and condition.operator == "and" else (condition,)
    compared = tuple(part for part in parts if part is not None and _compares_values(part, inner))
    if not compared:
        return generator
    left = tuple(part for part in parts if part is not None and part not in compared)
    span = generator.span
    if quantifier == "any":
        body: tree.Expr = tree.Logical("and", (generator.body, *compared), span=span)
    else:
        negated = tuple(tree.Unary("not", part, span=span) for part in compared)
        body = tree.Logical("or", (generator.body, *negated), span=span)
    kept = tree.Logical("and", left, span=span) if len(left) > 1 else left[0] if left else None
    return replace(generator, body=body, condition=kept)


def _compares_values(node: tree.Expr, scope: Scope) -> bool:
    """Whether a condition compares two values by their size."""
    if not isinstance(node, tree.Comparison) or not {"==", "!="}.isdisjoint(node.operators):
        return False
    claims = tuple(claims_of(node, scope))
    return any(isinstance(claim, Compared) for claim in claims)


def _with_bounds(form: _Form, changed: Callable[[Bound], Bound]) -> _Form:
    """Return the form with every bound changed."""
    return [
        [[changed(claim) if isinstance(claim, Bound) else claim for claim in member] for member in alternatives]
        for alternatives in form
    ]


def _with_words(form: _Form, words: tuple[Word, ...]) -> _Form:
    """Return the form with further words beside each bound."""
    return _with_bounds(form, lambda bound: replace(bound, words=bound.words + words)) if words else form


def _filter_of(generator: tree.Generator, inner: Scope) -> tuple[tuple[Word, ...], tuple[Bound, ...]]:
    """Return the words and bounds by which a generator chooses its items."""
    if generator.condition is None:
        return (), ()
    claims = tuple(claims_of(generator.condition, inner))
    words = tuple(claim for claim in claims if isinstance(claim, Word))
    return words, tuple(replace(claim, nested=True) for claim in claims if isinstance(claim, Bound))


def _words_of(condition: tree.Expr, scope: Scope) -> tuple[Word, ...]:
    return tuple(claim for claim in claims_of(condition, scope) if isinstance(claim, Word))


def claims_of(condition: tree.Expr, scope: Scope) -> Iterator[Claim]:
    """Yield what is claimed where a condition says which items or values are meant."""
    return (claim for one in _conjuncts(condition, scope, True, 1) for member in one for claim in member)


# ------------------------------------------------------------------ comparisons


def _symmetric(node: tree.Comparison) -> tree.Comparison:
    """Return `|x| < a` for `-a < x < a`."""
    if len(node.operators) == 2 and node.operators[0] == node.operators[1]:
        low, middle, high = node.operands
        first, second = literal(low), literal(high)
        if first and second and first[0] == -second[0] and first[1:2] == second[1:2] and first[0] < second[0]:
            return tree.Comparison((tree.Absolute(middle, span=middle.span), high), node.operators[1:], span=node.span)
    return node


def _pairs(node: tree.Comparison) -> Iterator[tree.Comparison]:
    """Yield the comparisons of two that a chain such as `a < x < b` is made of."""
    for place, operator in enumerate(node.operators):
        yield tree.Comparison(node.operands[place : place + 2], (operator,), span=node.span)


def _compared(node: tree.Comparison, scope: Scope, positive: bool) -> list[Claim]:
    (left, right), (operator,) = node.operands, node.operators
    if relation := _relation(left, operator, right):
        return [_related(relation if positive else contrary(relation))]
    if (expanded := _expanded(node, scope, positive)) is not None:
        return expanded
    if operator in ("==", "!=") and (name := _enumerated(right, left, scope) or _enumerated(left, right, scope)):
        negated = (operator == "!=") == positive
        return [Word(_spoken(name), negated=negated)]
    sense: Sense = operator if positive else OPPOSITE[operator]
    for value, other, mirrored in ((right, left, False), (left, right, True)):
        if (number := number_of(value, scope)) is not None:
            return _bounds(number, other, SWAPPED[sense] if mirrored else sense, scope)
    about = scope.about(node)
    numbers = tuple(formula_numbers(node, scope))
    if not numbers:
        sides = tuple(Term(scope.about(side), place_in_list(side), scope.makeup(side).made) for side in (left, right))
        return [Compared(about, print_expression(node), sides, sense)]
    side, other = (right, left) if any(True for _ in formula_numbers(left, scope)) else (left, right)
    terms = tuple(Term(scope.about(one), place_in_list(one), scope.makeup(one).made) for one in (side, other))
    scales = len(numbers) == 1 and isinstance(other, tree.Binary) and other.operator == "*"
    first = replace(
        numbers[0],
        about=scope.about(side),
        measure=scope.about(other),
        sense=SWAPPED[sense] if side is right else sense,
        place=place_in_list(side),
        expression=print_expression(side),
        makeup=scope.makeup(left) | scope.makeup(right),
        terms=terms if scales else terms_of(side, scope),
    )
    nested: list[Claim] = []
    for part in tree.walk(node):
        if isinstance(part, tree.Generator) and part.condition is not None:
            nested += _filter_of(part, scope.inside(part))[1]
    return [first, *nested, *numbers[1:]]


def _expanded(node: tree.Comparison, scope: Scope, positive: bool) -> list[Claim] | None:
    """Write out `x > (if c then a else b)`: two bounds, each where its words stand."""
    for place, operand in enumerate(node.operands):
        if isinstance(operand, tree.Conditional):
            asked = tuple(one for one in claims_of(operand.condition, scope) if not isinstance(one, Compared))
            claims: list[Claim] = []
            for value, holds in ((operand.value, True), (operand.otherwise, False)):
                operands = tuple(value if i == place else other for i, other in enumerate(node.operands))
                compared = _compared(tree.Comparison(operands, node.operators, span=node.span), scope, positive)
                if asked:
                    branch = Branch(asked, holds, _literal_in(operand.condition))
                    compared = [
                        replace(one, branch=one.branch or branch) if isinstance(one, Bound) else one for one in compared
                    ]
                claims += compared
            return claims
    return None


def _literal_in(condition: tree.Expr) -> str:
    """Return a number that a condition writes, and not by a name."""
    numbers = (part for part in tree.walk(condition) if isinstance(part, tree.Number))
    return next((print_expression(number) for number in numbers if number.text.strip("0.")), "")


def _related(relation: str) -> Word:
    return Word(relation, relation)


def contrary(relation: str) -> str:
    """Return the relation of two items that do not have this one."""
    first, _, second = relation.partition(" ")
    other = {"same": "opposite" if second == "charge" else "different", "opposite": "same", "different": "same"}[first]
    return f"{other} {second}"


def _relation(left: tree.Expr, operator: str, right: tree.Expr) -> str | None:
    """Return the relation of two items that a comparison says: of their charges, or of their flavours."""
    for attribute in ("charge", "flavour", "flavor"):
        spoken = "flavour" if attribute == "flavor" else attribute
        other = "opposite" if attribute == "charge" else "different"
        both = isinstance(left, tree.Attribute) and isinstance(right, tree.Attribute)
        if both and {_attribute(left), _attribute(right)} == {attribute}:
            return {"==": f"same {spoken}", "!=": f"{other} {spoken}"}.get(operator)
    zero = literal(right)
    if zero is None or zero[0] != 0 or not isinstance(left, tree.Binary):
        return None
    if {_attribute(left.left), _attribute(left.right)} != {"charge"}:
        return None
    return _SIGNS_OF_CHARGES.get((left.operator, operator))


def _attribute(node: tree.Expr) -> str | None:
    return node.name if isinstance(node, tree.Attribute) else None


def _enumerated(node: tree.Expr, other: tree.Expr, scope: Scope) -> str | None:
    """Return a value of an enumeration: a bare name that nothing in the program has, and that is beside no number."""
    if number_of(other, scope) is not None:
        return None
    if isinstance(node, tree.Name) and node.name not in scope.values and node.name not in scope.collections:
        about = scope.about(node)
        return node.name if not about.quantities and not about.objects else None
    return None


def _spoken(name: str) -> str:
    return name.removeprefix("is_").removeprefix("has_").removeprefix("passes_").removeprefix("pass_").replace("_", " ")


def _bounds(number: tuple[Fraction, Dimension, str], other: tree.Expr, sense: Sense, scope: Scope) -> list[Claim]:
    value, dimension, written = number
    about = scope.about(other)
    counted = scope.counts(other)
    words: tuple[Word, ...] = ()
    nested: list[Claim] = []
    for part in tree.walk(other):
        if isinstance(part, tree.Generator) and part.condition is not None:
            found, bounds = _filter_of(part, scope.inside(part))
            words += found if counted else ()
            nested += bounds
    if value < 0:
        sense = SWAPPED[sense]
    makeup = scope.makeup(other)
    bound = Bound(
        about,
        sense,
        abs(value),
        dimension,
        written,
        counted,
        words=words,
        place=place_in_list(other),
        expression=print_expression(other),
        form=form_of(other, scope),
        every=makeup.every(sense),
        makeup=makeup,
        terms=terms_of(other, scope),
        constants=tuple(constants_in(other, scope)),
    )
    return [bound, *nested, *formula_numbers(other, scope)]


def _flag(node: tree.Expr, scope: Scope, positive: bool) -> Claim:
    match node:
        case tree.Name(name):
            return Word(_spoken(name), negated=not positive)
        case tree.Attribute(item, name):
            of = item.name if isinstance(item, tree.Name) else ""
            return Word(_spoken(name), negated=not positive, of=of)
        case tree.Membership(_, collection, negated):
            return Word(print_expression(collection), negated=negated == positive)
        case _:
            return Compared(scope.about(node), print_expression(node))


def all_numbers(node: tree.Node, scope: Scope) -> tuple[Bound, ...]:
    """Return every number of a node, those in the filters of generators included."""
    found: list[Bound] = list(formula_numbers(node, scope))
    for part in tree.walk(node):
        if isinstance(part, tree.Generator) and part.condition is not None:
            found += _filter_of(part, scope.inside(part))[1]
        if isinstance(part, tree.Conditional):
            inner = claims_of(part.condition, scope)
            found += [claim for claim in inner if isinstance(claim, Bound) and claim not in found]
    return tuple(found)
