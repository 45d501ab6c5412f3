"""From the lines of a page to its parts, in reading order: text, headings, captions, footnotes, tables.

A page has one column or several. With several, the text runs down one after the other, from the left, between any two
things that reach over more than one: a title, a wide table, a figure's caption.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from hepsel.extract.reading.columns import by_column, gutters
from hepsel.extract.reading.fractions import with_fractions
from hepsel.extract.reading.lines import Line, Segment, bars_of, join_lines, segments
from hepsel.extract.reading.margins import without_line_numbers
from hepsel.extract.reading.pdf import Bar, RawPage
from hepsel.extract.reading.tables import Zone, table_zones
from hepsel.extract.reading.unruled import unruled_zones

PartKind = Literal["text", "heading", "caption", "footnote", "table", "label"]

_PARAGRAPH = 1.7  # of the font size: lines further apart belong to different blocks
_FORMULA_GAP = 4.0  # of the font size, from the text to a formula that stands apart
_MARGIN = 0.12  # of the page: where running heads and page numbers stand
_BOLD = re.compile(r"bold|black|heavy|demi|-?medi(?!um)|bx\d|-bd|semib|txb", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:(?:\d+(?:\.\d+)*|[A-Z]|[IVX]+)\.?\s+|(?:Appendix|Annex)\b)\S")
_HEADING_LENGTH = 160
_PAGE_NUMBER = re.compile(r"[-\s]*(?:page\s*)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:/|of)\s*\d+)?[-\s]*", re.IGNORECASE)


@dataclass(eq=False)
class Part:
    """A block of a page: lines that belong together, or a table.

    `column` says where it stands: 0 over several columns, otherwise in this one, counted from 1.
    """

    kind: PartKind
    page: int
    column: int
    lines: tuple[Line, ...]
    zone: Zone | None = None

    @property
    def size(self) -> float:
        """The font size of the first line."""
        return self.lines[0].size

    def all_lines(self) -> Sequence[Line]:
        """Return the lines, of a table too."""
        return self.lines if self.zone is None else join_lines(self.zone.segments)

    @property
    def y0(self) -> float:
        """The upper edge."""
        return self.zone.y0 if self.zone is not None else self.lines[0].base

    @property
    def y1(self) -> float:
        """The lower edge."""
        return self.zone.y1 if self.zone is not None else self.lines[-1].base


def layout(pages: Sequence[RawPage]) -> list[Part]:
    """Return the parts of all pages, in reading order, without running heads and page numbers."""
    drafts = [_Draft(page) for page in pages]
    body = _body_style(drafts)
    heads = _running_heads(drafts)
    return [part for draft in drafts for part in draft.parts(body, heads)]


class _Draft:
    """A page on its way from lines to parts."""

    def __init__(self, page: RawPage) -> None:
        self.page = page
        found = without_line_numbers(segments(page))
        self.zones = table_zones(page, found)
        taken = {id(segment) for zone in self.zones for segment in zone.segments}
        figures = [bar for bar in page.figures if _is_figure(bar, page)]
        rest = [segment for segment in found if id(segment) not in taken and not _in_figure(segment, figures)]
        rest = with_fractions(page, rest)
        self.gutters = gutters(rest, 0.0, page.width)
        self.columns = [join_lines(held) for held in by_column(rest, self.gutters)]
        unruled = unruled_zones(self.columns, self.zones)
        taken = {id(segment) for zone in unruled for segment in zone.segments}
        self.columns = [[line for line in column if id(line.segments[0]) not in taken] for column in self.columns]
        self.zones = sorted([*self.zones, *unruled], key=lambda zone: zone.y0)

    @property
    def lines(self) -> Iterable[Line]:
        return (line for column in self.columns for line in column)

    def edge_lines(self) -> list[Line]:
        """Return the lines in the margins at the top and the bottom of the page."""
        top, bottom = _MARGIN * self.page.height, (1 - _MARGIN) * self.page.height
        return [line for line in self.lines if line.base < top or line.base > bottom]

    def parts(self, body: _Style, heads: frozenset[str]) -> list[Part]:
        edges = set(map(id, self._furniture(heads)))
        columns = [[line for line in column if id(line) not in edges] for column in self.columns]
        blocks = [part for column, lines in enumerate(columns) for part in self._blocks(column, lines, body)]
        blocks += [Part("table", self.page.number, self._column_of(zone), (), zone) for zone in self.zones]
        return _in_order(blocks, self._dividers())

    def _dividers(self) -> list[float]:
        """Return where lines are drawn across columns."""
        return [
            bar.y0
            for bar in bars_of(self.page, level=True)
            if any(bar.x0 < gutter - 40 and bar.x1 > gutter + 40 for gutter in self.gutters)
            if not any(zone.y0 - 1 <= bar.y0 <= zone.y1 + 1 for zone in self.zones)
        ]

    def _furniture(self, heads: frozenset[str]) -> Iterable[Line]:
        level = [bar for bar in bars_of(self.page, level=True) if bar.x1 - bar.x0 > 0.4 * self.page.width]
        for line in self.edge_lines():
            text = line.text
            at_top = line.base < _MARGIN * self.page.height and len(text) < 120 and not _CAPTION_START.match(text)
            # A running head stands on a line that is drawn across the page.
            underlined = at_top and any(0 < bar.y0 - line.base < 1.2 * line.size for bar in level)
            if underlined or _PAGE_NUMBER.fullmatch(text) or _head_key(text) in heads:
                yield line

    def _column_of(self, zone: Zone) -> int:
        if not self.gutters or any(zone.x0 < gutter - 12 and zone.x1 > gutter + 12 for gutter in self.gutters):
            return 0
        return 1 + sum(zone.x1 >= gutter + 12 for gutter in self.gutters)

    def _blocks(self, column: int, lines: Sequence[Line], body: _Style) -> Iterable[Part]:
        rule = self._footnote_rule(lines, body)
        blocks: list[list[Line]] = []
        for line in lines:
            if not blocks or self._breaks(blocks[-1], line, rule):
                blocks.append([])
            blocks[-1].append(line)
        last: Part | None = None
        for block in blocks:
            last = self._classified(column, block, body, rule, last)
            yield last

    def _breaks(self, block: Sequence[Line], line: Line, rule: float | None) -> bool:
        last = block[-1]
        if abs(line.size - last.size) > 0.6 and abs(line.size - block[0].size) > 0.6:
            return True
        if line.base - last.base > _PARAGRAPH * max(line.size, last.size):
            return True
        if rule is not None and last.base < rule < line.base:
            return True
        if any(last.base < zone.y0 < line.base for zone in self.zones):
            return True
        if _CAPTION_START.match(line.text):
            return True
        # A bold line within the text is a heading; `_classified` looks at blocks.
        return _is_bold(line) != _is_bold(last)

    def _footnote_rule(self, lines: Sequence[Line], body: _Style) -> float | None:
        if not lines:
            return None
        left = min(line.x0 for line in lines)
        width = max(line.x1 for line in lines) - left
        found = None
        for bar in bars_of(self.page, level=True):
            if not (20 < bar.x1 - bar.x0 < 0.65 * width and abs(bar.x0 - left) < 15):
                continue
            below = [line for line in lines if line.base > bar.y0]
            if bar.y0 > 0.3 * self.page.height and below and all(line.size < body.size - 0.3 for line in below):
                found = bar.y0 if found is None else min(found, bar.y0)
        return found

    def _classified(self, column: int, block: list[Line], body: _Style, rule: float | None, last: Part | None) -> Part:
        number = self.page.number
        text = block[0].text
        if rule is not None and block[0].base > rule:
            kind: PartKind = "footnote"
        elif _CAPTION_START.match(text):
            kind = "caption"
        elif all(_is_contents(line) for line in block):
            kind = "label"
        elif _is_heading(block, body):
            kind = "heading"
        elif _is_prose(block, body) or (last is not None and _is_set_apart(block, last)):
            kind = "text"
        else:
            kind = "label"
        return Part(kind, number, column, tuple(block))


_CAPTION_START = re.compile(r"(?:Table|TABLE|Figure|FIGURE|Fig\.|FIG\.)\s*(?:\d+|[IVXL]+)\s*[.:|]\s*\S")


def _is_figure(bar: Bar, page: RawPage) -> bool:
    wide, high = bar.x1 - bar.x0, bar.y1 - bar.y0
    return wide > 40 and high > 40 and wide * high < 0.6 * page.width * page.height


def _in_figure(segment: Segment, figures: Iterable[Bar]) -> bool:
    middle, height = (segment.x0 + segment.x1) / 2, segment.base - 0.3 * segment.size
    return any(bar.x0 <= middle <= bar.x1 and bar.y0 <= height <= bar.y1 for bar in figures)


def _in_order(parts: Iterable[Part], dividers: Iterable[float]) -> list[Part]:
    """Return the parts as they are read: what reaches over several columns divides what stands in them."""
    waiting = sorted((part for part in parts if part.column), key=lambda part: part.y0, reverse=True)
    wide = [(part.y0, part) for part in parts if not part.column]
    ordered: list[Part] = []
    for height, part in sorted([*wide, *((height, None) for height in dividers)], key=lambda held: held[0]):
        above = []
        while waiting and waiting[-1].y0 < height:
            above.append(waiting.pop())
        ordered += sorted(above, key=lambda part: (part.column, part.y0))
        if part is not None:
            ordered.append(part)
    ordered += sorted(waiting, key=lambda part: (part.column, part.y0))
    # Footnotes belong to the whole page.
    return [part for part in ordered if part.kind != "footnote"] + [part for part in ordered if part.kind == "footnote"]


# ------------------------------------------------------------------ what a block is


@dataclass(frozen=True, slots=True)
class _Style:
    """How most of a paper is printed: font size, and the beginning of the font's name."""

    size: float
    family: str


