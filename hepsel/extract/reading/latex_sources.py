r"""The files of a LaTeX source, as arXiv and Overleaf give them: a gzipped TeX file, or an archive.

Names that stand in the source, as in `\input{selection}`, are looked up among the files of the archive, nowhere else.
"""

from __future__ import annotations

import gzip
import io
import posixpath
import re
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from hepsel.extract.reading.mathematics import group

_SUFFIXES = (".tex", ".ltx", ".sty", ".cls", ".def", ".bbl")
_DEEPEST = 20
_LARGEST_UNPACKED = 1 << 30

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*\n[ \t]*")
_UNUSED = (
    (re.compile(r"\\begin\{comment\}"), re.compile(r"\\end\{comment\}")),
    (re.compile(r"\\iffalse(?![A-Za-z])"), re.compile(r"\\fi(?![A-Za-z])")),
)
_DOCUMENT = re.compile(r"\\begin\s*\{document\}(.*?)(?:\\end\s*\{document\}|\Z)", re.DOTALL)
_INCLUDE = re.compile(
    r"\\(?:input|include|subfile|subfileinclude)\s*(?:\{\s*([^{}]{1,300}?)\s*\}|(?<=\s)([^\s\\{}]{1,300}))"
    r"|\\(?:sub)?(?:import|inputfrom|includefrom)\*?\s*\{([^{}]{0,300})\}\s*\{([^{}]{1,300})\}"
)
_BIBLIOGRAPHY = re.compile(r"\\bibliography\s*\{[^{}]{0,2000}\}|\\printbibliography(?:\[[^\]]{0,300}\])?")
_PACKAGES = re.compile(
    r"\\(?:documentclass|usepackage|RequirePackage|LoadClass(?:WithOptions)?)\s*(?:\[[^\]]{0,2000}\])?\s*\{([^{}]{1,500})\}"
)


_ENTRY = re.compile(r"\\entry\{([^{}]{1,300})\}(.*?)\\endentry", re.DOTALL)
_FIELD = re.compile(r"\\field\{(title|journaltitle|howpublished|volume|year|pages)\}")
_EPRINT = re.compile(r"\\verb\{eprint\}\s*\\verb ([^\s\\]+)")


class BadSource(ValueError):
    """An archive that is damaged, too large, or that has not one document in it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document with all that it includes, and the packages that came with it, those that others need first.

    All of it is without comments.
    """

    text: str
    packages: tuple[str, ...] = ()


def is_packed(data: bytes) -> bool:
    """Whether these are the bytes of an archive, or of a gzipped file."""
    return data[:2] == b"\x1f\x8b" or data[:4] == b"PK\x03\x04" or data[257:262] == b"ustar"


def unpacked(data: bytes, most: int) -> bytes | dict[str, bytes]:
    """Return the file that is gzipped, or the texts of an archive by their names.

    Parameters
    ----------
    data
        The bytes for which `is_packed` is true.
    most
        Size that the texts may have together.

    Raises
    ------
    BadSource
        Where it is damaged, or larger.
    """
    try:
        if data[:4] == b"PK\x03\x04":
            return dict(_within(_zipped(data, most), most))
        if data[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(data)) as stream:
                beginning = stream.read(512)
                if beginning[257:262] != b"ustar":
                    whole = beginning + stream.read(most)
                    if len(whole) > most:
                        raise BadSource(f"larger than {most >> 20} MB when it is unpacked")
                    return whole
            with gzip.open(io.BytesIO(data)) as stream:
                return dict(_within(_archived(stream, most), most))
        return dict(_within(_archived(io.BytesIO(data), most), most))
    except BadSource:
        raise
    except Exception as error:  # damaged archives make the libraries raise anything
        raise BadSource(f"the archive is damaged: {error}") from error


def _within(files: Iterator[tuple[str, bytes]], most: int) -> Iterator[tuple[str, bytes]]:
    size = 0
    for name, data in files:
        size += len(data)
        if size > most:
            raise BadSource(f"its texts are larger than {most >> 20} MB")
        yield posixpath.normpath(name), data


def _zipped(data: bytes, most: int) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for item in archive.infolist():
            if item.filename.lower().endswith(_SUFFIXES):
                with archive.open(item) as stream:
                    yield item.filename, stream.read(most + 1)


def _archived(stream: IO[bytes] | gzip.GzipFile, most: int) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=_Bounded(stream), mode="r|") as archive:  # type: ignore[call-overload]
        for item in archive:
            if item.isreg() and item.name.lower().endswith(_SUFFIXES):
                file = archive.extractfile(item)
                assert file is not None
                yield item.name, file.read(most + 1)


class _Bounded:
    """A stream that does not end in unpacking for ever."""

    def __init__(self, stream: IO[bytes] | gzip.GzipFile) -> None:
        self._stream = stream
        self._left = _LARGEST_UNPACKED

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise BadSource(f"larger than {_LARGEST_UNPACKED >> 20} MB when it is unpacked")
        return data


