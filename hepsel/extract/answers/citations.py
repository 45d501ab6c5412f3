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
from hepsel.syntax.printer import print_annotation, quoted

_PLAIN = r"p[0-9]{1,5}\.(?:s[0-9]{1,6}|t[0-9]{1,5}(?:\.r[0-9]{1,6})?)"
_ID = re.compile(rf"\s*\[?({_PLAIN})\]?\s*")
_QUOTED = rf'"?[ \t]*\[?{_PLAIN}\]?[ \t]*"?'
_LOOSE = re.compile(
    rf"\bcite[ \t]+(?:(?P<source>(?!{_PLAIN})[A-Za-z_]\w*)[ \t]+)?"
    rf"(?P<ids>{_QUOTED}(?:[ \t]*(?:,|;|and\b)?[ \t]*{_QUOTED})*)"
)

_Cited = TypeVar("_Cited", tree.Analysis, tree.Block, tree.Statement)

Known = Mapping[tuple[str, str], tuple[int | None, str]]
"""Page and words of every sentence and table row, by source and id."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A citation of something that is not there."""

    message: str
    span: tree.Span


def passage_id(cite: tree.Cite) -> str | None:
    """Return the id by which a citation cites, or `None` for one in words."""
    found = _ID.fullmatch(cite.quote or "")
    return found[1] if found else None


def known_passages(papers: Sequence[Paper]) -> Known:
    """Return what citations by id can stand for."""
    return {(paper.source, name): found for paper in papers for name, found in paper.passages.items()}


def is_id(quote: str) -> bool:
    """Return whether a quotation is an id."""
    return _ID.fullmatch(quote) is not None


def problems(program: tree.Program, papers: Sequence[Paper]) -> Iterator[Problem]:
    """Yield the citations whose ids no paper has."""
    sources = [paper.source for paper in papers]
    for cite in _citations(program):
        name = passage_id(cite)
        others = [paper.source for paper in papers if name in paper.passages]
        if name is None or cite.source in others:
            continue
        if cite.source not in sources:
            message = f"there is no document `{cite.source}`; there are {', '.join(sources)}"
        elif others:
            message = f"`{cite.source}` has no {name}; there is one in {' and '.join(others)}"
        else:
            message = f"`{cite.source}` has no sentence or table row {name}"
        yield Problem(message, cite.span)


def as_citations(text: str, papers: Sequence[Paper]) -> str:
    """Return a text in which ids are cited as the language has it, however a model wrote them.

    `cite paper p1.s2`, `cite paper "p1.s2, p1.s3"`, and `cite "p1.s2"` where one document has it, say what is meant.
    """

    def cited(found: re.Match[str]) -> str:
        ids = re.findall(_PLAIN, found["ids"])
        source = found["source"]
        if found[0].count('"') % 2:
            return found[0]  # words that begin with an id
        if source is None:
            having = [paper.source for paper in papers if all(name in paper.passages for name in ids)]
            if len(having) != 1:
                return found[0]
            source = having[0]
        return "  ".join(f"cite {source} {quoted(name)}" for name in ids)

    return _LOOSE.sub(cited, text)


def in_words(text: str, program: tree.Program, papers: Sequence[Paper]) -> str:
    """Return the text of a program with page and words in the place of ids that are known."""
    known = known_passages(papers)
    changes = {
        (cite.span.start, cite.span.end): print_annotation(_in_words(cite, known))
        for cite in _citations(program)
        if (cite.source, passage_id(cite)) in known
    }
    return replaced(text, changes)


def tree_in_words(program: tree.Program, papers: Sequence[Paper]) -> tree.Program:
    """Return a program with page and words in the place of ids that are known; its places in the text stay."""
    known = known_passages(papers)

    def changed(part: _Cited) -> _Cited:
        notes = (_in_words(note, known) if isinstance(note, tree.Cite) else note for note in part.annotations)
        part = replace(part, annotations=tuple(notes))
        if isinstance(part, tree.Body):
            return replace(part, statements=tuple(map(changed, part.statements)))
        return part

    analysis = None if program.analysis is None else changed(program.analysis)
    return replace(program, analysis=analysis, blocks=tuple(map(changed, program.blocks)))


def _in_words(cite: tree.Cite, known: Known) -> tree.Cite:
    page, words = known.get((cite.source, passage_id(cite) or ""), (cite.page, cite.quote))
    return replace(cite, page=page, quote=words)


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