def _family(font: str) -> str:
    return font[:2].lower()


def _body_style(drafts: Iterable[_Draft]) -> _Style:
    styles: Counter[_Style] = Counter()
    for draft in drafts:
        for line in draft.lines:
            style = _Style(round(line.size, 1), _family(line.font))
            styles[style] += sum(len(segment.glyphs) for segment in line.segments)
    return max(styles, key=lambda style: (styles[style], style.size)) if styles else _Style(10.0, "")


def _head_key(text: str) -> str:
    return re.sub(r"\W|\d", "", text).lower()


def _running_heads(drafts: Iterable[_Draft]) -> frozenset[str]:
    """Return what stands at the edge of three pages or more, numbers aside."""
    counts: Counter[str] = Counter()
    for draft in drafts:
        counts.update({_head_key(line.text) for line in draft.edge_lines()})
    return frozenset(key for key, count in counts.items() if count > 2 and key)


def _is_contents(line: Line) -> bool:
    """Whether it is a line of a table of contents: it ends in a page number, far from the text."""
    last = line.segments[-1]
    if len(line.segments) < 2 or not "".join(glyph.text for glyph in last.glyphs).isdigit():
        return "....." in line.text.replace(" ", "")
    return last.x0 - line.segments[-2].x1 > 2 * line.size


