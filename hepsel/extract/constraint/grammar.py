"""The grammar as data: rules without left recursion, as tools other than lark can use them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from lark import Token, Tree
from lark.grammar import NonTerminal, Terminal

# How lark keeps a grammar before it expands the operators of EBNF; not documented, and held by a test.
from lark.load_grammar import load_grammar

from hepsel.syntax.parser import grammar_text


@dataclass(frozen=True, slots=True)
class Literal:
    """A keyword or a sign."""

    text: str


@dataclass(frozen=True, slots=True)
class Ref:
    """Another rule."""

    name: str


@dataclass(frozen=True, slots=True)
class Term:
    """A terminal: `NAME`, `NUMBER` or `STRING`."""

    name: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    items: tuple[Symbol, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these."""

    options: tuple[Symbol, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """None or one (`?`), any number (`*`), at least one (`+`)."""

    item: Symbol
    operator: str


Symbol = Literal | Ref | Term | Sequence | Choice | Repeat


@cache
def rules() -> dict[str, Symbol]:
    """Return the rules of the language by name; what was left-recursive is a repetition."""
    grammar, _ = load_grammar(grammar_text(), "hepsel.lark", [], False)  # type: ignore[no-untyped-call]
    found = {}
    for name, _, expansions, _ in grammar.rule_defs:
        found[str(name)] = _without_left_recursion(str(name), _symbol(expansions))
    return found


def _symbol(node: Any) -> Symbol:
    if isinstance(node, NonTerminal):
        return Ref(node.name)
    if isinstance(node, Terminal):
        return Term(node.name)
    assert isinstance(node, Tree), node
    match node.data:
        case "expansions":
            options = tuple(_symbol(child) for child in node.children)
            return options[0] if len(options) == 1 else Choice(options)
        case "expansion":
            items = tuple(_symbol(child) for child in node.children)
            return items[0] if len(items) == 1 else Sequence(items)
        case "alias" | "value":
            return _symbol(node.children[0])
        case "expr":
            item, operator = node.children
            return Repeat(_symbol(item), str(operator))
        case "literal":
            token = node.children[0]
            assert isinstance(token, Token)
            assert token.type == "STRING", token
            return Literal(token[1:-1].replace('\\"', '"').replace("\\\\", "\\"))
        case _:
            raise TypeError(f"the grammar uses {node.data}, which is not known here")


def _without_left_recursion(name: str, symbol: Symbol) -> Symbol:
    """Write `a: b | a "+" b` as `a: b ("+" b)*`."""
    options = symbol.options if isinstance(symbol, Choice) else (symbol,)
    bases, tails = [], []
    for option in options:
        items = option.items if isinstance(option, Sequence) else (option,)
        if items[0] == Ref(name):
            tails.append(items[1] if len(items) == 2 else Sequence(items[1:]))
        else:
            bases.append(option)
    if not tails:
        return symbol
    return Sequence((_one_of(bases), Repeat(_one_of(tails), "*")))


def _one_of(options: list[Symbol]) -> Symbol:
    return options[0] if len(options) == 1 else Choice(tuple(options))
