"""The process that opens a PDF: bytes on standard input; on standard output characters and lines, or page pictures.

A PDF library reads whatever is in a file, so it gets a process of its own, with limits on memory and time, and
neither the name of the file nor anything else of the user's. This file is run as a script and imports nothing of
hepsel; `hepsel.extract.reading.pdf` starts it and reads its answer.

The answer is a line of JSON and then the arrays that it announces, page by page: `CHARACTERS` per character and
four numbers per horizontal or vertical line. With numbers of pages as arguments, it announces their pictures.
"""

from __future__ import annotations

import ctypes
import io
import json
import math
import sys
from array import array
from importlib import import_module
from typing import Any, Final

MAX_PAGES = 1000
MAX_CHARACTERS = 5_000_000
MAX_OBJECTS = 200_000  # drawn objects of one page that are looked at
MAX_PIXELS = 50_000_000  # of the picture of a page
MEMORY = 4 << 30  # bytes
SECONDS = 60
PICTURE_SCALE = 1.6  # pixels per point: the small print can be read

# Per character: unicode, font, flags; x0, y0, x1, y1, baseline, size.
CHARACTERS: Final = ("I", "H", "B", "f")
NUMBERS = 6
SPACE_BEFORE, SOFT_HYPHEN = 1, 2

_THIN = 3.2  # points: a drawn rectangle that is thinner is a line
_SHORT = 2.0
_LARGE_GLYPHS = ("EX", "ex", "SY", "sy")  # TeX fonts whose glyphs hang from their origin: roots, large brackets
_SOFT_HYPHENS = frozenset({0x02, 0xAD, 0xFFFE})
_PASSWORD = 4  # FPDF_ERR_PASSWORD


class _Refused(Exception):
    """A file that is not read; the argument is the key of the message."""


def main() -> None:
    """Read a PDF from standard input and write what it holds to standard output."""
    _limit()
    data = sys.stdin.buffer.read()
    blocks: list[bytes]
    try:
        header, blocks = _draw(data, [int(number) for number in sys.argv[1:]]) if sys.argv[1:] else _read(data)
    except _Refused as refused:
        header, blocks = {"refused": str(refused)}, []
    except MemoryError:
        header, blocks = {"refused": "memory"}, []
    out = sys.stdout.buffer
    out.write(json.dumps(header).encode() + b"\n")
    for block in blocks:
        out.write(block)


def _limit() -> None:
    import resource

    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _draw(data: bytes, numbers: list[int]) -> tuple[dict[str, Any], list[bytes]]:
    """Return WebP pictures of pages, which are counted from 1."""
    library: Any = import_module("pypdfium2")
    document = library.PdfDocument(data)
    pictures = []
    for number in numbers:
        page = document[number - 1]
        if page.get_width() * page.get_height() * PICTURE_SCALE**2 > MAX_PIXELS:
            raise _Refused("pixels")
        file = io.BytesIO()
        page.render(scale=PICTURE_SCALE).to_pil().save(file, "WEBP", quality=50)
        pictures.append(file.getvalue())
    return {"sizes": [len(picture) for picture in pictures]}, pictures


