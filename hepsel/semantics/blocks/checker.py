"""Checks the blocks of a program."""

from __future__ import annotations

from collections.abc import Mapping

from hepsel.semantics import program as typed
from hepsel.semantics.blocks.axes import Axes
from hepsel.semantics.blocks.criteria import Criteria
from hepsel.semantics.blocks.items import ItemBlocks
from hepsel.semantics.blocks.regions import Regions
from hepsel.semantics.blocks.tables import Tables
from hepsel.semantics.constraints import Constraints
from hepsel.semantics.expressions import ExpressionChecker, Scope
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import UNKNOWN
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText


class BlockChecker:
    """Checks blocks one after the other and adds them to the symbols.

    Parameters
    ----------
    symbols
        Names so far; what is checked is added.
    expressions
        Types what stands in them.
    source
        The text, for the labels of criteria.
    sources
        Names of the sources that the header declares.
    """

    def __init__(
        self, symbols: Symbols, expressions: ExpressionChecker, source: SourceText, sources: frozenset[str]
    ) -> None:
        self.symbols = symbols
        self.expressions = expressions
        self.criteria = Criteria(symbols, self.expressions, source, sources)
        self._tables = Tables(symbols, self.expressions)
        self._items = ItemBlocks(symbols, self.expressions, self.criteria)
        axes = Axes(symbols, self.expressions, source)
        self._regions = Regions(symbols, self.expressions, self.criteria, axes, self._items.constraints)

    @property
    def constraints(self) -> Mapping[str, Constraints]:
        """What the cuts of each object and composite say of its items."""
        return self._items.constraints

    @property
    def constraints_of_regions(self) -> Mapping[str, Constraints]:
        """What the cuts of each region say of its events."""
        return self._regions.constraints

    def check(self, block: tree.Block) -> None:
        """Check one block."""
        self.criteria.annotations(block)
        self.symbols.current = None
        if not self.symbols.claim(block.name, block.name_span):
            return
        self.symbols.current = block.name
        match block:
            case tree.Define():
                self._define(block)
            case tree.Table():
                self._tables.check(block)
            case tree.ObjectBlock():
                self._items.check(block)
            case tree.CompositeBlock():
                self._items.check(block)
            case tree.RegionBlock():
                self._regions.check(block)

    def complete(self) -> None:
        """Tell what shows when all blocks are known."""
        self.expressions.names.complete()
        self._regions.weights.complete()

    def _define(self, block: tree.Define) -> None:
        symbols = self.symbols
        if block.parameters is None:
            expr = self.expressions.check(block.value)
            symbols.values[block.name] = typed.Value(block.name, expr, block.annotations, block.span)
            symbols.kinds[block.name] = "value"
            return
        unknown = {name: typed.Constant(False, type=UNKNOWN, span=block.span) for name in block.parameters}
        for name in block.parameters:
            symbols.claim(name, block.name_span, what="parameter")
        symbols.tell_apart(block.parameters, block.name_span)
        before = symbols.errors
        with self.expressions.within(Scope(variables=unknown)):
            self.expressions.check(block.value)
        # What is wrong whatever the arguments are is told once, and not again where the function is called.
        symbols.functions[block.name] = block
        symbols.kinds[block.name] = "function" if symbols.errors == before else "lost"
