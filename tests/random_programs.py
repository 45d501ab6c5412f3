"""Random well-typed programs, as text, for the format `formats/random.toml`.

The generator knows types, so that every program passes the checker: one that does not shows an error of one of the two.
Choices come from Hypothesis and the simplest stands first everywhere, so that a failing program shrinks to a small one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from hypothesis import assume
from hypothesis import strategies as st

from hepsel.check import check_text
from hepsel.formats.loader import load_format
from hepsel.formats.schema import Format

FORMAT = Path(__file__).parent / "formats" / "random.toml"

T = TypeVar("T")

NUMBERS = ("energy", "pure", "int", "length")
ENUMERATIONS = {"flavour": ("electron", "muon", "jet"), "grade": ("bad", "fair", "good")}
ORDERED = (*NUMBERS, "stamp")
"""Numbers, and whole ones of up to 64 bits: no arithmetic with these, which has to be refused where it overflows."""

VALUES = (*NUMBERS, "bool", *ENUMERATIONS, "stamp")


@dataclass(frozen=True)
class ItemOf:
    """The type of an item as seen in a collection."""

    collection: str


@dataclass(frozen=True)
class ListOf:
    """The type of a list."""

    element: str | ItemOf


# `energy`, `pure`, `int`, `stamp`, `length`, `bool`, an enumeration or `vector`; for a pure number an `int` may stand.
Kind = str | ItemOf | ListOf

COMPONENTS: dict[str, Kind] = {
    **dict.fromkeys(("pt", "mass", "energy", "px", "py", "pz"), "energy"),
    **dict.fromkeys(("eta", "phi", "rapidity"), "pure"),
}


@dataclass(frozen=True)
class Collection:
    """What the generator knows about the items of a collection.

    Attributes
    ----------
    name
        As in types: `c1.parts` for the parts of candidates of several collections.
    attributes
        With their types, components of the four-vector included.
    has_vector
        Whether its items have a complete four-vector.
    degree
        Number of base items in an item.
    leaves
        Collections of the parts of a candidate.
    slots
        Of a candidate whose slots hold no candidates: each is one of its parts.
    named
        Whether it can be named in a program.
    labels
        Of its own criteria.
    replaced
        Whether its own four-vector is replaced.
    """

    name: str
    attributes: dict[str, Kind]
    has_vector: bool = False
    degree: int = 1
    leaves: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    named: bool = True
    labels: tuple[str, ...] = ()
    replaced: bool = False

    @property
    def composite(self) -> bool:
        return bool(self.leaves)


def _format_collections() -> dict[str, Collection]:
    track = {
        **dict.fromkeys(("d0", "z0"), "length"), "phi": "pure", "n_hits": "int", "covariance": ListOf("pure"),
        "d0_significance": "pure", "origin": ItemOf("Jet"),
    }  # fmt: skip
    lepton = {
        **COMPONENTS, "charge": "pure", "flavour": "flavour", "grade_of": "grade", "is_loose": "bool", "quality": "int",
        "stamp": "stamp",
        "ptcone20": "energy", "track": ItemOf("Track"), "d0": "length", "isolation": "pure",
    }  # fmt: skip
    electron = {
        **lepton, "is_tight": "bool", "cells": ListOf("energy"), "layers": ListOf("int"),
        "tracks": ListOf(ItemOf("Track")), "jet_distance": "pure",
    }  # fmt: skip
    jet = {
        **COMPONENTS, "flavour": "flavour", "btag": "pure", "quality": "int", "stamp": "stamp",
        "muon_link": ItemOf("Muon"), "electron_links": ListOf(ItemOf("Electron")), "closest": ItemOf("Muon"),
    }  # fmt: skip
    return {
        "Electron": Collection("Electron", electron, True),
        "Muon": Collection("Muon", {**lepton, "charge": "int", "grades": ListOf("grade")}, True),
        "Jet": Collection("Jet", jet, True),
        "LooseElectron": Collection("LooseElectron", {**electron, "rank": "int"}, True),
        "BarrelElectron": Collection("BarrelElectron", {**electron, "rank": "int"}, True),
        "Track": Collection("Track", dict(track)),
        "Cluster": Collection("Cluster", {"energy": "energy", "eta": "pure", "phi": "pure"}),
        "Shower": Collection("Shower", {**COMPONENTS, "charge": "int", "pz_stored": "energy"}, True),
        "Pion": Collection("Pion", {**COMPONENTS, "charge": "int", "pz_stored": "energy"}, True),
    }


SINGLES = {
    "MET": Collection("MET", {**COMPONENTS, "significance": "pure"}, True),
    "event": Collection(
        "event",
        {
            "pileup": "int",
            "weight": "pure",
            "weights": ListOf("pure"),
            "spread": "length",
            "is_clean": "bool",
            "counts": ListOf("int"),
            "best": ItemOf("Muon"),
            "firsts": ListOf(ItemOf("Track")),
            "lead": ItemOf("Jet"),
        },
    ),
    "trigger": Collection("trigger", {"mu20": "bool", "el25": "bool"}),
}
OF_EVENT = ("event", "event")
"""The event as an item that is known, with its collection."""

SAID_OF_ALL = (("Electron", "flavour"), ("Muon", "flavour"), ("Shower", "charge"), ("Shower", "pz"), ("Pion", "mass"))
"""Attributes that are computed of what may not be missing where the item is."""

LITERALS: dict[str, tuple[str, ...]] = {
    "energy": ("10 GeV", "0 GeV", "20 GeV", "25500 MeV", "0.03 TeV", "(-5 GeV)", "91.1876 GeV"),
    "pure": ("1.0", "0.0", "2", "0.5", "2.4", "(-1)", "1e-3", "pi", "0.5 rad"),
    "length": ("1 mm", "0 mm", "500 um", "(-0.2 cm)"),
    "int": ("1", "0", "2", "3", "(-1)", "11"),
    "stamp": ("9007199254740993", "0", "3", "(-9007199254740993)", "9223372036854775807"),
    "bool": ("true", "false"),
    **ENUMERATIONS,
}
ORDER = ("<", ">", "<=", ">=", "==", "!=")
UNITS = {"energy": "GeV", "length": "mm"}
SLICES = ("0:2", "1:", ":1", ":-1", "-2:", "2:5", "-3:-1", "3:1", "0:", "-9:9", ":-9", "9:")
PURE_FUNCTIONS = (
    "sin", "cos", "tan", "exp", "log", "log10", "asin", "acos", "atan", "sinh", "cosh", "tanh", "floor", "ceil", "sqrt",
)  # fmt: skip
ANGLES = ("dphi", "deta", "dr", "dphi_signed", "dr_rapidity")
NEEDED = {
    "dphi": ("phi",),
    "dphi_signed": ("phi",),
    "deta": ("eta",),
    "dr": ("eta", "phi"),
    "mt": ("pt", "phi"),
    "mt2": ("pt", "phi", "mass"),
}
AXES = {
    "energy": ("bins 4 from 0 GeV to 40 GeV", "edges [-5 GeV, 0 GeV, 10 GeV, 20 GeV]", "bins 3 from 10 GeV to 20 GeV"),
    "pure": ("bins 4 from -2 to 2", "edges [0, 0.5, 1, 3.2]", "bins 30 from -1 to 2"),
    "int": ("bins 4 from 0 to 4", "edges [-1.5, 0, 1, 2]"),
    "length": ("bins 2 from -1 mm to 1 mm", "edges [0 mm, 0.5 mm]"),
}
OPEN_AXES = {
    "energy": ("edges [10 GeV, 20 GeV, inf]", "edges [-inf, 0 GeV, 10 GeV]", "edges [-inf, 10 GeV, inf]"),
    "pure": ("edges [0, 0.5, inf]", "edges [-inf, 0]", "edges [-inf, inf]"),
    "int": ("edges [1, 2, inf]", "edges [-inf, 0.5, 1, inf]"),
    "length": ("edges [0 mm, inf]", "edges [-inf, -1 mm, 0.5 mm, inf]"),
}
"""Axes that only grids of bins have."""


@dataclass(frozen=True)
class Scope:
    """What an expression may mention besides the program's names: the item of its block, variables and `let`s."""

    this: str | None = None
    variables: tuple[tuple[str, Kind], ...] = ()

    def bind(self, *variables: tuple[str, Kind]) -> Scope:
        return replace(self, variables=(*self.variables, *variables))


