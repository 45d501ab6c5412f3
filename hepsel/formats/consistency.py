"""What the parts of a format file must be to each other."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from hepsel.formats.document import Document, nearest
from hepsel.formats.schema import ITEM, AttributeSpec, CollectionSpec, Format
from hepsel.formats.source import KeyPath
from hepsel.semantics.attributes import stored_type
from hepsel.semantics.program import COMPONENTS
from hepsel.semantics.reads import EVENT, EVENT_NUMBERS
from hepsel.semantics.symbols import Symbols, component_problem
from hepsel.semantics.units import UNITS, parse_unit
from hepsel.syntax.parser import keywords
from hepsel.vocabulary.functions import CONSTANTS, FUNCTIONS, OTHER_FUNCTIONS, REDUCERS

_FUNCTIONS = frozenset((*FUNCTIONS, *REDUCERS, *OTHER_FUNCTIONS, *CONSTANTS))

_PATTERN = re.compile(r"[^{}]*\{name\}[^{}]*")

MAX_PARTS = 20
"""Collections that may each be a part of the next one."""

_OF_ITEMS = frozenset(("this", "p4", "parts"))

# An attribute may be called `weight` or `energy`, which are words only at the start of a statement.
# It may not be one of these, which mean something else in an expression, or of every item.
_NO_ATTRIBUTES = _OF_ITEMS | {"if", "then", "else", "and", "or", "not", "in", "for", "true", "false"}


def check_format(document: Document, data_format: Format) -> None:
    """Check names, collections that are a part of others, links and enumerations.

    Parameters
    ----------
    document
        Takes note of what is wrong.
    data_format
        The format as it was read.
    """
    collections = data_format.collections
    symbols = Symbols(data_format)
    for spec in collections.values():
        path = ("collections", spec.name)
        if (problem := collection_problem(spec.name)) is not None:
            document.problem(path, f"`{spec.name}` cannot name a collection: {problem}")
        for attribute, stored in spec.attributes.items():
            inside = (*path, "attributes", attribute)
            if (problem := attribute_problem(attribute)) is not None:
                document.problem(inside, f"`{attribute}` cannot name an attribute: {problem}")
            elif attribute in collections:
                document.problem(inside, f"`{attribute}` cannot name an attribute: it is a collection")
            elif (problem := _kind_problem(symbols, stored)) is not None:
                document.problem(inside, problem)
        _check_collection(document, spec, path)
        if spec.name == EVENT:
            _check_event(document, spec, path)
        _check_base(document, spec, collections)
        _check_links(document, spec, collections)
    _check_enumerations(document, data_format)


def _kind_problem(symbols: Symbols, spec: AttributeSpec) -> str | None:
    """Say why an attribute with this name cannot be stored like this (expressions are typed later)."""
    if spec.expression is not None or (spec.unit is not None and parse_unit(spec.unit) is None):
        return None
    return component_problem(spec.name, stored_type(symbols, spec))


def attribute_problem(name: str) -> str | None:
    """Say why an attribute cannot have this name."""
    return _name_problem(name, _NO_ATTRIBUTES)


def collection_problem(name: str) -> str | None:
    """Say why a collection, or a value of an enumeration, cannot have this name."""
    if name in COMPONENTS:
        return "it is an attribute of every four-vector"
    return _name_problem(name, keywords() | _OF_ITEMS)


def _name_problem(name: str, words: Collection[str]) -> str | None:
    """Say why something cannot have this name, given the words of the language that it cannot be."""
    if not (name.isascii() and name.isidentifier()):
        return "a name has letters, digits and `_`, no digit first"
    for taken, meaning in (
        (words, "a word of the language"),
        (UNITS, "a unit"),
        (_FUNCTIONS, "a function or constant of the language"),
    ):
        if name in taken:
            return f"it is {meaning}"
    return None


def _check_collection(document: Document, spec: CollectionSpec, path: KeyPath) -> None:
    if (spec.base is None) != (spec.where is None):
        there, absent = ("where", "base") if spec.base is None else ("base", "where")
        message = f"`{spec.name}` has `{there}` and no `{absent}`: they go together"
        document.problem((*path, there), message)
    if spec.base is not None:
        for attribute in spec.attributes.values():
            if attribute.expression is None:
                message = (
                    f"`{spec.name}` is a part of `{spec.base}`, where stored attributes belong:"
                    f" `{attribute.name}` can only be derived here"
                )
                document.problem((*path, "attributes", attribute.name), message)
        if spec.xaod is not None:
            document.problem((*path, "xaod"), f"`{spec.name}` is a part of `{spec.base}`, where `xaod` belongs")
    if spec.list_of_one and not spec.single:
        message = "only a single item (`single = true`) is stored as a `list_of_one`"
        document.problem((*path, "list_of_one"), message)
    _check_stored_items(document, spec, path)
    if spec.pattern is not None:
        if not spec.single:
            message = "only a single item (`single = true`) has a `pattern`"
            document.problem((*path, "pattern"), message)
        if not _PATTERN.fullmatch(spec.pattern):
            message = "a `pattern` holds `{name}` once and no other braces, as in `HLT_{name}`"
            document.problem((*path, "pattern"), message)
    if not spec.attributes and spec.base is None and spec.pattern is None:
        document.problem(path, f"collection `{spec.name}` has no attributes")


def _check_stored_items(document: Document, spec: CollectionSpec, path: KeyPath) -> None:
    """Check what says how many items are stored, and whether each has branches of its own."""
    for key in ("items", "count"):
        if not getattr(spec, key):
            continue
        if spec.single:
            document.problem((*path, key), f"`{spec.name}` is a single item: only a collection has `{key}`")
        if spec.base is not None:
            document.problem((*path, key), f"`{spec.name}` is a part of `{spec.base}`, where `{key}` belongs")
        if spec.xaod is not None:
            document.problem((*path, key), f"a collection of ATLAS objects (it has `xaod`) cannot have `{key}`")
    for place, item in enumerate(spec.items):
        if item in spec.items[:place]:
            document.problem((*path, "items"), f"item `{item}` stands twice")
    for attribute in spec.attributes.values():
        for key, branches in (("branch", attribute.branches), ("key_branch", attribute.key_branches)):
            for branch in branches:
                if (ITEM in branch) != bool(spec.items):
                    told = (
                        f"the branches of `{spec.name}` are those of its `items`: `{branch}` must have `{ITEM}` in it"
                        if spec.items
                        else f"`{ITEM}` stands for one of the `items` of a collection, and `{spec.name}` has none"
                    )
                    document.problem((*path, "attributes", attribute.name, key), told)


def _check_event(document: Document, spec: CollectionSpec, path: KeyPath) -> None:
    """Check that runs can list events, and look them up in lists of good runs, by the numbers in the file."""
    if not spec.single:
        document.problem(path, f"`{EVENT}` must be a single item (`single = true`): it is what is selected")
    for name in EVENT_NUMBERS:
        attribute = spec.attributes.get(name)
        if attribute is not None and (attribute.kind != "int" or attribute.is_list):
            inside = (*path, "attributes", name)
            document.problem(inside, f'`{EVENT}.{name}` must be a stored whole number (`type = "int"`)')


def _check_base(document: Document, spec: CollectionSpec, collections: Mapping[str, CollectionSpec]) -> None:
    if spec.base is None:
        return
    path = ("collections", spec.name, "base")
    if spec.single:
        document.problem(path, f"`{spec.name}` is a single item and cannot be a part of a collection")
    if spec.base not in collections:
        message = f"there is no collection `{spec.base}`{nearest(spec.base, collections)}"
        document.problem(path, message)
    elif collections[spec.base].single:
        document.problem(path, f"`{spec.base}` is a single item: only a collection has parts")
    chain = [spec.name]
    base: str | None = spec.base
    while base is not None and base in collections and base not in chain:
        chain.append(base)
        base = collections[base].base
        if len(chain) > MAX_PARTS:
            document.problem(path, f"`{spec.name}` is a part of parts, more than {MAX_PARTS} times over")
            return
    if base == spec.name:
        message = f"`{spec.name}` is a part of itself: {' -> '.join([*chain, base])}"
        document.problem(path, message)


def _check_links(document: Document, spec: CollectionSpec, collections: Mapping[str, CollectionSpec]) -> None:
    for attribute in spec.attributes.values():
        target = attribute.target
        if target is None:
            continue
        path = ("collections", spec.name, "attributes", attribute.name, "to")
        if target not in collections:
            message = f"there is no collection `{target}`{nearest(target, collections)}"
            document.problem(path, message)
        elif collections[target].single or collections[target].base is not None:
            message = f"a link must go to a stored collection, and `{target}` is not one"
            document.problem(path, message)


def _check_enumerations(document: Document, data_format: Format) -> None:
    attributes = {name for spec in data_format.collections.values() for name in spec.attributes}
    owner: dict[str, str] = {}
    for enumeration, values in data_format.enumerations.items():
        path = ("enumerations", enumeration)
        if (problem := _name_problem(enumeration, ())) is not None:
            document.problem(path, f"`{enumeration}` cannot name an enumeration: {problem}")
        if enumeration in data_format.collections:
            document.problem(path, f"enumeration `{enumeration}` has the name of a collection")
        for place, value in enumerate(values):
            if (problem := collection_problem(value)) is not None:
                document.problem(path, f"`{value}` cannot be a value: {problem}")
            if value in data_format.collections:
                document.problem(path, f"value `{value}` has the name of a collection")
            if value in attributes:
                document.problem(path, f"value `{value}` has the name of an attribute")
            if value in values[:place]:
                document.problem(path, f"value `{value}` stands twice in `{enumeration}`")
            elif value in owner:
                message = f"value `{value}` is in both `{owner[value]}` and `{enumeration}`"
                document.problem(path, message)
            owner.setdefault(value, enumeration)
