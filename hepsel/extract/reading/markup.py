"""Plain text and Markdown, as blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hepsel.extract.reading.mathematics import TooDeep, plain_latex
from hepsel.extract.reading.source import Block

_MARK = re.compile(r"#{1,6}\s+(?P<text>.+?)\s*#*$")
_NUMBERED = re.compile(r"\d+(?:\.\d+)*\.?\s+[A-Z][^.?!]{2,80}$")
_ENTRY = re.compile(r"\[(?P<key>\w{1,12})\](?::)?\s+(?P<text>\S.*)", re.DOTALL)
_RULER = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?$")
_MATH = re.compile(r"\$\$(?P<wide>.+?)\$\$|\$(?P<inline>[^$\n]+?)\$", re.DOTALL)
_CAPTION = re.compile(r"(?:table|figure|fig\.)\s*\w+\s*[.:]", re.IGNORECASE)
_LIST_HEADING = re.compile(r"(?:[\dIVX.]+\s+)?(?:references|bibliography)", re.IGNORECASE)


def text_blocks(text: str, *, markdown: bool) -> Iterator[Block]:
    """Return the blocks of a text; paragraphs are divided by empty lines, pages by form feeds."""
    in_list = False
    for number, page in enumerate(text.replace("\r\n", "\n").split("\f")):
        if number:
            yield Block("page")
        for paragraph in re.split(r"\n[ \t]*\n", page):
            lines = [line for line in paragraph.split("\n") if line.strip()]
            start = 0
            while (two := lines[start : start + 2]) and (heading := _heading(two, markdown=markdown)):
                yield Block("heading", heading)
                in_list = _LIST_HEADING.fullmatch(heading.strip()) is not None
                start += 2 if _is_underlined(two) else 1
            if two:
                yield from _paragraph(lines[start:], in_list=in_list, markdown=markdown)


def _heading(lines: list[str], *, markdown: bool) -> str:
    if markdown and (found := _MARK.match(lines[0])):
        return found["text"]
    if _is_underlined(lines) or (len(lines) == 1 and _NUMBERED.match(lines[0].strip())):
        return lines[0].strip()
    return lines[0].strip() if len(lines) == 1 and _LIST_HEADING.fullmatch(lines[0].strip()) else ""


def _is_underlined(lines: list[str]) -> bool:
    return len(lines) > 1 and re.fullmatch(r"={3,}|-{3,}", lines[1].strip()) is not None


def _paragraph(lines: list[str], *, in_list: bool, markdown: bool) -> Iterator[Block]:
    if len(lines) > 1 and lines[0].count("|") and any(_RULER.match(line.strip()) for line in lines[:2]):
        rows = tuple(_cells(line) for line in lines if not _RULER.match(line.strip()))
        yield Block("table", rows=rows)
        return
    if in_list:
        for entry in re.split(r"\n(?=\[\w{1,12}\])", "\n".join(lines)):
            if found := _ENTRY.match(entry):
                yield Block("reference", found["text"], key=found["key"])
        return
    text = " ".join(line.strip() for line in lines)
    text = re.sub(r"(?<=[a-z])-\s+(?=[a-z])", "", text) if not markdown else text
    text = re.sub(r"^(?:[-*+]|>)\s+", "", _without_marks(text)) if markdown else text
    yield Block("caption" if _CAPTION.match(text) else "text", text)


def _cells(line: str) -> tuple[str, ...]:
    return tuple(_without_marks(cell.strip()) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|")))


def _without_marks(text: str) -> str:
    def mathematics(found: re.Match[str]) -> str:
        try:
            return plain_latex(found["wide"] or found["inline"], formula=True)
        except TooDeep:
            return found[0]

    text = _MATH.sub(mathematics, text)
    text = re.sub(r"<br\s*/?>", " ", text, flags=re.IGNORECASE)
    text = re.sub(r"<(su[bp])>([^<>]{1,99})</\1>", _script, text, flags=re.IGNORECASE)
    text = re.sub(r"!?\[([^\]]{0,500})\]\([^)\s]{0,2000}\)", r"\1", text)
    text = re.sub(r"\*\*([^*]+)\*\*|(?<!\w)__([^_]+)__(?!\w)", lambda found: found[1] or found[2], text)
    return re.sub(r"(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])|`([^`]+)`", lambda found: found[1] or found[2], text)


def _script(found: re.Match[str]) -> str:
    script = found[2] if len(found[2]) == 1 else f"{{{found[2]}}}"
    return f"{'_' if found[1].lower() == 'sub' else '^'}{script}"
