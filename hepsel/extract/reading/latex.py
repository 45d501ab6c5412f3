"""LaTeX sources, as blocks: one file; what it includes is not looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hepsel.extract.reading.mathematics import expand, group, plain_latex
from hepsel.extract.reading.source import Block

_BREAK = re.compile(
    r"\\begin\{(?P<environment>tabular[*xy]?|longtable)\}"
    r"|\\(?P<command>caption|footnote|bibitem)(?![A-Za-z])"
    r"|(?P<section>\\(?:part|chapter|section|subsection|subsubsection|paragraph)\*?\s*(?=[\[{]))"
    r"|(?P<paragraph>\n[ \t]*\n)"
)
_DEFINITION = re.compile(r"\\(?:re)?newcommand\*?\s*\{?\\(?P<name>[A-Za-z]+)\}?\s*(?:\[(?P<count>\d)\])?\s*(?=\{)")
_SHORT_DEFINITION = re.compile(r"\\def\s*\\(?P<name>[A-Za-z]+)\s*(?P<count>(?:#\d)*)\s*(?=\{)")
_LARGEST_MACRO = 2000
_MOST_MACROS = 2000


def latex_blocks(source: str) -> Iterator[Block]:
    """Return the blocks of a LaTeX source.

    Raises
    ------
    mathematics.TooDeep
        Where its commands or groups cannot be read in bounded time.
    """
    source = re.sub(r"(?<!\\)%[^\n]*\n[ \t]*", "", source.replace("\r\n", "\n"))
    macros = dict(_macros(source))
    start = re.search(r"\\begin\{document\}", source)
    end = re.search(r"\\end\{document\}", source)
    body = source[start.end() if start else 0 : end.start() if end else len(source)]
    yield from _Blocks(expand(body, macros)).blocks()


def _macros(source: str) -> Iterator[tuple[str, tuple[int, str]]]:
    found = [*_DEFINITION.finditer(source), *_SHORT_DEFINITION.finditer(source)]
    for definition in found[:_MOST_MACROS]:
        body, _ = group(source[definition.end() : definition.end() + 2 * _LARGEST_MACRO], 0)
        count = definition["count"] or ""
        if len(body) <= _LARGEST_MACRO and f"\\{definition['name']}" not in body:
            number = int(count) if count.isdigit() else count.count("#")
            yield definition["name"], (min(number, 9), body)


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
            if found["command"] == "footnote":
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
            elif found["command"] == "caption":
                place = _after_option(source, place)
                caption, place = group(source, place)
                yield Block("caption", _caption(source, found.start()) + _plain(caption))
            elif found["command"] == "bibitem":
                place = _after_option(source, place)
                entry, place = group(source, place)
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
    closing = source.find(f"\\end{{{environment}}}", place)
    end = closing if closing >= 0 else len(source)
    inside = re.sub(
        r"\\(?:hline|toprule|midrule|bottomrule|addlinespace(?:\[[^\]]{0,300}\])?|c(?:mid)?rule?(?:\(\w*\))?\{[^}]{0,2000}\}|cline\{[^}]{0,2000}\})",
        "",
        source[place:end],
    )
    rows = []
    for line in re.split(r"\\\\(?:\[[^\]]{0,300}\])?|\\tabularnewline", inside):
        if line.strip():
            rows.append(tuple(cell for part in re.split(r"(?<!\\)&", line) for cell in _cell(part)))
    after = end + len(f"\\end{{{environment}}}") if closing >= 0 else end
    return tuple(rows), after


def _cell(source: str) -> list[str]:
    found = re.match(r"\s*\\multicolumn\s*", source)
    if not found:
        return [_plain(source)]
    count, place = group(source, found.end())
    _, place = group(source, place)
    text, _ = group(source, place)
    number = int(count) if count.isdigit() and int(count) < 100 else 1
    return [_plain(text), *[""] * (number - 1)]


def _plain(source: str) -> str:
    source = re.sub(
        r"\\(?:cite|citep|citet|autocite|parencite)\s*(?:\[[^\]]{0,300}\])*\s*\{([^}]{0,2000})\}", _citation, source
    )
    source = re.sub(r"\\(?:eqref|ref|autoref|cref|Cref)\s*\{([^}]{0,2000})\}", r" \1 ", source)
    source = re.sub(r"\\(?:url|href)\s*\{[^}]{0,2000}\}", "", source)
    source = re.sub(r"\\begin\{thebibliography\}\s*\{[^}]{0,2000}\}", "", source)
    source = re.sub(r"\\(?:begin|end)\s*\{[^}]{0,2000}\}(?:\[[^\]]{0,300}\])?", " ", source)
    source = re.sub(
        r"\\(?:input|include|includegraphics|bibliography|bibliographystyle)\s*(?:\[[^\]]{0,300}\])?\s*\{[^}]{0,2000}\}",
        "",
        source,
    )
    source = re.sub(r"\\item(?![A-Za-z])\s*(?:\[[^\]]{0,300}\])?", " ", source)
    source = source.replace("``", '"').replace("''", '"').replace("---", "-").replace("--", "-")
    source = re.sub(r"\\(?:left|right|big|Big|bigg|Bigg|bigl|bigr)(?![A-Za-z])\.?", "", source)
    return plain_latex(source)


def _citation(found: re.Match[str]) -> str:
    return "[" + ", ".join(key.strip() for key in found[1].split(",")) + "]"
