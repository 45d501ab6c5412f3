"""The result of a bench as tables, as JSON, and as pictures."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hepsel import __version__
from hepsel.bench.intervals import Share
from hepsel.bench.spec import Bench
from hepsel.bench.summary import FOUND, Cell
from hepsel.bench.trial import OUTCOMES, Record
from hepsel.compare.sections import Section
from hepsel.extract.checking import Verdict
from hepsel.run.outputs import to_json

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCHEMA = "hepsel-bench/1"


# ------------------------------------------------------------------ tables

_Column = Callable[[Cell], object]

_DRAFTS: Mapping[str, _Column] = {
    "trials": lambda cell: f"{cell.made} of {cell.wanted}",
    "drafts": lambda cell: cell.drafts,
    "rounds": lambda cell: _number(cell.rounds, ".1f"),
    "tokens in / out": lambda cell: _tokens(cell.prompt_tokens, cell.answer_tokens),
    "seconds": lambda cell: _number(cell.seconds, ".1f"),
}
_PROGRAMS: Mapping[str, _Column] = {
    "parses at first": lambda cell: cell.parses[0],
    "checks at first": lambda cell: cell.checks[0],
    "checks at the end": lambda cell: cell.checks[1],
}
_ITEMS: Mapping[str, _Column] = {
    "precision": lambda cell: cell.precision,
    "recall": lambda cell: cell.recall,
    "F1": lambda cell: cell.f1,
    "says the truth": lambda cell: cell.exact,
}
_EVENTS: Mapping[str, _Column] = {
    "same events": lambda cell: cell.identical,
    "event match": lambda cell: cell.events,
    "drafts that do not run": lambda cell: cell.not_run,
}
_FAILURES: Mapping[str, _Column] = {"refused answers": lambda cell: cell.refused}


def sections(cells: Sequence[Cell]) -> list[Section]:
    """Return the tables; shares are written with their 95 % intervals."""
    made = [cell for cell in cells if cell.made]
    with_data = [cell for cell in made if cell.events is not None]
    found = [
        _section("drafts", cells, _DRAFTS),
        _section("programs", made, _PROGRAMS),
        _section("items of the truth", made, _ITEMS),
        _section("events", with_data, _EVENTS),
        *map(_by_kind, made),
        _section("evidence", made, {verdict: _count_of(verdict) for verdict in Verdict if _any_of(made, str(verdict))}),
        _section("came to nothing", cells, {**{name: _outcome(name) for name in OUTCOMES[1:]}, **_FAILURES}),
    ]
    return [section for section in found if section.rows]


def _section(title: str, cells: Sequence[Cell], columns: Mapping[str, _Column]) -> Section:
    rows = [(cell.model, cell.paper, *(str(column(cell)) for column in columns.values())) for cell in cells]
    return Section(title, ("model", "paper", *columns), rows)


def _by_kind(cell: Cell) -> Section:
    """Return the table of differences: with how many of each kind nobody is told of."""
    kinds = {**{kind: cell.differences[kind] for kind in FOUND if cell.differences[kind].of}, "all": cell.told}
    rows: list[tuple[str, ...]] = [
        (kind, str(told.of), str(told.of - told.count), str(told)) for kind, told in kinds.items()
    ]
    rows.append(("none, and flagged", str(cell.alarms.count), "", str(cell.alarms)))
    return Section(
        f"differences from the truth: {cell.model} on {cell.paper}",
        ("difference", "number", "not flagged", "share flagged"),
        rows,
    )


def _count_of(verdict: str) -> _Column:
    return lambda cell: cell.verdicts[verdict]


def _outcome(name: str) -> _Column:
    return lambda cell: cell.outcomes[name]


def _any_of(cells: Sequence[Cell], verdict: str) -> bool:
    return any(cell.verdicts[verdict] for cell in cells)


def _tokens(*counts: float | None) -> str:
    return "" if None in counts else " / ".join(_number(count, ".0f") for count in counts)


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


# ------------------------------------------------------------------ JSON


def as_json(bench: Bench, cells: Sequence[Cell], records: Sequence[Record]) -> str:
    """Return everything; the drafts themselves stand in files of their own."""
    return to_json(
        {
            "schema": SCHEMA,
            "hepsel": __version__,
            "bench": bench.data(),
            "cells": [cell.data() for cell in cells],
            "trials": [{key: value for key, value in record.items() if key != "draft"} for record in records],
        }
    )


# ------------------------------------------------------------------ pictures


def pictures(cells: Sequence[Cell]) -> dict[str, bytes]:
    """Return PNG files by their names: the scores, those of every trial, and the differences by kind."""
    return {"scores.png": _png(_scores(cells)), "differences.png": _png(_differences(cells))}


def _scores(cells: Sequence[Cell]) -> Figure:
    """Draw precision, recall, F1 and the events with their intervals, and the F1 of every trial."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(max(6.0, 2.5 + 1.6 * len(cells)), 4.8), layout="constrained")
    axes = figure.add_subplot()
    kinds: dict[str, Callable[[Cell], Share | None]] = {
        "precision": lambda cell: cell.precision,
        "recall": lambda cell: cell.recall,
        "F1": lambda cell: cell.f1,
        "event match": lambda cell: cell.events,
    }
    for number, (label, of) in enumerate(kinds.items()):
        known = [
            (place, found.value, found.low, found.high)
            for place, cell in enumerate(cells)
            if (found := of(cell)) is not None and found.value is not None
        ]
        axes.errorbar(
            [place + 0.12 * (number - 1.5) for place, *_ in known],
            [value for _, value, *_ in known],
            yerr=[
                [max(0.0, value - low) for _, value, low, _ in known],
                [max(0.0, high - value) for _, value, _, high in known],
            ],
            fmt="osD^"[number],
            capsize=3,
            label=label,
        )
    for place, cell in enumerate(cells):
        axes.plot([place + 0.32] * len(cell.scores), cell.scores, "_", color="grey", alpha=0.6)
    axes.plot([], [], "_", color="grey", label="F1 of a trial")
    axes.set_xticks(range(len(cells)), [_name(cell) for cell in cells])
    axes.set_xlim(-0.6, len(cells) - 0.4)
    axes.set_ylim(-0.02, 1.02)
    axes.set_ylabel("share, with 95 % intervals")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=5, fontsize="small", frameon=False)
    return figure


