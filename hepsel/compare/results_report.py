"""Results against results, for tables and as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hepsel.compare.cutflows import CountRow, Cutflows
from hepsel.compare.event_lists import Match, repeated_line
from hepsel.compare.near import Near
from hepsel.compare.sections import Section, cells

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class OddEvent:
    """An event that only one side has.

    Attributes
    ----------
    region
        Of which region.
    where
        `here` or `there`.
    run, event
        Which event.
    criterion, label
        Where the other side lost it; empty where that is not known.
    near
        The criteria here that decide it within the tolerance.
    """

    region: str
    where: str
    run: int
    event: int
    criterion: str = ""
    label: str = ""
    near: tuple[str, ...] = ()

    def row(self) -> dict[str, int | str]:
        """Return it as a row of a table."""
        return {
            "region": self.region,
            "only": self.where,
            "run": self.run,
            "event": self.event,
            "criterion": self.criterion,
            "label": self.label,
            "near": "; ".join(self.near),
        }


ODD_COLUMNS = {
    "region": "text",
    "only": "text",
    "run": "int",
    "event": "int",
    "criterion": "text",
    "label": "text",
    "near": "text",
}
NEAR_COLUMNS = {"criterion": "text", "label": "text", "run": "int", "event": "int"}


@dataclass
class Results:
    """All that a comparison of results found.

    Attributes
    ----------
    names
        How the two sides are called.
    matches
        For each region its events.
    odd
        The events that only one side has.
    cutflows
        Numbers of events against others.
    near
        The events near the bound of a criterion; `None` where that was not asked.
    remarks
        What else is to be said.
    """

    names: tuple[str, str | None]
    matches: list[Match] = field(default_factory=list)
    odd: list[OddEvent] = field(default_factory=list)
    cutflows: Cutflows | None = None
    near: list[Near] | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def same(self) -> bool:
        """Whether both sides say the same."""
        return all(match.same for match in self.matches) and (self.cutflows is None or self.cutflows.same)


def sections(results: Results) -> list[Section]:
    """Return the tables."""
    found = []
    if results.matches:
        rows = [
            (match.region, *map(str, (match.matched, len(match.only_here), len(match.only_there))))
            for match in results.matches
        ]
        found.append(Section("events", ("region", "matched", "only here", "only there"), rows))
    if results.odd:
        columns = ("region", "only", "run", "event", "lost at", *(("near",) if results.near is not None else ()))
        shown = [_odd(event, with_near=results.near is not None) for event in _first(results.odd)]
        found.append(Section("first events that only one side has", columns, shown))
    if results.cutflows is not None and results.cutflows.rows:
        columns = ("region", "criterion", "here", "there", "difference", "percent", "pull")
        found.append(Section("numbers of events", columns, [_count(row) for row in results.cutflows.rows]))
    if results.near is not None:
        found.append(_near(results.near))
    return [section for section in found if section.rows]


def _first(odd: Sequence[OddEvent]) -> list[OddEvent]:
    counts: dict[tuple[str, str], int] = {}
    shown = []
    for event in odd:
        key = event.region, event.where
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= _SHOWN:
            shown.append(event)
    return shown


def _odd(event: OddEvent, *, with_near: bool) -> tuple[str, ...]:
    lost = f"{event.criterion} ({event.label})" if event.label and event.criterion else event.label or event.criterion
    near = ("\n".join(event.near) or "none",) if with_near else ()
    return cells((event.region, event.where, event.run, event.event, lost or "not known", *near))


def _count(row: CountRow) -> tuple[str, ...]:
    there = row.there
    if there.up is None:
        published = f"{there.value:.6g}"
    elif there.up == there.down:
        published = f"{there.value:.6g} ± {there.up:.3g}"
    else:
        published = f"{there.value:.6g} + {there.up:.3g} - {there.down:.3g}"
    published += f" ({there.sample})" if there.sample else ""
    percent = "" if row.percent is None else f"{row.percent:+.2f} %"
    pull = "" if row.pull is None else f"{row.pull:+.2f}"
    here = f"{row.here:.6g} ± {row.error:.3g}"
    return cells((row.region, row.label, here, published, f"{row.difference:+.6g}", percent, pull))


def _near(near: Sequence[Near]) -> Section:
    counts: dict[tuple[str, str], int] = {}
    for event in near:
        counts[event.criterion, event.label] = counts.get((event.criterion, event.label), 0) + 1
    rows = [cells((criterion, label, count)) for (criterion, label), count in counts.items()]
    return Section("events near the bound of a criterion", ("criterion", "label", "events"), rows)


def lines(results: Results) -> list[str]:
    """Return the lines behind the tables."""
    found = [f"here: {results.names[0]}"]
    found += [f"there: {results.names[1]}"] if results.names[1] is not None else []
    for match in results.matches:
        found += [line for line in (repeated_line(match.here), repeated_line(match.there)) if line is not None]
    if results.cutflows is not None:
        found += _listed("not here", results.cutflows.only_there)
        found += _listed("nothing to compare with", results.cutflows.only_here)
    if results.near is not None:
        found.append(f"{len({(n.run, n.event) for n in results.near})} events are near the bound of a criterion")
    found += results.remarks
    found.append("what was compared is the same" if results.same else "there are differences")
    return [cells((line,))[0].replace("\n", " ") for line in found]


def _listed(what: str, names: Sequence[tuple[str, str]]) -> list[str]:
    by_region: dict[str, list[str]] = {}
    for region, name in names:
        by_region.setdefault(region, []).append(name)
    return [f"{what}{f', {region}' if region else ''}: {', '.join(found)}" for region, found in by_region.items()]


def as_data(results: Results) -> dict[str, Any]:
    """Return the results as plain data."""
    return {
        "here": results.names[0],
        "there": results.names[1],
        "same": results.same,
        "regions": [_match_data(match) for match in results.matches],
        "only_one_side": [event.row() for event in results.odd],
        "cutflows": None if results.cutflows is None else _cutflow_data(results.cutflows),
        "near": None
        if results.near is None
        else [{"criterion": n.criterion, "label": n.label, "run": n.run, "event": n.event} for n in results.near],
        "remarks": results.remarks,
    }


def _match_data(match: Match) -> dict[str, Any]:
    def repeated(events: Sequence[tuple[int, int, int]]) -> list[Mapping[str, int]]:
        return [{"run": run, "event": event, "times": times} for run, event, times in events]

    return {
        "region": match.region,
        "matched": match.matched,
        "only_here": len(match.only_here),
        "only_there": len(match.only_there),
        "repeated_here": repeated(match.here.repeated),
        "repeated_there": repeated(match.there.repeated),
    }


def _cutflow_data(cutflows: Cutflows) -> dict[str, Any]:
    return {
        "rows": [
            {
                "region": row.region, "id": row.id, "label": row.label, "here": row.here, "error": row.error,
                "there": row.there.value, "there_up": row.there.up, "there_down": row.there.down,
                "sample": row.there.sample, "difference": row.difference, "percent": row.percent, "pull": row.pull,
            }
            for row in cutflows.rows
        ],
        "only_here": [{"region": region, "name": name} for region, name in cutflows.only_here],
        "only_there": [{"region": region, "name": name} for region, name in cutflows.only_there],
    }  # fmt: skip
