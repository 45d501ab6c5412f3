"""The syntax tree as JSON, for servers that take a JSON schema and no grammar.

A node is an object with its class as `node` and its fields; fields that are empty may be left out. The schema is made
from the classes of the tree, so that it has all of them and nothing else.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, Field, fields
from inspect import unwrap
from typing import Any, Literal

from hepsel.extract.answers.parts import RepairKind
from hepsel.extract.asking.passages import Paper
from hepsel.extract.constraint import grammar
from hepsel.semantics.units import UNITS
from hepsel.syntax import tree
from hepsel.syntax.builder import TreeBuilder

NAME_PATTERN = "^[A-Za-z_][A-Za-z0-9_]*$"
NUMBER_PATTERN = "^[0-9]+([.][0-9]+)?$"

_MOST_ITEMS = 60
_LONGEST_TEXT = 200
# Strings that stand between quotation marks; all others are names.
_TEXTS = frozenset(
    (
        (tree.Assume, "text"),
        (tree.Note, "text"),
        (tree.Label, "text"),
        (tree.External, "text"),
        (tree.Without, "labels"),
        (tree.Bin, "name"),
        (tree.Histogram, "title"),
        (tree.Expectation, "sample"),
    )
)
_CLASSES = tuple(kind for kind in vars(tree).values() if isinstance(kind, type) and issubclass(kind, tree.Node))
_ABSTRACT = tuple(kind for kind in _CLASSES if any(kind in other.__mro__[1:] for other in _CLASSES))
# What an empty list can stand for; all other lists hold something.
_MAY_BE_EMPTY = ("annotations", "variants", "uncertainties", "statements", "arguments")
# Lists that belong together: those of the first name are longer by so much; and how many of the second there may be.
_TOGETHER: dict[type[tree.Node], tuple[str, str, int, int]] = {
    tree.Comparison: ("operands", "operators", 1, 3),
    tree.Bins: ("values", "axes", 0, 3),
    tree.Histogram: ("values", "axes", 0, 2),
}


def fields_of(kind: type[tree.Node]) -> Iterator[tuple[Field[Any], Any]]:
    """Yield the fields of a class, without places in a text, and their types."""
    hints = typing.get_type_hints(kind)
    for field in fields(kind):
        if not field.name.endswith(("span", "spans")):
            yield field, hints[field.name]


def is_text(kind: type[tree.Node], name: str) -> bool:
    """Whether a field of a class is a text, and no name."""
    return (kind, name) in _TEXTS


def kinds_of(hint: type[tree.Node]) -> tuple[type[tree.Node], ...]:
    """Return the classes of which an instance can stand where `hint` is asked for, in the order of the module."""
    if hint not in _ABSTRACT:
        return (hint,)
    # A generator stands in a call only.
    return tuple(kind for kind in _CLASSES if issubclass(kind, hint) and kind not in (*_ABSTRACT, tree.Generator))


def statements_of(block: type[tree.Node]) -> tuple[type[tree.Node], ...]:
    """Return the classes of the statements that may stand in a block, as the grammar has it."""
    rule = grammar.rules()["item_statement" if issubclass(block, tree.ItemBlock) else "region_statement"]
    assert isinstance(rule, grammar.Choice)
    found = []
    for option in rule.options:
        assert isinstance(option, grammar.Ref)
        # What the parser makes of the rule, as the builder declares it: `tree.Take`.
        returned = unwrap(getattr(TreeBuilder, option.name)).__annotations__["return"]
        found.append(getattr(tree, returned.removeprefix("tree.")))
    return tuple(found)


def program_schema(papers: Sequence[Paper]) -> dict[str, Any]:
    """Return the schema of answers that are a program."""
    return _with_definitions(
        _object({"title": _text(), "blocks": _array(_reference(tree.Block))}, ["title", "blocks"]), papers
    )


def repairs_schema(papers: Sequence[Paper], parts: Sequence[RepairKind]) -> dict[str, Any]:
    """Return the schema of answers that are repairs of these parts."""
    wanted = {f"repair_{number}": _repair(part) for number, part in enumerate(parts, start=1)}
    return _with_definitions(_object(wanted, list(wanted)), papers)


def _repair(part: RepairKind) -> dict[str, Any]:
    match part:
        case "header":
            return _text()
        case "statement of an item":
            return _array(_any(statements_of(tree.ObjectBlock)))
        case "statement of a region":
            return _array(_any(statements_of(tree.RegionBlock)))
        case "definition":
            return _array(_any((tree.Define, tree.Table)))
        case "block":
            return _array(_reference(tree.Block))


def _with_definitions(schema: dict[str, Any], papers: Sequence[Paper]) -> dict[str, Any]:
    named: dict[str, Any] = {"Expr": _any(kinds_of(tree.Expr)), "Block": _any(kinds_of(tree.Block))}
    for kind in (*kinds_of(tree.Node), tree.Generator):
        if kind not in (tree.Program, tree.Analysis, tree.SourceDecl):
            named[kind.__name__] = _node(kind)
    named["Cite"] = {"anyOf": [_cite(paper) for paper in papers]}
    return schema | {"$defs": named}


def _cite(paper: Paper) -> dict[str, Any]:
    known = {"node": {"const": "Cite"}, "source": {"const": paper.source}, "quote": {"enum": list(paper.passages)}}
    return _object(known, list(known))


def _node(kind: type[tree.Node]) -> dict[str, Any]:
    properties: dict[str, Any] = {"node": {"const": kind.__name__}}
    required = ["node"]
    for field, hint in fields_of(kind):
        properties[field.name] = _value(kind, field.name, hint)
        if field.default is MISSING and not _may_be_none(hint):
            required.append(field.name)
    if kind not in _TOGETHER:
        return _object(properties, required)
    first, second, more, most = _TOGETHER[kind]
    sizes = [{first: count + more, second: count} for count in range(1, most + 1)]
    return {"anyOf": [_object(properties | _sized(properties, size), required) for size in sizes]}


def _sized(properties: dict[str, Any], sizes: dict[str, int]) -> dict[str, Any]:
    return {name: properties[name] | {"minItems": size, "maxItems": size} for name, size in sizes.items()}


def _value(kind: type[tree.Node], name: str, hint: Any) -> dict[str, Any]:
    if (kind, name) == (tree.UnitRef, "name"):
        return {"enum": list(UNITS)}
    if (kind, name) == (tree.Number, "text"):
        return {"type": "string", "pattern": NUMBER_PATTERN}
    if name == "statements":
        return _array(_any(statements_of(kind)))
    if (kind, name) == (tree.Call, "arguments"):
        return _array({"anyOf": [_reference(tree.Expr), _reference(tree.Generator)]})
    found = _of_hint(hint, _text() if is_text(kind, name) else {"type": "string", "pattern": NAME_PATTERN})
    if found.get("type") == "array" and name not in _MAY_BE_EMPTY:
        return {"minItems": 1} | found
    return found


def _of_hint(hint: Any, string: dict[str, Any]) -> dict[str, Any]:
    if hint is str:
        return string
    if hint is bool:
        return {"type": "boolean"}
    if hint is int:
        return {"type": "integer"}
    if hint is type(None):
        return {"type": "null"}
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_of_hint(argument, string) for argument in arguments]}
    if origin is tuple:
        item = _of_hint(arguments[0], string)
        if arguments[1] is Ellipsis:
            return _array(item)
        return {"type": "array", "items": item, "minItems": len(arguments), "maxItems": len(arguments)}
    return _reference(hint)


def _may_be_none(hint: Any) -> bool:
    return type(None) in typing.get_args(hint)


def _reference(kind: type[tree.Node]) -> dict[str, Any]:
    if kind in _ABSTRACT and kind not in (tree.Expr, tree.Block):
        return _any(kinds_of(kind))
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _any(kinds: Sequence[type[tree.Node]]) -> dict[str, Any]:
    return {"anyOf": [{"$ref": f"#/$defs/{kind.__name__}"} for kind in kinds]}


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _array(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item, "maxItems": _MOST_ITEMS}


def _text() -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": _LONGEST_TEXT}
