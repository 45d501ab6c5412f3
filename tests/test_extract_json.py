"""The JSON form of the syntax tree, for servers that take a JSON schema."""

from __future__ import annotations

import json
from typing import Any

import pytest
from extract_case import GOOD, SMALL_GOOD, SMALL_REPAIRS, papers, physlite
from gbnf import Grammar

from hepsel.extract.answers.converse import converse
from hepsel.extract.answers.find import NoProgram, find_program
from hepsel.extract.asking.messages import Message
from hepsel.extract.constraint.gbnf import program_gbnf
from hepsel.extract.constraint.schema import program_schema, repairs_schema, statements_of
from hepsel.extract.constraint.tree_json import as_text, to_json
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.parser import parse


def tree_of(text: str) -> tree.Program:
    program, diagnostics, _ = parse(SourceText(text))
    assert program is not None
    assert not diagnostics
    return program


def json_of(program: tree.Program) -> dict[str, Any]:
    assert program.analysis is not None
    return {"title": program.analysis.title, "blocks": [to_json(block) for block in program.blocks]}


def fits(data: Any, schema: dict[str, Any], definitions: dict[str, Any]) -> bool:
    """Judge data by a schema: as much of JSON Schema as ours uses."""
    if "$ref" in schema:
        return fits(data, definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
    if "anyOf" in schema:
        return any(fits(data, option, definitions) for option in schema["anyOf"])
    if "const" in schema:
        return bool(data == schema["const"])
    if "enum" in schema:
        return data in schema["enum"]
    match schema["type"]:
        case "object":
            return (
                isinstance(data, dict)
                and data.keys() <= schema["properties"].keys()
                and data.keys() >= set(schema["required"])
                and all(fits(value, schema["properties"][name], definitions) for name, value in data.items())
            )
        case "array":
            bounds = schema.get("minItems", 0), schema["maxItems"]
            return (
                isinstance(data, list)
                and bounds[0] <= len(data) <= bounds[1]
                and all(fits(item, schema["items"], definitions) for item in data)
            )
        case kind:
            types = {"string": str, "integer": int, "boolean": bool, "null": type(None)}
            return type(data) is types[kind]


def test_programs_are_the_same_in_json() -> None:
    schema = program_schema(papers())
    derive = Grammar(program_gbnf(papers())).derive
    texts = [find_program(GOOD), *(find_program(derive(seed)) for seed in range(150))]
    for text in texts:
        program = tree_of(text)
        if any(-1 in (getattr(node, "count", 0), getattr(node, "bins", 0)) for node in tree.walk(program)):
            continue  # `keep first 2.5` and the like, which the checker refuses
        data = json_of(program)
        assert tree_of(find_program(as_text(json.dumps(data)))).blocks == program.blocks
        numbers = [node.text for node in tree.walk(program) if isinstance(node, tree.Number)]
        if all(number.replace(".", "").isdigit() for number in numbers):
            assert fits(data, schema, schema["$defs"]), text


def test_the_schema_refuses_what_is_no_program() -> None:
    schema = program_schema(papers())
    data = json_of(tree_of(find_program(SMALL_GOOD)))
    data["blocks"][0]["statements"][1]["annotations"][0]["quote"] = "p1.s8"
    assert fits(data, schema, schema["$defs"])
    wrong = json.dumps(data)
    for old, new in (
        ('"p1.s8"', '"p7.s7"'),
        ('"GeV"', '"GeVV"'),
        ('"node": "Select"', '"node": "Save"'),
        ('"node": "Name", "name"', '"node": "Generator", "name"'),
        ('">"', '"=>"'),
    ):
        assert old in wrong
        assert not fits(json.loads(wrong.replace(old, new)), schema, schema["$defs"]), new


def test_statements_stand_where_the_grammar_has_them() -> None:
    assert tree.SortBy in statements_of(tree.ObjectBlock)
    assert tree.Histogram not in statements_of(tree.CompositeBlock)
    assert tree.Histogram in statements_of(tree.RegionBlock)
    assert tree.SortBy not in statements_of(tree.RegionBlock)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ('{"title": "x", "blocks": [', "begins as JSON, and is none"),
        ('{"title": "x", "blocks": 3}', "a list was expected"),
        ('{"title": 3, "blocks": []}', "a text was expected"),
        ('{"title": "x", "blocks": [{"node": "Select"}]}', "'Select' cannot stand there"),
        ('{"title": "x", "blocks": [{"node": "ObjectBlock", "name": "x y", "statements": []}]}', "'x y'"),
        ('{"title": "x", "blocks": [{"node": "ObjectBlock", "name": "x"}]}', "a list was expected"),
        ('{"hello": "x"}', "'hello' is no repair"),
        ("[" * 100_000, "holds no program"),
        ('{"a":' * 100_000, "begins as JSON, and is none"),
    ],
)
def test_json_that_is_no_program(answer: str, reason: str) -> None:
    with pytest.raises(NoProgram, match=reason):
        find_program(as_text(answer))


def test_nested_without_end() -> None:
    data: dict[str, Any] = {"node": "Name", "name": "x"}
    for _ in range(400):
        data = {"node": "Unary", "operator": "-", "operand": data}
    answer = {"title": "x", "blocks": [{"node": "Define", "name": "x", "value": data}]}
    with pytest.raises(NoProgram, match="nested too deep"):
        as_text(json.dumps(answer))


def test_a_conversation_in_json() -> None:
    """And one in which the model ignores the schema in its second answer."""
    broken = json_of(tree_of(find_program(SMALL_GOOD)))
    del broken["blocks"][0]["statements"][1]["condition"]["operands"][1]["unit"]
    block = tree_of(find_program(SMALL_GOOD)).blocks[0]
    assert isinstance(block, tree.ObjectBlock)
    mended = {"repair_1": [to_json(block.statements[1])]}
    for repair in (json.dumps(mended), SMALL_REPAIRS):
        answers = [f"```json\n{json.dumps(broken)}\n```", repair]
        talk = converse(
            (Message("user", "?"),), lambda _messages, _wanted, left=answers: left.pop(0), physlite(), papers(), 1
        )
        assert talk.text is not None
        assert "error E400" in talk.rounds[0].problems[0].message
        assert 'select pt > 20 GeV  cite paper "p1.s1"' in talk.text
        assert not any("repair 1" in reason for reason in talk.rounds[1].refused)


def test_repairs_have_their_schema() -> None:
    kinds = ("statement of an item", "statement of a region", "block", "definition", "header")
    schema = repairs_schema(papers(), kinds)
    block = tree_of(find_program(SMALL_GOOD)).blocks[0]
    assert isinstance(block, tree.ObjectBlock)
    select = to_json(block.statements[1])
    select["annotations"][0]["quote"] = "p1.s8"
    define = {"node": "Define", "name": "x", "value": {"node": "Number", "text": "1"}}
    right = {"repair_1": [select], "repair_2": [select], "repair_3": [define], "repair_4": [define], "repair_5": "t"}
    assert fits(right, schema, schema["$defs"])
    assert not fits(right | {"repair_1": [define]}, schema, schema["$defs"])
    assert as_text(json.dumps(right)).splitlines()[1:3] == ["# repair 1", 'select pt > 20 GeV  cite paper "p1.s8"']
