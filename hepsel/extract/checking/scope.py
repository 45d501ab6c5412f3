"""What the names of a program stand for: which objects and quantities an expression is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from hepsel.extract.checking.makeup import Makeup, MakeupReader
from hepsel.extract.checking.vocabulary import vocabulary
from hepsel.syntax import tree

Form = Literal["absolute", "signed", "open", "plain"]
"""Whether a quantity is written as an absolute value, could be below zero, is not known, or never is below."""


@dataclass(frozen=True, slots=True)
class About:
    """What an expression is about.

    Attributes
    ----------
    quantities
        Kinds of quantities of the vocabulary.
    attributes
        Names of attributes that the vocabulary does not have.
    names
        Names of the program, `let` and `define`, by which it is called.
    objects
        Kinds of objects that are named in it.
    """

    quantities: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()

    def __or__(self, other: About) -> About:
        return About(
            self.quantities | other.quantities,
            self.attributes | other.attributes,
            self.names | other.names,
            self.objects | other.objects,
        )


@dataclass
class Scope:
    """The names that are known at a place of a program."""

    values: dict[str, tree.Expr] = field(default_factory=dict)
    collections: dict[str, frozenset[str]] = field(default_factory=dict)
    known: dict[str, About] = field(default_factory=dict)
    """What was found about the values, so that each is looked at once, however often it is used."""
    forms: dict[str, Form] = field(default_factory=dict)
    """What was found about the signs of the values, likewise."""
    makeups: dict[tuple[str, bool], Makeup] = field(default_factory=dict)
    """What was found about how the values are made, likewise."""
    room: int = 10_000
    """How many more values are written out; a program can make a short text mean a very long one."""

    def inside(self, generator: tree.Generator) -> Scope:
        """Return the scope in which a generator's body stands."""
        inner = replace(self, collections=dict(self.collections))
        for clause in generator.clauses:
            kinds = inner.about(clause.collection).objects
            inner.collections |= dict.fromkeys(clause.names, kinds)
        return inner

    def makeup(self, expression: tree.Node) -> Makeup:
        """Return what an expression makes of quantities."""
        about = self.about(expression)
        item = bool(about.objects) and not (about.quantities or about.attributes)
        return MakeupReader(self.values, self.makeups).read(expression, item=item)

    def about(self, expression: tree.Node, depth: int = 0) -> About:
        """Return what an expression is about."""
        if depth > 40:
            return About()
        match expression:
            case tree.Name(name):
                return self._name(name, depth)
            case tree.Attribute(tree.Attribute() as item, name):
                # What has attributes is an item, such as the slot `z` of `zw.z.mass`, and no quantity.
                return replace(self.about(item, depth + 1), quantities=frozenset()) | self._attribute(name, depth)
            case tree.Attribute(item, name):
                return self.about(item, depth + 1) | self._attribute(name, depth)
            case tree.Call("argmin" | "argmax", arguments):
                # One of a collection, whatever it is chosen by.
                clauses = [c for one in arguments if isinstance(one, tree.Generator) for c in one.clauses]
                chosen = clauses[:1] or arguments
                kinds = [self.about(c.collection if isinstance(c, tree.Clause) else c, depth + 1) for c in chosen]
                return About(objects=frozenset().union(*(one.objects for one in kinds)))
            case tree.Call("sum", (tree.Slice(_, start, tree.Number(stop, None)) as items,)) if (
                start is None and stop in _OF_MANY
            ):
                of_items = not isinstance(items.collection, tree.Attribute)
                return self._children(expression, depth) | About(objects=_OF_MANY[stop] if of_items else frozenset())
            case tree.Call(function, _):
                found = self._children(expression, depth)
                if function in self.values:
                    return found | self._value(function, depth)
                return found | About(vocabulary().kinds(function, vocabulary().quantities))
            case tree.Binary("+", left, right):
                first, second = self.about(left, depth + 1), self.about(right, depth + 1)
                together = frozenset[str]() if self.counts(left) or self.counts(right) else _together(first, second)
                return first | second | About(objects=together)
            case tree.Generator():
                found = self.inside(expression)._children(expression, depth)
                names = sum(len(clause.names) for clause in expression.clauses)
                return found | About(objects=frozenset(["pair"])) if names > 1 else found
            case _:
                return self._children(expression, depth)

    def counts(self, node: tree.Expr, depth: int = 0) -> bool:
        """Whether a value is a number of things."""
        match node:
            case tree.Call("count"):
                return True
            case tree.Name(name) | tree.Attribute(_, name) if name in self.values and depth < 20:
                return self.counts(self.values[name], depth + 1)
            case tree.Attribute(_, name) | tree.Name(name):
                return vocabulary().words["number_stored"].fullmatch(name) is not None
            case tree.Binary("+", left, right) if depth < 20:
                return self.counts(left, depth + 1) and self.counts(right, depth + 1)
            case _:
                return False

    def _value(self, name: str, depth: int) -> About:
        if name not in self.known:
            self.known[name] = About()  # for a value that refers to itself
            self.known[name] = self.about(self.values[name], depth + 1)
        return self.known[name] | About(names=frozenset([name]))

    def _children(self, node: tree.Node, depth: int) -> About:
        found = About()
        for child in tree.children(node):
            found |= self.about(child, depth + 1)
        return found

    def _name(self, name: str, depth: int) -> About:
        if name in self.values:
            return self._value(name, depth)
        if name in self.collections:
            return About(objects=self.collections[name])
        if name == "this":
            return About()
        if name[:1].isupper():  # a collection or single item of the format
            return About(objects=vocabulary().kinds(name, vocabulary().objects))
        return self._attribute(name, depth)

    def _attribute(self, name: str, depth: int) -> About:
        if name == "parts":
            return About()
        if name in self.values:
            return self._value(name, depth)
        kinds = vocabulary().kinds(name, vocabulary().quantities)
        return About(quantities=kinds) if kinds else About(attributes=frozenset([name]))


