"""Tells of weights that are multiplied twice, and of those that stand behind everything that is filled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from hepsel.semantics import program as typed
from hepsel.semantics.expressions import ExpressionChecker, dimension
from hepsel.semantics.expressions.quantities import folded
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.walk import substitute
from hepsel.syntax import tree

_THOUSANDS = (1000, 1_000_000)
"""What picobarns are made femtobarns with, by hand."""

_Fill = typed.HistogramFill | typed.NamedBin | typed.GridBins


class Weights:
    """Looks at the weights of regions.

    Parameters
    ----------
    symbols
        Where is reported what they hardly mean.
    expressions
        What knows which values depend on the event.
    """

    def __init__(self, symbols: Symbols, expressions: ExpressionChecker) -> None:
        self._symbols = symbols
        self._expressions = expressions
        self._late: dict[str, tuple[tree.Span, str]] = {}

    def add(self, weight: typed.WeightFactor, value: tree.Expr, factors: dict[typed.Expr, str]) -> None:
        """Warn of a factor that the event's weight has already.

        Parameters
        ----------
        weight
            What multiplies it.
        value
            As written.
        factors
            What it is multiplied with so far, and by which weight; that of this one is added.
        """
        all_of_it = list(self._factors(weight.value))
        new = self._warn_of_twice(all_of_it, value, factors)
        factors.update((factor, weight.name) for factor in new)
        thousands = [factor for factor in all_of_it if folded(factor) in _THOUSANDS]
        if thousands and any(dimension(factor.type).luminosity for factor in all_of_it):
            text = f"{float(folded(thousands[0]) or 0):g}"
            self._symbols.report(
                "W608",
                f"cross sections and luminosities have their units with them: `{text}` makes the weight too large",
                value.span,
                f"leave out `{text}`",
            )

    def add_entries(self, weight: typed.Expr, value: tree.Expr, factors: Mapping[typed.Expr, str]) -> None:
        """Warn of a factor that the entries of a histogram have by the event's weight already: see `add`."""
        self._warn_of_twice(self._factors(weight), value, factors)

    def _warn_of_twice(
        self, all_of_it: Iterable[typed.Expr], value: tree.Expr, factors: Mapping[typed.Expr, str]
    ) -> list[typed.Expr]:
        """Warn of what is a factor already, and return what depends on the event."""
        new = list(filter(self._expressions.habits.is_measured, all_of_it))
        twice = next((factors[factor] for factor in new if factor in factors), None)
        if twice is not None:
            self._symbols.report(
                "W610",
                f"the weight `{twice}` has the same factor, which is multiplied twice",
                value.span,
                "leave it out in one of them",
            )
        return new

    def _factors(self, value: typed.Expr) -> Iterator[typed.Expr]:
        """Yield what a value is a product of, without what it is divided by: of items, what that of each is."""
        todo, seen = [value], set[str]()
        while todo:
            match todo.pop():
                case typed.Arithmetic("*", left, right):
                    todo += (left, right)
                case typed.Arithmetic("/", left, _):
                    todo.append(left)
                case typed.ValueRef(name):
                    if name not in seen:
                        seen.add(name)
                        todo.append(self._symbols.values[name].expr)
                case typed.Reduce("product", values):
                    todo.append(values)
                case typed.Comprehension(body, (typed.Loop((variable,), items),), None) as values:
                    each = replace(variable, name="", uid=0)  # the same, whatever the variable is called
                    for factor in filter(self._expressions.habits.is_measured, self._factors(body)):
                        of_each = substitute(factor, variable, each)
                        loops = (typed.Loop((each,), items),)
                        yield factor if of_each == factor else replace(values, body=of_each, loops=loops)
                case factor:
                    yield factor

    def region(self, block: tree.RegionBlock, base: str | None, statements: Sequence[typed.RegionStatement]) -> None:
        """Look at the weights of a region: nothing that it fills has those that stand behind it all."""
        self._late.pop(base or "", None)  # what starts from it has them
        filled: _Fill | None = None
        late: tree.Span | None = None
        for item in statements:
            if isinstance(item, _Fill):
                filled, late = item, None
            # The statements that a variant repeats stand elsewhere.
            elif isinstance(item, typed.WeightFactor) and item.span.begins_in(block.span):
                late = late or item.span
        if filled is not None and late is not None:
            name = filled.criterion.label if isinstance(filled, typed.NamedBin) else filled.name
            self._late[block.name] = late, name

    def complete(self) -> None:
        """Tell of the weights that nothing that is filled has."""
        for span, name in self._late.values():
            self._symbols.report(
                "H711",
                f"this weight stands behind `{name}`, and nothing that is filled has it",
                span,
                "move it above what is to have it; if it is for the cutflow alone, leave it",
            )
