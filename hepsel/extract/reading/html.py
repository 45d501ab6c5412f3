"""HTML, as arXiv and others make it from LaTeX, as blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from hepsel.extract.reading.mathematics import TooDeep, plain_latex
from hepsel.extract.reading.source import CONTINUED, Block, BlockKind

_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_BREAKS = frozenset(
    [
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt",
        "fieldset", "figure", "footer", "form", "header", "hgroup", "hr", "li", "main", "ol", "p", "pre", "section",
        "summary", "ul",
    ]
)  # fmt: skip
_SKIPPED = frozenset(["script", "style", "nav", "head", "svg", "template", "annotation", "annotation-xml"])
_VOID = frozenset(
    ["br", "hr", "img", "input", "link", "meta", "col", "wbr", "source", "area", "base", "embed", "track"]
)
_SCRIPT_TAGS = {"sub": "_", "sup": "^"}
# What stands in LaTeX before each part of an element of MathML; behind it stands a brace.
_PARTS = {
    "msub": ("{", "_{"),
    "msup": ("{", "^{"),
    "msubsup": ("{", "_{", "^{"),
    "munder": ("{", "_{"),
    "mover": ("{", "^{"),
    "munderover": ("{", "_{", "^{"),
    "mfrac": (r"\frac{", "{"),
    "mtr": (" {",),
}


# Text, and over how many columns and rows it goes.
_Cell = tuple[str, int, int]
_MOST_SPANNED = 100


def html_blocks(text: str) -> Iterator[Block]:
    """Return the blocks of an HTML page; nothing that it refers to is looked at."""
    reader = _Reader()
    reader.feed(_with_ends(text))
    reader.close()
    reader.finish()
    yield from reader.blocks


_ENDS = (("<!--", "-->"), ("<![", "]>"), ("<", ">"))


def _with_ends(text: str) -> str:
    """Take what begins like a tag or comment and has no end as text: the parser would look for it again each time."""
    for begin, end in _ENDS:
        closed = text.rfind(end) + len(end) if end in text else 0
        text = text[:closed] + text[closed:].replace(begin, f"&lt;{begin[1:]}")
    return text


def _span(number: str | None) -> int:
    return min(int(number), _MOST_SPANNED) if number is not None and re.fullmatch(r"0*[1-9]\d{0,5}", number) else 1


def _grid(rows: Sequence[Sequence[_Cell]]) -> list[tuple[str, ...]]:
    """Return rows in which each cell stands in its column: one that goes over several rows in each of them."""
    found: list[tuple[str, ...]] = []
    above: dict[int, tuple[str, int]] = {}  # by column: the text, and for how many rows more
    for row in rows:
        line: list[str] = []
        below = {column: (text, left - 1) for column, (text, left) in above.items() if left > 1}
        for text, columns, down in row:
            while len(line) in above:
                line.append(above[len(line)][0])
            for part in (text, *[CONTINUED] * (columns - 1)):
                if down > 1:
                    below[len(line)] = (part, down - 1)
                line.append(part)
        while len(line) in above:
            line.append(above[len(line)][0])
        found.append(tuple(line))
        above = below
    return found


@dataclass(slots=True)
class _Element:
    """An open element, and how many others began in it."""

    tag: str
    classes: str
    parts: int = 0


class _Reader(HTMLParser):
    """Collects blocks. It holds the open elements in a list, so that depth costs nothing but memory."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._text: list[str] = []
        self._kind: BlockKind = "text"
        self._entries = 0
        self._skip: list[str] = []  # open elements inside one whose text is not shown
        self._rows: list[list[_Cell]] | None = None
        self._spans = (1, 1)  # of the cell that is open
        self._inner = 0  # open tables within a cell of another one, which are text
        self._aside: list[tuple[list[str], BlockKind]] = []  # text that a footnote interrupts
        self._notes: list[str] = []
        self._open: list[_Element] = []
        self._formula: int | None = None  # where in the text an open formula begins that has no LaTeX yet

    # -------------------------------------------------------------- elements

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {key: value or "" for key, value in attrs}
        if self._skip:
            if tag not in _VOID:
                self._skip.append(tag)
            return
        if tag == "annotation" and about.get("encoding") == "application/x-tex" and self._formula is not None:
            del self._text[self._formula :]
        elif tag in _SKIPPED:
            self._skip.append(tag)
            return
        if tag == "math" and "alttext" in about:
            self._latex(about["alttext"])
            self._skip.append(tag)
            return
        if tag == "math":
            self._formula = len(self._text)
        classes = about.get("class", "")
        if tag not in _VOID:
            self._begin(_Element(tag, classes))
        if "ltx_note_content" in classes or about.get("role") == "doc-footnote":
            self._aside.append((self._text, self._kind))
            self._text = []
        elif "ltx_note_mark" in classes or "ltx_note_type" in classes:
            self._skip.append(tag)
            self._open.pop()
        elif tag in _HEADINGS:
            self._end("heading")
        elif tag in ("figcaption", "caption"):
            self._end("caption")
        elif tag == "table" and self._rows is not None:
            self._inner += 1
        elif tag == "table" and "ltx_equation" not in classes and "ltx_eqn_table" not in classes:
            self._end("text")
            self._rows = []
        elif tag in ("tr", "td", "th") and self._inner:
            self._text.append(" ")
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])
        elif tag in ("td", "th") and self._rows is not None:
            self._text = []
            self._spans = _span(about.get("colspan")), _span(about.get("rowspan"))
        elif "ltx_bibitem" in classes or about.get("role") == "doc-biblioentry":
            self._end("reference")
        elif self._is_break(tag):
            self._end("text" if self._kind != "caption" else "caption")
        elif tag in _SCRIPT_TAGS:
            self._text.append(f"{_SCRIPT_TAGS[tag]}{{")
        elif tag == "br" or tag in _BREAKS:
            self._text.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._skip:
            if tag in self._skip:
                while self._skip and self._skip.pop() != tag:
                    pass
            return
        if not any(element.tag == tag for element in self._open[-50:]):
            return
        while (element := self._open.pop()).tag != tag:
            pass
        classes = element.classes
        if tag == "msqrt" or (self._open and self._open[-1].tag in _PARTS):
            self._text.append("}")
        if tag == "math" and self._formula is not None:
            source = "".join(self._text[self._formula :])
            del self._text[self._formula :]
            self._formula = None
            self._latex(source)
        if ("ltx_note_content" in classes) and self._aside:
            self._notes.append("".join(self._text))
            self._text, self._kind = self._aside.pop()
        elif tag in _HEADINGS or tag in ("figcaption", "caption"):
            self._end("text")
        elif tag in ("tr", "td", "th") and self._inner:
            pass
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].append((self._taken(), *self._spans))
        elif tag == "table" and self._inner:
            self._inner -= 1
        elif tag == "table" and self._rows is not None:
            rows = tuple(row for row in _grid(self._rows) if any(cell.strip() for cell in row))
            self._rows = None
            if rows:
                self.blocks.append(Block("table", rows=rows))
        elif "ltx_bibitem" in classes:
            self._end("text")
        elif self._is_break(tag):
            self._end("text" if self._kind != "caption" else "caption")
        elif tag in _SCRIPT_TAGS:
            self._text.append("}")
        elif tag in _BREAKS:
            self._text.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self._text.append(re.sub(r"\s+", " ", data))

    def _is_break(self, tag: str) -> bool:
        return tag in _BREAKS and not self._aside and self._kind != "reference" and self._rows is None

    def _begin(self, element: _Element) -> None:
        if self._open and (signs := _PARTS.get(self._open[-1].tag)):
            self._text.append(signs[min(self._open[-1].parts, len(signs) - 1)])
            self._open[-1].parts += 1
        self._open.append(element)
        if element.tag == "msqrt":
            self._text.append(r"\sqrt{")

    def _latex(self, source: str) -> None:
        try:
            self._text.append(plain_latex(source, formula=True))
        except TooDeep:
            self._text.append(source)

    # -------------------------------------------------------------- blocks

    def _taken(self) -> str:
        text = re.sub(r"([_^])\{(.?)\}", r"\1\2", "".join(self._text)).strip()
        self._text = []
        return re.sub(r"[_^](?=\s|$)", "", text)

    def _end(self, following: BlockKind) -> None:
        text = self._taken()
        if text and self._kind == "reference":
            self._entries += 1
            found = re.match(r"\[(?P<key>[^\]]{1,40})\]\s*(?P<text>.*)", text, re.DOTALL)
            key, rest = (found["key"], found["text"]) if found else (str(self._entries), text)
            self.blocks.append(Block("reference", rest, key=key))
        elif text:
            self.blocks.append(Block(self._kind, text))
        if not self._aside:
            self.blocks += [Block("footnote", note) for note in self._notes if note.strip()]
            self._notes = []
        self._kind = following

    def finish(self) -> None:
        """Put in what is left at the end."""
        while self._aside:
            self._notes.append("".join(self._text))
            self._text, self._kind = self._aside.pop()
        self._end("text")
