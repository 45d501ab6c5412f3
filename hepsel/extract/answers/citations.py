"""Citations by the id of a sentence: `cite paper "p4.s12"` stands for the page and the words of that sentence.

While a model is asked, citations are ids, which are short and cannot be misspelt into something plausible. In a draft
they are page and quotation. A citation in words is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from hepsel.extract.asking.passages import Paper
from hepsel.syntax import tree
from hepsel.syntax.printer import quoted

_ID = re.compile(r"\s*\[?(p[0-9]{1,5}\.(?:s[0-9]{1,6}|t[0-9]{1,5}(?:\.r[0-9]{1,6})?))\]?\s*")

_Cited = TypeVar("_Cited", tree.Analysis, tree.Block, tree.Statement)


@dataclass(frozen=True, slots=True)
class Problem:
    """A citation of something that is not there."""

    message: str
    span: tree.Span


def passage_id(cite: tree.Cite) -> str | None:
    """Return the id by which a citation cites, or `None` for one in words."""
    found = _ID.fullmatch(cite.quote or "")
    return found[1] if found else None


def is_id(quote: str) -> bool:
    """Return whether a quotation is an id."""
    return _ID.fullmatch(quote) is not None


def problems(program: tree.Program, papers: Sequence[Paper]) -> Iterator[Problem]:
    """Yield the citations whose ids no paper has."""
    by_source = {paper.source: paper for paper in papers}
    for cite in _citations(program):
        name = passage_id(cite)
        paper = by_source.get(cite.source)
        if name is None or (paper is not None and name in paper.passages):
            continue
        others = [other.source for other in papers if name in other.passages]
        if paper is None:
            message = f"there is no document `{cite.source}`; there are {', '.join(by_source)}"
        elif others:
            message = f"`{cite.source}` has no {name}; {' and '.join(others)} has"
        else:
            message = f"`{cite.source}` has no sentence or table row {name}"
        yield Problem(message, cite.span)


def in_words(text: str, program: tree.Program, papers: Sequence[Paper]) -> str:
    """Return the text of a program with page and words in the place of ids that are known."""
    by_source = {paper.source: paper for paper in papers}
    changes: dict[tuple[int, int], str] = {}
    for cite in _citations(program):
        name = passage_id(cite)
        paper = by_source.get(cite.source)
        if name is not None and paper is not None and name in paper.passages:
            page, words = paper.passages[name]
            changes[cite.span.start, cite.span.end] = f"cite {cite.source} page {page} {quoted(words)}"
    return replaced(text, changes)


def tree_in_words(program: tree.Program, papers: Sequence[Paper]) -> tree.Program:
    """Return a program with page and words in the place of ids that are known; its places in the text stay."""
    by_source = {paper.source: paper for paper in papers}

    def cited(note: tree.Annotation) -> tree.Annotation:
        if not isinstance(note, tree.Cite):
            return note
        name, paper = passage_id(note), by_source.get(note.source)
        if name is None or paper is None or name not in paper.passages:
            return note
        page, words = paper.passages[name]
        return replace(note, page=page, quote=words)

    def changed(part: _Cited) -> _Cited:
        part = replace(part, annotations=tuple(map(cited, part.annotations)))
        if isinstance(part, tree.ObjectBlock | tree.CompositeBlock | tree.RegionBlock):
            return replace(part, statements=tuple(map(changed, part.statements)))
        return part

    analysis = None if program.analysis is None else changed(program.analysis)
    return replace(program, analysis=analysis, blocks=tuple(map(changed, program.blocks)))


def with_sources(text: str, program: tree.Program, papers: Sequence[Paper]) -> str:
    """Return the text of a program whose header declares each paper once, with its name and digest."""
    if program.analysis is None:
        return text
    declared = {source.name: source for source in program.analysis.sources}
    changes: dict[tuple[int, int], str] = {}
    missing = []
    for paper in papers:
        line = f"source {paper.source} {quoted(paper.description)}"
        if paper.source in declared:
            span = declared[paper.source].span
            changes[span.start, span.end] = line
        else:
            missing.append(f"\n  {line}")
    if missing:
        end = program.analysis.span.end
        last = max((span for span in changes if span[1] == end), default=(end, end))
        changes[last] = changes.get(last, "") + "".join(missing)
    return replaced(text, changes)


def replaced(text: str, changes: Mapping[tuple[int, int], str]) -> str:
    """Return a text with ranges of it, none of which overlap, replaced."""
    pieces = []
    position = 0
    for (start, end), new in sorted(changes.items()):
        pieces += [text[position:start], new]
        position = end
    return "".join([*pieces, text[position:]])


def _citations(program: tree.Program) -> Iterator[tree.Cite]:
    return (node for node in tree.walk(program) if isinstance(node, tree.Cite))
