"""From the parts of all pages to running text, and from that to sentences, headings, tables and references."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hepsel.extract.reading.layout import Part
from hepsel.extract.reading.lines import Line
from hepsel.extract.reading.model import Heading, Page, Reference, Sentence, SentenceKind, Table, TableRow
from hepsel.extract.reading.pdf import RawPage
from hepsel.extract.reading.scripts import Char, text_of
from hepsel.extract.reading.sentences import is_finished, sentence_spans
from hepsel.extract.reading.tables import CAPTION, caption_kind, table_rows

_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
_ENTRY = re.compile(r"\[(?P<key>\w{1,12})\]\s*\S")
_LIST_HEADING = re.compile(r"(?:[\dIVX.]+\s+)?(?:references|bibliography|literature)\s*", re.IGNORECASE)
_SPACE: Char = (" ", None)


@dataclass
class _Stream:
    """Text of one kind that has not been divided into sentences yet."""

    kind: SentenceKind
    section: str
    chars: list[Char] = field(default_factory=list)
    starts: list[tuple[int, int, int]] = field(default_factory=list)  # offset, page, number of the part

    @property
    def text(self) -> str:
        return text_of(self.chars)


@dataclass(frozen=True)
class _Found:
    order: int
    page: int
    kind: SentenceKind
    section: str
    text: str
    chars: Sequence[Char]


def assemble(
    raw: Sequence[RawPage], parts: Sequence[Part]
) -> tuple[tuple[Page, ...], tuple[Heading, ...], tuple[Reference, ...]]:
    """Return pages, headings and reference list."""
    return _Assembler(parts).result(raw)


class _Assembler:
    def __init__(self, parts: Sequence[Part]) -> None:
        self._hyphens = _Hyphens(line for part in parts for line in part.all_lines())
        self._section = ""
        self._found: list[_Found] = []
        self._headings: list[Heading] = []
        self._references: list[Reference] = []
        self._tables: list[tuple[int, Part, str]] = []
        self._captions: list[tuple[Part, str]] = []
        self._entry: tuple[str, int, list[Char]] | None = None
        self._in_list = False
        self._body = _Stream("body", "")
        self._last: Part | None = None
        for order, part in enumerate(parts):
            self._add(order, part)
        self._flush()
        self._end_entry()

    # -------------------------------------------------------------- parts

    def _add(self, order: int, part: Part) -> None:
        if part.kind == "table":
            self._tables.append((order, part, self._section))
        elif part.kind == "heading":
            self._heading(part)
        elif part.kind in ("caption", "footnote"):
            kind: SentenceKind = "caption" if part.kind == "caption" else "footnote"
            for lines in _notes(part) if kind == "footnote" else [part.lines]:
                stream = _Stream(kind, self._section)
                self._append(stream, order, part.page, lines)
                self._divide(stream)
            if kind == "caption":
                self._captions.append((part, stream.text))
        elif part.kind == "text":
            if self._is_entry(part):
                self._entries(part)
            else:
                self._text(order, part)

    def _heading(self, part: Part) -> None:
        self._flush()
        self._end_entry()
        self._in_list = False
        chars: list[Char] = []
        for line in part.lines:
            self._hyphens.join(chars, line)
        text = text_of(chars)
        if _LIST_HEADING.fullmatch(text):
            self._in_list = True
        self._section = text
        self._headings.append(Heading(text, part.page))

    def _text(self, order: int, part: Part) -> None:
        last, self._last = self._last, part
        if last is not None and self._body.chars:
            ended = is_finished(text_of(self._body.chars[-200:])) or (
                _begins_sentence(part) and (_is_formula(last) or _is_indented(part))
            )
            if ended or abs(last.size - part.size) > 0.7 or part.lines[0].text.startswith(("•", "◦", "‣")):
                self._flush()
        if not self._body.chars:
            self._body = _Stream("body", self._section)
        self._append(self._body, order, part.page, part.lines)

    def _append(self, stream: _Stream, order: int, page: int, lines: Iterable[Line]) -> None:
        first = True
        for line in lines:
            self._hyphens.join(stream.chars, line)
            if first:
                stream.starts.append((max(0, len(stream.chars) - len(line.chars)), page, order))
                first = False

    def _flush(self) -> None:
        self._divide(self._body)
        self._body = _Stream("body", self._section)

    def _divide(self, stream: _Stream) -> None:
        text = stream.text
        offsets = [offset for offset, _, _ in stream.starts]
        for start, end in sentence_spans(text):
            # The first character that is printed says on which page the sentence begins.
            _, page, order = stream.starts[max(0, bisect_right(offsets, start) - 1)]
            chars = stream.chars[start:end]
            printed = next((box.page for _, box in chars if box is not None), page)
            self._found.append(_Found(order, printed, stream.kind, stream.section, text[start:end], chars))

    # -------------------------------------------------------------- references

    def _is_entry(self, part: Part) -> bool:
        text = part.lines[0].text
        found = _ENTRY.match(text)
        if self._in_list and found is None and self._entry is not None and part.page > self._entry[1]:
            # On a new page, after an entry that is complete: an appendix, or the list of authors.
            entry = text_of(self._entry[2])
            self._in_list = not is_finished(entry)
            if not self._in_list:
                self._end_entry()
        if self._in_list:
            return True
        if found is not None and found["key"] == "1":
            self._flush()
            self._in_list = True
        return self._in_list

    def _entries(self, part: Part) -> None:
        for line in part.lines:
            found = _ENTRY.match(line.text)
            if found is not None:
                self._end_entry()
                self._entry = (found["key"], part.page, list(line.chars[line.text.index("]") + 1 :]))
            elif self._entry is not None:
                self._hyphens.join(self._entry[2], line)

    def _end_entry(self) -> None:
        if self._entry is not None:
            key, page, chars = self._entry
            self._references.append(Reference(key, text_of(chars).strip(), page))
            self._entry = None

    # -------------------------------------------------------------- pages

    def result(self, raw: Sequence[RawPage]) -> tuple[tuple[Page, ...], tuple[Heading, ...], tuple[Reference, ...]]:
        pages = []
        on_page: dict[int, list[_Found]] = defaultdict(list)
        for found in sorted(self._found, key=lambda found: found.order):
            on_page[found.page].append(found)
        for page in raw:
            sentences = tuple(
                Sentence(
                    f"p{page.number}.s{number}",
                    found.text,
                    found.kind,
                    found.section,
                    page.number,
                    tuple(box for _, box in found.chars),
                )
                for number, found in enumerate(on_page[page.number], start=1)
            )
            pages.append(Page(page.number, page.width, page.height, sentences, self._tables_of(page.number)))
        return tuple(pages), tuple(self._headings), tuple(self._references)

    def _tables_of(self, page: int) -> tuple[Table, ...]:
        tables = []
        for number, (_, part, section) in enumerate((held for held in self._tables if held[1].page == page), start=1):
            assert part.zone is not None
            columns, rows = table_rows(part.zone)
            name = f"p{page}.t{number}"
            caption = self._caption(part)
            tables.append(
                Table(
                    name,
                    page,
                    caption,
                    self._section_of(caption) or section,
                    columns,
                    tuple(TableRow(f"{name}.r{row}", page, cells) for row, cells in enumerate(rows, start=1)),
                )
            )
        return tuple(tables)

    def _section_of(self, caption: str) -> str:
        """Return the section that first speaks of a table; where it stands is the typesetter's choice."""
        number = CAPTION.match(caption)
        if number is None:
            return ""
        mention = re.compile(rf"\bTab(?:le|\.)\s*{number['number']}\b", re.IGNORECASE)
        for found in self._found:
            if found.kind == "body" and mention.search(found.text):
                return found.section
        return ""

    def _caption(self, table: Part) -> str:
        """Return the caption that stands nearest above or below a table."""
        near: list[tuple[float, str]] = []
        for part, text in self._captions:
            if part.page == table.page and caption_kind(text) == "table":
                above, below = table.y0 - part.y1, part.y0 - table.y1
                distance = above if above > -5 else below
                if -5 < distance < 60:
                    near.append((distance, text))
        return min(near)[1] if near else ""