@dataclass
class RegionInfo:
    """A region that was written: what its `let`s are, and its labels."""

    lets: tuple[tuple[str, Kind], ...]
    labels: tuple[str, ...]


@dataclass
class Writer:
    """Writes one program.

    Attributes
    ----------
    draw
        Hypothesis' `draw`.
    """

    draw: Callable[[st.SearchStrategy[int]], int]
    collections: dict[str, Collection] = field(default_factory=_format_collections)
    values: dict[str, Kind] = field(default_factory=dict)
    functions: dict[str, tuple[tuple[Kind, ...], Kind]] = field(default_factory=dict)
    tables: dict[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    regions: dict[str, RegionInfo] = field(default_factory=dict)
    blocks: dict[str, str] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)
    degree: int = 1
    _names: int = 0

    # ---------------------------------------------------------------- choices

    def pick(self, options: Sequence[T]) -> T:
        """Choose one; shrinks to the first."""
        return options[self.draw(_below(len(options)))] if len(options) > 1 else options[0]

    def chance(self, one_in: int) -> bool:
        """Say yes once in a while; shrinks to no."""
        return self.draw(_below(one_in)) == one_in - 1

    def number(self, low: int, high: int) -> int:
        return low + self.draw(_below(high - low + 1))

    def name(self, prefix: str) -> str:
        self._names += 1
        return f"{prefix}{self._names}"

    # ---------------------------------------------------------------- what there is

    def info(self, collection: str) -> Collection:
        return SINGLES[collection] if collection in SINGLES else self.collections[collection]

    def named(self, scope: Scope) -> list[str]:
        """Return the collections that can be named, those of the program first."""
        found = [name for name, info in self.collections.items() if info.named and name != scope.this]
        return found[::-1]

    def _attributes(self, collection: str, kind: Kind) -> list[str]:
        kinds = (kind, "int") if kind == "pure" else (kind,)
        return [name for name, own in self.info(collection).attributes.items() if own in kinds]

    def _known(self, scope: Scope, kind: Kind) -> list[str]:
        """Return the names of one type."""
        return [name for name, own in (*scope.variables, *self.values.items()) if own == kind]

    def _known_items(self, scope: Scope) -> list[tuple[str, str]]:
        found = [("this", scope.this)] if scope.this is not None else []
        found += [(n, k.collection) for n, k in (*scope.variables, *self.values.items()) if isinstance(k, ItemOf)]
        return found

    # ---------------------------------------------------------------- any type

    def expr(self, kind: Kind, scope: Scope, depth: int) -> str:
        """Write an expression of a type."""
        if isinstance(kind, ItemOf):
            return self.item_of(kind.collection, scope, depth)
        if isinstance(kind, ListOf) and isinstance(kind.element, ItemOf):
            wanted = kind.element.collection
            return self.items(scope, depth, lambda name: name == wanted, plain=True)[0]
        if isinstance(kind, ListOf):
            assert isinstance(kind.element, str)
            return self.listed(kind.element, scope, depth)
        if kind == "vector":
            return self.vector(scope, depth)
        if depth <= 0:
            return self.leaf(kind, scope)
        special = {
            "bool": self._bool, "energy": self._energy, "pure": self._pure, "int": self._int, "stamp": self._stamp,
        }  # fmt: skip
        options = [self.leaf, self._reduced, self._general]
        if kind in special:
            options += [self._particular, self._particular, self._particular]
        option = self.pick(options)
        if option == self.leaf:
            return self.leaf(kind, scope)
        if option == self._particular:
            return special[kind](scope, depth - 1)
        return option(kind, scope, depth - 1)  # type: ignore[call-arg,operator]

    def _particular(self) -> None:
        """Mark a choice of `expr`."""

    def leaf(self, kind: str, scope: Scope) -> str:
        """Write a literal, name or attribute."""
        known = self._known(scope, kind)
        if known and self.chance(3):  # what is defined shows only where it is used
            return self.pick(known)
        what = self.pick(("literal", "own", "own", "own", "name", "known item", "single", "item", "item"))
        if what == "own" and scope.this is not None and (own := self._attributes(scope.this, kind)):
            lets = [name for name in own if re.fullmatch(r"a\d+", name)]  # which show only where they are used
            attribute = self.pick(lets if lets and self.chance(2) else own)
            return f"this.{attribute}" if self.chance(3) else attribute
        if what == "name" and known:
            return self.pick(known)
        if what in ("own", "name", "known item"):
            options = [
                f"{item}.{attribute}"
                for item, collection in self._known_items(scope)
                for attribute in self._attributes(collection, kind)
            ]
            if options:
                return self.pick(options)
        if what == "single":
            options = [f"{name}.{attribute}" for name in SINGLES for attribute in self._attributes(name, kind)]
            if options:
                return self.pick(options)
        if what != "literal":
            return self._attribute(kind, scope, 0)
        return self.pick(LITERALS[kind])

    def _attribute(self, kind: Kind, scope: Scope, depth: int) -> str:
        """Write an attribute of an item."""
        item, collection = self.item(scope, depth, lambda name: bool(self._attributes(name, kind)))
        return f"{item}.{self.pick(self._attributes(collection, kind))}"

    def _general(self, kind: str, scope: Scope, depth: int) -> str:
        """Write what there is for values of every type."""
        functions = [name for name, (_, result) in self.functions.items() if result == kind]
        what = self.pick(("if", "default", "attribute", "function", "at"))
        if functions and (what == "function" or self.chance(3)):
            return self._call(self.pick(functions), scope, depth)
        if what == "if":
            condition = self.condition(scope, depth)
            value, otherwise = self.expr(kind, scope, depth), self.expr(kind, scope, depth)
            return f"(if {condition} then {value} else {otherwise})"
        if what == "default":
            return f"default({self.expr(kind, scope, depth)}, {self.expr(kind, scope, depth)})"
        if what == "at":
            return f"{self.listed(kind, scope, depth)}[{self._place(scope, depth)}]"
        return self._attribute(kind, scope, depth)

    def _call(self, function: str, scope: Scope, depth: int) -> str:
        arguments = [self.expr(kind, scope, depth) for kind in self.functions[function][0]]
        return f"{function}({', '.join(arguments)})"

    # ---------------------------------------------------------------- numbers

    def _energy(self, scope: Scope, depth: int) -> str:
        def e() -> str:
            return self.expr("energy", scope, depth)

        match self.pick(
            ("+", "-", "*", "/", "neg", "abs", "min", "square", "root", "component", "function", "table", "ratio")
        ):
            case "+" | "-" as sign:
                return f"({e()} {sign} {e()})"
            case "*":
                factors = [self.expr("pure", scope, depth), e()]
                return f"({' * '.join(factors if self.chance(2) else factors[::-1])})"
            case "/":
                return f"({e()} / {self.expr('pure', scope, depth)})"
            case "neg":
                return f"(-{e()})"
            case "abs":
                return f"|{e()}|" if self.chance(2) else f"abs({e()})"
            case "min":
                return self._extreme(e)
            case "square":
                return f"sqrt(({e()})^2 {self.pick(('+', '-'))} {e()} * {e()})"
            case "root" if self.chance(3):
                return f"sqrt({self.pick(('sum', 'max', 'min'))}({self._squares(scope, depth)}))"
            case "root":
                return f"({e()} * {e()})^{self.pick(('0.5', '(1/2)'))}"
            case "component":
                return f"{self.vector(scope, depth)}.{self.pick(('pt', 'mass', 'energy', 'px', 'py', 'pz'))}"
            case "function":
                return self._of_vectors(self.pick(("mt", "mt", "perp", "mt2")), scope, depth)
            case "table":
                return self._lookup("energy", scope, depth)
        return f"(({e()})^2 / {e()})"

    def _pure(self, scope: Scope, depth: int) -> str:
        def p() -> str:
            return self.expr("pure", scope, depth)

        ways = (
            "+", "-", "*", "/", "ratio", "function", "angle", "angle", "component", "table", "^", "min", "atan2", "abs",
            "neg", "int",
        )  # fmt: skip
        match self.pick(ways):
            case "+" | "-" | "*" | "/" as sign:
                return f"({p()} {sign} {p()})"
            case "ratio":
                kind = self.pick(("energy", "length"))
                return f"({self.expr(kind, scope, depth)} / {self.expr(kind, scope, depth)})"
            case "function":
                return f"{self.pick(PURE_FUNCTIONS)}({p()})"
            case "angle":
                return self._of_vectors(self.pick(ANGLES), scope, depth)
            case "component":
                return f"{self.vector(scope, depth)}.{self.pick(('eta', 'phi', 'rapidity', 'charge'))}"
            case "table":
                return self._lookup("pure", scope, depth)
            case "^":
                exponent = self.pick(("2", "3", "0.5", "-1", "(1/3)", "1", p()))
                return f"({p()})^{exponent}" if exponent != "-1" else f"({p()})^-1"
            case "min":
                return self._extreme(p)
            case "neg":
                return f"(-{p()})"
            case "atan2":
                kind = self.pick(("energy", "pure"))
                return f"atan2({self.expr(kind, scope, depth)}, {self.expr(kind, scope, depth)})"
            case "abs":
                return f"|{p()}|"
        return self.expr("int", scope, depth)

    def _int(self, scope: Scope, depth: int) -> str:
        def i() -> str:
            return self.expr("int", scope, depth)

        match self.pick(("count", "+", "-", "*", "neg", "abs", "min")):
            case "+" | "-" | "*" as sign:
                return f"({i()} {sign} {i()})"
            case "neg":
                return f"(-{i()})"
            case "abs":
                return f"|{i()}|"
            case "min":
                return self._extreme(i)
        return self._count(scope, depth)

    def _extreme(self, number: Callable[[], str]) -> str:
        """Write the smallest or largest of two or three numbers."""
        return f"{self.pick(('min', 'max'))}({', '.join(number() for _ in range(self.pick((2, 2, 2, 3))))})"

    def _squares(self, scope: Scope, depth: int) -> str:
        """Write a list of squares of energies."""
        items, collection = self.items(scope, depth, lambda name: bool(self._attributes(name, "energy")))
        first, second = (f"{items}.{self.pick(self._attributes(collection, 'energy'))}" for _ in range(2))
        return self.pick((f"{first}^2", f"{first} * {second}", f"{first}^2 - {second}^2"))

    def _stamp(self, scope: Scope, depth: int) -> str:
        first, second = (self.expr("stamp", scope, depth) for _ in range(2))
        return f"{self.pick(('min', 'max'))}({first}, {second})"

    def _count(self, scope: Scope, depth: int) -> str:
        what = self.pick(("items", "generator", "list"))
        if what == "items":
            return f"count({self.items(scope, depth)[0]})"
        if what == "list":
            return f"count({self.listed(self.pick((*NUMBERS, 'flavour')), scope, depth)})"
        with self._loops(scope, depth) as (clauses, inner):
            body = self.pick((inner.variables[-1][0], self.expr("energy", inner, 0)))
            return f"count({body} {clauses}{self._filter(inner, depth, 2)})"

    def _lookup(self, kind: str, scope: Scope, depth: int) -> str:
        tables = [name for name, (_, result) in self.tables.items() if result == kind]
        table = self.pick(tables) if tables else self.table(kind)
        return f"{table}({', '.join(self.expr(axis, scope, depth) for axis in self.tables[table][0])})"

    def _of_vectors(self, function: str, scope: Scope, depth: int) -> str:
        arguments = []
        for _ in range(3 if function == "mt2" else 2):
            if self.chance(4):
                arguments.append(self.vector(scope, depth))
                continue
            needed = NEEDED.get(function)

            def fits(name: str, needed: tuple[str, ...] | None = needed) -> bool:
                info = self.info(name)
                return info.has_vector or (needed is not None and set(needed) <= info.attributes.keys())

            arguments.append(self.item(scope, depth, fits)[0])
        if function == "mt2" and self.chance(2):
            arguments += [self.expr("energy", scope, 0) for _ in range(self.pick((1, 2)))]
        return f"{function}({', '.join(arguments)})"

    # ---------------------------------------------------------------- conditions

    def condition(self, scope: Scope, depth: int) -> str:
        """Write a condition, most often a comparison."""
        return self.expr("bool", scope, depth) if self.chance(3) else self._compare(scope, depth)

    def _compare(self, scope: Scope, depth: int) -> str:
        kind = self.pick(("energy", "pure", "int", "length", "enum", "stamp"))
        if kind == "enum":
            enumeration = self.pick(tuple(ENUMERATIONS))
            other = self.leaf(enumeration, scope)
            return f"{self._attribute(enumeration, scope, depth)} {self.pick(ORDER[4:])} {other}"
        if self.chance(2):
            # Most cuts are like this, and a random program that selects nothing says little.
            return f"{self._attribute(kind, scope, 0)} {self.pick(ORDER)} {self.leaf(kind, scope)}"
        operands = [self.expr(kind, scope, depth) for _ in range(2 + self.chance(5))]
        text = operands[0]
        for operand in operands[1:]:
            text += f" {self.pick(ORDER)} {operand}"
        return text

    def _bool(self, scope: Scope, depth: int) -> str:
        def b() -> str:
            return self.expr("bool", scope, depth)

        match self.pick(("compare", "and", "or", "not", "exists", "identity", "in", "==")):
            case "and" | "or" as word:
                return f"({f' {word} '.join(b() for _ in range(2 + self.chance(4)))})"
            case "not":
                return f"(not {b()})"
            case "exists":
                kind = self.pick(("energy", "item", "int", "bool", "vector", "flavour", "stamp"))
                return f"exists({self.item(scope, depth)[0] if kind == 'item' else self.expr(kind, scope, depth)})"
            case "identity":
                left, right = self.item(scope, depth)[0], self.item(scope, depth)[0]
                return f"({left} {self.pick(ORDER[4:])} {right})"
            case "in":
                item, items = self.item(scope, depth)[0], self.items(scope, depth)[0]
                return f"({item} {self.pick(('in', 'not in'))} {items})"
            case "==":
                return f"({b()} {self.pick(ORDER[4:])} {b()})"
        return f"({self._compare(scope, depth)})"

    # ---------------------------------------------------------------- items and four-vectors

    def item(
        self, scope: Scope, depth: int, fits: Callable[[str], bool] = lambda name: name not in ("event", "trigger")
    ) -> tuple[str, str]:
        """Write an item; return it and its collection, for which `fits` is true."""
        known = [pair for pair in self._known_items(scope) if fits(pair[1])]
        inner = [link for text, collection in self._known_items(scope) for link in self._links(text, collection, fits)]
        what = self.pick(("known", "known", "inner", "at", "at", "best", "if", "link", "single"))
        if what in ("known", "inner") and (known or inner):
            return self.pick(inner if what == "inner" and inner else known or inner)
        if what == "single":
            singles = [(name, name) for name in ("MET",) if fits(name)]
            singles += self._links(*OF_EVENT, fits)
            if singles:
                return self.pick(singles)
        if what == "link" and depth > 0:
            owner, collection = self.item(scope, depth - 1)
            if links := self._links(owner, collection, fits):
                return self.pick(links)
        items, collection = self.items(scope, depth, fits)
        if what in ("best", "if") and depth > 0:
            if what == "best":
                return self._best(items, collection, scope, depth), collection
            at = [f"{items}[{self._place(scope, depth - 1)}]" for _ in range(2)]
            same = [text for text, of in (*known, *inner) if of == collection]
            if same and self.chance(2):
                at[self.number(0, 1)] = self.pick(same)
            if self.chance(2):
                return f"default({at[0]}, {at[1]})", collection
            return f"(if {self.condition(scope, depth - 1)} then {at[0]} else {at[1]})", collection
        return f"{items}[{self._place(scope, depth - 1)}]", collection

    def _links(self, owner: str, collection: str, fits: Callable[[str], bool]) -> list[tuple[str, str]]:
        """Return the items that an item, or each of a list, leads to, with their collections."""
        return [
            (f"{owner}.{name}", kind.collection)
            for name, kind in self.info(collection).attributes.items()
            if isinstance(kind, ItemOf) and fits(kind.collection)
        ]

    def item_of(self, collection: str, scope: Scope, depth: int) -> str:
        """Write an item of one collection that can be named."""
        known = self._known(scope, ItemOf(collection))
        if known and not self.chance(3):
            return self.pick(known)
        return f"{collection}[{self._place(scope, depth - 1)}]"

    def _place(self, scope: Scope, depth: int) -> str:
        if depth > 0 and self.chance(4):
            return self.expr("int", scope, depth - 1)
        return self.pick(("0", "1", "-1", "2", "-2", "-3"))

    def _best(self, items: str, collection: str, scope: Scope, depth: int) -> str:
        function = self.pick(("argmin", "argmax"))
        rank = f", {self.number(2, 3)}" if self.chance(4) else ""
        variable = (self.name("x"), ItemOf(collection))
        inner = scope.bind(variable)
        key = self.expr(self.pick(ORDERED), inner, depth - 1)
        return f"{function}({key} for {variable[0]} in {items}{self._filter(inner, depth, 4)}{rank})"

    def items(
        self, scope: Scope, depth: int, fits: Callable[[str], bool] = lambda _name: True, *, plain: bool = False
    ) -> tuple[str, str]:
        """Write a list of items; `plain` excludes the links of each item of a collection."""
        options = [
            (f"{text}.{name}", kind.element.collection)
            for text, collection in (*self._known_items(scope), *([OF_EVENT] if self.chance(8) else []))
            for name, kind in self.info(collection).attributes.items()
            if isinstance(kind, ListOf) and isinstance(kind.element, ItemOf) and fits(kind.element.collection)
        ]
        options += [
            (name, kind.element.collection)
            for name, kind in (*scope.variables, *self.values.items())
            if isinstance(kind, ListOf) and isinstance(kind.element, ItemOf) and fits(kind.element.collection)
        ]
        names = [name for name in self.named(scope) if fits(name)]
        if options and self.chance(3):
            chosen = self.pick(options)
        else:
            written = [name for name in names if name in self.blocks]  # what they hold shows only where they are used
            name = self.pick(names if not written or self.chance(3) else written)
            chosen = (name, name)
        while self.chance(5):
            chosen = (f"{chosen[0]}[{self.pick(SLICES)}]", chosen[1])
        while not plain and depth > 0 and self.chance(8):
            if not (links := self._links(*chosen, fits)):
                break
            chosen = self.pick(links)
        return chosen

    def vector(self, scope: Scope, depth: int) -> str:
        """Write a four-vector: arithmetic, a sum, or `item.p4`."""

        def operand() -> str:
            if depth > 1 and self.chance(3):
                return self.vector(scope, depth - 2)
            return self.item(scope, depth - 1, self._has_vector)[0]

        known = self._known(scope, "vector")
        if any(self._attributes(name, "vector") for name in self.named(scope)) and self.chance(3):
            return self._attribute("vector", scope, depth - 1)  # that a `let` gives to items
        ways = ("+", "-", "neg", "*", "/", "numbers", "sum", "generator", "megajet", "p4", "if", "default", "known")
        match self.pick(ways):
            case "*":
                factors = [self.expr(self.pick(("pure", "int")), scope, depth - 1), operand()]
                return f"({' * '.join(factors if self.chance(2) else factors[::-1])})"
            case "/":
                return f"({operand()} / {self.expr('pure', scope, depth - 1)})"
            case "numbers":
                kinds = self.pick((("energy", "pure", "pure", "energy"), ("energy",) * 4))
                first, second, third, last = (self.expr(kind, scope, depth - 1) for kind in kinds)
                return f"four_vector({first}, {second}, {third}, 2 * {last})"  # a bare mass is no energy
            case "known" if known:
                return self.pick(known)
            case "-":
                return f"({operand()} - {operand()})"
            case "neg":
                return f"(-{operand()})"
            case "sum":
                return f"sum({self.items(scope, depth - 1, self._has_vector)[0]})"
            case "generator" if depth > 0:
                return self._vector_sum(scope, depth - 1)
            case "megajet" if depth > 0:
                return self._megajet(scope, depth - 1)
            case "p4":
                return f"{operand()}.p4"
            case "if" if depth > 0 and self.chance(2):
                return self._unlike(scope, depth - 1)
            case "if" if depth > 0:
                other = self.item(scope, depth - 1, self._has_vector)[0]
                return f"(if {self.condition(scope, depth - 1)} then {other}.p4 else {self.vector(scope, depth - 1)})"
            case "default" if depth > 0:
                return f"default({self.vector(scope, depth - 1)}, {operand()})"
        return f"({operand()} + {operand()})"

    def _unlike(self, scope: Scope, depth: int) -> str:
        """Write a choice between items, which are four-vectors where they are of several collections."""
        (first, one), (second, other) = (self.item(scope, depth, self._has_vector) for _ in range(2))
        chosen = f"default({first}, {second})"
        if self.chance(2):
            chosen = f"(if {self.condition(scope, depth)} then {first} else {second})"
        return f"{chosen}.p4" if one == other else chosen

    def _has_vector(self, collection: str) -> bool:
        return self.info(collection).has_vector

    def _vector_sum(self, scope: Scope, depth: int) -> str:
        items, collection = self.items(scope, depth, self._has_vector, plain=True)
        one, two = (self.name("x"), ItemOf(collection)), (self.name("x"), ItemOf(collection))
        inner = scope.bind(one)
        if self.chance(3):
            return (
                f"sum({one[0]} - {two[0]} for {one[0]}, {two[0]} in {items}{self._filter(inner.bind(two), depth, 2)})"
            )
        return f"sum({one[0]} for {one[0]} in {items}{self._filter(inner, depth, 2)})"

    def _megajet(self, scope: Scope, depth: int) -> str:
        """Write one of two groups of few items, or of differences, whose squared masses may be below zero."""
        items, collection = self.items(scope, depth, self._has_vector, plain=True)
        one = (self.name("x"), ItemOf(collection))
        other = self.pick(("", f" - {self.item(scope, depth, self._has_vector)[0]}"))
        clauses = f"for {one[0]} in {items}[:6]{self._filter(scope.bind(one), depth, 3)}"
        return f"megajet({one[0]}{other} {clauses}, {self.number(1, 2)})"

    # ---------------------------------------------------------------- lists

    def listed(self, kind: str, scope: Scope, depth: int) -> str:
        """Write a list of values."""
        own = [
            f"{text}.{name}"
            for text, collection in self._known_items(scope)
            for name in self._attributes(collection, ListOf(kind))
        ]
        own += self._known(scope, ListOf(kind))
        own += [f"event.{name}" for name in self._attributes("event", ListOf(kind))]
        if own and self.chance(4):
            text = self.pick(own)
        else:
            items, collection = self.items(scope, depth, lambda name: bool(self._attributes(name, kind)))
            text = self._from_items(kind, items, collection, scope, depth)
        return f"{text}[{self.pick(SLICES)}]" if self.chance(8) else text

    def _from_items(self, kind: str, items: str, collection: str, scope: Scope, depth: int) -> str:
        """Write a list with a value for each of some items: an attribute, or arithmetic item by item."""
        options = self._attributes(collection, kind)
        plain = f"{items}.{self.pick(options)}" if options else self.pick(LITERALS[kind])
        if depth <= 0 or not self.chance(3):
            return plain

        def each(of: str = kind) -> str:
            """Write another value of each, or now and then one for all."""
            return self.leaf(of, scope) if self.chance(5) else self._from_items(of, items, collection, scope, depth - 1)

        what = self.pick(("own", "own", "if", "default"))
        if what == "if":
            condition = self._from_items("bool", items, collection, scope, depth - 1)
            return f"(if {self.pick((condition, self.leaf('bool', scope)))} then {plain} else {each()})"
        if what == "default":
            return f"default({plain}, {each()})"
        tables = [name for name, (_, result) in self.tables.items() if result == kind]
        if tables and self.chance(3):
            table = self.pick(tables)
            return f"default({table}({', '.join(each(axis) for axis in self.tables[table][0])}), {plain})"
        match kind:
            case "bool":
                ways = [
                    f"({plain} {self.pick(('and', 'or', '==', '!='))} {each()})",
                    f"(not {plain})",
                    f"({plain} == ({each('pure')} {self.pick(ORDER)} {each('int')} {self.pick(ORDER)} {each('pure')}))",
                    f"({plain} or {each('energy')} {self.pick(ORDER)} {each('energy')})",
                ]
            case "energy" | "length":
                ways = [
                    f"({plain} {self.pick(('+', '-'))} {each()})",
                    f"({plain} {self.pick(('*', '/'))} {each('pure')})",
                    f"{self.pick(('min', 'max'))}({plain}, {each()})",
                    f"(-{plain})",
                    f"sqrt({plain} * {each()})",
                ]
            case "int":
                ways = [
                    f"({plain} {self.pick(('+', '-', '*'))} {each()})",
                    f"{self.pick(('min', 'max'))}({plain}, {each()}, 1)",
                    f"|{plain}|",
                    f"(-{plain})",
                ]
            case "pure":
                ways = [
                    f"({plain} {self.pick(('+', '-', '*', '/'))} {each()})",
                    f"({plain} * {each('energy')} / {each('energy')})",
                    f"{self.pick(PURE_FUNCTIONS)}({plain})",
                    f"({plain} - ({each('int')})^2)",
                    f"(-{plain})",
                ]
            case _:
                return plain
        return self.pick(ways)

    @contextmanager
    def _loops(self, scope: Scope, depth: int) -> Iterator[tuple[str, Scope]]:
        """Write the `for` of a generator; what is inside sees its variables."""
        clauses = []
        loops = self.pick((2, 2, 3)) if depth > 0 and self.chance(3) else 1
        for _ in range(loops):
            if self.chance(8):
                kind = self.pick(NUMBERS)
                stored = self._stored_lists(kind, scope)
                count, values = 1, self.listed(kind, scope, 0)
                if stored and self.chance(2):
                    count, values = self.pick((1, 2, 2)), self.pick(stored)
                numbers = [(self.name("x"), kind) for _ in range(count)]
                clauses.append(f"for {', '.join(name for name, _ in numbers)} in {values}")
                scope = scope.bind(*numbers)
                continue
            count = self.pick((1, 1, 1, 2, 2, 3)) if loops < 3 else 1  # more turns would take too long
            items, collection = self.items(scope, depth, plain=count > 1)
            variables = [(self.name("x"), ItemOf(collection)) for _ in range(count)]
            clauses.append(f"for {', '.join(name for name, _ in variables)} in {items}")
            scope = scope.bind(*variables)
        yield " ".join(clauses), scope

    def _stored_lists(self, kind: str, scope: Scope) -> list[str]:
        """Return the lists of values that items have, of which several variables may run over one."""
        return [
            f"{text}.{name}"
            for text, collection in (*self._known_items(scope), OF_EVENT)
            for name in self._attributes(collection, ListOf(kind))
        ]

    def _filter(self, scope: Scope, depth: int, one_in: int) -> str:
        return f" if {self.condition(scope, depth - 1)}" if self.chance(one_in) else ""

    def _reduced(self, kind: str, scope: Scope, depth: int) -> str:
        """Write a reducer of a list or generator."""
        rank = ""
        if kind == "bool":
            function = self.pick(("any", "all"))
        elif kind in ORDERED:
            others = {"int": ("sum",), "pure": ("sum", "mean", "product"), "stamp": ()}.get(kind, ("sum", "mean"))
            function = self.pick(("max", "min", "largest", "smallest", *others))
            if kind == "pure" and self.chance(8):
                shape = self.pick(("sphericity", "aplanarity"))
                return f"{shape}({self.items(scope, depth, self._has_vector)[0]})"
            if kind not in ("int", "stamp") and self.chance(8):
                return f"imbalance({self.listed(kind, scope, depth)}[:6])"
            if function in ("largest", "smallest"):
                rank = f", {self.number(1, 3)}"
        else:
            return self._attribute(kind, scope, depth)
        if kind == "int" and self.chance(6):
            with self._loops(scope, depth) as (clauses, inner):
                body = f"max(min({self.expr('int', inner, 1)}, 1), -1)"  # no product is too large
                return f"product({body} {clauses}{self._filter(inner, depth, 3)})"
        real = "1.0 * " if function == "product" else ""  # that of whole numbers may be too large
        if self.chance(2):
            return f"{function}({real}{self.listed(kind, scope, depth)}{rank})"
        with self._loops(scope, depth) as (clauses, inner):
            body = self.condition(inner, depth) if kind == "bool" else real + self.expr(kind, inner, depth)
            return f"{function}({body} {clauses}{self._filter(inner, depth, 3)}{rank})"

    # ---------------------------------------------------------------- definitions

    def define(self) -> None:
        """Write a value that is defined once for all events."""
        name, kind, text = self._value(Scope())
        self.blocks[name] = f"define {name} = {text}"
        self.values[name] = kind

    def _value(self, scope: Scope) -> tuple[str, Kind, str]:
        name = self.name("v")
        what = self.pick((*VALUES, "item", "item", "vector", "list", "items"))
        if what == "item":
            text, collection = self.item(scope, 2)
            return name, ItemOf(collection), text
        if what == "items":
            text, collection = self.items(scope, 2, plain=True)
            return name, ListOf(ItemOf(collection)), text
        if what == "list":
            element = self.pick(VALUES)
            return name, ListOf(element), self.listed(element, scope, 2)
        return name, what, self.expr(what, scope, 2)

    def function(self) -> None:
        """Write a function."""
        name = self.name("f")
        kinds: list[Kind] = []
        for _ in range(self.number(1, 2)):
            what = self.pick(("energy", "pure", "item", "bool", "list", "vector", "items", "int", "flavour"))
            if what in ("item", "items"):
                item = ItemOf(self.pick(self.named(Scope())))
                kinds.append(item if what == "item" else ListOf(item))
            else:
                kinds.append(ListOf(self.pick(("energy", "int", "bool"))) if what == "list" else what)
        parameters = [(self.name("x"), kind) for kind in kinds]
        result = self.pick(VALUES)
        body = self.expr(result, Scope(variables=tuple(parameters)), 2)
        self.blocks[name] = f"define {name}({', '.join(p for p, _ in parameters)}) = {body}"
        self.functions[name] = (tuple(kinds), result)

    def table(self, kind: str = "") -> str:
        """Write a table of one or two axes; it stands before the block that is being written, which may use it."""
        name = self.name("t")
        ranges = {
            "energy": (
                self.pick(("0 GeV to 10 GeV", "-inf to 10 GeV")),
                "10 GeV to 20 GeV",
                self.pick(("25 GeV to 1 TeV", "20 GeV to inf")),
            ),
            "pure": (self.pick(("-1 to 0", "-inf to 0")), "0 to 1", self.pick(("1 to 2.5", "1 to inf"))),
            "length": ("-inf to 0 mm", "0 mm to 0.5 mm", "1 mm to inf"),
            "int": ("-1 to 1", "1 to 3", "3 to inf"),
        }
        axes = [
            self.pick(("energy", "pure", "energy", "pure", "length", "int")) for _ in range(self.pick((1, 2, 1, 2, 3)))
        ]
        kind = kind or self.pick(("pure", "energy"))
        unit = " GeV" if kind == "energy" else ""
        rows = [
            f"{self.pick(('1.5', '0.5', '2', '-1'))}{unit}{self._errors(unit)} for "
            + " and ".join([ranges[axes[0]][i], *(ranges[axis][self.number(0, 2)] for axis in axes[1:])])
            for i in range(self.number(1, 3))
        ]
        otherwise = f" otherwise 1{unit}" if self.chance(2) else ""
        parameters = ", ".join(self.name("x") for _ in axes)
        self.blocks[name] = f"table {name}({parameters})\n  " + ",\n  ".join(rows) + otherwise
        self.tables[name] = (tuple(axes), kind)
        return name

    def _errors(self, unit: str) -> str:
        return self.pick(("", "", "", f" +- 0.1{unit}", f" + 0.1{unit} - 0.2{unit} stat +- 1{unit}"))

    # ---------------------------------------------------------------- objects and composites

    def object(self) -> None:
        """Write an object: one collection, or a union."""
        own = [n for n in self.named(Scope()) if not self.collections[n].composite]
        composites = [n for n in self.named(Scope()) if self.collections[n].composite]
        group = composites if composites and self.chance(4) else own
        sources = [self.pick(group)]
        while len(sources) < 3 and self.chance(3):
            sources.append(self.pick(group))
        self._unite(sources)

    def _unite(self, sources: Sequence[str]) -> None:
        name = self.name("o")
        infos = [self.collections[source] for source in sources]
        self.collections[name] = Collection(
            name,
            self._common(sources),
            all(info.has_vector for info in infos),
            max(info.degree for info in infos),
            tuple(dict.fromkeys(leaf for info in infos for leaf in info.leaves)),
            infos[0].slots if len({info.slots for info in infos}) == 1 else (),
            named=False,
        )
        first = ""
        if len({info.attributes.get("parts") for info in infos}) > 1:
            self._parts(name)
            attributes = self.collections[name].attributes
            parts = attributes["parts"]
            assert isinstance(parts, ListOf)
            slots = [slot for slot in self.collections[name].slots if slot not in attributes]
            attributes |= dict.fromkeys(slots, parts.element)
            if slots:
                attributes[let := self.name("l")] = parts.element
                first = f"\n  let {let} = {self.pick(slots)}"
        self._block(name, f"object {name}\n  take {', '.join(sources)}{first}")

    def _common(self, sources: Sequence[str]) -> dict[str, Kind]:
        """Return the attributes of a union: where the sources that have one agree on its type."""
        kinds: dict[str, set[Kind]] = {}
        for source in sources:
            for name, kind in self.collections[source].attributes.items():
                kinds.setdefault(name, set()).add(kind)
        found: dict[str, Kind] = {name: next(iter(own)) for name, own in kinds.items() if len(own) == 1}
        return found | {name: "pure" for name, own in kinds.items() if own == {"pure", "int"}}

    def composite(self) -> None:
        """Write a composite, most often of two or three slots."""
        ordered = "ordered " if self.chance(3) else ""
        slots: list[tuple[str, str]] = []
        degree = 0
        first = ""
        for i in range(self.pick((2, 2, 2, 3, 3, 2, 1, 4))):
            fitting = [n for n in self.named(Scope()) if self.collections[n].degree + degree <= (3 if ordered else 4)]
            if not fitting:
                break
            source = first if i and self.chance(2) and first in fitting else self.pick(fitting)
            first = first or source
            degree += self.collections[source].degree
            slots.append((f"slot{i}", source))
        self._compose(slots, ordered)

    def candidates(self) -> None:
        """Write two composites of items of, perhaps, different collections, and the union of their candidates."""
        single = [n for n in self.named(Scope()) if self.collections[n].degree == 1]
        pairs = [self._compose([(f"slot{i}", self.pick(single)) for i in range(2)], "") for _ in range(2)]
        self._unite(pairs)

    def _compose(self, slots: Sequence[tuple[str, str]], ordered: str) -> str:
        name = self.name("c")
        degree = sum(self.collections[source].degree for _, source in slots)
        self.degree = max(self.degree, degree)
        infos = [self.collections[source] for _, source in slots]
        attributes: dict[str, Kind] = {slot: ItemOf(source) for slot, source in slots}
        has_vector = all(info.has_vector for info in infos)
        if has_vector:
            attributes |= {**COMPONENTS, "charge": "pure"}
        leaves = tuple(dict.fromkeys(leaf for info in infos for leaf in info.leaves or (info.name,)))
        own = tuple(slot for slot, _ in slots) if not any(info.composite for info in infos) else ()
        self.collections[name] = Collection(name, attributes, has_vector, degree, leaves, own, named=False)
        self._parts(name)
        self._block(
            name, f"composite {name}\n  take {ordered}{', '.join(f'{source} {slot}' for slot, source in slots)}"
        )
        return name

    def _parts(self, name: str) -> None:
        info = self.collections[name]
        element = info.leaves[0]
        if len(info.leaves) > 1:
            element = f"{name}.parts"
            vectors = all(self.collections[leaf].has_vector for leaf in info.leaves)
            self.collections[element] = Collection(element, self._common(info.leaves), vectors, named=False)
        info.attributes["parts"] = ListOf(ItemOf(element))

    def _block(self, name: str, head: str) -> None:
        lines = [head]
        statements = self.number(0, 4)
        for _ in range(statements):
            kinds = ("select", "select", "reject", "sort", "let", "best", "first", "p4", "external", "table", "asked")
            kind = self.pick((*kinds, "own"))
            info = self.collections[name]
            if kind == "p4" and (info.replaced or ItemOf(name) in info.attributes.values()):
                kind = "select"
            lines.append(self._item_statement(name, kind))
        self.blocks[name] = "\n  ".join(lines)
        self.collections[name] = replace(self.collections[name], named=True)

    def _label(self, name: str) -> str:
        """Write, now and then, what may follow a criterion."""
        if not self.chance(3):
            return self.pick(("", "", ' note "n"', ' assume "a" cite paper page 2 "q"'))
        label = self.name("label ")
        if name in self.collections:
            info = self.collections[name]
            self.collections[name] = replace(info, labels=(*info.labels, label))
        return f' as "{label}"'

    def _item_statement(self, name: str, kind: str) -> str:
        scope = Scope(this=name)
        info = self.collections[name]
        match kind:
            case "sort":
                keys = [self._key(scope) for _ in range(self.pick((1, 2, 1, 3)))]
                directed = [f"{key} {self.pick(('descending', 'ascending'))}" for key in keys]
                return f"sort by {', '.join(directed)}"
            case "first":
                return f"keep first {self.number(1, 3)}{self._label(name)}"
            case "best":
                keys = [self._key(scope) for _ in range(self.pick((1, 2, 2, 3)))]
                if len(keys) == 1 and re.fullmatch(r"\(*[\d.]+(?: \w+)?\)*", keys[0]):
                    keys *= 2  # `keep highest 3` is no way to say how many are kept
                ranked = [f"{self.pick(('lowest', 'highest'))} {key}" for key in keys]
                return f"keep {', '.join(ranked)}{self._label(name)}"
            case "external":
                return f'external "text"{self._label(name)}'
            case "p4":
                text = self.vector(scope, 2)
                info.attributes.update(COMPONENTS)
                self.collections[name] = replace(info, has_vector=True, replaced=True)
                return f"let p4 = {text}"
            case "table":
                return self._let_of_table(name)
            case "asked":
                return self._let_asked(name)
            case "own":
                return self._let_own(name)
            case "let":
                let = self.name("a")
                what = self.pick((*VALUES, "item", "vector"))
                if what == "item":
                    text, collection = self.item(scope, 2)
                    info.attributes[let] = ItemOf(collection)
                else:
                    text = self.expr(what, scope, 2)
                    info.attributes[let] = what
                return f"let {let} = {text}"
        return f"{kind} {self.condition(scope, 2)}{self._label(name)}"

    def _let_own(self, name: str) -> str:
        """Write a `let` that is the item itself, and behind another statement a choice between its names."""
        attributes = self.collections[name].attributes
        first, second = self.name("a"), self.name("a")
        attributes[first] = ItemOf(name)
        between = self._item_statement(name, self.pick(("sort", "best", "first", "let")))
        own = self.pick((("this", first), (first, "this")))
        condition = self.condition(Scope(name), 1)
        choice = self.pick((f"default({own[0]}, {own[1]})", f"if {condition} then {own[0]} else {own[1]}"))
        attributes[second] = ItemOf(name)
        return f"let {first} = this\n  {between}\n  let {second} = {choice}"

    def _let_asked(self, name: str) -> str:
        """Write a `let` of an attribute of an item that each one chooses, if there is one."""
        own = [(number, kind) for number, kind in self.collections[name].attributes.items() if kind in NUMBERS]
        condition = "exists(this)"
        if own:
            number, kind = self.pick(own)
            condition = f"{number} {self.pick(ORDER)} {self.pick(LITERALS[str(kind)])}"
        collection, asked = self.pick(SAID_OF_ALL)
        first, second = (f"{collection}[{self.pick(('0', '1', '-2', '2'))}]" for _ in range(2))
        let = self.name("a")
        self.collections[name].attributes[let] = self.info(collection).attributes[asked]
        sorted_before = f"sort by {own[0][0]} descending\n  " if own and self.chance(2) else ""
        shown = f"\n  {self.pick(('select', 'reject'))} exists({let})" if self.chance(2) else ""
        return f"{sorted_before}let {let} = (if {condition} then {first} else {second}).{asked}{shown}"

    def _let_of_table(self, name: str) -> str:
        """Write a `let` that looks up attributes, some of which are one value for all items."""
        attributes = self.collections[name].attributes
        table = self.pick(list(self.tables)) if self.tables else self.table()
        axes, result = self.tables[table]
        lets: list[tuple[str, Kind, str]] = []
        arguments = []
        for axis in axes:
            own = self._attributes(name, axis)
            if not own or self.chance(2):
                own = [self.name("a")]
                lets.append((own[0], axis, self.pick(LITERALS[axis])))
            arguments.append(self.pick(own))
        lets.append((self.name("a"), result, f"{table}({', '.join(arguments)})"))
        attributes.update((let, kind) for let, kind, _ in lets)
        return "\n  ".join(f"let {let} = {text}" for let, _, text in lets)

    def _key(self, scope: Scope) -> str:
        kind = self.pick(ORDERED)
        own = self._attributes(scope.this, kind) if scope.this is not None else []
        return self.pick(own) if own and not self.chance(3) else self.expr(kind, scope, self.number(0, 1))

    # ---------------------------------------------------------------- regions

    def region(self) -> None:
        """Write a region."""
        name = self.name("r")
        lines = [f"region {name}"]
        lets: tuple[tuple[str, Kind], ...] = ()
        labels: tuple[str, ...] = ()
        if self.regions and self.chance(2):
            base = self.pick(list(self.regions)[::-1])
            lets, labels = self.regions[base].lets, self.regions[base].labels
            lines.append(f"take {base}")
            if self.chance(2):
                variant = self._region_variant(base)
                lines[-1] += variant
                labels = tuple(label for label in labels if f'"{label}"' not in variant)
        for _ in range(self.number(1, 6)):
            kind = self.pick(
                (
                    "select",
                    "save",
                    "histogram",
                    "select",
                    "reject",
                    "let",
                    "weight",
                    "bin",
                    "grid",
                    "external",
                    "expect",
                )
            )
            scope = Scope(variables=lets)
            if kind == "let":
                let, what, text = self._value(scope)
                lines.append(f"let {let} = {text}")
                lets = (*lets, (let, what))
                continue
            line, label = self._region_statement(kind, scope)
            lines.append(line)
            if label:
                labels = (*labels, label)
        self.regions[name] = RegionInfo(lets, labels)
        self.values[name] = "bool"
        self.blocks[name] = "\n  ".join(lines)

    def _region_statement(self, kind: str, scope: Scope) -> tuple[str, str]:
        label = self.name("label ") if self.chance(3) else ""
        text = f' as "{label}"' if label else ""
        match kind:
            case "weight":
                return f"weight {self.name('w')} = {self.expr('pure', scope, 2)}", ""
            case "save" | "histogram" | "grid" if (let := self._let_to_name(kind, scope)) is not None:
                return let, ""
            case "save":
                return f"save {', '.join(self._column(scope) for _ in range(self.pick((1, 1, 2))))}", ""
            case "histogram":
                fold = self.pick(("", " fold", ' title "t"'))
                return f"histogram {self.name('h')} = {self._axes(scope, lists=True)}{fold}", ""
            case "grid":
                return f"bins {self.name('b')} = {self._axes(scope, lists=False)}{text}", label
            case "bin":
                return f'bin "{self.name("bin ")}" {self.condition(scope, 2)}{text}', label
            case "external":
                return f'external "text"{text}', label
            case "expect":
                return 'expect 12.5 +- 1 stat + 2 - 3 syst for "data"', ""
        if self.regions and self.chance(6):
            return f"{kind} {' or '.join(self.pick(list(self.regions)) for _ in range(self.pick((1, 2))))}{text}", label
        return f"{kind} {self.condition(scope, 2)}{text}", label

    def _let_to_name(self, kind: str, scope: Scope) -> str | None:
        """Write, now and then, a column, histogram or grid that is called what it is made of, and nothing else is."""
        kinds = VALUES if kind == "save" else NUMBERS
        lets = [(name, of) for name, of in scope.variables if of in kinds and name not in self.said]
        if not lets or not self.chance(3):
            return None
        name, of = self.pick(lets)
        self.said.add(name)
        return (
            f"save {name}"
            if kind == "save"
            else f"{'bins' if kind == 'grid' else kind} {name} {self.pick(AXES[str(of)])}"
        )

    def _column(self, scope: Scope) -> str:
        kind = self.pick(VALUES)
        plain = [name for name, own in scope.variables if own in VALUES]
        if plain and self.chance(4):
            return f"{self.name('k')} = {self.pick(plain)}"
        written = [name for name in self.named(scope) if name in self.blocks]
        if written and self.chance(2):
            block = self.pick(written)
            kinds = self._of_values(block)
            lets = [name for name in kinds if re.fullmatch(r"a\d+", name)]
            if kinds:
                return f"{self.name('k')} = {block}.{self.pick(lets if lets and self.chance(2) else kinds)}"
        if self.chance(2):
            return f"{self.name('k')} = {self._telling(scope)}"
        text = self.listed(kind, scope, 2) if self.chance(3) else self.expr(kind, scope, 3)
        return f"{self.name('k')} = {text}"

    def _of_values(self, collection: str) -> list[str]:
        return [name for name, kind in self.info(collection).attributes.items() if kind in VALUES]

    def _numbers(self, collection: str) -> list[str]:
        return [name for kind in NUMBERS for name in self._attributes(collection, kind)]

    def _telling(self, scope: Scope) -> str:
        """Write a value in which rules show that few programs would put to the test otherwise."""
        what = self.pick(("angle", "best", "in", "power", "table"))
        if what == "best":
            items, collection = self.items(scope, 1, lambda name: bool(self._numbers(name)))
            x = self.name("x")
            clause = f"{x}.{self.pick(self._numbers(collection))} for {x} in {items}"
            rank = self.pick(("", "", ", 2"))
            return f"{self.pick(('argmin', 'argmax'))}({clause}{rank}).{self.pick(self._of_values(collection))}"
        if what == "in":
            return f"({self.item(scope, 1)[0]} {self.pick(('not in', 'in'))} {self.items(scope, 1)[0]})"
        if what == "power":
            return f"({self._attribute('pure', scope, 1)})^{self._attribute('int', scope, 1)}"
        if what == "table":
            table = self.pick(list(self.tables)) if self.tables else self.table()
            return f"{table}({', '.join(self._attribute(axis, scope, 1) for axis in self.tables[table][0])})"
        return self._of_vectors(self.pick((*ANGLES, "mt", "mt2", "perp")), scope, 1)

    def _axes(self, scope: Scope, *, lists: bool) -> str:
        number = 2 if self.chance(3) else 1
        kinds = [self.pick(NUMBERS) for _ in range(number if lists else number + self.chance(6))]
        items = collection = ""
        if lists and number == 1 and self.chance(4):
            return f"{self.listed(kinds[0], scope, 2)} {self.pick(AXES[kinds[0]])}"
        if lists and self.chance(2):
            items, collection = self.items(
                scope, 1, lambda name: all(self._attributes(name, kind) for kind in kinds), plain=True
            )
            texts = [self._from_items(kinds[0], items, collection, scope, 1)]
            if len(kinds) == 2:
                aligned = self.chance(2)
                attributes = self._attributes(collection, kinds[1])
                texts.append(f"{items}.{self.pick(attributes)}" if aligned else self.expr(kinds[1], scope, 2))
        else:
            texts = [self.expr(kind, scope, 2) for kind in kinds]
        axes = [AXES[kind] if lists else (*AXES[kind], *OPEN_AXES[kind]) for kind in kinds]
        written = " vs ".join(f"{text} {self.pick(known)}" for text, known in zip(texts, axes, strict=True))
        if not lists or not self.chance(3):
            return written
        own = self._attributes(collection, "pure") if items else []
        weight = f"{items}.{self.pick(own)}" if own and not self.chance(4) else self.expr("pure", scope, 2)
        return f"{written} with weight {weight}"

    # ---------------------------------------------------------------- variants

    def variant(self) -> None:
        """Write an object or composite that repeats another one, except for a criterion or a collection."""
        options = [info for info in self.collections.values() if info.named and info.name in self.blocks]
        if not options:
            return
        base = self.pick(options)
        head = f"  take {base.name}"
        labels = base.labels
        lets = {name: kind for name, kind in base.attributes.items() if isinstance(kind, ItemOf) and name[1:].isdigit()}
        if labels and not self.chance(3):
            label = self.pick(labels)
            labels = tuple(other for other in labels if other != label)
            head += f' without "{label}"'
        elif not lets and (other := self._substitute(base.name)):
            head += f" with {other}"
        else:
            return
        word = "composite" if self.blocks[base.name].startswith("composite") else "object"
        name = self.name(word[0])
        # A copy, so that what is added to the one does not appear in the other.
        attributes = dict(base.attributes)
        parts, own = ItemOf(f"{base.name}.parts"), ItemOf(f"{name}.parts")
        if parts.collection in self.collections:  # its own parts are of a type of their own
            self.collections[own.collection] = replace(self.collections[parts.collection], name=own.collection)
            kinds: dict[Kind, Kind] = {parts: own, ListOf(parts): ListOf(own)}
            attributes = {attribute: kinds.get(kind, kind) for attribute, kind in attributes.items()}
        self.collections[name] = replace(base, name=name, attributes=attributes, labels=labels, named=False)
        self._block(name, f"{word} {name}\n{head}")

    def _region_variant(self, base: str) -> str:
        """Write what a repeated region leaves out or replaces."""
        info = self.regions[base]
        text = f' without "{self.pick(info.labels)}"' if info.labels and self.chance(2) else ""
        lets = [(name, kind) for name, kind in info.lets if kind in NUMBERS]
        other = ""
        if lets and self.chance(2):
            name, kind = self.pick(lets)
            other = f"{name} = {self.pick(LITERALS[kind])}"
        elif self.chance(2):
            other = self._substitute(base)
        return f"{text} with {other}" if other else text

    def _substitute(self, block: str) -> str:
        """Write what may replace a value or collection that a block depends on; empty if there is nothing."""
        reachable, text = self.reachable(block)
        if " with " in text:
            return ""  # what is replaced already is not there any more
        options = [
            f"{name} = {self.pick(LITERALS[kind])}"
            for name, kind in self.values.items()
            if name in reachable and kind in NUMBERS
        ]
        for name, info in self.collections.items():
            if name in reachable and info.named:
                options += [
                    f"{name} = {other.name}"
                    for other in self.collections.values()
                    if other.named
                    and other.name != name
                    and (other.attributes, other.has_vector) == (info.attributes, info.has_vector)
                ]
        if "Electron" in reachable:
            options.append("Electron = LooseElectron")
        return self.pick(options) if options else ""

    def reachable(self, name: str) -> tuple[set[str], str]:
        """Return what a block depends on, and the text of all of it."""
        found: set[str] = set()
        texts = []
        todo = [name]
        while todo:
            current = todo.pop()
            text = "\n".join(self._spelled_out(current))
            texts.append(text)
            words = set(re.findall(r"(?<![.\w])[A-Za-z]\w*", text)) - found - {current}
            found |= words
            todo.extend(words)
        return found, "\n".join(texts)

    def _spelled_out(self, name: str) -> list[str]:
        """Return the lines of a block; those that it repeats are its own, and the name of the repeated block is not."""
        lines: list[str] = []
        for line in self.blocks.get(name, "").splitlines():
            repeats = re.match(r"  take (\w+) (with.*)", line)
            if repeats is None:
                lines.append(line)
                continue
            repeated, changes = repeats.groups()
            dropped = re.findall(r"without (\"[^\"]*\")", changes)
            lines += [
                old for old in self._spelled_out(repeated)[1:] if not any(f" as {label}" in old for label in dropped)
            ]
            lines.append(f"  {changes}")
        return lines


