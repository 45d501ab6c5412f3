"""Tables of a report, on the terminal and in documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from rich.console import Console
from rich.markup import escape as markup
from rich.table import Table

from hepsel.syntax.diagnostics import printable


@dataclass(frozen=True, slots=True)
class Section:
    """A table: its title, headings and rows; `wide` ones have cells of several lines."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    wide: bool = False


def print_sections(
    sections: Iterable[Section], lines: Iterable[str], console: Console, styles: Mapping[str, str] | None = None
) -> None:
    """Print tables, and lines behind them; `styles` has the style of what may stand in a first column."""
    for section in sections:
        table = Table(title=markup(section.title), title_justify="left", show_lines=section.wide)
        for column in section.columns:
            table.add_column(markup(printable(column)))
        for cells in section.rows:
            first, *others = map(markup, cells)
            style = (styles or {}).get(cells[0])
            table.add_row(f"[{style}]{first}[/]" if style else first, *others)
        console.print(table)
    for line in lines:
        console.print(line, markup=False, highlight=False)


def markdown(sections: Iterable[Section], lines: Iterable[str]) -> str:
    """Return tables, and a list of lines, as Markdown."""
    result = []
    for section in sections:
        result += [f"**{section.title}**", "", _markdown_row(map(_markdown, section.columns))]
        result += [_markdown_row(["---"] * len(section.columns))]
        result += [_markdown_row([_markdown(cell) for cell in cells]) for cells in section.rows]
        result.append("")
    result += [f"- {_markdown(line.strip())}" for line in lines]
    return "\n".join(result)


def _markdown_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _markdown(text: str) -> str:
    special = str.maketrans({char: f"\\{char}" for char in "\\`*_|<>[]"})
    return text.translate(special).replace("\n", "<br>")


def html(sections: Iterable[Section], lines: Iterable[str]) -> str:
    """Return tables, and a list of lines, as HTML: a fragment to be put into a page."""
    result = []
    for section in sections:
        head = "".join(f"<th>{_html(column)}</th>" for column in section.columns)
        result += [f"<table><caption>{escape(section.title)}</caption>", f"<tr>{head}</tr>"]
        for row in section.rows:
            cells = "".join(f"<td>{_html(cell)}</td>" for cell in row)
            result.append(f"<tr>{cells}</tr>")
        result.append("</table>")
    items = "".join(f"<li>{_html(line.strip())}</li>" for line in lines)
    return "\n".join([*result, f"<ul>{items}</ul>"])


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def latex(sections: Iterable[Section], lines: Iterable[str]) -> str:
    """Return tables as LaTeX `longtable`s, with the lines as comments."""
    result = []
    for section in sections:
        result += [rf"% {section.title}", rf"\begin{{longtable}}{{{_latex_columns(section)}}}"]
        result += [_latex_row(map(_latex, section.columns)) + r" \hline"]
        result += [_latex_row([_latex(cell) for cell in cells]) for cells in section.rows]
        result.append(r"\end{longtable}")
    return "\n".join([*result, *(f"% {line}" for line in lines)])


def _latex_columns(section: Section) -> str:
    count = len(section.columns)
    return "ll" + (count - 2) * f"p{{{12 / (count - 2):.3g}cm}}" if section.wide else "l" * count


def _latex_row(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"


_LATEX = str.maketrans(
    {char: f"\\{char}" for char in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {"<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "\n": r" \newline "}
)


def _latex(text: str) -> str:
    return text.translate(_LATEX)


def cells(row: Sequence[object]) -> tuple[str, ...]:
    """Return a row of texts without control characters; line breaks stay."""
    return tuple("\n".join(map(printable, str(cell).split("\n"))) for cell in row)
