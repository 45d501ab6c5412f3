"""What is shown of a name, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from hepsel.editor.document import Document
from hepsel.editor.meaning import Defined, Meaning, OfItems, OfLanguage, meanings_at
from hepsel.formats.describe import describe_attribute, stored_as
from hepsel.formats.schema import CollectionSpec
from hepsel.semantics.types import Type, UnknownType
from hepsel.syntax.tree import Span

_LINES = 15
"""How much of a definition is shown."""


def hover(document: Document, offset: int) -> tuple[Span, str] | None:
    """Return the name at a place, and what is to be said of it."""
    found = meanings_at(document, offset)
    if found is None:
        return None
    word, meanings = found
    return word, about(document, meanings)


def about(document: Document, meanings: Sequence[Meaning]) -> str:
    """Return what is to be said of all that a name stands for."""
    return "\n\n---\n\n".join(dict.fromkeys(_shown(document, meaning) for meaning in meanings))


def _shown(document: Document, meaning: Meaning) -> str:
    match meaning:
        case Defined(_, text, kind):
            return f"{_source(document, text)}{_of_type(kind)}"
        case OfItems(collection, spec, kind):
            described = describe_attribute(spec, kind)
            unit = "" if described["unit"] is None else f", in {described['unit']}"
            says = f"\n\n{described['description']}" if described["description"] else ""
            return f"`{collection}.{spec.name}`: {described['type']}{unit}{says}\n\n`{stored_as(described)}`"
        case CollectionSpec(name, _, description, single):
            kind_of = "single item" if single else "collection"
            return f"`{name}`: {kind_of} of the format\n\n{description}".rstrip()
        case OfLanguage(name, line):
            return f"`{name}`: {line}"


def _source(document: Document, text: Span) -> str:
    lines = document.text[text.start : text.end].splitlines()
    shown = [*lines[:_LINES], "..."] if len(lines) > _LINES else lines
    return "```hepsel\n" + "\n".join(shown) + "\n```"


def _of_type(kind: Type | None) -> str:
    return "" if kind is None or isinstance(kind, UnknownType) else f"\n\n{kind}"