@cache
def _below(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


@dataclass(frozen=True)
class RandomProgram:
    """A program and the largest number of base items in a candidate of it."""

    text: str
    degree: int

    def __repr__(self) -> str:
        return self.text


def program_text(blocks: Mapping[str, str]) -> str:
    """Return a program of some blocks."""
    head = 'hepsel 1\n\nanalysis "random"\n  source paper "nowhere"'
    return "\n\n".join([head, *blocks.values()]) + "\n"


def written(draw: st.DrawFn) -> Writer:
    """Write a program, and return what is known of it."""
    writer = Writer(draw)
    steps: tuple[Callable[[], object], ...] = (
        writer.object, writer.composite, writer.define, writer.object, writer.composite, writer.function, writer.table,
        writer.variant, writer.region, writer.candidates,
    )  # fmt: skip
    for _ in range(writer.number(0, 4)):
        writer.pick(steps)()
    for _ in range(writer.number(1, 2)):
        writer.region()
    return writer


@st.composite
def programs(draw: st.DrawFn) -> RandomProgram:
    """Return random programs that the checker accepts."""
    writer = written(draw)
    text = program_text(writer.blocks)
    assume(keeps_slots_apart(text))
    return RandomProgram(text, writer.degree)


@cache
def random_format() -> Format:
    """Return the format of these programs."""
    return load_format(str(FORMAT))


def keeps_slots_apart(text: str) -> bool:
    """Whether no variant in a program is refused for slots of two collections that would be of one: see E507."""
    if re.search(r"^ +take .* with ", text, re.MULTILINE) is None:
        return True
    errors = check_text(text, random_format()).errors
    return not any(item.code == "E507" and "would both be from" in item.message for item in errors)
