r"""The commands that LaTeX sources define: `\newcommand`, `\def` and their relatives, taken out and expanded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hepsel.extract.reading.mathematics import TooDeep, group

_LONGEST = 4_000_000
_LARGEST_MACRO = 2000
_LARGEST_BODY = 20_000
_MOST_UNCLOSED = 300
_MOST_MACROS = 10_000
_ROUNDS = 8

_DEFINITION = re.compile(
    r"\\(?P<how>(?:new|renew|provide)(?:command|robustcmd)|DeclareRobustCommand|DeclareMathOperator|DeclareSIUnit"
    r"|(?:New|Renew|Provide|Declare)(?:Expandable)?DocumentCommand|[gex]?def|let)(?![A-Za-z@])\*?"
)
_NAME = re.compile(r"\s*(?:\{\s*\\(?P<braced>[A-Za-z@]+)\s*\}|\\(?P<bare>[A-Za-z@]+))\s*")
_COUNT = re.compile(r"\s*\[(\d)\]\s*")
_DEFAULT = re.compile(r"\s*\[([^\]]{0,300})\]\s*")
_PARAMETERS = re.compile(r"[^{}]{0,100}")
_TARGET = re.compile(r"\s*=?\s*\\([A-Za-z@]+|.)")
_IN_FORMULAS_OR_NOT = re.compile(r"\\ifmmode(?![A-Za-z])(.*?)(?:\\else(?![A-Za-z]).*?)?\\fi(?![A-Za-z])", re.DOTALL)
_COMMAND = re.compile(r"\\([A-Za-z]+)")


@dataclass(frozen=True, slots=True)
class Macro:
    """A command of a paper.

    Attributes
    ----------
    count
        Number of its arguments.
    default
        What its first argument is where none is given in brackets; `None` where it is in braces as the others.
    body
        What it stands for, with `#1` for the first argument.
    """

    count: int
    default: str | None
    body: str


def taken_out(source: str, earlier: Mapping[str, Macro]) -> tuple[str, dict[str, Macro]]:
    """Return a source without its definitions, and these together with earlier ones.

    Of several definitions of one command the last counts; one that only provides it, if there is no other. Definitions
    that need more of TeX than an expansion are taken out, and their commands remain unknown.

    Raises
    ------
    TooDeep
        Where there are more than any paper has.
    """
    macros = dict(earlier)
    parts: list[str] = []
    place = number = unclosed = 0
    while found := _DEFINITION.search(source, place):
        name = _NAME.match(source, found.end())
        parts.append(source[place : found.start()])
        if not name:
            place = found.end()
            continue
        macro, place = _definition(source, name.end(), found["how"])
        number += 1
        unclosed += place - name.end() >= _LARGEST_BODY
        if number > _MOST_MACROS or unclosed > _MOST_UNCLOSED:
            raise TooDeep
        called = name["braced"] or name["bare"]
        only_provided = found["how"].lower().startswith("provide") and called in macros
        if macro is not None and not only_provided and not _is_circular(called, macro, macros):
            macros[called] = macro
    return "".join([*parts, source[place:]]), macros


def _is_circular(name: str, macro: Macro, macros: Mapping[str, Macro]) -> bool:
    r"""Whether a command stands for itself, also by a second name, as after `\let\old\it \def\it{\old}`."""
    used = set(_COMMAND.findall(macro.body))
    return name in used or any(name in _COMMAND.findall(macros[other].body) for other in used if other in macros)


def _definition(source: str, place: int, how: str) -> tuple[Macro | None, int]:
    """Read a definition behind the name; returns it, if it is one, and where it ends."""
    if how == "let":
        target = _TARGET.match(source, place)
        return (Macro(0, None, f"\\{target[1]}"), target.end()) if target else (None, place)
    count, default = 0, None
    if how.endswith("def"):
        parameters = _PARAMETERS.match(source, place)
        assert parameters is not None
        place = parameters.end()
        count = parameters[0].count("#")
        simple = "".join(parameters[0].split()) == "".join(f"#{n}" for n in range(1, count + 1))
    elif how.endswith("DocumentCommand"):
        kinds, place = group(source, place)
        count = len(kinds.split())
        simple = set(kinds.split()) <= {"m"}
    else:
        simple = True
        if given := _COUNT.match(source, place):
            count, place = int(given[1]), given.end()
            if standard := _DEFAULT.match(source, place):
                default, place = standard[1], standard.end()
    body, length = group(source[place : place + _LARGEST_BODY], 0)
    place += length
    if how == "DeclareMathOperator":
        body = f"\\operatorname{{{body}}}"
    if not simple or count > 9 or len(body) > _LARGEST_MACRO or "@" in body:
        return None, place
    return Macro(count, default, _IN_FORMULAS_OR_NOT.sub(r"\1", body)), place


def expand(source: str, macros: Mapping[str, Macro]) -> str:
    """Replace commands by what they stand for.

    Raises
    ------
    TooDeep
        Where they make more text than any paper has.
    """
    for _ in range(_ROUNDS if macros else 0):
        parts: list[str] = []
        place = size = 0
        for found in _COMMAND.finditer(source):
            macro = macros.get(found[1])
            if macro is None or found.start() < place:
                continue
            parts.append(source[place : found.start()])
            body, place = _expanded(macro, source, found.end())
            parts.append(body)
            size += len(parts[-2]) + len(body)
            if size > _LONGEST:
                raise TooDeep
        if not parts:
            break
        source = "".join([*parts, source[place:]])
    return source


def _expanded(macro: Macro, source: str, place: int) -> tuple[str, int]:
    """Return what a command stands for with its arguments, and where these end."""
    body = macro.body
    for number in range(1, macro.count + 1):
        if number == 1 and macro.default is not None:
            given = _DEFAULT.match(source, place)
            argument, place = (given[1], given.end()) if given else (macro.default, place)
        else:
            argument, place = group(source, place)
        body = body.replace(f"#{number}", argument)
    return body, place
