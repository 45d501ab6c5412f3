"""From the characters of a page to its lines.

A file draws the characters of a word, and mostly of a line, one after the other. What is drawn without a jump is a
*segment*: a piece of a line, a cell of a table, a label of a figure. Segments on one baseline in one column form a
*line*.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from hepsel.extract.reading.glyphs import ACCENTS
from hepsel.extract.reading.pdf import Bar, Glyph, RawPage
from hepsel.extract.reading.scripts import SMALLER, Char, text_of, typeset

_JUMP = 0.9  # of the font size: a wider gap begins a new segment
_LONGEST_UNDERSCORE = 8.0  # points
_COMBINING = frozenset(ACCENTS.values())


@dataclass(eq=False)
class Segment:
    """Characters that the file draws one after the other, from left to right."""

    page: RawPage
    glyphs: list[Glyph]
    base: float
    size: float
    x0: float
    x1: float
    edge: float  # right edge of the last character that is no script
    based: bool  # whether the baseline is known: a root or a large bracket has none

    @classmethod
    def of(cls, page: RawPage, glyph: Glyph) -> Segment:
        """Return the segment that begins with a glyph."""
        base = glyph.y1 - 0.25 * glyph.size if glyph.hanging else glyph.base
        return cls(page, [glyph], base, glyph.size, glyph.x0, glyph.x1, glyph.x1, not glyph.hanging)

    def accepts(self, glyph: Glyph) -> bool:
        """Whether a glyph goes on where the segment ends."""
        size = max(self.size, glyph.size)
        if glyph.x0 - self.x1 > _JUMP * size:
            return False
        last = self.glyphs[-1]
        if glyph.text in _COMBINING or last.text in _COMBINING:
            return glyph.x1 > self.x0 and abs(glyph.base - self.base) < 1.2 * size
        small = glyph.size < SMALLER * self.size
        back = self.edge if small else self.x1
        if glyph.x0 < back - 0.45 * size:
            return False
        if glyph.hanging:
            return glyph.y0 < self.base and glyph.y1 > self.base - 0.5 * size
        shift = glyph.base - self.base
        if last.hanging and len(self.glyphs) == 1:
            return glyph.base > last.y0 and glyph.base - glyph.size < last.y1
        if small:
            return -0.95 * size < shift < 0.6 * size
        if self.size < SMALLER * glyph.size:
            if glyph.x0 - self.x1 > 0.5 * size and abs(shift) < 0.1 * size and self._is_number():
                return False  # the number of a line, beside a heading
            return abs(shift) < 0.6 * size
        return abs(shift) < 0.2 * size

    def _is_number(self) -> bool:
        return all(glyph.text.isdecimal() for glyph in self.glyphs)

    def add(self, glyph: Glyph) -> None:
        """Append a glyph."""
        self.glyphs.append(glyph)
        if glyph.x0 < self.x0:
            self.x0 = glyph.x0
        if glyph.x1 > self.x1:
            self.x1 = glyph.x1
        if not glyph.hanging and (not self.based or glyph.size > self.size / SMALLER):
            self.base, self.size, self.based = glyph.base, glyph.size, True
        if glyph.x1 > self.edge and (glyph.hanging or glyph.size >= SMALLER * self.size):
            self.edge = glyph.x1

    @cached_property
    def chars(self) -> list[Char]:
        """The text, with the place of every character."""
        return typeset(self.glyphs, self.base, self.size, self.page.number, self.page.lines)

    @property
    def y0(self) -> float:
        """The upper edge of the letters."""
        return self.base - 0.8 * self.size

    @property
    def y1(self) -> float:
        """The lower edge of the letters."""
        return self.base + 0.25 * self.size


def segments(page: RawPage) -> list[Segment]:
    """Return the segments of a page, in the order of the file."""
    found: list[Segment] = []
    for glyph in page.glyphs:
        if found and found[-1].accepts(glyph):
            found[-1].add(glyph)
        else:
            found.append(Segment.of(page, glyph))
    _add_underscores(page, found)
    return found


def _add_underscores(page: RawPage, found: list[Segment]) -> None:
    """Put in the underscores, which TeX draws as lines: `lep_n`."""
    bars = [bar for bar in page.lines if 1 < bar.x1 - bar.x0 < _LONGEST_UNDERSCORE and bar.y1 - bar.y0 < 1]
    for segment in found if bars else ():
        for bar in bars:
            if not -0.05 * segment.size < (bar.y0 + bar.y1) / 2 - segment.base < 0.25 * segment.size:
                continue
            slack = 0.1 * segment.size
            for place, (before, after) in enumerate(pairwise(segment.glyphs), start=1):
                if before.x1 - slack < bar.x0 and bar.x1 < after.x0 + slack and abs(before.base - after.base) < 0.1:
                    mark = before._replace(text="_", x0=bar.x0, x1=bar.x1, space=False, soft=False)
                    segment.glyphs.insert(place, mark)
                    break


@dataclass(eq=False)
class Line:
    """Segments on one baseline in one column, from left to right."""

    segments: list[Segment]

    @cached_property
    def size(self) -> float:
        """The font size in which most of it is printed, scripts aside."""
        counts: dict[float, int] = {}
        for segment in self.segments:
            for glyph in segment.glyphs:
                if not glyph.hanging and glyph.size >= SMALLER * segment.size:
                    key = round(glyph.size, 1)
                    counts[key] = counts.get(key, 0) + 1
        return max(counts, key=lambda size: (counts[size], size)) if counts else self.segments[0].size

    @cached_property
    def base(self) -> float:
        """The baseline."""
        return max(self.segments, key=lambda segment: (segment.size, len(segment.glyphs))).base

    @cached_property
    def x0(self) -> float:
        """The left edge."""
        return min(segment.x0 for segment in self.segments)

    @cached_property
    def x1(self) -> float:
        """The right edge."""
        return max(segment.x1 for segment in self.segments)

    @property
    def page(self) -> RawPage:
        """The page."""
        return self.segments[0].page

    @cached_property
    def chars(self) -> list[Char]:
        """The text, with the place of every character."""
        text: list[Char] = []
        for segment in self.segments:
            if text:
                text.append((" ", None))
            text += segment.chars
        return text

    @cached_property
    def text(self) -> str:
        """The text."""
        return text_of(self.chars)

    @cached_property
    def font(self) -> str:
        """The name of the font in which most of it is printed."""
        counts: dict[int, int] = {}
        for segment in self.segments:
            for glyph in segment.glyphs:
                counts[glyph.font] = counts.get(glyph.font, 0) + 1
        return self.page.fonts[max(counts, key=lambda font: counts[font])]

    @property
    def soft(self) -> bool:
        """Whether it ends in a hyphen that the end of the line asked for."""
        return self.segments[-1].glyphs[-1].soft


def join_lines(found: Iterable[Segment]) -> list[Line]:
    """Return the lines that segments of one column form, from top to bottom."""
    lines: list[list[Segment]] = []
    for segment in sorted(found, key=lambda held: (held.base, held.x0)):
        # The few lines before it: scripts that stand alone sort between two lines.
        for line in reversed(lines[-4:]):
            if _joins(line, segment):
                line.append(segment)
                break
        else:
            lines.append([segment])
    for line in lines:
        line.sort(key=lambda segment: segment.x0)
    joined = [Line(line) for line in lines]
    joined.sort(key=lambda line: line.base)
    return joined


def _joins(line: Sequence[Segment], segment: Segment) -> bool:
    first = max(line, key=lambda held: held.size)
    size = max(first.size, segment.size)
    same = min(first.size, segment.size) > SMALLER * size
    if abs(first.base - segment.base) > (0.2 if same else 0.35) * size:
        return False
    return all(segment.x0 > held.x1 - 0.3 * size or segment.x1 < held.x0 + 0.3 * size for held in line)


def bars_of(page: RawPage, *, level: bool) -> list[Bar]:
    """Return the horizontal (`level`) or vertical lines of a page."""
    return [bar for bar in page.lines if bar.level == level]
