"""Results of finished units, kept while a run is under way: one that is interrupted can go on, and memory is saved.

A result is kept as JSON with its arrays beside it, in one zip file, rather than pickled: reading a pickle runs whatever
code is in it, and an output directory may come from somebody else.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from hepsel.errors import DataError
from hepsel.files import drafts
from hepsel.run.result import Result, Tables, make_histogram, tables_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDER = ".hepsel"
_KEPT = re.compile(r"[0-9a-f]{64}\.zip|\.[0-9a-f]{64}\.\w+\.zip")  # the latter: a draft, left behind by a killed run
_ARRAY = "$array"
_AWKWARD = "$awkward"
_HISTOGRAM = "$histogram"


def is_kept_file(name: str) -> bool:
    """Whether a file of the folder has a name as `State` gives them."""
    return _KEPT.fullmatch(name) is not None


class State:
    """The results of finished units of work in one folder.

    Parameters
    ----------
    folder
        In an output directory that is reserved for this run.
    job
        All that a result depends on besides its events: program, format, options, versions.
    """

    def __init__(self, folder: Path, job: Mapping[str, Any]) -> None:
        self._folder = folder
        self._job = job
        self._paths: list[Path] = []  # of the results of this job

    @property
    def is_of_use(self) -> bool:
        """Whether results of this job are kept."""
        return any(path.exists() for path in self._paths)

    def load(self, identity: object) -> Result | None:
        """Return the result of a unit, if it is there and whole."""
        path = self._path(identity)
        try:
            result = loads(path.read_bytes())
        except Exception:  # a damaged archive makes the libraries raise anything
            return None  # as good as not there: the unit is simply done again
        self._paths.append(path)
        return result

    def tables(self, identity: object) -> Tables:
        """Return what a result that is kept has of each event.

        Raises
        ------
        DataError
            When it is not there any more.
        """
        result = self.load(identity)
        if result is None:
            raise DataError(f"{self._folder}: results that were kept here went away, or were damaged: run again")
        return tables_of(result)

    def store(self, identity: object, result: Result | Tables) -> None:
        """Keep the result of a unit, or its tables alone.

        Raises
        ------
        DataError
            When it cannot be written.
        """
        path = self._path(identity)
        self._paths.append(path)  # before it is written: an interruption may come as soon as it is there
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with drafts([path]) as (draft,):
                draft.write_bytes(dumps(result))
        except OSError as error:
            reason = error.strerror or error
            raise DataError(f"{self._folder}: cannot keep the results of what is finished here: {reason}") from error

    def forget(self) -> None:
        """Remove all that is kept of this job."""
        for path in self._paths:
            path.unlink(missing_ok=True)

    def _path(self, identity: object) -> Path:
        text = json.dumps([self._job, identity], sort_keys=True)
        return self._folder / f"{hashlib.sha256(text.encode()).hexdigest()}.zip"


def dumps(result: Result | Tables) -> bytes:
    """Return a result as bytes."""
    import numpy as np

    arrays: list[NDArray[Any]] = []
    text = json.dumps(_plain(result, arrays))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("result.json", text)
        for index, array in enumerate(arrays):
            with archive.open(f"{index}.npy", "w") as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
    return stream.getvalue()


def loads(content: bytes) -> Result:
    """Return a result from the bytes that `dumps` made of it."""
    import numpy as np

    with zipfile.ZipFile(io.BytesIO(content)) as archive:

        def array(index: int) -> NDArray[Any]:
            with archive.open(f"{index}.npy") as member:
                loaded: NDArray[Any] = np.lib.format.read_array(member, allow_pickle=False)
                return loaded

        def restored(mapping: dict[str, Any]) -> Any:
            if _ARRAY in mapping:
                return array(mapping[_ARRAY])
            if _AWKWARD in mapping:
                import awkward as ak

                buffers = mapping["buffers"]
                return ak.from_buffers(mapping[_AWKWARD], mapping["length"], buffers)
            return make_histogram(**mapping[_HISTOGRAM]) if _HISTOGRAM in mapping else mapping

        return cast(Result, json.loads(archive.read("result.json"), object_hook=restored))


def _plain(value: Any, arrays: list[NDArray[Any]]) -> Any:
    import awkward as ak
    import hist
    import numpy as np

    if isinstance(value, Mapping):
        return {key: _plain(inner, arrays) for key, inner in value.items()}
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {_ARRAY: len(arrays) - 1}
    if isinstance(value, ak.Array):
        form, length, buffers = ak.to_buffers(ak.to_packed(value))
        return {
            _AWKWARD: form.to_json(),
            "length": length,
            "buffers": _plain({key: np.asarray(buffer) for key, buffer in buffers.items()}, arrays),
        }
    if isinstance(value, hist.Hist):
        view: Any = value.view(flow=True)
        return {
            _HISTOGRAM: {
                "edges": [[float(edge) for edge in axis.edges] for axis in value.axes],
                "values": _plain(np.array(view["value"]), arrays),
                "variances": _plain(np.array(view["variance"]), arrays),
            }
        }
    return value