def _is_bold(line: Line) -> bool:
    return _BOLD.search(line.font) is not None


def _is_heading(block: Sequence[Line], body: _Style) -> bool:
    text = " ".join(line.text for line in block)
    if len(text) > _HEADING_LENGTH or len(block) > 3 or not re.search(r"[A-Za-z]{3}", text):
        return False
    if text.rstrip().endswith((".", ",", ";", ":")) and not text.isupper():
        return False
    large = block[0].size > body.size + 0.8
    return (_is_bold(block[0]) and (large or block[0].size > body.size - 1.5)) or (
        large and _NUMBERED.match(text) is not None
    )


def _is_set_apart(block: Sequence[Line], last: Part) -> bool:
    """Whether it is a formula that stands apart in a text, printed as the text before it."""
    line, before = block[0], last.lines[-1]
    return (
        last.kind == "text"
        and abs(line.size - before.size) < 0.3
        and _family(line.font) == _family(before.font)
        and line.base - before.base < _FORMULA_GAP * line.size
        and re.search("[=<>≤≥→~≈]", line.text) is not None
    )


def _is_prose(block: Sequence[Line], body: _Style) -> bool:
    """Whether it is text, and not a label of a figure."""
    if abs(block[0].size - body.size) < 0.7 and any(_family(line.font) == body.family for line in block):
        return True
    words = " ".join(line.text for line in block).split()
    plain = [word for word in words if re.fullmatch(r"\W*[A-Za-z]?[a-z]+\W*", word)]
    return len(plain) >= 4 * len(block) and 2 * len(plain) > len(words)
