"""A comparison as a table for the terminal, as plain data, and as tables for documents."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from rich.console import Console

from hepsel.compare.entries import Entry, Kind
from hepsel.compare.event_report import (
    effect_cells,
    effect_data,
    event_data,
    event_lines,
    event_sections,
)
from hepsel.compare.events import EventReport, Measured
from hepsel.compare.score import Score, Scores
from hepsel.compare.sections import Section, html, latex, markdown, print_sections
from hepsel.compare.verdicts import COMPARED, Comparison, Renamed, Row, Verdict
from hepsel.syntax.diagnostics import SourceText, printable

_LISTED = 4  # statements of one difference

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
    lines = summary(comparison, scores, events)
    print_sections(_sections(comparison, rows, events), lines, console, styles)


def summary(comparison: Comparison, scores: Scores | None, events: EventReport | None) -> list[str]:
    """Return the lines behind the table: how many of each verdict, ties, scores."""
    counts = {verdict: sum(row.verdict is verdict for row in comparison.rows) for verdict in Verdict}
    listed = ", ".join(f"{number} {verdict}" for verdict, number in counts.items() if number)
    lines = [listed or "nothing to compare"]
    lines += [_renamed(comparison, renamed) for renamed in comparison.renamed]
    lines += [
        f"tie: {tie.first} of {comparison.names[0]} fits {tie.chosen} and {tie.instead} of {comparison.names[1]} "
        "equally well; the names decided"
        for tie in comparison.matching.ties
        if tie.first != tie.chosen  # of one name, nobody expects another counterpart
    ]
    lines += [
        f"note: the errors of table {one} differ, which no result depends on"
        for one in _tables_of_other_errors(comparison)
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


def _tables_of_other_errors(comparison: Comparison) -> list[str]:
    tables = comparison.first.tables, comparison.second.tables
    found: dict[str, None] = {}
    for row in comparison.rows:
        if row.kind == "row" and row.verdict.same and row.pair is not None and row.first[0].place:
            places = row.first[0].place, row.second[0].place
            ours, theirs = (t[name].rows[n - 1] for t, name, n in zip(tables, row.pair, places, strict=True))
            if ours.uncertainties != theirs.uncertainties:
                found[row.pair[0]] = None
    return list(found)


def _renamed(comparison: Comparison, renamed: Renamed) -> str:
    kind = "region" if renamed.region is None else f"{renamed.region}: {renamed.kind}"
    first, second = comparison.names
    return f"exchanged names: {kind} {renamed.first} of {first} is {renamed.second} of {second}"


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
        "exchanged_names": [
            {"kind": renamed.kind, "region": renamed.region, "first": renamed.first, "second": renamed.second}
            for renamed in comparison.renamed
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
    return markdown(_sections(comparison, rows, events), summary(comparison, scores, events))


def to_html(
    comparison: Comparison, rows: Sequence[Row], scores: Scores | None, events: EventReport | None = None
) -> str:
    """Return the comparison as HTML tables: a fragment to be put into a page."""
    return html(_sections(comparison, rows, events), summary(comparison, scores, events))


def to_latex(
    comparison: Comparison, rows: Sequence[Row], scores: Scores | None, events: EventReport | None = None
) -> str:
    """Return the comparison as LaTeX: `longtable`s, with the rest as comments."""
    return latex(_sections(comparison, rows, events), summary(comparison, scores, events))


def _sections(comparison: Comparison, rows: Sequence[Row], events: EventReport | None) -> list[Section]:
    """Split rows into those about the selection and those about output alone; events follow."""
    measured = _measured(comparison, events)
    first, second = comparison.names
    named = [{"A": first, "B": second}.get(column, column) for column in COLUMNS]
    columns = tuple(named if events is None else [*named, "alone", "given the others"])

    def cells(row: Row) -> tuple[str, ...]:
        own = _cells(comparison, row)
        return own if events is None else (*own, *effect_cells(*measured.get(id(row), ())))

    sections = [
        Section("selection", columns, [cells(row) for row in rows if not row.apart], wide=True),
        Section("histograms and columns", columns, [cells(row) for row in rows if row.apart], wide=True),
    ]
    sections = [section for section in sections if section.rows]
    return sections if events is None else sections + event_sections(comparison, events)


def _measured(comparison: Comparison, events: EventReport | None) -> dict[int, tuple[Measured, Measured]]:
    if events is None:
        return {}
    return {id(row): pair for row, pair in zip(comparison.differences, events.effects, strict=True)}


def _cells(comparison: Comparison, row: Row) -> tuple[str, ...]:
    where = [f"{entry.id} ({entry.label})" if entry.label else entry.id for entry in (row.first or row.second)]
    if len(where) > 1 and row.pair is None and not (row.first and row.second):
        where = [(row.first or row.second)[0].block]  # all that a block says, which only one program has
    details = [*row.details]
    if row.counterexample is not None:
        details.append(row.counterexample)
    elif row.how != COMPARED:
        details.append(f"[{row.how}]")
    sides = [
        list(dict.fromkeys(_line(entry, program.source) for entry in entries))
        for entries, program in ((row.first, comparison.first), (row.second, comparison.second))
    ]
    cells = (row.verdict.value, *("\n".join(_first_ones(cell)) for cell in (where, *sides)), "\n".join(details))
    return tuple("\n".join(printable(line) for line in cell.split("\n")) for cell in cells)


def _first_ones(lines: Sequence[str]) -> list[str]:
    more = len(lines) - _LISTED
    return [*lines[:_LISTED], f"and {more} more"] if more > 1 else list(lines)


def _line(entry: Entry, source: str) -> str:
    """Return where a statement stands, and what it says."""
    text = SourceText(source)
    span = entry.span
    if entry.kind in ("source", "pairing"):
        take = _TAKE.search(source, span.start, span.end)
        span = text.span(*take.span()) if take is not None else span
    return f"{span.line}:{span.column}  {_text(entry, source[span.start : span.end])}"


_TAKE = re.compile(r"\btake\b[^#\n]*")
_SAID_BEFORE: dict[Kind, str] = {"sort": "sort by ", "column": "save ", "p4": "let p4 = "}
"""What stands before the part of a statement that an entry is about."""


def _text(entry: Entry, text: str) -> str:
    statement = text.split("\n", 1)[0] if entry.kind == "criterion" else text
    for annotation in (" cite ", " assume ", " note ", ' as "'):
        statement = statement.split(annotation, 1)[0]
    return _SAID_BEFORE.get(entry.kind, "") + " ".join(statement.split()) or entry.id
