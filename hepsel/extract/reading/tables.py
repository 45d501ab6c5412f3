"""Tables: lines above and below, text in rows and columns between them.

The tables of papers have few lines and most have no vertical one, so rows are found from baselines and columns from
the white space that runs through them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hepsel.extract.reading.lines import Line, Segment, bars_of, join_lines
from hepsel.extract.reading.model import Cell
from hepsel.extract.reading.pdf import Bar, RawPage
from hepsel.extract.reading.scripts import GAP, Char, text_of

CAPTION = re.compile(r"(?P<kind>tab(?:le|\.)|fig(?:ure|\.))\s*(?P<number>\d+|[IVXL]+)\s*[.:|]", re.IGNORECASE)

_SHORTEST = 60.0  # points: the lines of a table are longer
_SAME = 3.0  # points: lines of one table begin and end together
_NEAR = 60.0  # points: between a table and its caption
_LEAST_HEIGHT = 15.0


@dataclass(eq=False)
class Zone:
    """The part of a page that a table takes."""

    x0: float
    y0: float
    x1: float
    y1: float
    bars: tuple[Bar, ...]
    segments: tuple[Segment, ...] = ()

    def holds(self, segment: Segment) -> bool:
        """Whether a segment stands in the zone."""
        middle = (segment.x0 + segment.x1) / 2
        return self.x0 - 2 <= middle <= self.x1 + 2 and self.y0 - 1 <= segment.base - 0.3 * segment.size <= self.y1 + 1


def caption_kind(text: str) -> str | None:
    """Return `table` or `figure` for the beginning of a caption."""
    found = CAPTION.match(text)
    return None if found is None else "table" if found["kind"].lower().startswith("tab") else "figure"


def table_zones(page: RawPage, found: Sequence[Segment]) -> list[Zone]:
    """Return the tables of a page, from top to bottom."""
    captions = [segment for segment in found if segment.glyphs[0].text in "tTfF" and caption_kind(_start(segment))]
    families: list[list[Bar]] = []
    for bar in sorted(bars_of(page, level=True), key=lambda bar: bar.y0):
        if bar.x1 - bar.x0 < _SHORTEST:
            continue
        for family in families:
            if abs(family[0].x0 - bar.x0) < _SAME and abs(family[0].x1 - bar.x1) < _SAME:
                if bar.y0 - family[-1].y0 > 1:  # some lines are drawn twice
                    family.append(bar)
                break
        else:
            families.append([bar])
    zones = []
    for family in families:
        for group in _groups(family, captions, found):
            zone = Zone(group[0].x0, group[0].y0, group[0].x1, group[-1].y1, tuple(group))
            zone.segments = tuple(segment for segment in found if zone.holds(segment))
            if _is_table(zone, captions):
                zones.append(zone)
    # Of a table within a table, as drawn by nested lines, only the outer one.
    zones = [zone for zone in zones if not any(_within(zone, other) for other in zones)]
    return sorted(zones, key=lambda zone: zone.y0)


def _start(segment: Segment) -> str:
    return "".join((" " if glyph.space else "") + glyph.text for glyph in segment.glyphs[:14])


def _groups(family: Sequence[Bar], captions: Sequence[Segment], found: Sequence[Segment]) -> Iterable[list[Bar]]:
    group: list[Bar] = []
    for bar in family:
        if group and _separated(group[-1], bar, captions, found):
            yield group
            group = []
        group.append(bar)
    yield group


def _separated(upper: Bar, lower: Bar, captions: Sequence[Segment], found: Sequence[Segment]) -> bool:
    between = [
        segment
        for segment in found
        if upper.y0 < segment.base < lower.y0 and segment.x1 > upper.x0 and segment.x0 < upper.x1
    ]
    if not between and lower.y0 - upper.y0 > _NEAR:
        return True
    if any(segment in captions for segment in between):
        return True
    width = upper.x1 - upper.x0
    prose = [segment for segment in between if segment.x1 - segment.x0 > 0.85 * width and len(segment.glyphs) > 60]
    return len(prose) > 2 and 2 * len(prose) > len(between)


def _is_table(zone: Zone, captions: Sequence[Segment]) -> bool:
    if len(zone.bars) < 2 or zone.y1 - zone.y0 < _LEAST_HEIGHT or len(zone.segments) < 4:
        return False
    named = any(
        -_NEAR < zone.y0 - caption.base < 3 * _NEAR or 0 < caption.base - zone.y1 < _NEAR
        for caption in captions
        if caption.x1 > zone.x0 and caption.x0 < zone.x1 and caption.glyphs[0].text in "tT"
    )
    rows = join_lines(zone.segments)
    return (named or len(zone.bars) > 2) and len(rows) > 1 and any(len(row.segments) > 1 for row in rows)


def _within(zone: Zone, other: Zone) -> bool:
    return (
        zone is not other
        and other.x0 - 1 <= zone.x0
        and zone.x1 <= other.x1 + 1
        and other.y0 - 1 <= zone.y0
        and zone.y1 <= other.y1 + 1
        and (other.y1 - other.y0) * (other.x1 - other.x0) > (zone.y1 - zone.y0) * (zone.x1 - zone.x0)
    )


# ------------------------------------------------------------------ rows and columns


@dataclass(eq=False)
class _Cell:
    x0: float
    x1: float
    chars: list[Char]


@dataclass(eq=False)
class _Row:
    base: float
    size: float
    cells: list[_Cell]


def table_rows(zone: Zone) -> tuple[int, list[tuple[Cell, ...]]]:
    """Return the number of columns, and the cells of every row."""
    rows = _merged(zone, [_cells(line) for line in join_lines(zone.segments)])
    columns = _columns(rows, _uprights(zone))
    return len(columns), [_placed(row, columns) for row in rows]


def _cells(line: Line) -> _Row:
    """Return the cells of a line; what the file draws with a small jump only is one cell."""
    cells: list[_Cell] = []
    for segment in line.segments:
        if cells and segment.x0 - cells[-1].x1 < 0.5 * line.size:
            space: list[Char] = [(" ", None)] if segment.x0 - cells[-1].x1 > GAP * line.size else []
            cells[-1].chars += [*space, *segment.chars]
            cells[-1].x1 = max(cells[-1].x1, segment.x1)
        else:
            cells.append(_Cell(segment.x0, segment.x1, list(segment.chars)))
    return _Row(line.base, line.size, cells)


def cells_apart(line: Line) -> list[tuple[float, float, int]]:
    """Return left and right edge, and number of characters, of the cells that a line has if it is a row."""
    return [(cell.x0, cell.x1, len(cell.chars)) for cell in _cells(line).cells]


def _merged(zone: Zone, rows: list[_Row]) -> list[_Row]:
    """Put a cell's second line to its first: a line of one cell, right below, that does not begin at the left."""
    merged: list[_Row] = []
    base = 0.0  # of the last line, whichever row it went to
    left = min((row.cells[0].x0 for row in rows), default=zone.x0)
    for row in rows:
        near = row.base - base < 1.4 * row.size
        divided = any(base < bar.y0 < row.base for bar in zone.bars)
        base = row.base
        if merged and near and not divided and len(row.cells) == 1 and row.cells[0].x0 > left + row.size:
            cell = row.cells[0]
            above = [held for held in merged[-1].cells if held.x0 < cell.x1 and cell.x0 < held.x1]
            if len(above) == 1:
                above[0].chars += [(" ", None), *cell.chars]
                above[0].x0, above[0].x1 = min(above[0].x0, cell.x0), max(above[0].x1, cell.x1)
                continue
        merged.append(row)
    return merged


