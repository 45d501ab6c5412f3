"""Good-run lists: which luminosity blocks of which runs may be used.

Two spellings are read and told apart by their content: the XML of ATLAS (`LumiRangeCollection`) and the JSON of CMS
(`{"run": [[first, last], ...]}`). Both ends of a range belong to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from hepsel.errors import DataError
from hepsel.texts import read_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

Range = tuple[int, int]


@dataclass(frozen=True)
class GoodRuns:
    """Luminosity blocks that may be used.

    Attributes
    ----------
    ranges
        For each run its ranges of luminosity blocks, both ends included: sorted, not touching one another.
    """

    ranges: Mapping[int, tuple[Range, ...]]

    def mask(self, run: NDArray[Any], luminosity_block: NDArray[Any]) -> NDArray[Any]:
        """Return for each event whether it lies in a good luminosity block."""
        import numpy as np

        good = np.zeros(len(run), dtype=bool)
        for number in np.unique(run):
            ranges = self.ranges.get(int(number))
            if ranges is None:
                continue
            of_run = np.flatnonzero(run == number)
            blocks = luminosity_block[of_run].astype(np.int64)
            first, last = np.array(ranges, dtype=np.int64).T
            place = np.searchsorted(first, blocks, side="right") - 1
            good[of_run] = (place >= 0) & (blocks <= last[place])
        return good


def read_good_runs(paths: Sequence[Path]) -> GoodRuns:
    """Read good-run lists; an event is good when any of them says so.

    Raises
    ------
    DataError
        When a file cannot be read or is not a good-run list.
    """
    return _collect(entry for path in paths for entry in _read(path))


def _collect(entries: Iterable[tuple[int, Range]]) -> GoodRuns:
    found: dict[int, list[Range]] = {}
    for run, block_range in entries:
        found.setdefault(run, []).append(block_range)
    return GoodRuns({run: _joined(ranges) for run, ranges in sorted(found.items())})


def _joined(ranges: list[Range]) -> tuple[Range, ...]:
    joined: list[Range] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


class _Malformed(Exception):
    """What is wrong with a list, without the name of the file."""


def _read(path: Path) -> list[tuple[int, Range]]:
    content = read_bytes(path, "good-run list")
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    try:
        if start == b"<":
            entries = _read_xml(content)
        elif start == b"{":
            entries = _read_json(content)
        else:
            raise _Malformed("neither ATLAS XML nor CMS JSON")
        if not entries:
            raise _Malformed("it has no luminosity blocks")
    except _Malformed as error:
        raise DataError(f"{path}: not a good-run list: {error}") from error
    return entries


def _block_range(run: int, first: int, last: int) -> tuple[int, Range]:
    if run < 0 or not 0 <= first <= last < 2**63:
        raise _Malformed(f"run {run} has the luminosity blocks {first} to {last}")
    return run, (first, last)


# ------------------------------------------------------------------ CMS


def _read_json(content: bytes) -> list[tuple[int, Range]]:
    try:
        # Pairs, not a dictionary: a run that stands twice keeps both lists.
        runs = json.loads(content, object_pairs_hook=list)
        return [
            _block_range(int(run), first, last)
            for run, ranges in runs
            for first, last in ranges
            if _whole(first) and _whole(last)
        ]
    except (TypeError, ValueError, RecursionError) as error:
        raise _Malformed('expected {"run": [[first, last], ...], ...}') from error


def _whole(value: object) -> bool:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return True


# ------------------------------------------------------------------ ATLAS


def _read_xml(content: bytes) -> list[tuple[int, Range]]:
    reader = _XmlReader()
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError as error:
        raise _Malformed(f"the XML is damaged: {error}") from error
    return reader.entries


class _XmlReader:
    """Collects the ranges as the parser comes by them.

    expat loads nothing from outside (the list's DTD is named and not fetched); a list that declares entities, the means
    of XML bombs, is refused.
    """

    def __init__(self) -> None:
        self.entries: list[tuple[int, Range]] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity
        self._root: str | None = None
        self._run: int | None = None
        self._content = ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._root is None:
            self._root = name
            if name != "LumiRangeCollection":
                raise _Malformed(f"its XML is a {name}, not a LumiRangeCollection")
        elif name == "LumiBlockCollection":
            self._run = None
        elif name == "LBRange":
            if self._run is None:
                raise _Malformed(f"line {self.parser.CurrentLineNumber}: LBRange before its Run")
            first, last = (self._number(attributes.get(key, "")) for key in ("Start", "End"))
            self.entries.append(_block_range(self._run, first, last))
        self._content = ""

    def _end(self, name: str) -> None:
        if name == "Run":
            self._run = self._number(self._content)

    def _text(self, content: str) -> None:
        self._content += content

    def _entity(self, *_: object) -> None:
        raise _Malformed("it declares XML entities, which are not allowed")

    def _number(self, text: str) -> int:
        if not (text.strip().isascii() and text.strip().isdigit() and len(text) < 20):
            line = self.parser.CurrentLineNumber
            raise _Malformed(f"line {line}: expected a number, found {text.strip()[:40]!r}")
        return int(text)
