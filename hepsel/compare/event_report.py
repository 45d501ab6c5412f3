"""What the events say of a comparison, for tables and as data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hepsel.compare.events import Disagreement, EventReport, Filled, Measured, Moved, RegionTable
from hepsel.compare.sections import Section, cells
from hepsel.compare.verdicts import Comparison
from hepsel.syntax.diagnostics import printable

_NAMED = 2
"""What is filled and named, of one difference."""


def effect_cells(*measured: Measured) -> tuple[str, ...]:
    """Return the cells on what a difference does alone, and given all others; empty where there is no difference."""
    return tuple(map(_effect, measured)) if measured else ("", "")


def _effect(measured: Measured) -> str:
    effect = measured.effect
    if not effect.possible:
        return printable(f"cannot be applied alone: {effect.reason}")
    if effect.reason is not None:
        return f"moves no event: {effect.reason}"
    lines = [f"moves {_counted(measured.events, 'event')}"] if measured.events else []
    lines += [_moved(moved) for moved in measured.regions if moved.gained or moved.lost]
    if measured.weights:
        lines.append(f"changes the weight of {_counted(measured.weights, 'event')}")
    if measured.bins.events:
        lines.append(f"changes the bins of {_counted(measured.bins.events, 'event')}")
    if measured.fills.events:
        lines.append(_filled(measured.fills))
    if measured.effect.sums:
        lines.append("changes the sums of weights in the cutflow")
    lines = lines or ["moves no event"]
    lines += [f"{_moved(moved)} items" for moved in measured.items if moved.gained or moved.lost]
    return "\n".join(printable(line) for line in lines)


def _filled(filled: Filled) -> str:
    names, more = filled.names[:_NAMED], len(filled.names) - _NAMED
    listed = ", ".join((*names, f"{more} more") if more > 0 else names)
    return f"changes what {_counted(filled.events, 'event')} fill{'s' if filled.events == 1 else ''}: {listed}"


def _counted(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count in (0, 1) else 's'}"


def _moved(moved: Moved) -> str:
    return f"{moved.name}: +{moved.gained} -{moved.lost}"


def event_sections(comparison: Comparison, report: EventReport) -> list[Section]:
    """Return the tables on events: counts by region, and the first events of each disagreement."""
    first, second = comparison.names
    counts = [
        (
            _name(table),
            *map(str, (table.both, table.only_first, table.only_second, table.neither)),
        )
        for table in report.tables
    ]
    sections = [Section("events", ("region", "both", f"only {first}", f"only {second}", "neither"), counts)]
    if report.shown:
        rows = [_disagreement(event) for event in report.shown]
        columns = (
            "region",
            "selected by",
            *report.shown[0].identifiers,
            "lost at",
            "moved alone by",
            "given the others",
        )
        sections.append(Section("first events of the disagreement", columns, rows))
    return [section for section in sections if section.rows]


def _name(table: RegionTable) -> str:
    return table.first if table.first == table.second else f"{table.first} / {table.second}"


def _disagreement(event: Disagreement) -> tuple[str, ...]:
    return cells(
        (
            event.region,
            event.selected_by,
            *(event.identifiers.values() or (event.file, event.entry)),
            f"{event.criterion} ({event.label})",
            "\n".join(event.alone) or "none",
            "\n".join(event.given) or "none",
        )
    )


def event_lines(comparison: Comparison, report: EventReport) -> list[str]:
    """Return the lines behind the tables."""
    idle = sum(measured.is_idle for measured, _ in report.effects)
    without = f"; {idle} of {len(report.effects)} differences change no event alone" if idle else ""
    lines = [f"{_counted(report.events, 'event')} read{without}"]
    lines += [
        "the comparison is wrong here, please report it: the programs disagree on "
        f"{_counted(table.only_first + table.only_second, 'event')} of {_name(table)}, and no difference explains it"
        for table in report.unexplained
    ]
    if not report.tables:
        lines.append("no region has a counterpart: there are no events to compare")
    paired = [{name for pair in comparison.matching.pairs for name in pair[side : side + 1]} for side in (0, 1)]
    for side, program in enumerate((comparison.first, comparison.second)):
        only = [region for region in program.regions if region not in paired[side]]
        if only:
            lines.append(f"only {comparison.names[side]} has the regions {', '.join(only)}")
    return lines


def effect_data(alone: Measured, given: Measured) -> dict[str, Any]:
    """Return what a difference does, as plain data."""
    return {"alone": _effect_data(alone), "given_others": _effect_data(given)}


def _effect_data(measured: Measured) -> dict[str, Any]:
    return {
        "possible": measured.effect.possible,
        "reason": measured.effect.reason,
        "events": measured.events if measured.effect.possible else None,
        "regions": _moves(measured.regions),
        "items": _moves(measured.items),
        "weights": measured.weights if measured.effect.weights else None,
        "sums": measured.effect.sums,
        "bins": measured.bins.events if measured.effect.possible else None,
        "fills": measured.fills.events if measured.effect.possible else None,
        "filled": list(measured.fills.names),
    }


def _moves(moves: Iterable[Moved]) -> list[dict[str, Any]]:
    return [{"name": moved.name, "gained": moved.gained, "lost": moved.lost} for moved in moves]


def event_data(report: EventReport) -> dict[str, Any]:
    """Return the counts by region, and the first events of the disagreement, as plain data."""
    return {
        "events": report.events,
        "regions": [
            {
                "first": table.first,
                "second": table.second,
                "both": table.both,
                "only_first": table.only_first,
                "only_second": table.only_second,
                "neither": table.neither,
            }
            for table in report.tables
        ],
        "disagreement": [event.row() for event in report.shown],
        "unexplained": [[table.first, table.second] for table in report.unexplained],
    }
