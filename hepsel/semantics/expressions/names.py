"""Names: what they stand for at one place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hepsel.formats.branches import prefixes, read_from
from hepsel.semantics import program as typed
from hepsel.semantics.expressions.members import of_own_format, read_as
from hepsel.semantics.expressions.part import MAX_SIZE, Part, shortened, unknown
from hepsel.semantics.passing import passing
from hepsel.semantics.symbols import ALL_FUNCTIONS
from hepsel.semantics.types import BOOL, REAL, EnumType, ItemType, ListType, Type, UnknownType
from hepsel.semantics.units import UNITS
from hepsel.semantics.walk import fits
from hepsel.syntax import tree
from hepsel.syntax.tree import Span
from hepsel.vocabulary import foreign, formulas
from hepsel.vocabulary.functions import CONSTANTS, FUNCTIONS

if TYPE_CHECKING:
    from hepsel.semantics.expressions.checker import ExpressionChecker

_JETS = "Jet"
_MOST_PROPOSED = 4
_NUMBER_OF = re.compile(r"[nN]_?([A-Za-z]{2}\w*)|(\w+?)_(?:n|N|size)")
_VECTOR_ATTRIBUTES = (*typed.POLAR, *typed.CARTESIAN, "mass", "energy", "charge")


class Names(Part):
    """Types names, and says what a name that means nothing may have been meant for."""

    def __init__(self, checker: ExpressionChecker) -> None:
        super().__init__(checker)
        self._bases: dict[str, str | None] = {}

    def name(self, expr: tree.Name, expected: Type | None) -> typed.Expr:
        """Type a name."""
        name, scope, symbols = expr.name, self.scope, self.symbols
        if name in scope.variables:
            return replace(scope.variables[name], span=expr.span)
        if name == "this":
            if scope.this is None:
                return self.report("E200", "`this` is the item of an object or composite; there is none here", expr)
            return typed.This(type=ItemType(scope.this), span=expr.span)
        if name in scope.lets:
            return self._value_ref(scope.lets[name].name, expr.span)
        bare = scope.this is not None and (name == "p4" or self.attributes.has(scope.this, name, own_p4=scope.own_p4))
        kind = symbols.kinds.get(name) if scope.program_names else None
        if kind == "lost":
            return unknown(expr.span)
        if bare:
            if kind in ("value", "collection", "region"):
                return self.report(
                    "E206",
                    f"`{name}` is an attribute of the item and also defined in the program",
                    expr,
                    f"write `this.{name}` for the attribute, or give the definition another name",
                )
            this = typed.This(type=ItemType(scope.this or ""), span=expr.span)
            return self.checker.members.item_attribute(this, name, expr.span, expr.span)
        if kind == "value":
            return self._value_ref(name, expr.span)
        if kind == "region":
            return self._passes(name, expr.span)
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
            return unknown(expr.span)
        this = self.scope.this
        if this is not None and name in typed.COMPONENTS and typed.is_composite(symbols.collections, this):
            of_sum = typed.This(type=ItemType(this), span=expr.span)
            return self.checker.members.item_attribute(of_sum, name, expr.span, expr.span)
        attributes = self.attributes.names(self.scope.this) if self.scope.this else []
        if name in UNITS and foreign.ATTRIBUTES.get(name) not in attributes:
            return self.report(
                "E200", f"`{name}` is a unit, and a unit stands behind a number", expr, f"write `1 {name}`"
            )
        if counted := self._counted(name):
            # In a block of items it is rather a number of each of them, such as the tracks of a tau.
            alone = self.scope.this is None
            hint = f"{'write' if alone else 'how many the event has is'} {foreign.listed(counted)}"
            replacement = counted[0] if alone and len(counted) == 1 else None
            return self.report("E200", f"`{name}` is not defined", expr, hint, replacement)
        if self.scope.this is None and re.fullmatch(r"n_?[A-Z]\w+", name) and not self.of_branch(name):
            how_many = "how many items there are is `count(...)`: of some of them, define an `object`"
            return self.report("E200", f"`{name}` is not defined", expr, how_many)
        if written := self._of_pattern(name):
            return self.report("E200", f"`{name}` is not defined", expr, f"write `{written}`", written)
        stored = self.of_branch(name)
        if stored:
            replacement = stored[0] if len(stored) == 1 else None
            said = read_as(name, stored) if this is None else self.checker.members.read_as_here(name, stored, this)
            return self.report("E200", f"`{name}` is not defined", expr, said, replacement)
        enumerated = {value for values in symbols.format.enumerations.values() for value in values}
        candidates = (
            [each for each in symbols.value_names() if each not in enumerated]
            + list(self.scope.lets)
            + list(self.scope.variables)
        )
        near = self.checker.members.nearest(name, self.scope.this) or foreign.nearest(name, candidates, foreign.NAMES)
        proposal = self._of_each_pair(name) or self.checker.members.elsewhere(name, self.scope.this)
        if formulas.is_of_one(name):
            near, proposal = [], self.quantity(name)
        if proposal is None and self.scope.this is not None:
            proposal = self.checker.members.elsewhere(name)
        if proposal is not None and not (near and name in foreign.NAMES):
            near = []
        elif near:
            proposal = f"did you mean {foreign.listed(near)}?"
        else:
            proposal = (
                self.quantity(name)
                or self._of_two(name)
                or self.checker.members.elsewhere(foreign.NAMES.get(name, name))
            )
        if self.scope.this is not None and not near:
            like = foreign.with_word(name, attributes)
            names = foreign.listed(like) if like else shortened(attributes)
            has = f"an item of {self.scope.this} has {names}{of_own_format(name, proposal)}"
            proposal = f"{proposal}; {has}" if proposal else has
        where = f" and not an attribute of {self.scope.this}" if self.scope.this else ""
        return self.report(
            "E200",
            f"`{name}` is not defined{where}",
            expr,
            proposal or "define it before it is used",
            near[0] if len(near) == 1 else None,
        )

    def quantity(self, name: str, arguments: Sequence[str] = (), of: typed.Expr | None = None) -> str | None:
        """Say what to do about a quantity of the field, written of what the program has.

        Parameters
        ----------
        name
            Of the quantity, as people spell it.
        arguments
            What it was written of.
        of
            The item of which it was written as an attribute.
        """
        item = (of and _called(of)) or ("item" if self.scope.this is None else "this")
        return formulas.quantity(name, arguments, {"jets": self._jets(), "item": item, **self._slots()})

    def _slots(self) -> dict[str, str]:
        """Return what the parts of a candidate are called, by the names that stand for them in formulas."""
        block = self.symbols.collections.get(self.scope.this or "")
        if not isinstance(block, typed.CompositeBlock):
            return {}
        pair = [slot.name for slot in block.slots] if len(block.slots) == 2 else []
        return {"items": "parts", **dict(zip(("a", "b"), pair, strict=False))}

    def _of_two(self, name: str) -> str | None:
        """Say how a function of items is called whose name stands alone."""
        function = foreign.called_here(name, foreign.FUNCTIONS)
        signature = FUNCTIONS.get(function or "")
        if function is None or signature is None or signature.arguments != "vectors":
            return None
        slots = self._slots()
        remark = foreign.remark([function])
        arguments = [slots.get("a", "a"), slots.get("b", "b"), "MET"][: signature.count]
        return f"write `{function}({', '.join(arguments)})`{';' if remark else ''}{remark}"

    def _jets(self) -> str:
        """Return the jets of the program, if there is one collection of them; else those of the format."""
        symbols = self.symbols
        known = [name for name, kind in symbols.kinds.items() if kind == "collection" and name in symbols.collections]
        found = [name for name in known if self._base(name) == _JETS]
        if not found and _JETS in symbols.format.collections:
            return _JETS
        return found[0] if len(found) == 1 else "jets"

    def _of_each_pair(self, name: str) -> str | None:
        """Say how a candidate of two items has what `m_ll` means."""
        block = self.symbols.collections.get(self.scope.this or "")
        attribute = formulas.of_a_pair(name)
        if attribute is None or not isinstance(block, typed.CompositeBlock) or len(block.slots) != 2:
            return None
        return f"a candidate is the sum of its slots: write `{attribute}`"

    def _counted(self, name: str) -> list[str]:
        """Return how to count the items that `njets`, `nJet` or `jet_n` is the number of.

        The objects of the program are meant rather than what they are selected from. Where their names do not say so,
        both are possible.
        """
        match = _NUMBER_OF.fullmatch(name)
        if match is None:
            return []
        what, symbols = match[1] or match[2], self.symbols

        def alike(names: Iterable[str]) -> list[str]:
            plain = what.lower().removesuffix("s")
            return [each for each in names if each.lower().removesuffix("s") == plain]

        own = [each for each, kind in symbols.kinds.items() if kind == "collection" and each in symbols.collections]
        of_format = [each for each, spec in symbols.format.collections.items() if not spec.single]
        if what in own:
            return [f"count({what})"]
        stored = alike(of_format) or self.with_branches_of(what)
        found = alike(own)
        if not found:
            found = [*stored, *(each for each in own if self._base(each) in stored)][:_MOST_PROPOSED]
        elif what in of_format:  # the name of a branch, too
            found = [*found, what]
        return [f"count({each})" for each in found]

    def _base(self, collection: str) -> str | None:
        """Return the one collection of the format that an object selects from; `None` for a union."""
        if collection not in self._bases:
            symbols = self.symbols
            bases = typed.identity_bases(symbols.format, symbols.collections, collection)
            self._bases[collection] = bases[0] if len(bases) == 1 else None
        return self._bases[collection]

    def with_branches_of(self, prefix: str) -> list[str]:
        """Return the collections that are read from branches with names that begin so, as `Muon` from `Muon_pt`."""
        found = {
            name: prefixes(spec.attributes.values())
            for name, spec in self.symbols.format.collections.items()
            if not spec.single
        }
        exactly = [name for name, starts in found.items() if prefix in starts]
        return exactly or [name for name, starts in found.items() if any(each.startswith(prefix) for each in starts)]

    def behind_nothing(self, expr: tree.Attribute) -> typed.Expr | None:
        """Report `events.MET` and `MuonsAuxDyn.pt`: a collection, or branch, with what others write before it."""
        item = expr.item
        if not isinstance(item, tree.Name) or self._means_something(item.name, expr.name):
            return None
        branch, symbols = f"{item.name}.{expr.name}", self.symbols
        message = f"`{item.name}` is not defined"
        if stored := self.of_branch(branch):
            return self.report("E200", message, expr, read_as(branch, stored), stored[0] if len(stored) == 1 else None)
        if expr.name in symbols.format.collections or symbols.kinds.get(expr.name) == "collection":
            if item.name in symbols.format.collections:
                message = f"`{item.name}` has no `{expr.name}`"
            proposal = f"nothing stands before the name of a collection or single item: write `{expr.name}`"
            return self.report("E200", message, expr, proposal, expr.name)
        this = self.scope.this or ""
        in_object = isinstance(symbols.collections.get(this), typed.ObjectBlock)
        if len(item.name) == 1 and in_object and self.attributes.has(this, expr.name):
            proposal = f"an attribute of the item is written without anything before it: `{expr.name}`"
            return self.report("E200", message, expr, proposal, expr.name)
        from hepsel.syntax import elsewhere  # which a sound program does not need

        if re.fullmatch(elsewhere.MODULES, item.name):  # np.inf, math.pi
            if expr.name in CONSTANTS:
                return self.report("E200", message, expr, f"write `{expr.name}`", expr.name)
            if said := self.quantity(expr.name):
                return self.report("E200", message, expr, said)
        return None

    def _means_something(self, name: str, attribute: str) -> bool:
        """Whether a name may have this attribute."""
        scope, symbols = self.scope, self.symbols
        if name in scope.variables or name in scope.lets or name in ("this", symbols.current) or name in symbols.later:
            return True
        if name in symbols.format.collections:
            spec = symbols.format.collections[name]
            other = attribute in symbols.format.collections and attribute not in spec.attributes
            return not spec.single or spec.pattern is not None or not other
        if name in symbols.kinds and scope.program_names:
            return True
        return scope.this is not None and self.attributes.has(scope.this, name, own_p4=scope.own_p4)

    def _of_pattern(self, name: str) -> str | None:
        """Return how to ask for what a branch such as `HLT_IsoMu24` says."""
        for collection, spec in self.symbols.format.collections.items():
            start = (spec.pattern or "").partition("{name}")[0].rstrip("._")
            if start and re.match(rf"{re.escape(start)}_[A-Za-z]", name):
                return f"{collection}.{name[len(start) + 1 :]}"
        return None

    def of_branch(self, name: str) -> list[str]:
        """Return what is read from a branch: attributes of the item that `this` is, or of what has them."""
        own = self.checker.members.of_branch(name, self.scope.this) if self.scope.this else []
        of_format = read_from(name, self.symbols.format, shortened=False)
        return own or [f"{owner}.{attribute}" for owner, attribute in of_format]

    def used_too_early(self, name: str, span: Span) -> bool:
        """Report a name that is defined further down, or that is being defined; say whether it is one."""
        symbols = self.symbols
        if not self.scope.program_names:
            return False
        if name == symbols.current:
            proposal = "nothing in hepsel is recursive"
            if self.scope.this is not None:
                proposal = "the item itself is `this`, and an attribute of it is written without anything before it"
            self.report("E211", f"`{name}` is used in its own definition", span, proposal)
        elif name in symbols.later:
            symbols.report(
                "E208",
                f"`{name}` is defined further down, in line {symbols.later[name].line}",
                span,
                "a name is defined before it is used: move the definition up",
                related=symbols.later[name],
            )
        else:
            return False
        return True

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

    def _passes(self, name: str, span: Span) -> typed.Expr:
        """Return whether an event passes a region."""
        symbols = self.symbols
        if name not in symbols.values:
            region = symbols.regions[name]
            condition = passing(symbols.regions, name)
            symbols.values[name] = typed.Value(name, condition, region.annotations, region.span)
        return typed.ValueRef(name, type=BOOL, span=span)

    def _collection(self, name: str, span: Span) -> typed.Expr:
        spec = self.symbols.format.collections.get(name)
        if spec is not None:
            if spec.single:
                return typed.Single(name, type=ItemType(name), span=span)
            self.checker.of_format.type_condition(name)
        return typed.CollectionRef(name, type=ListType(ItemType(name)), span=span)

    def complete(self) -> None:
        """Type what a program reaches without naming it: four-vectors of items, targets of links that are a part."""
        for name, spec in self.symbols.format.collections.items():
            self.checker.of_format.type_condition(name)
            for attribute in _VECTOR_ATTRIBUTES:
                if attribute in spec.attributes:
                    self.attributes.type_of(name, attribute)


def _called(item: typed.Expr) -> str | None:
    """Return what an item is called in the program, where that is short."""
    match item:
        case typed.ValueRef(name) | typed.Single(name):
            return name
        case typed.At(typed.CollectionRef(name), typed.Constant(int() as place)):
            return f"{name}[{place}]"
        case typed.Attribute(inner, name, type=ItemType()) if (owner := _called(inner)) is not None:
            return f"{owner}.{name}"
    return None
