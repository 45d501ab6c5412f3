"""The characters, lines and pictures of a PDF's pages, read in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from hepsel.errors import DataError
from hepsel.extract.reading import worker
from hepsel.extract.reading.glyphs import glyph_text, is_hanging

# The process is stopped by its own limit on computing time; this is for one that waits, or has a busy machine.
_WALL_SECONDS = 10 * worker.SECONDS
_FEWEST_CHARACTERS = 20  # per page, of a paper that is not a picture
_REFUSALS = {
    "encrypted": "the PDF is encrypted with a password; store it without one",
    "broken": "not a PDF that can be read: it is damaged, or another kind of file",
    "no pages": "the PDF has no pages",
    "pages": f"the PDF has more than {worker.MAX_PAGES} pages",
    "characters": f"the PDF has more than {worker.MAX_CHARACTERS} characters",
    "pixels": "the PDF has a page that is too large to be drawn",
    "memory": f"the PDF needs more than {worker.MEMORY >> 30} GB of memory",
}


class Glyph(NamedTuple):
    """A printed character: normalised text, place, baseline, font size and font number.

    `space` says that the file has a space before it, `soft` that it is a hyphen which the line's end asked for, and
    `hanging` that its baseline means nothing, as of a root or a large bracket.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    font: int
    space: bool
    soft: bool
    hanging: bool


class Bar(NamedTuple):
    """A rectangle without text: a drawn line, or the place of a picture."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def level(self) -> bool:
        """Whether it is wider than high."""
        return self.x1 - self.x0 > self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class RawPage:
    """What a page shows, in points from its upper left corner; `glyphs` in the order of the file."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    lines: tuple[Bar, ...]
    figures: tuple[Bar, ...]
    fonts: tuple[str, ...]


def read_pdf(data: bytes, name: str) -> tuple[RawPage, ...]:
    """Return the pages of a PDF.

    Raises
    ------
    DataError
        Where there is no text to be had: damaged, encrypted, too large, or a scanned picture.
    """
    header, answer, start = _ask(data, name)
    pages = tuple(_pages(header, answer, start))
    if sum(len(page.glyphs) for page in pages) < _FEWEST_CHARACTERS * len(pages):
        raise DataError(
            f"{name}: the PDF holds pictures of pages and no text; recognise the text first, for example with OCRmyPDF"
        )
    return pages


def draw_pages(data: bytes, name: str, numbers: Sequence[int]) -> dict[int, bytes]:
    """Return WebP pictures of pages of a PDF, by the numbers of the pages.

    Raises
    ------
    DataError
        Where they cannot be drawn.
    """
    header, answer, start = _ask(data, name, *map(str, numbers))
    pictures = {}
    for number, size in zip(numbers, header["sizes"], strict=True):
        pictures[number] = answer[start : start + size]
        start += size
    return pictures


def _ask(data: bytes, name: str, *arguments: str) -> tuple[dict[str, Any], bytes, int]:
    """Return the header of the worker's answer, the answer, and where what the header announces begins in it."""
    if find_spec("pypdfium2") is None:
        raise DataError("reading a PDF needs pypdfium2: install hepsel[llm]")
    answer = _run_worker(data, name, arguments)
    end = answer.find(b"\n")
    try:
        header = json.loads(answer[: end + 1])
    except ValueError:
        raise DataError(f"{name}: {_REFUSALS['broken']}") from None
    if "refused" in header:
        raise DataError(f"{name}: {_REFUSALS[header['refused']]}")
    return header, answer, end + 1


def _run_worker(data: bytes, name: str, arguments: Sequence[str]) -> bytes:
    # `-P`: the folder of the script is not searched for modules.
    command = [sys.executable, "-P", str(Path(worker.__file__)), *arguments]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_WALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise DataError(f"{name}: reading the PDF was stopped after {_WALL_SECONDS} s") from None
    if done.returncode == 0:
        return done.stdout
    if b"MemoryError" in done.stderr:
        raise DataError(f"{name}: {_REFUSALS['memory']}")
    raise DataError(f"{name}: the PDF library gave up on it (status {done.returncode}); the file may be damaged")


def _pages(header: dict[str, Any], answer: bytes, start: int) -> Iterator[RawPage]:
    fonts = tuple(header["fonts"])
    hanging = [is_hanging(font) for font in fonts]
    known: dict[tuple[int, int], str] = {}

    def take(code: str, count: int) -> array[Any]:
        nonlocal start
        values = array(code)
        size = count * values.itemsize
        values.frombytes(answer[start : start + size])
        start += size
        return values

    for number, about in enumerate(header["pages"], start=1):
        count = about["characters"]
        unicodes, kinds, flags = (take(code, count) for code in worker.CHARACTERS[:3])
        numbers = take(worker.CHARACTERS[3], count * worker.NUMBERS)
        glyphs: list[Glyph] = []
        space = False
        for index, (code, font, flag) in enumerate(zip(unicodes, kinds, flags, strict=True)):
            text = known.get((code, font))
            if text is None:
                text = known[code, font] = glyph_text(code, fonts[font])
            space = space or bool(flag & worker.SPACE_BEFORE)
            if not text:
                continue
            place = numbers[index * worker.NUMBERS : (index + 1) * worker.NUMBERS]
            glyphs.append(
                Glyph(
                    text,
                    *(place[0], place[1], place[2], place[3], place[4], place[5]),
                    font,
                    space,
                    text == "-" and bool(flag & worker.SOFT_HYPHEN),
                    hanging[font] or text in "√∑∏",
                )
            )
            space = False
        _part_ligatures(glyphs)
        lines, figures = (_bars(take("f", 4 * about[kind])) for kind in ("lines", "figures"))
        yield RawPage(
            number, about["width"], about["height"], tuple(glyphs), tuple(_joined(lines)), tuple(figures), fonts
        )


def _bars(values: array[float]) -> list[Bar]:
    return [Bar(*values[place : place + 4]) for place in range(0, len(values), 4)]


def _joined(bars: list[Bar]) -> list[Bar]:
    """Put together the pieces in which some programs draw a line, cell by cell of a table."""
    joined: list[Bar] = []
    for level in (True, False):
        pieces = [bar for bar in bars if bar.level == level]
        pieces.sort(key=lambda bar: (round(bar.y0, 1), bar.x0) if level else (round(bar.x0, 1), bar.y0))
        last: Bar | None = None
        for bar in pieces:
            if last is not None and _continues(last, bar, level=level):
                last = Bar(last.x0, last.y0, max(last.x1, bar.x1), max(last.y1, bar.y1))
                joined[-1] = last
            else:
                joined.append(bar)
                last = bar
    return joined


def _continues(last: Bar, bar: Bar, *, level: bool) -> bool:
    if level:
        return abs(last.y0 - bar.y0) < 0.3 and bar.x0 <= last.x1 + 1
    return abs(last.x0 - bar.x0) < 0.3 and bar.y0 <= last.y1 + 1


def _part_ligatures(glyphs: list[Glyph]) -> None:
    """Give each letter of a ligature its part of the place, which the file gives to all of them."""
    start = 0
    for end in range(1, len(glyphs) + 1):
        if end < len(glyphs) and glyphs[end][1:6] == glyphs[start][1:6]:
            continue
        count = end - start
        if count > 1:
            x0, x1 = glyphs[start].x0, glyphs[start].x1
            for index in range(count):
                glyphs[start + index] = glyphs[start + index]._replace(
                    x0=x0 + (x1 - x0) * index / count, x1=x0 + (x1 - x0) * (index + 1) / count
                )
        start = end
