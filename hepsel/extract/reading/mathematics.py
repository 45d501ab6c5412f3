"""LaTeX as text, in the notation in which PDFs are read too: `p_T^{miss}`. The commands are data: `latex.toml`."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

from hepsel.extract.reading.glyphs import marked, normal_text

_DATA = tomllib.loads(files("hepsel.extract.reading").joinpath("latex.toml").read_text(encoding="utf-8"))
_UPRIGHT = {f"up{name}": letter for name, letter in _DATA["greek"].items()}
_SIGNS: dict[str, str] = _DATA["known"] | _UPRIGHT | _DATA["greek"] | _DATA["signs"]
_LETTERS = frozenset(["ell", *_DATA["greek"]])
_ACCENTS: dict[str, str] = _DATA["accents"]
_PARTICLES: dict[str, str] = _DATA["particles"]
_PATTERNS: dict[str, str] = _DATA["patterns"]
# How many arguments a command has, and which of them is printed, from 1 on.
_CHOICE: dict[str, tuple[int, int]] = (
    dict.fromkeys(_DATA["transparent"], (1, 1))
    | dict.fromkeys(_DATA["dropped"], (1, 0))
    | {name: (count, which) for name, (count, which) in _DATA["choice"].items()}
)
_FUNCTIONS, _SILENT, _SPACES = (frozenset(_DATA[name]) for name in ("functions", "silent", "spaces"))
_LENGTHS = ("kern", "mkern", "hskip", "vskip", "mskip")
_LENGTH = re.compile(r"\s*-?[\d.]+\s*(?:pt|em|ex|mu|mm|cm|in|sp|bp)\b\s*")
_OPTION = re.compile(r"\s*\[[^\]]{0,300}\]")
_GLUED = re.compile(r"(?<=[\d)\]])(?=[kMGTP]?eV\b)")

STRUCTURE = frozenset(_DATA["structure"])
"""Commands that blocks are made of, whatever a class makes of their looks."""

PREDEFINED = _FUNCTIONS.union(
    _SILENT,
    _SPACES,
    _LENGTHS,
    _CHOICE,
    _PATTERNS,
    _PARTICLES,
    _ACCENTS,
    _DATA["greek"],
    _DATA["signs"],
    _DATA["parsed"],
)
"""Commands whose meaning no package changes as far as the text goes."""

_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|[{}_^&~$]|[^\\{}_^&~$]+", re.DOTALL)
_DEEPEST = 40


class TooDeep(ValueError):
    """LaTeX with groups nested deeper than any that a person wrote, or commands that make too much text."""


def plain_latex(source: str, *, formula: bool = False) -> str:
    """Return LaTeX without comments as plain text; `formula` says that it is mathematics without `$`.

    Raises
    ------
    TooDeep
        Where groups are nested deeper than any that a person wrote.
    """
    return normal_text(_GLUED.sub(" ", _Reader(source, formula=formula).text()))


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
        parts = []
        while self._place < len(self._tokens):
            parts.append(self._sequence())
            self._next()  # a brace that closes what began in another paragraph
        return "".join(parts)

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
        while (token := self._peek()) and (token.isspace() or token == "\\!"):
            self._next()
        if token == "{":
            return self._one()
        if token.startswith("\\") or len(token) < 2:
            self._depth += 1  # commands can be the arguments of commands without braces
            if self._depth > _DEEPEST:
                raise TooDeep
            found = self._one() if token not in ("", "}") else ""
            self._depth -= 1
            return found
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
        if self._formula and token[1:] in _LETTERS:
            self._drop_space_before_a_letter()  # it only ends the command's name
        return self._command(token[1:])

    def _drop_space_before_a_letter(self) -> None:
        following = self._peek()
        if following.lstrip()[:1].isalpha():
            self._tokens[self._place] = following.lstrip()
        elif following.isspace() and "".join(self._tokens[self._place + 1 : self._place + 2])[1:] in _LETTERS:
            self._next()

    def _command(self, name: str) -> str:
        if name[:-1] and name.endswith("*"):
            name = name[:-1]
            if not (name in _CHOICE or name in _PATTERNS):  # `\sigma*`, unlike `\hspace*{1cm}`
                return f"{self._command(name).rstrip()}*"
        if name in _SIGNS:
            return _SIGNS[name]
        if name in _SPACES:
            return " "
        if name in _SILENT:
            return ""
        if name in _FUNCTIONS:
            return f" {name} "
        if name in _ACCENTS:
            return self._argument() + _ACCENTS[name]
        if name == "sqrt":
            self._option()
            inside = self._argument()
            return f"√{inside}" if len(inside) == 1 else f"√({inside})"
        if name in ("frac", "tfrac", "dfrac"):
            above, below = self._argument(), self._argument()
            return f"{_factor(above)}/{_factor(below)}"
        if name == "unit":  # of the package units, `\unit[30]{GeV}`
            return f"{self._option()} {self._argument()}"
        if name in _CHOICE:
            count, which = _CHOICE[name]
            return ["", *self._arguments(count)][which]
        if name in _PATTERNS:
            pattern = _PATTERNS[name]
            return pattern.format(*self._arguments(pattern.count("{")))
        if name in _PARTICLES:
            symbol, sub, sup = self._arguments(3)
            return symbol + _PARTICLES[name] + _scripts(sub, sup)
        if name in _LENGTHS:
            self._skip(_LENGTH)
            return ""
        if name in ("(", ")", "[", "]"):
            self._formula = name in "(["
            return "" if name in "()" else " "
        if len(name) == 1 and not name.isalpha():
            return "" if name in "!/-@=." else name  # `\{`, `\%`, `\&`
        return f"\\{name} "

    def _arguments(self, count: int) -> list[str]:
        """Return so many arguments; options in brackets before each are left out."""
        found = []
        for _ in range(count):
            self._option()
            found.append(self._argument())
        return found

    def _option(self) -> str:
        return self._skip(_OPTION)[1:-1]

    def _skip(self, pattern: re.Pattern[str]) -> str:
        """Return what the next token begins with, if it is of this form, and go on behind it."""
        token = self._peek()
        found = pattern.match(token)
        if not found:
            return ""
        if found.end() == len(token):
            self._next()
        else:
            self._tokens[self._place] = token[found.end() :]
        return found[0].strip()


def _scripts(sub: str, sup: str) -> str:
    text = marked("_", sub) if sub else ""
    if sup and not sup.strip("'"):
        return text + sup
    return text + (marked("^", sup) if sup else "")


def _factor(text: str) -> str:
    return text if re.fullmatch(r"[\w.]+|\([^()]*\)", text) else f"({text})"
