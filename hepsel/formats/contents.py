"""What a ROOT or Parquet file holds: trees, numbers of events, columns and their first values."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hepsel.errors import DataError
from hepsel.files import check_is_file
from hepsel.remote import Address, damaged

if TYPE_CHECKING:
    import pyarrow

Kind = Literal["real", "int", "bool", "other"]

_TREES = ("TTree", "TNtuple", "TNtupleD", "ROOT::RNTuple")
_COLLECTION_ROLE = 1  # of an RNTuple field, by its specification
_WHOLE = re.compile(r"u?int(8|16|32|64)(_t)?|(unsigned )?(char|short|int|long|long long)")
_REAL = re.compile(r"float|double|halffloat|Float16_t|Double32_t")


@dataclass(frozen=True, slots=True)
class Column:
    """A branch, a field, or a field of a record in one (`parent.field`).

    Attributes
    ----------
    name
        As in the file.
    type
        As the file calls it.
    kind
        What it is to a format; `other` for what a format cannot hold.
    depth
        0: one value per event, 1: one value per item, 2: a list per item.
    """

    name: str
    type: str
    kind: Kind
    depth: int


@dataclass(frozen=True, slots=True)
class Tree:
    """A TTree or RNTuple of a ROOT file, or (without a name) the table of a Parquet file.

    Only the trees that were asked for have their columns listed.
    """

    name: str | None
    kind: str
    events: int
    columns: Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Contents:
    """The trees of a file."""

    path: Path | Address
    trees: tuple[Tree, ...]


def read_contents(path: Path | Address, wanted: Collection[str]) -> Contents:
    """Look into a file.

    Parameters
    ----------
    path
        The file, here or on a server.
    wanted
        Names of trees: their columns are listed. In a file with none of them the tree with the
        most events is taken, the first of several.

    Raises
    ------
    DataError
        When there is no such file, it is damaged, or it is neither ROOT nor Parquet.
    """
    if isinstance(path, Path):
        check_is_file(path)
    try:
        with path.open("rb") as stream:
            magic = stream.read(4)
    except OSError as error:
        if not isinstance(path, Path):
            raise damaged(path, error) from error
        raise DataError(f"{path}: cannot open the file: {error.strerror}") from None
    if magic not in (b"root", b"PAR1"):
        what = "the file is empty (0 bytes)" if not magic else "neither a ROOT nor a Parquet file"
        raise DataError(f"{path}: {what}")
    try:
        trees = _root_trees(path, wanted) if magic == b"root" else (_parquet_table(path),)
    except Exception as error:  # a damaged file makes uproot and pyarrow raise anything
        raise damaged(path, error) from error
    return Contents(path, tuple(trees))


def first_values(path: Path | Address, tree: Tree, names: list[str], events: int) -> dict[str, list[Any]]:
    """Return the values of some columns in the first events.

    Raises
    ------
    DataError
        When they cannot be read.
    """
    try:
        if tree.name is None:
            return _parquet_values(path, names, events)
        return _root_values(path, tree, names, events)
    except Exception as error:
        raise damaged(path, error) from error


# ------------------------------------------------------------------ ROOT


def _root_trees(path: Path | Address, wanted: Collection[str]) -> list[Tree]:
    import uproot

    with uproot.open(path) as directory:
        found = {name: kind for name, kind in directory.classnames(cycle=False).items() if kind in _TREES}
        events = {name: int(directory[name].num_entries) for name in found}
        listed = set(wanted) & found.keys()
        if not listed and found:
            listed = {max(events, key=events.__getitem__)}
        return [
            Tree(
                name,
                kind.removeprefix("ROOT::"),
                events[name],
                {column.name: column for column in _root_columns(directory[name], kind)} if name in listed else {},
            )
            for name, kind in found.items()
        ]


def _root_columns(tree: Any, kind: str) -> Iterator[Column]:
    import uproot

    from hepsel.backends.awkward.runtime.reading import form_of, named_branches, packed_lists

    if kind == "ROOT::RNTuple":
        yield from _field_columns(tree)
        return
    for name, branch in named_branches(tree).items():
        if packed := packed_lists(branch):
            yield Column(name, packed, "other", 1)
            continue
        yield (column := _from_typename(name, branch.typename))
        # What other branches hold is listed there.
        is_record = column.kind == "other" and not isinstance(branch.interpretation, uproot.AsGrouped)
        if is_record and (form := form_of(branch)) is not None:
            yield from _fields_of_form(name, form, 0)


def _field_columns(tree: Any) -> Iterator[Column]:
    """Yield the fields of an RNTuple: `RNTuple.keys` takes seconds for a thousand of them."""
    fields = tree.field_records
    inside: list[tuple[str, int]] = []  # path of a field, and how many lists its parts are in
    for place, field in enumerate(fields):
        top = field.parent_field_id == place
        parent, depth = ("", 0) if top else inside[field.parent_field_id]
        is_list = field.struct_role == _COLLECTION_ROLE
        if not top and (field.field_name == "_0" or field.field_name.startswith(":_")):
            # the item of a list, or a base class
            inside.append((parent, depth + is_list))
            continue
        name = field.field_name if top else f"{parent}.{field.field_name}"
        inside.append((name, depth + is_list))
        column = _from_typename(name, field.type_name)
        yield replace(column, depth=depth + column.depth)


def _fields_of_form(name: str, form: Any, depth: int) -> Iterator[Column]:
    """Yield the fields of the records in an array, also of records in records."""
    while form.is_list:
        depth, form = depth + 1, form.content
    for field in form.fields if form.is_record else ():
        content = form.content(field)
        inner = content.type.primitive if content.is_numpy else content.parameter("__record__") or str(content.type)
        yield Column(f"{name}.{field}", f"{inner}{'[]' * depth}", _kind(inner), depth)
        yield from _fields_of_form(f"{name}.{field}", content, depth)


def _from_typename(name: str, typename: str) -> Column:
    """Make a column of a C++ type, such as `std::vector<float>`, `float[]` or `uint32_t`.

    Examples
    --------
    >>> _from_typename("pt", "std::vector<std::vector<float>>")
    Column(name='pt', type='std::vector<std::vector<float>>', kind='real', depth=2)
    >>> _from_typename("charge", "ROOT::VecOps::RVec<std::int32_t>")
    Column(name='charge', type='ROOT::VecOps::RVec<std::int32_t>', kind='int', depth=1)
    >>> _from_typename("n", "uint32_t[]")
    Column(name='n', type='uint32_t[]', kind='int', depth=1)
    >>> _from_typename("edges", "std::vector<std::array<float,2>>")
    Column(name='edges', type='std::vector<std::array<float,2>>', kind='real', depth=2)
    >>> _from_typename("weight", "std::optional<double>")
    Column(name='weight', type='std::optional<double>', kind='real', depth=0)
    """
    inner, depth = typename.replace("std::", ""), 0
    while True:
        if match := re.fullmatch(r"(.+?)\[\w*\](.*)", inner):
            inner = match[1] + match[2]
        elif match := re.fullmatch(r"optional<(.+)>", inner):
            inner = match[1]
            continue
        elif match := re.fullmatch(r"(?:vector|ROOT::VecOps::RVec)<(.+)>|array<(.+), ?\d+>", inner):
            inner = (match[1] or match[2]).strip()
        else:
            return Column(name, typename, _kind(inner), depth)
        depth += 1


def _kind(typename: str) -> Kind:
    if typename in ("bool", "boolean"):
        return "bool"
    if _WHOLE.fullmatch(typename):
        return "int"
    return "real" if _REAL.fullmatch(typename) or typename in ("float32", "float64") else "other"


def _root_values(path: Path | Address, tree: Tree, names: list[str], events: int) -> dict[str, list[Any]]:
    import uproot

    from hepsel.backends.awkward.runtime.reading import read_each

    with uproot.open(path) as directory:
        held = directory[tree.name]

        def read(name: str) -> Any:
            parent, fields = _record_of(name, held)
            if tree.kind == "RNTuple" or name in held:
                return held[name].array(entry_stop=events)
            return held[parent].array(entry_stop=events)[fields]

        arrays = read_each(read, names, from_server=isinstance(path, Address))
    return {name: array.to_list() for name, array in arrays.items()}


def _record_of(name: str, branches: Container[str]) -> tuple[str, tuple[str, ...]]:
    """Return the branch that holds a field of records, and the names of the field in it.

    Examples
    --------
    >>> _record_of("jets.p4.pt", {"jets"})
    ('jets', ('p4', 'pt'))
    >>> _record_of("Jet.1.pt", {"Jet.1", "Jet"})
    ('Jet.1', ('pt',))
    """
    parts = name.split(".")
    cut = next((at for at in range(len(parts), 0, -1) if ".".join(parts[:at]) in branches), 1)
    return ".".join(parts[:cut]), tuple(parts[cut:])


# ------------------------------------------------------------------ Parquet


def _parquet_table(path: Path | Address) -> Tree:
    import pyarrow.parquet

    with path.open("rb") as stream:
        file = pyarrow.parquet.ParquetFile(stream)
        columns = {
            column.name: column for field in file.schema_arrow for column in _arrow_columns(field.name, field.type, 0)
        }
        return Tree(None, "Parquet", int(file.metadata.num_rows), columns)


def _arrow_columns(name: str, type_: pyarrow.DataType, depth: int) -> Iterator[Column]:
    import pyarrow.types

    inner = type_
    while pyarrow.types.is_list(inner) or pyarrow.types.is_large_list(inner):
        inner, depth = inner.value_type, depth + 1
    if pyarrow.types.is_struct(inner):
        for field in inner:
            yield from _arrow_columns(f"{name}.{field.name}", field.type, depth)
    else:
        yield Column(name, str(type_), _kind(str(inner)), depth)


def _parquet_values(path: Path | Address, names: list[str], events: int) -> dict[str, list[Any]]:
    import pyarrow.parquet

    tops = sorted({name.split(".")[0] for name in names})
    with path.open("rb") as stream:
        file = pyarrow.parquet.ParquetFile(stream)
        batch = next(file.iter_batches(batch_size=max(events, 1), columns=tops), None)
    rows = batch.to_pylist()[:events] if batch is not None else []
    return {name: [_picked(row, name.split(".")) for row in rows] for name in names}


def _picked(value: Any, fields: list[str]) -> Any:
    if not fields or value is None:
        return value
    if isinstance(value, list):
        return [_picked(item, fields) for item in value]
    return _picked(value[fields[0]], fields[1:])
