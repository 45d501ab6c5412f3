"""A comparison as a table for the terminal, as plain data, and as tables for documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from rich.console import Console
from rich.markup import escape as markup
from rich.table import Table

from hepsel.compare.entries import Entry
from hepsel.compare.event_report import (
    Section,
    effect_cells,
    effect_data,
    event_data,
    event_lines,
    event_sections,
)
from hepsel.compare.events import EventReport, Measured
from hepsel.compare.score import Score, Scores
from hepsel.compare.verdicts import Comparison, Row, Verdict
from hepsel.syntax.diagnostics import printable

COLUMNS = ("verdict", "where", "A", "B", "difference")

_STYLES = {
    Verdict.IDENTICAL: "green",
    Verdict.EQUIVALENT: "green",
    Verdict.MISSING: "red",
    Verdict.EXTRA: "red",
    Verdict.CONTRADICTORY: "bold red",
}


def to_terminal(
    comparison: Comparison, rows: Sequence[Row], scores: Scores | None, events: EventReport | None, console: Console
) -> None:
    """Print the comparison."""
    styles = {verdict.value: _STYLES.get(verdict, "yellow") for verdict in Verdict}
    for section in _sections(comparison, rows, events):
        table = Table(title=section.title, title_justify="left", show_lines=section.columns[0] == COLUMNS[0])
        for column in section.columns:
            name = {"A": comparison.names[0], "B": comparison.names[1]}.get(column, column)
            table.add_column(markup(column if name == column else f"{column}: {printable(name)}"))
        for cells in section.rows:
            first, *others = map(markup, cells)
            style = styles.get(cells[0])
            table.add_row(f"[{style}]{first}[/]" if style else first, *others)
        console.print(table)
    for line in summary(comparison, scores, events):
        console.print(line, markup=False, highlight=False)


def summary(comparison: Comparison, scores: Scores | None, events: EventReport | None) -> list[str]:
    """Return the lines behind the table: how many of each verdict, ties, scores."""
    counts = {verdict: sum(row.verdict is verdict for row in comparison.rows) for verdict in Verdict}
    listed = ", ".join(f"{number} {verdict}" for verdict, number in counts.items() if number)
    lines = [listed or "nothing to compare"]
    lines += [
        f"tie: {tie.first} of {comparison.names[0]} fits {tie.chosen} and {tie.instead} of {comparison.names[1]} "
        "equally well; the names decided"
        for tie in comparison.matching.ties
    ]
    if scores is not None:
        lines.append(_score_line("all criteria", scores.overall))
        lines += [_score_line(name, score) for name, score in scores.blocks.items()]
        right = sum(verdict.same for verdict in scores.labels.values())
        if scores.labels:
            lines.append(f"labels of the truth: {right} of {len(scores.labels)} said")
        lines += [f"  {label} {verdict}" for label, verdict in scores.labels.items() if not verdict.same]
    lines += event_lines(comparison, events) if events is not None else []
    return [printable(line) for line in lines]


def _score_line(name: str, score: Score) -> str:
    return f"{name}: precision {score.precision:.3f}, recall {score.recall:.3f}, F1 {score.f1:.3f}"


def to_data(
    comparison: Comparison, rows: Sequence[Row], scores: Scores | None, events: EventReport | None
) -> dict[str, Any]:
    """Return the comparison as plain data."""
    measured = _measured(comparison, events)
    sources = comparison.first.source, comparison.second.source
    result: dict[str, Any] = {
        "programs": list(comparison.names),
        "same": comparison.same,
        "counts": {verdict.value: sum(row.verdict is verdict for row in comparison.rows) for verdict in Verdict},
        "blocks": [list(pair) for pair in comparison.matching.pairs],
        "ties": [
            {"first": tie.first, "chosen": tie.chosen, "instead": tie.instead} for tie in comparison.matching.ties
        ],
        "rows": [
            {
                "verdict": row.verdict.value,
                "kind": row.kind,
                "apart": row.apart,
                "first": [_entry_data(entry, sources[0]) for entry in row.first],
                "second": [_entry_data(entry, sources[1]) for entry in row.second],
                "details": list(row.details),
                "how": row.how,
                "counterexample": row.counterexample,
                **({} if id(row) not in measured else effect_data(*measured[id(row)])),
            }
            for row in rows
        ],
    }
    if scores is not None:
        result["scores"] = {
            "overall": _score_data(scores.overall),
            "blocks": {name: _score_data(score) for name, score in scores.blocks.items()},
            "labels": {label: verdict.value for label, verdict in scores.labels.items()},
        }
    if events is not None:
        result["events"] = event_data(events)
    return result


def to_json(
    comparison: Comparison, rows: Sequence[Row], scores: Scores | None, events: EventReport | None = None
) -> str:
    """Return the comparison as JSON."""
    return json.dumps(to_data(comparison, rows, scores, events), indent=2, ensure_ascii=False)


def _entry_data(entry: Entry, source: str) -> dict[str, Any]:
    return {
        "id": entry.id,
        "block": entry.block,
        "label": entry.label,
        "line": entry.span.line,
        "column": entry.span.column,
        "text": _text(entry, source),
    }


def _score_data(score: Score) -> dict[str, Any]:
    return {
        "truth": score.truth,
        "found": score.found,
        "said": score.said,
        "right": score.right,
        "precision": score.precision,
        "recall": score.recall,
        "f1": score.f1,
    }


def to_markdown(
    comparison: Comparison, rows: Sequence[Row], scores: Scores | None, events: EventReport | None = None
) -> str:
    """Return the comparison as Markdown."""
    lines = []
    for section in _sections(comparison, rows, events):
        lines += [f"**{section.title}**", "", _markdown_row(section.columns)]
        lines += [_markdown_row(["---"] * len(section.columns))]
        lines += [_markdown_row([_markdown(cell) for cell in cells]) for cells in section.rows]
        lines.append("")
    lines += [f"- {_markdown(line.strip())}" for line in summary(comparison, scores, events)]
    return "\n".join(lines)


def _markdown_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _markdown(text: str) -> str:
    special = str.maketrans({char: f"\\{char}" for char in "\\`*_|<>[]"})
    return text.translate(special).replace("\n", "<br>")


def to_html(
    comparison: Comparison, rows: Sequence[Row], scores: Scores | None, events: EventReport | None = None
) -> str:
    """Return the comparison as HTML tables: a fragment to be put into a page."""
    lines = []
    for section in _sections(comparison, rows, events):
        head = "".join(f"<th>{escape(column)}</th>" for column in section.columns)
        lines += [f"<table><caption>{escape(section.title)}</caption>", f"<tr>{head}</tr>"]
        for row in section.rows:
            cells = "".join(f"<td>{_html(cell)}</td>" for cell in row)
            lines.append(f"<tr>{cells}</tr>")
        lines.append("</table>")
    items = "".join(f"<li>{_html(line.strip())}</li>" for line in summary(comparison, scores, events))
    return "\n".join([*lines, f"<ul>{items}</ul>"])


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def to_latex(
    comparison: Comparison, rows: Sequence[Row], scores: Scores | None, events: EventReport | None = None
) -> str:
    """Return the comparison as LaTeX: `longtable`s, with the rest as comments."""
    lines = []
    for section in _sections(comparison, rows, events):
        wide = section.columns[: len(COLUMNS)] == COLUMNS
        rest = len(section.columns) - 2
        columns = "ll" + rest * f"p{{{12 / rest:.3g}cm}}" if wide else "l" * len(section.columns)
        lines += [rf"% {section.title}", rf"\begin{{longtable}}{{{columns}}}"]
        lines += [_latex_row(map(_latex, section.columns)) + r" \hline"]
        lines += [_latex_row([_latex(cell) for cell in cells]) for cells in section.rows]
        lines.append(r"\end{longtable}")
    return "\n".join([*lines, *(f"% {line}" for line in summary(comparison, scores, events))])


def _latex_row(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"


_LATEX = str.maketrans(
    {char: f"\\{char}" for char in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {"<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "\n": r" \newline "}
)


def _latex(text: str) -> str:
    return text.translate(_LATEX)


def _sections(comparison: Comparison, rows: Sequence[Row], events: EventReport | None) -> list[Section]:
    """Split rows into those about the selection and those about output alone; events follow."""
    measured = _measured(comparison, events)
    columns = COLUMNS if events is None else (*COLUMNS, "alone", "given the others")

    def cells(row: Row) -> tuple[str, ...]:
        own = _cells(comparison, row)
        return own if events is None else (*own, *effect_cells(*measured.get(id(row), ())))

    sections = [
        Section("selection", columns, [cells(row) for row in rows if not row.apart]),
        Section("histograms and columns", columns, [cells(row) for row in rows if row.apart]),
    ]
    sections = [section for section in sections if section.rows]
    return sections if events is None else sections + event_sections(comparison, events)


def _measured(comparison: Comparison, events: EventReport | None) -> dict[int, tuple[Measured, Measured]]:
    if events is None:
        return {}
    return {id(row): pair for row, pair in zip(comparison.differences, events.effects, strict=True)}


def _cells(comparison: Comparison, row: Row) -> tuple[str, ...]:
    where = (row.first or row.second)[0]
    label = f" ({where.label})" if where.label else ""
    details = [*row.details]
    if row.counterexample is not None:
        details.append(row.counterexample)
    elif not row.verdict.same or row.verdict is Verdict.EQUIVALENT:
        details.append(f"[{row.how}]")
    sides = [
        "\n".join(f"{entry.span.line}:{entry.span.column}  {_text(entry, program.source)}" for entry in entries)
        for entries, program in ((row.first, comparison.first), (row.second, comparison.second))
    ]
    cells = (row.verdict.value, f"{where.id}{label}", *sides, "\n".join(details))
    return tuple("\n".join(printable(line) for line in cell.split("\n")) for cell in cells)


def _text(entry: Entry, source: str) -> str:
    if entry.kind in ("source", "pairing"):
        return entry.id.split(".", 1)[1].replace("pairing", "slots taken together")
    text = source[entry.span.start : entry.span.end]
    statement = text.split("\n", 1)[0] if entry.kind == "criterion" else text
    for annotation in (" cite ", " assume ", " note ", ' as "'):
        statement = statement.split(annotation, 1)[0]
    return " ".join(statement.split()) or entry.id
