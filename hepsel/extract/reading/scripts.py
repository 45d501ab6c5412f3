"""One printed line's characters as text: sub- and superscripts, roots, accents, and the spaces between words.

A script is known by its size and its baseline. What is written is `p_T^{miss}`: the subscript before the
superscript, whichever the file draws first, and braces around more than one character.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hepsel.extract.reading.glyphs import ACCENTS, SUBSCRIPTS, SUPERSCRIPTS
from hepsel.extract.reading.model import Box
from hepsel.extract.reading.pdf import Bar, Glyph

SMALLER = 0.92  # a script is printed in a size below this part of its base's
GAP = 0.13  # of the font size: a wider gap is a space
_COMBINING = frozenset(ACCENTS.values())

_SPECIAL = _COMBINING | SUPERSCRIPTS.keys() | SUBSCRIPTS.keys() | {"√", "'"}

Char = tuple[str, Box | None]  # a character of a text, and its place if it is printed


def text_of(chars: Iterable[Char]) -> str:
    """Return the text of characters."""
    return "".join(char for char, _ in chars)


@dataclass(slots=True)
class _Item:
    """A character with its scripts."""

    glyph: Glyph
    accents: str = ""
    sub: list[_Item] = field(default_factory=list)
    sup: list[_Item] = field(default_factory=list)

    @property
    def x1(self) -> float:
        if not self.sub and not self.sup:
            return self.glyph.x1
        return max(self.glyph.x1, *(items[-1].x1 for items in (self.sub, self.sup) if items))


@dataclass(slots=True)
class _Level:
    """A baseline that characters stand on, and the characters."""

    base: float
    size: float
    items: list[_Item]


def typeset(glyphs: Sequence[Glyph], base: float, size: float, page: int, bars: Iterable[Bar]) -> list[Char]:
    """Return the text of glyphs that stand in one line, in the order in which the file draws them.

    Parameters
    ----------
    glyphs
        The characters, at least one.
    base, size
        Baseline and font size of those that are no scripts.
    page
        The number of the page, for the boxes.
    bars
        Drawn lines, among which are the bars of roots.
    """
    slack = 0.05 * size
    for glyph in glyphs:
        if abs(glyph.base - base) > slack or glyph.hanging or glyph.text in _SPECIAL:
            roots = tuple(bars) if any(glyph.text == "√" for glyph in glyphs) else ()
            return _render(_items(glyphs, base, size), size, page, roots)
    # Most lines have none of that, and there are many lines.
    text: list[Char] = []
    end = glyphs[0].x0
    for glyph in glyphs:
        if text and (glyph.space or glyph.x0 - end > GAP * min(size, glyph.size)):
            text.append(_SPACE)
        box = Box(page, glyph.x0, glyph.y0, glyph.x1, glyph.y1)
        text += [(char, box) for char in glyph.text]
        end = max(end, glyph.x1)
    return text


def _items(glyphs: Sequence[Glyph], base: float, size: float) -> list[_Item]:
    levels = [_Level(base, size, [])]
    accent: Glyph | None = None
    for glyph in glyphs:
        if glyph.text in _COMBINING:
            under = levels[-1].items[-1] if levels[-1].items else None
            if under is not None and _over(glyph, under.glyph):
                under.accents += glyph.text
            else:
                accent = glyph
            continue
        if glyph.text != "'" or not _behind(glyph, levels[-1]):
            _find_level(levels, glyph)
        item = _Item(glyph)
        if accent is not None:
            # An accent that stands over nothing is left out: what it was meant for is not known.
            item.accents = accent.text if _over(accent, glyph) else ""
            accent = None
        levels[-1].items.append(item)
    return levels[0].items


def _over(accent: Glyph, glyph: Glyph) -> bool:
    middle = (accent.x0 + accent.x1) / 2
    slack = 0.25 * glyph.size
    return glyph.x0 - slack <= middle <= glyph.x1 + slack and abs(accent.base - glyph.base) < glyph.size


def _behind(prime: Glyph, level: _Level) -> bool:
    """Whether a prime stands behind the last character of a level, and not over an earlier one's scripts."""
    return bool(level.items) and prime.x0 > level.items[-1].x1 - 0.2 * prime.size


