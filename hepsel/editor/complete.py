"""What can be written at a place: words that the grammar allows there, and names that are known there.

The statement is completed with a name that nothing has, and checked like this: where that name ends up in the program
says what may stand in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lsprotocol.types import CompletionItem, CompletionItemKind, MarkupContent, MarkupKind

from hepsel.editor.document import Document, Seen, is_prose, nodes_at, word_at
from hepsel.editor.hover import about
from hepsel.editor.meaning import meanings_of
from hepsel.formats.schema import Format
from hepsel.semantics.expressions import Scope
from hepsel.semantics.symbols import COMPONENT_TYPES, Kind
from hepsel.semantics.types import EnumType, ItemType, ListType, Type, VectorType
from hepsel.semantics.units import UNITS
from hepsel.syntax import tree
from hepsel.syntax.diagnostics import SourceText
from hepsel.syntax.lexer import WORD
from hepsel.syntax.parser import BLOCKS, parse, statement_around, words_behind
from hepsel.vocabulary.functions import CONSTANTS, FUNCTIONS, OTHER_FUNCTIONS, REDUCERS

_HERE = "here_is_the_cursor"
_ENDINGS = ("", " descending", " then 0 else 0", " else 0", " bins 1 from 0 to 1")
"""What makes a statement whole that is written up to an expression."""

_CLOSING = {"(": ")", "[": "]", "|": "|"}
_SIGNS = re.compile(r'#[^\n]*|"(?:[^"\\\n]|\\.)*"|[()\[\]|]')
_FIRST_WORD = re.compile(r"(?:\s|#[^\n]*)*([a-z]*)")
_BODY = re.compile(rf"^[ \t]*({'|'.join(BLOCKS)})\b", re.MULTILINE)
_HEADER_LINES = ("experiment", "energy", "luminosity", "source")

_OF_KIND: dict[Kind, CompletionItemKind] = {
    "value": CompletionItemKind.Constant,
    "function": CompletionItemKind.Function,
    "table": CompletionItemKind.Function,
    "collection": CompletionItemKind.Class,
    "region": CompletionItemKind.Event,
    "lost": CompletionItemKind.Text,
}


def completions(text: str, offset: int, data_format: Format | None) -> list[CompletionItem]:
    """Return what can be written in the place of the word at a place."""
    start, end = word_at(text, offset)
    if is_prose(text, start) or text[start:end][:1].isdigit():
        return []
    first, last = statement_around(text, start)
    head, written = _head(text, first), text[first:start]
    words = words_behind(head + written)
    begins_line = not text[text.rfind("\n", 0, start) + 1 : start].strip()
    if begins_line:  # whatever the statement before it lacks
        words |= words_behind(head) - {WORD}
    offers = [_offer(word, CompletionItemKind.Keyword) for word in sorted(words - {WORD})]
    for tail in (text[end:last], *(_closing(written) + ending for ending in _ENDINGS)) if WORD in words else ():
        program, problems, _ = parse(SourceText(head + written + _HERE + tail))
        if program is None or problems:
            continue
        match nodes_at(program, len(head + written))[0]:
            case tree.UnitRef():
                offers += [_offer(unit, CompletionItemKind.Unit) for unit in UNITS if not begins_line]
            case tree.Source(name) if name != _HERE:
                pass  # a slot is given a new name
            case tree.Block() | tree.Let() | tree.Weight() | tree.Clause():
                pass  # and so is what these define
            case _:
                offers += _names(Document(text[:start] + _HERE + tail, data_format), start)
        break
    return offers


def _head(text: str, statement: int) -> str:
    """Return the shortest beginning of a program behind which a statement may stand."""
    word = _FIRST_WORD.match(text, statement)
    assert word is not None
    if word[1] in ("", "hepsel"):
        return ""
    if word[1] == "analysis":
        return "hepsel 1 "
    header = 'hepsel 1 analysis "" '
    if word[1] in (*BLOCKS, *_HEADER_LINES):
        return header
    block = [match[1] for match in _BODY.finditer(text, 0, statement)][-1:]
    return f"{header}{''.join(block)} x "


def _closing(written: str) -> str:
    """Return what closes the brackets that are open."""
    closing: list[str] = []
    for match in _SIGNS.finditer(written):
        sign = match[0]
        if closing and sign == closing[-1]:
            closing.pop()
        elif sign in _CLOSING:
            closing.append(_CLOSING[sign])
    return "".join(reversed(closing))


def _names(document: Document, start: int) -> Iterator[CompletionItem]:
    """Yield the names that may stand where a completed program has its placeholder."""
    around = document.nodes_at(start)  # none in a program with too many mistakes
    match around[0] if around else None:
        case tree.Attribute(item):
            kind = document.type_at(item.span)
            yield from _attributes(document, kind.element if isinstance(kind, ListType) else kind)
        case tree.Name() | tree.Column() | tree.Histogram() | tree.Bins():
            span = document.checked.source.span(start, start + len(_HERE))
            yield from _values(document, document.seen(span), around)
        case tree.Call():
            yield from _functions(document)
        case tree.Source():
            if isinstance(around[2], tree.RegionBlock):
                yield from _own(document, around, "region")
            else:
                yield from _own(document, around, "collection")
                yield from _collections(document, single=False)
        case tree.With():
            yield from _own(document, around, *_OF_KIND)
            yield from _collections(document)
        case tree.Cite() if document.checked.syntax is not None and document.checked.syntax.analysis is not None:
            sources = document.checked.syntax.analysis.sources
            yield from (_offer(source.name, CompletionItemKind.Reference, source.text) for source in sources)


def _attributes(document: Document, kind: Type | None) -> Iterator[CompletionItem]:
    """Yield what something of a type has."""
    found: Mapping[str, Type | None] = {}
    if isinstance(kind, VectorType):
        found = COMPONENT_TYPES
    elif isinstance(kind, ItemType) and document.types is not None:
        attributes = document.types.attributes
        found = {name: attributes.type_of(kind.collection, name) for name in attributes.names(kind.collection)}
    for name, one in found.items():
        says = MarkupContent(MarkupKind.Markdown, about(document, meanings_of(document, kind, name)))
        detail = one.name if isinstance(one, EnumType) else str(one or "")
        yield _offer(name, CompletionItemKind.Property, detail, says)


def _values(document: Document, seen: Seen | None, around: list[tree.Node]) -> Iterator[CompletionItem]:
    """Yield what may stand in an expression."""
    if seen is not None and isinstance(seen.expected, EnumType):
        yield from (_offer(value, CompletionItemKind.EnumMember) for value in seen.expected.values)
        return
    scope = Scope() if seen is None else seen.scope
    for name in (*scope.variables, *scope.lets):
        yield _offer(name, CompletionItemKind.Variable)
    if scope.this is not None:
        yield _offer("this", CompletionItemKind.Keyword)
        yield from _attributes(document, ItemType(scope.this))
    yield from _own(document, around, "value", "collection", "region", "lost")
    yield from _collections(document)
    yield from _functions(document)
    yield from (_offer(name, CompletionItemKind.Constant) for name in CONSTANTS)


def _own(document: Document, around: list[tree.Node], *kinds: Kind) -> Iterator[CompletionItem]:
    """Yield what the program defines before the block that is around a place."""
    if document.types is None:
        return
    here = {node.name for node in around if isinstance(node, tree.Block)}
    for name, kind in document.types.symbols.kinds.items():
        if kind in kinds and name in document.blocks and name not in here:
            yield _offer(name, _OF_KIND[kind])


def _collections(document: Document, *, single: bool = True) -> Iterator[CompletionItem]:
    """Yield the collections of the format, and its single items."""
    for name, spec in document.format.collections.items() if document.format is not None else ():
        if single or not spec.single:
            yield _offer(name, CompletionItemKind.Class, spec.description)


def _functions(document: Document) -> Iterator[CompletionItem]:
    yield from _own(document, [], "function", "table")
    meanings = {**{name: one.meaning for name, one in FUNCTIONS.items()}, **REDUCERS, **OTHER_FUNCTIONS}
    yield from (_offer(name, CompletionItemKind.Function, meaning) for name, meaning in meanings.items())


def _offer(name: str, kind: CompletionItemKind, detail: str = "", says: MarkupContent | None = None) -> CompletionItem:
    return CompletionItem(name, kind=kind, detail=detail or None, documentation=says)
