"""Tables without lines, or with one only: rows under or over a caption, whose cells stand in columns.

White space alone would make tables of many things, so that only what a caption calls a table is taken for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hepsel.extract.reading.lines import Line
from hepsel.extract.reading.tables import Zone, caption_kind, cells_apart

_FEWEST_ROWS = 3  # with a head
_ROW_GAP = 2.6  # of the font size: rows further apart belong to different things
_CAPTION_GAP = 4.0
_CAPTION_LINES = 1.7
_LONGEST_CAPTION = 8  # lines
_LONGEST_CELL = 60  # characters


def unruled_zones(columns: Iterable[Sequence[Line]], zones: Sequence[Zone]) -> list[Zone]:
    """Return the tables of a page that no lines show.

    Parameters
    ----------
    columns
        The lines of each column, from top to bottom.
    zones
        The tables that are known.
    """
    found: list[Zone] = []
    for lines in columns:
        for place, line in enumerate(lines):
            if caption_kind(line.text) != "table" or any(_belongs(line, zone) for zone in (*zones, *found)):
                continue
            rows = _below(lines, place) or _above(lines, place)
            if rows:
                found.append(_zone(rows))
    return found


def _belongs(caption: Line, zone: Zone) -> bool:
    """Whether a table that is known is the one of a caption."""
    near = _LONGEST_CAPTION * 1.3 * caption.size
    beside = caption.x0 < zone.x1 and zone.x0 < caption.x1
    return beside and (0 < zone.y0 - caption.base < near or 0 < caption.base - zone.y1 < near)


def _below(lines: Sequence[Line], caption: int) -> list[Line]:
    size = lines[caption].size
    start = caption + 1
    while start < len(lines) and start - caption <= _LONGEST_CAPTION and not _is_row(lines[start]):
        if lines[start].base - lines[start - 1].base > _CAPTION_LINES * size:
            return []
        start += 1
    if start == len(lines) or lines[start].base - lines[start - 1].base > _CAPTION_GAP * size:
        return []
    return _run(lines[start:])


def _above(lines: Sequence[Line], caption: int) -> list[Line]:
    if not caption or lines[caption].base - lines[caption - 1].base > _CAPTION_GAP * lines[caption].size:
        return []
    return _run(lines[:caption][::-1])[::-1]


def _run(lines: Sequence[Line]) -> list[Line]:
    """Return the lines at the beginning that are the rows of a table, or nothing where they are none."""
    rows: list[Line] = []
    for line in lines:
        apart = bool(rows) and abs(line.base - rows[-1].base) > _ROW_GAP * max(line.size, rows[-1].size)
        if apart or not (_is_row(line) or (rows and _is_part_of_row(line, rows))):
            break
        rows.append(line)
    while rows and not _is_row(rows[-1]):
        rows.pop()
    return rows if _in_columns([line for line in rows if _is_row(line)]) else []


def _is_row(line: Line) -> bool:
    cells = cells_apart(line)
    return len(cells) > 1 and all(length <= _LONGEST_CELL for _, _, length in cells)


def _is_part_of_row(line: Line, rows: Sequence[Line]) -> bool:
    """Whether a line of one cell goes on with the cell above it, which is not the first of its row."""
    left, right = min(row.x0 for row in rows), max(row.x1 for row in rows)
    return line.x0 > left + line.size and line.x1 < right + line.size


def _in_columns(rows: Sequence[Line]) -> bool:
    """Whether the cells of rows stand in columns: most rows have as many, and no other column is touched."""
    if len(rows) < _FEWEST_ROWS:
        return False
    cells = [cells_apart(row) for row in rows]
    count = max(map(len, cells))
    whole = [row for row in cells if len(row) == count]
    if 2 * len(whole) < len(rows):
        return False
    spans = [(min(row[n][0] for row in whole), max(row[n][1] for row in whole)) for n in range(count)]
    return all(spans[n][1] < spans[n + 1][0] for n in range(count - 1))


def _zone(rows: Sequence[Line]) -> Zone:
    held = tuple(segment for row in rows for segment in row.segments)
    return Zone(
        min(segment.x0 for segment in held),
        min(segment.y0 for segment in held),
        max(segment.x1 for segment in held),
        max(segment.y1 for segment in held),
        (),
        held,
    )
