"""Reading a paper, whatever it is stored as."""

from __future__ import annotations

import gc
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hepsel.errors import DataError
from hepsel.extract.reading.model import Document, DocumentKind
from hepsel.extract.reading.source import Block, document_of

if TYPE_CHECKING:
    from hepsel.extract.reading.latex_sources import Source

_T = TypeVar("_T")

LARGEST = 100 << 20  # bytes of a PDF
LARGEST_TEXT = 20 << 20  # bytes of a text
_KINDS: dict[str, DocumentKind] = {
    ".pdf": "pdf",
    ".tex": "latex",
    ".ltx": "latex",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
}


def read_document(path: str | Path) -> Document:
    """Read a paper: a PDF, or its source in LaTeX, HTML, Markdown or plain text.

    A PDF is known by its first bytes, and so is an archive with the files of a LaTeX source; a text by its suffix or,
    without a known one, by its beginning.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Document
        Pages, sentences, tables, headings and references.

    Raises
    ------
    DataError
        Where the file cannot be read, or holds no text.
    """
    path = Path(path)
    data = _load(path)
    digest = hashlib.sha256(data).hexdigest()
    if b"%PDF-" in data[:1024]:
        from hepsel.extract.reading.flow import assemble
        from hepsel.extract.reading.layout import layout
        from hepsel.extract.reading.pdf import read_pdf

        with _uncollected():
            raw = read_pdf(data, path.name)
            return Document(path.name, "pdf", digest, *assemble(raw, layout(raw)))
    kind, blocks = _blocks(data, path)
    document = document_of(path.name, kind, digest, blocks)
    if not any(document.sentences) and not any(document.tables):
        raise DataError(f"{path}: no text was found in it")
    return document


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no cycles among millions of characters: there are none, and it takes a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def draw_pages(path: Path, numbers: Sequence[int]) -> dict[int, bytes]:
    """Return WebP pictures of pages of a PDF, by the numbers of the pages, which count from 1.

    Raises
    ------
    DataError
        Where they cannot be drawn.
    """
    from hepsel.extract.reading import pdf

    return pdf.draw_pages(_load(path), path.name, numbers) if numbers else {}


def _load(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise DataError(f"{path}: not a file")  # to open a pipe is to wait for its other end
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    if not data:
        raise DataError(f"{path}: the file is empty")
    if len(data) > LARGEST:
        raise DataError(f"{path}: larger than {LARGEST >> 20} MB")
    return data


def _decoded(data: bytes, path: Path) -> str:
    if len(data) > LARGEST_TEXT:
        raise DataError(f"{path}: not a PDF, and larger than the {LARGEST_TEXT >> 20} MB that a text may have")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        # Old sources are in Latin-1, in which every byte means something; what is no text has control characters.
        text = data.decode("latin-1")
    controls = sum(1 for char in text[:100_000] if ord(char) < 32 and char not in "\t\n\r\f")
    if "\0" in text or controls > 0.01 * len(text[:100_000]):
        raise DataError(f"{path}: neither a PDF nor a text")
    return text


def _guess(text: str) -> DocumentKind:
    beginning = text[:4000].lstrip().lower()
    if beginning.startswith(("<!doctype html", "<html", "<?xml")):
        return "html"
    return "latex" if "\\documentclass" in beginning or "\\begin{document}" in text else "text"


def _blocks(data: bytes, path: Path) -> tuple[DocumentKind, Iterator[Block]]:
    from hepsel.extract.reading.latex_sources import Source, assembled, is_packed, unpacked, without_comments

    suffix = path.suffix.lower()
    if is_packed(data):
        files = _told(path, lambda: unpacked(data, LARGEST_TEXT))
        if isinstance(files, dict):
            texts = {name: _decoded(content, path) for name, content in files.items()}
            return "latex", _latex(path, lambda: assembled(texts, LARGEST_TEXT))
        data, suffix = files, Path(path.stem).suffix.lower()
    text = _decoded(data, path)
    kind = _KINDS.get(suffix) or _guess(text)
    if kind == "pdf":
        raise DataError(f"{path}: not a PDF, in spite of its name")
    if kind == "html":
        from hepsel.extract.reading.html import html_blocks

        return kind, html_blocks(text)
    if kind == "latex":
        return kind, _latex(path, lambda: Source(without_comments(text)))
    from hepsel.extract.reading.markup import text_blocks

    return kind, text_blocks(re.sub(r"\n{3,}", "\n\n", text), markdown=kind == "markdown")


def _latex(path: Path, read: Callable[[], Source]) -> Iterator[Block]:
    from hepsel.extract.reading.latex import latex_blocks
    from hepsel.extract.reading.mathematics import TooDeep

    source = _told(path, read)
    try:
        yield from latex_blocks(source.text, source.packages)
    except TooDeep:
        raise DataError(f"{path}: the LaTeX is nested too deep, or its commands make too much text") from None


def _told(path: Path, read: Callable[[], _T]) -> _T:
    from hepsel.extract.reading.latex_sources import BadSource

    try:
        return read()
    except BadSource as error:
        raise DataError(f"{path}: {error}") from None
