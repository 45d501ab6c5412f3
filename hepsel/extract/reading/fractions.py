"""Fractions of displayed formulas: what stands over a bar and under it becomes one piece of the line, `(a + b)/c`."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from hepsel.extract.reading.lines import Segment, bars_of, join_lines
from hepsel.extract.reading.model import Box
from hepsel.extract.reading.pdf import Bar, Glyph, RawPage
from hepsel.extract.reading.scripts import Char, is_over, text_of

_LEAST_WIDTH = 3.0  # points
_THICKEST = 1.5
_AXIS = 0.25  # of the font size: the bar stands so far above the baseline
_OVER = (0.1, 0.95)  # of the font size: from the bar up to the baseline of the numerator
_UNDER = (0.4, 1.7)  # and down to that of the denominator
_SLACK = 2.5  # points by which parts reach over the bar, or stand off its middle
_SCRIPT = r"(?:\{[^{}]*\}|\w)"
_ATOM = re.compile(rf"(?:[^\W\d_]|\d+(?:\.\d+)?)'*(?:_{_SCRIPT})?(?:\^{_SCRIPT})?|√(?:\w|\([^()]*\))|\|\w+\|")


@dataclass(eq=False)
class Fraction(Segment):
    """A fraction in the place of the segments that it is made of."""

    above: list[Segment]
    bar: Bar
    below: list[Segment]

    @cached_property
    def chars(self) -> list[Char]:
        """The text, with the place of every character."""
        return [*_part(self.above), ("/", Box(self.page.number, *self.bar)), *_part(self.below)]


def with_fractions(page: RawPage, found: Sequence[Segment]) -> list[Segment]:
    """Return the segments of a page, with one for each fraction among them, the inner ones first."""
    bars = [
        bar
        for bar in bars_of(page, level=True)
        if _LEAST_WIDTH < bar.x1 - bar.x0 < 0.6 * page.width and bar.y1 - bar.y0 < _THICKEST
    ]
    for bar in bars:
        found = [piece for segment in found for piece in _parted(segment, bar)]
    held = sorted(found, key=lambda segment: segment.base)
    for bar in sorted(bars, key=lambda bar: bar.x1 - bar.x0):
        bases = [segment.base for segment in held]
        above = _parts(bar, held, bases, upper=True)
        below = _parts(bar, held, bases, upper=False)
        if not above or not below or any(glyph.text == "√" and is_over(bar, glyph) for glyph in page.glyphs):
            continue
        taken = {id(segment) for segment in (*above, *below)}
        held = sorted(
            [*(segment for segment in held if id(segment) not in taken), _fraction(page, bar, above, below)],
            key=lambda segment: segment.base,
        )
    return held


def _parted(segment: Segment, bar: Bar) -> list[Segment]:
    """Return the pieces of a segment in which a small fraction stands, drawn without a jump."""
    off_axis = abs(segment.base - bar.y0 - _AXIS * segment.size) > 0.2 * segment.size
    if off_axis or segment.x1 < bar.x0 or bar.x1 < segment.x0:
        return [segment]
    pieces: list[list[Glyph]] = [[], [], [], []]
    for glyph in segment.glyphs:
        middle = (glyph.x0 + glyph.x1) / 2
        if bar.x0 < middle < bar.x1:
            pieces[1 if glyph.base < bar.y0 else 2].append(glyph)
        else:
            pieces[0 if middle < bar.x0 else 3].append(glyph)
    before, above, below, after = pieces
    if not above or not below or not (before or after) or any(g.base - g.size < bar.y0 - 1 for g in below):
        return [segment]
    return [_segment(segment.page, piece) for piece in (before, above, below, after) if piece]


def _segment(page: RawPage, glyphs: Sequence[Glyph]) -> Segment:
    segment = Segment.of(page, glyphs[0])
    for glyph in glyphs[1:]:
        segment.add(glyph)
    return segment


def _parts(bar: Bar, held: Sequence[Segment], bases: Sequence[float], *, upper: bool) -> list[Segment]:
    """Return what stands on one side of a bar, close to it and about its middle."""
    tallest = 20.0
    low, high = (bar.y0 - tallest, bar.y0) if upper else (bar.y1, bar.y1 + 2 * tallest)
    near, far = _OVER if upper else _UNDER
    parts = []
    for segment in held[bisect_left(bases, low) : bisect_right(bases, high)]:
        distance = (bar.y0 - segment.base if upper else segment.base - bar.y1) / segment.size
        deep = isinstance(segment, Fraction)  # it reaches further from its baseline
        if near <= distance <= far + deep and segment.x0 > bar.x0 - _SLACK and segment.x1 < bar.x1 + _SLACK:
            parts.append(segment)
    if not parts:
        return []
    middle = (min(part.x0 for part in parts) + max(part.x1 for part in parts)) / 2
    return parts if abs(middle - (bar.x0 + bar.x1) / 2) < _SLACK else []


def _fraction(page: RawPage, bar: Bar, above: list[Segment], below: list[Segment]) -> Fraction:
    size = max(segment.size for segment in (*above, *below))
    glyphs = [glyph for segment in (*above, *below) for glyph in segment.glyphs]
    base = (bar.y0 + bar.y1) / 2 + _AXIS * size
    return Fraction(page, glyphs, base, size, bar.x0, bar.x1, bar.x1, True, above, bar, below)


def _part(segments: Sequence[Segment]) -> list[Char]:
    chars: list[Char] = []
    for line in join_lines(segments):
        chars += [(" ", None), *line.chars] if chars else line.chars
    if _ATOM.fullmatch(text_of(chars)):
        return chars
    return [("(", None), *chars, (")", None)]
