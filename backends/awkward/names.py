"""Names, texts and comments of generated code."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable

from hepsel.plan.nodes import CutTexts, new_name
from hepsel.syntax import tree

WIDTH = 88
RESERVED = frozenset((*keyword.kwlist, *keyword.softkwlist, *dir(builtins)))


def literal(text: str) -> str:
    """Return a Python string literal, quoted as formatters want it.

    >>> print(literal('say "hi"'), literal("it's"))
    'say "hi"' "it's"
    """
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    quote = "'" if text.count('"') > text.count("'") else '"'
    body = "".join(_escaped(character, quote) for character in text)
    return f"{quote}{body}{quote}"


def literals(texts: tuple[str, ...]) -> str:
    """Return a tuple of string literals.

    >>> print(literals(("a",)), literals(("a", "b")))
    ("a",) ("a", "b")
    """
    return f"({', '.join(map(literal, texts))}{',' if len(texts) == 1 else ''})"


def _escaped(character: str, quote: str) -> str:
    if character in ("\\", quote):
        return "\\" + character
    if character.isprintable():
        return character
    return repr(character)[1:-1]


def comment(text: str) -> str:
    """Return a text as a comment of one line.

    >>> comment("two" + chr(10) + "lines")
    '# two lines'
    """
    clean = "".join(c if c.isprintable() else " " for c in text)
    return f"# {' '.join(clean.split())}".rstrip()


def criterion_comments(texts: CutTexts) -> list[str]:
    """Return what the program says about a criterion, as comments."""
    lines = [comment(f"{texts.id}: {texts.label}")]
    for annotation in texts.annotations:
        match annotation:
            case tree.Cite(source=source, page=page, quote=quote):
                where = f"{source}, page {page}" if page is not None else source
                lines.append(comment(f"  cite {where}" + (f': "{quote}"' if quote else "")))
            case tree.Assume(text=text):
                lines.append(comment(f"  assume {text}"))
            case tree.Note(text=text):
                lines.append(comment(f"  note {text}"))
    return lines


def new_names(names: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """Return an identifier for each of some names, none of them taken already."""
    used = {*taken, *RESERVED}
    found = {}
    for name in names:
        base = name if name.isascii() and name.isidentifier() else re.sub(r"\W", "_", name, flags=re.ASCII) or "_"
        base = base[:40]
        base = f"_{base}" if base[0].isdigit() else base
        new = new_name(base, used)
        used.add(new)
        found[name] = new
    return found
