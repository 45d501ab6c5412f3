"""Tells of what has two names and is the same: two regions with the same cuts, two columns of one value."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from hepsel.semantics import program as typed
from hepsel.semantics.any_block import of_any_block
from hepsel.semantics.statements import Parts
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.walk import joined_by, map_children
from hepsel.syntax import tree
from hepsel.syntax.tree import Span


def tell_of_the_same(
    symbols: Symbols, program: typed.Program, parts: Mapping[int, Parts], blocks: Mapping[str, tree.Block]
) -> None:
    """Tell of two regions that select the same events with the same weights, and of one value that a region has twice.

    Parameters
    ----------
    symbols
        Where the hint is reported.
    program
        A program without errors.
    parts
        Of each of its expressions, by their `id`.
    blocks
        Of its text, without variants, by their names.
    """
    alike: dict[Hashable, list[typed.Region]] = {}
    for name, region in program.regions.items():
        if name in blocks:
            cuts = [parts[id(step.condition)] for step in region.statements if isinstance(step, typed.Filter)]
            if cuts and not any(isinstance(step, typed.ExternalCut) for step in region.statements):
                named = frozenset(part.name for each in cuts for part in each if isinstance(part, typed.CollectionRef))
                alike.setdefault((region.base, named), []).append(region)
            _tell_of_values(symbols, region)
    cuts_of = _Cuts(symbols)
    for regions in alike.values():
        seen: dict[Hashable, str] = {}
        for region in regions if len(regions) > 1 else ():
            name, other = region.name, seen.setdefault(frozenset(cuts_of.of(region)), region.name)
            if other != name:
                symbols.report(
                    "H723",
                    f"`{name}` has the cuts and weights of `{other}`, and so the same events",
                    blocks[name].name_span,
                    "is another cut meant? if not, one of them is enough",
                    related=blocks[other].name_span,
                )


class _Cuts:
    """Writes cuts and weights of regions as what they are, whatever the values in them are called."""

    def __init__(self, symbols: Symbols) -> None:
        self._symbols = symbols
        self._names: dict[str, typed.ValueRef] = {}
        self._values: dict[typed.Expr, typed.ValueRef] = {}

    def of(self, region: typed.Region) -> Iterator[Hashable]:
        """Yield what makes the events and the weights of a region."""
        for step in region.statements:
            match step:
                case typed.Filter(_, condition, negated):
                    for part in joined_by("or" if negated else "and", condition):
                        yield self._named(part), negated
                case typed.WeightFactor(_, value):
                    yield self._named(value)

    def _named(self, expr: typed.Expr) -> typed.Expr:
        return of_any_block(self._with_first_names(expr))

    def _with_first_names(self, expr: typed.Expr) -> typed.Expr:
        """Return an expression in which a value of a region has the name of the first one that is the same."""
        if isinstance(expr, typed.ValueRef) and "." in expr.name:
            if expr.name not in self._names:
                self._names[expr.name] = self._values.setdefault(
                    self._named(self._symbols.values[expr.name].expr), expr
                )
            return self._names[expr.name]
        return map_children(expr, self._with_first_names)


def _tell_of_values(symbols: Symbols, region: typed.Region) -> None:
    filled: dict[Hashable, tuple[str, Span]] = {}
    saved: dict[Hashable, tuple[str, Span]] = {}
    for step in region.statements:
        match step:
            case typed.Filter() | typed.WeightFactor():
                filled = {}
            case typed.HistogramFill(name, axes, weight, span=span):
                key = tuple((symbols.defined(axis.value), axis.edges) for axis in axes), weight
                _tell_of_value(symbols, region, filled.setdefault(key, (name, span)), name, span)
            case typed.SavedColumn(name, value, span=span):
                _tell_of_value(symbols, region, saved.setdefault(symbols.defined(value), (name, span)), name, span)


def _tell_of_value(symbols: Symbols, region: typed.Region, first: tuple[str, Span], name: str, span: Span) -> None:
    other, related = first
    if other != name and span.begins_in(region.span):
        symbols.report(
            "H723",
            f"`{name}` is the same as `{other}`",
            span,
            "is another item or quantity meant? if not, one of them is enough",
            related=related,
        )
