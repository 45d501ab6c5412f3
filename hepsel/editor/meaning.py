"""What a name at a place of a program stands for: taken from what the checker found, not found again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hepsel.editor.document import Document, Seen, is_prose, word_at
from hepsel.formats.describe import USUAL
from hepsel.formats.schema import AttributeSpec, CollectionSpec
from hepsel.semantics import program as typed
from hepsel.semantics.symbols import Symbols
from hepsel.semantics.types import EnumType, ItemType, ListType, Type, VectorType
from hepsel.syntax import tree
from hepsel.syntax.tree import NOWHERE, Span
from hepsel.vocabulary.functions import FUNCTIONS, OTHER_FUNCTIONS, REDUCERS


@dataclass(frozen=True, slots=True)
class Defined:
    """Something that the program defines: where its name stands, and all that defines it; with its type, if known."""

    name: Span
    text: Span
    type: Type | None = None


@dataclass(frozen=True, slots=True)
class OfItems:
    """An attribute that a format gives to items of one of its collections."""

    collection: str
    spec: AttributeSpec
    type: Type


@dataclass(frozen=True, slots=True)
class OfLanguage:
    """What every program has, and a line about it."""

    name: str
    about: str


Meaning = Defined | OfItems | CollectionSpec | OfLanguage


def meanings_at(document: Document, offset: int) -> tuple[Span, list[Meaning]] | None:
    """Return the name at a place and what it stands for, which may be several things in a union."""
    start, end = word_at(document.text, offset)
    if start == end or is_prose(document.text, offset):
        return None
    word = document.checked.source.span(start, end)
    found = list(_Meanings(document, word).all())
    return (word, found) if found else None


def meanings_of(document: Document, kind: Type | None, attribute: str) -> list[Meaning]:
    """Return what an attribute of something of a type stands for."""
    return list(_Meanings(document, NOWHERE).of_attribute(kind, attribute))


class _Meanings:
    def __init__(self, document: Document, word: Span) -> None:
        self._document, self._word = document, word
        self._name = document.text[word.start : word.end]

    def all(self) -> Iterator[Meaning]:
        """Yield what the word stands for."""
        for node in self._document.nodes_at(self._word.start):
            found = list(self._in(node))
            yield from found
            if found or (isinstance(node, tree.Attribute) and _same(node.name_span, self._word)):
                return

    def _in(self, node: tree.Node) -> Iterator[Meaning]:
        """Yield what the word stands for as a part of a node itself, and not of those below it."""
        word, document = self._word, self._document
        match node:
            case tree.Name(name) | tree.Column(name, None) if _same(node.span, word):
                yield from self._of_name(name, document.seen(word))
            case tree.Histogram(name, (None, *_)) | tree.Bins(name, (None, *_)) if _same(node.name_span, word):
                yield from self._of_name(name, document.seen(word))
            case tree.Attribute(item, name) if _same(node.name_span, word):
                for kind in document.types_at(item.span):
                    yield from self.of_attribute(kind, name)
            case tree.Call(name) if _same(node.function_span, word):
                yield from self._of_program(name) or _of_functions(name)
            case tree.Clause() if any(_same(span, word) for span in node.name_spans):
                yield Defined(word, node.span)
            case tree.Source(name, slot):
                if word.start == node.span.start:
                    yield from self._of_program(name) or self._of_format(name)
                elif slot is not None and word.end == node.span.end:
                    yield Defined(word, node.span)
            case tree.With(name) if word.start == node.span.start:
                yield from self._of_program(name) or self._of_format(name) or self._lets(name)
            case tree.Cite(name) | tree.SourceDecl(name) if name == self._name:
                analysis = document.checked.syntax.analysis if document.checked.syntax is not None else None
                for source in analysis.sources if analysis is not None else ():
                    if source.name == name:
                        start = document.text.index(name, source.span.start + len("source"))
                        yield Defined(document.checked.source.span(start, start + len(name)), source.span)
            case tree.Let() | tree.Weight() if _same(node.name_span, word):
                yield self._of_let(node)
            case tree.Define(parameters=parameters) | tree.Table(parameters=parameters):
                if _same(node.name_span, word) or (parameters is not None and self._name in parameters):
                    yield from self._of_program(node.name)
            case tree.Block() if _same(node.name_span, word):
                yield from self._of_program(node.name)

    def _of_name(self, name: str, seen: Seen | None) -> Iterator[Meaning]:
        """Yield what a name that stands alone means, as which it was typed."""
        if seen is not None and (variable := seen.scope.variables.get(name)) is not None:
            if isinstance(variable, typed.Variable):
                clause = self._document.nodes_at(variable.span.start)[0]
                yield Defined(variable.span, clause.span, variable.type)
            else:
                yield from self._of_parameter(name)
        elif name == "this":
            kind = f", of {seen.scope.this}" if seen is not None and seen.scope.this is not None else ""
            yield OfLanguage(name, f"the item that the block is about{kind}")
        elif seen is not None and name in seen.scope.lets:
            yield from self._let_at(self._symbols.values[seen.scope.lets[name].name].span)
        elif seen is not None and isinstance(seen.typed, typed.Attribute) and isinstance(seen.typed.item, typed.This):
            yield from self.of_attribute(seen.typed.item.type, name, own_p4=seen.scope.own_p4)
        elif own := self._of_program(name):
            yield from own
        elif of_format := self._of_format(name):
            yield from of_format
        elif seen is not None and isinstance(seen.typed.type, EnumType):
            yield OfLanguage(name, f"one of the values of {seen.typed.type}")

    def _of_parameter(self, name: str) -> Iterator[Meaning]:
        """Yield what calls give to a parameter, and the function."""
        function = self._document.nodes_at(self._word.start)[-2]
        assert isinstance(function, tree.Define)
        if kinds := self._document.types_at(self._word):
            yield OfLanguage(name, f"{' or '.join(map(str, kinds))}, where `{function.name}` is called")
        yield from self._of_program(function.name)

    def of_attribute(self, kind: Type | None, name: str, *, own_p4: bool = True) -> Iterator[Meaning]:
        """Yield what an attribute of something of this type means."""
        element = kind.element if isinstance(kind, ListType) else kind
        if isinstance(element, VectorType):
            yield OfLanguage(name, USUAL.get(name, name))
        if not isinstance(element, ItemType):
            return
        if name == "p4":
            yield OfLanguage(name, "four-vector of the item")
            return
        symbols, of_format = self._symbols, self._symbols.format
        for owner, meaning in typed.meanings(of_format, symbols.collections, element.collection, name, own_p4=own_p4):
            match meaning:
                case typed.StoredAttribute(spec):
                    yield self._of_items(owner, spec)
                case typed.DerivedAttribute(collection):
                    yield self._of_items(collection, of_format.collections[collection].attributes[name])
                case typed.BlockLet():
                    yield from self._lets(name, owner)
                case typed.SlotItem():
                    yield from self._slots(name, owner)
                case typed.Parts():
                    yield OfLanguage(name, "the items of the candidate, in the order of its slots")
                case typed.VectorComponent():
                    yield OfLanguage(name, f"{USUAL[name]}, of the four-vector of an item of {owner}")

    def _of_items(self, collection: str, spec: AttributeSpec) -> OfItems:
        assert self._document.types is not None
        kind = self._document.types.attributes.type_of(collection, spec.name)
        assert kind is not None
        return OfItems(collection, spec, kind)

    def _of_program(self, name: str) -> list[Meaning]:
        block = self._document.blocks.get(name)
        if block is None:
            return []
        kind = self._document.type_at(block.value.span) if isinstance(block, tree.Define) else None
        is_function = isinstance(block, tree.Define) and block.parameters is not None
        return [Defined(block.name_span, block.span, None if is_function else kind)]

    def _of_format(self, name: str) -> list[Meaning]:
        found = None if self._document.format is None else self._document.format.collections.get(name)
        return [] if found is None else [found]

    def _let_at(self, statement: Span) -> Iterator[Meaning]:
        for let in self._document.statements():
            if isinstance(let, tree.Let) and _same(let.span, statement):
                yield self._of_let(let)

    def _of_let(self, let: tree.Let | tree.Weight) -> Defined:
        return Defined(let.name_span, let.span, self._document.type_at(let.value.span))

    def _lets(self, name: str, block: str | None = None) -> list[Meaning]:
        """Return the `let`s of this name; with a block, which may repeat another one, those that it has."""
        values = None
        if block is not None:
            statements = self._symbols.collections[block].statements
            values = {one.value.span.start for one in statements if isinstance(one, typed.LetItem)}
        return [
            self._of_let(let)
            for let in self._document.statements()
            if isinstance(let, tree.Let) and let.name == name and (values is None or let.value.span.start in values)
        ]

    def _slots(self, name: str, composite: str) -> Iterator[Meaning]:
        """Yield the slot of a composite, or of that which it repeats."""
        block = self._document.blocks.get(composite.partition("[")[0])
        while isinstance(block, tree.CompositeBlock) and block.statements:
            take = block.statements[0]
            sources = take.sources if isinstance(take, tree.Take) else ()
            for source in sources:
                if source.slot == name:
                    start = source.span.end - len(name)
                    yield Defined(self._document.checked.source.span(start, source.span.end), source.span)
                    return
            block = self._document.blocks.get(sources[0].name) if len(sources) == 1 else None

    @property
    def _symbols(self) -> Symbols:
        assert self._document.types is not None  # what was seen, was typed
        return self._document.types.symbols


def _same(one: Span, other: Span) -> bool:
    return (one.start, one.end) == (other.start, other.end)


def _of_functions(name: str) -> list[Meaning]:
    """Return what functions of the language of a name do: `min` and `max` are two each."""
    about = [FUNCTIONS[name].meaning] if name in FUNCTIONS else []
    about += [kind[name] for kind in (REDUCERS, OTHER_FUNCTIONS) if name in kind]
    return [OfLanguage(name, line) for line in about]
