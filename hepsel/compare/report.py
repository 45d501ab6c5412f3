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


def to_terminal(comparison: Comparison, rows: Sequence[Row], scores: Scores | None, console: Console) -> None:
    """Print the comparison."""
    for title, part in _parts(rows):
        table = Table(title=title, title_justify="left", show_lines=True, expand=False)
        for column, name in zip(COLUMNS, ("", "", *comparison.names, ""), strict=True):
            table.add_column(f"{column}" + (f": {markup(printable(name))}" if name and name != column else ""))
        for row in part:
            verdict, *cells = _cells(comparison, row)
            style = _STYLES.get(row.verdict, "yellow")
            table.add_row(f"[{style}]{verdict}[/]", *(markup(cell) for cell in cells))
        console.print(table)
    for line in summary(comparison, scores):
        console.print(line, markup=False, highlight=False)


def summary(comparison: Comparison, scores: Scores | None) -> list[str]:
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
    return [printable(line) for line in lines]


def _score_line(name: str, score: Score) -> str:
    return f"{name}: precision {score.precision:.3f}, recall {score.recall:.3f}, F1 {score.f1:.3f}"


def to_data(comparison: Comparison, rows: Sequence[Row], scores: Scores | None) -> dict[str, Any]:
    """Return the comparison as plain data."""
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
    return result


def to_json(comparison: Comparison, rows: Sequence[Row], scores: Scores | None) -> str:
    """Return the comparison as JSON."""
    return json.dumps(to_data(comparison, rows, scores), indent=2, ensure_ascii=False)


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


def to_markdown(comparison: Comparison, rows: Sequence[Row], scores: Scores | None) -> str:
    """Return the comparison as Markdown."""
    lines = []
    for title, part in _parts(rows):
        lines += [f"**{title}**", "", _markdown_row(COLUMNS), _markdown_row(["---"] * len(COLUMNS))]
        lines += [_markdown_row([_markdown(cell) for cell in _cells(comparison, row)]) for row in part]
        lines.append("")
    lines += [f"- {_markdown(line.strip())}" for line in summary(comparison, scores)]
    return "\n".join(lines)


def _markdown_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _markdown(text: str) -> str:
    special = str.maketrans({char: f"\\{char}" for char in "\\`*_|<>[]"})
    return text.translate(special).replace("\n", "<br>")


def to_html(comparison: Comparison, rows: Sequence[Row], scores: Scores | None) -> str:
    """Return the comparison as HTML tables: a fragment to be put into a page."""
    lines = []
    for title, part in _parts(rows):
        head = "".join(f"<th>{column}</th>" for column in COLUMNS)
        lines += [f"<table><caption>{escape(title)}</caption>", f"<tr>{head}</tr>"]
        for row in part:
            cells = "".join(f"<td>{_html(cell)}</td>" for cell in _cells(comparison, row))
            lines.append(f"<tr>{cells}</tr>")
        lines.append("</table>")
    items = "".join(f"<li>{_html(line.strip())}</li>" for line in summary(comparison, scores))
    return "\n".join([*lines, f"<ul>{items}</ul>"])


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def to_latex(comparison: Comparison, rows: Sequence[Row], scores: Scores | None) -> str:
    """Return the comparison as LaTeX: `longtable`s, with the rest as comments."""
    lines = []
    for title, part in _parts(rows):
        lines += [rf"% {title}", r"\begin{longtable}{llp{4cm}p{4cm}p{4cm}}", _latex_row(COLUMNS) + r" \hline"]
        lines += [_latex_row([_latex(cell) for cell in _cells(comparison, row)]) for row in part]
        lines.append(r"\end{longtable}")
    return "\n".join([*lines, *(f"% {line}" for line in summary(comparison, scores))])


def _latex_row(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"


_LATEX = str.maketrans(
    {char: f"\\{char}" for char in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {"<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "\n": r" \newline "}
)


def _latex(text: str) -> str:
    return text.translate(_LATEX)


def _parts(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Split rows into those about the selection and those about output alone."""
    parts = [
        ("selection", [row for row in rows if not row.apart]),
        ("histograms and columns", [row for row in rows if row.apart]),
    ]
    return [(title, part) for title, part in parts if part]


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