def _differences(cells: Sequence[Cell]) -> Figure:
    """Draw how many differences of each kind a draft has, those that are flagged and those that are not."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 1.2 + 2.6 * len(cells)), layout="constrained")
    grid: Any = figure.subplots(len(cells), 1, squeeze=False)
    for axes, cell in zip(grid[:, 0], cells, strict=True):
        shares = [cell.differences[kind] for kind in FOUND]
        drafts = cell.drafts.count or 1
        flagged = [told.count / drafts for told in shares]
        axes.barh(FOUND, flagged, color="tab:orange", label="flagged")
        missed = [(told.of - told.count) / drafts for told in shares]
        axes.barh(FOUND, missed, left=flagged, color="tab:red", hatch="//", label="not flagged")
        axes.invert_yaxis()
        axes.set_title(_name(cell).replace("\n", " on "), fontsize="medium")
    grid[-1, 0].set_xlabel("differences from the truth, per draft")
    grid[0, 0].legend(loc="lower right", fontsize="small")
    return figure


def _name(cell: Cell) -> str:
    # A name is text: matplotlib would take dollars for mathematics, which names cannot have.
    return f"{cell.model}\n{cell.paper}"


def _png(figure: Figure) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    stream = io.BytesIO()
    FigureCanvasAgg(figure).print_figure(stream, format="png")
    return stream.getvalue()


def draft_path(record: Record) -> Path:
    """Return where a draft stands in the folder of results."""
    return Path("drafts", record["model"], record["paper"], f"{record['number']}.hepsel")
