"""Where values lie by what names stand for: the ranges that a format states, and what is computed from these."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from hepsel.formats.schema import AttributeSpec
from hepsel.quick_dataclass import dataclass
from hepsel.semantics import program as typed
from hepsel.semantics.intervals import INF, MOST_LEVELS, Interval, Intervals, between, described
from hepsel.semantics.types import IntType, ItemType, ListType, RealType
from hepsel.semantics.units import parse_unit

if TYPE_CHECKING:
    from hepsel.semantics.symbols import Symbols

_EVERYTHING = Interval()

_PER_NAME = 8  # levels of code between a name and what it stands for

_Key = tuple[str, str]
"""A collection and its attribute, or nothing and a named value."""


@dataclass(frozen=True, slots=True)
class Stated:
    """Where values lie, and what the format says from which this follows: `Jet.btag is never above 1`."""

    interval: Interval
    by: tuple[str, ...] = ()

    def why(self, quantity: typed.Expr) -> str:
        """Say where a quantity lies, and who says so."""
        lies = f"is {described(self.interval, quantity)}"
        says = f"the format says that {' and '.join(self.by)}"
        if self.by and all(one.endswith(f" {lies}") for one in self.by):
            return says
        return f"the quantity {lies}{f', as {says}' if self.by else ''}"


_NOTHING = Stated(_EVERYTHING)


def stated(symbols: Symbols, quantity: typed.Expr) -> Stated:
    """Return where a number lies, or each of a list, by all that is known of the names in it.

    It holds of what a run finds if the format is right, so that it serves to tell of cuts, and for nothing else.
    """
    return _Stated(symbols).stated(quantity)


class _Stated(Intervals):
    """Looks up what names stand for; what it found is kept in the symbols, but for blocks that are not finished."""

    def __init__(self, symbols: Symbols) -> None:
        super().__init__()
        self._symbols = symbols
        self._kept = symbols.stated
        self._unfinished: dict[_Key, Stated] = {}
        self._by: dict[str, None] = {}

    def stated(self, expr: typed.Expr) -> Stated:
        """Return where a number lies, and who says so."""
        outer, self._by = self._by, {}
        found = self.of(expr)
        by, self._by = tuple(self._by), outer
        return _NOTHING if found == _EVERYTHING else Stated(found, by)

    def named(self, name: typed.Attribute | typed.ValueRef) -> Interval:
        """Return where that lies for which a name stands."""
        found = self._named(name)
        self._by.update(dict.fromkeys(found.by))
        return super().named(name).meet(found.interval)

    def _named(self, name: typed.Attribute | typed.ValueRef) -> Stated:
        kind = name.type.element if isinstance(name.type, ListType) else name.type
        if not isinstance(kind, IntType | RealType):
            return _NOTHING
        if isinstance(name, typed.ValueRef):
            return self._remembered(("", name.name), lambda: self.stated(self._symbols.values[name.name].expr))
        item = name.item.type
        return self._of_attribute(item.collection, name.name) if isinstance(item, ItemType) else _NOTHING

    def _remembered(self, key: _Key, look: Callable[[], Stated], *, finished: bool = True) -> Stated:
        kept = self._kept if finished else self._unfinished
        if key not in kept:
            if self.levels > MOST_LEVELS:
                return _NOTHING
            self.levels += _PER_NAME
            kept[key] = look()
            self.levels -= _PER_NAME
        return kept[key]

    def _of_attribute(self, collection: str, name: str) -> Stated:
        """Return where an attribute of the items of a collection lies."""
        symbols = self._symbols
        if collection not in symbols.format.collections and collection not in symbols.collections:
            return (
                self._hull(typed.leaf_collections(symbols.collections, parts), name)
                if (parts := collection.removesuffix(typed.PARTS_SUFFIX)) in symbols.collections
                else _NOTHING
            )
        for each in typed.path_to(symbols.format, symbols.collections, collection, name):
            last = each
            if (each, name) in self._kept:
                break
        finished = last in symbols.format.collections or symbols.kinds.get(last) == "collection"
        return self._remembered((last, name), lambda: self._resolved(last, name), finished=finished)

    def _resolved(self, collection: str, name: str) -> Stated:
        symbols = self._symbols
        match typed.resolve(symbols.format, symbols.collections, collection, name):
            case typed.StoredAttribute(spec) if spec.range is not None:
                return Stated(_in_base_units(spec), (f"{collection}.{name} is {_told(spec)}",))
            case typed.DerivedAttribute(owner, attribute) if (owner, attribute) in symbols.derived:
                expr = symbols.derived[owner, attribute]
                if isinstance(expr, typed.Constant):
                    return _NOTHING  # set by convention, as the eta of what has none: W606 tells of that
                found = self.stated(expr).interval
                by = () if found == _EVERYTHING else (f"{owner}.{attribute} is {described(found, expr)}",)
                return Stated(found, by)
            case typed.BlockLet(block, let):
                lets = (each for each in symbols.collections[block].statements if isinstance(each, typed.LetItem))
                return next((self.stated(each.value) for each in lets if each.name == let), _NOTHING)
            case typed.FromSource(sources):
                return self._hull(sources, name)
        return _NOTHING

    def _hull(self, collections: Iterable[str], name: str) -> Stated:
        """Return where an attribute lies of items of several collections; those that lack it have no value."""
        symbols = self._symbols
        several = [
            self._of_attribute(one, name)
            for one in collections
            if typed.resolve(symbols.format, symbols.collections, one, name) is not None
        ]
        hull = Interval(INF, -INF)
        for one in several:
            hull = hull.around(one.interval)
        if hull.empty or hull == _EVERYTHING:
            return _NOTHING
        return Stated(hull, tuple(dict.fromkeys(by for one in several for by in one.by)))


def _in_base_units(spec: AttributeSpec) -> Interval:
    """Return the range of an attribute, converted as its values are, so that these are in it to the last digit."""
    assert spec.range is not None
    unit = parse_unit(spec.unit) if spec.unit else None
    factor, divisor = (1.0, 1.0) if unit is None else unit.scale()
    low, high = (end * factor / divisor for end in spec.range)
    return Interval(low, high)


def _told(spec: AttributeSpec) -> str:
    assert spec.range is not None
    return between(*spec.range, unit="" if spec.unit in (None, "rad") else spec.unit)