def _find_level(levels: list[_Level], glyph: Glyph) -> None:
    """Make the level on which the glyph stands the last of the list."""
    if glyph.hanging:
        del levels[1:]
        return
    for depth in range(len(levels) - 1, -1, -1):
        level = levels[depth]
        small = glyph.size < SMALLER * level.size
        slack = 0.06 * level.size + 0.2 if small else 0.2 * level.size
        if abs(glyph.base - level.base) <= slack and (depth == 0 or glyph.size <= level.size / SMALLER):
            del levels[depth + 1 :]
            return
    for depth in range(len(levels) - 1, -1, -1):
        level = levels[depth]
        if glyph.size < SMALLER * level.size and level.items:
            del levels[depth + 1 :]
            scripts = level.items[-1].sub if glyph.base > level.base else level.items[-1].sup
            levels.append(_Level(glyph.base, glyph.size, scripts))
            return
    del levels[1:]
    if glyph.size < SMALLER * levels[0].size and glyph.base < levels[0].base:
        # A raised mark at the beginning of the line, as before a footnote, is the script of nothing.
        nothing = _Item(glyph._replace(text="", x1=glyph.x0))
        levels[0].items.append(nothing)
        levels.append(_Level(glyph.base, glyph.size, nothing.sup))


# ------------------------------------------------------------------ text


def _render(items: Sequence[_Item], size: float, page: int, roots: tuple[Bar, ...]) -> list[Char]:
    text: list[Char] = []
    place = 0
    end: float | None = None
    while place < len(items):
        item = items[place]
        glyph = item.glyph
        if end is not None and _is_under(glyph, items[place - 1].glyph, end):
            text.append(("/", None))  # a fraction in a script
        elif end is not None and text[-1:] != [_SPACE] and _apart(glyph, end, size):
            text.append(_SPACE)
        count = _covered(items, place, roots) if glyph.text == "√" else 0
        text += _render_item(item, page, roots)
        if count:
            inner = items[place + 1 : place + 1 + count]
            inside = _render(inner, size, page, roots)
            text += inside if len(inside) == 1 else [("(", None), *inside, (")", None)]
        end = max(end or item.x1, *(covered.x1 for covered in items[place : place + 1 + count]))
        place += 1 + count
    return text


_SPACE: Char = (" ", None)


def _apart(glyph: Glyph, end: float, size: float) -> bool:
    return glyph.space or glyph.x0 - end > GAP * min(size, glyph.size)


def _is_under(glyph: Glyph, before: Glyph, end: float) -> bool:
    """Whether a glyph begins what stands under the glyphs before it, which end at a place."""
    return glyph.base - before.base > 0.5 * glyph.size and glyph.x0 < end - 0.25 * glyph.size


def _covered(items: Sequence[_Item], place: int, roots: tuple[Bar, ...]) -> int:
    """Return how many items after a root sign stand under its bar."""
    bar = next((bar for bar in roots if is_over(bar, items[place].glyph)), None)
    if bar is None:
        return 0
    behind = items[place + 1 :]
    return next((n for n, item in enumerate(behind) if (item.glyph.x0 + item.glyph.x1) / 2 > bar.x1), len(behind))


def is_over(bar: Bar, sign: Glyph) -> bool:
    """Whether a bar is the one of a root sign: it begins at the sign's upper right corner."""
    slack = 0.3 * sign.size
    return abs(bar.x0 - sign.x1) <= slack and abs(bar.y0 - sign.y0) <= slack


def _render_item(item: _Item, page: int, roots: tuple[Bar, ...]) -> list[Char]:
    glyph = item.glyph
    box = Box(page, glyph.x0, glyph.y0, glyph.x1, glyph.y1)
    text: list[Char]
    if glyph.text in SUPERSCRIPTS:
        text = [("^", None), (SUPERSCRIPTS[glyph.text], box)]
    elif glyph.text in SUBSCRIPTS:
        text = [("_", None), (SUBSCRIPTS[glyph.text], box)]
    else:
        text = [(char, box) for char in glyph.text]
    text += [(accent, box) for accent in item.accents]
    for mark, scripts in (("_", item.sub), ("^", item.sup)):
        if not scripts:
            continue
        inside = _render(scripts, scripts[0].glyph.size, page, roots)
        if mark == "^" and all(char == "'" for char, _ in inside):
            text += inside
        elif len(inside) == 1:
            text += [(mark, None), *inside]
        else:
            text += [(mark, None), ("{", None), *inside, ("}", None)]
    return text
