"""Format files (TOML) read into `Format`, and checked as carefully as a program."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from pathlib import Path

from hepsel.errors import HepselError
from hepsel.formats.attribute import Enumerations, read_attribute
from hepsel.formats.consistency import check_format
from hepsel.formats.document import Document, Table, nearest
from hepsel.formats.extension import extended
from hepsel.formats.schema import CollectionSpec, Format
from hepsel.formats.source import FormatError, Problem, key_lines, line_of, parse
from hepsel.texts import read_text

_SUFFIX = ".toml"

_FORMAT_KEYS = (
    "name", "description", "extends", "trees", "separators", "style", "servicex", "enumerations", "collections",
)  # fmt: skip
XAOD_DIALECTS = ("xaodr22", "xaodr25")
"""Dialects for ATLAS objects, by the release of the server's software."""

_STYLES = ("ATLAS", "CMS")
_DIALECTS = ("uproot", *XAOD_DIALECTS)
_COLLECTION_KEYS = (
    "description", "single", "list_of_one", "items", "count", "base", "where", "pattern", "xaod", "attributes",
)  # fmt: skip
_XAOD_CALL = re.compile(r'[A-Za-z_]\w*\(("\w+")?\)', re.ASCII)  # it becomes a part of scripts


@cache
def builtin_formats() -> tuple[str, ...]:
    """Return the names of the formats that come with hepsel."""
    folder = resources.files("hepsel.formats")
    names = (entry.name for entry in folder.iterdir() if entry.name.endswith(_SUFFIX))
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names))


def load_format(name_or_path: str) -> Format:
    """Return a data format.

    Parameters
    ----------
    name_or_path
        Name of a built-in format, or path of a TOML file (it ends in `.toml` or has a folder).

    Raises
    ------
    FormatError
        If the file has problems: all of them, with lines.
    HepselError
        If there is no such format.
    DataError
        If the file cannot be read.
    """
    if name_or_path in builtin_formats():
        return _builtin(name_or_path)
    return read_format(format_text(name_or_path), name_or_path)


def format_text(name_or_path: str) -> str:
    """Return the text of a format file; see `load_format`."""
    path = Path(name_or_path)
    if path.suffix != _SUFFIX and len(path.parts) <= 1:
        known = builtin_formats()
        raise HepselError(
            f"no format is called `{name_or_path}`{nearest(name_or_path, known)};"
            f" there are {', '.join(known)}; one of your own is given by the path of its TOML file"
        )
    return read_text(path, "format file")


def read_format(text: str, source: str) -> Format:
    """Read the text of a format file.

    Parameters
    ----------
    text
        The TOML.
    source
        Name of the file, for messages.

    Raises
    ------
    FormatError
        If it has problems: all of them, with lines.
    """
    document = Document()
    data_format = _read(document, _whole(document, parse(text, source)))
    check_format(document, data_format)
    if document.problems:
        lines = key_lines(text)
        problems = {Problem(line_of(lines, path), message) for path, message in document.problems}
        raise FormatError(source, tuple(sorted(problems)))
    return data_format


def derived_expressions(data_format: Format) -> list[tuple[str, str | None, str]]:
    """Return the expressions of a format, to be checked as those of a program are.

    Returns
    -------
    list of tuple
        Collection, attribute (`None` for the condition `where` of the collection) and text.
        A bare name in an attribute is an attribute of its collection; in the condition, of the
        collection's base.
    """
    found: list[tuple[str, str | None, str]] = []
    for collection in data_format.collections.values():
        if collection.where is not None:
            found.append((collection.name, None, collection.where))
        found.extend(
            (collection.name, attribute.name, attribute.expression)
            for attribute in collection.attributes.values()
            if attribute.expression is not None
        )
    return found


@cache
def _builtin(name: str) -> Format:
    return read_format(_builtin_text(name), name + _SUFFIX)


def _builtin_text(name: str) -> str:
    return resources.files("hepsel.formats").joinpath(name + _SUFFIX).read_text(encoding="utf-8")


def _whole(document: Document, content: Table) -> Table:
    """Return what a file says, together with the format that it extends, but for what that is called."""
    name = _one_of(document, content, "extends", builtin_formats())
    if name not in builtin_formats():
        return content
    base = parse(_builtin_text(name), name + _SUFFIX)
    return extended(content, {key: value for key, value in base.items() if key not in ("name", "description")})


def _read(document: Document, content: Table) -> Format:
    document.unknown_keys(content, _FORMAT_KEYS, ())
    for key in ("name", "description", "collections"):
        if key not in content:
            document.problem((), f"a format needs `{key}`")
    name = document.text(content, "name", ()) or ""
    if not name.isprintable():
        document.problem(("name",), "`name` has control characters")
    listed = document.table(content, "enumerations", ())
    enumerations = {name: document.texts(listed, name, ("enumerations",)) for name in listed}
    tables = document.table(content, "collections", ())
    return Format(
        name=name,
        description=document.text(content, "description", ()) or "",
        trees=document.texts(content, "trees", ()),
        separators=document.texts(content, "separators", ()),
        style=_one_of(document, content, "style", _STYLES),
        servicex=_one_of(document, content, "servicex", _DIALECTS) or _DIALECTS[0],
        enumerations=enumerations,
        collections={
            name: _read_collection(document, name, document.table(tables, name, ("collections",)), enumerations)
            for name in tables
        },
    )


def _one_of(document: Document, content: Table, key: str, known: tuple[str, ...]) -> str | None:
    told = document.text(content, key, ())
    if told is not None and told not in known:
        listed = " or ".join(f"`{name}`" for name in known)
        document.problem((key,), f"`{key}` must be {listed}, and not `{told}`{nearest(told, known)}")
    return told


def _read_collection(document: Document, name: str, table: Table, enumerations: Enumerations) -> CollectionSpec:
    path = ("collections", name)
    document.unknown_keys(table, _COLLECTION_KEYS, path)
    inside = (*path, "attributes")
    xaod = document.text(table, "xaod", path)
    if xaod is not None and not _XAOD_CALL.fullmatch(xaod):
        message = f'`xaod` is a call, such as `Electrons()` or `Jets("AnalysisJets")`, and not `{xaod}`'
        document.problem((*path, "xaod"), message)
    entries = document.table(table, "attributes", path)
    return CollectionSpec(
        name=name,
        attributes={
            attribute: read_attribute(
                document,
                attribute,
                document.table(entries, attribute, inside),
                (*inside, attribute),
                enumerations,
            )
            for attribute in entries
        },
        description=document.text(table, "description", path) or "",
        single=document.flag(table, "single", path),
        list_of_one=document.flag(table, "list_of_one", path),
        items=document.texts(table, "items", path),
        count=document.texts(table, "count", path),
        base=document.text(table, "base", path),
        where=document.text(table, "where", path),
        pattern=document.text(table, "pattern", path),
        xaod=xaod,
    )