def without_comments(source: str) -> str:
    """Return a source without comments and what else is not printed."""
    source = _COMMENT.sub(r"\1", source.replace("\r\n", "\n").replace("\r", "\n") + "\n")
    for begin, end in _UNUSED:
        place, parts = 0, []
        while (start := begin.search(source, place)) and (stop := end.search(source, start.end())):
            parts.append(source[place : start.start()])
            place = stop.end()
        source = "".join([*parts, source[place:]])
    return source


def assembled(files: Mapping[str, str], most: int) -> Source:
    """Return the one document that files make.

    Parameters
    ----------
    files
        Texts by their names.
    most
        Length that it may have.

    Raises
    ------
    BadSource
        Where there is no document, more than one, or one that is longer.
    """
    return _Files({name: without_comments(text) for name, text in files.items()}, most).source()


def _reference_list(source: str) -> str:
    """Return a list of references as LaTeX prints it; biblatex keeps one as data."""
    if "\\bibitem" in source:
        return source
    items = []
    for key, entry in _ENTRY.findall(source):
        fields = {found[1]: group(entry, found.end())[0] for found in _FIELD.finditer(entry)}
        where = " ".join(fields[name] for name in ("journaltitle", "howpublished", "volume") if name in fields)
        when = f"({fields['year']})" if "year" in fields else ""
        eprint = [f"arXiv:{found[1]}"] if (found := _EPRINT.search(entry)) else []
        parts = [fields.get("title", ""), f"{where} {when} {fields.get('pages', '')}".strip(), *eprint]
        items.append(f"\\bibitem{{{key}}} {', '.join(filter(None, parts))}.\n")
    return "".join(items)


class _Files:
    def __init__(self, files: Mapping[str, str], most: int) -> None:
        self._files = files
        self._left = most
        self._by_basename: dict[str, str] = {}
        for name in sorted(files, key=lambda name: (name.count("/"), name)):
            self._by_basename.setdefault(posixpath.basename(name), name)

    def source(self) -> Source:
        main = self._main()
        text = self._included(main, main, ())
        entries = _reference_list(self._files.get(self._bibliography(main), ""))
        text = _BIBLIOGRAPHY.sub(lambda _: entries, text) if entries else text
        return Source(text, tuple(self._files[name] for name in self._packages(text)))

    def _main(self) -> str:
        """Return the name of the file that is the document."""
        whole = [name for name, text in self._files.items() if "\\documentclass" in text and _DOCUMENT.search(text)]
        parts = {
            part
            for name in whole
            for found in _INCLUDE.finditer(self._files[name])
            if (part := self._named(found, name, name))
        }
        found = [name for name in whole if name not in parts]
        if not found:
            raise BadSource("no file in it is a LaTeX document")
        if len(found) > 1:
            raise BadSource(
                f"{len(found)} LaTeX documents are in it ({', '.join(sorted(found)[:5])}): leave one of them"
            )
        return found[0]

    def _named(self, found: re.Match[str], name: str, main: str) -> str | None:
        """Return the file that a command names, which is looked for beside the document and beside the file itself."""
        called = found[1] or found[2] or posixpath.join(found[3], found[4])
        folders = dict.fromkeys((posixpath.dirname(main), posixpath.dirname(name)))
        paths = (posixpath.normpath(posixpath.join(folder, called)) for folder in folders)
        return next((path + end for path in paths for end in ("", ".tex") if path + end in self._files), None)

    def _included(self, name: str, main: str, above: tuple[str, ...]) -> str:
        """Return a file with what it includes; what is not there remains as it is written."""
        text = self._files[name]
        if name != main and (inside := _DOCUMENT.search(text)):
            text = inside[1]
        self._left -= len(text)
        if self._left < 0:
            raise BadSource("what it includes makes too much text")

        def inserted(found: re.Match[str]) -> str:
            part = self._named(found, name, main)
            if part is None or part in (name, *above) or len(above) > _DEEPEST:
                return found[0]
            return f"\n{self._included(part, main, (*above, name))}\n"

        return _INCLUDE.sub(inserted, text)

    def _bibliography(self, main: str) -> str:
        """Return the name of the file with the references: that of the document, or the only one."""
        own = f"{posixpath.splitext(main)[0]}.bbl"
        lists = [name for name in self._files if name.endswith(".bbl")]
        return lists[0] if own not in lists and len(lists) == 1 else own

    def _packages(self, text: str) -> list[str]:
        """Return the names of the packages that came along, in the order in which they are read."""
        found: dict[str, None] = {}

        def needed(text: str, depth: int) -> None:
            for names in _PACKAGES.findall(text):
                for called in names.split(","):
                    base = posixpath.basename(called.strip())
                    for name in (self._by_basename.get(f"{base}{end}") for end in (".sty", ".cls")):
                        if name is not None and name not in found and depth < _DEEPEST:
                            found[name] = None  # before those that it needs: two may need each other
                            needed(self._files[name], depth + 1)
                            found[name] = found.pop(name)

        needed(text, 0)
        return list(found)