def _read(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    pdfium: Any = import_module("pypdfium2.raw")  # has no type information
    pdfium.FPDF_InitLibrary()
    pdfium.FPDFText_GetTextObject.restype = ctypes.c_void_p  # a number, by which styles are remembered
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        raise _Refused("encrypted" if pdfium.FPDF_GetLastError() == _PASSWORD else "broken")
    count = pdfium.FPDF_GetPageCount(document)
    if count == 0:
        raise _Refused("no pages")
    if count > MAX_PAGES:
        raise _Refused("pages")
    fonts: dict[str, int] = {}
    pages: list[dict[str, Any]] = []
    blocks: list[array[Any]] = []
    total = 0
    for number in range(count):
        page = pdfium.FPDF_LoadPage(document, number)
        if not page:
            raise _Refused("broken")
        reader = _PageReader(pdfium, page, fonts)
        characters = reader.characters(MAX_CHARACTERS - total)
        lines, figures = reader.drawings()
        total += len(characters[0])
        pages.append(
            {
                "width": reader.width,
                "height": reader.height,
                "characters": len(characters[0]),
                "lines": len(lines) // 4,
                "figures": len(figures) // 4,
            }
        )
        blocks += [*characters, lines, figures]
        pdfium.FPDF_ClosePage(page)
    return {"fonts": list(fonts), "pages": pages}, [block.tobytes() for block in blocks]


class _PageReader:
    """The characters and lines of one page, in points from its upper left corner as it is displayed."""

    def __init__(self, pdfium: Any, page: Any, fonts: dict[str, int]) -> None:
        self._pdfium, self._page, self._fonts = pdfium, page, fonts
        self.width = pdfium.FPDF_GetPageWidthF(page)
        self.height = pdfium.FPDF_GetPageHeightF(page)
        if not 0 < self.width < 1e5 or not 0 < self.height < 1e5:
            raise _Refused("broken")
        box = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(page, box)
        self._box = box
        self._turn = pdfium.FPDFPage_GetRotation(page)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        box = self._box
        right, up = x - box.left, y - box.bottom
        if self._turn == 0:
            return right, self.height - up
        if self._turn == 1:
            return up, right
        if self._turn == 2:
            return self.width - right, up
        return self.width - up, self.height - right

    def _rectangle(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        xa, ya = self._point(left, bottom)
        xb, yb = self._point(right, top)
        return min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)

    def characters(self, most: int) -> tuple[array[int], array[int], array[int], array[float]]:
        """Return what `CHARACTERS` names, for all characters but spaces."""
        pdfium = self._pdfium
        text = pdfium.FPDFText_LoadPage(self._page)
        if not text:
            raise _Refused("broken")
        unicodes, fonts, flags = (array(code, ()) for code in CHARACTERS[:3])
        numbers = array(CHARACTERS[3], ())
        get_unicode, get_object = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetTextObject
        get_origin, get_loose = pdfium.FPDFText_GetCharOrigin, pdfium.FPDFText_GetLooseCharBox
        loose, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        styles: dict[int | None, tuple[int, float, bool, bool]] = {}
        space = False
        upright, x0, y1 = self._turn == 0, self._box.left, self._box.bottom + self.height
        high = 0  # the first half of a character beyond U+FFFF
        count = pdfium.FPDFText_CountChars(text)
        if count > most:
            raise _Refused("characters")
        for index in range(count):
            code = get_unicode(text, index)
            if code in (0x20, 0x0D, 0x0A, 0xA0):
                # Only a space that the file holds; those that the library guesses are guessed better from the gaps.
                space = space or not pdfium.FPDFText_IsGenerated(text, index)
                continue
            if 0xD800 <= code < 0xDC00:
                high = code  # the next one has the place too
                continue
            if 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
            high = 0
            key = get_object(text, index)
            style = styles.get(key)
            if style is None:
                style = styles[key] = self._style(text, index)
            font, size, level, large = style
            if not level or not 0.5 < size < 1000:
                continue
            get_origin(text, index, x, y)
            get_loose(text, index, loose)
            if upright:
                # From the origin: an italic letter may reach to the left of it, over a space.
                left = x.value if loose.left < x.value < loose.right else loose.left
                box = left - x0, y1 - loose.top, loose.right - x0, y1 - loose.bottom
                base = y1 - y.value
            else:
                # Of turned text the library does not know the height.
                base = self._point(x.value, y.value)[1]
                box = self._rectangle(loose.left, loose.bottom, loose.right, loose.top)
                box = box[0], base - 0.8 * size, box[2], base + 0.25 * size
            if large:
                box = self._tight(text, index) or box
            values = (*box, base, size)
            if not all(map(math.isfinite, values)):
                continue
            unicodes.append(code)
            fonts.append(font)
            flags.append(space * SPACE_BEFORE + (code in _SOFT_HYPHENS) * SOFT_HYPHEN)
            numbers.extend(values)
            space = False
        pdfium.FPDFText_ClosePage(text)
        return unicodes, fonts, flags, numbers

    def _style(self, text: Any, index: int) -> tuple[int, float, bool, bool]:
        """Return font number, size, whether the text runs from left to right, whether glyphs may be large."""
        pdfium = self._pdfium
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(text, index, matrix)
        shown = ctypes.cast(pdfium.FPDFText_GetTextObject(text, index), pdfium.FPDF_PAGEOBJECT)
        name = ""
        if shown and (font := pdfium.FPDFTextObj_GetFont(shown)):
            buffer = ctypes.create_string_buffer(128)
            if 0 < pdfium.FPDFFont_GetBaseFontName(font, buffer, len(buffer)) <= len(buffer):
                name = buffer.value.decode("utf-8", "replace")
        name = name.split("+", 1)[-1]
        number = self._fonts.setdefault(name, len(self._fonts)) if len(self._fonts) < 0xFFFF else 0
        size = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
        angle = math.degrees(math.atan2(matrix.b, matrix.a)) - 90 * self._turn
        level = abs((angle + 180) % 360 - 180) < 5
        return number, size, level, any(part in name for part in _LARGE_GLYPHS)

    def _tight(self, text: Any, index: int) -> tuple[float, float, float, float] | None:
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        if not self._pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top):
            return None
        return self._rectangle(left.value, bottom.value, right.value, top.value)

    def drawings(self) -> tuple[array[float], array[float]]:
        """Return the lines, and the places of pictures, four numbers each."""
        pdfium = self._pdfium
        lines, figures = array("f"), array("f")
        sides = tuple(ctypes.c_float() for _ in range(4))
        for index in range(min(pdfium.FPDFPage_CountObjects(self._page), MAX_OBJECTS)):
            shape = pdfium.FPDFPage_GetObject(self._page, index)
            kind = pdfium.FPDFPageObj_GetType(shape)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT or not pdfium.FPDFPageObj_GetBounds(shape, *sides):
                continue
            box = self._rectangle(*(side.value for side in sides))
            if not all(map(math.isfinite, box)):
                continue
            wide, high = box[2] - box[0], box[3] - box[1]
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                if min(wide, high) <= _THIN and max(wide, high) >= _SHORT:
                    lines.extend(box)
            elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
                figures.extend(box)
        return lines, figures


if __name__ == "__main__":
    main()
