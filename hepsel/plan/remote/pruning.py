"""Leaves out of a query the fields of items that nobody asks for later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields, replace

from hepsel.plan.remote.query import (
    AnyOther,
    Cross,
    Expr,
    Field,
    Filter,
    Groups,
    ItemList,
    Items,
    Joined,
    Member,
    Ordered,
    Placed,
    Records,
    Size,
    Slice,
    Step,
    SumOther,
    Total,
    Zip,
)


def pruned(steps: tuple[Step, ...], results: Iterable[Expr]) -> tuple[Step, ...]:
    """Return steps in which items have only the fields that later expressions need.

    Parameters
    ----------
    steps
        The steps of a query.
    results
        What is asked of the last one.
    """
    pruning = _Pruning()
    for result in results:
        pruning.visit(result)
    found: list[Step] = []
    for step in reversed(steps):
        after, pruning.needed = pruning.needed, defaultdict(set)
        values = []
        for value in step:
            if isinstance(value.value, ItemList):
                values.append(replace(value, value=pruning.list_of(value.value, after[value.name])))
            else:
                pruning.visit(value.value)
                values.append(value)
        found.append(tuple(values))
    return tuple(reversed(found))


class _Pruning:
    """Collects what expressions need of the lists of the step before."""

    def __init__(self) -> None:
        self.needed: dict[str, set[str]] = defaultdict(set)

    def visit(self, expr: Expr) -> dict[str, set[str]]:
        """Note what a value needs of lists, and return what it needs of the items that it is about."""
        own: dict[str, set[str]] = defaultdict(set)
        self._visit(expr, own)
        return own

    def _visit(self, part: object, own: dict[str, set[str]]) -> None:
        match part:
            case Field(of=Member(row=row), name=name) | Field(of=str(row), name=name):
                own[row].add(name)
            case AnyOther(items=items, row=row, condition=value) | SumOther(items=items, row=row, value=value):
                self._visit(value, own)
                self.needed[items] |= own.pop(row, set())
            case Total(source=source, row=row, value=value):
                self._visit(value, own)
                self.list_of(source, own.pop(row, set()))
            case Size(source=source):
                self.list_of(source, set())
            case Expr():
                for item in fields(part):
                    self._visit(getattr(part, item.name), own)
            case tuple():
                for element in part:
                    self._visit(element, own)

    def list_of(self, expr: Expr, wanted: set[str]) -> Expr:
        """Return a list whose items have at least the fields that are wanted."""
        match expr:
            case Items(name=name):
                self.needed[name] |= wanted
                return expr
            case Zip(columns=columns):
                return Zip(_kept(columns, wanted))
            case Filter(source=source, row=row, condition=asked) | Ordered(source=source, row=row, key=asked):
                return replace(expr, source=self.list_of(source, wanted | self.visit(asked)[row]))
            case Slice(source=source) | Groups(source=source):
                return replace(expr, source=self.list_of(source, wanted))
            case Joined(sources=sources):
                return Joined(tuple(self.list_of(source, wanted) for source in sources))
            case Records(source=source, row=row, columns=columns):
                kept = _kept(columns, wanted)
                own: set[str] = set().union(*(self.visit(value)[row] for _, value in kept))
                inner = self.list_of(source, own)
                return inner if all(value == Field(row, name) for name, value in kept) else Records(inner, row, kept)
            case Cross(source=source, row=row, other=other, other_row=other_row, columns=columns):
                kept = _kept(columns, wanted)
                own = set()
                for _, value in kept:
                    needs = self.visit(value)
                    own |= needs[row]
                    self.needed[other] |= needs[other_row]
                return Cross(self.list_of(source, own), row, other, other_row, kept)
            case Placed(name=name, columns=names):
                some = tuple(one for one in names if one in wanted) or names[:1]
                self.needed[name] |= set(some)
                return replace(expr, columns=some)
        raise AssertionError(expr)


def _kept(columns: tuple[tuple[str, Expr], ...], wanted: set[str]) -> tuple[tuple[str, Expr], ...]:
    """Return the columns that are wanted, or one: there has to be some."""
    return tuple(column for column in columns if column[0] in wanted) or columns[:1]