def _uprights(zone: Zone) -> list[float]:
    page = zone.segments[0].page
    found = {
        round(bar.x0)
        for bar in bars_of(page, level=False)
        if zone.x0 - 2 < bar.x0 < zone.x1 + 2 and bar.y0 < zone.y1 and bar.y1 > zone.y0 and bar.y1 - bar.y0 > 5
    }
    return [float(place) for place in sorted(found)]


def _columns(rows: Sequence[_Row], uprights: Sequence[float]) -> list[tuple[float, float]]:
    """Return the ranges of the columns, from the rows that have the most cells.

    A row with fewer cells has some that cover several columns, or none in some; its cells count only where they
    meet no column at all.
    """
    columns: list[tuple[float, float]] = []
    for row in sorted(rows, key=lambda row: -len(row.cells)):
        for cell in row.cells:
            met = [column for column in columns if column[0] < cell.x1 and cell.x0 < column[1]]
            if not met:
                columns.append((cell.x0, cell.x1))
            elif len(met) == 1:
                wider = (min(met[0][0], cell.x0), max(met[0][1], cell.x1))
                if not any(other != met[0] and other[0] < wider[1] and wider[0] < other[1] for other in columns):
                    columns[columns.index(met[0])] = wider
    columns.sort()
    if len(uprights) > 2:
        # Where the table draws its columns, they are what it says.
        drawn = list(pairwise(uprights))
        if all(any(a - 2 <= x0 and x1 <= b + 2 for a, b in drawn) for x0, x1 in columns):
            return drawn
    return columns


def _placed(row: _Row, columns: Sequence[tuple[float, float]]) -> tuple[Cell, ...]:
    cells = []
    for cell in row.cells:
        met = [index for index, (x0, x1) in enumerate(columns) if x0 < cell.x1 and cell.x0 < x1]
        text = text_of(cell.chars)
        cells.append(Cell(text, met[0], met[-1] - met[0] + 1, tuple(box for _, box in cell.chars)))
    return tuple(cells)
