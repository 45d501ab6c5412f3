"""The grammar for servers that take GBNF (llama.cpp) or EBNF (vLLM).

Such a grammar has no lexer, so that white space is part of it: what `hepsel fmt` would write, roughly. Whatever it
derives, the parser accepts; it does not derive all programs. Repetitions and terminals have bounds, since a small
model may go on for ever where it is allowed to; citations are ids that the papers have; and a name is no keyword.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from hepsel.extract.answers.parts import RepairKind
from hepsel.extract.asking.passages import Paper
from hepsel.extract.constraint import grammar
from hepsel.extract.constraint.grammar import Choice, Literal, Ref, Repeat, Symbol, Term
from hepsel.semantics.units import UNITS
from hepsel.syntax.parser import keywords
from hepsel.syntax.printer import quoted

_BLOCKS_BOUND = 40
_STATEMENTS_BOUND = 60
_OTHER_BOUND = 12
_LONG_LISTS = ("table", "axis")
"""Rules whose lists, of rows and of edges, may be as long as a block."""
_NAME_BOUND = 30
_LINES = {"block": "\n\n", "item_statement": "\n  ", "region_statement": "\n  ", "annotation": "  "}
"""What stands before a rule, where it is not a space."""

_IDENTIFIER = string.ascii_letters + string.digits + "_"
_BRACKETS = (("(", ")"), ("[", "]"), ("|", "|"))
_TERMINALS = {
    "NUMBER": r'[0-9]{1,9} ("." [0-9]{1,6})? ("e" "-"? [0-9]{1,2})?',
    "STRING": r'"\"" ([^"\\\x00-\x1F\x7F-\x9F] | "\\" ["\\]){1,160} "\""',
}

REPAIR_RULES: dict[RepairKind, str] = {
    "statement of an item": "item-statement",
    "statement of a region": "region-statement",
    "block": "block",
    "definition": "definition",
    "header": "analysis",
}
"""What can be repaired, and the rule that a repair of it has to follow."""


def program_gbnf(papers: Sequence[Paper]) -> str:
    """Return the grammar of answers that are a program."""
    root = rf'"```hepsel\nhepsel 1\n\n" analysis ("\n\n" block){{1,{_BLOCKS_BOUND}}} "\n```"'
    return _text(root, papers)


def repairs_gbnf(papers: Sequence[Paper], parts: Sequence[RepairKind]) -> str:
    """Return the grammar of answers that are repairs of these parts."""
    repairs = (rf'"# repair {number}\n" {REPAIR_RULES[part]} "\n"' for number, part in enumerate(parts, start=1))
    return _text(rf'"```hepsel\n" {" ".join(repairs)} "```"', papers)


def _text(root: str, papers: Sequence[Paper]) -> str:
    cite = " | ".join(f'"cite {paper.source} \\"" id-{paper.source} "\\""' for paper in papers)
    sources = "".join(f"\n  source {paper.source} {quoted(paper.description)}" for paper in papers)
    own = {
        "root": root,
        "analysis": f'"analysis " STRING {_literal(sources)}',
        "cite": cite,
        **{f"id-{paper.source}": " | ".join(map(_literal, paper.passages)) for paper in papers},
    }
    lines = [f"{name} ::= {body}" for name, body in own.items()]
    lines += _language()
    return "\n".join(re.sub(r"\bSTRING\b", "string", line) for line in lines) + "\n"


@cache
def _language() -> tuple[str, ...]:
    """Return the lines for all rules of the language but those for which a question has its own."""
    found = _with_known_units(_without_attributes_of_numbers(grammar.rules()))
    writer = _Writer(found)
    written = [
        f"{_name(name)} ::= {writer.rule(name, _with_ids(name, symbol))}"
        for name, symbol in found.items()
        if name not in ("start", "version", "analysis", "header_line", "page", "word")
    ]
    return (
        *written,
        "definition ::= define | function | table",
        f"name ::= {_names_without(keywords())}",
        f"any-name ::= [A-Za-z_] [A-Za-z0-9_]{{0,{_NAME_BOUND}}}",
        *(f"{name.lower()} ::= {body}" for name, body in _TERMINALS.items()),
    )


def _without_attributes_of_numbers(rules: dict[str, Symbol]) -> dict[str, Symbol]:
    """Leave out `5.pt`, which a lexer reads as the number `5.` and a unit."""
    postfix, atom = rules["postfix"], rules["atom"]
    assert isinstance(postfix, grammar.Sequence)
    assert isinstance(atom, Choice)
    number = Term("NUMBER")
    operand = Choice(tuple(option for option in atom.options if option != number))
    changed = Choice((number, grammar.Sequence((Ref("operand"), *postfix.items[1:]))))
    return {name: symbol for name, symbol in rules.items() if name != "atom"} | {"postfix": changed, "operand": operand}


def _with_known_units(rules: dict[str, Symbol]) -> dict[str, Symbol]:
    """Put the units that there are in the place of any name."""
    units: Symbol = Choice(tuple(map(Literal, UNITS)))

    def changed(symbol: Symbol) -> Symbol:
        match symbol:
            case Term("NAME"):
                return Ref("unit_name")
            case Choice(options):
                return Choice(tuple(map(changed, options)))
            case grammar.Sequence(items):
                return grammar.Sequence(tuple(map(changed, items)))
            case _:
                return symbol

    return rules | {"unit": changed(rules["unit"]), "unit_name": units}


def _with_ids(rule: str, symbol: Symbol) -> Symbol:
    """Put citations by id in the place of those in words."""
    if rule != "annotation" or not isinstance(symbol, Choice):
        return symbol
    return Choice(tuple(Ref("cite") if _is_citation(option) else option for option in symbol.options))


def _is_citation(symbol: Symbol) -> bool:
    return isinstance(symbol, grammar.Sequence) and symbol.items[0] == Literal("cite")


class _Writer:
    """Writes symbols, with the white space that has to stand between them."""

    def __init__(self, rules: dict[str, Symbol]) -> None:
        self._rules = rules | {"cite": Literal("cite")}
        self._first: dict[str, frozenset[str]] = {}
        self._last: dict[str, frozenset[str]] = {}
        self._longest = _OTHER_BOUND
        for known, end in ((self._first, 0), (self._last, -1)):
            self._fix(known, end)

    def _fix(self, known: dict[str, frozenset[str]], end: int) -> None:
        """Find with which tokens each rule may begin (0) or end (-1)."""
        known.update(dict.fromkeys(self._rules, frozenset()))
        changed = True
        while changed:
            changed = False
            for name, symbol in self._rules.items():
                found = self._ends(symbol, known, end)
                changed |= found != known[name]
                known[name] = found

    def _ends(self, symbol: Symbol, known: dict[str, frozenset[str]], end: int) -> frozenset[str]:
        match symbol:
            case Literal(text):
                return frozenset([text])
            case Term(name):
                return frozenset([name])
            case Ref(name):
                return known[name]
            case Repeat(item, _):
                return self._ends(item, known, end)
            case Choice(options):
                return frozenset().union(*(self._ends(option, known, end) for option in options))
            case grammar.Sequence(items):
                found: frozenset[str] = frozenset()
                for item in items if end == 0 else reversed(items):
                    found |= self._ends(item, known, end)
                    if not _may_be_empty(item):
                        break
                return found

    def rule(self, name: str, symbol: Symbol) -> str:
        """Return what a rule says as GBNF."""
        self._longest = _STATEMENTS_BOUND if name in _LONG_LISTS else _OTHER_BOUND
        return self.write(symbol)

    def write(self, symbol: Symbol, *, after_dot: bool = False, tail: bool = False) -> str:
        """Return a symbol as GBNF; a `tail` follows an operand, so that a minus at its beginning is no sign."""
        match symbol:
            case Literal(text):
                return _literal(text)
            case Term("NAME"):
                return "any-name" if after_dot else "name"
            case Term(name):
                return name.lower()
            case Ref(name):
                return _name(name)
            case Choice(options):
                return " | ".join(self.write(option, tail=tail) for option in options)
            case Repeat():
                return self._repeat(symbol, "", frozenset())
            case grammar.Sequence(items):
                return " ".join(self._items(items, tail))

    def _items(self, items: tuple[Symbol, ...], tail: bool) -> Iterator[str]:
        before: frozenset[str] = frozenset()
        for place, item in enumerate(items):
            gap = self._gap(items, place, before, tail)
            if isinstance(item, Repeat):
                yield self._repeat(item, gap, before)
            else:
                text = self.write(item, after_dot=place > 0 and items[place - 1] == Literal("."))
                inner = f"({text})" if isinstance(item, Choice) else text
                yield f"{_literal(gap)} {inner}" if gap else inner
            last = self._ends(item, self._last, -1)
            before = before | last if _may_be_empty(item) else last

    def _repeat(self, symbol: Repeat, gap: str, before: frozenset[str]) -> str:
        item = symbol.item
        bounds = {"?": "?", "*": f"{{0,{self._bound(item)}}}", "+": f"{{1,{self._bound(item)}}}"}[symbol.operator]
        if isinstance(item, Ref):
            gap = _LINES.get(item.name, gap)
        options = item.options if isinstance(item, Choice) else (item,)
        written = []
        for option in options:
            own = self._between(before, self._ends(option, self._first, 0)) if len(options) > 1 else gap
            text = self.write(option, tail=bool(before))
            written.append(f"{_literal(own)} {text}" if own else text)
        return f"({' | '.join(written)}){bounds}"

    def _bound(self, item: Symbol) -> int:
        if isinstance(item, Ref):
            return _STATEMENTS_BOUND if item.name.endswith("_statement") else _OTHER_BOUND
        return self._longest

    def _gap(self, items: tuple[Symbol, ...], place: int, before: frozenset[str], tail: bool) -> str:
        if place == 0:
            return ""
        first, last = items[0], items[-1]
        in_brackets = isinstance(first, Literal) and isinstance(last, Literal) and (first.text, last.text) in _BRACKETS
        if in_brackets and place in (1, len(items) - 1):
            return ""
        if items[place - 1] in (Literal("-"), Repeat(Literal("-"), "?")) and (
            not tail if place == 1 else _opens(items[place - 2])
        ):
            return ""  # a sign, and not a difference
        return self._between(before, self._ends(items[place], self._first, 0))

    def _between(self, before: Iterable[str], after: Iterable[str]) -> str:
        return " " if any(_apart(left, right) for left in before for right in after) else ""


def _may_be_empty(symbol: Symbol) -> bool:
    return isinstance(symbol, Repeat) and symbol.operator in "?*"


def _opens(symbol: Symbol) -> bool:
    return symbol in (Literal("("), Literal("["), Literal("^"))


def _apart(left: str, right: str) -> bool:
    """Return whether a space stands between two tokens."""
    if right in (")", "[", "]", ",", ".", ":", "^") or left in ("(", "[", ".", ":", "^"):
        return False
    return not (right == "(" and left == "NAME")


def _name(rule: str) -> str:
    return rule.replace("_", "-")


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _names_without(words: frozenset[str]) -> str:
    """Return an expression for all identifiers but some words."""
    tails = f"[A-Za-z0-9_]{{0,{_NAME_BOUND}}}"

    def after(prefix: str) -> str:
        following = sorted({word[len(prefix)] for word in words if word.startswith(prefix) and word != prefix})
        allowed = _IDENTIFIER if prefix else _IDENTIFIER.replace(string.digits, "")
        others = "".join(char for char in allowed if char not in following)
        options = [f'"{char}" {after(prefix + char)}' for char in following]
        inside = " | ".join([*options, f"[{others}] {tails}"])
        return f"({inside})" if not prefix or prefix in words else f"({inside})?"

    return after("")
