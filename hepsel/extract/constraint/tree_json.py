"""Between the syntax tree and its JSON form; see `hepsel.extract.constraint.schema`."""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Iterable
from dataclasses import MISSING
from typing import Any, Literal

from hepsel.extract.answers.find import NoProgram, readable
from hepsel.extract.asking.templates import fill
from hepsel.extract.constraint.schema import NAME_PATTERN, fields_of, is_text, kinds_of, statements_of
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import parse
from hepsel.syntax.printer import print_program, quoted

_EXAMPLE = """hepsel 1
object jets
  take Jet
  select pt > 30 GeV and |eta| < 2.5  cite paper "p2.s6"
  reject any(dr(this, mu) < 0.4 for mu in Muon)  cite paper "p2.s6"
"""
_DEEPEST = 150
_FENCED = re.compile(r"\A```(?:json)?\s*\n(\{.*)\n```\Z", re.DOTALL)
_REPAIR = re.compile(r"repair_([0-9]{1,4})")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?|\.[0-9]+([eE][+-]?[0-9]+)?")


def to_json(node: tree.Node) -> dict[str, Any]:
    """Return a part of a syntax tree as plain data, without what is empty."""
    data: dict[str, Any] = {"node": type(node).__name__}
    for field, _ in fields_of(type(node)):
        value = getattr(node, field.name)
        if value is None or (field.default is not MISSING and value == field.default):
            continue
        data[field.name] = _plain(value)
    return data


def _plain(value: Any) -> Any:
    if isinstance(value, tree.Node):
        return to_json(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def json_note(repairs: int) -> str:
    """Return what a question says in addition where the answer has to be JSON: a program, or this many repairs."""
    program, _, _ = parse(SourceText(_EXAMPLE))
    assert program is not None
    (block,) = program.blocks
    text = _EXAMPLE.split("\n", 1)[1]
    shown = json.dumps(to_json(block), ensure_ascii=False)
    return fill("json", repairs=range(1, repairs + 1), text=text, tree=shown)


def as_text(answer: str) -> str:
    """Return an answer in JSON as the text of the language; one that is no JSON object is returned as it is.

    Raises
    ------
    NoProgram
        When it is JSON, and no program or repair.
    """
    text = _FENCED.sub(r"\1", readable(answer).strip())
    if not text.startswith("{"):
        return answer
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise NoProgram("the answer begins as JSON, and is none") from None
    try:
        return _program(data) if "blocks" in data else _repairs(data)
    except (ValueError, TypeError, AssertionError, RecursionError) as error:
        raise NoProgram(f"the answer is not the syntax tree of a program: {error}") from None


def _program(data: dict[str, Any]) -> str:
    blocks = tuple(_read(item, kinds_of(tree.Block), 0) for item in _list(data["blocks"]))
    header = tree.Analysis(_string(data.get("title", "")))
    return f"```hepsel\n{print_program(tree.Program(1, header, typing.cast('tuple[tree.Block, ...]', blocks)))}```\n"


def _repairs(data: dict[str, Any]) -> str:
    pieces = []
    for name, repair in data.items():
        number = _REPAIR.fullmatch(name)
        if number is None:
            raise ValueError(f"{name[:40]!r} is no repair")
        pieces.append(f"# repair {number[1]}\n{_repair(repair)}\n")
    return f"```hepsel\n{''.join(pieces)}```\n"


def _repair(data: Any) -> str:
    if isinstance(data, str):
        return f"analysis {quoted(_string(data))}"
    every = dict.fromkeys(
        (*kinds_of(tree.Block), *statements_of(tree.ObjectBlock), *statements_of(tree.RegionBlock)),
    )
    nodes = [_read(item, every, 0) for item in _list(data)]
    lines = []
    for node in nodes:
        block = node if isinstance(node, tree.Block) else tree.RegionBlock("x", (typing.cast("tree.Statement", node),))
        printed = print_program(tree.Program(1, None, (block,))).split("\n", 2)[2]
        lines.append(printed if block is node else printed.split("\n", 1)[1].strip())
    return "\n".join(lines)


def _read(data: Any, kinds: Iterable[type[tree.Node]], depth: int) -> tree.Node:
    if depth > _DEEPEST:
        raise ValueError("it is nested too deep")
    if not isinstance(data, dict):
        raise ValueError(f"an object was expected, not {str(data)[:40]!r}")
    kind = next((kind for kind in kinds if kind.__name__ == data.get("node")), None)
    if kind is None:
        raise ValueError(f"a node {str(data.get('node'))[:40]!r} cannot stand there")
    values: dict[str, Any] = {}
    for field, hint in fields_of(kind):
        value = data.get(field.name)
        if value is None and (field.default is not MISSING or type(None) in typing.get_args(hint)):
            values[field.name] = None if field.default is MISSING else field.default
        else:
            values[field.name] = _value(value, hint, kind, field.name, depth + 1)
    return kind(**values)


def _value(data: Any, hint: Any, kind: type[tree.Node], name: str, depth: int) -> Any:
    if hint is str:
        return _checked(_string(data), kind, name)
    if hint in (bool, int):
        if type(data) is not hint:
            raise ValueError(f"{kind.__name__}.{name} is {str(data)[:40]!r}")
        return data
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        if data not in arguments:
            raise ValueError(f"{kind.__name__}.{name} is {str(data)[:40]!r}")
        return data
    if origin in (typing.Union, types.UnionType):
        if data is None and type(None) in arguments:
            return None
        others = [argument for argument in arguments if argument is not type(None)]
        if len(others) == 1:
            return _value(data, others[0], kind, name, depth)
        return _read(data, [kind for other in others for kind in kinds_of(other)], depth)
    if origin is tuple:
        items = _list(data)
        if arguments[1] is not Ellipsis and len(items) != len(arguments):
            raise ValueError(f"{kind.__name__}.{name} has {len(items)} parts")
        return tuple(_value(item, arguments[0], kind, name, depth) for item in items)
    allowed = kinds_of(hint)
    return _read(data, (*allowed, tree.Generator) if (kind, name) == (tree.Call, "arguments") else allowed, depth)


def _checked(text: str, kind: type[tree.Node], name: str) -> str:
    if is_text(kind, name) or (kind, name) == (tree.Cite, "quote"):
        return text
    right = _NUMBER.fullmatch(text) if kind is tree.Number else re.fullmatch(NAME_PATTERN.strip("^$"), text)
    if right is None:
        raise ValueError(f"{kind.__name__}.{name} is {text[:40]!r}")
    return text


def _string(data: Any) -> str:
    if not isinstance(data, str):
        raise ValueError(f"a text was expected, not {str(data)[:40]!r}")
    return re.sub(r"[\r\n]+", " ", data)


def _list(data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise ValueError(f"a list was expected, not {str(data)[:40]!r}")
    return data
