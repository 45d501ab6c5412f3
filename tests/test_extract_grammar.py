"""The grammar for servers: whatever it derives is a program."""

from __future__ import annotations

import re

import pytest
from extract_case import GOOD, papers
from gbnf import Grammar

from hepsel.extract.answers.citations import passage_id, problems
from hepsel.extract.answers.find import find_program, find_repairs
from hepsel.extract.answers.parts import Part, fits
from hepsel.extract.constraint import grammar
from hepsel.extract.constraint.gbnf import program_gbnf, repairs_gbnf
from hepsel.semantics.units import UNITS
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText, render
from hepsel.syntax.parser import keywords, parse


@pytest.fixture(scope="module")
def programs() -> Grammar:
    return Grammar(program_gbnf(papers()))


def test_what_it_derives_parses(programs: Grammar) -> None:
    seen: set[type] = set()
    for seed in range(300):
        source = SourceText(find_program(programs.derive(seed)))
        program, diagnostics, _ = parse(source)
        assert not diagnostics, render(diagnostics[0], source)
        assert program is not None
        nodes = list(tree.walk(program))
        seen |= {type(node) for node in nodes}
        cites = [node for node in nodes if isinstance(node, tree.Cite)]
        assert all(passage_id(cite) for cite in cites)
        assert list(problems(program, papers())) == []
        assert {node.name for node in nodes if isinstance(node, tree.UnitRef)} <= UNITS.keys()
    # Nearly all that the language has was among it.
    left_out = {"Node", "Expr", "Annotation", "Statement", "Block", "Span"}
    every = {kind for kind in vars(tree).values() if isinstance(kind, type) and issubclass(kind, tree.Node)}
    assert {kind.__name__ for kind in every - seen} <= left_out


def test_repairs_fit_what_they_repair() -> None:
    kinds = ("statement of an item", "statement of a region", "block", "definition", "header")
    parts = (
        Part("statement", 0, 0, ("object", "x")),
        Part("statement", 0, 0, ("region", "x")),
        Part("block", 0, 0, ("object", "x")),
        Part("definition", 0, 0, ("define", "x")),
        Part("header", 0, 0),
    )
    derive = Grammar(repairs_gbnf(papers(), kinds)).derive
    for seed in range(60):
        repairs = find_repairs(derive(seed))
        assert [fits(repairs[number], part, "") for number, part in enumerate(parts, start=1)] == [None] * 5


def test_names_are_no_keywords() -> None:
    names = Grammar("root ::= name\n" + "\n".join(line for line in _lines() if line.startswith("name ::= ")))
    derived = {names.derive(seed) for seed in range(2000)}
    assert len(derived) > 500
    assert not derived & keywords()
    assert any(name.startswith(("take", "in")) for name in derived)


def _lines() -> list[str]:
    return program_gbnf(papers()).splitlines()


def test_every_rule_of_the_language_is_there() -> None:
    rules = {line.split(" ::= ")[0].replace("-", "_") for line in _lines()}
    # The first lines of a program are given, and citations are ids.
    assert set(grammar.rules()) - rules == {"start", "version", "header_line", "word", "page", "atom"}
    program, _, _ = parse(SourceText(find_program(GOOD)))
    assert program is not None


@pytest.mark.parametrize(("rule", "list_of"), [("axis", "end"), ("table", "row")])
def test_long_lists_can_be_written(rule: str, list_of: str) -> None:
    """A histogram may have dozens of edges, and a table as many rows."""
    (line,) = (line for line in _lines() if line.startswith(f"{rule} ::= "))
    assert re.search(rf'\("," " " {list_of}\)\{{0,60\}}', line)


def test_left_recursion_is_gone() -> None:
    def first(symbol: grammar.Symbol) -> set[str]:
        match symbol:
            case grammar.Ref(name):
                return {name}
            case grammar.Sequence(items):
                return first(items[0])
            case grammar.Choice(options):
                return set().union(*map(first, options))
            case grammar.Repeat(item):
                return first(item)
            case _:
                return set()

    rules = grammar.rules()
    reached = {name: first(symbol) for name, symbol in rules.items()}
    for _ in rules:
        reached = {name: found.union(*(reached[other] for other in found)) for name, found in reached.items()}
    assert [name for name, found in reached.items() if name in found] == []
