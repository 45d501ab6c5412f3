"""The types of a format's derived attributes, and what is wrong with their expressions."""

from __future__ import annotations

from dataclasses import dataclass

from hepsel.formats.loader import derived_expressions
from hepsel.formats.schema import Format
from hepsel.semantics.expressions import ExpressionChecker
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import Type


@dataclass(frozen=True, slots=True)
class ExpressionProblem:
    """What is wrong with an expression: of an attribute, or (`None`) the `where` of a collection."""

    collection: str
    attribute: str | None
    message: str


def derived_types(
    data_format: Format,
) -> tuple[dict[tuple[str, str], Type], list[ExpressionProblem]]:
    """Type every derived attribute of a format, and the condition of every part of a collection.

    Returns
    -------
    types
        By collection and attribute.
    problems
        In the order of the file.
    """
    types: dict[tuple[str, str], Type] = {}
    problems: list[ExpressionProblem] = []
    for collection, attribute, _ in derived_expressions(data_format):
        symbols = Symbols(data_format)
        checker = ExpressionChecker(symbols)
        if attribute is None:
            checker.of_format.type_condition(collection)
        else:
            found = checker.attributes.type_of(collection, attribute)
            assert found is not None  # the format has this attribute
            types[collection, attribute] = found
        prefix = f"format {data_format.name}, "
        place = f"{collection}.{attribute}: " if attribute else f"{collection}, `where`: "
        problems += [
            ExpressionProblem(collection, attribute, item.message.removeprefix(prefix).removeprefix(place))
            for item in symbols.diagnostics
        ]
    return types, problems
