"""LaTeX sources, as blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from hepsel.extract.reading.latex_macros import Macro, expand, taken_out
from hepsel.extract.reading.mathematics import PREDEFINED, STRUCTURE, TooDeep, group, plain_latex
from hepsel.extract.reading.source import CONTINUED, Block

_BREAK = re.compile(
    r"\\begin\{(?P<environment>tabular[*xy]?|longtable|scotch\*?|tabu)\}"
    r"|\\(?P<command>(?:top|table)?caption|footnote(?:text)?|bibitem|title|item)(?![A-Za-z])"
    r"|(?P<section>\\(?:part|chapter|section|subsection|subsubsection|paragraph)\*?\s*(?=[\[{]))"
    r"|(?P<paragraph>\n[ \t]*\n|\\abstract(?![A-Za-z]))"
)
_CITATION = re.compile(
    r"\\(?:auto|paren|text|super|online|foot|m|c)?[cC]ite(?:p|t|num|alp|alt|s)?\*?\s*(?:\[[^\]]{0,300}\]\s*)*\{([^}]{0,2000})\}"
)
_REFERENCE = re.compile(r"\\(?:eq|auto|[cCfv]|page|sub|name)?ref\*?\s*\{([^}]{0,2000})\}")
_VERBATIM = re.compile(r"\\verb\*?([^A-Za-z\s{}])([^\n]{0,300}?)\1")
_RULE = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|addlinespace(?:\[[^\]]{0,300}\])?"
    r"|c(?:mid)?rule?(?:\(\w*\))?\{[^}]{0,2000}\}|cline\{[^}]{0,2000}\})"
)
_INNER_TABLE = re.compile(
    r"\\begin\{tabular\}(?:\[[^\]]{0,300}\])?\{(?:[^{}]|\{[^{}]{0,300}\}){0,300}\}"
    r"((?:(?!\\begin\{tabular\}).)*?)\\end\{tabular\}",
    re.DOTALL,
)
_MULTIROW = re.compile(r"\s*\\multirow\s*(?:\[[^\]]{0,300}\])?\s*\{\s*(-?\d{1,3})\s*\}")
_DEEPEST_TABLE = 3
_ROW_OR_CELL = re.compile(r"\\\\|(?<!\\)&")
_MARK = re.compile(r"\\\\(?:\[[^\]]{0,300}\])?|\\tabularnewline(?![A-Za-z])|\\.|[{}&]", re.DOTALL)


def latex_blocks(source: str, packages: Sequence[str] = ()) -> Iterator[Block]:
    """Return the blocks of a LaTeX source.

    Parameters
    ----------
    source
        The document with all that it includes, without comments.
    packages
        The texts of packages that define commands for it; those that mean the same everywhere are not taken from them.

    Raises
    ------
    mathematics.TooDeep
        Where its commands or groups cannot be read in bounded time.
    """
    macros: dict[str, Macro] = {}
    for package in packages:
        with suppress(TooDeep):  # a package with much more in it than names is not what makes a paper unreadable
            _, macros = taken_out(package, macros)
    macros = {name: macro for name, macro in macros.items() if name not in PREDEFINED}
    source, macros = taken_out(source, macros)
    macros = {name: macro for name, macro in macros.items() if name not in STRUCTURE}
    start = re.search(r"\\begin\{document\}", source)
    end = re.search(r"\\end\{document\}", source)
    body = source[start.end() if start else 0 : end.start() if end else len(source)]
    yield from _Blocks(expand(body, macros)).blocks()


class _Blocks:
    def __init__(self, source: str) -> None:
        self._source = source

    def blocks(self) -> Iterator[Block]:
        source = self._source
        place = 0
        text: list[str] = []
        notes: list[Block] = []
        entry: str | None = None
        for found in _BREAK.finditer(source):
            if found.start() < place:
                continue
            text.append(source[place : found.start()])
            place = found.end()
            if found["command"] in ("footnote", "footnotetext"):
                argument, place = group(source, place)
                notes.append(Block("footnote", _plain(argument)))
                continue
            if found["paragraph"] and entry is not None:
                continue
            yield from _text(text, notes, entry)
            text, notes, entry = [], [], None
            if found["section"]:
                place = _after_option(source, place)
                title, place = group(source, place)
                yield Block("heading", _plain(title))
            elif found["environment"]:
                rows, place = _table(source, place, found["environment"])
                yield Block("table", rows=rows)
            elif (found["command"] or "").endswith("caption"):
                place = _after_option(source, place)
                caption, place = group(source, place)
                yield Block("caption", _caption(source, found.start()) + _plain(caption))
            elif found["command"] == "bibitem":
                place = _after_option(source, place)
                entry, place = group(source, place)
            elif found["command"] == "item":
                end = _after_option(source, place)  # of a description, what is described
                text.append(f"{source[place:end].strip()[1:-1]} ")
                place = end
            elif found["command"] == "title":
                place = _after_option(source, place)
                title, place = group(source, place)
                yield Block("text", _plain(title))
        text.append(source[place:])
        yield from _text(text, notes, entry)


def _text(parts: list[str], notes: list[Block], entry: str | None) -> Iterator[Block]:
    plain = _plain("".join(parts))
    if entry is not None:
        yield Block("reference", plain, key=entry)
    elif plain:
        yield Block("text", plain)
    yield from notes


def _caption(source: str, place: int) -> str:
    in_table = source.rfind("\\begin{table", 0, place) > source.rfind("\\begin{figure", 0, place)
    return "Table: " if in_table else "Figure: "


def _after_option(source: str, place: int) -> int:
    found = re.compile(r"\s*\[[^\]]{0,300}\]").match(source, place)
    return found.end() if found else place


def _table(source: str, place: int, environment: str) -> tuple[tuple[tuple[str, ...], ...], int]:
    if environment in ("tabular*", "tabularx", "tabulary"):
        _, place = group(source, place)
    place = _after_option(source, place)
    _, place = group(source, place)
    closing = _closing(source, place, environment)
    end = closing if closing >= 0 else len(source)
    inside = _RULE.sub("", source[place:end])
    for _ in range(_DEEPEST_TABLE):
        inside = _INNER_TABLE.sub(lambda found: _ROW_OR_CELL.sub(" ", found[1]), inside)
    rows = _filled([[cell for part in row for cell in _cells(part)] for row in _rows(inside) if "".join(row).strip()])
    after = end + len(f"\\end{{{environment}}}") if closing >= 0 else end
    return rows, after


def _closing(source: str, place: int, environment: str) -> int:
    """Return where an environment ends, in which there may be others of its kind."""
    depth = 1
    for found in re.compile(rf"\\(begin|end)\{{{re.escape(environment)}\}}").finditer(source, place):
        depth += 1 if found[1] == "begin" else -1
        if depth == 0:
            return found.start()
    return -1


def _rows(inside: str) -> Iterator[list[str]]:
    """Yield rows of cells; a line that ends within braces is one within a cell."""
    depth = place = 0
    row: list[str] = []
    for found in _MARK.finditer(inside):
        depth += (found[0] == "{") - (found[0] == "}")
        is_end = found[0].startswith(("\\\\", "\\tabularnewline"))
        if depth > 0 or not (is_end or found[0] == "&"):
            continue
        row.append(inside[place : found.start()])
        place = found.end()
        if is_end:
            yield row
            row = []
    yield [*row, inside[place:]]


def _cells(source: str) -> list[tuple[str, int]]:
    """Return the text of a cell and over how many rows it goes, and for each further column that it goes on."""
    columns = 1
    if found := re.match(r"\s*\\multicolumn\s*", source):
        count, place = group(source, found.end())
        _, place = group(source, place)
        inside, place = group(source, place)
        source = inside + source[place:]
        columns = int(count) if count.isdigit() and int(count) < 100 else 1
    down = _MULTIROW.match(source)
    return [(_plain(source), int(down[1]) if down else 1), *[(CONTINUED, 1)] * (columns - 1)]


def _filled(rows: Sequence[Sequence[tuple[str, int]]]) -> tuple[tuple[str, ...], ...]:
    """Return rows in which a cell that goes over several stands in each of them, where that has room for it."""
    filled = [[text for text, _ in row] for row in rows]
    for number, row in enumerate(rows):
        for column, (text, down) in enumerate(row):
            first, last = (number + 1, number + down) if down > 0 else (max(number + down + 1, 0), number)
            for other in filled[first:last]:
                if column < len(other) and not other[column]:
                    other[column] = text
    return tuple(map(tuple, filled))


def _plain(source: str) -> str:
    source = _VERBATIM.sub(r"\2", source)
    source = _CITATION.sub(_citation, source)
    source = _REFERENCE.sub(r" \1", source)
    source = re.sub(r"\\begin\{thebibliography\}\s*\{[^}]{0,2000}\}", "", source)
    source = re.sub(r"\\(?:begin|end)\s*\{[^}]{0,2000}\}(?:\[[^\]]{0,300}\])?", " ", source)
    source = source.replace("``", '"').replace("''", '"').replace("---", "-").replace("--", "-")
    source = re.sub(r"\\(?:left|right|big|Big|bigg|Bigg|bigl|bigr)(?![A-Za-z])\.?", "", source)
    return plain_latex(source)


def _citation(found: re.Match[str]) -> str:
    return "[" + ", ".join(key.strip() for key in found[1].split(",")) + "]"
