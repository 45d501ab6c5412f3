"""Takes the annotations out of functions, for code in which they would be evaluated."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def without_annotations(source: str) -> str:
    """Return some code without the annotations in functions; all else stays as it is written.

    Those of classes stay, because they may make fields; what may be anything is an object there, which is no import.

    Parameters
    ----------
    source
        Python, with ASCII characters only.

    Examples
    --------
    >>> without_annotations("def f(x: int = 3, *rest: str) -> float: return x")
    'def f(x = 3, *rest): return x'
    """
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def place(line: int | None, column: int | None) -> int:
        assert line is not None
        assert column is not None
        return starts[line - 1] + column

    def spans() -> Iterator[tuple[int, int]]:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.arg) and node.annotation is not None:
                name = place(node.lineno, node.col_offset) + len(node.arg)
                yield name, place(node.annotation.end_lineno, node.annotation.end_col_offset)
            elif isinstance(node, ast.FunctionDef):
                yield from of_function(node)

    def of_function(function: ast.FunctionDef) -> Iterator[tuple[int, int]]:
        if function.returns is not None:
            arrow = source.rindex("->", 0, place(function.returns.lineno, function.returns.col_offset))
            yield len(source[:arrow].rstrip()), place(function.returns.end_lineno, function.returns.end_col_offset)
        for node in ast.walk(function):
            if isinstance(node, ast.AnnAssign) and node.value is not None:
                target, annotation = node.target, node.annotation
                start = place(target.end_lineno, target.end_col_offset)
                yield start, place(annotation.end_lineno, annotation.end_col_offset)

    def fields() -> Iterator[ast.Name]:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef):
                annotations = (field.annotation for field in node.body if isinstance(field, ast.AnnAssign))
                yield from (name for one in annotations for name in ast.walk(one) if isinstance(name, ast.Name))

    objects = {
        (place(name.lineno, name.col_offset), place(name.end_lineno, name.end_col_offset))
        for name in fields()
        if name.id == "Any"
    }
    for start, stop in sorted({*spans(), *objects}, reverse=True):
        source = source[:start] + ("object" if (start, stop) in objects else "") + source[stop:]
    return source