_OF_MANY = {"2": frozenset(["pair"]), "3": frozenset(["triplet"]), "4": frozenset(["quadruplet"])}
_MORE = {"": "pair", "pair": "triplet", "triplet": "quadruplet"}
_MOST_FIRST = ("quadruplet", "triplet", "pair")


def _together(first: About, second: About) -> frozenset[str]:
    """Return what two objects are that are added: two muons are a pair, and a pair and a jet are a triplet."""
    if any(side.quantities or side.attributes or not side.objects for side in (first, second)):
        return frozenset()
    parts = [next((kind for kind in _MOST_FIRST if kind in side.objects), "") for side in (first, second)]
    if "" not in parts:
        return frozenset(["quadruplet"]) if parts == ["pair", "pair"] else frozenset()
    more = _MORE.get(parts[0] or parts[1])
    return frozenset([more]) if more is not None else frozenset()


def collection_kinds(program: tree.Program) -> dict[str, frozenset[str]]:
    """Return the kinds of objects that each collection of a program holds: by its name and by what it is made of."""
    found: dict[str, frozenset[str]] = {}
    for block in program.blocks:
        if isinstance(block, tree.ItemBlock):
            found[block.name] = frozenset(_kinds_of(block, found))
    return found


def _kinds_of(block: tree.ItemBlock, known: dict[str, frozenset[str]]) -> Iterator[str]:
    objects = vocabulary().objects
    made_of: set[str] = set()
    leaves: list[frozenset[str]] = []
    for statement in block.statements:
        if isinstance(statement, tree.Take):
            for source in statement.sources:
                leaves.append(known.get(source.name) or vocabulary().kinds(source.name, objects))
                made_of |= leaves[-1]
    own = vocabulary().kinds(block.name, objects)
    if isinstance(block, tree.ObjectBlock):
        narrower = {kind for leaf in made_of for kind in objects[leaf].covers} - made_of
        if own and own <= narrower:
            yield from own  # a selection of jets that is called `bjets`
            return
        # A selection of electrons is one of electrons, whatever it is called.
        yield from made_of or own
        if {"electron", "muon"} <= made_of:
            yield "lepton"
        if made_of & own:
            yield from own
        return
    yield from made_of | own
    if len(leaves) == 2:
        yield "pair" if not made_of & {"pair"} else "quadruplet"
    if len(leaves) > 2:
        yield "triplet" if len(leaves) == 3 else "quadruplet"


def lets_of(program: tree.Program) -> dict[str, tree.Expr]:
    """Return the values of all `let` and `define` of a program, by name; a later one of the same name wins."""
    found: dict[str, tree.Expr] = {}
    for block in program.blocks:
        if isinstance(block, tree.Define):
            found[block.name] = block.value
        for statement in getattr(block, "statements", ()):
            if isinstance(statement, tree.Let) and statement.name != "p4" and not _is(statement.value, statement.name):
                found[statement.name] = statement.value
    return found


def _is(value: tree.Expr, name: str) -> bool:
    """Whether a value is only the attribute of that name of another item."""
    return any(isinstance(node, tree.Attribute | tree.Name) and node.name == name for node in tree.walk(value))
