"""Writes `hepsel.tmLanguage.json`, by which editors and web pages colour programs, from `grammar/hepsel.lark`.

    python editors/textmate.py

Such a grammar sees one line at a time. So a word that begins statements is coloured where it begins a line, which is
where `hepsel fmt` puts it, and nowhere else: `energy` and `weight` are names of attributes, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lark import Lark

from hepsel.extract.constraint.grammar import Choice, Literal, Ref, Repeat, Sequence, Symbol, Term, rules
from hepsel.semantics.units import UNITS
from hepsel.syntax.parser import grammar_text
from hepsel.vocabulary.functions import CONSTANTS, FUNCTIONS, OTHER_FUNCTIONS, REDUCERS

FILE = Path(__file__).parent / "hepsel.tmLanguage.json"

_BEGIN_LINES = ("version", "analysis", "header_line", "block", "item_statement", "region_statement")
_ALONE = r"(?<![A-Za-z0-9_.])"
"""What stands before a word that is no attribute."""


def textmate() -> str:
    """Return the grammar, as JSON."""
    terminals = {item.name: item.pattern.to_regexp() for item in Lark(grammar_text(), start="start").terminals}
    name, number = terminals["NAME"], _without_groups(terminals["NUMBER"])
    power = rf"\s*\^\s*(?:-?\s*{number}|\(\s*-?\s*{number}\s*/\s*{number}\s*\))"
    words = _Words(rules())
    functions = {*FUNCTIONS, *REDUCERS, *OTHER_FUNCTIONS}
    escape = _pattern(r"\\.", "constant.character.escape")
    patterns = [
        _pattern(terminals["COMMENT"], "comment.line.number-sign"),
        {**_pattern(terminals["STRING"], "string.quoted.double"), "captures": {"0": {"patterns": [escape]}}},
        _pattern(rf"^\s*({_any(words.naming)})\s+({name})", None, "keyword.control", "entity.name.type"),
        _pattern(rf"^\s*({_any(words.beginning)})", None, "keyword.control"),
        _pattern(
            rf"(?<![A-Za-z0-9_])({number})(?:\s*({_any(UNITS)}(?:{power})?))?",
            None,
            "constant.numeric",
            "keyword.other.unit",
        ),
        _pattern(rf"(?<=\.){name}", "variable.other.property"),
        _pattern(rf"{_ALONE}{_any(functions)}(?=\s*\()", "support.function"),
        _pattern(rf"{_ALONE}{_any({*words.constants, *CONSTANTS})}", "constant.language"),
        _pattern(rf"{_ALONE}{_any(['this'])}", "variable.language"),
        _pattern(rf"{_ALONE}{_any(words.in_expressions)}", "keyword.operator.word"),
        _pattern(rf"{_ALONE}{_any(words.others)}", "keyword.other"),
        _pattern(name, "variable.other"),
        _pattern("|".join(map(re.escape, _longest_first(words.signs))), "keyword.operator"),
    ]
    grammar = {
        "information_for_contributors": "made by editors/textmate.py from grammar/hepsel.lark: not to be edited",
        "name": "hepsel",
        "scopeName": "source.hepsel",
        "fileTypes": ["hepsel"],
        "patterns": patterns,
    }
    return json.dumps(grammar, indent=2) + "\n"


class _Words:
    """The literals of the grammar, by what they are for."""

    def __init__(self, found: dict[str, Symbol]) -> None:
        refs = {ref.name for rule in _BEGIN_LINES for ref in _options(found[rule]) if isinstance(ref, Ref)}
        lines = {*_BEGIN_LINES, *refs}
        statements = [one for rule in lines for one in _options(found[rule]) if isinstance(one, Sequence)]
        heads = {statement: next(_literals(statement)) for statement in statements}
        inside = [*(item for one in statements for item in one.items[1:])]
        inside += [symbol for rule, symbol in found.items() if rule not in lines]
        everywhere = {word for symbol in inside for word in _literals(symbol)}
        in_expressions = {word for rule in _reached(found, "expr") for word in _literals(found[rule])}
        self.beginning = set(heads.values())
        self.naming = {word for statement, word in heads.items() if statement.items[1] == Term("NAME")}
        self.constants = {one.text for one in _options(found["atom"]) if isinstance(one, Literal)}
        self.constants |= set(filter(str.isalpha, _literals(found["infinity"])))
        self.in_expressions = set(filter(str.isalpha, in_expressions)) - self.constants
        self.others = set(filter(str.isalpha, everywhere)) - in_expressions - self.constants
        self.signs = {word for word in everywhere if not word.isalpha()} - set("()[],.:")


def _options(symbol: Symbol) -> tuple[Symbol, ...]:
    return symbol.options if isinstance(symbol, Choice) else (symbol,)


def _literals(symbol: Symbol) -> Iterator[str]:
    """Yield the keywords and signs of a symbol, in order, without those of other rules."""
    match symbol:
        case Literal(text):
            yield text
        case Repeat(item):
            yield from _literals(item)
        case Sequence(parts) | Choice(parts):
            for part in parts:
                yield from _literals(part)


def _reached(found: dict[str, Symbol], rule: str) -> set[str]:
    """Return the rules that a rule leads to."""
    todo, seen = [rule], set[str]()
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            todo += _refs(found[one])
    return seen


def _refs(symbol: Symbol) -> Iterator[str]:
    match symbol:
        case Ref(name):
            yield name
        case Repeat(item):
            yield from _refs(item)
        case Sequence(parts) | Choice(parts):
            for part in parts:
                yield from _refs(part)


def _pattern(match: str, scope: str | None, *captures: str) -> dict[str, Any]:
    """Return a pattern, and the scopes of all that it matches or of each of its groups."""
    found: dict[str, Any] = {"match": match}
    if scope is not None:
        found["name"] = f"{scope}.hepsel"
    if captures:
        found["captures"] = {str(k): {"name": f"{each}.hepsel"} for k, each in enumerate(captures, start=1)}
    return found


def _any(words: Iterable[str]) -> str:
    """Return an expression for whole words."""
    return rf"(?:{'|'.join(_longest_first(words))})\b"


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


def _without_groups(expression: str) -> str:
    """Return a regular expression whose groups capture nothing."""
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", expression)


if __name__ == "__main__":
    FILE.write_text(textmate(), encoding="utf-8")
