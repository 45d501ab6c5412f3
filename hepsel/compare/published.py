"""Published cutflows: of a program's `expect`, of a CSV or YAML file, or of a HEPData table."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hepsel.compare.event_lists import delimiter_of
from hepsel.errors import DataError
from hepsel.texts import read_text

_LARGEST = 1_000_000  # bytes; published tables have a few kB
_DEEPEST = 20
_MOST = 200_000


@dataclass(frozen=True, slots=True)
class Count:
    """A published number of events.

    Attributes
    ----------
    criterion
        Identity or label of the criterion, or of the bin, after which it is.
    value
        The number.
    up, down
        Its total error on either side; `None` when none is stated.
    region
        Where it belongs; `None` when the source does not say.
    sample
        What was counted, if the source says so.
    """

    criterion: str
    value: float
    up: float | None = None
    down: float | None = None
    region: str | None = None
    sample: str | None = None


def expected_counts(region: Mapping[str, Any]) -> list[Count]:
    """Return what `expect` statements say of a region, given its data in `cutflow.json`."""
    found = []
    for row in (*region["rows"], *region["bins"]):
        for item in row["expected"]:
            errors = [(error["up"], error["down"]) for error in item["uncertainties"]]
            up, down = _total(errors)
            found.append(Count(row["id"], item["value"], up, down, region["name"], item["sample"]))
    return found


def _total(errors: Sequence[tuple[float, float]]) -> tuple[float | None, float | None]:
    if not errors:
        return None, None
    return math.hypot(*(up for up, _ in errors)), math.hypot(*(down for _, down in errors))


def read_counts(path: Path, column: str | None) -> list[Count]:
    """Read a published cutflow; it has at least one number.

    Parameters
    ----------
    path
        A `.yaml` or `.yml` file (a HEPData table, or a list of entries), or a CSV file.
    column
        Of a HEPData table with several dependent variables the name of the one that is meant.

    Raises
    ------
    DataError
        When it is not there, or is none of these.
    """
    counts = _read_counts(path, column)
    if not counts:
        raise DataError(f"{path}: there is no number in it")
    return counts


def _read_counts(path: Path, column: str | None) -> list[Count]:
    text = read_text(path, "cutflow", _LARGEST)
    if path.suffix not in (".yaml", ".yml"):
        if column is not None:
            raise DataError(f"{path}: --column is for HEPData tables")
        return _from_csv(path, text)
    data = _yaml(path, text)
    if isinstance(data, dict) and "dependent_variables" in data:
        return _from_hepdata(path, data, column)
    if column is not None:
        raise DataError(f"{path}: --column is for HEPData tables")
    if not isinstance(data, list):
        raise DataError(f"{path}: neither a HEPData table nor a list of entries with criterion and value")
    return [_entry(f"{path}: entry {number}", item) for number, item in enumerate(data, 1)]


# ---------------------------------------------------------------- CSV and lists


_KEYS = ("criterion", "value", "error", "region", "sample")


def _from_csv(path: Path, text: str) -> list[Count]:
    lines = text.splitlines()
    try:
        reader = csv.DictReader(lines, delimiter=delimiter_of(lines[0] if lines else ""), skipinitialspace=True)
        names = [name.strip() for name in reader.fieldnames or []]
        reader.fieldnames = names
        for name in ("criterion", "value"):
            if name not in names:
                known = ", ".join(repr(column[:40]) for column in names[:20]) or "nothing"
                raise DataError(f"{path}: no column {name!r} (there is {known})")
        return [_entry(f"{path}: line {reader.line_num}", row) for row in reader]
    except csv.Error as error:
        raise DataError(f"{path}: not a CSV text: {error}") from None


def _entry(place: str, item: object) -> Count:
    if not isinstance(item, dict) or "criterion" not in item or item.get("value") in (None, ""):
        raise DataError(f"{place}: not an entry with criterion and value")
    if unknown := [str(key) for key in item if key not in _KEYS]:
        raise DataError(f"{place}: unknown key {unknown[0][:40]!r}; there are {', '.join(_KEYS)}")
    error = item.get("error")
    size = None if error in (None, "") else abs(_real(place, "error", error))
    texts = [None if item.get(key) in (None, "") else str(item[key]).strip() for key in ("region", "sample")]
    return Count(str(item["criterion"]).strip(), _real(place, "value", item["value"]), size, size, *texts)


def _real(place: str, name: str, value: object) -> float:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except (ValueError, OverflowError):
            number = math.nan
        if math.isfinite(number):
            return number
    raise DataError(f"{place}: {name} is {str(value)[:40]!r}, which is not a number")


# ---------------------------------------------------------------- YAML


def _yaml(path: Path, text: str) -> Any:
    """Read a YAML text that is no deeper and no larger, with its aliases written out, than a table can be."""
    import yaml

    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.events.CollectionStartEvent):
                depth += 1
                if depth > _DEEPEST:
                    raise DataError(f"{path}: nested too deeply; this is not a table")
            elif isinstance(event, yaml.events.CollectionEndEvent):
                depth -= 1
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is not None and _written_out(root, {}, set()) > _MOST:
            raise DataError(f"{path}: too large with its aliases written out; this is not a table")
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DataError(f"{path}: not YAML: {' '.join(str(error).split())[:200]}") from None
    except _Endless:
        raise DataError(f"{path}: an alias stands inside what it is an alias of") from None


class _Endless(Exception):
    pass


def _written_out(node: Any, known: dict[int, int], above: set[int]) -> int:
    """Return the number of nodes, each counted as often as an alias repeats it."""
    if id(node) in above:
        raise _Endless
    if id(node) not in known:
        below = node.value if isinstance(node.value, list) else []
        above.add(id(node))
        parts = [part for item in below for part in (item if isinstance(item, tuple) else (item,))]
        known[id(node)] = 1 + sum(_written_out(part, known, above) for part in parts)
        above.remove(id(node))
    return known[id(node)]


# ---------------------------------------------------------------- HEPData


def _from_hepdata(path: Path, data: Mapping[str, Any], column: str | None) -> list[Count]:
    try:
        names = [_text(value["value"]) for value in data["independent_variables"][0]["values"]]
        variables = {str(variable["header"]["name"]): variable for variable in data["dependent_variables"]}
        listed = ", ".join(repr(name) for name in variables)
        if column is None and len(variables) != 1:
            raise DataError(f"{path}: say with --column NAME which one is meant: {listed}")
        if column is not None and column not in variables:
            raise DataError(f"{path}: no dependent variable {column!r}; there is {listed}")
        name = column if column is not None else next(iter(variables))
        values = variables[name]["values"]
        if len(values) != len(names):
            raise DataError(f"{path}: {len(names)} rows are named and {len(values)} have a value")
        return list(_hepdata_counts(path, name, names, values))
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise DataError(f"{path}: not a HEPData table: {type(error).__name__} {error}") from None


def _text(value: object) -> str:
    return str(value).strip()


def _hepdata_counts(path: Path, sample: str, names: Sequence[str], values: Iterable[Any]) -> Iterable[Count]:
    for number, (criterion, item) in enumerate(zip(names, values, strict=True), 1):
        if _text(item["value"]) in ("-", "", "None"):
            continue  # the table has no number here
        place = f"{path}: row {number}"
        value = _real(place, "value", item["value"])
        errors = [_hepdata_error(place, value, error) for error in item.get("errors") or []]
        up, down = _total(errors)
        yield Count(criterion, value, up, down, None, sample)


def _hepdata_error(place: str, value: float, error: Mapping[str, Any]) -> tuple[float, float]:
    if "symerror" in error:
        size = _size(place, value, error["symerror"])
        return size, size
    sides = error["asymerror"]
    return _size(place, value, sides["plus"]), _size(place, value, sides["minus"])


def _size(place: str, value: float, error: object) -> float:
    if isinstance(error, str) and error.strip().endswith("%"):
        return abs(_real(place, "error", error.strip()[:-1]) / 100 * value)
    return abs(_real(place, "error", error))
