"""LaTeX as text, in the notation in which PDFs are read too: `p_T^{miss}`. The commands are data: `latex.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files

from hepsel.extract.reading.glyphs import marked, normal_text

_DATA = tomllib.loads(files("hepsel.extract.reading").joinpath("latex.toml").read_text(encoding="utf-8"))
_SIGNS: dict[str, str] = _DATA["greek"] | _DATA["signs"]
_LETTERS = frozenset(["ell", *_DATA["greek"]])
_ACCENTS: dict[str, str] = _DATA["accents"]
_FUNCTIONS, _TRANSPARENT, _DROPPED = (frozenset(_DATA[name]) for name in ("functions", "transparent", "dropped"))
_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|[{}_^&~$]|[^\\{}_^&~$]+", re.DOTALL)
_DEEPEST = 40
_LONGEST = 4_000_000


class TooDeep(ValueError):
    """LaTeX with groups nested deeper than any that a person wrote, or commands that make too much text."""


def plain_latex(source: str, *, formula: bool = False) -> str:
    """Return LaTeX without comments as plain text; `formula` says that it is mathematics without `$`.

    Raises
    ------
    TooDeep
        Where groups are nested deeper than any that a person wrote.
    """
    return normal_text(_Reader(source, formula=formula).text())


def expand(source: str, macros: Mapping[str, tuple[int, str]]) -> str:
    """Replace a paper's own commands, up to a bound on depth and length."""
    if not macros:
        return source
    command = re.compile(r"\\(" + "|".join(sorted(map(re.escape, macros), key=len, reverse=True)) + r")(?![A-Za-z])")
    for _ in range(8):
        parts: list[str] = []
        place = size = 0
        for found in command.finditer(source):
            if found.start() < place:
                continue
            count, body = macros[found[1]]
            end = found.end()
            for number in range(1, count + 1):
                argument, end = group(source, end)
                body = body.replace(f"#{number}", argument)
            parts += [source[place : found.start()], body]
            size += len(parts[-2]) + len(body)
            if size > _LONGEST:
                raise TooDeep
            place = end
        if not parts:
            break
        source = "".join([*parts, source[place:]])
    return source


def group(source: str, place: int) -> tuple[str, int]:
    """Return the argument that stands at a place, without its braces, and where it ends."""
    while place < len(source) and source[place].isspace():
        place += 1
    if place >= len(source):
        return "", place
    if source[place] == "\\":
        found = _TOKEN.match(source, place)
        return (found[0], found.end()) if found else ("", place)
    if source[place] != "{":
        return source[place], place + 1
    depth, start = 0, place + 1
    while place < len(source):
        char = source[place]
        if char == "\\":
            place += 1
        elif char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                return source[start:place], place + 1
        place += 1
    return source[start:], len(source)


class _Reader:
    """A descent through the groups of LaTeX; only what changes the text is looked at."""

    def __init__(self, source: str, *, formula: bool) -> None:
        self._tokens = _TOKEN.findall(source)
        self._place = 0
        self._depth = 0
        self._formula = formula

    def text(self) -> str:
        return self._sequence()

    def _peek(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._place += 1
        return token

    def _sequence(self) -> str:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise TooDeep
        parts: list[str] = []
        sub = sup = ""
        while (token := self._peek()) and token != "}":
            if token in "_^":
                self._next()
                script = self._argument().strip()
                if token == "_":
                    sub += script
                else:
                    sup += script
                continue
            if sub or sup:
                parts.append(_scripts(sub, sup))
                sub = sup = ""
            parts.append(self._one())
        parts.append(_scripts(sub, sup))
        self._depth -= 1
        return "".join(parts)

    def _argument(self) -> str:
        """Return the next group or character."""
        while (token := self._peek()).isspace() and token:
            self._next()
        if token == "{":
            return self._one()
        if token.startswith("\\") or len(token) < 2:
            return self._one() if token not in ("", "}") else ""
        # A word: its first character is the argument.
        stripped = token.lstrip()
        self._tokens[self._place] = stripped[1:]
        if not stripped[1:]:
            self._next()
        return stripped[0]

    def _one(self) -> str:
        token = self._next()
        if token == "{":
            inside = self._sequence()
            self._next()
            return inside
        if token == "}":
            return ""
        if token in ("~", "&"):
            return " "
        if token == "$":
            self._formula = not self._formula
            return ""
        if not token.startswith("\\"):
            return token
        if self._formula and token[1:] in _LETTERS and (following := self._peek().lstrip())[:1].isalpha():
            self._tokens[self._place] = following  # the space only ends the command's name
        return self._command(token[1:])

    def _command(self, name: str) -> str:
        if name in _SIGNS:
            return _SIGNS[name]
        if name in _FUNCTIONS:
            return f" {name} "
        if name in _ACCENTS:
            return self._argument() + _ACCENTS[name]
        if name == "sqrt":
            inside = self._argument()
            return f"√{inside}" if len(inside) == 1 else f"√({inside})"
        if name in ("frac", "tfrac", "dfrac"):
            above, below = self._argument(), self._argument()
            return f"{_factor(above)}/{_factor(below)}"
        if name in ("SI", "qty"):
            return f"{self._argument()} {self._argument()}"
        if name in _DROPPED:
            self._argument()
            return ""
        if name in _TRANSPARENT:
            return self._argument()
        if name in (",", ";", ":", " ", "\\", "\n", "thinspace", "space", "xspace", "enspace"):
            return " "
        # `\{`, `\%`, `\&`; of an unknown command only the argument is left.
        return name if len(name) == 1 and not name.isalpha() and name not in "!/-@\"'`^~=." else ""


def _scripts(sub: str, sup: str) -> str:
    text = marked("_", sub) if sub else ""
    if sup and not sup.strip("'"):
        return text + sup
    return text + (marked("^", sup) if sup else "")


def _factor(text: str) -> str:
    return text if re.fullmatch(r"[\w.]+|\([^()]*\)", text) else f"({text})"
