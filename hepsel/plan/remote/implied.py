"""What must hold in an event for a criterion to be true that the server does not apply."""

from __future__ import annotations

from collections.abc import Iterator

from hepsel.plan import nodes
from hepsel.plan.nodes import Const, Ref
from hepsel.plan.remote.conditions import AtLeast, Condition, Holds, Some
from hepsel.plan.remote.dialect import Dialect
from hepsel.plan.remote.rows import MOST_LISTS


def implied(name: str, dialect: Dialect) -> Iterator[Condition]:
    """Yield conditions that the dialect can express, and that hold wherever a column of events is true."""
    for part in _parts(name, dialect):
        op = dialect.by_name[part].op
        if dialect.reason(part) is None:
            yield Holds(part)
        elif isinstance(op, nodes.Map):
            counted = _counted(op, dialect)
            if counted is not None:
                yield from has_rows(*counted, dialect)
            chosen = _chosen(op, dialect)
            if chosen is not None and dialect.reason_of_test(chosen.axis, chosen.test) is None:
                yield chosen


def _parts(name: str, dialect: Dialect) -> Iterator[str]:
    """Yield columns, each once, that are true wherever a column is: what is joined by `and` in what is not expressible.

    Without recursion and repeats: definitions that each use the one before twice have very many paths.
    """
    waiting, seen = [name], set()
    while waiting:
        part = waiting.pop()
        if part in seen:
            continue
        seen.add(part)
        op = dialect.by_name[part].op
        if isinstance(op, nodes.Map) and op.function == "and" and dialect.reason(part) is not None:
            waiting += reversed([argument.name for argument in op.arguments if isinstance(argument, Ref)])
        else:
            yield part


def _chosen(op: nodes.Map, dialect: Dialect) -> Some | None:
    """Return what a comparison says of some row, if it is of the value of one row that is chosen among others.

    Comparisons with what is missing are false, but for `!=` in a plan.
    """
    if op.function not in ("<", "<=", ">", ">=", "=="):
        return None
    for place, argument in enumerate(op.arguments):
        if not isinstance(argument, Ref) or not isinstance(op.arguments[1 - place], Const):
            continue
        value = dialect.by_name[argument.name].op
        axis, column = "", None
        if isinstance(value, nodes.Reduce) and value.kind in ("min", "max", "largest", "smallest"):
            axis, column = value.axis.name, value.value
        elif isinstance(value, nodes.Take):
            index = dialect.by_name[value.index.name].op
            if isinstance(index, nodes.ArgBest) or (isinstance(index, nodes.ElementAt) and index.parent is None):
                axis, column = index.axis.name, value.value
        if isinstance(column, Ref):
            arguments = (column, op.arguments[1]) if place == 0 else (op.arguments[0], column)
            return Some(axis, nodes.Map(op.function, arguments))
    return None


def _counted(op: nodes.Map, dialect: Dialect) -> tuple[str, int] | None:
    """Return the axis of which a condition asks for at least so many rows."""
    first, *others = op.arguments
    if len(others) != 1 or not isinstance(first, Ref) or not isinstance(others[0], Const):
        return None
    reduced = dialect.by_name[first.name].op
    if not isinstance(reduced, nodes.Reduce) or reduced.kind != "count" or reduced.value is not None:
        return None
    number = others[0].value
    least = int(number) + (1 if op.function == ">" else 0)
    if op.function not in (">", ">=", "==") or number != int(number) or least < 1:
        return None
    return reduced.axis.name, least


def has_rows(axis: str, count: int, dialect: Dialect) -> Iterator[Condition]:
    """Yield what must hold in an event in which an axis has so many rows."""
    op = dialect.by_name[axis].op
    rows = _rows(axis, dialect)
    if rows is not None:
        axes, tests = zip(*rows, strict=True)
        yield AtLeast(axes, count, tests if any(tests) else ())
    elif isinstance(op, nodes.Where | nodes.Sorted | nodes.Best):
        yield from has_rows(op.source.name, count, dialect)
    elif isinstance(op, nodes.Combine):
        for need in op.needs:
            yield from has_rows(need.axis.name, max(need.count, _fewest(op, need.axis.name, count)), dialect)


def _rows(axis: str, dialect: Dialect) -> list[tuple[str, tuple[str, ...]]] | None:
    """Return expressible axes that have all rows of an axis, each with what is true of these rows."""
    op = dialect.by_name[axis].op
    parts = dialect.parts(axis)
    if not isinstance(parts, str):
        return [(part, ()) for part in parts]
    if isinstance(op, nodes.Concat):
        found: list[tuple[str, tuple[str, ...]]] = []
        for source in op.sources:
            rows = _rows(source.name, dialect)
            if rows is None or len(found) + len(rows) > MOST_LISTS:
                return None
            found += rows
        return found
    if isinstance(op, nodes.Where) and dialect.reason(op.source.name) is None and isinstance(op.mask, Ref):
        return [(op.source.name, _true(op.mask.name, dialect))]
    return _rows(op.source.name, dialect) if isinstance(op, nodes.Where | nodes.Sorted | nodes.Best) else None


def _true(name: str, dialect: Dialect) -> tuple[str, ...]:
    """Return expressible columns that are true wherever a column is."""
    return tuple(part for part in _parts(name, dialect) if dialect.reason(part) is None)


def _fewest(op: nodes.Combine, axis: str, count: int) -> int:
    """Return how many rows of an axis it takes to make so many pairs of them."""
    if {slot.name for slot in op.slots} != {axis} or len(op.slots) != 2 or not op.relations:
        return 0
    orders = 1 if op.relations[0].operator == "<" else 2
    rows = 2
    while rows * (rows - 1) // 2 * orders < count:
        rows += 1
    return rows
