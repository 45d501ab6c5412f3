"""Random texts that a GBNF grammar derives: a reader of our own, so that the grammar is judged by another eye."""

from __future__ import annotations

import random
import re
import string
from typing import Any

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]|\{[0-9]+,[0-9]+\}|[a-zA-Z][a-zA-Z0-9-]*|[()|?]|\s+')
_ESCAPES = {"n": "\n", '"': '"', "\\": "\\"}


class Grammar:
    """A grammar, and what it derives."""

    def __init__(self, text: str) -> None:
        self._rules: dict[str, Any] = {}
        for line in text.splitlines():
            name, body = line.split(" ::= ", 1)
            tokens = [token for token in _tokens(body) if not token.isspace()]
            self._rules[name], rest = _choice(tokens)
            assert not rest, line
        self._cheap = self._costs()

    def _costs(self) -> dict[str, float]:
        """Return for each rule how deep its shallowest derivation is."""
        costs = dict.fromkeys(self._rules, float("inf"))
        for _ in range(60):
            for name, body in self._rules.items():
                costs[name] = min(costs[name], 1 + self._cost(body, costs))
        assert all(cost < float("inf") for cost in costs.values())
        return costs

    def _cost(self, node: Any, costs: dict[str, float]) -> float:
        kind, value = node
        if kind == "rule":
            return costs[value]
        if kind == "choice":
            return min(self._cost(option, costs) for option in value)
        if kind == "sequence":
            return max((self._cost(item, costs) for item in value), default=0)
        if kind == "repeat":
            return self._cost(value[0], costs) if value[1] else 0
        return 0

    def derive(self, seed: int, depth: int = 40, steps: int = 400) -> str:
        """Return a random text; below `depth`, and after so many steps, the shortest way is taken."""
        self._steps = steps
        return "".join(self._derive(("rule", "root"), random.Random(seed), depth))

    def _derive(self, node: Any, rng: random.Random, depth: float) -> list[str]:
        kind, value = node
        self._steps -= 1
        if self._steps < 0:
            depth = 0
        if kind == "text":
            return [value]
        if kind == "class":
            return [rng.choice(value)]
        if kind == "rule":
            return self._derive(self._rules[value], rng, depth - 1)
        if kind == "choice":
            possible = [option for option in value if self._cost(option, self._cheap) <= depth]
            option = rng.choice(possible) if possible else min(value, key=lambda o: self._cost(o, self._cheap))
            return self._derive(option, rng, depth)
        if kind == "sequence":
            return [text for item in value for text in self._derive(item, rng, depth)]
        item, low, high = value
        count = low
        while count < min(high, low + 6) and self._cost(item, self._cheap) <= depth and rng.random() < 0.5:
            count += 1
        return [text for _ in range(count) for text in self._derive(item, rng, depth)]


def _tokens(body: str) -> list[str]:
    found, position = [], 0
    while position < len(body):
        match = _TOKEN.match(body, position)
        assert match, body[position : position + 40]
        found.append(match[0])
        position = match.end()
    return found


def _choice(tokens: list[str]) -> tuple[Any, list[str]]:
    options: list[Any] = [[]]
    while tokens and tokens[0] != ")":
        token, *tokens = tokens
        if token == "|":
            options.append([])
        elif token == "(":
            inner, tokens = _choice(tokens)
            assert tokens[0] == ")"
            tokens = tokens[1:]
            options[-1].append(inner)
        elif token == "?":
            options[-1][-1] = ("repeat", (options[-1][-1], 0, 1))
        elif token.startswith("{"):
            low, high = map(int, token[1:-1].split(","))
            options[-1][-1] = ("repeat", (options[-1][-1], low, high))
        elif token.startswith('"'):
            options[-1].append(("text", re.sub(r"\\(.)", lambda match: _ESCAPES[match[1]], token[1:-1])))
        elif token.startswith("["):
            options[-1].append(("class", _characters(token[1:-1])))
        else:
            options[-1].append(("rule", token))
    return ("choice", [("sequence", option) for option in options]), tokens


def _characters(text: str) -> str:
    text = re.sub(r"\\x([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), text)
    text = re.sub(r"\\(.)", lambda match: _ESCAPES[match[1]], text)
    inverted = text.startswith("^")
    listed = set()
    for first, last in re.findall(r"(.)(?:-(.))?", text.removeprefix("^"), re.DOTALL):
        listed |= {chr(code) for code in range(ord(first), ord(last or first) + 1)}
    some = string.printable + "éμ≤\x85"
    return "".join(char for char in some if char not in listed) if inverted else "".join(sorted(listed))