def _is_formula(part: Part) -> bool:
    """Whether a block is set apart mathematics."""
    text = " ".join(line.text for line in part.lines)
    return len(re.findall(r"\b[a-z]{3,}\b", text)) < 3 * len(part.lines) and re.search(r"[=<>→]", text) is not None


def _is_indented(part: Part) -> bool:
    """Whether a block begins as a paragraph does."""
    rest = part.lines[1:]
    return bool(rest) and part.lines[0].x0 > min(line.x0 for line in rest) + 0.5 * part.size


def _begins_sentence(part: Part) -> bool:
    return re.match(r"[A-Z][a-z]+ [a-z]", part.lines[0].text) is not None


def _notes(part: Part) -> list[tuple[Line, ...]]:
    """Return the footnotes of a block, each of which begins with a raised mark."""
    notes: list[list[Line]] = []
    for line in part.lines:
        if not notes or line.text.startswith("^"):
            notes.append([])
        notes[-1].append(line)
    return [tuple(note) for note in notes]


class _Hyphens:
    """Which hyphens at the ends of lines belong to their words, as judged by the paper's own vocabulary."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._words: Counter[str] = Counter()
        broken = False
        for line in lines:
            words = _WORD.findall(line.text)
            whole = words[1 if broken else 0 :]
            broken = line.text.endswith("-")
            for word in whole[: -1 if broken else None]:
                self._words[word.lower()] += 1
                if "-" in word:
                    self._words.update(part.lower() for part in word.split("-"))

    def join(self, chars: list[Char], line: Line) -> None:
        """Append a line to a text, with a space or without the hyphen that divides a word."""
        new = line.chars
        if not chars:
            chars += new
            return
        if chars[-1][0] != "-" or len(chars) < 2 or chars[-2][0] in " ^_":
            chars += [_SPACE, *new]
            return
        before = text_of(chars[-40:-1])
        if not self._belongs(before, line.text):
            chars.pop()
        chars += new

    def _belongs(self, before: str, after: str) -> bool:
        left = re.search(r"[A-Za-z]+$", before)
        right = re.match(r"[a-z]+", after)
        if left is None or right is None or left[0].isupper() or not before[-1].isalpha():
            return True
        if re.search(r"[\d_^}][A-Za-z]*$", before):
            return True
        one, two = left[0].lower(), right[0].lower()
        if len(one) == 1:
            return True  # no word is divided behind its first letter: `b-` and `tagged`
        if one + two in self._words:
            return False
        if f"{one}-{two}" in self._words:
            return True
        return min(len(one), len(two)) > 2 and one in self._words and two in self._words
