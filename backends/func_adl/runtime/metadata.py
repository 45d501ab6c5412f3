"""What func_adl is told of types, and tells the server of them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from typing import Any


def link_method(link: str, method: str) -> dict[str, str]:
    """Describe a method of a stored link that tells a half of it: place or container."""
    return {
        "metadata_type": "add_method_type_info",
        "type_string": link,
        "method_name": method,
        "return_type": "unsigned int",
    }


def in_cpp(name: str, parameters: list[str], lines: list[str]) -> dict[str, Any]:
    """Describe a function of C++: `lines` make the truth value `result`."""
    return {
        "metadata_type": "add_cpp_function",
        "name": name,
        "include_files": ["cmath"],
        "arguments": parameters,
        "code": lines,
        "result": "result",
        "return_type": "bool",
    }


def written_down(ask: Callable[[], Any]) -> Any:
    """Return a query with its text, which func_adl writes in as many levels as the query has steps.

    Only meanwhile may Python go so deep: elsewhere, its limit protects from a crash.
    """
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 100_000))
    try:
        asked = without_repeats(ask())
        asked.set_provided_qastle(asked.generate_selection_string())
        return asked
    finally:
        sys.setrecursionlimit(limit)


def without_repeats(asked: Any) -> Any:
    """Return a query that says once what func_adl says of a type wherever it is used.

    Each of these statements stands around the whole query before it.
    """
    calls = []
    node = asked.query_ast
    known = set()
    while (
        isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Call)
    ):
        is_fact = isinstance(node.func, ast.Name) and node.func.id == "MetaData"
        fact = ast.dump(node.args[1]) if is_fact else None
        if fact is None or fact not in known:
            calls.append(node)
        known.add(fact)
        node = node.args[0]
    for call in reversed(calls):
        node = ast.Call(call.func, [node, *call.args[1:]], call.keywords)
    return asked.clone_with_new_ast(node, asked.item_type)
